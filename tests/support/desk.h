/* SPDX-License-Identifier: MIT */
/*
 * desk - a chat with all that it stands on: settings, servers' endpoints, loop,
 * http and, where the test wants them, what it is kept in.
 *
 * Its directories lie below one of its own. What goes wrong here is a failure
 * of the test.
 */
#ifndef TESTS_SUPPORT_DESK_H
#define TESTS_SUPPORT_DESK_H

#include "chat/chat.h"
#include "store/state.h"
#include "tests/support/scratch.h"
#include "tool/toolbox.h"

struct desk_plan {
    const char *yaml;                /* config.yaml; NULL: nothing */
    bool is_kept;                    /* sessions, state and memory */
    bool is_forgetful;               /* memory alone, which is only read */
    const struct tool *const *tools; /* that models may ask for beside those of
                                        the settings, NULL behind; or NULL: the
                                        chat has no toolbox */
    /* What the test wants of the chat: target, events, questions. */
    struct chat_setup chat;
};

struct desk {
    struct desk_plan plan;
    char home[SCRATCH_PATH_MAX];
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
    struct store *store;
    struct state *state;
    struct toolbox *toolbox;
    struct memories *memories;
    struct chat *chat;
    struct session session; /* as it was read last */
};

/* All-zero before. The plan's texts must live as long as the desk. */
void desk_open(struct desk *desk, const struct desk_plan *plan);
void desk_close(struct desk *desk);

/* The program ends, and is started again: the same directories, the plan as it
 * stands in the desk now. */
void desk_end_run(struct desk *desk);
void desk_begin_run(struct desk *desk);
void desk_reopen(struct desk *desk); /* both */

/* Go on with a session. */
void desk_resume(struct desk *desk, const char *id);
void desk_read(struct desk *desk, const char *id, enum session_file_mode mode);

void desk_prompt(struct desk *desk, const char *text);
void desk_turn(struct desk *desk);
void desk_run_to_end(struct desk *desk);
void desk_ask(struct desk *desk, const char *text); /* both */

const struct graph *desk_graph(const struct desk *desk);
const struct run *desk_last_run(const struct desk *desk);

#endif
