/* SPDX-License-Identifier: MIT */
#include "app/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "store/session_list.h"
#include "store/session_lock.h"

enum {
    SLICE_MAX = 32, /* sessions that are read before commits have their turn */
    SLICE_MS = 20,  /* or so long, whichever is first */
    SECOND_NS = 1000 * 1000 * 1000,
};

struct entries {
    struct catalogue_entry *items;
    size_t count, capacity;
};

struct catalogue {
    struct store *store;
    catalogue_fn *fn;
    void *context;
    struct entries entries;
    struct job *job; /* under way; NULL: none */
    bool is_stale;   /* looked at again when that is done */
    bool is_listed;
    struct error err;
};

/* What the thread does: list, or read some of the entries. */
struct job {
    struct catalogue *catalogue; /* NULL: nobody waits for it */
    const struct store *store;
    struct entries entries;
    bool is_listing, is_listed;
    struct error err;
};

static void clear_entry(struct catalogue_entry *entry)
{
    session_row_clear(&entry->row);
    buf_clear(&entry->prompt);
    buf_clear(&entry->answer);
}

static void clear_entries(struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        clear_entry(&entries->items[i]);
    array_clear(entries);
}

/* On the thread. */

static void append_text(struct buf *out, const struct node *node)
{
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        if (block->kind == BLOCK_TEXT)
            buf_append_slice(out, buf_slice(&block->text));
    }
}

static void cut(struct buf *text)
{
    if (text->len <= CATALOGUE_EXCERPT_MAX)
        return;
    struct slice kept = { text->ptr, CATALOGUE_EXCERPT_MAX };
    buf_truncate(text, kept.len - utf8_partial_tail(kept));
}

static void flatten(struct buf *text)
{
    for (size_t i = 0; i < text->len; i++) {
        if (text->ptr[i] == '\n' || text->ptr[i] == '\t')
            text->ptr[i] = ' ';
    }
}

void catalogue_excerpts(const struct graph *graph, struct buf *prompt,
                        struct buf *answer)
{
    const struct node *node = graph_node(graph, graph_head(graph));
    for (; node && node->kind != NODE_USER;
         node = graph_node(graph, node->parent_id)) {
        if (node->kind == NODE_ASSISTANT && !answer->len)
            append_text(answer, node);
    }
    if (node)
        append_text(prompt, node);
    cut(prompt);
    cut(answer);
    flatten(prompt);
    flatten(answer);
}

static void read_entry(const struct store *store, struct catalogue_entry *entry)
{
    struct session session;
    const struct session_wish wish = { .id = entry->row.id.text,
                                       .mode = SESSION_FILE_READ };
    session_read(store, &wish, &session);
    session_row_fill(&entry->row, &session);
    if (session.graph)
        catalogue_excerpts(session.graph, &entry->prompt, &entry->answer);
    session_clear(&session);
    entry->is_read = true;
}

static void list_all(struct job *job)
{
    struct session_list list = { 0 };
    struct buf path = { 0 };
    job->is_listed = session_list_read(&list, job->store, &job->err);
    for (size_t i = 0; i < list.entries.count; i++) {
        const struct session_entry *found = &list.entries.items[i];
        buf_reset(&path);
        store_session_path(job->store, &path, found->id.text);
        *array_add(&job->entries) = (struct catalogue_entry){
            .row = { .id = found->id,
                     .changed_time = found->changed_at / SECOND_NS,
                     .size = found->size,
                     .cost = -1 },
            .changed_at = found->changed_at,
            .is_held = session_lock_is_held(buf_string(&path)),
        };
    }
    buf_clear(&path);
    session_list_clear(&list);
}

static void do_job(void *context)
{
    struct job *job = context;
    int64_t until = clock_monotonic_ms() + SLICE_MS;
    if (job->is_listing)
        list_all(job);
    for (size_t i = 0; !job->is_listing && i < job->entries.count; i++) {
        if (i && clock_monotonic_ms() >= until)
            break;
        read_entry(job->store, &job->entries.items[i]);
    }
}

/* In the loop. */

static void go_on(struct catalogue *catalogue);

static struct catalogue_entry *find(const struct catalogue *catalogue,
                                    const char *id)
{
    for (size_t i = 0; i < catalogue->entries.count; i++) {
        struct catalogue_entry *entry = &catalogue->entries.items[i];
        if (!strcmp(entry->row.id.text, id))
            return entry;
    }
    return NULL;
}

/* What was read of a file that is as it was is good still. */
static void take_over(struct catalogue_entry *entry,
                      struct catalogue_entry *known)
{
    if (!known || !known->is_read || known->changed_at != entry->changed_at)
        return;
    bool is_held = entry->is_held;
    *entry = *known;
    entry->is_held = is_held;
    known->row.title = known->row.model = (struct buf){ 0 };
    known->prompt = known->answer = (struct buf){ 0 };
}

static int compare_ids(const void *one, const void *other)
{
    const struct catalogue_entry *const *a = one, *const *b = other;
    return strcmp((*a)->row.id.text, (*b)->row.id.text);
}

static void take_list(struct catalogue *catalogue, struct job *job)
{
    ARRAY_OF(struct catalogue_entry *) known = { 0 };
    for (size_t i = 0; i < catalogue->entries.count; i++)
        *array_add(&known) = &catalogue->entries.items[i];
    if (known.count)
        qsort(known.items, known.count, sizeof *known.items, compare_ids);
    for (size_t i = 0; i < job->entries.count && known.count; i++) {
        const struct catalogue_entry *wanted = &job->entries.items[i];
        struct catalogue_entry **found =
            bsearch(&wanted, known.items, known.count, sizeof *known.items,
                    compare_ids);
        take_over(&job->entries.items[i], found ? *found : NULL);
    }
    array_clear(&known);
    clear_entries(&catalogue->entries);
    catalogue->entries = job->entries;
    job->entries = (struct entries){ 0 };
    catalogue->is_listed = job->is_listed;
    catalogue->err = job->err;
}

static void take_slice(struct catalogue *catalogue, struct job *job)
{
    for (size_t i = 0; i < job->entries.count; i++) {
        struct catalogue_entry *read = &job->entries.items[i];
        struct catalogue_entry *entry =
            read->is_read ? find(catalogue, read->row.id.text) : NULL;
        if (!entry)
            continue;
        clear_entry(entry);
        *entry = *read;
        *read = (struct catalogue_entry){ 0 };
    }
}

static void on_done(void *context, void *done)
{
    struct job *job = done;
    struct catalogue *catalogue = job->catalogue;
    (void)context;
    if (catalogue) {
        catalogue->job = NULL;
        if (job->is_listing)
            take_list(catalogue, job);
        else
            take_slice(catalogue, job);
        go_on(catalogue);
        if (catalogue->fn)
            catalogue->fn(catalogue->context);
    }
    clear_entries(&job->entries);
    free(job);
}

static void post(struct catalogue *catalogue, struct job *job)
{
    job->catalogue = catalogue;
    job->store = catalogue->store;
    catalogue->job = job;
    store_post(catalogue->store, do_job, on_done, NULL, job);
}

static void list_again(struct catalogue *catalogue)
{
    struct job *job = memory_zero(1, sizeof *job);
    catalogue->is_stale = false;
    job->is_listing = true;
    post(catalogue, job);
}

static void read_some(struct catalogue *catalogue)
{
    struct job *job = memory_zero(1, sizeof *job);
    for (size_t i = 0;
         i < catalogue->entries.count && job->entries.count < SLICE_MAX; i++) {
        const struct catalogue_entry *entry = &catalogue->entries.items[i];
        if (entry->is_read)
            continue;
        *array_add(&job->entries) = (struct catalogue_entry){
            .row = { .id = entry->row.id,
                     .changed_time = entry->row.changed_time,
                     .size = entry->row.size },
            .changed_at = entry->changed_at,
            .is_held = entry->is_held,
        };
    }
    if (job->entries.count)
        post(catalogue, job);
    else
        free(job);
}

static void go_on(struct catalogue *catalogue)
{
    if (catalogue->is_stale)
        list_again(catalogue);
    else
        read_some(catalogue);
}

struct catalogue *catalogue_new(struct store *store, catalogue_fn *fn,
                                void *context)
{
    struct catalogue *catalogue = memory_zero(1, sizeof *catalogue);
    catalogue->store = store;
    catalogue->fn = fn;
    catalogue->context = context;
    return catalogue;
}

void catalogue_free(struct catalogue *catalogue)
{
    if (!catalogue)
        return;
    if (catalogue->job)
        catalogue->job->catalogue = NULL;
    clear_entries(&catalogue->entries);
    free(catalogue);
}

void catalogue_refresh(struct catalogue *catalogue)
{
    if (!catalogue->store)
        return;
    catalogue->is_stale = true;
    if (!catalogue->job)
        go_on(catalogue);
}

bool catalogue_is_complete(const struct catalogue *catalogue)
{
    return !catalogue->job;
}

const struct error *catalogue_error(const struct catalogue *catalogue)
{
    return &catalogue->err;
}

size_t catalogue_count(const struct catalogue *catalogue)
{
    return catalogue->entries.count;
}

const struct catalogue_entry *catalogue_at(const struct catalogue *catalogue,
                                           size_t index)
{
    return &catalogue->entries.items[index];
}

const struct catalogue_entry *catalogue_find(const struct catalogue *catalogue,
                                             const char *id)
{
    return find(catalogue, id);
}

static bool has_words(const struct session_row *row, struct slice words)
{
    struct buf word = { 0 };
    bool has_all = true;
    while (has_all && (words = slice_trim(words)).len) {
        size_t len = 0;
        while (len < words.len && words.ptr[len] != ' ')
            len++;
        buf_reset(&word);
        buf_append(&word, words.ptr, len);
        const char *text = buf_string(&word);
        has_all = session_row_matches(row, &text, 1);
        words = slice_skip(words, len);
    }
    buf_clear(&word);
    return has_all;
}

size_t catalogue_match(const struct catalogue *catalogue, struct slice words,
                       size_t from)
{
    while (from < catalogue->entries.count &&
           !has_words(&catalogue->entries.items[from].row, words))
        from++;
    return from;
}
