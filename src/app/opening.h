/* SPDX-License-Identifier: MIT */
/*
 * opening - go on with a session: one that the command line (-c, --resume,
 * --fork) or a command names.
 */
#ifndef APP_OPENING_H
#define APP_OPENING_H

#include "app/setup.h"

/* Go on, in this chat, with the session that is asked for; a fresh one is begun
 * already. Waits until it is read. What the user should know of it is appended
 * to `complaints`, a line each. False, in words that say what else would do: it
 * cannot be had. Then, if the user wants that, old sessions may go. */
bool opening_run(const struct setup *setup, const struct cli *cli,
                 struct chat *chat, struct buf *complaints, struct error *err);

/* Go on with a session as it was read, or with a copy (`forks`); it is taken.
 * `way`: what the user does to get a copy where somebody else has it. The
 * notice gets what he should know. False, in words: it cannot be had. */
struct opening_take {
    struct chat *chat;
    bool forks;
    const char *way;
    struct buf *notice;
};
bool opening_take(const struct opening_take *take, struct session *session,
                  struct error *err);

/* /resume where nothing else can be done meanwhile: waits until it is read. The
 * words are a name, the beginning of one, or of a title. */
bool opening_resume(const struct setup *setup, struct chat *chat,
                    struct slice words, struct buf *notice, struct error *err);

/* /fork: a copy of this conversation up to an event (a number, or "here": all),
 * as a session to go on with. */
bool opening_fork(const struct chat *chat, struct slice argument,
                  struct session *fork, struct error *err);

/* The only session with all of these words in its title or model. `list` gets a
 * line for each, if there are several. */
bool opening_find_words(const struct setup *setup, struct slice words,
                        struct session_id *id, struct buf *list,
                        struct error *err);

/* The session of this name, or of which it is the only beginning. */
bool opening_find(const struct setup *setup, struct slice name,
                  struct session_id *id, struct error *err);

#endif
