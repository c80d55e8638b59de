/* SPDX-License-Identifier: MIT */
/*
 * lexicon - words by which chat/complexity tells what a prompt asks for, in a
 * dozen languages.
 *
 * A list is one string, its words separated by spaces, in small letters. "expla-"
 * is the beginning of words: of LEXICON_STEM characters, of two in Hangul, whose
 * words carry their endings. In the scripts without spaces a word is two
 * characters that follow one another.
 *
 * The lists say what a task is made of (conditions, quantities, something to
 * prove or to build), nothing of what it is about.
 */
#ifndef CHAT_LEXICON_H
#define CHAT_LEXICON_H

enum { LEXICON_STEM = 5, LEXICON_STEM_HANGUL = 2 };

enum lexicon_list {
    LEXICON_CONDITIONS,
    LEXICON_QUANTITIES,
    LEXICON_COMPARISONS,
    LEXICON_NEGATIONS,
    LEXICON_STORY, /* who did what, in the past */
    LEXICON_MAKING,
    LEXICON_ORDERS,
    LEXICON_REASONING, /* to be proven, derived, weighed, improved */
    LEXICON_CHORES,    /* greetings, translations, titles */
    LEXICON_LOOKUP,    /* a question that begins so is looked up */
    LEXICON_COMMON,    /* in any text: by these its language is told */
    LEXICON_LIST_COUNT
};

enum lexicon_language {
    LEXICON_ENGLISH,
    LEXICON_GERMAN,
    LEXICON_FRENCH,
    LEXICON_SPANISH,
    LEXICON_PORTUGUESE,
    LEXICON_ITALIAN,
    LEXICON_TURKISH,
    LEXICON_RUSSIAN,
    LEXICON_ARABIC,
    LEXICON_HINDI,
    LEXICON_KOREAN,
    LEXICON_CHINESE, /* these two have no common words: told by script */
    LEXICON_JAPANESE,
    LEXICON_LANGUAGE_COUNT
};

/* NULL: there is no such list. */
const char *lexicon_words(enum lexicon_language language,
                          enum lexicon_list list);

#endif
