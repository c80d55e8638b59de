/* SPDX-License-Identifier: MIT */
/*
 * prompt_tally - what stands in a prompt, counted: words and how many of them
 * are different, sentences, signs, and the words of chat/lexicon in the language
 * that it is written in.
 *
 * What was only pasted counts a sixteenth: code in a fence, quoted lines, five
 * lines and more of a log, a table or a transcript, and long paragraphs beside a
 * request of one line. It is what is asked of it that is hard or easy.
 *
 * Pure and linear in the text; of a very long one the two ends are read.
 */
#ifndef CHAT_PROMPT_TALLY_H
#define CHAT_PROMPT_TALLY_H

#include <stdbool.h>

#include "base/slice.h"
#include "chat/lexicon.h"

struct prompt_tally {
    double words, kinds; /* of scripts without spaces a share of a character */
    double number_kinds;
    double sentences, commas, brackets, code, questions;
    double listed[LEXICON_LIST_COUNT];
    enum lexicon_language language;
    bool has_decimal;
    bool knows_words; /* the language is known */
    bool is_lookup;   /* it begins so, or, where that says nothing, has it */
};

/* All-zero tally at first. */
void prompt_tally_read(struct slice text, struct prompt_tally *tally);

#endif
