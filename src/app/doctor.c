/* SPDX-License-Identifier: MIT */
#include "app/doctor.h"

#include <string.h>

#include "base/path.h"

static const char *const level_names[] = {
    [DOCTOR_OK] = "ok",
    [DOCTOR_ASKING] = "...",
    [DOCTOR_WARN] = "warn",
    [DOCTOR_FAIL] = "fail",
};

const char *doctor_level_name(enum doctor_level level)
{
    return level_names[level];
}

static void clear_rows(struct doctor *doctor)
{
    for (size_t i = 0; i < doctor->rows.count; i++) {
        buf_clear(&doctor->rows.items[i].name);
        buf_clear(&doctor->rows.items[i].text);
        buf_clear(&doctor->rows.items[i].cure);
    }
    doctor->rows.count = 0;
}

void doctor_clear(struct doctor *doctor)
{
    clear_rows(doctor);
    array_clear(&doctor->rows);
}

void doctor_examine(struct doctor *doctor, const struct doctor_source *source)
{
    static doctor_look_fn *const looks[] = {
        doctor_look_terminal, doctor_look_servers, doctor_look_files,
        doctor_look_sessions, doctor_look_machine,
    };
    clear_rows(doctor);
    for (size_t i = 0; i < COUNTOF(looks); i++)
        looks[i](doctor, source);
}

int doctor_count(const struct doctor *doctor, enum doctor_level level)
{
    int count = 0;
    for (size_t i = 0; i < doctor->rows.count; i++)
        count += doctor->rows.items[i].level == level;
    return count;
}

void doctor_group(struct doctor *doctor, const char *name)
{
    doctor->group = name;
}

void doctor_add(struct doctor *doctor, enum doctor_level level,
                const char *name, const char *format, ...)
{
    struct doctor_row *row = array_add(&doctor->rows);
    *row = (struct doctor_row){ .group = doctor->group, .level = level };
    buf_append_string(&row->name, name);
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&row->text, format, arguments);
    va_end(arguments);
}

void doctor_cure(struct doctor *doctor, const char *format, ...)
{
    struct doctor_row *row = array_last(&doctor->rows);
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&row->cure, format, arguments);
    va_end(arguments);
}

void doctor_append_path(struct buf *out, const char *path)
{
    struct buf home = { 0 };
    path_expand(&home, "~");
    size_t len = home.len;
    bool is_below = len > 1 && !strncmp(path, buf_string(&home), len) &&
                    (path[len] == '/' || path[len] == '\0');
    if (is_below)
        buf_append_char(out, '~');
    buf_append_string(out, is_below ? path + len : path);
    buf_clear(&home);
}
