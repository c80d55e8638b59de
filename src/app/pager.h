/* SPDX-License-Identifier: MIT */
/*
 * pager - a text that others wrote in the user's own pager.
 *
 * $PAGER, else less, gets a private copy that is made harmless (base/filter):
 * no pager can be trusted to keep an escape sequence from the terminal. The
 * copy is removed when it has ended. The caller has suspended its terminal, and
 * does not read or draw until then.
 */
#ifndef APP_PAGER_H
#define APP_PAGER_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/slice.h"

struct loop;
struct pager;

/* Once, when it has ended: `err` is NULL if all went well. May free it. */
typedef void pager_fn(void *context, const struct error *err);

struct pager_setup {
    struct loop *loop;
    const char *tty;   /* path of the terminal; NULL: the controlling one */
    const char *path;  /* of a file to show; NULL: */
    struct slice text; /* this */
    pager_fn *fn;
    void *context;
};

/* NULL with an error if it cannot be started; then fn is not called. */
struct pager *pager_begin(const struct pager_setup *setup,
                          struct error *err) MUST_USE;

/* One that still runs is ended, and fn is not called. NULL is fine. */
void pager_free(struct pager *pager);

#endif
