/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/endpoint.h"
#include "chat/price.h"
#include "tests/support/settings.h"

Suite *price_suite(void);

/* Sonnet's, of 2026. */
static const struct price sonnet = { 3, 15, 0.3, 3.75 };
static const struct price plain = { 1, 2, -1, -1 };

static const struct {
    const struct price *price;
    struct price_tokens tokens;
    double dollars;
} costs[] = {
    { &plain, { 0 }, 0 },
    { &plain, { .input = 1000000 }, 1 },
    { &plain, { .output = 1000000 }, 2 },
    { &plain, { .input = 1000, .output = 500 }, 0.002 },
    /* No price of its own: cached input is input. */
    { &plain, { .input = 1000, .cached = 400, .cache_write = 600 }, 0.001 },
    /* 100 fresh at 3, 800 cached at .3, 100 put there at 3.75, 10 out at 15. */
    { &sonnet,
      { .input = 1000, .cached = 800, .cache_write = 100, .output = 10 },
      (300 + 240 + 375 + 150) / 1e6 },
    /* A server that counts more in its cache than it read: no negative rest. */
    { &sonnet, { .input = 10, .cached = 20, .cache_write = 20 }, 3e-6 },
    /* A billionth is the least; half of one is rounded up. */
    { &(struct price){ 0.0004, 0, -1, -1 }, { .input = 1 }, 0 },
    { &(struct price){ 0.0005, 0, -1, -1 }, { .input = 1 }, 1e-9 },
    { &(struct price){ 0.0284, 0, -1, -1 }, { .input = 1 }, 28e-9 },
};

START_TEST(each_kind_of_token_has_its_price)
{
    double cost = price_cost(costs[_i].price, &costs[_i].tokens);
    ck_assert_double_eq_tol(cost, costs[_i].dollars, 1e-13);
}
END_TEST

static struct event usage_event(void)
{
    struct event event = { .type = EVENT_USAGE };
    event_add_number(&event, FIELD_INPUT, 1000);
    event_add_number(&event, FIELD_CACHED, 1000);
    event_add_number(&event, FIELD_OUTPUT, 100);
    return event;
}

START_TEST(what_a_server_says_that_it_cost_wins)
{
    struct event event = usage_event();
    ck_assert_double_eq_tol(price_of_usage(&sonnet, &event), 0.0018, 1e-12);
    event_add_real(&event, FIELD_COST, 0.5);
    ck_assert_double_eq(price_of_usage(&sonnet, &event), 0.5);
    ck_assert_double_eq(price_of_usage(NULL, &event), 0.5);
}
END_TEST

START_TEST(what_nobody_told_is_unknown_and_never_nothing)
{
    struct event event = usage_event();
    ck_assert_double_lt(price_of_usage(NULL, &event), 0);
    struct event half = { .type = EVENT_USAGE };
    event_add_number(&half, FIELD_INPUT, 1000);
    ck_assert_double_lt(price_of_usage(&sonnet, &half), 0);
    struct event other = { .type = EVENT_USAGE };
    event_add_number(&other, FIELD_OUTPUT, 1000);
    ck_assert_double_lt(price_of_usage(&sonnet, &other), 0);
}
END_TEST

START_TEST(the_first_row_that_matches_counts)
{
    struct prices prices = { 0 };
    prices_add(&prices, "gpt-5-mini*", &(struct price){ .in = 1 });
    prices_add(&prices, "gpt-5", &(struct price){ .in = 2 });
    prices_add(&prices, "GPT-5*", &(struct price){ .in = 3 });
    ck_assert_double_eq(prices_find(&prices, "gpt-5-mini-2025-08-07")->in, 1);
    ck_assert_double_eq(prices_find(&prices, "gpt-5")->in, 2);
    ck_assert_double_eq(prices_find(&prices, "Gpt-5-pro")->in, 3);
    ck_assert_ptr_null(prices_find(&prices, "openai/gpt-5"));
    prices_add(&prices, NULL, &(struct price){ .in = 4 });
    ck_assert_double_eq(prices_find(&prices, "openai/gpt-5")->in, 4);
    prices_clear(&prices);
}
END_TEST

START_TEST(an_amount_is_short)
{
    static const struct {
        double dollars;
        const char *words;
    } amounts[] = {
        { 0.0101, "$0.01" },    { 1.239, "$1.24" },
        { 0.00123, "$0.0012" }, { 0.009, "$0.009" },
        { 12, "$12.00" },       { 0.00005, "less than $0.0001" },
    };
    for (size_t i = 0; i < COUNTOF(amounts); i++) {
        struct buf words = { 0 };
        price_append(&words, amounts[i].dollars);
        ck_assert_str_eq(buf_string(&words), amounts[i].words);
        buf_clear(&words);
    }
}
END_TEST

/* Endpoints. */

static const char config[] =
    "endpoints:\n"
    "  mine: {dialect: anthropic, url: \"https://API.anthropic.com/v1\",\n"
    "    price: [{model: \"claude-haiku*\", in: 9, out: 99}]}\n"
    "  box: {dialect: ollama, trust: own, url: \"http://127.0.0.1:1\"}\n"
    "  power: {dialect: ollama, trust: own, url: \"http://127.0.0.1:2\",\n"
    "    price: [{in: 0.01, out: 0.02, cached: 0.001, cache_write: 0.03}]}\n"
    "  gate: {dialect: chat-completions, url: \"https://gate.example\"}\n";

static struct settings *settings;
static struct endpoints endpoints;

static void open_endpoints(void)
{
    struct error err = { 0 };
    settings = settings_new();
    settings_must_add(settings, "test", config);
    ck_assert_msg(endpoints_load(&endpoints, settings, NULL, &err), "%s",
                  err.text);
}

static void close_endpoints(void)
{
    endpoints_clear(&endpoints);
    settings_free(settings);
}

/* Dollars a million tokens in, or -1. */
static double in_of(const char *name, const char *model, bool is_vendor)
{
    struct price price;
    const struct endpoint *endpoint =
        endpoints_find(&endpoints, slice_of(name));
    return endpoint_price(endpoint, model, is_vendor, &price) ? price.in : -1;
}

START_TEST(an_endpoint_has_the_prices_of_whose_address_it_is)
{
    ck_assert_double_eq(in_of("mine", "claude-sonnet-4-6", true), 3);
    ck_assert_double_eq(in_of("gate", "claude-sonnet-4-6", true), -1);
    ck_assert_double_eq(in_of("mine", "claude-of-next-year", true), -1);
}
END_TEST

START_TEST(a_setting_comes_before_the_table)
{
    ck_assert_double_eq(in_of("mine", "claude-haiku-4-5", true), 9);
}
END_TEST

START_TEST(an_own_server_costs_nothing_unless_it_is_said)
{
    struct price price;
    ck_assert_double_eq(in_of("box", "qwen3:8b", false), 0);
    /* A model behind it that runs elsewhere is not the user's own. */
    ck_assert_double_eq(in_of("box", "gpt-oss:120b-cloud", true), -1);
    ck_assert_double_eq(in_of("power", "qwen3:8b", false), 0.01);
    ck_assert(endpoint_price(endpoints_find(&endpoints, slice_of("power")),
                             "any", false, &price));
    ck_assert_double_eq(price.out, 0.02);
    ck_assert_double_eq(price.cached, 0.001);
    ck_assert_double_eq(price.cache_write, 0.03);
    ck_assert(!price_is_free(&price));
    ck_assert(endpoint_price(endpoints_find(&endpoints, slice_of("box")), "any",
                             false, &price));
    ck_assert(price_is_free(&price));
}
END_TEST

START_TEST(a_row_without_a_price_is_refused_with_its_place)
{
    struct settings *bad = settings_new();
    struct endpoints none = { 0 };
    struct error err = { 0 };
    settings_must_add(bad, "test",
                      "endpoints:\n  x:\n    dialect: ollama\n"
                      "    url: http://127.0.0.1:1\n    price:\n"
                      "      - {model: m, in: 1}\n");
    ck_assert(!endpoints_load(&none, bad, NULL, &err));
    ck_assert_str_eq(err.text, "test:6: a price needs in and out, in dollars a "
                               "million tokens");
    endpoints_clear(&none);
    settings_free(bad);
}
END_TEST

Suite *price_suite(void)
{
    Suite *suite = suite_create("price");
    TCase *cases = tcase_create("price");
    tcase_add_loop_test(cases, each_kind_of_token_has_its_price, 0,
                        (int)COUNTOF(costs));
    tcase_add_test(cases, what_a_server_says_that_it_cost_wins);
    tcase_add_test(cases, what_nobody_told_is_unknown_and_never_nothing);
    tcase_add_test(cases, the_first_row_that_matches_counts);
    tcase_add_test(cases, an_amount_is_short);
    tcase_add_test(cases, a_row_without_a_price_is_refused_with_its_place);
    suite_add_tcase(suite, cases);
    TCase *places = tcase_create("endpoints");
    tcase_add_checked_fixture(places, open_endpoints, close_endpoints);
    tcase_add_test(places, an_endpoint_has_the_prices_of_whose_address_it_is);
    tcase_add_test(places, a_setting_comes_before_the_table);
    tcase_add_test(places, an_own_server_costs_nothing_unless_it_is_said);
    suite_add_tcase(suite, places);
    return suite;
}
