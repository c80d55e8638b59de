/* SPDX-License-Identifier: MIT */
#include "chat/decision.h"

#include <stdio.h>

#include "base/json.h"

/* ".31", "1.00". */
static void append_share(struct buf *out, double share)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%.2f", share);
    buf_append_string(out, *digits == '0' ? digits + 1 : digits);
}

static void append_comparison(struct buf *out, double score,
                              const char *relation, double other)
{
    buf_append_string(out, "score ");
    append_share(out, score);
    buf_printf(out, " %s ", relation);
    append_share(out, other);
}

static void append_score(const struct ladder_choice *choice, struct buf *out)
{
    double score = choice->complexity.score;
    if (choice->edge > 0)
        append_comparison(out, score, ">=", choice->edge);
    else if (choice->is_watched)
        append_comparison(out, score, "near", choice->threshold);
    else
        append_comparison(out, score, "<", choice->threshold);
}

void decision_append_why(const struct route *route,
                         const struct ladder_choice *choice, struct buf *out)
{
    switch (choice->cause) {
    case LADDER_RULE: buf_printf(out, "rule %zu", choice->rule); break;
    case LADDER_SCORE: append_score(choice, out); break;
    case LADDER_ONLY: buf_append_string(out, "the only free rung"); break;
    case LADDER_NONE:
        if (route->is_pinned)
            buf_append_string(out, "you chose");
        break;
    }
}

static void append_item(struct buf *out, struct slice text)
{
    if (out->ptr[out->len - 1] != '[')
        buf_append_char(out, ',');
    json_append_quoted(out, text);
}

void decision_append_reasons(const char *first, struct slice lines,
                             const struct complexity *complexity,
                             struct buf *out)
{
    struct slice line;
    buf_append_char(out, '[');
    if (*first)
        append_item(out, slice_of(first));
    while (slice_next_line(&lines, &line))
        append_item(out, line);
    if (complexity && !complexity->has_words)
        append_item(out, slice_of("its words are not known: they do not count "
                                  "in the score"));
    buf_append_char(out, ']');
}

void decision_append_features(const struct complexity *complexity,
                              struct buf *out)
{
    buf_append_char(out, '{');
    for (int i = 0; i < COMPLEXITY_COUNT; i++) {
        const char *name = complexity_feature_name((enum complexity_feature)i);
        if (i)
            buf_append_char(out, ',');
        json_append_quoted(out, slice_of(name));
        buf_printf(out, ":{\"value\":%.4g,\"weight\":%.3g}",
                   complexity->value[i], complexity->weight[i]);
    }
    buf_append_char(out, '}');
}
