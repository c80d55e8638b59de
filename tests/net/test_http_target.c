/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/client.h"

Suite *http_target_suite(void);

START_TEST(an_unknown_proxy_is_named_and_not_the_server)
{
    char proxy[64], words[64];
    struct play it = { 0 };
    int port = server_free_port();
    snprintf(proxy, sizeof proxy, "http://user:secret@127.0.0.1:%d", port);
    snprintf(words, sizeof words, "nothing listens on the proxy 127.0.0.1:%d",
             port);
    play_request(&it, &(struct http_request){ .url = "http://example.invalid",
                                              .proxy = proxy,
                                              .connect_ms = 5000 });
    answer_ck_failed(&it.answer, ERROR_NETWORK, words);
    ck_assert_ptr_null(strstr(it.answer.result.err.text, "secret"));
    play_clear(&it);
}
END_TEST

START_TEST(a_proxy_gets_requests_but_never_those_for_loopback)
{
    struct server *server = server_start("match GET http://*\nbody \"far\"\n"
                                         "times forever\n",
                                         "match GET /\nbody \"near\"\n"
                                         "times forever\n",
                                         NULL);
    char proxy[64], url[64];
    struct play it = { .server = server };
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", server_port(server));
    snprintf(url, sizeof url, "http://localhost:%d/", server_port(server));
    client_open(&it.client);
    answer_begin(&it.client, &it.answer,
                 &(struct http_request){ .url = "http://example.invalid/x",
                                         .proxy = proxy,
                                         .connect_ms = 5000 });
    answer_finish(&it.client, &it.answer);
    ck_assert_str_eq(buf_string(&it.answer.body), "far");
    ck_assert(!it.answer.is_loopback);
    answer_clear(&it.answer);
    ck_assert_int_eq(setenv("http_proxy", proxy, 1), 0);
    answer_begin_url(&it.client, &it.answer, "http://example.invalid/y");
    answer_finish(&it.client, &it.answer);
    ck_assert_str_eq(buf_string(&it.answer.body), "far");
    answer_clear(&it.answer);
    answer_begin(&it.client, &it.answer,
                 &(struct http_request){
                     .url = url, .proxy = proxy, .connect_ms = 5000 });
    answer_finish(&it.client, &it.answer);
    ck_assert_str_eq(buf_string(&it.answer.body), "near");
    ck_assert(it.answer.is_loopback);
    play_clear(&it);
}
END_TEST

/* Which proxy, by the environment's rules. */
/* clang-format off */
static const struct {
    const char *http_proxy, *https_proxy, *all_proxy, *no_proxy;
    const char *url, *setting, *name;
} proxies[] = {
    { 0, 0, 0, 0, "http://a.example/", 0, "" },
    { "p:1", 0, 0, 0, "http://a.example/", 0, "p:1" },
    { "p:1", 0, 0, 0, "https://a.example/", 0, "" },
    { 0, "http://u:x@p:2/", 0, 0, "https://a.example/", 0, "p:2" },
    { 0, 0, "socks5://p", 0, "https://a.example/", 0, "p:1080" },
    { 0, 0, "p:1", "example", "http://a.example/", 0, "" },
    { 0, 0, "p:1", 0, "http://a.example/", "", "" },
    { 0, 0, 0, "*", "http://a.example/", "https://p", "p:443" },
    { 0, 0, "p:1", 0, "http://127.0.0.1/", "p:2", "" },
    { 0, 0, "p:1", 0, "http://[::1]:80/", 0, "" },
};
/* clang-format on */

START_TEST(the_proxy_is_the_settings_or_the_environments)
{
    static const char *const others[] = { "https_proxy", "ALL_PROXY",
                                          "NO_PROXY", "HTTP_PROXY" };
    const struct {
        const char *name, *value;
    } variables[] = {
        { "http_proxy", proxies[_i].http_proxy },
        { "HTTPS_PROXY", proxies[_i].https_proxy },
        { "all_proxy", proxies[_i].all_proxy },
        { "no_proxy", proxies[_i].no_proxy },
    };
    struct buf name = { 0 };
    for (size_t i = 0; i < COUNTOF(variables); i++) {
        unsetenv(others[i]);
        unsetenv(variables[i].name);
        if (variables[i].value)
            setenv(variables[i].name, variables[i].value, 1);
    }
    http_proxy_name(proxies[_i].url, proxies[_i].setting, &name);
    ck_assert_str_eq(buf_string(&name), proxies[_i].name);
    buf_clear(&name);
}
END_TEST

/* Requests that are refused before anything is sent. */
/* clang-format off */
static const struct {
    const char *url;
    const char *header;
    const char *proxy;
    const char *words;
} malformed[] = {
    { "localhost:11434/api", 0, 0, "URL" },
    { "", 0, 0, "URL" },
    { "ftp://example.com/", 0, 0, "http:// or https://" },
    { "http://127.0.0.1:99999/", 0, 0, "not a URL" },
    { "http://u:secret@exa mple/", 0, 0, "not a URL" },
    { "http://127.0.0.1/", "Key: secret\r\nX: y", 0, "header Key is not one" },
    { "http://127.0.0.1/", "secret", 0, "is not a line" },
    { "http://a.example/", 0, "http://:x:y:z/", "proxy setting" },
};
/* clang-format on */

static bool never_body(void *context, uint32_t id, struct slice piece)
{
    (void)context, (void)id, (void)piece;
    ck_abort();
}

static void never_done(void *context, uint32_t id,
                       const struct http_result *result)
{
    (void)context, (void)id, (void)result;
    ck_abort();
}

START_TEST(a_malformed_request_is_a_setting_that_is_wrong)
{
    const struct http_handler handler = { NULL, never_body, never_done };
    const char *headers[] = { malformed[_i].header, NULL };
    struct http_request request = { .url = malformed[_i].url,
                                    .headers = headers,
                                    .proxy = malformed[_i].proxy,
                                    .connect_ms = 1000 };
    struct client client;
    struct error err = { 0 };
    client_open(&client);
    ck_assert_uint_eq(http_start(client.http, &request, &handler, NULL, &err),
                      0);
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
    ck_assert_msg(strstr(err.text, malformed[_i].words), "%s", err.text);
    ck_assert_ptr_null(strstr(err.text, "secret"));
    ck_assert_uint_eq(http_active(client.http), 0);
    client_close(&client);
}
END_TEST

START_TEST(user_and_password_are_used_and_not_shown)
{
    char url[64], shown[64];
    struct play it = { .server = server_start("body \"ok\"\n", NULL) };
    snprintf(url, sizeof url, "http://u:p@127.0.0.1:%d/",
             server_port(it.server));
    snprintf(shown, sizeof shown, "http://127.0.0.1:%d/",
             server_port(it.server));
    play_request(&it, &(struct http_request){ .url = url, .connect_ms = 5000 });
    ck_assert_str_eq(buf_string(&it.answer.url), shown);
    ck_assert_int_eq(server_count(it.server, "Authorization: Basic dTpw"), 1);
    play_clear(&it);
}
END_TEST

Suite *http_target_suite(void)
{
    Suite *suite = suite_create("http_target");
    TCase *tcase = tcase_create("http_target");
    tcase_add_test(tcase, an_unknown_proxy_is_named_and_not_the_server);
    tcase_add_test(tcase, a_proxy_gets_requests_but_never_those_for_loopback);
    tcase_add_loop_test(tcase, the_proxy_is_the_settings_or_the_environments, 0,
                        COUNTOF(proxies));
    tcase_add_loop_test(tcase, a_malformed_request_is_a_setting_that_is_wrong,
                        0, COUNTOF(malformed));
    tcase_add_test(tcase, user_and_password_are_used_and_not_shown);
    suite_add_tcase(suite, tcase);
    return suite;
}
