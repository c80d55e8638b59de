/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/compiler.h"

enum { CLUSTER_WIDTH_MAX = 2, COMBINING_CLASS_VIRAMA = 9 };

struct range {
    uint32_t first, last;
};

/* How well the bytes at a place form a character. */
enum form { FORM_WHOLE, FORM_CUT, FORM_BROKEN };

/* The well-formed sequences: Unicode 15, table 3-7. */
static const struct lead {
    unsigned char first, last;
    unsigned char len;
    unsigned char low, high; /* what the second byte may be */
} leads[] = {
    { 0xC2, 0xDF, 2, 0x80, 0xBF }, { 0xE0, 0xE0, 3, 0xA0, 0xBF },
    { 0xE1, 0xEC, 3, 0x80, 0xBF }, { 0xED, 0xED, 3, 0x80, 0x9F },
    { 0xEE, 0xEF, 3, 0x80, 0xBF }, { 0xF0, 0xF0, 4, 0x90, 0xBF },
    { 0xF1, 0xF3, 4, 0x80, 0xBF }, { 0xF4, 0xF4, 4, 0x80, 0x8F },
};

/* Letters, marks and symbols by their category, and yet nothing is seen. */
static const struct range looks_empty[] = {
    { 0x034F, 0x034F },   /* combining grapheme joiner */
    { 0x115F, 0x1160 },   /* Hangul fillers */
    { 0x17B4, 0x17B5 },   /* Khmer inherent vowels */
    { 0x180B, 0x180F },   /* Mongolian variation selectors */
    { 0x2800, 0x2800 },   /* Braille without a dot */
    { 0x3164, 0x3164 },   /* Hangul filler */
    { 0xFE00, 0xFE0F },   /* variation selectors */
    { 0xFFA0, 0xFFA0 },   /* halfwidth Hangul filler */
    { 0xFFFC, 0xFFFC },   /* object replacement */
    { 0x13441, 0x13442 }, /* hieroglyph blanks */
    { 0x16FE4, 0x16FE4 }, /* Khitan filler */
    { 0x1D159, 0x1D159 }, /* musical null notehead */
    { 0xE0100, 0xE01EF }, /* variation selectors */
};

static const struct lead *find_lead(unsigned char byte)
{
    for (size_t i = 0; i < COUNTOF(leads); i++) {
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    }
    return NULL;
}

/* Returns the bytes of the character or maximal subpart at the start. */
static size_t scan(struct slice text, uint32_t *character, enum form *form)
{
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    *character = bytes[0];
    *form = FORM_WHOLE;
    if (bytes[0] < 0x80)
        return 1;
    const struct lead *lead = find_lead(bytes[0]);
    if (!lead) {
        *form = FORM_BROKEN;
        return 1;
    }
    unsigned char low = lead->low, high = lead->high;
    *character = bytes[0] & (0x7Fu >> lead->len);
    for (size_t i = 1; i < lead->len; i++) {
        if (i == text.len || bytes[i] < low || bytes[i] > high) {
            *form = i == text.len ? FORM_CUT : FORM_BROKEN;
            return i;
        }
        *character = *character << 6 | (bytes[i] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    return lead->len;
}

size_t utf8_decode(struct slice text, uint32_t *character)
{
    assert(text.len > 0);
    enum form form;
    size_t len = scan(text, character, &form);
    if (form != FORM_WHOLE)
        *character = UTF8_REPLACEMENT;
    return len;
}

void utf8_append(struct buf *buf, uint32_t character)
{
    bool is_scalar =
        character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF);
    uint32_t c = is_scalar ? character : UTF8_REPLACEMENT;
    size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    if (len == 1) {
        buf_append_char(buf, (char)c);
        return;
    }
    char bytes[UTF8_CHARACTER_MAX];
    for (size_t i = len - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    bytes[0] = (char)(0xF00u >> len | c);
    buf_append(buf, bytes, len);
}

/* Bytes at the start that are valid. */
static size_t valid_len(struct slice text)
{
    size_t offset = 0;
    while (offset < text.len) {
        uint32_t character;
        enum form form;
        size_t len = scan(slice_skip(text, offset), &character, &form);
        if (form != FORM_WHOLE)
            break;
        offset += len;
    }
    return offset;
}

bool utf8_is_valid(struct slice text)
{
    return valid_len(text) == text.len;
}

void utf8_append_valid(struct buf *buf, struct slice text)
{
    while (text.len) {
        size_t len = valid_len(text);
        buf_append(buf, text.ptr, len);
        text = slice_skip(text, len);
        if (text.len) {
            uint32_t replacement;
            text = slice_skip(text, utf8_decode(text, &replacement));
            utf8_append(buf, replacement);
        }
    }
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

size_t utf8_partial_tail(struct slice text)
{
    size_t len = 1;
    while (len < UTF8_CHARACTER_MAX && len < text.len &&
           is_continuation(text.ptr[text.len - len]))
        len++;
    if (len > text.len)
        return 0;
    uint32_t character;
    enum form form;
    scan(slice_skip(text, text.len - len), &character, &form);
    return form == FORM_CUT ? len : 0;
}

/* The held bytes are a proper prefix of a character, so it ends after them. */
static bool finish_partial(struct utf8_partial *partial, struct slice *text,
                           uint32_t *character)
{
    size_t held = partial->len;
    size_t room = sizeof partial->bytes - held;
    size_t taken = text->len < room ? text->len : room;
    memcpy(partial->bytes + held, text->ptr, taken);
    struct slice joined = { partial->bytes, held + taken };
    enum form form;
    size_t len = scan(joined, character, &form);
    if (form == FORM_CUT) {
        partial->len = (uint8_t)len;
        *text = slice_skip(*text, taken);
        return false;
    }
    if (form == FORM_BROKEN)
        *character = UTF8_REPLACEMENT;
    partial->len = 0;
    *text = slice_skip(*text, len - held);
    return true;
}

bool utf8_next(struct utf8_partial *partial, struct slice *text,
               uint32_t *character)
{
    if (!text->len)
        return false;
    if (partial->len)
        return finish_partial(partial, text, character);
    enum form form;
    size_t len = scan(*text, character, &form);
    if (form == FORM_CUT) {
        memcpy(partial->bytes, text->ptr, len);
        partial->len = (uint8_t)len;
    } else if (form == FORM_BROKEN) {
        *character = UTF8_REPLACEMENT;
    }
    *text = slice_skip(*text, len);
    return form != FORM_CUT;
}

/* What is above U+10FFFF counts as unassigned. */
static const utf8proc_property_t *property(uint32_t character)
{
    return utf8proc_get_property((utf8proc_int32_t)character);
}

/* Vowels and finals are drawn inside the syllable's two cells. */
static bool is_inner_jamo(uint32_t character)
{
    return (character >= 0x1160 && character <= 0x11FF) ||
           (character >= 0xD7B0 && character <= 0xD7FF);
}

int utf8_character_width(uint32_t character)
{
    if (character < 0x7F)
        return character >= 0x20;
    if (is_inner_jamo(character))
        return 0;
    if (property(character)->category == UTF8PROC_CATEGORY_MC)
        return 1;
    return utf8proc_charwidth((utf8proc_int32_t)character);
}

static bool is_ascii(char byte)
{
    return (unsigned char)byte < 0x80;
}

/* Two ASCII characters never share a cluster, but for one pair. */
static bool is_ascii_cluster(struct slice text)
{
    if (!is_ascii(text.ptr[0]))
        return false;
    if (text.len == 1)
        return true;
    return is_ascii(text.ptr[1]) &&
           !(text.ptr[0] == '\r' && text.ptr[1] == '\n');
}

static bool takes_emoji_form(uint32_t base)
{
    return utf8_is_pictograph(base) || (base >= '0' && base <= '9') ||
           base == '#' || base == '*';
}

size_t utf8_grapheme(struct slice text, int *width)
{
    assert(text.len > 0);
    if (is_ascii_cluster(text)) {
        *width = utf8_character_width((unsigned char)text.ptr[0]);
        return 1;
    }
    uint32_t before;
    utf8proc_int32_t state = 0;
    size_t offset = utf8_decode(text, &before);
    *width = utf8_character_width(before);
    while (offset < text.len) {
        uint32_t next;
        size_t len = utf8_decode(slice_skip(text, offset), &next);
        if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)before,
                                             (utf8proc_int32_t)next, &state))
            break;
        *width += utf8_character_width(next);
        if (*width > CLUSTER_WIDTH_MAX ||
            (next == UTF8_VS16 && takes_emoji_form(before)))
            *width = CLUSTER_WIDTH_MAX;
        offset += len;
        before = next;
    }
    return offset;
}

/* Where the character before `end`, which is a boundary, starts. */
static size_t step_back(struct slice text, size_t end, uint32_t *character)
{
    size_t start = end - 1;
    while (start > 0 && end - start < UTF8_CHARACTER_MAX &&
           is_continuation(text.ptr[start]))
        start--;
    struct slice last = { text.ptr + start, end - start };
    if (utf8_decode(last, character) == last.len)
        return start;
    *character = UTF8_REPLACEMENT;
    return end - 1;
}

/* A break that needs no knowledge of what stands before the two. Newer
 * versions of utf8proc hold consonants together by a virama (GB9c). */
static bool is_certain_break(uint32_t before, uint32_t after)
{
    if (before < 0x80 && after < 0x80)
        return before != '\r' || after != '\n';
    return before != UTF8_ZWJ &&
           property(before)->combining_class != COMBINING_CLASS_VIRAMA &&
           utf8proc_grapheme_break((utf8proc_int32_t)before,
                                   (utf8proc_int32_t)after);
}

size_t utf8_last_grapheme(struct slice text)
{
    assert(text.len > 0);
    uint32_t after, before;
    size_t start = step_back(text, text.len, &after);
    while (start > 0) {
        size_t earlier = step_back(text, start, &before);
        if (is_certain_break(before, after))
            break;
        start = earlier;
        after = before;
    }
    struct slice rest = slice_skip(text, start);
    for (;;) {
        int width;
        size_t len = utf8_grapheme(rest, &width);
        if (len == rest.len)
            return len;
        rest = slice_skip(rest, len);
    }
}

int utf8_width(struct slice text)
{
    int total = 0;
    while (text.len) {
        int width;
        text = slice_skip(text, utf8_grapheme(text, &width));
        if (total > INT_MAX - width)
            return INT_MAX;
        total += width;
    }
    return total;
}

struct slice utf8_prefix(struct slice text, int width)
{
    struct slice rest = text;
    while (rest.len) {
        int cells;
        size_t len = utf8_grapheme(rest, &cells);
        if (cells > width)
            break;
        width -= cells;
        rest = slice_skip(rest, len);
    }
    return (struct slice){ text.ptr, text.len - rest.len };
}

/* A bit for each general category, to ask for several at once. */
static uint32_t category_bit(uint32_t character)
{
    return 1u << property(character)->category;
}

enum {
    LETTERS = 1 << UTF8PROC_CATEGORY_LU | 1 << UTF8PROC_CATEGORY_LL |
              1 << UTF8PROC_CATEGORY_LT | 1 << UTF8PROC_CATEGORY_LM |
              1 << UTF8PROC_CATEGORY_LO,
    MARKS = 1 << UTF8PROC_CATEGORY_MN | 1 << UTF8PROC_CATEGORY_MC |
            1 << UTF8PROC_CATEGORY_ME,
    NUMBERS = 1 << UTF8PROC_CATEGORY_ND | 1 << UTF8PROC_CATEGORY_NL |
              1 << UTF8PROC_CATEGORY_NO,
    HIDDEN = 1 << UTF8PROC_CATEGORY_CC | 1 << UTF8PROC_CATEGORY_CF |
             1 << UTF8PROC_CATEGORY_CS | 1 << UTF8PROC_CATEGORY_CO |
             1 << UTF8PROC_CATEGORY_CN | 1 << UTF8PROC_CATEGORY_ZL |
             1 << UTF8PROC_CATEGORY_ZP,
};

const char *utf8_category(uint32_t character)
{
    return utf8proc_category_string((utf8proc_int32_t)character);
}

bool utf8_is_letter(uint32_t character)
{
    return category_bit(character) & LETTERS;
}

uint32_t utf8_upper(uint32_t character)
{
    return (uint32_t)utf8proc_toupper((utf8proc_int32_t)character);
}

uint32_t utf8_lower(uint32_t character)
{
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)character);
}

size_t utf8_fold(uint32_t character, uint32_t folded[UTF8_FOLD_MAX])
{
    utf8proc_int32_t parts[UTF8_FOLD_MAX];
    utf8proc_ssize_t count = utf8proc_decompose_char(
        (utf8proc_int32_t)character, parts, UTF8_FOLD_MAX,
        (utf8proc_option_t)(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                            UTF8PROC_CASEFOLD),
        NULL);
    if (count < 0 || count > UTF8_FOLD_MAX)
        count = 0;
    for (utf8proc_ssize_t i = 0; i < count; i++)
        folded[i] = (uint32_t)parts[i];
    return (size_t)count;
}

/* A piece of a text that is brought into a form by itself. What is put in order
 * is sorted in a time that is the square of its length. */
enum { FORM_PIECE = 128, FORM_PIECE_MAX = 256 /* bytes */ };

/* Whether what follows changes nothing of what was before. */
static bool is_apart(uint32_t before, uint32_t after)
{
    const uint32_t format = 1u << UTF8PROC_CATEGORY_CF;
    return !((category_bit(before) | category_bit(after)) & format) &&
           utf8proc_grapheme_break((utf8proc_int32_t)before,
                                   (utf8proc_int32_t)after);
}

static struct slice form_piece(struct slice text)
{
    uint32_t before = 0, after;
    size_t len = 0;
    while (len < text.len && len < FORM_PIECE_MAX) {
        size_t used = utf8_decode(slice_skip(text, len), &after);
        if (len >= FORM_PIECE && is_apart(before, after))
            break;
        before = after;
        len += used;
    }
    return (struct slice){ text.ptr, len };
}

void utf8_append_form(struct buf *buf, struct slice text, enum utf8_form form)
{
    static const int options[] = {
        [UTF8_COMPOSED] = UTF8PROC_COMPOSE,
        [UTF8_SEEN] = UTF8PROC_COMPOSE | UTF8PROC_IGNORE,
        [UTF8_USUAL] = UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_IGNORE,
    };
    while (text.len) {
        struct slice piece = form_piece(text);
        utf8proc_uint8_t *formed = NULL;
        utf8proc_ssize_t len = utf8proc_map(
            (const utf8proc_uint8_t *)piece.ptr, (utf8proc_ssize_t)piece.len,
            &formed, (utf8proc_option_t)options[form]);
        if (len >= 0)
            buf_append_slice(
                buf, (struct slice){ (const char *)formed, (size_t)len });
        else
            buf_append_slice(buf, piece);
        free(formed);
        text = slice_skip(text, piece.len);
    }
}

bool utf8_is_word(uint32_t character)
{
    return category_bit(character) & (LETTERS | MARKS | NUMBERS);
}

bool utf8_is_printable(uint32_t character)
{
    if (character < 0x7F)
        return character >= 0x20;
    for (size_t i = 0; i < COUNTOF(looks_empty); i++) {
        if (character >= looks_empty[i].first &&
            character <= looks_empty[i].last)
            return false;
    }
    return !(category_bit(character) & HIDDEN);
}

bool utf8_is_extender(uint32_t character)
{
    unsigned boundary = property(character)->boundclass;
    return boundary == UTF8PROC_BOUNDCLASS_EXTEND ||
           boundary == UTF8PROC_BOUNDCLASS_SPACINGMARK;
}

bool utf8_is_pictograph(uint32_t character)
{
    return property(character)->boundclass ==
           UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

const char *utf8_library(void)
{
    return utf8proc_version();
}

const char *utf8_unicode(void)
{
    return utf8proc_unicode_version();
}
