/* SPDX-License-Identifier: MIT */
/* Markdown that grows has the lines of the whole; text in any pieces comes out
 * of the filter as the whole does, harmless, and twice as once. */
#include "base/filter.h"
#include "tests/fuzz/fuzz.h"
#include "ui/markdown.h"

enum { WIDTH_MAX = 100 };

static struct buf tell(const struct layout *layout)
{
    struct buf out = { 0 };
    for (size_t i = 0; i < layout->lines.count; i++) {
        const struct layout_line *line = &layout->lines.items[i];
        for (uint32_t j = 0; j < line->span_count; j++) {
            const struct layout_span *span =
                &layout->spans.items[line->first_span + j];
            buf_printf(&out, "%d:", (int)span->style);
            buf_append(&out, layout->text.ptr + span->offset, span->len);
        }
        buf_append_char(&out, '\n');
    }
    return out;
}

struct growth {
    struct slice text;
    size_t len;
    int width;
    struct markdown markdown;
};

static void grow(void *context, struct slice piece)
{
    struct growth *growth = context;
    growth->len += piece.len;
    markdown_update(&growth->markdown,
                    (struct slice){ growth->text.ptr, growth->len },
                    growth->width);
}

static void check_markdown(struct slice text, int width, unsigned pattern)
{
    struct layout whole = { .width = width };
    struct growth growth = { .text = text, .width = width };
    markdown_layout(&whole, text);
    fuzz_pieces(text, pattern, grow, &growth);
    struct buf one = tell(&whole), other = tell(&growth.markdown.layout);
    fuzz_require_same(&one, &other, "text that grows has the same lines");
    buf_clear(&one);
    buf_clear(&other);
    layout_clear(&whole);
    markdown_clear(&growth.markdown);
}

struct filtering {
    struct filter filter;
    struct buf out;
};

static void feed(void *context, struct slice piece)
{
    struct filtering *filtering = context;
    filter_feed(&filtering->filter, &filtering->out, piece);
}

static void check_filter(struct slice text, unsigned pattern)
{
    struct buf once = { 0 }, twice = { 0 };
    struct filtering pieces = { 0 };
    filter_text(&once, text);
    filter_text(&twice, buf_slice(&once));
    fuzz_pieces(text, pattern, feed, &pieces);
    filter_flush(&pieces.filter, &pieces.out);
    fuzz_require_same(&once, &twice, "filtered twice is filtered once");
    fuzz_require_same(&once, &pieces.out, "any pieces come out the same");
    for (size_t i = 0; i < once.len; i++) {
        unsigned char byte = (unsigned char)once.ptr[i];
        fuzz_require((byte >= 0x20 && byte != 0x7F) || byte == '\n' ||
                         byte == '\t',
                     "no control character comes out");
    }
    buf_clear(&once);
    buf_clear(&twice);
    buf_clear(&pieces.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice text = fuzz_input(bytes, len);
    int width = 1 + (int)(fuzz_choice(&text) % WIDTH_MAX);
    unsigned pattern = fuzz_choice(&text);
    check_filter(text, pattern);
    check_markdown(text, width, pattern);
    return 0;
}
