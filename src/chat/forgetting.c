/* SPDX-License-Identifier: MIT */
/*
 * forgetting - /forget: the entry of a number, or the only one that has all
 * words; and the line that brings it back.
 */
#include <inttypes.h>
#include <string.h>

#include "chat/chat_state.h"
#include "chat/memory_line.h"

enum { SHOWN_MAX = 8 /* of those that have the words */ };

static void tell_forgotten(struct chat *chat, const struct memory_entry *entry)
{
    struct buf line = { 0 };
    char name[MEMORY_NAME_SIZE];
    memory_line_append(entry, &line);
    memorising_tell(chat, "forgotten: %s; this brings it back: %s",
                    memory_entry_name(entry, name), buf_string(&line));
    buf_clear(&line);
}

static void take_forgotten(struct chat *chat, const struct memory_task *task,
                           struct memory_job *job)
{
    if (!job->found.items.count)
        memorising_tell(chat, "no such entry is remembered; /memory lists "
                              "them");
    for (size_t i = 0; i < job->found.items.count; i++) {
        const struct memory_entry *entry = &job->found.items.items[i];
        tell_forgotten(chat, entry);
        if (memorising_is_own(chat, task))
            shelving_say_forgotten(chat, entry);
    }
}

static void forget_id(struct chat *chat, uint64_t id)
{
    struct memory_job job = { .deed = MEMORY_FORGET };
    *array_add(&job.ids) = id;
    memorising_ask(chat, &job, &(struct memory_task){ .done = take_forgotten });
}

static bool forget_named(struct chat *chat, bool is_long_term, uint64_t id,
                         struct error *err)
{
    if (is_long_term) {
        if (!memorising_needs_memory(chat, err))
            return false;
        forget_id(chat, id);
        return true;
    }
    const struct memory_entry *entry = memorising_on_shelf(chat, id, err);
    if (!entry)
        return false;
    tell_forgotten(chat, entry);
    shelving_forget(chat, id);
    return true;
}

static void say_choice(struct chat *chat, const struct memory_job *job)
{
    struct buf words = { 0 };
    char name[MEMORY_NAME_SIZE];
    for (size_t i = 0; i < job->found.items.count && i < SHOWN_MAX; i++)
        buf_printf(&words, "\n%s: %s",
                   memory_entry_name(&job->found.items.items[i], name),
                   job->found.items.items[i].text);
    if (job->found.items.count > SHOWN_MAX)
        buf_append_string(&words, "\nand others");
    memorising_tell(chat, "these fit; /forget with a number forgets one:%s",
                    buf_string(&words));
    buf_clear(&words);
}

/* What is not the only one is not forgotten by a guess. */
static void take_found(struct chat *chat, const struct memory_task *task,
                       struct memory_job *job)
{
    struct error err = { 0 };
    (void)task;
    if (!job->found.items.count) {
        memorising_tell(chat,
                        "nothing that is remembered has all of these words");
    } else if (job->found.items.count > 1) {
        say_choice(chat, job);
    } else {
        const struct memory_entry *entry = &job->found.items.items[0];
        if (!forget_named(chat, entry->tier == MEMORY_LONG_TERM, entry->id,
                          &err))
            memorising_tell(chat, "%s", err.text);
    }
}

static void add_shelf(const struct chat *chat, struct memory_list *list)
{
    const struct memory_list *shelf = graph_shelf(chat->conversation.graph);
    for (size_t i = 0; i < shelf->items.count; i++)
        memory_entry_copy(array_add(&list->items), &shelf->items.items[i]);
}

static bool forget_words(struct chat *chat, struct slice words,
                         struct error *err)
{
    struct memory_job job = { .deed = MEMORY_FIND,
                              .most = SHOWN_MAX + 1,
                              .takes_private = true,
                              .needs_all = true };
    if (!chat->setup.memories)
        return memorising_needs_memory(chat, err);
    buf_append_slice(&job.text, words);
    add_shelf(chat, &job.found);
    memorising_ask(chat, &job, &(struct memory_task){ .done = take_found });
    return true;
}

/* What is written as a number is one, and never a word. */
static bool is_number(struct slice what)
{
    struct slice digits = slice_skip(what, slice_starts(what, "s") ? 1 : 0);
    bool is_so = digits.len > 0;
    for (size_t i = 0; i < digits.len && is_so; i++)
        is_so = strchr("0123456789 ,", digits.ptr[i]) && digits.ptr[i];
    return is_so;
}

bool chat_forget(struct chat *chat, struct slice what, struct error *err)
{
    bool is_long_term;
    uint64_t id;
    what = slice_trim(what);
    if (!what.len)
        return error_set(err, ERROR_USAGE,
                         "/forget takes the number of an entry, or words that "
                         "it has; /memory lists what is remembered");
    if (memory_name_parse(what, &is_long_term, &id))
        return forget_named(chat, is_long_term, id, err);
    if (is_number(what))
        return error_set(err, ERROR_USAGE,
                         "no entry is called \"%.*s\"; /forget takes one "
                         "number, /memory lists what is remembered",
                         SLICE_ARG(what));
    return forget_words(chat, what, err);
}
