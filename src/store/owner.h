/* SPDX-License-Identifier: MIT */
/*
 * owner - who holds something on disk: a process, of a host, since it booted.
 *
 * A note of one line, for people and for the next process: "PID HOST BOOT". The
 * same number after the next start of the machine is another process.
 */
#ifndef STORE_OWNER_H
#define STORE_OWNER_H

#include <stdbool.h>
#include <stddef.h>

enum { OWNER_SIZE = 256, OWNER_HOST_SIZE = 65 };

/* This process, with a line break behind it. */
void owner_write(char note[OWNER_SIZE]);

/* The process and the host that a note names; false: it names none. */
bool owner_read(const char *note, long *process, char host[OWNER_HOST_SIZE]);

/* Whether who wrote the note is gone for sure, as this host can tell: of
 * another host it cannot. */
bool owner_is_gone(const char *note);

#endif
