/* SPDX-License-Identifier: MIT */
#include "app/unsent.h"

#include "base/path.h"

static bool keep(struct slice text, struct buf *path, struct error *err)
{
    return path_state(path, "unsent-XXXXXX", err) &&
           ((path_make_way(path->ptr, err) &&
             path_write_new(path, 0, text, err)) ||
            error_context(err, "keeping what was written"));
}

void unsent_rescue(struct slice text, const char *what, struct buf *sentence)
{
    struct buf path = { 0 };
    struct error err = { 0 };
    if (keep(text, &path, &err))
        buf_printf(sentence, "%s is kept in %s", what, buf_string(&path));
    else
        buf_append_string(sentence, err.text);
    buf_clear(&path);
}
