/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "chat/reply.h"
#include "tests/support/settings.h"

Suite *reply_suite(void);

static struct settings *settings;
static struct endpoint endpoint;
static struct reply reply;
static char far[] = "far", url[] = "http://h", gemini[] = "gemini";

static void setup(void)
{
    settings = settings_new();
    endpoint = (struct endpoint){
        .name = far,
        .dialect = dialect_find(slice_of("chat-completions")),
        .url = url,
        .num_ctx = -1,
    };
    reply = (struct reply){ 0 };
}

static void teardown(void)
{
    reply_clear(&reply);
    settings_free(settings);
}

static void ck_described(const char *like, uint32_t omit, const char *expected)
{
    struct buf out = { 0 };
    reply_read(&reply, settings, NULL, &endpoint);
    const struct chat_request request = {
        .base_url = endpoint.url,
        .like = like,
        .model = "m",
        .reply = reply.settings,
        .omit = omit,
    };
    reply_describe(&request, endpoint.dialect, &out);
    ck_assert_str_eq(buf_string(&out), expected);
    buf_clear(&out);
}

START_TEST(nothing_chosen_is_nothing_said)
{
    ck_described(NULL, 0, "");
}
END_TEST

START_TEST(what_was_chosen_is_said_and_what_is_missing_too)
{
    settings_must_set(settings, "reply.temperature", "0.7");
    settings_must_set(settings, "reply.seed", "5");
    settings_must_set(settings, "reply.stop", "[END, '#']");
    settings_must_set(settings, "reply.repeat_penalty", "1.1");
    settings_must_set(settings, "reply.thinking", "low");
    ck_described(NULL, 0,
                 "{\"temperature\":0.7,\"thinking\":\"low\",\"seed\":5,"
                 "\"stop\":[\"END\",\"#\"],\"repeat_penalty\":1.1}");
    ck_described("gemini", 0,
                 "{\"temperature\":0.7,\"thinking\":\"low\",\"stop\":[\"END\","
                 "\"#\"],\"left_out\":[\"seed\",\"repeat_penalty\"]}");
    ck_described(NULL, PART_TEMPERATURE,
                 "{\"thinking\":\"low\",\"seed\":5,\"stop\":[\"END\",\"#\"],"
                 "\"repeat_penalty\":1.1,\"left_out\":[\"temperature\"]}");
}
END_TEST

START_TEST(stop_texts_are_read_anew_each_time)
{
    settings_must_set(settings, "reply.stop", "[a, b]");
    reply_read(&reply, settings, NULL, &endpoint);
    ck_assert_str_eq(reply.settings.stop[1], "b");
    ck_assert_ptr_null(reply.settings.stop[2]);
    settings_must_set(settings, "reply.stop", "[c]");
    reply_read(&reply, settings, NULL, &endpoint);
    ck_assert_str_eq(reply.settings.stop[0], "c");
    ck_assert_ptr_null(reply.settings.stop[1]);
}
END_TEST

static void ck_explained(const char *key, const char *expected)
{
    struct buf out = { 0 };
    reply_explain(&endpoint, "m", slice_of(key), &out);
    ck_assert_str_eq(buf_string(&out), expected);
    buf_clear(&out);
}

START_TEST(a_setting_that_goes_nowhere_is_named)
{
    ck_explained("reply.seed", "");
    endpoint.like = gemini;
    ck_explained("reply.seed", "far has no seed: it is left out there");
    ck_explained("reply.temperature", "");
    ck_explained("looks.frames", "");
}
END_TEST

Suite *reply_suite(void)
{
    Suite *suite = suite_create("reply");
    TCase *tcase = tcase_create("reply");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, nothing_chosen_is_nothing_said);
    tcase_add_test(tcase, what_was_chosen_is_said_and_what_is_missing_too);
    tcase_add_test(tcase, stop_texts_are_read_anew_each_time);
    tcase_add_test(tcase, a_setting_that_goes_nowhere_is_named);
    suite_add_tcase(suite, tcase);
    return suite;
}
