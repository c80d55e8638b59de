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
#include "llm/failure.h"
#include "llm/think.h"

/* The last report wins; -1 and NAN are unknown. */
struct intake_usage {
    int64_t input, output, reasoning, cached;
    int64_t eval_ms, prompt_ms, load_ms;
    double cost;
};

struct intake {
    answer_event_fn *fn;
    void *context;
    struct think think;
    struct calls calls;
    struct intake_usage usage;
    struct buf model;
    struct failure_site site;
    struct answer_result result; /* as far as it is known */
    bool has_end_marker;         /* nothing more is expected */
    bool has_finish_reason;      /* enough, if nothing more comes */
    bool has_failed;             /* by the server's word or by a cap */
    bool has_progress;
    bool has_begun;   /* a chunk had the form of an answer */
    bool has_delta;   /* came in pieces: whole messages repeat them */
    bool has_message; /* came in one piece */
};

/* The struct must not move between this and intake_clear(). */
void intake_init(struct intake *intake, answer_event_fn *fn, void *context);
void intake_clear(struct intake *intake);

/* Text, in which thinking may stand between tags. */
void intake_text(struct intake *intake, struct slice text);
void intake_refusal(struct intake *intake, struct slice text);

/* Thinking in a field of its own: text is then taken as it is. */
void intake_thinking(struct intake *intake, struct slice text);

void intake_call(struct intake *intake, const struct call_fragment *fragment);
void intake_whole_call(struct intake *intake,
                       const struct call_fragment *fragment);

/* What its maker wants back: see FIELD_KIND. `call`: the number of the call
 * within the answer that it belongs to, 0: none. */
void intake_opaque(struct intake *intake, const char *kind, const json_t *value,
                   uint32_t call);

void intake_model(struct intake *intake, struct slice name);
void intake_finish_reason(struct intake *intake, struct slice reason);

/* If the object says that the answer failed, take its words: true. */
bool intake_take_failure(struct intake *intake, const json_t *object);

/* A chunk, or a part of one, could not be read. */
void intake_is_damaged(struct intake *intake);

/* Emit what is held back or open; tool calls end only if the answer is
 * complete. */
void intake_close(struct intake *intake, bool is_complete);

#endif
