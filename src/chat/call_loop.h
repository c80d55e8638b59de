/* SPDX-License-Identifier: MIT */
/*
 * call_loop - a model that asks for the same again and again, and gets the same.
 *
 * Steps are compared, each as a whole: the names of its calls, their arguments
 * (in whatever order their members stand) and what they gave back. Three that
 * are the same in a row are a loop, and so are two in turns (A B A B). What
 * gives back something new each time - a program that is waited for - is none.
 */
#ifndef CHAT_CALL_LOOP_H
#define CHAT_CALL_LOOP_H

#include "graph/graph.h"

/* Whether the last steps of a run are a loop. Pure. */
bool call_loop_is_found(const struct graph *graph, uint32_t run);

#endif
