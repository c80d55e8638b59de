/* SPDX-License-Identifier: MIT */
/*
 * prompt_input - the prompt of a one-shot run: words, stdin and files.
 */
#ifndef APP_PROMPT_INPUT_H
#define APP_PROMPT_INPUT_H

#include "app/cli.h"
#include "chat/chat.h"

struct prompt_input {
    struct buf text;
    struct attachments files;
    bool used_stdin;     /* by the prompt or by a file "-" */
    bool has_piped_text; /* part of the prompt cannot be typed again */
    char *piped_path;    /* where that lies; NULL: nowhere */
};

/* Words are joined by blanks; stdin, if it is no terminal, is appended behind
 * an empty line, or attached for "-f -". False: nothing to send (ERROR_USAGE),
 * or a file that cannot go along (app/attach). */
bool prompt_input_read(struct prompt_input *input, const struct cli *cli,
                       struct error *err);
void prompt_input_clear(struct prompt_input *input);

#endif
