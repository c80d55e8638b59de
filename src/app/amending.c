/* SPDX-License-Identifier: MIT */
/*
 * amending - an earlier prompt is written anew in the editor, or a branch gets
 * its name there; and what keys do with branches.
 */
#include <stdlib.h>

#include "app/attaching.h"
#include "app/branch_command.h"
#include "app/comparing.h"
#include "app/screen_state.h"
#include "chat/branch.h"
#include "chat/reread.h"
#include "chat/tree.h"

static const struct graph *graph_of(const struct screen *screen)
{
    return chat_conversation(screen->chat)->graph;
}

/* The turn of the row that was chosen, else the one in focus, else the last. */
static uint64_t turn_meant(const struct screen *screen)
{
    struct buf number = { 0 };
    buf_append_slice(&number, screen->argument);
    uint64_t id = strtoull(buf_string(&number), NULL, 10);
    buf_clear(&number);
    if (!id)
        id = thread_view_focused(screen->thread_view);
    return id ? id : graph_head(graph_of(screen));
}

/* The draft makes room. */
static void begin(struct screen *screen, uint64_t node_id, bool is_name)
{
    struct amending *amending = &screen->seat->amending;
    if (amending->node_id)
        amending_end(screen);
    amending->node_id = node_id;
    amending->is_name = is_name;
    buf_append_slice(&amending->draft, editor_text(screen->editor));
    attachments_move(&amending->files, &screen->seat->files);
    while (typing_focus(screen) != FOCUS_EDITOR)
        reading_focus(screen);
}

void amending_end(struct screen *screen)
{
    struct amending *amending = &screen->seat->amending;
    if (!amending->node_id)
        return;
    editor_set(screen->editor, buf_slice(&amending->draft));
    attachments_clear(&screen->seat->files);
    attachments_move(&screen->seat->files, &amending->files);
    buf_clear(&amending->draft);
    *amending = (struct amending){ 0 };
}

/* What was typed can be had back with Up. */
bool amending_give_up(struct screen *screen)
{
    if (!screen->seat->amending.node_id)
        return false;
    if (!screen->seat->amending.is_name && !screen->seat->amending.is_summary)
        remembering_prompt(screen, editor_text(screen->editor));
    amending_end(screen);
    perform_notice(screen, "given up; nothing has changed");
    return true;
}

/* Its server has read the prompt and its files before. */
static void add_reread(const struct screen *screen, struct buf *words)
{
    struct reread reread =
        reread_of_tokens(screen->chat, draft_size_tokens(&screen->draft_size));
    if (!reread_is_long(&reread))
        return;
    buf_append_string(words, "| ");
    reread_words(&reread, words);
    buf_append_char(words, ' ');
}

void amending_words(const struct screen *screen, struct buf *words)
{
    const struct amending *amending = &screen->seat->amending;
    if (amending->node_id && amending->is_name)
        buf_append_string(words,
                          " the name of this branch: Enter gives it, Esc "
                          "gives up ");
    else if (amending->is_summary)
        buf_append_string(words, " the summary: Enter puts it in the place of "
                                 "those turns, Esc gives up ");
    else if (amending->node_id)
        buf_append_string(words, " an earlier prompt: Enter sends it as a new "
                                 "branch, Esc gives up ");
    if (amending->node_id && !amending->is_name && !amending->is_summary)
        add_reread(screen, words);
}

/* Editing. */

static void edit(struct screen *screen, uint64_t node_id)
{
    const struct node *prompt =
        branch_command_prompt(graph_of(screen), node_id);
    struct buf text = { 0 };
    if (!prompt) {
        perform_notice(screen, "there is no prompt to edit yet");
        return;
    }
    if (chat_is_busy(screen->chat)) {
        perform_notice(screen, "an answer is on its way; Esc stops it");
        return;
    }
    branch_command_text(prompt, &text);
    begin(screen, prompt->id, false);
    editor_set(screen->editor, buf_slice(&text));
    attaching_take_back(&screen->seat->files, graph_of(screen), prompt);
    buf_clear(&text);
}

void amending_edit_turn(struct screen *screen)
{
    edit(screen, turn_meant(screen));
}

/* Where it was typed, it is no draft. */
bool amending_edit(struct screen *screen)
{
    if (slice_starts(editor_text(screen->editor), "/edit"))
        editor_set(screen->editor, slice_of(""));
    edit(screen, graph_head(graph_of(screen)));
    return false;
}

/* Names. */

static void ask_name(struct screen *screen, uint64_t node_id)
{
    const struct node *node = graph_node(graph_of(screen), node_id);
    if (!node) {
        perform_notice(screen, "there is no turn to name yet");
        return;
    }
    begin(screen, node_id, true);
    editor_set(screen->editor, slice_of(node->name ? node->name : ""));
}

void amending_name_turn(struct screen *screen)
{
    ask_name(screen, turn_meant(screen));
}

/* Summaries. */

void amending_edit_summary(struct screen *screen)
{
    begin(screen, graph_head(graph_of(screen)), false);
    screen->seat->amending.is_summary = true;
    editor_set(screen->editor, chat_context_summary(screen->chat));
}

static void take_summary(struct screen *screen)
{
    struct error err = { 0 };
    bool ok =
        chat_context_edit(screen->chat, editor_text(screen->editor), &err);
    perform_notice(screen, err.text);
    if (!ok)
        return;
    amending_end(screen);
    chat_answer_context(screen->chat, CONTEXT_TAKE);
}

bool amending_take_other(struct screen *screen)
{
    struct amending *amending = &screen->seat->amending;
    struct error err = { 0 };
    if (amending->is_summary) {
        take_summary(screen);
        return true;
    }
    if (!amending->node_id || !amending->is_name)
        return false;
    struct slice name = slice_trim(editor_text(screen->editor));
    bool ok = tree_name(screen->chat, amending->node_id, name, &err);
    perform_notice(screen, ok         ? "named; the graph panel shows it"
                           : err.kind ? err.text
                                      : "");
    if (ok)
        amending_end(screen);
    return true;
}

/* What else keys do. */

static void answer(struct screen *screen, bool ok, struct buf *words,
                   const struct error *err)
{
    perform_notice(screen, ok ? buf_string(words) : err->text);
    buf_clear(words);
}

static void prune(struct screen *screen, uint64_t node_id)
{
    struct buf words = { 0 };
    struct error err = { 0 };
    bool ok = tree_prune(screen->chat, node_id, &words, &err);
    answer(screen, ok, &words, &err);
}

void amending_prune_turn(struct screen *screen)
{
    prune(screen, turn_meant(screen));
}

void amending_continue_turn(struct screen *screen)
{
    struct error err = { 0 };
    bool ok = chat_continue(screen->chat, turn_meant(screen), &err);
    perform_notice(screen, ok ? "" : err.text);
}

static void again(struct screen *screen, enum again how)
{
    struct buf words = { 0 };
    struct error err = { 0 };
    bool ok = chat_again(screen->chat, turn_meant(screen), how, &words, &err);
    if (ok)
        comparing_close(screen);
    answer(screen, ok, &words, &err);
}

void amending_again_better(struct screen *screen)
{
    again(screen, AGAIN_BETTER);
}

void amending_again_here(struct screen *screen)
{
    again(screen, AGAIN_HERE);
}

void amending_retry_with(struct screen *screen)
{
    struct panel_source source = perform_source(screen);
    command_ask_models(screen->chat, &screen->setup.endpoints);
    bands_open(&screen->bands, PANEL_RETRY, &source);
}

/* The chosen row of the graph; 0, in words: it is not the graph's. */
static uint64_t row_meant(struct screen *screen)
{
    const struct list *list = &screen->bands.items[PANEL_GRAPH].list;
    uint64_t id = screen->bands.focused == PANEL_GRAPH
                      ? strtoull(list_chosen(list), NULL, 10)
                      : 0;
    if (!id)
        perform_notice(screen, "that is for a turn of the graph panel");
    return id;
}

void amending_name_row(struct screen *screen)
{
    uint64_t id = row_meant(screen);
    if (id)
        ask_name(screen, id);
}

void amending_prune_row(struct screen *screen)
{
    uint64_t id = row_meant(screen);
    if (id)
        prune(screen, id);
}

void amending_restore_row(struct screen *screen)
{
    struct buf words = { 0 };
    struct error err = { 0 };
    uint64_t id = row_meant(screen);
    if (!id)
        return;
    bool ok = tree_restore(screen->chat, id, &words, &err);
    answer(screen, ok, &words, &err);
}

void amending_show_pruned(struct screen *screen)
{
    screen->shows_pruned = !screen->shows_pruned;
    screen->has_news = true;
    perform_notice(screen, screen->shows_pruned
                               ? "pruned branches are shown; Alt-r brings the "
                                 "chosen one back"
                               : "pruned branches are folded");
}
