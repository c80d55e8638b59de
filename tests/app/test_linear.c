/* SPDX-License-Identifier: MIT */
/*
 * The real program without a screen, on a terminal in its own line mode.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/path.h"
#include "tests/support/ollama.h"
#include "tests/support/output_grammar.h"
#include "tests/support/program.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *linear_suite(void);

enum { HEIGHT = 120, WIDTH = 160, STEPS_MAX = 16, CHATS_MAX = 2 };

#define ANSWERS "-- small:1b at ollama answers"

static const char *program(void)
{
    const char *path = getenv("PROGRAM");
    return path ? path : "build/release/sennit";
}

static struct pty *make(struct server *server, const char *term,
                        const char *variable)
{
    char host[64];
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server ? server_port(server) : server_free_port());
    const char *variables[] = { host, variable, NULL };
    struct pty_options options = {
        .height = HEIGHT,
        .width = WIDTH,
        .term = term,
        .variables = variables,
    };
    return pty_new(&options);
}

static struct pty *start_with(struct server *server, const char *variable)
{
    struct pty *pty = make(server, NULL, variable);
    const char *const words[] = { program(), "--linear", NULL };
    pty_start(pty, words);
    pty_expect(pty, "-- sennit ");
    return pty;
}

static bool has_mark(struct pty *pty, void *context)
{
    struct slice screen = slice_trim(slice_of(pty_screen(pty)));
    (void)context;
    return screen.len > 2 && !memcmp(screen.ptr + screen.len - 2, "\n>", 2);
}

/* The last on the screen is the mark behind which a prompt is typed. */
static void expect_mark(struct pty *pty)
{
    ck_assert_msg(pty_wait_until(pty, has_mark, NULL, PTY_DEADLINE_MS),
                  "no mark:\n%s", pty_screen(pty));
}

static struct pty *start(struct server *server)
{
    struct pty *pty = start_with(server, NULL);
    pty_expect(pty, ANSWERS);
    expect_mark(pty);
    return pty;
}

/* Whatever happened: text was appended, and nothing else was done. */
static void check_plain(struct pty *pty)
{
    struct slice output = pty_output(pty);
    struct termios termios;
    ck_assert_msg(!memchr(output.ptr, '\x1b', output.len),
                  "an escape sequence was written");
    output_check(output);
    pty_termios(pty, &termios);
    ck_assert(termios.c_lflag & ICANON);
    ck_assert(termios.c_lflag & ECHO);
}

static void end(struct pty *pty, struct server *server)
{
    check_plain(pty);
    pty_free(pty);
    server_stop(server);
}

static void quit(struct pty *pty, struct server *server)
{
    expect_mark(pty);
    pty_send(pty, "\x04");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    end(pty, server);
}

/* Dialogues: what is typed, and what the screen then holds. */
static const struct dialogue_row {
    const char *variable; /* of the environment; NULL: none */
    const char *chats[CHATS_MAX];
    struct {
        const char *typed, *expected;
    } steps[STEPS_MAX];
    const char *absent;
} dialogues[] = {
    /* Who speaks, what he says, what it took. */
    { .chats = { OLLAMA_CHAT OLLAMA_SAY("Hello **wo") OLLAMA_SAY("rld**")
                     OLLAMA_DONE },
      .steps = { { "say hello\n", "> say hello" },
                 { "", "small:1b ollama:" },
                 { "", "Hello **world**" },
                 { "", "-- small:1b ollama, ttft " },
                 { "", " s, 2000 tok/s, 2 tok" } } },
    /* What a complete answer lacks. */
    { .chats = { OLLAMA_CHAT OLLAMA_SAY(
          "Half") "line {\"done\":true,"
                  "\"done_reason\":\"length\"}\n" },
      .steps = { { "one\n", "Half" },
                 { "", "-- the answer ends at the most tokens that it" } } },
    { .chats = { OLLAMA_CHAT OLLAMA_THINK("secret steps") OLLAMA_SAY("so")
                     OLLAMA_DONE },
      .steps = { { "one\n", "thinking ..." },
                 { "", "thought 0 s, 2 words" },
                 { "", "so" } },
      .absent = "secret" },
    { .variable = "SENNIT_LOOKS_THINKING=open",
      .chats = { OLLAMA_CHAT OLLAMA_THINK("secret ") OLLAMA_THINK("steps")
                     OLLAMA_SAY("so") OLLAMA_DONE },
      .steps = { { "one\n", "thinking:" },
                 { "", "secret steps" },
                 { "", "thought 0 s, 2 words" },
                 { "", "so" } } },
    /* How it ended, where it did not end well. */
    { .chats = { OLLAMA_CHAT OLLAMA_THINK("hm") OLLAMA_DONE },
      .steps = { { "one\n", "-- the answer has no text" } } },
    { .chats = { OLLAMA_CHAT OLLAMA_SAY("Hel") "close\n",
                 OLLAMA_CHAT OLLAMA_SAY("whole") OLLAMA_DONE },
      .steps = { { "one\n", "Hel" },
                 { "", "-- cut: " },
                 { "", "/retry asks again" },
                 { "/retry\n", "whole" } } },
    { .chats = { "match POST /api/chat\nstatus 400 Bad Request\n"
                 "body \"{\\\"error\\\":\\\"no such luck\\\"}\"\n" },
      .steps = { { "one\n", "-- error: " }, { "", "no such luck" } } },
    /* Commands, and the panels that they open. */
    { .steps = { { "/help\n", "/models: the models of each endpoint" },
                 { "", "/quit: leave" },
                 { "", "-- Ctrl-C stops an answer, twice leaves" } },
      .absent = "/copy" },
    { .steps = { { "/models\n", "ollama/small:1b (1.0 kB), current" },
                 { "", "guide/guide: answers from the manual" } } },
    { .steps = { { "/status\n", "-- status" },
                 { "", "endpoint: ollama, ollama, http://127.0.0.1:" },
                 { "", "model: small:1b" } } },
    /* Nothing was said: what the next prompt takes are the tools. */
    { .steps = { { "/cost\n", "-- budget" }, { "", "Tools " } } },
    { .chats = { OLLAMA_CHAT OLLAMA_SAY("ALPHA") OLLAMA_DONE },
      .steps = { { "one\n", "2 tok" },
                 { "/context\n", "-- context" },
                 { "", "sent you: one (#" },
                 { "/context leave 1\n", "-- there is no turn \"1\"" },
                 { "/context pin #abc\n",
                   "-- there is no turn \"abc\"; /context lists them" },
                 { "/context away\n", "-- /context lists what" },
                 { "/context request\n", "\"content\":\"ALPHA\"" },
                 { "", "curl -N 'http://" } } },
    { .chats = { OLLAMA_CHAT OLLAMA_THINK("ponder") OLLAMA_SAY("ALPHA")
                     OLLAMA_DONE },
      .steps = { { "/set looks.thinking open\n",
                   "-- looks.thinking is open from now on" },
                 { "/show looks.thinking\n",
                   "-- looks.thinking is open (/set)" },
                 { "/show\n", "sessions.keep" },
                 { "", "looks.frames" },
                 { "one\n", "ponder" } } },
    { .chats = { OLLAMA_CHAT OLLAMA_SAY("ALPHA HUN") OLLAMA_SAY("TER2")
                     OLLAMA_DONE },
      .steps = { { "one\n", "2 tok" },
                 { "/redact HUNTER2\n", "-- overwritten in 1 place of" },
                 { "/dump\n", "ALPHA [redacted]" },
                 { "/export /nowhere/a.md\n", "-- writing /nowhere" } } },
    { .steps = { { "/copy all\n", "-- /copy needs the full screen" },
                 { "/modles\n", "-- there is no command /modles; did you "
                                "mean /model" } } },
    { .steps = { { "/system Be brief.\n", "-- the system prompt is set" },
                 { "/system\n", "-- system prompt: Be brief." },
                 { "/rename knots\n", "-- renamed" },
                 { "/dump\n", "-- there is nothing to dump yet" } } },
    { .chats = { OLLAMA_CHAT OLLAMA_SAY("ALPHA") OLLAMA_DONE },
      .steps = { { "one\n", "2 tok" },
                 { "/dump\n", "-- small:1b@ollama " },
                 { "/new\n", "-- a new conversation" },
                 { "/dump\n", "-- there is nothing to dump yet" } } },
    { .steps = { { "/model guide\n", "-- the next prompt goes to guide at" },
                 { "\"quoted\" knots\n", "guide:" },
                 { "", "-- guide, ttft " } } },
    /* Branches. */
    { .chats = { OLLAMA_CHAT OLLAMA_SAY("the old knot") OLLAMA_DONE,
                 OLLAMA_CHAT OLLAMA_SAY("the new knot") OLLAMA_DONE },
      .steps = { { "/undo\n", "-- there is nothing to undo" },
                 { "one\n", "2 tok" },
                 { "/retry\n", "the new knot" },
                 { "/compare\n", "-- the [-old-] {+new+} knot" },
                 { "/previous\n", "-- answer 1 of 2: the old knot" },
                 { "/branch plan b\n", "-- this branch is named plan b" },
                 { "/branch\n", "small:1b <1/2> [plan b]: the old knot" },
                 { "/undo\n", "-- the branch has no name again" } } },
    /* Again, and which is better. */
    { .chats = { OLLAMA_CHAT OLLAMA_SAY("the old knot") OLLAMA_DONE,
                 OLLAMA_CHAT OLLAMA_SAY("the new knot") OLLAMA_DONE },
      .steps = { { "/here\n", "-- there is no answer yet to ask for again" },
                 { "one\n", "2 tok" },
                 { "/prefer 1\n", "-- there is only one answer here" },
                 { "/better\n", "-- nothing says what is better than "
                                "small:1b: routing.ladder names models" },
                 { "/here\n", "-- asking ollama/small:1b once more" },
                 { "", "the new knot" },
                 { "", "-- the other answer is kept; /compare shows both, "
                       "/prefer says which is better" },
                 { "/prefer 3\n", "-- there are 2 to compare" },
                 { "/prefer both\n", "-- /prefer takes the number of the "
                                     "better one of the two, or none" },
                 { "/prefer 1\n", "-- answer 1 of 2 is better than 2" },
                 { "/next\n", "-- answer 2 of 2: the new knot" },
                 { "/prefer 1\n", "-- answer 1 of 2 is better than 2, as you "
                                  "said before" },
                 { "/next\n", "-- answer 2 of 2: the new knot" },
                 { "/prefer none\n", "-- no difference between 1 and 2" },
                 { "/unlearn\n", "-- nothing was learnt; the threshold is "
                                 "0.55, as the profile says" } } },
    { .chats = { OLLAMA_CHAT OLLAMA_SAY("ALPHA") OLLAMA_DONE,
                 OLLAMA_CHAT OLLAMA_SAY("BETA") OLLAMA_DONE },
      .steps = { { "one\n", "2 tok" },
                 { "/edit\n", "-- /edit takes the new text" },
                 { "/edit two\n", "BETA" },
                 { "", "2 tok" },
                 { "/prune\n", "-- pruned; /undo or /restore" },
                 { "/branch\n", "1 pruned" },
                 { "/restore\n", "-- the branch is back" },
                 { "/goto x\n", "-- no branch is named \"x\"" } } },
    { .chats = { OLLAMA_CHAT OLLAMA_SAY("one and ") "close\n",
                 OLLAMA_CHAT OLLAMA_SAY("two") OLLAMA_DONE },
      .steps = { { "count\n", "-- cut: " },
                 { "", "/continue goes on, /retry asks again" },
                 { "/continue\n", "two" },
                 { "/continue\n", "-- this answer is complete" } } },
    /* A blank line asks nothing. */
    { .steps = { { "\n", ">" }, { "  \n", ">" } }, .absent = "ollama:" },
};

START_TEST(what_is_typed_is_answered_in_lines)
{
    const struct dialogue_row *row = &dialogues[_i];
    struct server *server =
        server_start(OLLAMA_MODELS, row->chats[0], row->chats[1], NULL);
    struct pty *pty = start_with(server, row->variable);
    pty_expect(pty, ANSWERS);
    for (int i = 0; i < STEPS_MAX && row->steps[i].expected; i++) {
        /* What a step looks for may stand there from an earlier answer: it
         * is typed when all of that has ended. */
        if (*row->steps[i].typed)
            expect_mark(pty);
        pty_send(pty, row->steps[i].typed);
        pty_expect(pty, row->steps[i].expected);
    }
    if (row->absent)
        ck_assert_ptr_null(strstr(pty_screen(pty), row->absent));
    quit(pty, server);
}
END_TEST

/* Several lines that are one prompt, and what the server gets of them. */
static const struct {
    const char *typed, *sent;
} prompts[] = {
    { "one\\\ntwo\\\nthree\n", "one\\ntwo\\nthree" },
    { "\"\"\"one\ntwo\\\n\n/three\"\"\"\n", "one\\ntwo\\\\\\n\\n/three" },
    { "\"\"\"one\"\"\"\n", "\"content\":\"one\"" },
    { "//one\n", "\"/one\"" },
    { " /one\n", "\" /one\"" },
    { "/etc/hosts is long\n", "\"/etc/hosts is long\"" },
    { "na\xc3\xafve\n", "na\xc3\xafve" },
    { "bad \xff byte\n", "bad \xef\xbf\xbd byte" },
    /* Ctrl-D hands a line over that was begun. */
    { "half\x04\x04", "\"half\"" },
};

START_TEST(a_prompt_is_one_line_or_goes_on)
{
    struct server *server = server_start(
        OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("OMEGA") OLLAMA_DONE, NULL);
    struct pty *pty = start(server);
    pty_send(pty, prompts[_i].typed);
    pty_expect(pty, "OMEGA");
    pty_expect(pty, "2 tok");
    ck_assert_msg(strstr(server_received(server), prompts[_i].sent), "%s",
                  server_received(server));
    ck_assert_int_eq(server_count(server, "POST /api/chat"), 1);
    expect_mark(pty);
    /* What the terminal echoes of this one is no text. */
    if (!strchr(prompts[_i].typed, '\xff'))
        check_plain(pty);
    pty_free(pty);
    server_stop(server);
}
END_TEST

START_TEST(a_prompt_that_goes_on_has_a_mark_of_its_own)
{
    struct server *server = server_start(OLLAMA_MODELS, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "\"\"\"one\n");
    pty_expect(pty, "...");
    pty_send(pty, "\x03");
    pty_expect(pty, "-- dropped, not sent");
    pty_send(pty, "/status\n");
    pty_expect(pty, "-- status");
    quit(pty, server);
}
END_TEST

START_TEST(a_prompt_typed_while_an_answer_comes_waits_for_it)
{
    struct server *server = server_start(
        OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("ALPHA") "await go\n" OLLAMA_DONE,
        OLLAMA_CHAT OLLAMA_SAY("second") OLLAMA_DONE, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "one\n");
    pty_expect(pty, "ALPHA");
    pty_send(pty, "two\n");
    pty_expect(pty, "-- queued: 1 prompt waits for the answer");
    ck_assert_int_eq(server_count(server, "POST /api/chat"), 1);
    server_release(server, "go");
    pty_expect(pty, "-- now sent: two");
    pty_expect(pty, "second");
    quit(pty, server);
}
END_TEST

START_TEST(a_prompt_replaces_the_answer_where_the_setting_says_so)
{
    struct server *server =
        server_start(OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("slow") "stall\n",
                     OLLAMA_CHAT OLLAMA_SAY("quick") OLLAMA_DONE, NULL);
    struct pty *pty = start_with(server, "SENNIT_REPLY_ON_BUSY=replace");
    pty_expect(pty, ANSWERS);
    pty_send(pty, "one\n");
    pty_expect(pty, "slow");
    pty_send(pty, "two\n");
    pty_expect(pty, "quick");
    ck_assert_ptr_nonnull(strstr(pty_screen(pty), "stopped by you"));
    quit(pty, server);
}
END_TEST

START_TEST(ctrl_c_stops_the_answer_and_takes_back_what_waits)
{
    struct server *server =
        server_start(OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("Hel") "stall\n",
                     OLLAMA_CHAT OLLAMA_SAY("OMEGA") OLLAMA_DONE, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "one\n");
    pty_expect(pty, "Hel");
    pty_send(pty, "the second\nthree\n");
    pty_expect(pty, "-- queued: 2 prompts wait for the answer");
    pty_send(pty, "\x03");
    pty_expect(pty, "-- stopped by you; what came is kept");
    pty_expect(pty, "-- taken back, not sent:");
    ck_assert(server_await(server, "closed by the client"));
    /* A second one is the first on an empty line. */
    pty_send(pty, "\x03");
    pty_expect(pty, "-- Ctrl-C again quits");
    pty_send(pty, "four\n");
    pty_expect(pty, "OMEGA");
    /* The partial goes back to the model as what it is. */
    ck_assert_ptr_nonnull(strstr(server_received(server), "stopped"));
    ck_assert_ptr_null(strstr(server_received(server), "the second"));
    quit(pty, server);
}
END_TEST

struct mention {
    const char *text;
    int count;
};

static bool is_mentioned(struct pty *pty, void *context)
{
    const struct mention *mention = context;
    int count = 0;
    for (const char *at = pty_screen(pty); (at = strstr(at, mention->text));
         at++)
        count++;
    return count >= mention->count;
}

/* The kernel makes one signal of two that nobody has looked at. */
static void interrupt(struct pty *pty, int times)
{
    struct mention mention = { "-- Ctrl-C again quits", times };
    pty_send(pty, "\x03");
    ck_assert(pty_wait_until(pty, is_mentioned, &mention, PTY_DEADLINE_MS));
}

START_TEST(ctrl_c_twice_quits_and_once_does_not)
{
    struct server *server = server_start(OLLAMA_MODELS, NULL);
    struct pty *pty = start(server);
    interrupt(pty, 1);
    /* A line between them makes the second a first one. */
    pty_send(pty, "/rename a\n");
    pty_expect(pty, "-- renamed");
    interrupt(pty, 2);
    pty_send(pty, "\x03");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    end(pty, server);
}
END_TEST

START_TEST(ctrl_d_leaves_when_nothing_is_on_its_way)
{
    struct server *server = server_start(
        OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("ALPHA") "await go\n" OLLAMA_DONE,
        NULL);
    struct pty *pty = start(server);
    pty_send(pty, "one\n");
    pty_expect(pty, "ALPHA");
    pty_send(pty, "\x04");
    pty_expect(pty, "-- an answer is on its way: Ctrl-C stops it, then Ctrl-D");
    server_release(server, "go");
    pty_expect(pty, "2 tok");
    quit(pty, server);
}
END_TEST

START_TEST(quit_quits)
{
    struct server *server = server_start(OLLAMA_MODELS, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "/quit\n");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    end(pty, server);
}
END_TEST

/* The exit status of a signal, in an answer and with a block begun. */
static const struct {
    int signal_number, status;
} signals[] = { { SIGTERM, 143 }, { SIGHUP, 129 } };

START_TEST(a_signal_ends_it_and_what_was_being_written_is_kept)
{
    struct server *server = server_start(
        OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("ALPHA") "stall\n", NULL);
    struct pty *pty = start(server);
    pty_send(pty, "one\n");
    pty_expect(pty, "ALPHA");
    pty_send(pty, "\"\"\"a long block\nof it \x04");
    pty_send(pty, "\x04");
    pty_signal(pty, signals[_i].signal_number);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), signals[_i].status);
    pty_expect(pty, "-- stopped by you; what came is kept");
    pty_expect(pty, "-- what you were writing is kept in ");
    end(pty, server);
}
END_TEST

START_TEST(a_terminal_that_hangs_up_ends_it)
{
    struct server *server = server_start(
        OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("ALPHA") "stall\n", NULL);
    struct pty *pty = start(server);
    pty_send(pty, "one\n");
    pty_expect(pty, "ALPHA");
    pty_hang_up(pty);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 129);
    ck_assert(server_await(server, "closed by the client"));
    pty_free(pty);
    server_stop(server);
}
END_TEST

/* Ctrl-S: the terminal takes nothing, and still we can be ended. */
START_TEST(a_terminal_that_takes_nothing_blocks_nothing)
{
    struct server *server = server_start(
        OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("ALPHA") "stall\n", NULL);
    struct pty *pty = start(server);
    pty_send(pty, "\x13one\n");
    ck_assert(server_await(server, "POST /api/chat"));
    pty_signal(pty, SIGTERM);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 143);
    pty_free(pty);
    server_stop(server);
}
END_TEST

START_TEST(ctrl_z_stops_it_and_fg_goes_on)
{
    struct server *server = server_start(
        OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("OMEGA") OLLAMA_DONE, NULL);
    struct pty *pty = make(server, NULL, "PS1=shell$ ");
    const char *const words[] = { "/bin/sh", "-i", NULL };
    char line[512];
    snprintf(line, sizeof line, "%s --linear\n", program());
    pty_start(pty, words);
    pty_expect(pty, "shell$");
    pty_send(pty, line);
    pty_expect(pty, ANSWERS);
    expect_mark(pty);
    pty_send(pty, "\x1a");
    pty_expect(pty, "Stopped");
    pty_send(pty, "echo x$((6*7))x\n");
    pty_expect(pty, "x42x");
    pty_send(pty, "fg\n");
    pty_send(pty, "one\n");
    pty_expect(pty, "OMEGA");
    pty_expect(pty, "2 tok");
    expect_mark(pty);
    pty_send(pty, "\x04");
    pty_send(pty, "echo y$((6*7))y\n");
    pty_expect(pty, "y42y");
    pty_send(pty, "exit\n");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    end(pty, server);
}
END_TEST

/* The kernel keeps 4095 bytes of a line: what it cut is not what was meant. */
START_TEST(a_line_that_the_terminal_cut_is_not_sent)
{
    struct server *server = server_start(
        OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("OMEGA") OLLAMA_DONE, NULL);
    struct pty *pty = start(server);
    struct buf line = { 0 };
    while (line.len < 5000)
        buf_append_string(&line, "0123456789");
    buf_append_char(&line, '\n');
    pty_send(pty, buf_string(&line));
    pty_expect(pty, "-- not sent: a terminal cuts a line at 4095 bytes");
    pty_send(pty, "short\n");
    pty_expect(pty, "OMEGA");
    ck_assert_int_eq(server_count(server, "POST /api/chat"), 1);
    buf_clear(&line);
    quit(pty, server);
}
END_TEST

/* Without a screen that TERM could show. */
static const struct {
    const char *term, *variable, *expected;
} terminals[] = {
    { "dumb", NULL,
      "-- lines only: TERM=dumb is unknown here, or cannot show" },
    { "no-such-terminal", NULL, "-- lines only: TERM=no-such-terminal is" },
    { "unknown", NULL, "-- lines only: TERM=unknown is unknown here, or" },
    { "", NULL, "-- lines only: TERM is not set; TERM=xterm-256color may" },
    { NULL, "TERM", "-- lines only: TERM is not set; TERM=xterm-256color" },
};

START_TEST(a_terminal_without_a_screen_gets_lines_and_is_told_why)
{
    struct server *server = server_start(
        OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("OMEGA") OLLAMA_DONE, NULL);
    struct pty *pty = make(server, terminals[_i].term, terminals[_i].variable);
    const char *const words[] = { program(), NULL };
    pty_start(pty, words);
    pty_expect(pty, terminals[_i].expected);
    pty_expect(pty, ANSWERS);
    pty_send(pty, "one\n");
    pty_expect(pty, "OMEGA");
    quit(pty, server);
}
END_TEST

START_TEST(who_asks_for_lines_is_not_told_why)
{
    struct server *server = server_start(OLLAMA_MODELS, NULL);
    struct pty *pty = make(server, "dumb", NULL);
    const char *const words[] = { program(), "--linear", NULL };
    pty_start(pty, words);
    pty_expect(pty, ANSWERS);
    ck_assert_ptr_null(strstr(pty_screen(pty), "lines only"));
    quit(pty, server);
}
END_TEST

START_TEST(a_vendor_is_named_once_and_that_it_leaves_this_machine)
{
    char url[64];
    struct server *server = server_start(OLLAMA_MODELS, NULL);
    snprintf(url, sizeof url, "OPENAI_BASE_URL=http://127.0.0.1:%d/v1",
             server_port(server));
    struct pty *pty = make(server, NULL, url);
    const char *const words[] = { program(), "--linear", "-m", "openai/big",
                                  NULL };
    pty_start(pty, words);
    pty_expect(pty, "-- big at openai answers; what you write leaves this "
                    "machine");
    pty_send(pty, "/rename a\n");
    pty_expect(pty, "-- renamed");
    pty_send(pty, "/model ollama/small:1b\n");
    pty_expect(pty, "-- the next prompt goes to small:1b at ollama");
    const char *said = strstr(pty_screen(pty), "leaves this");
    ck_assert_ptr_nonnull(said);
    ck_assert_ptr_null(strstr(said + 1, "leaves this"));
    quit(pty, server);
}
END_TEST

/* Where only ASCII can be shown: by its likeness, in text, thoughts, names. */
START_TEST(without_utf_8_every_byte_is_ascii)
{
    struct server *server = server_start(
        OLLAMA_MODELS,
        OLLAMA_CHAT OLLAMA_THINK("na\\u00efve")
            OLLAMA_SAY("caf\\u00e9 \\u2014 \\u201cq\\u201d e\\u0301 \\u4e2d")
                OLLAMA_DONE,
        NULL);
    struct pty *pty = start_with(server, "LC_ALL=C");
    pty_expect(pty, ANSWERS);
    pty_send(pty, "one\n");
    pty_expect(pty, "caf? - \"q\" e ?");
    pty_expect(pty, "2 tok");
    pty_send(pty, "/dump\n");
    pty_expect(pty, "-- small:1b@ollama");
    struct slice output = pty_output(pty);
    for (size_t i = 0; i < output.len; i++)
        ck_assert_msg(!(output.ptr[i] & 0x80), "a byte above 0x7f");
    quit(pty, server);
}
END_TEST

/* The forms of the issue: a sequence, a C1 control, a bidi override, a lone CR,
 * and one that comes in two pieces. */
START_TEST(what_a_model_writes_is_shown_and_never_executed)
{
    struct server *server = server_start(
        OLLAMA_MODELS,
        OLLAMA_CHAT OLLAMA_THINK("t\\u001b[2Jt")
            OLLAMA_SAY("a\\u001b]0;x\\u0007b\\u009b31mc\\u202ed\\re")
                OLLAMA_SAY("\\u001b") OLLAMA_SAY("[31mEND") OLLAMA_DONE,
        NULL);
    struct pty *pty = start_with(server, "SENNIT_LOOKS_THINKING=open");
    pty_expect(pty, ANSWERS);
    pty_send(pty, "one\n");
    pty_expect(pty, "t\u241b[2Jt");
    pty_expect(pty, "\u241b[31mEND");
    pty_expect(pty, "<U+202E>d");
    pty_send(pty, "/rename \x16\x1b[2J\n/dump\n");
    pty_expect(pty, "-- small:1b@ollama");
    quit(pty, server);
}
END_TEST

START_TEST(without_a_terminal_it_is_one_shot)
{
    struct program program = { .arguments = { "--linear" },
                               .input = "what is a profile?" };
    program_run(&program);
    ck_assert_int_eq(program.status, 0);
    ck_assert_ptr_nonnull(strstr(buf_string(&program.out), "profile"));
    ck_assert_ptr_null(strstr(buf_string(&program.out), "\n-- "));
    program_clear(&program);
}
END_TEST

static TCase *input_case(void)
{
    TCase *tcase = tcase_create("input");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_prompt_is_one_line_or_goes_on, 0,
                        COUNTOF(prompts));
    tcase_add_test(tcase, a_prompt_that_goes_on_has_a_mark_of_its_own);
    tcase_add_test(tcase, a_line_that_the_terminal_cut_is_not_sent);
    return tcase;
}

static TCase *terminal_case(void)
{
    TCase *tcase = tcase_create("terminal");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase,
                        a_terminal_without_a_screen_gets_lines_and_is_told_why,
                        0, COUNTOF(terminals));
    tcase_add_test(tcase, who_asks_for_lines_is_not_told_why);
    tcase_add_test(tcase, without_utf_8_every_byte_is_ascii);
    tcase_add_test(tcase, what_a_model_writes_is_shown_and_never_executed);
    tcase_add_test(tcase, without_a_terminal_it_is_one_shot);
    tcase_add_test(tcase, a_terminal_that_hangs_up_ends_it);
    tcase_add_test(tcase, a_terminal_that_takes_nothing_blocks_nothing);
    return tcase;
}

Suite *linear_suite(void)
{
    Suite *suite = suite_create("linear");
    TCase *tcase = tcase_create("dialogue");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, what_is_typed_is_answered_in_lines, 0,
                        COUNTOF(dialogues));
    tcase_add_test(tcase, a_prompt_typed_while_an_answer_comes_waits_for_it);
    tcase_add_test(tcase,
                   a_prompt_replaces_the_answer_where_the_setting_says_so);
    tcase_add_test(tcase, ctrl_c_stops_the_answer_and_takes_back_what_waits);
    tcase_add_test(tcase, ctrl_c_twice_quits_and_once_does_not);
    tcase_add_test(tcase, ctrl_d_leaves_when_nothing_is_on_its_way);
    tcase_add_test(tcase, quit_quits);
    tcase_add_loop_test(tcase,
                        a_signal_ends_it_and_what_was_being_written_is_kept, 0,
                        COUNTOF(signals));
    tcase_add_test(tcase, ctrl_z_stops_it_and_fg_goes_on);
    tcase_add_test(tcase,
                   a_vendor_is_named_once_and_that_it_leaves_this_machine);
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, input_case());
    suite_add_tcase(suite, terminal_case());
    return suite;
}
