/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "chat/consent.h"
#include "tests/support/settings.h"

Suite *consent_suite(void);

#define LINES                                              \
    "https://api.openai.com always 2026-11-28T14:02:00Z\n" \
    "http://gpu7:11434 own 2026-11-28T14:03:00Z\n"         \
    "https://shop.example never 2026-11-28T14:04:00Z\n"

static void check_format(const struct consents *consents, const char *expected)
{
    struct buf out = { 0 };
    consents_format(consents, &out);
    ck_assert_str_eq(buf_string(&out), expected);
    buf_clear(&out);
}

START_TEST(what_is_written_is_read_again)
{
    struct consents consents = { 0 };
    consents_parse(&consents, slice_of(LINES));
    ck_assert_uint_eq(consents.list.count, 3);
    ck_assert_int_eq(consents_find(&consents, "http://gpu7:11434")->answer,
                     CONSENT_OWN);
    ck_assert_int_eq(consents_find(&consents, "https://api.openai.com")->time,
                     1795874520);
    check_format(&consents, LINES);
    consents_clear(&consents);
}
END_TEST

START_TEST(what_cannot_be_read_is_no_consent)
{
    static const char *const lines[] = {
        "https://a always\n",
        "https://a yes 2026-11-28T14:02:00Z\n",
        "https://a once 2026-11-28T14:02:00Z\n",
        "https://a always 2026-11-28T14:02:00Z and\n",
        "https://a always yesterday\n",
        "\n",
        "always\n",
    };
    for (size_t i = 0; i < COUNTOF(lines); i++) {
        struct consents consents = { 0 };
        consents_parse(&consents, slice_of(lines[i]));
        bool is_read = consents.list.count > 0;
        /* Words behind the time are another version's. */
        ck_assert_msg(is_read == (i == 3), "%s", lines[i]);
        consents_clear(&consents);
    }
}
END_TEST

START_TEST(an_answer_takes_the_place_of_the_one_before_and_is_taken_back)
{
    struct consents consents = { 0 };
    consents_put(&consents, "https://a", CONSENT_ALWAYS, 0);
    consents_put(&consents, "https://b", CONSENT_NEVER, 0);
    consents_put(&consents, "https://a", CONSENT_NEVER, 60);
    check_format(&consents, "https://a never 1970-01-01T00:01:00Z\n"
                            "https://b never 1970-01-01T00:00:00Z\n");
    consents_put(&consents, "https://a", CONSENT_NONE, 0);
    consents_put(&consents, "https://c", CONSENT_ONCE, 0);
    check_format(&consents, "https://b never 1970-01-01T00:00:00Z\n");
    consents_clear(&consents);
}
END_TEST

/* What is decided. */

struct question {
    const char *setting; /* NULL: not set */
    enum consent_answer recorded;
    bool is_vendor, is_pinned, can_ask;
    enum consent_verdict verdict;
    const char *words; /* of the refusal */
};

static const struct question questions[] = {
    /* The user's own server is never asked about. */
    { NULL, CONSENT_NONE, false, false, false, CONSENT_GO, NULL },
    { "never", CONSENT_NONE, false, false, false, CONSENT_GO, NULL },
    /* Nor what he named himself. */
    { NULL, CONSENT_NONE, true, true, false, CONSENT_GO, NULL },
    { "never", CONSENT_NEVER, true, true, false, CONSENT_GO, NULL },
    /* A vendor that the router found. */
    { NULL, CONSENT_NONE, true, false, true, CONSENT_ASK, NULL },
    { "ask", CONSENT_NONE, true, false, true, CONSENT_ASK, NULL },
    { "always", CONSENT_NONE, true, false, true, CONSENT_GO, NULL },
    { "never", CONSENT_NONE, true, false, true, CONSENT_REFUSE,
      "privacy.first_send_to_vendor is never" },
    { NULL, CONSENT_ALWAYS, true, false, false, CONSENT_GO, NULL },
    { NULL, CONSENT_NEVER, true, false, true, CONSENT_REFUSE, "/consents" },
    { "always", CONSENT_NEVER, true, false, true, CONSENT_REFUSE, "never" },
    { "never", CONSENT_ALWAYS, true, false, true, CONSENT_REFUSE, "never" },
    /* Nobody is there who could answer. */
    { NULL, CONSENT_NONE, true, false, false, CONSENT_REFUSE,
      "api.shop.example" },
    { NULL, CONSENT_NONE, true, false, false, CONSENT_REFUSE, "--cloud" },
    { NULL, CONSENT_NONE, true, false, false, CONSENT_REFUSE, "-m shop/large" },
    { "always", CONSENT_NONE, true, false, false, CONSENT_GO, NULL },
};

START_TEST(a_vendor_that_nobody_named_needs_consent)
{
    const struct question *question = &questions[_i];
    struct settings *settings = settings_new();
    char name[] = "shop", url[] = "https://api.shop.example/v1";
    struct endpoint endpoint = { .name = name,
                                 .url = url,
                                 .is_vendor = question->is_vendor,
                                 .consent = question->recorded };
    struct route route = { .verdict = ROUTE_TO,
                           .endpoint = &endpoint,
                           .model = "large",
                           .is_vendor = question->is_vendor,
                           .is_pinned = question->is_pinned };
    struct error err = { 0 };
    if (question->setting)
        settings_must_set(settings, "privacy.first_send_to_vendor",
                          question->setting);
    ck_assert_int_eq(consent_decide(&route, settings, question->can_ask, &err),
                     question->verdict);
    if (question->words) {
        ck_assert_msg(strstr(err.text, question->words), "%s", err.text);
        ck_assert_int_eq(error_exit_status(err.kind), 4);
    }
    settings_free(settings);
}
END_TEST

START_TEST(an_answer_is_about_scheme_host_and_port_and_holds_no_secret)
{
    char url[] = "https://User:Key@API.Shop.example:8443/v1";
    struct endpoint endpoint = { .url = url };
    struct buf origin = { 0 };
    endpoint_origin(&endpoint, &origin);
    ck_assert_str_eq(buf_string(&origin), "https://api.shop.example:8443");
    buf_clear(&origin);
}
END_TEST

/* Trust. */

static void load(struct endpoints *endpoints, struct settings *settings)
{
    struct error err = { 0 };
    unsetenv("OPENAI_API_KEY");
    setenv("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1", 1);
    setenv("OLLAMA_HOST", "gpu7", 1);
    ck_assert(endpoints_load(endpoints, settings, NULL, &err));
    unsetenv("OPENAI_BASE_URL");
    unsetenv("OLLAMA_HOST");
}

static const struct endpoint *of(const struct endpoints *endpoints,
                                 const char *name)
{
    return endpoints_find(endpoints, slice_of(name));
}

START_TEST(only_an_answer_makes_another_machine_the_users_own)
{
    struct consents consents = { 0 };
    struct endpoints endpoints = { 0 };
    struct settings *settings = settings_new();
    load(&endpoints, settings);
    consents_apply(&consents, &endpoints);
    ck_assert(of(&endpoints, "ollama")->is_vendor);
    ck_assert(of(&endpoints, "openai")->is_vendor);
    consents_put(&consents, "http://gpu7:11434", CONSENT_OWN, 0);
    consents_put(&consents, "http://127.0.0.1:8000", CONSENT_ALWAYS, 0);
    consents_apply(&consents, &endpoints);
    ck_assert(!of(&endpoints, "ollama")->is_vendor);
    ck_assert(of(&endpoints, "openai")->is_vendor);
    consents_put(&consents, "http://gpu7:11434", CONSENT_NONE, 0);
    consents_apply(&consents, &endpoints);
    ck_assert(of(&endpoints, "ollama")->is_vendor);
    endpoints_clear(&endpoints);
    settings_free(settings);
    consents_clear(&consents);
}
END_TEST

START_TEST(what_a_setting_says_of_trust_no_answer_changes)
{
    struct consents consents = { 0 };
    struct endpoints endpoints = { 0 };
    struct settings *settings = settings_new();
    settings_must_add(settings, "p.yaml",
                      "endpoints:\n"
                      "  ollama: {dialect: ollama, url: \"http://gpu7\","
                      " trust: vendor}\n"
                      "  openai: {dialect: ollama, url: \"http://gpu8\","
                      " trust: own}\n");
    load(&endpoints, settings);
    consents_put(&consents, "http://gpu7", CONSENT_OWN, 0);
    consents_put(&consents, "http://gpu8", CONSENT_ALWAYS, 0);
    consents_apply(&consents, &endpoints);
    ck_assert(of(&endpoints, "ollama")->is_vendor);
    ck_assert(!of(&endpoints, "openai")->is_vendor);
    endpoints_clear(&endpoints);
    settings_free(settings);
    consents_clear(&consents);
}
END_TEST

/* Which answers a question has, in their order. */
static void check_question(struct endpoint *endpoint, const char *expected)
{
    struct route route = { .endpoint = endpoint,
                           .model = "m",
                           .is_vendor = true };
    struct buf words = { 0 };
    consent_words(&route, &words);
    buf_append_char(&words, ':');
    for (int i = CONSENT_ONCE; i <= CONSENT_OWN; i++) {
        const char *word = consent_word(&route, (enum consent_answer)i);
        if (!word)
            continue;
        ck_assert(*consent_about(&route, (enum consent_answer)i));
        ck_assert_int_eq(consent_answer_of(&route, slice_of(word)), i);
        buf_printf(&words, " %s", word);
    }
    ck_assert_str_eq(buf_string(&words), expected);
    buf_clear(&words);
}

START_TEST(the_question_names_host_and_model_and_what_can_be_answered)
{
    char https[] = "https://api.openai.com/v1", http[] = "http://gpu7:11434";
    char local[] = "http://127.0.0.1:11434";
    struct endpoint vendor = { .url = https, .is_vendor = true };
    struct endpoint gpu = { .url = http,
                            .is_vendor = true,
                            .asks_trust = true };
    struct endpoint own = { .url = local };
    check_question(&vendor,
                   "leaves this machine: api.openai.com, m: once always never");
    prices_add(&vendor.prices, "n", &(struct price){ .in = 9, .out = 9 });
    check_question(&vendor,
                   "leaves this machine: api.openai.com, m: once always never");
    prices_add(&vendor.prices, "m", &(struct price){ .in = 0.15, .out = 0.6 });
    check_question(&vendor, "leaves this machine: api.openai.com, m, $0.15 in "
                            "and $0.60 out a million tokens: once always "
                            "never");
    check_question(&gpu, "whose machine is gpu7? It gets what you write: m, "
                         "over plain http: vendor never own");
    check_question(&own, "leaves this machine by way of 127.0.0.1: m: once "
                         "always never");
    prices_clear(&vendor.prices);
}
END_TEST

Suite *consent_suite(void)
{
    Suite *suite = suite_create("consent");
    TCase *cases = tcase_create("consent");
    tcase_add_test(cases, what_is_written_is_read_again);
    tcase_add_test(cases, what_cannot_be_read_is_no_consent);
    tcase_add_test(
        cases, an_answer_takes_the_place_of_the_one_before_and_is_taken_back);
    tcase_add_loop_test(cases, a_vendor_that_nobody_named_needs_consent, 0,
                        (int)COUNTOF(questions));
    tcase_add_test(cases,
                   an_answer_is_about_scheme_host_and_port_and_holds_no_secret);
    tcase_add_test(cases, only_an_answer_makes_another_machine_the_users_own);
    tcase_add_test(cases, what_a_setting_says_of_trust_no_answer_changes);
    tcase_add_test(cases,
                   the_question_names_host_and_model_and_what_can_be_answered);
    suite_add_tcase(suite, cases);
    return suite;
}
