/* SPDX-License-Identifier: MIT */
#include "app/schema_file.h"

#include <string.h>

#include "base/path.h"

/* An empty file is no schema, and no way to end one. */
static bool use_text(struct chat *chat, struct slice text, const char *path,
                     struct error *err)
{
    const char *slash = strrchr(path, '/');
    if (slice_trim(text).len == 0)
        return error_set(err, ERROR_CONFIG, "%s: the file is empty", path);
    return chat_set_schema(chat, text, slash ? slash + 1 : path, err);
}

bool schema_file_use(struct chat *chat, const char *path, struct error *err)
{
    struct buf full = { 0 }, text = { 0 };
    if (!path)
        return true;
    path_expand(&full, path);
    bool ok = path_read_file(&text, buf_string(&full), SCHEMA_FILE_MAX, err);
    if (!ok && err->kind == ERROR_SYSTEM)
        err->kind = ERROR_USAGE;
    ok = ok && use_text(chat, buf_slice(&text), path, err);
    buf_clear(&full);
    buf_clear(&text);
    return ok;
}
