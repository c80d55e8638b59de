/* SPDX-License-Identifier: MIT */
/*
 * fake_tools - tools that do nothing but what a test says: they wait for a file,
 * note that they have run, fail.
 *
 * Arguments are {"word": W, "await": FILE, "fail": true}, the last two optional.
 * Each gives back "NAME W". What has run is noted in the file "done" of the
 * directory that tools work in, a line "NAME W" each. A path is that of W, which
 * lies beneath unless it begins with "/".
 */
#ifndef TESTS_SUPPORT_FAKE_TOOLS_H
#define TESTS_SUPPORT_FAKE_TOOLS_H

#include "tool/registry.h"

/* look and glance read, edit edits, act acts; NULL behind. */
extern const struct tool *const fake_tools[];

/* Append the file "done" of a directory; nothing if there is none. */
void fake_tools_done(const char *directory, struct buf *out);

/* Make a file that is awaited. */
void fake_tools_release(const char *directory, const char *name);

#endif
