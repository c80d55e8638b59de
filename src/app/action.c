/* SPDX-License-Identifier: MIT */
#include "app/action.h"

#include <string.h>

#include "base/compiler.h"
#include "base/nearest.h"

struct action_row {
    const char *name, *keys, *commands, *arguments, *help;
    enum focus focus;
};

static const struct action_row rows[ACTION_COUNT] = {
    [ACTION_NONE] = { "", "", "", "", "", FOCUS_ANY },
#define ACTION(id, focus, name, keys, commands, arguments, help) \
    [ACTION_##id] = { name, keys, commands, arguments, help, FOCUS_##focus },
#include "app/actions.def"
#undef ACTION
};

const char *action_name(enum action action)
{
    return rows[action].name;
}

const char *action_help(enum action action)
{
    return rows[action].help;
}

const char *action_keys(enum action action)
{
    return rows[action].keys;
}

const char *action_commands(enum action action)
{
    return rows[action].commands;
}

const char *action_arguments(enum action action)
{
    return rows[action].arguments;
}

enum focus action_focus(enum action action)
{
    return rows[action].focus;
}

bool action_next_word(struct slice *rest, char separator, struct slice *word)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->ptr, separator, rest->len);
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
    *word = (struct slice){ rest->ptr, len };
    *rest = slice_skip(*rest, len + 1);
    return true;
}

struct slice action_command(enum action action)
{
    struct slice rest = slice_of(rows[action].commands), word = { 0 };
    action_next_word(&rest, ',', &word);
    return word.len ? word : slice_of("");
}

bool action_is_later(struct slice name)
{
    static const char *const later[] = { "context-lens" };
    bool found = false;
    for (size_t i = 0; i < COUNTOF(later) && !found; i++)
        found = slice_is(name, later[i]);
    return found;
}

enum action action_of_name(struct slice name)
{
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        if (slice_is(name, rows[i].name))
            return (enum action)i;
    }
    return ACTION_NONE;
}

enum action action_of_command(struct slice command)
{
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        struct slice rest = slice_of(rows[i].commands), word;
        while (action_next_word(&rest, ',', &word)) {
            if (slice_equal(word, command))
                return (enum action)i;
        }
    }
    return ACTION_NONE;
}

enum action action_nearest(struct slice word, bool is_command)
{
    char wanted[NEAREST_LEN_MAX] = "", names[ACTION_COUNT][NEAREST_LEN_MAX];
    const char *list[ACTION_COUNT];
    if (word.len == 0 || word.len >= sizeof wanted)
        return ACTION_NONE;
    memcpy(wanted, word.ptr, word.len);
    for (int i = 0; i < ACTION_COUNT; i++) {
        struct slice name = is_command ? action_command((enum action)i)
                                       : slice_of(rows[i].name);
        memcpy(names[i], name.ptr, name.len);
        names[i][name.len] = '\0';
        list[i] = names[i];
    }
    const char *found = nearest_name(wanted, list, COUNTOF(list));
    for (int i = 0; i < ACTION_COUNT; i++) {
        if (found == list[i])
            return (enum action)i;
    }
    return ACTION_NONE;
}
