/* SPDX-License-Identifier: MIT */
/*
 * memory_file - memory.db: what is remembered from one conversation to the next.
 *
 *     entry(id, text, tags, importance, made_at, used_at, uses, private)
 *     vector(id, model, data)      what an embedding model makes of a text
 *     found                        FTS5 over the terms of text and tags
 *
 * This is the truth: nothing else has it. Shared by every sennit of the user;
 * each transaction is short. A file that is damaged is put aside
 * (memory.db.damaged-TIME) and made anew; one of a newer format is left alone.
 * Ids are never given twice. What is forgotten is overwritten. Used on the
 * thread of the disk only.
 */
#ifndef STORE_MEMORY_FILE_H
#define STORE_MEMORY_FILE_H

#include "base/array.h"
#include "base/buf.h"
#include "base/error.h"
#include "graph/memory_entry.h"
#include "store/state_file.h"

enum memory_deed {
    MEMORY_FIND,   /* what fits job->text; or its vector, where it has one */
    MEMORY_LIST,   /* job->ids; without any all, the newest first */
    MEMORY_BARE,   /* some that have no vector of job->model */
    MEMORY_ADD,    /* job->entry; one that says the same is changed instead */
    MEMORY_CHANGE, /* the text of job->entry for the one of its id */
    MEMORY_FORGET, /* job->ids */
    MEMORY_TOUCH,  /* job->ids were recalled */
    MEMORY_EMBED,  /* keep the vectors of job->found, which are job->model's */
    MEMORY_REDACT, /* overwrite job->text wherever it stands */
};

enum { MEMORY_BARE_MAX = 16 };

struct memory_job {
    enum memory_deed deed;
    int64_t now; /* Unix ms */
    double half_life_ms;
    size_t most;        /* FIND: entries; ADD: that are kept in all */
    bool takes_private; /* FIND: private ones as well, */
    bool needs_all;     /* only what has all words, and none that fits any */
    struct buf text, model;
    struct memory_entry entry; /* FIND: its vector is the prompt's */
    ARRAY_OF(uint64_t) ids;
    /* What was found, forgotten, or added: that one first, behind it those that
     * had to go. FIND: entries that others keep may stand there before. */
    struct memory_list found;
    bool was_there;  /* ADD: so it was changed */
    uint64_t places; /* REDACT */
    enum db_fault fault;
    struct error err; /* ERROR_NONE: it was done */
};

void memory_job_clear(struct memory_job *job);
bool memory_job_writes(const struct memory_job *job);

/* For memory.db at a path, which is taken. Nothing is opened yet. */
struct state_file *memory_file_new(struct buf *take_path) RETURNS_NONNULL;

/* Do it. Where there is no file nothing is found, and only MEMORY_ADD makes
 * one. */
void memory_file_do(struct state_file *file, struct memory_job *job);

#endif
