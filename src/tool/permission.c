/* SPDX-License-Identifier: MIT */
/*
 * Three steps: what the mode forbids; what asks whatever a rule says; what a
 * rule, or the mode, lets pass. All else asks.
 */
#include "tool/permission.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/filter.h"
#include "base/json.h"
#include "base/memory.h"
#include "config/settings.h"
#include "tool/command_words.h"
#include "tool/granted_rule.h"
#include "tool/secret_files.h"
#include "tool/written_rule.h"

struct permission {
    struct permission_setup setup;
    struct tool_place place;
    bool is_wide; /* the directory is the user's home, or above it */
    struct permission_rules settings, options, session;
};

/* Whether `home` is the directory or lies below it. */
static bool is_wide(const struct tool_place *place)
{
    char real[PATH_MAX];
    size_t len = strlen(place->directory);
    const char *home = place->home && *place->home ? place->home : "/";
    if (realpath(home, real))
        home = real;
    if (strcmp(place->directory, "/") == 0)
        return true;
    return strncmp(home, place->directory, len) == 0 &&
           (home[len] == '/' || home[len] == '\0');
}

struct permission *permission_new(const struct permission_setup *setup)
{
    struct permission *permission = memory_zero(1, sizeof *permission);
    permission->setup = *setup;
    permission->place = (struct tool_place){
        .directory = memory_string(setup->place->directory),
        .home = memory_string(setup->place->home),
    };
    permission->setup.place = &permission->place;
    permission->is_wide = is_wide(&permission->place);
    return permission;
}

void permission_free(struct permission *permission)
{
    if (!permission)
        return;
    permission_rules_clear(&permission->settings);
    permission_rules_clear(&permission->options);
    permission_rules_clear(&permission->session);
    free((char *)(uintptr_t)permission->place.directory);
    free((char *)(uintptr_t)permission->place.home);
    free(permission);
}

bool permission_reread(struct permission *permission,
                       const struct settings *settings, struct error *err)
{
    const struct setting *list = settings_find(settings, "tools.allow");
    bool ok = true;
    permission_rules_clear(&permission->settings);
    for (size_t i = 0; list && i < list->child_count; i++) {
        struct permission_rule rule;
        struct error why = { 0 };
        if (written_rule_of_setting(list->children[i], &permission->place,
                                    permission->setup.registry, &rule, &why))
            permission_rules_take(&permission->settings, &rule);
        else if (ok)
            *err = why, ok = false;
    }
    return ok;
}

bool permission_add_rule(struct permission *permission, struct slice text,
                         struct error *err)
{
    struct permission_rule rule;
    if (!written_rule_of_option(text, &permission->place,
                                permission->setup.registry, &rule, err))
        return false;
    permission_rules_take(&permission->options, &rule);
    return true;
}

void permission_take(struct permission *permission,
                     struct permission_rule *take)
{
    permission_rules_take(&permission->session, take);
}

/* What cannot be seen. */

bool permission_has_hidden(struct slice text)
{
    struct buf plain = { 0 };
    for (size_t i = 0; i < text.len; i++) {
        bool is_crlf =
            text.ptr[i] == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n';
        if (!is_crlf)
            buf_append_char(&plain, text.ptr[i]);
    }
    bool has_hidden = filter_would_change(buf_slice(&plain));
    buf_clear(&plain);
    return has_hidden;
}

static bool value_hides(const json_t *value)
{
    const char *name;
    const json_t *member;
    if (json_is_string(value))
        return permission_has_hidden(json_string_slice(value));
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (value_hides(json_array_get(value, i)))
            return true;
    }
    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        if (permission_has_hidden(slice_of(name)) || value_hides(member))
            return true;
    }
    return false;
}

bool permission_hides(const struct tool_plan *plan)
{
    for (char **word = plan->argv; word && *word; word++) {
        if (permission_has_hidden(slice_of(*word)))
            return true;
    }
    return permission_has_hidden(buf_slice(&plan->about)) ||
           permission_has_hidden(buf_slice(&plan->detail)) ||
           permission_has_hidden(buf_slice(&plan->input)) ||
           permission_has_hidden(slice_of(plan->path)) ||
           permission_has_hidden(slice_of(plan->host)) ||
           value_hides(plan->arguments);
}

/* What asks whatever a rule says. */

static bool is_secret(const struct permission *permission, const char *path,
                      struct buf *why)
{
    const struct permission_setup *setup = &permission->setup;
    struct buf rule = { 0 };
    bool is_private =
        path &&
        (secret_files_match(path, &rule) ||
         (setup->is_private && setup->is_private(setup->context, path, &rule)));
    if (is_private)
        buf_printf(why, "%s is private (%s)", path, buf_string(&rule));
    buf_clear(&rule);
    return is_private;
}

static bool must_ask(const struct permission *permission,
                     const struct permission_case *ask, struct buf *why)
{
    const struct tool_plan *plan = ask->plan;
    if (!plan) {
        buf_append_string(why, "what it would do is not known");
        return true;
    }
    if (ask->is_recovered) {
        buf_append_string(why, "the model wrote this call as text, which may "
                               "have been an example");
        return true;
    }
    if (permission_hides(plan)) {
        buf_append_string(why, "it holds characters that cannot be seen");
        return true;
    }
    if (plan->tool->asking == TOOL_ASKS_ALWAYS) {
        buf_printf(why, "each call of %s asks", plan->tool->name);
        return true;
    }
    if (plan->tool->executor == TOOL_RUNS && ask->tier < BOX_FILES) {
        buf_append_string(why, "its box does not keep a program from your "
                               "files");
        return true;
    }
    return is_secret(permission, plan->path, why);
}

/* What passes. */

static bool is_allowed_by(const struct permission *permission,
                          const struct permission_rules *rules,
                          const struct tool_plan *plan, const char *origin,
                          struct buf *why)
{
    for (size_t i = 0; rules && i < rules->list.count; i++) {
        const struct permission_rule *rule = &rules->list.items[i];
        if (!permission_rule_matches(rule, plan, &permission->place))
            continue;
        buf_printf(why, "%s: ", origin);
        permission_rule_words(rule, why);
        return true;
    }
    return false;
}

static bool is_allowed(const struct permission *permission,
                       const struct tool_plan *plan, struct buf *why)
{
    if (plan->tool->asking == TOOL_ASKS_NEVER) {
        buf_printf(why, "%s never asks, by your settings", plan->tool->name);
        return true;
    }
    return is_allowed_by(permission, &permission->settings, plan,
                         "by tools.allow", why) ||
           is_allowed_by(permission, permission->setup.kept, plan,
                         "you always allow", why) ||
           is_allowed_by(permission, &permission->session, plan,
                         "allowed for this session", why) ||
           is_allowed_by(permission, &permission->options, plan, "by --yes",
                         why);
}

static bool passes_read(const struct permission *permission,
                        const struct tool_plan *plan, struct buf *why)
{
    if (plan->tool->executor == TOOL_CHATS)
        return true;
    if (!plan->path)
        buf_append_string(why, "what it reads is not known");
    else if (!plan->is_beneath)
        buf_append_string(why, "it lies outside of the working directory");
    else if (permission->is_wide)
        buf_append_string(why, "the working directory holds all that is yours");
    return why->len == 0;
}

static bool passes_edit(const struct permission *permission,
                        const struct tool_plan *plan, enum tool_mode mode,
                        struct buf *why)
{
    if (!plan->path)
        buf_append_string(why, "what it changes is not known");
    else if (!plan->is_beneath)
        buf_append_string(why, "it changes a file outside of the working "
                               "directory");
    else if (mode != TOOL_MODE_EDITS)
        buf_append_string(why, "it changes a file");
    else if (permission->is_wide)
        buf_append_string(why, "the working directory holds all that is yours");
    else if (permission_rule_is_dotted(plan->path, permission->place.directory))
        buf_append_string(why, "it changes a file whose name begins with a "
                               "dot, or lies in such a directory");
    return why->len == 0;
}

/* What asks is appended. */
static bool passes(const struct permission *permission,
                   const struct permission_case *ask, struct buf *why)
{
    const struct tool_plan *plan = ask->plan;
    if (plan->tool->executor == TOOL_RUNS)
        buf_append_string(why, "it runs a program");
    else if (plan->tool->executor == TOOL_GETS)
        buf_printf(why, "it asks %s", plan->host ? plan->host : "a server");
    else if (plan->tool->effect == TOOL_READS)
        return passes_read(permission, plan, why);
    else if (plan->tool->effect == TOOL_EDITS)
        return passes_edit(permission, plan, ask->mode, why);
    else
        buf_append_string(why, "it changes something");
    return false;
}

/* Append the rule of --yes that would allow it; nothing if none would. */
static void append_cure(const struct permission *permission,
                        const struct tool_plan *plan, struct buf *out)
{
    struct permission_rule rule = { 0 };
    struct buf text = { 0 };
    if (plan->tool->executor == TOOL_RUNS && !plan->tool->own) {
        if (!plan->is_exact)
            return;
        rule.argv = plan->argv;
    } else if (plan->tool->executor == TOOL_GETS) {
        rule.url = plan->detail.ptr;
    } else if (plan->tool->executor == TOOL_WORKS) {
        rule.tool = (char *)(uintptr_t)plan->tool->name;
        if (!permission_rule_matches(&rule, plan, &permission->place))
            rule.path = plan->path;
    }
    rule.tool = (char *)(uintptr_t)plan->tool->name;
    permission_rule_format(&rule, &text);
    const char *const words[] = { buf_string(&text), NULL };
    buf_append_string(out, "--yes ");
    command_words_format(out, words);
    buf_clear(&text);
}

static enum permission_verdict refuse(const struct permission *permission,
                                      const struct permission_case *ask,
                                      bool has_cure, struct buf *why)
{
    struct buf cure = { 0 };
    if (has_cure)
        append_cure(permission, ask->plan, &cure);
    buf_append_string(why, ", and nobody can be asked here. It was not done.");
    if (cure.len)
        buf_printf(why,
                   " The user can allow it with %s, or with a rule of "
                   "tools.allow.",
                   cure.ptr);
    buf_clear(&cure);
    return PERMISSION_DENY;
}

static bool is_forbidden(const struct permission_case *ask, struct buf *why)
{
    if (ask->mode == TOOL_MODE_OFF) {
        buf_append_string(why, "Tools are switched off (tools.mode off). It "
                               "was not done.");
        return true;
    }
    bool is_reading = ask->plan && ask->plan->tool->effect == TOOL_READS &&
                      ask->plan->tool->executor != TOOL_RUNS;
    if (ask->mode != TOOL_MODE_PLAN || is_reading)
        return false;
    buf_append_string(why, "Only tools that read are allowed now (tools.mode "
                           "plan). It was not done; say what you would do.");
    return true;
}

enum permission_verdict permission_decide(const struct permission *permission,
                                          const struct permission_case *ask,
                                          struct buf *why)
{
    struct buf reason = { 0 };
    enum permission_verdict verdict = PERMISSION_ASK;
    bool has_cure = false;
    if (is_forbidden(ask, why))
        return PERMISSION_DENY;
    if (!must_ask(permission, ask, &reason)) {
        has_cure = true;
        if (is_allowed(permission, ask->plan, &reason))
            verdict = PERMISSION_ALLOW;
        else if (passes(permission, ask, &reason) && !ask->is_headless)
            verdict = PERMISSION_ALLOW;
    }
    /* Where nobody looks, only what somebody has said counts. */
    if (!reason.len)
        buf_printf(&reason,
                   verdict == PERMISSION_ALLOW
                       ? "passes in the mode %s"
                       : "no rule allows it in the mode %s",
                   tool_mode_name(ask->mode));
    buf_append_slice(why, buf_slice(&reason));
    if (verdict == PERMISSION_ASK && ask->is_headless)
        verdict = refuse(permission, ask, has_cure, why);
    buf_clear(&reason);
    return verdict;
}

bool permission_rule_of(const struct permission *permission,
                        const struct permission_case *ask,
                        enum permission_scope scope,
                        struct permission_rule *rule, struct buf *why)
{
    *rule = (struct permission_rule){ 0 };
    if (must_ask(permission, ask, why))
        return false;
    return granted_rule_of_plan(ask->plan, &permission->place, scope, rule,
                                why);
}
