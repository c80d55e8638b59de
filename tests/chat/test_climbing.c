/* SPDX-License-Identifier: MIT */
/*
 * The order in which it is decided who answers: pinned, or --local and --cloud ·
 * privacy · consent · what the prompt needs, health, money · rules · the score.
 * First the ladder alone, where all that bars a rung is a word given from
 * outside: every set of bars, with every rule and prompt, and what the receipt
 * says would have changed it is done and looked at. Then a chat, in which each
 * stage stands against the next.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/chat.h"
#include "tests/support/bytes.h"
#include "tests/support/settings.h"

Suite *climbing_suite(void);

#define EASY "What is the capital of France?"
#define HARD                                                                 \
    "If each of three machines makes twice as many parts as the next one, "  \
    "and the total is more than 70, how many does each of them make at "     \
    "least? Prove it, explain why no other answer is possible, and compare " \
    "two ways to find it without trying all of them."

enum { LADDER_COUNT = 3, RUNG_COUNT = 4 };

static const char *const names[RUNG_COUNT] = { "box/fast", "box/big",
                                               "claude/better", "box/eyes" };

/* The rule that stands in the settings, and whom it names. */
static const char *const targets[] = { NULL, "box/big", "claude/better",
                                       "box/eyes" };

struct order {
    unsigned barred; /* bits, by rung */
    const char *rule;
    const char *prompt;
    size_t standing;
    double threshold;
};

struct decision {
    struct ladder_choice choice;
    char target[20]; /* "": nobody */
    struct buf receipt;
};

static void decide(const struct order *order, struct decision *decision)
{
    struct rung rungs[RUNG_COUNT];
    struct settings *settings = settings_new();
    char yaml[120];
    *decision = (struct decision){ 0 };
    snprintf(yaml, sizeof yaml, "routing: {threshold: %.4f}\n",
             order->threshold);
    settings_must_add(settings, "one.yaml", yaml);
    snprintf(yaml, sizeof yaml, "routing: {rules: [{use: %s}]}\n", order->rule);
    if (order->rule)
        settings_must_add(settings, "two.yaml", yaml);
    for (size_t i = 0; i < RUNG_COUNT; i++)
        rungs[i] =
            (struct rung){ names[i], order->barred >> i & 1 ? "barred" : NULL };
    const struct ladder ladder = { .settings = settings,
                                   .rungs = rungs,
                                   .count = LADDER_COUNT,
                                   .more = RUNG_COUNT - LADDER_COUNT };
    const struct ladder_prompt prompt = { .text = slice_of(order->prompt),
                                          .standing = order->standing };
    ladder_choose(&ladder, &prompt, &decision->choice, &decision->receipt);
    snprintf(decision->target, sizeof decision->target, "%s",
             decision->choice.target ? decision->choice.target : "");
    settings_free(settings);
}

/* Who answers once something is changed. */
static void ck_target(const struct order *order, const char *target, bool is_it,
                      const char *line)
{
    struct decision decision;
    decide(order, &decision);
    ck_assert_msg((strcmp(decision.target, target) == 0) == is_it,
                  "\"%s\", but then it is %s", line, decision.target);
    buf_clear(&decision.receipt);
}

static unsigned bit_of(const char *name)
{
    unsigned i = 0;
    while (i < RUNG_COUNT && strcmp(names[i], name) != 0)
        i++;
    ck_assert_uint_lt(i, RUNG_COUNT);
    return 1u << i;
}

/* The threshold is moved as the score would have to be, until who answers is
 * another: that is the one whom the line names. */
static void move_threshold(const struct order *order, double step,
                           const char *target, const char *line)
{
    struct order moved = *order;
    char now[20];
    struct decision decision;
    decide(order, &decision);
    snprintf(now, sizeof now, "%s", decision.target);
    while (!strcmp(decision.target, now)) {
        buf_clear(&decision.receipt);
        moved.threshold += step;
        ck_assert_msg(moved.threshold > -1 && moved.threshold < 2, "%s", line);
        moved.threshold = moved.threshold < 0   ? 0
                          : moved.threshold > 1 ? 1
                                                : moved.threshold;
        decide(&moved, &decision);
        if (moved.threshold == 0 || moved.threshold == 1)
            break;
    }
    /* At the end of the scale no further step can be taken. */
    if (strcmp(decision.target, now) != 0)
        ck_assert_msg(!strcmp(decision.target, target), "\"%s\", but it is %s",
                      line, decision.target);
    buf_clear(&decision.receipt);
}

/* Does what a line of the receipt says would have changed it. */
static void flip(const struct order *order, const struct decision *decision,
                 const char *line)
{
    struct order other = *order;
    char name[20] = "";
    double score = decision->choice.complexity.score, edge;
    if (sscanf(line, "not %19[^:]:", name) == 1) {
        other.barred &= ~bit_of(name);
        ck_target(&other, name, strstr(line, "; else it") != NULL, line);
    } else if (sscanf(line, "without that rule it would have been %19s",
                      name) == 1) {
        other.rule = NULL;
        ck_target(&other, name, true, line);
        ck_assert_str_ne(name, decision->target);
    } else if (sscanf(line, "below %lf it would have been %19s", &edge, name) ==
               2) {
        ck_assert(score >= edge - .0051);
        move_threshold(order, .002, name, line);
    } else if (sscanf(line, "from %lf on it would have been %19s", &edge,
                      name) == 2) {
        ck_assert(score < edge + .0051);
        move_threshold(order, -.002, name, line);
    }
}

static bool says(const struct decision *decision, const char *words)
{
    return slice_find(buf_slice(&decision->receipt), words) >= 0;
}

/* What decided is what the receipt names. */
static void ck_order(const struct order *order, const struct decision *decision)
{
    bool is_free[RUNG_COUNT], has_rung = false;
    for (size_t i = 0; i < RUNG_COUNT; i++) {
        is_free[i] = !(order->barred >> i & 1);
        has_rung |= is_free[i] && i < LADDER_COUNT;
    }
    bool is_rule = order->rule && !(order->barred & bit_of(order->rule));
    ck_assert_int_eq(decision->choice.cause == LADDER_RULE, is_rule);
    ck_assert_int_eq(decision->choice.cause == LADDER_NONE,
                     !is_rule && !has_rung);
    ck_assert_int_eq(says(decision, "rule at two.yaml:1"), order->rule != NULL);
    ck_assert_int_eq(says(decision, ", but "), order->rule && !is_rule);
    if (is_rule)
        ck_assert_str_eq(decision->target, order->rule);
    if (decision->choice.cause == LADDER_SCORE)
        ck_assert(says(decision, "score "));
    if (decision->choice.cause == LADDER_ONLY)
        ck_assert(says(decision, "the only rung that can answer"));
    if (*decision->target)
        ck_assert(!(order->barred & bit_of(decision->target)));
}

/* Who would be there without the rule is told where it is another. */
static void ck_without_rule(const struct order *order,
                            const struct decision *decision)
{
    struct order without = *order;
    struct decision other;
    without.rule = NULL;
    decide(&without, &other);
    bool is_told = decision->choice.cause == LADDER_RULE && *other.target &&
                   strcmp(other.target, decision->target) != 0;
    ck_assert_int_eq(says(decision, "without that rule"), is_told);
    buf_clear(&other.receipt);
}

static void ck_receipt(const struct order *order)
{
    struct decision decision;
    struct slice rest, line;
    decide(order, &decision);
    ck_order(order, &decision);
    ck_without_rule(order, &decision);
    rest = buf_slice(&decision.receipt);
    while (slice_next_line(&rest, &line)) {
        char copy[200];
        snprintf(copy, sizeof copy, "%.*s", SLICE_ARG(line));
        flip(order, &decision, copy);
    }
    buf_clear(&decision.receipt);
}

START_TEST(whatever_bars_a_rung_the_receipt_tells_what_would_have_changed_it)
{
    static const char *const prompts[] = { EASY, HARD };
    static const double thresholds[] = { .2, .55, .8 };
    for (unsigned barred = 0; barred < 1 << RUNG_COUNT; barred++)
        for (size_t i = 0; i < COUNTOF(prompts); i++)
            for (size_t j = 0; j < COUNTOF(thresholds); j++)
                for (size_t standing = 0; standing <= LADDER_COUNT; standing++)
                    ck_receipt(&(struct order){ .barred = barred,
                                                .rule = targets[_i],
                                                .prompt = prompts[i],
                                                .standing = standing,
                                                .threshold = thresholds[j] });
}
END_TEST

/* A chat in which nothing listens, and no model needs to be asked for. */
struct world {
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
    struct chat *chat;
    struct route route;
    struct ladder_choice choice;
    struct buf reasons;
};

static const char base[] =
    "endpoints:\n"
    "  box: {dialect: ollama, trust: own, url: \"http://127.0.0.1:1\"}\n"
    "  gate: {dialect: ollama, trust: vendor, url: \"http://127.0.0.1:2\"}\n"
    "routing: {ladder: [box/m, gate/m]}\n";

static void world_open(struct world *world, const char *yaml)
{
    struct error err = { 0 };
    *world = (struct world){ .settings = settings_new() };
    settings_must_add(world->settings, "base", base);
    settings_must_add(world->settings, "more", yaml);
    ck_assert_msg(
        endpoints_load(&world->endpoints, world->settings, NULL, &err), "%s",
        err.text);
    world->loop = loop_new(&err);
    world->http = http_new(world->loop, &err);
    world->chat = chat_new(&(struct chat_setup){
        .loop = world->loop,
        .http = world->http,
        .settings = world->settings,
        .endpoints = &world->endpoints,
        .seed = 1,
    });
}

static void world_close(struct world *world)
{
    chat_free(world->chat);
    http_free(world->http);
    loop_free(world->loop);
    endpoints_clear(&world->endpoints);
    settings_free(world->settings);
    buf_clear(&world->reasons);
}

#define AGREED "privacy: {first_send_to_vendor: always}\n"
#define NEVER  "privacy: {first_send_to_vendor: never}\n"
#define PRIVATE                                         \
    "privacy: {first_send_to_vendor: always, private: " \
    "{text: ['machines']}}\n"
#define TO_BOX  "routing: {rules: [{use: box/m}]}\n"
#define TO_GATE "routing: {rules: [{use: gate/m}]}\n"
#define TO_SPARE                                                \
    "routing: {rules: [{use: spare/m}]}\n"                      \
    "endpoints: {spare: {dialect: ollama, trust: vendor, url: " \
    "\"http://127.0.0.1:3\"}}\n"

/* Each stage against the next. */
static const struct {
    const char *yaml, *pinned;
    enum route_tier tier;
    const char *prompt, *endpoint;
    const char *words; /* of the receipt; "": any */
} stages[] = {
    /* The score decides. */
    { AGREED, NULL, ROUTE_ANY, EASY, "box", "below the threshold" },
    { AGREED, NULL, ROUTE_ANY, HARD, "gate", "from 0.65 on: gate/m" },
    /* A rule beats the score. */
    { AGREED TO_GATE, NULL, ROUTE_ANY, EASY, "gate", "rule at more" },
    { AGREED TO_BOX, NULL, ROUTE_ANY, HARD, "box", "rule at more" },
    /* Consent beats a rule, and the score. */
    { NEVER, NULL, ROUTE_ANY, HARD, "box", "not gate/m:" },
    { NEVER TO_GATE, NULL, ROUTE_ANY, EASY, "box", ", but gate/m:" },
    { NEVER TO_SPARE, NULL, ROUTE_ANY, EASY, "box", ", but spare/m:" },
    { AGREED TO_SPARE, NULL, ROUTE_ANY, EASY, "spare", "rule at more" },
    /* So does privacy, whatever was agreed to. */
    { PRIVATE, NULL, ROUTE_ANY, HARD, "box", "not gate/m:" },
    { PRIVATE TO_GATE, NULL, ROUTE_ANY, HARD, "box", ", but gate/m:" },
    { PRIVATE TO_SPARE, NULL, ROUTE_ANY, HARD, "box", ", but spare/m:" },
    { PRIVATE TO_GATE, NULL, ROUTE_ANY, EASY, "gate", "rule at more" },
    /* What is pinned, or kept here, stands above all that chooses. */
    { AGREED TO_GATE, "box/m", ROUTE_ANY, HARD, "box", "" },
    { AGREED TO_BOX, "gate/m", ROUTE_ANY, EASY, "gate", "" },
    { AGREED TO_GATE, NULL, ROUTE_LOCAL, HARD, "box", "" },
    { AGREED TO_BOX, NULL, ROUTE_CLOUD, EASY, "gate", "" },
};

START_TEST(each_stage_stands_above_the_next)
{
    struct world world;
    struct error err = { 0 };
    world_open(&world, stages[_i].yaml);
    ck_assert(!stages[_i].pinned ||
              chat_set_target(world.chat, stages[_i].pinned, &err));
    ck_assert(stages[_i].tier == ROUTE_ANY ||
              chat_set_tier(world.chat, stages[_i].tier, &err));
    const struct ladder_prompt prompt = { .text = slice_of(stages[_i].prompt) };
    chat_forecast(world.chat, &prompt, &world.route, &world.choice,
                  &world.reasons);
    ck_assert_ptr_nonnull(world.route.endpoint);
    ck_assert_msg(!strcmp(world.route.endpoint->name, stages[_i].endpoint),
                  "%s: %s", world.route.endpoint->name,
                  buf_string(&world.reasons));
    ck_assert_msg(strstr(buf_string(&world.reasons), stages[_i].words),
                  "no \"%s\" in %s", stages[_i].words,
                  buf_string(&world.reasons));
    world_close(&world);
}
END_TEST

Suite *climbing_suite(void)
{
    Suite *suite = suite_create("climbing");
    TCase *tcase = tcase_create("climbing");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(
        tcase,
        whatever_bars_a_rung_the_receipt_tells_what_would_have_changed_it, 0,
        COUNTOF(targets));
    tcase_add_loop_test(tcase, each_stage_stands_above_the_next, 0,
                        COUNTOF(stages));
    suite_add_tcase(suite, tcase);
    return suite;
}
