/* SPDX-License-Identifier: MIT */
#include "tests/support/pen.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/path.h"
#include "base/secret.h"
#include "config/settings.h"
#include "net/child.h"
#include "net/loop.h"
#include "tests/support/probe.h"
#include "tests/support/scratch.h"
#include "tests/support/skip.h"
#include "tool/box.h"

enum {
    NOBODY = 65534,
    GRACE_MS = 20,
    REPORT_MAX = 64 * 1024,
};

const char *pen_at(const struct pen *pen, const char *name)
{
    static char paths[8][SCRATCH_PATH_MAX + 256];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", pen->root, name);
    return path;
}

void pen_put(const struct pen *pen, const char *name, const char *text)
{
    int fd =
        open(pen_at(pen, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        abort();
    close(fd);
}

static void make_directory(const struct pen *pen, const char *name)
{
    if (mkdir(pen_at(pen, name), 0755) < 0 && errno != EEXIST)
        abort();
}

/* As it was before the last probe. */
void pen_restore(const struct pen *pen)
{
    static const char *const gone[] = { "outside", "work", "home/.moved",
                                        "private/made",
                                        "home/.config/autostart/evil.desktop" };
    static const char *const made[] = {
        "home",
        "home/.ssh",
        "home/.config",
        "home/keys",
        "outside",
        "outside/empty",
        "work",
        "work/.git",
        "work/.git/hooks",

        "home/.config/sennit",
        "home/.config/autostart",
    };
    char shm[64], tmp[64];
    for (size_t i = 0; i < COUNTOF(gone); i++)
        scratch_remove(pen_at(pen, gone[i]));
    for (size_t i = 0; i < COUNTOF(made); i++)
        make_directory(pen, made[i]);
    pen_put(pen, "home/.ssh/id_rsa", PEN_SECRET);
    pen_put(pen, "home/.netrc", PEN_SECRET);
    pen_put(pen, "home/.bashrc", "plain\n");
    pen_put(pen, "home/.config/sennit/config.yaml", PEN_SECRET);
    pen_put(pen, "home/keys/vendor.key", PEN_SECRET);
    pen_put(pen, "outside/file", "plain\n");
    pen_put(pen, "work/.git/HEAD", "ref: refs/heads/main\n");
    pen_put(pen, "work/.git/config", "[core]\n\tbare = false\n");
    pen_put(pen, "work/tracked", "text\n");
    snprintf(shm, sizeof shm, "/dev/shm/%s", pen->mark);
    snprintf(tmp, sizeof tmp, "/tmp/%s", pen->mark);
    unlink(shm);
    unlink(tmp);
}

/* Names, modes, sizes and times of what must not change. */
static struct buf fingerprint_text;

static int add_fingerprint(const char *path, const struct stat *status,
                           int flag, struct FTW *place)
{
    (void)flag, (void)place;
    buf_printf(&fingerprint_text, "%s %o %lld %lld.%ld\n", path,
               (unsigned)status->st_mode, (long long)status->st_size,
               (long long)status->st_mtim.tv_sec, status->st_mtim.tv_nsec);
    return 0;
}

char *pen_fingerprint(const struct pen *pen)
{
    nftw(pen_at(pen, "home"), add_fingerprint, 16, FTW_PHYS);
    nftw(pen_at(pen, "outside"), add_fingerprint, 16, FTW_PHYS);
    return buf_steal(&fingerprint_text);
}

/* Whom probes want to reach. */

static int listen_at(const char *path, int type)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t len = strlen(path);
    memcpy(address.sun_path, path, len);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    if (address.sun_path[0] == '@')
        address.sun_path[0] = '\0';
    else
        size++;
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&address, size) < 0)
        abort();
    if (type == SOCK_STREAM && listen(fd, 64) < 0)
        abort();
    return fd;
}

static void listen_on_port(struct pen *pen)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 64) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        abort();
    pen->port = ntohs(address.sin_port);
}

static void start_victim(struct pen *pen)
{
    int pipes[2];
    char secret[] = "secret=" PEN_SECRET, home[256];
    snprintf(home, sizeof home, "home=%s", pen_at(pen, "home"));
    if (pipe(pipes) < 0)
        abort();
    pen->victim = fork();
    if (pen->victim == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setsid();
        setenv("VICTIM", PEN_SECRET, 1);
        dup2(pipes[1], 1);
        close(pipes[0]);
        execl(pen_at(pen, "probe"), "probe", "victim", secret, home, (char *)0);
        _exit(1);
    }
    close(pipes[1]);
    ssize_t len = read(pipes[0], pen->victim_line, sizeof pen->victim_line - 1);
    if (len <= 0)
        abort();
    close(pipes[0]);
}

static void open_terminal(struct pen *pen)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0 ||
        ptsname_r(fd, pen->terminal, sizeof pen->terminal))
        abort();
}

static void set_environment(const struct pen *pen)
{
    setenv("HOME", pen_at(pen, "home"), 1);
    setenv("XDG_RUNTIME_DIR", pen_at(pen, "run"), 1);
    setenv("OPENAI_API_KEY", PEN_SECRET, 1);
    setenv("MY_SERVICE_TOKEN", PEN_SECRET, 1);
    setenv("SSH_AUTH_SOCK", pen_at(pen, "run/agent"), 1);
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/bus", 1);
    setenv("DISPLAY", ":0", 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_STATE_HOME");
}

void pen_set(struct pen *pen, const char *key, const char *value)
{
    struct error err = { 0 };
    if (!settings_set(pen->settings, key, value, "--set", &err)) {
        buf_printf(&pen->report, "%s\n", err.text);
        abort();
    }
}

static void make_pen(struct pen *pen)
{
    struct error err = { 0 };
    set_environment(pen);
    make_directory(pen, "run");
    make_directory(pen, "private");
    pen_restore(pen);
    listen_at(pen_at(pen, "run/tmux"), SOCK_STREAM);
    listen_at(pen_at(pen, "run/agent"), SOCK_STREAM);
    listen_at(pen_at(pen, "docker.sock"), SOCK_STREAM);
    listen_at(pen_at(pen, "datagram"), SOCK_DGRAM);
    char abstract[64];
    snprintf(abstract, sizeof abstract, "@%s", pen->mark);
    listen_at(abstract, SOCK_STREAM);
    listen_on_port(pen);
    open_terminal(pen);
    start_victim(pen);
    pen->client_fd = memfd_create("client", 0); /* not closed by exec() */
    if (write(pen->client_fd, PEN_SECRET, strlen(PEN_SECRET)) < 0)
        abort();
    pen->settings = settings_new();
    pen_set(pen, "tools.sandbox.least", "none");
    pen_set(pen, "endpoints.cloud.url", "http://127.0.0.1:9");
    pen_set(pen, "endpoints.cloud.key.file",
            pen_at(pen, "home/keys/vendor.key"));
    pen->loop = loop_new(&err);
    pen->box = box_new(&(struct box_setup){ .settings = pen->settings,
                                            .directory = pen_at(pen, "work"),
                                            .temporary = pen_at(pen, "private"),
                                            .most = pen->tier },
                       &err);
    if (!pen->box)
        abort();
    setenv("LD_PRELOAD", "/nowhere.so", 1);
}

/* Running one. */

static void add(struct pen_arguments *arguments, const char *key,
                const char *value)
{
    char *text = arguments->text[arguments->count];
    snprintf(text, sizeof arguments->text[0], *key ? "%s=%s" : "%s%s", key,
             value);
    arguments->argv[arguments->count++] = text;
}

static void add_number(struct pen_arguments *arguments, const char *key,
                       long number)
{
    char text[32];
    snprintf(text, sizeof text, "%ld", number);
    add(arguments, key, text);
}

void pen_describe(const struct pen *pen, const char *name,
                  struct pen_arguments *arguments)
{
    char address[64] = "", abstract[64];
    int fd = -1, shm = -1;
    sscanf(pen->victim_line, "%d %63s %d", &fd, address, &shm);
    snprintf(abstract, sizeof abstract, "@%s", pen->mark);
    add(arguments, "", pen_at(pen, "probe"));
    add(arguments, "", name);
    add(arguments, "home", pen_at(pen, "home"));
    add(arguments, "work", pen_at(pen, "work"));
    add(arguments, "outside", pen_at(pen, "outside"));
    add(arguments, "key", pen_at(pen, "home/keys/vendor.key"));
    add(arguments, "tmux", pen_at(pen, "run/tmux"));
    add(arguments, "agent", pen_at(pen, "run/agent"));
    add(arguments, "docker", pen_at(pen, "docker.sock"));
    add(arguments, "datagram", pen_at(pen, "datagram"));
    add(arguments, "setuid", pen_at(pen, "setuid"));
    add(arguments, "abstract", abstract);
    add(arguments, "terminal", pen->terminal);
    add(arguments, "secret", PEN_SECRET);
    add(arguments, "mark", pen->mark);
    add(arguments, "address", address);
    add_number(arguments, "client", getpid());
    add_number(arguments, "client_group", getpgrp());
    add_number(arguments, "client_fd", pen->client_fd);
    add_number(arguments, "guard", pen->guard);
    add_number(arguments, "victim", pen->victim);
    add_number(arguments, "victim_fd", fd);
    add_number(arguments, "shm", shm);
    add_number(arguments, "tcp", pen->port);
}

static void on_words(void *context, struct slice piece)
{
    struct pen *pen = context;
    buf_append_slice(&pen->words, piece);
    if (pen->child && strstr(buf_string(&pen->words), "ready\n"))
        child_stop(pen->child, pen->grace_ms);
}

static void on_done(void *context, const struct child_end *end)
{
    struct pen *pen = context;
    if (end->err)
        buf_printf(&pen->words, "\n(%s)", end->err->text);
    pen->is_done = true;
}

bool pen_run(struct pen *pen, struct box *box, struct box_ask ask)
{
    static const char *const names[] = { "MY_SERVICE_TOKEN", "MALLOC_ARENA_MAX",
                                         NULL };
    struct error err = { 0 };
    struct box_command command;
    struct child_setup setup = { .loop = pen->loop,
                                 .on_output = on_words,
                                 .on_messages = on_words,
                                 .wait_ms = PEN_WAIT_MS,
                                 .on_done = on_done,
                                 .context = pen };
    buf_reset(&pen->words);
    pen->is_done = false;
    ask.names = names;
    if (!box_wrap(box ? box : pen->box, &ask, &command, &err)) {
        buf_printf(&pen->words, "%s", err.text);
        return false;
    }
    box_command_apply(&command, &setup);
    pen->child = child_start(&setup, &err);
    bool is_run = pen->child;
    while (is_run && !pen->is_done)
        loop_turn(pen->loop, PEN_WAIT_MS);
    child_free(pen->child);
    pen->child = NULL;
    box_command_clear(&command);
    return is_run;
}

/* Judging it. */

/* The victim is our only child: who runs away from a minder comes to us. */
bool pen_is_empty(const struct pen *pen)
{
    char path[64];
    struct buf text = { 0 };
    struct error err;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = path_read_fd(&text, fd, REPORT_MAX, path, &err) &&
              strtol(buf_string(&text), NULL, 10) == pen->victim &&
              !strchr(strchr(buf_string(&text), ' ') + 1, ' ');
    close(fd);
    buf_clear(&text);
    return ok;
}
/* Processes. */

static void become_nobody(void)
{
    if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) < 0)
        abort();
}

static _Noreturn void be_client(struct pen *pen, int out, pen_client_fn *fn)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    make_pen(pen);
    secret_close_process();
    if (box_tier(pen->box) == pen->tier)
        fn(pen);
    else
        buf_append_string(&pen->report, "no such tier here\n");
    pen_restore(pen);
    kill(pen->victim, SIGKILL);
    if (write(out, buf_string(&pen->report), pen->report.len) < 0)
        _exit(1);
    _exit(0);
}

static _Noreturn void be_guard(struct pen *pen, int out, bool is_user,
                               pen_client_fn *fn)
{
    int status;
    if (is_user && geteuid() == 0)
        become_nobody();
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pen->guard = getpid();
    pid_t client = fork();
    if (client == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setpgid(0, 0);
        be_client(pen, out, fn);
    }
    while (waitpid(client, &status, 0) != client)
        ;
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/* What the client has to complain of; the caller frees it. Not below /tmp, of
 * which programs have one of their own. */
static char *in_pen(enum box_tier tier, bool is_user, pen_client_fn *fn)
{
    struct pen pen = { .root = "/var/tmp/sennit-box-XXXXXX",
                       .grace_ms = GRACE_MS,
                       .tier = tier };
    struct buf report = { 0 };
    struct error err;
    int pipes[2], status;
    ck_assert_ptr_nonnull(mkdtemp(pen.root));
    snprintf(pen.mark, sizeof pen.mark, "box-%d", (int)getpid());
    probe_copy(pen_at(&pen, "probe"), 0755);
    probe_copy(pen_at(&pen, "setuid"), 04755);
    ck_assert_int_eq(chmod(pen.root, 0755), 0);
    if (is_user && geteuid() == 0)
        ck_assert_int_eq(chown(pen.root, NOBODY, NOBODY), 0);
    ck_assert_int_eq(pipe2(pipes, O_CLOEXEC), 0);
    pid_t guard = fork();
    if (guard == 0)
        be_guard(&pen, pipes[1], is_user, fn);
    close(pipes[1]);
    bool ok = path_read_fd(&report, pipes[0], REPORT_MAX, "report", &err);
    close(pipes[0]);
    waitpid(guard, &status, 0);
    scratch_remove(pen.root);
    ck_assert(ok);
    ck_assert_int_eq(status, 0);
    return buf_steal(&report);
}

/* bubblewrap may be missing; the two of the kernel must be there. */
void pen_check(enum box_tier tier, bool is_user, pen_client_fn *fn)
{
    if (!is_user && geteuid() != 0) {
        skip_note("users");
        return;
    }
    char *report = in_pen(tier, is_user, fn);
    if (!strcmp(report, "no such tier here\n") && tier == BOX_FULL)
        skip_note("bubblewrap");
    else if (strcmp(report, "no such tier here\n") || tier != BOX_FILES)
        ck_assert_msg(!*report, "%s", report);
    else
        skip_note("landlock");
    free(report);
}
