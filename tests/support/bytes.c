/* SPDX-License-Identifier: MIT */
#include "tests/support/bytes.h"

#include <string.h>

#include <check.h>

#include "base/path.h"

enum { FILE_SIZE_MAX = 64 * 1024 * 1024 };

static unsigned hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = memchr(digits, c | ' ', sizeof digits - 1);
    ck_assert_msg(at != NULL, "'%c' is no hex digit", c);
    return (unsigned)(at - digits);
}

void bytes_from_hex(struct buf *out, struct slice hex)
{
    size_t i = 0;
    while (i < hex.len) {
        if (hex.ptr[i] == ' ') {
            i++;
            continue;
        }
        ck_assert_uint_lt(i + 1, hex.len);
        buf_append_char(out, (char)(hex_value(hex.ptr[i]) << 4 |
                                    hex_value(hex.ptr[i + 1])));
        i += 2;
    }
}

void bytes_from_file(struct buf *out, const char *path)
{
    struct error err = { 0 };
    bool ok = path_read_file(out, path, FILE_SIZE_MAX, &err);
    ck_assert_msg(ok, "%s", err.text);
}

struct slice bytes_next_field(struct slice *rest, char separator)
{
    const char *end =
        rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
    struct slice field = { rest->ptr, len };
    *rest = slice_skip(*rest, end ? len + 1 : len);
    return field;
}

void bytes_numbered(struct buf *out, const char *const *pieces, size_t count,
                    unsigned long index)
{
    for (; index; index /= count)
        buf_append_string(out, pieces[index % count]);
}
