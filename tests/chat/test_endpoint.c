/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/endpoint.h"

Suite *endpoint_suite(void);

static void forget_environment(void)
{
    unsetenv("OLLAMA_HOST");
    unsetenv("OLLAMA_API_KEY");
    unsetenv("OPENAI_API_KEY");
    unsetenv("OPENAI_BASE_URL");
}

static struct settings *read_settings(const char *yaml)
{
    struct settings *settings = settings_new();
    struct error err = { 0 };
    ck_assert_msg(
        settings_add_text(settings, "test.yaml", slice_of(yaml), &err), "%s",
        err.text);
    return settings;
}

START_TEST(an_empty_environment_has_ollama_and_the_guide)
{
    struct endpoints endpoints = { 0 };
    struct error err = { 0 };
    struct settings *settings = read_settings("");
    forget_environment();
    ck_assert(endpoints_load(&endpoints, settings, NULL, &err));
    ck_assert_uint_eq(endpoints.list.count, 2);
    ck_assert_str_eq(endpoints.list.items[0].name, "ollama");
    ck_assert_str_eq(endpoints.list.items[0].url, "http://127.0.0.1:11434");
    ck_assert(!endpoints.list.items[0].is_explicit);
    ck_assert(endpoints_guide(&endpoints)->dialect->is_builtin);
    endpoints_clear(&endpoints);
    settings_free(settings);
}
END_TEST

START_TEST(the_environment_names_ollama_and_openai)
{
    struct endpoints endpoints = { 0 };
    struct error err = { 0 };
    struct settings *settings = read_settings("");
    forget_environment();
    setenv("OLLAMA_HOST", "gpu7", 1);
    setenv("OPENAI_API_KEY", "sk-test", 1);
    ck_assert(endpoints_load(&endpoints, settings, NULL, &err));
    const struct endpoint *ollama =
        endpoints_find(&endpoints, slice_of("ollama"));
    const struct endpoint *openai =
        endpoints_find(&endpoints, slice_of("openai"));
    ck_assert_str_eq(ollama->url, "http://gpu7:11434");
    ck_assert(ollama->is_explicit && !ollama->is_vendor);
    ck_assert_str_eq(openai->url, "https://api.openai.com/v1");
    ck_assert_str_eq(openai->key, "sk-test");
    ck_assert(openai->is_vendor);
    endpoints_clear(&endpoints);
    settings_free(settings);
    forget_environment();
}
END_TEST

START_TEST(settings_come_first_and_win_by_name)
{
    struct endpoints endpoints = { 0 };
    struct error err = { 0 };
    forget_environment();
    setenv("TEST_KEY", "k", 1);
    struct settings *settings =
        read_settings("endpoints:\n"
                      "  box:\n"
                      "    dialect: ollama\n"
                      "    url: http://127.0.0.1:1\n"
                      "    trust: own\n"
                      "    num_ctx: 8192\n"
                      "    models: {fast: \"qwen3:8b\"}\n"
                      "  openai:\n"
                      "    dialect: chat-completions\n"
                      "    url: https://example.com/v1\n"
                      "    key: {env: TEST_KEY}\n");
    ck_assert_msg(endpoints_load(&endpoints, settings, NULL, &err), "%s",
                  err.text);
    ck_assert_str_eq(endpoints.list.items[0].name, "box");
    ck_assert_int_eq(endpoints.list.items[0].num_ctx, 8192);
    ck_assert(!endpoints.list.items[0].is_vendor);
    ck_assert_str_eq(endpoint_model(&endpoints.list.items[0], "fast"),
                     "qwen3:8b");
    ck_assert_str_eq(endpoint_model(&endpoints.list.items[0], "other"),
                     "other");
    const struct endpoint *openai =
        endpoints_find(&endpoints, slice_of("openai"));
    ck_assert_str_eq(openai->url, "https://example.com/v1");
    ck_assert_str_eq(openai->key, "k");
    ck_assert_msg(openai->is_vendor, "vendor unless the user says own");
    ck_assert_uint_eq(endpoints.list.count, 4);
    endpoints_clear(&endpoints);
    settings_free(settings);
}
END_TEST

START_TEST(loopback_is_told_by_the_whole_host)
{
    static const struct {
        const char *url;
        bool is_loopback;
    } rows[] = {
        { "http://127.0.0.1:11434", true },
        { "http://127.3.2.1/v1", true },
        { "http://localhost:8080/v1", true },
        { "http://[::1]:11434", true },
        { "http://127.evil.example", false },
        { "http://localhost.evil.example", false },
        { "http://127.0.0.1@evil.example/", false },
        { "https://api.openai.com/v1", false },
        { "http://10.0.0.7", false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char url[64];
        snprintf(url, sizeof url, "%s", rows[i].url);
        struct endpoint endpoint = { .url = url };
        ck_assert_msg(endpoint_is_loopback(&endpoint) == rows[i].is_loopback,
                      "%s", rows[i].url);
    }
}
END_TEST

START_TEST(a_key_never_goes_over_plain_http_to_another_machine)
{
    char name[] = "x", key[] = "secret", far[] = "http://10.0.0.7/v1";
    char near[] = "http://127.0.0.1/v1", safe[] = "https://10.0.0.7/v1";
    struct endpoint endpoint = { .name = name, .key = key, .url = far };
    struct error err = { 0 };
    ck_assert(!endpoint_check_key(&endpoint, &err));
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
    ck_assert_ptr_null(strstr(err.text, key));
    endpoint.url = near;
    ck_assert(endpoint_check_key(&endpoint, &err));
    endpoint.url = safe;
    ck_assert(endpoint_check_key(&endpoint, &err));
}
END_TEST

START_TEST(a_promised_key_that_is_not_there_is_named_by_its_source)
{
    struct endpoints endpoints = { 0 };
    struct error err = { 0 };
    forget_environment();
    unsetenv("TEST_KEY");
    struct settings *settings =
        read_settings("endpoints:\n"
                      "  v: {dialect: chat-completions, url: \"https://e.x\", "
                      "key: {env: TEST_KEY}}\n");
    ck_assert(endpoints_load(&endpoints, settings, NULL, &err));
    ck_assert(!endpoint_check_key(&endpoints.list.items[0], &err));
    ck_assert_int_eq(err.kind, ERROR_AUTH);
    ck_assert_ptr_nonnull(strstr(err.text, "TEST_KEY"));
    endpoints_clear(&endpoints);
    settings_free(settings);
}
END_TEST

/* The first line that a program prints; what fails is named. */
START_TEST(a_key_is_printed_by_a_program_when_it_is_needed)
{
    static const struct {
        const char *command, *key, *words;
    } cases[] = {
        { "[printf, 'k1\\nsecond']", "k1", NULL },
        { "[printf, 'a b;$HOME']", "a b;$HOME", NULL },
        { "['false']", NULL, "key.command false: it failed with exit status" },
        { "['true']", NULL, "key.command true printed nothing" },
        { "[no-such-program-7]", NULL, "no-such-program-7: it cannot be run" },
        { "[]", NULL, "key.command" },
    };
    forget_environment();
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct endpoints endpoints = { 0 };
        struct error err = { 0 };
        char yaml[256];
        snprintf(yaml, sizeof yaml,
                 "endpoints:\n  v: {dialect: chat-completions, "
                 "url: \"https://e.x\", key: {command: %s}}\n",
                 cases[i].command);
        struct settings *settings = read_settings(yaml);
        ck_assert(endpoints_load(&endpoints, settings, NULL, &err));
        const struct endpoint *endpoint = &endpoints.list.items[0];
        ck_assert_ptr_null(endpoint_key(endpoint));
        bool ok = endpoint_check_key(endpoint, &err);
        ck_assert_msg(ok == (cases[i].key != NULL), "%zu: %s", i, err.text);
        if (ok) {
            ck_assert_str_eq(endpoint_key(endpoint), cases[i].key);
        } else {
            ck_assert_int_eq(err.kind, ERROR_AUTH);
            ck_assert_msg(strstr(err.text, cases[i].words) != NULL, "%s",
                          err.text);
        }
        endpoints_clear(&endpoints);
        settings_free(settings);
    }
}
END_TEST

START_TEST(a_short_name_of_a_model_may_hold_dots)
{
    struct endpoints endpoints = { 0 };
    struct error err = { 0 };
    forget_environment();
    struct settings *settings =
        read_settings("endpoints:\n  b: {dialect: ollama, url: \"http://e.x\", "
                      "models: {qwen2.5: \"qwen2.5:7b\", v1.: x}}\n");
    ck_assert_msg(endpoints_load(&endpoints, settings, NULL, &err), "%s",
                  err.text);
    const struct endpoint *endpoint = &endpoints.list.items[0];
    ck_assert_str_eq(endpoint_model(endpoint, "qwen2.5"), "qwen2.5:7b");
    ck_assert_str_eq(endpoint_model(endpoint, "v1."), "x");
    endpoints_clear(&endpoints);
    settings_free(settings);
}
END_TEST

START_TEST(an_endpoint_without_address_or_dialect_is_refused_with_its_line)
{
    static const char *const yaml[] = {
        "endpoints:\n  box: {url: \"http://x\"}\n",
        "endpoints:\n  box: {dialect: ollama}\n",
    };
    for (size_t i = 0; i < COUNTOF(yaml); i++) {
        struct endpoints endpoints = { 0 };
        struct error err = { 0 };
        struct settings *settings = read_settings(yaml[i]);
        ck_assert(!endpoints_load(&endpoints, settings, NULL, &err));
        ck_assert_int_eq(err.kind, ERROR_CONFIG);
        ck_assert_msg(strstr(err.text, "test.yaml:2") != NULL, "%s", err.text);
        endpoints_clear(&endpoints);
        settings_free(settings);
    }
}
END_TEST

START_TEST(one_whose_dialect_is_not_spoken_yet_is_kept_apart)
{
    struct endpoints endpoints = { 0 };
    struct error err = { 0 };
    struct settings *settings = read_settings(
        "endpoints:\n  claude: {dialect: anthropic, url: \"http://x\"}\n"
        "  ollama: {dialect: events, url: \"http://y\"}\n");
    ck_assert(endpoints_load(&endpoints, settings, NULL, &err));
    ck_assert_ptr_null(endpoints_find(&endpoints, slice_of("claude")));
    ck_assert_str_eq(endpoints_find_mute(&endpoints, "claude/x")->dialect,
                     "anthropic");
    ck_assert_ptr_null(endpoints_find_mute(&endpoints, "claud/x"));
    /* No other takes its name. */
    ck_assert_ptr_null(endpoints_find(&endpoints, slice_of("ollama")));
    endpoints_clear(&endpoints);
    settings_free(settings);
}
END_TEST

START_TEST(one_that_is_wrong_can_be_left_out_alone)
{
    struct endpoints endpoints = { 0 };
    struct error err = { 0 };
    struct buf complaints = { 0 };
    struct settings *settings = read_settings(
        "endpoints:\n  box: {url: \"http://x\"}\n"
        "  gate: {dialect: chat-completions, url: \"http://y/v1\"}\n");
    ck_assert(endpoints_load(&endpoints, settings, &complaints, &err));
    ck_assert_ptr_null(endpoints_find(&endpoints, slice_of("box")));
    ck_assert_ptr_nonnull(endpoints_find(&endpoints, slice_of("gate")));
    ck_assert_str_eq(buf_string(&complaints),
                     "test.yaml:2: endpoint box: no dialect; write dialect: "
                     "ollama or dialect: chat-completions\n");
    buf_clear(&complaints);
    endpoints_clear(&endpoints);
    settings_free(settings);
}
END_TEST

Suite *endpoint_suite(void)
{
    Suite *suite = suite_create("endpoint");
    TCase *tcase = tcase_create("endpoint");
    tcase_add_test(tcase, an_empty_environment_has_ollama_and_the_guide);
    tcase_add_test(tcase, the_environment_names_ollama_and_openai);
    tcase_add_test(tcase, settings_come_first_and_win_by_name);
    tcase_add_test(tcase, loopback_is_told_by_the_whole_host);
    tcase_add_test(tcase, a_key_never_goes_over_plain_http_to_another_machine);
    tcase_add_test(tcase, a_key_is_printed_by_a_program_when_it_is_needed);
    tcase_add_test(tcase, a_short_name_of_a_model_may_hold_dots);
    tcase_add_test(tcase,
                   a_promised_key_that_is_not_there_is_named_by_its_source);
    tcase_add_test(
        tcase, an_endpoint_without_address_or_dialect_is_refused_with_its_line);
    tcase_add_test(tcase, one_whose_dialect_is_not_spoken_yet_is_kept_apart);
    tcase_add_test(tcase, one_that_is_wrong_can_be_left_out_alone);
    suite_add_tcase(suite, tcase);
    return suite;
}
