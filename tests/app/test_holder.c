/* SPDX-License-Identifier: MIT */
/*
 * A model without its endpoint: who gets the prompt, and who must not. The real
 * program, an Ollama of the user's own and a vendor.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/ollama.h"
#include "tests/support/program.h"
#include "tests/support/server.h"

Suite *holder_suite(void);

#define CHAT                                                            \
    "match POST /v1/chat/completions\ntimes forever\nstatus 200 OK\n"   \
    "header Content-Type: application/json\nbody \"{\\\"choices\\\":[{" \
    "\\\"index\\\":0,\\\"message\\\":{\\\"role\\\":\\\"assistant\\\","  \
    "\\\"content\\\":\\\"from the shop\\\"},\\\"finish_reason\\\":"     \
    "\\\"stop\\\"}]}\"\n"
#define LIST(name)                                         \
    "match GET /v1/models\ntimes forever\nstatus 200 OK\n" \
    "body \"{\\\"data\\\":[{\\\"id\\\":\\\"" name "\\\"}]}\"\n"
#define NO_LIST \
    "match GET /v1/models\ntimes forever\nstatus 404 No\nbody \"\"\n"
#define SHOP "endpoints.shop.trust=vendor"
#define LAB  "endpoints.shop.trust=own"

enum { STATUS_USAGE = 2, STATUS_CONFIG = 4 };

/* The list of the shop, whose it is, whether there is an Ollama besides, what is
 * asked for and how; what comes of it. */
static const struct {
    const char *list, *trust;
    bool has_box;
    const char *model;
    bool is_variable; /* SENNIT_MODEL, not -m */
    int status;
    const char *out, *err;
    int sent_to_box, sent_to_shop;
} cases[] = {
    { LIST("large"), SHOP, false, "typo/opus", false, STATUS_USAGE, "",
      "there is no endpoint \"typo\", and no server has a model \"typo/opus\"",
      0, 0 },
    { LIST("large"), SHOP, false, "typo/opus", true, STATUS_CONFIG, "",
      "SENNIT_MODEL: model: there is no endpoint \"typo\", and no server has a "
      "model \"typo/opus\"",
      0, 0 },
    { LIST("typo/opus"), SHOP, false, "typo/opus", false, STATUS_CONFIG, "",
      "-m shop/typo/opus", 0, 0 },
    { NO_LIST, SHOP, false, "typo/opus", false, STATUS_CONFIG, "", "not sent",
      0, 0 },
    { NO_LIST, SHOP, true, "typo/opus", false, STATUS_CONFIG, "", "not sent", 0,
      0 },
    { LIST("large"), SHOP, true, "smal:1b", false, STATUS_USAGE, "",
      "no server has a model \"smal:1b\"; did you mean box/small:1b?", 0, 0 },
    { LIST("large"), SHOP, true, "lrge", false, STATUS_USAGE, "",
      "did you mean shop/large?", 0, 0 },
    { LIST("small:1b"), SHOP, true, "small:1b", false, 0, "hello\n", "", 1, 0 },
    { LIST("large"), SHOP, false, "shop/large", false, 0, "from the shop\n", "",
      0, 1 },
    { LIST("org/large"), LAB, true, "org/large", false, 0, "from the shop\n",
      "", 0, 1 },
    { NO_LIST, LAB, true, "org/large", false, 0, "from the shop\n", "", 0, 1 },
    { NO_LIST, LAB, false, "large", false, 0, "from the shop\n", "", 0, 1 },
};

static void add(struct program *program, const char *option, const char *value)
{
    size_t count = 0;
    while (program->arguments[count])
        count++;
    program->arguments[count] = option;
    program->arguments[count + 1] = value;
}

START_TEST(a_model_goes_to_who_has_it_and_to_no_vendor_unasked)
{
    char box_url[96], shop_url[96], variable[96];
    struct server *box = server_start(
        OLLAMA_MODELS, OLLAMA_CHAT OLLAMA_SAY("hello") OLLAMA_DONE, NULL);
    struct server *shop = server_start(cases[_i].list, CHAT, NULL);
    struct program program = { .arguments = { "the secret" } };
    snprintf(box_url, sizeof box_url, "endpoints.box.url=%s",
             server_url(box, ""));
    snprintf(shop_url, sizeof shop_url, "endpoints.shop.url=%s",
             server_url(shop, "/v1"));
    snprintf(variable, sizeof variable, "SENNIT_MODEL=%s", cases[_i].model);
    add(&program, "--set", "endpoints.shop.dialect=chat-completions");
    add(&program, "--set", shop_url);
    add(&program, "--set", cases[_i].trust);
    if (cases[_i].has_box) {
        add(&program, "--set", "endpoints.box.dialect=ollama");
        add(&program, "--set", box_url);
        add(&program, "--set", "endpoints.box.trust=own");
    }
    if (cases[_i].is_variable)
        program.variables[0] = variable;
    else
        add(&program, "-m", cases[_i].model);
    program_run(&program);
    ck_assert_msg(program.status == cases[_i].status, "%d: %s", program.status,
                  buf_string(&program.err));
    ck_assert_str_eq(buf_string(&program.out), cases[_i].out);
    ck_assert_msg(strstr(buf_string(&program.err), cases[_i].err), "%s",
                  buf_string(&program.err));
    ck_assert_int_eq(server_count(box, "the secret"), cases[_i].sent_to_box);
    ck_assert_int_eq(server_count(shop, "the secret"), cases[_i].sent_to_shop);
    program_clear(&program);
    server_stop(box);
    server_stop(shop);
}
END_TEST

Suite *holder_suite(void)
{
    Suite *suite = suite_create("holder");
    TCase *tcase = tcase_create("holder");
    tcase_add_loop_test(tcase,
                        a_model_goes_to_who_has_it_and_to_no_vendor_unasked, 0,
                        COUNTOF(cases));
    suite_add_tcase(suite, tcase);
    return suite;
}
