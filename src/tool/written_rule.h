/* SPDX-License-Identifier: MIT */
/*
 * written_rule - a permission_rule that the user wrote: an item of tools.allow,
 * or behind --yes.
 *
 * Directories are resolved here and now, before any tool may put a link in
 * their place; of what is not there yet the directory that is.
 */
#ifndef TOOL_WRITTEN_RULE_H
#define TOOL_WRITTEN_RULE_H

#include "base/compiler.h"
#include "tool/permission_rule.h"
#include "tool/registry.h"

struct setting;

/* Relative paths begin in the directory of the place. The registry says what a
 * rule of a tool can name; NULL, or a tool that it has not: whatever. False
 * (ERROR_CONFIG, with file and line): it allows nothing. */
bool written_rule_of_setting(const struct setting *item,
                             const struct tool_place *place,
                             const struct registry *registry,
                             struct permission_rule *rule,
                             struct error *err) MUST_USE;

/* "TOOL" or "TOOL:WHAT", where WHAT is a path, a simple command or a URL. False
 * (ERROR_USAGE): it allows nothing, or too much; or the registry has no such
 * tool. */
bool written_rule_of_option(struct slice text, const struct tool_place *place,
                            const struct registry *registry,
                            struct permission_rule *rule,
                            struct error *err) MUST_USE;

#endif
