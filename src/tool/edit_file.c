/* SPDX-License-Identifier: MIT */
#include "tool/edit_file.h"

#include <string.h>

#include "base/json.h"
#include "tool/change.h"
#include "tool/similar.h"

enum { PLACES_MAX = 5 /* that are named */ };

/* Where the text begins next, or NULL. */
static const char *find(struct slice in, struct slice text)
{
    return in.len ? memmem(in.ptr, in.len, text.ptr, text.len) : NULL;
}

static size_t count_lines(const char *from, const char *to)
{
    size_t count = 0;
    while ((from = memchr(from, '\n', (size_t)(to - from)))) {
        count++;
        from++;
    }
    return count;
}

/* Append the file with each occurrence replaced. Returns how many there are;
 * lines of the first are appended to `places`. */
static size_t replace(struct buf *out, struct slice in, struct slice old,
                      struct slice new, struct buf *places)
{
    size_t count = 0, line = 1;
    for (const char *at; (at = find(in, old)); count++) {
        line += count_lines(in.ptr, at);
        if (count < PLACES_MAX)
            buf_printf(places, "%s%zu", count ? ", " : "", line);
        else if (count == PLACES_MAX)
            buf_append_string(places, ", ...");
        buf_append(out, in.ptr, (size_t)(at - in.ptr));
        buf_append_slice(out, new);
        line += count_lines(at, at + old.len);
        in = slice_skip(in, (size_t)(at - in.ptr) + old.len);
    }
    buf_append_slice(out, in);
    return count;
}

static bool refuse_count(const struct tool_plan *plan, size_t count,
                         const struct buf *places, struct error *err)
{
    if (!plan->is_beneath)
        return error_set(err, ERROR_TOOL,
                         "old_text must stand in the file exactly once, and "
                         "does not; the file lies outside of the working "
                         "directory, read it first");
    return error_set(err, ERROR_TOOL,
                     "old_text is there %zu times, from lines %s; add lines "
                     "around it until it is unique, or set all to true",
                     count, buf_string(places));
}

static bool refuse_none(const struct tool_plan *plan, struct slice old,
                        struct error *err)
{
    struct buf words = { 0 };
    if (!plan->is_beneath)
        return refuse_count(plan, 0, NULL, err);
    similar_append(&words, buf_slice(&plan->was), old);
    error_set(err, ERROR_TOOL, "old_text is not in the file%s",
              buf_string(&words));
    buf_clear(&words);
    return false;
}

/* The texts are as the file has its lines. */
static bool edit(struct tool_plan *plan, struct slice old, struct slice new,
                 struct error *err)
{
    struct buf places = { 0 };
    bool is_all = json_is_truthy(plan->arguments, "all");
    size_t count =
        replace(&plan->after, buf_slice(&plan->was), old, new, &places);
    bool ok = count == 1 || (count && is_all);
    if (count == 0)
        refuse_none(plan, old, err);
    else if (!ok)
        refuse_count(plan, count, &places, err);
    buf_clear(&places);
    return ok;
}

static bool is_good(struct slice old, struct slice new, struct error *err)
{
    if (old.len == 0)
        return error_set(err, ERROR_TOOL,
                         "old_text is empty; give the text to be replaced, or "
                         "make a file with write_file");
    if (slice_equal(old, new))
        return error_set(err, ERROR_TOOL,
                         "old_text and new_text are the same; nothing would "
                         "change");
    if (new.len && memchr(new.ptr, '\0', new.len))
        return error_set(err, ERROR_TOOL,
                         "new_text holds a NUL character; only text can be "
                         "written");
    return true;
}

static bool plan(const struct tool_place *place, struct tool_plan *plan,
                 struct error *err)
{
    struct slice old_text = json_slice(plan->arguments, "old_text");
    struct slice new_text = json_slice(plan->arguments, "new_text");
    struct buf old = { 0 }, new = { 0 };
    if (!is_good(old_text, new_text, err) ||
        !change_find(plan, place, TARGET_FILE, err))
        return false;
    change_append_lines(&old, plan, old_text);
    change_append_lines(&new, plan, new_text);
    bool ok = edit(plan, buf_slice(&old), buf_slice(&new), err) &&
              change_show(plan, place, err);
    buf_clear(&old);
    buf_clear(&new);
    return ok;
}

const struct tool edit_file_tool = {
    .name = "edit_file",
    .about = "Replace a text in a file by another. old_text must be in the "
             "file exactly once, copied with its white space; take in lines "
             "around it to make it unique.",
    .schema = "{\"type\":\"object\",\"properties\":{"
              "\"path\":{\"type\":\"string\"},"
              "\"old_text\":{\"type\":\"string\"},"
              "\"new_text\":{\"type\":\"string\"},"
              "\"all\":{\"type\":\"boolean\","
              "\"description\":\"replace wherever it is\"}},"
              "\"required\":[\"path\",\"old_text\",\"new_text\"],"
              "\"additionalProperties\":false}",
    .effect = TOOL_EDITS,
    .executor = TOOL_WORKS,
    .plan = plan,
    .work = change_work,
};
