/* SPDX-License-Identifier: MIT */
#include "chat/router.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "chat/fit.h"
#include "chat/holder.h"
#include "llm/ollama.h"
#include "llm/ollama_name.h"

/* A target taken apart. */
struct target {
    const struct endpoint *endpoint; /* NULL: who has the model */
    const char *model;               /* NULL: the endpoint's choice */
    const char *why;
    bool is_named; /* the user named it: nothing may take its place */
};

PRINTF_LIKE(2, 3)
static void explain(struct route *route, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(route->reason, sizeof route->reason, format, arguments);
    va_end(arguments);
}

static bool has_alias(const struct endpoint *endpoint, const char *name)
{
    for (size_t i = 0; i < endpoint->models.count; i++) {
        if (!strcmp(endpoint->models.items[i].alias, name) ||
            !strcmp(endpoint->models.items[i].model, name))
            return true;
    }
    return false;
}

static const struct endpoint *with_alias(const struct endpoints *endpoints,
                                         const char *name)
{
    for (size_t i = 0; i < endpoints->list.count; i++) {
        if (has_alias(&endpoints->list.items[i], name))
            return &endpoints->list.items[i];
    }
    return NULL;
}

/* "box/qwen3:8b", "qwen3:8b", "org/model" where org is no endpoint, "box". */
static struct target parse_target(const struct endpoints *endpoints,
                                  const char *name)
{
    const char *slash = strchr(name, '/');
    const struct endpoint *endpoint =
        slash ? endpoints_find(endpoints,
                               (struct slice){ name, (size_t)(slash - name) })
              : NULL;
    if (endpoint)
        return (struct target){ endpoint, slash[1] ? slash + 1 : NULL, NULL,
                                true };
    endpoint = with_alias(endpoints, name);
    if (endpoint)
        return (struct target){ endpoint, name, NULL, true };
    endpoint = endpoints_find(endpoints, slice_of(name));
    if (endpoint)
        return (struct target){ endpoint, NULL, NULL, true };
    return (struct target){ NULL, name, NULL, true };
}

/* "opneai/x" is a slip of the hand; "meta-llama/x" is a model. */
static const char *endpoint_meant(const struct endpoints *endpoints,
                                  const char *target)
{
    const char *slash = target ? strchr(target, '/') : NULL;
    char word[ROUTE_NAME_SIZE] = "";
    const char *near = NULL;
    if (!slash || (size_t)(slash - target) >= sizeof word)
        return NULL;
    memcpy(word, target, (size_t)(slash - target));
    for (size_t i = 0; i < endpoints->list.count && !near; i++) {
        const char *name = endpoints->list.items[i].name;
        near = nearest_name(word, &name, 1);
    }
    return near && strcmp(near, word) ? near : NULL;
}

static bool refuse_slip(const struct route_question *question, const char *name,
                        struct route *route)
{
    const char *meant = endpoint_meant(question->endpoints, name);
    if (!meant)
        return false;
    route->verdict = ROUTE_NONE;
    error_set(&route->err, ERROR_USAGE,
              "there is no endpoint \"%.*s\"; did you mean %s%s?",
              (int)strcspn(name, "/"), name, meant, strchr(name, '/'));
    return true;
}

static bool fits(const struct route_question *question,
                 const struct endpoint *endpoint)
{
    switch (question->tier) {
    case ROUTE_LOCAL: return !endpoint->is_vendor;
    case ROUTE_CLOUD: return endpoint->is_vendor;
    case ROUTE_ANY: break;
    }
    return true;
}

/* Where only the model is named, the server that has it will fit. */
static bool name_fits(const struct route_question *question, const char *name)
{
    struct target target = parse_target(question->endpoints, name);
    return !target.endpoint || fits(question, target.endpoint);
}

/* The first rung of the tier; NULL: there is none. */
static const char *first_rung(const struct route_question *question)
{
    const struct setting *ladder =
        settings_find(question->settings, "routing.ladder");
    for (size_t i = 0; ladder && i < ladder->child_count; i++) {
        const char *rung = ladder->children[i]->text;
        if (name_fits(question, rung))
            return rung;
    }
    return NULL;
}

/* Of the tier, too. */
static const char *configured_model(const struct route_question *question)
{
    const char *name = question->wish
                           ? question->wish
                           : settings_text(question->settings, "model", NULL);
    return name && name_fits(question, name) ? name : NULL;
}

/* What was named; neither endpoint nor model: nothing was. */
static struct target find_target(const struct route_question *question)
{
    const struct endpoints *endpoints = question->endpoints;
    const char *configured = configured_model(question);
    const char *rung = first_rung(question);
    struct target target = { 0 };
    if (question->target) {
        target = parse_target(endpoints, question->target);
        target.why = "you named it";
    } else if (configured) {
        target = parse_target(endpoints, configured);
        target.why =
            question->wish ? "the role names it" : "the profile names it";
    } else if (rung) {
        target = parse_target(endpoints, rung);
        target.why = "first rung of the ladder";
    }
    return target;
}

static bool go(struct route *route, const struct endpoint *endpoint,
               const char *model)
{
    route->verdict = ROUTE_TO;
    route->endpoint = endpoint;
    route->is_vendor = endpoint->is_vendor;
    int len = snprintf(route->model, sizeof route->model, "%s", model);
    if (len < (int)sizeof route->model)
        return true;
    route->verdict = ROUTE_NONE;
    return error_set(&route->err, ERROR_USAGE,
                     "the model's name is longer than %zu bytes",
                     sizeof route->model - 1);
}

static void go_to_guide(const struct route_question *question,
                        struct route *route)
{
    go(route, endpoints_guide(question->endpoints), "guide");
}

/* An error where it was named; else only the reason is set. */
static void nothing_to_take(const struct target *target,
                            const struct models *models, struct route *route)
{
    const struct endpoint *endpoint = target->endpoint;
    bool unreachable = models_state(models) == MODELS_UNREACHABLE;
    if (target->is_named) {
        route->verdict = ROUTE_NONE;
        if (unreachable)
            route->err = *models_error(models);
        else
            error_set(&route->err, ERROR_CONFIG,
                      "%s at %s has no model to chat with; install one "
                      "(`ollama pull qwen3:4b`), or name one with -m %s/MODEL",
                      endpoint->name, endpoint->shown_url, endpoint->name);
        return;
    }
    if (unreachable)
        explain(route, "no model server: %s", models_error(models)->text);
    else
        explain(route,
                "%s at %s has no model to chat with; `ollama pull qwen3:4b` "
                "gets one",
                endpoint->name, endpoint->shown_url);
}

/* The usual model of a vendor, as the server spells it; NULL: it has none such.
 * A server that answers and has no list is taken to have it. */
static const char *usual_model(const struct endpoint *endpoint,
                               const struct models *models)
{
    char longer[ROUTE_NAME_SIZE];
    const char *name = endpoint->usual_model;
    if (!name)
        return NULL;
    if (models_state(models) == MODELS_UNREACHABLE) {
        enum error_kind kind = models_error(models)->kind;
        return kind == ERROR_SERVER || kind == ERROR_PROTOCOL ? name : NULL;
    }
    snprintf(longer, sizeof longer, "models/%s", name);
    const struct model_row *row = models_find(models, name);
    if (!row)
        row = models_find(models, longer); /* Gemini's way */
    return row ? row->name : NULL;
}

/* What is loaded; before that, what it will be loaded with. */
static uint64_t window_of(const struct endpoint *endpoint,
                          const struct model_row *row)
{
    uint64_t window = row->context_length;
    if (endpoint->dialect == &dialect_ollama && endpoint->num_ctx > 0 &&
        row->presence != PRESENCE_LOADED)
        window = (uint64_t)endpoint->num_ctx;
    if (row->trained_length && window > row->trained_length)
        window = row->trained_length;
    return window;
}

/* What the endpoint answered with last, if it has it and could load it; NULL. Of
 * others than the user's own models nothing is taken by habit. */
static const struct model_row *last_used(const struct route_question *question,
                                         const struct endpoint *endpoint,
                                         const struct models *models)
{
    struct target last = { 0 };
    if (question->last)
        last = parse_target(question->endpoints, question->last);
    const struct model_row *row =
        last.endpoint == endpoint && last.model
            ? models_find(models, endpoint_model(endpoint, last.model))
            : NULL;
    if (!row || row->is_remote || endpoint->is_vendor)
        return NULL;
    struct fit fit = { 0 };
    if (row->presence == PRESENCE_UNLOADED && endpoint_is_loopback(endpoint))
        fit =
            fit_of(row, endpoint->num_ctx > 0 ? (uint64_t)endpoint->num_ctx : 0,
                   question->free_bytes);
    return fit.verdict == FIT_TOO_LARGE ? NULL : row;
}

/* Loaded now, used last, or else the largest that fits. */
static bool go_to_row(const struct route_question *question,
                      const struct target *target, const struct models *models,
                      struct route *route)
{
    const struct endpoint *endpoint = target->endpoint;
    const struct model_row *row = models_choose(models, question->free_bytes);
    const struct model_row *last = last_used(question, endpoint, models);
    bool is_last = last && row && row->presence != PRESENCE_LOADED;
    if (is_last)
        row = last;
    if (!row || !go(route, endpoint, row->name))
        return row != NULL;
    route->window = window_of(endpoint, row);
    explain(route, "%s, %s", target->why,
            row->presence == PRESENCE_LOADED ? "model is loaded now"
            : is_last                        ? "model was used last"
            : row->size ? "largest model that fits the free memory"
                        : "first model that it lists");
    return true;
}

/* The endpoint is known and the model is not: what does the server have? False:
 * nothing, and it was not named. */
static bool choose_model(const struct route_question *question,
                         const struct target *target, struct route *route)
{
    const struct endpoint *endpoint = target->endpoint;
    const struct models *models = question->models(question->context, endpoint);
    route->endpoint = endpoint;
    if (!models || models_state(models) == MODELS_UNASKED ||
        models_state(models) == MODELS_ASKING) {
        route->verdict = ROUTE_ASK;
        explain(route, "asking %s for its models", endpoint->shown_url);
        return true;
    }
    const char *usual = usual_model(endpoint, models);
    if (usual) {
        if (go(route, endpoint, usual))
            explain(route, "%s, its usual model", target->why);
        return true;
    }
    if (models_state(models) == MODELS_KNOWN &&
        go_to_row(question, target, models, route))
        return true;
    nothing_to_take(target, models, route);
    return target->is_named;
}

static void add_window(const struct route_question *question,
                       struct route *route)
{
    const struct models *models =
        question->models(question->context, route->endpoint);
    const struct model_row *row =
        models ? models_serving(models, route->model) : NULL;
    if (!row)
        return;
    route->window = window_of(route->endpoint, row);
    route->is_vendor = route->is_vendor || row->is_remote;
}

/* Of one that has no list to choose from. */
static const char *first_model(const struct endpoint *endpoint)
{
    return endpoint->models.count ? endpoint->models.items[0].model : "default";
}

/* Of one that was named it is said beforehand that it will not fit. */
static void add_fit(const struct route_question *question, struct route *route)
{
    const struct endpoint *endpoint = route->endpoint;
    const struct models *models = question->models(question->context, endpoint);
    const struct model_row *row =
        models ? models_find(models, route->model) : NULL;
    struct fit fit = { 0 };
    if (row && row->presence == PRESENCE_UNLOADED && !row->is_remote &&
        endpoint_is_loopback(endpoint))
        fit =
            fit_of(row, endpoint->num_ctx > 0 ? (uint64_t)endpoint->num_ctx : 0,
                   question->free_bytes);
    if (fit.verdict != FIT_TOO_LARGE)
        return;
    struct buf words = { 0 };
    buf_printf(&words, "%s; it will hardly fit: it ", route->reason);
    fit_words(&fit, &words);
    explain(route, "%s", buf_string(&words));
    buf_clear(&words);
}

static bool go_to(const struct route_question *question,
                  const struct target *target, struct route *route)
{
    if (target->endpoint->dialect->is_builtin) {
        go_to_guide(question, route);
        explain(route, "%s", target->why);
        return true;
    }
    if (!target->model && target->endpoint->dialect->has_no_list) {
        if (go(route, target->endpoint, first_model(target->endpoint)))
            explain(route, "%s", target->why);
        return true;
    }
    if (!target->model)
        return choose_model(question, target, route);
    if (go(route, target->endpoint,
           endpoint_model(target->endpoint, target->model))) {
        explain(route, "%s", target->why);
        add_window(question, route);
        add_fit(question, route);
    }
    return true;
}

/* The router goes to no vendor to which the user said never. */
static bool is_ruled_out(const struct route_question *question,
                         const struct endpoint *endpoint)
{
    const char *setting = settings_text(question->settings,
                                        "privacy.first_send_to_vendor", "ask");
    return endpoint->is_vendor && question->tier != ROUTE_CLOUD &&
           (endpoint->consent == CONSENT_NEVER || !strcmp(setting, "never"));
}

static bool may_hold(const struct route_question *question,
                     const struct endpoint *endpoint)
{
    return fits(question, endpoint) && !is_ruled_out(question, endpoint);
}

/* Only a model was named: to who has it. That is no consent to a vendor, whom
 * nobody named. */
static void go_to_holder(const struct route_question *question,
                         struct target *target, struct route *route)
{
    struct holder holder;
    if (refuse_slip(question, target->model, route))
        return;
    holder_find(question, target->model, may_hold, &holder);
    route->endpoint = holder.endpoint;
    if (!holder.endpoint) {
        route->verdict = ROUTE_NONE;
        route->err = holder.err;
    } else if (holder.must_ask) {
        route->verdict = ROUTE_ASK;
        explain(route, "asking %s for its models", holder.endpoint->shown_url);
    } else {
        target->endpoint = holder.endpoint;
        route->is_pinned &= !holder.endpoint->is_vendor;
        go_to(question, target, route);
    }
}

/* The user's own server that answered last, if it has a model to choose: a habit
 * that is no setting names no model that stands in the settings. */
static bool go_to_last(const struct route_question *question,
                       struct route *route)
{
    struct target target = { 0 };
    if (question->last)
        target.endpoint =
            parse_target(question->endpoints, question->last).endpoint;
    target.why = "endpoint was used last";
    return target.endpoint && !target.endpoint->dialect->is_builtin &&
           !target.endpoint->is_vendor && !target.endpoint->models.count &&
           may_hold(question, target.endpoint) &&
           go_to(question, &target, route);
}

/* Nothing was named: the first endpoint that has a model. One of the settings
 * counts as named; those that merely stand in the environment follow one
 * another. */
static void choose_endpoint(const struct route_question *question,
                            struct route *route)
{
    const struct endpoints *endpoints = question->endpoints;
    char why_not[ROUTE_REASON_SIZE] = "no model is connected";
    bool has_failed = false;
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct endpoint *endpoint = &endpoints->list.items[i];
        struct target target = {
            .endpoint = endpoint,
            .why = has_failed ? "no server before it has a model"
                              : "first endpoint",
            .is_named = !endpoint->is_from_environment,
        };
        if (endpoint->models.count)
            target.model = endpoint->models.items[0].alias;
        if (endpoint->dialect->is_builtin || !fits(question, endpoint) ||
            is_ruled_out(question, endpoint))
            continue;
        if (go_to(question, &target, route))
            return;
        if (!has_failed)
            memcpy(why_not, route->reason, sizeof why_not);
        has_failed = true;
    }
    if (question->tier == ROUTE_CLOUD) {
        route->verdict = ROUTE_NONE;
        error_set(&route->err, ERROR_CONFIG,
                  "no vendor is connected: set OPENAI_API_KEY, or name one in "
                  "config.yaml");
        return;
    }
    go_to_guide(question, route);
    explain(route, "%s", why_not);
}

/* Whatever was named: what is to stay here stays. */
static void keep_local(const struct route_question *question,
                       struct route *route)
{
    if (question->tier != ROUTE_LOCAL || route->verdict != ROUTE_TO ||
        !route->is_vendor)
        return;
    route->verdict = ROUTE_NONE;
    error_set(&route->err, ERROR_USAGE,
              "%s at %s leaves this machine, and you asked for local only; "
              "--cloud or /cloud allows it",
              route->model, route->endpoint->name);
}

void router_decide(const struct route_question *question, struct route *route)
{
    *route = (struct route){ 0 };
    struct target target = find_target(question);
    route->is_pinned = question->target || question->tier == ROUTE_CLOUD;
    if (target.endpoint)
        go_to(question, &target, route);
    else if (target.model)
        go_to_holder(question, &target, route);
    else if (!go_to_last(question, route))
        choose_endpoint(question, route);
    if (route->verdict == ROUTE_TO &&
        ollama_name_is_cloud(slice_of(route->model)))
        route->is_vendor = true;
    keep_local(question, route);
}

bool router_climbs(const struct route_question *question)
{
    return !question->target && question->tier != ROUTE_CLOUD &&
           !configured_model(question) &&
           router_rung_count(question->settings) > 0;
}

size_t router_rung_count(const struct settings *settings)
{
    const struct setting *ladder = settings_find(settings, "routing.ladder");
    return ladder ? ladder->child_count : 0;
}

const char *router_rung(const struct settings *settings, size_t rung)
{
    return settings_find(settings, "routing.ladder")->children[rung]->text;
}

void router_take(const struct route_question *question, const char *name,
                 struct route *route)
{
    *route = (struct route){ .verdict = ROUTE_NONE };
    struct target target = parse_target(question->endpoints, name);
    target.why = "a rung of the ladder";
    if (target.endpoint && !may_hold(question, target.endpoint)) {
        error_set(&route->err, ERROR_USAGE, "%s",
                  fits(question, target.endpoint) ? "you never send there"
                                                  : "you asked for local only");
        return;
    }
    if (target.endpoint)
        go_to(question, &target, route);
    else
        go_to_holder(question, &target, route);
    if (route->verdict == ROUTE_ASK) {
        route->verdict = ROUTE_NONE;
        error_set(&route->err, ERROR_CONFIG,
                  "its server has not told its models yet");
    }
    if (route->verdict == ROUTE_TO &&
        ollama_name_is_cloud(slice_of(route->model)))
        route->is_vendor = true;
    keep_local(question, route);
}
