/* SPDX-License-Identifier: MIT */
/*
 * panel_question - the question that a run waits with: may it leave the
 * machine, may it cost so much, is a stalled answer to be waited for; the key of
 * a row is the answer.
 */
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

void panel_fill_question(const struct panel_source *source, struct list *list)
{
    if (chat_question(source->chat))
        ask_consent(source, list);
    else if (chat_is_over_limit(source->chat))
        ask_spending(source, list);
    else if (chat_is_stalled(source->chat))
        ask_stall(source, list);
}

void panel_facts_question(const struct panel_source *source, struct buf *facts)
{
    buf_append_string(facts, source->has_keys ? "Enter answers"
                                              : "Tab, Enter answers");
}

const char *panel_escape_question(const struct panel_source *source)
{
    return chat_is_stalled(source->chat) ? "stops the answer" : "does not send";
}
