/* SPDX-License-Identifier: MIT */
#include "app/opening.h"

#include <string.h>

#include "store/session_list.h"
#include "store/trash.h"

struct listing {
    const struct store *store;
    struct session_list list;
    struct trash_list trash;
    bool is_read;
    struct error err;
};

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
    *listing = (struct listing){ .store = setup->store };
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

static void take_session(void *context, struct session *session)
{
    *(struct session *)context = *session;
}

static void read_session(const struct setup *setup, const struct cli *cli,
                         const struct session_id *id, struct session *session)
{
    const struct session_wish wish = {
        .id = id->text,
        .mode = cli->forks ? SESSION_FILE_READ : SESSION_FILE_WRITE,
    };
    session_open(setup->store, &wish, take_session, session);
    store_settle(setup->store, -1);
}

/* What else would do. */
static bool refuse(const struct session *session, struct error *err)
{
    *err = session->err;
    if (session->result == SESSION_FILE_HELD ||
        session->result == SESSION_FILE_NEWER) {
        struct buf words = { 0 };
        buf_append_string(&words, err->text);
        error_set(err, ERROR_USAGE, "%s; --fork goes on with a copy of it",
                  buf_string(&words));
        buf_clear(&words);
    }
    return false;
}

static bool find(const struct setup *setup, const struct cli *cli,
                 struct session_id *id, struct error *err)
{
    if (!setup->store)
        return error_set(err, ERROR_USAGE, "no session can be read: %s",
                         cli->is_not_saved ? "with -n nothing is kept"
                                           : setup->no_store.text);
    return cli->resume ? opening_find(setup, slice_of(cli->resume), id, err)
                       : find_newest(setup, id, err);
}

static void fork_off(struct session *session)
{
    struct session fork;
    session_fork(session, 0, &fork);
    session_clear(session);
    *session = fork;
}

static bool resume(const struct setup *setup, const struct cli *cli,
                   struct chat *chat, struct buf *complaints, struct error *err)
{
    struct session_id id;
    struct session session = { 0 };
    if (!cli->continues && !cli->resume)
        return true;
    if (!find(setup, cli, &id, err))
        return false;
    read_session(setup, cli, &id, &session);
    if (!session.log || (!cli->forks && session.result != SESSION_FILE_OPEN)) {
        session_clear(&session);
        return refuse(&session, err);
    }
    /* It was damaged, and is whole again but for what is lost. */
    if (session.err.kind != ERROR_NONE)
        buf_printf(complaints, "%s\n", session.err.text);
    if (cli->forks)
        fork_off(&session);
    chat_resume(chat, &session);
    return true;
}

bool opening_run(const struct setup *setup, const struct cli *cli,
                 struct chat *chat, struct buf *complaints, struct error *err)
{
    bool ok = resume(setup, cli, chat, complaints, err);
    setup_retain(setup);
    return ok;
}
