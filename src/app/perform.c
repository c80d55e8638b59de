/* SPDX-License-Identifier: MIT */
/*
 * perform - do what an action says: open a panel, run a command, or call the
 * function that this table names.
 */
#include "app/asking.h"
#include "app/calling.h"
#include "app/comparing.h"
#include "app/memory_rows.h"
#include "app/model_text.h"
#include "app/screen_state.h"
#include "app/window_share.h"
#include "base/clock.h"

void perform_notice(struct screen *screen, const char *text)
{
    struct slice words = slice_trim(slice_of(text));
    buf_reset(&screen->notice);
    buf_append_slice(&screen->notice, words);
}

void perform_add_notice(struct screen *screen, const char *text)
{
    if (screen->notice.len)
        buf_append_char(&screen->notice, '\n');
    buf_append_string(&screen->notice, text);
}

struct panel_source perform_source(struct screen *screen)
{
    enum token_family family = window_share_family(screen->chat);
    return (struct panel_source){
        .chat = screen->chat,
        .catalogue = screen->catalogue,
        .findings = &screen->findings,
        .seats = &screen->seats,
        .seat = screen->seat,
        .is_renaming = screen->renaming[0],
        .endpoints = &screen->setup.endpoints,
        .settings = screen->setup.settings,
        .consents = &screen->setup.consents,
        .rules = &screen->setup.rules,
        .hooks = screen->setup.hooks,
        .debug = screen->setup.debug,
        .keymap = &screen->keymap,
        .connecting = &screen->connecting,
        .approving = &screen->approving,
        .pull = screen->pull,
        .budget = screen->budget,
        .survey = screen->setup.store ? &screen->setup.survey : NULL,
        .state = screen->setup.state,
        .ledger = screen->setup.ledger,
        .term = screen->term,
        .draft = editor_text(screen->editor),
        .family = family,
        .draft_tokens = lensing_draft(screen, family),
        .files = &screen->seat->files,
        .caret = editor_caret(screen->editor),
        .now = screen->now,
        .free_bytes = screen->free_bytes,
        .width = screen->canvas.width,
        .shows_pruned = screen->shows_pruned,
        .is_fresh = screen->draw_now || screen->has_news,
        .ascii = screen->ascii,
    };
}

static void on_survey(void *context, const struct survey *survey)
{
    struct screen *screen = context;
    screen->setup.survey = *survey;
    screen->has_news = screen->draw_soon = true;
}

static void on_today(void *context, const struct ledger_rows *rows,
                     const struct error *err)
{
    struct screen *screen = context;
    (void)rows, (void)err;
    screen->has_news = screen->draw_soon = true;
}

/* What others have added today comes with the answer. */
static void ask_ledger(struct screen *screen)
{
    int32_t day = ledger_day(clock_wall_ms());
    ledger_refresh(screen->setup.ledger);
    ledger_ask(screen->setup.ledger, day, day, on_today, screen);
}

static void ask_disk(struct screen *screen, enum panel_id id)
{
    if (id == PANEL_BUDGET)
        ask_ledger(screen);
    if (id == PANEL_MEMORY)
        chat_read_memories(screen->chat);
    if (id == PANEL_DOCTOR && screen->setup.store)
        survey_ask(screen->setup.store, on_survey, screen);
}

void perform_add_key(const struct screen *screen, struct status_line *line,
                     enum action action, const char *verb)
{
    struct buf keys = { 0 };
    keymap_format(&screen->keymap, action, &keys);
    struct slice rest = buf_slice(&keys), key;
    if (action_next_word(&rest, ',', &key))
        status_line_add(line, STYLE_STATUS, "%.*s %s", SLICE_ARG(key), verb);
    buf_clear(&keys);
}

static void toggle_panel(struct screen *screen, enum panel_id id)
{
    struct panel_source source = perform_source(screen);
    bool asks = id == PANEL_MODELS || id == PANEL_DOCTOR;
    if (asks && !bands_is_shown(&screen->bands, id))
        command_ask_models(screen->chat, &screen->setup.endpoints);
    ask_disk(screen, id);
    bands_toggle(&screen->bands, id, &source);
}

static void open_panel(struct screen *screen, enum panel_id id)
{
    struct panel_source source = perform_source(screen);
    ask_disk(screen, id);
    bands_open(&screen->bands, id, &source);
}

static bool run_command(struct screen *screen, enum action action)
{
    struct buf stop_key = { 0 };
    bool is_in_panel = lifting_stop_key(screen, &stop_key);
    struct command_call call = {
        .action = action,
        .argument = screen->argument,
        .chat = screen->chat,
        .setup = &screen->setup,
        .files = &screen->seat->files,
        .stop_key = is_in_panel ? buf_string(&stop_key) : NULL,
    };
    struct error err = { 0 };
    bool ok = command_run(&call, &err);
    if (call.changed.len)
        tuning_change(screen, call.changed, &call.notice);
    perform_notice(screen, ok ? buf_string(&call.notice) : err.text);
    if (call.panel)
        open_panel(screen, call.panel);
    if (call.panel && call.filter.len && call.filter.len <= LIST_FILTER_MAX)
        list_filter_set(&screen->bands.items[call.panel].list, call.filter);
    screen->wants_quit = screen->wants_quit || call.wants_quit;
    model_text_watch(chat_life(screen->chat), &screen->seat->moved);
    buf_clear(&call.notice);
    buf_clear(&stop_key);
    return ok;
}

/* Enter on a row: what the panel's table says, with the row's key. */
static void choose(struct screen *screen)
{
    enum panel_id id = screen->bands.focused;
    const struct panel *panel = panel_at(id);
    struct buf key = { 0 };
    if (seating_take_title(screen))
        return;
    buf_append_string(&key, list_chosen(&screen->bands.items[id].list));
    if (key.len && panel->is_picker)
        bands_close(&screen->bands, id);
    if (key.len && panel->on_choose)
        perform(screen, panel->on_choose, buf_slice(&key));
    else if (key.len)
        perform(screen, action_of_name(buf_slice(&key)), slice_of(""));
    buf_clear(&key);
}

/* Of a run, or of a call. */
static void answer(struct screen *screen)
{
    if (screen->bands.focused == PANEL_CALL)
        approving_answer(screen);
    else
        asking_answer(screen);
}

static void stop_row(struct screen *screen)
{
    if (screen->bands.focused == PANEL_TOOLS)
        calling_stop(screen);
    else
        lifting_stop(screen);
}

static void taller(struct screen *screen)
{
    bands_resize(&screen->bands, 1);
    remembering_heights(screen);
}

static void lower(struct screen *screen)
{
    bands_resize(&screen->bands, -1);
    remembering_heights(screen);
}

static void repaint(struct screen *screen)
{
    term_invalidate(screen->term);
}

static void suspend(struct screen *screen)
{
    screen->wants_suspend = true;
}

static action_fn *const functions[ACTION_COUNT] = {
    [ACTION_SEND] = sending_send,
    [ACTION_SEND_NOW] = sending_send_now,
    [ACTION_EDIT_QUEUED] = sending_edit_queued,
    [ACTION_INTERRUPT] = sending_interrupt,
    [ACTION_ESCAPE] = sending_escape,
    [ACTION_DELETE_OR_QUIT] = sending_delete_or_quit,
    [ACTION_NEWLINE] = editing_newline,
    [ACTION_UP] = editing_up,
    [ACTION_DOWN] = editing_down,
    [ACTION_YANK] = editing_yank,
    [ACTION_YANK_OLDER] = editing_yank_older,
    [ACTION_TRANSPOSE] = editing_transpose,
    [ACTION_DELETE_LINE] = editing_delete_line,
    [ACTION_EXPAND_PASTE] = editing_expand,
    [ACTION_SEARCH_HISTORY] = searching_older,
    [ACTION_UNDO] = editing_undo,
    [ACTION_REDO] = editing_redo,
    [ACTION_DELETE_LEFT] = editing_erase,
    [ACTION_DELETE_TO_START] = editing_erase_line,
    [ACTION_FOCUS] = reading_focus,
    [ACTION_NEXT_TURN] = reading_next,
    [ACTION_PREVIOUS_TURN] = reading_previous,
    [ACTION_FIRST_TURN] = reading_first,
    [ACTION_LAST_TURN] = reading_last,
    [ACTION_GO_TO] = reading_go_to,
    [ACTION_SIBLING_BEFORE] = reading_sibling_before,
    [ACTION_SIBLING_AFTER] = reading_sibling_after,
    [ACTION_AGAIN_BETTER] = amending_again_better,
    [ACTION_AGAIN_HERE] = amending_again_here,
    [ACTION_RETRY_TURN] = reading_retry,
    [ACTION_RETRY_WITH] = amending_retry_with,
    [ACTION_CONTINUE_TURN] = amending_continue_turn,
    [ACTION_EDIT_TURN] = amending_edit_turn,
    [ACTION_NAME_TURN] = amending_name_turn,
    [ACTION_PRUNE_TURN] = amending_prune_turn,
    [ACTION_COMPARE] = comparing_compare,
    [ACTION_COMPARE_TURN] = comparing_compare,
    [ACTION_PREFER] = comparing_prefer,
    [ACTION_PREFER_FIRST] = comparing_prefer_first,
    [ACTION_PREFER_SECOND] = comparing_prefer_second,
    [ACTION_PREFER_NONE] = comparing_prefer_none,
    [ACTION_LEAVE_ROW] = lensing_leave_row,
    [ACTION_PIN_ROW] = lensing_pin_row,
    [ACTION_NAME_ROW] = amending_name_row,
    [ACTION_PRUNE_ROW] = amending_prune_row,
    [ACTION_RESTORE_ROW] = amending_restore_row,
    [ACTION_SHOW_PRUNED] = amending_show_pruned,
    [ACTION_COPY] = reading_copy,
    [ACTION_COPY_BLOCK] = reading_copy_block,
    [ACTION_FOLD] = reading_fold,
    [ACTION_FOLD_TURN] = reading_fold_turn,
    [ACTION_FOLD_SUMMARY] = reading_fold_summary,
    [ACTION_PAGE_UP] = reading_page_up,
    [ACTION_PAGE_DOWN] = reading_page_down,
    [ACTION_LINE_UP] = reading_line_up,
    [ACTION_LINE_DOWN] = reading_line_down,
    [ACTION_TO_START] = reading_to_start,
    [ACTION_TO_END] = reading_to_end,
    [ACTION_NEW] = seating_new,
    [ACTION_OTHER] = seating_other,
    [ACTION_RESUME] = seating_resume,
    [ACTION_SEARCH] = looking_search,
    [ACTION_SHOW_HIT] = looking_choose,
    [ACTION_SESSIONS] = seating_open_panel,
    [ACTION_FORK] = seating_fork,
    [ACTION_FORK_ROW] = seating_fork_row,
    [ACTION_RENAME_ROW] = seating_rename_row,
    [ACTION_TRASH_ROW] = seating_trash_row,
    [ACTION_EDIT_MEMORY] = memory_rows_edit,
    [ACTION_FORGET_ROW] = memory_rows_forget,
    [ACTION_MOVE_ROW] = memory_rows_move,
    [ACTION_TALLER] = taller,
    [ACTION_LOWER] = lower,
    [ACTION_CHOOSE] = choose,
    [ACTION_ANSWER] = answer,
    [ACTION_ANSWER_CALL] = approving_go,
    [ACTION_SHOW_CALL] = calling_show,
    [ACTION_SHOW_CALLS] = calling_show_turn,
    [ACTION_OUTPUT_ROW] = leaving_page,
    [ACTION_COPY_ROW] = calling_copy,
    [ACTION_COPY_ARGUMENTS] = calling_copy_arguments,
    [ACTION_REPAINT] = repaint,
    [ACTION_SUSPEND] = suspend,
    [ACTION_CONNECT] = connecting_connect,
    [ACTION_PULL] = pulling_pull,
    [ACTION_LOAD_ROW] = lifting_load,
    [ACTION_UNLOAD_ROW] = lifting_unload,
    [ACTION_PULL_ROW] = lifting_pull,
    [ACTION_RERUN_ROW] = calling_rerun,
    [ACTION_STOP_ROW] = stop_row,
    [ACTION_THEME] = theming_choose,
    [ACTION_DUMP] = leaving_dump,
    [ACTION_EXTERNAL_EDITOR] = leaving_edit,
};

bool perform_exists(enum action action)
{
    return functions[action] || command_exists(action) ||
           panel_of_action(action) || editing_is_motion(action);
}

bool perform(struct screen *screen, enum action action, struct slice argument)
{
    struct slice before = screen->argument;
    bool ok = true;
    screen->argument = argument;
    if (action == ACTION_EDIT && argument.len == 0)
        ok = amending_edit(screen);
    else if (functions[action])
        functions[action](screen);
    else if (panel_of_action(action) && !argument.len)
        toggle_panel(screen, panel_of_action(action));
    else if (command_exists(action))
        ok = run_command(screen, action);
    else
        editing_move(screen, action);
    screen->argument = before;
    return ok;
}
