/* SPDX-License-Identifier: MIT */
#include "tool/own.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/path.h"
#include "config/settings.h"
#include "config/yaml.h"
#include "tool/command_words.h"
#include "tool/own_schema.h"
#include "tool/plan.h"

static void own_tool_free(struct own_tool *own)
{
    template_clear(&own->template);
    for (size_t i = 0; i < own->variables.count; i++)
        free(own->variables.items[i]);
    array_clear(&own->variables);
    free(own->input);
    free(own->name);
    free(own->about);
    free(own->schema);
    free(own);
}

void own_tools_clear(struct own_tools *own)
{
    for (size_t i = 0; i < own->items.count; i++)
        own_tool_free(own->items.items[i]);
    array_clear(&own->items);
}

/* What a call of it would do. */

static bool plan(const struct tool_place *place, struct tool_plan *plan,
                 struct error *err)
{
    const struct own_tool *own = plan->tool->own;
    (void)place;
    plan->argv = template_fill(&own->template, plan->arguments, err);
    if (!plan->argv)
        return false;
    plan->is_exact = true;
    if (own->input)
        template_append(&plan->input, own->input, plan->arguments);
    command_words_format(&plan->about, (const char *const *)plan->argv);
    buf_append_slice(&plan->detail, buf_slice(&plan->about));
    if (plan->input.len) {
        buf_append_string(&plan->detail, "\n");
        buf_append_slice(&plan->detail, buf_slice(&plan->input));
    }
    return true;
}

/* Reading one. */

static bool has_no_places(const char *element)
{
    struct buf made = { 0 };
    bool ok = template_append(&made, element, NULL);
    buf_clear(&made);
    return ok;
}

/* A name that is found from the working directory would be a program of
 * whoever made that directory. */
static bool is_program(const char *word, struct error *err)
{
    if (!*word || !has_no_places(word))
        return error_set(err, ERROR_CONFIG,
                         "argv: the first item names the program, and is the "
                         "same in each call");
    return !strchr(word, '/') || word[0] == '/' || !strncmp(word, "~/", 2) ||
           error_set(err, ERROR_CONFIG,
                     "argv: \"%s\" is found by the working directory; write a "
                     "name, or the whole path",
                     word);
}

static bool read_argv(struct own_tool *own, const struct setting *setting,
                      struct error *err)
{
    const struct setting *argv = setting_child(setting, "argv");
    if (!argv || !argv->child_count)
        return error_set(err, ERROR_CONFIG,
                         "argv is missing: the program and its arguments");
    if (!is_program(argv->children[0]->text, err))
        return false;
    for (size_t i = 0; i < argv->child_count; i++) {
        struct buf element = { 0 };
        if (i == 0)
            path_expand(&element, argv->children[i]->text);
        else
            buf_append_string(&element, argv->children[i]->text);
        template_add(&own->template, buf_string(&element));
        bool ok = own_schema_has(own->schema, buf_string(&element), err);
        buf_clear(&element);
        if (!ok)
            return false;
    }
    return true;
}

static enum tool_asking read_asking(const struct setting *setting)
{
    const struct setting *ask = setting_child(setting, "ask");
    if (!ask)
        return TOOL_ASKS_BY_MODE;
    return !strcmp(ask->text, "never") ? TOOL_ASKS_NEVER : TOOL_ASKS_ALWAYS;
}

static double read_number(const struct setting *setting, const char *key)
{
    const struct setting *child = setting_child(setting, key);
    return child ? child->number : 0;
}

static void read_variables(struct own_tool *own, const struct setting *names)
{
    if (!names || !names->child_count)
        return;
    for (size_t i = 0; i < names->child_count; i++)
        *array_add(&own->variables) = memory_string(names->children[i]->text);
    *array_add(&own->variables) = NULL;
}

static void set_tool(struct own_tool *own, const struct setting *setting)
{
    own->tool = (struct tool){
        .name = own->name,
        .about = own->about,
        .schema = own->schema,
        .effect = TOOL_ACTS,
        .executor = TOOL_RUNS,
        .asking = read_asking(setting),
        .plan = plan,
        .own = own,
        .variables = (const char *const *)own->variables.items,
        .wait_ms = (int64_t)read_number(setting, "timeout"),
        .output_max = (uint64_t)read_number(setting, "max_output"),
    };
}

static bool read_tool(struct own_tool *own, const struct setting *setting,
                      struct error *err)
{
    const struct setting *about = setting_child(setting, "about");
    const struct setting *input = setting_child(setting, "input");
    own->name = memory_string(setting->key);
    own->about = memory_string(about ? about->text : "");
    own->input = input ? memory_string(input->text) : NULL;
    read_variables(own, setting_child(setting, "env"));
    own->schema = own_schema_read(setting, err);
    bool ok = own->schema && read_argv(own, setting, err) &&
              (!input || own_schema_has(own->schema, input->text, err));
    if (ok)
        set_tool(own, setting);
    return ok;
}

bool own_tools_read(struct own_tools *own, const struct settings *settings,
                    struct error *err)
{
    const struct setting *names = settings_find(settings, "tools.own");
    bool all_good = true;
    for (size_t i = 0; names && i < names->child_count; i++) {
        const struct setting *setting = names->children[i];
        struct own_tool *tool = memory_zero(1, sizeof *tool);
        struct error why = { 0 };
        if (read_tool(tool, setting, &why)) {
            *array_add(&own->items) = tool;
            continue;
        }
        own_tool_free(tool);
        if (all_good)
            yaml_error(err, setting->file, setting->line, "tools.own.%s: %s",
                       setting->key, why.text);
        all_good = false;
    }
    return all_good;
}
