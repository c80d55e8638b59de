/* SPDX-License-Identifier: MIT */
#include "chat/arithmetic.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

enum {
    NUMBER_MAX = 40, /* bytes of one */
    DEPTH_MAX = 8,   /* brackets in brackets */
    UNIT_WORDS = 2,  /* behind a number */
    UNIT_LETTERS = 12,
    TERMS_MAX = 40, /* of one expression */
};

/* Where the parser stands, and what it has met. */
struct reader {
    struct slice rest;
    int depth, terms;
    bool is_exact; /* whole numbers, and no division */
    bool has_percent, has_sum;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

size_t arithmetic_number(struct slice text, double *value)
{
    char digits[NUMBER_MAX];
    size_t len = 0, used = 0;
    bool has_point = false;
    while (len < text.len && used + 1 < sizeof digits) {
        char c = text.ptr[len];
        bool goes_on = len + 1 < text.len && is_digit(text.ptr[len + 1]);
        if (is_digit(c)) {
            digits[used++] = c;
        } else if (c == '.' && !has_point && used && goes_on) {
            digits[used++] = c;
            has_point = true;
        } else if (!(c == ',' && used && !has_point && len + 3 < text.len &&
                     is_digit(text.ptr[len + 1]) &&
                     is_digit(text.ptr[len + 2]) &&
                     is_digit(text.ptr[len + 3]))) {
            break;
        }
        len++;
    }
    digits[used] = '\0';
    if (used)
        *value = strtod(digits, NULL);
    return used ? len : 0;
}

static void skip(struct reader *reader, size_t len)
{
    reader->rest = slice_skip(reader->rest, len);
}

static bool take(struct reader *reader, const char *sign)
{
    if (!slice_starts(reader->rest, sign))
        return false;
    skip(reader, strlen(sign));
    return true;
}

static void skip_blanks(struct reader *reader)
{
    while (reader->rest.len &&
           (*reader->rest.ptr == ' ' || *reader->rest.ptr == '\t'))
        skip(reader, 1);
}

/* What stands around numbers and means nothing to them. */
static void skip_dress(struct reader *reader)
{
    static const char *const dress[] = { "$",        "\\$",      "\xE2\x82\xAC",
                                         "\xC2\xA3", "\\boxed{", "\\,",
                                         "\\(",      "**" };
    bool has_skipped;
    do {
        skip_blanks(reader);
        has_skipped = false;
        for (size_t i = 0; i < COUNTOF(dress); i++)
            has_skipped |= take(reader, dress[i]);
    } while (has_skipped);
}

static size_t word_len(struct slice text)
{
    size_t len = 0;
    while (len < text.len && isalpha((unsigned char)text.ptr[len]))
        len++;
    return len;
}

/* "hours", "square feet"; not the x of a product. */
static void skip_unit(struct reader *reader)
{
    for (int words = 0; words < UNIT_WORDS; words++) {
        struct reader before = *reader;
        skip_blanks(reader);
        size_t len = word_len(reader->rest);
        bool is_product = len == 1 && (*reader->rest.ptr | 0x20) == 'x';
        if (!len || len > UNIT_LETTERS || is_product) {
            *reader = before;
            return;
        }
        skip(reader, len);
    }
}

static bool read_sum(struct reader *reader, double *value);

static bool read_operand(struct reader *reader, double *value)
{
    skip_dress(reader);
    if (reader->terms++ > TERMS_MAX || reader->depth > DEPTH_MAX)
        return false;
    if (take(reader, "(")) {
        reader->depth++;
        bool ok = read_sum(reader, value);
        reader->depth--;
        skip_blanks(reader);
        return ok && take(reader, ")");
    }
    bool is_negative = take(reader, "-");
    size_t len = arithmetic_number(reader->rest, value);
    if (!len)
        return false;
    skip(reader, len);
    /* "2y": who knows what y is. */
    if (word_len(reader->rest) == 1 && (*reader->rest.ptr | 0x20) != 'x')
        return false;
    reader->is_exact &= *value == floor(*value);
    if (take(reader, "%") || take(reader, "\\%")) {
        *value /= 100;
        reader->has_percent = true;
        reader->is_exact = false;
    }
    if (is_negative)
        *value = -*value;
    return true;
}

static bool read_power(struct reader *reader, double *value)
{
    double exponent;
    if (!read_operand(reader, value))
        return false;
    struct reader before = *reader;
    if (take(reader, "^") && read_operand(reader, &exponent))
        *value = pow(*value, exponent);
    else
        *reader = before;
    return true;
}

enum sign { SIGN_NONE, SIGN_PLUS, SIGN_MINUS, SIGN_TIMES, SIGN_OVER };

static enum sign take_sign(struct reader *reader)
{
    static const struct {
        const char *text;
        enum sign sign;
    } signs[] = {
        { "+", SIGN_PLUS },
        { "-", SIGN_MINUS },
        { "\xE2\x88\x92", SIGN_MINUS },
        { "\\*", SIGN_TIMES },
        { "*", SIGN_TIMES },
        { "x ", SIGN_TIMES },
        { "X ", SIGN_TIMES },
        { "\xC3\x97", SIGN_TIMES },
        { "\xC2\xB7", SIGN_TIMES },
        { "\\times", SIGN_TIMES },
        { "\\cdot", SIGN_TIMES },
        { "/", SIGN_OVER },
        { "\xC3\xB7", SIGN_OVER },
        { "\\div", SIGN_OVER },
    };
    struct reader before = *reader;
    skip_unit(reader);
    skip_blanks(reader);
    for (size_t i = 0; i < COUNTOF(signs); i++)
        if (take(reader, signs[i].text))
            return signs[i].sign;
    *reader = before;
    return SIGN_NONE;
}

static bool read_product(struct reader *reader, double *value)
{
    if (!read_power(reader, value))
        return false;
    for (;;) {
        struct reader before = *reader;
        double factor;
        enum sign sign = take_sign(reader);
        if ((sign != SIGN_TIMES && sign != SIGN_OVER) ||
            !read_power(reader, &factor)) {
            *reader = before;
            return true;
        }
        reader->is_exact &= sign == SIGN_TIMES;
        *value = sign == SIGN_TIMES ? *value * factor : *value / factor;
    }
}

static bool read_sum(struct reader *reader, double *value)
{
    if (!read_product(reader, value))
        return false;
    for (;;) {
        struct reader before = *reader;
        double term;
        enum sign sign = take_sign(reader);
        if ((sign != SIGN_PLUS && sign != SIGN_MINUS) ||
            !read_product(reader, &term)) {
            *reader = before;
            return true;
        }
        reader->has_sum = true;
        *value += sign == SIGN_PLUS ? term : -term;
    }
}

/* "<<3*60=180>>", as some models write what they work out: it is looked at by
 * itself. */
static void skip_note(struct reader *reader)
{
    skip_dress(reader);
    if (!slice_starts(reader->rest, "<<"))
        return;
    ptrdiff_t end = slice_find(reader->rest, ">>");
    if (end >= 0)
        skip(reader, (size_t)end + 2);
    skip_dress(reader);
}

/* As many digits behind the point as the text shows. */
static double half_of_last_digit(struct slice number)
{
    double half = .5;
    const char *point = memchr(number.ptr, '.', number.len);
    if (point)
        for (const char *at = point + 1; at < number.ptr + number.len; at++)
            half /= 10;
    return half * 1.01;
}

static bool is_near(double value, double claimed, double tolerance)
{
    return fabs(value - claimed) <= tolerance + 1e-9 * fabs(value);
}

/* 15% of something is .15 or 15, as one likes; what "100 - 40%" is nobody
 * knows. */
static bool is_right(const struct reader *reader, struct slice number,
                     double value, double claimed, bool is_percent)
{
    double tolerance = reader->is_exact ? 0 : half_of_last_digit(number);
    if (!isfinite(value) || (reader->has_percent && reader->has_sum))
        return true; /* nothing is claimed that could be checked */
    if (is_near(value, claimed, tolerance))
        return true;
    return (is_percent || reader->has_percent) &&
           (is_near(value * 100, claimed, tolerance) ||
            is_near(value, claimed * 100, tolerance));
}

/* "22 + 4 * 12 = 22 + 48 = 70": what is claimed is the sum. */
static bool goes_on_rightly(const struct reader *at_claim, double value)
{
    struct reader reader = *at_claim;
    double claimed;
    reader.terms = 0;
    reader.is_exact = true;
    return read_sum(&reader, &claimed) && reader.terms > 1 &&
           is_near(value, claimed, 0);
}

/* An expression, an equals sign and a number; its length, 0: it is none. */
static size_t read_calculation(struct slice text, struct calculation *found)
{
    struct reader reader = { .rest = text, .is_exact = true };
    if (!read_sum(&reader, &found->value) || reader.terms < 2)
        return 0;
    skip_unit(&reader);
    skip_blanks(&reader);
    if (!take(&reader, "=") || slice_starts(reader.rest, "="))
        return 0;
    skip_note(&reader);
    const struct reader at_claim = reader;
    bool is_negative = take(&reader, "-");
    if (is_negative)
        skip_dress(&reader);
    size_t len = arithmetic_number(reader.rest, &found->claimed);
    if (!len)
        return 0;
    struct slice number = { reader.rest.ptr, len };
    skip(&reader, len);
    bool is_percent =
        slice_starts(reader.rest, "%") || slice_starts(reader.rest, "\\%");
    /* "= 2/3", "= 2^10" go on. */
    if (reader.rest.len && strchr("/^", *reader.rest.ptr))
        return 0;
    if (is_negative)
        found->claimed = -found->claimed;
    found->text = (struct slice){ text.ptr, text.len - reader.rest.len };
    found->is_right =
        is_right(&reader, number, found->value, found->claimed, is_percent) ||
        goes_on_rightly(&at_claim, found->value);
    return found->text.len;
}

/* What stands before belongs to it: "n + 2 + 3 = 9". A sign that begins a line
 * is a bullet. */
static bool goes_on_before(struct slice text, size_t at)
{
    while (at > 0 && strchr(" \t$", text.ptr[at - 1]))
        at--;
    if (at == 0 || !strchr("+-*/^", text.ptr[at - 1]))
        return at > 1 && (unsigned char)text.ptr[at - 1] >= 0x80;
    size_t sign = at - 1;
    while (sign > 0 && strchr(" \t", text.ptr[sign - 1]))
        sign--;
    return sign > 0 && text.ptr[sign - 1] != '\n';
}

/* Inside a name or number nothing begins. */
static bool may_begin(struct slice text, size_t at)
{
    char c = text.ptr[at];
    if (!is_digit(c) && c != '(')
        return false;
    if (at == 0)
        return true;
    char before = text.ptr[at - 1];
    return !isalnum((unsigned char)before) && !strchr(".,_", before) &&
           !goes_on_before(text, at);
}

void arithmetic_check(struct slice text, calculation_fn *fn, void *context)
{
    bool in_code = false, at_line_start = true;
    for (size_t at = 0; at < text.len;) {
        struct slice rest = slice_skip(text, at);
        if (at_line_start && slice_starts(rest, "```"))
            in_code = !in_code;
        at_line_start = *rest.ptr == '\n';
        struct calculation found = { 0 };
        size_t len = !in_code && may_begin(text, at)
                         ? read_calculation(rest, &found)
                         : 0;
        if (len)
            fn(context, &found);
        /* The result may begin the next one: "2 + 3 = 5 * 4 = 20". */
        at++;
        if (len) {
            const char *equals = memchr(rest.ptr, '=', len);
            at += equals ? (size_t)(equals - rest.ptr) : 0;
        } else if (is_digit(*rest.ptr)) {
            while (at < text.len && is_digit(text.ptr[at]))
                at++;
        }
    }
}
