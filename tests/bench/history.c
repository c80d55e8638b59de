/* SPDX-License-Identifier: MIT */
#include "tests/bench/history.h"

#include "base/clock.h"

void history_open(struct history *history, const struct answer_text *answer)
{
    *history = (struct history){
        .answer = answer,
        .log = log_new(),
        .graph = graph_new(),
        .budget = budget_new(),
        .messages = messages_new(),
        .view = thread_view_new(),
        .turn_tokens = HISTORY_TURN_TOKENS,
    };
    canvas_resize(&history->canvas, 24, 80);
}

void history_close(struct history *history)
{
    canvas_clear(&history->canvas);
    thread_view_free(history->view);
    messages_free(history->messages);
    budget_free(history->budget);
    thread_clear(&history->thread);
    graph_free(history->graph);
    log_free(history->log);
}

static uint64_t append(struct history *history, struct event *event)
{
    uint64_t seq = log_append(history->log, event);
    graph_apply(history->graph, event);
    return seq;
}

static struct event in_run(const struct history *history, enum event_type type,
                           uint32_t attempt)
{
    return (
        struct event){ .type = type, .run = history->run, .attempt = attempt };
}

static void begin_turn(struct history *history)
{
    struct event prompt = { .type = EVENT_USER_MESSAGE };
    event_add_number(&prompt, FIELD_PARENT, graph_head(history->graph));
    event_add_string(&prompt, FIELD_TEXT, "tell me about rope");
    uint64_t id = append(history, &prompt);
    history->run++;
    struct event run = in_run(history, EVENT_RUN_STARTED, 0);
    event_add_number(&run, FIELD_NODE, id);
    append(history, &run);
    struct event attempt = in_run(history, EVENT_ATTEMPT_STARTED, 1);
    event_add_string(&attempt, FIELD_MODEL, "bench:1b");
    event_add_string(&attempt, FIELD_ENDPOINT, "ollama");
    append(history, &attempt);
    struct event connected = in_run(history, EVENT_CONNECTED, 1);
    append(history, &connected);
}

static void end_turn(struct history *history)
{
    struct event usage = in_run(history, EVENT_USAGE, 1);
    event_add_number(&usage, FIELD_INPUT, 20);
    event_add_number(&usage, FIELD_OUTPUT, history->turn_tokens);
    append(history, &usage);
    struct event attempt = in_run(history, EVENT_ATTEMPT_FINISHED, 1);
    event_add_string(&attempt, FIELD_OUTCOME, "complete");
    append(history, &attempt);
    struct event run = in_run(history, EVENT_RUN_FINISHED, 0);
    event_add_string(&run, FIELD_OUTCOME, "complete");
    append(history, &run);
    history->tokens = 0;
}

/* What a frame does, and before a request what it reads. */
static void look(struct history *history)
{
    struct rect rect = { 0, 0, history->canvas.height, history->canvas.width };
    if (history->draws)
        thread_view_draw(history->view, history->graph, &history->thread,
                         &history->canvas, rect, clock_wall_ms());
    else
        thread_catch_up(&history->thread, history->graph);
    budget_catch_up(history->budget, history->graph);
}

/* The next token, with what comes before and after it. */
static void say(struct history *history)
{
    if (history->tokens == 0)
        begin_turn(history);
    struct event delta = in_run(history, EVENT_TEXT_DELTA, 1);
    size_t index = history->tokens++ % history->answer->tokens.count;
    event_add_text(&delta, FIELD_TEXT, answer_token(history->answer, index));
    append(history, &delta);
    if (history->tokens % HISTORY_FRAME_TOKENS == 0)
        look(history);
    if (history->tokens < history->turn_tokens)
        return;
    end_turn(history);
    messages_catch_up(history->messages, history->graph,
                      graph_head(history->graph));
}

void history_say(struct history *history, int count)
{
    for (int i = 0; i < count; i++)
        say(history);
}

void history_say_until(struct history *history, uint64_t events)
{
    while (log_last_seq(history->log) < events)
        say(history);
}
