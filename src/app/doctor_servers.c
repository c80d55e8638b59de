/* SPDX-License-Identifier: MIT */
/*
 * doctor_servers - each endpoint: address, way, protection, key, models.
 */
#include <string.h>
#include <unistd.h>

#include "app/doctor.h"
#include "chat/consent.h"
#include "net/http.h"

static void append_way(struct buf *way, const struct endpoint *endpoint,
                       const struct models *models)
{
    struct buf proxy = { 0 };
    http_proxy_name(endpoint->url, endpoint->proxy, &proxy);
    if (proxy.len)
        buf_printf(way, ", through the proxy %s", buf_string(&proxy));
    if (models && *models_tls(models))
        buf_printf(way, ", %s", models_tls(models));
    buf_clear(&proxy);
}

static void append_consent(struct buf *way, const struct endpoint *endpoint)
{
    if (endpoint->consent != CONSENT_NONE)
        buf_printf(way, " (you answered %s)", consent_name(endpoint->consent));
    if (endpoint_is_plain_http(endpoint))
        buf_append_string(way, ", plain http");
}

static enum models_state state_of(const struct models *models)
{
    return models ? models_state(models) : MODELS_UNASKED;
}

/* The usual address of an Ollama that nobody spoke of: no fault, and where
 * others were named not even worth a look. */
static enum doctor_level level_of_silence(const struct endpoints *endpoints,
                                          const struct endpoint *endpoint)
{
    bool is_guess = endpoint->is_from_environment && !endpoint->is_explicit &&
                    !endpoint->is_vendor;
    if (!is_guess)
        return DOCTOR_FAIL;
    return endpoints->has_configured ? DOCTOR_OK : DOCTOR_WARN;
}

static void look_at_address(struct doctor *doctor,
                            const struct endpoints *endpoints,
                            const struct endpoint *endpoint,
                            const struct models *models)
{
    static const char *const words[] = {
        [MODELS_UNASKED] = "not asked",
        [MODELS_ASKING] = "asking",
        [MODELS_KNOWN] = "answers",
        [MODELS_UNREACHABLE] = "no answer",
    };
    enum models_state state = state_of(models);
    enum doctor_level level = DOCTOR_OK;
    struct buf way = { 0 };
    if (state == MODELS_UNREACHABLE)
        level = level_of_silence(endpoints, endpoint);
    else if (state == MODELS_ASKING)
        level = DOCTOR_ASKING;
    append_consent(&way, endpoint);
    append_way(&way, endpoint, models);
    doctor_add(doctor, level, endpoint->name, "%s, %s, %s%s: %s",
               endpoint->shown_url, endpoint->dialect->name,
               endpoint->is_vendor ? "vendor" : "own", buf_string(&way),
               words[state]);
    if (level > DOCTOR_ASKING)
        doctor_cure(doctor, "%s", models_error(models)->text);
    buf_clear(&way);
}

static void look_at_certificates(struct doctor *doctor,
                                 const struct endpoint *endpoint)
{
    struct buf file = { 0 }, shown = { 0 };
    if (strncmp(endpoint->url, "https:", 6) != 0)
        return;
    http_ca_file(endpoint->ca_file, &file);
    doctor_append_path(&shown, buf_string(&file));
    bool is_readable = file.len && access(buf_string(&file), R_OK) == 0;
    doctor_add(doctor, is_readable ? DOCTOR_OK : DOCTOR_FAIL, "  certificates",
               "%s%s", file.len ? buf_string(&shown) : "none",
               is_readable ? "" : ", which cannot be read");
    if (!is_readable)
        doctor_cure(doctor, endpoint->ca_file
                                ? "mend ca_file of this endpoint"
                                : "install ca-certificates, or set ca_file");
    buf_clear(&file);
    buf_clear(&shown);
}

/* A key command that has not run is not run for this. */
static void look_at_key(struct doctor *doctor, const struct endpoint *endpoint,
                        const struct models *models)
{
    struct error err = { 0 };
    struct buf source = { 0 };
    if (!endpoint->key_source ||
        (endpoint->is_from_environment && !endpoint_key(endpoint)))
        return;
    doctor_append_path(&source, endpoint->key_source);
    if (endpoint->key_command && !endpoint_key(endpoint)) {
        bool is_asking = state_of(models) == MODELS_ASKING;
        doctor_add(doctor, is_asking ? DOCTOR_ASKING : DOCTOR_FAIL, "  key",
                   "%s has printed none", buf_string(&source));
        if (!is_asking)
            doctor_cure(doctor, "run it: its first line must be the key");
    } else if (!endpoint_check_key(endpoint, &err)) {
        doctor_add(doctor, DOCTOR_FAIL, "  key", "%s", buf_string(&source));
        doctor_cure(doctor, "%s", err.text);
    } else if (endpoint_is_clear(endpoint)) {
        doctor_add(doctor, DOCTOR_WARN, "  key", "%s, sent IN CLEAR",
                   buf_string(&source));
        doctor_cure(doctor, "use https or ssh -L, and drop allow_cleartext");
    } else {
        doctor_add(doctor, DOCTOR_OK, "  key", "%s, is there",
                   buf_string(&source));
    }
    buf_clear(&source);
}

static void append_loaded(struct buf *words, const struct models *models)
{
    for (size_t i = 0; i < models_count(models); i++) {
        const struct model_row *row = models_at(models, i);
        if (row->presence != PRESENCE_LOADED)
            continue;
        buf_printf(words, ", %s loaded", row->name);
        if (row->context_length)
            buf_printf(words, " with a window of %llu tokens",
                       (unsigned long long)row->context_length);
    }
}

static void look_at_models(struct doctor *doctor,
                           const struct endpoint *endpoint,
                           const struct models *models)
{
    struct buf words = { 0 };
    size_t chat_count = 0;
    if (state_of(models) != MODELS_KNOWN)
        return;
    for (size_t i = 0; i < models_count(models); i++)
        chat_count += models_at(models, i)->can_chat;
    append_loaded(&words, models);
    doctor_add(doctor, chat_count ? DOCTOR_OK : DOCTOR_WARN, "  models",
               "%zu, %zu of them for chat%s", models_count(models), chat_count,
               buf_string(&words));
    if (!chat_count && endpoint->dialect->reader &&
        !strcmp(endpoint->dialect->name, "ollama"))
        doctor_cure(doctor, "get one: ollama pull qwen3:4b");
    else if (!chat_count)
        doctor_cure(doctor, "name a model with -m %s/MODEL", endpoint->name);
    buf_clear(&words);
}

static void look_at_next(struct doctor *doctor, struct chat *chat)
{
    const struct route *next = chat_next(chat);
    switch (next->verdict) {
    case ROUTE_TO:
        doctor_add(doctor,
                   next->endpoint->dialect->is_builtin ? DOCTOR_WARN
                                                       : DOCTOR_OK,
                   "next prompt", "%s@%s: %s", next->model,
                   next->endpoint->name, next->reason);
        if (next->endpoint->dialect->is_builtin)
            doctor_cure(doctor, "start a server (ollama serve), or name an "
                                "endpoint in config.yaml");
        break;
    case ROUTE_ASK:
        doctor_add(doctor, DOCTOR_ASKING, "next prompt", "%s", next->reason);
        break;
    case ROUTE_NONE:
        doctor_add(doctor, DOCTOR_FAIL, "next prompt", "nowhere");
        doctor_cure(doctor, "%s", next->err.text);
        break;
    }
}

void doctor_look_servers(struct doctor *doctor,
                         const struct doctor_source *source)
{
    doctor_group(doctor, "servers");
    for (size_t i = 0; i < source->endpoints->list.count; i++) {
        const struct endpoint *endpoint = &source->endpoints->list.items[i];
        const struct models *models = chat_models(source->chat, endpoint);
        if (endpoint->dialect->is_builtin)
            continue;
        look_at_address(doctor, source->endpoints, endpoint, models);
        look_at_certificates(doctor, endpoint);
        look_at_key(doctor, endpoint, models);
        look_at_models(doctor, endpoint, models);
    }
    look_at_next(doctor, source->chat);
}
