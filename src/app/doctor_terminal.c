/* SPDX-License-Identifier: MIT */
/*
 * doctor_terminal - the terminal and the locale: what they can show, what stands
 * between, whether they count cells as we do.
 */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/doctor.h"
#include "ui/terminfo.h"

enum { HEIGHT_LEAST = 10, WIDTH_LEAST = 40 };

/* "" if it is not set. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

static void look_at_type(struct doctor *doctor, const struct term *term)
{
    const char *type = variable("TERM");
    /* While there is a screen, it shows that the type is known. */
    int colors =
        term ? term_colors(term) : terminfo_colors(type, STDOUT_FILENO);
    if (!*type)
        doctor_add(doctor, DOCTOR_WARN, "TERM", "not set");
    else if (colors < 0)
        doctor_add(doctor, DOCTOR_WARN, "TERM", "%s, which is unknown here",
                   type);
    else
        doctor_add(doctor, DOCTOR_OK, "TERM", "%s", type);
    if (colors < 0)
        doctor_cure(doctor, "for the full screen: export TERM=xterm-256color, "
                            "or install ncurses-term");
    if (colors >= 0)
        doctor_add(doctor, DOCTOR_OK, "colours", "%d%s", colors,
                   *variable("NO_COLOR") ? ", and NO_COLOR is set: none is "
                                           "used"
                                         : "");
}

static void look_at_size(struct doctor *doctor, const struct term *term)
{
    struct winsize size = { 0 };
    if (term) {
        size.ws_row = (unsigned short)term_height(term);
        size.ws_col = (unsigned short)term_width(term);
    } else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0) {
        doctor_add(doctor, DOCTOR_OK, "size",
                   "standard output is no terminal: one answer, no screen");
        return;
    }
    bool is_small = size.ws_row < HEIGHT_LEAST || size.ws_col < WIDTH_LEAST;
    doctor_add(doctor, is_small ? DOCTOR_WARN : DOCTOR_OK, "size",
               "%d columns, %d rows", size.ws_col, size.ws_row);
    if (!size.ws_row || !size.ws_col)
        doctor_cure(doctor, "the line does not tell its size, 80x24 is taken; "
                            "stty cols 80 rows 24 sets it");
    else if (is_small)
        doctor_cure(doctor, "at least %dx%d cells read well", WIDTH_LEAST,
                    HEIGHT_LEAST);
}

static void look_at_way(struct doctor *doctor)
{
    static const struct {
        const char *variable, *words;
    } ways[] = {
        { "TMUX", "tmux" },
        { "STY", "screen" },
        { "SSH_CONNECTION", "ssh" },
        { "INSIDE_EMACS", "Emacs" },
    };
    struct buf words = { 0 };
    for (size_t i = 0; i < COUNTOF(ways); i++) {
        if (*variable(ways[i].variable))
            buf_printf(&words, "%s%s", words.len ? ", " : "", ways[i].words);
    }
    doctor_add(doctor, DOCTOR_OK, "inside", "%s",
               words.len ? buf_string(&words) : "nothing that we know");
    buf_clear(&words);
}

static void look_at_widths(struct doctor *doctor,
                           const struct width_probe *probe)
{
    struct buf wrong = { 0 };
    if (!probe)
        return;
    for (int i = 0; i < probe->answers; i++) {
        if (probe->cells[i] != width_probe_expected(i))
            buf_printf(&wrong, "%s%s is %d cells, we count %d",
                       wrong.len ? "; " : "", width_probe_name(i),
                       probe->cells[i], width_probe_expected(i));
    }
    if (wrong.len) {
        doctor_add(doctor, DOCTOR_WARN, "widths", "%s", buf_string(&wrong));
        doctor_cure(doctor, "text with such characters may stand askew; is the "
                            "terminal set to UTF-8, and recent?");
    } else if (probe->answers < WIDTH_PROBE_COUNT) {
        doctor_add(doctor, DOCTOR_OK, "widths",
                   "the terminal does not tell how it counts");
    } else {
        doctor_add(doctor, DOCTOR_OK, "widths",
                   "wide characters, emoji and marks are counted as we do");
    }
    buf_clear(&wrong);
}

/* As setlocale() looks for it. */
static const char *wanted_locale(void)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        if (*variable(names[i]))
            return variable(names[i]);
    }
    return "C";
}

static void look_at_locale(struct doctor *doctor)
{
    const char *wanted = wanted_locale(), *codeset = nl_langinfo(CODESET);
    const char *found = setlocale(LC_CTYPE, NULL);
    bool is_missing = !strcmp(found, "C") && strcmp(wanted, "C") != 0 &&
                      strcmp(wanted, "POSIX") != 0;
    bool is_utf8 = !strcmp(codeset, "UTF-8");
    doctor_add(doctor, is_missing ? DOCTOR_WARN : DOCTOR_OK, "locale", "%s%s",
               wanted, is_missing ? ", which is not installed" : "");
    if (is_missing)
        doctor_cure(doctor, "export LC_ALL=C.UTF-8, or one that locale -a "
                            "lists");
    doctor_add(doctor, is_utf8 ? DOCTOR_OK : DOCTOR_WARN, "characters", "%s",
               codeset);
    if (!is_utf8)
        doctor_cure(doctor, "other letters are shown as ASCII; export "
                            "LC_ALL=C.UTF-8 if the terminal shows UTF-8");
}

void doctor_look_terminal(struct doctor *doctor,
                          const struct doctor_source *source)
{
    doctor_group(doctor, "terminal");
    look_at_type(doctor, source->term);
    look_at_size(doctor, source->term);
    look_at_way(doctor);
    if (source->term)
        doctor_add(doctor, DOCTOR_OK, "frames",
                   term_has_sync(source->term)
                       ? "in one piece: the terminal says that it can"
                       : "row by row: the terminal does not say that it can "
                         "take them in one piece");
    look_at_widths(doctor, source->probe);
    look_at_locale(doctor);
}
