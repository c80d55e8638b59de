/* SPDX-License-Identifier: MIT */
#include "store/memories.h"

#include <stdlib.h>

#include "base/memory.h"

struct asker {
    uint32_t number;
    memories_fn *fn;
    void *context;
};

struct memories {
    struct store *store;
    struct state_file *file; /* the thread's */
    ARRAY_OF(struct asker) askers;
    uint32_t last_number;
    uint64_t revision;
    struct buf aside; /* where a damaged one is */
    bool has_told, is_read_only, is_closing;
};

/* What the thread does. */
struct errand_job {
    struct memory_job job;
    struct state_file *file;
    uint32_t number;
    bool is_refused, closes;
    struct buf aside;
};

struct memories *memories_new(struct store *store, bool is_read_only)
{
    struct buf path = { 0 };
    struct memories *memories = memory_zero(1, sizeof *memories);
    store_path(store, &path, "memory.db");
    memories->store = store;
    memories->file = memory_file_new(&path);
    memories->is_read_only = is_read_only;
    return memories;
}

static void do_job(void *context)
{
    struct errand_job *errand = context;
    if (errand->closes) {
        state_file_free(errand->file);
        return;
    }
    if (errand->is_refused)
        return;
    memory_file_do(errand->file, &errand->job);
    const char *aside = state_file_aside(errand->file);
    if (aside)
        buf_append_string(&errand->aside, aside);
}

static bool take_asker(struct memories *memories, uint32_t number,
                       struct asker *asker)
{
    for (size_t i = 0; i < memories->askers.count; i++) {
        if (memories->askers.items[i].number != number)
            continue;
        *asker = memories->askers.items[i];
        memories->askers.items[i] = *array_last(&memories->askers);
        memories->askers.count--;
        return true;
    }
    return false;
}

static void free_memories(struct memories *memories)
{
    array_clear(&memories->askers);
    buf_clear(&memories->aside);
    free(memories);
}

static void on_done(void *context, void *done)
{
    struct memories *memories = context;
    struct errand_job *errand = done;
    struct memory_job *job = &errand->job;
    struct asker asker;
    bool has_changed = memory_job_writes(job) && !errand->is_refused &&
                       job->err.kind == ERROR_NONE && !errand->closes;
    memories->revision += has_changed;
    if (!memories->aside.len)
        buf_append_slice(&memories->aside, buf_slice(&errand->aside));
    if (!memories->is_closing && take_asker(memories, errand->number, &asker) &&
        asker.fn)
        asker.fn(asker.context, job);
    if (errand->closes)
        free_memories(memories);
    memory_job_clear(job);
    buf_clear(&errand->aside);
    free(errand);
}

static void post(struct memories *memories, struct errand_job *errand)
{
    errand->file = memories->file;
    store_post(memories->store, do_job, on_done, memories, errand);
}

uint32_t memories_ask(struct memories *memories, struct memory_job *take_job,
                      memories_fn *fn, void *context)
{
    struct errand_job *errand = memory_zero(1, sizeof *errand);
    errand->job = *take_job;
    *take_job = (struct memory_job){ 0 };
    errand->number = ++memories->last_number;
    errand->is_refused =
        memories->is_read_only && memory_job_writes(&errand->job);
    if (errand->is_refused)
        error_set(&errand->job.err, ERROR_USAGE,
                  "nothing is kept of this session, and so long-term memory "
                  "does not change (-n)");
    *array_add(&memories->askers) =
        (struct asker){ errand->number, fn, context };
    post(memories, errand);
    return memories->last_number;
}

void memories_drop(struct memories *memories, uint32_t number)
{
    struct asker asker;
    if (memories)
        take_asker(memories, number, &asker);
}

void memories_close(struct memories *memories)
{
    if (!memories)
        return;
    struct errand_job *errand = memory_zero(1, sizeof *errand);
    errand->closes = memories->is_closing = true;
    post(memories, errand);
}

bool memories_is_read_only(const struct memories *memories)
{
    return memories->is_read_only;
}

uint64_t memories_revision(const struct memories *memories)
{
    return memories->revision;
}

bool memories_take_notice(struct memories *memories, struct buf *out)
{
    if (!memories->aside.len || memories->has_told)
        return false;
    memories->has_told = true;
    buf_printf(out,
               "what was remembered could not be read: it is in %s, and "
               "memory begins anew",
               buf_string(&memories->aside));
    return true;
}
