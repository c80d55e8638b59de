/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "base/buf.h"
#include "store/session_lock.h"
#include "tests/support/scratch.h"

Suite *session_lock_suite(void);

static const enum lock_kind kinds[] = { LOCK_BY_KERNEL, LOCK_BY_LEASE };

struct place {
    char directory[SCRATCH_PATH_MAX];
    struct buf path, lock_path;
    enum lock_kind kind;
};

static void place_open(struct place *place, enum lock_kind kind)
{
    *place = (struct place){ .kind = kind };
    scratch_directory(place->directory, "lock");
    buf_printf(&place->path, "%s/a.db", place->directory);
    buf_printf(&place->lock_path, "%s.%s", place->path.ptr,
               kind == LOCK_BY_LEASE ? "lease" : "lock");
}

static void place_close(struct place *place)
{
    scratch_remove(place->directory);
    buf_clear(&place->path);
    buf_clear(&place->lock_path);
}

static struct session_lock *take(const struct place *place, bool *was_left)
{
    struct session_lock *lock = NULL;
    struct error err = { 0 };
    enum lock_result result =
        session_lock_take(place->path.ptr, place->kind, &lock, was_left, &err);
    ck_assert_msg(result == LOCK_TAKEN, "%s", err.text);
    return lock;
}

static void ck_held(const struct place *place)
{
    struct session_lock *lock = NULL;
    struct error err = { 0 };
    bool was_left;
    ck_assert_int_eq(
        session_lock_take(place->path.ptr, place->kind, &lock, &was_left, &err),
        LOCK_HELD);
    ck_assert_ptr_null(lock);
    ck_assert_ptr_nonnull(strstr(err.text, "open in another sennit"));
}

static void write_lock(const struct place *place, const char *text)
{
    FILE *file = fopen(place->lock_path.ptr, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

START_TEST(there_is_one_holder)
{
    struct place place;
    bool was_left;
    struct stat info;
    place_open(&place, kinds[_i]);
    struct session_lock *lock = take(&place, &was_left);
    ck_assert(!was_left);
    ck_assert_int_eq(session_lock_is_lease(lock), kinds[_i] == LOCK_BY_LEASE);
    ck_assert_int_eq(stat(place.lock_path.ptr, &info), 0);
    ck_assert_int_eq(info.st_mode & 07777, 0600);
    ck_held(&place);
    ck_assert(session_lock_renew(lock));
    session_lock_free(lock);
    session_lock_free(NULL);
    place_close(&place);
}
END_TEST

START_TEST(what_is_given_back_leaves_nothing_behind)
{
    struct place place;
    bool was_left;
    place_open(&place, kinds[_i]);
    for (int i = 0; i < 3; i++) {
        session_lock_free(take(&place, &was_left));
        ck_assert(!was_left);
        ck_assert_int_ne(access(place.lock_path.ptr, F_OK), 0);
    }
    place_close(&place);
}
END_TEST

START_TEST(who_dies_leaves_the_lock_to_the_next_and_it_is_known)
{
    struct place place;
    bool was_left;
    place_open(&place, kinds[_i]);
    pid_t child = fork();
    if (child == 0) {
        take(&place, &was_left);
        raise(SIGKILL);
    }
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    struct session_lock *lock = take(&place, &was_left);
    ck_assert(was_left);
    ck_held(&place);
    session_lock_free(lock);
    place_close(&place);
}
END_TEST

START_TEST(one_of_many_that_come_at_once_gets_it)
{
    enum { CROWD = 32 };
    struct place place;
    int go[2], winners = 0;
    pid_t children[CROWD];
    place_open(&place, kinds[_i]);
    ck_assert_int_eq(pipe(go), 0);
    for (int i = 0; i < CROWD; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            struct session_lock *lock = NULL;
            struct error err;
            bool was_left;
            char byte;
            close(go[1]);
            if (read(go[0], &byte, 1) != 0)
                _exit(3);
            bool is_taken = session_lock_take(place.path.ptr, place.kind, &lock,
                                              &was_left, &err) == LOCK_TAKEN;
            /* The winner dies last: the others have tried by then. */
            if (is_taken)
                for (;;)
                    pause();
            _exit(0);
        }
    }
    close(go[0]);
    close(go[1]);
    /* All but one come back; with more winners this would wait for ever. */
    for (int i = 0; i < CROWD - 1; i++) {
        int status;
        pid_t child = wait(&status);
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        for (int k = 0; k < CROWD; k++)
            children[k] = children[k] == child ? 0 : children[k];
    }
    for (int k = 0; k < CROWD; k++)
        if (children[k]) {
            winners++;
            ck_assert_int_eq(waitpid(children[k], NULL, WNOHANG), 0);
            kill(children[k], SIGKILL);
        }
    ck_assert_int_eq(winners, 1);
    place_close(&place);
}
END_TEST

/* Of another machine nothing is known but when it was there last. */
START_TEST(a_lease_of_another_host_is_void_after_two_minutes)
{
    struct place place;
    bool was_left;
    place_open(&place, LOCK_BY_LEASE);
    write_lock(&place, "1 another.example boot\n");
    ck_held(&place);
    struct timespec times[2] = { { time(NULL) - LEASE_MS / 1000 - 5, 0 },
                                 { time(NULL) - LEASE_MS / 1000 - 5, 0 } };
    ck_assert_int_eq(utimensat(AT_FDCWD, place.lock_path.ptr, times, 0), 0);
    struct session_lock *lock = take(&place, &was_left);
    ck_assert(was_left);
    session_lock_free(lock);
    place_close(&place);
}
END_TEST

START_TEST(a_lease_of_this_host_before_its_last_start_is_void)
{
    struct place place;
    char host[65] = "", note[128];
    bool was_left;
    place_open(&place, LOCK_BY_LEASE);
    gethostname(host, sizeof host - 1);
    snprintf(note, sizeof note, "1 %s another-boot\n", host);
    write_lock(&place, note);
    struct session_lock *lock = take(&place, &was_left);
    ck_assert(was_left);
    session_lock_free(lock);
    place_close(&place);
}
END_TEST

START_TEST(a_lease_that_was_taken_over_is_lost)
{
    struct place place;
    bool was_left;
    place_open(&place, LOCK_BY_LEASE);
    struct session_lock *lock = take(&place, &was_left);
    ck_assert_int_eq(unlink(place.lock_path.ptr), 0);
    write_lock(&place, "1 another.example boot\n");
    ck_assert(!session_lock_renew(lock));
    /* And it is not the loser's to remove. */
    session_lock_free(lock);
    ck_assert_int_eq(access(place.lock_path.ptr, F_OK), 0);
    place_close(&place);
}
END_TEST

START_TEST(a_directory_that_is_not_there_is_told)
{
    struct session_lock *lock;
    struct error err = { 0 };
    bool was_left;
    ck_assert_int_eq(session_lock_take("/nowhere/at/all/a.db", kinds[_i], &lock,
                                       &was_left, &err),
                     LOCK_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "/nowhere/at/all"));
}
END_TEST

Suite *session_lock_suite(void)
{
    Suite *suite = suite_create("session_lock");
    TCase *tcase = tcase_create("session_lock");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, there_is_one_holder, 0, COUNTOF(kinds));
    tcase_add_loop_test(tcase, what_is_given_back_leaves_nothing_behind, 0,
                        COUNTOF(kinds));
    tcase_add_loop_test(tcase,
                        who_dies_leaves_the_lock_to_the_next_and_it_is_known, 0,
                        COUNTOF(kinds));
    tcase_add_loop_test(tcase, one_of_many_that_come_at_once_gets_it, 0,
                        COUNTOF(kinds));
    tcase_add_test(tcase, a_lease_of_another_host_is_void_after_two_minutes);
    tcase_add_test(tcase, a_lease_of_this_host_before_its_last_start_is_void);
    tcase_add_test(tcase, a_lease_that_was_taken_over_is_lost);
    tcase_add_loop_test(tcase, a_directory_that_is_not_there_is_told, 0,
                        COUNTOF(kinds));
    suite_add_tcase(suite, tcase);
    return suite;
}
