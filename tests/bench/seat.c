/* SPDX-License-Identifier: MIT */
#include "tests/bench/seat.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "base/clock.h"

enum {
    DEADLINE_MS = 60000,
    LOOK_MS = 10,
    QUIET_MS = 300, /* three frames: nothing more is to be drawn */
};

const char *seat_program(void)
{
    const char *path = getenv("PROGRAM");
    return path ? path : "build/release/sennit";
}

void seat_until(struct seat *seat, pty_condition_fn *fn, void *context)
{
    ck_assert_msg(pty_wait_until(seat->pty, fn, context, DEADLINE_MS),
                  "what was waited for did not come; on screen:\n%s",
                  pty_screen(seat->pty));
}

void seat_await(struct seat *seat, const char *text)
{
    ck_assert_msg(pty_wait_for(seat->pty, text, DEADLINE_MS),
                  "\"%s\" did not come; on screen:\n%s", text,
                  pty_screen(seat->pty));
}

static bool never(struct pty *pty, void *context)
{
    (void)pty, (void)context;
    return false;
}

void seat_watch(struct seat *seat, int ms)
{
    pty_wait_until(seat->pty, never, NULL, ms);
}

void seat_settle(struct seat *seat)
{
    size_t before;
    do {
        before = pty_output_len(seat->pty);
        seat_watch(seat, QUIET_MS);
    } while (pty_output_len(seat->pty) != before);
}

void seat_prepare(struct seat *seat, struct stream *stream, int height,
                  int width)
{
    char host[64];
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d", stream->port);
    const char *const variables[] = { host, NULL };
    struct pty_options options = { .height = height,
                                   .width = width,
                                   .variables = variables };
    *seat = (struct seat){ .stream = stream, .pty = pty_new(&options) };
}

void seat_take(struct seat *seat, struct stream *stream, int height, int width)
{
    const char *const words[] = { seat_program(), NULL };
    seat_prepare(seat, stream, height, width);
    pty_start(seat->pty, words);
    seat_await(seat, "bench:1b");
    seat_settle(seat);
    seat->pair = process_pair(pty_pid(seat->pty));
}

void seat_leave(struct seat *seat)
{
    /* Whatever it is doing. */
    pty_signal(seat->pty, SIGTERM);
    pty_wait_exit(seat->pty, DEADLINE_MS);
    pty_free(seat->pty);
    *seat = (struct seat){ 0 };
}

void seat_ask(struct seat *seat, int tokens, int per_second)
{
    stream_plan(seat->stream, tokens, per_second);
    seat->answered = atomic_load(&seat->stream->shared->answered);
    pty_send(seat->pty, "tell me about rope\r");
}

static bool is_answered(const struct seat *seat)
{
    return atomic_load(&seat->stream->shared->answered) > seat->answered;
}

void seat_await_answer(struct seat *seat)
{
    int64_t end_at = clock_monotonic_ms() + DEADLINE_MS;
    /* It may have come before the last that is shown of it. */
    while (!is_answered(seat) && clock_monotonic_ms() < end_at)
        seat_watch(seat, LOOK_MS);
    ck_assert_msg(is_answered(seat), "no answer in time; on screen:\n%s",
                  pty_screen(seat->pty));
    seat_settle(seat);
}
