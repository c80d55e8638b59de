/* SPDX-License-Identifier: MIT */
#include "tests/probe/probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATHS = 8, PATH_SIZE = 1024, UNKNOWN = 2 };

static char **arguments;

const char *value(const char *key)
{
    size_t len = strlen(key);
    for (char **at = arguments; *at; at++)
        if (!strncmp(*at, key, len) && (*at)[len] == '=')
            return *at + len + 1;
    return "";
}

pid_t pid_value(const char *key)
{
    return (pid_t)strtol(value(key), NULL, 10);
}

const char *in(const char *place, const char *name)
{
    static char paths[PATHS][PATH_SIZE];
    static unsigned next;
    char *path = paths[next++ % PATHS];
    snprintf(path, PATH_SIZE, "%s/%s", value(place), name);
    return path;
}

int no(int error_number)
{
    errno = error_number;
    return -1;
}

int close_after(int fd)
{
    if (fd < 0)
        return -1;
    close(fd);
    return 0;
}

int in_child(probe_fn *fn)
{
    int status;
    pid_t pid = fork();
    if (pid < 0)
        return -1;
    if (pid == 0)
        _exit(fn() == 0 ? 0 : errno ? errno : 1);
    if (waitpid(pid, &status, 0) != pid)
        return -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    return no(WIFEXITED(status) ? WEXITSTATUS(status) : EINTR);
}

static probe_fn *find(const char *name)
{
    const struct probe *const tables[] = {
        probes_of_files,   probes_of_secrets, probes_of_processes,
        probes_of_sockets, probes_of_kernel,  probes_of_endings,
        probes_of_modes,
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct probe *probe = tables[i]; probe->name; probe++)
            if (!strcmp(probe->name, name))
                return probe->fn;
    return NULL;
}

int main(int argc, char **argv)
{
    probe_fn *fn = argc > 1 ? find(argv[1]) : NULL;
    if (!fn)
        return UNKNOWN;
    arguments = argv + 2;
    errno = 0;
    if (fn() == 0)
        puts(strncmp(argv[1], "may-", 4) ? "escaped" : "allowed");
    else
        printf("refused: %s\n", strerror(errno));
    fflush(stdout);
    return 0;
}
