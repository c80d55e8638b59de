/* SPDX-License-Identifier: MIT */
/*
 * session_list - which sessions there are, by their files alone: truth, while
 * an index may be behind.
 */
#ifndef STORE_SESSION_LIST_H
#define STORE_SESSION_LIST_H

#include "base/array.h"
#include "store/session_id.h"
#include "store/store.h"

struct session_entry {
    struct session_id id;
    int64_t changed_at; /* Unix ns */
    int64_t size;       /* bytes */
};

struct session_list {
    ARRAY_OF(struct session_entry) entries; /* the last changed one first */
};

/* On the thread of the disk. A directory that is not there has none. */
bool session_list_read(struct session_list *list, const struct store *store,
                       struct error *err);
void session_list_clear(struct session_list *list);

#endif
