/* SPDX-License-Identifier: MIT */
/*
 * permission_rule - calls of one tool that need no question.
 *
 * Pure. Nothing stands for anything else: a command is the whole of its words,
 * a path is a place on disk that was resolved, a URL is compared in its normal
 * form.
 */
#ifndef TOOL_PERMISSION_RULE_H
#define TOOL_PERMISSION_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "tool/plan.h"

enum { PERMISSION_RULES_MAX = 1000 }; /* of a file that are read */

/* All is owned; what is not set does not count. Without argv, path, under and
 * url: the tool's files in the working directory; of a tool of the user's all
 * calls. */
struct permission_rule {
    char *tool;
    char **argv;     /* the whole command, NULL behind */
    char *input;     /* what the program reads; NULL: nothing */
    char *path;      /* this file */
    char *under;     /* this directory, and what is below */
    char *url;       /* this, in the form of net/web_url, */
    bool is_site;    /* or what is below */
    char *directory; /* and only where tools work here */
    int64_t time;    /* Unix seconds; 0: unknown */
};

void permission_rule_clear(struct permission_rule *rule);

bool permission_rule_matches(const struct permission_rule *rule,
                             const struct tool_plan *plan,
                             const struct tool_place *place);
/* Whether a path has, below this directory (in which it lies), a name that begins
 * with a dot: what other programs read by themselves (hooks, settings, start-up
 * files). A rule for a directory is none for edits of those. */
bool permission_rule_is_dotted(const char *path, const char *directory);
bool permission_rule_equal(const struct permission_rule *a,
                           const struct permission_rule *b);

/* Append it as --yes takes it: "shell:git status", "read_file:/srv". */
void permission_rule_format(const struct permission_rule *rule,
                            struct buf *out);

/* Append it in words for the user: "git status, in /home/a/project". */
void permission_rule_words(const struct permission_rule *rule, struct buf *out);

/* Rules that are kept in a file, a line each, readable as YAML:
 *
 *     - {"tool": "shell", "argv": ["git", "status"], "in": "/home/a/project",
 *        "since": "2026-11-28T14:02:00Z"}            (on one line)
 *
 * All-zero is empty. */
struct permission_rules {
    ARRAY_OF(struct permission_rule) list;
};

void permission_rules_clear(struct permission_rules *rules);

/* Lines that are no rule, or hold a member that is not known (a condition of a
 * later version), are left out: what cannot be read allows nothing. */
void permission_rules_parse(struct permission_rules *rules, struct slice text);
void permission_rules_print(const struct permission_rules *rules,
                            struct buf *out);

/* Takes what the rule owns; one that is there already gets its time. */
void permission_rules_take(struct permission_rules *rules,
                           struct permission_rule *take);
void permission_rules_remove(struct permission_rules *rules, size_t index);

#endif
