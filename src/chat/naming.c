/* SPDX-License-Identifier: MIT */
#include "chat/naming.h"

#include <string.h>

#include "base/nearest.h"
#include "config/yaml.h"

struct naming {
    const struct endpoints *endpoints;
    const struct settings *settings;
    struct buf *complaints; /* NULL: the first mistake ends it */
    struct error *err;
};

/* A short name of a model, or the model that has one. */
static bool is_known_model(const struct endpoints *endpoints, const char *name)
{
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct endpoint *endpoint = &endpoints->list.items[i];
        if (endpoint_model(endpoint, name) != name ||
            endpoint_alias(endpoint, name) != name)
            return true;
    }
    return false;
}

static bool is_there(const struct naming *naming, const char *name)
{
    return endpoints_find(naming->endpoints, slice_of(name)) ||
           setting_child(settings_find(naming->settings, "endpoints"), name) ||
           vendors_find(&naming->endpoints->vendors, slice_of(name));
}

/* The null of the highest layer that removes it; NULL: none does. */
static const struct setting *find_null(const struct naming *naming,
                                       const char *name)
{
    const struct setting *none = NULL;
    struct buf key = { 0 };
    buf_printf(&key, "endpoints.%s", name);
    for (size_t i = settings_layer_count(naming->settings); i-- && !none;) {
        const struct setting *says =
            settings_in_layer(naming->settings, i, buf_string(&key));
        none = says && says->type == SETTING_NONE ? says : NULL;
    }
    buf_clear(&key);
    return none;
}

static const char *find_near(const struct endpoints *endpoints,
                             const char *name)
{
    ARRAY_OF(const char *) names = { 0 };
    for (size_t i = 0; i < endpoints->list.count; i++)
        *array_add(&names) = endpoints->list.items[i].name;
    const char *near = nearest_name(name, names.items, names.count);
    array_clear(&names);
    return near;
}

static void describe_null(const struct setting *none, const char *name,
                          struct buf *words)
{
    buf_printf(words, "the endpoint \"%s\" is switched off by %s", name,
               none->file);
    if (none->line)
        buf_printf(words, ":%d", none->line);
    buf_append_string(words, "; name another one, or set this anew there too");
}

static void describe_missing(const struct naming *naming, const char *name,
                             const char *model, const char *near,
                             struct buf *words)
{
    const struct endpoints *endpoints = naming->endpoints;
    buf_printf(words, "there is no endpoint \"%s\"; ", name);
    if (near) {
        buf_printf(words, "did you mean %s%s?", near, model);
        return;
    }
    buf_append_string(words, "there are: ");
    for (size_t i = 0; i < endpoints->list.count; i++)
        buf_printf(words, "%s%s", i ? ", " : "", endpoints->list.items[i].name);
    buf_printf(words,
               "; endpoints: makes one, and before a model \"%s%s\" its "
               "endpoint is to stand",
               name, model);
}

static bool refuse(const struct naming *naming, const struct setting *setting,
                   const char *key, const struct buf *words)
{
    yaml_error(naming->err, setting->file, setting->line, "%s: %s", key,
               buf_string(words));
    if (naming->complaints)
        buf_printf(naming->complaints, "%s\n", naming->err->text);
    return naming->complaints != NULL;
}

/* `may_be_model`: with a slash in its name. */
static bool check(const struct naming *naming, const struct setting *setting,
                  const char *key, bool may_be_model)
{
    const char *slash = setting ? strchr(setting->text, '/') : NULL;
    struct buf name = { 0 }, words = { 0 };
    bool ok = true;
    if (!slash || is_known_model(naming->endpoints, setting->text))
        return true;
    buf_append(&name, setting->text, (size_t)(slash - setting->text));
    if (!is_there(naming, buf_string(&name))) {
        const struct setting *none = find_null(naming, buf_string(&name));
        const char *near = find_near(naming->endpoints, buf_string(&name));
        if (none)
            describe_null(none, buf_string(&name), &words);
        else if (near || !may_be_model)
            describe_missing(naming, buf_string(&name), slash, near, &words);
        ok = !words.len || refuse(naming, setting, key, &words);
    }
    buf_clear(&name);
    buf_clear(&words);
    return ok;
}

static bool check_rules(const struct naming *naming)
{
    const struct setting *rules =
        settings_find(naming->settings, "routing.rules");
    bool ok = true;
    for (size_t i = 0; rules && i < rules->child_count && ok; i++)
        ok = check(naming, setting_child(rules->children[i], "use"),
                   "routing.rules: use", false);
    return ok;
}

static bool check_ladder(const struct naming *naming)
{
    const struct setting *ladder =
        settings_find(naming->settings, "routing.ladder");
    bool ok = true;
    for (size_t i = 0; ladder && i < ladder->child_count && ok; i++)
        ok = check(naming, ladder->children[i], "routing.ladder", false);
    return ok;
}

static bool check_roles(const struct naming *naming)
{
    const struct setting *roles = settings_find(naming->settings, "roles");
    struct buf key = { 0 };
    bool ok = true;
    for (size_t i = 0; roles && i < roles->child_count && ok; i++) {
        const struct setting *role = roles->children[i];
        buf_reset(&key);
        buf_printf(&key, "roles.%s.model", role->key);
        ok = check(naming, setting_child(role, "model"), buf_string(&key),
                   false);
    }
    buf_clear(&key);
    return ok;
}

bool naming_check(const struct endpoints *endpoints,
                  const struct settings *settings, struct buf *complaints,
                  struct error *err)
{
    const struct naming naming = { endpoints, settings, complaints, err };
    return check(&naming, settings_find(settings, "model"), "model", true) &&
           check_ladder(&naming) && check_rules(&naming) &&
           check_roles(&naming);
}
