/* SPDX-License-Identifier: MIT */
#include "ui/thread_lines.h"

#include <string.h>

static void cut_nodes(struct thread_lines *lines, size_t count)
{
    while (lines->nodes.count > count)
        node_view_clear(&lines->nodes.items[--lines->nodes.count]);
}

void thread_lines_clear(struct thread_lines *lines)
{
    cut_nodes(lines, 0);
    array_clear(&lines->nodes);
    node_view_clear(&lines->tail);
    array_clear(&lines->folds);
}

/* The first choice that is of this node or a later one. */
static size_t find_fold(const struct thread_lines *lines, uint64_t node_id)
{
    size_t low = 0, high = lines->folds.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lines->folds.items[middle].node_id < node_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_fold_of(const struct thread_lines *lines, size_t index,
                       uint64_t node_id)
{
    return index < lines->folds.count &&
           lines->folds.items[index].node_id == node_id;
}

bool thread_lines_unfolded(const struct thread_lines *lines, uint64_t node_id,
                           bool others)
{
    size_t index = find_fold(lines, node_id);
    return is_fold_of(lines, index, node_id)
               ? lines->folds.items[index].unfolded
               : others;
}

void thread_lines_unfold(struct thread_lines *lines, uint64_t node_id,
                         bool unfolded)
{
    size_t index = find_fold(lines, node_id);
    if (!is_fold_of(lines, index, node_id)) {
        array_add(&lines->folds);
        struct fold_choice *at = &lines->folds.items[index];
        memmove(at + 1, at, (lines->folds.count - 1 - index) * sizeof *at);
    }
    lines->folds.items[index] = (struct fold_choice){ node_id, unfolded };
}

void frame_catch_up(const struct frame *frame, const char *foot)
{
    struct thread_lines *lines = frame->lines;
    size_t count = frame_count(frame);
    cut_nodes(lines, count);
    while (lines->nodes.count < count)
        *array_add(&lines->nodes) = (struct node_view){ 0 };
    const struct path *path = &frame->thread->spans.path;
    node_view_update_tail(&lines->tail, &frame->setting,
                          path->nodes.count ? *array_last(&path->nodes) : 0,
                          foot);
}

size_t frame_count(const struct frame *frame)
{
    return frame->thread->entries.count;
}

/* A branch around it is folded. */
static bool is_hidden(const struct frame *frame,
                      const struct thread_entry *entry)
{
    const struct graph *graph = frame->setting.graph;
    const struct node *node = graph_node(graph, entry->node_id);
    for (uint32_t level = entry->level; level > 0; level--) {
        const struct node *root = graph_node(graph, node->branch_id);
        if (root->id != entry->node_id &&
            !thread_lines_unfolded(frame->lines, root->id,
                                   frame->setting.unfolded))
            return true;
        node = graph_node(graph, root->parent_id);
    }
    return false;
}

struct node_view *frame_node(const struct frame *frame, size_t index)
{
    struct thread_lines *lines = frame->lines;
    if (index >= frame_count(frame))
        return &lines->tail;
    const struct thread_entry *entry = &frame->thread->entries.items[index];
    struct node_setting setting = frame->setting;
    setting.unfolded =
        thread_lines_unfolded(lines, entry->node_id, setting.unfolded);
    setting.is_hidden = is_hidden(frame, entry);
    node_view_update(&lines->nodes.items[index], &setting, entry);
    return &lines->nodes.items[index];
}

size_t frame_lines(const struct frame *frame, size_t index)
{
    return node_view_lines(frame_node(frame, index));
}

bool position_is_before(struct position a, struct position b)
{
    return a.index != b.index ? a.index < b.index : a.line < b.line;
}

struct position frame_up(const struct frame *frame, struct position position,
                         uint64_t lines)
{
    while (lines > position.line && position.index > 0) {
        lines -= position.line;
        position.index--;
        position.line = frame_lines(frame, position.index);
    }
    position.line -= lines < position.line ? lines : position.line;
    return position;
}

struct position frame_down(const struct frame *frame, struct position position,
                           uint64_t lines)
{
    for (;;) {
        size_t count = frame_lines(frame, position.index);
        size_t below = count > position.line ? count - position.line : 0;
        if (lines < below) {
            position.line += lines;
            return position;
        }
        if (position.index >= frame_count(frame)) {
            position.line = count;
            return position;
        }
        lines -= below;
        position = (struct position){ position.index + 1, 0 };
    }
}

struct position frame_last_page(const struct frame *frame)
{
    struct position end = { frame_count(frame), 0 };
    end.line = frame_lines(frame, end.index);
    return frame_up(frame, end, frame->height);
}

bool frame_shows_end(const struct frame *frame, struct position position)
{
    struct position end = frame_down(frame, position, frame->height);
    return end.index >= frame_count(frame) &&
           end.line >= frame_lines(frame, end.index);
}

bool frame_find_node(const struct frame *frame, uint64_t node_id, size_t *index)
{
    const struct thread *thread = frame->thread;
    size_t count = frame_count(frame);
    if (*index < count && thread->entries.items[*index].node_id == node_id)
        return true;
    size_t found = thread_find(thread, frame->setting.graph, node_id);
    for (size_t i = 0; found == count && i < count; i++)
        if (thread->entries.items[i].node_id == node_id)
            found = i;
    if (found < count)
        *index = found;
    return found < count;
}

/* Where a node is now; false if it is not on the path. */
static bool find_node(const struct frame *frame, struct anchor *anchor)
{
    size_t count = frame_count(frame);
    size_t *index = &anchor->position.index;
    if (!anchor->node_id) {
        *index = *index < count ? *index : count;
        return true;
    }
    return frame_find_node(frame, anchor->node_id, index);
}

/* The lines of a node are numbered from here on as they are now. */
static void count_as(struct anchor *anchor, const struct node_view *node)
{
    anchor->width = node->width;
    anchor->unfolded = node->unfolded;
    anchor->ascii = node->ascii;
}

bool frame_find(const struct frame *frame, struct anchor *anchor)
{
    if (!find_node(frame, anchor))
        return false;
    const struct node_view *node = frame_node(frame, anchor->position.index);
    if (anchor->width != node->width || anchor->unfolded != node->unfolded ||
        anchor->ascii != node->ascii)
        anchor->position.line = node_view_line(node, anchor->place);
    count_as(anchor, node);
    size_t count = node_view_lines(node);
    if (anchor->position.line > count)
        anchor->position.line = count;
    return true;
}

struct anchor frame_anchor(const struct frame *frame, struct position position)
{
    const struct node_view *node = frame_node(frame, position.index);
    struct anchor anchor = { .position = position,
                             .node_id = node->entry.node_id };
    count_as(&anchor, node);
    if (position.line < node_view_lines(node))
        anchor.place = node_view_place(node, position.line);
    return anchor;
}

struct anchor frame_end_anchor(const struct frame *frame)
{
    struct position end = { frame_count(frame), 0 };
    if (end.index > 0)
        end.index--;
    end.line = frame_lines(frame, end.index);
    struct anchor anchor = frame_anchor(frame, end);
    anchor.place = node_view_end(frame_node(frame, end.index));
    return anchor;
}
