/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "tests/support/dialogue.h"
#include "tests/support/graph_dump.h"
#include "tests/support/graph_fault.h"
#include "tests/support/random_log.h"
#include "tests/support/scenario.h"

Suite *messages_suite(void);

static struct scenario s;
static struct messages *messages;

static void setup(void)
{
    scenario_init(&s);
    messages = messages_new();
}

static void teardown(void)
{
    scenario_clear(&s);
    messages_free(messages);
}

static void assert_dump(const struct messages *view, const char *expected)
{
    struct buf dump = { 0 };
    graph_dump_messages(&dump, view);
    ck_assert_str_eq(buf_string(&dump), expected);
    buf_clear(&dump);
}

/* What a reader who catches up after these lines sees, and one who comes new.
 */
static void assert_messages(const char *lines, const char *expected)
{
    scenario_play(&s, lines);
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    assert_dump(messages, expected);
    struct messages *fresh = messages_new();
    messages_catch_up(fresh, s.graph, graph_head(s.graph));
    assert_dump(fresh, expected);
    messages_free(fresh);
}

/* A row of two strings. */
#define ROW(left, right) \
    {                    \
        left, right      \
    }

#define QUESTION                 \
    "@q user-message text=why\n" \
    "run-started 1 node=@q\n"    \
    "attempt-started 1.1 model=m\n"

START_TEST(an_empty_path_has_no_messages)
{
    assert_messages("", "");
    assert_messages("user-message text=a\nhead-moved node=0", "");
    messages_free(NULL);
}
END_TEST

START_TEST(a_chat_is_its_turns_without_thinking)
{
    assert_messages(QUESTION "thinking-delta 1.1 text=hm\n"
                             "text-delta 1.1 text='so '\n"
                             "thinking-delta 1.1 text=hm\n"
                             "text-delta 1.1 text=it\n"
                             "attempt-finished 1.1 outcome=complete\n"
                             "run-finished 1 outcome=complete\n"
                             "user-message text=and\n",
                    "user 'why'\nassistant 'so it'\nuser 'and'\n");
}
END_TEST

START_TEST(an_answer_without_text_is_no_message)
{
    assert_messages(QUESTION "thinking-delta 1.1 text=hm\n"
                             "text-delta 1.1 text='\\n '\n"
                             "attempt-finished 1.1 outcome=cut\n"
                             "user-message text=and\n",
                    "user 'why'\nuser 'and'\n");
}
END_TEST

START_TEST(files_are_fenced_and_named)
{
    assert_messages("@q user-message text=look\n"
                    "attachment-added node=@q name=a.md "
                    "text='x\\n````\\ny\\n'\n"
                    "attachment-added node=@q name='b\\nc' text=z\n",
                    "user 'look\n\nFile: a.md\n`````\nx\n````\ny\n`````\n\n"
                    "File: b?c\n```\nz\n```'\n");
    assert_messages("@r user-message parent=0\n"
                    "attachment-added node=@r name=e\n",
                    "user 'File: e\n```\n```'\n");
}
END_TEST

START_TEST(what_is_told_stands_in_a_line_behind_all_that_was_said)
{
    assert_messages("@n user-message parent=0 text=hello\n"
                    "noted node=@n name=date text='Saturday, 2026-11-28'\n"
                    "attachment-added node=@n name=e\n"
                    "noted node=@n name=directory text=/tmp/a\n",
                    "user 'hello\n\nFile: e\n```\n```\n\n"
                    "[date: Saturday, 2026-11-28; directory: /tmp/a]'\n");
    assert_messages("@o user-message parent=0\n"
                    "noted node=@o name=a text=b\n",
                    "user '[a: b]'\n");
}
END_TEST

START_TEST(pictures_are_named_and_stand_beside_the_text)
{
    static const struct dialogue_image boat = { "a.png", "image/png",
                                                "a red\nboat", NULL, "PNG" };
    static const struct dialogue_image far = { "b", NULL, NULL, "http://h/b",
                                               NULL };
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    dialogue_user(&dialogue, "look");
    dialogue_image(&dialogue, &boat);
    dialogue_image(&dialogue, &far);
    const struct message *message =
        messages_at(dialogue_messages(&dialogue), 0);
    ck_assert(slice_is(message->text,
                       "look\n\nImage: a.png (a red?boat)\n\nImage: b"));
    ck_assert_uint_eq(message->image_count, 2);
    ck_assert(slice_is(message->images[0].name, "a.png"));
    ck_assert_str_eq(message->images[0].image->alt, "a red\nboat");
    ck_assert_str_eq(message->images[1].image->url, "http://h/b");
    dialogue_end(&dialogue);
}
END_TEST

/* For a model that sees none; what was there, and what comes. */
START_TEST(pictures_can_be_left_out)
{
    static const struct dialogue_image image = { .name = "a.png",
                                                 .media_type = "image/png",
                                                 .data = "PNG" };
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    dialogue_user(&dialogue, "");
    dialogue_image(&dialogue, &image);
    dialogue_messages(&dialogue);
    messages_show_images(dialogue.messages, false);
    dialogue_user(&dialogue, "and");
    dialogue_image(&dialogue, &image);
    const struct messages *view = dialogue_messages(&dialogue);
    ck_assert_uint_eq(messages_count(view), 2);
    for (size_t i = 0; i < 2; i++)
        ck_assert_uint_eq(messages_at(view, i)->image_count, 0);
    ck_assert(slice_is(messages_at(view, 0)->text, "Image: a.png"));
    messages_show_images(dialogue.messages, true);
    for (size_t i = 0; i < 2; i++)
        ck_assert_uint_eq(messages_at(view, i)->image_count, 1);
    dialogue_end(&dialogue);
}
END_TEST

START_TEST(answers_that_were_not_complete_say_so)
{
    static const struct {
        const char *ending;
        const char *mark;
    } rows[] = {
        ROW("outcome=complete", ""),
        ROW("outcome=aborted error=stop",
            "\n\n[This answer was stopped here by the user.]"),
        ROW("outcome=cut error='the line broke'",
            "\n\n[This answer was cut off here: the line broke.]"),
        ROW("outcome=cut", "\n\n[This answer was cut off here.]"),
        ROW("outcome=error error='out of memory'",
            "\n\n[This answer failed here: out of memory.]"),
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf lines = { 0 }, expected = { 0 };
        teardown();
        setup();
        buf_printf(&lines,
                   QUESTION "text-delta 1.1 text=half\n"
                            "attempt-finished 1.1 %s\n"
                            "user-message text=go\n",
                   rows[i].ending);
        buf_printf(&expected, "user 'why'\nassistant 'half%s'\nuser 'go'\n",
                   rows[i].mark);
        assert_messages(buf_string(&lines), buf_string(&expected));
        buf_clear(&lines);
        buf_clear(&expected);
    }
}
END_TEST

#define GO_ON                                                            \
    "user 'Go on with your answer exactly where it was cut off; repeat " \
    "nothing of it.'\n"

START_TEST(an_answer_that_was_cut_is_asked_for_its_rest)
{
    assert_messages(QUESTION "@a text-delta 1.1 text=half\n"
                             "attempt-finished 1.1 outcome=aborted\n"
                             "run-finished 1 outcome=aborted\n",
                    "user 'why'\nassistant 'half\n\n[This answer was stopped "
                    "here by the user.]'\n");
    assert_messages("run-started 2 node=@a\n",
                    "user 'why'\nassistant 'half\n\n[This answer was stopped "
                    "here by the user.]'\n" GO_ON);
    assert_messages("attempt-started 2.1 model=m\n"
                    "@b text-delta 2.1 text=rest\n",
                    "user 'why'\nassistant 'half\n\n[This answer was stopped "
                    "here by the user.]'\n" GO_ON "assistant 'rest'\n");
    assert_messages("text-delta 2.1 text=' of it'\n"
                    "attempt-finished 2.1 outcome=complete\n"
                    "run-finished 2 outcome=complete\n"
                    "user-message text=next\n",
                    "user 'why'\nassistant 'half\n\n[This answer was stopped "
                    "here by the user.]'\n" GO_ON
                    "assistant 'rest of it'\nuser 'next'\n");
}
END_TEST

START_TEST(who_asks_something_else_has_not_asked_for_the_rest)
{
    assert_messages(QUESTION "@a text-delta 1.1 text=half\n"
                             "attempt-finished 1.1 outcome=complete "
                             "finish_reason=length\n"
                             "run-finished 1 outcome=complete\n"
                             "run-started 2 node=@a\n"
                             "run-finished 2 outcome=error\n"
                             "user-message text=next\n",
                    "user 'why'\nassistant 'half'\nuser 'next'\n");
}
END_TEST

START_TEST(the_rest_is_asked_for_behind_the_answers_to_calls)
{
    assert_messages(QUESTION
                    "@a text-delta 1.1 text=look\n"
                    "tool-call-start 1.1 call=1 id=x name=ls\n"
                    "attempt-finished 1.1 outcome=cut\n"
                    "run-finished 1 outcome=cut\n"
                    "run-started 2 node=@a\n"
                    "attempt-started 2.1 model=m\n"
                    "tool-call-start 2.1 call=2 id=y name=ls\n"
                    "tool-call-end 2.1 call=2 arguments={}\n"
                    "attempt-finished 2.1 outcome=complete\n"
                    "tool-started 2 call=2\n"
                    "tool-finished 2 call=2 outcome=completed text=x\n",
                    "user 'why'\nassistant 'look\n\n[This answer was cut off "
                    "here.]' [1 x ls {}]\n"
                    "tool 1 x ls 'The answer was cut before this call was "
                    "complete; it was not run.'\n" GO_ON
                    "assistant '' [2 y ls {}]\ntool 2 y ls 'x'\n");
}
END_TEST

START_TEST(failed_attempts_beside_the_path_stay_out)
{
    assert_messages(QUESTION "text-delta 1.1 text=half\n"
                             "attempt-finished 1.1 outcome=cut\n"
                             "attempt-started 1.2 model=m\n"
                             "text-delta 1.2 text=whole\n"
                             "attempt-finished 1.2 outcome=complete\n",
                    "user 'why'\nassistant 'whole'\n");
}
END_TEST

/* Two calls, complete. */
#define ASKED                                                   \
    QUESTION "text-delta 1.1 text=look\n"                       \
             "tool-call-start 1.1 call=1 id=x name=ls\n"        \
             "tool-call-start 1.1 call=2 name=cat\n"            \
             "text-delta 1.1 text=now\n"                        \
             "tool-call-end 1.1 call=1 arguments='{\"a\":1}'\n" \
             "tool-call-end 1.1 call=2 arguments=[1]\n"         \
             "attempt-finished 1.1 outcome=complete\n"
#define ASKED_SAID                                            \
    "user 'why'\nassistant 'look\n\nnow' [1 x ls {\"a\":1}] " \
    "[2  cat {}]\n"

START_TEST(every_call_is_answered_whatever_became_of_it)
{
    static const struct {
        const char *lines;
        const char *answer;
    } rows[] = {
        ROW("", "Not run yet."),
        ROW("relay-asked 1 call=1",
            "Not run yet: the user has not approved it."),
        ROW("tool-started call=1", "Still running; there is no result yet."),
        ROW("run-finished 1 outcome=complete", "Cancelled; it was not run."),
        ROW("run-finished 1 outcome=aborted",
            "Cancelled by the user; it was not run."),
        ROW("tool-started call=1\nrun-finished 1 outcome=aborted",
            "Cancelled by the user while it ran."),
        ROW("tool-started call=1\nrun-finished 1 outcome=error",
            "Cancelled while it ran."),
        ROW("tool-started call=1\nrun-finished 1 outcome=cut",
            "The program ended while this ran; its result is unknown."),
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        teardown();
        setup();
        scenario_play(&s, ASKED);
        scenario_play(&s, rows[i].lines);
        messages_catch_up(messages, s.graph, graph_head(s.graph));
        ck_assert_uint_eq(messages_count(messages), 4);
        const struct message *answer = messages_at(messages, 2);
        ck_assert_int_eq(answer->role, ROLE_TOOL);
        ck_assert_uint_eq(answer->call, 1);
        ck_assert(slice_is(answer->id, "x"));
        ck_assert(slice_is(answer->name, "ls"));
        ck_assert_msg(slice_is(answer->text, rows[i].answer), "%.*s",
                      SLICE_ARG(answer->text));
        ck_assert_uint_eq(messages_at(messages, 3)->call, 2);
    }
}
END_TEST

START_TEST(calls_of_an_answer_that_was_cut_are_answered_too)
{
    assert_messages(QUESTION
                    "tool-call-start 1.1 call=1 id=x name=rm\n"
                    "tool-call-end 1.1 call=1 arguments='{\"a\":1}'\n"
                    "tool-call-start 1.1 call=2 id=y name=rm\n"
                    "tool-call-delta 1.1 call=2 arguments='{\"a\":1}'\n"
                    "attempt-finished 1.1 outcome=cut\n"
                    "user-message text=go\n",
                    "user 'why'\n"
                    "assistant '' [1 x rm {\"a\":1}] [2 y rm {}]\n"
                    "tool 1 x rm 'The answer was cut after this call; it was "
                    "not run.'\n"
                    "tool 2 y rm 'The answer was cut before this call was "
                    "complete; it was not run.'\n"
                    "user 'go'\n");
}
END_TEST

START_TEST(results_answer_their_calls_and_steps_stay_apart)
{
    assert_messages(ASKED, ASKED_SAID "tool 1 x ls 'Not run yet.'\n"
                                      "tool 2  cat 'Not run yet.'\n");
    assert_messages("tool-started call=2\n"
                    "tool-finished call=2 outcome=completed text=two\n",
                    ASKED_SAID "tool 1 x ls 'Not run yet.'\n"
                               "tool 2  cat 'two'\n");
    assert_messages("tool-started call=1\n"
                    "tool-finished call=1 outcome=completed text=one\n",
                    ASKED_SAID "tool 1 x ls 'one'\ntool 2  cat 'two'\n");
    assert_messages("attempt-started 1.2 model=m\n"
                    "tool-call-start 1.2 call=3 id=z name=ls\n"
                    "tool-call-end 1.2 call=3 arguments={}\n"
                    "attempt-finished 1.2 outcome=complete\n"
                    "tool-started call=3\n"
                    "tool-finished call=3 outcome=completed text=three\n"
                    "attempt-started 1.3 model=m\n"
                    "text-delta 1.3 text=done\n"
                    "attempt-finished 1.3 outcome=complete\n"
                    "run-finished 1 outcome=complete\n",
                    ASKED_SAID "tool 1 x ls 'one'\ntool 2  cat 'two'\n"
                               "assistant '' [3 z ls {}]\n"
                               "tool 3 z ls 'three'\nassistant 'done'\n");
}
END_TEST

START_TEST(results_say_how_their_call_ended)
{
    static const struct {
        const char *lines;
        const char *answer;
    } rows[] = {
        ROW("tool-started call=1\ntool-finished call=1 outcome=completed",
            "No output."),
        ROW("tool-started call=1\ntool-finished call=1 outcome=completed "
            "text='\\n'",
            "No output."),
        ROW("tool-finished call=1 outcome=error", "The tool failed."),
        ROW("tool-finished call=1 outcome=error text=out error='no file'",
            "out\nno file"),
        ROW("tool-finished call=1 outcome=denied",
            "This call was not allowed; it was not run."),
        ROW("tool-finished call=1 outcome=denied text='not today'",
            "not today\n\n[This call was not allowed; it was not run.]"),
        ROW("tool-started call=1\ntool-output call=1 text=par\n"
            "tool-finished call=1 outcome=cancelled",
            "par\n\n[Cancelled while it ran.]"),
        ROW("@r tool-finished call=1 outcome=denied\n"
            "noted node=@r name=note text='no more calls'",
            "This call was not allowed; it was not run.\n\n"
            "[note: no more calls]"),
        ROW("tool-started call=1\ntool-finished call=1 outcome=unknown",
            "The program ended while this ran; its result is unknown."),
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        teardown();
        setup();
        scenario_play(&s, ASKED);
        scenario_play(&s, rows[i].lines);
        messages_catch_up(messages, s.graph, graph_head(s.graph));
        const struct message *answer = messages_at(messages, 2);
        ck_assert_msg(slice_is(answer->text, rows[i].answer), "%.*s",
                      SLICE_ARG(answer->text));
    }
}
END_TEST

#define MADE "call-made parent=@a call=1 name=shell arguments="
#define ANSWERED                                       \
    QUESTION "@a text-delta 1.1 text=so\n"             \
             "attempt-finished 1.1 outcome=complete\n" \
             "run-finished 1 outcome=complete\n"

START_TEST(what_the_user_ran_goes_with_the_next_prompt)
{
    assert_messages(ANSWERED MADE "'{\"command\":\"make\"}'\n"
                                  "tool-started call=1\n"
                                  "tool-output call=1 text=ok\n",
                    "user 'why'\nassistant 'so'\n");
    assert_messages("tool-finished call=1 outcome=completed text=fine\n",
                    "user 'why'\nassistant 'so'\n");
    assert_messages("user-message text=good\n",
                    "user 'why'\nassistant 'so'\n"
                    "user 'I have run this myself:\n```\nmake\n```\n"
                    "It gave back (completed):\n```\nfine\n```\n\ngood'\n");
}
END_TEST

START_TEST(what_the_user_did_not_run_is_not_told)
{
    assert_messages(ANSWERED MADE "'{}'\ntool-finished call=1 outcome=denied\n"
                                  "user-message text=good\n",
                    "user 'why'\nassistant 'so'\nuser 'good'\n");
}
END_TEST

START_TEST(a_call_without_a_name_still_has_one)
{
    assert_messages(QUESTION "tool-call-start 1.1 call=1\n"
                             "tool-call-end 1.1 call=1 arguments={}\n"
                             "attempt-finished 1.1 outcome=complete\n",
                    "user 'why'\nassistant '' [1  unknown {}]\n"
                    "tool 1  unknown 'Not run yet.'\n");
}
END_TEST

START_TEST(any_leaf_has_its_messages)
{
    scenario_play(&s, ASKED "@t tool-finished call=1 outcome=denied\n"
                            "tool-finished call=2 outcome=denied\n"
                            "@n user-message text=new parent=0\n");
    messages_catch_up(messages, s.graph, scenario_seq(&s, "t"));
    assert_dump(messages, ASKED_SAID
                "tool 1 x ls 'This call was not allowed; it was not run.'\n"
                "tool 2  cat 'This call was not allowed; it was not run.'\n");
    messages_catch_up(messages, s.graph, scenario_seq(&s, "q"));
    assert_dump(messages, "user 'why'\n");
    messages_catch_up(messages, s.graph, scenario_seq(&s, "n"));
    assert_dump(messages, "user 'new'\n");
    messages_catch_up(messages, s.graph, 0);
    assert_dump(messages, "");
}
END_TEST

START_TEST(the_prefix_does_not_change_when_a_turn_is_added)
{
    struct buf before = { 0 }, after = { 0 };
    scenario_play(&s, ASKED "tool-finished call=1 outcome=denied\n"
                            "run-finished 1 outcome=aborted\n"
                            "user-message text=again\n");
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    graph_dump_messages(&before, messages);
    scenario_play(&s, "user-message text=more");
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    graph_dump_messages(&after, messages);
    ck_assert_uint_gt(after.len, before.len);
    ck_assert_int_eq(memcmp(before.ptr, after.ptr, before.len), 0);
    buf_clear(&before);
    buf_clear(&after);
}
END_TEST

START_TEST(an_open_answer_grows_as_it_comes)
{
    assert_messages(QUESTION, "user 'why'\n");
    assert_messages("thinking-delta 1.1 text=hm", "user 'why'\n");
    assert_messages("text-delta 1.1 text=' '", "user 'why'\n");
    assert_messages("text-delta 1.1 text=a", "user 'why'\nassistant ' a'\n");
    assert_messages("thinking-delta 1.1 text=hm",
                    "user 'why'\nassistant ' a'\n");
    assert_messages("text-delta 1.1 text=b\ntext-delta 1.1 text=c",
                    "user 'why'\nassistant ' abc'\n");
    assert_messages("attempt-finished 1.1 outcome=cut",
                    "user 'why'\nassistant ' abc\n\n"
                    "[This answer was cut off here.]'\n");
}
END_TEST

START_TEST(streamed_text_and_new_turns_visit_what_is_new)
{
    for (int i = 0; i < 1000; i++)
        scenario_play(&s, "user-message text=x");
    scenario_play(&s, QUESTION);
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    size_t before = messages_steps(messages);
    for (int i = 0; i < 100000; i++) {
        struct event event = { .type = EVENT_TEXT_DELTA };
        event.run = event.attempt = 1;
        event_add_string(&event, FIELD_TEXT, "x");
        scenario_add(&s, &event);
        messages_catch_up(messages, s.graph, graph_head(s.graph));
    }
    ck_assert_uint_le(messages_steps(messages) - before, 3 * 100000 + 10);
    ck_assert_uint_eq(messages_at(messages, 1000)->text.len, 3);
    ck_assert_uint_eq(messages_at(messages, 1001)->text.len, 100000);
    ck_assert_uint_eq(messages_bytes_copied(messages), 1000 + 3 + 100000);
    before = messages_steps(messages);
    scenario_play(&s, "run-finished 1 outcome=aborted\n"
                      "user-message text=more\n");
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    ck_assert_uint_le(messages_steps(messages) - before, 10);
}
END_TEST

/* The rules of the header, for any conversation. */
static void check_legal(const struct messages *view)
{
    const char *fault = messages_fault(view);
    ck_assert_msg(!fault, "%s", fault);
}

static void assert_same_as_fresh(uint64_t leaf_id)
{
    struct messages *fresh = messages_new();
    struct buf dump = { 0 };
    messages_catch_up(fresh, s.graph, leaf_id);
    graph_dump_messages(&dump, fresh);
    assert_dump(messages, buf_string(&dump));
    buf_clear(&dump);
    messages_free(fresh);
}

START_TEST(requests_are_legal_in_any_conversation)
{
    uint64_t tools = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct random_log random = { .state = seed * 104729,
                                     .wild_share = (unsigned)seed % 3 * 5 };
        teardown();
        setup();
        for (int i = 0; i < 500; i++) {
            struct event event;
            random_event(&random, s.graph, &event);
            scenario_add(&s, &event);
            uint64_t leaf = graph_head(s.graph);
            size_t count = graph_node_count(s.graph);
            if (count && random_below(&random, 4) == 0)
                leaf = graph_node_at(s.graph,
                                     random_below(&random, (uint32_t)count))
                           ->id;
            messages_catch_up(messages, s.graph, leaf);
            check_legal(messages);
            assert_same_as_fresh(leaf);
        }
        for (size_t i = 0; i < messages_count(messages); i++)
            tools += messages_at(messages, i)->role == ROLE_TOOL;
    }
    ck_assert_uint_gt(tools, 20);
}
END_TEST

/* A call of an answer that broke off says why it was not run; that the user then
 * stopped its run is why. */
START_TEST(the_end_of_a_run_changes_what_its_calls_say)
{
    scenario_play(&s, "@q user-message text=why\n"
                      "run-started 1 node=@q\n"
                      "attempt-started 1.1 model=m\n"
                      "text-delta 1.1 text=look\n"
                      "tool-call-start 1.1 call=1 id=x name=ls\n"
                      "attempt-finished 1.1 outcome=cut\n");
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    scenario_play(&s, "run-finished 1 outcome=aborted\n");
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    assert_same_as_fresh(graph_head(s.graph));
}
END_TEST

/* The parts of the answer to the question. */
static void assert_parts(const char *lines, const char *expected)
{
    struct buf dump = { 0 };
    scenario_play(&s, QUESTION);
    scenario_play(&s, lines);
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    graph_dump_parts(&dump, messages_at(messages, 1));
    ck_assert_str_eq(buf_string(&dump), expected);
    buf_clear(&dump);
}

#define COMPLETE "attempt-finished 1.1 outcome=complete\n"

START_TEST(an_answer_keeps_what_its_maker_wants_back_in_its_place)
{
    assert_parts("opaque 1.1 kind=first json=1\n"
                 "thinking-delta 1.1 text=hm\n"
                 "opaque 1.1 kind=signature json='\"s\"'\n"
                 "text-delta 1.1 text=a\n"
                 "opaque 1.1 kind=block json='{\"x\":1}'\n"
                 "text-delta 1.1 text=b\n"
                 "tool-call-start 1.1 call=1 id=c name=f\n"
                 "tool-call-end 1.1 call=1 id=c name=f arguments={}\n"
                 "opaque 1.1 kind=extra call=1 json=2\n" COMPLETE
                 "tool-finished 1 call=1 outcome=completed text=ok\n",
                 "//m: opaque first '1' thinking 'hm' opaque signature "
                 "'\"s\"' text 'a' opaque block '{\"x\":1}' text 'b' call 1 "
                 "opaque 1 extra '2'");
}
END_TEST

START_TEST(what_came_late_stands_where_it_belongs)
{
    assert_parts(
        "thinking-delta 1.1 text=hm\n"
        "opaque 1.1 kind=early json=1\n"
        "text-delta 1.1 text=ab\n"
        "tool-call-start 1.1 call=1 id=c name=f\n"
        "tool-call-end 1.1 call=1 id=c name=f arguments={}\n"
        "opaque 1.1 kind=last json=2\n"
        /* Behind hm, the value, ab and the call. */
        "opaque 1.1 kind=d json=6 place=6\n"
        "opaque 1.1 kind=c json=5 place=5\n"
        "opaque 1.1 kind=b json=4 place=4\n"
        "opaque 1.1 kind=a json=3 place=2\n"
        "opaque 1.1 kind=first json=7 place=0\n"
        "opaque 1.1 kind=end json=8 place=999\n" COMPLETE
        "tool-finished 1 call=1 outcome=completed text=ok\n",
        "//m: opaque first '7' thinking 'hm' opaque a '3' opaque early "
        "'1' text 'a' opaque b '4' text 'b' opaque c '5' call 1 opaque "
        "d '6' opaque last '2' opaque end '8'");
}
END_TEST

START_TEST(an_answer_that_is_not_complete_has_no_parts)
{
    assert_parts("thinking-delta 1.1 text=hm\n"
                 "opaque 1.1 kind=signature json='\"s\"'\n"
                 "text-delta 1.1 text=a\n"
                 "attempt-finished 1.1 outcome=cut\n",
                 "//m:");
}
END_TEST

/* However the attempt ended, and also where nothing took its place. */
START_TEST(the_first_half_of_an_answer_begun_anew_says_that_it_was_cut)
{
    static const char half[] = "user 'why'\nassistant 'one\n\n[This answer was "
                               "cut off here: the server began it anew.]' "
                               "[1 x ls {}]\ntool 1 x ls '";
    static const char rest[] = "The server began its answer anew after this "
                               "call; it was not run.'\n";
    struct buf expected = { 0 };
    buf_printf(&expected, "%s%s", half, rest);
    assert_messages(QUESTION "@a thinking-delta 1.1 text=hm\n"
                             "opaque 1.1 kind=signature json='\"s\"'\n"
                             "text-delta 1.1 text=one\n"
                             "tool-call-start 1.1 call=1 id=x name=ls\n"
                             "superseded 1.1 text=anew\n",
                    buf_string(&expected));
    assert_messages("text-delta 1.1 text=whole\n",
                    "user 'why'\nassistant 'whole'\n");
    scenario_play(&s, COMPLETE "run-finished 1 outcome=aborted\n");
    scenario_play(&s, "head-moved node=@a\n");
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    assert_dump(messages, buf_string(&expected));
    ck_assert_uint_eq(messages_at(messages, 1)->part_count, 0);
    buf_clear(&expected);
}
END_TEST

START_TEST(a_paused_answer_stands_before_the_rest_of_it)
{
    static const char end[] =
        "attempt-finished 1.1 outcome=complete finish_reason=pause_turn\n";
    scenario_play(&s, QUESTION "opaque 1.1 kind=block json=1\n");
    scenario_play(&s, end);
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    ck_assert_uint_eq(messages_count(messages), 2);
    ck_assert(messages_at(messages, 1)->is_paused);
    assert_dump(messages,
                "user 'why'\nassistant '[This answer was paused here.]'\n");
    struct buf parts = { 0 };
    graph_dump_parts(&parts, messages_at(messages, 1));
    ck_assert_str_eq(buf_string(&parts), "//m: opaque block '1'");
    buf_clear(&parts);
    assert_messages("attempt-started 1.2 model=m\n"
                    "text-delta 1.2 text=found\n"
                    "attempt-finished 1.2 outcome=complete\n",
                    "user 'why'\nassistant '[This answer was paused here.]'\n"
                    "assistant 'found'\n");
    ck_assert(!messages_at(messages, 2)->is_paused);
}
END_TEST

START_TEST(an_answer_of_text_alone_has_no_parts)
{
    assert_parts("text-delta 1.1 text=a\n" COMPLETE, "//m:");
}
END_TEST

START_TEST(an_open_answer_without_text_stays_out_when_more_hangs_on_it)
{
    assert_messages(QUESTION "thinking-delta 1.1 text=hm\n", "user 'why'\n");
    assert_messages("user-message parent=4 text=b\n", "user 'why'\nuser 'b'\n");
}
END_TEST

START_TEST(what_only_the_maker_can_read_is_no_text)
{
    assert_messages(QUESTION "opaque 1.1 kind=k json=1\n"
                             "text-delta 1.1 text=a\n"
                             "opaque 1.1 kind=k json=2\n"
                             "text-delta 1.1 text=b\n" COMPLETE,
                    "user 'why'\nassistant 'ab'\n");
}
END_TEST

/* Two turns with answers. */
#define TWO_TURNS                             \
    "@q user-message text=why\n"              \
    "run-started 1 node=@q\n"                 \
    "attempt-started 1.1 model=m\n"           \
    "@a text-delta 1.1 text=because\n"        \
    "attempt-finished 1.1 outcome=complete\n" \
    "run-finished 1 outcome=complete\n"       \
    "@p user-message text=and\n"              \
    "@s summarised first=@q last=@a text=sum\n"

#define SUMMED \
    "user '[Earlier turns of this conversation, summarised:]\n\nsum'\n"

START_TEST(a_folded_summary_is_sent_in_place_of_its_turns)
{
    static const char whole[] = "user 'why'\nassistant 'because'\n"
                                "user 'and'\n";
    assert_messages(TWO_TURNS, whole);
    /* Servers refuse two messages of the user in a row. */
    assert_messages("folded summary=@s on=true\n",
                    SUMMED "assistant '[The summary was read.]'\n"
                           "user 'and'\n");
    ck_assert_uint_eq(messages_at(messages, 0)->node_id, scenario_seq(&s, "q"));
    assert_messages("folded summary=@s on=false\n", whole);
    assert_messages("folded summary=@s on=true\nhead-moved node=@q\n",
                    "user 'why'\n");
    assert_messages("head-moved node=@a\n", SUMMED);
}
END_TEST

START_TEST(calls_that_a_summary_stands_for_are_not_answered)
{
    assert_messages(SCENARIO_ASKED
                    "tool-started 1 call=1\n"
                    "@r tool-finished 1 call=1 outcome=completed text=x\n"
                    "@s summarised first=@a last=@r text=sum\n"
                    "folded summary=@s on=true\n",
                    "user 'why'\n" SUMMED);
    assert_messages("tool-finished 1 call=2 outcome=denied\n"
                    "attempt-started 1.2 model=m\n"
                    "text-delta 1.2 text=so\n",
                    "user 'why'\n" SUMMED "assistant 'so'\n");
}
END_TEST

START_TEST(what_was_spawned_is_no_message_of_the_path)
{
    assert_messages(SCENARIO_ASKED
                    "@t user-message text=task parent=@a spawned=true call=1\n"
                    "run-started 2 node=@t\n"
                    "attempt-started 2.1 model=m\n"
                    "text-delta 2.1 text=found\n"
                    "tool-started 1 call=1\n"
                    "tool-finished 1 call=1 outcome=completed text=found\n"
                    "tool-started 1 call=2\n"
                    "tool-finished 1 call=2 outcome=completed text=y\n",
                    "user 'why'\n"
                    "assistant 'look' [1 x ls {}] [2 y cat {}]\n"
                    "tool 1 x ls 'found'\n"
                    "tool 2 y cat 'y'\n");
}
END_TEST

START_TEST(folding_visits_the_path_beyond_it)
{
    for (int i = 0; i < 1000; i++)
        scenario_play(&s, "user-message text=x");
    scenario_play(&s, TWO_TURNS);
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    size_t before = messages_steps(messages);
    uint64_t bytes = messages_bytes_copied(messages);
    scenario_play(&s, "folded summary=@s on=true\n");
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    ck_assert_uint_eq(messages_count(messages), 1003);
    ck_assert_uint_le(messages_steps(messages) - before, 6);
    ck_assert_uint_le(messages_bytes_copied(messages) - bytes, 100);
}
END_TEST

#define THREE_TURNS                           \
    "@q user-message text=one\n"              \
    "run-started 1 node=@q\n"                 \
    "attempt-started 1.1 model=m\n"           \
    "@a text-delta 1.1 text=first\n"          \
    "attempt-finished 1.1 outcome=complete\n" \
    "run-finished 1 outcome=complete\n"       \
    "@r user-message text=two\n"              \
    "run-started 2 node=@r\n"                 \
    "attempt-started 2.1 model=m\n"           \
    "@b text-delta 2.1 text=second\n"         \
    "attempt-finished 2.1 outcome=complete\n" \
    "run-finished 2 outcome=complete\n"       \
    "@s user-message text=three\n"

START_TEST(what_is_left_out_is_not_sent_until_it_is_taken_back_in)
{
    assert_messages(THREE_TURNS "left-out node=@q on=true\n"
                                "left-out node=@a on=true\n",
                    "user 'two'\nassistant 'second'\nuser 'three'\n");
    assert_messages("left-out node=@a on=false\npinned node=@q on=true\n",
                    "user 'one'\nassistant 'first'\nuser 'two'\n"
                    "assistant 'second'\nuser 'three'\n");
}
END_TEST

START_TEST(where_a_turn_is_left_out_sides_still_take_turns)
{
    assert_messages(THREE_TURNS "left-out node=@q on=true\n",
                    "user '[A message was left out here.]'\n"
                    "assistant 'first'\nuser 'two'\nassistant 'second'\n"
                    "user 'three'\n");
    assert_messages("left-out node=@b on=true\nleft-out node=@q on=false\n",
                    "user 'one'\nassistant 'first'\nuser 'two'\n"
                    "assistant '[An answer was left out here.]'\n"
                    "user 'three'\n");
    assert_messages("left-out node=@b on=false\nleft-out node=@r on=true\n",
                    "user 'one'\nassistant 'first'\n"
                    "user '[A message was left out here.]'\n"
                    "assistant 'second'\nuser 'three'\n");
}
END_TEST

START_TEST(the_last_prompt_and_its_answer_are_sent_even_if_left_out)
{
    assert_messages(THREE_TURNS "left-out node=@s on=true\n"
                                "left-out node=@b on=true\n",
                    "user 'one'\nassistant 'first'\nuser 'two'\n"
                    "assistant '[An answer was left out here.]'\n"
                    "user 'three'\n");
    assert_messages("head-moved node=@b\n",
                    "user 'one'\nassistant 'first'\nuser 'two'\n"
                    "assistant 'second'\n");
    assert_messages("head-moved node=@s\n"
                    "run-started 3 node=@s\n"
                    "attempt-started 3.1 model=m\n"
                    "text-delta 3.1 text=third\n"
                    "attempt-finished 3.1 outcome=complete\n"
                    "run-finished 3 outcome=complete\n"
                    "user-message text=four\n",
                    "user 'one'\nassistant 'first'\nuser 'two'\n"
                    "assistant 'third'\nuser 'four'\n");
}
END_TEST

#define TWO_RESULTS                                           \
    SCENARIO_ASKED                                            \
    "tool-started 1 call=1\n"                                 \
    "@x tool-finished 1 call=1 outcome=completed text=long\n" \
    "tool-started 1 call=2\n"                                 \
    "tool-finished 1 call=2 outcome=completed text=y\n"       \
    "attempt-started 1.2 model=m\n"                           \
    "@z text-delta 1.2 text=so\n"                             \
    "attempt-finished 1.2 outcome=complete\n"                 \
    "run-finished 1 outcome=complete\n"                       \
    "user-message text=and\n"

START_TEST(a_call_stays_answered_when_what_it_gave_back_is_left_out)
{
    assert_messages(TWO_RESULTS "left-out node=@x on=true\n",
                    "user 'why'\n"
                    "assistant 'look' [1 x ls {}] [2 y cat {}]\n"
                    "tool 1 x ls "
                    "'[What this call gave back was left out here.]'\n"
                    "tool 2 y cat 'y'\n"
                    "assistant 'so'\nuser 'and'\n");
    assert_messages("left-out node=@z on=true\n",
                    "user 'why'\n"
                    "assistant 'look' [1 x ls {}] [2 y cat {}]\n"
                    "tool 1 x ls "
                    "'[What this call gave back was left out here.]'\n"
                    "tool 2 y cat 'y'\n"
                    "assistant '[An answer was left out here.]'\n"
                    "user 'and'\n");
}
END_TEST

START_TEST(an_answer_that_is_left_out_takes_its_calls_along)
{
    assert_messages(TWO_RESULTS "left-out node=@a on=true\n",
                    "user 'why'\nassistant 'so'\nuser 'and'\n");
}
END_TEST

/* The servers that mind are those that want user and assistant in turns. */
START_TEST(leaving_out_makes_no_two_turns_of_a_side_meet)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct random_log random = { .state = seed * 15485863 };
        teardown();
        setup();
        scenario_play(&s, TWO_RESULTS);
        for (int i = 0; i < 6; i++)
            scenario_play(&s, "user-message text=x\n");
        for (int i = 0; i < 40; i++) {
            size_t count = graph_node_count(s.graph);
            uint64_t id =
                graph_node_at(s.graph, random_below(&random, (uint32_t)count))
                    ->id;
            struct event event = { .type = EVENT_LEFT_OUT };
            event_add_number(&event, FIELD_NODE, id);
            event_add_number(&event, FIELD_ON, random_below(&random, 2));
            scenario_add(&s, &event);
            messages_catch_up(messages, s.graph, graph_head(s.graph));
            check_legal(messages);
            assert_same_as_fresh(graph_head(s.graph));
            ck_assert_int_eq(messages_at(messages, 0)->role, ROLE_USER);
            for (size_t k = 1; k < messages_count(messages); k++)
                ck_assert(messages_at(messages, k)->role != ROLE_ASSISTANT ||
                          messages_at(messages, k - 1)->role != ROLE_ASSISTANT);
        }
    }
}
END_TEST

START_TEST(leaving_out_visits_the_path_beyond_it)
{
    for (int i = 0; i < 1000; i++)
        scenario_play(&s, "user-message text=x");
    scenario_play(&s, "@q user-message text=q\nuser-message text=r\n"
                      "left-out node=@q on=true\n");
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    scenario_play(&s, "@a user-message text=q\nuser-message text=r\n");
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    size_t before = messages_steps(messages);
    scenario_play(&s, "left-out node=@a on=true\n");
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    scenario_play(&s, "user-message text=s\n");
    messages_catch_up(messages, s.graph, graph_head(s.graph));
    ck_assert_uint_eq(messages_count(messages), 1003);
    ck_assert_uint_le(messages_steps(messages) - before, 10);
}
END_TEST

Suite *messages_suite(void)
{
    Suite *suite = suite_create("messages");
    TCase *test = tcase_create("messages");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, an_empty_path_has_no_messages);
    tcase_add_test(test, a_chat_is_its_turns_without_thinking);
    tcase_add_test(test, an_answer_without_text_is_no_message);
    tcase_add_test(test, files_are_fenced_and_named);
    tcase_add_test(test,
                   what_is_told_stands_in_a_line_behind_all_that_was_said);
    tcase_add_test(test, pictures_are_named_and_stand_beside_the_text);
    tcase_add_test(test, pictures_can_be_left_out);
    tcase_add_test(test, answers_that_were_not_complete_say_so);
    tcase_add_test(test, an_answer_that_was_cut_is_asked_for_its_rest);
    tcase_add_test(test, who_asks_something_else_has_not_asked_for_the_rest);
    tcase_add_test(test, the_rest_is_asked_for_behind_the_answers_to_calls);
    tcase_add_test(test, failed_attempts_beside_the_path_stay_out);
    tcase_add_test(test, every_call_is_answered_whatever_became_of_it);
    tcase_add_test(test, calls_of_an_answer_that_was_cut_are_answered_too);
    tcase_add_test(test, results_answer_their_calls_and_steps_stay_apart);
    tcase_add_test(test, results_say_how_their_call_ended);
    tcase_add_test(test, what_the_user_ran_goes_with_the_next_prompt);
    tcase_add_test(test, what_the_user_did_not_run_is_not_told);
    tcase_add_test(test, a_call_without_a_name_still_has_one);
    tcase_add_test(test, any_leaf_has_its_messages);
    tcase_add_test(test, the_prefix_does_not_change_when_a_turn_is_added);
    tcase_add_test(test, an_open_answer_grows_as_it_comes);
    tcase_add_test(test, streamed_text_and_new_turns_visit_what_is_new);
    tcase_add_test(test, requests_are_legal_in_any_conversation);
    tcase_add_test(test, the_end_of_a_run_changes_what_its_calls_say);
    tcase_add_test(test,
                   an_answer_keeps_what_its_maker_wants_back_in_its_place);
    tcase_add_test(test, what_came_late_stands_where_it_belongs);
    tcase_add_test(test, an_answer_that_is_not_complete_has_no_parts);
    tcase_add_test(test, an_answer_of_text_alone_has_no_parts);
    tcase_add_test(test,
                   the_first_half_of_an_answer_begun_anew_says_that_it_was_cut);
    tcase_add_test(test, a_paused_answer_stands_before_the_rest_of_it);
    tcase_add_test(test,
                   an_open_answer_without_text_stays_out_when_more_hangs_on_it);
    tcase_add_test(test, what_only_the_maker_can_read_is_no_text);
    tcase_add_test(test, a_folded_summary_is_sent_in_place_of_its_turns);
    tcase_add_test(test, calls_that_a_summary_stands_for_are_not_answered);
    tcase_add_test(test, what_was_spawned_is_no_message_of_the_path);
    tcase_add_test(test, folding_visits_the_path_beyond_it);
    tcase_add_test(test,
                   what_is_left_out_is_not_sent_until_it_is_taken_back_in);
    tcase_add_test(test, where_a_turn_is_left_out_sides_still_take_turns);
    tcase_add_test(test,
                   the_last_prompt_and_its_answer_are_sent_even_if_left_out);
    tcase_add_test(test,
                   a_call_stays_answered_when_what_it_gave_back_is_left_out);
    tcase_add_test(test, an_answer_that_is_left_out_takes_its_calls_along);
    tcase_add_test(test, leaving_out_makes_no_two_turns_of_a_side_meet);
    tcase_add_test(test, leaving_out_visits_the_path_beyond_it);
    suite_add_tcase(suite, test);
    return suite;
}
