/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "chat/base_url.h"
#include "llm/ollama.h"

Suite *base_url_suite(void);

/* What is written, and the base, dialect (o: Ollama, c: Chat Completions) and
 * name that it is. */
static const struct {
    const char *text, *url;
    char dialect;
    const char *name;
} rows[] = {
    { "https://api.openai.com/v1", "https://api.openai.com/v1", 'c', "openai" },
    { "https://api.openai.com", "https://api.openai.com/v1", 'c', "openai" },
    { "https://api.openai.com/", "https://api.openai.com/v1", 'c', "openai" },
    { "https://api.openai.com/v1/", "https://api.openai.com/v1", 'c',
      "openai" },
    { "https://api.openai.com/v1///", "https://api.openai.com/v1", 'c',
      "openai" },
    { "https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1",
      'c', "openai" },
    { "https://api.openai.com/v1/models", "https://api.openai.com/v1", 'c',
      "openai" },
    { "  \"https://api.openai.com/v1\" ", "https://api.openai.com/v1", 'c',
      "openai" },
    { "HTTPS://API.OpenAI.com/v1", "https://api.openai.com/v1", 'c', "openai" },
    { "https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1", 'c',
      "openrouter" },
    { "openrouter.ai/api/v1", "https://openrouter.ai/api/v1", 'c',
      "openrouter" },
    { "https://x.example/v1beta/openai/", "https://x.example/v1beta/openai",
      'c', "x" },
    { "https://a.example/openai/deployments/d?api-version=1",
      "https://a.example/openai/deployments/d?api-version=1", 'c', "a" },
    { "https://a.example/v1#top", "https://a.example/v1", 'c', "a" },
    { "localhost:8080", "http://localhost:8080/v1", 'c', "local-8080" },
    { "127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1", 'c', "local-8000" },
    { "0.0.0.0:8000", "http://127.0.0.1:8000/v1", 'c', "local-8000" },
    { "http://0.0.0.0:1234/v1/", "http://127.0.0.1:1234/v1", 'c',
      "local-1234" },
    { ":8080", "http://127.0.0.1:8080/v1", 'c', "local-8080" },
    { "10.0.0.5:8000", "http://10.0.0.5:8000/v1", 'c', "10-0-0-5" },
    { "gpu7:8000", "http://gpu7:8000/v1", 'c', "gpu7" },
    { "gpu7.lab.example:8000", "http://gpu7.lab.example:8000/v1", 'c', "gpu7" },
    { "llm.lab.example", "https://llm.lab.example/v1", 'c', "llm" },
    { "llm.lab.example:443", "https://llm.lab.example:443/v1", 'c', "llm" },
    { "[::1]:8080", "http://[::1]:8080/v1", 'c', "local-8080" },
    { "http://[fe80::2]:8000/v1/", "http://[fe80::2]:8000/v1", 'c', "fe80--2" },
    { "[::]:8000", "http://[::1]:8000/v1", 'c', "local-8000" },
    /* Ollama: by its port, its paths, its name, or a bare host. */
    { "localhost", "http://localhost:11434", 'o', "local-11434" },
    { "127.0.0.1", "http://127.0.0.1:11434", 'o', "local-11434" },
    { "::1", "http://[::1]:11434", 'o', "local-11434" },
    { "gpu7", "http://gpu7:11434", 'o', "gpu7" },
    { "gpu7/", "http://gpu7/v1", 'c', "gpu7" },
    { "gpu7:11434", "http://gpu7:11434", 'o', "gpu7" },
    { "http://gpu7:11434/", "http://gpu7:11434", 'o', "gpu7" },
    { "http://gpu7:11434/v1", "http://gpu7:11434", 'o', "gpu7" },
    { "http://gpu7:11434/api", "http://gpu7:11434", 'o', "gpu7" },
    { "http://gpu7:11434/api/", "http://gpu7:11434", 'o', "gpu7" },
    { "http://gpu7:11434/api/tags", "http://gpu7:11434", 'o', "gpu7" },
    { "https://proxy.example/api/chat", "https://proxy.example", 'o', "proxy" },
    { "https://proxy.example:11434/ollama",
      "https://proxy.example:11434/ollama", 'o', "proxy" },
    { "ollama.com", "https://ollama.com", 'o', "ollama" },
    { "https://ollama.com/v1/", "https://ollama.com", 'o', "ollama" },
    { "https://www.ollama.com/api", "https://www.ollama.com", 'o', "ollama" },
};

START_TEST(an_address_as_people_write_it_is_the_base_that_is_meant)
{
    struct base_url base;
    struct error err = { 0 };
    const char *text = rows[_i].text;
    ck_assert_msg(base_url_read(&base, slice_of(text), &err), "%s: %s", text,
                  err.text);
    ck_assert_msg(!strcmp(buf_string(&base.url), rows[_i].url), "%s: %s", text,
                  buf_string(&base.url));
    const char *dialect =
        rows[_i].dialect == 'o' ? "ollama" : "chat-completions";
    ck_assert_msg(base.dialect == dialect_find(slice_of(dialect)), "%s", text);
    ck_assert_msg(!strcmp(buf_string(&base.name), rows[_i].name), "%s: %s",
                  text, buf_string(&base.name));
    /* What was made is taken as it is, unless only a path told an Ollama. */
    struct base_url again;
    if (base.dialect == &dialect_ollama && !strstr(rows[_i].url, "ollama") &&
        !strstr(rows[_i].url, ":11434")) {
        base_url_clear(&base);
        return;
    }
    ck_assert(base_url_read(&again, buf_slice(&base.url), &err));
    ck_assert_str_eq(buf_string(&again.url), rows[_i].url);
    ck_assert_ptr_eq(again.dialect, base.dialect);
    base_url_clear(&again);
    base_url_clear(&base);
}
END_TEST

static const char *const refused[] = {
    "",       "  ",         "ftp://host",      "file:///etc/passwd",
    "host:0", "host:70000", "host:8o80",       "http://",
    "a b",    "sk-a@host",  "http://u:p@host", "https://k@host/v1",
    "[::1",   "[::1]x",     "http://ho$t/",    "host:80 80",
};

START_TEST(what_is_no_address_is_refused_and_not_repeated)
{
    struct base_url base;
    struct error err = { 0 };
    const char *text = refused[_i];
    ck_assert_msg(!base_url_read(&base, slice_of(text), &err), "%s", text);
    ck_assert_int_eq(err.kind, ERROR_USAGE);
    ck_assert_msg(strlen(text) < 3 || !strstr(err.text, text), "%s", err.text);
    base_url_clear(&base);
}
END_TEST

START_TEST(a_word_is_no_address_until_something_says_so)
{
    ck_assert(!base_url_is_likely(slice_of("openai")));
    ck_assert(!base_url_is_likely(slice_of("")));
    ck_assert(base_url_is_likely(slice_of("localhost")));
    ck_assert(base_url_is_likely(slice_of("gpu7:8000")));
    ck_assert(base_url_is_likely(slice_of("ollama.com")));
    ck_assert(base_url_is_likely(slice_of("http://x")));
}
END_TEST

Suite *base_url_suite(void)
{
    Suite *suite = suite_create("base_url");
    TCase *tcase = tcase_create("base_url");
    tcase_add_loop_test(tcase,
                        an_address_as_people_write_it_is_the_base_that_is_meant,
                        0, COUNTOF(rows));
    tcase_add_loop_test(tcase, what_is_no_address_is_refused_and_not_repeated,
                        0, COUNTOF(refused));
    tcase_add_test(tcase, a_word_is_no_address_until_something_says_so);
    suite_add_tcase(suite, tcase);
    return suite;
}
