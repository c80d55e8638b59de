/* SPDX-License-Identifier: MIT */
/* A simple command has no byte outside of quotes that means something to a
 * shell, and its words are those that a second reading finds; words that are
 * written down come back. */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tool/command_words.h"

/* The second reading: POSIX 2.2 as a table of states, which marks each byte as
 * one that is quoted, one that is not, or one that quotes. */
enum state { PLAIN, SINGLE, DOUBLE, ESCAPED, ESCAPED_IN_DOUBLE, STATE_COUNT };
enum class { OTHER, QUOTE, QUOTES, BACKSLASH, CLASS_COUNT };
enum { IS_BARE = 1, IS_QUOTED = 2, IS_QUOTING = 3 };

static const struct {
    enum state next;
    char mark;
} table[STATE_COUNT][CLASS_COUNT] = {
    [PLAIN] = { { PLAIN, IS_BARE },
                { SINGLE, IS_QUOTING },
                { DOUBLE, IS_QUOTING },
                { ESCAPED, IS_QUOTING } },
    [SINGLE] = { { SINGLE, IS_QUOTED },
                 { PLAIN, IS_QUOTING },
                 { SINGLE, IS_QUOTED },
                 { SINGLE, IS_QUOTED } },
    [DOUBLE] = { { DOUBLE, IS_QUOTED },
                 { DOUBLE, IS_QUOTED },
                 { PLAIN, IS_QUOTING },
                 { ESCAPED_IN_DOUBLE, IS_QUOTING } },
    [ESCAPED] = { { PLAIN, IS_QUOTED },
                  { PLAIN, IS_QUOTED },
                  { PLAIN, IS_QUOTED },
                  { PLAIN, IS_QUOTED } },
    [ESCAPED_IN_DOUBLE] = { { DOUBLE, IS_QUOTED },
                            { DOUBLE, IS_QUOTED },
                            { DOUBLE, IS_QUOTED },
                            { DOUBLE, IS_QUOTED } },
};

static enum class class_of(char c) {
    return c == '\''   ? QUOTE
           : c == '"'  ? QUOTES
           : c == '\\' ? BACKSLASH
                       : OTHER;
}

struct marked {
    struct slice text;
    char *marks;
    bool is_open;
    bool has_expansion; /* within double quotes */
};

static void mark(struct marked *marked)
{
    enum state state = PLAIN;
    for (size_t i = 0; i < marked->text.len; i++) {
        char c = marked->text.ptr[i];
        marked->marks[i] = table[state][class_of(c)].mark;
        marked->has_expansion |= state == DOUBLE && strchr("$`\\!", c);
        state = table[state][class_of(c)].next;
    }
    marked->is_open = state != PLAIN;
}

static bool is_bare(const struct marked *marked, size_t i, const char *bytes)
{
    return marked->marks[i] == IS_BARE && strchr(bytes, marked->text.ptr[i]);
}

/* The words of the second reading, each with a NUL behind. */
static void split(const struct marked *marked, struct buf *words)
{
    bool is_inside = false;
    for (size_t i = 0; i < marked->text.len; i++) {
        bool is_blank = is_bare(marked, i, " \t");
        if (is_blank && is_inside)
            buf_append_char(words, '\0');
        is_inside = !is_blank;
        if (!is_blank && marked->marks[i] != IS_QUOTING)
            buf_append_char(words, marked->text.ptr[i]);
    }
    if (is_inside)
        buf_append_char(words, '\0');
}

static void check_places(const struct marked *marked)
{
    for (size_t i = 0; i < marked->text.len; i++) {
        fuzz_require(marked->text.ptr[i] & 0xE0 && marked->text.ptr[i] != 0x7F,
                     "no control character is in a simple command");
        fuzz_require(!is_bare(marked, i, ";&|<>(){}$`*?[!\t"),
                     "nothing outside of quotes means something");
        bool is_first = i == 0 || is_bare(marked, i - 1, " ");
        fuzz_require(!is_first || !is_bare(marked, i, "~#"),
                     "no word begins a comment or names a home");
        fuzz_require(is_first || !is_bare(marked, i, "~") ||
                         !is_bare(marked, i - 1, "=:"),
                     "no home is named within a word");
    }
    fuzz_require(!marked->is_open, "every quote is closed");
    fuzz_require(!marked->has_expansion, "nothing in quotes is expanded");
}

static void join(struct buf *out, char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        buf_append(out, words[i], strlen(words[i]) + 1);
}

static void check_simple(struct slice command, char *const *words)
{
    struct marked marked = { .text = command, .marks = calloc(command.len, 1) };
    struct buf ours = { 0 }, theirs = { 0 };
    mark(&marked);
    check_places(&marked);
    split(&marked, &theirs);
    join(&ours, words);
    fuzz_require_same(&ours, &theirs, "two readings find the same words");
    free(marked.marks);
    buf_clear(&ours);
    buf_clear(&theirs);
}

static void check_again(char *const *words)
{
    struct buf text = { 0 };
    struct error why = { 0 };
    command_words_format(&text, (const char *const *)words);
    char **again = command_words_parse(buf_slice(&text), &why);
    /* Only what is longer for its quotes is not taken back. */
    fuzz_require(again || text.len > COMMAND_BYTES_MAX,
                 "words that are written down are simple");
    fuzz_require(!again || command_words_equal((const char *const *)words,
                                               (const char *const *)again),
                 "words that are written down come back");
    command_words_free(again);
    buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice command = fuzz_input(bytes, len);
    struct error why = { 0 };
    char **words = command_words_parse(command, &why);
    fuzz_require(words || why.text[0], "what is not simple is so for a reason");
    if (words) {
        check_simple(command, words);
        check_again(words);
    }
    command_words_free(words);
    return 0;
}
