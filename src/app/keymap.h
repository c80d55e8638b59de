/* SPDX-License-Identifier: MIT */
/*
 * keymap - which key sets off which action: the table's, changed by the
 * settings `keys.NAME`.
 *
 * A setting takes the place of all keys of its action: ways to press it,
 * separated by commas, each one key or two with a blank between; `none` takes
 * them away. A key that the user gives away is taken from whom the table gave
 * it to. What cannot be done is said and leaves the action as it was: nothing
 * here keeps the program from starting.
 */
#ifndef APP_KEYMAP_H
#define APP_KEYMAP_H

#include "app/action.h"
#include "base/array.h"
#include "base/buf.h"
#include "config/settings.h"
#include "ui/keys.h"

struct binding {
    enum action action;
    int count; /* of keys to press one after the other: 1 or 2 */
    struct key keys[2];
    const struct setting *setting; /* NULL: of the table */
};

/* All-zero has no keys: keymap_init() first. */
struct keymap {
    ARRAY_OF(struct binding) bindings;
    struct key first; /* of two that was pressed */
    bool has_first;
};

void keymap_init(struct keymap *keymap); /* the keys of the table */
void keymap_clear(struct keymap *keymap);

/* Append a sentence to `complaints`, a line each, for every setting that is
 * wrong or in conflict, with file and line. */
void keymap_configure(struct keymap *keymap, const struct settings *settings,
                      struct buf *complaints);

/* The action of a key where the focus is; ACTION_NONE: no action. *pending is
 * set if the key only begins a pair. */
enum action keymap_press(struct keymap *keymap, const struct key *key,
                         enum focus focus, bool *pending);

/* Append the keys of an action: "F1, Ctrl-X h"; nothing if it has none. */
void keymap_format(const struct keymap *keymap, enum action action,
                   struct buf *out);

#endif
