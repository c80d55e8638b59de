/* SPDX-License-Identifier: MIT */
#include "tests/support/noise.h"

uint32_t noise_below(struct noise *noise, uint32_t below)
{
    /* splitmix64 */
    uint64_t z = noise->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) % below);
}

void noise_bytes(struct noise *noise, struct buf *out, size_t count)
{
    static const char *const tricks[] = {
        "\x1B[2J",      "\x1B]0;x\x07",     "\xC2\x9B", "\r",
        "\xE2\x80\xAE", "\xF3\xA0\x81\x81", "\x7F",     "\xE2\x80\x8D",
    };
    for (size_t i = 0; i < count; i++) {
        if (noise_below(noise, 8) == 0)
            buf_append_string(out, tricks[noise_below(noise, COUNTOF(tricks))]);
        else
            buf_append_char(out, (char)noise_below(noise, 256));
    }
}

void noise_text(struct noise *noise, struct buf *out, size_t pieces)
{
    static const char *const texts[] = {
        " ",
        " ",
        " ",
        "  ",
        "      ",
        "\n",
        "\t",
        "a",
        "be",
        "word",
        "longer",
        "non-breaking-hyphens",
        "https://example.org/a/very/long/path?q=1",
        "漢字",
        "かな、",
        "「引用」",
        "한국어",
        "e\xCC\x81",
        "o\xCC\x88\xCC\x84",
        "👍",
        "👍🏽",
        "👨‍👩‍👧",
        "🇩🇪",
        "❤️",
        "क्षि",
        "سلام",
        "می‌خواهم",
        "pneumonoultramicroscopicsilicovolcanoconiosis",
        "—",
        "x—y",
        "1.5",
        "(",
        ")",
        ", ",
        ". ",
    };
    for (size_t i = 0; i < pieces; i++)
        buf_append_string(out, texts[noise_below(noise, COUNTOF(texts))]);
}
