/* SPDX-License-Identifier: MIT */
/*
 * counting - what was sent against what the server has counted: an answer to
 * half of a conversation is an error (chat/clip), one to all of it teaches
 * how far our estimates are off (chat/calibration).
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/tokens.h"
#include "chat/chat_state.h"
#include "chat/clip.h"
#include "graph/budget.h"

static enum token_family family_of(const struct chat *chat,
                                   const struct route *route)
{
    return route && route->endpoint
               ? chat_token_family(chat, route->endpoint, route->model)
               : TOKENS_UNKNOWN;
}

static uint64_t estimate_message(enum token_family family,
                                 const struct message *message)
{
    uint64_t tokens = tokens_estimate_as(family, message->text);
    for (size_t i = 0; i < message->call_count; i++) {
        const struct message_call *call = &message->calls[i];
        tokens += tokens_estimate_as(family, call->name) +
                  tokens_estimate_as(family, call->arguments);
    }
    return tokens;
}

/* Of the texts of chat->messages, and of the tools that go along. */
static uint64_t estimate(const struct chat *chat, const struct route *route)
{
    const struct graph *graph = chat->conversation.graph;
    enum token_family family = family_of(chat, route);
    uint64_t tokens = tokens_estimate_as(family, slice_of(graph_system(graph)));
    tokens += offers_tokens(chat, route, family);
    for (size_t i = 0; i < messages_count(chat->messages); i++)
        tokens += estimate_message(family, messages_at(chat->messages, i));
    return tokens;
}

static size_t count_images(const struct chat *chat)
{
    size_t count = 0;
    for (size_t i = 0; i < messages_count(chat->messages); i++)
        count += messages_at(chat->messages, i)->image_count;
    return count;
}

uint64_t counting_tokens(const struct chat *chat, const struct route *route)
{
    struct calibration calibration = calibrating_of(chat, route);
    bool has_system = *graph_system(chat->conversation.graph);
    struct extent prompt = {
        .estimated = estimate(chat, route),
        .messages = messages_count(chat->messages) + has_system,
        .is_whole = true,
    };
    return calibration_tokens(&calibration, &prompt) +
           count_images(chat) * BUDGET_IMAGE_TOKENS;
}

uint64_t counting_answer_tokens(const struct chat *chat,
                                const struct attempt *attempt)
{
    const struct node *node =
        graph_node(chat->conversation.graph, attempt->node_id);
    enum token_family family = family_of(chat, &chat->route);
    struct calibration calibration = calibrating_of(chat, &chat->route);
    struct extent answer = { 0 };
    for (size_t i = 0; node && i < node->blocks.count; i++)
        answer.estimated +=
            tokens_estimate_as(family, buf_slice(&node->blocks.items[i].text));
    return calibration_tokens(&calibration, &answer);
}

/* Where a summary came or went since, the prompt may well be shorter. */
static bool is_alike(const struct chat *chat, const struct count *count)
{
    const struct graph *graph = chat->conversation.graph;
    return count->endpoint == chat->route.endpoint &&
           count->system_seq == graph_system_seq(graph) &&
           count->folded_seq == graph_folded_seq(graph) &&
           !strcmp(count->model, chat->route.model);
}

static const struct count *find_at(const struct chat *chat, uint64_t leaf_id)
{
    for (size_t i = chat->counting.counts.count; i-- > 0;) {
        const struct count *count = &chat->counting.counts.items[i];
        if (count->leaf_id == leaf_id && is_alike(chat, count))
            return count;
    }
    return NULL;
}

/* The last one on the path that was read whole; NULL: there is none. */
static const struct count *find_before(const struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    uint64_t node_id = chat->counting.leaf_id;
    const struct count *found = NULL;
    while (chat->counting.counts.count && node_id && !found) {
        const struct node *node = graph_node(graph, node_id);
        found = find_at(chat, node_id);
        node_id = node ? node->parent_id : 0;
    }
    return found;
}

/* Of the answer to the request before, which has come back as a message. */
static uint64_t estimate_answer(const struct chat *chat,
                                const struct count *before)
{
    if (!before || before->messages >= messages_count(chat->messages))
        return 0;
    const struct message *message =
        messages_at(chat->messages, before->messages);
    return message->node_id == before->answer_id
               ? estimate_message(family_of(chat, &chat->route), message)
               : 0;
}

void counting_note_request(struct chat *chat, uint64_t leaf_id)
{
    chat->counting.leaf_id = leaf_id;
    chat->counting.has_asked = false;
    chat->counting.estimated = estimate(chat, &chat->route);
    chat->counting.messages = messages_count(chat->messages);
    chat->counting.images = count_images(chat);
    chat->counting.answer = estimate_answer(chat, find_before(chat));
}

static const struct model_row *row_of(const struct chat *chat)
{
    const struct models *models =
        discovery_models(&chat->discovery, chat->route.endpoint);
    return models ? models_serving(models, chat->route.model) : NULL;
}

static struct clip_facts gather(const struct chat *chat)
{
    const struct attempt *attempt =
        graph_attempt(chat->conversation.graph, chat->run, chat->attempt);
    const struct count *before = find_before(chat);
    const struct model_row *row = row_of(chat);
    const struct dialect *dialect = chat->route.endpoint->dialect;
    struct clip_facts facts = { .estimated = chat->counting.estimated,
                                .may_tell = !chat->counting.has_asked &&
                                            !dialect->has_no_list };
    if (attempt && attempt->usage.input > 0)
        facts.counted = (uint64_t)attempt->usage.input;
    if (before) {
        facts.counted_before = before->counted;
        facts.estimated_before = before->estimated;
    }
    /* What was known before it was asked may be of another loading. */
    if (row && row->presence != PRESENCE_UNLOADED)
        facts.window = row->context_length;
    if (row)
        facts.trained = row->trained_length;
    return facts;
}

/* Thinking does not go back; who reports an answer without telling how much of
 * it was thinking has told nothing of what does. */
static uint64_t answered_by(const struct chat *chat,
                            const struct attempt *attempt)
{
    const struct node *node =
        graph_node(chat->conversation.graph, attempt->node_id);
    const struct usage *usage = &attempt->usage;
    bool has_thought = usage->reasoning > 0;
    for (size_t i = 0; node && i < node->blocks.count && !has_thought; i++) {
        if (node->blocks.items[i].kind == BLOCK_THINKING)
            return 0;
    }
    int64_t kept = usage->output - (has_thought ? usage->reasoning : 0);
    return node && kept > 0 ? (uint64_t)kept : 0;
}

static void keep(struct chat *chat, const struct clip_facts *facts)
{
    const struct attempt *attempt =
        graph_attempt(chat->conversation.graph, chat->run, chat->attempt);
    *array_add(&chat->counting.counts) = (struct count){
        .leaf_id = chat->counting.leaf_id,
        .answer_id = attempt->node_id,
        .endpoint = chat->route.endpoint,
        .model = memory_string(chat->route.model),
        .system_seq = graph_system_seq(chat->conversation.graph),
        .folded_seq = graph_folded_seq(chat->conversation.graph),
        .counted = facts->counted,
        .estimated = facts->estimated,
        .answered = answered_by(chat, attempt),
        .messages = chat->counting.messages,
        .images = chat->counting.images,
    };
}

/* What has come since the count before. False: it tells nothing. A server that
 * counts less than before had something cached, and has left it out. */
static bool find_news(const struct chat *chat, const struct count *before,
                      struct extent *extent, uint64_t *counted)
{
    uint64_t known = before->counted;
    extent->estimated -= before->estimated < extent->estimated
                             ? before->estimated
                             : extent->estimated;
    extent->messages -= before->messages < extent->messages ? before->messages
                                                            : extent->messages;
    extent->is_whole = false;
    if (before->answered && chat->counting.answer &&
        chat->counting.answer <= extent->estimated) {
        known += before->answered;
        extent->estimated -= chat->counting.answer;
    }
    bool is_more = *counted > known && extent->messages;
    *counted -= is_more ? known : 0;
    return is_more;
}

/* Pictures are counted by rules that nobody tells. */
static void learn(struct chat *chat, uint64_t counted)
{
    const struct count *before = find_before(chat);
    bool has_system = *graph_system(chat->conversation.graph);
    struct extent extent = { .estimated = chat->counting.estimated,
                             .messages = chat->counting.messages,
                             .is_whole = true };
    if (chat->counting.images != (before ? before->images : 0))
        return;
    if (!before)
        extent.messages += has_system;
    else if (!find_news(chat, before, &extent, &counted))
        return;
    calibrating_learn(chat, &extent, counted);
}

void counting_clear(struct chat *chat)
{
    for (size_t i = 0; i < chat->counting.counts.count; i++)
        free(chat->counting.counts.items[i].model);
    array_clear(&chat->counting.counts);
}

bool counting_waits(struct chat *chat)
{
    struct clip_facts facts;
    if (!chat->counting.estimated)
        return false;
    facts = gather(chat);
    if (!facts.counted)
        return false;
    /* Vendors refuse what is too long. */
    switch (chat->route.is_vendor ? CLIP_NONE : clip_judge(&facts)) {
    case CLIP_NONE:
        learn(chat, facts.counted);
        keep(chat, &facts);
        break;
    case CLIP_CUT:
        chat->failed.outcome = ANSWER_ERROR;
        clip_words(&facts, chat->route.endpoint, &chat->failed.err);
        break;
    case CLIP_ASK:
        chat->counting.has_asked = true;
        discovery_ask_loaded(&chat->discovery, chat->route.endpoint);
        return true;
    }
    return false;
}

bool counting_is_answered(const struct chat *chat)
{
    const struct models *models =
        discovery_models(&chat->discovery, chat->route.endpoint);
    return !models || (models_state(models) != MODELS_ASKING &&
                       !models_is_asking_about(models));
}
