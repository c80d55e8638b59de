/* SPDX-License-Identifier: MIT */
/* Any pieces of a stream give the events, or lines, of the whole. */
#include "net/ndjson.h"
#include "net/sse.h"
#include "tests/fuzz/fuzz.h"

struct reader {
    struct sse sse;
    struct ndjson ndjson;
    bool is_sse;
    struct buf told;
};

static void tell(struct buf *told, struct slice text)
{
    buf_printf(told, " %zu:", text.len);
    buf_append_slice(told, text);
}

static void on_event(void *context, const struct sse_event *event)
{
    struct reader *reader = context;
    buf_printf(&reader->told, "\n%d", (int)event->kind);
    tell(&reader->told, event->type);
    tell(&reader->told, event->id);
    tell(&reader->told, event->data);
}

static void on_line(void *context, struct slice line)
{
    struct reader *reader = context;
    fuzz_require(slice_trim(line).len > 0, "no line is blank");
    tell(&reader->told, line);
}

static void on_piece(void *context, struct slice piece)
{
    struct reader *reader = context;
    struct error err = { 0 };
    if (!(reader->is_sse ? sse_feed(&reader->sse, piece, &err)
                         : ndjson_feed(&reader->ndjson, piece, &err)))
        fuzz_require(false, "a small stream is below the caps");
}

static struct buf read_stream(struct slice stream, bool is_sse,
                              unsigned pattern)
{
    struct reader reader = { .is_sse = is_sse };
    sse_init(&reader.sse, on_event, &reader);
    ndjson_init(&reader.ndjson, on_line, &reader);
    fuzz_pieces(stream, pattern, on_piece, &reader);
    if (is_sse)
        sse_finish(&reader.sse);
    else
        ndjson_finish(&reader.ndjson);
    buf_printf(&reader.told, "\nretry %lld", (long long)reader.sse.retry_ms);
    sse_clear(&reader.sse);
    ndjson_clear(&reader.ndjson);
    return reader.told;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice stream = fuzz_input(bytes, len);
    bool is_sse = fuzz_choice(&stream) % 2;
    unsigned pattern = fuzz_choice(&stream);
    struct buf whole = read_stream(stream, is_sse, 0);
    struct buf pieces = read_stream(stream, is_sse, pattern);
    fuzz_require_same(&whole, &pieces, "any pieces give the same events");
    buf_clear(&whole);
    buf_clear(&pieces);
    return 0;
}
