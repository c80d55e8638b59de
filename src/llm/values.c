/* SPDX-License-Identifier: MIT */
#include "llm/values.h"

#include "base/json.h"

static void hand_over(struct values *values, struct slice text)
{
    values->fn(values->context, text, values->is_finishing);
}

static void hand_over_pending(struct values *values)
{
    hand_over(values, buf_slice(&values->pending));
    buf_reset(&values->pending);
    values->nesting = (struct nesting){ 0 };
}

static bool is_whole(struct slice line)
{
    struct nesting nesting = { 0 };
    nesting_feed(&nesting, line);
    return nesting_is_whole(&nesting);
}

/* An object cannot begin inside an object without a name before it: what is
 * pending was cut, and a new value starts here. */
static bool is_new_value(const struct values *values, struct slice line)
{
    return values->pending.ptr[0] == '{' && line.ptr[0] == '{' &&
           is_whole(line);
}

static void continue_value(struct values *values, struct slice line)
{
    if (values->pending.len)
        buf_append_char(&values->pending, '\n');
    if (!buf_append_capped(&values->pending, line, JSON_TEXT_MAX,
                           "one value of the answer", &values->err))
        return;
    if (!nesting_is_open(&values->nesting))
        hand_over_pending(values);
}

static void on_line(void *context, struct slice line)
{
    struct values *values = context;
    if (values->err.kind != ERROR_NONE)
        return;
    if (values->pending.len && is_new_value(values, line)) {
        hand_over_pending(values);
        hand_over(values, line);
        return;
    }
    nesting_feed(&values->nesting, line);
    if (values->pending.len || nesting_is_open(&values->nesting)) {
        continue_value(values, line);
        return;
    }
    values->nesting = (struct nesting){ 0 };
    hand_over(values, line);
}

void values_init(struct values *values, values_fn *fn, void *context)
{
    *values = (struct values){ .fn = fn, .context = context };
    ndjson_init(&values->lines, on_line, values);
}

void values_clear(struct values *values)
{
    ndjson_clear(&values->lines);
    buf_clear(&values->pending);
}

bool values_feed(struct values *values, struct slice bytes, struct error *err)
{
    if (!ndjson_feed(&values->lines, bytes, err))
        return false;
    if (values->err.kind == ERROR_NONE)
        return true;
    *err = values->err;
    return false;
}

void values_finish(struct values *values)
{
    values->is_finishing = true;
    ndjson_finish(&values->lines);
    if (values->pending.len)
        hand_over_pending(values);
}
