/* SPDX-License-Identifier: MIT */
/*
 * Outages (outages.txt, which explains its words): a conversation of two prompts
 * with a local server that dies, and a vendor's; and conversations in which both
 * die as a dice says. The real program in one-shot use, and the log that it has
 * kept.
 */
#include <glob.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "base/random.h"
#include "graph/jsonl.h"
#include "tests/support/fault.h"
#include "tests/support/legal.h"
#include "tests/support/program.h"
#include "tests/support/scenario.h"
#include "tests/support/server.h"

Suite *outages_suite(void);

#define TABLE "tests/app/outages.txt"
#define BOX   "From the box."
#define GATE  "From the gate."

enum {
    SCENARIOS_MAX = 8,
    PROMPTS_MAX = 4,
    ATTEMPTS_MAX = 6,
    CAUSES = 10,
    SESSION_SIZE = 64
};

static const char *const locals[] = { "chat-completions", "ollama",
                                      "responses" };
static const char *const vendors[] = { "chat-completions", "anthropic" };

static const char *const prompts[PROMPTS_MAX] = { "Say Hello.", "And now?",
                                                  "And then?", "And last?" };

/* A conversation with two servers. */
struct outage {
    const char *title;
    const char *local, *vendor; /* dialects */
    struct server *box, *gate;
    int port; /* of the box */
    struct program program;
    char *settings[CAUSES];
    size_t setting_count;
    struct jsonl kept;
    struct graph *graph;
};

/* Everything at a glance where something is wrong. */
static void ck(struct outage *outage, bool is_right, const char *what)
{
    ck_assert_msg(is_right,
                  "%s (%s, %s): %s: exit %d, %d and %d requests, out \"%s\", "
                  "err \"%s\"",
                  outage->title, outage->local, outage->vendor, what,
                  outage->program.status,
                  outage->box ? server_count(outage->box, "--- request") : 0,
                  server_count(outage->gate, "--- request"),
                  buf_string(&outage->program.out),
                  buf_string(&outage->program.err));
}

/* Servers. */

/* An answer to whatever comes after what was told, which is at least one. */
static char *answer_always(const char *dialect, const char *text)
{
    struct fault_stream stream = { .dialect = dialect, .model = "m" };
    const struct fault_line lines[] = {
        { "ok", "" }, { "say", text }, { "done", "" }, { "times", "forever" }
    };
    struct buf scenario = { 0 };
    for (size_t i = 0; i < COUNTOF(lines); i++)
        fault_translate(&stream, &lines[i], &scenario);
    return buf_steal(&scenario);
}

/* Questions about models are none of these. */
static char *only_posts(char *scenario)
{
    struct buf text = { 0 };
    if (!strstr(scenario, "refuse"))
        buf_append_string(&text, "match POST *\n");
    buf_append_string(&text, scenario);
    free(scenario);
    return buf_steal(&text);
}

static struct server *start_server(int port, const struct fault *part,
                                   const char *dialect, const char *text)
{
    char *texts[SCENARIOS_MAX + 3] = { 0 };
    size_t count =
        part ? fault_scenarios(part, dialect, texts, SCENARIOS_MAX) : 0;
    texts[count++] = answer_always(dialect, text);
    for (size_t i = 0; i < count; i++)
        texts[i] = only_posts(texts[i]);
    texts[count++] = memory_string(
        "match GET *\ntimes forever\nstatus 200 OK\n"
        "header Connection: close\nbody "
        "\"{\\\"models\\\":[{\\\"name\\\":\\\"m\\\"}]}\"\nclose\n");
    struct server *server =
        port ? server_start_on(port, texts[0], texts[1], NULL)
             : server_start_texts((const char *const *)texts);
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    return server;
}

/* The lines of a case before the word `gate`, or from it on. */
static struct fault part_of(const struct fault *fault, bool is_gate)
{
    struct fault part = *fault;
    size_t at = 0;
    while (at < fault->lines.count &&
           strcmp(fault->lines.items[at].word, "gate") != 0)
        at++;
    if (is_gate) {
        part.lines.items += at;
        part.lines.count -= at;
    } else {
        part.lines.count = at;
    }
    return part;
}

static void configure(struct outage *outage)
{
    const char *dialects[] = { outage->local, outage->vendor };
    const int ports[] = { outage->port, server_port(outage->gate) };
    struct buf yaml = { 0 };
    buf_append_string(&yaml, "endpoints:\n");
    for (int i = 0; i < 2; i++)
        buf_printf(&yaml,
                   "  %s: {dialect: %s, trust: %s, url: "
                   "\"http://127.0.0.1:%d%s\"}\n",
                   i ? "gate" : "box", dialects[i], i ? "vendor" : "own",
                   ports[i], strcmp(dialects[i], "ollama") != 0 ? "/v1" : "");
    buf_append_string(&yaml, "routing: {ladder: [box/m, gate/big]}\n"
                             "privacy: {first_send_to_vendor: always}\n"
                             "limits: {backoff: 1ms}\n");
    program_file(&outage->program, ".config/sennit/config.yaml",
                 buf_string(&yaml));
    buf_clear(&yaml);
}

static void begin(struct outage *outage, const struct fault *fault)
{
    struct fault box = { 0 }, gate = { 0 };
    if (fault) {
        box = part_of(fault, false);
        gate = part_of(fault, true);
    }
    outage->gate = start_server(0, fault ? &gate : NULL, outage->vendor, GATE);
    if (fault && fault_find(fault, "down")) {
        outage->port = server_free_port();
    } else {
        outage->box = start_server(0, &box, outage->local, BOX);
        outage->port = server_port(outage->box);
    }
    configure(outage);
}

static void end(struct outage *outage)
{
    server_stop(outage->box);
    server_stop(outage->gate);
    program_clear(&outage->program);
    for (size_t i = 0; i < outage->setting_count; i++)
        free(outage->settings[i]);
    if (outage->graph)
        graph_free(outage->graph);
    jsonl_clear(&outage->kept);
}

/* The program. */

static size_t add_settings(struct outage *outage, const struct fault *fault,
                           const char *word, size_t count)
{
    const char *rest;
    for (size_t from = 0; (rest = fault_next(fault, word, &from));) {
        const char *port = strstr(rest, "%P");
        struct buf text = { 0 };
        if (port)
            buf_printf(&text, "%.*s%d%s", (int)(port - rest), rest,
                       outage->port, port + 2);
        else
            buf_append_string(&text, rest);
        char *setting = buf_steal(&text);
        ck_assert_uint_lt(outage->setting_count, CAUSES);
        outage->settings[outage->setting_count++] = setting;
        outage->program.arguments[count++] = "--set";
        outage->program.arguments[count++] = setting;
    }
    return count;
}

/* The prompt of that number, in the same conversation. */
static void ask(struct outage *outage, const struct fault *fault, int number)
{
    struct program *program = &outage->program;
    size_t count = 0;
    memset(program->arguments, 0, sizeof program->arguments);
    if (number > 0)
        program->arguments[count++] = "-c";
    if (fault)
        count = add_settings(outage, fault, "open", count);
    if (fault && number == 0)
        count = add_settings(outage, fault, "set", count);
    if (fault && number == 0 && fault_find(fault, "option"))
        program->arguments[count++] = fault_find(fault, "option");
    program->arguments[count++] = "-p";
    program->arguments[count] = prompts[number];
    program_run(program);
}

/* The name of the only session. */
static void find_session(const struct outage *outage, char name[SESSION_SIZE])
{
    char pattern[SCRATCH_PATH_MAX + 64];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/.local/share/sennit/sessions/*.db",
             outage->program.home);
    ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
    ck_assert_uint_eq(found.gl_pathc, 1);
    const char *base = strrchr(found.gl_pathv[0], '/') + 1;
    snprintf(name, SESSION_SIZE, "%.*s", (int)strcspn(base, "."), base);
    globfree(&found);
}

/* Fold what it has kept. */
static void read_log(struct outage *outage)
{
    char session[SESSION_SIZE];
    struct error err = { 0 };
    struct program *program = &outage->program;
    find_session(outage, session);
    memset(program->arguments, 0, sizeof program->arguments);
    program->arguments[0] = "show";
    program->arguments[1] = session;
    program->arguments[2] = "--as";
    program->arguments[3] = "jsonl";
    program_run(program);
    ck(outage, program->status == 0, "show");
    ck_assert_msg(jsonl_read(&outage->kept, buf_slice(&program->out), &err),
                  "%s", err.text);
    outage->graph =
        scenario_fold(outage->kept.log, log_last_seq(outage->kept.log));
}

/* What holds of every log. */

struct tally {
    int started[ATTEMPTS_MAX + 2], finished[ATTEMPTS_MAX + 2], runs_finished;
    struct buf said[ATTEMPTS_MAX + 2]; /* by each attempt */
};

static void count_run(struct outage *outage, uint32_t run, struct tally *tally)
{
    uint64_t last = log_last_seq(outage->kept.log);
    struct event event;
    for (uint64_t seq = 1; seq <= last; seq++) {
        ck_assert(log_read(outage->kept.log, seq, &event));
        if (event.run != run)
            continue;
        ck(outage, event.attempt <= ATTEMPTS_MAX, "too many attempts");
        tally->started[event.attempt] += event.type == EVENT_ATTEMPT_STARTED;
        tally->finished[event.attempt] += event.type == EVENT_ATTEMPT_FINISHED;
        tally->runs_finished += event.type == EVENT_RUN_FINISHED;
        if (event.type == EVENT_TEXT_DELTA)
            buf_append_slice(&tally->said[event.attempt],
                             event_text(&event, FIELD_TEXT));
    }
}

/* The node on the active path that a run has made; NULL: none is. */
static const struct node *active_node(const struct outage *outage, uint32_t run)
{
    const struct node *node =
        graph_node(outage->graph, graph_head(outage->graph));
    while (node && (node->kind != NODE_ASSISTANT || node->run != run))
        node = graph_node(outage->graph, node->parent_id);
    return node;
}

static void append_text(struct buf *out, const struct node *node)
{
    for (size_t i = 0; node && i < node->blocks.count; i++)
        if (node->blocks.items[i].kind == BLOCK_TEXT)
            buf_append_slice(out, buf_slice(&node->blocks.items[i].text));
}

static void ck_attempts(struct outage *outage, const struct run *run)
{
    for (size_t i = 0; i < run->attempts.count; i++) {
        const struct attempt *attempt = &run->attempts.items[i];
        ck(outage, life_is_terminal(LIFE_ATTEMPT, (int)attempt->state),
           "an attempt that has not ended");
        ck(outage,
           i + 1 == run->attempts.count || attempt->state != ATTEMPT_COMPLETE,
           "another attempt after one that is complete");
        ck(outage, i + 1 == run->attempts.count || *attempt->sequel.words,
           "an attempt that nothing tells of");
    }
}

/* One end each, and the answer is what one attempt said: what the program
 * printed. */
static void ck_run(struct outage *outage, uint32_t id, const char *printed)
{
    const struct run *run = graph_run(outage->graph, id);
    const struct node *node = active_node(outage, id);
    struct tally tally = { 0 };
    struct buf text = { 0 };
    count_run(outage, id, &tally);
    ck(outage, tally.runs_finished == 1, "ends of a run");
    for (uint32_t i = 1; i <= ATTEMPTS_MAX; i++) {
        ck(outage, tally.started[i] == (i <= run->attempts.count), "starts");
        ck(outage, tally.finished[i] == tally.started[i], "ends of attempts");
    }
    ck_attempts(outage, run);
    append_text(&text, node);
    if (node)
        ck(outage,
           slice_equal(buf_slice(&text), buf_slice(&tally.said[node->attempt])),
           "the answer is not what its attempt said");
    if (text.len)
        buf_append_char(&text, '\n');
    ck_assert_msg(!strcmp(buf_string(&text), printed),
                  "%s (%s, %s): printed \"%s\" of \"%s\"", outage->title,
                  outage->local, outage->vendor, printed, buf_string(&text));
    for (size_t i = 0; i < COUNTOF(tally.said); i++)
        buf_clear(&tally.said[i]);
    buf_clear(&text);
}

/* `printed`: on stdout, of each prompt. */
static void ck_log(struct outage *outage, char *const *printed, uint32_t count)
{
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        ck(outage,
           graph_rejected_count(outage->graph, (enum reject_reason)i) == 0,
           "an event that changed nothing");
    ck(outage, graph_run_count(outage->graph) == count, "runs");
    for (uint32_t run = 1; run <= count; run++)
        ck_run(outage, run, printed[run - 1]);
}

/* Legal, and with nothing in them of what broke off. */
static void ck_requests(struct outage *outage, struct server *server,
                        const char *dialect, const char *hidden)
{
    int count = server ? server_count(server, "--- request") : 0;
    for (int i = 1; i <= count; i++) {
        struct slice body = server_body(server, i);
        if (!body.len)
            continue;
        legal_check(dialect, body);
        ck(outage, slice_find(body, prompts[0]) >= 0, "no first prompt");
        if (hidden)
            ck(outage, slice_find(body, hidden) < 0, "the partial was sent");
    }
}

/* The table. */

static void ck_asked(struct outage *outage, const char *expected,
                     const char *what)
{
    int box, gate;
    ck_assert_int_eq(sscanf(expected, "%d %d", &box, &gate), 2);
    int to_box = outage->box ? server_count(outage->box, "\nPOST ") : 0;
    ck(outage, to_box == box, what);
    ck(outage, server_count(outage->gate, "\nPOST ") == gate, what);
}

static bool matches(const char *pattern, struct slice text)
{
    regex_t regex;
    char *copy = memory_copy(text.ptr, text.len);
    ck_assert_msg(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) == 0, "%s",
                  pattern);
    bool is_found = regexec(&regex, copy, 0, NULL, 0) == 0;
    regfree(&regex);
    free(copy);
    return is_found;
}

static const char *or_else(const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

static void ck_printed(struct outage *outage, const char *expected,
                       const char *what)
{
    struct buf line = { 0 };
    if (strcmp(expected, "-") != 0)
        buf_printf(&line, "%s\n", expected);
    ck(outage, !strcmp(buf_string(&outage->program.out), buf_string(&line)),
       what);
    buf_clear(&line);
}

static void ck_first(struct outage *outage, const struct fault *fault)
{
    char state[16];
    int status = -1;
    ck_assert_int_eq(sscanf(fault_find(fault, "="), "%15s %d", state, &status),
                     2);
    ck(outage, outage->program.status == status, "exit");
    ck_asked(outage, fault_find(fault, "asked"), "asked");
    ck_printed(outage, or_else(fault_find(fault, "answer"), GATE), "answer");
    if (fault_find(fault, "says"))
        ck(outage,
           matches(fault_find(fault, "says"), buf_slice(&outage->program.err)),
           "says");
}

static void ck_second(struct outage *outage, const struct fault *fault)
{
    int box, gate;
    char usual[32];
    ck_assert_int_eq(sscanf(fault_find(fault, "asked"), "%d %d", &box, &gate),
                     2);
    snprintf(usual, sizeof usual, "%d %d", box + 1, gate);
    ck(outage, outage->program.status == 0, "exit of the second");
    ck_asked(outage, or_else(fault_find(fault, "then"), usual), "then");
    ck_printed(outage, or_else(fault_find(fault, "after"), BOX), "after");
}

/* One fallback at most, and why. */
static void ck_fell(struct outage *outage, const char *expected)
{
    uint64_t last = log_last_seq(outage->kept.log);
    struct event event;
    int count = 0;
    for (uint64_t seq = 1; seq <= last; seq++) {
        ck_assert(log_read(outage->kept.log, seq, &event));
        if (event.type != EVENT_FELL_BACK || event.run != 1)
            continue;
        count++;
        ck(outage,
           expected && matches(expected, event_text(&event, FIELD_ERROR)),
           "why it fell back");
        ck(outage, slice_is(event_text(&event, FIELD_ENDPOINT), "gate"),
           "who answers");
    }
    ck(outage, count == (expected != NULL), "fallbacks");
}

/* What broke off stands beside the answer, and is marked. */
static void ck_partial(struct outage *outage, const char *expected)
{
    const struct run *run = graph_run(outage->graph, 1);
    const struct node *answer = active_node(outage, 1);
    int count = 0;
    for (size_t i = 0; i < run->attempts.count; i++) {
        const struct attempt *attempt = &run->attempts.items[i];
        const struct node *node = graph_node(outage->graph, attempt->node_id);
        struct buf text = { 0 };
        if (!node || node == answer)
            continue;
        append_text(&text, node);
        count++;
        ck(outage,
           attempt->state == ATTEMPT_CUT || attempt->state == ATTEMPT_ERROR,
           "the mark of the partial");
        ck(outage,
           expected && !strcmp(strcmp(expected, "-") ? expected : "",
                               buf_string(&text)),
           "the partial");
        ck(outage, node->parent_id == answer->parent_id, "siblings");
        buf_clear(&text);
    }
    ck(outage, count == (expected != NULL), "partials");
}

static const char *state_of(const struct outage *outage, uint32_t run)
{
    return life_state_name(LIFE_RUN, (int)graph_run(outage->graph, run)->state);
}

static void ck_outage(struct outage *outage, const struct fault *fault,
                      char *const *printed)
{
    const char *partial = fault_find(fault, "partial");
    const char *expected = fault_find(fault, "=");
    const char *state = state_of(outage, 1);
    ck(outage, !strncmp(expected, state, strlen(state)), state);
    ck_fell(outage, fault_find(fault, "fell"));
    ck_partial(outage, partial);
    ck_log(outage, printed, 2);
    if (partial && !strcmp(partial, "-"))
        partial = NULL;
    ck_requests(outage, outage->gate, outage->vendor, partial);
    ck_requests(outage, outage->box, outage->local, partial);
}

static void play(const struct fault *fault, const char *local,
                 const char *vendor)
{
    struct outage outage = { .title = fault->title,
                             .local = local,
                             .vendor = vendor };
    char *printed[2];
    begin(&outage, fault);
    ask(&outage, fault, 0);
    ck_first(&outage, fault);
    printed[0] = buf_steal(&outage.program.out);
    if (!outage.box)
        outage.box = start_server(outage.port, NULL, local, BOX);
    ask(&outage, fault, 1);
    ck_second(&outage, fault);
    printed[1] = buf_steal(&outage.program.out);
    read_log(&outage);
    ck_outage(&outage, fault, printed);
    free(printed[0]);
    free(printed[1]);
    end(&outage);
}

START_TEST(one_falls_back_once_and_nothing_is_said_twice)
{
    struct faults faults;
    faults_read(&faults, TABLE);
    size_t index = (size_t)_i / COUNTOF(locals),
           local = (size_t)_i % COUNTOF(locals);
    const struct fault *fault = &faults.list.items[index];
    if (fault_is_run(fault, locals[local]))
        play(fault, locals[local], vendors[(index + local) % COUNTOF(vendors)]);
    faults_clear(&faults);
}
END_TEST

/* The dice. */

enum { ROLLS = 24, SIDES = 12 };

/* Ways to die and to live; each is followed by what always answers. The last one
 * is only for the box: the gate would be waited for. */
static const char *const sides[SIDES] = {
    "ok\nsay Fine\ndone\n",
    "ok\nthink Hm\nsay Good\ndone\n",
    "close\n",
    "head 500 Oops\nerror oops\n",
    "head 503 Busy\nheader retry-after-ms: 5\nerror busy\n",
    "ok\nclose\n",
    "ok\nsay One\nclose\n",
    "ok\nsay Two\nsay Three\nfail broken\n",
    "ok\nthink Hm\nsay Four\nhalf-token\nclose\n",
    "ok\nsay Five\ncall ls {}\nclose\n",
    "ok\nsay Six\nhalf ls {\\\"a\nclose\n",
    "head 429 Busy\nheader Retry-After: 40\nerror busy\n",
};

/* The lines of some throws, as a case: it owns what it points to. */
struct roll {
    char *text;
    struct fault fault;
};

static uint32_t below(struct random *random, uint32_t limit)
{
    return (uint32_t)(random_real(random) * limit);
}

static void throw(struct roll * roll, struct random *random)
{
    struct buf text = { 0 };
    for (int server = 0; server < 2; server++) {
        uint32_t count = 1 + below(random, 4);
        if (server)
            buf_append_string(&text, "gate\n");
        for (uint32_t i = 0; i < count; i++)
            buf_printf(&text, "%snext\n",
                       sides[below(random, SIDES - (uint32_t)server)]);
    }
    roll->text = buf_steal(&text);
    roll->fault = (struct fault){ .title = "the dice" };
    char *rest = roll->text, *line;
    while ((line = strsep(&rest, "\n"))) {
        char *words = strchr(line, ' ');
        if (words)
            *words++ = '\0';
        if (*line)
            *array_add(&roll->fault.lines) =
                (struct fault_line){ line, words ? words : "" };
    }
}

START_TEST(whatever_happens_an_answer_is_what_one_attempt_said)
{
    struct random random;
    struct roll roll;
    char *printed[PROMPTS_MAX];
    struct outage outage = { .local = locals[_i % (int)COUNTOF(locals)],
                             .vendor = vendors[_i % (int)COUNTOF(vendors)] };
    random_init(&random, (uint64_t)_i + 1);
    throw(&roll, &random);
    outage.title = roll.fault.title;
    begin(&outage, &roll.fault);
    for (int i = 0; i < PROMPTS_MAX; i++) {
        ask(&outage, NULL, i);
        ck(&outage, outage.program.status == 0 || outage.program.err.len > 0,
           "a failure that is not told");
        printed[i] = buf_steal(&outage.program.out);
    }
    read_log(&outage);
    ck_log(&outage, printed, PROMPTS_MAX);
    ck_requests(&outage, outage.box, outage.local, NULL);
    ck_requests(&outage, outage.gate, outage.vendor, NULL);
    for (int i = 0; i < PROMPTS_MAX; i++)
        free(printed[i]);
    array_clear(&roll.fault.lines);
    free(roll.text);
    end(&outage);
}
END_TEST

/* The box dies in its answer, the gate before it. */
START_TEST(json_has_what_came_though_another_was_asked)
{
    const struct fault_line lines[] = {
        { "ok", "" },    { "say", "Half" },      { "close", "" },
        { "gate", "" },  { "head", "500 Oops" }, { "error", "us too" },
        { "times", "3" }
    };
    struct fault fault = { .title = "json" };
    struct outage outage = { .title = "json",
                             .local = "ollama",
                             .vendor = "anthropic" };
    for (size_t i = 0; i < COUNTOF(lines); i++)
        *array_add(&fault.lines) = lines[i];
    begin(&outage, &fault);
    outage.program.arguments[0] = "-ojson";
    outage.program.arguments[1] = "Say Hello.";
    program_run(&outage.program);
    const char *out = buf_string(&outage.program.out);
    ck(&outage, strstr(out, "\"outcome\":\"error\"") != NULL, "outcome");
    ck(&outage, strstr(out, "\"text\":\"Half\"") != NULL, "text");
    ck(&outage, strstr(out, "\"endpoint\":\"box\"") != NULL, "endpoint");
    ck(&outage, strstr(out, "us too") != NULL, "error");
    ck(&outage, strstr(out, "\"attempts\":4") != NULL, "attempts");
    array_clear(&fault.lines);
    end(&outage);
}
END_TEST

static int case_count(void)
{
    struct faults faults;
    faults_read(&faults, TABLE);
    int count = (int)faults.list.count;
    faults_clear(&faults);
    return count;
}

Suite *outages_suite(void)
{
    Suite *suite = suite_create("outages");
    TCase *tcase = tcase_create("table");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, one_falls_back_once_and_nothing_is_said_twice, 0,
                        case_count() * (int)COUNTOF(locals));
    tcase_add_test(tcase, json_has_what_came_though_another_was_asked);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("dice");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(
        tcase, whatever_happens_an_answer_is_what_one_attempt_said, 0, ROLLS);
    suite_add_tcase(suite, tcase);
    return suite;
}
