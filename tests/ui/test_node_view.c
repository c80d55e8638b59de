/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/utf8.h"
#include "tests/support/golden.h"
#include "tests/support/talk.h"
#include "ui/call_words.h"

Suite *node_view_suite(void);

START_TEST(text_of_the_user_is_no_markdown)
{
    struct talk talk;
    talk_begin(&talk, 8, 24);
    talk_ask(&talk, "# not *a* heading\n  kept\tand wrapped around", 1);
    talk_check_shows(&talk, "  # not *a* heading");
    talk_check_shows(&talk, "    kept  and wrapped");
    talk_check_shows(&talk, "  around");
    talk_end(&talk);
}
END_TEST

/* What the model got with a prompt is seen. */
START_TEST(what_the_model_is_told_besides_is_a_row)
{
    struct talk talk;
    talk_begin(&talk, 8, 40);
    uint64_t id = talk_ask(&talk, "hello", 1);
    char node[24];
    snprintf(node, sizeof node, "%llu", (unsigned long long)id);
    talk_say(&talk, 0, EVENT_NOTED, 0, 0, FIELD_NODE, node, FIELD_NAME, "date",
             FIELD_TEXT, "Saturday, 2026-11-28", FIELD_NONE);
    talk_check_shows(&talk, "  hello");
    talk_check_shows(&talk, "  date: Saturday, 2026-11-28");
    talk_end(&talk);
}
END_TEST

/* One row for all of it, and its texts when it is unfolded. */
START_TEST(what_is_recalled_is_a_row_that_unfolds)
{
    struct talk talk;
    talk_begin(&talk, 8, 40);
    uint64_t id = talk_ask(&talk, "hello", 1);
    char node[24];
    snprintf(node, sizeof node, "%llu", (unsigned long long)id);
    talk_say(&talk, 0, EVENT_RECALLED, 0, 0, FIELD_NODE, node, FIELD_ID, "7",
             FIELD_TEXT, "uses vi", FIELD_INPUT, "40", FIELD_NONE);
    talk_check_shows(&talk, "▸ remembered 1, 40 tokens");
    talk_say(&talk, 0, EVENT_RECALLED, 0, 0, FIELD_NODE, node, FIELD_ID, "9",
             FIELD_TEXT, "likes tea", FIELD_INPUT, "44", FIELD_NONE);
    talk_check_shows(&talk, "▸ remembered 2, 84 tokens");
    ck_assert(!talk_shows(&talk, "  uses vi"));
    thread_view_unfold(talk.view, true);
    talk_check_shows(&talk, "▾ remembered 2, 84 tokens");
    talk_check_shows(&talk, "  uses vi");
    talk_check_shows(&talk, "  likes tea");
    talk_end(&talk);
}
END_TEST

START_TEST(an_open_attempt_says_how_it_stands)
{
    struct talk talk;
    talk_begin(&talk, 12, 60);
    talk_ask(&talk, "why", 1);
    talk_check_shows(&talk, "routing …");
    talk_start(&talk, 1, 1, "qwen3:8b", "box");
    talk_check_shows(&talk, "qwen3:8b box                                      "
                            "connecting");
    talk.now += 3500;
    talk_check_shows(&talk, "qwen3:8b box                                  "
                            "connecting 3 s");
    talk_say(&talk, 0, EVENT_CONNECTED, 1, 1, FIELD_NONE);
    talk_check_shows(&talk, "qwen3:8b box                  "
                            "waiting for the first word 3 s");
    talk_say(&talk, 0, EVENT_MODEL_LOADING, 1, 1, FIELD_NONE);
    talk.now += 9000;
    talk_check_shows(&talk, "qwen3:8b box                              "
                            "loading model 12 s");
    talk_resize(&talk, 12, 26);
    talk_check_shows(&talk, "qwen3…  loading model 12 s");
    talk_resize(&talk, 12, 20);
    talk_check_shows(&talk, "qwen…  loading model");
    talk_resize(&talk, 12, 18);
    talk_check_shows(&talk, "qwen3:8b box");
    talk_resize(&talk, 12, 60);
    talk_stream(&talk, 1, 1, "Because");
    talk_check_shows(&talk,
                     "qwen3:8b box 14:02                                 "
                     "streaming");
    talk_check_shows(&talk, "│ Because▌");
    talk_end(&talk);
}
END_TEST

static void fail_once(struct talk *talk, uint32_t attempt, const char *model)
{
    talk_start(talk, 1, attempt, model, "box");
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, attempt, FIELD_OUTCOME,
             "error", FIELD_ERROR, "it broke", FIELD_NONE);
}

START_TEST(who_was_passed_over_before_the_first_attempt_is_told)
{
    struct talk talk;
    talk_begin(&talk, 12, 60);
    talk_ask(&talk, "why", 1);
    talk_say(&talk, 0, EVENT_FELL_BACK, 1, 0, FIELD_TEXT,
             "nothing listens; fell back to m@gate", FIELD_NONE);
    talk_start(&talk, 1, 1, "m", "gate");
    talk_check_shows(&talk, "! nothing listens; fell back to m@gate");
    talk_stream(&talk, 1, 1, "Because");
    talk_check_shows(&talk, "! nothing listens; fell back to m@gate");
    talk_check_shows(&talk, "│ Because▌");
    talk_end(&talk);
}
END_TEST

START_TEST(tries_of_one_target_are_one_line_that_counts)
{
    struct talk talk;
    talk_begin(&talk, 12, 60);
    talk_ask(&talk, "why", 1);
    fail_once(&talk, 1, "m");
    talk_check_shows(&talk, "! m box error: it broke");
    fail_once(&talk, 2, "m");
    fail_once(&talk, 3, "m");
    talk_check_shows(&talk, "! m box error: it broke (3 times)");
    talk_draw(&talk);
    ck_assert(!talk_shows(&talk, "! m box error: it broke"));
    fail_once(&talk, 4, "big");
    talk_say(&talk, 0, EVENT_FELL_BACK, 1, 0, FIELD_TEXT, "fell back to m@gate",
             FIELD_NONE);
    talk_start(&talk, 1, 5, "m", "gate");
    talk_stream(&talk, 1, 5, "Because");
    talk_check_shows(&talk, "! m box error: it broke (3 times)");
    talk_check_shows(&talk, "! big box error: it broke; fell back to m@gate");
    talk_end(&talk);
}
END_TEST

/* An answer that breaks off, and nobody who answers in its place. */
static void break_off(struct talk *talk)
{
    talk_ask(talk, "why", 1);
    talk_start(talk, 1, 1, "m", "box");
    talk_stream(talk, 1, 1, "Half");
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "cut",
             FIELD_ERROR, "it went", FIELD_NONE);
    talk_check_shows(talk, "! cut: it went");
    talk_say(talk, 0, EVENT_FELL_BACK, 1, 0, FIELD_TEXT, "fell back to m@gate",
             FIELD_NONE);
    talk_start(talk, 1, 2, "m", "gate");
    talk_check_shows(talk, "! cut: it went; fell back to m@gate");
    talk_finish(talk, 1, 2, "error", "us too");
}

START_TEST(who_failed_behind_a_partial_answer_stays_under_it)
{
    struct talk talk;
    talk_begin(&talk, 16, 60);
    break_off(&talk);
    talk_check_shows(&talk, "! m gate error: us too");
    talk_exchange(&talk, 2, "and now", "Because");
    talk_check_shows(&talk, "│ Half");
    talk_check_shows(&talk, "! cut: it went; fell back to m@gate");
    talk_check_shows(&talk, "! m gate error: us too");
    talk_check_shows(&talk, "│ Because");
    talk_end(&talk);
}
END_TEST

static void end_with(struct talk *talk, const char *reason)
{
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "complete",
             FIELD_FINISH_REASON, reason, FIELD_NONE);
    talk_say(talk, 0, EVENT_RUN_FINISHED, 1, 0, FIELD_OUTCOME, "complete",
             FIELD_FINISH_REASON, reason, FIELD_NONE);
}

static void ck_ends(const char *reason, const char *mark)
{
    struct talk talk;
    struct buf row = { 0 };
    talk_begin(&talk, 12, 100);
    talk_ask(&talk, "why", 1);
    talk_start(&talk, 1, 1, "m", "box");
    talk_stream(&talk, 1, 1, "Because");
    end_with(&talk, reason);
    talk_check_shows(&talk, "│ Because");
    if (*mark)
        talk_check_shows(&talk, mark);
    for (int i = 0; i < 12 && !*mark; i++) {
        talk_row(&talk, i, &row);
        ck_assert_ptr_null(strstr(buf_string(&row), "! "));
        buf_reset(&row);
    }
    buf_clear(&row);
    talk_end(&talk);
}

START_TEST(a_complete_answer_that_lacks_something_says_what)
{
    static const char length[] =
        "! the answer ends at the most tokens that it may have "
        "(reply.max_tokens, or the model's window)";
    ck_ends("length", length);
    ck_ends("max_tokens", length);
    ck_ends("max_output_tokens", length);
    ck_ends("model_context_window_exceeded", length);
    ck_ends("content_filter", "! the server's filter ended the answer");
    ck_ends("refusal", "! the server's filter ended the answer");
    ck_ends("pause_turn",
            "! the server paused in the middle of the answer; ask it to go on");
    ck_ends("stop", "");
    ck_ends("end_turn", "");
    ck_ends("tool_calls", "");
}
END_TEST

START_TEST(an_empty_answer_says_who_held_it_back)
{
    struct talk talk;
    talk_begin(&talk, 12, 80);
    talk_ask(&talk, "why", 1);
    talk_start(&talk, 1, 1, "m", "box");
    end_with(&talk, "content_filter");
    talk_check_shows(&talk, "! m box gave an empty answer: the server's filter "
                            "ended the answer");
    talk_end(&talk);
}
END_TEST

START_TEST(why_a_prompt_has_no_answer_stays_under_it)
{
    struct talk talk;
    talk_begin(&talk, 16, 60);
    talk_ask(&talk, "you first", 1);
    fail_once(&talk, 1, "m");
    talk_say(&talk, 0, EVENT_RUN_FINISHED, 1, 0, FIELD_OUTCOME, "error",
             FIELD_ERROR, "it broke", FIELD_NONE);
    talk_ask(&talk, "and then", 2);
    talk_start(&talk, 2, 1, "m", "box");
    talk_stream(&talk, 2, 1, "Because");
    talk_finish(&talk, 2, 1, "complete", "");
    talk_ask(&talk, "last", 3);
    talk_draw(&talk);
    talk_check_row(&talk, 1, "  you first");
    talk_check_row(&talk, 2, "");
    talk_check_row(&talk, 3, "! m box error: it broke");
    talk_check_row(&talk, 4, "");
    talk_check_row(&talk, 6, "  and then");
    talk_check_shows(&talk, "│ Because");
    talk_resize(&talk, 16, 50);
    talk_check_shows(&talk, "! m box error: it broke");
    talk_end(&talk);
}
END_TEST

/* The server's words stay beside it. */
START_TEST(a_run_that_was_stopped_while_it_waited_says_who_stopped_it)
{
    struct talk talk;
    talk_begin(&talk, 12, 60);
    talk_ask(&talk, "why", 1);
    fail_once(&talk, 1, "m");
    talk_say(&talk, 0, EVENT_RETRY_SCHEDULED, 1, 0, FIELD_DELAY, "2000",
             FIELD_TEXT, "model is loading", FIELD_NONE);
    talk_say(&talk, 0, EVENT_RUN_FINISHED, 1, 0, FIELD_OUTCOME, "aborted",
             FIELD_ERROR, "stopped by you", FIELD_NONE);
    talk_draw(&talk);
    talk_check_row(&talk, 3, "! m box error: it broke");
    talk_check_row(&talk, 4, "! stopped by you");
    talk_end(&talk);
}
END_TEST

START_TEST(a_deadline_that_passed_while_it_waited_is_told)
{
    struct talk talk;
    talk_begin(&talk, 12, 60);
    talk_ask(&talk, "why", 1);
    fail_once(&talk, 1, "m");
    talk_say(&talk, 0, EVENT_RUN_FINISHED, 1, 0, FIELD_OUTCOME, "cut",
             FIELD_ERROR, "it took too long", FIELD_NONE);
    talk_check_shows(&talk, "! m box error: it broke");
    talk_check_shows(&talk, "! cut: it took too long");
    talk_end(&talk);
}
END_TEST

START_TEST(pieces_that_could_not_be_read_are_told_below_the_answer)
{
    struct talk talk;
    talk_begin(&talk, 12, 76);
    talk_ask(&talk, "why", 1);
    talk_start(&talk, 1, 1, "m", "box");
    talk_stream(&talk, 1, 1, "Because");
    talk_say(&talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "complete",
             FIELD_SKIPPED, "2", FIELD_NONE);
    talk_check_shows(&talk,
                     "! 2 pieces of the answer could not be read and are "
                     "missing");
    talk_end(&talk);
}
END_TEST

START_TEST(what_went_again_as_the_server_takes_it_is_no_error)
{
    struct talk talk;
    talk_begin(&talk, 12, 60);
    talk_ask(&talk, "why", 1);
    fail_once(&talk, 1, "m");
    talk_say(&talk, 0, EVENT_RETRY_SCHEDULED, 1, 0, FIELD_DELAY, "0",
             FIELD_TEXT, "without temperature", FIELD_KIND, "adjusted",
             FIELD_NONE);
    talk_draw(&talk);
    talk_check_row(&talk, 3, "m box: sent again without temperature");
    fail_once(&talk, 2, "m");
    talk_check_shows(&talk, "m box: sent again without temperature");
    talk_check_shows(&talk, "! m box error: it broke");
    talk_start(&talk, 1, 3, "m", "box");
    talk_stream(&talk, 1, 3, "Because");
    talk_draw(&talk);
    talk_check_row(&talk, 3, "m box: sent again without temperature");
    talk_check_row(&talk, 4, "! m box error: it broke");
    talk_end(&talk);
}
END_TEST

static void answer_with_usage(struct talk *talk)
{
    talk_ask(talk, "why", 1);
    talk_start(talk, 1, 1, "qwen3", "box");
    talk->now += 800;
    talk_stream(talk, 1, 1, "Because.");
    talk_say(talk, 7000, EVENT_USAGE, 1, 1, FIELD_OUTPUT, "388", FIELD_EVAL_MS,
             "7185", FIELD_NONE);
    talk_finish(talk, 1, 1, "complete", "");
}

START_TEST(a_receipt_has_what_is_known_and_drops_from_the_right)
{
    struct talk talk;
    talk_begin(&talk, 8, 60);
    answer_with_usage(&talk);
    talk_check_shows(&talk, "qwen3 box 14:02              "
                            "ttft 0.8 s · 54 tok/s · 388 tok");
    talk_resize(&talk, 8, 40);
    talk_check_shows(&talk, "qwen3 box 14:02    ttft 0.8 s · 54 tok/s");
    talk_resize(&talk, 8, 30);
    talk_check_shows(&talk, "qwen3 box 14:02     ttft 0.8 s");
    talk_resize(&talk, 8, 16);
    talk_check_shows(&talk, "qwen3 box 14:02");
    talk_resize(&talk, 8, 12);
    talk_check_shows(&talk, "qwen3 box");
    talk_resize(&talk, 8, 4);
    talk_check_shows(&talk, "qwe…");
    talk_end(&talk);
}
END_TEST

/* The settings come last; what had to be left out before what was sent. */
START_TEST(what_was_left_out_is_told_where_the_settings_have_no_room)
{
    struct talk talk;
    talk_begin(&talk, 8, 80);
    talk_ask(&talk, "why", 1);
    talk_say(&talk, 0, EVENT_ATTEMPT_STARTED, 1, 1, FIELD_ENDPOINT, "e",
             FIELD_MODEL, "m", FIELD_SETTINGS,
             "{\"temperature\":0.5,\"repeat_penalty\":5,\"left_out\":"
             "[\"seed\"]}",
             FIELD_NONE);
    talk_stream(&talk, 1, 1, "one two three four");
    talk_say(&talk, 0, EVENT_USAGE, 1, 1, FIELD_OUTPUT, "5", FIELD_NONE);
    talk_finish(&talk, 1, 1, "complete", "");
    talk_check_shows(&talk, "m e 14:02       ttft 0.0 s · 5 tok · no seed · "
                            "temperature 0.5, repeat_penalty 5");
    talk_resize(&talk, 8, 60);
    talk_check_shows(&talk, "m e 14:02                       "
                            "ttft 0.0 s · 5 tok · no seed");
    talk_end(&talk);
}
END_TEST

/* Its place is behind what it took and what was left out; in every width what is
 * there is whole, and what is before it is there. */
START_TEST(why_it_was_asked_stands_in_the_receipt)
{
    static const char *const parts[] = { "ttft 0.8 s", "54 tok/s", "388 tok",
                                         "$.006", "score .31 < .55" };
    struct talk talk;
    talk_begin(&talk, 8, 100);
    talk_ask(&talk, "why", 1);
    talk_say(&talk, 0, EVENT_ROUTED, 1, 0, FIELD_WHY, "score .31 < .55",
             FIELD_NONE);
    talk_start(&talk, 1, 1, "qwen3", "box");
    talk.now += 800;
    talk_stream(&talk, 1, 1, "Because.");
    talk_say(&talk, 7000, EVENT_USAGE, 1, 1, FIELD_OUTPUT, "388", FIELD_EVAL_MS,
             "7185", FIELD_COST, "0.0061", FIELD_NONE);
    talk_finish(&talk, 1, 1, "complete", "");
    talk_resize(&talk, 8, 80);
    talk_check_shows(&talk,
                     "qwen3 box 14:02        ttft 0.8 s · 54 tok/s · 388 tok "
                     "· $.006 · score .31 < .55");
    for (int width = 20; width <= 200; width++) {
        bool has_before = true;
        struct buf dump = { 0 };
        talk_resize(&talk, 8, width);
        talk_draw(&talk);
        canvas_dump(&talk.canvas, &dump, false);
        for (size_t i = 0; i < COUNTOF(parts); i++) {
            bool has = strstr(buf_string(&dump), parts[i]) != NULL;
            ck_assert_msg(has_before || !has, "%d: %s", width, parts[i]);
            has_before = has;
        }
        ck_assert_msg(strstr(buf_string(&dump), "qwen3 box") != NULL, "%d",
                      width);
        ck_assert(width < 80 || has_before);
        buf_clear(&dump);
    }
    talk_end(&talk);
}
END_TEST

START_TEST(tokens_that_nobody_counted_are_estimated)
{
    struct talk talk;
    talk_begin(&talk, 8, 60);
    talk_ask(&talk, "why", 1);
    talk_start(&talk, 1, 1, "m", "e");
    talk_stream(&talk, 1, 1, "one two three four");
    talk.now += 2000;
    talk_finish(&talk, 1, 1, "complete", "");
    talk_draw(&talk);
    struct buf dump = { 0 };
    canvas_dump(&talk.canvas, &dump, false);
    ck_assert_ptr_nonnull(strstr(buf_string(&dump), "ttft 0.0 s · ~"));
    ck_assert_ptr_nonnull(strstr(buf_string(&dump), " tok/s · ~"));
    buf_clear(&dump);
    talk_end(&talk);
}
END_TEST

START_TEST(the_model_that_answered_is_shown_when_it_differs)
{
    struct talk talk;
    talk_begin(&talk, 8, 60);
    talk_ask(&talk, "why", 1);
    talk_start(&talk, 1, 1, "fast", "e");
    talk_stream(&talk, 1, 1, "x");
    talk_say(&talk, 0, EVENT_MODEL_REPORTED, 1, 1, FIELD_MODEL, "fast-0613",
             FIELD_NONE);
    talk_check_shows(&talk,
                     "fast → fast-0613 e 14:02                           "
                     "streaming");
    talk_end(&talk);
}
END_TEST

START_TEST(thinking_is_one_line_until_it_is_unfolded)
{
    struct talk talk;
    talk_begin(&talk, 12, 40);
    talk_ask(&talk, "why", 1);
    talk_start(&talk, 1, 1, "m", "e");
    talk_say(&talk, 0, EVENT_THINKING_DELTA, 1, 1, FIELD_TEXT, "Let me see,",
             FIELD_NONE);
    talk.now += 4000;
    talk_check_shows(&talk, "▸ thinking 4 s …");
    talk_say(&talk, 5000, EVENT_THINKING_DELTA, 1, 1, FIELD_TEXT,
             " they said\nfive words", FIELD_NONE);
    talk_stream(&talk, 1, 1, "So.");
    talk_check_shows(&talk, "▸ thought 9 s, 7 words");
    ck_assert(!talk_shows(&talk, "│ five words"));
    thread_view_unfold(talk.view, true);
    ck_assert(thread_view_is_unfolded(talk.view));
    talk_check_shows(&talk, "▾ thought 9 s, 7 words");
    talk_check_shows(&talk, "│ Let me see, they said");
    talk_check_shows(&talk, "│ five words");
    talk_check_shows(&talk, "│ So.▌");
    talk_end(&talk);
}
END_TEST

static void call_tool(struct talk *talk)
{
    talk_ask(talk, "look", 1);
    talk_start(talk, 1, 1, "m", "e");
    talk_stream(talk, 1, 1, "I look.");
    talk_say(talk, 0, EVENT_TOOL_CALL_START, 1, 1, FIELD_CALL, "1", FIELD_NAME,
             "shell", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_CALL_END, 1, 1, FIELD_CALL, "1",
             FIELD_ARGUMENTS, "{\"command\": \"pytest -q tests/\"}",
             FIELD_NONE);
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "complete",
             FIELD_NONE);
}

START_TEST(a_tool_call_is_one_line_with_its_state)
{
    struct talk talk;
    talk_begin(&talk, 14, 50);
    call_tool(&talk);
    talk_check_shows(&talk,
                     "● t1 shell pytest -q tests/                pending");
    talk_say(&talk, 0, EVENT_TOOL_STARTED, 1, 1, FIELD_CALL, "1", FIELD_NONE);
    talk.now += 14200;
    talk_check_shows(&talk,
                     "● t1 shell pytest -q tests/         executing 14 s");
    talk_say(&talk, 0, EVENT_TOOL_FINISHED, 1, 1, FIELD_CALL, "1",
             FIELD_OUTCOME, "completed", FIELD_TEXT, "..F\n1 failed\n",
             FIELD_NONE);
    talk_check_shows(&talk,
                     "● t1 shell pytest -q tests/         completed 14 s");
    talk_check_shows(&talk, "└ t1 shell 2 lines, 13 B");
    ck_assert(!talk_shows(&talk, "│ 1 failed"));
    thread_view_unfold(talk.view, true);
    talk_check_shows(&talk, "│ 1 failed");
    talk_check_shows(&talk, "│ command: pytest -q tests/");
    talk_end(&talk);
}
END_TEST

static void call_shell(struct talk *talk, const char *output)
{
    talk_say(talk, 0, EVENT_CALL_MADE, 0, 0, FIELD_CALL, "1", FIELD_NAME,
             "shell", FIELD_ARGUMENTS, "{\"command\": \"ls\"}", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_STARTED, 0, 0, FIELD_CALL, "1", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_FINISHED, 0, 0, FIELD_CALL, "1", FIELD_OUTCOME,
             "completed", FIELD_TEXT, output, FIELD_NONE);
}

START_TEST(what_the_user_called_shows_what_it_gave_back)
{
    struct talk talk;
    talk_begin(&talk, 14, 70);
    call_shell(&talk, "there\nhere\n");
    talk_check_shows(&talk, "└ t1 shell 2 lines, 11 B");
    talk_check_shows(&talk, "│ there");
    talk_check_shows(&talk, "│ here");
    ck_assert_uint_eq(call_words_size(talk.scenario.graph,
                                      graph_call(talk.scenario.graph, 1)),
                      strlen("there\nhere\n"));
    talk_end(&talk);
}
END_TEST

START_TEST(of_a_long_output_both_ends_are_shown_until_it_is_unfolded)
{
    struct talk talk;
    struct buf lines = { 0 };
    for (int i = 1; i <= 30; i++)
        buf_printf(&lines, "line %d.\n", i);
    talk_begin(&talk, 50, 70);
    call_shell(&talk, buf_string(&lines));
    talk_check_shows(&talk, "│ line 10.");
    talk_check_shows(&talk, "│ … 10 more lines; F5 shows all");
    talk_check_shows(&talk, "│ line 21.");
    talk_check_shows(&talk, "│ line 30.");
    ck_assert(!talk_shows(&talk, "│ line 11."));
    ck_assert(!talk_shows(&talk, "│ line 20."));
    thread_view_unfold(talk.view, true);
    talk_check_shows(&talk, "│ line 11.");
    talk_check_shows(&talk, "│ line 20.");
    talk_end(&talk);
    buf_clear(&lines);
}
END_TEST

START_TEST(a_call_that_asks_says_so_and_for_how_long)
{
    struct talk talk;
    talk_begin(&talk, 14, 50);
    call_tool(&talk);
    talk_say(&talk, 0, EVENT_RELAY_ASKED, 1, 1, FIELD_CALL, "1", FIELD_NONE);
    talk.now += 32000;
    talk_check_shows(&talk,
                     "? t1 shell pytest -q tests/            asking 32 s");
    talk_say(&talk, 0, EVENT_TOOL_FINISHED, 1, 1, FIELD_CALL, "1",
             FIELD_OUTCOME, "denied", FIELD_ERROR,
             "denied by the user: not now", FIELD_NONE);
    talk_check_shows(&talk,
                     "● t1 shell pytest -q tests/                 denied");
    /* Why is said without being unfolded. */
    talk_check_shows(&talk, "! t1 denied by the user: not now");
    talk_end(&talk);
}
END_TEST

START_TEST(a_wide_row_of_a_call_has_columns)
{
    struct talk talk;
    talk_begin(&talk, 14, 80);
    call_tool(&talk);
    talk_say(&talk, 0, EVENT_TOOL_STARTED, 1, 1, FIELD_CALL, "1", FIELD_NONE);
    talk_say(&talk, 14200, EVENT_TOOL_OUTPUT, 1, 1, FIELD_CALL, "1", FIELD_TEXT,
             "..F", FIELD_NONE);
    talk_check_shows(&talk, "● t1 shell      pytest -q tests/                 "
                            "    executing     14 s      3 B");
    talk_end(&talk);
}
END_TEST

START_TEST(how_an_answer_ended_badly_is_said_below_its_text)
{
    static const struct {
        const char *outcome, *error, *line;
    } cases[] = {
        { "cut", "reset by the server", "! cut: reset by the server" },
        { "error", "HTTP 500", "! error: HTTP 500" },
        { "aborted", "", "! stopped by you" },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct talk talk;
        talk_begin(&talk, 10, 40);
        talk_ask(&talk, "why", 1);
        talk_start(&talk, 1, 1, "m", "e");
        talk_stream(&talk, 1, 1, "Half an");
        talk_finish(&talk, 1, 1, cases[i].outcome, cases[i].error);
        talk_check_shows(&talk, "│ Half an");
        talk_check_shows(&talk, cases[i].line);
        talk_end(&talk);
    }
}
END_TEST

START_TEST(an_attempt_without_an_answer_is_one_line_wherever_it_failed)
{
    struct talk talk;
    talk_begin(&talk, 12, 40);
    talk_ask(&talk, "why", 1);
    talk_start(&talk, 1, 1, "m", "box");
    talk_say(&talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "error",
             FIELD_ERROR, "connection refused", FIELD_NONE);
    talk_draw(&talk);
    talk_check_row(&talk, 3, "! m box error: connection refused");
    talk_start(&talk, 1, 2, "big", "cloud");
    talk_draw(&talk);
    talk_check_row(&talk, 3, "! m box error: connection refused");
    talk_check_row(&talk, 4, "big cloud                     connecting");
    talk_stream(&talk, 1, 2, "Because.");
    talk_draw(&talk);
    talk_check_row(&talk, 3, "! m box error: connection refused");
    talk_check_row(&talk, 5, "│ Because.▌");
    talk_end(&talk);
}
END_TEST

/* Forty words of nine letters: at 80 columns seven to a line, at 40 three. */
START_TEST(a_long_error_shows_its_head_and_how_much_more_there_is)
{
    struct talk talk;
    struct buf words = { 0 };
    for (int i = 0; i < 40; i++)
        buf_append_string(&words, i ? " elongated" : "elongated");
    talk_begin(&talk, 24, 80);
    talk_ask(&talk, "why", 1);
    talk_start(&talk, 1, 1, "m", "box");
    talk_say(&talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "error",
             FIELD_ERROR, buf_string(&words), FIELD_NONE);
    talk_check_shows(&talk, "! m box error: elongated elongated elongated "
                            "elongated elongated elongated");
    talk_check_row(&talk, 5,
                   "  elongated elongated elongated elongated "
                   "elongated elongated elongated");
    talk_check_row(&talk, 6, "  … 3 more lines; F5 shows all");
    talk_check_row(&talk, 7, "");
    talk_resize(&talk, 24, 40);
    talk_draw(&talk);
    talk_check_row(&talk, 6, "  … 11 more lines; F5 shows all");
    talk_check_row(&talk, 7, "");
    /* What is only a little longer stays whole. */
    talk_resize(&talk, 24, 200);
    talk_check_shows(&talk, "  elongated elongated elongated");
    talk_end(&talk);
    buf_clear(&words);
}
END_TEST

START_TEST(a_partial_that_was_replaced_is_named_with_its_place)
{
    struct talk talk;
    talk_begin(&talk, 12, 60);
    talk_ask(&talk, "why", 1);
    talk_start(&talk, 1, 1, "m", "box");
    talk_stream(&talk, 1, 1, "Half");
    talk_say(&talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "cut",
             FIELD_ERROR, "reset", FIELD_NONE);
    talk_start(&talk, 1, 2, "big", "cloud");
    talk_stream(&talk, 1, 2, "Whole");
    talk_check_shows(&talk, "! m box ‹1/2› cut after ~1 tok: reset");
    talk_check_shows(&talk,
                     "big cloud ‹2/2› 14:02                              "
                     "streaming");
    talk_end(&talk);
}
END_TEST

START_TEST(an_answer_begun_anew_names_its_first_half)
{
    struct talk talk;
    talk_begin(&talk, 14, 70);
    talk_ask(&talk, "why", 1);
    talk_start(&talk, 1, 1, "m", "box");
    uint64_t half = talk_say(&talk, 0, EVENT_TEXT_DELTA, 1, 1, FIELD_TEXT,
                             "Half", FIELD_NONE);
    talk_say(&talk, 0, EVENT_SUPERSEDED, 1, 1, FIELD_TEXT, "anew", FIELD_NONE);
    talk_check_shows(&talk, "! cut: the server began the answer anew");
    talk_check_row(&talk, 7,
                   "m box                                                  "
                   "      streaming");
    talk_stream(&talk, 1, 1, "Whole");
    talk_check_shows(&talk,
                     "! ‹1/2› cut after ~1 tok: the server began the answer "
                     "anew");
    talk_check_shows(&talk, "│ Whole▌");
    talk_finish(&talk, 1, 1, "complete", "");
    talk_move_head(&talk, half);
    talk_check_shows(&talk, "! cut: the server began the answer anew");
    talk_check_shows(&talk, "m box ‹1/2› 14:02");
    talk_end(&talk);
}
END_TEST

START_TEST(a_run_that_failed_before_any_attempt_says_why)
{
    struct talk talk;
    talk_begin(&talk, 8, 40);
    talk_ask(&talk, "why", 1);
    talk_say(&talk, 0, EVENT_RUN_FINISHED, 1, 0, FIELD_OUTCOME, "error",
             FIELD_ERROR, "no endpoint", FIELD_NONE);
    talk_check_shows(&talk, "! error: no endpoint");
    talk_end(&talk);
}
END_TEST

/* Something of everything. */
static void converse(struct talk *talk)
{
    char node[24];
    uint64_t id = talk_ask(talk,
                           "Why does train.py die after step 1200? "
                           "Fix it and test it.",
                           1);
    snprintf(node, sizeof node, "%llu", (unsigned long long)id);
    talk_say(talk, 0, EVENT_ATTACHMENT_ADDED, 0, 0, FIELD_NODE, node,
             FIELD_NAME, "train.log", FIELD_TEXT, "Killed: out of memory",
             FIELD_NONE);
    talk_start(talk, 1, 1, "qwen3:8b", "box");
    talk_say(talk, 3000, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "error",
             FIELD_ERROR, "cannot connect to box: connection refused",
             FIELD_NONE);
    talk_start(talk, 1, 2, "sonnet-4.6", "claude");
    talk_say(talk, 800, EVENT_THINKING_DELTA, 1, 2, FIELD_TEXT,
             "The history list keeps every graph alive.", FIELD_NONE);
    talk->now += 9000;
    talk_stream(
        talk, 1, 2,
        "Two leaks:\n\n1. `history.append(loss)` keeps every graph alive; "
        "41 MB a step fits **your log**.\n2. the loader caches decoded "
        "images in a list that is never cut.\n\n```python\n"
        "history.append(loss.item())\n```\n\nI change both and run the "
        "loader tests.");
    talk_say(talk, 0, EVENT_TOOL_CALL_START, 1, 2, FIELD_CALL, "1", FIELD_NAME,
             "shell", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_CALL_END, 1, 2, FIELD_CALL, "1",
             FIELD_ARGUMENTS,
             "{\"command\":\"pytest -q tests/test_loader.py\"}", FIELD_NONE);
    talk_say(talk, 0, EVENT_USAGE, 1, 2, FIELD_OUTPUT, "388", FIELD_EVAL_MS,
             "7200", FIELD_NONE);
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 2, FIELD_OUTCOME, "complete",
             FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_STARTED, 1, 2, FIELD_CALL, "1", FIELD_NONE);
    talk_say(talk, 14200, EVENT_TOOL_FINISHED, 1, 2, FIELD_CALL, "1",
             FIELD_OUTCOME, "completed", FIELD_TEXT,
             "..F.....\n1 failed, 7 passed\n", FIELD_NONE);
    talk_start(talk, 1, 3, "sonnet-4.6", "claude");
    talk->now += 500;
    talk_stream(talk, 1, 3, "One test fails, as | it should\n");
    talk_finish(talk, 1, 3, "cut", "the server closed the connection");
    talk_ask(talk, "Also check that the second epoch does not leak.", 2);
    talk_start(talk, 2, 1, "qwen3:8b", "box");
    talk_say(talk, 0, EVENT_MODEL_LOADING, 2, 1, FIELD_NONE);
    talk->now += 12000;
}

/* The screen without blank rows at its end. */
static void dump_screen(const struct talk *talk, bool styles, struct buf *out)
{
    canvas_dump(&talk->canvas, out, styles);
    while (slice_starts(slice_skip(buf_slice(out), out->len - 2), "\n\n"))
        buf_truncate(out, out->len - 1);
}

START_TEST(a_conversation_looks_as_it_should)
{
    static const struct {
        int width;
        bool unfolded, ascii;
    } cases[] = {
        { 20, false, false },  { 40, false, false },  { 80, false, false },
        { 100, false, false }, { 200, false, false }, { 80, true, false },
        { 80, true, true },
    };
    struct buf dump = { 0 };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct talk talk;
        talk_begin(&talk, cases[i].width < 40 ? 90 : 50, cases[i].width);
        converse(&talk);
        thread_view_unfold(talk.view, cases[i].unfolded);
        thread_view_set_ascii(talk.view, cases[i].ascii);
        talk_draw(&talk);
        buf_printf(&dump, "== %d%s%s\n", cases[i].width,
                   cases[i].unfolded ? " unfolded" : "",
                   cases[i].ascii ? " ascii" : "");
        dump_screen(&talk, cases[i].width == 100, &dump);
        talk_end(&talk);
    }
    golden_check("thread_view.txt", &dump);
    buf_clear(&dump);
}
END_TEST

static void start_at(struct talk *talk, uint32_t run, uint32_t attempt,
                     const char *model, const char *endpoint, const char *trust)
{
    talk_say(talk, 0, EVENT_ATTEMPT_STARTED, run, attempt, FIELD_MODEL, model,
             FIELD_ENDPOINT, endpoint, FIELD_TRUST, trust, FIELD_NONE);
}

static void answer_from(struct talk *talk, uint32_t run, uint32_t attempt,
                        const char *reported, const char *cost)
{
    talk->now += 800;
    talk_stream(talk, run, attempt, "Because.");
    if (reported)
        talk_say(talk, 0, EVENT_MODEL_REPORTED, run, attempt, FIELD_MODEL,
                 reported, FIELD_NONE);
    talk_say(talk, 7000, EVENT_USAGE, run, attempt, FIELD_OUTPUT, "388",
             FIELD_EVAL_MS, "7185", FIELD_COST, cost, FIELD_NONE);
}

/* Heads of all kinds: names that are too wide, others that answered, vendors,
 * siblings, partial answers. */
static void head_all(struct talk *talk)
{
    talk_ask(talk, "path", 1);
    start_at(talk, 1, 1, "hf.co/bartowski/Qwen2.5-Coder-32B-Instruct:Q4_K_M",
             "box", "own");
    answer_from(talk, 1, 1, NULL, "0");
    talk_finish(talk, 1, 1, "complete", "");
    talk_ask(talk, "substitute", 2);
    start_at(talk, 2, 1, "qwen3:8b", "box", "own");
    talk_stream(talk, 2, 1, "The first words of an answer");
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 2, 1, FIELD_OUTCOME, "cut",
             FIELD_ERROR, "reset by the server", FIELD_NONE);
    start_at(talk, 2, 2, "claude-sonnet-4-20250514", "claude", "vendor");
    answer_from(talk, 2, 2, "claude-3-haiku-20240307", "0.0061");
    talk_finish(talk, 2, 2, "complete", "");
    talk_ask(talk, "characters", 3);
    start_at(talk, 3, 1,
             "模型👩‍👩‍👧‍👦模型e\u0301👍🏽模型模型",
             "箱", "own");
    answer_from(talk, 3, 1, NULL, "1.5");
    talk_finish(talk, 3, 1, "complete", "");
    talk_ask(talk, "stream", 4);
    start_at(talk, 4, 1, "sonnet-4.6", "claude", "vendor");
    talk->now += 4000;
    talk_stream(talk, 4, 1, "So");
    talk->now += 3000;
}

START_TEST(a_head_keeps_what_matters_at_every_width)
{
    static const int widths[] = { 20, 40, 80, 100, 200 };
    struct buf dump = { 0 };
    for (size_t i = 0; i < 2 * COUNTOF(widths); i++) {
        struct talk talk;
        bool is_ascii = i >= COUNTOF(widths);
        int width = widths[i % COUNTOF(widths)];
        talk_begin(&talk, 34, width);
        head_all(&talk);
        thread_view_set_ascii(talk.view, is_ascii);
        talk_draw(&talk);
        buf_printf(&dump, "== %d%s\n", width, is_ascii ? " ascii" : "");
        dump_screen(&talk, false, &dump);
        talk_end(&talk);
    }
    golden_check("heads.txt", &dump);
    buf_clear(&dump);
}
END_TEST

START_TEST(no_width_cuts_a_character_of_a_name)
{
    struct talk talk;
    talk_begin(&talk, 60, 80);
    head_all(&talk);
    for (int width = 1; width <= 120; width++) {
        struct buf dump = { 0 };
        talk_resize(&talk, 60, width);
        canvas_dump(&talk.canvas, &dump, false);
        ck_assert(utf8_is_valid(buf_slice(&dump)));
        ck_assert_ptr_null(strstr(buf_string(&dump), "\uFFFD"));
        for (int row = 0; row < 60; row++) {
            /* The second half of a wide character has its first before it. */
            for (int col = 0; col < width; col++) {
                const struct cell *cell = canvas_cell(&talk.canvas, row, col);
                if (cell->width == 2)
                    ck_assert_int_lt(col + 1, width);
            }
        }
        buf_clear(&dump);
    }
    talk_end(&talk);
}
END_TEST

Suite *node_view_suite(void)
{
    Suite *suite = suite_create("node_view");
    TCase *tcase = tcase_create("node_view");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, text_of_the_user_is_no_markdown);
    tcase_add_test(tcase, what_the_model_is_told_besides_is_a_row);
    tcase_add_test(tcase, what_is_recalled_is_a_row_that_unfolds);
    tcase_add_test(tcase, an_open_attempt_says_how_it_stands);
    tcase_add_test(tcase, tries_of_one_target_are_one_line_that_counts);
    tcase_add_test(tcase, who_failed_behind_a_partial_answer_stays_under_it);
    tcase_add_test(tcase, a_complete_answer_that_lacks_something_says_what);
    tcase_add_test(tcase, an_empty_answer_says_who_held_it_back);
    tcase_add_test(tcase, why_a_prompt_has_no_answer_stays_under_it);
    tcase_add_test(tcase,
                   a_long_error_shows_its_head_and_how_much_more_there_is);
    tcase_add_test(tcase,
                   a_run_that_was_stopped_while_it_waited_says_who_stopped_it);
    tcase_add_test(tcase, a_deadline_that_passed_while_it_waited_is_told);
    tcase_add_test(tcase,
                   pieces_that_could_not_be_read_are_told_below_the_answer);
    tcase_add_test(tcase, what_went_again_as_the_server_takes_it_is_no_error);
    tcase_add_test(tcase,
                   what_was_left_out_is_told_where_the_settings_have_no_room);
    tcase_add_test(tcase, who_was_passed_over_before_the_first_attempt_is_told);
    tcase_add_test(tcase, a_receipt_has_what_is_known_and_drops_from_the_right);
    tcase_add_test(tcase, tokens_that_nobody_counted_are_estimated);
    tcase_add_test(tcase, the_model_that_answered_is_shown_when_it_differs);
    tcase_add_test(tcase, thinking_is_one_line_until_it_is_unfolded);
    tcase_add_test(tcase, what_the_user_called_shows_what_it_gave_back);
    tcase_add_test(tcase,
                   of_a_long_output_both_ends_are_shown_until_it_is_unfolded);
    tcase_add_test(tcase, a_tool_call_is_one_line_with_its_state);
    tcase_add_test(tcase, a_call_that_asks_says_so_and_for_how_long);
    tcase_add_test(tcase, a_wide_row_of_a_call_has_columns);
    tcase_add_test(tcase, how_an_answer_ended_badly_is_said_below_its_text);
    tcase_add_test(tcase,
                   an_attempt_without_an_answer_is_one_line_wherever_it_failed);
    tcase_add_test(tcase, a_partial_that_was_replaced_is_named_with_its_place);
    tcase_add_test(tcase, an_answer_begun_anew_names_its_first_half);
    tcase_add_test(tcase, a_run_that_failed_before_any_attempt_says_why);
    tcase_add_test(tcase, a_conversation_looks_as_it_should);
    tcase_add_test(tcase, why_it_was_asked_stands_in_the_receipt);
    tcase_add_test(tcase, a_head_keeps_what_matters_at_every_width);
    tcase_add_test(tcase, no_width_cuts_a_character_of_a_name);
    suite_add_tcase(suite, tcase);
    return suite;
}
