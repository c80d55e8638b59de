/* SPDX-License-Identifier: MIT */
#include "app/line_input.h"

#include <string.h>

#include "app/command.h"
#include "base/utf8.h"

void line_input_clear(struct line_input *input)
{
    buf_clear(&input->bytes);
    buf_clear(&input->text);
}

void line_input_feed(struct line_input *input, struct slice bytes)
{
    buf_append_slice(&input->bytes, bytes);
}

bool line_input_end(struct line_input *input)
{
    if (input->bytes.len == 0)
        return false;
    buf_append_char(&input->bytes, '\n');
    return true;
}

bool line_input_is_begun(const struct line_input *input)
{
    return input->is_open || input->bytes.len > 0;
}

void line_input_drop(struct line_input *input)
{
    buf_reset(&input->bytes);
    buf_reset(&input->text);
    input->is_open = false;
    input->loss = LINE_INPUT_NONE;
}

/* The end of a text is the first NUL for some who read it. */
static void append_typed(struct buf *out, struct slice line)
{
    for (size_t i = 0; i < line.len; i++) {
        struct slice byte = { line.ptr + i, 1 };
        if (*byte.ptr == '\0')
            utf8_append(out, UINT32_C(0xFFFD));
        else
            buf_append_slice(out, byte);
    }
}

static bool is_open_block(struct slice text)
{
    struct command_call call = { 0 };
    struct error err = { 0 };
    struct slice inside;
    return command_parse(text, &inside, &call, &err) == LINE_INCOMPLETE;
}

/* Inside of a block a backslash is text. */
static bool goes_on(struct line_input *input)
{
    struct buf *text = &input->text;
    if (slice_starts(buf_slice(text), "\"\"\""))
        return is_open_block(buf_slice(text));
    if (text->len == 0 || text->ptr[text->len - 1] != '\\')
        return false;
    buf_truncate(text, text->len - 1);
    return true;
}

/* What is lost keeps no more than how it began: to see where it ends. */
static void lose(struct line_input *input)
{
    bool is_block = slice_starts(buf_slice(&input->text), "\"\"\"");
    input->loss = LINE_INPUT_TOO_LONG;
    buf_reset(&input->text);
    if (is_block)
        buf_append_string(&input->text, "\"\"\"\n");
}

static enum line_input_kind add_line(struct line_input *input,
                                     struct slice line)
{
    struct buf typed = { 0 };
    if (!input->is_open) {
        buf_reset(&input->text);
        input->loss = LINE_INPUT_NONE;
    }
    if (input->text.len + line.len > CHAT_PROMPT_MAX)
        lose(input);
    else if (line.len >= LINE_INPUT_MAX)
        input->loss = LINE_INPUT_CUT;
    append_typed(&typed, line);
    utf8_append_valid(&input->text, buf_slice(&typed));
    buf_clear(&typed);
    input->is_open = goes_on(input);
    if (input->is_open) {
        buf_append_char(&input->text, '\n');
        return LINE_INPUT_GOES_ON;
    }
    return input->loss ? input->loss : LINE_INPUT_WHOLE;
}

enum line_input_kind line_input_next(struct line_input *input,
                                     struct slice *text)
{
    struct slice bytes = buf_slice(&input->bytes);
    const char *end = bytes.len ? memchr(bytes.ptr, '\n', bytes.len) : NULL;
    if (!end)
        return LINE_INPUT_NONE;
    struct slice line = { bytes.ptr, (size_t)(end - bytes.ptr) };
    enum line_input_kind kind = add_line(input, line);
    buf_consume(&input->bytes, line.len + 1);
    *text = buf_slice(&input->text);
    return kind;
}
