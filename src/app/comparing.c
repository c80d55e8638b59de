/* SPDX-License-Identifier: MIT */
#include "app/comparing.h"

#include "app/branch_command.h"

static const struct graph *graph_of(const struct screen *screen)
{
    return chat_conversation(screen->chat)->graph;
}

/* The turn in focus, else the last. Of a prompt that was asked once and answered
 * more often the answers are meant. */
static uint64_t node_meant(const struct screen *screen)
{
    const struct graph *graph = graph_of(screen);
    uint64_t id = thread_view_focused(screen->thread_view);
    const struct node *node = graph_node(graph, id);
    bool has_answers = node && node->kind == NODE_USER &&
                       graph_sibling_count(graph, node) < 2 &&
                       node->children.count > 1;
    if (has_answers)
        return node->visited_child;
    return id ? id : graph_head(graph);
}

/* The first of its keys; nothing if it has none. */
static void append_key(const struct screen *screen, enum action action,
                       struct buf *out)
{
    struct buf keys = { 0 };
    keymap_format(&screen->keymap, action, &keys);
    struct slice rest = buf_slice(&keys), key;
    if (action_next_word(&rest, ',', &key))
        buf_append_slice(out, key);
    buf_clear(&keys);
}

static bool are_answers(const struct graph *graph,
                        const struct branch_pair *pair)
{
    return graph_node(graph, pair->left_id)->kind == NODE_ASSISTANT &&
           graph_node(graph, pair->right_id)->kind == NODE_ASSISTANT;
}

/* What the marks are, and the keys of the thread that say which is better. */
static void tell(struct screen *screen, const struct branch_pair *pair)
{
    struct buf words = { 0 };
    if (!are_answers(graph_of(screen), pair)) {
        perform_notice(screen, "only the first has [- -], only the second "
                               "{+ +}; Esc returns");
        return;
    }
    buf_append_string(&words, "[- -] first, {+ +} second; ");
    if (typing_focus(screen) != FOCUS_THREAD)
        buf_append_string(&words, "Tab, then ");
    append_key(screen, ACTION_PREFER_FIRST, &words);
    buf_append_char(&words, ' ');
    append_key(screen, ACTION_PREFER_SECOND, &words);
    buf_append_string(&words, " the better one, ");
    append_key(screen, ACTION_PREFER_NONE, &words);
    buf_append_string(&words, " no difference; Esc returns");
    perform_notice(screen, buf_string(&words));
    buf_clear(&words);
}

static void move_focus(struct screen *screen, enum focus_move move)
{
    thread_view_focus(screen->thread_view, graph_of(screen),
                      &screen->seat->thread, move);
}

/* A key was pressed, by somebody who reads: until the end the keys of the thread
 * count. */
static void take_keys(struct screen *screen)
{
    if (typing_focus(screen) != FOCUS_EDITOR)
        return;
    move_focus(screen, FOCUS_NEWEST);
    screen->seat->compare_took_keys = true;
}

/* Who goes on typing writes a prompt. */
static void give_keys_back(struct screen *screen)
{
    if (screen->seat->compare_took_keys && typing_focus(screen) == FOCUS_THREAD)
        move_focus(screen, FOCUS_NONE);
    screen->seat->compare_took_keys = false;
}

void comparing_compare(struct screen *screen)
{
    struct compare_view *view = &screen->seat->compare;
    struct branch_pair pair;
    struct error err = { 0 };
    bool was_open = view->ids[0] && !screen->argument.len;
    bool is_typed = editor_text(screen->editor).len > 0;
    if (comparing_close(screen) && was_open)
        return;
    if (!branch_command_pair(graph_of(screen), node_meant(screen),
                             screen->argument, &pair, &err)) {
        perform_notice(screen, err.text);
        return;
    }
    compare_view_open(view, pair.left_id, pair.right_id);
    view->ascii = screen->ascii;
    if (!is_typed && !screen->argument.len)
        take_keys(screen);
    tell(screen, &pair);
}

bool comparing_close(struct screen *screen)
{
    bool was_open = screen->seat->compare.ids[0] != 0;
    compare_view_clear(&screen->seat->compare);
    give_keys_back(screen);
    return was_open;
}

/* Preferences. */

static struct branch_pair open_pair(const struct screen *screen)
{
    const uint64_t *ids = screen->seat->compare.ids;
    return (struct branch_pair){ ids[0], ids[1] };
}

static void say(struct screen *screen, const struct branch_pair *pair,
                uint64_t better_id)
{
    const struct answer_pair answers = { pair->left_id, pair->right_id };
    struct buf words = { 0 };
    struct error err = { 0 };
    bool ok = chat_prefer(screen->chat, &answers, better_id, &words, &err);
    if (ok)
        comparing_close(screen);
    perform_notice(screen, ok ? buf_string(&words) : err.text);
    buf_clear(&words);
}

void comparing_prefer(struct screen *screen)
{
    struct branch_pair pair = open_pair(screen);
    struct error err = { 0 };
    uint64_t better_id;
    if (branch_command_better_of(graph_of(screen), node_meant(screen),
                                 screen->argument, &pair, &better_id, &err))
        say(screen, &pair, better_id);
    else
        perform_notice(screen, err.text);
}

enum choice { FIRST, SECOND, NEITHER };

/* What is compared, else what would be. */
static void choose(struct screen *screen, enum choice choice)
{
    struct branch_pair pair = open_pair(screen);
    struct error err = { 0 };
    if (!pair.left_id &&
        !branch_pair(graph_of(screen), node_meant(screen), 0, &pair, &err))
        perform_notice(screen, err.text);
    else
        say(screen, &pair,
            choice == FIRST    ? pair.left_id
            : choice == SECOND ? pair.right_id
                               : 0);
}

void comparing_prefer_first(struct screen *screen)
{
    choose(screen, FIRST);
}

void comparing_prefer_second(struct screen *screen)
{
    choose(screen, SECOND);
}

void comparing_prefer_none(struct screen *screen)
{
    choose(screen, NEITHER);
}

void comparing_hint(const struct screen *screen, struct buf *out)
{
    if (chat_is_busy(screen->chat) || !branch_is_unjudged(graph_of(screen)))
        return;
    append_key(screen, ACTION_COMPARE, out);
    if (!out->len)
        buf_append_string(out, "/compare");
    buf_append_string(out, " compares this answer with the other one");
}
