/* SPDX-License-Identifier: MIT */
#include "chat/silence.h"

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS };

void silence_describe(const struct silence *silence, struct error *err)
{
    double seconds = (double)silence->ms / SECOND_MS;
    if (silence->has_begun)
        error_set(err, ERROR_CUT,
                  "stalled: %s sent no word for %g s (timeouts.gap)",
                  silence->endpoint, seconds);
    else if (*silence->proxy)
        error_set(err, ERROR_CUT,
                  "no answer: %s sent no word for %g s "
                  "(timeouts.first_token); the proxy %s may be buffering, "
                  "then reply.stream: false helps",
                  silence->endpoint, seconds, silence->proxy);
    else
        error_set(err, ERROR_CUT,
                  "no answer: %s sent no word for %g s "
                  "(timeouts.first_token)",
                  silence->endpoint, seconds);
}

void silence_add_sleep(int64_t slept_ms, struct error *err)
{
    if (slept_ms < SILENCE_SLEEP_MS)
        return;
    if (slept_ms < 2 * MINUTE_MS)
        error_context(err, "the machine slept for %lld s",
                      (long long)(slept_ms / SECOND_MS));
    else
        error_context(err, "the machine slept for %lld min",
                      (long long)(slept_ms / MINUTE_MS));
}
