/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"

void secret_close_process(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
    prctl(PR_SET_DUMPABLE, 0);
    unsetenv("SSLKEYLOGFILE");
}

void secret_forget_variable(const char *name)
{
    char *value = getenv(name);
    if (!value)
        return;
    explicit_bzero(value, strlen(value));
    unsetenv(name);
}

void secret_forget_environment(void)
{
    for (char **pair = environ; pair && *pair; pair++)
        explicit_bzero(*pair, strlen(*pair));
    clearenv();
}

void secret_free(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

bool secret_read_file(struct buf *out, const char *path, size_t max,
                      struct error *err)
{
    struct stat about;
    if (stat(path, &about) < 0)
        return error_system(err, "%s", path);
    if (about.st_uid != geteuid())
        return error_set(err, ERROR_AUTH,
                         "%s belongs to another user; keep the key in a file "
                         "of your own",
                         path);
    if (about.st_mode & (S_IRWXG | S_IRWXO))
        return error_set(err, ERROR_AUTH,
                         "others may read or write %s; run: chmod 600 %s", path,
                         path);
    return path_read_file(out, path, max, err);
}
