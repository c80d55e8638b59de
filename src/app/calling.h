/* SPDX-License-Identifier: MIT */
/*
 * calling - what is done with the calls of tools: from the panel to the thread
 * and back, copied, stopped, run again.
 */
#ifndef APP_CALLING_H
#define APP_CALLING_H

#include "app/screen_state.h"

action_fn calling_show, calling_show_turn, calling_copy, calling_copy_arguments,
    calling_stop, calling_rerun;

/* That the panel of tools has chosen, and has the keys; NULL: none. */
const struct call *calling_chosen(const struct screen *screen);

#endif
