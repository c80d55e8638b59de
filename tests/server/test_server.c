/* SPDX-License-Identifier: MIT */
/*
 * The scripted server itself, seen over a plain socket: what other suites rely
 * on.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <check.h>

#include "base/buf.h"
#include "tests/support/server.h"

Suite *server_suite(void);

static int connect_to(const struct server *server)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)server_port(server)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address),
                     0);
    return fd;
}

/* Send a request and read until the server closes; errno 0 if it did so in
 * order. */
static void ask(int fd, const char *request, struct buf *answer)
{
    char bytes[4096];
    ssize_t count;
    ck_assert_int_eq(send(fd, request, strlen(request), MSG_NOSIGNAL),
                     (ssize_t)strlen(request));
    errno = 0;
    while ((count = recv(fd, bytes, sizeof bytes, 0)) > 0)
        buf_append(answer, bytes, (size_t)count);
}

static void ck_answer(struct server *server, const char *request,
                      const char *expected)
{
    struct buf answer = { 0 };
    int fd = connect_to(server);
    ask(fd, request, &answer);
    ck_assert_str_eq(buf_string(&answer), expected);
    buf_clear(&answer);
    close(fd);
}

#define GET(path) \
    "GET " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

START_TEST(a_scenario_is_played_as_written)
{
    struct server *server = server_start("# a comment\n"
                                         "status 201 Made\n"
                                         "header X-Test: a \"b\"\n"
                                         "chunked\n"
                                         "chunk \"a\\n\\x1b\\\"\"\n"
                                         "pieces 1\n"
                                         "data {\"x\": 1}\n"
                                         "repeat 2\n"
                                         "  repeat 2\n"
                                         "    line {}\n"
                                         "  end\n"
                                         "  fill 28\n"
                                         "end\n",
                                         NULL);
    ck_answer(server, GET("/"),
              "HTTP/1.1 201 Made\r\nX-Test: a \"b\"\r\n"
              "Transfer-Encoding: chunked\r\n\r\n"
              "4\r\na\n\x1b\"\r\n"
              "10\r\ndata: {\"x\": 1}\n\n\r\n"
              "3\r\n{}\n\r\n3\r\n{}\n\r\n"
              "1c\r\nabcdefghijklmnopqrstuvwxyzab\r\n"
              "3\r\n{}\n\r\n3\r\n{}\n\r\n"
              "1c\r\nabcdefghijklmnopqrstuvwxyzab\r\n"
              "0\r\n\r\n");
    server_stop(server);
}
END_TEST

START_TEST(requests_take_the_first_scenario_that_fits_and_is_left)
{
    struct server *server = server_start("match GET /a*\nbody \"a\"\n",
                                         "match POST *\nbody \"post\"\n",
                                         "body \"any\"\ntimes 2\n", NULL);
    const char *a = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na";
    const char *any = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nany";
    const char *none = "HTTP/1.1 404 Not Found\r\n"
                       "Content-Type: application/json\r\n"
                       "Content-Length: 33\r\n\r\n"
                       "{\"error\":\"no scenario for this\"}\n";
    ck_answer(server, GET("/b"), any);
    ck_answer(server, GET("/abc"), a);
    ck_answer(server, GET("/abc"), any);
    ck_answer(server, GET("/abc"), none);
    server_stop(server);
}
END_TEST

START_TEST(requests_on_one_connection_are_logged_whole)
{
    struct server *server = server_start("body \"1\"\n", "body \"2\"\n", NULL);
    ck_answer(server,
              "POST /x HTTP/1.1\r\nContent-Length: 4\r\n\r\n{\n}\n"
              "GET /y HTTP/1.1\r\nConnection: close\r\n\r\n",
              "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"
              "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
    ck_assert_str_eq(server_received(server),
                     "--- request 1 on connection 1, 39+4 bytes, "
                     "takes 01.scenario\n"
                     "POST /x HTTP/1.1\r\nContent-Length: 4\r\n\r\n{\n}\n\n"
                     "--- request 2 on connection 1, 38+0 bytes, "
                     "takes 02.scenario\n"
                     "GET /y HTTP/1.1\r\nConnection: close\r\n\r\n\n");
    ck_assert_int_eq(server_count(server, "--- request"), 2);
    server_stop(server);
}
END_TEST

START_TEST(refuse_and_reset_end_with_a_reset)
{
    struct server *server = server_start(
        "refuse\n", "length 9\nchunk \"abc\"\nawait go\nreset\n", NULL);
    struct buf answer = { 0 };
    char bytes[1];
    int fd = connect_to(server);
    ck_assert_int_eq(recv(fd, bytes, 1, 0), -1);
    ck_assert_int_eq(errno, ECONNRESET);
    close(fd);
    fd = connect_to(server);
    ck_assert_int_gt(send(fd, GET("/"), strlen(GET("/")), MSG_NOSIGNAL), 0);
    while (!strstr(buf_string(&answer), "abc")) {
        ck_assert_int_eq(recv(fd, bytes, 1, 0), 1);
        buf_append(&answer, bytes, 1);
    }
    server_release(server, "go");
    ck_assert_int_eq(recv(fd, bytes, 1, 0), -1);
    ck_assert_int_eq(errno, ECONNRESET);
    close(fd);
    buf_clear(&answer);
    server_stop(server);
}
END_TEST

START_TEST(drop_reads_one_more_request_and_closes)
{
    struct server *server = server_start("body \"1\"\ndrop\n", NULL);
    ck_answer(server,
              "GET /1 HTTP/1.1\r\n\r\n"
              "GET /2 HTTP/1.1\r\n\r\n",
              "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
    ck_assert_int_eq(errno, 0);
    ck_assert_int_eq(server_count(server, "takes nothing\nGET /2 "), 1);
    server_stop(server);
}
END_TEST

START_TEST(a_stalled_server_notices_that_the_client_goes)
{
    struct server *server = server_start("stall\n", NULL);
    int fd = connect_to(server);
    ck_assert_int_gt(send(fd, GET("/"), strlen(GET("/")), MSG_NOSIGNAL), 0);
    ck_assert(server_await(server, "takes 01.scenario"));
    close(fd);
    ck_assert(server_await(server, "--- connection 1 closed by the client"));
    server_stop(server);
}
END_TEST

Suite *server_suite(void)
{
    Suite *suite = suite_create("server");
    TCase *tcase = tcase_create("server");
    tcase_add_test(tcase, a_scenario_is_played_as_written);
    tcase_add_test(tcase,
                   requests_take_the_first_scenario_that_fits_and_is_left);
    tcase_add_test(tcase, requests_on_one_connection_are_logged_whole);
    tcase_add_test(tcase, refuse_and_reset_end_with_a_reset);
    tcase_add_test(tcase, drop_reads_one_more_request_and_closes);
    tcase_add_test(tcase, a_stalled_server_notices_that_the_client_goes);
    suite_add_tcase(suite, tcase);
    return suite;
}
