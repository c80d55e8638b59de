/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "app/history_search.h"
#include "base/compiler.h"
#include "base/utf8.h"

Suite *history_search_suite(void);

struct fixture {
    struct history history;
    struct history_search search;
};

static struct fixture begin(void)
{
    static const char *const prompts[] = {
        "list the files",    "Fix the tests",     "why is it slow?",
        "fix the Übersicht", "list the files",    "what is 漢字?",
        "fix\nthe\nbuild",   "explain the files",
    };
    struct fixture fixture = { 0 };
    for (size_t i = 0; i < COUNTOF(prompts); i++)
        history_add(&fixture.history, slice_of(prompts[i]));
    history_search_begin(&fixture.search);
    return fixture;
}

static void end(struct fixture *fixture)
{
    history_search_clear(&fixture->search);
    history_clear(&fixture->history);
}

static void type(struct fixture *fixture, const char *text)
{
    history_search_type(&fixture->search, &fixture->history, slice_of(text));
}

static void older(struct fixture *fixture)
{
    history_search_older(&fixture->search, &fixture->history);
}

static void newer(struct fixture *fixture)
{
    history_search_newer(&fixture->search, &fixture->history);
}

static void erase(struct fixture *fixture)
{
    history_search_erase(&fixture->search, &fixture->history);
}

/* What is shown, with the match between "<" and ">"; NULL: nothing. */
static void check_match(const struct fixture *fixture, const char *expected)
{
    const struct history_search *search = &fixture->search;
    const char *text = history_search_text(search, &fixture->history);
    if (!text || !expected) {
        ck_assert_ptr_eq(text, expected);
        return;
    }
    struct buf shown = { 0 };
    buf_append_string(&shown, text);
    buf_splice(&shown, search->match_at + search->match_len, 0, slice_of(">"));
    buf_splice(&shown, search->match_at, 0, slice_of("<"));
    ck_assert_str_eq(buf_string(&shown), expected);
    buf_clear(&shown);
}

START_TEST(the_newest_entry_comes_first_and_then_older_ones)
{
    struct fixture fixture = begin();
    check_match(&fixture, NULL);
    type(&fixture, "f");
    check_match(&fixture, "explain the <f>iles");
    type(&fixture, "ix");
    check_match(&fixture, "<fix>\nthe\nbuild");
    older(&fixture);
    check_match(&fixture, "<fix> the Übersicht");
    older(&fixture);
    check_match(&fixture, "<Fix> the tests");
    ck_assert(!fixture.search.has_failed);
    older(&fixture);
    check_match(&fixture, "<Fix> the tests");
    ck_assert(fixture.search.has_failed);
    newer(&fixture);
    check_match(&fixture, "<fix> the Übersicht");
    ck_assert(!fixture.search.has_failed);
    newer(&fixture);
    newer(&fixture);
    check_match(&fixture, "<fix>\nthe\nbuild");
    ck_assert(fixture.search.has_failed);
    end(&fixture);
}
END_TEST

START_TEST(typing_on_goes_on_from_the_entry_shown)
{
    struct fixture fixture = begin();
    type(&fixture, "the");
    check_match(&fixture, "explain <the> files");
    older(&fixture);
    check_match(&fixture, "fix\n<the>\nbuild");
    type(&fixture, " ");
    check_match(&fixture, "list <the >files");
    type(&fixture, "t");
    check_match(&fixture, "Fix <the t>ests");
    end(&fixture);
}
END_TEST

START_TEST(what_is_not_there_leaves_the_last_match_and_says_so)
{
    struct fixture fixture = begin();
    type(&fixture, "slow");
    check_match(&fixture, "why is it <slow>?");
    type(&fixture, "ly");
    check_match(&fixture, "why is it <slow>?");
    ck_assert(fixture.search.has_failed);
    erase(&fixture);
    erase(&fixture);
    check_match(&fixture, "why is it <slow>?");
    ck_assert(!fixture.search.has_failed);
    for (int i = 0; i < 6; i++)
        erase(&fixture);
    check_match(&fixture, NULL);
    type(&fixture, "nowhere");
    check_match(&fixture, NULL);
    ck_assert(fixture.search.has_failed);
    ck_assert_ptr_null(
        history_search_accept(&fixture.search, &fixture.history));
    end(&fixture);
}
END_TEST

START_TEST(erasing_takes_a_grapheme_and_begins_at_the_newest_again)
{
    struct fixture fixture = begin();
    type(&fixture, "fix");
    older(&fixture);
    type(&fixture, " the e\xCC\x81");
    ck_assert(fixture.search.has_failed);
    erase(&fixture);
    ck_assert_str_eq(buf_string(&fixture.search.query), "fix the ");
    check_match(&fixture, "<fix the >Übersicht");
    end(&fixture);
}
END_TEST

START_TEST(capitals_count_only_where_the_query_has_some)
{
    struct fixture fixture = begin();
    type(&fixture, "übers");
    check_match(&fixture, "fix the <Übers>icht");
    history_search_begin(&fixture.search);
    type(&fixture, "Fix");
    check_match(&fixture, "<Fix> the tests");
    history_add(&fixture.history, slice_of("FIX IT"));
    history_search_begin(&fixture.search);
    type(&fixture, "Fix");
    check_match(&fixture, "<Fix> the tests");
    history_search_begin(&fixture.search);
    type(&fixture, "fix");
    check_match(&fixture, "<FIX> IT");
    history_search_begin(&fixture.search);
    type(&fixture, "WHY");
    check_match(&fixture, NULL);
    history_search_begin(&fixture.search);
    type(&fixture, "字");
    check_match(&fixture, "what is 漢<字>?");
    end(&fixture);
}
END_TEST

START_TEST(the_same_text_is_shown_once_in_a_row)
{
    struct fixture fixture = begin();
    history_add(&fixture.history, slice_of("list them"));
    history_add(&fixture.history, slice_of("list the files"));
    type(&fixture, "list the f");
    check_match(&fixture, "<list the f>iles");
    ck_assert_uint_eq(fixture.search.entry, 9);
    older(&fixture);
    ck_assert(fixture.search.has_failed);
    ck_assert_uint_eq(fixture.search.entry, 9);
    end(&fixture);
}
END_TEST

START_TEST(accepting_gives_the_text_and_giving_up_nothing)
{
    struct fixture fixture = begin();
    type(&fixture, "slow");
    ck_assert(fixture.search.is_open);
    ck_assert_str_eq(history_search_accept(&fixture.search, &fixture.history),
                     "why is it slow?");
    ck_assert(!fixture.search.is_open);
    /* The query of before is taken up where none is typed. */
    history_search_begin(&fixture.search);
    check_match(&fixture, NULL);
    older(&fixture);
    check_match(&fixture, "why is it <slow>?");
    history_search_begin(&fixture.search);
    type(&fixture, "fix");
    history_search_cancel(&fixture.search);
    ck_assert(!fixture.search.is_open);
    history_search_begin(&fixture.search);
    older(&fixture);
    check_match(&fixture, "<fix>\nthe\nbuild");
    end(&fixture);
}
END_TEST

START_TEST(a_query_is_one_line_of_valid_text_and_has_a_limit)
{
    struct fixture fixture = begin();
    type(&fixture, "what\n is \x1B\xFF");
    ck_assert_str_eq(buf_string(&fixture.search.query), "what is \uFFFD");
    for (int i = 0; i < 1000; i++)
        type(&fixture, "漢");
    ck_assert_uint_le(fixture.search.query.len, HISTORY_QUERY_MAX);
    ck_assert(utf8_is_valid(buf_slice(&fixture.search.query)));
    end(&fixture);
}
END_TEST

START_TEST(an_empty_history_has_nothing_to_find)
{
    struct history history = { 0 };
    struct history_search search = { 0 };
    history_search_begin(&search);
    history_search_type(&search, &history, slice_of("x"));
    history_search_older(&search, &history);
    history_search_newer(&search, &history);
    history_search_erase(&search, &history);
    history_search_older(&search, &history);
    ck_assert_ptr_null(history_search_text(&search, &history));
    history_search_clear(&search);
}
END_TEST

Suite *history_search_suite(void)
{
    Suite *suite = suite_create("history_search");
    TCase *tcase = tcase_create("history_search");
    tcase_add_test(tcase, the_newest_entry_comes_first_and_then_older_ones);
    tcase_add_test(tcase, typing_on_goes_on_from_the_entry_shown);
    tcase_add_test(tcase, what_is_not_there_leaves_the_last_match_and_says_so);
    tcase_add_test(tcase,
                   erasing_takes_a_grapheme_and_begins_at_the_newest_again);
    tcase_add_test(tcase, capitals_count_only_where_the_query_has_some);
    tcase_add_test(tcase, the_same_text_is_shown_once_in_a_row);
    tcase_add_test(tcase, accepting_gives_the_text_and_giving_up_nothing);
    tcase_add_test(tcase, a_query_is_one_line_of_valid_text_and_has_a_limit);
    tcase_add_test(tcase, an_empty_history_has_nothing_to_find);
    suite_add_tcase(suite, tcase);
    return suite;
}
