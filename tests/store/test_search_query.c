/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "store/search_query.h"

Suite *search_query_suite(void);

static const int64_t now_ms = 1795874520000;

/* One word in brackets, a star behind what goes on, a minus before what is
 * excluded; then the filters. */
static void tell(struct buf *out, const struct search_query *query)
{
    static const char *const names[] = { "kind",  "model", "session",
                                         "since", "tool",  "until" };
    for (size_t i = 0; i < query->words.count; i++) {
        const struct search_word *word = &query->words.items[i];
        buf_printf(out, "%s[%.*s%s]", word->is_excluded ? "-" : "",
                   (int)word->terms.len - 1, word->terms.ptr,
                   word->is_prefix ? "*" : "");
    }
    for (size_t i = 0; i < query->narrowings.count; i++) {
        const struct search_narrowing *one = &query->narrowings.items[i];
        buf_printf(out, "%s<%s %s>", one->is_excluded ? "-" : "",
                   names[one->filter], one->value);
    }
    if (query->since != INT64_MIN)
        buf_append_string(out, "<since>");
    if (query->until != INT64_MAX)
        buf_append_string(out, "<until>");
}

static const struct {
    const char *text, *told;
} queries[] = {
    { "tide", "[tide]" },
    { "  spring   TIDE ", "[spring][tide]" },
    { "\"spring tide\" moon", "[spring tide][moon]" },
    { "\"spring tide", "[spring tide]" },
    { "harb*", "[harb*]" },
    { "foo_bar", "[foo bar]" },
    { "tide -ferry", "[tide]-[ferry]" },
    { "-\"spring tide\" x", "-[spring tide][x]" },
    { "- tide", "[tide]" },
    { "\xE6\x9D\xB1\xE4\xBA\xAC", "[\xE6\x9D\xB1 \xE4\xBA\xAC]" },
    { "\xE6\x9D\xB1*", "[\xE6\x9D\xB1]" },
    { "model:qwen3:8b x", "[x]<model qwen3:8b>" },
    { "Model:\"a b\" x", "[x]<model a b>" },
    { "-tool:read_file -kind:user x", "[x]-<tool read_file>-<kind user>" },
    { "session:abc since:3d until:today", "<session abc><since><until>" },
    /* What only looks like one. */
    { "localhost:11434", "[localhost 11434]" },
    { "https://example.org", "[https example org]" },
    { "std::list", "[std list]" },
    { "kind::x", "[kind x]" },
    { "12:30", "[12 30]" },
    { "\"since:\"", "[since]" },
    /* No sign is one of the query language of FTS5. */
    { "a AND b OR NOT c NEAR(d)", "[a][and][b][or][not][c][near d]" },
    { "( ) ^ + { } ' ; x", "[x]" },
    { "\"\"\" x", "[x]" },
};

START_TEST(a_query_is_taken_apart)
{
    struct search_query query;
    struct error err = { 0 };
    struct buf told = { 0 };
    ck_assert_msg(search_query_parse(&query, slice_of(queries[_i].text), now_ms,
                                     false, &err),
                  "%s: %s", queries[_i].text, err.text);
    tell(&told, &query);
    ck_assert_str_eq(buf_string(&told), queries[_i].told);
    buf_clear(&told);
    search_query_clear(&query);
}
END_TEST

static const struct {
    const char *text, *words; /* that the sentence has */
} refused[] = {
    { "", "say what to look for" },
    { "* -- !", "say what to look for" },
    { "modle:qwen x", "there is no filter \"modle:\"; did you mean model:?" },
    { "sice:3d x", "did you mean since:?" },
    { "since:soon", "since: \"soon\" is no day" },
    { "until:yesterdya", "did you mean yesterday?" },
    { "kind:usr", "did you mean kind:user?" },
    { "kind:everything", "there are user, assistant, tool and note" },
    { "model: qwen", "model: needs a value" },
    { "ab*", "needs three letters" },
    { "-since:3d x", "write until:" },
};

START_TEST(what_is_wrong_is_said)
{
    struct search_query query;
    struct error err = { 0 };
    ck_assert(!search_query_parse(&query, slice_of(refused[_i].text), now_ms,
                                  false, &err));
    ck_assert_msg(strstr(err.text, refused[_i].words), "%s: %s",
                  refused[_i].text, err.text);
    ck_assert_int_eq(err.kind, ERROR_USAGE);
    ck_assert(search_query_is_empty(&query));
}
END_TEST

static const struct {
    const char *text, *told;
} typed[] = {
    { "", "" },
    { "ti", "[ti]" },
    { "tid", "[tid*]" },
    { "tid ", "[tid]" },
    { "spring tid", "[spring][tid*]" },
    { "\"spring tid", "[spring tid]" },
    { "-tid", "-[tid]" },
    { "tide since:", "[tide]" },
    { "tide sinc:", "[tide]" },
    { "tide!", "[tide]" },
    { "ab*", "[ab]" },
    { "\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD",
      "[\xE6\x9D\xB1 \xE4\xBA\xAC \xE9\x83\xBD]" },
};

START_TEST(what_is_being_typed_may_go_on)
{
    struct search_query query;
    struct error err = { 0 };
    struct buf told = { 0 };
    ck_assert_msg(search_query_parse(&query, slice_of(typed[_i].text), now_ms,
                                     true, &err),
                  "%s: %s", typed[_i].text, err.text);
    tell(&told, &query);
    ck_assert_str_eq(buf_string(&told), typed[_i].told);
    buf_clear(&told);
    search_query_clear(&query);
}
END_TEST

START_TEST(too_many_words_are_refused)
{
    struct search_query query;
    struct error err = { 0 };
    struct buf text = { 0 };
    for (int i = 0; i <= SEARCH_WORDS_MAX; i++)
        buf_printf(&text, "w%d ", i);
    ck_assert(
        !search_query_parse(&query, buf_slice(&text), now_ms, false, &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    buf_clear(&text);
}
END_TEST

Suite *search_query_suite(void)
{
    Suite *suite = suite_create("search_query");
    TCase *tcase = tcase_create("search_query");
    tcase_add_loop_test(tcase, a_query_is_taken_apart, 0, COUNTOF(queries));
    tcase_add_loop_test(tcase, what_is_wrong_is_said, 0, COUNTOF(refused));
    tcase_add_loop_test(tcase, what_is_being_typed_may_go_on, 0,
                        COUNTOF(typed));
    tcase_add_test(tcase, too_many_words_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
