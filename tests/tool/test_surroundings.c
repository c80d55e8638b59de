/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <check.h>

#include "base/compiler.h"
#include "base/path.h"
#include "tests/support/scratch.h"
#include "tool/surroundings.h"

Suite *surroundings_suite(void);

static const struct {
    const char *name;
    bool is_refused;
} names[] = {
    { "OPENAI_API_KEY", true }, { "GITHUB_TOKEN", true },
    { "DB_PASSWORD", true },    { "PASSPHRASE", true },
    { "my_secret", true },      { "AWS_CREDENTIALS", true },
    { "SSH_ASKPASS", true },    { "LD_PRELOAD", true },
    { "LD_AUDIT", true },       { "PATH", false },
    { "MAKEFLAGS", false },     { "LANG", false },
    { "NODE_OPTIONS", false },  { "", false },
};

START_TEST(names_that_look_like_secrets_are_refused)
{
    ck_assert_msg(surroundings_refuses(slice_of(names[_i].name)) ==
                      names[_i].is_refused,
                  "%s", names[_i].name);
}
END_TEST

static const char *find(char **environment, const char *name)
{
    size_t len = strlen(name);
    for (; *environment; environment++)
        if (!strncmp(*environment, name, len) && (*environment)[len] == '=')
            return *environment + len + 1;
    return NULL;
}

START_TEST(the_environment_is_built_and_not_handed_on)
{
    static const char *const listed[] = { "MAKEFLAGS", "MY_TOKEN", NULL };
    setenv("MAKEFLAGS", "-j2", 1);
    setenv("MY_TOKEN", "hush", 1);
    setenv("UNLISTED", "x", 1);
    setenv("LC_TIME", "C.UTF-8", 1);
    setenv("TMPDIR", "/ours", 1);
    setenv("LD_LIBRARY_PATH", "/cuda", 1);
    setenv("PATH", ".:/usr/bin::relative/bin:/bin:", 1);
    char **environment = surroundings_environment(
        &(struct surroundings_wish){ .names = listed, .temporary = "/theirs" });
    ck_assert_str_eq(find(environment, "MAKEFLAGS"), "-j2");
    ck_assert_str_eq(find(environment, "LC_TIME"), "C.UTF-8");
    ck_assert_str_eq(find(environment, "TMPDIR"), "/theirs");
    ck_assert_str_eq(find(environment, "PATH"), "/usr/bin:/bin");
    ck_assert_ptr_null(find(environment, "MY_TOKEN"));
    ck_assert_ptr_null(find(environment, "UNLISTED"));
    ck_assert_ptr_null(find(environment, "LD_LIBRARY_PATH"));
    surroundings_free(environment);
    environment = surroundings_environment(
        &(struct surroundings_wish){ .temporary = "/theirs", .has_gpu = true });
    ck_assert_str_eq(find(environment, "LD_LIBRARY_PATH"), "/cuda");
    ck_assert_ptr_null(find(environment, "MAKEFLAGS"));
    surroundings_free(environment);
}
END_TEST

/* A workspace in PATH offers no program, by whatever name it is asked for. */
START_TEST(programs_of_the_workspace_are_run_only_by_their_path)
{
    char workspace[SCRATCH_PATH_MAX], file[SCRATCH_PATH_MAX + 16];
    char path[2 * SCRATCH_PATH_MAX], own[] = "own-program", sh[] = "sh";
    char here[] = "./own-program";
    struct error err = { 0 };
    scratch_directory(workspace, "workspace");
    for (int i = 0; i < 2; i++) {
        snprintf(file, sizeof file, "%s/%s", workspace, i ? sh : own);
        ck_assert(path_write_file(file, slice_of("#!/bin/sh\n"), &err));
        ck_assert_int_eq(chmod(file, 0755), 0);
    }
    snprintf(path, sizeof path, "%s:/usr/bin:/bin", workspace);
    setenv("PATH", path, 1);
    char **argv =
        surroundings_argv((char *const[]){ sh, own, NULL }, workspace, &err);
    ck_assert(argv && !strncmp(argv[0], "/", 1));
    ck_assert_ptr_null(strstr(argv[0], workspace));
    ck_assert_str_eq(argv[1], own);
    ck_assert_ptr_null(argv[2]);
    surroundings_free(argv);
    ck_assert_ptr_null(
        surroundings_argv((char *const[]){ own, NULL }, workspace, &err));
    ck_assert_int_eq(err.kind, ERROR_TOOL);
    ck_assert_str_eq(err.text, "there is no program own-program in PATH "
                               "outside the working directory");
    /* Where programs write nothing, nobody has planted one. */
    argv = surroundings_argv((char *const[]){ own, NULL }, NULL, &err);
    ck_assert(argv && strstr(argv[0], workspace) == argv[0]);
    surroundings_free(argv);
    argv = surroundings_argv((char *const[]){ here, NULL }, workspace, &err);
    ck_assert_str_eq(argv[0], here);
    surroundings_free(argv);
}
END_TEST

Suite *surroundings_suite(void)
{
    Suite *suite = suite_create("surroundings");
    TCase *tcase = tcase_create("surroundings");
    tcase_add_loop_test(tcase, names_that_look_like_secrets_are_refused, 0,
                        COUNTOF(names));
    tcase_add_test(tcase, the_environment_is_built_and_not_handed_on);
    tcase_add_test(tcase, programs_of_the_workspace_are_run_only_by_their_path);
    suite_add_tcase(suite, tcase);
    return suite;
}
