/* SPDX-License-Identifier: MIT */
/*
 * commit - what the thread of the disk does for a journal: some batches become
 * durable, together.
 *
 * What can be mended is mended there and then: a full disk gets the ballast
 * back, a file that failed is opened anew and looked at before anything more is
 * written to it. Private to journal.c.
 */
#ifndef STORE_COMMIT_H
#define STORE_COMMIT_H

#include "base/array.h"
#include "base/buf.h"
#include "store/session_file.h"

/* The session's file, as the thread knows it. */
struct keeper {
    char *path;                /* of the file */
    char *directory;           /* of the store */
    struct session_file *file; /* NULL: not yet, or no more */
    bool was_begun; /* it was there: without it all batches are needed */
};

struct batch {
    uint64_t first, last;
    struct buf bytes;
};

struct commit {
    struct keeper *keeper;
    ARRAY_OF(struct batch) batches;
    bool is_anew;     /* they replace all that is there */
    uint32_t edition; /* the journal's */
    bool is_last;     /* close the file, then */
    /* What became of it. */
    bool is_kept;
    bool needs_all; /* the file is gone or was put aside: begin again */
    bool has_lease;
    uint64_t room; /* bytes that are free there; UINT64_MAX: unknown */
    enum db_fault fault;
    struct error err; /* if it is not kept */
};

/* On the thread. */
void commit_work(void *commit);

void commit_free(struct commit *commit);
void keeper_free(struct keeper *keeper);

#endif
