/* SPDX-License-Identifier: MIT */
#include "net/ndjson.h"

#include <string.h>

void ndjson_init(struct ndjson *ndjson, ndjson_line_fn *fn, void *context)
{
    *ndjson = (struct ndjson){ .fn = fn, .context = context };
}

void ndjson_clear(struct ndjson *ndjson)
{
    buf_clear(&ndjson->line);
}

static void hand_over(struct ndjson *ndjson, struct slice line)
{
    if (line.len && line.ptr[line.len - 1] == '\r')
        line.len--;
    if (slice_trim(line).len)
        ndjson->fn(ndjson->context, line);
}

static bool check_len(size_t len, struct error *err)
{
    if (len <= NDJSON_LINE_MAX)
        return true;
    return error_set(err, ERROR_LIMIT,
                     "a line of the answer is larger than "
                     "%d MiB",
                     NDJSON_LINE_MAX / (1024 * 1024));
}

bool ndjson_feed(struct ndjson *ndjson, struct slice bytes, struct error *err)
{
    while (bytes.len) {
        const char *end = memchr(bytes.ptr, '\n', bytes.len);
        struct slice part = { bytes.ptr,
                              end ? (size_t)(end - bytes.ptr) : bytes.len };
        bytes = slice_skip(bytes, end ? part.len + 1 : part.len);
        if (!check_len(ndjson->line.len + part.len, err))
            return false;
        if (!end || ndjson->line.len)
            buf_append_slice(&ndjson->line, part);
        if (!end)
            return true;
        hand_over(ndjson, ndjson->line.len ? buf_slice(&ndjson->line) : part);
        buf_reset(&ndjson->line);
    }
    return true;
}

void ndjson_finish(struct ndjson *ndjson)
{
    hand_over(ndjson, buf_slice(&ndjson->line));
    buf_reset(&ndjson->line);
}
