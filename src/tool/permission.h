/* SPDX-License-Identifier: MIT */
/*
 * permission - whether a call may be done: at once, after a question, or not.
 *
 * Decided of the plan, never of what was written. Rules (of the settings, of
 * the user's answers, of --yes) only ever spare a question; no rule spares that
 * about a secret file, a call that came as text, characters that cannot be seen
 * or a program in a box below BOX_FILES. What is not known for certain asks.
 * Nothing that lies in the working directory is read.
 */
#ifndef TOOL_PERMISSION_H
#define TOOL_PERMISSION_H

#include "tool/box.h"
#include "tool/granted_rule.h"
#include "tool/mode.h"
#include "tool/permission_rule.h"
#include "tool/registry.h"

struct settings;

enum permission_verdict { PERMISSION_ALLOW, PERMISSION_ASK, PERMISSION_DENY };

/* The rules of one conversation. */
struct permission;

/* Borrowed, and must outlive it; the place is copied. */
struct permission_setup {
    const struct tool_place *place;
    const struct registry *registry;     /* names that rules may have; NULL:
                                            any */
    const struct permission_rules *kept; /* "always", as they are when somebody
                                            asks; NULL: none */
    /* Whether the settings call a file private, and by which rule; NULL: no
     * file is. */
    bool (*is_private)(void *context, const char *path, struct buf *rule);
    void *context;
};

struct permission *permission_new(const struct permission_setup *setup)
    RETURNS_NONNULL;
void permission_free(struct permission *permission); /* NULL is fine */

/* Take the rules of tools.allow, in the place of those before. False at a rule
 * that says nothing (ERROR_CONFIG, with file and line): the others count. */
bool permission_reread(struct permission *permission,
                       const struct settings *settings, struct error *err);

/* A rule of --yes: "read_file" (in the working directory), "edit_file:src",
 * "shell:git status", "http_get:https://example.org/docs/". False: ERROR_USAGE. */
bool permission_add_rule(struct permission *permission, struct slice rule,
                         struct error *err) MUST_USE;

struct permission_case {
    const struct tool_plan *plan; /* NULL: it could not be found out */
    enum tool_mode mode;
    enum box_tier tier; /* what a program would run in */
    bool is_recovered;  /* the call came as text */
    bool is_headless;   /* nobody can be asked: only rules let a call pass */
};

/* Append why: by what it is allowed; what is asked about it, for the user; or
 * why not, for the model, in sentences. */
enum permission_verdict permission_decide(const struct permission *permission,
                                          const struct permission_case *ask,
                                          struct buf *why);

/* The rule that an answer to this call makes; the caller clears it, or gives it
 * to permission_take() or to those that are kept. False: there can be none, and
 * why: what always asks. */
bool permission_rule_of(const struct permission *permission,
                        const struct permission_case *ask,
                        enum permission_scope scope,
                        struct permission_rule *rule, struct buf *why);

/* Allow it for this conversation; takes the rule. */
void permission_take(struct permission *permission,
                     struct permission_rule *take);

/* Whether something in it could not be seen as it is: control and bidirectional
 * characters, tags, what has no width. A quick yes is then refused. */
bool permission_has_hidden(struct slice text);
bool permission_hides(const struct tool_plan *plan);

#endif
