/* SPDX-License-Identifier: MIT */
#include "app/summary.h"

#include <string.h>

#include "base/utf8.h"
#include "graph/ending.h"

enum { TITLE_MAX = 1024 /* bytes: more than any row holds */ };

struct slice summary_title(const struct graph *graph)
{
    if (*graph_title(graph))
        return slice_of(graph_title(graph));
    const struct node *node =
        graph_node_count(graph) ? graph_node_at(graph, 0) : NULL;
    if (!node || node->blocks.count == 0)
        return slice_of("sennit");
    struct slice text = slice_trim(buf_slice(&node->blocks.items[0].text));
    if (text.len > TITLE_MAX) {
        text.len = TITLE_MAX;
        text.len -= utf8_partial_tail(text);
    }
    const char *end = text.len ? memchr(text.ptr, '\n', text.len) : NULL;
    if (end)
        text.len = (size_t)(end - text.ptr);
    return text;
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
    uint32_t id = graph_run_count(graph);
    while (id > 0 && !graph_run(graph, id)->attempts.count)
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
