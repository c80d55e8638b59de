/* SPDX-License-Identifier: MIT */
/*
 * error - what went wrong, in words for the user.
 *
 * A function that can fail takes a `struct error *` as its last argument and
 * returns false, NULL or -1. It fills the error then and leaves it alone
 * otherwise, so one variable serves a whole chain of calls. It is never NULL.
 *
 * The struct owns nothing: copy it, put it on the stack, never free it.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

#include "base/compiler.h"

/* What the program does about it; the exit status follows from this. */
enum error_kind {
    ERROR_NONE,
    ERROR_SYSTEM,    /* a system call failed */
    ERROR_USAGE,     /* the command line is wrong */
    ERROR_CONFIG,    /* the user wrote a setting that we refuse */
    ERROR_AUTH,      /* a key is missing or was rejected */
    ERROR_NETWORK,   /* no answer came back */
    ERROR_SERVER,    /* the server answered that it failed */
    ERROR_PROTOCOL,  /* an answer came that we cannot read */
    ERROR_LIMIT,     /* a size or count went over its bound */
    ERROR_CUT,       /* an answer ended before its end marker, or stalled */
    ERROR_TOOL,      /* a needed tool failed */
    ERROR_CANCELLED, /* the user stopped it */
};

enum { ERROR_TEXT_SIZE = 512 };

struct error {
    enum error_kind kind;
    char text[ERROR_TEXT_SIZE]; /* one line of UTF-8, no final period; "..." at
                                   its end if it was longer */
};

/* Set the error. Returns false, so that `return error_set(...)` reads well. */
bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Like error_set() with ERROR_SYSTEM, and appends ": " and errno in words. */
bool error_system(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* Put "<context>: " before the text already there. Returns false. */
bool error_context(struct error *err, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* The exit status that sennit(1) promises for this kind. */
int error_exit_status(enum error_kind kind);

#endif
