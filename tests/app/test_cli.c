/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "app/cli.h"

Suite *cli_suite(void);

enum { WORDS_MAX = 12 };

static bool parse(struct cli *cli, struct error *err, const char *line)
{
    static char text[512];
    char *words[WORDS_MAX] = { 0 };
    int count = 0;
    snprintf(text, sizeof text, "%s", line);
    for (char *rest = text, *word; (word = strsep(&rest, " "));)
        words[count++] = word;
    *cli = (struct cli){ 0 };
    return cli_parse(cli, count, words, err);
}

START_TEST(a_prompt_may_be_several_words_with_options_among_them)
{
    struct cli cli;
    struct error err = { 0 };
    ck_assert(parse(&cli, &err, "sennit why is -m box/qwen3:8b it -o json so"));
    ck_assert(cli.is_one_shot);
    ck_assert_int_eq(cli.command, CLI_CHAT);
    ck_assert_uint_eq(cli.words.count, 4);
    ck_assert_str_eq(cli.words.items[3], "so");
    ck_assert_str_eq(cli.model, "box/qwen3:8b");
    ck_assert_int_eq(cli.output, OUTPUT_JSON);
    cli_clear(&cli);
}
END_TEST

START_TEST(the_first_word_is_a_command_only_if_nothing_makes_it_a_prompt)
{
    static const struct {
        const char *line;
        enum cli_command command;
        size_t words;
    } rows[] = {
        { "sennit decode ollama", CLI_DECODE, 1 },
        { "sennit decode", CLI_DECODE, 0 },
        { "sennit doctor", CLI_DOCTOR, 0 },
        { "sennit status -o json", CLI_STATUS, 0 },
        { "sennit -p decode ollama", CLI_CHAT, 2 },
        { "sennit -- decode ollama", CLI_CHAT, 2 },
        { "sennit decoded ollama", CLI_CHAT, 2 },
        { "sennit please decode", CLI_CHAT, 2 },
        { "sennit -m x -- decode ollama", CLI_CHAT, 2 },
        { "sennit decode -p ollama", CLI_CHAT, 2 },
        { "sennit please -m x decode", CLI_CHAT, 2 },
        { "sennit -m decode x", CLI_CHAT, 1 },
        /* Options may stand before it. */
        { "sennit -m x decode", CLI_DECODE, 0 },
        { "sennit -P gpu models", CLI_MODELS, 0 },
        { "sennit --set a=b models show x", CLI_MODELS, 2 },
        { "sennit --config f -o json ps -- box", CLI_PS, 1 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct cli cli;
        struct error err = { 0 };
        ck_assert(parse(&cli, &err, rows[i].line));
        ck_assert_msg(cli.command == rows[i].command, "%s", rows[i].line);
        ck_assert_msg(cli.words.count == rows[i].words, "%s", rows[i].line);
        cli_clear(&cli);
    }
}
END_TEST

START_TEST(what_is_wrong_is_said_in_one_sentence)
{
    static const struct {
        const char *line, *words;
    } rows[] = {
        { "sennit --modle x", "unknown option --modle; did you mean --model?" },
        { "sennit -Z", "unknown option -Z; sennit --help lists them" },
        { "sennit -m", "-m needs a value" },
        { "sennit --set", "--set needs a value" },
        { "sennit -o yaml", "-o takes text, json or stream-json" },
        { "sennit --set reply", "--set takes KEY=VALUE, not \"reply\"" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct cli cli;
        struct error err = { 0 };
        ck_assert_msg(!parse(&cli, &err, rows[i].line), "%s", rows[i].line);
        ck_assert_int_eq(err.kind, ERROR_USAGE);
        ck_assert_msg(strstr(err.text, rows[i].words) != NULL, "%s", err.text);
        cli_clear(&cli);
    }
}
END_TEST

START_TEST(repeatable_options_keep_their_order)
{
    struct cli cli;
    struct error err = { 0 };
    ck_assert(parse(&cli, &err, "sennit -f a -f - --set a=1 --set b=2 -f c"));
    ck_assert_uint_eq(cli.files.count, 3);
    ck_assert_str_eq(cli.files.items[1], "-");
    ck_assert_str_eq(cli.files.items[2], "c");
    ck_assert_str_eq(cli.sets.items[1], "b=2");
    ck_assert(cli.is_one_shot);
    cli_clear(&cli);
}
END_TEST

START_TEST(without_a_prompt_it_is_the_full_screen)
{
    struct cli cli;
    struct error err = { 0 };
    ck_assert(parse(&cli, &err, "sennit -m box/x -P gpu -s terse"));
    ck_assert(!cli.is_one_shot);
    ck_assert_str_eq(cli.profile, "gpu");
    ck_assert_str_eq(cli.system, "terse");
    cli_clear(&cli);
}
END_TEST

START_TEST(help_fits_a_terminal_and_its_columns_stand_below_each_other)
{
    enum { COLUMNS = 80, ABOUT = 35 };
    struct buf text = { 0 };
    cli_help(&text);
    struct slice rest = buf_slice(&text), line;
    while (slice_next_line(&rest, &line)) {
        ck_assert_msg(line.len <= COLUMNS, "%.*s", SLICE_ARG(line));
        if (!slice_starts(line, "  "))
            continue;
        ck_assert_msg(line.len > ABOUT && line.ptr[ABOUT - 1] == ' ' &&
                          line.ptr[ABOUT] != ' ',
                      "%.*s", SLICE_ARG(line));
    }
    buf_clear(&text);
}
END_TEST

START_TEST(help_names_every_option)
{
    struct buf text = { 0 };
    struct cli_option option;
    cli_help(&text);
    for (size_t i = 0; cli_option(i, &option); i++)
        ck_assert_ptr_nonnull(strstr(buf_string(&text), option.name));
    buf_clear(&text);
}
END_TEST

Suite *cli_suite(void)
{
    Suite *suite = suite_create("cli");
    TCase *tcase = tcase_create("cli");
    tcase_add_test(tcase,
                   a_prompt_may_be_several_words_with_options_among_them);
    tcase_add_test(
        tcase, the_first_word_is_a_command_only_if_nothing_makes_it_a_prompt);
    tcase_add_test(tcase, what_is_wrong_is_said_in_one_sentence);
    tcase_add_test(tcase, repeatable_options_keep_their_order);
    tcase_add_test(tcase, without_a_prompt_it_is_the_full_screen);
    tcase_add_test(tcase,
                   help_fits_a_terminal_and_its_columns_stand_below_each_other);
    tcase_add_test(tcase, help_names_every_option);
    suite_add_tcase(suite, tcase);
    return suite;
}
