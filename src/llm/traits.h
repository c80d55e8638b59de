/* SPDX-License-Identifier: MIT */
/*
 * traits - where servers of Chat Completions differ: a row for each family.
 *
 * The row is found by the host of the base address, or by its name where the
 * settings give one (`like`, for gateways and proxies). A server that refuses a
 * parameter by name corrects its row for its model: enum request_part.
 * Sources: the providers' API references as of 2026, and recorded answers.
 */
#ifndef LLM_TRAITS_H
#define LLM_TRAITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "llm/provider.h"

/* How a server is told whether, and how hard, to think. */
enum thinking_form {
    THINKING_EFFORT,   /* "reasoning_effort":"low" */
    THINKING_OBJECT,   /* "reasoning":{"effort":"low"} or {"enabled":false} */
    THINKING_SWITCH,   /* "thinking":{"type":"enabled"}; it knows no effort */
    THINKING_TEMPLATE, /* on and off go to the chat template, effort as above */
    THINKING_NONE,
};

/* When thinking goes back in the field in which it came. */
enum thinking_echo {
    THINKING_ECHO_NEVER,
    THINKING_ECHO_ALWAYS, /* with every answer, empty where there was none */
};

struct traits {
    const char *name;
    const char *hosts;      /* ends of host names, blanks between; "": none */
    const char *key_header; /* before the key */
    const char *max_tokens; /* names of parameters; NULL: it has none */
    const char *repeat_penalty;
    const char *seed;
    enum thinking_form thinking;
    const char *thinking_off; /* the effort that means none */
    enum thinking_echo thinking_echo;
    uint32_t call_id_max;   /* characters of a call's id */
    bool has_fixed_call_id; /* just so many, letters and digits */
    bool has_no_schema;     /* of answers: it knows only "some JSON" */
};

/* Never NULL: a server that nobody knows gets the row "generic". `like` is the
 * name of a row or NULL. */
const struct traits *traits_of(const char *base_url, const char *like);

/* NULL if there is no such row. */
const struct traits *traits_find(struct slice name);

/* Rows, for help and tests. */
size_t traits_count(void);
const struct traits *traits_at(size_t index);

#endif
