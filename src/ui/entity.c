/* SPDX-License-Identifier: MIT */
#include "ui/entity.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

struct entity {
    const char *name;
    const char *text;
};

/* In the order of strcmp(). */
static const struct entity entities[] = {
    { "AMP", "&" },    { "Alpha", "Α" },   { "Delta", "Δ" },
    { "GT", ">" },     { "Gamma", "Γ" },   { "LT", "<" },
    { "Omega", "Ω" },  { "QUOT", "\"" },   { "Sigma", "Σ" },
    { "alpha", "α" },  { "amp", "&" },     { "apos", "'" },
    { "asymp", "≈" },  { "beta", "β" },    { "bull", "•" },
    { "cent", "¢" },   { "check", "✓" },   { "copy", "©" },
    { "darr", "↓" },   { "deg", "°" },     { "delta", "δ" },
    { "divide", "÷" }, { "epsilon", "ε" }, { "equiv", "≡" },
    { "euro", "€" },   { "frac12", "½" },  { "frac14", "¼" },
    { "frac34", "¾" }, { "gamma", "γ" },   { "ge", "≥" },
    { "gt", ">" },     { "hArr", "⇔" },    { "harr", "↔" },
    { "hearts", "♥" }, { "hellip", "…" },  { "infin", "∞" },
    { "isin", "∈" },   { "lArr", "⇐" },    { "lambda", "λ" },
    { "laquo", "«" },  { "larr", "←" },    { "ldquo", "“" },
    { "le", "≤" },     { "lsquo", "‘" },   { "lt", "<" },
    { "mdash", "—" },  { "micro", "µ" },   { "middot", "·" },
    { "minus", "−" },  { "mu", "μ" },      { "nbsp", "\u00A0" },
    { "ndash", "–" },  { "ne", "≠" },      { "not", "¬" },
    { "omega", "ω" },  { "para", "¶" },    { "part", "∂" },
    { "phi", "φ" },    { "pi", "π" },      { "plusmn", "±" },
    { "pound", "£" },  { "prod", "∏" },    { "quot", "\"" },
    { "rArr", "⇒" },   { "radic", "√" },   { "raquo", "»" },
    { "rarr", "→" },   { "rdquo", "”" },   { "reg", "®" },
    { "rsquo", "’" },  { "sect", "§" },    { "sigma", "σ" },
    { "sum", "∑" },    { "theta", "θ" },   { "times", "×" },
    { "trade", "™" },  { "uarr", "↑" },    { "yen", "¥" },
};

static int compare(const void *key, const void *row)
{
    return strcmp(key, ((const struct entity *)row)->name);
}

/* "&#65;" or "&#x41;"; NUL is shown as U+FFFD (CommonMark 0.30, 6.2). */
static void decode_number(struct buf *out, const char *digits)
{
    bool is_hex = digits[0] == 'x' || digits[0] == 'X';
    unsigned long number = strtoul(digits + is_hex, NULL, is_hex ? 16 : 10);
    bool is_character = number > 0 && number <= 0x10FFFF;
    utf8_append(out, is_character ? (uint32_t)number : UTF8_REPLACEMENT);
}

void entity_decode(struct buf *out, struct slice reference)
{
    char name[16];
    if (reference.len < 3 || reference.len - 2 >= sizeof name) {
        buf_append_slice(out, reference);
        return;
    }
    memcpy(name, reference.ptr + 1, reference.len - 2);
    name[reference.len - 2] = '\0';
    if (name[0] == '#') {
        decode_number(out, name + 1);
        return;
    }
    const struct entity *entity =
        bsearch(name, entities, COUNTOF(entities), sizeof entities[0], compare);
    if (entity)
        buf_append_string(out, entity->text);
    else
        buf_append_slice(out, reference);
}
