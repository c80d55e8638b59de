/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "llm/calls.h"

Suite *call_fragments_suite(void);

static struct buf script;

static void on_event(void *context, struct event *event)
{
    (void)context;
    struct slice id = event_text(event, FIELD_ID);
    struct slice name = event_text(event, FIELD_NAME);
    struct slice arguments = event_text(event, FIELD_ARGUMENTS);
    buf_printf(&script, "%s%d %.*s %.*s %.*s\n",
               event->type == EVENT_TOOL_CALL_START   ? "+"
               : event->type == EVENT_TOOL_CALL_DELTA ? "."
                                                      : "=",
               (int)event_number(event, FIELD_CALL), SLICE_ARG(id),
               SLICE_ARG(name), SLICE_ARG(arguments));
}

/* One fragment of a case; index -1: none. */
struct piece {
    int index;
    const char *id;
    const char *name;
    const char *arguments;
    bool is_object;
};

static struct call_fragment fragment_of(const struct piece *piece)
{
    return (struct call_fragment){
        .has_index = piece->index >= 0,
        .index = piece->index,
        .id = slice_of(piece->id),
        .name = slice_of(piece->name),
        .arguments = slice_of(piece->arguments),
        .is_object = piece->is_object,
    };
}

/* Feed the pieces up to the one without anything, and compare the ends. */
static void ck_calls(const struct piece *pieces, const char *ends)
{
    struct calls calls = { .fn = on_event };
    struct error err = { 0 };
    for (; pieces->index >= 0 || pieces->id || pieces->name; pieces++) {
        struct call_fragment fragment = fragment_of(pieces);
        ck_assert(calls_add(&calls, &fragment, &err));
    }
    buf_reset(&script);
    calls_end(&calls, false);
    ck_assert_str_eq(buf_string(&script), ends);
    calls_clear(&calls);
    buf_clear(&script);
}

#define END                         \
    {                               \
        -1, NULL, NULL, NULL, false \
    }

START_TEST(fragments_join_by_their_index)
{
    ck_calls((struct piece[]){ { 0, "x", "a", "", false },
                               { 1, "y", "b", "{\"q", false },
                               { 0, NULL, NULL, "{\"p\":", false },
                               { 1, NULL, NULL, "\":2}", false },
                               { 0, NULL, NULL, "1}", false },
                               END },
             "=1 x a {\"p\":1}\n=2 y b {\"q\":2}\n");
    /* An index need not start at 0. */
    ck_calls((struct piece[]){ { 1, "x", "a", "", false },
                               { 1, NULL, NULL, "{}", false },
                               END },
             "=1 x a {}\n");
}
END_TEST

START_TEST(another_id_or_name_on_the_same_index_is_another_call)
{
    ck_calls((struct piece[]){ { 0, "x", "a", "{}", false },
                               { 0, "y", "a", "{}", false },
                               END },
             "=1 x a {}\n=2 y a {}\n");
    ck_calls((struct piece[]){ { 0, "x", "a", "{}", false },
                               { 0, "y", "b", "{}", false },
                               END },
             "=1 x a {}\n=2 y b {}\n");
    ck_calls((struct piece[]){ { 0, NULL, "a", "{}", false },
                               { 0, NULL, "b", "{}", false },
                               END },
             "=1  a {}\n=2  b {}\n");
    ck_calls((struct piece[]){ { 0, NULL, "a", "{\"n\":1}", false },
                               { 0, NULL, "a", "{\"n\":2}", false },
                               END },
             "=1  a {\"n\":1}\n=2  a {\"n\":2}\n");
    ck_calls((struct piece[]){ { 0, "0", "a", "{}", false },
                               { 0, "0", "b", "{}", false },
                               END },
             "=1 0 a {}\n=2 0 b {}\n");
}
END_TEST

START_TEST(without_an_index_a_name_begins_a_call)
{
    ck_calls((struct piece[]){ { -1, NULL, "a", "{}", false },
                               { -1, NULL, "b", "{}", false },
                               END },
             "=1  a {}\n=2  b {}\n");
    ck_calls((struct piece[]){ { -1, "x", "a", "{", false },
                               { -1, "y", "b", "{", false },
                               { -1, "x", NULL, "}", false },
                               { -1, "y", NULL, "}", false },
                               END },
             "=1 x a {}\n=2 y b {}\n");
}
END_TEST

START_TEST(continuations_may_repeat_or_blank_id_and_name)
{
    ck_calls((struct piece[]){ { 0, "x", "a", "{", false },
                               { 0, "", "", "\"p\"", false },
                               { 0, "x", "a", ":1}", false },
                               END },
             "=1 x a {\"p\":1}\n");
    ck_calls((struct piece[]){ { 0, NULL, "a", "{", false },
                               { 0, NULL, "a", "}", false },
                               { 0, "late", NULL, NULL, false },
                               END },
             "=1 late a {}\n");
    ck_calls((struct piece[]){ { 0, "x", "get_", NULL, false },
                               { 0, NULL, "weather", NULL, false },
                               { 0, NULL, NULL, "{}", false },
                               END },
             "=1 x get_weather {}\n");
}
END_TEST

START_TEST(whole_arguments_that_are_repeated_count_once)
{
    ck_calls((struct piece[]){ { 0, "x", "a", "{\"a\":1}", false },
                               { 0, "x", "a", "{\"a\":1}", false },
                               END },
             "=1 x a {\"a\":1}\n");
    ck_calls((struct piece[]){ { 0, NULL, "a", "{\"a\":1}", false },
                               { 0, NULL, "a", "{\"a\":1}", false },
                               END },
             "=1  a {\"a\":1}\n");
    ck_calls((struct piece[]){ { 0, "x", "a", "{\"a\":", false },
                               { 0, NULL, NULL, "1", false },
                               { 0, NULL, NULL, "1", false },
                               { 0, NULL, NULL, "}", false },
                               END },
             "=1 x a {\"a\":11}\n");
}
END_TEST

START_TEST(arguments_as_a_value_are_taken_whole)
{
    ck_calls((struct piece[]){ { 0, "x", "a", "{\"x\":1}", true }, END },
             "=1 x a {\"x\":1}\n");
    /* An empty object before the text is a gateway's placeholder. */
    ck_calls((struct piece[]){ { 0, "x", "a", "{}", true },
                               { 0, NULL, NULL, "{\"x\":1}", false },
                               END },
             "=1 x a {\"x\":1}\n");
    ck_calls((struct piece[]){ { 0, NULL, "a", "{}", true },
                               { 0, NULL, "b", "{}", true },
                               END },
             "=1  a {}\n=2  b {}\n");
}
END_TEST

START_TEST(no_arguments_are_an_empty_object)
{
    ck_calls((struct piece[]){ { 0, "x", "a", NULL, false }, END },
             "=1 x a {}\n");
    ck_calls((struct piece[]){ { 0, "x", "a", "null", false }, END },
             "=1 x a {}\n");
    ck_calls((struct piece[]){ { 0, "x", "a", " ", false }, END },
             "=1 x a {}\n");
}
END_TEST

START_TEST(arguments_that_are_no_json_stay_as_they_are)
{
    ck_calls((struct piece[]){ { 0, "x", "a", "{\"a\":\"x", false }, END },
             "=1 x a {\"a\":\"x\n");
    ck_calls((struct piece[]){ { 0, "x", "a", "{} trailing", false }, END },
             "=1 x a {} trailing\n");
}
END_TEST

START_TEST(a_call_starts_when_it_is_known_and_not_before)
{
    struct calls calls = { .fn = on_event };
    struct error err = { 0 };
    struct piece pieces[] = {
        { 3, NULL, NULL, "{\"", false },
        { 3, NULL, "a", "p\":", false },
        { 3, "x", NULL, "1}", false },
    };
    for (size_t i = 0; i < COUNTOF(pieces); i++) {
        struct call_fragment fragment = fragment_of(&pieces[i]);
        ck_assert(calls_add(&calls, &fragment, &err));
    }
    ck_assert_uint_eq(calls_end(&calls, false), 0);
    ck_assert_str_eq(buf_string(&script), "+1  a \n"
                                          ".1   {\"\n"
                                          ".1   p\":\n"
                                          ".1   1}\n"
                                          "=1 x a {\"p\":1}\n");
    calls_clear(&calls);
    buf_clear(&script);
}
END_TEST

START_TEST(a_call_without_a_name_is_one_and_what_says_nothing_is_counted)
{
    struct calls calls = { .fn = on_event };
    struct error err = { 0 };
    struct call_fragment nameless = { .has_index = true,
                                      .arguments = slice_of("{\"p\":1}") };
    struct call_fragment named = { .has_index = true,
                                   .index = 1,
                                   .name = slice_of("a") };
    struct call_fragment empty = { .has_index = true, .index = 2 };
    ck_assert(calls_add(&calls, &nameless, &err));
    ck_assert(calls_add(&calls, &named, &err));
    ck_assert(calls_add(&calls, &empty, &err));
    ck_assert_uint_eq(calls_end(&calls, false), 1);
    ck_assert_str_eq(buf_string(&script), "+1  a \n"
                                          "+2   \n"
                                          ".2   {\"p\":1}\n"
                                          "=2   {\"p\":1}\n"
                                          "=1  a {}\n");
    calls_clear(&calls);
    buf_clear(&script);
}
END_TEST

START_TEST(a_whole_call_without_a_name_is_one_in_its_place)
{
    struct calls calls = { .fn = on_event };
    struct error err = { 0 };
    struct call_fragment nameless = { .id = slice_of("y"),
                                      .arguments = slice_of("{}") };
    struct call_fragment named = { .name = slice_of("a"),
                                   .arguments = slice_of("{\"p\":1}") };
    ck_assert(calls_add_whole(&calls, &named, &err));
    ck_assert(calls_add_whole(&calls, &nameless, &err));
    ck_assert(calls_add_whole(&calls, &named, &err));
    ck_assert(calls_add_whole(&calls, &(struct call_fragment){ 0 }, &err));
    ck_assert_uint_eq(calls_end(&calls, false), 1);
    ck_assert_str_eq(buf_string(&script), "+1  a \n+2 y  \n+3  a \n"
                                          "=1  a {\"p\":1}\n"
                                          "=2 y  {}\n"
                                          "=3  a {\"p\":1}\n");
    calls_clear(&calls);
    buf_clear(&script);
}
END_TEST

START_TEST(whole_calls_start_at_once_and_end_with_the_answer)
{
    struct calls calls = { .fn = on_event };
    struct error err = { 0 };
    struct call_fragment one = { .name = slice_of("a"),
                                 .arguments = slice_of("{\"p\":1}") };
    ck_assert(calls_add_whole(&calls, &one, &err));
    ck_assert(calls_add_whole(&calls, &one, &err));
    ck_assert_uint_eq(calls_end(&calls, false), 0);
    ck_assert_str_eq(buf_string(&script), "+1  a \n+2  a \n"
                                          "=1  a {\"p\":1}\n=2  a {\"p\":1}\n");
    calls_clear(&calls);
    buf_clear(&script);
}
END_TEST

START_TEST(too_many_calls_are_refused)
{
    struct calls calls = { .fn = on_event };
    struct error err = { 0 };
    struct call_fragment one = { .name = slice_of("a") };
    for (int i = 0; i < CALLS_MAX; i++)
        ck_assert(calls_add(&calls, &one, &err));
    ck_assert(!calls_add(&calls, &one, &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    calls_clear(&calls);
    buf_clear(&script);
}
END_TEST

Suite *call_fragments_suite(void)
{
    Suite *suite = suite_create("call_fragments");
    TCase *tcase = tcase_create("call_fragments");
    tcase_add_test(tcase, fragments_join_by_their_index);
    tcase_add_test(tcase, another_id_or_name_on_the_same_index_is_another_call);
    tcase_add_test(tcase, without_an_index_a_name_begins_a_call);
    tcase_add_test(tcase, continuations_may_repeat_or_blank_id_and_name);
    tcase_add_test(tcase, whole_arguments_that_are_repeated_count_once);
    tcase_add_test(tcase, arguments_as_a_value_are_taken_whole);
    tcase_add_test(tcase, no_arguments_are_an_empty_object);
    tcase_add_test(tcase, arguments_that_are_no_json_stay_as_they_are);
    tcase_add_test(tcase, a_call_starts_when_it_is_known_and_not_before);
    tcase_add_test(
        tcase, a_call_without_a_name_is_one_and_what_says_nothing_is_counted);
    tcase_add_test(tcase, a_whole_call_without_a_name_is_one_in_its_place);
    tcase_add_test(tcase, whole_calls_start_at_once_and_end_with_the_answer);
    tcase_add_test(tcase, too_many_calls_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
