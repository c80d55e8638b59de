/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "graph/graph.h"
#include "graph/redaction.h"
#include "tests/support/random_log.h"

Suite *redaction_suite(void);

static void add(struct log *log, struct event event, enum event_field field,
                const char *text)
{
    event.at = 1700000000000 + (int64_t)log_last_seq(log);
    if (text)
        event_add_string(&event, field, text);
    log_append(log, &event);
}

static void add_delta(struct log *log, enum event_type type, const char *text)
{
    add(log, (struct event){ .type = type, .run = 1, .attempt = 1 }, FIELD_TEXT,
        text);
}

static void require_text(const struct log *log, uint64_t seq,
                         enum event_field field, const char *expected)
{
    struct event event;
    struct buf text = { 0 };
    ck_assert(log_read(log, seq, &event));
    buf_append_slice(&text, event_text(&event, field));
    ck_assert_str_eq(buf_string(&text), expected);
    buf_clear(&text);
}

/* No byte of the log holds it any more. */
static void require_gone(const struct log *log, const char *text)
{
    struct buf packed = { 0 };
    log_pack(log, 1, SIZE_MAX, &packed);
    ck_assert_ptr_null(memmem(packed.ptr, packed.len, text, strlen(text)));
    buf_clear(&packed);
}

static struct log *redact(struct log *take_log, const char *text,
                          uint64_t places)
{
    uint64_t found = 0;
    struct log *made = redaction_make(take_log, slice_of(text), &found);
    ck_assert_uint_eq(found, places);
    ck_assert_uint_eq(log_last_seq(made), log_last_seq(take_log));
    log_free(take_log);
    return made;
}

/* "complete" and its like are not said by anybody. */
static bool is_word(enum event_field field)
{
    static const enum event_field words[] = {
        FIELD_OUTCOME, FIELD_FINISH_REASON, FIELD_STATE, FIELD_TIER,
        FIELD_TRUST,   FIELD_DIALECT,       FIELD_KIND,  FIELD_MEDIA_TYPE,
    };
    for (size_t i = 0; i < COUNTOF(words); i++)
        if (words[i] == field)
            return true;
    return false;
}

START_TEST(a_text_goes_from_every_field_that_can_hold_one)
{
    for (enum event_type type = EVENT_NONE + 1; type < EVENT_TYPE_COUNT; type++)
        for (enum event_field field = FIELD_NONE + 1; field < FIELD_COUNT;
             field++) {
            enum field_kind kind = event_field_kind(field);
            if (!event_type_carries(type, field) || kind < FIELD_KIND_TEXT ||
                is_word(field))
                continue;
            struct log *log = log_new();
            bool is_json = kind == FIELD_KIND_JSON;
            add(log, (struct event){ .type = type, .run = 1 }, field,
                is_json ? "{\"key\": [\"a hunter2 b\"]}" : "a hunter2 b");
            log = redact(log, "hunter2", 1);
            require_text(log, 1, field,
                         is_json ? "{\"key\": [\"a [redacted] b\"]}"
                                 : "a [redacted] b");
            log_free(log);
        }
}
END_TEST

START_TEST(a_text_that_is_split_over_deltas_goes_whole)
{
    static const enum event_type types[] = { EVENT_TEXT_DELTA,
                                             EVENT_THINKING_DELTA };
    for (size_t i = 0; i < COUNTOF(types); i++) {
        struct log *log = log_new();
        add_delta(log, types[i], "it is hun");
        add_delta(log, EVENT_MODEL_REPORTED, NULL);
        add_delta(log, types[i], "t");
        add_delta(log, types[i], "er2, and hunter");
        add_delta(log, types[i], "2.");
        log = redact(log, "hunter2", 2);
        require_text(log, 1, FIELD_TEXT, "it is [redacted]");
        require_text(log, 3, FIELD_TEXT, "");
        require_text(log, 4, FIELD_TEXT, ", and [redacted]");
        require_text(log, 5, FIELD_TEXT, ".");
        log_free(log);
    }
}
END_TEST

START_TEST(deltas_of_two_answers_are_not_one_text)
{
    struct log *log = log_new();
    add_delta(log, EVENT_TEXT_DELTA, "hunt");
    add(log, (struct event){ .type = EVENT_TEXT_DELTA, .run = 1, .attempt = 2 },
        FIELD_TEXT, "er2");
    log = redact(log, "hunter2", 0);
    require_text(log, 1, FIELD_TEXT, "hunt");
    require_text(log, 2, FIELD_TEXT, "er2");
    log_free(log);
}
END_TEST

START_TEST(arguments_of_calls_lose_it_by_call)
{
    struct log *log = log_new();
    static const struct {
        uint64_t call;
        const char *text, *expected;
    } rows[] = {
        { 1, "{\"key\":\"hun", "{\"key\":\"[redacted]" },
        { 2, "{\"other\":\"hun\"", "{\"other\":\"hun\"" },
        { 1, "ter2\"}", "\"}" },
        { 2, "}", "}" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct event event = { .type = EVENT_TOOL_CALL_DELTA,
                               .run = 1,
                               .attempt = 1 };
        event_add_number(&event, FIELD_CALL, rows[i].call);
        add(log, event, FIELD_ARGUMENTS, rows[i].text);
    }
    log = redact(log, "hunter2", 1);
    for (size_t i = 0; i < COUNTOF(rows); i++)
        require_text(log, i + 1, FIELD_ARGUMENTS, rows[i].expected);
    log_free(log);
}
END_TEST

START_TEST(it_is_found_however_json_writes_it)
{
    /* The text is: a/"b" and an e with an acute accent. */
    static const char *const escaped[] = {
        "{\"k\":\"a/\\\"b\\\"\xc3\xa9\"}", "{\"k\":\"a\\/\\\"b\\\"\\u00e9\"}",
        "{\"k\":\"a/\\\"b\\\"\\u00E9\"}",
        "{\"k\":\"\\u0061/\\u0022b\\\"\\u00e9\"}", /* only in JSON fields */
    };
    for (size_t i = 0; i < COUNTOF(escaped); i++) {
        struct log *log = log_new();
        add(log, (struct event){ .type = EVENT_OPAQUE }, FIELD_JSON,
            escaped[i]);
        log = redact(log, "a/\"b\"\xc3\xa9", 1);
        require_text(log, 1, FIELD_JSON, "{\"k\":\"[redacted]\"}");
        log_free(log);
    }
    for (size_t i = 0; i < COUNTOF(escaped) - 1; i++) {
        struct log *log = log_new();
        add(log, (struct event){ .type = EVENT_TOOL_CALL_END }, FIELD_ARGUMENTS,
            escaped[i]);
        log = redact(log, "a/\"b\"\xc3\xa9", 1);
        require_text(log, 1, FIELD_ARGUMENTS, "{\"k\":\"[redacted]\"}");
        log_free(log);
    }
}
END_TEST

START_TEST(json_in_a_string_of_json_loses_it_too)
{
    struct log *log = log_new();
    add(log, (struct event){ .type = EVENT_TOOL_CALL_END }, FIELD_ARGUMENTS,
        "{\"body\":\"{\\\"k\\\":\\\"say \\\\\\\"hi\\\\\\\"\\\"}\"}");
    log = redact(log, "say \"hi\"", 1);
    require_text(log, 1, FIELD_ARGUMENTS,
                 "{\"body\":\"{\\\"k\\\":\\\"[redacted]\\\"}\"}");
    log_free(log);
}
END_TEST

START_TEST(json_stays_json_where_the_text_is_no_string)
{
    static const struct {
        const char *json, *text, *expected;
    } rows[] = {
        { "{\"pin\":12345678}", "345678", "{\"pin\":\"[redacted]\"}" },
        { "{\"pin12345\": 1 }", "pin12345", "{\"[redacted]\": 1 }" },
        { "[\"a\",\"b\"]", "\"a\",\"b\"", "\"[redacted]\"" },
        { "[true]", "true", "[\"[redacted]\"]" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct log *log = log_new();
        add(log, (struct event){ .type = EVENT_SETTINGS_SET }, FIELD_SETTINGS,
            rows[i].json);
        log = redact(log, rows[i].text, 1);
        require_text(log, 1, FIELD_SETTINGS, rows[i].expected);
        log_free(log);
    }
}
END_TEST

START_TEST(what_vouches_for_an_answer_goes_with_what_it_was)
{
    struct log *log = log_new();
    struct event event;
    add_delta(log, EVENT_THINKING_DELTA, "the key is hunter2");
    add(log, (struct event){ .type = EVENT_OPAQUE, .run = 1, .attempt = 1 },
        FIELD_JSON, "\"signature\"");
    add(log, (struct event){ .type = EVENT_OPAQUE, .run = 1, .attempt = 2 },
        FIELD_JSON, "\"signature\"");
    log = redact(log, "hunter2", 1);
    ck_assert(log_read(log, 2, &event));
    ck_assert_int_eq(event.type, EVENT_REDACTED);
    ck_assert(log_read(log, 3, &event));
    ck_assert_int_eq(event.type, EVENT_OPAQUE);
    log_free(log);
}
END_TEST

START_TEST(what_a_newer_version_wrote_loses_it_with_all_it_said)
{
    /* Type 100 with field 98: bytes. */
    static const char bytes[] = "\x64\x01\x00\x04\x01\x8a\x03\x07hunter2";
    static const char other[] = "\x64\x01\x00\x04\x01\x8a\x03\x07hunter3";
    struct log *log = log_new();
    struct event event;
    struct buf packed = { 0 };
    log_append_packed(log, (struct slice){ bytes, sizeof bytes - 1 }, &event);
    log_append_packed(log, (struct slice){ other, sizeof other - 1 }, &event);
    log = redact(log, "hunter2", 1);
    require_gone(log, "hunter2");
    log_packed(log, 2, &packed);
    ck_assert(slice_equal(buf_slice(&packed),
                          (struct slice){ other, sizeof other - 1 }));
    buf_clear(&packed);
    log_free(log);
}
END_TEST

START_TEST(nothing_else_changes_by_a_bit)
{
    struct log *log = log_new();
    struct buf before = { 0 }, after = { 0 };
    for (int i = 0; i < 100; i++) {
        add_delta(log, EVENT_TEXT_DELTA, "some words ");
        add(log, (struct event){ .type = EVENT_SETTINGS_SET }, FIELD_SETTINGS,
            "{ \"a\" : [1.0, \"\\u00e9\", null] }");
    }
    log_pack(log, 1, SIZE_MAX, &before);
    log = redact(log, "hunter2", 0);
    log_pack(log, 1, SIZE_MAX, &after);
    ck_assert(slice_equal(buf_slice(&before), buf_slice(&after)));
    buf_clear(&before);
    buf_clear(&after);
    log_free(log);
}
END_TEST

/* Whatever the text is and however it was cut, it is gone, and the text of the
 * answer is the one that a search in the whole would have made. */
START_TEST(every_split_of_an_answer_loses_it)
{
    static const char answer[] = "abcabcabxabcabcab abcab";
    for (size_t first = 0; first < sizeof answer - 1; first++)
        for (size_t second = first; second < sizeof answer - 1; second++) {
            struct log *log = log_new();
            struct buf text = { 0 };
            size_t starts[] = { 0, first, second, sizeof answer - 1 };
            for (size_t i = 0; i < 3; i++) {
                struct event event = {
                    .type = EVENT_TEXT_DELTA, .run = 1, .attempt = 1, .at = 1
                };
                event_add_text(&event, FIELD_TEXT,
                               (struct slice){ answer + starts[i],
                                               starts[i + 1] - starts[i] });
                log_append(log, &event);
            }
            log = redact(log, "abcab", 3);
            struct event event;
            for (uint64_t seq = 1; log_read(log, seq, &event); seq++)
                buf_append_slice(&text, event_text(&event, FIELD_TEXT));
            ck_assert_str_eq(buf_string(&text),
                             "[redacted]cabx[redacted]cab [redacted]");
            buf_clear(&text);
            log_free(log);
        }
}
END_TEST

/* Conversations of any shape, and a text that is somewhere in them. */

static struct graph *fold(const struct log *log)
{
    struct graph *graph = graph_new();
    struct event event;
    for (uint64_t seq = 1; log_read(log, seq, &event); seq++)
        graph_apply(graph, &event);
    return graph;
}

static struct log *make_any(uint64_t seed)
{
    struct random_log random = { .state = seed, .wild_share = 10 };
    struct graph *graph = graph_new();
    struct log *log = log_new();
    while (log_last_seq(log) < 400) {
        struct event event;
        random_event(&random, graph, &event);
        log_append(log, &event);
        graph_apply(graph, &event);
    }
    graph_free(graph);
    return log;
}

static void require_clean(const struct log *log, struct slice text)
{
    struct event event;
    for (uint64_t seq = 1; log_read(log, seq, &event); seq++)
        for (uint32_t i = 0; i < event.field_count; i++)
            ck_assert(is_word(event.fields[i].field) ||
                      !event.fields[i].text.len ||
                      !memmem(event.fields[i].text.ptr,
                              event.fields[i].text.len, text.ptr, text.len));
}

static void require_same_shape(const struct log *a, const struct log *b)
{
    struct graph *before = fold(a), *after = fold(b);
    ck_assert_uint_eq(graph_node_count(before), graph_node_count(after));
    for (size_t i = 0; i < graph_node_count(before); i++)
        ck_assert_uint_eq(graph_node_at(before, i)->id,
                          graph_node_at(after, i)->id);
    ck_assert_uint_eq(graph_head(before), graph_head(after));
    for (uint32_t run = 1; run <= graph_run_count(before); run++)
        ck_assert_int_eq(graph_run(before, run)->state,
                         graph_run(after, run)->state);
    graph_free(before);
    graph_free(after);
}

START_TEST(any_conversation_keeps_its_shape_without_the_text)
{
    struct log *log = make_any((uint64_t)_i + 1);
    struct event event;
    int tried = 0;
    for (uint64_t seq = 1; seq <= log_last_seq(log) && tried < 20; seq += 7) {
        ck_assert(log_read(log, seq, &event));
        for (uint32_t i = 0; i < event.field_count; i++) {
            char bytes[5] = "";
            uint64_t places = 0;
            if (event.fields[i].text.len < 4 || is_word(event.fields[i].field))
                continue;
            memcpy(bytes, event.fields[i].text.ptr, 4);
            struct slice text = { bytes, 4 };
            if (strstr(redaction_mark, bytes))
                continue;
            struct log *made = redaction_make(log, text, &places);
            ck_assert_uint_gt(places, 0);
            require_clean(made, text);
            require_same_shape(log, made);
            log_free(made);
            tried++;
        }
    }
    ck_assert_int_gt(tried, 0);
    log_free(log);
}
END_TEST

START_TEST(an_answer_that_begins_anew_is_another_text)
{
    struct log *log = log_new();
    add_delta(log, EVENT_TEXT_DELTA, "hunt");
    add_delta(log, EVENT_SUPERSEDED, NULL);
    add_delta(log, EVENT_TEXT_DELTA, "er2");
    log = redact(log, "hunter2", 0);
    require_text(log, 3, FIELD_TEXT, "er2");
    log_free(log);
}
END_TEST

Suite *redaction_suite(void)
{
    Suite *suite = suite_create("redaction");
    TCase *test = tcase_create("redaction");
    tcase_add_test(test, a_text_goes_from_every_field_that_can_hold_one);
    tcase_add_test(test, a_text_that_is_split_over_deltas_goes_whole);
    tcase_add_test(test, deltas_of_two_answers_are_not_one_text);
    tcase_add_test(test, arguments_of_calls_lose_it_by_call);
    tcase_add_test(test, it_is_found_however_json_writes_it);
    tcase_add_test(test, json_in_a_string_of_json_loses_it_too);
    tcase_add_test(test, json_stays_json_where_the_text_is_no_string);
    tcase_add_test(test, what_vouches_for_an_answer_goes_with_what_it_was);
    tcase_add_test(test, what_a_newer_version_wrote_loses_it_with_all_it_said);
    tcase_add_test(test, nothing_else_changes_by_a_bit);
    tcase_add_test(test, every_split_of_an_answer_loses_it);
    tcase_add_test(test, an_answer_that_begins_anew_is_another_text);
    tcase_set_timeout(test, 60);
    tcase_add_loop_test(test, any_conversation_keeps_its_shape_without_the_text,
                        0, 20);
    suite_add_tcase(suite, test);
    return suite;
}
