/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/settings.h"
#include "tests/support/workshop.h"

Suite *toolbox_suite(void);

#define GPU  "gpu: {about: load, argv: [nvidia-smi, -q]}"
#define DISK "disk: {about: space, argv: [df, -h]}"

static bool is_offered(const struct workshop *shop, const char *name)
{
    return registry_find(toolbox_registry(shop->toolbox), slice_of(name));
}

static bool is_known(const struct workshop *shop, const char *name)
{
    for (size_t i = 0; i < toolbox_known_count(shop->toolbox); i++) {
        bool offered;
        const struct tool *tool = toolbox_known(shop->toolbox, i, &offered);
        if (!strcmp(tool->name, name)) {
            ck_assert(offered == is_offered(shop, name));
            return true;
        }
    }
    return false;
}

START_TEST(what_is_not_optional_is_offered_unless_the_user_says_which)
{
    struct workshop shop;
    workshop_open(&shop, "tools: {own: {" GPU ", " DISK "}}");
    ck_assert_str_eq(shop.err.text, "");
    ck_assert(is_offered(&shop, "gpu") && is_offered(&shop, "disk"));
    workshop_close(&shop);
    workshop_open(&shop, "tools: {use: [disk], own: {" GPU ", " DISK "}}");
    ck_assert_str_eq(shop.err.text, "");
    ck_assert(!is_offered(&shop, "gpu") && is_offered(&shop, "disk"));
    ck_assert(is_known(&shop, "gpu") && is_known(&shop, "disk"));
    workshop_close(&shop);
    workshop_open(&shop, "tools: {use: [], own: {" GPU "}}");
    ck_assert_uint_eq(toolbox_registry(shop.toolbox)->tools.count, 0);
    workshop_close(&shop);
}
END_TEST

START_TEST(a_name_that_is_no_tool_is_an_error_and_the_others_are_there)
{
    struct workshop shop;
    workshop_open(&shop,
                  "tools:\n  use: [disk, gqu]\n  own: {" GPU ", " DISK "}\n");
    ck_assert_int_eq(shop.err.kind, ERROR_CONFIG);
    ck_assert_str_eq(shop.err.text, "a.yaml:2: tools.use: there is no tool "
                                    "\"gqu\" (did you mean \"gpu\"?)");
    ck_assert(is_offered(&shop, "disk"));
    workshop_close(&shop);
}
END_TEST

START_TEST(a_tool_that_is_none_is_an_error_and_the_others_are_there)
{
    struct workshop shop;
    workshop_open(&shop,
                  "tools:\n  own:\n    bad: {about: none}\n    " GPU "\n");
    ck_assert_int_eq(shop.err.kind, ERROR_CONFIG);
    ck_assert_msg(strstr(shop.err.text, "a.yaml:3: tools.own.bad: argv is "
                                        "missing") != NULL,
                  "%s", shop.err.text);
    ck_assert(is_offered(&shop, "gpu"));
    ck_assert(!is_known(&shop, "bad"));
    workshop_close(&shop);
}
END_TEST

START_TEST(the_place_is_absolute_and_resolved)
{
    struct workshop shop;
    workshop_open(&shop, "");
    char directory[2 * SCRATCH_PATH_MAX];
    snprintf(directory, sizeof directory, "%s/../.", shop.directory);
    struct error err = { 0 };
    struct toolbox_setup setup = { .loop = shop.loop,
                                   .settings = shop.settings,
                                   .directory = directory };
    struct toolbox *toolbox = toolbox_new(&setup, &err);
    const char *place = toolbox_place(toolbox)->directory;
    ck_assert_str_eq(err.text, "");
    ck_assert(place[0] == '/' && !strstr(place, "/.."));
    toolbox_free(toolbox);
    workshop_close(&shop);
}
END_TEST

START_TEST(without_a_directory_nothing_is_offered)
{
    struct workshop shop;
    struct error err = { 0 };
    workshop_open(&shop, "tools: {own: {" GPU "}}");
    struct toolbox_setup setup = { .loop = shop.loop,
                                   .settings = shop.settings,
                                   .directory = "/nonexistent" };
    struct toolbox *toolbox = toolbox_new(&setup, &err);
    ck_assert_int_eq(err.kind, ERROR_SYSTEM);
    ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent"));
    ck_assert_uint_eq(toolbox_registry(toolbox)->tools.count, 0);
    toolbox_reread(toolbox, &err);
    ck_assert_uint_eq(toolbox_registry(toolbox)->tools.count, 0);
    toolbox_free(toolbox);
    workshop_close(&shop);
}
END_TEST

START_TEST(settings_are_read_anew_and_plans_stay)
{
    struct workshop shop;
    struct shop_call call = { 0 };
    workshop_open(&shop, "tools: {own: {" GPU "}}");
    shop_call(&call, &shop, shop_tool(&shop, "gpu"), "{}");
    shop_await_ready(&call);
    settings_must_add(shop.settings, "b.yaml",
                      "tools: {own: {gpu: null, " DISK "}}");
    for (int times = 0; times < 3; times++)
        toolbox_reread(shop.toolbox, &shop.err);
    ck_assert_str_eq(shop.err.text, "");
    ck_assert(!is_known(&shop, "gpu") && is_offered(&shop, "disk"));
    ck_assert_str_eq(job_plan(call.job)->tool->name, "gpu");
    shop_call_clear(&call);
    toolbox_reread(shop.toolbox, &shop.err);
    workshop_close(&shop);
}
END_TEST

START_TEST(a_tool_that_is_added_lasts_and_obeys_the_settings)
{
    static const struct tool remember = { .name = "remember",
                                          .executor = TOOL_CHATS };
    struct workshop shop;
    workshop_open(&shop, "");
    toolbox_add(shop.toolbox, &remember);
    ck_assert(is_offered(&shop, "remember"));
    toolbox_reread(shop.toolbox, &shop.err);
    ck_assert(is_offered(&shop, "remember"));
    settings_must_add(shop.settings, "b.yaml", "tools: {use: []}");
    toolbox_reread(shop.toolbox, &shop.err);
    ck_assert(!is_offered(&shop, "remember") && is_known(&shop, "remember"));
    workshop_close(&shop);
}
END_TEST

Suite *toolbox_suite(void)
{
    Suite *suite = suite_create("toolbox");
    TCase *tcase = tcase_create("toolbox");
    tcase_add_test(tcase,
                   what_is_not_optional_is_offered_unless_the_user_says_which);
    tcase_add_test(tcase,
                   a_name_that_is_no_tool_is_an_error_and_the_others_are_there);
    tcase_add_test(tcase,
                   a_tool_that_is_none_is_an_error_and_the_others_are_there);
    tcase_add_test(tcase, the_place_is_absolute_and_resolved);
    tcase_add_test(tcase, without_a_directory_nothing_is_offered);
    tcase_add_test(tcase, settings_are_read_anew_and_plans_stay);
    tcase_add_test(tcase, a_tool_that_is_added_lasts_and_obeys_the_settings);
    suite_add_tcase(suite, tcase);
    return suite;
}
