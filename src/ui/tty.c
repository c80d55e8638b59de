/* SPDX-License-Identifier: MIT */
#include "ui/tty.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"

/* A job in the background has no say in the terminal's settings. A terminal
 * that is not our controlling one (tcgetpgrp() fails) knows no jobs. */
static bool is_of_another_job(int fd)
{
    pid_t group = tcgetpgrp(fd);
    return group > 0 && group != getpgrp();
}

bool tty_open(struct tty *tty, const char *path, struct error *err)
{
    *tty = (struct tty){ .fd = -1 };
    /* Not on descriptors 0 to 2: O_NONBLOCK belongs to the open file, which the
     * shell and every other program on the terminal share. */
    int fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return error_system(err, "cannot open the terminal %s", path);
    tty->fd = fd;
    bool is_usable = tcgetattr(fd, &tty->found) == 0;
    if (!is_usable)
        error_system(err, "%s is no terminal", path);
    else if (is_of_another_job(fd))
        is_usable = error_set(err, ERROR_CONFIG,
                              "the terminal belongs to another job; start "
                              "sennit in the foreground");
    if (!is_usable) {
        close(fd);
        tty->fd = -1;
    }
    return is_usable;
}

void tty_close(struct tty *tty)
{
    if (tty->fd < 0)
        return;
    tty_set_found(tty);
    buf_clear(&tty->pending);
    close(tty->fd);
    *tty = (struct tty){ .fd = -1 };
}

/* TCSANOW, because the others wait until the terminal has taken all output. It
 * must not stop us when the terminal was taken away: SIGTTOU is blocked. */
static bool set_termios(int fd, const struct termios *termios)
{
    sigset_t ttou, before;
    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &ttou, &before);
    int result;
    do {
        result = tcsetattr(fd, TCSANOW, termios);
    } while (result < 0 && errno == EINTR);
    int code = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = code;
    return result == 0;
}

bool tty_set_raw(struct tty *tty, struct error *err)
{
    /* Somebody may have changed them since (stty in a shell, after Ctrl-Z). */
    if (tcgetattr(tty->fd, &tty->found) < 0)
        return error_system(err, "cannot read the terminal's settings");
    struct termios raw = tty->found;
    raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | INPCK | ISTRIP |
                               INLCR | IGNCR | ICRNL | IXON);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (!set_termios(tty->fd, &raw))
        return error_system(err, "cannot change the terminal's settings");
    tty->is_raw = true;
    return true;
}

void tty_set_found(struct tty *tty)
{
    if (tty->is_raw && !tty->is_gone)
        set_termios(tty->fd, &tty->found);
    tty->is_raw = false;
}

static int clamp(int value, int fallback, int most)
{
    return value <= 0 ? fallback : value > most ? most : value;
}

void tty_size(const struct tty *tty, int *height, int *width)
{
    struct winsize size = { 0 };
    if (ioctl(tty->fd, TIOCGWINSZ, &size) < 0)
        size = (struct winsize){ 0 };
    *height = clamp(size.ws_row, 24, TTY_HEIGHT_MAX);
    *width = clamp(size.ws_col, 80, TTY_WIDTH_MAX);
}

static bool is_for_later(int code)
{
    return code == EAGAIN || code == EWOULDBLOCK;
}

int tty_read(struct tty *tty, char *bytes, int size)
{
    ssize_t len = -1;
    if (tty->is_gone)
        return -1;
    do {
        len = read(tty->fd, bytes, (size_t)size);
    } while (len < 0 && errno == EINTR);
    if (len < 0 && is_for_later(errno))
        return 0;
    if (len <= 0) {
        tty->is_gone = true;
        return -1;
    }
    return (int)len;
}

void tty_send_string(struct tty *tty, const char *string)
{
    if (!tty->is_gone)
        buf_append_string(&tty->pending, string);
}

bool tty_is_pending(const struct tty *tty)
{
    return tty->pending.len > 0;
}

static void forget_pending(struct tty *tty)
{
    buf_reset(&tty->pending);
    tty->sent = 0;
}

bool tty_flush(struct tty *tty)
{
    while (tty->sent < tty->pending.len && !tty->is_gone) {
        ssize_t len = write(tty->fd, tty->pending.ptr + tty->sent,
                            tty->pending.len - tty->sent);
        if (len >= 0) {
            tty->sent += (size_t)len;
            tty->written += (uint64_t)len;
            pace_on_write(&tty->pace, (size_t)len, false, clock_monotonic_ms());
        } else if (is_for_later(errno)) {
            pace_on_write(&tty->pace, 0, true, clock_monotonic_ms());
            return true;
        } else if (errno != EINTR) {
            tty->is_gone = true;
        }
    }
    forget_pending(tty);
    return !tty->is_gone;
}

/* True if the event came in time. */
static bool wait_for(const struct tty *tty, short events, int64_t end_at)
{
    struct pollfd fd = { .fd = tty->fd, .events = events };
    for (;;) {
        int64_t left = end_at - clock_monotonic_ms();
        int count = poll(&fd, 1, left < 0 ? 0 : (int)left);
        if (count >= 0 || errno != EINTR)
            return count > 0;
    }
}

void tty_drain(struct tty *tty, int64_t timeout_ms)
{
    int64_t end_at = clock_monotonic_ms() + timeout_ms;
    while (tty_flush(tty) && tty_is_pending(tty)) {
        if (!wait_for(tty, POLLOUT, end_at))
            break;
    }
    forget_pending(tty);
}

void tty_discard_input(struct tty *tty, int64_t timeout_ms)
{
    char bytes[256];
    int64_t end_at = clock_monotonic_ms() + timeout_ms;
    while (wait_for(tty, POLLIN, end_at)) {
        if (tty_read(tty, bytes, sizeof bytes) < 0)
            return;
    }
}
