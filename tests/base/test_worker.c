/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <check.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/worker.h"

Suite *worker_suite(void);

enum {
    DEADLINE_MS = 20000,
    FIRST_OF_THE_LIBRARY = 32, /* signals that glibc keeps to itself */
};

/* What all jobs of a test write down, in the order in which they do it. */
struct record {
    struct worker *worker;
    struct buf done; /* names of jobs that were handed back */
    struct buf work; /* names of jobs that were done; the thread's */
    pthread_t thread;
    int posts_left; /* by the done function */
    int hold[2];    /* what a job with a hold waits for: a byte */
    int report[2];  /* a byte for each job that was done */
};

struct job {
    struct record *record;
    char name;
    bool is_held;
    sigset_t mask;
    pthread_t thread;
};

static void work(void *context)
{
    struct job *job = context;
    char byte;
    if (job->is_held && read(job->record->hold[0], &byte, 1) != 1)
        abort();
    job->thread = pthread_self();
    pthread_sigmask(SIG_SETMASK, NULL, &job->mask);
    buf_append_char(&job->record->work, job->name);
    if (write(job->record->report[1], &job->name, 1) != 1)
        abort();
}

static void post(struct record *record, char name, bool is_held);

static void done(void *context, void *ptr)
{
    struct record *record = context;
    struct job *job = ptr;
    ck_assert(pthread_equal(pthread_self(), record->thread));
    ck_assert(!pthread_equal(job->thread, record->thread));
    buf_append_char(&record->done, job->name);
    if (record->posts_left > 0) {
        record->posts_left--;
        post(record, (char)(job->name + 1), false);
    }
    free(job);
}

static void post(struct record *record, char name, bool is_held)
{
    struct job *job = calloc(1, sizeof *job);
    ck_assert_ptr_nonnull(job);
    *job = (struct job){ .record = record, .name = name, .is_held = is_held };
    worker_post(record->worker, work, done, record, job);
}

static void begin(struct record *record)
{
    struct error err = { 0 };
    *record = (struct record){ .thread = pthread_self() };
    ck_assert_int_eq(pipe(record->hold), 0);
    ck_assert_int_eq(pipe(record->report), 0);
    record->worker = worker_new(&err);
    ck_assert_msg(record->worker != NULL, "%s", err.text);
}

static void end(struct record *record)
{
    ck_assert(worker_free(record->worker, -1));
    close(record->hold[0]);
    close(record->hold[1]);
    close(record->report[0]);
    close(record->report[1]);
    buf_clear(&record->done);
    buf_clear(&record->work);
}

static void release(const struct record *record)
{
    ck_assert_int_eq(write(record->hold[1], "x", 1), 1);
}

static bool is_readable(const struct record *record, int patience_ms)
{
    struct pollfd fd = { worker_fd(record->worker), POLLIN, 0 };
    return poll(&fd, 1, patience_ms) == 1;
}

/* As the loop does it, until nothing is pending. */
static void collect_all(struct record *record)
{
    while (worker_pending(record->worker)) {
        ck_assert(is_readable(record, DEADLINE_MS));
        worker_collect(record->worker);
    }
}

START_TEST(jobs_are_done_and_handed_back_in_the_order_in_which_they_came)
{
    struct record record;
    begin(&record);
    for (char name = 'a'; name <= 'z'; name++)
        post(&record, name, false);
    collect_all(&record);
    ck_assert_str_eq(buf_string(&record.work), "abcdefghijklmnopqrstuvwxyz");
    ck_assert_str_eq(buf_string(&record.done), "abcdefghijklmnopqrstuvwxyz");
    end(&record);
}
END_TEST

START_TEST(what_is_posted_never_waits_for_what_is_being_done)
{
    struct record record;
    begin(&record);
    post(&record, 'a', true);
    post(&record, 'b', false);
    worker_collect(record.worker);
    ck_assert_uint_eq(worker_pending(record.worker), 2);
    ck_assert_str_eq(buf_string(&record.done), "");
    ck_assert(!is_readable(&record, 0));
    release(&record);
    collect_all(&record);
    ck_assert_str_eq(buf_string(&record.done), "ab");
    /* It is quiet until something is done again. */
    ck_assert(!is_readable(&record, 0));
    post(&record, 'c', false);
    ck_assert(is_readable(&record, DEADLINE_MS));
    worker_collect(record.worker);
    ck_assert_str_eq(buf_string(&record.done), "abc");
    end(&record);
}
END_TEST

START_TEST(what_follows_a_job_may_post_the_next_one)
{
    struct record record;
    begin(&record);
    record.posts_left = 3;
    post(&record, 'a', false);
    collect_all(&record);
    ck_assert_str_eq(buf_string(&record.done), "abcd");
    end(&record);
}
END_TEST

static void keep_mask(void *context, void *ptr)
{
    struct job *job = ptr;
    *(sigset_t *)context = job->mask;
    free(job);
}

START_TEST(signals_are_for_others_than_the_thread)
{
    struct record record;
    sigset_t mask, before, after;
    begin(&record);
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    struct job *job = calloc(1, sizeof *job);
    *job = (struct job){ .record = &record, .name = 'a' };
    worker_post(record.worker, work, keep_mask, &mask, job);
    collect_all(&record);
    for (int number = 1; number < FIRST_OF_THE_LIBRARY; number++)
        ck_assert_msg(sigismember(&mask, number) || number == SIGKILL ||
                          number == SIGSTOP,
                      "signal %d", number);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    for (int number = 1; number < FIRST_OF_THE_LIBRARY; number++)
        ck_assert_int_eq(sigismember(&before, number),
                         sigismember(&after, number));
    end(&record);
}
END_TEST

START_TEST(the_end_waits_for_what_was_posted_and_hands_it_back)
{
    struct record record;
    begin(&record);
    for (char name = 'a'; name <= 'j'; name++)
        post(&record, name, false);
    ck_assert(worker_free(record.worker, DEADLINE_MS));
    ck_assert_str_eq(buf_string(&record.done), "abcdefghij");
    record.worker = NULL;
    end(&record);
}
END_TEST

/* Whatever the thread is about to do: there is nothing left to wait for. */
START_TEST(a_thread_whose_jobs_are_done_does_not_hang)
{
    for (int i = 0; i < 1000; i++) {
        struct record record;
        begin(&record);
        if (i % 10)
            post(&record, 'a', false);
        collect_all(&record);
        ck_assert(worker_free(record.worker, 0));
        record.worker = NULL;
        end(&record);
    }
}
END_TEST

/* What is its own it keeps, for when the disk comes back after all. */
START_TEST(a_thread_that_hangs_is_left_behind_when_patience_ends)
{
    static struct record record;
    char names[3];
    begin(&record);
    post(&record, 'a', false);
    collect_all(&record);
    post(&record, 'b', true);
    post(&record, 'c', false);
    int64_t begun = clock_monotonic_ms();
    ck_assert(!worker_free(record.worker, 50));
    ck_assert_int_ge(clock_monotonic_ms() - begun, 50);
    ck_assert_str_eq(buf_string(&record.done), "a");
    release(&record);
    for (size_t i = 0; i < sizeof names; i++)
        ck_assert_int_eq(read(record.report[0], &names[i], 1), 1);
    ck_assert_mem_eq(names, "abc", 3);
}
END_TEST

START_TEST(none_has_nothing_to_end)
{
    ck_assert(worker_free(NULL, 0));
}
END_TEST

Suite *worker_suite(void)
{
    Suite *suite = suite_create("worker");
    TCase *tcase = tcase_create("worker");
    tcase_set_timeout(tcase, 30);
    tcase_add_test(
        tcase, jobs_are_done_and_handed_back_in_the_order_in_which_they_came);
    tcase_add_test(tcase, what_is_posted_never_waits_for_what_is_being_done);
    tcase_add_test(tcase, what_follows_a_job_may_post_the_next_one);
    tcase_add_test(tcase, signals_are_for_others_than_the_thread);
    tcase_add_test(tcase, the_end_waits_for_what_was_posted_and_hands_it_back);
    tcase_add_test(tcase,
                   a_thread_that_hangs_is_left_behind_when_patience_ends);
    tcase_add_test(tcase, a_thread_whose_jobs_are_done_does_not_hang);
    tcase_add_test(tcase, none_has_nothing_to_end);
    suite_add_tcase(suite, tcase);
    return suite;
}
