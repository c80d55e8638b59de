/* SPDX-License-Identifier: MIT */
/*
 * panel_consents - what was answered where prompts may go; the key of a row is
 * the origin that it is for.
 */
#include <time.h>

#include "app/panel.h"

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
