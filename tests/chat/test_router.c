/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "chat/router.h"

Suite *router_suite(void);

static const char profile[] =
    "endpoints:\n"
    "  box:\n"
    "    dialect: ollama\n"
    "    url: http://127.0.0.1:1\n"
    "    trust: own\n"
    "    models: {fast: \"qwen3:8b\", big: \"qwen3:32b\"}\n"
    "  lab:\n"
    "    dialect: chat-completions\n"
    "    url: http://127.0.0.1:2/v1\n"
    "    trust: own\n"
    "  shop:\n"
    "    dialect: chat-completions\n"
    "    url: https://shop.example/v1\n"
    "    trust: vendor\n"
    "    models: {better: shop-large}\n";

static const struct models *never_asked(void *context,
                                        const struct endpoint *endpoint)
{
    (void)context;
    (void)endpoint;
    return NULL;
}

struct world {
    struct settings *settings;
    struct endpoints endpoints;
    struct route route;
};

static void decide_in(struct world *world, const char *yaml, const char *target,
                      enum route_tier tier)
{
    struct error err = { 0 };
    unsetenv("OLLAMA_HOST");
    unsetenv("OPENAI_API_KEY");
    unsetenv("OPENAI_BASE_URL");
    *world = (struct world){ .settings = settings_new() };
    ck_assert_msg(
        settings_add_text(world->settings, "p.yaml", slice_of(yaml), &err),
        "%s", err.text);
    ck_assert(endpoints_load(&world->endpoints, world->settings, NULL, &err));
    struct route_question question = {
        .endpoints = &world->endpoints,
        .settings = world->settings,
        .target = target,
        .tier = tier,
        .models = never_asked,
    };
    router_decide(&question, &world->route);
}

static void decide(struct world *world, const char *yaml, const char *target)
{
    decide_in(world, yaml, target, ROUTE_ANY);
}

static void clear(struct world *world)
{
    endpoints_clear(&world->endpoints);
    settings_free(world->settings);
}

/* target, and what must come of it; model NULL: the server is asked. */
static const struct {
    const char *target, *endpoint, *model;
    bool is_vendor;
} targets[] = {
    { "box/qwen3:4b", "box", "qwen3:4b", false },
    { "box/fast", "box", "qwen3:8b", false },
    { "fast", "box", "qwen3:8b", false },
    { "big", "box", "qwen3:32b", false },
    { "qwen3:32b", "box", "qwen3:32b", false },
    { "better", "shop", "shop-large", true },
    { "lab/meta-llama/Llama-3", "lab", "meta-llama/Llama-3", false },
    { "meta-llama/Llama-3", "box", NULL, false }, /* who has it? */
    { "qwen3:4b", "box", NULL, false },
    { "lab", "lab", NULL, false },
    { "lab/", "lab", NULL, false },
    { "guide", "guide", "guide", false },
    { NULL, "box", "qwen3:8b", false },
    { "box/gpt-oss:120b-cloud", "box", "gpt-oss:120b-cloud", true },
};

START_TEST(a_target_names_endpoint_and_model)
{
    struct world world;
    decide(&world, profile, targets[_i].target);
    const char *name = targets[_i].target ? targets[_i].target : "(none)";
    ck_assert_msg(world.route.verdict ==
                      (targets[_i].model ? ROUTE_TO : ROUTE_ASK),
                  "%s", name);
    ck_assert_str_eq(world.route.endpoint->name, targets[_i].endpoint);
    if (targets[_i].model)
        ck_assert_str_eq(world.route.model, targets[_i].model);
    ck_assert_msg(world.route.is_vendor == targets[_i].is_vendor, "%s", name);
    ck_assert_uint_gt(strlen(world.route.reason), 0);
    clear(&world);
}
END_TEST

START_TEST(the_profile_says_which_model_when_no_flag_does)
{
    struct world world;
    struct buf yaml = { 0 };
    buf_append_string(&yaml, profile);
    buf_append_string(&yaml, "model: shop/better\n");
    decide(&world, buf_string(&yaml), NULL);
    ck_assert_str_eq(world.route.model, "shop-large");
    clear(&world);
    buf_reset(&yaml);
    buf_append_string(&yaml, profile);
    buf_append_string(&yaml, "routing: {ladder: [box/big, shop/better]}\n");
    decide(&world, buf_string(&yaml), NULL);
    ck_assert_str_eq(world.route.model, "qwen3:32b");
    clear(&world);
    buf_clear(&yaml);
}
END_TEST

START_TEST(without_settings_ollama_is_asked_first)
{
    struct world world;
    decide(&world, "", NULL);
    ck_assert_int_eq(world.route.verdict, ROUTE_ASK);
    ck_assert_str_eq(world.route.endpoint->name, "ollama");
    clear(&world);
}
END_TEST

START_TEST(a_model_name_that_is_too_long_is_refused)
{
    struct world world;
    char name[ROUTE_NAME_SIZE * 2];
    memset(name, 'x', sizeof name);
    memcpy(name, "box/", 4);
    name[sizeof name - 1] = '\0';
    decide(&world, profile, name);
    ck_assert_int_eq(world.route.verdict, ROUTE_NONE);
    ck_assert_int_eq(world.route.err.kind, ERROR_USAGE);
    clear(&world);
}
END_TEST

START_TEST(a_mistyped_endpoint_is_not_taken_for_a_model)
{
    struct world world;
    decide(&world, profile, "bxo/qwen3:4b");
    ck_assert_int_eq(world.route.verdict, ROUTE_NONE);
    ck_assert_str_eq(
        world.route.err.text,
        "there is no endpoint \"bxo\"; did you mean box/qwen3:4b?");
    clear(&world);
}
END_TEST

#define LADDER "routing: {ladder: [shop/better, box/big, lab/x]}\n"
#define MODEL  "model: shop/better\n"

/* more of the profile, target, tier; the endpoint and model that are taken.
 * NULL: words of the refusal. */
static const struct {
    const char *more, *target;
    enum route_tier tier;
    const char *endpoint, *model;
} tiers[] = {
    { "", NULL, ROUTE_LOCAL, "box", "qwen3:8b" },
    { "", NULL, ROUTE_CLOUD, "shop", "shop-large" },
    { LADDER, NULL, ROUTE_ANY, "shop", "shop-large" },
    { LADDER, NULL, ROUTE_LOCAL, "box", "qwen3:32b" },
    { LADDER, NULL, ROUTE_CLOUD, "shop", "shop-large" },
    { MODEL, NULL, ROUTE_LOCAL, "box", "qwen3:8b" },
    { MODEL LADDER, NULL, ROUTE_LOCAL, "box", "qwen3:32b" },
    { "", "lab/x", ROUTE_LOCAL, "lab", "x" },
    { "", "lab/x", ROUTE_CLOUD, "lab", "x" },
    { "", "better", ROUTE_LOCAL, NULL, "shop-large at shop leaves" },
    { "", "box/gpt-oss:120b-cloud", ROUTE_LOCAL, NULL, "leaves this machine" },
};

START_TEST(local_and_cloud_choose_by_trust_and_local_cannot_be_broken)
{
    struct world world;
    struct buf yaml = { 0 };
    buf_printf(&yaml, "%s%s", profile, tiers[_i].more);
    decide_in(&world, buf_string(&yaml), tiers[_i].target, tiers[_i].tier);
    const struct route *route = &world.route;
    if (tiers[_i].endpoint) {
        ck_assert_int_eq(route->verdict, ROUTE_TO);
        ck_assert_str_eq(route->endpoint->name, tiers[_i].endpoint);
        ck_assert_str_eq(route->model, tiers[_i].model);
        ck_assert(route->is_pinned ==
                  (tiers[_i].target || tiers[_i].tier == ROUTE_CLOUD));
    } else {
        ck_assert_int_eq(route->verdict, ROUTE_NONE);
        ck_assert_msg(strstr(route->err.text, tiers[_i].model), "%s",
                      route->err.text);
    }
    clear(&world);
    buf_clear(&yaml);
}
END_TEST

START_TEST(where_there_is_no_vendor_cloud_says_so)
{
    struct world world;
    decide_in(&world, "", NULL, ROUTE_CLOUD);
    ck_assert_int_eq(world.route.verdict, ROUTE_NONE);
    ck_assert_msg(strstr(world.route.err.text, "no vendor is connected"), "%s",
                  world.route.err.text);
    clear(&world);
}
END_TEST

Suite *router_suite(void)
{
    Suite *suite = suite_create("router");
    TCase *tcase = tcase_create("router");
    tcase_add_loop_test(tcase, a_target_names_endpoint_and_model, 0,
                        COUNTOF(targets));
    tcase_add_test(tcase, the_profile_says_which_model_when_no_flag_does);
    tcase_add_test(tcase, without_settings_ollama_is_asked_first);
    tcase_add_test(tcase, a_model_name_that_is_too_long_is_refused);
    tcase_add_test(tcase, a_mistyped_endpoint_is_not_taken_for_a_model);
    tcase_add_loop_test(
        tcase, local_and_cloud_choose_by_trust_and_local_cannot_be_broken, 0,
        COUNTOF(tiers));
    tcase_add_test(tcase, where_there_is_no_vendor_cloud_says_so);
    suite_add_tcase(suite, tcase);
    return suite;
}
