/* SPDX-License-Identifier: MIT */
#include "app/command.h"

#include <assert.h>
#include <string.h>

#include "app/attaching.h"
#include "app/branch_command.h"
#include "app/consent_file.h"
#include "app/context_command.h"
#include "app/export.h"
#include "app/forgetting.h"
#include "app/memory_command.h"
#include "app/mention.h"
#include "app/model_text.h"
#include "app/opening.h"
#include "app/private_command.h"
#include "app/rule_file.h"
#include "app/schema_file.h"
#include "app/setting_text.h"
#include "app/tool_command.h"
#include "base/compiler.h"
#include "chat/reply.h"
#include "chat/role.h"

/* The panel that the action opens. */
static bool run_panel(struct command_call *call, struct error *err)
{
    (void)err;
    call->panel = panel_of_action(call->action);
    return true;
}

static bool run_quit(struct command_call *call, struct error *err)
{
    (void)err;
    call->wants_quit = true;
    return true;
}

static bool run_new(struct command_call *call, struct error *err)
{
    (void)err;
    chat_clear(call->chat);
    return true;
}

static bool run_resume(struct command_call *call, struct error *err)
{
    if (!call->argument.len)
        call->panel = PANEL_SESSIONS;
    return !call->argument.len ||
           opening_resume(call->setup, call->chat, call->argument,
                          &call->notice, err);
}

static bool run_fork(struct command_call *call, struct error *err)
{
    struct session fork;
    if (!opening_fork(call->chat, call->argument, &fork, err))
        return false;
    chat_resume(call->chat, &fork);
    buf_append_string(&call->notice,
                      "this is a copy; /sessions lists where it came from");
    return true;
}

void command_ask_models(struct chat *chat, const struct endpoints *endpoints)
{
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct endpoint *endpoint = &endpoints->list.items[i];
        if (!endpoint->dialect->is_builtin)
            chat_ask_models(chat, endpoint);
    }
}

static bool run_models(struct command_call *call, struct error *err)
{
    (void)err;
    command_ask_models(call->chat, &call->setup->endpoints);
    call->panel = PANEL_MODELS;
    return true;
}

static bool run_doctor(struct command_call *call, struct error *err)
{
    bool ok = run_models(call, err);
    call->panel = PANEL_DOCTOR;
    return ok;
}

bool command_check_model(struct command_call *call, const char *target,
                         struct buf *doubt, struct error *err)
{
    struct route route;
    chat_route(call->chat, target, &route);
    const struct models *models = route.verdict == ROUTE_TO
                                      ? chat_models(call->chat, route.endpoint)
                                      : NULL;
    if (!models || !models_lack(models, route.model))
        return true;
    bool is_final = models_server(models) == SERVER_OLLAMA;
    const char *near = models_nearest(models, route.model);
    buf_printf(doubt, "%s %s no model \"%s\"", route.endpoint->name,
               is_final ? "has" : "lists", route.model);
    if (near)
        buf_printf(doubt, "; did you mean %s/%s?", route.endpoint->name, near);
    else if (is_final)
        buf_printf(doubt, "; /pull %s gets it, /models lists what is there",
                   route.model);
    return !is_final || error_set(err, ERROR_USAGE, "%s", buf_string(doubt));
}

static bool run_model(struct command_call *call, struct error *err)
{
    if (call->argument.len == 0)
        return run_models(call, err);
    struct buf target = { 0 }, doubt = { 0 };
    buf_append_slice(&target, call->argument);
    bool ok = command_check_model(call, buf_string(&target), &doubt, err) &&
              chat_set_target(call->chat, buf_string(&target), err);
    const struct route *next = chat_next(call->chat);
    if (ok && next->verdict == ROUTE_TO)
        buf_printf(&call->notice, "the next prompt goes to %s at %s%s%s%s",
                   next->model, next->endpoint->name,
                   next->is_vendor ? ", which leaves this machine" : "",
                   doubt.len ? "; " : "", buf_string(&doubt));
    buf_clear(&doubt);
    buf_clear(&target);
    return ok;
}

/* What one is warned of before: it may not fit. */
static void say_fit(struct command_call *call)
{
    const struct model_life *life = chat_life(call->chat);
    const struct endpoint *endpoint = model_life_endpoint(life);
    const struct models *models = chat_models(call->chat, endpoint);
    const struct model_row *row =
        models ? models_find(models, model_life_model(life)) : NULL;
    struct fit fit = { 0 };
    if (row)
        fit = model_text_fit(endpoint, row, models_free_memory());
    if (fit.verdict != FIT_TOO_LARGE)
        return;
    buf_append_string(&call->notice, "; it ");
    fit_words(&fit, &call->notice);
}

static bool run_load(struct command_call *call, struct error *err)
{
    if (!chat_load(call->chat, call->argument, err))
        return false;
    const struct model_life *life = chat_life(call->chat);
    buf_printf(&call->notice, "loading %s at %s; prompts wait, %s stops it",
               model_life_model(life), model_life_endpoint(life)->name,
               call->stop_key ? call->stop_key : "Esc");
    say_fit(call);
    return true;
}

static bool run_unload(struct command_call *call, struct error *err)
{
    if (!chat_unload(call->chat, call->argument, err))
        return false;
    const struct model_life *life = chat_life(call->chat);
    buf_printf(&call->notice, "unloading %s at %s", model_life_model(life),
               model_life_endpoint(life)->name);
    return true;
}

static bool run_unlearn(struct command_call *call, struct error *err)
{
    (void)err;
    chat_unlearn(call->chat, &call->notice);
    return true;
}

static bool run_local(struct command_call *call, struct error *err)
{
    if (!chat_set_tier(call->chat, ROUTE_LOCAL, err))
        return false;
    buf_append_string(&call->notice, "the next prompts go to no vendor");
    return true;
}

static bool run_cloud(struct command_call *call, struct error *err)
{
    if (!chat_set_tier(call->chat, ROUTE_CLOUD, err))
        return false;
    const struct route *next = chat_next(call->chat);
    buf_printf(&call->notice,
               "the next prompts go to %s, and leave this "
               "machine",
               next->endpoint->name);
    return true;
}

static bool withdraw_consent(struct command_call *call)
{
    struct buf origin = { 0 };
    buf_append_slice(&origin, call->argument);
    bool ok =
        consents_find(&call->setup->consents, buf_string(&origin)) != NULL;
    if (ok)
        consent_file_put(call->setup, buf_string(&origin), CONSENT_NONE,
                         &call->notice);
    buf_clear(&origin);
    return ok;
}

static bool run_withdraw(struct command_call *call, struct error *err)
{
    if (!withdraw_consent(call) &&
        !rule_file_withdraw(call->setup, call->argument, &call->notice))
        return error_set(err, ERROR_USAGE,
                         "nothing is recorded about \"%.*s\"; /consents lists "
                         "what is",
                         SLICE_ARG(call->argument));
    buf_printf(&call->notice, "%syou are asked again about %.*s",
               call->notice.len ? "; " : "", SLICE_ARG(call->argument));
    return true;
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

static bool run_role(struct command_call *call, struct error *err)
{
    const char *role = chat_role(call->chat);
    struct slice wish = call->argument;
    if (wish.len == 0) {
        role_list(call->setup->settings, &call->notice);
        if (!call->notice.len)
            buf_append_string(&call->notice, "there are no roles; roles: in "
                                             "config.yaml makes one");
        if (*role)
            buf_printf(&call->notice, "\nthis conversation has %s", role);
        return true;
    }
    bool is_none = slice_is(wish, "none");
    if (!chat_set_role(call->chat, is_none ? slice_of("") : wish, err))
        return false;
    if (is_none)
        buf_append_string(&call->notice, "no role from the next prompt on");
    else
        buf_printf(&call->notice, "the role is %.*s from the next prompt on",
                   SLICE_ARG(wish));
    return true;
}

static bool run_schema(struct command_call *call, struct error *err)
{
    struct buf path = { 0 };
    bool ok = true;
    mention_unquote(&path, call->argument);
    if (slice_is(call->argument, "off"))
        ok = chat_set_schema(call->chat, (struct slice){ 0 }, "", err);
    else if (path.len)
        ok = schema_file_use(call->chat, buf_string(&path), err);
    buf_clear(&path);
    const char *name = chat_schema_name(call->chat);
    if (ok && name)
        buf_printf(&call->notice,
                   "answers are JSON as %s asks; /schema off ends it", name);
    else if (ok)
        buf_append_string(&call->notice,
                          "answers are free; /schema FILE asks for JSON that "
                          "follows a schema");
    return ok;
}

static bool run_repair(struct command_call *call, struct error *err)
{
    return chat_repair(call->chat, err);
}

/* The first word of a text, and what follows it. */
static void split(struct slice text, struct slice *key, struct slice *value)
{
    size_t len = 0;
    while (len < text.len && !strchr(" \t", text.ptr[len]))
        len++;
    *key = (struct slice){ text.ptr, len };
    *value = slice_trim(slice_skip(text, len));
}

/* Why it cannot change now, and what one does instead. */
static bool refuse_set(const char *name, const struct schema_row *row,
                       struct error *err)
{
    if (!row)
        return setting_text_unknown(name, err);
    if (row->is_reserved)
        return error_set(err, ERROR_USAGE, "%s has no effect in this version",
                         name);
    if (!strcmp(row->path, "model"))
        return error_set(err, ERROR_USAGE,
                         "/model takes another model for the next prompts");
    if (!strcmp(row->path, "system"))
        return error_set(err, ERROR_USAGE,
                         "/system changes the prompt of this conversation");
    if (row->kind == SCHEMA_MAP || row->kind == SCHEMA_NAMES)
        return error_set(err, ERROR_USAGE,
                         "%s is a map; /set takes one setting of it at a time",
                         name);
    return error_set(err, ERROR_USAGE,
                     "%s is read when sennit starts; there: sennit --set "
                     "%s=VALUE",
                     name, name);
}

/* Where the next prompt goes there may be no such thing. */
static void explain_reply(struct command_call *call, const char *name)
{
    const struct route *next = chat_next(call->chat);
    struct buf words = { 0 };
    if (next->verdict == ROUTE_TO)
        reply_explain(next->endpoint, next->model, slice_of(name), &words);
    if (words.len)
        buf_printf(&call->notice, "; %s", buf_string(&words));
    buf_clear(&words);
}

/* A name that is no tool is told; the others are offered. */
static void reread_tools(struct command_call *call)
{
    struct error why = { 0 };
    if (!call->setup->toolbox)
        return;
    toolbox_reread(call->setup->toolbox, &why);
    if (why.kind != ERROR_NONE)
        buf_printf(&call->notice, "; %s", why.text);
}

static bool set(struct command_call *call, const char *name, const char *text,
                struct error *err)
{
    const struct schema_row *row = schema_find(name);
    struct settings *settings = call->setup->settings;
    if (!row || !row->is_live)
        return refuse_set(name, row, err);
    if (!strncmp(name, "hooks.", 6) && !hooks_have_event(name + 6, err))
        return false;
    if (!settings_set(settings, name, text, "/set", err))
        return false;
    const struct setting *setting = settings_find(settings, name);
    buf_printf(&call->notice, "%s is ", name);
    if (setting)
        setting_text_value(&call->notice, setting, name);
    else
        buf_append_string(&call->notice, setting_text_default(row));
    buf_append_string(&call->notice, " from now on");
    explain_reply(call, name);
    if (!strcmp(name, "tools.use"))
        reread_tools(call);
    buf_append_char(&call->notice, '\n');
    return true;
}

/* "temperature" is as good as "reply.temperature". */
static struct slice full_key(struct slice key)
{
    struct buf name = { 0 };
    buf_append_slice(&name, key);
    const struct schema_row *row = schema_find(buf_string(&name))
                                       ? NULL
                                       : schema_elsewhere(buf_string(&name));
    buf_clear(&name);
    return row && row->is_live ? slice_of(row->path) : key;
}

static bool run_set(struct command_call *call, struct error *err)
{
    struct slice key, value;
    struct buf name = { 0 }, text = { 0 };
    bool ok = true;
    split(call->argument, &key, &value);
    /* As Ollama has it. */
    if (slice_is(key, "parameter") && value.len)
        split(value, &key, &value);
    key = full_key(key);
    buf_append_slice(&name, key);
    buf_append_slice(&text, value);
    if (!key.len)
        call->panel = PANEL_SETTINGS;
    else if (!value.len)
        ok = setting_text_brief(&call->notice, call->setup->settings,
                                buf_string(&name), err);
    else
        ok = set(call, buf_string(&name), buf_string(&text), err);
    if (ok && value.len)
        call->changed = key;
    buf_clear(&name);
    buf_clear(&text);
    return ok;
}

static bool run_show(struct command_call *call, struct error *err)
{
    struct buf name = { 0 };
    bool ok = true;
    buf_append_slice(&name, call->argument);
    if (!name.len)
        call->panel = PANEL_SETTINGS;
    else if (slice_is(call->argument, "system"))
        call->panel = PANEL_SYSTEM;
    else
        ok = setting_text_brief(&call->notice, call->setup->settings,
                                buf_string(&name), err);
    buf_clear(&name);
    return ok;
}

static bool run_debug(struct command_call *call, struct error *err)
{
    struct debug_log *log = call->setup->debug;
    struct buf path = { 0 };
    bool ok = true;
    mention_unquote(&path, call->argument);
    if (slice_is(call->argument, "off"))
        debug_log_close(log);
    else if (path.len)
        ok = debug_log_open(log, buf_string(&path), err);
    if (debug_log_path(log))
        buf_printf(&call->notice,
                   "events and requests are appended to %s; /debug off ends it",
                   debug_log_path(log));
    else
        buf_append_string(&call->notice,
                          "no debug log is written; /debug FILE begins one");
    buf_clear(&path);
    return ok;
}

static bool run_rename(struct command_call *call, struct error *err)
{
    if (call->argument.len == 0)
        return error_set(err, ERROR_USAGE,
                         "/rename takes the new title: /rename loader leak");
    struct buf title = { 0 };
    buf_append_slice(&title, call->argument);
    chat_set_title(call->chat, buf_string(&title));
    buf_clear(&title);
    return true;
}

/* Who sees no pictures is named before anything is sent. */
static bool run_attach(struct command_call *call, struct error *err)
{
    struct error blind = { 0 };
    if (!attaching_attach(call->files, call->argument, &call->notice, err))
        return false;
    if (!chat_takes_files(call->chat, call->files, &blind))
        buf_printf(&call->notice, "\n%s", blind.text);
    return true;
}

static bool run_detach(struct command_call *call, struct error *err)
{
    return attaching_detach(call->files, call->argument, &call->notice, err);
}

static bool run_export(struct command_call *call, struct error *err)
{
    return export_chat(call->chat, call->argument, &call->notice, err);
}

static bool run_compact(struct command_call *call, struct error *err)
{
    return chat_compact(call->chat, call->argument, err);
}

static bool run_redact(struct command_call *call, struct error *err)
{
    return forgetting_redact(call->chat, call->setup, call->argument,
                             &call->notice, err);
}

static command_fn *const functions[ACTION_COUNT] = {
    [ACTION_QUIT] = run_quit,
    [ACTION_NEW] = run_new,
    [ACTION_RETRY] = branch_command_retry,
    [ACTION_AGAIN_BETTER] = branch_command_better,
    [ACTION_AGAIN_HERE] = branch_command_here,
    [ACTION_HELP] = run_panel,
    [ACTION_BUDGET] = run_panel,
    [ACTION_CONTEXT] = context_command_run,
    [ACTION_TOOLS] = run_panel,
    [ACTION_MODELS] = run_models,
    [ACTION_STATUS] = run_panel,
    [ACTION_MODEL] = run_model,
    [ACTION_SYSTEM] = run_system,
    [ACTION_ROLE] = run_role,
    [ACTION_SCHEMA] = run_schema,
    [ACTION_REPAIR] = run_repair,
    [ACTION_SET] = run_set,
    [ACTION_RENAME] = run_rename,
    [ACTION_LOAD] = run_load,
    [ACTION_UNLOAD] = run_unload,
    [ACTION_LOCAL] = run_local,
    [ACTION_CLOUD] = run_cloud,
    [ACTION_WITHDRAW] = run_withdraw,
    [ACTION_CONSENTS] = run_panel,
    [ACTION_SHOW] = run_show,
    [ACTION_DEBUG] = run_debug,
    [ACTION_DOCTOR] = run_doctor,
    [ACTION_ATTACH] = run_attach,
    [ACTION_DETACH] = run_detach,
    [ACTION_EXPORT] = run_export,
    [ACTION_REDACT] = run_redact,
    [ACTION_PRIVATE] = private_command_run,
    [ACTION_COMPACT] = run_compact,
    [ACTION_REMEMBER] = memory_command_remember,
    [ACTION_FORGET] = memory_command_forget,
    [ACTION_MEMORY] = memory_command_memory,
    [ACTION_CONTINUE] = branch_command_continue,
    [ACTION_EDIT] = branch_command_edit,
    [ACTION_UNDO_TURN] = branch_command_undo,
    [ACTION_REDO_TURN] = branch_command_redo,
    [ACTION_BRANCH] = branch_command_name,
    [ACTION_PRUNE] = branch_command_prune,
    [ACTION_RESTORE] = branch_command_restore,
    [ACTION_SIBLING_BEFORE] = branch_command_previous,
    [ACTION_SIBLING_AFTER] = branch_command_next,
    [ACTION_GO_TO] = branch_command_go_to,
    [ACTION_COMPARE] = branch_command_compare,
    [ACTION_PREFER] = branch_command_prefer,
    [ACTION_UNLEARN] = run_unlearn,
    [ACTION_RESUME] = run_resume,
    [ACTION_FORK] = run_fork,
    [ACTION_SESSIONS] = run_panel,
    [ACTION_SEARCH] = run_panel,
    [ACTION_SHELL] = tool_command_shell,
    [ACTION_MODE] = tool_command_mode,
    [ACTION_NEXT_MODE] = tool_command_next_mode,
    [ACTION_REVERT] = tool_command_revert,
};

bool command_exists(enum action action)
{
    return functions[action] != NULL;
}

bool command_run(struct command_call *call, struct error *err)
{
    assert(functions[call->action]);
    return functions[call->action](call, err);
}

/* "/word" and no second slash in it: "/usr/bin is full" is text. */
static struct slice first_word(struct slice line)
{
    size_t len = 0;
    while (len < line.len && !strchr(" \t\n", line.ptr[len]))
        len++;
    return (struct slice){ line.ptr, len };
}

static void refuse(struct slice name, struct error *err)
{
    enum action near = action_nearest(name, true);
    struct slice command = action_command(near);
    error_set(err, ERROR_USAGE,
              "there is no command /%.*s%s%.*s; /help lists them, // or a "
              "blank before it sends it as text",
              SLICE_ARG(name), near ? "; did you mean /" : "",
              SLICE_ARG(command));
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
    call->action = action_of_command(word);
    if (!call->action) {
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
    if (slice_starts(line, "\\!"))
        *text = slice_skip(line, 1);
    if (!slice_starts(line, "!"))
        return LINE_TEXT;
    call->action = ACTION_SHELL;
    call->argument = slice_trim(slice_skip(line, 1));
    return LINE_COMMAND;
}
