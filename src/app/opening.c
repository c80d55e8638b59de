/* SPDX-License-Identifier: MIT */
#include "app/opening.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/catalogue.h"
#include "app/print.h"
#include "app/summary.h"
#include "store/session_list.h"
#include "store/trash.h"

struct listing {
    const struct store *store;
    struct session_list list;
    struct trash_list trash;
    bool is_read;
    struct error err;
};

/* Where sessions are read; NULL: nowhere. */
static struct store *shelf_of(const struct setup *setup)
{
    return setup->is_read_only ? setup->disk : setup->store;
}

static void read_list(void *job)
{
    struct listing *listing = job;
    struct error ignored;
    listing->is_read =
        session_list_read(&listing->list, listing->store, &listing->err);
    trash_list_read(&listing->trash, listing->store, &ignored);
}

static bool list_sessions(const struct setup *setup, struct listing *listing,
                          struct error *err)
{
    *listing = (struct listing){ .store = shelf_of(setup) };
    setup_do(setup, read_list, listing);
    if (!listing->is_read)
        *err = listing->err;
    return listing->is_read;
}

static void clear_lists(struct listing *listing)
{
    session_list_clear(&listing->list);
    trash_list_clear(&listing->trash);
}

static bool find_newest(const struct setup *setup, struct session_id *id,
                        struct error *err)
{
    struct listing listing;
    if (!list_sessions(setup, &listing, err))
        return false;
    bool is_there = listing.list.entries.count > 0;
    if (is_there)
        *id = listing.list.entries.items[0].id;
    else
        error_set(err, ERROR_USAGE,
                  "there is no session yet to go on with; leave -c out");
    clear_lists(&listing);
    return is_there;
}

static bool begins(const struct session_id *id, struct slice name)
{
    return name.len && !strncmp(id->text, name.ptr, name.len);
}

/* Perhaps it was there once. */
static bool refuse_name(const struct listing *listing, struct slice name,
                        struct error *err)
{
    for (size_t i = 0; i < listing->trash.entries.count; i++) {
        const char *id = listing->trash.entries.items[i].id.text;
        if (begins(&listing->trash.entries.items[i].id, name))
            return error_set(err, ERROR_USAGE,
                             "session %s is in the trash; sennit restore %s "
                             "brings it back",
                             id, id);
    }
    return error_set(err, ERROR_USAGE,
                     "there is no session \"%.*s\"; sennit sessions lists them",
                     SLICE_ARG(name));
}

bool opening_find(const struct setup *setup, struct slice name,
                  struct session_id *id, struct error *err)
{
    struct listing listing;
    size_t found = 0;
    if (!list_sessions(setup, &listing, err))
        return false;
    for (size_t i = 0; i < listing.list.entries.count; i++) {
        const struct session_entry *entry = &listing.list.entries.items[i];
        if (!begins(&entry->id, name))
            continue;
        *id = entry->id;
        found++;
    }
    if (!found)
        refuse_name(&listing, name, err);
    clear_lists(&listing);
    if (found > 1)
        error_set(err, ERROR_USAGE,
                  "%zu sessions begin with \"%.*s\"; give more of the name "
                  "(sennit sessions lists them)",
                  found, SLICE_ARG(name));
    return found == 1;
}

enum { LISTED_MAX = 20 };

static void append_found(const struct catalogue *catalogue, struct slice words,
                         struct buf *list)
{
    size_t listed = 0, at = catalogue_match(catalogue, words, 0);
    for (; at < catalogue_count(catalogue) && listed < LISTED_MAX;
         at = catalogue_match(catalogue, words, at + 1), listed++) {
        const struct session_row *row = &catalogue_at(catalogue, at)->row;
        buf_printf(list, "%s  %s\n", row->id.text, buf_string(&row->title));
    }
    if (at < catalogue_count(catalogue))
        buf_append_string(list, "and more; sennit sessions lists them\n");
}

bool opening_find_words(const struct setup *setup, struct slice words,
                        struct session_id *id, struct buf *list,
                        struct error *err)
{
    struct catalogue *catalogue = catalogue_new(shelf_of(setup), NULL, NULL);
    catalogue_refresh(catalogue);
    store_settle(shelf_of(setup), -1);
    size_t count = catalogue_count(catalogue);
    size_t found = catalogue_match(catalogue, words, 0);
    bool is_only =
        found < count && catalogue_match(catalogue, words, found + 1) == count;
    if (is_only) {
        *id = catalogue_at(catalogue, found)->row.id;
    } else if (found < count) {
        append_found(catalogue, words, list);
        error_set(err, ERROR_USAGE,
                  "several sessions have \"%.*s\" in their titles; say which "
                  "by its name",
                  SLICE_ARG(words));
    } else {
        error_set(err, ERROR_USAGE,
                  "no session has the name \"%.*s\", or these words in its "
                  "title; sennit sessions lists them",
                  SLICE_ARG(words));
    }
    catalogue_free(catalogue);
    return is_only;
}

static void take_session(void *context, struct session *session)
{
    *(struct session *)context = *session;
}

static void read_session(const struct setup *setup, const char *id, bool forks,
                         struct session *session)
{
    const struct session_wish wish = {
        .id = id,
        .mode = forks ? SESSION_FILE_READ : SESSION_FILE_WRITE,
    };
    session_open(shelf_of(setup), &wish, take_session, session);
    if (!store_await(shelf_of(setup)))
        error_set(&session->err, ERROR_CANCELLED,
                  "stopped before the session was read");
}

/* What else would do. */
static bool refuse(const struct session *session, const char *way,
                   struct error *err)
{
    *err = session->err;
    if (session->result == SESSION_FILE_HELD ||
        session->result == SESSION_FILE_NEWER) {
        struct buf words = { 0 };
        buf_append_string(&words, err->text);
        error_set(err, ERROR_USAGE, "%s; %s goes on with a copy of it",
                  buf_string(&words), way);
        buf_clear(&words);
    }
    return false;
}

static bool has_store(const struct setup *setup, struct error *err)
{
    bool is_unwished = setup->is_not_saved && !setup->is_read_only;
    return shelf_of(setup) ||
           error_set(err, ERROR_USAGE, "no session can be read: %s",
                     is_unwished ? "with -n nothing is kept"
                                 : setup->no_store.text);
}

/* By its name, else by words of its title. */
static bool find_any(const struct setup *setup, struct slice words,
                     struct session_id *id, struct buf *list, struct error *err)
{
    struct error unnamed = { 0 };
    if (!words.len)
        return error_set(err, ERROR_USAGE,
                         "a session has a name; sennit sessions lists them");
    if (opening_find(setup, words, id, &unnamed) ||
        opening_find_words(setup, words, id, list, err))
        return true;
    /* It is in the trash, say. */
    if (session_id_is_valid(words))
        *err = unnamed;
    return false;
}

static bool find(const struct setup *setup, const struct cli *cli,
                 struct session_id *id, struct error *err)
{
    struct buf list = { 0 };
    if (!has_store(setup, err))
        return false;
    if (!cli->resume)
        return find_newest(setup, id, err);
    bool ok = find_any(setup, slice_of(cli->resume), id, &list, err);
    struct slice rest = buf_slice(&list), line;
    while (slice_next_line(&rest, &line))
        print_notice("%.*s", SLICE_ARG(line));
    buf_clear(&list);
    return ok;
}

static void fork_off(struct session *session)
{
    struct session fork;
    session_fork(session, 0, &fork);
    session_clear(session);
    *session = fork;
}

bool opening_take(const struct opening_take *take, struct session *session,
                  struct error *err)
{
    if (!session->log ||
        (!take->forks && session->result != SESSION_FILE_OPEN)) {
        session_clear(session);
        return refuse(session, take->way, err);
    }
    /* It was damaged, and is whole again but for what is lost. */
    if (session->err.kind != ERROR_NONE)
        buf_printf(take->notice, "%s\n", session->err.text);
    if (take->forks)
        fork_off(session);
    chat_resume(take->chat, session);
    return true;
}

/* What the command line says goes before what the session has. */
static bool recast(const struct cli *cli, struct chat *chat, struct error *err)
{
    if (cli->role && (!chat_set_role(chat, slice_of(cli->role), err) ||
                      (cli->model && !chat_set_target(chat, cli->model, err))))
        return false;
    if (cli->system &&
        strcmp(cli->system, graph_system(chat_conversation(chat)->graph)) != 0)
        chat_set_system(chat, cli->system);
    return true;
}

static bool resume(const struct setup *setup, const struct cli *cli,
                   struct chat *chat, struct buf *complaints, struct error *err)
{
    struct session_id id;
    struct session session = { 0 };
    /* What may not be written is gone on with in a copy. */
    bool forks = cli->forks || setup->is_read_only;
    const struct opening_take take = { chat, forks, "--fork", complaints };
    if (!cli->continues && !cli->resume)
        return true;
    if (!find(setup, cli, &id, err))
        return false;
    read_session(setup, id.text, forks, &session);
    return opening_take(&take, &session, err) && recast(cli, chat, err);
}

static void describe(const struct chat *chat, struct buf *notice)
{
    const struct graph *graph = chat_conversation(chat)->graph;
    int turns = summary_turns(graph);
    buf_append_string(notice, "going on with \"");
    summary_title(notice, graph);
    buf_printf(notice, "\", %d turn%s; /dump shows it", turns,
               turns == 1 ? "" : "s");
}

bool opening_resume(const struct setup *setup, struct chat *chat,
                    struct slice words, struct buf *notice, struct error *err)
{
    struct session_id id;
    struct session session = { 0 };
    const struct opening_take take = { chat, false, "sennit --fork --resume",
                                       notice };
    if (!has_store(setup, err) || !find_any(setup, words, &id, notice, err))
        return false;
    const char *open = chat_session(chat);
    if (open && !strcmp(open, id.text))
        return error_set(err, ERROR_USAGE, "this session is open already");
    read_session(setup, id.text, false, &session);
    if (!opening_take(&take, &session, err))
        return false;
    describe(chat, notice);
    return true;
}

bool opening_fork(const struct chat *chat, struct slice argument,
                  struct session *fork, struct error *err)
{
    const struct conversation *conversation = chat_conversation(chat);
    uint64_t last = log_last_seq(conversation->log), at = 0;
    struct session whole = { .log = conversation->log,
                             .graph = conversation->graph };
    struct buf word = { 0 };
    char *end = NULL;
    buf_append_slice(&word, argument);
    if (argument.len && !slice_is(argument, "here"))
        at = strtoull(buf_string(&word), &end, 10);
    bool is_good = !end || (end > word.ptr && !*end && at > 0 && at <= last);
    buf_clear(&word);
    if (!is_good)
        return error_set(err, ERROR_USAGE,
                         "/fork takes the number of an event, from 1 to "
                         "%" PRIu64 ", or nothing for all that was said",
                         last);
    if (!graph_node_count(conversation->graph))
        return error_set(err, ERROR_USAGE, "there is nothing to copy yet");
    const char *id = chat_session(chat);
    snprintf(whole.id.text, sizeof whole.id.text, "%s", id ? id : "");
    session_fork(&whole, at, fork);
    return true;
}

bool opening_run(const struct setup *setup, const struct cli *cli,
                 struct chat *chat, struct buf *complaints, struct error *err)
{
    bool ok = resume(setup, cli, chat, complaints, err);
    setup_retain(setup);
    return ok;
}
