/* SPDX-License-Identifier: MIT */
/*
 * forgetting - the command /redact: a text that should never have been typed.
 */
#ifndef APP_FORGETTING_H
#define APP_FORGETTING_H

#include "app/setup.h"

/* Overwrite it in the conversation; what was done, and what is out of reach, is
 * appended to the notice. Without a text the notice explains. */
bool forgetting_redact(struct chat *chat, const struct setup *setup,
                       struct slice text, struct buf *notice,
                       struct error *err);

#endif
