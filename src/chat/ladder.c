/* SPDX-License-Identifier: MIT */
#include "chat/ladder.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pattern.h"

enum {
    PATTERN_WORK = 1000000, /* steps of PCRE2, for one rule */
    CODE_SIGNS = 8,         /* brackets and semicolons, without a fence */
};

static const struct setting *child(const struct setting *map, const char *key)
{
    for (size_t i = 0; map && i < map->child_count; i++)
        if (!strcmp(map->children[i]->key, key))
            return map->children[i];
    return NULL;
}

/* "> 24k", ">=2000", "< 1.5M". */
static bool parse_size(const char *text, char *comparison, bool *or_equal,
                       double *size)
{
    struct slice rest = slice_trim(slice_of(text));
    if (!rest.len || !strchr("<>", rest.ptr[0]))
        return false;
    *comparison = rest.ptr[0];
    rest = slice_skip(rest, 1);
    *or_equal = rest.len && rest.ptr[0] == '=';
    rest = slice_trim(slice_skip(rest, *or_equal));
    char *end;
    *size = strtod(rest.ptr, &end);
    if (end == rest.ptr || *size < 0)
        return false;
    if (*end == 'k' || *end == 'K')
        *size *= 1000, end++;
    else if (*end == 'M')
        *size *= 1000000, end++;
    return slice_trim(slice_of(end)).len == 0;
}

static bool is_of_size(const char *condition, uint64_t tokens)
{
    char comparison;
    bool or_equal;
    double size, count = (double)tokens;
    if (!parse_size(condition, &comparison, &or_equal, &size))
        return false;
    return (comparison == '>' ? count > size : count < size) ||
           (or_equal && count == size);
}

static bool has_code(const struct ladder_prompt *prompt,
                     const struct complexity *complexity)
{
    double most = complexity->value[COMPLEXITY_CODE];
    return slice_find(prompt->text, "```") >= 0 || most >= log1p(CODE_SIGNS);
}

static bool has_kind(const char *kind, const struct ladder_prompt *prompt,
                     const struct complexity *complexity)
{
    if (!strcmp(kind, "image"))
        return prompt->has_image;
    if (!strcmp(kind, "file"))
        return prompt->has_file;
    return has_code(prompt, complexity);
}

static bool matches_text(const char *source, struct slice text)
{
    struct error err;
    uint64_t left = PATTERN_WORK;
    struct pattern *pattern = pattern_new(slice_of(source), &err);
    bool is_found = pattern && pattern_find(pattern, text, &left);
    pattern_free(pattern);
    return is_found;
}

/* All conditions hold; a rule without one always does. */
static bool holds(const struct setting *rule,
                  const struct ladder_prompt *prompt,
                  const struct complexity *complexity)
{
    const struct setting *when = child(rule, "when");
    const struct setting *has = child(when, "has");
    const struct setting *tokens = child(when, "tokens");
    const struct setting *text = child(when, "text");
    return (!has || has_kind(has->text, prompt, complexity)) &&
           (!tokens || is_of_size(tokens->text, prompt->tokens)) &&
           (!text || matches_text(text->text, prompt->text));
}

static size_t find_rung(const struct rung *rungs, size_t count,
                        const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(rungs[i].name, name) != 0)
        i++;
    return i;
}

static void describe_rule(const struct setting *rule, struct buf *reasons)
{
    buf_printf(reasons, "rule at %s:%d", rule->file, rule->line);
    const struct setting *when = child(rule, "when");
    for (size_t i = 0; when && i < when->child_count; i++)
        buf_printf(reasons, "%s %s %s", i ? "," : ":", when->children[i]->key,
                   when->children[i]->text);
}

/* The first rule that matches and whose target is free. */
static bool choose_by_rule(const struct settings *settings,
                           const struct rung *rungs, size_t count,
                           const struct ladder_prompt *prompt,
                           struct ladder_choice *choice, struct buf *reasons)
{
    const struct setting *rules = settings_find(settings, "routing.rules");
    for (size_t i = 0; rules && i < rules->child_count; i++) {
        const struct setting *rule = rules->children[i];
        const struct setting *use = child(rule, "use");
        const struct setting *ask = child(rule, "ask");
        if (!use || !holds(rule, prompt, &choice->complexity))
            continue;
        size_t rung = find_rung(rungs, count, use->text);
        describe_rule(rule, reasons);
        if (rung < count && rungs[rung].barred) {
            buf_printf(reasons, ", but %s: %s\n", use->text,
                       rungs[rung].barred);
            continue;
        }
        buf_append_char(reasons, '\n');
        choice->cause = LADDER_RULE;
        choice->rung = rung;
        choice->target = use->text;
        choice->asks = ask && ask->flag;
        return true;
    }
    return false;
}

/* Of the rungs that are free, by what stands above the band. */
static size_t rank_of(double score, double above, size_t free_count)
{
    if (score < above || free_count < 2)
        return 0;
    double share = above < 1 ? (score - above) / (1 - above) : 1;
    size_t steps = free_count - 1, step = (size_t)(share * (double)steps);
    return 1 + (step < steps ? step : steps - 1);
}

static size_t nth_free(const struct rung *rungs, size_t count, size_t rank)
{
    size_t i = 0;
    for (; i < count; i++)
        if (!rungs[i].barred && rank-- == 0)
            break;
    return i;
}

/* The score at which this many rungs are passed. */
static double score_for(double above, size_t rank, size_t free_count)
{
    return above + (1 - above) * (double)(rank - 1) / (double)(free_count - 1);
}

static void describe_score(const struct rung *rungs, size_t count,
                           size_t free_count, size_t rank,
                           const struct ladder_choice *choice,
                           struct buf *reasons)
{
    double score = choice->complexity.score;
    double above = choice->threshold + choice->band;
    if (rank > 0)
        buf_printf(reasons, "score %.2f, from %.2f on: %s\n", score,
                   score_for(above, rank, free_count), choice->target);
    else if (choice->is_watched)
        buf_printf(reasons,
                   "score %.2f, within %.2f of the threshold %.2f: %s first, "
                   "and its answer is looked at\n",
                   score, choice->band, choice->threshold, choice->target);
    else
        buf_printf(reasons, "score %.2f, below the threshold %.2f: %s\n", score,
                   choice->threshold, choice->target);
    if (rank > 0)
        buf_printf(reasons, "below %.2f it would have been %s\n",
                   score_for(above, rank, free_count),
                   rungs[nth_free(rungs, count, rank - 1)].name);
    if (rank + 1 < free_count)
        buf_printf(reasons, "from %.2f on it would have been %s\n",
                   score_for(above, rank + 1, free_count),
                   rungs[nth_free(rungs, count, rank + 1)].name);
}

static void describe_barred(const struct rung *rungs, size_t count,
                            struct buf *reasons)
{
    for (size_t i = 0; i < count; i++)
        if (rungs[i].barred)
            buf_printf(reasons, "not %s: %s\n", rungs[i].name, rungs[i].barred);
}

static void choose_by_score(const struct rung *rungs, size_t count,
                            struct ladder_choice *choice, struct buf *reasons)
{
    size_t free_count = 0;
    for (size_t i = 0; i < count; i++)
        free_count += !rungs[i].barred;
    if (free_count == 0)
        return;
    double score = choice->complexity.score;
    double above = choice->threshold + choice->band;
    size_t rank = rank_of(score, above, free_count);
    choice->rung = nth_free(rungs, count, rank);
    choice->target = rungs[choice->rung].name;
    choice->cause = free_count > 1 ? LADDER_SCORE : LADDER_ONLY;
    choice->is_watched = free_count > 1 && rank == 0 &&
                         score >= choice->threshold - choice->band;
    if (free_count > 1)
        describe_score(rungs, count, free_count, rank, choice, reasons);
    else
        buf_printf(reasons, "the only rung that can answer: %s\n",
                   choice->target);
}

void ladder_choose(const struct settings *settings, const struct rung *rungs,
                   size_t count, const struct ladder_prompt *prompt,
                   struct ladder_choice *choice, struct buf *reasons)
{
    choice->threshold =
        settings_number(settings, "routing.threshold", LADDER_THRESHOLD);
    choice->band = settings_number(settings, "routing.band", LADDER_BAND);
    complexity_judge(prompt->text, &choice->complexity);
    if (!choose_by_rule(settings, rungs, count, prompt, choice, reasons))
        choose_by_score(rungs, count, choice, reasons);
    describe_barred(rungs, count, reasons);
}

static bool check_rule(const struct setting *rule, struct error *err)
{
    const struct setting *when = child(rule, "when");
    const struct setting *tokens = child(when, "tokens");
    const struct setting *text = child(when, "text");
    char comparison;
    bool or_equal;
    double size;
    if (tokens && !parse_size(tokens->text, &comparison, &or_equal, &size))
        return error_set(err, ERROR_CONFIG,
                         "%s:%d: tokens is a size such as \"> 24k\", not "
                         "\"%s\"",
                         tokens->file, tokens->line, tokens->text);
    if (!text)
        return true;
    struct pattern *pattern = pattern_new(slice_of(text->text), err);
    if (!pattern)
        return error_context(err, "%s:%d: the regular expression", text->file,
                             text->line);
    pattern_free(pattern);
    return true;
}

bool ladder_check(const struct settings *settings, struct error *err)
{
    const struct setting *rules = settings_find(settings, "routing.rules");
    for (size_t i = 0; rules && i < rules->child_count; i++) {
        const struct setting *rule = rules->children[i];
        if (!child(rule, "use"))
            return error_set(err, ERROR_CONFIG,
                             "%s:%d: the rule says not what to use; add use: "
                             "ENDPOINT/MODEL",
                             rule->file, rule->line);
        if (!check_rule(rule, err))
            return false;
    }
    return true;
}
