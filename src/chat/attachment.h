/* SPDX-License-Identifier: MIT */
/*
 * attachment - a file that goes along with a prompt: text, or a picture.
 *
 * Owns what it holds. A picture has its bytes, or the address under which the
 * server finds it; the bytes of a text are UTF-8.
 */
#ifndef CHAT_ATTACHMENT_H
#define CHAT_ATTACHMENT_H

#include <stdbool.h>

#include "base/array.h"
#include "base/buf.h"

struct attachment {
    char *name;
    char *media_type; /* NULL: of an address, unknown */
    char *alt;        /* what a picture shows, in words; NULL: not said */
    char *place;      /* where it was read, for us alone; NULL: it was not */
    /* The path of its file, from where we are, and where that really lies; NULL:
     * it has none. */
    char *path, *resolved;
    char *rule; /* why it is private wherever it lies; NULL: it is not */
    char *url;  /* of a picture; NULL: its bytes are here */
    struct buf data;
    bool is_image;
};

/* All-zero is none. */
struct attachments {
    ARRAY_OF(struct attachment) list;
};

void attachment_clear(struct attachment *file);
void attachments_clear(struct attachments *files);

/* Move all of `from` behind those of `to`; `from` is empty then. */
void attachments_move(struct attachments *to, struct attachments *from);

/* Bytes of all together. */
size_t attachments_size(const struct attachments *files);

#endif
