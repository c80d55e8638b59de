/* SPDX-License-Identifier: MIT */
/*
 * panel_question - the question that a run waits with: may it leave the
 * machine, may it cost so much, is a stalled answer to be waited for, how is
 * room made; the key of a row is the answer.
 */
#include <inttypes.h>

#include "app/panel.h"

static void ask_consent(const struct panel_source *source, struct list *list)
{
    static const enum consent_answer answers[] = { CONSENT_OWN, CONSENT_ONCE,
                                                   CONSENT_ALWAYS,
                                                   CONSENT_NEVER };
    const struct route *route = chat_question(source->chat);
    struct buf words = { 0 };
    consent_words(route, &words);
    list_add_text(list, STYLE_WARNING, "%s", buf_string(&words));
    for (size_t i = 0; i < COUNTOF(answers); i++) {
        const char *about = consent_about(route, answers[i]);
        if (!about)
            continue;
        struct list_row *row = list_add(list, consent_name(answers[i]));
        buf_append_string(&row->head, consent_word(route, answers[i]));
        buf_append_string(&row->text, about);
    }
    buf_clear(&words);
}

static void ask_stall(const struct panel_source *source, struct list *list)
{
    struct buf words = { 0 };
    chat_stall_words(source->chat, &words);
    list_add_text(list, STYLE_WARNING, "%s", buf_string(&words));
    for (int i = 0; i < STALL_ANSWERS; i++) {
        enum stall_answer answer = (enum stall_answer)i;
        struct list_row *row = list_add(list, stall_name(answer));
        buf_append_string(&row->head, stall_name(answer));
        buf_append_string(&row->text, stall_about(answer));
    }
    buf_clear(&words);
}

static void ask_spending(const struct panel_source *source, struct list *list)
{
    struct buf words = { 0 };
    chat_spending_words(source->chat, &words);
    list_add_text(list, STYLE_WARNING, "%s", buf_string(&words));
    for (int i = 0; i < SPENDING_ANSWERS; i++) {
        enum spending_answer answer = (enum spending_answer)i;
        buf_reset(&words);
        if (!chat_spending_about(source->chat, answer, &words))
            continue;
        struct list_row *row = list_add(list, spending_name(answer));
        buf_append_string(&row->head, spending_name(answer));
        buf_append_slice(&row->text, buf_slice(&words));
    }
    buf_clear(&words);
}

static void add_answers(const struct panel_source *source, struct list *list)
{
    struct buf words = { 0 };
    for (int i = 0; i < CONTEXT_ANSWERS; i++) {
        enum context_answer answer = (enum context_answer)i;
        buf_reset(&words);
        if (!chat_context_about(source->chat, answer, &words))
            continue;
        struct list_row *row = list_add(list, context_answer_name(answer));
        buf_append_string(&row->head, context_answer_name(answer));
        buf_append_slice(&row->text, buf_slice(&words));
    }
    buf_clear(&words);
}

/* What would go, the first of it first. */
static void add_going(const struct panel_source *source, struct list *list)
{
    const struct context_plan *plan = chat_context_plan(source->chat);
    const struct graph *graph = chat_conversation(source->chat)->graph;
    for (size_t i = 0; i < plan->cut.nodes.count; i++) {
        const struct node *node = graph_node(graph, plan->cut.nodes.items[i]);
        struct list_row *row = list_add(list, "");
        row->style = STYLE_DIM;
        buf_append_string(&row->head, node->kind == NODE_TOOL_RESULT ? "result"
                                      : node->kind == NODE_USER      ? "you"
                                                                     : "model");
        panel_append_excerpt(&row->text, panel_first_line(node));
        buf_printf(&row->right, "#%" PRIu64, node->id);
    }
}

static void add_summary(const struct panel_source *source, struct list *list)
{
    struct slice rest = chat_context_summary(source->chat), line;
    while (slice_next_line(&rest, &line)) {
        struct list_row *row = list_add(list, "");
        row->style = STYLE_NORMAL;
        buf_append_slice(&row->text, line);
    }
}

static void ask_context(const struct panel_source *source, struct list *list)
{
    struct buf words = { 0 };
    enum context_stage stage = chat_context_stage(source->chat);
    chat_context_words(source->chat, &words);
    list_add_text(list, STYLE_WARNING, "%s", buf_string(&words));
    buf_clear(&words);
    add_answers(source, list);
    if (stage == CONTEXT_REVIEWED && source->term) {
        struct list_row *row = list_add(list, PANEL_EDIT_SUMMARY);
        buf_append_string(&row->head, PANEL_EDIT_SUMMARY);
        buf_append_string(&row->text, "change its words first");
    }
    if (stage == CONTEXT_OFFERED)
        add_going(source, list);
    else
        add_summary(source, list);
}

void panel_fill_question(const struct panel_source *source, struct list *list)
{
    if (chat_question(source->chat))
        ask_consent(source, list);
    else if (chat_is_over_limit(source->chat))
        ask_spending(source, list);
    else if (chat_is_stalled(source->chat))
        ask_stall(source, list);
    else if (chat_context_stage(source->chat) != CONTEXT_IDLE)
        ask_context(source, list);
}

void panel_facts_question(const struct panel_source *source, struct buf *facts)
{
    buf_append_string(facts, source->has_keys ? "Enter answers"
                                              : "Tab, Enter answers");
}

const char *panel_escape_question(const struct panel_source *source)
{
    if (chat_context_stage(source->chat) == CONTEXT_WRITING)
        return "stops it";
    if (chat_context_stage(source->chat) != CONTEXT_IDLE &&
        !graph_active_run(chat_conversation(source->chat)->graph))
        return "cuts nothing";
    return chat_is_stalled(source->chat) ? "stops the answer" : "does not send";
}
