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
        buf_truncate(&out, 1);
        ck_assert(base64_decode(&out, slice_of(rows[i].letters)));
        ck_assert(slice_equal(slice_skip(buf_slice(&out), 1), rows[i].bytes));
        buf_clear(&out);
    }
}
END_TEST

START_TEST(letters_that_no_bytes_have_are_refused)
{
    /* RFC 4648, 3.3 and 3.5: no line breaks, and bits of no byte are 0. */
    static const char *const wrong[] = {
        "Z",    "Zg",   "Zg=",  "Zh==", "Zm9=",   "Zg==Zg==", "=AAA",
        "A=AA", "====", "AA=A", "A===", "Zm9v\n", "Zm9-",     "Zm 9v",
    };
    for (size_t i = 0; i < COUNTOF(wrong); i++) {
        struct buf out = { 0 };
        buf_append_string(&out, ">");
        ck_assert_msg(!base64_decode(&out, slice_of(wrong[i])), "%s", wrong[i]);
        ck_assert_str_eq(buf_string(&out), ">");
        buf_clear(&out);
    }
}
END_TEST

Suite *base64_suite(void)
{
    Suite *suite = suite_create("base64");
    TCase *tcase = tcase_create("base64");
    tcase_add_test(tcase, bytes_become_the_letters_of_the_standard);
    tcase_add_test(tcase, letters_that_no_bytes_have_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
