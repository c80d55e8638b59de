/* SPDX-License-Identifier: MIT */
/*
 * panel_pull - a model that is loaded down: how far it is, and each file of it.
 */
#include "app/panel.h"
#include "base/filter.h"
#include "ui/receipt.h"

enum { DIGEST_SHOWN = 12, ALGORITHM_LEN = 7 /* "sha256:" */ };

static void add_layer(struct list *list, const struct pull_layer *layer)
{
    struct list_row *row = list_add(list, "");
    struct slice digest = slice_of(layer->digest);
    if (slice_starts(digest, "sha256:"))
        digest = slice_skip(digest, ALGORITHM_LEN);
    if (digest.len > DIGEST_SHOWN)
        digest.len = DIGEST_SHOWN;
    filter_line(&row->head, digest);
    row->style = STYLE_DIM;
    if (layer->total)
        buf_printf(
            &row->text, "%d %%",
            (int)((double)layer->completed * 100 / (double)layer->total));
    receipt_size(&row->right, layer->total);
}

void panel_fill_pull(const struct panel_source *source, struct list *list)
{
    const struct pull *pull = source->pull;
    if (!pull) {
        list_add_text(list, STYLE_DIM, "nothing is pulled; /pull MODEL does");
        return;
    }
    struct buf words = { 0 };
    pull_format(pull, &words);
    list_add_text(list, STYLE_NORMAL, "%s", buf_string(&words));
    list_add_text(list, STYLE_DIM, "%s: %s", pull_endpoint(pull)->name,
                  *pull_status(pull) ? pull_status(pull) : "asking");
    for (size_t i = 0; i < pull_layer_count(pull); i++)
        add_layer(list, pull_layer_at(pull, i));
    buf_clear(&words);
}
