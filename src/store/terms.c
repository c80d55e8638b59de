/* SPDX-License-Identifier: MIT */
#include "store/terms.h"

#include "base/compiler.h"
#include "base/utf8.h"

struct range {
    uint32_t first, last;
};

/* Blocks of Unicode whose characters are terms of their own. */
static const struct range alone[] = {
    { 0x0E00, 0x0EFF },   /* Thai, Lao */
    { 0x1000, 0x109F },   /* Myanmar */
    { 0x1780, 0x17FF },   /* Khmer */
    { 0x3005, 0x3007 },   /* the marks of Han that stand for one */
    { 0x3040, 0x30FF },   /* kana */
    { 0x31F0, 0x31FF },   /* more of them */
    { 0x3400, 0x4DBF },   /* Han */
    { 0x4E00, 0x9FFF },   /* Han */
    { 0xAC00, 0xD7A3 },   /* Hangul */
    { 0xF900, 0xFAFF },   /* Han */
    { 0x20000, 0x3FFFF }, /* Han */
};

/* What a word may be written with or without: diacritics, the points of Hebrew
 * and Arabic, the bar of Arabic; variation selectors. Not the vowels of India. */
static const struct range optional[] = {
    { 0x0300, 0x036F }, { 0x0591, 0x05C7 }, { 0x0610, 0x061A },
    { 0x0640, 0x0640 }, { 0x064B, 0x065F }, { 0x0670, 0x0670 },
    { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF },
    { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
};

static bool is_in(uint32_t character, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count && character >= ranges[i].first; i++) {
        if (character <= ranges[i].last)
            return true;
    }
    return false;
}

/* Of the bytes that words are mostly made of, the letter; 0: no part of one. */
static char fold_ascii(char byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return (char)(byte - 'A' + 'a');
    bool is_part = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
    return is_part ? byte : '\0';
}

static void add_folded(struct terms *terms, uint32_t character)
{
    uint32_t folded[UTF8_FOLD_MAX];
    size_t count = utf8_fold(character, folded);
    for (size_t i = 0; i < count; i++) {
        if (terms->term.len < TERM_LEN_MAX && utf8_is_word(folded[i]) &&
            !is_in(folded[i], optional, COUNTOF(optional)))
            utf8_append(&terms->term, folded[i]);
    }
}

/* The character at terms->end, if it is part of the term. */
static bool take(struct terms *terms)
{
    struct slice rest = slice_skip(terms->text, terms->end);
    uint32_t character;
    if (!(*rest.ptr & 0x80)) {
        char letter = fold_ascii(*rest.ptr);
        if (letter && terms->term.len < TERM_LEN_MAX)
            buf_append_char(&terms->term, letter);
        terms->end += letter != '\0';
        return letter;
    }
    size_t len = utf8_decode(rest, &character);
    if (!utf8_is_word(character) || is_in(character, alone, COUNTOF(alone)))
        return false;
    add_folded(terms, character);
    terms->end += len;
    return true;
}

/* Go to the next character that is part of a term; *len of one that is a term,
 * else 0. */
static bool find(struct terms *terms, uint32_t *character, size_t *len)
{
    for (; terms->begin < terms->text.len; terms->begin += *len) {
        struct slice rest = slice_skip(terms->text, terms->begin);
        *len = 1;
        if (!(*rest.ptr & 0x80)) {
            if (!fold_ascii(*rest.ptr))
                continue;
            *len = 0;
            return true;
        }
        *len = utf8_decode(rest, character);
        if (!utf8_is_word(*character))
            continue;
        if (!is_in(*character, alone, COUNTOF(alone)))
            *len = 0;
        return true;
    }
    return false;
}

/* A mark that stands alone leaves nothing. */
bool terms_next(struct terms *terms)
{
    uint32_t character = 0;
    size_t len = 0;
    do {
        terms->begin = terms->end;
        buf_reset(&terms->term);
        if (!find(terms, &character, &len))
            return false;
        terms->end = terms->begin + len;
        terms->is_character = len != 0;
        if (len)
            utf8_append(&terms->term, character);
        else
            while (terms->end < terms->text.len && take(terms))
                ;
    } while (!terms->term.len);
    return true;
}

void terms_clear(struct terms *terms)
{
    buf_clear(&terms->term);
    *terms = (struct terms){ 0 };
}

size_t terms_append(struct buf *out, struct slice text)
{
    struct terms terms = { .text = text };
    size_t count = 0;
    while (terms_next(&terms)) {
        buf_append_slice(out, buf_slice(&terms.term));
        buf_append_char(out, ' ');
        count++;
    }
    terms_clear(&terms);
    return count;
}
