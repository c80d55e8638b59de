/* SPDX-License-Identifier: MIT */
#include "chat/role.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "base/json.h"

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

/* The Nth word, from 1; empty if there are fewer. */
static struct slice word_at(struct slice words, int number)
{
    struct slice word = { 0 };
    for (int i = 0; i < number; i++)
        word = next_word(&words);
    return word;
}

/* A place for words at the start of a text: its length, 0 if there is none, and
 * what belongs there. */
static size_t place_at(struct slice text, struct slice words,
                       struct slice *word)
{
    static const char all[] = "{{words}}", one[] = "{{1}}";
    if (slice_starts(text, all)) {
        *word = words;
        return sizeof all - 1;
    }
    if (text.len < sizeof one - 1 || memcmp(text.ptr, "{{", 2) ||
        memcmp(text.ptr + 3, "}}", 2) || text.ptr[2] < '1' ||
        text.ptr[2] > '0' + WORDS_MAX)
        return 0;
    *word = word_at(words, text.ptr[2] - '0');
    return sizeof one - 1;
}

/* False: a place stays empty. */
static bool fill_in(struct slice text, struct slice words, struct buf *out)
{
    bool is_whole = true;
    while (text.len) {
        struct slice word;
        size_t len = place_at(text, words, &word);
        if (len) {
            is_whole &= word.len > 0;
            buf_append_slice(out, word);
        } else {
            buf_append_char(out, *text.ptr);
        }
        text = slice_skip(text, len ? len : 1);
    }
    return is_whole;
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
    bool ok = !text || fill_in(slice_of(text), role->words, &system);
    buf_clear(&system);
    return ok || error_set(err, ERROR_CONFIG,
                           "the role %s wants words after its name, for \"%s\"",
                           role->setting->key, text);
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
                         struct buf *out)
{
    const struct setting *reply = setting_child(role->setting, "reply");
    json_t *layer = json_object(), *values = json_object();
    wish = slice_trim(wish);
    json_object_set_new(layer, "role", json_stringn(wish.ptr, wish.len));
    for (size_t i = 0; reply && i < reply->child_count; i++)
        json_object_set_new(values, reply->children[i]->key,
                            value_of(reply->children[i]));
    if (json_object_size(values))
        json_object_set(layer, "reply", values);
    json_append_value(out, layer);
    json_decref(values);
    json_decref(layer);
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
