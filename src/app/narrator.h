/* SPDX-License-Identifier: MIT */
/*
 * narrator - says what happens in a conversation, a line at a time and nothing
 * twice: for a terminal without a screen, and for those who listen to it.
 *
 * Who speaks is said before an answer and how it went after it. The text is as
 * it came. What the program says itself begins with "-- ".
 */
#ifndef APP_NARRATOR_H
#define APP_NARRATOR_H

#include "app/print.h"
#include "chat/conversation.h"
#include "config/settings.h"

enum narrator_voice { VOICE_NONE, VOICE_THINKING, VOICE_TEXT };

/* All-zero but for what its owner sets. */
struct narrator {
    struct print *out;                       /* borrowed */
    const struct conversation *conversation; /* borrowed; NULL: says nothing */
    bool shows_thinking;                     /* else only how long it was */
    /* The attempt that has spoken last, and how. */
    uint32_t run, attempt;
    enum narrator_voice voice;
    size_t waiting;       /* prompts of which it was said that they wait */
    uint64_t recalled_id; /* the turn that something was recalled for; 0 */
};

/* After the event has changed the conversation. */
void narrator_on_event(struct narrator *narrator, const struct event *event);

/* As the settings say now: whether thinking is shown. */
void narrator_configure(struct narrator *narrator,
                        const struct settings *settings);

/* Words of the program's own, each line of them. */
void narrator_say(struct narrator *narrator, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* Another conversation begins: what was being said ends. */
void narrator_reset(struct narrator *narrator);

#endif
