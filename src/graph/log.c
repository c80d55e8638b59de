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

uint64_t log_append(struct log *log, struct event *event)
{
    if (event->at == 0)
        event->at = clock_wall_ms();
    if (log->last_seq % EVENTS_PER_MARK == 0)
        *array_add(&log->marks) =
            (struct mark){ .offset = log->bytes.len, .base_at = event->at };
    /* Packed aside first: the texts may be views of this very log. */
    buf_reset(&log->packed);
    event_pack(&log->packed, event, array_last(&log->marks)->base_at);
    put_length(&log->bytes, log->packed.len);
    buf_append_slice(&log->bytes, buf_slice(&log->packed));
    event->seq = ++log->last_seq;
    return event->seq;
}

uint64_t log_last_seq(const struct log *log)
{
    return log->last_seq;
}

bool log_read(const struct log *log, uint64_t seq, struct event *event)
{
    if (seq == 0 || seq > log->last_seq)
        return false;
    const struct mark *mark = &log->marks.items[(seq - 1) / EVENTS_PER_MARK];
    size_t offset = mark->offset;
    size_t len = take_length(&log->bytes, &offset);
    for (uint64_t skip = (seq - 1) % EVENTS_PER_MARK; skip > 0; skip--) {
        offset += len;
        len = take_length(&log->bytes, &offset);
    }
    struct slice packed = { log->bytes.ptr + offset, len };
    size_t used = event_unpack(event, packed, mark->base_at);
    assert(used == len);
    event->seq = seq;
    return true;
}

size_t log_size(const struct log *log)
{
    return log->bytes.len;
}
