/* SPDX-License-Identifier: MIT */
/*
 * finding - the sentence, code and part that an error body names.
 *
 * Where servers put them differs by family; notes on the shapes are in the
 * table of find_message(). Texts are the server's own, whole and uncleaned.
 */
#ifndef LLM_FINDING_H
#define LLM_FINDING_H

#include <jansson.h>

#include "llm/provider.h"

enum {
    FINDING_DEPTH_MAX = 3, /* errors inside the string of an error */
};

/* All-zero is nothing found. */
struct finding {
    struct buf message;
    struct buf code;    /* codes and types, for classing */
    struct buf param;   /* the part of the request that it names */
    struct buf sign_in; /* an address to sign in at */
    int status;         /* as the body says, else as it was */
};

/* Read an error object, or an array of one, and errors wrapped in its text. */
void finding_read(struct finding *finding, const json_t *value);
void finding_clear(struct finding *finding);

/* The conversation does not fit into the model's window. */
bool finding_is_overflow(const struct finding *finding);

/* A key is missing or wrong. */
bool finding_is_key_problem(const struct finding *finding);

/* The account has no credit or its quota is used up: no waiting helps. */
bool finding_is_out_of_credit(const struct finding *finding);

/* The model has to be loaded first. */
bool finding_is_loading(const struct finding *finding);

/* The model does not fit into the memory that is free. What it needs and what
 * there is, in the server's words ("5.6 GiB"), where it tells; else empty. */
bool finding_is_out_of_memory(const struct finding *finding);
void finding_memory(const struct finding *finding, struct slice *need,
                    struct slice *free);

/* The model takes no images. */
bool finding_is_blind(const struct finding *finding);

/* The name in "model 'x' not found"; empty if it says something else. */
struct slice finding_missing_model(const struct finding *finding);

/* The optional part of a request that a 400 refuses by name, or 0. */
enum request_part finding_refused_part(const struct finding *finding);

#endif
