/* SPDX-License-Identifier: MIT */
#include "chat/health.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void clear_server(struct server_health *server)
{
    for (size_t i = 0; i < server->limits.count; i++)
        free(server->limits.items[i].model);
    array_clear(&server->limits);
    free(server->origin);
}

void health_clear(struct health *health)
{
    for (size_t i = 0; i < health->list.count; i++)
        clear_server(&health->list.items[i]);
    array_clear(&health->list);
}

static struct server_health *find(const struct health *health,
                                  const struct endpoint *endpoint)
{
    struct server_health *found = NULL;
    struct buf origin = { 0 };
    endpoint_origin(endpoint, &origin);
    for (size_t i = 0; i < health->list.count && !found; i++) {
        if (!strcmp(health->list.items[i].origin, buf_string(&origin)))
            found = &health->list.items[i];
    }
    buf_clear(&origin);
    return found;
}

static struct server_health *get(struct health *health,
                                 const struct endpoint *endpoint)
{
    struct server_health *found = find(health, endpoint);
    struct buf origin = { 0 };
    if (found)
        return found;
    endpoint_origin(endpoint, &origin);
    found = array_add(&health->list);
    *found = (struct server_health){ .origin = buf_steal(&origin) };
    return found;
}

const struct server_health *health_of(const struct health *health,
                                      const struct endpoint *endpoint)
{
    return find(health, endpoint);
}

void health_reopen(struct health *health, const struct endpoint *endpoint,
                   int64_t open_ms, int64_t until)
{
    breaker_reopen(&get(health, endpoint)->breaker, open_ms, until);
}

int64_t health_wait_ms(const struct health *health,
                       const struct endpoint *endpoint, int64_t now,
                       bool *is_failing)
{
    const struct server_health *found = find(health, endpoint);
    *is_failing = false;
    if (!found)
        return 0;
    int64_t wait_ms = breaker_wait_ms(&found->breaker, now);
    int64_t busy_ms = found->busy_until - now;
    *is_failing = wait_ms > 0 && wait_ms >= busy_ms;
    return busy_ms > wait_ms ? busy_ms : wait_ms;
}

void health_start(struct health *health, const struct endpoint *endpoint)
{
    breaker_start(&get(health, endpoint)->breaker);
}

void health_note(struct health *health, const struct endpoint *endpoint,
                 bool has_failed, int64_t now)
{
    breaker_note(&get(health, endpoint)->breaker, has_failed, now);
}

void health_give_up(struct health *health, const struct endpoint *endpoint)
{
    breaker_give_up(&get(health, endpoint)->breaker);
}

void health_is_busy(struct health *health, const struct endpoint *endpoint,
                    int64_t for_ms, int64_t now)
{
    get(health, endpoint)->busy_until = now + for_ms;
}

static struct used_up *find_limit(const struct server_health *server,
                                  const char *model)
{
    for (size_t i = 0; server && i < server->limits.count; i++) {
        if (!strcmp(server->limits.items[i].model, model))
            return &server->limits.items[i];
    }
    return NULL;
}

void health_is_used_up(struct health *health, const struct endpoint *endpoint,
                       const char *model, int64_t for_ms, int64_t now)
{
    struct used_up *limit = find_limit(find(health, endpoint), model);
    if (!limit && for_ms <= 0)
        return;
    if (!limit) {
        limit = array_add(&get(health, endpoint)->limits);
        limit->model = memory_string(model);
    }
    limit->until = now + for_ms;
}

int64_t health_limit_ms(const struct health *health,
                        const struct endpoint *endpoint, const char *model,
                        int64_t now)
{
    const struct used_up *limit = find_limit(find(health, endpoint), model);
    return limit && limit->until > now ? limit->until - now : 0;
}
