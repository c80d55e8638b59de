/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/endpoint.h"
#include "tests/support/scratch.h"
#include "tests/support/settings.h"

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
    /* It says where the server is, and not whose. */
    ck_assert(ollama->is_explicit && ollama->is_vendor && ollama->asks_trust);
    ck_assert_str_eq(openai->url, "https://api.openai.com/v1");
    ck_assert_str_eq(openai->key, "sk-test");
    ck_assert(openai->is_vendor);
    endpoints_clear(&endpoints);
    settings_free(settings);
    forget_environment();
}
END_TEST

START_TEST(a_program_or_a_file_may_answer_instead_of_a_server)
{
    struct endpoints endpoints = { 0 };
    struct error err = { 0 };
    struct settings *settings = read_settings(
        "endpoints:\n"
        "  mine: {dialect: events, command: [./answer, -x]}\n"
        "  tape: {dialect: events, url: \"file:///tmp/a.jsonl\"}\n"
        "  far: {dialect: events, url: \"https://h/x\"}\n");
    ck_assert_msg(endpoints_load(&endpoints, settings, NULL, &err), "%s",
                  err.text);
    const struct endpoint *mine = endpoints_find(&endpoints, slice_of("mine"));
    ck_assert_str_eq(mine->command[0], "./answer");
    ck_assert_str_eq(mine->command[1], "-x");
    ck_assert_ptr_null(mine->command[2]);
    /* Nobody knows where it sends what it gets. */
    ck_assert(mine->is_vendor);
    /* A file is only read. */
    const struct endpoint *tape = endpoints_find(&endpoints, slice_of("tape"));
    ck_assert(!tape->is_vendor && !tape->command);
    ck_assert(endpoints_find(&endpoints, slice_of("far"))->is_vendor);
    endpoints_clear(&endpoints);
    settings_free(settings);
}
END_TEST

START_TEST(a_program_that_cannot_answer_is_refused)
{
    static const struct {
        const char *members, *words;
    } cases[] = {
        { "dialect: ollama, command: [x]",
          "a command answers in dialect: events" },
        { "dialect: events, command: []", "write either a command or a url" },
        { "dialect: events, command: [x], url: \"http://h\"",
          "write either a command or a url" },
        { "dialect: events", "no url" },
        { "dialect: events, url: \"ftp://h\"",
          "a URL begins with http://, https:// or file:///" },
        { "dialect: ollama, url: \"file:///x\"",
          "a URL begins with http:// or https://" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct endpoints endpoints = { 0 };
        struct error err = { 0 };
        struct buf yaml = { 0 };
        buf_printf(&yaml, "endpoints:\n  a: {%s}\n", cases[i].members);
        struct settings *settings = read_settings(buf_string(&yaml));
        ck_assert(!endpoints_load(&endpoints, settings, NULL, &err));
        ck_assert_msg(strstr(err.text, cases[i].words) != NULL, "%s", err.text);
        endpoints_clear(&endpoints);
        settings_free(settings);
        buf_clear(&yaml);
    }
}
END_TEST

START_TEST(each_key_of_a_vendor_gives_an_endpoint_of_his_name)
{
    struct endpoints endpoints = { 0 };
    struct error err = { 0 };
    struct settings *settings = read_settings("");
    forget_environment();
    setenv("MISTRAL_API_KEY", "mk", 1);
    setenv("ANTHROPIC_API_KEY", "ak", 1);
    setenv("ANTHROPIC_BASE_URL", "https://gateway.example", 1);
    setenv("OPENAI_API_BASE", "http://127.0.0.1:8000/v1", 1);
    ck_assert(endpoints_load(&endpoints, settings, NULL, &err));
    const struct endpoint *mistral =
        endpoints_find(&endpoints, slice_of("mistral"));
    ck_assert_str_eq(mistral->url, "https://api.mistral.ai/v1");
    ck_assert_str_eq(mistral->key, "mk");
    ck_assert_str_eq(mistral->usual_model, "mistral-small-latest");
    ck_assert(mistral->is_vendor && mistral->is_from_environment);
    /* Another address has other models, and is a vendor's all the same. */
    const struct endpoint *anthropic =
        endpoints_find(&endpoints, slice_of("anthropic"));
    ck_assert_str_eq(anthropic->url, "https://gateway.example");
    ck_assert(anthropic->is_vendor && !anthropic->usual_model);
    const struct endpoint *openai =
        endpoints_find(&endpoints, slice_of("openai"));
    ck_assert_str_eq(openai->url, "http://127.0.0.1:8000/v1");
    ck_assert_ptr_null(openai->key);
    ck_assert_ptr_null(endpoints_find(&endpoints, slice_of("groq")));
    /* Ollama stays the first, the guide the last. */
    ck_assert_str_eq(endpoints.list.items[0].name, "ollama");
    ck_assert_uint_eq(endpoints.list.count, 5);
    endpoints_clear(&endpoints);
    settings_free(settings);
    unsetenv("ANTHROPIC_BASE_URL");
    unsetenv("OPENAI_API_BASE");
    forget_environment();
}
END_TEST

START_TEST(an_endpoint_that_is_put_moves_no_other)
{
    struct endpoints endpoints = { 0 };
    struct error err = { 0 };
    forget_environment();
    struct settings *settings =
        read_settings("endpoints:\n"
                      "  box: {dialect: ollama, url: \"http://127.0.0.1:1\", "
                      "trust: own}\n");
    ck_assert(endpoints_load(&endpoints, settings, NULL, &err));
    const struct endpoint *first = endpoints.list.items;
    size_t count = endpoints.list.count;
    for (int i = 0; i < ENDPOINTS_SPARE; i++) {
        struct endpoint extra;
        ck_assert(endpoint_read(
            &extra, settings_find(settings, "endpoints.box"), &err));
        extra.name[0] = (char)('a' + i); /* one of them is box again */
        ck_assert(endpoints_put(&endpoints, &extra, &err));
        ck_assert_ptr_eq(endpoints.list.items, first);
    }
    ck_assert_uint_eq(endpoints.list.count, count + ENDPOINTS_SPARE - 1);
    ck_assert_str_eq(endpoints_find(&endpoints, slice_of("pox"))->shown_url,
                     "http://127.0.0.1:1");
    endpoints_clear(&endpoints);
    settings_free(settings);
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

START_TEST(an_address_is_shown_without_user_and_password)
{
    static const struct {
        const char *url, *shown;
    } rows[] = {
        { "http://ann:pa%40ss@10.0.0.7:8080/v1", "http://10.0.0.7:8080/v1" },
        { "https://tok@e.x/v1?a=b@c", "https://e.x/v1?a=b@c" },
        { "https://a@b:c@e.x", "https://e.x" },
        { "https://e.x/@user", "https://e.x/@user" },
        { "http://[::1]:11434", "http://[::1]:11434" },
    };
    forget_environment();
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct endpoints endpoints = { 0 };
        struct error err = { 0 };
        char yaml[256];
        snprintf(yaml, sizeof yaml,
                 "endpoints:\n  v: {dialect: ollama, url: \"%s\"}\n",
                 rows[i].url);
        struct settings *settings = read_settings(yaml);
        ck_assert(endpoints_load(&endpoints, settings, NULL, &err));
        ck_assert_str_eq(endpoints.list.items[0].shown_url, rows[i].shown);
        ck_assert_str_eq(endpoints.list.items[0].url, rows[i].url);
        endpoints_clear(&endpoints);
        settings_free(settings);
    }
}
END_TEST

/* Two endpoints may share a variable; a program that is started then finds it
 * in neither place. */
START_TEST(a_variable_that_held_a_key_is_gone_from_the_environment)
{
    struct endpoints endpoints = { 0 };
    struct error err = { 0 };
    forget_environment();
    setenv("TEST_KEY", "sk-shared", 1);
    setenv("OPENAI_API_KEY", "sk-openai", 1);
    setenv("OLLAMA_API_KEY", "sk-ollama", 1);
    const char *place = getenv("TEST_KEY");
    struct settings *settings =
        read_settings("endpoints:\n"
                      "  a: {dialect: chat-completions, url: \"https://a.x\", "
                      "key: {env: TEST_KEY}}\n"
                      "  b: {dialect: chat-completions, url: \"https://b.x\", "
                      "key: {env: TEST_KEY}}\n");
    ck_assert(endpoints_load(&endpoints, settings, NULL, &err));
    for (size_t i = 0; i < 2; i++)
        ck_assert_str_eq(endpoint_key(&endpoints.list.items[i]), "sk-shared");
    ck_assert_str_eq(
        endpoint_key(endpoints_find(&endpoints, slice_of("openai"))),
        "sk-openai");
    ck_assert_str_eq(
        endpoint_key(endpoints_find(&endpoints, slice_of("ollama"))),
        "sk-ollama");
    ck_assert_ptr_null(getenv("TEST_KEY"));
    ck_assert_ptr_null(getenv("OPENAI_API_KEY"));
    ck_assert_ptr_null(getenv("OLLAMA_API_KEY"));
    ck_assert_msg(!*place, "still where the kernel shows it");
    endpoints_clear(&endpoints);
    settings_free(settings);
}
END_TEST

START_TEST(a_key_file_that_others_may_read_is_refused_with_the_cure)
{
    static const struct {
        mode_t mode;
        bool is_fine;
    } rows[] = { { 0600, true },  { 0400, true },  { 0640, false },
                 { 0604, false }, { 0620, false }, { 0644, false } };
    char path[SCRATCH_PATH_MAX], yaml[2 * SCRATCH_PATH_MAX];
    char cure[SCRATCH_PATH_MAX + 16];
    int fd = scratch_file(path, "key");
    ck_assert_int_eq(write(fd, "sk-file\n", 8), 8);
    close(fd);
    forget_environment();
    snprintf(yaml, sizeof yaml,
             "endpoints:\n  v: {dialect: chat-completions, "
             "url: \"https://e.x\", key: {file: %s}}\n",
             path);
    snprintf(cure, sizeof cure, "chmod 600 %s", path);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct endpoints endpoints = { 0 };
        struct error err = { 0 };
        struct settings *settings = read_settings(yaml);
        ck_assert_int_eq(chmod(path, rows[i].mode), 0);
        ck_assert(endpoints_load(&endpoints, settings, NULL, &err));
        const struct endpoint *endpoint = &endpoints.list.items[0];
        ck_assert(endpoint_check_key(endpoint, &err) == rows[i].is_fine);
        if (rows[i].is_fine) {
            ck_assert_str_eq(endpoint_key(endpoint), "sk-file");
        } else {
            ck_assert_int_eq(err.kind, ERROR_AUTH);
            ck_assert_ptr_null(endpoint_key(endpoint));
            ck_assert_msg(strstr(err.text, cure) != NULL, "%s", err.text);
        }
        endpoints_clear(&endpoints);
        settings_free(settings);
    }
    unlink(path);
}
END_TEST

START_TEST(a_key_in_clear_is_told_only_where_it_may_be_sent_so)
{
    static const struct {
        const char *url, *allow;
        bool is_clear;
    } rows[] = {
        { "http://10.0.0.7/v1", "true", true },
        { "http://10.0.0.7/v1", "false", false },
        { "https://10.0.0.7/v1", "true", false },
        { "http://127.0.0.1/v1", "true", false },
    };
    forget_environment();
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct endpoints endpoints = { 0 };
        struct error err = { 0 };
        char yaml[256];
        setenv("TEST_KEY", "k", 1);
        snprintf(yaml, sizeof yaml,
                 "endpoints:\n  v: {dialect: chat-completions, url: \"%s\", "
                 "key: {env: TEST_KEY}, allow_cleartext: %s}\n",
                 rows[i].url, rows[i].allow);
        struct settings *settings = read_settings(yaml);
        ck_assert_msg(endpoints_load(&endpoints, settings, NULL, &err), "%s",
                      err.text);
        ck_assert(endpoint_is_clear(&endpoints.list.items[0]) ==
                  rows[i].is_clear);
        endpoints_clear(&endpoints);
        settings_free(settings);
    }
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

START_TEST(what_was_set_by_a_flag_has_no_line)
{
    struct endpoints endpoints = { 0 };
    struct error err = { 0 };
    struct settings *settings = settings_new();
    settings_must_set(settings, "endpoints.box.url", "http://x");
    ck_assert(!endpoints_load(&endpoints, settings, NULL, &err));
    ck_assert_str_eq(err.text,
                     "--set: endpoint box: no dialect; write dialect: "
                     "ollama or dialect: chat-completions");
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
    tcase_add_test(tcase, a_program_or_a_file_may_answer_instead_of_a_server);
    tcase_add_test(tcase, a_program_that_cannot_answer_is_refused);
    tcase_add_test(tcase, an_empty_environment_has_ollama_and_the_guide);
    tcase_add_test(tcase, the_environment_names_ollama_and_openai);
    tcase_add_test(tcase, each_key_of_a_vendor_gives_an_endpoint_of_his_name);
    tcase_add_test(tcase, an_endpoint_that_is_put_moves_no_other);
    tcase_add_test(tcase, settings_come_first_and_win_by_name);
    tcase_add_test(tcase, loopback_is_told_by_the_whole_host);
    tcase_add_test(tcase, an_address_is_shown_without_user_and_password);
    tcase_add_test(tcase,
                   a_variable_that_held_a_key_is_gone_from_the_environment);
    tcase_add_test(tcase,
                   a_key_file_that_others_may_read_is_refused_with_the_cure);
    tcase_add_test(tcase, a_key_in_clear_is_told_only_where_it_may_be_sent_so);
    tcase_add_test(tcase, a_key_is_printed_by_a_program_when_it_is_needed);
    tcase_add_test(tcase, a_short_name_of_a_model_may_hold_dots);
    tcase_add_test(tcase,
                   a_promised_key_that_is_not_there_is_named_by_its_source);
    tcase_add_test(
        tcase, an_endpoint_without_address_or_dialect_is_refused_with_its_line);
    tcase_add_test(tcase, what_was_set_by_a_flag_has_no_line);
    tcase_add_test(tcase, one_that_is_wrong_can_be_left_out_alone);
    suite_add_tcase(suite, tcase);
    return suite;
}
