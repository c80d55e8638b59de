/* SPDX-License-Identifier: MIT */
/*
 * The headers are as the servers send them (notes on protocols, 2.4).
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "llm/rate_limit.h"

Suite *rate_limit_suite(void);

/* Sat, 28 Nov 2026 14:02:00 GMT */
static const int64_t now_ms = 1795874520000;

/* clang-format off */
static const struct {
    const char *headers; /* a line each */
    const char *json;
} cases[] = {
    /* OpenAI, Groq */
    { "x-ratelimit-limit-requests: 60\n"
      "x-ratelimit-limit-tokens: 150000\n"
      "x-ratelimit-remaining-requests: 59\n"
      "x-ratelimit-remaining-tokens: 149984\n"
      "x-ratelimit-reset-requests: 1s\n"
      "x-ratelimit-reset-tokens: 6m0s\n",
      "[{\"what\":\"requests\",\"limit\":60,\"remaining\":59,"
      "\"reset_ms\":1000},"
      "{\"what\":\"tokens\",\"limit\":150000,\"remaining\":149984,"
      "\"reset_ms\":360000}]" },
    { "X-RateLimit-Reset-Tokens: 17.399999999s\n",
      "[{\"what\":\"tokens\",\"reset_ms\":17400}]" },
    { "x-ratelimit-reset-requests: 12ms\n",
      "[{\"what\":\"requests\",\"reset_ms\":12}]" },
    { "x-ratelimit-reset-requests: 1h2m3s\n",
      "[{\"what\":\"requests\",\"reset_ms\":3723000}]" },
    /* Azure: placeholders of its Responses */
    { "x-ratelimit-remaining-requests: -1\nx-ratelimit-limit-requests: 0\n"
      "x-ratelimit-remaining-tokens: 9000\n",
      "[{\"what\":\"requests\"},{\"what\":\"tokens\",\"remaining\":9000}]" },
    /* Anthropic */
    { "anthropic-ratelimit-requests-limit: 50\n"
      "anthropic-ratelimit-requests-remaining: 0\n"
      "anthropic-ratelimit-requests-reset: 2026-11-28T14:02:42Z\n"
      "anthropic-ratelimit-input-tokens-remaining: 40000\n",
      "[{\"what\":\"requests\",\"limit\":50,\"remaining\":0,"
      "\"reset_ms\":42000},"
      "{\"what\":\"input-tokens\",\"remaining\":40000}]" },
    /* Mistral */
    { "x-ratelimit-limit-req-10-second: 10\n"
      "x-ratelimit-remaining-tokens-minute: 500000\n",
      "[{\"what\":\"req-10-second\",\"limit\":10},"
      "{\"what\":\"tokens-minute\",\"remaining\":500000}]" },
    /* OpenRouter: without a name, Unix milliseconds */
    { "X-RateLimit-Limit: 20\nX-RateLimit-Remaining: 0\n"
      "X-RateLimit-Reset: 1795874580000\n",
      "[{\"what\":\"requests\",\"limit\":20,\"remaining\":0,"
      "\"reset_ms\":60000}]" },
    /* Unix seconds */
    { "x-ratelimit-reset: 1795874530\n",
      "[{\"what\":\"requests\",\"reset_ms\":10000}]" },
    /* The drafts of the IETF; Hugging Face has the newer form. */
    { "ratelimit-limit: 100\nratelimit-remaining: 12\nratelimit-reset: 7\n",
      "[{\"what\":\"requests\",\"limit\":100,\"remaining\":12,"
      "\"reset_ms\":7000}]" },
    { "ratelimit: \"api\";r=999;t=295\n",
      "[{\"what\":\"api\",\"remaining\":999,\"reset_ms\":295000}]" },
    /* What nobody can mean. */
    { "x-ratelimit-remaining-requests: many\n"
      "x-ratelimit-reset-requests: later\nx-ratelimit-limits: 4\n",
      "[{\"what\":\"requests\"}]" },
    { "x-ratelimit-reset-requests: 1980-01-01T00:00:00Z\n",
      "[{\"what\":\"requests\"}]" },
    { "x-request-id: 7\nratelimit: nonsense\n", "[]" },
};
/* clang-format on */

static void take(struct rate_limits *limits, const char *headers)
{
    struct slice rest = slice_of(headers), line;
    while (slice_next_line(&rest, &line)) {
        char name[80], value[80];
        ck_assert_int_eq(sscanf(line.ptr, "%79[^:]: %79[^\n]", name, value), 2);
        rate_limits_take(limits, name, value, now_ms);
    }
}

START_TEST(the_headers_of_every_family_are_read)
{
    struct rate_limits limits = { 0 }, again;
    struct buf json = { 0 }, twice = { 0 };
    take(&limits, cases[_i].headers);
    rate_limits_to_json(&limits, &json);
    ck_assert_str_eq(buf_string(&json), cases[_i].json);
    rate_limits_read(&again, buf_slice(&json));
    rate_limits_to_json(&again, &twice);
    ck_assert_str_eq(buf_string(&twice), cases[_i].json);
    buf_clear(&json);
    buf_clear(&twice);
}
END_TEST

START_TEST(a_server_that_invents_limits_fills_no_more_than_the_cap)
{
    struct rate_limits limits = { 0 };
    char name[80];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "x-ratelimit-limit-kind%d", i);
        rate_limits_take(&limits, name, "5", now_ms);
    }
    rate_limits_take(&limits,
                     "x-ratelimit-limit-"
                     "a-name-that-is-longer-than-anybody-would-want-to-read",
                     "5", now_ms);
    ck_assert_uint_eq(limits.count, RATE_LIMITS_MAX);
}
END_TEST

START_TEST(a_limit_is_told_in_words)
{
    static const struct {
        struct rate_limit limit;
        const char *words;
    } said[] = {
        { { "requests", 60, 59, 11001 },
          "59 of 60 requests left, all again in 12 s" },
        { { "tokens", -1, 9000, -1 }, "9000 tokens left" },
        { { "tokens", 10, -1, 5 }, "" },
    };
    for (size_t i = 0; i < COUNTOF(said); i++) {
        struct buf words = { 0 };
        rate_limit_words(&said[i].limit, &words);
        ck_assert_str_eq(buf_string(&words), said[i].words);
        buf_clear(&words);
    }
}
END_TEST

Suite *rate_limit_suite(void)
{
    Suite *suite = suite_create("rate_limit");
    TCase *tcase = tcase_create("rate_limit");
    tcase_add_loop_test(tcase, the_headers_of_every_family_are_read, 0,
                        COUNTOF(cases));
    tcase_add_test(tcase,
                   a_server_that_invents_limits_fills_no_more_than_the_cap);
    tcase_add_test(tcase, a_limit_is_told_in_words);
    suite_add_tcase(suite, tcase);
    return suite;
}
