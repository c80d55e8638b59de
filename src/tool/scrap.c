/* SPDX-License-Identifier: MIT */
#include "tool/scrap.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

/* Directories within one another: each keeps a descriptor open. */
enum { DEPTH_MAX = 200 };

char *scrap_make(struct error *err)
{
    const char *parent = getenv("TMPDIR");
    struct buf path = { 0 };
    buf_printf(&path, "%s/sennit-XXXXXX",
               parent && parent[0] == '/' ? parent : "/tmp");
    if (mkdtemp(path.ptr))
        return buf_steal(&path);
    error_system(err, "making %s", path.ptr);
    buf_clear(&path);
    return NULL;
}

static void empty(int directory, int depth);

/* Who made it may have taken our right to look into it. */
static void remove_entry(int parent, const char *name, int depth)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    if (unlinkat(parent, name, 0) == 0 || depth == 0)
        return;
    int directory = openat(parent, name, flags);
    if (directory < 0 && fchmodat(parent, name, 0700, 0) == 0)
        directory = openat(parent, name, flags);
    if (directory >= 0)
        empty(directory, depth - 1);
    unlinkat(parent, name, AT_REMOVEDIR);
}

/* Takes the descriptor. */
static void empty(int directory, int depth)
{
    DIR *stream = fdopendir(directory);
    struct dirent *entry;
    if (!stream) {
        close(directory);
        return;
    }
    fchmod(directory, 0700);
    while ((entry = readdir(stream))) {
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            remove_entry(directory, entry->d_name, depth);
    }
    closedir(stream);
}

void scrap_remove(const char *path)
{
    if (path)
        remove_entry(AT_FDCWD, path, DEPTH_MAX);
}
