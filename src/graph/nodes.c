/* SPDX-License-Identifier: MIT */
#include "graph/nodes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void nodes_init(struct nodes *nodes)
{
    *nodes = (struct nodes){ 0 };
    *array_add(&nodes->records) = memory_zero(1, sizeof(struct node_record));
}

static void free_image(struct image *image)
{
    if (!image)
        return;
    free(image->media_type);
    free(image->alt);
    free(image->url);
    buf_clear(&image->data);
    free(image);
}

static void clear_blocks(struct node *node)
{
    for (size_t i = 0; i < node->blocks.count; i++) {
        buf_clear(&node->blocks.items[i].text);
        buf_clear(&node->blocks.items[i].name);
        free_image(node->blocks.items[i].image);
    }
    array_clear(&node->blocks);
}

static void clear_opaques(struct node *node)
{
    for (size_t i = 0; i < node->opaques.count; i++) {
        free(node->opaques.items[i].kind);
        buf_clear(&node->opaques.items[i].json);
    }
    array_clear(&node->opaques);
}

static void clear_record(struct node_record *record)
{
    clear_blocks(&record->node);
    clear_opaques(&record->node);
    array_clear(&record->node.children);
    array_clear(&record->node.pruned);
    array_clear(&record->node.spawned);
    free(record->node.name);
    free(record);
}

void nodes_clear(struct nodes *nodes)
{
    for (size_t i = 0; i < nodes->records.count; i++)
        clear_record(nodes->records.items[i]);
    array_clear(&nodes->records);
    array_clear(&nodes->by_seq);
}

struct node_record *nodes_find(const struct nodes *nodes, uint64_t id)
{
    uint32_t index = id < nodes->by_seq.count ? nodes->by_seq.items[id] : 0;
    return index ? nodes->records.items[index] : NULL;
}

/* Like nodes_find(), and the record above the roots for 0. */
static struct node_record *find_or_top(const struct nodes *nodes, uint64_t id)
{
    return id ? nodes_find(nodes, id) : nodes->records.items[0];
}

static void unlink_record(struct nodes *nodes, struct node_record *record)
{
    if (record->newer)
        record->newer->older = record->older;
    else if (nodes->newest == record)
        nodes->newest = record->older;
    if (record->older)
        record->older->newer = record->newer;
    record->newer = record->older = NULL;
}

void nodes_touch(struct nodes *nodes, struct node_record *record, uint64_t seq)
{
    record->node.changed = seq;
    if (nodes->newest == record)
        return;
    unlink_record(nodes, record);
    record->older = nodes->newest;
    if (nodes->newest)
        nodes->newest->newer = record;
    nodes->newest = record;
}

static void index_record(struct nodes *nodes, uint64_t id, uint32_t index)
{
    while (nodes->by_seq.count <= id)
        *array_add(&nodes->by_seq) = 0;
    nodes->by_seq.items[id] = index;
}

static bool is_on_active_path(const struct nodes *nodes,
                              const struct node_record *record)
{
    const struct node_record *at = nodes_find(nodes, nodes->head_id);
    while (at && at->node.depth > record->node.depth)
        at = nodes_find(nodes, at->node.parent_id);
    return at == record;
}

/* A branch that nobody looks at shall be found at the run's last answer and not
 * at the attempt that failed before it. */
static void prefer_child(struct nodes *nodes, struct node_record *parent,
                         const struct node_record *child)
{
    const struct node_record *visited =
        nodes_find(nodes, parent->node.visited_child);
    bool is_retry = visited && visited->node.run == child->node.run &&
                    visited->node.kind == NODE_ASSISTANT &&
                    child->node.kind == NODE_ASSISTANT;
    if (!visited || (is_retry && !is_on_active_path(nodes, visited)))
        parent->node.visited_child = child->node.id;
}

/* The sibling that is on screen, if any of them is, shows their count. */
static void touch_visited(struct nodes *nodes, const struct node *parent,
                          uint64_t seq)
{
    struct node_record *visited = nodes_find(nodes, parent->visited_child);
    if (visited)
        nodes_touch(nodes, visited, seq);
}

static void add_follower(struct nodes *nodes, struct node_record *parent,
                         struct node_record *child)
{
    touch_visited(nodes, &parent->node, child->node.id);
    child->node.sibling = (uint32_t)parent->node.children.count;
    *array_add(&parent->node.children) = child->node.id;
    prefer_child(nodes, parent, child);
}

struct node_record *nodes_open(struct nodes *nodes, const struct node *opening)
{
    struct node_record *parent = find_or_top(nodes, opening->parent_id);
    assert(parent && opening->id >= nodes->by_seq.count);
    struct node_record *record = memory_zero(1, sizeof *record);
    record->node = *opening;
    record->node.depth = opening->parent_id ? parent->node.depth + 1 : 0;
    index_record(nodes, opening->id, (uint32_t)nodes->records.count);
    *array_add(&nodes->records) = record;
    record->node.branch_id =
        opening->edge == EDGE_SPAWNED ? opening->id : parent->node.branch_id;
    if (opening->edge == EDGE_FOLLOWS)
        add_follower(nodes, parent, record);
    else
        *array_add(&parent->node.spawned) = opening->id;
    nodes_touch(nodes, record, opening->id);
    return record;
}

static uint64_t level(const struct node_record *record)
{
    return record->node.id ? (uint64_t)record->node.depth + 1 : 0;
}

static struct node_record *visit(struct nodes *nodes,
                                 const struct node_record *child)
{
    struct node_record *parent = find_or_top(nodes, child->node.parent_id);
    uint64_t id = child->node.id;
    if (child->node.edge != EDGE_FOLLOWS || parent->node.visited_child == id)
        return parent;
    parent->node.visited_child = id;
    /* A spawned branch is shown along its visited children, wherever the head
     * is. */
    if (parent->node.branch_id)
        nodes_touch(nodes, parent, nodes->seq);
    return parent;
}

void nodes_move_head(struct nodes *nodes, uint64_t id)
{
    const struct node_record *from = find_or_top(nodes, nodes->head_id);
    const struct node_record *to = find_or_top(nodes, id);
    assert(to);
    if (from == to)
        return;
    nodes->head_id = id;
    nodes->head_revision++;
    while (from != to) {
        if (level(to) >= level(from))
            to = visit(nodes, to);
        else
            from = find_or_top(nodes, from->node.parent_id);
    }
}

/* The head is, and all that it hangs on: what is added to the path costs no walk
 * to its root. */
bool nodes_is_shown(const struct nodes *nodes, uint64_t id)
{
    const struct node_record *record =
        nodes->pruned_count ? nodes_find(nodes, id) : NULL;
    while (record && !record->node.is_pruned &&
           record->node.id != nodes->head_id)
        record = nodes_find(nodes, record->node.parent_id);
    return !record || !record->node.is_pruned;
}

/* A node is older than what hangs on it. */
bool nodes_is_below(const struct nodes *nodes, uint64_t id, uint64_t top_id)
{
    const struct node_record *record = nodes_find(nodes, id);
    while (record && record->node.id > top_id)
        record = nodes_find(nodes, record->node.parent_id);
    return record && record->node.id == top_id;
}

uint64_t nodes_deepest(const struct nodes *nodes, uint64_t id)
{
    const struct node_record *record = find_or_top(nodes, id);
    const struct node_record *next = record ? record : nodes->records.items[0];
    uint64_t leaf_id = 0;
    for (; next; next = nodes_find(nodes, next->node.visited_child))
        leaf_id = next->node.id;
    return leaf_id;
}

static struct node *parent_of(const struct nodes *nodes,
                              const struct node_record *record)
{
    struct node_record *parent = find_or_top(nodes, record->node.parent_id);
    assert(parent);
    return &parent->node;
}

static void take_out(uint64_t *ids, size_t *count, uint64_t id)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (ids[i] != id)
            ids[kept++] = ids[i];
    }
    *count = kept;
}

/* The last one was added: move it to where it stands in order. */
static void settle(uint64_t *ids, size_t count)
{
    uint64_t id = ids[count - 1];
    size_t place = count - 1;
    for (; place > 0 && ids[place - 1] > id; place--)
        ids[place] = ids[place - 1];
    ids[place] = id;
}

static void renumber(const struct nodes *nodes, const struct node *parent)
{
    for (size_t i = 0; i < parent->children.count; i++) {
        struct node_record *child =
            nodes_find(nodes, parent->children.items[i]);
        if (child)
            child->node.sibling = (uint32_t)i;
    }
}

void nodes_prune(struct nodes *nodes, struct node_record *record, uint64_t seq)
{
    struct node *parent = parent_of(nodes, record);
    uint64_t id = record->node.id, next_id = 0;
    bool has_head = nodes_is_below(nodes, nodes->head_id, id);
    size_t place = record->node.sibling;
    take_out(parent->children.items, &parent->children.count, id);
    *array_add(&parent->pruned) = id;
    settle(parent->pruned.items, parent->pruned.count);
    record->node.is_pruned = true;
    record->node.sibling = 0;
    nodes->pruned_count++;
    renumber(nodes, parent);
    if (parent->children.count)
        next_id = parent->children.items[place ? place - 1 : 0];
    if (parent->visited_child == id)
        parent->visited_child = next_id;
    touch_visited(nodes, parent, seq);
    nodes_touch(nodes, record, seq);
    if (has_head)
        nodes_move_head(nodes,
                        nodes_deepest(nodes, next_id ? next_id : parent->id));
}

void nodes_restore(struct nodes *nodes, struct node_record *record,
                   uint64_t seq)
{
    struct node *parent = parent_of(nodes, record);
    uint64_t id = record->node.id;
    take_out(parent->pruned.items, &parent->pruned.count, id);
    *array_add(&parent->children) = id;
    settle(parent->children.items, parent->children.count);
    record->node.is_pruned = false;
    nodes->pruned_count--;
    renumber(nodes, parent);
    if (!parent->visited_child)
        parent->visited_child = id;
    touch_visited(nodes, parent, seq);
    nodes_touch(nodes, record, seq);
}

static uint64_t extent(const struct block *block)
{
    return block->kind == BLOCK_CALL ? 1 : block->text.len;
}

/* How many of the node's opaques stand before a place. */
static size_t count_before(const struct node *node, uint64_t place)
{
    uint64_t passed = 0; /* of the blocks before that of the opaque */
    size_t index = 0, block = 0;
    for (; index < node->opaques.count; index++) {
        const struct opaque *opaque = &node->opaques.items[index];
        uint64_t within = 0;
        while (block + 1 < opaque->block_count)
            passed += extent(&node->blocks.items[block++]);
        if (opaque->block_count)
            within = extent(&node->blocks.items[block]);
        if (opaque->offset && opaque->offset < within)
            within = opaque->offset;
        if (passed + within + index >= place)
            break;
    }
    return index;
}

/* Place an opaque in or behind the block that ends there. */
static void find_block(const struct node *node, uint64_t place,
                       struct opaque *opaque)
{
    opaque->block_count = opaque->offset = 0;
    while (place && opaque->block_count < node->blocks.count) {
        uint64_t room = extent(&node->blocks.items[opaque->block_count++]);
        opaque->offset = (size_t)(place < room ? place : room);
        place -= opaque->offset;
    }
}

void node_take_opaque(struct node *node, const struct opaque *opaque,
                      uint64_t place)
{
    size_t index = node->opaques.count;
    struct opaque placed = *opaque;
    if (place == UINT64_MAX) {
        placed.block_count = node->blocks.count;
        placed.offset =
            placed.block_count ? array_last(&node->blocks)->text.len : 0;
    } else {
        index = count_before(node, place);
        find_block(node, place - index, &placed);
    }
    array_add(&node->opaques);
    struct opaque *list = node->opaques.items;
    memmove(&list[index + 1], &list[index],
            (node->opaques.count - 1 - index) * sizeof *list);
    list[index] = placed;
}

struct block *node_add_block(struct node *node, enum block_kind kind,
                             int64_t at)
{
    struct block *block = array_add(&node->blocks);
    *block = (struct block){ .kind = kind, .started_at = at, .ended_at = at };
    return block;
}
