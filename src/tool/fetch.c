/* SPDX-License-Identifier: MIT */
#include "tool/fetch.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/media.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "config/settings.h"
#include "net/web_url.h"

struct fetch {
    struct fetch_setup setup;
    fetch_done_fn *fn;
    void *context;
    uint32_t transfer, timer; /* 0: none is under way */
    int64_t wait_ms;
    struct buf head, body;
};

static bool plan(const struct tool_place *place, struct tool_plan *plan,
                 struct error *err)
{
    struct web_url url;
    (void)place;
    if (!web_url_parse(&url, json_slice(plan->arguments, "url"), err))
        return false;
    buf_append_string(&plan->about, url.text);
    buf_append_string(&plan->detail, url.text);
    plan->host = memory_string(url.host);
    web_url_clear(&url);
    return true;
}

const struct tool fetch_tool = {
    .name = "http_get",
    .about = "Get a page or a file of text from the web (GET). Redirects are "
             "told, not followed.",
    .schema = "{\"type\":\"object\",\"properties\":{"
              "\"url\":{\"type\":\"string\","
              "\"description\":\"begins with https:// or http://\"}},"
              "\"required\":[\"url\"],\"additionalProperties\":false}",
    .effect = TOOL_ACTS,
    .executor = TOOL_GETS,
    .is_optional = true,
    .plan = plan,
    .wait_ms = FETCH_WAIT_MS,
};

static bool is_listed(const struct settings *settings,
                      const struct web_url *url)
{
    const struct setting *hosts = settings_find(settings, "tools.hosts");
    for (size_t i = 0; hosts && i < hosts->child_count; i++) {
        if (web_url_is_host(url, hosts->children[i]->text))
            return true;
    }
    return false;
}

static void end(struct fetch *fetch, struct slice text, uint64_t bytes,
                const struct error *err)
{
    loop_timer_cancel(fetch->setup.loop, fetch->timer);
    fetch->timer = 0;
    fetch->transfer = 0;
    fetch->fn(fetch->context, text, bytes, err);
}

/* What came, as text for the model. */

/* Before UTF-8 pages were mostly in Latin-1, whose bytes are the first 256
 * characters of Unicode. */
static void append_latin(struct buf *out, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        utf8_append(out, (unsigned char)bytes.ptr[i]);
}

static bool append_text(struct fetch *fetch, struct error *err)
{
    struct slice body = buf_slice(&fetch->body);
    struct media media = media_sniff(body);
    switch (media.kind) {
    case MEDIA_TEXT: buf_append_slice(&fetch->head, body); return true;
    case MEDIA_LEGACY: append_latin(&fetch->head, body); return true;
    default: break;
    }
    return error_set(err, ERROR_TOOL,
                     "it is no text but %s of %zu bytes; only text can be got",
                     media.about, body.len);
}

static void on_head(void *context, uint32_t id, const struct http_head *head)
{
    struct fetch *fetch = context;
    (void)id;
    buf_printf(&fetch->head, "HTTP %d", head->status);
    if (*head->content_type)
        buf_printf(&fetch->head, ", %s", head->content_type);
    buf_append_char(&fetch->head, '\n');
}

static bool on_body(void *context, uint32_t id, struct slice piece)
{
    struct fetch *fetch = context;
    (void)id;
    buf_append_slice(&fetch->body, piece);
    return true;
}

/* Of a body that was cut the last character may be. */
static void tell(struct fetch *fetch, const struct error *why)
{
    struct error err = { 0 };
    uint64_t bytes = fetch->body.len;
    struct buf text = { 0 };
    if (fetch->head.len)
        buf_append_char(&fetch->head, '\n');
    if (why && bytes)
        buf_truncate(&fetch->body,
                     bytes - utf8_partial_tail(buf_slice(&fetch->body)));
    bool is_text = append_text(fetch, &err);
    utf8_append_valid(&text, buf_slice(&fetch->head));
    end(fetch, buf_slice(&text), bytes, why ? why : is_text ? NULL : &err);
    buf_clear(&text);
}

static void on_done(void *context, uint32_t id,
                    const struct http_result *result)
{
    struct fetch *fetch = context;
    (void)id;
    /* It is known only now. */
    if (*result->head.location)
        buf_printf(&fetch->head, "It points to %s, which was not asked for.\n",
                   result->head.location);
    tell(fetch, result->transferred ? NULL : &result->err);
}

static void on_late(void *context, uint32_t timer_id)
{
    struct fetch *fetch = context;
    struct error err = { 0 };
    (void)timer_id;
    http_cancel(fetch->setup.http, fetch->transfer);
    error_set(&err, ERROR_TOOL, "it was ended: it took longer than %g s",
              (double)fetch->wait_ms / 1000);
    tell(fetch, &err);
}

static uint32_t start(struct fetch *fetch, const struct tool_plan *plan,
                      struct error *err)
{
    static const struct http_handler handler = { on_head, on_body, on_done };
    static const char *const headers[] = {
        "Accept: text/plain, text/html;q=0.9, text/*;q=0.9, "
        "application/json;q=0.9, */*;q=0.1",
        NULL,
    };
    struct web_url url;
    if (!web_url_parse(&url, buf_slice(&plan->detail), err))
        return 0;
    const struct http_request request = {
        .url = url.text,
        .headers = headers,
        .connect_ms = FETCH_CONNECT_MS,
        .proxy = "",
        .is_public = !is_listed(fetch->setup.settings, &url),
        .body_max = FETCH_BODY_MAX,
    };
    uint32_t id = http_start(fetch->setup.http, &request, &handler, fetch, err);
    web_url_clear(&url);
    return id;
}

struct fetch *fetch_start(const struct fetch_setup *setup,
                          const struct tool_plan *plan, fetch_done_fn *fn,
                          void *context, struct error *err)
{
    struct fetch *fetch = memory_zero(1, sizeof *fetch);
    fetch->setup = *setup;
    fetch->fn = fn;
    fetch->context = context;
    fetch->transfer = start(fetch, plan, err);
    if (!fetch->transfer) {
        free(fetch);
        return NULL;
    }
    fetch->wait_ms = plan->wait_ms ? plan->wait_ms : FETCH_WAIT_MS;
    fetch->timer =
        loop_timer_start(setup->loop, fetch->wait_ms, on_late, fetch);
    return fetch;
}

void fetch_free(struct fetch *fetch)
{
    if (!fetch)
        return;
    loop_timer_cancel(fetch->setup.loop, fetch->timer);
    http_cancel(fetch->setup.http, fetch->transfer);
    buf_clear(&fetch->head);
    buf_clear(&fetch->body);
    free(fetch);
}
