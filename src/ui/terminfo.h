/* SPDX-License-Identifier: MIT */
/*
 * terminfo - whether a type of terminal can show a full screen, and in how many
 * colours.
 *
 * Apart from ui/term.c because the header of terminfo has a struct term of its
 * own. Asked before ncurses is, which leaks what it made when it refuses; never
 * while there is a screen.
 */
#ifndef UI_TERMINFO_H
#define UI_TERMINFO_H

#include <stdbool.h>

/* A type that the system does not know is looked for among the descriptions
 * that came with the program, if any did: then TERMINFO_DIRS names these too,
 * for ncurses and for the programs that we start.
 *
 * True if the type is known, can place the cursor and clear the screen. `type`
 * may be NULL; `fd` need not be a terminal. */
bool terminfo_has_screen(const char *type, int fd);

/* Colours of a type; -1: the type is unknown. */
int terminfo_colors(const char *type, int fd);

#endif
