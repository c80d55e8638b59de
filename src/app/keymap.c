/* SPDX-License-Identifier: MIT */
#include "app/keymap.h"

#include <string.h>
#include <strings.h>

void keymap_clear(struct keymap *keymap)
{
    array_clear(&keymap->bindings);
    *keymap = (struct keymap){ 0 };
}

/* One way to press it: "Ctrl-C", or "Ctrl-X Enter". */
static bool parse_way(struct binding *binding, struct slice way)
{
    struct slice word;
    way = slice_trim(way);
    binding->count = 0;
    while (way.len) {
        if (binding->count == COUNTOF(binding->keys) ||
            !action_next_word(&way, ' ', &word) ||
            !key_parse(&binding->keys[binding->count], word))
            return false;
        binding->count++;
        way = slice_trim(way);
    }
    return binding->count > 0;
}

void keymap_init(struct keymap *keymap)
{
    *keymap = (struct keymap){ 0 };
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        struct slice rest = slice_of(action_keys((enum action)i)), way;
        while (action_next_word(&rest, ',', &way)) {
            struct binding binding = { .action = (enum action)i };
            if (parse_way(&binding, way))
                *array_add(&keymap->bindings) = binding;
        }
    }
}

/* What the user wants. */

static void complain(struct buf *complaints, const struct setting *setting,
                     const char *format, ...) PRINTF_LIKE(3, 4);

static void complain(struct buf *complaints, const struct setting *setting,
                     const char *format, ...)
{
    va_list arguments;
    buf_append_string(complaints, setting->file);
    if (setting->line)
        buf_printf(complaints, ":%d", setting->line);
    buf_printf(complaints, ": keys.%s: ", setting->key);
    va_start(arguments, format);
    buf_vprintf(complaints, format, arguments);
    va_end(arguments);
    buf_append_char(complaints, '\n');
}

static bool is_typed(const struct key *key)
{
    return key->code == KEY_CHARACTER &&
           !(key->modifiers & (KEY_CTRL | KEY_ALT));
}

/* Ctrl-H and its like are other keys to every terminal. */
static bool is_another_key(struct slice word, const struct key *key)
{
    return slice_starts(word, "Ctrl-") && word.len == strlen("Ctrl-") + 1 &&
           key->code != KEY_CHARACTER;
}

/* Why a way to press a key cannot be had; false if it can. */
static bool is_refused(struct slice way, const struct binding *binding,
                       const struct setting *setting, struct buf *complaints)
{
    struct buf name = { 0 };
    struct slice word = slice_trim(way);
    bool is_refused = true;
    key_format(&name, &binding->keys[0]);
    if (is_another_key(word, &binding->keys[0]))
        complain(complaints, setting,
                 "%.*s is %s to every terminal; choose another key",
                 SLICE_ARG(word), buf_string(&name));
    else if (is_typed(&binding->keys[0]) &&
             action_focus(binding->action) != FOCUS_THREAD)
        complain(complaints, setting,
                 "%s could no longer be typed; add Ctrl- or Alt-",
                 buf_string(&name));
    else
        is_refused = false;
    buf_clear(&name);
    return is_refused;
}

static void remove_binding(struct keymap *keymap, size_t index)
{
    struct binding *items = keymap->bindings.items;
    keymap->bindings.count--;
    memmove(items + index, items + index + 1,
            (keymap->bindings.count - index) * sizeof *items);
}

static void remove_all(struct keymap *keymap, enum action action)
{
    for (size_t i = keymap->bindings.count; i-- > 0;) {
        if (keymap->bindings.items[i].action == action)
            remove_binding(keymap, i);
    }
}

/* Set the keys of one action, or leave them all. */
static void configure_action(struct keymap *keymap, enum action action,
                             const struct setting *setting,
                             struct buf *complaints)
{
    struct slice rest = slice_of(setting->text), way;
    ARRAY_OF(struct binding) wanted = { 0 };
    bool ok = true;
    bool is_none = slice_is(slice_trim(rest), "none");
    while (ok && !is_none && action_next_word(&rest, ',', &way)) {
        struct binding binding = { .action = action, .setting = setting };
        ok = parse_way(&binding, way);
        if (!ok)
            complain(complaints, setting,
                     "\"%.*s\" is no key; keys are written like Ctrl-X, "
                     "Alt-Enter, F5 or Ctrl-X n",
                     SLICE_ARG(slice_trim(way)));
        ok = ok && !is_refused(way, &binding, setting, complaints);
        *array_add(&wanted) = binding;
    }
    if (ok) {
        remove_all(keymap, action);
        for (size_t i = 0; i < wanted.count; i++)
            *array_add(&keymap->bindings) = wanted.items[i];
    }
    array_clear(&wanted);
}

static bool may_meet(enum focus a, enum focus b)
{
    return a == b || a == FOCUS_ANY || b == FOCUS_ANY;
}

/* Whoever presses one of them may mean the other. */
static bool collide(const struct binding *a, const struct binding *b)
{
    int count = a->count < b->count ? a->count : b->count;
    if (!may_meet(action_focus(a->action), action_focus(b->action)))
        return false;
    for (int i = 0; i < count; i++) {
        if (!key_equal(&a->keys[i], &b->keys[i]))
            return false;
    }
    return true;
}

static bool has_key(const struct keymap *keymap, enum action action)
{
    for (size_t i = 0; i < keymap->bindings.count; i++) {
        if (keymap->bindings.items[i].action == action)
            return true;
    }
    return false;
}

/* The key of `of` is wanted by `winner` too: who loses it? */
static void settle(struct keymap *keymap, size_t loser, size_t winner,
                   struct buf *complaints)
{
    struct binding lost = keymap->bindings.items[loser];
    const struct binding won = keymap->bindings.items[winner];
    struct buf name = { 0 };
    key_format(&name, &won.keys[0]);
    if (won.count > 1) {
        buf_append_char(&name, ' ');
        key_format(&name, &won.keys[1]);
    }
    remove_binding(keymap, loser);
    if (lost.setting)
        complain(complaints, lost.setting,
                 "%s belongs to %s already (%s:%d); choose another key",
                 buf_string(&name), action_name(won.action), won.setting->file,
                 won.setting->line);
    else if (!has_key(keymap, lost.action))
        complain(complaints, won.setting,
                 "%s was the last key of %s, which has none now",
                 buf_string(&name), action_name(lost.action));
    buf_clear(&name);
}

/* The user's keys win over the table's, the first of two of his wins. */
static void settle_all(struct keymap *keymap, struct buf *complaints)
{
    for (size_t i = 0; i < keymap->bindings.count; i++) {
        for (size_t j = keymap->bindings.count; j-- > 0;) {
            const struct binding *a = &keymap->bindings.items[i];
            const struct binding *b = &keymap->bindings.items[j];
            if (i == j || !a->setting || (b->setting && j < i) ||
                a->action == b->action || !collide(a, b))
                continue;
            settle(keymap, j, i, complaints);
            i -= j < i;
        }
    }
}

void keymap_configure(struct keymap *keymap, const struct settings *settings,
                      struct buf *complaints)
{
    const struct setting *keys = settings_find(settings, "keys");
    for (size_t i = 0; keys && i < keys->child_count; i++) {
        const struct setting *setting = keys->children[i];
        struct slice name = slice_of(setting->key);
        enum action action = action_of_name(name);
        enum action near = action ? ACTION_NONE : action_nearest(name, false);
        if (action)
            configure_action(keymap, action, setting, complaints);
        else if (!action_is_later(name))
            complain(complaints, setting, "there is no action %s%s%s%s",
                     setting->key, near ? "; did you mean " : "",
                     action_name(near), near ? "?" : "; /help lists them");
    }
    settle_all(keymap, complaints);
}

/* What is pressed. */

static bool counts_at(const struct binding *binding, enum focus focus)
{
    return may_meet(action_focus(binding->action), focus);
}

enum action keymap_press(struct keymap *keymap, const struct key *key,
                         enum focus focus, bool *pending)
{
    enum action found = ACTION_NONE;
    *pending = false;
    for (size_t i = 0; i < keymap->bindings.count && !found; i++) {
        const struct binding *binding = &keymap->bindings.items[i];
        const struct key *first = &binding->keys[0];
        if (!counts_at(binding, focus))
            continue;
        if (keymap->has_first) {
            if (binding->count == 2 && key_equal(first, &keymap->first) &&
                key_equal(&binding->keys[1], key))
                found = binding->action;
        } else if (key_equal(first, key)) {
            if (binding->count == 1)
                found = binding->action;
            else
                *pending = true;
        }
    }
    *pending = *pending && !found;
    keymap->has_first = *pending;
    if (*pending)
        keymap->first = *key;
    return found;
}

void keymap_format(const struct keymap *keymap, enum action action,
                   struct buf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < keymap->bindings.count; i++) {
        const struct binding *binding = &keymap->bindings.items[i];
        if (binding->action != action)
            continue;
        if (count++)
            buf_append_string(out, ", ");
        for (int k = 0; k < binding->count; k++) {
            if (k)
                buf_append_char(out, ' ');
            key_format(out, &binding->keys[k]);
        }
    }
}
