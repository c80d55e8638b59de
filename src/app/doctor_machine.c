/* SPDX-License-Identifier: MIT */
/*
 * doctor_machine - the program, its libraries, and the limits that it runs in.
 */
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include <jansson.h>

#include "app/doctor.h"
#include "base/db.h"
#include "base/utf8.h"
#include "config/yaml.h"
#include "net/http.h"
#include "tool/box.h"

enum { FILES_LEAST = 64 };

static void look_at_program(struct doctor *doctor)
{
    struct utsname about;
    doctor_group(doctor, "program");
    doctor_add(doctor, DOCTOR_OK, "sennit", "%s", VERSION);
    if (uname(&about) == 0)
        doctor_add(doctor, DOCTOR_OK, "system", "%s %s, %s", about.sysname,
                   about.release, about.machine);
}

static void look_at_libraries(struct doctor *doctor)
{
    struct buf http = { 0 };
    http_library(&http);
    doctor_add(doctor, DOCTOR_OK, "ncurses", "%s", term_library());
    doctor_add(doctor, DOCTOR_OK, "libcurl", "%s", buf_string(&http));
    doctor_add(doctor, DOCTOR_OK, "jansson", "%s", jansson_version_str());
    doctor_add(doctor, DOCTOR_OK, "libyaml", "%s", yaml_library());
    doctor_add(doctor, DOCTOR_OK, "utf8proc", "%s, Unicode %s", utf8_library(),
               utf8_unicode());
    doctor_add(doctor, DOCTOR_OK, "SQLite", "%s", db_library());
    doctor_add(doctor, DOCTOR_OK, "md4c",
               "is there; it does not tell its "
               "version");
    buf_clear(&http);
}

static void look_at_limits(struct doctor *doctor)
{
    struct rlimit files, core;
    doctor_group(doctor, "limits");
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        bool is_low = files.rlim_cur < FILES_LEAST;
        doctor_add(doctor, is_low ? DOCTOR_WARN : DOCTOR_OK, "open files",
                   "%llu", (unsigned long long)files.rlim_cur);
        if (is_low)
            doctor_cure(doctor, "ulimit -n 1024");
    }
    bool has_core = getrlimit(RLIMIT_CORE, &core) < 0 || core.rlim_cur > 0;
    bool is_open = prctl(PR_GET_DUMPABLE) > 0;
    doctor_add(doctor, has_core || is_open ? DOCTOR_FAIL : DOCTOR_OK, "memory",
               has_core || is_open ? "a core or another program may read keys"
                                   : "no core, and closed to other programs");
    if (has_core || is_open)
        doctor_cure(doctor, "the kernel refused setrlimit or prctl; ulimit -c "
                            "0 before starting");
}

/* In the directory where we are, as a tool would run something. */
static struct box *make_box(const struct settings *settings, struct error *err)
{
    const char *temporary = getenv("TMPDIR");
    return box_new(
        &(struct box_setup){ .settings = settings,
                             .directory = ".",
                             .temporary = temporary ? temporary : "/tmp",
                             .most = BOX_FULL },
        err);
}

static void look_at_box(struct doctor *doctor, const struct settings *settings)
{
    static const char *const words[] = {
        [BOX_NONE] = "none: programs of tools reach all that you reach",
        [BOX_NET] = "net: programs of tools have no network, but your files",
        [BOX_FILES] = "files: programs of tools write the working directory "
                      "alone, and read no secrets",
        [BOX_FULL] = "full: programs of tools see a world of their own",
    };
    struct error err = { 0 };
    struct buf obstacles = { 0 }, why = { 0 };
    struct box *box = make_box(settings, &err);
    if (!box) {
        doctor_add(doctor, DOCTOR_WARN, "box", "%s", err.text);
        return;
    }
    bool suffices = box_suffices(box, &why);
    doctor_add(doctor, suffices ? DOCTOR_OK : DOCTOR_WARN, "box", "%s%s",
               words[box_tier(box)],
               suffices ? "" : "; tools.sandbox.least wants more");
    box_report(box, &obstacles);
    while (obstacles.len && obstacles.ptr[obstacles.len - 1] == '\n')
        buf_truncate(&obstacles, obstacles.len - 1);
    for (char *c = obstacles.ptr; c && *c; c++)
        *c = *c == '\n' ? ' ' : *c;
    if (obstacles.len)
        doctor_cure(doctor, "for a stronger one: %s", buf_string(&obstacles));
    buf_clear(&obstacles);
    buf_clear(&why);
    box_free(box);
}

void doctor_look_machine(struct doctor *doctor,
                         const struct doctor_source *source)
{
    look_at_program(doctor);
    look_at_libraries(doctor);
    look_at_limits(doctor);
    look_at_box(doctor, source->settings);
}
