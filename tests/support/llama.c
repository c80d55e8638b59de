/* SPDX-License-Identifier: MIT */
#include "tests/support/llama.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "tests/support/server.h"
#include "tests/support/skip.h"

enum { NOT_TO_BE_HAD = 77 };

static int run(const struct llama *llama, const char *words)
{
    char line[2 * SCRATCH_PATH_MAX + 128];
    snprintf(line, sizeof line, "exec '%s' %s >/dev/null 2>&1 </dev/null",
             llama->program, words);
    int status = system(line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void llama_start(struct llama *llama)
{
    const char *program = shared_path("server/llama");
    char words[SCRATCH_PATH_MAX + 64];
    *llama = (struct llama){ 0 };
    if (!program)
        return;
    snprintf(llama->program, sizeof llama->program, "%s", program);
    scratch_directory(llama->directory, "llama");
    snprintf(words, sizeof words, "get '%s'", llama->directory);
    if (run(llama, words) == NOT_TO_BE_HAD) {
        skip_note("llama");
        return;
    }
    llama->port = server_free_port();
    snprintf(words, sizeof words, "start '%s' tools %d scripted -np 1",
             llama->directory, llama->port);
    if (run(llama, words) != 0) {
        skip_note("llama");
        llama->port = 0;
    }
}

void llama_stop(struct llama *llama)
{
    char words[SCRATCH_PATH_MAX + 64];
    if (llama->port) {
        snprintf(words, sizeof words, "stop '%s' tools", llama->directory);
        run(llama, words);
    }
    if (llama->directory[0])
        scratch_remove(llama->directory);
}
