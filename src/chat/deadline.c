/* SPDX-License-Identifier: MIT */
#include "chat/deadline.h"

#include "chat/chat_state.h"

static void on_deadline(void *context, uint32_t timer_id)
{
    struct chat *chat = context;
    double seconds =
        settings_number(chat->setup.settings, "limits.deadline", 0) / 1000;
    struct answer_result result = { .outcome = ANSWER_CUT };
    (void)timer_id;
    chat->deadline.timer = 0;
    error_set(&result.err, ERROR_CUT,
              "the answer was not there after %g s (limits.deadline)", seconds);
    attempts_give_up(chat);
    if (chat->exchange || chat->counting.is_waiting)
        run_append_end(chat, EVENT_ATTEMPT_FINISHED, "cut", &result);
    run_end(chat, "cut", &result);
}

static void start(struct chat *chat, int64_t ms)
{
    chat->deadline.left_ms = 0;
    chat->deadline.due_at = loop_now(chat->setup.loop) + ms;
    chat->deadline.timer =
        loop_timer_start(chat->setup.loop, ms, on_deadline, chat);
}

void deadline_start(struct chat *chat)
{
    double ms = settings_number(chat->setup.settings, "limits.deadline", 0);
    deadline_end(chat);
    if (ms > 0)
        start(chat, (int64_t)ms);
}

/* Nothing is done for it but by the user. An answer that has stalled may still go
 * on. */
static bool waits_for_user(const struct chat *chat)
{
    size_t asking = chat_asking_count(chat);
    return chat_question(chat) || chat_is_over_limit(chat) ||
           (asking && asking == chat->works.list.count);
}

void deadline_turn(struct chat *chat)
{
    struct deadline *deadline = &chat->deadline;
    bool waits = waits_for_user(chat);
    if (waits && deadline->timer) {
        int64_t left_ms = deadline->due_at - loop_now(chat->setup.loop);
        loop_timer_cancel(chat->setup.loop, deadline->timer);
        deadline->timer = 0;
        deadline->left_ms = left_ms > 0 ? left_ms : 1;
    } else if (!waits && deadline->left_ms) {
        start(chat, deadline->left_ms);
    }
}

void deadline_end(struct chat *chat)
{
    loop_timer_cancel(chat->setup.loop, chat->deadline.timer);
    chat->deadline = (struct deadline){ 0 };
}
