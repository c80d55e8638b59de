/* SPDX-License-Identifier: MIT */
#include "llm/anthropic.h"

#include <string.h>

#include "base/json.h"
#include "llm/anthropic_request.h"
#include "llm/dialect.h"

enum {
    BLOCKS_MAX = 512, /* that are open at a time */
};

enum piece_kind {
    PIECE_TEXT,
    PIECE_THINKING,
    PIECE_REDACTED,
    PIECE_CALL,
    PIECE_OTHER, /* of the server's own: kept as it is */
};

/* A content block that has started and is not done with. */
struct piece {
    enum piece_kind kind;
    int64_t index;
    int64_t call;         /* PIECE_CALL: counted from 0 in the answer */
    bool is_stopped;      /* and waits for an earlier one */
    bool is_waiting;      /* behind an open one of its kind: text is held */
    bool had_input;       /* PIECE_CALL: some of it came in deltas */
    struct buf text;      /* held text; PIECE_OTHER: the JSON of its input */
    struct buf signature; /* PIECE_THINKING, not told yet */
    json_t *start;        /* PIECE_CALL and PIECE_OTHER: the block */
};

/* What is remembered of one answer. */
struct answer {
    bool has_started;
    struct buf id;
    ARRAY_OF(struct piece) pieces;
    int64_t call_count;
    bool had_text, needs_gap;
    bool has_usage;
    int64_t input, created, cached; /* tokens: new, and by the cache; -1 */
};

static void clear_piece(struct piece *piece)
{
    buf_clear(&piece->text);
    buf_clear(&piece->signature);
    json_decref(piece->start);
}

static void clear_pieces(struct answer *answer)
{
    for (size_t i = 0; i < answer->pieces.count; i++)
        clear_piece(&answer->pieces.items[i]);
    answer->pieces.count = 0;
}

static void forget(void *memory)
{
    struct answer *answer = memory;
    clear_pieces(answer);
    array_clear(&answer->pieces);
    buf_clear(&answer->id);
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
    struct answer *answer = intake->memory;
    if (!text.len)
        return;
    if (answer->needs_gap && *text.ptr != '\n')
        intake_plain_text(intake, slice_of("\n\n"));
    answer->needs_gap = false;
    answer->had_text = true;
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

/* Text of two blocks that are open at once must not mix. */
static void take_text(struct intake *intake, struct piece *piece,
                      struct slice text)
{
    if (piece->is_waiting)
        hold(intake, &piece->text, text);
    else
        tell(intake, piece->kind, text);
}

static void tell_string(struct intake *intake, const char *kind,
                        struct slice text)
{
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
    struct answer *answer = intake->memory;
    struct error ignored = { 0 };
    json_t *input =
        piece->text.len ? json_parse(buf_slice(&piece->text), &ignored) : NULL;
    if (input)
        json_object_set_new(piece->start, "input", input);
    intake_opaque(intake, "block", piece->start, 0);
    answer->needs_gap = answer->had_text;
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

static void remove_piece(struct answer *answer, size_t place)
{
    struct piece *pieces = answer->pieces.items;
    clear_piece(&pieces[place]);
    answer->pieces.count--;
    memmove(&pieces[place], &pieces[place + 1],
            (answer->pieces.count - place) * sizeof *pieces);
}

/* The next one of this kind speaks now, and so on while they have stopped. */
static void release(struct intake *intake, enum piece_kind kind)
{
    struct answer *answer = intake->memory;
    for (size_t i = 0; i < answer->pieces.count; i++) {
        struct piece *piece = &answer->pieces.items[i];
        if (!piece->is_waiting || piece->kind != kind)
            continue;
        piece->is_waiting = false;
        tell(intake, kind, buf_slice(&piece->text));
        buf_clear(&piece->text);
        if (!piece->is_stopped)
            return;
        tell_end(intake, piece);
        remove_piece(answer, i--);
    }
}

static void stop(struct intake *intake, struct piece *piece)
{
    struct answer *answer = intake->memory;
    enum piece_kind kind = piece->kind;
    piece->is_stopped = true;
    if (piece->is_waiting)
        return;
    tell_end(intake, piece);
    remove_piece(answer, (size_t)(piece - answer->pieces.items));
    release(intake, kind);
}

static void stop_all(struct intake *intake)
{
    struct answer *answer = intake->memory;
    for (size_t i = 0; i < answer->pieces.count; i++)
        answer->pieces.items[i].is_stopped = true;
    while (answer->pieces.count && !intake->has_failed)
        stop(intake, answer->pieces.items);
}

static struct piece *find_open(struct answer *answer, int64_t index)
{
    for (size_t i = answer->pieces.count; i > 0; i--) {
        struct piece *piece = &answer->pieces.items[i - 1];
        if (piece->index == index && !piece->is_stopped)
            return piece;
    }
    return NULL;
}

static struct piece *add_piece(struct intake *intake, enum piece_kind kind)
{
    struct answer *answer = intake->memory;
    struct error err = { 0 };
    bool is_waiting = false;
    if (answer->pieces.count == BLOCKS_MAX) {
        error_set(&err, ERROR_LIMIT, "more than %d open blocks in one answer",
                  BLOCKS_MAX);
        intake_fail(intake, &err);
        return NULL;
    }
    for (size_t i = 0; i < answer->pieces.count; i++) {
        struct piece *piece = &answer->pieces.items[i];
        bool is_prose = kind == PIECE_TEXT || kind == PIECE_THINKING;
        is_waiting |= is_prose && piece->kind == kind;
        /* It belongs before what comes now. */
        if (!piece->is_waiting)
            tell_signature(intake, piece);
    }
    struct piece *piece = array_add(&answer->pieces);
    *piece = (struct piece){ .kind = kind, .is_waiting = is_waiting };
    return piece;
}

static void start_call(struct intake *intake, struct piece *piece,
                       const json_t *block)
{
    struct answer *answer = intake->memory;
    piece->call = answer->call_count++;
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

/* A block of which nothing is known but its type has only that member. */
static struct piece *start(struct intake *intake, int64_t index,
                           const json_t *block)
{
    struct piece *piece = add_piece(intake, kind_of(json_slice(block, "type")));
    if (!piece)
        return NULL;
    piece->index = index;
    switch (piece->kind) {
    case PIECE_TEXT: take_text(intake, piece, json_slice(block, "text")); break;
    case PIECE_THINKING:
        take_text(intake, piece, json_slice(block, "thinking"));
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

static int64_t index_of(const json_t *event)
{
    return json_integer_value(json_object_get(event, "index"));
}

static void read_start(struct intake *intake, const json_t *event)
{
    const json_t *block = json_member_object(event, "content_block");
    struct piece *last = find_open(intake->memory, index_of(event));
    if (last)
        stop(intake, last);
    if (json_slice(block, "type").len)
        start(intake, index_of(event), block);
}

/* The block of a delta, also if its start never came. */
static struct piece *piece_of(struct intake *intake, const json_t *event,
                              struct slice type)
{
    static const char *const types[][2] = {
        { "text_delta", "text" },
        { "thinking_delta", "thinking" },
        { "signature_delta", "thinking" },
        { "input_json_delta", "tool_use" },
    };
    struct piece *piece = find_open(intake->memory, index_of(event));
    for (size_t i = 0; !piece && i < COUNTOF(types); i++) {
        if (!slice_is(type, types[i][0]))
            continue;
        json_t *block = json_pack("{s:s}", "type", types[i][1]);
        piece = start(intake, index_of(event), block);
        json_decref(block);
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

static void read_delta(struct intake *intake, const json_t *event)
{
    json_t *delta = json_member_object(event, "delta");
    struct slice type = json_slice(delta, "type");
    struct piece *piece = piece_of(intake, event, type);
    if (!piece)
        return;
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
        take_text(intake, piece, json_slice(delta, "text"));
    else if (slice_is(type, "thinking_delta"))
        take_text(intake, piece, json_slice(delta, "thinking"));
    else if (slice_is(type, "signature_delta"))
        set_signature(intake, piece, json_slice(delta, "signature"));
}

static void read_stop(struct intake *intake, const json_t *event)
{
    struct piece *piece = find_open(intake->memory, index_of(event));
    if (piece)
        stop(intake, piece);
}

/* Counts are of the whole message so far; one that is absent or null leaves
 * what was said before. What was read from or put into the cache is input,
 * too. */
static void read_usage(struct intake *intake, const json_t *report)
{
    struct answer *answer = intake->memory;
    struct intake_usage *usage = &intake->usage;
    if (!answer->has_usage)
        answer->input = answer->created = answer->cached = -1;
    answer->has_usage = true;
    dialect_read_count(report, "input_tokens", &answer->input);
    dialect_read_count(report, "cache_creation_input_tokens", &answer->created);
    dialect_read_count(report, "cache_read_input_tokens", &answer->cached);
    dialect_read_count(report, "output_tokens", &usage->output);
    dialect_read_count(json_member_object(report, "output_tokens_details"),
                       "thinking_tokens", &usage->reasoning);
    const int64_t parts[] = { answer->input, answer->created, answer->cached };
    usage->input = -1;
    for (size_t i = 0; i < COUNTOF(parts); i++) {
        if (parts[i] >= 0)
            usage->input = parts[i] + (usage->input > 0 ? usage->input : 0);
    }
    usage->cached = answer->cached;
}

static void tell_refusal(struct intake *intake, struct slice words)
{
    struct answer *answer = intake->memory;
    struct buf text = { 0 };
    if (words.len && answer->had_text)
        buf_append_string(&text, "\n\n");
    buf_append_slice(&text, words);
    intake_refusal(intake, buf_slice(&text));
    buf_clear(&text);
}

/* How the message ends: of a whole one, or the delta of a streamed one. */
static void read_end(struct intake *intake, const json_t *message)
{
    const json_t *details = json_member_object(message, "stop_details");
    if (!intake->has_finish_reason)
        tell_refusal(intake, json_slice(details, "explanation"));
    intake_finish_reason(intake, json_slice(message, "stop_reason"));
}

/* Mostly there are no blocks yet, and no reason to end. */
static void begin(struct intake *intake, const json_t *message)
{
    struct answer *answer = intake->memory;
    size_t index;
    json_t *block;
    answer->has_started = true;
    buf_reset(&answer->id);
    buf_append_slice(&answer->id, json_slice(message, "id"));
    intake_model(intake, json_slice(message, "model"));
    read_usage(intake, json_member_object(message, "usage"));
    json_array_foreach(json_member_array(message, "content"), index, block)
    {
        if (json_slice(block, "type").len && !intake->has_failed)
            start(intake, (int64_t)index, block);
        stop_all(intake);
    }
    read_end(intake, message);
}

/* Proxies that try again put a second message into the stream: the same one is
 * a repeat, another one takes the place of the first. */
static void read_message_start(struct intake *intake, const json_t *event)
{
    struct answer *answer = intake->memory;
    const json_t *message = json_member_object(event, "message");
    intake->has_begun = intake->has_delta = true;
    if (answer->has_started &&
        slice_equal(buf_slice(&answer->id), json_slice(message, "id")))
        return;
    if (answer->has_started) {
        clear_pieces(answer);
        answer->has_usage = answer->had_text = answer->needs_gap = false;
        intake_restart(intake);
    }
    begin(intake, message);
}

/* The whole answer in one piece. */
static void read_message(struct intake *intake, const json_t *message)
{
    intake->has_end_marker = true;
    if (intake->has_delta || intake->has_message)
        return;
    intake->has_begun = intake->has_message = true;
    begin(intake, message);
}

static void read_message_delta(struct intake *intake, const json_t *event)
{
    intake->has_begun = true;
    read_usage(intake, json_member_object(event, "usage"));
    read_end(intake, json_member_object(event, "delta"));
}

static void read_message_stop(struct intake *intake, const json_t *event)
{
    (void)event;
    stop_all(intake);
    intake->has_begun = intake->has_end_marker = intake->has_progress = true;
}

static void read_chunk(struct intake *intake, const json_t *chunk)
{
    static const struct {
        const char *type;
        void (*read)(struct intake *intake, const json_t *event);
    } events[] = {
        { "content_block_delta", read_delta },
        { "content_block_start", read_start },
        { "content_block_stop", read_stop },
        { "message_start", read_message_start },
        { "message_delta", read_message_delta },
        { "message_stop", read_message_stop },
        { "message", read_message },
    };
    struct slice type = json_slice(chunk, "type");
    if (intake_take_failure(intake, chunk))
        return;
    for (size_t i = 0; i < COUNTOF(events); i++) {
        if (slice_is(type, events[i].type))
            events[i].read(intake, chunk);
    }
}

/* The stream ended without its last event. A block that has not stopped may
 * have been a call, or half of one. */
static void finish(struct intake *intake)
{
    struct answer *answer = intake->memory;
    if (intake->has_end_marker || !answer->pieces.count)
        return;
    intake_drop_calls(intake);
    stop_all(intake);
}

static const struct dialect_reader reader = {
    .is_sse = true,
    .has_own_end = true,
    .memory_size = sizeof(struct answer),
    .forget = forget,
    .read = read_chunk,
    .finish = finish,
};

const struct dialect dialect_anthropic = {
    .name = "anthropic",
    .about = "Anthropic's Messages API, and servers that imitate it",
    .write_request = anthropic_write_request,
    .lacks = anthropic_lacks,
    .images = { .takes_addresses = true,
                .size_max = 5 * 1024 * 1024,
                .side_max = 8000 },
    .add_key = anthropic_add_key,
    .reader = &reader,
};
