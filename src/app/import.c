/* SPDX-License-Identifier: MIT */
#include "app/import.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "app/print.h"
#include "app/setup.h"
#include "base/path.h"
#include "graph/jsonl.h"
#include "store/journal.h"

static bool read_file(struct jsonl *jsonl, const char *path, struct error *err)
{
    struct buf text = { 0 };
    bool is_stdin = !strcmp(path, "-");
    bool ok = is_stdin ? path_read_fd(&text, STDIN_FILENO, IMPORT_FILE_MAX,
                                      "standard input", err)
                       : path_read_file(&text, path, IMPORT_FILE_MAX, err);
    if (ok && !jsonl_read(jsonl, buf_slice(&text), err))
        ok = error_context(err, "%s", is_stdin ? "standard input" : path);
    buf_clear(&text);
    return ok;
}

static bool is_taken(const struct store *store, const char *id)
{
    struct buf path = { 0 };
    store_session_path(store, &path, id);
    bool is_there = access(path.ptr, F_OK) == 0;
    buf_clear(&path);
    return is_there;
}

/* Its own, if that is free. */
static struct session_id choose_id(const struct store *store,
                                   const struct jsonl *jsonl)
{
    struct session_id id = session_id_new();
    struct slice own = buf_slice(&jsonl->id);
    if (session_id_is_valid(own) && own.len < sizeof id.text &&
        !is_taken(store, jsonl->id.ptr))
        memcpy(id.text, own.ptr, own.len + 1);
    return id;
}

/* Wait until all of it is on disk, or the disk has refused it. */
static bool keep(const struct setup *setup, const struct session_id *id,
                 const struct log *log, struct error *err)
{
    struct session session = { .id = *id };
    struct buf words = { 0 };
    struct journal *journal =
        journal_resume(setup->store, log, &session, NULL, NULL);
    journal_barrier(journal);
    while (journal_durable(journal) < log_last_seq(log) &&
           journal_state(journal) != JOURNAL_REFUSED)
        loop_turn(setup->loop, -1);
    bool ok = journal_durable(journal) == log_last_seq(log);
    if (!ok) {
        journal_describe(journal, false, &words);
        error_set(err, ERROR_SYSTEM, "%s", buf_string(&words));
    }
    journal_close(journal);
    buf_clear(&words);
    return ok;
}

static void tell(const struct jsonl *jsonl, const struct session_id *id)
{
    struct slice rest = buf_slice(&jsonl->complaints), line;
    while (slice_next_line(&rest, &line))
        print_notice("%.*s", SLICE_ARG(line));
    if (jsonl->told > JSONL_TOLD_MAX)
        print_notice("and %" PRIu64 " more of the kind",
                     jsonl->told - JSONL_TOLD_MAX);
    if (jsonl->id.len && strcmp(jsonl->id.ptr, id->text) != 0)
        print_notice(session_id_is_valid(buf_slice(&jsonl->id))
                         ? "there is a session %s already; this one is %s"
                         : "\"%s\" is no name of a session; this one is %s",
                     buf_string(&jsonl->id), id->text);
}

static int import_log(const struct setup *setup, const struct jsonl *jsonl,
                      struct error *err)
{
    struct session_id id = choose_id(setup->store, jsonl);
    if (!log_last_seq(jsonl->log)) {
        error_set(err, ERROR_USAGE, "there is no event in it to be kept");
        return error_exit_status(err->kind);
    }
    if (!keep(setup, &id, jsonl->log, err))
        return error_exit_status(err->kind);
    tell(jsonl, &id);
    struct print out;
    print_init(&out, STDOUT_FILENO);
    print_line(&out, slice_of(id.text));
    int status = print_status(&out);
    print_clear(&out);
    return status || !jsonl->told ? status : error_exit_status(ERROR_CUT);
}

int import_run(const struct cli *cli)
{
    struct setup setup = { 0 };
    struct jsonl jsonl = { 0 };
    struct error err = { 0 };
    int status = 0;
    bool ok = cli->words.count == 1 ||
              error_set(&err, ERROR_USAGE,
                        "import takes one file: sennit import FILE; sennit "
                        "export ID --as jsonl makes one");
    ok = ok && read_file(&jsonl, cli->words.items[0], &err) &&
         setup_open_store(&setup, &err);
    if (ok)
        status = import_log(&setup, &jsonl, &err);
    if (err.kind != ERROR_NONE) {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    }
    jsonl_clear(&jsonl);
    setup_clear(&setup);
    return status;
}
