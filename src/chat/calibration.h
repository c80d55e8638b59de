/* SPDX-License-Identifier: MIT */
/*
 * calibration - how far the estimates of base/tokens are off for one model, and
 * what its template takes: learnt from what servers count.
 *
 *     tokens = scale * estimated + message * messages [+ base]
 *
 * `base` is what every prompt has once (beginning, the template's own words,
 * the opening of the answer); it is in no extent that comes behind what a
 * server has counted, which is why that is the better estimate. The three are
 * the state of a Kalman filter: recursive least squares with a prior, so that
 * it works from the first answer on, and with some forgetting. A count that is
 * further off than the filter holds for possible teaches nothing (the front
 * was cut off, a cache was left out, the server is another one), unless as many
 * in a row as CALIBRATION_DOUBTS say so.
 *
 * A plain value, pure.
 */
#ifndef CHAT_CALIBRATION_H
#define CHAT_CALIBRATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/token_family.h"

enum {
    CALIBRATION_TERMS = 3,  /* scale, message, base */
    CALIBRATION_DOUBTS = 3, /* counts in a row that are believed after all */
};

struct calibration {
    double value[CALIBRATION_TERMS];
    double spread[CALIBRATION_TERMS][CALIBRATION_TERMS]; /* covariance */
    double noise;    /* relative error of an estimate, standard deviation */
    uint32_t count;  /* of samples that have taught it */
    uint32_t doubts; /* that did not, in a row */
};

/* What is to be told in tokens. */
struct extent {
    uint64_t estimated; /* by base/tokens with the model's family, of texts */
    uint64_t messages;  /* that the texts are in */
    bool is_whole;      /* a prompt; else what comes behind one */
};

/* Nothing was learnt of a model of that family. */
void calibration_init(struct calibration *calibration,
                      enum token_family family);

/* The tokens of an extent, and how far they may be off: 19 of 20 are nearer. */
uint64_t calibration_tokens(const struct calibration *calibration,
                            const struct extent *extent);
uint64_t calibration_margin(const struct calibration *calibration,
                            const struct extent *extent);

/* A server has counted it. False: that cannot be, nothing was learnt. */
bool calibration_learn(struct calibration *calibration,
                       const struct extent *extent, uint64_t counted);

/* One line, for a later run; false: it is none, nothing has changed. */
void calibration_write(const struct calibration *calibration, struct buf *out);
bool calibration_read(struct calibration *calibration, const char *line);

#endif
