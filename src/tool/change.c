/* SPDX-License-Identifier: MIT */
#include "tool/change.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/media.h"
#include "base/path.h"
#include "base/utf8.h"
#include "tool/diff.h"
#include "tool/edits.h"
#include "tool/swap.h"
#include "tool/way.h"

/* Reading. */

static bool is_ours(int fd, const struct stat *status, const char *word,
                    struct error *err)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (status->st_size > CHANGE_FILE_MAX)
        return error_set(err, ERROR_LIMIT,
                         "%s has %jd bytes; files of at most %d can be edited",
                         word, (intmax_t)status->st_size, CHANGE_FILE_MAX);
    if (faccessat(AT_FDCWD, link, W_OK, AT_EACCESS) < 0)
        return error_set(err, ERROR_TOOL, "%s is read-only; it was not changed",
                         word);
    return true;
}

static bool is_text(struct slice was, const char *word, struct error *err)
{
    struct media media = media_sniff(was);
    return media.kind == MEDIA_TEXT || media.kind == MEDIA_LEGACY ||
           error_set(err, ERROR_TOOL, "%s is %s; only text can be edited", word,
                     media.about);
}

bool change_read(struct tool_plan *plan, struct error *err)
{
    struct target_word word = target_word(slice_of(plan->path));
    int fd = way_open(plan->path, false, err);
    if (fd < 0)
        return false;
    bool ok = fstat(fd, &plan->before) == 0 || error_system(err, "fstat");
    ok = ok && is_ours(fd, &plan->before, word.text, err) &&
         path_read_fd(&plan->was, fd, CHANGE_FILE_MAX, word.text, err) &&
         is_text(buf_slice(&plan->was), word.text, err);
    close(fd);
    return ok;
}

bool change_find(struct tool_plan *plan, const struct tool_place *place,
                 enum target_wish wish, struct error *err)
{
    return target_plan(plan, place, wish, err) &&
           (plan->before.st_ino == 0 || change_read(plan, err));
}

static bool has_crlf(struct slice text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\n')
            continue;
        if (i == 0 || text.ptr[i - 1] != '\r')
            return false;
        lines++;
    }
    return lines > 0;
}

void change_append_lines(struct buf *out, const struct tool_plan *plan,
                         struct slice text)
{
    if (!has_crlf(buf_slice(&plan->was))) {
        buf_append_slice(out, text);
        return;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n' && (i == 0 || text.ptr[i - 1] != '\r'))
            buf_append_char(out, '\r');
        buf_append_char(out, text.ptr[i]);
    }
}

/* Showing. */

static void say(struct buf *about, const struct tool_plan *plan,
                const struct diff_count *count)
{
    buf_printf(about, " +%zu -%zu", count->added, count->removed);
    if (plan->removes)
        buf_append_string(about, " (removed)");
    else if (plan->before.st_ino == 0)
        buf_append_string(about, " (new)");
    else if (plan->before.st_nlink > 1)
        buf_append_string(about, " (its other names keep the old text)");
}

bool change_show(struct tool_plan *plan, const struct tool_place *place,
                 struct error *err)
{
    struct diff_count count;
    struct buf name = { 0 }, text = { 0 };
    bool is_new = plan->before.st_ino == 0;
    target_append_name(&name, place, plan->path);
    struct diff diff = { .name = buf_string(&name),
                         .before = buf_slice(&plan->was),
                         .after = buf_slice(&plan->after),
                         .is_new = is_new,
                         .is_gone = plan->removes };
    bool ok = diff_append(&text, &diff, CHANGE_DIFF_MAX, &count, err);
    if (ok && text.len == 0)
        ok = error_set(err, ERROR_TOOL,
                       "%s is like that already; nothing is to be done",
                       target_word(buf_slice(&name)).text);
    if (ok) {
        utf8_append_valid(&plan->detail, buf_slice(&text));
        plan->is_diff = true;
        buf_append_slice(&plan->about, buf_slice(&name));
        say(&plan->about, plan, &count);
        plan->edit = edits_next(place->edits);
    }
    buf_clear(&name);
    buf_clear(&text);
    return ok;
}

bool change_work(struct tool_work *work, struct error *err)
{
    if (tool_work_is_cancelled(work))
        return error_set(err, ERROR_CANCELLED, "stopped by the user");
    if (!swap_in(work->plan, err))
        return false;
    edits_add(work->place->edits, work->plan);
    buf_append_string(&work->out, "done: ");
    buf_append_slice(&work->out, buf_slice(&work->plan->about));
    buf_append_char(&work->out, '\n');
    return true;
}
