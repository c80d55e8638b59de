/* SPDX-License-Identifier: MIT */
/*
 * survey - what lies on the disk: how many sessions, how much room, and what
 * was left behind by trouble. For doctor and status.
 *
 * By the names and sizes of files alone: nothing is opened.
 */
#ifndef STORE_SURVEY_H
#define STORE_SURVEY_H

#include "store/retention.h"
#include "store/store.h"

struct survey_count {
    size_t count;
    int64_t size;      /* bytes */
    int64_t last_time; /* of the newest, Unix seconds; 0: there is none */
};

struct survey {
    bool is_made;   /* false: nobody looked yet */
    bool has_store; /* the directory is there */
    struct survey_count sessions, trash;
    struct survey_count backups; /* before a migration */
    struct survey_count aside;   /* files of damaged sessions */
    uint64_t room;               /* bytes that are free; UINT64_MAX: unknown */
    const char *file_system;     /* static */
    bool is_local;               /* the kernel locks; else there are leases */
    bool is_writable;
    bool has_ballast;
    struct retention_note retention;
};

/* On the thread of the disk. */
void survey_make(struct survey *survey, const struct store *store);

/* The same from elsewhere; the survey is borrowed for the call. */
typedef void survey_fn(void *context, const struct survey *survey);
void survey_ask(struct store *store, survey_fn *fn, void *context);

#endif
