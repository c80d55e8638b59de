/* SPDX-License-Identifier: MIT */
/* RFC 3986, and the spellings of addresses that inet_aton(3) knows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "net/web_url.h"

Suite *web_url_suite(void);

static void ck_url(const char *text, const char *expected)
{
    struct web_url url;
    struct error err = { 0 };
    ck_assert_msg(web_url_parse(&url, slice_of(text), &err), "%s: %s", text,
                  err.text);
    ck_assert_str_eq(url.text, expected);
    web_url_clear(&url);
}

static void ck_refused(const char *text, const char *words)
{
    struct web_url url;
    struct error err = { 0 };
    ck_assert_msg(!web_url_parse(&url, slice_of(text), &err), "%s", text);
    ck_assert_msg(strstr(err.text, words) != NULL, "%s: %s", text, err.text);
    ck_assert_int_eq(err.kind, ERROR_TOOL);
    ck_assert_ptr_null(url.text);
}

START_TEST(a_url_has_one_form)
{
    ck_url("https://example.org", "https://example.org/");
    ck_url("HTTPS://EXAMPLE.org/A", "https://example.org/A");
    ck_url("https://example.org:443/", "https://example.org/");
    ck_url("http://example.org:80/", "http://example.org/");
    ck_url("http://example.org:8080/", "http://example.org:8080/");
    ck_url("https://example.org:80/", "https://example.org:80/");
    ck_url("https://example.org/a/../b/./c", "https://example.org/b/c");
    ck_url("https://example.org/a?b=c#d", "https://example.org/a?b=c");
    ck_url("https://example.org/\xC3\xA9", "https://example.org/%c3%a9");
    ck_url("http://[::1]:8080/x", "http://[::1]:8080/x");
}
END_TEST

START_TEST(an_address_is_written_as_what_it_is)
{
    static const char *const loopback[] = {
        "http://127.0.0.1/",  "http://127.1/",        "http://2130706433/",
        "http://0x7f000001/", "http://0177.0.0.1/",   "http://0x7f.0.0.1/",
        "http://0x7F.1/",     "http://017700000001/",
    };
    for (size_t i = 0; i < COUNTOF(loopback); i++)
        ck_url(loopback[i], "http://127.0.0.1/");
}
END_TEST

START_TEST(what_is_no_plain_url_of_the_web_is_refused_in_words)
{
    ck_refused("", "http://");
    ck_refused("example.org/a", "http://");
    ck_refused("file:///etc/passwd", "http://");
    ck_refused("ftp://example.org/", "http://");
    ck_refused("gopher://example.org/", "http://");
    ck_refused("javascript:alert(1)", "http://");
    ck_refused("https://user@example.org/", "user");
    ck_refused("https://user:pw@example.org/", "user");
    ck_refused("https://example.org:pw@evil.test/", "user");
    ck_refused("https://exa mple.org/", "blank");
    ck_refused("https://example.org/a b", "blank");
    ck_refused("https://example.org/\r\nHost: x", "blank");
    ck_refused("https://example.org/\n", "blank");
    ck_refused("https://example.org\\@evil.test/", "backslash");
    ck_refused("https://ex\xC3\xA4mple.org/", "xn--");
    ck_refused("https://p\xD0\xB0ypal.com/", "xn--");
    ck_refused("http://[fe80::1%25eth0]/", "zone");
    ck_refused("https://example.org:0/", "URL");
    ck_refused("https://example.org:99999/", "URL");
    ck_refused("https://", "URL");
}
END_TEST

START_TEST(a_url_may_be_as_long_as_it_says)
{
    struct buf text = { 0 };
    struct web_url url;
    struct error err = { 0 };
    buf_append_string(&text, "https://example.org/");
    while (text.len < WEB_URL_MAX)
        buf_append_char(&text, 'a');
    ck_assert(web_url_parse(&url, buf_slice(&text), &err));
    web_url_clear(&url);
    buf_append_char(&text, 'a');
    ck_refused(text.ptr, "longer");
    buf_clear(&text);
}
END_TEST

START_TEST(its_parts_are_named)
{
    struct web_url url;
    struct error err = { 0 };
    ck_assert(web_url_parse(&url, slice_of("https://A.test:8443/x?y"), &err));
    ck_assert_str_eq(url.origin, "https://a.test:8443");
    ck_assert_str_eq(url.host, "a.test");
    ck_assert_int_eq(url.port, 8443);
    ck_assert(web_url_is_host(&url, "a.test"));
    ck_assert(web_url_is_host(&url, "A.test:8443"));
    ck_assert(!web_url_is_host(&url, "a.test:844"));
    ck_assert(!web_url_is_host(&url, "a.tes"));
    ck_assert(!web_url_is_host(&url, "a.test.evil"));
    web_url_clear(&url);
    ck_assert(web_url_parse(&url, slice_of("https://a.test"), &err));
    ck_assert_str_eq(url.origin, "https://a.test");
    ck_assert_int_eq(url.port, 443);
    web_url_clear(&url);
}
END_TEST

START_TEST(below_is_what_a_slash_or_a_query_parts)
{
    ck_assert(web_url_is_below("https://a.test/", "https://a.test/"));
    ck_assert(web_url_is_below("https://a.test/x?y", "https://a.test/"));
    ck_assert(web_url_is_below("https://a.test/b", "https://a.test/b"));
    ck_assert(web_url_is_below("https://a.test/b/c", "https://a.test/b"));
    ck_assert(web_url_is_below("https://a.test/b?c", "https://a.test/b"));
    ck_assert(web_url_is_below("https://a.test/b?c=%25", "https://a.test/b"));
    ck_assert(!web_url_is_below("https://a.test/bc", "https://a.test/b"));
    ck_assert(!web_url_is_below("https://a.test/", "https://a.test/b"));
    ck_assert(!web_url_is_below("https://a.test:81/", "https://a.test/"));
    ck_assert(!web_url_is_below("http://a.test/", "https://a.test/"));
    ck_assert(!web_url_is_below("https://a.test.evil/", "https://a.test/"));
    ck_assert(
        !web_url_is_below("https://a.test/b/%2E%2e/c", "https://a.test/b"));
    ck_assert(!web_url_is_below("https://a.test/b/..%2fc", "https://a.test/b"));
    ck_assert(!web_url_is_below("https://a.test/b?c&d", "https://a.test/b?c"));
}
END_TEST

Suite *web_url_suite(void)
{
    Suite *suite = suite_create("web_url");
    TCase *tcase = tcase_create("web_url");
    tcase_add_test(tcase, a_url_has_one_form);
    tcase_add_test(tcase, an_address_is_written_as_what_it_is);
    tcase_add_test(tcase, what_is_no_plain_url_of_the_web_is_refused_in_words);
    tcase_add_test(tcase, a_url_may_be_as_long_as_it_says);
    tcase_add_test(tcase, its_parts_are_named);
    tcase_add_test(tcase, below_is_what_a_slash_or_a_query_parts);
    suite_add_tcase(suite, tcase);
    return suite;
}
