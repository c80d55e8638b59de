/* SPDX-License-Identifier: MIT */
#include "app/unsent.h"

#include <stdlib.h>

#include "base/path.h"

static bool keep(struct slice text, struct buf *path, struct error *err)
{
    return path_state(path, "unsent-XXXXXX", err) &&
           path_make_way(path->ptr, err) && path_write_new(path, 0, text, err);
}

/* Whatever disk that is. */
static bool keep_elsewhere(struct slice text, struct buf *path)
{
    const char *directory = getenv("TMPDIR");
    struct error ignored = { 0 };
    buf_reset(path);
    buf_printf(path, "%s/sennit-unsent-XXXXXX",
               directory && directory[0] == '/' ? directory : "/tmp");
    return path_write_new(path, 0, text, &ignored);
}

bool unsent_rescue(struct slice text, const char *what, struct buf *sentence)
{
    struct buf path = { 0 };
    struct error err = { 0 };
    bool is_kept = keep(text, &path, &err) || keep_elsewhere(text, &path);
    if (is_kept)
        buf_printf(sentence, "%s is kept in %s", what, buf_string(&path));
    else
        buf_printf(sentence, "%s is lost: %s", what, err.text);
    buf_clear(&path);
    return is_kept;
}
