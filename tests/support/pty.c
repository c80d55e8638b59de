/* SPDX-License-Identifier: MIT */
#include "tests/support/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

#include <check.h>
#include <vterm.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "tests/support/dim.h"
#include "tests/support/environment.h"
#include "tests/support/output_grammar.h"
#include "tests/support/scratch.h"

enum {
    HEIGHT = 24,
    WIDTH = 80,
    PICTURE_MAX = 4000, /* bytes: Check refuses long messages */
};

struct pty {
    int master;
    int pid, pidfd; /* -1: nothing runs */
    int height, width;
    char directory[SCRATCH_PATH_MAX];
    char slave[64];
    struct environment environment;
    VTerm *vterm;
    VTermScreen *screen;
    bool cursor_is_visible, is_alternate;
    int bells;
    struct buf output;
    size_t shown;       /* bytes of output that libvterm has seen */
    struct buf cluster; /* the last character and its marks */
    VTermPos cluster_at;
    struct buf keyboard; /* not written yet */
    struct buf sequence; /* as libvterm gets it */
    struct buf text;     /* for pty_screen() and pty_row() */
};

/* The terminal. */

static int on_terminal_property(VTermProp prop, VTermValue *value, void *user)
{
    struct pty *pty = user;
    if (prop == VTERM_PROP_CURSORVISIBLE)
        pty->cursor_is_visible = value->boolean;
    else if (prop == VTERM_PROP_ALTSCREEN)
        pty->is_alternate = value->boolean;
    return 1;
}

static int on_bell(void *user)
{
    struct pty *pty = user;
    pty->bells++;
    return 1;
}

static void on_answer(const char *bytes, size_t len, void *user)
{
    struct pty *pty = user;
    buf_append(&pty->keyboard, bytes, len);
}

static void start_vterm(struct pty *pty)
{
    static const VTermScreenCallbacks callbacks = {
        .settermprop = on_terminal_property,
        .bell = on_bell,
    };
    pty->vterm = vterm_new(pty->height, pty->width);
    vterm_set_utf8(pty->vterm, 1);
    vterm_output_set_callback(pty->vterm, on_answer, pty);
    pty->screen = vterm_obtain_screen(pty->vterm);
    vterm_screen_set_callbacks(pty->screen, &callbacks, pty);
    vterm_screen_enable_altscreen(pty->screen, 1);
    vterm_screen_reset(pty->screen, 1);
    pty->cursor_is_visible = true;
}

static VTermPos cursor_of(const struct pty *pty)
{
    VTermPos pos;
    vterm_state_get_cursorpos(vterm_obtain_state(pty->vterm), &pos);
    return pos;
}

/* Cells of the character at the start; -1 for what is none. */
static int width_of(struct slice character)
{
    wchar_t wide = 0;
    mbstate_t state = { 0 };
    size_t len = mbrtowc(&wide, character.ptr, character.len, &state);
    return len == (size_t)-1 || len == (size_t)-2 ? -1 : wcwidth(wide);
}

/* What was meant for another size may come late: libvterm 0.1 falls over a wide
 * character where there is one column. */
static void write_cluster(struct pty *pty)
{
    struct slice text = buf_slice(&pty->cluster);
    if (width_of(text) > pty->width)
        text = slice_of("?");
    pty->cluster_at = cursor_of(pty);
    vterm_input_write(pty->vterm, text.ptr, text.len);
}

/* A mark goes to the character before it. libvterm 0.1 forgets which that was
 * at the right margin, unless both come in one call: it is written again. (On
 * a terminal of one column this does not help.) */
static void show_mark(struct pty *pty, struct slice mark)
{
    VTermPos at = cursor_of(pty);
    char column[16];
    buf_append_slice(&pty->cluster, mark);
    if (at.row != pty->cluster_at.row || at.col != pty->cluster_at.col) {
        vterm_input_write(pty->vterm, mark.ptr, mark.len);
        return;
    }
    /* It only forgets that the line is full where the cursor moves. */
    snprintf(column, sizeof column, "\r\033[%dC", at.col);
    vterm_input_write(pty->vterm, column, strlen(column));
    write_cluster(pty);
}

static bool is_mark(struct slice character)
{
    return character.len > 1 && width_of(character) == 0;
}

/* Once ASCII is designated, libvterm 0.1 takes a character that is ASCII and
 * its mark apart. Left alone it speaks UTF-8. */
static bool designates_ascii(struct slice sequence)
{
    return slice_is(sequence, "\033(B");
}

static void show_token(struct pty *pty, const struct output_token *token)
{
    for (int i = 0; i < token->repeat; i++)
        write_cluster(pty);
    if (token->repeat)
        return;
    if (token->is_character && pty->cluster.len && is_mark(token->text)) {
        show_mark(pty, token->text);
        return;
    }
    buf_reset(&pty->cluster);
    if (token->is_character) {
        buf_append_slice(&pty->cluster, token->text);
        write_cluster(pty);
    } else if (!designates_ascii(token->text)) {
        buf_reset(&pty->sequence);
        dim_append(&pty->sequence, token->text);
        vterm_input_write(pty->vterm, pty->sequence.ptr, pty->sequence.len);
    }
}

/* Show what arrived. Whole tokens only, because REP, which libvterm 0.1 does
 * not know, is spelled out here. */
static void show_output(struct pty *pty)
{
    struct slice rest = slice_skip(buf_slice(&pty->output), pty->shown);
    struct output_token token;
    while (output_next_token(&rest, &token))
        show_token(pty, &token);
    pty->shown = pty->output.len - rest.len;
}

/* The environment. */

static void make_environment(struct pty *pty, const struct pty_options *options)
{
    static const char *const passed[] = { "PATH", "UBSAN_OPTIONS",
                                          "GCOV_PREFIX" };
    static const struct {
        const char *name, *directory;
    } directories[] = {
        { "HOME", "." },
        { "XDG_CONFIG_HOME", ".config" },
        { "XDG_DATA_HOME", ".local/share" },
        { "XDG_STATE_HOME", ".local/state" },
        { "XDG_CACHE_HOME", ".cache" },
        { "XDG_RUNTIME_DIR", "run" },
        { "TMPDIR", "tmp" },
    };
    for (size_t i = 0; i < COUNTOF(passed); i++) {
        if (getenv(passed[i]))
            environment_set(&pty->environment, passed[i], getenv(passed[i]));
    }
    for (size_t i = 0; i < COUNTOF(directories); i++)
        environment_set(&pty->environment, directories[i].name,
                        pty_path(pty, directories[i].directory));
    environment_set(&pty->environment, "HOME", pty->directory);
    /* The leak checker stops the program from a process of its own, and spins
     * where a signal ends both: leaks are for programs without a terminal. */
    environment_set(&pty->environment, "ASAN_OPTIONS", "detect_leaks=0");
    environment_set(&pty->environment, "LC_ALL", "C.UTF-8");
    environment_set(&pty->environment, "TERM",
                    options && options->term ? options->term
                                             : "xterm-256color");
    if (!options || !options->variables)
        return;
    for (const char *const *each = options->variables; *each; each++)
        environment_put(&pty->environment, *each);
}

static void make_directories(const char *path)
{
    char *copy = memory_string(path);
    for (char *at = strchr(copy + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        ck_assert(mkdir(copy, 0700) == 0 || errno == EEXIST);
        *at = '/';
    }
    free(copy);
}

const char *pty_home(const struct pty *pty)
{
    return pty->directory;
}

const char *pty_path(const struct pty *pty, const char *relative)
{
    static char path[1024];
    int len = snprintf(path, sizeof path, "%s/%s", pty->directory, relative);
    ck_assert_int_lt(len, (int)sizeof path);
    return path;
}

void pty_write_file(const struct pty *pty, const char *relative,
                    const char *text)
{
    const char *path = pty_path(pty, relative);
    make_directories(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void set_size(struct pty *pty, int height, int width)
{
    struct winsize size = { .ws_row = (unsigned short)height,
                            .ws_col = (unsigned short)width };
    pty->height = height;
    pty->width = width;
    ck_assert_int_eq(ioctl(pty->master, TIOCSWINSZ, &size), 0);
}

struct pty *pty_new(const struct pty_options *options)
{
    struct pty *pty = memory_zero(1, sizeof *pty);
    pty->pid = pty->pidfd = -1;
    scratch_directory(pty->directory, "pty");
    make_directories(pty_path(pty, "run/"));
    make_directories(pty_path(pty, "tmp/"));
    make_environment(pty, options);
    pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    ck_assert_int_ge(pty->master, 0);
    ck_assert_int_eq(grantpt(pty->master), 0);
    ck_assert_int_eq(unlockpt(pty->master), 0);
    ck_assert_int_eq(ptsname_r(pty->master, pty->slave, sizeof pty->slave), 0);
    set_size(pty, options && options->height ? options->height : HEIGHT,
             options && options->width ? options->width : WIDTH);
    start_vterm(pty);
    return pty;
}

static void reap(struct pty *pty)
{
    close(pty->pidfd);
    pty->pid = pty->pidfd = -1;
}

void pty_free(struct pty *pty)
{
    if (!pty)
        return;
    if (pty->pid > 0) {
        kill(pty->pid, SIGKILL);
        waitpid(pty->pid, NULL, 0);
        reap(pty);
    }
    pty_hang_up(pty);
    scratch_remove(pty->directory);
    environment_clear(&pty->environment);
    vterm_free(pty->vterm);
    buf_clear(&pty->output);
    buf_clear(&pty->keyboard);
    buf_clear(&pty->sequence);
    buf_clear(&pty->text);
    buf_clear(&pty->cluster);
    free(pty);
}

/* The process. */

/* In the child: all signals as a shell would give them, and the tty as standard
 * input, output and error and as controlling terminal. */
static void become_leader(const struct pty *pty)
{
    sigset_t none;
    sigemptyset(&none);
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    close(pty->master); /* else the line could not drop */
    if (setsid() < 0)
        _exit(126);
    int tty = open(pty->slave, O_RDWR); /* becomes the controlling terminal */
    if (tty < 0 || dup2(tty, 0) < 0 || dup2(tty, 1) < 0 || dup2(tty, 2) < 0)
        _exit(126);
    if (tty > 2)
        close(tty);
}

static bool fork_leader(struct pty *pty)
{
    ck_assert_int_eq(pty->pid, -1);
    int pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        become_leader(pty);
        return true;
    }
    pty->pid = pid;
    pty->pidfd = pidfd_open(pid, 0);
    ck_assert_int_ge(pty->pidfd, 0);
    return false;
}

void pty_start(struct pty *pty, const char *const argv[])
{
    if (!fork_leader(pty))
        return;
    /* execve() takes them without const for historical reasons. */
    union {
        const char *const *given;
        char *const *wanted;
    } arguments = { .given = argv };
    execve(argv[0], arguments.wanted, pty->environment.variables);
    dprintf(2, "cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

void pty_call(struct pty *pty, pty_fn *fn, void *context)
{
    if (!fork_leader(pty))
        return;
    clearenv();
    for (int i = 0; i < pty->environment.count; i++)
        putenv(pty->environment.variables[i]);
    _exit(fn(context));
}

int pty_pid(const struct pty *pty)
{
    return pty->pid;
}

const char *pty_slave(const struct pty *pty)
{
    return pty->slave;
}

void pty_signal(struct pty *pty, int signal_number)
{
    ck_assert_int_gt(pty->pid, 0);
    ck_assert_int_eq(kill(pty->pid, signal_number), 0);
}

void pty_resize(struct pty *pty, int height, int width)
{
    vterm_set_size(pty->vterm, height, width);
    set_size(pty, height, width);
}

void pty_hang_up(struct pty *pty)
{
    if (pty->master >= 0)
        close(pty->master);
    pty->master = -1;
}

/* The traffic. */

static void write_keyboard(struct pty *pty)
{
    while (pty->keyboard.len && pty->master >= 0) {
        ssize_t len = write(pty->master, pty->keyboard.ptr, pty->keyboard.len);
        if (len <= 0)
            return;
        buf_consume(&pty->keyboard, (size_t)len);
    }
}

void pty_send_bytes(struct pty *pty, struct slice bytes)
{
    buf_append_slice(&pty->keyboard, bytes);
    write_keyboard(pty);
}

void pty_send(struct pty *pty, const char *text)
{
    pty_send_bytes(pty, slice_of(text));
}

/* False if nothing was there: EIO says that nobody has the tty open. */
static bool read_output(struct pty *pty)
{
    char bytes[4096];
    ssize_t len = pty->master < 0 ? -1 : read(pty->master, bytes, sizeof bytes);
    if (len <= 0)
        return false;
    buf_append(&pty->output, bytes, (size_t)len);
    show_output(pty);
    return true;
}

/* Wait for output (or for room for what the keyboard sends, or for the end of
 * the process) and take it. False when the time is up. */
static bool step(struct pty *pty, int64_t end_at)
{
    int64_t left = end_at - clock_monotonic_ms();
    struct pollfd fds[] = {
        { .fd = pty->master,
          .events = pty->keyboard.len ? POLLIN | POLLOUT : POLLIN },
        { .fd = pty->pidfd, .events = POLLIN },
    };
    if (left <= 0)
        return false;
    poll(fds, COUNTOF(fds), (int)left);
    write_keyboard(pty);
    while (read_output(pty))
        write_keyboard(pty);
    return true;
}

static bool has_ended(const struct pty *pty)
{
    struct pollfd fd = { .fd = pty->pidfd, .events = POLLIN };
    return pty->pid >= 0 && poll(&fd, 1, 0) > 0;
}

bool pty_wait_until(struct pty *pty, pty_condition_fn *fn, void *context,
                    int deadline_ms)
{
    int64_t end_at = clock_monotonic_ms() + deadline_ms;
    while (read_output(pty))
        ;
    while (!fn(pty, context)) {
        /* What has ended writes nothing more. */
        bool ended = has_ended(pty);
        if (!step(pty, end_at) || ended)
            return fn(pty, context);
    }
    return true;
}

static bool shows(struct pty *pty, void *context)
{
    const char *text = context;
    return strstr(pty_screen(pty), text) != NULL;
}

static bool shows_no(struct pty *pty, void *context)
{
    return !shows(pty, context);
}

bool pty_wait_for(struct pty *pty, const char *text, int deadline_ms)
{
    char *copy = memory_string(text);
    bool found = pty_wait_until(pty, shows, copy, deadline_ms);
    free(copy);
    return found;
}

bool pty_wait_gone(struct pty *pty, const char *text, int deadline_ms)
{
    char *copy = memory_string(text);
    bool is_gone = pty_wait_until(pty, shows_no, copy, deadline_ms);
    free(copy);
    return is_gone;
}

void pty_expect(struct pty *pty, const char *text)
{
    ck_assert_msg(pty_wait_for(pty, text, PTY_DEADLINE_MS),
                  "\"%s\" did not appear:\n%.*s", text, PICTURE_MAX,
                  pty_screen(pty));
}

void pty_expect_gone(struct pty *pty, const char *text)
{
    ck_assert_msg(pty_wait_gone(pty, text, PTY_DEADLINE_MS),
                  "\"%s\" did not go away:\n%.*s", text, PICTURE_MAX,
                  pty_screen(pty));
}

int pty_wait_exit(struct pty *pty, int deadline_ms)
{
    int64_t end_at = clock_monotonic_ms() + deadline_ms;
    int status;
    ck_assert_int_gt(pty->pid, 0);
    while (!has_ended(pty)) {
        if (!step(pty, end_at))
            return -1;
    }
    while (read_output(pty))
        ;
    ck_assert_int_eq(waitpid(pty->pid, &status, 0), pty->pid);
    reap(pty);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int pty_quit(struct pty *pty)
{
    enum { WAIT_MS = 500 };
    int status = -1;
    for (int i = 0; i < PTY_DEADLINE_MS / WAIT_MS && status < 0; i++) {
        pty_send(pty, "\x04");
        status = pty_wait_exit(pty, WAIT_MS);
    }
    return status;
}

/* The picture. */

static void append_row(struct pty *pty, int row)
{
    VTermRect rect = { row, row + 1, 0, pty->width };
    size_t size = (size_t)pty->width * sizeof(((struct pty_cell *)0)->text);
    char *at = buf_reserve(&pty->text, size);
    size_t len = vterm_screen_get_text(pty->screen, at, size, rect);
    while (len && at[len - 1] == ' ')
        len--;
    at[len] = '\0';
    pty->text.len += len;
}

const char *pty_screen(struct pty *pty)
{
    buf_reset(&pty->text);
    for (int row = 0; row < pty->height; row++) {
        append_row(pty, row);
        buf_append_char(&pty->text, '\n');
    }
    return buf_string(&pty->text);
}

const char *pty_row(struct pty *pty, int row)
{
    buf_reset(&pty->text);
    append_row(pty, row);
    return buf_string(&pty->text);
}

static int palette_number(VTermColor color)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(&color) || VTERM_COLOR_IS_DEFAULT_BG(&color))
        return -1;
    return VTERM_COLOR_IS_INDEXED(&color) ? color.indexed.idx : -2;
}

static size_t encode(uint32_t character, char *out)
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    size_t len = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = len; i-- > 1; character >>= 6)
        out[i] = (char)(0x80 | (character & 0x3F));
    out[0] = (char)((0xF00 >> len & 0xF0) | character);
    return len;
}

struct pty_cell pty_cell(struct pty *pty, int row, int col)
{
    VTermScreenCell found = { 0 };
    VTermPos pos = { row, col };
    struct pty_cell cell = { .width = 1 };
    ck_assert(vterm_screen_get_cell(pty->screen, pos, &found));
    size_t len = 0;
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && found.chars[i]; i++) {
        if (found.chars[i] != UINT32_MAX)
            len += encode(found.chars[i], cell.text + len);
    }
    cell.width = found.width;
    cell.bold = found.attrs.bold;
    cell.dim = found.attrs.blink;
    cell.italic = found.attrs.italic;
    cell.underline = found.attrs.underline != VTERM_UNDERLINE_OFF;
    cell.reverse = found.attrs.reverse;
    cell.foreground = palette_number(found.fg);
    cell.background = palette_number(found.bg);
    return cell;
}

void pty_size(const struct pty *pty, int *height, int *width)
{
    *height = pty->height;
    *width = pty->width;
}

void pty_cursor(const struct pty *pty, int *row, int *col)
{
    VTermPos pos = cursor_of(pty);
    *row = pos.row;
    *col = pos.col;
}

bool pty_cursor_is_visible(const struct pty *pty)
{
    return pty->cursor_is_visible;
}

bool pty_is_alternate(const struct pty *pty)
{
    return pty->is_alternate;
}

int pty_bells(const struct pty *pty)
{
    return pty->bells;
}

bool pty_mode(const struct pty *pty, int mode)
{
    char wanted[32];
    struct slice rest = buf_slice(&pty->output);
    struct output_token token;
    bool is_set = false;
    int len = snprintf(wanted, sizeof wanted, "\033[?%d", mode);
    while (output_next_token(&rest, &token)) {
        if (token.text.len == (size_t)len + 1 &&
            slice_starts(token.text, wanted))
            is_set = token.text.ptr[len] == 'h';
    }
    return is_set;
}

void pty_termios(const struct pty *pty, struct termios *termios)
{
    ck_assert_int_eq(tcgetattr(pty->master, termios), 0);
}

bool pty_termios_equal(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag &&
           a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag &&
           !memcmp(a->c_cc, b->c_cc, sizeof a->c_cc);
}

struct slice pty_output(const struct pty *pty)
{
    return buf_slice(&pty->output);
}

size_t pty_output_len(const struct pty *pty)
{
    return pty->output.len;
}
