/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "llm/ollama_name.h"

Suite *ollama_name_suite(void);

static const struct {
    const char *a, *b;
    bool is_same;
} rows[] = {
    { "cloudy", "cloudy", true },
    { "cloudy", "cloudy:latest", true },
    { "CLOUDY", "cloudy:Latest", true },
    { "library/cloudy", "cloudy", true },
    { "registry.ollama.ai/library/cloudy:latest", "cloudy", true },
    { "https://registry.ollama.ai/library/cloudy", "cloudy", true },
    { "Library/Cloudy:8B", "cloudy:8b", true },
    { "hf.co/me/m:q4", "HF.co/me/m:Q4", true },
    { "localhost:5000/me/m", "localhost:5000/me/m:latest", true },
    { "cloudy", "cloudy:8b", false },
    { "cloudy", "clouds", false },
    { "me/cloudy", "cloudy", false },
    { "hf.co/library/cloudy", "cloudy", false },
    { "", "cloudy", false },
    { "", "", true },
};

START_TEST(names_are_the_same_as_an_ollama_takes_them)
{
    struct slice a = slice_of(rows[_i].a), b = slice_of(rows[_i].b);
    ck_assert_int_eq(ollama_name_is_same(a, b), rows[_i].is_same);
    ck_assert_int_eq(ollama_name_is_same(b, a), rows[_i].is_same);
}
END_TEST

START_TEST(a_cloud_is_named_at_the_end)
{
    ck_assert(ollama_name_is_cloud(slice_of("gpt-oss:120b-cloud")));
    ck_assert(ollama_name_is_cloud(slice_of("gpt-oss:120b-Cloud")));
    ck_assert(ollama_name_is_cloud(slice_of("kimi:CLOUD")));
    ck_assert(!ollama_name_is_cloud(slice_of("cloud")));
    ck_assert(!ollama_name_is_cloud(slice_of("-cloud")));
    ck_assert(!ollama_name_is_cloud(slice_of("a-cloudy")));
    ck_assert(!ollama_name_is_cloud(slice_of("")));
}
END_TEST

Suite *ollama_name_suite(void)
{
    Suite *suite = suite_create("ollama_name");
    TCase *tcase = tcase_create("ollama_name");
    tcase_add_loop_test(tcase, names_are_the_same_as_an_ollama_takes_them, 0,
                        COUNTOF(rows));
    tcase_add_test(tcase, a_cloud_is_named_at_the_end);
    suite_add_tcase(suite, tcase);
    return suite;
}
