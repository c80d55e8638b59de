/* SPDX-License-Identifier: MIT */
/*
 * attaching - the files of a prompt that is being written: attached by a
 * command, or mentioned in it as @path.
 *
 * Attached files belong to the draft: they go with it, and come back with it.
 * Mentioned ones are read when it is sent. No file goes twice.
 */
#ifndef APP_ATTACHING_H
#define APP_ATTACHING_H

#include "base/error.h"
#include "chat/attachment.h"
#include "ui/editor.h"

/* /attach: a path or address with words about a picture; nothing lists what is
 * attached. The notice gets words for the user. */
bool attaching_attach(struct attachments *files, struct slice argument,
                      struct buf *notice, struct error *err);

/* /detach: the newest, the one of a number, or "all". */
bool attaching_detach(struct attachments *files, struct slice argument,
                      struct buf *notice, struct error *err);

/* What a prompt mentions, read. `text` is (a part of) what the editor holds;
 * NULL: there is none. A mention in a folded paste is text: nobody saw it. */
struct mentions {
    struct slice text;
    const struct editor *editor;
};

/* Add the files that a prompt mentions and that are not attached. False: one of
 * them cannot go, err says why; `mentioned` holds those before it. */
bool attaching_read(struct attachments *mentioned,
                    const struct attachments *attached,
                    const struct mentions *mentions, struct error *err);

/* All that would go along, with size and kind, on one line; nothing if nothing
 * does. */
void attaching_format(struct buf *out, const struct attachments *attached,
                      const struct mentions *mentions);

/* The files of a turn that was not sent, again. */
struct node;
struct graph;
void attaching_take_back(struct attachments *files, const struct graph *graph,
                         const struct node *node);

#endif
