/* SPDX-License-Identifier: MIT */
#include "chat/retry.h"

#include <assert.h>
#include <stdio.h>

#include "base/compiler.h"

static const char *const cause_names[] = {
    [RETRY_NO_CAUSE] = NULL,   [RETRY_REFUSED] = "refused",
    [RETRY_BUSY] = "busy",     [RETRY_BROKEN] = "broken",
    [RETRY_SILENT] = "silent",
};
static_assert(COUNTOF(cause_names) == RETRY_CAUSE_COUNT, "a cause has no name");

const char *retry_cause_name(enum retry_cause cause)
{
    return cause_names[cause];
}

/* The server will not do it, or is not the one that answered (511: the portal
 * of a network). */
static bool is_final_status(int status)
{
    return status == 501 || status == 505 || status == 511;
}

static bool is_busy_status(int status)
{
    return status == 408 || status == 409 || status == 425 || status == 429 ||
           status == 503 || status == 529;
}

enum retry_cause retry_cause_of(const struct retry_failure *failure)
{
    if (failure->is_silent)
        return RETRY_SILENT;
    if (failure->is_out_of_credit || is_busy_status(failure->status))
        return RETRY_BUSY;
    if (failure->does_not_fit)
        return RETRY_BROKEN;
    if (failure->status >= 500 && !is_final_status(failure->status))
        return RETRY_BROKEN;
    if (failure->status >= 300 || failure->hope == HTTP_HOPELESS)
        return RETRY_NO_CAUSE;
    return failure->is_unreached ? RETRY_REFUSED : RETRY_BROKEN;
}

bool retry_is_fault(const struct retry_failure *failure)
{
    if (failure->is_loading || failure->is_out_of_credit ||
        failure->does_not_fit)
        return false;
    if (failure->status == 409 || failure->status == 425 ||
        failure->status == 429)
        return false;
    return retry_cause_of(failure) != RETRY_NO_CAUSE;
}

static bool wants_again(const struct retry_failure *failure)
{
    if (failure->is_out_of_credit || failure->wish.refuses)
        return false;
    if (failure->wish.wants)
        return true;
    return !failure->does_not_fit && retry_cause_of(failure) != RETRY_NO_CAUSE;
}

static int most_retries(const struct retry_failure *failure)
{
    bool is_doubtful = failure->status < 300 && failure->hope == HTTP_ONE_TRY;
    return is_doubtful && !failure->is_silent ? 1 : RETRY_MOST;
}

static const char *what(const struct retry_failure *failure)
{
    if (failure->is_silent)
        return "no answer";
    if (failure->status == 429)
        return "rate limited";
    if (is_busy_status(failure->status))
        return "server busy";
    if (failure->status >= 300)
        return "server failed";
    return failure->is_unreached ? "no connection" : "empty answer";
}

void retry_words(const struct retry_failure *failure, int retry,
                 char words[RETRY_WORDS_SIZE])
{
    char status[16] = "";
    if (failure->status >= 300 && failure->status != 429)
        snprintf(status, sizeof status, " (%d)", failure->status);
    if (failure->is_loading)
        snprintf(words, RETRY_WORDS_SIZE, RETRY_LOADING_WORDS);
    else
        snprintf(words, RETRY_WORDS_SIZE, "%s%s (%d/%d)", what(failure), status,
                 retry, most_retries(failure));
}

/* Jitter keeps clients that failed together from coming back together. */
static int64_t back_off(const struct retry_state *state)
{
    double delay = (double)state->base_ms;
    for (int i = 0; i < state->retries && delay < RETRY_DELAY_MOST_MS; i++)
        delay *= 2;
    if (delay > RETRY_DELAY_MOST_MS)
        delay = RETRY_DELAY_MOST_MS;
    return (int64_t)(delay * (0.5 + state->random / 2));
}

static bool may_wait(const struct retry_failure *failure,
                     const struct retry_state *state, int64_t delay_ms)
{
    int64_t wish = failure->wish.after_ms;
    if (!wants_again(failure) || state->retries >= most_retries(failure) ||
        state->elapsed_ms + delay_ms > RETRY_ALL_MOST_MS ||
        wish > RETRY_WISH_MOST_MS)
        return false;
    if (!state->has_rung)
        return true;
    return wish ? wish <= RETRY_WISH_PATIENCE_MS : !state->is_own;
}

struct retry_decision retry_decide(const struct retry_failure *failure,
                                   const struct retry_state *state)
{
    int64_t wish = failure->wish.after_ms;
    int64_t delay_ms = wish ? wish : back_off(state);
    bool may_fall_back = state->has_rung && retry_cause_of(failure);
    enum retry_verdict last = may_fall_back ? RETRY_FALL_BACK : RETRY_STOP;
    if (failure->is_given_up)
        return (struct retry_decision){ .verdict = RETRY_STOP };
    if (failure->has_delta)
        return (struct retry_decision){ .verdict = last };
    if (failure->is_loading && state->loading_ms < RETRY_LOADING_MOST_MS)
        return (struct retry_decision){ .verdict = RETRY_AGAIN,
                                        .delay_ms = RETRY_LOADING_MS,
                                        .is_uncounted = true };
    if (may_wait(failure, state, delay_ms))
        return (struct retry_decision){ .verdict = RETRY_AGAIN,
                                        .delay_ms = delay_ms };
    return (struct retry_decision){ .verdict = last };
}
