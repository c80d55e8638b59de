/* SPDX-License-Identifier: MIT */
#include "app/prompt_input.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/utf8.h"

static bool read_stdin(struct prompt_input *input, struct buf *out,
                       struct error *err)
{
    input->used_stdin = true;
    return path_read_fd(out, STDIN_FILENO, CHAT_PROMPT_MAX, "standard input",
                        err);
}

/* A NUL, or bytes that are no UTF-8, make no prompt. */
static bool check_text(struct slice bytes, const char *name, struct error *err)
{
    if (bytes.len && memchr(bytes.ptr, '\0', bytes.len))
        return error_set(err, ERROR_USAGE,
                         "%s is no text file (it holds NUL bytes); this "
                         "release attaches text only",
                         name);
    if (!utf8_is_valid(bytes))
        return error_set(err, ERROR_USAGE,
                         "%s is not UTF-8 text; convert it first, for example "
                         "with iconv",
                         name);
    return true;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static bool read_file(struct prompt_input *input, const char *path,
                      struct error *err)
{
    struct buf *content = array_add(&input->contents);
    *content = (struct buf){ 0 };
    bool is_stdin = !strcmp(path, "-");
    bool ok = is_stdin ? read_stdin(input, content, err)
                       : path_read_file(content, path, PROMPT_FILE_MAX, err);
    if (!ok && err->kind == ERROR_SYSTEM)
        err->kind = ERROR_USAGE;
    return ok && check_text(buf_slice(content),
                            is_stdin ? "standard input" : path, err);
}

static bool read_files(struct prompt_input *input, const struct cli *cli,
                       struct error *err)
{
    for (size_t i = 0; i < cli->files.count; i++) {
        if (!read_file(input, cli->files.items[i], err))
            return false;
    }
    /* Slices only now: `contents` has stopped moving. */
    for (size_t i = 0; i < cli->files.count; i++) {
        const char *path = cli->files.items[i];
        *array_add(&input->files) = (struct chat_attachment){
            .name = strcmp(path, "-") ? base_name(path) : "stdin",
            .media_type = "text/plain",
            .text = buf_slice(&input->contents.items[i]),
        };
    }
    return true;
}

static bool append_stdin(struct prompt_input *input, struct error *err)
{
    struct buf text = { 0 };
    bool ok = read_stdin(input, &text, err) &&
              check_text(buf_slice(&text), "standard input", err);
    struct slice trimmed = buf_slice(&text);
    while (trimmed.len && trimmed.ptr[trimmed.len - 1] == '\n')
        trimmed.len--;
    if (ok && trimmed.len) {
        input->has_piped_text = true;
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
        !read_files(input, cli, err))
        return false;
    if (!input->used_stdin && !isatty(STDIN_FILENO) &&
        fcntl(STDIN_FILENO, F_GETFD) >= 0 && !append_stdin(input, err))
        return false;
    if (slice_trim(buf_slice(&input->text)).len == 0 && !input->files.count)
        return error_set(err, ERROR_USAGE,
                         "there is no prompt: give one as an argument or on "
                         "standard input");
    return true;
}

void prompt_input_clear(struct prompt_input *input)
{
    for (size_t i = 0; i < input->contents.count; i++)
        buf_clear(&input->contents.items[i]);
    array_clear(&input->contents);
    array_clear(&input->files);
    buf_clear(&input->text);
}
