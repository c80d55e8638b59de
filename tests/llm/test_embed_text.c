/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <check.h>

#include "llm/anthropic.h"
#include "llm/chat_completions.h"
#include "llm/embed_text.h"
#include "llm/ollama.h"

Suite *embed_text_suite(void);

START_TEST(a_server_is_asked_as_its_dialect_has_it)
{
    struct embed_texts texts = { 0 };
    struct buf body = { 0 };
    *array_add(&texts.items) = slice_of("a \"b\"");
    *array_add(&texts.items) = slice_of("c");
    ck_assert_str_eq(embed_text_path(&dialect_ollama), "/api/embed");
    ck_assert_str_eq(embed_text_path(&dialect_chat_completions), "/embeddings");
    ck_assert_ptr_null(embed_text_path(&dialect_anthropic));
    embed_text_ask(&dialect_ollama, "e", &texts, &body);
    ck_assert_str_eq(buf_string(&body),
                     "{\"model\":\"e\",\"input\":[\"a \\\"b\\\"\",\"c\"],"
                     "\"truncate\":true}");
    buf_reset(&body);
    embed_text_ask(&dialect_chat_completions, "e", &texts, &body);
    ck_assert_str_eq(buf_string(&body),
                     "{\"model\":\"e\",\"input\":[\"a \\\"b\\\"\",\"c\"]}");
    buf_clear(&body);
    array_clear(&texts.items);
}
END_TEST

static void check(const struct dialect *dialect, const char *body, bool is_good)
{
    struct error err = { 0 };
    size_t dimension = 0;
    float *vectors =
        embed_text_read(dialect, slice_of(body), 2, &dimension, &err);
    ck_assert_msg((vectors != NULL) == is_good, "%s: %s", body, err.text);
    if (is_good) {
        ck_assert_uint_eq(dimension, 2);
        ck_assert_double_eq((double)vectors[0], 1);
        ck_assert_double_eq((double)vectors[1], 0.5);
        ck_assert_double_eq((double)vectors[2], -2);
        ck_assert_double_eq((double)vectors[3], 3);
    } else {
        ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
    }
    free(vectors);
}

START_TEST(each_text_has_its_vector_whatever_the_order)
{
    check(&dialect_ollama, "{\"embeddings\":[[1,0.5],[-2,3]]}", true);
    check(&dialect_chat_completions,
          "{\"data\":[{\"index\":1,\"embedding\":[-2,3]},"
          "{\"index\":0,\"embedding\":[1,0.5]}]}",
          true);
    check(&dialect_chat_completions,
          "{\"data\":[{\"embedding\":[1,0.5]},{\"embedding\":[-2,3]}]}", true);
}
END_TEST

START_TEST(what_is_no_vector_for_each_text_is_refused)
{
    static const char *const bodies[] = {
        "{\"embeddings\":[[1,2]]}",
        "{\"embeddings\":[[1,2],[3]]}",
        "{\"embeddings\":[[],[]]}",
        "{\"embeddings\":[[1,\"x\"],[3,4]]}",
        "{\"embeddings\":[[1e300,0],[3,4]]}",
        "{\"embeddings\":{}}",
        "{\"data\":[]}",
        "[]",
        "null",
        "{",
        "",
    };
    for (size_t i = 0; i < COUNTOF(bodies); i++)
        check(&dialect_ollama, bodies[i], false);
    check(&dialect_chat_completions,
          "{\"data\":[{\"index\":-1,\"embedding\":[1,2]}]}", false);
}
END_TEST

Suite *embed_text_suite(void)
{
    Suite *suite = suite_create("embed_text");
    TCase *tcase = tcase_create("embed_text");
    tcase_add_test(tcase, a_server_is_asked_as_its_dialect_has_it);
    tcase_add_test(tcase, each_text_has_its_vector_whatever_the_order);
    tcase_add_test(tcase, what_is_no_vector_for_each_text_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
