/* SPDX-License-Identifier: MIT */
/*
 * One of two answers is better, and what the threshold makes of it: two servers
 * that are the rungs of a ladder, with a state.db, from end to end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/clock.h"
#include "chat/chat.h"
#include "store/state.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

Suite *preference_suite(void);

enum { PATIENCE_MS = 20000 };

#define SAY(text)                                                         \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"       \
    "line {\"model\":\"m\",\"message\":{\"content\":\"" text              \
    "\"},\"done\":false}\n"                                               \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true," \
    "\"done_reason\":\"stop\",\"prompt_eval_count\":7,\"eval_count\":2}\n"
#define CUT                                                              \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"      \
    "line {\"model\":\"m\",\"message\":{\"content\":\"half\"},\"done\":" \
    "false}\nclose\n"
#define PROMPT "What does a sennit look like?"

static struct world {
    char home[SCRATCH_PATH_MAX];
    struct server *low, *high;
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
    struct store *store;
    struct state *state;
    struct chat *chat;
    const char *profile;
    double threshold; /* of the settings */
} world;

static void open_run(void)
{
    struct error err = { 0 };
    char yaml[600];
    world.settings = settings_new();
    world.endpoints = (struct endpoints){ 0 };
    int len = snprintf(yaml, sizeof yaml,
                       "endpoints:\n"
                       "  low: {dialect: ollama, trust: own, url: \"%s\"}\n",
                       server_url(world.low, ""));
    snprintf(yaml + len, sizeof yaml - (size_t)len,
             "  high: {dialect: ollama, trust: own, url: \"%s\"}\n"
             "routing: {ladder: [low/m, high/m], threshold: %.6f, band: 0}\n"
             "limits: {backoff: 1ms}\n",
             server_url(world.high, ""), world.threshold);
    settings_must_add(world.settings, "config.yaml", yaml);
    ck_assert(endpoints_load(&world.endpoints, world.settings, NULL, &err));
    world.loop = loop_new(&err);
    world.http = http_new(world.loop, &err);
    world.store = store_new(world.loop, &err);
    world.state = state_new(world.store, &err);
    ck_assert_msg(world.state != NULL, "%s", err.text);
    ck_assert(store_settle(world.store, PATIENCE_MS));
    world.chat = chat_new(&(struct chat_setup){
        .loop = world.loop,
        .http = world.http,
        .store = world.store,
        .state = world.state,
        .settings = world.settings,
        .endpoints = &world.endpoints,
        .profile = world.profile,
        .is_interactive = true,
        .seed = 1,
    });
}

static void close_run(void)
{
    chat_free(world.chat);
    state_close(world.state);
    ck_assert(store_settle(world.store, PATIENCE_MS));
    store_free(world.store);
    http_free(world.http);
    loop_free(world.loop);
    endpoints_clear(&world.endpoints);
    settings_free(world.settings);
}

static void next_run(void)
{
    close_run();
    open_run();
}

/* The threshold is so far above the score of the prompt. */
static void open_world(double above, const char *high)
{
    struct complexity complexity;
    complexity_judge(slice_of(PROMPT), &complexity);
    world = (struct world){ .threshold = complexity.score + above };
    scratch_directory(world.home, "preference");
    setenv("XDG_DATA_HOME", world.home, 1);
    setenv("XDG_STATE_HOME", world.home, 1);
    world.low = server_start(SAY("low"), NULL);
    world.high = server_start(high, NULL);
    open_run();
}

static void close_world(void)
{
    close_run();
    server_stop(world.low);
    server_stop(world.high);
    scratch_remove(world.home);
}

static const struct graph *graph_of_world(void)
{
    return chat_conversation(world.chat)->graph;
}

static void run(void)
{
    chat_turn(world.chat);
    while (chat_is_busy(world.chat)) {
        loop_turn(world.loop, 100);
        chat_turn(world.chat);
    }
}

static uint64_t head(void)
{
    return graph_head(graph_of_world());
}

static uint64_t ask(const char *text)
{
    struct error err = { 0 };
    ck_assert(chat_prompt(world.chat, slice_of(text), NULL, &err));
    run();
    return head();
}

static uint64_t again(enum again how)
{
    struct error err = { 0 };
    struct buf words = { 0 };
    ck_assert_msg(chat_again(world.chat, head(), how, &words, &err), "%s",
                  err.text);
    buf_clear(&words);
    run();
    return head();
}

/* The low rung's answer and the high one's. */
static struct answer_pair two_answers(void)
{
    struct answer_pair pair;
    pair.first_id = ask(PROMPT);
    pair.second_id = again(AGAIN_BETTER);
    return pair;
}

static void prefer(struct answer_pair pair, uint64_t better_id,
                   const char *said)
{
    struct error err = { 0 };
    struct buf words = { 0 };
    ck_assert_msg(chat_prefer(world.chat, &pair, better_id, &words, &err), "%s",
                  err.text);
    ck_assert_msg(strstr(buf_string(&words), said), "no \"%s\" in: %s", said,
                  buf_string(&words));
    buf_clear(&words);
}

/* The threshold of the next prompt, against that of the settings. */
static void ck_moved(double by)
{
    struct ladder_choice choice;
    struct route route;
    struct buf reasons = { 0 };
    const struct ladder_prompt prompt = { .text = slice_of(PROMPT) };
    chat_forecast(world.chat, &prompt, &route, &choice, &reasons);
    ck_assert_double_eq_tol(choice.threshold, world.threshold + by, 1e-5);
    ck_assert((strstr(buf_string(&reasons), " of the profile, ") != NULL) ==
              (by < 0 || by > 0));
    buf_clear(&reasons);
}

/* The last event of that type; false: there is none. */
static bool last_event(enum event_type type, struct event *event)
{
    const struct log *log = chat_conversation(world.chat)->log;
    struct event each;
    bool found = false;
    for (uint64_t seq = 1; log_read(log, seq, &each); seq++)
        if (each.type == type) {
            *event = each;
            found = true;
        }
    return found;
}

static int count_preferences(void)
{
    const struct log *log = chat_conversation(world.chat)->log;
    struct event each;
    int count = 0;
    for (uint64_t seq = 1; log_read(log, seq, &each); seq++)
        count += each.type == EVENT_PREFERENCE;
    return count;
}

/* One vote beside twenty: 0.15 / 21. */
#define STEP (.15 / 21)

START_TEST(the_preferred_one_is_shown_and_the_threshold_follows)
{
    struct event event;
    open_world(.1, SAY("high"));
    struct answer_pair pair = two_answers();
    ck_moved(0);
    prefer(pair, pair.second_id, "answer 2 of 2 is better than 1; threshold");
    ck_assert_uint_eq(head(), pair.second_id);
    ck_moved(-STEP);
    ck_assert(last_event(EVENT_PREFERENCE, &event));
    ck_assert_uint_eq(event_number(&event, FIELD_NODE), pair.second_id);
    ck_assert_uint_eq(event_number(&event, FIELD_OTHER), pair.first_id);
    ck_assert(slice_is(event_text(&event, FIELD_OUTCOME), "better"));
    ck_assert(slice_is(event_text(&event, FIELD_ENDPOINT), "high"));
    ck_assert(slice_is(event_text(&event, FIELD_MODEL), "m"));
    ck_assert(slice_is(event_text(&event, FIELD_VOTE), "higher"));
    ck_assert(slice_is(event_text(&event, FIELD_PROFILE), "default"));
    ck_assert_double_eq_tol(event_real(&event, FIELD_THRESHOLD),
                            world.threshold, 1e-5);
    ck_assert_double_eq_tol(event_real(&event, FIELD_SCORE),
                            world.threshold - .1, 1e-5);
    close_world();
}
END_TEST

START_TEST(the_lower_one_or_no_difference_raises_it)
{
    struct event event;
    open_world(.1, SAY("high"));
    struct answer_pair pair = two_answers();
    prefer(pair, _i ? pair.first_id : 0,
           _i ? "answer 1 of 2 is better than 2" : "no difference");
    ck_moved(STEP);
    /* What is better is shown; without a difference nothing moves. */
    ck_assert_uint_eq(head(), _i ? pair.first_id : pair.second_id);
    ck_assert(last_event(EVENT_PREFERENCE, &event));
    ck_assert(
        slice_is(event_text(&event, FIELD_OUTCOME), _i ? "better" : "same"));
    ck_assert(slice_is(event_text(&event, FIELD_VOTE), "lower"));
    close_world();
}
END_TEST

START_TEST(what_is_said_twice_counts_once_and_another_word_replaces_it)
{
    open_world(.1, SAY("high"));
    struct answer_pair pair = two_answers();
    prefer(pair, pair.second_id, "better");
    prefer(pair, pair.second_id, "as you said before");
    ck_assert_int_eq(count_preferences(), 1);
    ck_moved(-STEP);
    prefer(pair, pair.first_id, "better");
    ck_moved(STEP);
    prefer(pair, 0, "no difference");
    prefer(pair, 0, "as you said before");
    ck_moved(STEP);
    /* The order in which they are named is none. */
    struct answer_pair turned = { pair.second_id, pair.first_id };
    prefer(turned, pair.second_id, "better");
    ck_moved(-STEP);
    ck_assert_int_eq(count_preferences(), 4);
    close_world();
}
END_TEST

START_TEST(it_is_remembered_and_a_log_that_is_read_again_teaches_nothing)
{
    open_world(.1, SAY("high"));
    struct answer_pair pair = two_answers();
    prefer(pair, pair.second_id, "better");
    /* As `show`, `replay` and going on with a session do. */
    struct graph *again = graph_new();
    struct event event;
    const struct log *log = chat_conversation(world.chat)->log;
    for (uint64_t seq = 1; log_read(log, seq, &event); seq++)
        graph_apply(again, &event);
    ck_assert_ptr_nonnull(
        graph_preference(again, pair.first_id, pair.second_id));
    graph_free(again);
    next_run();
    ck_moved(-STEP);
    next_run();
    ck_moved(-STEP);
    pair = two_answers();
    prefer(pair, pair.second_id, "from 2 preferences");
    ck_moved(-.15 * 2 / 22);
    close_world();
}
END_TEST

START_TEST(each_profile_learns_by_itself_and_from_its_own_threshold)
{
    open_world(.1, SAY("high"));
    struct answer_pair pair = two_answers();
    prefer(pair, pair.second_id, "better");
    world.profile = "work";
    next_run();
    ck_moved(0);
    world.profile = NULL;
    next_run();
    ck_moved(-STEP);
    /* A new threshold starts from there, the old one has what it learnt. */
    world.threshold += .01;
    next_run();
    ck_moved(0);
    world.threshold -= .01;
    next_run();
    ck_moved(-STEP);
    close_world();
}
END_TEST

START_TEST(what_was_learnt_can_be_forgotten)
{
    struct buf words = { 0 };
    open_world(.1, SAY("high"));
    struct answer_pair pair = two_answers();
    prefer(pair, pair.second_id, "better");
    chat_unlearn(world.chat, &words);
    ck_assert(strstr(buf_string(&words), "forgotten; the threshold is "));
    ck_moved(0);
    next_run();
    ck_moved(0);
    buf_reset(&words);
    chat_unlearn(world.chat, &words);
    ck_assert(strstr(buf_string(&words), "nothing was learnt"));
    buf_clear(&words);
    close_world();
}
END_TEST

/* Whoever is quick: state.db is read by a turn of the loop. */
START_TEST(what_is_not_read_yet_can_be_forgotten)
{
    struct buf words = { 0 };
    open_world(.1, SAY("high"));
    struct answer_pair pair = two_answers();
    prefer(pair, pair.second_id, "better");
    struct state *read = world.state;
    chat_free(world.chat);
    world.state = state_new(world.store, &(struct error){ 0 });
    struct chat_setup setup = {
        .loop = world.loop,
        .http = world.http,
        .settings = world.settings,
        .endpoints = &world.endpoints,
        .state = world.state,
        .is_interactive = true,
    };
    world.chat = chat_new(&setup);
    ck_assert(!state_is_read(world.state));
    chat_unlearn(world.chat, &words);
    ck_assert(strstr(buf_string(&words), "forgotten; the threshold is "));
    buf_clear(&words);
    state_close(read);
    next_run();
    ck_moved(0);
    close_world();
}
END_TEST

START_TEST(what_was_forgotten_is_not_taken_back)
{
    struct buf words = { 0 };
    open_world(.1, SAY("high"));
    struct answer_pair old = two_answers();
    prefer(old, old.second_id, "better");
    chat_unlearn(world.chat, &words);
    buf_clear(&words);
    /* Its time is later than that of the old one. */
    int64_t before = clock_wall_ms();
    while (clock_wall_ms() == before)
        ;
    struct answer_pair pair = two_answers();
    prefer(pair, pair.second_id, "from 1 preference");
    prefer(old, old.first_id, "from 2 preferences");
    close_world();
}
END_TEST

START_TEST(what_says_nothing_of_the_threshold_is_noted_and_told)
{
    struct event event;
    open_world(_i == 1 ? .3 : .1, _i == 2 ? CUT : SAY("high"));
    struct answer_pair pair = { .first_id = ask(PROMPT) };
    if (_i == 3)
        settings_must_set(world.settings, "routing.learn", "false");
    pair.second_id = again(_i == 0 ? AGAIN_HERE : AGAIN_BETTER);
    prefer(pair, pair.second_id,
           (const char *[]){
               "it says nothing about the threshold: both are of the same rung",
               "it says nothing about the threshold: the score of the prompt "
               "is too far",
               "it says nothing about the threshold: one of the two is not "
               "whole",
               "it says nothing about the threshold: routing.learn is false",
           }[_i]);
    ck_assert(last_event(EVENT_PREFERENCE, &event));
    ck_assert(!event_has(&event, FIELD_VOTE));
    ck_moved(0);
    close_world();
}
END_TEST

START_TEST(while_it_is_off_what_was_learnt_does_not_count)
{
    open_world(.1, SAY("high"));
    struct answer_pair pair = two_answers();
    prefer(pair, pair.second_id, "better");
    settings_must_set(world.settings, "routing.learn", "false");
    ck_moved(0);
    settings_must_set(world.settings, "routing.learn", "true");
    ck_moved(-STEP);
    close_world();
}
END_TEST

static void ck_refuses(struct answer_pair pair, const char *said)
{
    struct error err = { 0 };
    struct buf words = { 0 };
    int before = count_preferences();
    ck_assert(!chat_prefer(world.chat, &pair, pair.first_id, &words, &err));
    ck_assert_msg(strstr(err.text, said), "no \"%s\" in: %s", said, err.text);
    ck_assert_int_eq(count_preferences(), before);
    ck_moved(0);
}

START_TEST(only_two_answers_to_the_same_prompt_are_compared)
{
    open_world(.1, SAY("high"));
    uint64_t first = ask(PROMPT), other = ask(PROMPT);
    uint64_t prompt = graph_node(graph_of_world(), first)->parent_id;
    const char *said = "these are no two answers to the same prompt; Alt-b or "
                       "/better asks for another answer";
    ck_refuses((struct answer_pair){ first, other }, said);
    ck_refuses((struct answer_pair){ first, first }, said);
    ck_refuses((struct answer_pair){ first, prompt }, said);
    ck_refuses((struct answer_pair){ 0, first }, said);
    close_world();
}
END_TEST

START_TEST(an_answer_that_still_comes_is_not_judged)
{
    struct error err = { 0 };
    struct buf words = { 0 };
    open_world(.1, "match POST /api/chat\nstatus 200 OK\nchunked\n"
                   "line {\"model\":\"m\",\"message\":{\"content\":\"high\"},"
                   "\"done\":false}\nstall\n");
    struct answer_pair pair = { .first_id = ask(PROMPT) };
    ck_assert(
        chat_again(world.chat, pair.first_id, AGAIN_BETTER, &words, &err));
    buf_clear(&words);
    size_t count = graph_node_count(graph_of_world());
    while (graph_node_count(graph_of_world()) == count) {
        chat_turn(world.chat);
        loop_turn(world.loop, 100);
    }
    pair.second_id = head();
    ck_refuses(pair, "one of the two is not complete yet");
    close_world();
}
END_TEST

START_TEST(what_was_learnt_sends_the_prompt_elsewhere)
{
    open_world(.004, SAY("high"));
    struct answer_pair pair = two_answers();
    ck_assert_int_eq(server_count(world.high, "POST /api/chat"), 1);
    prefer(pair, pair.second_id, "better");
    chat_clear(world.chat);
    ask(PROMPT);
    ck_assert_int_eq(server_count(world.high, "POST /api/chat"), 2);
    close_world();
}
END_TEST

/* By its score the prompt would go up, but for where the conversation is; once
 * answered above, the next one is routed as ever. */
START_TEST(a_conversation_stays_where_the_score_put_it_not_where_better_went)
{
    open_world(.02, SAY("high"));
    ask(PROMPT);
    struct complexity complexity;
    complexity_judge(slice_of(PROMPT), &complexity);
    char threshold[32];
    snprintf(threshold, sizeof threshold, "%.4f", complexity.score - .02);
    settings_must_set(world.settings, "routing.threshold", threshold);
    if (_i)
        again(AGAIN_BETTER);
    int before = server_count(world.high, "POST /api/chat");
    ask(PROMPT);
    ck_assert_int_eq(server_count(world.high, "POST /api/chat") - before, _i);
    close_world();
}
END_TEST

/* Near enough to the edge to stay, had the score put it there. */
START_TEST(after_better_the_next_prompt_goes_where_its_score_says)
{
    open_world(.02, SAY("high"));
    two_answers();
    int before = server_count(world.low, "POST /api/chat");
    ask(PROMPT);
    ck_assert_int_eq(server_count(world.low, "POST /api/chat"), before + 1);
    close_world();
}
END_TEST

#define HARD                                                                 \
    "A woman had three boxes. She gave her brother half of the pencils and " \
    "then bought twice as many as she had left. If each box holds less "     \
    "than ten more than the others, how many pencils did she have at first?"

START_TEST(a_follow_up_is_as_hard_as_what_it_follows_until_another_topic)
{
    struct complexity complexity;
    char threshold[32];
    open_world(0, SAY("high"));
    complexity_judge(slice_of(HARD), &complexity);
    snprintf(threshold, sizeof threshold, "%.4f", complexity.score - .1);
    settings_must_set(world.settings, "routing.threshold", threshold);
    ask(HARD);
    ask("and in months?");
    ask("why?");
    ck_assert_int_eq(server_count(world.high, "POST /api/chat"), 3);
    ask("My other question is about a hotel in the town of Wells, near the "
        "sea.");
    ask("and its name?");
    ck_assert_int_eq(server_count(world.high, "POST /api/chat"), 3);
    ck_assert_int_eq(server_count(world.low, "POST /api/chat"), 2);
    close_world();
}
END_TEST

Suite *preference_suite(void)
{
    Suite *suite = suite_create("preference");
    TCase *tcase = tcase_create("preference");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_preferred_one_is_shown_and_the_threshold_follows);
    tcase_add_loop_test(tcase, the_lower_one_or_no_difference_raises_it, 0, 2);
    tcase_add_test(tcase,
                   what_is_said_twice_counts_once_and_another_word_replaces_it);
    tcase_add_test(
        tcase, it_is_remembered_and_a_log_that_is_read_again_teaches_nothing);
    tcase_add_test(tcase,
                   each_profile_learns_by_itself_and_from_its_own_threshold);
    tcase_add_test(tcase, what_was_learnt_can_be_forgotten);
    tcase_add_test(tcase, what_is_not_read_yet_can_be_forgotten);
    tcase_add_test(tcase, what_was_forgotten_is_not_taken_back);
    tcase_add_loop_test(
        tcase, what_says_nothing_of_the_threshold_is_noted_and_told, 0, 4);
    tcase_add_test(tcase, while_it_is_off_what_was_learnt_does_not_count);
    tcase_add_test(tcase, only_two_answers_to_the_same_prompt_are_compared);
    tcase_add_test(tcase, an_answer_that_still_comes_is_not_judged);
    tcase_add_test(tcase, what_was_learnt_sends_the_prompt_elsewhere);
    tcase_add_loop_test(
        tcase,
        a_conversation_stays_where_the_score_put_it_not_where_better_went, 0,
        2);
    tcase_add_test(tcase,
                   after_better_the_next_prompt_goes_where_its_score_says);
    tcase_add_test(
        tcase, a_follow_up_is_as_hard_as_what_it_follows_until_another_topic);
    suite_add_tcase(suite, tcase);
    return suite;
}
