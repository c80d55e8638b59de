/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/filter.h"
#include "tests/support/bytes.h"
#include "tests/support/skip.h"

Suite *filter_suite(void);

#define FFFD "\xEF\xBF\xBD"
#define MARK "\u0301"
#define ROW  "\U0001F469\u200D"

/* Every rule of filter.h: a text, and how it is shown. */
/* clang-format off */
static const struct {
    const char *text, *shown;
} rules[] = {
    { "plain text\n\tindented", "plain text\n\tindented" },
    { "\x1B[31mred\x1B[0m", "\u241B[31mred\u241B[0m" },
    { "\x1B\x1B[31m[31m", "\u241B\u241B[31m[31m" },
    { "a\x01\b\v\f\x7F", "a\u2401\u2408\u240B\u240C\u2421" },
    { "\xC2\x9B" "31m\xC2\x85", "\\x9b31m\\x85" },
    { "\x9B" "31m", FFFD "31m" },
    { "a\r\nb", "a\nb" },
    { "safe\rrm", "safe\n\u240Drm" },
    { "a\r", "a\n\u240D" },
    { "a\r\r\nb", "a\n\u240D\nb" },
    { "a\u202Eb\u2066c", "a<U+202E>b<U+2066>c" },
    { "a\u200Bb\uFEFFc\u2028d", "a<U+200B>b<U+FEFF>c<U+2028>d" },
    { "\u3164\u2800\uE000", "<U+3164><U+2800><U+E000>" },
    { "x\U000E0061\U000E0062\U000E0063y", "x<hidden: 3 chars \"abc\">y" },
    { "\U000E0001\U000E0041\U000E007F", "<hidden: 3 chars \"A\">" },
    { "\U000E0041", "<hidden: 1 char \"A\">" },
    { "\U000E0001", "<hidden: 1 char>" },
    /* "hi" as selectors: 0x68 and 0x69 less 16 above U+E0100. */
    { "a\U000E0158\U000E0159", "a<hidden: 2 chars \"hi\">" },
    { "a\uFE0Fb", "a<U+FE0F>b" },
    { "\xC0\xAF\xE2\x82!", FFFD FFFD FFFD "!" },
    { "e" MARK MARK MARK MARK, "e" MARK MARK MARK MARK },
    { "e" MARK MARK MARK MARK MARK MARK MARK "x",
      "e" MARK MARK MARK MARK FFFD "x" },
    { MARK "a", "\u25CC" MARK "a" },
    { "a\n" MARK, "a\n\u25CC" MARK },
    { "\u202E" MARK, "<U+202E>\u25CC" MARK },
    /* Kept: emoji sequences. */
    { ROW ROW ROW "\U0001F466", ROW ROW ROW "\U0001F466" },
    { "\U0001F3F3\uFE0F\u200D\U0001F308", "\U0001F3F3\uFE0F\u200D\U0001F308" },
    { "\U0001F44D\U0001F3FD\u200D\u2642\uFE0F",
      "\U0001F44D\U0001F3FD\u200D\u2642\uFE0F" },
    { "\u2764\uFE0F \u25B6\uFE0E", "\u2764\uFE0F \u25B6\uFE0E" },
    { "1\uFE0F\u20E3", "1\uFE0F\u20E3" },
    { "\U0001F1E9\U0001F1EA", "\U0001F1E9\U0001F1EA" },
    /* The same characters where they are no part of one. */
    { "1\uFE0F2", "1<U+FE0F>2" },
    { "\u2764\uFE0F\uFE0F", "\u2764\uFE0F<U+FE0F>" },
    { "\U0001F469\u200D", "\U0001F469<U+200D>" },
    { "\U0001F469\u200Dx", "\U0001F469<U+200D>x" },
    { "a\u200D\U0001F469", "a<U+200D>\U0001F469" },
    { ROW ROW ROW ROW ROW "x", ROW ROW ROW ROW "\U0001F469<U+200D>x" },
    /* Kept: joiners in scripts that need them. */
    { "\u0645\u06CC\u200C\u062E", "\u0645\u06CC\u200C\u062E" },
    { "\u0915\u094D\u200D\u0937", "\u0915\u094D\u200D\u0937" },
    { "\u0915\u094D\u200C\u0937", "\u0915\u094D\u200C\u0937" },
    { "a\u200Cb", "a<U+200C>b" },
    { "\u0915" MARK MARK MARK MARK MARK "\u200C\u0937",
      "\u0915" MARK MARK MARK MARK FFFD "<U+200C>\u0937" },
    { "cut\xF0\x9F\x98", "cut" FFFD },
    { "\u0645\u200C\u0915", "\u0645<U+200C>\u0915" },
    { "\u0645\u200C\u200C\u062E", "\u0645<U+200C><U+200C>\u062E" },
    { "\u0645\u200C", "\u0645<U+200C>" },
    /* Rules and tables pass; what hides among them does not. */
    { "\u2500\u2500 c \u2502\u257F\u2550", "\u2500\u2500 c \u2502\u257F\u2550" },
    { "\u2500" MARK "\u2500", "\u2500" MARK "\u2500" },
    { "\u2500\u200B\u2500", "\u2500<U+200B>\u2500" },
    { "\u2500\u200D\u2500", "\u2500<U+200D>\u2500" },
    { "\u2500\xE2\x94", "\u2500" FFFD },
    { "\xE2\x94x\u2500", FFFD "x\u2500" },
};
/* clang-format on */

static void ck_assert_shown(struct slice text, const char *shown)
{
    struct buf out = { 0 };
    filter_text(&out, text);
    ck_assert_str_eq(buf_string(&out), shown);
    bool changes =
        strlen(shown) != text.len || memcmp(shown, text.ptr, text.len) != 0;
    ck_assert(filter_would_change(text) == changes);
    buf_clear(&out);
}

START_TEST(each_rule_shows_what_it_says)
{
    ck_assert_shown(slice_of(rules[_i].text), rules[_i].shown);
}
END_TEST

START_TEST(a_nul_is_shown)
{
    ck_assert_shown((struct slice){ "a\0b", 3 }, "a\u2400b");
    ck_assert_shown((struct slice){ "a\r\0", 3 }, "a\n\u240D\u2400");
}
END_TEST

START_TEST(one_line_stays_one_line)
{
    static const struct {
        const char *text, *shown;
    } lines[] = {
        { "a\nb\tc", "a\u240Ab c" }, { "a\r\nb", "a\u240Ab" },
        { "a\rb", "a\u240Db" },      { "a\x1B", "a\u241B" },
        { "\t" MARK, " " MARK },     { "\n" MARK, "\u240A\u25CC" MARK },
    };
    for (size_t i = 0; i < COUNTOF(lines); i++) {
        struct buf out = { 0 };
        filter_line(&out, slice_of(lines[i].text));
        ck_assert_str_eq(buf_string(&out), lines[i].shown);
        buf_clear(&out);
    }
}
END_TEST

static bool is_kept_joiner(uint32_t c)
{
    return c == UTF8_ZWJ || c == UTF8_ZWNJ || c == UTF8_VS15 || c == UTF8_VS16;
}

static bool is_in_script(uint32_t c)
{
    return c >= 0x0620 && c <= 0x17FF && utf8_is_letter(c);
}

/* May this joiner stand between these two? `base` is the last character before
 * it that is no mark. */
static bool is_legal_between(uint32_t base, uint32_t before, uint32_t c,
                             uint32_t after)
{
    bool in_emoji = utf8_is_pictograph(before) ||
                    (before >= 0x1F3FB && before <= 0x1F3FF) ||
                    before == UTF8_VS15 || before == UTF8_VS16;
    bool in_script = is_in_script(base) && is_in_script(after);
    if (c == UTF8_ZWNJ)
        return in_script;
    if (c == UTF8_ZWJ)
        return in_script || (in_emoji && utf8_is_pictograph(after));
    return utf8_is_pictograph(before) || after == UTF8_KEYCAP;
}

static bool is_harmless(struct slice text)
{
    uint32_t base = 0, before = 0, c = 0;
    while (text.len) {
        uint32_t after = 0;
        text = slice_skip(text, utf8_decode(text, &c));
        if (text.len)
            utf8_decode(text, &after);
        bool ok =
            c == '\n' || c == '\t' || utf8_is_printable(c) ||
            (is_kept_joiner(c) && is_legal_between(base, before, c, after));
        if (!ok)
            return false;
        before = c;
        if (!utf8_is_extender(c))
            base = c;
    }
    return true;
}

/* For failure messages: never the bytes themselves. */
static char *in_hex(struct slice text)
{
    struct buf hex = { 0 };
    for (size_t i = 0; i < text.len && i < 64; i++)
        buf_printf(&hex, "%02x", (unsigned char)text.ptr[i]);
    return buf_steal(&hex);
}

static void ck_assert_harmless(struct slice text)
{
    struct buf once = { 0 }, twice = { 0 };
    filter_text(&once, text);
    filter_text(&twice, buf_slice(&once));
    char *hex = in_hex(text);
    ck_assert_msg(utf8_is_valid(buf_slice(&once)) &&
                      is_harmless(buf_slice(&once)),
                  "not harmless: %s", hex);
    ck_assert_msg(slice_equal(buf_slice(&once), buf_slice(&twice)),
                  "not the same twice: %s", hex);
    free(hex);
    buf_clear(&once);
    buf_clear(&twice);
}

static void ck_assert_split(struct slice text, size_t at, struct slice whole)
{
    struct filter filter = { 0 };
    struct buf out = { 0 };
    filter_feed(&filter, &out, (struct slice){ text.ptr, at });
    filter_feed(&filter, &out, slice_skip(text, at));
    filter_flush(&filter, &out);
    if (!slice_equal(buf_slice(&out), whole)) {
        char *hex = in_hex(text);
        ck_abort_msg("split at %zu: %s", at, hex);
    }
    buf_clear(&out);
}

static void ck_assert_bytewise(struct slice text, struct slice whole)
{
    struct filter filter = { 0 };
    struct buf out = { 0 };
    for (size_t i = 0; i < text.len; i++)
        filter_feed(&filter, &out, (struct slice){ text.ptr + i, 1 });
    filter_flush(&filter, &out);
    ck_assert(slice_equal(buf_slice(&out), whole));
    buf_clear(&out);
}

static void ck_assert_splits(struct slice text)
{
    struct buf whole = { 0 };
    filter_text(&whole, text);
    for (size_t at = 0; at <= text.len; at++)
        ck_assert_split(text, at, buf_slice(&whole));
    ck_assert_bytewise(text, buf_slice(&whole));
    buf_clear(&whole);
}

/* Of everything that the rules tell apart, one. */
static const char *const pieces[] = {
    "a",      "1",          " ",          "\n",         "\r",     "\t",
    "\x1B",   "\u0301",     "\u200D",     "\u200C",     "\uFE0F", "\uFE01",
    "\u20E3", "\U0001F469", "\U0001F3FD", "\U0001F1E9", "\u0645", "\u0915",
    "\u094D", "\U000E0061", "\u202E",     "\xF0\x9F",   "\x80",   "\u4e2d",
};

START_TEST(all_short_texts_come_out_harmless_and_twice_the_same)
{
    struct buf text = { 0 };
    for (unsigned long index = 0; index < 24ul * 24 * 24; index++) {
        buf_reset(&text);
        bytes_numbered(&text, pieces, COUNTOF(pieces), index);
        ck_assert_harmless(buf_slice(&text));
        ck_assert_splits(buf_slice(&text));
    }
    buf_clear(&text);
}
END_TEST

/* Knuth's MMIX generator: the same numbers in every run. */
static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

START_TEST(long_mixtures_come_out_harmless_and_twice_the_same)
{
    struct buf text = { 0 };
    uint64_t seed = 12345;
    for (int i = 0; i < 2000; i++) {
        buf_reset(&text);
        for (int j = 0; j < 40; j++)
            buf_append_string(&text,
                              pieces[next_random(&seed) % COUNTOF(pieces)]);
        ck_assert_harmless(buf_slice(&text));
    }
    buf_clear(&text);
}
END_TEST

START_TEST(any_bytes_come_out_harmless_and_twice_the_same)
{
    struct buf text = { 0 };
    uint64_t seed = 1;
    for (int i = 0; i < 1000; i++) {
        buf_reset(&text);
        for (int j = 0; j < 200; j++)
            buf_append_char(&text, (char)next_random(&seed));
        ck_assert_harmless(buf_slice(&text));
    }
    buf_clear(&text);
}
END_TEST

START_TEST(every_character_comes_out_harmless_and_twice_the_same)
{
    struct buf text = { 0 };
    for (uint32_t c = 0; c <= 0x10FFFF;) {
        buf_reset(&text);
        for (int i = 0; i < 256; i++)
            utf8_append(&text, c++);
        ck_assert_harmless(buf_slice(&text));
    }
    buf_clear(&text);
}
END_TEST

START_TEST(every_split_of_every_rule_gives_the_same_bytes)
{
    ck_assert_splits(slice_of(rules[_i].text));
    ck_assert_harmless(slice_of(rules[_i].text));
}
END_TEST

/* Feed a unit without end and see what comes out of each feed. */
static size_t count_endless(const char *unit, const char *needle)
{
    struct filter filter = { 0 };
    struct buf out = { 0 };
    size_t found = 0;
    buf_append_string(&out, "");
    filter_feed(&filter, &out, slice_of("a"));
    for (int i = 0; i < 100 * 1000; i++)
        filter_feed(&filter, &out, slice_of(unit));
    filter_flush(&filter, &out);
    struct slice rest = buf_slice(&out);
    for (;;) {
        ptrdiff_t at = slice_find(rest, needle);
        if (at < 0)
            break;
        found++;
        rest = slice_skip(rest, (size_t)at + strlen(needle));
    }
    buf_clear(&out);
    return found;
}

START_TEST(endless_runs_come_out_in_bounded_pieces)
{
    size_t runs = (100 * 1000 + FILTER_RUN_MAX - 1) / FILTER_RUN_MAX;
    ck_assert_uint_eq(count_endless("\U000E0061", "<hidden: "), runs);
    ck_assert_uint_eq(count_endless("\u0301", "\u0301"), FILTER_MARKS_MAX);
    ck_assert_uint_eq(count_endless("\u202E", "<U+202E>"), 100 * 1000);
    ck_assert_uint_eq(count_endless("\r", "\n\u240D"), 100 * 1000);
    ck_assert_uint_eq(count_endless("\U0001F469\u200D", "<U+200D>"),
                      100 * 1000 / (FILTER_JOINS_MAX + 1));
}
END_TEST

START_TEST(a_cleared_filter_forgets_what_it_held)
{
    struct filter filter = { .one_line = true };
    struct buf out = { 0 };
    filter_feed(&filter, &out, slice_of("a\r"));
    filter_clear(&filter);
    filter_feed(&filter, &out, slice_of("\nb\xE2"));
    filter_clear(&filter);
    filter_feed(&filter, &out, slice_of("c"));
    filter_flush(&filter, &out);
    ck_assert_str_eq(buf_string(&out), "a\u240Abc");
    buf_clear(&out);
}
END_TEST

/* bytes_hex: plain hex, or "@repeat:N:HH". */
static void read_vector(struct buf *bytes, struct slice field)
{
    if (!slice_starts(field, "@repeat:")) {
        bytes_from_hex(bytes, field);
        return;
    }
    struct buf unit = { 0 };
    bytes_next_field(&field, ':');
    struct slice number = bytes_next_field(&field, ':');
    bytes_from_hex(&unit, field);
    for (long left = strtol(number.ptr, NULL, 10); left > 0; left--)
        buf_append_slice(bytes, buf_slice(&unit));
    buf_clear(&unit);
}

START_TEST(hostile_vectors_come_out_harmless_in_any_split)
{
    enum { SPLIT_MAX = 512 /* of longer ones only the bytes one by one */ };
    const char *path = shared_path("injection/own-vectors/vectors.tsv");
    if (!path)
        return;
    struct buf file = { 0 }, bytes = { 0 }, whole = { 0 };
    bytes_from_file(&file, path);
    struct slice rest = buf_slice(&file), line;
    int vectors = 0;
    slice_next_line(&rest, &line);
    for (; slice_next_line(&rest, &line); vectors++) {
        buf_reset(&bytes);
        buf_reset(&whole);
        bytes_next_field(&line, '\t');
        bytes_next_field(&line, '\t');
        read_vector(&bytes, bytes_next_field(&line, '\t'));
        ck_assert_harmless(buf_slice(&bytes));
        filter_text(&whole, buf_slice(&bytes));
        if (bytes.len <= SPLIT_MAX)
            ck_assert_splits(buf_slice(&bytes));
        else
            ck_assert_bytewise(buf_slice(&bytes), buf_slice(&whole));
    }
    ck_assert_int_eq(vectors, 379);
    buf_clear(&file);
    buf_clear(&bytes);
    buf_clear(&whole);
}
END_TEST

START_TEST(naughty_strings_come_out_harmless)
{
    static const char *const paths[] = {
        "injection/blns/blns.txt",
        "injection/tmux-regress/regress/UTF-8-test.txt",
    };
    struct buf file = { 0 };
    for (size_t i = 0; i < COUNTOF(paths); i++) {
        const char *path = shared_path(paths[i]);
        if (!path)
            break;
        buf_reset(&file);
        bytes_from_file(&file, path);
        ck_assert_uint_gt(file.len, 1000);
        ck_assert_harmless(buf_slice(&file));
    }
    buf_clear(&file);
}
END_TEST

Suite *filter_suite(void)
{
    Suite *suite = suite_create("filter");
    TCase *tcase = tcase_create("filter");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, each_rule_shows_what_it_says, 0, COUNTOF(rules));
    tcase_add_loop_test(tcase, every_split_of_every_rule_gives_the_same_bytes,
                        0, COUNTOF(rules));
    tcase_add_test(tcase, a_nul_is_shown);
    tcase_add_test(tcase, one_line_stays_one_line);
    tcase_add_test(tcase, all_short_texts_come_out_harmless_and_twice_the_same);
    tcase_add_test(tcase, long_mixtures_come_out_harmless_and_twice_the_same);
    tcase_add_test(tcase, any_bytes_come_out_harmless_and_twice_the_same);
    tcase_add_test(tcase,
                   every_character_comes_out_harmless_and_twice_the_same);
    tcase_add_test(tcase, endless_runs_come_out_in_bounded_pieces);
    tcase_add_test(tcase, a_cleared_filter_forgets_what_it_held);
    tcase_add_test(tcase, hostile_vectors_come_out_harmless_in_any_split);
    tcase_add_test(tcase, naughty_strings_come_out_harmless);
    suite_add_tcase(suite, tcase);
    return suite;
}
