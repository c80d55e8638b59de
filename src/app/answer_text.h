/* SPDX-License-Identifier: MIT */
/*
 * answer_text - the answer of a one-shot on stdout: as it comes, or held back
 * where what comes may not be what counts.
 *
 * A pipe gets the value that was asked for by a schema, and not what a model may
 * write around it; of an answer in whose place another rung may yet answer
 * nothing before it is complete; and nothing of what a model says before it
 * calls a tool: the answer comes after that. A terminal gets everything as it
 * comes: what was printed cannot be taken back, which is then said.
 */
#ifndef APP_ANSWER_TEXT_H
#define APP_ANSWER_TEXT_H

#include "app/print.h"
#include "chat/chat.h"

/* How an answer stands: of its attempts those that count. */
struct answer_standing {
    size_t len;     /* bytes of its text */
    size_t held;    /* of them not printed */
    bool has_other; /* thinking, or a tool call */
    bool needs_gap; /* before what comes after a pause */
};

/* The first members are the caller's and borrowed; else all-zero at first. */
struct answer_text {
    struct print *out;
    struct chat *chat;
    bool has_schema;
    bool has_tools; /* they are offered */
    bool is_silent; /* something else is printed: only count */
    struct buf held;
    struct answer_standing now, before; /* the attempt under way */
    bool is_replaceable; /* another one may yet answer in its place */
    bool is_replaced;    /* one does, once its first word comes */
};

void answer_text_take(struct answer_text *text, const struct event *event);

/* What is held back is printed: there is no more. */
void answer_text_end(struct answer_text *text);
void answer_text_clear(struct answer_text *text);

#endif
