/* SPDX-License-Identifier: MIT */
#include "llm/response_items.h"

#include "base/json.h"

static void clear_item(struct response_item *item)
{
    for (size_t i = 0; i < item->texts.count; i++)
        buf_clear(&item->texts.items[i].said);
    array_clear(&item->texts);
    buf_clear(&item->id);
}

void response_items_clear(struct response_items *items)
{
    for (size_t i = 0; i < items->list.count; i++)
        clear_item(&items->list.items[i]);
    array_clear(&items->list);
}

static bool is_item(const json_t *json)
{
    return json_slice(json, "type").len > 0;
}

static enum item_kind kind_of(const json_t *json)
{
    struct slice type = json_slice(json, "type");
    if (slice_is(type, "message"))
        return ITEM_MESSAGE;
    if (slice_is(type, "reasoning"))
        return ITEM_REASONING;
    return slice_is(type, "function_call") ? ITEM_CALL : ITEM_OTHER;
}

static enum item_kind item_of_text(enum text_kind kind)
{
    switch (kind) {
    case TEXT_ANSWER:
    case TEXT_REFUSAL: return ITEM_MESSAGE;
    case TEXT_SUMMARY:
    case TEXT_REASONING: return ITEM_REASONING;
    case TEXT_ARGUMENTS: break;
    }
    return ITEM_CALL;
}

/* Where an event says that its item stands. */
struct place {
    enum item_kind kind;
    bool has_index;
    int64_t index;
    struct slice id;
};

static struct place place_of(const json_t *chunk, enum item_kind kind,
                             struct slice id)
{
    uint64_t index = 0;
    struct place place = { .kind = kind, .id = id };
    place.has_index =
        json_count(chunk, "output_index", &index) && index <= INT64_MAX;
    place.index = place.has_index ? (int64_t)index : 0;
    return place;
}

static struct response_item *add_item(struct intake *intake,
                                      struct response_items *items,
                                      const struct place *place)
{
    if (items->list.count == RESPONSE_ITEMS_MAX) {
        struct error err = { 0 };
        error_set(&err, ERROR_LIMIT, "more than %d parts in one answer",
                  RESPONSE_ITEMS_MAX);
        intake_fail(intake, &err);
        return NULL;
    }
    struct response_item *item = array_add(&items->list);
    *item = (struct response_item){
        .kind = place->kind,
        .has_index = place->has_index,
        .index = place->index,
    };
    buf_append_slice(&item->id, place->id);
    return item;
}

static bool is_at(const struct response_item *item, const struct place *place)
{
    if (place->has_index && item->has_index)
        return item->index == place->index;
    return place->id.len && slice_equal(buf_slice(&item->id), place->id);
}

/* The newest item there: some servers give all the same index. */
static struct response_item *find_at(const struct response_items *items,
                                     const struct place *place)
{
    for (size_t i = items->list.count; i > 0; i--) {
        struct response_item *item = &items->list.items[i - 1];
        if (item->kind == place->kind && is_at(item, place))
            return item;
    }
    return NULL;
}

/* Without an index, and with an id that nobody knows: the last one of its kind
 * for a piece of it, the first that is still open for its end. */
static struct response_item *find_nameless(const struct response_items *items,
                                           const struct place *place,
                                           bool is_end)
{
    struct response_item *found = NULL;
    for (size_t i = 0; !place->has_index && i < items->list.count; i++) {
        struct response_item *item = &items->list.items[i];
        if (item->kind == place->kind && !item->is_done && !(is_end && found))
            found = item;
    }
    return found;
}

static struct response_item *find_or_add(struct intake *intake,
                                         struct response_items *items,
                                         const struct place *place, bool is_end)
{
    struct response_item *item = find_at(items, place);
    if (!item)
        item = find_nameless(items, place, is_end);
    return item ? item : add_item(intake, items, place);
}

static struct item_text *find_text(struct intake *intake,
                                   struct response_item *item,
                                   enum text_kind kind, int64_t index)
{
    for (size_t i = 0; i < item->texts.count; i++) {
        struct item_text *text = &item->texts.items[i];
        if (text->kind == kind && text->index == index)
            return text;
    }
    if (item->texts.count == RESPONSE_TEXTS_MAX) {
        struct error err = { 0 };
        error_set(&err, ERROR_LIMIT,
                  "more than %d texts in a part of an answer",
                  RESPONSE_TEXTS_MAX);
        intake_fail(intake, &err);
        return NULL;
    }
    struct item_text *text = array_add(&item->texts);
    *text = (struct item_text){ .kind = kind, .index = index };
    return text;
}

/* Parts of the thinking are paragraphs. */
static void say_thought(struct intake *intake, struct response_items *items,
                        size_t item, const struct item_text *text,
                        struct slice piece)
{
    bool goes_on = items->thought.item == item &&
                   items->thought.kind == text->kind &&
                   items->thought.index == text->index;
    if (items->thought.item && !goes_on)
        intake_thinking(intake, slice_of("\n\n"));
    items->thought.item = item;
    items->thought.kind = text->kind;
    items->thought.index = text->index;
    intake_thinking(intake, piece);
}

/* By which the calls know it, and the thoughts. */
static int64_t number_of(const struct response_items *items,
                         const struct response_item *item)
{
    return item - items->list.items + 1;
}

/* Its first word stands here. */
static void place_item(const struct intake *intake, struct response_item *item)
{
    if (!item->is_placed)
        item->place = intake->place;
    item->is_placed = true;
}

static void say(struct intake *intake, struct response_items *items,
                struct response_item *item, const struct item_text *text,
                struct slice piece)
{
    place_item(intake, item);
    int64_t number = number_of(items, item);
    struct call_fragment fragment = {
        .has_index = true,
        .index = number,
        .arguments = piece,
    };
    if (text->kind == TEXT_SUMMARY || text->kind == TEXT_REASONING) {
        say_thought(intake, items, (size_t)number, text, piece);
        return;
    }
    items->thought.item = 0;
    if (text->kind == TEXT_ANSWER)
        intake_text(intake, piece);
    else if (text->kind == TEXT_REFUSAL)
        intake_refusal(intake, piece);
    else
        intake_call(intake, &fragment);
}

static void say_and_keep(struct intake *intake, struct response_items *items,
                         struct response_item *item, struct item_text *text,
                         struct slice piece)
{
    struct error err = { 0 };
    if (piece.len == 0)
        return;
    if (buf_append_capped(&text->said, piece, JSON_TEXT_MAX,
                          "a text of an answer", &err))
        say(intake, items, item, text, piece);
    else
        intake_fail(intake, &err);
}

/* Arguments that turn out other than they were said count as they are now. */
static void replace_arguments(struct intake *intake,
                              const struct response_items *items,
                              const struct response_item *item,
                              struct item_text *text, struct slice whole)
{
    struct call_fragment fragment = {
        .has_index = true,
        .index = number_of(items, item),
        .arguments = whole,
        .is_object = true,
    };
    buf_reset(&text->said);
    buf_append_slice(&text->said, whole);
    intake_call(intake, &fragment);
}

/* All of a text: what of it was not said yet. */
static void say_rest(struct intake *intake, struct response_items *items,
                     struct response_item *item, struct item_text *text,
                     struct slice whole)
{
    size_t len = text->said.len;
    struct slice start = { whole.ptr, len };
    if (len <= whole.len && slice_equal(start, buf_slice(&text->said)))
        say_and_keep(intake, items, item, text, slice_skip(whole, len));
    else if (text->kind == TEXT_ARGUMENTS && whole.len)
        replace_arguments(intake, items, item, text, whole);
}

/* A piece that the end of its text has overtaken says nothing new. */
static void say_piece(struct intake *intake, struct response_items *items,
                      struct response_item *item, struct item_text *text,
                      struct slice piece)
{
    struct slice known = buf_slice(&text->said), start = piece;
    if (text->came < known.len) {
        known = slice_skip(known, text->came);
        if (known.len > piece.len)
            known.len = piece.len;
        start.len = known.len;
        if (slice_equal(start, known)) {
            text->came += known.len;
            piece = slice_skip(piece, known.len);
        }
    }
    if (!piece.len)
        return;
    say_and_keep(intake, items, item, text, piece);
    text->came = text->said.len;
}

static void take_text(struct intake *intake, struct response_items *items,
                      struct response_item *item, enum text_kind kind,
                      int64_t index, struct slice text, bool is_whole)
{
    struct item_text *place = find_text(intake, item, kind, index);
    if (!place)
        return;
    if (is_whole)
        say_rest(intake, items, item, place, text);
    else
        say_piece(intake, items, item, place, text);
}

void response_items_add(struct intake *intake, struct response_items *items,
                        const json_t *chunk, enum text_kind kind,
                        struct slice text, bool is_whole)
{
    uint64_t index = 0;
    struct place place =
        place_of(chunk, item_of_text(kind), json_slice(chunk, "item_id"));
    struct response_item *item = find_or_add(intake, items, &place, false);
    if (!item)
        return;
    if (kind != TEXT_ARGUMENTS &&
        !json_count(chunk,
                    kind == TEXT_SUMMARY ? "summary_index" : "content_index",
                    &index))
        item->is_joined = true;
    item->is_whole |= is_whole;
    take_text(intake, items, item, kind, (int64_t)index, text, is_whole);
}

/* Name and id of a call, once: they would begin another. */
static void name_call(struct intake *intake, const struct response_items *items,
                      struct response_item *item, const json_t *json)
{
    struct call_fragment fragment = {
        .has_index = true,
        .index = number_of(items, item),
    };
    if (!item->has_call_id)
        fragment.id = json_slice(json, "call_id");
    if (!item->has_name)
        fragment.name = json_slice(json, "name");
    item->has_call_id |= fragment.id.len > 0;
    item->has_name |= fragment.name.len > 0;
    if (!fragment.id.len && !fragment.name.len)
        return;
    place_item(intake, item);
    intake_call(intake, &fragment);
}

static void begin(struct intake *intake, struct response_items *items,
                  const struct place *place, const json_t *json)
{
    struct response_item *item = find_at(items, place);
    if (!item || item->is_done)
        item = add_item(intake, items, place);
    if (item && item->kind == ITEM_CALL) {
        items->thought.item = 0;
        name_call(intake, items, item, json);
    }
}

void response_items_begin(struct intake *intake, struct response_items *items,
                          const json_t *chunk)
{
    const json_t *json = json_member_object(chunk, "item");
    struct place place = place_of(chunk, kind_of(json), json_slice(json, "id"));
    if (is_item(json))
        begin(intake, items, &place, json);
}

static struct slice text_of_part(const json_t *part, enum text_kind kind)
{
    bool is_refusal = slice_is(json_slice(part, "type"), "refusal");
    if (is_refusal != (kind == TEXT_REFUSAL))
        return (struct slice){ 0 };
    return json_slice(part, is_refusal ? "refusal" : "text");
}

/* As much of one kind as an array of parts holds. */
static void take_parts(struct intake *intake, struct response_items *items,
                       struct response_item *item, json_t *parts,
                       enum text_kind kind)
{
    size_t index;
    json_t *part;
    struct buf joined = { 0 };
    json_array_foreach(parts, index, part)
    {
        struct slice text = text_of_part(part, kind);
        if (item->is_joined)
            buf_append_slice(&joined, text);
        else if (text.len)
            take_text(intake, items, item, kind, (int64_t)index, text, true);
    }
    if (joined.len)
        take_text(intake, items, item, kind, 0, buf_slice(&joined), true);
    buf_clear(&joined);
}

static bool has_said(const struct response_item *item, enum text_kind kind)
{
    for (size_t i = 0; i < item->texts.count; i++) {
        const struct item_text *text = &item->texts.items[i];
        if (text->kind == kind && text->said.len)
            return true;
    }
    return false;
}

/* Where an item that is only whole now belongs: before all that follow it by
 * the server's count and have spoken already. The place as it is if none has. */
static uint64_t find_place(const struct intake *intake,
                           const struct response_items *items,
                           const struct response_item *item)
{
    uint64_t place = intake->place;
    for (size_t i = 0; item->has_index && i < items->list.count; i++) {
        const struct response_item *other = &items->list.items[i];
        if (other->is_placed && other->has_index &&
            other->index > item->index && other->place < place)
            place = other->place;
    }
    return place;
}

/* For its maker, who takes items back only in their order. */
static void keep(struct intake *intake, struct response_items *items,
                 struct response_item *item, const json_t *json)
{
    const char *kind = item->kind == ITEM_OTHER ? "item" : "reasoning-item";
    uint64_t place = find_place(intake, items, item);
    if (item->is_kept)
        return;
    item->is_kept = true;
    if (place == intake->place) {
        place_item(intake, item);
        intake_opaque(intake, kind, json, 0);
        return;
    }
    intake_late_opaque(intake, kind, json, place);
    for (size_t i = 0; i < items->list.count; i++) {
        struct response_item *other = &items->list.items[i];
        other->place += other->is_placed && other->place >= place;
    }
    if (!item->is_placed)
        item->place = place;
    item->is_placed = true;
}

/* The thinking itself and its summary tell the same: one of them is enough,
 * the one that was streamed. */
static void take_reasoning(struct intake *intake, struct response_items *items,
                           struct response_item *item, const json_t *json)
{
    if (!has_said(item, TEXT_SUMMARY))
        take_parts(intake, items, item, json_member_array(json, "content"),
                   TEXT_REASONING);
    if (!has_said(item, TEXT_REASONING))
        take_parts(intake, items, item, json_member_array(json, "summary"),
                   TEXT_SUMMARY);
    if (json_slice(json, "encrypted_content").len)
        keep(intake, items, item, json);
}

static void take_message(struct intake *intake, struct response_items *items,
                         struct response_item *item, const json_t *json)
{
    json_t *content = json_member_array(json, "content");
    take_parts(intake, items, item, content, TEXT_ANSWER);
    take_parts(intake, items, item, content, TEXT_REFUSAL);
}

static bool is_half(const json_t *json)
{
    struct slice status = json_slice(json, "status");
    return slice_is(status, "incomplete") || slice_is(status, "in_progress");
}

static void take_call(struct intake *intake, struct response_items *items,
                      struct response_item *item, const json_t *json)
{
    struct buf value = { 0 };
    struct slice arguments = json_slice(json, "arguments");
    const json_t *object = json_member_object(json, "arguments");
    if (object) {
        json_append_value(&value, object);
        arguments = buf_slice(&value);
    }
    name_call(intake, items, item, json);
    take_text(intake, items, item, TEXT_ARGUMENTS, 0, arguments, true);
    item->is_whole = !is_half(json);
    buf_clear(&value);
}

/* A whole item, of which nothing or anything may have been said. */
static void take_item(struct intake *intake, struct response_items *items,
                      struct response_item *item, const json_t *json)
{
    switch (item->kind) {
    case ITEM_MESSAGE: take_message(intake, items, item, json); break;
    case ITEM_REASONING: take_reasoning(intake, items, item, json); break;
    case ITEM_CALL: take_call(intake, items, item, json); break;
    case ITEM_OTHER: keep(intake, items, item, json); break;
    }
}

void response_items_end(struct intake *intake, struct response_items *items,
                        const json_t *chunk)
{
    const json_t *json = json_member_object(chunk, "item");
    struct place place = place_of(chunk, kind_of(json), json_slice(json, "id"));
    struct response_item *item =
        is_item(json) ? find_or_add(intake, items, &place, true) : NULL;
    if (!item)
        return;
    take_item(intake, items, item, json);
    item->is_done = true;
}

/* Items of the whole response that their ids tell take theirs first: their
 * places there are not always those of the stream. */
static struct response_item *claim(const struct response_items *items,
                                   const json_t *json, int64_t position,
                                   bool by_id)
{
    struct slice id = json_slice(json, "id");
    struct response_item *found = NULL;
    for (size_t i = 0; i < items->list.count; i++) {
        struct response_item *item = &items->list.items[i];
        if (item->kind != kind_of(json) || item->is_claimed)
            continue;
        if (by_id && id.len && slice_equal(buf_slice(&item->id), id))
            return item;
        if (!by_id && item->has_index && item->index == position)
            return item;
        if (!by_id && !found)
            found = item;
    }
    return found;
}

static void settle_item(struct intake *intake, struct response_items *items,
                        const json_t *json, int64_t position, size_t claimed)
{
    struct place place = { .kind = kind_of(json),
                           .id = json_slice(json, "id") };
    struct response_item *item = claimed ? &items->list.items[claimed - 1]
                                         : claim(items, json, position, false);
    if (!item)
        item = add_item(intake, items, &place);
    if (!item)
        return;
    item->is_claimed = true;
    take_item(intake, items, item, json);
}

void response_items_settle(struct intake *intake, struct response_items *items,
                           const json_t *output)
{
    size_t claimed[RESPONSE_ITEMS_MAX] = { 0 }; /* from 1 */
    size_t count = json_array_size(output);
    if (count > RESPONSE_ITEMS_MAX)
        count = RESPONSE_ITEMS_MAX;
    for (size_t i = 0; i < count; i++) {
        struct response_item *item =
            claim(items, json_array_get(output, i), (int64_t)i, true);
        if (!item)
            continue;
        claimed[i] = (size_t)(item - items->list.items) + 1;
        item->is_claimed = true;
    }
    for (size_t i = 0; i < count && !intake->has_failed; i++) {
        const json_t *json = json_array_get(output, i);
        if (is_item(json))
            settle_item(intake, items, json, (int64_t)i, claimed[i]);
    }
}

void response_items_drop_open(struct intake *intake,
                              const struct response_items *items)
{
    for (size_t i = 0; i < items->list.count; i++) {
        const struct response_item *item = &items->list.items[i];
        struct open_call *call =
            calls_find(&intake->calls, number_of(items, item));
        if (call && !item->is_whole)
            call->is_dropped = true;
    }
}
