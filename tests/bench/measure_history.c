/* SPDX-License-Identifier: MIT */
/*
 * The log, the reducer and the views without a program around them: what one
 * more token costs late in a conversation.
 */
#include <stdio.h>

#include "base/clock.h"
#include "graph/budget.h"
#include "graph/log.h"
#include "graph/messages.h"
#include "tests/bench/measure.h"
#include "tests/bench/sample.h"
#include "ui/thread_view.h"

enum {
    EVENTS = 1000000,
    TENTHS = 10,
    TURN_TOKENS = 500, /* of a usual answer */
    FRAME_TOKENS = 10, /* 100 a second, 10 frames a second */
    EARLY_TOKENS = 1000,
    LATE_TOKENS = 1000000,
    TIMED_TOKENS = 20000,
};

/* A conversation that goes on and on, and the views of it. */
struct talk {
    const struct answer_text *answer;
    struct log *log;
    struct graph *graph;
    struct thread thread;
    struct budget *budget;
    struct messages *messages;
    struct thread_view *view;
    struct canvas canvas;
    uint32_t run;
    size_t turn_tokens; /* of an answer */
    size_t tokens;      /* of the open answer; 0: none is open */
    bool draws;
};

static void talk_open(struct talk *talk, const struct answer_text *answer)
{
    *talk = (struct talk){
        .answer = answer,
        .log = log_new(),
        .graph = graph_new(),
        .budget = budget_new(),
        .messages = messages_new(),
        .view = thread_view_new(),
        .turn_tokens = TURN_TOKENS,
    };
    canvas_resize(&talk->canvas, 24, 80);
}

static void talk_close(struct talk *talk)
{
    canvas_clear(&talk->canvas);
    thread_view_free(talk->view);
    messages_free(talk->messages);
    budget_free(talk->budget);
    thread_clear(&talk->thread);
    graph_free(talk->graph);
    log_free(talk->log);
}

static uint64_t append(struct talk *talk, struct event *event)
{
    uint64_t seq = log_append(talk->log, event);
    graph_apply(talk->graph, event);
    return seq;
}

static struct event in_run(const struct talk *talk, enum event_type type,
                           uint32_t attempt)
{
    return (struct event){ .type = type, .run = talk->run, .attempt = attempt };
}

static void begin_turn(struct talk *talk)
{
    struct event prompt = { .type = EVENT_USER_MESSAGE };
    event_add_number(&prompt, FIELD_PARENT, graph_head(talk->graph));
    event_add_string(&prompt, FIELD_TEXT, "tell me about rope");
    uint64_t id = append(talk, &prompt);
    talk->run++;
    struct event run = in_run(talk, EVENT_RUN_STARTED, 0);
    event_add_number(&run, FIELD_NODE, id);
    append(talk, &run);
    struct event attempt = in_run(talk, EVENT_ATTEMPT_STARTED, 1);
    event_add_string(&attempt, FIELD_MODEL, "bench:1b");
    event_add_string(&attempt, FIELD_ENDPOINT, "ollama");
    append(talk, &attempt);
    struct event connected = in_run(talk, EVENT_CONNECTED, 1);
    append(talk, &connected);
}

static void end_turn(struct talk *talk)
{
    struct event usage = in_run(talk, EVENT_USAGE, 1);
    event_add_number(&usage, FIELD_INPUT, 20);
    event_add_number(&usage, FIELD_OUTPUT, talk->turn_tokens);
    append(talk, &usage);
    struct event attempt = in_run(talk, EVENT_ATTEMPT_FINISHED, 1);
    event_add_string(&attempt, FIELD_OUTCOME, "complete");
    append(talk, &attempt);
    struct event run = in_run(talk, EVENT_RUN_FINISHED, 0);
    event_add_string(&run, FIELD_OUTCOME, "complete");
    append(talk, &run);
    talk->tokens = 0;
}

/* What a frame does, and before a request what it reads. */
static void look(struct talk *talk)
{
    struct rect rect = { 0, 0, talk->canvas.height, talk->canvas.width };
    if (talk->draws)
        thread_view_draw(talk->view, talk->graph, &talk->thread, &talk->canvas,
                         rect, clock_wall_ms());
    else
        thread_catch_up(&talk->thread, talk->graph);
    budget_catch_up(talk->budget, talk->graph);
}

/* The next token, with what comes before and after it. */
static void say(struct talk *talk)
{
    if (talk->tokens == 0)
        begin_turn(talk);
    struct event delta = in_run(talk, EVENT_TEXT_DELTA, 1);
    size_t index = talk->tokens++ % talk->answer->tokens.count;
    event_add_text(&delta, FIELD_TEXT, answer_token(talk->answer, index));
    append(talk, &delta);
    if (talk->tokens % FRAME_TOKENS == 0)
        look(talk);
    if (talk->tokens < talk->turn_tokens)
        return;
    end_turn(talk);
    messages_catch_up(talk->messages, talk->graph, graph_head(talk->graph));
}

static void say_many(struct talk *talk, int count)
{
    for (int i = 0; i < count; i++)
        say(talk);
}

void measure_reducer(struct table *table, struct stream *stream)
{
    struct talk talk;
    double seconds[TENTHS], total = 0;
    char detail[96];
    talk_open(&talk, stream->answer);
    for (int tenth = 0; tenth < TENTHS; tenth++) {
        uint64_t until = (uint64_t)EVENTS / TENTHS * ((unsigned)tenth + 1);
        int64_t start = sample_now_ns();
        while (log_last_seq(talk.log) < until)
            say(&talk);
        seconds[tenth] = sample_ms_since(start) / 1e3;
        total += seconds[tenth];
    }
    snprintf(detail, sizeof detail,
             "%.2f s in all, %.3f s the first tenth, %.3f s the last", total,
             seconds[0], seconds[TENTHS - 1]);
    table_add(
        table,
        &(struct row){ .what = "1000000 events reduced, views read: last tenth",
                       .value = seconds[TENTHS - 1] / seconds[0],
                       .unit = "x first",
                       .target = 1.5,
                       .has_target = true,
                       .detail = detail });
    talk_close(&talk);
}

/* Microseconds a token, drawn ten at a time; the median of many frames. */
static double token_us(struct talk *talk)
{
    struct sample us = { 0 };
    for (int i = 0; i < TIMED_TOKENS / FRAME_TOKENS; i++) {
        int64_t start = sample_now_ns();
        say_many(talk, FRAME_TOKENS);
        sample_add(&us, sample_ms_since(start) * 1e3 / FRAME_TOKENS);
    }
    double result = sample_quantile(&us, 0.5);
    sample_clear(&us);
    return result;
}

static void measure_late(struct table *table, const struct stream *stream,
                         const char *what, size_t turn_tokens)
{
    struct talk talk;
    char detail[96];
    talk_open(&talk, stream->answer);
    talk.draws = true;
    talk.turn_tokens = turn_tokens;
    say_many(&talk, EARLY_TOKENS);
    double early = token_us(&talk);
    say_many(&talk, LATE_TOKENS - EARLY_TOKENS - TIMED_TOKENS);
    double late = token_us(&talk);
    snprintf(detail, sizeof detail,
             "drawn: %.2f us a token at 1 k, %.2f us at 1 M", early, late);
    table_add(table, &(struct row){ .what = what,
                                    .value = late / early,
                                    .unit = "x",
                                    .target = 1.2,
                                    .has_target = true,
                                    .detail = detail });
    talk_close(&talk);
}

void measure_history(struct table *table, struct stream *stream)
{
    measure_late(table, stream,
                 "a token after 1 M tokens, in 500-token answers", TURN_TOKENS);
    measure_late(table, stream, "a token after 1 M tokens, in one answer",
                 LATE_TOKENS + TIMED_TOKENS);
}
