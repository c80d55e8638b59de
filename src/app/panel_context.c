/* SPDX-License-Identifier: MIT */
/*
 * panel_context - the context lens: each part of the next request with its
 * tokens, its share and its fate; and the request itself.
 */
#include <inttypes.h>

#include "app/panel.h"
#include "app/window_share.h"
#include "chat/chat_tokens.h"
#include "graph/lens.h"
#include "ui/receipt.h"

enum {
    COUNT_WIDTH = 9,
    PERCENT = 100,
    NARROW = 60, /* on fewer cells there are no shares, and no kinds */
};

static const struct graph *graph_of(const struct panel_source *source)
{
    return chat_conversation(source->chat)->graph;
}

static const char *kind_of(const struct node *node)
{
    static const char *const names[] = {
        [NODE_USER] = "you",
        [NODE_ASSISTANT] = "model",
        [NODE_TOOL_RESULT] = "result",
        [NODE_NOTE] = "note",
    };
    return names[node->kind];
}

static bool is_narrow(const struct panel_source *source)
{
    return source->width && source->width < NARROW;
}

/* "    1,210  4% sent      you": what is not sent stands in brackets. */
struct part {
    uint64_t tokens, total;
    bool is_sent;
    const char *fate, *kind;
};

/* Where there is no screen nothing stands in columns. */
static void append_head(const struct panel_source *source, struct buf *head,
                        const struct part *part)
{
    struct buf count = { 0 }, share = { 0 };
    bool is_wide = source->width >= NARROW;
    buf_append_string(&count, part->is_sent ? "" : "(");
    panel_append_count(&count, part->tokens);
    buf_append_string(&count, part->is_sent ? "" : ")");
    if (part->is_sent && part->total)
        buf_printf(&share, "%" PRIu64 "%%",
                   part->tokens * PERCENT / part->total);
    if (is_wide)
        buf_printf(head, "%*s %4s %-9s %s", COUNT_WIDTH, buf_string(&count),
                   buf_string(&share), part->fate, part->kind);
    else if (is_narrow(source))
        buf_printf(head, "%s %s", buf_string(&count), part->fate);
    else
        buf_printf(head, "%s%s%s %s %s", buf_string(&count),
                   share.len ? " " : "", buf_string(&share), part->fate,
                   part->kind);
    buf_clear(&share);
    buf_clear(&count);
}

static enum style style_of(enum lens_fate fate)
{
    switch (fate) {
    case LENS_PINNED: return STYLE_STRONG;
    case LENS_DROPPED: return STYLE_WARNING;
    case LENS_TOO_LARGE: return STYLE_ERROR;
    case LENS_SENT: return STYLE_NORMAL;
    default: return STYLE_DIM;
    }
}

static bool would_go(const struct lens_cut *cut, uint64_t node_id)
{
    for (size_t i = 0; i < cut->nodes.count; i++)
        if (cut->nodes.items[i] == node_id)
            return true;
    return false;
}

/* What of the turn above is of earlier days. */
static void add_recalled(struct list *list, const struct node *node)
{
    struct buf words = { 0 };
    receipt_recalled(&words, node);
    if (words.len)
        list_add_text(list, STYLE_DIM, "with %s", buf_string(&words));
    buf_clear(&words);
}

static void add_entry(const struct panel_source *source, struct list *list,
                      const struct lens_entry *entry,
                      const struct lens_cut *cut,
                      const struct window_share *share)
{
    const struct graph *graph = graph_of(source);
    const struct node *node = graph_node(graph, entry->node_id);
    bool is_sent = entry->fate <= LENS_PINNED || entry->fate == LENS_TOO_LARGE;
    char key[24];
    snprintf(key, sizeof key, "%" PRIu64, entry->node_id);
    struct list_row *row = list_add(list, key);
    row->style = style_of(entry->fate);
    append_head(
        source, &row->head,
        &(struct part){
            window_share_scale(share, is_sent ? entry->tokens : entry->whole),
            share->total, is_sent, lens_fate_name(entry->fate),
            entry->summary ? "summary" : kind_of(node) });
    const struct summary *summary = graph_summary(graph, entry->summary);
    panel_append_excerpt(&row->text, summary ? slice_of(summary->text)
                                             : panel_first_line(node));
    if (would_go(cut, entry->node_id) && !entry->summary)
        buf_append_string(&row->right, "would make room ");
    buf_printf(&row->right, "#%s", key);
    if (!entry->summary)
        add_recalled(list, node);
}

/* What is of no turn. */
static void add_part(const struct panel_source *source, struct list *list,
                     const struct part *part)
{
    struct list_row *row = list_add(list, "");
    row->style = STYLE_NORMAL;
    append_head(source, &row->head, part);
    if (is_narrow(source))
        buf_append_string(&row->text, part->kind);
}

static void add_offered(const struct panel_source *source, struct list *list,
                        const struct window_share *share)
{
    const char *sent = lens_fate_name(LENS_SENT);
    if (!share->offered)
        return;
    add_part(
        source, list,
        &(struct part){ share->offered, share->total, true, sent, "tools" });
    list_add_text(list, STYLE_DIM,
                  "that are offered; /mode off offers none, tools.use says "
                  "which");
}

static void add_total(const struct panel_source *source, struct list *list,
                      const struct window_share *share)
{
    struct list_row *row = list_add(list, "");
    int64_t reported = budget_reported(source->budget);
    row->style = share->window && share->total + share->reply > share->window
                     ? STYLE_ERROR
                     : STYLE_DIM;
    append_head(source, &row->head,
                &(struct part){ share->total, 0, true, "in all", "" });
    window_share_words(share, &row->text);
    if (share->window) {
        buf_append_string(&row->text, " of ");
        panel_append_count(&row->text, share->window);
        buf_append_string(&row->text, ", reply ");
        panel_append_count(&row->text, share->reply);
        buf_append_string(&row->text, ", free ");
        panel_append_count(&row->text, window_share_free(share));
    }
    if (reported >= 0) {
        buf_append_string(&row->text, "; the server counted ");
        panel_append_count(&row->text, (uint64_t)reported);
        buf_append_string(&row->text, " up to the last answer");
    }
}

static void add_key(const struct panel_source *source, enum action action,
                    const char *verb, const char *command, struct buf *out)
{
    struct buf keys = { 0 };
    keymap_format(source->keymap, action, &keys);
    struct slice rest = buf_slice(&keys), key = slice_of("");
    action_next_word(&rest, ',', &key);
    if (out->len)
        buf_append_string(out, ", ");
    buf_printf(out, "%.*s %s", SLICE_ARG(key.len ? key : slice_of(command)),
               verb);
    buf_clear(&keys);
}

static void add_keys(const struct panel_source *source, struct list *list)
{
    struct buf words = { 0 };
    add_key(source, ACTION_LEAVE_ROW, "leaves out or sends",
            "/context leave NUMBER", &words);
    add_key(source, ACTION_PIN_ROW, "pins", "/context pin NUMBER", &words);
    add_key(source, ACTION_REQUEST, "shows the request", "/context request",
            &words);
    list_add_text(list, STYLE_DIM, "%s", buf_string(&words));
    buf_clear(&words);
}

/* As many tokens of an estimate fill the room of the window. */
static uint64_t estimated_room(const struct window_share *share)
{
    uint64_t room = window_share_room(share), total = share->total;
    uint64_t path = total - share->draft;
    if (!path)
        return room;
    return (uint64_t)((double)room * (double)share->estimated / (double)path);
}

void panel_fill_context(const struct panel_source *source, struct list *list)
{
    struct lens lens = { 0 };
    struct lens_cut cut = { 0 };
    struct window_share share = window_share_of(source);
    uint64_t room = estimated_room(&share);
    lens_look(&lens, source->budget, graph_of(source), room);
    if (room && share.total > window_share_room(&share))
        lens_plan(&cut, source->budget, graph_of(source),
                  source->draft_tokens + chat_offered_tokens(source->chat),
                  room);
    add_total(source, list, &share);
    const char *sent = lens_fate_name(LENS_SENT);
    uint64_t total = share.total, system = share.parts[BUDGET_SYSTEM];
    if (system)
        add_part(source, list,
                 &(struct part){ system, total, true, sent, "system" });
    add_offered(source, list, &share);
    for (size_t i = 0; i < lens.entries.count; i++)
        add_entry(source, list, &lens.entries.items[i], &cut, &share);
    if (share.coming)
        add_part(
            source, list,
            &(struct part){ share.coming, total, true, "coming", "model" });
    if (share.draft)
        add_part(source, list,
                 &(struct part){ share.draft, total, true, sent, "draft" });
    add_keys(source, list);
    lens_cut_clear(&cut);
    lens_clear(&lens);
}

void panel_facts_context(const struct panel_source *source, struct buf *facts)
{
    struct window_share share = window_share_of(source);
    panel_append_count(facts, share.total);
    if (share.window) {
        buf_append_string(facts, " of ");
        panel_append_count(facts, share.window);
    }
}

void panel_fill_request(const struct panel_source *source, struct list *list)
{
    struct buf text = { 0 };
    struct error err = { 0 };
    bool ok =
        chat_preview(source->chat, source->draft, source->files, &text, &err);
    struct slice rest = buf_slice(&text), line;
    if (!ok)
        list_add_text(list, STYLE_WARNING, "%s", err.text);
    while (ok && slice_next_line(&rest, &line)) {
        struct list_row *row = list_add(list, "");
        row->style = STYLE_NORMAL;
        buf_append_slice(&row->text, line);
    }
    buf_clear(&text);
}
