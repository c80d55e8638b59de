/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/utf8.h"
#include "tests/support/bytes.h"
#include "tests/support/skip.h"

Suite *utf8_suite(void);

#define FFFD "\xEF\xBF\xBD"

/* Unicode 15, section 3.9, tables 3-8 to 3-11, and the ends of every range. */
/* clang-format off */
static const struct {
    const char *bytes, *replaced;
} subparts[] = {
    { "\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41",
      FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A" },
    { "\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41",
      FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A" },
    { "\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42",
      FFFD FFFD FFFD FFFD FFFD "A" FFFD FFFD "B" },
    { "\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", FFFD FFFD FFFD FFFD "A" },
    { "\xC2\x80\xDF\xBF", "\xC2\x80\xDF\xBF" },
    { "\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF",
      "\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF" },
    { "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF" },
    { "\xF4\x90\x80\x80", FFFD FFFD FFFD FFFD },
    { "\xE2\x82", FFFD },
    { "\xF0\x9F\x98", FFFD },
    { "\xF5\xFE", FFFD FFFD },
    { "\xC2", FFFD },
    { "a\x80z", "a" FFFD "z" },
};
/* clang-format on */

START_TEST(each_maximal_subpart_becomes_one_replacement)
{
    struct buf out = { 0 };
    utf8_append_valid(&out, slice_of(subparts[_i].bytes));
    ck_assert_str_eq(buf_string(&out), subparts[_i].replaced);
    bool same = !strcmp(subparts[_i].bytes, subparts[_i].replaced);
    ck_assert(utf8_is_valid(slice_of(subparts[_i].bytes)) == same);
    ck_assert(utf8_is_valid(buf_slice(&out)));
    buf_clear(&out);
}
END_TEST

/* Decode text in two pieces and append its characters. */
static void decode_split(struct buf *out, struct slice text, size_t at)
{
    struct utf8_partial partial = { 0 };
    struct slice pieces[] = { { text.ptr, at }, slice_skip(text, at) };
    for (size_t i = 0; i < COUNTOF(pieces); i++) {
        uint32_t character;
        while (utf8_next(&partial, &pieces[i], &character))
            utf8_append(out, character);
        ck_assert_uint_eq(pieces[i].len, 0);
    }
    if (partial.len)
        utf8_append(out, UTF8_REPLACEMENT);
}

START_TEST(every_split_decodes_as_the_whole_does)
{
    struct slice text = slice_of(subparts[_i].bytes);
    for (size_t at = 0; at <= text.len; at++) {
        struct buf out = { 0 };
        decode_split(&out, text, at);
        ck_assert_str_eq(buf_string(&out), subparts[_i].replaced);
        buf_clear(&out);
    }
}
END_TEST

START_TEST(every_scalar_value_survives_encoding)
{
    struct buf buf = { 0 };
    uint32_t survivors = 0;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        uint32_t decoded;
        buf_reset(&buf);
        utf8_append(&buf, c);
        bool is_whole = utf8_decode(buf_slice(&buf), &decoded) == buf.len;
        survivors += is_whole && decoded == c;
        if (decoded != c)
            ck_assert(decoded == UTF8_REPLACEMENT && c >= 0xD800 &&
                      c <= 0xDFFF);
    }
    ck_assert_uint_eq(survivors, 0x110000 - 0x800);
    buf_reset(&buf);
    utf8_append(&buf, 0x110000);
    ck_assert_str_eq(buf_string(&buf), FFFD);
    buf_clear(&buf);
}
END_TEST

START_TEST(a_partial_tail_is_what_more_bytes_could_complete)
{
    static const struct {
        const char *bytes;
        size_t tail;
    } vectors[] = {
        { "", 0 },
        { "a", 0 },
        { "\xC3", 1 },
        { "a\xE2", 1 },
        { "a\xE2\x82", 2 },
        { "\xF0\x9F\x98", 3 },
        { "\xF0\x9F\x98\x80", 0 },
        { "\xE0\x80", 0 },     /* overlong: already broken */
        { "\xED\xA0", 0 },     /* surrogate */
        { "\xF4\x90", 0 },     /* above U+10FFFF */
        { "\x80\x80\x80", 0 }, /* no lead */
        { "\xFF", 0 },
    };
    for (size_t i = 0; i < COUNTOF(vectors); i++)
        ck_assert_uint_eq(utf8_partial_tail(slice_of(vectors[i].bytes)),
                          vectors[i].tail);
}
END_TEST

/* A line of utf8tests.txt: "num:valid:text", "num:valid hex:bytes" or
 * "num:invalid hex:bytes:skipped:replaced". */
static bool run_case(struct slice line)
{
    struct buf bytes = { 0 }, expected = { 0 }, replaced = { 0 };
    struct slice number = bytes_next_field(&line, ':');
    struct slice kind = slice_trim(bytes_next_field(&line, ':'));
    struct slice input = bytes_next_field(&line, ':');
    bytes_next_field(&line, ':');
    bool is_text = slice_is(kind, "valid");
    bool is_valid = is_text || slice_is(kind, "valid hex");
    if (is_text)
        buf_append_slice(&bytes, input);
    else
        bytes_from_hex(&bytes, input);
    if (is_valid)
        buf_append_slice(&expected, buf_slice(&bytes));
    else
        bytes_from_hex(&expected, slice_trim(line));
    utf8_append_valid(&replaced, buf_slice(&bytes));
    bool ok = slice_equal(buf_slice(&replaced), buf_slice(&expected)) &&
              utf8_is_valid(buf_slice(&bytes)) == is_valid;
    if (!ok)
        fprintf(stderr, "case %.*s\n", SLICE_ARG(number));
    buf_clear(&bytes);
    buf_clear(&expected);
    buf_clear(&replaced);
    return ok;
}

START_TEST(the_cases_of_utf8tests_are_replaced_as_they_say)
{
    const char *path = shared_path("fixtures/utf8tests/utf8tests.txt");
    if (!path)
        return;
    struct buf file = { 0 };
    bytes_from_file(&file, path);
    struct slice rest = buf_slice(&file), line;
    int cases = 0, failed = 0;
    while (slice_next_line(&rest, &line)) {
        if (!line.len || line.ptr[0] == '#')
            continue;
        cases++;
        failed += !run_case(line);
    }
    ck_assert_int_eq(cases, 222);
    ck_assert_int_eq(failed, 0);
    buf_clear(&file);
}
END_TEST

START_TEST(characters_have_the_width_of_their_class)
{
    static const struct {
        uint32_t character;
        int width;
    } vectors[] = {
        { 0x00, 0 },     { 0x1B, 0 },   { ' ', 1 },      { '~', 1 },
        { 0x7F, 0 },     { 0x9B, 0 },   { 0xE9, 1 },     { 0x0301, 0 },
        { 0x20E3, 0 },   { 0x200B, 0 }, { UTF8_ZWJ, 0 }, { UTF8_VS16, 0 },
        { 0x2026, 1 }, /* ambiguous */
        { 0x00A7, 1 }, /* ambiguous */
        { 0x4E2D, 2 },   { 0x3042, 2 }, { 0xFF21, 2 },   { 0xFF71, 1 },
        { 0xAC00, 2 },   { 0x1100, 2 }, { 0x1161, 0 },   { 0x11A8, 0 },
        { 0x1F600, 2 },  { 0x231A, 2 }, { 0x2764, 1 },   { 0x1F3FB, 2 },
        { 0x0E33, 1 },   { 0x093F, 1 }, { 0x0941, 0 },   { 0x20000, 2 },
        { 0xFFFD, 1 },   { 0x2588, 1 }, { 0x2500, 1 },   { 0x240D, 1 },
        { 0x110000, 1 }, { 0x3000, 2 },
    };
    for (size_t i = 0; i < COUNTOF(vectors); i++)
        ck_assert_msg(utf8_character_width(vectors[i].character) ==
                          vectors[i].width,
                      "U+%04X", (unsigned)vectors[i].character);
}
END_TEST

/* Texts cut by "|" into clusters, each with its cells. */
/* clang-format off */
static const struct {
    const char *clusters, *widths;
} texts[] = {
    { "a|b", "11" },
    { "\r\n|a", "01" },
    { "\n|\r", "00" },
    { "e\u0301|x", "11" },
    { "\u4e2d|\u6587", "22" },
    { "\U0001F468\u200D\U0001F469\u200D\U0001F467|!", "21" },
    { "\U0001F44D\U0001F3FD|\U0001F44D", "22" },
    { "\u2764|\u2764\uFE0F|\u2764\uFE0E", "121" },
    { "1\uFE0F\u20E3|1", "21" },
    { "\U0001F1E9\U0001F1EA|\U0001F1EB\U0001F1F7|\U0001F1EB|x", "2211" },
    { "\u1112\u1161\u11ab|\ud55c", "22" },
    { "\u0e01\u0e33|\u0e01\u0e35\u0e49", "21" },
    { "\u0915\u0941|\u0915\u093f", "12" },
    { "\u0301|a", "01" },
    { "\x80|\xE2\x82|a", "111" },
    { "\uFF76\uFF9E", "2" },
    { "\U0001F3F3\uFE0F\u200D\U0001F308", "2" },
};
/* clang-format on */

START_TEST(text_is_cut_into_clusters)
{
    struct slice clusters = slice_of(texts[_i].clusters);
    struct buf text = { 0 };
    for (size_t i = 0; i < clusters.len; i++) {
        if (clusters.ptr[i] != '|')
            buf_append_char(&text, clusters.ptr[i]);
    }
    struct slice rest = buf_slice(&text);
    int total = 0;
    for (const char *cells = texts[_i].widths; *cells; cells++) {
        struct slice cluster = bytes_next_field(&clusters, '|');
        int width = -1;
        ck_assert_uint_eq(utf8_grapheme(rest, &width), cluster.len);
        ck_assert_int_eq(width, *cells - '0');
        rest = slice_skip(rest, cluster.len);
        struct slice so_far = { text.ptr, (size_t)(rest.ptr - text.ptr) };
        ck_assert_uint_eq(utf8_last_grapheme(so_far), cluster.len);
        total += width;
        ck_assert_int_eq(utf8_width(so_far), total);
    }
    ck_assert_uint_eq(rest.len, 0);
    buf_clear(&text);
}
END_TEST

START_TEST(the_last_cluster_is_the_one_that_walking_forward_finds)
{
    static const char *const pieces[] = {
        "a",      "\u0301",     "\u200D",   "\U0001F469", "\U0001F3FD",
        "\uFE0F", "\U0001F1E9", "\u0915",   "\u094D",     "\u1112",
        "\r",     "\n",         "\xF0\x9F", "\x80",       "\u11ab",
    };
    struct buf text = { 0 };
    for (unsigned long index = 1; index < 15 * 15 * 15 * 15; index++) {
        buf_reset(&text);
        bytes_numbered(&text, pieces, COUNTOF(pieces), index);
        struct slice rest = buf_slice(&text);
        size_t len = 0;
        for (int width; rest.len; rest = slice_skip(rest, len))
            len = utf8_grapheme(rest, &width);
        ck_assert_uint_eq(utf8_last_grapheme(buf_slice(&text)), len);
    }
    buf_clear(&text);
}
END_TEST

START_TEST(a_prefix_is_whole_clusters_within_the_width)
{
    struct slice text = slice_of("ab\u4e2de\u0301\U0001F44D\U0001F3FDz");
    static const size_t len_at[] = { 0, 1, 2, 2, 5, 8, 8, 16, 17, 17 };
    for (int width = 0; width < (int)COUNTOF(len_at); width++) {
        struct slice prefix = utf8_prefix(text, width);
        ck_assert_uint_eq(prefix.len, len_at[width]);
        ck_assert_ptr_eq(prefix.ptr, text.ptr);
    }
}
END_TEST

START_TEST(a_megabyte_in_one_cluster_is_walked_once)
{
    struct buf text = { 0 };
    buf_append_char(&text, 'a');
    for (int i = 0; i < 500 * 1000; i++)
        buf_append_string(&text, "\u0301");
    int width;
    ck_assert_uint_eq(utf8_grapheme(buf_slice(&text), &width), text.len);
    ck_assert_int_eq(width, 1);
    ck_assert_uint_eq(utf8_last_grapheme(buf_slice(&text)), text.len);
    ck_assert_int_eq(utf8_width(buf_slice(&text)), 1);
    buf_clear(&text);
}
END_TEST

START_TEST(words_are_letters_marks_and_digits)
{
    static const uint32_t words[] = { 'a',    'Z',    '7',    0xE9,   0x0301,
                                      0x4E2D, 0x0915, 0x093F, 0x0664, 0x1D49C };
    static const uint32_t others[] = { ' ',     '-',  '_',    '.',  0x2026,
                                       0x1F600, 0xA0, 0x3002, '\n', 0x200B };
    for (size_t i = 0; i < COUNTOF(words); i++)
        ck_assert(utf8_is_word(words[i]));
    for (size_t i = 0; i < COUNTOF(others); i++)
        ck_assert(!utf8_is_word(others[i]));
    ck_assert(utf8_is_letter(0x0915) && !utf8_is_letter(0x093F));
    ck_assert(!utf8_is_letter('7'));
}
END_TEST

START_TEST(what_cannot_be_seen_is_not_printable)
{
    static const uint32_t shown[] = { ' ',    'a',    0xA0,    0xE9,   0x0301,
                                      0x3000, 0x4E2D, 0x1F600, 0xFFFD, 0x2400 };
    static const uint32_t hidden[] = {
        0x00,     '\t',     '\n',       0x1B,    0x7F,    0x85,   0x9B,
        0xAD,     0x034F,   0x061C,     0x115F,  0x1160,  0x17B4, 0x180B,
        0x180E,   0x180F,   0x200B,     0x200C,  0x200D,  0x200E, 0x202E,
        0x2028,   0x2029,   0x2060,     0x2066,  0x2800,  0x3164, 0xD800,
        0xE000,   0xFE00,   0xFE0F,     0xFEFF,  0xFFA0,  0xFFF9, 0xFFFC,
        0xFFFE,   0x1D173,  0xE0001,    0xE0041, 0xE01EF, 0x0378, 0xF0000,
        0x10FFFF, 0x110000, 0xFFFFFFFF,
    };
    for (size_t i = 0; i < COUNTOF(shown); i++)
        ck_assert_msg(utf8_is_printable(shown[i]), "U+%04X", shown[i]);
    for (size_t i = 0; i < COUNTOF(hidden); i++)
        ck_assert_msg(!utf8_is_printable(hidden[i]), "U+%04X", hidden[i]);
}
END_TEST

/* What Unicode 15, which utf8proc 2.8 knows, says otherwise than 17: since 15.1
 * a virama holds two consonants together (GB9c), and since 16 the scissors are
 * no pictograph. The cases that hold one of these may differ, no others. */
static const uint32_t newer[] = {
    0x094D, 0x0ACD, 0x1039, 0x17D2, 0x1B44, 0x2701
};
enum { NEWER_CASES = 17 };

static bool is_newer(struct slice text)
{
    while (text.len) {
        uint32_t c;
        text = slice_skip(text, utf8_decode(text, &c));
        for (size_t i = 0; i < COUNTOF(newer); i++) {
            if (c == newer[i])
                return true;
        }
    }
    return false;
}

/* A line "÷ 0020 × 0308 ÷ # words" as text, with the lengths of clusters. */
static void read_break_case(struct slice line, struct buf *text,
                            struct buf *cuts)
{
    struct slice rest = slice_trim(bytes_next_field(&line, '#'));
    size_t start = 0;
    while (rest.len) {
        struct slice word = bytes_next_field(&rest, ' ');
        if (slice_starts(word, "\u00F7")) {
            if (text->len > start)
                buf_append_char(cuts, (char)(text->len - start));
            start = text->len;
        } else if (!slice_starts(word, "\u00D7")) {
            utf8_append(text, (uint32_t)strtoul(word.ptr, NULL, 16));
        }
    }
}

/* True if the text of the case is cut where the case says. */
static bool breaks_as(struct slice text, struct slice cuts)
{
    for (size_t i = 0; text.len; i++) {
        int width;
        size_t len = utf8_grapheme(text, &width);
        if (i == cuts.len || len != (size_t)cuts.ptr[i])
            return false;
        text = slice_skip(text, len);
    }
    return true;
}

START_TEST(unicodes_own_cases_break_where_they_say)
{
    const char *path =
        shared_path("fixtures/unicode/GraphemeBreakTest-17.0.0.txt");
    if (!path)
        return;
    struct buf file = { 0 }, text = { 0 }, cuts = { 0 };
    bytes_from_file(&file, path);
    struct slice rest = buf_slice(&file), line;
    int cases = 0, excused = 0;
    while (slice_next_line(&rest, &line)) {
        if (!slice_starts(line, "\u00F7"))
            continue;
        cases++;
        buf_reset(&text);
        buf_reset(&cuts);
        read_break_case(line, &text, &cuts);
        if (breaks_as(buf_slice(&text), buf_slice(&cuts)))
            continue;
        excused++;
        ck_assert_msg(is_newer(buf_slice(&text)), "%.*s", SLICE_ARG(line));
    }
    ck_assert_int_eq(cases, 766);
    ck_assert_int_le(excused, NEWER_CASES);
    buf_clear(&file);
    buf_clear(&text);
    buf_clear(&cuts);
}
END_TEST

START_TEST(letters_of_any_script_have_their_other_case)
{
    static const uint32_t pairs[][2] = {
        { 'a', 'A' },     { 0xE4, 0xC4 },   { 0x434, 0x414 },
        { 0x3C9, 0x3A9 }, { 0x1E3, 0x1E2 },
    };
    static const uint32_t alone[] = { '1', '[', 0x5B57, 0xAC00, 0x1F642 };
    for (size_t i = 0; i < COUNTOF(pairs); i++) {
        ck_assert_uint_eq(utf8_upper(pairs[i][0]), pairs[i][1]);
        ck_assert_uint_eq(utf8_lower(pairs[i][1]), pairs[i][0]);
        ck_assert_uint_eq(utf8_upper(pairs[i][1]), pairs[i][1]);
    }
    for (size_t i = 0; i < COUNTOF(alone); i++) {
        ck_assert_uint_eq(utf8_upper(alone[i]), alone[i]);
        ck_assert_uint_eq(utf8_lower(alone[i]), alone[i]);
    }
}
END_TEST

START_TEST(each_form_is_that_of_unicode)
{
    /* UAX 15, figures 3 to 6; then what is not seen. */
    static const struct {
        const char *text, *forms[3];
    } cases[] = {
        { "\u212b\u2126", { "\u00c5\u03a9", "\u00c5\u03a9", "\u00c5\u03a9" } },
        { "d\u0307\u0323", { "\u1e0d\u0307", "\u1e0d\u0307", "\u1e0d\u0307" } },
        { "\ufb012\u2075", { "\ufb012\u2075", "\ufb012\u2075", "fi25" } },
        { "a\u00ad\u200bb", { "a\u00ad\u200bb", "ab", "ab" } },
        { "", { "", "", "" } },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        for (int form = UTF8_COMPOSED; form <= UTF8_USUAL; form++) {
            struct buf out = { 0 };
            utf8_append_form(&out, slice_of(cases[i].text),
                             (enum utf8_form)form);
            ck_assert_str_eq(buf_string(&out), cases[i].forms[form]);
            buf_clear(&out);
        }
    }
}
END_TEST

/* Marks in the wrong order are sorted, which is a square of their number: a test
 * that ends shows that it is not that of the text. */
START_TEST(a_megabyte_of_marks_is_put_into_a_form_in_time)
{
    struct buf text = { 0 }, out = { 0 };
    while (text.len < 1024 * 1024)
        buf_append_string(&text, "\u0301\u0316");
    utf8_append_form(&out, buf_slice(&text), UTF8_USUAL);
    ck_assert_uint_eq(out.len, text.len);
    ck_assert(utf8_is_valid(buf_slice(&out)));
    buf_clear(&text);
    buf_clear(&out);
}
END_TEST

Suite *utf8_suite(void)
{
    Suite *suite = suite_create("utf8");
    TCase *tcase = tcase_create("utf8");
    tcase_add_loop_test(tcase, each_maximal_subpart_becomes_one_replacement, 0,
                        COUNTOF(subparts));
    tcase_add_loop_test(tcase, every_split_decodes_as_the_whole_does, 0,
                        COUNTOF(subparts));
    tcase_add_test(tcase, every_scalar_value_survives_encoding);
    tcase_add_test(tcase, a_partial_tail_is_what_more_bytes_could_complete);
    tcase_add_test(tcase, the_cases_of_utf8tests_are_replaced_as_they_say);
    tcase_add_test(tcase, characters_have_the_width_of_their_class);
    tcase_add_loop_test(tcase, text_is_cut_into_clusters, 0, COUNTOF(texts));
    tcase_add_test(tcase,
                   the_last_cluster_is_the_one_that_walking_forward_finds);
    tcase_add_test(tcase, a_prefix_is_whole_clusters_within_the_width);
    tcase_add_test(tcase, a_megabyte_in_one_cluster_is_walked_once);
    tcase_add_test(tcase, words_are_letters_marks_and_digits);
    tcase_add_test(tcase, what_cannot_be_seen_is_not_printable);
    tcase_add_test(tcase, unicodes_own_cases_break_where_they_say);
    tcase_add_test(tcase, letters_of_any_script_have_their_other_case);
    tcase_add_test(tcase, each_form_is_that_of_unicode);
    tcase_add_test(tcase, a_megabyte_of_marks_is_put_into_a_form_in_time);
    suite_add_tcase(suite, tcase);
    return suite;
}
