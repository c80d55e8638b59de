/* SPDX-License-Identifier: MIT */
#include "app/fetch.h"

#include <stdio.h>
#include <unistd.h>

#include "app/inquiry.h"
#include "app/print.h"
#include "chat/pull.h"

/* Where nobody looks at a line that runs, only what is new in words. */
struct progress {
    struct pull *pull;
    bool is_terminal;
    struct buf said;
};

/* Back to the start of the line, and erase what stood there. */
static const char line_anew[] = "\r\x1b[K";

static void say(struct progress *progress)
{
    struct buf words = { 0 };
    if (progress->is_terminal)
        pull_format(progress->pull, &words);
    else
        buf_append_string(&words, pull_status(progress->pull));
    if (!slice_equal(buf_slice(&words), buf_slice(&progress->said))) {
        buf_reset(&progress->said);
        buf_append_slice(&progress->said, buf_slice(&words));
        if (progress->is_terminal)
            fprintf(stderr, "%s%s", line_anew, buf_string(&words));
        else
            print_notice("%s", buf_string(&words));
    }
    buf_clear(&words);
}

static void on_change(void *context)
{
    struct progress *progress = context;
    if (pull_state(progress->pull) == PULL_RUNNING)
        say(progress);
}

static bool run(struct inquiry *inquiry, struct slice model, struct error *err)
{
    struct progress progress = { .is_terminal = isatty(STDERR_FILENO) };
    const struct endpoint *place =
        pull_place(&inquiry->setup.endpoints, &model);
    struct buf name = { 0 };
    if (!place)
        return error_set(err, ERROR_CONFIG, "no endpoint is an Ollama");
    buf_append_slice(&name, model);
    progress.pull = pull_new(inquiry->setup.loop, inquiry->setup.http, place,
                             buf_string(&name), err);
    buf_clear(&name);
    if (!progress.pull)
        return false;
    pull_listen(progress.pull, on_change, &progress);
    while (!inquiry->signal_number && pull_state(progress.pull) == PULL_RUNNING)
        loop_turn(inquiry->setup.loop, -1);
    if (progress.is_terminal && progress.said.len)
        fputs(line_anew, stderr);
    bool ok = pull_state(progress.pull) == PULL_DONE;
    if (pull_state(progress.pull) == PULL_FAILED)
        *err = *pull_error(progress.pull);
    else if (!ok)
        error_set(err, ERROR_CANCELLED,
                  "stopped; the same command goes on where it was");
    pull_free(progress.pull);
    buf_clear(&progress.said);
    return ok;
}

int fetch_run(const struct cli *cli)
{
    struct inquiry inquiry = { 0 };
    struct error err = { 0 };
    bool ok = false;
    if (cli->words.count != 1)
        error_set(&err, ERROR_USAGE,
                  "give one model, for example: sennit pull qwen3:4b");
    else
        ok = inquiry_open(&inquiry, cli, NULL, &err) &&
             run(&inquiry, slice_of(cli->words.items[0]), &err);
    int status = inquiry.signal_number ? 128 + inquiry.signal_number
                 : ok                  ? 0
                                       : error_exit_status(err.kind);
    if (ok)
        print_notice("%s is here", cli->words.items[0]);
    else
        print_notice("%s", err.text);
    if (cli->words.count == 1)
        inquiry_close(&inquiry);
    return status;
}
