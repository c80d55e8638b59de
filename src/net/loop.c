/* SPDX-License-Identifier: MIT */
#include "net/loop.h"

#include <assert.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/memory.h"
#include "net/curl_multi.h"

struct watch {
    int fd;
    int events;
    uint64_t serial; /* another watch on the same number is another watch */
    loop_fd_fn *fn;
    void *context;
};

struct timer {
    uint32_t id;
    uint64_t turn; /* in which, or after which, it was started */
    int64_t due_at;
    loop_timer_fn *fn;
    void *context;
};

struct ready {
    int fd;
    uint64_t serial;
    int polled;
    int events;
};

struct loop {
    CURLM *multi;
    struct loop_transfers transfers;
    int64_t now;
    bool is_turning;

    ARRAY_OF(struct watch) watches;
    ARRAY_OF(struct curl_waitfd) waitfds; /* of this turn, as ready is */
    ARRAY_OF(struct ready) ready;
    uint64_t last_serial;

    ARRAY_OF(struct timer) timers; /* the soonest is last */
    uint32_t last_timer_id;
    uint64_t turn; /* counted from 1 */

    int signal_fd; /* -1 until loop_signals() */
    loop_signal_fn *signal_fn;
    void *signal_context;
};

struct loop *loop_new(struct error *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        error_set(err, ERROR_SYSTEM, "libcurl does not start");
        return NULL;
    }
    CURLM *multi = curl_multi_init();
    if (!multi) {
        curl_global_cleanup();
        error_set(err, ERROR_SYSTEM, "libcurl has no handle for transfers");
        return NULL;
    }
    struct loop *loop = memory_zero(1, sizeof *loop);
    loop->multi = multi;
    loop->signal_fd = -1;
    loop->now = clock_monotonic_ms();
    return loop;
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    assert(!loop->is_turning);
    curl_multi_cleanup(loop->multi);
    curl_global_cleanup();
    if (loop->signal_fd >= 0)
        close(loop->signal_fd);
    array_clear(&loop->watches);
    array_clear(&loop->waitfds);
    array_clear(&loop->ready);
    array_clear(&loop->timers);
    free(loop);
}

CURLM *loop_multi(struct loop *loop)
{
    return loop->multi;
}

void loop_set_transfers(struct loop *loop,
                        const struct loop_transfers *transfers)
{
    assert(!transfers || !loop->transfers.run);
    loop->transfers = transfers ? *transfers : (struct loop_transfers){ 0 };
}

static struct watch *find_watch(struct loop *loop, int fd)
{
    for (size_t i = 0; i < loop->watches.count; i++) {
        if (loop->watches.items[i].fd == fd)
            return &loop->watches.items[i];
    }
    return NULL;
}

void loop_watch(struct loop *loop, int fd, int events, loop_fd_fn *fn,
                void *context)
{
    assert(fd >= 0 && fn);
    assert((events & ~(LOOP_READ | LOOP_WRITE)) == 0);
    struct watch *watch = find_watch(loop, fd);
    if (!watch) {
        watch = array_add(&loop->watches);
        watch->fd = fd;
        watch->serial = ++loop->last_serial;
    }
    watch->events = events;
    watch->fn = fn;
    watch->context = context;
}

void loop_unwatch(struct loop *loop, int fd)
{
    struct watch *watch = find_watch(loop, fd);
    if (watch)
        *watch = loop->watches.items[--loop->watches.count];
}

uint32_t loop_timer_start(struct loop *loop, int64_t delay_ms,
                          loop_timer_fn *fn, void *context)
{
    assert(fn);
    if (++loop->last_timer_id == 0)
        loop->last_timer_id = 1;
    /* The turn may have been long: its own time would fire this early. */
    struct timer timer = {
        .id = loop->last_timer_id,
        .turn = loop->turn,
        .due_at = clock_monotonic_ms() + (delay_ms > 0 ? delay_ms : 0),
        .fn = fn,
        .context = context,
    };
    array_reserve(&loop->timers, 1);
    size_t at = loop->timers.count++;
    for (; at > 0 && loop->timers.items[at - 1].due_at <= timer.due_at; at--)
        loop->timers.items[at] = loop->timers.items[at - 1];
    loop->timers.items[at] = timer;
    return timer.id;
}

void loop_timer_cancel(struct loop *loop, uint32_t timer_id)
{
    struct timer *timers = loop->timers.items;
    for (size_t i = 0; i < loop->timers.count; i++) {
        if (timers[i].id != timer_id)
            continue;
        loop->timers.count--;
        memmove(&timers[i], &timers[i + 1],
                (loop->timers.count - i) * sizeof *timers);
        return;
    }
}

bool loop_signals(struct loop *loop, const sigset_t *set, loop_signal_fn *fn,
                  void *context, struct error *err)
{
    assert(fn);
    if (sigprocmask(SIG_BLOCK, set, NULL) != 0)
        return error_system(err, "cannot block signals");
    int fd = signalfd(loop->signal_fd, set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0)
        return error_system(err, "cannot receive signals");
    loop->signal_fd = fd;
    loop->signal_fn = fn;
    loop->signal_context = context;
    return true;
}

static void poll_add(struct loop *loop, int fd, int events)
{
    struct curl_waitfd *waitfd = array_add(&loop->waitfds);
    *waitfd = (struct curl_waitfd){ .fd = fd };
    if (events & LOOP_READ)
        waitfd->events |= CURL_WAIT_POLLIN;
    if (events & LOOP_WRITE)
        waitfd->events |= CURL_WAIT_POLLOUT;
}

static int wait_limit(const struct loop *loop, int64_t max_wait_ms)
{
    int64_t limit = max_wait_ms < 0 ? INT_MAX : max_wait_ms;
    if (loop->timers.count) {
        int64_t left = array_last(&loop->timers)->due_at - clock_monotonic_ms();
        if (left < limit)
            limit = left > 0 ? left : 0;
    }
    return limit > INT_MAX ? INT_MAX : (int)limit;
}

/* What is ready goes to loop->ready, because the watches may change while the
 * callbacks run. libcurl reports a hang-up or an error as POLLIN. */
static void note_ready(struct loop *loop, const struct watch *watch,
                       const struct curl_waitfd *waitfd)
{
    int events = 0;
    if (waitfd->revents & CURL_WAIT_POLLIN)
        events |= LOOP_READ;
    if (waitfd->revents & CURL_WAIT_POLLOUT)
        events |= LOOP_WRITE;
    if (events)
        *array_add(&loop->ready) = (struct ready){
            .fd = watch->fd,
            .serial = watch->serial,
            .polled = watch->events,
            .events = events,
        };
}

/* Returns true if signals are waiting. */
static bool wait_for_events(struct loop *loop, int64_t max_wait_ms)
{
    loop->waitfds.count = loop->ready.count = 0;
    for (size_t i = 0; i < loop->watches.count; i++) {
        const struct watch *watch = &loop->watches.items[i];
        if (watch->events)
            poll_add(loop, watch->fd, watch->events);
    }
    if (loop->signal_fd >= 0)
        poll_add(loop, loop->signal_fd, LOOP_READ);
    curl_multi_poll(loop->multi, loop->waitfds.items,
                    (unsigned)loop->waitfds.count,
                    wait_limit(loop, max_wait_ms), NULL);
    size_t next = 0;
    for (size_t i = 0; i < loop->watches.count; i++) {
        const struct watch *watch = &loop->watches.items[i];
        if (watch->events)
            note_ready(loop, watch, &loop->waitfds.items[next++]);
    }
    return loop->signal_fd >= 0 && array_last(&loop->waitfds)->revents;
}

static void run_signals(struct loop *loop)
{
    struct signalfd_siginfo info;
    while (read(loop->signal_fd, &info, sizeof info) == sizeof info)
        loop->signal_fn(loop->signal_context, (int)info.ssi_signo);
}

static void run_watches(struct loop *loop)
{
    for (size_t i = 0; i < loop->ready.count; i++) {
        struct ready ready = loop->ready.items[i];
        const struct watch *watch = find_watch(loop, ready.fd);
        if (!watch || watch->serial != ready.serial || !watch->events)
            continue;
        /* An earlier callback may have changed what is wanted. A read that was
         * not asked for is a hang-up. */
        int wanted = watch->events;
        if (!(ready.polled & LOOP_READ))
            wanted |= LOOP_READ;
        if (ready.events & wanted)
            watch->fn(watch->context, ready.fd, ready.events & wanted);
    }
}

static void run_timers(struct loop *loop)
{
    while (loop->timers.count) {
        struct timer timer = *array_last(&loop->timers);
        if (timer.due_at > loop->now || timer.turn == loop->turn)
            return;
        loop->timers.count--;
        timer.fn(timer.context, timer.id);
    }
}

void loop_turn(struct loop *loop, int64_t max_wait_ms)
{
    assert(!loop->is_turning);
    loop->is_turning = true;
    loop->turn++;
    bool has_signals = wait_for_events(loop, max_wait_ms);
    loop->now = clock_monotonic_ms();
    if (has_signals)
        run_signals(loop);
    run_watches(loop);
    if (loop->transfers.run)
        loop->transfers.run(loop->transfers.context);
    run_timers(loop);
    loop->is_turning = false;
}

int64_t loop_now(const struct loop *loop)
{
    return loop->now;
}

bool loop_is_idle(const struct loop *loop)
{
    return loop->watches.count == 0 && loop->timers.count == 0 &&
           !(loop->transfers.run &&
             loop->transfers.is_active(loop->transfers.context));
}
