/* SPDX-License-Identifier: MIT */
#include "tool/mode.h"

#include "base/compiler.h"

static const struct {
    const char *name, *about;
} modes[] = {
    [TOOL_MODE_OFF] = { "off", "no tools" },
    [TOOL_MODE_PLAN] = { "plan", "tools that only read" },
    [TOOL_MODE_ASK] = { "ask", "what changes something asks" },
    [TOOL_MODE_EDITS] = { "edits", "edits of files here pass" },
};

const char *tool_mode_name(enum tool_mode mode)
{
    return modes[mode].name;
}

const char *tool_mode_about(enum tool_mode mode)
{
    return modes[mode].about;
}

bool tool_mode_parse(struct slice word, enum tool_mode *mode)
{
    for (size_t i = 0; i < COUNTOF(modes); i++) {
        if (!slice_is(word, modes[i].name))
            continue;
        *mode = (enum tool_mode)i;
        return true;
    }
    return false;
}
