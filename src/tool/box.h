/* SPDX-License-Identifier: MIT */
/*
 * box - what programs of tools run in: how much of this machine they reach.
 *
 * What the machine can do is probed, once in the life of a box, and the
 * strongest that works is taken. It is never taken for another: the badge says
 * which it is, and box_suffices() whether the user wants to make do with it.
 *
 *   full   bubblewrap: a world that can be read, in which only the workspace
 *          can be written, without secrets, other processes and sockets
 *   files  Landlock: files are written in the workspace only, secrets not read
 *   net    seccomp: no network, no socket, no look into other processes
 *   none   no more than the limits, and the environment without secrets
 *
 * In each of them: no terminal, no descriptor of ours, no privilege by set-user-
 * ID programs, no core, and an end that is certain (net/child).
 */
#ifndef TOOL_BOX_H
#define TOOL_BOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

struct child_setup;
struct confine;
struct loop;
struct settings;

/* From the weakest to the strongest. */
enum box_tier { BOX_NONE, BOX_NET, BOX_FILES, BOX_FULL, BOX_TIER_COUNT };

struct box;

/* Strings are copied; the settings are read at each call. */
struct box_setup {
    const struct settings *settings;
    const char *directory; /* the workspace, absolute */
    const char *temporary; /* a directory that is private to the tools; it
                              becomes their TMPDIR */
    enum box_tier most;    /* BOX_FULL but in tests: what is stronger counts as
                              if it did not work */
};

/* Fails only if the directories are none. Probes nothing yet: the first that is
 * asked of it does, which takes some 10 ms, and 2 s at the most. */
struct box *box_new(const struct box_setup *setup, struct error *err) MUST_USE;
void box_free(struct box *box); /* NULL is fine; commands may live on */

/* Probe now, beside what else the loop does, so that nobody waits later. */
void box_probe(struct box *box, struct loop *loop);

/* Whether that has come to its end: nobody waits for what follows. */
bool box_is_known(const struct box *box);

/* What a call gets: the strongest that works. */
enum box_tier box_tier(struct box *box);

/* "full", "files", "net", "none": the words of tools.sandbox.least. */
const char *box_tier_name(enum box_tier tier);

/* Whether it is as strong as tools.sandbox.least wants; else append why not, and
 * the cure. */
bool box_suffices(struct box *box, struct buf *why);

/* Append "box:full", "box:files", "box:files-" (a kernel whose Landlock has
 * gaps), "box:net only" or "NO BOX"; then "+net" and "+gpu", where the settings
 * open those, and ", read only" for a workspace in which programs write nothing
 * (hidden_forbids()). */
void box_badge(struct box *box, struct buf *out);

/* Append for each that is stronger than what works: what stands in its way and
 * the cure, one line each; nothing if all work. */
void box_report(struct box *box, struct buf *out);

struct box_ask {
    char *const *argv;        /* NULL at its end; found in PATH, but never in
                                 the workspace unless named with a slash, or
                                 it is one in which they write nothing */
    const char *const *names; /* variables that it gets beside those for all;
                                 NULL at its end; may be NULL */
    const char *directory;    /* where it works; NULL: the workspace */
    const char *writable;     /* a path more that it may write; NULL: none */
    bool wants_network;       /* this call was allowed it */
};

/* What a program is started with. All-zero is empty. Must live as long as the
 * program runs: what stands in for files that are not there goes with it. */
struct box_command {
    char **argv;
    char **environment;
    char *directory;
    struct confine *confine;
    int *keep; /* descriptors that the program gets as 3, 4, ... */
    size_t keep_count;
    struct stand_in *stand_ins;
};

/* False (ERROR_TOOL) if the box is too weak (box_suffices()), there is no such
 * program, or the kernel refuses a part of it: then nothing runs. */
bool box_wrap(struct box *box, const struct box_ask *ask,
              struct box_command *out, struct error *err) MUST_USE;
void box_command_clear(struct box_command *command);

/* Fill in argv, environment, directory, confine and keep; they stay the
 * command's. */
void box_command_apply(const struct box_command *command,
                       struct child_setup *setup);

#endif
