/* SPDX-License-Identifier: MIT */
#include "config/setting.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

struct setting *setting_new(const char *key, const char *file, int line)
{
    struct setting *setting = memory_zero(1, sizeof *setting);
    setting->key = memory_string(key);
    setting->file = file;
    setting->line = line;
    return setting;
}

void setting_free(struct setting *setting)
{
    if (!setting)
        return;
    for (size_t i = 0; i < setting->child_count; i++)
        setting_free(setting->children[i]);
    free(setting->children);
    free(setting->key);
    free(setting->text);
    free(setting->written);
    free(setting);
}

struct setting *setting_copy(const struct setting *setting)
{
    struct setting *copy = memory_zero(1, sizeof *copy);
    *copy = *setting;
    copy->key = memory_string(setting->key);
    copy->text = memory_string(setting->text);
    copy->written = memory_string(setting->written);
    copy->children = NULL;
    copy->child_count = 0;
    for (size_t i = 0; i < setting->child_count; i++)
        setting_add(copy, setting_copy(setting->children[i]));
    return copy;
}

/* Storage doubles: it may be full only when the count is a power of two. */
void setting_add(struct setting *parent, struct setting *take)
{
    size_t count = parent->child_count;
    if ((count & (count - 1)) == 0)
        parent->children = memory_resize(
            parent->children, count ? 2 * count : 1, sizeof(struct setting *));
    parent->children[parent->child_count++] = take;
}

/* The number of children if there is none with this key. */
static size_t index_of(const struct setting *parent, struct slice key)
{
    size_t i = 0;
    while (i < parent->child_count && !slice_is(key, parent->children[i]->key))
        i++;
    return i;
}

struct setting *setting_find_child(const struct setting *parent,
                                   struct slice key)
{
    size_t index = index_of(parent, key);
    return index < parent->child_count ? parent->children[index] : NULL;
}

const struct setting *setting_child(const struct setting *setting,
                                    const char *key)
{
    if (!setting || setting->type != SETTING_MAP)
        return NULL;
    return setting_find_child(setting, slice_of(key));
}

static void remove_at(struct setting *parent, size_t index)
{
    setting_free(parent->children[index]);
    for (size_t i = index; i + 1 < parent->child_count; i++)
        parent->children[i] = parent->children[i + 1];
    parent->child_count--;
}

static bool is_open_map(const struct setting *setting)
{
    return setting->type == SETTING_MAP && !setting->is_whole;
}

static void merge_child(struct setting *below, struct setting *take)
{
    size_t index = index_of(below, slice_of(take->key));
    bool is_there = index < below->child_count;
    if (take->type == SETTING_NONE) {
        if (is_there)
            remove_at(below, index);
        setting_free(take);
        return;
    }
    if (is_open_map(take)) {
        /* Also where nothing lies below: the nulls in it must not stay. */
        if (!is_there)
            setting_add(below, setting_new(take->key, take->file, take->line));
        setting_merge(below->children[index], take);
        return;
    }
    if (!is_there) {
        setting_add(below, take);
        return;
    }
    setting_free(below->children[index]);
    below->children[index] = take;
}

void setting_merge(struct setting *below, struct setting *take)
{
    assert(is_open_map(below) && is_open_map(take));
    below->file = take->file;
    below->line = take->line;
    for (size_t i = 0; i < take->child_count; i++)
        merge_child(below, take->children[i]);
    take->child_count = 0;
    setting_free(take);
}
