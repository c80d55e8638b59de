/* SPDX-License-Identifier: MIT */
#include "base/pattern.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/utf8.h"

enum {
    FIRST_STEPS = 64, /* that a search may take before it is begun anew with */
    MORE_STEPS = 8,   /* so many times as many */
    /* Bytes whose beginnings are tried between two looks at the clock, of so
     * many steps each; where those do not suffice, of so many by itself. */
    LOOK_BLOCK = 256,
    LOOK_STEPS = 20 * 1000,
    LOOK_STEPS_ALONE = 2 * 1000 * 1000,
    WORDS_SIZE = 160,
};

struct pattern {
    pcre2_code *code;
};

static bool refuse(int code, size_t at, struct error *err)
{
    PCRE2_UCHAR words[WORDS_SIZE];
    if (pcre2_get_error_message(code, words, sizeof words) < 0)
        words[0] = '\0';
    bool is_large = code == PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP ||
                    code == PCRE2_ERROR_PATTERN_TOO_LARGE ||
                    code == PCRE2_ERROR_HEAP_FAILED;
    return error_set(err, is_large ? ERROR_LIMIT : ERROR_CONFIG,
                     "is not understood at character %zu: %s", at + 1,
                     (const char *)words);
}

static bool take_unit(struct slice text, size_t at, unsigned *unit)
{
    if (at + 6 > text.len || text.ptr[at] != '\\' || text.ptr[at + 1] != 'u')
        return false;
    *unit = 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        char c = text.ptr[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                                : 16;
        if (digit > 15)
            return false;
        *unit = *unit * 16 + digit;
    }
    return true;
}

/* ECMA-262 spells general categories out, too; PCRE2 knows the short names. */
static const struct {
    const char *spelled, *brief;
} categories[] = {
    { "Letter", "L" },
    { "Cased_Letter", "L&" },
    { "Uppercase_Letter", "Lu" },
    { "Lowercase_Letter", "Ll" },
    { "Titlecase_Letter", "Lt" },
    { "Modifier_Letter", "Lm" },
    { "Other_Letter", "Lo" },
    { "Mark", "M" },
    { "Nonspacing_Mark", "Mn" },
    { "Spacing_Mark", "Mc" },
    { "Enclosing_Mark", "Me" },
    { "Number", "N" },
    { "Decimal_Number", "Nd" },
    { "digit", "Nd" },
    { "Letter_Number", "Nl" },
    { "Other_Number", "No" },
    { "Punctuation", "P" },
    { "Symbol", "S" },
    { "Math_Symbol", "Sm" },
    { "Currency_Symbol", "Sc" },
    { "Separator", "Z" },
    { "Space_Separator", "Zs" },
    { "Other", "C" },
    { "Control", "Cc" },
    { "Format", "Cf" },
};

/* "\p{gc=Letter}" at `at`: append "\p{L}". Returns how many bytes it took; 0: it
 * is none. */
static size_t take_category(struct slice source, size_t at, struct buf *out)
{
    static const char *const prefixes[] = { "gc=", "General_Category=" };
    struct slice rest = slice_skip(source, at);
    if (!slice_starts(rest, "\\p{") && !slice_starts(rest, "\\P{"))
        return 0;
    struct slice name = slice_skip(rest, 3);
    const char *end = name.len ? memchr(name.ptr, '}', name.len) : NULL;
    if (!end)
        return 0;
    name.len = (size_t)(end - name.ptr);
    size_t used = 3 + name.len + 1;
    for (size_t i = 0; i < COUNTOF(prefixes); i++) {
        if (slice_starts(name, prefixes[i]))
            name = slice_skip(name, strlen(prefixes[i]));
    }
    for (size_t i = 0; i < COUNTOF(categories); i++) {
        if (slice_is(name, categories[i].spelled))
            name = slice_of(categories[i].brief);
    }
    buf_printf(out, "%.3s%.*s}", rest.ptr, SLICE_ARG(name));
    return used;
}

/* \ud83d\ude00 is one character to ECMA-262 and two halves to PCRE2. */
static void translate(struct slice source, struct buf *out)
{
    for (size_t i = 0; i < source.len; i++) {
        size_t taken = take_category(source, i, out);
        if (taken) {
            i += taken - 1;
            continue;
        }
        unsigned high, low;
        bool is_pair = take_unit(source, i, &high) && high >= 0xD800 &&
                       high < 0xDC00 && take_unit(source, i + 6, &low) &&
                       low >= 0xDC00 && low < 0xE000;
        if (is_pair) {
            buf_printf(out, "\\u{%X}",
                       0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
            i += 11;
            continue;
        }
        /* An escaped backslash begins no escape. */
        if (source.ptr[i] == '\\' && i + 1 < source.len)
            buf_append_char(out, source.ptr[i++]);
        buf_append_char(out, source.ptr[i]);
    }
}

static pcre2_code *compile(struct slice source, struct error *err)
{
    struct buf text = { 0 };
    int code = 0;
    size_t at = 0;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    translate(source, &text);
    pcre2_set_parens_nest_limit(context, PATTERN_DEPTH_MAX);
    pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALT_BSUX);
    pcre2_code *made =
        pcre2_compile((PCRE2_SPTR)buf_string(&text), text.len,
                      PCRE2_UTF | PCRE2_DOLLAR_ENDONLY |
                          PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF |
                          PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT,
                      &code, &at, context);
    pcre2_compile_context_free(context);
    buf_clear(&text);
    if (!made)
        refuse(code, at, err);
    return made;
}

struct pattern *pattern_new(struct slice source, struct error *err)
{
    if (source.len > PATTERN_SOURCE_MAX) {
        error_set(err, ERROR_LIMIT, "is longer than %d bytes",
                  PATTERN_SOURCE_MAX);
        return NULL;
    }
    pcre2_code *code = compile(source, err);
    if (!code)
        return NULL;
    struct pattern *pattern = memory_zero(1, sizeof *pattern);
    pattern->code = code;
    return pattern;
}

void pattern_free(struct pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_code_free(pattern->code);
    free(pattern);
}

size_t pattern_size(const struct pattern *pattern)
{
    size_t size = 0;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_SIZE, &size);
    return size;
}

static int search(const struct pattern *pattern, struct slice text,
                  uint32_t steps)
{
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_set_match_limit(context, steps);
    pcre2_set_depth_limit(context, steps);
    pcre2_set_heap_limit(context, PATTERN_HEAP_KB);
    int code =
        pcre2_match(pattern->code, (PCRE2_SPTR)(text.ptr ? text.ptr : ""),
                    text.len, 0, 0, data, context);
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
    return code;
}

/* PCRE2 tells only that a limit was reached, so the limit grows. A text that is
 * no UTF-8 matches nothing. */
bool pattern_find(const struct pattern *pattern, struct slice text,
                  uint64_t *left)
{
    uint64_t steps = FIRST_STEPS + text.len;
    for (;; steps *= MORE_STEPS) {
        if (steps > *left || steps > UINT32_MAX) {
            *left = 0;
            return false;
        }
        *left -= steps;
        int code = search(pattern, text, (uint32_t)steps);
        if (code != PCRE2_ERROR_MATCHLIMIT && code != PCRE2_ERROR_DEPTHLIMIT &&
            code != PCRE2_ERROR_HEAPLIMIT)
            return code >= 0;
    }
}

struct pattern_look {
    const struct pattern *pattern;
    struct slice text;
    pcre2_match_context *context;
    pcre2_match_data *data;
    int64_t until;
};

/* Parts end where characters do. */
static size_t part_end(struct slice text, size_t at, size_t len)
{
    at = text.len - at > len ? at + len : text.len;
    while (at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80)
        at++;
    return at;
}

/* What begins from `from` to `to`; a code of PCRE2. */
static int look_from(const struct pattern_look *look, size_t from, size_t to,
                     uint32_t steps)
{
    pcre2_set_match_limit(look->context, steps);
    pcre2_set_depth_limit(look->context, steps);
    pcre2_set_offset_limit(look->context, to);
    return pcre2_match(look->pattern->code,
                       (PCRE2_SPTR)(look->text.ptr ? look->text.ptr : ""),
                       look->text.len, from, from ? PCRE2_NO_UTF_CHECK : 0,
                       look->data, look->context);
}

static int look_one_by_one(const struct pattern_look *look, size_t from,
                           size_t to)
{
    int code = PCRE2_ERROR_NOMATCH;
    while (code == PCRE2_ERROR_NOMATCH && from < to) {
        size_t next = part_end(look->text, from, 1);
        code = look_from(look, from, from, LOOK_STEPS_ALONE);
        if (clock_monotonic_ms() > look->until && next < look->text.len)
            return PCRE2_ERROR_MATCHLIMIT;
        from = next;
    }
    return code;
}

static int look_by_blocks(const struct pattern_look *look)
{
    for (size_t from = 0;;) {
        size_t to = part_end(look->text, from, LOOK_BLOCK);
        int code = look_from(look, from, to, LOOK_STEPS);
        if (code == PCRE2_ERROR_MATCHLIMIT || code == PCRE2_ERROR_DEPTHLIMIT)
            code = look_one_by_one(look, from, to);
        if (code != PCRE2_ERROR_NOMATCH || to == look->text.len)
            return code;
        if (clock_monotonic_ms() > look->until)
            return PCRE2_ERROR_MATCHLIMIT;
        from = to;
    }
}

struct pattern_look *pattern_look_new(const struct pattern *pattern)
{
    struct pattern_look *look = memory_zero(1, sizeof *look);
    look->pattern = pattern;
    look->context = pcre2_match_context_create(NULL);
    look->data = pcre2_match_data_create(1, NULL);
    pcre2_set_heap_limit(look->context, PATTERN_HEAP_KB);
    return look;
}

void pattern_look_free(struct pattern_look *look)
{
    if (!look)
        return;
    pcre2_match_data_free(look->data);
    pcre2_match_context_free(look->context);
    free(look);
}

/* PCRE2 counts the steps of each beginning by itself: it is the clock that
 * bounds all together. */
enum pattern_verdict pattern_look_at(struct pattern_look *look,
                                     struct slice text, int64_t most_ms)
{
    look->text = text;
    look->until = clock_monotonic_ms() + most_ms;
    int code = look_by_blocks(look);
    return code == PCRE2_ERROR_NOMATCH ? PATTERN_IS_NOT_IN
           : code >= 0                 ? PATTERN_IS_IN
                                       : PATTERN_GAVE_UP;
}

enum pattern_verdict pattern_look(const struct pattern *pattern,
                                  struct slice text, int64_t most_ms)
{
    struct pattern_look *look = pattern_look_new(pattern);
    enum pattern_verdict verdict = pattern_look_at(look, text, most_ms);
    pattern_look_free(look);
    return verdict;
}
