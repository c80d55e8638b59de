/* SPDX-License-Identifier: MIT */
#include "llm/token_count.h"

#include <jansson.h>

#include "base/json.h"
#include "llm/dialect.h"

bool token_count_is_told(enum model_server server)
{
    return server == SERVER_LLAMA || server == SERVER_LLAMA_ROUTER ||
           server == SERVER_VLLM;
}

/* What begins every prompt is no part of the text, and what looks like a mark
 * of the template is none. */
void token_count_ask(enum model_server server, const char *model,
                     struct slice text, struct buf *body)
{
    json_t *question = json_object();
    json_object_set_new(question, "model", json_string(model));
    json_object_set_new(question, server == SERVER_VLLM ? "prompt" : "content",
                        json_stringn(text.ptr, text.len));
    if (server == SERVER_VLLM) {
        json_object_set_new(question, "add_special_tokens", json_false());
    } else {
        json_object_set_new(question, "add_special", json_false());
        json_object_set_new(question, "parse_special", json_false());
    }
    json_append_value(body, question);
    json_decref(question);
}

bool token_count_read(struct slice body, uint64_t *tokens, struct error *err)
{
    json_t *root = dialect_parse_list(body, err);
    if (!root)
        return false;
    const json_t *list = json_member_array(root, "tokens");
    bool is_told = json_count(root, "count", tokens);
    if (!is_told && list)
        *tokens = json_array_size(list);
    is_told = is_told || list;
    json_decref(root);
    return is_told || error_set(err, ERROR_PROTOCOL,
                                "the server's count of tokens has no tokens");
}
