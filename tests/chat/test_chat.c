/* SPDX-License-Identifier: MIT */
/*
 * Runs from end to end: chat, router, exchange, decoder and HTTP against the
 * scripted server, without a screen. What is looked at is the log.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "chat/chat.h"
#include "tests/support/desk.h"
#include "tests/support/server.h"

Suite *chat_suite(void);

#define CHAT "match POST /api/chat\nstatus 200 OK\nchunked\n"
#define SAY(text)                                            \
    "line {\"model\":\"m\",\"message\":{\"content\":\"" text \
    "\"},\"done\":false}\n"
#define DONE                                                              \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true," \
    "\"done_reason\":\"stop\",\"prompt_eval_count\":7,\"eval_count\":2}\n"

struct world {
    struct desk desk;
    struct server *server;
};

static void open_world(struct world *world, struct server *server,
                       const char *target)
{
    char host[64];
    world->server = server;
    snprintf(host, sizeof host, "127.0.0.1:%d", server_port(server));
    setenv("OLLAMA_HOST", host, 1);
    unsetenv("OPENAI_BASE_URL");
    unsetenv("OPENAI_API_KEY");
    desk_open(&world->desk, &(struct desk_plan){ .chat.target = target });
}

static void close_world(struct world *world)
{
    desk_close(&world->desk);
    server_stop(world->server);
}

static const struct graph *graph_of(const struct world *world)
{
    return desk_graph(&world->desk);
}

/* Turns until the graph shows an answer's first text. */
static void run_to_text(struct world *world)
{
    while (graph_node_count(graph_of(world)) < 2)
        desk_turn(&world->desk);
}

/* How many events of a type the log holds. */
static int count_events(const struct world *world, enum event_type type)
{
    const struct log *log = chat_conversation(world->desk.chat)->log;
    int count = 0;
    for (uint64_t seq = 1; seq <= log_last_seq(log); seq++) {
        struct event event;
        ck_assert(log_read(log, seq, &event));
        count += event.type == type;
    }
    return count;
}

static const char *head_text(const struct world *world)
{
    const struct graph *graph = graph_of(world);
    const struct node *node = graph_node(graph, graph_head(graph));
    return node->blocks.count ? buf_string(&array_last(&node->blocks)->text)
                              : "";
}

START_TEST(a_run_leaves_its_whole_story_in_the_log)
{
    static const enum event_type story[] = {
        EVENT_SESSION_OPENED, EVENT_PROMPT_QUEUED,  EVENT_USER_MESSAGE,
        EVENT_RUN_STARTED,    EVENT_ROUTED,         EVENT_ATTEMPT_STARTED,
        EVENT_CONNECTED,      EVENT_MODEL_REPORTED, EVENT_TEXT_DELTA,
        EVENT_TEXT_DELTA,     EVENT_USAGE,          EVENT_ATTEMPT_FINISHED,
        EVENT_RUN_FINISHED,
    };
    struct world world;
    open_world(&world, server_start(CHAT SAY("Hel") SAY("lo") DONE, NULL),
               "ollama/m");
    desk_prompt(&world.desk, "hi");
    desk_run_to_end(&world.desk);
    const struct log *log = chat_conversation(world.desk.chat)->log;
    ck_assert_uint_eq(log_last_seq(log), COUNTOF(story));
    for (size_t i = 0; i < COUNTOF(story); i++) {
        struct event event;
        ck_assert(log_read(log, i + 1, &event));
        ck_assert_msg(event.type == story[i], "%zu: %s", i + 1,
                      event_type_name(event.type));
    }
    ck_assert_str_eq(head_text(&world), "Hello");
    const struct run *run = graph_run(graph_of(&world), 1);
    ck_assert_int_eq(run->state, RUN_COMPLETE);
    ck_assert_int_eq(run->attempts.items[0].usage.input, 7);
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        ck_assert_uint_eq(
            graph_rejected_count(graph_of(&world), (enum reject_reason)i), 0);
    close_world(&world);
}
END_TEST

/* Consent. The server is an Ollama whose owner nobody has named. */

static void open_asking(struct world *world, struct server *server)
{
    open_world(world, server, NULL);
    chat_free(world->desk.chat);
    struct endpoint *ollama = &world->desk.endpoints.list.items[0];
    ollama->is_vendor = ollama->asks_trust = true;
    struct chat_setup setup = {
        .loop = world->desk.loop,
        .http = world->desk.http,
        .settings = world->desk.settings,
        .endpoints = &world->desk.endpoints,
        .is_interactive = true,
    };
    world->desk.chat = chat_new(&setup);
}

#define MODELS                                                \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"     \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"m\\\"}]}\"\n", \
        "match GET /api/ps\ntimes forever\nstatus 200 OK\n"   \
        "body \"{\\\"models\\\":[]}\"\n"

static void run_to_question(struct world *world)
{
    chat_turn(world->desk.chat);
    while (!chat_question(world->desk.chat))
        desk_turn(&world->desk);
}

START_TEST(a_run_waits_for_consent_before_anything_is_sent)
{
    struct world world;
    open_asking(&world, server_start(MODELS, CHAT SAY("yes") DONE, NULL));
    desk_prompt(&world.desk, "hi");
    run_to_question(&world);
    ck_assert_int_eq(graph_run(graph_of(&world), 1)->state, RUN_ASKING);
    ck_assert_int_eq(count_events(&world, EVENT_CONSENT_ASKED), 1);
    ck_assert_int_eq(count_events(&world, EVENT_ATTEMPT_STARTED), 0);
    ck_assert_int_eq(server_count(world.server, "POST"), 0);
    chat_answer(world.desk.chat, CONSENT_ONCE);
    desk_run_to_end(&world.desk);
    ck_assert_str_eq(head_text(&world), "yes");
    ck_assert_int_eq(count_events(&world, EVENT_CONSENT_ANSWERED), 1);
    ck_assert_int_eq(graph_run(graph_of(&world), 1)->state, RUN_COMPLETE);
    /* Once is once. */
    desk_prompt(&world.desk, "again");
    run_to_question(&world);
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        ck_assert_uint_eq(
            graph_rejected_count(graph_of(&world), (enum reject_reason)i), 0);
    close_world(&world);
}
END_TEST

START_TEST(without_consent_the_run_is_an_error_and_its_prompt_not_on_the_path)
{
    static const enum consent_answer answers[] = { CONSENT_NONE,
                                                   CONSENT_NEVER };
    struct world world;
    open_asking(&world, server_start(MODELS, CHAT SAY("no") DONE, NULL));
    desk_prompt(&world.desk, "hi");
    run_to_question(&world);
    chat_answer(world.desk.chat, answers[_i]);
    ck_assert(!chat_is_busy(world.desk.chat));
    ck_assert_int_eq(graph_run(graph_of(&world), 1)->state, RUN_ERROR);
    ck_assert_msg(strstr(chat_last_error(world.desk.chat)->text, "not sent"),
                  "%s", chat_last_error(world.desk.chat)->text);
    ck_assert_uint_eq(graph_head(graph_of(&world)), 0);
    ck_assert_int_eq(server_count(world.server, "POST"), 0);
    for (int i = 0; i < REJECT_REASON_COUNT; i++)
        ck_assert_uint_eq(
            graph_rejected_count(graph_of(&world), (enum reject_reason)i), 0);
    close_world(&world);
}
END_TEST

START_TEST(a_retry_without_consent_leads_back_to_the_answer_that_was_there)
{
    struct world world;
    struct error err = { 0 };
    open_asking(&world, server_start(MODELS, CHAT SAY("first") DONE, NULL));
    desk_prompt(&world.desk, "hi");
    run_to_question(&world);
    chat_answer(world.desk.chat, CONSENT_ONCE);
    desk_run_to_end(&world.desk);
    ck_assert(chat_retry(world.desk.chat, &err));
    run_to_question(&world);
    chat_answer(world.desk.chat, CONSENT_NONE);
    ck_assert_str_eq(head_text(&world), "first");
    close_world(&world);
}
END_TEST

START_TEST(a_run_that_waits_for_consent_can_be_stopped)
{
    struct world world;
    open_asking(&world, server_start(MODELS, NULL));
    desk_prompt(&world.desk, "hi");
    run_to_question(&world);
    ck_assert(chat_stop(world.desk.chat));
    ck_assert_ptr_null(chat_question(world.desk.chat));
    ck_assert_int_eq(graph_run(graph_of(&world), 1)->state, RUN_ABORTED);
    chat_answer(world.desk.chat, CONSENT_ALWAYS); /* too late: nothing */
    ck_assert(!chat_is_busy(world.desk.chat));
    close_world(&world);
}
END_TEST

START_TEST(history_goes_along_with_the_next_prompt)
{
    struct world world;
    open_world(&world,
               server_start(CHAT SAY("answer one") DONE,
                            CHAT SAY("answer two") DONE, NULL),
               "ollama/m");
    desk_prompt(&world.desk, "prompt one");
    desk_prompt(&world.desk, "prompt two");
    desk_run_to_end(&world.desk);
    ck_assert_str_eq(head_text(&world), "answer two");
    const char *second = strstr(server_received(world.server), "--- request 2");
    ck_assert_ptr_nonnull(second);
    ck_assert_ptr_nonnull(strstr(second, "prompt one"));
    ck_assert_ptr_nonnull(strstr(second, "answer one"));
    ck_assert_ptr_nonnull(strstr(second, "prompt two"));
    close_world(&world);
}
END_TEST

START_TEST(a_stop_closes_the_connection_and_keeps_the_partial)
{
    struct world world;
    open_world(
        &world,
        server_start(CHAT SAY("Hel") "stall\n", CHAT SAY("ok") DONE, NULL),
        "ollama/m");
    desk_prompt(&world.desk, "hi");
    run_to_text(&world);
    ck_assert(chat_stop(world.desk.chat));
    ck_assert(!chat_is_busy(world.desk.chat));
    ck_assert_uint_eq(http_active(world.desk.http), 0);
    ck_assert(server_await(world.server, "closed by the client"));
    ck_assert_str_eq(head_text(&world), "Hel");
    ck_assert_int_eq(graph_run(graph_of(&world), 1)->state, RUN_ABORTED);
    ck_assert_int_eq(chat_last_error(world.desk.chat)->kind, ERROR_CANCELLED);
    desk_prompt(&world.desk, "again");
    desk_run_to_end(&world.desk);
    ck_assert_str_eq(head_text(&world), "ok");
    close_world(&world);
}
END_TEST

/* What a user does who sends the next prompt at once. */
START_TEST(what_takes_the_place_of_an_answer_does_so_within_one_turn)
{
    struct world world;
    open_world(
        &world,
        server_start(CHAT SAY("Hel") "stall\n", CHAT SAY("ok") DONE, NULL),
        "ollama/m");
    desk_prompt(&world.desk, "hi");
    run_to_text(&world);
    ck_assert(chat_stop(world.desk.chat));
    /* The old one is gone before the loop turns at all. */
    ck_assert_uint_eq(http_active(world.desk.http), 0);
    desk_prompt(&world.desk, "instead");
    int turns = 0;
    for (; count_events(&world, EVENT_ATTEMPT_STARTED) < 2; turns++)
        desk_turn(&world.desk);
    ck_assert_int_le(turns, 1);
    ck_assert_uint_eq(http_active(world.desk.http), 1);
    desk_run_to_end(&world.desk);
    ck_assert_str_eq(head_text(&world), "ok");
    ck_assert(server_await(world.server, "closed by the client"));
    ck_assert_int_eq(graph_run(graph_of(&world), 1)->state, RUN_ABORTED);
    close_world(&world);
}
END_TEST

START_TEST(an_error_leaves_what_waits_to_run)
{
    struct world world;
    open_world(&world,
               server_start("match POST /api/chat\nstatus 500 Oops\n"
                            "header x-should-retry: false\n"
                            "body \"{\\\"error\\\":\\\"died\\\"}\"\n",
                            CHAT SAY("fine") DONE, NULL),
               "ollama/m");
    desk_prompt(&world.desk, "one");
    desk_prompt(&world.desk, "two");
    desk_run_to_end(&world.desk);
    ck_assert_int_eq(graph_run(graph_of(&world), 1)->state, RUN_ERROR);
    ck_assert_int_eq(graph_run(graph_of(&world), 2)->state, RUN_COMPLETE);
    ck_assert_str_eq(head_text(&world), "fine");
    close_world(&world);
}
END_TEST

START_TEST(retry_makes_a_sibling_and_no_second_user_turn)
{
    struct world world;
    struct error err = { 0 };
    open_world(&world,
               server_start(CHAT SAY("one") DONE, CHAT SAY("two") DONE, NULL),
               "ollama/m");
    desk_prompt(&world.desk, "hi");
    desk_run_to_end(&world.desk);
    ck_assert_msg(chat_retry(world.desk.chat, &err), "%s", err.text);
    desk_run_to_end(&world.desk);
    const struct graph *graph = graph_of(&world);
    const struct node *node = graph_node(graph, graph_head(graph));
    ck_assert_str_eq(head_text(&world), "two");
    ck_assert_uint_eq(graph_sibling_count(graph, node), 2);
    ck_assert_uint_eq(graph_node_count(graph), 3);
    close_world(&world);
}
END_TEST

START_TEST(a_model_that_loads_is_waited_for)
{
    struct world world;
    open_world(&world,
               server_start("match POST /api/chat\nstatus 503 Loading\n"
                            "body \"{\\\"error\\\":{\\\"message\\\":"
                            "\\\"Loading model\\\",\\\"type\\\":"
                            "\\\"unavailable_error\\\",\\\"code\\\":503}}\"\n",
                            CHAT SAY("ready") DONE, NULL),
               "ollama/m");
    desk_prompt(&world.desk, "hi");
    desk_run_to_end(&world.desk);
    ck_assert_str_eq(head_text(&world), "ready");
    ck_assert_int_eq(count_events(&world, EVENT_RETRY_SCHEDULED), 1);
    ck_assert_int_eq(count_events(&world, EVENT_ATTEMPT_STARTED), 2);
    close_world(&world);
}
END_TEST

START_TEST(a_cut_answer_is_not_tried_again)
{
    struct world world;
    open_world(
        &world,
        server_start(CHAT SAY("Hel") "close\n", CHAT SAY("no") DONE, NULL),
        "ollama/m");
    desk_prompt(&world.desk, "hi");
    desk_run_to_end(&world.desk);
    ck_assert_str_eq(head_text(&world), "Hel");
    ck_assert_int_eq(graph_run(graph_of(&world), 1)->state, RUN_CUT);
    ck_assert_int_eq(chat_last_error(world.desk.chat)->kind, ERROR_CUT);
    ck_assert_int_eq(server_count(world.server, "POST /api/chat"), 1);
    close_world(&world);
}
END_TEST

START_TEST(a_call_that_nobody_can_run_is_answered)
{
    struct world world;
    open_world(
        &world,
        server_start(CHAT "line {\"message\":{\"content\":\"\",\"tool_calls\":"
                          "[{\"function\":{\"name\":\"rm\",\"arguments\":{}}}"
                          "]},\"done\":true,\"done_reason\":\"stop\"}\n",
                     CHAT SAY("in words") DONE, NULL),
        "ollama/m");
    desk_prompt(&world.desk, "hi");
    desk_run_to_end(&world.desk);
    const struct graph *graph = graph_of(&world);
    ck_assert_uint_eq(graph_call_count(graph), 1);
    ck_assert_int_eq(graph_call(graph, 1)->state, CALL_ERROR);
    desk_prompt(&world.desk, "go on");
    desk_run_to_end(&world.desk);
    const char *second = strstr(server_received(world.server), "--- request 2");
    ck_assert_ptr_nonnull(strstr(second, "\"role\":\"tool\""));
    ck_assert_ptr_nonnull(strstr(second, "nothing was run"));
    close_world(&world);
}
END_TEST

START_TEST(a_prompt_waits_while_the_models_are_asked_for)
{
    struct world world;
    open_world(&world,
               server_start("match GET /api/tags\nawait go\nstatus 200 OK\n"
                            "body \"{\\\"models\\\":[{\\\"name\\\":\\\"a\\\","
                            "\\\"size\\\":10},{\\\"name\\\":\\\"b\\\","
                            "\\\"size\\\":10}]}\"\n",
                            "match GET /api/ps\nstatus 200 OK\n"
                            "body \"{\\\"models\\\":[{\\\"name\\\":\\\"b\\\","
                            "\\\"context_length\\\":4096}]}\"\n",
                            CHAT SAY("hello") DONE, NULL),
               NULL);
    desk_prompt(&world.desk, "hi");
    chat_turn(world.desk.chat);
    loop_turn(world.desk.loop, 0);
    ck_assert_int_eq(graph_run(graph_of(&world), 1)->state, RUN_ROUTING);
    server_release(world.server, "go");
    desk_run_to_end(&world.desk);
    ck_assert_str_eq(head_text(&world), "hello");
    ck_assert_msg(strstr(server_received(world.server), "\"model\":\"b\"") !=
                      NULL,
                  "the loaded model is taken");
    ck_assert_uint_eq(chat_next(world.desk.chat)->window, 4096);
    close_world(&world);
}
END_TEST

START_TEST(a_withdrawn_prompt_is_not_sent)
{
    struct world world;
    struct buf text = { 0 };
    open_world(&world, server_start(CHAT SAY("one") DONE, NULL), "ollama/m");
    desk_prompt(&world.desk, "one");
    desk_prompt(&world.desk, "two");
    struct attachments files = { 0 };
    ck_assert(chat_withdraw(world.desk.chat, &text, &files));
    ck_assert_str_eq(buf_string(&text), "two");
    ck_assert_uint_eq(files.list.count, 0);
    desk_run_to_end(&world.desk);
    ck_assert_uint_eq(graph_run_count(graph_of(&world)), 1);
    buf_clear(&text);
    close_world(&world);
}
END_TEST

static void prompt_with_file(struct world *world, const char *text,
                             const char *content)
{
    struct error err = { 0 };
    struct attachments files = { 0 };
    struct attachment file = {
        .name = memory_string("a.txt"),
        .media_type = memory_string("text/plain"),
    };
    buf_append_string(&file.data, content);
    *array_add(&files.list) = file;
    ck_assert(chat_prompt(world->desk.chat, slice_of(text), &files, &err));
    ck_assert_uint_eq(files.list.count, 0);
}

START_TEST(files_go_with_their_prompt_or_come_back_with_it)
{
    struct world world;
    struct buf text = { 0 };
    struct attachments files = { 0 };
    open_world(&world, server_start(CHAT SAY("one") DONE, NULL), "ollama/m");
    prompt_with_file(&world, "one", "first content");
    prompt_with_file(&world, "two", "second content");
    ck_assert(chat_withdraw(world.desk.chat, &text, &files));
    ck_assert_str_eq(buf_string(&text), "two");
    ck_assert_uint_eq(files.list.count, 1);
    ck_assert_str_eq(buf_string(&files.list.items[0].data), "second content");
    desk_run_to_end(&world.desk);
    ck_assert_ptr_nonnull(
        strstr(server_received(world.server),
               "one\\n\\nFile: a.txt\\n```\\nfirst content\\n```"));
    ck_assert_ptr_null(strstr(server_received(world.server), "second content"));
    attachments_clear(&files);
    buf_clear(&text);
    close_world(&world);
}
END_TEST

#define VISION_TAGS                                                                    \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"                              \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"blind\\\"},{\\\"name\\\":\\\"seer\\\"," \
    "\\\"capabilities\\\":[\\\"completion\\\",\\\"vision\\\"]}]}\"\n",                 \
        "match GET /api/ps\ntimes forever\nstatus 200 OK\n"                            \
        "body \"{\\\"models\\\":[]}\"\n"
#define SHOW(capability)                                   \
    "match POST /api/show\ntimes forever\nstatus 200 OK\n" \
    "body \"{\\\"capabilities\\\":[\\\"completion\\\"" capability "]}\"\n"

static void prompt_with_picture(struct world *world, bool by_address)
{
    struct error err = { 0 };
    struct attachments files = { 0 };
    struct attachment file = {
        .name = memory_string("a.png"),
        .media_type = memory_string("image/png"),
        .url = by_address ? memory_string("http://h.invalid/a") : NULL,
        .is_image = true,
    };
    if (!by_address)
        buf_append_string(&file.data, "PNG");
    *array_add(&files.list) = file;
    ck_assert(chat_prompt(world->desk.chat, slice_of("what"), &files, &err));
}

START_TEST(a_picture_goes_to_no_model_that_sees_none)
{
    struct world world;
    open_world(&world,
               server_start(VISION_TAGS, SHOW(""), CHAT SAY("no") DONE, NULL),
               "ollama/blind");
    prompt_with_picture(&world, false);
    desk_run_to_end(&world.desk);
    ck_assert_str_eq(chat_last_error(world.desk.chat)->text,
                     "blind sees no images, ollama/seer does; take that model, "
                     "or leave a.png away");
    ck_assert_int_eq(chat_last_error(world.desk.chat)->kind, ERROR_USAGE);
    ck_assert_int_eq(server_count(world.server, "POST /api/chat"), 0);
    /* The next prompt has none; the one before is told by its name. */
    desk_prompt(&world.desk, "then");
    desk_run_to_end(&world.desk);
    ck_assert_ptr_nonnull(
        strstr(server_received(world.server), "Image: a.png"));
    ck_assert_ptr_null(strstr(server_received(world.server), "\"images\""));
    close_world(&world);
}
END_TEST

START_TEST(a_picture_goes_to_a_model_that_sees_or_may_see)
{
    static const char *const shows[] = {
        SHOW(",\\\"vision\\\""), "match POST /api/show\ntimes forever\n"
                                 "status 404 Not Found\nbody \"{}\"\n"
    };
    for (size_t i = 0; i < COUNTOF(shows); i++) {
        struct world world;
        open_world(
            &world,
            server_start(VISION_TAGS, shows[i], CHAT SAY("a") DONE, NULL),
            "ollama/blind");
        prompt_with_picture(&world, false);
        desk_run_to_end(&world.desk);
        ck_assert_str_eq(chat_last_error(world.desk.chat)->text, "");
        ck_assert_ptr_nonnull(
            strstr(server_received(world.server), "\"images\":[\"UE5H\"]"));
        close_world(&world);
    }
}
END_TEST

/* As a script waits: until something happens, and nothing else wakes it. */
static void wait_for_end(struct world *world)
{
    for (chat_turn(world->desk.chat); chat_is_busy(world->desk.chat);) {
        chat_turn(world->desk.chat);
        loop_turn(world->desk.loop, -1);
    }
}

/* Nothing is left to ask, so nothing may be waited for. */
START_TEST(a_model_that_nobody_can_tell_of_gets_its_picture_at_once)
{
    struct world world;
    open_world(&world,
               server_start(VISION_TAGS, SHOW(",\\\"vision\\\""),
                            CHAT SAY("a") DONE, CHAT SAY("b") DONE, NULL),
               "ollama/other");
    for (int i = 0; i < 2; i++) {
        prompt_with_picture(&world, false);
        wait_for_end(&world);
        ck_assert_str_eq(chat_last_error(world.desk.chat)->text, "");
    }
    ck_assert_int_eq(server_count(world.server, "POST /api/chat"), 2);
    close_world(&world);
}
END_TEST

START_TEST(an_address_is_refused_where_the_dialect_takes_none)
{
    struct world world;
    open_world(&world,
               server_start(VISION_TAGS, SHOW(",\\\"vision\\\""),
                            CHAT SAY("no") DONE, NULL),
               "ollama/blind");
    prompt_with_picture(&world, true);
    desk_run_to_end(&world.desk);
    ck_assert_str_eq(chat_last_error(world.desk.chat)->text,
                     "ollama takes no images by their address; download a.png "
                     "and attach the file");
    ck_assert_int_eq(server_count(world.server, "POST /api/chat"), 0);
    close_world(&world);
}
END_TEST

START_TEST(a_fresh_conversation_has_forgotten_the_old_one)
{
    struct world world;
    open_world(&world,
               server_start(CHAT SAY("one") DONE, CHAT SAY("two") DONE, NULL),
               "ollama/m");
    desk_prompt(&world.desk, "old prompt");
    desk_run_to_end(&world.desk);
    chat_clear(world.desk.chat);
    ck_assert_uint_eq(graph_node_count(graph_of(&world)), 0);
    desk_prompt(&world.desk, "new prompt");
    desk_run_to_end(&world.desk);
    const char *second = strstr(server_received(world.server), "--- request 2");
    ck_assert_ptr_null(strstr(second, "old prompt"));
    close_world(&world);
}
END_TEST

static uint64_t head(const struct world *world)
{
    return graph_head(graph_of(world));
}

/* Two prompts in a row, then a second answer to the first of them. */
static void branch(struct world *world, uint64_t *first, uint64_t *second)
{
    struct error err = { 0 };
    open_world(world,
               server_start(CHAT SAY("one") DONE, CHAT SAY("on one") DONE,
                            CHAT SAY("two") DONE, NULL),
               "ollama/m");
    desk_prompt(&world->desk, "hi");
    desk_run_to_end(&world->desk);
    *first = head(world);
    desk_prompt(&world->desk, "more");
    desk_run_to_end(&world->desk);
    ck_assert(chat_retry_at(world->desk.chat, *first, &err));
    desk_run_to_end(&world->desk);
    *second = head(world);
}

START_TEST(any_turn_is_answered_again_from_its_own_prompt)
{
    struct world world;
    uint64_t first, second;
    branch(&world, &first, &second);
    const struct graph *graph = graph_of(&world);
    const struct node *node = graph_node(graph, second);
    ck_assert_str_eq(head_text(&world), "two");
    ck_assert_uint_eq(node->parent_id, graph_node(graph, first)->parent_id);
    ck_assert_uint_eq(graph_sibling_count(graph, node), 2);
    /* What came after the first answer was not sent with its prompt. */
    const char *third = strstr(server_received(world.server), "--- request 3");
    ck_assert_ptr_nonnull(strstr(third, "hi"));
    ck_assert_ptr_null(strstr(third, "more"));
    close_world(&world);
}
END_TEST

START_TEST(a_sibling_is_found_where_its_branch_was_left)
{
    struct world world;
    struct error err = { 0 };
    uint64_t first, second;
    branch(&world, &first, &second);
    ck_assert(chat_select_sibling(world.desk.chat, second, -1, &err));
    ck_assert_str_eq(head_text(&world), "on one");
    ck_assert(chat_select_sibling(world.desk.chat, first, 1, &err));
    ck_assert_uint_eq(head(&world), second);
    close_world(&world);
}
END_TEST

START_TEST(at_the_ends_of_the_siblings_nothing_moves_and_a_sentence_says_so)
{
    struct world world;
    struct error err = { 0 };
    uint64_t first, second;
    branch(&world, &first, &second);
    const struct graph *graph = graph_of(&world);
    uint64_t events = graph_seq(graph);
    ck_assert(!chat_select_sibling(world.desk.chat, second, 1, &err));
    ck_assert_str_eq(err.text, "this is the last of 2 answers");
    ck_assert(!chat_select_sibling(world.desk.chat, first, -1, &err));
    ck_assert_str_eq(err.text, "this is the first of 2 answers");
    ck_assert(!chat_select_sibling(world.desk.chat, first, 2, &err));
    uint64_t prompt_id = graph_node(graph, first)->parent_id;
    ck_assert(!chat_select_sibling(world.desk.chat, prompt_id, 1, &err));
    ck_assert_str_eq(err.text, "this is the only prompt here");
    ck_assert(!chat_select_sibling(world.desk.chat, 0, 1, &err));
    ck_assert_uint_eq(graph_seq(graph), events);
    close_world(&world);
}
END_TEST

START_TEST(a_run_goes_on_in_its_branch_while_the_reader_looks_at_another)
{
    struct world world;
    struct error err = { 0 };
    open_world(&world,
               server_start(CHAT SAY("one") DONE,
                            CHAT SAY("t") "await go\n" SAY("wo") DONE, NULL),
               "ollama/m");
    desk_prompt(&world.desk, "hi");
    desk_run_to_end(&world.desk);
    uint64_t first = head(&world);
    ck_assert(chat_retry(world.desk.chat, &err));
    while (graph_node_count(graph_of(&world)) < 3)
        desk_turn(&world.desk);
    uint64_t second = head(&world);
    ck_assert(chat_select_sibling(world.desk.chat, second, -1, &err));
    ck_assert(!chat_retry_at(world.desk.chat, first, &err));
    server_release(world.server, "go");
    desk_run_to_end(&world.desk);
    ck_assert_uint_eq(head(&world), first);
    ck_assert(chat_select_sibling(world.desk.chat, first, 1, &err));
    ck_assert_str_eq(head_text(&world), "two");
    close_world(&world);
}
END_TEST

/* The nth request that the server got, to the end of all. */
static const char *request(const struct world *world, int number)
{
    char mark[32];
    snprintf(mark, sizeof mark, "--- request %d", number);
    const char *found = strstr(server_received(world->server), mark);
    ck_assert_ptr_nonnull(found);
    return found;
}

START_TEST(an_edited_prompt_is_a_sibling_with_its_files)
{
    struct world world;
    struct error err = { 0 };
    struct attachments files = { 0 };
    open_world(&world,
               server_start(CHAT SAY("one") DONE, CHAT SAY("on one") DONE,
                            CHAT SAY("two") DONE, NULL),
               "ollama/m");
    desk_prompt(&world.desk, "hi");
    desk_run_to_end(&world.desk);
    desk_prompt(&world.desk, "more");
    desk_run_to_end(&world.desk);
    const struct graph *graph = graph_of(&world);
    uint64_t old = head(&world), first = graph_node_at(graph, 0)->id;
    *array_add(&files.list) = (struct attachment){
        .name = memory_string("a.txt"),
    };
    buf_append_string(&array_last(&files.list)->data, "content");
    ck_assert(
        chat_edit(world.desk.chat, first, slice_of("hello"), &files, &err));
    desk_run_to_end(&world.desk);
    const struct node *answer = graph_node(graph, head(&world));
    const struct node *edited = graph_node(graph, answer->parent_id);
    ck_assert_str_eq(head_text(&world), "two");
    ck_assert_uint_eq(edited->parent_id, 0);
    ck_assert_uint_eq(edited->sibling, 1);
    ck_assert_uint_eq(edited->blocks.count, 2);
    ck_assert_ptr_null(strstr(request(&world, 3), "more"));
    ck_assert_ptr_nonnull(strstr(request(&world, 3), "content"));
    /* The roots are siblings, and the first one was left at its end. */
    ck_assert(chat_select_sibling(world.desk.chat, edited->id, -1, &err));
    ck_assert_uint_eq(head(&world), old);
    close_world(&world);
}
END_TEST

START_TEST(only_a_prompt_is_edited_and_not_while_an_answer_comes)
{
    struct world world;
    struct error err = { 0 };
    open_world(&world,
               server_start(CHAT SAY("o") "await go\n" SAY("ne") DONE, NULL),
               "ollama/m");
    ck_assert(!chat_edit(world.desk.chat, 1, slice_of("x"), NULL, &err));
    desk_prompt(&world.desk, "hi");
    run_to_text(&world);
    uint64_t answer = head(&world);
    uint64_t asked = graph_node(graph_of(&world), answer)->parent_id;
    ck_assert(!chat_edit(world.desk.chat, asked, slice_of("x"), NULL, &err));
    ck_assert_str_eq(err.text, "an answer is on its way; stop it first");
    server_release(world.server, "go");
    desk_run_to_end(&world.desk);
    ck_assert(!chat_edit(world.desk.chat, answer, slice_of("x"), NULL, &err));
    ck_assert_str_eq(err.text, "there is no such prompt to edit");
    close_world(&world);
}
END_TEST

START_TEST(an_answer_that_was_stopped_is_gone_on_with)
{
    struct world world;
    struct error err = { 0 };
    open_world(&world,
               server_start(CHAT SAY("one and ") "await go\n" DONE,
                            CHAT SAY("two") DONE, CHAT SAY("end") DONE, NULL),
               "ollama/m");
    ck_assert(!chat_continue(world.desk.chat, head(&world), &err));
    desk_prompt(&world.desk, "count");
    run_to_text(&world);
    uint64_t partial = head(&world);
    ck_assert(!chat_continue(world.desk.chat, partial, &err));
    chat_stop(world.desk.chat);
    server_release(world.server, "go");
    ck_assert(chat_continue(world.desk.chat, partial, &err));
    desk_run_to_end(&world.desk);
    ck_assert_str_eq(head_text(&world), "two");
    ck_assert_uint_eq(graph_node(graph_of(&world), head(&world))->parent_id,
                      partial);
    ck_assert_ptr_nonnull(strstr(request(&world, 2), "stopped here by the "
                                                     "user"));
    ck_assert_ptr_nonnull(strstr(request(&world, 2), "Go on with your answer"));
    /* What is whole is not gone on with. */
    ck_assert(!chat_continue(world.desk.chat, head(&world), &err));
    ck_assert_str_eq(err.text,
                     "this answer is complete; /retry asks for another");
    desk_prompt(&world.desk, "more");
    desk_run_to_end(&world.desk);
    ck_assert_ptr_nonnull(strstr(request(&world, 3), "Go on with your answer"));
    close_world(&world);
}
END_TEST

START_TEST(an_answer_that_ends_at_its_most_tokens_is_gone_on_with)
{
    struct world world;
    struct error err = { 0 };
    open_world(
        &world,
        server_start(
            CHAT SAY(
                "one and ") "line {\"model\":\"m\",\"message\":{\"content\":\"\"},"
                            "\"done\":true,\"done_reason\":\"length\"}\n",
            CHAT SAY("two") DONE, NULL),
        "ollama/m");
    desk_prompt(&world.desk, "count");
    desk_run_to_end(&world.desk);
    ck_assert(chat_continue(world.desk.chat, head(&world), &err));
    desk_run_to_end(&world.desk);
    ck_assert_str_eq(head_text(&world), "two");
    close_world(&world);
}
END_TEST

START_TEST(a_retry_with_another_model_is_for_once)
{
    struct world world;
    struct error err = { 0 };
    open_world(&world,
               server_start(CHAT SAY("one") DONE, CHAT SAY("two") DONE,
                            CHAT SAY("three") DONE, NULL),
               "ollama/m");
    desk_prompt(&world.desk, "hi");
    desk_run_to_end(&world.desk);
    uint64_t first = head(&world);
    ck_assert(chat_retry_with(world.desk.chat, first, "ollama/other", &err));
    ck_assert_str_eq(chat_next(world.desk.chat)->model, "m");
    desk_run_to_end(&world.desk);
    const struct graph *graph = graph_of(&world);
    const struct node *second = graph_node(graph, head(&world));
    ck_assert_str_eq(graph_node_attempt(graph, second)->model, "other");
    ck_assert_uint_eq(graph_sibling_count(graph, second), 2);
    desk_prompt(&world.desk, "and now");
    desk_run_to_end(&world.desk);
    ck_assert_str_eq(
        graph_node_attempt(graph, graph_node(graph, head(&world)))->model, "m");
    close_world(&world);
}
END_TEST

Suite *chat_suite(void)
{
    Suite *suite = suite_create("chat");
    TCase *tcase = tcase_create("chat");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_run_leaves_its_whole_story_in_the_log);
    tcase_add_test(tcase, a_run_waits_for_consent_before_anything_is_sent);
    tcase_add_loop_test(
        tcase,
        without_consent_the_run_is_an_error_and_its_prompt_not_on_the_path, 0,
        2);
    tcase_add_test(
        tcase, a_retry_without_consent_leads_back_to_the_answer_that_was_there);
    tcase_add_test(tcase, a_run_that_waits_for_consent_can_be_stopped);
    tcase_add_test(tcase, history_goes_along_with_the_next_prompt);
    tcase_add_test(tcase, a_stop_closes_the_connection_and_keeps_the_partial);
    tcase_add_test(tcase,
                   what_takes_the_place_of_an_answer_does_so_within_one_turn);
    tcase_add_test(tcase, an_error_leaves_what_waits_to_run);
    tcase_add_test(tcase, retry_makes_a_sibling_and_no_second_user_turn);
    tcase_add_test(tcase, a_model_that_loads_is_waited_for);
    tcase_add_test(tcase, a_cut_answer_is_not_tried_again);
    tcase_add_test(tcase, a_call_that_nobody_can_run_is_answered);
    tcase_add_test(tcase, a_prompt_waits_while_the_models_are_asked_for);
    tcase_add_test(tcase, a_withdrawn_prompt_is_not_sent);
    tcase_add_test(tcase, files_go_with_their_prompt_or_come_back_with_it);
    tcase_add_test(tcase, a_picture_goes_to_no_model_that_sees_none);
    tcase_add_test(tcase, a_picture_goes_to_a_model_that_sees_or_may_see);
    tcase_add_test(tcase,
                   a_model_that_nobody_can_tell_of_gets_its_picture_at_once);
    tcase_add_test(tcase, an_address_is_refused_where_the_dialect_takes_none);
    tcase_add_test(tcase, a_fresh_conversation_has_forgotten_the_old_one);
    tcase_add_test(tcase, any_turn_is_answered_again_from_its_own_prompt);
    tcase_add_test(tcase, a_sibling_is_found_where_its_branch_was_left);
    tcase_add_test(tcase, an_edited_prompt_is_a_sibling_with_its_files);
    tcase_add_test(tcase,
                   only_a_prompt_is_edited_and_not_while_an_answer_comes);
    tcase_add_test(tcase, an_answer_that_was_stopped_is_gone_on_with);
    tcase_add_test(tcase,
                   an_answer_that_ends_at_its_most_tokens_is_gone_on_with);
    tcase_add_test(tcase, a_retry_with_another_model_is_for_once);
    tcase_add_test(
        tcase,
        at_the_ends_of_the_siblings_nothing_moves_and_a_sentence_says_so);
    tcase_add_test(
        tcase, a_run_goes_on_in_its_branch_while_the_reader_looks_at_another);
    suite_add_tcase(suite, tcase);
    return suite;
}
