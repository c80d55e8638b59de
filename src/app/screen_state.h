/* SPDX-License-Identifier: MIT */
/*
 * screen_state - what the parts of the screen share: private to app/screen.c,
 * app/picture.c and those that do what is asked: typing, perform, sending,
 * editing, reading, seats, seating, completing, leaving, tuning.
 */
#ifndef APP_SCREEN_STATE_H
#define APP_SCREEN_STATE_H

#include "app/approving.h"
#include "app/bands.h"
#include "app/clipboard.h"
#include "app/command.h"
#include "app/connecting.h"
#include "app/findings.h"
#include "app/history_search.h"
#include "app/lensing.h"
#include "app/seats.h"
#include "app/setup.h"
#include "chat/chat.h"
#include "chat/pull.h"
#include "graph/budget.h"
#include "ui/editor.h"
#include "ui/keys.h"
#include "ui/search_view.h"
#include "ui/status_line.h"
#include "ui/term.h"
#include "ui/thread_view.h"

/* Who has the terminal in our place. */
enum away { AWAY_NOT, AWAY_IN_EDITOR, AWAY_IN_PAGER, AWAY_IN_DUMP };

struct screen {
    const struct cli *cli;
    struct setup setup;
    struct seats seats;
    struct seat *seat; /* that is shown */
    struct chat *chat; /* its own, as are editor, thread_view and budget */
    struct catalogue *catalogue;       /* of what is on disk */
    struct findings findings;          /* of /search */
    char renaming[SESSION_ID_LEN + 1]; /* key of its row; "": none */
    bool takes_only; /* the only session that the words of /resume find */
    bool is_reading, reads_copy; /* a session, to be shown */
    int64_t reading_at;          /* monotonic ms: since then */
    bool is_over;                /* what comes now comes too late */
    struct term *term;
    struct keys *keys;
    struct keymap keymap;
    struct history history;
    struct history_search search;
    struct clipboard *clipboard;
    struct connecting connecting;
    struct approving approving;
    uint64_t free_bytes; /* of memory, when a server told last; 0: unknown */
    struct pull *pull;   /* NULL: no model is loaded down */
    const struct starter *offer; /* as it was made first; NULL: none was */
    struct external_editor *external_editor; /* NULL: none runs */
    struct pager *pager;                     /* the same */
    enum away away;
    bool ascii; /* the terminal cannot show UTF-8 */
    /* What is drawn. */
    struct canvas canvas;
    struct editor *editor;
    struct draft_size draft_size;
    struct buf attached; /* what goes along with the draft, in words */
    struct thread_view *thread_view;
    struct budget *budget;
    struct bands bands;
    bool shows_pruned;         /* branches, in the graph */
    bool has_escaped;          /* Escape was pressed, and had nothing to do */
    struct buf notice;         /* of the program, not of the conversation */
    struct buf keeping;        /* what is wrong with keeping it on disk */
    struct status_line status; /* as it was made last */
    int64_t now;               /* Unix ms: the time that the picture shows */
    /* When it is drawn: a key asks for this turn, text for the next frame. */
    bool draw_now, draw_soon;
    bool has_news;    /* more than text came: numbers that run are made anew */
    int64_t drawn_at; /* monotonic ms */
    int64_t frame_ms;
    uint32_t frame_timer, tick_timer, escape_timer;
    int64_t asked_at;    /* monotonic ms: the question was shown */
    uint32_t quit_timer; /* not 0: Ctrl-C quits */
    bool is_unfocused;   /* the terminal said so */
    /* The key that is being performed, and the argument of a command. */
    struct key key;
    struct slice argument;
    /* Of what completes a slash: Escape sent it away, a row was chosen. */
    bool is_not_completing, has_chosen;
    /* A paste ended in the bytes that are being read: what follows it there
     * was not typed (it may be the paste itself, that feigned its end), and
     * sends or ends nothing. */
    bool has_pasted;
    bool wants_quit, wants_suspend, wants_resume;
    int exit_status;
};

/* app/typing.c: what a key does. */
void typing_on_key(void *context, const struct key *key);
enum focus typing_focus(const struct screen *screen);

/* app/perform.c: do what an action says; what it answers stands in the notice.
 * `argument` is borrowed for the call. False: it could not be done. */
bool perform(struct screen *screen, enum action action, struct slice argument);
bool perform_exists(enum action action);
/* Words of the program's own, above the prompt until the next action. */
void perform_notice(struct screen *screen, const char *text);
/* The same behind what stands there. */
void perform_add_notice(struct screen *screen, const char *text);
/* app/tuning.c: what settings do. Complaints are lines about keys. */
void tuning_begin(struct screen *screen, struct buf *complaints);
void tuning_thinking(struct screen *screen);
void tuning_change(struct screen *screen, struct slice key,
                   struct buf *complaints);
/* "Enter opens", for the status line: the first key of an action. */
void perform_add_key(const struct screen *screen, struct status_line *line,
                     enum action action, const char *verb);
/* What the panels of this screen are made from. */
struct panel_source perform_source(struct screen *screen);

/* What actions do. One room for each kind. */
typedef void action_fn(struct screen *screen);
/* app/sending.c */
action_fn sending_send, sending_send_now, sending_edit_queued,
    sending_interrupt, sending_escape, sending_delete_or_quit;
void sending_disarm(struct screen *screen); /* a second Ctrl-C quits no more */
void sending_take_queue_back(struct screen *screen);
/* app/editing.c */
action_fn editing_newline, editing_up, editing_down, editing_yank, editing_undo,
    editing_redo, editing_erase, editing_erase_line, editing_yank_older,
    editing_transpose, editing_delete_line, editing_expand;
void editing_paste(struct screen *screen, struct slice text);
void editing_insert(struct screen *screen, struct slice text);
bool editing_move(struct screen *screen, enum action action);
bool editing_is_motion(enum action action);
/* app/amending.c: an earlier prompt is edited; what one does with the branches
 * in the thread and in the graph. amending_end(): the draft comes back. */
action_fn amending_edit_turn, amending_continue_turn, amending_name_turn,
    amending_prune_turn, amending_name_row, amending_prune_row,
    amending_restore_row, amending_show_pruned, amending_retry_with,
    amending_again_better, amending_again_here, amending_end;
/* False: the editor holds no command any more that could be cleared. */
bool amending_edit(struct screen *screen);
bool amending_give_up(struct screen *screen);    /* false: nothing is amended */
bool amending_take_other(struct screen *screen); /* a name, or a summary */
void amending_edit_summary(struct screen *screen);
/* What the editor is for, in words; nothing if it holds a draft. */
void amending_words(const struct screen *screen, struct buf *words);
/* app/searching.c: an earlier prompt. searching_press(): the key was for the
 * search. */
action_fn searching_older;
void searching_type(struct screen *screen, struct slice text);
bool searching_press(struct screen *screen, enum action action,
                     const struct key *key);
struct search_view searching_view(const struct screen *screen);
/* app/reading.c */
action_fn reading_focus, reading_leave, reading_next, reading_previous,
    reading_first, reading_last, reading_go_to, reading_sibling_before,
    reading_sibling_after, reading_retry, reading_copy, reading_copy_block,
    reading_fold, reading_fold_turn, reading_fold_summary, reading_page_up,
    reading_page_down, reading_line_up, reading_line_down, reading_to_start,
    reading_to_end;
/* app/seating.c: which conversation is shown. */
action_fn seating_new, seating_other, seating_resume, seating_open_panel,
    seating_fork, seating_fork_row, seating_rename_row, seating_trash_row;
/* More is known of those on disk; the panel went away, or is there. */
void seating_on_catalogue(void *context);
void seating_update(struct screen *screen);
/* Enter, where a new title is being typed. False: none is. */
bool seating_take_title(struct screen *screen);
/* A session is about to be shown: a prompt that is sent now was meant for it. */
bool seating_is_about_to(const struct screen *screen);
bool seating_keys(struct screen *screen, struct status_line *line);
/* Before the seats end. */
void seating_end(struct screen *screen);
/* app/connecting.c: a server becomes an endpoint. connecting_press(): the key
 * was for it. A key (of a vendor) is typed to it and to nobody else. */
action_fn connecting_connect, connecting_end;
bool connecting_press(struct screen *screen, enum action action);
bool connecting_takes_text(const struct screen *screen);
void connecting_type(struct screen *screen, struct slice text);
/* Its panel went away: it ends. */
void connecting_update(struct screen *screen);
/* app/pulling.c: a model that an Ollama loads down. */
action_fn pulling_pull;
bool pulling_is_under_way(const struct screen *screen);
bool pulling_stop(struct screen *screen); /* false: there is none */
/* What an Ollama without a model to chat with could get; NULL: there is no such
 * Ollama, or another model answers. */
const struct starter *pulling_offer(struct screen *screen,
                                    const struct endpoint **endpoint);
/* Get it, where the first screen offers it. False: it does not. */
bool pulling_accept(struct screen *screen);
/* app/lifting.c: the keys of the panel of models; news of the loading that the
 * user asked for. */
action_fn lifting_load, lifting_unload, lifting_pull, lifting_stop,
    lifting_update;
/* While the models have the keys: what these do, instead of the status; the key
 * that stops a loading. False: they have not. */
bool lifting_keys(struct screen *screen, struct status_line *line);
bool lifting_stop_key(struct screen *screen, struct buf *out);
/* app/remembering.c: what is known from earlier runs, once it is read; a prompt
 * for the next ones; how high the panels are now. */
action_fn remembering_begin, remembering_heights;
void remembering_prompt(struct screen *screen, struct slice text);
/* app/looking.c */
action_fn looking_search, looking_choose, looking_update;
void looking_on_findings(void *context);
/* app/theming.c */
action_fn theming_choose;
/* As the setting says. */
void theming_configure(struct screen *screen, struct buf *complaints);
/* app/leaving.c */
action_fn leaving_edit, leaving_page, leaving_dump, leaving_suspend,
    leaving_resume, leaving_return, leaving_end;
/* app/completing.c: the commands that complete a slash. */
action_fn completing_update, completing_accept, completing_dismiss;
bool completing_is_shown(const struct screen *screen);
bool completing_move(struct screen *screen, int steps);

/* app/picture.c: the whole screen on screen->canvas, as it is at screen->now.
 * Pure but for the views' caches; needs no terminal. */
void picture_draw(struct screen *screen);

#endif
