/* SPDX-License-Identifier: MIT */
/*
 * llama - a real llama-server that says what a script tells it, beside the
 * project (server/llama of the shared data says how); a skip where there is
 * none.
 */
#ifndef TESTS_SUPPORT_LLAMA_H
#define TESTS_SUPPORT_LLAMA_H

#include "tests/support/scratch.h"

struct llama {
    int port; /* 0: there is none, which was noted */
    char program[SCRATCH_PATH_MAX], directory[SCRATCH_PATH_MAX];
};

/* Unpacks it, which takes some seconds: once for all tests of a case. */
void llama_start(struct llama *llama);
void llama_stop(struct llama *llama);

#endif
