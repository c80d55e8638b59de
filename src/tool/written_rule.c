/* SPDX-License-Identifier: MIT */
#include "tool/written_rule.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/path.h"
#include "config/settings.h"
#include "config/yaml.h"
#include "net/web_url.h"
#include "tool/command_words.h"

/* Directories. */

/* Move the last part of a path to the front of `rest`. False: there is none, or
 * it leads up. */
static bool cut_last(struct buf *path, struct buf *rest)
{
    char *slash = strrchr(buf_string(path), '/');
    if (!slash || path->len <= 1 || strcmp(slash, "/..") == 0)
        return false;
    struct slice part = slice_of(slash);
    if (part.len > 1 && !slice_is(part, "/."))
        buf_splice(rest, 0, 0, part);
    buf_truncate(path, slash == path->ptr ? 1 : (size_t)(slash - path->ptr));
    return true;
}

/* Owned; NULL with ERROR_CONFIG. */
static char *resolve(const char *written, const struct tool_place *place,
                     struct error *err)
{
    char real[PATH_MAX];
    struct buf path = { 0 }, rest = { 0 };
    path_expand(&path, written);
    if (buf_string(&path)[0] != '/') {
        buf_reset(&path);
        buf_printf(&path, "%s/%s", place->directory, written);
    }
    bool ok = realpath(path.ptr, real) != NULL;
    while (!ok && cut_last(&path, &rest))
        ok = realpath(path.ptr, real) != NULL;
    if (ok) {
        buf_reset(&path);
        buf_printf(&path, "%s%s", real[1] || !rest.len ? real : "",
                   buf_string(&rest));
    } else {
        error_set(err, ERROR_CONFIG, "there is no directory %s", written);
        buf_clear(&path);
    }
    buf_clear(&rest);
    return ok ? buf_steal(&path) : NULL;
}

/* What a rule of a tool can name. */

static bool check(const struct permission_rule *rule, const struct tool *tool,
                  struct error *err)
{
    bool is_program = tool->executor == TOOL_RUNS;
    bool is_request = tool->executor == TOOL_GETS;
    if (rule->argv && !is_program)
        return error_set(err, ERROR_CONFIG, "%s runs no command", tool->name);
    if (rule->under && tool->executor != TOOL_WORKS)
        return error_set(err, ERROR_CONFIG, "%s has no file", tool->name);
    if (rule->url && !is_request)
        return error_set(err, ERROR_CONFIG, "%s asks for no URL", tool->name);
    if (is_program && !tool->own && !rule->argv)
        return error_set(err, ERROR_CONFIG,
                         "a rule for %s names the whole command", tool->name);
    if (is_request && !rule->url)
        return error_set(err, ERROR_CONFIG, "a rule for %s names a URL",
                         tool->name);
    return true;
}

static bool set_url(struct permission_rule *rule, struct slice text,
                    struct error *err)
{
    struct web_url url;
    if (!web_url_parse(&url, text, err))
        return false;
    rule->url = memory_string(url.text);
    rule->is_site = !strchr(url.text, '?');
    web_url_clear(&url);
    return true;
}

/* Of settings. */

static char **copy_words(const struct setting *list)
{
    char **words = memory_zero(list->child_count + 1, sizeof *words);
    for (size_t i = 0; i < list->child_count; i++)
        words[i] = memory_string(list->children[i]->text);
    return words;
}

static bool read_setting(const struct setting *item,
                         const struct tool_place *place,
                         struct permission_rule *rule, struct error *err)
{
    const struct setting *tool = setting_child(item, "tool");
    const struct setting *argv = setting_child(item, "argv");
    const struct setting *under = setting_child(item, "under");
    const struct setting *url = setting_child(item, "url");
    if (!tool)
        return error_set(err, ERROR_CONFIG, "a rule names its tool");
    if ((argv != NULL) + (under != NULL) + (url != NULL) > 1)
        return error_set(err, ERROR_CONFIG,
                         "a rule has one of argv, under and url");
    rule->tool = memory_string(tool->text);
    if (argv && argv->child_count == 0)
        return error_set(err, ERROR_CONFIG, "argv names no program");
    if (argv)
        rule->argv = copy_words(argv);
    if (under)
        rule->under = resolve(under->text, place, err);
    return (!under || rule->under) &&
           (!url || set_url(rule, slice_of(url->text), err));
}

bool written_rule_of_setting(const struct setting *item,
                             const struct tool_place *place,
                             const struct registry *registry,
                             struct permission_rule *rule, struct error *err)
{
    struct error why = { 0 };
    *rule = (struct permission_rule){ 0 };
    bool ok = read_setting(item, place, rule, &why);
    const struct tool *tool =
        ok && registry ? registry_find(registry, slice_of(rule->tool)) : NULL;
    if (ok && (!tool || check(rule, tool, &why)))
        return true;
    permission_rule_clear(rule);
    return yaml_error(err, item->file, item->line, "tools.allow: %s", why.text);
}

/* Of --yes. */

static bool unknown(const struct registry *registry, const char *name,
                    struct error *err)
{
    ARRAY_OF(const char *) names = { 0 };
    for (size_t i = 0; i < registry->tools.count; i++)
        *array_add(&names) = registry->tools.items[i]->name;
    const char *near = nearest_name(name, names.items, names.count);
    error_set(err, ERROR_USAGE, "no tool \"%s\" is offered%s%s%s", name,
              near ? "; is it \"" : "", near ? near : "", near ? "\"?" : "");
    array_clear(&names);
    return false;
}

static bool set_argv(struct permission_rule *rule, struct slice what,
                     struct error *err)
{
    struct error why = { 0 };
    rule->argv = command_words_parse(what, &why);
    return rule->argv || error_set(err, ERROR_USAGE,
                                   "a rule is one simple command, and this "
                                   "is none: %s",
                                   why.text);
}

static bool set_under(struct permission_rule *rule, struct slice what,
                      const struct tool_place *place, struct error *err)
{
    char *path = memory_copy(what.ptr, what.len);
    if (strchr(path, '*'))
        error_set(err, ERROR_USAGE,
                  "a rule has no stars: it names a file or a directory");
    else
        rule->under = resolve(path, place, err);
    free(path);
    return rule->under != NULL;
}

static bool set_what(struct permission_rule *rule, const struct tool *tool,
                     const struct tool_place *place, struct slice what,
                     struct error *err)
{
    switch (tool->executor) {
    case TOOL_RUNS: return set_argv(rule, what, err);
    case TOOL_GETS: return set_url(rule, what, err);
    case TOOL_WORKS: return set_under(rule, what, place, err);
    case TOOL_CHATS: break;
    }
    return error_set(err, ERROR_USAGE, "a rule for %s is its name alone",
                     tool->name);
}

static bool read_option(struct slice text, const struct tool_place *place,
                        const struct registry *registry,
                        struct permission_rule *rule, struct error *err)
{
    ptrdiff_t colon = slice_find(text, ":");
    size_t len = colon < 0 ? text.len : (size_t)colon;
    struct slice name = slice_trim((struct slice){ text.ptr, len });
    struct slice what = slice_trim(slice_skip(text, colon < 0 ? len : len + 1));
    if (!name.len || memchr(name.ptr, '*', name.len))
        return error_set(err, ERROR_USAGE,
                         "no rule allows everything: name each tool");
    if (colon >= 0 && !what.len)
        return error_set(err, ERROR_USAGE, "nothing stands behind the colon");
    rule->tool = memory_copy(name.ptr, name.len);
    const struct tool *tool = registry ? registry_find(registry, name) : NULL;
    if (!tool)
        return unknown(registry ? registry : &(struct registry){ 0 },
                       rule->tool, err);
    if (what.len && !set_what(rule, tool, place, what, err))
        return false;
    return check(rule, tool, err);
}

bool written_rule_of_option(struct slice text, const struct tool_place *place,
                            const struct registry *registry,
                            struct permission_rule *rule, struct error *err)
{
    *rule = (struct permission_rule){ 0 };
    if (read_option(text, place, registry, rule, err))
        return true;
    permission_rule_clear(rule);
    err->kind = ERROR_USAGE;
    return error_context(err, "--yes %.*s", SLICE_ARG(text));
}
