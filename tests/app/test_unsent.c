/* SPDX-License-Identifier: MIT */
/*
 * What the disk does not take: where it is put instead, and that it is not left
 * behind by a key.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <check.h>

#include "app/unsent.h"
#include "base/path.h"
#include "tests/support/pty.h"
#include "tests/support/scratch.h"

Suite *unsent_suite(void);

enum { TEXT_MAX = 1024, END_MS = 20 * 1000 };

/* No directory, whoever asks. */
#define NOWHERE "/dev/null/none"

static void ck_kept(const char *sentence, const char *directory)
{
    struct error err = { 0 };
    struct buf text = { 0 };
    struct stat status;
    const char *path = strstr(sentence, "the prompt is kept in ");
    ck_assert_msg(path != NULL, "%s", sentence);
    path += strlen("the prompt is kept in ");
    ck_assert_msg(!strncmp(path, directory, strlen(directory)), "%s", path);
    ck_assert(path_read_file(&text, path, TEXT_MAX, &err));
    ck_assert_str_eq(buf_string(&text), "words");
    ck_assert(stat(path, &status) == 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    buf_clear(&text);
}

START_TEST(what_the_state_directory_does_not_take_is_kept_elsewhere)
{
    char home[SCRATCH_PATH_MAX];
    struct buf sentence = { 0 };
    scratch_directory(home, "unsent");
    setenv("XDG_STATE_HOME", home, 1);
    setenv("TMPDIR", NOWHERE, 1);
    ck_assert(unsent_rescue(slice_of("words"), "the prompt", &sentence));
    ck_kept(buf_string(&sentence), home);
    buf_reset(&sentence);
    setenv("XDG_STATE_HOME", NOWHERE, 1);
    setenv("TMPDIR", home, 1);
    ck_assert(unsent_rescue(slice_of("words"), "the prompt", &sentence));
    ck_kept(buf_string(&sentence), home);
    buf_clear(&sentence);
    scratch_remove(home);
}
END_TEST

START_TEST(what_is_lost_is_said_to_be)
{
    struct buf sentence = { 0 };
    setenv("XDG_STATE_HOME", NOWHERE, 1);
    setenv("TMPDIR", NOWHERE, 1);
    ck_assert(!unsent_rescue(slice_of("words"), "the prompt", &sentence));
    ck_assert_ptr_nonnull(
        strstr(buf_string(&sentence), "the prompt is lost: "));
    buf_clear(&sentence);
}
END_TEST

/* No file may become longer than a page: no session can be written. */
static struct pty *start_without_room(const char *flag)
{
    static const struct pty_options size = { .height = 24, .width = 80 };
    static char program[PATH_MAX];
    const char *given = getenv("PROGRAM");
    const char *const words[] = {
        "/bin/sh", "-c",    "trap '' XFSZ; ulimit -f 8; exec \"$@\"",
        "sh",      program, flag,
        NULL
    };
    ck_assert_ptr_nonnull(
        realpath(given ? given : "build/release/sennit", program));
    struct pty *pty = pty_new(&size);
    pty_start(pty, words);
    return pty;
}

static void leave(struct pty *pty)
{
    pty_send(pty, "\x04");
    pty_expect(pty, "not all of this is saved");
    pty_send(pty, "/quit\r");
    pty_expect(pty, "this conversation is kept in ");
    ck_assert_int_eq(pty_wait_exit(pty, END_MS), 0);
    pty_free(pty);
}

START_TEST(a_key_does_not_leave_what_the_disk_does_not_take)
{
    struct pty *pty = start_without_room(NULL);
    pty_expect(pty, "guide@guide");
    pty_send(pty, "hello\r");
    pty_expect(pty, "the disk failed");
    pty_expect(pty, "| complete |");
    leave(pty);
}
END_TEST

START_TEST(nor_in_lines)
{
    struct pty *pty = start_without_room("--linear");
    pty_expect(pty, "the built-in guide answers");
    pty_send(pty, "hello\r");
    pty_expect(pty, "the disk failed");
    pty_expect(pty, "-- guide, ttft");
    leave(pty);
}
END_TEST

START_TEST(where_nothing_was_said_it_leaves)
{
    struct pty *pty = start_without_room(NULL);
    pty_expect(pty, "guide@guide");
    pty_send(pty, "\x04");
    ck_assert_int_eq(pty_wait_exit(pty, END_MS), 0);
    pty_free(pty);
}
END_TEST

Suite *unsent_suite(void)
{
    Suite *suite = suite_create("unsent");
    TCase *tcase = tcase_create("unsent");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   what_the_state_directory_does_not_take_is_kept_elsewhere);
    tcase_add_test(tcase, what_is_lost_is_said_to_be);
    tcase_add_test(tcase, a_key_does_not_leave_what_the_disk_does_not_take);
    tcase_add_test(tcase, nor_in_lines);
    tcase_add_test(tcase, where_nothing_was_said_it_leaves);
    suite_add_tcase(suite, tcase);
    return suite;
}
