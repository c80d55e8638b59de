/* SPDX-License-Identifier: MIT */
/*
 * context_command - what goes into the next requests, by command: the lens, the
 * request, a turn that is left out or pinned.
 */
#ifndef APP_CONTEXT_COMMAND_H
#define APP_CONTEXT_COMMAND_H

#include "app/command.h"

command_fn context_command_run;

#endif
