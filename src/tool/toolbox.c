/* SPDX-License-Identifier: MIT */
#include "tool/toolbox.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/path.h"
#include "config/settings.h"
#include "config/yaml.h"
#include "tool/box.h"
#include "tool/edit_file.h"
#include "tool/edits.h"
#include "tool/fetch.h"
#include "tool/list_dir.h"
#include "tool/read_file.h"
#include "tool/scrap.h"
#include "tool/search_files.h"
#include "tool/shell.h"
#include "tool/toolbox_state.h"
#include "tool/write_file.h"

/* A thread that hangs in a disk is left behind after that. */
enum { PATIENCE_MS = 2000 };

/* In the order in which they are offered. */
/* clang-format off */
static const struct tool *const builtins[] = {
    &read_file_tool,
    &list_dir_tool,
    &search_files_tool,
    &write_file_tool,
    &edit_file_tool,
    &shell_tool,
    &fetch_tool,
    NULL,
};
/* clang-format on */

static void add_known(struct toolbox *toolbox, const struct tool *tool)
{
    *array_add(&toolbox->known) = (struct known_tool){ .tool = tool };
}

static struct known_tool *find_known(struct toolbox *toolbox, const char *name)
{
    for (size_t i = 0; i < toolbox->known.count; i++) {
        if (!strcmp(toolbox->known.items[i].tool->name, name))
            return &toolbox->known.items[i];
    }
    return NULL;
}

/* Which there are. */

static void know_own(struct toolbox *toolbox, struct error *err)
{
    for (size_t i = 0; i < toolbox->own.items.count; i++) {
        const struct tool *tool = &toolbox->own.items.items[i]->tool;
        if (find_known(toolbox, tool->name))
            error_set(err, ERROR_CONFIG,
                      "tools.own.%s: there is a tool of this name already",
                      tool->name);
        else
            add_known(toolbox, tool);
    }
}

static void know_all(struct toolbox *toolbox, struct error *err)
{
    array_clear(&toolbox->known);
    for (size_t i = 0; builtins[i]; i++)
        add_known(toolbox, builtins[i]);
    for (size_t i = 0; i < toolbox->added.count; i++)
        add_known(toolbox, toolbox->added.items[i]);
    know_own(toolbox, err);
}

/* Which are offered. */

static void refuse_name(struct toolbox *toolbox, const struct setting *name,
                        struct error *err)
{
    ARRAY_OF(const char *) names = { 0 };
    for (size_t i = 0; i < toolbox->known.count; i++)
        *array_add(&names) = toolbox->known.items[i].tool->name;
    const char *nearest = nearest_name(name->text, names.items, names.count);
    yaml_error(err, name->file, name->line,
               "tools.use: there is no tool \"%s\"%s%s%s", name->text,
               nearest ? " (did you mean \"" : "", nearest ? nearest : "",
               nearest ? "\"?)" : "");
    array_clear(&names);
}

static void choose(struct toolbox *toolbox, struct error *err)
{
    const struct setting *use = settings_find(toolbox->settings, "tools.use");
    for (size_t i = 0; !use && i < toolbox->known.count; i++)
        toolbox->known.items[i].is_offered =
            !toolbox->known.items[i].tool->is_optional;
    for (size_t i = 0; use && i < use->child_count; i++) {
        struct known_tool *known = find_known(toolbox, use->children[i]->text);
        if (known)
            known->is_offered = true;
        else
            refuse_name(toolbox, use->children[i], err);
    }
}

static void offer(struct toolbox *toolbox)
{
    registry_clear(&toolbox->offered);
    for (size_t i = 0; i < toolbox->known.count; i++) {
        if (toolbox->known.items[i].is_offered)
            registry_add(&toolbox->offered, toolbox->known.items[i].tool);
    }
}

/* What fails first is told. */
static void read_settings(struct toolbox *toolbox, struct error *err)
{
    struct error own = { 0 }, known = { 0 }, use = { 0 };
    own_tools_read(&toolbox->own, toolbox->settings, &own);
    know_all(toolbox, &known);
    choose(toolbox, &use);
    offer(toolbox);
    if (own.kind != ERROR_NONE)
        *err = own;
    else if (known.kind != ERROR_NONE)
        *err = known;
    else if (use.kind != ERROR_NONE)
        *err = use;
}

void toolbox_reread(struct toolbox *toolbox, struct error *err)
{
    if (toolbox->use_count == 0)
        own_tools_clear(&toolbox->retired);
    for (size_t i = 0; i < toolbox->own.items.count; i++)
        *array_add(&toolbox->retired.items) = toolbox->own.items.items[i];
    array_clear(&toolbox->own.items);
    if (toolbox->directory)
        read_settings(toolbox, err);
}

/* Where they work. */

/* Of a directory that is gone nothing can be said: then nothing is offered. */
static void find_directory(struct toolbox *toolbox, const char *directory,
                           struct error *err)
{
    const char *path = directory ? directory : ".";
    char *resolved = realpath(path, NULL);
    if (!resolved)
        error_system(err, "tools cannot work in %s",
                     directory ? directory : "the current directory");
    toolbox->directory = resolved;
}

static char *find_home(void)
{
    struct buf home = { 0 };
    path_expand(&home, "~");
    if (home.len == 0 || home.ptr[0] != '/')
        buf_reset(&home);
    return buf_steal(&home);
}

/* Of the start: threads read it. */
static void copy_private_files(struct toolbox *toolbox)
{
    const struct setting *files =
        settings_find(toolbox->settings, "privacy.private.files");
    for (size_t i = 0; files && i < files->child_count; i++)
        *array_add(&toolbox->private_files) =
            memory_string(files->children[i]->text);
    *array_add(&toolbox->private_files) = NULL;
    toolbox->place.private_files =
        (const char *const *)toolbox->private_files.items;
}

struct toolbox *toolbox_new(const struct toolbox_setup *setup,
                            struct error *err)
{
    struct toolbox *toolbox = memory_zero(1, sizeof *toolbox);
    toolbox->loop = setup->loop;
    toolbox->http = setup->http;
    toolbox->settings = setup->settings;
    toolbox->spool = memory_string(setup->spool);
    toolbox->home = find_home();
    find_directory(toolbox, setup->directory, err);
    toolbox->place.directory = toolbox->directory ? toolbox->directory : "/";
    toolbox->place.home = toolbox->home;
    toolbox->place.edits = edits_new();
    copy_private_files(toolbox);
    if (toolbox->directory)
        read_settings(toolbox, err);
    return toolbox;
}

/* False: it hangs, and keeps what it works with. */
static bool end_thread(struct toolbox *toolbox, struct worker *worker)
{
    if (!worker)
        return true;
    loop_unwatch(toolbox->loop, worker_fd(worker));
    return worker_free(worker, PATIENCE_MS);
}

void toolbox_free(struct toolbox *toolbox)
{
    bool are_over = true;
    if (!toolbox)
        return;
    for (size_t i = 0; i < TOOLBOX_THREADS; i++)
        are_over = end_thread(toolbox, toolbox->threads[i]) && are_over;
    if (!are_over)
        return;
    box_free(toolbox->box);
    scrap_remove(toolbox->scrap);
    free(toolbox->scrap);
    registry_clear(&toolbox->offered);
    array_clear(&toolbox->known);
    array_clear(&toolbox->added);
    own_tools_clear(&toolbox->own);
    own_tools_clear(&toolbox->retired);
    edits_free(toolbox->place.edits);
    for (size_t i = 0; i < toolbox->private_files.count; i++)
        free(toolbox->private_files.items[i]);
    array_clear(&toolbox->private_files);
    free(toolbox->directory);
    free(toolbox->home);
    free(toolbox->spool);
    free(toolbox);
}

static void on_thread(void *context, int fd, int events)
{
    (void)fd, (void)events;
    worker_collect(context);
}

struct worker *toolbox_thread(struct toolbox *toolbox,
                              enum toolbox_thread which, struct error *err)
{
    struct worker **worker = &toolbox->threads[which];
    if (!*worker && (*worker = worker_new(err)))
        loop_watch(toolbox->loop, worker_fd(*worker), LOOP_READ, on_thread,
                   *worker);
    return *worker;
}

void toolbox_set_room(struct toolbox *toolbox, size_t bytes)
{
    toolbox->room = bytes;
}

const struct registry *toolbox_registry(const struct toolbox *toolbox)
{
    return &toolbox->offered;
}

void toolbox_add(struct toolbox *toolbox, const struct tool *tool)
{
    struct error err;
    *array_add(&toolbox->added) = tool;
    know_all(toolbox, &err);
    choose(toolbox, &err);
    offer(toolbox);
}

size_t toolbox_known_count(const struct toolbox *toolbox)
{
    return toolbox->known.count;
}

const struct tool *toolbox_known(const struct toolbox *toolbox, size_t index,
                                 bool *is_offered)
{
    assert(index < toolbox->known.count);
    *is_offered = toolbox->known.items[index].is_offered;
    return toolbox->known.items[index].tool;
}

const struct tool_place *toolbox_place(const struct toolbox *toolbox)
{
    return &toolbox->place;
}

struct box *toolbox_box(struct toolbox *toolbox)
{
    struct error *err = &toolbox->box_err;
    if (toolbox->box || err->kind != ERROR_NONE)
        return toolbox->box;
    toolbox->scrap = scrap_make(err);
    struct box_setup setup = { .settings = toolbox->settings,
                               .directory = toolbox->place.directory,
                               .temporary = toolbox->scrap,
                               .most = BOX_FULL };
    if (toolbox->scrap)
        toolbox->box = box_new(&setup, err);
    return toolbox->box;
}
