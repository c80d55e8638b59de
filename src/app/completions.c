/* SPDX-License-Identifier: MIT */
#include "app/completions.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/completion_script.h"
#include "app/kit.h"
#include "app/print.h"
#include "app/setup.h"
#include "base/path.h"
#include "config/schema.h"
#include "store/session_list.h"
#include "store/trash.h"

/* Appends a line for each; false with a reason. */
typedef bool list_fn(const struct cli *cli, struct buf *out, struct error *err);

static int compare_entries(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* A directory that is not there has none. */
static void append_profiles_of(struct buf *out, const char *directory)
{
    static const char ending[] = ".yaml";
    struct dirent **entries;
    int count = scandir(directory, &entries, NULL, compare_entries);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        size_t len = strlen(name), ending_len = strlen(ending);
        if (name[0] != '.' && len > ending_len &&
            !strcmp(name + len - ending_len, ending))
            buf_printf(out, "%.*s\n", (int)(len - ending_len), name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

static bool append_profiles(const struct cli *cli, struct buf *out,
                            struct error *err)
{
    struct buf own = { 0 }, shipped = { 0 };
    (void)cli;
    (void)err; /* without a home there are those that came with the program */
    struct error no_home = { 0 };
    if (path_config(&own, "profiles", &no_home))
        append_profiles_of(out, buf_string(&own));
    path_data(&shipped, "profiles");
    append_profiles_of(out, buf_string(&shipped));
    buf_clear(&own);
    buf_clear(&shipped);
    return true;
}

static void append_models_of(struct buf *out, const struct endpoint *endpoint)
{
    bool is_builtin = endpoint->dialect->is_builtin;
    buf_printf(out, "%s%s\n", endpoint->name, is_builtin ? "" : "/");
    for (size_t i = 0; i < endpoint->models.count; i++) {
        const char *alias = endpoint->models.items[i].alias;
        buf_printf(out, "%s\n%s/%s\n", alias, endpoint->name, alias);
    }
}

/* The models of a server are not asked for: that would use the network. */
static bool append_models(const struct cli *cli, struct buf *out,
                          struct error *err)
{
    struct setup setup = { 0 };
    bool ok = setup_configure(&setup, cli, err);
    for (size_t i = 0; ok && i < setup.endpoints.list.count; i++)
        append_models_of(out, &setup.endpoints.list.items[i]);
    setup_clear(&setup);
    return ok;
}

/* Those whose path is all ours. */
static void append_keys(struct buf *out, const char *ending)
{
    for (size_t i = 0; i < schema_count(); i++) {
        const struct schema_row *row = schema_at(i);
        if (row->kind != SCHEMA_MAP && row->kind != SCHEMA_NAMES &&
            !row->is_reserved && !strpbrk(row->path, "*["))
            buf_printf(out, "%s%s\n", row->path, ending);
    }
}

static bool append_settings(const struct cli *cli, struct buf *out,
                            struct error *err)
{
    (void)cli;
    (void)err;
    append_keys(out, "");
    return true;
}

static bool append_sets(const struct cli *cli, struct buf *out,
                        struct error *err)
{
    (void)cli;
    (void)err;
    append_keys(out, "=");
    return true;
}

struct ids {
    const struct store *store;
    struct session_list sessions;
    struct trash_list trash;
    bool is_read;
    struct error err;
};

static void read_ids(void *job)
{
    struct ids *ids = job;
    ids->is_read = session_list_read(&ids->sessions, ids->store, &ids->err) &&
                   trash_list_read(&ids->trash, ids->store, &ids->err);
}

/* By their names alone: nothing is opened for a press of Tab. */
static bool append_ids(struct buf *out, bool are_deleted, struct error *err)
{
    struct setup setup = { 0 };
    struct ids ids = { 0 };
    if (setup_open_store(&setup, &ids.err)) {
        ids.store = setup.store;
        setup_do(&setup, read_ids, &ids);
    }
    for (size_t i = 0; i < ids.sessions.entries.count && !are_deleted; i++)
        buf_printf(out, "%s\n", ids.sessions.entries.items[i].id.text);
    for (size_t i = 0; i < ids.trash.entries.count && are_deleted; i++)
        buf_printf(out, "%s\n", ids.trash.entries.items[i].id.text);
    session_list_clear(&ids.sessions);
    trash_list_clear(&ids.trash);
    setup_clear(&setup);
    if (!ids.is_read)
        *err = ids.err;
    return ids.is_read;
}

static bool append_sessions(const struct cli *cli, struct buf *out,
                            struct error *err)
{
    (void)cli;
    return append_ids(out, false, err);
}

static bool append_trash(const struct cli *cli, struct buf *out,
                         struct error *err)
{
    (void)cli;
    return append_ids(out, true, err);
}

static const struct {
    const char *name;
    list_fn *append;
} lists[] = {
    { "profiles", append_profiles }, { "models", append_models },
    { "settings", append_settings }, { "sets", append_sets },
    { "sessions", append_sessions }, { "trash", append_trash },
    { "tools", kit_append_names },
};

static bool append(const struct cli *cli, struct buf *out, struct error *err)
{
    const char *name = cli->words.count == 1 ? cli->words.items[0] : "";
    if (completion_script(out, name))
        return true;
    for (size_t i = 0; i < COUNTOF(lists); i++) {
        if (!strcmp(name, lists[i].name))
            return lists[i].append(cli, out, err);
    }
    return error_set(err, ERROR_USAGE,
                     "completions takes bash, zsh or fish, as in "
                     "source <(sennit completions bash)");
}

int completions_run(const struct cli *cli)
{
    struct buf text = { 0 };
    struct error err = { 0 };
    struct print out;
    int status;
    if (append(cli, &text, &err)) {
        print_init(&out, STDOUT_FILENO);
        print_text(&out, buf_slice(&text));
        print_end(&out);
        status = print_status(&out);
        print_clear(&out);
    } else {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    }
    buf_clear(&text);
    return status;
}
