/* SPDX-License-Identifier: MIT */
/*
 * The subcommand search: the real program on sessions that it made itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "base/json.h"
#include "base/path.h"
#include "tests/support/program.h"

Suite *lookup_suite(void);

struct world {
    struct program program;
    char index[256];
};

static void run(struct world *world, const char *const *words)
{
    memset(world->program.arguments, 0, sizeof world->program.arguments);
    for (size_t i = 0; words[i]; i++)
        world->program.arguments[i] = words[i];
    program_run(&world->program);
}

#define RUN(world, ...) run(world, (const char *const[]){ __VA_ARGS__, NULL })

/* The guide answers: that is a session. */
static void begin(struct world *world)
{
    *world = (struct world){ 0 };
    RUN(world, "-m", "guide", "-p", "What is a sennit made of, quokka?");
    ck_assert_int_eq(world->program.status, 0);
    snprintf(world->index, sizeof world->index,
             "%s/.local/share/sennit/index.db", world->program.home);
}

static void end(struct world *world)
{
    program_clear(&world->program);
}

static const char *out(const struct world *world)
{
    return buf_string(&world->program.out);
}

START_TEST(a_pipe_gets_a_line_of_columns_for_each_hit)
{
    struct world world;
    begin(&world);
    RUN(&world, "search", "QUOKKA", "kind:user");
    ck_assert_int_eq(world.program.status, 0);
    int tabs = 0, lines = 0;
    for (const char *at = out(&world); *at; at++) {
        tabs += *at == '\t';
        lines += *at == '\n';
    }
    ck_assert_int_eq(lines, 1);
    ck_assert_int_eq(tabs, 5);
    ck_assert_ptr_nonnull(strstr(out(&world), "\tuser\t"));
    ck_assert_ptr_nonnull(
        strstr(out(&world), "\tWhat is a sennit made of, quokka?\n"));
    end(&world);
}
END_TEST

START_TEST(json_says_where_the_words_are)
{
    struct world world;
    struct error err;
    begin(&world);
    RUN(&world, "search", "-o", "json", "quokka", "kind:user");
    json_t *list = json_parse(buf_slice(&world.program.out), &err);
    ck_assert_ptr_nonnull(list);
    ck_assert_uint_eq(json_array_size(list), 1);
    const json_t *hit = json_array_get(list, 0);
    const json_t *mark = json_array_get(json_object_get(hit, "marks"), 0);
    struct slice text = json_slice(hit, "text");
    ck_assert_int_eq(json_integer_value(json_array_get(mark, 0)), 26);
    ck_assert_int_eq(json_integer_value(json_array_get(mark, 1)), 6);
    ck_assert(slice_starts(slice_skip(text, 26), "quokka"));
    ck_assert(slice_is(json_slice(hit, "kind"), "user"));
    ck_assert(json_is_null(json_object_get(hit, "who")));
    json_decref(list);
    end(&world);
}
END_TEST

START_TEST(nothing_found_is_an_exit_status)
{
    struct world world;
    begin(&world);
    RUN(&world, "search", "wombat");
    ck_assert_int_eq(world.program.status, 1);
    ck_assert_str_eq(out(&world), "");
    ck_assert_str_eq(buf_string(&world.program.err),
                     "sennit: nothing is found\n");
    end(&world);
}
END_TEST

START_TEST(what_is_wrong_with_a_query_is_said)
{
    struct world world = { 0 };
    RUN(&world, "search", "sicne:3d", "x");
    ck_assert_int_eq(world.program.status, 2);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&world.program.err), "did you mean since:?"));
    RUN(&world, "search");
    ck_assert_int_eq(world.program.status, 2);
    RUN(&world, "search", "--limit", "0", "x");
    ck_assert_int_eq(world.program.status, 2);
    end(&world);
}
END_TEST

START_TEST(an_index_that_is_gone_or_damaged_is_made_anew)
{
    struct world world;
    struct error err;
    begin(&world);
    RUN(&world, "search", "quokka");
    ck_assert_int_eq(world.program.status, 0);
    ck_assert_int_eq(unlink(world.index), 0);
    RUN(&world, "search", "quokka");
    ck_assert_int_eq(world.program.status, 0);
    ck_assert(path_write_file(world.index, slice_of("no index at all"), &err));
    RUN(&world, "search", "quokka");
    ck_assert_int_eq(world.program.status, 0);
    end(&world);
}
END_TEST

START_TEST(a_session_that_was_deleted_is_not_found)
{
    struct world world;
    char id[9] = "";
    begin(&world);
    RUN(&world, "search", "quokka");
    memcpy(id, out(&world), 8);
    RUN(&world, "delete", id);
    ck_assert_int_eq(world.program.status, 0);
    RUN(&world, "search", "quokka");
    ck_assert_int_eq(world.program.status, 1);
    RUN(&world, "restore", id);
    RUN(&world, "search", "quokka");
    ck_assert_int_eq(world.program.status, 0);
    end(&world);
}
END_TEST

Suite *lookup_suite(void)
{
    Suite *suite = suite_create("lookup");
    TCase *tcase = tcase_create("lookup");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_pipe_gets_a_line_of_columns_for_each_hit);
    tcase_add_test(tcase, json_says_where_the_words_are);
    tcase_add_test(tcase, nothing_found_is_an_exit_status);
    tcase_add_test(tcase, what_is_wrong_with_a_query_is_said);
    tcase_add_test(tcase, an_index_that_is_gone_or_damaged_is_made_anew);
    tcase_add_test(tcase, a_session_that_was_deleted_is_not_found);
    suite_add_tcase(suite, tcase);
    return suite;
}
