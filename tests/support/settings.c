/* SPDX-License-Identifier: MIT */
#include "tests/support/settings.h"

#include <check.h>

#include "base/slice.h"

void settings_must_add(struct settings *settings, const char *name,
                       const char *text)
{
    struct error err = { 0 };
    ck_assert_msg(settings_add_text(settings, name, slice_of(text), &err), "%s",
                  err.text);
}

void settings_must_add_file(struct settings *settings, const char *path)
{
    struct error err = { 0 };
    ck_assert_msg(settings_add_file(settings, path, &err), "%s", err.text);
}

void settings_must_set(struct settings *settings, const char *key,
                       const char *value)
{
    struct error err = { 0 };
    ck_assert_msg(settings_set(settings, key, value, "--set", &err), "%s",
                  err.text);
}

static void check_refusal(struct settings *take, const struct error *err,
                          const char *words)
{
    ck_assert_str_eq(err->text, words);
    ck_assert_int_eq(err->kind, ERROR_CONFIG);
    ck_assert_uint_eq(settings_find(take, "")->child_count, 0);
    settings_free(take);
}

void settings_refuses_text(const char *text, const char *words)
{
    struct settings *settings = settings_new();
    struct error err = { 0 };
    ck_assert_msg(!settings_add_text(settings, "a.yaml", slice_of(text), &err),
                  "accepted: %s", text);
    check_refusal(settings, &err, words);
}

void settings_refuses_value(const char *key, const char *value,
                            const char *words)
{
    struct settings *settings = settings_new();
    struct error err = { 0 };
    ck_assert_msg(!settings_set(settings, key, value, "--set", &err),
                  "accepted: %s=%s", key, value);
    check_refusal(settings, &err, words);
}
