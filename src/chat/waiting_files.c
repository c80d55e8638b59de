/* SPDX-License-Identifier: MIT */
#include "chat/waiting_files.h"

#include <stdlib.h>

#include "base/memory.h"

static void file_clear(struct waiting_file *file)
{
    free(file->name);
    free(file->media_type);
    buf_clear(&file->text);
}

void waiting_files_clear(struct waiting_files *files)
{
    for (size_t i = 0; i < files->list.count; i++)
        file_clear(&files->list.items[i]);
    array_clear(&files->list);
}

void waiting_files_add(struct waiting_files *files, uint64_t prompt_id,
                       const struct chat_attachment *attachments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct waiting_file *file = array_add(&files->list);
        *file = (struct waiting_file){
            .prompt_id = prompt_id,
            .name = memory_string(attachments[i].name),
            .media_type = memory_string(attachments[i].media_type),
        };
        buf_append_slice(&file->text, attachments[i].text);
    }
}

static void append(const struct waiting_file *file, uint64_t node_id,
                   struct conversation *conversation)
{
    struct event event = { .type = EVENT_ATTACHMENT_ADDED };
    event_add_number(&event, FIELD_NODE, node_id);
    event_add_string(&event, FIELD_NAME, file->name);
    event_add_string(&event, FIELD_MEDIA_TYPE, file->media_type);
    event_add_text(&event, FIELD_TEXT, buf_slice(&file->text));
    conversation_append(conversation, &event);
}

void waiting_files_hand_over(struct waiting_files *files, uint64_t prompt_id,
                             uint64_t node_id,
                             struct conversation *conversation)
{
    size_t kept = 0;
    for (size_t i = 0; i < files->list.count; i++) {
        struct waiting_file *file = &files->list.items[i];
        if (file->prompt_id != prompt_id) {
            files->list.items[kept++] = *file;
            continue;
        }
        append(file, node_id, conversation);
        file_clear(file);
    }
    files->list.count = kept;
}
