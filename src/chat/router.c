/* SPDX-License-Identifier: MIT */
#include "chat/router.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

/* A target taken apart. */
struct target {
    const struct endpoint *endpoint;
    const char *model; /* NULL: the endpoint's choice */
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

/* The endpoint for a model of which only the name is known. */
static const struct endpoint *first_endpoint(const struct endpoints *endpoints)
{
    return &endpoints->list.items[0];
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
    return (struct target){ first_endpoint(endpoints), name, NULL, true };
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

static bool refuse_slip(const struct route_question *question,
                        struct route *route)
{
    const char *target = question->target;
    const char *meant = endpoint_meant(question->endpoints, target);
    if (!meant || with_alias(question->endpoints, target))
        return false;
    route->verdict = ROUTE_NONE;
    error_set(&route->err, ERROR_USAGE,
              "there is no endpoint \"%.*s\"; did you mean %s%s?",
              (int)strcspn(target, "/"), target, meant, strchr(target, '/'));
    return true;
}

static const char *first_rung(const struct settings *settings)
{
    const struct setting *ladder = settings_find(settings, "routing.ladder");
    return ladder && ladder->child_count ? ladder->children[0]->text : NULL;
}

static const char *configured_model(const struct route_question *question)
{
    return settings_text(question->settings, "model", NULL);
}

/* Nobody else is asked in the place of an endpoint that was named and cannot
 * be spoken to yet; nor in that of all that were configured. */
static bool refuse_mute(const struct route_question *question,
                        struct route *route)
{
    const struct endpoints *endpoints = question->endpoints;
    const char *target = question->target;
    if (!target)
        target = configured_model(question);
    if (!target)
        target = first_rung(question->settings);
    const struct mute_endpoint *mute = NULL;
    if (target)
        mute = endpoints_find_mute(endpoints, target);
    else if (endpoints->mute.count && !endpoints->has_spoken)
        mute = &endpoints->mute.items[0];
    if (!mute)
        return false;
    route->verdict = ROUTE_NONE;
    error_set(&route->err, ERROR_CONFIG,
              "endpoint %s: this version does not speak %s yet; it speaks "
              "ollama and chat-completions",
              mute->name, mute->dialect);
    return true;
}

static struct target find_target(const struct route_question *question)
{
    const struct endpoints *endpoints = question->endpoints;
    const char *configured = configured_model(question);
    const char *rung = first_rung(question->settings);
    struct target target;
    if (question->target) {
        target = parse_target(endpoints, question->target);
        target.why = "you named it";
    } else if (configured) {
        target = parse_target(endpoints, configured);
        target.why = "the profile names it";
    } else if (rung) {
        target = parse_target(endpoints, rung);
        target.why = "first rung of the ladder";
    } else {
        target = (struct target){ .endpoint = first_endpoint(endpoints),
                                  .why = "first endpoint" };
        /* One that merely stands in the environment is asked, not named. */
        target.is_named = !target.endpoint->is_from_environment;
        if (target.endpoint->models.count)
            target.model = target.endpoint->models.items[0].alias;
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

static void nothing_to_take(const struct route_question *question,
                            const struct target *target,
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
    go_to_guide(question, route);
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

/* The endpoint is known and the model is not: what does the server have? */
static void choose_model(const struct route_question *question,
                         const struct target *target, struct route *route)
{
    const struct endpoint *endpoint = target->endpoint;
    const struct models *models = question->models(question->context, endpoint);
    route->endpoint = endpoint;
    if (!models || models_state(models) == MODELS_UNASKED ||
        models_state(models) == MODELS_ASKING) {
        route->verdict = ROUTE_ASK;
        explain(route, "asking %s for its models", endpoint->shown_url);
        return;
    }
    const char *usual = usual_model(endpoint, models);
    if (usual) {
        if (go(route, endpoint, usual))
            explain(route, "%s, its usual model", target->why);
        return;
    }
    const struct model_row *row =
        models_state(models) == MODELS_KNOWN
            ? models_choose(models, question->free_bytes)
            : NULL;
    if (!row) {
        nothing_to_take(question, target, models, route);
        return;
    }
    if (go(route, endpoint, row->name)) {
        route->window = row->context_length;
        explain(route, "%s, %s", target->why,
                row->is_loaded ? "model is loaded now"
                : row->size    ? "largest model that fits the free memory"
                               : "first model that it lists");
    }
}

static void add_window(const struct route_question *question,
                       struct route *route)
{
    const struct models *models =
        question->models(question->context, route->endpoint);
    const struct model_row *row =
        models ? models_find(models, route->model) : NULL;
    if (!row)
        return;
    route->window = row->context_length;
    route->is_vendor = route->is_vendor || row->is_remote;
}

/* Names of cloud models behind a local Ollama leave the machine. */
static bool names_cloud(const char *model)
{
    size_t len = strlen(model);
    return len > 6 && (!strcmp(model + len - 6, "-cloud") ||
                       !strcmp(model + len - 6, ":cloud"));
}

void router_decide(const struct route_question *question, struct route *route)
{
    *route = (struct route){ 0 };
    if (refuse_mute(question, route) || refuse_slip(question, route))
        return;
    struct target target = find_target(question);
    route->is_pinned = question->target != NULL;
    if (target.endpoint->dialect->is_builtin) {
        go_to_guide(question, route);
        explain(route, "%s",
                target.is_named ? target.why : "no model is connected");
        return;
    }
    if (!target.model) {
        choose_model(question, &target, route);
    } else if (go(route, target.endpoint,
                  endpoint_model(target.endpoint, target.model))) {
        explain(route, "%s", target.why);
        add_window(question, route);
    }
    if (route->verdict == ROUTE_TO && names_cloud(route->model))
        route->is_vendor = true;
}
