/* SPDX-License-Identifier: MIT */
#include "ui/terminfo.h"

#include <stddef.h>
#include <term.h>

bool terminfo_has_screen(const char *type, int fd)
{
    int result;
    if (!type || !type[0] || setupterm(type, fd, &result) != 0)
        return false;
    bool has_screen = cursor_address && clear_screen;
    del_curterm(set_curterm(NULL));
    return has_screen;
}
