/* SPDX-License-Identifier: MIT */
/*
 * panel_consents - what was answered for good: where prompts may go (the key of a
 * row is the origin that it is for), and which calls of tools need no question
 * (the key is the rule in words).
 */
#include <time.h>

#include "app/panel.h"
#include "tool/permission_rule.h"

static const char *about(enum consent_answer answer)
{
    switch (answer) {
    case CONSENT_OWN: return "own: anything may go there";
    case CONSENT_ALWAYS: return "always: prompts may go there";
    default: return "never: no prompt goes there by itself";
    }
}

static void append_time(struct list_row *row, int64_t seconds)
{
    time_t time = (time_t)seconds;
    char when[32] = "";
    struct tm tm;
    localtime_r(&time, &tm);
    strftime(when, sizeof when, "%Y-%m-%d %H:%M", &tm);
    if (seconds)
        buf_append_string(&row->right, when);
}

static void add_consents(const struct consents *consents, struct list *list)
{
    for (size_t i = 0; i < consents->list.count; i++) {
        const struct consent *consent = &consents->list.items[i];
        struct list_row *row = list_add(list, consent->origin);
        buf_append_string(&row->head, consent->origin);
        buf_append_string(&row->text, about(consent->answer));
        append_time(row, consent->time);
    }
}

static void add_rules(const struct permission_rules *rules, struct list *list)
{
    for (size_t i = 0; i < rules->list.count; i++) {
        const struct permission_rule *rule = &rules->list.items[i];
        struct buf words = { 0 };
        permission_rule_words(rule, &words);
        struct list_row *row = list_add(list, buf_string(&words));
        buf_append_slice(&row->head, buf_slice(&words));
        buf_append_string(&row->text, "always: this call does not ask");
        append_time(row, rule->time);
        buf_clear(&words);
    }
}

void panel_fill_consents(const struct panel_source *source, struct list *list)
{
    bool has_answers =
        source->consents->list.count + source->rules->list.count > 0;
    add_consents(source->consents, list);
    add_rules(source->rules, list);
    list_add_text(list, STYLE_DIM, "%s",
                  has_answers
                      ? "Enter takes one back: then you are asked again."
                      : "You have answered nothing yet. You are asked before "
                        "the first prompt that would go to a vendor, and "
                        "before a tool changes something.");
}
