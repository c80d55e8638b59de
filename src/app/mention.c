/* SPDX-License-Identifier: MIT */
#include "app/mention.h"

#include <string.h>

#include "app/attach.h"

static const char blanks[] = " \t\n";

static bool is_in(const char *set, char c)
{
    return c && strchr(set, c);
}

/* What a word is quoted by, if it begins with that; else NUL. */
static char quote_of(struct slice word)
{
    return word.len && is_in("\"'", word.ptr[0]) ? word.ptr[0] : '\0';
}

/* The length of a word, up to a blank that is not quoted. A quote that nobody
 * closes ends with its line. */
static size_t word_len(struct slice text)
{
    char quote = quote_of(text);
    size_t i = quote != '\0';
    for (; i < text.len && text.ptr[i] != '\n'; i++) {
        char c = text.ptr[i];
        if (c == '\\' && quote != '\'' && i + 1 < text.len)
            i += text.ptr[i + 1] != '\n';
        else if (quote && c == quote)
            quote = '\0';
        else if (!quote && is_in(blanks, c))
            break;
    }
    return i;
}

struct slice mention_cut_word(struct slice *words)
{
    struct slice word = { words->ptr, word_len(*words) };
    *words = slice_trim(slice_skip(*words, word.len));
    return word;
}

void mention_unquote(struct buf *out, struct slice word)
{
    char quote = quote_of(word);
    for (size_t i = quote != '\0'; i < word.len; i++) {
        char c = word.ptr[i];
        if (c == '\\' && quote != '\'' && i + 1 < word.len)
            buf_append_char(out, word.ptr[++i]);
        else if (quote && c == quote)
            quote = '\0';
        else
            buf_append_char(out, c);
    }
}

void mention_quote(struct buf *out, struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (is_in(" \t\"'\\", name.ptr[i]))
            buf_append_char(out, '\\');
        buf_append_char(out, name.ptr[i]);
    }
}

static bool can_start(struct slice text, size_t at)
{
    return text.ptr[at] == '@' &&
           (at == 0 || is_in(" \t\n([{<\"'`", text.ptr[at - 1]));
}

bool mention_next(struct slice text, size_t *offset, struct mention *mention)
{
    for (size_t at = *offset; at < text.len; at++) {
        if (!can_start(text, at))
            continue;
        mention->start = at + 1;
        mention->len = word_len(slice_skip(text, at + 1));
        *offset = at + 1 + mention->len;
        return true;
    }
    *offset = text.len;
    return false;
}

static bool names_file(struct buf *place, struct slice word)
{
    buf_reset(place);
    mention_unquote(place, word);
    return place->len && attach_find(buf_string(place), NULL);
}

/* Marks are taken off its end one by one, as long as there is no such file. */
static bool find_file(struct buf *place, struct slice word)
{
    while (word.len && !names_file(place, word)) {
        if (!is_in(".,;:!?)]}>\"'`", word.ptr[word.len - 1]))
            return false;
        word.len--;
    }
    return word.len > 0;
}

bool mention_find(struct slice text, size_t *offset, struct mention *mention,
                  struct buf *place)
{
    struct buf found = { 0 };
    bool is_found = false;
    while (!is_found && mention_next(text, offset, mention))
        is_found = find_file(
            &found, (struct slice){ text.ptr + mention->start, mention->len });
    if (is_found)
        buf_append_slice(place, buf_slice(&found));
    buf_clear(&found);
    return is_found;
}

bool mention_at(struct slice text, size_t caret, struct mention *mention)
{
    size_t offset = 0;
    while (mention_next(text, &offset, mention)) {
        if (mention->start <= caret && caret <= mention->start + mention->len)
            return true;
        if (mention->start > caret)
            return false;
    }
    return false;
}
