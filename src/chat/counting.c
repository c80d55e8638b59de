/* SPDX-License-Identifier: MIT */
/*
 * counting - what was sent against what the server has counted: an answer to
 * half of a conversation is an error (chat/clip).
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/tokens.h"
#include "chat/chat_state.h"
#include "chat/clip.h"

uint64_t counting_estimate(const struct chat *chat)
{
    const struct graph *graph = chat->conversation.graph;
    uint64_t tokens = tokens_estimate(slice_of(graph_system(graph)));
    for (size_t i = 0; i < messages_count(chat->messages); i++) {
        const struct message *message = messages_at(chat->messages, i);
        tokens += tokens_estimate(message->text);
        for (size_t j = 0; j < message->call_count; j++)
            tokens += tokens_estimate(message->calls[j].arguments);
    }
    return tokens;
}

/* Vendors refuse what is too long. */
void counting_note_request(struct chat *chat, uint64_t leaf_id)
{
    chat->counting.leaf_id = leaf_id;
    chat->counting.has_asked = false;
    chat->counting.estimated =
        chat->route.is_vendor ? 0 : counting_estimate(chat);
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
    for (size_t i = chat->counts.count; i-- > 0;) {
        const struct count *count = &chat->counts.items[i];
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
    while (chat->counts.count && node_id && !found) {
        const struct node *node = graph_node(graph, node_id);
        found = find_at(chat, node_id);
        node_id = node ? node->parent_id : 0;
    }
    return found;
}

static const struct model_row *row_of(const struct chat *chat)
{
    const struct models *models =
        discovery_models(&chat->discovery, chat->route.endpoint);
    return models ? models_find(models, chat->route.model) : NULL;
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

static void keep(struct chat *chat, const struct clip_facts *facts)
{
    if (!facts->counted)
        return;
    *array_add(&chat->counts) = (struct count){
        .leaf_id = chat->counting.leaf_id,
        .endpoint = chat->route.endpoint,
        .model = memory_string(chat->route.model),
        .system_seq = graph_system_seq(chat->conversation.graph),
        .folded_seq = graph_folded_seq(chat->conversation.graph),
        .counted = facts->counted,
        .estimated = facts->estimated,
    };
}

void counting_clear(struct chat *chat)
{
    for (size_t i = 0; i < chat->counts.count; i++)
        free(chat->counts.items[i].model);
    array_clear(&chat->counts);
}

bool counting_waits(struct chat *chat)
{
    struct clip_facts facts;
    if (!chat->counting.estimated)
        return false;
    facts = gather(chat);
    switch (clip_judge(&facts)) {
    case CLIP_NONE: keep(chat, &facts); break;
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
