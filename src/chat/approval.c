/* SPDX-License-Identifier: MIT */
#include "chat/approval.h"

#include <string.h>

#include "chat/chat_state.h"
#include "chat/chat_tools.h"

/* What is agreed to stands in the log up to here. */
enum { DETAIL_MAX = 16 * 1024 };

static const struct {
    const char *name, *about;
} answers[] = {
    [CALL_ONCE] = { "once", "this call" },
    [CALL_ALWAYS] = { "always", "exactly this, from now on" },
    [CALL_SESSION] = { "session", "such calls in this conversation" },
    [CALL_ALL] = { "all", "those like it that ask now" },
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

static void deny(struct call_work *work, struct slice why)
{
    works_answer(work, "denied", why);
}

static void ask(struct call_work *work, const char *why)
{
    buf_reset(&work->why);
    buf_append_string(&work->why, why);
    append_asked(work);
}

/* The machine is asked only where a program would run. */
static enum box_tier tier_of(const struct call_work *work)
{
    const struct tool_plan *plan = works_plan(work);
    struct box *box = plan && plan->tool->executor == TOOL_RUNS
                          ? toolbox_box(work->chat->setup.toolbox)
                          : NULL;
    return box ? box_tier(box) : BOX_NONE;
}

/* Modes stand in the order of how much passes. They say what a model may do: what
 * the user calls is asked about where a model is offered nothing. */
static enum tool_mode mode_of(const struct call_work *work)
{
    enum tool_mode now = chat_tool_mode(work->chat);
    if (!call_of(work)->run)
        return now > TOOL_MODE_ASK ? now : TOOL_MODE_ASK;
    return now < work->mode ? now : work->mode;
}

static struct permission_case case_of(const struct call_work *work)
{
    const struct call *call = call_of(work);
    return (struct permission_case){
        .plan = works_plan(work),
        .mode = mode_of(work),
        .tier = tier_of(work),
        .is_recovered = call->recovered,
        .is_headless = !work->chat->setup.is_interactive,
    };
}

static enum permission_verdict decide(const struct call_work *work,
                                      struct buf *why)
{
    const struct permission_case ask = case_of(work);
    return permission_decide(work->chat->permission, &ask, why);
}

/* Questions come in the order of the calls: of one before it nobody knows yet
 * whether it asks. */
static bool is_behind_unknown(const struct call_work *work)
{
    const struct works *works = &work->chat->works;
    for (size_t i = 0; works->list.items[i] != work; i++)
        if (works->list.items[i]->stage == CALL_PREPARES)
            return true;
    return false;
}

void approval_begin(struct call_work *work)
{
    struct buf why = { 0 };
    switch (decide(work, &why)) {
    case PERMISSION_ALLOW: work->stage = CALL_AGREED; break;
    case PERMISSION_ASK:
        if (!is_behind_unknown(work))
            ask(work, buf_string(&why));
        break;
    case PERMISSION_DENY: deny(work, buf_slice(&why)); break;
    }
    buf_clear(&why);
}

bool approval_stands(struct call_work *work)
{
    struct buf why = { 0 };
    enum permission_verdict verdict = decide(work, &why);
    bool stands = verdict == PERMISSION_ALLOW ||
                  (verdict == PERMISSION_ASK && work->is_said);
    if (verdict == PERMISSION_DENY)
        deny(work, buf_slice(&why));
    else if (!stands)
        ask(work, buf_string(&why));
    buf_clear(&why);
    return stands;
}

void approval_ask_again(struct call_work *work, const char *why)
{
    struct buf words = { 0 };
    if (work->chat->setup.is_interactive) {
        ask(work, why);
        return;
    }
    buf_printf(&words, "It was not done: %s, and nobody can be asked here.",
               why);
    deny(work, buf_slice(&words));
    buf_clear(&words);
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

/* It asks because of the disk: no rule spares that. */
static bool is_unkept(const struct call_work *work)
{
    return work->needed_seq || chat_keeping(work->chat) != JOURNAL_FINE;
}

static struct call_work *find_asking(const struct chat *chat, uint32_t call)
{
    struct call_work *work = works_find(chat, call);
    return work && work->stage == CALL_ASKS ? work : NULL;
}

/* What wants a look of its own is in no batch. */
static bool is_alike(const struct call_work *work,
                     const struct call_work *other)
{
    return other == work ||
           (other->stage == CALL_ASKS && other->tool == work->tool &&
            !call_of(other)->recovered && !permission_hides(works_plan(other)));
}

bool chat_call_is_alike(const struct chat *chat, uint32_t call, uint32_t other)
{
    const struct call_work *one = find_asking(chat, call);
    const struct call_work *two = find_asking(chat, other);
    return one && two && is_alike(one, two);
}

static size_t count_alike(const struct call_work *work)
{
    const struct works *works = &work->chat->works;
    size_t count = 0;
    for (size_t i = 0; i < works->list.count; i++)
        count += is_alike(work, works->list.items[i]);
    return count;
}

/* The mode that the conversation has now forbids it. */
static bool is_barred(const struct call_work *work)
{
    struct buf why = { 0 };
    enum permission_verdict verdict = decide(work, &why);
    buf_clear(&why);
    return verdict == PERMISSION_DENY;
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
        .has_hidden = permission_hides(works_plan(work)),
        .is_barred = is_barred(work),
        .same_tool = count_alike(work),
    };
    return true;
}

static bool find_rule(const struct call_work *work, enum permission_scope scope,
                      struct permission_rule *rule, struct buf *why)
{
    const struct permission_case ask = case_of(work);
    if (is_barred(work)) {
        buf_printf(why, "the mode is %s now", tool_mode_name(ask.mode));
        return false;
    }
    return permission_rule_of(work->chat->permission, &ask, scope, rule, why);
}

bool chat_call_rule(const struct chat *chat, uint32_t call,
                    enum permission_scope scope, struct permission_rule *rule,
                    struct buf *why)
{
    const struct call_work *work = find_asking(chat, call);
    if (work)
        return find_rule(work, scope, rule, why);
    buf_append_string(why, "this call does not ask any more");
    return false;
}

static void append_answered(const struct call_work *work, const char *answer,
                            struct slice words)
{
    struct event event = relay_event(work, EVENT_RELAY_ANSWERED);
    event_add_string(&event, FIELD_OUTCOME, answer);
    event_add_text(&event, FIELD_TEXT, words);
    chat_append(work->chat, &event);
}

/* Whoever was asked while the disk takes nothing has agreed to that, too. */
static void agree(struct call_work *work, const char *answer,
                  struct slice words)
{
    append_answered(work, answer, words);
    work->is_said = true;
    work->is_unkept = chat_keeping(work->chat) != JOURNAL_FINE;
    work->stage = CALL_AGREED;
}

/* What asks passes now: it need not be asked one by one. */
static void agree_to_others(struct chat *chat, const char *answer)
{
    struct works *works = &chat->works;
    for (size_t i = 0; i < works->list.count; i++) {
        struct call_work *work = works->list.items[i];
        struct buf why = { 0 };
        if (work->stage == CALL_ASKS && !is_unkept(work) &&
            decide(work, &why) == PERMISSION_ALLOW)
            agree(work, answer, buf_slice(&why));
        buf_clear(&why);
    }
}

static void agree_to_all(struct call_work *work)
{
    struct works *works = &work->chat->works;
    for (size_t i = 0; i < works->list.count; i++) {
        struct call_work *other = works->list.items[i];
        if (is_alike(work, other))
            agree(other, answers[CALL_ALL].name, slice_of(""));
    }
}

static bool agree_from_now_on(struct call_work *work, enum call_answer answer,
                              struct error *err)
{
    struct chat *chat = work->chat;
    struct permission_rule rule;
    struct buf words = { 0 };
    bool is_rule = find_rule(
        work, answer == CALL_ALWAYS ? PERMISSION_ALWAYS : PERMISSION_SESSION,
        &rule, &words);
    if (!is_rule) {
        error_set(err, ERROR_USAGE, "%s cannot be said of this: %s",
                  answers[answer].name, buf_string(&words));
    } else {
        permission_rule_words(&rule, &words);
        /* What is kept counts as long as it is there, and no longer. */
        if (answer == CALL_ALWAYS && chat->setup.rules)
            permission_rule_clear(&rule);
        else
            permission_take(chat->permission, &rule);
        agree(work, answers[answer].name, buf_slice(&words));
        agree_to_others(chat, answers[answer].name);
    }
    buf_clear(&words);
    return is_rule;
}

static void refuse(struct call_work *work, struct slice reason)
{
    struct buf words = { 0 };
    append_answered(work, answers[CALL_DENY].name, reason);
    if (slice_trim(reason).len)
        buf_printf(&words, "The user says: %.*s", SLICE_ARG(reason));
    deny(work, buf_slice(&words));
    buf_clear(&words);
}

bool chat_answer_call(struct chat *chat, uint32_t call, enum call_answer answer,
                      struct slice reason, struct error *err)
{
    struct call_work *work = find_asking(chat, call);
    if (!work)
        return error_set(err, ERROR_USAGE, "this call does not ask any more");
    if (answer != CALL_DENY && is_barred(work))
        return error_set(err, ERROR_USAGE,
                         "the mode %s does not allow it: deny it, or change "
                         "the mode (Shift-Tab, /mode) and answer again",
                         tool_mode_name(mode_of(work)));
    switch (answer) {
    case CALL_ONCE: agree(work, answers[answer].name, slice_of("")); break;
    case CALL_ALWAYS:
    case CALL_SESSION: return agree_from_now_on(work, answer, err);
    case CALL_ALL: agree_to_all(work); break;
    case CALL_DENY: refuse(work, reason); break;
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
