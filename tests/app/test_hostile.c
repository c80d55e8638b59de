/* SPDX-License-Identifier: MIT */
/*
 * Hostile bytes through every door of the full-screen client: whatever comes
 * in, what is written to the terminal stays in our grammar.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/hostile.h"

Suite *hostile_suite(void);

/* Stands on both sides of what a model says. */
#define MARK "\316\251"

enum { BATCH = 16 /* vectors that are on screen together */ };

/* One answer: each vector as the model's name, as thinking and as text. */
static void add_answer(struct stage *stage, const struct vectors *vectors,
                       size_t first)
{
    struct buf text = { 0 };
    buf_append_string(&text, "match POST /api/chat\nstatus 200 OK\nchunked\n");
    for (int is_text = 0; is_text < 2; is_text++) {
        for (size_t i = first; i < first + BATCH; i++) {
            if (i >= vectors->list.count)
                break;
            buf_append_string(&text, "line {\"model\":\"");
            vectors_append_json(&text, vectors_at(vectors, i));
            buf_printf(&text, "\",\"message\":{\"%s\":\"" MARK " ",
                       is_text ? "content" : "thinking");
            vectors_append_json(&text, vectors_at(vectors, i));
            buf_append_string(&text, " " MARK "\\n\\n\"},\"done\":false}\n");
        }
    }
    buf_printf(&text,
               "line {\"message\":{\"content\":\"END%zu.\"},\"done\":true,"
               "\"done_reason\":\"stop\"}\n",
               first);
    stage_add(stage, buf_string(&text));
    buf_clear(&text);
}

/* Rows that a model wrote to begin with the bar that it cannot write. */
static void check_gutter(struct pty *pty)
{
    struct slice rest = slice_of(pty_screen(pty)), row;
    while (slice_next_line(&rest, &row)) {
        if (slice_find(row, MARK) >= 0)
            ck_assert_msg(slice_starts(row, "\342\224\202 "),
                          "outside of the gutter: %.*s", SLICE_ARG(row));
    }
}

START_TEST(answers_thinking_and_model_names_stay_in_the_grammar)
{
    struct stage stage = { 0 };
    struct vectors vectors = vectors_read();
    stage_begin(&stage, "");
    for (size_t i = 0; i < vectors.list.count; i += BATCH)
        add_answer(&stage, &vectors, i);
    stage_start(&stage, 200, 120);
    pty_send(stage.pty, "\x0f"); /* unfold */
    for (size_t i = 0; i < vectors.list.count; i += BATCH) {
        char word[32];
        snprintf(word, sizeof word, "END%zu.", i);
        pty_send(stage.pty, "go\r");
        pty_expect(stage.pty, word);
        pty_expect(stage.pty, "complete");
        check_gutter(stage.pty);
    }
    /* The last answer into the clipboard, all into the scrollback, and the tail
     * when it ends. */
    pty_send(stage.pty, "/copy all\r");
    pty_expect(stage.pty, "copied ");
    pty_send(stage.pty, "\x18"
                        "d");
    pty_expect(stage.pty, "Enter returns to sennit");
    pty_send(stage.pty, "\r");
    pty_expect(stage.pty, "F1 help");
    vectors_clear(&vectors);
    stage_end(&stage);
}
END_TEST

/* A vector that a scenario's line can hold. */
static bool is_for_header(struct slice vector)
{
    return vector.len && !memchr(vector.ptr, '\n', vector.len) &&
           !memchr(vector.ptr, '\r', vector.len) &&
           !memchr(vector.ptr, '\0', vector.len);
}

START_TEST(reason_phrases_and_headers_stay_in_the_grammar)
{
    static const char *const statuses[] = { "401", "404", "429", "500", "302" };
    struct stage stage = { 0 };
    struct vectors vectors = vectors_read();
    int rounds = 0;
    stage_begin(&stage, "");
    /* Each of ours, and some of the others. */
    for (size_t i = 0; i < vectors.list.count && rounds < 50; i++) {
        struct slice vector = vectors_at(&vectors, i);
        struct buf text = { 0 };
        if (!is_for_header(vector) || (i > 24 && i % 12))
            continue;
        buf_printf(&text, "match POST /api/chat\nstatus %s R%.*s\n",
                   statuses[rounds % (int)COUNTOF(statuses)],
                   SLICE_ARG(vector));
        buf_printf(&text, "header WWW-Authenticate: Bearer realm=\"%.*s\"\n",
                   SLICE_ARG(vector));
        buf_printf(&text, "header Content-Type: text/%.*s\n",
                   SLICE_ARG(vector));
        buf_printf(&text, "header Retry-After: 99%.*s\n", SLICE_ARG(vector));
        buf_printf(&text, "header Location: /%.*s\nbody \"E%d.\"\n",
                   SLICE_ARG(vector), rounds);
        stage_add(&stage, buf_string(&text));
        buf_clear(&text);
        rounds++;
    }
    stage_start(&stage, 60, 120);
    for (int i = 0; i < rounds; i++) {
        char prompt[32], turns[32];
        snprintf(prompt, sizeof prompt, "go %d\r", i);
        snprintf(turns, sizeof turns, "%d turn%s", i + 1, i ? "s" : "");
        pty_send(stage.pty, prompt);
        pty_expect(stage.pty, turns);
        pty_expect(stage.pty, " error | ");
        pty_expect(stage.pty, "F1 help");
    }
    pty_send(stage.pty, "\x18w");
    pty_expect(stage.pty, "trace F5");
    pty_send(stage.pty, "\x18w");
    pty_expect_gone(stage.pty, "trace F5");
    vectors_clear(&vectors);
    stage_end(&stage);
}
END_TEST

static void add_calls(struct stage *stage, const struct vectors *vectors,
                      size_t first)
{
    struct buf text = { 0 };
    buf_append_string(&text, "match POST /api/chat\nstatus 200 OK\nchunked\n"
                             "line {\"message\":{\"tool_calls\":[");
    for (size_t i = first; i < first + BATCH && i < vectors->list.count; i++) {
        buf_printf(&text, "%s{\"function\":{\"name\":\"n",
                   i > first ? "," : "");
        vectors_append_json(&text, vectors_at(vectors, i));
        buf_append_string(&text, "\",\"arguments\":{\"");
        vectors_append_json(&text, vectors_at(vectors, i));
        buf_append_string(&text, "\":\"");
        vectors_append_json(&text, vectors_at(vectors, i));
        buf_append_string(&text, "\"}}}");
    }
    buf_append_string(&text, "]},\"done\":true,\"done_reason\":\"stop\"}\n");
    stage_add(stage, buf_string(&text));
    buf_clear(&text);
}

START_TEST(names_and_arguments_of_tool_calls_stay_in_the_grammar)
{
    struct stage stage = { 0 };
    struct vectors vectors = vectors_read();
    stage_begin(&stage, "");
    for (size_t i = 0; i < vectors.list.count; i += BATCH)
        add_calls(&stage, &vectors, i);
    stage_start(&stage, 60, 120);
    pty_send(stage.pty, "\x0f\x18t");
    pty_expect(stage.pty, "No calls yet");
    /* Else it goes on by itself when a call has ended. */
    pty_send(stage.pty, "/mode off\r");
    pty_expect(stage.pty, "tools off");
    for (int i = 0; i < 60; i++)
        pty_send(stage.pty, "\x18+");
    for (size_t i = 0; i < vectors.list.count; i += BATCH) {
        char word[32];
        size_t all = vectors.list.count;
        snprintf(word, sizeof word, " %zu done",
                 i + BATCH < all ? i + BATCH : all);
        pty_send(stage.pty, "go\r");
        pty_expect(stage.pty, word);
        pty_expect(stage.pty, "complete");
    }
    pty_send(stage.pty, "\x18g");
    pty_expect(stage.pty, "graph F4");
    pty_send(stage.pty, "\x18g");
    pty_expect_gone(stage.pty, "graph F4");
    vectors_clear(&vectors);
    stage_end(&stage);
}
END_TEST

START_TEST(error_bodies_stay_in_the_grammar)
{
    struct stage stage = { 0 };
    struct vectors vectors = vectors_read();
    size_t count = vectors.list.count;
    size_t share = count / (STAGE_FILES_MAX - 4) + 1;
    stage_begin(&stage, "");
    for (size_t i = 0; i < count; i += share) {
        struct buf text = { 0 };
        buf_printf(&text,
                   "match POST /api/chat\nstatus 400 No\nchunked\n"
                   "line {\"error\":\"E%zu. ",
                   i);
        for (size_t j = i; j < i + share && j < count; j++)
            vectors_append_json(&text, vectors_at(&vectors, j));
        buf_append_string(&text, "\"}\n");
        stage_add(&stage, buf_string(&text));
        buf_clear(&text);
    }
    stage_start(&stage, 40, 120);
    for (size_t i = 0; i < count; i += share) {
        char word[32];
        snprintf(word, sizeof word, "E%zu.", i);
        pty_send(stage.pty, "go\r");
        pty_expect(stage.pty, word);
    }
    vectors_clear(&vectors);
    stage_end(&stage);
}
END_TEST

START_TEST(names_of_listed_models_stay_in_the_grammar)
{
    struct stage stage = { 0 };
    struct vectors vectors = vectors_read();
    struct buf models = { 0 };
    for (size_t i = 0; i < vectors.list.count; i++) {
        buf_append_string(&models, ",{\"name\":\"");
        vectors_append_json(&models, vectors_at(&vectors, i));
        buf_append_string(&models, "\",\"size\":1}");
    }
    buf_append_string(&models, ",{\"name\":\"LAST\",\"size\":1}");
    stage_begin(&stage, buf_string(&models));
    stage_start(&stage, 500, 120);
    pty_send(stage.pty, "/models\r");
    pty_expect(stage.pty, "Esc closes");
    pty_expect(stage.pty, "ollama/small:1b");
    pty_send(stage.pty, "\x1b[1;5F");
    pty_expect(stage.pty, "not a language model");
    pty_send(stage.pty, "\x03");
    pty_expect_gone(stage.pty, "Esc closes");
    buf_clear(&models);
    vectors_clear(&vectors);
    stage_end(&stage);
}
END_TEST

static void paste(struct stage *stage, const struct vectors *vectors,
                  size_t first)
{
    struct buf text = { 0 };
    buf_printf(&text, "\x1b[200~P%zu.\n\n\n\n\n\n\n\n\n", first);
    for (size_t i = first; i < first + BATCH; i++) {
        if (i >= vectors->list.count)
            break;
        /* One that ends a paste is typed from there on. */
        if (slice_find(vectors_at(vectors, i), "[201~") >= 0)
            continue;
        buf_append_slice(&text, vectors_at(vectors, i));
        buf_append_string(&text, "|\n");
    }
    buf_printf(&text, "Q%zu.\x1b[201~", first);
    pty_send_bytes(stage->pty, buf_slice(&text));
    buf_clear(&text);
}

START_TEST(pastes_prompts_and_their_history_stay_in_the_grammar)
{
    struct stage stage = { 0 };
    struct vectors vectors = vectors_read();
    stage_begin(&stage, "");
    for (size_t i = 0; i < vectors.list.count; i += BATCH) {
        char text[160];
        snprintf(text, sizeof text,
                 "match POST /api/chat\nstatus 200 OK\nchunked\n"
                 "line {\"message\":{\"content\":\"END%zu.\"},\"done\":true,"
                 "\"done_reason\":\"stop\"}\n",
                 i);
        stage_add(&stage, text);
    }
    stage_start(&stage, 200, 120);
    for (size_t i = 0; i < vectors.list.count; i += BATCH) {
        char first[32], last[32];
        snprintf(first, sizeof first, "END%zu.", i);
        snprintf(last, sizeof last, "Q%zu.", i);
        paste(&stage, &vectors, i);
        pty_expect(stage.pty, "[pasted ");
        pty_send(stage.pty, "\x1bv"); /* the whole text */
        pty_expect(stage.pty, last);
        pty_send(stage.pty, "\x03"); /* into the history, and back */
        pty_expect_gone(stage.pty, last);
        pty_send(stage.pty, "\x1b[A");
        pty_expect(stage.pty, last);
        pty_send(stage.pty, "\r");
        pty_expect(stage.pty, first);
        /* Found again in the history. */
        pty_send(stage.pty, "\x12");
        pty_send(stage.pty, last);
        pty_expect(stage.pty, "search");
        pty_send(stage.pty, "\x07");
        pty_expect_gone(stage.pty, "search");
    }
    vectors_clear(&vectors);
    stage_end(&stage);
}
END_TEST

Suite *hostile_suite(void)
{
    Suite *suite = suite_create("hostile");
    TCase *tcase = tcase_create("hostile");
    tcase_set_timeout(tcase, 240);
    tcase_add_test(tcase, answers_thinking_and_model_names_stay_in_the_grammar);
    tcase_add_test(tcase, reason_phrases_and_headers_stay_in_the_grammar);
    tcase_add_test(tcase,
                   names_and_arguments_of_tool_calls_stay_in_the_grammar);
    tcase_add_test(tcase, error_bodies_stay_in_the_grammar);
    tcase_add_test(tcase, names_of_listed_models_stay_in_the_grammar);
    tcase_add_test(tcase, pastes_prompts_and_their_history_stay_in_the_grammar);
    suite_add_tcase(suite, tcase);
    return suite;
}
