/* SPDX-License-Identifier: MIT */
#include "chat/vision.h"

#include <string.h>

#include "base/media.h"

void pictures_of_files(struct pictures *pictures,
                       const struct attachments *files)
{
    for (size_t i = 0; i < files->list.count; i++) {
        const struct attachment *file = &files->list.items[i];
        if (file->is_image)
            *array_add(&pictures->list) =
                (struct picture){ file->name, buf_slice(&file->data) };
    }
}

void pictures_of_node(struct pictures *pictures, const struct node *node)
{
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        if (block->image)
            *array_add(&pictures->list) =
                (struct picture){ buf_string(&block->name),
                                  buf_slice(&block->image->data) };
    }
}

enum ability vision_of(const struct models *models, const struct route *route)
{
    const struct model_row *row =
        models ? models_find(models, route->model) : NULL;
    return row ? row->vision : ABILITY_UNKNOWN;
}

/* One of the same server that sees; NULL: none is known. */
static const char *seeing_model(const struct models *models)
{
    for (size_t i = 0; i < models_count(models); i++) {
        const struct model_row *row = models_at(models, i);
        if (row->vision == ABILITY_YES && row->can_chat)
            return row->name;
    }
    return NULL;
}

static bool refuse_blind(const struct picture *first,
                         const struct models *models, const struct route *route,
                         struct error *err)
{
    const char *other = seeing_model(models);
    if (other)
        return error_set(err, ERROR_USAGE,
                         "%s sees no images, %s/%s does; take that model, or "
                         "leave %s away",
                         route->model, route->endpoint->name, other,
                         first->name);
    return error_set(err, ERROR_USAGE,
                     "%s sees no images; take a model that does, or leave %s "
                     "away",
                     route->model, first->name);
}

static bool is_taken(const struct picture *picture, const struct route *route,
                     struct error *err)
{
    enum { MIB = 1024 * 1024 };
    const struct image_rules *rules = &route->endpoint->dialect->images;
    const char *server = route->endpoint->name;
    struct media media = media_sniff(picture->data);
    uint32_t side = media.width > media.height ? media.width : media.height;
    if (picture->data.len == 0)
        return rules->takes_addresses ||
               error_set(err, ERROR_USAGE,
                         "%s takes no images by their address; download %s "
                         "and attach the file",
                         server, picture->name);
    if (rules->size_max && picture->data.len > rules->size_max)
        return error_set(err, ERROR_USAGE,
                         "%s is larger than the %.1f MiB that %s takes; make "
                         "it smaller",
                         picture->name, (double)rules->size_max / MIB, server);
    if (rules->side_max && side > rules->side_max)
        return error_set(err, ERROR_USAGE,
                         "%s has %ux%u pixels, %s takes %u on a side; make it "
                         "smaller",
                         picture->name, media.width, media.height, server,
                         rules->side_max);
    return true;
}

bool vision_allows(const struct pictures *pictures, const struct models *models,
                   const struct route *route, struct error *err)
{
    bool is_allowed = true;
    if (pictures->list.count == 0)
        return true;
    if (route->endpoint->dialect->is_builtin)
        return error_set(err, ERROR_USAGE,
                         "the built-in guide sees no images; /connect or -m "
                         "names a model that does");
    if (vision_of(models, route) == ABILITY_NO)
        return refuse_blind(&pictures->list.items[0], models, route, err);
    for (size_t i = 0; i < pictures->list.count && is_allowed; i++)
        is_allowed = is_taken(&pictures->list.items[i], route, err);
    return is_allowed;
}
