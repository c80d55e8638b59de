/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/client.h"
#include "tests/support/settings.h"
#include "tool/fetch.h"

Suite *fetch_suite(void);

/* One fetch from a scripted server, played to its end. */
struct scene {
    struct client client;
    struct settings *settings;
    struct tool_plan plan;
    struct fetch *fetch;
    int dones;
    struct buf text;
    uint64_t bytes;
    struct error err;
};

static void on_done(void *context, struct slice text, uint64_t bytes,
                    const struct error *err)
{
    struct scene *scene = context;
    scene->dones++;
    scene->bytes = bytes;
    buf_append_slice(&scene->text, text);
    if (err)
        scene->err = *err;
    fetch_free(scene->fetch);
    scene->fetch = NULL;
}

/* `hosts` is what stands in tools.hosts. */
static void scene_open(struct scene *scene, const char *hosts)
{
    char yaml[200];
    client_open(&scene->client);
    scene->settings = settings_new();
    snprintf(yaml, sizeof yaml, "tools: {hosts: [%s]}\n", hosts);
    settings_must_add(scene->settings, "a.yaml", yaml);
}

static bool plan_url(struct scene *scene, const char *url, struct error *err)
{
    tool_plan_clear(&scene->plan);
    scene->plan = (struct tool_plan){ .tool = &fetch_tool };
    scene->plan.arguments = json_pack("{s:s}", "url", url);
    return fetch_tool.plan(&(struct tool_place){ .directory = "/" },
                           &scene->plan, err);
}

static void get(struct scene *scene, const char *url)
{
    struct error err = { 0 };
    int64_t wait_ms = scene->plan.wait_ms;
    buf_reset(&scene->text);
    scene->err = (struct error){ 0 };
    scene->dones = 0;
    ck_assert_msg(plan_url(scene, url, &err), "%s", err.text);
    scene->plan.wait_ms = wait_ms;
    scene->fetch =
        fetch_start(&(struct fetch_setup){ .loop = scene->client.loop,
                                           .http = scene->client.http,
                                           .settings = scene->settings },
                    &scene->plan, on_done, scene, &err);
    ck_assert_msg(scene->fetch != NULL, "%s", err.text);
    while (!scene->dones)
        loop_turn(scene->client.loop, 10 * 1000);
    ck_assert_int_eq(scene->dones, 1);
    ck_assert(loop_is_idle(scene->client.loop));
}

static void scene_close(struct scene *scene)
{
    fetch_free(scene->fetch);
    tool_plan_clear(&scene->plan);
    settings_free(scene->settings);
    client_close(&scene->client);
    buf_clear(&scene->text);
}

/* What a listed server sends, and what the model gets of it. */
static void ck_gets(const char *scenario, const char *text, const char *error)
{
    struct scene scene = { 0 };
    struct server *server = server_start(scenario, NULL);
    scene_open(&scene, "127.0.0.1");
    get(&scene, server_url(server, "/a?b"));
    ck_assert_str_eq(buf_string(&scene.text), text);
    ck_assert_msg(error ? strstr(scene.err.text, error) != NULL
                        : scene.err.kind == ERROR_NONE,
                  "%s", scene.err.text);
    scene_close(&scene);
    server_stop(server);
}

START_TEST(a_plan_shows_the_url_that_is_asked_for)
{
    struct scene scene = { 0 };
    struct error err = { 0 };
    ck_assert(plan_url(&scene, "HTTPS://Example.org/a/../b#c", &err));
    ck_assert_str_eq(scene.plan.about.ptr, "https://example.org/b");
    ck_assert_str_eq(scene.plan.detail.ptr, "https://example.org/b");
    ck_assert_str_eq(scene.plan.host, "example.org");
    ck_assert(!plan_url(&scene, "file:///etc/passwd", &err));
    ck_assert_int_eq(err.kind, ERROR_TOOL);
    ck_assert(!plan_url(&scene, "https://u:p@example.org/", &err));
    tool_plan_clear(&scene.plan);
}
END_TEST

START_TEST(it_is_offered_only_where_the_settings_name_it)
{
    ck_assert(fetch_tool.is_optional);
    ck_assert_int_eq(fetch_tool.effect, TOOL_ACTS);
    ck_assert_int_eq(fetch_tool.executor, TOOL_GETS);
}
END_TEST

START_TEST(a_page_comes_with_status_and_type)
{
    ck_gets("header Content-Type: text/plain; charset=utf-8\n"
            "body \"h\xC3\xA9llo\"\n",
            "HTTP 200, text/plain; charset=utf-8\n\nh\xC3\xA9llo", NULL);
    ck_gets("status 404 Not Found\nheader Content-Type: text/html\n"
            "body \"<p>no</p>\"\n",
            "HTTP 404, text/html\n\n<p>no</p>", NULL);
    ck_gets("status 204 No Content\nhead\n", "HTTP 204\n\n", NULL);
}
END_TEST

START_TEST(a_redirect_is_told_and_not_followed)
{
    struct scene scene = { 0 };
    struct server *server =
        server_start("status 302 Found\n"
                     "header Location: http://u:p@10.0.0.1/x\n"
                     "header Content-Type: text/html\nbody \"moved\"\n",
                     NULL);
    scene_open(&scene, "127.0.0.1");
    get(&scene, server_url(server, "/"));
    ck_assert_str_eq(scene.text.ptr,
                     "HTTP 302, text/html\nIt points to http://10.0.0.1/x, "
                     "which was not asked for.\n\nmoved");
    ck_assert_int_eq(server_count(server, "GET"), 1);
    scene_close(&scene);
    server_stop(server);
}
END_TEST

START_TEST(what_is_no_text_is_named)
{
    ck_gets("header Content-Type: image/gif\n"
            "body \"GIF89a\\x01\\x00\\x01\\x00\\x80\\x00\\x00\"\n",
            "HTTP 200, image/gif\n\n", "only text");
}
END_TEST

START_TEST(a_compressed_answer_is_refused)
{
    ck_gets("header Content-Encoding: gzip\nbody \"x\"\n", "", "compressed");
}
END_TEST

START_TEST(no_key_no_cookie_and_no_proxy_go_along)
{
    struct scene scene = { 0 };
    struct server *server = server_start("body \"x\"\n", NULL);
    struct server *proxy = server_start("body \"y\"\n", NULL);
    setenv("http_proxy", server_url(proxy, ""), 1);
    scene_open(&scene, "127.0.0.1");
    get(&scene, server_url(server, "/"));
    ck_assert_int_eq(server_count(server, "GET / HTTP/1.1"), 1);
    ck_assert_int_eq(server_count(server, "Authorization"), 0);
    ck_assert_int_eq(server_count(server, "Cookie"), 0);
    ck_assert_int_eq(server_count(proxy, "GET"), 0);
    unsetenv("http_proxy");
    scene_close(&scene);
    server_stop(server);
    server_stop(proxy);
}
END_TEST

START_TEST(a_host_that_is_not_public_is_asked_only_if_it_is_listed)
{
    static const char *const lists[] = { "",          "localhost",
                                         "127.0.0.2", "\"127.0.0.1:1\"",
                                         "127.0.0",   "\"*\"" };
    for (size_t i = 0; i < COUNTOF(lists); i++) {
        struct scene scene = { 0 };
        struct server *server = server_start("body \"x\"\n", NULL);
        scene_open(&scene, lists[i]);
        get(&scene, server_url(server, "/"));
        ck_assert_msg(strstr(scene.err.text, "of this machine") != NULL,
                      "%s: %s", lists[i], scene.err.text);
        ck_assert_str_eq(buf_string(&scene.text), "");
        ck_assert_int_eq(server_count(server, "GET"), 0);
        scene_close(&scene);
        server_stop(server);
    }
}
END_TEST

START_TEST(a_host_may_be_listed_with_its_port)
{
    struct scene scene = { 0 };
    struct server *server = server_start("body \"x\"\n", NULL);
    char entry[40];
    snprintf(entry, sizeof entry, "\"127.0.0.1:%d\"", server_port(server));
    scene_open(&scene, entry);
    get(&scene, server_url(server, "/"));
    ck_assert_int_eq(scene.err.kind, ERROR_NONE);
    scene_close(&scene);
    server_stop(server);
}
END_TEST

START_TEST(an_answer_that_is_too_large_is_cut_and_said_to_be)
{
    struct scene scene = { 0 };
    struct server *server = server_start("fill 6000000\n", NULL);
    scene_open(&scene, "127.0.0.1");
    get(&scene, server_url(server, "/"));
    ck_assert_msg(scene.err.kind == ERROR_LIMIT, "%s", scene.err.text);
    ck_assert_uint_eq(scene.bytes, FETCH_BODY_MAX);
    scene_close(&scene);
    server_stop(server);
}
END_TEST

START_TEST(a_server_that_does_not_end_is_left)
{
    struct scene scene = { 0 };
    struct server *server = server_start("chunked\nline one\nstall\n", NULL);
    scene_open(&scene, "127.0.0.1");
    scene.plan.wait_ms = 300;
    get(&scene, server_url(server, "/"));
    ck_assert_msg(strstr(scene.err.text, "longer than 0.3 s") != NULL, "%s",
                  scene.err.text);
    ck_assert(server_await(server, "connection 1 closed by the client"));
    scene_close(&scene);
    server_stop(server);
}
END_TEST

START_TEST(one_that_is_freed_says_nothing_more)
{
    struct scene scene = { 0 };
    struct error err = { 0 };
    struct server *server = server_start("chunked\nline one\nstall\n", NULL);
    scene_open(&scene, "127.0.0.1");
    ck_assert(plan_url(&scene, server_url(server, "/"), &err));
    scene.fetch =
        fetch_start(&(struct fetch_setup){ .loop = scene.client.loop,
                                           .http = scene.client.http,
                                           .settings = scene.settings },
                    &scene.plan, on_done, &scene, &err);
    ck_assert_ptr_nonnull(scene.fetch);
    while (!server_count(server, "GET"))
        loop_turn(scene.client.loop, 10);
    fetch_free(scene.fetch);
    scene.fetch = NULL;
    ck_assert(loop_is_idle(scene.client.loop));
    ck_assert_int_eq(scene.dones, 0);
    scene_close(&scene);
    server_stop(server);
}
END_TEST

Suite *fetch_suite(void)
{
    Suite *suite = suite_create("fetch");
    TCase *tcase = tcase_create("fetch");
    tcase_add_test(tcase, a_plan_shows_the_url_that_is_asked_for);
    tcase_add_test(tcase, it_is_offered_only_where_the_settings_name_it);
    tcase_add_test(tcase, a_page_comes_with_status_and_type);
    tcase_add_test(tcase, a_redirect_is_told_and_not_followed);
    tcase_add_test(tcase, what_is_no_text_is_named);
    tcase_add_test(tcase, a_compressed_answer_is_refused);
    tcase_add_test(tcase, no_key_no_cookie_and_no_proxy_go_along);
    tcase_add_test(tcase,
                   a_host_that_is_not_public_is_asked_only_if_it_is_listed);
    tcase_add_test(tcase, a_host_may_be_listed_with_its_port);
    tcase_add_test(tcase, an_answer_that_is_too_large_is_cut_and_said_to_be);
    tcase_add_test(tcase, a_server_that_does_not_end_is_left);
    tcase_add_test(tcase, one_that_is_freed_says_nothing_more);
    suite_add_tcase(suite, tcase);
    return suite;
}
