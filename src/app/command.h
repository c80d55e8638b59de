/* SPDX-License-Identifier: MIT */
/*
 * command - what is typed after a slash.
 *
 * One table (command.c) gives names, arguments, help and functions. Taking a
 * line apart is pure; running a command changes the chat or leaves words in the
 * call for the screen to show.
 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "base/buf.h"
#include "base/error.h"
#include "chat/chat.h"

enum command_line_kind {
    LINE_TEXT,       /* a prompt */
    LINE_COMMAND,    /* call is set */
    LINE_INCOMPLETE, /* a """ block that is still open: break the line */
    LINE_REFUSED,    /* an unknown command; err names the nearest */
};

enum command_view { VIEW_NONE, VIEW_HELP, VIEW_MODELS, VIEW_STATUS };

/* What a command may use and what it asks of the screen. */
struct command_call {
    size_t row;            /* of the table */
    struct slice argument; /* trimmed; borrowed from the line */
    struct chat *chat;
    struct settings *settings;
    const struct endpoints *endpoints;
    enum command_view view; /* a text to open */
    bool wants_quit;
    struct buf notice; /* one line to show, the screen frees it */
};

/* Take a typed line apart. LINE_TEXT: *text is what to send ("//x" gives "/x",
 * a """ block its inside). */
enum command_line_kind command_parse(struct slice line, struct slice *text,
                                     struct command_call *call,
                                     struct error *err);

bool command_run(struct command_call *call, struct error *err);

/* Append the text of a view, Markdown. */
void command_view_text(enum command_view view, struct chat *chat,
                       const struct endpoints *endpoints, struct buf *out);
const char *command_view_title(enum command_view view);

/* Names without the slash, aliases too, for the check of the manual; NULL past
 * the last. */
const char *command_name(size_t index);

#endif
