/* SPDX-License-Identifier: MIT */
/*
 * answer_guard - when a key may answer a question about a call.
 *
 * A question comes up while somebody types. So no key does anything to it until
 * it has been on the screen, and no key was pressed, for 300 ms: a key that
 * comes earlier was meant for something else, and so are those that it is held
 * down for. And where there is something to say against a yes (lines that were
 * not in view, characters that are not seen, calls besides the one that is
 * shown) the first one is answered with
 * that, and the same again, after as long a pause, counts.
 *
 * Pure: times are monotonic ms that the caller tells.
 */
#ifndef APP_ANSWER_GUARD_H
#define APP_ANSWER_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ANSWER_GUARD_MS = 300 };

/* All-zero shows no question, and takes no key. */
struct answer_guard {
    uint64_t subject; /* the question that is shown; 0: none */
    bool is_drawn;    /* and is on the screen */
    int64_t since;    /* it is, or a key was refused */
    int told;         /* the answer that was told what speaks against it; 0 */
    size_t unseen;    /* and with how many lines unseen */
    size_t others;    /* and calls that it is for, too */
};

/* Another question is shown; 0: none is. The same again changes nothing. */
void answer_guard_show(struct answer_guard *guard, uint64_t subject);

/* It was drawn. */
void answer_guard_drawn(struct answer_guard *guard, int64_t now);

/* A key came: may it do something? */
bool answer_guard_takes(struct answer_guard *guard, int64_t now);

/* What speaks against a yes. */
struct answer_doubt {
    size_t unseen;   /* lines that were not in view */
    bool has_hidden; /* characters that are not seen */
    size_t others;   /* calls that the answer is for besides */
};

/* A yes (`answer` is not 0) of which something may speak: does it count? If
 * not the caller says why. */
bool answer_guard_confirms(struct answer_guard *guard, int answer,
                           const struct answer_doubt *doubt, int64_t now);

#endif
