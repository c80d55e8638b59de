/* SPDX-License-Identifier: MIT */
#include "llm/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "llm/stem.h"

/* Sorted, for bsearch(). */
static const char *const stop_words[] = {
    "a",        "able",        "about",   "across",    "actually",
    "again",    "ai",          "all",     "already",   "also",
    "although", "am",          "an",      "and",       "any",
    "anybody",  "anyhow",      "anyone",  "anything",  "anywhere",
    "app",      "application", "are",     "aren",      "arent",
    "as",       "assistant",   "at",      "basically", "be",
    "because",  "been",        "bit",     "bloody",    "bot",
    "but",      "by",          "can",     "cannot",    "cant",
    "certain",  "chatbot",     "come",    "comes",     "could",
    "couldn",   "couldnt",     "damn",    "dear",      "did",
    "didn",     "didnt",       "do",      "does",      "doesn",
    "doesnt",   "doing",       "don",     "done",      "dont",
    "dude",     "each",        "even",    "ever",      "every",
    "everyone", "everything",  "folks",   "for",       "from",
    "get",      "gets",        "give",    "go",        "goes",
    "going",    "got",         "guys",    "had",       "hadn",
    "happen",   "happened",    "happens", "has",       "hasn",
    "hasnt",    "have",        "haven",   "havent",    "he",
    "hello",    "her",         "hey",     "hi",        "him",
    "his",      "how",         "however", "hows",      "i",
    "if",       "im",          "in",      "instead",   "into",
    "is",       "isn",         "isnt",    "it",        "its",
    "ive",      "just",        "kind",    "know",      "let",
    "like",     "ll",          "look",    "looking",   "looks",
    "lot",      "make",        "makes",   "making",    "many",
    "may",      "maybe",       "me",      "mean",      "means",
    "might",    "mine",        "much",    "must",      "my",
    "myself",   "need",        "needed",  "needs",     "no",
    "now",      "of",          "off",     "ok",        "okay",
    "on",       "only",        "or",      "our",       "perhaps",
    "please",   "possible",    "program", "put",       "re",
    "really",   "said",        "say",     "says",      "seem",
    "seems",    "sennit",      "shall",   "she",       "should",
    "shouldn",  "shouldnt",    "simply",  "since",     "sir",
    "so",       "software",    "some",    "somebody",  "somehow",
    "someone",  "something",   "still",   "stuff",     "stupid",
    "supposed", "sure",        "tell",    "tells",     "than",
    "thank",    "thanks",      "that",    "thats",     "the",
    "their",    "them",        "then",    "there",     "theres",
    "these",    "they",        "thing",   "things",    "this",
    "those",    "though",      "to",      "too",       "try",
    "trying",   "up",          "upon",    "us",        "use",
    "used",     "using",       "ve",      "very",      "via",
    "want",     "wanted",      "wants",   "was",       "wasn",
    "wasnt",    "way",         "we",      "welcome",   "went",
    "were",     "what",        "whats",   "when",      "where",
    "wheres",   "whether",     "which",   "while",     "who",
    "whos",     "why",         "will",    "with",      "won",
    "wont",     "work",        "works",   "would",     "wouldn",
    "wouldnt",  "yes",         "yet",     "you",       "your",
    "youre",    "yours",       "youve",
};

static bool is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Other scripts have no blanks or endings that we know; only what is
 * punctuation in all of them (U+2000 to U+207F, no-break space) parts words. */
static bool is_word_at(struct slice text, size_t offset)
{
    if (offset >= text.len)
        return false;
    unsigned char c = (unsigned char)text.ptr[offset];
    if (c < 0x80)
        return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
    unsigned char next =
        offset + 1 < text.len ? (unsigned char)text.ptr[offset + 1] : 0;
    return !(c == 0xE2 && (next == 0x80 || next == 0x81)) &&
           !(c == 0xC2 && next == 0xA0);
}

/* Bytes of the character at offset, its first byte taken for granted. */
static size_t character_len(struct slice text, size_t offset)
{
    size_t len = 1;
    while (offset + len < text.len &&
           ((unsigned char)text.ptr[offset + len] & 0xC0) == 0x80)
        len++;
    return len;
}

static size_t run_len(struct slice text, size_t offset)
{
    size_t start = offset;
    while (is_word_at(text, offset))
        offset += character_len(text, offset);
    return offset - start;
}

static void word_set(struct word *word, struct slice text)
{
    word->len = 0;
    for (size_t i = 0; i < text.len && word->len < WORD_MAX; i++) {
        char c = text.ptr[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        word->text[word->len++] = c == '+' ? '-' : c;
    }
}

/* FNV-1a. */
static void word_finish(struct word *word, bool is_name)
{
    word->text[word->len] = '\0';
    word->is_name = is_name;
    word->hash = 2166136261u;
    for (size_t i = 0; i < word->len; i++)
        word->hash = (word->hash ^ (unsigned char)word->text[i]) * 16777619u;
}

bool word_equal(const struct word *a, const struct word *b)
{
    return a->hash == b->hash && a->len == b->len &&
           !memcmp(a->text, b->text, a->len);
}

static int compare_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_stop(const char *text)
{
    return bsearch(&text, stop_words, COUNTOF(stop_words), sizeof stop_words[0],
                   compare_text) != NULL;
}

static void take_plain(struct word *word, struct slice text)
{
    *word = (struct word){ .source = text };
    word_set(word, text);
    word->is_stop = is_stop(word->text);
    word->len = (uint8_t)stem(word->text, word->len);
    word_finish(word, false);
}

static bool next_part(struct words *words, struct word *word)
{
    while (words->parts.len) {
        size_t len = run_len(words->parts, 0);
        struct slice part = { words->parts.ptr, len };
        words->parts = slice_skip(words->parts,
                                  len ? len : character_len(words->parts, 0));
        if (len) {
            take_plain(word, part);
            return true;
        }
    }
    return false;
}

/* "'" and U+2019: what follows ("'s", "'t") is no part of the word. */
static size_t apostrophe_len(struct slice text, size_t offset)
{
    struct slice rest = slice_skip(text, offset);
    size_t mark = slice_starts(rest, "'")              ? 1
                  : slice_starts(rest, "\xE2\x80\x99") ? 3
                                                       : 0;
    return mark && is_word_at(rest, mark) ? mark : 0;
}

/* Runs joined by one sign: ctrl-c, config.yaml, localhost:8080. */
static size_t compound_len(struct slice text)
{
    size_t len = run_len(text, 0);
    while (len < text.len && is_one_of(text.ptr[len], "-./+:@") &&
           is_word_at(text, len + 1))
        len += 1 + run_len(text, len + 1);
    return len;
}

/* The "-", "--" or "/" of an option or command: at most two signs, behind
 * nothing, a blank or an opening sign. */
static size_t marker_len(struct slice text, size_t offset)
{
    size_t len = 0;
    while (len < offset && len < 2 &&
           is_one_of(text.ptr[offset - len - 1], "-/"))
        len++;
    bool is_free = len == offset ||
                   is_one_of(text.ptr[offset - len - 1], " \t\n`\"'([|,=*");
    return is_free ? len : 0;
}

/* The letter of a control key in one of its other spellings; else 0. */
static char control_letter(const struct word *word)
{
    static const char *const starts[] = { "control-", "ctl-", "strg-" };
    for (size_t i = 0; i < COUNTOF(starts); i++) {
        size_t len = strlen(starts[i]);
        if (word->len == len + 1 && !memcmp(word->text, starts[i], len))
            return word->text[len];
    }
    return '\0';
}

/* A name is one as it is written, but for the many ways to write Ctrl-C; -p
 * and -P are two. */
static void take_name(struct word *word, struct slice text, bool is_caret)
{
    *word = (struct word){ .source = text };
    word_set(word, text);
    char letter = is_caret ? word->text[0] : control_letter(word);
    if (letter) {
        memcpy(word->text, "ctrl-", 5);
        word->text[5] = letter;
        word->len = 6;
    } else if (text.len == 2 && text.ptr[0] == '-') {
        word->text[1] = text.ptr[1];
    }
    word_finish(word, true);
}

bool words_next(struct words *words, struct word *word)
{
    if (next_part(words, word))
        return true;
    struct slice text = words->rest;
    size_t start = 0;
    while (start < text.len && !is_word_at(text, start))
        start += character_len(text, start);
    if (start >= text.len)
        return false;
    struct slice rest = slice_skip(text, start);
    size_t run = run_len(rest, 0);
    size_t len = compound_len(rest);
    size_t marker = marker_len(text, start);
    bool is_caret = len == 1 && start > 0 && text.ptr[start - 1] == '^';
    size_t mark = apostrophe_len(rest, len);
    words->rest =
        slice_skip(rest, mark ? len + mark + run_len(rest, len + mark) : len);
    words->parts = (struct slice){ rest.ptr, len };
    if (!marker && !is_caret && len == run)
        return next_part(words, word);
    take_name(word, (struct slice){ rest.ptr - marker, len + marker },
              is_caret);
    return true;
}

bool word_read(struct word *word, const char *text)
{
    struct words words = { .rest = slice_of(text) };
    return words_next(&words, word);
}
