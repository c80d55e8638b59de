/* SPDX-License-Identifier: MIT */
/*
 * /redact and /export on the real program, with its screen and without.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "base/path.h"
#include "tests/support/fullscreen.h"
#include "tests/support/ollama.h"

Suite *forgetting_suite(void);

#define ANSWER \
    OLLAMA_CHAT OLLAMA_SAY("It is HUN") OLLAMA_SAY("TER2 then.") OLLAMA_DONE

START_TEST(what_is_redacted_stands_nowhere_any_more)
{
    struct server *server = server_start(OLLAMA_MODELS, ANSWER, NULL);
    struct pty_options options = { .height = 24, .width = 80 };
    struct pty *pty = fullscreen_start(server, &options);
    pty_send(pty, "the key is HUNTER2\r");
    pty_expect(pty, "It is HUNTER2 then.");
    fullscreen_settle(pty);
    pty_send(pty, "/redact HUNTER2\r");
    pty_expect(pty, "It is [redacted] then.");
    pty_expect(pty, "the key is [redacted]");
    pty_expect(pty, "overwritten in ");
    pty_expect_gone(pty, "HUNTER2");
    /* Neither the prompts before nor what was deleted bring it back. */
    pty_send(pty, "\x1b[A");
    pty_send(pty, "x\x19");
    pty_expect(pty, "> x");
    ck_assert_ptr_null(strstr(pty_screen(pty), "HUNTER2"));
    pty_send(pty, "\x15");
    fullscreen_quit(pty);
    pty_free(pty);
    server_stop(server);
}
END_TEST

START_TEST(what_cannot_be_redacted_keeps_the_line)
{
    struct server *server = server_start(OLLAMA_MODELS, ANSWER, NULL);
    struct pty_options options = { .height = 24, .width = 80 };
    struct pty *pty = fullscreen_start(server, &options);
    pty_send(pty, "/redact abc\r");
    pty_expect(pty, "less than 4 characters");
    pty_expect(pty, "> /redact abc");
    pty_send(pty, "\x15/redact\r");
    pty_expect(pty, "/redact TEXT overwrites a text");
    fullscreen_quit(pty);
    pty_free(pty);
    server_stop(server);
}
END_TEST

START_TEST(the_conversation_is_exported_by_the_ending_of_its_file)
{
    char directory[] = "/tmp/sennit-export-XXXXXX";
    struct buf line = { 0 }, text = { 0 };
    struct error err = { 0 };
    struct server *server = server_start(OLLAMA_MODELS, ANSWER, NULL);
    struct pty_options options = { .height = 24, .width = 80 };
    ck_assert(mkdtemp(directory) != NULL);
    struct pty *pty = fullscreen_start(server, &options);
    pty_send(pty, "what is it?\r");
    pty_expect(pty, "It is HUNTER2 then.");
    fullscreen_settle(pty);
    buf_printf(&line, "/export %s/a.md\r", directory);
    pty_send(pty, line.ptr);
    pty_expect(pty, "exported to /tmp/");
    fullscreen_settle(pty);
    pty_send(pty, line.ptr);
    pty_expect(pty, "is there already");
    pty_send(pty, "\x15");
    buf_reset(&line);
    buf_printf(&line, "/export %s/a.jsonl\r", directory);
    pty_send(pty, line.ptr);
    pty_expect(pty, "sennit import");
    buf_reset(&line);
    buf_printf(&line, "%s/a.md", directory);
    ck_assert(path_read_file(&text, line.ptr, 1 << 20, &err));
    ck_assert_int_eq(strncmp(text.ptr, "# what is it?\n", 14), 0);
    unlink(line.ptr);
    buf_reset(&text);
    buf_reset(&line);
    buf_printf(&line, "%s/a.jsonl", directory);
    ck_assert(path_read_file(&text, line.ptr, 1 << 20, &err));
    ck_assert_int_eq(strncmp(text.ptr, "{\"format\":\"sennit-session\"", 25),
                     0);
    unlink(line.ptr);
    ck_assert_int_eq(rmdir(directory), 0);
    fullscreen_quit(pty);
    buf_clear(&line);
    buf_clear(&text);
    pty_free(pty);
    server_stop(server);
}
END_TEST

Suite *forgetting_suite(void)
{
    Suite *suite = suite_create("forgetting");
    TCase *test = tcase_create("forgetting");
    tcase_set_timeout(test, 60);
    tcase_add_test(test, what_is_redacted_stands_nowhere_any_more);
    tcase_add_test(test, what_cannot_be_redacted_keeps_the_line);
    tcase_add_test(test,
                   the_conversation_is_exported_by_the_ending_of_its_file);
    suite_add_tcase(suite, test);
    return suite;
}
