/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "base/path.h"
#include "tests/support/scratch.h"
#include "tests/support/settings.h"
#include "tool/hidden.h"

Suite *hidden_suite(void);

static const struct {
    const char *path, *directory;
    bool is_in;
} places[] = {
    { "/home/me/a", "/home/me", true },  { "/home/me", "/home/me", true },
    { "/home/meow", "/home/me", false }, { "/home", "/home/me", false },
    { "/anything", "/", true },          { "/", "/", true },
};

START_TEST(what_lies_in_a_directory_is_told_by_whole_names)
{
    ck_assert_msg(hidden_is_in(places[_i].path, places[_i].directory) ==
                      places[_i].is_in,
                  "%s in %s", places[_i].path, places[_i].directory);
}
END_TEST

struct house {
    char home[SCRATCH_PATH_MAX];
    char path[SCRATCH_PATH_MAX + 64];
    struct hidden hidden;
    struct settings *settings;
};

static const char *at(struct house *house, const char *name)
{
    snprintf(house->path, sizeof house->path, "%s/%s", house->home, name);
    return house->path;
}

static void write_file(struct house *house, const char *name)
{
    struct error err = { 0 };
    ck_assert_msg(path_write_file(at(house, name), slice_of("x"), &err), "%s",
                  err.text);
}

static void set_up(struct house *house)
{
    *house = (struct house){ .settings = settings_new() };
    scratch_directory(house->home, "home");
    setenv("HOME", house->home, 1);
    setenv("XDG_RUNTIME_DIR", at(house, "run"), 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_DATA_HOME");
}

static void tear_down(struct house *house)
{
    hidden_clear(&house->hidden);
    settings_free(house->settings);
}

static bool covers(struct house *house, const char *name)
{
    return hidden_covers(&house->hidden, at(house, name));
}

START_TEST(keys_and_our_own_files_are_hidden_and_the_rest_is_not)
{
    struct house house;
    set_up(&house);
    write_file(&house, ".ssh/id_rsa");
    write_file(&house, ".netrc");
    write_file(&house, ".config/sennit/config.yaml");
    write_file(&house, ".local/share/sennit/sessions/a.db");
    write_file(&house, ".local/state/sennit/state.db");
    write_file(&house, ".config/other/file");
    write_file(&house, "run/bus");
    write_file(&house, "keys/mine");
    write_file(&house, "src/.netrc");
    settings_must_set(house.settings, "endpoints.a.url", "http://127.0.0.1");
    settings_must_set(house.settings, "endpoints.a.key.file", "~/keys/mine");
    hidden_find(&house.hidden, house.settings);
    ck_assert(covers(&house, ".ssh/id_rsa"));
    ck_assert(covers(&house, ".netrc"));
    ck_assert(covers(&house, ".config/sennit/config.yaml"));
    ck_assert(covers(&house, ".local/share/sennit/sessions/a.db"));
    ck_assert(covers(&house, ".local/state/sennit/state.db"));
    ck_assert(covers(&house, "run/bus"));
    ck_assert(covers(&house, "keys/mine"));
    ck_assert(!covers(&house, "keys"));
    ck_assert(!covers(&house, ".config/other/file"));
    ck_assert(!covers(&house, "src/.netrc"));
    ck_assert(hidden_is_below(&house.hidden, house.home));
    ck_assert(!hidden_is_below(&house.hidden, at(&house, "src")));
    tear_down(&house);
}
END_TEST

/* Else what is mounted over the link would not be over the secret. */
START_TEST(a_secret_behind_a_link_is_hidden_where_it_is)
{
    struct house house;
    set_up(&house);
    write_file(&house, "vault/id_rsa");
    ck_assert_int_eq(symlink("vault", at(&house, ".ssh")), 0);
    hidden_find(&house.hidden, NULL);
    ck_assert(covers(&house, "vault/id_rsa"));
    tear_down(&house);
}
END_TEST

START_TEST(nothing_is_hidden_twice)
{
    struct house house;
    set_up(&house);
    write_file(&house, ".ssh/key");
    settings_must_set(house.settings, "endpoints.a.url", "http://127.0.0.1");
    settings_must_set(house.settings, "endpoints.a.key.file", "~/.ssh/key");
    hidden_find(&house.hidden, house.settings);
    for (size_t i = 1; i < house.hidden.paths.count; i++) {
        const char *const *paths =
            (const char *const *)house.hidden.paths.items;
        ck_assert_int_lt(strcmp(paths[i - 1], paths[i]), 0);
        ck_assert(!hidden_is_in(paths[i], paths[i - 1]));
    }
    tear_down(&house);
}
END_TEST

static bool forbids(struct house *house, const char *name)
{
    return hidden_forbids(&house->hidden, at(house, name));
}

/* Below HOME is where people work. */
START_TEST(where_programs_write_nothing_is_told_by_what_lies_there)
{
    struct house house;
    set_up(&house);
    write_file(&house, "src/a/.env");
    write_file(&house, "keys/mine");
    write_file(&house, "mail/keys/other");
    write_file(&house, ".ssh/id_rsa");
    settings_must_set(house.settings, "endpoints.a.url", "http://127.0.0.1");
    settings_must_set(house.settings, "endpoints.a.key.file", "~/keys/mine");
    settings_must_set(house.settings, "endpoints.b.url", "http://127.0.0.1");
    settings_must_set(house.settings, "endpoints.b.key.file",
                      "~/mail/keys/other");
    hidden_find(&house.hidden, house.settings);
    ck_assert(hidden_forbids(&house.hidden, "/"));
    ck_assert(hidden_forbids(&house.hidden, house.home));
    ck_assert(forbids(&house, ".ssh"));
    ck_assert(forbids(&house, "mail"));
    ck_assert(!forbids(&house, "keys"));
    ck_assert(!forbids(&house, "src"));
    ck_assert(!forbids(&house, "src/a"));
    /* Ours need not be there yet. */
    ck_assert(forbids(&house, ".config"));
    ck_assert(forbids(&house, ".local/share"));
    ck_assert(forbids(&house, ".local/state/sennit"));
    ck_assert(forbids(&house, ".config/sennit/more"));
    ck_assert(!forbids(&house, ".config/other"));
    tear_down(&house);
}
END_TEST

Suite *hidden_suite(void)
{
    Suite *suite = suite_create("hidden");
    TCase *tcase = tcase_create("hidden");
    tcase_add_loop_test(tcase, what_lies_in_a_directory_is_told_by_whole_names,
                        0, COUNTOF(places));
    tcase_add_test(tcase,
                   keys_and_our_own_files_are_hidden_and_the_rest_is_not);
    tcase_add_test(tcase, a_secret_behind_a_link_is_hidden_where_it_is);
    tcase_add_test(tcase, nothing_is_hidden_twice);
    tcase_add_test(tcase,
                   where_programs_write_nothing_is_told_by_what_lies_there);
    suite_add_tcase(suite, tcase);
    return suite;
}
