/* SPDX-License-Identifier: MIT */
#include "store/ballast.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/buf.h"

enum { ROOM_FACTOR = 16 };

static void append_path(struct buf *path, const char *directory)
{
    buf_printf(path, "%s/ballast", directory);
}

void ballast_load(const char *directory)
{
    struct buf path = { 0 };
    struct stat info;
    struct statvfs room;
    append_path(&path, directory);
    bool is_there = stat(buf_string(&path), &info) == 0;
    if (!is_there && statvfs(directory, &room) == 0 &&
        room.f_bavail > (fsblkcnt_t)BALLAST_SIZE * ROOM_FACTOR /
                            (room.f_frsize ? room.f_frsize : 1)) {
        int fd = open(buf_string(&path),
                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        /* Half a ballast is none. */
        if (fd >= 0 && posix_fallocate(fd, 0, BALLAST_SIZE) != 0)
            unlink(buf_string(&path));
        if (fd >= 0)
            close(fd);
    }
    buf_clear(&path);
}

bool ballast_drop(const char *directory)
{
    struct buf path = { 0 };
    append_path(&path, directory);
    bool was_there = unlink(buf_string(&path)) == 0;
    buf_clear(&path);
    return was_there;
}
