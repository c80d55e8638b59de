/* SPDX-License-Identifier: MIT */
#include "tests/support/talk.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <check.h>

void talk_begin(struct talk *talk, int height, int width)
{
    setenv("TZ", "UTC", 1);
    tzset();
    *talk = (struct talk){ 0 };
    scenario_init(&talk->scenario);
    talk->now = (14 * 60 + 2) * 60 * 1000;
    talk->view = thread_view_new();
    canvas_resize(&talk->canvas, height, width);
}

void talk_end(struct talk *talk)
{
    scenario_clear(&talk->scenario);
    thread_clear(&talk->thread);
    thread_view_free(talk->view);
    canvas_clear(&talk->canvas);
}

uint64_t talk_say(struct talk *talk, int64_t after, enum event_type type,
                  uint32_t run, uint32_t attempt, ...)
{
    struct event event = { .type = type, .run = run, .attempt = attempt };
    va_list fields;
    event.at = talk->now += after;
    va_start(fields, attempt);
    for (;;) {
        enum event_field field = va_arg(fields, int);
        if (field == FIELD_NONE)
            break;
        const char *value = va_arg(fields, const char *);
        if (event_field_kind(field) == FIELD_KIND_TEXT ||
            event_field_kind(field) == FIELD_KIND_JSON)
            event_add_string(&event, field, value);
        else if (event_field_kind(field) == FIELD_KIND_REAL)
            event_add_real(&event, field, strtod(value, NULL));
        else
            event_add_number(&event, field, strtoull(value, NULL, 10));
    }
    va_end(fields);
    scenario_add(&talk->scenario, &event);
    return event.seq;
}

static void format_id(char text[24], uint64_t id)
{
    snprintf(text, 24, "%" PRIu64, id);
}

uint64_t talk_ask(struct talk *talk, const char *text, uint32_t run)
{
    char parent[24], node[24];
    format_id(parent, graph_head(talk->scenario.graph));
    uint64_t id = talk_say(talk, 0, EVENT_USER_MESSAGE, 0, 0, FIELD_TEXT, text,
                           FIELD_PARENT, parent, FIELD_NONE);
    format_id(node, id);
    talk_say(talk, 0, EVENT_RUN_STARTED, run, 0, FIELD_NODE, node, FIELD_NONE);
    return id;
}

void talk_move_head(struct talk *talk, uint64_t node_id)
{
    char node[24];
    format_id(node, node_id);
    talk_say(talk, 0, EVENT_HEAD_MOVED, 0, 0, FIELD_NODE, node, FIELD_NONE);
}

uint64_t talk_exchange(struct talk *talk, uint32_t run, const char *prompt,
                       const char *answer)
{
    talk_ask(talk, prompt, run);
    talk_start(talk, run, 1, "m", "e");
    talk_stream(talk, run, 1, answer);
    talk_finish(talk, run, 1, "complete", "");
    return graph_head(talk->scenario.graph);
}

void talk_start(struct talk *talk, uint32_t run, uint32_t attempt,
                const char *model, const char *endpoint)
{
    talk_say(talk, 0, EVENT_ATTEMPT_STARTED, run, attempt, FIELD_MODEL, model,
             FIELD_ENDPOINT, endpoint, FIELD_NONE);
}

void talk_stream(struct talk *talk, uint32_t run, uint32_t attempt,
                 const char *text)
{
    talk_say(talk, 0, EVENT_TEXT_DELTA, run, attempt, FIELD_TEXT, text,
             FIELD_NONE);
}

void talk_finish(struct talk *talk, uint32_t run, uint32_t attempt,
                 const char *outcome, const char *error)
{
    talk_say(talk, 0, EVENT_ATTEMPT_FINISHED, run, attempt, FIELD_OUTCOME,
             outcome, FIELD_ERROR, error, FIELD_NONE);
    talk_say(talk, 0, EVENT_RUN_FINISHED, run, 0, FIELD_OUTCOME, outcome,
             FIELD_NONE);
}

void talk_draw(struct talk *talk)
{
    struct rect rect = { 0, 0, talk->canvas.height, talk->canvas.width };
    thread_view_draw(talk->view, talk->scenario.graph, &talk->thread,
                     &talk->canvas, rect, talk->now);
}

void talk_resize(struct talk *talk, int height, int width)
{
    canvas_resize(&talk->canvas, height, width);
    talk_draw(talk);
}

void talk_row(const struct talk *talk, int row, struct buf *out)
{
    struct buf dump = { 0 };
    canvas_dump(&talk->canvas, &dump, false);
    struct slice rest = buf_slice(&dump), line = { 0 };
    for (int i = 0; i <= row; i++)
        slice_next_line(&rest, &line);
    buf_reset(out);
    buf_append_slice(out, line);
    buf_clear(&dump);
}

bool talk_shows(const struct talk *talk, const char *line)
{
    struct buf drawn = { 0 };
    bool found = false;
    for (int row = 0; row < talk->canvas.height && !found; row++) {
        talk_row(talk, row, &drawn);
        found = slice_is(buf_slice(&drawn), line);
    }
    buf_clear(&drawn);
    return found;
}

void talk_check_shows(struct talk *talk, const char *line)
{
    struct buf dump = { 0 };
    talk_draw(talk);
    canvas_dump(&talk->canvas, &dump, false);
    ck_assert_msg(talk_shows(talk, line), "no line '%s' in\n%s", line,
                  buf_string(&dump));
    buf_clear(&dump);
}

void talk_check_row(const struct talk *talk, int row, const char *expected)
{
    struct buf line = { 0 };
    talk_row(talk, row, &line);
    ck_assert_msg(slice_is(buf_slice(&line), expected),
                  "row %d is '%s', not '%s'", row, buf_string(&line), expected);
    buf_clear(&line);
}
