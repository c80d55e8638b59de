/* SPDX-License-Identifier: MIT */
#include "app/narrator.h"

#include <string.h>

#include "chat/branch.h"
#include "chat/price.h"
#include "graph/ending.h"
#include "ui/call_words.h"
#include "ui/node_row.h"
#include "ui/receipt.h"

void narrator_configure(struct narrator *narrator,
                        const struct settings *settings)
{
    narrator->shows_thinking =
        !strcmp(settings_text(settings, "looks.thinking", "folded"), "open");
}

void narrator_say(struct narrator *narrator, const char *format, ...)
{
    struct buf words = { 0 }, line = { 0 };
    struct slice rest, next;
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&words, format, arguments);
    va_end(arguments);
    rest = buf_slice(&words);
    while (slice_next_line(&rest, &next)) {
        buf_reset(&line);
        buf_printf(&line, "-- %.*s", SLICE_ARG(next));
        print_line(narrator->out, buf_slice(&line));
    }
    buf_clear(&line);
    buf_clear(&words);
}

static const struct graph *graph_of(const struct narrator *narrator)
{
    return narrator->conversation->graph;
}

/* The attempt that speaks, and what it has said; NULL: nothing yet. */
static const struct attempt *speaker(const struct narrator *narrator)
{
    return graph_attempt(graph_of(narrator), narrator->run, narrator->attempt);
}

static const struct node *said_by(const struct narrator *narrator)
{
    const struct attempt *attempt = speaker(narrator);
    return attempt ? graph_node(graph_of(narrator), attempt->node_id) : NULL;
}

/* "qwen3:8b box"; the guide needs to be named only once. */
static void append_speaker(struct buf *out, const struct attempt *attempt)
{
    receipt_model(out, attempt, "->");
    if (out->len == 0)
        buf_append_string(out, "model");
    if (attempt->endpoint[0] && !slice_is(buf_slice(out), attempt->endpoint))
        buf_printf(out, " %s", attempt->endpoint);
}

static void say_thought(struct narrator *narrator)
{
    const struct node *node = said_by(narrator);
    struct buf line = { 0 };
    size_t last = node ? node->blocks.count : 0;
    while (last > 0 && node->blocks.items[last - 1].kind != BLOCK_THINKING)
        last--;
    if (last > 0) {
        struct slice text = buf_slice(&node->blocks.items[last - 1].text);
        receipt_thought(&line, node, last - 1, node_row_words(text));
        print_line(narrator->out, buf_slice(&line));
    }
    buf_clear(&line);
}

/* What is being said ends, with its line. */
static void fall_silent(struct narrator *narrator)
{
    enum narrator_voice voice = narrator->voice;
    narrator->voice = VOICE_NONE;
    if (voice == VOICE_NONE)
        return;
    print_end(narrator->out);
    print_fresh_line(narrator->out);
    if (voice == VOICE_THINKING)
        say_thought(narrator);
}

/* The first that comes of an attempt says who speaks. */
static void introduce(struct narrator *narrator, const struct event *event)
{
    struct buf line = { 0 };
    if (narrator->run == event->run && narrator->attempt == event->attempt)
        return;
    fall_silent(narrator);
    narrator->run = event->run;
    narrator->attempt = event->attempt;
    append_speaker(&line, speaker(narrator));
    buf_append_char(&line, ':');
    print_line(narrator->out, buf_slice(&line));
    buf_clear(&line);
}

static bool has_attempt(const struct narrator *narrator,
                        const struct event *event)
{
    return graph_attempt(graph_of(narrator), event->run, event->attempt);
}

static void speak(struct narrator *narrator, const struct event *event,
                  enum narrator_voice voice)
{
    struct slice text = event_text(event, FIELD_TEXT);
    bool is_silent = voice == VOICE_THINKING && !narrator->shows_thinking;
    if (text.len == 0 || !has_attempt(narrator, event))
        return;
    introduce(narrator, event);
    if (narrator->voice != voice) {
        fall_silent(narrator);
        narrator->voice = voice;
        if (voice == VOICE_THINKING)
            print_line(narrator->out,
                       slice_of(is_silent ? "thinking ..." : "thinking:"));
    }
    if (!is_silent)
        print_text(narrator->out, text);
}

static const struct call *call_of(const struct narrator *narrator,
                                  const struct event *event)
{
    return graph_call(graph_of(narrator),
                      (uint32_t)event_number(event, FIELD_CALL));
}

static void say_call(struct narrator *narrator, const struct event *event)
{
    const struct call *call = call_of(narrator, event);
    if (!call || !has_attempt(narrator, event))
        return;
    introduce(narrator, event);
    fall_silent(narrator);
    narrator_say(narrator, "calls the tool %s", call->name);
}

/* Who runs a command wants to see what it gave back; it says itself how it has
 * failed. */
static void print_output(struct narrator *narrator, const struct call *call)
{
    struct slice output = call_words_output(graph_of(narrator), call);
    print_fresh_line(narrator->out);
    print_text(narrator->out, output);
    print_end(narrator->out);
    print_fresh_line(narrator->out);
}

static void say_call_end(struct narrator *narrator, const struct event *event)
{
    const struct call *call = call_of(narrator, event);
    fall_silent(narrator);
    if (call && !call->run)
        print_output(narrator, call);
    if (call)
        narrator_say(narrator, "the tool %s: %s", call->name,
                     life_state_name(LIFE_CALL, (int)call->state));
}

/* What was said is not taken back; who speaks says so, and begins again. */
static void say_anew(struct narrator *narrator, const struct event *event)
{
    if (!event->attempt || narrator->run != event->run ||
        narrator->attempt != event->attempt)
        return;
    fall_silent(narrator);
    narrator_say(narrator, "%.*s", SLICE_ARG(event_text(event, FIELD_TEXT)));
    narrator->attempt = 0;
}

/* The receipt, after an attempt that has said something. */
static void say_receipt(struct narrator *narrator, const struct event *event)
{
    struct buf words = { 0 }, parts[RECEIPT_PARTS] = { { 0 } };
    bool has_spoken =
        narrator->run == event->run && narrator->attempt == event->attempt;
    fall_silent(narrator);
    if (!has_spoken || !said_by(narrator))
        return;
    append_speaker(&words, speaker(narrator));
    receipt_parts(parts, speaker(narrator),
                  receipt_estimate(said_by(narrator)));
    for (size_t i = 0; i < RECEIPT_PARTS; i++) {
        if (parts[i].len)
            buf_printf(&words, ", %s", buf_string(&parts[i]));
        buf_clear(&parts[i]);
    }
    narrator_say(narrator, "%s", buf_string(&words));
    buf_reset(&words);
    receipt_skipped(&words, speaker(narrator));
    narrator_say(narrator, "%s", buf_string(&words));
    buf_clear(&words);
}

static bool has_text(const struct node *node)
{
    for (size_t i = 0; node && i < node->blocks.count; i++) {
        if (node->blocks.items[i].kind == BLOCK_TEXT)
            return true;
    }
    return false;
}

/* A prompt that was not sent is none of the conversation. */
static bool is_on_path(const struct narrator *narrator, uint32_t run_id)
{
    const struct run *run = graph_run(graph_of(narrator), run_id);
    return run && branch_is_active(graph_of(narrator), run->prompt_id);
}

/* How a run ended, unless it ended well. */
static void say_outcome(struct narrator *narrator, const struct event *event)
{
    struct slice outcome = event_text(event, FIELD_OUTCOME);
    struct slice why = event_text(event, FIELD_ERROR);
    struct slice reason = event_text(event, FIELD_FINISH_REASON);
    bool is_answered = narrator->run == event->run;
    bool is_kept = is_answered && is_on_path(narrator, event->run) &&
                   has_text(said_by(narrator));
    fall_silent(narrator);
    if (slice_is(outcome, "aborted"))
        narrator_say(narrator, "stopped by you%s",
                     is_answered ? "; what came is kept" : "");
    else if (!slice_is(outcome, "complete"))
        narrator_say(narrator, "%.*s%s%.*s%s%s", SLICE_ARG(outcome),
                     why.len ? ": " : "", SLICE_ARG(why),
                     is_kept ? "; /continue goes on" : "",
                     is_kept                            ? ", /retry asks again"
                     : is_on_path(narrator, event->run) ? "; /retry asks again"
                                                        : "");
    else if (ending_shortfall(reason))
        narrator_say(narrator, "%s", ending_shortfall(reason));
    else if (!is_answered || !has_text(said_by(narrator)))
        narrator_say(narrator, "the answer has no text");
    else if (branch_is_unjudged(graph_of(narrator)))
        narrator_say(narrator, "the other answer is kept; /compare shows both, "
                               "/prefer says which is better");
}

/* A prompt that cannot go at once. */
static void say_queued(struct narrator *narrator)
{
    size_t count = graph_queue_count(graph_of(narrator));
    if (count < 2 && !graph_active_run(graph_of(narrator)))
        return;
    narrator->waiting++;
    narrator_say(narrator, "queued: %zu prompt%s wait%s for the answer", count,
                 count == 1 ? "" : "s", count == 1 ? "s" : "");
}

/* One of which it was said that it waits: the listener has heard others
 * since. */
static void say_sent(struct narrator *narrator, const struct event *event)
{
    struct slice text = slice_trim(event_text(event, FIELD_TEXT)), line;
    if (narrator->waiting == 0 || !slice_next_line(&text, &line))
        return;
    narrator->waiting--;
    narrator_say(narrator, "now sent: %.*s%s", SLICE_ARG(line),
                 text.len ? " ..." : "");
}

/* One line for each try; what the server said stands in the last one. */
static void say_countdown(struct narrator *narrator, const struct event *event)
{
    struct buf wait = { 0 };
    receipt_duration(&wait, (int64_t)event_number(event, FIELD_DELAY));
    buf_append_string(&wait, event_has(event, FIELD_COST)
                                 ? ", about "
                                 : ", at an unknown price");
    if (event_has(event, FIELD_COST))
        price_append(&wait, event_real(event, FIELD_COST));
    narrator_say(narrator, "%.*s; %.*s in %s; Ctrl-C stays, Enter: now",
                 SLICE_ARG(event_text(event, FIELD_ERROR)),
                 SLICE_ARG(event_text(event, FIELD_TEXT)), buf_string(&wait));
    buf_clear(&wait);
}

static void say_retry(struct narrator *narrator, const struct event *event)
{
    if (slice_is(event_text(event, FIELD_KIND), "countdown")) {
        say_countdown(narrator, event);
        return;
    }
    struct buf wait = { 0 };
    uint64_t delay_ms = event_number(event, FIELD_DELAY);
    if (delay_ms > 0) {
        buf_append_string(&wait, " in ");
        receipt_duration(&wait, (int64_t)delay_ms);
    }
    narrator_say(narrator, "%.*s; trying again%s",
                 SLICE_ARG(event_text(event, FIELD_TEXT)), buf_string(&wait));
    buf_clear(&wait);
}

/* Once it is all there. */
static void say_recalled(struct narrator *narrator)
{
    const struct node *node =
        graph_node(narrator->conversation->graph, narrator->recalled_id);
    struct buf words = { 0 };
    narrator->recalled_id = 0;
    if (node)
        receipt_recalled(&words, node);
    if (words.len)
        narrator_say(narrator, "%s", buf_string(&words));
    buf_clear(&words);
}

void narrator_on_event(struct narrator *narrator, const struct event *event)
{
    if (!narrator->conversation ||
        graph_is_aside(graph_of(narrator), event->run))
        return;
    switch (event->type) {
    case EVENT_TEXT_DELTA: speak(narrator, event, VOICE_TEXT); break;
    case EVENT_THINKING_DELTA: speak(narrator, event, VOICE_THINKING); break;
    case EVENT_TOOL_CALL_END: say_call(narrator, event); break;
    case EVENT_TOOL_FINISHED: say_call_end(narrator, event); break;
    case EVENT_MODEL_LOADING: narrator_say(narrator, "loading model"); break;
    case EVENT_RETRY_SCHEDULED: say_retry(narrator, event); break;
    case EVENT_FELL_BACK:
        narrator_say(narrator, "%.*s; %.*s",
                     SLICE_ARG(event_text(event, FIELD_ERROR)),
                     SLICE_ARG(event_text(event, FIELD_TEXT)));
        break;
    case EVENT_RECALLED:
        narrator->recalled_id = event_number(event, FIELD_NODE);
        break;
    case EVENT_ROUTED: say_recalled(narrator); break;
    case EVENT_SUPERSEDED: say_anew(narrator, event); break;
    case EVENT_ATTEMPT_FINISHED: say_receipt(narrator, event); break;
    case EVENT_RUN_FINISHED: say_outcome(narrator, event); break;
    case EVENT_PROMPT_QUEUED: say_queued(narrator); break;
    case EVENT_USER_MESSAGE: say_sent(narrator, event); break;
    case EVENT_PROMPT_WITHDRAWN:
        narrator->waiting -= narrator->waiting > 0;
        break;
    default: break;
    }
}

void narrator_reset(struct narrator *narrator)
{
    if (narrator->voice != VOICE_NONE)
        print_end(narrator->out);
    print_fresh_line(narrator->out);
    narrator->run = narrator->attempt = 0;
    narrator->voice = VOICE_NONE;
    narrator->waiting = 0;
}
