/* SPDX-License-Identifier: MIT */
#include "app/consent_file.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"

enum { FILE_MAX = 256 * 1024, SECOND = 1000 };

static bool read_file(struct consents *consents, const char *path,
                      struct error *err)
{
    struct buf text = { 0 };
    bool ok =
        access(path, F_OK) != 0 || path_read_file(&text, path, FILE_MAX, err);
    consents_clear(consents);
    consents_parse(consents, buf_slice(&text));
    buf_clear(&text);
    return ok;
}

void consent_file_load(struct setup *setup)
{
    struct buf path = { 0 };
    struct error err = { 0 };
    /* What cannot be read gives no consent: then the user is asked. */
    if (path_state(&path, "consents", &err))
        (void)read_file(&setup->consents, buf_string(&path), &err);
    consents_apply(&setup->consents, &setup->endpoints);
    buf_clear(&path);
}

static bool write_file(const struct consents *consents, const char *path,
                       struct error *err)
{
    struct buf text = { 0 };
    consents_format(consents, &text);
    bool ok = path_write_file(path, buf_slice(&text), err);
    buf_clear(&text);
    return ok;
}

void consent_file_put(struct setup *setup, const char *origin,
                      enum consent_answer answer, struct buf *words)
{
    struct consents *consents = &setup->consents;
    struct buf path = { 0 };
    struct error err = { 0 };
    bool has_path = path_state(&path, "consents", &err);
    bool ok = has_path && read_file(consents, buf_string(&path), &err);
    consents_put(consents, origin, answer, clock_wall_ms() / SECOND);
    ok = ok && write_file(consents, buf_string(&path), &err);
    if (!ok)
        buf_printf(words, "this holds until sennit ends, it cannot be kept: %s",
                   err.text);
    consents_apply(consents, &setup->endpoints);
    buf_clear(&path);
}

void consent_file_answer(struct setup *setup, struct chat *chat,
                         enum consent_answer answer, struct buf *words)
{
    const struct route *route = chat_question(chat);
    struct buf origin = { 0 };
    if (!route)
        return;
    endpoint_origin(route->endpoint, &origin);
    if (answer != CONSENT_NONE && answer != CONSENT_ONCE)
        consent_file_put(setup, buf_string(&origin), answer, words);
    chat_answer(chat, answer);
    buf_clear(&origin);
}
