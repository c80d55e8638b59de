/* SPDX-License-Identifier: MIT */
/*
 * anthropic_pieces - the content blocks of one answer that have not ended, and
 * the events that they become.
 *
 * Private to anthropic.c. intake->memory begins with a `struct pieces`. A block
 * may start before the last one has stopped. Two of text, or of thinking, that
 * are open at once do not mix: the second one's text waits. A block that starts
 * lets thinking before it tell its signature.
 */
#ifndef LLM_ANTHROPIC_PIECES_H
#define LLM_ANTHROPIC_PIECES_H

#include "llm/intake.h"

enum piece_kind {
    PIECE_TEXT,
    PIECE_THINKING,
    PIECE_REDACTED,
    PIECE_CALL,
    PIECE_OTHER, /* of the server's own: kept as it is */
};

/* A content block that has started and is not done with. */
struct piece {
    enum piece_kind kind;
    int64_t index;
    int64_t call;         /* PIECE_CALL: counted from 0 in the answer */
    bool is_stopped;      /* and waits for an earlier one */
    bool is_waiting;      /* behind an open one of its kind: text is held */
    bool had_input;       /* PIECE_CALL: some of it came in deltas */
    struct buf text;      /* held text; PIECE_OTHER: the JSON of its input */
    struct buf signature; /* PIECE_THINKING, not told yet */
    json_t *start;        /* PIECE_CALL and PIECE_OTHER: the block; owned */
};

/* All-zero is none. */
struct pieces {
    ARRAY_OF(struct piece) list; /* in the order in which they started */
    int64_t call_count;          /* that started in the answer */
    bool had_text;               /* the answer, so far */
    bool needs_gap;              /* before its next text */
};

/* Forget what is open; nothing more is told of it. */
void pieces_drop(struct pieces *pieces);
void pieces_clear(struct pieces *pieces); /* and free the storage */

/* The open block of that index, or NULL. */
struct piece *pieces_find(struct pieces *pieces, int64_t index);

/* A block as its start gives it. NULL: there are too many, the intake has
 * failed. A piece lives until another one starts or stops. */
struct piece *pieces_start(struct intake *intake, int64_t index,
                           const json_t *block);

/* What a delta adds; one that does not fit the block is ignored. */
void pieces_add(struct intake *intake, struct piece *piece, json_t *delta);

void pieces_stop(struct intake *intake, struct piece *piece);
void pieces_stop_all(struct intake *intake);

#endif
