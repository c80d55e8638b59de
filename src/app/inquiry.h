/* SPDX-License-Identifier: MIT */
/*
 * inquiry - a chat in which nobody says anything: for subcommands that tell what
 * servers there are and where a prompt would go.
 *
 * Lives in one place from open to close.
 */
#ifndef APP_INQUIRY_H
#define APP_INQUIRY_H

#include "app/setup.h"
#include "chat/chat.h"

struct inquiry {
    struct setup setup;
    struct chat *chat;
    int signal_number; /* that ended it; 0: none */
};

/* False if the settings or the system do not allow it; close it even then. With
 * `complaints` (NULL: none) what is wrong in the settings is left out and said
 * there, a line each. */
bool inquiry_open(struct inquiry *inquiry, const struct cli *cli,
                  struct buf *complaints, struct error *err);
void inquiry_close(struct inquiry *inquiry);

/* Ask every server for its models, and wait until all have answered or had
 * their time. */
void inquiry_ask_all(struct inquiry *inquiry);

/* The same for those that were asked by others. */
void inquiry_wait(struct inquiry *inquiry);

/* All that can be known of [ENDPOINT/]MODEL, which is the chat's next from then
 * on. Its row, until something else is asked; NULL, in words: there is none. */
const struct model_row *inquiry_ask_about(struct inquiry *inquiry,
                                          const char *model, struct error *err);

/* Ask as far as is needed to know where the next prompt goes. */
void inquiry_ask_next(struct inquiry *inquiry);

#endif
