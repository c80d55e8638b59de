/* SPDX-License-Identifier: MIT */
/*
 * request_text - a request in words: as it would go on the wire, and as a line
 * for curl that sends the same. The key is in neither.
 */
#ifndef CHAT_REQUEST_TEXT_H
#define CHAT_REQUEST_TEXT_H

#include "chat/endpoint.h"

/* A body that is longer is no argument for a program (Linux: MAX_ARG_STRLEN, 32
 * pages): curl reads it from a file. */
enum { REQUEST_TEXT_ARGUMENT_MAX = 100 * 1000 };

/* Append it. False: the request cannot be written. */
bool request_text_write(const struct endpoint *endpoint,
                        const struct chat_request *request, struct buf *out,
                        struct error *err);

#endif
