/* SPDX-License-Identifier: MIT */
/* Events in any order: the graph is sound and its requests are legal, views that
 * caught up are those of a new reader, and so is a graph that was folded from
 * the log as it is kept on disk; what was rejected changed nothing. */
#include "graph/budget.h"
#include "graph/log.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/graph_dump.h"
#include "tests/support/graph_fault.h"
#include "tests/support/random_log.h"

enum { EVENTS_MAX = 400 };

struct world {
    struct log *log;
    struct graph *graph;
    struct thread thread;
    struct messages *messages;
    struct budget *budget;
};

static void require_none(const char *fault)
{
    fuzz_require(!fault, fault ? fault : "");
}

static void add(struct world *world, struct event *event)
{
    struct event read;
    uint64_t seq = log_append(world->log, event);
    fuzz_require(log_read(world->log, seq, &read), "what is kept can be read");
    graph_apply(world->graph, &read);
}

static void catch_up(struct world *world)
{
    thread_catch_up(&world->thread, world->graph);
    messages_catch_up(world->messages, world->graph, graph_head(world->graph));
    budget_catch_up(world->budget, world->graph);
    require_none(messages_fault(world->messages));
    require_none(thread_fault(&world->thread, world->graph));
}

static void apply(void *context, const struct event *event)
{
    graph_apply(context, event);
}

/* What the views say, as text. */
static void dump_views(struct buf *out, const struct world *world)
{
    for (size_t i = 0; i < world->thread.entries.count; i++) {
        const struct thread_entry *entry = &world->thread.entries.items[i];
        buf_printf(out, "%d/%d/%d/%d ", (int)entry->node_id, (int)entry->level,
                   (int)entry->changed, (int)entry->pending);
    }
    graph_dump_messages(out, world->messages);
    buf_printf(out, "%d %d\n", (int)budget_total(world->budget),
               (int)budget_reported(world->budget));
}

static struct world begin(void)
{
    return (struct world){
        .log = log_new(),
        .graph = graph_new(),
        .messages = messages_new(),
        .budget = budget_new(),
    };
}

static void end(struct world *world)
{
    thread_clear(&world->thread);
    messages_free(world->messages);
    budget_free(world->budget);
    graph_free(world->graph);
    log_free(world->log);
}

/* The log as it is kept, read and folded by another. */
static struct world replay(const struct log *log)
{
    struct world world = begin();
    struct buf batch = { 0 };
    if (log_last_seq(log)) {
        log_pack(log, 1, SIZE_MAX, &batch);
        fuzz_require(
            log_unpack(world.log, buf_slice(&batch), apply, world.graph),
            "what was packed can be unpacked");
    }
    buf_clear(&batch);
    catch_up(&world);
    return world;
}

static void check_replay(const struct world *world)
{
    struct world other = replay(world->log);
    struct buf one = { 0 }, two = { 0 };
    graph_dump(&one, world->graph);
    graph_dump(&two, other.graph);
    fuzz_require_same(&one, &two, "the same log gives the same graph");
    buf_reset(&one);
    buf_reset(&two);
    dump_views(&one, world);
    dump_views(&two, &other);
    fuzz_require_same(&one, &two, "a view that caught up is a new one");
    buf_clear(&one);
    buf_clear(&two);
    end(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice input = fuzz_input(bytes, len);
    unsigned pace = 1 + fuzz_choice(&input) % 16;
    struct random_log random = { .wild_share = 5, .source = input };
    struct world world = begin();
    for (int i = 0; i < EVENTS_MAX && random.source.len > 0; i++) {
        struct event event;
        random_event(&random, world.graph, &event);
        add(&world, &event);
        if (i % (int)pace == 0)
            catch_up(&world);
    }
    catch_up(&world);
    require_none(graph_fault(world.graph));
    check_replay(&world);
    end(&world);
    return 0;
}
