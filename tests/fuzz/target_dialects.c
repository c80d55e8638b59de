/* SPDX-License-Identifier: MIT */
/* Any pieces of an answer give the events and the outcome of the whole, in
 * every dialect; what is told is bounded by what came.
 *
 * $FUZZ_DIALECT names the only one to be used. "?" prints the names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/utf8.h"
#include "llm/provider.h"
#include "tests/fuzz/fuzz.h"

/* What may stand before a body. */
static const struct head {
    int status; /* 0: nothing is known */
    const char *content_type;
} heads[] = {
    { 0, NULL },
    { 200, "text/event-stream" },
    { 200, "application/json" },
    { 200, "application/x-ndjson" },
    { 200, "text/html" },
    { 400, "application/json" },
    { 429, "application/json" },
    { 500, "text/plain" },
    { 503, NULL },
};

struct answer {
    const struct dialect *dialect;
    const struct head *head;
    struct slice body;
    bool is_cut;
};

struct reader {
    struct decoder *decoder;
    bool has_stopped;
    struct buf told;
};

static void on_event(void *context, struct event *event)
{
    struct reader *reader = context;
    event_to_json(&reader->told, event);
    buf_append_char(&reader->told, '\n');
}

static void on_piece(void *context, struct slice piece)
{
    struct reader *reader = context;
    if (!reader->has_stopped)
        reader->has_stopped = !decoder_feed(reader->decoder, piece);
}

static void tell_result(struct buf *told, const struct answer_result *result)
{
    fuzz_require((result->err.kind == ERROR_NONE) ==
                     (result->outcome == ANSWER_COMPLETE),
                 "what is not complete says why");
    buf_printf(told, "%s %s %d %s", answer_outcome_name(result->outcome),
               result->finish_reason, (int)result->err.kind, result->err.text);
    buf_printf(told, " refused %d overflow %d loading %d", (int)result->refused,
               result->is_context_overflow, result->is_model_loading);
    buf_printf(told, " unstreamed %d damaged %d skipped %u",
               result->was_unstreamed, result->is_damaged,
               (unsigned)result->skipped);
}

static struct buf read_answer(const struct answer *answer, unsigned pattern)
{
    static const struct error cut = { .kind = ERROR_NETWORK, .text = "reset" };
    struct reader reader = { 0 };
    struct answer_result result = { 0 };
    reader.decoder = decoder_new(answer->dialect, on_event, &reader);
    if (answer->head->status)
        decoder_head(reader.decoder, answer->head->status,
                     answer->head->content_type, "http://h:1/v1/chat");
    fuzz_pieces(answer->body, pattern, on_piece, &reader);
    buf_printf(&reader.told, "complete %d ",
               decoder_is_complete(reader.decoder));
    decoder_finish(reader.decoder, answer->is_cut ? &cut : NULL, &result);
    tell_result(&reader.told, &result);
    decoder_free(reader.decoder);
    return reader.told;
}

/* The name is libFuzzer's, which calls it first. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    const char *name = getenv("FUZZ_DIALECT");
    if (!name || strcmp(name, "?"))
        return 0;
    for (size_t i = 0; i < dialect_count(); i++) {
        if (!dialect_at(i)->is_builtin)
            puts(dialect_at(i)->name);
    }
    exit(EXIT_SUCCESS);
}

static const struct dialect *choose_dialect(unsigned choice)
{
    const char *name = getenv("FUZZ_DIALECT");
    if (name)
        return dialect_find(slice_of(name));
    const struct dialect *chosen[32];
    size_t count = 0;
    for (size_t i = 0; i < dialect_count() && count < COUNTOF(chosen); i++) {
        if (!dialect_at(i)->is_builtin)
            chosen[count++] = dialect_at(i);
    }
    return chosen[choice % count];
}

/* A byte that is no UTF-8 becomes three; as JSON at most six stand for one; and
 * a name or an id may be told again with each piece. */
static size_t bound(size_t len)
{
    return 4096 + len * 64;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice input = fuzz_input(bytes, len);
    struct answer answer = { .dialect = choose_dialect(fuzz_choice(&input)) };
    unsigned choice = fuzz_choice(&input);
    unsigned pattern = fuzz_choice(&input);
    answer.head = &heads[(choice & 127) % COUNTOF(heads)];
    answer.is_cut = choice & 128;
    answer.body = input;
    struct buf whole = read_answer(&answer, 0);
    struct buf pieces = read_answer(&answer, pattern);
    fuzz_require_same(&whole, &pieces, "any pieces give the same events");
    fuzz_require(utf8_is_valid(buf_slice(&whole)), "events are UTF-8");
    fuzz_require(whole.len <= bound(len), "what is told is bounded");
    buf_clear(&whole);
    buf_clear(&pieces);
    return 0;
}
