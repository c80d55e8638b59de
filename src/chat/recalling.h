/* SPDX-License-Identifier: MIT */
/*
 * recalling - what is remembered and fits a prompt goes along with it.
 *
 * Asked for when the prompt has become a turn, told at its end, before anybody
 * decides where it goes: what is told is part of the conversation like any other
 * text, and looked at by the gate. The run waits for the disk, for a moment only.
 *
 * Private to chat/, like chat_state.h.
 */
#ifndef CHAT_RECALLING_H
#define CHAT_RECALLING_H

#include "base/buf.h"
#include "graph/memory_entry.h"

struct chat;

enum {
    RECALL_WAIT_MS = 500,         /* for the disk */
    RECALL_EMBED_WAIT_MS = 1500,  /* for the vector of the prompt before it */
    RECALL_PROMPT_MAX = 16 * 1024 /* bytes of it that are looked for */
};

struct recalling {
    uint32_t number; /* at store/memories; 0: it is not asked */
    uint32_t timer;
    uint64_t node_id;   /* of the turn; 0: the run waits for nothing */
    bool takes_private; /* the turn can go to no vendor */
    char *problem;      /* why nothing was recalled; NULL: nothing was wrong */
};

void recalling_begin(struct chat *chat, uint64_t node_id);
void recalling_end(struct chat *chat); /* the run is over */

/* Whether the run may go on. */
bool recalling_allows(const struct chat *chat);

/* Append why nothing could be recalled, a line; else nothing. */
void recalling_explain(const struct chat *chat, struct buf *reasons);

/* Of embedding: the vector of the prompt, which is taken (NULL: none could be
 * had). */
void recalling_take_vector(struct chat *chat, float *take_vector,
                           size_t dimension);

#endif
