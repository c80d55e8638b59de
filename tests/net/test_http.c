/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/client.h"
#include "tests/support/skip.h"

Suite *http_suite(void);

START_TEST(a_plain_answer_arrives_with_its_head)
{
    struct play *it =
        play_new(server_start("status 429 Too Many\n"
                              "header Content-Type: Text/Plain; x=y\n"
                              "header Retry-After: 17\n"
                              "body \"hello\"\n",
                              NULL));
    ck_assert(it->answer.result.transferred);
    ck_assert_int_eq(it->answer.heads, 1);
    ck_assert_int_eq(it->answer.status, 429);
    ck_assert_int_eq(it->answer.result.head.status, 429);
    ck_assert(it->answer.is_loopback);
    ck_assert_str_eq(buf_string(&it->answer.body), "hello");
    ck_assert_str_eq(buf_string(&it->answer.content_type), "Text/Plain; x=y");
    ck_assert_str_eq(buf_string(&it->answer.headers),
                     "Content-Type: Text/Plain; x=y\nRetry-After: 17\n"
                     "Content-Length: 5\n");
    ck_assert_str_eq(buf_string(&it->answer.url), server_url(it->server, "/"));
    ck_assert_int_ge(it->answer.result.connect_ms, 0);
    ck_assert_int_ge(it->answer.result.first_byte_ms, 0);
    ck_assert_uint_eq(http_active(it->client.http), 0);
    ck_assert(loop_is_idle(it->client.loop));
    play_free(it);
}
END_TEST

START_TEST(what_is_absent_from_a_head_is_an_empty_string)
{
    struct play *it =
        play_new(server_start("status 204 No Content\nhead\n", NULL));
    ck_assert(it->answer.result.transferred);
    ck_assert_int_eq(it->answer.heads, 1);
    ck_assert_int_eq(it->answer.pieces, 0);
    ck_assert_str_eq(buf_string(&it->answer.content_type), "");
    ck_assert_str_eq(buf_string(&it->answer.headers), "Connection: close\n");
    play_free(it);
}
END_TEST

START_TEST(chunks_in_small_pieces_give_the_whole_body)
{
    struct play *it = play_new(server_start("chunked\npieces 3\n"
                                            "data {\"a\": 1}\n"
                                            "data [DONE]\n",
                                            NULL));
    ck_assert(it->answer.result.transferred);
    ck_assert_str_eq(buf_string(&it->answer.body),
                     "data: {\"a\": 1}\n\ndata: [DONE]\n\n");
    play_free(it);
}
END_TEST

START_TEST(a_body_that_ends_with_the_connection_is_whole)
{
    struct play *it = play_new(server_start("chunk \"abc\"\n", NULL));
    ck_assert(it->answer.result.transferred);
    ck_assert_str_eq(buf_string(&it->answer.body), "abc");
    play_free(it);
}
END_TEST

START_TEST(the_first_piece_is_told_before_the_second_is_sent)
{
    struct play it = { .server = server_start("chunked\nline one\nawait go\n"
                                              "line two\n",
                                              NULL) };
    it.answer.server = it.server;
    it.answer.trigger = "one\n";
    it.answer.action = RELEASE;
    play_request(&it, &(struct http_request){ .url = server_url(it.server, "/"),
                                              .connect_ms = 5000 });
    ck_assert_str_eq(buf_string(&it.answer.body), "one\ntwo\n");
    ck_assert_int_ge(it.answer.pieces, 2);
    play_clear(&it);
}
END_TEST

START_TEST(stopping_from_the_handler_ends_with_cancelled)
{
    struct play it = { .server =
                           server_start("chunked\nline one\nstall\n", NULL) };
    it.answer.trigger = "one";
    it.answer.action = STOP;
    play_request(&it, &(struct http_request){ .url = server_url(it.server, "/"),
                                              .connect_ms = 5000 });
    answer_ck_failed(&it.answer, ERROR_CANCELLED, "");
    ck_assert_int_eq(it.answer.result.head.status, 200);
    ck_assert_str_eq(buf_string(&it.answer.body), "one\n");
    ck_assert(server_await(it.server, "connection 1 closed by the client"));
    play_clear(&it);
}
END_TEST

START_TEST(cancelling_closes_the_connection_at_once_and_is_silent)
{
    static const bool from_inside[] = { true, false };
    struct client client;
    struct answer answer = { 0 };
    struct server *server = server_start("chunked\nline one\nstall\n", NULL);
    client_open(&client);
    if (from_inside[_i]) {
        answer.trigger = "one";
        answer.action = CANCEL;
    }
    answer_begin_url(&client, &answer, server_url(server, "/"));
    answer_await(&client, &answer, "one");
    if (!from_inside[_i])
        http_cancel(client.http, answer.id);
    /* No further turn is needed for the server to see it. */
    ck_assert(server_await(server, "connection 1 closed by the client"));
    ck_assert_uint_eq(http_active(client.http), 0);
    http_cancel(client.http, answer.id);
    http_cancel(client.http, 0);
    loop_turn(client.loop, 0);
    ck_assert_int_eq(answer.dones, 0);
    client_close(&client);
    server_stop(server);
    answer_clear(&answer);
}
END_TEST

START_TEST(a_handler_may_cancel_another_transfer)
{
    struct client client;
    struct answer first = { 0 }, second = { 0 };
    struct server *server =
        server_start("match GET /1\nchunked\nline one\nstall\n",
                     "match GET /2\nchunked\nline two\nline end\n", NULL);
    client_open(&client);
    answer_begin_url(&client, &first, server_url(server, "/1"));
    answer_await(&client, &first, "one");
    second.trigger = "two";
    second.action = CANCEL_OTHER;
    second.other = &first;
    answer_begin_url(&client, &second, server_url(server, "/2"));
    answer_finish(&client, &second);
    ck_assert(second.result.transferred);
    ck_assert(server_await(server, "connection 1 closed by the client"));
    ck_assert_int_eq(first.dones, 0);
    client_close(&client);
    server_stop(server);
    answer_clear(&first);
    answer_clear(&second);
}
END_TEST

START_TEST(freeing_cancels_all_transfers_in_silence)
{
    struct client client;
    struct answer first = { 0 }, second = { 0 };
    struct server *server =
        server_start("chunked\nline one\nstall\ntimes 2\n", NULL);
    client_open(&client);
    answer_begin_url(&client, &first, server_url(server, "/"));
    answer_await(&client, &first, "one");
    answer_begin_url(&client, &second, server_url(server, "/"));
    ck_assert_uint_eq(http_active(client.http), 2);
    client_close(&client);
    ck_assert_int_eq(first.dones + second.dones, 0);
    server_stop(server);
    answer_clear(&first);
    answer_clear(&second);
}
END_TEST

START_TEST(a_transfer_that_still_connects_can_be_cancelled)
{
    char url[64];
    struct client client;
    struct answer answer = { 0 };
    struct deaf deaf;
    deaf_open(&deaf);
    client_open(&client);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", deaf.port);
    answer_begin_url(&client, &answer, url);
    loop_turn(client.loop, 0);
    loop_turn(client.loop, 0);
    http_cancel(client.http, answer.id);
    ck_assert(loop_is_idle(client.loop));
    loop_turn(client.loop, 0);
    ck_assert_int_eq(answer.dones, 0);
    client_close(&client);
    deaf_close(&deaf);
}
END_TEST

/* 0.0.0.0 is no loopback name, and connects to this machine. */
START_TEST(a_key_goes_over_plain_http_where_the_connection_stays_here)
{
    struct play it = { .server = server_start("chunk \"abc\"\n", NULL) };
    char url[64];
    snprintf(url, sizeof url, "http://0.0.0.0:%d/", server_port(it.server));
    play_request(&it, &(struct http_request){
                          .url = url, .connect_ms = 5000, .is_secret = true });
    ck_assert_msg(it.answer.result.transferred, "%s",
                  it.answer.result.err.text);
    play_clear(&it);
}
END_TEST

/* An address of this machine that is not loopback; 0: it has none. */
static in_addr_t outer_address(void)
{
    struct ifaddrs *list, *row;
    in_addr_t found = 0;
    ck_assert_int_eq(getifaddrs(&list), 0);
    for (row = list; row && !found; row = row->ifa_next) {
        struct sockaddr_in address;
        if (!row->ifa_addr || row->ifa_addr->sa_family != AF_INET)
            continue;
        memcpy(&address, row->ifa_addr, sizeof address);
        if (ntohl(address.sin_addr.s_addr) >> 24 != 127)
            found = address.sin_addr.s_addr;
    }
    freeifaddrs(list);
    return found;
}

/* The connection is made and closed again: not a byte went over it. */
START_TEST(a_key_is_not_sent_over_plain_http_to_another_address)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr = { outer_address() } };
    socklen_t size = sizeof address;
    const char *headers[] = { "Authorization: Bearer sk-test", NULL };
    struct play it = { 0 };
    char url[64], host[INET_ADDRSTRLEN], byte;
    if (!address.sin_addr.s_addr) {
        skip_note("outer");
        return;
    }
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(listen(fd, 1), 0);
    getsockname(fd, (struct sockaddr *)&address, &size);
    inet_ntop(AF_INET, &address.sin_addr, host, sizeof host);
    snprintf(url, sizeof url, "http://%s:%d/", host, ntohs(address.sin_port));
    play_request(&it, &(struct http_request){ .url = url,
                                              .headers = headers,
                                              .connect_ms = 5000,
                                              .is_secret = true });
    answer_ck_failed(&it.answer, ERROR_CONFIG, "over plain http to");
    play_clear(&it);
    int peer = accept(fd, NULL, NULL);
    ck_assert_int_ge(peer, 0);
    ck_assert_int_eq(recv(peer, &byte, 1, 0), 0);
    close(peer);
    close(fd);
}
END_TEST

START_TEST(a_key_is_not_sent_over_plain_http_through_a_proxy)
{
    struct play it = { .server = server_start("chunk \"abc\"\n", NULL) };
    char proxy[64];
    snprintf(proxy, sizeof proxy, "%s", server_url(it.server, ""));
    play_request(&it, &(struct http_request){ .url = "http://e.test/v1",
                                              .proxy = proxy,
                                              .connect_ms = 5000,
                                              .is_secret = true });
    answer_ck_failed(&it.answer, ERROR_CONFIG, "through the proxy 127.0.0.1");
    ck_assert_int_eq(server_count(it.server, "request"), 0);
    play_clear(&it);
}
END_TEST

START_TEST(a_redirect_is_told_and_not_followed)
{
    struct play *it = play_new(server_start("status 307 Temporary Redirect\n"
                                            "header Location: /elsewhere\n"
                                            "body \"moved\"\n",
                                            "body \"followed\"\n", NULL));
    ck_assert(it->answer.result.transferred);
    ck_assert_int_eq(it->answer.status, 307);
    ck_assert_str_eq(buf_string(&it->answer.body), "moved");
    ck_assert_int_eq(server_count(it->server, "--- request"), 1);
    play_free(it);
}
END_TEST

START_TEST(a_connection_is_used_again)
{
    struct play *it =
        play_new(server_start("body \"1\"\n", "body \"2\"\n", NULL));
    answer_clear(&it->answer);
    answer_begin_url(&it->client, &it->answer, server_url(it->server, "/"));
    answer_finish(&it->client, &it->answer);
    ck_assert_str_eq(buf_string(&it->answer.body), "2");
    ck_assert_int_eq(it->answer.result.connect_ms, 0);
    ck_assert_int_eq(server_count(it->server, "--- request 2 on connection 1"),
                     1);
    play_free(it);
}
END_TEST

START_TEST(two_transfers_go_on_at_the_same_time)
{
    struct client client;
    struct answer first = { 0 }, second = { 0 };
    struct server *server =
        server_start("match GET /1\nchunked\nline a\nawait go\nline b\n",
                     "match GET /2\nchunked\nline c\nline d\n", NULL);
    client_open(&client);
    answer_begin_url(&client, &first, server_url(server, "/1"));
    answer_begin_url(&client, &second, server_url(server, "/2"));
    answer_finish(&client, &second);
    answer_await(&client, &first, "a\n");
    ck_assert_str_eq(buf_string(&second.body), "c\nd\n");
    ck_assert_str_eq(buf_string(&first.body), "a\n");
    server_release(server, "go");
    answer_finish(&client, &first);
    ck_assert_str_eq(buf_string(&first.body), "a\nb\n");
    client_close(&client);
    server_stop(server);
    answer_clear(&first);
    answer_clear(&second);
}
END_TEST

START_TEST(a_large_answer_arrives_whole)
{
    struct play *it =
        play_new(server_start("chunked\nrepeat 16\nfill 65536\nend\n", NULL));
    ck_assert(it->answer.result.transferred);
    ck_assert_uint_eq(it->answer.body.len, 1024 * 1024);
    for (size_t i = 0; i < it->answer.body.len; i++)
        ck_assert_int_eq(it->answer.body.ptr[i], (char)('a' + i % 65536 % 26));
    play_free(it);
}
END_TEST

START_TEST(an_answer_over_the_cap_is_stopped_and_its_start_kept)
{
    static const struct {
        size_t body_max;
        bool fits;
    } cases[] = { { 99999, false }, { 100000, true }, { 100001, true } };
    struct play it = { .server = server_start("fill 100000\n", NULL) };
    play_request(&it, &(struct http_request){ .url = server_url(it.server, "/"),
                                              .body_max = cases[_i].body_max,
                                              .connect_ms = 5000 });
    ck_assert_int_eq(it.answer.result.transferred, cases[_i].fits);
    ck_assert_uint_eq(it.answer.body.len, cases[_i].fits ? 100000 : 99999);
    if (!cases[_i].fits)
        answer_ck_failed(&it.answer, ERROR_LIMIT, "is larger than 99999 bytes");
    play_clear(&it);
}
END_TEST

START_TEST(a_compressed_answer_is_refused)
{
    struct play *it = play_new(server_start("header Content-Encoding: gzip\n"
                                            "body \"\\x1f\\x8b\"\n",
                                            NULL));
    answer_ck_failed(&it->answer, ERROR_PROTOCOL,
                     "compressed its answer (gzip)");
    ck_assert_int_eq(it->answer.pieces, 0);
    play_free(it);
}
END_TEST

START_TEST(a_request_is_sent_as_it_was_given)
{
    static const char *const headers[] = { "Content-Type: application/json",
                                           "Authorization: Bearer k", NULL };
    struct play it = { .server = server_start("body \"ok\"\n", NULL) };
    play_request(&it,
                 &(struct http_request){ .url = server_url(it.server, "/p?q=1"),
                                         .headers = headers,
                                         .body = { "{\"a\":\0}", 7 },
                                         .connect_ms = 5000 });
    const char *received = server_received(it.server);
    ck_assert_ptr_nonnull(strstr(received, "\nPOST /p?q=1 HTTP/1.1\r\n"));
    ck_assert_ptr_nonnull(
        strstr(received, "\r\nContent-Type: application/json\r\n"));
    ck_assert_ptr_nonnull(strstr(received, "\r\nAuthorization: Bearer k\r\n"));
    ck_assert_ptr_nonnull(strstr(received, "+7 bytes, takes"));
    ck_assert_ptr_nonnull(strstr(received, "\r\n\r\n{\"a\":"));
    ck_assert_ptr_null(strstr(received, "Expect:"));
    ck_assert_ptr_null(strstr(received, "Accept-Encoding:"));
    play_clear(&it);
}
END_TEST

START_TEST(an_empty_body_is_a_post_and_none_is_a_get)
{
    struct play it = { .server = server_start("body \"ok\"\ntimes 2\n", NULL) };
    play_request(&it, &(struct http_request){ .url = server_url(it.server, "/"),
                                              .body = { "", 0 },
                                              .connect_ms = 5000 });
    answer_clear(&it.answer);
    answer_begin_url(&it.client, &it.answer, server_url(it.server, "/"));
    answer_finish(&it.client, &it.answer);
    ck_assert_int_eq(server_count(it.server, "\nPOST / "), 1);
    ck_assert_int_eq(server_count(it.server, "\nContent-Length: 0\r"), 1);
    ck_assert_int_eq(server_count(it.server, "\nGET / "), 1);
    play_clear(&it);
}
END_TEST

/* Descriptors that a child would inherit. */
static int count_inheritable_sockets(void)
{
    DIR *folder = opendir("/proc/self/fd");
    ck_assert_ptr_nonnull(folder);
    struct dirent *entry;
    int count = 0;
    while ((entry = readdir(folder))) {
        int fd = (int)strtol(entry->d_name, NULL, 10);
        struct sockaddr_storage address;
        socklen_t size = sizeof address;
        if (getpeername(fd, (struct sockaddr *)&address, &size) == 0 &&
            address.ss_family == AF_INET)
            count += !(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    }
    closedir(folder);
    return count;
}

START_TEST(connections_are_not_inherited_by_children)
{
    struct client client;
    struct answer answer = { 0 };
    struct server *server = server_start("chunked\nline one\nstall\n", NULL);
    client_open(&client);
    answer_begin_url(&client, &answer, server_url(server, "/"));
    answer_await(&client, &answer, "one");
    ck_assert_int_eq(count_inheritable_sockets(), 0);
    client_close(&client);
    server_stop(server);
    answer_clear(&answer);
}
END_TEST

START_TEST(a_recorded_answer_arrives_as_it_was_recorded)
{
    char scenario[1200], expected[64 * 1024];
    const char *wire =
        shared_path("captures/llama-server/chat-stream-unicode.wire");
    if (!wire)
        return;
    char *absolute = realpath(wire, NULL);
    snprintf(scenario, sizeof scenario, "raw @%s\nclose\n", absolute);
    free(absolute);
    struct play *it = play_new(server_start(scenario, NULL));
    ck_assert(it->answer.result.transferred);
    ck_assert_str_eq(buf_string(&it->answer.content_type), "text/event-stream");
    FILE *file = fopen(
        shared_path("captures/llama-server/chat-stream-unicode.http"), "re");
    ck_assert_ptr_nonnull(file);
    expected[fread(expected, 1, sizeof expected - 1, file)] = '\0';
    fclose(file);
    const char *body = strstr(expected, "\r\n\r\n") + 4;
    ck_assert_uint_eq(it->answer.body.len, strlen(body));
    ck_assert_int_eq(memcmp(it->answer.body.ptr, body, strlen(body)), 0);
    play_free(it);
}
END_TEST

static void add_answers(Suite *suite)
{
    TCase *tcase = tcase_create("answers");
    tcase_add_test(tcase, a_plain_answer_arrives_with_its_head);
    tcase_add_test(tcase, what_is_absent_from_a_head_is_an_empty_string);
    tcase_add_test(tcase, chunks_in_small_pieces_give_the_whole_body);
    tcase_add_test(tcase, a_body_that_ends_with_the_connection_is_whole);
    tcase_add_test(tcase, the_first_piece_is_told_before_the_second_is_sent);
    tcase_add_test(tcase,
                   a_key_goes_over_plain_http_where_the_connection_stays_here);
    tcase_add_test(tcase, a_key_is_not_sent_over_plain_http_to_another_address);
    tcase_add_test(tcase, a_key_is_not_sent_over_plain_http_through_a_proxy);
    tcase_add_test(tcase, a_redirect_is_told_and_not_followed);
    tcase_add_test(tcase, two_transfers_go_on_at_the_same_time);
    tcase_add_test(tcase, a_large_answer_arrives_whole);
    tcase_add_loop_test(
        tcase, an_answer_over_the_cap_is_stopped_and_its_start_kept, 0, 3);
    tcase_add_test(tcase, a_compressed_answer_is_refused);
    tcase_add_test(tcase, a_recorded_answer_arrives_as_it_was_recorded);
    suite_add_tcase(suite, tcase);
}

static void add_cancels(Suite *suite)
{
    TCase *tcase = tcase_create("cancels");
    tcase_add_test(tcase, stopping_from_the_handler_ends_with_cancelled);
    tcase_add_loop_test(
        tcase, cancelling_closes_the_connection_at_once_and_is_silent, 0, 2);
    tcase_add_test(tcase, a_handler_may_cancel_another_transfer);
    tcase_add_test(tcase, freeing_cancels_all_transfers_in_silence);
    tcase_add_test(tcase, a_transfer_that_still_connects_can_be_cancelled);
    suite_add_tcase(suite, tcase);
}

struct observed {
    struct buf lines;
};

static void on_observed_start(void *context, uint32_t id, const char *url,
                              const struct http_request *request)
{
    struct observed *observed = context;
    buf_printf(&observed->lines, "%u starts %s %zu\n", id,
               strstr(url, "secret") ? "with a secret" : "clean",
               request->body.len);
}

static void on_observed_done(void *context, uint32_t id,
                             const struct http_result *result)
{
    struct observed *observed = context;
    buf_printf(&observed->lines, "%u ends %d\n", id,
               result ? result->head.status : -1);
}

START_TEST(an_observer_sees_the_start_and_the_end_of_every_transfer)
{
    static const struct http_observer observer = { on_observed_start,
                                                   on_observed_done };
    struct observed observed = { 0 };
    struct server *server =
        server_start("times forever\nstatus 200 OK\nbody \"hello\"\n", NULL);
    struct client client;
    struct answer first = { 0 }, second = { 0 };
    char url[128];
    client_open(&client);
    http_observe(client.http, &observer, &observed);
    snprintf(url, sizeof url, "http://me:secret@127.0.0.1:%d/",
             server_port(server));
    answer_begin(&client, &first,
                 &(struct http_request){ .url = url,
                                         .body = slice_of("four"),
                                         .connect_ms = 20000 });
    answer_finish(&client, &first);
    answer_begin_url(&client, &second, server_url(server, "/"));
    http_cancel(client.http, second.id);
    ck_assert_str_eq(buf_string(&observed.lines), "1 starts clean 4\n"
                                                  "1 ends 200\n"
                                                  "2 starts clean 0\n"
                                                  "2 ends -1\n");
    answer_clear(&first);
    answer_clear(&second);
    client_close(&client);
    server_stop(server);
    buf_clear(&observed.lines);
}
END_TEST

/* Numbers in other spellings, and names that lead to this machine. */
START_TEST(a_public_request_goes_to_no_other_address)
{
    static const char *const hosts[] = { "127.0.0.1",  "localhost",
                                         "2130706433", "0x7f.1",
                                         "0",          "[::ffff:127.0.0.1]" };
    for (size_t i = 0; i < COUNTOF(hosts); i++) {
        struct play it = { .server = server_start("body \"x\"\n", NULL) };
        char url[100];
        snprintf(url, sizeof url, "http://%s:%d/", hosts[i],
                 server_port(it.server));
        play_request(&it, &(struct http_request){ .url = url,
                                                  .connect_ms = 5000,
                                                  .is_public = true });
        answer_ck_failed(&it.answer, ERROR_TOOL, "of this machine");
        ck_assert_int_eq(server_count(it.server, "GET"), 0);
        play_clear(&it);
    }
}
END_TEST

START_TEST(a_public_request_takes_no_connection_that_is_there)
{
    struct client client;
    struct answer first = { 0 }, second = { 0 };
    struct server *server =
        server_start("body \"x\"\nkeepalive\n", "body \"y\"\n", NULL);
    client_open(&client);
    answer_begin_url(&client, &first, server_url(server, "/"));
    answer_finish(&client, &first);
    ck_assert(first.result.transferred);
    answer_begin(&client, &second,
                 &(struct http_request){ .url = server_url(server, "/"),
                                         .connect_ms = 5000,
                                         .is_public = true });
    answer_finish(&client, &second);
    answer_ck_failed(&second, ERROR_TOOL, "127.0.0.1");
    ck_assert_int_eq(server_count(server, "GET"), 1);
    answer_clear(&first);
    answer_clear(&second);
    client_close(&client);
    server_stop(server);
}
END_TEST

START_TEST(a_public_request_goes_through_no_proxy)
{
    struct play it = { .server = server_start("body \"x\"\n", NULL) };
    setenv("http_proxy", server_url(it.server, ""), 1);
    play_request(&it, &(struct http_request){ .url = "http://192.0.2.1/",
                                              .connect_ms = 5000,
                                              .proxy = NULL,
                                              .is_public = true });
    answer_ck_failed(&it.answer, ERROR_TOOL, "documentation");
    ck_assert_int_eq(server_count(it.server, "GET"), 0);
    unsetenv("http_proxy");
    play_clear(&it);
}
END_TEST

static void add_requests(Suite *suite)
{
    TCase *tcase = tcase_create("requests");
    tcase_add_test(tcase, a_connection_is_used_again);
    tcase_add_test(tcase, a_request_is_sent_as_it_was_given);
    tcase_add_test(tcase, an_empty_body_is_a_post_and_none_is_a_get);
    tcase_add_test(tcase, connections_are_not_inherited_by_children);
    tcase_add_test(tcase,
                   an_observer_sees_the_start_and_the_end_of_every_transfer);
    tcase_add_test(tcase, a_public_request_goes_to_no_other_address);
    tcase_add_test(tcase, a_public_request_takes_no_connection_that_is_there);
    tcase_add_test(tcase, a_public_request_goes_through_no_proxy);
    suite_add_tcase(suite, tcase);
}

Suite *http_suite(void)
{
    Suite *suite = suite_create("http");
    add_answers(suite);
    add_cancels(suite);
    add_requests(suite);
    return suite;
}
