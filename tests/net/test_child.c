/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "net/child.h"

enum { LONG_MS = 20 * 1000, SHORT_MS = 50, MOST = 64 };

Suite *child_suite(void);

static bool run(struct buf *out, const char *script, int64_t wait_ms,
                struct error *err)
{
    char shell[] = "sh", option[] = "-c", text[256];
    snprintf(text, sizeof text, "%s", script);
    char *const argv[] = { shell, option, text, NULL };
    return child_read(out, argv, MOST, wait_ms, err);
}

START_TEST(what_it_prints_is_appended_and_nothing_else)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    buf_append_string(&out, "> ");
    ck_assert_msg(run(&out, "echo noise >&2; cat; echo key", LONG_MS, &err),
                  "%s", err.text);
    ck_assert_str_eq(buf_string(&out), "> key\n");
    buf_clear(&out);
}
END_TEST

/* Our signals are blocked and some ignored: none of that is inherited. */
START_TEST(it_starts_with_default_signals_and_three_descriptors)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    sigset_t all, before;
    int fds[2];
    ck_assert_int_eq(pipe(fds), 0);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    signal(SIGPIPE, SIG_IGN);
    /* Without a shell between, which has its own way with signals. */
    char grep[] = "grep", extended[] = "-E", file[] = "/proc/self/status";
    char pattern[] = "^Sig(Blk|Ign):";
    char *const argv[] = { grep, extended, pattern, file, NULL };
    bool ok = child_read(&out, argv, MOST, LONG_MS, &err);
    bool is_shell_ok = run(&out,
                           "for n in 3 4 5 6 7 8 9; do "
                           "[ -e /dev/fd/$n ] && echo open; done; true",
                           LONG_MS, &err);
    sigprocmask(SIG_SETMASK, &before, NULL);
    ck_assert_msg(ok && is_shell_ok, "%s", err.text);
    unsigned long long blocked, ignored;
    /* 32 and 33 are the C library's own: nobody can set them, and some shells
     * hand them on ignored. */
    const unsigned long long own = 1ULL << 31 | 1ULL << 32;
    ck_assert_int_eq(sscanf(buf_string(&out), "SigBlk: %llx SigIgn: %llx",
                            &blocked, &ignored),
                     2);
    ck_assert_uint_eq(blocked, 0);
    ck_assert_uint_eq(ignored & ~own, 0);
    /* No descriptor but the three was open. */
    ck_assert_ptr_null(strstr(buf_string(&out), "open"));
    close(fds[0]);
    close(fds[1]);
    buf_clear(&out);
}
END_TEST

START_TEST(what_fails_leaves_the_buffer_as_it_was)
{
    static const struct {
        const char *script, *words;
        int64_t wait_ms;
    } cases[] = {
        { "echo x; exit 3", "exit status 3", LONG_MS },
        { "kill -9 $$", "signal 9", LONG_MS },
        { "sleep 30", "too long", SHORT_MS },
        { "sleep 30 & wait", "too long", SHORT_MS },
        { "exec >&-; sleep 30", "signal 9", SHORT_MS },
        { "yes", "larger than", LONG_MS },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct buf out = { 0 };
        struct error err = { 0 };
        ck_assert(!run(&out, cases[i].script, cases[i].wait_ms, &err));
        ck_assert_msg(strstr(err.text, cases[i].words) != NULL, "%zu: %s", i,
                      err.text);
        ck_assert_uint_eq(out.len, 0);
        buf_clear(&out);
    }
}
END_TEST

Suite *child_suite(void)
{
    Suite *suite = suite_create("child");
    TCase *tcase = tcase_create("child");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_it_prints_is_appended_and_nothing_else);
    tcase_add_test(tcase, it_starts_with_default_signals_and_three_descriptors);
    tcase_add_test(tcase, what_fails_leaves_the_buffer_as_it_was);
    suite_add_tcase(suite, tcase);
    return suite;
}
