/* SPDX-License-Identifier: MIT */
#include "ui/width_probe.h"

#include <ctype.h>
#include <poll.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "ui/tty.h"

enum {
    ANSWER_MAX = 512,    /* bytes that are read at all */
    NUMBER_MAX = 4,      /* digits of a row or column */
    LATE_MS = 100,       /* after the last answer, for what comes besides */
    LATE_SILENT_MS = 500 /* the same where not all were answered */
};

static const struct {
    const char *name, *text;
} samples[WIDTH_PROBE_COUNT] = {
    { "a wide character", "\xE6\xBC\xA2" },
    { "an emoji", "\xF0\x9F\x99\x82" },
    { "a letter with a mark", "e\xCC\x81" },
};

static const char ask_column[] = "\033[6n";
static const char clear_line[] = "\r\033[K";

const char *width_probe_name(int index)
{
    return samples[index].name;
}

int width_probe_expected(int index)
{
    return utf8_width(slice_of(samples[index].text));
}

static bool take_number(struct slice *bytes, int *number)
{
    size_t len = 0;
    *number = 0;
    while (len < bytes->len && len < NUMBER_MAX &&
           isdigit((unsigned char)bytes->ptr[len]))
        *number = *number * 10 + (bytes->ptr[len++] - '0');
    *bytes = slice_skip(*bytes, len);
    return len > 0;
}

static bool take_char(struct slice *bytes, char wanted)
{
    if (!bytes->len || bytes->ptr[0] != wanted)
        return false;
    *bytes = slice_skip(*bytes, 1);
    return true;
}

bool width_probe_parse(struct slice *bytes, int *column)
{
    for (; bytes->len; *bytes = slice_skip(*bytes, 1)) {
        struct slice rest = *bytes;
        int row;
        if (take_char(&rest, '\033') && take_char(&rest, '[') &&
            take_number(&rest, &row) && take_char(&rest, ';') &&
            take_number(&rest, column) && take_char(&rest, 'R') && row > 0 &&
            *column > 0) {
            *bytes = rest;
            return true;
        }
    }
    return false;
}

static void count_answers(struct slice bytes, struct width_probe *probe)
{
    int column;
    probe->answers = 0;
    while (probe->answers < WIDTH_PROBE_COUNT &&
           width_probe_parse(&bytes, &column))
        probe->cells[probe->answers++] = column - 1;
}

static void await_answers(struct tty *tty, struct width_probe *probe)
{
    char bytes[ANSWER_MAX];
    int len = 0;
    int64_t end_at = clock_monotonic_ms() + WIDTH_PROBE_MS;
    while (probe->answers < WIDTH_PROBE_COUNT && len < ANSWER_MAX) {
        int64_t left = end_at - clock_monotonic_ms();
        struct pollfd fd = { .fd = tty->fd, .events = POLLIN };
        if (left <= 0 || poll(&fd, 1, (int)left) <= 0)
            return;
        int count = tty_read(tty, bytes + len, ANSWER_MAX - len);
        if (count < 0)
            return;
        len += count;
        count_answers((struct slice){ bytes, (size_t)len }, probe);
    }
}

bool width_probe_ask(const char *path, struct width_probe *probe,
                     struct error *err)
{
    struct tty tty;
    *probe = (struct width_probe){ 0 };
    if (!tty_open(&tty, path, err))
        return false;
    bool ok = tty_set_raw(&tty, err);
    for (int i = 0; ok && i < WIDTH_PROBE_COUNT; i++) {
        tty_send_string(&tty, clear_line);
        tty_send_string(&tty, samples[i].text);
        tty_send_string(&tty, ask_column);
    }
    if (ok) {
        tty_send_string(&tty, clear_line);
        tty_drain(&tty, WIDTH_PROBE_MS);
        await_answers(&tty, probe);
        tty_discard_input(&tty, probe->answers < WIDTH_PROBE_COUNT
                                    ? LATE_SILENT_MS
                                    : LATE_MS);
    }
    tty_close(&tty);
    return ok;
}
