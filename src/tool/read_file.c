/* SPDX-License-Identifier: MIT */
#include "tool/read_file.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/media.h"
#include "base/utf8.h"
#include "tool/target.h"
#include "tool/way.h"

enum { CHUNK = 64 * 1024 };

/* Lines that are wanted, and what has come of them. */
struct reading {
    uint64_t first, count;
    size_t max, line_max; /* bytes of all, of each */
    uint64_t line;        /* that the next byte belongs to, from 1 */
    size_t line_start;    /* where it begins in the text */
    size_t line_len;      /* bytes of it so far */
    uint64_t read;        /* bytes of the file */
    struct buf text;      /* what is shown */
    uint64_t shown;       /* the last line that is, 0: none */
    uint64_t full_at;     /* the line that found no room, 0: none */
    uint64_t cut_count;   /* lines that are not shown whole */
    uint64_t crlf, lf;    /* endings of lines that are shown */
    bool has_end;         /* the end of the file was seen */
};

static struct reading wanted(const struct tool_plan *plan)
{
    const json_t *arguments = plan->arguments;
    struct reading reading = { .line = 1,
                               .max = tool_plan_most(plan, READ_FILE_MAX) };
    if (!json_count(arguments, "offset", &reading.first) || !reading.first)
        reading.first = 1;
    if (!json_count(arguments, "limit", &reading.count) || !reading.count)
        reading.count = READ_FILE_LINES;
    size_t least = reading.max < 2 * READ_FILE_LINE_MIN ? reading.max / 2
                                                        : READ_FILE_LINE_MIN;
    reading.line_max = reading.max / reading.count;
    if (reading.line_max < least)
        reading.line_max = least;
    return reading;
}

static bool plan(const struct tool_place *place, struct tool_plan *plan,
                 struct error *err)
{
    if (!target_plan(plan, place, TARGET_FILE, err))
        return false;
    struct reading reading = wanted(plan);
    target_append_name(&plan->about, place, plan->path);
    if (json_object_get(plan->arguments, "offset") ||
        json_object_get(plan->arguments, "limit"))
        buf_printf(&plan->about, ":%" PRIu64 "-%" PRIu64, reading.first,
                   reading.first > UINT64_MAX - reading.count
                       ? UINT64_MAX
                       : reading.first + reading.count - 1);
    buf_append_string(&plan->detail, plan->path);
    return true;
}

/* Taking lines. */

static bool is_wanted(const struct reading *reading)
{
    return reading->line >= reading->first &&
           reading->line - reading->first < reading->count && !reading->full_at;
}

/* A piece of a line, without its LF. One that finds no room is taken back, unless
 * it is the first. */
static void take_piece(struct reading *reading, struct slice piece)
{
    size_t had = reading->line_len;
    struct buf *text = &reading->text;
    reading->line_len += piece.len;
    if (!is_wanted(reading))
        return;
    if (had == 0)
        reading->line_start = text->len;
    reading->shown = reading->line;
    if (had < reading->line_max) {
        size_t room = reading->line_max - had;
        buf_append(text, piece.ptr, piece.len < room ? piece.len : room);
    }
    if (text->len > reading->max && reading->line_start > 0) {
        buf_truncate(text, reading->line_start);
        reading->full_at = reading->line;
        reading->shown--;
    }
}

static void end_line(struct reading *reading)
{
    struct buf *text = &reading->text;
    if (!is_wanted(reading) || reading->line_len <= reading->line_max)
        return;
    buf_truncate(text, text->len - utf8_partial_tail(buf_slice(text)));
    buf_printf(text, " [%zu more bytes in this line]",
               reading->line_len - reading->line_max);
    reading->cut_count++;
}

static void take_ending(struct reading *reading)
{
    struct buf *text = &reading->text;
    if (!is_wanted(reading))
        return;
    bool is_crlf = reading->line_len && text->ptr[text->len - 1] == '\r';
    reading->crlf += is_crlf;
    reading->lf += !is_crlf && reading->line_len <= reading->line_max;
    end_line(reading);
    buf_append_char(text, '\n');
}

static void take(struct reading *reading, struct slice bytes)
{
    reading->read += bytes.len;
    while (bytes.len) {
        const char *end = memchr(bytes.ptr, '\n', bytes.len);
        size_t len = end ? (size_t)(end - bytes.ptr) : bytes.len;
        take_piece(reading, (struct slice){ bytes.ptr, len });
        if (end) {
            take_ending(reading);
            reading->line++;
            reading->line_len = 0;
        }
        bytes = slice_skip(bytes, len + (end != NULL));
    }
}

/* Reading. */

/* Bytes, 0 at the end, -1: an error. A file of the kernel may have nothing to
 * say for now. */
static ssize_t read_piece(int fd, char *piece, const char *path,
                          struct error *err)
{
    for (;;) {
        ssize_t len = read(fd, piece, CHUNK);
        if (len >= 0)
            return len;
        if (errno == EAGAIN)
            error_set(err, ERROR_TOOL,
                      "%s has nothing to read now: it is no ordinary file",
                      target_word(slice_of(path)).text);
        else if (errno != EINTR)
            error_system(err, "%s", target_word(slice_of(path)).text);
        if (errno != EINTR)
            return -1;
    }
}

/* False for what is no text, as far as its beginning tells. */
static bool is_text(struct slice head, const struct tool_work *work, off_t size,
                    struct error *err)
{
    if (head.len == CHUNK)
        head.len -= utf8_partial_tail(head);
    struct media media = media_sniff(head);
    struct target_word word = target_known_as(work->place, work->plan->path);
    if (media.kind == MEDIA_TEXT || media.kind == MEDIA_LEGACY)
        return true;
    if (media.kind == MEDIA_IMAGE)
        return error_set(err, ERROR_TOOL,
                         "%s is %s of %ux%u pixels, %jd bytes; read_file reads "
                         "text only",
                         word.text, media.about, media.width, media.height,
                         (intmax_t)size);
    return error_set(err, ERROR_TOOL,
                     "%s is %s of %jd bytes; read_file reads text only%s%s",
                     word.text, media.about, (intmax_t)size,
                     media.cure ? "; " : "", media.cure ? media.cure : "");
}

/* Enough has been seen when the lines are there and the rest is too long to be
 * counted. */
static bool is_enough(const struct reading *reading)
{
    bool has_all =
        reading->full_at || (reading->line > reading->first &&
                             reading->line - reading->first >= reading->count);
    return has_all && reading->read > READ_FILE_COUNT_MAX;
}

static bool read_all(struct reading *reading, int fd,
                     const struct tool_work *work, struct error *err)
{
    struct buf piece = { 0 };
    struct stat status;
    bool ok = fstat(fd, &status) == 0 || error_system(err, "fstat");
    buf_reserve(&piece, CHUNK);
    while (ok && !reading->has_end && !is_enough(reading)) {
        ssize_t len = read_piece(fd, piece.ptr, work->plan->path, err);
        struct slice bytes = { piece.ptr, len > 0 ? (size_t)len : 0 };
        ok = len >= 0 && (reading->read || !len ||
                          is_text(bytes, work, status.st_size, err));
        if (ok && tool_work_is_cancelled(work))
            ok = error_set(err, ERROR_CANCELLED, "stopped by the user");
        if (ok)
            take(reading, bytes);
        reading->has_end = len == 0;
    }
    if (ok && reading->line_len)
        end_line(reading);
    buf_clear(&piece);
    return ok;
}

/* What the model gets. */

/* A NUL is no text either, and some servers end a message there. */
static void append_text(struct buf *out, struct reading *reading, bool *is_odd)
{
    struct slice text = buf_slice(&reading->text);
    bool drops_cr = reading->crlf && !reading->lf;
    *is_odd =
        !utf8_is_valid(text) || (text.len && memchr(text.ptr, '\0', text.len));
    while (text.len) {
        uint32_t character;
        size_t len = utf8_decode(text, &character);
        bool is_cr = drops_cr && text.len > 1 && !memcmp(text.ptr, "\r\n", 2);
        if (character == 0)
            utf8_append(out, UTF8_REPLACEMENT);
        else if (!is_cr)
            utf8_append(out, character);
        text = slice_skip(text, len);
    }
}

static void append_range(struct buf *out, const struct reading *reading)
{
    uint64_t total = reading->line - (reading->line_len == 0);
    bool is_whole = reading->first == 1 && reading->shown == total;
    if (reading->has_end && is_whole)
        return;
    buf_printf(out, "[lines %" PRIu64 "-%" PRIu64 " of %s%" PRIu64,
               reading->first, reading->shown,
               reading->has_end ? "" : "more than ", total);
    if (!reading->has_end || reading->shown < total)
        buf_printf(out, "; read on with offset %" PRIu64, reading->shown + 1);
    buf_append_string(out, "]\n");
}

static void append_answer(struct buf *out, struct reading *reading)
{
    bool is_odd;
    append_text(out, reading, &is_odd);
    if (out->len && out->ptr[out->len - 1] != '\n')
        buf_append_char(out, '\n');
    append_range(out, reading);
    if (reading->cut_count && reading->count > 1)
        buf_append_string(out, "[limit 1 shows more of a long line]\n");
    if (reading->crlf && !reading->lf)
        buf_append_string(out, "[its lines end with CRLF; edit_file and "
                               "write_file keep that]\n");
    if (is_odd)
        buf_append_string(out, "[bytes that are not UTF-8 are shown as "
                               "\xEF\xBF\xBD; edit_file keeps them in lines "
                               "that it does not change]\n");
}

static bool work(struct tool_work *work, struct error *err)
{
    struct reading reading = wanted(work->plan);
    int fd = way_open(work->plan->path, false, err);
    bool ok = fd >= 0 && read_all(&reading, fd, work, err);
    if (ok && reading.read == 0)
        buf_append_string(&work->out, "[the file is empty]\n");
    else if (ok && !reading.shown)
        ok = error_set(err, ERROR_TOOL,
                       "the file has %" PRIu64
                       " lines; the offset must not be greater",
                       reading.line - (reading.line_len == 0));
    else if (ok)
        append_answer(&work->out, &reading);
    buf_clear(&reading.text);
    if (fd >= 0)
        close(fd);
    return ok;
}

const struct tool read_file_tool = {
    .name = "read_file",
    .about = "Read a text file.",
    .schema = "{\"type\":\"object\",\"properties\":{"
              "\"path\":{\"type\":\"string\"},"
              "\"offset\":{\"type\":\"integer\",\"minimum\":0,"
              "\"description\":\"first line, from 1\"},"
              "\"limit\":{\"type\":\"integer\",\"minimum\":0,"
              "\"description\":\"number of lines\"}},"
              "\"required\":[\"path\"],\"additionalProperties\":false}",
    .effect = TOOL_READS,
    .executor = TOOL_WORKS,
    .plan = plan,
    .work = work,
};
