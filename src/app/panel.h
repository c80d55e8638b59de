/* SPDX-License-Identifier: MIT */
/*
 * panel - what each panel shows: one table of panels, each filled with plain
 * rows from what the conversation and the servers know.
 *
 * Pure but for the budget, which catches up. The screen shows panels as bands
 * (app/bands), a terminal without a screen prints their rows.
 */
#ifndef APP_PANEL_H
#define APP_PANEL_H

#include "app/approving.h"
#include "app/debug_log.h"
#include "app/hooks.h"
#include "app/keymap.h"
#include "chat/chat.h"
#include "chat/consent.h"
#include "chat/pull.h"
#include "graph/budget.h"
#include "store/ledger.h"
#include "store/state.h"
#include "store/survey.h"
#include "ui/list.h"
#include "ui/sheet.h"
#include "ui/term.h"

enum panel_id {
    PANEL_NONE,
    PANEL_BUDGET,
    PANEL_CONTEXT, /* each part of the next request, */
    PANEL_REQUEST, /* and the request itself */
    PANEL_TOOLS,
    PANEL_GRAPH,
    PANEL_GO_BACK, /* an earlier prompt, to be edited */
    PANEL_RETRY,   /* a model, to answer a turn again */
    PANEL_TRACE,
    PANEL_MODELS,
    PANEL_SESSIONS,
    PANEL_SEARCH,
    PANEL_STATUS,
    PANEL_PULL,
    PANEL_CONNECT,
    PANEL_DOCTOR,
    PANEL_CONSENTS,
    PANEL_PRIVATE,
    PANEL_MEMORY,
    PANEL_QUESTION, /* of a run that waits for its answer */
    PANEL_CALL,     /* a call of a tool that asks */
    PANEL_SETTINGS,
    PANEL_SYSTEM,
    PANEL_HELP,
    PANEL_PALETTE,
    PANEL_COMMANDS, /* completes what is typed after a slash, or the path
                       after an @; the key of a row is the line, or the path,
                       that it completes to */
    PANEL_COUNT
};

struct catalogue;
struct permission_rules;
struct findings;
struct seats;
struct seat;

/* What panels are made from. Borrowed. */
struct panel_source {
    struct chat *chat;
    const struct catalogue *catalogue; /* NULL: there is none */
    const struct findings *findings;   /* NULL: there is no screen */
    const struct seats *seats; /* NULL: there is one conversation at a time */
    const struct seat *seat;   /* that is shown */
    bool is_renaming; /* what is typed to the sessions is a new title */
    const struct endpoints *endpoints;
    const struct settings *settings;
    const struct consents *consents;
    const struct permission_rules *rules;
    const struct hooks *hooks;     /* NULL: none */
    const struct debug_log *debug; /* NULL: none */
    const struct keymap *keymap;
    const struct connecting *connecting; /* NULL: there is no screen */
    const struct approving *approving;   /* the same */
    const struct pull *pull;             /* NULL: none is under way */
    struct budget *budget;
    const struct survey *survey;     /* of the disk; NULL: nothing is kept */
    const struct state *state;       /* NULL: nothing is remembered */
    struct ledger *ledger;           /* NULL: nothing is added up */
    const struct term *term;         /* NULL: there is no screen */
    struct slice draft;              /* what is being written */
    enum token_family family;        /* of the next model */
    uint64_t draft_tokens;           /* of it and its files, estimated */
    const struct attachments *files; /* that go along; NULL: none */
    size_t caret;                    /* in it */
    int64_t now;                     /* Unix ms */
    uint64_t free_bytes;             /* of this machine's memory; 0: unknown */
    int width;                       /* cells */
    int height;        /* rows that the panel wants that is filled */
    bool is_fresh;     /* more than text came since rows were made last */
    bool shows_pruned; /* branches, in the graph */
    bool ascii;
    bool has_keys; /* the panel that is filled or drawn */
};

/* The key of the row that lets a summary be changed before it is taken. */
#define PANEL_EDIT_SUMMARY "edit"

typedef void panel_fill_fn(const struct panel_source *source,
                           struct list *list);
/* More about the row with that key, as rows that cannot be chosen. */
typedef void panel_preview_fn(const struct panel_source *source,
                              const char *key, struct list *list);
/* What is to be read before one chooses, above its rows. */
typedef void panel_sheet_fn(const struct panel_source *source,
                            struct sheet *sheet);
typedef void panel_facts_fn(const struct panel_source *source,
                            struct buf *facts);
typedef const char *panel_escape_fn(const struct panel_source *source);

struct panel {
    const char *name;
    const char *setting;   /* how it begins; NULL: closed */
    const char *at_first;  /* where that is not set: closed, open, busy */
    enum action opener;    /* ACTION_NONE: opens by itself */
    enum action on_choose; /* its argument is the key of the row; ACTION_NONE:
                              the key is the name of the action */
    bool is_picker;        /* closes when a row was taken or Escape is pressed;
                              others stay open while one types */
    int height;            /* rows, until the user changes it */
    panel_fill_fn *fill;
    panel_facts_fn *facts;     /* for the right end of its rule; NULL: none */
    panel_preview_fn *preview; /* below its rows; NULL: none */
    panel_escape_fn *escape;   /* what Escape does, in words; NULL: no more than
                                to leave the panel */
    panel_sheet_fn *sheet;     /* NULL: none */
};

const struct panel *panel_at(enum panel_id id);

/* What stands at the left end of its rule: its name, or what it completes.
 * Static. */
const char *panel_title(enum panel_id id, const struct panel_source *source);

/* The call that the key of a row of the tools names; NULL: none. */
const struct call *panel_call(const struct graph *graph, struct slice key);

/* The panel that an action opens; PANEL_NONE: it opens none. */
enum panel_id panel_of_action(enum action action);

/* Something goes on in it: what the setting `busy` waits for. */
bool panel_is_busy(enum panel_id id, const struct panel_source *source);

/* Begin, fill, end. */
void panel_fill(enum panel_id id, const struct panel_source *source,
                struct list *list);

/* Add a row for each file that completes a path as it was typed, quoted or not.
 * Its key is `before`, the path, and `after` it unless that is a directory. */
void panel_complete_paths(struct list *list, struct slice typed,
                          const char *before, const char *after);

/* The same for more about the chosen row; empty if there is nothing to tell. */
void panel_preview(enum panel_id id, const struct panel_source *source,
                   const char *key, struct list *list);

/* "12,345". */
void panel_append_count(struct buf *out, uint64_t count);

/* The first line of a node's text; "" if it has none. Until the graph changes.
 */
struct slice panel_first_line(const struct node *node);

/* What one row has room for of a text that may be long. */
void panel_append_excerpt(struct buf *out, struct slice text);

/* One file each: app/panel_<name>.c; the help and the palette are both in
 * app/panel_help.c. */
panel_fill_fn panel_fill_budget, panel_fill_context, panel_fill_request,
    panel_fill_tools, panel_fill_graph, panel_fill_trace, panel_fill_models,
    panel_fill_sessions, panel_fill_status, panel_fill_doctor,
    panel_fill_consents, panel_fill_private, panel_fill_memory,
    panel_fill_question, panel_fill_settings, panel_fill_system,
    panel_fill_help, panel_fill_palette, panel_fill_commands, panel_fill_pull,
    panel_fill_connect, panel_fill_go_back, panel_fill_search, panel_fill_call;
panel_escape_fn panel_escape_question, panel_escape_call;
panel_sheet_fn panel_sheet_call;
panel_facts_fn panel_facts_budget, panel_facts_context, panel_facts_tools,
    panel_facts_trace, panel_facts_question, panel_facts_commands,
    panel_facts_connect, panel_facts_search, panel_facts_call;
panel_preview_fn panel_preview_sessions, panel_preview_tools;
const char *panel_title_commands(const struct panel_source *source);

#endif
