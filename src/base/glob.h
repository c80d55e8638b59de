/* SPDX-License-Identifier: MIT */
/*
 * glob - patterns of the names of files, as .gitignore writes them.
 *
 * A star is any part of a name, "?" one character of it, [a-z] and [!a-z] one of
 * some, two stars any directories on the way, none too. What ends in a slash, or
 * in one and two stars, is all below a directory, with the directory. "~/" begins
 * at the home directory; what begins with neither that nor a slash lies
 * anywhere, and a pattern without a slash is one of the last name of a path.
 * Capitals of ASCII do not count. Pure, but for the home directory.
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include <stdbool.h>

bool glob_match(const char *pattern, const char *path);

#endif
