/* SPDX-License-Identifier: MIT */
#include "ui/theme.h"

#include <assert.h>

/*
 * The default foreground and background are the user's and always readable:
 * text keeps them, colours only accent. Bright black is invisible on common
 * 16-colour schemes, so secondary text is dim there, not grey.
 */
enum attribute { BOLD = 1, DIM = 2, ITALIC = 4, UNDERLINE = 8, REVERSE = 16 };

enum { PLAIN = -1, GREY = 245 };

struct style_row {
    int16_t few, many; /* the foreground with 8 or 16, and with 256 colours */
    uint8_t attributes;
};

#define STYLE(name, few, many, attributes) \
    [STYLE_##name] = { few, many, attributes }

static const struct style_row styles[] = {
    STYLE(NORMAL, PLAIN, PLAIN, 0),
    STYLE(DIM, PLAIN, GREY, DIM),
    STYLE(USER, 6, 37, BOLD),
    STYLE(MODEL, 2, 71, BOLD),
    STYLE(THINKING, PLAIN, GREY, DIM),
    STYLE(STRONG, PLAIN, PLAIN, BOLD),
    STYLE(EMPHASIS, PLAIN, PLAIN, ITALIC),
    STYLE(STRUCK, PLAIN, GREY, DIM),
    STYLE(CODE, 3, 173, 0),
    STYLE(FENCE, PLAIN, GREY, DIM),
    STYLE(FENCED, PLAIN, PLAIN, 0),
    STYLE(HEADING, 4, 68, BOLD),
    STYLE(QUOTE, PLAIN, PLAIN, ITALIC),
    STYLE(LINK, 4, 68, UNDERLINE),
    STYLE(BULLET, 6, 37, 0),
    STYLE(RULE, PLAIN, GREY, DIM),
    /* On each line, and in each frame: colours and attributes of their own
     * would cost more bytes than the text between them. */
    STYLE(GUTTER, 2, 2, 0),
    STYLE(FOCUS, 3, 178, BOLD),
    STYLE(WARNING, 3, 172, 0),
    STYLE(ERROR, 1, 167, BOLD),
    STYLE(STATUS, PLAIN, PLAIN, REVERSE),
    STYLE(STATUS_DIM, PLAIN, PLAIN, DIM | REVERSE),
    STYLE(STATUS_ALERT, 1, 167, BOLD | REVERSE),
    STYLE(PROMPT, 6, 37, BOLD),
    STYLE(SELECTED, PLAIN, PLAIN, REVERSE),
    STYLE(CURSOR, PLAIN, PLAIN, 0),
};
#undef STYLE
static_assert(COUNTOF(styles) == STYLE_COUNT, "one row for each style");

struct look theme_look(enum style style, int colors)
{
    assert((unsigned)style < STYLE_COUNT);
    const struct style_row *row = &styles[style];
    int16_t foreground = colors >= 256 ? row->many
                         : colors >= 8 ? row->few
                                       : PLAIN;
    /* 256 colours have a grey that is surer than the attribute. */
    bool has_grey = foreground == GREY;
    return (struct look){
        .foreground = foreground,
        .background = PLAIN,
        .bold = row->attributes & BOLD,
        .dim = (row->attributes & DIM) && !has_grey,
        .italic = row->attributes & ITALIC,
        .underline = row->attributes & UNDERLINE,
        .reverse = row->attributes & REVERSE,
    };
}

static const struct glyphs utf8_glyphs = {
    .gutter = "│",
    .focus = "┃",
    .quote = "│",
    .fence = "│",
    .rule = "─",
    .column = "│",
    .cross = "┼",
    .bullet = "•",
    .folded = "▸",
    .unfolded = "▾",
    .call = "●",
    .output = "└",
    .alert = "!",
    .cursor = "▌",
    .ellipsis = "…",
    .before = "‹",
    .after = "›",
    .arrow = "→",
    .dot = "·",
};

static const struct glyphs ascii_glyphs = {
    .gutter = "|",
    .focus = "#",
    .quote = ">",
    .fence = "|",
    .rule = "-",
    .column = "|",
    .cross = "+",
    .bullet = "-",
    .folded = "+",
    .unfolded = "-",
    .call = "*",
    .output = "`",
    .alert = "!",
    .cursor = "_",
    .ellipsis = "~",
    .before = "<",
    .after = ">",
    .arrow = ">",
    .dot = "|",
};

const struct glyphs *theme_glyphs(bool ascii)
{
    return ascii ? &ascii_glyphs : &utf8_glyphs;
}
