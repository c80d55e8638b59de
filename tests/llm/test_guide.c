/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "llm/guide.h"

Suite *guide_suite(void);

struct question {
    const char *question, *titles;
};

static const struct question questions[] = {
#define QUESTION(question, titles) { question, titles },
#include "tests/llm/questions.def"
#undef QUESTION
};

/* Written by somebody who knew neither the ranking nor the manual: the measure
 * of the guide. Never tune the manual or the ranking to these. */
static const struct question blind_questions[] = {
#define QUESTION(question, titles) { question, titles },
#include "tests/llm/questions-blind.def"
#undef QUESTION
};

/* True if `title` is one of titles, which are separated by "|". */
static bool is_one_of(const char *titles, const char *title)
{
    size_t len = strlen(title);
    for (const char *at = titles; *at;) {
        size_t part = strcspn(at, "|");
        if (part == len && !memcmp(at, title, len))
            return true;
        at += part + (at[part] == '|');
    }
    return false;
}

static bool has_section(const char *title)
{
    for (size_t i = 0; i < guide_section_count(); i++) {
        if (!strcmp(guide_section_at(i)->title, title))
            return true;
    }
    return false;
}

/* Of equal titles the first is meant. */
static const struct guide_section *first_with(const char *title)
{
    size_t i = 0;
    while (strcmp(guide_section_at(i)->title, title) != 0)
        i++;
    return guide_section_at(i);
}

static char *answer(const char *question)
{
    struct buf out = { 0 };
    guide_answer(&out, slice_of(question));
    return buf_steal(&out);
}

static void assert_answer_has(const char *question, const char *expected)
{
    char *text = answer(question);
    ck_assert_msg(strstr(text, expected) != NULL, "no \"%s\" in\n%s", expected,
                  text);
    free(text);
}

static void assert_answer_lacks(const char *question, const char *unexpected)
{
    char *text = answer(question);
    ck_assert_msg(strstr(text, unexpected) == NULL, "\"%s\" in\n%s", unexpected,
                  text);
    free(text);
}

/* "-" stands for no section: the answer must then not be sure of one. */
static bool is_answered(const struct question *question)
{
    struct guide_hit hit = { 0 };
    const char *title = "-";
    if (guide_search(slice_of(question->question), &hit, 1) &&
        (strcmp(question->titles, "-") || hit.coverage >= 0.5))
        title = guide_section_at(hit.section)->title;
    if (is_one_of(question->titles, title))
        return true;
    printf("guide: \"%s\" got \"%s\"\n", question->question, title);
    return false;
}

static size_t count_answered(const struct question *list, size_t count)
{
    size_t right = 0;
    for (size_t i = 0; i < count; i++)
        right += is_answered(&list[i]);
    return right;
}

START_TEST(nine_of_ten_known_questions_get_their_section_first)
{
    size_t right = count_answered(questions, COUNTOF(questions));
    ck_assert_msg(right * 10 >= COUNTOF(questions) * 9, "%zu of %zu", right,
                  COUNTOF(questions));
}
END_TEST

START_TEST(eighty_of_a_hundred_blind_questions_get_their_section_first)
{
    size_t right = count_answered(blind_questions, COUNTOF(blind_questions));
    ck_assert_uint_eq(COUNTOF(blind_questions), 100);
    ck_assert_msg(right >= 80, "%zu of 100", right);
}
END_TEST

START_TEST(every_title_that_a_question_names_is_in_the_manual)
{
    for (size_t i = 0; i < COUNTOF(questions); i++) {
        char titles[512];
        snprintf(titles, sizeof titles, "%s", questions[i].titles);
        char *rest = titles;
        for (char *title; (title = strsep(&rest, "|"));)
            ck_assert_msg(!strcmp(title, "-") || has_section(title), "%s",
                          title);
    }
}
END_TEST

START_TEST(an_answer_says_what_it_is_and_quotes_its_section_word_for_word)
{
    for (size_t i = 0; i < guide_section_count(); i++) {
        const struct guide_section *section = guide_section_at(i);
        if (first_with(section->title) != section)
            continue;
        char *text = answer(section->title);
        ck_assert_ptr_nonnull(strstr(text, "not a language model"));
        ck_assert_msg(strstr(text, section->text) != NULL, "%s",
                      section->title);
        free(text);
    }
}
END_TEST

START_TEST(a_question_for_a_model_gets_the_way_to_one)
{
    static const char *const others[] = {
        "",
        "hi",
        "Hello there!",
        "thanks",
        "What is the capital of France?",
        "who won the world cup in 2014",
        "asdfghjkl",
        "write me a poem",
        "tell me a joke",
        "\xF0\x9F\x98\x80",
        "???",
    };
    for (size_t i = 0; i < COUNTOF(others); i++) {
        assert_answer_has(others[i], "not a language model");
        assert_answer_has(others[i], "ollama pull");
    }
}
END_TEST

START_TEST(a_question_that_fits_nothing_is_not_answered_with_a_section)
{
    assert_answer_has("What is the capital of France?", "Nothing in it fits");
    assert_answer_lacks("What is the capital of France?", "section \"");
    assert_answer_lacks("hi", "section \"");
    /* One word in common with the manual is too little for eight. */
    const char *strange = "seven purple elephants juggle behind Paris' last "
                          "firewall proxy";
    assert_answer_has(strange, "Nothing in it fits");
}
END_TEST

START_TEST(a_question_that_hardly_fits_gets_a_guess_that_says_so)
{
    const char *question = "a purple proxy";
    assert_answer_has(question, "not sure");
    assert_answer_has(question, "ollama pull");
    assert_answer_lacks("how do I connect Ollama?", "not sure");
}
END_TEST

START_TEST(a_long_section_is_quoted_where_it_speaks_of_the_question)
{
    const struct guide_section *section = first_with("Options");
    ck_assert_uint_gt(strlen(section->text), GUIDE_QUOTE_MAX);
    const char *question = "command line options and flags: --dry-run, --help";
    assert_answer_has(question, "section \"Options\"");
    assert_answer_has(question, "- `--dry-run`:");
    assert_answer_has(question, "`--help`:");
    assert_answer_has(question, "ask me for \"Options\"");
    assert_answer_lacks(question, "- `-f`");
}
END_TEST

START_TEST(hits_come_best_first)
{
    struct guide_hit hits[8];
    size_t count = guide_search(slice_of("ollama model server"), hits, 8);
    ck_assert_uint_eq(count, 8);
    for (size_t i = 1; i < count; i++)
        ck_assert(hits[i - 1].score >= hits[i].score);
    struct guide_hit one;
    ck_assert_uint_eq(guide_search(slice_of("ollama model server"), &one, 1),
                      1);
    ck_assert_uint_eq(one.section, hits[0].section);
    ck_assert_uint_eq(guide_search(slice_of("xyzzy"), hits, 8), 0);
    ck_assert_uint_eq(guide_search(slice_of("the of"), hits, 8), 0);
}
END_TEST

START_TEST(a_rare_word_outweighs_common_ones)
{
    assert_answer_has("model server key conversation crontab",
                      "section \"Shell scripts\"");
}
END_TEST

START_TEST(capitals_endings_and_synonyms_change_nothing_much)
{
    static const char *const ways[] = {
        "HOW DO I CONNECT OLLAMA",
        "connecting ollama",
        "ollama connection",
    };
    for (size_t i = 0; i < COUNTOF(ways); i++)
        assert_answer_has(ways[i], "\"Connecting Ollama on this machine\"");
    assert_answer_has("close sennit", "\"Leaving\"");
    assert_answer_has("exit", "\"Leaving\"");
}
END_TEST

static size_t best_section(const char *question)
{
    struct guide_hit hit;
    ck_assert_msg(guide_search(slice_of(question), &hit, 1) == 1, "%s",
                  question);
    return hit.section;
}

START_TEST(a_slip_or_another_spelling_finds_the_same_section)
{
    static const char *const pairs[][2] = {
        { "it timed out", "timeout" },
        { "how do I log in", "login" },
        { "temprature setting", "temperature setting" },
        { "which license has it", "which licence has it" },
        { "color theme", "colour theme" },
        { "conect to my olama", "connect to my ollama" },
        { "num ctx", "num_ctx" },
        { "what does ctrl o do", "what does Ctrl-O do" },
        { "what does ^O do", "what does control-o do" },
        { "I doesnt want colours", "I don't want colours" },
        { "how do I set up vllm", "vllm setup" },
        { "unset the systemprompt", "unset the system prompt" },
    };
    for (size_t i = 0; i < COUNTOF(pairs); i++)
        ck_assert_msg(best_section(pairs[i][0]) == best_section(pairs[i][1]),
                      "%s and %s differ", pairs[i][0], pairs[i][1]);
}
END_TEST

START_TEST(words_that_say_nothing_find_a_phrase_of_nearly_only_them)
{
    assert_answer_has("who are you?",
                      "\"What the guide is: not a language model\"");
    assert_answer_has("what can you do",
                      "\"Topics: what the guide can answer\"");
    struct guide_hit hit;
    ck_assert_uint_eq(guide_search(slice_of("are they what we do"), &hit, 1),
                      0);
}
END_TEST

START_TEST(a_question_of_any_length_and_bytes_is_answered)
{
    struct buf question = { 0 };
    for (int i = 0; i < 20000; i++)
        buf_printf(&question, "word%d \xFF\x01", i);
    struct buf out = { 0 };
    guide_answer(&out, buf_slice(&question));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "not a language model"));
    buf_clear(&question);
    buf_clear(&out);
    guide_answer(&out, (struct slice){ "proxy\0proxy", 11 });
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "\"Proxies\""));
    buf_clear(&out);
}
END_TEST

Suite *guide_suite(void)
{
    Suite *suite = suite_create("guide");
    TCase *tcase = tcase_create("guide");
    /* Hundreds of questions, on a machine of any speed. */
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, nine_of_ten_known_questions_get_their_section_first);
    tcase_add_test(tcase, every_title_that_a_question_names_is_in_the_manual);
    tcase_add_test(
        tcase, an_answer_says_what_it_is_and_quotes_its_section_word_for_word);
    tcase_add_test(tcase, a_question_for_a_model_gets_the_way_to_one);
    tcase_add_test(tcase,
                   a_question_that_fits_nothing_is_not_answered_with_a_section);
    tcase_add_test(tcase,
                   a_question_that_hardly_fits_gets_a_guess_that_says_so);
    tcase_add_test(tcase,
                   a_long_section_is_quoted_where_it_speaks_of_the_question);
    tcase_add_test(tcase, hits_come_best_first);
    tcase_add_test(tcase, a_rare_word_outweighs_common_ones);
    tcase_add_test(tcase, capitals_endings_and_synonyms_change_nothing_much);
    tcase_add_test(tcase, a_slip_or_another_spelling_finds_the_same_section);
    tcase_add_test(tcase,
                   words_that_say_nothing_find_a_phrase_of_nearly_only_them);
    tcase_add_test(tcase, a_question_of_any_length_and_bytes_is_answered);
    tcase_add_test(tcase,
                   eighty_of_a_hundred_blind_questions_get_their_section_first);
    suite_add_tcase(suite, tcase);
    return suite;
}
