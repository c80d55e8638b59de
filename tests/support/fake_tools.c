/* SPDX-License-Identifier: MIT */
#include "tests/support/fake_tools.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <check.h>

#include "base/json.h"
#include "tool/plan.h"

#define SCHEMA                                                             \
    "{\"type\":\"object\",\"properties\":{\"word\":{\"type\":\"string\"}," \
    "\"await\":{\"type\":\"string\"},\"fail\":{\"type\":\"boolean\"}},"    \
    "\"required\":[\"word\"],\"additionalProperties\":false}"

enum { PATH_SIZE = 512 };

static const char *text_of(const struct tool_plan *plan, const char *name)
{
    return json_string_value(json_object_get(plan->arguments, name));
}

static void path_in(const char *directory, const char *name,
                    char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "%s%s%s", *name == '/' ? "" : directory,
             *name == '/' ? "" : "/", name);
}

static bool plan_fake(const struct tool_place *place, struct tool_plan *plan,
                      struct error *err)
{
    const char *word = text_of(plan, "word");
    char path[PATH_SIZE];
    if (!strcmp(word, "impossible"))
        return error_set(err, ERROR_USAGE, "that cannot be done");
    path_in(place->directory, word, path);
    buf_reset(&plan->about);
    buf_append_string(&plan->about, word);
    free(plan->path);
    plan->path = strdup(path);
    plan->is_beneath = *word != '/';
    return true;
}

static void wait_for(const struct tool_work *work, const char *name)
{
    const struct timespec moment = { .tv_nsec = 1000 * 1000 };
    char path[PATH_SIZE];
    path_in(work->place->directory, name, path);
    while (access(path, F_OK) != 0 && !tool_work_is_cancelled(work))
        nanosleep(&moment, NULL);
}

static bool work_fake(struct tool_work *work, struct error *err)
{
    const char *name = work->plan->tool->name;
    const char *word = text_of(work->plan, "word");
    const char *await = text_of(work->plan, "await");
    char path[PATH_SIZE];
    if (await)
        wait_for(work, await);
    if (tool_work_is_cancelled(work))
        return error_set(err, ERROR_CANCELLED, "cancelled");
    path_in(work->place->directory, "done", path);
    FILE *file = fopen(path, "a");
    if (file) {
        fprintf(file, "%s %s\n", name, word);
        fclose(file);
    }
    if (json_is_true(json_object_get(work->plan->arguments, "fail")))
        return error_set(err, ERROR_SYSTEM, "%s failed", name);
    buf_printf(&work->out, "%s %s", name, word);
    return true;
}

#define FAKE(NAME, EFFECT)                                                   \
    static const struct tool NAME##_tool = { .name = #NAME,                  \
                                             .about = "what " #NAME " does", \
                                             .schema = SCHEMA,               \
                                             .effect = EFFECT,               \
                                             .executor = TOOL_WORKS,         \
                                             .plan = plan_fake,              \
                                             .work = work_fake }
FAKE(look, TOOL_READS);
FAKE(glance, TOOL_READS);
FAKE(edit, TOOL_EDITS);
FAKE(act, TOOL_ACTS);

const struct tool *const fake_tools[] = { &look_tool, &glance_tool, &edit_tool,
                                          &act_tool, NULL };

void fake_tools_done(const char *directory, struct buf *out)
{
    char path[PATH_SIZE], bytes[512];
    size_t len;
    path_in(directory, "done", path);
    FILE *file = fopen(path, "r");
    while (file && (len = fread(bytes, 1, sizeof bytes, file)) > 0)
        buf_append(out, bytes, len);
    if (file)
        fclose(file);
}

void fake_tools_release(const char *directory, const char *name)
{
    char path[PATH_SIZE];
    path_in(directory, name, path);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fclose(file);
}
