/* SPDX-License-Identifier: MIT */
/*
 * pen - a world for programs in a box, and who lives in it beside them.
 *
 * As processes: the test forks a guard, the guard a client, as the program is
 * built; the client has the box, and starts a victim beside it, another program
 * of the user's. Where the test is root, guard and client can be an ordinary
 * user. Files lie below /var/tmp: a /tmp programs in a box have of their own.
 */
#ifndef TESTS_SUPPORT_PEN_H
#define TESTS_SUPPORT_PEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "tests/support/scratch.h"
#include "tool/box.h"

enum { PEN_ARGUMENTS = 32, PEN_WAIT_MS = 60 * 1000 };

/* What secret files, variables and memories hold. */
#define PEN_SECRET "canary-7f3a"

/* Below the root: home (with secrets), outside, work (the workspace), private
 * (for TMPDIR), run (sockets), the program "probe". */
struct pen {
    char root[SCRATCH_PATH_MAX];
    char mark[32];
    struct settings *settings;
    struct loop *loop;
    struct box *box;
    enum box_tier tier;
    pid_t guard, victim;
    char victim_line[128]; /* "FD ADDRESS SHM" */
    int client_fd, port;
    char terminal[64];
    struct buf report; /* what is not as expected */
    struct buf words;  /* of the probe that runs */
    struct child *child;
    int64_t grace_ms; /* for one that says that it is ready */
    bool is_done;
};

typedef void pen_client_fn(struct pen *pen);

/* Run the client, in a box of this tier, as an ordinary user (ourselves, or
 * nobody if we are root) or as root; what it appends to the report fails the
 * test. Skipped where there is no such tier, or we are not root; seccomp there
 * must be. */
void pen_check(enum box_tier tier, bool is_user, pen_client_fn *fn);

/* For the client. Paths live until the next call but seven. */
const char *pen_at(const struct pen *pen, const char *name);
void pen_put(const struct pen *pen, const char *name, const char *text);
void pen_set(struct pen *pen, const char *key, const char *value);

/* As it was before the last probe. */
void pen_restore(const struct pen *pen);

/* Names, modes, sizes and times of what must not change; the caller frees it. */
char *pen_fingerprint(const struct pen *pen);

struct pen_arguments {
    char text[PEN_ARGUMENTS][SCRATCH_PATH_MAX + 256];
    char *argv[PEN_ARGUMENTS + 1];
    size_t count;
};

/* The probe of this name, and all that it may want to know. */
void pen_describe(const struct pen *pen, const char *name,
                  struct pen_arguments *arguments);

/* Until it has ended; `words` has what it printed, and how it failed. One that
 * says that it is ready is ended. False: it was not run. A box of NULL is the
 * pen's; some variables are asked for besides. */
bool pen_run(struct pen *pen, struct box *box, struct box_ask ask);

/* Whether nobody has run away from a call. */
bool pen_is_empty(const struct pen *pen);

#endif
