/* SPDX-License-Identifier: MIT */
#include "app/clipboard.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/path.h"
#include "net/child.h"
#include "ui/osc52.h"
#include "ui/receipt.h"
#include "ui/term.h"

enum { TMUX_MS = 2000 };

struct clipboard {
    struct loop *loop;
    struct term *term;
    struct child *tmux;
    struct buf text; /* that tmux is given, for the other way */
    clipboard_fn *fn;
    void *context;
};

/* Terminals without a clipboard, and some that print what they do not know. */
static bool has_clipboard(const char *term)
{
    static const char *const without[] = { "dumb",  "linux", "vt52",  "vt100",
                                           "vt102", "vt220", "cons25" };
    if (!term || !term[0])
        return false;
    for (size_t i = 0; i < COUNTOF(without); i++) {
        if (!strcmp(term, without[i]))
            return false;
    }
    return true;
}

static bool is_set(const char *value)
{
    return value && value[0];
}

enum clipboard_route clipboard_route(const struct clipboard_place *place,
                                     size_t len)
{
    if (len > OSC52_TEXT_MAX)
        return CLIPBOARD_FILE;
    if (is_set(place->tmux))
        return CLIPBOARD_TMUX;
    if (!has_clipboard(place->term))
        return CLIPBOARD_FILE;
    /* Only the name comes through ssh. screen is deaf to the plain form, and a
     * tmux that calls itself so to this one. */
    if (is_set(place->sty) || !strncmp(place->term, "screen", 6))
        return CLIPBOARD_SCREEN;
    return CLIPBOARD_TERMINAL;
}

/* "1 byte", "388 bytes", "120 kB". */
static void append_amount(struct buf *out, size_t len)
{
    if (len < 1000)
        buf_printf(out, "%zu byte%s", len, len == 1 ? "" : "s");
    else
        receipt_size(out, len);
}

static void say(struct clipboard *clipboard, size_t len, const char *where)
{
    struct buf sentence = { 0 };
    buf_append_string(&sentence, "copied ");
    append_amount(&sentence, len);
    buf_printf(&sentence, " %s", where);
    clipboard->fn(clipboard->context, buf_string(&sentence));
    buf_clear(&sentence);
}

static void copy_to_terminal(struct clipboard *clipboard, struct slice text,
                             enum osc52_wrap wrap)
{
    static const char *const where[] = {
        [OSC52_PLAIN] = "to the terminal's clipboard (OSC 52)",
        [OSC52_TMUX] = "through tmux to the terminal's clipboard (OSC 52)",
        [OSC52_SCREEN] = "through screen to the terminal's clipboard (OSC 52)",
    };
    term_copy(clipboard->term, text, wrap);
    say(clipboard, text.len, where[wrap]);
}

static void copy_to_file(struct clipboard *clipboard, struct slice text)
{
    struct buf path = { 0 }, where = { 0 };
    struct error err = { 0 };
    bool ok = path_state(&path, "copied.txt", &err) &&
              path_write_file(path.ptr, text, &err);
    if (ok) {
        buf_printf(&where, "to %s: %s", path.ptr,
                   text.len > OSC52_TEXT_MAX
                       ? "too large for the terminal"
                       : "this terminal has no clipboard");
        say(clipboard, text.len, buf_string(&where));
    } else {
        error_context(&err, "nothing was copied");
        clipboard->fn(clipboard->context, err.text);
    }
    buf_clear(&path);
    buf_clear(&where);
}

/* Before 3.2 it knows no -w. */
static void on_tmux(void *context, const struct child_end *end)
{
    struct clipboard *clipboard = context;
    bool ok = !end->err;
    struct buf text = clipboard->text;
    clipboard->text = (struct buf){ 0 };
    child_free(clipboard->tmux);
    clipboard->tmux = NULL;
    if (ok)
        say(clipboard, text.len, "to tmux's buffer and clipboard");
    else
        copy_to_terminal(clipboard, buf_slice(&text), OSC52_TMUX);
    buf_clear(&text);
}

static void copy_to_tmux(struct clipboard *clipboard, struct slice text)
{
    char tmux[] = "tmux", load[] = "load-buffer", both[] = "-w", in[] = "-";
    char *const argv[] = { tmux, load, both, in, NULL };
    struct error err = { 0 };
    struct child_setup setup = {
        .mode = CHILD_DETACHED,
        .loop = clipboard->loop,
        .argv = argv,
        .input = text,
        .wait_ms = TMUX_MS,
        .on_done = on_tmux,
        .context = clipboard,
    };
    clipboard->tmux = child_start(&setup, &err);
    if (clipboard->tmux)
        buf_append_slice(&clipboard->text, text);
    else
        copy_to_terminal(clipboard, text, OSC52_TMUX);
}

static void give_up(struct clipboard *clipboard)
{
    child_free(clipboard->tmux);
    clipboard->tmux = NULL;
    buf_clear(&clipboard->text);
}

void clipboard_copy(struct clipboard *clipboard, struct slice text)
{
    struct clipboard_place place = { getenv("TERM"), getenv("TMUX"),
                                     getenv("STY") };
    give_up(clipboard);
    if (!text.len) {
        clipboard->fn(clipboard->context, "there is nothing to copy");
        return;
    }
    switch (clipboard_route(&place, text.len)) {
    case CLIPBOARD_TERMINAL:
        copy_to_terminal(clipboard, text, OSC52_PLAIN);
        break;
    case CLIPBOARD_SCREEN:
        copy_to_terminal(clipboard, text, OSC52_SCREEN);
        break;
    case CLIPBOARD_TMUX: copy_to_tmux(clipboard, text); break;
    case CLIPBOARD_FILE: copy_to_file(clipboard, text); break;
    }
}

struct clipboard *clipboard_new(struct loop *loop, struct term *term,
                                clipboard_fn *fn, void *context)
{
    struct clipboard *clipboard = memory_zero(1, sizeof *clipboard);
    *clipboard = (struct clipboard){ loop, term, .fn = fn, .context = context };
    return clipboard;
}

void clipboard_free(struct clipboard *clipboard)
{
    if (!clipboard)
        return;
    give_up(clipboard);
    free(clipboard);
}
