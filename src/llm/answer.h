/* SPDX-License-Identifier: MIT */
/*
 * answer - what one answer has said so far: from a dialect's words to events.
 *
 * A dialect tells it what a chunk holds; it keeps what must be joined over
 * chunks (tags, tool calls, usage) and emits events. Empty texts are nothing.
 * Private to llm/.
 */
#ifndef LLM_ANSWER_H
#define LLM_ANSWER_H

#include <jansson.h>

#include "llm/calls.h"
#include "llm/failure.h"
#include "llm/think.h"

/* The last report wins; -1 and NAN are unknown. */
struct answer_usage {
    int64_t input, output, reasoning, cached;
    int64_t eval_ms, prompt_ms, load_ms;
    double cost;
};

struct answer {
    answer_event_fn *fn;
    void *context;
    struct think think;
    struct calls calls;
    struct answer_usage usage;
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

/* The struct must not move between this and answer_clear(). */
void answer_init(struct answer *answer, answer_event_fn *fn, void *context);
void answer_clear(struct answer *answer);

/* Text, in which thinking may stand between tags. */
void answer_text(struct answer *answer, struct slice text);
void answer_refusal(struct answer *answer, struct slice text);

/* Thinking in a field of its own: text is then taken as it is. */
void answer_thinking(struct answer *answer, struct slice text);

void answer_call(struct answer *answer, const struct call_fragment *fragment);
void answer_whole_call(struct answer *answer,
                       const struct call_fragment *fragment);

void answer_model(struct answer *answer, struct slice name);
void answer_finish_reason(struct answer *answer, struct slice reason);

/* If the object says that the answer failed, take its words: true. */
bool answer_take_failure(struct answer *answer, const json_t *object);

/* A chunk, or a part of one, could not be read. */
void answer_is_damaged(struct answer *answer);

/* Emit what is held back or open; tool calls end only if the answer is
 * complete. */
void answer_close(struct answer *answer, bool is_complete);

#endif
