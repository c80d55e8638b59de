/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "ui/keys.h"

Suite *key_name_suite(void);

START_TEST(names_of_keys_are_read_back_as_the_same_keys)
{
    static const char *const names[] = {
        "a",         "A",         "/",           "Space",
        "ä",         "Enter",     "Ctrl-X",      "Ctrl-Space",
        "Alt-Enter", "Alt-X",     "F10",         "Shift-Tab",
        "Ctrl-Left", "PageUp",    "Alt-Shift-X", "Ctrl--",
        "Ctrl-\\",   "Alt-[",     "Escape",      "Alt-/",
        "Backspace", "Shift-F12", "Alt-Space",   "Ctrl-J",
        "-",         "Delete",    "Ctrl-Alt-J",  "Ctrl-Alt-Shift-Home",
    };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        struct key key;
        struct buf name = { 0 };
        ck_assert_msg(key_parse(&key, slice_of(names[i])), "%s", names[i]);
        key_format(&name, &key);
        ck_assert_str_eq(buf_string(&name), names[i]);
        buf_clear(&name);
    }
}
END_TEST

START_TEST(what_is_no_name_of_a_key_is_refused)
{
    static const char *const names[] = { "",     "Ctrl-",   "Ctrl",    "ab",
                                         "F13",  "F0",      "Hyper-X", "\xFF",
                                         "\x1b", "Ctrl-ab", "<paste>", "Alt" };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        struct key key;
        ck_assert_msg(!key_parse(&key, slice_of(names[i])), "%s", names[i]);
    }
}
END_TEST

START_TEST(keys_are_equal_if_code_modifiers_and_character_are)
{
    struct key a = { .code = KEY_UP, .modifiers = KEY_CTRL }, b = a;
    ck_assert(key_equal(&a, &b));
    b.modifiers = KEY_ALT;
    ck_assert(!key_equal(&a, &b));
    b = a;
    b.code = KEY_DOWN;
    ck_assert(!key_equal(&a, &b));
    a = (struct key){ .character = 'a' };
    b = (struct key){ .character = 'b' };
    ck_assert(!key_equal(&a, &b));
}
END_TEST

Suite *key_name_suite(void)
{
    Suite *suite = suite_create("key_name");
    TCase *tcase = tcase_create("key_name");
    tcase_add_test(tcase, names_of_keys_are_read_back_as_the_same_keys);
    tcase_add_test(tcase, what_is_no_name_of_a_key_is_refused);
    tcase_add_test(tcase, keys_are_equal_if_code_modifiers_and_character_are);
    suite_add_tcase(suite, tcase);
    return suite;
}
