/* SPDX-License-Identifier: MIT */
/*
 * One pass over the bytes, a word at a time. Only what is listed as plain is
 * plain: a byte that nobody thought of makes a command not simple.
 */
#include "tool/command_words.h"

#include <string.h>

#include "base/array.h"
#include "base/filter.h"
#include "base/memory.h"
#include "base/utf8.h"

/* Begin something else than a program, or run what follows in another way. All
 * reserved words and builtins of dash 0.5.12 and bash 5.2 but four (echo, false,
 * pwd, true) that do what the program of their name does. */
static const char *const shell_words[] = {
    ".",         ":",        "[",       "[[",      "]]",       "alias",
    "bg",        "bind",     "break",   "builtin", "caller",   "case",
    "cd",        "chdir",    "command", "compgen", "complete", "compopt",
    "continue",  "coproc",   "declare", "dirs",    "disown",   "do",
    "done",      "elif",     "else",    "enable",  "esac",     "eval",
    "exec",      "exit",     "export",  "fc",      "fg",       "fi",
    "for",       "function", "getopts", "hash",    "help",     "history",
    "if",        "in",       "jobs",    "kill",    "let",      "local",
    "logout",    "mapfile",  "popd",    "printf",  "pushd",    "read",
    "readarray", "readonly", "return",  "select",  "set",      "shift",
    "shopt",     "source",   "suspend", "test",    "then",     "time",
    "times",     "trap",     "type",    "typeset", "ulimit",   "umask",
    "unalias",   "unset",    "until",   "wait",    "while",
};

struct reader {
    struct slice rest; /* of the command */
    struct buf word;   /* so far */
    ARRAY_OF(char *) words;
    struct error *why;
};

static bool refuse(struct reader *reader, const char *what)
{
    return error_set(reader->why, ERROR_TOOL, "%s", what);
}

/* What a byte outside of quotes is to a shell; NULL: itself. */
static const char *meaning(char c)
{
    switch (c) {
    case ';': return "\";\" ends a command";
    case '&': return "\"&\" ends a command";
    case '|': return "\"|\" joins commands";
    case '<': return "\"<\" reads a file";
    case '>': return "\">\" writes a file";
    case '(':
    case ')': return "\"(\" and \")\" group commands";
    case '{':
    case '}': return "\"{\" and \"}\" group or expand";
    case '$': return "\"$\" is replaced";
    case '`': return "\"`\" runs a command";
    case '*':
    case '?':
    case '[': return "\"*\", \"?\" and \"[\" stand for names of files";
    case '!': return "\"!\" negates, or repeats a command";
    default: return NULL;
    }
}

/* Only at certain places of a word. The place is seen in what the word is so
 * far, quoted or not: that says no too often, never too seldom. */
static const char *meaning_here(const struct reader *reader, char c)
{
    size_t len = reader->word.len;
    char last = len ? reader->word.ptr[len - 1] : '\0';
    if (c == '~' && (!len || last == '=' || last == ':'))
        return "\"~\" is a home directory";
    if (c == '#' && !len)
        return "\"#\" begins a comment";
    return meaning(c);
}

static char take(struct reader *reader)
{
    char c = reader->rest.ptr[0];
    reader->rest = slice_skip(reader->rest, 1);
    return c;
}

static bool take_single_quoted(struct reader *reader)
{
    while (reader->rest.len) {
        char c = take(reader);
        if (c == '\'')
            return true;
        buf_append_char(&reader->word, c);
    }
    return refuse(reader, "a quote is not closed");
}

static bool take_double_quoted(struct reader *reader)
{
    while (reader->rest.len) {
        char c = take(reader);
        if (c == '"')
            return true;
        if (c == '\\')
            return refuse(reader, "\"\\\" within double quotes may be a part "
                                  "of the word or not");
        if (c == '$' || c == '`' || c == '!')
            return refuse(reader, meaning(c));
        buf_append_char(&reader->word, c);
    }
    return refuse(reader, "a quote is not closed");
}

static bool take_escaped(struct reader *reader)
{
    if (!reader->rest.len)
        return refuse(reader, "\"\\\" escapes nothing");
    buf_append_char(&reader->word, take(reader));
    return true;
}

static bool take_part(struct reader *reader)
{
    char c = take(reader);
    switch (c) {
    case '\'': return take_single_quoted(reader);
    case '"': return take_double_quoted(reader);
    case '\\': return take_escaped(reader);
    default: break;
    }
    const char *why = meaning_here(reader, c);
    if (why)
        return refuse(reader, why);
    buf_append_char(&reader->word, c);
    return true;
}

/* What the first word must not be: then no program of that name is started. */
static bool check_program(struct reader *reader)
{
    struct slice word = buf_slice(&reader->word);
    if (!word.len)
        return refuse(reader, "it names no program");
    if (memchr(word.ptr, '=', word.len))
        return refuse(reader, "it begins with a variable");
    if (word.ptr[0] == '%')
        return refuse(reader, "\"%\" names a job of a shell");
    for (size_t i = 0; i < COUNTOF(shell_words); i++) {
        if (slice_is(word, shell_words[i]))
            return error_set(reader->why, ERROR_TOOL,
                             "\"%s\" is a word of the shell's own",
                             shell_words[i]);
    }
    return true;
}

static bool take_word(struct reader *reader)
{
    buf_reset(&reader->word);
    while (reader->rest.len && reader->rest.ptr[0] != ' ') {
        if (!take_part(reader))
            return false;
    }
    /* Quotes may have kept marks apart. */
    if (filter_would_change(buf_slice(&reader->word)))
        return refuse(reader, "it holds characters that cannot be seen");
    if (!reader->words.count && !check_program(reader))
        return false;
    if (reader->words.count >= COMMAND_WORDS_MAX)
        return refuse(reader, "it has too many words");
    *array_add(&reader->words) = memory_string(buf_string(&reader->word));
    return true;
}

/* Of the whole: what is no visible character, or a blank that is no space (and
 * so no end of a word), hides what a command is. */
static bool check_characters(struct reader *reader)
{
    struct slice text = reader->rest;
    if (text.len > COMMAND_BYTES_MAX)
        return refuse(reader, "it is too long");
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '\n' || c == '\r')
            return refuse(reader, "a line break ends a command");
        if (c < ' ' || c == 0x7F)
            return refuse(reader, "it holds a control character");
    }
    if (!utf8_is_valid(text))
        return refuse(reader, "it is not valid UTF-8");
    if (filter_would_change(text))
        return refuse(reader, "it holds characters that cannot be seen");
    while (text.len) {
        uint32_t character;
        text = slice_skip(text, utf8_decode(text, &character));
        if (character > ' ' && strcmp(utf8_category(character), "Zs") == 0)
            return refuse(reader, "it holds a blank that is not a space");
    }
    return true;
}

static bool take_words(struct reader *reader)
{
    if (!check_characters(reader))
        return false;
    while (reader->rest.len) {
        if (reader->rest.ptr[0] == ' ')
            take(reader);
        else if (!take_word(reader))
            return false;
    }
    return reader->words.count || refuse(reader, "it is empty");
}

char **command_words_parse(struct slice command, struct error *why)
{
    struct reader reader = { .rest = command, .why = why };
    bool ok = take_words(&reader);
    *array_add(&reader.words) = NULL;
    buf_clear(&reader.word);
    if (ok)
        return reader.words.items;
    command_words_free(reader.words.items);
    return NULL;
}

void command_words_free(char **words)
{
    for (char **word = words; word && *word; word++)
        free(*word);
    free(words);
}

static bool is_plain(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_-+./:=,@%^";
    return *word && word[strspn(word, plain)] == '\0';
}

static void format_word(struct buf *command, const char *word)
{
    if (is_plain(word)) {
        buf_append_string(command, word);
        return;
    }
    buf_append_char(command, '\'');
    for (; *word; word++) {
        if (*word == '\'')
            buf_append_string(command, "'\\'");
        buf_append_char(command, *word);
    }
    buf_append_char(command, '\'');
}

void command_words_format(struct buf *command, const char *const *words)
{
    for (size_t i = 0; words[i]; i++) {
        if (i)
            buf_append_char(command, ' ');
        format_word(command, words[i]);
    }
}

bool command_words_equal(const char *const *a, const char *const *b)
{
    for (; *a && *b; a++, b++) {
        if (strcmp(*a, *b) != 0)
            return false;
    }
    return !*a && !*b;
}
