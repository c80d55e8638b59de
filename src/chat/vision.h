/* SPDX-License-Identifier: MIT */
/*
 * vision - whether the model that a prompt goes to takes its pictures.
 *
 * Pure: from what is known of the model (what is not known is no "no"), and
 * from the limits of its dialect.
 */
#ifndef CHAT_VISION_H
#define CHAT_VISION_H

#include "base/array.h"
#include "chat/attachment.h"
#include "chat/models.h"
#include "chat/router.h"
#include "graph/graph.h"

/* Borrowed from an attachment or a node. */
struct picture {
    const char *name;
    struct slice data; /* empty: named by its address */
};

struct pictures {
    ARRAY_OF(struct picture) list; /* array_clear() frees it */
};

void pictures_of_files(struct pictures *pictures,
                       const struct attachments *files);
void pictures_of_node(struct pictures *pictures, const struct node *node);

/* What the server told about the model. `models` may be NULL. */
enum ability vision_of(const struct models *models, const struct route *route);

/* False (ERROR_USAGE) says what is in the way, and what helps. The route is
 * known (ROUTE_TO). */
bool vision_allows(const struct pictures *pictures, const struct models *models,
                   const struct route *route, struct error *err);

#endif
