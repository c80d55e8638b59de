/* SPDX-License-Identifier: MIT */
/*
 * calls - tool calls put together from the fragments of one answer.
 *
 * Fragments name their call by index, by id, by both, or by nothing, and some
 * servers give every call the same index; the rules that sort them out stand
 * in calls.c. Emits tool-call-start when a call's name or id is first known,
 * tool-call-delta for each fragment, tool-call-end by calls_end().
 */
#ifndef LLM_CALLS_H
#define LLM_CALLS_H

#include "base/array.h"
#include "llm/nesting.h"
#include "llm/provider.h"

enum {
    CALLS_MAX = 512, /* tool calls of one answer */
};

/* What one chunk says of a call. Absent texts are empty. */
struct call_fragment {
    bool has_index;
    int64_t index;
    struct slice id;
    struct slice name;
    struct slice arguments;
    bool is_object; /* the arguments came as a value, not as text */
};

struct open_call {
    uint32_t number; /* 0: not announced yet */
    bool has_index;
    int64_t index;
    struct buf id;
    struct buf name;
    struct buf arguments;
    struct nesting nesting; /* of the arguments */
    bool had_empty_object;  /* as a value: maybe all there is */
    bool came_whole;        /* in one piece: nothing can be missing */
    bool is_dropped;        /* it never ends */
};

struct calls {
    ARRAY_OF(struct open_call) list;
    uint32_t last_number;
    size_t touched; /* index of the call that the last fragment was of */
    answer_event_fn *fn;
    void *context;
};

void calls_clear(struct calls *calls);

/* False (ERROR_LIMIT) when there are too many calls or too long arguments. */
bool calls_add(struct calls *calls, const struct call_fragment *fragment,
               struct error *err) MUST_USE;

/* A call that came in one piece: its start, if it says anything. False
 * (ERROR_LIMIT) as calls_add(). */
bool calls_add_whole(struct calls *calls, const struct call_fragment *fragment,
                     struct error *err) MUST_USE;

/* The first call with this index; NULL: none. Valid until one is added. */
struct open_call *calls_find(const struct calls *calls, int64_t index);

/* No call that was announced so far ends. */
void calls_drop(struct calls *calls);

/* The answer is complete: emit the end of every call. Empty arguments become
 * "{}". `is_cut_by_length`: the server ran out of room, so that a call whose
 * arguments are no whole object was cut and does not end. One without a name
 * ends as any: the model is told that there is no such tool. Returns how many
 * have no id either, nor whole arguments, and are dropped. */
size_t calls_end(struct calls *calls, bool is_cut_by_length);

#endif
