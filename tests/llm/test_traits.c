/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "llm/traits.h"

Suite *traits_suite(void);

static void ck_row(const char *url, const char *like, const char *name)
{
    ck_assert_str_eq(traits_of(url, like)->name, name);
}

START_TEST(a_host_tells_whose_server_it_is)
{
    ck_row("https://api.openai.com/v1", NULL, "openai");
    ck_row("https://API.OpenAI.com", NULL, "openai");
    ck_row("https://user:p@ss@api.openai.com:443/v1?x=1", NULL, "openai");
    ck_row("https://my.openai.azure.com/openai/deployments/d", NULL, "azure");
    ck_row("https://generativelanguage.googleapis.com/v1beta/openai", NULL,
           "gemini");
    ck_row("https://api.mistral.ai/v1", NULL, "mistral");
    ck_row("https://eu.api.mistral.ai/v1", NULL, "mistral");
    ck_row("https://api.deepseek.com", NULL, "deepseek");
    ck_row("https://openrouter.ai/api/v1", NULL, "openrouter");
}
END_TEST

START_TEST(a_server_that_nobody_knows_is_generic)
{
    ck_row("http://127.0.0.1:8080/v1", NULL, "generic");
    ck_row("http://box", NULL, "generic");
    ck_row("https://notapi.openai.com.evil.example/v1", NULL, "generic");
    ck_row("https://xapi.openai.com/v1", NULL, "generic");
    ck_row("https://proxy/api.openai.com/v1", NULL, "generic");
    ck_row("", NULL, "generic");
    ck_row(NULL, NULL, "generic");
}
END_TEST

START_TEST(the_users_word_counts_more_than_the_host)
{
    ck_row("http://127.0.0.1:4000", "deepseek", "deepseek");
    ck_row("https://api.openai.com", "generic", "generic");
    ck_row("https://api.openai.com", "nonsense", "openai");
}
END_TEST

START_TEST(every_row_says_how_to_send_a_key_and_a_length)
{
    for (size_t i = 0; i < traits_count(); i++) {
        const struct traits *row = traits_at(i);
        ck_assert_ptr_eq(traits_find(slice_of(row->name)), row);
        ck_assert_ptr_nonnull(row->key_header);
        ck_assert_ptr_nonnull(row->max_tokens);
        ck_assert_uint_gt(row->call_id_max, 0);
        ck_assert(row->thinking != THINKING_EFFORT || row->thinking_off);
    }
    ck_assert_ptr_null(traits_at(traits_count()));
    ck_assert_ptr_null(traits_find(slice_of("nonsense")));
}
END_TEST

Suite *traits_suite(void)
{
    Suite *suite = suite_create("traits");
    TCase *tcase = tcase_create("traits");
    tcase_add_test(tcase, a_host_tells_whose_server_it_is);
    tcase_add_test(tcase, a_server_that_nobody_knows_is_generic);
    tcase_add_test(tcase, the_users_word_counts_more_than_the_host);
    tcase_add_test(tcase, every_row_says_how_to_send_a_key_and_a_length);
    suite_add_tcase(suite, tcase);
    return suite;
}
