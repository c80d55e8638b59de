/* SPDX-License-Identifier: MIT */
/*
 * attach - from what somebody names to a file that goes along with a prompt.
 *
 * What a file is, its bytes say and not its name. Reading never blocks on what
 * is no file. A picture may be named by its address: it is handed on as that,
 * nothing is fetched.
 */
#ifndef APP_ATTACH_H
#define APP_ATTACH_H

#include "base/error.h"
#include "base/slice.h"
#include "chat/attachment.h"

enum {
    ATTACH_TEXT_MAX = 4 * 1024 * 1024,
    ATTACH_IMAGE_MAX = 20 * 1024 * 1024, /* what OpenAI took of one, and more
                                            than others take */
    ATTACH_TOTAL_MAX = 48 * 1024 * 1024, /* of a prompt: 64 MiB as base64 */
    ATTACH_COUNT_MAX = 100,              /* of a prompt: Anthropic's limit */
};

/* Add what a place names: a path ("~/" is the home directory), lines of a text
 * as PATH:FROM-TO, PATH:FROM- or PATH:LINE (where no file has that whole name),
 * or the http(s) address of a picture. `alt` says what a picture shows; may be
 * empty. False (ERROR_USAGE, ERROR_LIMIT): nothing is added. */
bool attach_add(struct attachments *files, struct slice place, struct slice alt,
                struct error *err) MUST_USE;

/* The same with bytes that were read already, which are taken. */
bool attach_bytes(struct attachments *files, const char *name,
                  struct buf *take_bytes, struct slice alt,
                  struct error *err) MUST_USE;

/* Whether the place is a file, or lines of one; *size (may be NULL) gets its
 * bytes, 0 for lines. */
bool attach_find(const char *place, size_t *size);

/* Where the file of a descriptor really lies; NULL: it lies nowhere. The caller
 * owns it. */
char *attach_resolve(int fd);

/* "photo.png, image 1024x768, 212 kB". */
void attach_format(struct buf *out, const struct attachment *file);

#endif
