/* SPDX-License-Identifier: MIT */
#include "tool/list_dir.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/utf8.h"
#include "tool/entry_name.h"
#include "tool/target.h"
#include "tool/walk.h"
#include "tool/way.h"

struct listing {
    struct tool_work *work;
    struct buf top; /* the path of the directory as tools call it, "" or "x/" */
    int depth;
    bool is_full, is_cancelled;
};

static int depth_of(const json_t *arguments)
{
    uint64_t depth;
    if (!json_count(arguments, "depth", &depth) || depth < 1)
        return 1;
    return depth < LIST_DIR_DEPTH_MAX ? (int)depth : LIST_DIR_DEPTH_MAX;
}

static bool plan(const struct tool_place *place, struct tool_plan *plan,
                 struct error *err)
{
    if (!target_plan(plan, place, TARGET_DIRECTORY, err))
        return false;
    target_append_name(&plan->about, place, plan->path);
    if (depth_of(plan->arguments) > 1)
        buf_printf(&plan->about, ", %d deep", depth_of(plan->arguments));
    buf_append_string(&plan->detail, plan->path);
    return true;
}

/* One line each. */

static void append_size(struct buf *out, off_t size)
{
    static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
    double value = (double)size;
    size_t unit = 0;
    while (value >= 1000 && unit + 1 < COUNTOF(units)) {
        value /= 1000;
        unit++;
    }
    buf_printf(out, unit && value < 9.95 ? "  %.1f %s" : "  %.0f %s", value,
               units[unit]);
}

static void append_link(struct buf *out, const struct walk_entry *entry)
{
    char target[PATH_MAX];
    ssize_t len = readlinkat(entry->parent, entry->name, target, sizeof target);
    buf_append_string(out, " -> ");
    if (len >= 0)
        entry_name_append(out, (struct slice){ target, (size_t)len });
}

static void append_kind(struct buf *out, const struct walk_entry *entry)
{
    switch (entry->status.st_mode & S_IFMT) {
    case S_IFREG: append_size(out, entry->status.st_size); break;
    case S_IFDIR: buf_append_char(out, '/'); break;
    case S_IFLNK: append_link(out, entry); break;
    case S_IFIFO: buf_append_string(out, "  (FIFO)"); break;
    case S_IFSOCK: buf_append_string(out, "  (socket)"); break;
    default: buf_append_string(out, "  (device)"); break;
    }
}

static void append_path(struct listing *listing, const char *path)
{
    struct buf whole = { 0 };
    buf_append_slice(&whole, buf_slice(&listing->top));
    buf_append_string(&whole, path);
    entry_name_append(&listing->work->out, buf_slice(&whole));
    buf_clear(&whole);
}

/* Which of a directory are left out is said where they would stand. */
static enum walk_next leave_out(struct listing *listing,
                                const struct walk_entry *entry)
{
    buf_printf(&listing->work->out, "[%zu more", entry->count - entry->index);
    if (entry->depth > 1)
        buf_printf(&listing->work->out,
                   " beside the %zu above; list_dir with "
                   "their directory shows more",
                   entry->index);
    else
        buf_append_string(&listing->work->out,
                          "; search_files with a glob finds names of files");
    buf_append_string(&listing->work->out, "]\n");
    return WALK_UP;
}

static enum walk_next visit(void *context, const struct walk_entry *entry)
{
    struct listing *listing = context;
    struct buf *out = &listing->work->out;
    size_t most = entry->depth == 1 ? LIST_DIR_MANY : LIST_DIR_FEW;
    listing->is_cancelled = tool_work_is_cancelled(listing->work);
    if (listing->is_cancelled)
        return WALK_END;
    listing->is_full =
        out->len > tool_plan_most(listing->work->plan, LIST_DIR_MAX);
    if (listing->is_full) {
        buf_append_string(out, "[there is more, which has no room here; list "
                               "a smaller part]\n");
        return WALK_END;
    }
    if (entry->index >= most)
        return leave_out(listing, entry);
    append_path(listing, entry->path);
    append_kind(out, entry);
    bool is_hidden = S_ISDIR(entry->status.st_mode) &&
                     !strcmp(entry->name, ".git") && listing->depth > 1;
    buf_append_string(out, is_hidden ? "  (not entered)\n" : "\n");
    return is_hidden || entry->depth >= listing->depth ? WALK_OVER : WALK_ON;
}

static void refused(void *context, const struct walk_entry *entry, int number)
{
    struct listing *listing = context;
    struct buf *out = &listing->work->out;
    buf_append_char(out, '[');
    append_path(listing, entry->path);
    buf_printf(out, " is not entered: %s]\n",
               number ? strerror(number) : "it is of the kernel, or too deep");
}

static void find_top(struct listing *listing)
{
    const struct tool_work *work = listing->work;
    target_append_name(&listing->top, work->place, work->plan->path);
    if (!strcmp(buf_string(&listing->top), "."))
        buf_reset(&listing->top);
    else if (listing->top.ptr[listing->top.len - 1] != '/')
        buf_append_char(&listing->top, '/');
}

static bool work(struct tool_work *work, struct error *err)
{
    struct listing listing = { .work = work,
                               .depth = depth_of(work->plan->arguments) };
    int fd = way_open(work->plan->path, true, err);
    if (fd < 0)
        return false;
    find_top(&listing);
    bool ok = walk(fd, visit, refused, &listing, err);
    if (listing.is_cancelled)
        ok = error_set(err, ERROR_CANCELLED, "stopped by the user");
    else if (ok && work->out.len == 0)
        buf_append_string(&work->out, "[the directory is empty]\n");
    buf_clear(&listing.top);
    close(fd);
    return ok;
}

const struct tool list_dir_tool = {
    .name = "list_dir",
    .about = "List a directory.",
    .schema = "{\"type\":\"object\",\"properties\":{"
              "\"path\":{\"type\":\"string\","
              "\"description\":\"without it: the working directory\"},"
              "\"depth\":{\"type\":\"integer\",\"minimum\":0,"
              "\"description\":\"2: also what is in its directories\"}},"
              "\"additionalProperties\":false}",
    .effect = TOOL_READS,
    .executor = TOOL_WORKS,
    .plan = plan,
    .work = work,
};
