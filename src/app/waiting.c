/* SPDX-License-Identifier: MIT */
#include "app/waiting.h"

void waiting_take(struct waiting *waiting, struct chat *chat)
{
    struct buf prompt = { 0 };
    while (chat_withdraw(chat, &prompt)) {
        *array_add(&waiting->prompts) = prompt;
        prompt = (struct buf){ 0 };
    }
    buf_clear(&prompt);
}

void waiting_queue(struct waiting *waiting, struct chat *chat)
{
    /* They were queued before, so they are not too long. */
    struct error err = { 0 };
    bool ok = true;
    for (size_t i = waiting->prompts.count; ok && i-- > 0;)
        ok = chat_prompt(chat, buf_slice(&waiting->prompts.items[i]), NULL, 0,
                         &err);
    waiting_clear(waiting);
}

void waiting_append(const struct waiting *waiting, struct buf *out)
{
    for (size_t i = waiting->prompts.count; i-- > 0;) {
        buf_append_slice(out, buf_slice(&waiting->prompts.items[i]));
        if (i > 0)
            buf_append_string(out, "\n\n");
    }
}

void waiting_clear(struct waiting *waiting)
{
    for (size_t i = 0; i < waiting->prompts.count; i++)
        buf_clear(&waiting->prompts.items[i]);
    array_clear(&waiting->prompts);
}
