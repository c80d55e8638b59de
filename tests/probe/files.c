/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/probe/probe.h"

static int put(const char *path, int flags)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags, 0644);
    if (fd < 0)
        return -1;
    int result = write(fd, "evil\n", 5) == 5 ? 0 : -1;
    close(fd);
    return result;
}

/* What must work. */

static int may_write(void)
{
    return put(in("work", "made"), O_CREAT | O_EXCL) ||
                   mkdir(in("work", "directory"), 0755) ||
                   unlink(in("work", "made"))
               ? -1
               : 0;
}

static int may_temporary(void)
{
    char path[1024];
    const char *directory = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/made", directory ? directory : "");
    return directory ? put(path, O_CREAT | O_EXCL) : no(ENOENT);
}

static int may_read(void)
{
    return close_after(open(in("outside", "file"), O_RDONLY)) ||
                   close_after(open("/proc/self/status", O_RDONLY)) ||
                   close_after(open("/etc/passwd", O_RDONLY)) ||
                   close_after(open("/dev/urandom", O_RDONLY))
               ? -1
               : 0;
}

static int run_true(void)
{
    execlp("sh", "sh", "-c", "test -d / && ls /usr >/dev/null; true",
           (char *)0);
    return -1;
}

static int may_run(void)
{
    return in_child(run_true);
}

static void *set(void *flag)
{
    *(int *)flag = 1;
    return NULL;
}

static int may_thread(void)
{
    pthread_t thread;
    int flag = 0, failed = pthread_create(&thread, NULL, set, &flag);
    if (failed)
        return no(failed);
    pthread_join(thread, NULL);
    return flag ? 0 : no(EINVAL);
}

static int may_socketpair(void)
{
    int pair[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
}

static int may_null(void)
{
    return put("/dev/null", 0);
}

static int may_rename(void)
{
    return mkdir(in("work", "from"), 0755) || mkdir(in("work", "to"), 0755) ||
                   put(in("work", "from/file"), O_CREAT) ||
                   rename(in("work", "from/file"), in("work", "to/file"))
               ? -1
               : 0;
}

static int may_signal_own(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        for (;;)
            pause();
    }
    setpgid(pid, pid);
    if (kill(-pid, 0) < 0 || kill(pid, SIGTERM) < 0)
        return -1;
    return waitpid(pid, NULL, 0) == pid ? raise(SIGCHLD) : -1;
}

static int commit(void)
{
    if (chdir(value("work")) < 0)
        return -1;
    execlp("sh", "sh", "-c",
           "git add tracked && git -c user.name=a -c user.email=a@b commit -qm "
           "one && git log --oneline >/dev/null",
           (char *)0);
    return -1;
}

static int may_git_commit(void)
{
    return in_child(commit);
}

/* Outside. */

static int write_outside(void)
{
    return put(in("outside", "file"), O_TRUNC);
}

static int append_outside(void)
{
    return put(in("outside", "file"), O_APPEND);
}

static int create_outside(void)
{
    return put(in("outside", "new"), O_CREAT | O_EXCL);
}

static int truncate_outside(void)
{
    return truncate(in("outside", "file"), 1);
}

static int unlink_outside(void)
{
    return unlink(in("outside", "file"));
}

static int rename_outside(void)
{
    return rename(in("outside", "file"), in("outside", "other"));
}

static int rename_in(void)
{
    return rename(in("outside", "file"), in("work", "file"));
}

static int exchange(void)
{
    if (put(in("work", "file"), O_CREAT) < 0)
        return -1;
    return renameat2(AT_FDCWD, in("work", "file"), AT_FDCWD,
                     in("outside", "file"), RENAME_EXCHANGE);
}

static int hardlink_in(void)
{
    return link(in("outside", "file"), in("work", "link"))
               ? -1
               : put(in("work", "link"), O_TRUNC);
}

static int hardlink_out(void)
{
    return put(in("work", "file"), O_CREAT)
               ? -1
               : link(in("work", "file"), in("outside", "link"));
}

static int symlink_outside(void)
{
    return symlink("/etc/passwd", in("outside", "link"));
}

static int mkdir_outside(void)
{
    return mkdir(in("outside", "made"), 0755);
}

static int rmdir_outside(void)
{
    return rmdir(in("outside", "empty"));
}

static int fifo_outside(void)
{
    return mkfifo(in("outside", "fifo"), 0644);
}

static int chmod_outside(void)
{
    return chmod(in("outside", "file"), 0777);
}

static int chown_outside(void)
{
    return chown(in("outside", "file"), getuid(), getgid());
}

static int utimes_outside(void)
{
    const struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
    return utimensat(AT_FDCWD, in("outside", "file"), times, 0);
}

static int write_by_symlink(void)
{
    return symlink(in("outside", "file"), in("work", "link"))
               ? -1
               : put(in("work", "link"), O_TRUNC);
}

static int write_by_dotdot(void)
{
    return put(in("work", "../outside/file"), O_TRUNC);
}

static int write_by_proc_root(void)
{
    char path[1024];
    snprintf(path, sizeof path, "/proc/self/root%s", in("outside", "file"));
    return put(path, O_TRUNC);
}

static int write_by_proc_cwd(void)
{
    return chdir(value("outside")) ? -1 : put("/proc/self/cwd/file", O_TRUNC);
}

static int bashrc(void)
{
    return put(in("home", ".bashrc"), O_APPEND);
}

/* What is hidden goes with the directory that holds it. */
static int config_moved(void)
{
    return rename(in("home", ".config"), in("home", ".moved"));
}

static int autostart(void)
{
    return put(in("home", ".config/autostart/evil.desktop"), O_CREAT);
}

static int settings_parent(void)
{
    return rename(in("work", "xdg"), in("work", "moved"));
}

static int settings_made(void)
{
    return mkdir(in("work", "xdg"), 0755) && errno != EEXIST ? -1
           : mkdir(in("work", "xdg/sennit"), 0755) && errno != EEXIST
               ? -1
               : put(in("work", "xdg/sennit/config.yaml"), O_CREAT);
}

static int crontab(void)
{
    return put("/var/spool/cron/crontabs/nobody", O_CREAT);
}

static int shared_memory_file(void)
{
    char path[256];
    snprintf(path, sizeof path, "/dev/shm/%s", value("mark"));
    return put(path, O_CREAT);
}

static int shared_tmp(void)
{
    char path[256];
    snprintf(path, sizeof path, "/tmp/%s", value("mark"));
    return put(path, O_CREAT);
}

static int terminal_write(void)
{
    return put(value("terminal"), 0);
}

/* Opening it is enough, and does no harm. */
static int core_pattern(void)
{
    return close_after(open("/proc/sys/kernel/core_pattern", O_WRONLY));
}

static int big_file(void)
{
    signal(SIGXFSZ, SIG_IGN);
    int fd = open(in("work", "big"), O_WRONLY | O_CREAT, 0644);
    int result = fd < 0 ? -1 : ftruncate(fd, 11LL << 30);
    unlink(in("work", "big"));
    return result;
}

/* Inside, for later. */

static int git_hook(void)
{
    return put(in("work", ".git/hooks/post-checkout"), O_CREAT);
}

static int git_config(void)
{
    return put(in("work", ".git/config"), O_APPEND);
}

static int git_rename(void)
{
    return rename(in("work", ".git"), in("work", "old"));
}

static int git_commondir(void)
{
    return put(in("work", ".git/commondir"), O_CREAT);
}

static int git_absent(void)
{
    return mkdir(in("work", ".git"), 0755) && errno != EEXIST ? -1
           : mkdir(in("work", ".git/hooks"), 0755)
               ? -1
               : put(in("work", ".git/hooks/post-checkout"), O_CREAT);
}

static int vscode_tasks(void)
{
    return mkdir(in("work", ".vscode"), 0755) && errno != EEXIST
               ? -1
               : put(in("work", ".vscode/tasks.json"), O_CREAT);
}

const struct probe probes_of_files[] = {
    { "may-write", may_write },
    { "may-temporary", may_temporary },
    { "may-read", may_read },
    { "may-run", may_run },
    { "may-thread", may_thread },
    { "may-socketpair", may_socketpair },
    { "may-null", may_null },
    { "may-rename", may_rename },
    { "may-signal-own", may_signal_own },
    { "may-git-commit", may_git_commit },
    { "write-outside", write_outside },
    { "append-outside", append_outside },
    { "create-outside", create_outside },
    { "truncate-outside", truncate_outside },
    { "unlink-outside", unlink_outside },
    { "rename-outside", rename_outside },
    { "rename-in", rename_in },
    { "exchange", exchange },
    { "hardlink-in", hardlink_in },
    { "hardlink-out", hardlink_out },
    { "symlink-outside", symlink_outside },
    { "mkdir-outside", mkdir_outside },
    { "rmdir-outside", rmdir_outside },
    { "fifo-outside", fifo_outside },
    { "chmod-outside", chmod_outside },
    { "chown-outside", chown_outside },
    { "utimes-outside", utimes_outside },
    { "write-by-symlink", write_by_symlink },
    { "write-by-dotdot", write_by_dotdot },
    { "write-by-proc-root", write_by_proc_root },
    { "write-by-proc-cwd", write_by_proc_cwd },
    { "bashrc", bashrc },
    { "config-moved", config_moved },
    { "autostart", autostart },
    { "settings-parent", settings_parent },
    { "settings-made", settings_made },
    { "crontab", crontab },
    { "shared-memory-file", shared_memory_file },
    { "shared-tmp", shared_tmp },
    { "terminal-write", terminal_write },
    { "core-pattern", core_pattern },
    { "big-file", big_file },
    { "git-hook", git_hook },
    { "git-config", git_config },
    { "git-rename", git_rename },
    { "git-commondir", git_commondir },
    { "git-absent", git_absent },
    { "vscode-tasks", vscode_tasks },
    { NULL, NULL },
};
