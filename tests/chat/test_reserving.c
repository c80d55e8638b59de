/* SPDX-License-Identifier: MIT */
/*
 * Requests that are under way at once count together against the limit of a
 * day, and where nobody can know what was spent somebody is asked
 * (tests/support/paid.h has the prices).
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/db.h"
#include "tests/support/paid.h"

Suite *reserving_suite(void);

static void open_day(const char *limit, bool is_watched)
{
    paid_open(&(struct paid_plan){
        .more = limit, .target = "gate/m", .is_watched = is_watched });
}

/* No answer ends before server_release(). */
static void open_slow(const char *limit)
{
    paid_open(
        &(struct paid_plan){ .paid = PAID_HEAD PAID_WORDS "await go\n" PAID_END,
                             .more = limit,
                             .target = "gate/m" });
}

static void turn(struct chat *other)
{
    chat_turn(paid.chat);
    chat_turn(other);
    loop_turn(paid.loop, 50);
}

/* Both have their prompt before either has sent it; `refused` of them end before
 * the server answers anybody. */
static void ask_both(struct chat *other, int refused)
{
    struct error err = { 0 };
    ck_assert(chat_prompt(paid.chat, slice_of("hi"), NULL, &err));
    ck_assert(chat_prompt(other, slice_of("hi"), NULL, &err));
    while (chat_is_busy(paid.chat) + chat_is_busy(other) + refused > 2 ||
           paid_requests() + refused < 2)
        turn(other);
    server_release(paid.gate, "go");
    while (chat_is_busy(paid.chat) || chat_is_busy(other))
        turn(other);
}

#define UNDER_WAY                                                        \
    "it may cost $0.10; $0.00 of the $0.15 of limits.day is spent, and " \
    "what is under way may cost $0.10; --set limits.day=0.20 allows it"

/* One was sent, and the other one was refused for it. */
static void check_one_was_refused(const struct chat *other)
{
    const struct error *first = chat_last_error(paid.chat);
    const struct error *second = chat_last_error(other);
    const struct error *refused = first->kind == ERROR_CONFIG ? first : second;
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert_int_ne(first->kind, second->kind);
    ck_assert_str_eq(refused->text, "not sent to gate: " UNDER_WAY);
}

START_TEST(conversations_of_one_process_count_while_they_run)
{
    open_slow("limits: {day: 0.15}\n");
    struct chat *other = paid_chat(paid.ledger, "gate/m", false);
    ask_both(other, 1);
    check_one_was_refused(other);
    /* What it did cost is less. */
    ck_assert_int_eq(ledger_reserved(paid.ledger, 0), 0);
    chat_free(other);
    paid_close();
}
END_TEST

START_TEST(two_sennits_that_ask_at_once_do_not_pass_the_limit)
{
    struct error err = { 0 };
    open_slow("limits: {day: 0.15}\n");
    struct store *store = store_new(paid.loop, &err);
    struct ledger *ledger = ledger_new(store, NULL, &err);
    struct chat *other = paid_chat(ledger, "gate/m", false);
    ask_both(other, 1);
    check_one_was_refused(other);
    chat_free(other);
    ledger_close(ledger);
    ck_assert(store_settle(store, 20000));
    store_free(store);
    paid_close();
}
END_TEST

START_TEST(what_fits_together_is_sent_together)
{
    open_slow("limits: {day: 0.20}\n");
    struct chat *other = paid_chat(paid.ledger, "gate/m", false);
    ask_both(other, 0);
    ck_assert_int_eq(paid_requests(), 2);
    ck_assert_int_eq(ledger_reserved(paid.ledger, 0), 0);
    chat_free(other);
    paid_close();
}
END_TEST

START_TEST(a_run_that_is_stopped_holds_nothing)
{
    struct error err = { 0 };
    open_day("limits: {day: 0.15}\n", false);
    ck_assert(chat_prompt(paid.chat, slice_of("hi"), NULL, &err));
    chat_turn(paid.chat);
    while (!ledger_reserved(paid.ledger, 0)) {
        loop_turn(paid.loop, 50);
        chat_turn(paid.chat);
    }
    ck_assert_int_eq(ledger_reserved(paid.ledger, 0), LEDGER_DOLLAR / 10);
    chat_stop(paid.chat);
    ck_assert_int_eq(ledger_reserved(paid.ledger, 0), 0);
    paid_ask();
    ck_assert_int_eq(paid_requests(), 1);
    paid_close();
}
END_TEST

/* Where the directory of the state should be there is a file. */
static void open_unkept(const char *limit, bool is_watched)
{
    char path[SCRATCH_PATH_MAX + 16];
    open_day(limit, is_watched);
    snprintf(path, sizeof path, "%s/sennit", paid.home);
    FILE *file = fopen(path, "w");
    ck_assert(file && fclose(file) == 0);
}

START_TEST(what_nobody_can_add_up_is_refused_where_nobody_is_asked)
{
    const char *end = "; --set limits.day=null allows it";
    open_unkept("limits: {day: 1}\n", false);
    paid_ask();
    const struct error *err = chat_last_error(paid.chat);
    size_t len = strlen(err->text);
    ck_assert_int_eq(paid_requests(), 0);
    ck_assert_int_eq(err->kind, ERROR_CONFIG);
    ck_assert_ptr_nonnull(strstr(
        err->text, "not sent to gate: what was spent today cannot be known: "));
    ck_assert(len > strlen(end));
    ck_assert_str_eq(err->text + len - strlen(end), end);
    paid_close();
}
END_TEST

START_TEST(a_limit_of_the_session_needs_no_disk)
{
    open_unkept("limits: {session: 1}\n", false);
    paid_ask();
    ck_assert_int_eq(paid_requests(), 1);
    paid_close();
}
END_TEST

START_TEST(who_is_there_is_asked_once_and_what_is_known_counts)
{
    struct buf words = { 0 };
    open_unkept("limits: {day: 0.20}\n", true);
    paid_ask();
    ck_assert(chat_is_over_limit(paid.chat));
    ck_assert_int_eq(paid_requests(), 0);
    chat_spending_words(paid.chat, &words);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&words),
               "m at gate: what was spent today cannot be known: "));
    buf_reset(&words);
    ck_assert(!chat_spending_about(paid.chat, SPENDING_RAISE, &words));
    ck_assert(!chat_spending_about(paid.chat, SPENDING_ONCE, &words));
    ck_assert(chat_spending_about(paid.chat, SPENDING_STAY, &words));
    chat_answer_spending(paid.chat, SPENDING_SEND);
    paid_go_on(paid.chat);
    paid_ask();
    ck_assert_int_eq(paid_requests(), 2);
    /* 12 of 20 cents by this process alone. */
    paid_ask();
    ck_assert_int_eq(paid_requests(), 2);
    buf_reset(&words);
    chat_spending_words(paid.chat, &words);
    ck_assert_str_eq(buf_string(&words),
                     "m at gate: it may cost $0.10; $0.12 of the $0.20 of "
                     "limits.day is spent");
    buf_clear(&words);
    paid_close();
}
END_TEST

START_TEST(who_stays_where_nobody_can_know_sends_nothing)
{
    open_unkept("limits: {day: 0.20}\n", true);
    paid_ask();
    chat_answer_spending(paid.chat, SPENDING_STAY);
    paid_go_on(paid.chat);
    ck_assert(!chat_is_busy(paid.chat));
    ck_assert_int_eq(paid_requests(), 0);
    ck_assert_int_eq(ledger_reserved(paid.ledger, 0), 0);
    paid_ask();
    ck_assert(chat_is_over_limit(paid.chat));
    paid_close();
}
END_TEST

/* On disk stands what this process knows nothing of, in its own name. */
static void hold_in_its_name(void)
{
    struct error err = { 0 };
    char path[SCRATCH_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/sennit/state.db", paid.home);
    struct db *db = db_open(path, DB_WRITE, NULL, &err);
    ck_assert_msg(db && db_run(db,
                               "INSERT INTO reserved SELECT owner, 999, at, "
                               "1000000000 FROM reserved",
                               &err),
                  "%s", err.text);
    db_close(db);
}

START_TEST(a_sum_that_does_not_add_up_is_said_and_not_tried_for_ever)
{
    open_slow("limits: {day: 0.25}\n");
    struct chat *other = paid_chat(paid.ledger, "gate/m", false);
    struct error err = { 0 };
    ck_assert(chat_prompt(paid.chat, slice_of("hi"), NULL, &err));
    while (paid_requests() < 1)
        turn(other);
    hold_in_its_name();
    ck_assert(chat_prompt(other, slice_of("hi"), NULL, &err));
    while (chat_is_busy(other))
        turn(other);
    ck_assert_str_eq(chat_last_error(other)->text,
                     "not sent to gate: what was spent today cannot be known: "
                     "state.db does not add up; --set limits.day=null allows "
                     "it");
    server_release(paid.gate, "go");
    paid_go_on(paid.chat);
    chat_free(other);
    paid_close();
}
END_TEST

Suite *reserving_suite(void)
{
    Suite *suite = suite_create("reserving");
    TCase *cases = tcase_create("reserving");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, conversations_of_one_process_count_while_they_run);
    tcase_add_test(cases, two_sennits_that_ask_at_once_do_not_pass_the_limit);
    tcase_add_test(cases, what_fits_together_is_sent_together);
    tcase_add_test(cases, a_run_that_is_stopped_holds_nothing);
    tcase_add_test(cases,
                   what_nobody_can_add_up_is_refused_where_nobody_is_asked);
    tcase_add_test(cases, a_limit_of_the_session_needs_no_disk);
    tcase_add_test(cases, who_is_there_is_asked_once_and_what_is_known_counts);
    tcase_add_test(cases, who_stays_where_nobody_can_know_sends_nothing);
    tcase_add_test(cases,
                   a_sum_that_does_not_add_up_is_said_and_not_tried_for_ever);
    suite_add_tcase(suite, cases);
    return suite;
}
