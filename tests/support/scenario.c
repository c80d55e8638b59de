/* SPDX-License-Identifier: MIT */
#include "tests/support/scenario.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/graph_dump.h"

enum { SCENARIO_START = 1000 };

void scenario_init(struct scenario *scenario)
{
    *scenario = (struct scenario){ .log = log_new(), .graph = graph_new() };
}

void scenario_clear(struct scenario *scenario)
{
    log_free(scenario->log);
    graph_free(scenario->graph);
    *scenario = (struct scenario){ 0 };
}

uint64_t scenario_seq(const struct scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->label_count; i++)
        if (strcmp(scenario->labels[i].name, name) == 0)
            return scenario->labels[i].seq;
    ck_abort_msg("no event is named @%s", name);
    return 0;
}

void scenario_add(struct scenario *scenario, struct event *event)
{
    struct event read;
    if (event->at == 0)
        event->at = SCENARIO_START + (int64_t)log_last_seq(scenario->log);
    uint64_t seq = log_append(scenario->log, event);
    ck_assert(log_read(scenario->log, seq, &read));
    graph_apply(scenario->graph, &read);
}

struct graph *scenario_fold(const struct log *log, uint64_t count)
{
    struct graph *graph = graph_new();
    for (uint64_t seq = 1; seq <= count; seq++) {
        struct event event;
        ck_assert(log_read(log, seq, &event));
        graph_apply(graph, &event);
    }
    return graph;
}

/* Cut the next word off; quotes around a value go, \n becomes a line break. */
static bool next_word(const char **line, struct buf *word)
{
    bool is_quoted = false;
    buf_reset(word);
    while (**line == ' ')
        ++*line;
    const char *start = *line;
    for (; **line && **line != '\n' && (is_quoted || **line != ' '); ++*line) {
        if (**line == '\'')
            is_quoted = !is_quoted;
        else if ((*line)[0] == '\\' && (*line)[1] == 'n') {
            buf_append_char(word, '\n');
            ++*line;
        } else
            buf_append_char(word, **line);
    }
    return *line > start;
}

static enum event_field field_named(struct slice name)
{
    for (int i = FIELD_NONE + 1; i < FIELD_COUNT; i++)
        if (slice_is(name, event_field_name((enum event_field)i)))
            return (enum event_field)i;
    ck_abort_msg("no field is named %.*s", SLICE_ARG(name));
    return FIELD_NONE;
}

static uint64_t number_of(const struct scenario *scenario, const char *value)
{
    if (value[0] == '@')
        return scenario_seq(scenario, value + 1);
    return strcmp(value, "true") == 0 ? 1 : strtoull(value, NULL, 10);
}

/* Texts of the event point into *texts, which must not move. */
static void add_field(const struct scenario *scenario, struct event *event,
                      const char *word, struct buf *texts)
{
    const char *equals = strchr(word, '=');
    ck_assert_msg(equals, "no field: %s", word);
    const char *value = equals + 1;
    enum event_field field =
        field_named((struct slice){ word, (size_t)(equals - word) });
    size_t start = texts->len;
    switch (event_field_kind(field)) {
    case FIELD_KIND_NUMBER:
    case FIELD_KIND_FLAG:
        event_add_number(event, field, number_of(scenario, value));
        break;
    case FIELD_KIND_REAL:
        event_add_real(event, field, strtod(value, NULL));
        break;
    case FIELD_KIND_TEXT:
    case FIELD_KIND_JSON:
    case FIELD_KIND_BYTES:
        buf_append_string(texts, value);
        event_add_text(
            event, field,
            (struct slice){ texts->ptr + start, texts->len - start });
        break;
    }
}

static void add_stamp(struct event *event, const char *word)
{
    char *end;
    event->run = (uint32_t)strtoul(word, &end, 10);
    if (*end == '.')
        event->attempt = (uint32_t)strtoul(end + 1, NULL, 10);
}

static void add_label(struct scenario *scenario, const char *name)
{
    ck_assert_uint_lt(scenario->label_count, SCENARIO_LABELS_MAX);
    struct scenario_label *label = &scenario->labels[scenario->label_count++];
    *label = (struct scenario_label){
        .seq = log_last_seq(scenario->log) + 1,
    };
    ck_assert_uint_lt(strlen(name), sizeof label->name);
    memcpy(label->name, name, strlen(name));
}

static void play_line(struct scenario *scenario, const char **line)
{
    struct buf word = { 0 }, texts = { 0 };
    struct event event = { 0 };
    buf_reserve(&texts, strlen(*line));
    while (next_word(line, &word)) {
        const char *string = buf_string(&word);
        if (!event.type && string[0] == '@') {
            add_label(scenario, string + 1);
        } else if (!event.type) {
            event.type = event_type_parse(buf_slice(&word));
            ck_assert_msg(event.type, "no event is named %s", string);
        } else if (string[0] >= '0' && string[0] <= '9') {
            add_stamp(&event, string);
        } else {
            add_field(scenario, &event, string, &texts);
        }
    }
    if (event.type)
        scenario_add(scenario, &event);
    buf_clear(&word);
    buf_clear(&texts);
}

void scenario_play(struct scenario *scenario, const char *lines)
{
    while (*lines) {
        play_line(scenario, &lines);
        if (*lines == '\n')
            lines++;
    }
}

void scenario_assert_path(const struct scenario *scenario, uint64_t id,
                          const char *expected)
{
    struct buf path = { 0 };
    graph_dump_path(&path, scenario->graph,
                    id ? id : graph_head(scenario->graph));
    ck_assert_str_eq(buf_string(&path), expected);
    buf_clear(&path);
}

void scenario_assert_rejected(const struct scenario *scenario,
                              const char *expected)
{
    struct buf counts = { 0 };
    for (int i = REJECT_UNKNOWN; i < REJECT_REASON_COUNT; i++)
        buf_printf(&counts, "%s%" PRIu64, i > REJECT_UNKNOWN ? " " : "",
                   graph_rejected_count(scenario->graph, i));
    ck_assert_str_eq(buf_string(&counts), expected);
    buf_clear(&counts);
}

const char *scenario_run(const struct scenario *scenario, uint32_t run)
{
    return life_state_name(LIFE_RUN, graph_run(scenario->graph, run)->state);
}

const char *scenario_attempt(const struct scenario *scenario, uint32_t run,
                             uint32_t attempt)
{
    return life_state_name(LIFE_ATTEMPT,
                           graph_attempt(scenario->graph, run, attempt)->state);
}

const char *scenario_call(const struct scenario *scenario, uint32_t call)
{
    return life_state_name(LIFE_CALL, graph_call(scenario->graph, call)->state);
}
