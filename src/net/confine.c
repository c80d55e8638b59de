/* SPDX-License-Identifier: MIT */
#include "net/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/compiler.h"

enum { CAP_BITS = 64 };

/* Never more than there is. */
static bool limit(int what, uint64_t most)
{
    struct rlimit now;
    if (getrlimit(what, &now) < 0)
        return false;
    if (now.rlim_max == RLIM_INFINITY || most < now.rlim_max)
        now.rlim_max = most;
    if (now.rlim_cur == RLIM_INFINITY || now.rlim_cur > now.rlim_max)
        now.rlim_cur = now.rlim_max;
    return setrlimit(what, &now) == 0;
}

static bool set_limits(const struct confine *confine)
{
    return limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, CONFINE_FILES_MAX) &&
           (!confine->file_max || limit(RLIMIT_FSIZE, confine->file_max)) &&
           (!confine->task_max || limit(RLIMIT_NPROC, confine->task_max));
}

/* A wish: there may be no /proc. */
static void raise_oom_score(void)
{
    static const char score[] = "500";
    _Static_assert(CONFINE_OOM_SCORE == 500, "the same in words");
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    if (write(fd, score, sizeof score - 1) < 0)
        errno = 0;
    close(fd);
}

/* Only root has any; an exec() would give him all that the bounding set holds. */
static bool drop_capabilities(uint64_t kept)
{
    struct __user_cap_header_struct header = {
        .version = _LINUX_CAPABILITY_VERSION_3
    };
    struct __user_cap_data_struct data[2] = { { 0 } }, now[2] = { { 0 } };
    if (syscall(SYS_capget, &header, now) < 0)
        return false;
    for (int cap = 0; cap < CAP_BITS; cap++)
        if (!(kept >> cap & 1) && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1 &&
            prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0 && geteuid() == 0)
            return false;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (int i = 0; i < 2; i++) {
        uint32_t bits = (uint32_t)(kept >> 32 * i);
        data[i].permitted = data[i].effective = now[i].permitted & bits;
    }
    return syscall(SYS_capset, &header, data) == 0;
}

static bool install(const struct sock_filter *filter, size_t count)
{
    struct sock_fprog program = { .len = (unsigned short)count };
    /* The kernel only reads it. */
    memcpy(&program.filter, &filter, sizeof program.filter);
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

enum {
    NUMBER_AT = offsetof(struct seccomp_data, nr),
    FIRST_AT = offsetof(struct seccomp_data, args),
};

static const struct sock_filter refusing =
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
static const struct sock_filter allowing =
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);

/* A filter of its own, as only the child knows its minder. The architecture is
 * the other filter's affair: of two answers the stricter one counts. */
static bool spare(const struct confine *confine)
{
    static const uint32_t calls[] = { SYS_kill, SYS_tkill, SYS_tgkill,
                                      SYS_rt_sigqueueinfo,
                                      SYS_rt_tgsigqueueinfo };
    struct sock_filter filter[COUNTOF(calls) + CONFINE_SPARED_MAX + 8];
    size_t count = 0, spared = confine->spared_count;
    filter[count++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NUMBER_AT);
    for (size_t i = 0; i < COUNTOF(calls); i++)
        filter[count++] =
            (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i],
                                         (uint8_t)(COUNTOF(calls) - i), 0);
    filter[count++] = allowing;
    filter[count++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIRST_AT);
    /* Everybody is among those that -1 means. */
    const pid_t always[] = { getppid(), -1 };
    for (size_t i = 0; i < spared + COUNTOF(always); i++) {
        pid_t pid = i < spared ? confine->spared[i] : always[i - spared];
        size_t left = spared + COUNTOF(always) - i;
        filter[count++] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)pid, (uint8_t)left, 0);
    }
    filter[count++] = allowing;
    filter[count++] = refusing;
    return install(filter, count);
}

enum confine_step confine_apply(const struct confine *confine)
{
    umask(S_IWGRP | S_IWOTH);
    raise_oom_score();
    if (!set_limits(confine))
        return CONFINE_LIMITS;
    if (confine->is_wrapper)
        return CONFINE_DONE;
    if (!drop_capabilities(confine->kept_caps) ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return CONFINE_PRIVILEGES;
    if (confine->ruleset >= 0 &&
        syscall(SYS_landlock_restrict_self, confine->ruleset, 0) < 0)
        return CONFINE_LANDLOCK;
    if (confine->spared_count && !spare(confine))
        return CONFINE_SECCOMP;
    if (confine->filter && !install(confine->filter, confine->filter_count))
        return CONFINE_SECCOMP;
    return CONFINE_DONE;
}

bool confine_tell(enum confine_step step, int error_number, const char *program,
                  struct error *err)
{
    static const char *const steps[] = {
        [CONFINE_DONE] = "running",
        [CONFINE_FORK] = "starting a process for",
        [CONFINE_DESCRIPTORS] = "handing its descriptors to",
        [CONFINE_DIRECTORY] = "entering the directory of",
        [CONFINE_LIMITS] = "setting the limits of",
        [CONFINE_PRIVILEGES] = "taking the privileges from",
        [CONFINE_LANDLOCK] = "keeping (by Landlock) the files from",
        [CONFINE_SECCOMP] = "setting the filter of system calls of",
        [CONFINE_EXEC] = "running",
    };
    _Static_assert(COUNTOF(steps) == CONFINE_STEP_COUNT, "a row for each");
    errno = error_number;
    return error_system(err, "%s %s", steps[step], program);
}
