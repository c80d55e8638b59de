/* SPDX-License-Identifier: MIT */
/*
 * stall - an answer that has begun and does not go on: the user is asked, and
 * what he says is done.
 */
#include "chat/chat_state.h"

static const char *const names[] = {
    [STALL_WAIT] = "wait",
    [STALL_RETRY] = "retry",
    [STALL_STOP] = "stop",
};

const char *stall_name(enum stall_answer answer)
{
    return names[answer];
}

const char *stall_about(enum stall_answer answer)
{
    static const char *const about[] = {
        [STALL_WAIT] = "for as long again",
        [STALL_RETRY] = "keep what came, ask for another answer",
        [STALL_STOP] = "keep what came, as cut off",
    };
    return about[answer];
}

bool stall_parse(struct slice word, enum stall_answer *answer)
{
    for (size_t i = 0; i < STALL_ANSWERS; i++) {
        if (!slice_is(word, names[i]))
            continue;
        *answer = (enum stall_answer)i;
        return true;
    }
    return false;
}

void chat_stall_words(const struct chat *chat, struct buf *out)
{
    buf_printf(out, "the answer has stalled: %s has sent nothing for %lld s",
               chat->route.endpoint->name,
               (long long)(exchange_silence_ms(chat->exchange) / 1000));
}

void stall_begin(void *context)
{
    struct chat *chat = context;
    struct buf words = { 0 };
    struct event event = chat_run_event(chat, EVENT_RELAY_ASKED);
    if (chat->is_stalled)
        return;
    chat_stall_words(chat, &words);
    event_add_string(&event, FIELD_NAME, "stalled");
    event_add_text(&event, FIELD_TEXT, buf_slice(&words));
    chat->is_stalled = true;
    chat_append(chat, &event);
    buf_clear(&words);
}

static void append_answer(struct chat *chat, const char *outcome)
{
    struct event event = chat_run_event(chat, EVENT_RELAY_ANSWERED);
    event_add_string(&event, FIELD_NAME, "stalled");
    event_add_string(&event, FIELD_OUTCOME, outcome);
    chat->is_stalled = false;
    chat_append(chat, &event);
}

/* Less silence than at the question: more has come. */
void stall_turn(struct chat *chat)
{
    if (chat->is_stalled && !exchange_is_overdue(chat->exchange))
        append_answer(chat, "went on");
}

void stall_end(struct chat *chat)
{
    stall_turn(chat);
    if (chat->is_stalled)
        append_answer(chat, "nobody answered");
}

bool chat_is_stalled(const struct chat *chat)
{
    return chat->is_stalled;
}

void chat_stall_answer(struct chat *chat, enum stall_answer answer)
{
    if (!chat->is_stalled)
        return;
    uint64_t prompt_id =
        graph_run(chat->conversation.graph, chat->run)->prompt_id;
    append_answer(chat, names[answer]);
    if (answer == STALL_WAIT) {
        exchange_wait(chat->exchange);
        return;
    }
    exchange_give_up(chat->exchange);
    if (answer == STALL_RETRY) {
        chat_move_head(chat, prompt_id);
        run_start(chat, prompt_id);
    }
}
