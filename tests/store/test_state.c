/* SPDX-License-Identifier: MIT */
/*
 * What is remembered from one run to the next, and what becomes of it where
 * many run, or the file is not as it was left.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/db.h"
#include "base/path.h"
#include "store/state.h"
#include "tests/support/scratch.h"

Suite *state_suite(void);

enum { PATIENCE_MS = 20000, INSTANCES = 32, PROMPTS_EACH = 10 };

struct desk {
    char home[SCRATCH_PATH_MAX];
    struct buf path; /* of state.db */
    struct loop *loop;
    struct store *store;
    struct state *state;
    struct buf prompts; /* a line each */
    struct state_draft draft;
    bool has_answer;
};

static void begin_run(struct desk *desk)
{
    struct error err = { 0 };
    desk->loop = loop_new(&err);
    desk->store = store_new(desk->loop, &err);
    desk->state = state_new(desk->store, &err);
    ck_assert_msg(desk->state != NULL, "%s", err.text);
    ck_assert(store_settle(desk->store, PATIENCE_MS));
    ck_assert(state_is_read(desk->state));
}

static void end_run(struct desk *desk)
{
    state_close(desk->state);
    ck_assert(store_settle(desk->store, PATIENCE_MS));
    store_free(desk->store);
    loop_free(desk->loop);
}

static void next_run(struct desk *desk)
{
    end_run(desk);
    begin_run(desk);
}

static void desk_find(struct desk *desk)
{
    scratch_directory(desk->home, "state");
    setenv("XDG_DATA_HOME", desk->home, 1);
    setenv("XDG_STATE_HOME", desk->home, 1);
    buf_printf(&desk->path, "%s/sennit/state.db", desk->home);
}

static void desk_open(struct desk *desk)
{
    *desk = (struct desk){ 0 };
    desk_find(desk);
    begin_run(desk);
}

static void desk_clear(struct desk *desk)
{
    buf_clear(&desk->path);
    buf_clear(&desk->prompts);
    state_draft_clear(&desk->draft);
    scratch_remove(desk->home);
}

static void desk_close(struct desk *desk)
{
    end_run(desk);
    desk_clear(desk);
}

static void add(struct desk *desk, const char *prompt)
{
    state_add_prompt(desk->state, slice_of(prompt));
}

static void take_prompt(void *context, struct slice text)
{
    struct buf *prompts = context;
    buf_printf(prompts, "%.*s\n", SLICE_ARG(text));
}

static const char *prompts(struct desk *desk)
{
    buf_reset(&desk->prompts);
    state_take_prompts(desk->state, take_prompt, &desk->prompts);
    return buf_string(&desk->prompts);
}

static void count_prompt(void *context, struct slice text)
{
    int *count = context;
    (void)text;
    ++*count;
}

static int count_prompts(struct desk *desk)
{
    int count = 0;
    state_take_prompts(desk->state, count_prompt, &count);
    return count;
}

static void take_draft(void *context, const struct state_draft *draft)
{
    struct desk *desk = context;
    state_draft_clear(&desk->draft);
    desk->draft = *draft;
    desk->draft.text = desk->draft.files = (struct buf){ 0 };
    buf_append_slice(&desk->draft.text, buf_slice(&draft->text));
    buf_append_slice(&desk->draft.files, buf_slice(&draft->files));
    desk->has_answer = true;
}

static const char *draft_of(struct desk *desk, const char *session,
                            bool is_fresh)
{
    desk->has_answer = false;
    state_find_draft(desk->state, session, is_fresh, take_draft, desk);
    while (!desk->has_answer)
        loop_turn(desk->loop, PATIENCE_MS);
    return desk->draft.is_found ? buf_string(&desk->draft.text) : NULL;
}

static const char *words(const struct desk *desk, struct buf *out)
{
    buf_reset(out);
    state_describe(desk->state, out);
    return buf_string(out);
}

static void run_sql(const struct desk *desk, const char *sql)
{
    struct error err = { 0 };
    struct db *db = db_open(desk->path.ptr, DB_WRITE, NULL, &err);
    ck_assert_msg(db && db_run(db, sql, &err), "%s", err.text);
    db_close(db);
}

static int64_t number(const struct desk *desk, const char *sql)
{
    struct error err = { 0 };
    int64_t number = -1;
    struct db *db = db_open(desk->path.ptr, DB_READ, NULL, &err);
    ck_assert_msg(db && db_number(db, sql, &number, &err), "%s", err.text);
    db_close(db);
    return number;
}

static bool file_holds(const struct desk *desk, const char *needle)
{
    struct buf bytes = { 0 };
    struct error err = { 0 };
    ck_assert(path_read_file(&bytes, desk->path.ptr, 64 << 20, &err));
    bool holds = memmem(bytes.ptr, bytes.len, needle, strlen(needle)) != NULL;
    buf_clear(&bytes);
    return holds;
}

/* Files beside it that were put aside. */
static int count_aside(const struct desk *desk)
{
    struct buf path = { 0 };
    const struct dirent *entry;
    int count = 0;
    buf_printf(&path, "%s/sennit", desk->home);
    DIR *directory = opendir(path.ptr);
    while (directory && (entry = readdir(directory)))
        count += strncmp(entry->d_name, "state.db.damaged-", 17) == 0;
    if (directory)
        closedir(directory);
    buf_clear(&path);
    return count;
}

static void write_file(const struct desk *desk, const char *text)
{
    struct error err = { 0 };
    ck_assert_msg(path_write_file(desk->path.ptr, slice_of(text), &err), "%s",
                  err.text);
}

START_TEST(no_file_is_made_to_read_nothing)
{
    struct desk desk;
    desk_open(&desk);
    ck_assert_ptr_null(draft_of(&desk, "aaaaaaaa", true));
    ck_assert_int_lt(access(desk.path.ptr, F_OK), 0);
    desk_close(&desk);
}
END_TEST

/* The history. */

START_TEST(what_was_typed_is_there_at_the_next_start)
{
    struct desk desk;
    desk_open(&desk);
    ck_assert_str_eq(prompts(&desk), "");
    add(&desk, "first");
    add(&desk, "second");
    add(&desk, "Zweite Hälfte\nder Frage");
    next_run(&desk);
    ck_assert_str_eq(prompts(&desk),
                     "first\nsecond\nZweite Hälfte\nder Frage\n");
    ck_assert_str_eq(prompts(&desk), ""); /* handed over once */
    desk_close(&desk);
}
END_TEST

START_TEST(the_same_twice_in_a_row_is_one)
{
    struct desk desk;
    desk_open(&desk);
    add(&desk, "a");
    add(&desk, "a");
    add(&desk, "b");
    add(&desk, "a");
    next_run(&desk);
    add(&desk, "a"); /* also across a restart */
    next_run(&desk);
    ck_assert_str_eq(prompts(&desk), "a\nb\na\n");
    desk_close(&desk);
}
END_TEST

START_TEST(the_oldest_of_more_than_five_hundred_go)
{
    struct desk desk;
    char text[16];
    desk_open(&desk);
    for (int i = 1; i <= STATE_PROMPTS_MAX + 2; i++) {
        snprintf(text, sizeof text, "%d", i);
        add(&desk, text);
    }
    next_run(&desk);
    ck_assert(strncmp(prompts(&desk), "3\n4\n", 4) == 0);
    ck_assert_int_eq(number(&desk, "SELECT count(*) FROM prompt"), 500);
    desk_close(&desk);
}
END_TEST

/* Three of five MiB are below 16 MiB, four are above. */
START_TEST(the_oldest_of_more_than_sixteen_mebibytes_go)
{
    enum { LENGTH = 5 * 1024 * 1024 };
    struct desk desk;
    desk_open(&desk);
    char *text = malloc(LENGTH + 1);
    memset(text, 'x', LENGTH);
    text[LENGTH] = '\0';
    for (int i = 0; i < 5; i++) {
        text[0] = (char)('a' + i);
        add(&desk, text);
    }
    next_run(&desk);
    ck_assert_int_eq(count_prompts(&desk), 3);
    free(text);
    desk_close(&desk);
}
END_TEST

START_TEST(the_file_is_for_nobody_else_to_read)
{
    struct desk desk;
    struct stat info;
    desk_open(&desk);
    add(&desk, "private");
    ck_assert(store_settle(desk.store, PATIENCE_MS));
    ck_assert_int_eq(stat(desk.path.ptr, &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0600);
    desk_close(&desk);
}
END_TEST

START_TEST(what_is_forgotten_is_not_in_the_file_any_more)
{
    struct desk desk;
    desk_open(&desk);
    add(&desk, "before");
    add(&desk, "the key is hunter2-hunter2, use it");
    state_set_draft(desk.state, "aaaaaaaa", slice_of("hunter2-hunter2 again"),
                    slice_of(""));
    state_set_draft(desk.state, "bbbbbbbb", slice_of("harmless"), slice_of(""));
    ck_assert(store_settle(desk.store, PATIENCE_MS));
    ck_assert(file_holds(&desk, "hunter2"));
    state_forget_text(desk.state, slice_of(""));
    state_forget_text(desk.state, slice_of("hunter2-hunter2"));
    next_run(&desk);
    ck_assert(!file_holds(&desk, "hunter2"));
    ck_assert_str_eq(prompts(&desk), "before\n");
    ck_assert_ptr_null(draft_of(&desk, "aaaaaaaa", false));
    ck_assert_str_eq(draft_of(&desk, "bbbbbbbb", false), "harmless");
    desk_close(&desk);
}
END_TEST

/* Notes. */

START_TEST(the_last_word_of_a_note_counts)
{
    struct desk desk;
    desk_open(&desk);
    ck_assert_ptr_null(state_note(desk.state, "height", "budget"));
    state_set_note(desk.state, "height", "budget", 7, "");
    state_set_note(desk.state, "height", "budget", 9, "");
    state_set_note(desk.state, "height", "graph", 3, "");
    state_set_note(desk.state, "model", "budget", 1, "box/qwen");
    ck_assert_int_eq(state_note(desk.state, "height", "budget")->number, 9);
    next_run(&desk);
    ck_assert_int_eq(state_note(desk.state, "height", "budget")->number, 9);
    ck_assert_str_eq(state_note(desk.state, "model", "budget")->text,
                     "box/qwen");
    state_drop_note(desk.state, "height", "budget");
    ck_assert_ptr_null(state_note(desk.state, "height", "budget"));
    next_run(&desk);
    ck_assert_ptr_null(state_note(desk.state, "height", "budget"));
    ck_assert_int_eq(state_note(desk.state, "height", "graph")->number, 3);
    desk_close(&desk);
}
END_TEST

START_TEST(nothing_is_kept_where_there_is_no_state)
{
    struct buf out = { 0 };
    state_add_prompt(NULL, slice_of("x"));
    state_set_draft(NULL, "aaaaaaaa", slice_of("x"), slice_of(""));
    state_drop_draft(NULL, "aaaaaaaa");
    state_set_note(NULL, "a", "b", 1, "");
    state_drop_note(NULL, "a", "b");
    state_forget_text(NULL, slice_of("x"));
    state_describe(NULL, &out);
    ck_assert_ptr_null(state_note(NULL, "a", "b"));
    ck_assert_uint_eq(state_unsaved(NULL), 0);
    ck_assert_uint_eq(out.len, 0);
    state_close(NULL);
}
END_TEST

/* Drafts. */

START_TEST(a_draft_belongs_to_its_session_until_it_is_dropped)
{
    struct desk desk;
    desk_open(&desk);
    state_set_draft(desk.state, "aaaaaaaa", slice_of("first"), slice_of("f"));
    state_set_draft(desk.state, "aaaaaaaa", slice_of("half a sente"),
                    (struct slice){ "one\0two", 7 });
    ck_assert_ptr_null(draft_of(&desk, "bbbbbbbb", false));
    ck_assert_str_eq(draft_of(&desk, "aaaaaaaa", false), "half a sente");
    ck_assert_uint_eq(desk.draft.files.len, 7);
    ck_assert(!desk.draft.was_unsent);
    next_run(&desk);
    ck_assert_str_eq(draft_of(&desk, "aaaaaaaa", true), "half a sente");
    state_drop_draft(desk.state, "aaaaaaaa");
    ck_assert_ptr_null(draft_of(&desk, "aaaaaaaa", false));
    desk_close(&desk);
}
END_TEST

/* A sennit that writes a draft and, once somebody closes our end of the pipe,
 * dies without another word. */
static pid_t start_writer(const struct desk *desk, const char *session,
                          const char *text, int *end)
{
    int wait[2], ready[2];
    char byte = 0;
    ck_assert_int_eq(pipe2(wait, O_CLOEXEC), 0);
    ck_assert_int_eq(pipe2(ready, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct desk own = *desk;
        close(wait[1]);
        begin_run(&own);
        state_set_draft(own.state, session, slice_of(text), slice_of(""));
        if (!store_settle(own.store, PATIENCE_MS) ||
            write(ready[1], "r", 1) != 1)
            _exit(1);
        _exit(read(wait[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(wait[0]);
    close(ready[1]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    *end = wait[1];
    return pid;
}

static void end_writer(pid_t pid, int end)
{
    int status;
    close(end);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

START_TEST(a_fresh_start_gets_what_a_dead_one_left_and_nobody_else_does)
{
    struct desk desk = { 0 };
    int end;
    desk_find(&desk);
    pid_t writer = start_writer(&desk, "aaaaaaaa", "left behind", &end);
    begin_run(&desk);
    /* It lives. */
    ck_assert_ptr_null(draft_of(&desk, "bbbbbbbb", true));
    end_writer(writer, end);
    /* Who goes on with a session has no right to it. */
    ck_assert_ptr_null(draft_of(&desk, "bbbbbbbb", false));
    ck_assert_str_eq(draft_of(&desk, "cccccccc", true), "left behind");
    ck_assert(desk.draft.was_unsent);
    /* It has an owner again: this process. */
    ck_assert_ptr_null(draft_of(&desk, "dddddddd", true));
    next_run(&desk);
    ck_assert_str_eq(draft_of(&desk, "cccccccc", true), "left behind");
    desk_close(&desk);
}
END_TEST

START_TEST(a_draft_of_a_session_that_has_a_file_waits_for_that_session)
{
    struct desk desk = { 0 };
    struct buf path = { 0 };
    struct error err = { 0 };
    int end;
    desk_find(&desk);
    pid_t writer = start_writer(&desk, "aaaaaaaa", "left behind", &end);
    end_writer(writer, end);
    buf_printf(&path, "%s/sennit/sessions/aaaaaaaa.db", desk.home);
    ck_assert(path_write_file(path.ptr, slice_of("a session"), &err));
    begin_run(&desk);
    ck_assert_ptr_null(draft_of(&desk, "bbbbbbbb", true));
    ck_assert_str_eq(draft_of(&desk, "aaaaaaaa", false), "left behind");
    buf_clear(&path);
    desk_close(&desk);
}
END_TEST

START_TEST(the_newest_of_what_dead_ones_left_comes_first)
{
    struct desk desk = { 0 };
    int end;
    desk_find(&desk);
    pid_t writer = start_writer(&desk, "aaaaaaaa", "older", &end);
    end_writer(writer, end);
    writer = start_writer(&desk, "bbbbbbbb", "newer", &end);
    end_writer(writer, end);
    run_sql(&desk, "UPDATE draft SET at = 1 WHERE session = 'aaaaaaaa'");
    begin_run(&desk);
    ck_assert_str_eq(draft_of(&desk, "cccccccc", true), "newer");
    ck_assert_str_eq(draft_of(&desk, "dddddddd", true), "older");
    ck_assert_ptr_null(draft_of(&desk, "eeeeeeee", true));
    desk_close(&desk);
}
END_TEST

/* Many at once. */

static void write_much(const struct desk *desk, int instance)
{
    struct desk own = *desk;
    char text[40], name[16];
    begin_run(&own);
    for (int i = 0; i < PROMPTS_EACH; i++) {
        snprintf(text, sizeof text, "prompt %d of %d", i, instance);
        snprintf(name, sizeof name, "%08d", instance);
        state_add_prompt(own.state, slice_of(text));
        state_set_draft(own.state, name, slice_of(text), slice_of(""));
        state_set_note(own.state, "count", name, i, text);
        /* Each is a transaction of its own, as far as the others let it. */
        loop_turn(own.loop, 20);
    }
    int64_t patience = 200;
    while (state_unsaved(own.state) && patience--)
        loop_turn(own.loop, 100);
    bool ok = state_unsaved(own.state) == 0;
    end_run(&own);
    _exit(ok ? 0 : 1);
}

static void run_instances(const struct desk *desk,
                          void (*fn)(const struct desk *desk, int instance))
{
    pid_t pids[INSTANCES];
    for (int i = 0; i < INSTANCES; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            fn(desk, i);
    }
    for (int i = 0; i < INSTANCES; i++) {
        int status;
        ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
                      "instance %d: status %d", i, status);
    }
}

START_TEST(thirty_two_write_at_once_and_nothing_is_lost)
{
    struct desk desk = { 0 };
    desk_find(&desk);
    run_instances(&desk, write_much);
    ck_assert_int_eq(number(&desk, "SELECT count(*) FROM prompt"),
                     INSTANCES * PROMPTS_EACH);
    ck_assert_int_eq(number(&desk, "SELECT count(*) FROM draft WHERE text LIKE "
                                   "'prompt 9 of %'"),
                     INSTANCES);
    ck_assert_int_eq(number(&desk, "SELECT sum(number) FROM note"),
                     INSTANCES * (PROMPTS_EACH - 1));
    ck_assert_int_eq(number(&desk,
                            "SELECT count(*) = 1 AND max(integrity_check)"
                            " = 'ok' FROM pragma_integrity_check"),
                     1);
    ck_assert_int_eq(count_aside(&desk), 0);
    desk_clear(&desk);
}
END_TEST

static void write_one(const struct desk *desk, int instance)
{
    struct desk own = *desk;
    char text[16];
    begin_run(&own);
    snprintf(text, sizeof text, "prompt %d", instance);
    state_add_prompt(own.state, slice_of(text));
    while (state_unsaved(own.state))
        loop_turn(own.loop, 100);
    end_run(&own);
    _exit(0);
}

START_TEST(thirty_two_find_the_same_damage_and_one_puts_it_aside)
{
    struct desk desk = { 0 };
    desk_find(&desk);
    write_file(&desk, "this was a database once, but it is not one now, and "
                      "nobody can say what was in it.\n");
    run_instances(&desk, write_one);
    ck_assert_int_eq(number(&desk, "SELECT count(*) FROM prompt"), INSTANCES);
    ck_assert_int_eq(count_aside(&desk), 1);
    desk_clear(&desk);
}
END_TEST

START_TEST(what_somebody_else_keeps_from_the_disk_comes_there_later)
{
    struct desk desk;
    struct error err = { 0 };
    desk_open(&desk);
    add(&desk, "before");
    ck_assert(store_settle(desk.store, PATIENCE_MS));
    struct db *db = db_open(desk.path.ptr, DB_WRITE, NULL, &err);
    ck_assert(db && db_run(db, "BEGIN EXCLUSIVE", &err));
    add(&desk, "meanwhile");
    ck_assert(store_settle(desk.store, PATIENCE_MS));
    ck_assert_uint_eq(state_unsaved(desk.state), 1);
    ck_assert(db_run(db, "COMMIT", &err));
    db_close(db);
    while (state_unsaved(desk.state))
        loop_turn(desk.loop, PATIENCE_MS);
    next_run(&desk);
    ck_assert_str_eq(prompts(&desk), "before\nmeanwhile\n");
    desk_close(&desk);
}
END_TEST

/* Files that are not as they should be. */

static void ck_made_anew(struct desk *desk)
{
    struct buf out = { 0 };
    begin_run(desk);
    ck_assert_str_eq(prompts(desk), "");
    ck_assert_ptr_nonnull(strstr(words(desk, &out), "state.db.damaged-"));
    ck_assert_int_eq(count_aside(desk), 1);
    add(desk, "after");
    next_run(desk);
    ck_assert_str_eq(prompts(desk), "after\n");
    ck_assert_str_eq(words(desk, &out), "");
    ck_assert_int_eq(count_aside(desk), 1);
    buf_clear(&out);
}

/* Behind the first page, which says what it is. */
static void leave_damaged(struct desk *desk)
{
    static char noise[3 * 4096];
    desk_open(desk);
    for (int i = 0; i < 200; i++)
        add(desk, i % 2 ? "one prompt of some length, to fill a few pages"
                        : "and the other one, which is no shorter than that");
    end_run(desk);
    int fd = open(desk->path.ptr, O_WRONLY);
    memset(noise, 0xa5, sizeof noise);
    ck_assert_int_eq(pwrite(fd, noise, sizeof noise, 4096), sizeof noise);
    close(fd);
}

START_TEST(a_damaged_one_is_put_aside_and_made_anew)
{
    struct desk desk;
    leave_damaged(&desk);
    ck_made_anew(&desk);
    desk_close(&desk);
}
END_TEST

struct overtaken {
    const struct desk *desk;
    struct state_rows rows;
    int calls;
};

static bool do_nothing(struct db *db, void *context, struct error *err)
{
    (void)db, (void)context, (void)err;
    return true;
}

/* Before the damage is seen here, somebody else has seen it. */
static bool be_overtaken(struct db *db, void *context, struct error *err)
{
    struct overtaken *overtaken = context;
    const char *path = overtaken->desk->path.ptr;
    enum db_fault fault;
    if (overtaken->calls++ == 0) {
        struct buf aside = { 0 }, same = { 0 };
        buf_printf(&aside, "%s.of-the-other", path);
        buf_append_string(&same, path);
        ck_assert_int_eq(rename(path, aside.ptr), 0);
        struct state_file *other = state_file_new(&same);
        ck_assert(state_file_write(other, do_nothing, NULL, &fault, err));
        state_file_free(other);
        buf_clear(&aside);
    }
    return state_file_load(db, &overtaken->rows, err);
}

START_TEST(what_somebody_else_has_made_anew_is_not_put_aside)
{
    struct desk desk;
    struct buf path = { 0 };
    struct error err = { 0 };
    enum db_fault fault;
    leave_damaged(&desk);
    struct overtaken overtaken = { .desk = &desk };
    buf_append_slice(&path, buf_slice(&desk.path));
    struct state_file *file = state_file_new(&path);
    ck_assert(state_file_write(file, be_overtaken, &overtaken, &fault, &err));
    ck_assert_int_eq(overtaken.calls, 2);
    ck_assert_ptr_null(state_file_aside(file));
    ck_assert_int_eq(count_aside(&desk), 0);
    state_file_free(file);
    state_rows_clear(&overtaken.rows);
    desk_clear(&desk);
}
END_TEST

START_TEST(one_that_is_no_database_is_put_aside_and_made_anew)
{
    struct desk desk = { 0 };
    desk_find(&desk);
    write_file(&desk, "notes of my own, in a file that I called state.db; it "
                      "is long enough to have a header.................\n");
    ck_made_anew(&desk);
    desk_close(&desk);
}
END_TEST

START_TEST(one_of_another_program_is_put_aside_and_made_anew)
{
    struct desk desk;
    desk_open(&desk);
    add(&desk, "before");
    end_run(&desk);
    run_sql(&desk, "PRAGMA application_id=7");
    ck_made_anew(&desk);
    desk_close(&desk);
}
END_TEST

START_TEST(one_that_is_damaged_while_it_is_used_is_made_anew)
{
    struct desk desk;
    desk_open(&desk);
    add(&desk, "before");
    ck_assert(store_settle(desk.store, PATIENCE_MS));
    int fd = open(desk.path.ptr, O_WRONLY | O_TRUNC);
    ck_assert_int_eq(write(fd,
                           "nothing of the sort, and this is more than "
                           "enough for it to see that.........",
                           77),
                     77);
    close(fd);
    add(&desk, "after");
    next_run(&desk);
    ck_assert_str_eq(prompts(&desk), "after\n");
    desk_close(&desk);
}
END_TEST

START_TEST(one_that_is_removed_while_it_is_used_is_made_again)
{
    struct desk desk;
    desk_open(&desk);
    add(&desk, "before");
    ck_assert(store_settle(desk.store, PATIENCE_MS));
    ck_assert_int_eq(unlink(desk.path.ptr), 0);
    add(&desk, "after");
    next_run(&desk);
    ck_assert_str_eq(prompts(&desk), "after\n");
    desk_close(&desk);
}
END_TEST

START_TEST(a_newer_one_is_left_alone_and_nothing_is_kept)
{
    struct desk desk;
    struct buf out = { 0 };
    desk_open(&desk);
    add(&desk, "before");
    end_run(&desk);
    run_sql(&desk, "PRAGMA user_version=1000");
    begin_run(&desk);
    ck_assert_ptr_nonnull(strstr(words(&desk, &out), "newer sennit"));
    ck_assert_str_eq(prompts(&desk), "");
    add(&desk, "after");
    ck_assert(store_settle(desk.store, PATIENCE_MS));
    ck_assert_uint_eq(state_unsaved(desk.state), 0);
    end_run(&desk);
    ck_assert_int_eq(number(&desk, "SELECT count(*) FROM prompt"), 1);
    ck_assert_int_eq(number(&desk, "PRAGMA user_version"), 1000);
    ck_assert_int_eq(count_aside(&desk), 0);
    buf_clear(&out);
    desk_clear(&desk);
}
END_TEST

START_TEST(where_no_file_can_be_nothing_is_kept_and_that_is_said)
{
    struct desk desk = { 0 };
    struct buf out = { 0 };
    desk_find(&desk);
    /* What should be the directory is a file. */
    buf_printf(&out, "%s/sennit", desk.home);
    struct error err = { 0 };
    ck_assert(path_write_file(out.ptr, slice_of("in the way"), &err));
    begin_run(&desk);
    ck_assert_ptr_nonnull(strstr(words(&desk, &out), "are not kept"));
    add(&desk, "after");
    ck_assert_ptr_null(draft_of(&desk, "aaaaaaaa", true));
    end_run(&desk);
    buf_clear(&out);
    desk_clear(&desk);
}
END_TEST

Suite *state_suite(void)
{
    Suite *suite = suite_create("state");
    TCase *tcase = tcase_create("state");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, no_file_is_made_to_read_nothing);
    tcase_add_test(tcase, what_was_typed_is_there_at_the_next_start);
    tcase_add_test(tcase, the_same_twice_in_a_row_is_one);
    tcase_add_test(tcase, the_oldest_of_more_than_five_hundred_go);
    tcase_add_test(tcase, the_oldest_of_more_than_sixteen_mebibytes_go);
    tcase_add_test(tcase, the_file_is_for_nobody_else_to_read);
    tcase_add_test(tcase, what_is_forgotten_is_not_in_the_file_any_more);
    tcase_add_test(tcase, the_last_word_of_a_note_counts);
    tcase_add_test(tcase, nothing_is_kept_where_there_is_no_state);
    tcase_add_test(tcase, a_draft_belongs_to_its_session_until_it_is_dropped);
    tcase_add_test(
        tcase, a_fresh_start_gets_what_a_dead_one_left_and_nobody_else_does);
    tcase_add_test(tcase,
                   a_draft_of_a_session_that_has_a_file_waits_for_that_session);
    tcase_add_test(tcase, the_newest_of_what_dead_ones_left_comes_first);
    tcase_add_test(tcase, thirty_two_write_at_once_and_nothing_is_lost);
    tcase_add_test(tcase,
                   thirty_two_find_the_same_damage_and_one_puts_it_aside);
    tcase_add_test(tcase,
                   what_somebody_else_keeps_from_the_disk_comes_there_later);
    tcase_add_test(tcase, a_damaged_one_is_put_aside_and_made_anew);
    tcase_add_test(tcase, what_somebody_else_has_made_anew_is_not_put_aside);
    tcase_add_test(tcase, one_that_is_no_database_is_put_aside_and_made_anew);
    tcase_add_test(tcase, one_of_another_program_is_put_aside_and_made_anew);
    tcase_add_test(tcase, one_that_is_damaged_while_it_is_used_is_made_anew);
    tcase_add_test(tcase, one_that_is_removed_while_it_is_used_is_made_again);
    tcase_add_test(tcase, a_newer_one_is_left_alone_and_nothing_is_kept);
    tcase_add_test(tcase,
                   where_no_file_can_be_nothing_is_kept_and_that_is_said);
    suite_add_tcase(suite, tcase);
    return suite;
}
