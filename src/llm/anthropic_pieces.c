/* SPDX-License-Identifier: MIT */
#include "llm/anthropic_pieces.h"

#include <string.h>

#include "base/json.h"

enum {
    PIECES_MAX = 512, /* blocks that are open at a time */
};

static void clear_piece(struct piece *piece)
{
    buf_clear(&piece->text);
    buf_clear(&piece->signature);
    json_decref(piece->start);
}

void pieces_drop(struct pieces *pieces)
{
    for (size_t i = 0; i < pieces->list.count; i++)
        clear_piece(&pieces->list.items[i]);
    pieces->list.count = 0;
}

void pieces_clear(struct pieces *pieces)
{
    pieces_drop(pieces);
    array_clear(&pieces->list);
}

static enum piece_kind kind_of(struct slice type)
{
    static const struct {
        const char *type;
        enum piece_kind kind;
    } kinds[] = {
        { "text", PIECE_TEXT },
        { "thinking", PIECE_THINKING },
        { "redacted_thinking", PIECE_REDACTED },
        { "tool_use", PIECE_CALL },
    };
    for (size_t i = 0; i < COUNTOF(kinds); i++) {
        if (slice_is(type, kinds[i].type))
            return kinds[i].kind;
    }
    return PIECE_OTHER;
}

/* A server that looked something up between two texts leaves them without a
 * line break. */
static void tell_text(struct intake *intake, struct slice text)
{
    struct pieces *pieces = intake->memory;
    if (!text.len)
        return;
    if (pieces->needs_gap && *text.ptr != '\n')
        intake_plain_text(intake, slice_of("\n\n"));
    pieces->needs_gap = false;
    pieces->had_text = true;
    intake_plain_text(intake, text);
}

static void tell(struct intake *intake, enum piece_kind kind, struct slice text)
{
    if (kind == PIECE_THINKING)
        intake_thinking(intake, text);
    else
        tell_text(intake, text);
}

static bool hold(struct intake *intake, struct buf *held, struct slice text)
{
    struct error err = { 0 };
    if (buf_append_capped(held, text, JSON_TEXT_MAX, "a block of the answer",
                          &err))
        return true;
    intake_fail(intake, &err);
    return false;
}

/* Text of two blocks that are open at once must not mix. What a block of
 * another kind holds is told at once. */
static void take_text(struct intake *intake, struct piece *piece,
                      enum piece_kind kind, struct slice text)
{
    if (piece->is_waiting && piece->kind == kind)
        hold(intake, &piece->text, text);
    else
        tell(intake, kind, text);
}

static void tell_string(struct intake *intake, const char *kind,
                        struct slice text)
{
    if (!text.ptr)
        return;
    json_t *value = json_stringn_nocheck(text.ptr, text.len);
    intake_opaque(intake, kind, value, 0);
    json_decref(value);
}

static void tell_signature(struct intake *intake, struct piece *piece)
{
    if (piece->signature.len)
        tell_string(intake, "signature", buf_slice(&piece->signature));
    buf_reset(&piece->signature);
}

/* The arguments that came as a value, if none came as text. */
static void tell_input(struct intake *intake, const struct piece *piece)
{
    struct buf arguments = { 0 };
    const json_t *input = json_member_object(piece->start, "input");
    struct call_fragment fragment = { .has_index = true,
                                      .index = piece->call,
                                      .is_object = true };
    if (piece->had_input || !json_object_size(input))
        return;
    json_append_value(&arguments, input);
    fragment.arguments = buf_slice(&arguments);
    intake_call(intake, &fragment);
    buf_clear(&arguments);
}

static void tell_other(struct intake *intake, struct piece *piece)
{
    struct pieces *pieces = intake->memory;
    struct error ignored = { 0 };
    json_t *input =
        piece->text.len ? json_parse(buf_slice(&piece->text), &ignored) : NULL;
    if (input)
        json_object_set_new(piece->start, "input", input);
    intake_opaque(intake, "block", piece->start, 0);
    pieces->needs_gap = pieces->had_text;
}

/* All of it has come. */
static void tell_end(struct intake *intake, struct piece *piece)
{
    switch (piece->kind) {
    case PIECE_TEXT:
    case PIECE_REDACTED: break;
    case PIECE_THINKING: tell_signature(intake, piece); break;
    case PIECE_CALL: tell_input(intake, piece); break;
    case PIECE_OTHER: tell_other(intake, piece); break;
    }
}

static void remove_piece(struct pieces *pieces, size_t place)
{
    struct piece *list = pieces->list.items;
    clear_piece(&list[place]);
    pieces->list.count--;
    memmove(&list[place], &list[place + 1],
            (pieces->list.count - place) * sizeof *list);
}

/* The next one of this kind speaks now, and so on while they have stopped. */
static void release(struct intake *intake, enum piece_kind kind)
{
    struct pieces *pieces = intake->memory;
    for (size_t i = 0; i < pieces->list.count; i++) {
        struct piece *piece = &pieces->list.items[i];
        if (!piece->is_waiting || piece->kind != kind)
            continue;
        piece->is_waiting = false;
        tell(intake, kind, buf_slice(&piece->text));
        buf_clear(&piece->text);
        if (!piece->is_stopped)
            return;
        tell_end(intake, piece);
        remove_piece(pieces, i--);
    }
}

void pieces_stop(struct intake *intake, struct piece *piece)
{
    struct pieces *pieces = intake->memory;
    enum piece_kind kind = piece->kind;
    piece->is_stopped = true;
    if (piece->is_waiting)
        return;
    tell_end(intake, piece);
    remove_piece(pieces, (size_t)(piece - pieces->list.items));
    release(intake, kind);
}

void pieces_stop_all(struct intake *intake)
{
    struct pieces *pieces = intake->memory;
    for (size_t i = 0; i < pieces->list.count; i++)
        pieces->list.items[i].is_stopped = true;
    while (pieces->list.count && !intake->has_failed)
        pieces_stop(intake, pieces->list.items);
}

struct piece *pieces_find(struct pieces *pieces, int64_t index)
{
    for (size_t i = pieces->list.count; i > 0; i--) {
        struct piece *piece = &pieces->list.items[i - 1];
        if (piece->index == index && !piece->is_stopped)
            return piece;
    }
    return NULL;
}

static struct piece *add_piece(struct intake *intake, enum piece_kind kind)
{
    struct pieces *pieces = intake->memory;
    struct error err = { 0 };
    bool is_waiting = false;
    if (pieces->list.count == PIECES_MAX) {
        error_set(&err, ERROR_LIMIT, "more than %d open blocks in one answer",
                  PIECES_MAX);
        intake_fail(intake, &err);
        return NULL;
    }
    for (size_t i = 0; i < pieces->list.count; i++) {
        struct piece *piece = &pieces->list.items[i];
        bool is_prose = kind == PIECE_TEXT || kind == PIECE_THINKING;
        is_waiting |= is_prose && piece->kind == kind;
        /* It belongs before what comes now. */
        if (!piece->is_waiting)
            tell_signature(intake, piece);
    }
    struct piece *piece = array_add(&pieces->list);
    *piece = (struct piece){ .kind = kind, .is_waiting = is_waiting };
    return piece;
}

static void start_call(struct intake *intake, struct piece *piece,
                       const json_t *block)
{
    struct pieces *pieces = intake->memory;
    piece->call = pieces->call_count++;
    struct call_fragment fragment = {
        .has_index = true,
        .index = piece->call,
        .id = json_slice(block, "id"),
        .name = json_slice(block, "name"),
    };
    piece->start = json_deep_copy(block);
    if (fragment.id.len || fragment.name.len)
        intake_call(intake, &fragment);
}

struct piece *pieces_start(struct intake *intake, int64_t index,
                           const json_t *block)
{
    struct piece *piece = add_piece(intake, kind_of(json_slice(block, "type")));
    if (!piece)
        return NULL;
    piece->index = index;
    switch (piece->kind) {
    case PIECE_TEXT:
        take_text(intake, piece, PIECE_TEXT, json_slice(block, "text"));
        break;
    case PIECE_THINKING:
        take_text(intake, piece, PIECE_THINKING, json_slice(block, "thinking"));
        hold(intake, &piece->signature, json_slice(block, "signature"));
        break;
    case PIECE_REDACTED:
        tell_string(intake, "redacted-thinking", json_slice(block, "data"));
        break;
    case PIECE_CALL: start_call(intake, piece, block); break;
    case PIECE_OTHER:
        piece->start = json_deep_copy(block);
        /* The model that was asked has declined, and this one answers. */
        intake_model(intake,
                     json_slice(json_member_object(block, "to"), "model"));
        break;
    }
    return piece;
}

static void add_input(struct intake *intake, struct piece *piece,
                      struct slice json)
{
    struct call_fragment fragment = { .has_index = true,
                                      .index = piece->call,
                                      .arguments = json };
    if (!json.len)
        return;
    piece->had_input = true;
    intake_call(intake, &fragment);
}

static void set_signature(struct intake *intake, struct piece *piece,
                          struct slice signature)
{
    buf_reset(&piece->signature);
    hold(intake, &piece->signature, signature);
}

/* What a delta says of a block that nobody here knows: its texts are more of
 * the block's members of the same names. */
static void add_members(struct intake *intake, struct piece *piece,
                        json_t *delta)
{
    const char *name;
    json_t *value;
    json_object_foreach(delta, name, value)
    {
        struct slice more = json_string_slice(value);
        struct buf text = { 0 };
        if (!strcmp(name, "type") || !json_is_string(value))
            continue;
        buf_append_slice(&text, json_slice(piece->start, name));
        if (hold(intake, &text, more))
            json_object_set_new(
                piece->start, name,
                json_stringn_nocheck(buf_string(&text), text.len));
        buf_clear(&text);
    }
}

void pieces_add(struct intake *intake, struct piece *piece, json_t *delta)
{
    struct slice type = json_slice(delta, "type");
    bool is_other = piece->kind == PIECE_OTHER;
    struct slice json = json_slice(delta, "partial_json");
    intake->has_progress = true;
    if (slice_is(type, "input_json_delta") && is_other)
        hold(intake, &piece->text, json);
    else if (is_other)
        add_members(intake, piece, delta);
    else if (slice_is(type, "input_json_delta") && piece->kind == PIECE_CALL)
        add_input(intake, piece, json);
    else if (slice_is(type, "text_delta"))
        take_text(intake, piece, PIECE_TEXT, json_slice(delta, "text"));
    else if (slice_is(type, "thinking_delta"))
        take_text(intake, piece, PIECE_THINKING, json_slice(delta, "thinking"));
    else if (slice_is(type, "signature_delta"))
        set_signature(intake, piece, json_slice(delta, "signature"));
}
