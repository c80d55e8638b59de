/* SPDX-License-Identifier: MIT */
/*
 * Programs in a box try to leave it, in every tier that this machine has, and
 * what comes of it is what escapes.txt says.
 *
 * As processes: the test forks a guard, the guard a client, as the program is
 * built; the client has the box, and starts a victim beside it. Where the test
 * is root, guard and client are an ordinary user, and once more root.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <netinet/in.h>
#include <stddef.h>
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
#include "tool/landlock.h"

enum {
    LONG_MS = 60 * 1000,
    NOBODY = 65534,
    ARGUMENTS = 32,
    TABLE_MAX = 64 * 1024,
    PROGRAM_MAX = 16 * 1024 * 1024,
    NAME_MAX_LEN = 64,
};

#define SECRET "canary-7f3a"

Suite *box_suite(void);

/* The world of the client. */
struct world {
    char root[SCRATCH_PATH_MAX];
    char mark[32];
    struct settings *settings;
    struct loop *loop;
    struct box *box;
    enum box_tier tier;
    pid_t guard, victim;
    char victim_line[128]; /* "FD ADDRESS SHM" */
    int client_fd, port;
    char terminal[64];
    struct buf report; /* what is not as expected */
    struct buf words;  /* of the probe that runs */
    bool is_done;
};

static const char *at(const struct world *world, const char *name)
{
    static char paths[8][SCRATCH_PATH_MAX + 256];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", world->root, name);
    return path;
}

static void put(const struct world *world, const char *name, const char *text)
{
    int fd =
        open(at(world, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        abort();
    close(fd);
}

static void make_directory(const struct world *world, const char *name)
{
    if (mkdir(at(world, name), 0755) < 0 && errno != EEXIST)
        abort();
}

/* As it was before the last probe. */
static void restore(const struct world *world)
{
    static const char *const gone[] = { "outside", "work",
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
        scratch_remove(at(world, gone[i]));
    for (size_t i = 0; i < COUNTOF(made); i++)
        make_directory(world, made[i]);
    put(world, "home/.ssh/id_rsa", SECRET);
    put(world, "home/.netrc", SECRET);
    put(world, "home/.bashrc", "plain\n");
    put(world, "home/.config/sennit/config.yaml", SECRET);
    put(world, "home/keys/vendor.key", SECRET);
    put(world, "outside/file", "plain\n");
    put(world, "work/.git/HEAD", "ref: refs/heads/main\n");
    put(world, "work/.git/config", "[core]\n\tbare = false\n");
    put(world, "work/tracked", "text\n");
    snprintf(shm, sizeof shm, "/dev/shm/%s", world->mark);
    snprintf(tmp, sizeof tmp, "/tmp/%s", world->mark);
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

static char *fingerprint(const struct world *world)
{
    nftw(at(world, "home"), add_fingerprint, 16, FTW_PHYS);
    nftw(at(world, "outside"), add_fingerprint, 16, FTW_PHYS);
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

static void listen_on_port(struct world *world)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 64) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        abort();
    world->port = ntohs(address.sin_port);
}

static void start_victim(struct world *world)
{
    int pipes[2];
    char secret[] = "secret=" SECRET, home[256];
    snprintf(home, sizeof home, "home=%s", at(world, "home"));
    if (pipe(pipes) < 0)
        abort();
    world->victim = fork();
    if (world->victim == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setsid();
        setenv("VICTIM", SECRET, 1);
        dup2(pipes[1], 1);
        close(pipes[0]);
        execl(at(world, "probe"), "probe", "victim", secret, home, (char *)0);
        _exit(1);
    }
    close(pipes[1]);
    ssize_t len =
        read(pipes[0], world->victim_line, sizeof world->victim_line - 1);
    if (len <= 0)
        abort();
    close(pipes[0]);
}

static void open_terminal(struct world *world)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0 ||
        ptsname_r(fd, world->terminal, sizeof world->terminal))
        abort();
}

static void set_environment(const struct world *world)
{
    setenv("HOME", at(world, "home"), 1);
    setenv("XDG_RUNTIME_DIR", at(world, "run"), 1);
    setenv("OPENAI_API_KEY", SECRET, 1);
    setenv("MY_SERVICE_TOKEN", SECRET, 1);
    setenv("SSH_AUTH_SOCK", at(world, "run/agent"), 1);
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/bus", 1);
    setenv("DISPLAY", ":0", 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_STATE_HOME");
}

static void set(struct world *world, const char *key, const char *value)
{
    struct error err = { 0 };
    if (!settings_set(world->settings, key, value, "--set", &err)) {
        buf_printf(&world->report, "%s\n", err.text);
        abort();
    }
}

static void make_world(struct world *world)
{
    struct error err = { 0 };
    set_environment(world);
    make_directory(world, "run");
    make_directory(world, "private");
    restore(world);
    listen_at(at(world, "run/tmux"), SOCK_STREAM);
    listen_at(at(world, "run/agent"), SOCK_STREAM);
    listen_at(at(world, "docker.sock"), SOCK_STREAM);
    listen_at(at(world, "datagram"), SOCK_DGRAM);
    char abstract[64];
    snprintf(abstract, sizeof abstract, "@%s", world->mark);
    listen_at(abstract, SOCK_STREAM);
    listen_on_port(world);
    open_terminal(world);
    start_victim(world);
    world->client_fd = memfd_create("client", 0); /* not closed by exec() */
    if (write(world->client_fd, SECRET, strlen(SECRET)) < 0)
        abort();
    world->settings = settings_new();
    set(world, "tools.sandbox.least", "none");
    set(world, "endpoints.cloud.url", "http://127.0.0.1:9");
    set(world, "endpoints.cloud.key.file", at(world, "home/keys/vendor.key"));
    world->loop = loop_new(&err);
    world->box = box_new(&(struct box_setup){ .settings = world->settings,
                                              .directory = at(world, "work"),
                                              .temporary = at(world, "private"),
                                              .most = world->tier },
                         &err);
    if (!world->box)
        abort();
    setenv("LD_PRELOAD", "/nowhere.so", 1);
}

/* Running one. */

struct arguments {
    char text[ARGUMENTS][SCRATCH_PATH_MAX + 256];
    char *argv[ARGUMENTS + 1];
    size_t count;
};

static void add(struct arguments *arguments, const char *key, const char *value)
{
    char *text = arguments->text[arguments->count];
    snprintf(text, sizeof arguments->text[0], *key ? "%s=%s" : "%s%s", key,
             value);
    arguments->argv[arguments->count++] = text;
}

static void add_number(struct arguments *arguments, const char *key,
                       long number)
{
    char text[32];
    snprintf(text, sizeof text, "%ld", number);
    add(arguments, key, text);
}

static void describe(const struct world *world, const char *name,
                     struct arguments *arguments)
{
    char address[64] = "", abstract[64];
    int fd = -1, shm = -1;
    sscanf(world->victim_line, "%d %63s %d", &fd, address, &shm);
    snprintf(abstract, sizeof abstract, "@%s", world->mark);
    add(arguments, "", at(world, "probe"));
    add(arguments, "", name);
    add(arguments, "home", at(world, "home"));
    add(arguments, "work", at(world, "work"));
    add(arguments, "outside", at(world, "outside"));
    add(arguments, "key", at(world, "home/keys/vendor.key"));
    add(arguments, "tmux", at(world, "run/tmux"));
    add(arguments, "agent", at(world, "run/agent"));
    add(arguments, "docker", at(world, "docker.sock"));
    add(arguments, "datagram", at(world, "datagram"));
    add(arguments, "setuid", at(world, "setuid"));
    add(arguments, "abstract", abstract);
    add(arguments, "terminal", world->terminal);
    add(arguments, "secret", SECRET);
    add(arguments, "mark", world->mark);
    add(arguments, "address", address);
    add_number(arguments, "client", getpid());
    add_number(arguments, "client_group", getpgrp());
    add_number(arguments, "client_fd", world->client_fd);
    add_number(arguments, "guard", world->guard);
    add_number(arguments, "victim", world->victim);
    add_number(arguments, "victim_fd", fd);
    add_number(arguments, "shm", shm);
    add_number(arguments, "tcp", world->port);
}

static void on_words(void *context, struct slice piece)
{
    struct world *world = context;
    buf_append_slice(&world->words, piece);
}

static void on_done(void *context, const struct child_end *end)
{
    struct world *world = context;
    if (end->err)
        buf_printf(&world->words, "\n(%s)", end->err->text);
    world->is_done = true;
}

static bool run(struct world *world, char *const *argv, bool wants_network)
{
    static const char *const names[] = { "MY_SERVICE_TOKEN", "MALLOC_ARENA_MAX",
                                         NULL };
    struct error err = { 0 };
    struct box_command command;
    struct child_setup setup = { .loop = world->loop,
                                 .on_output = on_words,
                                 .on_messages = on_words,
                                 .wait_ms = LONG_MS,
                                 .on_done = on_done,
                                 .context = world };
    buf_reset(&world->words);
    world->is_done = false;
    if (!box_wrap(world->box,
                  &(struct box_ask){ .argv = argv,
                                     .names = names,
                                     .wants_network = wants_network },
                  &command, &err)) {
        buf_printf(&world->words, "%s", err.text);
        return false;
    }
    box_command_apply(&command, &setup);
    struct child *child = child_start(&setup, &err);
    while (child && !world->is_done)
        loop_turn(world->loop, LONG_MS);
    child_free(child);
    box_command_clear(&command);
    return child != NULL;
}

/* Judging it. */

/* The victim is our only child: who runs away from a minder comes to us. */
static bool is_nobody_left(const struct world *world)
{
    char path[64];
    struct buf text = { 0 };
    struct error err;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = path_read_fd(&text, fd, TABLE_MAX, path, &err) &&
              strtol(buf_string(&text), NULL, 10) == world->victim &&
              !strchr(strchr(buf_string(&text), ' ') + 1, ' ');
    close(fd);
    buf_clear(&text);
    return ok;
}

/* Whether something of it is still there, outside, when the call has ended. */
static bool is_left(const struct world *world, const char *name)
{
    char path[64];
    if (!strcmp(name, "git-commondir"))
        return access(at(world, "work/.git/commondir"), F_OK) == 0;
    if (!strcmp(name, "shared-memory-file") || !strcmp(name, "shared-tmp")) {
        snprintf(path, sizeof path, "%s/%s",
                 strcmp(name, "shared-tmp") ? "/dev/shm" : "/tmp", world->mark);
        return access(path, F_OK) == 0;
    }
    if (!strncmp(name, "daemon", 6) || !strcmp(name, "fork-chain"))
        return !is_nobody_left(world);
    return true;
}

static const char *outcome(const struct world *world, const char *name)
{
    const char *words = buf_string(&world->words);
    if (!strncmp(words, "allowed\n", 8))
        return "allowed";
    if (!strncmp(words, "refused: ", 9))
        return "refused";
    if (strncmp(words, "escaped\n", 8))
        return "lost";
    return is_left(world, name) ? "escaped" : "undone";
}

/* "refused@3", "escaped%" */
static bool is_expected(const char *expected, const char *found)
{
    struct error err;
    const char *version = strchr(expected, '@');
    const char *users = strchr(expected, '%');
    if (users)
        return geteuid() ? !strncmp(expected, found, (size_t)(users - expected))
                         : !strcmp(found, "refused");
    if (!strcmp(expected, "-"))
        return strcmp(found, "lost") != 0;
    if (!version)
        return !strcmp(expected, found);
    if (landlock_version(&err) < strtol(version + 1, NULL, 10))
        return !strcmp(found, "escaped");
    return !strncmp(expected, found, (size_t)(version - expected));
}

static void complain(struct world *world, const char *name, const char *what)
{
    buf_printf(&world->report, "%s in %s: %s; it said: %s\n", name,
               box_tier_name(world->tier), what, buf_string(&world->words));
}

/* Hooks and configuration of a real one. */
static bool make_repository(const struct world *world)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    char git[] = "git", init[] = "init", quiet[] = "-q";
    char path[SCRATCH_PATH_MAX + 64];
    char *const argv[] = { git, init, quiet, path, NULL };
    snprintf(path, sizeof path, "%s", at(world, "work"));
    scratch_remove(at(world, "work/.git"));
    bool ok = child_read(&out, argv, TABLE_MAX, LONG_MS, &err);
    buf_clear(&out);
    return ok;
}

static void try_one(struct world *world, const char *name, const char *expected)
{
    struct arguments arguments = { .count = 0 };
    char what[128];
    restore(world);
    if (!strcmp(name, "may-git-commit") && !make_repository(world))
        return;
    if (!strcmp(name, "git-absent"))
        scratch_remove(at(world, "work/.git"));
    describe(world, name, &arguments);
    char *before = fingerprint(world);
    run(world, arguments.argv, false);
    const char *found = outcome(world, name);
    if (!is_expected(expected, found)) {
        snprintf(what, sizeof what, "%s instead of %s", found, expected);
        complain(world, name, what);
    }
    if (!is_nobody_left(world))
        complain(world, name, "somebody is left");
    char *after = fingerprint(world);
    if (!strcmp(found, "refused") && strcmp(before, after))
        complain(world, name, "something has changed");
    if (access(at(world, "work/.idea"), F_OK) == 0)
        complain(world, name, "a stand-in is left");
    free(before);
    free(after);
}

static void try_all(struct world *world, const char *table)
{
    struct slice rest = slice_of(table), line;
    while (slice_next_line(&rest, &line)) {
        char name[NAME_MAX_LEN], cells[BOX_TIER_COUNT][NAME_MAX_LEN], text[256];
        snprintf(text, sizeof text, "%.*s", SLICE_ARG(line));
        if (text[0] != '#' &&
            sscanf(text, "%63s %63s %63s %63s %63s", name, cells[BOX_FULL],
                   cells[BOX_FILES], cells[BOX_NET], cells[BOX_NONE]) == 5)
            try_one(world, name, cells[world->tier]);
    }
}

/* Processes. */

static void become_nobody(void)
{
    if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) < 0)
        abort();
}

typedef void client_fn(struct world *world);

static _Noreturn void be_client(struct world *world, int out, client_fn *fn)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    make_world(world);
    secret_close_process();
    if (box_tier(world->box) == world->tier)
        fn(world);
    else
        buf_append_string(&world->report, "no such tier here\n");
    restore(world);
    kill(world->victim, SIGKILL);
    if (write(out, buf_string(&world->report), world->report.len) < 0)
        _exit(1);
    _exit(0);
}

static _Noreturn void be_guard(struct world *world, int out, bool is_user,
                               client_fn *fn)
{
    int status;
    if (is_user)
        become_nobody();
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    world->guard = getpid();
    pid_t client = fork();
    if (client == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setpgid(0, 0);
        be_client(world, out, fn);
    }
    while (waitpid(client, &status, 0) != client)
        ;
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static void copy_program(const struct world *world, const char *name,
                         mode_t mode)
{
    struct buf program = { 0 };
    struct error err = { 0 };
    ck_assert_msg(path_read_file(&program, probe_path(), PROGRAM_MAX, &err),
                  "%s", err.text);
    int fd = open(at(world, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    ck_assert_int_eq(write(fd, program.ptr, program.len), (ssize_t)program.len);
    ck_assert_int_eq(fchmod(fd, mode), 0);
    close(fd);
    buf_clear(&program);
}

/* What the client has to complain of; the caller frees it. Not below /tmp, of
 * which programs have one of their own. */
static char *in_world(enum box_tier tier, bool is_user, client_fn *fn)
{
    struct world world = { .root = "/var/tmp/sennit-box-XXXXXX", .tier = tier };
    struct buf report = { 0 };
    struct error err;
    int pipes[2], status;
    ck_assert_ptr_nonnull(mkdtemp(world.root));
    snprintf(world.mark, sizeof world.mark, "box-%d", (int)getpid());
    copy_program(&world, "probe", 0755);
    copy_program(&world, "setuid", 04755);
    ck_assert_int_eq(chmod(world.root, 0755), 0);
    if (is_user)
        ck_assert_int_eq(chown(world.root, NOBODY, NOBODY), 0);
    ck_assert_int_eq(pipe2(pipes, O_CLOEXEC), 0);
    pid_t guard = fork();
    if (guard == 0)
        be_guard(&world, pipes[1], is_user, fn);
    close(pipes[1]);
    bool ok = path_read_fd(&report, pipes[0], TABLE_MAX, "report", &err);
    close(pipes[0]);
    waitpid(guard, &status, 0);
    scratch_remove(world.root);
    ck_assert(ok);
    ck_assert_int_eq(status, 0);
    return buf_steal(&report);
}

/* bubblewrap may be missing; the two of the kernel must be there. */
static void check_world(enum box_tier tier, bool is_user, client_fn *fn)
{
    if (is_user && geteuid() != 0) {
        skip_note("users");
        return;
    }
    char *report = in_world(tier, is_user, fn);
    if (!strcmp(report, "no such tier here\n") && tier == BOX_FULL)
        skip_note("bubblewrap");
    else if (strcmp(report, "no such tier here\n") || tier != BOX_FILES)
        ck_assert_msg(!*report, "%s", report);
    else
        skip_note("landlock");
    free(report);
}

static void try_table(struct world *world)
{
    struct buf table = { 0 };
    struct error err = { 0 };
    if (!path_read_file(&table, "tests/tool/escapes.txt", TABLE_MAX, &err))
        buf_printf(&world->report, "%s\n", err.text);
    try_all(world, buf_string(&table));
    buf_clear(&table);
}

START_TEST(what_a_user_runs_stays_in_the_box)
{
    check_world((enum box_tier)_i, true, try_table);
}
END_TEST

START_TEST(what_we_run_stays_in_the_box)
{
    check_world((enum box_tier)_i, false, try_table);
}
END_TEST

Suite *box_suite(void)
{
    Suite *suite = suite_create("box");
    TCase *escapes = tcase_create("escapes");
    tcase_set_timeout(escapes, 120);
    tcase_add_loop_test(escapes, what_a_user_runs_stays_in_the_box, BOX_NONE,
                        BOX_TIER_COUNT);
    tcase_add_loop_test(escapes, what_we_run_stays_in_the_box, BOX_NONE,
                        BOX_TIER_COUNT);
    suite_add_tcase(suite, escapes);
    return suite;
}
