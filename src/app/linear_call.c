/* SPDX-License-Identifier: MIT */
#include "app/linear_call.h"

#include <inttypes.h>
#include <string.h>

#include "app/rule_file.h"
#include "chat/chat_tools.h"

/* What others wrote stands behind a mark: it cannot pose as a line of ours. */
static void print_detail(struct linear *linear, struct slice rest)
{
    struct slice line;
    struct buf marked = { 0 };
    while (slice_next_line(&rest, &line)) {
        buf_reset(&marked);
        buf_printf(&marked, "| %.*s", SLICE_ARG(line));
        print_line(&linear->out, buf_slice(&marked));
    }
    buf_clear(&marked);
}

static void print_answer(struct linear *linear,
                         const struct call_question *question,
                         enum call_answer answer)
{
    struct permission_rule rule = { 0 };
    struct buf words = { 0 }, why = { 0 };
    bool is_rule = answer == CALL_ALWAYS || answer == CALL_SESSION;
    bool ok =
        !is_rule || chat_call_rule(linear->chat, question->call,
                                   answer == CALL_ALWAYS ? PERMISSION_ALWAYS
                                                         : PERMISSION_SESSION,
                                   &rule, &why);
    if ((answer == CALL_ALL && question->same_tool < 2) ||
        (answer != CALL_DENY && question->is_barred))
        return;
    if (is_rule && ok)
        permission_rule_words(&rule, &words);
    if (ok)
        narrator_say(
            &linear->narrator, "%s%s: %s%s%s", call_answer_name(answer),
            answer == CALL_DENY ? " [REASON]" : "", call_answer_about(answer),
            words.len ? ": " : "", buf_string(&words));
    permission_rule_clear(&rule);
    buf_clear(&words);
    buf_clear(&why);
}

void linear_call_show(struct linear *linear)
{
    struct call_question question;
    if (!chat_asking_count(linear->chat) ||
        !chat_call_question(linear->chat, chat_asking(linear->chat, 0),
                            &question))
        return;
    narrator_say(&linear->narrator, "t%" PRIu32 " %s asks: %s", question.call,
                 question.plan->tool->name, question.why);
    if (question.is_recovered)
        narrator_say(&linear->narrator, "the model wrote this call as text");
    if (question.has_hidden)
        narrator_say(&linear->narrator,
                     "it has characters that are not seen: they are shown as "
                     "<U+202E> and the like");
    print_detail(linear, buf_slice(&question.plan->detail));
    if (question.is_barred)
        narrator_say(&linear->narrator,
                     "the mode is %s now: deny it, or change that with /mode",
                     tool_mode_name(chat_tool_mode(linear->chat)));
    for (int i = 0; i < CALL_ANSWERS; i++)
        print_answer(linear, &question, (enum call_answer)i);
    narrator_say(&linear->narrator, "type one of these words; Ctrl-C stops");
    answer_guard_drawn(&linear->guard, loop_now(linear->setup.loop));
}

/* One call may ask more than once. */
static uint64_t first_question(const struct linear *linear)
{
    const struct graph *graph = chat_conversation(linear->chat)->graph;
    if (!chat_asking_count(linear->chat))
        return 0;
    uint32_t id = chat_asking(linear->chat, 0);
    return (uint64_t)graph_call(graph, id)->asked_at << 20 | id;
}

void linear_call_turn(struct linear *linear)
{
    uint64_t question = first_question(linear);
    if (question == linear->asking)
        return;
    linear->asking = question;
    answer_guard_show(&linear->guard, question);
    if (question)
        linear_call_show(linear);
}

/* What speaks against a yes, once: those that it is for, too, were not shown. */
static bool has_doubt(struct linear *linear, uint32_t call,
                      enum call_answer answer)
{
    const struct chat *chat = linear->chat;
    struct call_question question, other;
    if (answer == CALL_DENY || !chat_call_question(chat, call, &question))
        return false;
    const struct answer_doubt doubt = {
        .has_hidden = question.has_hidden,
        .others = answer == CALL_ALL ? question.same_tool - 1 : 0,
    };
    if (answer_guard_confirms(&linear->guard, (int)answer + 1, &doubt,
                              loop_now(linear->setup.loop)))
        return false;
    for (size_t i = 0; doubt.others && i < chat_asking_count(chat); i++) {
        if (chat_call_is_alike(chat, call, chat_asking(chat, i)) &&
            chat_call_question(chat, chat_asking(chat, i), &other))
            print_detail(linear, buf_slice(&other.plan->about));
    }
    narrator_say(&linear->narrator, "%s; %s again says yes all the same",
                 doubt.others ? "this agrees to all of these"
                              : "it has characters that are not seen",
                 call_answer_name(answer));
    return true;
}

/* For good: it is written down, too. */
static void give(struct linear *linear, uint32_t call, enum call_answer answer,
                 struct slice reason)
{
    struct permission_rule rule = { 0 };
    struct buf words = { 0 }, why = { 0 };
    struct error err = { 0 };
    bool is_kept =
        answer == CALL_ALWAYS &&
        chat_call_rule(linear->chat, call, PERMISSION_ALWAYS, &rule, &why);
    bool ok = chat_answer_call(linear->chat, call, answer, reason, &err);
    if (ok && is_kept)
        rule_file_add(&linear->setup, &rule, &words);
    else if (is_kept)
        permission_rule_clear(&rule);
    if (!ok || words.len)
        narrator_say(&linear->narrator, "%s",
                     ok ? buf_string(&words) : err.text);
    if (!ok)
        linear_call_show(linear);
    buf_clear(&words);
    buf_clear(&why);
}

bool linear_call_answer(struct linear *linear, struct slice line)
{
    enum call_answer answer;
    struct slice rest = slice_trim(line);
    size_t len = 0;
    while (len < rest.len && !strchr(" \t\n", rest.ptr[len]))
        len++;
    if (!chat_asking_count(linear->chat) ||
        !call_answer_parse((struct slice){ rest.ptr, len }, &answer) ||
        (answer != CALL_DENY && len < rest.len))
        return false;
    /* Typed before it could be read. */
    if (!answer_guard_takes(&linear->guard, loop_now(linear->setup.loop))) {
        linear_call_show(linear);
        return true;
    }
    uint32_t call = chat_asking(linear->chat, 0);
    if (!has_doubt(linear, call, answer))
        give(linear, call, answer, slice_trim(slice_skip(rest, len)));
    return true;
}
