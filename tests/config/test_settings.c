/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/memory.h"
#include "base/path.h"
#include "config/schema.h"
#include "config/settings.h"
#include "config/yaml.h"
#include "tests/support/scratch.h"
#include "tests/support/settings.h"
#include "tests/support/skip.h"

Suite *settings_suite(void);

/* One of everything that YAML text of ours may hold. */
static const char sample[] =
    "version: 1\n"
    "endpoints:\n"
    "  box: {dialect: ollama, url: \"http://127.0.0.1:11434\", num_ctx: 8192}\n"
    "  far:\n"
    "    dialect: chat-completions # a remark\n"
    "    key: {command: [pass, 'show', \"k\\u00e9y\"]}\n"
    "reply: {temperature: 0.7, thinking: auto}\n"
    "system: |\n"
    "  You are terse.\n"
    "  Say when you guess.\n"
    "routing:\n"
    "  rules:\n"
    "    - {when: {tokens: \"> 24k\"}, ask: true}\n"
    "  fallback: {on: [refused, busy], countdown: 3s}\n"
    "context: {warn: 75%}\n"
    "limits: {session: 1.00 USD, deadline: 10m}\n";

START_TEST(values_have_the_type_that_the_schema_says)
{
    struct settings *settings = settings_new();
    settings_must_add(settings, "a.yaml", sample);
    ck_assert_str_eq(settings_text(settings, "endpoints.box.url", ""),
                     "http://127.0.0.1:11434");
    ck_assert_double_eq(settings_number(settings, "reply.temperature", 0), 0.7);
    ck_assert_double_eq(settings_number(settings, "endpoints.box.num_ctx", 0),
                        8192);
    ck_assert_double_eq(settings_number(settings, "limits.deadline", 0),
                        600000);
    ck_assert_double_eq(settings_number(settings, "limits.session", 0), 1);
    ck_assert_double_eq(settings_number(settings, "context.warn", 0), 0.75);
    ck_assert_str_eq(settings_text(settings, "system", ""),
                     "You are terse.\nSay when you guess.\n");
    const struct setting *command =
        settings_find(settings, "endpoints.far.key.command");
    ck_assert_int_eq(command->type, SETTING_LIST);
    ck_assert_uint_eq(command->child_count, 3);
    ck_assert_str_eq(command->children[2]->text, "k\xC3\xA9y");
    const struct setting *rules = settings_find(settings, "routing.rules");
    const struct setting *ask = setting_child(rules->children[0], "ask");
    ck_assert_int_eq(ask->type, SETTING_FLAG);
    ck_assert(ask->flag);
    settings_free(settings);
}
END_TEST

START_TEST(what_is_not_set_is_the_reader_s_default)
{
    struct settings *settings = settings_new();
    settings_must_add(settings, "a.yaml",
                      "reply: {thinking: on}\nlooks: {times: false}\n");
    ck_assert_str_eq(settings_text(settings, "reply.on_busy", "queue"),
                     "queue");
    ck_assert_double_eq(settings_number(settings, "reply.temperature", 0.5),
                        0.5);
    ck_assert_double_eq(settings_number(settings, "reply.thinking", 7), 7);
    ck_assert(settings_flag(settings, "journal.required", true));
    ck_assert(!settings_flag(settings, "looks.times", true));
    ck_assert_str_eq(settings_text(settings, "reply", "none"), "none");
    ck_assert_ptr_null(settings_find(settings, "reply.thinking.deeper"));
    ck_assert_ptr_null(settings_find(settings, "nothing"));
    ck_assert_ptr_null(setting_child(NULL, "x"));
    settings_free(settings);
}
END_TEST

START_TEST(later_layers_win_maps_merge_and_lists_replace)
{
    struct settings *settings = settings_new();
    settings_must_add(settings, "user",
                      "reply: {temperature: 0.1, seed: 7}\n"
                      "routing: {ladder: [a, b, c]}\n"
                      "endpoints:\n  box: {url: one, trust: own}\n");
    settings_must_add(settings, "profile",
                      "routing: {ladder: [d]}\n"
                      "reply: {temperature: 0.2}\n"
                      "endpoints:\n  box: {url: two}\n  far: {url: three}\n");
    ck_assert_double_eq(settings_number(settings, "reply.temperature", 0), 0.2);
    ck_assert_double_eq(settings_number(settings, "reply.seed", 0), 7);
    const struct setting *ladder = settings_find(settings, "routing.ladder");
    ck_assert_uint_eq(ladder->child_count, 1);
    ck_assert_str_eq(ladder->children[0]->text, "d");
    ck_assert_str_eq(settings_text(settings, "endpoints.box.url", ""), "two");
    ck_assert_str_eq(settings_text(settings, "endpoints.box.trust", ""), "own");
    const struct setting *endpoints = settings_find(settings, "endpoints");
    ck_assert_uint_eq(endpoints->child_count, 2);
    ck_assert_str_eq(endpoints->children[1]->key, "far");
    settings_free(settings);
}
END_TEST

START_TEST(null_removes_what_lies_below_it)
{
    struct settings *settings = settings_new();
    settings_must_add(settings, "user",
                      "reply: {temperature: 0.1, seed: 7}\n"
                      "endpoints: {a: {url: x}, b: {url: y}, c: {url: z}}\n");
    settings_must_add(settings, "profile",
                      "reply: {seed: null, top_p: null}\n"
                      "endpoints: {b: ~, new: {url: ~, trust: own}}\n");
    ck_assert_ptr_null(settings_find(settings, "reply.seed"));
    ck_assert_ptr_null(settings_find(settings, "reply.top_p"));
    ck_assert_double_eq(settings_number(settings, "reply.temperature", 0), 0.1);
    const struct setting *endpoints = settings_find(settings, "endpoints");
    ck_assert_uint_eq(endpoints->child_count, 3);
    ck_assert_str_eq(endpoints->children[1]->key, "c");
    ck_assert_ptr_null(settings_find(settings, "endpoints.new.url"));
    settings_must_set(settings, "routing.ladder", "[a, ~]");
    ck_assert_str_eq(
        settings_find(settings, "routing.ladder")->children[1]->text, "~");
    settings_must_set(settings, "reply", "null");
    ck_assert_ptr_null(settings_find(settings, "reply"));
    settings_must_set(settings, "endpoints.a.url", "~");
    ck_assert_ptr_null(settings_find(settings, "endpoints.a.url"));
    settings_must_set(settings, "endpoints.c.url", "'null'");
    ck_assert_str_eq(settings_text(settings, "endpoints.c.url", ""), "null");
    settings_free(settings);
}
END_TEST

START_TEST(a_map_with_nothing_below_changes_nothing)
{
    struct settings *settings = settings_new();
    settings_must_add(settings, "user", "reply: {seed: 7}\n");
    settings_must_add(settings, "profile",
                      "reply:\n# seed: 8\nlooks:\nkeys: {}\n");
    settings_must_add(settings, "empty", "");
    ck_assert_double_eq(settings_number(settings, "reply.seed", 0), 7);
    settings_free(settings);
}
END_TEST

START_TEST(a_key_source_replaces_the_one_below)
{
    struct settings *settings = settings_new();
    settings_must_add(settings, "user",
                      "endpoints: {a: {key: {command: [pass, a]}}}\n");
    settings_must_add(settings, "profile",
                      "endpoints: {a: {key: {env: A_KEY}}}\n");
    const struct setting *key = settings_find(settings, "endpoints.a.key");
    ck_assert_uint_eq(key->child_count, 1);
    ck_assert_str_eq(key->children[0]->key, "env");
    ck_assert_str_eq(key->file, "profile");
    settings_must_set(settings, "endpoints.a.key.file", "~/key");
    key = settings_find(settings, "endpoints.a.key");
    ck_assert_uint_eq(key->child_count, 1);
    ck_assert_str_eq(key->children[0]->text, "~/key");
    settings_free(settings);
}
END_TEST

static void comes_from(const struct settings *settings, const char *key,
                       const char *file, int line)
{
    const struct setting *setting = settings_find(settings, key);
    ck_assert_msg(setting != NULL, "%s", key);
    ck_assert_str_eq(setting->file, file);
    ck_assert_int_eq(setting->line, line);
}

START_TEST(every_value_remembers_its_file_and_line)
{
    struct settings *settings = settings_new();
    char name[] = "user";
    settings_must_add(settings, name,
                      "reply:\n  seed: 7\n\n  temperature: 0.1\n"
                      "routing:\n  ladder:\n    - a\n    - b\n");
    memset(name, 'x', sizeof name - 1);
    settings_must_add(settings, "profile", "\nreply: {temperature: 0.2}\n");
    settings_must_set(settings, "reply.top_p", "0.5");
    comes_from(settings, "reply.seed", "user", 2);
    comes_from(settings, "reply.temperature", "profile", 2);
    comes_from(settings, "reply.top_p", "--set", 0);
    comes_from(settings, "routing.ladder", "user", 6);
    comes_from(settings, "routing", "user", 5);
    comes_from(settings, "reply", "--set", 0);
    const struct setting *ladder = settings_find(settings, "routing.ladder");
    ck_assert_int_eq(ladder->children[1]->line, 8);
    settings_free(settings);
}
END_TEST

START_TEST(a_layer_with_an_error_changes_nothing)
{
    struct settings *settings = settings_new();
    struct error err = { 0 };
    settings_must_add(settings, "user", "reply: {seed: 7}\n");
    ck_assert(!settings_add_text(
        settings, "profile",
        slice_of("reply: {seed: 8}\nmodel: a/b\nlooks: {frames: 0}\n"), &err));
    ck_assert_str_eq(
        err.text, "profile:3: looks.frames: must be between 1 and 60, not 0");
    ck_assert_double_eq(settings_number(settings, "reply.seed", 0), 7);
    ck_assert_ptr_null(settings_find(settings, "model"));
    settings_free(settings);
}
END_TEST

START_TEST(a_value_is_set_from_yaml_and_text_as_it_stands)
{
    struct settings *settings = settings_new();
    settings_must_set(settings, "reply", "{temperature: 0.2, seed: 3}");
    settings_must_set(settings, "routing.ladder", "[box/fast, 'box/big']");
    settings_must_set(settings, "system", "Answer: yes # or [no");
    settings_must_set(settings, "model", "box/qwen3:8b");
    settings_must_set(settings, "endpoints.box.url", "\"http://x\\u0079\"");
    ck_assert_double_eq(settings_number(settings, "reply.seed", 0), 3);
    ck_assert_uint_eq(settings_find(settings, "routing.ladder")->child_count,
                      2);
    ck_assert_str_eq(settings_text(settings, "system", ""),
                     "Answer: yes # or [no");
    ck_assert_str_eq(settings_text(settings, "model", ""), "box/qwen3:8b");
    ck_assert_str_eq(settings_text(settings, "endpoints.box.url", ""),
                     "http://xy");
    settings_must_set(settings, "routing.ladder", "[]");
    ck_assert_uint_eq(settings_find(settings, "routing.ladder")->child_count,
                      0);
    settings_free(settings);
    settings_refuses_value("routing.ladder", "[a",
                           "--set: did not find expected ',' or "
                           "']' while parsing a flow sequence");
}
END_TEST

START_TEST(the_environment_is_a_layer)
{
    static const char *const good[] = {
        "SENNIT_REPLY_TEMPERATURE=0.3",
        "SENNIT_MODEL=a/b:c",
        "SENNIT_SYSTEM=",
        "SENNIT_PROFILE=gpu",
        "PATH=/bin",
        "SENNIT_SHARED",
        "SENNIT_LOOKS={frames: 3}",
        NULL,
    };
    struct settings *settings = settings_new();
    struct error err = { 0 };
    settings_must_add(settings, "user", "system: kept\n");
    for (size_t i = 0; good[i]; i++)
        ck_assert_msg(settings_add_variable(settings, good[i], &err), "%s",
                      err.text);
    ck_assert_double_eq(settings_number(settings, "reply.temperature", 0), 0.3);
    ck_assert_double_eq(settings_number(settings, "looks.frames", 0), 3);
    ck_assert_str_eq(settings_text(settings, "model", ""), "a/b:c");
    ck_assert_str_eq(settings_text(settings, "system", ""), "kept");
    comes_from(settings, "model", "SENNIT_MODEL", 0);
    ck_assert_uint_eq(settings_find(settings, "")->child_count, 4);
    ck_assert(
        !settings_add_variable(settings, "SENNIT_LOOKS_FRAMES=many", &err));
    ck_assert_str_eq(err.text, "SENNIT_LOOKS_FRAMES: looks.frames: expected a "
                               "whole number, found \"many\"");
    settings_free(settings);
}
END_TEST

static void layer_says(const struct settings *settings, size_t index,
                       const char *key, const char *text)
{
    const struct setting *setting = settings_in_layer(settings, index, key);
    ck_assert_msg(!setting == !text, "layer %zu of %s", index, key);
    if (text)
        ck_assert_str_eq(setting->text, text);
}

START_TEST(every_layer_is_kept_as_it_was)
{
    struct settings *settings = settings_new();
    settings_must_add(settings, "user", "reply: {seed: 1, top_p: 0.5}\n");
    settings_must_add(settings, "profile", "reply: {seed: 2}\n");
    settings_must_set(settings, "reply.seed", "3");
    ck_assert_uint_eq(settings_layer_count(settings), 3);
    layer_says(settings, 0, "reply.seed", "1");
    layer_says(settings, 0, "reply.top_p", "0.5");
    layer_says(settings, 1, "reply.seed", "2");
    layer_says(settings, 1, "reply.top_p", NULL);
    layer_says(settings, 2, "reply.seed", "3");
    ck_assert_str_eq(settings_layer_file(settings, 1), "profile");
    ck_assert_ptr_null(settings_layer_file(settings, 2));
    /* Again by the same: the one before is forgotten. */
    for (int i = 0; i < 100; i++)
        settings_must_set(settings, "reply.seed", "4");
    settings_must_set(settings, "reply.top_p", "1");
    ck_assert_uint_eq(settings_layer_count(settings), 4);
    layer_says(settings, 2, "reply.seed", "4");
    ck_assert_double_eq(settings_number(settings, "reply.seed", 0), 4);
    settings_free(settings);
}
END_TEST

START_TEST(a_layer_that_removes_a_map_says_so_of_what_was_in_it)
{
    struct settings *settings = settings_new();
    settings_must_add(settings, "user",
                      "endpoints: {box: {url: x, models: {a.b: c}}}\n");
    settings_must_add(settings, "profile", "endpoints: {box: ~}\n");
    ck_assert_int_eq(settings_in_layer(settings, 1, "endpoints.box.url")->type,
                     SETTING_NONE);
    layer_says(settings, 0, "endpoints.box.models.a.b", "c");
    ck_assert_ptr_null(settings_find(settings, "endpoints.box"));
    settings_free(settings);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_named)
{
    struct settings *settings = settings_new();
    struct error err = { 0 };
    char path[SCRATCH_PATH_MAX];
    int fd = scratch_file(path, "settings");
    ck_assert_int_eq(ftruncate(fd, YAML_TEXT_MAX + 1), 0);
    ck_assert(!settings_add_file(settings, path, &err));
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, path));
    ck_assert_int_eq(ftruncate(fd, 0), 0);
    settings_must_add_file(settings, path);
    close(fd);
    unlink(path);
    ck_assert(!settings_add_file(settings, path, &err));
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, path));
    settings_free(settings);
}
END_TEST

START_TEST(the_shipped_files_and_the_wished_profile_are_accepted)
{
    static const char *const profiles[] = { "config/profiles/local.yaml",
                                            "config/profiles/cloud.yaml",
                                            "config/profiles/gpu.yaml" };
    struct settings *settings = settings_new();
    settings_must_add_file(settings, "config/config.yaml");
    for (size_t i = 0; i < COUNTOF(profiles); i++) {
        settings_must_add_file(settings, profiles[i]);
        ck_assert_ptr_nonnull(settings_find(settings, "endpoints"));
    }
    settings_free(settings);
    const char *path = shared_path("profile.yaml");
    if (!path)
        return;
    settings = settings_new();
    settings_must_add_file(settings, path);
    ck_assert_str_eq(settings_text(settings, "endpoints.box.models.fast", ""),
                     "qwen3:8b");
    ck_assert_str_eq(settings_text(settings, "keys.send-now", ""),
                     "Ctrl-X Enter");
    settings_free(settings);
}
END_TEST

/* True if the row of a setting, or of one below it, is this one. */
static bool shows(const struct setting *setting, const char *path,
                  const struct schema_row *row)
{
    if (*path && schema_find(path) == row)
        return true;
    bool found = false;
    for (size_t i = 0; i < setting->child_count && !found; i++) {
        struct buf below = { 0 };
        if (setting->type == SETTING_LIST)
            buf_printf(&below, "%s[]", path);
        else
            buf_printf(&below, "%s%s%s", path, *path ? "." : "",
                       setting->children[i]->key);
        found = shows(setting->children[i], buf_string(&below), row);
        buf_clear(&below);
    }
    return found;
}

/* The shipped file as it is once every setting in it is switched on: remarks
 * have exactly one blank after the "#". */
static char *switched_on(const char *path)
{
    struct buf text = { 0 }, on = { 0 };
    struct error err = { 0 };
    ck_assert(path_read_file(&text, path, YAML_TEXT_MAX, &err));
    struct slice rest = buf_slice(&text), line;
    while (slice_next_line(&rest, &line)) {
        bool is_remark = slice_starts(line, "# ") && !slice_starts(line, "#  ");
        if (slice_starts(line, "#") && !is_remark)
            line = slice_skip(line, 1);
        buf_append_slice(&on, line);
        buf_append_char(&on, '\n');
    }
    buf_clear(&text);
    return buf_steal(&on);
}

START_TEST(the_shipped_configuration_shows_every_setting_and_sets_none)
{
    struct settings *settings = settings_new();
    settings_must_add_file(settings, "config/config.yaml");
    const struct setting *top = settings_find(settings, "");
    for (size_t i = 0; i < top->child_count; i++)
        ck_assert_uint_eq(top->children[i]->child_count, 0);
    char *text = switched_on("config/config.yaml");
    settings_must_add(settings, "config.yaml", text);
    free(text);
    for (size_t i = 0; i < schema_count(); i++)
        ck_assert_msg(shows(settings_find(settings, ""), "", schema_at(i)),
                      "config.yaml does not show %s", schema_at(i)->path);
    settings_free(settings);
}
END_TEST

/* Whatever becomes of it: an error has words, nothing leaks or crashes. */
static void survives(const char *text, size_t len)
{
    /* A copy of its own length, so that reading past the end is seen. */
    char *copy = memory_alloc(len);
    memcpy(copy, text, len);
    struct settings *settings = settings_new();
    struct error err = { 0 };
    if (!settings_add_text(settings, "a.yaml", (struct slice){ copy, len },
                           &err)) {
        ck_assert_int_eq(err.kind, ERROR_CONFIG);
        ck_assert_msg(!strncmp(err.text, "a.yaml:", 7), "%s", err.text);
        ck_assert_uint_eq(settings_find(settings, "")->child_count, 0);
    }
    settings_free(settings);
    free(copy);
}

START_TEST(every_truncation_is_survived)
{
    for (size_t len = 0; len < sizeof sample; len++)
        survives(sample, len);
}
END_TEST

START_TEST(every_byte_may_become_another)
{
    static const char others[] =
        "\0\t\n\r !\"#%&'*,-:>?@[]`{|}~\x01\x7F\x80\xFF";
    char text[sizeof sample];
    memcpy(text, sample, sizeof sample);
    for (size_t i = 0; i + 1 < sizeof sample; i++) {
        for (size_t j = 0; j < sizeof others - 1; j++) {
            text[i] = others[j];
            survives(text, sizeof sample - 1);
        }
        text[i] = sample[i];
    }
}
END_TEST

static TCase *layers_tcase(void)
{
    TCase *tcase = tcase_create("layers");
    tcase_add_test(tcase, later_layers_win_maps_merge_and_lists_replace);
    tcase_add_test(tcase, null_removes_what_lies_below_it);
    tcase_add_test(tcase, a_map_with_nothing_below_changes_nothing);
    tcase_add_test(tcase, a_key_source_replaces_the_one_below);
    tcase_add_test(tcase, every_value_remembers_its_file_and_line);
    tcase_add_test(tcase, a_layer_with_an_error_changes_nothing);
    tcase_add_test(tcase, a_value_is_set_from_yaml_and_text_as_it_stands);
    tcase_add_test(tcase, the_environment_is_a_layer);
    tcase_add_test(tcase, every_layer_is_kept_as_it_was);
    tcase_add_test(tcase, a_layer_that_removes_a_map_says_so_of_what_was_in_it);
    tcase_add_test(tcase, a_file_that_cannot_be_read_is_named);
    tcase_add_test(tcase,
                   the_shipped_files_and_the_wished_profile_are_accepted);
    tcase_add_test(tcase,
                   the_shipped_configuration_shows_every_setting_and_sets_none);
    return tcase;
}

static TCase *values_tcase(void)
{
    TCase *tcase = tcase_create("values");
    tcase_add_test(tcase, values_have_the_type_that_the_schema_says);
    tcase_add_test(tcase, what_is_not_set_is_the_reader_s_default);
    return tcase;
}

Suite *settings_suite(void)
{
    Suite *suite = suite_create("settings");
    suite_add_tcase(suite, values_tcase());
    suite_add_tcase(suite, layers_tcase());
    TCase *fuzz = tcase_create("fuzz");
    tcase_set_timeout(fuzz, 60);
    tcase_add_test(fuzz, every_truncation_is_survived);
    tcase_add_test(fuzz, every_byte_may_become_another);
    suite_add_tcase(suite, fuzz);
    return suite;
}
