/* SPDX-License-Identifier: MIT */
/*
 * works - the calls of a step while they are not answered: prepared, agreed to
 * (chat/approval), started, stopped. Private to the parts of a chat.
 *
 * What a call is, and what became of it, is in the graph; here is the job that
 * does it. All are prepared at once. What only reads, and programs, run beside
 * each other; edits one after another in the order in which they were asked for,
 * programs behind the edits that were asked for before them. An edit of a file
 * that an edit before it changes is prepared when that one is done: what the user
 * sees of it is what will be.
 *
 * What has effects starts when it is on disk that it has: after a crash it is
 * known that it may have run. Where the disk does not take that the user is
 * asked again.
 */
#ifndef CHAT_WORKS_H
#define CHAT_WORKS_H

#include "base/array.h"
#include "chat/call_output.h"
#include "tool/job.h"
#include "tool/mode.h"

struct chat;
struct event;
struct node;

enum call_stage {
    CALL_PREPARES, /* its job finds out what it would do */
    CALL_PREPARED,
    CALL_WAITS_FOR_EDIT, /* of the same file: then it is prepared anew */
    CALL_ASKS,
    CALL_AGREED,        /* starts as soon as it is its turn */
    CALL_WAITS_FOR_LOG, /* it is said that it starts, but not on disk yet */
    CALL_RUNS,
};

struct call_work {
    struct chat *chat;
    uint32_t id; /* of the graph */
    const struct tool *tool;
    struct job *job; /* NULL while it waits for an edit */
    enum call_stage stage;
    char *path;          /* that it edits, once known; or NULL */
    uint64_t needed_seq; /* to be on disk before it runs */
    struct buf why;      /* it asks */
    enum tool_mode mode; /* it was asked for in */
    bool is_agreed;      /* nobody needs to be asked */
    bool is_said;        /* the user was asked, and has agreed */
    bool is_unkept;      /* it is agreed that it runs though no disk knows */
    struct call_output output;
};

/* Of the run under way. All-zero is none. */
struct works {
    ARRAY_OF(struct call_work *) list; /* in the order of their calls */
    bool is_stepping;                  /* the run waits for them */
    bool sums_up; /* no more are made: the run's last answer is asked for */
    enum tool_mode mode; /* of the request whose answer has them */
};

/* Begin all calls of an answer that is complete. */
void works_begin(struct chat *chat, const struct node *node);

/* Before so many are prepared: what they answer takes a quarter of the window
 * (tokens; 0: unknown) and a half of what is free in it at the most, all
 * together, but for a little that each may take. One that is larger than the
 * window could never be sent. */
void works_set_room(struct chat *chat, uint64_t window, uint64_t free,
                    size_t count);

/* One more, that the graph has: prepared as its arguments say, or as a command
 * that the user typed, who need not be asked. */
struct call_work *works_add(struct chat *chat, uint32_t id,
                            const struct tool *tool);
void works_prepare(struct call_work *work);
void works_prepare_shell(struct call_work *work, struct slice command);

/* Each turn: start what may be. */
void works_turn(struct chat *chat);

/* NULL: it is answered, or none. */
struct call_work *works_find(const struct chat *chat, uint32_t id);

/* Answer one: "completed", "error", "denied", "cancelled". It is freed. */
void works_answer(struct call_work *work, const char *outcome,
                  struct slice text);

/* Answer all that are not, as cancelled; what runs is ended. */
void works_cancel(struct chat *chat);

void works_drop(struct chat *chat); /* without an event */

/* An answer to a call that nothing is done for: `text` for the model. */
void works_append_end(struct chat *chat, uint32_t id, const char *outcome,
                      struct slice text);

/* The plan of one that is prepared; NULL: not yet. */
const struct tool_plan *works_plan(const struct call_work *work);

#endif
