/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "app/external_editor.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "net/loop.h"
#include "tests/support/pty.h"

Suite *external_editor_suite(void);

/* A draft, the editor that it is given to, and what must come of it. The editor
 * is a script that finds the file's name in $file. */
struct edit {
    const char *script;
    const char *draft;
    const char *words;           /* the client's last: see run_client() */
    int files;                   /* left behind where drafts lie */
    const char *visual, *editor; /* "ed.sh" if neither is given */
    const char *runtime;         /* XDG_RUNTIME_DIR, if another */
    bool is_freed;               /* as soon as it has the terminal */
};

struct client {
    const struct edit *edit;
    struct loop *loop;
    bool is_done;
    struct buf words;
};

static void on_edited(void *context, struct slice text, const struct error *err)
{
    struct client *client = context;
    int shown = text.len < 60 ? (int)text.len : 60;
    client->is_done = true;
    if (err)
        buf_printf(&client->words, "kept, because: %s", err->text);
    else
        buf_printf(&client->words, "took %zu: %.*s.", text.len, shown,
                   text.ptr ? text.ptr : "");
}

static void set_variables(const struct edit *edit)
{
    char path[4096];
    bool has_own = edit->visual || edit->editor;
    snprintf(path, sizeof path, "%s/bin:%s", getenv("HOME"), getenv("PATH"));
    setenv("PATH", path, 1);
    setenv("VISUAL", edit->visual ? edit->visual : "", 1);
    setenv("EDITOR", has_own ? edit->editor ? edit->editor : "" : "ed.sh", 1);
    if (edit->runtime)
        setenv("XDG_RUNTIME_DIR", edit->runtime, 1);
}

/* Line feeds as bars. */
static void say(struct client *client)
{
    for (size_t i = 0; i < client->words.len; i++) {
        if (client->words.ptr[i] == '\n')
            client->words.ptr[i] = '|';
    }
    dprintf(STDOUT_FILENO, "\r\n%s\r\n", buf_string(&client->words));
}

static void on_typed(void *context, int fd, int events)
{
    struct client *client = context;
    char byte;
    (void)events;
    if (read(fd, &byte, 1) == 1)
        client->is_done = true;
}

/* A client on a terminal that does nothing but hand out its draft. One that
 * frees the editor does so when a line is typed. */
static int run_client(void *context)
{
    struct client client = { .edit = context };
    struct error err = { 0 };
    signal(SIGTTOU, SIG_IGN);
    set_variables(client.edit);
    client.loop = loop_new(&err);
    struct external_editor_setup setup = {
        .loop = client.loop,
        .draft = slice_of(client.edit->draft),
        .fn = on_edited,
        .context = &client,
    };
    struct external_editor *editor = external_editor_begin(&setup, &err);
    if (!editor)
        buf_printf(&client.words, "refused: %s", err.text);
    if (client.edit->is_freed)
        loop_watch(client.loop, STDIN_FILENO, LOOP_READ, on_typed, &client);
    while (editor && !client.is_done)
        loop_turn(client.loop, -1);
    external_editor_free(editor);
    say(&client);
    return 0;
}

/* What is left in the directories that drafts may lie in. */
static int count_files(const struct pty *pty)
{
    static const char *const names[] = { "run", "tmp" };
    int count = 0;
    for (size_t i = 0; i < COUNTOF(names); i++) {
        DIR *directory = opendir(pty_path(pty, names[i]));
        const struct dirent *entry;
        while (directory && (entry = readdir(directory)))
            count += entry->d_name[0] != '.';
        if (directory)
            closedir(directory);
    }
    return count;
}

static void write_script(const struct pty *pty, const char *name,
                         const char *script)
{
    char text[1024];
    snprintf(text, sizeof text, "#!/bin/sh\nfor file; do :; done\n%s\n",
             script);
    pty_write_file(pty, name, text);
    ck_assert_int_eq(chmod(pty_path(pty, name), 0700), 0);
}

static void check_edit(const struct edit *edit)
{
    struct pty_options options = { .width = 200 };
    struct pty *pty = pty_new(&options);
    struct edit copy = *edit;
    write_script(pty, "bin/ed.sh", edit->script ? edit->script : "");
    write_script(pty, "bin/vi", "echo by vi >\"$file\"");
    pty_call(pty, run_client, &copy);
    if (edit->is_freed) {
        pty_expect(pty, "running");
        pty_send(pty, "\n");
    }
    int status = pty_wait_exit(pty, PTY_DEADLINE_MS);
    pty_expect(pty, edit->words);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(count_files(pty), edit->files);
    pty_free(pty);
}

static void check_edits(const struct edit *edits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_edit(&edits[i]);
}

#define EDIT(a, b, c, ...)                               \
    {                                                    \
        .script = a, .draft = b, .words = c, __VA_ARGS__ \
    }

START_TEST(what_the_editor_wrote_is_the_draft)
{
    static const struct edit edits[] = {
        EDIT("printf 'one\\ntwo\\n' >\"$file\"", "x", "took 7: one|two."),
        EDIT("printf 'no end' >\"$file\"", "x", "took 6: no end."),
        EDIT("cat \"$file\" >>\"$file.new\"; cat \"$file.new\" >>\"$file\";"
             "rm \"$file.new\"",
             "twice", "took 11: twice|twice."),
        EDIT(": >\"$file\"", "x", "took 0: ."),
        /* Another file of that name, as most editors do it. */
        EDIT("echo new >\"$file~\"; mv \"$file~\" \"$file\"", "x",
             "took 3: new."),
    };
    check_edits(edits, COUNTOF(edits));
}
END_TEST

START_TEST(a_draft_that_is_only_looked_at_does_not_change)
{
    static const struct edit edits[] = {
        EDIT(":", "", "took 0: ."),
        EDIT(":", "one", "took 3: one."),
        EDIT(":", "one\n", "took 4: one|."),
        EDIT(":", "\n\n", "took 2: ||."),
    };
    check_edits(edits, COUNTOF(edits));
}
END_TEST

START_TEST(the_editor_is_visual_then_editor_then_vi)
{
    static const struct edit edits[] = {
        EDIT("echo \"$1,$2,$#\" >\"$file\"", "x", "took 11: --wait,-n,3.",
             .visual = "ed.sh --wait\t -n ", .editor = "false"),
        EDIT("echo mine >\"$file\"", "x", "took 4: mine.", .editor = "ed.sh"),
        EDIT(NULL, "x", "took 5: by vi.", .visual = " \t", .editor = "  "),
        /* No shell: nothing is expanded, and nothing runs besides. */
        EDIT("echo \"$1 $2\" >\"$file\"", "x", "took 8: $HOME ;x.",
             .editor = "ed.sh $HOME ;x"),
    };
    check_edits(edits, COUNTOF(edits));
}
END_TEST

START_TEST(the_file_is_private_and_says_that_it_is_markdown)
{
    static const struct edit edits[] = {
        EDIT("ls -l \"$file\" | cut -c1-10 >\"$file.x\";"
             "basename \"$file\" | tr -c '[:punct:]\\n' X >>\"$file.x\";"
             "mv \"$file.x\" \"$file\"",
             "x", "took 27: -rw-------|XXXXXX-XXXXXX.XX."),
        EDIT("dirname \"$file\" >\"$file.x\"; mv \"$file.x\" \"$file\"", "x",
             "/run."),
        EDIT("dirname \"$file\" >\"$file.x\"; mv \"$file.x\" \"$file\"", "x",
             "/tmp.", .runtime = "/nonexistent"),
        EDIT("dirname \"$file\" >\"$file.x\"; mv \"$file.x\" \"$file\"", "x",
             "/tmp.", .runtime = "relative"),
    };
    check_edits(edits, COUNTOF(edits));
}
END_TEST

START_TEST(an_editor_that_fails_leaves_the_draft)
{
    static const struct edit edits[] = {
        EDIT("echo unwanted >\"$file\"; exit 1", "x",
             "kept, because: the editor ed.sh: it failed with exit status 1"),
        EDIT(NULL, "x", "kept, because: the editor none.sh: it cannot be run",
             .editor = "none.sh"),
        EDIT("kill -KILL $$", "x",
             "the editor ed.sh: it was ended by signal 9"),
    };
    check_edits(edits, COUNTOF(edits));
}
END_TEST

START_TEST(what_cannot_be_read_back_is_kept_and_named)
{
    static const struct edit edits[] = {
        EDIT("printf 'a\\377b' >\"$file\"", "x", "/run/sennit-", .files = 1),
        EDIT("printf 'a\\377b' >\"$file\"", "x", ".md is not UTF-8",
             .files = 1),
        EDIT("head -c 9000000 /dev/zero | tr '\\0' x >\"$file\"", "x",
             "md is larger than", .files = 1),
        EDIT("echo work >\"$file\"; kill -KILL $$", "x",
             "signal 9; what it wrote is in /", .files = 1),
        EDIT("rm \"$file\"", "x", "the draft stays as it was"),
    };
    check_edits(edits, COUNTOF(edits));
}
END_TEST

START_TEST(an_editor_that_is_freed_is_ended)
{
    static const struct edit edits[] = {
        EDIT("echo running; sleep 30", "x", "", .is_freed = true),
        EDIT("echo work >\"$file\"; echo running; sleep 30", "x",
             "what the editor wrote is in /", .files = 1, .is_freed = true),
    };
    check_edits(edits, COUNTOF(edits));
}
END_TEST

/* A server that an editor's client talks to needs a name that is true for it,
 * too. */
START_TEST(the_editor_knows_the_terminal_by_its_name)
{
    static const struct edit edit =
        EDIT("tty | cut -d/ -f1-3 >\"$file\"", "x", "took 8: /dev/pts.");
    check_edit(&edit);
}
END_TEST

Suite *external_editor_suite(void)
{
    Suite *suite = suite_create("external_editor");
    TCase *tcase = tcase_create("external_editor");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_the_editor_wrote_is_the_draft);
    tcase_add_test(tcase, a_draft_that_is_only_looked_at_does_not_change);
    tcase_add_test(tcase, the_editor_is_visual_then_editor_then_vi);
    tcase_add_test(tcase, the_file_is_private_and_says_that_it_is_markdown);
    tcase_add_test(tcase, an_editor_that_fails_leaves_the_draft);
    tcase_add_test(tcase, what_cannot_be_read_back_is_kept_and_named);
    tcase_add_test(tcase, an_editor_that_is_freed_is_ended);
    tcase_add_test(tcase, the_editor_knows_the_terminal_by_its_name);
    suite_add_tcase(suite, tcase);
    return suite;
}
