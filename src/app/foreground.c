/* SPDX-License-Identifier: MIT */
#include "app/foreground.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/guard.h"
#include "base/array.h"
#include "base/memory.h"
#include "base/path.h"
#include "ui/term.h"

struct foreground {
    struct child *child;
    struct buf command; /* its words, a NUL after each */
    char *path;
    ARRAY_OF(char *) words;
    child_done_fn *on_done;
    void *context;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void split_command(struct foreground *foreground, const char *command)
{
    buf_append_string(&foreground->command, command);
    char *ptr = foreground->command.ptr;
    for (size_t i = 0; i < foreground->command.len; i++) {
        bool is_start = i == 0 || ptr[i - 1] == '\0';
        if (is_blank(ptr[i]))
            ptr[i] = '\0';
        else if (is_start)
            *array_add(&foreground->words) = ptr + i;
    }
    *array_add(&foreground->words) = foreground->path;
    *array_add(&foreground->words) = NULL;
}

static void on_done(void *context, const struct child_end *end)
{
    struct foreground *foreground = context;
    /* One that opens a window of its own may end after `bg`. */
    if (guard_is_in_background())
        guard_stop();
    foreground->on_done(foreground->context, end);
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

struct foreground *foreground_start(const struct foreground_setup *setup,
                                    struct error *err)
{
    char tty[PATH_MAX];
    struct foreground *foreground = memory_zero(1, sizeof *foreground);
    foreground->path = memory_copy(setup->path, strlen(setup->path));
    foreground->on_done = setup->on_done;
    foreground->context = setup->context;
    split_command(foreground, setup->command);
    name_terminal(tty, sizeof tty);
    struct child_setup child = {
        .mode = CHILD_FOREGROUND,
        .loop = setup->loop,
        .argv = foreground->words.items,
        .tty = setup->tty ? setup->tty : tty,
        .reset = term_reset_string,
        .on_done = on_done,
        .on_stop = on_stop,
        .context = foreground,
    };
    foreground->child = child_start(&child, err);
    if (foreground->child)
        return foreground;
    foreground_free(foreground);
    return NULL;
}

void foreground_free(struct foreground *foreground)
{
    if (!foreground)
        return;
    child_free(foreground->child);
    array_clear(&foreground->words);
    buf_clear(&foreground->command);
    free(foreground->path);
    free(foreground);
}

bool foreground_write(struct buf *path, const char *suffix, struct slice text,
                      struct error *err)
{
    const char *directories[] = { getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"),
                                  "/tmp" };
    for (size_t i = 0; i < COUNTOF(directories); i++) {
        const char *directory = directories[i];
        if (!directory || directory[0] != '/')
            continue;
        buf_reset(path);
        buf_printf(path, "%s/sennit-XXXXXX%s", directory, suffix);
        if (path_write_new(path, strlen(suffix), text, err))
            return true;
    }
    buf_reset(path);
    return false;
}

const char *foreground_name(const struct foreground *foreground)
{
    return foreground->words.items[0];
}
