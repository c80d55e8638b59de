/* SPDX-License-Identifier: MIT */
#include "llm/stem.h"

#include <stdbool.h>
#include <string.h>

#include "base/compiler.h"

static bool ends_with(const char *text, size_t len, const char *suffix)
{
    size_t suffix_len = strlen(suffix);
    return len > suffix_len &&
           !memcmp(text + len - suffix_len, suffix, suffix_len);
}

static bool has_vowel(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (strchr("aeiouy", text[i]))
            return true;
    }
    return false;
}

static size_t drop_plural(char *text, size_t len)
{
    if (len > 4 &&
        (ends_with(text, len, "ies") || ends_with(text, len, "ied"))) {
        text[len - 3] = 'y';
        return len - 2;
    }
    bool is_plural = len > 3 && ends_with(text, len, "s") &&
                     !ends_with(text, len, "ss") &&
                     !ends_with(text, len, "us") && !ends_with(text, len, "is");
    return is_plural ? len - 1 : len;
}

/* Endings that English adds to one word; a row is tried after those before it.
 * `least` is what must be left. */
static size_t drop_suffix(const char *text, size_t len)
{
    static const struct {
        const char *suffix;
        size_t least;
    } rows[] = {
        { "ing", 3 },  { "ed", 3 },    { "ly", 4 },  { "ness", 4 },
        { "able", 5 }, { "ation", 4 }, { "ate", 4 }, { "ion", 4 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        size_t suffix_len = strlen(rows[i].suffix);
        if (!ends_with(text, len, rows[i].suffix) ||
            ends_with(text, len, "eed"))
            continue;
        if (len >= rows[i].least + suffix_len &&
            has_vowel(text, len - suffix_len))
            len -= suffix_len;
    }
    return len;
}

/* British endings become American ones: colour, summarise, analyse, licence,
 * dialogue. A word that merely ends so is changed wherever it stands. */
static size_t respell(char *text, size_t len)
{
    if (len >= 5 && ends_with(text, len, "our")) {
        text[len - 2] = 'r';
        return len - 1;
    }
    if (len >= 6 && ends_with(text, len, "ogu"))
        return len - 1;
    if (len >= 5 && (ends_with(text, len, "is") || ends_with(text, len, "ys")))
        text[len - 1] = 'z';
    else if (len >= 5 && ends_with(text, len, "enc"))
        text[len - 1] = 's';
    return len;
}

size_t stem(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] < 'a' || text[i] > 'z')
            return len;
    }
    len = drop_plural(text, len);
    len = drop_suffix(text, len);
    if (len > 3 && text[len - 1] == 'e')
        len--;
    if (len > 3 && text[len - 1] == text[len - 2] &&
        !strchr("aeiou", text[len - 1]))
        len--;
    return respell(text, len);
}
