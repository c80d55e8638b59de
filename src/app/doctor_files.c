/* SPDX-License-Identifier: MIT */
/*
 * doctor_files - the configuration that was read and what is wrong with it, and
 * the directories of ours.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/doctor.h"
#include "base/path.h"
#include "ui/receipt.h"

struct origins {
    ARRAY_OF(const char *) list;
};

static void note_origin(struct origins *origins, const char *file)
{
    for (size_t i = 0; i < origins->list.count; i++) {
        if (!strcmp(origins->list.items[i], file))
            return;
    }
    *array_add(&origins->list) = file;
}

static void collect_origins(struct origins *origins,
                            const struct setting *setting)
{
    for (size_t i = 0; setting && i < setting->child_count; i++) {
        const struct setting *child = setting->children[i];
        if (child->type != SETTING_MAP && child->file)
            note_origin(origins, child->file);
        collect_origins(origins, child);
    }
}

/* Where the values come from that count. */
static void look_at_origins(struct doctor *doctor,
                            const struct settings *settings)
{
    struct origins origins = { 0 };
    collect_origins(&origins, settings_find(settings, ""));
    for (size_t i = 0; i < origins.list.count; i++) {
        struct buf shown = { 0 };
        doctor_append_path(&shown, origins.list.items[i]);
        doctor_add(doctor, DOCTOR_OK, "settings", "from %s",
                   buf_string(&shown));
        buf_clear(&shown);
    }
    if (!origins.list.count)
        doctor_add(doctor, DOCTOR_OK, "settings", "none is set: defaults");
    array_clear(&origins.list);
}

static void look_at_complaints(struct doctor *doctor, const char *complaints)
{
    struct slice rest = slice_of(complaints ? complaints : ""), line;
    while (slice_next_line(&rest, &line)) {
        doctor_add(doctor, DOCTOR_FAIL, "settings", "%.*s", SLICE_ARG(line));
        doctor_cure(doctor, "mend that line; sennit(5) lists the keys");
    }
}

static void judge_directory(struct doctor *doctor, const char *name,
                            const char *path, const char *shown)
{
    struct stat about;
    struct error ignored = { 0 };
    if (stat(path, &about) < 0) {
        bool is_fine = path_can_make(path, &ignored);
        doctor_add(doctor, is_fine ? DOCTOR_OK : DOCTOR_WARN, name,
                   "%s is not there%s", shown,
                   is_fine ? "; it is made when it is needed"
                           : ", and cannot be made");
        if (!is_fine)
            doctor_cure(doctor,
                        "mkdir -p %s, or set XDG_CONFIG_HOME and "
                        "XDG_STATE_HOME to a place that you can write",
                        shown);
        return;
    }
    int mode = (int)(about.st_mode & 07777);
    bool is_ours = about.st_uid == geteuid();
    bool is_open = (about.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    bool is_writable = access(path, W_OK | X_OK) == 0;
    doctor_add(doctor,
               is_open || !is_ours ? DOCTOR_FAIL
               : is_writable       ? DOCTOR_OK
                                   : DOCTOR_WARN,
               name, "%s, mode %04o%s%s", shown, (unsigned)mode,
               is_ours ? "" : ", of another user",
               is_writable ? "" : ", not writable");
    if (is_open || !is_writable)
        doctor_cure(doctor, "chmod 700 %s", shown);
    else if (!is_ours)
        doctor_cure(doctor, "chown it: who owns it decides what we are told");
}

static void look_at_directory(struct doctor *doctor, const char *name,
                              bool (*find)(struct buf *path, const char *name,
                                           struct error *err))
{
    struct buf path = { 0 }, shown = { 0 };
    struct error err = { 0 };
    if (find(&path, "", &err)) {
        while (path.len > 1 && path.ptr[path.len - 1] == '/')
            path.ptr[--path.len] = '\0';
        doctor_append_path(&shown, buf_string(&path));
        judge_directory(doctor, name, buf_string(&path), buf_string(&shown));
    } else {
        doctor_add(doctor, DOCTOR_WARN, name, "%s", err.text);
        doctor_cure(doctor, "export HOME");
    }
    buf_clear(&path);
    buf_clear(&shown);
}

/* What is remembered from one run to the next. */
static void look_at_state(struct doctor *doctor, const struct state *state)
{
    struct buf path = { 0 }, shown = { 0 }, words = { 0 };
    struct error ignored;
    struct stat about;
    state_describe(state, &words);
    if (state_path(&path, &ignored))
        doctor_append_path(&shown, buf_string(&path));
    if (words.len) {
        doctor_add(doctor, DOCTOR_WARN, "state.db", "%s", buf_string(&words));
        doctor_cure(doctor,
                    "a conversation loses nothing by it; %s may be "
                    "removed at any time",
                    buf_string(&shown));
    } else if (!state) {
        doctor_add(doctor, DOCTOR_OK, "state.db", "nothing is remembered (-n)");
    } else if (!state_is_read(state)) {
        doctor_add(doctor, DOCTOR_ASKING, "state.db", "the disk is asked");
    } else if (stat(buf_string(&path), &about) < 0) {
        doctor_add(doctor, DOCTOR_OK, "state.db",
                   "%s is not there; it is made when it is needed",
                   buf_string(&shown));
    } else {
        receipt_size(&words, (size_t)about.st_size);
        doctor_add(doctor, DOCTOR_OK, "state.db",
                   "%s, %s: drafts, prompts, what servers have taught",
                   buf_string(&shown), buf_string(&words));
    }
    buf_clear(&path);
    buf_clear(&shown);
    buf_clear(&words);
}

void doctor_look_files(struct doctor *doctor,
                       const struct doctor_source *source)
{
    doctor_group(doctor, "files");
    look_at_complaints(doctor, source->complaints);
    look_at_origins(doctor, source->settings);
    look_at_directory(doctor, "configuration", path_config);
    look_at_directory(doctor, "data", path_data_home);
    look_at_directory(doctor, "state", path_state);
    look_at_state(doctor, source->state);
}
