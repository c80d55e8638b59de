/* SPDX-License-Identifier: MIT */
/*
 * approving - the question about a call of a tool: when it comes up, which keys
 * answer it, and how a yes is kept from being one that nobody gave.
 *
 * It takes the keys by itself only from an empty editor; letters go to the
 * editor always, and only Enter on a chosen row answers. What the question
 * shows is app/panel_call.
 */
#ifndef APP_APPROVING_H
#define APP_APPROVING_H

#include "app/action.h"
#include "app/answer_guard.h"
#include "base/buf.h"

struct chat;
struct screen;

enum { APPROVING_REASON_MAX = 1000 /* bytes */ };

/* All-zero shows no question. */
struct approving {
    const struct chat *chat; /* whose calls these are */
    uint32_t call;           /* that is asked about; 0: none is shown */
    uint32_t dismissed;      /* up to this one the user has sent them away */
    bool is_probing; /* the box, since the first prompt: for the title */
    struct answer_guard guard;
    bool is_ready;   /* it takes keys, and says so */
    uint32_t timer;  /* until then; 0: none */
    bool is_denying; /* and writes why: */
    struct buf reason;
};

void approving_clear(struct approving *approving);

/* In each turn: a call asks, or asks no more. */
void approving_update(struct screen *screen);
/* The picture is on the screen. */
void approving_drawn(struct screen *screen);

/* Give it the keys. False: no question is shown, or it has them. */
bool approving_focus(struct screen *screen);
/* The user wants to see it: that about this call; 0: the first. False: it does
 * not ask. */
bool approving_open(struct screen *screen, uint32_t call);
void approving_go(struct screen *screen); /* the same, as an action */

/* This key comes too early to be for it. */
bool approving_is_early(struct screen *screen, enum action action);

/* Enter on a row. */
void approving_answer(struct screen *screen);

/* Escape: it goes away, and the call still asks. False: none is shown. */
bool approving_dismiss(struct screen *screen);

/* While the user writes why not: what is typed, and taken back. */
bool approving_takes_text(const struct screen *screen);
void approving_type(struct screen *screen, struct slice text);
void approving_erase(struct screen *screen, bool is_all);

#endif
