/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/path.h"

enum { LOOK_MS = 100 /* for a signal, while nothing else ends the waiting */ };

struct store {
    struct loop *loop;
    struct worker *worker;
    bool is_called_off; /* who waits for the answers is gone */
    struct buf directory;
};

static void on_answer(void *context, int fd, int events)
{
    const struct store *store = context;
    (void)fd, (void)events;
    worker_collect(store->worker);
}

struct store *store_new(struct loop *loop, struct error *err)
{
    struct store *store = memory_zero(1, sizeof *store);
    store->loop = loop;
    if (path_data_home(&store->directory, "", err))
        store->worker = worker_new(err);
    if (!store->worker) {
        store_free(store);
        return NULL;
    }
    loop_watch(loop, worker_fd(store->worker), LOOP_READ, on_answer, store);
    return store;
}

/* An answer may post the next job. */
bool store_settle(struct store *store, int64_t patience_ms)
{
    struct pollfd answer = { worker_fd(store->worker), POLLIN, 0 };
    int64_t until = clock_monotonic_ms() + patience_ms;
    while (!store->is_called_off) {
        worker_collect(store->worker);
        if (!worker_pending(store->worker))
            return true;
        int64_t left = until - clock_monotonic_ms();
        if (patience_ms >= 0 && left <= 0)
            return false;
        poll(&answer, 1, patience_ms < 0 ? -1 : (int)left);
    }
    return false;
}

/* A signal waits for the loop, which does not turn meanwhile. */
static bool has_signal(void)
{
    sigset_t waiting;
    return sigpending(&waiting) == 0 && (sigismember(&waiting, SIGINT) == 1 ||
                                         sigismember(&waiting, SIGTERM) == 1 ||
                                         sigismember(&waiting, SIGHUP) == 1);
}

bool store_await(struct store *store)
{
    while (!store_settle(store, LOOK_MS))
        if (has_signal()) {
            store->is_called_off = true;
            return false;
        }
    return !store->is_called_off;
}

void store_free(struct store *store)
{
    if (!store)
        return;
    if (store->worker) {
        /* With nothing left to do the thread ends in a moment, which it gets. */
        bool hangs = worker_pending(store->worker) > 0;
        loop_unwatch(store->loop, worker_fd(store->worker));
        /* Called off, its last job may still end: its answer is for nobody. */
        if (!store->is_called_off)
            worker_free(store->worker, hangs ? 0 : -1);
    }
    buf_clear(&store->directory);
    free(store);
}

struct loop *store_loop(const struct store *store)
{
    return store->loop;
}

void store_post(struct store *store, worker_job_fn *work, worker_done_fn *done,
                void *context, void *job)
{
    worker_post(store->worker, work, done, context, job);
}

void store_path(const struct store *store, struct buf *path, const char *name)
{
    buf_printf(path, "%s%s%s", store->directory.ptr, name[0] ? "/" : "", name);
}

void store_session_path(const struct store *store, struct buf *path,
                        const char *id)
{
    buf_printf(path, "%s/sessions/%s.db", store->directory.ptr, id);
}
