/* SPDX-License-Identifier: MIT */
/*
 * redacting - a text that should never have been said is taken out of a
 * conversation, and of what was made of it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "chat/chat_state.h"
#include "graph/redaction.h"

static size_t characters(struct slice text)
{
    size_t count = 0;
    uint32_t character;
    for (; text.len; count++)
        text = slice_skip(text, utf8_decode(text, &character));
    return count;
}

static bool may_redact(const struct chat *chat, struct slice text,
                       struct error *err)
{
    if (characters(text) < REDACTION_MIN)
        return error_set(err, ERROR_USAGE,
                         "a text of less than %d characters stands in too many "
                         "words; give more of it",
                         REDACTION_MIN);
    struct slice mark = slice_of(redaction_mark);
    if (text.len <= mark.len && memmem(mark.ptr, mark.len, text.ptr, text.len))
        return error_set(err, ERROR_USAGE,
                         "\"%s\" is what would stand in its place",
                         redaction_mark);
    return !chat_is_busy(chat) ||
           error_set(err, ERROR_USAGE,
                     "an answer is on its way, or a prompt waits; stop it, "
                     "then redact");
}

/* The system prompt goes along with the next conversation. */
static void redact_system(struct chat *chat, struct slice text)
{
    struct buf clean = { 0 };
    if (redaction_append(&clean, slice_of(chat->system), text)) {
        free(chat->system);
        chat->system = memory_string(buf_string(&clean));
    }
    buf_clear(&clean);
}

/* What was read from the conversation is read anew. */
static void forget(struct chat *chat)
{
    structured_forget(&chat->structured);
    counting_clear(chat);
    chat->last_error = (struct error){ 0 };
    messages_free(chat->messages);
    chat->messages = messages_new();
    chat->generation++;
}

bool chat_redact(struct chat *chat, struct slice text, uint64_t *places,
                 struct error *err)
{
    *places = 0;
    if (!may_redact(chat, text, err))
        return false;
    struct log *log = redaction_make(chat->conversation.log, text, places);
    redact_system(chat, text);
    if (!*places) {
        log_free(log);
        return true;
    }
    conversation_replace(&chat->conversation, log);
    forget(chat);
    struct event event = { .type = EVENT_REDACTED };
    struct buf words = { 0 };
    buf_printf(&words, "%" PRIu64 " place%s", *places, *places == 1 ? "" : "s");
    event_add_text(&event, FIELD_TEXT, buf_slice(&words));
    chat_append(chat, &event);
    marking_look_again(chat);
    buf_clear(&words);
    return true;
}
