/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/noise.h"
#include "tests/support/random_log.h"
#include "tests/support/talk.h"

Suite *thread_view_suite(void);

START_TEST(an_empty_conversation_welcomes)
{
    struct talk talk;
    talk_begin(&talk, 6, 40);
    thread_view_welcome(talk.view, "# Hello\n\nAsk *me*.");
    talk_draw(&talk);
    talk_check_row(&talk, 0, "# Hello");
    talk_check_row(&talk, 2, "Ask me.");
    talk_ask(&talk, "hi", 1);
    talk_draw(&talk);
    talk_check_row(&talk, 0, "you 14:02");
    talk_end(&talk);
}
END_TEST

static void long_answer(struct talk *talk, int lines)
{
    talk_ask(talk, "count", 1);
    talk_start(talk, 1, 1, "m", "e");
    for (int i = 1; i <= lines; i++) {
        char text[32];
        snprintf(text, sizeof text, "- %d\n", i);
        talk_stream(talk, 1, 1, text);
    }
}

START_TEST(the_view_follows_the_end_only_while_the_end_is_on_screen)
{
    struct talk talk;
    talk_begin(&talk, 5, 30);
    long_answer(&talk, 20);
    talk_draw(&talk);
    talk_check_row(&talk, 4, "│ • 20▌");
    thread_view_scroll(talk.view, -3);
    talk_draw(&talk);
    ck_assert(!thread_view_is_following(talk.view));
    ck_assert_uint_eq(thread_view_new_lines(talk.view), 0);
    talk_check_row(&talk, 4, "│ • 17");
    talk_stream(&talk, 1, 1, "- 21\n- 22\n");
    talk_draw(&talk);
    talk_check_row(&talk, 4, "│ • 17");
    ck_assert_uint_eq(thread_view_new_lines(talk.view), 2);
    thread_view_scroll(talk.view, 4);
    talk_draw(&talk);
    talk_check_row(&talk, 4, "│ • 21");
    ck_assert(!thread_view_is_following(talk.view));
    thread_view_scroll(talk.view, 1);
    talk_draw(&talk);
    ck_assert(thread_view_is_following(talk.view));
    ck_assert_uint_eq(thread_view_new_lines(talk.view), 0);
    talk_stream(&talk, 1, 1, "- 23\n");
    talk_draw(&talk);
    talk_check_row(&talk, 4, "│ • 23▌");
    talk_end(&talk);
}
END_TEST

START_TEST(pages_keep_a_line_and_the_ends_are_reached)
{
    struct talk talk;
    talk_begin(&talk, 5, 30);
    long_answer(&talk, 20);
    talk_draw(&talk);
    thread_view_page(talk.view, -1);
    talk_draw(&talk);
    talk_check_row(&talk, 4, "│ • 16");
    thread_view_page(talk.view, -100);
    talk_draw(&talk);
    talk_check_row(&talk, 0, "you 14:02");
    thread_view_to_end(talk.view);
    talk_draw(&talk);
    talk_check_row(&talk, 4, "│ • 20▌");
    thread_view_to_start(talk.view);
    talk_draw(&talk);
    talk_check_row(&talk, 1, "  count");
    thread_view_page(talk.view, 1);
    talk_draw(&talk);
    talk_check_row(&talk, 0, "│ • 1");
    talk_end(&talk);
}
END_TEST

START_TEST(new_turns_below_count_and_do_not_move_the_view)
{
    struct talk talk;
    talk_begin(&talk, 4, 30);
    long_answer(&talk, 10);
    talk_finish(&talk, 1, 1, "complete", "");
    talk_draw(&talk);
    thread_view_scroll(talk.view, -2);
    talk_draw(&talk);
    talk_check_row(&talk, 3, "│ • 8");
    talk_ask(&talk, "more", 2);
    talk_start(&talk, 2, 1, "m", "e");
    talk_stream(&talk, 2, 1, "ok");
    talk_draw(&talk);
    talk_check_row(&talk, 3, "│ • 8");
    /* blank, you, more, blank, m, ok */
    ck_assert_uint_eq(thread_view_new_lines(talk.view), 6);
    talk_end(&talk);
}
END_TEST

static void paragraphs(struct talk *talk, int count)
{
    talk_ask(talk, "tell", 1);
    talk_start(talk, 1, 1, "m", "e");
    for (int i = 0; i < count; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "mark%d is the first of these words, and the others are here "
                 "so that the paragraph takes more than one line.\n\n",
                 i);
        talk_stream(talk, 1, 1, text);
    }
}

START_TEST(a_resize_keeps_the_text_at_the_top)
{
    struct talk talk;
    talk_begin(&talk, 6, 60);
    paragraphs(&talk, 60);
    talk_draw(&talk);
    thread_view_scroll(talk.view, -90);
    for (int i = 0; i < 200; i++) {
        talk_draw(&talk);
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
        talk_resize(&talk, 6, widths[i]);
        struct buf after = { 0 };
        for (int col = 2; col < 8; col++)
            buf_append(&after, canvas_cell(&talk.canvas, 0, col)->text, 1);
        ck_assert_str_eq(buf_string(&after), buf_string(&before));
        ck_assert(!thread_view_is_following(talk.view));
        buf_clear(&after);
    }
    buf_clear(&before);
    talk_end(&talk);
}
END_TEST

START_TEST(a_switched_sibling_shows_its_own_text)
{
    struct talk talk;
    char node[24];
    talk_begin(&talk, 12, 40);
    uint64_t prompt = talk_ask(&talk, "why", 1);
    talk_start(&talk, 1, 1, "m", "e");
    talk_stream(&talk, 1, 1, "First.");
    talk_finish(&talk, 1, 1, "complete", "");
    uint64_t first = graph_head(talk.scenario.graph);
    talk_draw(&talk);
    snprintf(node, sizeof node, "%llu", (unsigned long long)prompt);
    talk_move_head(&talk, prompt);
    talk_say(&talk, 0, EVENT_RUN_STARTED, 2, 0, FIELD_NODE, node, FIELD_NONE);
    talk_start(&talk, 2, 1, "m", "e");
    talk_check_shows(&talk, "m e                           connecting");
    talk_stream(&talk, 2, 1, "Second.");
    talk_check_shows(&talk, "m e ‹2/2› 14:02                streaming");
    talk_check_shows(&talk, "│ Second.▌");
    talk_move_head(&talk, first);
    talk_draw(&talk);
    talk_check_shows(&talk, "│ First.");
    ck_assert(!talk_shows(&talk, "│ Second.▌"));
    talk_end(&talk);
}
END_TEST

START_TEST(ten_thousand_deltas_between_two_draws_cost_one_layout)
{
    struct talk talk;
    talk_begin(&talk, 20, 80);
    talk_ask(&talk, "go", 1);
    talk_start(&talk, 1, 1, "m", "e");
    size_t bytes = 0;
    talk_draw(&talk);
    uint64_t before = thread_view_work(talk.view);
    for (int i = 0; i < 10000; i++) {
        const char *text = i % 50 == 49 ? "end.\n\n" : "some words ";
        talk_stream(&talk, 1, 1, text);
        bytes += strlen(text);
    }
    talk_stream(&talk, 1, 1, "the last byte");
    talk_draw(&talk);
    /* Once to read and once to lay out. */
    ck_assert_uint_le(thread_view_work(talk.view) - before, 3 * bytes);
    talk_check_row(&talk, 19, "│ the last byte▌");
    before = thread_view_work(talk.view);
    for (int i = 0; i < 100; i++)
        talk_draw(&talk);
    ck_assert_uint_eq(thread_view_work(talk.view), before);
    talk_end(&talk);
}
END_TEST

START_TEST(a_draw_for_each_delta_lays_out_the_open_block_only)
{
    struct talk talk;
    talk_begin(&talk, 20, 80);
    talk_ask(&talk, "go", 1);
    talk_start(&talk, 1, 1, "m", "e");
    size_t bytes = 0;
    for (int i = 0; i < 5000; i++) {
        const char *text = i % 20 == 19 ? "end.\n\n" : "some words ";
        talk_stream(&talk, 1, 1, text);
        talk_draw(&talk);
        bytes += strlen(text);
    }
    /* A paragraph of 20 deltas is laid out 10 times on average, twice over. */
    ck_assert_uint_le(thread_view_work(talk.view), 25 * bytes);
    talk_end(&talk);
}
END_TEST

START_TEST(only_what_comes_into_view_is_laid_out)
{
    struct talk talk;
    talk_begin(&talk, 20, 80);
    for (uint32_t run = 1; run <= 300; run++) {
        talk_ask(&talk, "a question of some words", run);
        talk_start(&talk, run, 1, "m", "e");
        talk_stream(&talk, run, 1, "an answer of *some* more words");
        talk_finish(&talk, run, 1, "complete", "");
    }
    talk_draw(&talk);
    ck_assert_uint_lt(thread_view_work(talk.view), 1000);
    talk_resize(&talk, 20, 40);
    ck_assert_uint_lt(thread_view_work(talk.view), 2000);
    talk_end(&talk);
}
END_TEST

/* A fresh view draws the same as one that grew with the conversation. */
static void check_fresh(struct talk *talk)
{
    struct buf grown = { 0 }, fresh = { 0 };
    talk_draw(talk);
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
        talk_begin(&talk, 24, 50);
        for (int i = 0; i < 250; i++) {
            struct event event = { 0 };
            random_event(&random, talk.scenario.graph, &event);
            scenario_add(&talk.scenario, &event);
            if (noise_below(&noise, 40) == 0)
                talk_resize(&talk, (int)noise_below(&noise, 40),
                            (int)noise_below(&noise, 120));
            if (noise_below(&noise, 60) == 0)
                thread_view_unfold(talk.view,
                                   !thread_view_is_unfolded(talk.view));
            if (noise_below(&noise, 4) == 0)
                check_fresh(&talk);
        }
        talk_end(&talk);
    }
}
END_TEST

START_TEST(no_storm_of_sizes_and_scrolls_breaks_the_view)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct talk talk;
        struct random_log random = { .state = seed, .wild_share = 5 };
        struct noise noise = { seed };
        talk_begin(&talk, 24, 80);
        for (int i = 0; i < 400; i++) {
            struct event event = { 0 };
            random_event(&random, talk.scenario.graph, &event);
            scenario_add(&talk.scenario, &event);
            switch (noise_below(&noise, 9)) {
            case 0: talk_resize(&talk, 0, 0); break;
            case 1: talk_resize(&talk, 1, 1); break;
            case 2: talk_resize(&talk, 500, 200); break;
            case 3: talk_resize(&talk, (int)noise_below(&noise, 30), 3); break;
            case 4: thread_view_scroll(talk.view, -5); break;
            case 5: thread_view_page(talk.view, 1); break;
            case 6: thread_view_to_start(talk.view); break;
            case 7: thread_view_scroll(talk.view, INT32_MIN); break;
            default: thread_view_unfold(talk.view, i % 2); break;
            }
            talk_draw(&talk);
        }
        thread_view_to_end(talk.view);
        canvas_resize(&talk.canvas, 20, 60);
        check_fresh(&talk);
        talk_end(&talk);
    }
}
END_TEST

/* A block of Markdown in which every word is another one: "w17". */
static void add_block(struct noise *noise, struct buf *out, int *word)
{
    static const char *const starts[] = {
        "", "- ", "> ", "## ", "1. ", "    "
    };
    uint32_t kind = noise_below(noise, COUNTOF(starts) + 2);
    bool is_fence = kind == COUNTOF(starts);
    bool is_table = kind > COUNTOF(starts);
    if (is_fence)
        buf_append_string(out, "```c\n");
    if (is_table)
        buf_printf(out, "| w%d | w%d |\n|---|---|\n", *word, *word + 1);
    *word += 2;
    for (uint32_t line = noise_below(noise, 4) + 1; line > 0; line--) {
        if (is_table) {
            buf_printf(out, "| w%d | w%d |\n", *word, *word + 1);
            *word += 2;
            continue;
        }
        if (!is_fence)
            buf_append_string(out, starts[kind]);
        for (uint32_t i = noise_below(noise, 14) + 1; i > 0; i--)
            buf_printf(out, "w%d%s", (*word)++, i > 1 ? " " : "\n");
    }
    if (is_fence)
        buf_append_string(out, "```\n");
    buf_append_char(out, '\n');
}

/* A long answer under way. */
static void answer_at_length(struct talk *talk, struct noise *noise, int *word)
{
    struct buf text = { 0 };
    for (int i = 0; i < 40; i++)
        add_block(noise, &text, word);
    talk_ask(talk, "tell", 1);
    talk_start(talk, 1, 1, "m", "e");
    talk_stream(talk, 1, 1, buf_string(&text));
    buf_clear(&text);
}

/* Stream text in pieces of a few bytes; after each the screen is as it was. */
static void check_still(struct talk *talk, struct noise *noise,
                        struct slice text)
{
    struct buf before = { 0 }, after = { 0 };
    canvas_dump(&talk->canvas, &before, true);
    while (text.len) {
        char piece[8];
        size_t len = noise_below(noise, sizeof piece);
        len = len < text.len ? len : text.len;
        memcpy(piece, text.ptr, len);
        piece[len] = '\0';
        text = slice_skip(text, len);
        if (len)
            talk_stream(talk, 1, 1, piece);
        talk_draw(talk);
        buf_reset(&after);
        canvas_dump(&talk->canvas, &after, true);
        ck_assert_msg(slice_equal(buf_slice(&after), buf_slice(&before)),
                      "the view moved");
    }
    buf_clear(&before);
    buf_clear(&after);
}

START_TEST(what_is_in_view_stays_there_while_more_is_written_below)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct talk talk;
        struct noise noise = { seed };
        struct buf text = { 0 };
        int word = 1;
        talk_begin(&talk, 6 + (int)noise_below(&noise, 20),
                   14 + (int)noise_below(&noise, 80));
        answer_at_length(&talk, &noise, &word);
        talk_draw(&talk);
        /* The block that is still written may change: it is out of view. */
        thread_view_scroll(talk.view, -30 - (int)noise_below(&noise, 10));
        talk_draw(&talk);
        for (int i = 0; i < 4; i++)
            add_block(&noise, &text, &word);
        check_still(&talk, &noise, buf_slice(&text));
        ck_assert_uint_gt(thread_view_new_lines(talk.view), 0);
        talk_finish(&talk, 1, 1, "complete", "");
        talk_exchange(&talk, 2, "more", "and more");
        check_still(&talk, &noise, (struct slice){ 0 });
        buf_clear(&text);
        talk_end(&talk);
    }
}
END_TEST

/* The word that a row begins with: "w17"; "" if it begins with none, or in the
 * middle of one. */
static void first_word(const struct talk *talk, int row, char out[16])
{
    struct buf line = { 0 };
    talk_row(talk, row, &line);
    const char *start = strpbrk(buf_string(&line), "w0123456789");
    size_t len = start && *start == 'w' ? strcspn(start, " ") : 0;
    snprintf(out, 16, "%.*s", (int)len, len ? start : "");
    buf_clear(&line);
}

static bool has_word(const struct talk *talk, int row, const char *word)
{
    struct buf line = { 0 };
    talk_row(talk, row, &line);
    bool found = false;
    const char *at = buf_string(&line);
    while (!found && (at = strstr(at, word))) {
        at += strlen(word);
        found = *at == ' ' || !*at;
    }
    buf_clear(&line);
    return found;
}

START_TEST(no_storm_of_widths_moves_the_text_at_the_top)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct talk talk;
        struct noise noise = { seed };
        struct buf before = { 0 }, after = { 0 };
        char word[16];
        int words = 1, width = 20 + (int)noise_below(&noise, 60);
        talk_begin(&talk, 10, width);
        answer_at_length(&talk, &noise, &words);
        talk_draw(&talk);
        thread_view_scroll(talk.view, -60);
        for (int i = 0; i < 20; i++) {
            talk_draw(&talk);
            first_word(&talk, 0, word);
            if (word[0])
                break;
            thread_view_scroll(talk.view, -1);
        }
        canvas_dump(&talk.canvas, &before, true);
        for (int i = 0; i < 20; i++) {
            talk_resize(&talk, 10, 16 + (int)noise_below(&noise, 120));
            ck_assert_msg(has_word(&talk, 0, word), "%s is not at the top",
                          word);
        }
        talk_resize(&talk, 10, width);
        canvas_dump(&talk.canvas, &after, true);
        ck_assert_str_eq(buf_string(&after), buf_string(&before));
        buf_clear(&before);
        buf_clear(&after);
        talk_end(&talk);
    }
}
END_TEST

#define ASKED                                        \
    "@q user-message text=why\n"                     \
    "run-started 1 node=@q\n"                        \
    "attempt-started 1.1 model=m endpoint=e\n"       \
    "@a text-delta 1.1 text=look\n"                  \
    "tool-call-start 1.1 call=1 name=agent_search\n" \
    "tool-call-end 1.1 call=1 arguments={}\n"        \
    "attempt-finished 1.1 outcome=complete\n"        \
    "tool-started 1 call=1\n"                        \
    "@t user-message text='find it' parent=@a spawned=true call=1\n"

START_TEST(a_spawned_branch_is_a_row_until_it_is_unfolded)
{
    struct talk talk;
    talk_begin(&talk, 24, 60);
    scenario_play(&talk.scenario, ASKED);
    talk_check_shows(&talk, "│ ▸ agent_search: find it");
    scenario_play(&talk.scenario, "run-started 2 node=@t\n"
                                  "attempt-started 2.1 model=m endpoint=e\n"
                                  "connected 2.1\n"
                                  "text-delta 2.1 text=there\n"
                                  "attempt-finished 2.1 outcome=complete\n"
                                  "run-finished 2 outcome=complete\n");
    talk_check_shows(&talk,
                     "│ ▸ agent_search: find it                           "
                     "complete");
    ck_assert(!talk_shows(&talk, "│ │ there"));
    uint64_t root = scenario_seq(&talk.scenario, "t");
    thread_view_unfold_node(talk.view, root, true);
    talk_check_shows(&talk,
                     "│ ▾ agent_search                                    "
                     "complete");
    talk_check_shows(&talk, "│   find it");
    talk_check_shows(&talk, "│ │ there");
    thread_view_unfold_node(talk.view, root, false);
    talk_draw(&talk);
    ck_assert(!talk_shows(&talk, "│ │ there"));
    talk_end(&talk);
}
END_TEST

START_TEST(a_run_that_was_just_spawned_has_a_pending_row)
{
    struct talk talk;
    talk_begin(&talk, 24, 40);
    scenario_play(&talk.scenario, ASKED "run-started 2 node=@a spawned=true\n");
    talk_check_shows(&talk, "└ agent …                        routing");
    scenario_play(&talk.scenario, "attempt-started 2.1 model=m endpoint=e\n"
                                  "connected 2.1\n"
                                  "text-delta 2.1 text=there\n");
    talk_draw(&talk);
    ck_assert(!talk_shows(&talk, "└ agent …                        routing"));
    scenario_play(&talk.scenario,
                  "run-started 3 node=@a spawned=true\n"
                  "run-finished 3 outcome=error error='no model'\n");
    talk_check_shows(&talk, "! agent error: no model");
    talk_end(&talk);
}
END_TEST

START_TEST(a_folded_summary_is_one_entry)
{
    struct talk talk;
    talk_begin(&talk, 24, 40);
    scenario_play(&talk.scenario,
                  "@a user-message text=first\n"
                  "@b user-message text=second\n"
                  "@c user-message text=third\n"
                  "@s summarised first=@a last=@b text='two **knots**'\n");
    talk_check_shows(&talk, "  first");
    scenario_play(&talk.scenario, "folded summary=@s on=true\n");
    talk_draw(&talk);
    talk_check_row(&talk, 0, "summary of 2 messages");
    talk_check_row(&talk, 1, "│ two knots");
    talk_check_shows(&talk, "  third");
    ck_assert(!talk_shows(&talk, "  first"));
    scenario_play(&talk.scenario, "folded summary=@s on=false\n");
    talk_check_shows(&talk, "  first");
    talk_end(&talk);
}
END_TEST

Suite *thread_view_suite(void)
{
    Suite *suite = suite_create("thread_view");
    TCase *tcase = tcase_create("thread_view");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, an_empty_conversation_welcomes);
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
    tcase_add_test(tcase,
                   what_is_in_view_stays_there_while_more_is_written_below);
    tcase_add_test(tcase, no_storm_of_widths_moves_the_text_at_the_top);
    tcase_add_test(tcase, a_spawned_branch_is_a_row_until_it_is_unfolded);
    tcase_add_test(tcase, a_run_that_was_just_spawned_has_a_pending_row);
    tcase_add_test(tcase, a_folded_summary_is_one_entry);
    suite_add_tcase(suite, tcase);
    return suite;
}
