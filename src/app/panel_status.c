/* SPDX-License-Identifier: MIT */
/*
 * panel_status - where the next prompt goes and why, how the last answer went,
 * what the conversation holds.
 */
#include "app/model_text.h"
#include "app/panel.h"
#include "app/summary.h"
#include "llm/rate_limit.h"
#include "net/http.h"
#include "ui/receipt.h"

static struct list_row *add_fact(struct list *list, const char *name)
{
    struct list_row *row = list_add(list, "");
    buf_append_string(&row->head, name);
    row->style = STYLE_DIM;
    return row;
}

static void add_text(struct list *list, const char *name, const char *format,
                     ...) PRINTF_LIKE(3, 4);

static void add_text(struct list *list, const char *name, const char *format,
                     ...)
{
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&add_fact(list, name)->text, format, arguments);
    va_end(arguments);
}

static const char *trust_words(const struct route *route)
{
    if (route->endpoint->dialect->is_builtin)
        return "inside this program";
    if (route->endpoint->asks_trust && route->endpoint->is_vendor &&
        route->endpoint->consent == CONSENT_NONE)
        return "not known yet: you are asked first";
    return route->is_vendor ? "vendor: leaves this machine" : "own";
}

static void add_proxy(struct list *list, const struct endpoint *endpoint)
{
    struct buf name = { 0 };
    http_proxy_name(endpoint->url, endpoint->proxy, &name);
    if (name.len)
        add_text(list, "proxy", "%s", buf_string(&name));
    buf_clear(&name);
}

static void add_endpoint(struct list *list, const struct route *next)
{
    const struct endpoint *endpoint = next->endpoint;
    if (!endpoint)
        return;
    add_text(list, "endpoint", "%s, %s, %s", endpoint->name,
             endpoint->dialect->name,
             *endpoint->shown_url ? endpoint->shown_url : "no address");
    add_text(list, "trust", "%s%s", trust_words(next),
             endpoint_is_plain_http(endpoint)
                 ? ", over plain http: it can be read on the way"
                 : "");
    add_proxy(list, endpoint);
    if (endpoint_key(endpoint))
        add_text(list, "key", "from %s", endpoint->key_source);
}

static void add_hooks(struct list *list, const struct hooks *hooks)
{
    struct buf words = { 0 };
    if (hooks)
        hooks_describe(hooks, &words);
    if (words.len)
        add_text(list, "hooks", "%s", buf_string(&words));
    buf_clear(&words);
}

/* What its table did not allow is for whoever looks for a fault. */
static void add_model_life(struct list *list, const struct model_life *life)
{
    struct buf words = { 0 };
    model_text_life(life, &words);
    if (words.len)
        add_text(list, "its state", "%s", buf_string(&words));
    if (model_life_refused(life))
        add_text(list, "not allowed", "%u inputs",
                 (unsigned)model_life_refused(life));
    buf_clear(&words);
}

static void add_next(struct list *list, const struct route *next,
                     const struct model_life *life)
{
    list_add_text(list, STYLE_HEADING, "Next prompt");
    add_endpoint(list, next);
    if (next->verdict == ROUTE_TO)
        add_text(list, "model", "%s", next->model);
    if (next->window) {
        struct list_row *row = add_fact(list, "loaded window");
        panel_append_count(&row->text, next->window);
        buf_append_string(&row->text, " tokens");
    }
    add_model_life(list, life);
    add_text(list, "why", "%s",
             next->verdict == ROUTE_NONE ? next->err.text : next->reason);
}

static void add_usage(struct list *list, const struct usage *usage)
{
    if (usage->input < 0 && usage->output < 0)
        return;
    struct buf *text = &add_fact(list, "tokens")->text;
    if (usage->input >= 0) {
        buf_append_string(text, "read ");
        panel_append_count(text, (uint64_t)usage->input);
    }
    if (usage->cached > 0) {
        buf_append_string(text, ", of them cached ");
        panel_append_count(text, (uint64_t)usage->cached);
    }
    if (usage->output >= 0) {
        buf_append_string(text, usage->input >= 0 ? "; written " : "written ");
        panel_append_count(text, (uint64_t)usage->output);
    }
}

static void add_times(struct list *list, const struct attempt *attempt)
{
    double rate = receipt_rate(attempt, (double)attempt->usage.output);
    if (!attempt->first_delta_at)
        return;
    struct buf *text = &add_fact(list, "time")->text;
    buf_printf(text, "first token after %lld ms",
               (long long)(attempt->first_delta_at - attempt->started_at));
    if (attempt->ended_at)
        buf_printf(text, ", all after %lld ms",
                   (long long)(attempt->ended_at - attempt->started_at));
    if (rate > 0)
        buf_printf(text, ", %.1f tok/s", rate);
}

static void add_limits(struct list *list, const struct attempt *attempt)
{
    struct rate_limits limits;
    rate_limits_read(&limits, slice_of(attempt->limits));
    for (size_t i = 0; i < limits.count; i++) {
        struct buf words = { 0 };
        rate_limit_words(&limits.items[i], &words);
        if (words.len)
            add_text(list, "rate limit", "%s", buf_string(&words));
        buf_clear(&words);
    }
}

/* What of the reply was chosen, and what of that could not be sent. */
static void add_settings(struct list *list, const struct attempt *attempt)
{
    struct buf parts[RECEIPT_PARTS] = { { 0 } };
    receipt_parts(parts, attempt, 0);
    const struct buf *chosen = &parts[RECEIPT_SETTINGS];
    const struct buf *left_out = &parts[RECEIPT_LEFT_OUT];
    if (chosen->len || left_out->len)
        add_text(list, "settings", "%.*s%s%.*s", SLICE_ARG(buf_slice(left_out)),
                 chosen->len && left_out->len ? "; " : "",
                 SLICE_ARG(buf_slice(chosen)));
    for (size_t i = 0; i < RECEIPT_PARTS; i++)
        buf_clear(&parts[i]);
}

static void add_last_answer(struct list *list, const struct run *run)
{
    const struct attempt *attempt = array_last(&run->attempts);
    const char *error = *attempt->error ? attempt->error : run->error;
    list_add_text(list, STYLE_HEADING, "Last answer");
    add_text(list, "asked", "%s at %s (%s)", attempt->model, attempt->endpoint,
             attempt->dialect);
    if (*attempt->model_reported)
        add_text(list, "answered", "%s", attempt->model_reported);
    add_text(list, "ended", "%s%s%s%s%s", summary_outcome(run),
             *attempt->finish_reason ? ", reason " : "", attempt->finish_reason,
             *error ? ": " : "", error);
    add_settings(list, attempt);
    add_limits(list, attempt);
    add_times(list, attempt);
    add_usage(list, &attempt->usage);
}

static void add_private(struct list *list, const struct panel_source *source)
{
    struct buf why = { 0 };
    if (chat_is_private(source->chat, &why))
        add_text(list, "private", "to no vendor: %s", buf_string(&why));
    buf_clear(&why);
}

/* What is remembered from one run to the next. */
static void add_state(struct list *list, const struct state *state)
{
    struct buf words = { 0 };
    struct error ignored;
    if (!state)
        return;
    state_describe(state, &words);
    if (!words.len)
        state_path(&words, &ignored);
    add_text(list, "remembered", "%s", buf_string(&words));
    buf_clear(&words);
}

void panel_fill_status(const struct panel_source *source, struct list *list)
{
    const struct conversation *conversation = chat_conversation(source->chat);
    const struct graph *graph = conversation->graph;
    const struct run *run = summary_last_run(graph);
    const char *session = chat_session(source->chat);
    add_next(list, chat_next(source->chat), chat_life(source->chat));
    if (run)
        add_last_answer(list, run);
    list_add_text(list, STYLE_HEADING, "Conversation");
    add_private(list, source);
    add_text(list, "size", "%zu node%s, %u run%s, %zu bytes; %s%s",
             graph_node_count(graph), graph_node_count(graph) == 1 ? "" : "s",
             graph_run_count(graph), graph_run_count(graph) == 1 ? "" : "s",
             log_size(conversation->log),
             session ? "kept as session " : "nothing of it is saved",
             session ? session : "");
    if (*chat_role(source->chat))
        add_text(list, "role", "%s", chat_role(source->chat));
    struct list_row *row = add_fact(list, "events");
    panel_facts_trace(source, &row->text);
    add_hooks(list, source->hooks);
    if (source->debug && debug_log_path(source->debug))
        add_text(list, "debug log", "%s", debug_log_path(source->debug));
    add_state(list, source->state);
    add_text(list, "program", "sennit %s", VERSION);
}
