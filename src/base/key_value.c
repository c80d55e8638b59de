/* SPDX-License-Identifier: MIT */
#include "base/key_value.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/compiler.h"

enum {
    NAME_MAX_LEN = 64,
    VALUE_MAX = 512,
    BLANKS_MAX = 8,
    PASSWORD_LEAST = 6, /* of an .env file */
    OTHER_LEAST = 8,
    STRONG_LEAST = 12, /* of whatever else */
    LONG = 16,
    KINDS_LEAST = 4, /* different characters; of a strong one: */
    STRONG_KINDS = 7,
};

struct name {
    char letters[NAME_MAX_LEN + 1]; /* small, without what separates words */
    size_t len;
    bool is_capital; /* as variables of the environment are written */
    bool is_quoted;
    bool is_password;
};

struct value {
    struct slice text;
    size_t start;
    bool is_quoted, is_called; /* "f(" is no value */
};

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'' || c == '`';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool ends_with(const struct name *name, const char *end)
{
    size_t len = strlen(end);
    return name->len >= len && !strcmp(name->letters + name->len - len, end);
}

/* What a secret is called at the end of its name. */
static bool is_secret_name(struct name *name)
{
    static const char *const passwords[] = { "password", "passwd", "passphrase",
                                             "dbpwd" };
    static const char *const others[] = {
        "secret",      "token",         "apikey",    "accesskey",
        "secretkey",   "privatekey",    "authkey",   "encryptionkey",
        "signingkey",  "accountkey",    "masterkey", "credential",
        "credentials", "authorization",
    };
    for (size_t i = 0; i < COUNTOF(passwords); i++)
        name->is_password |= ends_with(name, passwords[i]);
    bool is_other = name->is_capital && ends_with(name, "key");
    for (size_t i = 0; i < COUNTOF(others); i++)
        is_other |= ends_with(name, others[i]);
    return name->is_password || is_other;
}

/* The name that ends before `at`. */
static bool take_name(struct slice text, size_t at, struct name *name)
{
    size_t end = at, blanks = 0;
    while (end > 0 && is_blank(text.ptr[end - 1]) && blanks++ < BLANKS_MAX)
        end--;
    bool has_blanks = end < at;
    if (end > 0 && is_quote(text.ptr[end - 1])) {
        name->is_quoted = true;
        end -= end > 1 && text.ptr[end - 2] == '\\' ? 2 : 1;
    }
    size_t from = end;
    while (from > 0 && end - from < NAME_MAX_LEN &&
           is_name_char(text.ptr[from - 1]))
        from--;
    name->is_capital = !has_blanks && !name->is_quoted;
    for (size_t i = from; i < end; i++) {
        char c = text.ptr[i];
        name->is_capital &= !(c >= 'a' && c <= 'z') && c != '-' && c != '.';
        if (isalnum((unsigned char)c))
            name->letters[name->len++] = (char)tolower((unsigned char)c);
    }
    return name->len && is_secret_name(name);
}

static bool ends_value(const struct value *value, char quote, char c)
{
    if ((unsigned char)c <= ' ' || c == 0x7F)
        return true;
    return value->is_quoted ? c == quote || c == '\\'
                            : is_quote(c) || strchr(",;()[]{}<>&|", c) != NULL;
}

/* What stands behind `at`: in quotes, or up to a blank. */
static bool take_value(struct slice text, size_t at, struct value *value)
{
    static const char bearer[] = "bearer ";
    size_t blanks = 0;
    char quote = 0;
    while (at < text.len && is_blank(text.ptr[at]) && blanks++ < BLANKS_MAX)
        at++;
    if (at + 1 < text.len && text.ptr[at] == '\\' && is_quote(text.ptr[at + 1]))
        at++;
    if (at < text.len && is_quote(text.ptr[at])) {
        quote = text.ptr[at++];
        value->is_quoted = true;
    }
    if (slice_contains(
            (struct slice){ text.ptr + at, text.len - at < sizeof bearer - 1
                                               ? text.len - at
                                               : sizeof bearer - 1 },
            slice_of(bearer)))
        at += sizeof bearer - 1;
    size_t end = at;
    while (end < text.len && end - at < VALUE_MAX &&
           !ends_value(value, quote, text.ptr[end]))
        end++;
    value->text = (struct slice){ text.ptr + at, end - at };
    value->start = at;
    value->is_called = !value->is_quoted && end < text.len &&
                       strchr("([{", text.ptr[end]) != NULL;
    /* That ends a sentence. */
    while (!value->is_quoted && value->text.len &&
           strchr(".!?:", value->text.ptr[value->text.len - 1]))
        value->text.len--;
    return value->text.len > 0;
}

/* It stands for a value that is somewhere else, or is to be put there. */
static bool is_place_holder(struct slice value)
{
    static const char *const words[] = {
        "example", "your",     "changeme", "change_me", "change-me", "placehol",
        "redact",  "xxxx",     "dummy",    "sample",    "insert",    "environ",
        "getenv",  "process.", "...",      "****",      "test_",     "foobar",
    };
    static const char *const whole[] = { "password", "secret",   "token",
                                         "passwd",   "pass",     "none",
                                         "null",     "true",     "false",
                                         "string",   "undefined" };
    if (strchr("$%<{([*@&|=", value.ptr[0]))
        return true;
    for (size_t i = 0; i < COUNTOF(words); i++)
        if (slice_contains(value, slice_of(words[i])))
            return true;
    for (size_t i = 0; i < COUNTOF(whole); i++)
        if (value.len == strlen(whole[i]) &&
            slice_contains(value, slice_of(whole[i])))
            return true;
    return false;
}

struct sort {
    size_t kinds; /* different characters */
    bool has_digit, has_letter;
    bool is_path; /* a.b.c, as a program names things; /a/b.c */
};

static struct sort sort_of(struct slice value)
{
    bool seen[UINT8_MAX + 1] = { false };
    struct sort sort = { 0 };
    bool is_dotted = false, is_plain = true;
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        sort.kinds += !seen[c];
        seen[c] = true;
        sort.has_digit |= isdigit(c) != 0;
        sort.has_letter |= isalpha(c) != 0;
        is_dotted |= c == '.';
        is_plain &= isalnum(c) || c == '.' || c == '_' || c == '/' ||
                    c == '-' || c == '~';
    }
    sort.is_path = is_dotted && is_plain;
    return sort;
}

static bool is_secret(const struct name *name, const struct value *value)
{
    struct slice text = value->text;
    struct sort sort = sort_of(text);
    bool is_mixed = sort.has_digit && sort.has_letter;
    if (value->is_called || is_place_holder(text) || sort.kinds < KINDS_LEAST ||
        (sort.is_path && !value->is_quoted))
        return false;
    if (text.len >= STRONG_LEAST && is_mixed && sort.kinds >= STRONG_KINDS)
        return true;
    if (name->is_password && is_mixed && text.len >= OTHER_LEAST)
        return true;
    if (!name->is_capital)
        return false;
    return name->is_password
               ? text.len >= PASSWORD_LEAST
               : text.len >= LONG || (is_mixed && text.len >= OTHER_LEAST);
}

/* USER:PASSWORD@HOST behind "://". */
static size_t password_of(struct slice text, size_t at, size_t *start)
{
    size_t colon = 0, end = at;
    while (end < text.len && end - at < VALUE_MAX && text.ptr[end] != '@' &&
           (unsigned char)text.ptr[end] > ' ' && !is_quote(text.ptr[end]) &&
           !strchr("/?#<>{}$", text.ptr[end])) {
        if (text.ptr[end] == ':' && !colon)
            colon = end;
        end++;
    }
    if (!colon || end >= text.len || text.ptr[end] != '@')
        return 0;
    struct slice value = { text.ptr + colon + 1, end - colon - 1 };
    *start = colon + 1;
    return value.len >= 4 && !is_place_holder(value) &&
                   sort_of(value).kinds >= KINDS_LEAST
               ? value.len
               : 0;
}

/* How many characters give a name to what follows: "=", ":", ":=", "=>"; 0:
 * they do something else, as "==" and "::" do. */
static size_t sign_length(struct slice text, size_t at)
{
    char before = at ? text.ptr[at - 1] : ' ';
    char after = at + 1 < text.len ? text.ptr[at + 1] : ' ';
    if (strchr("=!<>+:", before))
        return 0;
    if (text.ptr[at] == ':')
        return after == ':' ? 0 : after == '=' ? 2 : 1;
    return after == '=' ? 0 : after == '>' ? 2 : 1;
}

size_t key_value_at(struct slice text, size_t at, size_t *start)
{
    struct name name = { 0 };
    struct value value = { 0 };
    if (slice_starts(slice_skip(text, at), "://"))
        return password_of(text, at + 3, start);
    size_t sign = sign_length(text, at);
    if (!sign || !take_name(text, at, &name) ||
        !take_value(text, at + sign, &value) || !is_secret(&name, &value))
        return 0;
    *start = value.start;
    return value.text.len;
}
