/* SPDX-License-Identifier: MIT */
#include "tool/surroundings.h"

#include <ctype.h>
#include <dirent.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/environment.h"
#include "base/memory.h"
#include "tool/hidden.h"

typedef ARRAY_OF(char *) words;

bool surroundings_refuses(struct slice name)
{
    static const char *const parts[] = { "KEY",     "TOKEN",      "SECRET",
                                         "PASS",    "CREDENTIAL", "LD_PRELOAD",
                                         "LD_AUDIT" };
    char *upper = memory_copy(name.ptr, name.len);
    bool is_refused = false;
    for (char *c = upper; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    for (size_t i = 0; i < COUNTOF(parts) && !is_refused; i++)
        is_refused = strstr(upper, parts[i]);
    free(upper);
    return is_refused;
}

/* Only absolute parts of PATH. */
static char *safe_path(const char *path)
{
    struct buf out = { 0 };
    buf_append_string(&out, "PATH=");
    size_t start = out.len;
    while (*path) {
        size_t len = strcspn(path, ":");
        if (*path == '/') {
            if (out.len > start)
                buf_append_char(&out, ':');
            buf_append(&out, path, len);
        }
        path += len + (path[len] == ':');
    }
    return buf_steal(&out);
}

static bool is_for_gpu(struct slice name)
{
    return slice_is(name, "CUDA_VISIBLE_DEVICES") ||
           slice_is(name, "LD_LIBRARY_PATH");
}

char **surroundings_environment(const struct surroundings_wish *wish)
{
    words all = { 0 };
    struct buf temporary = { 0 };
    char **allowed = environment_allowed(wish->names);
    buf_printf(&temporary, "TMPDIR=%s", wish->temporary);
    *array_add(&all) = buf_steal(&temporary);
    for (char **pair = allowed; *pair; pair++) {
        struct slice name = { *pair, strcspn(*pair, "=") };
        if (surroundings_refuses(name) || slice_is(name, "TMPDIR") ||
            (is_for_gpu(name) && !wish->has_gpu))
            continue;
        *array_add(&all) = slice_is(name, "PATH")
                               ? safe_path(*pair + name.len + 1)
                               : memory_string(*pair);
    }
    free(allowed);
    *array_add(&all) = NULL;
    return all.items;
}

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
           access(path, X_OK) == 0;
}

char *surroundings_find(const char *program, const char *directory)
{
    const char *path = getenv("PATH");
    struct buf found = { 0 };
    for (path = path ? path : "/usr/bin:/bin"; *path;) {
        size_t len = strcspn(path, ":");
        buf_reset(&found);
        buf_printf(&found, "%.*s/%s", (int)len, path, program);
        if (*path == '/' &&
            !(directory && hidden_is_in(buf_string(&found), directory)) &&
            is_program(buf_string(&found)))
            return buf_steal(&found);
        path += len + (path[len] == ':');
    }
    buf_clear(&found);
    return NULL;
}

char **surroundings_argv(char *const *argv, const char *directory,
                         struct error *err)
{
    words all = { 0 };
    char *program = strchr(argv[0], '/')
                        ? memory_string(argv[0])
                        : surroundings_find(argv[0], directory);
    if (!program) {
        error_set(err, ERROR_TOOL, "there is no program %s in PATH%s", argv[0],
                  directory ? " outside the working directory" : "");
        return NULL;
    }
    *array_add(&all) = program;
    for (char *const *word = argv + 1; *word; word++)
        *array_add(&all) = memory_string(*word);
    *array_add(&all) = NULL;
    return all.items;
}

char **surroundings_gpu_devices(void)
{
    static const char *const patterns[] = {
        "/dev/nvidia[0-9]*",
        "/dev/nvidiactl",
        "/dev/nvidia-uvm",
        "/dev/nvidia-uvm-tools",
        "/dev/nvidia-modeset",
        "/dev/nvidia-caps/*",
        "/dev/dri",
        "/dev/kfd",
        "/dev/dxg",
    };
    words all = { 0 };
    for (size_t i = 0; i < COUNTOF(patterns); i++) {
        glob_t found = { 0 };
        if (glob(patterns[i], 0, NULL, &found) == 0)
            for (size_t k = 0; k < found.gl_pathc; k++)
                *array_add(&all) = memory_string(found.gl_pathv[k]);
        globfree(&found);
    }
    *array_add(&all) = NULL;
    return all.items;
}

void surroundings_each_thread(surroundings_thread_fn *fn, void *context)
{
    DIR *threads = opendir("/proc/self/task");
    const struct dirent *entry;
    while (threads && (entry = readdir(threads))) {
        pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);
        if (thread > 0 && thread != getpid())
            fn(context, thread);
    }
    if (threads)
        closedir(threads);
}

void surroundings_free(char **strings)
{
    for (char **string = strings; string && *string; string++)
        free(*string);
    free(strings);
}
