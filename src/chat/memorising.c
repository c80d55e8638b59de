/* SPDX-License-Identifier: MIT */
#include "chat/memorising.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "chat/chat_state.h"
#include "chat/learning_rule.h"
#include "chat/memory_line.h"

double chat_memory_half_life(const struct chat *chat)
{
    return settings_number(chat->setup.settings, "memory.half_life",
                           MEMORY_HALF_LIFE_MS);
}

void memorising_tell(struct chat *chat, const char *format, ...)
{
    struct buf *news = &chat->memorising.news;
    va_list arguments;
    if (news->len)
        buf_append_char(news, '\n');
    va_start(arguments, format);
    buf_vprintf(news, format, arguments);
    va_end(arguments);
}

bool chat_take_memory_news(struct chat *chat, struct buf *out)
{
    struct buf *news = &chat->memorising.news;
    bool is_any = news->len > 0 || chat->memorising.has_read;
    chat->memorising.has_read = false;
    if (chat->setup.memories && memories_take_notice(chat->setup.memories, out))
        is_any = true;
    if (out->len && news->len)
        buf_append_char(out, '\n');
    buf_append_slice(out, buf_slice(news));
    buf_reset(news);
    return is_any;
}

/* Tasks. */

static void forget_task(struct chat *chat, const struct memory_task *task)
{
    struct memorising *memorising = &chat->memorising;
    for (size_t i = 0; i < memorising->tasks.count; i++)
        if (memorising->tasks.items[i] == task) {
            memorising->tasks.items[i] = *array_last(&memorising->tasks);
            memorising->tasks.count--;
            return;
        }
}

static void on_done(void *context, struct memory_job *job)
{
    struct memory_task *task = context;
    struct chat *chat = task->chat;
    forget_task(chat, task);
    if (job->err.kind != ERROR_NONE)
        memorising_tell(chat, "memory: %s", job->err.text);
    else if (task->done)
        task->done(chat, task, job);
    bool writes = memory_job_writes(job);
    free(task);
    if (writes && chat->memorising.is_read)
        chat_read_memories(chat);
}

struct memory_task *memorising_ask(struct chat *chat,
                                   struct memory_job *take_job,
                                   const struct memory_task *task)
{
    struct memory_task *own = memory_alloc(sizeof *own);
    *own = *task;
    own->chat = chat;
    own->generation = chat->generation;
    take_job->now = clock_wall_ms();
    take_job->half_life_ms = chat_memory_half_life(chat);
    *array_add(&chat->memorising.tasks) = own;
    own->number = memories_ask(chat->setup.memories, take_job, on_done, own);
    return own;
}

bool memorising_is_own(const struct chat *chat, const struct memory_task *task)
{
    return task->generation == chat->generation;
}

void memorising_leave(struct chat *chat)
{
    memory_list_clear(&chat->memorising.offers);
}

void memorising_clear(struct chat *chat)
{
    struct memorising *memorising = &chat->memorising;
    for (size_t i = 0; i < memorising->tasks.count; i++) {
        memories_drop(chat->setup.memories, memorising->tasks.items[i]->number);
        free(memorising->tasks.items[i]);
    }
    array_clear(&memorising->tasks);
    memory_list_clear(&memorising->offers);
    memory_list_clear(&memorising->read);
    buf_clear(&memorising->news);
}

/* What is there. */

static void take_read(struct chat *chat, const struct memory_task *task,
                      struct memory_job *job)
{
    struct memorising *memorising = &chat->memorising;
    (void)task;
    memory_list_clear(&memorising->read);
    memorising->read = job->found;
    memorising->has_read = true;
    job->found = (struct memory_list){ 0 };
}

void chat_read_memories(struct chat *chat)
{
    struct memory_job job = { .deed = MEMORY_LIST };
    chat->memorising.is_read = true;
    if (chat->setup.memories)
        memorising_ask(chat, &job, &(struct memory_task){ .done = take_read });
}

const struct memory_list *chat_memories(const struct chat *chat)
{
    return chat->memorising.is_read ? &chat->memorising.read : NULL;
}

/* Taking in. */

/* One line of valid text, as it will be read. */
static bool clean(struct slice text, struct buf *out, struct error *err)
{
    struct buf valid = { 0 };
    text = slice_trim(text);
    utf8_append_valid(&valid, text);
    for (size_t i = 0; i < valid.len; i++)
        if (!valid.ptr[i])
            valid.ptr[i] = ' ';
    bool ok = valid.len > 0 && valid.len <= MEMORY_TEXT_MAX;
    if (ok)
        buf_append_slice(out, buf_slice(&valid));
    else if (!valid.len)
        error_set(err, ERROR_USAGE, "there is no text to remember");
    else
        error_set(err, ERROR_LIMIT,
                  "a text to remember has %d bytes at the most; give it in "
                  "parts, or /attach the file where it is needed",
                  MEMORY_TEXT_MAX);
    buf_clear(&valid);
    return ok;
}

/* What is said where nothing may leave, or by its form, stays here. */
static bool is_private(struct chat *chat, struct slice text)
{
    struct buf why = { 0 };
    bool is_so =
        chat_is_private(chat, &why) ||
        privacy_text(&chat->marking.privacy, text, PRIVACY_LOOK_MS, &why);
    buf_clear(&why);
    return is_so;
}

static bool make_entry(struct chat *chat, const struct memory_wish *wish,
                       struct memory_entry *entry, struct error *err)
{
    struct buf text = { 0 };
    if (!clean(wish->text, &text, err))
        return false;
    if (wish->tags.len > MEMORY_TAGS_MAX) {
        buf_clear(&text);
        return error_set(err, ERROR_LIMIT, "tags have %d bytes at the most",
                         MEMORY_TAGS_MAX);
    }
    *entry = (struct memory_entry){
        .tier = wish->tier,
        .tags = memory_copy(wish->tags.ptr, wish->tags.len),
        .importance = wish->importance,
        .made_at = clock_wall_ms(),
        .is_private = wish->is_private || is_private(chat, buf_slice(&text)),
    };
    entry->used_at = entry->made_at;
    entry->text = buf_steal(&text);
    return true;
}

static void say_evicted(struct chat *chat, const struct memory_task *task,
                        const struct memory_job *job)
{
    for (size_t i = 1; i < job->found.items.count; i++) {
        const struct memory_entry *gone = &job->found.items.items[i];
        struct buf line = { 0 };
        memory_line_append(gone, &line);
        memorising_tell(chat,
                        "long-term memory is full (memory.long_term): "
                        "forgotten is what weighed least; this brings it "
                        "back: %s",
                        buf_string(&line));
        buf_clear(&line);
        if (memorising_is_own(chat, task))
            shelving_say_forgotten(chat, gone);
    }
}

static void take_added(struct chat *chat, const struct memory_task *task,
                       struct memory_job *job)
{
    const struct memory_entry *entry = &job->found.items.items[0];
    char name[MEMORY_NAME_SIZE];
    memory_entry_name(entry, name);
    memorising_tell(chat, "%s%s as %s: %s; /forget %s takes it back",
                    job->was_there ? "remembered anew" : "remembered",
                    entry->is_private ? ", for your own servers alone," : "",
                    name, entry->text, name);
    if (memorising_is_own(chat, task)) {
        shelving_say(chat, entry);
        if (task->shelf_id &&
            graph_shelf_find(chat->conversation.graph, task->shelf_id))
            shelving_forget(chat, task->shelf_id);
    }
    say_evicted(chat, task, job);
    embedding_catch_up(chat);
}

static void add_long_term(struct chat *chat, struct memory_entry *take_entry,
                          uint64_t shelf_id)
{
    struct memory_job job = { .deed = MEMORY_ADD, .entry = *take_entry };
    job.most = (size_t)settings_number(chat->setup.settings, "memory.long_term",
                                       MEMORY_LONG_TERM_USUAL);
    *take_entry = (struct memory_entry){ 0 };
    memorising_ask(
        chat, &job,
        &(struct memory_task){ .done = take_added, .shelf_id = shelf_id });
}

static void add_to_shelf(struct chat *chat, struct memory_entry *take_entry,
                         const char *why)
{
    struct buf text = { 0 };
    const char *tier = memory_tier_name(take_entry->tier);
    buf_append_string(&text, take_entry->text);
    uint64_t id = shelving_add(chat, take_entry);
    if (id)
        memorising_tell(chat, "remembered as s%" PRIu64 " (%s%s): %s", id, tier,
                        why, buf_string(&text));
    buf_clear(&text);
}

static bool keeps(const struct chat *chat)
{
    return chat->setup.memories && !memories_is_read_only(chat->setup.memories);
}

static void take_in(struct chat *chat, struct memory_entry *take_entry)
{
    if (take_entry->tier == MEMORY_LONG_TERM && keeps(chat)) {
        add_long_term(chat, take_entry, 0);
    } else if (take_entry->tier == MEMORY_LONG_TERM) {
        take_entry->tier = MEMORY_SESSION;
        add_to_shelf(chat, take_entry,
                     " only, for nothing is kept of this session");
    } else {
        add_to_shelf(chat, take_entry, "");
    }
}

bool chat_note(struct chat *chat, const struct memory_wish *wish,
               struct error *err)
{
    struct memory_entry entry;
    if (!make_entry(chat, wish, &entry, err))
        return false;
    take_in(chat, &entry);
    return true;
}

/* What others propose. */

static bool is_offered(const struct chat *chat, const char *text)
{
    const struct memory_list *offers = &chat->memorising.offers;
    for (size_t i = 0; i < offers->items.count; i++)
        if (!strcmp(offers->items.items[i].text, text))
            return true;
    return false;
}

static bool offer(struct chat *chat, struct memory_entry *take_entry,
                  const char *who, struct error *err)
{
    struct memory_list *offers = &chat->memorising.offers;
    bool is_twice = is_offered(chat, take_entry->text);
    bool ok = is_twice || offers->items.count < MEMORY_OFFERS_MAX ||
              error_set(err, ERROR_LIMIT,
                        "%d texts wait to be remembered already; the user has "
                        "to answer first",
                        MEMORY_OFFERS_MAX);
    if (!ok || is_twice) {
        memory_entry_clear(take_entry);
        return ok;
    }
    memorising_tell(chat,
                    "%s wants this remembered: %s; /remember yes does, "
                    "/remember no does not",
                    who, take_entry->text);
    *array_add(&offers->items) = *take_entry;
    return true;
}

bool chat_remember(struct chat *chat, const struct memory_wish *wish,
                   const char *who, bool *is_taken, struct error *err)
{
    const char *learn =
        settings_text(chat->setup.settings, "memory.learn", "ask");
    struct memory_entry entry;
    *is_taken = !strcmp(learn, "always");
    if (!strcmp(learn, "never"))
        return error_set(err, ERROR_USAGE,
                         "nothing is learnt here (memory.learn)");
    if (!*is_taken && !chat->setup.is_interactive)
        return error_set(err, ERROR_USAGE,
                         "nobody is there to say whether it may be remembered");
    if (!make_entry(chat, wish, &entry, err))
        return false;
    if (!*is_taken)
        return offer(chat, &entry, who, err);
    take_in(chat, &entry);
    return true;
}

size_t chat_memory_offers(const struct chat *chat)
{
    return chat->memorising.offers.items.count;
}

bool chat_answer_offers(struct chat *chat, bool takes, struct error *err)
{
    struct memory_list offers = chat->memorising.offers;
    chat->memorising.offers = (struct memory_list){ 0 };
    if (!offers.items.count)
        return error_set(err, ERROR_USAGE,
                         "nothing waits to be remembered; /remember TEXT "
                         "remembers a text");
    for (size_t i = 0; takes && i < offers.items.count; i++)
        take_in(chat, &offers.items.items[i]);
    if (!takes)
        memorising_tell(chat, "not remembered");
    memory_list_clear(&offers);
    return true;
}

void memorising_look(struct chat *chat, struct slice prompt)
{
    struct memory_wish wish = { .importance = MEMORY_IMPORTANCE,
                                .tier = MEMORY_LONG_TERM };
    struct error ignored = { 0 };
    bool is_taken;
    if (learning_rule_find(prompt, &wish.text) && chat->setup.is_interactive)
        chat_remember(chat, &wish, "your prompt", &is_taken, &ignored);
}

bool memorising_needs_memory(const struct chat *chat, struct error *err)
{
    if (!chat->setup.memories)
        return error_set(err, ERROR_USAGE,
                         "there is no long-term memory: no directory to keep "
                         "it in");
    return keeps(chat) ||
           error_set(err, ERROR_USAGE,
                     "nothing is kept of this session (-n), and so long-term "
                     "memory does not change");
}

const struct memory_entry *memorising_on_shelf(const struct chat *chat,
                                               uint64_t id, struct error *err)
{
    const struct memory_entry *entry =
        graph_shelf_find(chat->conversation.graph, id);
    if (!entry)
        error_set(err, ERROR_USAGE,
                  "this session remembers no s%" PRIu64 "; /memory lists what "
                  "is remembered",
                  id);
    return entry;
}

/* Changes. */

/* An entry of the shelf, or a number in long-term memory. */
struct named {
    const struct memory_entry *entry; /* NULL: in long-term memory */
    uint64_t id;
};

static bool find_named(const struct chat *chat, struct slice name,
                       struct named *named, struct error *err)
{
    bool is_long_term;
    *named = (struct named){ NULL, 0 };
    if (!memory_name_parse(name, &is_long_term, &named->id))
        return error_set(err, ERROR_USAGE,
                         "\"%.*s\" is no entry; they are called 7 or s41, "
                         "/memory lists them",
                         SLICE_ARG(name));
    if (is_long_term)
        return memorising_needs_memory(chat, err);
    named->entry = memorising_on_shelf(chat, named->id, err);
    return named->entry != NULL;
}

/* What the disk does not have any more. */
static bool is_gone(struct chat *chat, const struct memory_job *job)
{
    if (!job->found.items.count)
        memorising_tell(chat, "long-term memory has no such entry; /memory "
                              "lists what is remembered");
    return !job->found.items.count;
}

static void take_changed(struct chat *chat, const struct memory_task *task,
                         struct memory_job *job)
{
    if (is_gone(chat, job))
        return;
    const struct memory_entry *entry = &job->found.items.items[0];
    memorising_tell(chat, "changed: %" PRIu64 ", %s", entry->id, entry->text);
    if (memorising_is_own(chat, task))
        shelving_say(chat, entry);
    embedding_catch_up(chat);
}

static void change_long_term(struct chat *chat, uint64_t id, struct slice text)
{
    struct memory_job job = { .deed = MEMORY_CHANGE };
    job.entry.id = id;
    job.entry.text = memory_copy(text.ptr, text.len);
    job.entry.is_private = is_private(chat, text);
    memorising_ask(chat, &job, &(struct memory_task){ .done = take_changed });
}

bool chat_change_memory(struct chat *chat, struct slice name, struct slice text,
                        struct error *err)
{
    struct named named;
    struct buf cleaned = { 0 };
    bool ok = find_named(chat, name, &named, err) && clean(text, &cleaned, err);
    if (ok && !named.entry) {
        change_long_term(chat, named.id, buf_slice(&cleaned));
    } else if (ok) {
        shelving_change(chat, named.id, buf_slice(&cleaned));
        memorising_tell(chat, "changed: %.*s, %s", SLICE_ARG(name),
                        buf_string(&cleaned));
    }
    buf_clear(&cleaned);
    return ok;
}

static void bring(struct chat *chat, const struct memory_entry *entry,
                  enum memory_tier tier, const char *why)
{
    struct memory_entry copy;
    memory_entry_copy(&copy, entry);
    copy.tier = tier;
    add_to_shelf(chat, &copy, why);
}

static void take_copied(struct chat *chat, const struct memory_task *task,
                        struct memory_job *job)
{
    (void)task;
    if (!is_gone(chat, job))
        bring(chat, &job->found.items.items[0], MEMORY_WORKING,
              ", and still long-term");
}

static void take_demoted(struct chat *chat, const struct memory_task *task,
                         struct memory_job *job)
{
    if (is_gone(chat, job))
        return;
    if (memorising_is_own(chat, task))
        shelving_say_forgotten(chat, &job->found.items.items[0]);
    bring(chat, &job->found.items.items[0], MEMORY_SESSION,
          "; it ends with it");
}

static void leave_long_term(struct chat *chat, uint64_t id,
                            enum memory_tier tier)
{
    bool is_copy = tier == MEMORY_WORKING;
    struct memory_job job = { .deed = is_copy ? MEMORY_LIST : MEMORY_FORGET };
    *array_add(&job.ids) = id;
    memorising_ask(
        chat, &job,
        &(struct memory_task){ .done = is_copy ? take_copied : take_demoted });
}

static bool move_from_shelf(struct chat *chat, const struct memory_entry *entry,
                            enum memory_tier tier, struct error *err)
{
    char name[MEMORY_NAME_SIZE];
    struct memory_entry copy;
    if (tier != MEMORY_LONG_TERM) {
        memorising_tell(chat, "%s is %s now", memory_entry_name(entry, name),
                        memory_tier_name(tier));
        shelving_move(chat, entry->id, tier);
        return true;
    }
    if (!memorising_needs_memory(chat, err))
        return false;
    memory_entry_copy(&copy, entry);
    add_long_term(chat, &copy, entry->id);
    return true;
}

bool chat_move_memory(struct chat *chat, struct slice name,
                      enum memory_tier tier, struct error *err)
{
    struct named named;
    if (!find_named(chat, name, &named, err))
        return false;
    enum memory_tier from = named.entry ? named.entry->tier : MEMORY_LONG_TERM;
    if (from == tier)
        return error_set(err, ERROR_USAGE, "it is %s already",
                         memory_tier_name(tier));
    if (named.entry)
        return move_from_shelf(chat, named.entry, tier, err);
    leave_long_term(chat, named.id, tier);
    return true;
}

static void take_redacted(struct chat *chat, const struct memory_task *task,
                          struct memory_job *job)
{
    (void)task;
    if (job->places)
        memorising_tell(chat,
                        "overwritten in %" PRIu64 " place%s of long-term "
                        "memory",
                        job->places, job->places == 1 ? "" : "s");
}

void chat_redact_memories(struct chat *chat, struct slice text)
{
    struct memory_job job = { .deed = MEMORY_REDACT };
    memory_list_clear(&chat->memorising.offers);
    if (!chat->setup.memories)
        return;
    buf_append_slice(&job.text, text);
    memorising_ask(chat, &job, &(struct memory_task){ .done = take_redacted });
}
