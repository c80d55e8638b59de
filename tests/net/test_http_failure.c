/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "net/http_failure.h"
#include "tests/support/client.h"

Suite *http_failure_suite(void);

/* Scenarios after which the answer is known to be cut, and how it is told. */
/* clang-format off */
static const struct {
    const char *scenario;
    const char *body;
    const char *words;
} cuts[] = {
    { "length 9\nchunk \"abc\"\nclose\n", "abc", "broke off after 3 bytes" },
    { "chunked\nchunk \"abc\"\nclose\n", "abc", "broke off after 3 bytes" },
    { "chunked\nhead\nclose\n", "", "broke off after 0 bytes" },
    { "status 200 OK\nheader Transfer-Encoding: chunked\nchunk \"xyz\\r\\n\"\n",
      "", "after 0 bytes: broken chunk" },
};
/* clang-format on */

START_TEST(a_body_that_breaks_off_is_cut_and_kept)
{
    struct play *it = play_new(server_start(cuts[_i].scenario, NULL));
    answer_ck_failed(&it->answer, ERROR_CUT, cuts[_i].words);
    answer_ck_failed(&it->answer, ERROR_CUT, "127.0.0.1:");
    ck_assert_str_eq(buf_string(&it->answer.body), cuts[_i].body);
    ck_assert_int_eq(it->answer.heads, 1);
    ck_assert_int_eq(it->answer.result.head.status, 200);
    play_free(it);
}
END_TEST

START_TEST(a_reset_in_the_body_is_cut_and_told)
{
    struct play it = { .server = server_start("chunked\nline one\nawait go\n"
                                              "reset\n",
                                              NULL) };
    it.answer.server = it.server;
    it.answer.trigger = "one";
    it.answer.action = RELEASE;
    play_request(&it, &(struct http_request){ .url = server_url(it.server, "/"),
                                              .connect_ms = 5000 });
    answer_ck_failed(&it.answer, ERROR_CUT, "after 4 bytes: connection reset");
    ck_assert_str_eq(buf_string(&it.answer.body), "one\n");
    play_clear(&it);
}
END_TEST

/* Servers that do not come as far as a head. */
/* clang-format off */
static const struct {
    const char *scenario;
    enum error_kind kind;
    const char *words;
} failures[] = {
    { "close\n", ERROR_NETWORK, "closed the connection without an answer" },
    { "refuse\n", ERROR_NETWORK, "reset the connection without an answer" },
    { "raw \"SSH-2.0-OpenSSH_9.2\\r\\n\"\n", ERROR_NETWORK,
      "is not an HTTP server" },
    { "raw \"\\x15\\x03\\x03\\0\\x02\\x02\\x32\"\n", ERROR_NETWORK,
      "perhaps its URL is an https:// one" },
    { "raw \"HTTP/1.1 200 OK\\r\\nX: \"\nrepeat 20\nfill 10000\nend\n",
      ERROR_LIMIT, "a header that is too large" },
    { "raw \"HTTP/1.1 200 OK\\r\\n\"\nrepeat 5000\n"
      "raw \"X-Long: 01234567890123456789012345678901234567890123\\r\\n\""
      "\nend\nraw \"X: \"\nrepeat 100\nfill 60000\nend\n",
      ERROR_LIMIT, "a header that is too large" },
    { "repeat 200\nraw \"HTTP/1.1 103 Early Hints\\r\\n\\r\\n\"\nend\nstall\n",
      ERROR_LIMIT, "a header that is too large" },
};
/* clang-format on */

START_TEST(a_server_that_gives_no_head_is_told_in_words)
{
    struct play *it = play_new(server_start(failures[_i].scenario, NULL));
    answer_ck_failed(&it->answer, failures[_i].kind, failures[_i].words);
    answer_ck_failed(&it->answer, failures[_i].kind, "127.0.0.1:");
    ck_assert_int_eq(it->answer.heads, 0);
    ck_assert_int_eq(it->answer.result.head.status, 0);
    ck_assert_int_eq(it->answer.result.first_byte_ms, -1);
    play_free(it);
}
END_TEST

START_TEST(a_refused_connection_names_the_port)
{
    char url[64], words[64];
    struct play it = { 0 };
    int port = server_free_port();
    snprintf(url, sizeof url, "http://localhost:%d/x", port);
    snprintf(words, sizeof words, "nothing listens on localhost:%d", port);
    play_request(&it, &(struct http_request){ .url = url, .connect_ms = 5000 });
    answer_ck_failed(&it.answer, ERROR_NETWORK, words);
    ck_assert_int_eq(it.answer.heads, 0);
    ck_assert_int_eq(it.answer.result.connect_ms, -1);
    ck_assert_int_eq(it.answer.result.first_byte_ms, -1);
    play_clear(&it);
}
END_TEST

START_TEST(a_port_without_tls_is_named)
{
    struct server *server =
        server_start("raw \"HTTP/1.1 400 Bad Request\\r\\n\\r\\n\"\n", NULL);
    /* The greeting of TLS is no HTTP head: the server waits for the rest until
     * the client's time for connecting is over. */
    char url[64];
    struct play it = { .server = server };
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", server_port(server));
    play_request(&it, &(struct http_request){ .url = url, .connect_ms = 1000 });
    answer_ck_failed(&it.answer, ERROR_NETWORK, "does it speak http:// only?");
    play_clear(&it);
}
END_TEST

START_TEST(a_ca_file_that_is_missing_is_a_setting_that_is_wrong)
{
    struct server *server = server_start("stall\n", NULL);
    char url[64];
    struct play it = { .server = server };
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", server_port(server));
    play_request(&it, &(struct http_request){ .url = url,
                                              .ca_file = "/nonexistent/ca.pem",
                                              .connect_ms = 5000 });
    answer_ck_failed(&it.answer, ERROR_CONFIG, "ca_file /nonexistent/ca.pem");
    play_clear(&it);
}
END_TEST

START_TEST(connecting_has_a_limit_that_is_told)
{
    char url[64];
    struct play it = { 0 };
    struct deaf deaf;
    deaf_open(&deaf);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", deaf.port);
    play_request(&it, &(struct http_request){ .url = url, .connect_ms = 200 });
    answer_ck_failed(&it.answer, ERROR_NETWORK, "no answer from 127.0.0.1:");
    answer_ck_failed(&it.answer, ERROR_NETWORK, "within 0.2 s");
    ck_assert_int_ge(it.answer.result.total_ms, 200);
    play_clear(&it);
    deaf_close(&deaf);
}
END_TEST

/* How a pooled connection dies: with the next request, in silence or with a
 * reset. */
static const char *const deaths[] = { "body \"1\"\ndrop\n",
                                      "body \"1\"\ndrop-reset\n",
                                      "body \"1\"\nkeepalive\n" };

START_TEST(a_pooled_connection_that_died_is_replaced_at_once)
{
    struct play *it = play_new(server_start(deaths[_i], "body \"2\"\n", NULL));
    struct buf body = { 0 };
    for (int i = 0; i < 4 * 1024 * 1024; i++)
        buf_append_char(&body, 'b');
    answer_clear(&it->answer);
    answer_begin(&it->client, &it->answer,
                 &(struct http_request){ .url = server_url(it->server, "/"),
                                         .body = buf_slice(&body),
                                         .connect_ms = 5000 });
    answer_finish(&it->client, &it->answer);
    ck_assert_msg(it->answer.result.transferred, "%s",
                  it->answer.result.err.text);
    ck_assert_str_eq(buf_string(&it->answer.body), "2");
    ck_assert_int_eq(
        server_count(it->server, "+4194304 bytes, takes 02.scenario"), 1);
    buf_clear(&body);
    play_free(it);
}
END_TEST

/* libcurl gives up on the sixth. */
START_TEST(a_pool_of_dead_connections_is_left_behind)
{
    struct client client;
    struct answer warm[8] = { 0 }, last = { 0 };
    struct server *server =
        server_start("match GET /warm\ntimes 8\nawait go\nbody \"1\"\ndrop\n",
                     "match GET /last\nbody \"2\"\n", NULL);
    client_open(&client);
    for (size_t i = 0; i < COUNTOF(warm); i++)
        answer_begin_url(&client, &warm[i], server_url(server, "/warm"));
    server_release(server, "go");
    for (size_t i = 0; i < COUNTOF(warm); i++)
        answer_finish(&client, &warm[i]);
    answer_begin_url(&client, &last, server_url(server, "/last"));
    answer_finish(&client, &last);
    ck_assert_msg(last.result.transferred, "%s", last.result.err.text);
    ck_assert_str_eq(buf_string(&last.body), "2");
    ck_assert_int_gt(server_count(server, "takes nothing"), 0);
    ck_assert_int_eq(server_count(server, "on connection 9"), 1);
    client_close(&client);
    server_stop(server);
    for (size_t i = 0; i < COUNTOF(warm); i++)
        answer_clear(&warm[i]);
    answer_clear(&last);
}
END_TEST

START_TEST(a_fresh_connection_that_dies_is_not_tried_again)
{
    struct play *it = play_new(server_start("close\n", "body \"2\"\n", NULL));
    answer_ck_failed(&it->answer, ERROR_NETWORK, "without an answer");
    ck_assert_int_eq(server_count(it->server, "--- request"), 1);
    play_free(it);
}
END_TEST

/* What no server on loopback can do on demand: the words alone. */
/* clang-format off */
static const struct {
    struct http_failure failure;
    enum error_kind kind;
    const char *words;
} words[] = {
    { { .code = CURLE_COULDNT_RESOLVE_HOST, .server = "ghost:443" },
      ERROR_NETWORK,
      "cannot find the host of ghost:443; check the name and the network" },
    { { .code = CURLE_COULDNT_RESOLVE_PROXY,
        .server = "a:443",
        .proxy = "p:1" },
      ERROR_NETWORK,
      "cannot find the host of the proxy p:1; check the proxy setting and the "
      "network" },
    { { .code = CURLE_COULDNT_CONNECT,
        .server = "localhost:11434",
        .is_loopback = true,
        .os_errno = ECONNREFUSED },
      ERROR_NETWORK,
      "nothing listens on localhost:11434; start it with: ollama serve" },
    { { .code = CURLE_COULDNT_CONNECT,
        .server = "box:11434",
        .os_errno = ECONNREFUSED },
      ERROR_NETWORK,
      "nothing listens on box:11434; is the server running?" },
    { { .code = CURLE_COULDNT_CONNECT,
        .server = "box:80",
        .os_errno = EHOSTUNREACH },
      ERROR_NETWORK,
      "no way to box:80; check the network or the VPN" },
    { { .code = CURLE_COULDNT_CONNECT, .server = "box:80", .os_errno = EMFILE },
      ERROR_NETWORK,
      "cannot connect to box:80: too many open files" },
    { { .code = CURLE_OPERATION_TIMEDOUT,
        .server = "box:80",
        .connect_ms = 10000 },
      ERROR_NETWORK,
      "looking up the host of box:80 took longer than 10 s; check the "
      "network" },
    { { .code = CURLE_OPERATION_TIMEDOUT,
        .server = "box:80",
        .proxy = "p:1",
        .is_resolved = true,
        .connect_ms = 10000 },
      ERROR_NETWORK,
      "no answer from the proxy p:1 within 10 s" },
    { { .code = CURLE_PEER_FAILED_VERIFICATION,
        .server = "box:443",
        .verify_result = 18 },
      ERROR_NETWORK,
      "box:443 shows a self-signed certificate; if it is yours, name it with "
      "ca_file:" },
    { { .code = CURLE_PEER_FAILED_VERIFICATION,
        .server = "box:443",
        .verify_result = 10 },
      ERROR_NETWORK,
      "box:443 shows a certificate that has expired; check the clock or renew "
      "it" },
    { { .code = CURLE_PEER_FAILED_VERIFICATION,
        .server = "box:443",
        .verify_result = 20 },
      ERROR_NETWORK,
      "box:443 shows a certificate from an unknown authority; if you trust "
      "that, name its certificate with ca_file:" },
    { { .code = CURLE_PEER_FAILED_VERIFICATION,
        .server = "box:443",
        .verify_result = 1,
        .detail = "SSL: x does not match target host name 'box'" },
      ERROR_NETWORK,
      "box:443 shows a certificate for another name; check the URL" },
    { { .code = CURLE_PEER_FAILED_VERIFICATION,
        .server = "box:443",
        .verify_result = 99,
        .detail = "odd" },
      ERROR_NETWORK,
      "box:443 shows a certificate that cannot be trusted: odd" },
    { { .code = CURLE_SSL_CONNECT_ERROR,
        .server = "box:443",
        .detail = "error:0A00010B:SSL routines::wrong version number" },
      ERROR_NETWORK,
      "box:443 speaks no TLS; is its URL an http:// one?" },
    /* A server of plain http that does not answer what it cannot read. */
    { { .code = CURLE_SSL_CONNECT_ERROR,
        .server = "box:443",
        .detail = "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to "
                  "box:443 " },
      ERROR_NETWORK,
      "box:443 answers no TLS: it closed the connection; is its URL an http:// "
      "one?" },
    { { .code = CURLE_RECV_ERROR,
        .server = "a:443",
        .proxy = "p:1",
        .proxy_status = 407 },
      ERROR_NETWORK,
      "the proxy p:1 asks for a name and password (407); write them into its "
      "address, http://NAME:PASSWORD@p:1, or go round it with proxy: none" },
    { { .code = CURLE_RECV_ERROR,
        .server = "a:443",
        .proxy = "p:1",
        .proxy_status = 403 },
      ERROR_NETWORK,
      "the proxy p:1 refuses a:443 (403)" },
    { { .code = CURLE_HTTP2_STREAM,
        .server = "a:443",
        .has_head = true,
        .body_bytes = 12 },
      ERROR_CUT,
      "the answer of a:443 broke off after 12 bytes: the server ended the "
      "stream" },
    { { .code = CURLE_BAD_CONTENT_ENCODING, .server = "a:443", .detail = "" },
      ERROR_NETWORK,
      "a:443: Unrecognized or bad HTTP Content or "
      "Transfer-Encoding" },
};
/* clang-format on */

START_TEST(a_failure_says_who_and_what_to_do)
{
    struct error err = { 0 };
    http_failure_describe(&words[_i].failure, &err);
    ck_assert_str_eq(err.text, words[_i].words);
    ck_assert_int_eq(err.kind, words[_i].kind);
}
END_TEST

/* What passes by itself: notes on reliability, section 5.2, column R. */
static const struct {
    struct http_failure failure;
    enum http_hope hope;
} hopes[] = {
    { { .code = CURLE_COULDNT_RESOLVE_HOST }, HTTP_ONE_TRY },
    { { .code = CURLE_COULDNT_RESOLVE_PROXY, .proxy = "p:1" },
      HTTP_SOME_TRIES },
    { { .code = CURLE_COULDNT_CONNECT, .os_errno = ECONNREFUSED },
      HTTP_SOME_TRIES },
    { { .code = CURLE_COULDNT_CONNECT, .os_errno = EHOSTUNREACH },
      HTTP_SOME_TRIES },
    { { .code = CURLE_COULDNT_CONNECT, .os_errno = EMFILE }, HTTP_HOPELESS },
    { { .code = CURLE_COULDNT_CONNECT, .os_errno = ECONNRESET }, HTTP_ONE_TRY },
    { { .code = CURLE_OPERATION_TIMEDOUT }, HTTP_SOME_TRIES },
    { { .code = CURLE_OPERATION_TIMEDOUT,
        .is_https = true,
        .is_connected = true },
      HTTP_HOPELESS },
    { { .code = CURLE_PEER_FAILED_VERIFICATION }, HTTP_HOPELESS },
    { { .code = CURLE_SSL_CONNECT_ERROR, .detail = "alert" }, HTTP_ONE_TRY },
    { { .code = CURLE_SSL_CONNECT_ERROR, .detail = "wrong version number" },
      HTTP_HOPELESS },
    { { .code = CURLE_UNSUPPORTED_PROTOCOL }, HTTP_HOPELESS },
    { { .code = CURLE_RECV_ERROR, .proxy = "p:1", .proxy_status = 403 },
      HTTP_HOPELESS },
    { { .code = CURLE_RECV_ERROR, .proxy = "p:1", .proxy_status = 502 },
      HTTP_SOME_TRIES },
    { { .code = CURLE_OUT_OF_MEMORY }, HTTP_HOPELESS },
    { { .code = CURLE_GOT_NOTHING }, HTTP_ONE_TRY },
    { { .code = CURLE_HTTP2_STREAM }, HTTP_SOME_TRIES },
    /* After the head it is the server that broke off. */
    { { .code = CURLE_RECV_ERROR, .has_head = true }, HTTP_SOME_TRIES },
    { { .code = CURLE_FAILED_INIT }, HTTP_HOPELESS },
};

START_TEST(a_failure_tells_whether_another_try_may_help)
{
    ck_assert_int_eq(http_failure_hope(&hopes[_i].failure), hopes[_i].hope);
}
END_TEST

Suite *http_failure_suite(void)
{
    Suite *suite = suite_create("http_failure");
    TCase *tcase = tcase_create("http_failure");
    tcase_add_loop_test(tcase, a_body_that_breaks_off_is_cut_and_kept, 0,
                        COUNTOF(cuts));
    tcase_add_loop_test(tcase, a_server_that_gives_no_head_is_told_in_words, 0,
                        COUNTOF(failures));
    tcase_add_test(tcase, a_reset_in_the_body_is_cut_and_told);
    tcase_add_test(tcase, a_refused_connection_names_the_port);
    tcase_add_test(tcase, a_port_without_tls_is_named);
    tcase_add_test(tcase, a_ca_file_that_is_missing_is_a_setting_that_is_wrong);
    tcase_add_test(tcase, connecting_has_a_limit_that_is_told);
    tcase_add_loop_test(tcase,
                        a_pooled_connection_that_died_is_replaced_at_once, 0,
                        COUNTOF(deaths));
    tcase_add_test(tcase, a_pool_of_dead_connections_is_left_behind);
    tcase_add_test(tcase, a_fresh_connection_that_dies_is_not_tried_again);
    tcase_add_loop_test(tcase, a_failure_says_who_and_what_to_do, 0,
                        COUNTOF(words));
    tcase_add_loop_test(tcase, a_failure_tells_whether_another_try_may_help, 0,
                        COUNTOF(hopes));
    suite_add_tcase(suite, tcase);
    return suite;
}
