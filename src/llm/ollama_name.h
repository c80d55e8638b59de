/* SPDX-License-Identifier: MIT */
/*
 * ollama_name - which names are the same model to an Ollama (its
 * types/model/name.go): [HOST/][NAMESPACE/]MODEL[:TAG], where what is missing is
 * registry.ollama.ai, library and latest, and case does not count.
 */
#ifndef LLM_OLLAMA_NAME_H
#define LLM_OLLAMA_NAME_H

#include <stdbool.h>

#include "base/slice.h"

bool ollama_name_is_same(struct slice a, struct slice b);

/* The name says that the model is Ollama's own cloud's: "gpt-oss:120b-cloud". */
bool ollama_name_is_cloud(struct slice name);

#endif
