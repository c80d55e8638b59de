/* SPDX-License-Identifier: MIT */
/*
 * print - stdout and stderr: the second door for untrusted text.
 *
 * A terminal gets text that base/filter has made harmless; a pipe or a file
 * gets the source bytes.
 */
#ifndef APP_PRINT_H
#define APP_PRINT_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/filter.h"
#include "base/slice.h"

struct print {
    int fd;
    bool is_terminal;
    bool has_failed;  /* a write failed: nobody reads any more */
    int error_number; /* why */
    bool at_line_start;
    struct filter filter;
};

void print_init(struct print *print, int fd);
void print_clear(struct print *print);

/* Text of a stream: may come in any pieces. print_end() writes what is held
 * back. False once nobody reads any more. */
bool print_text(struct print *print, struct slice text);
bool print_end(struct print *print);

/* Begin a new line unless at the start of one. */
void print_fresh_line(struct print *print);

/* The exit status for what was printed. 0 if all was written; 128+SIGPIPE if
 * the reader went away; else the reason is said on stderr. */
int print_status(const struct print *print);

/* One line on stderr, "sennit: " before it. */
void print_notice(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
