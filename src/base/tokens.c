/* SPDX-License-Identifier: MIT */
#include "base/tokens.h"

#include "base/compiler.h"
#include "base/token_prices.h"

enum class {
    CLASS_NONE,
    CLASS_LETTER, /* Latin */
    CLASS_DIGIT,
    CLASS_BLANK,
    CLASS_LINE_END,
    CLASS_MARK, /* of ASCII */
    CLASS_SCRIPT,
    CLASS_COUNT = CLASS_SCRIPT + SCRIPT_COUNT
};

enum {
    MILLI = 1000,
    DIGITS_GROUP = 3,
    LETTERS_SHORT = 4,
    LETTERS_LONG = 8,
    LETTER_EDGE = 0,
    LETTER_ACCENTED = TOKEN_LETTERS - 1,
};

/* What stands between two of them is SCRIPT_REST. */
static const struct block {
    uint32_t first, last;
    uint8_t class;
} blocks[] = {
#define BLOCK(first, last, name)                  \
    {                                             \
        first, last, CLASS_SCRIPT + SCRIPT_##name \
    }
    { 0x00C0, 0x024F, CLASS_LETTER },
    BLOCK(0x0370, 0x03FF, GREEK),
    BLOCK(0x0400, 0x040F, OTHER_CYRILLIC),
    BLOCK(0x0410, 0x044F, CYRILLIC),
    BLOCK(0x0450, 0x0450, OTHER_CYRILLIC),
    BLOCK(0x0451, 0x0451, CYRILLIC),
    BLOCK(0x0452, 0x052F, OTHER_CYRILLIC),
    BLOCK(0x0590, 0x05FF, HEBREW),
    BLOCK(0x0600, 0x06FF, ARABIC),
    BLOCK(0x0750, 0x077F, ARABIC),
    BLOCK(0x0900, 0x0DFF, INDIC),
    BLOCK(0x0E00, 0x0EFF, THAI),
    BLOCK(0x1000, 0x109F, THAI),
    BLOCK(0x1100, 0x11FF, HANGUL),
    BLOCK(0x1780, 0x17FF, THAI),
    { 0x1E00, 0x1EFF, CLASS_LETTER },
    BLOCK(0x1F00, 0x1FFF, GREEK),
    BLOCK(0x200D, 0x200D, EMOJI), /* joins them */
    BLOCK(0x2010, 0x205E, QUOTES),
    BLOCK(0x2070, 0x25FF, SYMBOLS),
    BLOCK(0x2600, 0x27BF, EMOJI),
    BLOCK(0x27C0, 0x2BFF, SYMBOLS),
    BLOCK(0x3000, 0x303F, FULL_WIDTH),
    BLOCK(0x3040, 0x30FF, KANA),
    BLOCK(0x3130, 0x318F, HANGUL),
    BLOCK(0x31F0, 0x31FF, KANA),
    BLOCK(0x3400, 0x4DBF, HAN),
    BLOCK(0x4E00, 0x9FFF, HAN),
    BLOCK(0xAC00, 0xD7FF, HANGUL),
    BLOCK(0xF900, 0xFAFF, HAN),
    BLOCK(0xFB50, 0xFDFF, ARABIC),
    BLOCK(0xFE00, 0xFE0F, EMOJI), /* which form of it */
    BLOCK(0xFE70, 0xFEFE, ARABIC),
    BLOCK(0xFF00, 0xFF65, FULL_WIDTH),
    BLOCK(0xFF66, 0xFF9F, KANA),
    BLOCK(0x1F000, 0x1FAFF, EMOJI),
    BLOCK(0x20000, 0x3FFFF, HAN),
#undef BLOCK
};

static bool is_capital(uint32_t c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_small(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

static uint8_t class_of_wide(uint32_t c)
{
    size_t first = 0, count = COUNTOF(blocks);
    while (count > 1) {
        size_t half = count / 2;
        if (blocks[first + half].first <= c)
            first += half;
        count -= count / 2;
    }
    return c >= blocks[first].first && c <= blocks[first].last
               ? blocks[first].class
               : CLASS_SCRIPT + SCRIPT_REST;
}

static uint8_t classify(uint32_t c)
{
    if (is_small(c) || is_capital(c))
        return CLASS_LETTER;
    if (c >= 0x80)
        return class_of_wide(c);
    if (c >= '0' && c <= '9')
        return CLASS_DIGIT;
    if (c == ' ' || c == '\t')
        return CLASS_BLANK;
    if (c == '\n' || c == '\r')
        return CLASS_LINE_END;
    return CLASS_MARK;
}

static int64_t price_of(const struct tokens_counter *counter,
                        enum token_price price)
{
    return token_prices[counter->family][price];
}

/* 0 to 31; control characters count as one of them. */
static uint8_t mark_of(uint32_t c)
{
    if (c >= '!' && c <= '/')
        return (uint8_t)(c - '!');
    if (c >= ':' && c <= '@')
        return (uint8_t)(c - ':' + 15);
    if (c >= '[' && c <= '`')
        return (uint8_t)(c - '[' + 22);
    if (c >= '{' && c <= '~')
        return (uint8_t)(c - '{' + 28);
    return 31;
}

static uint8_t letter_of(uint32_t c)
{
    if (c >= 0x80)
        return LETTER_ACCENTED;
    return (uint8_t)((c | 0x20) - 'a' + 1);
}

/* What Vietnamese has and other languages do not. */
static bool is_toned(uint32_t c)
{
    return c >= 0x1EA0 || c == 0x110 || c == 0x111 || c == 0x1A0 ||
           c == 0x1A1 || c == 0x1AF || c == 0x1B0;
}

static bool is_after_blank(const struct tokens_counter *counter)
{
    return counter->before == CLASS_BLANK;
}

static int64_t word_cost(const struct tokens_counter *counter)
{
    int64_t length = counter->length;
    int64_t unusual = counter->unusual + UNUSUAL_WORD +
                      token_letter_pairs[counter->last][LETTER_EDGE];
    if (counter->capitals == counter->length && length > 1)
        unusual += UNUSUAL_CAPITALS + UNUSUAL_EACH_CAPITAL * length;
    if (counter->is_part || !is_after_blank(counter))
        unusual += UNUSUAL_BARE;
    if (length > LETTERS_LONG)
        unusual += UNUSUAL_LONGER * (length - LETTERS_LONG);
    if (length > LETTERS_SHORT)
        unusual +=
            UNUSUAL_LONG *
            ((length > LETTERS_LONG ? LETTERS_LONG : length) - LETTERS_SHORT);
    if (unusual < 0)
        unusual = 0;
    int64_t cost =
        price_of(counter, counter->is_part ? PRICE_PART : PRICE_WORD) +
        price_of(counter, PRICE_UNUSUAL) * unusual / UNUSUAL_WHOLE +
        price_of(counter, PRICE_ACCENTED) * counter->special +
        price_of(counter, PRICE_TONED) * counter->toned;
    if (!counter->is_part && !is_after_blank(counter))
        cost += price_of(counter, PRICE_BARE);
    return cost > 0 ? cost : 0;
}

static int64_t digits_cost(const struct tokens_counter *counter)
{
    int64_t length = counter->length;
    int64_t cost = (length + DIGITS_GROUP - 1) / DIGITS_GROUP *
                       price_of(counter, PRICE_DIGITS) +
                   length * price_of(counter, PRICE_DIGIT);
    if (is_after_blank(counter) && counter->was_one)
        cost += price_of(counter, PRICE_BLANK_DIGIT);
    return cost;
}

/* A single one goes with what follows. */
static int64_t blanks_cost(const struct tokens_counter *counter)
{
    int64_t cost = counter->special * price_of(counter, PRICE_TAB);
    if (counter->length > 1)
        cost += price_of(counter, PRICE_BLANKS) +
                (counter->length - 1) * price_of(counter, PRICE_BLANK);
    return cost;
}

static int64_t lines_cost(const struct tokens_counter *counter)
{
    return price_of(counter, counter->before == CLASS_MARK ? PRICE_MARK_LINE
                                                           : PRICE_LINE) +
           (counter->length - 1) * price_of(counter, PRICE_EMPTY_LINE);
}

/* `next` is the class of what follows them. */
static int64_t marks_cost(const struct tokens_counter *counter, uint8_t next)
{
    uint8_t edge = next == CLASS_BLANK ? MARK_BEFORE_SPACE
                   : next == CLASS_LINE_END || next == CLASS_NONE
                       ? MARK_BEFORE_LINE
                       : MARK_BEFORE_WORD;
    int64_t pairs = counter->unusual + token_mark_pairs[counter->last][edge];
    int64_t cost =
        price_of(counter, PRICE_MARKS) +
        price_of(counter, PRICE_MARK) * (counter->length - counter->special) +
        price_of(counter, PRICE_REPEAT) * counter->special +
        price_of(counter, PRICE_MARK_PAIRS) * pairs / UNUSUAL_WHOLE;
    return cost > 0 ? cost : 0;
}

/* Of the open run, before one of the class `next`. */
static uint64_t run_cost(const struct tokens_counter *counter, uint8_t next)
{
    uint8_t script;
    if (!counter->length)
        return 0;
    switch (counter->class) {
    case CLASS_LETTER: return (uint64_t)word_cost(counter);
    case CLASS_DIGIT: return (uint64_t)digits_cost(counter);
    case CLASS_BLANK: return (uint64_t)blanks_cost(counter);
    case CLASS_LINE_END: return (uint64_t)lines_cost(counter);
    case CLASS_MARK: return (uint64_t)marks_cost(counter, next);
    default: break;
    }
    script = counter->class - CLASS_SCRIPT;
    return (uint64_t)(price_of(counter, PRICE_SCRIPT_RUN + script) +
                      price_of(counter, PRICE_SCRIPT + script) *
                          counter->length);
}

static void end_run(struct tokens_counter *counter, uint8_t next)
{
    counter->millitokens += run_cost(counter, next);
    counter->before = counter->class;
    counter->was_one = counter->length == 1;
    counter->class = next;
    counter->length = counter->capitals = 0;
    counter->special = counter->toned = 0;
    counter->unusual = 0;
    counter->last = 0;
    counter->is_part = counter->ends_small = counter->is_twice = false;
}

static void add_letter(struct tokens_counter *counter, uint32_t c)
{
    uint8_t letter = letter_of(c);
    bool is_large = is_capital(c);
    if (is_large && counter->ends_small) {
        end_run(counter, CLASS_LETTER);
        counter->is_part = true;
    }
    if (is_large && !counter->length)
        counter->unusual += UNUSUAL_CAPITAL;
    counter->unusual += token_letter_pairs[counter->last][letter];
    counter->last = letter;
    counter->capitals += is_large;
    if (letter == LETTER_ACCENTED)
        *(is_toned(c) ? &counter->toned : &counter->special) += 1;
    counter->ends_small = !is_large;
}

static void add_mark(struct tokens_counter *counter, uint32_t c)
{
    uint8_t mark = mark_of(c);
    uint8_t last = counter->last;
    if (!counter->length)
        last = is_after_blank(counter) || counter->before == CLASS_LINE_END ||
                       counter->before == CLASS_NONE
                   ? MARK_AFTER_SPACE
                   : MARK_AFTER_WORD;
    bool is_same = mark == last;
    if (is_same && counter->is_twice)
        counter->special++;
    else
        counter->unusual += token_mark_pairs[last][mark];
    counter->is_twice = is_same;
    counter->last = mark;
}

static void count(struct tokens_counter *counter, uint32_t c)
{
    uint8_t class = classify(c);
    /* A run as long as the counter goes is ended and begun again. */
    if (class != counter->class || counter->length == UINT32_MAX)
        end_run(counter, class);
    if (class == CLASS_LETTER)
        add_letter(counter, c);
    else if (class == CLASS_MARK)
        add_mark(counter, c);
    else if (c == '\t')
        counter->special++;
    counter->length++;
}

/* Small letters that go on with a word are most of a text: how many. */
static size_t add_small(struct tokens_counter *counter, struct slice text)
{
    size_t len = 0;
    uint8_t last = counter->last;
    int64_t unusual = counter->unusual;
    size_t most = UINT32_MAX - counter->length;
    if (most > text.len)
        most = text.len;
    while (len < most && is_small((uint8_t)text.ptr[len])) {
        uint8_t letter = (uint8_t)(text.ptr[len++] - 'a' + 1);
        unusual += token_letter_pairs[last][letter];
        last = letter;
    }
    counter->last = last;
    counter->unusual = unusual;
    counter->length += (uint32_t)len;
    counter->ends_small |= len > 0;
    return len;
}

/* ASCII needs no decoder, unless it cuts a character off. */
static struct slice feed_one(struct tokens_counter *counter, struct slice text)
{
    uint32_t c = (uint8_t)*text.ptr;
    if (c < 0x80 && !counter->partial.len) {
        count(counter, c);
        return slice_skip(text, 1);
    }
    if (utf8_next(&counter->partial, &text, &c))
        count(counter, c);
    return text;
}

void tokens_feed(struct tokens_counter *counter, struct slice text)
{
    while (text.len) {
        if (counter->class == CLASS_LETTER && !counter->partial.len)
            text = slice_skip(text, add_small(counter, text));
        if (text.len)
            text = feed_one(counter, text);
    }
}

uint64_t tokens_count(const struct tokens_counter *counter)
{
    struct tokens_counter whole = *counter;
    if (whole.partial.len)
        count(&whole, UTF8_REPLACEMENT);
    uint64_t cost = whole.millitokens + run_cost(&whole, CLASS_NONE);
    return cost && cost < MILLI ? 1 : (cost + MILLI / 2) / MILLI;
}

uint64_t tokens_estimate_as(enum token_family family, struct slice text)
{
    struct tokens_counter counter = { .family = (uint8_t)family };
    tokens_feed(&counter, text);
    return tokens_count(&counter);
}

uint64_t tokens_estimate(struct slice text)
{
    return tokens_estimate_as(TOKENS_UNKNOWN, text);
}
