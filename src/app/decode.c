/* SPDX-License-Identifier: MIT */
#include "app/decode.h"

#include <string.h>
#include <unistd.h>

#include "app/print.h"
#include "base/path.h"
#include "llm/provider.h"
#include "net/capture.h"

enum { LINES_MAX = 64 * 1024 /* bytes that are written at a time */ };

/* There is one run and one attempt. */
struct decode {
    struct print out;
    struct buf lines;
    uint64_t seq;
};

static void flush(struct decode *decode)
{
    print_text(&decode->out, buf_slice(&decode->lines));
    buf_reset(&decode->lines);
}

static void print_event(struct decode *decode, struct event *event)
{
    event->seq = ++decode->seq;
    event->run = 1;
    event_to_json(&decode->lines, event);
    buf_append_char(&decode->lines, '\n');
    if (decode->lines.len >= LINES_MAX)
        flush(decode);
}

static void on_event(void *context, struct event *event)
{
    event->attempt = 1;
    print_event(context, event);
}

static void print_end_events(struct decode *decode,
                             const struct answer_result *result)
{
    static const enum event_type types[] = { EVENT_ATTEMPT_FINISHED,
                                             EVENT_RUN_FINISHED };
    for (size_t i = 0; i < COUNTOF(types); i++) {
        struct event event = { .type = types[i] };
        event.attempt = types[i] == EVENT_ATTEMPT_FINISHED;
        event_add_string(&event, FIELD_OUTCOME,
                         answer_outcome_name(result->outcome));
        event_add_string(&event, FIELD_FINISH_REASON, result->finish_reason);
        event_add_string(&event, FIELD_ERROR, result->err.text);
        print_event(decode, &event);
    }
}

static int decode_bytes(const struct dialect *dialect, struct slice bytes)
{
    struct decode decode = { 0 };
    struct capture capture = { 0 };
    struct answer_result result = { 0 };
    struct error cut = { 0 };
    print_init(&decode.out, STDOUT_FILENO);
    struct decoder *decoder = decoder_new(dialect, on_event, &decode);
    capture_parse(&capture, bytes);
    if (capture.has_head)
        decoder_head(decoder, capture.status, buf_string(&capture.content_type),
                     NULL);
    decoder_feed(decoder, buf_slice(&capture.body));
    if (capture.is_cut)
        error_set(&cut, ERROR_CUT, "the recording ends in mid-stream");
    decoder_finish(decoder, capture.is_cut ? &cut : NULL, &result);
    print_end_events(&decode, &result);
    flush(&decode);
    buf_clear(&decode.lines);
    print_end(&decode.out);
    decoder_free(decoder);
    capture_clear(&capture);
    int status = print_status(&decode.out);
    print_clear(&decode.out);
    if (status)
        return status;
    return result.outcome == ANSWER_CUT ? error_exit_status(ERROR_CUT)
                                        : error_exit_status(result.err.kind);
}

static const struct dialect *find_dialect(const char *name, struct error *err)
{
    const struct dialect *dialect = dialect_find(slice_of(name));
    if (dialect && !dialect->is_builtin)
        return dialect;
    struct buf names = { 0 };
    for (size_t i = 0; i < dialect_count(); i++) {
        if (!dialect_at(i)->is_builtin)
            buf_printf(&names, "%s%s", names.len ? ", " : "",
                       dialect_at(i)->name);
    }
    error_set(err, ERROR_USAGE,
              "there is no dialect \"%s\" to decode; there are: %s", name,
              buf_string(&names));
    buf_clear(&names);
    return NULL;
}

static bool read_input(struct buf *bytes, const char *path, struct error *err)
{
    if (!path || !strcmp(path, "-"))
        return path_read_fd(bytes, STDIN_FILENO, DECODE_FILE_MAX,
                            "standard input", err);
    return path_read_file(bytes, path, DECODE_FILE_MAX, err);
}

int decode_run(const struct cli *cli)
{
    struct error err = { 0 };
    struct buf bytes = { 0 };
    const struct dialect *dialect = NULL;
    int status = 0;
    if (cli->words.count < 1 || cli->words.count > 2)
        error_set(&err, ERROR_USAGE,
                  "decode takes a dialect and at most one file: sennit decode "
                  "ollama FILE");
    else
        dialect = find_dialect(cli->words.items[0], &err);
    const char *path = cli->words.count > 1 ? cli->words.items[1] : NULL;
    if (dialect && read_input(&bytes, path, &err)) {
        status = decode_bytes(dialect, buf_slice(&bytes));
    } else {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    }
    buf_clear(&bytes);
    return status;
}
