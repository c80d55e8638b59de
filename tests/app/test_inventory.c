/* SPDX-License-Identifier: MIT */
/*
 * The subcommands models, ps, load and unload: the real program against scripted
 * servers.
 */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/json.h"
#include "tests/support/program.h"
#include "tests/support/server.h"

Suite *inventory_suite(void);

#define ALWAYS(method, path) \
    "match " method " " path "\ntimes forever\nstatus 200 OK\nbody "
#define TAGS                                                                  \
    ALWAYS("GET", "/api/tags")                                                \
    "\"{\\\"models\\\":[{\\\"name\\\":\\\"small:1b\\\",\\\"size\\\":"         \
    "1300000000,\\\"details\\\":{\\\"parameter_size\\\":\\\"1.2B\\\","        \
    "\\\"quantization_level\\\":\\\"Q4_K_M\\\"}},{\\\"name\\\":\\\"huge\\\"," \
    "\\\"size\\\":9000000000000}]}\"\n"
#define PS                                                                 \
    ALWAYS("GET", "/api/ps")                                               \
    "\"{\\\"models\\\":[{\\\"name\\\":\\\"small:1b\\\",\\\"size\\\":"      \
    "2000000000,\\\"size_vram\\\":1000000000,\\\"context_length\\\":4096," \
    "\\\"expires_at\\\":\\\"2318-01-01T00:00:00Z\\\"}]}\"\n"
#define NONE_LOADED ALWAYS("GET", "/api/ps") "\"{\\\"models\\\":[]}\"\n"
#define SHOW                                                                  \
    ALWAYS("POST", "/api/show")                                               \
    "\"{\\\"capabilities\\\":[\\\"completion\\\",\\\"tools\\\"],"             \
    "\\\"details\\\":{\\\"parameter_size\\\":\\\"1.2B\\\","                   \
    "\\\"quantization_level\\\":\\\"Q4_K_M\\\"},\\\"model_info\\\":"          \
    "{\\\"general.architecture\\\":\\\"q\\\",\\\"q.context_length\\\":40960," \
    "\\\"q.block_count\\\":32,\\\"q.attention.head_count_kv\\\":8,"           \
    "\\\"q.attention.key_length\\\":128}}\"\n"

struct world {
    struct server *server;
    struct program program;
    char url[96];
};

/* An Ollama of the user's own, and no other. */
static void begin(struct world *world, struct server *server)
{
    *world = (struct world){ .server = server };
    snprintf(world->url, sizeof world->url, "endpoints.box.url=%s",
             server_url(server, ""));
    const char *const fixed[] = { "--set", "endpoints.box.dialect=ollama",
                                  "--set", "endpoints.box.trust=own",
                                  "--set", world->url };
    for (size_t i = 0; i < COUNTOF(fixed); i++)
        world->program.arguments[i] = fixed[i];
}

static void run(struct world *world, const char *const *words)
{
    const char **arguments = world->program.arguments;
    const char *options[6];
    size_t count = 0;
    memcpy(options, arguments, sizeof options);
    while (words[count])
        count++;
    memcpy(arguments, words, count * sizeof *words);
    memcpy(arguments + count, options, sizeof options);
    program_run(&world->program);
}

#define RUN(world, ...) run(world, (const char *const[]){ __VA_ARGS__, NULL })

static void end(struct world *world)
{
    program_clear(&world->program);
    server_stop(world->server);
}

static void expect(const struct world *world, int status, const char *out,
                   const char *err)
{
    ck_assert_str_eq(buf_string(&world->program.out), out);
    ck_assert_str_eq(buf_string(&world->program.err), err);
    ck_assert_int_eq(world->program.status, status);
}

/* `huge` would need 9.9 TB: that is said of whatever machine this is. What is
 * free here nobody can know. */
START_TEST(models_are_listed_with_what_is_known)
{
    struct world world;
    begin(&world, server_start(TAGS, PS, SHOW, NULL));
    RUN(&world, "models");
    const char *out = buf_string(&world.program.out);
    ck_assert_int_eq(world.program.status, 0);
    ck_assert_ptr_nonnull(strstr(
        out, "box/small:1b  1.3 GB   1.2B, Q4_K_M  loaded, window 4,096 of "
             "40,960, 50 % on the GPU, for good, tools\n"));
    ck_assert_ptr_nonnull(
        strstr(out, "box/huge      9000 GB  1.2B, Q4_K_M  window up to 40,960, "
                    "tools, does not fit: needs about 9900.5 GB with a window "
                    "of 4096 tokens, "));
    ck_assert_str_eq(buf_string(&world.program.err), "");
    end(&world);
}
END_TEST

START_TEST(ps_lists_what_is_loaded_with_its_memory)
{
    struct world world;
    begin(&world, server_start(TAGS, PS, NULL));
    RUN(&world, "ps");
    expect(&world, 0,
           "box/small:1b  2.0 GB  1.2B, Q4_K_M  loaded, window 4,096, 50 % on "
           "the GPU, for good\n",
           "");
    end(&world);
    begin(&world, server_start(TAGS, NONE_LOADED, NULL));
    RUN(&world, "ps", "box");
    expect(&world, 0, "", "sennit: no model is loaded\n");
    end(&world);
}
END_TEST

/* Of a server that tells nothing everything is null, and not false. */
START_TEST(as_json_what_is_unknown_is_null)
{
    struct world world;
    struct error err = { 0 };
    begin(&world, server_start(TAGS, PS, NULL));
    RUN(&world, "models", "small:1b", "-o", "json");
    json_t *root = json_parse(buf_slice(&world.program.out), &err);
    ck_assert_msg(json_is_object(root), "%s%s", buf_string(&world.program.out),
                  buf_string(&world.program.err));
    ck_assert(json_is_null(json_object_get(root, "tools")));
    ck_assert(json_is_null(json_object_get(root, "trained")));
    ck_assert_int_eq(json_integer_value(json_object_get(root, "window")), 4096);
    ck_assert_int_eq(json_integer_value(json_object_get(root, "gpu")),
                     1000000000);
    ck_assert_str_eq(json_string_value(json_object_get(root, "expires")),
                     "never");
    ck_assert_str_eq(json_string_value(json_object_get(root, "state")),
                     "loaded");
    json_decref(root);
    end(&world);
}
END_TEST

START_TEST(a_model_that_is_not_there_names_the_nearest)
{
    struct world world;
    begin(&world, server_start(TAGS, PS, NULL));
    RUN(&world, "models", "show", "box/smal:1b");
    expect(&world, 2, "",
           "sennit: box has no model \"smal:1b\"; did you mean small:1b?\n");
    end(&world);
    begin(&world, server_start(TAGS, NULL));
    RUN(&world, "ps", "bix");
    expect(&world, 2, "",
           "sennit: there is no endpoint \"bix\"; did you mean box?\n");
    end(&world);
}
END_TEST

START_TEST(how_much_of_a_model_is_where_is_a_list)
{
    struct world world;
    begin(&world, server_start(TAGS, PS, SHOW, NULL));
    RUN(&world, "models", "box/small:1b");
    ck_assert_msg(strstr(buf_string(&world.program.out),
                         "state      loaded, 2.0 GB, 50 % on the GPU"),
                  "%s", buf_string(&world.program.out));
    end(&world);
}
END_TEST

START_TEST(a_command_for_one_model_says_that_it_wants_one)
{
    struct world world;
    begin(&world, server_start(TAGS, NULL));
    RUN(&world, "load");
    expect(&world, 2, "",
           "sennit: give one model, for example: sennit load box/qwen3:4b\n");
    end(&world);
    begin(&world, server_start(TAGS, PS, NULL));
    RUN(&world, "models", "nosuch/x");
    ck_assert_int_eq(world.program.status, 2);
    ck_assert_msg(strstr(buf_string(&world.program.err),
                         "there is no endpoint \"nosuch\""),
                  "%s", buf_string(&world.program.err));
    end(&world);
}
END_TEST

START_TEST(a_server_that_is_not_there_is_a_failure)
{
    struct world world;
    struct server *server = server_start("match GET /none\n", NULL);
    begin(&world, server);
    snprintf(world.url, sizeof world.url,
             "endpoints.box.url=http://127.0.0.1:%d", server_free_port());
    RUN(&world, "models", "box");
    ck_assert_int_eq(world.program.status, 5);
    const char *said =
        strstr(buf_string(&world.program.err), "nothing listens");
    ck_assert_ptr_nonnull(said);
    ck_assert_ptr_null(strstr(said + 1, "nothing listens"));
    end(&world);
}
END_TEST

#define LOAD_OLLAMA                              \
    "match POST /api/chat\nstatus 200 OK\nbody " \
    "\"{\\\"done\\\":true,\\\"done_reason\\\":\\\"load\\\"}\"\n"

START_TEST(load_waits_until_it_is_loaded_and_says_how)
{
    struct world world;
    begin(&world, server_start(TAGS, PS, SHOW, LOAD_OLLAMA, NULL));
    RUN(&world, "load", "box/small:1b");
    expect(
        &world, 0, "",
        "sennit: box/small:1b is loaded, window 4,096 of 40,960, 50 % on the "
        "GPU, for good\n");
    ck_assert_int_eq(
        server_count(world.server,
                     "{\"model\":\"small:1b\",\"messages\":[],\"stream\":"
                     "false}"),
        1);
    end(&world);
}
END_TEST

START_TEST(what_will_not_fit_is_said_before_and_offers_come_after)
{
    struct world world;
    begin(&world,
          server_start(TAGS, NONE_LOADED, SHOW,
                       "match POST /api/chat\nstatus 500 Error\nbody "
                       "\"{\\\"error\\\":\\\"model requires more system memory "
                       "(8.2 TiB) than is available (3.2 GiB)\\\"}\"\n",
                       NULL));
    RUN(&world, "load", "huge", "--set", "endpoints.box.num_ctx=32768");
    const char *err = buf_string(&world.program.err);
    ck_assert_int_eq(world.program.status, 1);
    ck_assert_str_eq(buf_string(&world.program.out), "");
    ck_assert_ptr_nonnull(
        strstr(err, "sennit: huge needs about 9904.3 GB with a window of 32768 "
                    "tokens, "));
    ck_assert_ptr_nonnull(strstr(err, " is free; it is tried all the same\n"));
    ck_assert_ptr_nonnull(
        strstr(err, "sennit: load huge: box: the model does not fit: it needs "
                    "8.2 TiB, 3.2 GiB is free; box/small:1b is smaller\n"));
    end(&world);
}
END_TEST

START_TEST(unload_says_so)
{
    struct world world;
    begin(&world, server_start(TAGS, PS, SHOW, LOAD_OLLAMA, NULL));
    RUN(&world, "unload", "box/small:1b");
    expect(&world, 0, "", "sennit: box/small:1b is unloaded\n");
    ck_assert_int_eq(server_count(world.server, "\"keep_alive\":0"), 1);
    end(&world);
}
END_TEST

/* A one-shot leaves the server as it found it, where that is wanted. */
START_TEST(what_one_answer_has_loaded_is_unloaded_after_it)
{
    struct world world;
    begin(&world,
          server_start("match POST /api/chat\nstatus 200 OK\nchunked\n"
                       "line {\"message\":{\"content\":\"hi\"},\"done\":false}"
                       "\nline {\"done\":true,\"done_reason\":\"stop\"}\n",
                       LOAD_OLLAMA, NULL));
    RUN(&world, "-m", "box/small:1b", "hello", "--set",
        "endpoints.box.unload_at_exit=true");
    expect(&world, 0, "hi\n", "");
    ck_assert_int_eq(server_count(world.server,
                                  "{\"model\":\"small:1b\",\"keep_alive\":0,"
                                  "\"messages\":[],\"stream\":false}"),
                     1);
    end(&world);
}
END_TEST

Suite *inventory_suite(void)
{
    Suite *suite = suite_create("inventory");
    TCase *tcase = tcase_create("inventory");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, models_are_listed_with_what_is_known);
    tcase_add_test(tcase, ps_lists_what_is_loaded_with_its_memory);
    tcase_add_test(tcase, as_json_what_is_unknown_is_null);
    tcase_add_test(tcase, a_model_that_is_not_there_names_the_nearest);
    tcase_add_test(tcase, how_much_of_a_model_is_where_is_a_list);
    tcase_add_test(tcase, a_command_for_one_model_says_that_it_wants_one);
    tcase_add_test(tcase, a_server_that_is_not_there_is_a_failure);
    tcase_add_test(tcase, load_waits_until_it_is_loaded_and_says_how);
    tcase_add_test(tcase,
                   what_will_not_fit_is_said_before_and_offers_come_after);
    tcase_add_test(tcase, unload_says_so);
    tcase_add_test(tcase, what_one_answer_has_loaded_is_unloaded_after_it);
    suite_add_tcase(suite, tcase);
    return suite;
}
