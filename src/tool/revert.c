/* SPDX-License-Identifier: MIT */
#include "tool/revert.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/utf8.h"
#include "tool/change.h"
#include "tool/diff.h"
#include "tool/edits.h"

/* What has come between goes into the detail. */
static bool refuse_changed(const struct tool_place *place,
                           struct tool_plan *plan, struct slice left,
                           struct error *err)
{
    struct diff_count count;
    struct buf name = { 0 }, text = { 0 };
    struct error ignored;
    target_append_name(&name, place, plan->path);
    struct diff diff = { .name = buf_string(&name),
                         .before = left,
                         .after = buf_slice(&plan->was) };
    bool is_shown =
        diff_append(&text, &diff, CHANGE_DIFF_MAX, &count, &ignored);
    utf8_append_valid(&plan->detail, buf_slice(&text));
    plan->is_diff = is_shown;
    error_set(
        err, ERROR_TOOL,
        "%s has changed since this edit (+%zu -%zu lines); it was left as "
        "it is",
        target_word(buf_slice(&name)).text, count.added, count.removed);
    buf_clear(&name);
    buf_clear(&text);
    return false;
}

static bool refuse_presence(const struct tool_place *place,
                            const struct tool_plan *plan, const char *what,
                            struct error *err)
{
    return error_set(err, ERROR_TOOL,
                     "%s %s since this edit; nothing was changed",
                     target_known_as(place, plan->path).text, what);
}

/* Whether the file is what the edit left, of which `was` is the text. */
static bool is_as_left(const struct tool_place *place, struct tool_plan *plan,
                       struct error *err)
{
    struct stat status;
    bool is_there = lstat(plan->path, &status) == 0;
    if (plan->before.st_ino == 0)
        return !is_there || refuse_presence(place, plan, "has been made", err);
    if (!is_there && errno == ENOENT)
        return refuse_presence(place, plan, "has been removed", err);
    struct buf left = plan->was;
    plan->was = (struct buf){ 0 };
    bool ok = change_read(plan, err);
    if (ok && !slice_equal(buf_slice(&left), buf_slice(&plan->was)))
        ok = refuse_changed(place, plan, buf_slice(&left), err);
    buf_clear(&left);
    return ok;
}

static bool plan(const struct tool_place *place, struct tool_plan *plan,
                 struct error *err)
{
    uint64_t number = 0, call;
    if (json_count(plan->arguments, "call", &call)) {
        number = edits_of_call(place->edits, call);
        if (!number)
            return error_set(err, ERROR_TOOL,
                             "of this call no edit is known; it changed no "
                             "file, or that was in an earlier run of the "
                             "program");
    } else {
        json_count(plan->arguments, "edit", &number);
    }
    return edits_take_back(place->edits, number, plan, err) &&
           is_as_left(place, plan, err) && change_show(plan, place, err);
}

const struct tool revert_tool = {
    .name = "revert",
    .about = "Take back an edit of a file.",
    .schema = "{\"type\":\"object\",\"properties\":{"
              "\"edit\":{\"type\":\"integer\",\"minimum\":1},"
              "\"call\":{\"type\":\"integer\",\"minimum\":1}},"
              "\"additionalProperties\":false}",
    .effect = TOOL_EDITS,
    .executor = TOOL_WORKS,
    .plan = plan,
    .work = change_work,
};
