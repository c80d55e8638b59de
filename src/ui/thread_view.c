/* SPDX-License-Identifier: MIT */
#include "ui/thread_view.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ui/node_view.h"

/* A line of the conversation: of a node of the path, or of the tail, which
 * comes after the last node. */
struct position {
    size_t index;
    size_t line;
};

/* A line that is found again when nodes and widths have changed. */
struct anchor {
    struct position position;
    uint64_t node_id; /* 0: the tail */
    struct node_place place;
    int width; /* that the position was counted with */
    bool unfolded, ascii;
};

struct thread_view {
    ARRAY_OF(struct node_view) nodes; /* as thread->entries */
    struct node_view tail;
    struct buf notice, welcome;
    bool ascii, unfolded;
    bool is_following;
    bool wants_start;    /* the next draw begins with the first line */
    int64_t wants_lines; /* and the next draw moves by so many */
    int height;          /* of the last draw */
    struct anchor top;   /* the first line in view */
    struct anchor left;  /* the last line when the view left the end */
    size_t new_lines;
    uint64_t work;
};

/* What a draw works with. */
struct frame {
    struct thread_view *view;
    const struct thread *thread;
    struct node_setting setting;
    size_t height;
};

struct thread_view *thread_view_new(void)
{
    struct thread_view *view = memory_zero(1, sizeof *view);
    view->is_following = true;
    return view;
}

static void cut_nodes(struct thread_view *view, size_t count)
{
    while (view->nodes.count > count)
        node_view_clear(&view->nodes.items[--view->nodes.count]);
}

void thread_view_free(struct thread_view *view)
{
    if (!view)
        return;
    cut_nodes(view, 0);
    array_clear(&view->nodes);
    node_view_clear(&view->tail);
    buf_clear(&view->notice);
    buf_clear(&view->welcome);
    free(view);
}

void thread_view_notice(struct thread_view *view, const char *text)
{
    buf_reset(&view->notice);
    buf_append_string(&view->notice, text);
}

void thread_view_welcome(struct thread_view *view, const char *text)
{
    buf_reset(&view->welcome);
    buf_append_string(&view->welcome, text);
}

void thread_view_set_ascii(struct thread_view *view, bool ascii)
{
    view->ascii = ascii;
}

void thread_view_unfold(struct thread_view *view, bool unfolded)
{
    view->unfolded = unfolded;
}

bool thread_view_is_unfolded(const struct thread_view *view)
{
    return view->unfolded;
}

static size_t node_count(const struct frame *frame)
{
    return frame->thread->entries.count;
}

/* The view of a node, brought up to it, or the tail. */
static struct node_view *view_at(const struct frame *frame, size_t index)
{
    struct thread_view *view = frame->view;
    if (index >= node_count(frame))
        return &view->tail;
    struct node_view *node = &view->nodes.items[index];
    node_view_update(node, &frame->setting,
                     &frame->thread->entries.items[index]);
    return node;
}

static size_t lines_at(const struct frame *frame, size_t index)
{
    return node_view_lines(view_at(frame, index));
}

static struct position move_up(const struct frame *frame,
                               struct position position, uint64_t lines)
{
    while (lines > position.line && position.index > 0) {
        lines -= position.line;
        position.index--;
        position.line = lines_at(frame, position.index);
    }
    position.line -= lines < position.line ? lines : position.line;
    return position;
}

static struct position move_down(const struct frame *frame,
                                 struct position position, uint64_t lines)
{
    for (;;) {
        size_t count = lines_at(frame, position.index);
        size_t below = count > position.line ? count - position.line : 0;
        if (lines < below) {
            position.line += lines;
            return position;
        }
        if (position.index >= node_count(frame)) {
            position.line = count;
            return position;
        }
        lines -= below;
        position = (struct position){ position.index + 1, 0 };
    }
}

/* The first line of a view that shows the end. */
static struct position last_page(const struct frame *frame)
{
    struct position end = { node_count(frame), 0 };
    end.line = lines_at(frame, end.index);
    return move_up(frame, end, frame->height);
}

/* Nothing is below a view that begins here. */
static bool shows_end(const struct frame *frame, struct position position)
{
    struct position end = move_down(frame, position, frame->height);
    return end.index >= node_count(frame) &&
           end.line >= lines_at(frame, end.index);
}

/* Where a node is now; false if it is not on the path. */
static bool find_node(const struct frame *frame, struct anchor *anchor)
{
    size_t count = node_count(frame);
    size_t index = anchor->position.index;
    if (!anchor->node_id) {
        anchor->position.index = index < count ? index : count;
        return true;
    }
    if (index < count &&
        frame->thread->entries.items[index].node_id == anchor->node_id)
        return true;
    for (size_t i = 0; i < count; i++) {
        if (frame->thread->entries.items[i].node_id == anchor->node_id) {
            anchor->position.index = i;
            return true;
        }
    }
    return false;
}

/* Find the line of an anchor again; false if its node is gone. */
static bool find_anchor(const struct frame *frame, struct anchor *anchor)
{
    if (!find_node(frame, anchor))
        return false;
    const struct node_setting *setting = &frame->setting;
    const struct node_view *node = view_at(frame, anchor->position.index);
    if (anchor->width != setting->width ||
        anchor->unfolded != setting->unfolded ||
        anchor->ascii != setting->ascii)
        anchor->position.line = node_view_line(node, anchor->place);
    size_t count = node_view_lines(node);
    if (anchor->position.line > count)
        anchor->position.line = count;
    return true;
}

static struct anchor make_anchor(const struct frame *frame,
                                 struct position position)
{
    const struct node_view *node = view_at(frame, position.index);
    struct anchor anchor = {
        .position = position,
        .node_id = node->entry.node_id,
        .width = frame->setting.width,
        .unfolded = frame->setting.unfolded,
        .ascii = frame->setting.ascii,
    };
    if (position.line < node_view_lines(node))
        anchor.place = node_view_place(node, position.line);
    return anchor;
}

/* The end of the last node, for counting what comes after it. */
static struct anchor make_end_anchor(const struct frame *frame)
{
    struct position end = { node_count(frame), 0 };
    if (end.index > 0)
        end.index--;
    end.line = lines_at(frame, end.index);
    struct anchor anchor = make_anchor(frame, end);
    anchor.place = node_view_end(view_at(frame, end.index));
    return anchor;
}

static size_t count_new(const struct frame *frame)
{
    struct anchor *left = &frame->view->left;
    if (node_count(frame) == 0 || !find_anchor(frame, left))
        return 0;
    /* Counted with this width from now on. */
    left->width = frame->setting.width;
    left->unfolded = frame->setting.unfolded;
    left->ascii = frame->setting.ascii;
    size_t total = 0;
    for (size_t i = left->position.index; i < node_count(frame); i++)
        total += lines_at(frame, i);
    return total - left->position.line;
}

/* The first line in view as the user moved it; false: show the end. */
static bool find_moved(const struct frame *frame, struct position *top)
{
    struct thread_view *view = frame->view;
    int64_t lines = view->wants_lines;
    *top = (struct position){ 0, 0 };
    if (!view->wants_start) {
        if (view->is_following && lines >= 0)
            return false;
        if (!find_anchor(frame, &view->top))
            return false;
        *top = view->top.position;
    }
    *top = lines < 0 ? move_up(frame, *top, (uint64_t)-lines)
                     : move_down(frame, *top, (uint64_t)lines);
    return !shows_end(frame, *top);
}

/* Decide on the first line in view. */
static struct position find_top(const struct frame *frame)
{
    struct thread_view *view = frame->view;
    struct position top = { 0, 0 };
    bool was_following = view->is_following;
    view->is_following = node_count(frame) == 0 || !find_moved(frame, &top);
    view->wants_lines = 0;
    view->wants_start = false;
    if (node_count(frame) == 0)
        return (struct position){ 0, 0 };
    if (view->is_following)
        return last_page(frame);
    if (was_following)
        view->left = make_end_anchor(frame);
    return top;
}

static void draw_lines(const struct frame *frame, struct canvas *canvas,
                       struct rect rect, struct position position)
{
    struct rect row = { rect.row, rect.col, 1, rect.width };
    for (int i = 0; i < rect.height; i++, row.row++) {
        position = move_down(frame, position, 0);
        const struct node_view *node = view_at(frame, position.index);
        if (position.line >= node_view_lines(node))
            return;
        node_view_draw(node, &frame->setting, position.line, canvas, row);
        position.line++;
    }
}

static void catch_up(const struct frame *frame, struct thread *thread)
{
    struct thread_view *view = frame->view;
    thread_catch_up(thread, frame->setting.graph);
    size_t count = thread->entries.count;
    cut_nodes(view, count);
    while (view->nodes.count < count)
        *array_add(&view->nodes) = (struct node_view){ 0 };
    node_view_update_tail(&view->tail, &frame->setting,
                          count ? array_last(&thread->entries) : NULL,
                          buf_string(&view->notice),
                          buf_string(&view->welcome));
}

void thread_view_draw(struct thread_view *view, const struct graph *graph,
                      struct thread *thread, struct canvas *canvas,
                      struct rect rect, int64_t now)
{
    struct frame frame = {
        .view = view,
        .thread = thread,
        .setting = { .graph = graph,
                     .width = rect.width > 0 ? rect.width : 0,
                     .ascii = view->ascii,
                     .unfolded = view->unfolded,
                     .now = now,
                     .work = &view->work },
        .height = rect.height > 0 ? (size_t)rect.height : 0,
    };
    canvas_fill(canvas, rect, STYLE_NORMAL);
    if (frame.height == 0 || frame.setting.width == 0)
        return;
    catch_up(&frame, thread);
    struct position top = find_top(&frame);
    view->top = make_anchor(&frame, top);
    view->height = rect.height;
    view->new_lines = view->is_following ? 0 : count_new(&frame);
    draw_lines(&frame, canvas, rect, top);
}

static void want_lines(struct thread_view *view, int64_t lines)
{
    const int64_t max = INT64_MAX / 4;
    view->wants_lines += lines;
    if (view->wants_lines > max)
        view->wants_lines = max;
    if (view->wants_lines < -max)
        view->wants_lines = -max;
}

void thread_view_scroll(struct thread_view *view, int lines)
{
    want_lines(view, lines);
}

void thread_view_page(struct thread_view *view, int pages)
{
    /* One line of the old page stays in view. */
    int lines = view->height > 1 ? view->height - 1 : 1;
    want_lines(view, (int64_t)pages * lines);
}

void thread_view_to_end(struct thread_view *view)
{
    view->is_following = true;
    view->wants_start = false;
    view->wants_lines = 0;
    view->new_lines = 0;
}

void thread_view_to_start(struct thread_view *view)
{
    view->wants_start = true;
    view->wants_lines = 0;
}

size_t thread_view_new_lines(const struct thread_view *view)
{
    return view->new_lines;
}

bool thread_view_is_following(const struct thread_view *view)
{
    return view->is_following;
}

uint64_t thread_view_work(const struct thread_view *view)
{
    return view->work;
}
