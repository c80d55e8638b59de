/* SPDX-License-Identifier: MIT */
/*
 * session_row - what a list of sessions says of one of them.
 *
 * For people as columns that fit a terminal, for scripts with tabs in between
 * or as JSON, where what is unknown is null.
 */
#ifndef APP_SESSION_ROW_H
#define APP_SESSION_ROW_H

#include <jansson.h>

#include "store/session.h"

enum { SESSION_ROW_COLUMNS = 7 };

struct session_row {
    struct session_id id;
    int64_t changed_time, deleted_time; /* Unix seconds; 0: it is not deleted */
    int64_t size;                       /* bytes */
    struct buf title, model;
    int turns;
    bool is_private; /* something in it is */
    double cost;     /* US dollars; negative: unknown */
    uint64_t events, lost;
    struct error err; /* why it could not be read, or not whole */
};

void session_row_clear(struct session_row *row);

/* From what was read of it. */
void session_row_fill(struct session_row *row, const struct session *session);

/* Every word is in its title, model or id, in any case of letters. */
bool session_row_matches(const struct session_row *row,
                         const char *const *words, size_t count);

json_t *session_row_json(const struct session_row *row);

/* Append a time in Unix seconds, as ls(1) does: what is near by the clock, what
 * is far by the year. */
void session_row_time(struct buf *out, int64_t time, int64_t now);

/* Append a line whose columns have tabs in between. */
void session_row_tabs(const struct session_row *row, struct buf *out);

/* Append a table, with a line of heads. `width`: cells; `now`: Unix seconds. */
void session_row_table(const struct session_row *rows, size_t count, int width,
                       int64_t now, struct buf *out);

#endif
