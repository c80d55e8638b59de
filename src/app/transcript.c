/* SPDX-License-Identifier: MIT */
#include "app/transcript.h"

#include <inttypes.h>
#include <string.h>

#include "base/filter.h"
#include "base/utf8.h"
#include "graph/ending.h"
#include "graph/thread.h"
#include "ui/node_row.h"
#include "ui/receipt.h"

enum {
    ARGUMENTS_MAX = 200, /* bytes of a call that its line shows */
    TAB_WIDTH = 8,       /* cells that a tab takes at most */
};

static const char cut_mark[] = "[...]\n";

/* A turn. */

static void end_line(struct buf *out)
{
    if (out->len && out->ptr[out->len - 1] != '\n')
        buf_append_char(out, '\n');
}

/* On one line, and not too much of it. */
static void append_short(struct buf *out, struct slice text)
{
    struct slice shown = text;
    if (shown.len > ARGUMENTS_MAX) {
        shown.len = ARGUMENTS_MAX;
        shown.len -= utf8_partial_tail(shown);
    }
    for (size_t i = 0; i < shown.len; i++) {
        bool is_blank = memchr("\n\r\t\v\f", shown.ptr[i], 5) != NULL;
        buf_append_char(out, is_blank ? ' ' : shown.ptr[i]);
    }
    if (shown.len < text.len)
        buf_append_string(out, "...");
}

static const char *call_name(const struct call *call)
{
    return call && call->name[0] ? call->name : "tool";
}

static void append_call(struct buf *out, const struct graph *graph,
                        const struct block *block)
{
    const struct call *call = graph_call(graph, block->call);
    buf_append_char(out, '[');
    append_short(out, slice_of(call_name(call)));
    buf_append_char(out, ' ');
    append_short(out, buf_slice(&block->text));
    if (call)
        buf_printf(out, ": %s", life_state_name(LIFE_CALL, (int)call->state));
    buf_append_char(out, ']');
}

static void append_sized(struct buf *out, const char *what, const char *name,
                         const struct buf *text)
{
    buf_printf(out, "[%s ", what);
    append_short(out, slice_of(name));
    buf_append_string(out, ", ");
    receipt_size(out, text->len);
    buf_append_char(out, ']');
}

static void append_file(struct buf *out, const struct block *block)
{
    const struct image *image = block->image;
    if (!image) {
        append_sized(out, "file", buf_string(&block->name), &block->text);
        return;
    }
    buf_append_string(out, "[image ");
    append_short(out, buf_slice(&block->name));
    buf_append_string(out, ", ");
    receipt_image(out, image);
    if (*image->alt)
        buf_append_string(out, ": ");
    append_short(out, slice_of(image->alt));
    buf_append_char(out, ']');
}

static void append_block(struct buf *out, const struct graph *graph,
                         const struct block *block)
{
    uint64_t words;
    end_line(out);
    switch (block->kind) {
    case BLOCK_TEXT: buf_append_slice(out, buf_slice(&block->text)); break;
    case BLOCK_THINKING:
        words = node_row_words(buf_slice(&block->text));
        buf_append_string(out, "(thought, ");
        receipt_words(out, words);
        buf_append_char(out, ')');
        break;
    case BLOCK_CALL: append_call(out, graph, block); break;
    case BLOCK_OUTPUT:
        append_sized(out, "output of",
                     call_name(graph_call(graph, block->call)), &block->text);
        break;
    case BLOCK_ATTACHMENT: append_file(out, block); break;
    case BLOCK_NOTE:
    case BLOCK_MEMORY:
        buf_printf(out,
                   "[%s%s: ", block->kind == BLOCK_MEMORY ? "remembered " : "",
                   buf_string(&block->name));
        append_short(out, buf_slice(&block->text));
        buf_append_char(out, ']');
        break;
    case BLOCK_ERROR:
        buf_append_string(out, "(error: ");
        append_short(out, buf_slice(&block->text));
        buf_append_char(out, ')');
        break;
    }
}

/* What an agent was given was not said by the user. */
static const char *said_by(const struct node *node)
{
    if (node->kind != NODE_USER)
        return "note";
    return node->edge == EDGE_SPAWNED ? "task" : "you";
}

static void append_head(struct buf *out, const struct node *node,
                        const struct attempt *attempt)
{
    struct buf model = { 0 };
    if (node->kind == NODE_TOOL_RESULT)
        return;
    if (node->kind == NODE_ASSISTANT && attempt)
        receipt_model(&model, attempt, "->");
    buf_append_string(out, "-- ");
    if (node->kind != NODE_ASSISTANT)
        buf_append_string(out, said_by(node));
    else
        append_short(out, model.len ? buf_slice(&model) : slice_of("model"));
    if (attempt && attempt->endpoint[0] && node->kind == NODE_ASSISTANT)
        buf_printf(out, "@%s", attempt->endpoint);
    buf_append_char(out, ' ');
    receipt_clock(out, node->at);
    buf_append_string(out, " --");
    buf_clear(&model);
}

static void append_end(struct buf *out, const char *state, const char *error)
{
    end_line(out);
    buf_printf(out, "(%s", state);
    if (error[0]) {
        buf_append_string(out, ": ");
        append_short(out, slice_of(error));
    }
    buf_append_char(out, ')');
}

/* What the server's word says that a complete answer lacks. */
static void append_shortfall(struct buf *out, const char *finish_reason)
{
    const char *shortfall = ending_shortfall(slice_of(finish_reason));
    if (shortfall)
        append_end(out, shortfall, "");
}

static void append_answer_end(struct buf *out, const struct graph *graph,
                              const struct node *node,
                              const struct attempt *attempt)
{
    const struct run *run = graph_run(graph, node->run);
    if (node->is_superseded)
        append_end(out, "cut", "the server began the answer anew");
    else if (!attempt || !life_is_terminal(LIFE_ATTEMPT, (int)attempt->state))
        return;
    else if (attempt->state != ATTEMPT_COMPLETE)
        append_end(out, life_state_name(LIFE_ATTEMPT, (int)attempt->state),
                   attempt->error);
    else if (!graph_attempt_is_paused(attempt) ||
             node->attempt == run->attempts.count)
        append_shortfall(out, attempt->finish_reason);
}

static void append_empty(struct buf *out, const struct run *run)
{
    const char *shortfall = ending_shortfall(slice_of(run->finish_reason));
    append_end(out, "an empty answer", shortfall ? shortfall : "");
}

/* How a run ended that gave no answer. */
static void append_run_end(struct buf *out, const struct run *run)
{
    if (!life_is_terminal(LIFE_RUN, (int)run->state))
        return;
    if (run->state != RUN_COMPLETE)
        append_end(out, life_state_name(LIFE_RUN, (int)run->state), run->error);
    else
        append_empty(out, run);
}

void transcript_append_outcome(struct buf *out, const struct graph *graph,
                               const struct node *node, const struct node *next)
{
    const struct run *run = graph_run(graph, node->run);
    uint32_t first;
    if (node->kind == NODE_ASSISTANT) {
        append_answer_end(out, graph, node, graph_node_attempt(graph, node));
        if (thread_attempts_after(graph, node))
            append_run_end(out, run);
        return;
    }
    if (next)
        run = thread_run_before(graph, next, &first);
    else if (node->kind != NODE_USER || node->children.count)
        run = NULL;
    if (run)
        append_run_end(out, run);
}

/* Before a turn that is not the first. What a tool gave back goes on with the
 * turn that asked for it, what an agent did with the turn that it is of. */
static void append_gap(struct buf *out, const struct thread_entry *entry)
{
    if (entry->kind != NODE_TOOL_RESULT && entry->level == 0)
        buf_append_char(out, '\n');
}

/* What stands behind a node of the path; NULL: it is the last, or nested. */
static const struct node *node_behind(const struct thread *thread,
                                      const struct graph *graph,
                                      const struct thread_entry *entry,
                                      const struct node *node)
{
    const struct path *path = &thread->spans.path;
    size_t depth = (size_t)node->depth + 1;
    if (entry->level > 0 || depth >= path->nodes.count)
        return NULL;
    return graph_node(graph, path->nodes.items[depth]);
}

static void append_node(struct buf *out, const struct graph *graph,
                        const struct thread *thread,
                        const struct thread_entry *entry)
{
    const struct node *node = graph_node(graph, entry->node_id);
    append_head(out, node, graph_node_attempt(graph, node));
    for (size_t i = 0; i < node->blocks.count; i++)
        append_block(out, graph, &node->blocks.items[i]);
    transcript_append_outcome(out, graph, node,
                              node_behind(thread, graph, entry, node));
    end_line(out);
    for (uint32_t i = 0; i < entry->pending; i++)
        buf_append_string(out, "(an agent has begun)\n");
}

static void append_summary(struct buf *out, const struct graph *graph,
                           const struct thread_entry *entry)
{
    buf_printf(out, "-- summary of %" PRIu32 " message%s --\n%s", entry->count,
               entry->count == 1 ? "" : "s",
               graph_summary(graph, entry->summary)->text);
    end_line(out);
}

/* Each line behind a bar for each level. */
static void append_nested(struct buf *out, struct slice text, uint32_t level)
{
    struct slice line;
    while (slice_next_line(&text, &line)) {
        for (uint32_t i = 0; i < level; i++)
            buf_append_string(out, "| ");
        buf_append_slice(out, line);
        buf_append_char(out, '\n');
    }
}

static void append_turn(struct buf *out, const struct graph *graph,
                        const struct thread *thread, size_t index)
{
    const struct thread_entry *entry = &thread->entries.items[index];
    struct buf text = { 0 };
    if (entry->summary)
        append_summary(out, graph, entry);
    else if (entry->level == 0)
        append_node(out, graph, thread, entry);
    else
        append_node(&text, graph, thread, entry);
    append_nested(out, buf_slice(&text), entry->level);
    buf_clear(&text);
}

void transcript_append(struct buf *out, const struct graph *graph)
{
    struct thread thread = { 0 };
    thread_catch_up(&thread, graph);
    for (size_t i = 0; i < thread.entries.count; i++) {
        if (i > 0)
            append_gap(out, &thread.entries.items[i]);
        append_turn(out, graph, &thread, i);
    }
    thread_clear(&thread);
}

/* Its tail. */

/* Cells of a grapheme as the filter shows it. */
static int shown_width(struct slice cluster, int width)
{
    struct buf harmless = { 0 };
    if (slice_is(cluster, "\t"))
        return TAB_WIDTH;
    if (!filter_would_change(cluster))
        return width;
    filter_line(&harmless, cluster);
    width = utf8_width(buf_slice(&harmless));
    buf_clear(&harmless);
    return width;
}

struct row_starts {
    ARRAY_OF(size_t) offsets;
};

/* Where the rows of a text begin on a terminal of this width. */
static void find_rows(struct row_starts *rows, struct slice text, int width)
{
    int col = 0;
    bool is_new = true;
    if (width < 1)
        width = 1;
    for (size_t at = 0; at < text.len;) {
        struct slice rest = slice_skip(text, at);
        int cells = 0;
        size_t len = utf8_grapheme(rest, &cells);
        bool is_break = rest.ptr[len - 1] == '\n';
        if (!is_break)
            cells = shown_width((struct slice){ rest.ptr, len }, cells);
        if (is_new || (!is_break && col > 0 && col + cells > width)) {
            *array_add(&rows->offsets) = at;
            col = 0;
        }
        /* What is wider than the terminal takes more rows than one. */
        for (col += cells; col > width && !is_break; col -= width)
            *array_add(&rows->offsets) = at;
        is_new = is_break;
        at += len;
    }
}

static size_t count_rows(struct slice text, int width)
{
    struct row_starts rows = { 0 };
    find_rows(&rows, text, width);
    size_t count = rows.offsets.count;
    array_clear(&rows.offsets);
    return count;
}

/* The first line of a turn, and its last rows. */
static void append_cut(struct buf *out, struct slice turn, int width,
                       size_t room)
{
    struct slice rest = turn, line;
    struct row_starts rows = { 0 };
    if (!slice_next_line(&rest, &line) || !rest.len)
        return;
    struct slice head = { turn.ptr, turn.len - rest.len };
    size_t used =
        count_rows(head, width) + count_rows(slice_of(cut_mark), width);
    find_rows(&rows, rest, width);
    if (room > used && rows.offsets.count > room - used) {
        size_t first = rows.offsets.count - (room - used);
        buf_append_slice(out, head);
        buf_append_string(out, cut_mark);
        buf_append_slice(out, slice_skip(rest, rows.offsets.items[first]));
    }
    array_clear(&rows.offsets);
}

void transcript_append_tail(struct buf *out, const struct graph *graph,
                            int width, int rows)
{
    struct thread thread = { 0 };
    size_t room = rows > 0 ? (size_t)rows : 0;
    struct buf tail = { 0 };
    thread_catch_up(&thread, graph);
    for (size_t i = thread.entries.count; i-- > 0;) {
        struct buf turn = { 0 };
        append_turn(&turn, graph, &thread, i);
        if (tail.len)
            append_gap(&turn, &thread.entries.items[i + 1]);
        size_t needed = count_rows(buf_slice(&turn), width);
        bool fits = needed <= room;
        if (fits)
            buf_splice(&tail, 0, 0, buf_slice(&turn));
        else if (!tail.len)
            append_cut(&tail, buf_slice(&turn), width, room);
        room -= fits ? needed : room;
        buf_clear(&turn);
        if (!fits)
            break;
    }
    buf_append_slice(out, buf_slice(&tail));
    buf_clear(&tail);
    thread_clear(&thread);
}
