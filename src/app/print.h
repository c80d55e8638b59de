/* SPDX-License-Identifier: MIT */
/*
 * print - stdout and stderr: the second door for untrusted text.
 *
 * A terminal gets text that base/filter has made harmless; a pipe or a file
 * gets the source bytes. Writing blocks, but into a sink: bytes that their owner
 * writes when the terminal takes them.
 */
#ifndef APP_PRINT_H
#define APP_PRINT_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/filter.h"
#include "base/slice.h"

struct print {
    int fd;
    struct buf *sink; /* of a terminal, in place of fd; NULL: none */
    bool is_terminal;
    bool is_ascii;    /* the terminal has only ASCII: see ui/ascii */
    bool has_failed;  /* a write failed: nobody reads any more */
    int error_number; /* why */
    bool at_line_start;
    struct filter filter;
};

void print_init(struct print *print, int fd);
/* For a terminal that somebody else writes to. The sink is borrowed. */
void print_init_sink(struct print *print, struct buf *sink, bool is_ascii);
void print_clear(struct print *print);

/* Text of a stream: may come in any pieces. print_end() writes what is held
 * back. False once nobody reads any more. */
bool print_text(struct print *print, struct slice text);
bool print_end(struct print *print);

/* The same for a text that is whole; bold, on a terminal that knows how. */
bool print_strong(struct print *print, struct slice text);

/* Begin a new line unless at the start of one. */
void print_fresh_line(struct print *print);

/* A line of its own; what it says is shown on one line. Leaves alone what a
 * stream holds back. */
void print_line(struct print *print, struct slice line);

/* The exit status for what was printed. 0 if all was written; 128+SIGPIPE if
 * the reader went away; else the reason is said on stderr. */
int print_status(const struct print *print);

/* One line on stderr, "sennit: " before it. */
void print_notice(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
