/* SPDX-License-Identifier: MIT */
#include "chat/request_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "chat/feed.h"
#include "net/http.h"

/* Bytes of a header up to its secret; 0: it has none. */
static size_t secret_at(const char *header)
{
    static const char *const names[] = {
        "Authorization: Bearer ", "Authorization: ", "x-api-key: ", "api-key: "
    };
    for (size_t i = 0; i < COUNTOF(names); i++)
        if (!strncasecmp(header, names[i], strlen(names[i])))
            return strlen(names[i]);
    return 0;
}

static void append_header(struct buf *out, const char *header)
{
    if (secret_at(header))
        buf_printf(out, "%.*s (key left out)\n", (int)strcspn(header, ":") + 1,
                   header);
    else
        buf_printf(out, "%s\n", header);
}

/* For a shell of POSIX: all but the quote itself stands for itself. */
static void append_quoted(struct buf *out, struct slice text)
{
    buf_append_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'')
            buf_append_string(out, "'\\''");
        else
            buf_append_char(out, text.ptr[i]);
    }
    buf_append_char(out, '\'');
}

static void append_curl(struct buf *out, const struct wire_request *wire,
                        const char *url)
{
    buf_append_string(out, "curl -N ");
    append_quoted(out, slice_of(url));
    for (size_t i = 0; i < wire->headers.count; i++) {
        const char *header = wire->headers.items[i];
        size_t secret = secret_at(header);
        buf_append_string(out, " -H ");
        if (secret)
            buf_printf(out, "\"%.*s$KEY\"", (int)secret, header);
        else
            append_quoted(out, slice_of(header));
    }
    buf_append_string(out, " --data-binary ");
    if (wire->body.len <= REQUEST_TEXT_ARGUMENT_MAX)
        append_quoted(out, buf_slice(&wire->body));
    else
        buf_append_string(out, "@FILE   # that holds the body above");
    buf_append_char(out, '\n');
}

static void append_wire(struct buf *out, const struct wire_request *wire)
{
    char *shown = http_shown_url(buf_string(&wire->url));
    buf_printf(out, "POST %s\n", shown);
    for (size_t i = 0; i < wire->headers.count; i++)
        append_header(out, wire->headers.items[i]);
    buf_printf(out, "\n%s\n\n", buf_string(&wire->body));
    append_curl(out, wire, shown);
    free(shown);
}

bool request_text_write(const struct endpoint *endpoint,
                        const struct chat_request *request, struct buf *out,
                        struct error *err)
{
    if (endpoint->dialect->is_builtin) {
        buf_append_string(out, "guide: answered inside the program\n");
        return true;
    }
    struct wire_request wire = { 0 };
    bool ok = endpoint->dialect->write_request(request, &wire, err);
    if (ok && feed_serves(endpoint))
        feed_describe(endpoint, buf_slice(&wire.body), out);
    else if (ok)
        append_wire(out, &wire);
    wire_request_clear(&wire);
    return ok;
}
