/* SPDX-License-Identifier: MIT */
/*
 * What was being written, and what was typed before, after the program ended in
 * one way or another.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "app/drafting.h"
#include "base/clock.h"
#include "base/db.h"
#include "base/path.h"
#include "tests/support/fullscreen.h"
#include "tests/support/ollama.h"

Suite *drafting_suite(void);

#define ANSWER OLLAMA_CHAT OLLAMA_SAY("the ANSWER itself") OLLAMA_DONE

#define UP "\033[A"

struct stage {
    struct server *server;
    struct pty *pty;
    char state_path[200];
};

static void begin(struct stage *stage)
{
    const struct pty_options options = { .width = 100 };
    stage->server = server_start(OLLAMA_MODELS, ANSWER, NULL);
    stage->pty = fullscreen_start(stage->server, &options);
    snprintf(stage->state_path, sizeof stage->state_path, "%s",
             pty_path(stage->pty, ".local/state/sennit/state.db"));
    pty_expect(stage->pty, "small:1b@ollama");
}

static void end(struct stage *stage)
{
    pty_free(stage->pty);
    server_stop(stage->server);
}

static void answer(struct stage *stage)
{
    pty_send(stage->pty, "the QUESTION\r");
    pty_expect(stage->pty, "the ANSWER itself");
    pty_expect(stage->pty, "complete");
}

/* As from a kernel that runs out of memory. */
static void kill_client(struct pty *pty)
{
    ck_assert_int_eq(kill(fullscreen_client(pty), SIGKILL), 0);
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 128 + SIGKILL);
}

static void start_again(struct pty *pty, const char *option)
{
    const char *path = getenv("PROGRAM");
    const char *const words[] = { path ? path : "build/release/sennit", option,
                                  NULL };
    pty_start(pty, words);
    pty_expect(pty, "small:1b@ollama");
}

/* 0 while its tables are being made. */
static int64_t number(const struct stage *stage, const char *sql)
{
    struct error err = { 0 };
    int64_t number = 0;
    if (access(stage->state_path, F_OK) < 0)
        return 0;
    struct db *db = db_open(stage->state_path, DB_READ, NULL, &err);
    if (db && !db_number(db, sql, &number, &err))
        number = 0;
    db_close(db);
    return number;
}

/* Rows of the state for which that is true. */
static int64_t count_rows(const struct stage *stage, const char *where)
{
    char sql[300];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", where);
    return number(stage, sql);
}

/* What the test waits for is on disk: the terminal stays where it is. */
static void await_rows(const struct stage *stage, const char *where,
                       int64_t count)
{
    int64_t until = clock_monotonic_ms() + PTY_DEADLINE_MS;
    while (count_rows(stage, where) != count)
        ck_assert_msg(clock_monotonic_ms() < until, "%s", where);
}

START_TEST(what_was_being_written_is_back_after_a_kill)
{
    struct stage stage;
    begin(&stage);
    pty_send(stage.pty, "half a THOUGHT");
    await_rows(&stage, "draft WHERE text = 'half a THOUGHT'", 1);
    kill_client(stage.pty);
    start_again(stage.pty, NULL);
    pty_expect(stage.pty, "> half a THOUGHT");
    pty_expect(stage.pty, "this was being written when a sennit ended");
    /* It is a draft like any other. */
    pty_send(stage.pty, " more");
    await_rows(&stage, "draft WHERE text = 'half a THOUGHT more'", 1);
    ck_assert_int_eq(count_rows(&stage, "draft"), 1);
    end(&stage);
}
END_TEST

START_TEST(a_long_text_is_kept_before_a_second_has_passed)
{
    struct stage stage;
    char text[DRAFTING_CHANGED + 1];
    begin(&stage);
    memset(text, 'w', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    pty_send(stage.pty, text);
    await_rows(&stage, "draft WHERE length(text) >= 200", 1);
    end(&stage);
}
END_TEST

START_TEST(a_draft_comes_back_where_it_was_written)
{
    struct stage stage;
    begin(&stage);
    answer(&stage);
    pty_send(stage.pty, "the NEXT question");
    await_rows(&stage, "draft WHERE text = 'the NEXT question'", 1);
    kill_client(stage.pty);
    start_again(stage.pty, NULL);
    pty_send(stage.pty, "z"); /* not here: nothing stands before it */
    pty_expect(stage.pty, "> z");
    pty_send(stage.pty, "\x7f");
    fullscreen_quit(stage.pty);
    start_again(stage.pty, "-c");
    pty_expect(stage.pty, "the QUESTION");
    pty_expect(stage.pty, "> the NEXT question");
    pty_expect(stage.pty, "this was being written here when sennit ended");
    end(&stage);
}
END_TEST

START_TEST(a_draft_that_made_room_for_an_earlier_prompt_is_not_lost)
{
    struct stage stage;
    begin(&stage);
    answer(&stage);
    pty_send(stage.pty, "my DRAFT");
    pty_send(stage.pty, "\te");
    pty_expect(stage.pty, "an earlier prompt: Enter sends it");
    pty_send(stage.pty, "?");
    await_rows(&stage,
               "draft WHERE text = 'the QUESTION?' || char(10, 10) || "
               "'my DRAFT'",
               1);
    kill_client(stage.pty);
    start_again(stage.pty, "-c");
    pty_expect(stage.pty, "> the QUESTION?");
    pty_expect(stage.pty, "my DRAFT");
    end(&stage);
}
END_TEST

START_TEST(what_was_sent_is_no_draft_any_more)
{
    struct stage stage;
    begin(&stage);
    pty_send(stage.pty, "the QUESTION");
    await_rows(&stage, "draft WHERE text = 'the QUESTION'", 1);
    pty_send(stage.pty, "\r");
    pty_expect(stage.pty, "the ANSWER itself");
    await_rows(&stage, "draft", 0);
    kill_client(stage.pty);
    start_again(stage.pty, "-c");
    pty_expect(stage.pty, "the QUESTION");
    fullscreen_settle(stage.pty);
    end(&stage);
}
END_TEST

START_TEST(a_draft_that_outlived_its_sending_is_not_offered)
{
    struct stage stage;
    struct error err = { 0 };
    begin(&stage);
    pty_send(stage.pty, "the QUESTION");
    await_rows(&stage, "draft WHERE text = 'the QUESTION'", 1);
    struct db *db = db_open(stage.state_path, DB_WRITE, NULL, &err);
    ck_assert(
        db_run(db, "CREATE TEMP TABLE saved AS SELECT * FROM draft", &err));
    pty_send(stage.pty, "\r");
    pty_expect(stage.pty, "the ANSWER itself");
    await_rows(&stage, "draft", 0);
    kill_client(stage.pty);
    /* As if it had been killed a moment before. */
    ck_assert(db_run(db, "INSERT INTO draft SELECT * FROM saved", &err));
    db_close(db);
    start_again(stage.pty, "-c");
    pty_expect(stage.pty, "the QUESTION");
    await_rows(&stage, "draft", 0);
    fullscreen_settle(stage.pty);
    end(&stage);
}
END_TEST

START_TEST(what_was_cleared_is_in_the_history_of_the_next_start)
{
    struct stage stage;
    begin(&stage);
    pty_send(stage.pty, "one THOUGHT");
    await_rows(&stage, "draft WHERE text = 'one THOUGHT'", 1);
    pty_send(stage.pty, "\x03");
    await_rows(&stage, "draft", 0);
    await_rows(&stage, "prompt WHERE text = 'one THOUGHT'", 1);
    kill_client(stage.pty);
    start_again(stage.pty, NULL);
    fullscreen_settle(stage.pty);
    pty_send(stage.pty, UP);
    pty_expect(stage.pty, "> one THOUGHT");
    end(&stage);
}
END_TEST

START_TEST(what_was_erased_is_gone)
{
    struct stage stage;
    begin(&stage);
    pty_send(stage.pty, "abc");
    await_rows(&stage, "draft WHERE text = 'abc'", 1);
    pty_send(stage.pty, "\x7f\x7f\x7f");
    await_rows(&stage, "draft", 0);
    end(&stage);
}
END_TEST

START_TEST(a_prompt_that_begins_with_a_blank_is_not_kept_in_the_history)
{
    struct stage stage;
    begin(&stage);
    pty_send(stage.pty, " a SECRET\x03");
    pty_send(stage.pty, "no secret\x03");
    pty_send(stage.pty, UP UP);
    pty_expect(stage.pty, ">  a SECRET");
    await_rows(&stage, "prompt WHERE text = 'no secret'", 1);
    ck_assert_int_eq(count_rows(&stage, "prompt"), 1);
    end(&stage);
}
END_TEST

START_TEST(files_come_back_with_their_draft)
{
    struct stage stage;
    begin(&stage);
    pty_write_file(stage.pty, "notes.txt", "some notes\n");
    pty_write_file(stage.pty, "other.txt", "other notes\n");
    pty_send(stage.pty, "/attach ~/notes.txt\r");
    pty_expect(stage.pty, "attached: notes.txt");
    pty_send(stage.pty, "/attach ~/other.txt\r");
    pty_expect(stage.pty, "attached: other.txt");
    pty_send(stage.pty, "read THESE");
    await_rows(&stage, "draft WHERE text = 'read THESE'", 1);
    kill_client(stage.pty);
    ck_assert_int_eq(unlink(pty_path(stage.pty, "other.txt")), 0);
    start_again(stage.pty, NULL);
    pty_expect(stage.pty, "> read THESE");
    pty_expect(stage.pty, "notes.txt, ");
    pty_expect(stage.pty, "other.txt: No such file");
    end(&stage);
}
END_TEST

/* In the same home. */
static struct pty *start_neighbour(struct stage *stage, char variables[2][200])
{
    snprintf(variables[0], 200, "XDG_STATE_HOME=%s",
             pty_path(stage->pty, ".local/state"));
    snprintf(variables[1], 200, "XDG_DATA_HOME=%s",
             pty_path(stage->pty, ".local/share"));
    const char *list[] = { variables[0], variables[1], NULL };
    const struct pty_options options = { .width = 100, .variables = list };
    return fullscreen_start(stage->server, &options);
}

START_TEST(nobody_takes_the_draft_of_one_that_runs)
{
    struct stage stage;
    char variables[2][200];
    begin(&stage);
    pty_send(stage.pty, "half a THOUGHT");
    await_rows(&stage, "draft WHERE text = 'half a THOUGHT'", 1);
    struct pty *neighbour = start_neighbour(&stage, variables);
    pty_expect(neighbour, "small:1b@ollama");
    pty_send(neighbour, "of my own");
    await_rows(&stage, "draft WHERE text = 'of my own'", 1);
    ck_assert_int_eq(count_rows(&stage, "draft WHERE text = 'half a THOUGHT'"),
                     1);
    ck_assert_ptr_null(strstr(pty_screen(neighbour), "THOUGHT"));
    pty_free(neighbour);
    end(&stage);
}
END_TEST

START_TEST(a_start_has_the_history_of_those_that_run)
{
    struct stage stage;
    char variables[2][200];
    begin(&stage);
    pty_send(stage.pty, "said elsewhere\x03");
    await_rows(&stage, "prompt WHERE text = 'said elsewhere'", 1);
    struct pty *neighbour = start_neighbour(&stage, variables);
    pty_expect(neighbour, "small:1b@ollama");
    fullscreen_settle(neighbour);
    pty_send(neighbour, UP);
    pty_expect(neighbour, "> said elsewhere");
    pty_free(neighbour);
    end(&stage);
}
END_TEST

START_TEST(where_nothing_is_to_be_saved_nothing_is_read_or_written)
{
    struct stage stage;
    begin(&stage);
    pty_send(stage.pty, "from before\x03");
    await_rows(&stage, "prompt WHERE text = 'from before'", 1);
    fullscreen_quit(stage.pty);
    start_again(stage.pty, "-n");
    fullscreen_settle(stage.pty);
    pty_send(stage.pty, "of today\x03" UP UP);
    pty_expect(stage.pty, "> of today");
    pty_send(stage.pty, "\x03");
    fullscreen_settle(stage.pty);
    fullscreen_quit(stage.pty);
    ck_assert_int_eq(count_rows(&stage, "prompt"), 1);
    ck_assert_int_eq(count_rows(&stage, "draft"), 0);
    end(&stage);
}
END_TEST

START_TEST(what_is_redacted_is_neither_draft_nor_history)
{
    struct stage stage;
    struct buf bytes = { 0 };
    struct error err = { 0 };
    begin(&stage);
    pty_send(stage.pty, "the key is HUNTER2\r");
    pty_expect(stage.pty, "the ANSWER itself");
    await_rows(&stage, "prompt WHERE text LIKE '%HUNTER2'", 1);
    pty_send(stage.pty, "/redact HUNTER2");
    await_rows(&stage, "draft WHERE text LIKE '%HUNTER2'", 1);
    pty_send(stage.pty, "\r");
    pty_expect(stage.pty, "overwritten in ");
    await_rows(&stage, "draft", 0);
    fullscreen_quit(stage.pty);
    ck_assert(path_read_file(&bytes, stage.state_path, 1 << 20, &err));
    ck_assert_ptr_null(memmem(bytes.ptr, bytes.len, "HUNTER2", 7));
    buf_clear(&bytes);
    end(&stage);
}
END_TEST

#define TALLER "\x18+"

static void await_height(const struct stage *stage, int64_t height)
{
    char where[100];
    snprintf(where, sizeof where,
             "note WHERE area = 'panel height' AND number = %lld",
             (long long)height);
    await_rows(stage, where, 1);
}

/* Rows that a panel has at first, and one more for each key. */
START_TEST(a_panel_is_as_high_as_it_was)
{
    struct stage stage;
    int64_t height = 0;
    begin(&stage);
    pty_send(stage.pty, "\033OQ" TALLER);
    pty_expect(stage.pty, "budget");
    while (!height)
        height = number(&stage, "SELECT max(number) FROM note "
                                "WHERE area = 'panel height'");
    pty_send(stage.pty, TALLER TALLER);
    await_height(&stage, height + 2);
    fullscreen_quit(stage.pty);
    start_again(stage.pty, NULL);
    pty_send(stage.pty, "\033OQ");
    pty_expect(stage.pty, "budget");
    pty_send(stage.pty, TALLER);
    await_height(&stage, height + 3);
    end(&stage);
}
END_TEST

START_TEST(a_state_of_a_newer_sennit_is_said_once_and_left_alone)
{
    struct stage stage;
    struct error err = { 0 };
    begin(&stage);
    pty_send(stage.pty, "from before\x03");
    await_rows(&stage, "prompt WHERE text = 'from before'", 1);
    fullscreen_quit(stage.pty);
    struct db *db = db_open(stage.state_path, DB_WRITE, NULL, &err);
    ck_assert(db && db_run(db, "PRAGMA user_version=1000", &err));
    db_close(db);
    start_again(stage.pty, NULL);
    pty_expect(stage.pty, "drafts and the input history are not kept");
    pty_send(stage.pty, "of today\r");
    pty_expect(stage.pty, "the ANSWER itself");
    pty_expect_gone(stage.pty, "are not kept");
    fullscreen_quit(stage.pty);
    ck_assert_int_eq(count_rows(&stage, "prompt"), 1);
    end(&stage);
}
END_TEST

START_TEST(a_damaged_state_stops_nothing_and_is_said)
{
    struct stage stage;
    begin(&stage);
    fullscreen_quit(stage.pty);
    pty_write_file(stage.pty, ".local/state/sennit/state.db",
                   "no database by any stretch of the imagination, but long "
                   "enough that one may look for a header in it........\n");
    start_again(stage.pty, NULL);
    pty_expect(stage.pty, "begin anew");
    pty_send(stage.pty, "of today\x03");
    await_rows(&stage, "prompt WHERE text = 'of today'", 1);
    end(&stage);
}
END_TEST

Suite *drafting_suite(void)
{
    Suite *suite = suite_create("drafting");
    TCase *tcase = tcase_create("drafting");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, what_was_being_written_is_back_after_a_kill);
    tcase_add_test(tcase, a_long_text_is_kept_before_a_second_has_passed);
    tcase_add_test(tcase, a_draft_comes_back_where_it_was_written);
    tcase_add_test(tcase,
                   a_draft_that_made_room_for_an_earlier_prompt_is_not_lost);
    tcase_add_test(tcase, what_was_sent_is_no_draft_any_more);
    tcase_add_test(tcase, a_draft_that_outlived_its_sending_is_not_offered);
    tcase_add_test(tcase, what_was_cleared_is_in_the_history_of_the_next_start);
    tcase_add_test(tcase, what_was_erased_is_gone);
    tcase_add_test(
        tcase, a_prompt_that_begins_with_a_blank_is_not_kept_in_the_history);
    tcase_add_test(tcase, files_come_back_with_their_draft);
    tcase_add_test(tcase, nobody_takes_the_draft_of_one_that_runs);
    tcase_add_test(tcase, a_start_has_the_history_of_those_that_run);
    tcase_add_test(tcase,
                   where_nothing_is_to_be_saved_nothing_is_read_or_written);
    tcase_add_test(tcase,
                   a_state_of_a_newer_sennit_is_said_once_and_left_alone);
    tcase_add_test(tcase, what_is_redacted_is_neither_draft_nor_history);
    tcase_add_test(tcase, a_panel_is_as_high_as_it_was);
    tcase_add_test(tcase, a_damaged_state_stops_nothing_and_is_said);
    suite_add_tcase(suite, tcase);
    return suite;
}
