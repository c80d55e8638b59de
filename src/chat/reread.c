/* SPDX-License-Identifier: MIT */
#include "chat/reread.h"

#include <string.h>

#include "chat/chat_state.h"
#include "chat/feed.h"

/* Fewer new tokens say little of how fast a server reads. */
enum { SPEED_TOKENS_MIN = 64, SECOND = 1000, MINUTE = 60, THOUSAND = 1000 };

/* What is known of the model from its answers in this conversation. */
struct readings {
    uint64_t leaf_id; /* what it read last led to it; 0: it read nothing */
    uint64_t seq;     /* its request was not written before */
    double rate;      /* tokens in a second; 0: unknown */
};

static bool is_of(const struct attempt *attempt, const struct route *next)
{
    return !strcmp(attempt->endpoint, next->endpoint->name) &&
           !strcmp(attempt->model, next->model);
}

static double rate_of(const struct usage *usage)
{
    int64_t read = usage->input - (usage->cached > 0 ? usage->cached : 0);
    if (usage->prompt_ms <= 0 || read < SPEED_TOKENS_MIN)
        return 0;
    return (double)read * SECOND / (double)usage->prompt_ms;
}

/* An answer that is whole is kept with what led to it; of others what they
 * followed. */
static void note_leaf(struct readings *readings, const struct graph *graph,
                      const struct run *run, const struct attempt *attempt)
{
    const struct node *node = graph_node(graph, attempt->node_id);
    bool is_read = attempt->usage.input > 0 || node;
    if (readings->leaf_id || !is_read)
        return;
    readings->seq = node ? node->id : run->prompt_id;
    readings->leaf_id = node && attempt->state != ATTEMPT_COMPLETE
                            ? node->parent_id
                            : readings->seq;
}

static struct readings read_back(const struct graph *graph,
                                 const struct route *next)
{
    struct readings readings = { 0 };
    uint32_t first = graph_run_count(graph);
    uint32_t last = first > REREAD_RUNS ? first - REREAD_RUNS : 0;
    for (uint32_t id = first; id > last; id--) {
        const struct run *run = graph_run(graph, id);
        /* What was asked aside was another text. */
        if (run->is_spawned)
            continue;
        for (size_t i = run->attempts.count; i-- > 0;) {
            const struct attempt *attempt = &run->attempts.items[i];
            if (!is_of(attempt, next))
                continue;
            note_leaf(&readings, graph, run, attempt);
            readings.rate = rate_of(&attempt->usage);
            if (readings.leaf_id && readings.rate > 0)
                return readings;
        }
    }
    return readings;
}

static bool reads(const struct route *next)
{
    return next->verdict == ROUTE_TO && !next->is_vendor &&
           !next->endpoint->dialect->is_builtin && !feed_serves(next->endpoint);
}

static struct reread timed(struct chat *chat, const struct readings *readings,
                           uint64_t estimated)
{
    const struct route *next = chat_next(chat);
    struct calibration calibration =
        chat_calibration(chat, next->endpoint, next->model);
    struct extent extent = { .estimated = estimated };
    struct reread reread = { .ms = -1 };
    if (!estimated)
        return reread;
    reread.tokens = calibration_tokens(&calibration, &extent);
    if (readings->rate > 0)
        reread.ms = (int64_t)((double)reread.tokens * SECOND / readings->rate);
    return reread;
}

struct reread reread_of(struct chat *chat, const struct budget *budget)
{
    const struct graph *graph = chat->conversation.graph;
    const struct route *next = chat_next(chat);
    uint64_t total = budget_total(budget) - budget_coming(budget);
    if (!reads(next) || graph_active_run(graph) || !graph_head(graph))
        return (struct reread){ .ms = -1 };
    struct readings readings = read_back(graph, next);
    uint64_t shared =
        budget_shared(budget, graph, readings.leaf_id, readings.seq);
    return timed(chat, &readings, total > shared ? total - shared : 0);
}

struct reread reread_of_tokens(struct chat *chat, uint64_t tokens)
{
    const struct route *next = chat_next(chat);
    if (!reads(next))
        return (struct reread){ .ms = -1 };
    struct readings readings = read_back(chat->conversation.graph, next);
    return timed(chat, &readings, tokens);
}

bool reread_is_long(const struct reread *reread)
{
    return reread->tokens >= REREAD_LONG_TOKENS ||
           (reread->tokens && reread->ms >= REREAD_LONG_MS);
}

void reread_words(const struct reread *reread, struct buf *out)
{
    uint64_t tokens = reread->tokens;
    int64_t seconds = (reread->ms + SECOND / 2) / SECOND;
    if (tokens >= THOUSAND)
        buf_printf(out, "re-reads %uk tokens",
                   (unsigned)((tokens + THOUSAND / 2) / THOUSAND));
    else
        buf_printf(out, "re-reads %u tokens", (unsigned)tokens);
    if (reread->ms >= 0 && seconds >= 2 * MINUTE)
        buf_printf(out, ", about %d min", (int)(seconds / MINUTE));
    else if (reread->ms >= 0)
        buf_printf(out, ", about %d s", seconds > 1 ? (int)seconds : 1);
}
