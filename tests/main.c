/* SPDX-License-Identifier: MIT */
/*
 * main - runs every suite (CK_RUN_SUITE=sse for one), then prints what was
 * skipped and why.
 */
#include <locale.h>
#include <stdlib.h>

#include <check.h>

#include "tests/support/skip.h"

#define SUITE(name) Suite *name##_suite(void);
#include "suites.def"
#undef SUITE

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    skip_begin();
    SRunner *runner = srunner_create(NULL);
#define SUITE(name) srunner_add_suite(runner, name##_suite());
#include "suites.def"
#undef SUITE
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    bool skips_are_listed = skip_report();
    return failed || !skips_are_listed ? EXIT_FAILURE : EXIT_SUCCESS;
}
