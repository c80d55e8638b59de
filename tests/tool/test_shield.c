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
#include "tool/shield.h"

Suite *shield_suite(void);

struct place {
    char workspace[SCRATCH_PATH_MAX];
    char path[SCRATCH_PATH_MAX + 64];
};

static const char *in(struct place *place, const char *name)
{
    snprintf(place->path, sizeof place->path, "%s/%s", place->workspace, name);
    return place->path;
}

static bool has(struct place *place, const char *name)
{
    return access(in(place, name), F_OK) == 0;
}

static void make(struct place *place, const char *name)
{
    ck_assert_int_eq(mkdir(in(place, name), 0755), 0);
}

static void write_file(struct place *place, const char *name)
{
    struct error err;
    ck_assert(path_write_file(in(place, name), slice_of("x"), &err));
}

static bool is_fixed(const struct shield *shield, struct place *place,
                     const char *name)
{
    in(place, name);
    for (size_t i = 0; i < shield->fixed.count; i++)
        if (!strcmp(shield->fixed.items[i], place->path))
            return true;
    return false;
}

START_TEST(a_repository_keeps_its_hooks_and_configuration)
{
    struct place place;
    struct shield shield = { 0 };
    scratch_directory(place.workspace, "shield");
    make(&place, ".git");
    make(&place, ".git/hooks");
    make(&place, ".git/modules");
    write_file(&place, ".git/config");
    write_file(&place, ".git/config.worktree");
    shield_raise(&shield, place.workspace);
    ck_assert_uint_eq(shield.writable.count, 1);
    ck_assert_str_eq(shield.writable.items[0], in(&place, ".git"));
    ck_assert(is_fixed(&shield, &place, ".git/hooks"));
    ck_assert(is_fixed(&shield, &place, ".git/config"));
    ck_assert(is_fixed(&shield, &place, ".git/config.worktree"));
    ck_assert(is_fixed(&shield, &place, ".git/modules"));
    ck_assert(is_fixed(&shield, &place, ".vscode"));
    ck_assert(!is_fixed(&shield, &place, ".git"));
    write_file(&place, ".git/commondir");
    shield_clear(&shield);
    ck_assert(!has(&place, ".git/commondir"));
    ck_assert(!has(&place, ".vscode"));
    ck_assert(has(&place, ".git/hooks"));
    ck_assert(has(&place, ".git/config"));
}
END_TEST

/* As with `git worktree`, or where it is a link. */
START_TEST(a_repository_that_lies_elsewhere_stays_where_it_is)
{
    struct place place;
    struct shield shield = { 0 };
    scratch_directory(place.workspace, "shield");
    write_file(&place, ".git");
    shield_raise(&shield, place.workspace);
    ck_assert(is_fixed(&shield, &place, ".git"));
    shield_clear(&shield);
    ck_assert(has(&place, ".git"));
}
END_TEST

/* Nothing can be mounted on a link, and a link can be replaced. */
START_TEST(where_hooks_are_a_link_nothing_is_written)
{
    struct place place;
    struct shield shield = { 0 };
    scratch_directory(place.workspace, "shield");
    make(&place, ".git");
    ck_assert_int_eq(symlink("/usr", in(&place, ".git/hooks")), 0);
    shield_raise(&shield, place.workspace);
    ck_assert(is_fixed(&shield, &place, ".git"));
    ck_assert_uint_eq(shield.writable.count, 0);
    shield_clear(&shield);
}
END_TEST

START_TEST(what_stands_in_goes_with_the_last_that_needs_it)
{
    struct place place;
    struct shield first = { 0 }, second = { 0 };
    scratch_directory(place.workspace, "shield");
    shield_raise(&first, place.workspace);
    shield_raise(&second, place.workspace);
    ck_assert(has(&place, ".git"));
    ck_assert(is_fixed(&second, &place, ".git"));
    shield_clear(&first);
    ck_assert(has(&place, ".git"));
    shield_clear(&second);
    ck_assert(!has(&place, ".git"));
    ck_assert(!has(&place, ".idea"));
}
END_TEST

/* One that a crash left is taken for what it is, one of the user's is not. */
START_TEST(an_empty_directory_of_the_users_stays)
{
    struct place place;
    struct shield shield = { 0 };
    scratch_directory(place.workspace, "shield");
    make(&place, ".vscode");
    make(&place, ".idea");
    ck_assert_int_eq(chmod(in(&place, ".idea"), 0555), 0);
    shield_raise(&shield, place.workspace);
    ck_assert(is_fixed(&shield, &place, ".vscode"));
    ck_assert(is_fixed(&shield, &place, ".idea"));
    shield_clear(&shield);
    ck_assert(has(&place, ".vscode"));
    ck_assert(!has(&place, ".idea"));
}
END_TEST

Suite *shield_suite(void)
{
    Suite *suite = suite_create("shield");
    TCase *tcase = tcase_create("shield");
    tcase_add_test(tcase, a_repository_keeps_its_hooks_and_configuration);
    tcase_add_test(tcase, a_repository_that_lies_elsewhere_stays_where_it_is);
    tcase_add_test(tcase, where_hooks_are_a_link_nothing_is_written);
    tcase_add_test(tcase, what_stands_in_goes_with_the_last_that_needs_it);
    tcase_add_test(tcase, an_empty_directory_of_the_users_stays);
    suite_add_tcase(suite, tcase);
    return suite;
}
