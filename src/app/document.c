/* SPDX-License-Identifier: MIT */
#include "app/document.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "app/summary.h"
#include "app/transcript.h"
#include "graph/path.h"
#include "graph/private_mark.h"
#include "ui/node_row.h"
#include "ui/receipt.h"

/* Pieces of Markdown (CommonMark 0.31). */

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* A blank line before what follows. */
static void begin_block(struct buf *out)
{
    if (out->len && out->ptr[out->len - 1] != '\n')
        buf_append_char(out, '\n');
    buf_append_char(out, '\n');
}

/* Of one line and nobody's markup (2.4). */
static void append_escaped(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] && strchr("\\`*_{}[]<>#|&~", text.ptr[i]))
            buf_append_char(out, '\\');
        buf_append_char(out, is_break(text.ptr[i]) ? ' ' : text.ptr[i]);
    }
}

static size_t longest_run(struct slice text, char c)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < text.len; i++) {
        run = text.ptr[i] == c ? run + 1 : 0;
        if (run > longest)
            longest = run;
    }
    return longest;
}

static void append_run(struct buf *out, char c, size_t count)
{
    while (count-- > 0)
        buf_append_char(out, c);
}

/* A code span (6.1): more backticks around it than in it. */
static void append_code(struct buf *out, struct slice text)
{
    size_t ticks = longest_run(text, '`') + 1;
    const char *blank = ticks > 1 ? " " : "";
    append_run(out, '`', ticks);
    buf_append_string(out, blank);
    for (size_t i = 0; i < text.len; i++)
        buf_append_char(out, is_break(text.ptr[i]) ? ' ' : text.ptr[i]);
    buf_append_string(out, blank);
    append_run(out, '`', ticks);
}

/* A fence (4.5) longer than any in the text. */
static void append_fenced(struct buf *out, struct slice text, const char *info)
{
    size_t ticks = longest_run(text, '`') + 1;
    if (ticks < 3)
        ticks = 3;
    begin_block(out);
    append_run(out, '`', ticks);
    buf_printf(out, "%s\n", info);
    buf_append_slice(out, text);
    if (text.len && text.ptr[text.len - 1] != '\n')
        buf_append_char(out, '\n');
    append_run(out, '`', ticks);
    buf_append_char(out, '\n');
}

/* The fence that a line opens or closes: how many of which character, and
 * whether something follows them; count 0: none. */
struct fence {
    char c;
    size_t count;
    bool has_info;
};

static struct fence fence_of(struct slice line)
{
    size_t indent = 0, end;
    while (indent < line.len && line.ptr[indent] == ' ')
        indent++;
    line = slice_skip(line, indent);
    if (indent > 3 || !line.len || (*line.ptr != '`' && *line.ptr != '~'))
        return (struct fence){ 0 };
    for (end = 0; end < line.len && line.ptr[end] == *line.ptr;)
        end++;
    struct slice info = slice_trim(slice_skip(line, end));
    /* A span of code is no fence. */
    bool is_span =
        *line.ptr == '`' && info.len && memchr(info.ptr, '`', info.len);
    return (struct fence){ *line.ptr, end < 3 || is_span ? 0 : end,
                           info.len > 0 };
}

/* The fence that a text leaves open; count 0: none. */
static struct fence open_fence(struct slice text)
{
    struct fence open = { 0 };
    struct slice line;
    while (slice_next_line(&text, &line)) {
        struct fence fence = fence_of(line);
        if (!open.count)
            open = fence;
        else if (fence.c == open.c && fence.count >= open.count &&
                 !fence.has_info)
            open = (struct fence){ 0 };
    }
    return open;
}

static void append_said(struct buf *out, struct slice text)
{
    struct fence open = open_fence(text);
    begin_block(out);
    buf_append_slice(out, text);
    if (text.len && text.ptr[text.len - 1] != '\n')
        buf_append_char(out, '\n');
    append_run(out, open.c, open.count);
    if (open.count)
        buf_append_char(out, '\n');
}

static void append_date(struct buf *out, int64_t at)
{
    char words[32] = "";
    time_t seconds = (time_t)(at / 1000);
    struct tm parts;
    if (localtime_r(&seconds, &parts))
        strftime(words, sizeof words, "%Y-%m-%d %H:%M", &parts);
    buf_append_string(out, words);
}

/* The parts of a turn. */

static void append_details(struct buf *out, const char *what, struct slice text)
{
    begin_block(out);
    buf_printf(out, "<details><summary>%s (", what);
    receipt_words(out, node_row_words(text));
    buf_append_string(out, ")</summary>\n");
    append_fenced(out, text, "text");
    buf_append_string(out, "\n</details>\n");
}

static struct slice call_name(const struct call *call)
{
    return slice_of(call && call->name[0] ? call->name : "tool");
}

static void append_call(struct buf *out, const struct graph *graph,
                        const struct block *block)
{
    const struct call *call = graph_call(graph, block->call);
    begin_block(out);
    buf_append_string(out, "Tool call ");
    append_code(out, call_name(call));
    if (call)
        buf_printf(out, ", %s", life_state_name(LIFE_CALL, (int)call->state));
    buf_append_string(out, ":\n");
    append_fenced(out, buf_slice(&block->text), "json");
}

static void append_output(struct buf *out, const struct graph *graph,
                          const struct block *block)
{
    begin_block(out);
    buf_append_string(out, "Output of ");
    append_code(out, call_name(graph_call(graph, block->call)));
    buf_append_string(out, ":\n");
    append_fenced(out, buf_slice(&block->text), "text");
}

static void append_image(struct buf *out, const struct block *block)
{
    const struct image *image = block->image;
    begin_block(out);
    buf_append_string(out, "Image ");
    append_code(out, buf_slice(&block->name));
    buf_append_string(out, " (");
    buf_append_string(out, image->media_type);
    buf_append_string(out, ", ");
    receipt_image(out, image);
    buf_append_char(out, ')');
    if (*image->url) {
        buf_append_string(out, " from ");
        append_code(out, slice_of(image->url));
    }
    if (*image->alt) {
        buf_append_string(out, ": ");
        append_escaped(out, slice_of(image->alt));
    }
    buf_append_char(out, '\n');
}

static void append_file(struct buf *out, const struct block *block)
{
    if (block->image) {
        append_image(out, block);
        return;
    }
    begin_block(out);
    buf_append_string(out, "File ");
    append_code(out, buf_slice(&block->name));
    buf_append_string(out, ":\n");
    append_fenced(out, buf_slice(&block->text), "");
}

static void append_block(struct buf *out, const struct graph *graph,
                         const struct block *block)
{
    struct slice text = buf_slice(&block->text);
    switch (block->kind) {
    case BLOCK_TEXT: append_said(out, text); break;
    case BLOCK_THINKING: append_details(out, "Thinking", text); break;
    case BLOCK_CALL: append_call(out, graph, block); break;
    case BLOCK_OUTPUT: append_output(out, graph, block); break;
    case BLOCK_ATTACHMENT: append_file(out, block); break;
    case BLOCK_ERROR:
        begin_block(out);
        buf_append_string(out, "> Error: ");
        append_escaped(out, text);
        buf_append_char(out, '\n');
        break;
    case BLOCK_NOTE:
    case BLOCK_MEMORY:
        begin_block(out);
        buf_append_string(out,
                          block->kind == BLOCK_MEMORY ? "Remembered " : "");
        append_escaped(out, buf_slice(&block->name));
        buf_append_string(out, ": ");
        append_escaped(out, text);
        buf_append_char(out, '\n');
        break;
    }
}

/* Turns. */

static void append_answerer(struct buf *out, const struct attempt *attempt)
{
    struct buf model = { 0 };
    if (attempt)
        receipt_model(&model, attempt, "->");
    append_escaped(out, model.len ? buf_slice(&model) : slice_of("Model"));
    if (attempt && attempt->endpoint[0]) {
        buf_append_string(out, " at ");
        append_escaped(out, slice_of(attempt->endpoint));
    }
    buf_clear(&model);
}

/* What a tool gave back goes on with the turn that asked for it. */
static void append_heading(struct buf *out, const struct graph *graph,
                           const struct node *node)
{
    if (node->kind == NODE_TOOL_RESULT)
        return;
    begin_block(out);
    buf_append_string(out, "## ");
    if (node->kind == NODE_ASSISTANT)
        append_answerer(out, graph_node_attempt(graph, node));
    else
        buf_append_string(out, node->kind == NODE_USER ? "You" : "Note");
    buf_append_string(out, ", ");
    append_date(out, node->at);
    buf_append_char(out, '\n');
}

static void append_siblings(struct buf *out, const struct graph *graph,
                            const struct node *node)
{
    uint32_t count = graph_sibling_count(graph, node);
    if (count < 2)
        return;
    begin_block(out);
    buf_printf(out,
               "> This is %" PRIu32 " of %" PRIu32 " %s here; the others are "
               "not in this document.\n",
               node->sibling + 1, count,
               node->kind == NODE_USER ? "turns" : "answers");
}

static void append_agents(struct buf *out, const struct node *node)
{
    size_t count = node->spawned.count;
    if (!count)
        return;
    begin_block(out);
    buf_printf(out,
               "> %zu agent%s worked here; what %s did is not in this "
               "document.\n",
               count, count == 1 ? "" : "s", count == 1 ? "it" : "they");
}

static void append_outcome(struct buf *out, const struct graph *graph,
                           const struct node *node, const struct node *next)
{
    struct buf words = { 0 };
    struct slice rest, line;
    transcript_append_outcome(&words, graph, node, next);
    rest = buf_slice(&words);
    while (slice_next_line(&rest, &line)) {
        begin_block(out);
        buf_append_string(out, "> ");
        append_escaped(out, line);
        buf_append_char(out, '\n');
    }
    buf_clear(&words);
}

static void append_turn(struct buf *out, const struct graph *graph,
                        const struct path *path, size_t depth)
{
    const struct node *node = graph_node(graph, path->nodes.items[depth]);
    const struct node *next =
        depth + 1 < path->nodes.count
            ? graph_node(graph, path->nodes.items[depth + 1])
            : NULL;
    append_heading(out, graph, node);
    append_siblings(out, graph, node);
    for (size_t i = 0; i < node->blocks.count; i++)
        append_block(out, graph, &node->blocks.items[i]);
    append_outcome(out, graph, node, next);
    append_agents(out, node);
}

static void append_waiting(struct buf *out, const struct graph *graph)
{
    for (size_t i = 0; i < graph_queue_count(graph); i++) {
        begin_block(out);
        buf_append_string(out, "## You, waiting\n");
        append_said(out, slice_of(graph_queued(graph, i)->text));
    }
}

/* Who answered, each once. */
static void append_answerers(struct buf *out, const struct graph *graph,
                             const struct path *path)
{
    struct buf all = { 0 };
    for (size_t i = 0; i < path->nodes.count; i++) {
        const struct node *node = graph_node(graph, path->nodes.items[i]);
        struct buf one = { 0 };
        if (node->kind == NODE_ASSISTANT) {
            buf_append_string(&one, "- Answered by: ");
            append_answerer(&one, graph_node_attempt(graph, node));
            buf_append_char(&one, '\n');
        }
        if (one.len && slice_find(buf_slice(&all), buf_string(&one)) < 0)
            buf_append_slice(&all, buf_slice(&one));
        buf_clear(&one);
    }
    buf_append_slice(out, buf_slice(&all));
    buf_clear(&all);
}

/* Whoever gets the file should know. */
static void append_private(struct buf *out, const struct graph *graph)
{
    const struct private_mark *mark =
        graph_private_path(graph, graph_head(graph));
    if (!mark)
        return;
    buf_append_string(out, "- Private: to no vendor, by ");
    append_escaped(out, slice_of(mark->rule));
    buf_append_char(out, '\n');
}

static void append_head(struct buf *out, const struct graph *graph,
                        const struct path *path, struct slice id)
{
    const char *system = graph_system(graph);
    struct buf title = { 0 };
    summary_title(&title, graph);
    buf_append_string(out, "# ");
    append_escaped(out, buf_slice(&title));
    buf_clear(&title);
    buf_append_string(out, "\n\n");
    if (path->nodes.count) {
        buf_append_string(out, "- Date: ");
        append_date(out, graph_node(graph, path->nodes.items[0])->at);
        buf_append_char(out, '\n');
    }
    append_answerers(out, graph, path);
    if (id.len)
        buf_printf(out, "- Session: %.*s\n", SLICE_ARG(id));
    append_private(out, graph);
    if (*system)
        append_details(out, "System prompt", slice_of(system));
}

void document_append(struct buf *out, const struct graph *graph,
                     struct slice id)
{
    struct path path = { 0 };
    path_catch_up(&path, graph);
    append_head(out, graph, &path, id);
    for (size_t i = 0; i < path.nodes.count; i++)
        append_turn(out, graph, &path, i);
    append_waiting(out, graph);
    path_clear(&path);
}
