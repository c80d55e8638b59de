/* SPDX-License-Identifier: MIT */
#include "chat/approval.h"

#include <string.h>

#include "chat/chat_state.h"
#include "chat/chat_tools.h"

/* What is agreed to stands in the log up to here. */
enum { DETAIL_MAX = 16 * 1024 };

enum verdict { GO, ASK, DENY };

static const struct {
    const char *name, *about;
} answers[] = {
    [CALL_ONCE] = { "once", "this call" },
    [CALL_ALWAYS] = { "always", "exactly this, from now on" },
    [CALL_SESSION] = { "session", "such calls in this conversation" },
    [CALL_ALL] = { "all", "all that ask now of this tool" },
    [CALL_DENY] = { "deny", "not this, and the model is told why" },
};

const char *call_answer_name(enum call_answer answer)
{
    return answers[answer].name;
}

const char *call_answer_about(enum call_answer answer)
{
    return answers[answer].about;
}

bool call_answer_parse(struct slice word, enum call_answer *answer)
{
    for (size_t i = 0; i < CALL_ANSWERS; i++) {
        if (!slice_is(word, answers[i].name))
            continue;
        *answer = (enum call_answer)i;
        return true;
    }
    return false;
}

static const struct call *call_of(const struct call_work *work)
{
    return graph_call(work->chat->conversation.graph, work->id);
}

static struct event relay_event(const struct call_work *work,
                                enum event_type type)
{
    struct event event = { .type = type, .run = call_of(work)->run };
    event_add_number(&event, FIELD_CALL, work->id);
    event_add_string(&event, FIELD_NAME, work->tool->name);
    return event;
}

static void append_asked(struct call_work *work)
{
    const struct tool_plan *plan = works_plan(work);
    struct slice about = buf_slice(&plan->about);
    struct slice detail = buf_slice(&plan->detail);
    struct event event = relay_event(work, EVENT_RELAY_ASKED);
    struct buf text = { 0 };
    buf_append_slice(&text, about);
    if (detail.len && !slice_equal(about, detail)) {
        size_t len = detail.len < DETAIL_MAX ? detail.len : DETAIL_MAX;
        buf_printf(&text, "\n\n%.*s",
                   SLICE_ARG(((struct slice){ detail.ptr, len })));
        if (len < detail.len)
            buf_printf(&text, "\n[%zu more bytes]", detail.len - len);
    }
    event_add_text(&event, FIELD_TEXT, buf_slice(&text));
    event_add_text(&event, FIELD_WHY, buf_slice(&work->why));
    work->stage = CALL_ASKS;
    chat_append(work->chat, &event);
    buf_clear(&text);
}

static void deny(struct call_work *work, const char *why)
{
    works_answer(work, "denied", slice_of(why));
}

static void ask(struct call_work *work, const char *why)
{
    if (!work->chat->setup.is_interactive) {
        struct buf words = { 0 };
        buf_printf(&words,
                   "This was not run: it needs the user's consent (%s), and "
                   "nobody is there to give it.",
                   why);
        deny(work, buf_string(&words));
        buf_clear(&words);
        return;
    }
    buf_reset(&work->why);
    buf_append_string(&work->why, why);
    append_asked(work);
}

static enum verdict decide(const struct call_work *work, const char **why)
{
    const struct tool_plan *plan = works_plan(work);
    enum tool_mode mode = chat_tool_mode(work->chat);
    *why = work->tool->effect == TOOL_EDITS ? "it changes a file"
                                            : "it acts on its own";
    if (mode == TOOL_MODE_PLAN && work->tool->effect != TOOL_READS)
        return DENY;
    if (call_of(work)->recovered) {
        *why = "the model wrote the call as text";
        return ASK;
    }
    if (work->tool->asking == TOOL_ASKS_NEVER ||
        (work->tool->effect == TOOL_READS && plan->is_beneath) ||
        (mode == TOOL_MODE_EDITS && work->tool->effect == TOOL_EDITS &&
         plan->is_beneath))
        return GO;
    if (work->tool->effect == TOOL_READS)
        *why = "outside of the directory";
    return ASK;
}

void approval_begin(struct call_work *work)
{
    const char *why;
    switch (decide(work, &why)) {
    case GO: work->stage = CALL_AGREED; break;
    case ASK: ask(work, why); break;
    case DENY:
        deny(work, "This was not run: only reading is allowed now (tools.mode: "
                   "plan).");
        break;
    }
}

void approval_ask_again(struct call_work *work, const char *why)
{
    ask(work, why);
}

/* Questions. */

size_t chat_asking_count(const struct chat *chat)
{
    size_t count = 0;
    for (size_t i = 0; i < chat->works.list.count; i++)
        count += chat->works.list.items[i]->stage == CALL_ASKS;
    return count;
}

uint32_t chat_asking(const struct chat *chat, size_t index)
{
    for (size_t i = 0; i < chat->works.list.count; i++) {
        const struct call_work *work = chat->works.list.items[i];
        if (work->stage == CALL_ASKS && index-- == 0)
            return work->id;
    }
    return 0;
}

static struct call_work *find_asking(const struct chat *chat, uint32_t call)
{
    struct call_work *work = works_find(chat, call);
    return work && work->stage == CALL_ASKS ? work : NULL;
}

static size_t count_same(const struct call_work *work)
{
    const struct works *works = &work->chat->works;
    size_t count = 0;
    for (size_t i = 0; i < works->list.count; i++)
        count += works->list.items[i]->stage == CALL_ASKS &&
                 works->list.items[i]->tool == work->tool;
    return count;
}

bool chat_call_question(const struct chat *chat, uint32_t call,
                        struct call_question *question)
{
    const struct call_work *work = find_asking(chat, call);
    if (!work)
        return false;
    *question = (struct call_question){
        .call = call,
        .plan = works_plan(work),
        .why = buf_string(&work->why),
        .is_recovered = call_of(work)->recovered,
        .same_tool = count_same(work),
        .why_not_always = "",
    };
    return true;
}

static void append_answered(const struct call_work *work,
                            enum call_answer answer, struct slice reason)
{
    struct event event = relay_event(work, EVENT_RELAY_ANSWERED);
    event_add_string(&event, FIELD_OUTCOME, answers[answer].name);
    event_add_text(&event, FIELD_TEXT, reason);
    chat_append(work->chat, &event);
}

static void agree(struct call_work *work, enum call_answer answer)
{
    append_answered(work, answer, slice_of(""));
    work->is_unkept = chat_keeping(work->chat) != JOURNAL_FINE;
    work->stage = CALL_AGREED;
}

static void refuse(struct call_work *work, struct slice reason)
{
    struct buf words = { 0 };
    append_answered(work, CALL_DENY, reason);
    if (slice_trim(reason).len)
        buf_printf(&words, "The user says: %.*s", SLICE_ARG(reason));
    deny(work, buf_string(&words));
    buf_clear(&words);
}

bool chat_answer_call(struct chat *chat, uint32_t call, enum call_answer answer,
                      struct slice reason, struct error *err)
{
    struct call_work *work = find_asking(chat, call);
    const struct tool *tool = work ? work->tool : NULL;
    if (!work)
        return error_set(err, ERROR_USAGE, "this call does not ask any more");
    if (answer == CALL_DENY) {
        refuse(work, reason);
        return true;
    }
    agree(work, answer);
    for (size_t i = 0; answer == CALL_ALL && i < chat->works.list.count; i++) {
        struct call_work *other = chat->works.list.items[i];
        if (other->stage == CALL_ASKS && other->tool == tool)
            agree(other, answer);
    }
    return true;
}

bool chat_stop_call(struct chat *chat, uint32_t call)
{
    struct call_work *work = works_find(chat, call);
    if (!work)
        return false;
    if (work->stage == CALL_RUNS)
        job_stop(work->job);
    else
        works_answer(work, "cancelled", slice_of(""));
    return true;
}
