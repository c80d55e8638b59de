/* SPDX-License-Identifier: MIT */
#include "graph/title.h"

#include <string.h>

#include "base/filter.h"
#include "base/json.h"
#include "base/utf8.h"

enum { READ_MAX = 4096 /* bytes: more than any title is made of */ };

static bool is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

/* Of headings, quotations, lists. */
static struct slice skip_marks(struct slice line)
{
    line = slice_trim(line);
    while (line.len && is_one_of(line.ptr[0], "#>"))
        line = slice_trim(slice_skip(line, 1));
    if (line.len > 1 && is_one_of(line.ptr[0], "-*+") && line.ptr[1] == ' ')
        line = slice_trim(slice_skip(line, 2));
    return line;
}

static bool says_something(struct slice line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (!is_one_of(line.ptr[i], "`~-=_*#>| \t"))
            return !slice_starts(line, "```") && !slice_starts(line, "~~~");
    }
    return false;
}

/* "**": strong; "`": code. A star between blanks is a word. */
static void append_unmarked(struct buf *out, struct slice line)
{
    for (size_t i = 0; i < line.len; i++) {
        char c = line.ptr[i];
        bool is_alone = (i == 0 || line.ptr[i - 1] == ' ') &&
                        (i + 1 == line.len || line.ptr[i + 1] == ' ');
        if (c != '`' && (c != '*' || is_alone))
            buf_append_char(out, c);
    }
}

static struct slice cut(struct slice words)
{
    struct slice kept = utf8_prefix(words, TITLE_COLUMNS_MAX);
    if (kept.len == words.len)
        return words;
    size_t len = kept.len;
    if (words.ptr[len] != ' ') {
        while (len && kept.ptr[len - 1] != ' ')
            len--;
    }
    if (len)
        kept.len = len;
    kept = slice_trim(kept);
    while (kept.len > 1 && is_one_of(kept.ptr[kept.len - 1], ",;:-("))
        kept = slice_trim((struct slice){ kept.ptr, kept.len - 1 });
    return kept;
}

void title_append_words(struct buf *out, struct slice text)
{
    struct slice line = slice_of("");
    struct buf plain = { 0 }, words = { 0 };
    if (text.len > READ_MAX) {
        text.len = READ_MAX;
        text.len -= utf8_partial_tail(text);
    }
    while (slice_next_line(&text, &line) && !says_something(skip_marks(line)))
        line.len = 0;
    append_unmarked(&plain, skip_marks(line));
    filter_line(&words, buf_slice(&plain));
    buf_append_slice(out, cut(slice_trim(buf_slice(&words))));
    buf_clear(&plain);
    buf_clear(&words);
}

/* Of a command of the user the command, of another call its tool. */
static void append_call(struct buf *out, const struct graph *graph,
                        const struct block *block)
{
    struct error ignored = { 0 };
    const struct call *call = graph_call(graph, block->call);
    json_t *arguments = json_parse(buf_slice(&block->text), &ignored);
    struct slice command = json_slice(arguments, "command");
    if (command.len)
        title_append_words(out, command);
    else if (call)
        title_append_words(out, slice_of(call->name));
    json_decref(arguments);
}

void title_append(struct buf *out, const struct graph *graph)
{
    const struct node *node =
        graph_node_count(graph) ? graph_node_at(graph, 0) : NULL;
    if (*graph_title(graph))
        buf_append_string(out, graph_title(graph));
    else if (node && node->kind == NODE_NOTE && node->blocks.count)
        append_call(out, graph, &node->blocks.items[0]);
    else if (node && node->blocks.count)
        title_append_words(out, buf_slice(&node->blocks.items[0].text));
}
