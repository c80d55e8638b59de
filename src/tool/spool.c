/* SPDX-License-Identifier: MIT */
#include "tool/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/path.h"
#include "tool/toolbox_state.h"

enum { NAME_BYTES = 8 };

struct spool {
    struct worker *worker;
    char *path;
    spool_done_fn *on_done; /* NULL: nobody waits */
    void *context;
    bool is_known; /* somebody was told that the file is there */
    /* The thread's. */
    int fd; /* -1: not open */
    bool is_made;
    struct error err;
};

enum step_kind { STEP_OPEN, STEP_ADD, STEP_FINISH, STEP_REMOVE, STEP_FREE };

/* What the thread does next: they are done in order. */
struct step {
    struct spool *spool;
    enum step_kind kind;
    struct buf bytes;
};

static char *unforeseen_path(const char *directory)
{
    unsigned char bytes[NAME_BYTES];
    struct buf path = { 0 };
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        return NULL;
    buf_printf(&path, "%s/output-", directory);
    for (size_t i = 0; i < sizeof bytes; i++)
        buf_printf(&path, "%02x", bytes[i]);
    buf_append_string(&path, ".txt");
    return buf_steal(&path);
}

static void open_file(struct spool *spool)
{
    if (!path_make_way(spool->path, &spool->err))
        return;
    spool->fd =
        open(spool->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
             0600);
    spool->is_made = spool->fd >= 0;
    if (!spool->is_made)
        error_system(&spool->err, "making %s", spool->path);
}

static void remove_file(struct spool *spool)
{
    if (spool->fd >= 0)
        close(spool->fd);
    if (spool->is_made)
        unlink(spool->path);
    spool->fd = -1;
    spool->is_made = false;
}

static void add(struct spool *spool, struct slice bytes)
{
    while (spool->fd >= 0 && bytes.len) {
        ssize_t len = write(spool->fd, bytes.ptr, bytes.len);
        if (len >= 0) {
            bytes = slice_skip(bytes, (size_t)len);
        } else if (errno != EINTR) {
            error_system(&spool->err, "writing %s", spool->path);
            remove_file(spool);
        }
    }
}

/* A network file system may say only now that the disk is full. */
static void finish(struct spool *spool)
{
    int fd = spool->fd;
    spool->fd = -1;
    if (fd < 0 || close(fd) == 0)
        return;
    error_system(&spool->err, "writing %s", spool->path);
    remove_file(spool);
}

static void take_step(void *job)
{
    struct step *step = job;
    switch (step->kind) {
    case STEP_OPEN: open_file(step->spool); break;
    case STEP_ADD: add(step->spool, buf_slice(&step->bytes)); break;
    case STEP_FINISH: finish(step->spool); break;
    case STEP_REMOVE: remove_file(step->spool); break;
    case STEP_FREE: break;
    }
}

static void step_taken(void *context, void *job)
{
    struct step *step = job;
    struct spool *spool = step->spool;
    (void)context;
    if (step->kind == STEP_FINISH && spool->on_done) {
        spool->is_known = spool->err.kind == ERROR_NONE;
        spool->on_done(spool->context, spool->is_known ? NULL : &spool->err);
    } else if (step->kind == STEP_REMOVE || step->kind == STEP_FREE) {
        free(spool->path);
        free(spool);
    }
    buf_clear(&step->bytes);
    free(step);
}

static void post(struct spool *spool, enum step_kind kind, struct slice bytes)
{
    struct step *step = memory_zero(1, sizeof *step);
    step->spool = spool;
    step->kind = kind;
    buf_append_slice(&step->bytes, bytes);
    worker_post(spool->worker, take_step, step_taken, NULL, step);
}

struct spool *spool_new(struct toolbox *toolbox)
{
    struct error err;
    struct worker *worker =
        toolbox->spool ? toolbox_thread(toolbox, TOOLBOX_PLANS, &err) : NULL;
    char *path = worker ? unforeseen_path(toolbox->spool) : NULL;
    if (!path)
        return NULL;
    struct spool *spool = memory_zero(1, sizeof *spool);
    *spool = (struct spool){ .worker = worker, .path = path, .fd = -1 };
    post(spool, STEP_OPEN, (struct slice){ 0 });
    return spool;
}

const char *spool_path(const struct spool *spool)
{
    return spool->path;
}

void spool_add(struct spool *spool, struct slice bytes)
{
    post(spool, STEP_ADD, bytes);
}

void spool_finish(struct spool *spool, spool_done_fn *on_done, void *context)
{
    spool->on_done = on_done;
    spool->context = context;
    post(spool, STEP_FINISH, (struct slice){ 0 });
}

void spool_free(struct spool *spool)
{
    if (!spool)
        return;
    spool->on_done = NULL;
    post(spool, spool->is_known ? STEP_FREE : STEP_REMOVE, (struct slice){ 0 });
}
