/* SPDX-License-Identifier: MIT */
/*
 * What requests under way may cost: held on disk, seen by all, and gone with
 * what held it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/clock.h"
#include "base/db.h"
#include "store/ledger.h"
#include "tests/support/scratch.h"

Suite *reservations_suite(void);

enum { PATIENCE_MS = 20000, MANY = 12 };

#define CENT (LEDGER_DOLLAR / 100)

static char home[SCRATCH_PATH_MAX];

/* A sennit, as far as it spends. */
struct spender {
    struct loop *loop;
    struct store *store;
    struct ledger *ledger;
};

static struct spender one, other;

static void open_spender(struct spender *spender)
{
    struct error err = { 0 };
    spender->loop = loop_new(&err);
    spender->store = store_new(spender->loop, &err);
    spender->ledger = ledger_new(spender->store, NULL, &err);
    ck_assert_msg(spender->ledger != NULL, "%s", err.text);
}

static void close_spender(struct spender *spender)
{
    ledger_close(spender->ledger);
    ck_assert(store_settle(spender->store, PATIENCE_MS));
    store_free(spender->store);
    loop_free(spender->loop);
}

static void setup(void)
{
    scratch_directory(home, "reservations");
    setenv("XDG_DATA_HOME", home, 1);
    setenv("XDG_STATE_HOME", home, 1);
    open_spender(&one);
    open_spender(&other);
}

static void teardown(void)
{
    close_spender(&one);
    close_spender(&other);
    scratch_remove(home);
}

static enum ledger_held answer_of(struct spender *spender, uint32_t id)
{
    struct error err = { 0 };
    while (ledger_held(spender->ledger, id, &err) == LEDGER_WAITS)
        loop_turn(spender->loop, PATIENCE_MS);
    return ledger_held(spender->ledger, id, &err);
}

static int64_t number(const char *sql)
{
    struct error err = { 0 };
    char path[SCRATCH_PATH_MAX + 32];
    int64_t number = -1;
    snprintf(path, sizeof path, "%s/sennit/state.db", home);
    struct db *db = db_open(path, DB_READ, NULL, &err);
    ck_assert_msg(db && db_number(db, sql, &number, &err), "%s", err.text);
    db_close(db);
    return number;
}

START_TEST(what_one_holds_another_cannot_take)
{
    uint32_t id = ledger_reserve(one.ledger, 6 * CENT, 10 * CENT);
    ck_assert_int_eq(answer_of(&one, id), LEDGER_HOLDS);
    uint32_t more = ledger_reserve(other.ledger, 5 * CENT, 10 * CENT);
    ck_assert_int_eq(answer_of(&other, more), LEDGER_EXCEEDS);
    ck_assert_int_eq(ledger_reserved(other.ledger, 0), 6 * CENT);
    ledger_release(other.ledger, more);
    /* To the last bit. */
    more = ledger_reserve(other.ledger, 4 * CENT, 10 * CENT);
    ck_assert_int_eq(answer_of(&other, more), LEDGER_HOLDS);
    ck_assert_int_eq(ledger_reserved(other.ledger, more), 6 * CENT);
    /* Who was allowed to is not asked. */
    uint32_t waived = ledger_reserve(one.ledger, 50 * CENT, -1);
    ck_assert_int_eq(answer_of(&one, waived), LEDGER_HOLDS);
}
END_TEST

START_TEST(what_was_held_is_free_again)
{
    uint32_t id = ledger_reserve(one.ledger, 6 * CENT, 10 * CENT);
    ck_assert_int_eq(answer_of(&one, id), LEDGER_HOLDS);
    ledger_release(one.ledger, id);
    ck_assert_int_eq(ledger_reserved(one.ledger, 0), 0);
    /* Before the disk has answered. */
    ledger_release(one.ledger, ledger_reserve(one.ledger, 9 * CENT, -1));
    ck_assert(store_settle(one.store, PATIENCE_MS));
    id = ledger_reserve(other.ledger, 10 * CENT, 10 * CENT);
    ck_assert_int_eq(answer_of(&other, id), LEDGER_HOLDS);
}
END_TEST

START_TEST(what_it_did_cost_takes_its_place)
{
    struct ledger_entry entry = { .at = clock_wall_ms(),
                                  .endpoint = "gate",
                                  .model = "m" };
    entry.sum.figures[LEDGER_COST] = 2 * CENT;
    entry.reservation = ledger_reserve(one.ledger, 6 * CENT, 10 * CENT);
    ck_assert_int_eq(answer_of(&one, entry.reservation), LEDGER_HOLDS);
    ledger_add(one.ledger, &entry);
    ck_assert(store_settle(one.store, PATIENCE_MS));
    ck_assert_int_eq(number("SELECT count(*) FROM reserved"), 0);
    ck_assert_int_eq(number("SELECT sum(cost) FROM usage"), 2 * CENT);
    uint32_t id = ledger_reserve(other.ledger, 9 * CENT, 10 * CENT);
    ck_assert_int_eq(answer_of(&other, id), LEDGER_EXCEEDS);
    ledger_release(other.ledger, id);
    id = ledger_reserve(other.ledger, 8 * CENT, 10 * CENT);
    ck_assert_int_eq(answer_of(&other, id), LEDGER_HOLDS);
}
END_TEST

/* As a crash does. */
START_TEST(what_a_process_held_that_is_gone_counts_no_more)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        struct spender lost;
        open_spender(&lost);
        uint32_t id = ledger_reserve(lost.ledger, 6 * CENT, 10 * CENT);
        _exit(answer_of(&lost, id) == LEDGER_HOLDS ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    ck_assert_int_eq(number("SELECT sum(worst) FROM reserved"), 6 * CENT);
    ledger_refresh(other.ledger);
    ck_assert(store_settle(other.store, PATIENCE_MS));
    ck_assert_int_eq(ledger_reserved(other.ledger, 0), 0);
    uint32_t id = ledger_reserve(one.ledger, 10 * CENT, 10 * CENT);
    ck_assert_int_eq(answer_of(&one, id), LEDGER_HOLDS);
    ck_assert_int_eq(number("SELECT sum(worst) FROM reserved"), 10 * CENT);
}
END_TEST

/* Tells how it went, and holds it until nobody listens any more. */
static void take_and_hold(int out, int until)
{
    struct spender own;
    char said = 'n', ignored;
    open_spender(&own);
    uint32_t id = ledger_reserve(own.ledger, 2 * CENT, 10 * CENT);
    if (answer_of(&own, id) == LEDGER_HOLDS)
        said = 'y';
    bool is_told = write(out, &said, 1) == 1 && read(until, &ignored, 1) == 0;
    _exit(is_told ? 0 : 1);
}

START_TEST(many_at_once_do_not_pass_a_limit_together)
{
    int told[2], until[2], holders = 0, status;
    char said;
    ck_assert(pipe(told) == 0 && pipe(until) == 0);
    for (int i = 0; i < MANY; i++) {
        if (fork() != 0)
            continue;
        close(until[1]);
        take_and_hold(told[1], until[0]);
    }
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_eq(read(told[0], &said, 1), 1);
        holders += said == 'y';
    }
    ck_assert_int_eq(holders, 5);
    close(until[1]);
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_gt(wait(&status), 0);
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    close(until[0]);
    close(told[0]);
    close(told[1]);
}
END_TEST

/* Where the directory should be there is a file. */
START_TEST(a_disk_that_takes_nothing_is_said_and_memory_counts)
{
    struct error err = { 0 };
    char path[SCRATCH_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/sennit", home);
    FILE *file = fopen(path, "w");
    ck_assert(file && fclose(file) == 0);
    uint32_t id = ledger_reserve(one.ledger, 6 * CENT, 10 * CENT);
    ck_assert_int_eq(answer_of(&one, id), LEDGER_UNKNOWN);
    ledger_held(one.ledger, id, &err);
    ck_assert_ptr_nonnull(*err.text ? err.text : NULL);
    ck_assert_int_eq(ledger_reserved(one.ledger, 0), 6 * CENT);
    /* Also while an entry waits that could not be written. */
    ledger_add(one.ledger, &(struct ledger_entry){ .at = clock_wall_ms(),
                                                   .endpoint = "gate",
                                                   .model = "m",
                                                   .reservation = id });
    id = ledger_reserve(one.ledger, 6 * CENT, 10 * CENT);
    ck_assert_int_eq(answer_of(&one, id), LEDGER_UNKNOWN);
    ck_assert_int_eq(ledger_reserved(one.ledger, 0), 6 * CENT);
}
END_TEST

START_TEST(without_a_ledger_nobody_can_know)
{
    struct error err = { 0 };
    uint32_t id = ledger_reserve(NULL, 6 * CENT, 10 * CENT);
    ck_assert_uint_eq(id, 0);
    ck_assert_int_eq(ledger_held(NULL, id, &err), LEDGER_UNKNOWN);
    ck_assert_ptr_nonnull(*err.text ? err.text : NULL);
    ledger_release(NULL, id);
    ck_assert_int_eq(ledger_reserved(NULL, 0), 0);
}
END_TEST

Suite *reservations_suite(void)
{
    Suite *suite = suite_create("reservations");
    TCase *cases = tcase_create("reservations");
    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, what_one_holds_another_cannot_take);
    tcase_add_test(cases, what_was_held_is_free_again);
    tcase_add_test(cases, what_it_did_cost_takes_its_place);
    tcase_add_test(cases, what_a_process_held_that_is_gone_counts_no_more);
    tcase_add_test(cases, many_at_once_do_not_pass_a_limit_together);
    tcase_add_test(cases, a_disk_that_takes_nothing_is_said_and_memory_counts);
    tcase_add_test(cases, without_a_ledger_nobody_can_know);
    suite_add_tcase(suite, cases);
    return suite;
}
