/* SPDX-License-Identifier: MIT */
#include "tool/granted_rule.h"

#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "net/web_url.h"

enum { INPUT_MAX = 4 * 1024 /* bytes of what a program reads, in a rule */ };

static char **copy_words(char *const *words)
{
    size_t count = 0;
    while (words[count])
        count++;
    char **copy = memory_zero(count + 1, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = memory_string(words[i]);
    return copy;
}

static bool say(struct buf *why, const char *words)
{
    buf_append_string(why, words);
    return false;
}

static bool rule_of_program(const struct tool_plan *plan,
                            const struct tool_place *place,
                            enum permission_scope scope,
                            struct permission_rule *rule, struct buf *why)
{
    if (!plan->is_exact)
        return say(why, "a shell reads more in it than one program and its "
                        "words");
    if (plan->input.len > INPUT_MAX)
        return say(why, "the program reads too much");
    rule->argv = copy_words(plan->argv);
    if (plan->input.len)
        rule->input = memory_copy(plan->input.ptr, plan->input.len);
    if (scope == PERMISSION_ALWAYS)
        rule->directory = memory_string(place->directory);
    return true;
}

/* What is read beside it is likely to be read, too; what lies elsewhere is not
 * what was agreed to. */
static char *directory_of(const struct tool_plan *plan)
{
    const char *slash = strrchr(plan->path, '/');
    struct stat facts;
    bool is_directory =
        lstat(plan->path, &facts) == 0 && S_ISDIR(facts.st_mode);
    if (is_directory || slash == plan->path)
        return memory_string(plan->path);
    return memory_copy(plan->path, (size_t)(slash - plan->path));
}

static bool rule_of_file(const struct tool_plan *plan,
                         const struct tool_place *place,
                         enum permission_scope scope,
                         struct permission_rule *rule, struct buf *why)
{
    if (!plan->path)
        return say(why, "what it touches is not known");
    if (scope == PERMISSION_ALWAYS ||
        (plan->tool->effect != TOOL_READS && !plan->is_beneath))
        rule->path = memory_string(plan->path);
    else
        rule->under = plan->is_beneath ? memory_string(place->directory)
                                       : directory_of(plan);
    return true;
}

static bool rule_of_request(const struct tool_plan *plan,
                            enum permission_scope scope,
                            struct permission_rule *rule, struct buf *why)
{
    struct web_url url;
    struct error err = { 0 };
    if (!web_url_parse(&url, buf_slice(&plan->detail), &err))
        return say(why, err.text);
    struct buf text = { 0 };
    rule->is_site = scope == PERMISSION_SESSION;
    buf_printf(&text, "%s%s", rule->is_site ? url.origin : url.text,
               rule->is_site ? "/" : "");
    rule->url = buf_steal(&text);
    web_url_clear(&url);
    return true;
}

static bool make_rule(const struct tool_plan *plan,
                      const struct tool_place *place,
                      enum permission_scope scope, struct permission_rule *rule,
                      struct buf *why)
{
    switch (plan->tool->executor) {
    case TOOL_RUNS: return rule_of_program(plan, place, scope, rule, why);
    case TOOL_WORKS: return rule_of_file(plan, place, scope, rule, why);
    case TOOL_GETS: return rule_of_request(plan, scope, rule, why);
    case TOOL_CHATS: break;
    }
    return scope == PERMISSION_SESSION ||
           say(why, "it can be allowed for this session at the most");
}

bool granted_rule_of_plan(const struct tool_plan *plan,
                          const struct tool_place *place,
                          enum permission_scope scope,
                          struct permission_rule *rule, struct buf *why)
{
    *rule = (struct permission_rule){ .tool = memory_string(plan->tool->name) };
    if (make_rule(plan, place, scope, rule, why))
        return true;
    permission_rule_clear(rule);
    return false;
}
