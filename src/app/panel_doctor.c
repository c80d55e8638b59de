/* SPDX-License-Identifier: MIT */
/*
 * panel_doctor - what the doctor finds, as far as the servers have answered.
 */
#include <string.h>

#include "app/doctor.h"
#include "app/panel.h"

static void add_row(struct list *list, const struct doctor_row *found)
{
    static const enum style styles[] = {
        [DOCTOR_OK] = STYLE_DIM,
        [DOCTOR_ASKING] = STYLE_DIM,
        [DOCTOR_WARN] = STYLE_WARNING,
        [DOCTOR_FAIL] = STYLE_ERROR,
    };
    struct list_row *row = list_add(list, "");
    buf_printf(&row->head, "%-4s %s", doctor_level_name(found->level),
               buf_string(&found->name));
    buf_append_slice(&row->text, buf_slice(&found->text));
    row->style = styles[found->level];
    if (found->cure.len)
        list_add_text(list, styles[found->level], "     %s",
                      buf_string(&found->cure));
}

void panel_fill_doctor(const struct panel_source *source, struct list *list)
{
    struct doctor doctor = { 0 };
    const char *group = "";
    doctor_examine(&doctor, &(struct doctor_source){
                                .settings = source->settings,
                                .endpoints = source->endpoints,
                                .chat = source->chat,
                                .term = source->term,
                                .survey = source->survey,
                                .state = source->state,
                            });
    for (size_t i = 0; i < doctor.rows.count; i++) {
        const struct doctor_row *row = &doctor.rows.items[i];
        if (strcmp(group, row->group) != 0)
            list_add_text(list, STYLE_HEADING, "%s", row->group);
        group = row->group;
        add_row(list, row);
    }
    doctor_clear(&doctor);
}
