/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/base64.h"
#include "base/compiler.h"

Suite *base64_suite(void);

START_TEST(bytes_become_the_letters_of_the_standard)
{
    /* RFC 4648, section 10; then the ends of the alphabet. */
    static const struct {
        struct slice bytes;
        const char *letters;
    } rows[] = {
        { { "", 0 }, "" },
        { { "f", 1 }, "Zg==" },
        { { "fo", 2 }, "Zm8=" },
        { { "foo", 3 }, "Zm9v" },
        { { "foob", 4 }, "Zm9vYg==" },
        { { "fooba", 5 }, "Zm9vYmE=" },
        { { "foobar", 6 }, "Zm9vYmFy" },
        { { "\0\0\0", 3 }, "AAAA" },
        { { "\xff\xff\xff", 3 }, "////" },
        { { "\xfb\xef\xbe", 3 }, "++++" },
        { { "\xff", 1 }, "/w==" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf out = { 0 };
        buf_append_string(&out, ">");
        base64_append(&out, rows[i].bytes);
        ck_assert_str_eq(buf_string(&out) + 1, rows[i].letters);
        buf_clear(&out);
    }
}
END_TEST

Suite *base64_suite(void)
{
    Suite *suite = suite_create("base64");
    TCase *tcase = tcase_create("base64");
    tcase_add_test(tcase, bytes_become_the_letters_of_the_standard);
    suite_add_tcase(suite, tcase);
    return suite;
}
