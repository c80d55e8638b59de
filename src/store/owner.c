/* SPDX-License-Identifier: MIT */
#include "store/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BOOT_SIZE = 40 };

/* Which start of which machine it is. */
void owner_write(char note[OWNER_SIZE])
{
    char host[OWNER_HOST_SIZE] = "", boot[BOOT_SIZE] = "";
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t len = read(fd, boot, sizeof boot - 1);
        boot[len > 0 ? strcspn(boot, "\n") : 0] = '\0';
        close(fd);
    }
    gethostname(host, sizeof host - 1);
    snprintf(note, OWNER_SIZE, "%ld %s %s\n", (long)getpid(),
             host[0] ? host : "-", boot[0] ? boot : "-");
}

bool owner_read(const char *note, long *process, char host[OWNER_HOST_SIZE])
{
    return sscanf(note, "%ld %64s", process, host) == 2;
}

bool owner_is_gone(const char *note)
{
    long process = 0;
    char own[OWNER_SIZE];
    char host[OWNER_HOST_SIZE] = "", own_host[OWNER_HOST_SIZE] = "";
    char boot[BOOT_SIZE] = "", own_boot[BOOT_SIZE] = "";
    owner_write(own);
    if (sscanf(note, "%ld %64s %39s", &process, host, boot) != 3 ||
        sscanf(own, "%*d %64s %39s", own_host, own_boot) != 2)
        return false;
    return !strcmp(host, own_host) &&
           (strcmp(boot, own_boot) != 0 ||
            (process > 0 && kill((pid_t)process, 0) < 0 && errno == ESRCH));
}
