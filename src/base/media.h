/* SPDX-License-Identifier: MIT */
/*
 * media - what bytes are: text, a picture, or something else that has a name.
 *
 * Told by the bytes alone, never by the name of a file. Pure.
 */
#ifndef BASE_MEDIA_H
#define BASE_MEDIA_H

#include <stdint.h>

#include "base/slice.h"

enum media_kind {
    MEDIA_TEXT,    /* UTF-8 without NUL; nothing at all is text too */
    MEDIA_IMAGE,   /* PNG, JPEG, WebP or GIF: what servers take */
    MEDIA_DAMAGED, /* begins as such a picture, but its head is no good */
    MEDIA_KNOWN,   /* another format, which has a name */
    MEDIA_UTF16,   /* text with a byte order mark of 16 or 32 bits */
    MEDIA_LEGACY,  /* reads like text of an encoding before UTF-8 */
    MEDIA_BINARY,  /* none of these */
};

struct media {
    enum media_kind kind;
    const char *type;  /* "image/png"; "application/octet-stream" if unknown */
    const char *about; /* "a PNG image": what it is in a sentence */
    const char *cure;  /* what makes text or a picture of it; NULL: unknown */
    /* MEDIA_IMAGE: its size in pixels, as its head says; not 0. */
    uint32_t width, height;
};

/* Looks at the head of a picture, and at all of a text. */
struct media media_sniff(struct slice bytes);

#endif
