/* SPDX-License-Identifier: MIT */
#include "tests/support/call.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <check.h>

#include "base/json.h"
#include "base/json_schema.h"
#include "base/path.h"

void call_begin(struct call *call)
{
    *call = (struct call){ 0 };
    char made[SCRATCH_PATH_MAX], *real;
    scratch_directory(made, "call");
    real = realpath(made, NULL);
    ck_assert_ptr_nonnull(real);
    snprintf(call->root, sizeof call->root, "%s", real);
    free(real);
    int len = snprintf(call->directory, sizeof call->directory, "%s/work",
                       call->root);
    ck_assert_int_lt(len, (int)sizeof call->directory);
    snprintf(call->home, sizeof call->home, "%s/outside", call->root);
    ck_assert_int_eq(mkdir(call->directory, 0755), 0);
    ck_assert_int_eq(mkdir(call->home, 0755), 0);
    call->place =
        (struct tool_place){ .directory = call->directory, .home = call->home };
}

void call_end(struct call *call)
{
    tool_plan_clear(&call->plan);
    buf_clear(&call->out);
    scratch_remove(call->root);
}

static void require_schema(const struct tool *tool, const json_t *arguments)
{
    struct error err = { 0 };
    json_t *document = json_parse(slice_of(tool->schema), &err);
    ck_assert_msg(document != NULL, "%s", err.text);
    struct json_schema *schema = json_schema_new(document, &err);
    ck_assert_msg(schema != NULL, "%s", err.text);
    ck_assert_msg(json_schema_check(schema, arguments, &err), "%s", err.text);
    json_schema_free(schema);
    json_decref(document);
}

bool call_plan(struct call *call, const struct tool *tool,
               const char *arguments)
{
    struct buf text = { 0 };
    tool_plan_clear(&call->plan);
    buf_reset(&call->out);
    call->err = (struct error){ 0 };
    for (const char *c = arguments; *c; c++)
        buf_append_char(&text, *c == '\'' ? '"' : *c);
    call->plan.tool = tool;
    call->plan.room = call->room;
    call->plan.arguments = json_parse_strict(buf_slice(&text), &call->err);
    ck_assert_msg(call->plan.arguments != NULL, "%s", call->err.text);
    buf_clear(&text);
    require_schema(tool, call->plan.arguments);
    return tool->plan(&call->place, &call->plan, &call->err);
}

bool call_work(struct call *call)
{
    struct tool_work work = { .place = &call->place,
                              .plan = &call->plan,
                              .is_cancelled = &call->is_cancelled };
    buf_clear(&call->out);
    bool ok = call->plan.tool->work(&work, &call->err);
    call->out = work.out;
    return ok;
}

bool call_do(struct call *call, const struct tool *tool, const char *arguments)
{
    return call_plan(call, tool, arguments) && call_work(call);
}

const char *call_path(struct call *call, const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", call->directory, name);
    return path;
}

void call_put_bytes(struct call *call, const char *name, struct slice bytes)
{
    struct error err = { 0 };
    const char *path = call_path(call, name);
    ck_assert_msg(path_make_way(path, &err), "%s", err.text);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes.ptr ? bytes.ptr : "", bytes.len),
                     (ssize_t)bytes.len);
    close(fd);
}

void call_put(struct call *call, const char *name, const char *text)
{
    call_put_bytes(call, name, slice_of(text));
}

const char *call_get(struct call *call, const char *name)
{
    static char text[64 * 1024];
    int fd = open(call_path(call, name), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return "(none)";
    ssize_t len = read(fd, text, sizeof text - 1);
    ck_assert_int_ge(len, 0);
    text[len] = '\0';
    close(fd);
    return text;
}

void call_obey(void)
{
    struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct none[2] = { 0 };
    ck_assert_int_eq(syscall(SYS_capset, &header, none), 0);
}
