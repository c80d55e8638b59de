/* SPDX-License-Identifier: MIT */
/*
 * The full screen gives its terminal to others and takes it back, and says its
 * last words when it ends.
 */
#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <check.h>

#include "base/path.h"
#include "tests/support/fullscreen.h"
#include "tests/support/ollama.h"

Suite *leaving_suite(void);

#define ANSWER OLLAMA_CHAT OLLAMA_SAY("the ANSWER itself") OLLAMA_DONE

struct stage {
    struct server *server;
    struct pty *pty;
};

static void begin(struct stage *stage, const char *variable)
{
    const char *variables[] = { variable, NULL };
    struct pty_options options = { .variables = variables };
    stage->server = server_start(OLLAMA_MODELS, ANSWER, NULL);
    stage->pty = fullscreen_start(stage->server, &options);
    pty_expect(stage->pty, "small:1b@ollama");
}

static void answer(struct stage *stage)
{
    pty_send(stage->pty, "the QUESTION\r");
    pty_expect(stage->pty, "the ANSWER itself");
    pty_expect(stage->pty, "complete");
}

static void end(struct stage *stage)
{
    pty_free(stage->pty);
    server_stop(stage->server);
}

static bool is_alternate(struct pty *pty, void *context)
{
    return pty_is_alternate(pty) == *(const bool *)context;
}

static void expect_alternate(struct pty *pty, bool wanted)
{
    ck_assert(pty_wait_until(pty, is_alternate, &wanted, PTY_DEADLINE_MS));
}

START_TEST(a_dump_stands_in_the_terminals_own_scrollback)
{
    static const char *const returns[] = { "\r", "\x03" };
    struct stage stage;
    begin(&stage, NULL);
    answer(&stage);
    for (size_t i = 0; i < COUNTOF(returns); i++) {
        pty_send(stage.pty, "/dump\r");
        pty_expect(stage.pty, "Enter returns to sennit");
        ck_assert(!pty_is_alternate(stage.pty));
        pty_expect(stage.pty, "the QUESTION");
        pty_expect(stage.pty, "the ANSWER itself");
        pty_send(stage.pty, returns[i]);
        expect_alternate(stage.pty, true);
        fullscreen_expect_fresh(stage.pty);
    }
    fullscreen_quit(stage.pty);
    end(&stage);
}
END_TEST

START_TEST(enter_that_is_typed_at_once_with_a_dump_returns_from_it)
{
    struct stage stage;
    begin(&stage, NULL);
    answer(&stage);
    pty_send(stage.pty, "/dump\r\r");
    pty_expect(stage.pty, "small:1b@ollama");
    fullscreen_settle(stage.pty);
    ck_assert(pty_is_alternate(stage.pty));
    ck_assert(slice_find(pty_output(stage.pty), "Enter returns") >= 0);
    fullscreen_quit(stage.pty);
    end(&stage);
}
END_TEST

START_TEST(the_last_turns_stay_where_the_shell_goes_on)
{
    struct stage stage;
    begin(&stage, NULL);
    answer(&stage);
    fullscreen_quit(stage.pty);
    ck_assert(!pty_is_alternate(stage.pty));
    pty_expect(stage.pty, "the QUESTION");
    pty_expect(stage.pty, "the ANSWER itself");
    end(&stage);
}
END_TEST

START_TEST(a_draft_that_a_signal_cuts_short_comes_back)
{
    struct stage stage;
    begin(&stage, NULL);
    pty_send(stage.pty, "half a THOUGHT");
    pty_expect(stage.pty, "half a THOUGHT");
    pty_signal(stage.pty, SIGTERM);
    ck_assert_int_eq(pty_wait_exit(stage.pty, PTY_DEADLINE_MS), 128 + SIGTERM);
    pty_expect(stage.pty, "it comes back with the next start");
    fullscreen_run(stage.pty);
    pty_expect(stage.pty, "> half a THOUGHT");
    end(&stage);
}
END_TEST

/* -n */
static void begin_unsaved(struct stage *stage)
{
    const char *path = getenv("PROGRAM");
    const char *const words[] = { path ? path : "build/release/sennit", "-n",
                                  NULL };
    const struct pty_options options = { 0 };
    stage->server = server_start(OLLAMA_MODELS, ANSWER, NULL);
    stage->pty = fullscreen_new(stage->server, &options);
    pty_start(stage->pty, words);
    pty_expect(stage->pty, "small:1b@ollama");
}

START_TEST(a_draft_that_a_signal_cuts_short_is_kept_for_its_owner)
{
    struct stage stage;
    glob_t files = { 0 };
    struct buf text = { 0 };
    struct error err = { 0 };
    struct stat status;
    begin_unsaved(&stage);
    pty_send(stage.pty, "half a THOUGHT");
    pty_expect(stage.pty, "half a THOUGHT");
    pty_signal(stage.pty, SIGTERM);
    ck_assert_int_eq(pty_wait_exit(stage.pty, PTY_DEADLINE_MS), 128 + SIGTERM);
    pty_expect(stage.pty, "unsent-");
    const char *pattern = pty_path(stage.pty, ".local/state/sennit/unsent-*");
    ck_assert_int_eq(glob(pattern, 0, NULL, &files), 0);
    ck_assert_uint_eq(files.gl_pathc, 1);
    ck_assert(path_read_file(&text, files.gl_pathv[0], 1000, &err));
    ck_assert_ptr_nonnull(strstr(buf_string(&text), "half a THOUGHT"));
    ck_assert_int_eq(stat(files.gl_pathv[0], &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0600);
    globfree(&files);
    buf_clear(&text);
    end(&stage);
}
END_TEST

Suite *leaving_suite(void)
{
    Suite *suite = suite_create("leaving");
    TCase *tcase = tcase_create("leaving");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_dump_stands_in_the_terminals_own_scrollback);
    tcase_add_test(tcase,
                   enter_that_is_typed_at_once_with_a_dump_returns_from_it);
    tcase_add_test(tcase, the_last_turns_stay_where_the_shell_goes_on);
    tcase_add_test(tcase, a_draft_that_a_signal_cuts_short_comes_back);
    tcase_add_test(tcase,
                   a_draft_that_a_signal_cuts_short_is_kept_for_its_owner);
    suite_add_tcase(suite, tcase);
    return suite;
}
