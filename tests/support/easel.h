/* SPDX-License-Identifier: MIT */
/*
 * easel - the whole screen without a terminal: a chat whose conversation a test
 * tells event by event, panels, an editor, and a canvas to look at.
 *
 * Local time is UTC, it is 14:02 and later. `box` is an Ollama of the user's
 * own that has told its models (qwen3:8b, loaded with a window of 32,768, and
 * two others) and is not there any more; `claude` is a vendor that nobody
 * asks. Without models only the built-in guide answers.
 */
#ifndef TESTS_SUPPORT_EASEL_H
#define TESTS_SUPPORT_EASEL_H

#include "app/screen_state.h"
#include "tests/support/talk.h"

struct easel {
    struct screen screen;
    struct cli cli;
    struct talk talk; /* only its clock, log and graph: they are the chat's */
};

void easel_begin(struct easel *easel, bool has_models);
void easel_end(struct easel *easel);

/* What the screen shows now, at a size. */
void easel_draw(struct easel *easel, int height, int width);

/* One row as it was drawn, blanks at its end aside; fails the test where it is
 * not this. */
void easel_check_row(const struct easel *easel, int row, const char *expected);

/* The same, anywhere. */
bool easel_shows(const struct easel *easel, const char *words);

/* What is typed. */
void easel_write(struct easel *easel, const char *draft);
void easel_do(struct easel *easel, enum action action);

#endif
