/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "base/token_family.h"

Suite *token_family_suite(void);

/* Names as servers give them. */
static const struct {
    const char *model;
    enum token_family family;
} models[] = {
    { "gpt-5-mini", TOKENS_O200K },
    { "openai/gpt-4o-2024-08-06", TOKENS_O200K },
    { "gpt-4-turbo", TOKENS_CL100K },
    { "gpt-4.1", TOKENS_O200K },
    { "gpt-oss:20b", TOKENS_O200K },
    { "o3-mini", TOKENS_O200K },
    { "claude-3-haiku-20240307", TOKENS_CLAUDE3 },
    { "claude-sonnet-4-5", TOKENS_CLAUDE3 },
    { "anthropic/claude-opus-4.7", TOKENS_CLAUDE47 },
    { "llama3.2:3b-instruct-q4_K_M", TOKENS_LLAMA3 },
    { "Meta-Llama-3.1-8B-Instruct.Q4_K_M.gguf", TOKENS_LLAMA3 },
    { "codellama:7b", TOKENS_LLAMA2 },
    { "meta-llama/Llama-4-Scout-17B-16E", TOKENS_O200K },
    { "qwen3:4b", TOKENS_QWEN },
    { "Qwen/Qwen2.5-Coder-32B-Instruct", TOKENS_QWEN },
    { "gemma3:12b", TOKENS_GEMMA },
    { "gemini-2.5-pro", TOKENS_GEMMA },
    { "mistral-nemo:12b", TOKENS_TEKKEN },
    { "mistral:7b", TOKENS_LLAMA2 },
    { "deepseek-chat", TOKENS_DEEPSEEK },
    { "deepseek-r1:14b", TOKENS_QWEN },
    { "DeepSeek-R1-Distill-Llama-70B", TOKENS_LLAMA3 },
    { "phi4:14b", TOKENS_CL100K },
    { "guide", TOKENS_UNKNOWN },
    { "yolo1", TOKENS_UNKNOWN }, /* no o1: a word begins where one begins */
    { "", TOKENS_UNKNOWN },
};

START_TEST(the_name_of_a_model_tells_its_family)
{
    ck_assert_str_eq(
        token_family_name(token_family_of_name(slice_of(models[_i].model))),
        token_family_name(models[_i].family));
}
END_TEST

static enum token_family of_gguf(const char *model, const char *pre,
                                 const char *architecture)
{
    return token_family_of_gguf(slice_of(model), slice_of(pre),
                                slice_of(architecture));
}

START_TEST(what_a_model_file_says_tells_it_too)
{
    ck_assert_int_eq(of_gguf("gpt2", "llama-bpe", "llama"), TOKENS_LLAMA3);
    ck_assert_int_eq(of_gguf("gpt2", "qwen2", "llama"), TOKENS_QWEN);
    ck_assert_int_eq(of_gguf("gpt2", "tekken", "llama"), TOKENS_TEKKEN);
    ck_assert_int_eq(of_gguf("gpt2", "gpt-4o", "gptoss"), TOKENS_O200K);
    ck_assert_int_eq(of_gguf("llama", "default", "gemma3"), TOKENS_GEMMA);
    ck_assert_int_eq(of_gguf("llama", "default", "llama"), TOKENS_LLAMA2);
    ck_assert_int_eq(of_gguf("gpt2", "new-one", "new"), TOKENS_UNKNOWN);
    ck_assert_int_eq(of_gguf("", "", ""), TOKENS_UNKNOWN);
}
END_TEST

START_TEST(so_does_the_size_of_the_vocabulary)
{
    ck_assert_int_eq(token_family_of_size(128256), TOKENS_LLAMA3);
    ck_assert_int_eq(token_family_of_size(151936), TOKENS_QWEN);
    ck_assert_int_eq(token_family_of_size(262144), TOKENS_GEMMA);
    ck_assert_int_eq(token_family_of_size(131072), TOKENS_TEKKEN);
    ck_assert_int_eq(token_family_of_size(32000), TOKENS_LLAMA2);
    ck_assert_int_eq(token_family_of_size(129280), TOKENS_DEEPSEEK);
    ck_assert_int_eq(token_family_of_size(201088), TOKENS_O200K);
    ck_assert_int_eq(token_family_of_size(0), TOKENS_UNKNOWN);
    ck_assert_int_eq(token_family_of_size(77777), TOKENS_UNKNOWN);
}
END_TEST

Suite *token_family_suite(void)
{
    Suite *suite = suite_create("token_family");
    TCase *tcase = tcase_create("token_family");
    tcase_add_loop_test(tcase, the_name_of_a_model_tells_its_family, 0,
                        COUNTOF(models));
    tcase_add_test(tcase, what_a_model_file_says_tells_it_too);
    tcase_add_test(tcase, so_does_the_size_of_the_vocabulary);
    suite_add_tcase(suite, tcase);
    return suite;
}
