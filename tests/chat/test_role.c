/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/json.h"
#include "chat/role.h"
#include "tests/support/desk.h"
#include "tests/support/ollama.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

Suite *role_suite(void);

static const char yaml[] =
    "system: Be kind.\n"
    "reply: {temperature: 0.9, top_p: 0.8}\n"
    "roles:\n"
    "  translator:\n"
    "    about: one language into another\n"
    "    system: Translate into {{1}}. Keep {{2}}.\n"
    "    reply: {temperature: 0.1, stop: [END], max_tokens: 50}\n"
    "  echo: {system: 'Say {{words}}{{x}} {{0}} {{'}\n"
    "  cold: {reply: {temperature: 0}}\n"
    "  far: {model: gate/big, system: You are far.}\n"
    "  jinja: {system: 'Write {{{{1}} and {{{1}}}.'}\n"
    "  brace: {system: 'Write {{{{1}}.'}\n";

/* What a wish makes of the prompt; an error behind "!". */
static const struct {
    const char *wish, *system;
} wishes[] = {
    { "translator French names", "Translate into French. Keep names." },
    { "  translator  French   names  and more ",
      "Translate into French. Keep names  and more." },
    { "echo a b  c", "Say a b  c{{x}} {{0}} {{" },
    { "cold", "(none)" },
    { "far", "You are far." },
    { "jinja x", "Write {{1}} and {x}." },
    { "brace", "Write {{1}}." },
    { "brace x", "!the role brace takes no words after its name" },
    { "translator French", "!the role translator wants more words after" },
    { "translator", "!the role translator wants words after its name" },
    { "cold x", "!the role cold takes no words after its name" },
    { "far x", "!the role far takes no words after its name" },
    { "tanslator",
      "!there is no role \"tanslator\"; there are: translator, echo, "
      "cold, far, jinja, brace" },
    { "", "!there is no role \"\"" },
};

START_TEST(a_wish_is_a_name_and_words)
{
    struct settings *settings = settings_new();
    struct buf system = { 0 };
    struct error err = { 0 };
    struct role role;
    settings_must_add(settings, "config.yaml", yaml);
    const char *expected = wishes[_i].system;
    if (!role_find(settings, slice_of(wishes[_i].wish), &role, &err)) {
        ck_assert_int_eq(err.kind, ERROR_CONFIG);
        buf_printf(&system, "!%.*s", (int)strlen(expected) - 1, err.text);
    } else if (!role_write_system(&role, &system)) {
        buf_append_string(&system, "(none)");
    }
    ck_assert_str_eq(buf_string(&system), expected);
    buf_clear(&system);
    settings_free(settings);
}
END_TEST

static const struct {
    const char *yaml, *words; /* NULL: nothing is wrong */
} checks[] = {
    { "roles:\n  a:\n    system: x {{10}} {{wrods}}\n",
      "config.yaml:3: roles.a.system: there is no place {{10}}; there are "
      "{{1}} to {{9}} and {{words}}, and {{{{ writes {{" },
    { "roles:\n  a: {system: '{{1}} {{wrods}}'}\n",
      "config.yaml:2: roles.a.system: there is no place {{wrods}};" },
    { "roles: {a: {system: '{{0}}'}}\n", "there is no place {{0}};" },
    { "roles: {a: {system: '{{ 1 }}'}}\n", "there is no place {{ 1 }};" },
    { "roles:\n  b: {system: x}\n  none: {system: x}\n",
      "config.yaml:3: roles.none: /role none takes a role away" },
    { "roles: {a: {system: '{{1}}{{9}}{{words}}{{{2}}}'}}\n", NULL },
    { "roles: {a: {system: 'a {{ b, {{{{x}} {{}} {{a} b}}'}}\n", NULL },
    { "roles: {a: {system: \"{{ one\\n}}\"}, b: {reply: {seed: 1}}}\n", NULL },
};

START_TEST(a_role_that_cannot_be_taken_is_told_with_its_line)
{
    struct settings *settings = settings_new();
    struct buf complaints = { 0 };
    struct error err = { 0 };
    const char *words = checks[_i].words;
    settings_must_add(settings, "config.yaml", checks[_i].yaml);
    ck_assert_int_eq(role_check(settings, NULL, &err), words == NULL);
    ck_assert_msg(!words || strstr(err.text, words), "%s", err.text);
    ck_assert(role_check(settings, &complaints, &err));
    ck_assert_int_eq(complaints.len == 0, words == NULL);
    buf_clear(&complaints);
    settings_free(settings);
}
END_TEST

START_TEST(what_it_sets_is_told_in_json)
{
    struct settings *settings = settings_new();
    struct buf out = { 0 };
    struct error err = { 0 };
    struct role role;
    settings_must_add(settings, "config.yaml", yaml);
    struct slice wish = slice_of(" translator French names ");
    ck_assert(role_find(settings, wish, &role, &err));
    json_t *found = json_object();
    role_write_settings(&role, wish, found);
    json_t *expected = json_parse(
        slice_of("{\"role\":\"translator French names\",\"reply\":"
                 "{\"temperature\":0.1,\"stop\":[\"END\"],\"max_tokens\":50}}"),
        &err);
    ck_assert(json_equal(found, expected));
    ck_assert_ptr_null(role_model(&role));
    json_decref(expected);
    json_decref(found);
    role_list(settings, &out);
    ck_assert_str_eq(buf_string(&out), "translator: one language into another\n"
                                       "echo: Say {{words}}{{x}} {{0}} {{\n"
                                       "cold: its settings only\n"
                                       "far: You are far.\n"
                                       "jinja: Write {{{{1}} and {{{1}}}.\n"
                                       "brace: Write {{{{1}}.");
    buf_clear(&out);
    settings_free(settings);
}
END_TEST

/* The conversation. */

#define ANSWER "times forever\nstatus 200 OK\nchunked\n"

static struct server *box;
static struct desk desk;
static struct buf config;

static void open_desk(const char *role)
{
    box = server_start(
        "match POST /api/chat\n" ANSWER OLLAMA_SAY("Hi") OLLAMA_DONE, NULL);
    buf_printf(&config,
               "endpoints:\n"
               "  box: {dialect: ollama, trust: own, url: \"%s\"}\n"
               "  gate: {dialect: ollama, trust: own, url: \"%s\"}\n%s",
               server_url(box, ""), server_url(box, ""), yaml);
    desk_open(&desk, &(struct desk_plan){
                         .yaml = buf_string(&config),
                         .is_kept = true,
                         .chat = { .target = "box/m", .role = role } });
}

static void close_desk(void)
{
    desk_close(&desk);
    buf_clear(&config);
    server_stop(box);
}

static void take(const char *wish)
{
    struct error err = { 0 };
    ck_assert_msg(chat_set_role(desk.chat, slice_of(wish), &err), "%s",
                  err.text);
}

/* The body of the last request holds each of these. */
static void ck_asked(int number, const char *const holds[], const char *lacks)
{
    desk_ask(&desk, "go");
    struct buf body = { 0 };
    buf_append_slice(&body, server_body(box, number));
    for (size_t i = 0; holds[i]; i++)
        ck_assert_msg(strstr(buf_string(&body), holds[i]) != NULL, "%s\n%s",
                      holds[i], buf_string(&body));
    if (lacks)
        ck_assert_msg(!strstr(buf_string(&body), lacks), "%s",
                      buf_string(&body));
    buf_clear(&body);
}

START_TEST(a_role_sets_the_prompt_and_how_it_is_answered)
{
    open_desk(NULL);
    ck_asked(
        1, (const char *[]){ "Be kind.", "\"temperature\":0.9", "\"m\"", NULL },
        "\"stop\"");
    take("translator French names");
    ck_assert_str_eq(chat_role(desk.chat), "translator French names");
    ck_asked(2,
             (const char *[]){ "Translate into French. Keep names.",
                               "\"temperature\":0.1", "\"top_p\":0.8",
                               "\"stop\":[\"END\"]", NULL },
             "Be kind.");
    /* One without a prompt has that of the settings. */
    take("cold");
    ck_asked(3,
             (const char *[]){ "Be kind.", "\"temperature\":0", "\"top_p\":0.8",
                               NULL },
             "\"stop\"");
    take("");
    ck_assert_str_eq(chat_role(desk.chat), "");
    ck_asked(4, (const char *[]){ "Be kind.", "\"temperature\":0.9", NULL },
             NULL);
    close_desk();
}
END_TEST

START_TEST(what_is_set_in_this_run_goes_before_the_role)
{
    struct error err = { 0 };
    open_desk("cold");
    ck_asked(1, (const char *[]){ "\"temperature\":0", NULL }, "0.9");
    ck_assert(
        settings_set(desk.settings, "reply.temperature", "0.4", "/set", &err));
    ck_asked(2, (const char *[]){ "\"temperature\":0.4", NULL }, NULL);
    close_desk();
}
END_TEST

START_TEST(a_role_may_name_the_model)
{
    struct error err = { 0 };
    open_desk(NULL);
    take("far");
    ck_asked(1, (const char *[]){ "You are far.", "\"big\"", NULL }, NULL);
    ck_assert(!chat_set_role(desk.chat, slice_of("nobody"), &err));
    ck_assert_str_eq(chat_role(desk.chat), "far");
    ck_asked(2, (const char *[]){ "You are far.", "\"big\"", NULL }, NULL);
    close_desk();
}
END_TEST

START_TEST(a_session_that_goes_on_has_its_role)
{
    char id[SESSION_ID_LEN + 1];
    open_desk(NULL);
    take("translator French names");
    desk_ask(&desk, "one");
    snprintf(id, sizeof id, "%s", chat_session(desk.chat));
    desk_reopen(&desk);
    desk_resume(&desk, id);
    ck_assert_str_eq(chat_role(desk.chat), "translator French names");
    ck_asked(2,
             (const char *[]){ "Translate into French.", "\"temperature\":0.1",
                               NULL },
             NULL);
    /* And so has what is begun beside it. */
    struct chat *beside = chat_beside(desk.chat, NULL);
    ck_assert_str_eq(chat_role(beside), "translator French names");
    chat_free(beside);
    close_desk();
}
END_TEST

Suite *role_suite(void)
{
    Suite *suite = suite_create("role");
    TCase *tcase = tcase_create("wishes");
    tcase_add_loop_test(tcase, a_wish_is_a_name_and_words, 0, COUNTOF(wishes));
    tcase_add_loop_test(tcase,
                        a_role_that_cannot_be_taken_is_told_with_its_line, 0,
                        COUNTOF(checks));
    tcase_add_test(tcase, what_it_sets_is_told_in_json);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("conversations");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_role_sets_the_prompt_and_how_it_is_answered);
    tcase_add_test(tcase, what_is_set_in_this_run_goes_before_the_role);
    tcase_add_test(tcase, a_role_may_name_the_model);
    tcase_add_test(tcase, a_session_that_goes_on_has_its_role);
    suite_add_tcase(suite, tcase);
    return suite;
}
