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

/* Four letters, of which the last `padding` are left out, into 3 - padding
 * bytes. The bits that then belong to no byte are 0. */
static bool decode_group(char *bytes, const char *letters, size_t padding)
{
    uint32_t group = 0;
    for (size_t i = 0; i < 4; i++) {
        int value = i < 4 - padding ? value_of(letters[i]) : 0;
        if (value < 0)
            return false;
        group = group << 6 | (uint32_t)value;
    }
    for (size_t i = 0; i < 3 - padding; i++)
        bytes[i] = (char)(unsigned char)(group >> (16 - 8 * i));
    return !(group & ((UINT32_C(1) << 8 * padding) - 1));
}

bool base64_decode(struct buf *out, struct slice letters)
{
    size_t len = letters.len / 4 * 3, padding = 0;
    if (letters.len % 4)
        return false;
    char *bytes = buf_reserve(out, len);
    while (padding < 2 && letters.len &&
           letters.ptr[letters.len - 1 - padding] == '=')
        padding++;
    for (size_t at = 0; at < letters.len; at += 4, bytes += 3)
        if (!decode_group(bytes, letters.ptr + at,
                          at + 4 == letters.len ? padding : 0)) {
            out->ptr[out->len] = '\0';
            return false;
        }
    out->len += len - padding;
    out->ptr[out->len] = '\0';
    return true;
}
