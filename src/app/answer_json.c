/* SPDX-License-Identifier: MIT */
#include "app/answer_json.h"

#include <string.h>

#include <jansson.h>

#include "base/json.h"

static json_t *text_or_null(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

static json_t *count_or_null(int64_t count)
{
    return count >= 0 ? json_integer(count) : json_null();
}

/* What stands in the answer, where a schema was to be followed. */
static json_t *object_or_null(struct chat *chat)
{
    const json_t *object = chat_object(chat);
    return object ? json_deep_copy(object) : json_null();
}

static void append_blocks(struct buf *text, const struct node *node,
                          enum block_kind kind)
{
    bool needs_gap = text->len > 0;
    for (size_t i = 0; node && i < node->blocks.count; i++) {
        struct slice piece = buf_slice(&node->blocks.items[i].text);
        if (node->blocks.items[i].kind != kind || !piece.len)
            continue;
        if (needs_gap && *piece.ptr != '\n')
            buf_append_string(text, "\n\n");
        needs_gap = false;
        buf_append_slice(text, piece);
    }
}

/* The attempt whose answer it is: the last that said something; else the last.
 * NULL: there was none. */
static const struct attempt *speaker(const struct run *run)
{
    size_t count = run->attempts.count, last = count;
    while (last > 0 && !run->attempts.items[last - 1].node_id)
        last--;
    if (last == 0)
        last = count;
    return last ? &run->attempts.items[last - 1] : NULL;
}

/* All blocks of a kind, joined, of the attempt whose answer it is and of those
 * that the server paused before. */
static json_t *run_text(const struct graph *graph, const struct run *run,
                        enum block_kind kind)
{
    const struct attempt *last = speaker(run);
    struct buf text = { 0 };
    for (size_t i = 0; i < run->attempts.count; i++) {
        const struct attempt *attempt = &run->attempts.items[i];
        if (attempt == last || graph_attempt_is_paused(attempt))
            append_blocks(&text, graph_node(graph, attempt->node_id), kind);
    }
    json_t *value = json_stringn(buf_string(&text), text.len);
    buf_clear(&text);
    return value;
}

static json_t *call_result(const struct graph *graph, const struct call *call)
{
    const struct node *node = graph_node(graph, call->result_id);
    struct buf text = { 0 };
    append_blocks(&text, node, BLOCK_OUTPUT);
    append_blocks(&text, node, BLOCK_ERROR);
    json_t *value =
        node ? json_stringn(buf_string(&text), text.len) : json_null();
    buf_clear(&text);
    return value;
}

/* Of all its steps. */
static json_t *run_calls(const struct graph *graph, const struct run *run)
{
    json_t *calls = json_array();
    for (uint32_t id = 1; id <= graph_call_count(graph); id++) {
        const struct call *call = graph_call(graph, id);
        if (call->run != run->id)
            continue;
        const struct node *node = graph_node(graph, call->node_id);
        const struct buf *arguments = &node->blocks.items[call->block].text;
        json_array_append_new(
            calls,
            json_pack("{s:i, s:o, s:s, s:s%, s:s, s:o}", "call", (int)call->id,
                      "id", text_or_null(call->server_id), "name", call->name,
                      "arguments", buf_string(arguments), arguments->len,
                      "state", life_state_name(LIFE_CALL, (int)call->state),
                      "result", call_result(graph, call)));
    }
    return calls;
}

static json_t *usage_object(const struct usage *usage)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "input", count_or_null(usage->input),
        "output", count_or_null(usage->output), "reasoning",
        count_or_null(usage->reasoning), "cached", count_or_null(usage->cached),
        "cost", usage->cost < 0 ? json_null() : json_real(usage->cost));
}

/* What was chosen of the reply; null: nothing. */
static void add_count(int64_t *sum, int64_t count)
{
    if (count >= 0)
        *sum = (*sum < 0 ? 0 : *sum) + count;
}

/* Of all attempts, the steps between which tools were called among them. */
static json_t *run_usage(const struct run *run)
{
    struct usage sum = {
        .input = -1, .output = -1, .reasoning = -1, .cached = -1, .cost = -1
    };
    for (size_t i = 0; i < run->attempts.count; i++) {
        const struct usage *usage = &run->attempts.items[i].usage;
        add_count(&sum.input, usage->input);
        add_count(&sum.output, usage->output);
        add_count(&sum.reasoning, usage->reasoning);
        add_count(&sum.cached, usage->cached);
        if (usage->cost >= 0)
            sum.cost = (sum.cost < 0 ? 0 : sum.cost) + usage->cost;
    }
    return usage_object(&sum);
}

static json_t *settings_object(const struct attempt *attempt)
{
    struct error ignored = { 0 };
    json_t *settings = *attempt->settings
                           ? json_parse(slice_of(attempt->settings), &ignored)
                           : NULL;
    return settings ? settings : json_null();
}

static json_t *limits_or_null(const char *limits)
{
    struct error ignored = { 0 };
    json_t *value = *limits ? json_parse(slice_of(limits), &ignored) : NULL;
    return value ? value : json_null();
}

static void add_attempt(json_t *object, const struct attempt *attempt)
{
    bool has_delta = attempt->first_delta_at > 0;
    json_object_set_new(object, "endpoint", text_or_null(attempt->endpoint));
    json_object_set_new(object, "model", text_or_null(attempt->model));
    json_object_set_new(object, "model_reported",
                        text_or_null(attempt->model_reported));
    json_object_set_new(object, "settings", settings_object(attempt));
    json_object_set_new(object, "usage", usage_object(&attempt->usage));
    json_object_set_new(object, "rate_limits", limits_or_null(attempt->limits));
    json_object_set_new(object, "skipped", json_integer(attempt->skipped));
    json_object_set_new(
        object, "first_token_ms",
        has_delta ? json_integer(attempt->first_delta_at - attempt->started_at)
                  : json_null());
}

/* Files of the prompt by name; what is in them the caller has. */
static json_t *attachments_array(const struct node *prompt)
{
    json_t *files = json_array();
    for (size_t i = 0; prompt && i < prompt->blocks.count; i++) {
        const struct block *block = &prompt->blocks.items[i];
        const struct image *image = block->image;
        if (block->kind != BLOCK_ATTACHMENT)
            continue;
        size_t size = image ? image->data.len : block->text.len;
        json_array_append_new(
            files,
            json_pack("{s:s, s:o, s:o, s:o, s:I}", "name",
                      buf_string(&block->name), "media_type",
                      text_or_null(image ? image->media_type : "text/plain"),
                      "alt", text_or_null(image ? image->alt : NULL), "url",
                      text_or_null(image ? image->url : NULL), "bytes",
                      (json_int_t)size));
    }
    return files;
}

void answer_json_print(struct chat *chat, struct print *print)
{
    const struct graph *graph = chat_conversation(chat)->graph;
    const struct run *run = graph_run(graph, graph_last_run(graph));
    if (!run)
        return;
    const struct attempt *attempt = speaker(run);
    json_t *object = json_object();
    json_object_set_new(
        object, "outcome",
        json_string(life_state_name(LIFE_RUN, (int)run->state)));
    json_object_set_new(object, "text", run_text(graph, run, BLOCK_TEXT));
    json_object_set_new(object, "thinking",
                        run_text(graph, run, BLOCK_THINKING));
    if (attempt)
        add_attempt(object, attempt);
    json_object_set_new(object, "finish_reason",
                        text_or_null(run->finish_reason));
    json_object_set_new(object, "error", text_or_null(run->error));
    json_object_set_new(object, "tool_calls", run_calls(graph, run));
    json_object_set_new(object, "run_usage", run_usage(run));
    json_object_set_new(object, "object", object_or_null(chat));
    json_object_set_new(object, "attachments",
                        attachments_array(graph_node(graph, run->prompt_id)));
    json_object_set_new(object, "attempts",
                        json_integer((json_int_t)run->attempts.count));
    json_object_set_new(object, "total_ms",
                        json_integer(run->ended_at - run->started_at));
    struct buf line = { 0 };
    json_append_value(&line, object);
    buf_append_char(&line, '\n');
    print_text(print, buf_slice(&line));
    print_end(print);
    buf_clear(&line);
    json_decref(object);
}
