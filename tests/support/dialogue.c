/* SPDX-License-Identifier: MIT */
#include "tests/support/dialogue.h"

#include <check.h>

#include "graph/log.h"

void dialogue_start(struct dialogue *dialogue)
{
    *dialogue = (struct dialogue){
        .log = log_new(),
        .graph = graph_new(),
        .messages = messages_new(),
    };
}

void dialogue_end(struct dialogue *dialogue)
{
    messages_free(dialogue->messages);
    graph_free(dialogue->graph);
    log_free(dialogue->log);
}

static uint64_t append(struct dialogue *dialogue, struct event *event)
{
    uint64_t seq = log_append(dialogue->log, event);
    graph_apply(dialogue->graph, event);
    return seq;
}

static struct event answer_event(const struct dialogue *dialogue,
                                 enum event_type type)
{
    return (struct event){
        .type = type,
        .run = dialogue->run,
        .attempt = dialogue->attempt,
    };
}

void dialogue_user(struct dialogue *dialogue, const char *text)
{
    struct event user = { .type = EVENT_USER_MESSAGE };
    event_add_number(&user, FIELD_PARENT, graph_head(dialogue->graph));
    event_add_string(&user, FIELD_TEXT, text);
    uint64_t node = append(dialogue, &user);
    dialogue->run++;
    dialogue->attempt = 0;
    struct event run = { .type = EVENT_RUN_STARTED, .run = dialogue->run };
    event_add_number(&run, FIELD_NODE, node);
    append(dialogue, &run);
}

void dialogue_image(struct dialogue *dialogue,
                    const struct dialogue_image *image)
{
    struct event event = { .type = EVENT_ATTACHMENT_ADDED };
    event_add_number(&event, FIELD_NODE, graph_head(dialogue->graph));
    event_add_string(&event, FIELD_NAME, image->name);
    event_add_string(&event, FIELD_MEDIA_TYPE, image->media_type);
    event_add_string(&event, FIELD_ALT, image->alt);
    event_add_string(&event, FIELD_URL, image->url);
    event_add_string(&event, FIELD_DATA, image->data);
    append(dialogue, &event);
}

static void append_call(struct dialogue *dialogue,
                        const struct dialogue_turn *turn)
{
    struct event start = answer_event(dialogue, EVENT_TOOL_CALL_START);
    struct event end = answer_event(dialogue, EVENT_TOOL_CALL_END);
    dialogue->call++;
    event_add_number(&start, FIELD_CALL, dialogue->call);
    event_add_string(&start, FIELD_ID, turn->call_id);
    event_add_string(&start, FIELD_NAME, turn->call_name);
    append(dialogue, &start);
    event_add_number(&end, FIELD_CALL, dialogue->call);
    event_add_string(&end, FIELD_ARGUMENTS, turn->arguments);
    append(dialogue, &end);
}

static void append_result(struct dialogue *dialogue, const char *result)
{
    struct event started = { .type = EVENT_TOOL_STARTED, .run = dialogue->run };
    struct event finished = { .type = EVENT_TOOL_FINISHED,
                              .run = dialogue->run };
    event_add_number(&started, FIELD_CALL, dialogue->call);
    append(dialogue, &started);
    event_add_number(&finished, FIELD_CALL, dialogue->call);
    event_add_string(&finished, FIELD_OUTCOME, "completed");
    event_add_string(&finished, FIELD_TEXT, result);
    append(dialogue, &finished);
}

void dialogue_assistant(struct dialogue *dialogue,
                        const struct dialogue_turn *turn)
{
    dialogue->attempt++;
    struct event started = answer_event(dialogue, EVENT_ATTEMPT_STARTED);
    struct event text = answer_event(dialogue, EVENT_TEXT_DELTA);
    struct event finished = answer_event(dialogue, EVENT_ATTEMPT_FINISHED);
    append(dialogue, &started);
    event_add_string(&text, FIELD_TEXT, turn->text);
    if (turn->text)
        append(dialogue, &text);
    if (turn->call_name)
        append_call(dialogue, turn);
    event_add_string(&finished, FIELD_OUTCOME, "complete");
    append(dialogue, &finished);
    if (turn->result)
        append_result(dialogue, turn->result);
    if (turn->call_name)
        return;
    struct event end = { .type = EVENT_RUN_FINISHED, .run = dialogue->run };
    event_add_string(&end, FIELD_OUTCOME, "complete");
    append(dialogue, &end);
}

const struct messages *dialogue_messages(struct dialogue *dialogue)
{
    ck_assert_uint_eq(graph_seq(dialogue->graph), log_last_seq(dialogue->log));
    messages_catch_up(dialogue->messages, dialogue->graph,
                      graph_head(dialogue->graph));
    return dialogue->messages;
}
