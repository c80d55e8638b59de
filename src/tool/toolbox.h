/* SPDX-License-Identifier: MIT */
/*
 * toolbox - the tools of this conversation, and what they work with: the
 * directory, the box for programs, the thread for files.
 *
 * Which tools there are the settings say (tools.use, tools.own); built-in ones
 * are rows of tables in their files.
 */
#ifndef TOOL_TOOLBOX_H
#define TOOL_TOOLBOX_H

#include "net/http.h"
#include "net/loop.h"
#include "tool/plan.h"

struct box;
struct settings;
struct toolbox;

struct toolbox_setup {
    struct loop *loop;
    struct http *http;
    const struct settings *settings; /* read anew by toolbox_reread() */
    const char *directory;           /* where tools work; NULL: where we are */
    const char *spool; /* directory for whole outputs, made when it is needed;
                          NULL: outputs are only kept in part */
};

/* A setting that makes no tool (a schema that is none, a name twice) is an
 * error that names it; the others are there all the same. Everything is
 * borrowed and must outlive the toolbox but for the strings, which are
 * copied. */
struct toolbox *toolbox_new(const struct toolbox_setup *setup,
                            struct error *err) RETURNS_NONNULL;
void toolbox_free(struct toolbox *toolbox); /* NULL is fine; no job is left */

/* The settings have changed. Plans and jobs of tools that are gone stay valid
 * until they are freed. */
void toolbox_reread(struct toolbox *toolbox, struct error *err);

/* Offered ones, in their order; one of chat/ that is added lasts. */
const struct registry *toolbox_registry(const struct toolbox *toolbox);
void toolbox_add(struct toolbox *toolbox, const struct tool *tool);

/* All that there are, offered or not: for `sennit tools`. */
size_t toolbox_known_count(const struct toolbox *toolbox);
const struct tool *toolbox_known(const struct toolbox *toolbox, size_t index,
                                 bool *is_offered);

/* So many bytes at the most are of use as the answer of a call that is made from
 * now on; 0: nothing is known of it. The whole stays in the spool. */
void toolbox_set_room(struct toolbox *toolbox, size_t bytes);

const struct tool_place *toolbox_place(const struct toolbox *toolbox);

/* The box is made with the first call, and the machine probed when it is first
 * asked. NULL: it cannot be made, and no program runs in it. */
struct box *toolbox_box(struct toolbox *toolbox);

#endif
