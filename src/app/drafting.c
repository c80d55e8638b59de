/* SPDX-License-Identifier: MIT */
#include "app/drafting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/attach.h"
#include "app/screen_state.h"
#include "store/journal.h"

enum { KEEP_PATIENCE_MS = 2000 };

void drafting_clear(struct seat *seat)
{
    struct drafting *drafting = &seat->drafting;
    if (seat->screen->setup.loop)
        loop_timer_cancel(seat->screen->setup.loop, drafting->timer);
    buf_clear(&drafting->text);
    buf_clear(&drafting->files);
}

/* Files. */

/* With a NUL behind each: name, and words about it. */
static void append_field(struct buf *out, const char *text)
{
    buf_append_string(out, text ? text : "");
    buf_append_char(out, '\0');
}

/* The next start may be somewhere else. */
static void append_place(struct buf *out, const char *place)
{
    char *directory = NULL;
    if (place[0] != '/' && place[0] != '~')
        directory = getcwd(NULL, 0);
    if (directory)
        buf_printf(out, "%s/", directory);
    append_field(out, place);
    free(directory);
}

static void append_files(struct buf *out, const struct attachments *files)
{
    for (size_t i = 0; i < files->list.count; i++) {
        const struct attachment *file = &files->list.items[i];
        if (file->url)
            append_field(out, file->url);
        else if (file->place)
            append_place(out, file->place);
        else
            continue;
        append_field(out, file->alt);
    }
}

static bool next_field(struct slice *rest, struct slice *field)
{
    const char *end = rest->len ? memchr(rest->ptr, '\0', rest->len) : NULL;
    if (!end)
        return false;
    *field = (struct slice){ rest->ptr, (size_t)(end - rest->ptr) };
    *rest = slice_skip(*rest, field->len + 1);
    return true;
}

static void attach_again(struct seat *seat, struct slice files,
                         struct buf *words)
{
    struct slice place, alt;
    while (next_field(&files, &place) && next_field(&files, &alt)) {
        struct error err = { 0 };
        if (!attach_add(&seat->files, place, alt, &err))
            buf_printf(words, "; %s", err.text);
    }
}

/* Keeping. */

static void stop_timer(struct seat *seat)
{
    loop_timer_cancel(seat->screen->setup.loop, seat->drafting.timer);
    seat->drafting.timer = 0;
    seat->drafting.is_due = false;
}

static void on_timer(void *context, uint32_t timer_id)
{
    struct seat *seat = context;
    (void)timer_id;
    seat->drafting.timer = 0;
    seat->drafting.is_due = true;
}

static void drop(struct seat *seat)
{
    struct drafting *drafting = &seat->drafting;
    if (drafting->is_kept)
        state_drop_draft(seat->screen->setup.state, drafting->session.text);
    drafting->is_kept = false;
    buf_reset(&drafting->text);
    buf_reset(&drafting->files);
}

/* What stands in the editor, and below it the draft that had to make room. */
static void append_text(const struct seat *seat, struct buf *out)
{
    const struct amending *amending = &seat->amending;
    if (!amending->is_name)
        buf_append_slice(out, editor_text(seat->editor));
    if (out->len && amending->draft.len)
        buf_append_string(out, "\n\n");
    buf_append_slice(out, buf_slice(&amending->draft));
}

static void keep(struct seat *seat, struct slice text, const struct buf *files)
{
    struct drafting *drafting = &seat->drafting;
    state_set_draft(seat->screen->setup.state, drafting->session.text, text,
                    buf_slice(files));
    drafting->is_kept = true;
    buf_reset(&drafting->text);
    buf_append_slice(&drafting->text, text);
    buf_reset(&drafting->files);
    buf_append_slice(&drafting->files, buf_slice(files));
}

/* Bytes between the first and the last one that differ. */
static size_t changed_bytes(struct slice one, struct slice other)
{
    size_t least = one.len < other.len ? one.len : other.len;
    size_t most = one.len < other.len ? other.len : one.len;
    size_t start = 0, end = 0;
    while (start < least && one.ptr[start] == other.ptr[start])
        start++;
    while (end < least - start &&
           one.ptr[one.len - end - 1] == other.ptr[other.len - end - 1])
        end++;
    return most - start - end;
}

static bool is_empty(const struct seat *seat)
{
    return editor_is_empty(seat->editor) && !seat->files.list.count;
}

static void judge(struct seat *seat)
{
    struct drafting *drafting = &seat->drafting;
    struct buf files = { 0 }, text = { 0 };
    append_files(&files, &seat->files);
    append_files(&files, &seat->amending.files);
    append_text(seat, &text);
    size_t changed =
        changed_bytes(buf_slice(&text), buf_slice(&drafting->text));
    bool is_same =
        !changed && slice_equal(buf_slice(&files), buf_slice(&drafting->files));
    bool has_files = seat->files.list.count || seat->amending.files.list.count;
    if (!text.len && !has_files)
        drop(seat);
    else if (!is_same && (drafting->is_due || changed >= DRAFTING_CHANGED))
        keep(seat, buf_slice(&text), &files);
    else if (!is_same && !drafting->timer)
        drafting->timer = loop_timer_start(seat->screen->setup.loop,
                                           DRAFTING_MS, on_timer, seat);
    if (is_same || drafting->is_due || changed >= DRAFTING_CHANGED)
        stop_timer(seat);
    buf_clear(&files);
    buf_clear(&text);
}

/* What was sent must be on disk as that, before it goes as a draft. */
static bool is_durable(struct seat *seat)
{
    struct drafting *drafting = &seat->drafting;
    const struct journal *journal = chat_conversation(seat->chat)->journal;
    if (drafting->sent_seq && journal &&
        journal_durable(journal) < drafting->sent_seq)
        return false;
    if (drafting->sent_seq)
        drafting->is_due = true;
    drafting->sent_seq = 0;
    return true;
}

/* Coming back. */

/* A crash came between sending it and forgetting the draft. */
static bool was_sent(const struct seat *seat, struct slice text)
{
    const struct graph *graph = chat_conversation(seat->chat)->graph;
    const struct node *node = graph_node(graph, graph_head(graph));
    while (node && node->kind != NODE_USER)
        node = graph_node(graph, node->parent_id);
    for (size_t i = 0; node && i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        if (block->kind == BLOCK_TEXT &&
            slice_equal(slice_trim(buf_slice(&block->text)), slice_trim(text)))
            return true;
    }
    return false;
}

static bool is_in_editor(const struct seat *seat, struct slice text)
{
    struct slice there = editor_text(seat->editor);
    return text.len && there.len &&
           memmem(there.ptr, there.len, text.ptr, text.len);
}

static void put_back(struct seat *seat, const struct state_draft *draft,
                     struct buf *words)
{
    struct slice text = buf_slice(&draft->text);
    if (is_in_editor(seat, text))
        return;
    if (!is_empty(seat)) {
        history_add(&seat->screen->history, text);
        state_add_prompt(seat->screen->setup.state, text);
        buf_append_string(words, "what was being written when sennit ended "
                                 "was not sent; Up brings it back");
        return;
    }
    editor_set(seat->editor, text);
    buf_append_string(words,
                      draft->was_unsent
                          ? "this was being written when a sennit ended, and "
                            "was not sent"
                          : "this was being written here when sennit ended, "
                            "and was not sent");
    attach_again(seat, buf_slice(&draft->files), words);
}

static void on_found(void *context, const struct state_draft *draft)
{
    struct seat *seat = context;
    struct drafting *drafting = &seat->drafting;
    struct buf words = { 0 };
    if (!draft->is_found ||
        strcmp(draft->session.text, drafting->session.text) != 0)
        return;
    drafting->is_kept = true;
    if (was_sent(seat, buf_slice(&draft->text)))
        drop(seat);
    else
        put_back(seat, draft, &words);
    if (words.len && seat == seat->screen->seat)
        perform_add_notice(seat->screen, buf_string(&words));
    drafting->is_due = true;
    seat->screen->draw_now = seat->screen->has_news = true;
    buf_clear(&words);
}

/* Another session is shown: its draft is looked for. What stands in the editor
 * came along, or belongs to it. */
static void follow_session(struct seat *seat)
{
    struct drafting *drafting = &seat->drafting;
    const char *session = chat_session(seat->chat);
    bool is_first = !drafting->session.text[0];
    if (!session || !strcmp(session, drafting->session.text))
        return;
    struct slice text = editor_text(seat->editor);
    bool is_gone = drafting->is_done && !drafting->sent_seq;
    if (is_gone || (text.len && slice_equal(text, buf_slice(&drafting->text))))
        drop(seat);
    snprintf(drafting->session.text, sizeof drafting->session.text, "%s",
             session);
    drafting->is_kept = drafting->is_done = false;
    drafting->sent_seq = 0;
    drafting->is_due = true;
    buf_reset(&drafting->text);
    buf_reset(&drafting->files);
    state_find_draft(seat->screen->setup.state, session,
                     is_first && seat->number == 1 &&
                         !seat->screen->cli->continues &&
                         !seat->screen->cli->resume,
                     on_found, seat);
}

static bool has_news(struct seat *seat)
{
    struct drafting *drafting = &seat->drafting;
    uint64_t revision = editor_revision(seat->editor);
    bool has_news = drafting->is_due || revision != drafting->revision ||
                    seat->files.list.count != drafting->file_count;
    drafting->revision = revision;
    drafting->file_count = seat->files.list.count;
    return has_news;
}

static void update(struct seat *seat)
{
    follow_session(seat);
    seat->drafting.is_done = false;
    if (is_durable(seat) && has_news(seat))
        judge(seat);
}

void drafting_update(struct screen *screen)
{
    for (size_t i = 0; screen->setup.state && i < screen->seats.list.count; i++)
        update(screen->seats.list.items[i]);
}

void drafting_sent(struct seat *seat)
{
    seat->drafting.sent_seq = log_last_seq(chat_conversation(seat->chat)->log);
}

void drafting_done(struct seat *seat)
{
    seat->drafting.is_done = true;
}

bool drafting_keep(struct seat *seat)
{
    struct state *state = seat->screen->setup.state;
    if (!state || !chat_session(seat->chat))
        return false;
    seat->drafting.is_due = true;
    update(seat);
    return store_settle(seat->screen->setup.store, KEEP_PATIENCE_MS) &&
           seat->drafting.is_kept && state_is_kept(state);
}
