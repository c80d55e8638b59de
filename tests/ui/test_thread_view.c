/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include "tests/support/golden.h"
#include "tests/support/noise.h"
#include "tests/support/random_log.h"
#include "tests/support/scenario.h"
#include "ui/thread_view.h"

Suite *thread_view_suite(void);

/* A conversation with a clock, and a screen on it. */
struct talk {
    struct scenario scenario;
    int64_t now; /* Unix ms */
    struct thread thread;
    struct thread_view *view;
    struct canvas canvas;
};

static void begin(struct talk *talk, int height, int width)
{
    setenv("TZ", "UTC", 1);
    tzset();
    *talk = (struct talk){ 0 };
    scenario_init(&talk->scenario);
    talk->now = (14 * 60 + 2) * 60 * 1000;
    talk->view = thread_view_new();
    canvas_resize(&talk->canvas, height, width);
}

static void end(struct talk *talk)
{
    scenario_clear(&talk->scenario);
    thread_clear(&talk->thread);
    thread_view_free(talk->view);
    canvas_clear(&talk->canvas);
}

/* One event `after` ms later: fields and their values as strings, then
 * FIELD_NONE. Returns its seq. */
static uint64_t say(struct talk *talk, int64_t after, enum event_type type,
                    uint32_t run, uint32_t attempt, ...)
{
    struct event event = { .type = type, .run = run, .attempt = attempt };
    va_list fields;
    event.at = talk->now += after;
    va_start(fields, attempt);
    for (;;) {
        enum event_field field = va_arg(fields, int);
        if (field == FIELD_NONE)
            break;
        const char *value = va_arg(fields, const char *);
        if (event_field_kind(field) == FIELD_KIND_TEXT)
            event_add_string(&event, field, value);
        else
            event_add_number(&event, field, strtoull(value, NULL, 10));
    }
    va_end(fields);
    scenario_add(&talk->scenario, &event);
    return event.seq;
}

static uint64_t ask(struct talk *talk, const char *text, uint32_t run)
{
    char parent[24], node[24];
    snprintf(parent, sizeof parent, "%llu",
             (unsigned long long)graph_head(talk->scenario.graph));
    uint64_t id = say(talk, 0, EVENT_USER_MESSAGE, 0, 0, FIELD_TEXT, text,
                      FIELD_PARENT, parent, FIELD_NONE);
    snprintf(node, sizeof node, "%llu", (unsigned long long)id);
    say(talk, 0, EVENT_RUN_STARTED, run, 0, FIELD_NODE, node, FIELD_NONE);
    return id;
}

static void start(struct talk *talk, uint32_t run, uint32_t attempt,
                  const char *model, const char *endpoint)
{
    say(talk, 0, EVENT_ATTEMPT_STARTED, run, attempt, FIELD_MODEL, model,
        FIELD_ENDPOINT, endpoint, FIELD_NONE);
}

static void stream(struct talk *talk, uint32_t run, uint32_t attempt,
                   const char *text)
{
    say(talk, 0, EVENT_TEXT_DELTA, run, attempt, FIELD_TEXT, text, FIELD_NONE);
}

static void finish(struct talk *talk, uint32_t run, uint32_t attempt,
                   const char *outcome, const char *error)
{
    say(talk, 0, EVENT_ATTEMPT_FINISHED, run, attempt, FIELD_OUTCOME, outcome,
        FIELD_ERROR, error, FIELD_NONE);
    say(talk, 0, EVENT_RUN_FINISHED, run, 0, FIELD_OUTCOME, outcome,
        FIELD_NONE);
}

static void draw(struct talk *talk)
{
    struct rect rect = { 0, 0, talk->canvas.height, talk->canvas.width };
    thread_view_draw(talk->view, talk->scenario.graph, &talk->thread,
                     &talk->canvas, rect, talk->now);
}

static void resize(struct talk *talk, int height, int width)
{
    canvas_resize(&talk->canvas, height, width);
    draw(talk);
}

/* The screen holds this line, blanks at its end aside. */
static bool shows(struct talk *talk, const char *line)
{
    struct buf dump = { 0 };
    canvas_dump(&talk->canvas, &dump, false);
    struct slice rest = buf_slice(&dump), drawn;
    bool found = false;
    while (slice_next_line(&rest, &drawn))
        found |= slice_is(drawn, line);
    buf_clear(&dump);
    return found;
}

static void check_shows(struct talk *talk, const char *line)
{
    struct buf dump = { 0 };
    draw(talk);
    canvas_dump(&talk->canvas, &dump, false);
    ck_assert_msg(shows(talk, line), "no line '%s' in\n%s", line,
                  buf_string(&dump));
    buf_clear(&dump);
}

/* The text of one row. */
static void check_row(struct talk *talk, int row, const char *expected)
{
    struct buf dump = { 0 };
    canvas_dump(&talk->canvas, &dump, false);
    struct slice rest = buf_slice(&dump), line = { 0 };
    for (int i = 0; i <= row; i++)
        slice_next_line(&rest, &line);
    ck_assert_msg(slice_is(line, expected), "row %d is '%.*s', not '%s'", row,
                  SLICE_ARG(line), expected);
    buf_clear(&dump);
}

START_TEST(an_empty_conversation_welcomes)
{
    struct talk talk;
    begin(&talk, 6, 40);
    thread_view_welcome(talk.view, "# Hello\n\nAsk *me*.");
    draw(&talk);
    check_row(&talk, 0, "# Hello");
    check_row(&talk, 2, "Ask me.");
    thread_view_notice(talk.view, "guide is the only model");
    draw(&talk);
    check_row(&talk, 4, "guide is the only model");
    ask(&talk, "hi", 1);
    draw(&talk);
    check_row(&talk, 0, "you 14:02");
    end(&talk);
}
END_TEST

START_TEST(text_of_the_user_is_no_markdown)
{
    struct talk talk;
    begin(&talk, 8, 24);
    ask(&talk, "# not *a* heading\n  kept\tand wrapped around", 1);
    check_shows(&talk, "  # not *a* heading");
    check_shows(&talk, "    kept  and wrapped");
    check_shows(&talk, "  around");
    end(&talk);
}
END_TEST

START_TEST(an_open_attempt_says_how_it_stands)
{
    struct talk talk;
    begin(&talk, 12, 60);
    ask(&talk, "why", 1);
    check_shows(&talk, "routing …");
    start(&talk, 1, 1, "qwen3:8b", "box");
    check_shows(&talk, "qwen3:8b box                                      "
                       "connecting");
    talk.now += 3500;
    check_shows(&talk, "qwen3:8b box                                  "
                       "connecting 3 s");
    say(&talk, 0, EVENT_CONNECTED, 1, 1, FIELD_NONE);
    check_shows(&talk, "qwen3:8b box                  "
                       "waiting for the first word 3 s");
    say(&talk, 0, EVENT_MODEL_LOADING, 1, 1, FIELD_NONE);
    talk.now += 9000;
    check_shows(&talk, "qwen3:8b box                              "
                       "loading model 12 s");
    resize(&talk, 12, 26);
    check_shows(&talk, "qwen3…  loading model 12 s");
    resize(&talk, 12, 20);
    check_shows(&talk, "qwen3:8b box");
    resize(&talk, 12, 60);
    stream(&talk, 1, 1, "Because");
    check_shows(&talk, "qwen3:8b box 14:02                                 "
                       "streaming");
    check_shows(&talk, "│ Because▌");
    end(&talk);
}
END_TEST

static void answer_with_usage(struct talk *talk)
{
    ask(talk, "why", 1);
    start(talk, 1, 1, "qwen3", "box");
    talk->now += 800;
    stream(talk, 1, 1, "Because.");
    say(talk, 7000, EVENT_USAGE, 1, 1, FIELD_OUTPUT, "388", FIELD_EVAL_MS,
        "7185", FIELD_NONE);
    finish(talk, 1, 1, "complete", "");
}

START_TEST(a_receipt_has_what_is_known_and_drops_from_the_right)
{
    struct talk talk;
    begin(&talk, 8, 60);
    answer_with_usage(&talk);
    check_shows(&talk, "qwen3 box 14:02              "
                       "ttft 0.8 s · 54 tok/s · 388 tok");
    resize(&talk, 8, 40);
    check_shows(&talk, "qwen3 box 14:02    ttft 0.8 s · 54 tok/s");
    resize(&talk, 8, 30);
    check_shows(&talk, "qwen3 box 14:02     ttft 0.8 s");
    resize(&talk, 8, 16);
    check_shows(&talk, "qwen3 box 14:02");
    resize(&talk, 8, 12);
    check_shows(&talk, "qwen3 box");
    resize(&talk, 8, 4);
    check_shows(&talk, "qwe…");
    end(&talk);
}
END_TEST

START_TEST(tokens_that_nobody_counted_are_estimated)
{
    struct talk talk;
    begin(&talk, 8, 60);
    ask(&talk, "why", 1);
    start(&talk, 1, 1, "m", "e");
    stream(&talk, 1, 1, "one two three four");
    talk.now += 2000;
    finish(&talk, 1, 1, "complete", "");
    draw(&talk);
    struct buf dump = { 0 };
    canvas_dump(&talk.canvas, &dump, false);
    ck_assert_ptr_nonnull(strstr(buf_string(&dump), "ttft 0.0 s · ~"));
    ck_assert_ptr_nonnull(strstr(buf_string(&dump), " tok/s · ~"));
    buf_clear(&dump);
    end(&talk);
}
END_TEST

START_TEST(the_model_that_answered_is_shown_when_it_differs)
{
    struct talk talk;
    begin(&talk, 8, 60);
    ask(&talk, "why", 1);
    start(&talk, 1, 1, "fast", "e");
    stream(&talk, 1, 1, "x");
    say(&talk, 0, EVENT_MODEL_REPORTED, 1, 1, FIELD_MODEL, "fast-0613",
        FIELD_NONE);
    check_shows(&talk, "fast → fast-0613 e 14:02                           "
                       "streaming");
    end(&talk);
}
END_TEST

START_TEST(thinking_is_one_line_until_it_is_unfolded)
{
    struct talk talk;
    begin(&talk, 12, 40);
    ask(&talk, "why", 1);
    start(&talk, 1, 1, "m", "e");
    say(&talk, 0, EVENT_THINKING_DELTA, 1, 1, FIELD_TEXT, "Let me see,",
        FIELD_NONE);
    talk.now += 4000;
    check_shows(&talk, "▸ thinking 4 s …");
    say(&talk, 5000, EVENT_THINKING_DELTA, 1, 1, FIELD_TEXT,
        " they said\nfive words", FIELD_NONE);
    stream(&talk, 1, 1, "So.");
    check_shows(&talk, "▸ thought 9 s, 7 words");
    ck_assert(!shows(&talk, "│ five words"));
    thread_view_unfold(talk.view, true);
    ck_assert(thread_view_is_unfolded(talk.view));
    check_shows(&talk, "▾ thought 9 s, 7 words");
    check_shows(&talk, "│ Let me see, they said");
    check_shows(&talk, "│ five words");
    check_shows(&talk, "│ So.▌");
    end(&talk);
}
END_TEST

static void call_tool(struct talk *talk)
{
    ask(talk, "look", 1);
    start(talk, 1, 1, "m", "e");
    stream(talk, 1, 1, "I look.");
    say(talk, 0, EVENT_TOOL_CALL_START, 1, 1, FIELD_CALL, "1", FIELD_NAME,
        "shell", FIELD_NONE);
    say(talk, 0, EVENT_TOOL_CALL_END, 1, 1, FIELD_CALL, "1", FIELD_ARGUMENTS,
        "{\"command\": \"pytest -q tests/\"}", FIELD_NONE);
    say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "complete",
        FIELD_NONE);
}

START_TEST(a_tool_call_is_one_line_with_its_state)
{
    struct talk talk;
    begin(&talk, 14, 50);
    call_tool(&talk);
    check_shows(&talk,
                "● shell {\"command\": \"pytest -q tests/\"}    pending");
    say(&talk, 0, EVENT_TOOL_STARTED, 1, 1, FIELD_CALL, "1", FIELD_NONE);
    talk.now += 14200;
    check_shows(&talk, "● shell {\"command\": \"pytest -q te…  executing 14 s");
    say(&talk, 0, EVENT_TOOL_FINISHED, 1, 1, FIELD_CALL, "1", FIELD_OUTCOME,
        "completed", FIELD_TEXT, "..F\n1 failed\n", FIELD_NONE);
    check_shows(&talk, "● shell {\"command\": \"pytest -q te…  completed 14 s");
    check_shows(&talk, "└ shell 2 lines, 13 B");
    ck_assert(!shows(&talk, "│ 1 failed"));
    thread_view_unfold(talk.view, true);
    check_shows(&talk, "│ 1 failed");
    check_shows(&talk, "│ {\"command\": \"pytest -q tests/\"}");
    end(&talk);
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
        begin(&talk, 10, 40);
        ask(&talk, "why", 1);
        start(&talk, 1, 1, "m", "e");
        stream(&talk, 1, 1, "Half an");
        finish(&talk, 1, 1, cases[i].outcome, cases[i].error);
        check_shows(&talk, "│ Half an");
        check_shows(&talk, cases[i].line);
        end(&talk);
    }
}
END_TEST

START_TEST(an_attempt_without_an_answer_is_one_line_wherever_it_failed)
{
    struct talk talk;
    begin(&talk, 12, 40);
    ask(&talk, "why", 1);
    start(&talk, 1, 1, "m", "box");
    say(&talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "error",
        FIELD_ERROR, "connection refused", FIELD_NONE);
    draw(&talk);
    check_row(&talk, 3, "! box: connection refused");
    start(&talk, 1, 2, "big", "cloud");
    draw(&talk);
    check_row(&talk, 3, "! box: connection refused");
    check_row(&talk, 4, "big cloud                     connecting");
    stream(&talk, 1, 2, "Because.");
    draw(&talk);
    check_row(&talk, 3, "! box: connection refused");
    check_row(&talk, 5, "│ Because.▌");
    end(&talk);
}
END_TEST

START_TEST(a_partial_that_was_replaced_is_named_with_its_place)
{
    struct talk talk;
    begin(&talk, 12, 60);
    ask(&talk, "why", 1);
    start(&talk, 1, 1, "m", "box");
    stream(&talk, 1, 1, "Half");
    say(&talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "cut",
        FIELD_ERROR, "reset", FIELD_NONE);
    start(&talk, 1, 2, "big", "cloud");
    stream(&talk, 1, 2, "Whole");
    check_shows(&talk, "! m box ‹1/2› cut: reset");
    check_shows(&talk, "big cloud ‹2/2› 14:02                              "
                       "streaming");
    end(&talk);
}
END_TEST

START_TEST(a_run_that_failed_before_any_attempt_says_why)
{
    struct talk talk;
    begin(&talk, 8, 40);
    ask(&talk, "why", 1);
    say(&talk, 0, EVENT_RUN_FINISHED, 1, 0, FIELD_OUTCOME, "error", FIELD_ERROR,
        "no endpoint", FIELD_NONE);
    check_shows(&talk, "! error: no endpoint");
    end(&talk);
}
END_TEST

static void long_answer(struct talk *talk, int lines)
{
    ask(talk, "count", 1);
    start(talk, 1, 1, "m", "e");
    for (int i = 1; i <= lines; i++) {
        char text[32];
        snprintf(text, sizeof text, "- %d\n", i);
        stream(talk, 1, 1, text);
    }
}

START_TEST(the_view_follows_the_end_only_while_the_end_is_on_screen)
{
    struct talk talk;
    begin(&talk, 5, 30);
    long_answer(&talk, 20);
    draw(&talk);
    check_row(&talk, 4, "│ • 20▌");
    thread_view_scroll(talk.view, -3);
    draw(&talk);
    ck_assert(!thread_view_is_following(talk.view));
    ck_assert_uint_eq(thread_view_new_lines(talk.view), 0);
    check_row(&talk, 4, "│ • 17");
    stream(&talk, 1, 1, "- 21\n- 22\n");
    draw(&talk);
    check_row(&talk, 4, "│ • 17");
    ck_assert_uint_eq(thread_view_new_lines(talk.view), 2);
    thread_view_scroll(talk.view, 4);
    draw(&talk);
    check_row(&talk, 4, "│ • 21");
    ck_assert(!thread_view_is_following(talk.view));
    thread_view_scroll(talk.view, 1);
    draw(&talk);
    ck_assert(thread_view_is_following(talk.view));
    ck_assert_uint_eq(thread_view_new_lines(talk.view), 0);
    stream(&talk, 1, 1, "- 23\n");
    draw(&talk);
    check_row(&talk, 4, "│ • 23▌");
    end(&talk);
}
END_TEST

START_TEST(pages_keep_a_line_and_the_ends_are_reached)
{
    struct talk talk;
    begin(&talk, 5, 30);
    long_answer(&talk, 20);
    draw(&talk);
    thread_view_page(talk.view, -1);
    draw(&talk);
    check_row(&talk, 4, "│ • 16");
    thread_view_page(talk.view, -100);
    draw(&talk);
    check_row(&talk, 0, "you 14:02");
    thread_view_to_end(talk.view);
    draw(&talk);
    check_row(&talk, 4, "│ • 20▌");
    thread_view_to_start(talk.view);
    draw(&talk);
    check_row(&talk, 1, "  count");
    thread_view_page(talk.view, 1);
    draw(&talk);
    check_row(&talk, 0, "│ • 1");
    end(&talk);
}
END_TEST

START_TEST(new_turns_below_count_and_do_not_move_the_view)
{
    struct talk talk;
    begin(&talk, 4, 30);
    long_answer(&talk, 10);
    finish(&talk, 1, 1, "complete", "");
    draw(&talk);
    thread_view_scroll(talk.view, -2);
    draw(&talk);
    check_row(&talk, 3, "│ • 8");
    ask(&talk, "more", 2);
    start(&talk, 2, 1, "m", "e");
    stream(&talk, 2, 1, "ok");
    draw(&talk);
    check_row(&talk, 3, "│ • 8");
    /* blank, you, more, blank, m, ok */
    ck_assert_uint_eq(thread_view_new_lines(talk.view), 6);
    end(&talk);
}
END_TEST

static void paragraphs(struct talk *talk, int count)
{
    ask(talk, "tell", 1);
    start(talk, 1, 1, "m", "e");
    for (int i = 0; i < count; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "mark%d is the first of these words, and the others are here "
                 "so that the paragraph takes more than one line.\n\n",
                 i);
        stream(talk, 1, 1, text);
    }
}

START_TEST(a_resize_keeps_the_text_at_the_top)
{
    struct talk talk;
    begin(&talk, 6, 60);
    paragraphs(&talk, 60);
    draw(&talk);
    thread_view_scroll(talk.view, -90);
    for (int i = 0; i < 200; i++) {
        draw(&talk);
        if (canvas_cell(&talk.canvas, 0, 2)->text[0] == 'm')
            break;
        thread_view_scroll(talk.view, -1);
    }
    struct buf before = { 0 };
    for (int col = 2; col < 8; col++)
        buf_append(&before, canvas_cell(&talk.canvas, 0, col)->text, 1);
    ck_assert(slice_starts(buf_slice(&before), "mark"));
    static const int widths[] = { 20, 200, 37, 11, 100, 60 };
    for (size_t i = 0; i < COUNTOF(widths); i++) {
        resize(&talk, 6, widths[i]);
        struct buf after = { 0 };
        for (int col = 2; col < 8; col++)
            buf_append(&after, canvas_cell(&talk.canvas, 0, col)->text, 1);
        ck_assert_str_eq(buf_string(&after), buf_string(&before));
        ck_assert(!thread_view_is_following(talk.view));
        buf_clear(&after);
    }
    buf_clear(&before);
    end(&talk);
}
END_TEST

START_TEST(a_switched_sibling_shows_its_own_text)
{
    struct talk talk;
    char node[24];
    begin(&talk, 12, 40);
    uint64_t prompt = ask(&talk, "why", 1);
    start(&talk, 1, 1, "m", "e");
    stream(&talk, 1, 1, "First.");
    finish(&talk, 1, 1, "complete", "");
    uint64_t first = graph_head(talk.scenario.graph);
    draw(&talk);
    snprintf(node, sizeof node, "%llu", (unsigned long long)prompt);
    say(&talk, 0, EVENT_HEAD_MOVED, 0, 0, FIELD_NODE, node, FIELD_NONE);
    say(&talk, 0, EVENT_RUN_STARTED, 2, 0, FIELD_NODE, node, FIELD_NONE);
    start(&talk, 2, 1, "m", "e");
    check_shows(&talk, "m e                           connecting");
    stream(&talk, 2, 1, "Second.");
    check_shows(&talk, "m e ‹2/2› 14:02                streaming");
    check_shows(&talk, "│ Second.▌");
    snprintf(node, sizeof node, "%llu", (unsigned long long)first);
    say(&talk, 0, EVENT_HEAD_MOVED, 0, 0, FIELD_NODE, node, FIELD_NONE);
    draw(&talk);
    check_shows(&talk, "│ First.");
    ck_assert(!shows(&talk, "│ Second.▌"));
    end(&talk);
}
END_TEST

START_TEST(ten_thousand_deltas_between_two_draws_cost_one_layout)
{
    struct talk talk;
    begin(&talk, 20, 80);
    ask(&talk, "go", 1);
    start(&talk, 1, 1, "m", "e");
    size_t bytes = 0;
    draw(&talk);
    uint64_t before = thread_view_work(talk.view);
    for (int i = 0; i < 10000; i++) {
        const char *text = i % 50 == 49 ? "end.\n\n" : "some words ";
        stream(&talk, 1, 1, text);
        bytes += strlen(text);
    }
    stream(&talk, 1, 1, "the last byte");
    draw(&talk);
    /* Once to read and once to lay out. */
    ck_assert_uint_le(thread_view_work(talk.view) - before, 3 * bytes);
    check_row(&talk, 19, "│ the last byte▌");
    before = thread_view_work(talk.view);
    for (int i = 0; i < 100; i++)
        draw(&talk);
    ck_assert_uint_eq(thread_view_work(talk.view), before);
    end(&talk);
}
END_TEST

START_TEST(a_draw_for_each_delta_lays_out_the_open_block_only)
{
    struct talk talk;
    begin(&talk, 20, 80);
    ask(&talk, "go", 1);
    start(&talk, 1, 1, "m", "e");
    size_t bytes = 0;
    for (int i = 0; i < 5000; i++) {
        const char *text = i % 20 == 19 ? "end.\n\n" : "some words ";
        stream(&talk, 1, 1, text);
        draw(&talk);
        bytes += strlen(text);
    }
    /* A paragraph of 20 deltas is laid out 10 times on average, twice over. */
    ck_assert_uint_le(thread_view_work(talk.view), 25 * bytes);
    end(&talk);
}
END_TEST

START_TEST(only_what_comes_into_view_is_laid_out)
{
    struct talk talk;
    begin(&talk, 20, 80);
    for (uint32_t run = 1; run <= 300; run++) {
        ask(&talk, "a question of some words", run);
        start(&talk, run, 1, "m", "e");
        stream(&talk, run, 1, "an answer of *some* more words");
        finish(&talk, run, 1, "complete", "");
    }
    draw(&talk);
    ck_assert_uint_lt(thread_view_work(talk.view), 1000);
    resize(&talk, 20, 40);
    ck_assert_uint_lt(thread_view_work(talk.view), 2000);
    end(&talk);
}
END_TEST

/* A fresh view draws the same as one that grew with the conversation. */
static void check_fresh(struct talk *talk)
{
    struct buf grown = { 0 }, fresh = { 0 };
    draw(talk);
    canvas_dump(&talk->canvas, &grown, true);
    struct thread thread = { 0 };
    struct thread_view *view = thread_view_new();
    thread_view_unfold(view, thread_view_is_unfolded(talk->view));
    struct rect rect = { 0, 0, talk->canvas.height, talk->canvas.width };
    thread_view_draw(view, talk->scenario.graph, &thread, &talk->canvas, rect,
                     talk->now);
    canvas_dump(&talk->canvas, &fresh, true);
    ck_assert_str_eq(buf_string(&grown), buf_string(&fresh));
    buf_clear(&grown);
    buf_clear(&fresh);
    thread_clear(&thread);
    thread_view_free(view);
}

START_TEST(any_conversation_grows_to_the_screen_of_a_fresh_view)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct talk talk;
        struct random_log random = { .state = seed, .wild_share = 5 };
        struct noise noise = { seed };
        begin(&talk, 24, 50);
        for (int i = 0; i < 250; i++) {
            struct event event = { 0 };
            random_event(&random, talk.scenario.graph, &event);
            scenario_add(&talk.scenario, &event);
            if (noise_below(&noise, 40) == 0)
                resize(&talk, (int)noise_below(&noise, 40),
                       (int)noise_below(&noise, 120));
            if (noise_below(&noise, 60) == 0)
                thread_view_unfold(talk.view,
                                   !thread_view_is_unfolded(talk.view));
            if (noise_below(&noise, 4) == 0)
                check_fresh(&talk);
        }
        end(&talk);
    }
}
END_TEST

START_TEST(no_storm_of_sizes_and_scrolls_breaks_the_view)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct talk talk;
        struct random_log random = { .state = seed, .wild_share = 5 };
        struct noise noise = { seed };
        begin(&talk, 24, 80);
        for (int i = 0; i < 400; i++) {
            struct event event = { 0 };
            random_event(&random, talk.scenario.graph, &event);
            scenario_add(&talk.scenario, &event);
            switch (noise_below(&noise, 9)) {
            case 0: resize(&talk, 0, 0); break;
            case 1: resize(&talk, 1, 1); break;
            case 2: resize(&talk, 500, 200); break;
            case 3: resize(&talk, (int)noise_below(&noise, 30), 3); break;
            case 4: thread_view_scroll(talk.view, -5); break;
            case 5: thread_view_page(talk.view, 1); break;
            case 6: thread_view_to_start(talk.view); break;
            case 7: thread_view_scroll(talk.view, INT32_MIN); break;
            default: thread_view_unfold(talk.view, i % 2); break;
            }
            draw(&talk);
        }
        thread_view_to_end(talk.view);
        canvas_resize(&talk.canvas, 20, 60);
        check_fresh(&talk);
        end(&talk);
    }
}
END_TEST

/* Something of everything. */
static void converse(struct talk *talk)
{
    char node[24];
    uint64_t id = ask(talk,
                      "Why does train.py die after step 1200? "
                      "Fix it and test it.",
                      1);
    snprintf(node, sizeof node, "%llu", (unsigned long long)id);
    say(talk, 0, EVENT_ATTACHMENT_ADDED, 0, 0, FIELD_NODE, node, FIELD_NAME,
        "train.log", FIELD_TEXT, "Killed: out of memory", FIELD_NONE);
    start(talk, 1, 1, "qwen3:8b", "box");
    say(talk, 3000, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "error",
        FIELD_ERROR, "cannot connect to box: connection refused", FIELD_NONE);
    start(talk, 1, 2, "sonnet-4.6", "claude");
    say(talk, 800, EVENT_THINKING_DELTA, 1, 2, FIELD_TEXT,
        "The history list keeps every graph alive.", FIELD_NONE);
    talk->now += 9000;
    stream(talk, 1, 2,
           "Two leaks:\n\n1. `history.append(loss)` keeps every graph alive; "
           "41 MB a step fits **your log**.\n2. the loader caches decoded "
           "images in a list that is never cut.\n\n```python\n"
           "history.append(loss.item())\n```\n\nI change both and run the "
           "loader tests.");
    say(talk, 0, EVENT_TOOL_CALL_START, 1, 2, FIELD_CALL, "1", FIELD_NAME,
        "shell", FIELD_NONE);
    say(talk, 0, EVENT_TOOL_CALL_END, 1, 2, FIELD_CALL, "1", FIELD_ARGUMENTS,
        "{\"command\":\"pytest -q tests/test_loader.py\"}", FIELD_NONE);
    say(talk, 0, EVENT_USAGE, 1, 2, FIELD_OUTPUT, "388", FIELD_EVAL_MS, "7200",
        FIELD_NONE);
    say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 2, FIELD_OUTCOME, "complete",
        FIELD_NONE);
    say(talk, 0, EVENT_TOOL_STARTED, 1, 2, FIELD_CALL, "1", FIELD_NONE);
    say(talk, 14200, EVENT_TOOL_FINISHED, 1, 2, FIELD_CALL, "1", FIELD_OUTCOME,
        "completed", FIELD_TEXT, "..F.....\n1 failed, 7 passed\n", FIELD_NONE);
    start(talk, 1, 3, "sonnet-4.6", "claude");
    talk->now += 500;
    stream(talk, 1, 3, "One test fails, as | it should\n");
    finish(talk, 1, 3, "cut", "the server closed the connection");
    ask(talk, "Also check that the second epoch does not leak.", 2);
    start(talk, 2, 1, "qwen3:8b", "box");
    say(talk, 0, EVENT_MODEL_LOADING, 2, 1, FIELD_NONE);
    talk->now += 12000;
    thread_view_notice(talk->view, "queued: then run the whole suite");
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
        begin(&talk, cases[i].width < 40 ? 90 : 50, cases[i].width);
        converse(&talk);
        thread_view_unfold(talk.view, cases[i].unfolded);
        thread_view_set_ascii(talk.view, cases[i].ascii);
        draw(&talk);
        buf_printf(&dump, "== %d%s%s\n", cases[i].width,
                   cases[i].unfolded ? " unfolded" : "",
                   cases[i].ascii ? " ascii" : "");
        canvas_dump(&talk.canvas, &dump, cases[i].width == 100);
        while (slice_starts(slice_skip(buf_slice(&dump), dump.len - 2), "\n\n"))
            buf_truncate(&dump, dump.len - 1);
        end(&talk);
    }
    golden_check("thread_view.txt", &dump);
    buf_clear(&dump);
}
END_TEST

Suite *thread_view_suite(void)
{
    Suite *suite = suite_create("thread_view");
    TCase *tcase = tcase_create("thread_view");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, an_empty_conversation_welcomes);
    tcase_add_test(tcase, text_of_the_user_is_no_markdown);
    tcase_add_test(tcase, an_open_attempt_says_how_it_stands);
    tcase_add_test(tcase, a_receipt_has_what_is_known_and_drops_from_the_right);
    tcase_add_test(tcase, tokens_that_nobody_counted_are_estimated);
    tcase_add_test(tcase, the_model_that_answered_is_shown_when_it_differs);
    tcase_add_test(tcase, thinking_is_one_line_until_it_is_unfolded);
    tcase_add_test(tcase, a_tool_call_is_one_line_with_its_state);
    tcase_add_test(tcase, how_an_answer_ended_badly_is_said_below_its_text);
    tcase_add_test(tcase,
                   an_attempt_without_an_answer_is_one_line_wherever_it_failed);
    tcase_add_test(tcase, a_partial_that_was_replaced_is_named_with_its_place);
    tcase_add_test(tcase, a_run_that_failed_before_any_attempt_says_why);
    tcase_add_test(tcase,
                   the_view_follows_the_end_only_while_the_end_is_on_screen);
    tcase_add_test(tcase, pages_keep_a_line_and_the_ends_are_reached);
    tcase_add_test(tcase, new_turns_below_count_and_do_not_move_the_view);
    tcase_add_test(tcase, a_resize_keeps_the_text_at_the_top);
    tcase_add_test(tcase, a_switched_sibling_shows_its_own_text);
    tcase_add_test(tcase,
                   ten_thousand_deltas_between_two_draws_cost_one_layout);
    tcase_add_test(tcase, a_draw_for_each_delta_lays_out_the_open_block_only);
    tcase_add_test(tcase, only_what_comes_into_view_is_laid_out);
    tcase_add_test(tcase, any_conversation_grows_to_the_screen_of_a_fresh_view);
    tcase_add_test(tcase, no_storm_of_sizes_and_scrolls_breaks_the_view);
    tcase_add_test(tcase, a_conversation_looks_as_it_should);
    suite_add_tcase(suite, tcase);
    return suite;
}
