/* SPDX-License-Identifier: MIT */
/* A value that arrives is the value of the whole; what it says meanwhile is not
 * taken back; its parts are told once, in the same order, for any pieces. And so
 * is the value that is found in a text, which is the whole text if that is JSON.
 */
#include <string.h>

#include "base/embedded_json.h"
#include "base/partial_json.h"
#include "tests/fuzz/fuzz.h"

struct reader {
    struct partial_json *partial;
    struct buf parts;
    json_t *before; /* the value when the last piece had come */
    bool is_watched;
};

static void on_part(void *context, struct slice path, const json_t *value)
{
    struct reader *reader = context;
    buf_append_slice(&reader->parts, path);
    buf_append_char(&reader->parts, '=');
    json_append_value(&reader->parts, value);
    buf_append_char(&reader->parts, '\n');
}

/* Has nothing of the old value gone: strings and arrays grow at their end,
 * members come. A name that comes again begins its value anew. */
static bool is_grown(json_t *old, const json_t *new)
{
    const char *name;
    json_t *item;
    size_t i;
    if (!old)
        return true;
    if (!new || json_typeof(old) != json_typeof(new))
        return false;
    if (json_is_string(old))
        return json_string_length(old) <= json_string_length(new) &&
               !memcmp(json_string_value(old), json_string_value(new),
                       json_string_length(old));
    if (!json_is_object(old) && !json_is_array(old))
        return json_equal(old, new);
    json_array_foreach(old, i, item)
    {
        if (!is_grown(item, json_array_get(new, i)))
            return false;
    }
    json_object_foreach(old, name, item)
    {
        if (!json_object_get(new, name))
            return false;
    }
    return true;
}

static void on_piece(void *context, struct slice piece)
{
    struct reader *reader = context;
    partial_json_feed(reader->partial, piece);
    if (!reader->is_watched)
        return;
    json_t *now = partial_json_value(reader->partial);
    fuzz_require(is_grown(reader->before, now), "nothing is taken back");
    json_decref(reader->before);
    reader->before = now ? json_deep_copy(now) : NULL;
}

static struct buf read_value(struct slice text, unsigned pattern)
{
    struct reader reader = { .is_watched = pattern != 0 };
    reader.partial = partial_json_new(on_part, &reader);
    fuzz_pieces(text, pattern, on_piece, &reader);
    partial_json_end(reader.partial);
    json_t *value = partial_json_value(reader.partial);
    buf_printf(&reader.parts, "state %d ",
               (int)partial_json_state(reader.partial));
    if (value)
        json_append_value(&reader.parts, value);
    partial_json_free(reader.partial);
    json_decref(reader.before);
    return reader.parts;
}

/* JSON is read as the parser reads it. */
static void check_whole(struct slice text)
{
    struct error err = { 0 };
    json_t *value = json_parse_strict(text, &err);
    struct partial_json *partial = partial_json_new(NULL, NULL);
    size_t taken = partial_json_feed(partial, text);
    partial_json_end(partial);
    if (value) {
        fuzz_require(taken <= text.len &&
                         partial_json_state(partial) == PARTIAL_JSON_WHOLE,
                     "what is JSON is read");
        fuzz_require(json_equal(value, partial_json_value(partial)),
                     "what is JSON is read as the parser does");
    }
    json_decref(value);
    partial_json_free(partial);
}

static void on_text(void *context, struct slice piece)
{
    bool is_whole;
    embedded_json_feed(context, piece);
    embedded_json_value(context, &is_whole);
}

static struct buf find_value(struct slice text, unsigned pattern)
{
    struct reader reader = { 0 };
    bool is_whole;
    struct embedded_json *embedded = embedded_json_new(on_part, &reader);
    fuzz_pieces(text, pattern, on_text, embedded);
    embedded_json_end(embedded);
    json_t *value = embedded_json_value(embedded, &is_whole);
    buf_printf(&reader.parts, "%s ", is_whole ? "whole" : "open");
    if (value)
        json_append_value(&reader.parts, value);
    struct error err = { 0 };
    json_t *expected = json_parse_strict(text, &err);
    fuzz_require(!expected || (is_whole && json_equal(value, expected)),
                 "what is JSON alone is found");
    json_decref(expected);
    embedded_json_free(embedded);
    return reader.parts;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice text = fuzz_input(bytes, len);
    unsigned pattern = fuzz_choice(&text);
    struct buf whole = read_value(text, 0);
    struct buf pieces = read_value(text, pattern);
    fuzz_require_same(&whole, &pieces, "any pieces give the same parts");
    check_whole(text);
    buf_clear(&whole);
    buf_clear(&pieces);
    whole = find_value(text, 0);
    pieces = find_value(text, pattern);
    fuzz_require_same(&whole, &pieces,
                      "any pieces have the same value in them");
    buf_clear(&whole);
    buf_clear(&pieces);
    return 0;
}
