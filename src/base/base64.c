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

static int value_of(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A';
    if (letter >= 'a' && letter <= 'z')
        return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9')
        return letter - '0' + 52;
    return letter == '+' ? 62 : letter == '/' ? 63 : -1;
}

/* Four letters, of which the last `padding` are left out. The bits that then
 * belong to no byte are 0. */
static bool decode_group(struct buf *out, const char *letters, size_t padding)
{
    uint32_t group = 0;
    for (size_t i = 0; i < 4; i++) {
        int value = i < 4 - padding ? value_of(letters[i]) : 0;
        if (value < 0)
            return false;
        group = group << 6 | (uint32_t)value;
    }
    if (group & ((UINT32_C(1) << 8 * padding) - 1))
        return false;
    for (size_t i = 0; i < 3 - padding; i++)
        buf_append_char(out, (char)(unsigned char)(group >> (16 - 8 * i)));
    return true;
}

bool base64_decode(struct buf *out, struct slice letters)
{
    size_t start = out->len;
    if (letters.len % 4)
        return false;
    buf_reserve(out, letters.len / 4 * 3);
    for (size_t at = 0; at < letters.len; at += 4) {
        const char *group = letters.ptr + at;
        size_t padding = 0;
        while (at + 4 == letters.len && padding < 2 &&
               group[3 - padding] == '=')
            padding++;
        if (!decode_group(out, group, padding)) {
            buf_truncate(out, start);
            return false;
        }
    }
    return true;
}
