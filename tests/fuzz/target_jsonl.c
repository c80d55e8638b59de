/* SPDX-License-Identifier: MIT */
/* Whatever a file says, what was read of it is written so that it reads back to
 * the bit, without a complaint. */
#include "graph/jsonl.h"
#include "tests/fuzz/fuzz.h"

static const char head[] = "{\"format\":\"sennit-session\",\"version\":1}\n";

static struct buf write_log(const struct log *log)
{
    struct buf out = { 0 }, scratch = { 0 };
    jsonl_append_head(&out, log, (struct slice){ 0 }, (struct slice){ 0 });
    for (uint64_t seq = 1; seq <= log_last_seq(log); seq++)
        jsonl_append(&out, log, seq, &scratch);
    buf_clear(&scratch);
    return out;
}

static struct buf pack(const struct log *log)
{
    struct buf packed = { 0 };
    if (log_last_seq(log))
        log_pack(log, 1, SIZE_MAX, &packed);
    return packed;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct buf text = { 0 };
    struct jsonl first, second;
    struct error err = { 0 };
    buf_append_string(&text, head);
    buf_append_slice(&text, fuzz_input(bytes, len));
    fuzz_require(jsonl_read(&first, buf_slice(&text), &err),
                 "a file with a head is read");
    /* A gap of a million events is allowed, but slow to write. */
    if (log_last_seq(first.log) <= 1000) {
        struct buf written = write_log(first.log), packed = pack(first.log);
        fuzz_require(jsonl_read(&second, buf_slice(&written), &err) &&
                         !second.complaints.len,
                     "what was written is whole");
        struct buf again = write_log(second.log), same = pack(second.log);
        fuzz_require_same(&packed, &same, "the events are the same");
        fuzz_require_same(&written, &again, "so are the lines");
        buf_clear(&written);
        buf_clear(&again);
        buf_clear(&packed);
        buf_clear(&same);
        jsonl_clear(&second);
    }
    jsonl_clear(&first);
    buf_clear(&text);
    return 0;
}
