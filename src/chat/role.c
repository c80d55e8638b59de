/* SPDX-License-Identifier: MIT */
#include "chat/role.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "base/json.h"
#include "config/yaml.h"

enum { WORDS_MAX = 9 };

static struct slice next_word(struct slice *rest)
{
    *rest = slice_trim(*rest);
    size_t len = 0;
    while (len < rest->len && !strchr(" \t\n\r", rest->ptr[len]))
        len++;
    struct slice word = { rest->ptr, len };
    *rest = slice_skip(*rest, len);
    return word;
}

/* The places in a system prompt, and the words for them. */
struct filling {
    struct slice words;
    int last;      /* place, from 1, that takes all words that are left */
    bool has_all;  /* a place takes all of them */
    bool is_empty; /* a place stays so */
};

static const char all_words[] = "{{words}}";
static const char escape[] = "{{{{"; /* two of them are meant */

/* The number of a place at the start of a text, 0 if there is none. */
static int place_number(struct slice text)
{
    static const char place[] = "{{1}}";
    bool is_place = text.len >= sizeof place - 1 &&
                    !memcmp(text.ptr, "{{", 2) &&
                    !memcmp(text.ptr + 3, "}}", 2);
    int number = is_place ? text.ptr[2] - '0' : 0;
    return number >= 1 && number <= WORDS_MAX ? number : 0;
}

static void find_places(struct slice text, struct filling *filling)
{
    for (size_t len; text.len; text = slice_skip(text, len)) {
        int number = place_number(text);
        len = slice_starts(text, escape) ? sizeof escape - 1 : 1;
        filling->has_all |= slice_starts(text, all_words);
        if (number > filling->last)
            filling->last = number;
    }
}

/* Empty if there are fewer. */
static struct slice word_at(const struct filling *filling, int number)
{
    struct slice rest = filling->words, word = { 0 };
    for (int i = 1; i < number; i++)
        next_word(&rest);
    if (number == filling->last)
        return slice_trim(rest);
    word = next_word(&rest);
    return word;
}

/* The length of a place, or of what stands for braces, at the start of a text; 0
 * if there is none. */
static size_t fill_place(struct filling *filling, struct slice text,
                         struct buf *out)
{
    int number = place_number(text);
    bool is_all = slice_starts(text, all_words);
    if (slice_starts(text, escape)) {
        buf_append_string(out, "{{");
        return sizeof escape - 1;
    }
    if (!number && !is_all)
        return 0;
    struct slice word = is_all ? filling->words : word_at(filling, number);
    filling->is_empty |= word.len == 0;
    buf_append_slice(out, word);
    return is_all ? sizeof all_words - 1 : sizeof "{{1}}" - 1;
}

/* False: a place stays empty, or there is none for the words. */
static bool fill_in(struct slice text, struct slice words, struct buf *out)
{
    struct filling filling = { .words = words };
    find_places(text, &filling);
    while (text.len) {
        size_t len = fill_place(&filling, text, out);
        if (!len)
            buf_append_char(out, *text.ptr);
        text = slice_skip(text, len ? len : 1);
    }
    return !filling.is_empty && (filling.has_all || filling.last || !words.len);
}

static const char *system_of(const struct role *role)
{
    const struct setting *system = setting_child(role->setting, "system");
    return system ? system->text : NULL;
}

static bool refuse_unknown(const struct settings *settings, struct slice name,
                           struct error *err)
{
    const struct setting *roles = settings_find(settings, "roles");
    struct buf names = { 0 };
    for (size_t i = 0; roles && i < roles->child_count; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", roles->children[i]->key);
    error_set(err, ERROR_CONFIG, "there is no role \"%.*s\"; %s%s",
              SLICE_ARG(name),
              names.len ? "there are: " : "roles: in config.yaml makes one",
              buf_string(&names));
    buf_clear(&names);
    return false;
}

bool role_find(const struct settings *settings, struct slice wish,
               struct role *role, struct error *err)
{
    struct slice rest = wish, name = next_word(&rest);
    struct buf key = { 0 }, system = { 0 };
    buf_append_slice(&key, name);
    *role = (struct role){
        .setting =
            setting_child(settings_find(settings, "roles"), buf_string(&key)),
        .words = slice_trim(rest),
    };
    buf_clear(&key);
    if (!role->setting)
        return refuse_unknown(settings, name, err);
    const char *text = system_of(role);
    bool ok =
        text ? fill_in(slice_of(text), role->words, &system) : !role->words.len;
    buf_clear(&system);
    if (ok)
        return true;
    const char *wants = "takes no words";
    struct filling places = { 0 };
    if (text)
        find_places(slice_of(text), &places);
    if (places.has_all || places.last)
        wants = role->words.len ? "wants more words" : "wants words";
    return error_set(err, ERROR_CONFIG,
                     "the role %s %s after its name; its prompt: \"%s\"",
                     role->setting->key, wants, text ? text : "none");
}

bool role_write_system(const struct role *role, struct buf *out)
{
    const char *text = system_of(role);
    if (text)
        fill_in(slice_of(text), role->words, out);
    return text != NULL;
}

static json_t *value_of(const struct setting *setting)
{
    json_t *list;
    switch (setting->type) {
    case SETTING_NUMBER:
        return setting->number == floor(setting->number)
                   ? json_integer((json_int_t)setting->number)
                   : json_real(setting->number);
    case SETTING_FLAG: return json_boolean(setting->flag);
    case SETTING_LIST:
        list = json_array();
        for (size_t i = 0; i < setting->child_count; i++)
            json_array_append_new(list, value_of(setting->children[i]));
        return list;
    default: return json_string(setting->text);
    }
}

void role_write_settings(const struct role *role, struct slice wish,
                         json_t *layer)
{
    const struct setting *reply = setting_child(role->setting, "reply");
    json_t *values = json_object();
    wish = slice_trim(wish);
    json_object_set_new(layer, "role", json_stringn(wish.ptr, wish.len));
    for (size_t i = 0; reply && i < reply->child_count; i++)
        json_object_set_new(values, reply->children[i]->key,
                            value_of(reply->children[i]));
    if (json_object_size(values))
        json_object_set(layer, "reply", values);
    json_decref(values);
}

const struct setting *role_reply(const struct settings *settings,
                                 struct slice wish)
{
    struct role role;
    struct error none;
    return role_find(settings, wish, &role, &none)
               ? setting_child(role.setting, "reply")
               : NULL;
}

const char *role_model(const struct role *role)
{
    const struct setting *model = setting_child(role->setting, "model");
    return model ? model->text : NULL;
}

/* "{{wrods}}" at the start of a text, where that is no place; else empty. */
static struct slice unknown_at(struct slice text)
{
    size_t len = 2;
    if (!slice_starts(text, "{{") || place_number(text) ||
        slice_starts(text, all_words))
        return (struct slice){ 0 };
    while (len < text.len && !strchr("{}\n", text.ptr[len]))
        len++;
    bool is_closed = len > 2 && slice_starts(slice_skip(text, len), "}}");
    return (struct slice){ text.ptr, is_closed ? len + 2 : 0 };
}

static struct slice find_unknown(struct slice text)
{
    struct slice unknown = { 0 };
    while (text.len && !unknown.len) {
        bool is_escape = slice_starts(text, escape);
        if (!is_escape)
            unknown = unknown_at(text);
        text = slice_skip(text, is_escape ? sizeof escape - 1 : 1);
    }
    return unknown;
}

/* `err` is left alone if there is nothing to say. */
static bool check_role(const struct setting *role, struct error *err)
{
    const struct setting *system = setting_child(role, "system");
    struct slice unknown = { 0 };
    if (!strcmp(role->key, "none"))
        return yaml_error(err, role->file, role->line,
                          "roles.none: /role none takes a role away; give this "
                          "one another name");
    if (system)
        unknown = find_unknown(slice_of(system->text));
    return !unknown.len ||
           yaml_error(err, system->file, system->line,
                      "roles.%s.system: there is no place %.*s; there are "
                      "{{1}} to {{9}} and {{words}}, and {{{{ writes {{",
                      role->key, SLICE_ARG(unknown));
}

bool role_check(const struct settings *settings, struct buf *complaints,
                struct error *err)
{
    const struct setting *roles = settings_find(settings, "roles");
    for (size_t i = 0; roles && i < roles->child_count; i++) {
        if (check_role(roles->children[i], err))
            continue;
        if (!complaints)
            return false;
        buf_printf(complaints, "%s\n", err->text);
    }
    return true;
}

void role_list(const struct settings *settings, struct buf *out)
{
    const struct setting *roles = settings_find(settings, "roles");
    for (size_t i = 0; roles && i < roles->child_count; i++) {
        const struct role role = { .setting = roles->children[i] };
        const struct setting *about = setting_child(role.setting, "about");
        const char *system = system_of(&role);
        struct slice rest = slice_of(about    ? about->text
                                     : system ? system
                                              : "its settings only");
        struct slice line = { 0 };
        slice_next_line(&rest, &line);
        buf_printf(out, "%s%s: %.*s", i ? "\n" : "", role.setting->key,
                   SLICE_ARG(line));
    }
}
