/* SPDX-License-Identifier: MIT */
/*
 * main - runs every suite (CK_RUN_SUITE=sse for one), then prints what was
 * skipped and why. With --suites it only prints their names.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/scratch.h"
#include "tests/support/skip.h"

#define SUITE(name) Suite *name##_suite(void);
#include "suites.def"
#undef SUITE

static int print_suites(void)
{
#define SUITE(name) puts(#name);
#include "suites.def"
#undef SUITE
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1 && !strcmp(argv[1], "--suites"))
        return print_suites();
    scratch_begin();
    skip_begin();
    SRunner *runner = srunner_create(NULL);
#define SUITE(name) srunner_add_suite(runner, name##_suite());
#include "suites.def"
#undef SUITE
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    bool skips_are_listed = skip_report();
    scratch_end();
    return failed || !skips_are_listed ? EXIT_FAILURE : EXIT_SUCCESS;
}
