/* SPDX-License-Identifier: MIT */
#include "app/holdup.h"

#include "app/print.h"
#include "chat/retry.h"
#include "ui/receipt.h"

static void say(struct holdup *holdup)
{
    holdup->is_late = true;
    if (slice_equal(buf_slice(&holdup->reason), buf_slice(&holdup->said)))
        return;
    print_notice("waiting: %s", buf_string(&holdup->reason));
    buf_reset(&holdup->said);
    buf_append_slice(&holdup->said, buf_slice(&holdup->reason));
}

static void on_timer(void *context, uint32_t timer_id)
{
    struct holdup *holdup = context;
    (void)timer_id;
    holdup->timer = 0;
    say(holdup);
}

static void begin(struct holdup *holdup, uint64_t delay_ms)
{
    if (holdup->is_late || delay_ms >= HOLDUP_MS)
        say(holdup);
    else if (!holdup->timer)
        holdup->timer =
            loop_timer_start(holdup->loop, HOLDUP_MS, on_timer, holdup);
}

static void end(struct holdup *holdup)
{
    if (holdup->timer)
        loop_timer_cancel(holdup->loop, holdup->timer);
    holdup->timer = 0;
    holdup->is_late = false;
    buf_reset(&holdup->reason);
    buf_reset(&holdup->said);
}

static void note_model(struct holdup *holdup, const struct event *event)
{
    buf_reset(&holdup->model);
    buf_append_slice(&holdup->model, event_text(event, FIELD_MODEL));
    if (!holdup->model.len)
        buf_append_slice(&holdup->model, event_text(event, FIELD_ENDPOINT));
}

/* Sent after two seconds without a word; nobody has said why. */
static void wait_for_word(struct holdup *holdup)
{
    buf_reset(&holdup->reason);
    buf_printf(&holdup->reason, "%s has not said a word yet; it may be loading",
               buf_string(&holdup->model));
    begin(holdup, HOLDUP_MS);
}

static void wait_for_try(struct holdup *holdup, const struct event *event)
{
    struct slice words = event_text(event, FIELD_TEXT);
    uint64_t delay_ms = event_number(event, FIELD_DELAY);
    if (delay_ms == 0)
        return;
    note_model(holdup, event);
    buf_reset(&holdup->reason);
    if (slice_is(words, RETRY_LOADING_WORDS)) {
        buf_printf(&holdup->reason, "%s is being loaded",
                   buf_string(&holdup->model));
    } else {
        buf_printf(&holdup->reason, "%.*s, again in ", SLICE_ARG(words));
        receipt_duration(&holdup->reason, (int64_t)delay_ms);
    }
    begin(holdup, delay_ms);
}

void holdup_take(struct holdup *holdup, const struct event *event)
{
    switch (event->type) {
    case EVENT_ATTEMPT_STARTED: note_model(holdup, event); break;
    case EVENT_MODEL_LOADING: wait_for_word(holdup); break;
    case EVENT_RETRY_SCHEDULED: wait_for_try(holdup, event); break;
    case EVENT_TEXT_DELTA:
    case EVENT_THINKING_DELTA:
    case EVENT_TOOL_CALL_START:
    case EVENT_RUN_FINISHED: end(holdup); break;
    default: break;
    }
}

void holdup_clear(struct holdup *holdup)
{
    end(holdup);
    buf_clear(&holdup->model);
    buf_clear(&holdup->reason);
    buf_clear(&holdup->said);
}
