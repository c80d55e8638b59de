/* SPDX-License-Identifier: MIT */
#include "app/approving.h"

#include <inttypes.h>
#include <string.h>

#include "app/rule_file.h"
#include "app/screen_state.h"
#include "base/utf8.h"
#include "chat/chat_tools.h"
#include "tool/box.h"

static struct band *band_of(struct screen *screen)
{
    return &screen->bands.items[PANEL_CALL];
}

static bool is_shown(const struct screen *screen)
{
    return screen->approving.call && screen->bands.items[PANEL_CALL].is_open;
}

static bool has_keys(const struct screen *screen)
{
    return is_shown(screen) && screen->bands.focused == PANEL_CALL;
}

static bool asks(const struct chat *chat, uint32_t call)
{
    for (size_t i = 0; i < chat_asking_count(chat); i++) {
        if (chat_asking(chat, i) == call)
            return true;
    }
    return false;
}

/* A key would count from now on: the picture says so. */
static void on_ready(void *context, uint32_t timer_id)
{
    struct screen *screen = context;
    (void)timer_id;
    screen->approving.timer = 0;
    screen->approving.is_ready = true;
    screen->draw_now = true;
}

static void wait_again(struct screen *screen, bool waits)
{
    struct approving *approving = &screen->approving;
    if (approving->timer)
        loop_timer_cancel(screen->setup.loop, approving->timer);
    approving->timer = 0;
    approving->is_ready = false;
    if (waits)
        approving->timer = loop_timer_start(screen->setup.loop, ANSWER_GUARD_MS,
                                            on_ready, screen);
}

void approving_clear(struct approving *approving)
{
    buf_clear(&approving->reason);
    *approving = (struct approving){ 0 };
}

static void hide(struct screen *screen)
{
    struct approving *approving = &screen->approving;
    if (screen->bands.items[PANEL_CALL].is_open)
        bands_close(&screen->bands, PANEL_CALL);
    approving->call = 0;
    approving->is_denying = false;
    buf_reset(&approving->reason);
    answer_guard_show(&approving->guard, 0);
    wait_again(screen, false);
    screen->draw_now = true;
}

/* One call may ask more than once. */
static uint64_t subject_of(const struct screen *screen, uint32_t id)
{
    const struct graph *graph = chat_conversation(screen->chat)->graph;
    return (uint64_t)graph_call(graph, id)->asked_at << 20 | id;
}

/* Nobody is in the middle of something that its keys would go to. */
static bool is_idle(const struct screen *screen)
{
    return typing_focus(screen) == FOCUS_EDITOR &&
           editor_is_empty(screen->editor) && !screen->search.is_open &&
           !screen->seat->amending.node_id;
}

static void show(struct screen *screen, uint32_t call, bool takes_keys)
{
    struct approving *approving = &screen->approving;
    enum panel_id before = screen->bands.focused;
    bool is_other = approving->call != call;
    approving->call = call;
    if (is_other)
        approving->is_denying = false;
    answer_guard_show(&approving->guard, subject_of(screen, call));
    struct panel_source source = perform_source(screen);
    bands_open(&screen->bands, PANEL_CALL, &source);
    screen->bands.focused = takes_keys ? PANEL_CALL : before;
    if (is_other && screen->is_unfocused)
        term_bell(screen->term);
    screen->draw_now = true;
}

/* The first that asks and was not sent away. */
static uint32_t next_call(const struct screen *screen)
{
    for (size_t i = 0; i < chat_asking_count(screen->chat); i++) {
        uint32_t call = chat_asking(screen->chat, i);
        if (call > screen->approving.dismissed)
            return call;
    }
    return 0;
}

/* With the first prompt that a tool may be called for: so that the title can
 * tell, and nobody waits later. */
static void probe_box(struct screen *screen)
{
    struct toolbox *toolbox = chat_toolbox(screen->chat);
    if (screen->approving.is_probing || !toolbox ||
        !chat_is_busy(screen->chat) ||
        chat_tool_mode(screen->chat) < TOOL_MODE_ASK)
        return;
    struct box *box = toolbox_box(toolbox);
    if (box)
        box_probe(box, screen->setup.loop);
    screen->approving.is_probing = true;
}

/* What stands below the rows of the calls is about the same one. */
static void choose_row(struct screen *screen)
{
    struct list *list = &screen->bands.items[PANEL_TOOLS].list;
    struct buf key = { 0 };
    buf_printf(&key, "t%" PRIu32, screen->approving.call);
    if (is_shown(screen) && screen->bands.focused != PANEL_TOOLS &&
        strcmp(list_chosen(list), buf_string(&key)))
        list_choose(list, buf_string(&key));
    buf_clear(&key);
}

void approving_update(struct screen *screen)
{
    struct approving *approving = &screen->approving;
    enum panel_id focused = screen->bands.focused;
    probe_box(screen);
    if (approving->chat != screen->chat) {
        hide(screen);
        approving->chat = screen->chat;
        approving->dismissed = 0;
    }
    bool is_current = approving->call && asks(screen->chat, approving->call) &&
                      band_of(screen)->is_open;
    if (approving->call && !is_current)
        hide(screen);
    uint32_t next = next_call(screen);
    bool is_picking = focused && panel_at(focused)->is_picker;
    if (!approving->call && next && !is_picking)
        show(screen, next, is_idle(screen));
    choose_row(screen);
}

void approving_drawn(struct screen *screen)
{
    struct answer_guard *guard = &screen->approving.guard;
    if (!is_shown(screen) || !band_of(screen)->drawn || guard->is_drawn)
        return;
    answer_guard_drawn(guard, loop_now(screen->setup.loop));
    wait_again(screen, true);
}

bool approving_focus(struct screen *screen)
{
    if (!is_shown(screen) || has_keys(screen))
        return false;
    screen->bands.focused = PANEL_CALL;
    return true;
}

bool approving_open(struct screen *screen, uint32_t call)
{
    screen->approving.dismissed = 0;
    if (!call)
        call =
            screen->approving.call ? screen->approving.call : next_call(screen);
    if (!call || !asks(screen->chat, call))
        return false;
    show(screen, call, true);
    return true;
}

void approving_go(struct screen *screen)
{
    if (!approving_open(screen, 0))
        perform_notice(screen, "no call asks");
}

bool approving_is_early(struct screen *screen, enum action action)
{
    if (!has_keys(screen) || action == ACTION_ESCAPE ||
        action == ACTION_INTERRUPT ||
        answer_guard_takes(&screen->approving.guard,
                           loop_now(screen->setup.loop)))
        return false;
    wait_again(screen, screen->approving.guard.is_drawn);
    return true;
}

/* Those that are not shown, a line each: "t2 b.txt +1 -0". */
static void append_others(const struct screen *screen, struct buf *words)
{
    enum { NAMED_MAX = 5 };
    const struct chat *chat = screen->chat;
    struct call_question other;
    size_t count = 0;
    for (size_t i = 0; i < chat_asking_count(chat); i++) {
        uint32_t call = chat_asking(chat, i);
        if (call == screen->approving.call ||
            !chat_call_is_alike(chat, screen->approving.call, call) ||
            !chat_call_question(chat, call, &other) || ++count > NAMED_MAX)
            continue;
        buf_printf(words, "t%" PRIu32 " ", call);
        panel_append_excerpt(words, buf_slice(&other.plan->about));
        buf_append_char(words, '\n');
    }
    if (count > NAMED_MAX)
        buf_printf(words, "and %zu more, F3 lists them\n", count - NAMED_MAX);
}

/* What speaks against a yes, once. */
static void say_doubt(struct screen *screen, const struct answer_doubt *doubt)
{
    struct buf words = { 0 };
    if (doubt->others) {
        buf_append_string(&words, "This agrees unseen to\n");
        append_others(screen, &words);
    }
    if (doubt->has_hidden)
        buf_append_string(&words, "it has characters that are not seen; ");
    if (doubt->unseen)
        buf_printf(&words, "%zu of %zu lines were not in view: PageDown; ",
                   doubt->unseen, sheet_lines(&band_of(screen)->sheet));
    if (doubt->has_hidden && doubt->unseen)
        buf_append_char(&words, '\n');
    buf_append_string(&words, "Enter again says yes all the same");
    perform_notice(screen, buf_string(&words));
    wait_again(screen, true);
    buf_clear(&words);
}

/* For good: it is written down, too. */
static bool find_rule(const struct screen *screen, enum call_answer answer,
                      struct permission_rule *rule)
{
    struct buf why = { 0 };
    bool ok = answer == CALL_ALWAYS &&
              chat_call_rule(screen->chat, screen->approving.call,
                             PERMISSION_ALWAYS, rule, &why);
    buf_clear(&why);
    return ok;
}

static void give(struct screen *screen, enum call_answer answer)
{
    struct approving *approving = &screen->approving;
    struct error err = { 0 };
    struct permission_rule rule = { 0 };
    struct buf reason = approving->reason, words = { 0 };
    approving->reason = (struct buf){ 0 };
    /* First: it allows what the chat then looks at again. */
    if (find_rule(screen, answer, &rule))
        rule_file_add(&screen->setup, &rule, &words);
    bool ok = chat_answer_call(screen->chat, approving->call, answer,
                               slice_trim(buf_slice(&reason)), &err);
    perform_notice(screen, ok ? buf_string(&words) : err.text);
    buf_clear(&reason);
    buf_clear(&words);
    if (ok)
        hide(screen);
}

void approving_answer(struct screen *screen)
{
    struct approving *approving = &screen->approving;
    struct call_question question;
    enum call_answer answer;
    if (!has_keys(screen) || !call_answer_parse(screen->argument, &answer) ||
        !chat_call_question(screen->chat, approving->call, &question))
        return;
    struct answer_doubt doubt = {
        .unseen = sheet_unseen(&band_of(screen)->sheet),
        .has_hidden = question.has_hidden,
        .others = answer == CALL_ALL ? question.same_tool - 1 : 0,
    };
    if (answer == CALL_DENY && !approving->is_denying)
        approving->is_denying = true;
    else if (answer != CALL_DENY &&
             !answer_guard_confirms(&approving->guard, (int)answer + 1, &doubt,
                                    loop_now(screen->setup.loop)))
        say_doubt(screen, &doubt);
    else
        give(screen, answer);
}

bool approving_dismiss(struct screen *screen)
{
    struct approving *approving = &screen->approving;
    struct buf words = { 0 };
    if (!is_shown(screen))
        return false;
    if (approving->is_denying) {
        approving->is_denying = false;
        return true;
    }
    buf_printf(&words,
               "t%" PRIu32 " still asks: Ctrl-X a shows it, Escape "
               "stops the run",
               approving->call);
    for (size_t i = 0; i < chat_asking_count(screen->chat); i++) {
        uint32_t call = chat_asking(screen->chat, i);
        if (call > approving->dismissed)
            approving->dismissed = call;
    }
    hide(screen);
    perform_notice(screen, buf_string(&words));
    buf_clear(&words);
    return true;
}

bool approving_takes_text(const struct screen *screen)
{
    return has_keys(screen) && screen->approving.is_denying;
}

/* On one line: what breaks it is a blank. */
void approving_type(struct screen *screen, struct slice text)
{
    struct buf *reason = &screen->approving.reason;
    if (reason->len + text.len > APPROVING_REASON_MAX)
        return;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        buf_append_char(reason, c == '\n' || c == '\r' || c == '\t' ? ' ' : c);
    }
}

void approving_erase(struct screen *screen, bool is_all)
{
    struct buf *reason = &screen->approving.reason;
    size_t len = reason->len;
    if (!is_all && len)
        len = len - utf8_last_grapheme(buf_slice(reason));
    buf_truncate(reason, is_all ? 0 : len);
}
