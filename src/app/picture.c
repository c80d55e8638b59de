/* SPDX-License-Identifier: MIT */
/*
 * picture - where everything stands on the screen, from the bottom up: status,
 * editor, rule, panels, thread, title. What does not fit is left out in the
 * reverse order.
 */
#include <string.h>

#include "app/attaching.h"
#include "app/comparing.h"
#include "app/memory_rows.h"
#include "app/screen_state.h"
#include "app/status.h"
#include "app/summary.h"
#include "app/tool_command.h"
#include "base/filter.h"
#include "base/utf8.h"
#include "ui/layout.h"
#include "ui/receipt.h"
#include "ui/theme.h"

enum {
    HEIGHT_FOR_STATUS = 2,
    HEIGHT_FOR_RULE = 5,
    HEIGHT_FOR_TITLE = 12,
    NOTICE_SHARE = 3, /* of what is left above the prompt */
    EDITOR_SHARE = 3, /* at most a third of the rows */
    QUEUED_MAX = 40,  /* bytes of a prompt that waits */
};

struct parts {
    struct rect title, body, panels, notice, rule, files, editor, status;
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
    const struct buf *const texts[] = { &screen->keeping, &screen->notice };
    layout->width = width;
    for (size_t i = 0; i < COUNTOF(texts); i++) {
        struct layout_piece piece = { buf_slice(texts[i]), STYLE_WARNING };
        struct layout_paragraph paragraph = {
            .pieces = &piece,
            .piece_count = 1,
            .keep_breaks = true,
        };
        if (texts[i]->len)
            layout_add(layout, &paragraph);
    }
}

/* A banner, for as long as it is so. */
static void note_keeping(struct screen *screen)
{
    buf_reset(&screen->keeping);
    chat_describe_keeping(screen->chat, true, &screen->keeping);
    for (size_t i = 0; i < screen->seats.list.count && !screen->keeping.len;
         i++)
        chat_describe_keeping(screen->seats.list.items[i]->chat, true,
                              &screen->keeping);
    if (screen->setup.no_store.kind != ERROR_NONE)
        buf_printf(&screen->keeping, "nothing of this is saved: %s",
                   screen->setup.no_store.text);
}

static int notice_rows(const struct screen *screen, struct rect rest)
{
    struct layout layout = { 0 };
    int most = rest.height / NOTICE_SHARE;
    if (screen->notice.len == 0 && screen->keeping.len == 0)
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
    if ((size_t)rect.height < layout.lines.count)
        canvas_put(&screen->canvas, rect.row + rect.height - 1, rect.width - 1,
                   1, STYLE_WARNING,
                   slice_of(theme_glyphs(screen->ascii)->ellipsis));
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
    if (height >= HEIGHT_FOR_RULE && screen->attached.len)
        parts.files = band(&rest, 1);
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

/* Counted anew only where the path has another shape: not in each frame. */
static int count_turns(struct screen *screen, const struct graph *graph)
{
    uint64_t revision = graph_head_revision(graph);
    if (screen->seat->turns_seen != revision)
        screen->seat->turns = summary_turns(graph);
    screen->seat->turns_seen = revision;
    return screen->seat->turns;
}

/* What goes on in other conversations, at the left: it must not be missed. */
static int draw_elsewhere(struct screen *screen, struct rect rect)
{
    struct buf words = { 0 };
    bool asks = seats_describe(screen, &words);
    int width = canvas_width(buf_slice(&words));
    canvas_put(&screen->canvas, rect.row, rect.col, width,
               asks ? STYLE_STATUS_ALERT : STYLE_STATUS, buf_slice(&words));
    buf_clear(&words);
    return width ? width + 2 : 0;
}

/* What the model may do, where there is room for more than a title. */
static void append_badge(struct screen *screen, struct buf *right, int width)
{
    struct buf badge = { 0 };
    tool_command_badge(screen->chat, screen->approving.is_probing, &badge);
    int cells =
        canvas_width(buf_slice(right)) + canvas_width(buf_slice(&badge));
    if (badge.len && cells < width / 2)
        buf_printf(right, "%s%s", right->len ? " | " : "", buf_string(&badge));
    buf_clear(&badge);
}

static void draw_title(struct screen *screen, struct rect rect)
{
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    const char *profile = screen->cli->profile;
    int count = count_turns(screen, graph);
    struct buf right = { 0 }, words = { 0 };
    summary_title(&words, graph);
    if (profile)
        buf_append_string(&right, profile);
    if (count)
        buf_printf(&right, "%s%d turn%s", right.len ? " | " : "", count,
                   count == 1 ? "" : "s");
    append_badge(screen, &right, rect.width);
    int width = canvas_width(buf_slice(&right));
    struct rect title = { rect.row, 1, 1, rect.width - width - 4 };
    canvas_fill(&screen->canvas, rect, STYLE_STATUS_DIM);
    int taken = draw_elsewhere(screen, title);
    title.col += taken;
    title.width -= taken;
    canvas_put_cut(&screen->canvas, title, STYLE_STATUS_DIM, buf_slice(&words),
                   theme_glyphs(screen->ascii)->ellipsis);
    canvas_put(&screen->canvas, rect.row, rect.width - width - 1, width,
               STYLE_STATUS_DIM, buf_slice(&right));
    buf_clear(&right);
    buf_clear(&words);
}

/* The beginning of the prompt that waits, as much as the rule has room for. */
static void append_queued(const struct screen *screen, struct buf *words)
{
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    const char *ellipsis = theme_glyphs(screen->ascii)->ellipsis;
    size_t count = graph_queue_count(graph);
    struct slice rest =
        slice_trim(slice_of(graph_queued(graph, count - 1)->text));
    struct slice line = slice_of("");
    slice_next_line(&rest, &line);
    bool is_cut = rest.len > 0 || line.len > QUEUED_MAX;
    if (line.len > QUEUED_MAX) {
        line.len = QUEUED_MAX;
        line.len -= utf8_partial_tail(line);
    }
    buf_printf(words, "%s queued %zu: \"%.*s%s\", Alt-Up edits ",
               words->len ? "|" : "", count, SLICE_ARG(line),
               is_cut ? ellipsis : "");
}

/* The rule above the editor carries what waits: prompts, lines below. */
static void draw_rule(struct screen *screen, struct rect rect)
{
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    const struct glyphs *glyphs = theme_glyphs(screen->ascii);
    size_t below = thread_view_new_lines(screen->thread_view);
    struct rect inner = { rect.row, 2, 1, rect.width - 4 };
    struct buf words = { 0 };
    amending_words(screen, &words);
    if (!words.len && slice_starts(editor_text(screen->editor), "!"))
        buf_append_string(&words,
                          " Enter runs it in the shell; \\! sends a ! ");
    if (below)
        buf_printf(&words, "%s %zu new line%s below, Ctrl-End follows ",
                   words.len ? "|" : "", below, below == 1 ? "" : "s");
    if (graph_queue_count(graph))
        append_queued(screen, &words);
    if (pulling_is_under_way(screen)) {
        buf_printf(&words, "%s pulling ", words.len ? "|" : "");
        pull_format(screen->pull, &words);
        buf_append_string(&words, ", Esc stops ");
    }
    canvas_rule(&screen->canvas, rect.row, 0, rect.width, STYLE_RULE,
                glyphs->rule);
    canvas_put_cut(&screen->canvas, inner, STYLE_WARNING, buf_slice(&words),
                   glyphs->ellipsis);
    buf_clear(&words);
}

/* A name or sentence that may come from outside, in the welcome's Markdown: as
 * text on one line, whatever is in it. */
static void append_plain(struct buf *out, const char *text)
{
    struct buf line = { 0 };
    filter_line(&line, slice_of(text));
    for (size_t i = 0; i < line.len; i++) {
        char c = line.ptr[i];
        if ((c >= '!' && c <= '/') || (c >= ':' && c <= '@') ||
            (c >= '[' && c <= '`') || (c >= '{' && c <= '~'))
            buf_append_char(out, '\\');
        buf_append_char(out, c);
    }
    buf_clear(&line);
}

/* The first that is said of a vendor is that it is one. */
static void append_vendor(struct buf *text, const struct route *next)
{
    bool is_asked = !next->is_pinned && next->endpoint->consent == CONSENT_NONE;
    const struct endpoint *endpoint = next->endpoint;
    struct buf host = { 0 };
    buf_append_slice(&host, endpoint_host(endpoint));
    buf_append_string(text, "**What you write leaves this machine** for ");
    append_plain(text, buf_string(&host));
    buf_append_string(text, ": ");
    append_plain(text, next->model);
    buf_append_string(text, " at ");
    append_plain(text, endpoint->name);
    endpoint_append_price(endpoint, next->model, text);
    buf_append_string(text, " answers (");
    append_plain(text, next->reason);
    buf_printf(text, ")%s.\n",
               is_asked ? "; you are asked before the first prompt goes" : "");
    buf_clear(&host);
}

/* An Ollama without a model to chat with: how to get one. */
static bool append_offer(struct screen *screen, struct buf *text)
{
    const struct endpoint *endpoint;
    const struct starter *offer = pulling_offer(screen, &endpoint);
    if (!offer)
        return false;
    append_plain(text, endpoint->name);
    buf_append_string(text, " has no model to chat with. **Enter gets ");
    append_plain(text, offer->model);
    buf_append_string(text, "** (");
    receipt_size(text, offer->size);
    buf_printf(text, "%s), */pull MODEL* another of ollama.com/library.\n\n",
               endpoint_is_loopback(endpoint) ? ", fits the free memory" : "");
    return true;
}

static void append_ways(struct buf *text, const struct route *next)
{
    buf_append_string(text, "No model answers yet (");
    append_plain(text, next->reason);
    buf_append_string(text,
                      ").\n\n"
                      "- On this machine: install Ollama (ollama.com) and "
                      "start it; the next prompt finds it.\n"
                      "- Elsewhere, or with a key: */connect* asks for the "
                      "address or the vendor.\n\n");
}

static void append_next(struct screen *screen, struct buf *text,
                        const struct route *next)
{
    bool has_offer = append_offer(screen, text);
    switch (next->verdict) {
    case ROUTE_ASK:
        buf_append_string(text, "Looking for models at ");
        append_plain(text, next->endpoint->shown_url);
        buf_append_string(text, ".\n");
        return;
    case ROUTE_NONE: append_plain(text, next->err.text); return;
    case ROUTE_TO: break;
    }
    if (next->endpoint->dialect->is_builtin) {
        if (!has_offer)
            append_ways(text, next);
        buf_append_string(text,
                          "Meanwhile the built-in guide answers from the "
                          "manual; it is no language model. Ask it: *how do I "
                          "connect a model?*\n");
        return;
    }
    bool is_known = !next->endpoint->asks_trust || next->is_pinned ||
                    next->endpoint->consent != CONSENT_NONE;
    if (next->is_vendor && is_known) {
        append_vendor(text, next);
        return;
    }
    append_plain(text, next->model);
    buf_append_string(text, " at ");
    append_plain(text, next->endpoint->name);
    buf_append_string(text, " answers (");
    append_plain(text, next->reason);
    buf_append_string(text, is_known ? ").\n"
                                     : "). **You are asked whose machine that "
                                       "is** before the first prompt goes.\n");
}

static void set_welcome(struct screen *screen)
{
    struct buf text = { 0 };
    buf_append_string(&text, "**sennit** chats with language models.\n\n");
    append_next(screen, &text, chat_next(screen->chat));
    buf_append_string(&text,
                      "\n\nEnter sends, Ctrl-J breaks the line, F1 shows "
                      "keys and commands, Ctrl-D leaves.\n");
    thread_view_welcome(screen->thread_view, buf_string(&text));
    buf_clear(&text);
}

static void set_hint(struct screen *screen)
{
    struct buf text = { 0 };
    comparing_hint(screen, &text);
    thread_view_hint(screen->thread_view, buf_string(&text));
    buf_clear(&text);
}

/* What goes along with the draft, below the rule. */
static void draw_files(struct screen *screen, struct rect rect)
{
    const struct glyphs *glyphs = theme_glyphs(screen->ascii);
    struct rect inner = { rect.row, EDITOR_PROMPT_WIDTH, 1,
                          rect.width - EDITOR_PROMPT_WIDTH };
    canvas_put_cut(&screen->canvas, inner, STYLE_DIM,
                   buf_slice(&screen->attached), glyphs->ellipsis);
}

static void note_files(struct screen *screen)
{
    struct mentions mentions = { editor_text(screen->editor), screen->editor };
    buf_reset(&screen->attached);
    if (slice_starts(mentions.text, "/"))
        mentions.text.len = 0;
    attaching_format(&screen->attached, &screen->seat->files, &mentions);
    if (screen->attached.len) {
        struct slice before = slice_of("with it: ");
        buf_splice(&screen->attached, 0, 0, before);
    }
}

/* What the next prompt would be sent with, and what is written of it. */
static bool holds_private(struct screen *screen)
{
    struct buf why = { 0 };
    bool is_private =
        chat_is_private(screen->chat, &why) ||
        chat_is_private_draft(screen->chat, editor_text(screen->editor),
                              editor_caret(screen->editor),
                              &screen->seat->files, &why);
    buf_clear(&why);
    return is_private;
}

/* Where there is no title the status tells of other conversations. */
static void fill_status(struct screen *screen, bool has_title)
{
    struct buf elsewhere = { 0 };
    if (!has_title)
        seats_describe(screen, &elsewhere);
    struct status_words words = {
        buf_string(&elsewhere),
        status_lock(holds_private(screen), screen->ascii),
    };
    status_fill(&screen->status, screen->chat, screen->budget, screen->now,
                &words);
    buf_clear(&elsewhere);
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
    note_files(screen);
    note_keeping(screen);
    struct parts parts = divide(screen, &source);
    if (graph_node_count(graph) == 0)
        set_welcome(screen);
    else
        set_hint(screen);
    if (screen->seat->compare.ids[0])
        compare_view_draw(&screen->seat->compare, graph, canvas, parts.body);
    else
        thread_view_draw(screen->thread_view, graph, &screen->seat->thread,
                         canvas, parts.body, screen->now);
    bands_draw(&screen->bands, &source, canvas, parts.panels);
    if (parts.title.height)
        draw_title(screen, parts.title);
    if (parts.notice.height)
        draw_notice(screen, parts.notice);
    if (parts.rule.height)
        draw_rule(screen, parts.rule);
    if (parts.files.height)
        draw_files(screen, parts.files);
    if (parts.status.height) {
        if (source.is_fresh && !lifting_keys(screen, &screen->status) &&
            !seating_keys(screen, &screen->status) &&
            !memory_rows_keys(screen, &screen->status))
            fill_status(screen, parts.title.height > 0);
        status_line_draw(&screen->status, canvas, parts.status.row,
                         theme_glyphs(screen->ascii)->ellipsis);
    }
    int row = canvas->cursor_row, col = canvas->cursor_col;
    draw_prompt(screen, parts.editor);
    if (screen->bands.focused) {
        canvas->cursor_row = row;
        canvas->cursor_col = col;
    }
}
