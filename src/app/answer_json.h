/* SPDX-License-Identifier: MIT */
/*
 * answer_json - the answer of a finished run as one JSON object (-o json).
 *
 * {"outcome", "text", "thinking", "endpoint", "model", "model_reported",
 *  "finish_reason", "error", "usage": {...}, "tool_calls": [...],
 *  "object", "attempts", "first_token_ms", "total_ms"}; what is unknown is null.
 * "object" is the value of an answer that had to follow a schema.
 */
#ifndef APP_ANSWER_JSON_H
#define APP_ANSWER_JSON_H

#include "app/print.h"
#include "chat/chat.h"

/* Print the object of the last run, and a line break. */
void answer_json_print(struct chat *chat, struct print *print);

#endif
