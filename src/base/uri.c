/* SPDX-License-Identifier: MIT */
#include "base/uri.h"

#include "base/json_string.h"

/* scheme : // authority path ? query, each with its delimiters, or empty. */
struct parts {
    struct slice scheme, authority, path, query;
};

static struct slice cut(struct slice *rest, size_t len)
{
    struct slice head = { rest->ptr, len };
    *rest = slice_skip(*rest, len);
    return head;
}

/* Bytes up to one of these. */
static size_t span(struct slice text, const char *ends)
{
    size_t len = 0;
    while (len < text.len) {
        for (const char *end = ends; *end; end++) {
            if (text.ptr[len] == *end)
                return len;
        }
        len++;
    }
    return len;
}

static struct parts take_apart(struct slice uri)
{
    struct parts parts = { 0 };
    uri.len = span(uri, "#");
    size_t scheme_len = span(uri, ":/?");
    if (scheme_len < uri.len && uri.ptr[scheme_len] == ':')
        parts.scheme = cut(&uri, scheme_len + 1);
    if (slice_starts(uri, "//"))
        parts.authority = cut(&uri, 2 + span(slice_skip(uri, 2), "/?"));
    parts.path = cut(&uri, span(uri, "?"));
    parts.query = uri;
    return parts;
}

/* Drop the last segment of the path that begins at `start`. */
static void drop_segment(struct buf *out, size_t start)
{
    size_t len = out->len;
    while (len > start && out->ptr[len - 1] != '/')
        len--;
    buf_truncate(out, len > start ? len - 1 : start);
}

/* RFC 3986, 5.2.4: append the path without "." and "..". */
static void append_without_dots(struct buf *out, struct slice path)
{
    size_t start = out->len;
    while (path.len) {
        bool is_rooted = path.ptr[0] == '/';
        struct slice segment = slice_skip(path, is_rooted);
        segment.len = span(segment, "/");
        path = slice_skip(path, is_rooted + segment.len);
        bool is_up = slice_is(segment, "..");
        if (is_up)
            drop_segment(out, start);
        bool is_dots = is_up || slice_is(segment, ".");
        if (is_rooted && (!is_dots || !path.len))
            buf_append_char(out, '/');
        if (!is_dots)
            buf_append_slice(out, segment);
    }
}

/* RFC 3986, 5.2.3: the base's path up to its last "/", then the reference's. */
static void append_merged(struct buf *out, const struct parts *base,
                          struct slice path)
{
    struct buf merged = { 0 };
    size_t len = base->path.len;
    while (len && base->path.ptr[len - 1] != '/')
        len--;
    buf_append(&merged, base->path.ptr, len);
    if (!len && base->authority.len)
        buf_append_char(&merged, '/');
    buf_append_slice(&merged, path);
    append_without_dots(out, buf_slice(&merged));
    buf_clear(&merged);
}

/* RFC 3986, 5.2.2. */
void uri_resolve(struct buf *out, struct slice base_uri, struct slice reference)
{
    struct parts base = take_apart(base_uri);
    struct parts parts = take_apart(reference);
    bool has_authority = parts.scheme.len || parts.authority.len;
    buf_append_slice(out, parts.scheme.len ? parts.scheme : base.scheme);
    buf_append_slice(out, has_authority ? parts.authority : base.authority);
    if (has_authority || slice_starts(parts.path, "/"))
        append_without_dots(out, parts.path);
    else if (parts.path.len)
        append_merged(out, &base, parts.path);
    else
        buf_append_slice(out, base.path);
    bool has_own_query = has_authority || parts.path.len || parts.query.len;
    buf_append_slice(out, has_own_query ? parts.query : base.query);
}

struct slice uri_fragment(struct slice reference)
{
    struct slice fragment = slice_skip(reference, span(reference, "#") + 1);
    return fragment.len ? fragment : (struct slice){ 0 };
}

void uri_unescape(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool is_escape = text.ptr[i] == '%' && text.len - i > 2;
        int high = is_escape ? json_hex_digit(text.ptr[i + 1]) : -1;
        int low = is_escape ? json_hex_digit(text.ptr[i + 2]) : -1;
        if (high >= 0 && low >= 0) {
            buf_append_char(out, (char)(high * 16 + low));
            i += 2;
        } else {
            buf_append_char(out, text.ptr[i]);
        }
    }
}
