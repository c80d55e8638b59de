/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "store/index_search.h"
#include "tests/support/scratch.h"

Suite *index_suite(void);

static const int64_t noon = 1795874520000; /* 28 November 2026, UTC */

static struct {
    char directory[SCRATCH_PATH_MAX];
    char path[SCRATCH_PATH_MAX + 16];
    struct index *index;
    struct digest digest;
    struct search_hits hits;
    struct buf told;
    struct error err;
} desk;

static void open_index(void)
{
    desk.index = index_open(desk.path, &desk.err);
    ck_assert_msg(desk.index, "%s", desk.err.text);
}

static void setup(void)
{
    memset(&desk, 0, sizeof desk);
    scratch_directory(desk.directory, "index");
    snprintf(desk.path, sizeof desk.path, "%s/index.db", desk.directory);
    open_index();
}

static void teardown(void)
{
    index_close(desk.index);
    digest_clear(&desk.digest);
    search_hits_clear(&desk.hits);
    buf_clear(&desk.told);
    scratch_remove(desk.directory);
}

/* A digest, place by place. */

static void begin(const char *id, const char *title)
{
    digest_clear(&desk.digest);
    snprintf(desk.digest.id.text, sizeof desk.digest.id.text, "%s", id);
    desk.digest.title = memory_string(title);
    desk.digest.opening = memory_string("");
    desk.digest.model = memory_string("");
    desk.digest.is_whole = true;
    desk.digest.updated_at = noon;
}

static struct digest_place *say(uint64_t node, int64_t at, const char *text)
{
    struct digest_place *place = array_add(&desk.digest.places);
    *place = (struct digest_place){
        .node_id = node,
        .at = at,
        .kind = NODE_USER,
        .model = memory_string(""),
    };
    buf_append_string(&place->text, text);
    return place;
}

static void answer(uint64_t node, int64_t at, const char *model,
                   const char *text)
{
    struct digest_place *place = say(node, at, text);
    free(place->model);
    place->model = memory_string(model);
    place->kind = NODE_ASSISTANT;
}

static void use_tool(uint64_t node, int64_t at, const char *tool,
                     const char *text)
{
    struct digest_place *place = say(node, at, text);
    *array_add(&place->tools) = memory_string(tool);
    place->kind = NODE_TOOL_RESULT;
}

static void put(void)
{
    const struct index_stamp stamp = { 100, 200 };
    ck_assert_msg(index_put(desk.index, &desk.digest, &stamp, &desk.err) ==
                      INDEX_DONE,
                  "%s", desk.err.text);
}

/* The hits of a query, as "ID:NODE ID:NODE". */
static const char *find(const char *text)
{
    struct search_query query;
    buf_reset(&desk.told);
    search_hits_clear(&desk.hits);
    ck_assert_msg(
        search_query_parse(&query, slice_of(text), noon, false, &desk.err),
        "%s", desk.err.text);
    enum index_result result =
        index_search(desk.index, &query, 20, &desk.hits, &desk.err);
    search_query_clear(&query);
    if (result != INDEX_DONE)
        return desk.err.text;
    for (size_t i = 0; i < desk.hits.items.count; i++)
        buf_printf(&desk.told, "%s%s:%llu", i ? " " : "",
                   desk.hits.items.items[i].id.text,
                   (unsigned long long)desk.hits.items.items[i].node_id);
    return buf_string(&desk.told);
}

static void fill(void)
{
    begin("aaaaaaaa", "Tides of the North Sea");
    say(3, noon - 9000, "What is a spring tide?");
    answer(5, noon - 8000, "qwen3:8b",
           "A spring tide comes twice a month. \xC3\x89t\xC3\xA9, Stra\xC3\x9F"
           "e.");
    use_tool(7, noon - 7000, "read_file", "harbour.txt: tide tables, spring");
    put();
    begin("bbbbbbbb", "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E");
    say(2, noon - 10 * 86400000LL,
        "\xE6\x9D\xB1\xE4\xBA\xAC\xE3\x81\xAE\xE5\xA4\xA9\xE6\xB0\x97\xE3\x81"
        "\xAF");
    answer(4, noon - 10 * 86400000LL + 5000, "llama3.2",
           "The harbour of Tokyo has a small tide in spring.");
    put();
}

static const struct {
    const char *query, *hits;
} searches[] = {
    { "month", "aaaaaaaa:5" },
    { "MONTH", "aaaaaaaa:5" },
    { "ete strasse", "aaaaaaaa:5" },
    { "\xC3\xA9t\xC3\xA9 STRASSE", "aaaaaaaa:5" },
    { "nothing", "" },
    { "mont", "" },
    { "mont*", "aaaaaaaa:5" },
    { "tide -spring", "" },
    { "harbour -tokyo", "aaaaaaaa:7" },
    { "\"spring tide\" month", "aaaaaaaa:5" },
    { "\"tide spring\"", "" },
    { "small tide", "bbbbbbbb:4" },
    /* A word of a script without blanks, wherever it stands. */
    { "\xE6\x9D\xB1\xE4\xBA\xAC", "bbbbbbbb:2" },
    { "\xE5\xA4\xA9\xE6\xB0\x97", "bbbbbbbb:2" },
    { "\xE4\xBA\xAC\xE6\x9D\xB1", "" },
    { "model:qwen tide", "aaaaaaaa:5" },
    { "model:8b month", "aaaaaaaa:5" },
    { "tool:read_file tide", "aaaaaaaa:7" },
    { "kind:tool", "aaaaaaaa:7" },
    { "kind:user tide", "aaaaaaaa:3" },
    { "session:bbbb tide", "bbbbbbbb:4" },
    { "session:north month", "aaaaaaaa:5" },
    { "until:3d tide", "bbbbbbbb:4" },
    { "since:3d kind:assistant", "aaaaaaaa:5" },
    { "-kind:user -kind:tool since:3d", "aaaaaaaa:5" },
    { "kind:assistant kind:tool until:3d", "bbbbbbbb:4" },
    { "-model:qwen kind:assistant", "bbbbbbbb:4" },
    { "since:2026-11-29", "" },
    /* What would mean something to FTS5. */
    { "month AND", "" },
    { "text:month", "" },
    { "\"month", "aaaaaaaa:5" },
    { "month)^{}", "aaaaaaaa:5" },
};

START_TEST(what_is_looked_for_is_found)
{
    fill();
    ck_assert_msg(!strcmp(find(searches[_i].query), searches[_i].hits),
                  "%s: %s", searches[_i].query, find(searches[_i].query));
}
END_TEST

START_TEST(a_filter_that_names_nothing_says_what_there_is)
{
    fill();
    ck_assert_str_eq(find("model:qwne3:8b"),
                     "no model here is called \"qwne3:8b\"; did you mean "
                     "\"qwen3:8b\"?");
    ck_assert_str_eq(find("tool:zzzzzzzz"),
                     "no tool here is called \"zzzzzzzz\"");
    ck_assert_str_eq(find("month"), "aaaaaaaa:5");
}
END_TEST

START_TEST(the_best_comes_first_and_the_newer_of_equals)
{
    begin("aaaaaaaa", "");
    say(1, noon, "a rope, far away from it a knot, and many other things");
    say(2, noon + 1000, "the knot of a rope: rope, knot");
    say(3, noon + 2000, "rope only, and a ship and a sail and then a knot");
    say(4, noon + 3000, "rope only, and a ship and a sail and then a knot");
    put();
    ck_assert_str_eq(find("rope knot"), "aaaaaaaa:2 aaaaaaaa:4 aaaaaaaa:3 "
                                        "aaaaaaaa:1");
}
END_TEST

START_TEST(a_hit_says_who_where_and_when)
{
    fill();
    ck_assert_str_eq(find("month"), "aaaaaaaa:5");
    const struct search_hit *hit = &desk.hits.items.items[0];
    ck_assert_str_eq(hit->title, "Tides of the North Sea");
    ck_assert_str_eq(hit->who, "qwen3:8b");
    ck_assert_int_eq(hit->at, noon - 8000);
    ck_assert_int_eq(hit->kind, NODE_ASSISTANT);
    ck_assert_uint_eq(hit->snippet.marks.count, 1);
    const struct match_span *mark = &hit->snippet.marks.items[0];
    ck_assert_str_eq(buf_string(&hit->snippet.text),
                     "A spring tide comes twice a month. \xC3\x89t\xC3\xA9, "
                     "Stra\xC3\x9F"
                     "e.");
    ck_assert_uint_eq(mark->begin, 28);
    ck_assert_uint_eq(mark->end, 33);
    ck_assert_str_eq(find("harbour tables"), "aaaaaaaa:7");
    ck_assert_str_eq(desk.hits.items.items[0].who, "read_file");
}
END_TEST

START_TEST(what_changed_is_found_anew_and_as_it_was_no_more)
{
    fill();
    begin("aaaaaaaa", "Tides of the North Sea");
    desk.digest.is_whole = false;
    say(3, noon - 9000, "What is a neap tide?");
    put();
    ck_assert_str_eq(find("neap"), "aaaaaaaa:3");
    ck_assert_str_eq(find("\"what is a spring\""), "");
    ck_assert_str_eq(find("month"), "aaaaaaaa:5");
}
END_TEST

START_TEST(what_is_not_in_a_whole_digest_is_gone)
{
    fill();
    begin("aaaaaaaa", "");
    say(3, noon - 9000, "What is a spring tide?");
    put();
    ck_assert_str_eq(find("month"), "");
    ck_assert_str_eq(find("what is a"), "aaaaaaaa:3");
}
END_TEST

START_TEST(a_session_that_is_forgotten_leaves_nothing)
{
    struct index_mark mark;
    fill();
    ck_assert(index_find(desk.index, "aaaaaaaa", &mark));
    ck_assert_int_eq(mark.stamp.size, 100);
    ck_assert_int_eq(mark.stamp.changed_at, 200);
    ck_assert(index_forget(desk.index, "aaaaaaaa", &desk.err) == INDEX_DONE);
    ck_assert(!index_find(desk.index, "aaaaaaaa", &mark));
    ck_assert_str_eq(find("tide"), "bbbbbbbb:4");
    ck_assert(index_forget(desk.index, "aaaaaaaa", &desk.err) == INDEX_DONE);
}
END_TEST

static bool file_has(const char *word)
{
    struct buf bytes = { 0 };
    FILE *file = fopen(desk.path, "rb");
    char part[4096];
    size_t len;
    while ((len = fread(part, 1, sizeof part, file)) > 0)
        buf_append(&bytes, part, len);
    fclose(file);
    bool has = memmem(bytes.ptr, bytes.len, word, strlen(word)) != NULL;
    buf_clear(&bytes);
    return has;
}

/* A key that was redacted must not be had from the index. */
START_TEST(once_it_is_tidied_no_byte_of_what_went_is_left)
{
    begin("aaaaaaaa", "");
    say(3, noon, "tide xyzzysecretkey tide");
    say(4, noon, "tide and other words");
    put();
    ck_assert(file_has("xyzzysecretkey"));
    begin("aaaaaaaa", "");
    say(3, noon, "tide (redacted) tide");
    say(4, noon, "tide and other words");
    put();
    for (int i = 0; i < 1000 && index_tidy(desk.index); i++)
        ;
    ck_assert(!index_tidy(desk.index));
    ck_assert(!file_has("xyzzysecretkey"));
    ck_assert_str_eq(find("redacted"), "aaaaaaaa:3");
}
END_TEST

START_TEST(many_nodes_of_one_second_are_all_found)
{
    struct buf text = { 0 };
    begin("aaaaaaaa", "");
    for (uint64_t i = 1; i <= 500; i++) {
        buf_reset(&text);
        buf_printf(&text, "common word%llu", (unsigned long long)i);
        say(i, noon, text.ptr);
    }
    put();
    ck_assert_str_eq(find("word1"), "aaaaaaaa:1");
    ck_assert_str_eq(find("word500"), "aaaaaaaa:500");
    /* Their places are later than their time, which is what counts. */
    ck_assert_str_eq(find("word1 until:today since:today"), "aaaaaaaa:1");
    ck_assert_str_eq(find("word1 until:yesterday"), "");
    ck_assert_str_eq(find("word1 until:0h"), "aaaaaaaa:1");
    buf_clear(&text);
}
END_TEST

static const char *const broken[] = {
    "this is no database, but long enough to be taken for one at first sight",
    "",
};

static void write_file(const char *text)
{
    FILE *file = fopen(desk.path, "wb");
    fputs(text, file);
    fclose(file);
}

START_TEST(a_damaged_index_is_made_anew)
{
    fill();
    index_close(desk.index);
    write_file(broken[_i]);
    open_index();
    ck_assert_str_eq(find("tide"), "");
    fill();
    ck_assert_str_eq(find("month"), "aaaaaaaa:5");
}
END_TEST

static void run_sql(const char *sql)
{
    struct db *db = db_open(desk.path, DB_WRITE, NULL, &desk.err);
    ck_assert_msg(db && db_run(db, sql, &desk.err), "%s", desk.err.text);
    db_close(db);
}

static const char *const strange[] = {
    "PRAGMA user_version=9999",
    "PRAGMA application_id=1",
    "DROP TABLE place",
    "DROP TABLE found",
};

START_TEST(an_index_of_another_version_is_made_anew)
{
    fill();
    index_close(desk.index);
    run_sql(strange[_i]);
    open_index();
    ck_assert_str_eq(find("tide"), "");
    fill();
    ck_assert_str_eq(find("month"), "aaaaaaaa:5");
}
END_TEST

START_TEST(damage_that_shows_late_makes_it_anew_and_is_no_failure)
{
    fill();
    begin("cccccccc", "");
    for (int i = 0; i < 300; i++)
        say((uint64_t)i + 1, noon + i, "filler filler filler words words");
    put();
    index_close(desk.index);
    FILE *file = fopen(desk.path, "r+b");
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    ck_assert_int_gt(size, 8192);
    fseek(file, 4096, SEEK_SET);
    for (long at = 4096; at < size; at++)
        fputc('x', file);
    fclose(file);
    open_index();
    struct search_query query;
    ck_assert(
        search_query_parse(&query, slice_of("filler"), noon, false, &desk.err));
    enum index_result result =
        index_search(desk.index, &query, 20, &desk.hits, &desk.err);
    ck_assert_msg(result == INDEX_LATER || result == INDEX_DONE, "%s",
                  desk.err.text);
    search_query_clear(&query);
    fill();
    ck_assert_str_eq(find("month"), "aaaaaaaa:5");
}
END_TEST

START_TEST(who_finds_it_busy_comes_later)
{
    struct search_query query;
    fill();
    struct db *other = db_open(desk.path, DB_WRITE, NULL, &desk.err);
    ck_assert(db_run(other, "BEGIN EXCLUSIVE", &desk.err));
    begin("cccccccc", "");
    say(1, noon, "late");
    const struct index_stamp stamp = { 1, 1 };
    ck_assert(index_put(desk.index, &desk.digest, &stamp, &desk.err) ==
              INDEX_LATER);
    ck_assert(
        search_query_parse(&query, slice_of("late"), noon, false, &desk.err));
    ck_assert(index_search(desk.index, &query, 20, &desk.hits, &desk.err) ==
              INDEX_LATER);
    ck_assert(index_forget(desk.index, "aaaaaaaa", &desk.err) == INDEX_LATER);
    search_query_clear(&query);
    ck_assert(db_run(other, "COMMIT", &desk.err));
    db_close(other);
    put();
    ck_assert_str_eq(find("late"), "cccccccc:1");
}
END_TEST

START_TEST(several_puts_are_one_transaction)
{
    ck_assert(index_begin(desk.index, &desk.err) == INDEX_DONE);
    fill();
    ck_assert(index_commit(desk.index, &desk.err) == INDEX_DONE);
    index_close(desk.index);
    open_index();
    ck_assert_str_eq(find("month"), "aaaaaaaa:5");
}
END_TEST

START_TEST(sessions_are_listed_the_last_used_first)
{
    struct index_rows rows = { 0 };
    fill();
    begin("cccccccc", "");
    free(desk.digest.opening);
    desk.digest.opening = memory_string("How do tidal locks work?");
    desk.digest.updated_at = noon + 5000;
    desk.digest.turns = 4;
    desk.digest.cost = 0.25;
    put();
    ck_assert(index_list(desk.index, slice_of(""), 0, &rows, &desk.err) ==
              INDEX_DONE);
    ck_assert_uint_eq(rows.items.count, 3);
    ck_assert_str_eq(rows.items.items[0].id.text, "cccccccc");
    ck_assert_str_eq(rows.items.items[0].title, "How do tidal locks work?");
    ck_assert(!rows.items.items[0].is_named);
    ck_assert(rows.items.items[1].is_named);
    ck_assert_int_eq(rows.items.items[0].turns, 4);
    ck_assert(rows.items.items[0].cost > 0.24 &&
              rows.items.items[0].cost < 0.26);
    index_rows_clear(&rows);
    ck_assert(index_list(desk.index, slice_of("TID sea"), 0, &rows,
                         &desk.err) == INDEX_DONE);
    ck_assert_uint_eq(rows.items.count, 1);
    ck_assert_str_eq(rows.items.items[0].id.text, "aaaaaaaa");
    index_rows_clear(&rows);
    ck_assert(index_list(desk.index, slice_of(""), 2, &rows, &desk.err) ==
              INDEX_DONE);
    ck_assert_uint_eq(rows.items.count, 2);
    index_rows_clear(&rows);
}
END_TEST

Suite *index_suite(void)
{
    Suite *suite = suite_create("index");
    TCase *tcase = tcase_create("index");
    setenv("TZ", "UTC", 1);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, what_is_looked_for_is_found, 0,
                        COUNTOF(searches));
    tcase_add_test(tcase, a_filter_that_names_nothing_says_what_there_is);
    tcase_add_test(tcase, the_best_comes_first_and_the_newer_of_equals);
    tcase_add_test(tcase, a_hit_says_who_where_and_when);
    tcase_add_test(tcase, what_changed_is_found_anew_and_as_it_was_no_more);
    tcase_add_test(tcase, what_is_not_in_a_whole_digest_is_gone);
    tcase_add_test(tcase, a_session_that_is_forgotten_leaves_nothing);
    tcase_add_test(tcase, once_it_is_tidied_no_byte_of_what_went_is_left);
    tcase_add_test(tcase, many_nodes_of_one_second_are_all_found);
    tcase_add_loop_test(tcase, a_damaged_index_is_made_anew, 0,
                        COUNTOF(broken));
    tcase_add_loop_test(tcase, an_index_of_another_version_is_made_anew, 0,
                        COUNTOF(strange));
    tcase_add_test(tcase,
                   damage_that_shows_late_makes_it_anew_and_is_no_failure);
    tcase_add_test(tcase, who_finds_it_busy_comes_later);
    tcase_add_test(tcase, several_puts_are_one_transaction);
    tcase_add_test(tcase, sessions_are_listed_the_last_used_first);
    suite_add_tcase(suite, tcase);
    return suite;
}
