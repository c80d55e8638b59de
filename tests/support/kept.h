/* SPDX-License-Identifier: MIT */
/*
 * kept - a session that lies on disk, written by the test itself.
 */
#ifndef TESTS_SUPPORT_KEPT_H
#define TESTS_SUPPORT_KEPT_H

#include "tests/support/talk.h"

/* Write what was said as the session of that name in a data directory
 * (XDG_DATA_HOME), changed at that time (Unix seconds). */
void kept_write(const struct talk *talk, const char *directory, const char *id,
                int64_t time);

/* One exchange. */
void kept_exchange(const char *directory, const char *id, const char *prompt,
                   const char *answer, int64_t time);

#endif
