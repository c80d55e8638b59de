/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "net/address.h"

Suite *address_suite(void);

static const struct {
    const char *host;
    bool is_loopback;
} hosts[] = {
    { "localhost", true },
    { "LOCALHOST", true },
    { "localhost.", true },
    { "a.localhost", true },
    { "127.0.0.1", true },
    { "127.255.0.3", true },
    { "::1", true },
    { "[::1]", true },
    { "0:0::0:1", true },
    { "::ffff:127.0.0.1", true },
    { "", false },
    { ".", false },
    { "notlocalhost", false },
    { "localhost.example.com", false },
    { "128.0.0.1", false },
    { "10.127.0.1", false },
    { "0.0.0.0", false },
    { "::", false },
    { "::2", false },
    { "::ffff:128.0.0.1", false },
    { "[::1", false },
    { "127.0.0.1.example.com", false },
};

START_TEST(loopback_is_known_by_name_and_address)
{
    ck_assert_msg(address_is_loopback(hosts[_i].host) == hosts[_i].is_loopback,
                  "%s", hosts[_i].host);
}
END_TEST

static const struct {
    const char *host;
    const char *list;
    bool is_listed;
} lists[] = {
    { "a.example.com", "example.com", true },
    { "example.com", "example.com", true },
    { "example.com.", ".EXAMPLE.com.", true },
    { "a.example.com", "x, .example.com ,y", true },
    { "anything", "*", true },
    { "10.1.2.3", "10.0.0.0/8", true },
    { "10.1.2.3", "10.1.2.0/30", true },
    { "10.1.2.4", "10.1.2.0/30", false },
    { "10.1.2.3", "10.1.2.3", true },
    { "[fd00::1]", "fd00::/8,x", true },
    { "[fe00::1]", "fd00::/8", false },
    { "10.1.2.3", "0.0.0.0/0", true },
    { "10.1.2.3", "10.0.0.0/33", false },
    { "10.1.2.3", "2.3", false },
    { "badexample.com", "example.com", false },
    { "example.com", "a.example.com", false },
    { "anything", "*.com", false },
    { "anything", "", false },
    { "anything", ",, ,", false },
    { "anything", 0, false },
};

START_TEST(a_no_proxy_list_is_read_as_libcurl_reads_it)
{
    ck_assert_msg(address_is_listed(lists[_i].host, lists[_i].list) ==
                      lists[_i].is_listed,
                  "%s in %s", lists[_i].host, lists[_i].list);
}
END_TEST

Suite *address_suite(void)
{
    Suite *suite = suite_create("address");
    TCase *tcase = tcase_create("address");
    tcase_add_loop_test(tcase, loopback_is_known_by_name_and_address, 0,
                        COUNTOF(hosts));
    tcase_add_loop_test(tcase, a_no_proxy_list_is_read_as_libcurl_reads_it, 0,
                        COUNTOF(lists));
    suite_add_tcase(suite, tcase);
    return suite;
}
