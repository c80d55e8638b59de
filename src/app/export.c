/* SPDX-License-Identifier: MIT */
#include "app/export.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/mention.h"
#include "app/print.h"
#include "app/setup.h"
#include "app/show.h"
#include "base/path.h"

enum { NAMES_MAX = 1000 /* of files that are there already */ };

static const char force[] = "--force";

struct exported {
    struct show_source source;
    bool is_jsonl;
};

static show_form_fn *form_of(const struct exported *exported)
{
    return show_form_find(exported->is_jsonl ? "jsonl" : "markdown");
}

static bool is_jsonl(const char *path)
{
    const char *ending = strrchr(path, '.');
    return ending && (!strcmp(ending, ".jsonl") || !strcmp(ending, ".ndjson"));
}

/* What is there is replaced, but for what is no file: a device would be gone. Of
 * a link that which it leads to. */
static bool replace_file(const char *path, struct slice text, struct error *err)
{
    struct stat info;
    char *target = realpath(path, NULL);
    bool ok = target && stat(target, &info) == 0
                  ? true
                  : error_system(err, "%s", path);
    if (ok && !S_ISREG(info.st_mode))
        ok = error_set(err, ERROR_USAGE,
                       "%s is no file; without -O it goes to standard output",
                       path);
    ok = ok && path_write_file(target, text, err);
    free(target);
    return ok;
}

static bool write_file(const char *path, const struct exported *exported,
                       bool overwrites, struct error *err)
{
    struct buf text = { 0 };
    form_of(exported)(&text, &exported->source);
    bool ok = overwrites && access(path, F_OK) == 0
                  ? replace_file(path, buf_slice(&text), err)
                  : path_write_absent(path, buf_slice(&text), err);
    buf_clear(&text);
    return ok;
}

/* As others can find it. */
static void say_where(struct buf *notice, const char *path,
                      const struct exported *exported)
{
    char *whole = realpath(path, NULL);
    buf_printf(notice, "exported to %s%s", whole ? whole : path,
               exported->is_jsonl ? "; sennit import FILE makes a session of it"
                                  : "");
    free(whole);
}

/* Inside. */

/* A name in this directory that is free. */
static void name_file(struct buf *path, const char *id)
{
    const char *name = id ? id : "chat";
    buf_printf(path, "sennit-%s.md", name);
    for (int i = 2; access(path->ptr, F_OK) == 0 && i < NAMES_MAX; i++) {
        buf_reset(path);
        buf_printf(path, "sennit-%s-%d.md", name, i);
    }
}

static bool export_to(const char *path, const struct exported *exported,
                      bool overwrites, struct buf *notice, struct error *err)
{
    if (write_file(path, exported, overwrites, err)) {
        say_where(notice, path, exported);
        return true;
    }
    return !overwrites && access(path, F_OK) == 0
               ? error_set(err, ERROR_USAGE,
                           "%s is there already; /export %s FILE overwrites it",
                           path, force)
               : false;
}

bool export_chat(const struct chat *chat, struct slice argument,
                 struct buf *notice, struct error *err)
{
    const struct conversation *conversation = chat_conversation(chat);
    struct slice rest = argument;
    bool overwrites = slice_is(mention_cut_word(&rest), force);
    struct buf name = { 0 }, path = { 0 };
    struct exported exported = {
        .source = { conversation->graph, conversation->log,
                    slice_of(chat_session(chat)) },
    };
    mention_unquote(&name, slice_trim(overwrites ? rest : argument));
    if (name.len)
        path_expand(&path, buf_string(&name));
    else
        name_file(&path, chat_session(chat));
    exported.is_jsonl = is_jsonl(buf_string(&path));
    bool ok = export_to(buf_string(&path), &exported, overwrites, notice, err);
    buf_clear(&name);
    buf_clear(&path);
    return ok;
}

/* The subcommand. */

static bool choose_form(const struct cli *cli, bool *jsonl, struct error *err)
{
    *jsonl = cli->into && is_jsonl(cli->into);
    if (!cli->as)
        return true;
    *jsonl = !strcmp(cli->as, "jsonl");
    return *jsonl || !strcmp(cli->as, "markdown") ||
           error_set(err, ERROR_USAGE,
                     "export takes --as markdown or --as jsonl, not \"%s\"; "
                     "sennit show has other views",
                     cli->as);
}

static int export_file(const struct cli *cli, const struct exported *exported)
{
    struct error err = { 0 };
    struct buf notice = { 0 };
    bool ok = write_file(cli->into, exported, cli->is_forced, &err);
    if (ok)
        say_where(&notice, cli->into, exported);
    else if (!cli->is_forced && access(cli->into, F_OK) == 0)
        error_set(&err, ERROR_USAGE,
                  "%s is there already; with %s it is overwritten", cli->into,
                  force);
    print_notice("%s", ok ? buf_string(&notice) : err.text);
    buf_clear(&notice);
    return ok ? 0 : error_exit_status(err.kind);
}

static int export_session(const struct cli *cli, const struct session *session,
                          bool jsonl)
{
    const struct exported exported = {
        .source = { session->graph, session->log, slice_of(session->id.text) },
        .is_jsonl = jsonl,
    };
    int status = cli->into && strcmp(cli->into, "-") != 0
                     ? export_file(cli, &exported)
                     : show_print(form_of(&exported), &exported.source);
    show_tell_losses(session, 0);
    return status;
}

int export_run(const struct cli *cli)
{
    struct setup setup = { 0 };
    struct session session = { 0 };
    struct error err = { 0 };
    bool jsonl;
    int status;
    bool ok = cli->words.count == 1 ||
              error_set(&err, ERROR_USAGE,
                        "export takes one session: sennit export ID; sennit "
                        "sessions lists them");
    if (ok && choose_form(cli, &jsonl, &err) &&
        setup_open_store(&setup, &err) &&
        show_read(&setup, cli->words.items[0], 0, &session, &err)) {
        status = export_session(cli, &session, jsonl);
    } else {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    }
    session_clear(&session);
    setup_clear(&setup);
    return status;
}
