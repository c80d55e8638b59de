/* SPDX-License-Identifier: MIT */
#include "tool/permission_rule.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/memory.h"
#include "net/web_url.h"
#include "tool/command_words.h"

/* RFC 3339, in UTC. */
static const char time_format[] = "%Y-%m-%dT%H:%M:%SZ";

void permission_rule_clear(struct permission_rule *rule)
{
    free(rule->tool);
    command_words_free(rule->argv);
    free(rule->input);
    free(rule->path);
    free(rule->under);
    free(rule->url);
    free(rule->directory);
    *rule = (struct permission_rule){ 0 };
}

/* Matching. What a rule names must be there, and be that. */

static bool is_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_under(const char *path, const char *directory)
{
    size_t len = strlen(directory);
    if (len == 1 && *directory == '/')
        return true;
    return strncmp(path, directory, len) == 0 &&
           (path[len] == '/' || path[len] == '\0');
}

bool permission_rule_is_dotted(const char *path, const char *directory)
{
    size_t len = strlen(directory);
    return strstr(path + (len > 1 ? len : 0), "/.") != NULL;
}

/* A file that the tool may touch where it may touch this directory. */
static bool is_file_of(const struct tool_plan *plan, const char *directory)
{
    return plan->path && is_under(plan->path, directory) &&
           (plan->tool->effect == TOOL_READS ||
            !permission_rule_is_dotted(plan->path, directory));
}

static bool is_same_argv(const struct permission_rule *rule,
                         const struct tool_plan *plan)
{
    const char *input = rule->input ? rule->input : "";
    return plan->argv && plan->is_exact &&
           command_words_equal((const char *const *)rule->argv,
                               (const char *const *)plan->argv) &&
           slice_is(buf_slice(&plan->input), input);
}

static bool is_same_url(const struct permission_rule *rule,
                        const struct tool_plan *plan)
{
    struct web_url url;
    struct error ignored = { 0 };
    if (!web_url_parse(&url, buf_slice(&plan->detail), &ignored))
        return false;
    bool is_match = rule->is_site ? web_url_is_below(url.text, rule->url)
                                  : strcmp(url.text, rule->url) == 0;
    web_url_clear(&url);
    return is_match;
}

/* A rule that only names the tool. */
static bool is_all(const struct tool_plan *plan, const struct tool_place *place)
{
    const struct tool *tool = plan->tool;
    switch (tool->executor) {
    case TOOL_WORKS:
        return plan->is_beneath && is_file_of(plan, place->directory);
    case TOOL_RUNS: return tool->own != NULL;
    case TOOL_CHATS: return true;
    case TOOL_GETS: return false;
    }
    return false;
}

bool permission_rule_matches(const struct permission_rule *rule,
                             const struct tool_plan *plan,
                             const struct tool_place *place)
{
    bool names_something = rule->argv || rule->path || rule->under || rule->url;
    if (strcmp(rule->tool, plan->tool->name) != 0)
        return false;
    if (rule->directory && !is_same(rule->directory, place->directory))
        return false;
    if (rule->argv && !is_same_argv(rule, plan))
        return false;
    if (rule->path && !is_same(rule->path, plan->path))
        return false;
    if (rule->under && !is_file_of(plan, rule->under))
        return false;
    if (rule->url && !is_same_url(rule, plan))
        return false;
    return names_something || is_all(plan, place);
}

bool permission_rule_equal(const struct permission_rule *a,
                           const struct permission_rule *b)
{
    bool is_same_command = a->argv == b->argv ||
                           (a->argv && b->argv &&
                            command_words_equal((const char *const *)a->argv,
                                                (const char *const *)b->argv));
    return is_same_command && is_same(a->tool, b->tool) &&
           is_same(a->input, b->input) && is_same(a->path, b->path) &&
           is_same(a->under, b->under) && is_same(a->url, b->url) &&
           a->is_site == b->is_site && is_same(a->directory, b->directory);
}

/* In words. */

static void append_target(const struct permission_rule *rule, struct buf *out)
{
    if (rule->argv)
        command_words_format(out, (const char *const *)rule->argv);
    else if (rule->path || rule->under)
        buf_append_string(out, rule->path ? rule->path : rule->under);
    else if (rule->url)
        buf_append_string(out, rule->url);
}

void permission_rule_format(const struct permission_rule *rule, struct buf *out)
{
    buf_append_string(out, rule->tool);
    if (rule->argv || rule->path || rule->under || rule->url)
        buf_append_char(out, ':');
    append_target(rule, out);
}

void permission_rule_words(const struct permission_rule *rule, struct buf *out)
{
    buf_append_string(out, rule->tool);
    if (rule->argv || rule->path || rule->under || rule->url)
        buf_append_string(out, rule->under ? " below " : " ");
    append_target(rule, out);
    if (rule->input)
        buf_printf(out, ", with %zu bytes of input", strlen(rule->input));
    if (rule->is_site)
        buf_append_string(out, " and below");
    if (rule->directory)
        buf_printf(out, ", in %s", rule->directory);
}

/* The file. */

void permission_rules_clear(struct permission_rules *rules)
{
    for (size_t i = 0; i < rules->list.count; i++)
        permission_rule_clear(&rules->list.items[i]);
    array_clear(&rules->list);
}

static const struct {
    const char *name;
    size_t offset;
} texts[] = {
    { "tool", offsetof(struct permission_rule, tool) },
    { "input", offsetof(struct permission_rule, input) },
    { "path", offsetof(struct permission_rule, path) },
    { "under", offsetof(struct permission_rule, under) },
    { "url", offsetof(struct permission_rule, url) },
    { "in", offsetof(struct permission_rule, directory) },
};

static char **text_of(struct permission_rule *rule, size_t index)
{
    return (char **)(void *)((char *)rule + texts[index].offset);
}

/* NULL with a NUL in it, which no word can have. */
static char *owned_text(const json_t *value)
{
    struct slice text = json_string_slice(value);
    if (!text.ptr || memchr(text.ptr, '\0', text.len))
        return NULL;
    return memory_copy(text.ptr, text.len);
}

static bool take_text(struct permission_rule *rule, const char *name,
                      const json_t *value)
{
    for (size_t i = 0; i < COUNTOF(texts); i++) {
        if (strcmp(name, texts[i].name) == 0)
            return (*text_of(rule, i) = owned_text(value)) != NULL;
    }
    return false;
}

static bool take_argv(struct permission_rule *rule, const json_t *words)
{
    size_t count = json_array_size(words);
    if (!json_is_array(words) || !count || count > COMMAND_WORDS_MAX)
        return false;
    rule->argv = memory_zero(count + 1, sizeof *rule->argv);
    for (size_t i = 0; i < count; i++) {
        rule->argv[i] = owned_text(json_array_get(words, i));
        if (!rule->argv[i])
            return false;
    }
    return true;
}

static bool take_time(struct permission_rule *rule, const json_t *value)
{
    struct tm tm = { 0 };
    const char *text = json_string_value(value);
    const char *end = text ? strptime(text, time_format, &tm) : NULL;
    rule->time = end && !*end ? timegm(&tm) : 0;
    return true;
}

static bool take_member(struct permission_rule *rule, const char *name,
                        const json_t *value)
{
    if (strcmp(name, "argv") == 0)
        return take_argv(rule, value);
    if (strcmp(name, "since") == 0)
        return take_time(rule, value);
    if (strcmp(name, "site") != 0)
        return take_text(rule, name, value);
    rule->is_site = json_is_true(value);
    return json_is_boolean(value);
}

static bool parse_rule(struct permission_rule *rule, struct slice line)
{
    struct error ignored = { 0 };
    const char *name;
    json_t *value;
    if (!slice_starts(line, "- "))
        return false;
    json_t *members = json_parse_strict(slice_skip(line, 2), &ignored);
    bool ok = json_is_object(members);
    json_object_foreach(members, name, value) ok =
        ok && take_member(rule, name, value);
    json_decref(members);
    /* What is kept is always about one thing. */
    return ok && rule->tool && (rule->argv || rule->path || rule->url);
}

void permission_rules_parse(struct permission_rules *rules, struct slice text)
{
    struct slice line;
    while (rules->list.count < PERMISSION_RULES_MAX &&
           slice_next_line(&text, &line)) {
        struct permission_rule rule = { 0 };
        if (parse_rule(&rule, line))
            permission_rules_take(rules, &rule);
        else
            permission_rule_clear(&rule);
    }
}

static void print_member(struct buf *out, const char *name, const char *text)
{
    if (!text)
        return;
    buf_printf(out, "%s\"%s\": ", out->ptr[out->len - 1] == '{' ? "" : ", ",
               name);
    json_append_quoted(out, slice_of(text));
}

static void print_argv(struct buf *out, char *const *argv)
{
    if (!argv)
        return;
    buf_append_string(out, ", \"argv\": [");
    for (size_t i = 0; argv[i]; i++) {
        if (i)
            buf_append_string(out, ", ");
        json_append_quoted(out, slice_of(argv[i]));
    }
    buf_append_char(out, ']');
}

static void print_time(struct buf *out, int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm tm;
    char when[32] = "";
    if (!seconds)
        return;
    gmtime_r(&time, &tm);
    strftime(when, sizeof when, time_format, &tm);
    print_member(out, "since", when);
}

void permission_rules_print(const struct permission_rules *rules,
                            struct buf *out)
{
    for (size_t i = 0; i < rules->list.count; i++) {
        struct permission_rule *rule = &rules->list.items[i];
        buf_append_string(out, "- {");
        print_member(out, texts[0].name, rule->tool);
        print_argv(out, rule->argv);
        for (size_t j = 1; j < COUNTOF(texts); j++)
            print_member(out, texts[j].name, *text_of(rule, j));
        if (rule->is_site)
            buf_append_string(out, ", \"site\": true");
        print_time(out, rule->time);
        buf_append_string(out, "}\n");
    }
}

void permission_rules_take(struct permission_rules *rules,
                           struct permission_rule *take)
{
    for (size_t i = 0; i < rules->list.count; i++) {
        struct permission_rule *rule = &rules->list.items[i];
        if (permission_rule_equal(rule, take)) {
            rule->time = take->time;
            permission_rule_clear(take);
            return;
        }
    }
    *array_add(&rules->list) = *take;
    *take = (struct permission_rule){ 0 };
}

void permission_rules_remove(struct permission_rules *rules, size_t index)
{
    struct permission_rule *rule = &rules->list.items[index];
    permission_rule_clear(rule);
    rules->list.count--;
    memmove(rule, rule + 1, (rules->list.count - index) * sizeof *rule);
}
