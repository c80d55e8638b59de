/* SPDX-License-Identifier: MIT */
/*
 * `sennit stats`: what rows of the ledger come to, in words and numbers, and the
 * real program over conversations that were counted.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include "app/stats_report.h"
#include "app/stats_text.h"
#include "base/json.h"
#include "tests/support/program.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

Suite *stats_suite(void);

/* A ladder whose second rung has a price: 3 dollars in, 15 out. */
#define LADDER                                                              \
    "endpoints:\n"                                                          \
    "  box: {dialect: ollama, url: \"http://127.0.0.1:1\", trust: own}\n"   \
    "  away: {dialect: chat-completions, url: \"https://api.example/v1\", " \
    "trust: vendor, models: {better: best}, price: [{model: best, in: 3, "  \
    "out: 15}]}\n"                                                          \
    "routing: {ladder: [box/small, away/better]}\n"

struct books {
    struct ledger_rows rows;
    struct stats_report report;
    struct settings *settings;
    struct endpoints endpoints;
    struct buf text;
};

static void books_open(struct books *books, const char *yaml)
{
    struct error err = { 0 };
    *books = (struct books){ .settings = settings_new() };
    settings_must_add(books->settings, "test", yaml);
    ck_assert_msg(
        endpoints_load(&books->endpoints, books->settings, NULL, &err), "%s",
        err.text);
    books->report = (struct stats_report){ .rows = &books->rows,
                                           .first = 20261101,
                                           .last = 20261128 };
}

static void books_close(struct books *books)
{
    ledger_rows_clear(&books->rows);
    endpoints_clear(&books->endpoints);
    settings_free(books->settings);
    buf_clear(&books->text);
}

struct line {
    int32_t day;
    const char *profile;
    bool is_vendor;
    int64_t answers, input, output, cost; /* billionths */
    int64_t first_ms;
};

static void add(struct books *books, const struct line *line)
{
    char profile[16], box[] = "box", away[] = "away", small[] = "small",
                      best[] = "best";
    snprintf(profile, sizeof profile, "%s", line->profile);
    struct ledger_row row = {
        .day = line->day,
        .profile = profile,
        .endpoint = line->is_vendor ? away : box,
        .model = line->is_vendor ? best : small,
        .is_vendor = line->is_vendor,
        .rung = line->is_vendor ? 2 : 1,
    };
    row.sum.figures[LEDGER_ANSWERS] = line->answers;
    row.sum.figures[LEDGER_INPUT] = line->input;
    row.sum.figures[LEDGER_OUTPUT] = line->output;
    row.sum.figures[LEDGER_COST] = line->cost;
    for (int64_t i = 0; i < line->answers; i++)
        ledger_sum_add_time(&row.sum, line->first_ms);
    ledger_rows_add(&books->rows, &row, LEDGER_BY_ALL);
}

static const char *told(struct books *books)
{
    saving_estimate(&books->report.saving, &books->rows, books->settings,
                    &books->endpoints);
    buf_reset(&books->text);
    stats_text_append(&books->report, &books->text);
    return buf_string(&books->text);
}

#define ck_told(books, words)                                              \
    ck_assert_msg(strstr(told(books), words) != NULL, "no \"%s\" in:\n%s", \
                  words, told(books))
#define ck_not_told(books, words) ck_assert_ptr_null(strstr(told(books), words))

/* Three quarters of the answers; a million and 100,000 tokens of them would have
 * cost 3 + 1.50 dollars. */
START_TEST(share_cost_and_saving_are_told_with_their_assumption)
{
    struct books books;
    books_open(&books, LADDER);
    add(&books,
        &(struct line){ 20261127, "", false, 3, 1000000, 100000, 0, 700 });
    add(&books,
        &(struct line){ 20261128, "", true, 1, 5000, 400, 21000000, 200 });
    ck_told(&books, "2026-11-01 to 2026-11-28\n");
    ck_told(&books, "answers   4: 3 by your own servers (75%), 1 by vendors\n");
    ck_told(&books, "tokens    1,005,000 read (0 cached), 100,400 written (0 "
                    "thought); >99% own\n");
    ck_told(&books, "cost      $.021\n");
    ck_told(&books, "saved     about $4.50, if away/best had answered all:");
    ck_told(&books, "$3.00 in and $15.00 out a million");
    ck_told(&books, "none of them cached");
    ck_not_told(&books, "mishaps");
    books_close(&books);
}
END_TEST

START_TEST(every_line_is_of_80_cells_at_the_most)
{
    struct books books;
    books_open(&books, LADDER);
    add(&books, &(struct line){ 20261127, "work", false, 3141, 31415926,
                                5358979, 0, 700 });
    add(&books, &(struct line){ 20261128, "a long one", true, 2718, 28182845,
                                904523, 536028747, 200 });
    struct slice rest = slice_of(told(&books)), line;
    while (slice_next_line(&rest, &line))
        ck_assert_msg(line.len <= 80, "%.*s", SLICE_ARG(line));
    books_close(&books);
}
END_TEST

START_TEST(days_profiles_and_rungs_have_a_row_each)
{
    struct books books;
    books_open(&books, LADDER);
    add(&books,
        &(struct line){ 20261127, "work", false, 3, 1000, 100, 0, 700 });
    add(&books,
        &(struct line){ 20261128, "work", true, 1, 500, 40, 21000000, 200 });
    add(&books, &(struct line){ 20261128, "", false, 1, 10, 4, 0, 700 });
    /* 512 to 1024 ms, 128 to 256 ms. */
    ck_told(&books, "\n1 box/small (own)                                       "
                    "4     0.7 s     0.9 s\n");
    ck_told(&books, "\n2 away/best (vendor)                                    "
                    "1     0.1 s     0.2 s\n");
    ck_told(&books, "\n2026-11-27                        3  100%       1,000   "
                    "    100       $0       0\n");
    ck_told(&books, "\n2026-11-28                        2   50%         510   "
                    "     44    $.021       0\n");
    ck_told(&books, "\nPROFILE ");
    ck_told(&books, "\nwork                              4   75%       1,500   "
                    "    140    $.021       0\n");
    ck_told(&books, "\n(none) ");
    books_close(&books);
}
END_TEST

START_TEST(where_there_is_one_profile_or_another_table_is_wanted_there_is_one)
{
    struct books books;
    struct error err = { 0 };
    books_open(&books, LADDER);
    add(&books, &(struct line){ 20261127, "", false, 3, 1000, 100, 0, 700 });
    ck_not_told(&books, "PROFILE");
    books.report.way = stats_way_find("model", &err);
    ck_told(&books, "\nMODEL ");
    ck_told(&books, "\nbox/small ");
    ck_not_told(&books, "\nDAY");
    ck_assert_ptr_null(stats_way_find("modle", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "did you mean model?"));
    books_close(&books);
}
END_TEST

START_TEST(what_is_not_known_is_not_called_nothing)
{
    struct books books;
    books_open(&books, "endpoints: {}\n");
    add(&books, &(struct line){ 20261127, "", false, 3, 1000, 100, 0, 700 });
    add(&books, &(struct line){ 20261128, "", true, 2, 1000, 100, 0, 700 });
    books.rows.list.items[1].sum.figures[LEDGER_UNPRICED] = 2;
    books.rows.list.items[1].sum.figures[LEDGER_ESTIMATED] = 2;
    ck_told(&books, "cost      at least $0; of 2 answers by vendors the price "
                    "is not known\n");
    ck_told(&books, "\n2026-11-28                        2    0%       1,000   "
                    "    100      $0+       0\n");
    ck_told(&books, "saved     not known: no vendor's rung in routing.ladder "
                    "has a price to go by\n");
    ck_told(&books, "of 2 answers they are estimates: no server counted\n");
    books_close(&books);
}
END_TEST

/* A ladder of one's own servers alone: then who was asked most has the price. */
START_TEST(without_a_rung_the_vendor_that_was_asked_most_has_the_price)
{
    struct books books;
    books_open(&books,
               "endpoints:\n"
               "  away: {dialect: chat-completions, url: \"https://x.example\","
               " trust: vendor, price: [{model: best, in: 1, out: 2}]}\n");
    add(&books,
        &(struct line){ 20261127, "", false, 1, 2000000, 500000, 0, 700 });
    ck_told(&books, "saved     not known");
    add(&books, &(struct line){ 20261128, "", true, 1, 10, 10, 30000, 700 });
    ck_told(&books, "saved     about $3.00, if away/best had answered all:");
    books_close(&books);
}
END_TEST

/* An own server that has a price of its own. */
START_TEST(what_ones_own_cost_is_taken_off)
{
    struct books books;
    books_open(&books, LADDER);
    add(&books, &(struct line){ 20261127, "", false, 3, 1000000, 100000,
                                500000000, 700 });
    ck_told(&books, "saved     about $4.00, if");
    ck_told(&books, "less the $.500 that they cost");
    books_close(&books);
}
END_TEST

static int64_t number(const json_t *root, const char *object, const char *name)
{
    return json_integer_value(
        json_object_get(json_object_get(root, object), name));
}

#define CHAT                                                              \
    "match POST /api/chat\nstatus 200 OK\nchunked\n"                      \
    "line {\"model\":\"m\",\"message\":{\"content\":\"well\"},"           \
    "\"done\":false}\n"                                                   \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true," \
    "\"done_reason\":\"stop\",\"prompt_eval_count\":11,\"eval_count\":7}\n"

static void run(struct program *program, const char *const *words)
{
    memset(program->arguments, 0, sizeof program->arguments);
    for (size_t i = 0; words[i]; i++)
        program->arguments[i] = words[i];
    program_run(program);
}

static json_t *json_of(const struct program *program)
{
    struct error err = { 0 };
    json_t *root = json_parse(buf_slice(&program->out), &err);
    ck_assert_msg(root != NULL, "%s: %s", err.text, buf_string(&program->err));
    return root;
}

/* One is not kept, one is of a profile, one is of the guide, one fails. */
START_TEST(one_shots_are_counted_also_those_that_are_not_kept)
{
    struct program program = { 0 };
    struct server *server = server_start(CHAT, CHAT, NULL);
    struct buf yaml = { 0 };
    buf_printf(&yaml,
               "endpoints: {box: {dialect: ollama, trust: own, url: \"%s\"}}\n",
               server_url(server, ""));
    program_file(&program, ".config/sennit/config.yaml", buf_string(&yaml));
    program_file(&program, ".config/sennit/profiles/work.yaml", "{}\n");
    run(&program, (const char *[]){ "-n", "-m", "box/m", "secret one", NULL });
    ck_assert_str_eq(buf_string(&program.out), "well\n");
    run(&program,
        (const char *[]){ "-P", "work", "-m", "box/m", "secret two", NULL });
    ck_assert_int_eq(program.status, 0);
    run(&program, (const char *[]){ "-m", "guide/guide", "quit", NULL });
    run(&program, (const char *[]){ "-m", "box/m", "no answer", NULL });
    ck_assert_int_ne(program.status, 0);
    run(&program, (const char *[]){ "stats", "-o", "json", NULL });
    ck_assert_int_eq(program.status, 0);
    json_t *root = json_of(&program);
    ck_assert_int_eq(number(root, "all", "answers"), 2);
    ck_assert_int_eq(number(root, "own", "answers"), 2);
    ck_assert_int_eq(number(root, "vendor", "answers"), 0);
    ck_assert_int_eq(number(root, "all", "input"), 22);
    ck_assert_int_eq(number(root, "all", "output"), 14);
    ck_assert_int_ge(number(root, "all", "failures"), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(root, "by_profile")), 2);
    ck_assert_uint_eq(json_array_size(json_object_get(root, "by_day")), 1);
    ck_assert(json_is_null(json_object_get(root, "saved")));
    json_decref(root);
    buf_clear(&yaml);
    server_stop(server);
    program_clear(&program);
}
END_TEST

START_TEST(lines_of_json_have_each_row)
{
    struct program program = { 0 };
    struct server *server = server_start(CHAT, NULL);
    struct buf setting = { 0 };
    buf_printf(&setting, "endpoints.box.url=%s", server_url(server, ""));
    program_file(&program, ".config/sennit/config.yaml", LADDER);
    run(&program,
        (const char *[]){ "--set", buf_string(&setting), "hi", NULL });
    ck_assert_int_eq(program.status, 0);
    run(&program, (const char *[]){ "stats", "-o", "stream-json", NULL });
    json_t *row = json_of(&program);
    ck_assert(slice_is(json_slice(row, "endpoint"), "box"));
    ck_assert(slice_is(json_slice(row, "model"), "small"));
    ck_assert(slice_is(json_slice(row, "trust"), "own"));
    ck_assert_int_eq(json_integer_value(json_object_get(row, "rung")), 1);
    ck_assert(json_is_null(json_object_get(row, "profile")));
    json_decref(row);
    buf_clear(&setting);
    server_stop(server);
    program_clear(&program);
}
END_TEST

START_TEST(where_nothing_was_counted_it_says_so)
{
    struct program program = { 0 };
    run(&program, (const char *[]){ "stats", NULL });
    ck_assert_int_eq(program.status, 0);
    ck_assert_uint_eq(program.out.len, 0);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&program.err), "no answer was counted since "));
    run(&program, (const char *[]){ "stats", "-o", "json", NULL });
    json_t *root = json_of(&program);
    ck_assert_int_eq(number(root, "all", "answers"), 0);
    json_decref(root);
    program_clear(&program);
}
END_TEST

START_TEST(what_is_asked_wrongly_is_refused_with_what_helps)
{
    static const struct {
        const char *words[4], *told;
    } rows[] = {
        { { "stats", "--days", "0", NULL }, "a number from 1 to 99999" },
        { { "stats", "--by", "profil", NULL }, "did you mean profile?" },
        { { "stats", "today", NULL }, "--days and --by" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct program program = { 0 };
        run(&program, rows[i].words);
        ck_assert_int_eq(program.status, 2);
        ck_assert_msg(strstr(buf_string(&program.err), rows[i].told) != NULL,
                      "%s", buf_string(&program.err));
        program_clear(&program);
    }
}
END_TEST

START_TEST(a_setting_that_is_wrong_hides_no_numbers)
{
    struct program program = { 0 };
    program_file(&program, ".config/sennit/config.yaml", "nonsense: 1\n");
    run(&program, (const char *[]){ "stats", "-o", "json", NULL });
    ck_assert_int_eq(program.status, 0);
    ck_assert_ptr_nonnull(strstr(buf_string(&program.err), "nonsense"));
    json_decref(json_of(&program));
    program_clear(&program);
}
END_TEST

Suite *stats_suite(void)
{
    Suite *suite = suite_create("stats");
    TCase *report = tcase_create("report");
    TCase *program = tcase_create("program");
    tcase_add_test(report,
                   share_cost_and_saving_are_told_with_their_assumption);
    tcase_add_test(report, every_line_is_of_80_cells_at_the_most);
    tcase_add_test(report, days_profiles_and_rungs_have_a_row_each);
    tcase_add_test(
        report,
        where_there_is_one_profile_or_another_table_is_wanted_there_is_one);
    tcase_add_test(report, what_is_not_known_is_not_called_nothing);
    tcase_add_test(report,
                   without_a_rung_the_vendor_that_was_asked_most_has_the_price);
    tcase_add_test(report, what_ones_own_cost_is_taken_off);
    tcase_set_timeout(program, 60);
    tcase_add_test(program, one_shots_are_counted_also_those_that_are_not_kept);
    tcase_add_test(program, lines_of_json_have_each_row);
    tcase_add_test(program, where_nothing_was_counted_it_says_so);
    tcase_add_test(program, what_is_asked_wrongly_is_refused_with_what_helps);
    tcase_add_test(program, a_setting_that_is_wrong_hides_no_numbers);
    suite_add_tcase(suite, report);
    suite_add_tcase(suite, program);
    return suite;
}
