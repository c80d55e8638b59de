/* SPDX-License-Identifier: MIT */
#include "net/sse.h"

#include <string.h>

static const char byte_order_mark[] = "\xEF\xBB\xBF";

void sse_init(struct sse *sse, sse_event_fn *fn, void *context)
{
    *sse = (struct sse){ .fn = fn, .context = context, .retry_ms = -1 };
}

void sse_clear(struct sse *sse)
{
    buf_clear(&sse->line);
    buf_clear(&sse->data);
    buf_clear(&sse->type);
    buf_clear(&sse->id);
}

static void hand_over(struct sse *sse, enum sse_kind kind, struct slice data)
{
    struct sse_event event = {
        .kind = kind,
        .type = sse->type.len ? buf_slice(&sse->type) : slice_of("message"),
        .data = data,
        .id = buf_slice(&sse->id),
    };
    sse->fn(sse->context, &event);
}

/* Every line of data added an LF; the last one is not part of the value. */
static struct slice pending_data(const struct sse *sse)
{
    struct slice data = buf_slice(&sse->data);
    if (data.len)
        data.len--;
    return data;
}

static void forget_event(struct sse *sse)
{
    sse->has_data = false;
    buf_reset(&sse->data);
    buf_reset(&sse->type);
}

static bool field_data(struct sse *sse, struct slice value, struct error *err)
{
    sse->has_data = true;
    if (!buf_append_capped(&sse->data, value, SSE_EVENT_MAX,
                           "an event of the answer", err))
        return false;
    buf_append_char(&sse->data, '\n');
    return true;
}

static bool field_event(struct sse *sse, struct slice value, struct error *err)
{
    (void)err;
    buf_reset(&sse->type);
    buf_append_slice(&sse->type, value);
    return true;
}

static bool field_id(struct sse *sse, struct slice value, struct error *err)
{
    (void)err;
    if (value.len && memchr(value.ptr, '\0', value.len))
        return true;
    buf_reset(&sse->id);
    buf_append_slice(&sse->id, value);
    return true;
}

static bool field_retry(struct sse *sse, struct slice value, struct error *err)
{
    int64_t ms = 0;
    (void)err;
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < '0' || value.ptr[i] > '9')
            return true;
        ms = ms * 10 + (value.ptr[i] - '0');
        if (ms > SSE_RETRY_MAX_MS)
            ms = SSE_RETRY_MAX_MS;
    }
    if (value.len)
        sse->retry_ms = ms;
    return true;
}

static bool field_error(struct sse *sse, struct slice value, struct error *err)
{
    (void)err;
    hand_over(sse, SSE_ERROR_FIELD, value);
    return true;
}

static const struct field {
    const char *name;
    bool (*take)(struct sse *sse, struct slice value, struct error *err);
} fields[] = {
    { "data", field_data },   { "event", field_event }, { "id", field_id },
    { "retry", field_retry }, { "error", field_error },
};

/* Cut "name: value"; one space after the colon belongs to neither. */
static struct slice cut_value(struct slice *line)
{
    const char *colon = memchr(line->ptr, ':', line->len);
    if (!colon)
        return (struct slice){ 0 };
    struct slice value = slice_skip(*line, (size_t)(colon - line->ptr) + 1);
    line->len = (size_t)(colon - line->ptr);
    return slice_starts(value, " ") ? slice_skip(value, 1) : value;
}

static bool is_unframed(const struct sse *sse, struct slice line)
{
    return !sse->has_data && !sse->type.len &&
           (line.ptr[0] == '{' || line.ptr[0] == '[');
}

static bool take_line(struct sse *sse, struct slice line, struct error *err)
{
    if (line.len == 0) {
        if (sse->has_data)
            hand_over(sse, SSE_EVENT, pending_data(sse));
        forget_event(sse);
        return true;
    }
    if (is_unframed(sse, line)) {
        hand_over(sse, SSE_UNFRAMED, line);
        return true;
    }
    struct slice name = line;
    struct slice value = cut_value(&name);
    if (name.len == 0) {
        hand_over(sse, SSE_COMMENT, value);
        return true;
    }
    for (size_t i = 0; i < COUNTOF(fields); i++) {
        if (!slice_is(name, fields[i].name))
            continue;
        sse->has_field = true;
        return fields[i].take(sse, value, err);
    }
    return true;
}

/* Is this, or would it be if more came, a comment or a line with a field? A
 * lone "error" is rather a word. */
static bool may_be_field(struct slice line)
{
    bool is_cut = !memchr(line.ptr, ':', line.len);
    cut_value(&line);
    for (size_t i = 0; i < COUNTOF(fields); i++) {
        struct slice name = slice_of(fields[i].name);
        bool is_word = is_cut && fields[i].take == field_error;
        if (is_cut && line.len < name.len)
            name.len = line.len;
        if (slice_equal(line, name) && !is_word)
            return true;
    }
    return line.len == 0;
}

/* Swallow a mark at the very start, which may come in pieces. What only began
 * like one is the start of the first line. */
static struct slice skip_mark(struct sse *sse, struct slice bytes)
{
    while (!sse->started && bytes.len) {
        if (bytes.ptr[0] != byte_order_mark[sse->bom_bytes]) {
            buf_append(&sse->line, byte_order_mark, sse->bom_bytes);
            sse->started = true;
            break;
        }
        bytes = slice_skip(bytes, 1);
        sse->started = ++sse->bom_bytes == sizeof byte_order_mark - 1;
    }
    return bytes;
}

static size_t line_len(struct slice bytes)
{
    size_t len = 0;
    while (len < bytes.len && bytes.ptr[len] != '\n' && bytes.ptr[len] != '\r')
        len++;
    return len;
}

/* One line that has ended. It is copied only if it came in several pieces. */
static bool end_line(struct sse *sse, struct slice part, struct error *err)
{
    if (sse->line.len == 0)
        return take_line(sse, part, err);
    buf_append_slice(&sse->line, part);
    bool ok = take_line(sse, buf_slice(&sse->line), err);
    buf_reset(&sse->line);
    return ok;
}

bool sse_feed(struct sse *sse, struct slice bytes, struct error *err)
{
    bytes = skip_mark(sse, bytes);
    while (bytes.len) {
        if (sse->after_cr && bytes.ptr[0] == '\n') {
            sse->after_cr = false;
            bytes = slice_skip(bytes, 1);
            continue;
        }
        sse->after_cr = false;
        struct slice part = { bytes.ptr, line_len(bytes) };
        if (part.len > SSE_LINE_MAX || sse->line.len > SSE_LINE_MAX - part.len)
            return error_set(err, ERROR_LIMIT,
                             "a line of the answer is larger than %d MiB",
                             SSE_LINE_MAX / (1024 * 1024));
        if (part.len == bytes.len) {
            buf_append_slice(&sse->line, part);
            return true;
        }
        sse->after_cr = bytes.ptr[part.len] == '\r';
        bytes = slice_skip(bytes, part.len + 1);
        if (!end_line(sse, part, err))
            return false;
    }
    return true;
}

/* The standard forgets what is pending. Servers leave out the last line break,
 * so a line that may carry a value counts as ended. */
void sse_finish(struct sse *sse)
{
    struct error ignored = { 0 };
    struct slice line = buf_slice(&sse->line);
    bool counts = slice_starts(line, "data:") || slice_starts(line, "error:") ||
                  (line.len && is_unframed(sse, line));
    sse->has_field |= line.len && may_be_field(line);
    bool is_whole = !counts || take_line(sse, line, &ignored);
    buf_reset(&sse->line);
    struct slice data = pending_data(sse);
    if (is_whole && data.len)
        hand_over(sse, SSE_UNFINISHED, data);
    forget_event(sse);
}
