/* SPDX-License-Identifier: MIT */
/*
 * experience - what earlier runs have learnt of servers, and what this one
 * learns for the next: parts of a request that were refused, servers that must
 * be left alone, the model that answered last.
 *
 * A server of the same address may be another one by now: what it refused is
 * asked of it again after seven days, and by another version of this program,
 * whose parts may be others. What was not read yet is not known.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "chat/chat_state.h"
#include "chat/retry.h"

#define REFUSALS_MS ((int64_t)7 * 24 * 60 * 60 * 1000)

static const char refused_area[] = "refused";    /* by a server, for a model */
static const char breaker_area[] = "left alone"; /* number: until, Unix ms */
static const char busy_area[] = "asked to wait"; /* the same */
static const char model_area[] = "model", model_key[] = "last used";

/* Refusals. */

static void append_key(struct buf *key, const struct route *route)
{
    buf_printf(key, "%s %s", route->endpoint->shown_url, route->model);
}

static uint32_t refused_before(const struct chat *chat)
{
    struct buf key = { 0 };
    append_key(&key, &chat->route);
    const struct state_note *note =
        state_note(chat->setup.state, refused_area, buf_string(&key));
    buf_clear(&key);
    if (!note || strcmp(note->text, VERSION) != 0 ||
        clock_wall_ms() - note->at > REFUSALS_MS)
        return 0;
    return (uint32_t)note->number;
}

static void recall_refusals(struct chat *chat)
{
    uint32_t parts = refused_before(chat);
    if (!parts || !refusals_add(&chat->refusals, chat->route.endpoint,
                                chat->route.model, parts))
        return;
    refusals_words(parts, &chat->reasons);
    buf_append_string(&chat->reasons, ": refused in an earlier run\n");
}

void experience_note_refusals(struct chat *chat)
{
    struct buf key = { 0 };
    uint32_t parts =
        refusals_of(&chat->refusals, chat->route.endpoint, chat->route.model);
    append_key(&key, &chat->route);
    state_set_note(chat->setup.state, refused_area, buf_string(&key), parts,
                   VERSION);
    buf_clear(&key);
}

/* Servers that must be left alone. */

/* How long from now on; 0: no more. */
static int64_t left_ms(const struct state_note *note, int64_t most)
{
    int64_t left = note ? note->number - clock_wall_ms() : 0;
    return left > most ? most : left > 0 ? left : 0;
}

static void recall_server(struct chat *chat, const struct endpoint *endpoint)
{
    struct buf origin = { 0 };
    int64_t now = loop_now(chat->setup.loop);
    endpoint_origin(endpoint, &origin);
    const struct state_note *breaker =
        state_note(chat->setup.state, breaker_area, buf_string(&origin));
    int64_t left = left_ms(breaker, BREAKER_OPEN_MOST_MS);
    /* One's own server may have been mended or started since: it is asked. */
    if (left && endpoint->is_vendor)
        health_reopen(&chat->health, endpoint, strtoll(breaker->text, NULL, 10),
                      now + left);
    left =
        left_ms(state_note(chat->setup.state, busy_area, buf_string(&origin)),
                RETRY_WISH_MOST_MS);
    if (left)
        health_is_busy(&chat->health, endpoint, left, now);
    buf_clear(&origin);
}

/* Once: what this run sees of them counts more. */
static void recall_servers(struct chat *chat)
{
    const struct endpoints *endpoints = chat->setup.endpoints;
    if (chat->has_recalled || !state_is_read(chat->setup.state))
        return;
    chat->has_recalled = true;
    for (size_t i = 0; i < endpoints->list.count; i++)
        recall_server(chat, &endpoints->list.items[i]);
}

void experience_recall(struct chat *chat)
{
    recall_servers(chat);
    recall_refusals(chat);
}

static void note_until(const struct chat *chat, const char *area,
                       const char *origin, int64_t until, int64_t open_ms)
{
    struct buf text = { 0 };
    int64_t left = until - loop_now(chat->setup.loop);
    buf_printf(&text, "%" PRId64, open_ms);
    if (left > 0)
        state_set_note(chat->setup.state, area, origin, clock_wall_ms() + left,
                       buf_string(&text));
    else
        state_drop_note(chat->setup.state, area, origin);
    buf_clear(&text);
}

void experience_note_health(const struct chat *chat)
{
    const struct server_health *health =
        health_of(&chat->health, chat->route.endpoint);
    if (!health)
        return;
    note_until(chat, breaker_area, health->origin,
               health->breaker.open_ms ? health->breaker.open_until : 0,
               health->breaker.open_ms);
    note_until(chat, busy_area, health->origin, health->busy_until, 0);
}

/* The model. */

const char *experience_model(const struct chat *chat)
{
    const struct state_note *note =
        state_note(chat->setup.state, model_area, model_key);
    return note ? note->text : NULL;
}

/* A script's is not what the user works with. */
void experience_note_answer(const struct chat *chat)
{
    struct buf name = { 0 };
    const char *last = experience_model(chat);
    if (!chat->setup.is_interactive ||
        chat->route.endpoint->dialect->is_builtin)
        return;
    buf_printf(&name, "%s/%s", chat->route.endpoint->name, chat->route.model);
    if (!last || strcmp(last, buf_string(&name)) != 0)
        state_set_note(chat->setup.state, model_area, model_key, 0,
                       buf_string(&name));
    buf_clear(&name);
}
