/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "graph/log.h"

Suite *log_suite(void);

static void append_number(struct log *log, uint64_t number, int64_t at)
{
    struct event event = { .type = EVENT_HEAD_MOVED, .at = at };
    event_add_number(&event, FIELD_NODE, number);
    ck_assert_uint_eq(log_append(log, &event), number);
    ck_assert_uint_eq(event.seq, number);
}

START_TEST(an_empty_log_has_no_events)
{
    struct log *log = log_new();
    struct event event;
    ck_assert_uint_eq(log_last_seq(log), 0);
    ck_assert_uint_eq(log_size(log), 0);
    ck_assert(!log_read(log, 0, &event));
    ck_assert(!log_read(log, 1, &event));
    log_free(log);
    log_free(NULL);
}
END_TEST

START_TEST(every_event_reads_back_by_its_seq_in_any_order)
{
    enum { COUNT = 1000 };
    struct log *log = log_new();
    for (uint64_t i = 1; i <= COUNT; i++)
        append_number(log, i, 5000 - 7 * (int64_t)i);
    ck_assert_uint_eq(log_last_seq(log), COUNT);
    for (uint64_t i = 0; i < COUNT; i++) {
        uint64_t seq = i * 617 % COUNT + 1;
        struct event event;
        ck_assert(log_read(log, seq, &event));
        ck_assert_uint_eq(event.seq, seq);
        ck_assert_int_eq(event.at, 5000 - 7 * (int64_t)seq);
        ck_assert_uint_eq(event_number(&event, FIELD_NODE), seq);
    }
    struct event event;
    ck_assert(!log_read(log, COUNT + 1, &event));
    ck_assert(!log_read(log, UINT64_MAX, &event));
    log_free(log);
}
END_TEST

START_TEST(an_event_without_a_time_is_stamped)
{
    struct log *log = log_new();
    struct event event = { .type = EVENT_PRUNED }, read;
    log_append(log, &event);
    ck_assert_int_gt(event.at, 1577836800000); /* 2020-01-01 */
    ck_assert(log_read(log, 1, &read));
    ck_assert_int_eq(read.at, event.at);
    log_free(log);
}
END_TEST

START_TEST(an_event_read_from_a_log_may_be_appended_to_it)
{
    struct log *log = log_new();
    char text[300];
    memset(text, 'x', sizeof text);
    struct event event = { .type = EVENT_TITLE, .at = 1 };
    event_add_text(&event, FIELD_TEXT, (struct slice){ text, sizeof text });
    log_append(log, &event);
    for (uint64_t seq = 1; seq < 200; seq++) {
        struct event again;
        ck_assert(log_read(log, seq, &again));
        log_append(log, &again);
    }
    ck_assert(log_read(log, 200, &event));
    ck_assert(slice_equal(event_text(&event, FIELD_TEXT),
                          (struct slice){ text, sizeof text }));
    log_free(log);
}
END_TEST

START_TEST(an_event_of_a_newer_version_keeps_its_place)
{
    struct log *log = log_new();
    struct event event = { .type = EVENT_NONE, .at = 3, .run = 2 };
    append_number(log, 1, 1);
    ck_assert_uint_eq(log_append(log, &event), 2);
    append_number(log, 3, 4);
    ck_assert(log_read(log, 2, &event));
    ck_assert_int_eq(event.type, EVENT_NONE);
    ck_assert_uint_eq(event.run, 2);
    log_free(log);
}
END_TEST

START_TEST(long_texts_keep_every_byte)
{
    enum { LEN = 300 * 1000 };
    struct log *log = log_new();
    struct buf text = { 0 };
    for (int i = 0; i < LEN; i++)
        buf_append_char(&text, (char)(i % 251));
    struct event event = { .type = EVENT_TEXT_DELTA, .at = 1 };
    event_add_text(&event, FIELD_TEXT, buf_slice(&text));
    log_append(log, &event);
    append_number(log, 2, 2);
    ck_assert(log_read(log, 1, &event));
    ck_assert(slice_equal(event_text(&event, FIELD_TEXT), buf_slice(&text)));
    ck_assert(log_read(log, 2, &event));
    buf_clear(&text);
    log_free(log);
}
END_TEST

START_TEST(a_delta_costs_little_more_than_its_text)
{
    enum { COUNT = 10000 };
    struct log *log = log_new();
    for (int i = 0; i < COUNT; i++) {
        struct event event = { .type = EVENT_TEXT_DELTA,
                               .at = 1700000000000 + 20 * i,
                               .run = 1,
                               .attempt = 1 };
        event_add_string(&event, FIELD_TEXT, " the");
        log_append(log, &event);
    }
    ck_assert_uint_le(log_size(log), COUNT * 13);
    log_free(log);
}
END_TEST

Suite *log_suite(void)
{
    Suite *suite = suite_create("log");
    TCase *test = tcase_create("log");
    tcase_add_test(test, an_empty_log_has_no_events);
    tcase_add_test(test, every_event_reads_back_by_its_seq_in_any_order);
    tcase_add_test(test, an_event_without_a_time_is_stamped);
    tcase_add_test(test, an_event_read_from_a_log_may_be_appended_to_it);
    tcase_add_test(test, an_event_of_a_newer_version_keeps_its_place);
    tcase_add_test(test, long_texts_keep_every_byte);
    tcase_add_test(test, a_delta_costs_little_more_than_its_text);
    suite_add_tcase(suite, test);
    return suite;
}
