/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <stdint.h>

void base64_append(struct buf *out, struct slice bytes)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789+/";
    /* Pictures have megabytes: one reservation for all. */
    char *quad = buf_reserve(out, (bytes.len + 2) / 3 * 4);
    for (; bytes.len; bytes = slice_skip(bytes, 3), quad += 4) {
        uint32_t group = 0;
        for (size_t i = 0; i < 3; i++)
            group = group << 8 | (i < bytes.len ? (uint8_t)bytes.ptr[i] : 0);
        for (size_t i = 0; i < 4; i++)
            quad[i] =
                i <= bytes.len ? letters[group >> (18 - 6 * i) & 63] : '=';
    }
    *quad = '\0';
    out->len = (size_t)(quad - out->ptr);
}
