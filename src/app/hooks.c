/* SPDX-License-Identifier: MIT */
#include "app/hooks.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/environment.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "config/yaml.h"
#include "net/child.h"

/* One that runs, or all-zero. */
struct hook {
    struct hooks *hooks;
    struct child *child;
    char *program;
};

struct hooks {
    struct loop *loop;
    const struct settings *settings;
    char **environment;
    struct hook running[HOOKS_MAX];
    uint64_t started, failed, dropped;
    struct buf failure; /* the last, in words */
};

/* What a program needs to show something on the user's desktop. */
static const char *const desktop[] = {
    "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY",
    "WAYLAND_DISPLAY",          "XAUTHORITY",      NULL,
};

struct hooks *hooks_new(struct loop *loop, const struct settings *settings)
{
    struct hooks *hooks = memory_zero(1, sizeof *hooks);
    hooks->loop = loop;
    hooks->settings = settings;
    hooks->environment = environment_allowed(desktop);
    return hooks;
}

static void end(struct hook *hook)
{
    child_free(hook->child);
    free(hook->program);
    *hook = (struct hook){ 0 };
}

void hooks_free(struct hooks *hooks)
{
    if (!hooks)
        return;
    for (size_t i = 0; i < HOOKS_MAX; i++)
        end(&hooks->running[i]);
    free(hooks->environment);
    buf_clear(&hooks->failure);
    free(hooks);
}

static void note_failure(struct hooks *hooks, const char *program,
                         const struct error *err)
{
    hooks->failed++;
    buf_reset(&hooks->failure);
    buf_printf(&hooks->failure, "%s: %s", program, err->text);
}

static void on_done(void *context, const struct child_end *child_end)
{
    struct hook *hook = context;
    if (child_end->err)
        note_failure(hook->hooks, hook->program, child_end->err);
    end(hook);
}

static struct hook *free_place(struct hooks *hooks)
{
    for (size_t i = 0; i < HOOKS_MAX; i++) {
        if (!hooks->running[i].child)
            return &hooks->running[i];
    }
    return NULL;
}

static void start(struct hooks *hooks, const struct setting *list,
                  const struct event *event)
{
    struct hook *hook = free_place(hooks);
    if (!hook) {
        hooks->dropped++;
        return;
    }
    struct error err = { 0 };
    struct buf line = { 0 };
    char **argv = memory_zero(list->child_count + 1, sizeof *argv);
    for (size_t i = 0; i < list->child_count; i++)
        argv[i] = list->children[i]->text;
    event_to_json(&line, event);
    buf_append_char(&line, '\n');
    hooks->started++;
    *hook = (struct hook){ .hooks = hooks, .program = memory_string(argv[0]) };
    hook->child = child_start(
        &(struct child_setup){
            .mode = CHILD_DETACHED,
            .loop = hooks->loop,
            .argv = argv,
            .environment = hooks->environment,
            .input = buf_slice(&line),
            .wait_ms = HOOKS_MS,
            .on_done = on_done,
            .context = hook,
        },
        &err);
    if (!hook->child) {
        note_failure(hooks, argv[0], &err);
        end(hook);
    }
    free(argv);
    buf_clear(&line);
}

void hooks_tell(struct hooks *hooks, const struct event *event)
{
    const struct setting *map = settings_find(hooks->settings, "hooks");
    const struct setting *list =
        setting_child(map, event_type_name(event->type));
    if (list && list->child_count)
        start(hooks, list, event);
}

static bool is_running(const struct hooks *hooks)
{
    bool found = false;
    for (size_t i = 0; i < HOOKS_MAX && !found; i++)
        found = hooks->running[i].child != NULL;
    return found;
}

void hooks_linger(struct hooks *hooks)
{
    int64_t until = clock_monotonic_ms() + HOOKS_LINGER_MS, left;
    while (is_running(hooks) && (left = until - clock_monotonic_ms()) > 0)
        loop_turn(hooks->loop, left);
}

bool hooks_describe(const struct hooks *hooks, struct buf *out)
{
    uint64_t good = hooks->started - hooks->failed;
    if (hooks->started)
        buf_printf(out, "%llu run", (unsigned long long)good);
    if (hooks->failed)
        buf_printf(out, ", %llu failed (%s)", (unsigned long long)hooks->failed,
                   buf_string(&hooks->failure));
    if (hooks->dropped)
        buf_printf(out, ", %llu dropped", (unsigned long long)hooks->dropped);
    return hooks->failed || hooks->dropped;
}

/* Checking. */

bool hooks_have_event(const char *name, struct error *err)
{
    const char *names[EVENT_TYPE_COUNT];
    if (event_type_parse(slice_of(name)))
        return true;
    for (int i = 0; i < EVENT_TYPE_COUNT; i++)
        names[i] = event_type_name((enum event_type)i);
    const char *near = nearest_name(name, names, EVENT_TYPE_COUNT);
    return error_set(err, ERROR_CONFIG, "there is no event \"%s\"%s%s%s", name,
                     near ? "; did you mean " : "", near ? near : "",
                     near ? "?" : "");
}

bool hooks_check(const struct settings *settings, struct buf *complaints,
                 struct error *err)
{
    const struct setting *map = settings_find(settings, "hooks");
    for (size_t i = 0; map && i < map->child_count; i++) {
        const struct setting *list = map->children[i];
        if (hooks_have_event(list->key, err))
            continue;
        struct error why = *err;
        yaml_error(err, list->file, list->line, "hooks: %s", why.text);
        if (!complaints)
            return false;
        buf_printf(complaints, "%s\n", err->text);
    }
    return true;
}
