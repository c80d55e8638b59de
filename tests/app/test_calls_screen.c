/* SPDX-License-Identifier: MIT */
/*
 * Calls of tools before the eyes of the user: the real program on a terminal, a
 * model that asks for tools, and what keys do to the questions about them.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/fullscreen.h"
#include "tests/support/golden.h"
#include "tests/support/hostile.h"
#include "tests/support/ollama.h"
#include "tests/support/output_grammar.h"
#include "tests/support/shot.h"

Suite *calls_screen_suite(void);

/* An answer that asks for tools; each call with a comma before but the first. */
#define CALL(name, arguments) \
    "{\"function\":{\"name\":\"" name "\",\"arguments\":" arguments "}}"
#define ASK(calls)                                                       \
    OLLAMA_CHAT "line {\"model\":\"small:1b\",\"message\":{\"content\":" \
                "\"\",\"tool_calls\":[" calls                            \
                "]},\"done\":false}\n" OLLAMA_DONE
#define SAY(text) OLLAMA_CHAT OLLAMA_SAY(text) OLLAMA_DONE

#define WRITE(path, text) \
    CALL("write_file", "{\"path\":\"" path "\",\"content\":\"" text "\"}")

#define ENTER  "\r"
#define ESCAPE "\x1b"
#define DOWN   "\x1b[B"
#define UP     "\x1b[A"
#define F3     "\x1bOR"
#define GO \
    "\x18" \
    "a"
#define NEXT "\x1b[Z" /* Shift-Tab */

static struct server *server;
static struct pty *pty;

/* In a directory of its own: tools work there. */
static void start(const char *config, int height, int width)
{
    static char program[PATH_MAX];
    const char *given = getenv("PROGRAM");
    ck_assert_ptr_nonnull(
        realpath(given ? given : "build/release/sennit", program));
    const char *const words[] = { "/bin/sh", "-c",
                                  "cd \"$HOME/work\" && exec \"$0\"", program,
                                  NULL };
    struct pty_options options = { height, width, NULL, NULL };
    pty = fullscreen_new(server, &options);
    pty_write_file(pty, "work/there.txt", "one\ntwo\nthree\n");
    if (config)
        pty_write_file(pty, ".config/sennit/config.yaml", config);
    pty_start(pty, words);
    pty_expect(pty, "small:1b@ollama");
}

static void begin(const char *first, const char *second)
{
    server = server_start(OLLAMA_MODELS, first,
                          second ? second : SAY("It is done."), NULL);
    start(NULL, 24, 80);
    pty_send(pty, "go" ENTER);
}

static void end(void)
{
    ck_assert_int_eq(pty_quit(pty), 0);
    pty_free(pty);
    server_stop(server);
}

static bool is_there(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "work/%s", name);
    return access(pty_path(pty, path), F_OK) == 0;
}

/* The question is there, and its first moment is over. */
static void expect_question(const char *words)
{
    pty_expect(pty, words);
    pty_expect(pty, "Enter answers");
}

static bool has_more_or_none(struct pty *terminal, void *context)
{
    /* The number of lines below has changed. */
    return !strstr(pty_screen(terminal), context);
}

/* Read on, a page at a time, until nothing of it was not in view. */
static void page_to_the_end(void)
{
    char words[64];
    for (;;) {
        const char *at = strstr(pty_screen(pty), " more: PageDown");
        const char *from = at;
        if (!at)
            return;
        while (from > pty_screen(pty) && from[-1] != '|' && at - from < 30)
            from--;
        snprintf(words, sizeof words, "%.*s", (int)(at - from), from);
        /* One of its first moment is for nobody. */
        for (int i = 0; i < 100; i++) {
            pty_send(pty, "\x1b[6~");
            if (pty_wait_until(pty, has_more_or_none, words, 500))
                break;
        }
    }
}

static bool is_chosen(struct pty *terminal, void *context)
{
    int height, width;
    pty_size(terminal, &height, &width);
    for (int row = 0; row < height; row++) {
        const char *text = pty_row(terminal, row);
        if (!strncmp(text + 1, context, strlen(context)) &&
            pty_cell(terminal, row, 1).reverse)
            return true;
    }
    return false;
}

/* Move to the row of an answer: from the first one down. */
static void choose(const char *answer)
{
    char word[16];
    snprintf(word, sizeof word, "%s ", answer);
    pty_send(pty, UP UP UP UP UP);
    for (int i = 0; i < 5 && !pty_wait_until(pty, is_chosen, word, 300); i++)
        pty_send(pty, DOWN);
    ck_assert(pty_wait_until(pty, is_chosen, word, PTY_DEADLINE_MS));
}

START_TEST(once_does_what_was_shown_and_goes_on)
{
    begin(ASK(WRITE("new.txt", "alpha\\nbeta\\n")), NULL);
    expect_question("t1 write_file asks");
    pty_expect(pty, "+alpha");
    pty_expect(pty, "+beta");
    pty_expect(pty, "t1 asks you");
    ck_assert(!is_there("new.txt"));
    pty_send(pty, ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(is_there("new.txt"));
    pty_expect_gone(pty, "t1 asks you");
    ck_assert_int_eq(server_count(server, "POST /api/chat"), 2);
    end();
}
END_TEST

START_TEST(a_reason_to_deny_reaches_the_model)
{
    begin(ASK(WRITE("new.txt", "alpha\\n")), NULL);
    expect_question("t1 write_file asks");
    choose("deny");
    pty_send(pty, ENTER);
    pty_expect(pty, "why not:");
    pty_send(pty, "use notes.txt insteax\x7f"
                  "d" ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(!is_there("new.txt"));
    ck_assert(server_await(server, "use notes.txt instead"));
    pty_expect(pty, "denied");
    end();
}
END_TEST

START_TEST(what_is_typed_while_a_question_comes_up_approves_nothing)
{
    begin(ASK(WRITE("new.txt", "alpha\\n")), NULL);
    pty_expect(pty, "t1 write_file asks");
    /* At once: some of it before the moment is over, all of it for the editor.
     */
    pty_send(pty, "yes please");
    pty_expect(pty, "> yes please");
    pty_expect(pty, "Tab, Enter answers");
    ck_assert(!is_there("new.txt"));
    /* Its Enter sends it as a prompt that waits. */
    pty_send(pty, ENTER);
    pty_expect(pty, "queued 1");
    ck_assert(!is_there("new.txt"));
    pty_expect(pty, "t1 asks you");
    pty_send(pty, GO);
    expect_question("t1 write_file asks");
    pty_send(pty, ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(is_there("new.txt"));
    end();
}
END_TEST

START_TEST(a_draft_keeps_its_keys_until_tab)
{
    server = server_start(OLLAMA_MODELS,
                          "await go\n" ASK(WRITE("new.txt", "alpha\\n")),
                          SAY("It is done."), NULL);
    start(NULL, 24, 80);
    pty_send(pty, "go" ENTER);
    pty_send(pty, "half a thought");
    pty_expect(pty, "> half a thought");
    server_release(server, "go");
    pty_expect(pty, "t1 write_file asks");
    pty_expect(pty, "Tab, Enter answers");
    pty_send(pty, " more");
    pty_expect(pty, "> half a thought more");
    ck_assert(!is_there("new.txt"));
    pty_send(pty, "\t");
    pty_expect(pty, "Enter answers | Esc");
    pty_send(pty, ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(is_there("new.txt"));
    pty_expect(pty, "> half a thought more");
    pty_send(pty, "\x15");
    end();
}
END_TEST

START_TEST(a_paste_answers_nothing)
{
    begin(ASK(WRITE("new.txt", "alpha\\n")), NULL);
    expect_question("t1 write_file asks");
    pty_send(pty, "\x1b[200~once\r\x1b[201~\r");
    pty_expect(pty, "> once");
    pty_expect(pty, "t1 asks you");
    ck_assert(!is_there("new.txt"));
    pty_send(pty, ESCAPE);
    pty_expect(pty, "still asks");
    pty_send(pty, ESCAPE);
    pty_expect(pty, "cancelled");
    ck_assert(!is_there("new.txt"));
    pty_send(pty, "\x03");
    pty_expect_gone(pty, "> once");
    end();
}
END_TEST

START_TEST(escape_closes_the_question_and_then_stops_the_run)
{
    begin(ASK(WRITE("new.txt", "alpha\\n")), NULL);
    expect_question("t1 write_file asks");
    pty_send(pty, ESCAPE);
    pty_expect(pty, "t1 still asks");
    pty_expect_gone(pty, "t1 write_file asks");
    pty_expect(pty, "t1 asks you");
    pty_send(pty, F3);
    pty_expect(pty, "*t1 write_file");
    pty_send(pty, ENTER);
    expect_question("t1 write_file asks");
    pty_send(pty, ESCAPE);
    pty_expect(pty, "t1 still asks");
    pty_send(pty, ESCAPE);
    pty_expect(pty, "cancelled");
    ck_assert(!is_there("new.txt"));
    ck_assert_int_eq(server_count(server, "POST /api/chat"), 1);
    end();
}
END_TEST

START_TEST(questions_come_one_after_the_other)
{
    begin(ASK(WRITE("a.txt", "1\\n") "," WRITE("b.txt", "2\\n") "," WRITE(
              "c.txt", "3\\n")),
          NULL);
    expect_question("t1 write_file asks");
    pty_expect(pty, "1 of 3");
    /* The second key of a double press is not for the next one. */
    pty_send(pty, ENTER ENTER);
    expect_question("t2 write_file asks");
    pty_expect(pty, "1 of 2");
    ck_assert(!is_there("b.txt"));
    pty_send(pty, ENTER);
    expect_question("t3 write_file asks");
    pty_send(pty, ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(is_there("a.txt") && is_there("b.txt") && is_there("c.txt"));
    end();
}
END_TEST

START_TEST(all_of_one_tool_are_answered_together)
{
    begin(ASK(WRITE("a.txt", "1\\n") "," WRITE("b.txt", "2\\n")), NULL);
    expect_question("t1 write_file asks");
    pty_expect(pty, "all");
    choose("all");
    pty_send(pty, ENTER);
    pty_expect(pty, "This agrees unseen to");
    pty_expect(pty, "t2 b.txt");
    expect_question("Enter again says yes all the same");
    ck_assert(!is_there("a.txt") && !is_there("b.txt"));
    pty_send(pty, ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(is_there("a.txt") && is_there("b.txt"));
    end();
}
END_TEST

START_TEST(characters_that_are_not_seen_are_shown_and_refuse_a_quick_yes)
{
    begin(ASK(WRITE("new.txt", "safe\\u202e evil\\u200b\\u001b[2J\\n")), NULL);
    expect_question("t1 write_file asks");
    pty_expect(pty, "+safe<U+202E> evil<U+200B>\342\220\233[2J");
    pty_expect(pty, "Characters that are not seen");
    /* It is not the first thing that Enter does. */
    choose("once");
    pty_send(pty, ENTER);
    pty_expect(pty, "Enter again says yes");
    ck_assert(!is_there("new.txt"));
    expect_question("t1 write_file asks");
    pty_send(pty, ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(is_there("new.txt"));
    end();
}
END_TEST

#define TEN  "0\\n1\\n2\\n3\\n4\\n5\\n6\\n7\\n8\\n9\\n"
#define MANY TEN TEN TEN TEN

START_TEST(what_was_not_in_view_is_counted_before_a_yes)
{
    begin(ASK(WRITE("new.txt", MANY "last\\n")), NULL);
    expect_question("t1 write_file asks");
    pty_expect(pty, "more: PageDown");
    pty_send(pty, ENTER);
    pty_expect(pty, "lines were not in view");
    ck_assert(!is_there("new.txt"));
    expect_question("t1 write_file asks");
    page_to_the_end();
    pty_expect(pty, "+last");
    pty_expect(pty, "Enter answers");
    pty_send(pty, ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(is_there("new.txt"));
    end();
}
END_TEST

START_TEST(on_a_small_screen_all_of_it_can_be_reached)
{
    server = server_start(OLLAMA_MODELS, ASK(WRITE("new.txt", TEN "last\\n")),
                          SAY("It is done."), NULL);
    start(NULL, 10, 40);
    pty_send(pty, "go" ENTER);
    pty_expect(pty, "t1 write_file asks");
    page_to_the_end();
    pty_expect(pty, "+last");
    choose("once");
    pty_send(pty, ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(is_there("new.txt"));
    end();
}
END_TEST

START_TEST(shift_tab_goes_round_the_modes)
{
    begin(SAY("Hello."), NULL);
    pty_expect(pty, "Hello.");
    pty_expect(pty, "| ask, ");
    pty_send(pty, NEXT);
    pty_expect(pty, "| edits, ");
    pty_send(pty, NEXT);
    pty_expect(pty, "| tools off");
    pty_send(pty, NEXT);
    pty_expect(pty, "| plan");
    pty_expect_gone(pty, "| plan,");
    pty_send(pty, NEXT);
    pty_expect(pty, "| ask, ");
    pty_send(pty, "/mode off" ENTER);
    pty_expect(pty, "| tools off");
    pty_send(pty, "/mode" ENTER);
    pty_expect(pty, "/mode edits: ");
    pty_send(pty, "/mode sometimes" ENTER);
    pty_expect(pty, "there is no mode sometimes");
    pty_send(pty, "\x15");
    end();
}
END_TEST

START_TEST(a_call_that_asks_elsewhere_is_in_the_title)
{
    begin(ASK(WRITE("new.txt", "alpha\\n")), NULL);
    expect_question("write_file asks");
    pty_send(pty, "/new" ENTER);
    pty_expect(pty, " 1 asks  sennit");
    pty_expect_gone(pty, "write_file asks");
    pty_send(pty, "\x18o");
    expect_question("write_file asks");
    ck_assert(!is_there("new.txt"));
    pty_send(pty, ENTER);
    pty_expect(pty, "It is done.");
    end();
}
END_TEST

START_TEST(a_command_of_the_user_is_in_the_status_and_escape_ends_it)
{
    begin(SAY("Hello."), NULL);
    pty_expect(pty, "Hello.");
    pty_expect_gone(pty, "Esc stop");
    pty_send(pty, "!sleep 1000" ENTER);
    pty_expect(pty, " shell 0s");
    pty_expect(pty, "Esc stop");
    pty_send(pty, ESCAPE);
    pty_expect(pty, "cancelled");
    pty_expect_gone(pty, "Esc stop");
    end();
}
END_TEST

START_TEST(the_panel_is_about_the_call_that_the_question_is_about)
{
    begin(ASK(WRITE("a.txt", "alpha\\n") "," WRITE("a.txt", "beta\\n") "," CALL(
              "write_file", "{\"path\":\"b.txt\",\"content\":\"gamma\"}")),
          NULL);
    expect_question("t1 write_file asks");
    pty_expect(pty, "2 ask, 1 waits");
    pty_expect(pty, "*t1 write_file");
    pty_send(pty, ENTER);
    expect_question("t3 write_file asks");
    pty_expect(pty, "*t3 write_file");
    pty_send(pty, ESCAPE);
    pty_expect(pty, "still asks");
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "ask you");
    end();
}
END_TEST

/* Off is two steps from "ask", and "edits" is between them. */
START_TEST(shift_tab_answers_no_question)
{
    begin(ASK(WRITE("new.txt", "alpha\\n")), NULL);
    expect_question("write_file asks");
    pty_send(pty, NEXT);
    pty_expect(pty, "| edits, ");
    pty_expect(pty, "what asks still asks");
    pty_send(pty, NEXT);
    pty_expect(pty, "| tools off");
    pty_expect(pty, "not in the mode off");
    pty_send(pty, ENTER);
    pty_expect(pty, "the mode off does not allow it");
    ck_assert(!is_there("new.txt"));
    pty_send(pty, NEXT NEXT);
    pty_expect(pty, "| ask, ");
    pty_expect_gone(pty, "not in the mode");
    ck_assert(!is_there("new.txt"));
    pty_send(pty, ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(is_there("new.txt"));
    end();
}
END_TEST

START_TEST(edits_pass_in_the_mode_that_lets_them)
{
    server = server_start(OLLAMA_MODELS, ASK(WRITE("new.txt", "alpha\\n")),
                          SAY("It is done."), NULL);
    start("tools: {mode: edits}\n", 24, 80);
    pty_send(pty, "go" ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(is_there("new.txt"));
    end();
}
END_TEST

START_TEST(revert_takes_back_what_a_call_made)
{
    server = server_start(OLLAMA_MODELS, ASK(WRITE("new.txt", "alpha\\n")),
                          SAY("It is done."), NULL);
    start("tools: {mode: edits}\n", 24, 80);
    pty_send(pty, "go" ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(is_there("new.txt"));
    pty_send(pty, "/revert tea" ENTER);
    pty_expect(pty, "/revert takes the number of a call");
    pty_send(pty, "\x15/revert t1" ENTER);
    pty_expect(pty, "t2 revert 1 line");
    ck_assert(!is_there("new.txt"));
    end();
}
END_TEST

START_TEST(always_is_written_down_and_asks_no_more)
{
    char *rules;
    server = server_start(OLLAMA_MODELS, ASK(WRITE("new.txt", "1\\n")),
                          SAY("First."), ASK(WRITE("new.txt", "2\\n")),
                          SAY("Second."), ASK(WRITE("other.txt", "3\\n")),
                          SAY("Third."), NULL);
    start(NULL, 24, 80);
    pty_send(pty, "go" ENTER);
    expect_question("t1 write_file asks");
    choose("always");
    pty_send(pty, ENTER);
    pty_expect(pty, "First.");
    rules = strdup(pty_path(pty, ".local/state/sennit/rules"));
    ck_assert_int_eq(access(rules, R_OK), 0);
    fullscreen_settle(pty);
    pty_send(pty, "again" ENTER);
    pty_expect(pty, "Second.");
    /* Exactly this: another file asks. */
    fullscreen_settle(pty);
    pty_send(pty, "another" ENTER);
    expect_question("t3 write_file asks");
    pty_send(pty, ENTER);
    pty_expect(pty, "Third.");
    free(rules);
    end();
}
END_TEST

static struct slice without_end(struct slice row, const char *characters)
{
    while (row.len && strchr(characters, row.ptr[row.len - 1]))
        row.len--;
    return row;
}

/* Without what this machine says of itself: the box in the title, and the
 * directory of the test in what an answer would allow. */
static void append_steady(struct buf *out, struct slice rows)
{
    struct slice row;
    while (slice_next_line(&rows, &row)) {
        ptrdiff_t rule = slice_find(row, ": ed");
        if (slice_find(row, " turn | ask") >= 0)
            continue;
        if (rule >= 0)
            row.len = (size_t)rule;
        /* For how long it asks. */
        if (slice_find(row, "asking ") >= 0 || slice_find(row, "ASKING ") >= 0)
            row = without_end(row, "0123456789. s");
        buf_printf(out, "%.*s\n", SLICE_ARG(row));
    }
}

/* How a question looks, with a change of some lines. */
START_TEST(a_question_looks_as_it_should_at_every_size)
{
    static const struct {
        int height, width;
        const char *golden;
    } sizes[] = {
        { 10, 40, "question-40.txt" },
        { 24, 80, "question-80.txt" },
        { 30, 100, "question-100.txt" },
        { 50, 200, "question-200.txt" },
    };
    struct shot shot = { 0 };
    struct buf text = { 0 }, steady = { 0 };
    server = server_start(
        OLLAMA_MODELS,
        ASK(CALL("edit_file",
                 "{\"path\":\"there.txt\",\"old_text\":\"two\",\"new_text\":"
                 "\"zwei\"}") "," WRITE("new.txt", TEN)),
        SAY("It is done."), NULL);
    start(NULL, sizes[_i].height, sizes[_i].width);
    pty_send(pty, "go" ENTER);
    pty_expect(pty, "t1 edit_file asks");
    pty_expect(pty, "2 calls ask you");
    if (sizes[_i].width > 40)
        pty_expect(pty, "Enter answers");
    shot_take(&shot, pty, sizes[_i].height, sizes[_i].width);
    shot_steady(&shot);
    shot_text(&shot, &text);
    append_steady(&steady, buf_slice(&text));
    golden_check_in("app", sizes[_i].golden, &steady);
    shot_clear(&shot);
    buf_clear(&text);
    buf_clear(&steady);
    pty_send(pty, ESCAPE);
    pty_expect(pty, "still asks");
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "Esc stop");
    end();
}
END_TEST

START_TEST(a_command_behind_an_exclamation_mark_runs_and_is_told)
{
    begin(SAY("Hello."), SAY("I see it."));
    pty_expect(pty, "Hello.");
    fullscreen_settle(pty);
    pty_send(pty, "!echo from-$((40 + 2))-here");
    pty_expect(pty, "Enter runs it in the shell");
    pty_send(pty, ENTER);
    pty_expect(pty, "t1 shell");
    pty_expect(pty, "completed");
    pty_send(pty, "\x0f");
    pty_expect(pty, "from-42-here");
    fullscreen_settle(pty);
    pty_send(pty, "what do you see?" ENTER);
    pty_expect(pty, "I see it.");
    ck_assert(server_await(server, "from-42-here"));
    /* As text. */
    fullscreen_settle(pty);
    pty_send(pty, "\\!important" ENTER);
    ck_assert(server_await(server, "\"!important\""));
    pty_send(pty, ESCAPE);
    end();
}
END_TEST

START_TEST(a_call_that_runs_is_stopped_run_again_and_taken_back)
{
    server = server_start(OLLAMA_MODELS, ASK(WRITE("new.txt", "alpha\\n")),
                          SAY("It is done."), NULL);
    start("tools: {mode: edits}\n", 24, 80);
    pty_send(pty, "!echo begun; sleep 60" ENTER);
    pty_expect(pty, "out| begun");
    pty_send(pty, F3);
    pty_expect(pty, "Esc returns");
    pty_send(pty, "\x1b"
                  "s");
    pty_expect(pty, "CANCELLED");
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "Esc returns");
    pty_send(pty, "go" ENTER);
    pty_expect(pty, "It is done.");
    ck_assert(is_there("new.txt"));
    fullscreen_settle(pty);
    pty_send(pty, "/revert t9" ENTER);
    pty_expect(pty, "there is no call t9");
    pty_send(pty, "\x15/revert" ENTER);
    /* An edit as any: it asks where those do. */
    pty_expect(pty, "t3 revert");
    pty_expect(pty, "3 done");
    ck_assert(!is_there("new.txt"));
    /* Once more what was stopped, which is the first row. */
    fullscreen_settle(pty);
    pty_send(pty, F3);
    pty_expect(pty, "Esc returns");
    pty_send(pty, "\x1b"
                  "g");
    pty_expect(pty, "t4 shell asks");
    pty_send(pty, GO);
    pty_expect(pty, "Enter answers | Esc");
    pty_send(pty, ENTER);
    pty_expect(pty, "out| begun");
    pty_send(pty, F3);
    pty_expect(pty, "1 runs, 3 done | Esc returns");
    pty_send(pty, DOWN DOWN DOWN DOWN "\x1b"
                                      "s");
    pty_expect(pty, "4 done");
    pty_send(pty, F3);
    pty_expect_gone(pty, "tools F3");
    end();
}
END_TEST

START_TEST(the_thread_and_the_panel_lead_to_each_other)
{
    begin(ASK(CALL("read_file", "{\"path\":\"there.txt\"}")), NULL);
    pty_expect(pty, "It is done.");
    pty_expect(pty, "t1 read_file  there.txt");
    fullscreen_settle(pty);
    pty_send(pty, F3);
    pty_expect(pty, "tools F3");
    pty_expect(pty, "path: there.txt");
    pty_send(pty, ENTER);
    pty_expect_gone(pty, "path: there.txt");
    pty_send(pty, "t");
    pty_expect(pty, "path: there.txt");
    pty_send(pty, "\x1b"
                  "y");
    pty_expect(pty, "copied");
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "path: there.txt");
    pty_send(pty, "\t");
    fullscreen_settle(pty);
    end();
}
END_TEST

/* Names of tools, arguments, changes and outputs that mean to do something to
 * the terminal. */

static void append_hostile(struct buf *out, const struct vectors *vectors)
{
    for (size_t i = 0; i < vectors->list.count; i++) {
        struct slice bytes = vectors_at(vectors, i);
        /* A file with a NUL would be refused. */
        if (memchr(bytes.ptr, '\0', bytes.len))
            continue;
        vectors_append_json(out, bytes);
        buf_append_string(out, "\\n");
    }
}

static void append_calls(struct buf *out, const struct vectors *vectors)
{
    buf_append_string(out, OLLAMA_CHAT
                      "line {\"message\":{\"content\":\"\",\"tool_calls\":[");
    for (size_t i = 0; i < vectors->list.count; i++) {
        buf_append_string(out, "{\"function\":{\"name\":\"");
        vectors_append_json(out, vectors_at(vectors, i));
        buf_append_string(out, "\",\"arguments\":{\"");
        vectors_append_json(out, vectors_at(vectors, i));
        buf_append_string(out, "\":\"");
        vectors_append_json(out, vectors_at(vectors, i));
        buf_append_string(out, "\"}}},");
    }
    buf_append_string(out,
                      "{\"function\":{\"name\":\"write_file\",\"arguments\":"
                      "{\"path\":\"new.txt\",\"content\":\"");
    append_hostile(out, vectors);
    buf_append_string(out, "\"}}}]},\"done\":false}\n" OLLAMA_DONE);
}

START_TEST(hostile_names_arguments_changes_and_outputs_stay_in_the_grammar)
{
    struct vectors vectors = vectors_read();
    struct buf calls = { 0 };
    append_calls(&calls, &vectors);
    server = server_start(OLLAMA_MODELS, buf_string(&calls),
                          ASK(CALL("read_file", "{\"path\":\"new.txt\"}")),
                          SAY("It is done."), NULL);
    start(NULL, 40, 120);
    pty_send(pty, "go" ENTER);
    expect_question("write_file asks");
    page_to_the_end();
    choose("once");
    pty_send(pty, ENTER);
    pty_expect(pty, "Enter again says yes");
    pty_expect(pty, "Enter answers");
    pty_send(pty, ENTER);
    pty_expect(pty, "It is done.");
    pty_send(pty, "\x0f");
    for (int i = 0; i < 20; i++)
        pty_send(pty, "\x1b[5~");
    pty_send(pty, F3);
    pty_expect(pty, "Esc returns");
    for (size_t i = 0; i < vectors.list.count + 2; i++)
        pty_send(pty, DOWN);
    for (size_t i = 0; i < vectors.list.count + 2; i++)
        pty_send(pty, UP);
    pty_send(pty, ESCAPE);
    pty_expect_gone(pty, "Esc returns");
    output_check_printed(pty_output(pty));
    end();
    buf_clear(&calls);
    vectors_clear(&vectors);
}
END_TEST

Suite *calls_screen_suite(void)
{
    Suite *suite = suite_create("calls_screen");
    TCase *tcase = tcase_create("calls_screen");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, once_does_what_was_shown_and_goes_on);
    tcase_add_test(tcase, a_reason_to_deny_reaches_the_model);
    tcase_add_test(tcase,
                   what_is_typed_while_a_question_comes_up_approves_nothing);
    tcase_add_test(tcase, a_draft_keeps_its_keys_until_tab);
    tcase_add_test(tcase, a_paste_answers_nothing);
    tcase_add_test(tcase, escape_closes_the_question_and_then_stops_the_run);
    tcase_add_test(tcase, questions_come_one_after_the_other);
    tcase_add_test(tcase, all_of_one_tool_are_answered_together);
    tcase_add_test(
        tcase, characters_that_are_not_seen_are_shown_and_refuse_a_quick_yes);
    tcase_add_test(tcase, what_was_not_in_view_is_counted_before_a_yes);
    tcase_add_test(tcase, on_a_small_screen_all_of_it_can_be_reached);
    tcase_add_test(tcase, shift_tab_goes_round_the_modes);
    tcase_add_test(tcase, a_call_that_asks_elsewhere_is_in_the_title);
    tcase_add_test(tcase,
                   a_command_of_the_user_is_in_the_status_and_escape_ends_it);
    tcase_add_test(tcase,
                   the_panel_is_about_the_call_that_the_question_is_about);
    tcase_add_test(tcase, shift_tab_answers_no_question);
    tcase_add_test(tcase, edits_pass_in_the_mode_that_lets_them);
    tcase_add_test(tcase, revert_takes_back_what_a_call_made);
    tcase_add_test(tcase, always_is_written_down_and_asks_no_more);
    tcase_add_test(tcase,
                   a_command_behind_an_exclamation_mark_runs_and_is_told);
    tcase_add_test(tcase, a_call_that_runs_is_stopped_run_again_and_taken_back);
    tcase_add_loop_test(tcase, a_question_looks_as_it_should_at_every_size, 0,
                        4);
    tcase_add_test(tcase, the_thread_and_the_panel_lead_to_each_other);
    tcase_add_test(
        tcase, hostile_names_arguments_changes_and_outputs_stay_in_the_grammar);
    suite_add_tcase(suite, tcase);
    return suite;
}
