/* SPDX-License-Identifier: MIT */
/*
 * chat - one conversation at work: prompts wait, run and end.
 *
 * The only maker of runs. A prompt is queued, becomes a user message when its
 * run starts, is routed, attempted, and ends; everything is appended to the
 * conversation as events, so a screen or a script only watches those. Owns the
 * conversation and what is under way; borrows loop, http, settings and
 * endpoints, which must outlive it.
 */
#ifndef CHAT_CHAT_H
#define CHAT_CHAT_H

#include "base/json.h"
#include "chat/chat_branches.h"
#include "chat/chat_context.h"
#include "chat/chat_memory.h"
#include "chat/chat_preferences.h"
#include "chat/chat_privacy.h"
#include "chat/chat_questions.h"
#include "chat/chat_target.h"
#include "chat/chat_tokens.h"
#include "chat/conversation.h"
#include "chat/ladder.h"
#include "chat/model_life.h"
#include "chat/router.h"
#include "chat/waiting_files.h"
#include "net/http.h"
#include "store/ledger.h"
#include "store/memories.h"

enum {
    CHAT_PROMPT_MAX = 8 * 1024 * 1024,
    CHAT_ATTEMPTS_MAX = 6, /* unless limits.attempts says otherwise */
    CHAT_PAUSES_MAX = 8,   /* of one answer, after which it goes on */
};

struct permission_rules;
struct toolbox;

struct chat_setup {
    struct loop *loop;
    struct http *http;
    struct store *store;   /* where it is kept; NULL: nowhere */
    struct state *state;   /* what earlier runs have learnt; NULL: nothing */
    struct ledger *ledger; /* where answers are added up; NULL: nowhere */
    struct memories *memories; /* what is remembered; NULL: nothing is */
    const struct settings *settings;
    const struct endpoints *endpoints;
    struct toolbox *toolbox; /* what models may ask for; NULL: nothing */
    /* Calls that the user has always allowed, as they are now; NULL: none. */
    const struct permission_rules *rules;
    const char *profile; /* in use, by its name; NULL: none */
    const char *target;  /* [ENDPOINT/]MODEL or NULL; copied */
    enum route_tier tier;
    const char *system;  /* NULL: the role's, or the settings'; copied */
    const char *role;    /* "": none, NULL: the settings'; copied */
    bool is_interactive; /* somebody is there who answers questions */
    /* Nothing begins before it is known whose the next model is
     * (chat_knows_next()). */
    bool waits_for_lists;
    /* A run ends where its request would be sent, which is appended there, the
     * key left out. NULL: it is sent. */
    struct buf *dry_run;
    uint64_t seed;                   /* of jitter, for tests; 0: none */
    conversation_event_fn *on_event; /* may be NULL */
    models_fn *on_models; /* a server has told its models; may be NULL */
    void *context;        /* of both */
};

struct chat;

struct chat *chat_new(const struct chat_setup *setup) RETURNS_NONNULL;

/* Another chat with a fresh conversation, as this one would begin it: same
 * target, tier, system prompt and schema. `context` is its own. */
struct chat *chat_beside(const struct chat *chat,
                         void *context) RETURNS_NONNULL;

/* Go on with a session that was read; what is open is closed as by chat_clear().
 * Runs that a crash left open are ended as cut; prompts that waited for one go
 * their way with the next chat_turn(), unless they are withdrawn before. The
 * session is taken. */
void chat_resume(struct chat *chat, struct session *session);
void chat_free(struct chat *chat); /* NULL is fine; aborts without events */

/* Its log and graph; the pointer lives as long as the chat, what it points to
 * until chat_clear(). */
const struct conversation *chat_conversation(const struct chat *chat);

/* Queue a prompt with files, which are taken (NULL: none). False (ERROR_LIMIT)
 * if it is too long; nothing is queued or taken then. */
bool chat_prompt(struct chat *chat, struct slice text,
                 struct attachments *take_files, struct error *err) MUST_USE;

/* Step 6 of a turn of the loop: start what waits. */
void chat_turn(struct chat *chat);

/* A run has not ended, or prompts wait. */
bool chat_is_busy(const struct chat *chat);

/* Abort the run under way, whose partial answer stays; or the loading that
 * prompts wait for. False: there is neither. */
bool chat_stop(struct chat *chat);

/* Whether another rung may yet take the place of the answer under way, should
 * that break off. */
bool chat_may_begin_anew(struct chat *chat);

/* Whether the next prompt would go to a model that takes these pictures, as far
 * as that is known; false says what helps. Asks the server what it can tell. */
bool chat_takes_files(struct chat *chat, const struct attachments *files,
                      struct error *err);

/* Take the newest waiting prompt out of the queue: append its text, and add its
 * files. False: none waits. */
bool chat_withdraw(struct chat *chat, struct buf *text,
                   struct attachments *files);

/* A fresh conversation; what was under way is aborted, what was said is kept
 * where it is kept; system prompt and target stay. */
void chat_clear(struct chat *chat);

/* The same, begun as chat_beside() would begin it beside `other`. */
void chat_clear_like(struct chat *chat, const struct chat *other);

/* Overwrite a text wherever it was said, in memory and in the session's file;
 * "[redacted]" stands in its place, and a `redacted` event says how often:
 * *places. Views of the conversation are void (chat_generation()), ids stay.
 * False, in words: the text is too short, or an answer or prompts are on their
 * way; nothing has changed then. */
bool chat_redact(struct chat *chat, struct slice text, uint64_t *places,
                 struct error *err);

/* Which conversation of this chat it is, from 1: views of an older one are
 * void. */
uint32_t chat_generation(const struct chat *chat);

/* The JSON Schema that answers from here on must follow, `name` for people; an
 * empty text ends it. False: it is none (ERROR_CONFIG), or an answer is on its
 * way; the old one stays. */
bool chat_set_schema(struct chat *chat, struct slice text, const char *name,
                     struct error *err);
const char *chat_schema_name(const struct chat *chat); /* NULL: none */

/* The whole value in the last answer that had to follow a schema, right or not;
 * NULL: none. Borrowed until the next attempt. */
const json_t *chat_object(struct chat *chat);

/* Queue a prompt that asks for the last answer corrected. False: its schema was
 * followed, or none was asked for, or an answer is on its way. */
bool chat_repair(struct chat *chat, struct error *err);

/* The system prompt from here on. "" removes it. */
void chat_set_system(struct chat *chat, const char *system);

/* Take a role from here on (chat/role): its system prompt, its settings, its
 * model. "": none, with the system prompt of the settings. False, in words: there
 * is no such role, or its model cannot be had; nothing has changed then. */
bool chat_set_role(struct chat *chat, struct slice wish, struct error *err);
const char *chat_role(const struct chat *chat); /* "" if none */

/* The title of the conversation from here on. */
void chat_set_title(struct chat *chat, const char *title);

/* The name of the session; NULL: it is not kept. */
const char *chat_session(const struct chat *chat);

/* Whether the disk takes it. */
enum journal_state chat_keeping(const struct chat *chat);

/* Bytes of it that are not yet on disk. Append what is wrong with keeping it,
 * and what helps, if the program goes on; nothing if all is well. */
size_t chat_unsaved(const struct chat *chat);
void chat_describe_keeping(const struct chat *chat, bool goes_on,
                           struct buf *out);

/* Why the last run did not complete; kind ERROR_NONE if it did. */
const struct error *chat_last_error(const struct chat *chat);

/* Milliseconds since the answer under way made progress; -1: none is. */
int64_t chat_silence_ms(const struct chat *chat);

/* Milliseconds since anything came from its server, pings included; -1. */
int64_t chat_dead_ms(const struct chat *chat);

/* What would be sent for a prompt that is not sent yet, with its files (may be
 * NULL), the key left out; what the user is asked before stands first. Nothing is
 * said. Refused, in words, where it would not be sent, and while an answer is on
 * its way. */
bool chat_preview(struct chat *chat, struct slice text,
                  const struct attachments *files, struct buf *out,
                  struct error *err);

#endif
