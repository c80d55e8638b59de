/* SPDX-License-Identifier: MIT */
#include "ui/thread_focus.h"

/* Focus a node, or the nearest before it that has a line: a tool may give
 * nothing back. A root always has one. */
static void set(struct thread_focus *focus, const struct frame *frame,
                size_t index)
{
    while (index > 0 && frame_lines(frame, index) == 0)
        index--;
    focus->index = index;
    focus->node_id = frame->thread->entries.items[index].node_id;
}

/* The next node that has a line; as many as there are: none. */
static size_t after(const struct frame *frame, size_t index)
{
    do {
        index++;
    } while (index < frame_count(frame) && frame_lines(frame, index) == 0);
    return index;
}

bool thread_focus_keep(struct thread_focus *focus, const struct frame *frame)
{
    size_t count = frame_count(frame);
    if (!focus->node_id)
        return false;
    if (count == 0) {
        *focus = (struct thread_focus){ 0 };
        return true;
    }
    uint64_t old_id = focus->node_id;
    size_t index = focus->index;
    if (!frame_find_node(frame, old_id, &index) && index >= count)
        index = count - 1;
    set(focus, frame, index);
    return focus->node_id != old_id;
}

/* The line that names a node. */
static struct position head_of(const struct frame *frame, size_t index)
{
    return (struct position){ index,
                              node_view_head_line(frame_node(frame, index)) };
}

static struct position end_of(const struct frame *frame, size_t index)
{
    return (struct position){ index, frame_lines(frame, index) };
}

static bool is_in_view(const struct frame *frame, size_t index,
                       struct position top, struct position bottom)
{
    return position_is_before(top, end_of(frame, index)) &&
           position_is_before(head_of(frame, index), bottom);
}

/* The node that the first or last line in view is of. */
static size_t node_in_view(const struct frame *frame, struct position top,
                           bool last)
{
    size_t count = frame_count(frame);
    size_t lines = last && frame->height ? frame->height - 1 : 0;
    struct position at = frame_down(frame, top, lines);
    size_t index = at.index < count ? at.index : count - 1;
    /* Of a node whose name is still below the view, the one before it is meant,
     * if there is any of that. */
    if (last && index > 0 && position_is_before(at, head_of(frame, index)) &&
        position_is_before(top, end_of(frame, index - 1)))
        index--;
    return index;
}

static struct position later(struct position a, struct position b)
{
    return position_is_before(a, b) ? b : a;
}

static struct position earlier(struct position a, struct position b)
{
    return position_is_before(a, b) ? a : b;
}

struct position thread_focus_reveal(const struct thread_focus *focus,
                                    const struct frame *frame,
                                    struct position top)
{
    if (!focus->node_id)
        return top;
    struct position head = head_of(frame, focus->index);
    struct position end = end_of(frame, focus->index);
    if (position_is_before(head, top) || end.line - head.line > frame->height)
        return head;
    return later(top, frame_up(frame, end, frame->height));
}

/* The last page, unless what belongs to no node fills it. */
static struct position reveal_last(const struct thread_focus *focus,
                                   const struct frame *frame)
{
    struct position top = frame_last_page(frame);
    struct position bottom = frame_down(frame, top, frame->height);
    if (is_in_view(frame, focus->index, top, bottom))
        return top;
    return thread_focus_reveal(focus, frame, top);
}

/* One line of the old page stays in view. */
static size_t page(const struct frame *frame)
{
    return frame->height > 1 ? frame->height - 1 : 1;
}

static struct position move_next(struct thread_focus *focus,
                                 const struct frame *frame, struct position top,
                                 struct position bottom)
{
    struct position end = end_of(frame, focus->index);
    if (position_is_before(bottom, end))
        return earlier(frame_down(frame, top, page(frame)),
                       frame_up(frame, end, frame->height));
    size_t next = after(frame, focus->index);
    if (next >= frame_count(frame))
        return reveal_last(focus, frame);
    set(focus, frame, next);
    return thread_focus_reveal(focus, frame, top);
}

static struct position move_previous(struct thread_focus *focus,
                                     const struct frame *frame,
                                     struct position top)
{
    struct position head = head_of(frame, focus->index);
    if (position_is_before(head, top))
        return later(frame_up(frame, top, page(frame)), head);
    if (focus->index == 0)
        return (struct position){ 0, 0 };
    set(focus, frame, focus->index - 1);
    return thread_focus_reveal(focus, frame, top);
}

/* Take up what is in view. Nothing is scrolled, unless only what belongs to no
 * node is in view. */
static struct position take_up(struct thread_focus *focus,
                               const struct frame *frame, struct position top,
                               bool last)
{
    struct position bottom = frame_down(frame, top, frame->height);
    set(focus, frame, node_in_view(frame, top, last));
    if (frame->height == 0 || is_in_view(frame, focus->index, top, bottom))
        return top;
    return thread_focus_reveal(focus, frame, top);
}

/* To a neighbour, or to what is in view if the focus is not. */
static struct position move_by_one(struct thread_focus *focus,
                                   const struct frame *frame,
                                   struct position top, bool is_next)
{
    struct position bottom = frame_down(frame, top, frame->height);
    if (!focus->node_id || !is_in_view(frame, focus->index, top, bottom)) {
        return take_up(focus, frame, top, !is_next);
    }
    return is_next ? move_next(focus, frame, top, bottom)
                   : move_previous(focus, frame, top);
}

struct position thread_focus_move(struct thread_focus *focus,
                                  const struct frame *frame,
                                  struct position top, enum focus_move move)
{
    size_t count = frame_count(frame);
    if (move == FOCUS_NONE || count == 0) {
        *focus = (struct thread_focus){ 0 };
        return top;
    }
    switch (move) {
    case FOCUS_NONE: break;
    case FOCUS_NEWEST: return take_up(focus, frame, top, true);
    case FOCUS_NEXT: return move_by_one(focus, frame, top, true);
    case FOCUS_PREVIOUS: return move_by_one(focus, frame, top, false);
    case FOCUS_FIRST: set(focus, frame, 0); return (struct position){ 0, 0 };
    case FOCUS_LAST:
        set(focus, frame, count - 1);
        return reveal_last(focus, frame);
    }
    return top;
}
