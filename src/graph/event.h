/* SPDX-License-Identifier: MIT */
/*
 * event - one thing that happened in a conversation, small and typed.
 *
 * A `struct event` is a stamp and a few fields. Which fields a type carries is
 * one row of a table (event.c), so packing, JSON and documentation have one
 * source. Add types and fields at the end; never change the meaning of one:
 * packed logs hold their numbers.
 *
 * The struct owns nothing: its texts are borrowed from whoever filled it. One
 * that was read from a log is a view, valid until the next call on that log.
 */
#ifndef GRAPH_EVENT_H
#define GRAPH_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

enum event_type {
    EVENT_NONE,
    EVENT_SESSION_OPENED,
    EVENT_TITLE,
    EVENT_PROMPT_QUEUED,
    EVENT_USER_MESSAGE,
    EVENT_HEAD_MOVED,
    EVENT_RUN_STARTED,
    EVENT_ROUTED,
    EVENT_ATTEMPT_STARTED,
    EVENT_CONNECTED,
    EVENT_MODEL_LOADING,
    EVENT_TEXT_DELTA,
    EVENT_THINKING_DELTA,
    EVENT_TOOL_CALL_START,
    EVENT_TOOL_CALL_DELTA,
    EVENT_TOOL_CALL_END,
    EVENT_USAGE,
    EVENT_MODEL_REPORTED,
    EVENT_OBJECT_PARTIAL,
    EVENT_ATTEMPT_FINISHED,
    EVENT_RETRY_SCHEDULED,
    EVENT_FELL_BACK,
    EVENT_SUPERSEDED,
    EVENT_CONSENT_ASKED,
    EVENT_CONSENT_ANSWERED,
    EVENT_ANSWER_CHECKED,
    EVENT_PREFERENCE,
    EVENT_RUN_FINISHED,
    EVENT_RELAY_ASKED,
    EVENT_RELAY_ANSWERED,
    EVENT_TOOL_STARTED,
    EVENT_TOOL_OUTPUT,
    EVENT_TOOL_FINISHED,
    EVENT_SYSTEM_SET,
    EVENT_SETTINGS_SET,
    EVENT_ATTACHMENT_ADDED,
    EVENT_PROMPT_WITHDRAWN,
    EVENT_BRANCH_NAMED,
    EVENT_PRUNED,
    EVENT_RESTORED,
    EVENT_REDACTED,
    EVENT_AGENT_PHASE,
    EVENT_SUMMARISED,
    EVENT_FOLDED,
    EVENT_PINNED,
    EVENT_REMEMBERED,
    EVENT_RECALLED,
    EVENT_FORGOTTEN,
    EVENT_MODEL_STATE,
    EVENT_OPAQUE,
    EVENT_RATE_LIMITS,
    EVENT_LEFT_OUT,
    EVENT_PRIVACY_MARKED,
    EVENT_NOTED,
    EVENT_CALL_MADE,
    EVENT_TYPE_COUNT
};

/* What a field holds. Times are Unix milliseconds, durations milliseconds. */
enum field_kind {
    FIELD_KIND_NUMBER, /* unsigned integer */
    FIELD_KIND_REAL,   /* double */
    FIELD_KIND_FLAG,   /* true or false */
    FIELD_KIND_TEXT,   /* UTF-8, may hold NUL */
    FIELD_KIND_JSON,   /* one JSON value as text, put into JSON as it is */
    FIELD_KIND_BYTES,  /* anything; base64 in JSON */
};

enum event_field {
    FIELD_NONE,
    FIELD_TEXT,      /* text */
    FIELD_PARENT,    /* node id, 0: a root */
    FIELD_NODE,      /* node id */
    FIELD_PROMPT,    /* seq of the prompt-queued event */
    FIELD_CALL,      /* our number of a tool call, from 1 in a session */
    FIELD_ID,        /* the server's id of a tool call */
    FIELD_NAME,      /* of a tool, file, branch; of tool-finished its spool */
    FIELD_ARGUMENTS, /* fragment or whole, the server's text */
    FIELD_INPUT,     /* tokens read, cached ones included */
    FIELD_OUTPUT,    /* tokens written, reasoning included */
    FIELD_REASONING, /* tokens of thinking */
    FIELD_CACHED,    /* tokens of the input that the server had cached */
    FIELD_COST,      /* US dollars */
    FIELD_MODEL,     /* model name */
    FIELD_ENDPOINT,  /* endpoint name */
    FIELD_DIALECT,   /* dialect name */
    FIELD_SCORE,     /* 0 to 1 */
    FIELD_THRESHOLD, /* 0 to 1 */
    FIELD_TIER,      /* local, cloud; of what is remembered: working, ... */
    FIELD_REASONS,   /* JSON array of strings */
    FIELD_OUTCOME,   /* complete, cut, error, aborted, ... */
    FIELD_FINISH_REASON, /* the server's word */
    FIELD_ERROR,         /* a sentence for the user */
    FIELD_DELAY,         /* ms to wait */
    FIELD_MEDIA_TYPE,    /* of an attachment */
    FIELD_REFUSAL,       /* the text is a refusal */
    FIELD_RECOVERED,     /* the call was found in text */
    FIELD_SPAWNED,       /* the node or run was spawned by its parent */
    FIELD_FROM,          /* session id */
    FIELD_AT_SEQ,        /* seq in that session ("at" in JSON) */
    FIELD_SETTINGS,      /* JSON object */
    FIELD_STATE,         /* name of a state */
    FIELD_TRUST,         /* own or vendor */
    FIELD_EVAL_MS,       /* server's own time for the output */
    FIELD_PROMPT_MS,     /* server's own time for the input */
    FIELD_LOAD_MS,       /* server's own time for loading the model */
    FIELD_KIND,          /* what an opaque value is, by its maker's words */
    FIELD_JSON,          /* an opaque value, to go back as it came */
    FIELD_DATA,          /* bytes of an image */
    FIELD_URL,           /* of an image that the server fetches itself */
    FIELD_ALT,           /* what an image shows, in words */
    FIELD_LIMITS,        /* JSON array: how much a server still allows */
    FIELD_PATH,          /* JSON Pointer in a value; absent: the whole */
    FIELD_VALUE,         /* JSON value that stands there */
    FIELD_PLACE,         /* of an opaque value that came late: bytes of text and
                            thinking before it; a call and a value are one */
    FIELD_SKIPPED,       /* how many pieces of an answer were unreadable */
    FIELD_UNDOES,  /* seq of the event that this one takes back, head and all */
    FIELD_FIRST,   /* node id: where what is summarised begins */
    FIELD_LAST,    /* node id: and ends */
    FIELD_SUMMARY, /* seq of the summarised event */
    FIELD_ON,      /* folded, pinned, left out, private; else: no more */
    FIELD_CACHE_WRITE, /* tokens of the input that its cache took in */
    FIELD_OTHER,       /* node id: of the two answers the other one */
    FIELD_PROFILE,     /* name of a profile */
    FIELD_VOTE,        /* what a preference counted as: higher, lower */
    FIELD_LOGPROBS,    /* JSON object: how likely the words of an answer were */
    FIELD_WHY,         /* why somebody was asked, in a few words */
    FIELD_BAND,        /* around the threshold, 0 to 1 */
    FIELD_FEATURES,    /* JSON object: of a score, with value and weight */
    FIELD_OFFERED,     /* tokens of the tools in a request, as an estimate */
    FIELD_COUNT
};

enum { EVENT_FIELDS_MAX = 12 };

struct event_value {
    enum event_field field;
    uint64_t number; /* NUMBER and FLAG */
    double real;
    struct slice text; /* TEXT and JSON */
};

struct event {
    enum event_type type;
    uint64_t seq;     /* position in the log, from 1; 0 until appended */
    int64_t at;       /* Unix ms; 0: log_append() stamps it */
    uint32_t run;     /* 0: belongs to none */
    uint32_t attempt; /* of that run, from 1; 0: belongs to none */
    uint32_t field_count;
    struct event_value fields[EVENT_FIELDS_MAX];
};

/* Name as design.md spells it: "text-delta". */
const char *event_type_name(enum event_type type);

/* EVENT_NONE for an unknown name. */
enum event_type event_type_parse(struct slice name);

/* Whether events of this type have such a field. */
bool event_type_carries(enum event_type type, enum event_field field);

/* Name as in JSON ("finish_reason") and kind of a field. */
const char *event_field_name(enum event_field field);
enum field_kind event_field_kind(enum event_field field);

/* Add a field of the right kind that the type carries, once (asserted): set the
 * type first. Adding an empty text or a number that is not finite adds nothing.
 * They return the event, so that calls chain. */
struct event *event_add_text(struct event *event, enum event_field field,
                             struct slice text);
struct event *event_add_string(struct event *event, enum event_field field,
                               const char *string);
struct event *event_add_number(struct event *event, enum event_field field,
                               uint64_t number);
struct event *event_add_real(struct event *event, enum event_field field,
                             double real);

/* Read a field; absent: empty, 0, false. */
bool event_has(const struct event *event, enum event_field field);
struct slice event_text(const struct event *event, enum event_field field);
uint64_t event_number(const struct event *event, enum event_field field);
double event_real(const struct event *event, enum event_field field);

/* Append the packed form: type, stamps and fields, varints and raw bytes. The
 * seq is not packed: the position in the log gives it. EVENT_NONE holds the
 * place of an event of a newer version. */
void event_pack(struct buf *out, const struct event *event, int64_t base_at);

/* Read one packed event off the front. Returns bytes used, 0 if the bytes are
 * cut or no event; fields and types of a newer version are skipped and the
 * type becomes EVENT_NONE. */
size_t event_unpack(struct event *event, struct slice bytes, int64_t base_at);

/* Append a packed event whose time counts from `from_at` as one whose time
 * counts from `to_at`; types and fields of a newer version stay. False if the
 * bytes are no event: then nothing is appended. */
bool event_rebase(struct buf *out, struct slice packed, int64_t from_at,
                  int64_t to_at);

/* Append the event as one line of JSON (no line break): type, seq, run,
 * attempt where they apply, at where set, then its fields in the order in
 * which they were added. The own "at" of session-opened takes the place of the
 * stamp. */
void event_to_json(struct buf *out, const struct event *event);

#endif
