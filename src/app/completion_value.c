/* SPDX-License-Identifier: MIT */
#include "app/completion_value.h"

#include <string.h>

#include "app/cli.h"
#include "app/show_form.h"
#include "app/stats_report.h"
#include "llm/provider.h"

enum { PLACES_MAX = 8 /* of "ID..." so many are completed */ };

static void add_word(struct buf *words, const char *word)
{
    buf_printf(words, "%s%s", words->len ? " " : "", word);
}

static void add_outputs(struct buf *words)
{
    for (size_t i = 0; cli_output_name(i); i++)
        add_word(words, cli_output_name(i));
}

static void add_dialects(struct buf *words)
{
    for (size_t i = 0; i < dialect_count(); i++) {
        if (!dialect_at(i)->is_builtin)
            add_word(words, dialect_at(i)->name);
    }
}

static void add_views(struct buf *words)
{
    for (size_t i = 0; show_form_name(i); i++)
        add_word(words, show_form_name(i));
}

static void add_ways(struct buf *words)
{
    for (size_t i = 0; stats_way(i); i++)
        add_word(words, stats_way(i)->name);
}

static const struct source {
    const char *argument;
    enum completion_kind kind;
    const char *list;
    void (*add)(struct buf *words);
} sources[] = {
    { "TEXT", VALUE_FREE, NULL, NULL },
    { "PROMPT", VALUE_FREE, NULL, NULL },
    { "WORDS", VALUE_FREE, NULL, NULL },
    { "TITLE", VALUE_FREE, NULL, NULL },
    { "SEQ", VALUE_FREE, NULL, NULL },
    { "COUNT", VALUE_FREE, NULL, NULL },
    { "ID", VALUE_LIST, "sessions", NULL },
    { "TRASH-ID", VALUE_LIST, "trash", NULL },
    { "VIEW", VALUE_WORD, NULL, add_views },
    { "WAY", VALUE_WORD, NULL, add_ways },
    { "PATH", VALUE_FILE, NULL, NULL },
    { "FILE", VALUE_FILE, NULL, NULL },
    { "FORM", VALUE_WORD, NULL, add_outputs },
    { "DIALECT", VALUE_WORD, NULL, add_dialects },
    { "NAME", VALUE_LIST, "profiles", NULL },
    { "[ENDPOINT/]MODEL", VALUE_LIST, "models", NULL },
    { "ENDPOINT", VALUE_FREE, NULL, NULL },
    { "TOOL", VALUE_LIST, "tools", NULL },
    { "LIST", VALUE_LIST, "tools", NULL },
    { "RULE", VALUE_LIST, "tools", NULL },
    { "KEY", VALUE_LIST, "settings", NULL },
    { "KEY=VALUE", VALUE_LIST, "sets", NULL },
};

static const struct source *find_source(struct slice argument)
{
    for (size_t i = 0; i < COUNTOF(sources); i++) {
        if (slice_is(argument, sources[i].argument))
            return &sources[i];
    }
    return NULL;
}

/* A word to be typed as it stands, or several: "explain", "list|remove". */
static bool is_literal(struct slice argument)
{
    for (size_t i = 0; i < argument.len; i++) {
        char c = argument.ptr[i];
        if (!(c >= 'a' && c <= 'z') && c != '-' && c != '|')
            return false;
    }
    return argument.len > 0;
}

static struct slice without_brackets(struct slice argument)
{
    if (argument.len > 2 && argument.ptr[0] == '[' &&
        argument.ptr[argument.len - 1] == ']')
        return (struct slice){ argument.ptr + 1, argument.len - 2 };
    return argument;
}

static bool is_repeated(struct slice argument)
{
    return argument.len > 3 &&
           !memcmp(argument.ptr + argument.len - 3, "...", 3);
}

static struct slice without_dots(struct slice argument)
{
    if (is_repeated(argument))
        argument.len -= 3;
    return argument;
}

bool completion_value_find(struct completion_value *value,
                           struct slice argument)
{
    struct slice inner = without_dots(without_brackets(argument));
    const struct source *source = find_source(argument);
    if (!source)
        source = find_source(inner);
    *value = (struct completion_value){ .kind = VALUE_FREE };
    if (source) {
        value->kind = source->kind;
        if (source->list)
            add_word(&value->words, source->list);
        if (source->add)
            source->add(&value->words);
    } else if (is_literal(inner)) {
        value->kind = VALUE_WORD;
        for (size_t i = 0; i < inner.len; i++)
            buf_append_char(&value->words,
                            inner.ptr[i] == '|' ? ' ' : inner.ptr[i]);
    }
    return source || value->kind == VALUE_WORD;
}

void completion_value_clear(struct completion_value *value)
{
    buf_clear(&value->words);
}

static bool next_argument(struct slice *rest, struct slice *argument)
{
    *rest = slice_trim(*rest);
    size_t len = 0;
    while (len < rest->len && rest->ptr[len] != ' ')
        len++;
    *argument = (struct slice){ rest->ptr, len };
    *rest = slice_skip(*rest, len);
    return len > 0;
}

void completion_value_each(struct buf *out, completion_place_fn *fn)
{
    struct cli_subcommand command;
    for (size_t i = 0; cli_subcommand(i, &command); i++) {
        struct slice rest = slice_of(command.arguments), argument;
        for (int place = 1; next_argument(&rest, &argument); place++) {
            struct completion_value value;
            completion_value_find(&value, argument);
            fn(out, command.name, place, &value);
            while (is_repeated(without_brackets(argument)) &&
                   place < PLACES_MAX)
                fn(out, command.name, ++place, &value);
            completion_value_clear(&value);
        }
    }
}
