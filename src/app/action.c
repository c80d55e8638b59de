/* SPDX-License-Identifier: MIT */
#include "app/action.h"

#include <string.h>

struct action_row {
    const char *name, *keys, *help;
};

static const struct action_row rows[ACTION_COUNT] = {
#define ACTION(id, name, keys, help) [ACTION_##id] = { name, keys, help },
#include "app/actions.def"
#undef ACTION
};

const char *action_name(enum action action)
{
    return rows[action].name;
}

const char *action_keys(enum action action)
{
    return rows[action].keys;
}

/* Cut the next word off a list. */
static bool next_word(struct slice *rest, char separator, struct slice *word)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->ptr, separator, rest->len);
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
    *word = (struct slice){ rest->ptr, len };
    *rest = slice_skip(*rest, len + 1);
    return true;
}

enum match { MATCH_NONE, MATCH_FIRST, MATCH_WHOLE };

/* One way to press it: "Ctrl-C", or "Ctrl-X Enter". */
static enum match match_keys(struct slice way, const struct action_keys *keys,
                             const struct key *key)
{
    struct slice word;
    struct key wanted;
    if (!next_word(&way, ' ', &word) || !key_parse(&wanted, word))
        return MATCH_NONE;
    if (way.len == 0)
        return !keys->has_first && key_equal(&wanted, key) ? MATCH_WHOLE
                                                           : MATCH_NONE;
    if (!keys->has_first)
        return key_equal(&wanted, key) ? MATCH_FIRST : MATCH_NONE;
    return key_equal(&wanted, &keys->first) && key_parse(&wanted, way) &&
                   key_equal(&wanted, key)
               ? MATCH_WHOLE
               : MATCH_NONE;
}

enum action action_of_key(struct action_keys *keys, const struct key *key,
                          bool *pending)
{
    enum action found = ACTION_NONE;
    *pending = false;
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT && !found; i++) {
        struct slice rest = slice_of(rows[i].keys), way;
        while (!found && next_word(&rest, ',', &way)) {
            enum match match = match_keys(way, keys, key);
            if (match == MATCH_WHOLE)
                found = (enum action)i;
            *pending = *pending || match == MATCH_FIRST;
        }
    }
    *pending = *pending && !found;
    keys->has_first = *pending;
    if (*pending)
        keys->first = *key;
    return found;
}

void action_help_text(struct buf *out)
{
    buf_append_string(out, "| Key | What it does |\n|---|---|\n");
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        struct slice rest = slice_of(rows[i].keys), way;
        buf_append_string(out, "| ");
        for (int count = 0; next_word(&rest, ',', &way); count++)
            buf_printf(out, "%s%.*s", count ? ", " : "", SLICE_ARG(way));
        buf_printf(out, " | %s |\n", rows[i].help);
    }
}
