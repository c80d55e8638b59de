/* SPDX-License-Identifier: MIT */
#include "chat/consent.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/compiler.h"
#include "base/memory.h"

/* RFC 3339, in UTC. */
static const char time_format[] = "%Y-%m-%dT%H:%M:%SZ";

static const char *const names[] = {
    [CONSENT_NONE] = "none",     [CONSENT_ONCE] = "once",
    [CONSENT_ALWAYS] = "always", [CONSENT_NEVER] = "never",
    [CONSENT_OWN] = "own",
};

const char *consent_name(enum consent_answer answer)
{
    return names[answer];
}

enum consent_answer consent_parse(struct slice word)
{
    for (size_t i = CONSENT_NONE + 1; i < COUNTOF(names); i++) {
        if (slice_is(word, names[i]))
            return (enum consent_answer)i;
    }
    return CONSENT_NONE;
}

static bool is_recorded(enum consent_answer answer)
{
    return answer == CONSENT_ALWAYS || answer == CONSENT_NEVER ||
           answer == CONSENT_OWN;
}

void consents_clear(struct consents *consents)
{
    for (size_t i = 0; i < consents->list.count; i++)
        free(consents->list.items[i].origin);
    array_clear(&consents->list);
}

static struct consent *find(const struct consents *consents, const char *origin)
{
    for (size_t i = 0; i < consents->list.count; i++) {
        if (!strcmp(consents->list.items[i].origin, origin))
            return &consents->list.items[i];
    }
    return NULL;
}

const struct consent *consents_find(const struct consents *consents,
                                    const char *origin)
{
    return find(consents, origin);
}

static void forget(struct consents *consents, struct consent *consent)
{
    size_t index = (size_t)(consent - consents->list.items);
    free(consent->origin);
    consents->list.count--;
    memmove(consent, consent + 1,
            (consents->list.count - index) * sizeof *consent);
}

void consents_put(struct consents *consents, const char *origin,
                  enum consent_answer answer, int64_t time)
{
    struct consent *consent = find(consents, origin);
    if (!is_recorded(answer)) {
        if (consent)
            forget(consents, consent);
        return;
    }
    if (!consent) {
        consent = array_add(&consents->list);
        consent->origin = memory_string(origin);
    }
    consent->answer = answer;
    consent->time = time;
}

static struct slice next_field(struct slice *rest)
{
    size_t len = 0;
    *rest = slice_trim(*rest);
    while (len < rest->len && rest->ptr[len] != ' ')
        len++;
    struct slice field = { rest->ptr, len };
    *rest = slice_skip(*rest, len);
    return field;
}

static void parse_line(struct consents *consents, struct slice line)
{
    struct buf origin = { 0 }, when = { 0 };
    struct tm tm = { 0 };
    buf_append_slice(&origin, next_field(&line));
    enum consent_answer answer = consent_parse(next_field(&line));
    buf_append_slice(&when, next_field(&line));
    const char *end = strptime(buf_string(&when), time_format, &tm);
    if (origin.len && is_recorded(answer) && end && !*end &&
        consents->list.count < CONSENTS_MAX)
        consents_put(consents, buf_string(&origin), answer, timegm(&tm));
    buf_clear(&origin);
    buf_clear(&when);
}

void consents_parse(struct consents *consents, struct slice text)
{
    struct slice line;
    while (slice_next_line(&text, &line))
        parse_line(consents, line);
}

void consents_format(const struct consents *consents, struct buf *out)
{
    for (size_t i = 0; i < consents->list.count; i++) {
        const struct consent *consent = &consents->list.items[i];
        time_t time = (time_t)consent->time;
        struct tm tm;
        char when[32] = "";
        gmtime_r(&time, &tm);
        strftime(when, sizeof when, time_format, &tm);
        buf_printf(out, "%s %s %s\n", consent->origin,
                   consent_name(consent->answer), when);
    }
}

void consents_apply(const struct consents *consents,
                    struct endpoints *endpoints)
{
    for (size_t i = 0; i < endpoints->list.count; i++) {
        struct endpoint *endpoint = &endpoints->list.items[i];
        struct buf origin = { 0 };
        endpoint_origin(endpoint, &origin);
        const struct consent *consent = find(consents, buf_string(&origin));
        endpoint->consent = consent ? consent->answer : CONSENT_NONE;
        /* What a setting says of trust is not for an answer to change. */
        if (endpoint->asks_trust)
            endpoint->is_vendor = endpoint->consent != CONSENT_OWN;
        buf_clear(&origin);
    }
}

static enum consent_verdict refuse(const struct route *route, const char *why,
                                   const char *cure, struct error *err)
{
    error_set(err, ERROR_CONFIG, "not sent to %s: %s; %s",
              route->endpoint->name, why, cure);
    return CONSENT_REFUSE;
}

/* Nobody is there to answer. */
static enum consent_verdict refuse_headless(const struct route *route,
                                            struct error *err)
{
    const struct endpoint *endpoint = route->endpoint;
    struct slice host = endpoint_host(endpoint);
    error_set(err, ERROR_CONFIG,
              "not sent: it would leave this machine for %.*s%s; say so with "
              "--cloud, with -m %s/%s, or with privacy.first_send_to_vendor: "
              "always in the profile",
              SLICE_ARG(host),
              endpoint->asks_trust ? ", and nobody has said whose that is" : "",
              endpoint->name, route->model);
    return CONSENT_REFUSE;
}

enum consent_verdict consent_decide(const struct route *route,
                                    const struct settings *settings,
                                    bool can_ask, struct error *err)
{
    const char *setting =
        settings_text(settings, "privacy.first_send_to_vendor", "ask");
    if (!route->is_vendor || route->is_pinned)
        return CONSENT_GO;
    if (route->endpoint->consent == CONSENT_NEVER)
        return refuse(route, "you answered never",
                      "/consents takes that back, /model sends there all the "
                      "same",
                      err);
    if (!strcmp(setting, "never"))
        return refuse(route, "privacy.first_send_to_vendor is never",
                      "/model or -m sends there all the same", err);
    if (route->endpoint->consent == CONSENT_ALWAYS ||
        !strcmp(setting, "always"))
        return CONSENT_GO;
    return can_ask ? CONSENT_ASK : refuse_headless(route, err);
}

/* Nobody has said whose the server is. */
static bool is_about_trust(const struct route *route)
{
    return route->endpoint->asks_trust && route->endpoint->is_vendor;
}

void consent_words(const struct route *route, struct buf *out)
{
    struct slice host = endpoint_host(route->endpoint);
    if (*route->doubt)
        buf_printf(out, "%s; ", route->doubt);
    if (!route->is_vendor)
        buf_printf(out, "%s at %s is to go on", route->model,
                   route->endpoint->name);
    else if (is_about_trust(route))
        buf_printf(out, "whose machine is %.*s? It gets what you write: %s",
                   SLICE_ARG(host), route->model);
    else if (!route->is_vendor)
        buf_printf(out, "is asked: %.*s, %s", SLICE_ARG(host), route->model);
    else if (!route->endpoint->is_vendor)
        buf_printf(out, "leaves this machine by way of %.*s: %s",
                   SLICE_ARG(host), route->model);
    else
        buf_printf(out, "leaves this machine: %.*s, %s", SLICE_ARG(host),
                   route->model);
    if (route->likely > 0) {
        buf_append_string(out, ", about ");
        price_append(out, route->likely);
    }
    endpoint_append_price(route->endpoint, route->model, out);
    if (endpoint_is_plain_http(route->endpoint))
        buf_append_string(out, ", over plain http");
}

/* Where trust is asked for, consent to a vendor is part of the answer. */
static const char *about_trust(enum consent_answer answer)
{
    switch (answer) {
    case CONSENT_OWN: return "mine, or my lab's: anything may go there";
    case CONSENT_ALWAYS: return "a vendor's: send, and say that it is one";
    case CONSENT_NEVER: return "send nothing there";
    default: return NULL;
    }
}

const char *consent_about(const struct route *route, enum consent_answer answer)
{
    if (is_about_trust(route))
        return about_trust(answer);
    /* What is recorded for the user's own server is that it is his. */
    bool is_own = !route->is_vendor || route->endpoint->consent == CONSENT_OWN;
    switch (answer) {
    case CONSENT_ONCE: return "send this prompt";
    case CONSENT_ALWAYS: return is_own ? NULL : "send, and do not ask again";
    case CONSENT_NEVER:
        return is_own ? NULL : "do not send, and do not ask again";
    default: return NULL;
    }
}

const char *consent_word(const struct route *route, enum consent_answer answer)
{
    if (!consent_about(route, answer))
        return NULL;
    return is_about_trust(route) && answer == CONSENT_ALWAYS ? "vendor"
                                                             : names[answer];
}

enum consent_answer consent_answer_of(const struct route *route,
                                      struct slice word)
{
    for (size_t i = CONSENT_NONE + 1; i < COUNTOF(names); i++) {
        const char *name = consent_word(route, (enum consent_answer)i);
        if (name && slice_is(word, name))
            return (enum consent_answer)i;
    }
    return CONSENT_NONE;
}
