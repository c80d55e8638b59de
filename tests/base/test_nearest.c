/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "base/nearest.h"

Suite *nearest_suite(void);

START_TEST(the_name_that_was_meant_is_found)
{
    static const char *const names[] = { "model", "models", "temperature",
                                         "url", "top_p" };
    static const struct {
        const char *word, *nearest;
    } rows[] = {
        { "modle", "model" },
        { "modls", "models" },
        { "tempreature", "temperature" },
        { "temprature", "temperature" },
        { "ulr", "url" },
        { "topp", "top_p" },
        { "zebra", NULL },
        { "", NULL },
        { "x", NULL },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        const char *near = nearest_name(rows[i].word, names, COUNTOF(names));
        if (rows[i].nearest)
            ck_assert_pstr_eq(near, rows[i].nearest);
        else
            ck_assert_msg(!near, "%s is not %s", rows[i].word, near);
    }
}
END_TEST

Suite *nearest_suite(void)
{
    Suite *suite = suite_create("nearest");
    TCase *tcase = tcase_create("nearest");
    tcase_add_test(tcase, the_name_that_was_meant_is_found);
    suite_add_tcase(suite, tcase);
    return suite;
}
