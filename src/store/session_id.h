/* SPDX-License-Identifier: MIT */
/*
 * session_id - the name of a session: eight letters and digits, by chance.
 *
 * Of 32 signs that cannot be taken for one another (Crockford's base 32, in
 * small letters), so that one can be read out on the telephone; 40 bits.
 */
#ifndef STORE_SESSION_ID_H
#define STORE_SESSION_ID_H

#include <stdbool.h>

#include "base/slice.h"

enum { SESSION_ID_LEN = 8 };

struct session_id {
    char text[SESSION_ID_LEN + 1];
};

/* From the kernel's randomness. */
struct session_id session_id_new(void);

/* Whether a text is one, or begins one. */
bool session_id_is_valid(struct slice text);
bool session_id_is_prefix(struct slice text);

#endif
