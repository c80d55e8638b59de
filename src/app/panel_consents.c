/* SPDX-License-Identifier: MIT */
/*
 * panel_consents - the question that a run waits with, and what was answered
 * before; the key of a row is the answer, or the origin that it is for.
 */
#include <time.h>

#include "app/panel.h"

void panel_fill_question(const struct panel_source *source, struct list *list)
{
    static const enum consent_answer answers[] = { CONSENT_OWN, CONSENT_ONCE,
                                                   CONSENT_ALWAYS,
                                                   CONSENT_NEVER };
    const struct route *route = chat_question(source->chat);
    struct buf words = { 0 };
    if (!route)
        return;
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

void panel_facts_question(const struct panel_source *source, struct buf *facts)
{
    (void)source;
    buf_append_string(facts, "Tab, Enter answers");
}

static const char *about(enum consent_answer answer)
{
    switch (answer) {
    case CONSENT_OWN: return "own: anything may go there";
    case CONSENT_ALWAYS: return "always: prompts may go there";
    default: return "never: no prompt goes there by itself";
    }
}

void panel_fill_consents(const struct panel_source *source, struct list *list)
{
    const struct consents *consents = source->consents;
    for (size_t i = 0; i < consents->list.count; i++) {
        const struct consent *consent = &consents->list.items[i];
        struct list_row *row = list_add(list, consent->origin);
        time_t time = (time_t)consent->time;
        char when[32] = "";
        struct tm tm;
        localtime_r(&time, &tm);
        strftime(when, sizeof when, "%Y-%m-%d %H:%M", &tm);
        buf_append_string(&row->head, consent->origin);
        buf_append_string(&row->text, about(consent->answer));
        buf_append_string(&row->right, when);
    }
    list_add_text(list, STYLE_DIM, "%s",
                  consents->list.count
                      ? "Enter takes one back: then you are asked again."
                      : "You have answered nothing yet. You are asked before "
                        "the first prompt that would go to a vendor.");
}
