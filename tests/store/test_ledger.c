/* SPDX-License-Identifier: MIT */
/*
 * What was asked of whom, added up on disk: by many at once, on a disk that
 * refuses, and beside what else is remembered there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/clock.h"
#include "base/db.h"
#include "base/path.h"
#include "store/ledger.h"
#include "store/ledger_file.h"
#include "store/state.h"
#include "tests/support/scratch.h"

Suite *ledger_suite(void);

enum { PATIENCE_MS = 20000, INSTANCES = 32, ENTRIES_EACH = 5 };

struct counter {
    char home[SCRATCH_PATH_MAX];
    struct buf path; /* of state.db */
    struct loop *loop;
    struct store *store;
    struct ledger *ledger;
    int64_t answers, days; /* that were asked for */
    bool has_answer, has_failed;
};

static void counter_find(struct counter *counter)
{
    *counter = (struct counter){ 0 };
    scratch_directory(counter->home, "ledger");
    setenv("XDG_DATA_HOME", counter->home, 1);
    setenv("XDG_STATE_HOME", counter->home, 1);
    buf_printf(&counter->path, "%s/sennit/state.db", counter->home);
}

static void begin_run(struct counter *counter)
{
    struct error err = { 0 };
    counter->loop = loop_new(&err);
    counter->store = store_new(counter->loop, &err);
    counter->ledger = ledger_new(counter->store, "work", &err);
    ck_assert_msg(counter->ledger != NULL, "%s", err.text);
}

static void end_run(struct counter *counter)
{
    ledger_close(counter->ledger);
    ck_assert(store_settle(counter->store, PATIENCE_MS));
    store_free(counter->store);
    loop_free(counter->loop);
}

static void counter_clear(struct counter *counter)
{
    buf_clear(&counter->path);
    scratch_remove(counter->home);
}

static void add_at(struct counter *counter, int64_t at, const char *model)
{
    struct ledger_entry entry = {
        .at = at, .endpoint = "box", .model = model, .rung = 1
    };
    entry.sum.figures[LEDGER_ANSWERS] = 1;
    entry.sum.figures[LEDGER_COST] = LEDGER_DOLLAR / 4;
    ledger_sum_add_time(&entry.sum, 300);
    ledger_add(counter->ledger, &entry);
}

static void add(struct counter *counter)
{
    add_at(counter, clock_wall_ms(), "small");
}

static int64_t today(struct counter *counter, enum ledger_figure figure)
{
    return ledger_rows_sum(ledger_today(counter->ledger)).figures[figure];
}

static void take_rows(void *context, const struct ledger_rows *rows,
                      const struct error *err)
{
    struct counter *counter = context;
    counter->has_answer = true;
    counter->has_failed = rows == NULL;
    if (!rows) {
        ck_assert_uint_ne(error_exit_status(err->kind), 0);
        return;
    }
    struct ledger_rows days = { 0 };
    ledger_rows_group(rows, LEDGER_BY_DAY, &days);
    counter->answers = ledger_rows_sum(rows).figures[LEDGER_ANSWERS];
    counter->days = (int64_t)days.list.count;
    ledger_rows_clear(&days);
}

static void ask(struct counter *counter, int32_t first, int32_t last)
{
    counter->has_answer = false;
    ledger_ask(counter->ledger, first, last, take_rows, counter);
    while (!counter->has_answer)
        loop_turn(counter->loop, PATIENCE_MS);
}

static int64_t number(const struct counter *counter, const char *sql)
{
    struct error err = { 0 };
    int64_t number = -1;
    struct db *db = db_open(counter->path.ptr, DB_READ, NULL, &err);
    ck_assert_msg(db && db_number(db, sql, &number, &err), "%s", err.text);
    db_close(db);
    return number;
}

START_TEST(nothing_is_made_to_read_nothing)
{
    struct counter counter;
    counter_find(&counter);
    begin_run(&counter);
    ledger_refresh(counter.ledger);
    ask(&counter, 0, 99999999);
    ck_assert(!counter.has_failed && ledger_is_read(counter.ledger));
    ck_assert_int_eq(counter.answers, 0);
    ck_assert_int_lt(access(counter.path.ptr, F_OK), 0);
    end_run(&counter);
    counter_clear(&counter);
}
END_TEST

START_TEST(what_was_added_counts_at_once_and_in_the_next_run)
{
    struct counter counter;
    counter_find(&counter);
    begin_run(&counter);
    add(&counter);
    add(&counter);
    ck_assert_int_eq(today(&counter, LEDGER_ANSWERS), 2);
    end_run(&counter);
    begin_run(&counter);
    ck_assert_int_eq(today(&counter, LEDGER_ANSWERS), 0); /* not yet read */
    ledger_refresh(counter.ledger);
    add(&counter);
    while (!ledger_is_read(counter.ledger))
        loop_turn(counter.loop, PATIENCE_MS);
    ck_assert_int_eq(today(&counter, LEDGER_ANSWERS), 3);
    ck_assert_int_eq(today(&counter, LEDGER_COST), LEDGER_DOLLAR * 3 / 4);
    ck_assert_uint_eq(ledger_today(counter.ledger)->list.count, 1);
    const struct ledger_row *row = ledger_today(counter.ledger)->list.items;
    ck_assert_str_eq(row->profile, "work");
    ck_assert_str_eq(row->endpoint, "box");
    ck_assert_str_eq(row->model, "small");
    ck_assert_int_eq(row->rung, 1);
    ck_assert_int_ge(ledger_sum_time(&row->sum, .5), 256);
    end_run(&counter);
    counter_clear(&counter);
}
END_TEST

START_TEST(a_span_of_days_is_asked_for)
{
    enum { DAY_MS = 24 * 60 * 60 * 1000 };
    struct counter counter;
    int64_t now = clock_wall_ms();
    counter_find(&counter);
    begin_run(&counter);
    for (int64_t i = 0; i < 10; i++)
        add_at(&counter, now - i * DAY_MS, "small");
    ck_assert_int_eq(today(&counter, LEDGER_ANSWERS), 1);
    ask(&counter, ledger_day(now - (int64_t)6 * DAY_MS), ledger_day(now));
    ck_assert_int_eq(counter.answers, 7);
    ck_assert_int_eq(counter.days, 7);
    ask(&counter, 0, 99999999);
    ck_assert_int_eq(counter.answers, 10);
    end_run(&counter);
    counter_clear(&counter);
}
END_TEST

static void add_much(const struct counter *counter)
{
    struct counter own = *counter;
    begin_run(&own);
    for (int i = 0; i < ENTRIES_EACH; i++)
        add(&own);
    end_run(&own);
    _exit(0);
}

/* As 32 one-shots do that end in the same moment: nobody has a second try. */
START_TEST(thirty_two_add_at_once_and_nothing_is_lost)
{
    struct counter counter;
    pid_t pids[INSTANCES];
    counter_find(&counter);
    for (int i = 0; i < INSTANCES; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            add_much(&counter);
    }
    for (int i = 0; i < INSTANCES; i++) {
        int status;
        ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    ck_assert_int_eq(number(&counter, "SELECT sum(answers) FROM usage"),
                     INSTANCES * ENTRIES_EACH);
    ck_assert_int_eq(number(&counter, "SELECT count(*) FROM usage"), 1);
    counter_clear(&counter);
}
END_TEST

START_TEST(another_one_sees_what_this_one_added)
{
    struct counter counter;
    counter_find(&counter);
    struct counter other = counter;
    begin_run(&counter);
    begin_run(&other);
    add(&counter);
    ck_assert(store_settle(counter.store, PATIENCE_MS));
    add(&other); /* who adds is told the rest */
    ck_assert(store_settle(other.store, PATIENCE_MS));
    ck_assert_int_eq(today(&other, LEDGER_ANSWERS), 2);
    ck_assert_int_eq(today(&counter, LEDGER_ANSWERS), 1);
    ledger_refresh(counter.ledger);
    ck_assert(store_settle(counter.store, PATIENCE_MS));
    ck_assert_int_eq(today(&counter, LEDGER_ANSWERS), 2);
    end_run(&other);
    end_run(&counter);
    counter_clear(&counter);
}
END_TEST

START_TEST(what_the_disk_does_not_take_is_added_later)
{
    struct counter counter;
    struct error err = { 0 };
    struct buf words = { 0 };
    counter_find(&counter);
    begin_run(&counter);
    add(&counter);
    ck_assert(store_settle(counter.store, PATIENCE_MS));
    struct db *db = db_open(counter.path.ptr, DB_WRITE, NULL, &err);
    ck_assert(db && db_run(db, "BEGIN EXCLUSIVE", &err));
    add(&counter);
    ck_assert(store_settle(counter.store, PATIENCE_MS));
    ledger_describe(counter.ledger, &words);
    ck_assert_uint_gt(words.len, 0);
    ck_assert_int_eq(today(&counter, LEDGER_ANSWERS), 2);
    ck_assert(db_run(db, "COMMIT", &err));
    db_close(db);
    while (number(&counter, "SELECT sum(answers) FROM usage") < 2)
        loop_turn(counter.loop, PATIENCE_MS);
    ck_assert_int_eq(today(&counter, LEDGER_ANSWERS), 2);
    end_run(&counter);
    ck_assert_int_eq(number(&counter, "SELECT sum(answers) FROM usage"), 2);
    buf_clear(&words);
    counter_clear(&counter);
}
END_TEST

/* A program of before: what it remembered stays, and no copy of it is made that
 * would outlive what is forgotten. */
START_TEST(a_file_that_has_none_gets_one_and_no_backup)
{
    struct counter counter;
    struct error err = { 0 };
    struct buf path = { 0 };
    counter_find(&counter);
    begin_run(&counter);
    struct state *state = state_new(counter.store, &err);
    state_add_prompt(state, slice_of("from before"));
    state_close(state);
    ck_assert(store_settle(counter.store, PATIENCE_MS));
    ask(&counter, 0, 99999999);
    ck_assert(!counter.has_failed);
    add(&counter);
    end_run(&counter);
    ck_assert_int_eq(number(&counter, "SELECT sum(answers) FROM usage"), 1);
    ck_assert_int_eq(number(&counter, "SELECT count(*) FROM prompt"), 1);
    buf_printf(&path, "%s.backup-v1", counter.path.ptr);
    ck_assert_int_lt(access(path.ptr, F_OK), 0);
    buf_clear(&path);
    counter_clear(&counter);
}
END_TEST

static void fill_days(const struct counter *counter, const char *select)
{
    struct error err = { 0 };
    struct buf sql = { 0 };
    struct db *db = db_open(counter->path.ptr, DB_WRITE, NULL, &err);
    buf_append_string(&sql, "INSERT INTO usage SELECT ");
    buf_append_string(&sql, select);
    for (int i = 0; i < LEDGER_FIGURES + LEDGER_TIMES; i++)
        buf_append_string(&sql, ", 1");
    buf_append_string(&sql, " FROM generated");
    ck_assert_msg(
        db_run(db,
               "CREATE TEMP TABLE generated AS WITH RECURSIVE n(i) AS (SELECT "
               "1 UNION ALL SELECT i+1 FROM n WHERE i < 50100) SELECT i FROM n",
               &err) &&
            db_run(db, buf_string(&sql), &err),
        "%s", err.text);
    db_close(db);
    buf_clear(&sql);
}

/* Ten rows a day for 5010 days, then one more day. */
START_TEST(years_stay_small_for_the_oldest_days_go)
{
    struct counter counter;
    counter_find(&counter);
    begin_run(&counter);
    add_at(&counter, 1000, "first");
    ck_assert(store_settle(counter.store, PATIENCE_MS));
    fill_days(&counter,
              "20000000 + i / 10, 'work', 'box', 'm' || (i % 10), 0, 1");
    add(&counter);
    end_run(&counter);
    ck_assert_int_le(number(&counter, "SELECT count(*) FROM usage"),
                     LEDGER_ROWS_MAX);
    ck_assert_int_ge(number(&counter, "SELECT count(*) FROM usage"),
                     LEDGER_ROWS_MAX - 20);
    ck_assert_int_gt(number(&counter, "SELECT min(day) FROM usage"), 20000000);
    ck_assert_int_eq(number(&counter, "SELECT answers FROM usage "
                                      "ORDER BY day DESC LIMIT 1"),
                     1);
    counter_clear(&counter);
}
END_TEST

/* What a script names a thousand models is one row. */
START_TEST(names_without_end_do_not_fill_the_memory)
{
    enum { NAMES = 2000 };
    struct counter counter;
    char name[16];
    counter_find(&counter);
    begin_run(&counter);
    for (int i = 0; i < NAMES; i++) {
        snprintf(name, sizeof name, "m%d", i);
        add_at(&counter, clock_wall_ms(), name);
    }
    end_run(&counter);
    ck_assert_int_eq(number(&counter, "SELECT sum(answers) FROM usage"), NAMES);
    ck_assert_int_lt(number(&counter, "SELECT count(*) FROM usage"), 700);
    counter_clear(&counter);
}
END_TEST

START_TEST(a_ledger_that_is_none_counts_nothing)
{
    struct buf words = { 0 };
    ledger_add(NULL, &(struct ledger_entry){ 0 });
    ledger_refresh(NULL);
    ledger_ask(NULL, 0, 1, take_rows, NULL);
    ledger_describe(NULL, &words);
    ck_assert(!ledger_is_read(NULL));
    ck_assert_ptr_null(ledger_today(NULL));
    ck_assert_uint_eq(words.len, 0);
    ledger_close(NULL);
}
END_TEST

Suite *ledger_suite(void)
{
    Suite *suite = suite_create("ledger");
    TCase *counting = tcase_create("counting");
    tcase_set_timeout(counting, 60);
    tcase_add_test(counting, nothing_is_made_to_read_nothing);
    tcase_add_test(counting, what_was_added_counts_at_once_and_in_the_next_run);
    tcase_add_test(counting, a_span_of_days_is_asked_for);
    tcase_add_test(counting, thirty_two_add_at_once_and_nothing_is_lost);
    tcase_add_test(counting, another_one_sees_what_this_one_added);
    tcase_add_test(counting, what_the_disk_does_not_take_is_added_later);
    tcase_add_test(counting, a_file_that_has_none_gets_one_and_no_backup);
    tcase_add_test(counting, years_stay_small_for_the_oldest_days_go);
    tcase_add_test(counting, names_without_end_do_not_fill_the_memory);
    tcase_add_test(counting, a_ledger_that_is_none_counts_nothing);
    suite_add_tcase(suite, counting);
    return suite;
}
