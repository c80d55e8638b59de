/* SPDX-License-Identifier: MIT */
/*
 * show_form - the forms in which a session is shown as text. Pure.
 */
#ifndef APP_SHOW_FORM_H
#define APP_SHOW_FORM_H

#include "base/buf.h"
#include "graph/graph.h"
#include "graph/log.h"

/* What is shown: what the session held at the last event that the graph was
 * folded from. The log may go on behind it. */
struct show_source {
    const struct graph *graph;
    const struct log *log;
    struct slice id; /* of the session; may be empty */
};

typedef void show_form_fn(struct buf *out, const struct show_source *source);

/* What --as takes; NULL past the last. The first is the default. */
const char *show_form_name(size_t index);

/* NULL: there is none of that name. */
show_form_fn *show_form_find(const char *name);

#endif
