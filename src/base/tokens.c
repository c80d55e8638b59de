/* SPDX-License-Identifier: MIT */
#include "base/tokens.h"

#include "base/compiler.h"

enum class {
    CLASS_NONE,
    CLASS_LETTER,
    CLASS_DIGIT,
    CLASS_BLANK,
    CLASS_LINE_END,
    CLASS_PUNCTUATION,
    CLASS_LATIN, /* with accents */
    CLASS_GREEK,
    CLASS_CYRILLIC,
    CLASS_HAN,
    CLASS_KANA,
    CLASS_HANGUL,
    CLASS_FULL_WIDTH,
    CLASS_REST,
    CLASS_COUNT
};

/* Thousandths of a token, fitted to o200k: one price for the run, one for each
 * character of it. Letters and digits are not linear in their length. */
static const struct price {
    uint16_t run, character;
} prices[CLASS_COUNT] = {
    [CLASS_NONE] = { 0, 0 },          [CLASS_LETTER] = { 1038, 0 },
    [CLASS_DIGIT] = { 0, 0 },         [CLASS_BLANK] = { 0, 0 },
    [CLASS_LINE_END] = { 849, 0 },    [CLASS_PUNCTUATION] = { 660 - 174, 174 },
    [CLASS_LATIN] = { 0, 1033 },      [CLASS_GREEK] = { 0, 427 },
    [CLASS_CYRILLIC] = { 1570, 52 },  [CLASS_HAN] = { 0, 859 },
    [CLASS_KANA] = { 0, 808 },        [CLASS_HANGUL] = { 0, 826 },
    [CLASS_FULL_WIDTH] = { 0, 1076 }, [CLASS_REST] = { 0, 449 },
};

enum {
    LETTERS_CHEAP = 4,  /* so many cost nothing beyond the run's price */
    LETTERS_COMMON = 8, /* up to here a word tends to be one token */
    PRICE_COMMON = 14,
    PRICE_RARE = 134,
    PRICE_CHANGE = 251, /* camelCase splits words */
    DIGITS_GROUP = 3,
    PRICE_GROUP = 1639,
    PRICE_BLANKS = 545, /* a single one joins the next word */
    MILLI = 1000,
};

static const struct block {
    uint32_t first, last;
    uint8_t class;
} blocks[] = {
    { 0x00C0, 0x024F, CLASS_LATIN },      { 0x0370, 0x03FF, CLASS_GREEK },
    { 0x0400, 0x052F, CLASS_CYRILLIC },   { 0x1100, 0x11FF, CLASS_HANGUL },
    { 0x1E00, 0x1EFF, CLASS_LATIN },      { 0x1F00, 0x1FFF, CLASS_GREEK },
    { 0x3000, 0x303F, CLASS_FULL_WIDTH }, { 0x3040, 0x30FF, CLASS_KANA },
    { 0x3130, 0x318F, CLASS_HANGUL },     { 0x31F0, 0x31FF, CLASS_KANA },
    { 0x3400, 0x4DBF, CLASS_HAN },        { 0x4E00, 0x9FFF, CLASS_HAN },
    { 0xAC00, 0xD7FF, CLASS_HANGUL },     { 0xF900, 0xFAFF, CLASS_HAN },
    { 0xFF00, 0xFF65, CLASS_FULL_WIDTH }, { 0xFF66, 0xFF9F, CLASS_KANA },
    { 0x20000, 0x3FFFF, CLASS_HAN },
};

static bool is_capital(uint32_t c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_small(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

static uint8_t classify(uint32_t c)
{
    if (is_small(c) || is_capital(c))
        return CLASS_LETTER;
    if (c >= '0' && c <= '9')
        return CLASS_DIGIT;
    if (c == ' ' || c == '\t')
        return CLASS_BLANK;
    if (c == '\n' || c == '\r')
        return CLASS_LINE_END;
    if (c < 0x80)
        return CLASS_PUNCTUATION;
    for (size_t i = 0; i < COUNTOF(blocks) && c >= blocks[i].first; i++) {
        if (c <= blocks[i].last)
            return blocks[i].class;
    }
    return CLASS_REST;
}

static uint64_t letters_cost(const struct tokens_counter *counter)
{
    uint64_t length = counter->length;
    uint64_t changes =
        counter->has_small ? 2 * (uint64_t)counter->changes : length - 1;
    uint64_t cost = PRICE_CHANGE * changes / 2;
    if (length > LETTERS_COMMON)
        cost += PRICE_RARE * (length - LETTERS_COMMON);
    if (length > 2 * LETTERS_CHEAP)
        length = 2 * LETTERS_CHEAP;
    if (length > LETTERS_CHEAP)
        cost += PRICE_COMMON * (length - LETTERS_CHEAP);
    return cost;
}

/* Of the open run. */
static uint64_t run_cost(const struct tokens_counter *counter)
{
    uint64_t length = counter->length;
    struct price price = prices[counter->class];
    uint64_t cost = price.run + price.character * length;
    switch (counter->class) {
    case CLASS_LETTER: return cost + letters_cost(counter);
    case CLASS_DIGIT:
        return (length + DIGITS_GROUP - 1) / DIGITS_GROUP * PRICE_GROUP;
    case CLASS_BLANK: return length > 1 ? PRICE_BLANKS : 0;
    default: return cost;
    }
}

static void count(struct tokens_counter *counter, uint32_t c)
{
    uint8_t class = classify(c);
    /* A run as long as the counter goes is ended and begun again. */
    if (class != counter->class || counter->length == UINT32_MAX) {
        counter->millitokens += run_cost(counter);
        counter->class = class;
        counter->length = 0;
        counter->changes = 0;
        counter->has_small = false;
        counter->ends_small = false;
    }
    counter->length++;
    counter->changes += counter->ends_small && is_capital(c);
    counter->ends_small = is_small(c);
    counter->has_small = counter->has_small || counter->ends_small;
}

void tokens_feed(struct tokens_counter *counter, struct slice text)
{
    uint32_t c;
    while (text.len) {
        if (utf8_next(&counter->partial, &text, &c))
            count(counter, c);
    }
}

uint64_t tokens_count(const struct tokens_counter *counter)
{
    struct tokens_counter whole = *counter;
    if (whole.partial.len)
        count(&whole, UTF8_REPLACEMENT);
    return (whole.millitokens + run_cost(&whole) + MILLI - 1) / MILLI;
}

uint64_t tokens_estimate(struct slice text)
{
    struct tokens_counter counter = { 0 };
    tokens_feed(&counter, text);
    return tokens_count(&counter);
}
