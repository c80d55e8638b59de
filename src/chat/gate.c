/* SPDX-License-Identifier: MIT */
#include "chat/gate.h"

#include <inttypes.h>
#include <string.h>

#include "chat/chat_privacy.h"
#include "chat/chat_state.h"
#include "chat/countdown.h"
#include "graph/private_mark.h"
#include "llm/ollama.h"

static void append_words(const struct graph *graph,
                         const struct private_mark *mark, struct buf *why)
{
    if (mark->kind == MARK_SESSION) {
        buf_printf(why, "the session is private (%s)", mark->rule);
        return;
    }
    buf_append_string(why, mark->rule);
    if (*mark->where)
        buf_printf(why, ": %s", mark->where);
    if (mark->node_id) {
        buf_printf(why, ", turn %" PRIu32, graph_turn_of(graph, mark->node_id));
    }
}

static bool is_private_by_settings(const struct privacy *privacy,
                                   struct buf *why)
{
    if (privacy->is_unknown)
        buf_printf(why,
                   "privacy.private cannot be read: all counts as private, "
                   "until this is mended: %s",
                   privacy->why.text);
    else if (privacy->is_all)
        buf_append_string(why, "the profile is private (privacy.private)");
    return privacy->is_unknown || privacy->is_all;
}

/* A schema goes along with each request, and is none of the conversation. */
static bool is_private_schema(const struct chat *chat, struct buf *why)
{
    struct slice text = buf_slice(&chat->structured.text);
    if (!text.len ||
        !privacy_text(&chat->marking.privacy, text, PRIVACY_LOOK_MS, why))
        return false;
    buf_append_string(why, ": the schema");
    return true;
}

bool gate_is_private(struct chat *chat, uint64_t leaf_id, struct buf *why)
{
    const struct graph *graph = chat->conversation.graph;
    if (is_private_by_settings(&chat->marking.privacy, why))
        return true;
    marking_catch_up(chat);
    const struct private_mark *mark = graph_private_path(graph, leaf_id);
    if (mark)
        append_words(graph, mark, why);
    return mark || is_private_schema(chat, why);
}

/* Of the run under way; else of the next prompt. */
static uint64_t leaf_of(const struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    const struct run *run = graph_run(graph, chat->run);
    return run ? run->leaf_id : graph_head(graph);
}

bool gate_bars(struct chat *chat, struct slice prompt, struct buf *why)
{
    if (gate_is_private(chat, leaf_of(chat), why))
        return true;
    if (chat->run ||
        !privacy_text(&chat->marking.privacy, prompt, PRIVACY_LOOK_MS, why))
        return false;
    buf_append_string(why, ": the prompt");
    return true;
}

/* What helps. */
static void append_cure(const struct chat *chat, const struct route *route,
                        uint64_t leaf_id, struct buf *out)
{
    const struct graph *graph = chat->conversation.graph;
    const struct private_mark *mark = graph_private_path(graph, leaf_id);
    buf_append_string(out, "; use a model of your own (/local, -m)");
    if (route->endpoint->asks_trust && route->endpoint->is_vendor)
        buf_printf(out, ", say that this one is (endpoints.%s.trust: own)",
                   route->endpoint->name);
    const struct run *run = graph_run(graph, chat->run);
    if (mark && run && mark->node_id == run->prompt_id) {
        buf_append_string(out, ", change the prompt, or say /private not next "
                               "before you send it again, if it is harmless");
    } else if (mark && mark->node_id) {
        uint32_t turn = graph_turn_of(graph, mark->node_id);
        buf_printf(out,
                   ", go /back before turn %" PRIu32
                   ", /redact the text, or /private not %" PRIu32
                   " if it is harmless",
                   turn, turn);
    } else if (mark && mark->kind == MARK_SESSION) {
        buf_append_string(out, ", or /private off");
    }
}

static void refuse(const struct chat *chat, const struct route *route,
                   uint64_t leaf_id, const char *why, struct error *err)
{
    struct buf words = { 0 };
    buf_printf(&words, "%s is a vendor, and this is private: %s",
               route->endpoint->name, why);
    append_cure(chat, route, leaf_id, &words);
    error_set(err, ERROR_CONFIG, "%s", buf_string(&words));
    buf_clear(&words);
}

/* An Ollama may hand a model's prompts on to a vendor; its list tells. */
static bool may_hand_on(const struct route *route)
{
    return !route->is_vendor && route->endpoint->dialect == &dialect_ollama;
}

/* A model that is in no list of its server is nobody's that we know. */
static bool is_unknown(const struct chat *chat, const struct route *route)
{
    const struct models *models =
        discovery_models(&chat->discovery, route->endpoint);
    return may_hand_on(route) &&
           (!models || !models_find(models, route->model));
}

static void refuse_unknown(const struct route *route, const char *why,
                           struct error *err)
{
    error_set(err, ERROR_CONFIG,
              "%s does not say whose model %s is (an Ollama may hand prompts "
              "on), and this is private: %s; use a model that /models lists, "
              "or /pull it",
              route->endpoint->name, route->model, why);
}

bool gate_allows_at(struct chat *chat, const struct route *route,
                    uint64_t leaf_id, struct error *err)
{
    struct buf why = { 0 };
    bool is_foreign = is_unknown(chat, route);
    bool is_barred = (route->is_vendor || is_foreign) &&
                     gate_is_private(chat, leaf_id, &why);
    if (is_barred && is_foreign)
        refuse_unknown(route, buf_string(&why), err);
    else if (is_barred)
        refuse(chat, route, leaf_id, buf_string(&why), err);
    buf_clear(&why);
    return !is_barred;
}

bool gate_allows(struct chat *chat, const struct route *route,
                 struct error *err)
{
    return gate_allows_at(chat, route, leaf_of(chat), err);
}

static bool has_barred_rung(struct chat *chat)
{
    size_t count = router_rung_count(chat->setup.settings);
    for (size_t i = 0; i < count; i++) {
        struct route route;
        discovery_take(&chat->discovery, chat_aim(chat),
                       router_rung(chat->setup.settings, i), &route);
        if (route.verdict == ROUTE_TO && route.is_vendor)
            return true;
    }
    return false;
}

void gate_explain(struct chat *chat, struct error *err)
{
    struct buf why = { 0 };
    struct error failed = *err;
    if (!chat->route.is_pinned && has_barred_rung(chat) &&
        gate_is_private(chat, leaf_of(chat), &why))
        error_set(err, failed.kind,
                  "%s; no vendor was asked, this is private: "
                  "%s",
                  failed.text, buf_string(&why));
    buf_clear(&why);
}

void gate_forecast(struct chat *chat, struct slice prompt, struct route *route)
{
    struct buf why = { 0 };
    if (route->verdict == ROUTE_TO && route->is_vendor &&
        gate_bars(chat, prompt, &why)) {
        refuse(chat, route, leaf_of(chat), buf_string(&why), &route->err);
        route->verdict = ROUTE_NONE;
        route->endpoint = NULL;
        route->model[0] = '\0';
    }
    buf_clear(&why);
}

bool gate_knows(struct chat *chat, const struct route *route)
{
    struct buf why = { 0 };
    bool is_private =
        may_hand_on(route) && gate_is_private(chat, leaf_of(chat), &why);
    buf_clear(&why);
    return !is_private || discovery_has_told(&chat->discovery, route->endpoint);
}

bool gate_opens(struct chat *chat)
{
    struct error err = { 0 };
    if (!gate_knows(chat, &chat->route)) {
        chat->route.verdict = ROUTE_ASK;
        return false;
    }
    if (gate_allows(chat, &chat->route, &err))
        return true;
    const struct models *models =
        discovery_models(&chat->discovery, chat->route.endpoint);
    if (is_unknown(chat, &chat->route) &&
        models_error(models)->kind == ERROR_NETWORK)
        run_leave_unreached(chat, models_error(models));
    else
        agreement_refuse(chat, err.text);
    return false;
}

bool gate_on_wire(void *context, struct error *err)
{
    struct chat *chat = context;
    struct route route = chat->route;
    route.is_vendor = true;
    return gate_allows(chat, &route, err);
}

/* For the user. */

/* Who may come in its place is asked, too, but nobody waits for that. */
static void ask_rungs(struct chat *chat)
{
    size_t count = router_rung_count(chat->setup.settings);
    for (size_t i = 0; i < count; i++) {
        struct route route;
        discovery_take(&chat->discovery, chat_aim(chat),
                       router_rung(chat->setup.settings, i), &route);
        if (route.verdict == ROUTE_TO && may_hand_on(&route))
            discovery_ask_first(&chat->discovery, route.endpoint);
    }
}

bool chat_knows_next(struct chat *chat)
{
    const struct route *next = chat_next(chat);
    if (discovery_climbs(&chat->discovery, chat_aim(chat)))
        ask_rungs(chat);
    return next->verdict != ROUTE_TO || !may_hand_on(next) ||
           discovery_has_told(&chat->discovery, next->endpoint);
}

bool chat_is_private(struct chat *chat, struct buf *why)
{
    return gate_is_private(chat, leaf_of(chat), why);
}

/* What lies around the caret, in whole characters. */
static struct slice around(struct slice text, size_t caret)
{
    size_t half = PRIVACY_TYPING_MAX / 2;
    size_t from = caret > half ? caret - half : 0;
    if (text.len <= PRIVACY_TYPING_MAX)
        return text;
    if (text.len - from < PRIVACY_TYPING_MAX)
        from = text.len - PRIVACY_TYPING_MAX;
    return (struct slice){ text.ptr + from, PRIVACY_TYPING_MAX };
}

bool chat_is_private_draft(const struct chat *chat, struct slice text,
                           size_t caret, const struct attachments *files,
                           struct buf *why)
{
    const struct privacy *privacy = &chat->marking.privacy;
    for (size_t i = 0; files && i < files->list.count; i++) {
        const struct attachment *file = &files->list.items[i];
        if (file->rule ||
            privacy_file(privacy, file->path, file->resolved, why)) {
            buf_printf(why, "%s: file %s", file->rule ? file->rule : "",
                       file->name);
            return true;
        }
    }
    if (!privacy_text(privacy, around(text, caret), PRIVACY_TYPING_MS, why))
        return false;
    buf_append_string(why, ": what is being written");
    return true;
}

bool chat_is_private_file(const struct chat *chat, const char *resolved,
                          struct buf *rule)
{
    return privacy_file(&chat->marking.privacy, NULL, resolved, rule);
}

void chat_set_private(struct chat *chat, const char *rule)
{
    if ((rule != NULL) != chat_has_private_session(chat))
        marking_set_session(chat, rule);
    countdown_heed(chat);
}

bool chat_has_private_session(const struct chat *chat)
{
    return graph_session_mark(chat->conversation.graph) != NULL;
}

struct marked {
    uint64_t node_id;
    uint32_t turn;
};

struct marked_list {
    ARRAY_OF(struct marked) items; /* from the head up */
};

static void list_marked(const struct graph *graph, struct marked_list *list)
{
    uint32_t turns = 0; /* from a node's own on */
    const struct node *node = graph_node(graph, graph_head(graph));
    for (; node; node = graph_node(graph, node->parent_id)) {
        if (graph_node_mark(graph, node))
            *array_add(&list->items) = (struct marked){ node->id, turns };
        turns += node->kind == NODE_USER;
    }
    for (size_t i = 0; i < list->items.count; i++) {
        struct marked *marked = &list->items.items[i];
        marked->turn = turns - marked->turn;
    }
}

void chat_clear_private_next(struct chat *chat)
{
    chat->marking.clears_next = true;
}

bool chat_clear_private(struct chat *chat, uint32_t turn, struct error *err)
{
    const struct graph *graph = chat->conversation.graph;
    struct marked_list list = { 0 };
    bool is_any = turn == 0 && graph_system_mark(graph);
    marking_catch_up(chat);
    if (is_any)
        marking_clear_system(chat);
    list_marked(graph, &list);
    for (size_t i = 0; i < list.items.count; i++) {
        if (list.items.items[i].turn != turn)
            continue;
        marking_clear_node(chat, list.items.items[i].node_id);
        is_any = true;
    }
    array_clear(&list.items);
    return is_any || error_set(err, ERROR_USAGE,
                               "nothing in turn %" PRIu32
                               " is marked; /private list tells what is",
                               turn);
}

static void append_line(const struct graph *graph,
                        const struct private_mark *mark, struct buf *out)
{
    append_words(graph, mark, out);
    buf_append_char(out, '\n');
}

size_t chat_list_private(struct chat *chat, struct buf *out)
{
    const struct graph *graph = chat->conversation.graph;
    struct marked_list list = { 0 };
    size_t start = out->len, count = 0;
    marking_catch_up(chat);
    if (is_private_by_settings(&chat->marking.privacy, out))
        buf_append_char(out, '\n');
    if (graph_session_mark(graph))
        append_line(graph, graph_session_mark(graph), out);
    if (graph_system_mark(graph))
        append_line(graph, graph_system_mark(graph), out);
    list_marked(graph, &list);
    for (size_t i = list.items.count; i > 0; i--)
        append_line(
            graph,
            graph_node_mark(graph,
                            graph_node(graph, list.items.items[i - 1].node_id)),
            out);
    array_clear(&list.items);
    for (size_t i = start; i < out->len; i++)
        count += out->ptr[i] == '\n';
    return count;
}
