/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "graph/event.h"

/*
 * The packed form, all integers as LEB128 varints:
 *
 *     type run attempt zigzag(at - base_at) field-count
 *     then for each field: field * 4 + wire, and its bytes by wire
 *
 * The wire lets an older program skip a field that it does not know.
 */
enum wire {
    WIRE_NUMBER, /* a varint */
    WIRE_REAL,   /* 8 bytes, little-endian IEEE 754 */
    WIRE_BYTES,  /* a varint length and as many bytes */
    WIRE_COUNT
};
enum { WIRE_BITS = 2, VARINT_SIZE_MAX = 10, REAL_SIZE = 8 };

static enum wire wire_of(enum event_field field)
{
    static const enum wire wires[] = {
        [FIELD_KIND_NUMBER] = WIRE_NUMBER, [FIELD_KIND_REAL] = WIRE_REAL,
        [FIELD_KIND_FLAG] = WIRE_NUMBER,   [FIELD_KIND_TEXT] = WIRE_BYTES,
        [FIELD_KIND_JSON] = WIRE_BYTES,    [FIELD_KIND_BYTES] = WIRE_BYTES,
    };
    return wires[event_field_kind(field)];
}

static void put_varint(struct buf *out, uint64_t number)
{
    unsigned char bytes[VARINT_SIZE_MAX];
    size_t len = 0;
    do {
        bytes[len++] = (unsigned char)(number & 0x7f) | 0x80;
        number >>= 7;
    } while (number);
    bytes[len - 1] &= 0x7f;
    buf_append(out, bytes, len);
}

static void put_real(struct buf *out, double real)
{
    uint64_t bits;
    unsigned char bytes[REAL_SIZE];
    memcpy(&bits, &real, sizeof bits);
    for (int i = 0; i < REAL_SIZE; i++)
        bytes[i] = (unsigned char)(bits >> (8 * i));
    buf_append(out, bytes, sizeof bytes);
}

static void put_field(struct buf *out, const struct event_value *value)
{
    enum wire wire = wire_of(value->field);
    put_varint(out, (uint64_t)value->field << WIRE_BITS | wire);
    if (wire == WIRE_NUMBER)
        put_varint(out, value->number);
    else if (wire == WIRE_REAL)
        put_real(out, value->real);
    else {
        put_varint(out, value->text.len);
        buf_append_slice(out, value->text);
    }
}

/* Times may lie before the base; small distances stay small. */
static uint64_t zigzag(int64_t at, int64_t base_at)
{
    uint64_t distance = (uint64_t)at - (uint64_t)base_at;
    return distance << 1 ^ (distance >> 63 ? UINT64_MAX : 0);
}

static int64_t unzigzag(uint64_t number, int64_t base_at)
{
    uint64_t distance = number >> 1 ^ (number & 1 ? UINT64_MAX : 0);
    return (int64_t)((uint64_t)base_at + distance);
}

void event_pack(struct buf *out, const struct event *event, int64_t base_at)
{
    assert(event->type < EVENT_TYPE_COUNT);
    assert(event->field_count <= EVENT_FIELDS_MAX);
    put_varint(out, event->type);
    put_varint(out, event->run);
    put_varint(out, event->attempt);
    put_varint(out, zigzag(event->at, base_at));
    put_varint(out, event->field_count);
    for (uint32_t i = 0; i < event->field_count; i++)
        put_field(out, &event->fields[i]);
}

static bool take_varint(struct slice *bytes, uint64_t *number)
{
    /* Nearly all of them. */
    if (bytes->len && (unsigned char)*bytes->ptr < 0x80) {
        *number = (unsigned char)*bytes->ptr;
        *bytes = (struct slice){ bytes->ptr + 1, bytes->len - 1 };
        return true;
    }
    *number = 0;
    for (size_t i = 0; i < VARINT_SIZE_MAX && i < bytes->len; i++) {
        uint64_t byte = (unsigned char)bytes->ptr[i];
        if (i == VARINT_SIZE_MAX - 1 && byte > 1)
            return false;
        *number |= (byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *bytes = slice_skip(*bytes, i + 1);
            return true;
        }
    }
    return false;
}

static bool take_stamp(struct slice *bytes, uint32_t *stamp)
{
    uint64_t number;
    if (!take_varint(bytes, &number) || number > UINT32_MAX)
        return false;
    *stamp = (uint32_t)number;
    return true;
}

static bool take_real(struct slice *bytes, double *real)
{
    uint64_t bits = 0;
    if (bytes->len < REAL_SIZE)
        return false;
    for (int i = 0; i < REAL_SIZE; i++)
        bits |= (uint64_t)(unsigned char)bytes->ptr[i] << (8 * i);
    memcpy(real, &bits, sizeof bits);
    *bytes = slice_skip(*bytes, REAL_SIZE);
    return true;
}

static bool take_bytes(struct slice *bytes, struct slice *text)
{
    uint64_t len;
    if (!take_varint(bytes, &len) || len > bytes->len)
        return false;
    *text = (struct slice){ bytes->ptr, (size_t)len };
    *bytes = slice_skip(*bytes, (size_t)len);
    return true;
}

static bool take_value(struct slice *bytes, enum wire wire,
                       struct event_value *value)
{
    switch (wire) {
    case WIRE_NUMBER: return take_varint(bytes, &value->number);
    case WIRE_REAL: return take_real(bytes, &value->real);
    case WIRE_BYTES: return take_bytes(bytes, &value->text);
    case WIRE_COUNT: break;
    }
    return false;
}

/* A field of a newer version is one that this version's type does not carry.
 * So is one more than a type may have here: its type has grown. */
static bool is_kept(const struct event *event, const struct event_value *value)
{
    return event->field_count < EVENT_FIELDS_MAX &&
           event_type_carries(event->type, value->field) &&
           !event_has(event, value->field) && isfinite(value->real);
}

static bool take_field(struct slice *bytes, struct event *event)
{
    uint64_t key;
    struct event_value value = { 0 };
    if (!take_varint(bytes, &key))
        return false;
    enum wire wire = (enum wire)(key & ((1 << WIRE_BITS) - 1));
    uint64_t field = key >> WIRE_BITS;
    if (wire >= WIRE_COUNT || !take_value(bytes, wire, &value))
        return false;
    if (field == FIELD_NONE || field >= FIELD_COUNT)
        return true;
    value.field = (enum event_field)field;
    if (wire != wire_of(value.field))
        return false;
    if (is_kept(event, &value))
        event->fields[event->field_count++] = value;
    return true;
}

size_t event_unpack(struct event *event, struct slice bytes, int64_t base_at)
{
    struct slice rest = bytes;
    uint64_t type, at, count;
    /* Without the fields: they are many, and only those counted are there. */
    event->seq = 0;
    event->field_count = 0;
    if (!take_varint(&rest, &type) || !take_stamp(&rest, &event->run) ||
        !take_stamp(&rest, &event->attempt) || !take_varint(&rest, &at) ||
        !take_varint(&rest, &count))
        return 0;
    event->type = type < EVENT_TYPE_COUNT ? (enum event_type)type : EVENT_NONE;
    event->at = unzigzag(at, base_at);
    for (uint64_t i = 0; i < count; i++)
        if (!take_field(&rest, event))
            return 0;
    return bytes.len - rest.len;
}

bool event_rebase(struct buf *out, struct slice packed, int64_t from_at,
                  int64_t to_at)
{
    struct slice rest = packed;
    uint64_t number;
    for (int stamps = 0; stamps < 3; stamps++)
        if (!take_varint(&rest, &number))
            return false;
    struct slice head = { packed.ptr, packed.len - rest.len };
    if (!take_varint(&rest, &number))
        return false;
    buf_append_slice(out, head);
    put_varint(out, zigzag(unzigzag(number, from_at), to_at));
    buf_append_slice(out, rest);
    return true;
}
