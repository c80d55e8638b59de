/* SPDX-License-Identifier: MIT */
#include "graph/log.h"

#include <assert.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/memory.h"

enum { EVENTS_PER_MARK = 64 };

/* Where every 64th event starts, and the time that its group counts from. */
struct mark {
    size_t offset;
    int64_t base_at;
};

/* Each event has its packed length before it, so that it can be skipped. */
struct log {
    struct buf bytes;
    struct buf packed; /* the event being appended */
    ARRAY_OF(struct mark) marks;
    uint64_t last_seq;
};

struct log *log_new(void)
{
    return memory_zero(1, sizeof(struct log));
}

void log_free(struct log *log)
{
    if (!log)
        return;
    buf_clear(&log->bytes);
    buf_clear(&log->packed);
    array_clear(&log->marks);
    free(log);
}

static void put_length(struct buf *out, size_t len)
{
    for (; len >= 0x80; len >>= 7)
        buf_append_char(out, (char)(unsigned char)(0x80 | (len & 0x7f)));
    buf_append_char(out, (char)len);
}

/* Of bytes that put_length() made. */
static size_t take_length(const struct buf *bytes, size_t *offset)
{
    size_t len = 0;
    for (int shift = 0;; shift += 7) {
        unsigned char byte = (unsigned char)bytes->ptr[(*offset)++];
        len |= (size_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return len;
    }
}

/* The time that the next event counts from; one at `at`. */
static int64_t next_base(struct log *log, int64_t at)
{
    if (log->last_seq % EVENTS_PER_MARK == 0)
        *array_add(&log->marks) =
            (struct mark){ .offset = log->bytes.len, .base_at = at };
    return array_last(&log->marks)->base_at;
}

/* What was packed aside. */
static uint64_t take_packed(struct log *log)
{
    put_length(&log->bytes, log->packed.len);
    buf_append_slice(&log->bytes, buf_slice(&log->packed));
    return ++log->last_seq;
}

uint64_t log_append(struct log *log, struct event *event)
{
    if (event->at == 0)
        event->at = clock_wall_ms();
    /* Packed aside first: the texts may be views of this very log. */
    buf_reset(&log->packed);
    event_pack(&log->packed, event, next_base(log, event->at));
    event->seq = take_packed(log);
    return event->seq;
}

uint64_t log_last_seq(const struct log *log)
{
    return log->last_seq;
}

static const struct mark *mark_of(const struct log *log, uint64_t seq)
{
    return &log->marks.items[(seq - 1) / EVENTS_PER_MARK];
}

/* Where an event begins, its length included. */
static size_t offset_of(const struct log *log, uint64_t seq)
{
    size_t offset = mark_of(log, seq)->offset;
    for (uint64_t skip = (seq - 1) % EVENTS_PER_MARK; skip > 0; skip--) {
        size_t len = take_length(&log->bytes, &offset);
        offset += len;
    }
    return offset;
}

/* The packed event at an offset, which moves behind it. */
static struct slice packed_at(const struct log *log, size_t *offset)
{
    size_t len = take_length(&log->bytes, offset);
    struct slice packed = { log->bytes.ptr + *offset, len };
    *offset += len;
    return packed;
}

bool log_read(const struct log *log, uint64_t seq, struct event *event)
{
    if (seq == 0 || seq > log->last_seq)
        return false;
    size_t offset = offset_of(log, seq);
    struct slice packed = packed_at(log, &offset);
    size_t used = event_unpack(event, packed, mark_of(log, seq)->base_at);
    assert(used == packed.len);
    event->seq = seq;
    return true;
}

bool log_packed(const struct log *log, uint64_t seq, struct buf *packed)
{
    if (seq == 0 || seq > log->last_seq)
        return false;
    size_t offset = offset_of(log, seq);
    return event_rebase(packed, packed_at(log, &offset),
                        mark_of(log, seq)->base_at, 0);
}

/* A packed event whose time counts from `base_at`. */
static bool take_rebased(struct log *log, struct slice packed, int64_t base_at,
                         struct event *event)
{
    if (event_unpack(event, packed, base_at) != packed.len)
        return false;
    buf_reset(&log->packed);
    event_rebase(&log->packed, packed, base_at, next_base(log, event->at));
    event->seq = take_packed(log);
    return true;
}

bool log_append_packed(struct log *log, struct slice packed,
                       struct event *event)
{
    return packed.len && take_rebased(log, packed, 0, event);
}

size_t log_size(const struct log *log)
{
    return log->bytes.len;
}

size_t log_size_after(const struct log *log, uint64_t seq)
{
    return seq >= log->last_seq ? 0 : log->bytes.len - offset_of(log, seq + 1);
}

/*
 * A batch is a time, 8 bytes, little-endian, Unix ms, from which the times of
 * its events count; then for each the length of its packed form, and that.
 */
enum { BASE_SIZE = 8 };

static void put_base(struct buf *out, int64_t at)
{
    for (int i = 0; i < BASE_SIZE; i++)
        buf_append_char(out, (char)(unsigned char)((uint64_t)at >> 8 * i));
}

static bool take_base(struct slice *batch, int64_t *at)
{
    uint64_t bits = 0;
    if (batch->len < BASE_SIZE)
        return false;
    for (int i = 0; i < BASE_SIZE; i++)
        bits |= (uint64_t)(unsigned char)batch->ptr[i] << 8 * i;
    *at = (int64_t)bits;
    *batch = slice_skip(*batch, BASE_SIZE);
    return true;
}

uint64_t log_pack(const struct log *log, uint64_t first, size_t size_max,
                  struct buf *batch)
{
    uint64_t seq = first;
    struct buf rebased = { 0 };
    assert(first && first <= log->last_seq && !batch->len);
    int64_t base_at = mark_of(log, first)->base_at;
    size_t offset = offset_of(log, first);
    put_base(batch, base_at);
    for (;; seq++) {
        buf_reset(&rebased);
        bool is_event = event_rebase(&rebased, packed_at(log, &offset),
                                     mark_of(log, seq)->base_at, base_at);
        assert(is_event);
        (void)is_event;
        put_length(batch, rebased.len);
        buf_append_slice(batch, buf_slice(&rebased));
        if (seq == log->last_seq || batch->len >= size_max)
            break;
    }
    buf_clear(&rebased);
    return seq;
}

/* The packed event at the front, taken off. */
static bool take_event(struct slice *batch, struct slice *packed)
{
    uint64_t len = 0;
    for (size_t i = 0; i < sizeof len && i < batch->len; i++) {
        uint64_t byte = (unsigned char)batch->ptr[i];
        len |= (byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *batch = slice_skip(*batch, i + 1);
            if (len == 0 || len > batch->len)
                return false;
            *packed = (struct slice){ batch->ptr, (size_t)len };
            *batch = slice_skip(*batch, (size_t)len);
            return true;
        }
    }
    return false;
}

bool log_unpack(struct log *log, struct slice batch, log_event_fn *fn,
                void *context)
{
    int64_t base_at;
    struct slice packed;
    struct event event;
    if (!take_base(&batch, &base_at))
        return false;
    while (batch.len) {
        if (!take_event(&batch, &packed) ||
            !take_rebased(log, packed, base_at, &event))
            return false;
        fn(context, &event);
    }
    return true;
}
