/* SPDX-License-Identifier: MIT */
#include "chat/complexity.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "base/utf8.h"

enum {
    TEXT_MAX = 32 * 1024, /* what stands behind it changes nothing any more */
    WORD_MAX = 16,        /* bytes, of one in the lists */
    LETTERS = 26,
    FEW_WORDS = 8, /* too few to tell the language by them */
};
static const double known_share = .12; /* of common words in an English text */
static const double wide_words = .6;   /* words in a character of Chinese */

/* The lists. A word may stand in several. */
enum {
    CONDITION = 1 << 0,
    QUANTITY = 1 << 1,
    COMPARISON = 1 << 2,
    NEGATION = 1 << 3,
    STORY = 1 << 4,
    MAKING = 1 << 5,
    ORDER = 1 << 6,
    LOOKUP = 1 << 7,
    COMMON = 1 << 8, /* by these English is told */
    LIST_COUNT = 9
};

/* clang-format off */
static const struct known_word {
    char text[WORD_MAX];
    unsigned lists;
} known_words[] = {
    { "a", COMMON }, { "about", COMMON }, { "after", COMMON },
    { "algorithm", MAKING }, { "all", COMPARISON | COMMON },
    { "altogether", QUANTITY }, { "an", COMMON }, { "and", COMMON },
    { "another", COMPARISON }, { "any", COMPARISON | COMMON },
    { "api", MAKING }, { "are", COMMON }, { "aren't", NEGATION },
    { "as", COMPARISON | COMMON }, { "asked", STORY }, { "assume", CONDITION },
    { "assuming", CONDITION }, { "at", CONDITION | COMMON },
    { "average", QUANTITY }, { "back", COMMON }, { "be", COMMON },
    { "been", COMMON }, { "both", COMPARISON }, { "bought", STORY },
    { "build", MAKING }, { "but", COMMON }, { "by", COMMON },
    { "call", COMMON }, { "came", STORY }, { "can", COMMON },
    { "can't", NEGATION }, { "cannot", NEGATION }, { "check", ORDER },
    { "class", MAKING }, { "code", MAKING }, { "come", COMMON },
    { "compile", MAKING }, { "could", COMMON }, { "create", MAKING | ORDER },
    { "database", MAKING }, { "day", COMMON }, { "debug", MAKING },
    { "decided", STORY }, { "describe", ORDER }, { "design", MAKING },
    { "develop", MAKING }, { "did", STORY | COMMON }, { "didn't", NEGATION },
    { "difference", QUANTITY }, { "different", COMPARISON }, { "do", COMMON },
    { "doesn't", NEGATION }, { "don't", NEGATION }, { "down", COMMON },
    { "each", QUANTITY | COMPARISON | COMMON }, { "either", COMPARISON },
    { "equal", COMPARISON }, { "every", QUANTITY | COMPARISON },
    { "exactly", CONDITION }, { "except", CONDITION }, { "explain", ORDER },
    { "false", NEGATION }, { "fewer", QUANTITY | COMPARISON },
    { "find", ORDER | COMMON }, { "first", COMMON }, { "fix", MAKING },
    { "for", COMMON }, { "from", COMMON }, { "function", MAKING },
    { "gave", STORY }, { "generate", MAKING }, { "get", COMMON },
    { "given", CONDITION | ORDER }, { "go", COMMON }, { "got", STORY },
    { "had", STORY | COMMON }, { "half", QUANTITY }, { "has", COMMON },
    { "have", COMMON }, { "he", STORY | COMMON }, { "her", STORY | COMMON },
    { "hers", STORY }, { "him", STORY | COMMON }, { "his", STORY | COMMON },
    { "hot", COMMON }, { "how", COMMON }, { "i", COMMON },
    { "if", CONDITION | COMMON }, { "implement", MAKING | ORDER },
    { "in", COMMON }, { "incorrect", NEGATION }, { "is", COMMON },
    { "isn't", NEGATION }, { "it", COMMON }, { "just", COMMON },
    { "know", COMMON }, { "least", CONDITION | COMPARISON },
    { "left", QUANTITY }, { "less", QUANTITY | COMPARISON }, { "like", COMMON },
    { "list", ORDER }, { "long", COMMON }, { "look", COMMON },
    { "made", COMMON }, { "make", COMMON }, { "many", QUANTITY | COMMON },
    { "me", COMMON }, { "more", QUANTITY | COMPARISON | COMMON },
    { "most", CONDITION | COMPARISON | COMMON }, { "much", QUANTITY },
    { "must", CONDITION }, { "my", COMMON },
    { "neither", CONDITION | NEGATION }, { "never", NEGATION },
    { "new", COMMON }, { "no", NEGATION | COMMON }, { "nobody", NEGATION },
    { "none", NEGATION }, { "nor", CONDITION | NEGATION },
    { "not", CONDITION | NEGATION }, { "nothing", NEGATION }, { "now", COMMON },
    { "of", COMMON }, { "on", COMMON }, { "one", COMMON },
    { "only", CONDITION | COMMON }, { "or", COMMON },
    { "other", COMPARISON | COMMON }, { "others", COMPARISON },
    { "otherwise", CONDITION }, { "our", COMMON }, { "out", COMMON },
    { "over", COMMON }, { "part", COMMON }, { "people", COMMON },
    { "per", QUANTITY }, { "percent", QUANTITY }, { "place", COMMON },
    { "product", QUANTITY }, { "program", MAKING }, { "provided", CONDITION },
    { "quarter", QUANTITY }, { "query", MAKING }, { "rate", QUANTITY },
    { "ratio", QUANTITY }, { "refactor", MAKING }, { "regex", MAKING },
    { "remaining", QUANTITY }, { "return", ORDER }, { "said", STORY | COMMON },
    { "same", COMPARISON }, { "script", MAKING }, { "see", COMMON },
    { "server", MAKING }, { "she", STORY | COMMON }, { "side", COMMON },
    { "so", COMMON }, { "some", COMPARISON | COMMON }, { "spent", STORY },
    { "sql", MAKING }, { "such", CONDITION }, { "sum", QUANTITY },
    { "suppose", CONDITION }, { "take", COMMON },
    { "than", QUANTITY | COMPARISON | COMMON }, { "that", COMMON },
    { "the", COMMON }, { "their", STORY | COMMON }, { "theirs", STORY },
    { "them", STORY | COMMON }, { "then", CONDITION | COMMON },
    { "there", COMMON }, { "these", COMMON }, { "they", STORY | COMMON },
    { "thing", COMMON }, { "third", QUANTITY }, { "this", COMMON },
    { "time", COMMON }, { "times", QUANTITY }, { "to", COMMON },
    { "told", STORY }, { "took", STORY }, { "total", QUANTITY },
    { "twice", QUANTITY }, { "two", COMMON }, { "under", COMMON },
    { "unless", CONDITION }, { "up", COMMON }, { "use", COMMON },
    { "very", COMMON }, { "was", STORY | COMMON }, { "wasn't", NEGATION },
    { "way", COMMON }, { "we", COMMON }, { "went", STORY },
    { "were", STORY | COMMON }, { "what", COMMON }, { "when", LOOKUP | COMMON },
    { "where", LOOKUP | COMMON }, { "whether", CONDITION },
    { "which", LOOKUP | COMMON }, { "who", LOOKUP | COMMON },
    { "whom", LOOKUP }, { "whose", LOOKUP }, { "will", COMMON },
    { "with", COMMON }, { "without", CONDITION | NEGATION },
    { "won't", NEGATION }, { "would", COMMON }, { "write", MAKING | ORDER },
    { "wrong", NEGATION }, { "you", COMMON }, { "your", COMMON },
};

/* Mean and spread over the three families, and the sign. */
static const struct measure {
    const char *name;
    double mean, spread, sign;
} measures[] = {
    [COMPLEXITY_WORDS] = { "words", 3.68, .85, 1 },
    [COMPLEXITY_REPEATED] = { "repeated words", 2.29, 1.33, 1 },
    [COMPLEXITY_VARIED] = { "varied words", .739, .165, -1 },
    [COMPLEXITY_SENTENCES] = { "sentences", 1.58, .63, 1 },
    [COMPLEXITY_COMMAS] = { "commas", .044, .106, 1 },
    [COMPLEXITY_BRACKETS] = { "brackets", .125, .404, 1 },
    [COMPLEXITY_CODE] = { "code", .291, .711, 1 },
    [COMPLEXITY_CONDITIONS] = { "conditions", .569, .630, 1 },
    [COMPLEXITY_QUANTITIES] = { "quantities", .720, .735, 1 },
    [COMPLEXITY_COMPARISONS] = { "comparisons", .697, .701, 1 },
    [COMPLEXITY_NEGATIONS] = { "negations", .0078, .0268, 1 },
    [COMPLEXITY_STORY] = { "a story", .0349, .0474, 1 },
    [COMPLEXITY_MAKING] = { "something to make", .0836, .283, 1 },
    [COMPLEXITY_ORDERS] = { "orders", .0060, .0248, 1 },
    [COMPLEXITY_NO_QUESTION] = { "no question", .281, .450, 1 },
    [COMPLEXITY_LOOKUP] = { "something to look up", .114, .318, -1 },
    [COMPLEXITY_NUMBERS] = { "numbers", .864, .783, -1 },
    [COMPLEXITY_DECIMALS] = { "decimals", .0636, .244, -1 },
    [COMPLEXITY_FORMULAS] = { "formulas", .086, .384, -1 },
};
/* clang-format on */
static const double clip = 3, slope = 6;

static_assert(COUNTOF(measures) == COMPLEXITY_COUNT, "one for each feature");

const char *complexity_feature_name(enum complexity_feature feature)
{
    return measures[feature].name;
}

/* What is counted in one pass. */
struct tally {
    double words;         /* those of wide characters are a share of one */
    unsigned ascii, wide; /* words of ASCII; characters without spaces */
    unsigned listed[LIST_COUNT];
    unsigned first_lists; /* of the first word */
    unsigned kinds, number_kinds;
    unsigned sentences, commas, brackets, code, questions, formulas;
    bool has_decimal;
    uint32_t *seen; /* hashes, 0: free */
    size_t mask;
    size_t starts[LETTERS + 1]; /* in known_words */
};

/* FNV-1a; of ASCII letters the case does not count. */
static uint32_t hash_of(const char *text, size_t len)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        hash = (hash ^ c) * 16777619u;
    }
    return hash ? hash : 1;
}

/* Whether it was not there before. */
static bool is_new(struct tally *tally, const char *text, size_t len)
{
    uint32_t hash = hash_of(text, len);
    size_t at = hash & tally->mask;
    for (; tally->seen[at]; at = (at + 1) & tally->mask)
        if (tally->seen[at] == hash)
            return false;
    tally->seen[at] = hash;
    return true;
}

/* Where the words of each letter begin; the table is in order. */
static void index_words(struct tally *tally)
{
    size_t at = 0;
    for (int letter = 0; letter < LETTERS; letter++) {
        tally->starts[letter] = at;
        while (at < COUNTOF(known_words) &&
               known_words[at].text[0] == 'a' + letter)
            at++;
    }
    tally->starts[LETTERS] = at;
    assert(at == COUNTOF(known_words));
}

static unsigned lists_of(const struct tally *tally, const char *text,
                         size_t len)
{
    char word[WORD_MAX] = "";
    if (len >= sizeof word)
        return 0;
    for (size_t i = 0; i < len; i++)
        word[i] = (char)(text[i] | (text[i] == '\'' ? 0 : 0x20));
    int letter = word[0] - 'a';
    for (size_t i = tally->starts[letter]; i < tally->starts[letter + 1]; i++)
        if (!memcmp(known_words[i].text, word, sizeof word))
            return known_words[i].lists;
    return 0;
}

static void take_word(struct tally *tally, const char *text, size_t len,
                      bool is_ascii)
{
    unsigned lists = is_ascii ? lists_of(tally, text, len) : 0;
    if (tally->words == 0)
        tally->first_lists = lists;
    for (int i = 0; lists >> i; i++)
        tally->listed[i] += lists >> i & 1;
    tally->words++;
    tally->ascii += is_ascii;
    tally->kinds += is_new(tally, text, len);
}

static bool is_letter(unsigned char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

static bool is_digit(unsigned char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* A word that begins with a letter; its length. Scripts without spaces are
 * counted by their characters. */
static size_t read_word(struct tally *tally, struct slice rest)
{
    size_t len = 0;
    bool is_ascii = true;
    while (len < rest.len) {
        unsigned char c = (unsigned char)rest.ptr[len];
        if (is_letter(c) || (c == '\'' && len)) {
            len++;
            continue;
        }
        if (c < 0x80)
            break;
        uint32_t character;
        size_t used = utf8_decode(slice_skip(rest, len), &character);
        if (!utf8_is_letter(character) || utf8_character_width(character) == 2)
            break;
        is_ascii = false;
        len += used;
    }
    if (len)
        take_word(tally, rest.ptr, len, is_ascii);
    return len;
}

/* "2.5" and "1,000" are one number each to the eye; their parts are what is
 * told apart. */
static size_t read_number(struct tally *tally, struct slice rest)
{
    size_t len = 0;
    for (;;) {
        size_t start = len;
        while (len < rest.len && is_digit((unsigned char)rest.ptr[len]))
            len++;
        tally->number_kinds += is_new(tally, rest.ptr + start, len - start);
        bool goes_on = len + 1 < rest.len &&
                       (rest.ptr[len] == '.' || rest.ptr[len] == ',') &&
                       is_digit((unsigned char)rest.ptr[len + 1]);
        if (!goes_on)
            return len;
        tally->has_decimal |= rest.ptr[len] == '.';
        tally->commas += rest.ptr[len] == ',';
        len++;
    }
}

static void take_sign(struct tally *tally, struct slice rest)
{
    char c = rest.ptr[0];
    bool is_last = rest.len == 1 || strchr(" \t\r\n\f\v", rest.ptr[1]);
    if (!c)
        return;
    tally->commas += c == ',';
    tally->brackets += c == '(';
    tally->code += strchr("{}[]();_", c) != NULL;
    tally->formulas += strchr("=^\\", c) != NULL;
    tally->questions += c == '?';
    tally->sentences += strchr(".!?", c) && is_last;
}

/* Full stops, commas and question marks of other scripts, and characters of
 * those that have no spaces. */
static size_t take_character(struct tally *tally, struct slice rest)
{
    uint32_t character;
    size_t len = utf8_decode(rest, &character);
    switch (character) {
    case 0xFF1F: /* fullwidth */
    case 0x061F: /* Arabic */
        tally->questions++;
        tally->sentences++;
        break;
    case 0x3002: /* ideographic */
    case 0xFF01:
    case 0x0964: /* danda */
    case 0x06D4: tally->sentences++; break;
    case 0x3001: /* ideographic, Arabic */
    case 0xFF0C:
    case 0x060C: tally->commas++; break;
    case 0xFF08: tally->brackets++; break;
    default:
        if (utf8_is_letter(character)) {
            tally->wide++;
            tally->words += wide_words;
        }
    }
    return len;
}

static void read_text(struct tally *tally, struct slice text)
{
    while (text.len) {
        unsigned char c = (unsigned char)text.ptr[0];
        size_t len;
        if (is_digit(c)) {
            len = read_number(tally, text);
        } else if (!(len = read_word(tally, text))) {
            len = 1;
            if (c < 0x80)
                take_sign(tally, text);
            else
                len = take_character(tally, text);
        }
        text = slice_skip(text, len);
    }
}

/* Log of one more, as nothing has to be a number too. */
static void set_values(struct complexity *complexity, const struct tally *tally)
{
    double words = tally->words > 1 ? tally->words : 1;
    double repeated = tally->words - tally->kinds;
    const struct {
        enum complexity_feature feature;
        double value;
    } values[] = {
        { COMPLEXITY_WORDS, log1p(words) },
        { COMPLEXITY_REPEATED, log1p(repeated > 0 ? repeated : 0) },
        { COMPLEXITY_VARIED, tally->kinds / words },
        { COMPLEXITY_SENTENCES,
          log1p(tally->sentences ? tally->sentences : 1) },
        { COMPLEXITY_COMMAS, tally->commas / words },
        { COMPLEXITY_BRACKETS, log1p(tally->brackets) },
        { COMPLEXITY_CODE, log1p(tally->code) },
        { COMPLEXITY_CONDITIONS, log1p(tally->listed[0]) },
        { COMPLEXITY_QUANTITIES, log1p(tally->listed[1]) },
        { COMPLEXITY_COMPARISONS, log1p(tally->listed[2]) },
        { COMPLEXITY_NEGATIONS, tally->listed[3] / (words + 4) },
        { COMPLEXITY_STORY, tally->listed[4] / (words + 4) },
        { COMPLEXITY_MAKING, log1p(tally->listed[5]) },
        { COMPLEXITY_ORDERS, tally->listed[6] / (words + 4) },
        { COMPLEXITY_NO_QUESTION, tally->questions == 0 },
        { COMPLEXITY_LOOKUP, (tally->first_lists & LOOKUP) != 0 },
        { COMPLEXITY_NUMBERS, log1p(tally->number_kinds) },
        { COMPLEXITY_DECIMALS, tally->has_decimal },
        { COMPLEXITY_FORMULAS, log1p(tally->formulas) },
    };
    static_assert(COUNTOF(values) == COMPLEXITY_COUNT, "each once");
    for (size_t i = 0; i < COUNTOF(values); i++)
        complexity->value[values[i].feature] = values[i].value;
}

/* English, as far as can be told; a few words of ASCII may be. */
static bool knows_words(const struct tally *tally)
{
    if (tally->wide || tally->words < 1)
        return false;
    if (tally->words < FEW_WORDS)
        return tally->ascii >= tally->words;
    return tally->listed[LIST_COUNT - 1] >= known_share * tally->words;
}

static bool counts(const struct complexity *complexity,
                   const struct tally *tally, enum complexity_feature feature)
{
    switch (feature) {
    case COMPLEXITY_CONDITIONS:
    case COMPLEXITY_QUANTITIES:
    case COMPLEXITY_COMPARISONS:
    case COMPLEXITY_NEGATIONS:
    case COMPLEXITY_STORY:
    case COMPLEXITY_MAKING:
    case COMPLEXITY_ORDERS:
    case COMPLEXITY_LOOKUP: return complexity->has_words;
    case COMPLEXITY_REPEATED:
    case COMPLEXITY_VARIED: return !tally->wide;
    default: return true;
    }
}

double complexity_score(const struct complexity *complexity, double more)
{
    double sum = more;
    for (int i = 0; i < COMPLEXITY_COUNT; i++)
        sum += complexity->weight[i];
    return 1 / (1 + exp(-sum / slope));
}

static void weigh(struct complexity *complexity, const struct tally *tally)
{
    for (int i = 0; i < COMPLEXITY_COUNT; i++) {
        const struct measure *measure = &measures[i];
        double z = (complexity->value[i] - measure->mean) / measure->spread;
        if (!counts(complexity, tally, (enum complexity_feature)i))
            z = 0;
        z = measure->sign * (z > clip ? clip : z < -clip ? -clip : z);
        complexity->weight[i] = z;
    }
    complexity->score = complexity_score(complexity, 0);
}

void complexity_judge(struct slice text, struct complexity *complexity)
{
    struct tally tally = { 0 };
    size_t slots = 64;
    if (text.len > TEXT_MAX)
        text.len = TEXT_MAX;
    /* A word or number has at least one byte, and a sign behind it. */
    while (slots < text.len + 2)
        slots *= 2;
    tally.seen = memory_zero(slots, sizeof *tally.seen);
    tally.mask = slots - 1;
    index_words(&tally);
    *complexity = (struct complexity){ 0 };
    read_text(&tally, text);
    set_values(complexity, &tally);
    complexity->has_words = knows_words(&tally);
    weigh(complexity, &tally);
    free(tally.seen);
}
