/* SPDX-License-Identifier: MIT */
#include "app/oneshot.h"

#include <signal.h>
#include <unistd.h>

#include <jansson.h>

#include "app/answer_json.h"
#include "app/answer_text.h"
#include "app/failed_calls.h"
#include "app/holdup.h"
#include "app/opening.h"
#include "app/print.h"
#include "app/prompt_input.h"
#include "app/schema_file.h"
#include "app/setup.h"
#include "app/summary.h"
#include "app/unsent.h"
#include "app/waiting.h"
#include "base/json.h"
#include "chat/chat.h"
#include "chat/chat_tools.h"
#include "chat/fallback.h"
#include "graph/ending.h"
#include "ui/receipt.h"

struct oneshot {
    const struct cli *cli;
    struct setup setup;
    struct prompt_input input;
    struct print out;
    struct chat *chat;
    struct answer_text answer;
    struct holdup holdup;
    struct buf failures;      /* "a failed (why)": rungs before the one below */
    struct buf server, model; /* that are asked */
    struct buf request;       /* of a dry run */
    const char *shortfall;    /* of the answer, NULL: none */
    int signal_number;        /* that ended it; 0: none */
};

static void print_event(struct oneshot *oneshot, const struct event *event)
{
    struct buf line = { 0 };
    event_to_json(&line, event);
    buf_append_char(&line, '\n');
    print_text(&oneshot->out, buf_slice(&line));
    buf_clear(&line);
}

/* "; before, write_file has run": nobody knows what that has changed. */
static struct slice effects_of(const struct event *event)
{
    struct slice text = event_text(event, FIELD_TEXT);
    ptrdiff_t at = slice_find(text, FALLBACK_EFFECTS);
    return at < 0 ? slice_of("") : slice_skip(text, (size_t)at);
}

/* Another model answers than the one that was to. */
static void note_fallback(struct oneshot *oneshot, const struct event *event)
{
    struct slice server = event_text(event, FIELD_ENDPOINT);
    struct slice why = event_text(event, FIELD_ERROR);
    if (event->type != EVENT_ROUTED && event->type != EVENT_FELL_BACK)
        return;
    if (event->type == EVENT_FELL_BACK)
        buf_printf(&oneshot->failures, "%s%s failed (%.*s)%.*s",
                   oneshot->failures.len ? ", " : "",
                   buf_string(&oneshot->server), SLICE_ARG(why),
                   SLICE_ARG(effects_of(event)));
    buf_reset(&oneshot->server);
    buf_append_slice(&oneshot->server, server);
    buf_reset(&oneshot->model);
    buf_append_slice(&oneshot->model, event_text(event, FIELD_MODEL));
}

static void warn_of_spending(struct oneshot *oneshot)
{
    struct buf words = { 0 };
    if (oneshot->chat && chat_take_spending_warning(oneshot->chat, &words))
        print_notice("%s", buf_string(&words));
    buf_clear(&words);
}

static void tell_context(struct oneshot *oneshot)
{
    struct buf words = { 0 };
    chat_take_context_note(oneshot->chat, &words);
    struct slice rest = buf_slice(&words), line;
    while (slice_next_line(&rest, &line))
        print_notice("%.*s", SLICE_ARG(line));
    buf_clear(&words);
}

/* What is asked aside is none of the answer. */
static bool is_aside(const struct oneshot *oneshot, const struct event *event)
{
    return oneshot->chat &&
           graph_is_aside(chat_conversation(oneshot->chat)->graph, event->run);
}

static void on_event(void *context, const struct event *event)
{
    struct oneshot *oneshot = context;
    if (oneshot->cli->is_dry_run)
        return; /* nothing of it happens */
    setup_tell(&oneshot->setup, event);
    if (is_aside(oneshot, event)) {
        if (oneshot->cli->output == OUTPUT_STREAM_JSON)
            print_event(oneshot, event);
        return;
    }
    note_fallback(oneshot, event);
    if (event->type == EVENT_RUN_FINISHED) {
        oneshot->shortfall =
            ending_shortfall(event_text(event, FIELD_FINISH_REASON));
        warn_of_spending(oneshot);
    }
    answer_text_take(&oneshot->answer, event);
    if (!oneshot->signal_number)
        holdup_take(&oneshot->holdup, event);
    if (oneshot->cli->output == OUTPUT_STREAM_JSON)
        print_event(oneshot, event);
}

static void on_signal(void *context, int signal_number)
{
    struct oneshot *oneshot = context;
    oneshot->signal_number = signal_number;
    chat_stop(oneshot->chat);
}

/* With the session that is asked for. A prompt that waited there stays unsent:
 * another one is asked now. */
static bool go_on(struct oneshot *oneshot, struct error *err)
{
    struct buf complaints = { 0 };
    struct waiting left = { 0 };
    if (oneshot->cli->picks)
        return error_set(err, ERROR_USAGE,
                         "-r lets you choose on a screen; with a prompt it "
                         "takes --resume=ID, or -c");
    bool ok = opening_run(&oneshot->setup, oneshot->cli, oneshot->chat,
                          &complaints, err);
    waiting_take(&left, oneshot->chat);
    if (left.prompts.count) {
        buf_append_string(&complaints, "what waited there was not sent: ");
        waiting_append(&left, &complaints);
    }
    if (complaints.len)
        print_notice("%s", buf_string(&complaints));
    if (oneshot->setup.no_store.kind != ERROR_NONE && !oneshot->cli->is_dry_run)
        print_notice("nothing of this is saved: %s",
                     oneshot->setup.no_store.text);
    waiting_clear(&left);
    buf_clear(&complaints);
    return ok;
}

/* What came by "< FILE" is a part of the prompt: all with it is private, if the
 * file is. */
static void note_piped_file(struct oneshot *oneshot)
{
    struct buf rule = { 0 };
    if (chat_is_private_file(oneshot->chat, oneshot->input.piped_path, &rule))
        chat_set_private(oneshot->chat, buf_string(&rule));
    buf_clear(&rule);
}

/* A script gets tools only where it names them. */
static bool open_tools(struct oneshot *oneshot, struct error *err)
{
    struct error mistake = { 0 };
    if (!oneshot->cli->tools)
        return true;
    setup_open_tools(&oneshot->setup, &mistake);
    if (mistake.kind == ERROR_NONE)
        return true;
    *err = mistake;
    return false;
}

static bool add_rules(struct oneshot *oneshot, struct error *err)
{
    const struct cli *cli = oneshot->cli;
    for (size_t i = 0; i < cli->yes.count; i++) {
        if (!chat_add_rule(oneshot->chat, slice_of(cli->yes.items[i]), err))
            return false;
    }
    return true;
}

static bool open_chat(struct oneshot *oneshot, struct error *err)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP, 0 };
    if (!setup_connect(&oneshot->setup, signals, on_signal, oneshot, err) ||
        !open_tools(oneshot, err))
        return false;
    oneshot->holdup.loop = oneshot->setup.loop;
    struct chat_setup setup = setup_chat(&oneshot->setup, oneshot->cli);
    setup.on_event = on_event;
    setup.context = oneshot;
    setup.dry_run = oneshot->cli->is_dry_run ? &oneshot->request : NULL;
    oneshot->chat = chat_new(&setup);
    oneshot->answer = (struct answer_text){
        .out = &oneshot->out,
        .chat = oneshot->chat,
        .has_schema = oneshot->cli->schema,
        .has_tools = oneshot->setup.toolbox,
        .is_silent = oneshot->cli->output != OUTPUT_TEXT,
    };
    if (!go_on(oneshot, err) || !add_rules(oneshot, err) ||
        !schema_file_use(oneshot->chat, oneshot->cli->schema, err))
        return false;
    note_piped_file(oneshot);
    while (!oneshot->signal_number && !chat_knows_next(oneshot->chat))
        loop_turn(oneshot->setup.loop, -1);
    return chat_prompt(oneshot->chat, buf_slice(&oneshot->input.text),
                       &oneshot->input.files, err);
}

/* Step 6 and 7 of a turn stand here: rules, and output, which has happened. */
static void answer(struct oneshot *oneshot)
{
    while (!oneshot->signal_number && !oneshot->out.has_failed) {
        chat_turn(oneshot->chat);
        tell_context(oneshot);
        if (!chat_is_busy(oneshot->chat))
            break;
        loop_turn(oneshot->setup.loop, -1);
    }
    if (oneshot->signal_number || oneshot->out.has_failed)
        chat_stop(oneshot->chat);
    answer_text_end(&oneshot->answer);
    print_end(&oneshot->out);
    if (oneshot->cli->output == OUTPUT_JSON)
        answer_json_print(oneshot->chat, &oneshot->out);
    print_fresh_line(&oneshot->out);
}

/* The guide in place of a server that was looked for: say so, not silently. */
static void explain_guide(struct oneshot *oneshot)
{
    const struct route *route = chat_next(oneshot->chat);
    if (route->verdict == ROUTE_TO && route->endpoint->dialect->is_builtin &&
        !route->is_pinned)
        print_notice("the built-in guide answers: %s", route->reason);
}

/* What an answer that is there is not, and what of the request did not go. */
static void tell_gaps(struct oneshot *oneshot)
{
    const struct attempt *attempt =
        summary_last_attempt(chat_conversation(oneshot->chat)->graph);
    struct buf words = { 0 };
    if (!oneshot->answer.now.len)
        print_notice("the answer has no text%s",
                     oneshot->answer.now.has_other
                         ? ", only thinking or tool calls; "
                           "-o json shows them"
                         : "");
    if (oneshot->shortfall)
        print_notice("%s", oneshot->shortfall);
    if (attempt)
        receipt_skipped(&words, attempt);
    if (words.len)
        print_notice("%s", buf_string(&words));
    buf_reset(&words);
    if (attempt && oneshot->cli->output == OUTPUT_TEXT)
        receipt_left_out(&words, attempt);
    if (words.len)
        print_notice("%s was sent %s, although that is set", attempt->endpoint,
                     buf_string(&words));
    buf_clear(&words);
}

/* The answer was written without what they were to give. */
static bool tell_failed_calls(const struct oneshot *oneshot)
{
    const struct graph *graph = chat_conversation(oneshot->chat)->graph;
    struct buf lines = { 0 };
    size_t count = failed_calls_append(graph, graph_run_count(graph), &lines);
    struct slice rest = buf_slice(&lines), line;
    while (slice_next_line(&rest, &line))
        print_notice("%.*s", SLICE_ARG(line));
    buf_clear(&lines);
    return count > 0;
}

/* Of several that were asked each is told. What the first one had said stands,
 * if nobody has said more. */
static int tell_failure(const struct oneshot *oneshot, const struct error *err)
{
    bool is_cut = oneshot->failures.len && oneshot->answer.now.len;
    if (oneshot->failures.len)
        print_notice("%s; then %s/%s: %s%s", buf_string(&oneshot->failures),
                     buf_string(&oneshot->server), buf_string(&oneshot->model),
                     err->text, is_cut ? "; what was printed is cut off" : "");
    else
        print_notice("%s", err->text);
    return error_exit_status(is_cut ? ERROR_CUT : err->kind);
}

static int finish(struct oneshot *oneshot)
{
    const struct error *err = chat_last_error(oneshot->chat);
    if (oneshot->signal_number == SIGTERM || oneshot->signal_number == SIGHUP)
        return 128 + oneshot->signal_number;
    if (oneshot->signal_number)
        return error_exit_status(ERROR_CANCELLED);
    if (oneshot->out.has_failed)
        return print_status(&oneshot->out);
    if (err->kind == ERROR_NONE) {
        explain_guide(oneshot);
        if (oneshot->failures.len)
            print_notice(
                "%s: answered by %s/%s", buf_string(&oneshot->failures),
                buf_string(&oneshot->server), buf_string(&oneshot->model));
        tell_gaps(oneshot);
        return (oneshot->setup.toolbox || !oneshot->answer.now.len) &&
                       tell_failed_calls(oneshot)
                   ? error_exit_status(ERROR_TOOL)
                   : 0;
    }
    return tell_failure(oneshot, err);
}

/* All goes its way until a request would be sent; that is shown, or why there
 * would be none. */
static int dry_run(struct oneshot *oneshot)
{
    const struct error *err = chat_last_error(oneshot->chat);
    while (!oneshot->signal_number) {
        chat_turn(oneshot->chat);
        tell_context(oneshot);
        if (!chat_is_busy(oneshot->chat))
            break;
        loop_turn(oneshot->setup.loop, -1);
    }
    if (oneshot->signal_number)
        return 128 + oneshot->signal_number;
    if (err->kind == ERROR_NONE)
        print_text(&oneshot->out, buf_slice(&oneshot->request));
    else
        print_notice("%s", err->text);
    print_end(&oneshot->out);
    return err->kind == ERROR_NONE ? print_status(&oneshot->out)
                                   : error_exit_status(err->kind);
}

/* What came by a pipe cannot be typed again. */
static void keep_prompt(struct oneshot *oneshot)
{
    struct buf sentence = { 0 };
    if (!oneshot->input.has_piped_text)
        return;
    unsent_rescue(buf_slice(&oneshot->input.text), "the prompt", &sentence);
    print_notice("%s", buf_string(&sentence));
    buf_clear(&sentence);
}

int oneshot_run(const struct cli *cli)
{
    struct oneshot oneshot = { .cli = cli };
    struct error err = { 0 };
    int status;
    print_init(&oneshot.out, STDOUT_FILENO);
    signal(SIGPIPE, SIG_IGN);
    if (!prompt_input_read(&oneshot.input, cli, &err) ||
        !setup_configure(&oneshot.setup, cli, &err) ||
        !open_chat(&oneshot, &err)) {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    } else if (cli->is_dry_run) {
        status = dry_run(&oneshot);
    } else {
        answer(&oneshot);
        status = finish(&oneshot);
    }
    if (status && status < 128 && !cli->is_dry_run)
        keep_prompt(&oneshot);
    holdup_clear(&oneshot.holdup);
    setup_unload(&oneshot.setup, oneshot.chat);
    setup_keep(&oneshot.setup, oneshot.chat);
    chat_free(oneshot.chat);
    setup_clear(&oneshot.setup);
    prompt_input_clear(&oneshot.input);
    print_clear(&oneshot.out);
    answer_text_clear(&oneshot.answer);
    buf_clear(&oneshot.failures);
    buf_clear(&oneshot.server);
    buf_clear(&oneshot.request);
    buf_clear(&oneshot.model);
    return status;
}
