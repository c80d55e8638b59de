/* SPDX-License-Identifier: MIT */
#include "tool/hidden.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/memory.h"
#include "base/path.h"
#include "config/settings.h"
#include "tool/secret_files.h"

static void add(struct hidden *hidden, const char *path)
{
    char *real = realpath(path, NULL);
    if (real)
        *array_add(&hidden->paths) = memory_string(real);
    free(real);
}

static void add_expanded(struct hidden *hidden, const char *path)
{
    struct buf expanded = { 0 };
    path_expand(&expanded, path);
    add(hidden, buf_string(&expanded));
    buf_clear(&expanded);
}

/* Those with a place. A name that may stand anywhere is looked for at home;
 * in a workspace it often belongs to what programs there work with. Those of the
 * system nobody but root can read anyway. */
static void add_customary(struct hidden *hidden)
{
    const char *pattern;
    for (size_t i = 0; (pattern = secret_files_at(i)); i++) {
        struct buf path = { 0 };
        if (strpbrk(pattern, "*?[") || (*pattern == '/' && geteuid() != 0))
            continue;
        buf_printf(&path, "%s%s", strchr(pattern, '/') ? "" : "~/", pattern);
        add_expanded(hidden, buf_string(&path));
        buf_clear(&path);
    }
}

/* Absolute, without links as far as it is there. */
static char *real_as_far(const char *path, size_t len)
{
    char *way = memory_copy(path, len), *real, *slash;
    while (!(real = realpath(way, NULL)) && (slash = strrchr(way, '/')))
        *slash = '\0';
    struct buf whole = { 0 };
    size_t known = real ? strlen(way) : 0;
    buf_append_string(&whole, real && strcmp(real, "/") ? real : "");
    buf_append(&whole, path + known, len - known);
    free(real);
    free(way);
    return buf_steal(&whole);
}

/* A link in the way could be replaced as well as where it leads. */
static void add_own(struct hidden *hidden, struct slice path)
{
    while (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    *array_add(&hidden->own) = real_as_far(path.ptr, path.len);
    size_t parent = path.len;
    while (parent > 1 && path.ptr[parent - 1] != '/')
        parent--;
    struct buf place = { 0 };
    char *real = real_as_far(path.ptr, parent - 1);
    buf_append_string(&place, real);
    buf_append(&place, path.ptr + parent - 1, path.len - (parent - 1));
    free(real);
    *array_add(&hidden->own) = buf_steal(&place);
}

static void add_ours(struct hidden *hidden)
{
    struct buf path = { 0 };
    for (size_t i = 0; secret_files_own(i, &path); i++) {
        add(hidden, buf_string(&path));
        add_own(hidden, (struct slice){ path.ptr, path.len });
        buf_reset(&path);
    }
    buf_clear(&path);
}

/* Files that hold keys, as the settings say. */
static void add_key_files(struct hidden *hidden,
                          const struct settings *settings)
{
    const struct setting *endpoints = settings_find(settings, "endpoints");
    for (size_t i = 0; endpoints && i < endpoints->child_count; i++) {
        const struct setting *file =
            setting_child(setting_child(endpoints->children[i], "key"), "file");
        if (file && file->text)
            add_expanded(hidden, file->text);
    }
}

static void add_runtime(struct hidden *hidden)
{
    char path[64];
    const char *directory = getenv("XDG_RUNTIME_DIR");
    if (directory && *directory == '/')
        add(hidden, directory);
    snprintf(path, sizeof path, "/run/user/%u", (unsigned)getuid());
    add(hidden, path);
}

static void find_home(struct hidden *hidden)
{
    struct buf home = { 0 };
    path_expand(&home, "~");
    hidden->home = realpath(buf_string(&home), NULL);
    buf_clear(&home);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, what lies in a directory comes after it, if not at once. */
static void drop_covered(struct hidden *hidden)
{
    size_t kept = 0;
    qsort(hidden->paths.items, hidden->paths.count, sizeof(char *), compare);
    for (size_t i = 0; i < hidden->paths.count; i++) {
        char *path = hidden->paths.items[i];
        bool is_covered = false;
        for (size_t k = 0; k < kept && !is_covered; k++)
            is_covered = hidden_is_in(path, hidden->paths.items[k]);
        if (is_covered)
            free(path);
        else
            hidden->paths.items[kept++] = path;
    }
    hidden->paths.count = kept;
}

void hidden_find(struct hidden *hidden, const struct settings *settings)
{
    *hidden = (struct hidden){ 0 };
    find_home(hidden);
    add_customary(hidden);
    add_ours(hidden);
    add_runtime(hidden);
    add(hidden, "/run/secrets"); /* of containers */
    if (settings)
        add_key_files(hidden, settings);
    if (hidden->paths.count)
        drop_covered(hidden);
}

void hidden_clear(struct hidden *hidden)
{
    for (size_t i = 0; i < hidden->paths.count; i++)
        free(hidden->paths.items[i]);
    array_clear(&hidden->paths);
    for (size_t i = 0; i < hidden->own.count; i++)
        free(hidden->own.items[i]);
    array_clear(&hidden->own);
    free(hidden->home);
    hidden->home = NULL;
}

bool hidden_is_in(const char *path, const char *directory)
{
    size_t len = strlen(directory);
    if (len == 1)
        return true;
    return !strncmp(path, directory, len) &&
           (path[len] == '/' || path[len] == '\0');
}

bool hidden_covers(const struct hidden *hidden, const char *path)
{
    for (size_t i = 0; i < hidden->paths.count; i++)
        if (hidden_is_in(path, hidden->paths.items[i]))
            return true;
    return false;
}

bool hidden_is_below(const struct hidden *hidden, const char *directory)
{
    for (size_t i = 0; i < hidden->paths.count; i++)
        if (hidden_is_in(hidden->paths.items[i], directory))
            return true;
    return false;
}

/* Nobody moves what is mounted, or allowed, by itself. */
static bool is_file_right_in(const char *path, const char *directory)
{
    struct stat status;
    return (size_t)(strrchr(path, '/') - path) == strlen(directory) &&
           lstat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

bool hidden_forbids(const struct hidden *hidden, const char *directory)
{
    if (!strcmp(directory, "/") ||
        (hidden->home && hidden_is_in(hidden->home, directory)))
        return true;
    for (size_t i = 0; i < hidden->own.count; i++)
        if (hidden_is_in(hidden->own.items[i], directory) ||
            hidden_is_in(directory, hidden->own.items[i]))
            return true;
    for (size_t i = 0; i < hidden->paths.count; i++)
        if (hidden_is_in(hidden->paths.items[i], directory) &&
            !is_file_right_in(hidden->paths.items[i], directory))
            return true;
    return false;
}
