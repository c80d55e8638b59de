/* SPDX-License-Identifier: MIT */
#include "chat/complexity.h"

#include <assert.h>
#include <math.h>

#include "base/compiler.h"
#include "chat/prompt_tally.h"

/* Mean and spread over the three families, and the sign. Chores are rare in these:
 * their spread is such that a greeting alone is one, and not before a question. */
static const struct measure {
    const char *name;
    double mean, spread, sign;
} measures[] = {
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
    [COMPLEXITY_REASONING] = { "reasoning", .164, .361, 1 },
    [COMPLEXITY_CHORES] = { "chores", .002, .05, -1 },
    [COMPLEXITY_NO_QUESTION] = { "no question", .281, .450, 1 },
    [COMPLEXITY_LOOKUP] = { "something to look up", .114, .318, -1 },
    [COMPLEXITY_NUMBERS] = { "numbers", .864, .783, -1 },
    [COMPLEXITY_DECIMALS] = { "decimals", .0636, .244, -1 },
};
/* clang-format on */
static const double clip = 3, slope = 6;
/* What the lists would say of a text is as much of what the rest says: the mean
 * slope over the three families. */
static const double guessed_share = .4;

static_assert(COUNTOF(measures) == COMPLEXITY_COUNT, "one for each feature");

const char *complexity_feature_name(enum complexity_feature feature)
{
    return measures[feature].name;
}

/* Log of one more, as nothing has to be a number too. */
static void set_values(struct complexity *complexity,
                       const struct prompt_tally *tally)
{
    double words = tally->words > 1 ? tally->words : 1;
    double repeated = tally->words - tally->kinds;
    const double *listed = tally->listed;
    const struct {
        enum complexity_feature feature;
        double value;
    } values[] = {
        { COMPLEXITY_REPEATED, log1p(repeated > 0 ? repeated : 0) },
        { COMPLEXITY_VARIED, tally->words > 0 ? tally->kinds / words : 1 },
        { COMPLEXITY_SENTENCES,
          log1p(tally->sentences > 1 ? tally->sentences : 1) },
        { COMPLEXITY_COMMAS, tally->commas / words },
        { COMPLEXITY_BRACKETS, log1p(tally->brackets) },
        { COMPLEXITY_CODE, log1p(tally->code) },
        { COMPLEXITY_CONDITIONS, log1p(listed[LEXICON_CONDITIONS]) },
        { COMPLEXITY_QUANTITIES, log1p(listed[LEXICON_QUANTITIES]) },
        { COMPLEXITY_COMPARISONS, log1p(listed[LEXICON_COMPARISONS]) },
        { COMPLEXITY_NEGATIONS, listed[LEXICON_NEGATIONS] / (words + 4) },
        { COMPLEXITY_STORY, listed[LEXICON_STORY] / (words + 4) },
        { COMPLEXITY_MAKING, log1p(listed[LEXICON_MAKING]) },
        { COMPLEXITY_ORDERS, listed[LEXICON_ORDERS] / (words + 4) },
        { COMPLEXITY_NO_QUESTION, tally->questions == 0 },
        { COMPLEXITY_REASONING, log1p(listed[LEXICON_REASONING]) },
        { COMPLEXITY_CHORES, listed[LEXICON_CHORES] / (words + 4) },
        { COMPLEXITY_LOOKUP, tally->is_lookup },
        { COMPLEXITY_NUMBERS, log1p(tally->number_kinds) },
        { COMPLEXITY_DECIMALS, tally->has_decimal },
    };
    static_assert(COUNTOF(values) == COMPLEXITY_COUNT, "each once");
    for (size_t i = 0; i < COUNTOF(values); i++)
        complexity->value[values[i].feature] = values[i].value;
}

static bool is_of_words(enum complexity_feature feature)
{
    switch (feature) {
    case COMPLEXITY_CONDITIONS:
    case COMPLEXITY_QUANTITIES:
    case COMPLEXITY_COMPARISONS:
    case COMPLEXITY_NEGATIONS:
    case COMPLEXITY_STORY:
    case COMPLEXITY_MAKING:
    case COMPLEXITY_ORDERS:
    case COMPLEXITY_REASONING:
    case COMPLEXITY_CHORES:
    case COMPLEXITY_LOOKUP: return true;
    default: return false;
    }
}

double complexity_score(const struct complexity *complexity, double more)
{
    double sum = 0;
    for (int i = 0; i < COMPLEXITY_COUNT; i++)
        sum += complexity->weight[i];
    if (!complexity->has_words)
        sum *= 1 + guessed_share;
    sum += more;
    return 1 / (1 + exp(-sum / slope));
}

static void weigh(struct complexity *complexity)
{
    for (int i = 0; i < COMPLEXITY_COUNT; i++) {
        const struct measure *measure = &measures[i];
        double z = (complexity->value[i] - measure->mean) / measure->spread;
        if (!complexity->has_words && is_of_words((enum complexity_feature)i))
            z = 0;
        z = measure->sign * (z > clip ? clip : z < -clip ? -clip : z);
        complexity->weight[i] = z;
    }
    complexity->score = complexity_score(complexity, 0);
}

void complexity_judge(struct slice text, struct complexity *complexity)
{
    struct prompt_tally tally = { 0 };
    *complexity = (struct complexity){ 0 };
    prompt_tally_read(text, &tally);
    set_values(complexity, &tally);
    complexity->has_words = tally.knows_words;
    weigh(complexity);
}
