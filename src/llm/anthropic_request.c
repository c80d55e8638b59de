/* SPDX-License-Identifier: MIT */
#include "llm/anthropic_request.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "llm/answer_schema.h"
#include "llm/anthropic.h"
#include "llm/anthropic_turns.h"
#include "llm/dialect.h"

#define KEY_HEADER "x-api-key:"

enum {
    VERSION_UNNUMBERED = 9999,
    VERSION_EXTENDED = 305, /* answers of 8192 tokens */
    VERSION_LONG = 307,     /* of 64000 and more, and thinking */
    VERSION_ADAPTIVE = 406, /* measures its thinking itself; no prefill */
    BUDGET_LEAST = 1024,    /* tokens of thinking: fewer are refused */
};

/* A number of one or two digits; more are a date. */
static bool take_number(struct slice *rest, int *number)
{
    size_t len = 0;
    while (len < rest->len && isdigit((unsigned char)rest->ptr[len]))
        len++;
    if (len == 0 || len > 2)
        return false;
    *number = rest->ptr[0] - '0';
    if (len == 2)
        *number = *number * 10 + rest->ptr[1] - '0';
    *rest = slice_skip(*rest, len);
    return true;
}

int anthropic_model_version(struct slice model)
{
    ptrdiff_t at = slice_find(model, "claude-");
    if (at < 0)
        return 0;
    struct slice rest = slice_skip(model, (size_t)at + strlen("claude"));
    for (; rest.len; rest = slice_skip(rest, 1)) {
        int major = 0, minor = 0;
        struct slice number = slice_skip(rest, 1);
        if (*rest.ptr != '-' || !take_number(&number, &major))
            continue;
        if (number.len && strchr("-.", *number.ptr)) {
            number = slice_skip(number, 1);
            if (!take_number(&number, &minor))
                minor = 0;
        }
        return major * 100 + minor;
    }
    return VERSION_UNNUMBERED;
}

/* What is decided before the first byte is written. */
struct plan {
    int version;
    int64_t max_tokens;
    bool thinks; /* the user wants it to, and it may be asked */
    int64_t budget;
    const char *effort; /* NULL: its own */
};

/* The most tokens of an answer, where the user has not said: the API wants a
 * number. No model refuses these. */
static int64_t usual_max_tokens(int version)
{
    if (version == 0 || (version >= VERSION_EXTENDED && version < VERSION_LONG))
        return 8192;
    return version < VERSION_EXTENDED ? 4096 : 32000;
}

/* Tokens of thinking for a word; 0: the word is none. */
static int64_t budget_of(const char *word)
{
    static const struct {
        const char *word;
        int64_t budget;
    } budgets[] = {
        { "low", 2048 },
        { "medium", 8192 },
        { "on", 8192 },
        { "high", 24576 },
    };
    for (size_t i = 0; i < COUNTOF(budgets); i++) {
        if (!strcmp(word, budgets[i].word))
            return budgets[i].budget;
    }
    return strtoll(word, NULL, 10);
}

/* A turn that asked for tools must begin with its thinking, if thinking is on
 * while the results go back; the model that asked may have been another. */
static bool is_amid_foreign_calls(const struct chat_request *request)
{
    size_t i = request->messages ? messages_count(request->messages) : 0;
    if (i == 0 || messages_at(request->messages, i - 1)->role != ROLE_TOOL)
        return false;
    while (i > 0 && messages_at(request->messages, i - 1)->role == ROLE_TOOL)
        i--;
    const struct message *asker =
        i ? messages_at(request->messages, i - 1) : NULL;
    return !asker || !asker->part_count ||
           !provider_is_maker(request, &dialect_anthropic, asker) ||
           (asker->parts[0].kind != MESSAGE_THINKING &&
            asker->parts[0].kind != MESSAGE_OPAQUE);
}

static void plan_thinking(struct plan *plan, const struct chat_request *request)
{
    const char *word = request->reply.thinking;
    bool is_off = !dialect_is_thinking_set(request) || !strcmp(word, "off");
    if (is_off)
        return;
    plan->thinks = true;
    plan->budget = budget_of(word);
    if (plan->version >= VERSION_ADAPTIVE) {
        bool is_effort = isalpha((unsigned char)*word) && strcmp(word, "on");
        plan->effort = is_effort ? word : NULL;
        return;
    }
    if (plan->budget < BUDGET_LEAST)
        plan->budget = BUDGET_LEAST;
    /* Thinking counts; room for the answer is left. */
    int64_t room = plan->max_tokens - BUDGET_LEAST;
    if (request->reply.max_tokens < 0 && plan->version == 0)
        plan->max_tokens += plan->budget;
    else if (plan->budget > room)
        plan->budget = room;
    plan->thinks =
        plan->budget >= BUDGET_LEAST && !is_amid_foreign_calls(request);
}

static struct plan plan_of(const struct chat_request *request)
{
    struct plan plan = {
        .version = anthropic_model_version(slice_of(request->model)),
        .max_tokens = request->reply.max_tokens,
    };
    if (plan.max_tokens <= 0)
        plan.max_tokens = usual_max_tokens(plan.version);
    plan_thinking(&plan, request);
    return plan;
}

/* The newer form says only that it shall think, and how hard beside the format
 * of the answer; the older one counts tokens. A model of the newer kind does not
 * think unless it is told to, and may refuse to be told so. */
static void append_thinking(struct buf *body, const struct plan *plan,
                            const struct chat_request *request)
{
    bool is_adaptive = plan->version >= VERSION_ADAPTIVE;
    if (plan->thinks && is_adaptive) {
        buf_append_string(body, ",\"thinking\":{\"type\":\"adaptive\"}");
    } else if (plan->thinks) {
        buf_append_string(body, ",\"thinking\":{\"type\":\"enabled\"");
        dialect_append_number(body, "budget_tokens", plan->budget);
        buf_append_char(body, '}');
    } else if (dialect_is_thinking_set(request) && !is_adaptive) {
        buf_append_string(body, ",\"thinking\":{\"type\":\"disabled\"}");
    }
}

static void append_system(struct buf *body, const struct chat_request *request)
{
    struct buf words = { 0 };
    struct slice system =
        answer_schema_system(request, !answer_schema_is_weak(request), &words);
    if (slice_trim(system).len)
        dialect_append_text(body, "system", system);
    buf_clear(&words);
}

static void append_output(struct buf *body, const struct plan *plan,
                          const struct chat_request *request)
{
    bool has_schema = request->schema.len && !answer_schema_is_weak(request);
    if (!plan->effort && !has_schema)
        return;
    dialect_append_name(body, "output_config");
    buf_append_char(body, '{');
    if (plan->effort)
        dialect_append_text(body, "effort", slice_of(plan->effort));
    if (has_schema) {
        dialect_append_name(body, "format");
        buf_append_string(body, "{\"type\":\"json_schema\",\"schema\":");
        buf_append_slice(body, slice_trim(request->schema));
        buf_append_char(body, '}');
    }
    buf_append_char(body, '}');
}

static void append_stop(struct buf *body, const char *const *stop)
{
    dialect_append_name(body, "stop_sequences");
    buf_append_char(body, '[');
    for (; *stop; stop++) {
        /* One of white space alone is refused. */
        if (!slice_trim(slice_of(*stop)).len)
            continue;
        if (body->ptr[body->len - 1] != '[')
            buf_append_char(body, ',');
        json_append_quoted(body, slice_of(*stop));
    }
    buf_append_char(body, ']');
}

static void append_reply(struct buf *body, const struct plan *plan,
                         const struct chat_request *request)
{
    const struct reply_settings *reply = &request->reply;
    uint32_t set = provider_reply_parts(reply) & ~request->omit;
    append_thinking(body, plan, request);
    append_output(body, plan, request);
    /* A model that thinks has its own temperature: another is refused. */
    if (set & PART_TEMPERATURE && !plan->thinks)
        dialect_append_real(body, "temperature", reply->temperature);
    if (set & PART_TOP_P && !plan->thinks)
        dialect_append_real(body, "top_p", reply->top_p);
    if (set & PART_STOP)
        append_stop(body, reply->stop);
}

/* Where the end of what is sent can be read from the cache by the next request.
 * Writing to the cache costs more than not to: a single question pays nothing
 * for it. Others than Anthropic's models do not know it. */
static void append_cache_control(struct buf *body, const struct plan *plan,
                                 const struct chat_request *request)
{
    if (plan->version && request->messages &&
        messages_count(request->messages) > 1)
        buf_append_string(body, ",\"cache_control\":{\"type\":\"ephemeral\"}");
}

static void write_body(struct buf *body, const struct plan *plan,
                       const struct chat_request *request)
{
    buf_append_char(body, '{');
    dialect_append_text(body, "model", slice_of(request->model));
    dialect_append_number(body, "max_tokens", plan->max_tokens);
    dialect_append_flag(body, "stream", !request->reply.unstreamed);
    append_system(body, request);
    anthropic_append_tools(body, request);
    append_reply(body, plan, request);
    /* Late: a longer conversation then begins with the bytes of a shorter. */
    anthropic_append_turns(
        body, request,
        &(struct anthropic_turns){
            .needs_signature = plan->version > 0,
            .ends_with_user = plan->thinks || plan->version >= VERSION_ADAPTIVE,
        });
    append_cache_control(body, plan, request);
    buf_append_char(body, '}');
}

static size_t len_until(struct slice text, const char *marks)
{
    size_t len = 0;
    while (len < text.len && !strchr(marks, text.ptr[len]))
        len++;
    return len;
}

static bool is_anthropics_host(struct slice url)
{
    static const char domain[] = ".anthropic.com";
    ptrdiff_t scheme = slice_find(url, "://");
    struct slice host = slice_skip(url, scheme < 0 ? 0 : (size_t)scheme + 3);
    host.len = len_until(host, "/?#");
    if (len_until(host, "@") < host.len)
        host = slice_skip(host, len_until(host, "@") + 1);
    host.len = len_until(host, ":");
    size_t len = strlen(domain);
    return host.len > len && slice_is(slice_skip(host, host.len - len), domain);
}

static void add_other_headers(const struct chat_request *request,
                              struct wire_request *wire)
{
    wire_request_header(wire, "anthropic-version: 2023-06-01");
    if (request->key && *request->key &&
        !is_anthropics_host(slice_of(request->base_url)))
        wire_request_header(wire, "Authorization: Bearer %s", request->key);
}

void anthropic_add_key(const struct chat_request *request,
                       struct wire_request *wire)
{
    if (request->key && *request->key)
        wire_request_header(wire, KEY_HEADER " %s", request->key);
    add_other_headers(request, wire);
}

uint32_t anthropic_lacks(const struct chat_request *request)
{
    uint32_t lacks =
        PART_SEED | PART_REPEAT_PENALTY | PART_KEEP_ALIVE | PART_NUM_CTX;
    bool is_wanted = dialect_is_thinking_set(request) &&
                     strcmp(request->reply.thinking, "off") != 0;
    /* Where max_tokens leaves no room for it there is none. */
    if (is_wanted && !plan_of(request).thinks)
        lacks |= PART_THINKING;
    return lacks;
}

bool anthropic_write_request(const struct chat_request *request,
                             struct wire_request *wire, struct error *err)
{
    if (!dialect_start_request_as(request, KEY_HEADER, wire, err))
        return false;
    struct plan plan = plan_of(request);
    wire_request_header(wire, "Accept: %s",
                        request->reply.unstreamed ? "application/json"
                                                  : "text/event-stream");
    add_other_headers(request, wire);
    provider_join_url(&wire->url, request->base_url, "/v1/messages");
    write_body(&wire->body, &plan, request);
    return true;
}
