/* SPDX-License-Identifier: MIT */
#include "ui/terminfo.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/path.h"

static bool is_known(const char *type, int fd)
{
    int result;
    return setupterm(type, fd, &result) == 0;
}

/* Where ncurses looks last: in the descriptions that came with the program. An
 * empty part of the list is the system's own. False if none came, or they were
 * looked at already. */
static bool look_in_ours(void)
{
    struct buf list = { 0 }, ours = { 0 };
    const char *before = getenv("TERMINFO_DIRS");
    path_data(&ours, "terminfo");
    bool is_new = !before || !strstr(before, buf_string(&ours));
    bool has_ours = is_new && access(buf_string(&ours), X_OK) == 0;
    if (has_ours) {
        buf_printf(&list, "%s:%s", before ? before : "", buf_string(&ours));
        setenv("TERMINFO_DIRS", buf_string(&list), 1);
    }
    buf_clear(&list);
    buf_clear(&ours);
    return has_ours;
}

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
    if (!type || !type[0])
        return false;
    if (!is_known(type, fd) && !(look_in_ours() && is_known(type, fd)))
        return false;
    bool has_screen = cursor_address && clear_screen;
    del_curterm(set_curterm(NULL));
    return has_screen;
}
