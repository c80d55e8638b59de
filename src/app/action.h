/* SPDX-License-Identifier: MIT */
/*
 * action - what keys do: names, keys and help of each, from one list
 * (actions.def), and finding the action of a key.
 */
#ifndef APP_ACTION_H
#define APP_ACTION_H

#include <stdbool.h>

#include "base/buf.h"
#include "ui/keys.h"

enum action {
    ACTION_NONE,
#define ACTION(id, name, keys, help) ACTION_##id,
#include "app/actions.def"
#undef ACTION
    ACTION_COUNT
};

const char *action_name(enum action action);
const char *action_keys(enum action action); /* as in actions.def */

/* Remembers the first of two keys. All-zero: none pressed. */
struct action_keys {
    struct key first;
    bool has_first;
};

/* The action of a key; ACTION_NONE: no action. *pending is set if the key only
 * begins a pair. */
enum action action_of_key(struct action_keys *keys, const struct key *key,
                          bool *pending);

/* Append the table of keys, Markdown. */
void action_help_text(struct buf *out);

#endif
