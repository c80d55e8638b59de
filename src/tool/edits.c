/* SPDX-License-Identifier: MIT */
#include "tool/edits.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"

struct edit {
    uint64_t number;
    uint64_t call; /* 0: nobody has said */
    uint64_t reverts;
    bool is_reverted;
    char *path;
    bool is_beneath;
    bool was_there, is_there; /* before, after */
    mode_t mode;
    char *was, *after;
    size_t was_len, after_len;
};

struct edits {
    pthread_mutex_t mutex;
    ARRAY_OF(struct edit) list; /* in the order in which they were done */
    size_t size;                /* bytes of their texts */
    uint64_t last;              /* the number that was given last */
};

struct edits *edits_new(void)
{
    struct edits *edits = memory_zero(1, sizeof *edits);
    pthread_mutex_init(&edits->mutex, NULL);
    return edits;
}

static void clear(struct edit *edit)
{
    free(edit->path);
    free(edit->was);
    free(edit->after);
}

void edits_free(struct edits *edits)
{
    if (!edits)
        return;
    for (size_t i = 0; i < edits->list.count; i++)
        clear(&edits->list.items[i]);
    array_clear(&edits->list);
    pthread_mutex_destroy(&edits->mutex);
    free(edits);
}

uint64_t edits_next(struct edits *edits)
{
    if (!edits)
        return 0;
    pthread_mutex_lock(&edits->mutex);
    uint64_t number = ++edits->last;
    pthread_mutex_unlock(&edits->mutex);
    return number;
}

/* NULL: there is none, or no more. */
static struct edit *find(const struct edits *edits, uint64_t number)
{
    for (size_t i = edits->list.count; i-- > 0;) {
        struct edit *edit = &edits->list.items[i];
        if (number ? edit->number == number
                   : !edit->reverts && !edit->is_reverted)
            return edit;
    }
    return NULL;
}

static void forget_oldest(struct edits *edits)
{
    size_t count = 0;
    while (count + 1 < edits->list.count &&
           (edits->size > EDITS_SIZE_MAX ||
            edits->list.count - count > EDITS_COUNT_MAX)) {
        struct edit *edit = &edits->list.items[count++];
        edits->size -= edit->was_len + edit->after_len;
        clear(edit);
    }
    if (!count)
        return;
    edits->list.count -= count;
    memmove(edits->list.items, edits->list.items + count,
            edits->list.count * sizeof *edits->list.items);
}

/* One that takes back an edit that took one back brings that one again. */
static void mark_reverted(struct edits *edits, uint64_t number)
{
    struct edit *edit = number ? find(edits, number) : NULL;
    if (!edit)
        return;
    edit->is_reverted = true;
    struct edit *first = edit->reverts ? find(edits, edit->reverts) : NULL;
    if (first)
        first->is_reverted = false;
}

void edits_add(struct edits *edits, const struct tool_plan *plan)
{
    if (!edits)
        return;
    struct slice was = buf_slice(&plan->was), after = buf_slice(&plan->after);
    pthread_mutex_lock(&edits->mutex);
    *array_add(&edits->list) = (struct edit){
        .number = plan->edit,
        .reverts = plan->reverts,
        .path = memory_string(plan->path),
        .is_beneath = plan->is_beneath,
        .was_there = plan->before.st_ino != 0,
        .is_there = !plan->removes,
        .mode = plan->before.st_mode & 0777,
        .was = memory_copy(was.ptr ? was.ptr : "", was.len),
        .was_len = was.len,
        .after = memory_copy(after.ptr ? after.ptr : "", after.len),
        .after_len = after.len,
    };
    edits->size += was.len + after.len;
    mark_reverted(edits, plan->reverts);
    forget_oldest(edits);
    pthread_mutex_unlock(&edits->mutex);
}

void edits_set_call(struct edits *edits, uint64_t number, uint64_t call)
{
    if (!edits || !number)
        return;
    pthread_mutex_lock(&edits->mutex);
    struct edit *edit = find(edits, number);
    if (edit)
        edit->call = call;
    pthread_mutex_unlock(&edits->mutex);
}

uint64_t edits_of_call(struct edits *edits, uint64_t call)
{
    uint64_t number = 0;
    if (!edits || !call)
        return 0;
    pthread_mutex_lock(&edits->mutex);
    for (size_t i = 0; i < edits->list.count; i++) {
        if (edits->list.items[i].call == call)
            number = edits->list.items[i].number;
    }
    pthread_mutex_unlock(&edits->mutex);
    return number;
}

static bool refuse(const struct edits *edits, uint64_t number,
                   struct error *err)
{
    if (!number)
        return error_set(err, ERROR_TOOL,
                         "no edit of a file is left to be taken back");
    return error_set(err, ERROR_TOOL,
                     number <= edits->last
                         ? "what stood there before this edit is no longer "
                           "known, or it was not done"
                         : "there is no such edit");
}

static bool take_back(const struct edits *edits, uint64_t number,
                      struct tool_plan *plan, struct error *err)
{
    const struct edit *edit = find(edits, number);
    if (!edit)
        return refuse(edits, number, err);
    if (edit->is_reverted)
        return error_set(err, ERROR_TOOL,
                         "this edit has been taken back already");
    free(plan->path);
    plan->path = memory_string(edit->path);
    plan->is_beneath = edit->is_beneath;
    plan->reverts = edit->number;
    plan->removes = !edit->was_there;
    plan->before =
        (struct stat){ .st_ino = edit->is_there, .st_mode = edit->mode };
    buf_append(&plan->was, edit->after, edit->after_len);
    buf_append(&plan->after, edit->was, edit->was_len);
    return true;
}

bool edits_take_back(struct edits *edits, uint64_t number,
                     struct tool_plan *plan, struct error *err)
{
    if (!edits)
        return error_set(err, ERROR_TOOL, "edits are not kept here");
    pthread_mutex_lock(&edits->mutex);
    bool ok = take_back(edits, number, plan, err);
    pthread_mutex_unlock(&edits->mutex);
    return ok;
}
