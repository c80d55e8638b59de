/* SPDX-License-Identifier: MIT */
#include "base/embedded_json.h"

#include <string.h>

#include "base/memory.h"

/* How well a value fits; a better one takes the place of another. */
enum rank {
    RANK_NONE,
    RANK_FOOTNOTE, /* an array of numbers alone */
    RANK_TEXT,     /* in the text */
    RANK_START,    /* begins the answer */
    RANK_FENCED,   /* follows a fence */
};

static const char fence[] = "```json";
enum { FENCE_LEN = sizeof fence - 1 };

struct embedded_json {
    partial_json_fn *fn;
    void *context;
    struct partial_json *best; /* whole */
    struct partial_json *next; /* being read */
    enum rank best_rank;
    enum rank next_rank;
    enum rank here;       /* of a value that begins with the next byte */
    bool is_scalar_alone; /* the best is a scalar: other text undoes it */
    bool has_parts;       /* told since the last null */
    bool is_other;        /* parts were told of another value */
    size_t fence_len;     /* bytes of "```json" that were just read */
    struct error fault;   /* of the last value that was none */
};

struct embedded_json *embedded_json_new(partial_json_fn *fn, void *context)
{
    struct embedded_json *embedded = memory_zero(1, sizeof *embedded);
    embedded->fn = fn;
    embedded->context = context;
    embedded->here = RANK_START;
    return embedded;
}

void embedded_json_free(struct embedded_json *embedded)
{
    if (!embedded)
        return;
    partial_json_free(embedded->best);
    partial_json_free(embedded->next);
    free(embedded);
}

static void on_part(void *context, struct slice path, const json_t *value)
{
    struct embedded_json *embedded = context;
    if (embedded->is_other)
        embedded->fn(embedded->context, (struct slice){ 0 }, json_null());
    embedded->is_other = false;
    embedded->has_parts = true;
    embedded->fn(embedded->context, path, value);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool begins_scalar(char c)
{
    return c == '"' || c == '-' || (c >= '0' && c <= '9') || c == 't' ||
           c == 'f' || c == 'n';
}

static void begin(struct embedded_json *embedded)
{
    embedded->next = partial_json_new(embedded->fn ? on_part : NULL, embedded);
    embedded->next_rank = embedded->here;
    embedded->here = RANK_TEXT;
    embedded->fence_len = 0;
    embedded->is_other |= embedded->has_parts;
    embedded->has_parts = false;
}

/* Other text behind a scalar: it was no value. */
static void check_scalar(struct embedded_json *embedded, char c)
{
    if (!embedded->is_scalar_alone)
        return;
    embedded->is_scalar_alone = false;
    if (c == '`' && embedded->best_rank == RANK_FENCED)
        return;
    partial_json_free(embedded->best);
    embedded->best = NULL;
    embedded->best_rank = RANK_NONE;
}

/* Follow the text to "```json", in any case of letters. */
static void follow_fence(struct embedded_json *embedded, char c)
{
    char lower = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    if (lower == fence[embedded->fence_len])
        embedded->fence_len++;
    else if (c != '`' || embedded->fence_len != 3)
        embedded->fence_len = c == '`';
    if (embedded->fence_len < FENCE_LEN)
        return;
    embedded->fence_len = 0;
    if (embedded->best_rank < RANK_START)
        embedded->here = RANK_FENCED;
}

static bool begins_value(const struct embedded_json *embedded, char c)
{
    bool is_container = c == '{' || c == '[';
    if (embedded->here == RANK_TEXT)
        return is_container && embedded->best_rank < RANK_TEXT;
    return is_container || begins_scalar(c);
}

/* A byte that stands outside of values. False: a value begins with it. */
static bool take_text(struct embedded_json *embedded, char c)
{
    if (c == '\n')
        embedded->fence_len = 0;
    if (is_space(c))
        return true;
    check_scalar(embedded, c);
    if (begins_value(embedded, c))
        return false;
    embedded->here = RANK_TEXT;
    follow_fence(embedded, c);
    return true;
}

static bool is_footnote(const json_t *value)
{
    if (!json_is_array(value))
        return false;
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!json_is_number(json_array_get(value, i)))
            return false;
    }
    return true;
}

static void finish_whole(struct embedded_json *embedded)
{
    json_t *value = partial_json_value(embedded->next);
    partial_json_free(embedded->best);
    embedded->best = embedded->next;
    embedded->next = NULL;
    embedded->best_rank = embedded->next_rank;
    if (embedded->next_rank != RANK_FENCED && is_footnote(value))
        embedded->best_rank = RANK_FOOTNOTE;
    embedded->is_scalar_alone = !json_is_object(value) && !json_is_array(value);
}

static void finish_broken(struct embedded_json *embedded)
{
    const json_t *begun = partial_json_value(embedded->next);
    /* "[see below]" was never meant as one. */
    bool is_meant = json_object_size(begun) || json_array_size(begun) ||
                    (begun && embedded->next_rank >= RANK_START);
    if (is_meant)
        embedded->fault = *partial_json_fault(embedded->next);
    partial_json_free(embedded->next);
    embedded->next = NULL;
}

static void settle(struct embedded_json *embedded)
{
    switch (partial_json_state(embedded->next)) {
    case PARTIAL_JSON_OPEN: break;
    case PARTIAL_JSON_WHOLE: finish_whole(embedded); break;
    case PARTIAL_JSON_BROKEN: finish_broken(embedded); break;
    }
}

void embedded_json_feed(struct embedded_json *embedded, struct slice text)
{
    while (text.len) {
        if (!embedded->next && take_text(embedded, text.ptr[0])) {
            text = slice_skip(text, 1);
            continue;
        }
        if (!embedded->next)
            begin(embedded);
        text = slice_skip(text, partial_json_feed(embedded->next, text));
        settle(embedded);
    }
}

void embedded_json_end(struct embedded_json *embedded)
{
    if (embedded->next) {
        partial_json_end(embedded->next);
        settle(embedded);
    }
    bool is_taken_back = embedded->has_parts || embedded->is_other;
    if (is_taken_back && !embedded->best && !embedded->next)
        embedded->fn(embedded->context, (struct slice){ 0 }, json_null());
}

json_t *embedded_json_value(struct embedded_json *embedded, bool *is_whole)
{
    json_t *value = embedded->next ? partial_json_value(embedded->next) : NULL;
    *is_whole = !value && embedded->best;
    if (!value && embedded->best)
        value = partial_json_value(embedded->best);
    return value;
}

void embedded_json_fault(const struct embedded_json *embedded,
                         struct error *err)
{
    if (embedded->next)
        error_set(err, ERROR_PROTOCOL, "the JSON value is cut");
    else if (embedded->fault.kind)
        *err = embedded->fault;
    else
        error_set(err, ERROR_PROTOCOL, "the answer holds no JSON value");
}
