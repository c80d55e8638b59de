/* SPDX-License-Identifier: MIT */
#include "chat/vendors.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "config/yaml.h"

enum { MEGABYTE = 1000 * 1000, NAME_MAX_LEN = 40 };

/* Half an hour at 50 Mbit/s; and what nearly every machine has room for. */
static const uint64_t starter_max = 10000ull * MEGABYTE;
static const uint64_t middling_bytes = 4000ull * MEGABYTE;

/* What is being read, and for whom an error is. */
struct reading {
    const char *name;
    struct error *err;
};

static bool refuse(const struct reading *reading,
                   const struct yaml_value *value, const char *words)
{
    return yaml_error(reading->err, reading->name, value->line, "%s: %s",
                      value->key, words);
}

static bool read_text(const struct reading *reading,
                      const struct yaml_value *value, char **text)
{
    if (value->kind != YAML_SCALAR || !*value->text)
        return refuse(reading, value, "a text is expected");
    free(*text);
    *text = memory_string(value->text);
    return true;
}

static bool read_number(const struct reading *reading,
                        const struct yaml_value *value, double *number)
{
    char *end = NULL;
    if (value->kind == YAML_SCALAR)
        *number = strtod(value->text, &end);
    if (!end || end == value->text || *end || !isfinite(*number) ||
        *number < 0 || *number > 1e9)
        return refuse(reading, value, "a number from 0 on is expected");
    return true;
}

static void clear_variables(struct vendor_variables *variables)
{
    for (size_t i = 0; i < variables->list.count; i++)
        free(variables->list.items[i]);
    array_clear(&variables->list);
}

static bool read_variables(const struct reading *reading,
                           const struct yaml_value *value,
                           struct vendor_variables *variables)
{
    clear_variables(variables);
    if (value->kind != YAML_LIST)
        return refuse(reading, value, "a list of variables is expected");
    for (size_t i = 0; i < value->count; i++) {
        char *name = NULL;
        if (!read_text(reading, value->children[i], &name))
            return false;
        *array_add(&variables->list) = name;
    }
    return true;
}

static bool read_dialect(const struct reading *reading,
                         const struct yaml_value *value, struct vendor *vendor)
{
    vendor->dialect =
        value->kind == YAML_SCALAR ? dialect_find(slice_of(value->text)) : NULL;
    return vendor->dialect ||
           refuse(reading, value, "chat-completions or ollama is expected");
}

static bool read_trust(const struct reading *reading,
                       const struct yaml_value *value, struct vendor *vendor)
{
    bool is_word = value->kind == YAML_SCALAR;
    vendor->is_own = is_word && !strcmp(value->text, "own");
    return vendor->is_own || (is_word && !strcmp(value->text, "vendor")) ||
           refuse(reading, value, "own or vendor is expected");
}

static double *part_of_price(struct price *price, const char *key)
{
    if (!strcmp(key, "in"))
        return &price->in;
    if (!strcmp(key, "out"))
        return &price->out;
    if (!strcmp(key, "cached"))
        return &price->cached;
    return !strcmp(key, "cache_write") ? &price->cache_write : NULL;
}

static bool fail_price(const struct reading *reading,
                       const struct yaml_value *value)
{
    return yaml_error(reading->err, reading->name, value->line,
                      "price: {in: DOLLARS, out: DOLLARS} is expected, with "
                      "cached and cache_write where they differ, and in a list "
                      "with model: PATTERN");
}

/* Of the model that the map names; NULL: of the vendor's usual one. */
static bool read_price(const struct reading *reading,
                       const struct yaml_value *value, struct prices *prices)
{
    struct price price = { -1, -1, -1, -1 };
    const char *model = NULL;
    for (size_t i = 0; value->kind == YAML_MAP && i < value->count; i++) {
        const struct yaml_value *part = value->children[i];
        double *number = part_of_price(&price, part->key);
        if (!number && !strcmp(part->key, "model") && part->text)
            model = part->text;
        else if (!number)
            return fail_price(reading, part);
        else if (!read_number(reading, part, number))
            return false;
    }
    if (price.in < 0 || price.out < 0)
        return fail_price(reading, value);
    prices_add(prices, model, &price);
    return true;
}

/* What a later table says comes before what is there. */
static bool read_prices(const struct reading *reading,
                        const struct yaml_value *value, struct vendor *vendor)
{
    struct prices prices = { 0 };
    bool is_list = value->kind == YAML_LIST;
    bool ok = is_list || read_price(reading, value, &prices);
    for (size_t i = 0; is_list && ok && i < value->count; i++)
        ok = read_price(reading, value->children[i], &prices);
    prices_add_all(&prices, &vendor->prices);
    prices_clear(&vendor->prices);
    vendor->prices = prices;
    return ok;
}

/* The model may stand below the price. */
static void name_models(struct vendor *vendor)
{
    for (size_t i = 0; i < vendor->prices.list.count; i++) {
        struct price_row *row = &vendor->prices.list.items[i];
        if (!row->pattern)
            row->pattern = memory_string(vendor->model ? vendor->model : "");
    }
}

static bool read_window(const struct reading *reading,
                        const struct yaml_value *value, struct vendor *vendor)
{
    double tokens = 0;
    if (!read_number(reading, value, &tokens))
        return false;
    vendor->window = (uint64_t)tokens;
    return true;
}

static bool unknown_key(const struct reading *reading,
                        const struct yaml_value *value)
{
    static const char *const names[] = {
        "title", "url",   "dialect", "trust",  "key",
        "base",  "model", "price",   "window", "key_page",
    };
    const char *near = nearest_name(value->key, names, COUNTOF(names));
    return yaml_error(reading->err, reading->name, value->line,
                      "unknown key \"%s\"%s%s", value->key,
                      near ? "; did you mean " : "", near ? near : "");
}

static bool read_key(const struct reading *reading,
                     const struct yaml_value *value, struct vendor *vendor)
{
    const char *key = value->key;
    if (!strcmp(key, "title"))
        return read_text(reading, value, &vendor->title);
    if (!strcmp(key, "url"))
        return read_text(reading, value, &vendor->url);
    if (!strcmp(key, "model"))
        return read_text(reading, value, &vendor->model);
    if (!strcmp(key, "key_page"))
        return read_text(reading, value, &vendor->key_page);
    if (!strcmp(key, "dialect"))
        return read_dialect(reading, value, vendor);
    if (!strcmp(key, "trust"))
        return read_trust(reading, value, vendor);
    if (!strcmp(key, "key"))
        return read_variables(reading, value, &vendor->keys);
    if (!strcmp(key, "base"))
        return read_variables(reading, value, &vendor->bases);
    if (!strcmp(key, "price"))
        return read_prices(reading, value, vendor);
    if (!strcmp(key, "window"))
        return read_window(reading, value, vendor);
    return unknown_key(reading, value);
}

static struct vendor *find(const struct vendors *vendors, struct slice name)
{
    for (size_t i = 0; i < vendors->list.count; i++) {
        if (slice_is(name, vendors->list.items[i].name))
            return &vendors->list.items[i];
    }
    return NULL;
}

/* It becomes the name of an endpoint, of a file, and stands before a slash. */
static bool is_name(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    return len > 0 && !name[len] && len <= NAME_MAX_LEN;
}

static bool read_vendor(const struct reading *reading,
                        const struct yaml_value *value, struct vendors *vendors)
{
    struct vendor *vendor = find(vendors, slice_of(value->key));
    if (value->kind != YAML_MAP || !is_name(value->key))
        return refuse(reading, value,
                      "a name of a-z, 0-9, - and _ with a map is expected");
    if (!vendor) {
        vendor = array_add(&vendors->list);
        *vendor = (struct vendor){ .name = memory_string(value->key) };
    }
    for (size_t i = 0; i < value->count; i++) {
        if (!read_key(reading, value->children[i], vendor))
            return false;
    }
    name_models(vendor);
    if (!vendor->url || !vendor->dialect)
        return refuse(reading, value, "url and dialect are needed");
    if (!vendor->title)
        vendor->title = memory_string(vendor->name);
    return true;
}

static bool read_starter(const struct reading *reading,
                         const struct yaml_value *value,
                         struct vendors *vendors)
{
    char *model = NULL;
    double size = 0;
    bool ok = value->kind == YAML_MAP && value->count == 2 &&
              !strcmp(value->children[0]->key, "model") &&
              !strcmp(value->children[1]->key, "size");
    if (!ok)
        return refuse(reading, value, "{model: NAME, size: MB} is expected");
    if (!read_text(reading, value->children[0], &model) ||
        !read_number(reading, value->children[1], &size)) {
        free(model);
        return false;
    }
    *array_add(&vendors->starters) =
        (struct starter){ .model = model, .size = (uint64_t)(size * MEGABYTE) };
    return true;
}

static void clear_starters(struct vendors *vendors)
{
    for (size_t i = 0; i < vendors->starters.count; i++)
        free(vendors->starters.items[i].model);
    array_clear(&vendors->starters);
}

static bool read_part(const struct reading *reading,
                      const struct yaml_value *part, struct vendors *vendors)
{
    bool is_pull = !strcmp(part->key, "pull");
    if (!is_pull && strcmp(part->key, "vendors"))
        return refuse(reading, part, "only vendors: and pull: are known");
    if (part->kind != (is_pull ? YAML_LIST : YAML_MAP))
        return refuse(reading, part,
                      is_pull ? "a list is expected" : "a map is expected");
    if (is_pull)
        clear_starters(vendors);
    for (size_t i = 0; i < part->count; i++) {
        if (!(is_pull ? read_starter : read_vendor)(reading, part->children[i],
                                                    vendors))
            return false;
    }
    return true;
}

bool vendors_add(struct vendors *vendors, const char *name, struct slice yaml,
                 struct error *err)
{
    struct yaml_source source = { name, true };
    struct reading reading = { name, err };
    struct yaml_value *root = yaml_value_parse(&source, yaml, err);
    if (!root)
        return false;
    bool is_empty = root->kind == YAML_SCALAR && !*root->text;
    bool ok = root->kind == YAML_MAP || is_empty ||
              yaml_error(err, name, root->line, "a map is expected");
    for (size_t i = 0; ok && i < root->count; i++)
        ok = read_part(&reading, root->children[i], vendors);
    yaml_value_free(root);
    return ok;
}

void vendors_clear(struct vendors *vendors)
{
    for (size_t i = 0; i < vendors->list.count; i++) {
        struct vendor *vendor = &vendors->list.items[i];
        free(vendor->name);
        free(vendor->title);
        free(vendor->url);
        free(vendor->model);
        free(vendor->key_page);
        prices_clear(&vendor->prices);
        clear_variables(&vendor->keys);
        clear_variables(&vendor->bases);
    }
    array_clear(&vendors->list);
    clear_starters(vendors);
}

const struct vendor *vendors_find(const struct vendors *vendors,
                                  struct slice name)
{
    return find(vendors, name);
}

const char *vendor_variable(const struct vendor_variables *variables)
{
    for (size_t i = 0; i < variables->list.count; i++) {
        const char *value = getenv(variables->list.items[i]);
        if (value && *value)
            return variables->list.items[i];
    }
    return NULL;
}

const struct starter *vendors_starter(const struct vendors *vendors,
                                      uint64_t free_bytes)
{
    uint64_t room = free_bytes ? free_bytes : middling_bytes;
    const struct starter *best = NULL;
    for (size_t i = 0; i < vendors->starters.count; i++) {
        const struct starter *starter = &vendors->starters.items[i];
        bool fits = starter->size <= starter_max &&
                    starter->size + starter->size / 5 <= room;
        bool best_fits = best && best->size <= starter_max &&
                         best->size + best->size / 5 <= room;
        if (!best || (fits && (!best_fits || starter->size > best->size)) ||
            (!fits && !best_fits && starter->size < best->size))
            best = starter;
    }
    return best;
}
