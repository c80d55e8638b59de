/* SPDX-License-Identifier: MIT */
#include "store/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/path.h"

enum {
    WAITING_MAX = 600, /* changes, while the disk takes none */
    WAITING_BYTES_MAX = 32 * 1024 * 1024,
};

/* Somebody who looks for a draft. */
struct seeker {
    struct state_draft_search search;
    state_draft_fn *fn;
    void *context;
};

struct state {
    struct store *store;
    struct state_file *file; /* the thread's */
    state_fn *fn;
    void *context;
    bool is_read;
    bool is_refused; /* it may only be read, or not even that */
    bool is_busy;    /* a job is under way */
    bool is_closing;
    struct state_rows rows;
    struct state_changes changes; /* that wait */
    size_t under_way;             /* those that do not wait any more */
    ARRAY_OF(struct seeker) seekers;
    uint32_t retry_timer;
    struct error err; /* of the last job; kind ERROR_NONE: fine */
    struct buf aside;
};

/* What the thread does in one go. */
struct job {
    struct state_file *file;
    struct state_changes changes;
    ARRAY_OF(struct seeker) seekers;
    struct state_rows rows;
    bool reads, closes;
    bool has_written;
    enum db_fault fault;
    struct error err;
    struct buf aside;
};

bool state_path(struct buf *path, struct error *err)
{
    return path_state(path, "state.db", err);
}

static bool apply(struct db *db, void *context, struct error *err)
{
    return state_changes_apply(context, db, err);
}

static void do_job(void *context)
{
    struct job *job = context;
    struct error ignored;
    enum db_fault fault;
    if (job->reads)
        state_file_read(job->file, state_file_load, &job->rows, &job->fault,
                        &job->err);
    job->has_written = !job->changes.list.count ||
                       state_file_write(job->file, apply, &job->changes,
                                        &job->fault, &job->err);
    for (size_t i = 0; i < job->seekers.count; i++)
        state_file_read(job->file, state_draft_search,
                        &job->seekers.items[i].search, &fault, &ignored);
    const char *aside = state_file_aside(job->file);
    if (aside)
        buf_append_string(&job->aside, aside);
    if (job->closes)
        state_file_free(job->file);
}

static void free_state(struct state *state)
{
    state_rows_clear(&state->rows);
    state_changes_clear(&state->changes);
    array_clear(&state->seekers);
    buf_clear(&state->aside);
    free(state);
}

static void flush(struct state *state);

static void on_retry(void *context, uint32_t timer_id)
{
    struct state *state = context;
    (void)timer_id;
    state->retry_timer = 0;
    flush(state);
}

static struct state_note *find_note(const struct state *state, const char *area,
                                    const char *key)
{
    for (size_t i = 0; i < state->rows.notes.count; i++) {
        struct state_note *note = &state->rows.notes.items[i];
        if (!strcmp(note->area, area) && !strcmp(note->key, key))
            return note;
    }
    return NULL;
}

/* What was said meanwhile is newer. */
static void take_rows(struct state *state, struct job *job)
{
    for (size_t i = 0; i < job->rows.notes.count; i++) {
        struct state_note *note = &job->rows.notes.items[i];
        if (find_note(state, note->area, note->key))
            state_note_clear(note);
        else
            *array_add(&state->rows.notes) = *note;
    }
    array_clear(&job->rows.notes);
    state->rows.prompts.items = job->rows.prompts.items;
    state->rows.prompts.count = job->rows.prompts.count;
    state->rows.prompts.capacity = job->rows.prompts.capacity;
    state->is_read = true;
}

static void tell(const struct state *state)
{
    if (state->fn && !state->is_closing)
        state->fn(state->context);
}

static void answer_seekers(const struct state *state, struct job *job)
{
    for (size_t i = 0; i < job->seekers.count; i++) {
        struct seeker *seeker = &job->seekers.items[i];
        seeker->search.draft.session = seeker->search.session;
        if (!state->is_closing)
            seeker->fn(seeker->context, &seeker->search.draft);
        state_draft_clear(&seeker->search.draft);
    }
    array_clear(&job->seekers);
}

/* What the disk did not take waits for another try, unless none can help. */
static void judge(struct state *state, struct job *job)
{
    if (!job->reads && !job->changes.list.count)
        return; /* who looks for a draft proves nothing */
    state->err = job->fault == DB_FINE ? (struct error){ 0 } : job->err;
    state->is_refused = job->fault == DB_READ_ONLY || job->fault == DB_DAMAGED;
    if (job->has_written || state->is_refused || state->is_closing)
        state_changes_clear(&job->changes);
    else
        state_changes_put_back(&state->changes, &job->changes);
    if (state->is_refused)
        state_changes_clear(&state->changes);
}

static void on_done(void *context, void *done)
{
    struct state *state = context;
    struct job *job = done;
    state->is_busy = false;
    state->under_way = 0;
    buf_reset(&state->aside);
    buf_append_slice(&state->aside, buf_slice(&job->aside));
    bool was_refused = state->is_refused;
    judge(state, job);
    if (job->reads)
        take_rows(state, job);
    if (job->reads || (state->is_refused && !was_refused))
        tell(state);
    answer_seekers(state, job);
    buf_clear(&job->aside);
    bool has_closed = job->closes, has_failed = !job->has_written;
    free(job);
    if (has_closed)
        free_state(state);
    else if (has_failed && !state->is_refused && !state->is_closing)
        state->retry_timer = loop_timer_start(store_loop(state->store),
                                              STATE_RETRY_MS, on_retry, state);
    else
        flush(state);
}

static void post(struct state *state, bool reads)
{
    struct job *job = memory_zero(1, sizeof *job);
    *job = (struct job){ .file = state->file,
                         .changes = state->changes,
                         .reads = reads,
                         .closes = state->is_closing };
    job->seekers.items = state->seekers.items;
    job->seekers.count = state->seekers.count;
    job->seekers.capacity = state->seekers.capacity;
    memset(&state->seekers, 0, sizeof state->seekers);
    state->changes = (struct state_changes){ 0 };
    state->under_way = job->changes.list.count;
    state->is_busy = true;
    store_post(state->store, do_job, on_done, state, job);
}

/* One job at a time: what comes meanwhile goes with the next one. */
static void flush(struct state *state)
{
    if (state->is_busy || state->retry_timer)
        return;
    if (state->changes.list.count || state->seekers.count || state->is_closing)
        post(state, false);
}

struct state *state_new(struct store *store, struct error *err)
{
    struct buf path = { 0 };
    if (!state_path(&path, err))
        return NULL;
    struct state *state = memory_zero(1, sizeof *state);
    state->store = store;
    state->file = state_file_new(&path);
    post(state, true);
    return state;
}

void state_close(struct state *state)
{
    if (!state)
        return;
    loop_timer_cancel(store_loop(state->store), state->retry_timer);
    state->retry_timer = 0;
    state->is_closing = true;
    flush(state);
}

void state_on_read(struct state *state, state_fn *fn, void *context)
{
    if (!state)
        return;
    state->fn = fn;
    state->context = context;
    if (fn && state->is_read)
        fn(context);
}

bool state_is_read(const struct state *state)
{
    return state && state->is_read;
}

size_t state_unsaved(const struct state *state)
{
    return state ? state->changes.list.count + state->under_way : 0;
}

bool state_is_kept(const struct state *state)
{
    return state && state->err.kind == ERROR_NONE && !state_unsaved(state);
}

void state_describe(const struct state *state, struct buf *out)
{
    if (!state)
        return;
    if (state->err.kind != ERROR_NONE)
        buf_printf(out, "drafts and the input history are not kept: %s",
                   state->err.text);
    else if (state->aside.len)
        buf_printf(out,
                   "drafts and the input history begin anew: what kept them "
                   "was damaged, and is now %s",
                   buf_string(&state->aside));
}

static size_t waiting_bytes(const struct state_changes *changes)
{
    size_t bytes = 0;
    for (size_t i = 0; i < changes->list.count; i++)
        bytes += changes->list.items[i].text.len;
    return bytes;
}

/* A disk that takes nothing must not fill the memory: a comfort is lost. */
static void change(struct state *state, const struct state_change *take)
{
    struct state_changes *changes = &state->changes;
    state_changes_add(changes, take);
    if (state->is_refused || changes->list.count > WAITING_MAX ||
        waiting_bytes(changes) > WAITING_BYTES_MAX)
        state_changes_clear(changes);
    flush(state);
}

void state_take_prompts(struct state *state, state_prompt_fn *fn, void *context)
{
    if (!state)
        return;
    for (size_t i = 0; i < state->rows.prompts.count; i++) {
        fn(context, slice_of(state->rows.prompts.items[i]));
        free(state->rows.prompts.items[i]);
    }
    array_clear(&state->rows.prompts);
}

static struct state_change make(enum state_change_kind kind, const char *key,
                                struct slice text)
{
    struct state_change made = { .kind = kind,
                                 .key = memory_string(key),
                                 .at = clock_wall_ms() };
    buf_append_slice(&made.text, text);
    return made;
}

void state_add_prompt(struct state *state, struct slice text)
{
    if (!state || !text.len)
        return;
    struct state_change made = make(CHANGE_PROMPT, NULL, text);
    change(state, &made);
}

void state_set_draft(struct state *state, const char *session,
                     struct slice text, struct slice files)
{
    if (!state)
        return;
    struct state_change made = make(CHANGE_DRAFT, session, text);
    buf_append_slice(&made.files, files);
    change(state, &made);
}

void state_drop_draft(struct state *state, const char *session)
{
    if (!state)
        return;
    struct state_change made = make(CHANGE_DRAFT_GONE, session, slice_of(""));
    change(state, &made);
}

void state_find_draft(struct state *state, const char *session, bool takes_left,
                      state_draft_fn *fn, void *context)
{
    if (!state)
        return;
    struct seeker *seeker = array_add(&state->seekers);
    *seeker = (struct seeker){ .fn = fn, .context = context };
    seeker->search.store = state->store;
    seeker->search.takes_left = takes_left;
    snprintf(seeker->search.session.text, sizeof seeker->search.session.text,
             "%s", session);
    flush(state);
}

const struct state_note *state_note(const struct state *state, const char *area,
                                    const char *key)
{
    return state ? find_note(state, area, key) : NULL;
}

void state_set_note(struct state *state, const char *area, const char *key,
                    int64_t number, const char *text)
{
    if (!state)
        return;
    struct state_change made = make(CHANGE_NOTE, key, slice_of(text));
    made.area = memory_string(area);
    made.number = number;
    struct state_note fresh = { memory_string(area), memory_string(key),
                                memory_string(text), number, made.at };
    struct state_note *note = find_note(state, area, key);
    if (note)
        state_note_clear(note);
    else
        note = array_add(&state->rows.notes);
    *note = fresh;
    change(state, &made);
}

void state_drop_note(struct state *state, const char *area, const char *key)
{
    struct state_note *note = state ? find_note(state, area, key) : NULL;
    if (!note)
        return;
    struct state_change made = make(CHANGE_NOTE_GONE, key, slice_of(""));
    made.area = memory_string(area);
    state_note_clear(note);
    *note = *array_last(&state->rows.notes);
    state->rows.notes.count--;
    change(state, &made);
}

void state_forget_text(struct state *state, struct slice needle)
{
    if (!state || !needle.len)
        return;
    struct state_change made = make(CHANGE_FORGET, NULL, needle);
    change(state, &made);
}
