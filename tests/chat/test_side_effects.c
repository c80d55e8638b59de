/* SPDX-License-Identifier: MIT */
/*
 * A tool has run, and then the server fails: whether somebody else goes on, and
 * that it is said. No tool runs by itself yet; here the test is the one who runs
 * it, as soon as the answer that asks for it is complete.
 */
#include <string.h>

#include <check.h>

#include "tests/support/paid.h"

Suite *side_effects_suite(void);

/* It asks for a tool and breaks off to be asked again; then it fails. */
#define CALLS                                                                \
    "match POST /api/chat\ntimes 1\nstatus 200 OK\nchunked\n"                \
    "line {\"message\":{\"content\":\"look\",\"tool_calls\":[{\"function\":" \
    "{\"name\":\"shell\",\"arguments\":{}}}]},\"done\":false}\n"             \
    "line {\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":"    \
    "\"pause_turn\"}\n"

#define LADDER                                                        \
    "routing: {ladder: [box/m, gate/large], threshold: 1, band: 0,\n" \
    "  fallback: {after_side_effects: %s}}\nlimits: {backoff: 1ms}\n"

static bool has_run;

static void append(enum event_type type)
{
    struct event event = { .type = type, .run = 1 };
    event_add_number(&event, FIELD_CALL, 1);
    if (type == EVENT_TOOL_FINISHED) {
        event_add_string(&event, FIELD_OUTCOME, "completed");
        event_add_string(&event, FIELD_TEXT, "done");
    }
    conversation_append(
        (struct conversation *)(uintptr_t)chat_conversation(paid.chat), &event);
}

static void run_tool(const struct event *event)
{
    if (event->type != EVENT_ATTEMPT_FINISHED || has_run)
        return;
    has_run = true;
    append(EVENT_TOOL_STARTED);
    append(EVENT_TOOL_FINISHED);
}

static void begin(const char *word, bool is_watched, bool runs_tool)
{
    struct buf more = { 0 };
    has_run = !runs_tool;
    buf_printf(&more, LADDER, word);
    paid_open(&(struct paid_plan){ .own = CALLS,
                                   .own_next = PAID_OWN_BROKEN,
                                   .more = buf_string(&more),
                                   .is_watched = is_watched,
                                   .on_event = run_tool });
    buf_clear(&more);
    paid_ask();
    ck_assert(has_run);
}

static const struct run *run(void)
{
    return graph_run(chat_conversation(paid.chat)->graph, 1);
}

#define BARRED                                    \
    "; nobody else was asked, for shell has run " \
    "(routing.fallback.after_side_effects)"

static const struct {
    const char *word;
    bool is_watched;
} barred[] = {
    { "never", true },
    { "never", false },
    { "ask", false },
};

START_TEST(nobody_goes_on_unasked_once_a_tool_has_run)
{
    begin(barred[_i].word, barred[_i].is_watched, true);
    ck_assert(!chat_is_busy(paid.chat));
    ck_assert_int_eq(paid_requests(), 0);
    ck_assert_int_eq(run()->state, RUN_ERROR);
    ck_assert_msg(strstr(chat_last_error(paid.chat)->text, BARRED), "%s",
                  chat_last_error(paid.chat)->text);
    paid_close();
}
END_TEST

START_TEST(who_is_asked_is_told_what_has_run)
{
    struct buf words = { 0 };
    begin("ask", true, true);
    ck_assert_int_eq(paid_requests(), 0);
    ck_assert_ptr_nonnull(chat_question(paid.chat));
    consent_words(chat_question(paid.chat), &words);
    ck_assert(slice_starts(buf_slice(&words),
                           "shell has run; leaves this machine: 127.0.0.1"));
    buf_clear(&words);
    chat_answer(paid.chat, CONSENT_ONCE);
    paid_go_on(paid.chat);
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert(paid_has_event("fell back to large@gate; before, shell has run"));
    ck_assert_int_eq(run()->state, RUN_COMPLETE);
    paid_close();
}
END_TEST

START_TEST(who_says_no_has_the_failure)
{
    begin("ask", true, true);
    chat_answer(paid.chat, CONSENT_NONE);
    ck_assert(!chat_is_busy(paid.chat));
    ck_assert_int_eq(paid_requests(), 0);
    ck_assert_int_eq(run()->state, RUN_ERROR);
    paid_close();
}
END_TEST

START_TEST(where_it_may_always_go_on_that_is_said)
{
    begin("always", false, true);
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert(paid_has_event("fell back to large@gate; before, shell has run"));
    ck_assert_int_eq(run()->state, RUN_COMPLETE);
    paid_close();
}
END_TEST

/* A call that was not run has changed nothing. */
START_TEST(a_call_that_was_denied_keeps_nobody_from_going_on)
{
    begin("never", false, false);
    ck_assert_int_eq(paid_requests(), 1);
    ck_assert(!paid_has_event("has run"));
    ck_assert_int_eq(run()->state, RUN_COMPLETE);
    paid_close();
}
END_TEST

Suite *side_effects_suite(void)
{
    Suite *suite = suite_create("side_effects");
    TCase *cases = tcase_create("side_effects");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, nobody_goes_on_unasked_once_a_tool_has_run, 0,
                        3);
    tcase_add_test(cases, who_is_asked_is_told_what_has_run);
    tcase_add_test(cases, who_says_no_has_the_failure);
    tcase_add_test(cases, where_it_may_always_go_on_that_is_said);
    tcase_add_test(cases, a_call_that_was_denied_keeps_nobody_from_going_on);
    suite_add_tcase(suite, cases);
    return suite;
}
