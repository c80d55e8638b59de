/* SPDX-License-Identifier: MIT */
/*
 * hostile - bytes that mean to do something to a terminal, and a stage for
 * them: the real program on a pty against a scripted server.
 */
#ifndef TESTS_SUPPORT_HOSTILE_H
#define TESTS_SUPPORT_HOSTILE_H

#include "base/array.h"
#include "base/buf.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

enum { STAGE_FILES_MAX = 64 };

/* Ours, and those of the shared data where it is there. */
struct vectors {
    ARRAY_OF(struct buf) list;
};

struct vectors vectors_read(void);
void vectors_clear(struct vectors *vectors);
struct slice vectors_at(const struct vectors *vectors, size_t i);

/* As the inside of a JSON string; bytes that are no UTF-8 go as they are. */
void vectors_append_json(struct buf *out, struct slice bytes);

/* The server's scenarios are files below the home of a terminal on which
 * nothing runs. */
struct stage {
    struct pty *folder, *pty;
    struct server *server;
    const char *variable; /* one more of the environment; NULL: none */
    char paths[STAGE_FILES_MAX][192];
    const char *files[STAGE_FILES_MAX + 1];
    int count;
};

/* What /api/tags says besides small:1b: ",{...}" or "". Then scenarios, then
 * the program with small:1b. */
void stage_begin(struct stage *stage, const char *models);
void stage_add(struct stage *stage, const char *scenario);
void stage_start(struct stage *stage, int height, int width);
void stage_send(struct stage *stage, const char *before, struct slice bytes,
                const char *after);

/* It lives, leaves as it should (with the tail of the thread), and wrote nothing
 * that we do not say. */
void stage_end(struct stage *stage);

#endif
