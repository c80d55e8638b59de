/* SPDX-License-Identifier: MIT */
#include "app/unsent.h"

#include "base/path.h"

bool unsent_keep(struct slice text, struct buf *path, struct error *err)
{
    return path_state(path, "unsent-XXXXXX", err) &&
           ((path_make_way(path->ptr, err) &&
             path_write_new(path, 0, text, err)) ||
            error_context(err, "keeping what was written"));
}
