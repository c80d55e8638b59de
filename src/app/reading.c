/* SPDX-License-Identifier: MIT */
/*
 * reading - what moves in the thread, and in the panel that has the keys; what
 * is done with the turn that has the focus.
 */
#include <limits.h>

#include "app/asking.h"
#include "app/branch_command.h"
#include "app/screen_state.h"
#include "app/transcript.h"
#include "chat/branch.h"
#include "chat/overlay.h"
#include "ui/excerpt.h"

static const struct graph *graph_of(const struct screen *screen)
{
    return chat_conversation(screen->chat)->graph;
}

static struct list *focused_list(struct screen *screen)
{
    enum panel_id id = screen->bands.focused;
    return id ? &screen->bands.items[id].list : NULL;
}

/* What is read before one chooses is scrolled, the rows are chosen. */
static struct sheet *focused_sheet(struct screen *screen)
{
    struct sheet *sheet = &screen->bands.items[screen->bands.focused].sheet;
    return sheet_lines(sheet) ? sheet : NULL;
}

/* Focus. */

static bool is_comparing(const struct screen *screen)
{
    return screen->seat->compare.ids[0] != 0;
}

static void move_focus(struct screen *screen, enum focus_move move)
{
    thread_view_focus(screen->thread_view, graph_of(screen),
                      &screen->seat->thread, move);
}

void reading_leave(struct screen *screen)
{
    screen->bands.focused = PANEL_NONE;
    if (typing_focus(screen) == FOCUS_THREAD)
        move_focus(screen, FOCUS_NONE);
}

/* From the prompt to a question, from there to the thread, and back. */
void reading_focus(struct screen *screen)
{
    bool was_question = screen->bands.focused == PANEL_CALL;
    if (completing_is_shown(screen)) {
        completing_accept(screen);
    } else if (asking_focus(screen) || (typing_focus(screen) == FOCUS_EDITOR &&
                                        approving_focus(screen))) {
        perform_notice(screen, "");
    } else if (screen->bands.focused && !was_question) {
        screen->bands.focused = PANEL_NONE;
    } else if (typing_focus(screen) == FOCUS_THREAD) {
        move_focus(screen, FOCUS_NONE);
    } else {
        screen->bands.focused = PANEL_NONE;
        move_focus(screen, FOCUS_NEWEST);
        perform_notice(screen, typing_focus(screen) == FOCUS_THREAD
                                   ? ""
                                   : "nothing to read yet");
    }
}

void reading_next(struct screen *screen)
{
    if (is_comparing(screen))
        compare_view_scroll(&screen->seat->compare, 1);
    else
        move_focus(screen, FOCUS_NEXT);
}

void reading_previous(struct screen *screen)
{
    if (is_comparing(screen))
        compare_view_scroll(&screen->seat->compare, -1);
    else
        move_focus(screen, FOCUS_PREVIOUS);
}

void reading_first(struct screen *screen)
{
    move_focus(screen, FOCUS_FIRST);
}

void reading_last(struct screen *screen)
{
    move_focus(screen, FOCUS_LAST);
}

void reading_go_to(struct screen *screen)
{
    struct error err = { 0 };
    uint64_t id = branch_command_find(graph_of(screen), screen->argument, &err);
    if (!id || !chat_go_to(screen->chat, id, &err)) {
        perform_notice(screen, err.text);
        return;
    }
    /* Who typed where to go goes on typing. */
    if (!screen->bands.focused) {
        thread_view_to_end(screen->thread_view);
        return;
    }
    screen->bands.focused = PANEL_NONE;
    thread_view_focus_node(screen->thread_view, graph_of(screen),
                           &screen->seat->thread, id);
}

/* What is done with a turn. */

static void step_sibling(struct screen *screen, int step)
{
    struct error err = { 0 };
    uint64_t head_id = graph_head(graph_of(screen));
    uint64_t id = thread_view_focused(screen->thread_view);
    if (!id)
        id = branch_fork(graph_of(screen), head_id);
    if (!id)
        id = head_id;
    bool ok = chat_select_sibling(screen->chat, id, step, &err);
    perform_notice(screen, ok ? "" : err.text);
}

void reading_sibling_before(struct screen *screen)
{
    step_sibling(screen, -1);
}

void reading_sibling_after(struct screen *screen)
{
    step_sibling(screen, 1);
}

void reading_retry(struct screen *screen)
{
    struct error err = { 0 };
    struct buf target = { 0 };
    uint64_t id = thread_view_focused(screen->thread_view);
    buf_append_slice(&target, screen->argument);
    bool ok =
        chat_retry_with(screen->chat, id ? id : graph_head(graph_of(screen)),
                        target.len ? buf_string(&target) : NULL, &err);
    perform_notice(screen, ok ? "" : err.text);
    buf_clear(&target);
}

void reading_fold(struct screen *screen)
{
    thread_view_unfold(screen->thread_view,
                       !thread_view_is_unfolded(screen->thread_view));
}

void reading_fold_turn(struct screen *screen)
{
    uint64_t id = thread_view_focused(screen->thread_view);
    thread_view_unfold_node(
        screen->thread_view, id,
        !thread_view_is_node_unfolded(screen->thread_view, id));
}

void reading_fold_summary(struct screen *screen)
{
    struct error err = { 0 };
    uint64_t id = thread_view_focused(screen->thread_view);
    bool ok = overlay_switch(screen->chat, id, &err);
    perform_notice(screen, ok ? "" : err.text);
}

/* Copying. */

/* The text of the summary that has the focus; empty: none has. */
static struct slice summary_to_copy(const struct screen *screen)
{
    const struct thread *thread = &screen->seat->thread;
    uint64_t id = thread_view_focused(screen->thread_view);
    size_t index = thread_find(thread, graph_of(screen), id);
    uint32_t summary = index < thread->entries.count
                           ? thread->entries.items[index].summary
                           : 0;
    return summary ? slice_of(graph_summary(graph_of(screen), summary)->text)
                   : (struct slice){ 0 };
}

/* The turn that has the focus, else the last answer; NULL: there is none. */
static const struct node *node_to_copy(const struct screen *screen)
{
    const struct graph *graph = graph_of(screen);
    const struct node *node =
        graph_node(graph, thread_view_focused(screen->thread_view));
    if (node)
        return node;
    node = graph_node(graph, graph_head(graph));
    while (node && node->kind != NODE_ASSISTANT)
        node = graph_node(graph, node->parent_id);
    return node;
}

static bool excerpt_block(const struct node *node, size_t number,
                          struct buf *text, struct error *err)
{
    struct markdown_code code = { .number = number };
    size_t count = excerpt_code_count(node);
    bool found = excerpt_code(node, &code);
    if (found)
        buf_append_slice(text, buf_slice(&code.text));
    markdown_code_clear(&code);
    if (found)
        return true;
    if (count == 0)
        return error_set(err, ERROR_USAGE, "there is no code block in it");
    return error_set(err, ERROR_USAGE,
                     "there is no code block %zu in it; the last is %zu",
                     number, count);
}

/* "": the text; "2": a code block; "all": the whole thread. */
static bool take_text(const struct screen *screen, struct buf *text,
                      struct error *err)
{
    const struct node *node = node_to_copy(screen);
    struct slice what = screen->argument;
    if (!node)
        return error_set(err, ERROR_USAGE, "there is nothing to copy yet");
    if (slice_is(what, "all")) {
        transcript_append(text, graph_of(screen));
        return true;
    }
    if (what.len == 0 && summary_to_copy(screen).len) {
        buf_append_slice(text, summary_to_copy(screen));
        return true;
    }
    if (what.len == 0)
        return excerpt_text(node, text) ||
               error_set(err, ERROR_USAGE, "this turn has no text");
    size_t number = 0;
    for (size_t i = 0; i < what.len && number < SIZE_MAX / 10 - 1; i++) {
        if (what.ptr[i] < '0' || what.ptr[i] > '9')
            return error_set(err, ERROR_USAGE,
                             "/copy takes the number of a code block, or all");
        number = number * 10 + (size_t)(what.ptr[i] - '0');
    }
    return excerpt_block(node, number, text, err);
}

void reading_copy(struct screen *screen)
{
    struct buf text = { 0 };
    struct error err = { 0 };
    if (take_text(screen, &text, &err))
        clipboard_copy(screen->clipboard, buf_slice(&text));
    else
        perform_notice(screen, err.text);
    buf_clear(&text);
}

void reading_copy_block(struct screen *screen)
{
    char digit = (char)screen->key.character;
    screen->argument = (struct slice){ &digit, 1 };
    reading_copy(screen);
}

/* Moving. */

static void page(struct screen *screen, int pages)
{
    struct list *list = focused_list(screen);
    struct sheet *sheet = focused_sheet(screen);
    if (sheet)
        sheet_page(sheet, pages);
    else if (list)
        list_page(list, pages);
    else if (is_comparing(screen))
        compare_view_page(&screen->seat->compare, pages);
    else
        thread_view_page(screen->thread_view, pages);
}

void reading_page_up(struct screen *screen)
{
    page(screen, -1);
}

void reading_page_down(struct screen *screen)
{
    page(screen, 1);
}

static void scroll(struct screen *screen, int lines)
{
    struct list *list = focused_list(screen);
    struct sheet *sheet = focused_sheet(screen);
    if (sheet)
        sheet_scroll(sheet, lines);
    else if (list)
        list_move(list, lines);
    else if (is_comparing(screen))
        compare_view_scroll(&screen->seat->compare, lines);
    else
        thread_view_scroll(screen->thread_view, lines);
}

void reading_line_up(struct screen *screen)
{
    scroll(screen, -1);
}

void reading_line_down(struct screen *screen)
{
    scroll(screen, 1);
}

void reading_to_start(struct screen *screen)
{
    if (screen->bands.focused || is_comparing(screen))
        scroll(screen, -INT_MAX);
    else
        thread_view_to_start(screen->thread_view);
}

void reading_to_end(struct screen *screen)
{
    if (screen->bands.focused || is_comparing(screen))
        scroll(screen, INT_MAX);
    else
        thread_view_to_end(screen->thread_view);
}
