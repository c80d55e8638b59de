/* SPDX-License-Identifier: MIT */
#include "app/lensing.h"

#include <stdlib.h>

#include "app/screen_state.h"
#include "chat/fates.h"

/* As graph/draft writes it: "File: NAME", and two fences. */
static uint64_t file_tokens(enum token_family family,
                            const struct attachment *file)
{
    struct buf words = { 0 };
    buf_printf(&words, "\n\n%s: %s\n", file->is_image ? "Image" : "File",
               file->name);
    if (!file->is_image)
        buf_printf(&words, "```\n%.*s\n```", SLICE_ARG(buf_slice(&file->data)));
    uint64_t tokens = tokens_estimate_as(family, buf_slice(&words));
    buf_clear(&words);
    return tokens + (file->is_image ? BUDGET_IMAGE_TOKENS : 0);
}

/* Files come and go as a whole: they are counted when that happens. */
static uint64_t count_files(struct draft_size *size, enum token_family family,
                            const struct attachments *files)
{
    size_t bytes = attachments_size(files);
    if (size->file_count == files->list.count && size->file_bytes == bytes &&
        size->file_family == family)
        return size->file_tokens;
    size->file_family = family;
    size->file_count = files->list.count;
    size->file_bytes = bytes;
    size->file_tokens = 0;
    for (size_t i = 0; i < files->list.count; i++)
        size->file_tokens += file_tokens(family, &files->list.items[i]);
    return size->file_tokens;
}

uint64_t lensing_draft(struct screen *screen, enum token_family family)
{
    struct draft_size *size = &screen->draft_size;
    return count_files(size, family, &screen->seat->files) +
           edited_tokens_update(&size->text, family,
                                editor_text(screen->editor));
}

uint64_t draft_size_tokens(const struct draft_size *size)
{
    return size->text.tokens + size->file_tokens;
}

/* The chosen row of the lens; 0, in words: it is of no turn. */
static uint64_t row_meant(struct screen *screen)
{
    const struct list *list = &screen->bands.items[PANEL_CONTEXT].list;
    uint64_t id = screen->bands.focused == PANEL_CONTEXT
                      ? strtoull(list_chosen(list), NULL, 10)
                      : 0;
    if (!id)
        perform_notice(screen, "that is for a turn of the context panel");
    return id;
}

static void tell(struct screen *screen, bool ok, struct buf *words,
                 const struct error *err)
{
    perform_notice(screen, ok ? buf_string(words) : err->text);
    buf_clear(words);
}

void lensing_leave_row(struct screen *screen)
{
    struct buf words = { 0 };
    struct error err = { 0 };
    uint64_t id = row_meant(screen);
    if (id)
        tell(screen, fates_leave_out(screen->chat, id, &words, &err), &words,
             &err);
}

void lensing_pin_row(struct screen *screen)
{
    struct buf words = { 0 };
    struct error err = { 0 };
    uint64_t id = row_meant(screen);
    if (id)
        tell(screen, fates_pin(screen->chat, id, &words, &err), &words, &err);
}
