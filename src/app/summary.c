/* SPDX-License-Identifier: MIT */
#include "app/summary.h"

#include <string.h>

#include "graph/ending.h"
#include "graph/title.h"

void summary_title(struct buf *out, const struct graph *graph)
{
    size_t before = out->len;
    title_append(out, graph);
    if (out->len == before)
        buf_append_string(out, "sennit");
}

int summary_turns(const struct graph *graph)
{
    const struct node *node = graph_node(graph, graph_head(graph));
    int count = 0;
    for (; node; node = graph_node(graph, node->parent_id))
        count += node->kind == NODE_USER;
    return count;
}

const struct run *summary_last_run(const struct graph *graph)
{
    uint32_t id = graph_last_run(graph);
    while (id > 0 && (graph_run(graph, id)->is_spawned ||
                      !graph_run(graph, id)->attempts.count))
        id--;
    return id ? graph_run(graph, id) : NULL;
}

const struct attempt *summary_last_attempt(const struct graph *graph)
{
    const struct run *run = summary_last_run(graph);
    return run ? array_last(&run->attempts) : NULL;
}

const char *summary_outcome(const struct run *run)
{
    const struct attempt *attempt =
        run->attempts.count ? array_last(&run->attempts) : NULL;
    if (run->state == RUN_ABORTED)
        return "stopped by you";
    if (run->state == RUN_ERROR && attempt &&
        attempt->state == ATTEMPT_COMPLETE)
        return "does not follow the schema";
    if (run->state == RUN_COMPLETE &&
        ending_shortfall(slice_of(run->finish_reason)))
        return "ended early";
    return life_state_name(LIFE_RUN, (int)run->state);
}
