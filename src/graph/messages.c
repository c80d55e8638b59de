/* SPDX-License-Identifier: MIT */
#include "graph/messages.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "graph/draft.h"

/* The assistant message that asked last, and which of its calls the path has
 * answered so far. */
struct asker {
    size_t draft;
    size_t unanswered_count; /* 0: nobody asks */
    ARRAY_OF(bool) answered; /* by the order of its calls */
};

/* How far the last, open answer was read: more of it is only added. */
struct tail {
    uint64_t node_id; /* 0: the last node is no such answer */
    size_t block;
    size_t offset;
};

struct messages {
    struct spans spans;
    ARRAY_OF(struct draft) drafts; /* in the order of the path */
    ARRAY_OF(size_t) order;  /* of what is sent: which draft stands there */
    ARRAY_OF(size_t) starts; /* by span: how many drafts come before */
    struct asker asker;
    struct tail tail;
    bool hides_images;
    bool expects_prompt;
    bool ends_with_gap; /* the last message is of a turn that is left out */
    size_t last_user; /* span of the last user turn while nodes are left out */
    size_t steps;
    uint64_t bytes_copied;
};

struct messages *messages_new(void)
{
    return memory_zero(1, sizeof(struct messages));
}

static void cut_drafts(struct messages *messages, size_t count)
{
    while (messages->drafts.count > count)
        draft_clear(&messages->drafts.items[--messages->drafts.count]);
    messages->order.count = messages->drafts.count;
}

void messages_free(struct messages *messages)
{
    if (!messages)
        return;
    cut_drafts(messages, 0);
    array_clear(&messages->drafts);
    array_clear(&messages->order);
    array_clear(&messages->starts);
    array_clear(&messages->asker.answered);
    spans_clear(&messages->spans);
    free(messages);
}

static struct draft *add_draft(struct messages *messages)
{
    struct draft *draft = array_add(&messages->drafts);
    *array_add(&messages->order) = messages->drafts.count - 1;
    *draft = (struct draft){ 0 };
    return draft;
}

/* What is left out stays out while a later prompt is asked: the prompt itself
 * and all that followed it are sent, but for output that had to make room. */
static bool is_out(const struct messages *messages, const struct graph *graph,
                   size_t index)
{
    const struct spans *spans = &messages->spans;
    const struct node *node = graph_node(graph, spans_first_id(spans, index));
    bool makes_room = node->kind == NODE_TOOL_RESULT && node->is_dropped;
    return !spans->items.items[index].summary && node->is_left_out &&
           (index < messages->last_user || makes_room);
}

/* Results lie on the path as they came; a model reads them in the order in
 * which it asked. */
static void sort_results(struct messages *messages)
{
    const struct draft *drafts = messages->drafts.items;
    size_t first = messages->asker.draft + 1;
    for (size_t i = first; i < messages->order.count; i++) {
        size_t moved = messages->order.items[i], at = i;
        for (;
             at > first && drafts[messages->order.items[at - 1]].message.call >
                               drafts[moved].message.call;
             at--)
            messages->order.items[at] = messages->order.items[at - 1];
        messages->order.items[at] = moved;
    }
}

static void answer_the_rest(struct messages *messages,
                            const struct graph *graph)
{
    struct asker *asker = &messages->asker;
    bool is_asking = asker->unanswered_count > 0;
    for (size_t i = 0; asker->unanswered_count > 0; i++) {
        if (asker->answered.items[i])
            continue;
        struct draft *draft = add_draft(messages);
        uint32_t id = messages->drafts.items[asker->draft].calls.items[i].call;
        draft_answer(draft, graph, graph_call(graph, id));
        asker->unanswered_count--;
    }
    if (is_asking)
        sort_results(messages);
}

static int compare_calls(const void *a, const void *b)
{
    const struct message_call *left = a, *right = b;
    return (left->call > right->call) - (left->call < right->call);
}

/* The place of a call among those that wait for an answer, or -1. */
static ptrdiff_t find_unanswered(const struct messages *messages, uint32_t id)
{
    const struct asker *asker = &messages->asker;
    if (asker->unanswered_count == 0)
        return -1;
    const struct draft *draft = &messages->drafts.items[asker->draft];
    struct message_call key = { .call = id };
    const struct message_call *found =
        bsearch(&key, draft->calls.items, draft->calls.count, sizeof key,
                compare_calls);
    return found ? found - draft->calls.items : -1;
}

static void add_result(struct messages *messages, const struct graph *graph,
                       const struct node *node, bool is_left_out)
{
    const struct call *call = graph_call(graph, node->call);
    ptrdiff_t place = call ? find_unanswered(messages, call->id) : -1;
    if (place < 0)
        return;
    struct draft *draft = add_draft(messages);
    if (is_left_out)
        draft_no_result(draft, node, call);
    else
        draft_result(draft, graph, node, call);
    messages->bytes_copied += draft->text.len + draft->words.len;
    /* A call ends once, so it has one result. */
    assert(!messages->asker.answered.items[place]);
    messages->asker.answered.items[place] = true;
    if (--messages->asker.unanswered_count == 0)
        sort_results(messages);
}

static void ask(struct messages *messages)
{
    struct asker *asker = &messages->asker;
    asker->draft = messages->drafts.count - 1;
    asker->unanswered_count = array_last(&messages->drafts)->calls.count;
    asker->answered.count = 0;
    for (size_t i = 0; i < asker->unanswered_count; i++)
        *array_add(&asker->answered) = false;
}

static void add_assistant(struct messages *messages, const struct graph *graph,
                          const struct node *node, bool is_last)
{
    struct draft *draft = add_draft(messages);
    draft_assistant(draft, graph, node);
    messages->bytes_copied +=
        draft->text.len + draft->words.len + draft->pieces.len;
    if (draft->calls.count) {
        ask(messages);
    } else if (is_last && node->is_open && node->blocks.count) {
        const struct block *block = array_last(&node->blocks);
        messages->tail = (struct tail){
            .node_id = node->id,
            .block = node->blocks.count - 1,
            .offset = block->text.len,
        };
    } else if (draft_is_empty(draft)) {
        cut_drafts(messages, messages->drafts.count - 1);
    }
}

static bool is_note(const struct messages *messages, const struct graph *graph,
                    size_t index)
{
    const struct spans *spans = &messages->spans;
    return !spans->items.items[index].summary &&
           graph_node(graph, spans_first_id(spans, index))->kind == NODE_NOTE;
}

/* Of those right before a span; the span itself where there are none. */
static size_t first_note(const struct messages *messages,
                         const struct graph *graph, size_t index)
{
    while (index > 0 && is_note(messages, graph, index - 1))
        index--;
    return index;
}

static void add_notes(struct messages *messages, const struct graph *graph,
                      size_t index, struct draft *draft)
{
    for (size_t i = first_note(messages, graph, index); i < index; i++)
        if (!is_out(messages, graph, i))
            draft_note(draft, graph,
                       graph_node(graph, spans_first_id(&messages->spans, i)));
}

static void add_user(struct messages *messages, const struct graph *graph,
                     const struct node *node, size_t index)
{
    struct draft *draft = add_draft(messages);
    add_notes(messages, graph, index, draft);
    draft_user(draft, node);
    if (messages->hides_images)
        draft->message.image_count = 0;
    messages->bytes_copied += draft->text.len;
    if (draft_is_empty(draft))
        cut_drafts(messages, messages->drafts.count - 1);
}

/* Whether the answer of a span is the rest of the one before it, which no
 * summary stands for. */
static bool goes_on(const struct messages *messages, const struct graph *graph,
                    size_t index)
{
    const struct spans *spans = &messages->spans;
    const struct node *node = graph_node(graph, spans_first_id(spans, index));
    const struct node *parent = graph_node(graph, node->parent_id);
    const struct run *run = graph_run(graph, node->run);
    return node->kind == NODE_ASSISTANT && parent && parent->is_continued &&
           run && run->prompt_id == parent->id &&
           !spans->items.items[index - 1].summary &&
           !is_out(messages, graph, index - 1);
}

static void add_wish_to_go_on(struct messages *messages, uint64_t node_id)
{
    struct draft *draft = add_draft(messages);
    draft_go_on(draft, node_id);
    messages->bytes_copied += draft->text.len;
}

/* Whether a run shall go on with the answer of a span. */
static bool is_to_go_on(const struct messages *messages,
                        const struct graph *graph, size_t index)
{
    const struct spans *spans = &messages->spans;
    const struct node *node = graph_node(graph, spans_first_id(spans, index));
    return !spans->items.items[index].summary && node->is_continued &&
           !node->is_open;
}

/* Whether a turn of a kind was left out between the last message and a span. */
static bool follows_gap(const struct messages *messages,
                        const struct graph *graph, size_t index,
                        enum node_kind kind)
{
    const struct spans *spans = &messages->spans;
    size_t end = messages->drafts.count;
    while (index-- > 0 && messages->starts.items[index] == end)
        if (is_out(messages, graph, index) &&
            graph_node(graph, spans_first_id(spans, index))->kind == kind)
            return true;
    return false;
}

/* Whether the last message before a span is a summary. */
static bool follows_summary(const struct messages *messages, size_t index)
{
    const struct spans *spans = &messages->spans;
    size_t end = messages->drafts.count;
    while (index-- > 0)
        if (messages->starts.items[index] < end)
            return spans->items.items[index].summary != 0;
    return false;
}

/* There are servers that refuse two turns of the same side in a row, or an
 * answer to nothing. A summary is of the user's side. */
static void bridge_gap(struct messages *messages, const struct graph *graph,
                       size_t index, bool is_answer)
{
    size_t count = messages->drafts.count;
    enum message_role before =
        count ? messages->drafts.items[count - 1].message.role : ROLE_ASSISTANT;
    enum node_kind other = is_answer ? NODE_USER : NODE_ASSISTANT;
    if (!is_answer && before == ROLE_USER && follows_summary(messages, index))
        draft_read_summary(add_draft(messages),
                           spans_last_id(&messages->spans, index - 1));
    else if ((before == ROLE_ASSISTANT) == is_answer &&
             follows_gap(messages, graph, index, other))
        draft_gap(add_draft(messages), is_answer ? ROLE_USER : ROLE_ASSISTANT,
                  spans_last_id(&messages->spans, index - 1));
}

/* What the next prompt will take along. */
static void add_last_notes(struct messages *messages, const struct graph *graph)
{
    struct draft *draft = add_draft(messages);
    add_notes(messages, graph, messages->spans.items.count, draft);
    draft_notes(draft);
    messages->bytes_copied += draft->text.len;
    if (draft_is_empty(draft))
        cut_drafts(messages, messages->drafts.count - 1);
}

static void end_path(struct messages *messages, const struct graph *graph)
{
    size_t count = messages->spans.items.count;
    answer_the_rest(messages, graph);
    if (messages->expects_prompt && count) {
        size_t end = messages->drafts.count;
        bridge_gap(messages, graph, count, false);
        messages->ends_with_gap = messages->drafts.count > end;
        add_last_notes(messages, graph);
    } else if (count && is_to_go_on(messages, graph, count - 1))
        add_wish_to_go_on(messages,
                          spans_first_id(&messages->spans, count - 1));
}

static void add_summary(struct messages *messages, const struct graph *graph,
                        uint32_t id)
{
    struct draft *draft = add_draft(messages);
    draft_summary(draft, graph_summary(graph, id));
    messages->bytes_copied += draft->text.len;
}

static void add_turn(struct messages *messages, const struct graph *graph,
                     size_t index)
{
    const struct spans *spans = &messages->spans;
    const struct node *node = graph_node(graph, spans_first_id(spans, index));
    bool is_last = index + 1 == spans->items.count;
    if (goes_on(messages, graph, index))
        add_wish_to_go_on(messages, node->parent_id);
    if (node->kind == NODE_ASSISTANT)
        add_assistant(messages, graph, node, is_last);
    else if (node->kind == NODE_USER)
        add_user(messages, graph, node, index);
}

static void add_span(struct messages *messages, const struct graph *graph,
                     size_t index)
{
    const struct spans *spans = &messages->spans;
    uint32_t summary = spans->items.items[index].summary;
    const struct node *node = graph_node(graph, spans_first_id(spans, index));
    messages->steps++;
    if (!summary && node->kind == NODE_TOOL_RESULT) {
        *array_add(&messages->starts) = messages->drafts.count;
        add_result(messages, graph, node, is_out(messages, graph, index));
        return;
    }
    answer_the_rest(messages, graph);
    size_t start = messages->drafts.count;
    *array_add(&messages->starts) = start;
    if (is_out(messages, graph, index))
        return;
    bridge_gap(messages, graph, index,
               !summary && node->kind == NODE_ASSISTANT);
    size_t bridged = messages->drafts.count;
    if (summary)
        add_summary(messages, graph, summary);
    else
        add_turn(messages, graph, index);
    /* There was nothing to bridge to. */
    if (messages->drafts.count == bridged)
        cut_drafts(messages, start);
}

static void add_tail_text(struct messages *messages, const struct block *block)
{
    struct tail *tail = &messages->tail;
    struct slice text = slice_skip(buf_slice(&block->text), tail->offset);
    if (block->kind == BLOCK_TEXT) {
        draft_extend(array_last(&messages->drafts), text);
        messages->bytes_copied += text.len;
    }
    tail->offset = block->text.len;
}

/* True if all that changed is that the last, open answer got more text. */
static bool extend_tail(struct messages *messages, const struct graph *graph,
                        size_t first)
{
    struct tail *tail = &messages->tail;
    const struct node *node = graph_node(graph, tail->node_id);
    const struct spans *spans = &messages->spans;
    size_t last = spans->items.count - 1;
    if (!node || !node->is_open || first != last ||
        spans->items.items[last].summary ||
        spans_first_id(spans, last) != node->id)
        return false;
    for (size_t i = tail->block; i < node->blocks.count; i++)
        if (node->blocks.items[i].kind == BLOCK_CALL)
            return false;
    messages->steps++;
    for (;;) {
        add_tail_text(messages, &node->blocks.items[tail->block]);
        if (tail->block + 1 == node->blocks.count)
            return true;
        tail->block++;
        tail->offset = 0;
    }
}

/* Whether the node of a span has a message with calls. */
static bool has_asked(const struct messages *messages, size_t index)
{
    size_t start = messages->starts.items[index];
    if (start >= messages->drafts.count)
        return false;
    /* Behind the wish that it be written, if it is the rest of another. */
    uint64_t id = spans_first_id(&messages->spans, index);
    if (messages->drafts.items[start].message.node_id != id &&
        start + 1 < messages->drafts.count)
        start++;
    const struct draft *draft = &messages->drafts.items[start];
    return draft->message.node_id == id && draft->calls.count > 0;
}

static bool is_result(const struct messages *messages,
                      const struct graph *graph, size_t index)
{
    const struct spans *spans = &messages->spans;
    return graph_node(graph, spans_first_id(spans, index))->kind ==
           NODE_TOOL_RESULT;
}

/* Answers that were made up depend on what follows the calls: from there. Notes
 * go with what follows them. An
 * open answer without text was kept for its tail only: it is no message any more
 * when something hangs on it. */
static size_t start_of_turn(const struct messages *messages,
                            const struct graph *graph, size_t first)
{
    const struct node *tail = graph_node(graph, messages->tail.node_id);
    if (tail) {
        size_t index = spans_find(&messages->spans, tail->depth);
        first = index < first ? index : first;
    }
    if (first == 0)
        return 0;
    size_t note = first_note(messages, graph, first);
    if (note < first)
        return note;
    size_t index = first - 1;
    while (index > 0 && is_result(messages, graph, index))
        index--;
    if (has_asked(messages, index))
        return index;
    if (messages->ends_with_gap && first == messages->starts.count)
        return first - 1;
    return is_to_go_on(messages, graph, first - 1) ? first - 1 : first;
}

/* The last prompt that will be asked may be none of the path; 0 where there is
 * none, or nothing is left out: then all is sent. */
static size_t find_last_user(const struct messages *messages,
                             const struct graph *graph)
{
    const struct spans *spans = &messages->spans;
    size_t index = graph_left_out_count(graph) ? spans->items.count : 0;
    if (messages->expects_prompt)
        return index;
    while (index-- > 0)
        if (!spans->items.items[index].summary &&
            graph_node(graph, spans_first_id(spans, index))->kind == NODE_USER)
            return index;
    return 0;
}

static size_t lesser(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t messages_catch_up(struct messages *messages, const struct graph *graph,
                         uint64_t leaf_id)
{
    size_t old_count = messages->starts.count;
    size_t first = spans_follow(&messages->spans, graph, leaf_id);
    size_t count = messages->spans.items.count;
    if (first == count && count == old_count)
        return count;
    if (extend_tail(messages, graph, first))
        return count - 1;
    size_t index = start_of_turn(messages, graph, first);
    size_t last_user = find_last_user(messages, graph);
    /* What was sent because nothing was asked after it, or no more is. */
    if (last_user != messages->last_user)
        index = lesser(index, lesser(last_user, messages->last_user));
    messages->last_user = last_user;
    if (index < old_count)
        cut_drafts(messages, messages->starts.items[index]);
    messages->starts.count = index;
    messages->asker.unanswered_count = 0;
    messages->ends_with_gap = false;
    messages->tail = (struct tail){ 0 };
    for (size_t i = index; i < count; i++)
        add_span(messages, graph, i);
    end_path(messages, graph);
    return index;
}

void messages_expect_prompt(struct messages *messages)
{
    assert(!messages->starts.count);
    messages->expects_prompt = true;
}

const struct spans *messages_spans(const struct messages *messages)
{
    return &messages->spans;
}

size_t messages_start(const struct messages *messages, size_t span)
{
    return span < messages->starts.count ? messages->starts.items[span]
                                         : messages->drafts.count;
}

/* It has no message of its own: that of the turn begins where its own would. */
struct slice messages_note(const struct messages *messages, size_t span)
{
    uint64_t id = spans_first_id(&messages->spans, span);
    size_t start = messages_start(messages, span);
    for (size_t i = start; i < messages->drafts.count && i < start + 2; i++) {
        const struct draft *draft = &messages->drafts.items[i];
        const char *at = buf_string(&draft->text);
        for (size_t k = 0; k < draft->notes.count; k++) {
            if (draft->notes.items[k].node_id == id)
                return (struct slice){ at, draft->notes.items[k].len };
            at += draft->notes.items[k].len;
        }
    }
    return slice_of("");
}

void messages_show_images(struct messages *messages, bool are_shown)
{
    if (messages->hides_images == !are_shown)
        return;
    messages->hides_images = !are_shown;
    for (size_t i = 0; i < messages->drafts.count; i++) {
        struct draft *draft = &messages->drafts.items[i];
        draft->message.image_count = are_shown ? draft->images.count : 0;
    }
}

/* The answer that has no text yet is kept for its tail only. */
size_t messages_count(const struct messages *messages)
{
    size_t count = messages->drafts.count;
    bool is_hidden =
        messages->tail.node_id && draft_is_empty(array_last(&messages->drafts));
    return is_hidden ? count - 1 : count;
}

const struct message *messages_at(const struct messages *messages, size_t index)
{
    return &messages->drafts.items[messages->order.items[index]].message;
}

const struct message *messages_on_path(const struct messages *messages,
                                       size_t index)
{
    return &messages->drafts.items[index].message;
}

size_t messages_steps(const struct messages *messages)
{
    return messages->spans.path.steps + messages->steps;
}

uint64_t messages_bytes_copied(const struct messages *messages)
{
    return messages->bytes_copied;
}
