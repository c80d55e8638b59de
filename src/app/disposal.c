/* SPDX-License-Identifier: MIT */
#include "app/disposal.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/opening.h"
#include "app/print.h"
#include "app/setup.h"
#include "base/utf8.h"
#include "store/librarian.h"
#include "store/state.h"
#include "store/trash.h"
#include "ui/receipt.h"

enum { TITLE_MAX = 1000 /* bytes */ };

/* What is done to one session on the thread of the disk. */
struct deed {
    const struct store *store;
    struct session_id id;     /* of a session; what it is called now */
    struct trash_entry entry; /* of one in the trash */
    struct buf title;
    bool is_done;
    struct error note, err;
};

/* Finds what a word means and does it; says how it went. */
typedef bool deed_fn(const struct setup *setup, const char *word,
                     struct error *err);

static bool do_it(const struct setup *setup, struct deed *deed,
                  worker_job_fn *work, struct error *err)
{
    deed->store = setup->store;
    setup_do(setup, work, deed);
    if (deed->note.kind != ERROR_NONE)
        print_notice("%s", deed->note.text);
    if (!deed->is_done)
        *err = deed->err;
    return deed->is_done;
}

/* The store, then each word. */
static int run(const struct cli *cli, const char *usage, deed_fn *fn)
{
    struct setup setup = { 0 };
    struct error err = { 0 };
    int status = 0;
    if (!cli->words.count)
        error_set(&err, ERROR_USAGE, "%s", usage);
    else if (setup_open_store(&setup, &err)) {
        for (size_t i = 0; i < cli->words.count; i++) {
            if (fn(&setup, cli->words.items[i], &err))
                continue;
            print_notice("%s", err.text);
            status = status ? status : error_exit_status(err.kind);
        }
    }
    if (!setup.store) {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    }
    setup_clear(&setup);
    return status;
}

/* rename */

static void rename_work(void *job)
{
    struct deed *deed = job;
    struct event event = { .type = EVENT_TITLE };
    event_add_text(&event, FIELD_TEXT, buf_slice(&deed->title));
    deed->is_done = session_add(deed->store, deed->id.text, &event, &deed->note,
                                &deed->err);
}

static bool read_title(const struct cli *cli, struct buf *title,
                       struct error *err)
{
    if (cli->words.count < 2)
        return error_set(err, ERROR_USAGE,
                         "rename takes a session and a title: sennit rename "
                         "ID TITLE; sennit sessions lists them");
    for (size_t i = 1; i < cli->words.count; i++)
        buf_printf(title, "%s%s", i > 1 ? " " : "", cli->words.items[i]);
    if (title->len > TITLE_MAX)
        return error_set(err, ERROR_USAGE, "a title has at most %d bytes",
                         TITLE_MAX);
    return utf8_is_valid(buf_slice(title)) ||
           error_set(err, ERROR_USAGE, "the title is not UTF-8");
}

int disposal_rename(const struct cli *cli)
{
    struct setup setup = { 0 };
    struct deed deed = { 0 };
    struct error err = { 0 };
    int status = 0;
    if (!read_title(cli, &deed.title, &err) ||
        !setup_open_store(&setup, &err) ||
        !opening_find(&setup, slice_of(cli->words.items[0]), &deed.id, &err) ||
        !do_it(&setup, &deed, rename_work, &err)) {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    }
    buf_clear(&deed.title);
    setup_clear(&setup);
    return status;
}

/* delete */

static void delete_work(void *job)
{
    struct deed *deed = job;
    deed->is_done =
        trash_put(deed->store, deed->id.text, (int64_t)time(NULL), &deed->err);
}

static bool delete (const struct setup *setup, const char *word,
                    struct error *err)
{
    struct deed deed = { 0 };
    if (!opening_find(setup, slice_of(word), &deed.id, err) ||
        !do_it(setup, &deed, delete_work, err))
        return false;
    librarian_forget_once(setup->store, deed.id.text);
    print_notice("%s is in the trash; sennit restore %s brings it back",
                 deed.id.text, deed.id.text);
    return true;
}

int disposal_delete(const struct cli *cli)
{
    return run(cli,
               "delete takes sessions: sennit delete ID; sennit sessions "
               "lists them",
               delete);
}

/* The trash. */

struct reading {
    const struct store *store;
    struct trash_list list;
    bool is_read;
    struct error err;
};

static void read_work(void *job)
{
    struct reading *reading = job;
    reading->is_read =
        trash_list_read(&reading->list, reading->store, &reading->err);
}

static bool read_trash(const struct setup *setup, struct trash_list *list,
                       struct error *err)
{
    struct reading reading = { .store = setup->store };
    setup_do(setup, read_work, &reading);
    *list = reading.list;
    if (!reading.is_read)
        *err = reading.err;
    return reading.is_read;
}

/* Of several of one name that which was deleted last. */
static bool find(const struct trash_list *list, const char *word,
                 struct trash_entry *entry, struct error *err)
{
    const struct trash_entry *found = NULL;
    bool is_one = true;
    for (size_t i = 0; i < list->entries.count; i++) {
        const struct trash_entry *here = &list->entries.items[i];
        if (!*word || strncmp(here->id.text, word, strlen(word)) != 0)
            continue;
        is_one = is_one && (!found || !strcmp(found->id.text, here->id.text));
        found = found ? found : here;
    }
    if (found && is_one)
        *entry = *found;
    if (!found)
        return error_set(err, ERROR_USAGE,
                         "there is no session \"%s\" in the trash; sennit "
                         "sessions --trash lists them",
                         word);
    return is_one || error_set(err, ERROR_USAGE,
                               "several sessions in the trash begin with "
                               "\"%s\"; give more of the name",
                               word);
}

static void restore_work(void *job)
{
    struct deed *deed = job;
    deed->is_done =
        trash_restore(deed->store, &deed->entry, &deed->id, &deed->err);
}

static bool restore(const struct setup *setup, const char *word,
                    struct error *err)
{
    struct deed deed = { 0 };
    struct trash_list list = { 0 };
    bool ok = read_trash(setup, &list, err) &&
              find(&list, word, &deed.entry, err) &&
              do_it(setup, &deed, restore_work, err);
    trash_list_clear(&list);
    if (ok && strcmp(deed.id.text, deed.entry.id.text) != 0)
        print_notice("%s is back as %s, for there is a session of that name",
                     deed.entry.id.text, deed.id.text);
    return ok;
}

int disposal_restore(const struct cli *cli)
{
    return run(cli,
               "restore takes sessions: sennit restore ID; sennit sessions "
               "--trash lists them",
               restore);
}

/* empty-trash */

static void remove_work(void *job)
{
    struct deed *deed = job;
    deed->is_done = trash_remove(deed->store, &deed->entry, &deed->err);
}

/* All, or what the words name. */
static bool choose(const struct cli *cli, struct trash_list *list,
                   struct error *err)
{
    struct trash_list chosen = { 0 };
    bool ok = true;
    if (!cli->words.count)
        return true;
    for (size_t i = 0; i < cli->words.count && ok; i++) {
        struct trash_entry entry;
        ok = find(list, cli->words.items[i], &entry, err);
        if (ok)
            *array_add(&chosen.entries) = entry;
    }
    trash_list_clear(list);
    *list = chosen;
    return ok;
}

static void append_sessions(struct buf *out, size_t count)
{
    buf_printf(out, "%zu session%s", count, count == 1 ? "" : "s");
}

static bool is_agreed(void)
{
    char answer[16];
    return fgets(answer, sizeof answer, stdin) &&
           (answer[0] == 'y' || answer[0] == 'Y');
}

static bool ask(const struct cli *cli, const struct trash_list *list,
                struct error *err)
{
    struct buf words = { 0 };
    int64_t size = 0;
    if (cli->is_forced)
        return true;
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return error_set(err, ERROR_USAGE,
                         "nobody is there to be asked; --force removes what is "
                         "in the trash without");
    for (size_t i = 0; i < list->entries.count; i++)
        size += list->entries.items[i].size;
    append_sessions(&words, list->entries.count);
    buf_append_string(&words, ", ");
    receipt_size(&words, (size_t)size);
    fprintf(stderr, "Remove %s, for good? [y/N] ", buf_string(&words));
    buf_clear(&words);
    return is_agreed() ||
           error_set(err, ERROR_CANCELLED, "nothing was removed");
}

/* What was typed there and not sent. Where nothing is remembered there is none,
 * and no file is made to say so. */
static struct state *open_drafts(const struct setup *setup)
{
    struct buf path = { 0 };
    struct error ignored;
    bool is_there =
        state_path(&path, &ignored) && access(buf_string(&path), F_OK) == 0;
    buf_clear(&path);
    return is_there ? state_new(setup->store, &ignored) : NULL;
}

/* A session of that name that is not in the trash has its own. */
static void drop_draft(const struct setup *setup, struct state *state,
                       const char *id)
{
    struct buf path = { 0 };
    store_session_path(setup->store, &path, id);
    if (access(buf_string(&path), F_OK) < 0)
        state_drop_draft(state, id);
    buf_clear(&path);
}

static bool remove_all(const struct setup *setup, const struct trash_list *list,
                       struct error *err)
{
    struct buf words = { 0 };
    size_t removed = 0;
    struct state *state = open_drafts(setup);
    for (size_t i = 0; i < list->entries.count; i++) {
        struct deed deed = { .entry = list->entries.items[i] };
        if (!do_it(setup, &deed, remove_work, err))
            continue;
        drop_draft(setup, state, deed.entry.id.text);
        removed++;
    }
    state_close(state);
    append_sessions(&words, removed);
    print_notice("%s removed and overwritten; backups, snapshots and disks "
                 "that write elsewhere may still have copies",
                 buf_string(&words));
    buf_clear(&words);
    return removed == list->entries.count;
}

static bool empty(const struct setup *setup, const struct cli *cli,
                  struct error *err)
{
    struct trash_list list = { 0 };
    bool ok = read_trash(setup, &list, err) && choose(cli, &list, err);
    if (ok && !list.entries.count)
        print_notice("the trash is empty");
    else if (ok)
        ok = ask(cli, &list, err) && remove_all(setup, &list, err);
    trash_list_clear(&list);
    return ok;
}

int disposal_empty(const struct cli *cli)
{
    struct setup setup = { 0 };
    struct error err = { 0 };
    int status = 0;
    if (!setup_open_store(&setup, &err) || !empty(&setup, cli, &err)) {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    }
    setup_clear(&setup);
    return status;
}
