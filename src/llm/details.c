/* SPDX-License-Identifier: MIT */
#include "llm/details.h"

#include "base/json.h"

static const char *const text_names[DETAILS_TEXTS] = { "text", "summary",
                                                       "data" };

static void close_open(struct details *details)
{
    if (!details->open)
        return;
    for (size_t i = 0; i < DETAILS_TEXTS; i++) {
        struct buf *text = &details->texts[i];
        if (text->len)
            json_object_set_new(details->open, text_names[i],
                                json_stringn(text->ptr, text->len));
        buf_reset(text);
    }
    json_array_append_new(details->list, details->open);
    details->open = NULL;
}

/* A null is as good as an absent member. */
static bool have_same(const json_t *open, const json_t *piece, const char *name)
{
    const json_t *one = json_object_get(open, name);
    const json_t *other = json_object_get(piece, name);
    bool has_one = one && !json_is_null(one);
    bool has_other = other && !json_is_null(other);
    return has_one == has_other && (!has_one || json_equal(one, other));
}

/* Gemini's thoughts all have index 0 and are told apart by their ids. */
static bool is_same(const json_t *open, const json_t *piece)
{
    return json_is_integer(json_object_get(piece, "index")) &&
           have_same(open, piece, "index") && have_same(open, piece, "type") &&
           have_same(open, piece, "id");
}

/* A null says nothing where something stands. */
static void take_member(json_t *open, const char *name, json_t *value)
{
    if (!json_is_null(value) || !json_object_get(open, name))
        json_object_set(open, name, value);
}

void details_add(struct details *details, const json_t *piece)
{
    const char *name;
    json_t *value;
    if (!json_is_object(piece))
        return;
    if (!details->list)
        details->list = json_array();
    if (details->open && !is_same(details->open, piece))
        close_open(details);
    if (!details->open)
        details->open = json_object();
    for (size_t i = 0; i < DETAILS_TEXTS; i++)
        buf_append_slice(&details->texts[i], json_slice(piece, text_names[i]));
    json_object_foreach((json_t *)(uintptr_t)piece, name, value)
        take_member(details->open, name, value);
}

const json_t *details_end(struct details *details)
{
    close_open(details);
    return details->list;
}

void details_clear(struct details *details)
{
    json_decref(details->list);
    json_decref(details->open);
    for (size_t i = 0; i < DETAILS_TEXTS; i++)
        buf_clear(&details->texts[i]);
    *details = (struct details){ 0 };
}
