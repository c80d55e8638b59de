/* SPDX-License-Identifier: MIT */
#include "app/external_editor.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/guard.h"
#include "app/print.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/utf8.h"
#include "net/child.h"
#include "ui/editor.h"
#include "ui/term.h"

struct external_editor {
    struct child *child;
    struct buf command; /* the words of the variable, a NUL after each */
    ARRAY_OF(char *) words;
    struct buf path;
    struct buf written; /* what the file held at first */
    struct buf text;    /* and at last */
    external_editor_fn *fn;
    void *context;
};

/* The command. */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Blank is as good as unset. */
static const char *command_line(void)
{
    const char *values[] = { getenv("VISUAL"), getenv("EDITOR") };
    for (size_t i = 0; i < COUNTOF(values); i++) {
        if (values[i] && values[i][strspn(values[i], " \t")])
            return values[i];
    }
    return "vi";
}

/* Words at blanks, the file last. No shell, so no quotes either: who needs
 * them writes a script. */
static void split_command(struct external_editor *editor)
{
    buf_append_string(&editor->command, command_line());
    char *ptr = editor->command.ptr;
    for (size_t i = 0; i < editor->command.len; i++) {
        bool is_start = i == 0 || ptr[i - 1] == '\0';
        if (is_blank(ptr[i]))
            ptr[i] = '\0';
        else if (is_start)
            *array_add(&editor->words) = ptr + i;
    }
    *array_add(&editor->words) = editor->path.ptr;
    *array_add(&editor->words) = NULL;
}

/* The file. */

/* A text file ends with a line feed, whether the draft does or not: one is
 * added here and taken off again. */
static bool write_draft(struct external_editor *editor, struct slice draft,
                        struct error *err)
{
    const char *directories[] = { getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"),
                                  "/tmp" };
    static const char name[] = "/sennit-XXXXXX.md";
    buf_append_slice(&editor->written, draft);
    if (draft.len)
        buf_append_char(&editor->written, '\n');
    for (size_t i = 0; i < COUNTOF(directories); i++) {
        const char *directory = directories[i];
        if (!directory || directory[0] != '/')
            continue;
        buf_reset(&editor->path);
        buf_printf(&editor->path, "%s%s", directory, name);
        if (path_write_new(&editor->path, strlen(".md"),
                           buf_slice(&editor->written), err))
            return true;
    }
    buf_reset(&editor->path);
    return false;
}

static bool read_draft(struct external_editor *editor, struct error *err)
{
    struct buf *text = &editor->text;
    buf_reset(text);
    /* One byte more for the line feed. */
    if (!path_read_file(text, editor->path.ptr, EDITOR_TEXT_MAX + 1, err))
        return false;
    if (text->len && text->ptr[text->len - 1] == '\n')
        buf_truncate(text, text->len - 1);
    if (!utf8_is_valid(buf_slice(text)))
        return error_set(err, ERROR_PROTOCOL, "%s is not UTF-8",
                         editor->path.ptr);
    if (text->len > EDITOR_TEXT_MAX)
        return error_set(err, ERROR_LIMIT, "%s is larger than %d bytes",
                         editor->path.ptr, EDITOR_TEXT_MAX);
    return true;
}

static bool is_unchanged(const struct external_editor *editor)
{
    struct buf now = { 0 };
    struct error err = { 0 };
    size_t max = editor->written.len;
    bool ok = path_read_file(&now, editor->path.ptr, max, &err) &&
              slice_equal(buf_slice(&now), buf_slice(&editor->written));
    buf_clear(&now);
    return ok;
}

static void remove_file(struct external_editor *editor)
{
    if (editor->path.len)
        unlink(editor->path.ptr);
    buf_reset(&editor->path);
}

/* The end. */

/* One that says that it failed was told to give up; one that was killed was
 * not asked. */
static bool take_text(struct external_editor *editor,
                      const struct child_end *end, struct error *err)
{
    bool is_lost = end->was_killed && !is_unchanged(editor);
    if (!end->err && read_draft(editor, err)) {
        remove_file(editor);
        return true;
    }
    if (!end->err) {
        error_context(err, "the draft stays as it was");
        return false;
    }
    *err = *end->err;
    error_context(err, "the editor %s", editor->words.items[0]);
    if (is_lost) {
        struct error cause = *err;
        error_set(err, cause.kind, "%s; what it wrote is in %s", cause.text,
                  editor->path.ptr);
    } else {
        remove_file(editor);
    }
    return false;
}

static void on_done(void *context, const struct child_end *end)
{
    struct external_editor *editor = context;
    struct error err = { 0 };
    bool ok = take_text(editor, end, &err);
    child_free(editor->child);
    editor->child = NULL;
    buf_reset(&editor->path); /* kept, or removed: no longer ours */
    /* One that opens a window of its own may end after `bg`. */
    if (guard_is_in_background())
        guard_stop();
    editor->fn(editor->context, ok ? buf_slice(&editor->text) : slice_of(""),
               ok ? NULL : &err);
}

/* It has stopped itself alone; the shell waits for all of us. */
static void on_stop(void *context)
{
    (void)context;
    guard_stop();
}

/* By its own name where we know it: a server that an editor's client talks to
 * is another process and has no /dev/tty, or another one. */
static void name_terminal(char *path, size_t size)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (tcgetpgrp(fd) > 0 && ttyname_r(fd, path, size) == 0 &&
            access(path, R_OK | W_OK) == 0)
            return;
    }
    memcpy(path, "/dev/tty", sizeof "/dev/tty");
}

static bool start(struct external_editor *editor,
                  const struct external_editor_setup *setup, struct error *err)
{
    char path[PATH_MAX];
    if (!write_draft(editor, setup->draft, err))
        return false;
    split_command(editor);
    name_terminal(path, sizeof path);
    struct child_setup child = {
        .mode = CHILD_FOREGROUND,
        .loop = setup->loop,
        .argv = editor->words.items,
        .tty = setup->tty ? setup->tty : path,
        .reset = term_reset_string,
        .on_done = on_done,
        .on_stop = on_stop,
        .context = editor,
    };
    editor->child = child_start(&child, err);
    return editor->child != NULL;
}

struct external_editor *external_editor_begin(
    const struct external_editor_setup *setup, struct error *err)
{
    struct external_editor *editor = memory_zero(1, sizeof *editor);
    editor->fn = setup->fn;
    editor->context = setup->context;
    if (start(editor, setup, err))
        return editor;
    remove_file(editor);
    external_editor_free(editor);
    return NULL;
}

void external_editor_free(struct external_editor *editor)
{
    if (!editor)
        return;
    child_free(editor->child);
    if (editor->path.len && !is_unchanged(editor))
        print_notice("what the editor wrote is in %s", editor->path.ptr);
    else
        remove_file(editor);
    array_clear(&editor->words);
    buf_clear(&editor->command);
    buf_clear(&editor->path);
    buf_clear(&editor->written);
    buf_clear(&editor->text);
    free(editor);
}
