/* SPDX-License-Identifier: MIT */
#include "tool/landlock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"

/* As in linux/landlock.h, of which older systems have an older one. */
struct ruleset_attributes {
    uint64_t files, net, scopes;
};

struct rule_below {
    uint64_t rights;
    int32_t fd;
} __attribute__((packed));

enum {
    VERSION_FLAG = 1,
    RULE_BELOW = 1,
    NET_ALL = 3,    /* bind and connect of TCP */
    SCOPES_ALL = 3, /* abstract sockets, signals */
};

enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    MAKE_CHAR = 1 << 6,
    MAKE_BLOCK = 1 << 11,
    REFER = 1 << 13,
    TRUNCATE = 1 << 14,
    IOCTL_DEV = 1 << 15,
    READING = EXECUTE | READ_FILE | READ_DIR,
    OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV,
};

/* What a version knows, as bits from the lowest on: 1 (5.13), REFER 2 (5.19),
 * TRUNCATE 3 (6.2), IOCTL_DEV 5 (6.10). */
static uint64_t rights_of(int version)
{
    uint64_t rights = (1 << 13) - 1;
    if (version >= 2)
        rights |= REFER;
    if (version >= LANDLOCK_TRUNCATES)
        rights |= TRUNCATE;
    if (version >= LANDLOCK_CONTROLS)
        rights |= IOCTL_DEV;
    return rights;
}

int landlock_version(struct error *err)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_FLAG);
    if (version > 0)
        return (int)version;
    error_system(err, "Landlock");
    return 0;
}

struct ruleset {
    int fd;
    uint64_t known;
    const struct hidden *hidden;
};

static bool allow(const struct ruleset *ruleset, const char *path,
                  uint64_t rights)
{
    struct stat status;
    struct rule_below rule = { .rights = rights & ruleset->known };
    rule.fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (rule.fd < 0)
        return false;
    /* A rule on a file with a right of directories would be an error. */
    bool ok = fstat(rule.fd, &status) == 0;
    if (ok && !S_ISDIR(status.st_mode))
        rule.rights &= OF_FILES;
    ok = ok &&
         syscall(SYS_landlock_add_rule, ruleset->fd, RULE_BELOW, &rule, 0) == 0;
    int saved = errno;
    close(rule.fd);
    errno = saved;
    return ok;
}

static void allow_beside(const struct ruleset *ruleset, const char *path,
                         uint64_t rights);

static void allow_children(const struct ruleset *ruleset, const char *directory,
                           uint64_t rights)
{
    DIR *children = opendir(directory);
    const struct dirent *entry;
    while (children && (entry = readdir(children))) {
        struct buf path = { 0 };
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        buf_printf(&path, "%s/%s", strcmp(directory, "/") ? directory : "",
                   entry->d_name);
        allow_beside(ruleset, buf_string(&path), rights);
        buf_clear(&path);
    }
    if (children)
        closedir(children);
}

/* All of it but what is hidden. Devices are named one by one: among them are
 * the user's terminals. Where one cannot be allowed, it is not. */
static void allow_beside(const struct ruleset *ruleset, const char *path,
                         uint64_t rights)
{
    if (!strcmp(path, "/dev") || hidden_covers(ruleset->hidden, path))
        return;
    if (strcmp(path, "/") && !hidden_is_below(ruleset->hidden, path))
        allow(ruleset, path, rights);
    else
        allow_children(ruleset, path, rights);
}

/* Where the workspace lies in something hidden, it is not hidden itself. */
static bool allow_writing(const struct ruleset *ruleset, const char *path,
                          struct error *err)
{
    uint64_t rights =
        ruleset->known & ~(uint64_t)(MAKE_CHAR | MAKE_BLOCK | IOCTL_DEV);
    if (!hidden_covers(ruleset->hidden, path) &&
        hidden_is_below(ruleset->hidden, path)) {
        allow_children(ruleset, path, rights);
        return true;
    }
    return allow(ruleset, path, rights) ||
           error_system(err, "Landlock: allowing to write %s", path);
}

static bool add_rules(const struct ruleset *ruleset,
                      const struct landlock_wish *wish, struct error *err)
{
    static const char *const devices[] = { "/dev/null", "/dev/zero",
                                           "/dev/full", "/dev/random",
                                           "/dev/urandom" };
    allow_beside(ruleset, "/", READING);
    if (wish->readable)
        allow(ruleset, wish->readable, READING);
    for (size_t i = 0; i < COUNTOF(devices); i++)
        allow(ruleset, devices[i], READ_FILE | WRITE_FILE | TRUNCATE);
    for (size_t i = 0; wish->devices && wish->devices[i]; i++)
        allow(ruleset, wish->devices[i],
              READ_FILE | READ_DIR | WRITE_FILE | IOCTL_DEV);
    for (size_t i = 0; wish->writable[i]; i++)
        if (!allow_writing(ruleset, wish->writable[i], err))
            return false;
    return true;
}

int landlock_build(const struct landlock_wish *wish, struct error *err)
{
    int version = landlock_version(err);
    if (!version)
        return -1;
    struct ruleset_attributes attributes = { .files = rights_of(version) };
    size_t size = sizeof attributes.files;
    if (version >= LANDLOCK_CONNECTS) {
        size += sizeof attributes.net;
        attributes.net = wish->has_network ? 0 : NET_ALL;
    }
    if (version >= LANDLOCK_SCOPES) {
        size += sizeof attributes.scopes;
        attributes.scopes = SCOPES_ALL;
    }
    struct ruleset ruleset = { .known = attributes.files,
                               .hidden = wish->hidden };
    ruleset.fd =
        (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
    if (ruleset.fd < 0) {
        error_system(err, "Landlock");
        return -1;
    }
    if (add_rules(&ruleset, wish, err))
        return ruleset.fd;
    close(ruleset.fd);
    return -1;
}
