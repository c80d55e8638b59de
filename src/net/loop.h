/* SPDX-License-Identifier: MIT */
/*
 * loop - the one place where the program waits.
 *
 * One turn:  1 wait (curl_multi_poll, the only blocking call)  2 signals
 * 3 descriptors  4 transfers  5 timers  6 deferred: rules and frees  7 draw.
 * 6 and 7 are the caller's: he runs loop_turn() in a loop and does them after.
 *
 * Callbacks get the context that was given with them. A watch, timer or
 * transfer may be removed from inside any callback, its own included; nothing
 * is called after its removal.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct loop;

enum loop_event { LOOP_READ = 1, LOOP_WRITE = 2 };

typedef void loop_fd_fn(void *context, int fd, int events);
typedef void loop_timer_fn(void *context, uint32_t timer_id);
typedef void loop_signal_fn(void *context, int signal_number);

/* NULL with an error if libcurl or the kernel refuses. */
struct loop *loop_new(struct error *err);

/* Ends every transfer and forgets every watch; closes no descriptor of the
 * caller's. NULL is fine. */
void loop_free(struct loop *loop);

/* Call `fn` when fd is ready for any of `events` (a hang-up or error counts as
 * LOOP_READ, and comes whatever was asked for). One watch a descriptor;
 * watching again changes it; events 0 rests it: nothing is called. Remove the
 * watch before closing the descriptor. */
void loop_watch(struct loop *loop, int fd, int events, loop_fd_fn *fn,
                void *context);
void loop_unwatch(struct loop *loop, int fd);

/* Call `fn` once, `delay_ms` from now, never earlier, and not in the turn that
 * starts it: delay 0 cannot spin. Returns its id, never 0. */
uint32_t loop_timer_start(struct loop *loop, int64_t delay_ms,
                          loop_timer_fn *fn, void *context);

/* Fine for 0 and for ids that have fired. */
void loop_timer_cancel(struct loop *loop, uint32_t timer_id);

/* Take these signals through the loop (signalfd). They are blocked in this
 * thread, and stay so after loop_free(); call before threads exist and unblock
 * them in children. Calling again replaces set and fn.
 *
 * SIGPIPE should be among them, or be ignored: libcurl writes to sockets that
 * the other side may have closed (CURLOPT_NOSIGNAL). */
bool loop_signals(struct loop *loop, const sigset_t *set, loop_signal_fn *fn,
                  void *context, struct error *err);

/* One turn: wait until something happens, at most max_wait_ms (-1: for ever),
 * then run what is due. */
void loop_turn(struct loop *loop, int64_t max_wait_ms);

/* Monotonic ms, read once a turn. */
int64_t loop_now(const struct loop *loop);

/* True if nothing but a signal can ever wake the loop: no watch, timer or
 * transfer. */
bool loop_is_idle(const struct loop *loop);

#endif
