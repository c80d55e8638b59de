/* SPDX-License-Identifier: MIT */
#include "ui/sink.h"

#include <assert.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* A stream on a descriptor above 2: ncurses takes 1 for the screen and falls
 * back to 2 where it is no terminal. */
static FILE *open_stream(int fd, const char *mode)
{
    int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (fd >= 0)
        close(fd);
    FILE *stream = high < 0 ? NULL : fdopen(high, mode);
    if (!stream && high >= 0)
        close(high);
    return stream;
}

bool sink_open(struct sink *sink)
{
    sink->frame = open_stream(memfd_create("frame", MFD_CLOEXEC), "w+");
    sink->null = open_stream(open("/dev/null", O_RDONLY | O_CLOEXEC), "r");
    return sink->frame && sink->null;
}

void sink_close(struct sink *sink)
{
    if (sink->frame)
        fclose(sink->frame);
    if (sink->null)
        fclose(sink->null);
    *sink = (struct sink){ 0 };
}

size_t sink_len(const struct sink *sink)
{
    off_t len = lseek(fileno(sink->frame), 0, SEEK_CUR);
    return len > 0 ? (size_t)len : 0;
}

void sink_take(struct sink *sink, struct buf *out)
{
    int fd = fileno(sink->frame);
    size_t len = sink_len(sink);
    if (len == 0)
        return;
    if (out) {
        ssize_t got = pread(fd, buf_reserve(out, len), len, 0);
        /* A memfd gives what was written to it. */
        assert(got == (ssize_t)len);
        out->len += len;
        out->ptr[out->len] = '\0';
    }
    lseek(fd, 0, SEEK_SET);
    if (ftruncate(fd, 0) < 0)
        assert(false && "a memfd can be truncated");
}
