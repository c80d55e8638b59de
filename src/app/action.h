/* SPDX-License-Identifier: MIT */
/*
 * action - everything that can be asked of the screen, by key, command or
 * palette.
 *
 * One table, app/actions.def. What an action does stands elsewhere: in
 * app/command.c where a conversation is all that it needs, else in
 * app/perform.c.
 */
#ifndef APP_ACTION_H
#define APP_ACTION_H

#include <stdbool.h>

#include "base/slice.h"

enum action {
    ACTION_NONE,
#define ACTION(id, focus, name, keys, commands, arguments, help) ACTION_##id,
#include "app/actions.def"
#undef ACTION
    ACTION_COUNT
};

/* Milliseconds in which a second Ctrl-C quits. */
enum { ACTION_QUIT_ARMED_MS = 1500 };

/* Where keys go. */
enum focus { FOCUS_EDITOR, FOCUS_THREAD, FOCUS_PANEL, FOCUS_ANY };

/* All but ACTION_NONE have a name and a help text; the others are "" where
 * there is none. */
const char *action_name(enum action action);
const char *action_help(enum action action);
const char *action_keys(enum action action);     /* as in actions.def */
const char *action_commands(enum action action); /* without the slash */
const char *action_arguments(enum action action);
struct slice action_command(enum action action); /* the first of them, or "" */
enum focus action_focus(enum action action);

/* The name of an action that a later version has: keys for it are kept. */
bool action_is_later(struct slice name);

/* ACTION_NONE: there is none. */
enum action action_of_name(struct slice name);
enum action action_of_command(struct slice command);

/* The action with the name, or the command, that is nearest to a word;
 * ACTION_NONE: none is near. */
enum action action_nearest(struct slice word, bool is_command);

/* Cut the next word off a list of the table. */
bool action_next_word(struct slice *rest, char separator, struct slice *word);

#endif
