/* SPDX-License-Identifier: MIT */
/*
 * ballast - 4 MiB of disk that are given back when it is full: so that what was
 * being said can still be kept, and the user can leave in order.
 *
 * A file that all instances share. Used on the thread of the disk only.
 */
#ifndef STORE_BALLAST_H
#define STORE_BALLAST_H

#include <stdbool.h>

enum { BALLAST_SIZE = 4 * 1024 * 1024 };

/* Make the file if the disk has room for that and for much more. */
void ballast_load(const char *directory);

/* False: there was none any more. */
bool ballast_drop(const char *directory);

#endif
