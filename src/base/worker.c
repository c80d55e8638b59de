/* SPDX-License-Identifier: MIT */
#include "base/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"

struct task {
    worker_job_fn *work;
    worker_done_fn *done;
    void *context, *job;
    struct task *next;
};

struct tasks {
    struct task *first, *last;
};

struct worker {
    pthread_t thread;
    pthread_mutex_t lock; /* of what stands below */
    pthread_cond_t posted, finished;
    struct tasks todo, done;
    size_t pending;
    bool is_ending;
    bool is_idle; /* no job is under way */
    int fd;
};

static void push(struct tasks *tasks, struct task *task)
{
    task->next = NULL;
    if (tasks->last)
        tasks->last->next = task;
    else
        tasks->first = task;
    tasks->last = task;
}

static struct task *pop(struct tasks *tasks)
{
    struct task *task = tasks->first;
    if (!task)
        return NULL;
    tasks->first = task->next;
    if (!tasks->first)
        tasks->last = NULL;
    return task;
}

static void tell(int fd)
{
    const uint64_t one = 1;
    while (write(fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

/* The next task, waited for; NULL: there will be none. */
static struct task *take(struct worker *worker)
{
    struct task *task;
    pthread_mutex_lock(&worker->lock);
    while (!(task = pop(&worker->todo)) && !worker->is_ending)
        pthread_cond_wait(&worker->posted, &worker->lock);
    worker->is_idle = !task;
    pthread_mutex_unlock(&worker->lock);
    return task;
}

static void *run(void *context)
{
    struct worker *worker = context;
    struct task *task;
    while ((task = take(worker))) {
        task->work(task->job);
        pthread_mutex_lock(&worker->lock);
        push(&worker->done, task);
        worker->is_idle = true;
        pthread_cond_broadcast(&worker->finished);
        pthread_mutex_unlock(&worker->lock);
        tell(worker->fd);
    }
    return NULL;
}

/* Signals are the loop's. */
static int start_thread(struct worker *worker)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&worker->thread, NULL, run, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

static void init_conditions(struct worker *worker)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->posted, &attributes);
    pthread_cond_init(&worker->finished, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void drop(struct worker *worker)
{
    pthread_cond_destroy(&worker->posted);
    pthread_cond_destroy(&worker->finished);
    pthread_mutex_destroy(&worker->lock);
    if (worker->fd >= 0)
        close(worker->fd);
    free(worker);
}

struct worker *worker_new(struct error *err)
{
    struct worker *worker = memory_zero(1, sizeof *worker);
    init_conditions(worker);
    worker->is_idle = true;
    worker->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (worker->fd < 0) {
        error_system(err, "eventfd");
    } else if ((errno = start_thread(worker)) != 0) {
        error_system(err, "no thread for the disk");
    } else {
        return worker;
    }
    drop(worker);
    return NULL;
}

void worker_post(struct worker *worker, worker_job_fn *work,
                 worker_done_fn *done, void *context, void *job)
{
    struct task *task = memory_zero(1, sizeof *task);
    *task = (struct task){ work, done, context, job, NULL };
    pthread_mutex_lock(&worker->lock);
    push(&worker->todo, task);
    worker->pending++;
    pthread_cond_signal(&worker->posted);
    pthread_mutex_unlock(&worker->lock);
}

int worker_fd(const struct worker *worker)
{
    return worker->fd;
}

static struct task *take_done(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    struct task *task = pop(&worker->done);
    worker->pending -= task != NULL;
    pthread_mutex_unlock(&worker->lock);
    return task;
}

void worker_collect(struct worker *worker)
{
    uint64_t count;
    struct task *task;
    while (read(worker->fd, &count, sizeof count) < 0 && errno == EINTR)
        ;
    while ((task = take_done(worker))) {
        task->done(task->context, task->job);
        free(task);
    }
}

size_t worker_pending(const struct worker *worker)
{
    return worker->pending;
}

static struct timespec deadline(int64_t ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += ms % 1000 * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

/* True: nothing is left to do. */
static bool wait_for_end(struct worker *worker, int64_t patience_ms)
{
    struct timespec until = deadline(patience_ms < 0 ? 0 : patience_ms);
    bool is_over;
    pthread_mutex_lock(&worker->lock);
    worker->is_ending = true;
    pthread_cond_signal(&worker->posted);
    while (!(is_over = worker->is_idle && !worker->todo.first)) {
        if (patience_ms < 0)
            pthread_cond_wait(&worker->finished, &worker->lock);
        else if (pthread_cond_timedwait(&worker->finished, &worker->lock,
                                        &until) == ETIMEDOUT)
            break;
    }
    pthread_mutex_unlock(&worker->lock);
    return is_over;
}

bool worker_free(struct worker *worker, int64_t patience_ms)
{
    if (!worker)
        return true;
    if (!wait_for_end(worker, patience_ms)) {
        pthread_detach(worker->thread);
        return false;
    }
    pthread_join(worker->thread, NULL);
    worker_collect(worker);
    drop(worker);
    return true;
}
