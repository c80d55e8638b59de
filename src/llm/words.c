/* SPDX-License-Identifier: MIT */
#include "llm/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

/* Sorted, for bsearch(). */
static const char *const stop_words[] = {
    "a",       "able",    "about",    "across",    "actually", "again",
    "all",     "already", "also",     "am",        "an",       "and",
    "any",     "anyone",  "anything", "anywhere",  "are",      "aren",
    "as",      "at",      "be",       "because",   "been",     "bit",
    "but",     "by",      "can",      "cannot",    "certain",  "come",
    "comes",   "could",   "couldn",   "dear",      "did",      "didn",
    "do",      "does",    "doesn",    "doing",     "don",      "done",
    "each",    "even",    "ever",     "every",     "for",      "from",
    "get",     "gets",    "give",     "go",        "goes",     "going",
    "had",     "happen",  "happened", "happens",   "has",      "have",
    "haven",   "he",      "hello",    "her",       "hey",      "hi",
    "him",     "his",     "how",      "i",         "if",       "in",
    "instead", "into",    "is",       "isn",       "it",       "its",
    "just",    "kind",    "know",     "let",       "like",     "look",
    "looking", "looks",   "lot",      "make",      "makes",    "making",
    "many",    "may",     "me",       "mean",      "means",    "mine",
    "much",    "my",      "need",     "no",        "now",      "of",
    "off",     "ok",      "okay",     "on",        "only",     "or",
    "our",     "please",  "possible", "put",       "really",   "said",
    "say",     "says",    "sennit",   "shall",     "she",      "should",
    "shouldn", "so",      "some",     "something", "still",    "sure",
    "tell",    "tells",   "than",     "thank",     "thanks",   "that",
    "the",     "their",   "them",     "then",      "there",    "these",
    "they",    "thing",   "things",   "this",      "those",    "to",
    "too",     "try",     "trying",   "up",        "us",       "use",
    "used",    "using",   "very",     "want",      "was",      "wasn",
    "way",     "we",      "welcome",  "went",      "were",     "what",
    "when",    "where",   "which",    "while",     "who",      "why",
    "will",    "with",    "won",      "work",      "works",    "would",
    "wouldn",  "yes",     "yet",      "you",       "your",     "yours",
};

/* "key token" is missing on purpose: here a token is a piece of text too. */
static const char *const synonyms[] = {
    "again repeat retry regenerate redo",
    "answer reply response output",
    "ask prompt question message",
    "begin start launch run",
    "certificate cert tls ssl https ca",
    "change switch choose chosen pick select",
    "chat conversation session dialogue thread",
    "cloud vendor provider online",
    "colour color theme",
    "configuration config configure setting preference option setup",
    "connect connection link attach reach",
    "copy clipboard select",
    "cost price money expensive bill pay free",
    "cut truncated incomplete unfinished half",
    "data privacy private confidential",
    "delete remove erase",
    "document file attachment attach upload",
    "environment env variable",
    "error failure fail problem trouble wrong",
    "find found search look",
    "folder directory path location",
    "help documentation docs manual",
    "hide fold collapse",
    "history previous earlier old past",
    "image picture photo vision",
    "install installation setup",
    "key secret password credential",
    "key shortcut hotkey keyboard binding",
    "licence license",
    "local offline localhost",
    "model llm",
    "proxy firewall",
    "quit exit leave close",
    "remote another other",
    "save store keep kept persist record",
    "script automation shell",
    "send sent submit",
    "server endpoint host machine computer",
    "show display see view visible",
    "slow speed fast latency wait hang stuck",
    "stop cancel abort interrupt halt kill",
    "thinking reasoning thought",
    "version release",
};

size_t synonyms_count(void)
{
    return COUNTOF(synonyms);
}

const char *synonyms_at(size_t index)
{
    assert(index < COUNTOF(synonyms));
    return synonyms[index];
}

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

static bool ends_with(const struct word *word, const char *suffix)
{
    size_t len = strlen(suffix);
    return word->len > len &&
           !memcmp(word->text + word->len - len, suffix, len);
}

static bool has_vowel(const struct word *word, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (strchr("aeiouy", word->text[i]))
            return true;
    }
    return false;
}

static void drop_plural(struct word *word)
{
    if (word->len > 4 && (ends_with(word, "ies") || ends_with(word, "ied"))) {
        word->len -= 2;
        word->text[word->len - 1] = 'y';
    } else if (word->len > 3 && ends_with(word, "s") &&
               !ends_with(word, "ss") && !ends_with(word, "us") &&
               !ends_with(word, "is")) {
        word->len--;
    }
}

/* Endings that English adds to one word; a row is tried after those before it.
 * `least` is what must be left. */
static void drop_suffix(struct word *word)
{
    static const struct {
        const char *suffix;
        size_t least;
    } rows[] = {
        { "ing", 3 },   { "ed", 3 },  { "ly", 4 },
        { "ation", 4 }, { "ate", 4 }, { "ion", 4 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        size_t len = strlen(rows[i].suffix);
        if (!ends_with(word, rows[i].suffix) || ends_with(word, "eed"))
            continue;
        if (word->len >= rows[i].least + len &&
            has_vowel(word, word->len - len))
            word->len = (uint8_t)(word->len - len);
    }
}

/* "saving", "saved" and "save"; "stopped" and "stop"; "cancelled" and
 * "canceled": nothing depends on the result being a word. */
static void drop_ending(struct word *word)
{
    for (size_t i = 0; i < word->len; i++) {
        if (word->text[i] < 'a' || word->text[i] > 'z')
            return;
    }
    drop_plural(word);
    drop_suffix(word);
    if (word->len > 3 && word->text[word->len - 1] == 'e')
        word->len--;
    if (word->len > 3 &&
        word->text[word->len - 1] == word->text[word->len - 2] &&
        !strchr("aeiou", word->text[word->len - 1]))
        word->len--;
}

/* FNV-1a. */
static void word_finish(struct word *word, bool is_name)
{
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

static int compare_stop(const void *word, const void *stop)
{
    return strcmp(word, *(const char *const *)stop);
}

static bool word_is_stop(const struct word *word)
{
    char text[WORD_MAX + 1];
    memcpy(text, word->text, word->len);
    text[word->len] = '\0';
    return bsearch(text, stop_words, COUNTOF(stop_words), sizeof stop_words[0],
                   compare_stop) != NULL;
}

/* Take the plain word at the front; false if it is to be left out. */
static bool take_plain(struct words *words, struct slice text,
                       struct word *word)
{
    word_set(word, text);
    if (words->leaves_out_stops && word_is_stop(word))
        return false;
    drop_ending(word);
    word_finish(word, false);
    return true;
}

static bool next_part(struct words *words, struct word *word)
{
    while (words->parts.len) {
        size_t len = run_len(words->parts, 0);
        struct slice part = { words->parts.ptr, len };
        words->parts = slice_skip(words->parts,
                                  len ? len : character_len(words->parts, 0));
        if (len && take_plain(words, part, word))
            return true;
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

bool words_next(struct words *words, struct word *word)
{
    for (;;) {
        if (next_part(words, word))
            return true;
        struct slice text = words->rest;
        size_t start = 0;
        while (start < text.len && !is_word_at(text, start))
            start += character_len(text, start);
        if (start >= text.len)
            return false;
        size_t marker = marker_len(text, start);
        struct slice rest = slice_skip(text, start);
        size_t run = run_len(rest, 0);
        size_t len = compound_len(rest);
        struct slice found = { rest.ptr, len };
        size_t mark = apostrophe_len(rest, len);
        words->rest = slice_skip(
            rest, mark ? len + mark + run_len(rest, len + mark) : len);
        words->parts = found;
        if (marker || len > run) {
            word_set(word, (struct slice){ found.ptr - marker, len + marker });
            word_finish(word, true);
            return true;
        }
    }
}
