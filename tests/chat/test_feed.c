/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/clock.h"
#include "chat/feed.h"
#include "tests/support/scratch.h"

enum { LONG_MS = 20 * 1000 };

Suite *feed_suite(void);

/* What came of a feed. */
struct meal {
    struct loop *loop;
    struct endpoint endpoint;
    struct feed *feed;
    struct buf eaten;
    size_t enough; /* bytes after which no more is wanted; 0: all */
    int dones;
    struct error err;
    char path[SCRATCH_PATH_MAX];
    char url[SCRATCH_PATH_MAX + 16];
    char script[256];
    char *argv[4];
};

static bool on_piece(void *context, struct slice piece)
{
    struct meal *meal = context;
    buf_append_slice(&meal->eaten, piece);
    return !meal->enough || meal->eaten.len < meal->enough;
}

static void on_done(void *context, const struct error *err)
{
    struct meal *meal = context;
    meal->dones++;
    if (err)
        meal->err = *err;
    feed_free(meal->feed);
    meal->feed = NULL;
}

static void begin(struct meal *meal)
{
    struct error err = { 0 };
    static char name[] = "mine", none[] = "";
    *meal = (struct meal){ .loop = loop_new(&err) };
    meal->endpoint = (struct endpoint){ .name = name, .url = none };
}

static void end(struct meal *meal)
{
    feed_free(meal->feed);
    ck_assert(loop_is_idle(meal->loop));
    loop_free(meal->loop);
    buf_clear(&meal->eaten);
    /* None is left, not even a zombie. */
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}

static bool start(struct meal *meal, const char *request, bool is_paced)
{
    const struct feed_setup setup = {
        .loop = meal->loop,
        .endpoint = &meal->endpoint,
        .request = slice_of(request),
        .is_paced = is_paced,
        .on_piece = on_piece,
        .on_done = on_done,
        .context = meal,
    };
    ck_assert(feed_serves(&meal->endpoint));
    meal->feed = feed_start(&setup, &meal->err);
    ck_assert_int_eq(meal->dones, 0);
    return meal->feed != NULL;
}

static void start_script(struct meal *meal, const char *script,
                         const char *request)
{
    static char shell[] = "sh", option[] = "-c";
    snprintf(meal->script, sizeof meal->script, "%s", script);
    meal->argv[0] = shell;
    meal->argv[1] = option;
    meal->argv[2] = meal->script;
    meal->endpoint.command = meal->argv;
    ck_assert_msg(start(meal, request, false), "%s", meal->err.text);
}

static void write_tape(struct meal *meal, const char *text)
{
    int fd = scratch_file(meal->path, "tape one");
    ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
    close(fd);
    /* As in a URL: a blank is %20. */
    size_t len = (size_t)snprintf(meal->url, sizeof meal->url, "file://");
    for (const char *c = meal->path; *c; c++)
        len += (size_t)snprintf(meal->url + len, sizeof meal->url - len,
                                *c == ' ' ? "%%20" : "%c", *c);
    meal->endpoint.url = meal->url;
}

static void await_done(struct meal *meal)
{
    int64_t end_at = clock_monotonic_ms() + LONG_MS;
    while (!meal->dones && clock_monotonic_ms() < end_at)
        loop_turn(meal->loop, LONG_MS);
    ck_assert_int_eq(meal->dones, 1);
}

START_TEST(a_program_is_asked_on_its_input_and_answers_on_its_output)
{
    struct meal meal;
    begin(&meal);
    start_script(&meal, "echo noise >&2; echo \"got $(cat)\"", "{\"a\":1}");
    await_done(&meal);
    ck_assert_int_eq(meal.err.kind, ERROR_NONE);
    ck_assert_str_eq(buf_string(&meal.eaten), "got {\"a\":1}\n");
    end(&meal);
}
END_TEST

START_TEST(a_program_that_fails_says_why_in_its_last_words)
{
    struct meal meal;
    begin(&meal);
    start_script(&meal,
                 "echo a; echo warming up >&2; echo ' no weights ' >&2; "
                 "echo >&2; exit 3",
                 "");
    await_done(&meal);
    ck_assert_str_eq(buf_string(&meal.eaten), "a\n");
    ck_assert_str_eq(meal.err.text,
                     "mine: sh: it failed with exit status 3: no weights");
    end(&meal);
}
END_TEST

START_TEST(a_program_is_ended_when_nothing_more_is_wanted)
{
    struct meal meal;
    begin(&meal);
    meal.enough = 10;
    start_script(&meal, "yes", "");
    await_done(&meal);
    ck_assert_int_eq(meal.err.kind, ERROR_NONE);
    ck_assert_uint_ge(meal.eaten.len, 10);
    end(&meal);
}
END_TEST

START_TEST(a_feed_that_is_freed_ends_its_program)
{
    struct meal meal;
    begin(&meal);
    start_script(&meal, "echo a; sleep 1000 & wait", "");
    while (!meal.eaten.len && !meal.dones)
        loop_turn(meal.loop, LONG_MS);
    ck_assert_int_eq(meal.dones, 0);
    end(&meal);
}
END_TEST

START_TEST(a_file_is_replayed_as_it_is)
{
    struct meal meal;
    begin(&meal);
    write_tape(&meal,
               "{\"type\":\"a\",\"at\":1}\n\nno JSON\n{\"at\":99999999}");
    ck_assert(start(&meal, "", false));
    await_done(&meal);
    ck_assert_int_eq(meal.err.kind, ERROR_NONE);
    ck_assert_str_eq(buf_string(&meal.eaten),
                     "{\"type\":\"a\",\"at\":1}\n\nno JSON\n{\"at\":99999999}");
    scratch_remove(meal.path);
    end(&meal);
}
END_TEST

/* Never earlier than it was recorded. */
START_TEST(somebody_who_watches_sees_it_at_its_pace)
{
    struct meal meal;
    begin(&meal);
    write_tape(&meal, "{\"at\":1000}\n{\"at\":1040}\n{\"x\":1}\n{\"at\":1000}\n"
                      "{\"at\":1030}\n");
    int64_t before = clock_monotonic_ms();
    ck_assert(start(&meal, "", true));
    await_done(&meal);
    ck_assert_int_ge(clock_monotonic_ms() - before, 70);
    ck_assert_str_eq(buf_string(&meal.eaten),
                     "{\"at\":1000}\n{\"at\":1040}\n{\"x\":1}\n{\"at\":1000}\n"
                     "{\"at\":1030}\n");
    scratch_remove(meal.path);
    end(&meal);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_an_error_at_once)
{
    struct meal meal;
    static char url[] = "file:///nonexistent/x";
    begin(&meal);
    meal.endpoint.url = url;
    ck_assert(!start(&meal, "", false));
    ck_assert_str_eq(meal.err.text,
                     "mine: /nonexistent/x: No such file or directory");
    end(&meal);
}
END_TEST

Suite *feed_suite(void)
{
    Suite *suite = suite_create("feed");
    TCase *tcase = tcase_create("feed");
    tcase_add_test(tcase,
                   a_program_is_asked_on_its_input_and_answers_on_its_output);
    tcase_add_test(tcase, a_program_that_fails_says_why_in_its_last_words);
    tcase_add_test(tcase, a_program_is_ended_when_nothing_more_is_wanted);
    tcase_add_test(tcase, a_feed_that_is_freed_ends_its_program);
    tcase_add_test(tcase, a_file_is_replayed_as_it_is);
    tcase_add_test(tcase, somebody_who_watches_sees_it_at_its_pace);
    tcase_add_test(tcase, a_file_that_cannot_be_read_is_an_error_at_once);
    suite_add_tcase(suite, tcase);
    return suite;
}
