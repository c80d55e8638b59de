/* SPDX-License-Identifier: MIT */
/*
 * Expected events are those of WHATWG HTML 9.2.6 and of the deviations that
 * net/sse.h states; the numbers are the cases of the project's list.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/memory.h"
#include "net/sse.h"
#include "tests/support/skip.h"
#include "tests/support/split.h"

Suite *sse_suite(void);

static void append_shown(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\n')
            buf_append_string(out, "\\n");
        else if (c == '\0')
            buf_append_string(out, "\\0");
        else
            buf_append_char(out, c);
    }
}

/* Events as text: type#id[data], without the type if it is "message" and the id
 * if it is empty; (comment), !error!, <unframed>, ~unfinished~. The marks stand
 * in the order of enum sse_kind. */
static void note_event(void *context, const struct sse_event *event)
{
    static const char opening[] = "[(!<~", closing[] = "])!>~";
    struct buf *out = context;
    if (!slice_is(event->type, "message"))
        append_shown(out, event->type);
    if (event->id.len && event->kind == SSE_EVENT) {
        buf_append_char(out, '#');
        append_shown(out, event->id);
    }
    buf_append_char(out, opening[event->kind]);
    append_shown(out, event->data);
    buf_append_char(out, closing[event->kind]);
}

#define BYTES(literal)              \
    {                               \
        literal, sizeof literal - 1 \
    }

/* clang-format off */
static const struct row {
    const char *name;
    struct slice bytes;
    const char *events;
} rows[] = {
    { "1 a mark at the start is no data",
      BYTES("\xEF\xBB\xBF"
            "data: a\n\n"),
      "[a]" },
    { "1b half a mark is part of the field's name",
      BYTES("\xEF\xBB"
            "data: a\n\ndata: b\n\n"),
      "[b]" },
    { "2 a second mark is",
      BYTES("\xEF\xBB\xBF\xEF\xBB\xBF"
            "data: a\n\ndata: b\n\n"),
      "[b]" },
    { "3 lone CR", BYTES("data: a\r\rdata: b\r\r"), "[a][b]" },
    { "4, 5 CRLF", BYTES("data: a\r\n\r\ndata: b\r\n\r\n"), "[a][b]" },
    { "7 LF then CR are two ends", BYTES("data: a\n\rdata: b\n\r"), "[a][b]" },
    { "8 data without a colon", BYTES("data\n\ndata\ndata\n\ndata:"),
      "[][\\n]" },
    { "9 one space is stripped", BYTES("data:x\ndata:\ndata: y\ndata:  z\n\n"),
      "[x\\n\\ny\\n z]" },
    { "10 a type without data is forgotten", BYTES("event: e\n\ndata: 1\n\n"),
      "[1]" },
    { "11 the last type wins, for one event",
      BYTES("event: a\nevent: b\ndata: 1\n\ndata: 2\n\n"), "b[1][2]" },
    { "12 ids persist, are reset by an empty one, refuse NUL",
      BYTES("id: 1\ndata: a\n\ndata: A\n\nid\ndata: b\n\nid: 2\0\ndata: c\n\n"),
      "#1[a]#1[A][b][c]" },
    { "14 names are exact", BYTES("Data: 1\n data: 2\ndata : 3\ndata: 4\n\n"),
      "[4]" },
    { "15 everything at once",
      BYTES("data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\r"
            "data_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n"),
      "[\\0\\n 2\\n1\\n3\\n\\n4]" },
    { "16 comments are no events",
      BYTES(": c\n\n:\n\n: ping\r\n\r\ndata: a\n\n"), "(c)()(ping)[a]" },
    { "16b a comment inside an event", BYTES("data: a\n: c\ndata: b\n\n"),
      "(c)[a\\nb]" },
    { "17 a value over two lines", BYTES("data: {\"a\":1,\ndata: \"b\":2}\n\n"),
      "[{\"a\":1,\\n\"b\":2}]" },
    { "18 characters cut by reads stay whole",
      BYTES("data: caf\xC3\xA9\xE2\x82\xAC\n\n"), "[caf\xC3\xA9\xE2\x82\xAC]" },
    { "19 ill-formed bytes are passed on",
      BYTES("data: a\xFF"
            "b\xE2\x82\n\n"),
      "[a\xFF"
      "b\xE2\x82]" },
    { "20 empty data is an event and sets the id", BYTES("id: x\ndata: \n\n"),
      "#x[]" },
    { "21 the last empty line is missing",
      BYTES("data: {\"finish_reason\":\"stop\"}\n"),
      "~{\"finish_reason\":\"stop\"}~" },
    { "21b the last line break is missing, too",
      BYTES("event: message_stop\ndata: {\"type\":\"message_stop\" }"),
      "message_stop~{\"type\":\"message_stop\" }~" },
    { "22 half a value is handed over as unfinished only",
      BYTES("data: {\"a\":1}\n\ndata: {\"content\":\"x"),
      "[{\"a\":1}]~{\"content\":\"x~" },
    { "22b a field's name that was cut is nothing", BYTES("data: a\n\ndat"),
      "[a]" },
    { "25 an error field", BYTES("error: {\"error\":{\"message\":\"x\"}}\n\n"),
      "!{\"error\":{\"message\":\"x\"}}!" },
    { "25b an error field in the last line", BYTES("data: a\n\nerror: {}"),
      "[a]!{}!" },
    { "26 bare JSON after an event",
      BYTES("data: {}\n\n{\"error\":{\"message\":\"boom\"}}\n"),
      "[{}]<{\"error\":{\"message\":\"boom\"}}>" },
    { "27 bare JSON from the first byte, without an end",
      BYTES("{\"error\":{\"message\":\"x\"}}"),
      "<{\"error\":{\"message\":\"x\"}}>" },
    { "27b bare JSON inside an event is an unknown field",
      BYTES("data: 1\n{\"a\":2}\ndata: 3\n\n"), "[1\\n3]" },
    { "nothing", BYTES(""), "" },
    { "an unknown field", BYTES("foo: bar\n\n"), "" },
    { "a type of a cut event does not leak",
      BYTES("event: a\ndata: 1\n\ndata: 2\n\n"), "a[1][2]" },
    { "a colon in the value", BYTES("data: a: b:c\n\n"), "[a: b:c]" },
};
/* clang-format on */

struct run {
    const struct row *row;
    struct sse sse;
    struct buf events;
};

static void feed_piece(void *context, struct slice piece, bool first, bool last)
{
    struct run *run = context;
    struct error err = { 0 };
    if (first) {
        sse_init(&run->sse, note_event, &run->events);
        buf_reset(&run->events);
    }
    ck_assert(sse_feed(&run->sse, piece, &err));
    if (!last)
        return;
    sse_finish(&run->sse);
    ck_assert_msg(!strcmp(buf_string(&run->events), run->row->events),
                  "%s: got %s, expected %s", run->row->name,
                  buf_string(&run->events), run->row->events);
    sse_clear(&run->sse);
}

START_TEST(every_split_gives_the_events_of_the_standard)
{
    struct run run = { .row = &rows[_i] };
    split_each(run.row->bytes, feed_piece, &run);
    buf_clear(&run.events);
}
END_TEST

/* Feed a string whole and return all events so far, without finishing. */
static const char *events_of(struct sse *sse, struct buf *events,
                             const char *bytes)
{
    struct error err = { 0 };
    ck_assert(sse_feed(sse, slice_of(bytes), &err));
    return buf_string(events);
}

START_TEST(an_event_ended_by_a_lone_cr_does_not_wait_for_the_next_byte)
{
    struct buf events = { 0 };
    struct sse sse;
    sse_init(&sse, note_event, &events);
    ck_assert_str_eq(events_of(&sse, &events, "data: a\r"), "");
    ck_assert_str_eq(events_of(&sse, &events, "\r"), "[a]");
    ck_assert_str_eq(events_of(&sse, &events, "\n"), "[a]");
    ck_assert_str_eq(events_of(&sse, &events, "data: b\r\n\r"), "[a][b]");
    sse_clear(&sse);
    buf_clear(&events);
}
END_TEST

START_TEST(retry_takes_digits_only_and_is_clamped)
{
    /* clang-format off */
    static const struct {
        const char *bytes;
        int64_t retry_ms;
    } cases[] = {
        { "", -1 },
        { "retry: 10\nretry: 1x\nretry:\nretry: +5\nretry:-1\nretry: 1 \n",
          10 },
        { "retry: 0\n", 0 },
        { "retry: 3600000\n", SSE_RETRY_MAX_MS },
        { "retry: 3600001\n", SSE_RETRY_MAX_MS },
        { "retry: 99999999999999999999\n", SSE_RETRY_MAX_MS },
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct buf events = { 0 };
        struct sse sse;
        sse_init(&sse, note_event, &events);
        ck_assert_str_eq(events_of(&sse, &events, cases[i].bytes), "");
        ck_assert_int_eq(sse.retry_ms, cases[i].retry_ms);
        sse_clear(&sse);
    }
}
END_TEST

static void count_event(void *context, const struct sse_event *event)
{
    size_t *bytes = context;
    if (event->kind == SSE_EVENT)
        *bytes += event->data.len;
}

/* Feed `len` times 'x' in pieces as they come from a socket. */
static bool feed_many(struct sse *sse, size_t len, struct error *err)
{
    char filled[16 * 1024];
    memset(filled, 'x', sizeof filled);
    while (len) {
        size_t size = len < sizeof filled ? len : sizeof filled;
        if (!sse_feed(sse, (struct slice){ filled, size }, err))
            return false;
        len -= size;
    }
    return true;
}

START_TEST(a_line_may_be_as_long_as_the_cap_and_no_longer)
{
    static const struct {
        size_t data_len;
        bool fits;
    } cases[] = {
        { 8 * 1024 * 1024, true },
        { SSE_LINE_MAX - 5, true },
        { SSE_LINE_MAX - 4, false },
        { SSE_LINE_MAX * 2ul, false },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct error err = { 0 };
        struct sse sse;
        size_t bytes = 0;
        sse_init(&sse, count_event, &bytes);
        ck_assert(sse_feed(&sse, slice_of("data:"), &err));
        bool fits = feed_many(&sse, cases[i].data_len, &err) &&
                    sse_feed(&sse, slice_of("\n\n"), &err);
        ck_assert_int_eq(fits, cases[i].fits);
        ck_assert_int_eq(err.kind, fits ? ERROR_NONE : ERROR_LIMIT);
        ck_assert_uint_eq(bytes, fits ? cases[i].data_len : 0);
        ck_assert_uint_lt(sse.line.size, SSE_LINE_MAX * 2ul);
        sse_clear(&sse);
    }
}
END_TEST

START_TEST(an_event_of_many_lines_has_a_cap)
{
    struct error err = { 0 };
    struct sse sse;
    size_t bytes = 0;
    int lines = 0;
    sse_init(&sse, count_event, &bytes);
    while (lines < 64 && sse_feed(&sse, slice_of("data:"), &err) &&
           feed_many(&sse, 1024 * 1024, &err) &&
           sse_feed(&sse, slice_of("\n"), &err))
        lines++;
    /* Each line brings its LF, so the sixteenth is over. */
    ck_assert_int_eq(lines, 15);
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    ck_assert_uint_eq(bytes, 0);
    sse_clear(&sse);
}
END_TEST

START_TEST(empty_lines_and_comments_cost_linear_time_and_no_memory)
{
    struct error err = { 0 };
    struct buf bytes = { 0 };
    struct sse sse;
    size_t data_len = 0;
    sse_init(&sse, count_event, &data_len);
    for (int i = 0; i < 200 * 1000; i++)
        buf_append_string(&bytes, i % 2 ? "\n" : ": ping\r");
    ck_assert(sse_feed(&sse, buf_slice(&bytes), &err));
    ck_assert_uint_eq(data_len, 0);
    ck_assert_uint_eq(sse.line.size + sse.data.size, 0);
    sse_clear(&sse);
    buf_clear(&bytes);
}
END_TEST

START_TEST(finishing_forgets_what_was_pending)
{
    struct buf events = { 0 };
    struct sse sse;
    sse_init(&sse, note_event, &events);
    events_of(&sse, &events, "event: x\ndata: a\nid: 7");
    sse_finish(&sse);
    ck_assert_str_eq(buf_string(&events), "x~a~");
    sse_finish(&sse);
    ck_assert_str_eq(buf_string(&events), "x~a~");
    sse_clear(&sse);
    buf_clear(&events);
}
END_TEST

static const struct {
    const char *path;
    const char *end;
} recordings[] = {
    { "captures/llama-server/chat-stream-unicode.http", "[[DONE]]" },
    { "captures/llama-server/chat-stream-think-tool.http", "[[DONE]]" },
    { "captures/llama-server/messages-stream.http", "message_stop[{" },
};

static struct slice read_body(const char *path, char **storage)
{
    FILE *file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    *storage = memory_zero(1024 * 1024, 1);
    size_t len = fread(*storage, 1, 1024 * 1024 - 1, file);
    fclose(file);
    struct slice all = { *storage, len };
    ptrdiff_t head = slice_find(all, "\r\n\r\n");
    ck_assert_int_gt(head, 0);
    return slice_skip(all, (size_t)head + 4);
}

START_TEST(a_recorded_stream_gives_the_same_events_in_any_pieces)
{
    const char *path = shared_path(recordings[_i].path);
    struct buf whole = { 0 };
    struct error err = { 0 };
    struct sse sse;
    char *storage;
    if (!path)
        return;
    struct slice body = read_body(path, &storage);
    sse_init(&sse, note_event, &whole);
    ck_assert(sse_feed(&sse, body, &err));
    sse_finish(&sse);
    sse_clear(&sse);
    ck_assert_ptr_nonnull(strstr(buf_string(&whole), recordings[_i].end));
    ck_assert_int_eq(whole.ptr[whole.len - 1], ']');
    struct row row = { recordings[_i].path, body, buf_string(&whole) };
    struct run run = { .row = &row };
    split_each(body, feed_piece, &run);
    buf_clear(&run.events);
    buf_clear(&whole);
    free(storage);
}
END_TEST

Suite *sse_suite(void)
{
    Suite *suite = suite_create("sse");
    TCase *tcase = tcase_create("sse");
    tcase_add_loop_test(tcase, every_split_gives_the_events_of_the_standard, 0,
                        COUNTOF(rows));
    tcase_add_test(tcase,
                   an_event_ended_by_a_lone_cr_does_not_wait_for_the_next_byte);
    tcase_add_test(tcase, retry_takes_digits_only_and_is_clamped);
    tcase_add_test(tcase, a_line_may_be_as_long_as_the_cap_and_no_longer);
    tcase_add_test(tcase, an_event_of_many_lines_has_a_cap);
    tcase_add_test(tcase,
                   empty_lines_and_comments_cost_linear_time_and_no_memory);
    tcase_add_test(tcase, finishing_forgets_what_was_pending);
    tcase_add_loop_test(tcase,
                        a_recorded_stream_gives_the_same_events_in_any_pieces,
                        0, COUNTOF(recordings));
    suite_add_tcase(suite, tcase);
    return suite;
}
