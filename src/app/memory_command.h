/* SPDX-License-Identifier: MIT */
/*
 * memory_command - /remember, /forget and /memory: what is remembered.
 */
#ifndef APP_MEMORY_COMMAND_H
#define APP_MEMORY_COMMAND_H

#include "app/command.h"

command_fn memory_command_remember, memory_command_forget,
    memory_command_memory;

/* Take "[--working | --session] [--private] [--importance N] [--] TEXT
 * [#TAG ...]" apart; the text is borrowed, the tags are appended. False, in
 * words. */
struct memory_wish;
bool memory_command_parse(struct slice argument, struct memory_wish *wish,
                          struct buf *tags, struct error *err);

#endif
