/* SPDX-License-Identifier: MIT */
/*
 * talk - a conversation that a test holds, event by event and with a clock, and
 * a thread view of it on a canvas.
 */
#ifndef TESTS_SUPPORT_TALK_H
#define TESTS_SUPPORT_TALK_H

#include "graph/thread.h"
#include "tests/support/scenario.h"
#include "ui/thread_view.h"

/* Local time is UTC; it begins at 14:02. */
struct talk {
    struct scenario scenario;
    int64_t now; /* Unix ms */
    struct thread thread;
    struct thread_view *view;
    struct canvas canvas;
};

void talk_begin(struct talk *talk, int height, int width);
void talk_end(struct talk *talk);

/* One event `after` ms later: fields and their values as strings, then
 * FIELD_NONE. Returns its seq. */
uint64_t talk_say(struct talk *talk, int64_t after, enum event_type type,
                  uint32_t run, uint32_t attempt, ...);

/* A prompt after the head and the start of its run; returns the node's id. */
uint64_t talk_ask(struct talk *talk, const char *text, uint32_t run);
void talk_start(struct talk *talk, uint32_t run, uint32_t attempt,
                const char *model, const char *endpoint);
void talk_stream(struct talk *talk, uint32_t run, uint32_t attempt,
                 const char *text);

/* The end of an attempt and of its run. */
void talk_finish(struct talk *talk, uint32_t run, uint32_t attempt,
                 const char *outcome, const char *error);
void talk_move_head(struct talk *talk, uint64_t node_id);

/* All of them in one: a prompt and its whole answer. Returns the answer's. */
uint64_t talk_exchange(struct talk *talk, uint32_t run, const char *prompt,
                       const char *answer);

void talk_draw(struct talk *talk);
void talk_resize(struct talk *talk, int height, int width);

/* The text of one row, blanks at its end aside. */
void talk_row(const struct talk *talk, int row, struct buf *out);

/* The screen as it was drawn last holds this line. */
bool talk_shows(const struct talk *talk, const char *line);

/* The same, drawn anew, and of one row: fails the test. */
void talk_check_shows(struct talk *talk, const char *line);
void talk_check_row(const struct talk *talk, int row, const char *expected);

#endif
