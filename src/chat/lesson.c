/* SPDX-License-Identifier: MIT */
#include "chat/lesson.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/compiler.h"
#include "chat/ladder.h"

static const char *const names[] = {
    [VOTE_NONE] = "",
    [VOTE_HIGHER] = "higher",
    [VOTE_LOWER] = "lower",
};

const char *vote_name(enum vote vote)
{
    return names[vote];
}

enum vote vote_parse(struct slice name)
{
    for (size_t i = VOTE_NONE + 1; i < COUNTOF(names); i++)
        if (slice_is(name, names[i]))
            return (enum vote)i;
    return VOTE_NONE;
}

enum vote lesson_vote(const struct lesson_case *said, const char **why)
{
    size_t low = said->better < said->other ? said->better : said->other;
    size_t high = said->better < said->other ? said->other : said->better;
    double parting =
        ladder_parting(said->threshold, said->band, low + 1, said->count);
    *why = high >= said->count ? "not both are on the ladder"
           : high == low       ? "both are of the same rung"
           : high > low + 1    ? "other rungs stand between the two"
           : fabs(said->score - parting) > LESSON_NEAR
               ? "the score of the prompt is too far from where the two part"
               : NULL;
    if (*why)
        return VOTE_NONE;
    return said->better == high && !said->is_same ? VOTE_HIGHER : VOTE_LOWER;
}

void lesson_count(struct lesson *lesson, enum vote vote, int by)
{
    uint32_t *count = vote == VOTE_HIGHER  ? &lesson->higher
                      : vote == VOTE_LOWER ? &lesson->lower
                                           : NULL;
    if (count && by > 0 && *count < UINT32_MAX)
        *count += 1;
    else if (count && by < 0 && *count > 0)
        *count -= 1;
}

double lesson_offset(const struct lesson *lesson)
{
    double higher = lesson->higher, lower = lesson->lower;
    return LESSON_MOST * (lower - higher) / (lower + higher + LESSON_DOUBT);
}

double lesson_threshold(const struct lesson *lesson, double own)
{
    double threshold = own + lesson_offset(lesson);
    return threshold < 0 ? 0 : threshold > 1 ? 1 : threshold;
}

void lesson_words(const struct lesson *lesson, double own, struct buf *out)
{
    uint64_t count = (uint64_t)lesson->higher + lesson->lower;
    if (count)
        buf_printf(out,
                   "threshold %.2f: %.2f of the profile, %+.2f from %" PRIu64
                   " preference%s",
                   lesson_threshold(lesson, own), own,
                   lesson_threshold(lesson, own) - own, count,
                   count == 1 ? "" : "s");
}

void lesson_format(const struct lesson *lesson, struct buf *out)
{
    buf_printf(out, "%.17g %" PRIu32 " %" PRIu32 " %" PRId64, lesson->own,
               lesson->higher, lesson->lower, lesson->since);
}

bool lesson_parse(struct lesson *lesson, const char *text)
{
    char end;
    *lesson = (struct lesson){ 0 };
    if (sscanf(text, "%lf %" SCNu32 " %" SCNu32 " %" SCNd64 "%c", &lesson->own,
               &lesson->higher, &lesson->lower, &lesson->since, &end) == 4 &&
        lesson->own >= 0 && lesson->own <= 1)
        return true;
    *lesson = (struct lesson){ 0 };
    return false;
}
