/* SPDX-License-Identifier: MIT */
#include "llm/embed_text.h"

#include <math.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/json.h"
#include "base/memory.h"
#include "llm/chat_completions.h"
#include "llm/dialect.h"
#include "llm/ollama.h"
#include "llm/responses.h"

const char *embed_text_path(const struct dialect *dialect)
{
    if (dialect == &dialect_ollama)
        return "/api/embed";
    return dialect == &dialect_chat_completions || dialect == &dialect_responses
               ? "/embeddings"
               : NULL;
}

/* A text that is too long for the model is cut by it: Ollama has to be told. */
void embed_text_ask(const struct dialect *dialect, const char *model,
                    const struct embed_texts *texts, struct buf *body)
{
    json_t *question = json_object(), *input = json_array();
    for (size_t i = 0; i < texts->items.count; i++)
        json_array_append_new(input, json_stringn(texts->items.items[i].ptr,
                                                  texts->items.items[i].len));
    json_object_set_new(question, "model", json_string(model));
    json_object_set_new(question, "input", input);
    if (dialect == &dialect_ollama)
        json_object_set_new(question, "truncate", json_true());
    json_append_value(body, question);
    json_decref(question);
}

/* The vector of a text; NULL: there is none. */
static const json_t *vector_of(const json_t *root, bool is_ollama, size_t index)
{
    if (is_ollama)
        return json_array_get(json_object_get(root, "embeddings"), index);
    const json_t *data = json_object_get(root, "data");
    for (size_t i = 0; i < json_array_size(data); i++) {
        const json_t *row = json_array_get(data, i);
        const json_t *number = json_object_get(row, "index");
        size_t own =
            json_is_integer(number) ? (size_t)json_integer_value(number) : i;
        if (own == index)
            return json_object_get(row, "embedding");
    }
    return NULL;
}

static bool take(const json_t *vector, size_t dimension, float *out)
{
    if (!json_is_array(vector) || json_array_size(vector) != dimension)
        return false;
    for (size_t i = 0; i < dimension; i++) {
        const json_t *number = json_array_get(vector, i);
        double value = json_number_value(number);
        if (!json_is_number(number) || fabs(value) > 1e30)
            return false;
        out[i] = (float)value;
    }
    return true;
}

static float *take_all(const json_t *root, bool is_ollama, size_t count,
                       size_t *dimension)
{
    size_t size = json_array_size(vector_of(root, is_ollama, 0));
    if (!size || size > EMBED_DIMENSION_MAX)
        return NULL;
    float *vectors = memory_zero(count * size, sizeof *vectors);
    for (size_t i = 0; i < count; i++)
        if (!take(vector_of(root, is_ollama, i), size, vectors + i * size)) {
            free(vectors);
            return NULL;
        }
    *dimension = size;
    return vectors;
}

float *embed_text_read(const struct dialect *dialect, struct slice body,
                       size_t count, size_t *dimension, struct error *err)
{
    json_t *root = dialect_parse_list(body, err);
    if (!root)
        return NULL;
    float *vectors =
        take_all(root, dialect == &dialect_ollama, count, dimension);
    json_decref(root);
    if (!vectors)
        error_set(err, ERROR_PROTOCOL,
                  "the server's answer has no vector for each text");
    return vectors;
}
