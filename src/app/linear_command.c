/* SPDX-License-Identifier: MIT */
/*
 * linear_command - what becomes of an input: a prompt, or a command whose
 * panel is printed as lines.
 */
#include <string.h>

#include "app/attaching.h"
#include "app/catalogue.h"
#include "app/consent_file.h"
#include "app/linear_call.h"
#include "app/model_text.h"
#include "app/transcript.h"
#include "app/waiting.h"
#include "app/window_share.h"
#include "base/clock.h"
#include "chat/chat_tools.h"
#include "chat/reread.h"

enum { DISK_PATIENCE_MS = 2000 };

/* Prompts. */

static void queue_prompt(struct linear *linear, struct slice text)
{
    struct error err = { 0 };
    struct attachments files = { 0 };
    struct mentions mentions = { .text = text };
    bool ok = attaching_read(&files, &linear->files, &mentions, &err);
    if (ok) {
        attachments_move(&linear->files, &files);
        ok = chat_prompt(linear->chat, text, &linear->files, &err);
    }
    if (!ok)
        narrator_say(&linear->narrator, "%s", err.text);
    attachments_clear(&files);
}

/* The new prompt takes the place of the answer that is coming in, where the
 * setting says so; what waited before it follows. */
static void send(struct linear *linear, struct slice text)
{
    struct waiting waiting = { 0 };
    const char *on_busy =
        settings_text(linear->setup.settings, "reply.on_busy", "queue");
    if (!strcmp(on_busy, "replace")) {
        chat_stop(linear->chat);
        waiting_take(&waiting, linear->chat);
    }
    queue_prompt(linear, text);
    waiting_queue(&waiting, linear->chat);
}

/* Panels. */

/* There are no keys here, so a keymap without any. */
static void fill(struct linear *linear, enum panel_id id, const char *draft,
                 struct list *list)
{
    struct catalogue *catalogue = NULL;
    const struct keymap no_keys = { 0 };
    if (id == PANEL_DOCTOR)
        setup_survey(&linear->setup);
    if (id == PANEL_BUDGET && linear->setup.ledger) {
        ledger_refresh(linear->setup.ledger);
        store_settle(linear->setup.disk, DISK_PATIENCE_MS);
    }
    if (id == PANEL_MEMORY && linear->setup.memories) {
        chat_read_memories(linear->chat);
        store_settle(linear->setup.disk, DISK_PATIENCE_MS);
    }
    if (id == PANEL_SESSIONS && linear->setup.store) {
        catalogue = catalogue_new(linear->setup.store, NULL, NULL);
        catalogue_refresh(catalogue);
        store_settle(linear->setup.store, -1);
    }
    const struct panel_source source = {
        .chat = linear->chat,
        .catalogue = catalogue,
        .endpoints = &linear->setup.endpoints,
        .settings = linear->setup.settings,
        .consents = &linear->setup.consents,
        .rules = &linear->setup.rules,
        .hooks = linear->setup.hooks,
        .debug = linear->setup.debug,
        .keymap = &no_keys,
        .budget = linear->budget,
        .survey = linear->setup.store ? &linear->setup.survey : NULL,
        .state = linear->setup.state,
        .ledger = linear->setup.ledger,
        .draft = slice_of(draft),
        .family = window_share_family(linear->chat),
        .draft_tokens = tokens_estimate(slice_of(draft)),
        .files = &linear->files,
        .now = clock_wall_ms(),
        .free_bytes = models_free_memory(),
        .ascii = true,
    };
    panel_fill(id, &source, list);
    catalogue_free(catalogue);
}

/* "head: text (right)". What is marked on the screen is said in a word. */
static void print_row(struct linear *linear, const struct list_row *row)
{
    struct slice head = slice_trim(buf_slice(&row->head));
    struct slice text = slice_trim(buf_slice(&row->text));
    struct buf line = { 0 };
    /* There is nothing to choose with: its name is typed. */
    if (session_id_is_valid(buf_slice(&row->key)))
        buf_printf(&line, "%s  ", buf_string(&row->key));
    buf_printf(&line, "%.*s%s%.*s", SLICE_ARG(head),
               head.len && text.len ? ": " : "", SLICE_ARG(text));
    if (row->right.len)
        buf_printf(&line, "%s(%s)", line.len ? " " : "",
                   buf_string(&row->right));
    if (row->is_marked)
        buf_append_string(&line, ", current");
    print_line(&linear->out, buf_slice(&line));
    buf_clear(&line);
}

/* Of the rows those that have the words. */
static void print_filtered(struct linear *linear, enum panel_id id,
                           struct slice words)
{
    struct list list = { 0 };
    if (words.len <= LIST_FILTER_MAX)
        list_filter_set(&list, words);
    fill(linear, id, "", &list);
    narrator_say(&linear->narrator, "%s", panel_at(id)->name);
    for (size_t i = 0; i < list.shown.count; i++)
        if (list.shown.items[i].is_first)
            print_row(linear, &list.rows.items[list.shown.items[i].row]);
    list_clear(&list);
}

static void print_panel(struct linear *linear, enum panel_id id)
{
    print_filtered(linear, id, slice_of(""));
}

static bool is_asking(const struct linear *linear)
{
    const struct endpoints *endpoints = &linear->setup.endpoints;
    for (size_t i = 0; i < endpoints->list.count; i++) {
        const struct models *models =
            chat_models(linear->chat, &endpoints->list.items[i]);
        if (models && models_state(models) == MODELS_ASKING)
            return true;
    }
    return false;
}

void linear_show_models(struct linear *linear)
{
    if (!linear->awaits_models || is_asking(linear))
        return;
    linear->awaits_models = false;
    print_panel(linear, PANEL_MODELS);
}

void linear_show_question(struct linear *linear)
{
    print_panel(linear, PANEL_QUESTION);
    narrator_say(&linear->narrator, "type one of these words; Ctrl-C %s",
                 chat_is_stalled(linear->chat) ? "stops it, too"
                                               : "does not send it");
}

/* Commands. */

static bool is_possible(enum action action)
{
    return command_exists(action) || action == ACTION_DUMP;
}

static void print_help(struct linear *linear)
{
    struct list list = { 0 };
    fill(linear, PANEL_COMMANDS, "/", &list);
    narrator_say(&linear->narrator, "%s", panel_at(PANEL_HELP)->name);
    for (size_t i = 0; i < list.count; i++) {
        struct slice name = slice_skip(buf_slice(&list.rows.items[i].key), 1);
        if (is_possible(action_of_command(name)))
            print_row(linear, &list.rows.items[i]);
    }
    list_clear(&list);
    narrator_say(&linear->narrator,
                 "a line is a prompt; a backslash at its end goes on in the "
                 "next line\n"
                 "\"\"\" at the start opens a block of lines, \"\"\" at the "
                 "end of one closes it\n"
                 "// or a blank before a slash sends it as text\n"
                 "Ctrl-C stops an answer, twice leaves; Ctrl-D leaves\n"
                 "the manual: man sennit; the guide: /model guide");
}

static void print_thread(struct linear *linear)
{
    struct buf text = { 0 };
    transcript_append(&text, chat_conversation(linear->chat)->graph);
    if (text.len == 0) {
        narrator_say(&linear->narrator, "there is nothing to dump yet");
    } else {
        print_fresh_line(&linear->out);
        print_text(&linear->out, buf_slice(&text));
        print_end(&linear->out);
        print_fresh_line(&linear->out);
    }
    buf_clear(&text);
}

static void show(struct linear *linear, enum panel_id id)
{
    if (id == PANEL_HELP) {
        print_help(linear);
    } else if (id == PANEL_MODELS) {
        linear->awaits_models = true;
        if (is_asking(linear))
            narrator_say(&linear->narrator, "asking for the models");
        linear_show_models(linear);
    } else {
        print_panel(linear, id);
    }
}

/* Silence would leave open whether it was heard. */
static void confirm(struct linear *linear, const struct command_call *call)
{
    if (call->notice.len)
        narrator_say(&linear->narrator, "%s", buf_string(&call->notice));
    else if (call->action == ACTION_NEW)
        narrator_say(&linear->narrator, "a new conversation");
    else if (call->action == ACTION_MODEL && !call->panel)
        linear->has_introduced = false;
    else if (call->action == ACTION_RENAME)
        narrator_say(&linear->narrator, "renamed");
}

static void renew(struct linear *linear)
{
    if (linear->generation == chat_generation(linear->chat))
        return;
    narrator_reset(&linear->narrator);
    budget_free(linear->budget);
    linear->budget = budget_new();
    linear->generation = chat_generation(linear->chat);
}

/* What the next prompt sets off, once for each time that it changes. */
static void warn_of_reread(struct linear *linear)
{
    struct buf words = { 0 };
    chat_count(linear->chat, linear->budget);
    struct reread reread = reread_of(linear->chat, linear->budget);
    bool is_news = reread_is_long(&reread) && reread.tokens != linear->reread;
    linear->reread = reread.tokens;
    if (!is_news)
        return;
    reread_words(&reread, &words);
    narrator_say(&linear->narrator, "the next prompt: its server %s",
                 buf_string(&words));
    buf_clear(&words);
}

static void run(struct linear *linear, struct command_call *call)
{
    struct error err = { 0 };
    call->chat = linear->chat;
    call->setup = &linear->setup;
    call->files = &linear->files;
    bool ok = command_run(call, &err);
    model_text_watch(chat_life(linear->chat), &linear->moved);
    renew(linear);
    if (slice_is(call->changed, "looks.thinking"))
        narrator_configure(&linear->narrator, linear->setup.settings);
    /* Words besides: which ones it may have meant. */
    if (!ok && call->notice.len)
        narrator_say(&linear->narrator, "%s", buf_string(&call->notice));
    if (ok)
        confirm(linear, call);
    else
        narrator_say(&linear->narrator, "%s", err.text);
    if (ok && ((call->action == ACTION_RESUME && call->argument.len) ||
               call->action == ACTION_FORK))
        linear_take_queue_back(linear);
    if (call->panel && call->filter.len)
        print_filtered(linear, call->panel, call->filter);
    else if (call->panel)
        show(linear, call->panel);
    warn_of_reread(linear);
    linear->wants_quit = linear->wants_quit || call->wants_quit;
    buf_clear(&call->notice);
}

static void run_command(struct linear *linear, struct command_call *call)
{
    renew(linear);
    if (command_exists(call->action))
        run(linear, call);
    else if (call->action == ACTION_DUMP)
        print_thread(linear);
    else
        narrator_say(&linear->narrator,
                     "/%.*s needs the full screen; /help lists what works "
                     "here",
                     SLICE_ARG(action_command(call->action)));
}

static bool answer_consent(struct linear *linear, struct slice word)
{
    const struct route *question = chat_question(linear->chat);
    enum consent_answer said =
        question ? consent_answer_of(question, word) : CONSENT_NONE;
    struct buf words = { 0 };
    if (!said)
        return false;
    consent_file_answer(&linear->setup, linear->chat, said, &words);
    if (words.len)
        narrator_say(&linear->narrator, "%s", buf_string(&words));
    buf_clear(&words);
    return true;
}

static bool answer_spending(struct linear *linear, struct slice word)
{
    enum spending_answer said;
    if (!chat_is_over_limit(linear->chat) ||
        !chat_spending_parse(linear->chat, word, &said))
        return false;
    chat_answer_spending(linear->chat, said);
    return true;
}

static bool answer_stall(struct linear *linear, struct slice word)
{
    enum stall_answer said;
    if (!chat_is_stalled(linear->chat) || !stall_parse(word, &said))
        return false;
    chat_stall_answer(linear->chat, said);
    return true;
}

static bool answer_context(struct linear *linear, struct slice word)
{
    enum context_answer said;
    if (!chat_context_parse(linear->chat, word, &said))
        return false;
    chat_answer_context(linear->chat, said);
    return true;
}

/* As short as the words of a question are. */
static bool is_one_word(struct slice text)
{
    enum { ANSWER_MAX = 16 };
    if (text.len > ANSWER_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (strchr(" \t\n", text.ptr[i]))
            return false;
    return true;
}

/* Only the words of the question answer it; a prompt that was typed before it
 * came up does not, and is not lost either. One word is meant as an answer: sent
 * as a prompt it would be read by whom the question is about. */
static void answer(struct linear *linear, struct slice input)
{
    struct slice word = slice_trim(input);
    if (linear_call_answer(linear, word) || answer_consent(linear, word) ||
        answer_spending(linear, word) || answer_stall(linear, word) ||
        answer_context(linear, word))
        return;
    if (is_one_word(word))
        narrator_say(&linear->narrator,
                     "\"%.*s\" is no answer to this, and was not sent",
                     SLICE_ARG(word));
    else
        queue_prompt(linear, input);
    if (chat_has_question(linear->chat))
        linear_show_question(linear);
    else
        linear_call_show(linear);
}

void linear_do(struct linear *linear, struct slice input)
{
    struct command_call call = { 0 };
    struct error err = { 0 };
    struct slice text;
    if (slice_trim(input).len == 0) {
        chat_countdown_now(linear->chat);
        return;
    }
    switch (command_parse(input, &text, &call, &err)) {
    case LINE_COMMAND: run_command(linear, &call); break;
    case LINE_REFUSED: narrator_say(&linear->narrator, "%s", err.text); break;
    default:
        if (slice_trim(text).len && (chat_has_question(linear->chat) ||
                                     chat_asking_count(linear->chat)))
            answer(linear, text);
        else if (slice_trim(text).len)
            send(linear, text);
    }
}
