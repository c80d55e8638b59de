/* SPDX-License-Identifier: MIT */
#include "llm/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* How servers say that the conversation does not fit; there is no common
 * code. */
static const char *const overflow_signs[] = {
    "context_length_exceeded", "exceed_context_size_error",
    "maximum context length",  "prompt is too long",
    "too_many_prompt_tokens",  "exceeds the context window",
    "exceeded max context",    "exceeds the available context",
    "input token count",       "exceed context limit",
};

/* Ollama's scheduler, ggml's allocators (what of a runner's last words Ollama
 * hands on), llama-server, vLLM. */
static const char *const memory_signs[] = {
    "requires more system memory",
    "requires more gpu memory",
    "more memory than is available",
    "out of memory",
    "outofmemory",
    "unable to allocate",
    "failed to allocate",
    "cannot allocate memory",
    "no available memory for the cache blocks",
    "insufficient memory",
    "insufficient system resources", /* LM Studio's guard */
};

/* OpenAI, Anthropic, DeepSeek, OpenRouter. */
static const char *const credit_signs[] = {
    "insufficient_quota",   "exceeded your current quota",
    "billing_error",        "credit balance is too low",
    "insufficient balance", "insufficient_credits",
};

/* The words of an error inside a stream, whose status was 200: what it would be
 * in a head. */
static const struct {
    const char *code;
    int status;
} code_statuses[] = {
    { "overloaded_error", 529 },    { "server_is_overloaded", 503 },
    { "service_unavailable", 503 }, { "rate_limit", 429 },
    { "insufficient_quota", 429 },  { "timeout_error", 504 },
    { "api_error", 500 },           { "server_error", 500 },
    { "internal_error", 500 },      { "authentication_error", 401 },
    { "permission_error", 403 },    { "billing_error", 402 },
    { "not_found_error", 404 },     { "invalid_request_error", 400 },
};

/* llama-server without a projector; Ollama, of old and of new; OpenRouter; LM
 * Studio; vLLM; OpenAI; DeepSeek, which does not know the part. */
static const char *const blind_signs[] = {
    "image input is not supported",
    "does not support image",
    "missing data required for image input",
    "does not support vision",
    "support image input",
    "is not a multimodal model",
    "at most 0 image",
    "image_url is only supported by certain models",
    "unknown variant `image_url`",
};

static const char *const absent_signs[] = {
    "not found",
    "not exist",
    "try pulling",
    "model_not_found",
};

/* Words by which a server says that it does not know or allow a parameter, and
 * not that its value is out of range. */
static const char *const refusal_signs[] = {
    "support",     "unrecognized",  "unrecognised",
    "unknown",     "unexpected",    "deprecated",
    "not allowed", "not permitted", "extra_forbidden",
};

/* Of what is no schema to the server: Ollama (which says so as a 500) before
 * 0.5, and where it has no grammar for one (ollama#8185); llama-server. */
static const char *const schema_signs[] = {
    "field ChatRequest.format",
    "JSON schema in format",
    "schema conversion failed",
    "failed to parse grammar",
};

static const struct {
    enum request_part part;
    const char *name;
    /* Naming it is refusing it: the user never chose its value. */
    bool by_name_alone;
} part_names[] = {
    { PART_STREAM_OPTIONS, "stream_options", true },
    { PART_THINKING_LEFT_OUT, "reasoning_content", true },
    { PART_THINKING, "chat_template_kwargs", true },
    { PART_SCHEMA, "output_config.format", true },
    { PART_THINKING, "effort", false },
    { PART_THINKING, "think", false },
    { PART_THINKING_SUMMARY, "reasoning.summary", false },
    { PART_THINKING, "reasoning.", false },
    { PART_THINKING, "thinking", false },
    { PART_MAX_TOKENS, "max_completion_tokens", false },
    { PART_MAX_TOKENS, "max_output_tokens", false },
    { PART_MAX_TOKENS_RENAMED, "max_tokens", false },
    { PART_TEMPERATURE, "temperature", false },
    { PART_TOP_P, "top_p", false },
    { PART_REPEAT_PENALTY, "repetition_penalty", false },
    { PART_REPEAT_PENALTY, "repeat_penalty", false },
    { PART_SCHEMA, "response_format", true },
    { PART_SCHEMA, "json_schema", true },
    { PART_SCHEMA, "text.format", true },
    { PART_SEED, "random_seed", false },
    { PART_SEED, "seed", false },
    { PART_STOP, "stop", false },
    { PART_THINKING, "include", false }, /* of what was thought, encrypted */
};

static bool contains(const struct buf *text, const char *needle)
{
    return strcasestr(buf_string(text), needle) != NULL;
}

static bool contains_any(const struct finding *finding,
                         const char *const *needles, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (contains(&finding->message, needles[i]) ||
            contains(&finding->code, needles[i]))
            return true;
    }
    return false;
}

void finding_clear(struct finding *finding)
{
    buf_clear(&finding->message);
    buf_clear(&finding->code);
    buf_clear(&finding->param);
    buf_clear(&finding->sign_in);
}

/* Codes come as words, as numbers and as numbers in words. */
static void find_code(struct finding *finding, const json_t *object,
                      const char *name)
{
    uint64_t number = 0;
    struct slice text = json_slice(object, name);
    if (text.len) {
        buf_append_char(&finding->code, ' ');
        buf_append_slice(&finding->code, text);
        number =
            strtoul(buf_string(&finding->code) + finding->code.len - text.len,
                    NULL, 10);
    } else if (!json_count(object, name, &number)) {
        return;
    }
    if (number >= 400 && number < 600)
        finding->status = (int)number;
}

static struct slice first_message(const json_t *array, const char *name)
{
    return json_slice(json_array_get(array, 0), name);
}

/* The sentence, by the places where servers put it, the best one first. */
static struct slice find_message(const json_t *root, const json_t *error)
{
    const struct slice places[] = {
        json_slice(error, "message"),
        json_slice(root, "error"),
        json_slice(root, "message"),
        json_slice(root, "detail"),
        first_message(json_member_array(root, "detail"), "msg"),
        first_message(json_member_array(root, "errors"), "message"),
        json_slice(error, "detail"),
        json_slice(error, "type"),
    };
    for (size_t i = 0; i < COUNTOF(places); i++) {
        if (slice_trim(places[i]).len)
            return places[i];
    }
    return (struct slice){ 0 };
}

/* What gateways put beside a sentence that says nothing. */
static void find_more(struct finding *finding, const json_t *error)
{
    struct slice raw = json_slice(json_member_object(error, "metadata"), "raw");
    if (raw.len) {
        buf_append_string(&finding->message, ": ");
        buf_append_slice(&finding->message, raw);
    }
    struct slice written = json_slice(error, "failed_generation");
    if (written.len) {
        buf_append_string(&finding->message, "; the model wrote: ");
        buf_append_slice(&finding->message, written);
    }
}

static void find(struct finding *finding, const json_t *value)
{
    static const char *const code_names[] = {
        "code",
        "type",
        "status_code",
        "StatusCode",
    };
    const json_t *root =
        json_is_array(value) ? json_array_get(value, 0) : value;
    const json_t *error = json_member_object(root, "error");
    for (size_t i = 0; i < COUNTOF(code_names); i++) {
        find_code(finding, root, code_names[i]);
        find_code(finding, error, code_names[i]);
    }
    buf_append_slice(&finding->param,
                     json_slice(error ? error : root, "param"));
    buf_append_slice(&finding->sign_in, json_slice(root, "signin_url"));
    buf_reset(&finding->message);
    buf_append_slice(&finding->message, find_message(root, error));
    find_more(finding, error);
}

/* Ollama hands on the body of its runner as a string, and gateways do the same
 * with each other. */
static void unwrap(struct finding *finding)
{
    for (int depth = 1; depth < FINDING_DEPTH_MAX; depth++) {
        struct slice text = slice_trim(buf_slice(&finding->message));
        if (!slice_starts(text, "{") && !slice_starts(text, "["))
            return;
        struct error ignored = { 0 };
        json_t *inner = json_parse(text, &ignored);
        struct finding deeper = { .status = finding->status };
        if (inner)
            find(&deeper, inner);
        json_decref(inner);
        if (!deeper.message.len) {
            finding_clear(&deeper);
            return;
        }
        buf_append_slice(&deeper.code, buf_slice(&finding->code));
        finding_clear(finding);
        *finding = deeper;
    }
}

void finding_read(struct finding *finding, const json_t *value)
{
    find(finding, value);
    unwrap(finding);
    for (size_t i = 0; i < COUNTOF(code_statuses) && finding->status < 300;
         i++) {
        if (contains(&finding->code, code_statuses[i].code))
            finding->status = code_statuses[i].status;
    }
}

bool finding_is_overflow(const struct finding *finding)
{
    return contains_any(finding, overflow_signs, COUNTOF(overflow_signs));
}

bool finding_is_out_of_memory(const struct finding *finding)
{
    return finding->status >= 500 || finding->status < 300
               ? contains_any(finding, memory_signs, COUNTOF(memory_signs))
               : contains(&finding->message, memory_signs[0]) ||
                     contains(&finding->message, memory_signs[1]);
}

static struct slice in_brackets_after(const struct finding *finding,
                                      const char *words)
{
    const char *at = strcasestr(buf_string(&finding->message), words);
    const char *open = at ? at + strlen(words) : NULL;
    const char *close = open && *open == '(' ? strchr(open, ')') : NULL;
    if (!close)
        return (struct slice){ 0 };
    return (struct slice){ open + 1, (size_t)(close - open - 1) };
}

/* "model requires more system memory (5.6 GiB) than is available (3.2 GiB)" */
void finding_memory(const struct finding *finding, struct slice *need,
                    struct slice *free)
{
    *need = in_brackets_after(finding, "memory ");
    *free = in_brackets_after(finding, "available ");
}

bool finding_is_key_problem(const struct finding *finding)
{
    const struct buf *words = &finding->message;
    if (finding->status == 401 || contains(&finding->code, "invalid_api_key") ||
        contains(&finding->code, "authentication_error"))
        return true;
    /* Else it is what the key is good for: a model, a country. */
    if (finding->status == 403)
        return (contains(words, "key") || contains(words, "credential") ||
                contains(words, "authenti")) &&
               !contains(words, "permission") && !contains(words, "model");
    /* Elsewhere the word stands in advice: "add your own API key". */
    return finding->status == 400 &&
           (contains(words, "api key") || contains(words, "api_key"));
}

bool finding_is_blind(const struct finding *finding)
{
    return contains_any(finding, blind_signs, COUNTOF(blind_signs));
}

bool finding_is_out_of_credit(const struct finding *finding)
{
    return finding->status == 402 ||
           contains_any(finding, credit_signs, COUNTOF(credit_signs));
}

bool finding_is_loading(const struct finding *finding)
{
    return finding->status == 503 &&
           (contains(&finding->message, "loading") ||
            contains(&finding->code, "unavailable_error"));
}

struct slice finding_missing_model(const struct finding *finding)
{
    const char *at = strcasestr(buf_string(&finding->message), "model ");
    if (!at || !contains_any(finding, absent_signs, COUNTOF(absent_signs)))
        return (struct slice){ 0 };
    const char *quote = at + strlen("model ");
    const char *end = NULL;
    if (*quote == '\'' || *quote == '"' || *quote == '`')
        end = strchr(quote + 1, *quote);
    if (!end)
        return (struct slice){ 0 };
    return (struct slice){ quote + 1, (size_t)(end - quote - 1) };
}

/* Whatever parameter it names: Responses has them in a list of others. OpenAI's
 * models that think forbid them (403). */
static bool refuses_logprobs(const struct finding *finding)
{
    bool is_about = finding->status == 400 || finding->status == 403 ||
                    finding->status == 422;
    return is_about && (contains(&finding->param, "logprobs") ||
                        contains(&finding->message, "logprobs"));
}

enum request_part finding_refused_part(const struct finding *finding)
{
    bool is_schema = finding->status >= 400 &&
                     contains_any(finding, schema_signs, COUNTOF(schema_signs));
    if (is_schema)
        return PART_SCHEMA;
    if (refuses_logprobs(finding))
        return PART_LOGPROBS;
    if (finding->status != 400 && finding->status != 422)
        return 0;
    bool refuses = contains_any(finding, refusal_signs, COUNTOF(refusal_signs));
    for (size_t i = 0; i < COUNTOF(part_names); i++) {
        bool is_named = contains(&finding->param, part_names[i].name) ||
                        (!finding->param.len &&
                         contains(&finding->message, part_names[i].name));
        if (is_named && (refuses || part_names[i].by_name_alone))
            return part_names[i].part;
    }
    return 0;
}
