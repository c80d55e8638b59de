/* SPDX-License-Identifier: MIT */
/*
 * mode - how much a model may do before the user is asked: one word for a whole
 * conversation (tools.mode).
 */
#ifndef TOOL_MODE_H
#define TOOL_MODE_H

#include <stdbool.h>

#include "base/slice.h"

/* In the order in which Shift-Tab goes round. */
enum tool_mode {
    TOOL_MODE_OFF,   /* no tools are offered */
    TOOL_MODE_PLAN,  /* tools that only read, nothing else */
    TOOL_MODE_ASK,   /* what changes something asks */
    TOOL_MODE_EDITS, /* edits of files below the directory pass */
};
enum { TOOL_MODES = TOOL_MODE_EDITS + 1 };

/* "plan", as settings and events spell it, and what it means. */
const char *tool_mode_name(enum tool_mode mode);
const char *tool_mode_about(enum tool_mode mode);

/* False: there is no such mode. */
bool tool_mode_parse(struct slice word, enum tool_mode *mode);

#endif
