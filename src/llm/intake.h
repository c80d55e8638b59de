/* SPDX-License-Identifier: MIT */
/*
 * intake - what one answer has said so far: from a dialect's words to events.
 *
 * A dialect tells it what a chunk holds; it keeps what must be joined over
 * chunks (tags, tool calls, usage) and emits events. Empty texts are nothing.
 * Private to llm/.
 */
#ifndef LLM_INTAKE_H
#define LLM_INTAKE_H

#include <jansson.h>

#include "llm/calls.h"
#include "llm/details.h"
#include "llm/failure.h"
#include "llm/think.h"

/* The last report wins; -1 and NAN are unknown. */
struct intake_usage {
    int64_t input, output, reasoning, cached, cache_write;
    int64_t eval_ms, prompt_ms, load_ms;
    double cost;
};

/* What came with a call and must go back with it. */
struct call_extra {
    size_t call; /* index in calls.list */
    json_t *value;
};

/* Kinds of opaque values of Chat Completions. */
#define OPAQUE_EXTRA_CONTENT     "extra-content"
#define OPAQUE_REASONING_DETAILS "reasoning-details"

struct intake {
    answer_event_fn *fn;
    void *context;
    void *memory; /* the dialect's own, by its reader's size; NULL: none */
    struct think think;
    struct calls calls;
    struct intake_usage usage;
    struct buf model;
    struct failure_site site;
    enum event_type last_type;   /* of the event that was emitted last */
    uint64_t place;              /* of what is emitted next: see FIELD_PLACE */
    struct answer_result result; /* as far as it is known */
    bool has_end_marker;         /* nothing more is expected */
    bool has_finish_reason;      /* enough, if nothing more comes */
    bool is_incomplete;          /* by the server's word, whatever the reason:
                                    its last call may be half */
    bool is_cut;                 /* by the stream's own word; result.err says
                                    why */
    bool has_failed;             /* by the server's word or by a cap */
    bool has_progress;
    bool has_begun;   /* a chunk had the form of an answer */
    bool has_delta;   /* came in pieces: whole messages repeat them */
    bool has_message; /* came in one piece */
    const struct tool_offer *tools; /* that the request offered; borrowed */
    size_t tool_count;
    ARRAY_OF(struct call_extra) extras;
    struct details details;
};

/* The struct must not move between this and intake_clear(). */
void intake_init(struct intake *intake, answer_event_fn *fn, void *context);
void intake_clear(struct intake *intake);

/* Text, in which thinking may stand between tags. */
void intake_text(struct intake *intake, struct slice text);

/* Text as it is: the server has a place of its own for thinking. */
void intake_plain_text(struct intake *intake, struct slice text);

void intake_refusal(struct intake *intake, struct slice text);

/* Thinking in a field of its own: text is then taken as it is. */
void intake_thinking(struct intake *intake, struct slice text);

void intake_call(struct intake *intake, const struct call_fragment *fragment);
void intake_whole_call(struct intake *intake,
                       const struct call_fragment *fragment);

/* Calls of which anything came so far never end. */
void intake_drop_calls(struct intake *intake);

/* What came so far counts no more: the server began the answer anew. */
void intake_restart(struct intake *intake);

/* What its maker wants back: see FIELD_KIND. `call`: the number of the call
 * within the answer that it belongs to, 0: none. */
void intake_opaque(struct intake *intake, const char *kind, const json_t *value,
                   uint32_t call);

/* A value of no call that belongs before what was emitted as from `place`. */
void intake_late_opaque(struct intake *intake, const char *kind,
                        const json_t *value, uint64_t place);

/* As intake_opaque() for the call that the last fragment was of, once that is whole. */
void intake_call_extra(struct intake *intake, const json_t *value);

/* One item of reasoning_details. Pieces of one thought are joined; all of them
 * go back as one array. */
void intake_detail(struct intake *intake, const json_t *detail);

void intake_model(struct intake *intake, struct slice name);
void intake_finish_reason(struct intake *intake, struct slice reason);

/* A cap was passed, or the dialect says in its own words that the answer
 * failed. */
void intake_fail(struct intake *intake, const struct error *err);

/* If the object says that the answer failed, take its words: true. */
bool intake_take_failure(struct intake *intake, const json_t *object);

/* A chunk, or a part of one, could not be read. */
void intake_is_damaged(struct intake *intake);

/* Emit what is held back or open; tool calls end only if the answer is
 * complete. */
void intake_close(struct intake *intake, bool is_complete);

#endif
