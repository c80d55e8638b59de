/* SPDX-License-Identifier: MIT */
/*
 * structured - a schema that answers must follow, and how far one has come.
 *
 * Reads along while an answer arrives and tells its parts as they close
 * (object-partial events); at the end says whether the value in it is as the
 * schema asks. Which value of an answer is meant: base/embedded_json.
 */
#ifndef CHAT_STRUCTURED_H
#define CHAT_STRUCTURED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/embedded_json.h"
#include "base/json_schema.h"
#include "chat/conversation.h"

/* All-zero: answers are free. */
struct structured {
    char *name;                 /* of the schema, for people */
    struct buf text;            /* of the schema, compact: as servers get it */
    struct json_schema *schema; /* NULL: there is none */
    /* Of the attempt under way, or the last. */
    struct embedded_json *answer;
    struct conversation *conversation;
    uint32_t run, attempt;
    struct buf violation; /* why the last answer was not as asked for; or "" */
    bool is_unheard;      /* an answer was not: some servers ignore a schema */
    bool is_repairing;    /* the answer to come was asked for by ourselves */
};

void structured_clear(struct structured *structured);

/* Take a schema, whose text is JSON. False (ERROR_CONFIG) with the name and the
 * place; what was before stays. An empty text: answers are free again. */
bool structured_set(struct structured *structured, struct slice text,
                    const char *name, struct error *err);

/* There is no answer any more. */
void structured_forget(struct structured *structured);

/* An attempt begins; the conversation is borrowed until the next one does. */
void structured_begin(struct structured *structured,
                      struct conversation *conversation, uint32_t run,
                      uint32_t attempt);

/* The same answer goes on in another attempt. */
void structured_go_on(struct structured *structured, uint32_t attempt);

/* An event of it was appended. May append others. */
void structured_take(struct structured *structured, const struct event *event);

/* The answer is complete. False: it is not as asked for, see `violation`. */
bool structured_check(struct structured *structured);

/* The value of the last answer, whole; NULL: it had none. Borrowed until the
 * next attempt. */
const json_t *structured_value(struct structured *structured);

#endif
