/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "chat/learning_rule.h"

Suite *learning_rule_suite(void);

static const struct {
    const char *prompt, *what; /* NULL: nothing is to be remembered */
} rows[] = {
    { "Remember that I use neovim.", "I use neovim" },
    { "please REMEMBER that train.py lives on gpu3", "train.py lives on gpu3" },
    { "Hello. Remember: tea, not coffee!\nAnd now?", "tea, not coffee" },
    { "Merk dir, dass ich Tee mag. Danke.", "ich Tee mag" },
    { "Souviens-toi que j'aime le th\xc3\xa9.", "j'aime le th\xc3\xa9" },
    { "\xd0\x97\xd0\xb0\xd0\xbf\xd0\xbe\xd0\xbc\xd0\xbd\xd0\xb8, "
      "\xd1\x87\xd1\x82\xd0\xbe \xd1\x87\xd0\xb0\xd0\xb9",
      "\xd1\x87\xd0\xb0\xd0\xb9" },
    { "\xe8\xaf\xb7\xe8\xae\xb0\xe4\xbd\x8f\xe6\x88\x91\xe5\x96\x9d\xe8\x8c\xb6"
      "\xe3\x80\x82\xe5\xa5\xbd",
      "\xe6\x88\x91\xe5\x96\x9d\xe8\x8c\xb6" },
    { "Do you remember that I use neovim?", NULL },
    { "I remember that day", NULL },
    { "Remember that ", NULL },
    { "remember thatch", NULL },
    { "", NULL },
};

START_TEST(a_sentence_that_asks_for_it_is_found)
{
    struct slice what;
    bool is_found = learning_rule_find(slice_of(rows[_i].prompt), &what);
    ck_assert_int_eq(is_found, rows[_i].what != NULL);
    if (is_found)
        ck_assert_msg(slice_is(what, rows[_i].what), "%.*s", SLICE_ARG(what));
}
END_TEST

Suite *learning_rule_suite(void)
{
    Suite *suite = suite_create("learning_rule");
    TCase *tcase = tcase_create("learning_rule");
    tcase_add_loop_test(tcase, a_sentence_that_asks_for_it_is_found, 0,
                        COUNTOF(rows));
    suite_add_tcase(suite, tcase);
    return suite;
}
