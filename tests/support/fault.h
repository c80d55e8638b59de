/* SPDX-License-Identifier: MIT */
/*
 * fault - a case of the table of failures (tests/chat/failures.txt, which
 * explains its words): what the server does and what must come of it.
 *
 * What cannot be read ends the program.
 */
#ifndef TESTS_SUPPORT_FAULT_H
#define TESTS_SUPPORT_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"

enum { FAULT_KINDS = 92 };

/* Words and what follows them, in the order of the table. */
struct fault_line {
    const char *word, *rest;
};

struct fault {
    int kind; /* 1 to FAULT_KINDS */
    const char *title;
    ARRAY_OF(struct fault_line) lines;
};

struct faults {
    char *text;
    ARRAY_OF(struct fault) list;
};

void faults_read(struct faults *faults, const char *path);
void faults_clear(struct faults *faults);

/* What follows the first (next) such word, NULL: there is none (left). */
const char *fault_find(const struct fault *fault, const char *word);
const char *fault_next(const struct fault *fault, const char *word,
                       size_t *from);

/* The number behind a word, or what it is without. */
int fault_number(const struct fault *fault, const char *word, int otherwise);

/* A case that is run here, in this dialect. */
bool fault_is_run(const struct fault *fault, const char *dialect);

/* The answers as scenarios of the scripted server (at most `most`), owned; how
 * many there are. */
size_t fault_scenarios(const struct fault *fault, const char *dialect,
                       char *scenarios[], size_t most);

/* Append what a word of the table is in a dialect, as lines of a scenario; the
 * word itself if it is one of the server's. */
struct buf;
struct fault_stream {
    const char *dialect;
    const char *model;    /* that answers */
    bool has_begun_block; /* Anthropic's */
};
void fault_translate(struct fault_stream *stream, const struct fault_line *line,
                     struct buf *scenario);

#endif
