/* SPDX-License-Identifier: MIT */
#include "ui/thread_view.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ui/thread_focus.h"

struct thread_view {
    struct thread_lines lines;
    struct thread_focus focus;
    struct buf welcome, hint;
    bool ascii, unfolded;
    bool is_following;
    bool wants_start;    /* the next draw begins with the first line */
    int64_t wants_lines; /* and the next draw moves by so many */
    int height, width;   /* of the last draw */
    int64_t now;
    struct anchor top;  /* the first line in view */
    struct anchor left; /* the last line when the view left the end */
    size_t new_lines;
    uint64_t work;
};

struct thread_view *thread_view_new(void)
{
    struct thread_view *view = memory_zero(1, sizeof *view);
    view->is_following = true;
    return view;
}

void thread_view_free(struct thread_view *view)
{
    if (!view)
        return;
    thread_lines_clear(&view->lines);
    buf_clear(&view->welcome);
    buf_clear(&view->hint);
    free(view);
}

void thread_view_welcome(struct thread_view *view, const char *text)
{
    buf_reset(&view->welcome);
    buf_append_string(&view->welcome, text);
}

void thread_view_hint(struct thread_view *view, const char *text)
{
    buf_reset(&view->hint);
    buf_append_string(&view->hint, text);
}

void thread_view_set_ascii(struct thread_view *view, bool ascii)
{
    view->ascii = ascii;
}

void thread_view_unfold(struct thread_view *view, bool unfolded)
{
    view->unfolded = unfolded;
    view->lines.folds.count = 0;
}

bool thread_view_is_unfolded(const struct thread_view *view)
{
    return view->unfolded;
}

void thread_view_unfold_node(struct thread_view *view, uint64_t node_id,
                             bool unfolded)
{
    thread_lines_unfold(&view->lines, node_id, unfolded);
}

bool thread_view_is_node_unfolded(const struct thread_view *view,
                                  uint64_t node_id)
{
    return thread_lines_unfolded(&view->lines, node_id, view->unfolded);
}

static struct frame make_frame(struct thread_view *view,
                               const struct graph *graph,
                               const struct thread *thread)
{
    return (struct frame){
        .lines = &view->lines,
        .thread = thread,
        .setting = { .graph = graph,
                     .width = view->width,
                     .ascii = view->ascii,
                     .unfolded = view->unfolded,
                     .now = view->now,
                     .work = &view->work },
        .height = (size_t)view->height,
    };
}

static size_t count_new(struct thread_view *view, const struct frame *frame)
{
    struct anchor *left = &view->left;
    if (frame_count(frame) == 0 || !frame_find(frame, left))
        return 0;
    size_t total = 0;
    for (size_t i = left->position.index; i < frame_count(frame); i++)
        total += frame_lines(frame, i);
    return total - left->position.line;
}

/* The branch that was in view is gone: begin with what is in its place. */
static bool find_substitute(struct thread_view *view, const struct frame *frame)
{
    struct position place = { view->top.position.index, 0 };
    if (place.index >= frame_count(frame))
        return false;
    place.line = node_view_head_line(frame_node(frame, place.index));
    view->top = frame_anchor(frame, place);
    return true;
}

/* The first line in view as the user moved it; false: show the end. */
static bool find_moved(struct thread_view *view, const struct frame *frame,
                       struct position *top)
{
    int64_t lines = view->wants_lines;
    *top = (struct position){ 0, 0 };
    if (!view->wants_start) {
        if (view->is_following && lines >= 0)
            return false;
        if (!frame_find(frame, &view->top) && !find_substitute(view, frame))
            return false;
        *top = view->top.position;
    }
    *top = lines < 0 ? frame_up(frame, *top, (uint64_t)-lines)
                     : frame_down(frame, *top, (uint64_t)lines);
    return true;
}

/* Begin with this line, or show the end if it is in view. The anchor stays what
 * it was where the view was not moved: places of other widths would drift. */
static void set_top(struct thread_view *view, const struct frame *frame,
                    struct position top, bool is_moved)
{
    bool was_following = view->is_following;
    view->is_following = frame_count(frame) == 0 || frame_shows_end(frame, top);
    if (view->is_following)
        top = frame_count(frame) ? frame_last_page(frame)
                                 : (struct position){ 0, 0 };
    else if (was_following)
        view->left = frame_end_anchor(frame);
    if (is_moved || view->is_following)
        view->top = frame_anchor(frame, top);
    view->new_lines = view->is_following ? 0 : count_new(view, frame);
}

/* Catch up, and do what was asked for since the last call. */
static void settle(struct thread_view *view, const struct frame *frame)
{
    struct position top;
    frame_catch_up(
        frame, buf_string(frame_count(frame) ? &view->hint : &view->welcome));
    bool is_moved = view->wants_start || view->wants_lines;
    if (!find_moved(view, frame, &top))
        top = frame_last_page(frame);
    if (thread_focus_keep(&view->focus, frame)) {
        top = thread_focus_reveal(&view->focus, frame, top);
        is_moved = true;
    }
    set_top(view, frame, top, is_moved);
    view->wants_lines = 0;
    view->wants_start = false;
}

void thread_view_focus(struct thread_view *view, const struct graph *graph,
                       struct thread *thread, enum focus_move move)
{
    struct frame frame = make_frame(view, graph, thread);
    thread_catch_up(thread, graph);
    settle(view, &frame);
    struct position top = view->top.position;
    struct position moved = thread_focus_move(&view->focus, &frame, top, move);
    bool is_moved = moved.index != top.index || moved.line != top.line;
    if (is_moved)
        set_top(view, &frame, moved, true);
}

void thread_view_focus_node(struct thread_view *view, const struct graph *graph,
                            struct thread *thread, uint64_t node_id)
{
    struct frame frame = make_frame(view, graph, thread);
    thread_catch_up(thread, graph);
    settle(view, &frame);
    size_t index = thread_find(thread, graph, node_id);
    if (index == thread->entries.count)
        return;
    view->focus =
        (struct thread_focus){ thread->entries.items[index].node_id, index };
    set_top(view, &frame,
            thread_focus_reveal(&view->focus, &frame, view->top.position),
            true);
}

uint64_t thread_view_focused(const struct thread_view *view)
{
    return view->focus.node_id;
}

static void draw_lines(const struct thread_view *view,
                       const struct frame *frame, struct canvas *canvas,
                       struct rect rect)
{
    struct rect row = { rect.row, rect.col, 1, rect.width };
    struct position position = view->top.position;
    for (int i = 0; i < rect.height; i++, row.row++) {
        position = frame_down(frame, position, 0);
        const struct node_view *node = frame_node(frame, position.index);
        if (position.line >= node_view_lines(node))
            return;
        struct node_setting setting = frame->setting;
        setting.is_focused =
            view->focus.node_id && node->entry.node_id == view->focus.node_id;
        node_view_draw(node, &setting, position.line, canvas, row);
        position.line++;
    }
}

void thread_view_draw(struct thread_view *view, const struct graph *graph,
                      struct thread *thread, struct canvas *canvas,
                      struct rect rect, int64_t now)
{
    canvas_fill(canvas, rect, STYLE_NORMAL);
    if (rect.height <= 0 || rect.width <= 0)
        return;
    view->height = rect.height;
    view->width = rect.width;
    view->now = now;
    struct frame frame = make_frame(view, graph, thread);
    thread_catch_up(thread, graph);
    settle(view, &frame);
    draw_lines(view, &frame, canvas, rect);
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
