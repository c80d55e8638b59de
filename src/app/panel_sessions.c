/* SPDX-License-Identifier: MIT */
/*
 * panel_sessions - the conversations that are open, and those that are kept. A
 * row's key is what /resume takes: the name of a session, or "#2" of one that is
 * open here and not kept.
 */
#include <stdio.h>
#include <string.h>

#include "app/catalogue.h"
#include "app/model_text.h"
#include "app/panel.h"
#include "app/seats.h"
#include "app/summary.h"
#include "ui/receipt.h"

enum { SECOND_MS = 1000 };

static const struct seat *find_seat(const struct panel_source *source,
                                    const char *id)
{
    for (size_t i = 0; source->seats && i < source->seats->list.count; i++) {
        const struct seat *seat = source->seats->list.items[i];
        const char *session = chat_session(seat->chat);
        if (session && !strcmp(session, id))
            return seat;
    }
    return NULL;
}

/* What goes on there. */
static const char *seat_state(const struct seat *seat)
{
    if (seats_asks(seat))
        return "asks";
    if (chat_is_busy(seat->chat))
        return "streaming";
    return seat->is_unread ? "unread" : "open";
}

static void append_turns(struct buf *text, int turns)
{
    buf_printf(text, "%s%d turn%s", text->len ? ", " : "", turns,
               turns == 1 ? "" : "s");
}

static void fill_open(struct list_row *row, const struct chat *chat)
{
    const struct graph *graph = chat_conversation(chat)->graph;
    const struct attempt *attempt = summary_last_attempt(graph);
    summary_title(&row->head, graph);
    append_turns(&row->text, summary_turns(graph));
    if (attempt) {
        buf_append_string(&row->text, ", ");
        receipt_model(&row->text, attempt, "->");
    }
}

static void fill_kept(struct list_row *row, const struct catalogue_entry *entry)
{
    const struct session_row *kept = &entry->row;
    buf_append_string(&row->head, kept->title.len ? buf_string(&kept->title)
                                                  : kept->id.text);
    if (!entry->is_read)
        return;
    if (!kept->events) {
        buf_append_string(&row->text, kept->err.text);
        return;
    }
    append_turns(&row->text, kept->turns);
    if (kept->model.len)
        buf_printf(&row->text, ", %s", buf_string(&kept->model));
}

static void append_right(struct list_row *row,
                         const struct panel_source *source,
                         const struct session_row *kept)
{
    if (kept->cost > 0) {
        receipt_cost(&row->right, kept->cost);
        buf_append_string(&row->right, "  ");
    }
    session_row_time(&row->right, kept->changed_time, source->now / SECOND_MS);
}

static void add_kept(const struct panel_source *source, struct list *list,
                     const struct catalogue_entry *entry)
{
    const char *id = entry->row.id.text;
    const struct seat *seat = find_seat(source, id);
    const char *shown = chat_session(source->chat);
    struct list_row *row = list_add(list, id);
    row->is_marked = shown && !strcmp(shown, id);
    row->style = STYLE_NORMAL;
    if (seat)
        buf_append_string(&row->text, seat_state(seat));
    else if (entry->is_held && !row->is_marked)
        buf_append_string(&row->text, "open in another sennit");
    if (seat)
        fill_open(row, seat->chat);
    else if (row->is_marked)
        fill_open(row, source->chat);
    else
        fill_kept(row, entry);
    append_right(row, source, &entry->row);
}

/* Those that are not on disk, or not yet. */
static void add_seat(const struct panel_source *source, struct list *list,
                     const struct seat *seat)
{
    const char *session = chat_session(seat->chat);
    char key[16];
    if (seat_is_empty(seat))
        return;
    if (source->catalogue && session &&
        catalogue_find(source->catalogue, session))
        return;
    snprintf(key, sizeof key, "#%u", (unsigned)seat->number);
    struct list_row *row = list_add(list, key);
    row->is_marked = seat == source->seat;
    row->style = STYLE_NORMAL;
    buf_append_string(&row->text, seat_state(seat));
    fill_open(row, seat->chat);
}

static void add_state(const struct panel_source *source, struct list *list)
{
    const struct catalogue *catalogue = source->catalogue;
    if (!catalogue)
        return;
    if (catalogue_error(catalogue)->kind != ERROR_NONE)
        list_add_text(list, STYLE_ERROR, "%s",
                      catalogue_error(catalogue)->text);
    else if (catalogue_is_complete(catalogue) && !catalogue_count(catalogue))
        list_add_text(list, STYLE_DIM, "No conversation is kept yet.");
}

void panel_fill_sessions(const struct panel_source *source, struct list *list)
{
    const struct catalogue *catalogue = source->catalogue;
    if (source->is_renaming) {
        struct list_row *row = list_add(list, "");
        buf_append_string(&row->head, "new title");
        buf_append_slice(&row->text, buf_slice(&list->filter));
        return;
    }
    for (size_t i = 0; source->seats && i < source->seats->list.count; i++)
        add_seat(source, list, source->seats->list.items[i]);
    for (size_t i = 0; catalogue && i < catalogue_count(catalogue); i++)
        add_kept(source, list, catalogue_at(catalogue, i));
    add_state(source, list);
}

static void add_words(struct list *list, const char *who,
                      const struct buf *text)
{
    struct list_row *row;
    if (!text->len)
        return;
    row = list_add(list, "");
    row->style = STYLE_DIM;
    buf_append_string(&row->head, who);
    buf_append_slice(&row->text, buf_slice(text));
}

void panel_preview_sessions(const struct panel_source *source, const char *key,
                            struct list *list)
{
    const struct catalogue_entry *entry =
        source->catalogue ? catalogue_find(source->catalogue, key) : NULL;
    const struct seat *seat = find_seat(source, key);
    struct buf prompt = { 0 }, answer = { 0 };
    if (source->is_renaming)
        return;
    if (seat)
        catalogue_excerpts(chat_conversation(seat->chat)->graph, &prompt,
                           &answer);
    add_words(list, "you", seat || !entry ? &prompt : &entry->prompt);
    add_words(list, "answer", seat || !entry ? &answer : &entry->answer);
    buf_clear(&prompt);
    buf_clear(&answer);
}
