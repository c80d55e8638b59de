/* SPDX-License-Identifier: MIT */
#include "tests/support/editing_client.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <check.h>

#include "app/external_editor.h"
#include "app/guard.h"
#include "base/buf.h"
#include "net/loop.h"
#include "tests/support/pty.h"
#include "ui/term.h"

struct editing_client {
    struct loop *loop;
    struct term *term;
    struct external_editor *editor;
    struct canvas canvas;
    struct buf typed;
    bool wants_stop, wants_resume, wants_quit, is_armed, is_whole;
    int exit_status;
};

void editing_client_prepare(const struct pty *pty)
{
    static const char script[] =
        "#!/bin/sh\n"
        "modes=$(stty -g)\n"
        "stty -icanon -echo\n"
        "printf '\\033[?1049h\\033[?1000h\\033[?25l\\033[?2004hin the editor'\n"
        "read line\n"
        "printf '\\033[?2004l\\033[?25h\\033[?1000l\\033[?1049l'\n"
        "stty $modes\n";
    pty_write_file(pty, "editing.sh", script);
    ck_assert_int_eq(chmod(pty_path(pty, "editing.sh"), 0700), 0);
}

static void on_tty(void *context, int fd, int events);

static void watch(struct editing_client *client)
{
    loop_watch(client->loop, term_fd(client->term), LOOP_READ, on_tty, client);
}

static void resume(struct editing_client *client)
{
    if (guard_is_in_background())
        guard_stop();
    term_resume(client->term);
    client->is_whole = false;
}

static void on_edited(void *context, struct slice text, const struct error *err)
{
    struct editing_client *client = context;
    (void)text, (void)err;
    external_editor_free(client->editor);
    client->editor = NULL;
    watch(client);
    resume(client);
}

static void edit(struct editing_client *client)
{
    struct error err = { 0 };
    struct external_editor_setup setup = {
        .loop = client->loop,
        .draft = slice_of("draft"),
        .fn = on_edited,
        .context = client,
    };
    loop_unwatch(client->loop, term_fd(client->term));
    term_suspend(client->term);
    client->editor = external_editor_begin(&setup, &err);
    if (!client->editor)
        client->wants_quit = true;
}

static void on_byte(struct editing_client *client, char byte)
{
    switch (byte) {
    case 'G' & 31: edit(client); break;
    case 'D' & 31: client->wants_quit = true; break;
    case 'Z' & 31: client->wants_stop = true; break;
    case 'C' & 31:
        client->wants_quit = client->is_armed;
        client->is_armed = true;
        break;
    default: buf_append_char(&client->typed, byte); break;
    }
}

static void on_tty(void *context, int fd, int events)
{
    struct editing_client *client = context;
    char bytes[4096];
    int count;
    (void)fd, (void)events;
    while (!client->editor &&
           (count = term_read(client->term, bytes, sizeof bytes))) {
        client->wants_quit = client->wants_quit || count < 0;
        for (int i = 0; i < count; i++)
            on_byte(client, bytes[i]);
        if (count < 0)
            return;
    }
}

/* While an editor has the terminal it is for the editor what the terminal
 * tells. */
static void on_signal(void *context, int signal_number)
{
    struct editing_client *client = context;
    if (signal_number == SIGCONT)
        client->wants_resume = !client->editor;
    if (signal_number != SIGTERM && signal_number != SIGHUP)
        return;
    client->wants_quit = true;
    client->exit_status = 128 + signal_number;
}

static void draw(struct editing_client *client)
{
    if (client->editor || client->is_whole || !term_can_draw(client->term))
        return;
    canvas_resize(&client->canvas, term_height(client->term),
                  term_width(client->term));
    canvas_put(&client->canvas, 0, 0, 40, STYLE_NORMAL,
               slice_of(client->is_armed ? "again" : "at the prompt"));
    term_draw(client->term, &client->canvas);
    client->is_whole = true;
}

static void live(struct editing_client *client)
{
    while (!client->wants_quit) {
        draw(client);
        loop_turn(client->loop, -1);
        if (client->wants_stop) {
            term_suspend(client->term);
            guard_stop();
        }
        if (client->wants_stop || client->wants_resume)
            resume(client);
        client->wants_stop = client->wants_resume = false;
        client->is_whole = client->is_whole && !client->is_armed;
    }
}

static bool open_client(struct editing_client *client, struct error *err)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT };
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < COUNTOF(numbers); i++)
        sigaddset(&set, numbers[i]);
    signal(SIGTTOU, SIG_IGN);
    client->loop = loop_new(err);
    if (!client->loop ||
        !loop_signals(client->loop, &set, on_signal, client, err))
        return false;
    client->term = term_open("/dev/tty", err);
    return client->term != NULL;
}

int editing_client_run(void)
{
    struct editing_client client = { 0 };
    struct error err = { 0 };
    char path[4096];
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
    snprintf(path, sizeof path, "%s:%s", getenv("HOME"), getenv("PATH"));
    setenv("PATH", path, 1);
    struct guard_tie tie = guard_start(term_reset_string);
    if (open_client(&client, &err)) {
        watch(&client);
        live(&client);
    }
    external_editor_free(client.editor);
    if (client.term)
        loop_unwatch(client.loop, term_fd(client.term));
    term_close(client.term);
    loop_free(client.loop);
    canvas_clear(&client.canvas);
    buf_clear(&client.typed);
    guard_finish(&tie);
    return client.exit_status;
}
