/* SPDX-License-Identifier: MIT */
#include "graph/budget.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "graph/draft.h"
#include "graph/open_count.h"

/* What one span of the path takes, and the path up to it. */
struct share {
    struct budget_sum own, total;
    uint64_t switched;          /* seq of the last event that changed what is
                                   sent of any up to here */
    int64_t reported;           /* by the last attempt up to here; -1: none */
    uint64_t reported_id;       /* of its node */
    struct budget_sum included; /* what that counted */
};

struct budget {
    enum token_family family;
    struct messages *messages;
    ARRAY_OF(struct share) shares; /* by span */
    struct open_count open;        /* the answer at the end */
    struct tokens_counter notes;   /* of the last turn: its text begins so */
    int64_t open_reported;         /* by its attempt; -1 */
    uint64_t system_seq;
    uint64_t system_tokens;
    uint64_t bytes_counted;
};

struct budget *budget_new(void)
{
    struct budget *budget = memory_zero(1, sizeof *budget);
    budget->messages = messages_new();
    budget->open_reported = -1;
    messages_expect_prompt(budget->messages);
    return budget;
}

void budget_free(struct budget *budget)
{
    if (!budget)
        return;
    messages_free(budget->messages);
    open_count_clear(&budget->open);
    array_clear(&budget->shares);
    free(budget);
}

void budget_use(struct budget *budget, enum token_family family)
{
    if (budget->family == family)
        return;
    budget->family = family;
    budget->shares.count = 0;
    budget->system_seq = 0;
    budget->system_tokens = 0;
    open_count_clear(&budget->open);
    budget->open.family = family;
}

uint64_t budget_sum_total(const struct budget_sum *sum)
{
    uint64_t total = 0;
    for (size_t i = 0; i < BUDGET_PART_COUNT; i++)
        total += sum->tokens[i];
    return total;
}

static struct budget_sum plus(struct budget_sum a, struct budget_sum b)
{
    for (size_t i = 0; i < BUDGET_PART_COUNT; i++)
        a.tokens[i] += b.tokens[i];
    a.messages += b.messages;
    return a;
}

/* `part` is in `whole`. */
static struct budget_sum minus(struct budget_sum whole, struct budget_sum part)
{
    for (size_t i = 0; i < BUDGET_PART_COUNT; i++)
        whole.tokens[i] -= part.tokens[i];
    whole.messages -= part.messages;
    return whole;
}

/* Bytes in front of a user turn that are no files. */
static size_t words_of(const struct node *node)
{
    size_t len = 0;
    for (size_t i = 0; i < node->blocks.count; i++)
        if (node->blocks.items[i].kind == BLOCK_TEXT)
            len += node->blocks.items[i].text.len;
    return len;
}

/* Bytes at its end that were recalled. */
static size_t memories_of(const struct node *node)
{
    struct buf text = { 0 };
    draft_append_memories(&text, node);
    size_t len = text.len;
    buf_clear(&text);
    return len;
}

static uint64_t feed(struct tokens_counter *counter, struct slice *text,
                     size_t len)
{
    uint64_t before = tokens_count(counter);
    if (len > text->len)
        len = text->len;
    tokens_feed(counter, (struct slice){ text->ptr, len });
    *text = slice_skip(*text, len);
    return tokens_count(counter) - before;
}

/* Its notes have counted what they gave back. */
static void count_user(const struct budget *budget, struct budget_sum *sum,
                       const struct message *message, const struct node *node)
{
    struct tokens_counter counter = { .family = (uint8_t)budget->family };
    struct slice rest = slice_skip(message->text, message->told);
    size_t recalled = memories_of(node), between = 0;
    if (message->told) {
        counter = budget->notes;
        between = strlen(DRAFT_NOTES_END);
    }
    sum->tokens[BUDGET_HISTORY] +=
        feed(&counter, &rest, between + words_of(node));
    sum->tokens[BUDGET_FILES] +=
        feed(&counter, &rest, rest.len > recalled ? rest.len - recalled : 0) +
        message->image_count * BUDGET_IMAGE_TOKENS;
    sum->tokens[BUDGET_MEMORY] += feed(&counter, &rest, rest.len);
}

static uint64_t count_call(const struct budget *budget,
                           const struct message_call *call)
{
    struct tokens_counter counter = { .family = (uint8_t)budget->family };
    tokens_feed(&counter, call->name);
    tokens_feed(&counter, call->arguments);
    return tokens_count(&counter);
}

/* Returns the bytes that were counted. */
static uint64_t count_message(const struct budget *budget,
                              struct budget_sum *sum,
                              const struct message *message,
                              const struct node *node)
{
    uint64_t bytes = message->text.len - message->told;
    sum->messages++;
    if (node->kind == NODE_NOTE && message->told)
        return bytes;
    if (message->role == ROLE_USER && message->node_id == node->id) {
        count_user(budget, sum, message, node);
        return bytes;
    }
    enum budget_part part =
        message->role == ROLE_TOOL ? BUDGET_TOOLS : BUDGET_HISTORY;
    sum->tokens[part] += tokens_estimate_as(budget->family, message->text);
    for (size_t i = 0; i < message->call_count; i++) {
        sum->tokens[BUDGET_TOOLS] += count_call(budget, &message->calls[i]);
        bytes += message->calls[i].name.len + message->calls[i].arguments.len;
    }
    return bytes;
}

struct budget_sum budget_of_node(const struct budget *budget,
                                 const struct graph *graph,
                                 const struct node *node)
{
    struct draft draft = { 0 };
    struct budget_sum sum = { 0 };
    if (node->kind == NODE_NOTE) {
        draft_note(&draft, graph, node);
        sum.tokens[BUDGET_TOOLS] =
            tokens_estimate_as(budget->family, buf_slice(&draft.text));
        draft_clear(&draft);
        return sum;
    }
    if (node->kind == NODE_USER)
        draft_user(&draft, node);
    else if (node->kind == NODE_ASSISTANT)
        draft_assistant(&draft, graph, node);
    else if (node->kind == NODE_TOOL_RESULT && graph_call(graph, node->call))
        draft_result(&draft, graph, node, graph_call(graph, node->call));
    if (!draft_is_empty(&draft))
        count_message(budget, &sum, &draft.message, node);
    draft_clear(&draft);
    return sum;
}

/* In the text of the turn behind it, which goes on with it. */
static uint64_t count_note(struct budget *budget, const struct graph *graph,
                           size_t index)
{
    const struct spans *spans = messages_spans(budget->messages);
    struct slice text = messages_note(budget->messages, index);
    const struct node *before =
        index ? graph_node(graph, spans_first_id(spans, index - 1)) : NULL;
    if (!before || before->kind != NODE_NOTE ||
        spans->items.items[index - 1].summary)
        budget->notes =
            (struct tokens_counter){ .family = (uint8_t)budget->family };
    budget->bytes_counted += text.len;
    return feed(&budget->notes, &text, text.len);
}

static struct budget_sum count_messages(struct budget *budget,
                                        const struct graph *graph, size_t index)
{
    const struct spans *spans = messages_spans(budget->messages);
    const struct node *node = graph_node(graph, spans_first_id(spans, index));
    size_t end = messages_start(budget->messages, index + 1);
    struct budget_sum sum = { 0 };
    if (node->kind == NODE_NOTE && !spans->items.items[index].summary)
        sum.tokens[BUDGET_TOOLS] += count_note(budget, graph, index);
    for (size_t i = messages_start(budget->messages, index); i < end; i++) {
        const struct message *message = messages_on_path(budget->messages, i);
        if (spans->items.items[index].summary && message->node_id == node->id) {
            sum.tokens[BUDGET_SUMMARY] +=
                tokens_estimate_as(budget->family, message->text);
            sum.messages++;
            budget->bytes_counted += message->text.len;
        } else {
            budget->bytes_counted += count_message(budget, &sum, message, node);
        }
    }
    return sum;
}

/* Thinking was written by the server and does not go back. Who reports an answer
 * without telling how much of it was thinking has told nothing of what does; no
 * more has who counts so little that it cannot be all of what came (there are
 * servers that do not count what they make calls of). */
static bool is_answer_told(const struct node *node, const struct usage *usage,
                           uint64_t estimated)
{
    enum { TIMES = 2, SMALL_TOKENS = 256 };
    bool has_thought = false;
    if (estimated > SMALL_TOKENS &&
        usage->output < (int64_t)(estimated - SMALL_TOKENS) / TIMES)
        return false;
    for (size_t i = 0; i < node->blocks.count; i++)
        has_thought |= node->blocks.items[i].kind == BLOCK_THINKING;
    return usage->output > 0 && (!has_thought || usage->reasoning > 0);
}

static int64_t reported_by(const struct graph *graph, const struct node *node,
                           uint64_t estimated)
{
    /* What is reported of an answer that was begun anew is of the sibling; what
     * its calls gave back came behind it. */
    bool is_of_other = node->is_superseded || node->kind != NODE_ASSISTANT;
    const struct attempt *attempt =
        is_of_other ? NULL : graph_node_attempt(graph, node);
    if (!attempt || attempt->usage.input < 0)
        return -1;
    const struct usage *usage = &attempt->usage;
    int64_t kept = is_answer_told(node, usage, estimated) ? usage->output : 0;
    if (usage->reasoning > 0)
        kept -= usage->reasoning < kept ? usage->reasoning : kept;
    return usage->input > INT64_MAX - kept ? INT64_MAX : usage->input + kept;
}

static uint64_t switched_of(const struct budget *budget,
                            const struct graph *graph, size_t index)
{
    const struct spans *spans = messages_spans(budget->messages);
    const struct node *node = graph_node(graph, spans_first_id(spans, index));
    uint64_t switched = spans_switched(spans, graph, index);
    if (!spans->items.items[index].summary && node->switched > switched)
        switched = node->switched;
    return switched;
}

/* What a server counted before a summary was folded or unfolded was of other
 * messages. */
static void carry_report(struct share *share, const struct share *before,
                         const struct graph *graph, const struct node *node)
{
    uint64_t own = budget_sum_total(&share->own);
    share->reported = node ? reported_by(graph, node, own) : -1;
    share->reported_id = node ? node->id : 0;
    share->included = share->total;
    if (share->reported >= 0 &&
        !is_answer_told(node, &graph_node_attempt(graph, node)->usage, own))
        share->included = minus(share->total, share->own);
    if (share->reported < 0 && before) {
        share->reported = before->reported;
        share->reported_id = before->reported_id;
        share->included = before->included;
    }
    if (share->reported_id < share->switched)
        share->reported = -1;
}

static void count_span(struct budget *budget, const struct graph *graph,
                       size_t index)
{
    const struct spans *spans = messages_spans(budget->messages);
    const struct share *before =
        index ? &budget->shares.items[index - 1] : NULL;
    struct share share = { .own = count_messages(budget, graph, index),
                           .switched = switched_of(budget, graph, index) };
    share.total = before ? plus(before->total, share.own) : share.own;
    if (before && before->switched > share.switched)
        share.switched = before->switched;
    carry_report(&share, before, graph,
                 spans->items.items[index].summary
                     ? NULL
                     : graph_node(graph, spans_first_id(spans, index)));
    *array_add(&budget->shares) = share;
}

static void count_system(struct budget *budget, const struct graph *graph)
{
    if (budget->system_seq == graph_system_seq(graph))
        return;
    struct slice system = slice_of(graph_system(graph));
    budget->system_seq = graph_system_seq(graph);
    budget->system_tokens = tokens_estimate_as(budget->family, system);
    budget->bytes_counted += system.len;
}

/* An answer that is still coming is no message yet. */
static void count_open(struct budget *budget, const struct graph *graph,
                       const struct node *node)
{
    bool is_open = node && node->is_open;
    budget->bytes_counted +=
        open_count_catch_up(&budget->open, graph, is_open ? node : NULL);
    budget->open_reported =
        is_open ? reported_by(graph, node, budget_coming(budget)) : -1;
}

void budget_catch_up(struct budget *budget, const struct graph *graph)
{
    const struct node *head = graph_node(graph, graph_head(graph));
    const struct node *leaf = head;
    while (leaf && leaf->is_open)
        leaf = graph_node(graph, leaf->parent_id);
    size_t first =
        messages_catch_up(budget->messages, graph, leaf ? leaf->id : 0);
    if (first < budget->shares.count)
        budget->shares.count = first;
    while (budget->shares.count < messages_spans(budget->messages)->items.count)
        count_span(budget, graph, budget->shares.count);
    count_open(budget, graph, head);
    count_system(budget, graph);
}

struct budget_sum budget_parts(const struct budget *budget)
{
    struct budget_sum sum = budget->open.sum;
    if (budget->shares.count)
        sum = plus(sum, array_last(&budget->shares)->total);
    sum.tokens[BUDGET_SYSTEM] = budget->system_tokens;
    return sum;
}

uint64_t budget_total(const struct budget *budget)
{
    struct budget_sum sum = budget_parts(budget);
    return budget_sum_total(&sum);
}

int64_t budget_reported(const struct budget *budget)
{
    if (budget->open_reported >= 0)
        return budget->open_reported;
    const struct share *last =
        budget->shares.count ? array_last(&budget->shares) : NULL;
    return last && last->reported_id > budget->system_seq ? last->reported : -1;
}

uint64_t budget_reported_by(const struct budget *budget)
{
    if (budget->open_reported >= 0)
        return budget->open.node_id;
    return budget_reported(budget) < 0
               ? 0
               : array_last(&budget->shares)->reported_id;
}

struct budget_sum budget_behind(const struct budget *budget)
{
    struct budget_sum sum = { 0 };
    if (budget_reported(budget) < 0 || budget->open_reported >= 0)
        return sum;
    const struct share *last = array_last(&budget->shares);
    return plus(budget->open.sum, minus(last->total, last->included));
}

uint64_t budget_coming(const struct budget *budget)
{
    return budget_sum_total(&budget->open.sum);
}

const struct spans *budget_spans(const struct budget *budget)
{
    return messages_spans(budget->messages);
}

struct budget_sum budget_span(const struct budget *budget, size_t index)
{
    return budget->shares.items[index].own;
}

/* How many spans in front, of so many, had not changed when an event came. */
static size_t unchanged_since(const struct budget *budget, size_t count,
                              uint64_t seq)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (budget->shares.items[middle].switched <= seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t budget_shared(const struct budget *budget, const struct graph *graph,
                       uint64_t leaf_id, uint64_t seq)
{
    const struct spans *spans = messages_spans(budget->messages);
    const struct node *node = graph_node(graph, leaf_id);
    while (node && (node->depth >= spans->path.nodes.count ||
                    spans->path.nodes.items[node->depth] != node->id))
        node = graph_node(graph, node->parent_id);
    if (!node || budget->system_seq > seq)
        return 0;
    size_t index = spans_find(spans, node->depth);
    bool is_whole = spans->items.items[index].last == node->depth;
    size_t count = unchanged_since(budget, index + is_whole, seq);
    return count ? budget_sum_total(&budget->shares.items[count - 1].total) +
                       budget->system_tokens
                 : budget->system_tokens;
}

uint64_t budget_bytes_counted(const struct budget *budget)
{
    return budget->bytes_counted;
}

size_t budget_steps(const struct budget *budget)
{
    return messages_steps(budget->messages);
}
