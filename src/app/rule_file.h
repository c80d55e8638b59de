/* SPDX-License-Identifier: MIT */
/*
 * rule_file - what the user allowed for good ("always"), kept in
 * $XDG_STATE_HOME/sennit/rules, which is for nobody else to read; a line for
 * each, which the user may delete.
 *
 * An answer counts at once, whether or not it can be kept.
 */
#ifndef APP_RULE_FILE_H
#define APP_RULE_FILE_H

#include "app/setup.h"

/* Read the file. That there is none is no error. */
void rule_file_load(struct setup *setup);

/* Take back what permission_rule_words() says so; at once, in every conversation.
 * False: there is no such rule. If that cannot be kept, words are appended. */
bool rule_file_withdraw(struct setup *setup, struct slice rule,
                        struct buf *words);

/* Record a rule; takes it. What other instances have recorded meanwhile stays. If
 * it cannot be kept, words are appended. */
void rule_file_add(struct setup *setup, struct permission_rule *rule,
                   struct buf *words);

#endif
