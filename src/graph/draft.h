/* SPDX-License-Identifier: MIT */
/*
 * draft - one message while it is made from a node, and its storage.
 *
 * Private to messages.c. A draft owns all bytes that its message borrows. Fill
 * an all-zero draft by one of the functions below; draft_clear() frees it.
 */
#ifndef GRAPH_DRAFT_H
#define GRAPH_DRAFT_H

#include "graph/messages.h"

/* What a note gave back, in the text of the turn that takes it along. */
struct draft_note {
    uint64_t node_id;
    size_t len; /* with the blank line before it */
};

struct draft {
    struct message message;
    struct buf text;
    struct buf words; /* ids, names and arguments, one after another */
    ARRAY_OF(struct message_call) calls; /* in the order of their numbers */
    struct buf pieces; /* texts of the parts, one after another */
    ARRAY_OF(struct message_part) parts;
    ARRAY_OF(struct message_image) images;
    ARRAY_OF(struct draft_note) notes; /* the text begins with them */
};

void draft_clear(struct draft *draft);

/* Between what notes gave back and what the user says. */
#define DRAFT_NOTES_END "\n\n"

/* What a note has given back; more of them, and then draft_user() or, where no
 * turn follows yet, draft_notes(). */
void draft_note(struct draft *draft, const struct graph *graph,
                const struct node *node);
void draft_notes(struct draft *draft);

/* A user turn with its files. */
void draft_user(struct draft *draft, const struct node *node);

/* What a user turn ends with: what was recalled for it; nothing if nothing was. */
extern const char draft_memory_mark[]; /* before the first of it */
void draft_append_memories(struct buf *out, const struct node *node);

/* A summary, in place of the nodes from this one on. */
void draft_summary(struct draft *draft, const struct summary *summary);

/* An answer with its calls and the mark of how it ended. */
void draft_assistant(struct draft *draft, const struct graph *graph,
                     const struct node *node);

/* What a call gave back, as its result node says. */
void draft_result(struct draft *draft, const struct graph *graph,
                  const struct node *node, const struct call *call);

/* Words in place of what a call gave back, which is left out; what was told with
 * it stays. */
void draft_no_result(struct draft *draft, const struct node *node,
                     const struct call *call);

/* Words in place of a turn that is left out. */
void draft_gap(struct draft *draft, enum message_role role, uint64_t node_id);

/* Between a summary and the prompt behind it. */
void draft_read_summary(struct draft *draft, uint64_t node_id);

/* An answer to a call that has none on the path: what became of it. */
void draft_answer(struct draft *draft, const struct graph *graph,
                  const struct call *call);

/* The user's wish that an answer which was cut off be gone on with. */
void draft_go_on(struct draft *draft, uint64_t node_id);

/* Text that the answer got since; only while it is open and without calls. */
void draft_extend(struct draft *draft, struct slice text);

/* No server takes a message like this. */
bool draft_is_empty(const struct draft *draft);

#endif
