/* SPDX-License-Identifier: MIT */
#include "tests/bench/process.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The number behind a word at the start of a line of /proc/PID/FILE. */
static long read_field(int pid, const char *file, const char *word)
{
    char path[64], line[256];
    long value = 0;
    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    FILE *stream = fopen(path, "re");
    if (!stream)
        return 0;
    while (fgets(line, sizeof line, stream)) {
        if (!strncmp(line, word, strlen(word)))
            sscanf(line + strlen(word), "%ld", &value);
    }
    fclose(stream);
    return value;
}

struct process_pair process_pair(int pid)
{
    struct process_pair pair = { .parent = pid };
    char file[64];
    snprintf(file, sizeof file, "task/%d/children", pid);
    pair.child = (int)read_field(pid, file, "");
    return pair;
}

static int64_t cpu_ns(int pid)
{
    clockid_t clock;
    struct timespec used;
    if (!pid || clock_getcpuclockid(pid, &clock) != 0 ||
        clock_gettime(clock, &used) != 0)
        return 0;
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

int64_t process_cpu_ns(struct process_pair pair)
{
    return cpu_ns(pair.parent) + cpu_ns(pair.child);
}

/* A process that holds keys is closed to all but root: what others may see of
 * it counts shared pages whole. */
static long memory_kib(int pid)
{
    long kib = read_field(pid, "smaps_rollup", "Pss:");
    return kib ? kib : read_field(pid, "status", "VmRSS:");
}

double process_pss_mib(struct process_pair pair)
{
    long kib = memory_kib(pair.parent);
    if (pair.child)
        kib += memory_kib(pair.child);
    return (double)kib / 1024;
}

const char *process_pss_note(void)
{
    return geteuid() == 0 ? NULL : "RSS, for only root sees the PSS";
}

long process_wakeups(struct process_pair pair)
{
    static const char word[] = "voluntary_ctxt_switches:";
    long count = read_field(pair.parent, "status", word);
    if (pair.child)
        count += read_field(pair.child, "status", word);
    return count;
}
