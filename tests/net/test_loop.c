/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "base/buf.h"
#include "base/clock.h"
#include "net/loop.h"

Suite *loop_suite(void);

/* What happened, as text; and what a callback shall do about it. */
struct story {
    struct loop *loop;
    struct buf text;
    int other_fd;
    uint32_t other_timer;
};

static struct story *story_new(void)
{
    struct error err = { 0 };
    struct story *story = calloc(1, sizeof *story);
    story->loop = loop_new(&err);
    ck_assert_msg(story->loop != NULL, "%s", err.text);
    return story;
}

static void story_free(struct story *story)
{
    loop_free(story->loop);
    buf_clear(&story->text);
    free(story);
}

static void make_pipe(int ends[2])
{
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
}

static void close_pipe(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

static void read_note(void *context, int fd, int events)
{
    struct story *story = context;
    char bytes[64];
    if (events & LOOP_READ) {
        ssize_t count = read(fd, bytes, sizeof bytes);
        buf_printf(&story->text, "r%.*s;", count > 0 ? (int)count : 0, bytes);
    }
    if (events & LOOP_WRITE)
        buf_printf(&story->text, "w;");
}

static void timer_note(void *context, uint32_t timer_id)
{
    struct story *story = context;
    buf_printf(&story->text, "t%u;", timer_id);
}

START_TEST(a_descriptor_is_told_when_it_is_ready)
{
    struct story *story = story_new();
    int ends[2];
    make_pipe(ends);
    loop_watch(story->loop, ends[0], LOOP_READ, read_note, story);
    loop_turn(story->loop, 0);
    ck_assert_str_eq(buf_string(&story->text), "");
    ck_assert_int_eq(write(ends[1], "ab", 2), 2);
    loop_turn(story->loop, -1);
    ck_assert_str_eq(buf_string(&story->text), "rab;");
    loop_watch(story->loop, ends[1], LOOP_WRITE, read_note, story);
    loop_turn(story->loop, -1);
    ck_assert_str_eq(buf_string(&story->text), "rab;w;");
    story_free(story);
    close_pipe(ends);
}
END_TEST

START_TEST(a_hang_up_is_a_read_even_if_none_was_asked_for)
{
    struct story *story = story_new();
    int ends[2];
    make_pipe(ends);
    close(ends[0]);
    loop_watch(story->loop, ends[1], LOOP_WRITE, read_note, story);
    loop_turn(story->loop, -1);
    ck_assert_ptr_nonnull(strstr(buf_string(&story->text), "r;"));
    story_free(story);
    close(ends[1]);
}
END_TEST

START_TEST(a_watch_that_rests_is_not_called)
{
    struct story *story = story_new();
    int ends[2];
    make_pipe(ends);
    ck_assert_int_eq(write(ends[1], "a", 1), 1);
    loop_watch(story->loop, ends[0], 0, read_note, story);
    loop_turn(story->loop, 0);
    ck_assert_str_eq(buf_string(&story->text), "");
    ck_assert(!loop_is_idle(story->loop));
    loop_watch(story->loop, ends[0], LOOP_READ, read_note, story);
    loop_turn(story->loop, -1);
    ck_assert_str_eq(buf_string(&story->text), "ra;");
    story_free(story);
    close_pipe(ends);
}
END_TEST

static void unwatch_both(void *context, int fd, int events)
{
    struct story *story = context;
    read_note(context, fd, events);
    loop_unwatch(story->loop, fd);
    loop_unwatch(story->loop, story->other_fd);
    close(story->other_fd);
}

START_TEST(a_callback_may_remove_and_close_what_is_ready_too)
{
    struct story *story = story_new();
    int first[2], second[2];
    make_pipe(first);
    make_pipe(second);
    story->other_fd = second[0];
    loop_watch(story->loop, first[0], LOOP_READ, unwatch_both, story);
    loop_watch(story->loop, second[0], LOOP_READ, read_note, story);
    ck_assert_int_eq(write(first[1], "1", 1), 1);
    ck_assert_int_eq(write(second[1], "2", 1), 1);
    loop_turn(story->loop, -1);
    ck_assert_str_eq(buf_string(&story->text), "r1;");
    ck_assert(loop_is_idle(story->loop));
    story_free(story);
    close_pipe(first);
    close(second[1]);
}
END_TEST

/* The other descriptor's number is used again for something else. */
static void replace_other(void *context, int fd, int events)
{
    struct story *story = context;
    int ends[2];
    read_note(context, fd, events);
    loop_unwatch(story->loop, story->other_fd);
    close(story->other_fd);
    make_pipe(ends);
    ck_assert_int_eq(dup3(ends[0], story->other_fd, O_CLOEXEC),
                     story->other_fd);
    loop_watch(story->loop, story->other_fd, LOOP_READ, read_note, story);
    if (ends[0] != story->other_fd)
        close(ends[0]);
}

START_TEST(a_new_watch_on_an_old_number_hears_nothing_of_the_old_one)
{
    struct story *story = story_new();
    int first[2], second[2];
    make_pipe(first);
    make_pipe(second);
    story->other_fd = fcntl(second[0], F_DUPFD_CLOEXEC, 500);
    close(second[0]);
    loop_watch(story->loop, first[0], LOOP_READ, replace_other, story);
    loop_watch(story->loop, story->other_fd, LOOP_READ, read_note, story);
    ck_assert_int_eq(write(first[1], "1", 1), 1);
    ck_assert_int_eq(write(second[1], "2", 1), 1);
    loop_turn(story->loop, -1);
    ck_assert_str_eq(buf_string(&story->text), "r1;");
    story_free(story);
    close_pipe(first);
    close(second[1]);
}
END_TEST

START_TEST(timers_fire_in_the_order_of_their_time_and_never_early)
{
    struct story *story = story_new();
    int64_t start = clock_monotonic_ms();
    uint32_t late = loop_timer_start(story->loop, 20, timer_note, story);
    uint32_t soon = loop_timer_start(story->loop, 5, timer_note, story);
    uint32_t soon_too = loop_timer_start(story->loop, 5, timer_note, story);
    uint32_t dropped = loop_timer_start(story->loop, 1, timer_note, story);
    struct buf expected = { 0 };
    ck_assert(late && soon && soon_too && dropped);
    buf_printf(&expected, "t%u;t%u;t%u;", soon, soon_too, late);
    loop_timer_cancel(story->loop, dropped);
    loop_timer_cancel(story->loop, dropped);
    loop_timer_cancel(story->loop, 0);
    while (!loop_is_idle(story->loop))
        loop_turn(story->loop, -1);
    ck_assert_str_eq(buf_string(&story->text), buf_string(&expected));
    ck_assert_int_ge(clock_monotonic_ms() - start, 20);
    ck_assert_int_ge(loop_now(story->loop), start + 20);
    buf_clear(&expected);
    story_free(story);
}
END_TEST

static void start_another(void *context, uint32_t timer_id)
{
    struct story *story = context;
    timer_note(context, timer_id);
    loop_timer_cancel(story->loop, story->other_timer);
    loop_timer_start(story->loop, 0, timer_note, story);
}

START_TEST(a_timer_may_cancel_and_start_timers_without_spinning)
{
    struct story *story = story_new();
    loop_timer_start(story->loop, 0, start_another, story);
    story->other_timer = loop_timer_start(story->loop, 0, timer_note, story);
    loop_turn(story->loop, 0);
    ck_assert_str_eq(buf_string(&story->text), "t1;");
    loop_turn(story->loop, -1);
    ck_assert_str_eq(buf_string(&story->text), "t1;t3;");
    ck_assert(loop_is_idle(story->loop));
    story_free(story);
}
END_TEST

START_TEST(a_turn_waits_no_longer_than_it_was_told)
{
    struct story *story = story_new();
    int64_t start = clock_monotonic_ms();
    loop_timer_start(story->loop, 60 * 1000, timer_note, story);
    for (int i = 0; i < 100; i++)
        loop_turn(story->loop, 0);
    loop_turn(story->loop, 5);
    int64_t taken = clock_monotonic_ms() - start;
    ck_assert_int_ge(taken, 5);
    ck_assert_int_lt(taken, 30 * 1000);
    ck_assert_str_eq(buf_string(&story->text), "");
    ck_assert(!loop_is_idle(story->loop));
    story_free(story);
}
END_TEST

static void signal_note(void *context, int signal_number)
{
    struct story *story = context;
    buf_printf(&story->text, "s%d;", signal_number);
}

START_TEST(signals_come_through_the_loop_before_descriptors)
{
    struct story *story = story_new();
    struct error err = { 0 };
    struct buf expected = { 0 };
    sigset_t set;
    int ends[2];
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    ck_assert(loop_signals(story->loop, &set, signal_note, story, &err));
    sigaddset(&set, SIGUSR2);
    ck_assert(loop_signals(story->loop, &set, signal_note, story, &err));
    ck_assert(loop_is_idle(story->loop));
    make_pipe(ends);
    loop_watch(story->loop, ends[0], LOOP_READ, read_note, story);
    ck_assert_int_eq(write(ends[1], "a", 1), 1);
    raise(SIGUSR1);
    raise(SIGUSR2);
    loop_turn(story->loop, -1);
    buf_printf(&expected, "s%d;s%d;ra;", SIGUSR1, SIGUSR2);
    ck_assert_str_eq(buf_string(&story->text), buf_string(&expected));
    loop_turn(story->loop, 0);
    ck_assert_str_eq(buf_string(&story->text), buf_string(&expected));
    buf_clear(&expected);
    story_free(story);
    close_pipe(ends);
}
END_TEST

START_TEST(an_empty_loop_is_idle_and_may_be_freed)
{
    struct story *story = story_new();
    ck_assert(loop_is_idle(story->loop));
    loop_unwatch(story->loop, 5);
    loop_turn(story->loop, 0);
    story_free(story);
    loop_free(NULL);
}
END_TEST

Suite *loop_suite(void)
{
    Suite *suite = suite_create("loop");
    TCase *tcase = tcase_create("loop");
    tcase_add_test(tcase, a_descriptor_is_told_when_it_is_ready);
    tcase_add_test(tcase, a_hang_up_is_a_read_even_if_none_was_asked_for);
    tcase_add_test(tcase, a_watch_that_rests_is_not_called);
    tcase_add_test(tcase, a_callback_may_remove_and_close_what_is_ready_too);
    tcase_add_test(tcase,
                   a_new_watch_on_an_old_number_hears_nothing_of_the_old_one);
    tcase_add_test(tcase,
                   timers_fire_in_the_order_of_their_time_and_never_early);
    tcase_add_test(tcase, a_timer_may_cancel_and_start_timers_without_spinning);
    tcase_add_test(tcase, a_turn_waits_no_longer_than_it_was_told);
    tcase_add_test(tcase, signals_come_through_the_loop_before_descriptors);
    tcase_add_test(tcase, an_empty_loop_is_idle_and_may_be_freed);
    suite_add_tcase(suite, tcase);
    return suite;
}
