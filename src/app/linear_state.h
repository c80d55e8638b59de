/* SPDX-License-Identifier: MIT */
/*
 * linear_state - what the parts of the client without a screen share: private
 * to app/linear.c and app/linear_command.c.
 */
#ifndef APP_LINEAR_STATE_H
#define APP_LINEAR_STATE_H

#include "app/answer_guard.h"
#include "app/command.h"
#include "app/line_input.h"
#include "app/narrator.h"
#include "app/setup.h"
#include "ui/tty.h"

struct linear {
    const struct cli *cli;
    struct setup setup;
    struct chat *chat;
    struct tty tty;
    struct print out; /* into the tty's pending bytes */
    struct narrator narrator;
    struct line_input input;
    struct attachments files; /* go along with the next prompt */
    struct budget *budget;
    uint64_t reread;        /* tokens, as they were told last */
    uint32_t generation;    /* of the conversation that the budget has seen */
    bool has_introduced;    /* said who will answer */
    enum model_state moved; /* a model by the user's word, as was seen last */
    bool awaits_models; /* their panel is shown when the servers have told */
    uint64_t asking;    /* the call whose question was shown last; 0: none */
    struct answer_guard guard;
    uint32_t silence_timer;     /* while an answer is under way; 0: none */
    enum journal_state keeping; /* as it was told last */
    bool is_prompted; /* the prompt's mark is the last on the terminal */
    bool is_armed;    /* Ctrl-C was pressed at armed_at (monotonic ms) */
    int64_t armed_at;
    bool wants_quit, wants_suspend;
    int exit_status;
};

/* Do what a whole input says. */
void linear_do(struct linear *linear, struct slice input);

/* Ask whether a prompt may leave the machine. */
void linear_show_question(struct linear *linear);

/* Say what waited, which is not sent then; its files go with the next prompt. */
void linear_take_queue_back(struct linear *linear);

/* Show what a command had to wait for, once it is there. */
void linear_show_models(struct linear *linear);

#endif
