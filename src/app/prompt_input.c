/* SPDX-License-Identifier: MIT */
#include "app/prompt_input.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/attach.h"
#include "base/media.h"
#include "base/path.h"

/* A prompt is text and nothing else. */
static bool check_text(struct slice bytes, const char *name, struct error *err)
{
    struct media media = media_sniff(bytes);
    if (media.kind == MEDIA_TEXT)
        return true;
    return error_set(err, ERROR_USAGE,
                     "%s is %s, and no prompt; -f - attaches a picture%s%s",
                     name, media.about, media.cure ? "; " : "",
                     media.cure ? media.cure : "");
}

static bool attach_stdin(struct prompt_input *input, struct error *err)
{
    struct buf bytes = { 0 };
    input->used_stdin = true;
    if (path_read_fd(&bytes, STDIN_FILENO, ATTACH_IMAGE_MAX, "standard input",
                     err) &&
        attach_bytes(&input->files, "stdin", &bytes, slice_of(""), err)) {
        array_last(&input->files.list)->resolved = attach_resolve(STDIN_FILENO);
        return true;
    }
    buf_clear(&bytes);
    return false;
}

static bool attach_files(struct prompt_input *input, const struct cli *cli,
                         struct error *err)
{
    bool ok = true;
    for (size_t i = 0; i < cli->files.count && ok; i++) {
        const char *place = cli->files.items[i];
        ok = strcmp(place, "-")
                 ? attach_add(&input->files, slice_of(place), slice_of(""), err)
                 : attach_stdin(input, err);
    }
    /* Whatever keeps a file from going, it is another one that is wanted. */
    if (!ok)
        err->kind = ERROR_USAGE;
    return ok;
}

static bool append_stdin(struct prompt_input *input, struct error *err)
{
    struct buf text = { 0 };
    input->used_stdin = true;
    bool ok = path_read_fd(&text, STDIN_FILENO, CHAT_PROMPT_MAX,
                           "standard input", err) &&
              check_text(buf_slice(&text), "standard input", err);
    struct slice trimmed = buf_slice(&text);
    while (trimmed.len && trimmed.ptr[trimmed.len - 1] == '\n')
        trimmed.len--;
    if (ok && trimmed.len) {
        input->has_piped_text = true;
        input->piped_path = attach_resolve(STDIN_FILENO);
        if (input->text.len)
            buf_append_string(&input->text, "\n\n");
        buf_append_slice(&input->text, trimmed);
    }
    buf_clear(&text);
    return ok;
}

bool prompt_input_read(struct prompt_input *input, const struct cli *cli,
                       struct error *err)
{
    for (size_t i = 0; i < cli->words.count; i++)
        buf_printf(&input->text, "%s%s", i ? " " : "", cli->words.items[i]);
    if (!check_text(buf_slice(&input->text), "the prompt", err) ||
        !attach_files(input, cli, err))
        return false;
    if (!input->used_stdin && !isatty(STDIN_FILENO) &&
        fcntl(STDIN_FILENO, F_GETFD) >= 0 && !append_stdin(input, err))
        return false;
    if (slice_trim(buf_slice(&input->text)).len == 0 &&
        !input->files.list.count)
        return error_set(err, ERROR_USAGE,
                         "there is no prompt: give one as an argument or on "
                         "standard input");
    return true;
}

void prompt_input_clear(struct prompt_input *input)
{
    attachments_clear(&input->files);
    buf_clear(&input->text);
    free(input->piped_path);
}
