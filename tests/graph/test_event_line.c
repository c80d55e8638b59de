/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/json.h"
#include "base/random.h"
#include "graph/event_line.h"

Suite *event_line_suite(void);

/* As base64 more than the parser takes. */
enum { LARGE = JSON_TEXT_MAX / 4 * 3 + 1 };

static uint64_t pick(struct random *random, uint64_t count)
{
    return (uint64_t)(random_real(random) * (double)count);
}

/* Numbers as they are, and at their bounds. */
static uint64_t any_number(struct random *random)
{
    static const uint64_t bounds[] = { 0,         1,          UINT32_MAX,
                                       INT64_MAX, UINT64_MAX, 1ull << 63 };
    uint64_t choice = pick(random, 10);
    return choice < COUNTOF(bounds) ? bounds[choice] : pick(random, 1000000);
}

static double any_real(struct random *random)
{
    static const double bounds[] = {
        0.0, -0.0, 1.0, 0.1, 1e300, -5e-324, 1e17
    };
    uint64_t choice = pick(random, 12);
    return choice < COUNTOF(bounds) ? bounds[choice]
                                    : random_real(random) * 1000 - 500;
}

/* Bytes of any kind, most of them text. */
static struct slice any_text(struct random *random, struct buf *storage)
{
    static const char *const pieces[] = {
        "word",    " ",    "\n",
        "\r\n",    "\"",   "\\",
        "{",       "}",    "\t",
        "\xff",    "\xc3", "\xc3\xa9",
        "\u2028",  "/",    ",\"packed\":\"",
        "AAAA\"}", "\x7f", "\xed\xa0\x80",
    };
    buf_reset(storage);
    for (uint64_t count = pick(random, 8) + 1; count > 0; count--) {
        uint64_t choice = pick(random, COUNTOF(pieces) + 1);
        if (choice < COUNTOF(pieces))
            buf_append_string(storage, pieces[choice]);
        else
            buf_append_char(storage, '\0');
    }
    return buf_slice(storage);
}

static struct slice any_json(struct random *random)
{
    static const char *const values[] = {
        "{}",  "[1, 2]",       "{\"a\":1,\"a\":2}",   "\"\\u00e9\"",
        "1.0", "[\"x\",null]", "{\n \"b\": [\r\n]}",  "18446744073709551615",
        "1e2", "not JSON",     "{\"packed\":\"AA\"}", "[0.1,true]",
    };
    return slice_of(values[pick(random, COUNTOF(values))]);
}

static void add_any(struct event *event, enum event_field field,
                    struct random *random, struct buf *storage)
{
    switch (event_field_kind(field)) {
    case FIELD_KIND_NUMBER:
    case FIELD_KIND_FLAG:
        event_add_number(event, field, any_number(random));
        break;
    case FIELD_KIND_REAL: event_add_real(event, field, any_real(random)); break;
    case FIELD_KIND_JSON: event_add_text(event, field, any_json(random)); break;
    default: event_add_text(event, field, any_text(random, storage)); break;
    }
}

/* An event of a type with some of the fields that it may have, in any order. */
static void append_any(struct log *log, enum event_type type,
                       struct random *random)
{
    struct buf storage[EVENT_FIELDS_MAX] = { 0 };
    struct event event = { .type = type,
                           .at = (int64_t)any_number(random),
                           .run = (uint32_t)any_number(random),
                           .attempt = (uint32_t)pick(random, 3) };
    for (int tries = 0; tries < 40; tries++) {
        enum event_field field =
            (enum event_field)(1 + pick(random, FIELD_COUNT - 1));
        if (event.field_count < EVENT_FIELDS_MAX && pick(random, 4) &&
            event_type_carries(type, field) && !event_has(&event, field))
            add_any(&event, field, random, &storage[event.field_count]);
    }
    log_append(log, &event);
    for (size_t i = 0; i < EVENT_FIELDS_MAX; i++)
        buf_clear(&storage[i]);
}

static struct buf line_of(const struct log *log, uint64_t seq)
{
    struct buf out = { 0 }, scratch = { 0 };
    event_line_append(&out, log, seq, &scratch);
    buf_clear(&scratch);
    return out;
}

/* A line gives the event's own bytes, and its event the same line again. */
static void check_way_back(const struct log *log, uint64_t seq)
{
    struct event_line line = { 0 };
    struct error err = { 0 };
    struct event event;
    struct buf text = line_of(log, seq), packed = { 0 };
    ck_assert(log_packed(log, seq, &packed));
    ck_assert_ptr_null(memchr(text.ptr, '\n', text.len));
    ck_assert_msg(event_line_parse(&line, buf_slice(&text), &err), "%s: %s",
                  err.text, buf_string(&text));
    ck_assert_uint_eq(line.seq, seq);
    ck_assert(!line.is_newer);
    ck_assert_msg(slice_equal(buf_slice(&line.packed), buf_slice(&packed)),
                  "%s", buf_string(&text));
    struct log *copy = log_new();
    for (uint64_t i = 1; i < seq; i++) {
        struct event filler = { .type = EVENT_PRUNED, .at = 1 };
        log_append(copy, &filler);
    }
    ck_assert(log_append_packed(copy, buf_slice(&line.packed), &event));
    struct buf again = line_of(copy, seq);
    ck_assert_str_eq(buf_string(&again), buf_string(&text));
    log_free(copy);
    event_line_clear(&line);
    buf_clear(&again);
    buf_clear(&text);
    buf_clear(&packed);
}

START_TEST(every_event_of_any_type_with_any_fields_reads_back_to_the_bit)
{
    struct random random;
    random_init(&random, (uint64_t)_i + 1);
    for (enum event_type type = EVENT_NONE; type < EVENT_TYPE_COUNT; type++) {
        struct log *log = log_new();
        for (int i = 0; i < 20; i++)
            append_any(log, type, &random);
        for (uint64_t seq = 1; seq <= log_last_seq(log); seq++)
            check_way_back(log, seq);
        log_free(log);
    }
}
END_TEST

START_TEST(what_json_says_whole_is_the_line_of_stream_json_and_no_more)
{
    struct log *log = log_new();
    struct event event = {
        .type = EVENT_TEXT_DELTA, .at = 1700000000123, .run = 2, .attempt = 1
    };
    event_add_string(&event, FIELD_TEXT, "say \"\xc3\xa9\"\n");
    log_append(log, &event);
    struct buf line = line_of(log, 1);
    ck_assert_str_eq(buf_string(&line),
                     "{\"type\":\"text-delta\",\"seq\":1,\"run\":2,"
                     "\"attempt\":1,\"at\":1700000000123,"
                     "\"text\":\"say \\\"\xc3\xa9\\\"\\n\"}");
    buf_clear(&line);
    log_free(log);
}
END_TEST

START_TEST(what_json_cannot_say_follows_packed)
{
    struct log *log = log_new();
    struct event event = { .type = EVENT_TEXT_DELTA, .at = 5 };
    event_add_string(&event, FIELD_TEXT, "a\xff");
    log_append(log, &event);
    struct buf line = line_of(log, 1);
    ck_assert_ptr_nonnull(strstr(line.ptr, "\"text\":\"a\xef\xbf\xbd\","
                                           "\"packed\":\""));
    buf_clear(&line);
    log_free(log);
}
END_TEST

START_TEST(an_event_of_a_newer_version_keeps_every_byte)
{
    /* Type 100, run 1, attempt 0, time 2, two fields: 99, a number; 98, bytes. */
    static const char bytes[] =
        "\x64\x01\x00\x04\x02\x8c\x03\x07\x8a\x03\x02hi";
    struct log *log = log_new();
    struct event event;
    ck_assert(log_append_packed(log, (struct slice){ bytes, sizeof bytes - 1 },
                                &event));
    ck_assert_int_eq(event.type, EVENT_NONE);
    check_way_back(log, 1);
    struct buf line = line_of(log, 1);
    ck_assert_ptr_nonnull(strstr(line.ptr, "{\"type\":\"unknown\",\"seq\":1"));
    buf_clear(&line);
    log_free(log);
}
END_TEST

START_TEST(an_event_that_is_too_large_for_the_parser_reads_back)
{
    struct log *log = log_new();
    struct buf bytes = { 0 };
    char *end = buf_reserve(&bytes, LARGE);
    memset(end, '\x01', LARGE);
    bytes.len = LARGE;
    struct event event = { .type = EVENT_ATTACHMENT_ADDED, .at = 7 };
    event_add_text(&event, FIELD_DATA, buf_slice(&bytes));
    log_append(log, &event);
    check_way_back(log, 1);
    buf_clear(&bytes);
    log_free(log);
}
END_TEST

START_TEST(a_type_or_a_member_that_nobody_knows_is_told)
{
    static const struct {
        const char *text;
        bool is_newer;
    } rows[] = {
        { "{\"type\":\"text-delta\",\"seq\":3,\"text\":\"a\"}", false },
        { "  {\"seq\":3,\"text\":\"a\",\"type\":\"text-delta\"}\r", false },
        { "{\"type\":\"text-delta\",\"seq\":3,\"mood\":1}", true },
        { "{\"type\":\"text-omega\",\"seq\":3,\"text\":\"a\"}", true },
        { "{\"type\":\"unknown\",\"seq\":3}", false },
    };
    struct event_line line = { 0 };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct error err = { 0 };
        ck_assert_msg(event_line_parse(&line, slice_of(rows[i].text), &err),
                      "%s", err.text);
        ck_assert_uint_eq(line.seq, 3);
        ck_assert_int_eq(line.is_newer, rows[i].is_newer);
    }
    event_line_clear(&line);
}
END_TEST

START_TEST(what_is_no_event_is_refused_in_words)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        { "", "not JSON" },
        { "[1]", "no JSON object" },
        { "{\"seq\":1}", "no \"type\"" },
        { "{\"type\":\"title\",\"text\":7}", "\"text\" is no text" },
        { "{\"type\":\"head-moved\",\"node\":-1}", "\"node\"" },
        { "{\"type\":\"head-moved\",\"node\":1.5}", "\"node\"" },
        { "{\"type\":\"usage\",\"cost\":\"1\"}", "\"cost\" is no number" },
        { "{\"type\":\"text-delta\",\"refusal\":1}", "\"refusal\"" },
        { "{\"type\":\"attachment-added\",\"data\":\"A\"}", "base64" },
        { "{\"type\":\"title\",\"run\":4294967296}", "\"run\"" },
        { "{\"type\":\"title\",\"at\":\"noon\"}", "\"at\" is no time" },
        { "{\"type\":\"title\",\"packed\":\"AA\"}", "\"packed\"" },
        { "{\"type\":\"title\",\"packed\":\"AAAA\"}", "\"packed\"" },
        { "{\"type\":\"title\",\"text\":\"a", "not JSON" },
    };
    struct event_line line = { 0 };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct error err = { 0 };
        ck_assert_msg(!event_line_parse(&line, slice_of(rows[i].text), &err),
                      "%s", rows[i].text);
        ck_assert_msg(strstr(err.text, rows[i].words), "%s: %s", rows[i].text,
                      err.text);
    }
    event_line_clear(&line);
}
END_TEST

Suite *event_line_suite(void)
{
    Suite *suite = suite_create("event_line");
    TCase *test = tcase_create("event_line");
    tcase_set_timeout(test, 60);
    tcase_add_loop_test(
        test, every_event_of_any_type_with_any_fields_reads_back_to_the_bit, 0,
        8);
    tcase_add_test(test,
                   what_json_says_whole_is_the_line_of_stream_json_and_no_more);
    tcase_add_test(test, what_json_cannot_say_follows_packed);
    tcase_add_test(test, an_event_of_a_newer_version_keeps_every_byte);
    tcase_add_test(test, an_event_that_is_too_large_for_the_parser_reads_back);
    tcase_add_test(test, a_type_or_a_member_that_nobody_knows_is_told);
    tcase_add_test(test, what_is_no_event_is_refused_in_words);
    suite_add_tcase(suite, test);
    return suite;
}
