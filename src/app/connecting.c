/* SPDX-License-Identifier: MIT */
#include "app/connecting.h"

#include <stdlib.h>
#include <string.h>

#include "app/screen_state.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "chat/base_url.h"
#include "config/settings.h"

bool connecting_is_command(const struct connecting *connecting)
{
    return connecting->key_len && connecting->key[0] == '!';
}

bool connecting_can_name(const struct connecting *connecting)
{
    if (!connecting->models ||
        models_state(connecting->models) != MODELS_UNREACHABLE)
        return false;
    enum error_kind kind = models_error(connecting->models)->kind;
    return kind == ERROR_SERVER || kind == ERROR_PROTOCOL;
}

static void forget_test(struct connecting *connecting)
{
    models_free(connecting->models);
    connecting->models = NULL;
    if (connecting->has_candidate)
        endpoint_clear(&connecting->candidate);
    connecting->has_candidate = false;
}

static void forget_key(struct connecting *connecting)
{
    explicit_bzero(connecting->key, sizeof connecting->key);
    connecting->key_len = 0;
    connecting->key_kind = ENDPOINT_KEY_NONE;
    free(connecting->key_from);
    connecting->key_from = NULL;
}

static void forget_who(struct connecting *connecting)
{
    free(connecting->name);
    free(connecting->title);
    free(connecting->url);
    free(connecting->usual_model);
    free(connecting->key_page);
    free(connecting->variable);
    connecting->name = connecting->title = connecting->url = NULL;
    connecting->usual_model = connecting->key_page = NULL;
    connecting->variable = NULL;
}

void connecting_end(struct screen *screen)
{
    struct connecting *connecting = &screen->connecting;
    forget_test(connecting);
    forget_key(connecting);
    forget_who(connecting);
    connecting->step = CONNECTING_NOT;
    bands_close(&screen->bands, PANEL_CONNECT);
}

static void show(struct screen *screen, enum connecting_step step)
{
    screen->connecting.step = step;
    struct panel_source source = perform_source(screen);
    bands_open(&screen->bands, PANEL_CONNECT, &source);
}

static void on_models(void *context)
{
    struct screen *screen = context;
    struct connecting *connecting = &screen->connecting;
    screen->draw_now = true;
    show(screen, models_state(connecting->models) == MODELS_KNOWN
                     ? CONNECTING_MODEL
                     : CONNECTING_TEST);
}

static void describe(const struct connecting *connecting,
                     struct endpoint_entry *entry)
{
    *entry = (struct endpoint_entry){
        .name = connecting->name,
        .dialect = connecting->dialect->name,
        .url = connecting->url,
        .is_own = connecting->is_own,
        .key_kind = connecting->key_kind,
        .key_from = connecting->key_from,
    };
}

/* The endpoint that the settings would make, with the key that is not in its
 * file yet. */
static bool make_candidate(struct screen *screen, struct error *err)
{
    struct connecting *connecting = &screen->connecting;
    struct endpoint *candidate = &connecting->candidate;
    struct settings *settings = settings_new();
    struct endpoint_entry entry;
    struct buf block = { 0 }, path = { 0 };
    describe(connecting, &entry);
    if (entry.key_kind != ENDPOINT_KEY_COMMAND)
        entry.key_kind = ENDPOINT_KEY_NONE;
    endpoint_entry_format(&entry, &block);
    buf_printf(&path, "endpoints.%s", connecting->name);
    bool ok = settings_add_text(settings, "/connect", buf_slice(&block), err) &&
              endpoint_read(candidate,
                            settings_find(settings, buf_string(&path)), err);
    connecting->has_candidate = ok;
    if (ok && connecting->key_kind == ENDPOINT_KEY_FILE) {
        candidate->key = memory_copy(connecting->key, connecting->key_len);
        candidate->key_source = memory_string(connecting->key_from);
    } else if (ok && connecting->key_kind == ENDPOINT_KEY_VARIABLE) {
        const struct endpoint *known = endpoints_find(
            &screen->setup.endpoints, slice_of(connecting->name));
        candidate->key = memory_string(known ? known->key : NULL);
        candidate->key_source = memory_string(connecting->key_from);
        candidate->has_key_variable = true;
    }
    if (ok)
        candidate->shown_url = memory_string(connecting->url);
    settings_free(settings);
    buf_clear(&block);
    buf_clear(&path);
    return ok;
}

static void test(struct screen *screen)
{
    struct connecting *connecting = &screen->connecting;
    struct error err = { 0 };
    forget_test(connecting);
    if (!make_candidate(screen, &err)) {
        perform_notice(screen, err.text);
        return;
    }
    connecting->models = models_new(screen->setup.loop, screen->setup.http,
                                    &connecting->candidate, on_models, screen);
    models_ask(connecting->models);
    show(screen, CONNECTING_TEST);
}

/* A server of one's own is tried without a key first: most have none. */
static void begin_key(struct screen *screen)
{
    struct connecting *connecting = &screen->connecting;
    const struct endpoint *known =
        endpoints_find(&screen->setup.endpoints, slice_of(connecting->name));
    bool has_key = known && known->has_key_variable && known->key;
    free(connecting->variable);
    connecting->variable = memory_string(has_key ? known->key_source : NULL);
    if (connecting->is_own && !has_key)
        test(screen);
    else
        show(screen, CONNECTING_KEY);
}

static void choose_vendor(struct screen *screen, const struct vendor *vendor)
{
    struct connecting *connecting = &screen->connecting;
    forget_who(connecting);
    connecting->name = memory_string(vendor->name);
    connecting->title = memory_string(vendor->title);
    connecting->url = memory_string(vendor->url);
    connecting->usual_model = memory_string(vendor->model);
    connecting->key_page = memory_string(vendor->key_page);
    connecting->dialect = vendor->dialect;
    connecting->is_own = vendor->is_own;
    begin_key(screen);
}

/* Another endpoint of that name keeps it. */
static void choose_name(struct connecting *connecting,
                        const struct endpoints *endpoints, const char *name)
{
    struct buf free_name = { 0 };
    const struct endpoint *taken;
    int number = 1;
    do {
        buf_reset(&free_name);
        buf_append_string(&free_name, *name ? name : "server");
        if (number > 1)
            buf_printf(&free_name, "-%d", number);
        number++;
        taken = endpoints_find(endpoints, buf_slice(&free_name));
    } while (taken && strcmp(taken->url, connecting->url) != 0);
    connecting->name = buf_steal(&free_name);
}

static bool choose_address(struct screen *screen, struct slice text,
                           bool is_own)
{
    struct connecting *connecting = &screen->connecting;
    struct base_url base = { 0 };
    struct error err = { 0 };
    bool ok = base_url_read(&base, text, &err);
    if (ok) {
        forget_who(connecting);
        connecting->url = memory_string(buf_string(&base.url));
        connecting->title = memory_string(buf_string(&base.url));
        connecting->dialect = base.dialect;
        connecting->is_own = is_own;
        choose_name(connecting, &screen->setup.endpoints,
                    buf_string(&base.name));
        begin_key(screen);
    } else {
        perform_notice(screen, err.text);
    }
    base_url_clear(&base);
    return ok;
}

/* What was typed, a variable that is there, or no key. */
static void enter_key(struct screen *screen)
{
    struct connecting *connecting = &screen->connecting;
    struct error err = { 0 };
    struct buf path = { 0 };
    free(connecting->key_from);
    connecting->key_from = NULL;
    if (connecting_is_command(connecting)) {
        connecting->key_kind = ENDPOINT_KEY_COMMAND;
        connecting->key_from =
            memory_copy(connecting->key + 1, connecting->key_len - 1);
    } else if (connecting->key_len) {
        connecting->key_kind = ENDPOINT_KEY_FILE;
        if (!endpoint_key_path(&path, connecting->name, &err)) {
            perform_notice(screen, err.text);
            return;
        }
        connecting->key_from = buf_steal(&path);
    } else if (connecting->variable) {
        connecting->key_kind = ENDPOINT_KEY_VARIABLE;
        connecting->key_from = memory_string(connecting->variable);
    } else if (connecting->is_own) {
        connecting->key_kind = ENDPOINT_KEY_NONE;
    } else {
        perform_notice(screen, "a vendor wants a key; Esc leaves all as it "
                               "was");
        return;
    }
    test(screen);
}

static bool save(struct screen *screen, const char *model, struct buf *where,
                 struct error *err)
{
    struct connecting *connecting = &screen->connecting;
    struct endpoint_entry entry;
    struct slice key = { connecting->key, connecting->key_len };
    describe(connecting, &entry);
    struct buf target = { 0 };
    buf_append_string(&target, model);
    entry.model = *model ? model : NULL;
    bool ok = (entry.key_kind != ENDPOINT_KEY_FILE ||
               endpoint_key_save(entry.key_from, key, err)) &&
              endpoint_file_save(&entry, screen->cli->config, where, err);
    buf_clear(&target);
    return ok;
}

/* The endpoint is there at once; what was written is for the next start. */
static void use(struct screen *screen, const char *model, const char *where)
{
    struct connecting *connecting = &screen->connecting;
    struct error err = { 0 };
    struct buf target = { 0 }, words = { 0 };
    models_free(connecting->models);
    connecting->models = NULL;
    buf_printf(&target, "%s%s%s", connecting->name, *model ? "/" : "", model);
    bool ok =
        endpoints_put(&screen->setup.endpoints, &connecting->candidate, &err);
    connecting->has_candidate = !ok;
    if (ok) {
        chat_ask_models(screen->chat,
                        endpoints_find(&screen->setup.endpoints,
                                       slice_of(connecting->name)));
        ok =
            !*model || chat_set_target(screen->chat, buf_string(&target), &err);
    }
    if (ok)
        buf_printf(&words, "%s is connected%s; %s", buf_string(&target),
                   *model ? " and answers from now on" : "", where);
    else
        buf_printf(&words, "%s; %s", where, err.text);
    connecting_end(screen);
    perform_notice(screen, buf_string(&words));
    buf_clear(&target);
    buf_clear(&words);
}

static void take_model(struct screen *screen, const char *model)
{
    struct error err = { 0 };
    struct buf where = { 0 };
    if (chat_is_busy(screen->chat))
        perform_notice(screen, "an answer is on its way: Enter again when it "
                               "is there");
    else if (save(screen, model, &where, &err))
        use(screen, model, buf_string(&where));
    else
        perform_notice(screen, err.text);
    buf_clear(&where);
}

static bool skip(struct slice *text, const char *prefix)
{
    if (!slice_starts(*text, prefix))
        return false;
    *text = slice_skip(*text, strlen(prefix));
    return true;
}

static void choose(struct screen *screen)
{
    struct list *list = &screen->bands.items[PANEL_CONNECT].list;
    struct panel_source source = perform_source(screen);
    struct buf chosen = { 0 };
    /* What was typed since the last frame makes rows too. */
    panel_fill(PANEL_CONNECT, &source, list);
    buf_append_string(&chosen, list_chosen(list));
    struct slice key = buf_slice(&chosen);
    if (screen->connecting.step == CONNECTING_KEY)
        enter_key(screen);
    else if (skip(&key, CONNECTING_VENDOR))
        choose_vendor(screen,
                      vendors_find(&screen->setup.endpoints.vendors, key));
    else if (skip(&key, CONNECTING_OWN))
        choose_address(screen, key, true);
    else if (skip(&key, CONNECTING_OTHER))
        choose_address(screen, key, false);
    else if (skip(&key, CONNECTING_TAKE))
        take_model(screen, key.len ? key.ptr : "");
    else if (slice_is(key, CONNECTING_AGAIN))
        test(screen);
    else if (slice_is(key, CONNECTING_REKEY) ||
             slice_is(key, CONNECTING_BACK)) {
        forget_test(&screen->connecting);
        forget_key(&screen->connecting);
        show(screen,
             slice_is(key, CONNECTING_REKEY) ? CONNECTING_KEY : CONNECTING_WHO);
    }
    buf_clear(&chosen);
}

static bool has_panel(const struct screen *screen)
{
    return screen->connecting.step && screen->bands.focused == PANEL_CONNECT;
}

bool connecting_takes_text(const struct screen *screen)
{
    return has_panel(screen) && screen->connecting.step == CONNECTING_KEY;
}

void connecting_type(struct screen *screen, struct slice text)
{
    struct connecting *connecting = &screen->connecting;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool is_blank = c == ' ' && connecting_is_command(connecting);
        if ((c > ' ' || is_blank) && c != 0x7f &&
            connecting->key_len < CONNECTING_KEY_MAX)
            connecting->key[connecting->key_len++] = (char)c;
    }
}

static void erase(struct connecting *connecting, bool all)
{
    size_t len = connecting->key_len;
    if (len)
        len--;
    while (len && ((unsigned char)connecting->key[len] & 0xc0) == 0x80)
        len--;
    if (all)
        len = 0;
    explicit_bzero(connecting->key + len, connecting->key_len - len);
    connecting->key_len = len;
}

bool connecting_press(struct screen *screen, enum action action)
{
    const struct list *list = &screen->bands.items[PANEL_CONNECT].list;
    bool is_key = connecting_takes_text(screen);
    if (!has_panel(screen))
        return false;
    switch (action) {
    case ACTION_CHOOSE: choose(screen); return true;
    case ACTION_DELETE_LEFT:
    case ACTION_DELETE_TO_START:
        if (is_key)
            erase(&screen->connecting, action == ACTION_DELETE_TO_START);
        return is_key;
    case ACTION_ESCAPE:
    case ACTION_INTERRUPT:
        if (list->filter.len)
            return false;
        connecting_end(screen);
        perform_notice(screen, "nothing was connected; all is as it was");
        return true;
    default: return false;
    }
}

void connecting_update(struct screen *screen)
{
    if (screen->connecting.step &&
        !bands_is_shown(&screen->bands, PANEL_CONNECT))
        connecting_end(screen);
}

void connecting_connect(struct screen *screen)
{
    struct slice named = slice_trim(screen->argument);
    const struct vendor *vendor =
        vendors_find(&screen->setup.endpoints.vendors, named);
    connecting_end(screen);
    if (vendor) {
        choose_vendor(screen, vendor);
        return;
    }
    show(screen, CONNECTING_WHO);
    if (named.len && !base_url_is_likely(named))
        perform_notice(screen, "that is neither a vendor nor an address; "
                               "choose one here");
    else if (named.len)
        list_filter_set(&screen->bands.items[PANEL_CONNECT].list, named);
}
