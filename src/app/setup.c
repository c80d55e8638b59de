/* SPDX-License-Identifier: MIT */
#include "app/setup.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"

static bool add_config(struct settings *settings, const char *named,
                       struct error *err)
{
    if (named)
        return settings_add_file(settings, named, err);
    struct buf path = { 0 };
    struct error no_home = { 0 };
    bool ok = true;
    if (path_config(&path, "config.yaml", &no_home) &&
        access(buf_string(&path), F_OK) == 0)
        ok = settings_add_file(settings, buf_string(&path), err);
    buf_clear(&path);
    return ok;
}

/* A name with a slash is a path; others live in the profiles directory, and
 * those that came with the program beside its data. */
static bool find_profile(struct buf *path, const char *name, struct error *err)
{
    if (strchr(name, '/')) {
        path_expand(path, name);
        return true;
    }
    struct buf relative = { 0 };
    buf_printf(&relative, "profiles/%s.yaml", name);
    bool found = path_config(path, buf_string(&relative), err) &&
                 access(buf_string(path), F_OK) == 0;
    if (!found) {
        struct buf shipped = { 0 };
        buf_printf(&shipped, DATADIR "/%s", buf_string(&relative));
        if (access(buf_string(&shipped), F_OK) == 0) {
            buf_reset(path);
            buf_append_slice(path, buf_slice(&shipped));
            found = true;
        } else {
            error_set(err, ERROR_CONFIG,
                      "there is no profile \"%s\": %s is "
                      "not there",
                      name, buf_string(path));
        }
        buf_clear(&shipped);
    }
    buf_clear(&relative);
    return found;
}

static bool add_profile(struct settings *settings, const char *name,
                        struct error *err)
{
    struct buf path = { 0 };
    bool ok = find_profile(&path, name, err) &&
              settings_add_file(settings, buf_string(&path), err);
    buf_clear(&path);
    return ok;
}

static bool add_sets(struct settings *settings, const struct cli *cli,
                     struct error *err)
{
    for (size_t i = 0; i < cli->sets.count; i++) {
        const char *pair = cli->sets.items[i];
        const char *value = strchr(pair, '=');
        struct buf key = { 0 };
        buf_append(&key, pair, (size_t)(value - pair));
        bool ok =
            settings_set(settings, buf_string(&key), value + 1, "--set", err);
        buf_clear(&key);
        if (!ok)
            return false;
    }
    return true;
}

bool setup_configure(struct setup *setup, const struct cli *cli,
                     struct error *err)
{
    const char *profile =
        cli->profile ? cli->profile : getenv("SENNIT_PROFILE");
    setup->settings = settings_new();
    return add_config(setup->settings, cli->config, err) &&
           (!profile || !*profile ||
            add_profile(setup->settings, profile, err)) &&
           settings_add_environment(setup->settings,
                                    (const char *const *)environ, err) &&
           add_sets(setup->settings, cli, err) &&
           endpoints_load(&setup->endpoints, setup->settings, err);
}

bool setup_connect(struct setup *setup, const int signals[], loop_signal_fn *fn,
                   void *context, struct error *err)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; signals[i]; i++)
        sigaddset(&set, signals[i]);
    setup->loop = loop_new(err);
    if (!setup->loop || !loop_signals(setup->loop, &set, fn, context, err))
        return false;
    setup->http = http_new(setup->loop, err);
    return setup->http != NULL;
}

struct chat_setup setup_chat(const struct setup *setup, const struct cli *cli)
{
    return (struct chat_setup){
        .loop = setup->loop,
        .http = setup->http,
        .settings = setup->settings,
        .endpoints = &setup->endpoints,
        .target = cli->model,
        .system = cli->system,
    };
}

void setup_clear(struct setup *setup)
{
    http_free(setup->http);
    loop_free(setup->loop);
    endpoints_clear(&setup->endpoints);
    settings_free(setup->settings);
    *setup = (struct setup){ 0 };
}
