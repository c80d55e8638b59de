/* SPDX-License-Identifier: MIT */
#include "chat/models.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "llm/chat_completions.h"
#include "llm/failure.h"
#include "llm/ollama.h"

/* The questions to a server, in order. A later one may fail: then what it
 * would have told stays unknown. */
struct question {
    const char *path;
    bool may_fail;
};

static const struct question ollama_questions[] = {
    { "/api/tags", false },
    { "/api/ps", true },
};
static const struct question chat_questions[] = { { "/models", false } };

struct models {
    struct loop *loop;
    struct http *http;
    const struct endpoint *endpoint;
    models_fn *on_change;
    void *context;
    enum models_state state;
    struct error err;
    char tls[16];
    ARRAY_OF(struct model_row) rows;
    /* The question under way. */
    uint32_t transfer, timer;
    size_t asked;
    struct buf body;
    struct ollama_models ollama;
};

static bool speaks_ollama(const struct models *models)
{
    return models->endpoint->dialect == &dialect_ollama;
}

static const struct question *question(const struct models *models)
{
    if (speaks_ollama(models))
        return models->asked < COUNTOF(ollama_questions)
                   ? &ollama_questions[models->asked]
                   : NULL;
    return models->asked < COUNTOF(chat_questions)
               ? &chat_questions[models->asked]
               : NULL;
}

static void clear_rows(struct models *models)
{
    for (size_t i = 0; i < models->rows.count; i++)
        free(models->rows.items[i].name);
    array_clear(&models->rows);
}

struct models *models_new(struct loop *loop, struct http *http,
                          const struct endpoint *endpoint, models_fn *on_change,
                          void *context)
{
    struct models *models = memory_zero(1, sizeof *models);
    models->loop = loop;
    models->http = http;
    models->endpoint = endpoint;
    models->on_change = on_change;
    models->context = context;
    return models;
}

void models_free(struct models *models)
{
    if (!models)
        return;
    http_cancel(models->http, models->transfer);
    loop_timer_cancel(models->loop, models->timer);
    clear_rows(models);
    ollama_models_clear(&models->ollama);
    buf_clear(&models->body);
    free(models);
}

static void settle(struct models *models, enum models_state state)
{
    loop_timer_cancel(models->loop, models->timer);
    models->timer = 0;
    models->transfer = 0;
    models->state = state;
    buf_clear(&models->body);
    models->on_change(models->context);
}

/* The rows of the last answer stay until this one is whole: who reads them
 * while the server is asked again still can. */
static void take_ollama_rows(struct models *models)
{
    clear_rows(models);
    for (size_t i = 0; i < models->ollama.list.count; i++) {
        const struct ollama_model *model = &models->ollama.list.items[i];
        *array_add(&models->rows) = (struct model_row){
            .name = memory_string(model->name),
            .size = model->size,
            .context_length = model->context_length,
            .is_loaded = model->is_loaded,
            .can_chat = model->can_chat,
            .is_remote = model->is_remote,
        };
    }
}

static bool take_chat_rows(struct models *models, struct error *err)
{
    struct model_ids ids = { 0 };
    bool ok = chat_completions_read_models(&ids, buf_slice(&models->body), err);
    if (ok)
        clear_rows(models);
    for (size_t i = 0; ok && i < ids.list.count; i++)
        *array_add(&models->rows) = (struct model_row){
            .name = memory_string(ids.list.items[i]),
            .can_chat = true,
        };
    model_ids_clear(&ids);
    return ok;
}

static bool read_answer(struct models *models, struct error *err)
{
    struct slice body = buf_slice(&models->body);
    if (!speaks_ollama(models))
        return take_chat_rows(models, err);
    if (models->asked == 0)
        return ollama_read_tags(&models->ollama, body, err);
    return ollama_read_ps(&models->ollama, body, err);
}

static void ask_next(struct models *models);

static void fail(struct models *models, const struct error *err)
{
    models->err = *err;
    clear_rows(models);
    settle(models, MODELS_UNREACHABLE);
}

static bool on_body(void *context, uint32_t id, struct slice piece)
{
    struct models *models = context;
    (void)id;
    struct error err = { 0 };
    return buf_append_capped(&models->body, piece, MODELS_ANSWER_MAX,
                             "the list of models", &err);
}

static bool say_redirect(const struct models *models,
                         const struct http_head *head, struct error *err)
{
    struct buf place = { 0 };
    endpoint_append_harmless(models->endpoint, slice_of(head->location),
                             &place);
    error_set(err, ERROR_SERVER,
              "%s answered HTTP %d at %s, and sends us to %s",
              models->endpoint->name, head->status, head->effective_url,
              buf_string(&place));
    buf_clear(&place);
    return false;
}

/* What the server says instead of a list, and what to do about it. */
static bool refused(const struct models *models, const struct http_head *head,
                    struct error *err)
{
    struct answer_result answer = { 0 };
    struct failure_site site = {
        .status = head->status,
        .url = head->effective_url,
        .can_pull = speaks_ollama(models),
        .key = endpoint_key(models->endpoint),
    };
    if (head->status == 407)
        return error_set(err, ERROR_NETWORK,
                         "a proxy on the way to %s asks for a name and a "
                         "password (407); `proxy: http://NAME:WORD@HOST:PORT` "
                         "of the endpoint tells it",
                         models->endpoint->name);
    if (*head->location)
        return say_redirect(models, head, err);
    failure_of_body(&answer, &site, buf_slice(&models->body));
    *err = answer.err;
    return error_context(err, "%s", models->endpoint->name);
}

static bool check_answer(struct models *models,
                         const struct http_result *result, struct error *err)
{
    if (!result->transferred) {
        *err = result->err;
        return false;
    }
    bool is_page = slice_starts(slice_trim(buf_slice(&models->body)), "<");
    if (result->head.status != 200 || is_page)
        return refused(models, &result->head, err);
    return read_answer(models, err);
}

static void on_done(void *context, uint32_t id,
                    const struct http_result *result)
{
    struct models *models = context;
    (void)id;
    struct error err = { 0 };
    models->transfer = 0;
    if (*result->head.tls)
        snprintf(models->tls, sizeof models->tls, "%s", result->head.tls);
    const struct question *asked = question(models);
    if (!check_answer(models, result, &err) && (!asked || !asked->may_fail)) {
        fail(models, &err);
        return;
    }
    models->asked++;
    ask_next(models);
}

static void on_timeout(void *context, uint32_t timer_id)
{
    struct models *models = context;
    (void)timer_id;
    struct error err = { 0 };
    http_cancel(models->http, models->transfer);
    error_set(&err, ERROR_NETWORK, "%s did not list its models in %d s",
              models->endpoint->shown_url, MODELS_WAIT_MS / 1000);
    models->timer = 0;
    fail(models, &err);
}

static void ask_next(struct models *models)
{
    static const struct http_handler handler = {
        .on_body = on_body,
        .on_done = on_done,
    };
    const struct question *next = question(models);
    if (!next) {
        if (speaks_ollama(models))
            take_ollama_rows(models);
        settle(models, MODELS_KNOWN);
        return;
    }
    const struct endpoint *endpoint = models->endpoint;
    struct buf url = { 0 }, key = { 0 };
    provider_join_url(&url, endpoint->url, next->path);
    if (endpoint_key(endpoint))
        buf_printf(&key, "Authorization: Bearer %s", endpoint_key(endpoint));
    const char *headers[] = { key.len ? buf_string(&key) : NULL, NULL };
    struct http_request request = {
        .url = buf_string(&url),
        .headers = headers,
        .connect_ms = endpoint_is_loopback(endpoint) ? 3000 : MODELS_WAIT_MS,
        .proxy = endpoint->proxy,
        .ca_file = endpoint->ca_file,
        .is_secret = endpoint_key(endpoint) && !endpoint->may_send_clear,
        .wants_tls = true,
    };
    struct error err = { 0 };
    buf_reset(&models->body);
    models->transfer =
        http_start(models->http, &request, &handler, models, &err);
    if (!models->transfer)
        fail(models, &err);
    buf_clear(&url);
    buf_clear(&key);
}

/* From the loop, so that models_ask() itself never calls back. */
static void on_start(void *context, uint32_t timer_id)
{
    struct models *models = context;
    (void)timer_id;
    struct error err = { 0 };
    models->timer =
        loop_timer_start(models->loop, MODELS_WAIT_MS, on_timeout, models);
    if (models->endpoint->dialect->is_builtin)
        settle(models, MODELS_KNOWN);
    else if (!endpoint_check_key(models->endpoint, &err))
        fail(models, &err);
    else
        ask_next(models);
}

void models_ask(struct models *models)
{
    if (models->state == MODELS_ASKING)
        return;
    ollama_models_clear(&models->ollama);
    models->asked = 0;
    models->state = MODELS_ASKING;
    models->timer = loop_timer_start(models->loop, 0, on_start, models);
}

enum models_state models_state(const struct models *models)
{
    return models->state;
}

const struct error *models_error(const struct models *models)
{
    return &models->err;
}

const char *models_tls(const struct models *models)
{
    return models->tls;
}

size_t models_count(const struct models *models)
{
    return models->rows.count;
}

const struct model_row *models_at(const struct models *models, size_t index)
{
    return &models->rows.items[index];
}

const struct model_row *models_find(const struct models *models,
                                    const char *name)
{
    for (size_t i = 0; i < models->rows.count; i++) {
        if (!strcmp(models->rows.items[i].name, name))
            return &models->rows.items[i];
    }
    return NULL;
}

/* A model of so many bytes needs about a fifth more for its window. */
static bool fits(const struct model_row *row, uint64_t free_bytes)
{
    return free_bytes == 0 || row->size + row->size / 5 <= free_bytes;
}

/* True if a is the better choice: loaded, then fitting, then large among the
 * fitting and small among the others. The order of the server decides ties. */
static bool is_better(const struct model_row *a, const struct model_row *b,
                      uint64_t free_bytes)
{
    if (a->is_loaded != b->is_loaded)
        return a->is_loaded;
    bool a_fits = fits(a, free_bytes), b_fits = fits(b, free_bytes);
    if (a_fits != b_fits)
        return a_fits;
    return a_fits ? a->size > b->size : a->size < b->size;
}

const struct model_row *models_choose(const struct models *models,
                                      uint64_t free_bytes)
{
    const struct model_row *best = NULL;
    for (size_t i = 0; i < models->rows.count; i++) {
        const struct model_row *row = &models->rows.items[i];
        if (!row->can_chat || row->is_remote)
            continue;
        if (!best || is_better(row, best, free_bytes))
            best = row;
    }
    return best;
}

uint64_t models_free_memory(void)
{
    FILE *file = fopen("/proc/meminfo", "re");
    char line[128];
    uint64_t kilobytes = 0;
    while (file && !kilobytes && fgets(line, sizeof line, file)) {
        if (!strncmp(line, "MemAvailable:", 13))
            kilobytes = strtoull(line + 13, NULL, 10);
    }
    if (file)
        fclose(file);
    return kilobytes * 1024;
}
