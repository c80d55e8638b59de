/* SPDX-License-Identifier: MIT */
/*
 * Complexity of prompts that nobody has tuned it to: the pairs of prompts.txt,
 * which says how they were made.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/array.h"
#include "base/compiler.h"
#include "chat/complexity.h"
#include "tests/support/bytes.h"

Suite *prompts_suite(void);

#define FILE_NAME "tests/chat/prompts.txt"

enum { NAME_MAX_LEN = 20, KINDS_MAX = 40, PAIRS_LEAST = 210 };
static const double in_order = .8; /* of a kind */

struct kind {
    char name[NAME_MAX_LEN];
    ARRAY_OF(double) easy, hard; /* scores */
};

struct prompts {
    struct kind kinds[KINDS_MAX];
    size_t count;
};

static const char article[] =
    "The harbour was rebuilt after the storm of 1953, when most of the old "
    "quays had been lost. At first the council wanted to restore what had "
    "stood there, but the engineers showed that the sea bed had moved. They "
    "proposed two breakwaters and a lock, and after a long debate the cheaper "
    "of both plans was chosen. The work took eleven years. Fishermen "
    "complained that the channel was too narrow for the larger boats, and some "
    "of them left for the next town.\n\nOthers stayed, and their children work "
    "on the ferries today. A museum in the former customs house tells this "
    "story with models, letters and a film. It is open from May to October, "
    "and there is a small cafe on the upper floor from which the whole bay can "
    "be seen. Every autumn the town celebrates the day on which the lock was "
    "opened.\n";
static const char code[] =
    "function load(list, done) {\n  var left = list.length, out = [];\n"
    "  list.forEach(function (name, i) {\n"
    "    fs.readFile(name, function (err, text) {\n"
    "      if (err) return done(err);\n      out[i] = text;\n"
    "      if (--left === 0) done(null, out);\n    });\n  });\n}\n";
static const char talk[] =
    "Ann: I think we should move the date.\nBob: But we promised March.\n"
    "Ann: Only if the tests were green by then.\n"
    "Cleo: They were not, and nobody asked me.\n"
    "Bob: Then who told the customer?\n"
    "Cleo: Not me. Perhaps it was in the notes.\n"
    "Ann: Let us decide on Friday.\n";

static void append_log(struct buf *out)
{
    for (int i = 0; i < 60; i++)
        buf_printf(out,
                   "2026-03-01T12:%02d:%02d INFO worker[%d]: request /item/%d "
                   "took %d ms (cache: %s)\n",
                   i / 60, i % 60, i * 7 % 16, 1000 + i * 37, 3 + i * 13 % 90,
                   i % 3 ? "hit" : "miss");
}

static void append_table(struct buf *out)
{
    static const char *const cities[] = { "Oslo", "Bergen", "Lyon", "Porto" };
    buf_append_string(out, "id,name,city,amount,paid\n");
    for (int i = 0; i < 40; i++)
        buf_printf(out, "%d,customer %d,%s,%d.%02d,%s\n", i, i * 7 % 100,
                   cities[i % 4], i * 31 % 900, i * 17 % 100,
                   i % 5 ? "yes" : "no");
}

static bool append_named(struct buf *out, struct slice *rest)
{
    static const char *const names[] = { "{log}", "{csv}", "{article}",
                                         "{code}", "{chat}" };
    size_t i = 0;
    while (i < COUNTOF(names) && !slice_starts(*rest, names[i]))
        i++;
    if (i == COUNTOF(names))
        return false;
    *rest = slice_skip(*rest, strlen(names[i]));
    if (i == 0)
        append_log(out);
    else if (i == 1)
        append_table(out);
    else
        buf_append_string(out, i == 2 ? article : i == 3 ? code : talk);
    return true;
}

static double score_line(struct slice line)
{
    struct buf text = { 0 };
    struct complexity complexity;
    while (line.len) {
        if (append_named(&text, &line))
            continue;
        bool is_line_end = slice_starts(line, "\\n");
        buf_append_char(&text, is_line_end ? '\n' : *line.ptr);
        line = slice_skip(line, is_line_end ? 2 : 1);
    }
    complexity_judge(buf_slice(&text), &complexity);
    buf_clear(&text);
    return complexity.score;
}

static void read_line(struct prompts *prompts, struct slice line)
{
    size_t last = prompts->count ? prompts->count - 1 : 0;
    struct kind *kind = &prompts->kinds[last];
    if (slice_starts(line, "[")) {
        ck_assert_uint_lt(prompts->count, KINDS_MAX);
        kind = &prompts->kinds[prompts->count++];
        snprintf(kind->name, sizeof kind->name, "%.*s", (int)line.len - 2,
                 line.ptr + 1);
    } else if (slice_starts(line, "- ")) {
        *array_add(&kind->easy) = score_line(slice_skip(line, 2));
    } else if (slice_starts(line, "+ ")) {
        *array_add(&kind->hard) = score_line(slice_skip(line, 2));
        ck_assert_uint_eq(kind->easy.count, kind->hard.count);
    } else {
        ck_assert_msg(!line.len || *line.ptr == '#', "%.*s", SLICE_ARG(line));
    }
}

static void prompts_open(struct prompts *prompts)
{
    struct buf bytes = { 0 };
    struct slice rest, line;
    *prompts = (struct prompts){ 0 };
    bytes_from_file(&bytes, FILE_NAME);
    rest = buf_slice(&bytes);
    while (slice_next_line(&rest, &line))
        read_line(prompts, line);
    buf_clear(&bytes);
}

static void prompts_close(struct prompts *prompts)
{
    for (size_t i = 0; i < prompts->count; i++) {
        array_clear(&prompts->kinds[i].easy);
        array_clear(&prompts->kinds[i].hard);
    }
}

START_TEST(in_each_kind_what_is_hard_scores_higher)
{
    struct prompts prompts;
    size_t pairs = 0;
    prompts_open(&prompts);
    for (size_t i = 0; i < prompts.count; i++) {
        const struct kind *kind = &prompts.kinds[i];
        size_t right = 0;
        for (size_t j = 0; j < kind->easy.count; j++)
            right += kind->hard.items[j] > kind->easy.items[j];
        ck_assert_msg((double)right >= in_order * (double)kind->easy.count - .5,
                      "%s: %zu of %zu", kind->name, right, kind->easy.count);
        pairs += kind->easy.count;
    }
    ck_assert_uint_ge(pairs, PAIRS_LEAST);
    prompts_close(&prompts);
}
END_TEST

/* Whatever kind and language they are of: how often a hard one stands above an
 * easy one. */
START_TEST(one_scale_holds_for_all_kinds_and_languages)
{
    struct prompts prompts;
    double right = 0, pairs = 0;
    prompts_open(&prompts);
    for (size_t i = 0; i < prompts.count; i++)
        for (size_t j = 0; j < prompts.kinds[i].easy.count; j++)
            for (size_t k = 0; k < prompts.count; k++)
                for (size_t l = 0; l < prompts.kinds[k].hard.count; l++) {
                    right += prompts.kinds[k].hard.items[l] >
                             prompts.kinds[i].easy.items[j];
                    pairs++;
                }
    ck_assert_msg(right >= .95 * pairs, "%.3f", right / pairs);
    prompts_close(&prompts);
}
END_TEST

static const struct kind *find_kind(const struct prompts *prompts,
                                    const char *name)
{
    for (size_t i = 0; i < prompts->count; i++)
        if (!strcmp(prompts->kinds[i].name, name))
            return &prompts->kinds[i];
    ck_abort_msg("no %s in " FILE_NAME, name);
}

/* Each prompt, and all of them together: for the languages of the lexicon, and
 * for one that is not there. */
static const struct {
    const char *name;
    double each, together;
} languages[] = {
    { "de", .2, .1 },  { "fr", .2, .1 }, { "es", .2, .1 }, { "pt", .2, .1 },
    { "it", .2, .1 },  { "ru", .2, .1 }, { "zh", .2, .1 }, { "ja", .2, .1 },
    { "ko", .2, .1 },  { "ar", .2, .1 }, { "hi", .2, .1 }, { "tr", .2, .1 },
    { "pl", .4, .15 },
};

START_TEST(a_translation_is_about_as_hard_as_the_english)
{
    struct prompts prompts;
    prompts_open(&prompts);
    const struct kind *english = find_kind(&prompts, "en");
    const struct kind *other = find_kind(&prompts, languages[_i].name);
    double sum = 0, count = 0;
    ck_assert_uint_eq(other->easy.count, english->easy.count);
    for (size_t i = 0; i < english->easy.count; i++) {
        const double apart[] = { other->easy.items[i] - english->easy.items[i],
                                 other->hard.items[i] -
                                     english->hard.items[i] };
        for (size_t j = 0; j < COUNTOF(apart); j++) {
            ck_assert_msg(fabs(apart[j]) <= languages[_i].each,
                          "%s, %s %zu: %+.2f", languages[_i].name,
                          j ? "hard" : "easy", i, apart[j]);
            sum += apart[j];
            count++;
        }
    }
    ck_assert_msg(fabs(sum / count) <= languages[_i].together, "%s: %+.2f",
                  languages[_i].name, sum / count);
    prompts_close(&prompts);
}
END_TEST

/* The same to anybody who reads it. */
static const struct {
    const char *text, *other;
} alike[] = {
    { "Tell me a joke.", "Tell me a joke. \xF0\x9F\x98\x80\xF0\x9F\x98\x80" },
    { "What is 2 + 2?", "\xF0\x9F\x91\x8B What is 2 + 2? \xF0\x9F\x99\x8F" },
    { "I don't know what this isn't.",
      "I don\xE2\x80\x99t know what this isn\xE2\x80\x99t." },
    { "What does this do?\n```c\nint x; /* the count of them */\n```",
      "What does this do?\n```c\nint x; /* \xE6\x95\xB0\xE9\x87\x8F */\n```" },
    { "What does this do?\n```c\nint x; /* the count of them */\n```",
      "What does this do?\n```c\nint x; /* \xD8\xB9\xD8\xAF\xD8\xAF */\n```" },
    { "Compare the two plans: what do we lose with each if the river rises by "
      "more than a metre, and how sure is that?",
      "Hello! Compare the two plans: what do we lose with each if the river "
      "rises by more than a metre, and how sure is that?" },
    { "Quel est le nom de ce fleuve ?", "quel est le nom de ce FLEUVE ?" },
};

START_TEST(what_means_nothing_to_the_task_changes_little)
{
    double score = score_line(slice_of(alike[_i].text));
    double other = score_line(slice_of(alike[_i].other));
    ck_assert_msg(fabs(score - other) <= .05, "%s: %.2f and %.2f",
                  alike[_i].other, score, other);
}
END_TEST

Suite *prompts_suite(void)
{
    Suite *suite = suite_create("prompts");
    TCase *tcase = tcase_create("prompts");
    tcase_add_test(tcase, in_each_kind_what_is_hard_scores_higher);
    tcase_add_test(tcase, one_scale_holds_for_all_kinds_and_languages);
    tcase_add_loop_test(tcase, a_translation_is_about_as_hard_as_the_english, 0,
                        COUNTOF(languages));
    tcase_add_loop_test(tcase, what_means_nothing_to_the_task_changes_little, 0,
                        COUNTOF(alike));
    suite_add_tcase(suite, tcase);
    return suite;
}
