/* SPDX-License-Identifier: MIT */
#include "app/attach.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/media.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/utf8.h"
#include "ui/receipt.h"

enum { MIB = 1024 * 1024 };

/* Lines of a file, from 1; all-zero is the whole. */
struct lines {
    uint64_t first, last;
    bool are_wrong; /* none from 0, and none that end before they begin */
};

/* Limits of a prompt. */

static bool has_room(const struct attachments *files, size_t size,
                     struct error *err)
{
    if (files->list.count >= ATTACH_COUNT_MAX)
        return error_set(err, ERROR_LIMIT,
                         "%d files are attached already; send the others with "
                         "the next prompt",
                         ATTACH_COUNT_MAX);
    if (size > ATTACH_TOTAL_MAX - attachments_size(files))
        return error_set(err, ERROR_LIMIT,
                         "the files of one prompt may have %d MiB together; "
                         "send the others with the next prompt",
                         ATTACH_TOTAL_MAX / MIB);
    return true;
}

/* Text. */

/* How many whole lines stand in the first bytes that go along. */
static size_t lines_that_fit(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len && i < ATTACH_TEXT_MAX; i++)
        count += text.ptr[i] == '\n';
    return count;
}

static bool refuse_long_text(const char *name, struct slice text,
                             struct error *err)
{
    size_t count = lines_that_fit(text);
    if (count == 0)
        return error_set(err, ERROR_LIMIT,
                         "%s is larger than %d MiB and has no lines to attach "
                         "it by; split -b cuts it in parts",
                         name, ATTACH_TEXT_MAX / MIB);
    return error_set(err, ERROR_LIMIT,
                     "%s is larger than %d MiB; attach it in parts, the first "
                     "is %s:1-%zu",
                     name, ATTACH_TEXT_MAX / MIB, name, count);
}

static bool is_good_text(const char *name, struct slice text, struct slice alt,
                         struct error *err)
{
    if (text.len == 0)
        return error_set(err, ERROR_USAGE, "%s is empty", name);
    if (alt.len)
        return error_set(err, ERROR_USAGE,
                         "%s is text; only what follows a picture is taken as "
                         "words about it (a path with blanks is quoted)",
                         name);
    return text.len <= ATTACH_TEXT_MAX || refuse_long_text(name, text, err);
}

/* Pictures and what is neither. */

static bool is_good_image(const char *name, const struct media *media,
                          size_t size, struct error *err)
{
    return size <= ATTACH_IMAGE_MAX ||
           error_set(err, ERROR_LIMIT,
                     "%s is %s of %ux%u pixels, larger than %d MiB; make it "
                     "smaller, for example: magick FILE -resize 2000x2000 "
                     "smaller.jpg",
                     name, media->about, media->width, media->height,
                     ATTACH_IMAGE_MAX / MIB);
}

static bool refuse(const char *name, const struct media *media,
                   struct error *err)
{
    if (media->kind == MEDIA_DAMAGED)
        return error_set(err, ERROR_USAGE,
                         "%s begins as %s, but its head is damaged or cut off",
                         name, media->about);
    return error_set(err, ERROR_USAGE,
                     "%s is %s; text in UTF-8 and PNG, JPEG, WebP and GIF "
                     "images can be attached%s%s",
                     name, media->about, media->cure ? "; " : "",
                     media->cure ? media->cure : "");
}

static char *copy_slice(struct slice text)
{
    return text.len ? memory_copy(text.ptr, text.len) : NULL;
}

static bool check(const char *name, const struct media *media,
                  struct slice bytes, struct slice alt, struct error *err)
{
    if (media->kind == MEDIA_TEXT)
        return is_good_text(name, bytes, alt, err);
    if (media->kind == MEDIA_IMAGE)
        return is_good_image(name, media, bytes.len, err);
    return refuse(name, media, err);
}

/* A byte order mark is no part of the text. */
static void drop_mark(struct buf *bytes)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (slice_starts(buf_slice(bytes), mark))
        buf_consume(bytes, sizeof mark - 1);
}

bool attach_bytes(struct attachments *files, const char *name,
                  struct buf *take_bytes, struct slice alt, struct error *err)
{
    /* Where reading stopped at the cap a character may be cut. */
    drop_mark(take_bytes);
    struct slice seen = buf_slice(take_bytes);
    if (seen.len > ATTACH_IMAGE_MAX)
        seen.len -= utf8_partial_tail(seen);
    struct media media = media_sniff(seen);
    bool ok =
        check(name, &media, seen, alt, err) && has_room(files, seen.len, err);
    if (ok) {
        *array_add(&files->list) = (struct attachment){
            .name = memory_string(name),
            .media_type = memory_string(media.type),
            .alt = copy_slice(alt),
            .data = *take_bytes,
            .is_image = media.kind == MEDIA_IMAGE,
        };
        *take_bytes = (struct buf){ 0 };
    }
    buf_clear(take_bytes);
    return ok;
}

/* Files. */

/* Up to max bytes, and one more if there are more. */
static bool read_head(int fd, struct buf *out, size_t max)
{
    enum { CHUNK = 256 * 1024 };
    while (out->len <= max) {
        size_t room = max + 1 - out->len;
        ssize_t got =
            read(fd, buf_reserve(out, CHUNK), room < CHUNK ? room : CHUNK);
        if (got == 0)
            break;
        if (got > 0)
            out->len += (size_t)got;
        else if (errno != EINTR)
            return false;
    }
    out->ptr[out->len] = '\0';
    return true;
}

/* Keep of a piece what belongs to the lines; *line is the line that it begins
 * in. Returns false once there is enough. */
static bool take_lines(struct slice piece, const struct lines *lines,
                       uint64_t *line, struct buf *out)
{
    while (piece.len) {
        const char *end = memchr(piece.ptr, '\n', piece.len);
        size_t len = end ? (size_t)(end + 1 - piece.ptr) : piece.len;
        if (*line >= lines->first)
            buf_append(out, piece.ptr, len);
        *line += end != NULL;
        if (*line > lines->last || out->len > ATTACH_IMAGE_MAX)
            return false;
        piece = slice_skip(piece, len);
    }
    return true;
}

/* However large the file is, only its lines are kept. */
static bool read_lines(int fd, struct buf *out, const struct lines *lines)
{
    enum { CHUNK = 256 * 1024 };
    struct buf piece = { 0 };
    uint64_t line = 1;
    bool is_going = true, ok = true;
    while (is_going && ok) {
        buf_reset(&piece);
        ok = read_head(fd, &piece, CHUNK - 1);
        is_going =
            ok && piece.len && take_lines(buf_slice(&piece), lines, &line, out);
    }
    buf_clear(&piece);
    return ok;
}

/* Where a relative path was typed its directories tell files apart; what
 * stands above them is nobody's business. */
static void append_name(struct buf *out, const char *place)
{
    const char *slash = strrchr(place, '/');
    bool is_below = place[0] != '/' && place[0] != '~' && !strstr(place, "..");
    while (is_below && !strncmp(place, "./", 2))
        place += 2;
    utf8_append_valid(out, slice_of(slash && !is_below ? slash + 1 : place));
}

/* The descriptor, or -1. */
static int open_place(const char *path, struct error *err)
{
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        error_set(err, ERROR_USAGE, "%s is a directory; name the files in it",
                  path);
        return -1;
    }
    int fd = path_open_file(path, SIZE_MAX, err);
    if (fd < 0)
        err->kind = ERROR_USAGE;
    return fd;
}

static bool check_lines(const char *name, struct slice text, struct error *err)
{
    if (text.len == 0)
        return error_set(err, ERROR_USAGE, "%s: the file has fewer lines",
                         name);
    size_t count = lines_that_fit(text);
    if (text.len <= ATTACH_TEXT_MAX)
        return true;
    if (count == 0)
        return error_set(err, ERROR_LIMIT,
                         "%s: its first line alone is larger than %d MiB; "
                         "split -b cuts the file in parts",
                         name, ATTACH_TEXT_MAX / MIB);
    return error_set(err, ERROR_LIMIT,
                     "%s is larger than %d MiB; the first %zu line%s of it "
                     "fit%s",
                     name, ATTACH_TEXT_MAX / MIB, count, count == 1 ? "" : "s",
                     count == 1 ? "s" : "");
}

static bool has_lines(int fd, const char *name, struct error *err)
{
    enum { HEAD_MAX = 4096 };
    char head[HEAD_MAX];
    ssize_t len = pread(fd, head, sizeof head, 0);
    if (len <= 0)
        return true;
    struct media media = media_sniff((struct slice){ head, (size_t)len });
    return (media.kind != MEDIA_IMAGE && media.kind != MEDIA_DAMAGED) ||
           error_set(err, ERROR_USAGE,
                     "%s: the file is %s, and only a text has lines", name,
                     media.about);
}

static bool read_place(int fd, const char *name, const struct lines *lines,
                       struct buf *bytes, struct error *err)
{
    if (lines->first && !has_lines(fd, name, err))
        return false;
    bool ok = lines->first ? read_lines(fd, bytes, lines)
                           : read_head(fd, bytes, ATTACH_IMAGE_MAX);
    if (!ok)
        return error_system(err, "%s", name);
    return !lines->first || check_lines(name, buf_slice(bytes), err);
}

/* Whatever links there are on the way, and whoever changes them meanwhile. */
char *attach_resolve(int fd)
{
    char link[32], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path);
    return len > 0 && path[0] == '/' ? memory_copy(path, (size_t)len) : NULL;
}

static bool add_file(struct attachments *files, const char *path,
                     const char *name, const struct lines *lines,
                     struct slice alt, struct error *err)
{
    struct buf bytes = { 0 };
    int fd = has_room(files, 0, err) ? open_place(path, err) : -1;
    if (fd < 0)
        return false;
    bool ok = read_place(fd, name, lines, &bytes, err);
    char *resolved = attach_resolve(fd);
    close(fd);
    ok = ok && attach_bytes(files, name, &bytes, alt, err);
    buf_clear(&bytes);
    if (ok) {
        struct attachment *file = array_last(&files->list);
        file->path = memory_string(path);
        file->resolved = resolved;
    } else {
        free(resolved);
    }
    return ok;
}

/* PATH:FROM-TO. The length of PATH; 0: it is none. */
static size_t parse_lines(const char *place, struct lines *lines)
{
    const char *colon = strrchr(place, ':');
    char *end;
    if (!colon || colon == place || colon[1] < '0' || colon[1] > '9')
        return 0;
    lines->first = strtoull(colon + 1, &end, 10);
    lines->last = *end ? UINT64_MAX : lines->first;
    if (*end == '-' && end[1] >= '0' && end[1] <= '9')
        lines->last = strtoull(end + 1, &end, 10);
    else if (*end == '-')
        end++;
    lines->are_wrong = lines->first == 0 || lines->last < lines->first;
    return *end ? 0 : (size_t)(colon - place);
}

static bool is_there(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

/* The path of a place, and the lines of it that are meant. */
static void find_path(struct buf *path, const char *place, struct lines *lines)
{
    struct lines meant = { 0 };
    size_t len = parse_lines(place, &meant);
    path_expand(path, place);
    if (is_there(buf_string(path)) || !len)
        return;
    char *shorter = memory_copy(place, len);
    struct buf other = { 0 };
    path_expand(&other, shorter);
    if (is_there(buf_string(&other))) {
        buf_reset(path);
        buf_append_slice(path, buf_slice(&other));
        *lines = meant;
    }
    buf_clear(&other);
    free(shorter);
}

bool attach_find(const char *place, size_t *size)
{
    struct buf path = { 0 };
    struct lines lines = { 0 };
    struct stat status;
    find_path(&path, place, &lines);
    bool is_file =
        stat(buf_string(&path), &status) == 0 && !S_ISDIR(status.st_mode);
    if (size)
        *size = is_file && !lines.first ? (size_t)status.st_size : 0;
    buf_clear(&path);
    return is_file;
}

/* Addresses. */

static bool is_address(struct slice place)
{
    return (place.len > 7 && !strncasecmp(place.ptr, "http://", 7)) ||
           (place.len > 8 && !strncasecmp(place.ptr, "https://", 8));
}

static bool add_address(struct attachments *files, struct slice url,
                        struct slice alt, struct error *err)
{
    enum { URL_MAX = 8192 };
    for (size_t i = 0; i < url.len; i++) {
        if ((unsigned char)url.ptr[i] <= ' ' || url.ptr[i] == 0x7F)
            return error_set(err, ERROR_USAGE, "an address has no blanks");
    }
    if (url.len > URL_MAX)
        return error_set(err, ERROR_LIMIT,
                         "the address is longer than %d bytes", URL_MAX);
    if (!has_room(files, 0, err))
        return false;
    *array_add(&files->list) = (struct attachment){
        .name = copy_slice(url),
        .alt = copy_slice(alt),
        .url = copy_slice(url),
        .is_image = true,
    };
    return true;
}

static bool check_range(const char *place, const struct lines *lines,
                        struct error *err)
{
    return !lines->are_wrong ||
           error_set(
               err, ERROR_USAGE,
               "%s: there are no such lines: they count from 1, the first "
               "one before the last, as in FILE:3-5",
               place);
}

bool attach_add(struct attachments *files, struct slice place, struct slice alt,
                struct error *err)
{
    struct buf path = { 0 }, name = { 0 };
    struct lines lines = { 0 };
    if (is_address(place))
        return add_address(files, place, alt, err);
    if (place.len == 0)
        return error_set(err, ERROR_USAGE, "no file is named");
    char *string = memory_copy(place.ptr, place.len);
    find_path(&path, string, &lines);
    append_name(&name, string);
    bool ok =
        check_range(string, &lines, err) &&
        add_file(files, buf_string(&path), buf_string(&name), &lines, alt, err);
    if (ok)
        array_last(&files->list)->place = string;
    else
        free(string);
    buf_clear(&path);
    buf_clear(&name);
    return ok;
}

void attach_format(struct buf *out, const struct attachment *file)
{
    buf_append_string(out, file->name);
    if (file->url) {
        buf_append_string(out, ", image by its address");
        return;
    }
    if (file->is_image) {
        struct media media = media_sniff(buf_slice(&file->data));
        buf_printf(out, ", image %ux%u", media.width, media.height);
    }
    buf_append_string(out, ", ");
    receipt_size(out, file->data.len);
}
