/* SPDX-License-Identifier: MIT */
#include "tool/box.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/memory.h"
#include "base/path.h"
#include "config/settings.h"
#include "net/child.h"
#include "net/confine.h"
#include "net/loop.h"
#include "tool/bubblewrap.h"
#include "tool/hidden.h"
#include "tool/landlock.h"
#include "tool/obstacle.h"
#include "tool/seccomp.h"
#include "tool/shield.h"
#include "tool/surroundings.h"

enum {
    PROBE_MS = 2000,
    WORDS_MAX = 512,   /* of what bwrap says */
    FILE_MAX_GIB = 10, /* one file of a program */
    TASKS_MORE = 2048, /* than there are */
    FILE_CAPS = 1 << CAP_CHOWN | 1 << CAP_DAC_OVERRIDE | 1 << CAP_FOWNER,
};

struct box {
    const struct settings *settings;
    char *directory, *temporary; /* real paths */
    enum box_tier most;
    bool is_foreign;   /* the workspace is somebody else's, and we are root */
    bool is_read_only; /* the workspace, when it was looked at last */
    char *bwrap;       /* its path; NULL: there is none */
    bool is_probed, works[BOX_TIER_COUNT];
    struct buf obstacles[BOX_TIER_COUNT];
    int landlock; /* its version */
    /* Of the probe that is under way; it writes nothing. */
    bool is_probing;
    struct child *probe;
    struct box_command probe_command;
};

static const char *const names[] = {
    [BOX_NONE] = "none",
    [BOX_NET] = "net",
    [BOX_FILES] = "files",
    [BOX_FULL] = "full",
};
_Static_assert(COUNTOF(names) == BOX_TIER_COUNT, "a name for each");

const char *box_tier_name(enum box_tier tier)
{
    return names[tier];
}

/* Where programs write nothing, and others of the user's lie. */
static bool is_read_only(const struct box *box)
{
    struct hidden hidden;
    hidden_find(&hidden, box->settings);
    bool result = hidden_forbids(&hidden, box->directory);
    hidden_clear(&hidden);
    return result;
}

/* Where somebody may have put a program with the name of another. Not in / or
 * at home, where those of PATH lie. */
static const char *planter(const struct box *box)
{
    return box->is_read_only ? NULL : box->directory;
}

/* What the settings want. */

static enum box_tier least(const struct box *box)
{
    const char *word =
        settings_text(box->settings, "tools.sandbox.least", "files");
    for (int tier = 0; tier < BOX_TIER_COUNT; tier++)
        if (!strcmp(names[tier], word))
            return (enum box_tier)tier;
    return BOX_FILES;
}

static bool is_on(const struct box *box, const char *key)
{
    return !strcmp(settings_text(box->settings, key, "off"), "on");
}

static bool has_network(const struct box *box)
{
    return is_on(box, "tools.sandbox.network");
}

static bool has_gpu(const struct box *box)
{
    return is_on(box, "tools.sandbox.gpu");
}

/* Making one. */

static char *real_directory(const char *path, struct error *err)
{
    struct stat status;
    char *real = realpath(path, NULL);
    if (real && stat(real, &status) == 0 && S_ISDIR(status.st_mode))
        return real;
    if (real)
        errno = ENOTDIR;
    free(real);
    error_system(err, "working in %s", path);
    return NULL;
}

struct box *box_new(const struct box_setup *setup, struct error *err)
{
    struct stat status;
    struct box *box = memory_zero(1, sizeof *box);
    box->settings = setup->settings;
    box->most = setup->most;
    box->directory = real_directory(setup->directory, err);
    box->temporary =
        box->directory ? real_directory(setup->temporary, err) : NULL;
    if (!box->temporary) {
        box_free(box);
        return NULL;
    }
    box->is_foreign =
        geteuid() == 0 && stat(box->directory, &status) == 0 && status.st_uid;
    box->is_read_only = is_read_only(box);
    return box;
}

void box_free(struct box *box)
{
    if (!box)
        return;
    child_free(box->probe);
    box_command_clear(&box->probe_command);
    for (int tier = 0; tier < BOX_TIER_COUNT; tier++)
        buf_clear(&box->obstacles[tier]);
    free(box->bwrap);
    free(box->directory);
    free(box->temporary);
    free(box);
}

/* Wrapping. */

/* Tasks of all users: a number that is had at once, and no fewer than the
 * user's own, of which the limit is. */
static uint64_t task_max(void)
{
    struct buf text = { 0 };
    struct error err;
    unsigned long count = 0;
    /* "0.20 0.18 0.12 1/80 11206" */
    if (path_read_file(&text, "/proc/loadavg", WORDS_MAX, &err)) {
        const char *slash = strchr(buf_string(&text), '/');
        count = slash ? strtoul(slash + 1, NULL, 10) : 0;
    }
    buf_clear(&text);
    return count ? count + TASKS_MORE : 0;
}

static void spare(void *context, pid_t pid)
{
    struct confine *confine = context;
    /* 1, 0 and -1 are nobody, or everybody, in particular. */
    if ((pid > 1 || pid < -1) && confine->spared_count < CONFINE_SPARED_MAX)
        confine->spared[confine->spared_count++] = pid;
}

/* Each thread can be signalled by its own number. */
static void spare_us(struct confine *confine)
{
    spare(confine, getpid());
    spare(confine, getppid());
    spare(confine, -getpgrp());
    surroundings_each_thread(spare, confine);
}

static struct confine *new_confine(const struct box *box)
{
    struct confine *confine = memory_zero(1, sizeof *confine);
    confine->ruleset = -1;
    confine->file_max = (uint64_t)FILE_MAX_GIB << 30;
    confine->task_max = task_max();
    confine->kept_caps = box->is_foreign ? FILE_CAPS : 0;
    return confine;
}

static void set_filter(struct confine *confine, const struct seccomp_wish *wish)
{
    struct sock_filter *filter =
        memory_alloc(SECCOMP_FILTER_MAX * sizeof *filter);
    confine->filter_count = seccomp_build(filter, wish);
    confine->filter = filter;
}

struct places {
    struct hidden hidden;
    char *writable; /* what the call may write besides */
    char **devices;
    bool is_read_only; /* the workspace */
    bool has_network;
};

static bool find_places(struct places *places, const struct box *box,
                        const struct box_ask *ask, struct error *err)
{
    *places = (struct places){ .has_network =
                                   ask->wants_network || has_network(box) };
    if (ask->writable) {
        places->writable = realpath(ask->writable, NULL);
        if (!places->writable)
            return error_system(err, "letting it write %s", ask->writable);
    }
    hidden_find(&places->hidden, box->settings);
    places->is_read_only =
        box->is_probing || hidden_forbids(&places->hidden, box->directory);
    if (places->writable && hidden_forbids(&places->hidden, places->writable))
        return error_set(err, ERROR_TOOL,
                         "letting it write %s: your home directory or "
                         "secrets are there",
                         ask->writable);
    if (has_gpu(box))
        places->devices = surroundings_gpu_devices();
    return true;
}

static void clear_places(struct places *places)
{
    hidden_clear(&places->hidden);
    surroundings_free(places->devices);
    free(places->writable);
}

static bool wrap_full(const struct box *box, const struct places *places,
                      struct box_command *out, struct error *err)
{
    struct shield shield = { 0 };
    struct confine *confine = out->confine;
    int descriptors[BUBBLEWRAP_DESCRIPTORS];
    confine->is_wrapper = true;
    set_filter(confine,
               &(struct seccomp_wish){ .has_network = places->has_network });
    if (!places->is_read_only)
        shield_raise(&shield, box->directory);
    bool ok = bubblewrap_prepare(
        &(struct bubblewrap_wish){
            .hidden = &places->hidden,
            .shield = &shield,
            .workspace = box->directory,
            .is_read_only = places->is_read_only,
            .writable = places->writable,
            .temporary = box->temporary,
            .directory = out->directory,
            .devices = (const char *const *)places->devices,
            .has_network = places->has_network,
            .keeps_file_caps = box->is_foreign,
            .filter = confine->filter,
            .filter_count = confine->filter_count,
        },
        descriptors, err);
    if (ok) {
        char **argv = bubblewrap_argv(box->bwrap, out->argv);
        surroundings_free(out->argv);
        out->argv = argv;
        out->keep = memory_alloc(sizeof descriptors);
        memcpy(out->keep, descriptors, sizeof descriptors);
        out->keep_count = BUBBLEWRAP_DESCRIPTORS;
        out->stand_ins = shield.stand_ins;
        shield.stand_ins = NULL;
    }
    shield_clear(&shield);
    return ok;
}

static bool wrap_files(const struct box *box, const struct places *places,
                       struct box_command *out, struct error *err)
{
    const char *writable[4] = { box->temporary };
    size_t count = 1;
    bool is_among =
        places->is_read_only && hidden_covers(&places->hidden, box->directory);
    if (!places->is_read_only)
        writable[count++] = box->directory;
    if (places->writable)
        writable[count++] = places->writable;
    out->confine->ruleset = landlock_build(
        &(struct landlock_wish){
            .hidden = &places->hidden,
            .writable = writable,
            .readable = is_among ? box->directory : NULL,
            .devices = (const char *const *)places->devices,
            .has_network = places->has_network,
        },
        err);
    return out->confine->ruleset >= 0;
}

static bool wrap(const struct box *box, enum box_tier tier,
                 const struct places *places, struct box_command *out,
                 struct error *err)
{
    out->confine = new_confine(box);
    if (tier == BOX_FULL)
        return wrap_full(box, places, out, err);
    if (tier == BOX_FILES && !wrap_files(box, places, out, err))
        return false;
    if (tier == BOX_NONE)
        return true;
    spare_us(out->confine);
    set_filter(out->confine,
               &(struct seccomp_wish){ .has_network = places->has_network,
                                       .sees_others = true });
    return true;
}

/* In this tier, whether it works or not. */
static bool wrap_in(const struct box *box, enum box_tier tier,
                    const struct box_ask *ask, struct box_command *out,
                    struct error *err)
{
    struct places places;
    struct surroundings_wish wish = {
        .names = ask->names,
        .temporary = tier == BOX_FULL ? "/tmp" : box->temporary,
        .has_gpu = has_gpu(box),
    };
    *out = (struct box_command){ 0 };
    out->argv = surroundings_argv(ask->argv, planter(box), err);
    if (!out->argv)
        return false;
    out->environment = surroundings_environment(&wish);
    out->directory =
        memory_string(ask->directory ? ask->directory : box->directory);
    bool ok = find_places(&places, box, ask, err) &&
              wrap(box, tier, &places, out, err);
    clear_places(&places);
    if (!ok) {
        err->kind = ERROR_TOOL;
        box_command_clear(out);
    }
    return ok;
}

/* Probing. */

static void on_probed(void *context, const struct child_end *end)
{
    struct box *box = context;
    box->works[BOX_FULL] = !end->err;
    if (end->err)
        obstacle_of_bubblewrap(&box->obstacles[BOX_FULL], box->bwrap,
                               end->messages.len ? end->messages
                                                 : slice_of(end->err->text));
    box->is_probed = true;
}

static void probe_files(struct box *box)
{
    struct error err;
    box->landlock = landlock_version(&err);
    if (!box->landlock)
        obstacle_of_landlock(&box->obstacles[BOX_FILES], errno);
    if (!seccomp_probe(&err))
        obstacle_of_seccomp(&box->obstacles[BOX_NET], errno);
    box->works[BOX_NONE] = true;
    box->works[BOX_NET] = !box->obstacles[BOX_NET].len;
    box->works[BOX_FILES] = box->works[BOX_NET] && box->landlock;
}

/* A program that does nothing, in the very box. */
static bool start_probe(struct box *box, struct loop *loop)
{
    struct error err = { 0 };
    char program[] = "true";
    char *const argv[] = { program, NULL };
    struct child_setup setup = { .loop = loop,
                                 .messages_max = WORDS_MAX,
                                 .wait_ms = PROBE_MS,
                                 .on_done = on_probed,
                                 .context = box };
    if (!box->bwrap || !box->works[BOX_NET]) {
        obstacle_of_bubblewrap(&box->obstacles[BOX_FULL], box->bwrap,
                               slice_of(""));
        return false;
    }
    box->is_probing = true;
    bool is_wrapped = wrap_in(box, BOX_FULL, &(struct box_ask){ .argv = argv },
                              &box->probe_command, &err);
    box->is_probing = false;
    if (is_wrapped) {
        box_command_apply(&box->probe_command, &setup);
        box->probe = child_start(&setup, &err);
    }
    if (!box->probe)
        obstacle_of_bubblewrap(&box->obstacles[BOX_FULL], box->bwrap,
                               slice_of(err.text));
    return box->probe;
}

static void begin_probing(struct box *box, struct loop *loop)
{
    probe_files(box);
    if (box->most == BOX_FULL)
        box->bwrap = surroundings_find("bwrap", planter(box));
    if (box->most < BOX_FULL || !start_probe(box, loop))
        box->is_probed = true;
}

static void end_probing(struct box *box)
{
    child_free(box->probe);
    box->probe = NULL;
    box_command_clear(&box->probe_command);
}

void box_probe(struct box *box, struct loop *loop)
{
    if (!box->is_probed && !box->probe)
        begin_probing(box, loop);
}

bool box_is_known(const struct box *box)
{
    return box->is_probed;
}

/* If the loop has not come to it: now, in one of our own. */
static void settle(struct box *box)
{
    struct error err;
    if (!box->is_probed) {
        struct loop *loop = loop_new(&err);
        end_probing(box);
        for (int tier = 0; tier < BOX_TIER_COUNT; tier++)
            buf_reset(&box->obstacles[tier]);
        free(box->bwrap);
        box->bwrap = NULL;
        if (loop)
            begin_probing(box, loop);
        while (loop && !box->is_probed)
            loop_turn(loop, PROBE_MS);
        end_probing(box);
        loop_free(loop);
    }
    if (box->probe && box->is_probed)
        end_probing(box);
}

enum box_tier box_tier(struct box *box)
{
    settle(box);
    int tier = box->most;
    while (tier > BOX_NONE && !box->works[tier])
        tier--;
    return (enum box_tier)tier;
}

bool box_suffices(struct box *box, struct buf *why)
{
    enum box_tier has = box_tier(box), wants = least(box);
    if (has >= wants)
        return true;
    buf_printf(why,
               "the box here is \"%s\", and tools.sandbox.least wants \"%s\"",
               names[has], names[wants]);
    if (box->obstacles[wants].len)
        buf_printf(why, ": %s", buf_string(&box->obstacles[wants]));
    return false;
}

void box_badge(struct box *box, struct buf *out)
{
    static const char *const badges[] = {
        [BOX_NONE] = "NO BOX",
        [BOX_NET] = "box:net only",
        [BOX_FILES] = "box:files",
        [BOX_FULL] = "box:full",
    };
    enum box_tier tier = box_tier(box);
    buf_append_string(out, badges[tier]);
    if (tier == BOX_FILES && box->landlock < LANDLOCK_TRUNCATES)
        buf_append_char(out, '-');
    if (tier > BOX_NONE && has_network(box))
        buf_append_string(out, "+net");
    if (tier > BOX_NET && has_gpu(box))
        buf_append_string(out, "+gpu");
    if (tier > BOX_NET && box->is_read_only)
        buf_append_string(out, ", read only");
}

void box_report(struct box *box, struct buf *out)
{
    settle(box);
    for (int tier = BOX_FULL; tier > BOX_NONE && !box->works[tier]; tier--)
        if (box->obstacles[tier].len)
            buf_printf(out, "%s: %s\n", names[tier],
                       buf_string(&box->obstacles[tier]));
}

bool box_wrap(struct box *box, const struct box_ask *ask,
              struct box_command *out, struct error *err)
{
    struct buf why = { 0 };
    *out = (struct box_command){ 0 };
    bool ok = box_suffices(box, &why) ||
              error_set(err, ERROR_TOOL, "%s", buf_string(&why));
    buf_clear(&why);
    if (ok)
        box->is_read_only = is_read_only(box);
    return ok && wrap_in(box, box_tier(box), ask, out, err);
}

void box_command_apply(const struct box_command *command,
                       struct child_setup *setup)
{
    setup->mode = CHILD_DETACHED;
    setup->argv = command->argv;
    setup->environment = command->environment;
    /* bwrap enters it by itself, when there is a world to be in. */
    setup->directory = command->confine->is_wrapper ? NULL : command->directory;
    setup->confine = command->confine;
    setup->keep = command->keep;
    setup->keep_count = command->keep_count;
}

void box_command_clear(struct box_command *command)
{
    surroundings_free(command->argv);
    surroundings_free(command->environment);
    free(command->directory);
    for (size_t i = 0; i < command->keep_count; i++)
        close(command->keep[i]);
    free(command->keep);
    if (command->confine) {
        void *filter = NULL;
        memcpy(&filter, &command->confine->filter, sizeof filter);
        free(filter);
        if (command->confine->ruleset >= 0)
            close(command->confine->ruleset);
        free(command->confine);
    }
    shield_drop(command->stand_ins);
    *command = (struct box_command){ 0 };
}
