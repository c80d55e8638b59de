/* SPDX-License-Identifier: MIT */
#include "chat/reply.h"

#include <math.h>

void reply_read(struct reply_settings *reply, const struct settings *settings,
                const struct endpoint *endpoint)
{
    *reply = (struct reply_settings){
        .temperature = settings_number(settings, "reply.temperature", NAN),
        .top_p = settings_number(settings, "reply.top_p", NAN),
        .max_tokens =
            (int64_t)settings_number(settings, "reply.max_tokens", -1),
        .seed = (int64_t)settings_number(settings, "reply.seed", -1),
        .repeat_penalty = NAN,
        .thinking = settings_text(settings, "reply.thinking", NULL),
        .keep_alive = endpoint->keep_alive,
        .num_ctx = endpoint->num_ctx,
        .unstreamed = !settings_flag(settings, "reply.stream", true),
    };
}
