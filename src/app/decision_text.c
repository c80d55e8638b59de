/* SPDX-License-Identifier: MIT */
#include "app/decision_text.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"

/* Less is not seen in what is printed of it. */
static const double least_weight = .05;

struct feature {
    struct slice name;
    double value, weight;
};

struct features {
    ARRAY_OF(struct feature) list;
    json_t *root; /* what the names lie in */
};

struct decision_text decision_text_of(const struct run *run)
{
    return (struct decision_text){
        .reasons = run->reasons,
        .features = run->features,
        .score = run->score,
        .threshold = run->threshold,
        .band = run->band,
    };
}

static void put_score(const struct decision_text *decision,
                      decision_line_fn *fn, void *context)
{
    struct buf line = { 0 };
    if (decision->score < 0)
        return;
    buf_printf(&line, "score %.2f of 1", decision->score);
    if (decision->threshold >= 0)
        buf_printf(&line, ", threshold %.2f", decision->threshold);
    if (decision->band >= 0)
        buf_printf(&line, ", band %.2f", decision->band);
    fn(context, buf_slice(&line));
    buf_clear(&line);
}

void decision_text_each(const struct decision_text *decision, size_t first,
                        decision_line_fn *fn, void *context)
{
    struct error ignored;
    json_t *told = json_parse(slice_of(decision->reasons), &ignored), *reason;
    size_t i;
    json_array_foreach(told, i, reason)
    {
        if (i >= first)
            fn(context, json_string_slice(reason));
    }
    json_decref(told);
    put_score(decision, fn, context);
}

static int compare(const void *one, const void *other)
{
    double left = fabs(((const struct feature *)one)->weight);
    double right = fabs(((const struct feature *)other)->weight);
    return (left < right) - (left > right);
}

static void read_features(const struct decision_text *decision,
                          struct features *features)
{
    struct error ignored;
    const char *name;
    json_t *feature;
    *features =
        (struct features){ .root = json_parse(slice_of(decision->features),
                                              &ignored) };
    json_object_foreach(features->root, name, feature)
    {
        double value = 0, weight = 0;
        json_number(feature, "value", &value);
        json_number(feature, "weight", &weight);
        if (fabs(weight) >= least_weight)
            *array_add(&features->list) =
                (struct feature){ slice_of(name), value, weight };
    }
    if (features->list.count)
        qsort(features->list.items, features->list.count,
              sizeof *features->list.items, compare);
}

static void clear_features(struct features *features)
{
    array_clear(&features->list);
    json_decref(features->root);
}

void decision_text_each_feature(const struct decision_text *decision,
                                decision_line_fn *fn, void *context)
{
    struct features features;
    struct buf line = { 0 };
    read_features(decision, &features);
    for (size_t i = 0; i < features.list.count; i++) {
        const struct feature *feature = &features.list.items[i];
        buf_reset(&line);
        buf_printf(&line, "  %-20.*s %7.2f  %+.1f", SLICE_ARG(feature->name),
                   feature->value, feature->weight);
        fn(context, buf_slice(&line));
    }
    buf_clear(&line);
    clear_features(&features);
}

void decision_text_append_features(const struct decision_text *decision,
                                   struct buf *out)
{
    struct features features;
    read_features(decision, &features);
    for (size_t i = 0; i < features.list.count; i++) {
        const struct feature *feature = &features.list.items[i];
        buf_printf(out, "%s%.*s %+.1f (%.2f)", i ? ", " : "",
                   SLICE_ARG(feature->name), feature->weight, feature->value);
    }
    clear_features(&features);
}
