/* SPDX-License-Identifier: MIT */
/*
 * asking - the question that a run waits with, whether it may leave the machine
 * or goes on waiting: when it is shown, which keys answer it, and what becomes of
 * the prompt.
 */
#ifndef APP_ASKING_H
#define APP_ASKING_H

#include "app/screen_state.h"

/* Shown once a run waits for it; Enter answers it, but no key of its first
 * moment. */
action_fn asking_answer, asking_update;
void asking_take_refused(struct screen *screen); /* back to the editor */
bool asking_has_keys(const struct screen *screen);
bool asking_is_early(const struct screen *screen, enum action action);
bool asking_focus(struct screen *screen); /* false: nothing is asked */
/* The same; the prompt comes back. */
bool asking_dismiss(struct screen *screen);

#endif
