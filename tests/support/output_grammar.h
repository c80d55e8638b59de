/* SPDX-License-Identifier: MIT */
/*
 * output_grammar - the language that we speak to terminals, as a closed list.
 *
 * Printable UTF-8, some control bytes, and the sequences that ui/term and
 * ncurses make for the terminals that we test with. Whatever else appears in
 * the output came from outside and got past the display filter. Shares no code
 * with the program: what it allows is written down a second time here.
 */
#ifndef TESTS_SUPPORT_OUTPUT_GRAMMAR_H
#define TESTS_SUPPORT_OUTPUT_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct output_token {
    struct slice text;
    bool is_character; /* printable or not; no control, no sequence */
    int repeat;        /* REP (CSI n b): how often the last character comes
                          again; 0 for all else */
};

/* Cut the next token off *rest; false if it is not whole yet. Takes anything:
 * it does not judge. */
bool output_next_token(struct slice *rest, struct output_token *token);

/* The offset of the first token that is not in the grammar, or -1. */
ptrdiff_t output_first_offence(struct slice output);

/* Fail the running test unless everything is in the grammar. */
void output_check(struct slice output);
/* The same where text was printed, not drawn: it keeps its tabs. */
void output_check_printed(struct slice output);

#endif
