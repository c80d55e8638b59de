/* SPDX-License-Identifier: MIT */
/*
 * The whole picture, in scenes at widths from a pocket to a wall.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "app/catalogue.h"
#include "tests/support/easel.h"
#include "tests/support/golden.h"
#include "tests/support/kept.h"
#include "tests/support/scratch.h"

Suite *picture_suite(void);

enum { HEIGHT = 24, TALL = 40 };

/* The acts. */

static void a_failed_attempt_falls_to_a_sibling(struct talk *talk)
{
    talk_ask(talk, "Why does train.py die after step 1200? Fix it and test it.",
             1);
    talk_start(talk, 1, 1, "qwen3:8b", "box");
    talk_stream(talk, 1, 1, "It looks as if the");
    talk_say(talk, 3000, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "cut",
             FIELD_ERROR, "reset after 312 tokens", FIELD_NONE);
    talk_say(talk, 0, EVENT_ATTEMPT_STARTED, 1, 2, FIELD_MODEL, "sonnet-4.6",
             FIELD_ENDPOINT, "claude", FIELD_TRUST, "vendor", FIELD_NONE);
    talk_say(talk, 800, EVENT_THINKING_DELTA, 1, 2, FIELD_TEXT,
             "The history list keeps every graph alive.", FIELD_NONE);
    talk->now += 9000;
    talk_stream(talk, 1, 2,
                "Two leaks:\n\n1. `history.append(loss)` keeps every graph "
                "alive; 41 MB a step fits **your log**.\n2. the loader caches "
                "decoded images in a list that is never cut.\n\n```python\n"
                "history.append(loss.item())\n"
                "cache = collections.OrderedDict()  # bounded by max_images\n"
                "```\n\nI change both and run the loader tests.");
}

static void a_tool_is_called(struct talk *talk)
{
    talk_say(talk, 0, EVENT_TOOL_CALL_START, 1, 2, FIELD_CALL, "1", FIELD_NAME,
             "read_file", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_CALL_END, 1, 2, FIELD_CALL, "1",
             FIELD_ARGUMENTS, "{\"path\":\"train/loader.py\"}", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_CALL_START, 1, 2, FIELD_CALL, "2", FIELD_NAME,
             "shell", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_CALL_END, 1, 2, FIELD_CALL, "2",
             FIELD_ARGUMENTS, "{\"command\":\"pytest -q tests/\"}", FIELD_NONE);
    talk_say(talk, 0, EVENT_USAGE, 1, 2, FIELD_INPUT, "19852", FIELD_OUTPUT,
             "388", FIELD_CACHED, "16912", FIELD_EVAL_MS, "7200", FIELD_COST,
             "0.006", FIELD_NONE);
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 2, FIELD_OUTCOME, "complete",
             FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_STARTED, 1, 2, FIELD_CALL, "1", FIELD_NONE);
    talk_say(talk, 10, EVENT_TOOL_FINISHED, 1, 2, FIELD_CALL, "1",
             FIELD_OUTCOME, "completed", FIELD_TEXT,
             "import collections\nimport torch\n", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_STARTED, 1, 2, FIELD_CALL, "2", FIELD_NONE);
}

static void the_tool_ends_and_all_is_told(struct talk *talk)
{
    talk_say(talk, 14200, EVENT_TOOL_FINISHED, 1, 2, FIELD_CALL, "2",
             FIELD_OUTCOME, "completed", FIELD_TEXT,
             "..F.....\n1 failed, 7 passed\n", FIELD_NONE);
    talk_say(talk, 0, EVENT_ATTEMPT_STARTED, 1, 3, FIELD_MODEL, "sonnet-4.6",
             FIELD_ENDPOINT, "claude", FIELD_DIALECT, "chat-completions",
             FIELD_TRUST, "vendor", FIELD_NONE);
    talk->now += 500;
    talk_stream(talk, 1, 3, "One test fails, and it should.");
    talk_finish(talk, 1, 3, "complete", "");
}

static void converse(struct easel *easel)
{
    a_failed_attempt_falls_to_a_sibling(&easel->talk);
    a_tool_is_called(&easel->talk);
    the_tool_ends_and_all_is_told(&easel->talk);
}

/* The scenes. */

static void scene_empty(struct easel *easel)
{
    (void)easel;
}

static void scene_conversation(struct easel *easel)
{
    converse(easel);
    easel_write(easel, "Also check that the second epoch does not leak");
}

static void scene_streaming(struct easel *easel)
{
    struct talk *talk = &easel->talk;
    talk_ask(talk, "Why does train.py die after step 1200?", 1);
    talk_start(talk, 1, 1, "qwen3:8b", "box");
    talk->now += 800;
    for (int i = 0; i < 60; i++)
        talk_stream(talk, 1, 1, i % 12 ? "word " : "\n\nIt begins. ");
    talk->now += 2000;
}

static void scene_queued(struct easel *easel)
{
    struct talk *talk = &easel->talk;
    scene_streaming(easel);
    talk_say(talk, 0, EVENT_PROMPT_QUEUED, 0, 0, FIELD_TEXT, "first that",
             FIELD_NONE);
    talk_say(talk, 0, EVENT_PROMPT_QUEUED, 0, 0, FIELD_TEXT,
             "then run the whole suite\nand tell me \303\274ber the slow ones",
             FIELD_NONE);
    easel_write(easel, "one line\nand a second one");
}

static void scene_budget(struct easel *easel)
{
    converse(easel);
    easel_do(easel, ACTION_BUDGET);
    easel_write(easel, "a draft of some words");
}

static void scene_context(struct easel *easel)
{
    converse(easel);
    const struct graph *graph = easel->talk.scenario.graph;
    char id[24];
    snprintf(id, sizeof id, "%u", (unsigned)graph_node_at(graph, 0)->id);
    talk_say(&easel->talk, 0, EVENT_PINNED, 0, 0, FIELD_NODE, id, FIELD_ON, "1",
             FIELD_NONE);
    snprintf(id, sizeof id, "%u", (unsigned)graph_node_at(graph, 3)->id);
    talk_say(&easel->talk, 0, EVENT_LEFT_OUT, 0, 0, FIELD_NODE, id, FIELD_ON,
             "1", FIELD_NONE);
    easel_do(easel, ACTION_CONTEXT);
    easel_write(easel, "a draft of some words");
}

static void scene_tools(struct easel *easel)
{
    a_failed_attempt_falls_to_a_sibling(&easel->talk);
    a_tool_is_called(&easel->talk);
    easel->talk.now += 14200;
    easel_do(easel, ACTION_TOOLS);
}

static void add_call(struct talk *talk, int number, const char *name,
                     const char *arguments)
{
    char call[8];
    snprintf(call, sizeof call, "%d", number);
    talk_say(talk, 0, EVENT_TOOL_CALL_START, 1, 1, FIELD_CALL, call, FIELD_NAME,
             name, FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_CALL_END, 1, 1, FIELD_CALL, call,
             FIELD_ARGUMENTS, arguments, FIELD_NONE);
}

/* One of each state, side by side, and one with what a terminal must not get.
 */
static void scene_calls(struct easel *easel)
{
    struct talk *talk = &easel->talk;
    talk_ask(talk, "Fix it and test it.", 1);
    talk_start(talk, 1, 1, "qwen3:8b", "box");
    talk_stream(talk, 1, 1, "I change both and run the loader tests.");
    add_call(talk, 1, "read_file", "{\"path\":\"train/loader.py\"}");
    add_call(talk, 2, "shell",
             "{\"command\":\"pytest -q tests/test_loader.py\",\"wait\":60}");
    add_call(talk, 3, "edit_file",
             "{\"path\":\"train/loader.py\",\"old\":\"a\\nb\",\"new\":\"c\"}");
    add_call(talk, 4, "rm \033[2J\342\200\256x", "{\"path\":\"\\u202e\"}");
    add_call(talk, 5, "http_get", "https://example.org/ is no object");
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "complete",
             FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_STARTED, 1, 1, FIELD_CALL, "1", FIELD_NONE);
    talk_say(talk, 100, EVENT_TOOL_FINISHED, 1, 1, FIELD_CALL, "1",
             FIELD_OUTCOME, "completed", FIELD_TEXT, "import torch\n",
             FIELD_NONE);
    for (int i = 2; i <= 4; i++) {
        char call[16];
        snprintf(call, sizeof call, "%d", i);
        talk_say(talk, 0, EVENT_RELAY_ASKED, 1, 1, FIELD_CALL, call,
                 FIELD_NONE);
    }
    talk_say(talk, 0, EVENT_TOOL_STARTED, 1, 1, FIELD_CALL, "2", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_OUTPUT, 1, 1, FIELD_CALL, "2", FIELD_TEXT,
             "collected 8 items\n..F..\033[31m...  [ 61%]", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_FINISHED, 1, 1, FIELD_CALL, "4", FIELD_OUTCOME,
             "denied", FIELD_ERROR, "denied by the user: not this one",
             FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_FINISHED, 1, 1, FIELD_CALL, "5", FIELD_OUTCOME,
             "error", FIELD_ERROR, "the arguments are no JSON object",
             FIELD_NONE);
    talk->now += 14200;
    easel_do(easel, ACTION_TOOLS);
}

static void scene_graph(struct easel *easel)
{
    converse(easel);
    easel_do(easel, ACTION_GRAPH);
}

static void scene_compare(struct easel *easel)
{
    struct talk *talk = &easel->talk;
    char node[24];
    talk_ask(talk, "What is sennit?", 1);
    talk_start(talk, 1, 1, "qwen3:8b", "box");
    talk->now += 700;
    talk_stream(talk, 1, 1,
                "Sennit is braided cordage, made by hand.\n\nIt was "
                "plaited from rope yarns.");
    talk->now += 1700;
    talk_finish(talk, 1, 1, "complete", "");
    uint64_t prompt_id =
        graph_node(talk->scenario.graph, graph_head(talk->scenario.graph))
            ->parent_id;
    snprintf(node, sizeof node, "%llu", (unsigned long long)prompt_id);
    talk_move_head(talk, prompt_id);
    talk_say(talk, 0, EVENT_RUN_STARTED, 2, 0, FIELD_NODE, node, FIELD_NONE);
    talk_start(talk, 2, 1, "sonnet-4.6", "claude");
    talk->now += 300;
    talk_stream(talk, 2, 1,
                "Sennit is plaited cordage, made by sailors.\n\nIt "
                "was plaited from old rope yarns.");
    talk_say(talk, 0, EVENT_USAGE, 2, 1, FIELD_INPUT, "20", FIELD_OUTPUT, "18",
             FIELD_COST, "0.006", FIELD_NONE);
    talk->now += 500;
    talk_finish(talk, 2, 1, "complete", "");
    easel_do(easel, ACTION_COMPARE);
}

/* Two more answers: one has a name, one is pruned. */
static void scene_branches(struct easel *easel)
{
    struct talk *talk = &easel->talk;
    char node[24];
    uint64_t first = talk_exchange(talk, 1, "What is a knot?", "A fastening.");
    uint64_t prompt_id = graph_node(talk->scenario.graph, first)->parent_id;
    for (uint32_t run = 2; run <= 3; run++) {
        snprintf(node, sizeof node, "%llu", (unsigned long long)prompt_id);
        talk_move_head(talk, prompt_id);
        talk_say(talk, 0, EVENT_RUN_STARTED, run, 0, FIELD_NODE, node,
                 FIELD_NONE);
        talk_start(talk, run, 1, "qwen3:8b", "box");
        talk_stream(talk, run, 1, run == 2 ? "A loop." : "A nautical mile.");
        talk_finish(talk, run, 1, "complete", "");
    }
    snprintf(node, sizeof node, "%llu", (unsigned long long)first);
    talk_say(talk, 0, EVENT_BRANCH_NAMED, 0, 0, FIELD_NODE, node, FIELD_NAME,
             "ropes", FIELD_NONE);
    snprintf(node, sizeof node, "%llu",
             (unsigned long long)graph_head(talk->scenario.graph));
    talk_say(talk, 0, EVENT_PRUNED, 0, 0, FIELD_NODE, node, FIELD_NONE);
    easel_do(easel, ACTION_GRAPH);
    easel_do(easel, ACTION_EDIT);
}

static void scene_trace(struct easel *easel)
{
    converse(easel);
    easel_do(easel, ACTION_TRACE);
}

static void scene_models(struct easel *easel)
{
    converse(easel);
    /* Without a question to the server, which is not there any more. */
    struct panel_source source = perform_source(&easel->screen);
    bands_open(&easel->screen.bands, PANEL_MODELS, &source);
}

enum { DAY_S = 24 * 60 * 60 };

/* Three that are kept, of which one is from another year; the conversation that
 * is shown is not. */
static void scene_sessions(struct easel *easel)
{
    struct screen *screen = &easel->screen;
    struct error err = { 0 };
    char directory[SCRATCH_PATH_MAX];
    scratch_directory(directory, "sessions");
    setenv("XDG_DATA_HOME", directory, 1);
    converse(easel);
    kept_exchange(directory, "aaaaaaaa", "How do tides work?\nIn short.",
                  "The moon pulls at the water.\n\nSo does the sun.",
                  14 * 60 * 60);
    kept_exchange(directory, "bbbbbbbb",
                  "Write a letter to my landlord about the rent of last month, "
                  "and the heating",
                  "Dear Sir,", -3 * DAY_S);
    kept_exchange(directory, "cccccccc", "two and two", "four", 60);
    screen->setup.disk = store_new(screen->setup.loop, &err);
    screen->setup.store = screen->setup.disk;
    ck_assert_ptr_nonnull(screen->setup.store);
    catalogue_free(screen->catalogue);
    screen->catalogue = catalogue_new(screen->setup.store, NULL, NULL);
    screen->now = easel->talk.now;
    easel_do(easel, ACTION_SESSIONS);
    ck_assert(store_settle(screen->setup.store, -1));
    list_choose(&screen->bands.items[PANEL_SESSIONS].list, "aaaaaaaa");
    easel_draw(easel, HEIGHT, 80);
    list_choose(&screen->bands.items[PANEL_SESSIONS].list, "aaaaaaaa");
    unsetenv("XDG_DATA_HOME");
}

static void scene_status(struct easel *easel)
{
    converse(easel);
    easel_do(easel, ACTION_STATUS);
    /* Not down to the program's own version. */
    easel->screen.bands.items[PANEL_STATUS].height = 11;
}

static void scene_help(struct easel *easel)
{
    converse(easel);
    easel_do(easel, ACTION_HELP);
}

static void scene_palette(struct easel *easel)
{
    converse(easel);
    easel_do(easel, ACTION_PALETTE);
    list_filter_type(&easel->screen.bands.items[PANEL_PALETTE].list,
                     slice_of("turn"));
}

static void scene_completion(struct easel *easel)
{
    converse(easel);
    easel_write(easel, "/re");
}

static void scene_two_bands(struct easel *easel)
{
    converse(easel);
    easel_do(easel, ACTION_BUDGET);
    easel_do(easel, ACTION_TOOLS);
}

static void scene_notice(struct easel *easel)
{
    converse(easel);
    perform_notice(&easel->screen,
                   "profile.yaml:12: there is no action retri; did you mean "
                   "retry?\nprofile.yaml:13: Ctrl-Q is kept by the terminal\n"
                   "profile.yaml:14: Ctrl-X b belongs to budget already "
                   "(profile.yaml:3); choose another key");
}

static void scene_thread_focus(struct easel *easel)
{
    converse(easel);
    easel_draw(easel, HEIGHT, 80);
    easel_do(easel, ACTION_FOCUS);
    easel_do(easel, ACTION_PREVIOUS_TURN);
}

static void scene_search(struct easel *easel)
{
    struct history *history = &easel->screen.history;
    converse(easel);
    history_add(history, slice_of("why does it leak?\nThe loader, I mean."));
    history_add(history, slice_of("run the whole suite"));
    easel_do(easel, ACTION_SEARCH_HISTORY);
    searching_type(&easel->screen, slice_of("loader"));
}

static void scene_refused(struct easel *easel)
{
    struct talk *talk = &easel->talk;
    talk_ask(talk, "hello", 1);
    talk_start(talk, 1, 1, "qwen3:8b", "box");
    talk_finish(talk, 1, 1, "error",
                "box refused the connection (http://127.0.0.1:11434); is "
                "Ollama running? ollama serve starts it");
}

/* Panels that have nothing to show say what will stand there. */
static void scene_empty_panels(struct easel *easel)
{
    easel_do(easel, ACTION_BUDGET);
    easel_do(easel, ACTION_TOOLS);
    easel_do(easel, ACTION_GRAPH);
    easel_do(easel, ACTION_TRACE);
}

static const struct scene {
    const char *name;
    void (*play)(struct easel *easel);
    int height;
    bool is_alone; /* nothing but the guide answers */
    bool ascii;
} scenes[] = {
    { "empty", scene_empty, HEIGHT, true, false },
    { "empty-ascii", scene_empty, HEIGHT, true, true },
    { "with-a-model", scene_empty, HEIGHT, false, false },
    { "conversation", scene_conversation, TALL, false, false },
    { "conversation-ascii", scene_conversation, TALL, false, true },
    { "streaming", scene_streaming, HEIGHT, false, false },
    { "queued", scene_queued, HEIGHT, false, false },
    { "refused", scene_refused, HEIGHT, false, false },
    { "budget", scene_budget, HEIGHT, false, false },
    { "context", scene_context, TALL, false, false },
    { "context-ascii", scene_context, TALL, false, true },
    { "tools", scene_tools, HEIGHT, false, false },
    { "calls", scene_calls, TALL, false, false },
    { "calls-ascii", scene_calls, TALL, false, true },
    { "graph", scene_graph, HEIGHT, false, false },
    { "graph-ascii", scene_graph, HEIGHT, false, true },
    { "branches", scene_branches, HEIGHT, false, false },
    { "compare", scene_compare, HEIGHT, false, false },
    { "compare-ascii", scene_compare, HEIGHT, false, true },
    { "trace", scene_trace, HEIGHT, false, false },
    { "models", scene_models, HEIGHT, false, false },
    { "sessions", scene_sessions, HEIGHT, false, false },
    { "sessions-low", scene_sessions, 10, false, false },
    { "sessions-high", scene_sessions, 50, false, true },
    { "status", scene_status, HEIGHT, false, false },
    { "help", scene_help, HEIGHT, false, false },
    { "palette", scene_palette, HEIGHT, false, false },
    { "completion", scene_completion, HEIGHT, false, false },
    { "two-bands", scene_two_bands, TALL, false, false },
    { "two-bands-ascii", scene_two_bands, TALL, false, true },
    { "notice", scene_notice, HEIGHT, false, false },
    { "search", scene_search, HEIGHT, false, false },
    { "thread-focus", scene_thread_focus, HEIGHT, false, false },
    { "empty-panels", scene_empty_panels, TALL, false, false },
};

START_TEST(a_scene_looks_as_it_should_at_every_width)
{
    static const int widths[] = { 20, 40, 80, 100, 200 };
    const struct scene *scene = &scenes[_i];
    struct buf dump = { 0 };
    char name[64];
    for (size_t i = 0; i < COUNTOF(widths); i++) {
        struct easel easel;
        easel_begin(&easel, !scene->is_alone);
        easel.screen.ascii = scene->ascii;
        scene->play(&easel);
        easel_draw(&easel, scene->height, widths[i]);
        buf_printf(&dump, "== %d x %d\n", widths[i], scene->height);
        canvas_dump(&easel.screen.canvas, &dump, false);
        easel_end(&easel);
    }
    snprintf(name, sizeof name, "picture-%s.txt", scene->name);
    golden_check_in("app", name, &dump);
    buf_clear(&dump);
}
END_TEST

/* A model's name is text, whatever it looks like. */
START_TEST(a_name_in_the_welcome_cannot_write_lines_of_its_own)
{
    struct easel easel;
    struct error err = { 0 };
    easel_begin(&easel, true);
    ck_assert(
        chat_set_target(easel.screen.chat, "box/x`**\n\n# own [a](b)", &err));
    easel_draw(&easel, 24, 100);
    easel_check_row(&easel, 3,
                    "x`**\342\220\212\342\220\212# own [a](b) at box answers "
                    "(you named it).");
    easel_end(&easel);
}
END_TEST

START_TEST(a_tool_that_runs_is_not_a_wait)
{
    struct easel easel;
    easel_begin(&easel, true);
    scene_tools(&easel);
    easel_draw(&easel, 24, 80);
    ck_assert(easel_shows(&easel, "\n tools 27s | qwen3:8b@box"));
    easel_end(&easel);
}
END_TEST

START_TEST(a_wait_counts_down_in_one_line)
{
    struct easel easel;
    easel_begin(&easel, true);
    struct talk *talk = &easel.talk;
    talk_ask(talk, "why", 1);
    talk_start(talk, 1, 1, "m", "box");
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "error",
             FIELD_ERROR, "slow down", FIELD_NONE);
    talk_say(talk, 0, EVENT_RETRY_SCHEDULED, 1, 0, FIELD_DELAY, "12000",
             FIELD_TEXT, "rate limited (1/2)", FIELD_NONE);
    easel_draw(&easel, 24, 80);
    ck_assert(easel_shows(&easel, "\n rate limited (1/2), 12 s | "));
    talk->now += 9500;
    easel_draw(&easel, 24, 80);
    ck_assert(easel_shows(&easel, "\n rate limited (1/2), 3 s | "));
    easel_end(&easel);
}
END_TEST

Suite *picture_suite(void)
{
    Suite *suite = suite_create("picture");
    TCase *tcase = tcase_create("picture");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_scene_looks_as_it_should_at_every_width, 0,
                        (int)COUNTOF(scenes));
    tcase_add_test(tcase, a_name_in_the_welcome_cannot_write_lines_of_its_own);
    tcase_add_test(tcase, a_tool_that_runs_is_not_a_wait);
    tcase_add_test(tcase, a_wait_counts_down_in_one_line);
    suite_add_tcase(suite, tcase);
    return suite;
}
