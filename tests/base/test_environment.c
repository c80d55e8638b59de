/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/environment.h"

Suite *environment_suite(void);

static const char *value_of(char *const *environment, const char *name)
{
    size_t len = strlen(name);
    for (; *environment; environment++) {
        if (!strncmp(*environment, name, len) && (*environment)[len] == '=')
            return *environment + len + 1;
    }
    return NULL;
}

START_TEST(what_a_program_needs_passes_and_keys_do_not)
{
    static const char *const names[] = { "DISPLAY", NULL };
    setenv("PATH", "/bin", 1);
    setenv("LC_TIME", "C", 1);
    setenv("DISPLAY", ":7", 1);
    setenv("OPENAI_API_KEY", "CANARY-7f3a", 1);
    setenv("PATHOLOGY", "CANARY-7f3a", 1);
    setenv("SENNIT_MODEL", "m", 1);
    char **all = environment_allowed(NULL), **more = environment_allowed(names);
    ck_assert_str_eq(value_of(all, "PATH"), "/bin");
    ck_assert_str_eq(value_of(all, "LC_TIME"), "C");
    ck_assert_ptr_null(value_of(all, "DISPLAY"));
    ck_assert_str_eq(value_of(more, "DISPLAY"), ":7");
    for (char **pair = more; *pair; pair++)
        ck_assert_ptr_null(strstr(*pair, "CANARY"));
    ck_assert_ptr_null(value_of(more, "SENNIT_MODEL"));
    free(all);
    free(more);
}
END_TEST

Suite *environment_suite(void)
{
    Suite *suite = suite_create("environment");
    TCase *tcase = tcase_create("environment");
    tcase_add_test(tcase, what_a_program_needs_passes_and_keys_do_not);
    suite_add_tcase(suite, tcase);
    return suite;
}
