/* SPDX-License-Identifier: MIT */
#include "ui/compare_view.h"

#include <inttypes.h>

#include "base/word_diff.h"
#include "ui/excerpt.h"
#include "ui/receipt.h"

/* Both texts and their difference. */
struct comparison {
    const struct graph *graph;
    const struct glyphs *glyphs;
    const struct node *nodes[2];
    struct buf texts[2];
    struct word_diff diff;
};

static void comparison_make(struct comparison *comparison,
                            const struct graph *graph, const uint64_t *ids,
                            bool ascii)
{
    *comparison = (struct comparison){
        .graph = graph,
        .glyphs = theme_glyphs(ascii),
    };
    for (int i = 0; i < 2; i++) {
        comparison->nodes[i] = graph_node(graph, ids[i]);
        excerpt_text(comparison->nodes[i], &comparison->texts[i]);
    }
    word_diff_make(&comparison->diff, buf_slice(&comparison->texts[0]),
                   buf_slice(&comparison->texts[1]));
}

static void comparison_clear(struct comparison *comparison)
{
    buf_clear(&comparison->texts[0]);
    buf_clear(&comparison->texts[1]);
    word_diff_clear(&comparison->diff);
}

/* Words. */

static void append_title(const struct comparison *comparison, int side,
                         struct buf *out)
{
    const struct node *node = comparison->nodes[side];
    const struct glyphs *glyphs = comparison->glyphs;
    const struct attempt *attempt = graph_node_attempt(comparison->graph, node);
    buf_printf(out, "%s%" PRIu32 "/%" PRIu32 "%s ", glyphs->before,
               node->sibling + 1, graph_sibling_count(comparison->graph, node),
               glyphs->after);
    if (attempt)
        receipt_model(out, attempt, glyphs->arrow);
    else
        buf_append_string(out, "you");
    if (attempt && *attempt->endpoint)
        buf_printf(out, " %s", attempt->endpoint);
    buf_append_char(out, ' ');
    receipt_clock(out, node->at);
}

static void append_fact(struct buf *out, const struct glyphs *glyphs,
                        struct slice fact)
{
    if (fact.len && out->len)
        buf_printf(out, " %s ", glyphs->dot);
    buf_append_slice(out, fact);
}

/* How it stands if it did not end well, what it took, tokens, cost. */
static void append_facts(const struct comparison *comparison, int side,
                         struct buf *out)
{
    const struct node *node = comparison->nodes[side];
    const struct attempt *attempt = graph_node_attempt(comparison->graph, node);
    struct buf parts[RECEIPT_PARTS] = { { 0 } }, fact = { 0 };
    if (!attempt)
        return;
    if (attempt->state != ATTEMPT_COMPLETE)
        receipt_state(&fact, attempt, 0);
    append_fact(out, comparison->glyphs, buf_slice(&fact));
    buf_reset(&fact);
    if (attempt->ended_at)
        receipt_duration(&fact, attempt->ended_at - attempt->started_at);
    append_fact(out, comparison->glyphs, buf_slice(&fact));
    receipt_parts(parts, attempt,
                  attempt->usage.output < 0 ? receipt_estimate(node) : 0);
    for (int i = 0; i < RECEIPT_PARTS; i++) {
        append_fact(out, comparison->glyphs, buf_slice(&parts[i]));
        buf_clear(&parts[i]);
    }
    buf_clear(&fact);
}

static const char *unit_words(enum word_diff_unit unit)
{
    static const char *const words[] = {
        [WORD_DIFF_BY_WORDS] = "",
        [WORD_DIFF_BY_LINES] = "too long to compare each word: by lines",
        [WORD_DIFF_BY_PARAGRAPHS] = "too long to compare lines: by paragraphs",
        [WORD_DIFF_WHOLE] = "too long, and too different, to compare",
    };
    return words[unit];
}

/* What the user has said of the two. */
static const char *said_words(const struct comparison *comparison, int side)
{
    const struct preference *said = graph_preference(
        comparison->graph, comparison->nodes[0]->id, comparison->nodes[1]->id);
    if (said && said->is_same)
        return "no difference, as you said";
    return said && said->node_id == comparison->nodes[side]->id
               ? "the better one, as you said"
               : "";
}

/* Lines. */

static void add_line(struct layout *layout, enum style style,
                     struct slice words)
{
    struct layout_piece piece = { words, style };
    if (words.len)
        layout_add(layout, &(struct layout_paragraph){ .pieces = &piece,
                                                       .piece_count = 1 });
}

static void add_heads(struct layout *layout,
                      const struct comparison *comparison, int side)
{
    struct buf words = { 0 };
    append_title(comparison, side, &words);
    add_line(layout, STYLE_MODEL, buf_slice(&words));
    buf_reset(&words);
    append_facts(comparison, side, &words);
    add_line(layout, STYLE_DIM, buf_slice(&words));
    add_line(layout, STYLE_DIM, slice_of(said_words(comparison, side)));
    add_line(layout, STYLE_WARNING,
             slice_of(unit_words(comparison->diff.unit)));
    layout_add_blank(layout);
    buf_clear(&words);
}

/* White space behind a word is none of what differs. */
static struct slice cut_blanks(struct slice text, struct slice *blanks)
{
    size_t len = text.len;
    while (len && (text.ptr[len - 1] == ' ' || text.ptr[len - 1] == '\n' ||
                   text.ptr[len - 1] == '\t' || text.ptr[len - 1] == '\r'))
        len--;
    *blanks = slice_skip(text, len);
    return (struct slice){ text.ptr, len };
}

/* What one side has of a span, between marks where the other has it not. */
static size_t make_pieces(const struct word_diff_span *span, int side,
                          struct layout_piece *pieces)
{
    static const char *const marks[2][2] = { { "[-", "-]" }, { "{+", "+}" } };
    struct slice blanks, text = side ? span->after : span->before;
    if (!text.len)
        return 0;
    if (span->kind == WORD_DIFF_SAME) {
        pieces[0] = (struct layout_piece){ text, STYLE_NORMAL };
        return 1;
    }
    enum style style = side ? STYLE_ADDED : STYLE_REMOVED;
    text = cut_blanks(text, &blanks);
    pieces[0] = (struct layout_piece){ slice_of(marks[side][0]), style };
    pieces[1] = (struct layout_piece){ text, style };
    pieces[2] = (struct layout_piece){ slice_of(marks[side][1]), style };
    pieces[3] = (struct layout_piece){ blanks, STYLE_NORMAL };
    return 4;
}

static void add_text(struct layout *layout, const struct comparison *comparison,
                     int side)
{
    const struct word_diff *diff = &comparison->diff;
    ARRAY_OF(struct layout_piece) pieces = { 0 };
    for (size_t i = 0; i < diff->spans.count; i++) {
        array_reserve(&pieces, 4);
        pieces.count += make_pieces(&diff->spans.items[i], side,
                                    pieces.items + pieces.count);
    }
    layout_add(layout, &(struct layout_paragraph){
                           .pieces = pieces.items,
                           .piece_count = pieces.count,
                           .keep_breaks = true,
                       });
    array_clear(&pieces);
}

static bool is_wide(const struct compare_view *view)
{
    return view->width >= COMPARE_VIEW_WIDE;
}

static void lay_out(struct compare_view *view, const struct graph *graph)
{
    struct comparison comparison;
    comparison_make(&comparison, graph, view->ids, view->ascii);
    for (int side = 0; side < 2; side++) {
        struct layout *layout = &view->sides[is_wide(view) ? side : 0];
        if (side == 0 || is_wide(view)) {
            layout_clear(layout);
            layout->width =
                is_wide(view) ? (view->width - 3) / 2 - 1 : view->width - 2;
            layout->ascii = view->ascii;
        } else {
            layout_add_blank(layout);
        }
        add_heads(layout, &comparison, side);
        add_text(layout, &comparison, side);
        view->changed[side] = comparison.nodes[side]->changed;
    }
    if (!is_wide(view))
        layout_clear(&view->sides[1]);
    comparison_clear(&comparison);
}

/* The view. */

void compare_view_clear(struct compare_view *view)
{
    layout_clear(&view->sides[0]);
    layout_clear(&view->sides[1]);
    *view = (struct compare_view){ 0 };
}

void compare_view_open(struct compare_view *view, uint64_t left_id,
                       uint64_t right_id)
{
    compare_view_clear(view);
    view->ids[0] = left_id;
    view->ids[1] = right_id;
}

static size_t count_lines(const struct compare_view *view)
{
    size_t left = view->sides[0].lines.count,
           right = view->sides[1].lines.count;
    return left > right ? left : right;
}

void compare_view_scroll(struct compare_view *view, int64_t lines)
{
    size_t count = count_lines(view), height = (size_t)view->height;
    int64_t most = count > height ? (int64_t)(count - height) : 0;
    int64_t top = (int64_t)view->top + lines;
    view->top = (size_t)(top < 0 ? 0 : top > most ? most : top);
}

void compare_view_page(struct compare_view *view, int pages)
{
    int page = view->height > 1 ? view->height - 1 : 1;
    compare_view_scroll(view, (int64_t)pages * page);
}

static void update(struct compare_view *view, const struct graph *graph,
                   int width)
{
    const struct node *left = graph_node(graph, view->ids[0]);
    const struct node *right = graph_node(graph, view->ids[1]);
    bool is_current = view->width == width &&
                      view->changed[0] == left->changed &&
                      view->changed[1] == right->changed;
    view->width = width;
    if (!is_current)
        lay_out(view, graph);
}

static void draw_side(const struct layout *layout, size_t line,
                      struct canvas *canvas, int row, int col)
{
    if (line < layout->lines.count)
        layout_draw(layout, line, canvas, row, col, layout->width);
}

void compare_view_draw(struct compare_view *view, const struct graph *graph,
                       struct canvas *canvas, struct rect rect)
{
    const struct glyphs *glyphs = theme_glyphs(view->ascii);
    update(view, graph, rect.width);
    view->height = rect.height;
    compare_view_scroll(view, 0);
    int middle = rect.col + 1 + view->sides[0].width + 1;
    for (int i = 0; i < rect.height; i++) {
        size_t line = view->top + (size_t)i;
        draw_side(&view->sides[0], line, canvas, rect.row + i, rect.col + 1);
        if (!is_wide(view))
            continue;
        canvas_put(canvas, rect.row + i, middle, 1, STYLE_RULE,
                   slice_of(glyphs->column));
        draw_side(&view->sides[1], line, canvas, rect.row + i, middle + 2);
    }
}

void compare_view_text(const struct graph *graph, uint64_t left_id,
                       uint64_t right_id, struct buf *out)
{
    const uint64_t ids[2] = { left_id, right_id };
    struct comparison comparison;
    comparison_make(&comparison, graph, ids, true);
    for (int side = 0; side < 2; side++) {
        struct buf facts = { 0 };
        append_title(&comparison, side, out);
        append_facts(&comparison, side, &facts);
        buf_printf(out, "%s%s\n", facts.len ? ": " : "", buf_string(&facts));
        buf_clear(&facts);
    }
    const char *unit = unit_words(comparison.diff.unit);
    buf_printf(out, "%s%s", unit, *unit ? "\n" : "");
    for (size_t i = 0; i < comparison.diff.spans.count; i++) {
        const struct word_diff_span *span = &comparison.diff.spans.items[i];
        struct layout_piece pieces[4];
        size_t count = make_pieces(span, span->kind == WORD_DIFF_ADDED, pieces);
        for (size_t k = 0; k < count; k++)
            buf_append_slice(out, pieces[k].text);
    }
    comparison_clear(&comparison);
}
