/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include <check.h>

#include "base/json.h"
#include "graph/jsonl.h"

Suite *jsonl_suite(void);

enum { EVENTS = 200 };

static struct log *make_log(void)
{
    struct log *log = log_new();
    for (int i = 0; i < EVENTS; i++) {
        char text[32];
        struct event event = { .type = EVENT_TEXT_DELTA,
                               .at = 1700000000000 + 37 * i,
                               .run = 1,
                               .attempt = 1 };
        snprintf(text, sizeof text, "piece %d\n", i);
        event_add_string(&event, FIELD_TEXT, text);
        log_append(log, &event);
    }
    return log;
}

static struct buf write_log(const struct log *log)
{
    struct buf out = { 0 }, scratch = { 0 };
    jsonl_append_head(&out, log, slice_of("abcd1234"),
                      slice_of("a \"title\"\n"));
    for (uint64_t seq = 1; seq <= log_last_seq(log); seq++)
        jsonl_append(&out, log, seq, &scratch);
    buf_clear(&scratch);
    return out;
}

static void require_same(const struct log *a, const struct log *b)
{
    struct buf x = { 0 }, y = { 0 };
    ck_assert_uint_eq(log_last_seq(a), log_last_seq(b));
    ck_assert_uint_eq(log_size(a), log_size(b));
    log_pack(a, 1, SIZE_MAX, &x);
    log_pack(b, 1, SIZE_MAX, &y);
    ck_assert(slice_equal(buf_slice(&x), buf_slice(&y)));
    buf_clear(&x);
    buf_clear(&y);
}

static void read_file(struct jsonl *jsonl, struct slice text)
{
    struct error err = { 0 };
    ck_assert_msg(jsonl_read(jsonl, text, &err), "%s", err.text);
}

START_TEST(a_log_that_is_written_reads_back_to_the_bit)
{
    struct log *log = make_log();
    struct buf text = write_log(log);
    struct jsonl jsonl;
    read_file(&jsonl, buf_slice(&text));
    require_same(log, jsonl.log);
    ck_assert_str_eq(buf_string(&jsonl.id), "abcd1234");
    ck_assert_str_eq(buf_string(&jsonl.complaints), "");
    struct buf again = write_log(jsonl.log);
    ck_assert(slice_equal(buf_slice(&again), buf_slice(&text)));
    buf_clear(&again);
    jsonl_clear(&jsonl);
    buf_clear(&text);
    log_free(log);
}
END_TEST

START_TEST(the_first_line_says_what_the_file_is)
{
    struct log *log = make_log();
    struct buf text = write_log(log);
    struct slice rest = buf_slice(&text), line;
    struct error err = { 0 };
    uint64_t number;
    ck_assert(slice_next_line(&rest, &line));
    json_t *head = json_parse_strict(line, &err);
    ck_assert(slice_is(json_slice(head, "format"), "sennit-session"));
    ck_assert(json_count(head, "version", &number) && number == 1);
    ck_assert(slice_is(json_slice(head, "id"), "abcd1234"));
    ck_assert(slice_is(json_slice(head, "title"), "a \"title\"\n"));
    ck_assert(json_count(head, "created", &number) && number == 1700000000000);
    ck_assert(json_count(head, "events", &number) && number == EVENTS);
    json_decref(head);
    buf_clear(&text);
    log_free(log);
}
END_TEST

/* The offset of a line, 1 the first. */
static size_t line_offset(const struct buf *text, int number)
{
    size_t at = 0;
    while (--number > 0)
        at = (size_t)((char *)memchr(text->ptr + at, '\n', text->len - at) -
                      text->ptr) +
             1;
    return at;
}

START_TEST(a_file_that_is_torn_anywhere_gives_what_stands_before)
{
    struct log *log = make_log();
    struct buf text = write_log(log);
    size_t end = line_offset(&text, 12);
    for (size_t len = line_offset(&text, 11) + 1; len < end; len++) {
        struct jsonl jsonl;
        read_file(&jsonl, (struct slice){ text.ptr, len });
        /* Line 11 is event 10; without its break it is whole. */
        ck_assert_uint_eq(log_last_seq(jsonl.log), len == end - 1 ? 10 : 9);
        ck_assert_uint_eq(jsonl.lost, 0);
        if (len < end - 1)
            ck_assert_ptr_nonnull(
                strstr(buf_string(&jsonl.complaints), "line 11:"));
        ck_assert_ptr_nonnull(
            strstr(buf_string(&jsonl.complaints), "200 events"));
        jsonl_clear(&jsonl);
    }
    buf_clear(&text);
    log_free(log);
}
END_TEST

START_TEST(a_broken_line_is_told_by_its_number_and_leaves_its_place_empty)
{
    struct log *log = make_log();
    struct buf text = write_log(log);
    struct event event;
    struct jsonl jsonl;
    text.ptr[line_offset(&text, 31) + 3] = '\x01';
    read_file(&jsonl, buf_slice(&text));
    ck_assert_ptr_nonnull(
        strstr(buf_string(&jsonl.complaints), "line 31 was left out: "));
    ck_assert_uint_eq(log_last_seq(jsonl.log), EVENTS);
    ck_assert_uint_eq(jsonl.lost, 1);
    ck_assert(log_read(jsonl.log, 30, &event));
    ck_assert_int_eq(event.type, EVENT_NONE);
    ck_assert(log_read(jsonl.log, 31, &event));
    ck_assert(slice_is(event_text(&event, FIELD_TEXT), "piece 30\n"));
    jsonl_clear(&jsonl);
    buf_clear(&text);
    log_free(log);
}
END_TEST

START_TEST(a_line_twice_is_left_out_once)
{
    struct log *log = make_log();
    struct buf text = write_log(log), twice = { 0 };
    size_t start = line_offset(&text, 5), end = line_offset(&text, 6);
    struct jsonl jsonl;
    buf_append(&twice, text.ptr, end);
    buf_append(&twice, text.ptr + start, text.len - start);
    read_file(&jsonl, buf_slice(&twice));
    require_same(log, jsonl.log);
    ck_assert_ptr_nonnull(strstr(buf_string(&jsonl.complaints),
                                 "line 6 was left out: it is event 4, and 5"));
    jsonl_clear(&jsonl);
    buf_clear(&twice);
    buf_clear(&text);
    log_free(log);
}
END_TEST

START_TEST(lines_that_are_missing_leave_their_places)
{
    struct log *log = make_log();
    struct buf text = write_log(log);
    struct jsonl jsonl;
    size_t start = line_offset(&text, 5), end = line_offset(&text, 8);
    buf_splice(&text, start, end - start, (struct slice){ 0 });
    read_file(&jsonl, buf_slice(&text));
    ck_assert_uint_eq(log_last_seq(jsonl.log), EVENTS);
    ck_assert_uint_eq(jsonl.lost, 3);
    ck_assert_ptr_nonnull(strstr(buf_string(&jsonl.complaints),
                                 "before line 5 3 events are missing"));
    jsonl_clear(&jsonl);
    buf_clear(&text);
    log_free(log);
}
END_TEST

START_TEST(a_gap_has_a_bound)
{
    static const char text[] =
        "{\"format\":\"sennit-session\",\"version\":1}\n"
        "{\"type\":\"title\",\"seq\":9000000000000000000}\n"
        "{\"type\":\"title\",\"seq\":1,\"at\":1,\"text\":\"t\"}\n";
    struct jsonl jsonl;
    read_file(&jsonl, slice_of(text));
    ck_assert_uint_eq(log_last_seq(jsonl.log), 1);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&jsonl.complaints), "line 2 was left out"));
    jsonl_clear(&jsonl);
}
END_TEST

START_TEST(many_damages_are_told_as_far_as_one_reads)
{
    struct buf text = { 0 };
    struct jsonl jsonl;
    buf_append_string(&text, "{\"format\":\"sennit-session\",\"version\":1}\n");
    for (int i = 0; i < 1000; i++)
        buf_append_string(&text, "?\n");
    read_file(&jsonl, buf_slice(&text));
    ck_assert_uint_eq(jsonl.told, 1000);
    size_t lines = 0;
    for (size_t i = 0; i < jsonl.complaints.len; i++)
        lines += jsonl.complaints.ptr[i] == '\n';
    ck_assert_uint_eq(lines, JSONL_TOLD_MAX);
    jsonl_clear(&jsonl);
    buf_clear(&text);
}
END_TEST

START_TEST(what_is_no_export_is_refused_in_words)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        { "", "no exported session" },
        { "# A document\n", "no exported session" },
        { "{\"type\":\"text-delta\",\"seq\":1}\n", "no exported session" },
        { "{\"format\":\"sennit-session\"}\n", "no exported session" },
        { "{\"format\":\"sennit-session\",\"version\":2}\n", "version 2" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct jsonl jsonl;
        struct error err = { 0 };
        ck_assert(!jsonl_read(&jsonl, slice_of(rows[i].text), &err));
        ck_assert_msg(strstr(err.text, rows[i].words), "%s", err.text);
        jsonl_clear(&jsonl);
    }
}
END_TEST

Suite *jsonl_suite(void)
{
    Suite *suite = suite_create("jsonl");
    TCase *test = tcase_create("jsonl");
    tcase_add_test(test, a_log_that_is_written_reads_back_to_the_bit);
    tcase_add_test(test, the_first_line_says_what_the_file_is);
    tcase_add_test(test, a_file_that_is_torn_anywhere_gives_what_stands_before);
    tcase_add_test(
        test, a_broken_line_is_told_by_its_number_and_leaves_its_place_empty);
    tcase_add_test(test, a_line_twice_is_left_out_once);
    tcase_add_test(test, lines_that_are_missing_leave_their_places);
    tcase_add_test(test, a_gap_has_a_bound);
    tcase_add_test(test, many_damages_are_told_as_far_as_one_reads);
    tcase_add_test(test, what_is_no_export_is_refused_in_words);
    suite_add_tcase(suite, test);
    return suite;
}
