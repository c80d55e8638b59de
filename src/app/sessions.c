/* SPDX-License-Identifier: MIT */
#include "app/sessions.h"

#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "app/print.h"
#include "app/session_row.h"
#include "app/setup.h"
#include "base/json.h"
#include "store/session_list.h"
#include "store/trash.h"

enum { WIDTH_OTHERWISE = 80, SECOND_NS = 1000 * 1000 * 1000 };

/* What the thread of the disk does, and finds. */
struct findings {
    const struct store *store;
    const struct cli *cli;
    ARRAY_OF(struct session_row) rows;
    size_t faults;
    bool is_read;
    struct error err;
};

/* What reading every byte of it does not notice: SQLite's own order. */
static void check(struct session_row *row, const char *path)
{
    struct session_opening opening = { .path = path,
                                       .mode = SESSION_FILE_READ };
    struct session_file *file;
    struct error ignored;
    if (row->err.kind != ERROR_NONE ||
        session_file_open(&opening, &file, &ignored) != SESSION_FILE_OPEN)
        return;
    if (!session_file_is_sound(file))
        error_set(&row->err, ERROR_SYSTEM,
                  "all its events are there, but SQLite finds the file "
                  "damaged; it is mended when it is opened next");
    session_file_close(file);
}

/* Keeps it if it is asked for. */
static void add_row(struct findings *findings, struct session_row *row,
                    const char *path)
{
    const struct cli *cli = findings->cli;
    struct session session;
    const struct session_wish wish = {
        .id = row->id.text,
        .mode = SESSION_FILE_READ,
        .path = path,
    };
    session_read(findings->store, &wish, &session);
    session_row_fill(row, &session);
    session_clear(&session);
    if (cli->checks)
        check(row, path);
    if (!session_row_matches(row, cli->words.items, cli->words.count)) {
        session_row_clear(row);
        return;
    }
    findings->faults += row->err.kind != ERROR_NONE;
    *array_add(&findings->rows) = *row;
}

static void read_sessions(struct findings *findings)
{
    struct session_list list = { 0 };
    struct buf path = { 0 };
    findings->is_read =
        session_list_read(&list, findings->store, &findings->err);
    for (size_t i = 0; i < list.entries.count; i++) {
        const struct session_entry *entry = &list.entries.items[i];
        struct session_row row = {
            .id = entry->id,
            .changed_time = entry->changed_at / SECOND_NS,
            .size = entry->size,
        };
        buf_reset(&path);
        store_session_path(findings->store, &path, entry->id.text);
        add_row(findings, &row, buf_string(&path));
    }
    buf_clear(&path);
    session_list_clear(&list);
}

static void read_trash(struct findings *findings)
{
    struct trash_list list = { 0 };
    struct buf path = { 0 };
    findings->is_read = trash_list_read(&list, findings->store, &findings->err);
    for (size_t i = 0; i < list.entries.count; i++) {
        const struct trash_entry *entry = &list.entries.items[i];
        struct session_row row = {
            .id = entry->id,
            .changed_time = entry->changed_at / SECOND_NS,
            .deleted_time = entry->deleted_time,
            .size = entry->size,
        };
        buf_reset(&path);
        trash_path(findings->store, &path, entry);
        add_row(findings, &row, buf_string(&path));
    }
    buf_clear(&path);
    trash_list_clear(&list);
}

static void find_work(void *job)
{
    struct findings *findings = job;
    if (findings->cli->wants_trash)
        read_trash(findings);
    else
        read_sessions(findings);
}

static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
        return WIDTH_OTHERWISE;
    return size.ws_col;
}

static void append_json(const struct findings *findings, struct buf *out)
{
    bool is_stream = findings->cli->output == OUTPUT_STREAM_JSON;
    json_t *array = json_array();
    for (size_t i = 0; i < findings->rows.count; i++) {
        json_t *row = session_row_json(&findings->rows.items[i]);
        if (is_stream) {
            json_append_value(out, row);
            buf_append_char(out, '\n');
        }
        json_array_append_new(array, row);
    }
    if (!is_stream) {
        json_append_value(out, array);
        buf_append_char(out, '\n');
    }
    json_decref(array);
}

/* Of a check only what is wrong. */
static void append_faults(const struct findings *findings, struct buf *out)
{
    for (size_t i = 0; i < findings->rows.count; i++) {
        const struct session_row *row = &findings->rows.items[i];
        if (row->err.kind != ERROR_NONE)
            buf_printf(out, "%s  %s\n", row->id.text, row->err.text);
    }
}

static void append_list(const struct findings *findings, bool is_terminal,
                        struct buf *out)
{
    const struct session_row *rows = findings->rows.items;
    size_t count = findings->rows.count;
    if (is_terminal && count)
        session_row_table(rows, count, terminal_width(), (int64_t)time(NULL),
                          out);
    for (size_t i = 0; i < count && !is_terminal; i++)
        session_row_tabs(&rows[i], out);
}

static void tell(const struct findings *findings)
{
    const struct cli *cli = findings->cli;
    size_t count = findings->rows.count;
    if (cli->checks && count)
        print_notice("%zu session%s read, %zu with faults", count,
                     count == 1 ? "" : "s", findings->faults);
    else if (!count && cli->words.count)
        print_notice("no session has these words in its title, model or ID");
    else if (!count)
        print_notice(cli->wants_trash ? "the trash is empty"
                                      : "no session is kept yet");
}

static int print_findings(const struct findings *findings)
{
    const struct cli *cli = findings->cli;
    struct buf text = { 0 };
    struct print out;
    print_init(&out, STDOUT_FILENO);
    if (cli->output != OUTPUT_TEXT)
        append_json(findings, &text);
    else if (cli->checks)
        append_faults(findings, &text);
    else
        append_list(findings, out.is_terminal, &text);
    print_text(&out, buf_slice(&text));
    print_end(&out);
    int status = print_status(&out);
    print_clear(&out);
    buf_clear(&text);
    tell(findings);
    if (status)
        return status;
    return cli->checks && findings->faults ? 1 : 0;
}

int sessions_run(const struct cli *cli)
{
    struct setup setup = { 0 };
    struct findings findings = { .cli = cli };
    int status;
    if (setup_open_store(&setup, &findings.err)) {
        findings.store = setup.store;
        setup_do(&setup, find_work, &findings);
    }
    if (findings.is_read) {
        status = print_findings(&findings);
    } else {
        print_notice("%s", findings.err.text);
        status = error_exit_status(findings.err.kind);
    }
    for (size_t i = 0; i < findings.rows.count; i++)
        session_row_clear(&findings.rows.items[i]);
    array_clear(&findings.rows);
    setup_clear(&setup);
    return status;
}
