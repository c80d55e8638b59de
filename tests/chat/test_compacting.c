/* SPDX-License-Identifier: MIT */
/*
 * A window of two thousand tokens, of which a quarter is kept for the reply: from
 * 1000 tokens on a line warns, from 1200 on room is made, down to 500.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/tokens.h"
#include "chat/fates.h"
#include "chat/tree.h"
#include "tests/support/desk.h"
#include "tests/support/server.h"

Suite *compacting_suite(void);

#define LIST                                                  \
    "match GET /v1/models\ntimes forever\nstatus 200 OK\n"    \
    "header Content-Type: application/json\n"                 \
    "body \"{\\\"object\\\":\\\"list\\\",\\\"data\\\":["      \
    "{\\\"id\\\":\\\"m\\\",\\\"max_model_len\\\":2000},"      \
    "{\\\"id\\\":\\\"wide\\\",\\\"max_model_len\\\":100000}," \
    "{\\\"id\\\":\\\"narrow\\\",\\\"max_model_len\\\":700}]}\"\n"
#define ANSWER(times, text)                                                \
    "match POST /v1/chat/completions\ntimes " times "\nstatus 200 OK\n"    \
    "header Content-Type: application/json\n"                              \
    "body \"{\\\"choices\\\":[{\\\"message\\\":{\\\"content\\\":\\\"" text \
    "\\\"},\\\"finish_reason\\\":\\\"stop\\\"}],\\\"usage\\\":{"           \
    "\\\"completion_tokens\\\":40}}\"\n"
#define BROKEN                                           \
    "match POST /v1/chat/completions\nstatus 500 Oops\n" \
    "header Content-Type: application/json\n"            \
    "body \"{\\\"error\\\":{\\\"message\\\":\\\"it broke\\\"}}\"\n"
#define STALLED                                         \
    "match POST /v1/chat/completions\nstatus 200 OK\n"  \
    "header Content-Type: text/event-stream\nchunked\n" \
    "data {\"choices\":[{\"delta\":{\"content\":\"so \"}}]}\nstall\n"
#define YES     ANSWER("forever", "Yes.")
#define SUMMARY "They spoke of Greek letters."

enum { PIECE = 200, /* tokens of a prompt, about */ ASKED_MOST = 12 };

static struct desk desk;
static struct server *server;
static struct buf notes;

static void open_with(const char *target, const char *more,
                      const char *const *scenarios, bool is_watched)
{
    static struct buf yaml;
    server = server_start_texts(scenarios);
    buf_reset(&yaml);
    buf_printf(&yaml,
               "endpoints:\n"
               "  box: {dialect: chat-completions, trust: own, url: '%s'}\n"
               "  shop: {dialect: chat-completions, trust: vendor, url: '%s'}\n"
               "%s\n",
               server_url(server, "/v1"), server_url(server, "/shop/v1"), more);
    desk_open(&desk, &(struct desk_plan){
                         .yaml = buf_string(&yaml),
                         .chat = { .target = target,
                                   .system = "Be brief.",
                                   .is_interactive = is_watched },
                     });
    buf_clear(&yaml);
    buf_reset(&notes);
}

static void begin(const char *more, const char *const *scenarios,
                  bool is_watched)
{
    open_with("box/m", more, scenarios, is_watched);
}

static void end(void)
{
    const struct graph *graph = desk_graph(&desk);
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        ck_assert_uint_eq(graph_rejected_count(graph, (enum reject_reason)i),
                          0);
    desk_close(&desk);
    server_stop(server);
    buf_clear(&notes);
}

static void go_on(void)
{
    for (chat_turn(desk.chat);
         chat_is_busy(desk.chat) &&
         (!chat_has_question(desk.chat) ||
          chat_context_stage(desk.chat) == CONTEXT_WRITING);)
        desk_turn(&desk);
    chat_take_context_note(desk.chat, &notes);
}

/* "N: alpha beta ..." of about so many tokens. */
static void write_text(int number, uint64_t tokens, struct buf *out)
{
    static const char *const words[] = { "alpha", "beta", "gamma", "delta",
                                         "epsilon" };
    buf_reset(out);
    buf_printf(out, "%d:", number);
    for (size_t i = 0; tokens_estimate(buf_slice(out)) < tokens; i++)
        buf_printf(out, " %s", words[i % 5]);
}

static void ask_of(int number, uint64_t tokens)
{
    struct buf text = { 0 };
    write_text(number, tokens, &text);
    desk_prompt(&desk, buf_string(&text));
    buf_clear(&text);
    go_on();
}

/* Prompts until room is made, asked for or refused: how many that took. */
static int fill(void)
{
    int number = 0;
    do
        ask_of(++number, PIECE);
    while (number < ASKED_MOST &&
           chat_last_error(desk.chat)->kind == ERROR_NONE &&
           !chat_has_question(desk.chat) &&
           !graph_left_out_count(desk_graph(&desk)) &&
           !graph_summary_count(desk_graph(&desk)));
    ck_assert_int_lt(number, ASKED_MOST);
    return number;
}

static int posts(void)
{
    return server_count(server, "POST /v1/chat/completions");
}

static bool has_note(const char *words)
{
    return notes.len && strstr(buf_string(&notes), words);
}

/* The last request, with the list of the models among them. */
static struct slice last_body(void)
{
    int count = server_count(server, "--- request ");
    struct slice body = server_body(server, count);
    while (count > 0 && !body.len)
        body = server_body(server, --count);
    return body;
}

static bool body_has(struct slice body, const char *words)
{
    return memmem(body.ptr, body.len, words, strlen(words)) != NULL;
}

static bool is_dropped(int index)
{
    return graph_node_at(desk_graph(&desk), (size_t)index)->is_dropped;
}

static void undo(void)
{
    struct buf words = { 0 };
    struct error err = { 0 };
    ck_assert_msg(tree_undo(desk.chat, &words, &err), "%s", err.text);
    buf_clear(&words);
}

static void offer_words(struct buf *words)
{
    buf_reset(words);
    chat_context_words(desk.chat, words);
}

/* Nobody is there. */

START_TEST(the_oldest_turns_are_left_out_in_one_cut_and_it_is_said)
{
    begin("context: {policy: truncate}\n", (const char *[]){ LIST, YES, NULL },
          false);
    int asked = fill();
    ck_assert_int_ge(asked, 4);
    ck_assert(has_note("the window fills"));
    ck_assert(has_note("left out"));
    ck_assert(has_note("/undo"));
    ck_assert(is_dropped(0));
    struct slice body = last_body();
    ck_assert(body_has(body, "Be brief."));
    ck_assert(!body_has(body, "\"1: alpha"));
    char newest[32];
    snprintf(newest, sizeof newest, "%d: alpha", asked);
    ck_assert(body_has(body, newest));
    ck_assert_uint_le(tokens_estimate(body), 800);
    /* One large cut: the next prompts are sent as they are. */
    uint64_t seq = graph_folded_seq(desk_graph(&desk));
    buf_reset(&notes);
    ask_of(90, PIECE);
    ask_of(91, PIECE);
    ck_assert_uint_eq(graph_folded_seq(desk_graph(&desk)), seq);
    ck_assert_uint_eq(notes.len, 0);
    end();
}
END_TEST

START_TEST(a_whole_cut_is_undone_at_once_and_the_head_stays)
{
    begin("context: {policy: truncate}\n", (const char *[]){ LIST, YES, NULL },
          false);
    fill();
    uint64_t head_id = graph_head(desk_graph(&desk));
    size_t count = graph_left_out_count(desk_graph(&desk));
    ck_assert_uint_gt(count, 1);
    undo();
    ck_assert_uint_eq(graph_left_out_count(desk_graph(&desk)), 0);
    ck_assert_uint_eq(graph_head(desk_graph(&desk)), head_id);
    end();
}
END_TEST

START_TEST(what_the_user_has_taken_back_or_pinned_stays_in)
{
    struct buf words = { 0 };
    struct error err = { 0 };
    begin("context: {policy: truncate}\n", (const char *[]){ LIST, YES, NULL },
          false);
    ask_of(1, PIECE);
    uint64_t first_id = graph_node_at(desk_graph(&desk), 0)->id;
    ck_assert(fates_pin(desk.chat, first_id, &words, &err));
    fill();
    ck_assert(!is_dropped(0));
    ck_assert(body_has(last_body(), "1: alpha"));
    buf_clear(&words);
    end();
}
END_TEST

START_TEST(off_refuses_with_the_numbers_and_loses_nothing)
{
    begin("context: {policy: off}\n", (const char *[]){ LIST, YES, NULL },
          false);
    fill();
    int sent = posts();
    const struct error *err = chat_last_error(desk.chat);
    ck_assert_int_eq(err->kind, ERROR_LIMIT);
    ck_assert_ptr_nonnull(strstr(err->text, "context.policy is off"));
    ck_assert_ptr_nonnull(strstr(err->text, "2,000"));
    ck_assert_ptr_nonnull(strstr(err->text, "--set context.policy=truncate"));
    ck_assert_uint_eq(graph_left_out_count(desk_graph(&desk)), 0);
    /* The prompt that was not sent is no part of the path. */
    ck_assert_int_eq(
        graph_node(desk_graph(&desk), graph_head(desk_graph(&desk)))->kind,
        NODE_ASSISTANT);
    ask_of(50, PIECE);
    ck_assert_int_eq(posts(), sent);
    end();
}
END_TEST

START_TEST(eight_prompts_each_larger_than_the_window_are_over_budget)
{
    begin("context: {policy: truncate}\n", (const char *[]){ LIST, YES, NULL },
          false);
    for (int i = 0; i < 8; i++) {
        ask_of(i, 2400);
        const struct error *err = chat_last_error(desk.chat);
        ck_assert_int_eq(err->kind, ERROR_LIMIT);
        ck_assert_ptr_nonnull(strstr(err->text, "over budget: 2,"));
    }
    ck_assert_int_eq(posts(), 0);
    end();
}
END_TEST

/* Of a model with a larger window, and another that goes on. */
START_TEST(eight_turns_each_larger_than_the_window_go)
{
    static const char *const policies[] = { "truncate", "summarise" };
    struct error err = { 0 };
    char more[64];
    snprintf(more, sizeof more, "context: {policy: %s}\n", policies[_i]);
    open_with("box/wide", more,
              (const char *[]){ LIST, ANSWER("forever", SUMMARY), NULL },
              false);
    for (int i = 1; i <= 8; i++)
        ask_of(i, 2400);
    ck_assert_int_eq(posts(), 8);
    ck_assert_uint_eq(notes.len, 0);
    ck_assert(chat_set_target(desk.chat, "box/m", &err));
    ask_of(9, 100);
    ck_assert_int_eq(chat_last_error(desk.chat)->kind, ERROR_NONE);
    ck_assert(body_has(last_body(), "9: alpha"));
    ck_assert_uint_le(tokens_estimate(last_body()), 1200);
    ck_assert_int_eq(posts(), _i == 0 ? 9 : 10);
    ask_of(10, 2400);
    ck_assert_ptr_nonnull(
        strstr(chat_last_error(desk.chat)->text, "over budget"));
    end();
}
END_TEST

START_TEST(
    a_single_prompt_that_leaves_less_for_the_reply_is_sent_and_it_is_said)
{
    begin("", (const char *[]){ LIST, YES, NULL }, false);
    ask_of(1, 1600);
    ck_assert_int_eq(posts(), 1);
    ck_assert_int_eq(chat_last_error(desk.chat)->kind, ERROR_NONE);
    ck_assert(has_note("less is left for the reply"));
    end();
}
END_TEST

/* Somebody is there. */

START_TEST(a_prompt_waits_with_what_would_go_and_nothing_is_cut_before)
{
    struct buf words = { 0 };
    begin("context: {policy: truncate}\n", (const char *[]){ LIST, YES, NULL },
          true);
    int asked = fill();
    ck_assert_int_eq(chat_context_stage(desk.chat), CONTEXT_OFFERED);
    ck_assert_int_eq(posts(), asked - 1);
    ck_assert_uint_eq(graph_left_out_count(desk_graph(&desk)), 0);
    offer_words(&words);
    ck_assert_ptr_nonnull(strstr(buf_string(&words), "of 2,000"));
    buf_reset(&words);
    ck_assert(chat_context_about(desk.chat, CONTEXT_TRUNCATE, &words));
    ck_assert_ptr_nonnull(strstr(buf_string(&words), "turns are left out"));
    chat_answer_context(desk.chat, CONTEXT_TRUNCATE);
    go_on();
    ck_assert_int_eq(chat_context_stage(desk.chat), CONTEXT_IDLE);
    ck_assert_int_eq(posts(), asked);
    ck_assert(is_dropped(0));
    undo();
    ck_assert_uint_eq(graph_left_out_count(desk_graph(&desk)), 0);
    buf_clear(&words);
    end();
}
END_TEST

START_TEST(it_may_be_put_off_until_it_does_not_fit)
{
    begin("context: {policy: truncate}\n", (const char *[]){ LIST, YES, NULL },
          true);
    int asked = fill();
    chat_answer_context(desk.chat, CONTEXT_SEND);
    go_on();
    ck_assert_int_eq(posts(), asked);
    ask_of(70, 100);
    ck_assert_int_eq(posts(), asked + 1);
    ask_of(71, 1200);
    ck_assert_int_eq(chat_context_stage(desk.chat), CONTEXT_OFFERED);
    struct buf words = { 0 };
    ck_assert(!chat_context_about(desk.chat, CONTEXT_SEND, &words));
    chat_answer_context(desk.chat, CONTEXT_SEND);
    ck_assert_int_eq(chat_context_stage(desk.chat), CONTEXT_OFFERED);
    chat_answer_context(desk.chat, CONTEXT_STAY);
    go_on();
    ck_assert_int_eq(posts(), asked + 1);
    ck_assert_uint_eq(graph_left_out_count(desk_graph(&desk)), 0);
    ck_assert_int_eq(chat_last_error(desk.chat)->kind, ERROR_CANCELLED);
    buf_clear(&words);
    end();
}
END_TEST

START_TEST(pins_that_are_set_meanwhile_change_what_would_go)
{
    struct buf words = { 0 };
    struct error err = { 0 };
    begin("context: {policy: truncate}\n", (const char *[]){ LIST, YES, NULL },
          true);
    fill();
    const struct context_plan *plan = chat_context_plan(desk.chat);
    uint64_t first_id = graph_node_at(desk_graph(&desk), 0)->id;
    ck_assert_uint_eq(plan->cut.nodes.items[0], first_id);
    ck_assert(fates_pin(desk.chat, first_id, &words, &err));
    chat_turn(desk.chat);
    ck_assert_uint_ne(plan->cut.nodes.items[0], first_id);
    chat_answer_context(desk.chat, CONTEXT_TRUNCATE);
    go_on();
    ck_assert(!is_dropped(0));
    buf_clear(&words);
    end();
}
END_TEST

/* Summaries. The first answer is Yes for every prompt but the one that asks for
 * a summary. */

static void begin_summary(const char *more, const char *summary)
{
    begin(more,
          (const char *[]){ LIST, ANSWER("5", "Yes."), summary, YES, NULL },
          true);
    int asked = fill();
    ck_assert_int_eq(asked, 6);
    ck_assert_int_eq(chat_context_stage(desk.chat), CONTEXT_OFFERED);
}

START_TEST(a_summary_is_reviewed_changed_and_taken)
{
    struct error err = { 0 };
    begin_summary("", ANSWER("1", SUMMARY));
    chat_answer_context(desk.chat, CONTEXT_SUMMARISE);
    go_on();
    ck_assert_int_eq(chat_context_stage(desk.chat), CONTEXT_REVIEWED);
    ck_assert(slice_is(chat_context_summary(desk.chat), SUMMARY));
    ck_assert(body_has(last_body(), "[user]\\n1: alpha"));
    ck_assert(!body_has(last_body(), "6: alpha"));
    ck_assert_uint_eq(graph_summary_count(desk_graph(&desk)), 0);
    ck_assert(!chat_context_edit(desk.chat, slice_of("  "), &err));
    ck_assert(chat_context_edit(desk.chat, slice_of("Greek letters."), &err));
    chat_answer_context(desk.chat, CONTEXT_TAKE);
    go_on();
    ck_assert_uint_eq(graph_summary_count(desk_graph(&desk)), 1);
    const struct summary *summary = graph_summary(desk_graph(&desk), 1);
    ck_assert(summary->is_folded);
    ck_assert_str_eq(summary->text, "Greek letters.");
    ck_assert(body_has(last_body(), "Greek letters."));
    ck_assert(!body_has(last_body(), "1: alpha"));
    ck_assert(body_has(last_body(), "6: alpha"));
    ck_assert_int_eq(chat_last_error(desk.chat)->kind, ERROR_NONE);
    undo();
    ck_assert(!graph_summary(desk_graph(&desk), 1)->is_folded);
    end();
}
END_TEST

START_TEST(the_summary_is_a_run_of_its_own_beside_the_path)
{
    begin_summary("", ANSWER("1", SUMMARY));
    chat_answer_context(desk.chat, CONTEXT_SUMMARISE);
    go_on();
    const struct graph *graph = desk_graph(&desk);
    const struct run *run = graph_run(graph, graph_run_count(graph));
    ck_assert(run->is_spawned);
    ck_assert_int_eq(run->state, RUN_COMPLETE);
    ck_assert_int_eq(run->attempts.items[0].usage.output, 40);
    ck_assert_uint_eq(graph_counted(graph, false)->output, 6 * 40);
    ck_assert_uint_eq(graph_last_run(graph), 6);
    chat_answer_context(desk.chat, CONTEXT_TAKE);
    go_on();
    ck_assert_int_eq(desk_graph(&desk) == graph, 1);
    ck_assert_int_eq(graph_run(graph, 6)->state, RUN_COMPLETE);
    end();
}
END_TEST

static const struct {
    const char *answer, *words;
} failures[] = {
    { BROKEN, "it broke" },
    { ANSWER("1", ""), "" },
    { ANSWER("1", "   "), "empty" },
};

static void ck_offered_again(const char *words)
{
    struct buf question = { 0 };
    ck_assert_int_eq(chat_context_stage(desk.chat), CONTEXT_OFFERED);
    ck_assert(has_note("no summary: "));
    ck_assert(has_note("nothing has changed"));
    ck_assert(has_note(words));
    offer_words(&question);
    ck_assert_ptr_nonnull(strstr(buf_string(&question), "no summary"));
    ck_assert_uint_eq(graph_summary_count(desk_graph(&desk)), 0);
    ck_assert_uint_eq(graph_left_out_count(desk_graph(&desk)), 0);
    buf_reset(&question);
    ck_assert(chat_context_about(desk.chat, CONTEXT_TRUNCATE, &question));
    buf_clear(&question);
}

START_TEST(a_summary_that_is_none_changes_nothing)
{
    begin_summary("", failures[_i].answer);
    chat_answer_context(desk.chat, CONTEXT_SUMMARISE);
    go_on();
    ck_offered_again(failures[_i].words);
    chat_answer_context(desk.chat, CONTEXT_TRUNCATE);
    go_on();
    ck_assert(is_dropped(0));
    end();
}
END_TEST

START_TEST(a_summary_longer_than_the_turns_changes_nothing)
{
    struct buf text = { 0 }, answer = { 0 };
    write_text(0, 1400, &text);
    buf_printf(&answer, ANSWER("1", "%s"), buf_string(&text));
    begin_summary("", buf_string(&answer));
    chat_answer_context(desk.chat, CONTEXT_SUMMARISE);
    go_on();
    ck_offered_again("longer than what it would replace");
    buf_clear(&text);
    buf_clear(&answer);
    end();
}
END_TEST

START_TEST(a_summary_that_is_stopped_changes_nothing_and_the_prompt_waits)
{
    begin_summary("", STALLED);
    chat_answer_context(desk.chat, CONTEXT_SUMMARISE);
    while (!slice_is(chat_context_summary(desk.chat), "so"))
        desk_turn(&desk);
    ck_assert_int_eq(chat_context_stage(desk.chat), CONTEXT_WRITING);
    ck_assert(chat_stop(desk.chat));
    go_on();
    ck_offered_again("stopped by you");
    ck_assert(chat_is_busy(desk.chat));
    const struct graph *graph = desk_graph(&desk);
    ck_assert_int_eq(graph_run(graph, graph_run_count(graph))->state,
                     RUN_ABORTED);
    ck_assert(chat_stop(desk.chat));
    ck_assert(!chat_is_busy(desk.chat));
    end();
}
END_TEST

START_TEST(nothing_private_is_summed_up_by_a_vendor)
{
    begin("context: {by: shop/m}\nprivacy: {private: {text: [alpha]}}\n",
          (const char *[]){ LIST, YES, NULL }, _i == 0);
    fill();
    if (_i == 0) {
        chat_answer_context(desk.chat, CONTEXT_SUMMARISE);
        go_on();
        ck_offered_again("private");
    } else {
        ck_assert(has_note("no summary: "));
        ck_assert(has_note("private"));
        ck_assert(is_dropped(0));
    }
    ck_assert_int_eq(server_count(server, "/shop/"), 0);
    end();
}
END_TEST

START_TEST(a_small_window_of_who_sums_up_gets_the_newest_of_it)
{
    begin("context: {by: box/narrow}\n",
          (const char *[]){ LIST, ANSWER("5", "Yes."), ANSWER("1", SUMMARY),
                            YES, NULL },
          true);
    fill();
    chat_answer_context(desk.chat, CONTEXT_SUMMARISE);
    go_on();
    ck_assert_int_eq(chat_context_stage(desk.chat), CONTEXT_REVIEWED);
    struct buf words = { 0 };
    offer_words(&words);
    ck_assert_ptr_nonnull(strstr(buf_string(&words), "had no room"));
    ck_assert(!body_has(last_body(), "1: alpha"));
    ck_assert(body_has(last_body(), "\"narrow\""));
    ck_assert_uint_le(tokens_estimate(last_body()), 700);
    buf_clear(&words);
    end();
}
END_TEST

START_TEST(where_nobody_is_there_it_is_taken_and_said)
{
    begin("",
          (const char *[]){ LIST, ANSWER("5", "Yes."), ANSWER("1", SUMMARY),
                            YES, NULL },
          false);
    ck_assert_int_eq(fill(), 6);
    ck_assert(has_note("sums up"));
    ck_assert(has_note("a summary stands in place of"));
    ck_assert(graph_summary(desk_graph(&desk), 1)->is_folded);
    ck_assert(body_has(last_body(), SUMMARY));
    ck_assert(body_has(last_body(), "6: alpha"));
    end();
}
END_TEST

START_TEST(where_nobody_is_there_and_no_summary_comes_turns_are_left_out)
{
    begin("", (const char *[]){ LIST, ANSWER("5", "Yes."), BROKEN, YES, NULL },
          false);
    ck_assert_int_eq(fill(), 6);
    ck_assert(has_note("no summary: "));
    ck_assert(has_note("left out"));
    ck_assert(is_dropped(0));
    ck_assert_int_eq(chat_last_error(desk.chat)->kind, ERROR_NONE);
    end();
}
END_TEST

/* By hand. */

START_TEST(compact_takes_instructions_and_folds_an_earlier_summary_in)
{
    struct error err = { 0 };
    begin("",
          (const char *[]){ LIST, ANSWER("3", "Yes."),
                            ANSWER("1", "First summary."), ANSWER("2", "Yes."),
                            ANSWER("1", "Second summary."), YES, NULL },
          true);
    ask_of(1, PIECE);
    ask_of(2, PIECE);
    ask_of(3, PIECE);
    ck_assert(chat_compact(desk.chat, slice_of("keep the names"), &err));
    chat_answer_context(desk.chat, CONTEXT_SUMMARISE);
    go_on();
    ck_assert(body_has(last_body(), "keep the names"));
    ck_assert(!body_has(last_body(), "3: alpha"));
    chat_answer_context(desk.chat, CONTEXT_TAKE);
    ck_assert(!chat_is_busy(desk.chat));
    ask_of(4, PIECE);
    ask_of(5, PIECE);
    ck_assert(chat_compact(desk.chat, slice_of(""), &err));
    chat_answer_context(desk.chat, CONTEXT_SUMMARISE);
    go_on();
    ck_assert(body_has(last_body(), "First summary."));
    ck_assert(!body_has(last_body(), "1: alpha"));
    chat_answer_context(desk.chat, CONTEXT_TAKE);
    ask_of(6, 20);
    ck_assert(body_has(last_body(), "Second summary."));
    ck_assert(!body_has(last_body(), "First summary."));
    ck_assert(body_has(last_body(), "5: alpha"));
    end();
}
END_TEST

START_TEST(compact_without_older_turns_says_so)
{
    struct error err = { 0 };
    begin("context: {policy: off}\n", (const char *[]){ LIST, YES, NULL },
          true);
    ask_of(1, PIECE);
    ck_assert(!chat_compact(desk.chat, slice_of(""), &err));
    ck_assert_ptr_nonnull(strstr(err.text, "nothing can go"));
    ask_of(2, PIECE);
    ck_assert(chat_compact(desk.chat, slice_of(""), &err));
    /* Prompts wait for the answer. */
    ask_of(3, PIECE);
    ck_assert_int_eq(posts(), 2);
    chat_answer_context(desk.chat, CONTEXT_STAY);
    go_on();
    ck_assert_int_eq(posts(), 3);
    ck_assert_uint_eq(graph_left_out_count(desk_graph(&desk)), 0);
    end();
}
END_TEST

START_TEST(a_warning_is_said_once_until_less_is_filled)
{
    begin("context: {policy: off}\n", (const char *[]){ LIST, YES, NULL },
          true);
    int asked = 0;
    while (!has_note("the window fills"))
        ask_of(++asked, PIECE);
    ck_assert_int_le(asked, ASKED_MOST);
    buf_reset(&notes);
    ask_of(++asked, 20);
    ck_assert(!has_note("the window fills"));
    struct buf words = { 0 };
    struct error err = { 0 };
    for (size_t i = 0; i < 4; i++)
        ck_assert(fates_leave_out(
            desk.chat, graph_node_at(desk_graph(&desk), i)->id, &words, &err));
    ask_of(++asked, 20);
    ck_assert(!has_note("the window fills"));
    for (size_t i = 0; i < 4; i++)
        ck_assert(fates_leave_out(
            desk.chat, graph_node_at(desk_graph(&desk), i)->id, &words, &err));
    ask_of(++asked, 20);
    ck_assert(has_note("the window fills"));
    buf_clear(&words);
    end();
}
END_TEST

static TCase *alone_case(void)
{
    TCase *tcase = tcase_create("alone");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   the_oldest_turns_are_left_out_in_one_cut_and_it_is_said);
    tcase_add_test(tcase, a_whole_cut_is_undone_at_once_and_the_head_stays);
    tcase_add_test(tcase, what_the_user_has_taken_back_or_pinned_stays_in);
    tcase_add_test(tcase, off_refuses_with_the_numbers_and_loses_nothing);
    tcase_add_test(tcase,
                   eight_prompts_each_larger_than_the_window_are_over_budget);
    tcase_add_loop_test(tcase, eight_turns_each_larger_than_the_window_go, 0,
                        2);
    tcase_add_test(
        tcase,
        a_single_prompt_that_leaves_less_for_the_reply_is_sent_and_it_is_said);
    tcase_add_test(tcase, where_nobody_is_there_it_is_taken_and_said);
    tcase_add_test(
        tcase, where_nobody_is_there_and_no_summary_comes_turns_are_left_out);
    return tcase;
}

static TCase *asked_case(void)
{
    TCase *tcase = tcase_create("asked");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   a_prompt_waits_with_what_would_go_and_nothing_is_cut_before);
    tcase_add_test(tcase, it_may_be_put_off_until_it_does_not_fit);
    tcase_add_test(tcase, pins_that_are_set_meanwhile_change_what_would_go);
    tcase_add_test(tcase,
                   compact_takes_instructions_and_folds_an_earlier_summary_in);
    tcase_add_test(tcase, compact_without_older_turns_says_so);
    tcase_add_test(tcase, a_warning_is_said_once_until_less_is_filled);
    return tcase;
}

static TCase *summary_case(void)
{
    TCase *tcase = tcase_create("summary");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_summary_is_reviewed_changed_and_taken);
    tcase_add_test(tcase, the_summary_is_a_run_of_its_own_beside_the_path);
    tcase_add_loop_test(tcase, a_summary_that_is_none_changes_nothing, 0,
                        sizeof failures / sizeof *failures);
    tcase_add_test(tcase, a_summary_longer_than_the_turns_changes_nothing);
    tcase_add_test(
        tcase, a_summary_that_is_stopped_changes_nothing_and_the_prompt_waits);
    tcase_add_loop_test(tcase, nothing_private_is_summed_up_by_a_vendor, 0, 2);
    tcase_add_test(tcase, a_small_window_of_who_sums_up_gets_the_newest_of_it);
    return tcase;
}

Suite *compacting_suite(void)
{
    Suite *suite = suite_create("compacting");
    suite_add_tcase(suite, alone_case());
    suite_add_tcase(suite, asked_case());
    suite_add_tcase(suite, summary_case());
    return suite;
}
