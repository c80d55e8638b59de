/* SPDX-License-Identifier: MIT */
#include "app/gauge.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "app/inquiry.h"
#include "app/json_lines.h"
#include "base/path.h"
#include "base/tokens.h"
#include "base/utf8.h"
#include "chat/errand.h"
#include "llm/token_count.h"

enum { INPUT_MAX = 256 * 1024 * 1024, COUNT_WAIT_MS = 10000 };

struct gauge {
    const struct cli *cli;
    struct inquiry inquiry;
    bool has_inquiry;
    struct print out;
    struct buf input; /* the text, or lines */
    bool has_lines;
    /* Of whom; NULL: nobody was named, or nobody knows the model. */
    const struct endpoint *endpoint;
    const char *model;
    enum model_server server; /* SERVER_PLAIN: not to be asked */
    enum token_family family;
    struct calibration calibration;
    struct error unasked; /* why an own server was not */
};

struct count {
    uint64_t tokens, margin;
    bool is_exact;
};

/* Who is it? */

/* An own server tells what it is, and may count. */
static void ask_server(struct gauge *gauge, const char *target)
{
    struct inquiry *inquiry = &gauge->inquiry;
    if (!inquiry_ask_about(inquiry, target, &gauge->unasked))
        return;
    const struct models *models = chat_models(inquiry->chat, gauge->endpoint);
    if (token_count_is_told(models_server(models)))
        gauge->server = models_server(models);
}

/* Where nobody has the model, its name still tells its family. */
static bool find_model(struct gauge *gauge, const char *target,
                       struct error *err)
{
    struct chat *chat;
    const char *slash = strchr(target, '/');
    gauge->family = token_family_of_name(slice_of(target));
    gauge->model = target;
    gauge->has_inquiry = true;
    if (!inquiry_open(&gauge->inquiry, gauge->cli, NULL, err))
        return false;
    chat = gauge->inquiry.chat;
    const struct route *next = chat_next(chat);
    if (!next->endpoint || next->endpoint->dialect->is_builtin) {
        if (slash)
            error_set(&gauge->unasked, ERROR_CONFIG,
                      "no endpoint is named \"%.*s\"", (int)(slash - target),
                      target);
        return true;
    }
    gauge->endpoint = next->endpoint;
    if (!next->endpoint->is_vendor)
        ask_server(gauge, target);
    next = chat_next(chat);
    gauge->model = *next->model ? next->model : target;
    gauge->family = chat_token_family(chat, gauge->endpoint, gauge->model);
    gauge->calibration = chat_calibration(chat, gauge->endpoint, gauge->model);
    return true;
}

/* How much is it? */

struct asking {
    bool is_over, is_told;
    uint64_t tokens;
    struct error err;
};

static void on_answer(void *context, const struct errand_answer *answer)
{
    struct asking *asking = context;
    asking->is_over = true;
    if (answer->err)
        asking->err = *answer->err;
    else
        asking->is_told =
            token_count_read(answer->body, &asking->tokens, &asking->err);
}

static bool count_exactly(struct gauge *gauge, struct slice text,
                          struct count *count)
{
    struct inquiry *inquiry = &gauge->inquiry;
    struct asking asking = { 0 };
    struct buf body = { 0 };
    if (gauge->server == SERVER_PLAIN || text.len > TOKEN_COUNT_TEXT_MAX ||
        !utf8_is_valid(text))
        return false;
    token_count_ask(gauge->server, gauge->model, text, &body);
    struct errand_request request = { .path = TOKEN_COUNT_PATH,
                                      .is_at_root = true,
                                      .body = buf_slice(&body),
                                      .what = "count the tokens",
                                      .wait_ms = COUNT_WAIT_MS };
    struct errand *errand =
        errand_start(inquiry->setup.loop, inquiry->setup.http, gauge->endpoint,
                     &request, on_answer, &asking);
    while (!asking.is_over && !inquiry->signal_number)
        loop_turn(inquiry->setup.loop, -1);
    errand_free(errand);
    buf_clear(&body);
    if (!asking.is_told) {
        gauge->unasked = asking.err;
        gauge->server = SERVER_PLAIN; /* nor for the next text */
        return false;
    }
    *count = (struct count){ .tokens = asking.tokens, .is_exact = true };
    return true;
}

static struct count count_text(struct gauge *gauge, struct slice text)
{
    struct count count = { 0 };
    if (count_exactly(gauge, text, &count))
        return count;
    struct extent extent = { .estimated =
                                 tokens_estimate_as(gauge->family, text) };
    count.tokens = calibration_tokens(&gauge->calibration, &extent);
    count.margin = calibration_margin(&gauge->calibration, &extent);
    return count;
}

/* What is said. */

static void answer_line(void *context, const struct json_line *line)
{
    struct gauge *gauge = context;
    struct count count = count_text(gauge, line->text);
    json_lines_print(&gauge->out,
                     json_pack("{s:O, s:I}", "id", line->id, "tokens",
                               (json_int_t)count.tokens));
}

static const char *family_words(const struct gauge *gauge)
{
    return gauge->family == TOKENS_UNKNOWN ? token_family_name(TOKENS_O200K)
                                           : token_family_name(gauge->family);
}

static void answer_json(struct gauge *gauge, const struct count *count)
{
    json_t *object =
        json_pack("{s:I, s:b}", "tokens", (json_int_t)count->tokens, "exact",
                  count->is_exact);
    if (gauge->endpoint)
        json_object_set_new(object, "endpoint",
                            json_string(gauge->endpoint->name));
    if (gauge->model)
        json_object_set_new(object, "model", json_string(gauge->model));
    if (!count->is_exact) {
        json_object_set_new(object, "margin",
                            json_integer((json_int_t)count->margin));
        json_object_set_new(object, "tokenizer",
                            json_string(family_words(gauge)));
        json_object_set_new(object, "learnt_from",
                            json_integer(gauge->calibration.count));
    }
    json_lines_print(&gauge->out, object);
}

static void answer_words(struct gauge *gauge, const struct count *count)
{
    struct buf words = { 0 };
    if (count->is_exact)
        buf_printf(&words, "%" PRIu64 " tokens, counted by %s\n", count->tokens,
                   gauge->endpoint->name);
    else
        buf_printf(&words,
                   "about %" PRIu64 " tokens, by estimate: %" PRIu64
                   " more or less; as %s cuts texts",
                   count->tokens, count->margin, family_words(gauge));
    if (!count->is_exact && gauge->calibration.count)
        buf_printf(&words, ", with what %" PRIu32 " answer%s taught",
                   gauge->calibration.count,
                   gauge->calibration.count == 1 ? "" : "s");
    if (!count->is_exact)
        buf_append_char(&words, '\n');
    print_text(&gauge->out, buf_slice(&words));
    buf_clear(&words);
}

static void answer(struct gauge *gauge)
{
    struct count count = count_text(gauge, buf_slice(&gauge->input));
    if (gauge->cli->output == OUTPUT_TEXT)
        answer_words(gauge, &count);
    else
        answer_json(gauge, &count);
}

/* What is to be counted. */

static bool read_file(struct gauge *gauge, const char *path, struct error *err)
{
    if (!strcmp(path, "-"))
        return path_read_fd(&gauge->input, STDIN_FILENO, INPUT_MAX,
                            "standard input", err);
    return path_read_file(&gauge->input, path, INPUT_MAX, err);
}

static bool read_input(struct gauge *gauge, struct error *err)
{
    const struct cli *cli = gauge->cli;
    bool is_piped = !cli->words.count && !cli->files.count;
    for (size_t i = 0; i < cli->words.count; i++)
        buf_printf(&gauge->input, "%s%s", i ? " " : "", cli->words.items[i]);
    for (size_t i = 0; i < cli->files.count; i++) {
        if (!read_file(gauge, cli->files.items[i], err))
            return false;
    }
    if (is_piped && isatty(STDIN_FILENO))
        return error_set(err, ERROR_USAGE,
                         "there is no text to count; sennit tokens TEXT, or "
                         "-f FILE");
    if (is_piped && !read_file(gauge, "-", err))
        return false;
    gauge->has_lines =
        is_piped && json_lines_begin(buf_slice(&gauge->input), "text");
    return true;
}

/* That the usual place of an Ollama is empty is no news. */
static bool is_worth_saying(const struct gauge *gauge)
{
    return gauge->unasked.kind &&
           (!gauge->endpoint || gauge->endpoint->is_explicit);
}

int gauge_run(const struct cli *cli)
{
    struct gauge gauge = { .cli = cli };
    struct error err = { 0 };
    print_init(&gauge.out, STDOUT_FILENO);
    calibration_init(&gauge.calibration, TOKENS_O200K);
    bool ok = read_input(&gauge, &err) &&
              (!cli->model || find_model(&gauge, cli->model, &err));
    if (ok && gauge.has_lines)
        ok = json_lines_each(buf_slice(&gauge.input), "text", answer_line,
                             &gauge, &err);
    else if (ok)
        answer(&gauge);
    print_end(&gauge.out);
    int status = ok ? print_status(&gauge.out) : error_exit_status(err.kind);
    if (!ok)
        print_notice("%s", err.text);
    else if (is_worth_saying(&gauge))
        print_notice("only an estimate: %s", gauge.unasked.text);
    if (gauge.inquiry.signal_number)
        status = 128 + gauge.inquiry.signal_number;
    if (gauge.has_inquiry)
        inquiry_close(&gauge.inquiry);
    buf_clear(&gauge.input);
    print_clear(&gauge.out);
    return status;
}
