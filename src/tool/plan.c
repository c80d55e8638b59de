/* SPDX-License-Identifier: MIT */
#include "tool/plan.h"

#include <stdlib.h>

void tool_plan_clear(struct tool_plan *plan)
{
    json_decref(plan->arguments);
    buf_clear(&plan->about);
    buf_clear(&plan->detail);
    buf_clear(&plan->input);
    buf_clear(&plan->was);
    buf_clear(&plan->after);
    free(plan->path);
    free(plan->host);
    for (char **word = plan->argv; word && *word; word++)
        free(*word);
    free(plan->argv);
    *plan = (struct tool_plan){ 0 };
}

size_t tool_plan_most(const struct tool_plan *plan, size_t usual)
{
    enum { NOTES = 400 }; /* bytes of what is said besides */
    size_t room = plan->room > 3 * NOTES ? plan->room - NOTES : plan->room / 2;
    return room && room < usual ? room : usual;
}

bool tool_work_is_cancelled(const struct tool_work *work)
{
    return __atomic_load_n(work->is_cancelled, __ATOMIC_RELAXED) != 0;
}
