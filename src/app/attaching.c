/* SPDX-License-Identifier: MIT */
#include "app/attaching.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/attach.h"
#include "app/mention.h"
#include "base/memory.h"
#include "graph/private_mark.h"
#include "ui/receipt.h"

static void list_files(const struct attachments *files, struct buf *notice)
{
    if (files->list.count == 0) {
        buf_append_string(notice, "nothing is attached; /attach PATH attaches "
                                  "a file to the next prompt");
        return;
    }
    for (size_t i = 0; i < files->list.count; i++) {
        buf_printf(notice, "%zu: ", i + 1);
        attach_format(notice, &files->list.items[i]);
        buf_append_char(notice, '\n');
    }
    buf_append_string(notice, "/detach NUMBER takes one away");
}

/* A path that terminals put where a file is dropped may have blanks that are
 * not quoted: the whole is tried first. */
static void take_apart(struct slice argument, struct buf *place,
                       struct slice *alt)
{
    buf_append_slice(place, argument);
    *alt = slice_of("");
    if (attach_find(buf_string(place), NULL))
        return;
    buf_reset(place);
    *alt = argument;
    mention_unquote(place, mention_cut_word(alt));
}

bool attaching_attach(struct attachments *files, struct slice argument,
                      struct buf *notice, struct error *err)
{
    struct buf place = { 0 };
    struct slice alt;
    if (argument.len == 0) {
        list_files(files, notice);
        return true;
    }
    take_apart(argument, &place, &alt);
    bool ok = attach_add(files, buf_slice(&place), alt, err);
    if (ok) {
        buf_append_string(notice, "attached: ");
        attach_format(notice, array_last(&files->list));
    }
    buf_clear(&place);
    return ok;
}

/* The place in the list that is meant; the count of the list: none is. */
static size_t find_file(const struct attachments *files, struct slice argument)
{
    size_t count = files->list.count;
    struct buf digits = { 0 };
    char *end = NULL;
    if (argument.len == 0)
        return count ? count - 1 : 0;
    buf_append_slice(&digits, argument);
    unsigned long number = strtoul(buf_string(&digits), &end, 10);
    bool is_number = *end == '\0';
    buf_clear(&digits);
    return is_number && number >= 1 && number <= count ? number - 1 : count;
}

bool attaching_detach(struct attachments *files, struct slice argument,
                      struct buf *notice, struct error *err)
{
    size_t count = files->list.count, place = find_file(files, argument);
    if (count == 0)
        return error_set(err, ERROR_USAGE, "nothing is attached");
    if (slice_is(argument, "all")) {
        attachments_clear(files);
        buf_append_string(notice, "nothing is attached any more");
        return true;
    }
    if (place >= count)
        return error_set(err, ERROR_USAGE,
                         "/detach takes the number of a file, 1 to %zu, or "
                         "all; /attach lists them",
                         count);
    struct attachment file = files->list.items[place];
    memmove(&files->list.items[place], &files->list.items[place + 1],
            (count - place - 1) * sizeof file);
    files->list.count--;
    buf_printf(notice, "%s does not go along", file.name);
    attachment_clear(&file);
    return true;
}

/* Mentions. */

static bool has_name(const struct attachments *files, const char *name)
{
    for (size_t i = 0; i < files->list.count; i++) {
        if (!strcmp(files->list.items[i].name, name))
            return true;
    }
    return false;
}

/* The next file that is mentioned where the user sees it. */
static bool next_place(const struct mentions *mentions, size_t *offset,
                       struct buf *place)
{
    struct mention mention;
    buf_reset(place);
    while (mention_find(mentions->text, offset, &mention, place)) {
        const char *at = mentions->text.ptr + mention.start;
        const struct editor *editor = mentions->editor;
        if (!editor ||
            !editor_is_folded(editor, (size_t)(at - editor_text(editor).ptr)))
            return true;
        buf_reset(place);
    }
    return false;
}

/* Take the last one out again if it goes along already. */
static void drop_twin(struct attachments *mentioned,
                      const struct attachments *attached)
{
    struct attachment last = *array_last(&mentioned->list);
    mentioned->list.count--;
    if (has_name(mentioned, last.name) || has_name(attached, last.name))
        attachment_clear(&last);
    else
        mentioned->list.count++;
}

bool attaching_read(struct attachments *mentioned,
                    const struct attachments *attached,
                    const struct mentions *mentions, struct error *err)
{
    struct buf place = { 0 };
    size_t offset = 0;
    bool ok = true;
    while (ok && next_place(mentions, &offset, &place)) {
        ok = attach_add(mentioned, buf_slice(&place), slice_of(""), err);
        if (ok)
            drop_twin(mentioned, attached);
    }
    buf_clear(&place);
    size_t len = strlen(err->text);
    if (!ok)
        snprintf(err->text + len, sizeof err->text - len,
                 "; without the @ it goes as text");
    return ok;
}

static void append_mentioned(struct buf *out, const char *place, size_t size)
{
    buf_printf(out, "%s@%s", out->len ? " | " : "", place);
    if (!size)
        return;
    buf_append_string(out, ", ");
    receipt_size(out, size);
}

void attaching_format(struct buf *out, const struct attachments *attached,
                      const struct mentions *mentions)
{
    struct buf place = { 0 };
    size_t offset = 0, size;
    for (size_t i = 0; i < attached->list.count; i++) {
        if (i)
            buf_append_string(out, " | ");
        attach_format(out, &attached->list.items[i]);
    }
    while (next_place(mentions, &offset, &place)) {
        if (attach_find(buf_string(&place), &size) &&
            !has_name(attached, buf_string(&place)))
            append_mentioned(out, buf_string(&place), size);
    }
    buf_clear(&place);
}

/* Of a turn. */

static char *copy(const char *text)
{
    return text && *text ? memory_string(text) : NULL;
}

/* What was private by where it lies has no path any more. */
static char *rule_of(const struct graph *graph, const struct node *node)
{
    const struct private_mark *mark =
        graph_node_mark_of(graph, node, MARK_FILE);
    return mark ? memory_string(mark->rule) : NULL;
}

void attaching_take_back(struct attachments *files, const struct graph *graph,
                         const struct node *node)
{
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        const struct image *image = block->image;
        if (block->kind != BLOCK_ATTACHMENT ||
            has_name(files, buf_string(&block->name)))
            continue;
        struct attachment *file = array_add(&files->list);
        *file = (struct attachment){
            .name = memory_string(buf_string(&block->name)),
            .media_type = copy(image ? image->media_type : "text/plain"),
            .alt = image ? copy(image->alt) : NULL,
            .url = image ? copy(image->url) : NULL,
            .rule = rule_of(graph, node),
            .is_image = image != NULL,
        };
        buf_append_slice(&file->data,
                         buf_slice(image ? &image->data : &block->text));
    }
}
