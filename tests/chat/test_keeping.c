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
#include "tests/support/desk.h"
#include "tests/support/server.h"

Suite *keeping_suite(void);

#define CHAT "match POST /api/chat\nstatus 200 OK\nchunked\n"
#define SAY(text)                                            \
    "line {\"model\":\"m\",\"message\":{\"content\":\"" text \
    "\"},\"done\":false}\n"
#define DONE                                                              \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true," \
    "\"done_reason\":\"stop\",\"prompt_eval_count\":7,\"eval_count\":2}\n"

/* A desk, and a disk that works again when it is posted. */
static sem_t disk;

static void open_desk(struct desk *desk, struct server *server,
                      const char *yaml)
{
    char host[64];
    sem_init(&disk, 0, 0);
    snprintf(host, sizeof host, "127.0.0.1:%d", server_port(server));
    setenv("OLLAMA_HOST", host, 1);
    desk_open(desk, &(struct desk_plan){ .yaml = yaml,
                                         .is_kept = true,
                                         .chat.target = "ollama/m" });
}

static void close_desk(struct desk *desk, struct server *server)
{
    desk_close(desk);
    server_stop(server);
}

static void wait_for_disk(void *job)
{
    sem_wait(job);
}

static void forget(void *context, void *job)
{
    (void)context, (void)job;
}

static void hang_disk(struct desk *desk)
{
    store_post(desk->store, wait_for_disk, forget, NULL, &disk);
}

START_TEST(nobody_is_asked_before_the_prompt_is_on_disk)
{
    struct desk desk;
    struct server *server;
    server = server_start(CHAT SAY("Hi") DONE, NULL);
    open_desk(&desk, server, "version: 1\n");
    hang_disk(&desk);
    desk_prompt(&desk, "hello");
    /* More turns than asking takes, but less than a stall. */
    for (int i = 0; i < 10; i++)
        desk_turn(&desk);
    ck_assert_int_eq(chat_keeping(desk.chat), JOURNAL_FINE);
    ck_assert_int_eq(server_count(server, "/api/chat"), 0);
    sem_post(&disk);
    desk_run_to_end(&desk);
    ck_assert_int_eq(server_count(server, "/api/chat"), 1);
    ck_assert_int_eq(desk_last_run(&desk)->state, RUN_COMPLETE);
    close_desk(&desk, server);
}
END_TEST

START_TEST(a_disk_that_hangs_is_told_and_stops_no_talk)
{
    struct desk desk;
    struct server *server;
    struct buf words = { 0 };
    server = server_start(CHAT SAY("Hi") DONE, NULL);
    open_desk(&desk, server, "version: 1\n");
    hang_disk(&desk);
    desk_prompt(&desk, "hello");
    desk_run_to_end(&desk);
    ck_assert_int_eq(chat_keeping(desk.chat), JOURNAL_STALLED);
    chat_describe_keeping(desk.chat, true, &words);
    ck_assert_ptr_nonnull(strstr(buf_string(&words), "has not answered"));
    ck_assert_int_eq(desk_last_run(&desk)->state, RUN_COMPLETE);
    sem_post(&disk);
    while (chat_unsaved(desk.chat))
        desk_turn(&desk);
    ck_assert_int_eq(chat_keeping(desk.chat), JOURNAL_FINE);
    buf_clear(&words);
    close_desk(&desk, server);
}
END_TEST

START_TEST(a_prompt_waits_for_the_disk_where_that_is_wanted)
{
    struct desk desk;
    struct server *server;
    struct buf words = { 0 };
    server = server_start(CHAT SAY("Hi") DONE, NULL);
    open_desk(&desk, server, "journal: {required: true}\n");
    hang_disk(&desk);
    desk_prompt(&desk, "hello");
    while (chat_keeping(desk.chat) != JOURNAL_STALLED)
        desk_turn(&desk);
    for (int i = 0; i < 10; i++)
        desk_turn(&desk);
    ck_assert_int_eq(server_count(server, "/api/chat"), 0);
    chat_describe_keeping(desk.chat, true, &words);
    ck_assert_ptr_nonnull(strstr(buf_string(&words), "journal.required"));
    sem_post(&disk);
    desk_run_to_end(&desk);
    ck_assert_int_eq(desk_last_run(&desk)->state, RUN_COMPLETE);
    buf_clear(&words);
    close_desk(&desk, server);
}
END_TEST

START_TEST(what_a_crash_left_open_is_closed_as_cut)
{
    struct desk desk;
    struct server *server;
    char id[SESSION_ID_LEN + 1];
    server = server_start(CHAT SAY("Hal") "await never\n", NULL);
    open_desk(&desk, server, "version: 1\n");
    desk_prompt(&desk, "hello");
    while (graph_node_count(desk_graph(&desk)) < 2)
        desk_turn(&desk);
    desk_prompt(&desk, "and then?");
    while (chat_unsaved(desk.chat))
        desk_turn(&desk);
    strcpy(id, chat_session(desk.chat));
    /* Freed without an end of the run: as a crash leaves it. */
    chat_clear(desk.chat);
    ck_assert(store_settle(desk.store, 10000));
    desk_read(&desk, id, SESSION_FILE_WRITE);
    chat_resume(desk.chat, &desk.session);
    ck_assert_str_eq(chat_session(desk.chat), id);
    const struct graph *graph = desk_graph(&desk);
    ck_assert_uint_eq(graph_active_run(graph), 0);
    ck_assert_uint_eq(graph_node_count(graph), 2);
    ck_assert_uint_eq(graph_queue_count(graph), 1);
    close_desk(&desk, server);
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
    struct desk desk;
    struct server *server;
    struct session session = { .id = session_id_new(),
                               .log = log_new(),
                               .graph = graph_new() };
    server = server_start(CHAT DONE, NULL);
    open_desk(&desk, server, "version: 1\n");
    write_left_log(session.log, session.graph);
    chat_resume(desk.chat, &session);
    const struct run *run = desk_last_run(&desk);
    ck_assert_int_eq(run->state, RUN_CUT);
    ck_assert_str_eq(run->error, "ended unexpectedly");
    const struct graph *graph = desk_graph(&desk);
    const struct node *node = graph_node(graph, graph_head(graph));
    ck_assert_str_eq(buf_string(&node->blocks.items[0].text), "Hal");
    ck_assert(!node->is_open);
    /* And what was read that had no file gets one. */
    while (chat_unsaved(desk.chat))
        desk_turn(&desk);
    desk_read(&desk, chat_session(desk.chat), SESSION_FILE_READ);
    ck_assert_uint_eq(log_last_seq(desk.session.log), 6);
    close_desk(&desk, server);
}
END_TEST

START_TEST(what_the_disk_refuses_is_kept_in_memory_up_to_a_bound)
{
    enum { MIB = 1024 * 1024, LINES = 40 };
    struct desk desk;
    struct server *server;
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
    server = server_start(buf_string(&scenario), NULL);
    open_desk(&desk, server, "version: 1\n");
    store_path(desk.store, &blocker, "");
    ck_assert_int_eq(symlink("/nowhere/at/all", blocker.ptr), 0);
    desk_prompt(&desk, "much");
    desk_run_to_end(&desk);
    ck_assert_int_eq(desk_last_run(&desk)->state, RUN_CUT);
    ck_assert_ptr_nonnull(strstr(desk_last_run(&desk)->error, "32 MiB"));
    const struct graph *graph = desk_graph(&desk);
    const struct node *node = graph_node(graph, graph_head(graph));
    ck_assert_uint_ge(node->blocks.items[0].text.len, 31 * MIB);
    buf_clear(&scenario);
    buf_clear(&blocker);
    close_desk(&desk, server);
}
END_TEST

START_TEST(an_answer_waits_for_a_disk_that_is_slower_than_it)
{
    enum { KIB = 1024, LINES = 768 };
    struct desk desk;
    struct server *server;
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
    server = server_start(buf_string(&scenario), NULL);
    open_desk(&desk, server, "version: 1\n");
    desk_prompt(&desk, "much");
    while (!chat_unsaved(desk.chat) || graph_node_count(desk_graph(&desk)) < 2)
        desk_turn(&desk);
    hang_disk(&desk);
    while (chat_keeping(desk.chat) != JOURNAL_STALLED)
        desk_turn(&desk);
    for (int i = 0; i < 20; i++)
        desk_turn(&desk);
    /* What lay in buffers still came: libcurl reads up to 100 of them at once. */
    ck_assert_uint_lt(chat_unsaved(desk.chat), 16 * 1024 * KIB);
    ck_assert(chat_is_busy(desk.chat));
    sem_post(&disk);
    desk_run_to_end(&desk);
    ck_assert_int_eq(desk_last_run(&desk)->state, RUN_COMPLETE);
    buf_clear(&scenario);
    close_desk(&desk, server);
}
END_TEST

/* Whether a file of the directory of sessions holds the text. */
static bool is_on_disk(const struct desk *desk, const char *text)
{
    struct buf directory = { 0 };
    struct dirent *entry;
    bool is_there = false;
    buf_printf(&directory, "%s/sennit/sessions", desk->home);
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
    struct desk desk;
    struct server *server;
    struct error err = { 0 };
    uint64_t places = 0;
    server =
        server_start(CHAT SAY("Your key hun") SAY("ter2 is in.") DONE, NULL);
    open_desk(&desk, server, "version: 1\n");
    desk_prompt(&desk, "my key is hunter2");
    desk_run_to_end(&desk);
    while (chat_unsaved(desk.chat))
        desk_turn(&desk);
    ck_assert(is_on_disk(&desk, "hunter2"));
    uint32_t generation = chat_generation(desk.chat);
    uint64_t head = graph_head(desk_graph(&desk));
    ck_assert_msg(chat_redact(desk.chat, slice_of("hunter2"), &places, &err),
                  "%s", err.text);
    ck_assert_uint_ge(places, 2);
    ck_assert_uint_ne(chat_generation(desk.chat), generation);
    const struct graph *graph = desk_graph(&desk);
    ck_assert_uint_eq(graph_head(graph), head);
    ck_assert_str_eq(buf_string(&graph_node(graph, head)->blocks.items[0].text),
                     "Your key [redacted] is in.");
    struct event last;
    const struct log *log = chat_conversation(desk.chat)->log;
    ck_assert(log_read(log, log_last_seq(log), &last));
    ck_assert_int_eq(last.type, EVENT_REDACTED);
    while (chat_unsaved(desk.chat))
        desk_turn(&desk);
    ck_assert(!is_on_disk(&desk, "hunter2"));
    ck_assert(!is_on_disk(&desk, "hun"));
    ck_assert(is_on_disk(&desk, "my key is [redacted]"));
    desk_read(&desk, chat_session(desk.chat), SESSION_FILE_READ);
    ck_assert_uint_eq(log_last_seq(desk.session.log), log_last_seq(log));
    close_desk(&desk, server);
}
END_TEST

START_TEST(what_cannot_be_redacted_now_or_at_all_is_said)
{
    static const char *const wrong[] = { "", "abc", "\xc3\xa9\xc3\xa9",
                                         "redact" };
    struct desk desk;
    struct server *server;
    struct error err = { 0 };
    uint64_t places = 0;
    server = server_start(CHAT SAY("hunter2") "await never\n", NULL);
    open_desk(&desk, server, "version: 1\n");
    for (size_t i = 0; i < COUNTOF(wrong); i++)
        ck_assert(!chat_redact(desk.chat, slice_of(wrong[i]), &places, &err));
    desk_prompt(&desk, "hello");
    while (graph_node_count(desk_graph(&desk)) < 2)
        desk_turn(&desk);
    ck_assert(!chat_redact(desk.chat, slice_of("hunter2"), &places, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "an answer is on its way"));
    chat_stop(desk.chat);
    ck_assert(chat_redact(desk.chat, slice_of("nowhere"), &places, &err));
    ck_assert_uint_eq(places, 0);
    close_desk(&desk, server);
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
