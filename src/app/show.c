/* SPDX-License-Identifier: MIT */
#include "app/show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/opening.h"
#include "app/print.h"
#include "base/nearest.h"

enum { FORMS_MAX = 16 }; /* that a refusal names */

static bool refuse_form(const char *name, struct error *err)
{
    const char *names[FORMS_MAX];
    size_t count = 0;
    struct buf all = { 0 };
    for (; count < FORMS_MAX && show_form_name(count); count++) {
        names[count] = show_form_name(count);
        buf_printf(&all, "%s%s", count ? ", " : "", names[count]);
    }
    const char *near = nearest_name(name, names, count);
    error_set(err, ERROR_USAGE, "there is no view \"%s\"; there are: %s%s%s%s",
              name, buf_string(&all), near ? "; did you mean " : "",
              near ? near : "", near ? "?" : "");
    buf_clear(&all);
    return false;
}

static bool find_form(const char *name, show_form_fn **append,
                      struct error *err)
{
    *append = show_form_find(name ? name : show_form_name(0));
    return *append || refuse_form(name, err);
}

static bool read_at(const char *word, uint64_t *at, struct error *err)
{
    char *end;
    *at = 0;
    if (!word)
        return true;
    *at = *word >= '0' && *word <= '9' ? strtoull(word, &end, 10) : 0;
    if (*at && *at < UINT64_MAX && !*end)
        return true;
    return error_set(err, ERROR_USAGE,
                     "--at takes the number of an event, from 1, not \"%s\"; "
                     "--as jsonl shows them as seq",
                     word);
}

static void take_session(void *context, struct session *session)
{
    *(struct session *)context = *session;
}

bool show_read(const struct setup *setup, const char *word, uint64_t at,
               struct session *session, struct error *err)
{
    struct session_id id;
    if (!opening_find(setup, slice_of(word), &id, err))
        return false;
    const struct session_wish wish = {
        .id = id.text,
        .mode = SESSION_FILE_READ,
        .until = at,
    };
    session_open(setup->store, &wish, take_session, session);
    bool is_read = store_await(setup->store);
    if (session->log)
        return true;
    if (is_read)
        *err = session->err;
    else
        error_set(err, ERROR_CANCELLED, "stopped before the session was read");
    return false;
}

void show_tell_losses(const struct session *session, uint64_t at)
{
    uint64_t last = log_last_seq(session->log);
    if (session->lost)
        print_notice("the file of this session is damaged: %" PRIu64
                     " of its %" PRIu64 " events are lost; what is left is "
                     "shown",
                     session->lost, last);
    if (at > last)
        print_notice("its last event is %" PRIu64 "; all of it is shown", last);
    if (session->err.kind != ERROR_NONE)
        print_notice("%s", session->err.text);
}

int show_print(show_form_fn *append, const struct show_source *source)
{
    struct buf text = { 0 };
    struct print out;
    print_init(&out, STDOUT_FILENO);
    append(&text, source);
    print_text(&out, buf_slice(&text));
    print_end(&out);
    int status = print_status(&out);
    print_clear(&out);
    buf_clear(&text);
    return status;
}

static int print_session(const struct session *session, show_form_fn *append,
                         uint64_t at)
{
    const struct show_source source = {
        .graph = session->graph,
        .log = session->log,
        .id = slice_of(session->id.text),
    };
    int status = show_print(append, &source);
    show_tell_losses(session, at);
    return status;
}

int show_run(const struct cli *cli)
{
    struct setup setup = { 0 };
    struct session session = { 0 };
    struct error err = { 0 };
    show_form_fn *append;
    uint64_t at;
    int status;
    bool ok = cli->words.count == 1 ||
              error_set(&err, ERROR_USAGE,
                        "show takes one session: sennit show ID; sennit "
                        "sessions lists them");
    if (ok && find_form(cli->as, &append, &err) &&
        read_at(cli->at, &at, &err) && setup_open_store(&setup, &err) &&
        show_read(&setup, cli->words.items[0], at, &session, &err)) {
        status = print_session(&session, append, at);
    } else {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    }
    session_clear(&session);
    setup_clear(&setup);
    return status;
}
