/* SPDX-License-Identifier: MIT */
/*
 * messages - the active path as a model reads it: a view, always API-legal.
 *
 * Legal means: roles are system, user, assistant, tool; every tool call of an
 * assistant message is answered by one tool message before anything else (a
 * missing answer is made up and says what became of the call); no tool message
 * without its call; sequential tool turns stay apart; no empty message. A call
 * whose arguments are not one JSON object goes back as {} (servers refuse the
 * whole request for it). Thinking stays out. Text of a cut or aborted answer
 * goes back with a mark that says so; failed attempts beside the path do not.
 *
 * A user turn is its text, then each file as
 *
 *     File: NAME
 *     ```
 *     content
 *     ```
 *
 * with a blank line before it and a fence longer than any in the content.
 */
#ifndef GRAPH_MESSAGES_H
#define GRAPH_MESSAGES_H

#include "graph/path.h"

enum message_role {
    ROLE_SYSTEM,
    ROLE_USER,
    ROLE_ASSISTANT,
    ROLE_TOOL,
};

struct message_call {
    uint32_t call;   /* our number */
    struct slice id; /* the server's, empty if none: the dialect makes one up */
    struct slice name;
    struct slice arguments; /* one JSON object */
};

/* Texts are borrowed from the view until it catches up again. */
struct message {
    enum message_role role;
    uint64_t node_id;
    struct slice text;
    const struct message_call *calls; /* ROLE_ASSISTANT */
    size_t call_count;
    uint32_t call;     /* ROLE_TOOL: the call that this answers */
    struct slice id;   /* ROLE_TOOL: the server's id of that call */
    struct slice name; /* ROLE_TOOL: of the tool */
};

struct messages;

struct messages *messages_new(void) RETURNS_NONNULL;
void messages_free(struct messages *messages); /* NULL is fine */

/* The messages on the path from a root to `leaf_id` (0: none), without a
 * system prompt. Keeps what is common with the last call: appending a turn
 * costs that turn and the tool results just before it; streamed text costs its
 * own bytes. */
void messages_catch_up(struct messages *messages, const struct graph *graph,
                       uint64_t leaf_id);

size_t messages_count(const struct messages *messages);
const struct message *messages_at(const struct messages *messages,
                                  size_t index);

/* Nodes visited so far: what tests bound. */
size_t messages_steps(const struct messages *messages);

#endif
