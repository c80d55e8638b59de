/* SPDX-License-Identifier: MIT */
/*
 * theme - names for how text looks; what they look like is decided here too.
 *
 * Everything above the terminal speaks of styles; only ui/term turns a style
 * into attributes, by the look that this table gives for the colours that the
 * terminal has.
 */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

enum style {
    STYLE_NORMAL,
    STYLE_DIM,   /* secondary text: times, hints */
    STYLE_USER,  /* what the user said */
    STYLE_MODEL, /* the name line of an answer */
    STYLE_THINKING,
    STYLE_STRONG,
    STYLE_EMPHASIS,
    STYLE_STRUCK,
    STYLE_CODE,   /* inline code */
    STYLE_FENCE,  /* the rules around a code block */
    STYLE_FENCED, /* the text of a code block */
    STYLE_HEADING,
    STYLE_QUOTE,
    STYLE_LINK,
    STYLE_BULLET,
    STYLE_RULE,   /* lines drawn between parts of the screen */
    STYLE_GUTTER, /* the bar that model text cannot write to */
    STYLE_FOCUS,  /* the same bar beside what keys go to */
    STYLE_WARNING,
    STYLE_ERROR,
    STYLE_STATUS, /* the status line */
    STYLE_STATUS_DIM,
    STYLE_STATUS_ALERT,
    STYLE_PROMPT, /* the editor's prompt mark */
    STYLE_SELECTED,
    STYLE_CURSOR,  /* the mark at the tail of a streaming answer */
    STYLE_REMOVED, /* words that only the first of two texts has */
    STYLE_ADDED,   /* only the second */
    STYLE_COUNT
};

/* How a style looks. Colours are palette numbers, -1: the default. */
struct look {
    int16_t foreground, background;
    bool bold, dim, italic, underline, reverse;
};

enum look_attribute {
    LOOK_BOLD = 1,
    LOOK_DIM = 2,
    LOOK_ITALIC = 4,
    LOOK_UNDERLINE = 8,
    LOOK_REVERSE = 16,
};

struct theme_style {
    int16_t few, many;  /* the foreground with 8 or 16, and with 256 colours */
    uint8_t attributes; /* enum look_attribute */
    bool is_grey;       /* with 256 colours the colour stands for LOOK_DIM */
};

struct theme {
    struct theme_style styles[STYLE_COUNT];
};

/* The themes that are built in, auto first; NULL past the last. */
const char *theme_name(size_t index);
const char *theme_about(size_t index);

/* Fill in a theme that is built in; false: there is none of that name. */
bool theme_builtin(struct theme *theme, const char *name);

/* As theme files name it: "status-alert". */
const char *theme_style_name(enum style style);

/* The look of a style on a terminal with so many colours: below 8 none
 * (attributes only), else the best of 8, 16 and 256. */
struct look theme_look(const struct theme *theme, enum style style, int colors);

/* What we draw beside text, each glyph one cell wide. */
struct glyphs {
    const char *gutter; /* beside the text of a model */
    const char *focus;  /* the same beside what keys go to */
    const char *quote;  /* beside quoted text */
    const char *fence;  /* beside a code block */
    const char *rule;   /* repeated: a line across */
    const char *column; /* between the columns of a table */
    const char *cross;  /* where a rule and a column meet */
    const char *bullet;
    const char *folded, *unfolded;
    const char *call;           /* before a tool call */
    const char *asks;           /* before one that asks */
    const char *output;         /* before what a tool gave back */
    const char *alert;          /* before an error */
    const char *cursor;         /* at the tail of a streaming answer */
    const char *ellipsis;       /* text goes on */
    const char *before, *after; /* around a sibling count */
    const char *arrow;          /* asked, and what answered */
    const char *dot;            /* between the parts of a receipt */
};

/* The one table; `ascii` for terminals that cannot show UTF-8. */
const struct glyphs *theme_glyphs(bool ascii) RETURNS_NONNULL;

#endif
