/* SPDX-License-Identifier: MIT */
/*
 * buf - owned, growable bytes.
 *
 * All-zero is an empty buf. A NUL always follows the bytes once anything was
 * added, so `ptr` may be used as a string when it holds text; before that `ptr`
 * is NULL (buf_string() never is). Growth is amortised O(1).
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/error.h"
#include "base/slice.h"

struct buf {
    char *ptr;
    size_t len;
    size_t size; /* bytes allocated, the NUL included */
};

/* Free the bytes; the buf is empty and usable again. */
void buf_clear(struct buf *buf);

/* Forget the bytes and keep the storage. */
void buf_reset(struct buf *buf);

/* Make room for extra more bytes and return where they go. */
char *buf_reserve(struct buf *buf, size_t extra);

void buf_append(struct buf *buf, const void *ptr, size_t len);
void buf_append_slice(struct buf *buf, struct slice slice);
void buf_append_string(struct buf *buf, const char *string);
void buf_append_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *buf, const char *format, va_list arguments)
    PRINTF_LIKE(2, 0);

/* Append "12,345". */
void buf_append_count(struct buf *buf, uint64_t count);

/* Append unless the buf would then hold more than `max` bytes: ERROR_LIMIT that
 * names `what`, and the buf is unchanged. For everything fed from outside. */
bool buf_append_capped(struct buf *buf, struct slice slice, size_t max,
                       const char *what, struct error *err) MUST_USE;

/* Replace [offset, offset + len) by the slice, which must not lie inside. */
void buf_splice(struct buf *buf, size_t offset, size_t len,
                struct slice replacement);

/* Drop the first len bytes. */
void buf_consume(struct buf *buf, size_t len);

/* Cut to len bytes, which must not exceed what is there. */
void buf_truncate(struct buf *buf, size_t len);

/* The bytes, borrowed until the next change. */
struct slice buf_slice(const struct buf *buf);

/* As a string, "" when empty; borrowed until the next change. */
const char *buf_string(const struct buf *buf);

/* Hand the string to the caller, who frees it; the buf is empty. Never NULL. */
char *buf_steal(struct buf *buf) RETURNS_NONNULL;

#endif
