/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/easel.h"
#include "tests/support/settings.h"

Suite *panel_suite(void);

static struct easel easel;
static struct list list;
static struct panel_source source;

static void setup(void)
{
    easel_begin(&easel, true);
    easel.screen.canvas.width = 200;
    easel.screen.now = easel.talk.now;
    source = perform_source(&easel.screen);
    list = (struct list){ 0 };
}

static void teardown(void)
{
    list_clear(&list);
    easel_end(&easel);
}

static const char *text_of(const struct buf *buf)
{
    return buf->len ? buf->ptr : "";
}

/* "key|head|text|right", marked ones with a star before. */
static void ck_row(size_t index, const char *expected)
{
    struct buf line = { 0 };
    ck_assert_uint_lt(index, list.count);
    const struct list_row *row = &list.rows.items[index];
    buf_printf(
        &line, "%s%.*s|%.*s|%.*s|%.*s", row->is_marked ? "*" : "",
        SLICE_ARG(buf_slice(&row->key)), SLICE_ARG(buf_slice(&row->head)),
        SLICE_ARG(buf_slice(&row->text)), SLICE_ARG(buf_slice(&row->right)));
    ck_assert_str_eq(buf_string(&line), expected);
    buf_clear(&line);
}

static void fill(enum panel_id id)
{
    panel_fill(id, &source, &list);
}

START_TEST(counts_have_commas_between_thousands)
{
    static const struct {
        uint64_t count;
        const char *words;
    } rows[] = { { 0, "0" },
                 { 999, "999" },
                 { 1000, "1,000" },
                 { 32768, "32,768" },
                 { 1234567, "1,234,567" },
                 { UINT64_MAX, "18,446,744,073,709,551,615" } };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf out = { 0 };
        panel_append_count(&out, rows[i].count);
        ck_assert_str_eq(buf_string(&out), rows[i].words);
        buf_clear(&out);
    }
}
END_TEST

/* The table. */

START_TEST(each_panel_is_opened_by_its_action_and_by_no_other)
{
    for (int id = PANEL_NONE + 1; id < PANEL_COUNT; id++) {
        const struct panel *panel = panel_at((enum panel_id)id);
        ck_assert(*panel->name && panel->fill && panel->height > 0);
        if (panel->opener)
            ck_assert_int_eq(panel_of_action(panel->opener), id);
    }
    ck_assert_int_eq(panel_of_action(ACTION_NONE), PANEL_NONE);
    ck_assert_int_eq(panel_of_action(ACTION_SEND), PANEL_NONE);
}
END_TEST

START_TEST(an_empty_panel_says_what_will_stand_there)
{
    for (int id = PANEL_NONE + 1; id < PANEL_COMMANDS; id++) {
        fill((enum panel_id)id);
        /* Those open only while there is a question. */
        if (id != PANEL_QUESTION && id != PANEL_CALL)
            ck_assert_uint_gt(list.shown.count, 0);
    }
    fill(PANEL_COMMANDS);
    ck_assert_uint_eq(list.shown.count, 0);
}
END_TEST

/* Budget. */

/* The number after a word in the row of the parts; 0: it is not there. */
static uint64_t part(const char *name)
{
    struct buf digits = { 0 };
    const char *at = strstr(text_of(&list.rows.items[1].head), name);
    for (at = at ? at + strlen(name) : ""; *at && strchr(" ,0123456789", *at);
         at++) {
        if (*at == ',' && at[1] == ' ')
            break;
        if (*at != ',' && *at != ' ')
            buf_append_char(&digits, *at);
    }
    uint64_t number = digits.len ? strtoull(buf_string(&digits), NULL, 10) : 0;
    buf_clear(&digits);
    return number;
}

static void have_something_of_everything(void)
{
    chat_set_system(easel.screen.chat, "Answer in one sentence.");
    struct talk *talk = &easel.talk;
    char node[24];
    uint64_t id = talk_ask(talk, "What is in the file?", 1);
    snprintf(node, sizeof node, "%llu", (unsigned long long)id);
    talk_say(talk, 0, EVENT_ATTACHMENT_ADDED, 0, 0, FIELD_NODE, node,
             FIELD_NAME, "a.txt", FIELD_TEXT,
             "Some text that is in the file and is counted.", FIELD_NONE);
    talk_start(talk, 1, 1, "qwen3:8b", "box");
    talk_stream(talk, 1, 1, "I have a look.");
    talk_say(talk, 0, EVENT_TOOL_CALL_START, 1, 1, FIELD_CALL, "1", FIELD_NAME,
             "ls", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_CALL_END, 1, 1, FIELD_CALL, "1",
             FIELD_ARGUMENTS, "{\"path\":\".\"}", FIELD_NONE);
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "complete",
             FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_STARTED, 1, 1, FIELD_CALL, "1", FIELD_NONE);
    talk_say(talk, 20, EVENT_TOOL_FINISHED, 1, 1, FIELD_CALL, "1",
             FIELD_OUTCOME, "completed", FIELD_TEXT, "a.txt\nb.txt\n",
             FIELD_NONE);
    talk_start(talk, 1, 2, "qwen3:8b", "box");
    talk_stream(talk, 1, 2, "Text.");
    talk_finish(talk, 1, 2, "complete", "");
}

START_TEST(the_parts_of_the_budget_add_up_to_the_window)
{
    have_something_of_everything();
    source.draft_tokens = 7;
    fill(PANEL_BUDGET);
    ck_assert_uint_gt(part("System"), 0);
    ck_assert_uint_gt(part("History"), 0);
    ck_assert_uint_gt(part("Tools"), 0);
    ck_assert_uint_gt(part("Files"), 0);
    ck_assert_uint_gt(part("draft"), 0);
    ck_assert_uint_eq(part("reply"), 4096);
    ck_assert_uint_eq(part("System") + part("History") + part("Tools") +
                          part("Files") + part("draft") + part("reply") +
                          part("free"),
                      32768);
    /* A quarter of it at the most, if nothing else is said. */
    settings_must_add(easel.screen.setup.settings, "more",
                      "reply: {max_tokens: 100}\n");
    fill(PANEL_BUDGET);
    ck_assert_uint_eq(part("reply"), 100);
}
END_TEST

START_TEST(each_part_of_the_budget_is_seen_in_the_bar)
{
    have_something_of_everything();
    source.draft_tokens = 2;
    static const int widths[] = { 40, 80, 200 };
    for (size_t i = 0; i < COUNTOF(widths); i++) {
        source.width = widths[i];
        fill(PANEL_BUDGET);
        const char *bar = text_of(&list.rows.items[0].head);
        ck_assert_int_eq(bar[0], '[');
        ck_assert_ptr_nonnull(strstr(bar, "[SHTFd."));
        ck_assert_ptr_nonnull(strstr(bar, ".r"));
        ck_assert_ptr_nonnull(strstr(bar, "r] under 1% est \302\261"));
        ck_assert_int_le(canvas_width(slice_of(bar)), widths[i] - 1);
    }
}
END_TEST

START_TEST(more_than_the_window_is_an_error_that_is_seen)
{
    source.draft_tokens = 31000;
    fill(PANEL_BUDGET);
    ck_assert_int_eq(list.rows.items[0].style, STYLE_WARNING);
    ck_assert_uint_eq(part("free"), 0);
    source.draft_tokens = 40000;
    fill(PANEL_BUDGET);
    ck_assert_int_eq(list.rows.items[0].style, STYLE_ERROR);
    ck_assert_ptr_null(strchr(text_of(&list.rows.items[0].head), '.'));
    ck_assert_uint_eq(part("free"), 0);
}
END_TEST

/* Context. */

static const struct list_row *context_row(const char *text)
{
    for (size_t i = 0; i < list.count; i++)
        if (strstr(text_of(&list.rows.items[i].text), text))
            return &list.rows.items[i];
    ck_abort_msg("no row says %s", text);
}

START_TEST(the_keys_of_the_lens_move_its_total)
{
    talk_exchange(&easel.talk, 1, "What is a sennit?", "A braided cord.");
    easel_do(&easel, ACTION_CONTEXT);
    struct list *rows = &easel.screen.bands.items[PANEL_CONTEXT].list;
    fill(PANEL_CONTEXT);
    char key[32], before[64];
    snprintf(key, sizeof key, "%s", text_of(&context_row("A braided")->key));
    snprintf(before, sizeof before, "%s", text_of(&list.rows.items[0].head));
    list_choose(rows, key);
    easel_do(&easel, ACTION_LEAVE_ROW);
    fill(PANEL_CONTEXT);
    ck_assert_str_ne(text_of(&list.rows.items[0].head), before);
    ck_assert_ptr_nonnull(
        strstr(text_of(&context_row("A braided")->head), "left out"));
    easel_do(&easel, ACTION_LEAVE_ROW);
    fill(PANEL_CONTEXT);
    ck_assert_str_eq(text_of(&list.rows.items[0].head), before);
    easel_do(&easel, ACTION_PIN_ROW);
    fill(PANEL_CONTEXT);
    ck_assert_str_eq(text_of(&list.rows.items[0].head), before);
    ck_assert_ptr_nonnull(
        strstr(text_of(&context_row("A braided")->head), "pinned"));
}
END_TEST

START_TEST(what_would_have_to_go_stands_out)
{
    struct buf text = { 0 };
    for (int i = 0; i < 40000; i++)
        buf_append_string(&text, "knot ");
    talk_exchange(&easel.talk, 1, buf_string(&text), "Old.");
    talk_exchange(&easel.talk, 2, "short", "New.");
    fill(PANEL_CONTEXT);
    ck_assert_int_eq(list.rows.items[0].style, STYLE_ERROR);
    ck_assert_ptr_nonnull(
        strstr(text_of(&context_row("knot")->right), "would make room"));
    ck_assert_ptr_nonnull(
        strstr(text_of(&context_row("knot")->head), "too large"));
    ck_assert_ptr_null(strstr(text_of(&context_row("New.")->right), "would"));
    buf_clear(&text);
}
END_TEST

/* Graph. */

START_TEST(the_graph_is_a_tree_in_the_order_of_its_answers)
{
    struct talk *talk = &easel.talk;
    uint64_t first = talk_exchange(talk, 1, "first", "one");
    talk_exchange(talk, 2, "second", "two");
    talk_move_head(talk, first);
    talk_exchange(talk, 3, "other", "three");
    talk_exchange(talk, 4, "after it", "four");
    fill(PANEL_GRAPH);
    ck_assert_uint_eq(list.count, 8);
    static const char *const rows[] = {
        "you|first",         "m|one",     "│ you ‹1/2›|second", "│ m|two",
        "│ you ‹2/2›|other", "│ m|three", "│ you|after it",     "│ m|four",
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf line = { 0 };
        const struct list_row *row = &list.rows.items[i];
        buf_printf(&line, "%.*s|%.*s", SLICE_ARG(buf_slice(&row->head)),
                   SLICE_ARG(buf_slice(&row->text)));
        ck_assert_str_eq(buf_string(&line), rows[i]);
        ck_assert_int_eq(row->is_marked, i == 7);
        buf_clear(&line);
    }
    ck_assert(slice_is(buf_slice(&list.rows.items[0].right), "14:02"));
}
END_TEST

START_TEST(the_graph_names_branches_and_folds_pruned_ones)
{
    struct talk *talk = &easel.talk;
    char other[24];
    uint64_t first = talk_exchange(talk, 1, "first", "one");
    talk_exchange(talk, 2, "second", "two");
    talk_move_head(talk, first);
    snprintf(other, sizeof other, "%llu",
             (unsigned long long)graph_node(
                 talk->scenario.graph, talk_exchange(talk, 3, "other", "three"))
                 ->parent_id);
    talk_say(talk, 0, EVENT_BRANCH_NAMED, 0, 0, FIELD_NODE, other, FIELD_NAME,
             "plan b", FIELD_NONE);
    talk_say(talk, 0, EVENT_PRUNED, 0, 0, FIELD_NODE, other, FIELD_NONE);
    fill(PANEL_GRAPH);
    ck_assert_uint_eq(list.count, 5);
    ck_assert_str_eq(text_of(&list.rows.items[2].head), "you");
    ck_assert_str_eq(text_of(&list.rows.items[4].head), "│ 1 pruned");
    ck_assert_uint_eq(list.rows.items[4].key.len, 0);
    source.shows_pruned = true;
    fill(PANEL_GRAPH);
    source.shows_pruned = false;
    ck_assert_uint_eq(list.count, 6);
    ck_assert_str_eq(text_of(&list.rows.items[4].head),
                     "│ you [plan b] (pruned)");
    ck_assert_str_eq(text_of(&list.rows.items[5].head), "│ m");
}
END_TEST

START_TEST(what_one_goes_back_to_are_the_prompts_of_the_path_the_last_first)
{
    struct talk *talk = &easel.talk;
    uint64_t first = talk_exchange(talk, 1, "first", "one");
    talk_exchange(talk, 2, "second", "two");
    talk_move_head(talk, first);
    talk_exchange(talk, 3, "other\nand more", "three");
    fill(PANEL_GO_BACK);
    ck_assert_uint_eq(list.count, 2);
    ck_assert_str_eq(text_of(&list.rows.items[0].text), "other");
    ck_assert_str_eq(text_of(&list.rows.items[0].right), "2 versions 14:02");
    ck_assert_str_eq(text_of(&list.rows.items[1].text), "first");
}
END_TEST

START_TEST(what_was_spawned_stands_below_its_parent_with_a_mark)
{
    struct talk *talk = &easel.talk;
    char parent[24];
    uint64_t first = talk_exchange(talk, 1, "first", "one");
    snprintf(parent, sizeof parent, "%llu", (unsigned long long)first);
    talk_say(talk, 0, EVENT_USER_MESSAGE, 0, 0, FIELD_TEXT, "helper",
             FIELD_PARENT, parent, FIELD_SPAWNED, "1", FIELD_NONE);
    talk_exchange(talk, 2, "second", "two");
    fill(PANEL_GRAPH);
    ck_assert_uint_eq(list.count, 5);
    ck_assert_str_eq(text_of(&list.rows.items[1].head), "m");
    /* Beside the path, so it is indented; the path is not. */
    ck_assert_str_eq(text_of(&list.rows.items[2].head), "you");
    ck_assert_str_eq(text_of(&list.rows.items[3].head), "m");
    ck_assert_str_eq(text_of(&list.rows.items[4].head), "│ └ you");
    ck_assert_str_eq(text_of(&list.rows.items[4].text), "helper");
}
END_TEST

START_TEST(a_very_large_graph_is_cut_and_says_how_much_is_missing)
{
    struct talk *talk = &easel.talk;
    for (uint32_t i = 1; i <= 500; i++)
        talk_exchange(talk, i, "why", "because");
    fill(PANEL_GRAPH);
    ck_assert_uint_eq(list.count, 1000);
    for (uint32_t i = 501; i <= 600; i++)
        talk_exchange(talk, i, "why", "because");
    fill(PANEL_GRAPH);
    ck_assert_uint_eq(list.count, 1001);
    ck_assert_str_eq(text_of(&list.rows.items[0].head),
                     "and 200 more turns above");
    ck_assert(list.rows.items[1000].is_marked);
}
END_TEST

/* Tools and trace. */

START_TEST(a_call_shows_the_states_that_it_went_through)
{
    have_something_of_everything();
    fill(PANEL_TOOLS);
    ck_assert_uint_eq(list.count, 1);
    ck_assert_str_eq(text_of(&list.rows.items[0].head), "t1 ls");
    ck_assert_str_eq(text_of(&list.rows.items[0].text),
                     "pending > executing > COMPLETED  .");
    ck_assert_str_eq(text_of(&list.rows.items[0].right), "0.0 s  12 B");
    struct buf facts = { 0 };
    panel_facts_tools(&source, &facts);
    ck_assert_str_eq(buf_string(&facts), "1 done");
    buf_clear(&facts);
}
END_TEST

/* A call of a tool that is asked about, in a turn of its own. */
static void call_shell(void)
{
    struct talk *talk = &easel.talk;
    talk_ask(talk, "test it", 1);
    talk_start(talk, 1, 1, "m", "e");
    talk_say(talk, 0, EVENT_TOOL_CALL_START, 1, 1, FIELD_CALL, "1", FIELD_NAME,
             "shell", FIELD_NONE);
    talk_say(talk, 0, EVENT_TOOL_CALL_END, 1, 1, FIELD_CALL, "1",
             FIELD_ARGUMENTS, "{\"command\":\"pytest -q\",\"wait\":60}",
             FIELD_NONE);
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "complete",
             FIELD_NONE);
    talk_say(talk, 0, EVENT_RELAY_ASKED, 1, 1, FIELD_CALL, "1", FIELD_NONE);
}

START_TEST(a_call_that_asks_is_what_the_panel_begins_with)
{
    call_shell();
    source.now = easel.talk.now + 32000;
    fill(PANEL_TOOLS);
    ck_row(0, "*t1|t1 shell|pending > ASKING  pytest -q wait=60|32 s");
    struct buf facts = { 0 };
    panel_facts_tools(&source, &facts);
    ck_assert_str_eq(buf_string(&facts), "1 asks");
    buf_clear(&facts);
}
END_TEST

START_TEST(a_call_that_runs_shows_the_last_line_that_it_wrote)
{
    call_shell();
    talk_say(&easel.talk, 0, EVENT_TOOL_STARTED, 1, 1, FIELD_CALL, "1",
             FIELD_NONE);
    source.now = easel.talk.now + 14000;
    fill(PANEL_TOOLS);
    ck_row(0, "t1|t1 shell|pending > asking > EXECUTING  pytest -q wait=60"
              "|14 s");
    talk_say(&easel.talk, 0, EVENT_TOOL_OUTPUT, 1, 1, FIELD_CALL, "1",
             FIELD_TEXT, "collecting\n..F.....\n", FIELD_NONE);
    fill(PANEL_TOOLS);
    ck_row(0, "t1|t1 shell|pending > asking > EXECUTING  out| ..F....."
              "|14 s  20 B");
    /* Where there is no room only the state that it is in. */
    source.width = 40;
    fill(PANEL_TOOLS);
    ck_row(0, "t1|t1 shell|EXECUTING  out| ..F.....|14 s  20 B");
}
END_TEST

START_TEST(the_chosen_call_shows_its_arguments_its_output_and_its_end)
{
    call_shell();
    talk_say(&easel.talk, 0, EVENT_TOOL_STARTED, 1, 1, FIELD_CALL, "1",
             FIELD_NONE);
    talk_say(&easel.talk, 0, EVENT_TOOL_FINISHED, 1, 1, FIELD_CALL, "1",
             FIELD_OUTCOME, "error", FIELD_TEXT, "1\n2\n3\n4\n5\n6\n7\n",
             FIELD_ERROR, "exit status 1", FIELD_NONE);
    source.height = 8;
    panel_preview(PANEL_TOOLS, &source, "t1", &list);
    ck_assert_uint_eq(list.count, 0);
    source.has_keys = true;
    panel_preview(PANEL_TOOLS, &source, "t1", &list);
    ck_assert_uint_eq(list.count, 8);
    ck_row(0, "|│|command: pytest -q|");
    ck_row(1, "|│|wait: 60|");
    ck_row(2, "|the end of its output:||");
    ck_row(3, "|│|4|");
    ck_row(6, "|│|7|");
    ck_row(7, "|error: exit status 1||");
    /* What is no call has nothing to show. */
    panel_preview(PANEL_TOOLS, &source, "t2", &list);
    ck_assert_uint_eq(list.count, 0);
}
END_TEST

START_TEST(a_key_that_names_no_call_finds_none)
{
    static const char *const keys[] = {
        "",   "t",   "t0",  "t2",  "1",
        "tt", "t1x", "t-1", "t 1", "t99999999999999999999"
    };
    const struct graph *graph = easel.talk.scenario.graph;
    call_shell();
    for (size_t i = 0; i < COUNTOF(keys); i++)
        ck_assert_ptr_null(panel_call(graph, slice_of(keys[i])));
    ck_assert_ptr_nonnull(panel_call(graph, slice_of("t1")));
}
END_TEST

/* The rows without those that say, below an attempt, how long its steps took. */
static size_t drop_steps(void)
{
    size_t kept = 0, dropped = 0;
    for (size_t i = 0; i < list.count; i++) {
        struct list_row row = list.rows.items[i];
        const char *head = text_of(&row.head);
        if (!strncmp(head, "    first token after", 21) ||
            !strncmp(head, "    ended after", 15)) {
            dropped++;
            continue;
        }
        list.rows.items[i] = list.rows.items[kept];
        list.rows.items[kept++] = row;
    }
    list.count = kept;
    return dropped;
}

START_TEST(the_trace_has_every_attempt_the_newest_first)
{
    have_something_of_everything();
    talk_ask(&easel.talk, "again", 2);
    talk_say(&easel.talk, 0, EVENT_RUN_FINISHED, 2, 0, FIELD_OUTCOME, "error",
             FIELD_ERROR, "no endpoint", FIELD_NONE);
    talk_stream(&easel.talk, 1, 2, "too late");
    fill(PANEL_TRACE);
    ck_assert_uint_eq(drop_steps(), 2);
    ck_assert_uint_eq(list.count, 5);
    ck_assert_str_eq(text_of(&list.rows.items[0].head), "14:02 run 2");
    ck_assert_str_eq(text_of(&list.rows.items[0].text), "error: no endpoint");
    ck_assert_str_eq(text_of(&list.rows.items[1].head), "14:02 run 1.2");
    ck_assert_str_eq(text_of(&list.rows.items[1].text),
                     "qwen3:8b box: complete");
    ck_assert_str_eq(text_of(&list.rows.items[2].head), "14:02 run 1.1");
    /* An event that changed nothing is seen. */
    ck_assert_str_eq(text_of(&list.rows.items[3].head),
                     "events that changed nothing: 1 late");
    ck_assert_ptr_nonnull(
        strstr(text_of(&list.rows.items[4].head), "changed nothing: late"));
}
END_TEST

START_TEST(the_trace_says_what_followed_after_how_long_and_why)
{
    struct talk *talk = &easel.talk;
    talk_ask(talk, "why", 1);
    talk_start(talk, 1, 1, "m", "box");
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "error",
             FIELD_ERROR, "slow down", FIELD_NONE);
    talk_say(talk, 0, EVENT_RETRY_SCHEDULED, 1, 0, FIELD_DELAY, "2500",
             FIELD_TEXT, "rate limited (1/2)", FIELD_NONE);
    talk_start(talk, 1, 2, "m", "box");
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 2, FIELD_OUTCOME, "error",
             FIELD_ERROR, "it broke", FIELD_NONE);
    talk_say(talk, 0, EVENT_FELL_BACK, 1, 0, FIELD_TEXT,
             "fell back to big@gate", FIELD_NONE);
    talk_start(talk, 1, 3, "big", "gate");
    fill(PANEL_TRACE);
    drop_steps();
    ck_assert_str_eq(text_of(&list.rows.items[1].text),
                     "m box: error, fell back to big@gate, it broke");
    ck_assert_str_eq(
        text_of(&list.rows.items[2].text),
        "m box: error, rate limited (1/2), again after 2.5 s, slow down");
}
END_TEST

START_TEST(what_went_again_as_the_server_takes_it_is_no_error_of_the_trace)
{
    struct talk *talk = &easel.talk;
    talk_ask(talk, "why", 1);
    talk_start(talk, 1, 1, "m", "box");
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "error",
             FIELD_ERROR, "no temperature here", FIELD_NONE);
    talk_say(talk, 0, EVENT_RETRY_SCHEDULED, 1, 0, FIELD_DELAY, "0", FIELD_TEXT,
             "without temperature", FIELD_KIND, "adjusted", FIELD_NONE);
    fill(PANEL_TRACE);
    ck_assert_int_eq(list.rows.items[0].style, STYLE_DIM);
    ck_assert_ptr_nonnull(
        strstr(text_of(&list.rows.items[0].text), "without temperature"));
}
END_TEST

/* The text of the first row of the status with this head. */
static const char *fact(const char *name)
{
    fill(PANEL_STATUS);
    for (size_t i = 0; i < list.count; i++) {
        if (!strcmp(text_of(&list.rows.items[i].head), name))
            return text_of(&list.rows.items[i].text);
    }
    return "";
}

START_TEST(the_status_says_what_the_last_answer_was_asked_with)
{
    struct talk *talk = &easel.talk;
    talk_ask(talk, "why", 1);
    talk_say(talk, 0, EVENT_ATTEMPT_STARTED, 1, 1, FIELD_ENDPOINT, "box",
             FIELD_MODEL, "m", FIELD_SETTINGS,
             "{\"temperature\":0.5,\"top_p\":1,\"left_out\":[\"seed\","
             "\"stop\"]}",
             FIELD_NONE);
    ck_assert_str_eq(fact("settings"),
                     "no seed, no stop; temperature 0.5, top_p 1");
}
END_TEST

START_TEST(the_status_says_how_the_run_ended_not_only_its_last_attempt)
{
    struct talk *talk = &easel.talk;
    talk_ask(talk, "why", 1);
    talk_start(talk, 1, 1, "m", "box");
    talk_stream(talk, 1, 1, "{}");
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "complete",
             FIELD_NONE);
    talk_say(talk, 0, EVENT_RUN_FINISHED, 1, 0, FIELD_OUTCOME, "error",
             FIELD_ERROR, "the answer is not as s asks", FIELD_NONE);
    ck_assert_str_eq(fact("ended"),
                     "does not follow the schema: the answer is not as s asks");
    talk_ask(talk, "why", 2);
    talk_start(talk, 2, 1, "m", "box");
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 2, 1, FIELD_OUTCOME, "error",
             FIELD_ERROR, "slow down", FIELD_NONE);
    talk_say(talk, 0, EVENT_RUN_FINISHED, 2, 0, FIELD_OUTCOME, "aborted",
             FIELD_ERROR, "stopped by you", FIELD_NONE);
    ck_assert_str_eq(fact("ended"), "stopped by you: slow down");
    talk_ask(talk, "why", 3);
    talk_start(talk, 3, 1, "m", "box");
    talk_stream(talk, 3, 1, "{}");
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 3, 1, FIELD_OUTCOME, "complete",
             FIELD_FINISH_REASON, "length", FIELD_NONE);
    talk_say(talk, 0, EVENT_RUN_FINISHED, 3, 0, FIELD_OUTCOME, "complete",
             FIELD_FINISH_REASON, "length", FIELD_NONE);
    ck_assert_str_eq(fact("ended"), "ended early, reason length");
}
END_TEST

START_TEST(a_long_error_stands_whole_below_its_attempt_in_the_trace)
{
    struct talk *talk = &easel.talk;
    static const char error[] =
        "a server that has very much to say says it here, and does not come "
        "to an end before the row of a small screen does";
    talk_ask(talk, "why", 1);
    talk_start(talk, 1, 1, "m", "box");
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, 1, 1, FIELD_OUTCOME, "error",
             FIELD_ERROR, error, FIELD_NONE);
    fill(PANEL_TRACE);
    drop_steps();
    ck_assert_uint_eq(list.count, 2);
    ck_assert_str_eq(text_of(&list.rows.items[0].text),
                     "m box: error, see below");
    ck_assert_str_eq(text_of(&list.rows.items[1].head), error);
}
END_TEST

START_TEST(the_status_says_what_the_server_still_allows)
{
    struct talk *talk = &easel.talk;
    bool is_told = false;
    talk_ask(talk, "why", 1);
    talk_start(talk, 1, 1, "m", "box");
    talk_say(talk, 0, EVENT_RATE_LIMITS, 1, 1, FIELD_LIMITS,
             "[{\"what\":\"requests\",\"limit\":60,\"remaining\":59,"
             "\"reset_ms\":12000}]",
             FIELD_NONE);
    fill(PANEL_STATUS);
    for (size_t i = 0; i < list.count; i++) {
        const struct list_row *row = &list.rows.items[i];
        is_told |= !strcmp(text_of(&row->head), "rate limit") &&
                   !strcmp(text_of(&row->text),
                           "59 of 60 requests left, all again in 12 s");
    }
    ck_assert(is_told);
}
END_TEST

/* Models. */

START_TEST(models_stand_below_their_endpoint_and_can_be_taken)
{
    fill(PANEL_MODELS);
    ck_row(0, "|box http://127.0.0.1:11434, own||");
    ck_row(1, "*box/fast|box/fast|is qwen3:8b|");
    ck_row(2, "*box/qwen3:8b|box/qwen3:8b|loaded, window 32,768|5.2 GB");
    ck_row(3, "box/qwen3:32b|box/qwen3:32b||20 GB");
    ck_row(4, "box/nomic-embed-text:latest|box/nomic-embed-text:latest|not for "
              "chat|274 MB");
    ck_row(5, "|claude https://api.vendor.example/v1, vendor: leaves this "
              "machine||");
    ck_row(6, "claude/better|claude/better|is sonnet-4.6|");
    /* The guide needs no server. */
    ck_row(list.count - 1, "guide/guide|guide/guide|answers from the manual; "
                           "not a language model|");
}
END_TEST

/* What completes a slash. */

static void complete(const char *draft)
{
    source.draft = slice_of(draft);
    fill(PANEL_COMMANDS);
}

START_TEST(a_slash_is_completed_by_commands_with_their_help)
{
    complete("/re");
    ck_assert_uint_eq(list.count, 9);
    ck_row(0, "/retry|/retry [[ENDPOINT/]MODEL]|answer the last prompt again, "
              "by another model if one is named|");
    ck_row(1, "/redo|/redo|go forward to where this branch was left|");
    ck_row(2, "/restore|/restore|bring the branch back that was pruned last|");
    ck_row(
        3,
        "/resume|/resume [ID | WORDS]|go on with a conversation that is kept|");
    ck_row(4, "/revert|/revert [tN]|take back what a call has made of a file, "
              "or the last edit|");
    ck_row(5,
           "/repair|/repair|ask for the last answer corrected, as its schema "
           "asks|");
    ck_row(6, "/rename|/rename TITLE|give the conversation a title|");
    ck_row(7, "/remember|/remember [TEXT | yes | no]|keep a text for later "
              "conversations, or what was proposed|");
    ck_row(8, "/redact|/redact [TEXT]|overwrite a text wherever it was said, "
              "here and on disk|");
    complete("/b");
    ck_row(0, "/back|/back|choose an earlier prompt to edit; Escape twice "
              "does too|");
    complete("/");
    size_t all = 0;
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        struct slice rest = slice_of(action_commands((enum action)i)), word;
        while (action_next_word(&rest, ',', &word))
            all++;
    }
    ck_assert_uint_eq(list.count, all);
}
END_TEST

START_TEST(what_is_no_command_is_not_completed)
{
    static const char *const drafts[] = {
        "",     "text",     " /re",      "/nosuch", "/etc/passwd",
        "//re", "/retry x", "/re\nmore",
    };
    for (size_t i = 0; i < COUNTOF(drafts); i++) {
        complete(drafts[i]);
        ck_assert_msg(list.count == 0, "'%s' is completed", drafts[i]);
    }
}
END_TEST

START_TEST(a_model_is_completed_by_its_name_or_its_endpoint)
{
    complete("/model qwen3:3");
    ck_assert_uint_eq(list.count, 1);
    ck_row(0, "/model box/qwen3:32b|/model box/qwen3:32b||20 GB");
    complete("/model cl");
    ck_assert_uint_eq(list.count, 1);
    ck_row(0, "/model claude/better|/model claude/better|is sonnet-4.6|");
    complete("/model ");
    /* Five that are listed above, and the guide. */
    ck_assert_uint_eq(list.count, 6);
}
END_TEST

static const char *title(const char *draft)
{
    source.draft = slice_of(draft);
    source.caret = source.draft.len;
    return panel_title(PANEL_COMMANDS, &source);
}

START_TEST(what_completes_is_titled_by_what_it_lists)
{
    ck_assert_str_eq(title("/mo"), "commands");
    ck_assert_str_eq(title("/model box"), "models");
    ck_assert_str_eq(title("/unload "), "models");
    ck_assert_str_eq(title("/set re"), "settings");
    ck_assert_str_eq(title("/theme "), "themes");
    ck_assert_str_eq(title("/schema ~/"), "files");
    ck_assert_str_eq(title("see @no"), "files");
    ck_assert_str_eq(panel_title(PANEL_HELP, &source), "help");
}
END_TEST

START_TEST(whatever_takes_a_model_is_completed_by_one)
{
    complete("/load qwen3:3");
    ck_assert_uint_eq(list.count, 1);
    ck_row(0, "/load box/qwen3:32b|/load box/qwen3:32b||20 GB");
    complete("/unload box/qwen3:3");
    ck_row(0, "/unload box/qwen3:32b|/unload box/qwen3:32b||20 GB");
    complete("/pull qwen3:3");
    ck_row(0, "/pull box/qwen3:32b|/pull box/qwen3:32b||20 GB");
}
END_TEST

START_TEST(whatever_takes_a_file_is_completed_by_one)
{
    complete("/schema /bin/s");
    ck_assert_uint_gt(list.count, 0);
    ck_assert_ptr_nonnull(
        strstr(text_of(&list.rows.items[0].key), "/schema /bin/s"));
    complete("/debug /bin/s");
    ck_assert_uint_gt(list.count, 0);
    ck_assert_ptr_nonnull(
        strstr(text_of(&list.rows.items[0].key), "/debug /bin/s"));
}
END_TEST

START_TEST(a_setting_is_completed_by_the_last_part_of_its_name)
{
    complete("/set temp");
    ck_assert_uint_eq(list.count, 1);
    ck_assert_str_eq(text_of(&list.rows.items[0].key),
                     "/set reply.temperature ");
    /* Not by one in the middle. */
    complete("/set eply");
    ck_assert_uint_eq(list.count, 0);
    complete("/show temp");
    ck_assert_str_eq(text_of(&list.rows.items[0].key),
                     "/show reply.temperature");
}
END_TEST

START_TEST(no_head_of_the_help_takes_more_than_a_third_of_80_columns)
{
    fill(PANEL_HELP);
    for (size_t i = 1; i + 1 < list.count; i++)
        ck_assert_msg(list.rows.items[i].head.len <= 28, "%s",
                      text_of(&list.rows.items[i].head));
}
END_TEST

START_TEST(a_setting_that_can_change_is_completed_with_what_it_means)
{
    complete("/set reply.temp");
    ck_assert_uint_eq(list.count, 1);
    ck_assert_str_eq(text_of(&list.rows.items[0].key),
                     "/set reply.temperature ");
    ck_assert_uint_gt(list.rows.items[0].text.len, 0);
    complete("/set looks.frames");
    ck_assert_uint_eq(list.count, 1);
    /* Read at the start only; without effect yet. */
    complete("/set endpoints");
    ck_assert_uint_eq(list.count, 0);
    complete("/set looks.times");
    ck_assert_uint_eq(list.count, 0);
}
END_TEST

/* The help has every action. */
START_TEST(the_help_has_every_action_and_the_palette_what_can_be_done_anywhere)
{
    fill(PANEL_HELP);
    size_t found = 0;
    for (size_t i = 0; i < list.count; i++)
        found += list.rows.items[i].key.len > 0;
    ck_assert_uint_eq(found, ACTION_COUNT - 1);
    fill(PANEL_PALETTE);
    for (size_t i = 0; i < list.count; i++) {
        enum action action = action_of_name(buf_slice(&list.rows.items[i].key));
        ck_assert_int_ne(action, ACTION_NONE);
        ck_assert_int_ne(action, ACTION_PALETTE);
        ck_assert(perform_exists(action));
    }
}
END_TEST

/* A row is for one line: a text of any size costs no more than that. */
START_TEST(a_long_line_does_not_make_a_long_row)
{
    struct buf text = { 0 };
    for (int i = 0; i < 100000; i++)
        buf_append_string(&text, "\303\274");
    talk_exchange(&easel.talk, 1, buf_string(&text), "one");
    fill(PANEL_GRAPH);
    ck_assert_uint_lt(list.rows.items[0].text.len, 2000);
    ck_assert_uint_eq(list.rows.items[0].text.len % 2, 0);
    buf_clear(&text);
}
END_TEST

Suite *panel_suite(void)
{
    Suite *suite = suite_create("panel");
    TCase *tcase = tcase_create("panel");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, counts_have_commas_between_thousands);
    tcase_add_test(tcase, each_panel_is_opened_by_its_action_and_by_no_other);
    tcase_add_test(tcase, an_empty_panel_says_what_will_stand_there);
    tcase_add_test(tcase, the_parts_of_the_budget_add_up_to_the_window);
    tcase_add_test(tcase, each_part_of_the_budget_is_seen_in_the_bar);
    tcase_add_test(tcase, the_keys_of_the_lens_move_its_total);
    tcase_add_test(tcase, what_would_have_to_go_stands_out);
    tcase_add_test(tcase, more_than_the_window_is_an_error_that_is_seen);
    tcase_add_test(tcase, the_graph_is_a_tree_in_the_order_of_its_answers);
    tcase_add_test(tcase, the_graph_names_branches_and_folds_pruned_ones);
    tcase_add_test(
        tcase,
        what_one_goes_back_to_are_the_prompts_of_the_path_the_last_first);
    tcase_add_test(tcase, what_was_spawned_stands_below_its_parent_with_a_mark);
    tcase_add_test(tcase,
                   a_very_large_graph_is_cut_and_says_how_much_is_missing);
    tcase_add_test(tcase, a_call_shows_the_states_that_it_went_through);
    tcase_add_test(tcase, a_call_that_asks_is_what_the_panel_begins_with);
    tcase_add_test(tcase, a_call_that_runs_shows_the_last_line_that_it_wrote);
    tcase_add_test(tcase,
                   the_chosen_call_shows_its_arguments_its_output_and_its_end);
    tcase_add_test(tcase, a_key_that_names_no_call_finds_none);
    tcase_add_test(tcase, the_trace_has_every_attempt_the_newest_first);
    tcase_add_test(tcase, the_trace_says_what_followed_after_how_long_and_why);
    tcase_add_test(
        tcase, what_went_again_as_the_server_takes_it_is_no_error_of_the_trace);
    tcase_add_test(tcase, the_status_says_what_the_last_answer_was_asked_with);
    tcase_add_test(tcase,
                   the_status_says_how_the_run_ended_not_only_its_last_attempt);
    tcase_add_test(tcase, the_status_says_what_the_server_still_allows);
    tcase_add_test(tcase,
                   a_long_error_stands_whole_below_its_attempt_in_the_trace);
    tcase_add_test(tcase, models_stand_below_their_endpoint_and_can_be_taken);
    tcase_add_test(tcase, a_slash_is_completed_by_commands_with_their_help);
    tcase_add_test(tcase, what_is_no_command_is_not_completed);
    tcase_add_test(tcase, a_model_is_completed_by_its_name_or_its_endpoint);
    tcase_add_test(tcase, what_completes_is_titled_by_what_it_lists);
    tcase_add_test(tcase, whatever_takes_a_model_is_completed_by_one);
    tcase_add_test(tcase, whatever_takes_a_file_is_completed_by_one);
    tcase_add_test(tcase, a_setting_is_completed_by_the_last_part_of_its_name);
    tcase_add_test(tcase,
                   no_head_of_the_help_takes_more_than_a_third_of_80_columns);
    tcase_add_test(tcase,
                   a_setting_that_can_change_is_completed_with_what_it_means);
    tcase_add_test(
        tcase,
        the_help_has_every_action_and_the_palette_what_can_be_done_anywhere);
    tcase_add_test(tcase, a_long_line_does_not_make_a_long_row);
    suite_add_tcase(suite, tcase);
    return suite;
}
