/* SPDX-License-Identifier: MIT */
/*
 * chat_tools - what chat/chat.h offers of tools: the mode, calls that ask the
 * user, calls that run.
 *
 * Calls, their states and what they print are in the graph (struct call). A
 * call that asks has a relay-asked event behind it, and its answer is a
 * relay-answered; both are the whole record.
 */
#ifndef CHAT_CHAT_TOOLS_H
#define CHAT_CHAT_TOOLS_H

#include "tool/permission.h"
#include "tool/plan.h"
#include "tool/toolbox.h"

struct chat;

/* "off", "plan", "ask", "edits": of this conversation; at first tools.mode. What
 * it lets pass is for calls of requests to come; what it forbids, for all. */
enum tool_mode chat_tool_mode(const struct chat *chat);
void chat_set_tool_mode(struct chat *chat, enum tool_mode mode);

/* A rule of --yes, by which calls pass unasked beside those of tools.allow. */
bool chat_add_rule(struct chat *chat, struct slice rule,
                   struct error *err) MUST_USE;

/* NULL: there are none. */
struct toolbox *chat_toolbox(const struct chat *chat);

/* Calls that wait for the user, in the order in which they asked. */
size_t chat_asking_count(const struct chat *chat);
uint32_t chat_asking(const struct chat *chat, size_t index);

/* What a call that asks is about; until the chat changes. */
struct call_question {
    uint32_t call;
    const struct tool_plan *plan;
    const char *why;   /* it asks: "a program", "outside of the directory" */
    bool is_recovered; /* the model wrote it as text */
    bool has_hidden;   /* characters that are not seen: no quick yes */
    bool is_barred;    /* the mode forbids it by now: only "deny" is taken */
    size_t same_tool;  /* calls that "all" agrees to, this one included */
};
bool chat_call_question(const struct chat *chat, uint32_t call,
                        struct call_question *question);

/* Whether "all", said of the one, agrees to the other: a call of the same tool
 * that asks, too, and was not found in text and hides nothing. */
bool chat_call_is_alike(const struct chat *chat, uint32_t call, uint32_t other);

/* The rule that "always" or "session" would make of it; the caller clears it.
 * False: there can be none, and why. */
bool chat_call_rule(const struct chat *chat, uint32_t call,
                    enum permission_scope scope, struct permission_rule *rule,
                    struct buf *why);

enum call_answer {
    CALL_ONCE,    /* this call */
    CALL_ALWAYS,  /* and exactly this from now on: whoever takes the answer
                     records the rule (chat_setup.rules) */
    CALL_SESSION, /* and such calls in this conversation */
    CALL_ALL,     /* this call and those like it that ask now */
    CALL_DENY,    /* with a reason, which the model is told; may be "" */
};
enum { CALL_ANSWERS = CALL_DENY + 1 };

/* False: it no longer asks, or the answer is not one that it takes (`err`). */
bool chat_answer_call(struct chat *chat, uint32_t call, enum call_answer answer,
                      struct slice reason, struct error *err);

/* "once", as events and users say it, and what it means. */
const char *call_answer_name(enum call_answer answer);
const char *call_answer_about(enum call_answer answer);
bool call_answer_parse(struct slice word, enum call_answer *answer);

/* Stop one call that runs or asks: cancelled, the model is told. */
bool chat_stop_call(struct chat *chat, uint32_t call);

/* The same call once more, for the user: asked and shown as any, its result is
 * a note that the next prompt takes along. Refused while an answer is on its
 * way. */
bool chat_rerun_call(struct chat *chat, uint32_t call, struct error *err);

/* What the user typed behind "!": run by his shell, outside of the box that the
 * model's programs are in, shown, and told with the next prompt. Refused while an
 * answer is on its way. */
bool chat_shell(struct chat *chat, struct slice command, struct error *err);

/* Take back what a call has made of a file; 0: the last that did. Asked and shown
 * as any; refused while an answer is on its way. */
bool chat_revert(struct chat *chat, uint32_t call, struct error *err);

/* The file that has the whole output of a call; NULL: the graph has it. */
const char *chat_call_spool(const struct chat *chat, uint32_t call);

#endif
