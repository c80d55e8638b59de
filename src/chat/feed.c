/* SPDX-License-Identifier: MIT */
#include "chat/feed.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/path.h"
#include "net/child.h"

enum {
    TURN_BYTES = 64 * 1024, /* of a file, that come in one turn of the loop */
};

struct feed {
    struct feed_setup setup;
    bool is_wanted;
    uint32_t timer;
    struct child *child;
    /* A file. */
    struct buf text;
    struct slice rest;
    int64_t at; /* of the line before, Unix ms; 0: unknown */
};

static const char scheme[] = "file://";

bool feed_serves(const struct endpoint *endpoint)
{
    return endpoint->command != NULL ||
           slice_starts(slice_of(endpoint->url), scheme);
}

void feed_describe(const struct endpoint *endpoint, struct slice request,
                   struct buf *out)
{
    if (!endpoint->command) {
        buf_printf(out, "%s: replays %s; nothing is sent\n", endpoint->name,
                   endpoint->url);
        return;
    }
    buf_append_string(out, "to the standard input of");
    for (size_t i = 0; endpoint->command[i]; i++)
        buf_printf(out, " %s", endpoint->command[i]);
    buf_printf(out, "\n\n%.*s\n", SLICE_ARG(request));
}

static void done(struct feed *feed, const struct error *err)
{
    feed->setup.on_done(feed->setup.context, err);
}

static void on_unwanted(void *context, uint32_t timer_id)
{
    struct feed *feed = context;
    (void)timer_id;
    feed->timer = 0;
    done(feed, NULL);
}

/* Who reads may not end the feed while it speaks: it is ended after. */
static void hand_over(struct feed *feed, struct slice piece)
{
    if (!feed->is_wanted)
        return;
    feed->is_wanted = feed->setup.on_piece(feed->setup.context, piece);
    if (feed->is_wanted)
        return;
    loop_timer_cancel(feed->setup.loop, feed->timer);
    feed->timer = loop_timer_start(feed->setup.loop, 0, on_unwanted, feed);
}

/* A program. */

static void on_output(void *context, struct slice piece)
{
    hand_over(context, piece);
}

/* Its last line tells most. */
static struct slice last_line(struct slice text)
{
    struct slice line = { 0 }, next;
    while (slice_next_line(&text, &next)) {
        if (slice_trim(next).len)
            line = slice_trim(next);
    }
    return line;
}

static void on_end(void *context, const struct child_end *end)
{
    struct feed *feed = context;
    const struct endpoint *endpoint = feed->setup.endpoint;
    struct error err = { 0 };
    struct slice line = last_line(end->messages);
    if (!feed->is_wanted)
        return;
    if (!end->err) {
        done(feed, NULL);
        return;
    }
    error_set(&err, ERROR_SERVER, "%s: %s: %s%s%.*s", endpoint->name,
              endpoint->command[0], end->err->text, line.len ? ": " : "",
              SLICE_ARG(line));
    done(feed, &err);
}

static bool start_program(struct feed *feed, struct error *err)
{
    struct child_setup child = {
        .loop = feed->setup.loop,
        .argv = feed->setup.endpoint->command,
        .input = feed->setup.request,
        .on_output = on_output,
        .messages_max = FEED_MESSAGES_MAX,
        .on_done = on_end,
        .context = feed,
    };
    feed->child = child_start(&child, err);
    return feed->child != NULL;
}

/* A file. */

/* When a line was recorded; 0: it does not tell. */
static int64_t time_of(struct slice line)
{
    struct error ignored = { 0 };
    uint64_t at = 0;
    json_t *event = json_parse(line, &ignored);
    json_count(event, "at", &at);
    json_decref(event);
    return at < INT64_MAX ? (int64_t)at : 0;
}

/* How long to wait before the next line. */
static int64_t pause_before(struct feed *feed, struct slice line)
{
    int64_t at = feed->setup.is_paced ? time_of(line) : 0;
    int64_t pause = at && feed->at ? at - feed->at : 0;
    if (at)
        feed->at = at;
    if (pause < 0)
        return 0;
    return pause < FEED_WAIT_MAX_MS ? pause : FEED_WAIT_MAX_MS;
}

static struct slice next_line(const struct feed *feed)
{
    struct slice line = feed->rest;
    const char *end = line.len ? memchr(line.ptr, '\n', line.len) : NULL;
    if (end)
        line.len = (size_t)(end - line.ptr) + 1;
    return line;
}

static void on_turn(void *context, uint32_t timer_id)
{
    struct feed *feed = context;
    size_t sent = 0;
    int64_t pause = 0;
    (void)timer_id;
    feed->timer = 0;
    while (feed->rest.len && feed->is_wanted && sent < TURN_BYTES &&
           pause == 0) {
        struct slice line = next_line(feed);
        feed->rest = slice_skip(feed->rest, line.len);
        sent += line.len;
        hand_over(feed, line);
        pause = pause_before(feed, next_line(feed));
    }
    if (!feed->is_wanted)
        return;
    if (feed->rest.len || sent)
        feed->timer = loop_timer_start(feed->setup.loop, pause, on_turn, feed);
    else
        done(feed, NULL);
}

/* %20 and its like. */
static void append_decoded(struct buf *path, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char digits[3] = "";
        if (text.ptr[i] == '%' && i + 2 < text.len &&
            isxdigit((unsigned char)text.ptr[i + 1]) &&
            isxdigit((unsigned char)text.ptr[i + 2])) {
            memcpy(digits, text.ptr + i + 1, 2);
            buf_append_char(path, (char)strtol(digits, NULL, 16));
            i += 2;
        } else {
            buf_append_char(path, text.ptr[i]);
        }
    }
}

static bool start_file(struct feed *feed, struct error *err)
{
    const struct endpoint *endpoint = feed->setup.endpoint;
    struct buf path = { 0 };
    append_decoded(&path, slice_skip(slice_of(endpoint->url), strlen(scheme)));
    bool ok =
        path_read_file(&feed->text, buf_string(&path), FEED_FILE_MAX, err);
    buf_clear(&path);
    if (!ok)
        return error_context(err, "%s", endpoint->name);
    feed->rest = buf_slice(&feed->text);
    pause_before(feed, next_line(feed));
    feed->timer = loop_timer_start(feed->setup.loop, 0, on_turn, feed);
    return true;
}

struct feed *feed_start(const struct feed_setup *setup, struct error *err)
{
    struct feed *feed = memory_zero(1, sizeof *feed);
    *feed = (struct feed){ .setup = *setup, .is_wanted = true };
    if (setup->endpoint->command ? start_program(feed, err)
                                 : start_file(feed, err))
        return feed;
    feed_free(feed);
    return NULL;
}

void feed_free(struct feed *feed)
{
    if (!feed)
        return;
    loop_timer_cancel(feed->setup.loop, feed->timer);
    child_free(feed->child);
    buf_clear(&feed->text);
    free(feed);
}
