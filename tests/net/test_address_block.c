/* SPDX-License-Identifier: MIT */
/* RFC 6890 and the registries that it began, at the edges of each block. */
#include <string.h>
#include <sys/un.h>

#include <check.h>

#include "base/compiler.h"
#include "net/address_block.h"

Suite *address_block_suite(void);

static const char *const public_ones[] = {
    "1.1.1.1",
    "8.8.8.8",
    "1.0.0.0",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "191.255.255.255",
    "192.0.1.0",
    "192.0.3.0",
    "192.88.98.255",
    "192.88.100.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "198.51.99.255",
    "198.51.101.0",
    "203.0.112.255",
    "203.0.114.0",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2001:4860:4860::8888",
    "2001:200::1",
    "2a00:1450::1",
    "2003::1",
    "3ffe::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
};

static const char *const special_ones[] = {
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.0.0",
    "169.254.169.254",
    "169.254.255.255",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.0",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::2",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0.0.0.0",
    "::127.0.0.1",
    "::10.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::1",
    "64:ff9b:1:2::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:0:808:808:0:0:f5ff:fffe",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:1ff::1",
    "2001:db8::1",
    "3fff::1",
    "3fff:fff::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2002:c0a8:101::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fdff::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "4000::1",
    "1000::1",
    "2a00::5efe:10.0.0.1",
    "2a00::200:5efe:127.0.0.1",
};

START_TEST(what_anybody_can_reach_is_public)
{
    for (size_t i = 0; i < COUNTOF(public_ones); i++)
        ck_assert_msg(!address_block_special_text(public_ones[i]), "%s is %s",
                      public_ones[i],
                      address_block_special_text(public_ones[i]));
}
END_TEST

START_TEST(what_is_for_something_is_not)
{
    for (size_t i = 0; i < COUNTOF(special_ones); i++)
        ck_assert_msg(address_block_special_text(special_ones[i]) != NULL, "%s",
                      special_ones[i]);
}
END_TEST

START_TEST(it_is_said_what_it_is_for)
{
    ck_assert_str_eq(address_block_special_text("127.0.0.1"),
                     "an address of this machine");
    ck_assert_str_eq(address_block_special_text("::ffff:192.168.1.1"),
                     "an address of a private network");
    ck_assert_str_eq(address_block_special_text("fe80::1"),
                     "an address of the local link");
}
END_TEST

START_TEST(what_is_no_address_of_the_internet_is_not_public)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    ck_assert_ptr_nonnull(address_block_special((const struct sockaddr *)&un));
    ck_assert_ptr_nonnull(address_block_special_text("localhost"));
    ck_assert_ptr_nonnull(address_block_special_text("127.1"));
    ck_assert_ptr_nonnull(address_block_special_text(""));
}
END_TEST

Suite *address_block_suite(void)
{
    Suite *suite = suite_create("address_block");
    TCase *tcase = tcase_create("address_block");
    tcase_add_test(tcase, what_anybody_can_reach_is_public);
    tcase_add_test(tcase, what_is_for_something_is_not);
    tcase_add_test(tcase, it_is_said_what_it_is_for);
    tcase_add_test(tcase, what_is_no_address_of_the_internet_is_not_public);
    suite_add_tcase(suite, tcase);
    return suite;
}
