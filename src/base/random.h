/* SPDX-License-Identifier: MIT */
/*
 * random - numbers that nobody can foresee, or, from a seed, everybody can: for
 * jitter and tests, never for secrets. SplitMix64 (Steele, Lea, Flood 2014).
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state;
};

/* From a seed; 0: from the kernel. */
void random_init(struct random *random, uint64_t seed);

/* From 0 up to, and without, 1. */
double random_real(struct random *random);

#endif
