/* SPDX-License-Identifier: MIT */
#include "chat/endpoint.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/path.h"
#include "base/redact.h"
#include "base/secret.h"
#include "config/yaml.h"
#include "llm/events.h"
#include "llm/guide.h"
#include "llm/ollama.h"
#include "net/child.h"

enum { ENDPOINT_KEY_MAX = 8 * 1024, KEY_COMMAND_MS = 10 * 1000 };

static const char *set_in_environment(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static char **read_argv(const struct setting *list)
{
    char **argv = memory_zero(list->child_count + 1, sizeof *argv);
    for (size_t i = 0; i < list->child_count; i++)
        argv[i] = memory_string(list->children[i]->text);
    return argv;
}

static void argv_free(char **argv)
{
    for (size_t i = 0; argv && argv[i]; i++)
        free(argv[i]);
    free(argv);
}

static void command_free(struct key_command *command)
{
    if (!command)
        return;
    argv_free(command->argv);
    secret_free(command->key);
    secret_free(command->rejected);
    free(command);
}

void endpoint_clear(struct endpoint *endpoint)
{
    free(endpoint->name);
    free(endpoint->url);
    free(endpoint->shown_url);
    argv_free(endpoint->command);
    secret_free(endpoint->key);
    free(endpoint->key_problem);
    command_free(endpoint->key_command);
    free(endpoint->key_source);
    free(endpoint->proxy);
    free(endpoint->ca_file);
    free(endpoint->keep_alive);
    free(endpoint->like);
    free(endpoint->usual_model);
    prices_clear(&endpoint->prices);
    for (size_t i = 0; i < endpoint->models.count; i++) {
        free(endpoint->models.items[i].alias);
        free(endpoint->models.items[i].model);
    }
    array_clear(&endpoint->models);
    *endpoint = (struct endpoint){ .num_ctx = -1 };
}

void endpoints_clear(struct endpoints *endpoints)
{
    for (size_t i = 0; i < endpoints->list.count; i++)
        endpoint_clear(&endpoints->list.items[i]);
    array_clear(&endpoints->list);
    vendors_clear(&endpoints->vendors);
}

static char *expanded(const struct setting *setting)
{
    if (!setting || !setting->text)
        return NULL;
    struct buf path = { 0 };
    path_expand(&path, setting->text);
    return buf_steal(&path);
}

/* The first line, NULL if it is empty. Clears the text. */
static char *take_key(struct buf *text)
{
    struct slice rest = buf_slice(text), line = { 0 };
    char *key = NULL;
    if (slice_next_line(&rest, &line) && slice_trim(line).len)
        key = memory_copy(slice_trim(line).ptr, slice_trim(line).len);
    if (text->ptr)
        explicit_bzero(text->ptr, text->len);
    buf_clear(text);
    return key;
}

static struct key_command *read_command(const struct setting *list)
{
    struct key_command *command = memory_zero(1, sizeof *command);
    command->argv = read_argv(list);
    return command;
}

static void read_key_file(struct endpoint *endpoint)
{
    struct buf text = { 0 };
    struct error err = { 0 };
    if (secret_read_file(&text, endpoint->key_source, ENDPOINT_KEY_MAX, &err))
        endpoint->key = take_key(&text);
    else
        endpoint->key_problem = memory_string(err.text);
}

/* Keys are read by whoever needs one, so that a missing key of an endpoint that
 * nobody asks does not stop the program. */
static void read_key(struct endpoint *endpoint, const struct setting *key)
{
    const struct setting *env = setting_child(key, "env");
    const struct setting *file = setting_child(key, "file");
    const struct setting *command = setting_child(key, "command");
    if (env) {
        endpoint->key_source = memory_string(env->text);
        endpoint->has_key_variable = true;
        endpoint->key = memory_string(set_in_environment(env->text));
    } else if (file) {
        endpoint->key_source = expanded(file);
        read_key_file(endpoint);
    } else if (command && command->child_count) {
        endpoint->key_command = read_command(command);
        endpoint->key_source = memory_string(command->children[0]->text);
    } else if (command) {
        endpoint->key_source = memory_string("key.command");
    }
}

static bool fail_at(const struct setting *setting, struct error *err,
                    const char *words)
{
    return yaml_error(err, setting->file, setting->line, "endpoint %s: %s",
                      setting->key, words);
}

static bool read_proxy(struct endpoint *endpoint, const struct setting *map)
{
    const struct setting *proxy = setting_child(map, "proxy");
    if (proxy && !strcmp(proxy->text, "none"))
        endpoint->proxy = memory_string("");
    else if (proxy && strcmp(proxy->text, "env"))
        endpoint->proxy = memory_string(proxy->text);
    return true;
}

static void read_timeouts(struct endpoint *endpoint, const struct setting *map)
{
    const struct setting *connect = setting_child(map, "connect");
    const struct setting *first = setting_child(map, "first_token");
    const struct setting *gap = setting_child(map, "gap");
    endpoint->connect_ms = connect ? (int64_t)connect->number : 0;
    endpoint->first_token_ms = first ? (int64_t)first->number : 0;
    endpoint->gap_ms = gap ? (int64_t)gap->number : 0;
}

static bool is_set(const struct setting *setting, const char *name)
{
    const struct setting *flag = setting_child(setting, name);
    return flag && flag->flag;
}

static void read_models(struct endpoint *endpoint, const struct setting *models)
{
    for (size_t i = 0; models && i < models->child_count; i++) {
        const struct setting *row = models->children[i];
        *array_add(&endpoint->models) = (struct model_alias){
            .alias = memory_string(row->key),
            .model = memory_string(row->text),
        };
    }
}

static bool is_http(const char *url)
{
    return !strncasecmp(url, "http://", 7) || !strncasecmp(url, "https://", 8);
}

static bool is_file(const char *url)
{
    return strncasecmp(url, "file:///", strlen("file:///")) == 0;
}

/* Where the answers come from. */
static bool read_place(struct endpoint *endpoint, const struct setting *setting,
                       struct error *err)
{
    const struct setting *url = setting_child(setting, "url");
    const struct setting *command = setting_child(setting, "command");
    bool is_events = endpoint->dialect == &dialect_events;
    struct buf place = { 0 };
    if (command && !is_events)
        return fail_at(setting, err, "a command answers in dialect: events");
    if (command && (url || !command->child_count))
        return fail_at(setting, err, "write either a command or a url");
    if (!url && !command && !endpoint->dialect->is_builtin)
        return fail_at(setting, err, "no url");
    if (url && endpoint->dialect->write_request && !is_http(url->text) &&
        !(is_events && is_file(url->text)))
        return fail_at(setting, err,
                       is_events ? "a URL begins with http://, https:// or "
                                   "file:///"
                                 : "a URL begins with http:// or https://");
    if (command) {
        endpoint->command = read_argv(command);
        buf_printf(&place, "command://%s", setting->key);
    } else if (url) {
        buf_append_string(&place, url->text);
    }
    endpoint->url = buf_steal(&place);
    return true;
}

bool endpoint_read(struct endpoint *endpoint, const struct setting *setting,
                   struct error *err)
{
    const struct setting *dialect = setting_child(setting, "dialect");
    const struct setting *num_ctx = setting_child(setting, "num_ctx");
    const struct setting *keep_alive = setting_child(setting, "keep_alive");
    const struct setting *trust = setting_child(setting, "trust");
    *endpoint = (struct endpoint){ .num_ctx = -1 };
    if (!dialect)
        return fail_at(setting, err,
                       "no dialect; write dialect: ollama or "
                       "dialect: chat-completions");
    endpoint->dialect = dialect_find(slice_of(dialect->text));
    if (!read_place(endpoint, setting, err))
        return false;
    endpoint->name = memory_string(setting->key);
    endpoint->is_vendor = !trust || strcmp(trust->text, "own");
    /* What is only read goes nowhere. */
    if (is_file(endpoint->url))
        endpoint->is_vendor = false;
    endpoint->is_explicit = true;
    endpoint->num_ctx = num_ctx && num_ctx->type == SETTING_NUMBER
                            ? (int64_t)num_ctx->number
                            : -1;
    if (setting_child(setting, "like"))
        endpoint->like = memory_string(setting_child(setting, "like")->text);
    if (keep_alive)
        endpoint->keep_alive = memory_string(keep_alive->text);
    read_timeouts(endpoint, setting_child(setting, "timeouts"));
    endpoint->ca_file = expanded(setting_child(setting, "ca_file"));
    endpoint->unload_at_exit = is_set(setting, "unload_at_exit");
    endpoint->may_send_clear = is_set(setting, "allow_cleartext");
    read_key(endpoint, setting_child(setting, "key"));
    read_models(endpoint, setting_child(setting, "models"));
    return read_proxy(endpoint, setting) &&
           prices_read(&endpoint->prices, setting_child(setting, "price"), err);
}

static bool load_configured(struct endpoints *endpoints,
                            const struct settings *settings,
                            struct buf *complaints, struct error *err)
{
    const struct setting *map = settings_find(settings, "endpoints");
    for (size_t i = 0; map && i < map->child_count; i++) {
        struct endpoint *endpoint = array_add(&endpoints->list);
        if (endpoint_read(endpoint, map->children[i], err)) {
            endpoints->has_configured = true;
            continue;
        }
        if (!complaints)
            return false;
        buf_printf(complaints, "%s\n", err->text);
        endpoint_clear(endpoint);
        endpoints->list.count--;
    }
    return true;
}

static void add_ollama(struct endpoints *endpoints)
{
    const char *host = set_in_environment("OLLAMA_HOST");
    struct buf url = { 0 };
    ollama_host_url(&url, host);
    *array_add(&endpoints->list) = (struct endpoint){
        .name = memory_string("ollama"),
        .dialect = &dialect_ollama,
        .url = buf_steal(&url),
        .key = memory_string(set_in_environment("OLLAMA_API_KEY")),
        .key_source = memory_string("OLLAMA_API_KEY"),
        .has_key_variable = true,
        .is_from_environment = true,
        .is_explicit = host != NULL,
        .num_ctx = -1,
    };
    /* The variable says where it is, and not whose. */
    struct endpoint *endpoint = array_last(&endpoints->list);
    endpoint->asks_trust = !endpoint_is_loopback(endpoint);
    endpoint->is_vendor = endpoint->asks_trust;
}

/* A vendor whose key, or whose other address, stands in the environment. */
static void add_vendor(struct endpoints *endpoints, const struct vendor *vendor)
{
    const char *key = vendor_variable(&vendor->keys);
    const char *base = vendor_variable(&vendor->bases);
    if (!key && !base)
        return;
    const char *source = key                       ? key
                         : vendor->keys.list.count ? vendor->keys.list.items[0]
                                                   : NULL;
    *array_add(&endpoints->list) = (struct endpoint){
        .name = memory_string(vendor->name),
        .dialect = vendor->dialect,
        .url = memory_string(base ? getenv(base) : vendor->url),
        .key = memory_string(key ? getenv(key) : NULL),
        .key_source = memory_string(source),
        .has_key_variable = source != NULL,
        .is_vendor = !vendor->is_own,
        .asks_trust = base != NULL && !vendor->is_own,
        .is_from_environment = true,
        /* Another server has other models. */
        .usual_model = memory_string(base ? NULL : vendor->model),
        .num_ctx = -1,
    };
}

/* What the settings say of a name counts, even if it cannot be used yet. */
static bool is_configured(const struct endpoints *endpoints, const char *name)
{
    return endpoints_find(endpoints, slice_of(name)) != NULL;
}

static bool add_from_environment(struct endpoints *endpoints, struct error *err)
{
    struct vendors *vendors = &endpoints->vendors;
    if (!vendors->list.count &&
        !vendors_add(vendors, "vendors.yaml", slice_of(vendors_table), err))
        return false;
    if (!is_configured(endpoints, "ollama"))
        add_ollama(endpoints);
    for (size_t i = 0; i < vendors->list.count; i++) {
        const struct vendor *vendor = &vendors->list.items[i];
        if (!is_configured(endpoints, vendor->name))
            add_vendor(endpoints, vendor);
    }
    return true;
}

/* The user, host and port of a URL; all of it if it has no scheme. */
static struct slice url_authority(struct slice url)
{
    ptrdiff_t scheme = slice_find(url, "://");
    struct slice rest = scheme < 0 ? url : slice_skip(url, (size_t)scheme + 3);
    size_t len = 0;
    while (len < rest.len && !strchr("/?#", rest.ptr[len]))
        len++;
    rest.len = len;
    return rest;
}

static struct slice without_user(struct slice authority)
{
    const char *at =
        authority.len ? memrchr(authority.ptr, '@', authority.len) : NULL;
    return at ? slice_skip(authority, (size_t)(at + 1 - authority.ptr))
              : authority;
}

/* The host of a URL, without user, port and brackets. */
static struct slice url_host(struct slice url)
{
    struct slice rest = without_user(url_authority(url));
    if (slice_starts(rest, "[")) {
        const char *end = memchr(rest.ptr, ']', rest.len);
        return (struct slice){ rest.ptr + 1,
                               end ? (size_t)(end - rest.ptr - 1) : 0 };
    }
    const char *colon = rest.len ? memchr(rest.ptr, ':', rest.len) : NULL;
    if (colon)
        rest.len = (size_t)(colon - rest.ptr);
    return rest;
}

static void show_url(struct endpoint *endpoint)
{
    struct slice url = slice_of(endpoint->url);
    struct slice authority = url_authority(url);
    struct buf shown = { 0 };
    buf_append(&shown, url.ptr, (size_t)(authority.ptr - url.ptr));
    buf_append_string(&shown, without_user(authority).ptr);
    endpoint->shown_url = buf_steal(&shown);
}

/* After all were read: two endpoints may share one. What we start then finds
 * none of them. */
static void forget_variables(const struct endpoints *endpoints)
{
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct endpoint *endpoint = &endpoints->list.items[i];
        if (endpoint->has_key_variable)
            secret_forget_variable(endpoint->key_source);
    }
    for (size_t i = 0; i < endpoints->vendors.list.count; i++) {
        const struct vendor *vendor = &endpoints->vendors.list.items[i];
        for (size_t j = 0; j < vendor->keys.list.count; j++)
            secret_forget_variable(vendor->keys.list.items[j]);
    }
}

/* Whatever the user calls an endpoint, its address says whose prices are
 * asked. */
static void take_prices(const struct vendors *vendors,
                        struct endpoint *endpoint)
{
    struct slice host = endpoint_host(endpoint);
    for (size_t i = 0; i < vendors->list.count; i++) {
        const struct vendor *vendor = &vendors->list.items[i];
        struct slice other = url_host(slice_of(vendor->url));
        if (!vendor->is_own && host.len == other.len &&
            !strncasecmp(host.ptr, other.ptr, host.len))
            prices_add_all(&endpoint->prices, &vendor->prices);
    }
}

bool endpoints_load(struct endpoints *endpoints,
                    const struct settings *settings, struct buf *complaints,
                    struct error *err)
{
    if (!load_configured(endpoints, settings, complaints, err) ||
        !add_from_environment(endpoints, err))
        return false;
    if (!endpoints_find(endpoints, slice_of("guide")))
        *array_add(&endpoints->list) = (struct endpoint){
            .name = memory_string("guide"),
            .dialect = &dialect_guide,
            .url = memory_string(""),
            .num_ctx = -1,
        };
    for (size_t i = 0; i < endpoints->list.count; i++) {
        show_url(&endpoints->list.items[i]);
        take_prices(&endpoints->vendors, &endpoints->list.items[i]);
    }
    forget_variables(endpoints);
    array_reserve(&endpoints->list, ENDPOINTS_SPARE);
    return true;
}

bool endpoints_put(struct endpoints *endpoints, struct endpoint *take,
                   struct error *err)
{
    struct endpoint *place = NULL;
    for (size_t i = 0; i < endpoints->list.count && !place; i++) {
        if (!strcmp(endpoints->list.items[i].name, take->name))
            place = &endpoints->list.items[i];
    }
    if (!place && endpoints->list.count == endpoints->list.capacity)
        return error_set(err, ERROR_LIMIT,
                         "so many were connected that sennit must start anew "
                         "before it uses one more");
    if (place)
        endpoint_clear(place);
    else
        place = array_add(&endpoints->list);
    *place = *take;
    if (!place->shown_url)
        show_url(place);
    take_prices(&endpoints->vendors, place);
    *take = (struct endpoint){ .num_ctx = -1 };
    return true;
}

const struct endpoint *endpoints_find(const struct endpoints *endpoints,
                                      struct slice name)
{
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct endpoint *endpoint = &endpoints->list.items[i];
        if (slice_is(name, endpoint->name))
            return endpoint;
    }
    return NULL;
}

const struct endpoint *endpoints_guide(const struct endpoints *endpoints)
{
    for (size_t i = 0; i < endpoints->list.count; i++) {
        if (endpoints->list.items[i].dialect->is_builtin)
            return &endpoints->list.items[i];
    }
    return NULL;
}

const char *endpoint_model(const struct endpoint *endpoint, const char *name)
{
    for (size_t i = 0; i < endpoint->models.count; i++) {
        if (!strcmp(endpoint->models.items[i].alias, name))
            return endpoint->models.items[i].model;
    }
    return name;
}

const char *endpoint_alias(const struct endpoint *endpoint, const char *model)
{
    for (size_t i = 0; i < endpoint->models.count; i++) {
        if (!strcmp(endpoint->models.items[i].model, model))
            return endpoint->models.items[i].alias;
    }
    return model;
}

/* "127.evil.example" begins with 127. too: only digits and dots count. */
static bool is_loopback_number(struct slice host)
{
    if (!slice_starts(host, "127."))
        return false;
    for (size_t i = 0; i < host.len; i++) {
        if (!strchr("0123456789.", host.ptr[i]))
            return false;
    }
    return true;
}

bool endpoint_is_loopback(const struct endpoint *endpoint)
{
    struct slice host = url_host(slice_of(endpoint->url));
    return slice_is(host, "localhost") || slice_is(host, "::1") ||
           is_loopback_number(host);
}

bool endpoint_is_plain_http(const struct endpoint *endpoint)
{
    return !strncasecmp(endpoint->url, "http://", 7) &&
           !endpoint_is_loopback(endpoint);
}

bool endpoint_is_clear(const struct endpoint *endpoint)
{
    return endpoint_key(endpoint) && endpoint->may_send_clear &&
           endpoint_is_plain_http(endpoint);
}

struct slice endpoint_host(const struct endpoint *endpoint)
{
    return url_host(slice_of(endpoint->url));
}

void endpoint_origin(const struct endpoint *endpoint, struct buf *origin)
{
    struct slice url = slice_of(endpoint->url);
    struct slice authority = url_authority(url);
    size_t before = origin->len;
    buf_append(origin, url.ptr, (size_t)(authority.ptr - url.ptr));
    buf_append_slice(origin, without_user(authority));
    for (size_t i = before; i < origin->len; i++)
        origin->ptr[i] = (char)tolower((unsigned char)origin->ptr[i]);
}

const char *endpoint_key(const struct endpoint *endpoint)
{
    return endpoint->key_command ? endpoint->key_command->key : endpoint->key;
}

void endpoint_append_harmless(const struct endpoint *endpoint,
                              struct slice text, struct buf *out)
{
    const char *const key = endpoint_key(endpoint);
    redact_append(out, text, &key, key ? 1 : 0);
}

static bool run_command(const struct endpoint *endpoint, struct error *err)
{
    struct key_command *command = endpoint->key_command;
    struct buf text = { 0 };
    struct error why = { 0 };
    if (!child_read(&text, command->argv, ENDPOINT_KEY_MAX, KEY_COMMAND_MS,
                    &why))
        return error_set(err, ERROR_AUTH, "no key for %s: key.command %s: %s",
                         endpoint->name, command->argv[0], why.text);
    command->key = take_key(&text);
    if (!command->key)
        return error_set(err, ERROR_AUTH,
                         "no key for %s: key.command %s printed nothing",
                         endpoint->name, command->argv[0]);
    return true;
}

bool endpoint_lacks_key(const struct endpoint *endpoint, struct error *err)
{
    const char *source = endpoint->key_source;
    if (endpoint->key_problem)
        error_set(err, ERROR_AUTH, "no key for %s: %s", endpoint->name,
                  endpoint->key_problem);
    else if (!endpoint_key(endpoint) && !endpoint->key_command && source &&
             !endpoint->is_from_environment)
        error_set(err, ERROR_AUTH,
                  "no key for %s: %s is not set or empty; put the key there",
                  endpoint->name, source);
    else
        return false;
    return true;
}

bool endpoint_check_key(const struct endpoint *endpoint, struct error *err)
{
    if (endpoint->key_command && !endpoint->key_command->key &&
        !run_command(endpoint, err))
        return false;
    return !endpoint_lacks_key(endpoint, err);
}

bool endpoint_renew_key(const struct endpoint *endpoint)
{
    struct key_command *command = endpoint->key_command;
    struct error ignored = { 0 };
    if (!command || !command->key)
        return false;
    secret_free(command->rejected);
    command->rejected = command->key;
    command->key = NULL;
    return run_command(endpoint, &ignored) &&
           strcmp(command->rejected, command->key) != 0;
}

bool endpoint_price(const struct endpoint *endpoint, const char *model,
                    bool is_vendor, struct price *price)
{
    const struct price *found = prices_find(&endpoint->prices, model);
    *price = found ? *found : (struct price){ 0 };
    return found || !is_vendor;
}

void endpoint_append_price(const struct endpoint *endpoint, const char *model,
                           struct buf *out)
{
    const struct price *price = prices_find(&endpoint->prices, model);
    if (price)
        buf_printf(out, ", $%.2f in and $%.2f out a million tokens", price->in,
                   price->out);
}
