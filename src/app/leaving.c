/* SPDX-License-Identifier: MIT */
/*
 * leaving - what gives the terminal to others and takes it back: Ctrl-Z, the
 * user's editor, the thread in the terminal's own scrollback; and the last
 * words when the program ends.
 *
 * While somebody else has it, nothing is drawn; answers go on.
 */
#include <stdlib.h>
#include <unistd.h>

#include "app/calling.h"
#include "app/external_editor.h"
#include "app/guard.h"
#include "app/pager.h"
#include "app/print.h"
#include "app/screen_state.h"
#include "app/transcript.h"
#include "app/unsent.h"
#include "chat/chat_tools.h"
#include "ui/call_words.h"

enum {
    TAIL_ROWS_MAX = 12, /* of the thread, left below the shell's prompt */
    TAIL_SHARE = 2,     /* and at most half of the screen */
};

static void give(struct screen *screen, enum away away)
{
    screen->away = away;
    term_suspend(screen->term);
}

void leaving_return(struct screen *screen)
{
    screen->away = AWAY_NOT;
    term_resume(screen->term);
    screen->draw_now = true;
}

/* Ctrl-Z. */

void leaving_suspend(struct screen *screen)
{
    screen->wants_suspend = false;
    term_suspend(screen->term);
    guard_stop();
    leaving_return(screen);
}

/* Who stopped us may have changed the modes, and has drawn on our screen. */
void leaving_resume(struct screen *screen)
{
    screen->wants_resume = false;
    if (guard_is_in_background())
        guard_stop();
    if (screen->away == AWAY_NOT)
        leaving_return(screen);
}

/* The user's editor. */

static void on_edited(void *context, struct slice text, const struct error *err)
{
    struct screen *screen = context;
    if (!err)
        editor_set(screen->editor, text);
    perform_notice(screen, err ? err->text : "");
    external_editor_free(screen->external_editor);
    screen->external_editor = NULL;
    leaving_return(screen);
}

void leaving_edit(struct screen *screen)
{
    struct error err = { 0 };
    struct external_editor_setup setup = {
        .loop = screen->setup.loop,
        .draft = editor_text(screen->editor),
        .fn = on_edited,
        .context = screen,
    };
    give(screen, AWAY_IN_EDITOR);
    screen->external_editor = external_editor_begin(&setup, &err);
    if (screen->external_editor)
        return;
    perform_notice(screen, err.text);
    leaving_return(screen);
}

/* What a call gave back, in the user's pager. */

static void on_paged(void *context, const struct error *err)
{
    struct screen *screen = context;
    perform_notice(screen, err ? err->text : "");
    pager_free(screen->pager);
    screen->pager = NULL;
    leaving_return(screen);
}

void leaving_page(struct screen *screen)
{
    struct error err = { 0 };
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    const struct call *call = calling_chosen(screen);
    struct pager_setup setup = {
        .loop = screen->setup.loop,
        .fn = on_paged,
        .context = screen,
    };
    if (!call)
        return;
    setup.path = chat_call_spool(screen->chat, call->id);
    setup.text = call_words_output(graph, call);
    if (!setup.path && !setup.text.len) {
        perform_notice(screen, "it has given nothing back");
        return;
    }
    give(screen, AWAY_IN_PAGER);
    screen->pager = pager_begin(&setup, &err);
    if (screen->pager)
        return;
    perform_notice(screen, err.text);
    leaving_return(screen);
}

/* The thread in the scrollback. */

static void print_thread(const struct buf *text)
{
    struct print out;
    print_init(&out, STDOUT_FILENO);
    print_text(&out, buf_slice(text));
    print_fresh_line(&out);
    print_end(&out);
    print_clear(&out);
}

void leaving_dump(struct screen *screen)
{
    struct buf text = { 0 };
    transcript_append(&text, chat_conversation(screen->chat)->graph);
    if (text.len == 0) {
        perform_notice(screen, "there is nothing to dump yet");
    } else {
        buf_append_string(&text, "\n-- Enter returns to sennit --\n");
        give(screen, AWAY_IN_DUMP);
        print_thread(&text);
    }
    buf_clear(&text);
}

/* The end. */

static void print_tail(struct screen *screen)
{
    struct buf text = { 0 };
    int height = term_height(screen->term), width = term_width(screen->term);
    int rows = height / TAIL_SHARE;
    transcript_append_tail(&text, chat_conversation(screen->chat)->graph, width,
                           rows < TAIL_ROWS_MAX ? rows : TAIL_ROWS_MAX);
    if (text.len)
        print_thread(&text);
    buf_clear(&text);
}

/* Where it comes back. */
static void tell_draft(const struct chat *chat)
{
    if (graph_head(chat_conversation(chat)->graph))
        print_notice("what you were writing is kept; it comes back with sennit "
                     "--resume=%s",
                     chat_session(chat));
    else
        print_notice("what you were writing is kept; it comes back with the "
                     "next start of sennit");
}

/* A draft that a signal cut short, or one that was left in a conversation that
 * is not shown. */
static void keep_draft(struct seat *seat)
{
    struct buf sentence = { 0 };
    if (drafting_keep(seat)) {
        tell_draft(seat->chat);
        return;
    }
    unsent_rescue(editor_text(seat->editor), "what you were writing",
                  &sentence);
    print_notice("%s", buf_string(&sentence));
    buf_clear(&sentence);
}

void leaving_end(struct screen *screen)
{
    external_editor_free(screen->external_editor);
    screen->external_editor = NULL;
    pager_free(screen->pager);
    screen->pager = NULL;
    term_suspend(screen->term);
    if (screen->exit_status == 0)
        print_tail(screen);
    for (size_t i = 0; i < screen->seats.list.count; i++) {
        struct seat *seat = screen->seats.list.items[i];
        bool is_left = screen->exit_status != 0 || seat != screen->seat;
        if (is_left && slice_trim(editor_text(seat->editor)).len)
            keep_draft(seat);
    }
}
