/* SPDX-License-Identifier: MIT */
/*
 * chat_branches - what chat/chat.h offers for going back: editing, answering
 * again, going on, looking at another branch.
 */
#ifndef CHAT_CHAT_BRANCHES_H
#define CHAT_CHAT_BRANCHES_H

#include "chat/attachment.h"

struct chat;

/* chat_prompt(), as a sibling of a prompt that was sent: a branch of its own.
 * Refused while an answer is on its way. */
bool chat_edit(struct chat *chat, uint64_t node_id, struct slice text,
               struct attachments *take_files, struct error *err) MUST_USE;

/* Answer a prompt again, as a sibling: the one that a node is or hangs on, and
 * the last on the path. Refused while an answer is on its way. */
bool chat_retry_at(struct chat *chat, uint64_t node_id, struct error *err);
bool chat_retry(struct chat *chat, struct error *err);

/* The same by another model: [ENDPOINT/]MODEL; NULL: where prompts go. */
bool chat_retry_with(struct chat *chat, uint64_t node_id, const char *target,
                     struct error *err);

/* Answer a prompt once more, as a sibling of the answer that a node is, or that
 * stands below it: by the next rung of the ladder above the one that answered
 * (without a ladder: by the next larger model of its server), or by the same
 * model. Consent is asked as ever; only this run goes there. `words` say who is
 * asked. False, in words: nobody above can, or an answer is on its way. */
enum again { AGAIN_BETTER, AGAIN_HERE };
bool chat_again(struct chat *chat, uint64_t node_id, enum again how,
                struct buf *words, struct error *err);

/* Go on with an answer that was cut, stopped, or ended at its most tokens: the
 * rest follows it as an answer of its own. */
bool chat_continue(struct chat *chat, uint64_t node_id, struct error *err);

/* Look at the sibling `step` places after a node (before it if negative), where
 * its branch was left. A run under way goes on in its own branch. False, in
 * words, if there is no such sibling. */
bool chat_select_sibling(struct chat *chat, uint64_t node_id, int step,
                         struct error *err);

/* Make a node part of the active path: where it is not, the head moves to where
 * its branch was left. False if there is no such node. */
bool chat_go_to(struct chat *chat, uint64_t node_id, struct error *err);

#endif
