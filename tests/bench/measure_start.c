/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/bench/measure.h"
#include "tests/bench/sample.h"
#include "tests/bench/seat.h"

enum { STARTS = 21, OTHER_STARTS = 7, IDLE_MS = 5000, DEADLINE_MS = 20000 };

/* A program that shows a prompt, and what was measured of it. */
struct starter {
    const char *name, *path;
    const char *prompt; /* on screen when it is drawn */
    struct sample first_ms, prompt_ms, pss_mib;
};

static void starter_clear(struct starter *starter)
{
    sample_clear(&starter->first_ms);
    sample_clear(&starter->prompt_ms);
    sample_clear(&starter->pss_mib);
}

static bool has_output(struct pty *pty, void *context)
{
    (void)context;
    return pty_output_len(pty) > 0;
}

/* From before fork() to the first bytes, and until the prompt is there. False:
 * it did not come. */
static bool start_once(struct starter *starter, struct stream *stream)
{
    const char *const words[] = { starter->path, NULL };
    struct seat seat;
    seat_prepare(&seat, stream, 24, 80);
    int64_t start = sample_now_ns();
    pty_start(seat.pty, words);
    seat_until(&seat, has_output, NULL);
    sample_add(&starter->first_ms, sample_ms_since(start));
    bool is_shown = pty_wait_for(seat.pty, starter->prompt, DEADLINE_MS);
    sample_add(&starter->prompt_ms, sample_ms_since(start));
    seat_settle(&seat);
    sample_add(&starter->pss_mib,
               process_pss_mib(process_pair(pty_pid(seat.pty))));
    pty_free(seat.pty);
    return is_shown;
}

static void measure_other(const struct starter *other, struct stream *stream,
                          struct buf *start, struct buf *memory)
{
    struct starter measured = *other;
    bool is_shown = true;
    if (access(other->path, X_OK) != 0) {
        buf_printf(start, ", %s: not installed", other->name);
        buf_printf(memory, ", %s: not installed", other->name);
        return;
    }
    for (int i = 0; i < OTHER_STARTS && is_shown; i++)
        is_shown = start_once(&measured, stream);
    if (!is_shown)
        buf_printf(start, ", %s: no prompt seen", other->name);
    else
        buf_printf(start, ", %s %.1f ms", other->name,
                   sample_quantile(&measured.prompt_ms, 0.5));
    buf_printf(memory, ", %s %.1f MiB", other->name,
               sample_quantile(&measured.pss_mib, 0.5));
    starter_clear(&measured);
}

static void add_start_rows(struct table *table, struct starter *ours,
                           const char *start, const char *memory)
{
    char detail[64];
    snprintf(detail, sizeof detail, "median of %d, p99 %.1f ms", STARTS,
             sample_quantile(&ours->first_ms, 0.99));
    table_add(table, &(struct row){
                         .what = "start: exec to the first bytes",
                         .value = sample_quantile(&ours->first_ms, 0.5),
                         .unit = "ms",
                         .detail = detail,
                     });
    snprintf(detail, sizeof detail, "p99 %.1f ms",
             sample_quantile(&ours->prompt_ms, 0.99));
    table_add(table, &(struct row){
                         .what = "start: exec to the prompt on screen",
                         .value = sample_quantile(&ours->prompt_ms, 0.5),
                         .unit = "ms",
                         .target = 15,
                         .has_target = true,
                         .detail = detail,
                         .against = start + 2,
                     });
    table_add(table, &(struct row){
                         .what = "PSS at the prompt, guard and client",
                         .value = sample_quantile(&ours->pss_mib, 0.5),
                         .unit = "MiB",
                         .detail = process_pss_note(),
                         .target = 10,
                         .has_target = true,
                         .against = memory + 2,
                     });
}

static void measure_idle(struct table *table, struct stream *stream)
{
    struct seat seat;
    char detail[64];
    seat_take(&seat, stream, 24, 80);
    seat_watch(&seat, 1000);
    long before = process_wakeups(seat.pair);
    seat_watch(&seat, IDLE_MS);
    long count = process_wakeups(seat.pair) - before;
    snprintf(detail, sizeof detail, "both processes, in %d s", IDLE_MS / 1000);
    table_add(table, &(struct row){
                         .what = "wake-ups when idle",
                         .value = (double)count,
                         .unit = "",
                         .target = 0,
                         .has_target = true,
                         .detail = detail,
                     });
    seat_leave(&seat);
}

void measure_start(struct table *table, struct stream *stream)
{
    static const struct starter others[] = {
        { .name = "irssi", .path = "/usr/bin/irssi", .prompt = "[(status)]" },
        { .name = "weechat",
          .path = "/usr/bin/weechat-curses",
          /* Letters there may come from its line-drawing set. */
          .prompt = "] [1] [" },
    };
    struct starter ours = { .name = "sennit",
                            .path = seat_program(),
                            .prompt = "\n>" };
    struct buf start = { 0 }, memory = { 0 };
    for (int i = 0; i < STARTS; i++)
        ck_assert(start_once(&ours, stream));
    for (size_t i = 0; i < COUNTOF(others); i++)
        measure_other(&others[i], stream, &start, &memory);
    add_start_rows(table, &ours, buf_string(&start), buf_string(&memory));
    measure_idle(table, stream);
    starter_clear(&ours);
    buf_clear(&start);
    buf_clear(&memory);
}
