/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/vendors.h"

Suite *vendors_suite(void);

static void load(struct vendors *vendors)
{
    struct error err = { 0 };
    ck_assert_msg(vendors_add(vendors, "table", slice_of(vendors_table), &err),
                  "%s", err.text);
}

START_TEST(every_row_of_the_program_is_whole)
{
    struct vendors vendors = { 0 };
    load(&vendors);
    ck_assert_uint_ge(vendors.list.count, 14);
    for (size_t i = 0; i < vendors.list.count; i++) {
        const struct vendor *vendor = &vendors.list.items[i];
        const char *name = vendor->name;
        ck_assert_msg(*vendor->title && vendor->dialect, "%s", name);
        /* A key goes over TLS; a server of one's own is on this machine. */
        if (vendor->is_own) {
            ck_assert_msg(!strncmp(vendor->url, "http://127.0.0.1:", 17), "%s",
                          name);
            ck_assert_msg(!vendor->keys.list.count && !vendor->model, "%s",
                          name);
            continue;
        }
        ck_assert_msg(!strncmp(vendor->url, "https://", 8), "%s", name);
        ck_assert_msg(vendor->keys.list.count > 0, "%s", name);
        ck_assert_msg(vendor->model && vendor->key_page, "%s", name);
        ck_assert_msg(!strncmp(vendor->key_page, "https://", 8), "%s", name);
        ck_assert_msg(!prices_find(&vendor->prices, vendor->model) ||
                          vendor->window > 0,
                      "%s", name);
    }
    vendors_clear(&vendors);
}
END_TEST

START_TEST(the_usual_vendors_are_there)
{
    static const char *const names[] = {
        "openai",    "anthropic",    "gemini", "openrouter", "groq",
        "mistral",   "deepseek",     "xai",    "perplexity", "together",
        "fireworks", "huggingface",  "ollama", "vllm",       "llama-server",
        "lmstudio",  "ollama-cloud",
    };
    struct vendors vendors = { 0 };
    load(&vendors);
    for (size_t i = 0; i < COUNTOF(names); i++)
        ck_assert_msg(vendors_find(&vendors, slice_of(names[i])) != NULL, "%s",
                      names[i]);
    const struct vendor *openai = vendors_find(&vendors, slice_of("openai"));
    ck_assert_str_eq(openai->url, "https://api.openai.com/v1");
    ck_assert_str_eq(openai->keys.list.items[0], "OPENAI_API_KEY");
    ck_assert_str_eq(openai->bases.list.items[1], "OPENAI_API_BASE");
    vendors_clear(&vendors);
}
END_TEST

START_TEST(no_two_rows_share_a_name_or_a_key)
{
    struct vendors vendors = { 0 };
    load(&vendors);
    for (size_t i = 0; i < vendors.list.count; i++) {
        const struct vendor *a = &vendors.list.items[i];
        for (size_t j = 0; j < i; j++) {
            const struct vendor *b = &vendors.list.items[j];
            ck_assert_str_ne(a->name, b->name);
            for (size_t k = 0; k < a->keys.list.count; k++) {
                for (size_t l = 0; l < b->keys.list.count; l++)
                    ck_assert_str_ne(a->keys.list.items[k],
                                     b->keys.list.items[l]);
            }
        }
    }
    vendors_clear(&vendors);
}
END_TEST

START_TEST(a_file_of_the_users_changes_rows_key_by_key_and_adds_others)
{
    static const char file[] =
        "vendors:\n"
        "  openai: {model: gpt-5.2, price: {in: 1.75, out: 14}}\n"
        "  shop: {url: https://shop.example/v1, dialect: chat-completions,\n"
        "    key: [SHOP_KEY], model: large}\n";
    struct vendors vendors = { 0 };
    struct error err = { 0 };
    load(&vendors);
    size_t count = vendors.list.count;
    ck_assert_msg(vendors_add(&vendors, "mine", slice_of(file), &err), "%s",
                  err.text);
    ck_assert_uint_eq(vendors.list.count, count + 1);
    const struct vendor *openai = vendors_find(&vendors, slice_of("openai"));
    ck_assert_str_eq(openai->model, "gpt-5.2");
    ck_assert_double_eq(prices_find(&openai->prices, "gpt-5.2")->out, 14);
    ck_assert_str_eq(openai->url, "https://api.openai.com/v1");
    const struct vendor *shop = vendors_find(&vendors, slice_of("shop"));
    ck_assert_str_eq(shop->title, "shop");
    ck_assert(!shop->is_own && !prices_find(&shop->prices, "large") &&
              shop->window == 0);
    vendors_clear(&vendors);
}
END_TEST

static const struct {
    const char *yaml, *words;
} faults[] = {
    { "vendors: [a]\n", "mine:1: vendors: a map is expected" },
    { "vendor: {}\n", "mine:1: vendor: only vendors: and pull: are known" },
    { "vendors:\n  Shop: {}\n", "mine:2: Shop: a name of a-z" },
    { "vendors:\n  shop: {model: x}\n",
      "mine:2: shop: url and dialect are needed" },
    { "vendors:\n  openai:\n    modle: x\n",
      "mine:3: unknown key \"modle\"; did you mean model" },
    { "vendors:\n  openai: {dialect: telnet}\n",
      "mine:2: dialect: chat-completions or ollama" },
    { "vendors:\n  openai: {trust: maybe}\n", "mine:2: trust: own or vendor" },
    { "vendors:\n  openai: {key: K}\n", "mine:2: key: a list of variables" },
    { "vendors:\n  openai: {window: -1}\n", "mine:2: window: a number" },
    { "vendors:\n  openai: {price: 3}\n", "mine:2: price: {in: DOLLARS" },
    { "pull:\n  - {size: 3}\n", "mine:2: : {model: NAME, size: MB}" },
    { "[]\n", "mine:1: a map is expected" },
};

START_TEST(faults_are_named_with_their_line)
{
    struct vendors vendors = { 0 };
    struct error err = { 0 };
    load(&vendors);
    ck_assert(!vendors_add(&vendors, "mine", slice_of(faults[_i].yaml), &err));
    ck_assert_msg(strstr(err.text, faults[_i].words) != NULL, "%s", err.text);
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
    vendors_clear(&vendors);
}
END_TEST

static const struct {
    uint64_t free_bytes;
    const char *model;
} memories[] = {
    { 0, "qwen3:4b" },            /* unknown: a middling machine */
    { 100000000, "qwen3:0.6b" },  /* nothing fits: the smallest */
    { 2000000000, "qwen3:1.7b" }, /* 1.4 GB and a fifth */
    { 3000000000, "qwen3:4b" },   /* 2.5 GB and a fifth are 3 GB */
    { 2999999999, "llama3.2:3b" },
    { 500000000000, "qwen3:14b" }, /* no download above 10 GB */
};

START_TEST(the_offered_model_fits_the_memory)
{
    struct vendors vendors = { 0 };
    load(&vendors);
    const struct starter *starter =
        vendors_starter(&vendors, memories[_i].free_bytes);
    ck_assert_ptr_nonnull(starter);
    ck_assert_str_eq(starter->model, memories[_i].model);
    vendors_clear(&vendors);
}
END_TEST

START_TEST(the_first_variable_that_is_set_and_not_empty_counts)
{
    struct vendors vendors = { 0 };
    load(&vendors);
    const struct vendor *gemini = vendors_find(&vendors, slice_of("gemini"));
    unsetenv("GEMINI_API_KEY");
    unsetenv("GOOGLE_API_KEY");
    ck_assert_ptr_null(vendor_variable(&gemini->keys));
    setenv("GOOGLE_API_KEY", "k", 1);
    setenv("GEMINI_API_KEY", "", 1);
    ck_assert_str_eq(vendor_variable(&gemini->keys), "GOOGLE_API_KEY");
    setenv("GEMINI_API_KEY", "g", 1);
    ck_assert_str_eq(vendor_variable(&gemini->keys), "GEMINI_API_KEY");
    unsetenv("GEMINI_API_KEY");
    unsetenv("GOOGLE_API_KEY");
    vendors_clear(&vendors);
}
END_TEST

Suite *vendors_suite(void)
{
    Suite *suite = suite_create("vendors");
    TCase *tcase = tcase_create("vendors");
    tcase_add_test(tcase, every_row_of_the_program_is_whole);
    tcase_add_test(tcase, the_usual_vendors_are_there);
    tcase_add_test(tcase, no_two_rows_share_a_name_or_a_key);
    tcase_add_test(tcase,
                   a_file_of_the_users_changes_rows_key_by_key_and_adds_others);
    tcase_add_loop_test(tcase, faults_are_named_with_their_line, 0,
                        COUNTOF(faults));
    tcase_add_loop_test(tcase, the_offered_model_fits_the_memory, 0,
                        COUNTOF(memories));
    tcase_add_test(tcase, the_first_variable_that_is_set_and_not_empty_counts);
    suite_add_tcase(suite, tcase);
    return suite;
}
