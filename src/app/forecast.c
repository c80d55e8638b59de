/* SPDX-License-Identifier: MIT */
#include "app/forecast.h"

#include <unistd.h>

#include <jansson.h>

#include "app/decision_text.h"
#include "app/inquiry.h"
#include "app/json_lines.h"
#include "base/json.h"
#include "base/path.h"
#include "base/tokens.h"
#include "chat/answer_look.h"
#include "chat/decision.h"

enum { INPUT_MAX = 256 * 1024 * 1024 };

struct forecast {
    const struct cli *cli;
    struct inquiry inquiry;
    struct print out;
    struct buf input; /* the prompt, or lines */
    bool has_lines;
    /* Of one prompt. */
    struct route route;
    struct ladder_choice choice;
    struct buf reasons;
};

static void judge(struct forecast *forecast, struct slice text)
{
    const struct ladder_prompt prompt = {
        .text = text,
        .tokens = tokens_estimate(text),
    };
    buf_reset(&forecast->reasons);
    chat_forecast(forecast->inquiry.chat, &prompt, &forecast->route,
                  &forecast->choice, &forecast->reasons);
}

static const char *tier_name(const struct route *route)
{
    return route->is_vendor ? "cloud" : "local";
}

static const char *first_reason(const struct forecast *forecast)
{
    const struct route *route = &forecast->route;
    if (route->verdict == ROUTE_NONE)
        return route->err.text;
    return route->verdict == ROUTE_ASK && forecast->has_lines
               ? "its server was not asked for its models"
               : route->reason;
}

/* As the log of a conversation would have it. */
static void decide(const struct forecast *forecast, struct buf *reasons,
                   struct buf *features, struct decision_text *decision)
{
    const struct ladder_choice *choice = &forecast->choice;
    bool has_climbed = choice->cause != LADDER_NONE;
    decision_append_reasons(first_reason(forecast),
                            buf_slice(&forecast->reasons), &choice->complexity,
                            reasons);
    decision_append_features(&choice->complexity, features);
    *decision = (struct decision_text){
        .reasons = buf_string(reasons),
        .features = buf_string(features),
        .score = choice->complexity.score,
        .threshold = has_climbed ? choice->threshold : -1,
        .band = has_climbed ? choice->band : -1,
    };
}

static void add_json(json_t *object, const char *name, const char *text)
{
    struct error ignored;
    json_object_set_new(object, name, json_parse(slice_of(text), &ignored));
}

static void add_why(const struct forecast *forecast, json_t *receipt)
{
    struct buf why = { 0 };
    if (forecast->route.verdict != ROUTE_NONE)
        decision_append_why(&forecast->route, &forecast->choice, &why);
    if (why.len)
        json_object_set_new(receipt, "why", json_string(buf_string(&why)));
    buf_clear(&why);
}

static json_t *receipt_json(const struct forecast *forecast, bool is_whole)
{
    const struct route *route = &forecast->route;
    struct buf reasons = { 0 }, features = { 0 };
    struct decision_text decision;
    json_t *receipt = json_object();
    decide(forecast, &reasons, &features, &decision);
    json_object_set_new(receipt, "score", json_real(decision.score));
    if (decision.threshold >= 0) {
        json_object_set_new(receipt, "threshold",
                            json_real(decision.threshold));
        json_object_set_new(receipt, "band", json_real(decision.band));
    }
    if (route->endpoint) {
        json_object_set_new(receipt, "tier", json_string(tier_name(route)));
        json_object_set_new(receipt, "endpoint",
                            json_string(route->endpoint->name));
    }
    if (*route->model)
        json_object_set_new(receipt, "model", json_string(route->model));
    add_why(forecast, receipt);
    add_json(receipt, "reasons", decision.reasons);
    if (is_whole)
        add_json(receipt, "features", decision.features);
    buf_clear(&reasons);
    buf_clear(&features);
    return receipt;
}

static void put_line(void *context, struct slice line)
{
    struct buf *text = context;
    buf_printf(text, "%.*s\n", SLICE_ARG(line));
}

static void print_receipt(struct forecast *forecast)
{
    const struct route *route = &forecast->route;
    struct buf text = { 0 }, reasons = { 0 }, features = { 0 };
    struct decision_text decision;
    decide(forecast, &reasons, &features, &decision);
    if (route->verdict == ROUTE_TO)
        buf_printf(&text, "%s/%s (%s): %s\n", route->endpoint->name,
                   route->model, tier_name(route), route->reason);
    else if (route->verdict == ROUTE_ASK)
        buf_printf(&text, "%s: %s\n", route->endpoint->name, route->reason);
    else
        buf_printf(&text, "nobody: %s\n", route->err.text);
    decision_text_each(&decision, *first_reason(forecast) ? 1 : 0, put_line,
                       &text);
    decision_text_each_feature(&decision, put_line, &text);
    print_text(&forecast->out, buf_slice(&text));
    buf_clear(&text);
    buf_clear(&reasons);
    buf_clear(&features);
}

/* An answer that came along is looked at: what would be asked further. */
static void add_look(const struct forecast *forecast, struct slice prompt,
                     struct slice answer, json_t *receipt)
{
    const struct answer_question question = { .prompt = prompt,
                                              .answer = answer };
    struct answer_look look = { 0 };
    struct buf words = { 0 };
    json_t *faults = json_array();
    answer_look_at(&question, &look, &words);
    for (int i = 0; i < FAULT_COUNT; i++)
        if (look.has[i])
            json_array_append_new(
                faults, json_string(answer_fault_name((enum answer_fault)i)));
    json_object_set_new(receipt, "faults", faults);
    json_object_set_new(receipt, "score_after",
                        json_real(complexity_score(&forecast->choice.complexity,
                                                   look.suspicion)));
    buf_clear(&words);
}

static void judge_line(void *context, const struct json_line *line)
{
    struct forecast *forecast = context;
    judge(forecast, line->text);
    json_t *receipt = receipt_json(forecast, false);
    json_object_set(receipt, "id", line->id);
    if (json_is_string(json_object_get(line->object, "answer")))
        add_look(forecast, line->text, json_slice(line->object, "answer"),
                 receipt);
    json_lines_print(&forecast->out, receipt);
}

static bool read_input(struct forecast *forecast, struct error *err)
{
    const struct cli *cli = forecast->cli;
    for (size_t i = 0; i < cli->words.count; i++)
        buf_printf(&forecast->input, "%s%s", i ? " " : "", cli->words.items[i]);
    if (!cli->words.count && !isatty(STDIN_FILENO) &&
        !path_read_fd(&forecast->input, STDIN_FILENO, INPUT_MAX,
                      "standard input", err))
        return false;
    forecast->has_lines =
        !cli->words.count &&
        json_lines_begin(buf_slice(&forecast->input), "prompt");
    return slice_trim(buf_slice(&forecast->input)).len ||
           error_set(err, ERROR_USAGE,
                     "there is no prompt to judge; sennit route PROMPT");
}

static void judge_one(struct forecast *forecast)
{
    inquiry_ask_next(&forecast->inquiry);
    judge(forecast, buf_slice(&forecast->input));
    if (forecast->cli->output == OUTPUT_TEXT) {
        print_receipt(forecast);
        return;
    }
    json_lines_print(&forecast->out, receipt_json(forecast, true));
}

int forecast_run(const struct cli *cli)
{
    struct forecast forecast = { .cli = cli };
    struct error err = { 0 };
    print_init(&forecast.out, STDOUT_FILENO);
    bool ok = read_input(&forecast, &err) &&
              inquiry_open(&forecast.inquiry, cli, NULL, &err);
    if (ok && forecast.has_lines)
        ok = json_lines_each(buf_slice(&forecast.input), "prompt", judge_line,
                             &forecast, &err);
    else if (ok)
        judge_one(&forecast);
    print_end(&forecast.out);
    int status = ok ? print_status(&forecast.out) : error_exit_status(err.kind);
    if (ok && !forecast.has_lines && forecast.route.verdict == ROUTE_NONE)
        status = error_exit_status(forecast.route.err.kind);
    if (!ok)
        print_notice("%s", err.text);
    if (forecast.inquiry.signal_number)
        status = 128 + forecast.inquiry.signal_number;
    inquiry_close(&forecast.inquiry);
    buf_clear(&forecast.input);
    buf_clear(&forecast.reasons);
    print_clear(&forecast.out);
    return status;
}
