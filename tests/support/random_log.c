/* SPDX-License-Identifier: MIT */
#include "tests/support/random_log.h"

#include "base/compiler.h"

static uint32_t take_byte(struct random_log *random)
{
    struct slice *source = &random->source;
    uint32_t byte = source->len ? (unsigned char)source->ptr[0] : 0;
    *source = slice_skip(*source, source->len ? 1 : 0);
    return byte;
}

/* xorshift64, Marsaglia 2003. */
uint32_t random_below(struct random_log *random, uint32_t bound)
{
    if (random->source.ptr) {
        uint32_t number = take_byte(random);
        if (bound > UINT8_MAX + 1)
            number = number << 8 | take_byte(random);
        return number % bound;
    }
    random->state ^= random->state << 13;
    random->state ^= random->state >> 7;
    random->state ^= random->state << 17;
    return (uint32_t)((random->state >> 11) % bound);
}

static const char *pick_text(struct random_log *random)
{
    static const char *const texts[] = {
        "a",      "knot ", "\n",        "  ",        "{\"x\":1}", "{\"x\":",
        "```\nx", "",      "h\xc3\xa9", "two words", "[1]",       "end.",
    };
    return texts[random_below(random, COUNTOF(texts))];
}

static const char *pick_outcome(struct random_log *random, enum event_type type)
{
    static const char *const outcomes[] = {
        "complete",  "complete", "complete",  "cut",     "error", "aborted",
        "completed", "denied",   "cancelled", "unknown", "odd",
    };
    if (type == EVENT_PREFERENCE)
        return random_below(random, 3) ? "better" : "same";
    return outcomes[random_below(random, COUNTOF(outcomes))];
}

static const char *pick_kind(struct random_log *random)
{
    static const char *const kinds[] = { "text", "file", "system", "session",
                                         "odd" };
    return kinds[random_below(random, COUNTOF(kinds))];
}

static const char *pick_tier(struct random_log *random)
{
    static const char *const tiers[] = { "working", "session", "long-term",
                                         "odd" };
    return tiers[random_below(random, COUNTOF(tiers))];
}

static const char *pick_word(struct random_log *random, enum event_type type,
                             enum event_field field)
{
    if (field == FIELD_OUTCOME)
        return pick_outcome(random, type);
    if (type == EVENT_PRIVACY_MARKED && field == FIELD_KIND)
        return pick_kind(random);
    if (field == FIELD_TIER && type == EVENT_REMEMBERED)
        return pick_tier(random);
    if (field == FIELD_FINISH_REASON && random_below(random, 3) == 0)
        return "pause_turn";
    return pick_text(random);
}

static uint64_t pick_node(struct random_log *random, const struct graph *graph)
{
    size_t count = graph_node_count(graph);
    if (count == 0 || random_below(random, 20) == 0)
        return random_below(random, 50);
    return graph_node_at(graph, random_below(random, (uint32_t)count))->id;
}

/* So many steps up from the head, or less. */
static uint64_t pick_above(struct random_log *random, const struct graph *graph,
                           uint32_t steps)
{
    const struct node *node = graph_node(graph, graph_head(graph));
    for (uint32_t i = random_below(random, steps); node && i > 0; i--)
        if (node->parent_id)
            node = graph_node(graph, node->parent_id);
    return node ? node->id : 0;
}

static uint64_t pick_summary(struct random_log *random,
                             const struct graph *graph)
{
    uint32_t count = graph_summary_count(graph);
    const struct summary *summary =
        graph_summary(graph, 1 + random_below(random, count + 1));
    return summary ? summary->seq : 1;
}

static uint64_t pick_sibling(struct random_log *random,
                             const struct graph *graph, uint64_t id)
{
    const struct node *node = graph_node(graph, id);
    uint32_t count = node ? graph_sibling_count(graph, node) : 0;
    return count ? graph_sibling(graph, node, random_below(random, count)) : id;
}

static uint64_t pick_change(const struct graph *graph)
{
    const struct change *change = graph_last_change(graph);
    return change ? change->seq : 1;
}

static uint64_t pick_number(struct random_log *random,
                            const struct graph *graph, struct event *event,
                            enum event_field field)
{
    uint32_t calls = graph_call_count(graph);
    switch (field) {
    case FIELD_NODE:
    case FIELD_PARENT: return pick_node(random, graph);
    case FIELD_OTHER:
        return pick_sibling(random, graph, event_number(event, FIELD_NODE));
    case FIELD_UNDOES: return pick_change(graph);
    case FIELD_FIRST: return pick_above(random, graph, 10);
    case FIELD_LAST: return pick_above(random, graph, 5);
    case FIELD_SUMMARY: return pick_summary(random, graph);
    case FIELD_PROMPT:
        return graph_queue_count(graph) ? graph_queued(graph, 0)->id : 3;
    case FIELD_CALL:
        return event->type == EVENT_TOOL_CALL_START ||
                       event->type == EVENT_CALL_MADE
                   ? calls + 1
                   : calls - random_below(random, calls < 3 ? calls + 1 : 3);
    default: return random_below(random, 3);
    }
}

/* Of what is remembered; now and then of what is not. */
static const char *pick_entry(struct random_log *random,
                              const struct graph *graph)
{
    const struct memory_list *shelf = graph_shelf(graph);
    if (!shelf->items.count || random_below(random, 5) == 0)
        return random_below(random, 2) ? "7" : "s3";
    return memory_entry_name(
        &shelf->items.items[random_below(random, (uint32_t)shelf->items.count)],
        random->name);
}

static bool is_of_memory(enum event_type type)
{
    return type == EVENT_REMEMBERED || type == EVENT_RECALLED ||
           type == EVENT_FORGOTTEN;
}

static void add_field(struct random_log *random, const struct graph *graph,
                      struct event *event, enum event_field field)
{
    switch (event_field_kind(field)) {
    case FIELD_KIND_NUMBER:
    case FIELD_KIND_FLAG:
        event_add_number(event, field,
                         pick_number(random, graph, event, field));
        break;
    case FIELD_KIND_REAL:
        event_add_real(event, field, random_below(random, 100) / 8.0);
        break;
    case FIELD_KIND_TEXT:
        event_add_string(event, field,
                         field == FIELD_ID && is_of_memory(event->type)
                             ? pick_entry(random, graph)
                             : pick_word(random, event->type, field));
        break;
    case FIELD_KIND_JSON:
    case FIELD_KIND_BYTES:
        event_add_string(event, field, pick_word(random, event->type, field));
        break;
    }
}

/* Which fields are left out now and then: the rest makes sense only whole. */
static bool is_optional(enum event_field field)
{
    return field != FIELD_CALL && field != FIELD_OUTCOME &&
           field != FIELD_NODE && field != FIELD_FIRST && field != FIELD_LAST &&
           field != FIELD_SUMMARY && field != FIELD_ON && field != FIELD_OTHER;
}

static void add_fields(struct random_log *random, const struct graph *graph,
                       struct event *event)
{
    static const enum event_field rare[] = { FIELD_PARENT, FIELD_PROMPT,
                                             FIELD_SPAWNED, FIELD_UNDOES };
    bool is_prompt =
        event->type == EVENT_USER_MESSAGE || event->type == EVENT_RUN_STARTED;
    for (int i = FIELD_NONE + 1; i < FIELD_COUNT; i++) {
        enum event_field field = (enum event_field)i;
        uint32_t odds = is_optional(field) ? 3 : 50;
        if (field == FIELD_CALL && is_prompt)
            odds = 1;
        for (size_t k = 0; k < COUNTOF(rare); k++)
            odds = field == rare[k] ? 1 : odds;
        bool is_left_out = odds == 1 ? random_below(random, 8) > 0
                                     : random_below(random, odds) == 0;
        if (event_type_carries(event->type, field) && !is_left_out)
            add_field(random, graph, event, field);
    }
}

/* What the conversation waits for. */
static enum event_type pick_next(const struct graph *graph)
{
    uint32_t runs = graph_run_count(graph);
    const struct run *run = graph_run(graph, runs);
    if (graph_node_count(graph) == 0)
        return EVENT_USER_MESSAGE;
    if (!run || life_is_terminal(LIFE_RUN, run->state))
        return EVENT_RUN_STARTED;
    if (run->attempts.count == 0 ||
        life_is_terminal(LIFE_ATTEMPT, array_last(&run->attempts)->state))
        return EVENT_ATTEMPT_STARTED;
    return EVENT_TEXT_DELTA;
}

static enum event_type pick_type(struct random_log *random)
{
    static const struct {
        enum event_type type;
        uint32_t weight;
    } rows[] = {
        { EVENT_USER_MESSAGE, 4 },
        { EVENT_SYSTEM_SET, 1 },
        { EVENT_PROMPT_QUEUED, 2 },
        { EVENT_PROMPT_WITHDRAWN, 1 },
        { EVENT_BRANCH_NAMED, 1 },
        { EVENT_PRUNED, 2 },
        { EVENT_RESTORED, 2 },
        { EVENT_ATTACHMENT_ADDED, 2 },
        { EVENT_NOTED, 1 },
        { EVENT_CALL_MADE, 2 },
        { EVENT_HEAD_MOVED, 2 },
        { EVENT_RUN_STARTED, 3 },
        { EVENT_RUN_FINISHED, 2 },
        { EVENT_ATTEMPT_STARTED, 4 },
        { EVENT_ATTEMPT_FINISHED, 10 },
        { EVENT_CONNECTED, 2 },
        { EVENT_MODEL_LOADING, 1 },
        { EVENT_TEXT_DELTA, 8 },
        { EVENT_THINKING_DELTA, 3 },
        { EVENT_TOOL_CALL_START, 9 },
        { EVENT_TOOL_CALL_DELTA, 6 },
        { EVENT_TOOL_CALL_END, 9 },
        { EVENT_TOOL_STARTED, 12 },
        { EVENT_TOOL_OUTPUT, 6 },
        { EVENT_TOOL_FINISHED, 12 },
        { EVENT_RELAY_ASKED, 2 },
        { EVENT_RELAY_ANSWERED, 2 },
        { EVENT_CONSENT_ASKED, 1 },
        { EVENT_CONSENT_ANSWERED, 3 },
        { EVENT_USAGE, 2 },
        { EVENT_RETRY_SCHEDULED, 2 },
        { EVENT_FELL_BACK, 1 },
        { EVENT_RATE_LIMITS, 1 },
        { EVENT_SUPERSEDED, 3 },
        { EVENT_SUMMARISED, 3 },
        { EVENT_FOLDED, 4 },
        { EVENT_PINNED, 2 },
        { EVENT_LEFT_OUT, 5 },
        { EVENT_PREFERENCE, 2 },
        { EVENT_PRIVACY_MARKED, 4 },
        { EVENT_REMEMBERED, 2 },
        { EVENT_RECALLED, 2 },
        { EVENT_FORGOTTEN, 1 },
    };
    uint32_t total = 0;
    for (size_t i = 0; i < COUNTOF(rows); i++)
        total += rows[i].weight;
    uint32_t at = random_below(random, total);
    size_t row = 0;
    while (at >= rows[row].weight)
        at -= rows[row++].weight;
    return rows[row].type;
}

static void stamp(struct random_log *random, const struct graph *graph,
                  struct event *event)
{
    uint32_t runs = graph_run_count(graph);
    event->run = runs - (runs > 1 && random_below(random, 6) == 0);
    const struct run *run = graph_run(graph, event->run);
    event->attempt = run ? (uint32_t)run->attempts.count : 0;
    if (event->type == EVENT_RUN_STARTED)
        event->run = runs + 1;
    if (event->type == EVENT_ATTEMPT_STARTED)
        event->attempt++;
}

void random_event(struct random_log *random, const struct graph *graph,
                  struct event *event)
{
    bool is_wild = random_below(random, 100) < random->wild_share;
    *event = (struct event){ .at = 1 + (int64_t)graph_seq(graph) };
    if (is_wild) {
        event->type = (enum event_type)random_below(random, EVENT_TYPE_COUNT);
        event->run = random_below(random, 5);
        event->attempt = random_below(random, 4);
    } else {
        event->type =
            random_below(random, 4) == 0 ? pick_next(graph) : pick_type(random);
        stamp(random, graph, event);
    }
    add_fields(random, graph, event);
}
