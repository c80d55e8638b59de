/* SPDX-License-Identifier: MIT */
/*
 * command - what is typed after a slash.
 *
 * Taking a line apart is pure; running a command changes the chat or leaves
 * words in the call for whoever shows them. Only actions that need no screen
 * are here (see app/perform.c for the others).
 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "app/panel.h"
#include "app/setup.h"
#include "base/buf.h"
#include "base/error.h"

enum command_line_kind {
    LINE_TEXT,       /* a prompt */
    LINE_COMMAND,    /* call is set */
    LINE_INCOMPLETE, /* a """ block that is still open: break the line */
    LINE_REFUSED,    /* an unknown command; err names the nearest */
};

/* What a command may use and what it asks of the screen. */
struct command_call {
    enum action action;
    struct slice argument; /* trimmed; borrowed from the line */
    struct chat *chat;
    struct setup *setup;
    struct attachments *files; /* of the prompt that is being written */
    const char *stop_key;      /* what stops a loading; NULL: Esc */
    enum panel_id panel;       /* to open; PANEL_NONE: none */
    struct slice filter;       /* of that panel */
    bool wants_quit;
    struct slice
        changed;       /* the key of a setting that is new; of the argument */
    struct buf notice; /* one line to show, the caller frees it */
};

/* What an action does to a conversation. False, in words: it could not. */
typedef bool command_fn(struct command_call *call, struct error *err);

/* Take a typed line apart. LINE_TEXT: *text is what to send ("//x" gives "/x",
 * a """ block its inside). */
enum command_line_kind command_parse(struct slice line, struct slice *text,
                                     struct command_call *call,
                                     struct error *err);

/* Whether an action needs no screen. */
bool command_exists(enum action action);

/* Whether a model may be taken by its name: that an Ollama has nothing of this
 * name is an error; of others it is only a doubt, appended. */
bool command_check_model(struct command_call *call, const char *target,
                         struct buf *doubt, struct error *err);

/* Ask every server for its models. */
void command_ask_models(struct chat *chat, const struct endpoints *endpoints);

/* Run the call's action, for which command_exists(). */
bool command_run(struct command_call *call, struct error *err);

#endif
