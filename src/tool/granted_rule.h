/* SPDX-License-Identifier: MIT */
/*
 * granted_rule - a permission_rule that the user's answer to one call makes:
 * what is allowed besides that call.
 */
#ifndef TOOL_GRANTED_RULE_H
#define TOOL_GRANTED_RULE_H

#include "base/compiler.h"
#include "tool/permission_rule.h"

enum permission_scope {
    /* A tool that reads: all its calls. One that edits: those in the working
     * directory, or this file, if it lies elsewhere. A program: this command. A
     * request: this site. */
    PERMISSION_SESSION,
    /* Exactly this command in this directory, this file, this URL. */
    PERMISSION_ALWAYS,
};

/* False: there can be no such rule, and why. */
bool granted_rule_of_plan(const struct tool_plan *plan,
                          const struct tool_place *place,
                          enum permission_scope scope,
                          struct permission_rule *rule,
                          struct buf *why) MUST_USE;

#endif
