/* SPDX-License-Identifier: MIT */
/*
 * What is on disk when something is asked of a server, with a disk that answers
 * when the test says so.
 */
#include <dirent.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "base/path.h"
#include "chat/chat.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

Suite *keeping_suite(void);

#define CHAT "match POST /api/chat\nstatus 200 OK\nchunked\n"
#define SAY(text)                                            \
    "line {\"model\":\"m\",\"message\":{\"content\":\"" text \
    "\"},\"done\":false}\n"
#define DONE                                                              \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true," \
    "\"done_reason\":\"stop\",\"prompt_eval_count\":7,\"eval_count\":2}\n"

struct world {
    char home[SCRATCH_PATH_MAX];
    struct server *server;
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
    struct store *store;
    struct chat *chat;
    sem_t disk;             /* posted: it works again */
    struct session session; /* as it was read */
};

static void open_world(struct world *world, struct server *server,
                       const char *yaml)
{
    char host[64];
    struct error err = { 0 };
    *world = (struct world){ .server = server, .settings = settings_new() };
    sem_init(&world->disk, 0, 0);
    scratch_directory(world->home, "keeping");
    setenv("XDG_DATA_HOME", world->home, 1);
    snprintf(host, sizeof host, "127.0.0.1:%d", server_port(server));
    setenv("OLLAMA_HOST", host, 1);
    settings_must_add(world->settings, "config.yaml", yaml);
    ck_assert(endpoints_load(&world->endpoints, world->settings, NULL, &err));
    world->loop = loop_new(&err);
    world->http = http_new(world->loop, &err);
    world->store = store_new(world->loop, &err);
    ck_assert_msg(world->store != NULL, "%s", err.text);
    struct chat_setup setup = {
        .loop = world->loop,
        .http = world->http,
        .store = world->store,
        .settings = world->settings,
        .endpoints = &world->endpoints,
        .target = "ollama/m",
    };
    world->chat = chat_new(&setup);
}

static void close_world(struct world *world)
{
    session_clear(&world->session);
    chat_free(world->chat);
    ck_assert(store_settle(world->store, 10000));
    store_free(world->store);
    http_free(world->http);
    loop_free(world->loop);
    endpoints_clear(&world->endpoints);
    settings_free(world->settings);
    server_stop(world->server);
    scratch_remove(world->home);
}

static void wait_for_disk(void *job)
{
    sem_wait(job);
}

static void forget(void *context, void *job)
{
    (void)context, (void)job;
}

static void hang_disk(struct world *world)
{
    store_post(world->store, wait_for_disk, forget, NULL, &world->disk);
}

static void prompt(struct world *world, const char *text)
{
    struct error err = { 0 };
    ck_assert(chat_prompt(world->chat, slice_of(text), NULL, &err));
}

static void turn(struct world *world)
{
    chat_turn(world->chat);
    loop_turn(world->loop, 100);
}

static void run_to_end(struct world *world)
{
    for (chat_turn(world->chat); chat_is_busy(world->chat);)
        turn(world);
}

static const struct run *last_run(const struct world *world)
{
    const struct graph *graph = chat_conversation(world->chat)->graph;
    return graph_run(graph, graph_run_count(graph));
}

static void on_read(void *context, struct session *session)
{
    struct world *world = context;
    session_clear(&world->session);
    world->session = *session;
}

static void read_session(struct world *world, const char *id,
                         enum session_file_mode mode)
{
    const struct session_wish wish = { .id = id, .mode = mode };
    session_open(world->store, &wish, on_read, world);
    ck_assert(store_settle(world->store, 10000));
    ck_assert_msg(world->session.log != NULL, "%s", world->session.err.text);
}

START_TEST(nobody_is_asked_before_the_prompt_is_on_disk)
{
    struct world world;
    open_world(&world, server_start(CHAT SAY("Hi") DONE, NULL), "version: 1\n");
    hang_disk(&world);
    prompt(&world, "hello");
    /* More turns than asking takes, but less than a stall. */
    for (int i = 0; i < 10; i++)
        turn(&world);
    ck_assert_int_eq(chat_keeping(world.chat), JOURNAL_FINE);
    ck_assert_int_eq(server_count(world.server, "/api/chat"), 0);
    sem_post(&world.disk);
    run_to_end(&world);
    ck_assert_int_eq(server_count(world.server, "/api/chat"), 1);
    ck_assert_int_eq(last_run(&world)->state, RUN_COMPLETE);
    close_world(&world);
}
END_TEST

START_TEST(a_disk_that_hangs_is_told_and_stops_no_talk)
{
    struct world world;
    struct buf words = { 0 };
    open_world(&world, server_start(CHAT SAY("Hi") DONE, NULL), "version: 1\n");
    hang_disk(&world);
    prompt(&world, "hello");
    run_to_end(&world);
    ck_assert_int_eq(chat_keeping(world.chat), JOURNAL_STALLED);
    chat_describe_keeping(world.chat, true, &words);
    ck_assert_ptr_nonnull(strstr(buf_string(&words), "has not answered"));
    ck_assert_int_eq(last_run(&world)->state, RUN_COMPLETE);
    sem_post(&world.disk);
    while (chat_unsaved(world.chat))
        turn(&world);
    ck_assert_int_eq(chat_keeping(world.chat), JOURNAL_FINE);
    buf_clear(&words);
    close_world(&world);
}
END_TEST

START_TEST(a_prompt_waits_for_the_disk_where_that_is_wanted)
{
    struct world world;
    struct buf words = { 0 };
    open_world(&world, server_start(CHAT SAY("Hi") DONE, NULL),
               "journal: {required: true}\n");
    hang_disk(&world);
    prompt(&world, "hello");
    while (chat_keeping(world.chat) != JOURNAL_STALLED)
        turn(&world);
    for (int i = 0; i < 10; i++)
        turn(&world);
    ck_assert_int_eq(server_count(world.server, "/api/chat"), 0);
    chat_describe_keeping(world.chat, true, &words);
    ck_assert_ptr_nonnull(strstr(buf_string(&words), "journal.required"));
    sem_post(&world.disk);
    run_to_end(&world);
    ck_assert_int_eq(last_run(&world)->state, RUN_COMPLETE);
    buf_clear(&words);
    close_world(&world);
}
END_TEST

START_TEST(what_a_crash_left_open_is_closed_as_cut)
{
    struct world world;
    char id[SESSION_ID_LEN + 1];
    open_world(&world, server_start(CHAT SAY("Hal") "await never\n", NULL),
               "version: 1\n");
    prompt(&world, "hello");
    while (graph_node_count(chat_conversation(world.chat)->graph) < 2)
        turn(&world);
    prompt(&world, "and then?");
    while (chat_unsaved(world.chat))
        turn(&world);
    strcpy(id, chat_session(world.chat));
    /* Freed without an end of the run: as a crash leaves it. */
    chat_clear(world.chat);
    ck_assert(store_settle(world.store, 10000));
    read_session(&world, id, SESSION_FILE_WRITE);
    chat_resume(world.chat, &world.session);
    ck_assert_str_eq(chat_session(world.chat), id);
    const struct graph *graph = chat_conversation(world.chat)->graph;
    ck_assert_uint_eq(graph_active_run(graph), 0);
    ck_assert_uint_eq(graph_node_count(graph), 2);
    ck_assert_uint_eq(graph_queue_count(graph), 1);
    close_world(&world);
}
END_TEST

/* A log that ends in the middle of an answer and of a call. */
static void write_left_log(struct log *log, struct graph *graph)
{
    struct event events[] = {
        { .type = EVENT_SESSION_OPENED },
        { .type = EVENT_USER_MESSAGE },
        { .type = EVENT_RUN_STARTED, .run = 1 },
        { .type = EVENT_ATTEMPT_STARTED, .run = 1, .attempt = 1 },
        { .type = EVENT_TEXT_DELTA, .run = 1, .attempt = 1 },
    };
    event_add_string(&events[1], FIELD_TEXT, "hello");
    event_add_number(&events[2], FIELD_NODE, 2);
    event_add_string(&events[4], FIELD_TEXT, "Hal");
    for (size_t i = 0; i < COUNTOF(events); i++) {
        log_append(log, &events[i]);
        graph_apply(graph, &events[i]);
    }
}

START_TEST(an_open_run_is_ended_with_its_text_kept)
{
    struct world world;
    struct session session = { .id = session_id_new(),
                               .log = log_new(),
                               .graph = graph_new() };
    open_world(&world, server_start(CHAT DONE, NULL), "version: 1\n");
    write_left_log(session.log, session.graph);
    chat_resume(world.chat, &session);
    const struct run *run = last_run(&world);
    ck_assert_int_eq(run->state, RUN_CUT);
    ck_assert_str_eq(run->error, "ended unexpectedly");
    const struct graph *graph = chat_conversation(world.chat)->graph;
    const struct node *node = graph_node(graph, graph_head(graph));
    ck_assert_str_eq(buf_string(&node->blocks.items[0].text), "Hal");
    ck_assert(!node->is_open);
    /* And what was read that had no file gets one. */
    while (chat_unsaved(world.chat))
        turn(&world);
    read_session(&world, chat_session(world.chat), SESSION_FILE_READ);
    ck_assert_uint_eq(log_last_seq(world.session.log), 6);
    close_world(&world);
}
END_TEST

START_TEST(what_the_disk_refuses_is_kept_in_memory_up_to_a_bound)
{
    enum { MIB = 1024 * 1024, LINES = 40 };
    struct world world;
    struct buf scenario = { 0 }, blocker = { 0 };
    buf_append_string(&scenario, CHAT);
    for (int i = 0; i < LINES; i++) {
        buf_append_string(&scenario, "line {\"model\":\"m\",\"message\":"
                                     "{\"content\":\"");
        for (int k = 0; k < MIB; k++)
            buf_append_char(&scenario, 'x');
        buf_append_string(&scenario, "\"},\"done\":false}\n");
    }
    buf_append_string(&scenario, DONE);
    open_world(&world, server_start(buf_string(&scenario), NULL),
               "version: 1\n");
    store_path(world.store, &blocker, "");
    ck_assert_int_eq(symlink("/nowhere/at/all", blocker.ptr), 0);
    prompt(&world, "much");
    run_to_end(&world);
    ck_assert_int_eq(last_run(&world)->state, RUN_CUT);
    ck_assert_ptr_nonnull(strstr(last_run(&world)->error, "32 MiB"));
    const struct graph *graph = chat_conversation(world.chat)->graph;
    const struct node *node = graph_node(graph, graph_head(graph));
    ck_assert_uint_ge(node->blocks.items[0].text.len, 31 * MIB);
    buf_clear(&scenario);
    buf_clear(&blocker);
    close_world(&world);
}
END_TEST

START_TEST(an_answer_waits_for_a_disk_that_is_slower_than_it)
{
    enum { KIB = 1024, LINES = 768 };
    struct world world;
    struct buf scenario = { 0 };
    buf_append_string(&scenario, CHAT);
    for (int i = 0; i < LINES; i++) {
        buf_append_string(&scenario, "line {\"model\":\"m\",\"message\":"
                                     "{\"content\":\"");
        for (int k = 0; k < 32 * KIB; k++)
            buf_append_char(&scenario, 'x');
        buf_append_string(&scenario, "\"},\"done\":false}\n");
    }
    buf_append_string(&scenario, DONE);
    open_world(&world, server_start(buf_string(&scenario), NULL),
               "version: 1\n");
    prompt(&world, "much");
    while (!chat_unsaved(world.chat) ||
           graph_node_count(chat_conversation(world.chat)->graph) < 2)
        turn(&world);
    hang_disk(&world);
    while (chat_keeping(world.chat) != JOURNAL_STALLED)
        turn(&world);
    for (int i = 0; i < 20; i++)
        turn(&world);
    /* What lay in buffers still came: libcurl reads up to 100 of them at once. */
    ck_assert_uint_lt(chat_unsaved(world.chat), 16 * 1024 * KIB);
    ck_assert(chat_is_busy(world.chat));
    sem_post(&world.disk);
    run_to_end(&world);
    ck_assert_int_eq(last_run(&world)->state, RUN_COMPLETE);
    buf_clear(&scenario);
    close_world(&world);
}
END_TEST

/* Whether a file of the directory of sessions holds the text. */
static bool is_on_disk(const struct world *world, const char *text)
{
    struct buf directory = { 0 };
    struct dirent *entry;
    bool is_there = false;
    buf_printf(&directory, "%s/sennit/sessions", world->home);
    DIR *files = opendir(buf_string(&directory));
    ck_assert(files != NULL);
    while ((entry = readdir(files)) != NULL) {
        struct buf path = { 0 }, bytes = { 0 };
        struct error err;
        buf_printf(&path, "%s/%s", buf_string(&directory), entry->d_name);
        is_there |= path_read_file(&bytes, path.ptr, 1 << 24, &err) &&
                    memmem(bytes.ptr, bytes.len, text, strlen(text));
        buf_clear(&path);
        buf_clear(&bytes);
    }
    closedir(files);
    buf_clear(&directory);
    return is_there;
}

START_TEST(what_is_redacted_is_overwritten_in_memory_and_on_disk)
{
    struct world world;
    struct error err = { 0 };
    uint64_t places = 0;
    open_world(
        &world,
        server_start(CHAT SAY("Your key hun") SAY("ter2 is in.") DONE, NULL),
        "version: 1\n");
    prompt(&world, "my key is hunter2");
    run_to_end(&world);
    while (chat_unsaved(world.chat))
        turn(&world);
    ck_assert(is_on_disk(&world, "hunter2"));
    uint32_t generation = chat_generation(world.chat);
    uint64_t head = graph_head(chat_conversation(world.chat)->graph);
    ck_assert_msg(chat_redact(world.chat, slice_of("hunter2"), &places, &err),
                  "%s", err.text);
    ck_assert_uint_ge(places, 2);
    ck_assert_uint_ne(chat_generation(world.chat), generation);
    const struct graph *graph = chat_conversation(world.chat)->graph;
    ck_assert_uint_eq(graph_head(graph), head);
    ck_assert_str_eq(buf_string(&graph_node(graph, head)->blocks.items[0].text),
                     "Your key [redacted] is in.");
    struct event last;
    const struct log *log = chat_conversation(world.chat)->log;
    ck_assert(log_read(log, log_last_seq(log), &last));
    ck_assert_int_eq(last.type, EVENT_REDACTED);
    while (chat_unsaved(world.chat))
        turn(&world);
    ck_assert(!is_on_disk(&world, "hunter2"));
    ck_assert(!is_on_disk(&world, "hun"));
    ck_assert(is_on_disk(&world, "my key is [redacted]"));
    read_session(&world, chat_session(world.chat), SESSION_FILE_READ);
    ck_assert_uint_eq(log_last_seq(world.session.log), log_last_seq(log));
    close_world(&world);
}
END_TEST

START_TEST(what_cannot_be_redacted_now_or_at_all_is_said)
{
    static const char *const wrong[] = { "", "abc", "\xc3\xa9\xc3\xa9",
                                         "redact" };
    struct world world;
    struct error err = { 0 };
    uint64_t places = 0;
    open_world(&world, server_start(CHAT SAY("hunter2") "await never\n", NULL),
               "version: 1\n");
    for (size_t i = 0; i < COUNTOF(wrong); i++)
        ck_assert(!chat_redact(world.chat, slice_of(wrong[i]), &places, &err));
    prompt(&world, "hello");
    while (graph_node_count(chat_conversation(world.chat)->graph) < 2)
        turn(&world);
    ck_assert(!chat_redact(world.chat, slice_of("hunter2"), &places, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "an answer is on its way"));
    chat_stop(world.chat);
    ck_assert(chat_redact(world.chat, slice_of("nowhere"), &places, &err));
    ck_assert_uint_eq(places, 0);
    close_world(&world);
}
END_TEST

Suite *keeping_suite(void)
{
    Suite *suite = suite_create("keeping");
    TCase *tcase = tcase_create("keeping");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, nobody_is_asked_before_the_prompt_is_on_disk);
    tcase_add_test(tcase, a_disk_that_hangs_is_told_and_stops_no_talk);
    tcase_add_test(tcase, a_prompt_waits_for_the_disk_where_that_is_wanted);
    tcase_add_test(tcase, what_a_crash_left_open_is_closed_as_cut);
    tcase_add_test(tcase, an_open_run_is_ended_with_its_text_kept);
    tcase_add_test(tcase,
                   what_the_disk_refuses_is_kept_in_memory_up_to_a_bound);
    tcase_add_test(tcase, an_answer_waits_for_a_disk_that_is_slower_than_it);
    tcase_add_test(tcase,
                   what_is_redacted_is_overwritten_in_memory_and_on_disk);
    tcase_add_test(tcase, what_cannot_be_redacted_now_or_at_all_is_said);
    suite_add_tcase(suite, tcase);
    return suite;
}
