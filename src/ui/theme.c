/* SPDX-License-Identifier: MIT */
#include "ui/theme.h"

#include <assert.h>

/*
 * The default foreground and background are the user's and always readable:
 * text keeps them, colours only accent. Bright black is invisible on common
 * 16-colour schemes, so secondary text is dim there, not grey.
 */
struct style_row {
    int16_t foreground[3]; /* with 8, 16 and 256 colours; -1: the default */
    bool bold, dim, italic, underline, reverse;
};

enum { PLAIN = -1 };
#define SAME(color)         \
    {                       \
        color, color, color \
    }

static const struct style_row styles[] = {
    [STYLE_NORMAL] = {.foreground = SAME(PLAIN)                                           },
    [STYLE_DIM] = {                                   .foreground = { PLAIN, PLAIN, 245 },                                                         .dim = true },
    [STYLE_USER] = {                                  .foreground = { 6, 6, 37 },                                                        .bold = true },
    [STYLE_MODEL] = {                                  .foreground = { 2, 2, 71 },                                                        .bold = true },
    [STYLE_THINKING] = {                                  .foreground = { PLAIN, PLAIN, 245 },                                                         .dim = true },
    [STYLE_STRONG] = {                                  .foreground = SAME(PLAIN),                                                        .bold = true },
    [STYLE_EMPHASIS] = {                                  .foreground = SAME(PLAIN),                                                      .italic = true },
    [STYLE_STRUCK] = {                                  .foreground = { PLAIN, PLAIN, 245 },                                                         .dim = true },
    [STYLE_CODE] = {                                  .foreground = { 3, 3, 173 }                                                                  },
    [STYLE_FENCE] = { .foreground = { PLAIN, PLAIN, 245 },                                                                   .dim = true },
    [STYLE_FENCED] = {                                                                            .foreground = SAME(PLAIN)                                         },
    [STYLE_HEADING] = {                      .foreground = { 4, 4, 68 },                                           .bold = true },
    [STYLE_QUOTE] = {                      .foreground = SAME(PLAIN),                                          .italic = true },
    [STYLE_LINK] = {                  .foreground = { 4, 4, 68 },                                          .underline = true },
    [STYLE_BULLET] = {                    .foreground = { 6, 6, 37 }                                                        },
    [STYLE_RULE] = {                                  .foreground = { PLAIN, PLAIN, 245 },                                                         .dim = true },
    [STYLE_GUTTER] = {                        .foreground = { 2, 2, 71 },                                                                   .dim = true },
    [STYLE_WARNING] = {         .foreground = { 3, 3, 172 }                                                                  },
    [STYLE_ERROR] = {                                                                            .foreground = { 1, 1, 167 },                                                                   .bold = true },
    [STYLE_STATUS] = {                                                                            .foreground = SAME(PLAIN),                                                      .reverse = true },
    [STYLE_STATUS_DIM] = {                                                                                       .foreground = SAME(PLAIN),
                      .dim = true,
                      .reverse = true },
    [STYLE_STATUS_ALERT] = {                                                                                          .foreground = { 1, 1, 167 },
                      .bold = true,
                      .reverse = true },
    [STYLE_PROMPT] = {                      .foreground = { 6, 6, 37 },                                           .bold = true },
    [STYLE_SELECTED] = {                     .foreground = SAME(PLAIN),                                          .reverse = true },
    [STYLE_CURSOR] = {                                                                                                                        .foreground = { 2, 2, 71 },.bold = true },
};
static_assert(COUNTOF(styles) == STYLE_COUNT, "one row for each style");

struct look theme_look(enum style style, int colors)
{
    assert((unsigned)style < STYLE_COUNT);
    const struct style_row *row = &styles[style];
    int16_t foreground = PLAIN;
    if (colors >= 8)
        foreground = row->foreground[colors >= 256 ? 2 : colors >= 16];
    return (struct look){
        .foreground = foreground,
        .background = PLAIN,
        .bold = row->bold,
        /* 256 colours have a grey that is surer than the attribute. */
        .dim = row->dim && (colors < 256 || row->foreground[2] == PLAIN),
        .italic = row->italic,
        .underline = row->underline,
        .reverse = row->reverse,
    };
}

static const struct glyphs utf8_glyphs = {
    .gutter = "│",
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
