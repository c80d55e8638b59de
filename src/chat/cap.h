/* SPDX-License-Identifier: MIT */
/*
 * cap - whether what a request may cost still fits what the user allows to be
 * spent: by one run, by the session, by all that are open on a day.
 *
 * Pure. Whoever asks says what was spent and what a request costs at the worst
 * likely; what costs nothing always fits.
 */
#ifndef CHAT_CAP_H
#define CHAT_CAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum cap_scope { CAP_RUN, CAP_SESSION, CAP_DAY, CAP_SCOPES };

#define CAP_WARN 0.8 /* share of a limit from which on the user is told */

struct cap {
    double limit; /* dollars; negative: none */
    double spent;
    int64_t unknown; /* answers that cost nobody knows what */
    double held;     /* what others that are under way may cost */
};

struct caps {
    struct cap list[CAP_SCOPES];
};

enum cap_verdict {
    CAP_FITS,
    CAP_EXCEEDED,
    CAP_UNKNOWN, /* there is a limit, and the price is unknown */
    CAP_UNKEPT,  /* ... and what was spent is; caps_judge() never says so */
};

struct cap_judgement {
    enum cap_verdict verdict;
    enum cap_scope scope; /* whose limit it would exceed */
    double worst;         /* of the request, in dollars */
    struct cap cap;       /* of that scope */
};

/* "limits.session". */
const char *cap_setting(enum cap_scope scope);

/* A `worst` below 0 is unknown. The narrowest limit is named. */
struct cap_judgement caps_judge(const struct caps *caps, double worst);

/* Append why it does not fit: "it may cost $0.07; $0.96 of the $1.00 of
 * limits.session is spent". */
void cap_words(const struct cap_judgement *judgement, struct buf *out);

/* The limit under which it would fit: the old one, or what the request costs,
 * added as often as it takes. */
double cap_raised(const struct cap_judgement *judgement);

/* The least one, in whole cents. */
double cap_least(const struct cap_judgement *judgement);

/* So much of it is spent that the user is told; then append it in words: "$0.81
 * of the $1.00 of limits.session is spent". */
bool cap_warns(const struct cap *cap);
void cap_warning(const struct cap *cap, enum cap_scope scope, struct buf *out);

#endif
