/* SPDX-License-Identifier: MIT */
#include "ui/terminfo.h"

#include <stddef.h>
#include <term.h>

int terminfo_colors(const char *type, int fd)
{
    int result;
    if (!type || !type[0] || setupterm(type, fd, &result) != 0)
        return -1;
    int colors = max_colors > 0 ? max_colors : 0;
    del_curterm(set_curterm(NULL));
    return colors;
}

bool terminfo_has_screen(const char *type, int fd)
{
    int result;
    if (!type || !type[0] || setupterm(type, fd, &result) != 0)
        return false;
    bool has_screen = cursor_address && clear_screen;
    del_curterm(set_curterm(NULL));
    return has_screen;
}
