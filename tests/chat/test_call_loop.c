/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "chat/call_loop.h"
#include "tests/support/scenario.h"

Suite *call_loop_suite(void);

/* A step is a word: its letter the call, its digit what that gave back; "-" is an
 * attempt that failed, "ab" two calls. */
static bool goes_in_circles(const char *steps)
{
    struct scenario s = { 0 };
    struct buf lines = { 0 };
    unsigned attempt = 0, call = 0;
    scenario_init(&s);
    buf_append_string(&lines,
                      "@q user-message text=x\nrun-started 1 node=@q\n");
    for (const char *at = steps; *at; at++) {
        if (*at == ' ')
            continue;
        attempt++;
        buf_printf(&lines, "attempt-started 1.%u model=m\n", attempt);
        if (*at == '-') {
            buf_printf(&lines, "attempt-finished 1.%u outcome=error\n",
                       attempt);
            continue;
        }
        unsigned first = call + 1;
        const char *word = at;
        for (; *at && *at != ' '; at += 2, call++)
            buf_printf(&lines,
                       "tool-call-start 1.%u call=%u name=%c\n"
                       "tool-call-end 1.%u call=%u arguments='%s'\n",
                       attempt, call + 1, *at, attempt, call + 1,
                       call % 2 ? "{\"a\":1,\"b\":2}"
                                : "{ \"b\": 2, \"a\": 1 }");
        buf_printf(&lines, "attempt-finished 1.%u outcome=complete\n", attempt);
        for (unsigned i = first; i <= call; i++)
            buf_printf(&lines,
                       "tool-started call=%u\n"
                       "tool-finished call=%u outcome=completed text=%c\n",
                       i, i, word[(i - first) * 2 + 1]);
        at--;
    }
    scenario_play(&s, buf_string(&lines));
    bool is_found = call_loop_is_found(s.graph, 1);
    buf_clear(&lines);
    scenario_clear(&s);
    return is_found;
}

static const struct {
    const char *steps;
    bool is_loop;
} rows[] = {
    { "a1", false },
    { "a1 a1", false },
    { "a1 a1 a1", true },
    { "b1 a1 a1 a1", true },
    { "a1 - a1 a1", true },
    { "a1 a2 a3 a4 a5", false },
    { "a1 a1 b1 a1", false },
    { "a1 a1 a1 b1", false },
    { "a1 b1 a1 b1", true },
    { "c1 a1 b1 a1 b1", true },
    { "a1 b1 a1 b2", false },
    { "a1 b1 a1 c1", false },
    { "a1b1 a1b1 a1b1", true },
    { "a1b1 b1a1 a1b1", false },
    { "a1a1a1", false },
};

START_TEST(a_loop_is_the_same_with_the_same_result)
{
    ck_assert_msg(goes_in_circles(rows[_i].steps) == rows[_i].is_loop, "%s",
                  rows[_i].steps);
}
END_TEST

Suite *call_loop_suite(void)
{
    Suite *suite = suite_create("call_loop");
    TCase *test = tcase_create("call_loop");
    tcase_add_loop_test(test, a_loop_is_the_same_with_the_same_result, 0,
                        COUNTOF(rows));
    suite_add_tcase(suite, test);
    return suite;
}
