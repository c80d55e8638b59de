/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/glob.h"

Suite *glob_suite(void);

static const struct {
    const char *pattern, *path;
    bool is_match;
} rows[] = {
    /* the last name */
    { "*.pem", "/home/me/keys/server.pem", true },
    { "*.pem", "server.pem", true },
    { "*.pem", "/a/SERVER.PEM", true },
    { "*.pem", "/a/server.pem.txt", false },
    { "*.pem", "/a.pem/server", false },
    { ".env", "/work/.env", true },
    { ".env*", "/work/.env.local", true },
    { ".env", "/work/my.env", false },
    { "id_?sa", "/x/id_rsa", true },
    { "id_?sa", "/x/id_sa", false },
    { "id_[rd]sa", "/x/id_dsa", true },
    { "id_[!rd]sa", "/x/id_dsa", false },
    { "k[0-9].txt", "/x/k7.txt", true },
    { "k[0-9].txt", "/x/kx.txt", false },
    { "a[b", "/x/a[b", true },
    { "a\\*b", "/x/a*b", true },
    { "a\\*b", "/x/axb", false },
    { "", "/x/a", false },
    { "*", "/x/a", true },
    /* the whole path */
    { "/work/secret/**", "/work/secret/a", true },
    { "/work/secret/**", "/work/secret/a/b/c.txt", true },
    { "/work/secret/**", "/work/secret", true },
    { "/work/secret/", "/work/secret/a/b", true },
    { "/work/secret/**", "/work/secrets/a", false },
    { "/work/secret/**", "/other/work/secret/a", false },
    { "/work/*/key", "/work/a/key", true },
    { "/work/*/key", "/work/a/b/key", false },
    { "/work/**/key", "/work/a/b/key", true },
    { "/work/**/key", "/work/key", true },
    { "/work/**/key", "/work/a/monkey", false },
    { "/work/**.pem", "/work/a/b.pem", true },
    { "/**/a/*b/c*", "/x/a/y/a/zb/cc", true },
    { "/**/a/*b/c*", "/x/a/y/a/zb/d/cc", false },
    /* anywhere */
    { "secret/*.txt", "/home/me/secret/a.txt", true },
    { "secret/*.txt", "/home/me/secret/b/a.txt", false },
    { "**/.ssh/**", "/home/me/.ssh/id_rsa", true },
    { "**/.ssh/**", "/home/me/ssh/id_rsa", false },
    /* at home */
    { "~/work/secret/**", "/home/me/work/secret/x", true },
    { "~/work/secret/**", "/home/you/work/secret/x", false },
    { "~/*.txt", "/home/me/a.txt", true },
    { "~/*.txt", "/home/me/b/a.txt", false },
};

START_TEST(a_pattern_matches_its_paths_and_no_others)
{
    setenv("HOME", "/home/me", 1);
    ck_assert_msg(glob_match(rows[_i].pattern, rows[_i].path) ==
                      rows[_i].is_match,
                  "%s on %s", rows[_i].pattern, rows[_i].path);
}
END_TEST

/* Backtracking star by star would take longer than the world has been there. */
START_TEST(many_stars_cost_little)
{
    char pattern[256] = "/", path[256] = "/";
    for (int i = 0; i < 60; i++) {
        strcat(pattern, i % 2 ? "*a" : "**");
        strcat(path, "aaa");
    }
    strcat(pattern, "b");
    ck_assert(!glob_match(pattern, path));
}
END_TEST

Suite *glob_suite(void)
{
    Suite *suite = suite_create("glob");
    TCase *tcase = tcase_create("glob");
    tcase_add_loop_test(tcase, a_pattern_matches_its_paths_and_no_others, 0,
                        COUNTOF(rows));
    tcase_add_test(tcase, many_stars_cost_little);
    suite_add_tcase(suite, tcase);
    return suite;
}
