/* SPDX-License-Identifier: MIT */
/*
 * picture - where everything stands on the screen, from the bottom up: status,
 * editor, rule, panels, thread, title. What does not fit is left out in the
 * reverse order.
 */
#include <string.h>

#include "app/screen_state.h"
#include "app/status.h"
#include "app/summary.h"
#include "ui/layout.h"
#include "ui/theme.h"

enum {
    HEIGHT_FOR_STATUS = 2,
    HEIGHT_FOR_RULE = 5,
    HEIGHT_FOR_TITLE = 12,
    NOTICE_SHARE = 3, /* of what is left above the prompt */
    EDITOR_SHARE = 3, /* at most a third of the rows */
};

struct parts {
    struct rect title, body, panels, notice, rule, editor, status;
};

static struct rect band(struct rect *rest, int height)
{
    rest->height -= height;
    return (struct rect){ rest->row + rest->height, rest->col, height,
                          rest->width };
}

/* Words of the program, broken into lines of the screen's width. */
static void lay_out_notice(const struct screen *screen, struct layout *layout,
                           int width)
{
    struct layout_piece piece = { buf_slice(&screen->notice), STYLE_WARNING };
    struct layout_paragraph paragraph = {
        .pieces = &piece,
        .piece_count = 1,
        .keep_breaks = true,
    };
    layout->width = width;
    layout_add(layout, &paragraph);
}

static int notice_rows(const struct screen *screen, struct rect rest)
{
    struct layout layout = { 0 };
    int most = rest.height / NOTICE_SHARE;
    if (screen->notice.len == 0)
        return 0;
    lay_out_notice(screen, &layout, rest.width - 1);
    int rows = (int)layout.lines.count;
    layout_clear(&layout);
    return rows < most ? rows : most > 0 ? most : rest.height > 0;
}

static void draw_notice(struct screen *screen, struct rect rect)
{
    struct layout layout = { 0 };
    lay_out_notice(screen, &layout, rect.width - 1);
    for (int i = 0; i < rect.height; i++)
        layout_draw(&layout, (size_t)i, &screen->canvas, rect.row + i, 1,
                    rect.width - 1);
    layout_clear(&layout);
}

static struct parts divide(struct screen *screen,
                           const struct panel_source *source)
{
    const struct canvas *canvas = &screen->canvas;
    struct parts parts = { 0 };
    struct rect rest = { 0, 0, canvas->height, canvas->width };
    int height = canvas->height;
    struct search_view search = searching_view(screen);
    int rows = screen->search.is_open
                   ? search_view_rows(&search, canvas->width)
                   : editor_rows(screen->editor, canvas->width);
    int most = height / EDITOR_SHARE > 1 ? height / EDITOR_SHARE : 1;
    if (height >= HEIGHT_FOR_STATUS)
        parts.status = band(&rest, 1);
    parts.editor = band(&rest, rows < most ? rows : most);
    if (height >= HEIGHT_FOR_RULE)
        parts.rule = band(&rest, 1);
    parts.notice = band(&rest, notice_rows(screen, rest));
    if (height >= HEIGHT_FOR_TITLE) {
        parts.title = (struct rect){ 0, 0, 1, rest.width };
        rest.row++;
        rest.height--;
    }
    parts.panels =
        band(&rest, bands_update(&screen->bands, source, rest.height, height));
    parts.body = rest;
    return parts;
}

static void draw_title(struct screen *screen, struct rect rect)
{
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    const char *profile = screen->cli->profile;
    int count = summary_turns(graph);
    struct buf right = { 0 };
    if (profile)
        buf_printf(&right, "%s | ", profile);
    buf_printf(&right, "%d turn%s", count, count == 1 ? "" : "s");
    int width = canvas_width(buf_slice(&right));
    canvas_fill(&screen->canvas, rect, STYLE_STATUS_DIM);
    canvas_put(&screen->canvas, rect.row, 1, rect.width - width - 4,
               STYLE_STATUS_DIM, summary_title(graph));
    canvas_put(&screen->canvas, rect.row, rect.width - width - 1, width,
               STYLE_STATUS_DIM, buf_slice(&right));
    buf_clear(&right);
}

/* The rule above the editor carries what waits: prompts, lines below. */
static void draw_rule(struct screen *screen, struct rect rect)
{
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    size_t queued = graph_queue_count(graph);
    size_t below = thread_view_new_lines(screen->thread_view);
    struct buf words = { 0 };
    if (below)
        buf_printf(&words, " %zu new line%s below, Ctrl-End follows ", below,
                   below == 1 ? "" : "s");
    if (queued)
        buf_printf(&words, "%s queued %zu: \"%.40s\", Alt-Up edits ",
                   below ? "|" : "", queued,
                   graph_queued(graph, queued - 1)->text);
    canvas_rule(&screen->canvas, rect.row, 0, rect.width, STYLE_RULE,
                theme_glyphs(screen->ascii)->rule);
    if (words.len)
        canvas_put(&screen->canvas, rect.row, 2, rect.width - 4, STYLE_WARNING,
                   buf_slice(&words));
    buf_clear(&words);
}

static void set_welcome(struct screen *screen)
{
    const struct route *next = chat_next(screen->chat);
    struct buf text = { 0 };
    buf_append_string(&text, "**sennit** chats with language models.\n\n");
    if (next->verdict == ROUTE_TO && next->endpoint->dialect->is_builtin)
        buf_printf(&text,
                   "No model answers yet (%s), so the built-in guide does: it "
                   "quotes the manual and is no language model. Ask it: *how "
                   "do I connect a model?*\n",
                   next->reason);
    else if (next->verdict == ROUTE_TO)
        buf_printf(&text, "`%s` at %s answers (%s)%s.\n", next->model,
                   next->endpoint->name, next->reason,
                   next->is_vendor ? "; **what you write leaves this machine**"
                                   : "");
    else if (next->verdict == ROUTE_NONE)
        buf_printf(&text, "%s\n", next->err.text);
    else
        buf_printf(&text, "Looking for models at %s.\n", next->endpoint->url);
    buf_append_string(&text, "\nEnter sends, Ctrl-J breaks the line, F1 shows "
                             "keys and commands, Ctrl-D leaves.\n");
    thread_view_welcome(screen->thread_view, buf_string(&text));
    buf_clear(&text);
}

static void draw_prompt(struct screen *screen, struct rect rect)
{
    struct search_view search = searching_view(screen);
    if (screen->search.is_open)
        search_view_draw(&search, &screen->canvas, rect);
    else
        editor_draw(screen->editor, &screen->canvas, rect, "> ");
}

void picture_draw(struct screen *screen)
{
    struct canvas *canvas = &screen->canvas;
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    canvas_erase(canvas);
    struct panel_source source = perform_source(screen);
    struct parts parts = divide(screen, &source);
    if (graph_node_count(graph) == 0)
        set_welcome(screen);
    thread_view_draw(screen->thread_view, graph, &screen->thread, canvas,
                     parts.body, screen->now);
    bands_draw(&screen->bands, &source, canvas, parts.panels);
    if (parts.title.height)
        draw_title(screen, parts.title);
    if (parts.notice.height)
        draw_notice(screen, parts.notice);
    if (parts.rule.height)
        draw_rule(screen, parts.rule);
    if (parts.status.height) {
        if (source.is_fresh)
            status_fill(&screen->status, screen->chat, screen->budget,
                        screen->now);
        status_line_draw(&screen->status, canvas, parts.status.row,
                         STYLE_STATUS);
    }
    int row = canvas->cursor_row, col = canvas->cursor_col;
    draw_prompt(screen, parts.editor);
    if (screen->bands.focused) {
        canvas->cursor_row = row;
        canvas->cursor_col = col;
    }
}
