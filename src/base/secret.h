/* SPDX-License-Identifier: MIT */
/*
 * secret - keys that leave no traces: in the environment that children inherit,
 * in files that others may read, in memory that is given back, in a core.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/* First thing in main(): no core, no other process of the same user that reads
 * our memory or environment, and none of the variables that would make a
 * library write keys down (SSLKEYLOGFILE). Children inherit the limit. */
void secret_close_process(void);

/* Take a variable out of our environment, and overwrite where it stood: the
 * kernel shows that place in /proc. Not set is fine. */
void secret_forget_variable(const char *name);

/* The same for the whole environment of a process that needs none of it. */
void secret_forget_environment(void);

/* Wipe and free. NULL is fine. */
void secret_free(char *secret);

/* Append a file that holds a key. Refused (ERROR_AUTH) if it belongs to another
 * user, or if others may read it: the sentence says how to mend that. */
bool secret_read_file(struct buf *out, const char *path, size_t max,
                      struct error *err) MUST_USE;

#endif
