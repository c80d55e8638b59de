/* SPDX-License-Identifier: MIT */
#include <math.h>

#include <check.h>

#include "base/compiler.h"
#include "base/json.h"
#include "base/random.h"
#include "base/tokens.h"
#include "tests/support/bytes.h"
#include "tests/support/skip.h"

Suite *tokens_suite(void);

/* Texts of each kind, and what the tokenizers make of them, by the makers' own
 * vocabularies; Claude's by a reconstruction (ctok 1.3), without the frame of
 * the message. */
static const struct {
    const char *text;
    uint64_t exact[TOKENS_FAMILY_COUNT - 1]; /* by family, from o200k on */
} texts[] = {
    { "static bool is_open(const struct door *door)\n"
      "{\n"
      "    /* A door without a lock is never shut. */\n"
      "    return !door->lock || door->lock->state != LOCKED;\n"
      "}\n",
      { 40, 40, 40, 40, 46, 41, 41, 46, 56, 48 } }, /* C */
    { "{\"name\":\"get_weather\",\"arguments\":{\"city\":\"Paris\",\"days\":3,\"units\":\"metric\"},\"id\":\"call_81f3\"}\n",
      { 29, 28, 28, 29, 32, 31, 30, 31, 46, 35 } }, /* JSON */
    { "@@ -12,7 +12,8 @@ int main(void)\n"
      "     int count = 0;\n"
      "-    for (int i = 0; i < 10; i++)\n"
      "+    for (size_t i = 0; i < COUNT; i++) {\n"
      "         count += values[i];\n"
      "+    }\n"
      "     return count;\n",
      { 69, 69, 69, 72, 82, 72, 69, 82, 89, 85 } }, /* diff */
    { "2026-11-03 14:22:07.318 [WARN] server[2114]: connection from 192.168.1.17:53122 timed out after 30000 ms\n",
      { 43, 43, 43, 65, 65, 66, 44, 48, 51, 67 } }, /* log */
    { "The window is never a surprise: before a prompt is sent you see how much of it is taken, what was left out, and what it will cost.\n",
      { 32, 32, 32, 32, 33, 32, 32, 32, 39, 33 } }, /* prose */
    { "## Steps\n"
      "\n"
      "1. **Install** the package with `apt install foo`.\n"
      "2. Open *Settings* and choose [Network](https://example.org/net).\n"
      "\n"
      "| key | action |\n"
      "|---|---|\n"
      "| F2 | budget |\n",
      { 49, 49, 49, 49, 54, 49, 46, 54, 68, 57 } }, /* Markdown */
    { "Das Fenster ist nie eine Überraschung: Bevor eine Frage abgeschickt wird, sieht man, wie viel davon schon belegt ist und was weggelassen wurde.\n",
      { 33, 39, 39, 39, 35, 33, 39, 48, 65, 44 } }, /* German */
    { "Окно никогда не бывает сюрпризом: перед отправкой видно, сколько места уже занято.\n",
      { 23, 37, 25, 27, 23, 25, 25, 35, 35, 34 } }, /* Russian */
    { "窗口从不让人意外：发送之前，你可以看到已经占用了多少，省略了什么。\n",
      { 23, 36, 25, 21, 21, 29, 18, 35, 34, 35 } }, /* Chinese */
    { "खिड़की कभी आश्चर्य नहीं होती: भेजने से पहले आप देखते हैं कि कितनी जगह भरी है।\n",
      { 26, 78, 40, 73, 21, 28, 46, 52, 52, 79 } }, /* Hindi */
    { "النافذة لا تفاجئك أبدا: قبل الإرسال ترى كم منها ممتلئ.\n",
      { 21, 42, 27, 28, 24, 19, 25, 39, 39, 49 } }, /* Arabic */
};

static double off(uint64_t estimate, uint64_t exact)
{
    return fabs((double)estimate - (double)exact) / (double)exact;
}

START_TEST(a_short_text_of_any_kind_is_told_within_a_third)
{
    for (int family = TOKENS_O200K; family < TOKENS_FAMILY_COUNT; family++) {
        uint64_t exact = texts[_i].exact[family - 1];
        uint64_t estimate = tokens_estimate_as((enum token_family)family,
                                               slice_of(texts[_i].text));
        ck_assert_msg(off(estimate, exact) <= 0.34, "%s: %d, not %d",
                      token_family_name((enum token_family)family),
                      (int)estimate, (int)exact);
    }
}
END_TEST

START_TEST(all_kinds_together_are_told_within_a_tenth_in_the_mean)
{
    enum token_family family = (enum token_family)_i;
    double sum = 0;
    for (size_t i = 0; i < COUNTOF(texts); i++)
        sum += off(tokens_estimate_as(family, slice_of(texts[i].text)),
                   texts[i].exact[family - 1]);
    ck_assert_double_le(sum / COUNTOF(texts), 0.1);
}
END_TEST

static uint64_t count_as(enum token_family family, const char *text)
{
    return tokens_estimate_as(family, slice_of(text));
}

START_TEST(what_families_differ_in_is_seen)
{
    /* Digits: in threes, or one by one. */
    ck_assert_uint_le(count_as(TOKENS_O200K, "123456789012"), 6);
    ck_assert_uint_ge(count_as(TOKENS_QWEN, "123456789012"), 11);
    /* Han. */
    ck_assert_uint_gt(count_as(TOKENS_LLAMA2, texts[8].text),
                      count_as(TOKENS_O200K, texts[8].text));
    /* Nobody has told: as most of them. */
    ck_assert_uint_eq(count_as(TOKENS_UNKNOWN, texts[4].text),
                      count_as(TOKENS_O200K, texts[4].text));
}
END_TEST

START_TEST(what_is_unusual_costs_more_than_what_is_not)
{
    ck_assert_uint_lt(count_as(TOKENS_O200K, "the other thing is there"),
                      count_as(TOKENS_O200K, "thx qthzr zhvng xs thwre"));
    ck_assert_uint_lt(count_as(TOKENS_O200K, "getter and setter"),
                      count_as(TOKENS_O200K, "getTer and setTer"));
    ck_assert_uint_lt(count_as(TOKENS_O200K, "Parting the Waterfall"),
                      count_as(TOKENS_O200K, "PartIng the WaterFall"));
    /* A rule across the page is hardly more than its beginning. */
    struct buf rule = { 0 };
    for (int i = 0; i < 64; i++)
        buf_append_char(&rule, '-');
    ck_assert_uint_le(tokens_estimate(buf_slice(&rule)), 4);
    buf_clear(&rule);
}
END_TEST

START_TEST(nothing_is_no_token_and_anything_is_one)
{
    ck_assert_uint_eq(tokens_estimate((struct slice){ 0 }), 0);
    ck_assert_uint_eq(tokens_estimate(slice_of("a")), 1);
    struct tokens_counter counter = { 0 };
    tokens_feed(&counter, slice_of("\xF0\x9F"));
    ck_assert_uint_ge(tokens_count(&counter), 1);
}
END_TEST

START_TEST(a_text_said_twice_is_twice_as_much)
{
    struct buf text = { 0 };
    for (size_t i = 0; i < COUNTOF(texts); i++)
        buf_append_string(&text, texts[i].text);
    uint64_t once = tokens_estimate(buf_slice(&text));
    for (size_t i = 0; i < COUNTOF(texts); i++)
        buf_append_string(&text, texts[i].text);
    ck_assert_uint_le(tokens_estimate(buf_slice(&text)), 2 * once + 1);
    ck_assert_uint_ge(tokens_estimate(buf_slice(&text)) + 2, 2 * once);
    buf_clear(&text);
}
END_TEST

/* Of the texts one after the other, and of bytes that are no text. */
static void make_mixture(struct buf *text)
{
    struct random random;
    random_init(&random, 9);
    for (size_t i = 0; i < COUNTOF(texts); i++) {
        buf_append_string(text, texts[i].text);
        for (int j = 0; j < 40; j++)
            buf_append_char(text, (char)(random_real(&random) * 256));
    }
}

START_TEST(every_split_counts_the_same)
{
    struct buf text = { 0 };
    enum token_family family = (enum token_family)_i;
    make_mixture(&text);
    uint64_t whole = tokens_estimate_as(family, buf_slice(&text));
    struct tokens_counter bytewise = { .family = (uint8_t)family };
    for (size_t at = 0; at < text.len; at++) {
        struct tokens_counter counter = { .family = (uint8_t)family };
        tokens_feed(&counter, (struct slice){ text.ptr, at });
        tokens_count(&counter);
        tokens_feed(&counter, slice_skip(buf_slice(&text), at));
        ck_assert_uint_eq(tokens_count(&counter), whole);
        tokens_feed(&bytewise, (struct slice){ text.ptr + at, 1 });
    }
    ck_assert_uint_eq(tokens_count(&bytewise), whole);
    buf_clear(&text);
}
END_TEST

/* Counted texts that are not in the repository. */
static const struct judge {
    const char *member; /* exact counts */
    enum token_family family;
    uint64_t frame; /* that is counted with each */
    double most;    /* mean error */
} judges[] = {
    { "o200k", TOKENS_O200K, 0, 0.045 },
    { "cl100k", TOKENS_CL100K, 0, 0.045 },
    { "llama3", TOKENS_LLAMA3, 0, 0.05 },
    { "claude3haiku_usage", TOKENS_CLAUDE3, 5, 0.065 },
};

static bool error_of(struct slice line, const struct judge *judge, double *sum)
{
    struct error err = { 0 };
    uint64_t exact = 0;
    json_t *value = json_parse(line, &err);
    bool is_counted = json_count(value, judge->member, &exact) && exact >= 30;
    if (is_counted)
        *sum +=
            off(tokens_estimate_as(judge->family, json_slice(value, "text")) +
                    judge->frame,
                exact);
    json_decref(value);
    return is_counted;
}

START_TEST(the_mean_error_on_counted_texts_is_small)
{
    const char *path = shared_path("tokens/token-counts.jsonl");
    if (!path)
        return;
    struct buf file = { 0 };
    bytes_from_file(&file, path);
    struct slice rest = buf_slice(&file), line;
    double sum = 0;
    int count = 0;
    while (slice_next_line(&rest, &line))
        count += error_of(line, &judges[_i], &sum);
    ck_assert_int_gt(count, 500);
    ck_assert_double_lt(sum / count, judges[_i].most);
    buf_clear(&file);
}
END_TEST

Suite *tokens_suite(void)
{
    Suite *suite = suite_create("tokens");
    TCase *tcase = tcase_create("tokens");
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, a_short_text_of_any_kind_is_told_within_a_third,
                        0, COUNTOF(texts));
    tcase_add_loop_test(tcase,
                        all_kinds_together_are_told_within_a_tenth_in_the_mean,
                        TOKENS_O200K, TOKENS_FAMILY_COUNT);
    tcase_add_test(tcase, what_families_differ_in_is_seen);
    tcase_add_test(tcase, what_is_unusual_costs_more_than_what_is_not);
    tcase_add_test(tcase, nothing_is_no_token_and_anything_is_one);
    tcase_add_test(tcase, a_text_said_twice_is_twice_as_much);
    tcase_add_loop_test(tcase, every_split_counts_the_same, 0,
                        TOKENS_FAMILY_COUNT);
    tcase_add_loop_test(tcase, the_mean_error_on_counted_texts_is_small, 0,
                        COUNTOF(judges));
    suite_add_tcase(suite, tcase);
    return suite;
}
