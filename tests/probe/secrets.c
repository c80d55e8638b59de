/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/probe/probe.h"

/* An empty file in its place is no success. */
static int get(const char *path)
{
    char bytes[4096] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -1;
    ssize_t len = read(fd, bytes, sizeof bytes - 1);
    close(fd);
    if (len < 0)
        return -1;
    return memmem(bytes, (size_t)len, value("secret"), strlen(value("secret")))
               ? 0
               : no(ENODATA);
}

static int read_ssh(void)
{
    return get(in("home", ".ssh/id_rsa"));
}

static int read_netrc(void)
{
    return get(in("home", ".netrc"));
}

static int read_own_config(void)
{
    return get(in("home", ".config/sennit/config.yaml"));
}

static int read_key_file(void)
{
    return get(value("key"));
}

static int read_by_symlink(void)
{
    return symlink(in("home", ".ssh"), in("work", "link"))
               ? -1
               : get(in("work", "link/id_rsa"));
}

static int read_by_hardlink(void)
{
    return link(in("home", ".ssh/id_rsa"), in("work", "link"))
               ? -1
               : get(in("work", "link"));
}

static int read_of(const char *who, const char *what)
{
    char path[1024];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid_value(who), what);
    return get(path);
}

/* The victim's directory is the home. */
static int read_by_proc_cwd(void)
{
    return read_of("victim", "cwd/.ssh/id_rsa");
}

static int read_by_proc_root(void)
{
    char path[1024];
    snprintf(path, sizeof path, "root%s", in("home", ".ssh/id_rsa"));
    return read_of("victim", path);
}

static int has_variable(const char *name)
{
    return getenv(name) ? 0 : no(ENOENT);
}

static int environment_key(void)
{
    return has_variable("OPENAI_API_KEY");
}

static int environment_listed(void)
{
    return has_variable("MY_SERVICE_TOKEN");
}

static int environment_agent(void)
{
    return has_variable("SSH_AUTH_SOCK") && has_variable("DISPLAY") &&
                   has_variable("DBUS_SESSION_BUS_ADDRESS")
               ? -1
               : 0;
}

static int environment_preload(void)
{
    return has_variable("LD_PRELOAD");
}

static int descriptors(void)
{
    for (int fd = STDERR_FILENO + 1; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            return 0;
    return no(EBADF);
}

static int client_environ(void)
{
    return read_of("client", "environ");
}

static int client_mem(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid_value("client"));
    return close_after(open(path, O_RDWR));
}

static int client_fd(void)
{
    char path[64];
    snprintf(path, sizeof path, "fd/%s", value("client_fd"));
    return read_of("client", path);
}

static int client_root(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/root/etc", (int)pid_value("client"));
    return close_after(open(path, O_RDONLY));
}

static int client_cwd(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/cwd", (int)pid_value("client"));
    return close_after(open(path, O_RDONLY));
}

static int victim_environ(void)
{
    return read_of("victim", "environ");
}

static int victim_mem(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid_value("victim"));
    return close_after(open(path, O_RDWR));
}

static int victim_fd(void)
{
    char path[64];
    snprintf(path, sizeof path, "fd/%s", value("victim_fd"));
    return read_of("victim", path);
}

const struct probe probes_of_secrets[] = {
    { "read-ssh", read_ssh },
    { "read-netrc", read_netrc },
    { "read-own-config", read_own_config },
    { "read-key-file", read_key_file },
    { "read-by-symlink", read_by_symlink },
    { "read-by-hardlink", read_by_hardlink },
    { "read-by-proc-cwd", read_by_proc_cwd },
    { "read-by-proc-root", read_by_proc_root },
    { "environment-key", environment_key },
    { "environment-listed", environment_listed },
    { "environment-agent", environment_agent },
    { "environment-preload", environment_preload },
    { "descriptors", descriptors },
    { "client-environ", client_environ },
    { "client-mem", client_mem },
    { "client-fd", client_fd },
    { "client-root", client_root },
    { "client-cwd", client_cwd },
    { "victim-environ", victim_environ },
    { "victim-mem", victim_mem },
    { "victim-fd", victim_fd },
    { NULL, NULL },
};
