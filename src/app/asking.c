/* SPDX-License-Identifier: MIT */
#include "app/asking.h"

#include <string.h>

#include "app/attaching.h"
#include "app/consent_file.h"

enum { EARLY_MS = 300 }; /* keys that were meant for what was there before */

static void show(struct screen *screen)
{
    struct panel_source source = perform_source(screen);
    bands_open(&screen->bands, PANEL_QUESTION, &source);
    screen->asked_at = loop_now(screen->setup.loop);
    screen->draw_now = true;
}

/* The keys are the editor's while the summary is changed there; what is no longer
 * asked is not changed either. */
static bool amends_summary(struct screen *screen)
{
    bool is_reviewed = chat_context_stage(screen->chat) == CONTEXT_REVIEWED;
    if (screen->seat->amending.is_summary && !is_reviewed)
        amending_end(screen);
    return screen->seat->amending.is_summary;
}

void asking_update(struct screen *screen)
{
    bool is_shown = screen->bands.items[PANEL_QUESTION].is_open;
    bool is_written = amends_summary(screen);
    bool is_pending = chat_has_question(screen->chat) && !is_written;
    if (is_pending && !is_shown && !screen->bands.focused)
        show(screen);
    if (!is_pending && is_shown) {
        bands_close(&screen->bands, PANEL_QUESTION);
        screen->draw_now = true;
    }
}

bool asking_has_keys(const struct screen *screen)
{
    return screen->bands.focused == PANEL_QUESTION;
}

bool asking_is_early(const struct screen *screen, enum action action)
{
    int64_t since = loop_now(screen->setup.loop) - screen->asked_at;
    return asking_has_keys(screen) && since < EARLY_MS &&
           action != ACTION_ESCAPE && action != ACTION_INTERRUPT;
}

bool asking_focus(struct screen *screen)
{
    if (screen->bands.focused || !chat_has_question(screen->chat) ||
        !screen->bands.items[PANEL_QUESTION].is_open)
        return false;
    screen->bands.focused = PANEL_QUESTION;
    return true;
}

/* Append the prompt that was not sent, with its files, unless it has been answered before. */
static void append_prompt(struct screen *screen, uint32_t run_id,
                          struct buf *text)
{
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    const struct run *run = graph_run(graph, run_id);
    const struct node *node = run ? graph_node(graph, run->prompt_id) : NULL;
    if (!node || node->kind != NODE_USER ||
        graph_deepest(graph, node->id) != node->id)
        return;
    for (size_t i = 0; i < node->blocks.count; i++) {
        if (node->blocks.items[i].kind == BLOCK_TEXT)
            buf_append_slice(text, buf_slice(&node->blocks.items[i].text));
    }
    attaching_take_back(&screen->seat->files, graph, node);
}

/* In front of the draft; what waited behind it must not start by itself. */
static void take_back(struct screen *screen, struct buf *prompt)
{
    sending_take_queue_back(screen);
    if (!prompt->len)
        return;
    if (!editor_is_empty(screen->editor))
        buf_append_string(prompt, "\n\n");
    buf_append_slice(prompt, editor_text(screen->editor));
    editor_set(screen->editor, buf_slice(prompt));
}

/* It was not sent; `words` say what else there is to say. */
static void give_back(struct screen *screen, struct buf *prompt,
                      struct buf *words)
{
    take_back(screen, prompt);
    screen->seat->ended_run = 0;
    buf_printf(words, "%s%s", words->len ? "; " : "",
               chat_last_error(screen->chat)->text);
}

static uint32_t active_run(const struct screen *screen)
{
    return graph_active_run(chat_conversation(screen->chat)->graph);
}

/* Nobody was asked, neither the user nor a server, and the head has left the
 * prompt. */
void asking_take_refused(struct screen *screen)
{
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    uint32_t id = screen->seat->ended_run;
    const struct run *run = graph_run(graph, id);
    struct buf prompt = { 0 }, words = { 0 };
    screen->seat->ended_run = 0;
    if (!run || run->attempts.count || run->state != RUN_ERROR ||
        graph_head(graph) == run->prompt_id)
        return;
    append_prompt(screen, id, &prompt);
    if (prompt.len) {
        give_back(screen, &prompt, &words);
        perform_notice(screen, buf_string(&words));
    }
    buf_clear(&prompt);
    buf_clear(&words);
}

/* The question is answered; a prompt that was refused, with its files, comes back
 * into the editor. */
static void after(struct screen *screen, struct buf *refused, struct buf *words)
{
    if (refused)
        give_back(screen, refused, words);
    perform_notice(screen, buf_string(words));
    bands_close(&screen->bands, PANEL_QUESTION);
    buf_clear(words);
    if (refused)
        buf_clear(refused);
}

static void answer(struct screen *screen, enum consent_answer answer)
{
    struct buf prompt = { 0 }, words = { 0 };
    bool is_refused = answer == CONSENT_NONE || answer == CONSENT_NEVER;
    if (is_refused)
        append_prompt(screen, active_run(screen), &prompt);
    consent_file_answer(&screen->setup, screen->chat, answer, &words);
    after(screen, is_refused ? &prompt : NULL, &words);
}

static void answer_spending(struct screen *screen, enum spending_answer answer)
{
    struct buf prompt = { 0 }, words = { 0 };
    bool is_refused = answer == SPENDING_STAY;
    if (is_refused)
        append_prompt(screen, active_run(screen), &prompt);
    chat_answer_spending(screen->chat, answer);
    after(screen, is_refused ? &prompt : NULL, &words);
}

/* No prompt waits for /compact. */
static void answer_context(struct screen *screen, enum context_answer answer)
{
    struct buf prompt = { 0 }, words = { 0 };
    bool is_refused = answer == CONTEXT_STAY && active_run(screen);
    if (is_refused)
        append_prompt(screen, active_run(screen), &prompt);
    chat_answer_context(screen->chat, answer);
    after(screen, is_refused ? &prompt : NULL, &words);
}

void asking_answer(struct screen *screen)
{
    enum consent_answer chosen = consent_parse(screen->argument);
    enum spending_answer allowed;
    enum stall_answer said;
    enum context_answer wanted;
    if (chosen && chat_question(screen->chat)) {
        answer(screen, chosen);
    } else if (chat_is_over_limit(screen->chat) &&
               chat_spending_parse(screen->chat, screen->argument, &allowed)) {
        answer_spending(screen, allowed);
    } else if (chat_is_stalled(screen->chat) &&
               stall_parse(screen->argument, &said)) {
        chat_stall_answer(screen->chat, said);
        bands_close(&screen->bands, PANEL_QUESTION);
    } else if (chat_context_stage(screen->chat) == CONTEXT_REVIEWED &&
               slice_is(screen->argument, PANEL_EDIT_SUMMARY)) {
        amending_edit_summary(screen);
    } else if (chat_context_parse(screen->chat, screen->argument, &wanted)) {
        answer_context(screen, wanted);
    }
}

bool asking_dismiss(struct screen *screen)
{
    if (screen->seat->amending.is_summary)
        return false; /* the change is given up first */
    if (chat_question(screen->chat))
        answer(screen, CONSENT_NONE);
    else if (chat_is_over_limit(screen->chat))
        answer_spending(screen, SPENDING_STAY);
    else if (chat_context_stage(screen->chat) == CONTEXT_WRITING)
        chat_stop(screen->chat);
    else if (chat_context_stage(screen->chat) != CONTEXT_IDLE)
        answer_context(screen, CONTEXT_STAY);
    else
        return false;
    return true;
}
