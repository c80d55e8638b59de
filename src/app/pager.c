/* SPDX-License-Identifier: MIT */
#include "app/pager.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/foreground.h"
#include "base/filter.h"
#include "base/memory.h"

enum { PIECE = 16 * 1024 /* bytes of a file that are filtered at once */ };

struct pager {
    struct foreground *program;
    struct buf path; /* of the copy; "": there is none */
    pager_fn *fn;
    void *context;
};

/* Blank is as good as unset. */
static const char *command_line(void)
{
    const char *value = getenv("PAGER");
    return value && value[strspn(value, " \t")] ? value : "less";
}

/* Piece by piece: the output of a program may be large. */
static bool copy_file(FILE *from, FILE *to)
{
    struct filter filter = { 0 };
    struct buf harmless = { 0 };
    char piece[PIECE];
    size_t len;
    bool ok = true;
    while (ok && (len = fread(piece, 1, sizeof piece, from)) > 0) {
        buf_reset(&harmless);
        filter_feed(&filter, &harmless, (struct slice){ piece, len });
        ok = fwrite(buf_string(&harmless), 1, harmless.len, to) == harmless.len;
    }
    buf_reset(&harmless);
    filter_flush(&filter, &harmless);
    ok = ok && !ferror(from) &&
         fwrite(buf_string(&harmless), 1, harmless.len, to) == harmless.len;
    buf_clear(&harmless);
    return ok;
}

static bool write_file(struct pager *pager, const char *path, struct error *err)
{
    if (!foreground_write(&pager->path, ".txt", slice_of(""), err))
        return false;
    FILE *from = fopen(path, "re");
    FILE *to = from ? fopen(buf_string(&pager->path), "we") : NULL;
    bool ok = to && copy_file(from, to);
    int number = errno;
    if (from)
        fclose(from);
    if (to && fclose(to) != 0)
        ok = false;
    errno = number;
    return ok || error_system(err, "cannot show %s", path);
}

static bool write_copy(struct pager *pager, const struct pager_setup *setup,
                       struct error *err)
{
    struct buf harmless = { 0 };
    if (setup->path)
        return write_file(pager, setup->path, err);
    filter_text(&harmless, setup->text);
    bool ok = foreground_write(&pager->path, ".txt", buf_slice(&harmless), err);
    buf_clear(&harmless);
    return ok;
}

static void on_done(void *context, const struct child_end *end)
{
    struct pager *pager = context;
    struct error err = { 0 };
    if (end->err) {
        err = *end->err;
        error_context(&err, "the pager %s", foreground_name(pager->program));
    }
    pager->fn(pager->context, end->err ? &err : NULL);
}

struct pager *pager_begin(const struct pager_setup *setup, struct error *err)
{
    struct pager *pager = memory_zero(1, sizeof *pager);
    pager->fn = setup->fn;
    pager->context = setup->context;
    if (write_copy(pager, setup, err)) {
        struct foreground_setup program = {
            .loop = setup->loop,
            .command = command_line(),
            .path = buf_string(&pager->path),
            .tty = setup->tty,
            .on_done = on_done,
            .context = pager,
        };
        pager->program = foreground_start(&program, err);
    }
    if (pager->program)
        return pager;
    pager_free(pager);
    return NULL;
}

void pager_free(struct pager *pager)
{
    if (!pager)
        return;
    foreground_free(pager->program);
    if (pager->path.len)
        unlink(buf_string(&pager->path));
    buf_clear(&pager->path);
    free(pager);
}
