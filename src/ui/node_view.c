/* SPDX-License-Identifier: MIT */
#include "ui/node_view.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "graph/ending.h"
#include "ui/call_words.h"
#include "ui/node_branch.h"
#include "ui/node_row.h"
#include "ui/receipt.h"

static void cut_parts(struct node_view *view, size_t count)
{
    while (view->parts.count > count)
        node_part_clear(&view->parts.items[--view->parts.count]);
}

void node_view_clear(struct node_view *view)
{
    cut_parts(view, 0);
    array_clear(&view->parts);
    *view = (struct node_view){ 0 };
}

static struct node_part *add_part(struct node_view *view, enum part_kind kind)
{
    struct node_part *part = array_add(&view->parts);
    *part = (struct node_part){ .kind = kind };
    part->text.layout.ascii = part->plain.layout.ascii = view->ascii;
    return part;
}

/* A sentence behind a mark. Takes the text. */
static struct node_part *add_mark(struct node_view *view,
                                  const struct node_setting *setting,
                                  enum part_kind kind, enum style style,
                                  struct buf *text)
{
    struct node_part *part = add_part(view, kind);
    node_part_mark(part, setting, style, buf_slice(text));
    buf_clear(text);
    return part;
}

static enum style state_style(enum attempt_state state)
{
    return state == ATTEMPT_ERROR || state == ATTEMPT_COMPLETE ? STYLE_ERROR
                                                               : STYLE_WARNING;
}

/* How an attempt ended; of one that left a partial answer, after how much. */
static void append_end(struct buf *out, const struct attempt *attempt,
                       const struct node *partial)
{
    bool is_aborted = attempt->state == ATTEMPT_ABORTED;
    const char *state = life_state_name(LIFE_ATTEMPT, (int)attempt->state);
    buf_append_string(out, is_aborted ? "stopped by you" : state);
    if (partial) {
        buf_append_string(out, " after ");
        receipt_tokens(out, attempt, receipt_estimate(partial));
    }
    if (attempt->error[0] && !is_aborted)
        buf_printf(out, ": %s", attempt->error);
}

/* Another try of the same target without a word between: one line counts. */
static bool is_repeated(const struct run *run, uint32_t index)
{
    const struct attempt *attempt = &run->attempts.items[index];
    if (index + 1 >= run->attempts.count || attempt->node_id ||
        attempt->sequel.is_adjusted)
        return false;
    const struct attempt *next = attempt + 1;
    return !next->node_id && life_is_terminal(LIFE_ATTEMPT, (int)next->state) &&
           next->state != ATTEMPT_COMPLETE &&
           !strcmp(attempt->endpoint, next->endpoint) &&
           !strcmp(attempt->model, next->model);
}

/* Tries of the same target up to this one. */
static uint32_t tries_of(const struct run *run, uint32_t index)
{
    uint32_t tries = 1;
    while (index > 0 && is_repeated(run, --index))
        tries++;
    return tries;
}

static void add_text(struct node_view *view, const struct node_setting *setting,
                     enum part_kind kind, const char *text)
{
    struct node_part *part = add_part(view, kind);
    part->is_shown = true;
    node_part_update(part, setting, slice_of(text));
}

static void append_asked(struct buf *out, const struct attempt *attempt)
{
    if (attempt->model[0])
        buf_printf(out, "%s ", attempt->model);
    buf_append_string(out, attempt->endpoint);
}

/* The same went again as the server takes it: nothing has failed. */
static void add_adjusted(struct node_view *view,
                         const struct node_setting *setting,
                         const struct attempt *attempt)
{
    struct buf text = { 0 };
    append_asked(&text, attempt);
    buf_printf(&text, ": sent again %s", attempt->sequel.words);
    add_text(view, setting, PART_NOTICE, buf_string(&text));
    buf_clear(&text);
}

static void append_empty(struct buf *out, const struct attempt *attempt)
{
    const char *shortfall = ending_shortfall(slice_of(attempt->finish_reason));
    buf_append_string(out, "gave an empty answer");
    if (shortfall)
        buf_printf(out, ": %s", shortfall);
}

/* Who is asked in its place. */
static void append_fallback(struct buf *out, const struct attempt *attempt)
{
    if (attempt->sequel.is_fallback)
        buf_printf(out, "; %s", attempt->sequel.words);
}

/* One line for an attempt that did not become the answer. */
static void add_failed(struct node_view *view,
                       const struct node_setting *setting,
                       const struct run *run, uint32_t index)
{
    const struct attempt *attempt = &run->attempts.items[index];
    if (is_repeated(run, index))
        return;
    if (attempt->sequel.is_adjusted) {
        add_adjusted(view, setting, attempt);
        return;
    }
    const struct glyphs *glyphs = theme_glyphs(view->ascii);
    const struct node *node = graph_node(setting->graph, attempt->node_id);
    struct buf text = { 0 };
    append_asked(&text, attempt);
    buf_append_char(&text, ' ');
    if (node)
        buf_printf(&text, "%s%" PRIu32 "/%" PRIu32 "%s ", glyphs->before,
                   node->sibling + 1, graph_sibling_count(setting->graph, node),
                   glyphs->after);
    if (!node && attempt->state == ATTEMPT_COMPLETE)
        append_empty(&text, attempt);
    else
        append_end(&text, attempt, node);
    if (tries_of(run, index) > 1)
        buf_printf(&text, " (%" PRIu32 " times)", tries_of(run, index));
    append_fallback(&text, attempt);
    add_mark(view, setting, PART_MARK, state_style(attempt->state), &text);
}

/* Somebody else was asked before anybody could be. */
static void add_passed_over(struct node_view *view,
                            const struct node_setting *setting,
                            const struct run *run)
{
    struct buf text = { 0 };
    if (!run->sequel.is_fallback)
        return;
    buf_append_string(&text, run->sequel.words);
    add_mark(view, setting, PART_MARK, STYLE_WARNING, &text);
}

/* One line for each beginning of an answer of this run that the server left
 * for another one. */
static void add_left(struct node_view *view, const struct node_setting *setting,
                     const struct node *node)
{
    const struct glyphs *glyphs = theme_glyphs(view->ascii);
    for (uint32_t i = 0; i < node->sibling; i++) {
        const struct node *other =
            graph_node(setting->graph, graph_sibling(setting->graph, node, i));
        struct buf text = { 0 };
        if (!other || !other->is_superseded || other->run != node->run)
            continue;
        buf_printf(&text,
                   "%s%" PRIu32 "/%" PRIu32 "%s cut after ~%" PRIu64 " tok: "
                   "the server began the answer anew",
                   glyphs->before, i + 1,
                   graph_sibling_count(setting->graph, node), glyphs->after,
                   receipt_estimate(other));
        add_mark(view, setting, PART_MARK, STYLE_WARNING, &text);
    }
}

/* The attempts right before the one of this node that it stands in for. */
static void add_attempts_before(struct node_view *view,
                                const struct node_setting *setting,
                                const struct node *node)
{
    const struct run *run = graph_run(setting->graph, node->run);
    uint32_t last = node->attempt ? node->attempt - 1 : 0, first = last;
    for (; run && first > 0; first--) {
        const struct attempt *attempt = &run->attempts.items[first - 1];
        const struct node *other = graph_node(setting->graph, attempt->node_id);
        if (other && other->parent_id != node->parent_id)
            break;
    }
    if (run && first == 0)
        add_passed_over(view, setting, run);
    for (uint32_t i = first; run && i < last; i++)
        add_failed(view, setting, run, i);
}

static void add_pending(struct node_view *view, const struct run *run,
                        uint32_t attempt)
{
    view->run = run->id;
    view->attempt = attempt;
    add_part(view, PART_PENDING);
}

/* A run says what it does before its first attempt. */
static void add_run_state(struct node_view *view,
                          const struct node_setting *setting,
                          const struct run *run)
{
    struct buf text = { 0 };
    buf_printf(&text, "%s %s", life_state_name(LIFE_RUN, (int)run->state),
               theme_glyphs(view->ascii)->ellipsis);
    add_text(view, setting, PART_NOTICE, buf_string(&text));
    buf_clear(&text);
}

/* And how it ended, where no attempt tells. */
static void add_run_end(struct node_view *view,
                        const struct node_setting *setting,
                        const struct run *run)
{
    struct buf text = { 0 };
    if (run->state == RUN_ABORTED) {
        buf_append_string(&text, "stopped by you");
    } else {
        buf_append_string(&text, life_state_name(LIFE_RUN, (int)run->state));
        if (run->error[0])
            buf_printf(&text, ": %s", run->error);
    }
    enum style style = run->state == RUN_ERROR ? STYLE_ERROR : STYLE_WARNING;
    add_mark(view, setting, PART_MARK, style, &text);
}

/* Does no attempt tell how the run ended? One that ended otherwise does not:
 * while the next was waited for the run was stopped, or its time was over. */
static bool ended_unsaid(const struct run *run)
{
    if (!life_is_terminal(LIFE_RUN, (int)run->state) ||
        run->state == RUN_COMPLETE)
        return false;
    if (!run->attempts.count)
        return true;
    const struct attempt *last = array_last(&run->attempts);
    return strcmp(life_state_name(LIFE_RUN, (int)run->state),
                  life_state_name(LIFE_ATTEMPT, (int)last->state)) != 0;
}

/* A run that has made no node, from its attempt `first` on. */
static void add_run(struct node_view *view, const struct node_setting *setting,
                    const struct run *run, uint32_t first)
{
    if (first == 0)
        add_passed_over(view, setting, run);
    for (uint32_t i = first; i < run->attempts.count; i++) {
        const struct attempt *attempt = &run->attempts.items[i];
        if (life_is_terminal(LIFE_ATTEMPT, (int)attempt->state))
            add_failed(view, setting, run, i);
        else
            add_pending(view, run, i + 1);
    }
    if (ended_unsaid(run))
        add_run_end(view, setting, run);
    else if (!run->attempts.count)
        add_run_state(view, setting, run);
}

/* Why there is no answer, or no better one, before this prompt. */
static void add_run_before(struct node_view *view,
                           const struct node_setting *setting,
                           const struct node *node)
{
    uint32_t first;
    const struct run *run = thread_run_before(setting->graph, node, &first);
    if (!run)
        return;
    add_run(view, setting, run, first);
    add_part(view, PART_GAP);
}

static void begin_node(struct node_view *view,
                       const struct node_setting *setting,
                       const struct node *node)
{
    if (view->entry.level > 0 && node->edge == EDGE_SPAWNED) {
        node_branch_begin(view, node);
    } else if (node->kind != NODE_TOOL_RESULT) {
        if (node->depth > 0)
            add_part(view, PART_GAP);
        if (node->kind == NODE_ASSISTANT) {
            add_attempts_before(view, setting, node);
            add_left(view, setting, node);
        }
        add_run_before(view, setting, node);
        add_part(view, PART_HEAD);
    }
    view->head_count = view->parts.count;
}

static bool is_text_shown(const struct node_view *view,
                          const struct node_setting *setting,
                          const struct node_part *part,
                          const struct block *block)
{
    const struct call *call;
    switch (part->kind) {
    case PART_THINKING:
    case PART_RECALLED:
    case PART_RECALLED_MORE:
    case PART_OUTPUT: return view->unfolded;
    case PART_CALL:
        /* Until it has ended its text may be replaced. */
        call = graph_call(setting->graph, block->call);
        return view->unfolded && call && call->has_ended;
    case PART_TOLD:
    case PART_ATTACHMENT: return false;
    default: return true;
    }
}

/* Who runs a command wants to see what it gave back. It is whole. */
static void show_excerpt(const struct node_setting *setting,
                         struct node_part *part, const struct block *block)
{
    struct buf text = { 0 };
    call_words_excerpt(&text, buf_slice(&block->text),
                       theme_glyphs(setting->ascii)->ellipsis);
    part->is_shown = true;
    node_part_update(part, setting, buf_slice(&text));
    buf_clear(&text);
}

static void update_part(struct node_view *view,
                        const struct node_setting *setting,
                        const struct node *node, struct node_part *part)
{
    const struct block *block = &node->blocks.items[part->block];
    bool goes_on = node->is_open && part->block + 1 == node->blocks.count;
    if (part->kind == PART_THINKING && !goes_on && !part->words)
        part->words = node_row_words(buf_slice(&block->text));
    part->is_shown = is_text_shown(view, setting, part, block);
    if (part->kind == PART_OUTPUT && node->kind == NODE_NOTE && !view->unfolded)
        show_excerpt(setting, part, block);
    else if (part->is_shown && part->kind != PART_MARK)
        node_part_update(part, setting, buf_slice(&block->text));
}

/* Code blocks are numbered through a whole answer. */
static size_t code_blocks(const struct node_view *view)
{
    size_t count = 0;
    for (size_t i = 0; i < view->parts.count; i++)
        count += view->parts.items[i].text.blocks;
    return count;
}

static void add_block(struct node_view *view,
                      const struct node_setting *setting,
                      const struct node *node, uint32_t index)
{
    const struct block *block = &node->blocks.items[index];
    enum part_kind kind = node_part_kind(node, block);
    if (kind == PART_MARK) {
        struct buf text = { 0 };
        if (block->call)
            buf_printf(&text, "t%" PRIu32 " ", block->call);
        buf_append_slice(&text, buf_slice(&block->text));
        add_mark(view, setting, kind, STYLE_ERROR, &text)->block = index;
        return;
    }
    size_t before = code_blocks(view);
    struct node_part *part = add_part(view, kind);
    part->block = index;
    part->text.first_block = before;
    update_part(view, setting, node, part);
}

static bool is_refused(const struct node *node)
{
    for (size_t i = 0; i < node->blocks.count; i++) {
        if (node->blocks.items[i].is_refusal)
            return true;
    }
    return false;
}

/* What a complete answer lacks. A refusal is told once; what was paused lacks
 * nothing while its run goes on with it. */
static void add_shortfall(struct node_view *view,
                          const struct node_setting *setting,
                          const struct node *node, bool has_refused)
{
    const struct run *run = graph_run(setting->graph, node->run);
    const struct attempt *attempt = graph_node_attempt(setting->graph, node);
    struct slice reason = slice_of(attempt->finish_reason);
    const char *shortfall = ending_shortfall(reason);
    bool goes_on = graph_attempt_is_paused(attempt) &&
                   (!life_is_terminal(LIFE_RUN, (int)run->state) ||
                    node->attempt < run->attempts.count);
    struct buf text = { 0 };
    if (!shortfall || goes_on || (has_refused && ending_is_by_filter(reason)))
        return;
    buf_append_string(&text, shortfall);
    add_mark(view, setting, PART_END, STYLE_WARNING, &text);
}

/* How an answer ended, unless it ended well. */
static void add_end(struct node_view *view, const struct node_setting *setting,
                    const struct node *node)
{
    const struct attempt *attempt = graph_node_attempt(setting->graph, node);
    struct buf text = { 0 };
    if (node->is_superseded) {
        buf_append_string(&text, "cut: the server began the answer anew");
        add_mark(view, setting, PART_END, STYLE_WARNING, &text);
        return;
    }
    if (node->kind != NODE_ASSISTANT || !attempt ||
        !life_is_terminal(LIFE_ATTEMPT, (int)attempt->state))
        return;
    if (attempt->usage.output < 0 && !view->tokens)
        view->tokens = receipt_estimate(node);
    bool has_refused = is_refused(node);
    if (has_refused) {
        buf_append_string(&text, "the model refused");
        add_mark(view, setting, PART_END, STYLE_WARNING, &text);
    }
    receipt_skipped(&text, attempt);
    if (text.len)
        add_mark(view, setting, PART_END, STYLE_WARNING, &text);
    if (attempt->state == ATTEMPT_COMPLETE) {
        add_shortfall(view, setting, node, has_refused);
        return;
    }
    append_end(&text, attempt, NULL);
    append_fallback(&text, attempt);
    add_mark(view, setting, PART_END, state_style(attempt->state), &text);
}

/* Made anew each time the node has changed. */
static bool is_behind(const struct node_part *part)
{
    return part->kind == PART_END || part->kind == PART_BORN;
}

static bool is_folded_branch(const struct node_view *view,
                             const struct node *node)
{
    return view->entry.level > 0 && node->edge == EDGE_SPAWNED &&
           !view->unfolded;
}

static void extend(struct node_view *view, const struct node_setting *setting,
                   const struct node *node)
{
    size_t count = view->parts.count;
    while (count > view->head_count && is_behind(&view->parts.items[count - 1]))
        count--;
    cut_parts(view, count);
    if (is_folded_branch(view, node))
        return;
    for (size_t i = view->head_count; i < view->parts.count; i++)
        update_part(view, setting, node, &view->parts.items[i]);
    uint32_t shown = (uint32_t)(view->parts.count - view->head_count);
    for (uint32_t i = shown; i < node->blocks.count; i++)
        add_block(view, setting, node, i);
    add_end(view, setting, node);
    node_branch_add_born(view, setting, node);
}

static bool has_setting(const struct node_view *view,
                        const struct node_setting *setting)
{
    return view->width == setting->width && view->ascii == setting->ascii &&
           view->unfolded == setting->unfolded &&
           view->is_hidden == setting->is_hidden;
}

static void start_again(struct node_view *view,
                        const struct node_setting *setting)
{
    cut_parts(view, 0);
    view->run = view->attempt = view->run_before = 0;
    view->tokens = 0;
    view->head_count = 0;
    view->width = setting->width;
    view->ascii = setting->ascii;
    view->unfolded = setting->unfolded;
    view->is_hidden = setting->is_hidden;
}

static void make_parts(struct node_view *view,
                       const struct node_setting *setting,
                       const struct node *node, bool is_same)
{
    if (view->entry.summary && !is_same)
        node_branch_add_summary(view, setting);
    if (view->entry.summary || view->is_hidden)
        return;
    if (!is_same)
        begin_node(view, setting, node);
    extend(view, setting, node);
}

/* A view of the same entry as before. */
static bool is_same_entry(const struct thread_entry *a,
                          const struct thread_entry *b)
{
    return a->node_id == b->node_id && a->siblings == b->siblings &&
           a->summary == b->summary && a->level == b->level;
}

void node_view_update(struct node_view *view,
                      const struct node_setting *setting,
                      const struct thread_entry *entry)
{
    const struct node *node = graph_node(setting->graph, entry->node_id);
    assert(node);
    uint32_t first;
    const struct run *before = thread_run_before(setting->graph, node, &first);
    struct node_setting inner = *setting;
    inner.width -= node_branch_indent(entry->level, setting->width);
    /* The attempts before it tell how many siblings they have. */
    bool is_same = is_same_entry(&view->entry, entry) &&
                   view->run_before == (before ? before->id : 0) &&
                   has_setting(view, &inner);
    bool is_current = is_same && view->entry.changed == entry->changed &&
                      view->entry.pending == entry->pending;
    view->entry = *entry;
    if (is_current)
        return;
    if (!is_same) {
        start_again(view, &inner);
        view->run_before = before ? before->id : 0;
    }
    make_parts(view, &inner, node, is_same);
}

static void add_attempts_after(struct node_view *view,
                               const struct node_setting *setting,
                               const struct node *last)
{
    const struct run *run = thread_run_after(setting->graph, last);
    if (!run)
        return;
    /* What was begun anew may have nothing to show yet. */
    uint32_t first =
        run->id == last->run ? last->attempt - last->is_superseded : 0;
    for (size_t i = first; i < run->attempts.count; i++) {
        /* The reader looks at an older sibling of what came after. */
        if (run->attempts.items[i].node_id)
            return;
    }
    add_run(view, setting, run, first);
}

void node_view_update_tail(struct node_view *view,
                           const struct node_setting *setting, uint64_t last_id,
                           const char *foot)
{
    const struct node *last = graph_node(setting->graph, last_id);
    start_again(view, setting);
    view->entry = (struct thread_entry){ 0 };
    if (last) {
        add_part(view, PART_GAP);
        add_attempts_after(view, setting, last);
        if (foot[0])
            add_text(view, setting, PART_NOTICE, foot);
    } else if (foot[0]) {
        add_text(view, setting, PART_WELCOME, foot);
        add_part(view, PART_GAP);
    }
    if (view->parts.count && array_last(&view->parts)->kind == PART_GAP)
        cut_parts(view, view->parts.count - 1);
}

size_t node_view_lines(const struct node_view *view)
{
    size_t count = 0;
    for (size_t i = 0; i < view->parts.count; i++)
        count += node_part_lines(&view->parts.items[i]);
    return count;
}

size_t node_view_head_line(const struct node_view *view)
{
    size_t line = 0;
    for (size_t i = 0; i < view->parts.count; i++) {
        const struct node_part *part = &view->parts.items[i];
        if (node_part_has_row(part->kind) && part->kind != PART_GAP)
            return line;
        line += node_part_lines(part);
    }
    return 0;
}

/* The part that holds a line; the line becomes one of that part. */
static size_t find_part(const struct node_view *view, size_t *line)
{
    size_t index = 0;
    while (*line >= node_part_lines(&view->parts.items[index])) {
        *line -= node_part_lines(&view->parts.items[index]);
        index++;
        assert(index < view->parts.count);
    }
    return index;
}

/* The mark at the tail of what is still being written. */
static bool has_cursor(const struct node_view *view,
                       const struct node_setting *setting, size_t index)
{
    const struct node *node = graph_node(setting->graph, view->entry.node_id);
    return node && node->is_open && index + 1 == view->parts.count;
}

/* Mark a line of the node in focus: the row that names it whole, others in
 * their first cell, where no bar stands already. */
static void mark_line(const struct node_part *part, bool is_name,
                      struct canvas *canvas, struct rect row)
{
    const struct cell *cell = canvas_cell(canvas, row.row, row.col);
    bool has_bar = cell && cell->style == STYLE_FOCUS;
    if (!is_name)
        row.width = 1;
    if (is_name || !(has_bar || part->kind == PART_GAP))
        canvas_restyle(canvas, row, STYLE_SELECTED);
}

void node_view_draw(const struct node_view *view,
                    const struct node_setting *setting, size_t line,
                    struct canvas *canvas, struct rect row)
{
    bool is_name = setting->is_focused && line == node_view_head_line(view);
    size_t index = find_part(view, &line);
    struct node_setting inner = *setting;
    node_branch_draw_bars(view, &inner, canvas, &row);
    setting = &inner;
    const struct node_part *part = &view->parts.items[index];
    bool has_row = node_part_has_row(part->kind);
    if (has_row && line == 0)
        node_row_draw(view, part, setting, canvas, row);
    else
        node_part_draw(part, setting, line - has_row,
                       has_cursor(view, setting, index), canvas, row);
    if (setting->is_focused)
        mark_line(part, is_name, canvas, row);
}

struct node_place node_view_place(const struct node_view *view, size_t line)
{
    if (!view->parts.count)
        return (struct node_place){ 0 };
    size_t index = find_part(view, &line);
    uint64_t place = node_part_place(&view->parts.items[index], line);
    return (struct node_place){ index, place };
}

struct node_place node_view_end(const struct node_view *view)
{
    if (!view->parts.count)
        return (struct node_place){ 0 };
    uint64_t place = node_part_end(array_last(&view->parts));
    return (struct node_place){ view->parts.count - 1, place };
}

size_t node_view_line(const struct node_view *view, struct node_place place)
{
    size_t line = 0;
    for (size_t i = 0; i < view->parts.count && i < place.part; i++)
        line += node_part_lines(&view->parts.items[i]);
    if (place.part < view->parts.count)
        line += node_part_line(&view->parts.items[place.part], place.place);
    size_t count = node_view_lines(view);
    return count == 0 ? 0 : line < count ? line : count - 1;
}
