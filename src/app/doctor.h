/* SPDX-License-Identifier: MIT */
/*
 * doctor - what was found on this machine, a row each: fine, doubtful or broken,
 * and then the cure.
 *
 * One list of rows for `sennit doctor` and the panel of /doctor. Nothing here
 * waits: what servers have not told yet is a row that says so. Rows hold no
 * secret, no user name of an address, and ~ for the home directory.
 */
#ifndef APP_DOCTOR_H
#define APP_DOCTOR_H

#include "base/array.h"
#include "base/buf.h"
#include "chat/chat.h"
#include "store/state.h"
#include "store/survey.h"
#include "ui/term.h"
#include "ui/width_probe.h"

enum doctor_level { DOCTOR_OK, DOCTOR_ASKING, DOCTOR_WARN, DOCTOR_FAIL };

struct doctor_row {
    const char *group;
    enum doctor_level level;
    struct buf name, text;
    struct buf cure; /* "": none is needed */
};

struct doctor {
    ARRAY_OF(struct doctor_row) rows;
    const char *group; /* of the rows that are added */
};

/* What is looked at. Borrowed. */
struct doctor_source {
    const struct settings *settings;
    const struct endpoints *endpoints;
    struct chat *chat;
    const struct term *term;         /* NULL: there is no screen */
    const struct width_probe *probe; /* NULL: the terminal was not asked */
    const char *complaints;          /* about the settings, a line each */
    const struct survey *survey;     /* NULL: nothing is kept */
    const struct state *state;       /* NULL: nothing is remembered */
};

void doctor_clear(struct doctor *doctor);

/* Look at everything, in place of what was found before. */
void doctor_examine(struct doctor *doctor, const struct doctor_source *source);

/* Rows of this level. */
int doctor_count(const struct doctor *doctor, enum doctor_level level);
const char *doctor_level_name(enum doctor_level level);

/* For those who find: begin a group, add a row to it, say the cure of the row
 * that was added last. The texts are printf's. */
void doctor_group(struct doctor *doctor, const char *name);
void doctor_add(struct doctor *doctor, enum doctor_level level,
                const char *name, const char *format, ...) PRINTF_LIKE(4, 5);
void doctor_cure(struct doctor *doctor, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* Append a path with ~ for the home directory. */
void doctor_append_path(struct buf *out, const char *path);

/* One file each: app/doctor_<name>.c. */
typedef void doctor_look_fn(struct doctor *doctor,
                            const struct doctor_source *source);
doctor_look_fn doctor_look_terminal, doctor_look_servers, doctor_look_files,
    doctor_look_sessions, doctor_look_machine;

#endif
