/* SPDX-License-Identifier: MIT */
#include "tool/shell.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/json.h"
#include "base/memory.h"
#include "tool/command_words.h"
#include "tool/template.h"

static const char schema[] =
    "{\"type\": \"object\", \"properties\": {"
    "\"command\": {\"type\": \"string\", \"minLength\": 1, \"description\": "
    "\"the command line, as for sh -c\"},"
    "\"timeout\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 3600, "
    "\"description\": \"seconds after which it is ended; 120 if left out\"}},"
    "\"required\": [\"command\"], \"additionalProperties\": false}";

/* In a line, whatever it holds; nothing of it is left out. */
static void append_line(struct buf *out, struct slice command)
{
    for (size_t i = 0; i < command.len; i++) {
        if (command.ptr[i] == '\n')
            buf_append_string(out, "\xe2\x90\x8a"); /* U+240A */
        else
            buf_append_char(out, command.ptr[i]);
    }
}

/* A shell takes what begins so for more options of its own. */
static char *as_operand(struct slice command)
{
    struct buf text = { 0 };
    if (command.len && (command.ptr[0] == '-' || command.ptr[0] == '+'))
        buf_append_char(&text, ' ');
    buf_append_slice(&text, command);
    return buf_steal(&text);
}

static char **shell_argv(const char *shell, struct slice command)
{
    ARRAY_OF(char *) argv = { 0 };
    *array_add(&argv) = memory_string(shell);
    *array_add(&argv) = memory_string("-c");
    *array_add(&argv) = as_operand(command);
    *array_add(&argv) = NULL;
    return argv.items;
}

static bool describe(struct tool_plan *plan, struct slice command,
                     struct error *err)
{
    if (!slice_trim(command).len)
        return error_set(err, ERROR_TOOL, "the command is empty");
    if (memchr(command.ptr, '\0', command.len))
        return error_set(err, ERROR_TOOL,
                         "the command must not hold a NUL character");
    if (command.len >= TEMPLATE_ELEMENT_MAX)
        return error_set(err, ERROR_TOOL,
                         "the command is longer than %d bytes; write it to a "
                         "file and run that",
                         TEMPLATE_ELEMENT_MAX - 1);
    append_line(&plan->about, slice_trim(command));
    buf_append_slice(&plan->detail, command);
    return true;
}

static bool plan_call(const struct tool_place *place, struct tool_plan *plan,
                      struct error *err)
{
    struct slice command = json_slice(plan->arguments, "command");
    struct error why;
    uint64_t seconds;
    (void)place;
    if (!describe(plan, command, err))
        return false;
    plan->argv = command_words_parse(command, &why);
    plan->is_exact = plan->argv != NULL;
    if (!plan->argv)
        plan->argv = shell_argv("/bin/sh", command);
    if (json_count(plan->arguments, "timeout", &seconds))
        plan->wait_ms = (int64_t)seconds * 1000;
    return true;
}

bool shell_plan_of_user(struct tool_plan *plan, struct slice command,
                        struct error *err)
{
    const char *shell = getenv("SHELL");
    bool is_there = shell && shell[0] == '/' && access(shell, X_OK) == 0;
    if (!describe(plan, command, err))
        return false;
    plan->argv = shell_argv(is_there ? shell : "/bin/sh", command);
    return true;
}

const struct tool shell_tool = {
    .name = "shell",
    .about = "Run a command and get what it prints and its exit status. It "
             "runs in the working directory, without a terminal, and reads "
             "nothing; it may be kept from the network and from files "
             "elsewhere. Of a long output you get the beginning and the end.",
    .schema = schema,
    .effect = TOOL_ACTS,
    .executor = TOOL_RUNS,
    .plan = plan_call,
};
