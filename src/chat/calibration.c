/* SPDX-License-Identifier: MIT */
#include "chat/calibration.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"

enum { SCALE, MESSAGE, BASE };

/* Before anything was counted: an estimate is as wrong as those of other texts
 * were (see base/tokens), or more where the family is not known; templates have
 * 3 to 8 tokens around each message, and some of them begin with a page. */
static const struct {
    double value, deviation, deviation_unknown;
    double drift; /* from sample to sample */
} prior[CALIBRATION_TERMS] = {
    [SCALE] = { 1, 0.06, 0.2, 0.004 },
    [MESSAGE] = { 5, 3, 3, 0.05 },
    [BASE] = { 5, 20, 20, 1 },
};

#define NOISE_FIRST  0.06
#define NOISE_LEAST  0.01
#define NOISE_WEIGHT 0.15 /* of the newest sample */
#define NOISE_TOKENS 2.0  /* however short the text */
#define GATE         4.0  /* deviations */
#define SURE         2.0  /* 19 of 20 */
#define SCALE_LEAST  0.2
#define SCALE_MOST   5.0
#define MESSAGE_MOST 100.0

void calibration_init(struct calibration *calibration, enum token_family family)
{
    *calibration = (struct calibration){ .noise = NOISE_FIRST };
    for (int i = 0; i < CALIBRATION_TERMS; i++) {
        double deviation = family == TOKENS_UNKNOWN ? prior[i].deviation_unknown
                                                    : prior[i].deviation;
        calibration->value[i] = prior[i].value;
        calibration->spread[i][i] = deviation * deviation;
    }
}

static void terms_of(const struct extent *extent, double *terms)
{
    terms[SCALE] = (double)extent->estimated;
    terms[MESSAGE] = (double)extent->messages;
    terms[BASE] = extent->is_whole ? 1 : 0;
}

static double sum_of(const struct calibration *calibration, const double *terms)
{
    double sum = 0;
    for (int i = 0; i < CALIBRATION_TERMS; i++)
        sum += calibration->value[i] * terms[i];
    return sum;
}

/* spread * terms; returns the variance of what is to be counted. */
static double spread_of(const struct calibration *calibration,
                        const double *terms, double *along)
{
    double own = calibration->noise * terms[SCALE] * calibration->value[SCALE];
    double variance = own * own + NOISE_TOKENS * NOISE_TOKENS;
    for (int i = 0; i < CALIBRATION_TERMS; i++) {
        along[i] = 0;
        for (int j = 0; j < CALIBRATION_TERMS; j++)
            along[i] += calibration->spread[i][j] * terms[j];
        variance += terms[i] * along[i];
    }
    return variance;
}

uint64_t calibration_tokens(const struct calibration *calibration,
                            const struct extent *extent)
{
    double terms[CALIBRATION_TERMS];
    terms_of(extent, terms);
    double sum = sum_of(calibration, terms);
    return sum > 0 ? (uint64_t)(sum + 0.5) : 0;
}

uint64_t calibration_margin(const struct calibration *calibration,
                            const struct extent *extent)
{
    double terms[CALIBRATION_TERMS], along[CALIBRATION_TERMS];
    terms_of(extent, terms);
    return (uint64_t)ceil(SURE * sqrt(spread_of(calibration, terms, along)));
}

/* What was learnt long ago counts less; never more is unknown than at first. */
static void forget(struct calibration *calibration)
{
    for (int i = 0; i < CALIBRATION_TERMS; i++) {
        double most = prior[i].deviation_unknown * prior[i].deviation_unknown;
        if (calibration->spread[i][i] < most)
            calibration->spread[i][i] += prior[i].drift * prior[i].drift;
    }
}

static void doubt_all(struct calibration *calibration)
{
    struct calibration fresh;
    calibration_init(&fresh, TOKENS_UNKNOWN);
    memcpy(calibration->spread, fresh.spread, sizeof fresh.spread);
    calibration->noise = fresh.noise;
    calibration->doubts = 0;
}

static void clamp(double *value, double least, double most)
{
    *value = *value < least ? least : *value > most ? most : *value;
}

static void correct(struct calibration *calibration, const double *along,
                    double error, double variance)
{
    for (int i = 0; i < CALIBRATION_TERMS; i++) {
        calibration->value[i] += along[i] * error / variance;
        for (int j = 0; j < CALIBRATION_TERMS; j++)
            calibration->spread[i][j] -= along[i] * along[j] / variance;
    }
    clamp(&calibration->value[SCALE], SCALE_LEAST, SCALE_MOST);
    clamp(&calibration->value[MESSAGE], 0, MESSAGE_MOST);
}

/* How far the texts of one model differ among each other. */
static void learn_noise(struct calibration *calibration, const double *terms,
                        double error)
{
    double own = terms[SCALE] * calibration->value[SCALE];
    if (own < 20 * NOISE_TOKENS)
        return;
    double share = error / own;
    double square = calibration->noise * calibration->noise;
    square += NOISE_WEIGHT * (share * share - square);
    calibration->noise = sqrt(square);
    clamp(&calibration->noise, NOISE_LEAST, 1);
}

bool calibration_learn(struct calibration *calibration,
                       const struct extent *extent, uint64_t counted)
{
    double terms[CALIBRATION_TERMS], along[CALIBRATION_TERMS];
    terms_of(extent, terms);
    double error = (double)counted - sum_of(calibration, terms);
    double variance = spread_of(calibration, terms, along);
    if (error * error > GATE * GATE * variance) {
        if (++calibration->doubts < CALIBRATION_DOUBTS)
            return false;
        doubt_all(calibration);
        variance = spread_of(calibration, terms, along);
    }
    calibration->doubts = 0;
    calibration->count++;
    correct(calibration, along, error, variance);
    learn_noise(calibration, terms,
                (double)counted - sum_of(calibration, terms));
    forget(calibration);
    return true;
}

/* The form, the samples, the doubts, noise, values, the spread above its diagonal. */
#define FORM \
    "1 %u %u %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g"

void calibration_write(const struct calibration *calibration, struct buf *out)
{
    const double *value = calibration->value;
    const double(*spread)[CALIBRATION_TERMS] = calibration->spread;
    buf_printf(out, FORM, calibration->count, calibration->doubts,
               calibration->noise, value[SCALE], value[MESSAGE], value[BASE],
               spread[SCALE][SCALE], spread[SCALE][MESSAGE],
               spread[SCALE][BASE], spread[MESSAGE][MESSAGE],
               spread[MESSAGE][BASE], spread[BASE][BASE]);
}

static bool is_sound(const struct calibration *calibration)
{
    const double *value = calibration->value;
    bool is_sound = calibration->noise >= NOISE_LEAST &&
                    calibration->noise <= 1 && value[SCALE] >= SCALE_LEAST &&
                    value[SCALE] <= SCALE_MOST && value[MESSAGE] >= 0 &&
                    value[MESSAGE] <= MESSAGE_MOST;
    for (int i = 0; i < CALIBRATION_TERMS; i++) {
        is_sound =
            is_sound && isfinite(value[i]) && calibration->spread[i][i] >= 0;
        for (int j = 0; j < CALIBRATION_TERMS; j++)
            is_sound = is_sound && isfinite(calibration->spread[i][j]);
    }
    return is_sound;
}

bool calibration_read(struct calibration *calibration, const char *line)
{
    struct calibration read = { 0 };
    double *value = read.value;
    double(*spread)[CALIBRATION_TERMS] = read.spread;
    int count = sscanf(
        line, "1 %u %u %lf %lf %lf %lf %lf %lf %lf %lf %lf %lf", &read.count,
        &read.doubts, &read.noise, &value[SCALE], &value[MESSAGE], &value[BASE],
        &spread[SCALE][SCALE], &spread[SCALE][MESSAGE], &spread[SCALE][BASE],
        &spread[MESSAGE][MESSAGE], &spread[MESSAGE][BASE], &spread[BASE][BASE]);
    for (int i = 0; i < CALIBRATION_TERMS; i++) {
        for (int j = 0; j < i; j++)
            spread[i][j] = spread[j][i];
    }
    if (count != 12 || !is_sound(&read))
        return false;
    *calibration = read;
    return true;
}
