/* SPDX-License-Identifier: MIT */
#include "chat/attachment.h"

#include <stdlib.h>

void attachment_clear(struct attachment *file)
{
    free(file->name);
    free(file->media_type);
    free(file->alt);
    free(file->place);
    free(file->path);
    free(file->resolved);
    free(file->rule);
    free(file->url);
    buf_clear(&file->data);
    *file = (struct attachment){ 0 };
}

void attachments_clear(struct attachments *files)
{
    for (size_t i = 0; i < files->list.count; i++)
        attachment_clear(&files->list.items[i]);
    array_clear(&files->list);
}

void attachments_move(struct attachments *to, struct attachments *from)
{
    for (size_t i = 0; i < from->list.count; i++)
        *array_add(&to->list) = from->list.items[i];
    array_clear(&from->list);
}

size_t attachments_size(const struct attachments *files)
{
    size_t size = 0;
    for (size_t i = 0; i < files->list.count; i++)
        size += files->list.items[i].data.len;
    return size;
}
