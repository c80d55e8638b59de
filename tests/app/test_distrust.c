/* SPDX-License-Identifier: MIT */
/*
 * What was left out because of a mistake and may have said what is private: on
 * the screen and line by line no vendor is asked then.
 */
#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *distrust_suite(void);

#define OWN                                                         \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\n"          \
    "header Content-Type: application/x-ndjson\nchunked\n"          \
    "line {\"model\":\"m\",\"message\":{\"content\":\"at home\"},"  \
    "\"done\":false}\n"                                             \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\"" \
    ":true,\"done_reason\":\"stop\"}\n"
#define VENDOR                                                        \
    "match POST /v1/chat/completions\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: text/event-stream\n"                        \
    "data {\"choices\":[{\"delta\":{\"content\":\"from afar\"},"      \
    "\"finish_reason\":\"stop\"}]}\ndata [DONE]\n"
#define PRIVATE "until it is mended everything counts as private"

struct mistake {
    const char *profile;  /* text of profiles/p.yaml; NULL: none is written */
    const char *named;    /* of -P */
    const char *set;      /* of --set */
    const char *variable; /* of the environment */
    const char *place;    /* what is to be mended, as it is told */
};

static const struct mistake mistakes[] = {
    { .profile = "privacy: {private: {text: [SECRET]}}\n"
                 "reply: {tempratur: 1}\n",
      .place = "p.yaml:2: unknown key \"tempratur\"" },
    { .profile = "privacy: {private: yes}\n",
      .place = "p.yaml:1: privacy.private" },
    { .profile = "reply: {seed: 1}\nPRIVAT: true\n",
      .place = "p.yaml:2: unknown key \"PRIVAT\"" },
    { .profile = "privacy:\n\tprivate: true\n", .place = "p.yaml:2: " },
    { .profile = "privacy: {first_send_to_vendor: nver}\n",
      .place = "p.yaml:1: privacy.first_send_to_vendor" },
    { .profile = "privacy: {private: {text: [\"${NOT_SET_ANYWHERE}\"]}}\n",
      .place = "the variable NOT_SET_ANYWHERE is not set" },
    /* Nobody can read what it says. */
    { .profile = "priv\xff: 1\n", .place = "p.yaml:1: not UTF-8 text" },
    { .named = "nonexist", .place = "there is no profile \"nonexist\"" },
    { .set = "privacy.private=tru", .place = "--set: privacy.private" },
    { .variable = "SENNIT_PRIVACY_PRIVATE_ALL=yes",
      .place = "SENNIT_PRIVACY_PRIVATE_ALL: privacy.private.all" },
};

struct stage {
    struct server *own, *vendor;
    struct pty *pty;
};

static void begin(struct stage *stage, const struct mistake *mistake,
                  const char *linear)
{
    static const char *variables[2];
    const char *path = getenv("PROGRAM"), *words[10] = { 0 };
    size_t count = 0;
    struct buf yaml = { 0 };
    variables[0] = mistake->variable;
    stage->own = server_start(OWN, NULL);
    stage->vendor = server_start(VENDOR, NULL);
    stage->pty = pty_new(&(struct pty_options){
        .height = 24, .width = 400, .variables = variables });
    buf_printf(&yaml,
               "endpoints:\n"
               "  box: {dialect: ollama, trust: own, url: \"%s\"}\n",
               server_url(stage->own, ""));
    buf_printf(&yaml,
               "  cloud: {dialect: chat-completions, trust: vendor, url: "
               "\"%s\", models: {m: m}}\n"
               "privacy: {first_send_to_vendor: always}\n",
               server_url(stage->vendor, "/v1"));
    pty_write_file(stage->pty, ".config/sennit/config.yaml", buf_string(&yaml));
    buf_clear(&yaml);
    if (mistake->profile)
        pty_write_file(stage->pty, ".config/sennit/profiles/p.yaml",
                       mistake->profile);
    words[count++] = path ? path : "build/release/sennit";
    words[count++] = "-m";
    words[count++] = "cloud/m";
    if (mistake->profile || mistake->named) {
        words[count++] = "-P";
        words[count++] = mistake->profile ? "p" : mistake->named;
    }
    if (mistake->set) {
        words[count++] = "--set";
        words[count++] = mistake->set;
    }
    words[count] = linear;
    pty_start(stage->pty, words);
}

static void end(struct stage *stage)
{
    pty_free(stage->pty);
    server_stop(stage->own);
    server_stop(stage->vendor);
}

START_TEST(what_may_have_said_what_is_private_makes_all_private)
{
    const struct mistake *mistake = &mistakes[_i / 2];
    struct stage stage;
    begin(&stage, mistake, _i % 2 ? "--linear" : NULL);
    pty_expect(stage.pty, mistake->place);
    pty_expect(stage.pty, PRIVATE);
    pty_expect(stage.pty, ">");
    pty_send(stage.pty, "the SECRET goes\r");
    pty_expect(stage.pty, "cloud is a vendor, and this is private");
    pty_expect(stage.pty, mistake->place);
    pty_send(stage.pty, "\x15/model box/m\r");
    pty_expect(stage.pty, "box");
    pty_send(stage.pty, "and at home\r");
    pty_expect(stage.pty, "at home");
    ck_assert_int_eq(server_count(stage.vendor, "POST "), 0);
    end(&stage);
}
END_TEST

static const struct mistake harmless[] = {
    { .profile = "reply: {tempratur: 1}\n",
      .place = "p.yaml:1: unknown key \"tempratur\"" },
    { .set = "looks.frames=x", .place = "--set: looks.frames" },
    { .profile = "limits: {day: 0.10}\nreply: {tempratur: 1}\n",
      .place = "is left out, and no limit of it holds" },
};

START_TEST(another_mistake_leaves_the_vendor_where_it_is)
{
    const struct mistake *mistake = &harmless[_i];
    struct stage stage;
    begin(&stage, mistake, NULL);
    pty_expect(stage.pty, mistake->place);
    pty_send(stage.pty, "hello\r");
    pty_expect(stage.pty, "from afar");
    end(&stage);
}
END_TEST

Suite *distrust_suite(void)
{
    Suite *suite = suite_create("distrust");
    TCase *tcase = tcase_create("distrust");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase,
                        what_may_have_said_what_is_private_makes_all_private, 0,
                        2 * COUNTOF(mistakes));
    tcase_add_loop_test(tcase, another_mistake_leaves_the_vendor_where_it_is, 0,
                        COUNTOF(harmless));
    suite_add_tcase(suite, tcase);
    return suite;
}
