/* SPDX-License-Identifier: MIT */
/*
 * private_command - /private: the user's word about what may leave the machine.
 */
#ifndef APP_PRIVATE_COMMAND_H
#define APP_PRIVATE_COMMAND_H

#include "app/command.h"

command_fn private_command_run;

#endif
