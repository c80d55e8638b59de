/* SPDX-License-Identifier: MIT */
#include "chat/pull.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/filter.h"
#include "base/json.h"
#include "base/memory.h"
#include "llm/failure.h"
#include "llm/ollama.h"
#include "net/ndjson.h"

struct pull {
    struct loop *loop;
    struct http *http;
    const struct endpoint *endpoint;
    char *model;
    pull_fn *on_change;
    void *context;
    enum pull_state state;
    struct error err;
    struct buf status;
    ARRAY_OF(struct pull_layer) layers;
    /* The question under way. */
    uint32_t transfer, timer;
    int http_status;
    struct buf url, refusal; /* the body of an answer that is none */
    struct ndjson lines;
    int repeats;
};

static void ask(struct pull *pull);

static void tell(struct pull *pull)
{
    if (pull->on_change)
        pull->on_change(pull->context);
}

static void fail(struct pull *pull, const struct error *err)
{
    pull->state = PULL_FAILED;
    pull->err = *err;
    error_context(&pull->err, "cannot pull %s", pull->model);
}

static struct failure_site site_of(const struct pull *pull)
{
    return (struct failure_site){
        .status = pull->http_status,
        .url = buf_string(&pull->url),
        .key = endpoint_key(pull->endpoint),
        .keyless = endpoint_key(pull->endpoint) ? NULL : pull->endpoint->name,
    };
}

/* "pull model manifest: file does not exist" is its way to say so. */
static void name_missing(const struct pull *pull, struct error *err)
{
    if (strstr(err->text, "file does not exist"))
        error_set(err, ERROR_SERVER,
                  "the library of %s has no model of that name; "
                  "https://ollama.com/library lists them",
                  pull->endpoint->name);
}

static struct pull_layer *layer_of(struct pull *pull, struct slice digest)
{
    for (size_t i = 0; i < pull->layers.count; i++) {
        if (slice_is(digest, pull->layers.items[i].digest))
            return &pull->layers.items[i];
    }
    if (pull->layers.count >= PULL_LAYERS_MAX)
        return NULL;
    struct pull_layer *layer = array_add(&pull->layers);
    *layer =
        (struct pull_layer){ .digest = memory_copy(digest.ptr, digest.len) };
    return layer;
}

/* `completed` is left out while it is 0. */
static void take_progress(struct pull *pull, const json_t *line)
{
    struct slice digest = json_slice(line, "digest");
    uint64_t total = 0, completed = 0;
    if (!digest.len || !json_count(line, "total", &total))
        return;
    struct pull_layer *layer = layer_of(pull, digest);
    if (!layer)
        return;
    json_count(line, "completed", &completed);
    layer->total = total;
    /* Never back: where the line was dropped the server counts anew. */
    if (completed <= layer->completed)
        return;
    pull->repeats = 0;
    layer->completed = completed < total ? completed : total;
}

static void take_line(struct pull *pull, const json_t *line)
{
    struct slice status = json_slice(line, "status");
    if (failure_is_in(line)) {
        struct answer_result result = { 0 };
        struct failure_site site = site_of(pull);
        failure_of_json(&result, &site, line);
        name_missing(pull, &result.err);
        fail(pull, &result.err);
        return;
    }
    buf_reset(&pull->status);
    filter_line(&pull->status, failure_excerpt(status, FAILURE_EXCERPT_MAX));
    take_progress(pull, line);
    if (slice_is(status, "success"))
        pull->state = PULL_DONE;
}

static void on_line(void *context, struct slice text)
{
    struct pull *pull = context;
    struct error err = { 0 };
    if (pull->state != PULL_RUNNING)
        return;
    json_t *line = json_parse(text, &err);
    if (json_is_object(line)) {
        take_line(pull, line);
    } else {
        error_set(&err, ERROR_PROTOCOL, "%s sends what is no progress: %.*s",
                  pull->endpoint->name,
                  SLICE_ARG(failure_excerpt(text, FAILURE_EXCERPT_MAX)));
        fail(pull, &err);
    }
    json_decref(line);
    if (pull->state == PULL_RUNNING)
        tell(pull);
}

static void on_head(void *context, uint32_t id, const struct http_head *head)
{
    struct pull *pull = context;
    (void)id;
    pull->http_status = head->status;
}

static bool on_body(void *context, uint32_t id, struct slice piece)
{
    struct pull *pull = context;
    struct error err = { 0 };
    (void)id;
    if (pull->http_status != 200)
        return buf_append_capped(&pull->refusal, piece, FAILURE_BODY_MAX,
                                 "the answer", &err);
    if (!ndjson_feed(&pull->lines, piece, &err))
        fail(pull, &err);
    return pull->state == PULL_RUNNING;
}

static void refused(struct pull *pull)
{
    struct answer_result result = { 0 };
    struct failure_site site = site_of(pull);
    failure_of_body(&result, &site, buf_slice(&pull->refusal));
    fail(pull, &result.err);
}

static void on_repeat(void *context, uint32_t timer_id)
{
    struct pull *pull = context;
    (void)timer_id;
    pull->timer = 0;
    ask(pull);
    if (pull->state != PULL_RUNNING)
        tell(pull);
}

/* The line dropped, or the server ended without a word. */
static void try_again(struct pull *pull, const struct error *transport)
{
    struct error err = { 0 };
    bool has_begun = pull->status.len > 0;
    if (has_begun && pull->repeats < PULL_REPEATS) {
        pull->repeats++;
        pull->timer =
            loop_timer_start(pull->loop, PULL_REPEAT_AFTER_MS, on_repeat, pull);
        return;
    }
    if (transport)
        err = *transport;
    else
        error_set(&err, ERROR_CUT,
                  "%s ended before it said success; the same command goes on "
                  "where it ended",
                  pull->endpoint->name);
    fail(pull, &err);
}

static void on_done(void *context, uint32_t id,
                    const struct http_result *result)
{
    struct pull *pull = context;
    (void)id;
    pull->transfer = 0;
    if (pull->state == PULL_RUNNING && result->transferred &&
        pull->http_status == 200)
        ndjson_finish(&pull->lines);
    if (pull->state == PULL_RUNNING && pull->http_status &&
        pull->http_status != 200)
        refused(pull);
    else if (pull->state == PULL_RUNNING)
        try_again(pull, result->transferred ? NULL : &result->err);
    tell(pull);
}

static void ask(struct pull *pull)
{
    static const struct http_handler handler = { on_head, on_body, on_done };
    const struct endpoint *endpoint = pull->endpoint;
    struct buf body = { 0 }, key = { 0 };
    struct error err = { 0 };
    if (endpoint_key(endpoint))
        buf_printf(&key, "Authorization: Bearer %s", endpoint_key(endpoint));
    buf_append_string(&body, "{\"model\":");
    json_append_quoted(&body, slice_of(pull->model));
    buf_append_char(&body, '}');
    const char *headers[] = { "Content-Type: application/json",
                              key.len ? buf_string(&key) : NULL, NULL };
    struct http_request request = {
        .url = buf_string(&pull->url),
        .headers = headers,
        .body = buf_slice(&body),
        .connect_ms = 10000,
        .proxy = endpoint->proxy,
        .ca_file = endpoint->ca_file,
        .is_secret = endpoint_key(endpoint) && !endpoint->may_send_clear,
    };
    ndjson_clear(&pull->lines);
    ndjson_init(&pull->lines, on_line, pull);
    buf_reset(&pull->refusal);
    pull->http_status = 0;
    pull->transfer = http_start(pull->http, &request, &handler, pull, &err);
    if (!pull->transfer)
        fail(pull, &err);
    if (key.ptr)
        explicit_bzero(key.ptr, key.len);
    buf_clear(&key);
    buf_clear(&body);
}

static bool check(const struct endpoint *endpoint, const char *model,
                  struct error *err)
{
    if (endpoint->dialect != &dialect_ollama)
        return error_set(err, ERROR_USAGE,
                         "%s is no Ollama: only an Ollama loads models down",
                         endpoint->name);
    if (!*model || strlen(model) > PULL_NAME_MAX)
        return error_set(err, ERROR_USAGE,
                         "a model's name is expected: qwen3:4b");
    return endpoint_check_key(endpoint, err);
}

static const struct endpoint *first_ollama(const struct endpoints *endpoints)
{
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct endpoint *endpoint = &endpoints->list.items[i];
        if (endpoint->dialect == &dialect_ollama && !endpoint->is_vendor)
            return endpoint;
    }
    return NULL;
}

const struct endpoint *pull_place(const struct endpoints *endpoints,
                                  struct slice *model)
{
    const char *slash = model->len ? memchr(model->ptr, '/', model->len) : NULL;
    struct slice name = { model->ptr,
                          slash ? (size_t)(slash - model->ptr) : 0 };
    const struct endpoint *named =
        slash ? endpoints_find(endpoints, name) : NULL;
    if (!named)
        return first_ollama(endpoints);
    *model = slice_skip(*model, name.len + 1);
    return named;
}

struct pull *pull_new(struct loop *loop, struct http *http,
                      const struct endpoint *endpoint, const char *model,
                      struct error *err)
{
    if (!check(endpoint, model, err))
        return NULL;
    struct pull *pull = memory_zero(1, sizeof *pull);
    pull->loop = loop;
    pull->http = http;
    pull->endpoint = endpoint;
    pull->model = memory_string(model);
    provider_join_url(&pull->url, endpoint->url, "/api/pull");
    ask(pull);
    if (pull->state == PULL_RUNNING)
        return pull;
    *err = pull->err;
    pull_free(pull);
    return NULL;
}

void pull_listen(struct pull *pull, pull_fn *on_change, void *context)
{
    pull->on_change = on_change;
    pull->context = context;
}

void pull_free(struct pull *pull)
{
    if (!pull)
        return;
    http_cancel(pull->http, pull->transfer);
    loop_timer_cancel(pull->loop, pull->timer);
    for (size_t i = 0; i < pull->layers.count; i++)
        free(pull->layers.items[i].digest);
    array_clear(&pull->layers);
    ndjson_clear(&pull->lines);
    buf_clear(&pull->status);
    buf_clear(&pull->url);
    buf_clear(&pull->refusal);
    free(pull->model);
    free(pull);
}

enum pull_state pull_state(const struct pull *pull)
{
    return pull->state;
}

const struct error *pull_error(const struct pull *pull)
{
    return &pull->err;
}

const char *pull_model(const struct pull *pull)
{
    return pull->model;
}

const struct endpoint *pull_endpoint(const struct pull *pull)
{
    return pull->endpoint;
}

const char *pull_status(const struct pull *pull)
{
    return buf_string(&pull->status);
}

uint64_t pull_total(const struct pull *pull)
{
    uint64_t total = 0;
    for (size_t i = 0; i < pull->layers.count; i++)
        total += pull->layers.items[i].total;
    return total;
}

uint64_t pull_completed(const struct pull *pull)
{
    uint64_t completed = 0;
    for (size_t i = 0; i < pull->layers.count; i++)
        completed += pull->layers.items[i].completed;
    return completed;
}

size_t pull_layer_count(const struct pull *pull)
{
    return pull->layers.count;
}

const struct pull_layer *pull_layer_at(const struct pull *pull, size_t index)
{
    return &pull->layers.items[index];
}

void pull_format(const struct pull *pull, struct buf *out)
{
    static const double gigabyte = 1e9, megabyte = 1e6;
    double total = (double)pull_total(pull);
    double completed = (double)pull_completed(pull);
    double unit = total >= gigabyte ? gigabyte : megabyte;
    buf_printf(out, "%s ", pull->model);
    if (total > 0 && completed < total)
        buf_printf(out, "%d %%, %.1f of %.1f %s",
                   (int)(completed * 100 / total), completed / unit,
                   total / unit, unit == gigabyte ? "GB" : "MB");
    else
        buf_append_string(out, pull->status.len ? buf_string(&pull->status)
                                                : "asking");
}
