/* SPDX-License-Identifier: MIT */
/*
 * plan - what a call would do, found out before anybody is asked: what the user
 * agrees to is this, and this is what is done.
 */
#ifndef TOOL_PLAN_H
#define TOOL_PLAN_H

#include <sys/stat.h>

#include <jansson.h>

#include "tool/registry.h"

struct edits;

/* Where tools work. Borrowed. */
struct tool_place {
    const char *directory; /* absolute, resolved: relative paths begin here */
    const char *home;      /* of the user; "": unknown */
    struct edits *edits;   /* what was done is kept there; NULL: not at all */
    /* privacy.private.files, NULL behind; NULL: none. They and secret_files are
     * read only where a call names them. */
    const char *const *private_files;
};

struct tool_plan {
    const struct tool *tool;
    json_t *arguments; /* owned: an object that the tool's schema allows */
    /* For the user. Text of the model: not yet made harmless. */
    struct buf about;  /* in a line: "train/loader.py +4 -1", "pytest -q" */
    struct buf detail; /* all that is agreed to: a diff, a command, a URL */
    bool is_diff;      /* the detail is a unified diff */
    /* What it touches; each may be unset. */
    char *path;      /* absolute, its directories resolved; of what is not there
                     yet the directory is */
    bool is_beneath; /* the path lies in the directory of the place */
    char *host;      /* TOOL_GETS: whom it asks */
    char **argv;     /* TOOL_RUNS: NULL behind, owned */
    bool is_exact;   /* argv is what was written, word for word: no shell reads
                      it */
    struct buf input; /* TOOL_RUNS: what the program reads */
    /* TOOL_EDITS: the file as the diff saw it, what stood and what shall stand
     * in it. Where st_ino is 0 it was not there; st_mode then says which mode it
     * gets, 0: one that suits the directory. */
    struct stat before;
    struct buf was, after;
    bool removes; /* it shall not be there */
    /* Its number among the edits of the place, from 1: by this it can be reverted
     * (tool/revert) once it is done; that of the edit that it takes back. 0:
     * none. */
    uint64_t edit, reverts;
    int64_t wait_ms; /* that the call may take; 0: the tool's */
    size_t room;     /* bytes that the model can take in of what it answers; 0:
                        not known */
};

/* So many bytes, or what is less: those of the room, without what a tool says
 * besides of where to read on. */
size_t tool_plan_most(const struct tool_plan *plan, size_t usual);

void tool_plan_clear(struct tool_plan *plan);

/* Handed to a tool_work_fn, on the thread. */
struct tool_work {
    const struct tool_place *place;
    const struct tool_plan *plan;
    struct buf out;          /* for the model */
    const int *is_cancelled; /* atomically read: not 0 once the user has stopped
                                it; look every now and then */
};

bool tool_work_is_cancelled(const struct tool_work *work);

#endif
