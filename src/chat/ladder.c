/* SPDX-License-Identifier: MIT */
#include "chat/ladder.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
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

static size_t find_rung(const struct ladder *ladder, const char *name)
{
    size_t i = 0;
    size_t count = ladder->count + ladder->more;
    while (i < count && strcmp(ladder->rungs[i].name, name) != 0)
        i++;
    return i;
}

/* A prompt, judged once, before a ladder. */
struct scene {
    const struct ladder *ladder;
    const struct ladder_prompt *prompt;
    const struct complexity *alone, *whole; /* with what it follows */
    struct slice note;                      /* why they differ */
    double threshold, band;
};

static void describe_rule(const struct setting *rule, struct buf *reasons)
{
    buf_printf(reasons, "rule at %s:%d", rule->file, rule->line);
    const struct setting *when = child(rule, "when");
    for (size_t i = 0; when && i < when->child_count; i++)
        buf_printf(reasons, "%s %s %s", i ? "," : ":", when->children[i]->key,
                   when->children[i]->text);
}

/* The first rule, from this one on, that matches and whose target is free;
 * returns the next one's index, 0: none. */
static size_t choose_by_rule(const struct scene *scene, size_t from,
                             struct ladder_choice *choice, struct buf *reasons)
{
    const struct ladder *ladder = scene->ladder;
    const struct setting *rules =
        settings_find(ladder->settings, "routing.rules");
    for (size_t i = from; rules && i < rules->child_count; i++) {
        const struct setting *rule = rules->children[i];
        const struct setting *use = child(rule, "use");
        const struct setting *ask = child(rule, "ask");
        if (!use || !holds(rule, scene->prompt, scene->alone))
            continue;
        size_t rung = find_rung(ladder, use->text);
        describe_rule(rule, reasons);
        if (rung < ladder->count + ladder->more && ladder->rungs[rung].barred) {
            buf_printf(reasons, ", but %s: %s\n", use->text,
                       ladder->rungs[rung].barred);
            continue;
        }
        buf_append_char(reasons, '\n');
        choice->cause = LADDER_RULE;
        choice->rule = i + 1;
        choice->target = use->text;
        choice->asks = ask && ask->flag;
        return i + 1;
    }
    return 0;
}

/* The rungs that are free, from 0 on: their ranks. */

enum { NO_RANK = -1 };

static size_t nth_free(const struct ladder *ladder, size_t rank)
{
    size_t i = 0;
    for (; i < ladder->count; i++)
        if (!ladder->rungs[i].barred && rank-- == 0)
            break;
    return i;
}

static const char *name_of(const struct ladder *ladder, size_t rank)
{
    return ladder->rungs[nth_free(ladder, rank)].name;
}

/* Of the rung that the conversation stands on. */
static int standing_rank(const struct ladder *ladder, size_t standing)
{
    int rank = 0;
    if (!standing || standing > ladder->count ||
        ladder->rungs[standing - 1].barred)
        return NO_RANK;
    for (size_t i = 0; i + 1 < standing; i++)
        rank += !ladder->rungs[i].barred;
    return rank;
}

/* From what stands above the band on each rung has the same share. */
static double score_for(double above, size_t rank, size_t free_count)
{
    double rest = above < 1 ? 1 - above : 0;
    return above + rest * (double)(rank - 1) / (double)(free_count - 1);
}

double ladder_parting(double threshold, double band, size_t rank, size_t count)
{
    return rank < 2 || count < 2 ? threshold
                                 : score_for(threshold + band, rank, count);
}

/* Where a score leads. */
struct slope {
    double above; /* threshold and band */
    size_t free_count;
    int standing; /* rank, or NO_RANK */
};

/* The score from which on a rank answers, and not the one before it. */
static double edge(const struct slope *slope, size_t rank)
{
    double score = score_for(slope->above, rank, slope->free_count);
    if (slope->standing == (int)rank)
        return score - LADDER_STICK;
    return slope->standing == (int)rank - 1 ? score + LADDER_STICK : score;
}

static size_t rank_of(const struct slope *slope, double score)
{
    for (size_t rank = slope->free_count - 1; rank > 0; rank--)
        if (score >= edge(slope, rank))
            return rank;
    return 0;
}

static void describe_score(const struct ladder *ladder,
                           const struct slope *slope, size_t rank,
                           const struct ladder_choice *choice,
                           struct buf *reasons)
{
    double score = choice->complexity.score;
    if (rank > 0)
        buf_printf(reasons, "score %.2f, from %.2f on: %s\n", score,
                   edge(slope, rank), choice->target);
    else if (choice->is_watched && score >= slope->above)
        buf_printf(reasons,
                   "score %.2f, not yet %.2f: %s still, and its answer is "
                   "looked at\n",
                   score, edge(slope, 1), choice->target);
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
                   edge(slope, rank), name_of(ladder, rank - 1));
    if (rank + 1 < slope->free_count)
        buf_printf(reasons, "from %.2f on it would have been %s\n",
                   edge(slope, rank + 1), name_of(ladder, rank + 1));
}

/* Where the conversation has decided, not the score alone. */
static void describe_standing(const struct ladder *ladder,
                              const struct slope *slope, size_t rank,
                              const struct ladder_choice *choice,
                              struct buf *reasons)
{
    struct slope alone = *slope;
    alone.standing = NO_RANK;
    size_t other = rank_of(&alone, choice->complexity.score);
    if (other != rank)
        buf_printf(reasons,
                   "the conversation stays at %s: only %.2f beyond where they "
                   "part it would go to %s\n",
                   choice->target, LADDER_STICK, name_of(ladder, other));
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

bool ladder_is_follow_up(struct slice text)
{
    size_t words = 0;
    text = slice_trim(text);
    for (size_t i = 0; i < text.len; i++)
        words += !is_blank(text.ptr[i]) && (!i || is_blank(text.ptr[i - 1]));
    return words <= LADDER_SHORT_WORDS && text.len <= LADDER_SHORT_BYTES;
}

static void judge_whole(const struct ladder_prompt *prompt,
                        const struct complexity *alone,
                        struct complexity *whole, struct buf *reasons)
{
    struct buf text = { 0 };
    *whole = *alone;
    if (!prompt->before.len || !ladder_is_follow_up(prompt->text))
        return;
    buf_append_slice(&text, prompt->before);
    buf_append_char(&text, '\n');
    buf_append_slice(&text, prompt->text);
    complexity_judge(buf_slice(&text), whole);
    if (whole->score > alone->score)
        buf_printf(reasons,
                   "a short follow-up, judged with what it follows: %.2f by "
                   "itself\n",
                   alone->score);
    else
        *whole = *alone;
    buf_clear(&text);
}

void ladder_judge(const struct ladder_prompt *prompt,
                  struct complexity *complexity, struct buf *reasons)
{
    struct complexity alone;
    complexity_judge(prompt->text, &alone);
    judge_whole(prompt, &alone, complexity, reasons);
}

static void choose_by_score(const struct scene *scene,
                            struct ladder_choice *choice, struct buf *reasons)
{
    const struct ladder *ladder = scene->ladder;
    struct slope slope = { .above = scene->threshold + scene->band };
    for (size_t i = 0; i < ladder->count; i++)
        slope.free_count += !ladder->rungs[i].barred;
    if (slope.free_count == 0)
        return;
    choice->complexity = *scene->whole;
    buf_append_slice(reasons, scene->note);
    slope.standing = standing_rank(ladder, scene->prompt->standing);
    double score = choice->complexity.score;
    size_t rank = rank_of(&slope, score);
    choice->target = name_of(ladder, rank);
    choice->cause = slope.free_count > 1 ? LADDER_SCORE : LADDER_ONLY;
    choice->edge = rank ? edge(&slope, rank) : 0;
    choice->is_watched = slope.free_count > 1 && rank == 0 &&
                         score >= choice->threshold - choice->band;
    if (slope.free_count == 1) {
        buf_printf(reasons, "the only rung that can answer: %s\n",
                   choice->target);
        return;
    }
    describe_score(ladder, &slope, rank, choice, reasons);
    describe_standing(ladder, &slope, rank, choice, reasons);
}

static size_t choose_from(const struct scene *scene, size_t rule,
                          struct ladder_choice *choice, struct buf *reasons)
{
    choice->threshold = scene->threshold;
    choice->band = scene->band;
    choice->complexity = *scene->alone;
    size_t next = choose_by_rule(scene, rule, choice, reasons);
    if (!next)
        choose_by_score(scene, choice, reasons);
    return next;
}

/* Who would have answered otherwise; NULL: nobody. */
static const char *target_of(const struct scene *scene, size_t rule)
{
    struct ladder_choice choice = { 0 };
    struct buf ignored = { 0 };
    choose_from(scene, rule, &choice, &ignored);
    buf_clear(&ignored);
    return choice.target;
}

/* A ladder with one bar less. */
static bool is_held_back(const struct scene *scene, size_t rung)
{
    struct ladder ladder = *scene->ladder;
    struct scene other = *scene;
    ARRAY_OF(struct rung) rungs = { 0 };
    for (size_t i = 0; i < ladder.count + ladder.more; i++)
        *array_add(&rungs) = ladder.rungs[i];
    rungs.items[rung].barred = NULL;
    ladder.rungs = rungs.items;
    other.ladder = &ladder;
    const char *target = target_of(&other, 0);
    bool is_it = target && !strcmp(target, rungs.items[rung].name);
    array_clear(&rungs);
    return is_it;
}

static void describe_barred(const struct scene *scene, struct buf *reasons)
{
    const struct ladder *ladder = scene->ladder;
    for (size_t i = 0; i < ladder->count + ladder->more; i++)
        if (ladder->rungs[i].barred)
            buf_printf(reasons, "not %s: %s%s\n", ladder->rungs[i].name,
                       ladder->rungs[i].barred,
                       is_held_back(scene, i) ? "; else it would have been it"
                                              : "");
}

static void describe_rest(const struct scene *scene, size_t next_rule,
                          const struct ladder_choice *choice,
                          struct buf *reasons)
{
    const char *other = next_rule ? target_of(scene, next_rule) : NULL;
    if (other && strcmp(other, choice->target) != 0)
        buf_printf(reasons, "without that rule it would have been %s\n", other);
}

static void describe_lesson(const struct lesson *lesson, double own,
                            struct buf *reasons)
{
    size_t before = reasons->len;
    lesson_words(lesson, own, reasons);
    if (reasons->len > before)
        buf_append_char(reasons, '\n');
}

void ladder_choose(const struct ladder *ladder,
                   const struct ladder_prompt *prompt,
                   struct ladder_choice *choice, struct buf *reasons)
{
    struct complexity alone, whole;
    struct buf note = { 0 };
    double own = settings_number(ladder->settings, "routing.threshold",
                                 LADDER_THRESHOLD);
    complexity_judge(prompt->text, &alone);
    judge_whole(prompt, &alone, &whole, &note);
    const struct scene scene = {
        .ladder = ladder,
        .prompt = prompt,
        .alone = &alone,
        .whole = &whole,
        .note = buf_slice(&note),
        .threshold = lesson_threshold(&ladder->lesson, own),
        .band = settings_number(ladder->settings, "routing.band", LADDER_BAND),
    };
    size_t next_rule = choose_from(&scene, 0, choice, reasons);
    describe_rest(&scene, next_rule, choice, reasons);
    if (choice->cause == LADDER_SCORE)
        describe_lesson(&ladder->lesson, own, reasons);
    describe_barred(&scene, reasons);
    buf_clear(&note);
}

size_t ladder_rule_count(const struct settings *settings)
{
    const struct setting *rules = settings_find(settings, "routing.rules");
    return rules ? rules->child_count : 0;
}

const char *ladder_rule_target(const struct settings *settings, size_t rule)
{
    const struct setting *rules = settings_find(settings, "routing.rules");
    const struct setting *use = child(rules->children[rule], "use");
    return use ? use->text : NULL;
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
