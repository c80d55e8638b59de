/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "chat/fates.h"
#include "chat/reread.h"
#include "tests/support/easel.h"

Suite *reread_suite(void);

/* box has qwen3:8b loaded, and answered there. */
static struct easel easel;
static struct chat *chat;
static const struct graph *graph;
static struct budget *budget;
static uint64_t first, second;

/* A prompt of so many words, and its answer: the server read so many tokens in
 * ten seconds. */
static uint64_t say(uint32_t run, int words, const char *read)
{
    struct talk *talk = &easel.talk;
    struct buf text = { 0 };
    for (int i = 0; i < words; i++)
        buf_append_string(&text, "knot ");
    talk_ask(talk, buf_string(&text), run);
    talk_start(talk, run, 1, "qwen3:8b", "box");
    talk_stream(talk, run, 1, "It is so.");
    uint64_t id = graph_head(graph);
    talk_say(talk, 0, EVENT_USAGE, run, 1, FIELD_INPUT, read, FIELD_PROMPT_MS,
             "10000", FIELD_NONE);
    talk_finish(talk, run, 1, "complete", "");
    buf_clear(&text);
    return id;
}

static void setup(void)
{
    easel_begin(&easel, true);
    chat = easel.screen.chat;
    graph = chat_conversation(chat)->graph;
    budget = budget_new();
    first = say(1, 6000, "6000");
    second = say(2, 20, "6030");
}

static void teardown(void)
{
    budget_free(budget);
    easel_end(&easel);
}

static struct reread look(void)
{
    chat_count(chat, budget);
    return reread_of(chat, budget);
}

static void ck_long(bool is_long)
{
    struct reread reread = look();
    ck_assert_int_eq(reread_is_long(&reread), is_long);
}

START_TEST(a_conversation_that_goes_on_is_not_read_again)
{
    ck_assert_uint_eq(look().tokens, 0);
    talk_move_head(&easel.talk, first);
    ck_assert_uint_eq(look().tokens, 0);
}
END_TEST

START_TEST(another_system_prompt_is_read_with_all_that_follows)
{
    chat_set_system(chat, "Be brief.");
    struct reread reread = look();
    ck_assert(reread_is_long(&reread));
    ck_assert_uint_ge(reread.tokens, 5000);
    /* 603 tokens in a second. */
    ck_assert_int_ge(reread.ms, 1000 * 5000 / 603);
    ck_assert_int_le(reread.ms, 1000 * 9000 / 603);
}
END_TEST

START_TEST(a_turn_that_is_left_out_is_read_anew_behind_its_place)
{
    struct buf words = { 0 };
    struct error err = { 0 };
    uint64_t prompt = graph_node(graph, second)->parent_id;
    ck_assert(fates_leave_out(chat, prompt, &words, &err));
    ck_long(false);
    ck_assert(fates_leave_out(chat, prompt, &words, &err));
    ck_assert(fates_leave_out(chat, graph_node(graph, first)->parent_id, &words,
                              &err));
    ck_assert_uint_gt(look().tokens, 0);
    ck_long(false);
    buf_clear(&words);
}
END_TEST

/* A new branch was read, which is short; the long one is gone from the cache. */
START_TEST(going_back_to_a_long_branch_reads_it_again)
{
    talk_move_head(&easel.talk, 0);
    say(3, 10, "20");
    ck_long(false);
    talk_move_head(&easel.talk, second);
    ck_long(true);
}
END_TEST

START_TEST(another_model_reads_all_at_an_unknown_speed)
{
    struct error err = { 0 };
    struct buf words = { 0 };
    ck_assert(chat_set_target(chat, "box/other", &err));
    struct reread reread = look();
    ck_assert(reread_is_long(&reread));
    ck_assert_int_eq(reread.ms, -1);
    reread_words(&(struct reread){ 61300, 40200 }, &words);
    ck_assert_str_eq(buf_string(&words), "re-reads 61k tokens, about 40 s");
    buf_reset(&words);
    reread_words(&(struct reread){ 4100, -1 }, &words);
    ck_assert_str_eq(buf_string(&words), "re-reads 4k tokens");
    buf_clear(&words);
}
END_TEST

START_TEST(it_is_said_where_the_next_prompt_goes)
{
    easel_draw(&easel, 24, 100);
    ck_assert(!easel_shows(&easel, "re-reads"));
    chat_set_system(chat, "Be brief.");
    easel_draw(&easel, 24, 100);
    ck_assert(easel_shows(&easel, "qwen3:8b@box | re-reads "));
    easel_draw(&easel, 24, 200);
    ck_assert(easel_shows(&easel, "qwen3:8b@box | re-reads "));
    ck_assert(chat_set_target(chat, "claude/x", &(struct error){ 0 }));
    easel_draw(&easel, 24, 200);
    ck_assert(!easel_shows(&easel, "re-reads"));
}
END_TEST

/* Its server has read the long prompt, and reads what becomes of it anew. */
START_TEST(who_changes_a_long_prompt_is_told_while_he_writes)
{
    easel_do(&easel, ACTION_EDIT);
    easel_draw(&easel, 24, 120);
    ck_assert(easel_shows(&easel, "Esc gives up"));
    ck_assert(!easel_shows(&easel, "re-reads"));
    easel_do(&easel, ACTION_ESCAPE);
    talk_move_head(&easel.talk, first);
    easel_do(&easel, ACTION_EDIT);
    easel_draw(&easel, 24, 120);
    ck_assert(easel_shows(&easel, "Esc gives up | re-reads "));
}
END_TEST

Suite *reread_suite(void)
{
    Suite *suite = suite_create("reread");
    TCase *test = tcase_create("reread");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, a_conversation_that_goes_on_is_not_read_again);
    tcase_add_test(test, another_system_prompt_is_read_with_all_that_follows);
    tcase_add_test(test, a_turn_that_is_left_out_is_read_anew_behind_its_place);
    tcase_add_test(test, going_back_to_a_long_branch_reads_it_again);
    tcase_add_test(test, another_model_reads_all_at_an_unknown_speed);
    tcase_add_test(test, it_is_said_where_the_next_prompt_goes);
    tcase_add_test(test, who_changes_a_long_prompt_is_told_while_he_writes);
    suite_add_tcase(suite, test);
    return suite;
}
