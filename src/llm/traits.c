/* SPDX-License-Identifier: MIT */
#include "llm/traits.h"

#include <string.h>
#include <strings.h>

#include "base/compiler.h"

#define BEARER "Authorization: Bearer"

enum { CALL_ID_MAX = 64, MISTRAL_CALL_ID = 9 };

/* What most have. */
#define COMMON .key_header = BEARER, .call_id_max = CALL_ID_MAX
#define EFFORT .thinking = THINKING_EFFORT, .thinking_off = "none"

/* The first row is that of servers nobody knows: mostly local ones. */
static const struct traits rows[] = {
    {
        .name = "generic",
        .hosts = "",
        COMMON,
        .max_tokens = "max_tokens",
        .repeat_penalty = "repeat_penalty",
        .seed = "seed",
        .thinking = THINKING_TEMPLATE,
    },
    {
        .name = "openai",
        .hosts = "api.openai.com",
        COMMON,
        .max_tokens = "max_completion_tokens",
        .seed = "seed",
        EFFORT,
    },
    {
        .name = "azure",
        .hosts = ".openai.azure.com .services.ai.azure.com "
                 ".cognitiveservices.azure.com",
        .key_header = "api-key:",
        .max_tokens = "max_completion_tokens",
        .seed = "seed",
        EFFORT,
        .call_id_max = CALL_ID_MAX,
    },
    {
        .name = "gemini",
        .hosts = "generativelanguage.googleapis.com",
        COMMON,
        .max_tokens = "max_tokens",
        EFFORT,
    },
    {
        .name = "openrouter",
        .hosts = "openrouter.ai",
        COMMON,
        .max_tokens = "max_tokens",
        .repeat_penalty = "repetition_penalty",
        .seed = "seed",
        .thinking = THINKING_OBJECT,
    },
    {
        .name = "groq",
        .hosts = "api.groq.com",
        COMMON,
        .max_tokens = "max_completion_tokens",
        .seed = "seed",
        EFFORT,
    },
    {
        .name = "mistral",
        .hosts = "api.mistral.ai codestral.mistral.ai",
        .key_header = BEARER,
        .max_tokens = "max_tokens",
        .seed = "random_seed",
        .thinking = THINKING_NONE,
        .call_id_max = MISTRAL_CALL_ID,
        .has_fixed_call_id = true,
    },
    {
        .name = "deepseek",
        .hosts = "api.deepseek.com",
        COMMON,
        .max_tokens = "max_tokens",
        .thinking = THINKING_SWITCH,
        .thinking_echo = THINKING_ECHO_ALWAYS,
        .has_no_schema = true,
    },
    {
        .name = "xai",
        .hosts = "api.x.ai",
        COMMON,
        .max_tokens = "max_completion_tokens",
        .seed = "seed",
        EFFORT,
    },
    {
        .name = "zai",
        .hosts = "api.z.ai open.bigmodel.cn",
        COMMON,
        .max_tokens = "max_tokens",
        .thinking = THINKING_SWITCH,
        .has_no_schema = true,
    },
    {
        .name = "perplexity",
        .hosts = "api.perplexity.ai",
        COMMON,
        .max_tokens = "max_tokens",
        .thinking = THINKING_EFFORT,
        .thinking_off = "minimal",
    },
    {
        .name = "vllm",
        .hosts = "api.together.xyz api.fireworks.ai",
        COMMON,
        .max_tokens = "max_tokens",
        .repeat_penalty = "repetition_penalty",
        .seed = "seed",
        .thinking = THINKING_TEMPLATE,
    },
};

size_t traits_count(void)
{
    return COUNTOF(rows);
}

const struct traits *traits_at(size_t index)
{
    return index < COUNTOF(rows) ? &rows[index] : NULL;
}

const struct traits *traits_find(struct slice name)
{
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        if (slice_is(name, rows[i].name))
            return &rows[i];
    }
    return NULL;
}

/* "host" of "scheme://user@host:port/path". */
static struct slice host_of(const char *url)
{
    const char *start = strstr(url, "://");
    start = start ? start + strlen("://") : url;
    size_t len = strcspn(start, "/?#");
    for (size_t i = len; i-- > 0;) {
        if (start[i] == '@') {
            start += i + 1;
            len -= i + 1;
            break;
        }
    }
    return (struct slice){ start, strcspn(start, ":/?#") };
}

/* A whole name, or what ends with a dot and the name; ".x" is the end only. */
static bool is_host(struct slice host, struct slice end)
{
    if (host.len < end.len || end.len == 0)
        return false;
    struct slice tail = slice_skip(host, host.len - end.len);
    if (strncasecmp(tail.ptr, end.ptr, end.len))
        return false;
    return host.len == end.len || *end.ptr == '.' || tail.ptr[-1] == '.';
}

static bool has_host(const struct traits *row, struct slice host)
{
    for (const char *word = row->hosts; *word;) {
        size_t len = strcspn(word, " ");
        if (is_host(host, (struct slice){ word, len }))
            return true;
        word += len + strspn(word + len, " ");
    }
    return false;
}

const struct traits *traits_of(const char *base_url, const char *like)
{
    const struct traits *named = like ? traits_find(slice_of(like)) : NULL;
    if (named || !base_url)
        return named ? named : &rows[0];
    struct slice host = host_of(base_url);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        if (has_host(&rows[i], host))
            return &rows[i];
    }
    return &rows[0];
}
