/* SPDX-License-Identifier: MIT */
#include "ui/node_row.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/filter.h"
#include "ui/call_words.h"
#include "ui/node_branch.h"
#include "ui/receipt.h"

enum {
    RIGHT_GAP = 2,     /* cells at least between left and right */
    NAME_MIN = 5,      /* cells of a name that is cut for what is right */
    CALL_MIN = 8,      /* the same for a call */
    LEFT_SOURCE = 512, /* bytes of a call's arguments that a row can show */
    /* A row of a call. */
    TIME_WIDTH_MIN = 30,
    SIZE_WIDTH_MIN = 60, /* from here on it has columns */
    COLUMN = 8,
    NAME_COLUMN = 11,
};

/* The text of a row before it is drawn. */
struct row {
    const struct glyphs *glyphs;
    struct canvas *canvas;
    struct rect rect;
    int col; /* cells used so far */
};

static struct row begin_row(const struct node_setting *setting,
                            struct canvas *canvas, struct rect rect)
{
    return (struct row){ theme_glyphs(setting->ascii), canvas, rect, 0 };
}

static void put(struct row *row, enum style style, struct slice text)
{
    row->col += canvas_put(row->canvas, row->rect.row, row->rect.col + row->col,
                           row->rect.width - row->col, style, text);
}

static int shown_width(struct slice text)
{
    struct buf harmless = { 0 };
    filter_line(&harmless, text);
    int width = canvas_width(buf_slice(&harmless));
    buf_clear(&harmless);
    return width;
}

/* Put text, and say so if there was more of it than `width` cells. */
static void put_cut(struct row *row, enum style style, struct slice text,
                    int width)
{
    struct slice source = text;
    if (source.len > LEFT_SOURCE)
        source.len =
            LEFT_SOURCE -
            utf8_partial_tail((struct slice){ source.ptr, LEFT_SOURCE });
    bool is_cut = source.len < text.len || shown_width(source) > width;
    struct row inner = *row;
    inner.rect.width = row->col + width - is_cut;
    put(&inner, style, source);
    inner.rect.width = row->col + width;
    if (is_cut && width > 0)
        put(&inner, STYLE_DIM, slice_of(row->glyphs->ellipsis));
    row->col = inner.col;
}

static void put_right(struct row *row, enum style style, struct slice text)
{
    int width = shown_width(text);
    if (row->col + width > row->rect.width)
        return;
    row->col = row->rect.width - width;
    put(row, style, text);
}

/* The left side of a head line; later parts matter less. */
enum head_part {
    HEAD_NAME,
    HEAD_SIBLINGS,
    HEAD_ENDPOINT,
    HEAD_TIME,
    HEAD_PARTS
};

struct head {
    struct buf parts[HEAD_PARTS];
    enum style name_style;
    struct buf right;
};

static void clear_head(struct head *head)
{
    for (size_t i = 0; i < HEAD_PARTS; i++)
        buf_clear(&head->parts[i]);
    buf_clear(&head->right);
}

/* Cells of what stands beside the name. */
static int beside_width(const struct head *head, size_t count)
{
    int width = 0;
    for (size_t i = HEAD_NAME + 1; i < count; i++) {
        if (head->parts[i].len)
            width += shown_width(buf_slice(&head->parts[i])) + 1;
    }
    return width;
}

static int name_width(const struct head *head)
{
    return shown_width(buf_slice(&head->parts[HEAD_NAME]));
}

/* How many parts there is room for. A long name is cut before others go, but
 * not to less than half of the row. */
static size_t count_fitting(const struct head *head, int room)
{
    size_t count = HEAD_PARTS;
    int least = name_width(head) < room / 2 ? name_width(head) : room / 2;
    while (count > HEAD_NAME + 1 && least + beside_width(head, count) > room)
        count--;
    return count;
}

/* Draw what fits; of the right side `keeps` cells are worth more than all but
 * the name. */
static void draw_head(struct row *row, const struct head *head, int keeps)
{
    static const enum head_part order[] = { HEAD_NAME, HEAD_ENDPOINT,
                                            HEAD_SIBLINGS, HEAD_TIME };
    int room = row->rect.width - keeps;
    if (room < NAME_MIN)
        room = row->rect.width;
    size_t count = count_fitting(head, room);
    for (size_t i = 0; i < COUNTOF(order); i++) {
        const struct buf *part = &head->parts[order[i]];
        if (order[i] >= count || !part->len)
            continue;
        if (row->col > 0)
            put(row, STYLE_NORMAL, slice_of(" "));
        bool is_name = order[i] == HEAD_NAME;
        int left = is_name ? room - beside_width(head, count) : room - row->col;
        put_cut(row, is_name ? head->name_style : STYLE_DIM, buf_slice(part),
                left);
    }
    put_right(row, STYLE_DIM, buf_slice(&head->right));
}

/* As many parts of the receipt as there is room for, dropped from the right. */
static void append_receipt(struct buf *out, const struct attempt *attempt,
                           uint64_t tokens, const struct row *row, int room)
{
    struct buf parts[RECEIPT_PARTS] = { { 0 } };
    receipt_parts(parts, attempt, tokens);
    for (size_t i = 0; i < RECEIPT_PARTS; i++) {
        size_t before = out->len;
        if (!parts[i].len)
            continue;
        if (out->len)
            buf_printf(out, " %s ", row->glyphs->dot);
        buf_append_slice(out, buf_slice(&parts[i]));
        if (shown_width(buf_slice(out)) > room) {
            buf_truncate(out, before);
            break;
        }
    }
    for (size_t i = 0; i < RECEIPT_PARTS; i++)
        buf_clear(&parts[i]);
}

/* How an open attempt stands; of the words about it those that fit beside a
 * name. */
static void append_state(struct buf *out, const struct attempt *attempt,
                         int64_t now, const struct row *row)
{
    int room = row->rect.width - NAME_MIN - RIGHT_GAP;
    struct buf state = { 0 };
    receipt_state(&state, attempt, now);
    if (shown_width(buf_slice(&state)) > room) {
        buf_reset(&state);
        receipt_state(&state, attempt, 0);
    }
    /* Where it goes matters, but not more than the name. */
    if (attempt->is_vendor)
        buf_printf(out, "cloud %s ", row->glyphs->dot);
    buf_append_slice(out, buf_slice(&state));
    if (attempt->is_vendor &&
        shown_width(buf_slice(out)) > row->rect.width * 2 / 3) {
        buf_reset(out);
        buf_append_slice(out, buf_slice(&state));
    }
    buf_clear(&state);
}

static void append_siblings(struct buf *out, const struct row *row,
                            const struct thread_entry *entry)
{
    if (entry->siblings > 1)
        buf_printf(out, "%s%" PRIu32 "/%" PRIu32 "%s", row->glyphs->before,
                   entry->sibling, entry->siblings, row->glyphs->after);
}

/* The name of who answers, in brief where the row is too narrow for all. */
static void append_model(struct head *head, const struct attempt *attempt,
                         const struct row *row, int room)
{
    struct buf *name = &head->parts[HEAD_NAME];
    receipt_model(name, attempt, row->glyphs->arrow);
    if (name_width(head) + beside_width(head, HEAD_PARTS) > room) {
        buf_reset(name);
        receipt_brief_model(name, attempt, row->glyphs);
    }
    if (!name->len)
        buf_append_string(name, "model");
}

static void draw_answer_head(const struct node_view *view,
                             const struct node_setting *setting,
                             const struct attempt *attempt, int64_t at,
                             struct row *row)
{
    struct head head = { .name_style = STYLE_MODEL };
    const struct node *node = graph_node(setting->graph, view->entry.node_id);
    /* The receipt of an answer that was begun anew is its sibling's. */
    bool is_left = node && node->is_superseded;
    bool is_open =
        !is_left && !life_is_terminal(LIFE_ATTEMPT, (int)attempt->state);
    int keeps = 0;
    buf_append_string(&head.parts[HEAD_ENDPOINT], attempt->endpoint);
    if (view->entry.node_id)
        append_siblings(&head.parts[HEAD_SIBLINGS], row, &view->entry);
    if (at)
        receipt_clock(&head.parts[HEAD_TIME], at);
    if (is_open)
        append_state(&head.right, attempt, setting->now, row);
    else if (attempt->is_vendor)
        buf_append_string(&head.right, "cloud");
    if (head.right.len)
        keeps = shown_width(buf_slice(&head.right)) + RIGHT_GAP;
    append_model(&head, attempt, row, row->rect.width - keeps);
    int left = name_width(&head) + beside_width(&head, HEAD_PARTS);
    int room = row->rect.width - left - RIGHT_GAP;
    if (!is_open && !is_left)
        append_receipt(&head.right, attempt, view->tokens, row, room);
    draw_head(row, &head, keeps);
    clear_head(&head);
}

static void draw_plain_head(const struct node_view *view,
                            const struct node *node, struct row *row)
{
    struct head head = { .name_style = STYLE_USER };
    if (node->kind != NODE_USER)
        head.name_style = STYLE_DIM;
    buf_append_string(&head.parts[HEAD_NAME],
                      node->kind == NODE_USER ? "you" : "note");
    append_siblings(&head.parts[HEAD_SIBLINGS], row, &view->entry);
    receipt_clock(&head.parts[HEAD_TIME], node->at);
    draw_head(row, &head, 0);
    clear_head(&head);
}

static void draw_summary_head(const struct node_view *view, struct row *row)
{
    struct head head = { .name_style = STYLE_DIM };
    buf_printf(&head.parts[HEAD_NAME], "summary of %" PRIu32 " message%s",
               view->entry.count, view->entry.count == 1 ? "" : "s");
    draw_head(row, &head, 0);
    clear_head(&head);
}

static const struct block *block_of(const struct node *node,
                                    const struct node_part *part)
{
    assert(part->block < node->blocks.count);
    return &node->blocks.items[part->block];
}

static void put_glyph(struct row *row, enum style style, const char *glyph)
{
    put(row, style, slice_of(glyph));
    put(row, STYLE_NORMAL, slice_of(" "));
}

static void draw_thinking(const struct node *node, const struct node_part *part,
                          const struct node_setting *setting, struct row *row)
{
    const struct block *block = block_of(node, part);
    bool goes_on = node->is_open && part->block + 1 == node->blocks.count;
    struct buf text = { 0 };
    if (goes_on) {
        int64_t seconds = (setting->now - block->started_at) / 1000;
        buf_printf(&text, "thinking %" PRId64 " s %s",
                   seconds > 0 ? seconds : 0, row->glyphs->ellipsis);
        if (part->words)
            buf_append_string(&text, ", ");
        if (part->words)
            receipt_words(&text, part->words);
    } else {
        receipt_thought(&text, node, part->block, part->words);
    }
    put_glyph(row, STYLE_DIM,
              part->is_shown ? row->glyphs->unfolded : row->glyphs->folded);
    put_cut(row, STYLE_DIM, buf_slice(&text), row->rect.width - row->col);
    buf_clear(&text);
}

/* The state of a call; how long it took and what it gave back if the row is
 * wide enough, in columns of their own if it is wider still. */
static void append_call_state(struct buf *out, const struct graph *graph,
                              const struct call *call, int64_t now, int width)
{
    struct buf time = { 0 }, size = { 0 };
    size_t bytes = call_words_size(graph, call);
    if (width >= TIME_WIDTH_MIN)
        call_words_time(&time, call, now);
    if (width >= SIZE_WIDTH_MIN && (bytes || call->state == CALL_COMPLETED))
        receipt_size(&size, bytes);
    buf_append_string(out, life_state_name(LIFE_CALL, (int)call->state));
    if (width >= SIZE_WIDTH_MIN)
        buf_printf(out, " %*s %*s", COLUMN, buf_string(&time), COLUMN,
                   buf_string(&size));
    else if (time.len)
        buf_printf(out, " %s", buf_string(&time));
    buf_clear(&time);
    buf_clear(&size);
}

/* "t1 read_file train/loader.py": its number, name, and what it is about. */
static void put_call(struct row *row, const struct call *call,
                     struct slice arguments, int room)
{
    struct buf number = { 0 }, about = { 0 };
    bool asks = call && call->state == CALL_ASKING;
    const char *name = call && call->name[0] ? call->name : "tool";
    if (call)
        buf_printf(&number, "t%" PRIu32 " ", call->id);
    call_words_about(&about, arguments);
    put_glyph(row, asks ? STYLE_WARNING : STYLE_MODEL,
              asks ? row->glyphs->asks : row->glyphs->call);
    put(row, STYLE_DIM, buf_slice(&number));
    int end = row->col + (row->rect.width >= SIZE_WIDTH_MIN ? NAME_COLUMN : 0);
    put_cut(row, STYLE_STRONG, slice_of(name), room - row->col);
    do
        put(row, STYLE_NORMAL, slice_of(" "));
    while (row->col < end && row->col < room);
    if (call && call->recovered)
        put(row, STYLE_WARNING, slice_of("(recovered) "));
    put_cut(row, STYLE_NORMAL, buf_slice(&about), room - row->col);
    buf_clear(&number);
    buf_clear(&about);
}

static void draw_call(const struct node *node, const struct node_part *part,
                      const struct node_setting *setting, struct row *row)
{
    const struct block *block = block_of(node, part);
    const struct call *call = graph_call(setting->graph, block->call);
    struct buf right = { 0 };
    if (call)
        append_call_state(&right, setting->graph, call, setting->now,
                          row->rect.width);
    int room = row->rect.width - shown_width(buf_slice(&right)) - RIGHT_GAP;
    if (room < CALL_MIN)
        buf_reset(&right);
    if (room < CALL_MIN)
        room = row->rect.width;
    put_call(row, call, buf_slice(&block->text), room);
    put_right(row, call ? receipt_call_style(call->state) : STYLE_DIM,
              buf_slice(&right));
    buf_clear(&right);
}

static size_t count_lines(struct slice text)
{
    size_t count = 0;
    struct slice line;
    while (slice_next_line(&text, &line))
        count++;
    return count;
}

static void draw_output(const struct node *node, const struct node_part *part,
                        const struct node_setting *setting, struct row *row)
{
    const struct block *block = block_of(node, part);
    const struct call *call = graph_call(setting->graph, block->call);
    struct buf text = { 0 };
    size_t lines = count_lines(buf_slice(&block->text));
    if (call)
        buf_printf(&text, "t%" PRIu32 " %s ", call->id, call->name);
    buf_printf(&text, "%zu line%s, ", lines, lines == 1 ? "" : "s");
    receipt_size(&text, block->text.len);
    put_glyph(row, STYLE_DIM, row->glyphs->output);
    put_cut(row, STYLE_DIM, buf_slice(&text), row->rect.width - row->col);
    buf_clear(&text);
}

static void draw_attachment(const struct node *node,
                            const struct node_part *part, struct row *row)
{
    const struct block *block = block_of(node, part);
    struct buf text = { 0 };
    buf_printf(&text, "@%s ", buf_string(&block->name));
    if (block->image) {
        buf_append_string(&text, "image ");
        receipt_image(&text, block->image);
    } else {
        receipt_size(&text, block->text.len);
    }
    if (block->image && *block->image->alt)
        buf_printf(&text, ": %s", block->image->alt);
    put(row, STYLE_NORMAL, slice_of("  "));
    put_cut(row, STYLE_DIM, buf_slice(&text), row->rect.width - row->col);
    buf_clear(&text);
}

/* What the model is told besides. */
static void draw_told(const struct node *node, const struct node_part *part,
                      struct row *row)
{
    const struct block *block = block_of(node, part);
    struct buf text = { 0 };
    buf_printf(&text, "%s: ", buf_string(&block->name));
    buf_append_slice(&text, buf_slice(&block->text));
    put(row, STYLE_NORMAL, slice_of("  "));
    put_cut(row, STYLE_DIM, buf_slice(&text), row->rect.width - row->col);
    buf_clear(&text);
}

static void draw_recalled(const struct node *node, const struct node_part *part,
                          struct row *row)
{
    struct buf text = { 0 };
    receipt_recalled(&text, node);
    put_glyph(row, STYLE_DIM,
              part->is_shown ? row->glyphs->unfolded : row->glyphs->folded);
    put_cut(row, STYLE_DIM, buf_slice(&text), row->rect.width - row->col);
    buf_clear(&text);
}

/* A text and, where there is room, how it stands. Both are freed. */
static void draw_sides(struct row *row, struct buf *left, struct buf *right)
{
    int room = row->rect.width - row->col;
    int kept = shown_width(buf_slice(right)) + RIGHT_GAP;
    if (room - kept < NAME_MIN)
        buf_reset(right);
    put_cut(row, STYLE_DIM, buf_slice(left), right->len ? room - kept : room);
    put_right(row, STYLE_DIM, buf_slice(right));
    buf_clear(left);
    buf_clear(right);
}

static void draw_branch(const struct node_view *view,
                        const struct node_setting *setting,
                        const struct node *node, struct row *row)
{
    struct buf left = { 0 }, right = { 0 };
    node_branch_words(&left, &right, setting, node, !view->unfolded);
    put_glyph(row, STYLE_MODEL,
              view->unfolded ? row->glyphs->unfolded : row->glyphs->folded);
    draw_sides(row, &left, &right);
}

static void draw_born(const struct node_part *part,
                      const struct node_setting *setting, struct row *row)
{
    struct buf left = { 0 }, right = { 0 };
    node_branch_born_words(&left, &right, setting, part->run);
    put_glyph(row, STYLE_MODEL, row->glyphs->output);
    draw_sides(row, &left, &right);
}

void node_row_draw(const struct node_view *view, const struct node_part *part,
                   const struct node_setting *setting, struct canvas *canvas,
                   struct rect rect)
{
    struct row row = begin_row(setting, canvas, rect);
    const struct node *node = graph_node(setting->graph, view->entry.node_id);
    const struct attempt *pending =
        graph_attempt(setting->graph, view->run, view->attempt);
    const struct attempt *attempt =
        node ? graph_node_attempt(setting->graph, node) : NULL;
    switch (part->kind) {
    case PART_PENDING: draw_answer_head(view, setting, pending, 0, &row); break;
    case PART_HEAD:
        if (view->entry.summary)
            draw_summary_head(view, &row);
        else if (attempt)
            draw_answer_head(view, setting, attempt, node->at, &row);
        else
            draw_plain_head(view, node, &row);
        break;
    case PART_THINKING: draw_thinking(node, part, setting, &row); break;
    case PART_CALL: draw_call(node, part, setting, &row); break;
    case PART_OUTPUT: draw_output(node, part, setting, &row); break;
    case PART_ATTACHMENT: draw_attachment(node, part, &row); break;
    case PART_TOLD: draw_told(node, part, &row); break;
    case PART_RECALLED: draw_recalled(node, part, &row); break;
    case PART_BRANCH: draw_branch(view, setting, node, &row); break;
    case PART_BORN: draw_born(part, setting, &row); break;
    default: break;
    }
}

uint64_t node_row_words(struct slice text)
{
    uint64_t words = 0;
    bool in_word = false;
    for (size_t i = 0; i < text.len; i++) {
        bool is_blank = text.ptr[i] == ' ' || text.ptr[i] == '\n' ||
                        text.ptr[i] == '\t' || text.ptr[i] == '\r';
        words += !is_blank && !in_word;
        in_word = !is_blank;
    }
    return words;
}
