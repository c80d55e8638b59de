/* SPDX-License-Identifier: MIT */
/*
 * embed_text - how a server is asked for the vectors of texts: the question and
 * its answer, pure.
 *
 * Ollama has POST /api/embed {model, input, truncate}, which answers
 * {"embeddings": [[...], ...]} (docs/api.md); llama-server, vLLM and all that
 * speak as OpenAI does have POST /v1/embeddings {model, input}, which answers
 * {"data": [{"index": 0, "embedding": [...]}, ...]}, in any order.
 */
#ifndef LLM_EMBED_TEXT_H
#define LLM_EMBED_TEXT_H

#include "base/array.h"
#include "base/buf.h"
#include "base/error.h"
#include "llm/provider.h"

enum { EMBED_DIMENSION_MAX = 16384 };

struct embed_texts {
    ARRAY_OF(struct slice) items; /* borrowed */
};

/* Where to ask; NULL: servers of the dialect have none. */
const char *embed_text_path(const struct dialect *dialect);

/* Append the body of the question. */
void embed_text_ask(const struct dialect *dialect, const char *model,
                    const struct embed_texts *texts, struct buf *body);

/* A vector for each of `count` texts, of `dimension` numbers, one behind the
 * other: owned by the caller. NULL: ERROR_PROTOCOL. */
float *embed_text_read(const struct dialect *dialect, struct slice body,
                       size_t count, size_t *dimension, struct error *err);

#endif
