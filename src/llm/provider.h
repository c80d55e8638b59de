/* SPDX-License-Identifier: MIT */
/*
 * provider - what a dialect is: a way to write a request and to read answers.
 *
 * Pure: bytes in, events out, no I/O. Nobody but a dialect knows a provider's
 * JSON. A dialect is one row of a table (provider.c) and one file.
 */
#ifndef LLM_PROVIDER_H
#define LLM_PROVIDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "graph/event.h"
#include "graph/messages.h"
#include "llm/confidence.h"

/* How the model shall answer. Not given: NAN, -1, NULL. */
struct reply_settings {
    double temperature;      /* NAN: the model's own */
    double top_p;            /* NAN: the model's own */
    int64_t max_tokens;      /* -1: the server's own */
    int64_t seed;            /* -1: none */
    double repeat_penalty;   /* NAN or 0: the model's own */
    const char *const *stop; /* texts that end it, NULL behind; or NULL */
    const char *thinking;    /* NULL or "auto": the model's own; on off low
                               medium high */
    const char *keep_alive;  /* Ollama: "30m", "-1"; NULL: the server's own */
    int64_t num_ctx;         /* Ollama: -1: take what is loaded */
    bool unstreamed;         /* ask for the answer in one piece */
};

/* A tool that the model may ask for. */
struct tool_offer {
    struct slice name; /* our own: any characters */
    struct slice about;
    struct slice schema; /* JSON Schema of its arguments, an object */
};

/* One request, before a dialect has written it. Everything is borrowed. */
struct chat_request {
    const char *endpoint; /* its name: who made an answer is told by it */
    const char *base_url;
    const char *like; /* a row of llm/traits, whatever the address; or NULL */
    const char *model;
    const char *key;    /* NULL: none */
    const char *system; /* NULL or "": none */
    const struct messages *messages;
    struct reply_settings reply;
    const struct tool_offer *tools;
    size_t tool_count;
    struct slice schema;   /* JSON Schema that the answer must follow; empty:
                            none */
    bool wants_confidence; /* in its tokens, where servers tell it */
    bool schema_in_words;  /* one did not: say it in the prompt as well */
    uint32_t omit; /* enum request_part bits: what the server refused before */
};

/* Optional parts of a request. Most a server may refuse by name (HTTP 400). */
enum request_part {
    PART_STREAM_OPTIONS = 1,
    PART_THINKING = 2,
    PART_MAX_TOKENS_RENAMED = 4, /* max_completion_tokens instead */
    PART_TEMPERATURE = 8,
    PART_TOP_P = 16,
    PART_SEED = 32,
    PART_STOP = 64,
    PART_REPEAT_PENALTY = 128,
    PART_MAX_TOKENS = 256,
    PART_SCHEMA = 512, /* the dialect's weaker form instead */
    PART_TOOLS = 1024,
    PART_THINKING_LEFT_OUT = 2048, /* thinking must go back with answers */
    PART_KEEP_ALIVE = 4096,
    PART_NUM_CTX = 8192,
    PART_THINKING_SUMMARY = 16384,
    PART_LOGPROBS = 32768,
};

/* A request as it goes on the wire. wire_request_clear() frees it. */
struct wire_request {
    struct buf url;
    struct buf body;
    /* "Name: value", each owned; a NULL behind the last. */
    ARRAY_OF(char *) headers;
};
void wire_request_clear(struct wire_request *wire);
void wire_request_header(struct wire_request *wire, const char *format, ...)
    PRINTF_LIKE(2, 3);

struct dialect;

/* An answer was made by the very model that the request goes to: only then its
 * thinking and opaque parts go along. */
bool provider_is_maker(const struct chat_request *request,
                       const struct dialect *dialect,
                       const struct message *message);

/* What of the reply settings was chosen by the user. */
uint32_t provider_reply_parts(const struct reply_settings *reply);

/* The setting behind a part, as in "reply.seed": "seed"; "tools"; or NULL. */
const char *provider_part_name(enum request_part part);

/* How an answer ended, by the protocol and never by the transport. */
enum answer_outcome {
    ANSWER_COMPLETE, /* the dialect's end marker came */
    ANSWER_CUT,      /* the stream ended without it */
    ANSWER_ERROR,    /* the server said that it failed, or is unreadable */
};

/* As events spell it: "complete", "cut", "error". */
const char *answer_outcome_name(enum answer_outcome outcome);

struct answer_result {
    enum answer_outcome outcome;
    char finish_reason[64];    /* the server's word, "" */
    struct error err;          /* why, unless complete */
    enum request_part refused; /* a part that the server named in a 400; 0 */
    int status; /* of an error: the server's, by its head or in its words */
    bool is_context_overflow, is_missing_model;
    bool is_out_of_credit; /* no waiting helps */
    bool is_model_loading; /* 503: wait and try again */
    bool is_blind;         /* the model takes no images */
    bool is_out_of_memory; /* the model does not fit where it is to be loaded */
    bool was_unstreamed;   /* the answer came in one piece */
    bool is_damaged;       /* some chunk was unreadable: run no tool calls */
    uint32_t skipped;      /* how many */
    struct confidence confidence;
};

/* Events of one answer, unstamped; texts are borrowed for the call. A call's
 * number counts from 1 within the answer. */
typedef void answer_event_fn(void *context, struct event *event);

/* What its servers take of pictures; 0: no limit is known. */
struct image_rules {
    bool takes_addresses; /* else only bytes */
    size_t size_max;      /* bytes of one */
    uint32_t side_max;    /* pixels */
};

struct decoder;
struct dialect {
    const char *name;
    const char *about; /* one line for help */
    bool is_builtin;   /* no server: answered inside the program */
    bool has_no_list;  /* of models: it needs none named */
    /* NULL for builtin dialects. */
    bool (*write_request)(const struct chat_request *request,
                          struct wire_request *wire, struct error *err);
    /* Reply settings (enum request_part bits) that the server has no name
     * for: they are left out. NULL: it has them all. */
    uint32_t (*lacks)(const struct chat_request *request);
    struct image_rules images;
    /* Append the header with the key, and what else every request has. NULL: a
     * bearer token. */
    void (*add_key)(const struct chat_request *request,
                    struct wire_request *wire);
    /* Private to llm/: what decoder.c needs of a dialect. */
    const struct dialect_reader *reader;
};

/* NULL if there is no such dialect. */
const struct dialect *dialect_find(struct slice name);
size_t dialect_count(void);
const struct dialect *dialect_at(size_t index);

/* A decoder of one answer. It takes a body in any pieces, streamed or not,
 * framed as asked or otherwise, and emits the same events for any split. */
struct decoder *decoder_new(const struct dialect *dialect, answer_event_fn *fn,
                            void *context) RETURNS_NONNULL;
void decoder_free(struct decoder *decoder); /* NULL is fine */

/* Status and content type, before the first byte. Without this call the status
 * is taken as 200. `url` is named in errors; may be NULL. */
void decoder_head(struct decoder *decoder, int status, const char *content_type,
                  const char *url);

/* The tools that the request offered: calls get their own names back. Borrowed
 * for the decoder's life. */
void decoder_offer(struct decoder *decoder, const struct tool_offer *tools,
                   size_t count);

/* The key that the request holds: no error repeats it; NULL: none, and an error
 * says of which endpoint. Borrowed. Without this call nothing is known of it. */
void decoder_key(struct decoder *decoder, const char *endpoint,
                 const char *key);

/* False when the answer has ended for good (an in-band error, a cap): stop the
 * transfer and call decoder_finish(). */
bool decoder_feed(struct decoder *decoder, struct slice bytes);

/* True once nothing more is expected: the end marker was seen. An answer can be
 * complete without (a finish reason and then a clean end): decoder_finish()
 * tells. */
bool decoder_is_complete(const struct decoder *decoder);

/* Bytes that carry meaning have come since the last call: feeds the timer that
 * comments and pings do not. */
bool decoder_take_progress(struct decoder *decoder);

/* The transfer has ended; `transport` says why it failed, NULL if it did not.
 * Emits what is still open (tool-call-end, usage) and tells the outcome. */
void decoder_finish(struct decoder *decoder, const struct error *transport,
                    struct answer_result *result);

/* The headers by which any request to such a server shows who asks. Of the
 * request only base_url, like and key are looked at; the key must be fit for a
 * header. */
void provider_add_key(const struct dialect *dialect,
                      const struct chat_request *request,
                      struct wire_request *wire);

/* Base addresses with or without "/v1" and slashes give the same address:
 * append base + path without doubling or losing a part; a query string of the
 * base stays at the end.
 *
 * Paths below "/api/" are Ollama's and have no version. To all others
 * ("/models" and "/v1/models" are the same) the base gives its version: its own
 * (".../v4", ".../v1beta/openai"), none for Azure's deployments, else /v1. A
 * base that ends in "/chat/completions", "/responses" or "/messages" is taken
 * by its word. */
void provider_join_url(struct buf *out, const char *base, const char *path);

/* The same for what stands beside the versions: llama-server's "/props". */
void provider_root_url(struct buf *out, const char *base, const char *path);

#endif
