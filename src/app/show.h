/* SPDX-License-Identifier: MIT */
/*
 * show - the subcommand `show`: a session as text, of which nothing is changed,
 * even while another program writes it.
 */
#ifndef APP_SHOW_H
#define APP_SHOW_H

#include "app/cli.h"
#include "app/setup.h"
#include "app/show_form.h"
#include "store/session.h"

/* Run and return the exit status. */
int show_run(const struct cli *cli);

/* Read a session by its name, or the beginning of it, folded up to the event
 * `at` (0: all). The caller clears it. */
bool show_read(const struct setup *setup, const char *word, uint64_t at,
               struct session *session, struct error *err);

/* Print it in a form (see app/show_form); the exit status. */
int show_print(show_form_fn *append, const struct show_source *source);

/* Say what is missing from what was read, on stderr. */
void show_tell_losses(const struct session *session, uint64_t at);

#endif
