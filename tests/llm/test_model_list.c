/* SPDX-License-Identifier: MIT */
/*
 * What servers tell about their models: in the shapes of their documents, and as
 * real ones said it.
 */
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "llm/model_list.h"
#include "tests/support/bytes.h"
#include "tests/support/skip.h"

Suite *model_list_suite(void);

static const char tags[] =
    "{\"models\":["
    "{\"name\":\"a:latest\",\"model\":\"a:latest\",\"size\":38094765,"
    "\"details\":{\"family\":\"llama\",\"families\":[\"llama\"]}},"
    "{\"name\":\"b\",\"details\":{\"family\":\"bert\",\"families\":null}},"
    "{\"name\":\"c\",\"details\":{\"families\":[\"nomic-bert\"]}},"
    "{\"model\":\"mxbai-embed-large\"},"
    "{\"name\":\"e\",\"capabilities\":[\"embedding\"]},"
    "{\"name\":\"f-embed\",\"capabilities\":[\"completion\",\"tools\"]},"
    "{\"name\":\"g:120b-cloud\",\"size\":384},"
    "{\"name\":\"x:8b:cloud\"},"
    "{\"name\":\"i\",\"remote_host\":\"https://ollama.com:443\"},"
    "{\"size\":1},7]}";

START_TEST(installed_models_are_read)
{
    static const struct {
        const char *name;
        bool can_chat, is_remote;
    } expected[] = {
        { "a:latest", true, false },
        { "b", false, false },
        { "c", false, false },
        { "mxbai-embed-large", false, false },
        { "e", false, false },
        { "f-embed", true, false },
        { "g:120b-cloud", true, true },
        { "x:8b:cloud", true, true },
        { "i", true, true },
    };
    struct model_list list = { 0 };
    struct error err = { 0 };
    ck_assert(ollama_read_tags(&list, slice_of(tags), &err));
    ck_assert_uint_eq(list.rows.count, COUNTOF(expected));
    ck_assert_uint_eq(list.rows.items[0].size, 38094765);
    for (size_t i = 0; i < COUNTOF(expected); i++) {
        const struct model_row *model = &list.rows.items[i];
        ck_assert_str_eq(model->name, expected[i].name);
        ck_assert_int_eq(model->can_chat, expected[i].can_chat);
        ck_assert_int_eq(model->is_remote, expected[i].is_remote);
        ck_assert(model->presence == PRESENCE_UNKNOWN);
    }
    model_list_clear(&list);
}
END_TEST

START_TEST(loaded_models_are_marked_with_their_window)
{
    struct model_list list = { 0 };
    struct error err = { 0 };
    ck_assert(ollama_read_tags(&list, slice_of(tags), &err));
    size_t count = list.rows.count;
    ck_assert(ollama_read_ps(
        &list,
        slice_of("{\"models\":[{\"name\":\"f-embed\",\"context_length\":8192,"
                 "\"size\":5},{\"name\":\"new\"}]}"),
        &err));
    ck_assert(list.rows.items[5].presence == PRESENCE_LOADED);
    ck_assert_uint_eq(list.rows.items[5].context_length, 8192);
    ck_assert(list.rows.items[0].presence == PRESENCE_UNLOADED);
    ck_assert_uint_eq(list.rows.count, count + 1);
    ck_assert(list.rows.items[count].presence == PRESENCE_LOADED);
    model_list_clear(&list);
    ck_assert_uint_eq(list.rows.count, 0);
}
END_TEST

START_TEST(a_server_without_models_has_none)
{
    struct model_list list = { 0 };
    struct error err = { 0 };
    ck_assert(ollama_read_tags(&list, slice_of("{\"models\":null}"), &err));
    ck_assert(ollama_read_ps(&list, slice_of("{\"models\":[]}"), &err));
    ck_assert_uint_eq(list.rows.count, 0);
    ck_assert(!ollama_read_tags(&list, slice_of("{}"), &err));
    ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
    ck_assert(!ollama_read_tags(&list, slice_of("[]"), &err));
    ck_assert(!ollama_read_ps(&list, slice_of("404 page not found"), &err));
    ck_assert(!ollama_read_ps(&list, slice_of("{\"error\":\"x\"}"), &err));
    ck_assert_ptr_nonnull(strstr(err.text, "x"));
    model_list_clear(&list);
}
END_TEST

START_TEST(the_list_of_models_is_read)
{
    struct model_list list = { 0 };
    struct error err = { 0 };
    ck_assert(model_list_read(
        &list,
        slice_of("{\"data\":[{\"id\":\"a\"},{\"id\":7},{\"id\":\"b/c\"}"
                 ",null]}"),
        &err));
    ck_assert_uint_eq(list.rows.count, 2);
    ck_assert_str_eq(list.rows.items[0].name, "a");
    ck_assert_str_eq(list.rows.items[1].name, "b/c");
    ck_assert(model_list_read(&list, slice_of("[{\"id\":\"d\"}]"), &err));
    ck_assert_str_eq(list.rows.items[2].name, "d");
    ck_assert(model_list_read(&list, slice_of("{\"data\":[]}"), &err));
    model_list_clear(&list);
    ck_assert_uint_eq(list.rows.count, 0);
}
END_TEST

START_TEST(a_list_of_models_that_is_none_says_why)
{
    struct model_list list = { 0 };
    struct error err = { 0 };
    ck_assert(!model_list_read(&list, slice_of("{}"), &err));
    ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
    ck_assert(!model_list_read(
        &list, slice_of("{\"error\":{\"message\":\"m\"}}"), &err));
    ck_assert_str_eq(err.text,
                     "list of models: the server reported an error: m");
    ck_assert(!model_list_read(&list, slice_of("<title>Hi</title>"), &err));
    ck_assert_ptr_nonnull(strstr(err.text, "web page"));
    ck_assert(!model_list_read(&list, slice_of("nonsense"), &err));
    ck_assert_int_ne(err.kind, ERROR_NONE);
    model_list_clear(&list);
}
END_TEST

static const struct model_row *read_one(struct model_list *list,
                                        const char *body)
{
    struct error err = { 0 };
    ck_assert_msg(model_list_read(list, slice_of(body), &err), "%s", err.text);
    ck_assert_uint_eq(list->rows.count, 1);
    return &list->rows.items[0];
}

/* The states of a router's models, in its own words. */
START_TEST(a_router_tells_what_is_loaded_and_what_failed)
{
    static const struct {
        const char *status;
        enum model_presence presence;
    } cases[] = {
        { "{\"value\":\"loaded\"}", PRESENCE_LOADED },
        { "{\"value\":\"loading\"}", PRESENCE_LOADING },
        { "{\"value\":\"sleeping\"}", PRESENCE_ASLEEP },
        { "{\"value\":\"unloaded\"}", PRESENCE_UNLOADED },
        { "{\"value\":\"unloaded\",\"exit_code\":1,\"failed\":true}",
          PRESENCE_FAILED },
        { "{\"value\":\"new word\"}", PRESENCE_UNKNOWN },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct model_list list = { 0 };
        struct buf body = { 0 };
        buf_printf(&body,
                   "{\"data\":[{\"id\":\"a\",\"owned_by\":\"llamacpp\","
                   "\"context_length\":131072,\"status\":%s}]}",
                   cases[i].status);
        const struct model_row *row = read_one(&list, buf_string(&body));
        ck_assert_int_eq(row->presence, cases[i].presence);
        ck_assert_int_eq(list.server, SERVER_LLAMA_ROUTER);
        /* What the file allows is not what is loaded. */
        ck_assert_uint_eq(row->trained_length, 131072);
        ck_assert_uint_eq(row->context_length, 0);
        model_list_clear(&list);
        buf_clear(&body);
    }
}
END_TEST

START_TEST(a_llama_server_that_still_loads_has_no_window_yet)
{
    struct model_list list = { 0 };
    const struct model_row *row = read_one(
        &list, "{\"data\":[{\"id\":\"m.gguf\",\"owned_by\":\"llamacpp\","
               "\"meta\":null}]}");
    ck_assert_int_eq(row->presence, PRESENCE_LOADING);
    ck_assert_uint_eq(row->context_length, 0);
    ck_assert_int_eq(list.server, SERVER_LLAMA);
    model_list_clear(&list);
}
END_TEST

/* Each by the name that its server gives it. */
START_TEST(windows_and_abilities_are_found_by_everybodys_names)
{
    static const struct {
        const char *item;
        uint64_t window, trained;
        enum ability tools, vision, thinking;
        bool can_chat;
    } cases[] = {
        { "\"owned_by\":\"vllm\",\"max_model_len\":32768", 32768, 0, 0, 0, 0,
          true },
        { "\"context_length\":200000,\"architecture\":{\"input_modalities\":"
          "[\"text\",\"image\"]},\"supported_parameters\":[\"tools\"]",
          200000, 0, ABILITY_YES, ABILITY_YES, ABILITY_NO, true },
        { "\"context_window\":131072", 131072, 0, 0, 0, 0, true },
        { "\"max_context_length\":32000,\"capabilities\":{\"vision\":false,"
          "\"function_calling\":true,\"completion_chat\":true}",
          32000, 0, ABILITY_YES, ABILITY_NO, 0, true },
        { "\"capabilities\":{\"completion_chat\":false}", 0, 0, 0, 0, 0,
          false },
        /* LM Studio: what is loaded, and what could be. */
        { "\"type\":\"vlm\",\"state\":\"loaded\",\"max_context_length\":"
          "40960,\"loaded_context_length\":4096,\"capabilities\":"
          "[\"tool_use\"]",
          4096, 40960, ABILITY_YES, ABILITY_YES, 0, true },
        { "\"type\":\"llm\",\"state\":\"not-loaded\",\"max_context_length\":"
          "40960",
          0, 40960, 0, ABILITY_NO, 0, true },
        { "\"type\":\"embeddings\",\"state\":\"loaded\"", 0, 0, 0, 0, 0,
          false },
        /* Nothing but a name: nothing is known. */
        { "\"object\":\"model\"", 0, 0, 0, 0, 0, true },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct model_list list = { 0 };
        struct buf body = { 0 };
        buf_printf(&body, "{\"data\":[{\"id\":\"a\",%s}]}", cases[i].item);
        const struct model_row *row = read_one(&list, buf_string(&body));
        ck_assert_uint_eq(row->context_length, cases[i].window);
        ck_assert_uint_eq(row->trained_length, cases[i].trained);
        ck_assert_int_eq(row->tools, cases[i].tools);
        ck_assert_int_eq(row->vision, cases[i].vision);
        ck_assert_int_eq(row->thinking, cases[i].thinking);
        ck_assert_int_eq(row->can_chat, cases[i].can_chat);
        model_list_clear(&list);
        buf_clear(&body);
    }
}
END_TEST

START_TEST(a_second_list_fills_in_the_rows_of_the_first)
{
    struct model_list list = { 0 };
    struct error err = { 0 };
    read_one(&list, "{\"data\":[{\"id\":\"a\",\"owned_by\":"
                    "\"organization_owner\"}]}");
    ck_assert_int_eq(list.server, SERVER_LM_STUDIO);
    ck_assert(model_list_read(
        &list,
        slice_of("{\"data\":[{\"id\":\"a\",\"state\":\"loaded\","
                 "\"quantization\":\"Q4_K_M\",\"loaded_context_length\":4096}"
                 "]}"),
        &err));
    ck_assert_uint_eq(list.rows.count, 1);
    ck_assert_int_eq(list.rows.items[0].presence, PRESENCE_LOADED);
    ck_assert_uint_eq(list.rows.items[0].context_length, 4096);
    ck_assert_str_eq(list.rows.items[0].quantization, "Q4_K_M");
    model_list_clear(&list);
}
END_TEST

static struct model_row shown(struct model_list *list, const char *body)
{
    struct error err = { 0 };
    struct model_row *row = model_list_add(list, slice_of("m"));
    ck_assert_msg(ollama_read_show(row, slice_of(body), &err), "%s", err.text);
    ck_assert(row->is_detailed);
    return *row;
}

#define INFO(text) "{\"model_info\":{\"general.architecture\":\"q\"," text "}}"

/* Case 120 of the notes; and bytes for each token by hand. */
START_TEST(what_a_token_takes_is_computed_from_the_models_shape)
{
    static const struct {
        const char *body;
        uint64_t cache, trained;
    } cases[] = {
        /* 32 layers of 8 heads, 128 + 128 numbers, 2 bytes. */
        { INFO("\"q.block_count\":32,\"q.attention.head_count\":32,"
               "\"q.attention.head_count_kv\":8,\"q.embedding_length\":4096,"
               "\"q.context_length\":8192,\"clip.vision.context_length\":77"),
          32 * 8 * 256 * 2, 8192 },
        /* Its own lengths win over the quotient. */
        { INFO("\"q.block_count\":2,\"q.attention.head_count\":4,"
               "\"q.attention.head_count_kv\":2,\"q.embedding_length\":64,"
               "\"q.attention.key_length\":100,"
               "\"q.attention.value_length\":50"),
          2 * 2 * 150 * 2, 0 },
        /* Layers that differ; one has no attention. */
        { INFO("\"q.block_count\":3,\"q.attention.head_count_kv\":[4,0,2],"
               "\"q.attention.key_length\":64"),
          6 * 128 * 2, 0 },
        /* As many heads for keys as for queries. */
        { INFO("\"q.block_count\":2,\"q.attention.head_count\":4,"
               "\"q.embedding_length\":64"),
          2 * 4 * 32 * 2, 0 },
        { INFO("\"q.block_count\":2"), 0, 0 },
        { "{\"model_info\":{\"other.context_length\":4096}}", 0, 4096 },
        { "{}", 0, 0 },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct model_list list = { 0 };
        struct model_row row = shown(&list, cases[i].body);
        ck_assert_uint_eq(row.cache_size, cases[i].cache);
        ck_assert_uint_eq(row.trained_length, cases[i].trained);
        model_list_clear(&list);
    }
}
END_TEST

START_TEST(abilities_that_are_not_told_are_unknown)
{
    struct model_list list = { 0 };
    struct model_row row = shown(&list, "{\"details\":{}}");
    ck_assert_int_eq(row.tools, ABILITY_UNKNOWN);
    ck_assert_int_eq(row.vision, ABILITY_UNKNOWN);
    row = shown(&list, "{\"capabilities\":[\"completion\",\"tools\"]}");
    ck_assert_int_eq(row.tools, ABILITY_YES);
    ck_assert_int_eq(row.vision, ABILITY_NO);
    ck_assert_int_eq(row.thinking, ABILITY_NO);
    model_list_clear(&list);
}
END_TEST

START_TEST(where_and_how_long_a_model_is_loaded_is_read)
{
    static const struct {
        const char *expires;
        int64_t time;
    } cases[] = {
        /* date -u -d 2026-11-21T04:45:00Z +%s */
        { "2026-11-21T04:45:00.877047557Z", 1795236300 },
        { "2026-11-21T05:45:00+01:00", 1795236300 },
        { "2026-11-20T21:15:00.5-07:30", 1795236300 },
        { "2318-11-21T04:45:00Z", MODEL_NEVER_EXPIRES },
        { "soon", 0 },
        { "", 0 },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct model_list list = { 0 };
        struct error err = { 0 };
        struct buf body = { 0 };
        buf_printf(&body,
                   "{\"models\":[{\"name\":\"a\",\"size\":1000,"
                   "\"size_vram\":0,\"expires_at\":\"%s\"},"
                   "{\"name\":\"b\",\"size\":7}]}",
                   cases[i].expires);
        ck_assert(ollama_read_ps(&list, buf_slice(&body), &err));
        const struct model_row *row = &list.rows.items[0];
        ck_assert_int_eq(row->expires_time, cases[i].time);
        ck_assert_uint_eq(row->memory, 1000);
        ck_assert_uint_eq(row->size, 0);
        ck_assert(row->knows_gpu);
        ck_assert_uint_eq(row->gpu_memory, 0);
        ck_assert(!list.rows.items[1].knows_gpu);
        model_list_clear(&list);
        buf_clear(&body);
    }
}
END_TEST

START_TEST(what_was_asked_about_one_model_outlives_the_list)
{
    struct model_list old = { 0 }, fresh = { 0 };
    shown(&old, INFO("\"q.block_count\":2,\"q.attention.head_count_kv\":2,"
                     "\"q.attention.key_length\":8"));
    model_list_add(&fresh, slice_of("m"));
    model_list_add(&fresh, slice_of("n"));
    model_list_keep_details(&fresh, &old);
    ck_assert(fresh.rows.items[0].is_detailed);
    ck_assert_uint_eq(fresh.rows.items[0].cache_size, 2 * 2 * 16 * 2);
    ck_assert(!fresh.rows.items[1].is_detailed);
    /* Another file under the same name is another model. */
    model_list_clear(&fresh);
    model_list_add(&fresh, slice_of("m"))->size = 5;
    model_list_keep_details(&fresh, &old);
    ck_assert(!fresh.rows.items[0].is_detailed);
    model_list_clear(&fresh);
    model_list_clear(&old);
}
END_TEST

/* The body of a real answer; false, and counted, where there is none. */
static bool load(const char *name, struct buf *body)
{
    const char *path = shared_path(name);
    if (!path)
        return false;
    bytes_from_file(body, path);
    const char *end = strstr(buf_string(body), "\r\n\r\n");
    if (!end)
        end = strstr(buf_string(body), "\n\n");
    ck_assert_ptr_nonnull(end);
    struct buf rest = { 0 };
    buf_append_string(&rest, end);
    buf_clear(body);
    *body = rest;
    return true;
}

START_TEST(a_real_ollama_is_understood)
{
    struct model_list list = { 0 };
    struct error err = { 0 };
    struct buf ps = { 0 }, show = { 0 };
    if (load("captures/ollama/ps.http", &ps) &&
        load("captures/ollama/show.http", &show)) {
        ck_assert(ollama_read_ps(&list, buf_slice(&ps), &err));
        struct model_row *row =
            model_list_find(&list, slice_of("scripted:latest"));
        ck_assert_ptr_nonnull(row);
        ck_assert_uint_eq(row->context_length, 8192);
        ck_assert_uint_eq(row->memory, 38094765);
        ck_assert_str_eq(row->parameters, "4.33M");
        ck_assert_str_eq(row->quantization, "F16");
        ck_assert_int_eq(row->expires_time, 1795236300);
        ck_assert(ollama_read_show(row, buf_slice(&show), &err));
        ck_assert_uint_eq(row->trained_length, 131072);
        ck_assert_uint_eq(row->cache_size, (64 + 64) * 2);
        ck_assert_int_eq(row->tools, ABILITY_YES);
        ck_assert_int_eq(row->thinking, ABILITY_YES);
        ck_assert_int_eq(row->vision, ABILITY_NO);
    }
    buf_clear(&ps);
    buf_clear(&show);
    model_list_clear(&list);
}
END_TEST

START_TEST(a_real_llama_server_is_understood)
{
    struct model_list list = { 0 };
    struct error err = { 0 };
    struct buf models = { 0 }, props = { 0 };
    if (load("captures/llama-server/router-models-after.http", &models) &&
        load("captures/llama-server/router-props-model.http", &props)) {
        ck_assert(model_list_read(&list, buf_slice(&models), &err));
        ck_assert_int_eq(list.server, SERVER_LLAMA_ROUTER);
        struct model_row *row = model_list_find(&list, slice_of("scripted"));
        ck_assert_int_eq(row->presence, PRESENCE_LOADED);
        ck_assert_uint_eq(row->context_length, 8192);
        ck_assert_uint_eq(row->size, 8669184);
        ck_assert_int_eq(
            model_list_find(&list, slice_of("tiny-random"))->presence,
            PRESENCE_UNLOADED);
        ck_assert(model_list_read_props(row, buf_slice(&props), &err));
        ck_assert_uint_eq(row->context_length, 8192);
        ck_assert_int_eq(row->tools, ABILITY_YES);
        ck_assert_int_eq(row->vision, ABILITY_NO);
    }
    buf_clear(&models);
    buf_clear(&props);
    model_list_clear(&list);
}
END_TEST

Suite *model_list_suite(void)
{
    Suite *suite = suite_create("model_list");
    TCase *lists = tcase_create("lists"), *one = tcase_create("one");
    tcase_add_test(lists, installed_models_are_read);
    tcase_add_test(lists, loaded_models_are_marked_with_their_window);
    tcase_add_test(lists, a_server_without_models_has_none);
    tcase_add_test(lists, the_list_of_models_is_read);
    tcase_add_test(lists, a_list_of_models_that_is_none_says_why);
    tcase_add_test(lists, a_router_tells_what_is_loaded_and_what_failed);
    tcase_add_test(lists, a_llama_server_that_still_loads_has_no_window_yet);
    tcase_add_test(lists, windows_and_abilities_are_found_by_everybodys_names);
    tcase_add_test(lists, a_second_list_fills_in_the_rows_of_the_first);
    tcase_add_test(one, what_a_token_takes_is_computed_from_the_models_shape);
    tcase_add_test(one, abilities_that_are_not_told_are_unknown);
    tcase_add_test(one, where_and_how_long_a_model_is_loaded_is_read);
    tcase_add_test(one, what_was_asked_about_one_model_outlives_the_list);
    tcase_add_test(one, a_real_ollama_is_understood);
    tcase_add_test(one, a_real_llama_server_is_understood);
    suite_add_tcase(suite, lists);
    suite_add_tcase(suite, one);
    return suite;
}
