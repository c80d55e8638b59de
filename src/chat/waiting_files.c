/* SPDX-License-Identifier: MIT */
#include "chat/waiting_files.h"

#include <stdlib.h>

#include "graph/private_mark.h"

void waiting_files_clear(struct waiting_files *files)
{
    for (size_t i = 0; i < files->list.count; i++)
        attachment_clear(&files->list.items[i].file);
    array_clear(&files->list);
}

void waiting_files_add(struct waiting_files *files, uint64_t prompt_id,
                       struct attachments *attachments)
{
    for (size_t i = 0; i < attachments->list.count; i++)
        *array_add(&files->list) =
            (struct waiting_file){ prompt_id, attachments->list.items[i] };
    array_clear(&attachments->list);
}

void waiting_files_withdraw(struct waiting_files *files, uint64_t prompt_id,
                            struct attachments *attachments)
{
    size_t kept = 0;
    for (size_t i = 0; i < files->list.count; i++) {
        struct waiting_file *waiting = &files->list.items[i];
        if (waiting->prompt_id == prompt_id)
            *array_add(&attachments->list) = waiting->file;
        else
            files->list.items[kept++] = *waiting;
    }
    files->list.count = kept;
}

static void mark(const struct attachment *file, uint64_t node_id,
                 const char *rule, struct conversation *conversation)
{
    struct buf where = { 0 };
    struct event event = { .type = EVENT_PRIVACY_MARKED };
    buf_printf(&where, "file %s", file->name);
    event_add_number(&event, FIELD_NODE, node_id);
    event_add_string(&event, FIELD_KIND, mark_kind_name(MARK_FILE));
    event_add_string(&event, FIELD_NAME, rule);
    event_add_text(&event, FIELD_TEXT, buf_slice(&where));
    event_add_number(&event, FIELD_ON, true);
    conversation_append(conversation, &event);
    buf_clear(&where);
}

/* One that was private once is so, whatever the settings say now. */
static void mark_private(const struct attachment *file, uint64_t node_id,
                         const struct privacy *privacy,
                         struct conversation *conversation)
{
    struct buf rule = { 0 };
    if (file->rule)
        mark(file, node_id, file->rule, conversation);
    else if (privacy_file(privacy, file->path, file->resolved, &rule))
        mark(file, node_id, buf_string(&rule), conversation);
    buf_clear(&rule);
}

void waiting_files_say(const struct attachment *file, uint64_t node_id,
                       const struct privacy *privacy,
                       struct conversation *conversation)
{
    struct event event = { .type = EVENT_ATTACHMENT_ADDED };
    mark_private(file, node_id, privacy, conversation);
    event_add_number(&event, FIELD_NODE, node_id);
    event_add_string(&event, FIELD_NAME, file->name);
    if (file->media_type)
        event_add_string(&event, FIELD_MEDIA_TYPE, file->media_type);
    if (file->alt)
        event_add_string(&event, FIELD_ALT, file->alt);
    if (file->url)
        event_add_string(&event, FIELD_URL, file->url);
    event_add_text(&event, file->is_image ? FIELD_DATA : FIELD_TEXT,
                   buf_slice(&file->data));
    conversation_append(conversation, &event);
}

void waiting_files_hand_over(struct waiting_files *files, uint64_t prompt_id,
                             uint64_t node_id,
                             struct conversation *conversation,
                             const struct privacy *privacy)
{
    struct attachments handed = { 0 };
    waiting_files_withdraw(files, prompt_id, &handed);
    for (size_t i = 0; i < handed.list.count; i++)
        waiting_files_say(&handed.list.items[i], node_id, privacy,
                          conversation);
    attachments_clear(&handed);
}
