/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "net/capture.h"

Suite *capture_suite(void);

static void ck_capture(const char *bytes, int status, const char *type,
                       const char *body, bool is_cut)
{
    struct capture capture = { 0 };
    capture_parse(&capture, slice_of(bytes));
    ck_assert_int_eq(capture.has_head, status != 0);
    ck_assert_int_eq(capture.status, status);
    ck_assert_str_eq(buf_string(&capture.content_type), type);
    ck_assert_str_eq(buf_string(&capture.body), body);
    ck_assert_int_eq(capture.is_cut, is_cut);
    capture_clear(&capture);
}

START_TEST(bytes_without_a_head_are_a_body)
{
    ck_capture("", 0, "", "", false);
    ck_capture("{\"a\":1}\n", 0, "", "{\"a\":1}\n", false);
    ck_capture("HTTP is a protocol\n", 0, "", "HTTP is a protocol\n", false);
    ck_capture("data: HTTP/1.1 200 OK\n\n", 0, "", "data: HTTP/1.1 200 OK\n\n",
               false);
}
END_TEST

START_TEST(a_head_gives_status_and_type)
{
    ck_capture("HTTP/1.1 404 Not Found\r\ncontent-type:  text/plain \r\n"
               "X: y\r\n\r\nno\r\n",
               404, "text/plain", "no\r\n", false);
    ck_capture("HTTP/2 200\nContent-Type: a/b\n\nbody", 200, "a/b", "body",
               false);
    ck_capture("HTTP/1.1 204 No Content\r\n\r\n", 204, "", "", false);
}
END_TEST

START_TEST(heads_of_interim_answers_are_skipped)
{
    ck_capture("HTTP/1.1 100 Continue\r\n\r\n"
               "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\nx",
               200, "a/b", "x", false);
}
END_TEST

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

START_TEST(chunks_are_put_together)
{
    ck_capture(CHUNKED "5\r\nhello\r\n1;name=value\r\n,\r\n"
                       "A\r\n0123456789\r\n0\r\n\r\n",
               200, "", "hello,0123456789", false);
    ck_capture(CHUNKED "0\r\n\r\n", 200, "", "", false);
    ck_capture(CHUNKED "2\r\n\r\n\r\n0\r\n\r\n", 200, "", "\r\n", false);
}
END_TEST

START_TEST(a_cut_chunked_body_gives_what_there_is)
{
    ck_capture(CHUNKED "5\r\nhello\r\n", 200, "", "hello", true);
    ck_capture(CHUNKED "5\r\nhello\r\n5\r\nwo", 200, "", "hellowo", true);
    ck_capture(CHUNKED "5\r\nhe", 200, "", "he", true);
    ck_capture(CHUNKED "5\r\nhello\r\nzz\r\n", 200, "", "hello", true);
    ck_capture(CHUNKED "fffffffffffffff\r\nab", 200, "", "ab", true);
}
END_TEST

START_TEST(a_body_that_was_put_together_already_is_left_alone)
{
    ck_capture(CHUNKED "{\"a\":1}\n", 200, "", "{\"a\":1}\n", false);
    ck_capture(CHUNKED "data: x\r\n\r\n", 200, "", "data: x\r\n\r\n", false);
    /* "da" are digits, but nothing of that length follows. */
    ck_capture(CHUNKED "da\nx", 200, "", "da\nx", false);
    ck_capture(CHUNKED "2\r\nthree\r\n", 200, "", "2\r\nthree\r\n", false);
    ck_capture(CHUNKED, 200, "", "", false);
}
END_TEST

START_TEST(chunks_without_the_header_are_a_body)
{
    ck_capture("HTTP/1.1 200 OK\r\n\r\n1\r\na\r\n0\r\n\r\n", 200, "",
               "1\r\na\r\n0\r\n\r\n", false);
}
END_TEST

Suite *capture_suite(void)
{
    Suite *suite = suite_create("capture");
    TCase *tcase = tcase_create("capture");
    tcase_add_test(tcase, bytes_without_a_head_are_a_body);
    tcase_add_test(tcase, a_head_gives_status_and_type);
    tcase_add_test(tcase, heads_of_interim_answers_are_skipped);
    tcase_add_test(tcase, chunks_are_put_together);
    tcase_add_test(tcase, a_cut_chunked_body_gives_what_there_is);
    tcase_add_test(tcase, a_body_that_was_put_together_already_is_left_alone);
    tcase_add_test(tcase, chunks_without_the_header_are_a_body);
    suite_add_tcase(suite, tcase);
    return suite;
}
