/* SPDX-License-Identifier: MIT */
#include "ui/theme.h"

#include <assert.h>
#include <string.h>

/*
 * The default foreground and background are the user's and always readable:
 * text keeps them, colours only accent. Bright black is invisible on common
 * 16-colour schemes, so secondary text is dim there, not grey.
 */
enum { PLAIN = -1 };

/* What a colour is for. */
enum role { NO_ROLE, CYAN, GREEN, ORANGE, BLUE, AMBER, RED, GREY, ROLE_COUNT };

static const struct style_row {
    const char *name;
    enum role role;
    uint8_t attributes;
} styles[] = {
    [STYLE_NORMAL] = { "normal", NO_ROLE, 0 },
    [STYLE_DIM] = { "dim", GREY, LOOK_DIM },
    [STYLE_USER] = { "user", CYAN, LOOK_BOLD },
    [STYLE_MODEL] = { "model", GREEN, LOOK_BOLD },
    [STYLE_THINKING] = { "thinking", GREY, LOOK_DIM },
    [STYLE_STRONG] = { "strong", NO_ROLE, LOOK_BOLD },
    [STYLE_EMPHASIS] = { "emphasis", NO_ROLE, LOOK_ITALIC },
    [STYLE_STRUCK] = { "struck", GREY, LOOK_DIM },
    [STYLE_CODE] = { "code", ORANGE, 0 },
    [STYLE_FENCE] = { "fence", NO_ROLE, LOOK_DIM },
    [STYLE_FENCED] = { "fenced", NO_ROLE, 0 },
    [STYLE_HEADING] = { "heading", BLUE, LOOK_BOLD },
    [STYLE_QUOTE] = { "quote", NO_ROLE, LOOK_ITALIC },
    [STYLE_LINK] = { "link", BLUE, LOOK_UNDERLINE },
    [STYLE_BULLET] = { "bullet", CYAN, 0 },
    [STYLE_RULE] = { "rule", GREY, LOOK_DIM },
    /* Drawn in each frame of an answer: nothing that costs many bytes. */
    [STYLE_GUTTER] = { "gutter", NO_ROLE, 0 },
    [STYLE_FOCUS] = { "focus", AMBER, LOOK_BOLD },
    [STYLE_WARNING] = { "warning", AMBER, 0 },
    [STYLE_ERROR] = { "error", RED, LOOK_BOLD },
    [STYLE_STATUS] = { "status", NO_ROLE, LOOK_REVERSE },
    [STYLE_STATUS_DIM] = { "status-dim", NO_ROLE, LOOK_DIM | LOOK_REVERSE },
    [STYLE_STATUS_ALERT] = { "status-alert", RED, LOOK_BOLD | LOOK_REVERSE },
    [STYLE_PROMPT] = { "prompt", CYAN, LOOK_BOLD },
    [STYLE_SELECTED] = { "selected", NO_ROLE, LOOK_REVERSE },
    [STYLE_CURSOR] = { "cursor", NO_ROLE, 0 },
    [STYLE_REMOVED] = { "removed", RED, 0 },
    [STYLE_ADDED] = { "added", GREEN, LOOK_BOLD },
};
static_assert(COUNTOF(styles) == STYLE_COUNT, "one row for each style");

/* With 8 or 16 colours. */
static const int16_t few[ROLE_COUNT] = {
    [NO_ROLE] = PLAIN, [CYAN] = 6,  [GREEN] = 2, [ORANGE] = 3,
    [BLUE] = 4,        [AMBER] = 3, [RED] = 1,   [GREY] = PLAIN,
};

/* With 256. The first is of middle lightness: it reads on a dark and on a light
 * background. */
static const struct palette {
    const char *name, *about;
    int16_t many[ROLE_COUNT];
    uint8_t without, with; /* attributes; `with` for what has a colour */
} palettes[] = {
    { "auto",
      "reads on dark and on light backgrounds",
      { PLAIN, 37, 71, 173, 68, 172, 167, 245 },
      0,
      0 },
    { "dark",
      "brighter, for a dark background",
      { PLAIN, 80, 114, 180, 111, 214, 203, 246 },
      0,
      0 },
    { "light",
      "darker, for a light background",
      { PLAIN, 30, 28, 130, 25, 130, 124, 242 },
      0,
      0 },
    { "contrast",
      "nothing is dim, what matters is bold",
      { PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN },
      LOOK_DIM,
      LOOK_BOLD },
    { "mono",
      "no colours",
      { PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN },
      0,
      0 },
};

const char *theme_name(size_t index)
{
    return index < COUNTOF(palettes) ? palettes[index].name : NULL;
}

const char *theme_about(size_t index)
{
    return palettes[index].about;
}

static struct theme_style style_of(const struct palette *palette,
                                   const struct style_row *row)
{
    struct theme_style style = {
        .few = few[row->role],
        .many = palette->many[row->role],
        .attributes = (uint8_t)(row->attributes & ~palette->without),
    };
    bool is_colored = style.many != PLAIN;
    if (!is_colored)
        style.few = PLAIN;
    if (row->role != NO_ROLE && row->role != GREY)
        style.attributes |= palette->with;
    /* 256 colours have a grey that is surer than the attribute. */
    style.is_grey = row->role == GREY && is_colored;
    return style;
}

bool theme_builtin(struct theme *theme, const char *name)
{
    for (size_t i = 0; i < COUNTOF(palettes); i++) {
        if (strcmp(palettes[i].name, name) != 0)
            continue;
        for (int style = 0; style < STYLE_COUNT; style++)
            theme->styles[style] = style_of(&palettes[i], &styles[style]);
        return true;
    }
    return false;
}

const char *theme_style_name(enum style style)
{
    return styles[style].name;
}

struct look theme_look(const struct theme *theme, enum style style, int colors)
{
    assert((unsigned)style < STYLE_COUNT);
    const struct theme_style *row = &theme->styles[style];
    int16_t foreground = colors >= 256 ? row->many
                         : colors >= 8 ? row->few
                                       : PLAIN;
    bool has_grey = row->is_grey && colors >= 256;
    return (struct look){
        .foreground = foreground,
        .background = PLAIN,
        .bold = row->attributes & LOOK_BOLD,
        .dim = (row->attributes & LOOK_DIM) && !has_grey,
        .italic = row->attributes & LOOK_ITALIC,
        .underline = row->attributes & LOOK_UNDERLINE,
        .reverse = row->attributes & LOOK_REVERSE,
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
    .asks = "?",
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
    .asks = "?",
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
