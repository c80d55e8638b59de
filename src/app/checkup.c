/* SPDX-License-Identifier: MIT */
#include "app/checkup.h"

#include <string.h>
#include <unistd.h>

#include "app/doctor.h"
#include "app/inquiry.h"
#include "app/print.h"
#include "base/redact.h"

enum { NAME_WIDTH = 14 };

static void write_row(struct buf *out, const struct doctor_row *row)
{
    buf_printf(out, "  %-4s  %-*s  %s\n", doctor_level_name(row->level),
               NAME_WIDTH, buf_string(&row->name), buf_string(&row->text));
    if (row->cure.len)
        buf_printf(out, "        %-*s  -> %s\n", NAME_WIDTH, "",
                   buf_string(&row->cure));
}

static void write_report(struct buf *out, const struct doctor *doctor)
{
    const char *group = "";
    int warnings = doctor_count(doctor, DOCTOR_WARN);
    int failures = doctor_count(doctor, DOCTOR_FAIL);
    for (size_t i = 0; i < doctor->rows.count; i++) {
        const struct doctor_row *row = &doctor->rows.items[i];
        if (strcmp(group, row->group) != 0)
            buf_printf(out, "%s%s\n", i ? "\n" : "", row->group);
        group = row->group;
        write_row(out, row);
    }
    buf_printf(out, "\n%d failed, %d to look at\n", failures, warnings);
}

/* No row is made of a key; should one repeat it, this is for others to read. */
static void print_report(const struct doctor *doctor,
                         const struct endpoints *endpoints, struct print *out)
{
    ARRAY_OF(const char *) keys = { 0 };
    struct buf report = { 0 }, safe = { 0 };
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const char *key = endpoint_key(&endpoints->list.items[i]);
        if (key)
            *array_add(&keys) = key;
    }
    write_report(&report, doctor);
    redact_append(&safe, buf_slice(&report), keys.items, keys.count);
    print_text(out, buf_slice(&safe));
    print_end(out);
    buf_clear(&report);
    buf_clear(&safe);
    array_clear(&keys);
}

static bool probe_widths(struct width_probe *probe)
{
    struct error ignored = { 0 };
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
           width_probe_ask("/dev/tty", probe, &ignored);
}

static int examine(const struct inquiry *inquiry, const char *complaints)
{
    struct doctor doctor = { 0 };
    struct width_probe probe;
    struct print out;
    print_init(&out, STDOUT_FILENO);
    bool has_probe = probe_widths(&probe);
    doctor_examine(
        &doctor,
        &(struct doctor_source){
            .settings = inquiry->setup.settings,
            .endpoints = &inquiry->setup.endpoints,
            .chat = inquiry->chat,
            .probe = has_probe ? &probe : NULL,
            .complaints = complaints,
            .survey = inquiry->setup.store ? &inquiry->setup.survey : NULL,
            .state = inquiry->setup.state,
        });
    print_report(&doctor, &inquiry->setup.endpoints, &out);
    int status = print_status(&out);
    if (!status && doctor_count(&doctor, DOCTOR_FAIL))
        status = 1;
    print_clear(&out);
    doctor_clear(&doctor);
    return status;
}

int checkup_run(const struct cli *cli)
{
    struct inquiry inquiry;
    struct error err = { 0 };
    struct buf complaints = { 0 };
    int status;
    if (!inquiry_open(&inquiry, cli, &complaints, &err)) {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    } else {
        inquiry_ask_all(&inquiry);
        setup_survey(&inquiry.setup);
        status = inquiry.signal_number
                     ? 128 + inquiry.signal_number
                     : examine(&inquiry, buf_string(&complaints));
    }
    if (status == 1 && complaints.len)
        status = error_exit_status(ERROR_CONFIG);
    inquiry_close(&inquiry);
    buf_clear(&complaints);
    return status;
}
