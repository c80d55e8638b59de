/* SPDX-License-Identifier: MIT */
#include "tests/support/graph_dump.h"

#include <inttypes.h>

#include "base/compiler.h"
#include "graph/private_mark.h"

static const char *const kinds[] = { "user", "assistant", "tool", "note" };
static const char *const blocks[] = { "text",   "thinking",   "call",
                                      "output", "attachment", "error",
                                      "note",   "memory" };

static void dump_ids(struct buf *out, const char *name, const uint64_t *ids,
                     size_t count)
{
    buf_printf(out, " %s", name);
    for (size_t i = 0; i < count; i++)
        buf_printf(out, ",%" PRIu64, ids[i]);
}

static void dump_node(struct buf *out, const struct graph *graph,
                      const struct node *node)
{
    buf_printf(
        out,
        "node %" PRIu64 " %s parent %" PRIu64 "%s %u.%u depth %u %u/%u "
        "at %" PRId64 " changed %" PRIu64 "%s%s call %u visited %" PRIu64,
        node->id, kinds[node->kind], node->parent_id,
        node->edge == EDGE_SPAWNED ? " spawned" : "", node->run, node->attempt,
        node->depth, node->sibling, graph_sibling_count(graph, node), node->at,
        node->changed, node->is_open ? " open" : "",
        node->is_superseded ? " superseded" : "", node->call,
        node->visited_child);
    dump_ids(out, "children", node->children.items, node->children.count);
    dump_ids(out, "spawned", node->spawned.items, node->spawned.count);
    dump_ids(out, "hidden", node->pruned.items, node->pruned.count);
    buf_printf(out, " branch %" PRIu64 " spawner %u run %u summaries %u %u",
               node->branch_id, node->spawner, node->spawned_run,
               node->summary_from, node->summary_to);
    buf_printf(out, "%s%s%s%s", node->is_pruned ? " pruned" : "",
               node->is_continued ? " continued" : "",
               node->name ? " named " : "", node->name ? node->name : "");
    buf_append_char(out, '\n');
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        buf_printf(out, "  %s %u%s %" PRId64 " %" PRId64 " '%s' '",
                   blocks[block->kind], block->call,
                   block->is_refusal ? " refusal" : "", block->started_at,
                   block->ended_at, buf_string(&block->name));
        if (block->tokens)
            buf_printf(out, "%u tokens ", block->tokens);
        buf_append_slice(out, buf_slice(&block->text));
        buf_append_char(out, '\'');
        if (block->image)
            buf_printf(out, " image '%s' '%s' '%s' %zu",
                       block->image->media_type, block->image->alt,
                       block->image->url, block->image->data.len);
        buf_append_char(out, '\n');
    }
    for (size_t i = 0; i < node->opaques.count; i++) {
        const struct opaque *opaque = &node->opaques.items[i];
        buf_printf(out, "  opaque '%s' call %u at %zu %zu '%.*s'\n",
                   opaque->kind, opaque->call, opaque->block_count,
                   opaque->offset, SLICE_ARG(buf_slice(&opaque->json)));
    }
}

static void dump_attempt(struct buf *out, const struct attempt *attempt)
{
    const struct usage *usage = &attempt->usage;
    buf_printf(out,
               "  attempt %s node %" PRIu64 " '%s' '%s' '%s' '%s' '%s' '%s' %d",
               life_state_name(LIFE_ATTEMPT, attempt->state), attempt->node_id,
               attempt->endpoint, attempt->dialect, attempt->model,
               attempt->model_reported, attempt->finish_reason, attempt->error,
               attempt->is_vendor);
    buf_printf(
        out, " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " deltas %u",
        attempt->started_at, attempt->connected_at, attempt->first_delta_at,
        attempt->ended_at, attempt->delta_count);
    buf_printf(out,
               " usage %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64
               " %g %" PRId64 " %" PRId64 " %" PRId64 " estimated %g\n",
               usage->input, usage->output, usage->reasoning, usage->cached,
               usage->cache_write, usage->cost, usage->eval_ms,
               usage->prompt_ms, usage->load_ms, attempt->estimated_cost);
}

static void dump_run(struct buf *out, const struct graph *graph,
                     const struct run *run)
{
    buf_printf(out,
               "run %u %s prompt %" PRIu64 " leaf %" PRIu64 " head %" PRIu64
               "%s%s spawner %u before %u '%s' '%s' %" PRId64 " %" PRId64 "\n",
               run->id, life_state_name(LIFE_RUN, run->state), run->prompt_id,
               run->leaf_id, run->head_id, run->is_spawned ? " spawned" : "",
               graph_run_moves_head(graph, run) ? " moves" : "", run->spawner,
               run->spawned_before, run->finish_reason, run->error,
               run->started_at, run->ended_at);
    for (size_t i = 0; i < run->attempts.count; i++)
        dump_attempt(out, &run->attempts.items[i]);
}

static void dump_call(struct buf *out, const struct call *call)
{
    buf_printf(out,
               "call %u run %u node %" PRIu64 " block %u result %" PRIu64
               " %s '%s' '%s'%s%s '%s' %" PRId64 " %" PRId64 " %" PRId64 "\n",
               call->id, call->run, call->node_id, call->block, call->result_id,
               life_state_name(LIFE_CALL, call->state), call->server_id,
               call->name, call->has_ended ? " ended" : "",
               call->recovered ? " recovered" : "", buf_string(&call->output),
               call->asked_at, call->started_at, call->ended_at);
}

static void dump_summary(struct buf *out, const struct summary *summary)
{
    buf_printf(out,
               "summary %" PRIu64 " of %" PRIu64 " to %" PRIu64 "%s %" PRIu64
               " before %u %u '%s'\n",
               summary->seq, summary->first_id, summary->last_id,
               summary->is_folded ? " folded" : "", summary->switched,
               summary->from_before, summary->to_before, summary->text);
}

static void dump_rejected(struct buf *out, const struct graph *graph)
{
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        buf_printf(out, "rejected %d: %" PRIu64 "\n", i,
                   graph_rejected_count(graph, (enum reject_reason)i));
    for (size_t i = 0; i < graph_rejected_kept(graph); i++) {
        const struct rejected *rejected = graph_rejected(graph, i);
        buf_printf(out, "  %" PRIu64 " %s %d\n", rejected->seq,
                   event_type_name(rejected->type), rejected->reason);
    }
}

static void dump_shelf(struct buf *out, const struct graph *graph)
{
    const struct memory_list *shelf = graph_shelf(graph);
    for (size_t i = 0; i < shelf->items.count; i++) {
        const struct memory_entry *entry = &shelf->items.items[i];
        buf_printf(out,
                   "entry %" PRIu64 " %s '%s' '%s' %g %" PRId64 " %" PRId64
                   " %" PRIu64 "%s\n",
                   entry->id, memory_tier_name(entry->tier), entry->text,
                   entry->tags, entry->importance, entry->made_at,
                   entry->used_at, entry->uses,
                   entry->is_private ? " private" : "");
    }
}

static void dump_mark(struct buf *out, const struct private_mark *mark)
{
    buf_printf(out, "mark %" PRIu64 " %s of %" PRIu64 " '%s' '%s' %s\n",
               mark->seq, mark_kind_name(mark->kind), mark->node_id, mark->rule,
               mark->where, mark->is_on ? "on" : "off");
}

void graph_dump(struct buf *out, const struct graph *graph)
{
    buf_printf(out,
               "seq %" PRIu64 " head %" PRIu64 " revision %" PRIu64
               " title '%s' system '%s' %" PRIu64 " active run %u\n",
               graph_seq(graph), graph_head(graph), graph_head_revision(graph),
               graph_title(graph), graph_system(graph), graph_system_seq(graph),
               graph_active_run(graph));
    for (size_t i = 0; i < graph_node_count(graph); i++)
        dump_node(out, graph, graph_node_at(graph, i));
    for (uint32_t i = 1; i <= graph_run_count(graph); i++)
        dump_run(out, graph, graph_run(graph, i));
    for (uint32_t i = 1; i <= graph_call_count(graph); i++)
        dump_call(out, graph_call(graph, i));
    for (uint32_t i = 1; i <= graph_summary_count(graph); i++)
        dump_summary(out, graph_summary(graph, i));
    for (size_t i = 0; i < graph_mark_count(graph); i++)
        dump_mark(out, graph_mark_at(graph, i));
    dump_shelf(out, graph);
    for (size_t i = 0; i < graph_queue_count(graph); i++)
        buf_printf(
            out, "queued %" PRIu64 " %d %" PRIu64 " '%s'\n",
            graph_queued(graph, i)->id, graph_queued(graph, i)->has_parent,
            graph_queued(graph, i)->parent_id, graph_queued(graph, i)->text);
    const struct change *change = graph_last_change(graph);
    if (change)
        buf_printf(out,
                   "change %" PRIu64 " %s node %" PRIu64 " head %" PRIu64
                   " '%s'\n",
                   change->seq, event_type_name(change->type), change->node_id,
                   change->head_id, change->name ? change->name : "");
    if (change && change->last_seq != change->seq)
        buf_printf(out, "to %" PRIu64 "\n", change->last_seq);
    buf_append_string(out, "changed");
    uint64_t id = 0;
    while ((id = graph_changed_before(graph, id)) != 0)
        buf_printf(out, " %" PRIu64, id);
    buf_append_char(out, '\n');
    dump_rejected(out, graph);
}

static void dump_step(struct buf *out, const struct node *node)
{
    buf_printf(out, "%s%s", node->edge == EDGE_SPAWNED ? "spawned " : "",
               kinds[node->kind]);
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        if (block->kind != BLOCK_TEXT && block->kind != BLOCK_OUTPUT)
            buf_printf(out, " %s", blocks[block->kind]);
        if (block->kind == BLOCK_CALL)
            buf_printf(out, " %u", block->call);
        buf_printf(out, " '%s'", buf_string(&block->text));
    }
}

void graph_dump_path(struct buf *out, const struct graph *graph, uint64_t id)
{
    const struct node *node = graph_node(graph, id);
    if (!node)
        return;
    if (node->parent_id) {
        graph_dump_path(out, graph, node->parent_id);
        buf_append_string(out, " / ");
    }
    dump_step(out, node);
}

static void dump_message(struct buf *out, const struct message *message)
{
    static const char *const roles[] = { "system", "user", "assistant",
                                         "tool" };
    buf_append_string(out, roles[message->role]);
    if (message->role == ROLE_TOOL)
        buf_printf(out, " %u %.*s %.*s", message->call, SLICE_ARG(message->id),
                   SLICE_ARG(message->name));
    buf_append_string(out, " '");
    buf_append_slice(out, message->text);
    buf_append_char(out, '\'');
    for (size_t i = 0; i < message->call_count; i++) {
        const struct message_call *call = &message->calls[i];
        buf_printf(out, " [%u %.*s %.*s %.*s]", call->call, SLICE_ARG(call->id),
                   SLICE_ARG(call->name), SLICE_ARG(call->arguments));
    }
    buf_append_char(out, '\n');
}

static void dump_part(struct buf *out, const struct message *message,
                      const struct message_part *part)
{
    static const char *const part_kinds[] = { "text", "thinking", "call",
                                              "opaque" };
    buf_printf(out, " %s", part_kinds[part->kind]);
    if (part->call_index != MESSAGE_NO_CALL)
        buf_printf(out, " %u", message->calls[part->call_index].call);
    if (part->name.len)
        buf_printf(out, " %.*s", SLICE_ARG(part->name));
    if (part->kind != MESSAGE_CALL)
        buf_printf(out, " '%.*s'", SLICE_ARG(part->text));
}

void graph_dump_parts(struct buf *out, const struct message *message)
{
    buf_printf(out, "%s/%s/%s:", message->maker.endpoint,
               message->maker.dialect, message->maker.model);
    for (size_t i = 0; i < message->part_count; i++)
        dump_part(out, message, &message->parts[i]);
}

void graph_dump_messages(struct buf *out, const struct messages *messages)
{
    for (size_t i = 0; i < messages_count(messages); i++)
        dump_message(out, messages_at(messages, i));
}
