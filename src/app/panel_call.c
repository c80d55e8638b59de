/* SPDX-License-Identifier: MIT */
/*
 * panel_call - the question about a call of a tool: all that would be done, and
 * the answers; the key of a row is the answer.
 */
#include <inttypes.h>

#include "app/approving.h"
#include "app/panel.h"
#include "chat/chat_tools.h"

static bool find_question(const struct panel_source *source,
                          struct call_question *question)
{
    const struct approving *approving = source->approving;
    return approving && approving->call &&
           chat_call_question(source->chat, approving->call, question);
}

/* What an answer would allow besides this call, or why it cannot be given. */
static bool append_rule(struct buf *words, const struct chat *chat,
                        uint32_t call, enum call_answer answer)
{
    struct permission_rule rule = { 0 };
    struct buf why = { 0 };
    bool ok = chat_call_rule(chat, call,
                             answer == CALL_ALWAYS ? PERMISSION_ALWAYS
                                                   : PERMISSION_SESSION,
                             &rule, &why);
    if (ok) {
        buf_printf(words, "%s: ", call_answer_about(answer));
        permission_rule_words(&rule, words);
        permission_rule_clear(&rule);
    } else {
        buf_printf(words, "not possible: %s", buf_string(&why));
    }
    buf_clear(&why);
    return ok;
}

static void add_answer(struct list *list, const struct panel_source *source,
                       const struct call_question *question,
                       enum call_answer answer)
{
    struct buf words = { 0 };
    bool is_rule = answer == CALL_ALWAYS || answer == CALL_SESSION;
    bool ok = true;
    if (is_rule)
        ok = append_rule(&words, source->chat, question->call, answer);
    else
        buf_append_string(&words, call_answer_about(answer));
    if (answer == CALL_ALL)
        buf_printf(&words, " (%zu)", question->same_tool);
    struct list_row *row = list_add(list, ok ? call_answer_name(answer) : "");
    if (!ok || (answer != CALL_DENY && question->is_barred))
        row->style = STYLE_DIM;
    buf_append_string(&row->head, call_answer_name(answer));
    buf_append_slice(&row->text, buf_slice(&words));
    /* What was not seen is not the first thing to say yes to. */
    row->is_marked = answer == CALL_DENY && question->has_hidden;
    buf_clear(&words);
}

static void add_answers(struct list *list, const struct panel_source *source,
                        const struct call_question *question)
{
    for (int i = 0; i < CALL_ANSWERS; i++) {
        if (i != CALL_ALL || question->same_tool > 1)
            add_answer(list, source, question, (enum call_answer)i);
    }
}

/* The line that one types why not in. */
static void add_reason(const struct panel_source *source, struct list *list)
{
    struct list_row *row = list_add(list, call_answer_name(CALL_DENY));
    buf_append_string(&row->head, "why not:");
    buf_append_slice(&row->text, buf_slice(&source->approving->reason));
    buf_append_string(&row->text, theme_glyphs(source->ascii)->cursor);
    list_add_text(list, STYLE_DIM,
                  "Enter denies it; the model is told why. Nothing will do.");
}

void panel_fill_call(const struct panel_source *source, struct list *list)
{
    struct call_question question;
    if (!find_question(source, &question))
        return;
    if (source->approving->is_denying)
        add_reason(source, list);
    else
        add_answers(list, source, &question);
}

static enum style diff_style(struct slice line)
{
    if (slice_starts(line, "+"))
        return STYLE_ADDED;
    if (slice_starts(line, "-"))
        return STYLE_REMOVED;
    return slice_starts(line, "@") ? STYLE_DIM : STYLE_NORMAL;
}

static void add_heads(const struct panel_source *source, struct sheet *sheet,
                      const struct call_question *question)
{
    struct buf head = { 0 };
    buf_printf(&head, "t%" PRIu32 " %s asks: %s", source->approving->call,
               question->plan->tool->name, question->why);
    sheet_add_head(sheet, STYLE_WARNING, buf_slice(&head));
    if (question->is_recovered)
        sheet_add_head(sheet, STYLE_WARNING,
                       slice_of("The model wrote this call as text."));
    if (question->has_hidden)
        sheet_add_head(sheet, STYLE_ERROR,
                       slice_of("Characters that are not seen are shown as "
                                "<U+202E> and the like."));
    buf_clear(&head);
}

void panel_sheet_call(const struct panel_source *source, struct sheet *sheet)
{
    struct call_question question;
    struct slice line;
    if (!find_question(source, &question) ||
        !sheet_begin(sheet, source->approving->guard.subject, source->width - 1,
                     source->ascii))
        return;
    const struct tool_plan *plan = question.plan;
    struct slice rest =
        buf_slice(plan->detail.len ? &plan->detail : &plan->about);
    add_heads(source, sheet, &question);
    while (slice_next_line(&rest, &line))
        sheet_add(sheet, plan->is_diff ? diff_style(line) : STYLE_NORMAL, line);
    sheet_end(sheet);
}

/* "2 of 3": which of those that ask. */
static void append_number(struct buf *facts, const struct panel_source *source)
{
    size_t count = chat_asking_count(source->chat);
    for (size_t i = 0; count > 1 && i < count; i++) {
        if (chat_asking(source->chat, i) == source->approving->call)
            buf_printf(facts, "%zu of %zu | ", i + 1, count);
    }
}

void panel_facts_call(const struct panel_source *source, struct buf *facts)
{
    if (!source->approving)
        return;
    struct call_question question;
    append_number(facts, source);
    if (find_question(source, &question) && question.is_barred)
        buf_printf(facts, "not in the mode %s | ",
                   tool_mode_name(chat_tool_mode(source->chat)));
    if (!source->approving->is_ready)
        buf_append_string(facts, "in a moment");
    else
        buf_append_string(facts, source->has_keys ? "Enter answers"
                                                  : "Tab, Enter answers");
}

const char *panel_escape_call(const struct panel_source *source)
{
    bool is_denying = source->approving && source->approving->is_denying;
    return is_denying ? "goes back" : "closes";
}
