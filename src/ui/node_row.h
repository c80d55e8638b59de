/* SPDX-License-Identifier: MIT */
/*
 * node_row - the lines of a node that are one row each and made when they are
 * drawn: heads, folds, tool calls, attachments.
 */
#ifndef UI_NODE_ROW_H
#define UI_NODE_ROW_H

#include "ui/node_view.h"

/* Draw the row of a part that has one (see node_part_has_row()). */
void node_row_draw(const struct node_view *view, const struct node_part *part,
                   const struct node_setting *setting, struct canvas *canvas,
                   struct rect row);

/* Words of a text, for the row of a folded one. */
uint64_t node_row_words(struct slice text);

#endif
