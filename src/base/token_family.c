/* SPDX-License-Identifier: MIT */
#include "base/token_family.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/compiler.h"

static const char *const names[] = {
    [TOKENS_UNKNOWN] = "unknown", [TOKENS_O200K] = "o200k",
    [TOKENS_CL100K] = "cl100k",   [TOKENS_LLAMA3] = "llama3",
    [TOKENS_QWEN] = "qwen",       [TOKENS_GEMMA] = "gemma",
    [TOKENS_TEKKEN] = "tekken",   [TOKENS_DEEPSEEK] = "deepseek",
    [TOKENS_CLAUDE3] = "claude3", [TOKENS_CLAUDE47] = "claude4.7",
    [TOKENS_LLAMA2] = "llama2",
};
static_assert(COUNTOF(names) == TOKENS_FAMILY_COUNT, "a family has no name");

struct row {
    const char *word;
    enum token_family family;
};

/* The first one that is in the name counts: what a model was distilled into, or
 * an exception, stands before the family that its name tells. */
static const struct row by_name[] = {
    { "distill-qwen", TOKENS_QWEN },
    { "distill-llama", TOKENS_LLAMA3 },
    { "deepseek-r1-0528-qwen3", TOKENS_QWEN },
    { "deepseek-coder:", TOKENS_LLAMA2 }, /* the first one: 32k */
    { "deepseek-r1:671b", TOKENS_DEEPSEEK },
    { "deepseek-r1:70b", TOKENS_LLAMA3 },
    { "deepseek-r1:8b", TOKENS_QWEN },
    { "deepseek-r1:14b", TOKENS_QWEN },
    { "deepseek-r1:", TOKENS_QWEN },
    { "deepseek", TOKENS_DEEPSEEK },
    { "gpt-oss", TOKENS_O200K },
    { "gpt-3.5", TOKENS_CL100K },
    { "gpt-4o", TOKENS_O200K },
    { "gpt-4.", TOKENS_O200K },
    { "gpt-4", TOKENS_CL100K },
    { "gpt-", TOKENS_O200K },
    { "chatgpt", TOKENS_O200K },
    { "codex", TOKENS_O200K },
    { "o1", TOKENS_O200K },
    { "o3", TOKENS_O200K },
    { "o4-", TOKENS_O200K },
    { "claude-opus-4-7", TOKENS_CLAUDE47 },
    { "claude-opus-4.7", TOKENS_CLAUDE47 },
    { "claude-opus-4-8", TOKENS_CLAUDE47 },
    { "claude-opus-4.8", TOKENS_CLAUDE47 },
    { "claude-opus-5", TOKENS_CLAUDE47 },
    { "claude-sonnet-5", TOKENS_CLAUDE47 },
    { "claude-haiku-5", TOKENS_CLAUDE47 },
    { "claude", TOKENS_CLAUDE3 },
    { "gemini", TOKENS_GEMMA },
    { "gemma", TOKENS_GEMMA },
    { "llama-4", TOKENS_O200K },
    { "llama4", TOKENS_O200K },
    { "llama-2", TOKENS_LLAMA2 },
    { "llama2", TOKENS_LLAMA2 },
    { "codellama", TOKENS_LLAMA2 },
    { "tinyllama", TOKENS_LLAMA2 },
    { "vicuna", TOKENS_LLAMA2 },
    { "llava", TOKENS_LLAMA2 },
    { "llama", TOKENS_LLAMA3 },
    { "hermes-3", TOKENS_LLAMA3 },
    { "hermes3", TOKENS_LLAMA3 },
    { "hermes-4", TOKENS_LLAMA3 },
    { "nemotron", TOKENS_LLAMA3 },
    { "qwen", TOKENS_QWEN },
    { "qwq", TOKENS_QWEN },
    { "qvq", TOKENS_QWEN },
    { "glm", TOKENS_CL100K },
    { "kimi", TOKENS_DEEPSEEK },
    { "nemo", TOKENS_TEKKEN },
    { "pixtral", TOKENS_TEKKEN },
    { "ministral", TOKENS_TEKKEN },
    { "devstral", TOKENS_TEKKEN },
    { "magistral", TOKENS_TEKKEN },
    { "voxtral", TOKENS_TEKKEN },
    { "mistral-small", TOKENS_TEKKEN },
    { "mistral-medium", TOKENS_TEKKEN },
    { "mistral-large-3", TOKENS_TEKKEN },
    { "mistral", TOKENS_LLAMA2 },
    { "mixtral", TOKENS_LLAMA2 },
    { "codestral", TOKENS_LLAMA2 },
    { "zephyr", TOKENS_LLAMA2 },
    { "openchat", TOKENS_LLAMA2 },
    { "solar", TOKENS_LLAMA2 },
    { "phi-4-mini", TOKENS_O200K },
    { "phi4-mini", TOKENS_O200K },
    { "phi-4", TOKENS_CL100K },
    { "phi4", TOKENS_CL100K },
    { "phi-3", TOKENS_LLAMA2 },
    { "phi3", TOKENS_LLAMA2 },
    { "olmo-2", TOKENS_CL100K },
    { "olmo2", TOKENS_CL100K },
    { "olmo-3", TOKENS_CL100K },
    { "olmo3", TOKENS_CL100K },
    { "dbrx", TOKENS_CL100K },
};

/* llama.cpp, src/llama-vocab.cpp, of vocabularies that are byte-level BPE. */
static const struct row by_pre[] = {
    { "llama-bpe", TOKENS_LLAMA3 },
    { "llama3", TOKENS_LLAMA3 },
    { "llama-v3", TOKENS_LLAMA3 },
    { "smaug-bpe", TOKENS_LLAMA3 },
    { "dbrx", TOKENS_CL100K },
    { "olmo", TOKENS_CL100K },
    { "glm4", TOKENS_CL100K },
    { "chatglm-bpe", TOKENS_CL100K },
    { "qwen2", TOKENS_QWEN },
    { "qwen35", TOKENS_QWEN },
    { "deepseek-r1-qwen", TOKENS_QWEN },
    { "megrez", TOKENS_QWEN },
    { "gpt-4o", TOKENS_O200K },
    { "llama4", TOKENS_O200K },
    { "tekken", TOKENS_TEKKEN },
    { "pixtral", TOKENS_TEKKEN },
    { "deepseek-llm", TOKENS_DEEPSEEK },
    { "deepseek-v3", TOKENS_DEEPSEEK },
    { "kimi-k2", TOKENS_DEEPSEEK },
    { "deepseek-coder", TOKENS_LLAMA2 },
};

/* As the makers have filled them up: their model cards' config.json. */
static const struct {
    uint64_t first, last;
    enum token_family family;
} by_size[] = {
    { 32000, 32768, TOKENS_LLAMA2 },     /* Llama 2, Mistral 7B, Phi 3 */
    { 100256, 100608, TOKENS_CL100K },   /* GPT-4, Phi 4, OLMo 2, DBRX */
    { 102400, 102400, TOKENS_DEEPSEEK }, /* V2 */
    { 128256, 128320, TOKENS_LLAMA3 },
    { 128000, 128255, TOKENS_DEEPSEEK },
    { 129280, 129280, TOKENS_DEEPSEEK }, /* V3, R1 */
    { 131072, 131072, TOKENS_TEKKEN },
    { 151552, 151552, TOKENS_CL100K }, /* GLM 4 */
    { 151643, 152064, TOKENS_QWEN },   /* 2, 3 */
    { 248000, 248320, TOKENS_QWEN },   /* 3.5 */
    { 199997, 202048, TOKENS_O200K },  /* gpt-oss, Llama 4, Phi 4 mini */
    { 255000, 262208, TOKENS_GEMMA },
};

const char *token_family_name(enum token_family family)
{
    return names[family];
}

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Where a word begins. */
static bool has_word(struct slice text, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= text.len; i++) {
        if ((!i || !is_alphanumeric(text.ptr[i - 1])) &&
            !strncasecmp(text.ptr + i, word, len))
            return true;
    }
    return false;
}

enum token_family token_family_of_name(struct slice model)
{
    for (size_t i = 0; i < COUNTOF(by_name); i++) {
        if (has_word(model, by_name[i].word))
            return by_name[i].family;
    }
    return TOKENS_UNKNOWN;
}

enum token_family token_family_of_gguf(struct slice model, struct slice pre,
                                       struct slice architecture)
{
    for (size_t i = 0; i < COUNTOF(by_pre); i++) {
        if (slice_is(pre, by_pre[i].word))
            return by_pre[i].family;
    }
    if (has_word(architecture, "gemma"))
        return TOKENS_GEMMA;
    /* SentencePiece; others that have it are as large as Gemma's. */
    return slice_is(model, "llama") ? TOKENS_LLAMA2 : TOKENS_UNKNOWN;
}

enum token_family token_family_of_size(uint64_t vocabulary)
{
    for (size_t i = 0; i < COUNTOF(by_size); i++) {
        if (vocabulary >= by_size[i].first && vocabulary <= by_size[i].last)
            return by_size[i].family;
    }
    return TOKENS_UNKNOWN;
}
