/* SPDX-License-Identifier: MIT */
/*
 * response_items - the output items of one answer of the Responses API.
 *
 * Everything there is said up to four times: in deltas, at the end of a text,
 * at the end of its item, and in the response as a whole. Each item remembers
 * what it has said, so that nothing is said twice and what a server leaves away
 * in one place is taken from another. Private to llm/.
 *
 * An item is known by its output_index: some servers give it another id in each
 * event. Servers that leave the index away are told by the id, then by the kind
 * of item.
 */
#ifndef LLM_RESPONSE_ITEMS_H
#define LLM_RESPONSE_ITEMS_H

#include <jansson.h>

#include "base/array.h"
#include "llm/intake.h"

enum {
    RESPONSE_ITEMS_MAX = 2048, /* of one answer */
    RESPONSE_TEXTS_MAX = 1024, /* of one item */
};

enum item_kind { ITEM_MESSAGE, ITEM_REASONING, ITEM_CALL, ITEM_OTHER };

enum text_kind {
    TEXT_ANSWER,
    TEXT_REFUSAL,
    TEXT_SUMMARY, /* of the reasoning */
    TEXT_REASONING,
    TEXT_ARGUMENTS,
};

/* One text of an item, as far as it was said. */
struct item_text {
    enum text_kind kind;
    int64_t index; /* among those of its kind */
    struct buf said;
    size_t came; /* bytes of it that came in pieces, one after the other */
};

struct response_item {
    enum item_kind kind;
    bool has_index;
    int64_t index;
    struct buf id;
    bool has_name, has_call_id; /* told; ITEM_CALL */
    bool is_joined;             /* pieces came without the index of their text:
                                   all are one text */
    bool is_done;               /* its own end came */
    bool is_whole;              /* nothing of the call is missing; ITEM_CALL */
    bool is_kept;               /* as an opaque, for its maker */
    bool is_placed;             /* it has spoken: as from this place */
    uint64_t place;
    bool is_claimed; /* by an item of the response as a whole */
    ARRAY_OF(struct item_text) texts;
};

/* All-zero is the start of an answer. */
struct response_items {
    ARRAY_OF(struct response_item) list;
    /* Which text of thinking was the last thing said; item 0: none. */
    struct {
        size_t item; /* from 1 */
        enum text_kind kind;
        int64_t index;
    } thought;
};

void response_items_clear(struct response_items *items);

/* A piece of a text, or (`is_whole`) all of it. `chunk` says to which item it
 * belongs. */
void response_items_add(struct intake *intake, struct response_items *items,
                        const json_t *chunk, enum text_kind kind,
                        struct slice text, bool is_whole);

/* An item begins; it ends, and this is all of it. */
void response_items_begin(struct intake *intake, struct response_items *items,
                          const json_t *chunk);
void response_items_end(struct intake *intake, struct response_items *items,
                        const json_t *chunk);

/* The output of the response as a whole. */
void response_items_settle(struct intake *intake, struct response_items *items,
                           const json_t *output);

/* Calls that were still open never end: the response as a whole is incomplete,
 * and so may they be. */
void response_items_drop_open(struct intake *intake,
                              const struct response_items *items);

#endif
