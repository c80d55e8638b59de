/* SPDX-License-Identifier: MIT */
/*
 * role - what the settings under `roles` make of a conversation: its system
 * prompt, how it is answered, and by which model.
 *
 * A role is asked for by its name, and by the words that its system prompt
 * leaves room for: with "Translate into {{1}}." the wish "translator French"
 * gives "Translate into French."; the last place takes all words that are left,
 * {{words}} takes all of them.
 */
#ifndef CHAT_ROLE_H
#define CHAT_ROLE_H

#include "base/buf.h"
#include "base/json.h"
#include "config/settings.h"

struct role {
    const struct setting *setting; /* of the settings it was found in */
    struct slice words;            /* of the wish */
};

/* Whether each can be taken: false (ERROR_CONFIG, with file and line) for a place
 * that does not exist in a prompt, and for one that is called "none". With
 * `complaints` the sentence of each is appended there, a line each, and it is
 * true. */
bool role_check(const struct settings *settings, struct buf *complaints,
                struct error *err);

/* False (ERROR_CONFIG), in words: there is no such role, or its prompt wants
 * words that were not given. */
bool role_find(const struct settings *settings, struct slice wish,
               struct role *role, struct error *err);

/* Append the system prompt; false: the role has none. */
bool role_write_system(const struct role *role, struct buf *out);

/* How it is answered, as under `reply`; NULL: as otherwise, or there is no such
 * role any more. */
const struct setting *role_reply(const struct settings *settings,
                                 struct slice wish);

/* Add what it sets to a JSON object, for the log:
 * {"role":"translator French","reply":{"temperature":0.2}}. */
void role_write_settings(const struct role *role, struct slice wish,
                         json_t *layer);

/* [ENDPOINT/]MODEL; NULL: whatever answers otherwise. */
const char *role_model(const struct role *role);

/* Append each role as a line, its name and what it is about. */
void role_list(const struct settings *settings, struct buf *out);

#endif
