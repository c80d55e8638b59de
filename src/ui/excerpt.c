/* SPDX-License-Identifier: MIT */
#include "ui/excerpt.h"

static bool is_said(const struct node *node, const struct block *block)
{
    return block->kind ==
           (node->kind == NODE_TOOL_RESULT ? BLOCK_OUTPUT : BLOCK_TEXT);
}

bool excerpt_text(const struct node *node, struct buf *out)
{
    size_t before = out->len;
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        if (is_said(node, block))
            buf_append_slice(out, buf_slice(&block->text));
    }
    return out->len > before;
}

/* Blocks of the whole node; code (NULL: none) is filled in if it is there. */
static size_t search(const struct node *node, struct markdown_code *code)
{
    size_t count = 0, wanted = code ? code->number : 0;
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        if (node->kind != NODE_ASSISTANT || block->kind != BLOCK_TEXT)
            continue;
        bool is_due = wanted > count;
        if (is_due)
            code->number = wanted - count;
        count +=
            markdown_code_find(buf_slice(&block->text), is_due ? code : NULL);
    }
    if (code)
        code->number = wanted;
    return count;
}

size_t excerpt_code_count(const struct node *node)
{
    return search(node, NULL);
}

bool excerpt_code(const struct node *node, struct markdown_code *code)
{
    return search(node, code) >= code->number && code->number > 0;
}
