/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "tests/bench/measure.h"
#include "tests/bench/sample.h"
#include "tests/bench/seat.h"
#include "tests/support/scratch.h"

enum { RUNS = 41, TOKENS = 5, WORDS_MAX = 12 };

/* A command without input, whose output nobody reads; in the environment of
 * the bench, which has no configuration. */
static void run(const char *const *words, struct sample *ms)
{
    char *copies[WORDS_MAX] = { 0 };
    int status;
    int64_t start = sample_now_ns();
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        for (int i = 0; words[i]; i++)
            copies[i] = strdup(words[i]);
        execvp(copies[0], copies);
        _exit(127);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    sample_add(ms, sample_ms_since(start));
    ck_assert_int_eq(status, 0);
}

/* In turns, so that both see the same machine. */
static void run_both(const struct stream *stream, struct sample *ours,
                     struct sample *curls)
{
    static const char body[] =
        "{\"model\":\"bench:1b\",\"messages\":[{\"role\":\"user\","
        "\"content\":\"hi\"}],\"stream\":true}";
    char url[64], host[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/api/chat", stream->port);
    snprintf(host, sizeof host, "127.0.0.1:%d", stream->port);
    const char *const sennit[] = { seat_program(), "-p", "hi", NULL };
    const char *const curl[] = {
        "curl", "-sS", "-N", url, "-H", "Content-Type: application/json",
        "-d",   body,  NULL
    };
    setenv("OLLAMA_HOST", host, 1);
    /* What is asked is kept, somewhere. */
    char home[SCRATCH_PATH_MAX];
    scratch_directory(home, "oneshot");
    setenv("HOME", home, 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_STATE_HOME");
    for (int i = 0; i < RUNS; i++) {
        run(curl, curls);
        run(sennit, ours);
    }
    scratch_remove(home);
}

void measure_oneshot(struct table *table, struct stream *stream)
{
    struct sample ours = { 0 }, curls = { 0 };
    char detail[64], against[64];
    stream_plan(stream, TOKENS, 0);
    run_both(stream, &ours, &curls);
    double our_ms = sample_quantile(&ours, 0.5);
    double curl_ms = sample_quantile(&curls, 0.5);
    snprintf(detail, sizeof detail, "%.1f ms, median of %d", our_ms, RUNS);
    snprintf(against, sizeof against, "curl %.1f ms", curl_ms);
    table_add(table, &(struct row){ .what = "one-shot \"hi\"",
                                    .value = our_ms / curl_ms,
                                    .unit = "x curl",
                                    .target = 1.5,
                                    .has_target = true,
                                    .detail = detail,
                                    .against = against });
    sample_clear(&ours);
    sample_clear(&curls);
}
