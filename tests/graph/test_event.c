/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "graph/event.h"

Suite *event_suite(void);

/* The vocabulary of the design, in the order of the packed numbers. */
static const char *const names[] = {
    "session-opened",
    "title",
    "prompt-queued",
    "user-message",
    "head-moved",
    "run-started",
    "routed",
    "attempt-started",
    "connected",
    "model-loading",
    "text-delta",
    "thinking-delta",
    "tool-call-start",
    "tool-call-delta",
    "tool-call-end",
    "usage",
    "model-reported",
    "object-partial",
    "attempt-finished",
    "retry-scheduled",
    "fell-back",
    "superseded",
    "consent-asked",
    "consent-answered",
    "answer-checked",
    "preference",
    "run-finished",
    "relay-asked",
    "relay-answered",
    "tool-started",
    "tool-output",
    "tool-finished",
    "system-set",
    "settings-set",
    "attachment-added",
    "prompt-withdrawn",
    "branch-named",
    "pruned",
    "restored",
    "redacted",
    "agent-phase",
    "summarised",
    "folded",
    "pinned",
    "remembered",
    "recalled",
    "forgotten",
    "model-state",
    "opaque",
    "rate-limits",
    "left-out",
    "privacy-marked",
    "noted",
    "call-made",
};

START_TEST(names_are_those_of_the_design_and_read_back)
{
    ck_assert_uint_eq(COUNTOF(names), EVENT_TYPE_COUNT - 1);
    for (size_t i = 0; i < COUNTOF(names); i++) {
        enum event_type type = (enum event_type)(i + 1);
        ck_assert_str_eq(event_type_name(type), names[i]);
        ck_assert_int_eq(event_type_parse(slice_of(names[i])), type);
    }
    ck_assert_int_eq(event_type_parse(slice_of("text_delta")), EVENT_NONE);
    ck_assert_int_eq(event_type_parse(slice_of("")), EVENT_NONE);
    ck_assert_int_eq(event_type_parse(slice_of("unknown")), EVENT_NONE);
}
END_TEST

static bool carries(enum event_type type, const char *name)
{
    for (int field = FIELD_NONE + 1; field < FIELD_COUNT; field++)
        if (strcmp(event_field_name(field), name) == 0)
            return event_type_carries(type, field);
    return false;
}

/* The fields that other programs rely on. */
START_TEST(types_carry_the_fields_of_the_design)
{
    static const struct {
        enum event_type type;
        const char *fields;
    } rows[] = {
        { EVENT_TEXT_DELTA, "text" },
        { EVENT_THINKING_DELTA, "text" },
        { EVENT_TOOL_CALL_START, "call id name" },
        { EVENT_TOOL_CALL_DELTA, "call arguments" },
        { EVENT_TOOL_CALL_END, "call id name arguments" },
        { EVENT_USAGE, "input output reasoning cached cost" },
        { EVENT_MODEL_REPORTED, "model" },
        { EVENT_ROUTED, "score threshold tier endpoint model reasons" },
        { EVENT_RUN_FINISHED, "outcome finish_reason error" },
        { EVENT_SESSION_OPENED, "from at" },
        { EVENT_REMEMBERED, "id name text score tier on" },
        { EVENT_RECALLED, "id name text score node input on" },
        { EVENT_FORGOTTEN, "id" },
        { EVENT_CALL_MADE, "call parent name arguments" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char names_of_row[64];
        ck_assert_uint_lt(strlen(rows[i].fields), sizeof names_of_row);
        memcpy(names_of_row, rows[i].fields, strlen(rows[i].fields) + 1);
        char *rest = names_of_row, *name;
        while ((name = strsep(&rest, " ")))
            ck_assert_msg(carries(rows[i].type, name), "%s has no %s",
                          event_type_name(rows[i].type), name);
    }
}
END_TEST

START_TEST(every_type_has_room_for_all_its_fields)
{
    for (int type = EVENT_NONE; type < EVENT_TYPE_COUNT; type++) {
        int count = 0;
        for (int field = FIELD_NONE; field < FIELD_COUNT; field++)
            count += event_type_carries(type, field);
        ck_assert_int_le(count, EVENT_FIELDS_MAX);
        ck_assert(!event_type_carries(type, FIELD_NONE));
    }
}
END_TEST

static void fill(struct event *event, enum event_type type, unsigned variant)
{
    static const uint64_t numbers[] = { 0,     1,     127,        128,
                                        16383, 16384, UINT32_MAX, UINT64_MAX };
    static const double reals[] = { 0,      0.1,     -1.5, 1e300,
                                    5e-324, 1.0 / 3, 1,    1e22 };
    static const struct slice texts[] = {
        { "x", 1 },
        { "a\0b", 3 },
        { "h\xc3\xa9\n\"", 5 },
        { "\xff\xfe", 2 },
        { "[\"a\",\"b\"]", 9 },
        { "{}", 2 },
        { "0123456789012345678901234567890123456789012345678901234567890123"
          "4567890123456789012345678901234567890123456789012345678901234567"
          "89",
          130 },
        { " ", 1 },
    };
    *event = (struct event){ .type = type,
                             .at = 1700000000000 + (int64_t)variant,
                             .run = (uint32_t)numbers[variant % 7],
                             .attempt = variant % 3 };
    for (int i = FIELD_NONE + 1; i < FIELD_COUNT; i++) {
        unsigned pick = (variant + (unsigned)i) % 8;
        enum event_field field = (enum event_field)i;
        if (!event_type_carries(type, field))
            continue;
        switch (event_field_kind(field)) {
        case FIELD_KIND_NUMBER:
        case FIELD_KIND_FLAG:
            event_add_number(event, field, numbers[pick]);
            break;
        case FIELD_KIND_REAL: event_add_real(event, field, reals[pick]); break;
        case FIELD_KIND_TEXT:
        case FIELD_KIND_JSON:
        case FIELD_KIND_BYTES: event_add_text(event, field, texts[pick]); break;
        }
    }
}

static void assert_same(const struct event *a, const struct event *b)
{
    ck_assert_int_eq(a->type, b->type);
    ck_assert_int_eq(a->at, b->at);
    ck_assert_uint_eq(a->run, b->run);
    ck_assert_uint_eq(a->attempt, b->attempt);
    ck_assert_uint_eq(a->field_count, b->field_count);
    for (uint32_t i = 0; i < a->field_count; i++) {
        const struct event_value *left = &a->fields[i], *right = &b->fields[i];
        ck_assert_int_eq(left->field, right->field);
        ck_assert_uint_eq(left->number, right->number);
        ck_assert(memcmp(&left->real, &right->real, sizeof left->real) == 0);
        ck_assert(slice_equal(left->text, right->text));
    }
}

START_TEST(every_type_and_field_packs_and_unpacks_the_same)
{
    static const int64_t bases[] = { 0, 1700000000000, 1700000000005, INT64_MAX,
                                     INT64_MIN };
    for (int type = EVENT_NONE; type < EVENT_TYPE_COUNT; type++)
        for (unsigned variant = 0; variant < 8; variant++) {
            struct event event, read;
            struct buf packed = { 0 };
            int64_t base = bases[variant % COUNTOF(bases)];
            fill(&event, type, variant);
            event_pack(&packed, &event, base);
            ck_assert_uint_eq(event_unpack(&read, buf_slice(&packed), base),
                              packed.len);
            assert_same(&event, &read);
            buf_clear(&packed);
        }
}
END_TEST

START_TEST(every_cut_of_a_packed_event_is_no_event)
{
    for (int type = EVENT_NONE; type < EVENT_TYPE_COUNT; type++) {
        struct event event, read;
        struct buf packed = { 0 };
        fill(&event, type, (unsigned)type);
        event_pack(&packed, &event, 1700000000000);
        for (size_t len = 0; len < packed.len; len++) {
            /* A copy of its own, so that a sanitizer sees each byte beyond. */
            char *cut = malloc(len ? len : 1);
            memcpy(cut, packed.ptr, len);
            struct slice bytes = { cut, len };
            ck_assert_uint_eq(event_unpack(&read, bytes, 0), 0);
            free(cut);
        }
        buf_clear(&packed);
    }
}
END_TEST

START_TEST(events_in_a_row_are_read_off_one_by_one)
{
    struct buf packed = { 0 };
    struct event event;
    for (unsigned i = 0; i < 20; i++) {
        fill(&event, EVENT_USAGE, i);
        event_pack(&packed, &event, 5);
    }
    struct slice rest = buf_slice(&packed);
    for (unsigned i = 0; i < 20; i++) {
        struct event expected, read;
        fill(&expected, EVENT_USAGE, i);
        size_t used = event_unpack(&read, rest, 5);
        ck_assert_uint_gt(used, 0);
        assert_same(&expected, &read);
        rest = slice_skip(rest, used);
    }
    ck_assert_uint_eq(rest.len, 0);
    buf_clear(&packed);
}
END_TEST

/* type 2 (title), run 0, attempt 0, at 0, then fields. */
#define UNPACK(bytes) \
    event_unpack(&event, (struct slice){ bytes, sizeof(bytes) - 1 }, 0)

START_TEST(fields_and_types_of_a_newer_version_are_skipped)
{
    struct event event;
    /* Field 1 (text) "hi" between field 100 as a number, a real and bytes. */
    ck_assert_uint_gt(UNPACK("\x02\0\0\0\x04"
                             "\x90\x03\x2a"
                             "\x91\x03xxxxxxxx"
                             "\x06\x02hi"
                             "\x92\x03\x03"
                             "abc"),
                      0);
    ck_assert_int_eq(event.type, EVENT_TITLE);
    ck_assert_uint_eq(event.field_count, 1);
    ck_assert(slice_is(event_text(&event, FIELD_TEXT), "hi"));

    /* A field that we know, but not of this type: node 7 of a title. */
    ck_assert_uint_gt(UNPACK("\x02\0\0\0\x01\x0c\x07"), 0);
    ck_assert_int_eq(event.type, EVENT_TITLE);
    ck_assert_uint_eq(event.field_count, 0);

    /* Type 1000, with a stamp. */
    ck_assert_uint_eq(UNPACK("\xe8\x07\x03\x01\x02\x01\x06\x02hi"), 10);
    ck_assert_int_eq(event.type, EVENT_NONE);
    ck_assert_uint_eq(event.run, 3);
    ck_assert_uint_eq(event.attempt, 1);
    ck_assert_int_eq(event.at, 1);
}
END_TEST

START_TEST(damaged_bytes_are_no_event)
{
    struct event event;
    ck_assert_uint_eq(UNPACK("\x02\0\0\0\x01\x07\x02hi"), 0); /* wire 3 */
    ck_assert_uint_eq(UNPACK("\x02\0\0\0\x01\x04\x02"), 0); /* text as number */
    ck_assert_uint_eq(UNPACK("\x02\xff\xff\xff\xff\x7f\0\0\0"), 0); /* run */
    ck_assert_uint_eq(
        UNPACK("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\0\0\0\0"), 0);
    ck_assert_uint_eq(
        UNPACK("\x02\0\0\0\x01\x06\xff\xff\xff\xff\xff\xff\xff\xff\x7fhi"), 0);
    ck_assert_uint_eq(UNPACK("\x02\0\0\0\xff\xff\xff\xff\xff\x01"), 0);
}
END_TEST

START_TEST(no_bytes_crash_the_reader)
{
    uint64_t state = 88172645463325252u;
    for (int round = 0; round < 20000; round++) {
        char bytes[40];
        struct event event;
        for (size_t i = 0; i < sizeof bytes; i++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            bytes[i] = (char)(state & (round % 2 ? 0x0f : 0xff));
        }
        struct slice slice = { bytes, sizeof bytes };
        size_t used = event_unpack(&event, slice, 0);
        ck_assert_uint_le(used, sizeof bytes);
        if (used) {
            struct buf packed = { 0 };
            struct event again;
            event_pack(&packed, &event, 0);
            ck_assert_uint_eq(event_unpack(&again, buf_slice(&packed), 0),
                              packed.len);
            assert_same(&event, &again);
            buf_clear(&packed);
        }
    }
}
END_TEST

START_TEST(a_small_event_takes_few_bytes)
{
    struct event event = { .type = EVENT_TEXT_DELTA, .at = 1700000000020 };
    struct buf packed = { 0 };
    event.run = 1;
    event.attempt = 1;
    event_add_string(&event, FIELD_TEXT, " the");
    event_pack(&packed, &event, 1700000000000);
    ck_assert_uint_eq(packed.len, 11);
    buf_clear(&packed);
}
END_TEST

START_TEST(absent_fields_read_as_nothing)
{
    struct event event = { .type = EVENT_USAGE };
    event_add_number(&event, FIELD_OUTPUT, 0);
    ck_assert(!event_has(&event, FIELD_INPUT));
    ck_assert(event_has(&event, FIELD_OUTPUT));
    ck_assert_uint_eq(event_number(&event, FIELD_INPUT), 0);
    ck_assert(event_real(&event, FIELD_COST) == 0);
    ck_assert_uint_eq(event_text(&event, FIELD_MODEL).len, 0);
}
END_TEST

START_TEST(empty_texts_and_numbers_that_are_none_add_nothing)
{
    struct event event = { .type = EVENT_USAGE };
    event_add_string(&event, FIELD_MODEL, "");
    event_add_string(&event, FIELD_MODEL, NULL);
    event_add_real(&event, FIELD_COST, (double)NAN);
    event_add_real(&event, FIELD_COST, (double)INFINITY);
    ck_assert_uint_eq(event.field_count, 0);
}
END_TEST

static void assert_json(const struct event *event, const char *expected)
{
    struct buf json = { 0 };
    event_to_json(&json, event);
    ck_assert_str_eq(buf_string(&json), expected);
    buf_clear(&json);
}

START_TEST(json_has_the_stamps_first_and_the_fields_as_added)
{
    struct event event = { .type = EVENT_TEXT_DELTA, .seq = 12, .run = 1 };
    event.attempt = 2;
    event_add_string(&event, FIELD_TEXT, "a \"b\"\n");
    event_add_number(&event, FIELD_REFUSAL, 7);
    assert_json(&event, "{\"type\":\"text-delta\",\"seq\":12,\"run\":1,"
                        "\"attempt\":2,\"text\":\"a \\\"b\\\"\\n\","
                        "\"refusal\":true}");
}
END_TEST

START_TEST(json_leaves_out_what_does_not_apply)
{
    struct event event = { .type = EVENT_HEAD_MOVED };
    event_add_number(&event, FIELD_NODE, 0);
    assert_json(&event, "{\"type\":\"head-moved\",\"node\":0}");
    event = (struct event){ .type = EVENT_TITLE, .at = 1700000000000 };
    assert_json(&event, "{\"type\":\"title\",\"at\":1700000000000}");
    event = (struct event){ .type = EVENT_NONE, .seq = 3 };
    assert_json(&event, "{\"type\":\"unknown\",\"seq\":3}");
}
END_TEST

START_TEST(json_never_names_a_member_twice)
{
    struct event event = { .type = EVENT_SESSION_OPENED, .at = 99, .seq = 1 };
    event_add_string(&event, FIELD_FROM, "s1");
    event_add_number(&event, FIELD_AT_SEQ, 40);
    assert_json(&event,
                "{\"type\":\"session-opened\",\"seq\":1,\"from\":\"s1\","
                "\"at\":40}");
}
END_TEST

START_TEST(json_values_stand_as_they_are_on_one_line)
{
    struct event event = { .type = EVENT_ROUTED, .run = 1 };
    event_add_real(&event, FIELD_SCORE, 0.1);
    event_add_string(&event, FIELD_REASONS, "[\n  \"long\",\r\n  \"code\"\n]");
    assert_json(&event, "{\"type\":\"routed\",\"run\":1,\"score\":0.1,"
                        "\"reasons\":[   \"long\",    \"code\" ]}");
}
END_TEST

START_TEST(reals_are_short_and_read_back_exactly)
{
    static const struct {
        double real;
        const char *text;
    } rows[] = {
        { 0.1, "0.1" },
        { 1.0 / 3, "0.3333333333333333" },
        { 2.0 / 3, "0.6666666666666666" },
        { 0.1 + 0.2, "0.30000000000000004" },
        { 3, "3" },
        { -0.5, "-0.5" },
        { 1e22, "1e+22" },
        { 5e-324, "4.94065645841247e-324" },
        { 0.000123, "0.000123" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct event event = { .type = EVENT_USAGE };
        struct buf expected = { 0 };
        event_add_real(&event, FIELD_COST, rows[i].real);
        buf_printf(&expected, "{\"type\":\"usage\",\"cost\":%s}", rows[i].text);
        ck_assert(strtod(rows[i].text, NULL) == rows[i].real);
        assert_json(&event, buf_string(&expected));
        buf_clear(&expected);
    }
}
END_TEST

START_TEST(a_field_of_another_type_is_a_programmer_error)
{
    struct event event = { .type = EVENT_TITLE };
    event_add_number(&event, FIELD_NODE, 1);
}
END_TEST

START_TEST(a_field_added_twice_is_a_programmer_error)
{
    struct event event = { .type = EVENT_TITLE };
    event_add_string(&event, FIELD_TEXT, "a");
    event_add_string(&event, FIELD_TEXT, "b");
}
END_TEST

Suite *event_suite(void)
{
    Suite *suite = suite_create("event");
    TCase *test = tcase_create("event");
    tcase_add_test(test, names_are_those_of_the_design_and_read_back);
    tcase_add_test(test, types_carry_the_fields_of_the_design);
    tcase_add_test(test, every_type_has_room_for_all_its_fields);
    tcase_add_test(test, every_type_and_field_packs_and_unpacks_the_same);
    tcase_add_test(test, every_cut_of_a_packed_event_is_no_event);
    tcase_add_test(test, events_in_a_row_are_read_off_one_by_one);
    tcase_add_test(test, fields_and_types_of_a_newer_version_are_skipped);
    tcase_add_test(test, damaged_bytes_are_no_event);
    tcase_add_test(test, no_bytes_crash_the_reader);
    tcase_add_test(test, a_small_event_takes_few_bytes);
    tcase_add_test(test, absent_fields_read_as_nothing);
    tcase_add_test(test, empty_texts_and_numbers_that_are_none_add_nothing);
    tcase_add_test(test, json_has_the_stamps_first_and_the_fields_as_added);
    tcase_add_test(test, json_leaves_out_what_does_not_apply);
    tcase_add_test(test, json_never_names_a_member_twice);
    tcase_add_test(test, json_values_stand_as_they_are_on_one_line);
    tcase_add_test(test, reals_are_short_and_read_back_exactly);
    tcase_add_test_raise_signal(
        test, a_field_of_another_type_is_a_programmer_error, SIGABRT);
    tcase_add_test_raise_signal(test, a_field_added_twice_is_a_programmer_error,
                                SIGABRT);
    suite_add_tcase(suite, test);
    return suite;
}
