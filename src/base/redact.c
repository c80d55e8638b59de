/* SPDX-License-Identifier: MIT */
#include "base/redact.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/compiler.h"

enum {
    TAIL = 4,            /* characters of a long secret that are left */
    TAIL_SECRET_MIN = 20 /* bytes of a long secret */
};

/* How the keys of vendors begin, and how many characters follow at least. */
static const struct {
    const char *start;
    size_t least;
} vendors[] = {
    { "sk-", 8 },   { "AIza", 20 }, { "ghp_", 10 },
    { "gho_", 10 }, { "ghs_", 10 }, { "github_pat_", 10 },
    { "hf_", 10 },  { "gsk_", 10 }, { "xai-", 10 },
};

static bool is_key_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* RFC 6750's token68. */
static bool is_token_char(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("-._~+/=", c));
}

static size_t run_length(struct slice text, bool (*is_part)(char c))
{
    size_t len = 0;
    while (len < text.len && is_part(text.ptr[len]))
        len++;
    return len;
}

/* Each finder gives the length of a secret at the start of the text, 0: there
 * is none. */

static size_t named_length(struct slice text, const char *const *secrets,
                           size_t count)
{
    size_t longest = 0;
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(secrets[i]);
        if (len >= REDACT_SECRET_MIN && len > longest &&
            slice_starts(text, secrets[i]))
            longest = len;
    }
    return longest;
}

static size_t vendor_length(struct slice text)
{
    for (size_t i = 0; i < COUNTOF(vendors); i++) {
        size_t start = strlen(vendors[i].start);
        if (!slice_starts(text, vendors[i].start))
            continue;
        size_t len = run_length(text, is_key_char);
        if (len >= start + vendors[i].least)
            return len;
    }
    return 0;
}

/* To the end of the text where the end mark is missing. */
static size_t pem_length(struct slice text)
{
    if (!slice_starts(text, "-----BEGIN "))
        return 0;
    ptrdiff_t end = slice_find(text, "-----END ");
    if (end < 0)
        return text.len;
    size_t len = (size_t)end + strlen("-----END ");
    ptrdiff_t close = slice_find(slice_skip(text, len), "-----");
    return close < 0 ? text.len : len + (size_t)close + strlen("-----");
}

/* What stands before a secret of this kind is kept. */

static size_t bearer_prefix(struct slice text)
{
    static const char bearer[] = "bearer ";
    size_t len = sizeof bearer - 1;
    if (text.len <= len || strncasecmp(text.ptr, bearer, len) != 0)
        return 0;
    return run_length(slice_skip(text, len), is_token_char) >= 8 ? len : 0;
}

/* "USER:PASSWORD" or a token that stands alone, before the @. */
static size_t user_length(struct slice text)
{
    size_t len = 0;
    while (len < text.len && !isspace((unsigned char)text.ptr[len]) &&
           !strchr("/?#\"'@", text.ptr[len]))
        len++;
    return len < text.len && text.ptr[len] == '@' ? len : 0;
}

static void append_mark(struct buf *out, struct slice secret)
{
    if (secret.len < TAIL_SECRET_MIN)
        buf_append_string(out, "<redacted>");
    else
        buf_printf(out, "<redacted:%.*s>", TAIL,
                   secret.ptr + secret.len - TAIL);
}

static void replace(struct buf *out, struct slice *text, size_t len,
                    bool has_tail)
{
    if (has_tail)
        append_mark(out, (struct slice){ text->ptr, len });
    else
        buf_append_string(out, "<redacted>");
    *text = slice_skip(*text, len);
}

static void keep(struct buf *out, struct slice *text, size_t len)
{
    buf_append(out, text->ptr, len);
    *text = slice_skip(*text, len);
}

/* The characters that something which is looked for can begin with. */
struct beginnings {
    bool has[UINT8_MAX + 1];
};

static void note_beginnings(struct beginnings *beginnings,
                            const char *const *secrets, size_t count)
{
    static const char others[] = "bB-:"; /* bearer, a block, a URL */
    for (size_t i = 0; i < COUNTOF(vendors); i++)
        beginnings->has[(unsigned char)vendors[i].start[0]] = true;
    for (size_t i = 0; others[i]; i++)
        beginnings->has[(unsigned char)others[i]] = true;
    for (size_t i = 0; i < count; i++)
        beginnings->has[(unsigned char)secrets[i][0]] = true;
}

/* How many at the start of the text begin nothing. */
static size_t plain_length(const struct beginnings *beginnings,
                           struct slice text)
{
    size_t len = 0;
    while (len < text.len && !beginnings->has[(unsigned char)text.ptr[len]])
        len++;
    return len;
}

void redact_append(struct buf *out, struct slice text,
                   const char *const *secrets, size_t count)
{
    bool in_word = false; /* "task-force" holds no key */
    struct beginnings beginnings = { 0 };
    note_beginnings(&beginnings, secrets, count);
    while (text.len) {
        size_t plain = plain_length(&beginnings, text);
        if (plain) {
            in_word = isalnum((unsigned char)text.ptr[plain - 1]);
            keep(out, &text, plain);
            continue;
        }
        size_t named = named_length(text, secrets, count);
        size_t vendor = named || in_word ? 0 : vendor_length(text);
        size_t bearer = in_word ? 0 : bearer_prefix(text);
        size_t pem = pem_length(text);
        if (named || vendor) {
            replace(out, &text, named ? named : vendor, true);
        } else if (pem) {
            replace(out, &text, pem, false);
        } else if (bearer) {
            keep(out, &text, bearer);
            replace(out, &text, run_length(text, is_token_char), true);
        } else if (slice_starts(text, "://")) {
            keep(out, &text, strlen("://"));
            if (user_length(text))
                replace(out, &text, user_length(text), false);
        } else {
            in_word = isalnum((unsigned char)text.ptr[0]);
            keep(out, &text, 1);
            continue;
        }
        in_word = false;
    }
}
