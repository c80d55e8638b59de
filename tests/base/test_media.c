/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/media.h"

Suite *media_suite(void);

#define BYTES(text)           \
    {                         \
        text, sizeof text - 1 \
    }

/* Heads of pictures by the letter of their specifications, not made by a
 * program of ours. */
#define PNG_SIGNATURE "\x89PNG\r\n\x1A\n"
#define PNG_3_BY_2             \
    PNG_SIGNATURE "\0\0\0\x0D" \
                  "IHDR"       \
                  "\0\0\0\x03" \
                  "\0\0\0\x02" \
                  "\x08\x02\0\0\0\x12\x16\xF1\x4D"
#define GIF_SCREEN     "\x40\x01\xF0\0\0\0\0" /* 320 by 240, no colours */
#define GIF_320_BY_240 "GIF89a" GIF_SCREEN "\x2C"
#define JFIF                 \
    "\xFF\xD8\xFF\xE0\0\x10" \
    "JFIF\0\1\1\0"           \
    "\0\1\0\1\0\0"
#define SOF_640_BY_480 "\xC0\0\x11\x08\x01\xE0\x02\x80\3"
#define WEBP(chunk)    "RIFF\x40\0\0\0WEBP" chunk "\x20\0\0\0"

struct row {
    struct slice bytes;
    enum media_kind kind;
    const char *type;
    uint32_t width, height;
};

static void ck_assert_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct media media = media_sniff(rows[i].bytes);
        ck_assert_msg(media.kind == rows[i].kind, "row %zu is %s", i,
                      media.about);
        ck_assert_str_eq(media.type, rows[i].type);
        ck_assert_msg(media.width == rows[i].width &&
                          media.height == rows[i].height,
                      "row %zu: %u by %u", i, media.width, media.height);
    }
}

START_TEST(pictures_are_told_by_their_bytes_with_their_size)
{
    static const struct row rows[] = {
        { BYTES(PNG_3_BY_2), MEDIA_IMAGE, "image/png", 3, 2 },
        { BYTES(GIF_320_BY_240), MEDIA_IMAGE, "image/gif", 320, 240 },
        /* Two colours of three bytes stand before the first block. */
        { BYTES("GIF87a\x01\0\x01\0\x80\0\0"
                "abcdef\x21"),
          MEDIA_IMAGE, "image/gif", 1, 1 },
        { BYTES(JFIF "\xFF" SOF_640_BY_480), MEDIA_IMAGE, "image/jpeg", 640,
          480 },
        /* Fill bytes before a marker; a progressive frame. */
        { BYTES("\xFF\xD8\xFF\xFF\xFF\xC2\0\x11\x08\0\x10\0\x20\3"),
          MEDIA_IMAGE, "image/jpeg", 32, 16 },
        /* A table of Huffman codes is no frame. */
        { BYTES("\xFF\xD8\xFF\xC4\0\x05\1\2\3\xFF\xC0\0\x11\x08\0\x10\0\x20"),
          MEDIA_IMAGE, "image/jpeg", 32, 16 },
        { BYTES(WEBP("VP8 ") "\x10\0\0\x9D\x01\x2A\x90\x01\x2C\x01"),
          MEDIA_IMAGE, "image/webp", 400, 300 },
        /* 14 bits each, less one: 0x18F and 0x12B, then flags. */
        { BYTES(WEBP("VP8L") "\x2F\x8F\xC1\x4A\0"), MEDIA_IMAGE, "image/webp",
          400, 300 },
        { BYTES(WEBP("VP8X") "\x10\0\0\0\x8F\x01\0\x2B\x01\0"), MEDIA_IMAGE,
          "image/webp", 400, 300 },
    };
    ck_assert_rows(rows, COUNTOF(rows));
}
END_TEST

START_TEST(a_head_that_is_cut_anywhere_is_no_picture)
{
    static const struct slice whole[] = {
        BYTES(PNG_3_BY_2),
        BYTES(GIF_320_BY_240),
        BYTES(JFIF "\xFF\xC0\0\x11\x08\x01\xE0\x02\x80"),
        BYTES(WEBP("VP8L") "\x2F\x8F\xC1\x4A\0"),
        BYTES(WEBP("VP8X") "\x10\0\0\0\x8F\x01\0\x2B\x01\0"),
    };
    for (size_t i = 0; i < COUNTOF(whole); i++) {
        ck_assert_int_eq(media_sniff(whole[i]).kind, MEDIA_IMAGE);
        for (size_t len = 0; len < whole[i].len; len++) {
            struct media media =
                media_sniff((struct slice){ whole[i].ptr, len });
            ck_assert_msg(media.kind != MEDIA_IMAGE, "%zu of row %zu", len, i);
        }
    }
}
END_TEST

START_TEST(a_picture_with_a_bad_head_is_damaged)
{
    static const struct row rows[] = {
        { BYTES(PNG_SIGNATURE "\0\0\0\x0D"
                              "iCCP\0\0\0\3\0\0\0\2\x08\2\0\0\0abcd"),
          MEDIA_DAMAGED, "image/png", 0, 0 },
        { BYTES(PNG_SIGNATURE "\0\0\0\x0D"
                              "IHDR\0\0\0\0\0\0\0\2\x08\2\0\0\0abcd"),
          MEDIA_DAMAGED, "image/png", 0, 0 },
        { BYTES(JFIF "\xFF\xD9\xFF\xFF"), MEDIA_DAMAGED, "image/jpeg", 0, 0 },
        { BYTES(JFIF "\xFF\xDA\0\x04"), MEDIA_DAMAGED, "image/jpeg", 0, 0 },
        { BYTES("GIF89a" GIF_SCREEN "\x7F"), MEDIA_DAMAGED, "image/gif", 0, 0 },
    };
    ck_assert_rows(rows, COUNTOF(rows));
}
END_TEST

/* What is two things at once is what a server would read it as. */
START_TEST(polyglots_are_what_their_head_says)
{
    static const struct row rows[] = {
        { BYTES(PNG_3_BY_2 "<script>alert(1)</script>PK\3\4"), MEDIA_IMAGE,
          "image/png", 3, 2 },
        { BYTES(JFIF "\xFF" SOF_640_BY_480 "%PDF-1.7"), MEDIA_IMAGE,
          "image/jpeg", 640, 480 },
        /* Text that begins with the letters of a format stays text. */
        { BYTES("GIF89a is a format of 1989."), MEDIA_TEXT, "text/plain", 0,
          0 },
        { BYTES("GIF89a/* a comment */=1;"), MEDIA_TEXT, "text/plain", 0, 0 },
        { BYTES("RIFF or WEBP, what is it?"), MEDIA_TEXT, "text/plain", 0, 0 },
        { BYTES("BM is short for benchmark\n"), MEDIA_TEXT, "text/plain", 0,
          0 },
        { BYTES("MZ, the letters of Mark Zbikowski\n"), MEDIA_TEXT,
          "text/plain", 0, 0 },
        { BYTES("  %PDF-1.4 begins a PDF\n"), MEDIA_TEXT, "text/plain", 0, 0 },
        { BYTES("<svg xmlns='http://www.w3.org/2000/svg'/>"), MEDIA_TEXT,
          "text/plain", 0, 0 },
        /* A PDF that is all ASCII is still one. */
        { BYTES("%PDF-1.4\n1 0 obj"), MEDIA_KNOWN, "application/pdf", 0, 0 },
    };
    ck_assert_rows(rows, COUNTOF(rows));
}
END_TEST

START_TEST(other_formats_have_a_name)
{
    static const struct {
        struct slice bytes;
        const char *about;
    } rows[] = {
        { BYTES("\x7F"
                "ELF\2\1\1\0"),
          "an ELF program or library" },
        { BYTES("PK\3\4\x14\0"),
          "a ZIP archive (office documents are such archives too)" },
        { BYTES("\0\0\0\x18"
                "ftypheic\0\0"),
          "a HEIC image" },
        { BYTES("\0\0\0\x18"
                "ftypisom\0\0"),
          "an MP4 recording" },
        { BYTES("RIFF\x24\0\0\0WAVEfmt "), "a WAV recording" },
        { BYTES("BM\x36\0\0\0"), "a BMP image" },
        { BYTES("SQLite format 3\0\x10"), "an SQLite database" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct media media = media_sniff(rows[i].bytes);
        ck_assert_int_eq(media.kind, MEDIA_KNOWN);
        ck_assert_str_eq(media.about, rows[i].about);
    }
}
END_TEST

START_TEST(text_is_utf8_without_nul)
{
    static const struct row rows[] = {
        { BYTES(""), MEDIA_TEXT, "text/plain", 0, 0 },
        { BYTES("caf\xC3\xA9 \xF0\x9F\x99\x82\n"), MEDIA_TEXT, "text/plain", 0,
          0 },
        { BYTES("\xEF\xBB\xBFwith a mark"), MEDIA_TEXT, "text/plain", 0, 0 },
        { BYTES("\x1B[31mred\x1B[0m\n"), MEDIA_TEXT, "text/plain", 0, 0 },
        { BYTES("\xFF\xFEh\0i\0"), MEDIA_UTF16, "text/plain", 0, 0 },
        { BYTES("\xFE\xFF\0h\0i"), MEDIA_UTF16, "text/plain", 0, 0 },
        { BYTES("\xFF\xFE\0\0h\0\0\0"), MEDIA_UTF16, "text/plain", 0, 0 },
        { BYTES("caf\xE9\r\n"), MEDIA_LEGACY, "text/plain", 0, 0 },
        /* An overlong slash, a surrogate, a character that is cut. */
        { BYTES("\xC0\xAF"), MEDIA_LEGACY, "text/plain", 0, 0 },
        { BYTES("\xED\xA0\x80"), MEDIA_LEGACY, "text/plain", 0, 0 },
        { BYTES("a\xE2\x82"), MEDIA_LEGACY, "text/plain", 0, 0 },
        { BYTES("a\0b"), MEDIA_BINARY, "application/octet-stream", 0, 0 },
        { BYTES("\x01\x02\xFE"), MEDIA_BINARY, "application/octet-stream", 0,
          0 },
    };
    ck_assert_rows(rows, COUNTOF(rows));
}
END_TEST

/* Sniffing looks at no byte beyond the end: the sanitizer would say. */
START_TEST(no_bytes_are_read_beyond_the_end)
{
    static const struct slice heads[] = {
        BYTES(PNG_3_BY_2),
        BYTES(GIF_320_BY_240),
        BYTES(JFIF "\xFF" SOF_640_BY_480),
        BYTES(WEBP("VP8 ") "\x10\0\0\x9D\x01\x2A\x90\x01\x2C\x01"),
        BYTES("\xFF\xD8\xFF\xE1\xFF\xFF"), /* a segment longer than all */
    };
    for (size_t i = 0; i < COUNTOF(heads); i++) {
        for (size_t len = 0; len <= heads[i].len; len++) {
            char *exact = malloc(len ? len : 1);
            memcpy(exact, heads[i].ptr, len);
            struct media media = media_sniff((struct slice){ exact, len });
            ck_assert_ptr_nonnull(media.type);
            ck_assert_ptr_nonnull(media.about);
            free(exact);
        }
    }
}
END_TEST

Suite *media_suite(void)
{
    Suite *suite = suite_create("media");
    TCase *test = tcase_create("media");
    tcase_add_test(test, pictures_are_told_by_their_bytes_with_their_size);
    tcase_add_test(test, a_head_that_is_cut_anywhere_is_no_picture);
    tcase_add_test(test, a_picture_with_a_bad_head_is_damaged);
    tcase_add_test(test, polyglots_are_what_their_head_says);
    tcase_add_test(test, other_formats_have_a_name);
    tcase_add_test(test, text_is_utf8_without_nul);
    tcase_add_test(test, no_bytes_are_read_beyond_the_end);
    suite_add_tcase(suite, test);
    return suite;
}
