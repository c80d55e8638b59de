/* SPDX-License-Identifier: MIT */
/*
 * doctor_sessions - where conversations are kept, how much room is left for
 * them, and what trouble has left behind.
 */
#include <inttypes.h>

#include "app/doctor.h"
#include "base/date.h"
#include "base/path.h"
#include "store/journal.h"
#include "ui/receipt.h"

static void append_count(struct buf *out, const struct survey_count *count,
                         const char *noun)
{
    buf_printf(out, "%zu %s%s, ", count->count, noun,
               count->count == 1 ? "" : "s");
    receipt_size(out, (size_t)count->size);
}

static void look_at_place(struct doctor *doctor, const struct survey *survey)
{
    struct buf path = { 0 }, text = { 0 };
    struct error ignored;
    if (path_data_home(&path, "sessions", &ignored))
        doctor_append_path(&text, buf_string(&path));
    buf_append_string(&text, ": ");
    append_count(&text, &survey->sessions, "session");
    if (survey->trash.count) {
        buf_append_string(&text, "; in the trash ");
        append_count(&text, &survey->trash, "session");
    }
    doctor_add(doctor, DOCTOR_OK, "kept", "%s", buf_string(&text));
    buf_clear(&path);
    buf_clear(&text);
}

static void look_at_disk(struct doctor *doctor, const struct survey *survey)
{
    struct buf room = { 0 };
    bool is_low = survey->room < JOURNAL_ROOM_MIN;
    receipt_size(&room, (size_t)survey->room);
    doctor_add(doctor,
               !survey->is_writable ? DOCTOR_FAIL
               : is_low             ? DOCTOR_WARN
                                    : DOCTOR_OK,
               "disk", "%s, %s free, %s%s", survey->file_system,
               survey->room == UINT64_MAX ? "nobody knows how much"
                                          : buf_string(&room),
               survey->is_local ? "the kernel locks sessions"
                                : "perhaps of a network: sessions are locked "
                                  "by a lease",
               survey->is_writable ? "" : "; it cannot be written");
    if (!survey->is_writable)
        doctor_cure(doctor, "nothing is saved: make it writable, or set "
                            "XDG_DATA_HOME to a place that is");
    else if (is_low)
        doctor_cure(doctor, "make room: soon nothing is saved any more; "
                            "sennit empty-trash removes what was deleted");
    buf_clear(&room);
}

/* It is made with the first session, if there is room. */
static void look_at_ballast(struct doctor *doctor, const struct survey *survey)
{
    if (!survey->sessions.count || survey->has_ballast) {
        doctor_add(doctor, DOCTOR_OK, "ballast", "%s",
                   survey->has_ballast ? "4 MiB are held back for a full disk"
                                       : "is made with the first session");
        return;
    }
    doctor_add(doctor, DOCTOR_WARN, "ballast",
               "nothing is held back for a full disk");
    doctor_cure(doctor, "make room: it is made anew when there is enough");
}

static void append_last(struct buf *text, const struct survey_count *count)
{
    buf_append_string(text, ", the last of ");
    date_append(text, count->last_time);
}

static void look_at_rests(struct doctor *doctor, const struct survey *survey)
{
    struct buf text = { 0 };
    if (survey->backups.count) {
        append_count(&text, &survey->backups, "file");
        append_last(&text, &survey->backups);
        doctor_add(doctor, DOCTOR_OK, "backups", "%s", buf_string(&text));
    }
    buf_reset(&text);
    if (survey->aside.count) {
        append_count(&text, &survey->aside, "file");
        append_last(&text, &survey->aside);
        doctor_add(doctor, DOCTOR_WARN, "damaged", "%s", buf_string(&text));
        doctor_cure(doctor, "is something missing? look with sennit show; else "
                            "remove the files whose names have .damaged-");
    }
    buf_clear(&text);
}

static void look_at_retention(struct doctor *doctor,
                              const struct doctor_source *source)
{
    const struct retention_note *note = &source->survey->retention;
    double keep_ms = settings_number(source->settings, "sessions.keep", 0);
    struct buf when = { 0 };
    if (keep_ms > 0 && note->time) {
        date_append(&when, note->time);
        doctor_add(doctor, DOCTOR_OK, "sessions.keep",
                   "%.0f days; %s: %" PRIu64 " moved to the trash, %" PRIu64
                   " removed",
                   keep_ms / 1000 / RETENTION_DAY_S, buf_string(&when),
                   note->moved, note->removed);
    } else {
        doctor_add(doctor, DOCTOR_OK, "sessions.keep",
                   keep_ms > 0 ? "%.0f days; nothing was done yet" : "for ever",
                   keep_ms / 1000 / RETENTION_DAY_S);
    }
    buf_clear(&when);
}

void doctor_look_sessions(struct doctor *doctor,
                          const struct doctor_source *source)
{
    const struct survey *survey = source->survey;
    doctor_group(doctor, "sessions");
    if (!survey) {
        doctor_add(doctor, DOCTOR_OK, "kept", "nothing is kept (-n)");
    } else if (!survey->is_made) {
        doctor_add(doctor, DOCTOR_ASKING, "kept", "the disk is asked");
    } else if (!survey->has_store) {
        doctor_add(doctor, DOCTOR_OK, "kept", "no session yet");
    } else {
        look_at_place(doctor, survey);
        look_at_disk(doctor, survey);
        look_at_ballast(doctor, survey);
        look_at_rests(doctor, survey);
        look_at_retention(doctor, source);
    }
}
