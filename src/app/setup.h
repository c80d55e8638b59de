/* SPDX-License-Identifier: MIT */
/*
 * setup - what every way of running needs: settings, endpoints, loop, http, and
 * who is told of events besides.
 */
#ifndef APP_SETUP_H
#define APP_SETUP_H

#include "app/cli.h"
#include "app/debug_log.h"
#include "app/hooks.h"
#include "chat/chat.h"
#include "chat/consent.h"
#include "config/settings.h"
#include "net/http.h"
#include "store/ledger.h"
#include "store/state.h"
#include "store/survey.h"
#include "tool/permission_rule.h"
#include "tool/toolbox.h"

struct setup {
    struct settings *settings;
    struct endpoints endpoints;
    struct consents consents;      /* what is recorded, see app/consent_file */
    struct permission_rules rules; /* the same, see app/rule_file */
    struct loop *loop;
    struct http *http;
    struct toolbox *toolbox; /* of all its chats; NULL: there are no tools */
    struct hooks *hooks;
    struct debug_log *debug;
    bool is_not_saved;     /* by the user's wish */
    bool is_read_only;     /* so it is, but what is there is read: a dry run */
    struct store *disk;    /* the thread; NULL: there is no home */
    struct store *store;   /* the same, or NULL: nothing is kept */
    struct error no_store; /* why, if that was not wished */
    struct state *state;   /* NULL: nothing is remembered */
    struct ledger *ledger; /* NULL: nothing is added up */
    struct memories *memories; /* NULL: there is no home for them */
    const char *profile;       /* its name, as it was asked for; NULL: none */
    struct survey survey;      /* of the disk, when it was asked last */
};

/* Read the settings: config.yaml (or --config), the profile, SENNIT_*, --set,
 * in this order; and the endpoints; open the debug log. False at the first
 * mistake: a script must not ask anybody else than it was told to. */
bool setup_configure(struct setup *setup, const struct cli *cli,
                     struct error *err);

/* The same for somebody who looks on: what is wrong is left out whole (a file,
 * a variable, an option, an endpoint), and a sentence is appended to
 * `complaints`, a line each. */
void setup_configure_anyway(struct setup *setup, const struct cli *cli,
                            struct buf *complaints);

/* Where nothing can be kept a line says so, before something is lost. */
void setup_check_state(struct buf *complaints);

/* Append the path of config.yaml, or what --config names. */
void setup_config_path(const struct cli *cli, struct buf *path);

/* The profile that is asked for, NULL: none. */
const char *setup_profile(const struct cli *cli);

/* Of each event of the conversation. */
void setup_tell(const struct setup *setup, const struct event *event);

/* Loop, HTTP and the store. Blocks these signals (a 0 ends the list) and gives them to
 * `fn`. */
bool setup_connect(struct setup *setup, const int signals[], loop_signal_fn *fn,
                   void *context, struct error *err);

/* Then, for those whose models may ask for tools: what they work with. A setting
 * that makes no tool, or a rule that says nothing, is an error, and the others
 * are there. */
void setup_open_tools(struct setup *setup, struct error *err);

/* The store alone, for those who only look at what is kept: no settings are
 * read. */
bool setup_open_store(struct setup *setup, struct error *err);

/* The ledger alone, with the settings that were read. */
bool setup_open_ledger(struct setup *setup, struct error *err);

/* Let old sessions go, where that is wanted (sessions.keep): for those who keep
 * one themselves. */
void setup_retain(const struct setup *setup);

/* Post a job to the store and wait until it is done. */
void setup_do(const struct setup *setup, worker_job_fn *work, void *job);

/* Look at the disk: wait for a survey, but for a disk that hangs two seconds at
 * the most. */
void setup_survey(struct setup *setup);

/* What a chat needs of it and of the command line; the caller adds who
 * listens. */
struct chat_setup setup_chat(const struct setup *setup, const struct cli *cli);

/* The chat is at its end, the loop not yet: models are unloaded where that is
 * wanted (unload_at_exit), for three seconds at the most. The chat may be NULL. */
void setup_unload(const struct setup *setup, struct chat *chat);

/* The chat is at its end: wait until it is on disk, for two seconds at the most.
 * What the disk did not take is written elsewhere, and where is said. False:
 * something is lost. The chat may be NULL. */
bool setup_keep(const struct setup *setup, struct chat *chat);

/* After its chats are gone. */
void setup_clear(struct setup *setup);

#endif
