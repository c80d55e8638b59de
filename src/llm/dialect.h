/* SPDX-License-Identifier: MIT */
/*
 * dialect - what decoder.c needs of a dialect. Private to llm/.
 */
#ifndef LLM_DIALECT_H
#define LLM_DIALECT_H

#include "llm/intake.h"

struct dialect_reader {
    /* How a stream is framed that does not show it: server-sent events, or
     * one JSON value a line. */
    bool is_sse;
    /* A missing model can be had by `ollama pull`. */
    bool can_pull;
    /* The answer has an end of its own: [DONE] ends nothing. */
    bool has_own_end;
    /* What people call it, and is this object a part of its answers? NULL:
     * nobody takes another's answer for one of it. */
    const char *protocol;
    bool (*has_form)(const json_t *chunk);
    /* What has to be remembered from chunk to chunk: intake->memory, so many
     * bytes, all-zero at the start. `forget` frees what it owns; NULL:
     * nothing. */
    size_t memory_size;
    void (*forget)(void *memory);
    /* Read one JSON object of the answer. */
    void (*read)(struct intake *intake, const json_t *chunk);
    /* The body has ended, before the outcome is told; NULL: nothing to do. */
    void (*finish)(struct intake *intake);
};

/* Parts of a request that both wires share. The body is written by hand and
 * not by a tree: the same messages give the same bytes. */
const char *dialect_role_name(enum message_role role);

/* Append `"name":` and a value, with a comma before it unless it is the first
 * member. Text may be ill-formed: it is repaired. */
void dialect_append_name(struct buf *body, const char *name);
void dialect_append_text(struct buf *body, const char *name, struct slice text);
void dialect_append_number(struct buf *body, const char *name, int64_t number);
void dialect_append_real(struct buf *body, const char *name, double number);
void dialect_append_flag(struct buf *body, const char *name, bool flag);

/* A tool's name as servers take it. */
void dialect_append_tool_name(struct buf *body, const char *name,
                              struct slice tool);

/* A list of texts that ends with NULL. */
void dialect_append_texts(struct buf *body, const char *name,
                          const char *const *texts);

/* Append `"messages":[...]`, the system prompt first. */
typedef void dialect_message_fn(struct buf *body,
                                const struct message *message);
void dialect_append_messages(struct buf *body,
                             const struct chat_request *request,
                             dialect_message_fn *append);

/* Append a picture as a URL in quotes: its address, or its bytes in one (RFC
 * 2397). */
void dialect_append_image_url(struct buf *body, const struct image *image);

/* Content type and key. False (ERROR_CONFIG) if the key cannot stand in a
 * header, or if base address or model are missing. */
bool dialect_start_request(const struct chat_request *request,
                           struct wire_request *wire, struct error *err);
/* The same with another header before the key: "x-api-key:". */
bool dialect_start_request_as(const struct chat_request *request,
                              const char *key_header, struct wire_request *wire,
                              struct error *err);

/* A body that lists models; the caller json_decref()s it. NULL: it is an error
 * or no JSON. */
json_t *dialect_parse_list(struct slice body, struct error *err) MUST_USE;

/* A list of words has this one. The list may be NULL. */
bool dialect_holds(const json_t *array, const char *word);

/* Set *count to a member that counts something; else leave it alone. */
void dialect_read_count(const json_t *object, const char *name, int64_t *count);

/* llama-server's own times, which stand beside the answer in all its wires. */
void dialect_read_timings(struct intake_usage *usage, const json_t *chunk);

/* The user chose whether or how hard to think, and the server did not refuse
 * to be told. */
bool dialect_is_thinking_set(const struct chat_request *request);

/* Log probabilities are wanted, and the server did not refuse to tell them. */
bool dialect_wants_logprobs(const struct chat_request *request);

#endif
