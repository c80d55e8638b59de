/* SPDX-License-Identifier: MIT */
#include "app/external_editor.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/foreground.h"
#include "app/print.h"
#include "base/buf.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/utf8.h"
#include "ui/editor.h"

struct external_editor {
    struct foreground *program;
    struct buf path;
    struct buf written; /* what the file held at first */
    struct buf text;    /* and at last */
    external_editor_fn *fn;
    void *context;
};

/* The command. */

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

/* The file. */

/* A text file ends with a line feed, whether the draft does or not: one is
 * added here and taken off again. */
static bool write_draft(struct external_editor *editor, struct slice draft,
                        struct error *err)
{
    buf_append_slice(&editor->written, draft);
    if (draft.len)
        buf_append_char(&editor->written, '\n');
    return foreground_write(&editor->path, ".md", buf_slice(&editor->written),
                            err);
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
    error_context(err, "the editor %s", foreground_name(editor->program));
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
    foreground_free(editor->program);
    editor->program = NULL;
    buf_reset(&editor->path); /* kept, or removed: no longer ours */
    editor->fn(editor->context, ok ? buf_slice(&editor->text) : slice_of(""),
               ok ? NULL : &err);
}

static bool start(struct external_editor *editor,
                  const struct external_editor_setup *setup, struct error *err)
{
    if (!write_draft(editor, setup->draft, err))
        return false;
    struct foreground_setup program = {
        .loop = setup->loop,
        .command = command_line(),
        .path = editor->path.ptr,
        .tty = setup->tty,
        .on_done = on_done,
        .context = editor,
    };
    editor->program = foreground_start(&program, err);
    return editor->program != NULL;
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
    foreground_free(editor->program);
    if (editor->path.len && !is_unchanged(editor))
        print_notice("what the editor wrote is in %s", editor->path.ptr);
    else
        remove_file(editor);
    buf_clear(&editor->path);
    buf_clear(&editor->written);
    buf_clear(&editor->text);
    free(editor);
}
