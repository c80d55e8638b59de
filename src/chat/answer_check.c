/* SPDX-License-Identifier: MIT */
/*
 * answer_check - whether an answer is as its schema asks, and what follows when
 * it is not: the run ends with an error, and one repair is offered, or made.
 */
#include "chat/chat_state.h"

bool chat_set_schema(struct chat *chat, struct slice text, const char *name,
                     struct error *err)
{
    if (chat->run)
        return error_set(err, ERROR_USAGE,
                         "an answer is on its way; stop it first, or wait");
    return structured_set(&chat->structured, text, name, err);
}

const char *chat_schema_name(const struct chat *chat)
{
    return chat->structured.name;
}

const json_t *chat_object(struct chat *chat)
{
    return structured_value(&chat->structured);
}

/* Calls of tools are no answer yet. */
static bool is_answer(const struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    uint32_t count = graph_call_count(graph);
    const struct call *last = count ? graph_call(graph, count) : NULL;
    return !last || last->run != chat->run;
}

bool answer_check(struct chat *chat, struct error *err)
{
    struct structured *structured = &chat->structured;
    if (!structured->schema || !is_answer(chat))
        return true;
    bool is_valid = structured_check(structured);
    const struct attempt *attempt =
        graph_attempt(chat->conversation.graph, chat->run, chat->attempt);
    struct event event = chat_run_event(chat, EVENT_ANSWER_CHECKED);
    if (attempt->node_id)
        event_add_number(&event, FIELD_NODE, attempt->node_id);
    event_add_string(&event, FIELD_OUTCOME, is_valid ? "valid" : "invalid");
    event_add_text(&event, FIELD_TEXT, buf_slice(&structured->violation));
    chat_append(chat, &event);
    if (is_valid)
        return true;
    bool is_offered = chat->setup.is_interactive && !structured->is_repairing;
    return error_set(err, ERROR_PROTOCOL, "the answer is not as %s asks: %s%s",
                     structured->name, buf_string(&structured->violation),
                     is_offered ? "; /repair asks for it corrected" : "");
}

static bool ask_again(struct chat *chat, struct error *err)
{
    struct buf text = { 0 };
    buf_printf(&text,
               "Your answer does not follow the JSON Schema that was asked "
               "for: %s. Answer again with the whole corrected JSON value and "
               "nothing else.",
               buf_string(&chat->structured.violation));
    bool ok = chat_prompt(chat, buf_slice(&text), NULL, err);
    buf_clear(&text);
    return ok;
}

bool chat_repair(struct chat *chat, struct error *err)
{
    if (chat->run)
        return error_set(err, ERROR_USAGE, "an answer is on its way");
    if (!chat->structured.violation.len)
        return error_set(err, ERROR_USAGE,
                         "there is nothing to repair: the last answer is as "
                         "its schema asks, or there was none");
    return ask_again(chat, err);
}

/* Once, and not before prompts that wait: they were written for what is there. */
void answer_repair(struct chat *chat)
{
    struct structured *structured = &chat->structured;
    struct error ignored;
    bool is_wanted =
        structured->violation.len && !structured->is_repairing &&
        settings_flag(chat->setup.settings, "reply.repair", false) &&
        graph_queue_count(chat->conversation.graph) == 0;
    structured->is_repairing = is_wanted && ask_again(chat, &ignored);
}
