/* SPDX-License-Identifier: MIT */
/*
 * memory_rows - what the screen does with the rows of the panel of what is
 * remembered, and its news.
 */
#ifndef APP_MEMORY_ROWS_H
#define APP_MEMORY_ROWS_H

#include "app/screen_state.h"

/* Edit the chosen one: its text becomes what is being written. */
void memory_rows_edit(struct screen *screen);
void memory_rows_forget(struct screen *screen);
void memory_rows_move(struct screen *screen); /* to the next tier */

/* What came of a wish is told, of any conversation that is open. */
void memory_rows_tell(struct screen *screen);

/* While the panel has the keys. */
bool memory_rows_keys(struct screen *screen, struct status_line *line);

#endif
