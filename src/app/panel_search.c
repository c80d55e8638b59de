/* SPDX-License-Identifier: MIT */
/*
 * panel_search - where the words of /search stand, in all conversations; Enter
 * goes there.
 */
#include <inttypes.h>

#include "app/findings.h"
#include "app/panel.h"
#include "ui/receipt.h"

static const char *who(const struct search_hit *hit)
{
    return *hit->who ? hit->who : search_kind_name((size_t)hit->kind);
}

static void add_hit(struct list *list, const struct search_hit *hit)
{
    struct list_row *row = list_add(list, "");
    buf_printf(&row->key, "%s %" PRIu64, hit->id.text, hit->node_id);
    buf_append_string(&row->head, who(hit));
    panel_append_excerpt(&row->text, buf_slice(&hit->snippet.text));
    if (*hit->title)
        panel_append_excerpt(&row->right, slice_of(hit->title));
    buf_append_char(&row->right, ' ');
    receipt_clock(&row->right, hit->at);
}

static const char *nothing(const struct findings *findings)
{
    if (findings->err.kind != ERROR_NONE)
        return findings->err.text;
    if (findings->is_asking || findings->timer)
        return "Looking...";
    if (findings->words.len)
        return "Nothing is found.";
    return "/search WORDS looks in all conversations: words, \"a phrase\", "
           "begin*, -without; model: tool: kind: since: until: session: narrow "
           "it.";
}

void panel_fill_search(const struct panel_source *source, struct list *list)
{
    const struct findings *findings = source->findings;
    for (size_t i = 0; findings && i < findings->hits.items.count; i++)
        add_hit(list, &findings->hits.items.items[i]);
    if (!findings)
        list_add_text(list, STYLE_DIM,
                      "sennit search WORDS in a shell looks in all "
                      "conversations.");
    else if (list->count == 0)
        list_add_text(list, STYLE_DIM, "%s", nothing(findings));
}

void panel_facts_search(const struct panel_source *source, struct buf *facts)
{
    const struct findings *findings = source->findings;
    if (!findings || !findings->words.len)
        return;
    panel_append_excerpt(facts, buf_slice(&findings->words));
    if (findings->hits.items.count)
        buf_printf(facts, ": %zu%s", findings->hits.items.count,
                   findings->hits.has_more ? "+" : "");
}
