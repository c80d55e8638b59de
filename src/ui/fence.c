/* SPDX-License-Identifier: MIT */
#include "ui/fence.h"

#include "base/filter.h"

enum { LANGUAGE_MAX = 32 /* bytes; more is no language */ };

static void append_rules(struct buf *out, const struct layout *layout,
                         int count)
{
    const char *rule = theme_glyphs(layout->ascii)->rule;
    for (int i = 0; i < count; i++)
        buf_append_string(out, rule);
}

struct slice fence_language(struct slice info)
{
    size_t len = 0;
    while (len < info.len && info.ptr[len] != ' ' && info.ptr[len] != '\t')
        len++;
    return (struct slice){ info.ptr, len <= LANGUAGE_MAX ? len : 0 };
}

/* A rule across, with a label near its start if there is room. */
static void add_rule(struct layout *layout, struct slice prefix,
                     struct slice label)
{
    enum { LEAD = 2 /* cells of rule before the label */ };
    struct buf rule = { 0 };
    int width = (layout->width < 2 ? 2 : layout->width) - canvas_width(prefix);
    int label_width = canvas_width(label);
    if (label.len && label_width + LEAD + 2 <= width) {
        append_rules(&rule, layout, LEAD);
        buf_append_char(&rule, ' ');
        buf_append_slice(&rule, label);
        buf_append_char(&rule, ' ');
        width -= label_width + LEAD + 2;
    }
    append_rules(&rule, layout, width);
    struct layout_piece pieces[] = { { prefix, STYLE_BULLET },
                                     { buf_slice(&rule), STYLE_FENCE } };
    layout_add_line(layout, pieces, COUNTOF(pieces));
    buf_clear(&rule);
}

void fence_open(struct layout *layout, struct slice first, struct slice info,
                size_t number)
{
    struct slice language = fence_language(info);
    struct buf label = { 0 };
    if (language.len)
        filter_line(&label, language);
    else
        buf_append_string(&label, "code");
    buf_printf(&label, " %zu", number);
    add_rule(layout, first, buf_slice(&label));
    buf_clear(&label);
}

void fence_line(struct layout *layout, struct slice rest, struct slice line)
{
    struct buf prefix = { 0 };
    buf_append_slice(&prefix, rest);
    buf_append_string(&prefix, theme_glyphs(layout->ascii)->fence);
    buf_append_char(&prefix, ' ');
    struct layout_piece code = { line, STYLE_FENCED };
    struct layout_piece bar = { buf_slice(&prefix), STYLE_FENCE };
    struct layout_paragraph paragraph = { .pieces = &code,
                                          .piece_count = 1,
                                          .first = bar,
                                          .rest = bar,
                                          .keep_breaks = true,
                                          .keep_blanks = true };
    layout_add(layout, &paragraph);
    buf_clear(&prefix);
}

void fence_close(struct layout *layout, struct slice rest)
{
    add_rule(layout, rest, (struct slice){ 0 });
}
