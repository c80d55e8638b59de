/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "llm/dialect.h"
#include "llm/halves.h"
#include "llm/values.h"
#include "net/sse.h"

/* How the body is framed: by what comes, not only by what was asked for. */
enum framing {
    FRAMING_UNKNOWN, /* nothing but white space so far */
    FRAMING_SSE,
    FRAMING_VALUES, /* JSON values: one a line, or one over many lines */
    FRAMING_PAGE,   /* HTML: a wrong base address, a login page */
    FRAMING_FAILURE /* the body of an HTTP error, of any kind */
};

enum {
    /* White space before the body that is waited through before the dialect's
     * own framing is taken. */
    LEAD_MAX = 64 * 1024,
    /* Bytes of a text that is no answer, shown so that one sees what it is. */
    QUOTE_MAX = 120,
    UNREADABLE_MOST = 3, /* chunks in a row */
};

struct decoder {
    const struct dialect *dialect;
    struct intake intake;
    enum framing framing;
    struct sse sse;
    struct values values;
    struct halves halves;
    struct buf lead;   /* bytes before the framing is known */
    size_t lead_blank; /* how many of them are white space */
    struct buf body;   /* of a page or failure, cut at its cap */
    struct buf start;  /* of the body, to quote it */
    struct buf unread; /* the first text that could not be read */
    char *url;
    /* Whose answer this seems to be, while it is none of the dialect; NULL:
     * nobody's. */
    const struct dialect *likeness;
    bool is_ndjson;  /* the server said that it streams */
    bool has_framed; /* something of the framing was recognised */
    bool has_tail;   /* the body ended inside a value */
    uint32_t chunks; /* JSON objects read */
    int unreadable;  /* that were none, in a row */
};

/* One chunk that cannot be read is passed over; where nothing can, waiting for
 * the end would hide it. */
static void skip_unreadable(struct decoder *decoder, struct slice text)
{
    struct intake *intake = &decoder->intake;
    if (++decoder->unreadable == UNREADABLE_MOST) {
        struct buf words = { 0 };
        buf_append_slice(&words, text);
        failure_clean(&words, &intake->site);
        intake->has_failed = true;
        error_set(&intake->result.err, ERROR_PROTOCOL,
                  "%d parts of the answer in a row could not be read: \"%.*s\"",
                  UNREADABLE_MOST,
                  SLICE_ARG(failure_excerpt(buf_slice(&words), QUOTE_MAX)));
        buf_clear(&words);
    }
    if (!decoder->unread.len)
        buf_append_slice(&decoder->unread, failure_excerpt(text, QUOTE_MAX));
    intake_is_damaged(&decoder->intake);
}

/* An endpoint for which the wrong dialect is set. */
static const struct dialect *find_likeness(const struct decoder *decoder,
                                           const json_t *object)
{
    if (!decoder->dialect->reader->has_form)
        return NULL;
    for (size_t i = 0; i < dialect_count(); i++) {
        const struct dialect_reader *reader = dialect_at(i)->reader;
        if (reader && reader->has_form && reader->has_form(object))
            return dialect_at(i);
    }
    return NULL;
}

static void read_object(struct decoder *decoder, const json_t *object)
{
    decoder->chunks++;
    decoder->dialect->reader->read(&decoder->intake, object);
    if (!decoder->intake.has_begun && !decoder->likeness)
        decoder->likeness = find_likeness(decoder, object);
}

static void read_value(struct decoder *decoder, struct slice text,
                       const json_t *value)
{
    if (json_is_object(value)) {
        read_object(decoder, value);
    } else if (json_is_object(json_array_get(value, 0))) {
        /* Gemini's imitation puts errors into an array. */
        read_object(decoder, json_array_get(value, 0));
    } else {
        decoder->intake.result.skipped++;
        if (!decoder->unread.len)
            buf_append_slice(&decoder->unread,
                             failure_excerpt(text, QUOTE_MAX));
    }
}

static void on_error_text(struct decoder *decoder, struct slice text)
{
    struct intake *intake = &decoder->intake;
    struct failure_site site = intake->site;
    if (intake->has_end_marker || intake->has_failed)
        return;
    intake->has_failed = true;
    failure_of_body(&intake->result, &site, text);
}

/* After Ollama's last line only an error can come, and it counts; after [DONE]
 * nothing does. */
static void read_after_end(struct decoder *decoder, struct slice text)
{
    struct error ignored = { 0 };
    if (decoder->dialect->reader->is_sse)
        return;
    json_t *value = halves_parse(&decoder->halves, text, &ignored);
    if (value)
        intake_take_failure(&decoder->intake, value);
    json_decref(value);
}

/* Where each line is JSON, one that is none is an error in bare words: so
 * reads it Ollama's own client. */
static bool is_bare_error(const struct decoder *decoder, struct slice text)
{
    return !decoder->dialect->reader->is_sse &&
           decoder->framing == FRAMING_VALUES && *text.ptr != '{' &&
           *text.ptr != '[';
}

/* One chunk, whatever framed it. `is_tail`: the body ended with it. */
static void on_chunk(struct decoder *decoder, struct slice text, bool is_tail)
{
    struct error ignored = { 0 };
    text = slice_trim(text);
    if (!text.len || decoder->intake.has_failed)
        return;
    if (decoder->intake.has_end_marker) {
        read_after_end(decoder, text);
        return;
    }
    if (slice_starts(text, "[DONE]")) {
        decoder->intake.has_end_marker = !decoder->dialect->reader->has_own_end;
        return;
    }
    json_t *value = halves_parse(&decoder->halves, text, &ignored);
    if (value)
        decoder->unreadable = 0;
    if (value)
        read_value(decoder, text, value);
    else if (is_tail && (*text.ptr == '{' || *text.ptr == '['))
        decoder->has_tail = true;
    else if (is_bare_error(decoder, text))
        on_error_text(decoder, text);
    else
        skip_unreadable(decoder, text);
    json_decref(value);
}

static void on_sse_event(void *context, const struct sse_event *event)
{
    struct decoder *decoder = context;
    decoder->has_framed = true;
    bool is_error =
        event->kind == SSE_ERROR_FIELD ||
        (event->kind == SSE_EVENT && slice_is(event->type, "error"));
    if (is_error && slice_trim(event->data).len)
        on_error_text(decoder, event->data);
    else if (event->kind != SSE_COMMENT)
        on_chunk(decoder, event->data, event->kind == SSE_UNFINISHED);
}

static void on_value(void *context, struct slice text, bool is_tail)
{
    struct decoder *decoder = context;
    on_chunk(decoder, text, is_tail);
}

struct decoder *decoder_new(const struct dialect *dialect, answer_event_fn *fn,
                            void *context)
{
    assert(dialect->reader);
    struct decoder *decoder = memory_zero(1, sizeof *decoder);
    decoder->dialect = dialect;
    intake_init(&decoder->intake, fn, context);
    decoder->intake.site.can_pull = dialect->reader->can_pull;
    if (dialect->reader->memory_size)
        decoder->intake.memory = memory_zero(1, dialect->reader->memory_size);
    sse_init(&decoder->sse, on_sse_event, decoder);
    values_init(&decoder->values, on_value, decoder);
    return decoder;
}

void decoder_free(struct decoder *decoder)
{
    if (!decoder)
        return;
    const struct dialect_reader *reader = decoder->dialect->reader;
    if (reader->forget)
        reader->forget(decoder->intake.memory);
    free(decoder->intake.memory);
    intake_clear(&decoder->intake);
    sse_clear(&decoder->sse);
    values_clear(&decoder->values);
    buf_clear(&decoder->lead);
    buf_clear(&decoder->body);
    buf_clear(&decoder->start);
    buf_clear(&decoder->unread);
    free(decoder->url);
    free(decoder);
}

void decoder_head(struct decoder *decoder, int status, const char *content_type,
                  const char *url)
{
    free(decoder->url);
    decoder->url = memory_string(url);
    decoder->intake.site.url = decoder->url;
    decoder->is_ndjson = content_type && strcasestr(content_type, "ndjson");
    if (status > 0)
        decoder->intake.site.status = status;
    if (status >= 300)
        decoder->framing = FRAMING_FAILURE;
}

void decoder_offer(struct decoder *decoder, const struct tool_offer *tools,
                   size_t count)
{
    decoder->intake.tools = tools;
    decoder->intake.tool_count = count;
}

void decoder_key(struct decoder *decoder, const char *endpoint, const char *key)
{
    decoder->intake.site.key = key;
    decoder->intake.site.endpoint = endpoint;
    decoder->intake.site.keyless = key ? NULL : endpoint;
}

static bool is_bom(struct slice text)
{
    size_t len = text.len < 3 ? text.len : 3;
    return len && memcmp(text.ptr, "\xEF\xBB\xBF", len) == 0;
}

static enum framing sniff(const struct decoder *decoder, char first)
{
    switch (first) {
    case '{':
    case '[': return FRAMING_VALUES;
    case '<': return FRAMING_PAGE;
    /* data, event, id, retry, and comments. */
    case 'd':
    case 'e':
    case 'i':
    case 'r':
    case ':': return FRAMING_SSE;
    default: break;
    }
    return decoder->dialect->reader->is_sse ? FRAMING_SSE : FRAMING_VALUES;
}

/* Decide by the first byte that is no white space, a byte order mark aside. */
static void find_framing(struct decoder *decoder)
{
    struct slice lead = buf_slice(&decoder->lead);
    size_t at = decoder->lead_blank;
    if (at == 0 && is_bom(lead)) {
        if (lead.len < 3)
            return;
        at = 3;
    }
    while (at < lead.len && strchr(" \t\r\n", lead.ptr[at]) && lead.ptr[at])
        at++;
    decoder->lead_blank = at;
    if (at > LEAD_MAX)
        decoder->framing = sniff(decoder, '\0');
    else if (at < lead.len)
        decoder->framing = sniff(decoder, lead.ptr[at]);
}

/* Keep what is needed to say what went wrong. False when that is enough. */
static bool keep_body(struct decoder *decoder, struct slice bytes)
{
    size_t room = FAILURE_BODY_MAX - decoder->body.len;
    if (bytes.len > room)
        bytes.len = room;
    buf_append_slice(&decoder->body, bytes);
    decoder->intake.has_progress = true;
    return decoder->body.len < FAILURE_BODY_MAX;
}

static bool feed_parser(struct decoder *decoder, struct slice bytes)
{
    struct intake *intake = &decoder->intake;
    struct error err = { 0 };
    bool is_fed = decoder->framing == FRAMING_SSE
                      ? sse_feed(&decoder->sse, bytes, &err)
                      : values_feed(&decoder->values, bytes, &err);
    if (!is_fed && !intake->has_failed && !intake->has_end_marker) {
        intake->has_failed = true;
        intake->result.err = err;
    }
    return is_fed && !intake->has_failed;
}

static bool feed(struct decoder *decoder, struct slice bytes)
{
    switch (decoder->framing) {
    case FRAMING_UNKNOWN: return true;
    case FRAMING_SSE:
    case FRAMING_VALUES: return feed_parser(decoder, bytes);
    case FRAMING_PAGE:
    case FRAMING_FAILURE: break;
    }
    return keep_body(decoder, bytes);
}

static void keep_start(struct decoder *decoder, struct slice bytes)
{
    /* One character more: the quote is cut between characters. */
    size_t room = QUOTE_MAX + UTF8_CHARACTER_MAX - decoder->start.len;
    if (bytes.len > room)
        bytes.len = room;
    buf_append_slice(&decoder->start, bytes);
}

bool decoder_feed(struct decoder *decoder, struct slice bytes)
{
    if (decoder->intake.has_failed)
        return false;
    keep_start(decoder, bytes);
    if (decoder->framing != FRAMING_UNKNOWN)
        return feed(decoder, bytes);
    buf_append_slice(&decoder->lead, bytes);
    find_framing(decoder);
    if (decoder->framing == FRAMING_UNKNOWN)
        return true;
    struct slice lead = buf_slice(&decoder->lead);
    /* sse drops the mark itself, by its own rule. */
    if (decoder->framing == FRAMING_VALUES && is_bom(lead))
        lead = slice_skip(lead, 3);
    bool goes_on = feed(decoder, lead);
    buf_clear(&decoder->lead);
    return goes_on;
}

bool decoder_is_complete(const struct decoder *decoder)
{
    return decoder->intake.has_end_marker && !decoder->intake.has_failed;
}

bool decoder_take_progress(struct decoder *decoder)
{
    bool has_progress = decoder->intake.has_progress;
    decoder->intake.has_progress = false;
    return has_progress;
}

static void finish_parser(struct decoder *decoder)
{
    if (decoder->framing == FRAMING_SSE)
        sse_finish(&decoder->sse);
    else if (decoder->framing == FRAMING_VALUES)
        values_finish(&decoder->values);
}

static const char *who(const struct decoder *decoder)
{
    return decoder->url && *decoder->url ? decoder->url : "the server";
}

static void finish_complete(struct decoder *decoder)
{
    struct intake *intake = &decoder->intake;
    struct answer_result *result = &intake->result;
    if (!strcmp(result->finish_reason, "error")) {
        result->outcome = ANSWER_ERROR;
        failure_without_words(&result->err);
    } else if (decoder->chunks == 0) {
        result->outcome = ANSWER_ERROR;
        error_set(&result->err, ERROR_PROTOCOL,
                  "%s ended the answer without a word", who(decoder));
    } else {
        result->outcome = ANSWER_COMPLETE;
    }
    result->was_unstreamed = decoder->framing == FRAMING_VALUES &&
                             decoder->chunks == 1 && !decoder->is_ndjson;
}

/* Something came, and none of it was an answer. */
static bool is_unreadable(const struct decoder *decoder)
{
    if (decoder->intake.has_begun || decoder->has_tail)
        return false;
    return decoder->chunks || decoder->unread.len ||
           (decoder->framing == FRAMING_SSE && !decoder->has_framed &&
            !decoder->sse.has_field);
}

static void finish_unreadable(struct decoder *decoder)
{
    struct answer_result *result = &decoder->intake.result;
    struct buf *quote =
        decoder->unread.len ? &decoder->unread : &decoder->start;
    failure_clean(quote, &decoder->intake.site);
    struct slice words = failure_excerpt(buf_slice(quote), QUOTE_MAX);
    result->outcome = ANSWER_ERROR;
    error_set(&result->err, ERROR_PROTOCOL,
              "%s sent what is no answer of a model: \"%.*s\"", who(decoder),
              SLICE_ARG(words));
    if (decoder->likeness) {
        struct error what = result->err;
        error_set(&result->err, what.kind,
                  "%s; it looks like %s: set dialect: %s", what.text,
                  decoder->likeness->reader->protocol, decoder->likeness->name);
    }
}

static void finish_cut(struct decoder *decoder, const struct error *transport)
{
    struct answer_result *result = &decoder->intake.result;
    bool has_begun = decoder->chunks || decoder->has_tail;
    /* What never came as far as an answer is no cut one. */
    bool is_cut = has_begun || !transport || transport->kind == ERROR_CUT;
    result->outcome = is_cut ? ANSWER_CUT : ANSWER_ERROR;
    if (transport) {
        result->err = *transport;
        if (has_begun && transport->kind == ERROR_NETWORK)
            result->err.kind = ERROR_CUT;
        /* What calls itself a cut says so in its own words. */
        if (has_begun && transport->kind != ERROR_CUT)
            error_context(&result->err, "the answer broke off");
    } else {
        error_set(&result->err, ERROR_CUT, "%s ended the stream %s",
                  who(decoder),
                  has_begun ? "without its end marker: the answer is cut"
                            : "without an answer");
    }
    if (decoder->unread.len) {
        struct error why = result->err;
        failure_clean(&decoder->unread, &decoder->intake.site);
        error_set(&result->err, why.kind, "%s; not readable: \"%.*s\"",
                  why.text, SLICE_ARG(buf_slice(&decoder->unread)));
    }
}

/* The end came, and it is that of an answer: of another protocol's only the
 * end may be the same. */
static bool has_ended(const struct decoder *decoder)
{
    const struct intake *intake = &decoder->intake;
    /* A message in one piece is whole when its JSON is. */
    bool is_whole = intake->has_message && decoder->framing == FRAMING_VALUES;
    return (intake->has_end_marker || intake->has_finish_reason || is_whole) &&
           (intake->has_begun || decoder->chunks == 0);
}

static void finish_outcome(struct decoder *decoder,
                           const struct error *transport)
{
    struct intake *intake = &decoder->intake;
    struct answer_result *result = &intake->result;
    if (decoder->framing == FRAMING_FAILURE) {
        result->outcome = ANSWER_ERROR;
        failure_of_body(result, &intake->site, buf_slice(&decoder->body));
    } else if (decoder->framing == FRAMING_PAGE) {
        result->outcome = ANSWER_ERROR;
        failure_of_page(result, &intake->site, buf_slice(&decoder->body));
    } else if (intake->has_failed) {
        result->outcome = ANSWER_ERROR;
    } else if (intake->is_cut) {
        result->outcome = ANSWER_CUT;
    } else if (has_ended(decoder)) {
        finish_complete(decoder);
    } else if (is_unreadable(decoder)) {
        finish_unreadable(decoder);
    } else {
        finish_cut(decoder, transport);
    }
}

static bool is_text_member(const char *member)
{
    return !strcmp(member, "content") || !strcmp(member, "text");
}

/* The second half of a character never came. */
static void finish_halves(struct decoder *decoder)
{
    struct slice replacement = slice_of("\xEF\xBF\xBD");
    const char *member = halves_waiting(&decoder->halves);
    if (!member || !strcmp(member, "arguments") ||
        !strcmp(member, "partial_json"))
        return;
    /* One member for everything: it is more of what came last. */
    bool is_delta = !strcmp(member, "delta");
    enum event_type last = decoder->intake.last_type;
    if (is_delta ? last == EVENT_TEXT_DELTA : is_text_member(member))
        intake_text(&decoder->intake, replacement);
    else if (!is_delta || last == EVENT_THINKING_DELTA)
        intake_thinking(&decoder->intake, replacement);
}

/* The quotes in it are of a body that nobody has checked. */
static void mend_words(struct error *err)
{
    struct buf words = { 0 };
    if (utf8_is_valid(slice_of(err->text)))
        return;
    utf8_append_valid(&words, slice_of(err->text));
    error_set(err, err->kind, "%s", buf_string(&words));
    buf_clear(&words);
}

void decoder_finish(struct decoder *decoder, const struct error *transport,
                    struct answer_result *result)
{
    finish_parser(decoder);
    finish_halves(decoder);
    if (decoder->dialect->reader->finish)
        decoder->dialect->reader->finish(&decoder->intake);
    finish_outcome(decoder, transport);
    intake_close(&decoder->intake,
                 decoder->intake.result.outcome == ANSWER_COMPLETE);
    mend_words(&decoder->intake.result.err);
    *result = decoder->intake.result;
}
