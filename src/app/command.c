/* SPDX-License-Identifier: MIT */
#include "app/command.h"

#include <string.h>

#include "app/action.h"
#include "app/status.h"
#include "base/nearest.h"

typedef bool command_fn(struct command_call *call, struct error *err);

struct command_row {
    const char *name;
    const char *same_as; /* NULL, or the row that this is another name of */
    const char *arguments;
    const char *about;
    command_fn *fn;
};

static bool run_help(struct command_call *call, struct error *err)
{
    (void)err;
    call->view = VIEW_HELP;
    return true;
}

static bool run_quit(struct command_call *call, struct error *err)
{
    (void)err;
    call->wants_quit = true;
    return true;
}

static bool run_clear(struct command_call *call, struct error *err)
{
    (void)err;
    chat_clear(call->chat);
    return true;
}

static bool run_models(struct command_call *call, struct error *err)
{
    (void)err;
    for (size_t i = 0; i < call->endpoints->list.count; i++) {
        const struct endpoint *endpoint = &call->endpoints->list.items[i];
        if (!endpoint->dialect->is_builtin)
            chat_ask_models(call->chat, endpoint);
    }
    call->view = VIEW_MODELS;
    return true;
}

static bool run_model(struct command_call *call, struct error *err)
{
    if (call->argument.len == 0)
        return run_models(call, err);
    struct buf target = { 0 };
    buf_append_slice(&target, call->argument);
    bool ok = chat_set_target(call->chat, buf_string(&target), err);
    const struct route *next = chat_next(call->chat);
    if (ok && next->verdict == ROUTE_TO)
        buf_printf(&call->notice, "the next prompt goes to %s at %s%s",
                   next->model, next->endpoint->name,
                   next->is_vendor ? ", which leaves this machine" : "");
    buf_clear(&target);
    return ok;
}

static bool run_retry(struct command_call *call, struct error *err)
{
    return chat_retry(call->chat, err);
}

static bool run_system(struct command_call *call, struct error *err)
{
    (void)err;
    const struct graph *graph = chat_conversation(call->chat)->graph;
    if (call->argument.len == 0) {
        const char *system = graph_system(graph);
        buf_printf(&call->notice, "system prompt: %s",
                   *system ? system : "none; /system TEXT sets one");
        return true;
    }
    struct buf system = { 0 };
    buf_append_slice(&system, call->argument);
    chat_set_system(call->chat, slice_is(call->argument, "none")
                                    ? ""
                                    : buf_string(&system));
    buf_append_string(&call->notice,
                      "the system prompt is set from the next prompt on");
    buf_clear(&system);
    return true;
}

static bool run_set(struct command_call *call, struct error *err)
{
    struct slice key = call->argument;
    const char *blank = key.len ? memchr(key.ptr, ' ', key.len) : NULL;
    if (!blank)
        return error_set(err, ERROR_USAGE,
                         "/set takes a key and a value: /set reply.temperature "
                         "0.2");
    key.len = (size_t)(blank - key.ptr);
    struct slice value = slice_trim(slice_skip(call->argument, key.len));
    if (!slice_starts(key, "reply."))
        return error_set(err, ERROR_USAGE,
                         "/set changes settings of the reply (reply.*); others "
                         "are set at the start: sennit --set KEY=VALUE");
    struct buf name = { 0 }, text = { 0 };
    buf_append_slice(&name, key);
    buf_append_slice(&text, value);
    bool ok = settings_set(call->settings, buf_string(&name), buf_string(&text),
                           "/set", err);
    if (ok)
        buf_printf(&call->notice, "%s is %s from the next prompt on",
                   buf_string(&name), buf_string(&text));
    buf_clear(&name);
    buf_clear(&text);
    return ok;
}

static bool run_status(struct command_call *call, struct error *err)
{
    (void)err;
    call->view = VIEW_STATUS;
    return true;
}

static const struct command_row rows[] = {
    { "help", NULL, "", "keys and commands", run_help },
    { "quit", NULL, "", "leave", run_quit },
    { "bye", "quit", "", "leave", run_quit },
    { "exit", "quit", "", "leave", run_quit },
    { "clear", NULL, "", "start a fresh conversation", run_clear },
    { "new", "clear", "", "start a fresh conversation", run_clear },
    { "model", NULL, "[[ENDPOINT/]MODEL]",
      "take a model for the next prompts, or list them", run_model },
    { "models", NULL, "", "list the models of each endpoint", run_models },
    { "retry", NULL, "", "answer the last prompt again", run_retry },
    { "system", NULL, "[TEXT | none]", "set or show the system prompt",
      run_system },
    { "set", NULL, "KEY VALUE", "change a setting of the reply", run_set },
    { "status", NULL, "", "endpoint, model, window, tokens", run_status },
};

const char *command_name(size_t index)
{
    return index < COUNTOF(rows) ? rows[index].name : NULL;
}

/* "/word" and no second slash in it: "/usr/bin is full" is text. */
static struct slice first_word(struct slice line)
{
    size_t len = 0;
    while (len < line.len && !strchr(" \t\n", line.ptr[len]))
        len++;
    return (struct slice){ line.ptr, len };
}

static bool find_row(struct slice name, size_t *row)
{
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        if (slice_is(name, rows[i].name)) {
            *row = i;
            return true;
        }
    }
    return false;
}

static void refuse(struct slice name, struct error *err)
{
    const char *names[COUNTOF(rows)];
    for (size_t i = 0; i < COUNTOF(rows); i++)
        names[i] = rows[i].name;
    char word[64] = "";
    if (name.len < sizeof word)
        memcpy(word, name.ptr, name.len);
    const char *near = *word ? nearest_name(word, names, COUNTOF(rows)) : NULL;
    error_set(err, ERROR_USAGE,
              "there is no command /%.*s%s%s; /help lists them, // or a blank "
              "before it sends it as text",
              SLICE_ARG(name), near ? "; did you mean /" : "",
              near ? near : "");
}

static enum command_line_kind parse_slash(struct slice line, struct slice *text,
                                          struct command_call *call,
                                          struct error *err)
{
    struct slice word = slice_skip(first_word(line), 1);
    if (slice_starts(word, "/")) {
        *text = slice_skip(line, 1);
        return LINE_TEXT;
    }
    if (word.len == 0 || memchr(word.ptr, '/', word.len))
        return LINE_TEXT;
    if (!find_row(word, &call->row)) {
        refuse(word, err);
        return LINE_REFUSED;
    }
    call->argument = slice_trim(slice_skip(line, word.len + 1));
    return LINE_COMMAND;
}

static enum command_line_kind parse_block(struct slice line, struct slice *text)
{
    struct slice inside = slice_skip(line, 3);
    struct slice end = slice_trim(inside);
    if (end.len < 3 || memcmp(end.ptr + end.len - 3, "\"\"\"", 3))
        return LINE_INCOMPLETE;
    end.len -= 3;
    *text = slice_trim(end);
    return LINE_TEXT;
}

enum command_line_kind command_parse(struct slice line, struct slice *text,
                                     struct command_call *call,
                                     struct error *err)
{
    *text = line;
    if (slice_starts(line, "/"))
        return parse_slash(line, text, call, err);
    if (slice_starts(line, "\"\"\""))
        return parse_block(line, text);
    if (slice_starts(line, "!")) {
        error_set(err, ERROR_USAGE,
                  "this release runs no shell commands; a blank before the ! "
                  "sends it as text");
        return LINE_REFUSED;
    }
    return LINE_TEXT;
}

bool command_run(struct command_call *call, struct error *err)
{
    return rows[call->row].fn(call, err);
}

static void help_text(struct buf *out)
{
    buf_append_string(out, "# Keys\n\n");
    action_help_text(out);
    buf_append_string(out, "\n# Commands\n\n| Command | What it does |\n"
                           "|---|---|\n");
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        if (rows[i].same_as)
            continue;
        buf_printf(out, "| /%s %s", rows[i].name, rows[i].arguments);
        for (size_t j = 0; j < COUNTOF(rows); j++) {
            if (rows[j].same_as && !strcmp(rows[j].same_as, rows[i].name))
                buf_printf(out, ", /%s", rows[j].name);
        }
        buf_printf(out, " | %s |\n", rows[i].about);
    }
    buf_append_string(out,
                      "\nA `\"\"\"` at the start opens a block, a second one "
                      "closes it. `//` or a blank before a slash sends it as "
                      "text. The manual: `man sennit`; or ask the built-in "
                      "guide: `/model guide`.\n");
}

void command_view_text(enum command_view view, struct chat *chat,
                       const struct endpoints *endpoints, struct buf *out)
{
    switch (view) {
    case VIEW_NONE: break;
    case VIEW_HELP: help_text(out); break;
    case VIEW_MODELS: status_models_text(chat, endpoints, out); break;
    case VIEW_STATUS: status_text(chat, out); break;
    }
}

const char *command_view_title(enum command_view view)
{
    static const char *const titles[] = {
        [VIEW_NONE] = "",
        [VIEW_HELP] = "help",
        [VIEW_MODELS] = "models",
        [VIEW_STATUS] = "status",
    };
    return titles[view];
}
