/* SPDX-License-Identifier: MIT */
#include "llm/failure.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/redact.h"
#include "llm/finding.h"

enum { KEY_PART_MIN = 4 /* bytes of a key that give something away */ };

static const struct {
    int status;
    const char *words;
} status_names[] = {
    { 301, "Moved Permanently" },
    { 302, "Found" },
    { 303, "See Other" },
    { 307, "Temporary Redirect" },
    { 308, "Permanent Redirect" },
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 402, "Payment Required" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 408, "Request Timeout" },
    { 413, "Content Too Large" },
    { 415, "Unsupported Media Type" },
    { 422, "Unprocessable Content" },
    { 429, "Too Many Requests" },
    { 499, "Client Closed Request" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 502, "Bad Gateway" },
    { 503, "Service Unavailable" },
    { 504, "Gateway Timeout" },
    { 529, "Overloaded" },
};

struct slice failure_excerpt(struct slice text, size_t max)
{
    text = slice_trim(text);
    if (text.len <= max)
        return text;
    text.len = max;
    while (text.len && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80)
        text.len--;
    return text;
}

/* "error":null, "" and {} are none: some servers send the member always. */
static bool says_something(const json_t *error)
{
    return json_string_length(error) || json_object_size(error) ||
           json_array_size(error) || json_is_true(error) ||
           json_number_value(error) > 0;
}

bool failure_is_in(const json_t *object)
{
    return says_something(json_object_get(object, "error")) ||
           slice_is(json_slice(object, "object"), "error") ||
           slice_is(json_slice(object, "type"), "error");
}

static struct slice excerpt(struct slice text)
{
    return failure_excerpt(text, FAILURE_EXCERPT_MAX);
}

static const char *status_name(int status)
{
    for (size_t i = 0; i < COUNTOF(status_names); i++) {
        if (status_names[i].status == status)
            return status_names[i].words;
    }
    return "unknown status";
}

static const char *url_of(const struct failure_site *site)
{
    return site->url && *site->url ? site->url : "the server";
}

static void say_missing_model(struct error *err,
                              const struct failure_site *site,
                              const struct finding *finding, struct slice name)
{
    struct slice words = excerpt(buf_slice(&finding->message));
    name = excerpt(name);
    if (site->can_pull && site->endpoint)
        error_set(err, ERROR_SERVER, "%.*s; `sennit pull %s/%.*s` fetches it",
                  SLICE_ARG(words), site->endpoint, SLICE_ARG(name));
    else if (site->can_pull)
        error_set(err, ERROR_SERVER, "%.*s; `ollama pull %.*s` fetches it",
                  SLICE_ARG(words), SLICE_ARG(name));
    else
        error_set(err, ERROR_SERVER, "%.*s; choose one that the server lists",
                  SLICE_ARG(words));
}

static const char *status_advice(int status)
{
    switch (status) {
    case 0:
    case 200: return "the server reported an error";
    case 400:
    case 422: return "the server refused the request";
    case 402: return "the account has no credit left";
    case 403: return "the server does not allow it";
    case 404: return "the server does not know this";
    case 408:
    case 504: return "the server took too long";
    case 413: return "the request is too large for the server";
    case 429: return "the server asks to wait";
    case 502: return "the gateway reached no server";
    case 503:
    case 529: return "the server is busy";
    default: break;
    }
    if (status >= 500)
        return "the server failed";
    return status >= 400 ? "the server refused the request"
                         : "the server sends us elsewhere";
}

static void say_message(struct error *err, enum error_kind kind,
                        const char *advice, const struct finding *finding)
{
    struct slice words = excerpt(buf_slice(&finding->message));
    if (finding->status < 300)
        error_set(err, kind, "%s: %.*s", advice, SLICE_ARG(words));
    else
        error_set(err, kind, "%s (%d): %.*s", advice, finding->status,
                  SLICE_ARG(words));
}

static bool is_locked(int status)
{
    return status == 401 || status == 403;
}

/* A key that was not sent cannot be wrong: how to set one. */
static void add_key_advice(struct error *err, const struct failure_site *site)
{
    struct error why = *err;
    if (site->keyless)
        error_set(err, why.kind,
                  "%s; no key is set: endpoints.%s.key, or /connect", why.text,
                  site->keyless);
}

static void say_key_problem(struct error *err, const struct failure_site *site,
                            const struct finding *finding)
{
    if (site->keyless)
        error_set(err, ERROR_AUTH,
                  "the server wants a key (%d), and none is set: "
                  "endpoints.%s.key, or /connect; it says: %.*s",
                  finding->status, site->keyless,
                  SLICE_ARG(excerpt(buf_slice(&finding->message))));
    else
        say_message(err, ERROR_AUTH, "the server rejected the key", finding);
}

static void say_silence(struct error *err, const struct failure_site *site)
{
    bool is_refusal = is_locked(site->status);
    const char *hint = "";
    /* Ollama, listening on loopback, answers so to a Host that is not local. */
    if (site->can_pull && site->status == 403)
        hint = ": Ollama accepts only local host names unless OLLAMA_HOST "
               "or OLLAMA_ORIGINS says otherwise";
    else if (is_refusal && !site->keyless)
        hint = ": is the key right?";
    else if (site->status == 404)
        hint = ": is the base URL right, with or without /v1?";
    error_set(err, is_refusal ? ERROR_AUTH : ERROR_SERVER,
              "%s answered %d %s without a word%s", url_of(site), site->status,
              status_name(site->status), hint);
    if (is_refusal && !*hint)
        add_key_advice(err, site);
}

static void say_memory(struct error *err, const struct finding *finding)
{
    struct slice need, available;
    finding_memory(finding, &need, &available);
    if (need.len && available.len)
        error_set(err, ERROR_SERVER,
                  "the model does not fit: it needs %.*s, %.*s is free",
                  SLICE_ARG(excerpt(need)), SLICE_ARG(excerpt(available)));
    else
        say_message(err, ERROR_SERVER,
                    "the model does not fit into the memory that is free",
                    finding);
}

static void say_wrong_address(struct error *err,
                              const struct failure_site *site,
                              const struct finding *finding)
{
    error_set(err, ERROR_SERVER,
              "%s is unknown to the server (404: %.*s): is the base URL "
              "right, with or without /v1?",
              url_of(site), SLICE_ARG(excerpt(buf_slice(&finding->message))));
}

/* The key may be right, and not be meant for this model or country. */
static void say_forbidden(struct error *err, const struct failure_site *site,
                          const struct finding *finding)
{
    say_message(err, ERROR_AUTH, status_advice(finding->status), finding);
    add_key_advice(err, site);
}

static void say(struct answer_result *result, const struct failure_site *site,
                const struct finding *finding)
{
    struct error *err = &result->err;
    struct slice model = finding_missing_model(finding);
    if (!slice_trim(buf_slice(&finding->message)).len)
        say_silence(err, site);
    else if (finding_is_key_problem(finding))
        say_key_problem(err, site, finding);
    else if (model.len)
        say_missing_model(err, site, finding, model);
    else if (result->is_context_overflow)
        say_message(err, ERROR_SERVER,
                    "the conversation is too long for the model", finding);
    else if (result->is_blind)
        say_message(err, ERROR_SERVER,
                    "the model sees no images; take one that does, or leave "
                    "them away",
                    finding);
    else if (result->is_out_of_memory)
        say_memory(err, finding);
    else if (result->is_out_of_credit)
        say_message(err, ERROR_SERVER, "the account has no credit left",
                    finding);
    else if (result->is_model_loading)
        say_message(err, ERROR_SERVER, "the model is still loading", finding);
    else if (finding->status == 404)
        say_wrong_address(err, site, finding);
    else if (finding->status == 403)
        say_forbidden(err, site, finding);
    else
        say_message(err, ERROR_SERVER, status_advice(finding->status), finding);
    if (finding->sign_in.len) {
        size_t len = strlen(err->text);
        snprintf(err->text + len, sizeof err->text - len, "; sign in at %.*s",
                 SLICE_ARG(excerpt(buf_slice(&finding->sign_in))));
    }
}

static void classify(struct answer_result *result,
                     const struct failure_site *site, struct finding *finding)
{
    failure_clean(&finding->message, site);
    failure_clean(&finding->sign_in, site);
    result->status = finding->status;
    result->is_context_overflow = finding_is_overflow(finding);
    result->is_out_of_credit = finding_is_out_of_credit(finding);
    result->is_model_loading = finding_is_loading(finding);
    result->is_missing_model = finding_missing_model(finding).len > 0;
    result->is_out_of_memory = finding_is_out_of_memory(finding);
    result->is_blind = finding_is_blind(finding);
    if (!result->is_context_overflow)
        result->refused = finding_refused_part(finding);
    say(result, site, finding);
}

void failure_of_json(struct answer_result *result,
                     const struct failure_site *site, const json_t *value)
{
    struct finding finding = { .status = site->status };
    finding_read(&finding, value);
    /* The status line is the server's own word; a code in the body may be of
     * somebody behind it. */
    if (site->status >= 300)
        finding.status = site->status;
    if (!slice_trim(buf_slice(&finding.message)).len)
        json_append_value(&finding.message, value);
    classify(result, site, &finding);
    finding_clear(&finding);
}

/* A text that was cut may end in the start of the key. */
static void cut_start_of_key(struct buf *text, const char *key)
{
    size_t len = strlen(key);
    for (len = len < text->len ? len : text->len; len >= KEY_PART_MIN; len--) {
        if (memcmp(text->ptr + text->len - len, key, len) == 0) {
            text->len -= len;
            text->ptr[text->len] = '\0';
            return;
        }
    }
}

void failure_without_words(struct error *err)
{
    error_set(err, ERROR_SERVER,
              "the server broke the answer off with an error that it does not "
              "name");
}

static void fill_gaps(struct buf *text)
{
    for (size_t i = 0; i < text->len; i++) {
        if (!text->ptr[i])
            text->ptr[i] = ' ';
    }
}

void failure_clean(struct buf *text, const struct failure_site *site)
{
    struct buf hidden = { 0 };
    fill_gaps(text);
    if (!site->key || !text->len)
        return;
    redact_append(&hidden, buf_slice(text), &site->key, 1);
    cut_start_of_key(&hidden, site->key);
    buf_clear(text);
    *text = hidden;
}

static struct slice find_title(struct slice body)
{
    const char *from = memmem(body.ptr, body.len, "<title", 6);
    if (!from)
        from = memmem(body.ptr, body.len, "<TITLE", 6);
    if (!from)
        return (struct slice){ 0 };
    struct slice rest = slice_skip(body, (size_t)(from - body.ptr));
    ptrdiff_t start = slice_find(rest, ">");
    if (start < 0)
        return (struct slice){ 0 };
    rest = slice_skip(rest, (size_t)start + 1);
    ptrdiff_t end = slice_find(rest, "<");
    if (end >= 0)
        rest.len = (size_t)end;
    return rest;
}

void failure_of_page(struct answer_result *result,
                     const struct failure_site *site, struct slice body)
{
    struct buf whole = { 0 };
    result->status = site->status;
    buf_append_slice(&whole, find_title(body));
    failure_clean(&whole, site);
    struct slice title = excerpt(buf_slice(&whole));
    const char *named = title.len ? ": " : "";
    if (site->status < 300)
        error_set(&result->err, ERROR_PROTOCOL,
                  "got a web page, not an API, from %s%s%.*s", url_of(site),
                  named, SLICE_ARG(title));
    else
        error_set(
            &result->err, is_locked(site->status) ? ERROR_AUTH : ERROR_SERVER,
            "%s answered %d %s with a web page%s%.*s", url_of(site),
            site->status, status_name(site->status), named, SLICE_ARG(title));
    buf_clear(&whole);
}

void failure_of_body(struct answer_result *result,
                     const struct failure_site *site, struct slice body)
{
    body = slice_trim(body);
    if (slice_starts(body, "<")) {
        failure_of_page(result, site, body);
        return;
    }
    struct error ignored = { 0 };
    json_t *value = json_parse(body, &ignored);
    if (json_is_object(value) || json_is_array(value)) {
        failure_of_json(result, site, value);
    } else {
        struct finding finding = { .status = site->status };
        buf_append_slice(&finding.message, excerpt(body));
        classify(result, site, &finding);
        finding_clear(&finding);
    }
    json_decref(value);
}
