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
#include <stdint.h>

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
    STYLE_WARNING,
    STYLE_ERROR,
    STYLE_STATUS, /* the status line */
    STYLE_STATUS_DIM,
    STYLE_STATUS_ALERT,
    STYLE_PROMPT, /* the editor's prompt mark */
    STYLE_SELECTED,
    STYLE_CURSOR, /* the mark at the tail of a streaming answer */
    STYLE_COUNT
};

/* How a style looks. Colours are palette numbers, -1: the default. */
struct look {
    int16_t foreground, background;
    bool bold, dim, italic, underline, reverse;
};

/* The look of a style on a terminal with so many colours: 0 or 1 means none
 * (attributes only), 8, 16 or 256. */
struct look theme_look(enum style style, int colors);

#endif
