/* SPDX-License-Identifier: MIT */
#include "llm/confidence.h"

#include <math.h>

/* Servers say -9999 or less of what cannot be. */
static const double logarithm_least = -100;

static void add(struct confidence *confidence, double logarithm)
{
    logarithm = fmin(fmax(logarithm, logarithm_least), 0);
    if (confidence->tokens == 0 || logarithm < confidence->least)
        confidence->least = logarithm;
    confidence->tokens++;
    confidence->unsure += logarithm < log(.5);
    confidence->sum += logarithm;
}

void confidence_read(struct confidence *confidence, const json_t *tokens)
{
    size_t index;
    json_t *token;
    json_array_foreach(tokens, index, token)
    {
        const json_t *logarithm = json_object_get(token, "logprob");
        if (json_is_number(logarithm) && confidence->tokens < UINT32_MAX)
            add(confidence, json_number_value(logarithm));
    }
}

double confidence_mean(const struct confidence *confidence)
{
    return confidence->tokens ? confidence->sum / confidence->tokens : 0;
}

double confidence_unsure(const struct confidence *confidence)
{
    return confidence->tokens ? (double)confidence->unsure / confidence->tokens
                              : 0;
}

void confidence_append(const struct confidence *confidence, struct buf *json)
{
    buf_printf(json,
               "{\"tokens\":%u,\"mean\":%.3f,\"least\":%.3f,\"unsure\":%.3f}",
               (unsigned)confidence->tokens, confidence_mean(confidence),
               confidence->least, confidence_unsure(confidence));
}
