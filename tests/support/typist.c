/* SPDX-License-Identifier: MIT */
#include "tests/support/typist.h"

#include <check.h>

#include "base/utf8.h"

void typist_type(struct editor *editor, const char *text)
{
    struct error err = { 0 };
    struct slice rest = slice_of(text);
    while (rest.len) {
        int width;
        size_t len = utf8_grapheme(rest, &width);
        ck_assert(editor_insert(editor, (struct slice){ rest.ptr, len }, &err));
        rest = slice_skip(rest, len);
    }
}

void typist_paste(struct editor *editor, const char *text)
{
    struct error err = { 0 };
    ck_assert(editor_paste(editor, slice_of(text), &err));
}

void typist_move(struct editor *editor, enum editor_motion motion, int times)
{
    while (times--)
        editor_move(editor, motion);
}

void typist_check(const struct editor *editor, const char *expected)
{
    struct buf state = { 0 };
    buf_append_slice(&state, editor_text(editor));
    buf_splice(&state, editor_caret(editor), 0, slice_of("|"));
    ck_assert_str_eq(buf_string(&state), expected);
    buf_clear(&state);
}

const char *typist_row(struct editor *editor, int width, struct buf *out)
{
    struct canvas canvas = { 0 };
    buf_reset(out);
    canvas_resize(&canvas, 1, width);
    editor_draw(editor, &canvas, (struct rect){ 0, 0, 1, width }, "> ");
    canvas_dump(&canvas, out, false);
    buf_truncate(out, out->len - 1);
    canvas_clear(&canvas);
    for (int i = 0; i < EDITOR_PROMPT_WIDTH && out->len; i++) {
        uint32_t mark;
        buf_consume(out, utf8_decode(buf_slice(out), &mark));
    }
    return buf_string(out);
}
