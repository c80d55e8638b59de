/* SPDX-License-Identifier: MIT */
#include "ui/plain.h"

#include <string.h>

#include "base/utf8.h"

static void add_line(struct layout *layout, struct slice line, enum style style)
{
    struct layout_piece piece = { line, style };
    struct layout_paragraph paragraph = { .pieces = &piece,
                                          .piece_count = 1,
                                          .keep_breaks = true };
    layout_add(layout, &paragraph);
}

/* Bytes of the first line that is whole, its break included; 0: it grows. */
static size_t whole_len(struct slice text)
{
    struct slice view = text;
    if (view.len > PLAIN_LINE_MAX)
        view.len = PLAIN_LINE_MAX;
    const char *lf = view.len ? memchr(view.ptr, '\n', view.len) : NULL;
    if (lf)
        return (size_t)(lf - view.ptr) + 1;
    return view.len < text.len ? view.len - utf8_partial_tail(view) : 0;
}

static void add_finished(struct plain *plain, struct slice text,
                         enum style style)
{
    for (;;) {
        struct slice line = slice_skip(text, plain->finished_bytes);
        line.len = whole_len(line);
        if (!line.len)
            break;
        plain->finished_bytes += line.len;
        if (line.ptr[line.len - 1] == '\n')
            line.len--;
        add_line(&plain->layout, line, style);
    }
    plain->finished_lines = plain->layout.lines.count;
}

void plain_update(struct plain *plain, struct slice text, int width,
                  enum style style)
{
    if (width != plain->layout.width || text.len < plain->seen_bytes) {
        plain_clear(plain);
        plain->layout.width = width;
    } else if (text.len == plain->seen_bytes) {
        return;
    }
    layout_truncate(&plain->layout, plain->finished_lines);
    add_finished(plain, text, style);
    struct slice rest = slice_skip(text, plain->finished_bytes);
    if (rest.len)
        add_line(&plain->layout, rest, style);
    plain->seen_bytes = text.len;
}

void plain_clear(struct plain *plain)
{
    layout_clear(&plain->layout);
    *plain = (struct plain){ .layout.ascii = plain->layout.ascii };
}
