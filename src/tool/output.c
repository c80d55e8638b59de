/* SPDX-License-Identifier: MIT */
#include "tool/output.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"

enum { TAIL_HELD_MAX = 4 * OUTPUT_TAIL_MAX }; /* then it is cut to its end */

size_t output_most(const struct output *output)
{
    return output->most && output->most < OUTPUT_WHOLE_MAX ? output->most
                                                           : OUTPUT_WHOLE_MAX;
}

void output_clear(struct output *output)
{
    buf_clear(&output->head);
    buf_clear(&output->tail);
    *output = (struct output){ 0 };
}

bool output_is_cut(const struct output *output)
{
    return output->behind > 0;
}

/* The longest beginning of at most `max` bytes in whole lines; without any, in
 * whole characters. */
static size_t head_len(struct slice text, size_t max)
{
    struct slice first = { text.ptr, max };
    const char *end = memrchr(first.ptr, '\n', max);
    return end ? (size_t)(end + 1 - first.ptr) : max - utf8_partial_tail(first);
}

static bool is_inside_character(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The same of the end: where it begins. */
static size_t tail_start(struct slice text, size_t max)
{
    size_t start = text.len > max ? text.len - max : 0;
    if (start == 0 || text.ptr[start - 1] == '\n')
        return start;
    const char *end = memchr(text.ptr + start, '\n', text.len - start);
    if (end && end + 1 < text.ptr + text.len)
        return (size_t)(end + 1 - text.ptr);
    while (start < text.len && is_inside_character(text.ptr[start]))
        start++;
    return start;
}

/* From now on only the tail is long. */
static void cut(struct output *output)
{
    size_t len = head_len(buf_slice(&output->head), output_most(output) / 2);
    struct slice rest = slice_skip(buf_slice(&output->head), len);
    output->behind = rest.len;
    buf_append_slice(&output->tail, rest);
    buf_truncate(&output->head, len);
}

void output_add(struct output *output, struct slice text)
{
    output->bytes += text.len;
    if (!output_is_cut(output)) {
        buf_append_slice(&output->head, text);
        if (output->head.len > output_most(output))
            cut(output);
    } else {
        output->behind += text.len;
        buf_append_slice(&output->tail, text);
    }
    /* One more than the tail has tells whether that begins a line. */
    if (output->tail.len > TAIL_HELD_MAX)
        buf_consume(&output->tail, output->tail.len - OUTPUT_TAIL_MAX - 1);
}

void output_append(const struct output *output, struct buf *out)
{
    buf_append_slice(out, buf_slice(&output->head));
    if (!output_is_cut(output))
        return;
    struct slice tail = buf_slice(&output->tail);
    tail = slice_skip(tail, tail_start(tail, output_most(output) / 2));
    bool has_line = out->len == 0 || out->ptr[out->len - 1] == '\n';
    buf_printf(out, "%s[... %" PRIu64 " bytes left out ...]\n",
               has_line ? "" : "\n", output->behind - tail.len);
    buf_append_slice(out, tail);
}
