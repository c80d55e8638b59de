/* SPDX-License-Identifier: MIT */
/*
 * bench - what the program costs, as a table.
 *
 * usage: bench [MEASURE...]
 *        make bench [ONLY="MEASURE..."]
 *
 * Without arguments everything is measured (about three minutes): start,
 * stream, burst, keys, oneshot, decode, object, reducer, history, journal,
 * memory, search, tokens, score. A row gives what was measured, its target and
 * whether it was met, and what it was measured against: other programs, where they are
 * installed, in the same run.
 *
 * The real program ($PROGRAM, or build/release/sennit) runs on a pty of which
 * libvterm shows what a user sees, and talks to a server of the bench on
 * loopback that keeps time (tests/bench/stream.h). Only `decode`, `object`,
 * `reducer`, `history`, `search`, `tokens`, `score` and half of `journal` call
 * the layers themselves. CPU and memory are those of both processes, by the
 * kernel's own count.
 *
 * The machine should have nothing else to do; a note says if it has. What is
 * timed is repeated, and a median or quantile shown. A target that is missed
 * does not fail the run.
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/bench/measure.h"

static const struct measure {
    const char *name;
    measure_fn *run;
} measures[] = {
    { "start", measure_start },     { "stream", measure_stream },
    { "burst", measure_burst },     { "keys", measure_keys },
    { "oneshot", measure_oneshot }, { "decode", measure_decode },
    { "object", measure_object },   { "reducer", measure_reducer },
    { "history", measure_history }, { "journal", measure_journal },
    { "memory", measure_memory },   { "search", measure_search },
    { "tokens", measure_tokens },   { "score", measure_score },
};

/* Check, whose assertions the terminal uses, hands nothing to its tests. */
static struct {
    struct table table;
    struct answer_text answer;
    struct stream stream;
} bench;

START_TEST(it_is_measured)
{
    measures[_i].run(&bench.table, &bench.stream);
}
END_TEST

/* COUNTOF(measures) if there is none of this name. */
static size_t find(const char *name)
{
    size_t i = 0;
    while (i < COUNTOF(measures) && strcmp(name, measures[i].name) != 0)
        i++;
    return i;
}

static bool add_measures(TCase *tcase, int count, char **names)
{
    if (count == 0)
        tcase_add_loop_test(tcase, it_is_measured, 0, (int)COUNTOF(measures));
    for (int i = 0; i < count; i++) {
        size_t found = find(names[i]);
        if (found == COUNTOF(measures)) {
            fprintf(stderr, "bench: no measure is called %s\n", names[i]);
            return false;
        }
        tcase_add_loop_test(tcase, it_is_measured, (int)found, (int)found + 1);
    }
    return true;
}

/* A core that others use costs us more, too: cold caches, halved pipelines. */
static void note_load(struct table *table)
{
    double load = 0;
    if (getloadavg(&load, 1) == 1 && load > 0.5)
        table_note(table,
                   "(the machine is busy, load %.1f: times and CPU are too "
                   "high)",
                   load);
}

/* What could not be measured is said at the end. */
static int run(SRunner *runner)
{
    answer_make(&bench.answer, MEASURE_TOKENS_MAX);
    stream_start(&bench.stream, &bench.answer);
    srunner_set_fork_status(runner, CK_NOFORK);
    note_load(&bench.table);
    srunner_run_all(runner, CK_SILENT);
    note_load(&bench.table);
    table_end(&bench.table);
    stream_stop(&bench.stream);
    answer_free(&bench.answer);
    int failed = srunner_ntests_failed(runner);
    if (failed)
        srunner_print(runner, CK_NORMAL);
    return failed ? 1 : 0;
}

int main(int argc, char **argv)
{
    Suite *suite = suite_create("bench");
    TCase *tcase = tcase_create("bench");
    SRunner *runner = srunner_create(suite);
    suite_add_tcase(suite, tcase);
    setlocale(LC_ALL, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN);
    int status = 2;
    if (add_measures(tcase, argc - 1, argv + 1))
        status = run(runner);
    srunner_free(runner);
    return status;
}
