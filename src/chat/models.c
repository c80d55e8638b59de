/* SPDX-License-Identifier: MIT */
#include "chat/models.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "chat/errand.h"
#include "chat/fit.h"
#include "llm/ollama.h"
#include "llm/ollama_name.h"

enum { QUESTIONS_MAX = 2 };

struct models {
    struct loop *loop;
    struct http *http;
    const struct endpoint *endpoint;
    models_fn *on_change;
    void *context;
    enum models_state state;
    struct error err;
    char tls[16];
    struct model_list list;
    /* What is being asked: about all, then about some. */
    struct model_list fresh;
    struct errand *errand;
    size_t asked;
    uint32_t timer;
    ARRAY_OF(char *)
    wanted; /* names; about the first it is asked; "": about
                                what is loaded */
    struct errand *detail;
};

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

static void clear_wanted(struct models *models)
{
    errand_free(models->detail);
    models->detail = NULL;
    for (size_t i = 0; i < models->wanted.count; i++)
        free(models->wanted.items[i]);
    array_clear(&models->wanted);
}

void models_free(struct models *models)
{
    if (!models)
        return;
    errand_free(models->errand);
    loop_timer_cancel(models->loop, models->timer);
    clear_wanted(models);
    model_list_clear(&models->list);
    model_list_clear(&models->fresh);
    free(models);
}

/* All about all of them. */

/* By the owner that it names, or by its usual port. */
static bool is_lm_studio(const struct models *models)
{
    return models->fresh.server == SERVER_LM_STUDIO ||
           (models->fresh.server == SERVER_PLAIN &&
            strstr(models->endpoint->url, ":1234"));
}

/* The questions to a server, in order. */
static struct errand_request question(const struct models *models)
{
    bool is_first = models->asked == 0;
    struct errand_request request = { .what = "list its models",
                                      .wait_ms = MODELS_WAIT_MS };
    if (models->endpoint->dialect == &dialect_ollama)
        request.path = is_first ? "/api/tags" : "/api/ps";
    else if (is_first)
        request.path = "/models";
    else if (is_lm_studio(models))
        request.path = "/api/v0/models";
    else if (models->fresh.server == SERVER_LLAMA)
        request.path = "/props";
    request.is_at_root = models->fresh.server == SERVER_LLAMA;
    if (models->asked >= QUESTIONS_MAX)
        request.path = NULL;
    return request;
}

static bool read_answer(struct models *models, struct slice body,
                        struct error *err)
{
    struct model_list *fresh = &models->fresh;
    bool is_first = models->asked == 0;
    if (models->endpoint->dialect == &dialect_ollama)
        return is_first ? ollama_read_tags(fresh, body, err)
                        : ollama_read_ps(fresh, body, err);
    if (fresh->server == SERVER_LLAMA && !is_first)
        return fresh->rows.count &&
               model_list_read_props(&fresh->rows.items[0], body, err);
    return model_list_read(fresh, body, err);
}

static void settle(struct models *models, enum models_state state)
{
    models->state = state;
    models->on_change(models->context);
}

/* The rows of the last answer stay until this one is whole: who reads them
 * while the server is asked again still can. */
static void take_rows(struct models *models)
{
    struct model_list older = models->list;
    models->list = models->fresh;
    models->fresh = (struct model_list){ 0 };
    model_list_keep_details(&models->list, &older);
    model_list_clear(&older);
}

static void fail(struct models *models, const struct error *err)
{
    models->err = *err;
    clear_wanted(models);
    model_list_clear(&models->list);
    settle(models, MODELS_UNREACHABLE);
}

static void ask_next(struct models *models);

/* A later question may fail: then what it would have told stays unknown. */
static void on_answer(void *context, const struct errand_answer *answer)
{
    struct models *models = context;
    struct error err = { 0 };
    bool ok = !answer->err && read_answer(models, answer->body, &err);
    if (answer->err)
        err = *answer->err;
    if (*answer->tls)
        snprintf(models->tls, sizeof models->tls, "%s", answer->tls);
    errand_free(models->errand);
    models->errand = NULL;
    if (!ok && models->asked == 0) {
        fail(models, &err);
        return;
    }
    models->asked++;
    ask_next(models);
}

static void ask_next(struct models *models)
{
    struct errand_request request = question(models);
    if (request.path) {
        models->errand =
            errand_start(models->loop, models->http, models->endpoint, &request,
                         on_answer, models);
        return;
    }
    take_rows(models);
    settle(models, MODELS_KNOWN);
}

/* From the loop, so that models_ask() itself never calls back. */
static void on_builtin(void *context, uint32_t timer_id)
{
    struct models *models = context;
    (void)timer_id;
    models->timer = 0;
    settle(models, MODELS_KNOWN);
}

void models_ask(struct models *models)
{
    if (models->state == MODELS_ASKING)
        return;
    model_list_clear(&models->fresh);
    models->asked = 0;
    models->state = MODELS_ASKING;
    if (models->endpoint->dialect->is_builtin ||
        models->endpoint->dialect->has_no_list)
        models->timer = loop_timer_start(models->loop, 0, on_builtin, models);
    else
        ask_next(models);
}

/* More about one. */

static void ask_about_next(struct models *models);

static bool read_detail(struct models *models, const char *name,
                        struct slice body)
{
    struct error ignored = { 0 };
    struct model_list *list = &models->list;
    struct model_row *row = model_list_find(list, slice_of(name));
    bool is_ollama = list->server == SERVER_OLLAMA;
    if (!*name)
        return is_ollama ? ollama_read_ps(list, body, &ignored)
                         : model_list_read(list, body, &ignored);
    return row && (is_ollama ? ollama_read_show(row, body, &ignored)
                             : model_list_read_props(row, body, &ignored));
}

/* A server that does not tell is not asked about this one again. */
static void on_detail(void *context, const struct errand_answer *answer)
{
    struct models *models = context;
    char *name = models->wanted.items[0];
    struct model_row *row = model_list_find(&models->list, slice_of(name));
    if ((answer->err || !read_detail(models, name, answer->body)) && row)
        row->is_detailed = true;
    errand_free(models->detail);
    models->detail = NULL;
    models->wanted.count--;
    memmove(models->wanted.items, models->wanted.items + 1,
            models->wanted.count * sizeof *models->wanted.items);
    free(name);
    ask_about_next(models);
    models->on_change(models->context);
}

static void append_escaped(struct buf *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                        (*c >= '0' && *c <= '9') || strchr("-._~", *c);
        buf_printf(out, is_plain ? "%c" : "%%%02X", (unsigned char)*c);
    }
}

/* About one of them; with "" about what is loaded. */
static void write_question(const struct models *models, const char *name,
                           struct buf *path, struct buf *body)
{
    bool is_ollama = models->list.server == SERVER_OLLAMA;
    if (!*name) {
        buf_append_string(path, is_ollama ? "/api/ps"
                                : models->list.server == SERVER_LM_STUDIO
                                    ? "/api/v0/models"
                                    : "/models");
    } else if (is_ollama) {
        buf_append_string(path, "/api/show");
        buf_append_string(body, "{\"model\":");
        json_append_quoted(body, slice_of(name));
        buf_append_char(body, '}');
    } else {
        buf_append_string(path, "/props?model=");
        append_escaped(path, name);
    }
}

static void ask_about_next(struct models *models)
{
    struct buf path = { 0 }, body = { 0 };
    if (models->detail || !models->wanted.count)
        return;
    const char *name = models->wanted.items[0];
    write_question(models, name, &path, &body);
    struct errand_request request = {
        .path = buf_string(&path),
        .is_at_root = *name && models->list.server != SERVER_OLLAMA,
        .body = buf_slice(&body),
        .what = "tell about a model",
        .wait_ms = MODELS_WAIT_MS,
    };
    models->detail = errand_start(models->loop, models->http, models->endpoint,
                                  &request, on_detail, models);
    buf_clear(&path);
    buf_clear(&body);
}

/* A router would load a model in order to tell about it. */
static bool can_tell_more(const struct models *models,
                          const struct model_row *row)
{
    return !row->is_detailed && (models->list.server == SERVER_OLLAMA ||
                                 (models->list.server == SERVER_LLAMA_ROUTER &&
                                  row->presence == PRESENCE_LOADED));
}

static bool is_wanted(const struct models *models, const char *name)
{
    for (size_t i = 0; i < models->wanted.count; i++) {
        if (!strcmp(models->wanted.items[i], name))
            return true;
    }
    return false;
}

void models_ask_about(struct models *models, const char *name)
{
    for (size_t i = 0; i < models->list.rows.count; i++) {
        const struct model_row *row = &models->list.rows.items[i];
        if ((!name || !strcmp(name, row->name)) && can_tell_more(models, row) &&
            !is_wanted(models, row->name) &&
            models->wanted.count < MODELS_DETAILS_MAX)
            *array_add(&models->wanted) = memory_string(row->name);
    }
    ask_about_next(models);
}

void models_ask_loaded(struct models *models)
{
    if (!is_wanted(models, ""))
        *array_add(&models->wanted) = memory_string("");
    ask_about_next(models);
}

bool models_is_asking_about(const struct models *models)
{
    return models->wanted.count > 0;
}

/* What is known. */

enum models_state models_state(const struct models *models)
{
    return models->state;
}

enum model_server models_server(const struct models *models)
{
    return models->list.server;
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
    return models->list.rows.count;
}

const struct model_row *models_at(const struct models *models, size_t index)
{
    return &models->list.rows.items[index];
}

/* An Ollama takes other names for the same model than those that it lists. */
static const struct model_row *find_same(const struct models *models,
                                         const char *name)
{
    if (models->endpoint->dialect != &dialect_ollama)
        return NULL;
    for (size_t i = 0; i < models->list.rows.count; i++) {
        const struct model_row *row = &models->list.rows.items[i];
        if (ollama_name_is_same(slice_of(row->name), slice_of(name)))
            return row;
    }
    return NULL;
}

const struct model_row *models_find(const struct models *models,
                                    const char *name)
{
    const struct model_row *row =
        model_list_find(&models->list, slice_of(name));
    return row ? row : find_same(models, name);
}

const struct model_row *models_serving(const struct models *models,
                                       const char *name)
{
    const struct model_row *row = models_find(models, name);
    bool is_single =
        models->list.server == SERVER_LLAMA && models->list.rows.count == 1;
    return row || !is_single ? row : &models->list.rows.items[0];
}

static const char *tagged(const struct models *models, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; len && i < models->list.rows.count; i++) {
        const char *other = models->list.rows.items[i].name;
        if (!strncasecmp(other, name, len) && other[len] == ':')
            return other;
    }
    return NULL;
}

const char *models_nearest(const struct models *models, const char *name)
{
    const char *best = NULL;
    for (size_t i = 0; i < models->list.rows.count; i++) {
        const char *names[] = { best, models->list.rows.items[i].name };
        bool has_best = best != NULL;
        const char *near = nearest_name(name, names + !has_best, 1 + has_best);
        best = near ? near : best;
    }
    return best ? best : tagged(models, name);
}

bool models_lack(const struct models *models, const char *name)
{
    if (models->state != MODELS_KNOWN || models_find(models, name))
        return false;
    return models_count(models) > 0;
}

/* One that could not be loaded does not either. */
static bool fits(const struct model_row *row, uint64_t free_bytes)
{
    return row->presence != PRESENCE_FAILED &&
           fit_of(row, 0, free_bytes).verdict != FIT_TOO_LARGE;
}

/* True if a is the better choice: loaded, then fitting, then large among the
 * fitting and small among the others. The order of the server decides ties. */
static bool is_better(const struct model_row *a, const struct model_row *b,
                      uint64_t free_bytes)
{
    bool a_loaded = a->presence == PRESENCE_LOADED;
    if (a_loaded != (b->presence == PRESENCE_LOADED))
        return a_loaded;
    bool a_fits = fits(a, free_bytes), b_fits = fits(b, free_bytes);
    if (a_fits != b_fits)
        return a_fits;
    return a_fits ? a->size > b->size : a->size < b->size;
}

const struct model_row *models_choose(const struct models *models,
                                      uint64_t free_bytes)
{
    const struct model_row *best = NULL;
    for (size_t i = 0; i < models->list.rows.count; i++) {
        const struct model_row *row = &models->list.rows.items[i];
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
