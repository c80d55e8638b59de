/* SPDX-License-Identifier: MIT */
#include "tool/write_file.h"

#include <string.h>

#include "base/json.h"
#include "tool/change.h"

static bool plan(const struct tool_place *place, struct tool_plan *plan,
                 struct error *err)
{
    struct slice content = json_slice(plan->arguments, "content");
    if (content.len && memchr(content.ptr, '\0', content.len))
        return error_set(err, ERROR_TOOL,
                         "the content holds a NUL character; only text can be "
                         "written");
    if (!change_find(plan, place, TARGET_NEW, err))
        return false;
    change_append_lines(&plan->after, plan, content);
    return change_show(plan, place, err);
}

const struct tool write_file_tool = {
    .name = "write_file",
    .about = "Make a text file, or replace all of it. To change a part of a "
             "file use edit_file.",
    .schema = "{\"type\":\"object\",\"properties\":{"
              "\"path\":{\"type\":\"string\"},"
              "\"content\":{\"type\":\"string\","
              "\"description\":\"the whole file\"}},"
              "\"required\":[\"path\",\"content\"],"
              "\"additionalProperties\":false}",
    .effect = TOOL_EDITS,
    .executor = TOOL_WORKS,
    .plan = plan,
    .work = change_work,
};
