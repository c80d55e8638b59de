/* SPDX-License-Identifier: MIT */
#include "llm/calls.h"

#include "base/json.h"

void calls_clear(struct calls *calls)
{
    for (size_t i = 0; i < calls->list.count; i++) {
        buf_clear(&calls->list.items[i].id);
        buf_clear(&calls->list.items[i].name);
        buf_clear(&calls->list.items[i].arguments);
    }
    array_clear(&calls->list);
}

static bool is_same(const struct buf *buf, struct slice text)
{
    return slice_equal(buf_slice(buf), text);
}

static bool has_whole_arguments(const struct open_call *call)
{
    return nesting_is_whole(&call->nesting) ||
           (call->had_empty_object && !call->arguments.len);
}

/* Some gateways send the whole arguments once more at the end. */
static bool is_repeat(const struct open_call *call,
                      const struct call_fragment *fragment)
{
    return nesting_is_whole(&call->nesting) &&
           is_same(&call->arguments, fragment->arguments);
}

/* The fragment carries the index or id of this call, and yet begins another:
 * servers that give all calls index 0, or one id. */
static bool begins_another(const struct open_call *call,
                           const struct call_fragment *fragment)
{
    bool both_ids = call->id.len && fragment->id.len;
    if (both_ids && !is_same(&call->id, fragment->id))
        return true;
    if (!fragment->name.len || !call->name.len || !has_whole_arguments(call))
        return false;
    if (!is_same(&call->name, fragment->name))
        return true;
    return !both_ids && fragment->arguments.len && !is_repeat(call, fragment);
}

static bool is_named_by(const struct open_call *call,
                        const struct call_fragment *fragment)
{
    if (fragment->has_index)
        return call->has_index && call->index == fragment->index;
    return is_same(&call->id, fragment->id);
}

/* The call that a fragment continues; NULL if it begins one. */
static struct open_call *find(const struct calls *calls,
                              const struct call_fragment *fragment)
{
    if (!fragment->has_index && !fragment->id.len)
        return fragment->name.len || !calls->list.count
                   ? NULL
                   : array_last(&calls->list);
    for (size_t i = calls->list.count; i > 0; i--) {
        struct open_call *call = &calls->list.items[i - 1];
        if (is_named_by(call, fragment))
            return begins_another(call, fragment) ? NULL : call;
    }
    return NULL;
}

static void emit(struct calls *calls, struct event *event)
{
    calls->fn(calls->context, event);
}

static void emit_fragment(struct calls *calls, const struct open_call *call,
                          struct slice arguments)
{
    struct event event = { .type = EVENT_TOOL_CALL_DELTA };
    if (arguments.len == 0)
        return;
    event_add_number(&event, FIELD_CALL, call->number);
    event_add_text(&event, FIELD_ARGUMENTS, arguments);
    emit(calls, &event);
}

static void announce(struct calls *calls, struct open_call *call)
{
    struct event event = { .type = EVENT_TOOL_CALL_START };
    call->number = ++calls->last_number;
    event_add_number(&event, FIELD_CALL, call->number);
    event_add_text(&event, FIELD_ID, buf_slice(&call->id));
    event_add_text(&event, FIELD_NAME, buf_slice(&call->name));
    emit(calls, &event);
}

static void merge_name(struct open_call *call, struct slice name)
{
    /* A name in two pieces can only stand before the arguments. */
    bool is_continued = !call->arguments.len && !is_same(&call->name, name);
    if (!call->name.len || is_continued)
        buf_append_slice(&call->name, name);
}

static bool merge_arguments(struct calls *calls, struct open_call *call,
                            const struct call_fragment *fragment,
                            struct error *err)
{
    struct slice arguments = fragment->arguments;
    if (arguments.len == 0 || is_repeat(call, fragment))
        return true;
    if (fragment->is_object) {
        /* An empty object stands for text that is still to come. */
        if (slice_is(arguments, "{}")) {
            call->had_empty_object = true;
            return true;
        }
        buf_reset(&call->arguments);
        call->nesting = (struct nesting){ 0 };
    }
    if (!buf_append_capped(&call->arguments, arguments, JSON_TEXT_MAX,
                           "the arguments of a tool call", err))
        return false;
    nesting_feed(&call->nesting, arguments);
    if (call->number)
        emit_fragment(calls, call, arguments);
    return true;
}

static struct open_call *add(struct calls *calls,
                             const struct call_fragment *fragment,
                             struct error *err)
{
    if (calls->list.count == CALLS_MAX) {
        error_set(err, ERROR_LIMIT, "more than %d tool calls in one answer",
                  CALLS_MAX);
        return NULL;
    }
    struct open_call *call = array_add(&calls->list);
    *call = (struct open_call){
        .has_index = fragment->has_index,
        .index = fragment->index,
    };
    return call;
}

bool calls_add(struct calls *calls, const struct call_fragment *fragment,
               struct error *err)
{
    struct open_call *call = find(calls, fragment);
    if (!call)
        call = add(calls, fragment, err);
    if (!call)
        return false;
    calls->touched = (size_t)(call - calls->list.items);
    if (!call->id.len)
        buf_append_slice(&call->id, fragment->id);
    if (fragment->name.len)
        merge_name(call, fragment->name);
    if (!call->number && (call->id.len || call->name.len)) {
        announce(calls, call);
        emit_fragment(calls, call, buf_slice(&call->arguments));
    }
    return merge_arguments(calls, call, fragment, err);
}

/* Nothing that could be answered: pieces of a call that never began. */
static bool is_stray(const struct open_call *call)
{
    bool has_arguments =
        call->came_whole ? call->arguments.len > 0 : has_whole_arguments(call);
    return !call->id.len && !call->name.len && !has_arguments;
}

static void end(struct calls *calls, struct open_call *call)
{
    struct slice arguments = slice_trim(buf_slice(&call->arguments));
    struct event event = { .type = EVENT_TOOL_CALL_END };
    if (!call->number) {
        announce(calls, call);
        emit_fragment(calls, call, buf_slice(&call->arguments));
    }
    if (arguments.len == 0 || slice_is(arguments, "null"))
        arguments = slice_of("{}");
    else
        arguments = buf_slice(&call->arguments);
    event_add_number(&event, FIELD_CALL, call->number);
    event_add_text(&event, FIELD_ID, buf_slice(&call->id));
    event_add_text(&event, FIELD_NAME, buf_slice(&call->name));
    event_add_text(&event, FIELD_ARGUMENTS, arguments);
    emit(calls, &event);
}

bool calls_add_whole(struct calls *calls, const struct call_fragment *fragment,
                     struct error *err)
{
    struct open_call *call = add(calls, fragment, err);
    if (!call)
        return false;
    calls->touched = calls->list.count - 1;
    call->came_whole = true;
    buf_append_slice(&call->id, fragment->id);
    buf_append_slice(&call->name, fragment->name);
    if (call->id.len || call->name.len || fragment->arguments.len)
        announce(calls, call);
    return buf_append_capped(&call->arguments, fragment->arguments,
                             JSON_TEXT_MAX, "the arguments of a tool call",
                             err);
}

struct open_call *calls_find(const struct calls *calls, int64_t index)
{
    for (size_t i = 0; i < calls->list.count; i++) {
        struct open_call *call = &calls->list.items[i];
        if (call->has_index && call->index == index)
            return call;
    }
    return NULL;
}

void calls_drop(struct calls *calls)
{
    for (size_t i = 0; i < calls->list.count; i++)
        calls->list.items[i].is_dropped = true;
}

size_t calls_end(struct calls *calls, bool is_cut_by_length)
{
    size_t strays = 0;
    for (size_t i = 0; i < calls->list.count; i++) {
        struct open_call *call = &calls->list.items[i];
        bool is_whole = call->came_whole || has_whole_arguments(call);
        if (call->is_dropped)
            continue;
        if (is_stray(call))
            strays++;
        else if (is_whole || !is_cut_by_length)
            end(calls, call);
    }
    return strays;
}
