/* SPDX-License-Identifier: MIT */
#include "app/waiting.h"

void waiting_take(struct waiting *waiting, struct chat *chat)
{
    struct waiting_prompt prompt = { 0 };
    while (chat_withdraw(chat, &prompt.text, &prompt.files)) {
        *array_add(&waiting->prompts) = prompt;
        prompt = (struct waiting_prompt){ 0 };
    }
}

void waiting_queue(struct waiting *waiting, struct chat *chat)
{
    /* They were queued before, so they are not too long. */
    struct error err = { 0 };
    bool ok = true;
    for (size_t i = waiting->prompts.count; ok && i-- > 0;) {
        struct waiting_prompt *prompt = &waiting->prompts.items[i];
        ok = chat_prompt(chat, buf_slice(&prompt->text), &prompt->files, &err);
    }
    waiting_clear(waiting);
}

void waiting_append(const struct waiting *waiting, struct buf *out)
{
    for (size_t i = waiting->prompts.count; i-- > 0;) {
        buf_append_slice(out, buf_slice(&waiting->prompts.items[i].text));
        if (i > 0)
            buf_append_string(out, "\n\n");
    }
}

void waiting_move_files(struct waiting *waiting, struct attachments *files)
{
    for (size_t i = waiting->prompts.count; i-- > 0;)
        attachments_move(files, &waiting->prompts.items[i].files);
}

void waiting_clear(struct waiting *waiting)
{
    for (size_t i = 0; i < waiting->prompts.count; i++) {
        buf_clear(&waiting->prompts.items[i].text);
        attachments_clear(&waiting->prompts.items[i].files);
    }
    array_clear(&waiting->prompts);
}
