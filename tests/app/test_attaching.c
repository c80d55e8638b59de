/* SPDX-License-Identifier: MIT */
/*
 * Files of a prompt that is being written: by themselves, and on the screen of
 * the real program.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "app/attaching.h"
#include "base/compiler.h"
#include "tests/support/dialogue.h"
#include "tests/support/fullscreen.h"
#include "tests/support/scratch.h"

Suite *attaching_suite(void);

/* 320 by 257, and no byte of it is NUL. */
#define GIF "GIF89a\x40\x01\x01\x01\x01\x01\x01,"

static char directory[SCRATCH_PATH_MAX];
static struct attachments files;
static struct buf notice;
static struct error err;

static void make(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

static void setup(void)
{
    scratch_directory(directory, "attaching");
    ck_assert_int_eq(chdir(directory), 0);
    make("a.txt", "A\n");
    make("b c.gif", GIF);
    make("bad", "%PDF-1.7\n");
}

static void teardown(void)
{
    attachments_clear(&files);
    buf_clear(&notice);
    ck_assert_int_eq(chdir("/"), 0);
    scratch_remove(directory);
}

static void ck_attached(const char *argument, const char *words)
{
    buf_reset(&notice);
    ck_assert_msg(attaching_attach(&files, slice_of(argument), &notice, &err),
                  "%s", err.text);
    ck_assert_str_eq(buf_string(&notice), words);
}

static void ck_detached(const char *argument, const char *words)
{
    buf_reset(&notice);
    ck_assert_msg(attaching_detach(&files, slice_of(argument), &notice, &err),
                  "%s", err.text);
    ck_assert_str_eq(buf_string(&notice), words);
}

START_TEST(files_are_attached_listed_and_taken_away)
{
    ck_attached("a.txt", "attached: a.txt, 2 B");
    ck_attached("b c.gif", "attached: b c.gif, image 320x257, 14 B");
    ck_attached("'b c.gif' two knots",
                "attached: b c.gif, image 320x257, 14 B");
    ck_assert_str_eq(array_last(&files.list)->alt, "two knots");
    ck_attached("http://h/x.png a boat",
                "attached: http://h/x.png, image by its address");
    ck_attached("", "1: a.txt, 2 B\n2: b c.gif, image 320x257, 14 B\n"
                    "3: b c.gif, image 320x257, 14 B\n"
                    "4: http://h/x.png, image by its address\n"
                    "/detach NUMBER takes one away");
    ck_detached("2", "b c.gif does not go along");
    ck_assert_str_eq(files.list.items[1].alt, "two knots");
    ck_detached("", "http://h/x.png does not go along");
    ck_assert_uint_eq(files.list.count, 2);
    ck_detached("all", "nothing is attached any more");
    ck_assert_uint_eq(files.list.count, 0);
}
END_TEST

START_TEST(what_is_not_there_is_not_taken_away)
{
    static const char *const wrong[] = { "0", "2", "x", "-1", "1x" };
    ck_assert(!attaching_detach(&files, slice_of(""), &notice, &err));
    ck_assert_str_eq(err.text, "nothing is attached");
    ck_attached("a.txt", "attached: a.txt, 2 B");
    for (size_t i = 0; i < COUNTOF(wrong); i++) {
        ck_assert(!attaching_detach(&files, slice_of(wrong[i]), &notice, &err));
        ck_assert_uint_eq(files.list.count, 1);
    }
}
END_TEST

static bool read_mentions(const char *text, struct attachments *mentioned)
{
    struct mentions mentions = { .text = slice_of(text) };
    return attaching_read(mentioned, &files, &mentions, &err);
}

START_TEST(a_mentioned_file_goes_once)
{
    struct attachments mentioned = { 0 };
    ck_assert(read_mentions("@a.txt @./a.txt @'b c.gif' @none", &mentioned));
    ck_assert_uint_eq(mentioned.list.count, 2);
    ck_assert_str_eq(mentioned.list.items[0].name, "a.txt");
    ck_assert_str_eq(mentioned.list.items[1].name, "b c.gif");
    attachments_move(&files, &mentioned);
    ck_assert(read_mentions("@a.txt", &mentioned));
    ck_assert_uint_eq(mentioned.list.count, 0);
    attachments_clear(&mentioned);
}
END_TEST

START_TEST(a_mentioned_file_that_cannot_go_says_how_it_is_text)
{
    struct attachments mentioned = { 0 };
    ck_assert(!read_mentions("@a.txt and @bad", &mentioned));
    ck_assert_ptr_nonnull(strstr(err.text, "bad is a PDF document"));
    ck_assert_ptr_nonnull(strstr(err.text, "without the @ it goes as text"));
    attachments_clear(&mentioned);
}
END_TEST

START_TEST(what_goes_along_is_one_line)
{
    struct mentions mentions = { .text = slice_of("@a.txt, @a.txt:1-1") };
    attaching_format(&notice, &files, &mentions);
    ck_assert_str_eq(buf_string(&notice), "@a.txt, 2 B | @a.txt:1-1");
    ck_attached("a.txt", "attached: a.txt, 2 B");
    ck_attached("b c.gif", "attached: b c.gif, image 320x257, 14 B");
    buf_reset(&notice);
    attaching_format(&notice, &files, &mentions);
    ck_assert_str_eq(buf_string(&notice),
                     "a.txt, 2 B | b c.gif, image 320x257, 14 B | @a.txt:1-1");
}
END_TEST

/* Pasted text that was folded was not seen. */
START_TEST(a_mention_in_a_folded_paste_is_text)
{
    struct editor *editor = editor_new();
    struct attachments mentioned = { 0 };
    ck_assert(editor_paste(
        editor, slice_of("1\n2\n3\n4\n5\n6\n7\n8\n9\n@a.txt\n"), &err));
    ck_assert(editor_has_fold(editor));
    ck_assert(editor_insert(editor, slice_of("see @'b c.gif'"), &err));
    struct mentions mentions = { editor_text(editor), editor };
    ck_assert(attaching_read(&mentioned, &files, &mentions, &err));
    ck_assert_uint_eq(mentioned.list.count, 1);
    ck_assert_str_eq(mentioned.list.items[0].name, "b c.gif");
    attachments_clear(&mentioned);
    editor_free(editor);
}
END_TEST

START_TEST(the_files_of_a_turn_come_back)
{
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    dialogue_user(&dialogue, "look");
    dialogue_image(&dialogue, &(struct dialogue_image){ "a.png", "image/png",
                                                        "x", NULL, "PNG" });
    dialogue_image(&dialogue,
                   &(struct dialogue_image){ .name = "u", .url = "http://u" });
    const struct node *node =
        graph_node(dialogue.graph, graph_head(dialogue.graph));
    attaching_take_back(&files, dialogue.graph, node);
    attaching_take_back(&files, dialogue.graph, node);
    ck_assert_uint_eq(files.list.count, 2);
    ck_assert_str_eq(files.list.items[0].alt, "x");
    ck_assert_str_eq(buf_string(&files.list.items[0].data), "PNG");
    ck_assert_str_eq(files.list.items[1].url, "http://u");
    ck_assert(files.list.items[1].is_image);
    dialogue_end(&dialogue);
}
END_TEST

/* On the screen. */

#define TAGS                                                      \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"         \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"blind:1b\\\","     \
    "\\\"size\\\":1000,\\\"capabilities\\\":[\\\"completion\\\"]" \
    "},{\\\"name\\\":\\\"seer:1b\\\",\\\"size\\\":2000,"          \
    "\\\"capabilities\\\":[\\\"completion\\\",\\\"vision\\\"]}]}\"\n"
#define PS                                              \
    "match GET /api/ps\ntimes forever\nstatus 200 OK\n" \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"blind:1b\\\"}]}\"\n"
#define ANSWER(text)                                                        \
    "match POST /api/chat\nstatus 200 OK\nchunked\n"                        \
    "line {\"message\":{\"content\":\"" text "\"},\"done\":false}\n"        \
    "line {\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"" \
    "stop\"}\n"

static struct pty *start(struct server *server)
{
    struct pty_options options = { .height = 24, .width = 100 };
    struct pty *pty = fullscreen_new(server, &options);
    pty_write_file(pty, "files/notes one.txt", "splice\n");
    pty_write_file(pty, "files/other.txt", "x\n");
    pty_write_file(pty, "pixels.gif", GIF);
    pty_write_file(pty, "paper.pdf", "%PDF-1.7\n");
    fullscreen_run(pty);
    pty_expect(pty, "blind:1b@ollama");
    return pty;
}

static void quit(struct pty *pty, struct server *server)
{
    fullscreen_quit(pty);
    pty_free(pty);
    server_stop(server);
}

START_TEST(a_path_after_an_at_is_completed_shown_and_sent)
{
    struct server *server = server_start(TAGS, PS, ANSWER("a knot"), NULL);
    struct pty *pty = start(server);
    pty_send(pty, "read @~/fi");
    pty_expect(pty, "files/");
    pty_send(pty, "\t");
    pty_expect(pty, "> read @~/files/");
    pty_expect(pty, "notes one.txt  7 B");
    pty_send(pty, "no");
    pty_expect_gone(pty, "other.txt");
    pty_send(pty, "\t");
    pty_expect(pty, "> read @~/files/notes\\ one.txt");
    pty_expect(pty, "with it: @~/files/notes one.txt, 7 B");
    pty_send(pty, "please\r");
    pty_expect(pty, "a knot");
    pty_expect(pty, "@notes one.txt 7 B");
    pty_expect_gone(pty, "with it");
    ck_assert_ptr_nonnull(strstr(server_received(server),
                                 "File: notes one.txt\\n```\\nsplice\\n```"));
    quit(pty, server);
}
END_TEST

START_TEST(a_picture_is_attached_and_a_blind_model_named_before_it_goes)
{
    struct server *server = server_start(TAGS, PS, ANSWER("a boat"), NULL);
    struct pty *pty = start(server);
    pty_send(pty, "/attach ~/pixels.gif red sails\r");
    pty_expect(pty, "with it: pixels.gif, image 320x257, 14 B");
    pty_send(pty, "what is it?\r");
    pty_expect(pty, "blind:1b sees no images, ollama/seer:1b does; take that "
                    "model, or leave");
    pty_expect(pty, "> what is it?");
    ck_assert_int_eq(server_count(server, "POST /api/chat"), 0);
    pty_send(pty, "\x15/model ollama/seer:1b\r");
    pty_expect(pty, "the next prompt goes to seer:1b");
    /* A picture alone is a prompt. */
    pty_send(pty, "\r");
    pty_expect(pty, "a boat");
    pty_expect(pty, "@pixels.gif image 320x257, 14 B: red sails");
    pty_expect_gone(pty, "with it");
    ck_assert_ptr_nonnull(
        strstr(server_received(server), "\"images\":[\"R0lG"));
    quit(pty, server);
}
END_TEST

START_TEST(what_cannot_go_keeps_the_draft)
{
    struct server *server = server_start(TAGS, PS, NULL);
    struct pty *pty = start(server);
    pty_send(pty, "sum up @~/paper.pdf\r");
    pty_expect(pty, "paper.pdf is a PDF document");
    pty_expect(pty, "> sum up @~/paper.pdf");
    ck_assert_int_eq(server_count(server, "POST /api/chat"), 0);
    pty_send(pty, "\x15/attach ~/none\r");
    pty_expect(pty, "none: No such file");
    pty_send(pty, "\x15");
    pty_expect_gone(pty, "/attach ~/none");
    quit(pty, server);
}
END_TEST

Suite *attaching_suite(void)
{
    Suite *suite = suite_create("attaching");
    TCase *test = tcase_create("attaching");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, files_are_attached_listed_and_taken_away);
    tcase_add_test(test, what_is_not_there_is_not_taken_away);
    tcase_add_test(test, a_mentioned_file_goes_once);
    tcase_add_test(test, a_mentioned_file_that_cannot_go_says_how_it_is_text);
    tcase_add_test(test, what_goes_along_is_one_line);
    tcase_add_test(test, a_mention_in_a_folded_paste_is_text);
    tcase_add_test(test, the_files_of_a_turn_come_back);
    suite_add_tcase(suite, test);
    TCase *screen = tcase_create("screen");
    tcase_set_timeout(screen, 30);
    tcase_add_test(screen, a_path_after_an_at_is_completed_shown_and_sent);
    tcase_add_test(
        screen, a_picture_is_attached_and_a_blind_model_named_before_it_goes);
    tcase_add_test(screen, what_cannot_go_keeps_the_draft);
    suite_add_tcase(suite, screen);
    return suite;
}
