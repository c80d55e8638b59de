/* SPDX-License-Identifier: MIT */
/*
 * What the program may write for an answer, counted; `make bench` measures what
 * it costs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/clock.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *thrift_suite(void);

#define TAGS                                              \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n" \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"small:1b\\\"}]}\"\n"
#define PS                                              \
    "match GET /api/ps\ntimes forever\nstatus 200 OK\n" \
    "body \"{\\\"models\\\":[]}\"\n"
#define WORD "rope "
#define SAY  "line {\"message\":{\"content\":\"" WORD "\"},\"done\":false}\n"
#define DONE "line {\"message\":{\"content\":\"end.\"},\"done\":true}\n"

static struct pty *start(struct server *server)
{
    const char *path = getenv("PROGRAM");
    char host[64];
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(server));
    const char *const variables[] = { host, NULL };
    struct pty_options options = { .variables = variables };
    struct pty *pty = pty_new(&options);
    const char *const words[] = { path ? path : "build/release/sennit", NULL };
    pty_start(pty, words);
    pty_expect(pty, "small:1b@ollama");
    return pty;
}

/* What an answer of so many bytes may take that came in so many seconds: the
 * text and its lines, ten frames a second of which each moves the cursor to the
 * end and back, and once a second the numbers that run. */
static double bytes_at_most(double len, double seconds)
{
    enum { FRAME_BYTES = 25, FRAMES = 10, NUMBERS_BYTES = 125, ONCE = 1200 };
    return 1.6 * len + seconds * (FRAMES * FRAME_BYTES + NUMBERS_BYTES) + ONCE;
}

START_TEST(an_answer_takes_few_bytes_more_than_its_own)
{
    enum { WORDS = 300 };
    struct server *server =
        server_start(TAGS, PS,
                     "match POST /api/chat\nstatus 200 OK\nchunked\n"
                     "repeat 300\n" SAY "delay 10\nend\n" DONE,
                     NULL);
    struct pty *pty = start(server);
    pty_send(pty, "\033OQ");
    pty_expect(pty, "budget");
    size_t before = pty_output_len(pty);
    int64_t start_at = clock_monotonic_ms();
    pty_send(pty, "say rope\r");
    pty_expect(pty, "end.");
    pty_expect(pty, "complete");
    double seconds = (double)(clock_monotonic_ms() - start_at) / 1000;
    double bytes = (double)(pty_output_len(pty) - before);
    double most = bytes_at_most(WORDS * (double)strlen(WORD), seconds);
    ck_assert_msg(bytes <= most, "%.0f bytes, not %.0f", bytes, most);
    pty_free(pty);
    server_stop(server);
}
END_TEST

Suite *thrift_suite(void)
{
    Suite *suite = suite_create("thrift");
    TCase *tcase = tcase_create("thrift");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, an_answer_takes_few_bytes_more_than_its_own);
    suite_add_tcase(suite, tcase);
    return suite;
}
