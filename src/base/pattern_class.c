/* SPDX-License-Identifier: MIT */
#include "base/pattern_class.h"

#include <string.h>

#include "base/compiler.h"
#include "base/json_string.h"
#include "base/utf8.h"

enum { CHARACTER_LAST = 0x10FFFF };

/* The general categories whose long names people write. */
static const struct {
    const char *name, *category;
} category_names[] = {
    { "Letter", "L" },
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
    { "punct", "P" },
    { "Symbol", "S" },
    { "Math_Symbol", "Sm" },
    { "Currency_Symbol", "Sc" },
    { "Separator", "Z" },
    { "Space_Separator", "Zs" },
    { "Other", "C" },
    { "Control", "Cc" },
};

void pattern_class_clear(struct pattern_class *set)
{
    array_clear(&set->sets);
}

bool pattern_is_line_end(uint32_t character)
{
    return character == '\n' || character == '\r' || character == 0x2028 ||
           character == 0x2029;
}

static bool is_digit(uint32_t character)
{
    return character >= '0' && character <= '9';
}

bool pattern_is_word(uint32_t character)
{
    return is_digit(character) || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || character == '_';
}

/* ECMA-262, WhiteSpace and LineTerminator. */
static bool is_space(uint32_t character)
{
    return (character >= 0x09 && character <= 0x0D) || character == 0xFEFF ||
           pattern_is_line_end(character) ||
           strcmp(utf8_category(character), "Zs") == 0;
}

static bool is_in_set(const struct pattern_set *set, uint32_t character)
{
    switch (set->kind) {
    case PATTERN_SET_RANGE:
        return character >= set->first && character <= set->last;
    case PATTERN_SET_DIGITS: return is_digit(character);
    case PATTERN_SET_WORD: return pattern_is_word(character);
    case PATTERN_SET_SPACE: return is_space(character);
    case PATTERN_SET_CATEGORY:
        return strncmp(utf8_category(character), set->category,
                       strlen(set->category)) == 0;
    }
    return false;
}

bool pattern_class_has(const struct pattern_class *set, uint32_t character)
{
    bool is_in = false;
    for (size_t i = 0; !is_in && i < set->sets.count; i++)
        is_in = is_in_set(&set->sets.items[i], character) !=
                set->sets.items[i].is_negated;
    return is_in != set->is_negated;
}

bool pattern_class_single(const struct pattern_class *set, uint32_t *character)
{
    if (set->is_negated || set->sets.count != 1)
        return false;
    const struct pattern_set *only = &set->sets.items[0];
    *character = only->first;
    return only->kind == PATTERN_SET_RANGE && only->first == only->last;
}

static bool take(struct slice *rest, const char *text)
{
    if (!slice_starts(*rest, text))
        return false;
    *rest = slice_skip(*rest, strlen(text));
    return true;
}

static uint32_t take_character(struct slice *rest)
{
    uint32_t character;
    *rest = slice_skip(*rest, utf8_decode(*rest, &character));
    return character;
}

/* Digits of a fixed count; false leaves the rest as it is. */
static bool take_hex(struct slice *rest, size_t count, uint32_t *value)
{
    if (rest->len < count)
        return false;
    uint32_t number = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = json_hex_digit(rest->ptr[i]);
        if (digit < 0)
            return false;
        number = number * 16 + (uint32_t)digit;
    }
    *rest = slice_skip(*rest, count);
    *value = number;
    return true;
}

/* {1F600} */
static bool take_braced_hex(struct slice *rest, uint32_t *value)
{
    struct slice inside = *rest;
    uint32_t number = 0, digit;
    if (!take(&inside, "{"))
        return false;
    while (number <= CHARACTER_LAST && take_hex(&inside, 1, &digit))
        number = number * 16 + digit;
    if (number > CHARACTER_LAST || !take(&inside, "}"))
        return false;
    *rest = inside;
    *value = number;
    return true;
}

/* After "\u": one unit, a pair of them, or {...}. */
static bool take_unit(struct slice *rest, uint32_t *value)
{
    if (take_braced_hex(rest, value))
        return true;
    if (!take_hex(rest, 4, value))
        return false;
    struct slice behind = *rest;
    uint32_t low;
    bool is_pair = *value >= 0xD800 && *value <= 0xDBFF &&
                   take(&behind, "\\u") && take_hex(&behind, 4, &low) &&
                   low >= 0xDC00 && low <= 0xDFFF;
    if (is_pair) {
        *value = 0x10000 + ((*value - 0xD800) << 10) + (low - 0xDC00);
        *rest = behind;
    }
    return true;
}

/* The character that an escape stands for, after its letter. */
static uint32_t escaped_character(struct slice *rest, uint32_t letter)
{
    uint32_t value;
    switch (letter) {
    case 't': return '\t';
    case 'n': return '\n';
    case 'v': return '\v';
    case 'f': return '\f';
    case 'r': return '\r';
    case '0': return 0;
    case 'c': return rest->len ? take_character(rest) % 32 : 'c';
    case 'x': return take_hex(rest, 2, &value) ? value : 'x';
    case 'u': return take_unit(rest, &value) ? value : 'u';
    default: return letter;
    }
}

/* {Lu}, {Letter}, {gc=L}: after \p or \P. */
static bool take_category(struct pattern_set *set, struct slice *rest,
                          struct error *err)
{
    ptrdiff_t end = slice_find(*rest, "}");
    if (end < 0 || !take(rest, "{"))
        return error_set(err, ERROR_CONFIG, "has \\p without {a category}");
    struct slice name = { rest->ptr, (size_t)end - 1 };
    *rest = slice_skip(*rest, (size_t)end);
    if (!take(&name, "gc="))
        take(&name, "General_Category=");
    struct slice category = name;
    for (size_t i = 0; i < COUNTOF(category_names); i++) {
        if (slice_is(name, category_names[i].name))
            category = slice_of(category_names[i].category);
    }
    if (!category.len || category.len >= sizeof set->category)
        return error_set(err, ERROR_CONFIG,
                         "asks for the property %.*s; only general categories "
                         "are known",
                         SLICE_ARG(name));
    set->kind = PATTERN_SET_CATEGORY;
    memcpy(set->category, category.ptr, category.len);
    return true;
}

static bool parse_escape(struct pattern_set *set, struct slice *rest,
                         struct error *err)
{
    if (!rest->len)
        return error_set(err, ERROR_CONFIG, "ends with a backslash");
    uint32_t letter = take_character(rest);
    *set = (struct pattern_set){ 0 };
    set->is_negated = letter < 0x80 && strchr("DWSP", (int)letter) && letter;
    switch (letter) {
    case 'd':
    case 'D': set->kind = PATTERN_SET_DIGITS; return true;
    case 'w':
    case 'W': set->kind = PATTERN_SET_WORD; return true;
    case 's':
    case 'S': set->kind = PATTERN_SET_SPACE; return true;
    case 'p':
    case 'P': return take_category(set, rest, err);
    default: break;
    }
    set->first = set->last = escaped_character(rest, letter);
    return true;
}

bool pattern_class_escape(struct pattern_class *out, struct slice *rest,
                          struct error *err)
{
    struct pattern_set set;
    if (!parse_escape(&set, rest, err))
        return false;
    *array_add(&out->sets) = set;
    return true;
}

/* One character or escape within brackets. */
static bool parse_atom(struct pattern_set *set, struct slice *rest,
                       struct error *err)
{
    if (take(rest, "\\b")) {
        *set = (struct pattern_set){ .first = '\b', .last = '\b' };
        return true;
    }
    if (take(rest, "\\"))
        return parse_escape(set, rest, err);
    uint32_t character = take_character(rest);
    *set = (struct pattern_set){ .first = character, .last = character };
    return true;
}

/* "a-z" or "a"; a dash beside a set, or at the end, is itself. */
static bool parse_range(struct pattern_class *out, struct slice *rest,
                        struct error *err)
{
    struct pattern_set set, last;
    if (!parse_atom(&set, rest, err))
        return false;
    bool is_range = set.kind == PATTERN_SET_RANGE && rest->len > 1 &&
                    rest->ptr[0] == '-' && rest->ptr[1] != ']';
    struct slice behind = *rest;
    if (is_range) {
        behind = slice_skip(behind, 1);
        if (!parse_atom(&last, &behind, err))
            return false;
        is_range = last.kind == PATTERN_SET_RANGE;
    }
    if (is_range) {
        if (last.last < set.first)
            return error_set(err, ERROR_CONFIG, "has a range that is reversed");
        set.last = last.last;
        *rest = behind;
    }
    *array_add(&out->sets) = set;
    return true;
}

bool pattern_class_parse(struct pattern_class *out, struct slice *rest,
                         struct error *err)
{
    out->is_negated = take(rest, "^");
    while (rest->len) {
        if (take(rest, "]"))
            return true;
        if (!parse_range(out, rest, err))
            return false;
    }
    return error_set(err, ERROR_CONFIG, "has a [ without its ]");
}
