/* SPDX-License-Identifier: MIT */
#include "config/scalar.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/compiler.h"

enum {
    QUOTED_MAX = 40, /* bytes of a value that an error repeats */
    /* An integer of 15 digits and a power of ten up to 22 are exact doubles,
     * so that their product or quotient is the nearest one (Clinger 1990). */
    DIGITS_MAX = 15,
    POWER_MAX = 22,
};

static const int64_t integer_max = INT64_C(1) << 53;

/* What YAML 1.1 takes for flags and we do not. */
static const struct {
    const char *word;
    const char *meant;
} flag_words[] = {
    { "yes", "true" },  { "on", "true" },     { "y", "true" },
    { "true", "true" }, { "no", "false" },    { "off", "false" },
    { "n", "false" },   { "false", "false" }, { "1", "true" },
    { "0", "false" },
};

static const struct {
    const char *unit;
    double ms;
} duration_units[] = {
    { "ms", 1 },
    { "", 1000 },
    { "s", 1000 },
    { "m", 60 * 1000 },
    { "h", 60 * 60 * 1000 },
    { "d", 24 * 60 * 60 * 1000 },
};

bool scalar_refuse(const struct schema_row *row, const char *found,
                   struct error *err)
{
    struct buf wanted = { 0 };
    buf_append_string(&wanted, schema_kind_words(row->kind));
    const char *separator = row->kind == SCHEMA_CHOICE ? " " : " or ";
    for (const char *word = row->choices; word && *word;) {
        size_t len = strcspn(word, " ");
        buf_printf(&wanted, "%s%.*s", separator, (int)len, word);
        word += len + strspn(word + len, " ");
        separator = ", ";
    }
    error_set(err, ERROR_CONFIG, "expected %s, found %s", buf_string(&wanted),
              found);
    buf_clear(&wanted);
    return false;
}

static const char *shown(struct scalar scalar)
{
    return scalar.written ? scalar.written : scalar.text;
}

/* A short value is repeated to the user, unless it may be a secret. */
static bool refuse(const struct schema_row *row, struct scalar scalar,
                   struct error *err)
{
    char found[QUOTED_MAX + sizeof "\"\" in quotes"] = "other text";
    if (!*scalar.text && scalar.is_plain)
        snprintf(found, sizeof found, "nothing");
    else if (row->kind != SCHEMA_VARIABLE &&
             strlen(shown(scalar)) <= QUOTED_MAX)
        snprintf(found, sizeof found, "\"%s\"%s", shown(scalar),
                 scalar.is_plain ? "" : " in quotes");
    return scalar_refuse(row, found, err);
}

/* Digits, added to *mantissa as far as they fit. */
static const char *read_digits(const char *text, int64_t *mantissa, int *count)
{
    for (; isdigit((unsigned char)*text); text++) {
        if (*count < DIGITS_MAX)
            *mantissa = *mantissa * 10 + (*text - '0');
        *count += *mantissa > 0;
    }
    return text;
}

static const char *read_exponent(const char *text, int *power)
{
    int sign = *text == '-' ? -1 : 1;
    text += *text == '-' || *text == '+';
    if (!isdigit((unsigned char)*text))
        return NULL;
    int exponent = 0;
    for (; isdigit((unsigned char)*text); text++)
        exponent = exponent < 1000 ? exponent * 10 + (*text - '0') : exponent;
    *power += sign * exponent;
    return text;
}

/* The number at the start of a text, as JSON writes numbers, or ".5": no sign
 * "+", no leading zeros, no underscores, no other base, and in no locale's way.
 * Returns what follows, NULL if there is none or it is too long to be exact. */
static const char *read_number(const char *text, double *number)
{
    bool is_negative = *text == '-';
    text += is_negative;
    const char *first = *text == '.' ? text + 1 : text;
    if (!isdigit((unsigned char)*first) ||
        (text[0] == '0' && isdigit((unsigned char)text[1])))
        return NULL;
    int64_t mantissa = 0;
    int digits = 0, power = 0;
    text = read_digits(text, &mantissa, &digits);
    if (*text == '.') {
        const char *fraction = text + 1;
        text = read_digits(fraction, &mantissa, &digits);
        if (text == fraction)
            return NULL;
        power -= (int)(text - fraction);
    }
    if (*text == 'e' || *text == 'E')
        text = read_exponent(text + 1, &power);
    if (!text || digits > DIGITS_MAX || power > POWER_MAX || power < -POWER_MAX)
        return NULL;
    double scale = 1;
    for (int i = 0; i < (power < 0 ? -power : power); i++)
        scale *= 10;
    double value = (double)mantissa;
    value = power < 0 ? value / scale : value * scale;
    *number = is_negative ? -value : value;
    return text;
}

static void append_bound(struct buf *out, enum schema_kind kind, double bound)
{
    if (kind == SCHEMA_DURATION && bound < 1000)
        buf_printf(out, "%.15gms", bound);
    else if (kind == SCHEMA_DURATION)
        buf_printf(out, "%.15gs", bound / 1000);
    else if (kind == SCHEMA_SHARE)
        buf_printf(out, "%.15g%%", bound * 100);
    else
        buf_printf(out, "%.15g", bound);
}

static bool check_bounds(const struct schema_row *row, struct scalar scalar,
                         double number, struct error *err)
{
    bool is_bounded = row->least != 0 || row->most != 0;
    if (!is_bounded || (number >= row->least && number <= row->most))
        return true;
    struct buf words = { 0 };
    bool is_one = row->least >= row->most;
    buf_append_string(&words, is_one             ? "must be "
                              : isinf(row->most) ? "must be at least "
                                                 : "must be between ");
    append_bound(&words, row->kind, row->least);
    if (!is_one && !isinf(row->most)) {
        buf_append_string(&words, " and ");
        append_bound(&words, row->kind, row->most);
    }
    error_set(err, ERROR_CONFIG, "%s, not %.*s", buf_string(&words), QUOTED_MAX,
              shown(scalar));
    buf_clear(&words);
    return false;
}

/* Number kinds: read the unit after the number. */
typedef bool unit_fn(const char *unit, double *number);

static bool no_unit(const char *unit, double *number)
{
    (void)number;
    return !*unit;
}

static bool whole_unit(const char *unit, double *number)
{
    return !*unit && trunc(*number) >= *number && trunc(*number) <= *number &&
           fabs(*number) <= (double)integer_max;
}

static bool duration_unit(const char *unit, double *number)
{
    for (size_t i = 0; i < COUNTOF(duration_units); i++) {
        if (!strcmp(duration_units[i].unit, unit)) {
            *number *= duration_units[i].ms;
            return true;
        }
    }
    return false;
}

static bool share_unit(const char *unit, double *number)
{
    bool is_percent = !strcmp(unit, "%");
    if (is_percent)
        *number /= 100;
    return is_percent || !*unit;
}

static bool money_unit(const char *unit, double *number)
{
    (void)number;
    return !*unit || !strcmp(unit, " USD") || !strcmp(unit, "USD");
}

static bool parse_number(struct setting *setting, const struct schema_row *row,
                         struct scalar scalar, unit_fn *unit, struct error *err)
{
    double number;
    const char *rest = read_number(scalar.text, &number);
    if (!rest || !unit(rest, &number))
        return refuse(row, scalar, err);
    if (!check_bounds(row, scalar, number, err))
        return false;
    setting->type = SETTING_NUMBER;
    setting->number = number;
    return true;
}

static bool parse_flag(struct setting *setting, const struct schema_row *row,
                       struct scalar scalar, struct error *err)
{
    setting->type = SETTING_FLAG;
    setting->flag = !strcmp(scalar.text, "true");
    if (scalar.is_plain && (setting->flag || !strcmp(scalar.text, "false")))
        return true;
    refuse(row, scalar, err);
    for (size_t i = 0; i < COUNTOF(flag_words); i++) {
        if (!strcasecmp(flag_words[i].word, scalar.text))
            return error_set(err, ERROR_CONFIG,
                             "expected true or false, found \"%s\"%s "
                             "(write %s)",
                             shown(scalar), scalar.is_plain ? "" : " in quotes",
                             flag_words[i].meant);
    }
    return false;
}

static bool is_variable_name(const char *text)
{
    if (isdigit((unsigned char)*text))
        return false;
    size_t len = 0;
    while (isalnum((unsigned char)text[len]) || text[len] == '_')
        len++;
    return len > 0 && !text[len];
}

static bool parse_text(struct setting *setting, const struct schema_row *row,
                       struct scalar scalar, struct error *err)
{
    setting->type = SETTING_TEXT;
    bool is_good = *scalar.text || !scalar.is_plain;
    if (row->is_never_empty && !*scalar.text)
        return error_set(err, ERROR_CONFIG, "must not be empty");
    if (row->kind == SCHEMA_CHOICE)
        is_good = schema_allows_word(row, scalar.text);
    if (row->kind == SCHEMA_VARIABLE)
        is_good = is_variable_name(scalar.text);
    return is_good || refuse(row, scalar, err);
}

bool scalar_parse(struct setting *setting, const struct schema_row *row,
                  struct scalar scalar, struct error *err)
{
    static unit_fn *const units[SCHEMA_KINDS] = {
        [SCHEMA_INTEGER] = whole_unit,     [SCHEMA_REAL] = no_unit,
        [SCHEMA_DURATION] = duration_unit, [SCHEMA_SHARE] = share_unit,
        [SCHEMA_MONEY] = money_unit,
    };
    /* 5s and 75% and 1.00 USD are text to YAML, so quotes do no harm there. */
    bool is_bare_number =
        row->kind == SCHEMA_INTEGER || row->kind == SCHEMA_REAL;
    switch (row->kind) {
    case SCHEMA_TEXT:
    case SCHEMA_VARIABLE:
    case SCHEMA_CHOICE: return parse_text(setting, row, scalar, err);
    case SCHEMA_FLAG: return parse_flag(setting, row, scalar, err);
    default: break;
    }
    if (!units[row->kind])
        return refuse(row, scalar, err);
    if (schema_allows_word(row, scalar.text)) {
        setting->type = SETTING_TEXT;
        return true;
    }
    if (is_bare_number && !scalar.is_plain)
        return refuse(row, scalar, err);
    return parse_number(setting, row, scalar, units[row->kind], err);
}
