/* SPDX-License-Identifier: MIT */
/*
 * What it costs to read a streamed answer: each dialect's decoder beside bare
 * jansson, which only parses the JSON values of the same bytes.
 */
#include <stdio.h>

#include <check.h>
#include <jansson.h>

#include "llm/provider.h"
#include "tests/bench/body.h"
#include "tests/bench/measure.h"
#include "tests/bench/sample.h"

enum {
    TOKENS = 40000,
    PIECE_LEN = 16 * 1024,
    ROUNDS = 11,
};

static void count_text(void *context, struct event *event)
{
    size_t *len = context;
    if (event->type == EVENT_TEXT_DELTA)
        *len += event_text(event, FIELD_TEXT).len;
}

/* Returns the bytes of text that came. */
static size_t decode(const struct dialect *dialect, struct slice body)
{
    size_t len = 0;
    struct answer_result result = { 0 };
    struct decoder *decoder = decoder_new(dialect, count_text, &len);
    while (body.len) {
        size_t piece = body.len < PIECE_LEN ? body.len : PIECE_LEN;
        decoder_feed(decoder, (struct slice){ body.ptr, piece });
        body = slice_skip(body, piece);
    }
    decoder_finish(decoder, NULL, &result);
    decoder_free(decoder);
    ck_assert_msg(result.outcome == ANSWER_COMPLETE, "%s: %s", dialect->name,
                  result.err.text);
    return len;
}

/* Check writes down every assertion: there is one for all values. */
static void parse(const struct body *body)
{
    size_t count = 0;
    for (size_t i = 0; i < body->payloads.count; i++) {
        const struct payload *payload = &body->payloads.items[i];
        json_t *value = json_loadb(body->bytes.ptr + payload->offset,
                                   payload->len, 0, NULL);
        count += json_is_object(value);
        json_decref(value);
    }
    ck_assert_uint_eq(count, body->payloads.count);
}

static size_t text_len(const struct answer_text *answer)
{
    size_t len = 0;
    for (size_t i = 0; i < TOKENS; i++)
        len += answer_token(answer, i).len;
    return len;
}

/* In turns, so that both meet the same machine. */
static void measure_dialect(struct table *table, const struct dialect *dialect,
                            const struct body *body, size_t len)
{
    struct sample ours = { 0 }, theirs = { 0 };
    char what[64], detail[64], against[64];
    double mb = (double)body->bytes.len / 1e6;
    for (int i = 0; i < ROUNDS; i++) {
        double start = sample_cpu_ms();
        ck_assert_uint_eq(decode(dialect, buf_slice(&body->bytes)), len);
        double middle = sample_cpu_ms();
        parse(body);
        sample_add(&ours, middle - start);
        sample_add(&theirs, sample_cpu_ms() - middle);
    }
    double our_ms = sample_quantile(&ours, 0.5);
    double their_ms = sample_quantile(&theirs, 0.5);
    snprintf(what, sizeof what, "decode %s, %.1f MB: times jansson",
             dialect->name, mb);
    snprintf(detail, sizeof detail, "medians of %d; %.1f ms, %.0f MB/s", ROUNDS,
             our_ms, mb / our_ms * 1e3);
    snprintf(against, sizeof against, "jansson alone %.1f ms", their_ms);
    table_add(table, &(struct row){ .what = what,
                                    .value = our_ms / their_ms,
                                    .unit = "",
                                    .target = 2,
                                    .has_target = true,
                                    .detail = detail,
                                    .against = against });
    sample_clear(&ours);
    sample_clear(&theirs);
}

void measure_decode(struct table *table, struct stream *stream)
{
    size_t len = text_len(stream->answer);
    for (size_t i = 0; i < dialect_count(); i++) {
        const struct dialect *dialect = dialect_at(i);
        struct body body = { 0 };
        if (dialect->is_builtin)
            continue;
        if (body_make(&body, dialect->name, stream->answer, TOKENS))
            measure_dialect(table, dialect, &body, len);
        else
            table_note(table, "(no body is known for %s)", dialect->name);
        body_clear(&body);
    }
}
