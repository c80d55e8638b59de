/* SPDX-License-Identifier: MIT */
/*
 * The subcommands sessions, show, rename, delete, restore and empty-trash: the
 * real program on files that it made itself.
 */
#include <fcntl.h>
#include <glob.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "base/db.h"
#include "base/json.h"
#include "base/path.h"
#include "store/session_lock.h"
#include "store/state.h"
#include "tests/support/program.h"
#include "tests/support/scratch.h"

Suite *disposal_suite(void);

enum {
    FILE_MAX = 1024 * 1024,
    CALLS_MAX = 60, /* to the disk; a deletion makes half as many */
};

struct world {
    struct program program;
    char id[9], path[256];
};

static void run(struct world *world, const char *const *words)
{
    memset(world->program.arguments, 0, sizeof world->program.arguments);
    for (size_t i = 0; words[i]; i++)
        world->program.arguments[i] = words[i];
    program_run(&world->program);
}

#define RUN(world, ...) run(world, (const char *const[]){ __VA_ARGS__, NULL })

static void ck_run(const struct world *world, int status, const char *out,
                   const char *err)
{
    ck_assert_str_eq(buf_string(&world->program.out), out);
    ck_assert_str_eq(buf_string(&world->program.err), err);
    ck_assert_int_eq(world->program.status, status);
}

static void ck_succeeded(const struct world *world)
{
    ck_assert_msg(world->program.status == 0, "%s",
                  buf_string(&world->program.err));
}

/* The guide answers: that is a session. */
static void begin(struct world *world)
{
    *world = (struct world){ 0 };
    RUN(world, "-m", "guide", "-p", "What is a sennit?");
    ck_succeeded(world);
    RUN(world, "sessions");
    ck_assert_uint_gt(world->program.out.len, 8);
    memcpy(world->id, world->program.out.ptr, 8);
    snprintf(world->path, sizeof world->path,
             "%s/.local/share/sennit/sessions/%s.db", world->program.home,
             world->id);
    ck_assert_int_eq(access(world->path, F_OK), 0);
}

static void end(struct world *world)
{
    program_clear(&world->program);
}

static void ck_says(const struct world *world, const char *words)
{
    ck_assert_msg(strstr(buf_string(&world->program.err), words), "%s",
                  buf_string(&world->program.err));
}

START_TEST(a_pipe_gets_columns_with_tabs)
{
    struct world world;
    char expected[64];
    begin(&world);
    snprintf(expected, sizeof expected, "%s\tWhat is a sennit?\t", world.id);
    const char *out = buf_string(&world.program.out);
    ck_assert_msg(!strncmp(out, expected, strlen(expected)), "%s", out);
    ck_assert_ptr_nonnull(strstr(out, "Z\t1\tguide\t\t"));
    RUN(&world, "sessions", "SENNIT", "what");
    ck_assert_uint_gt(world.program.out.len, 0);
    RUN(&world, "sessions", "sennit", "elephant");
    ck_run(&world, 0, "",
           "sennit: no session has these words in its title, model or ID\n");
    end(&world);
}
END_TEST

START_TEST(as_json_it_is_an_array_or_a_line_each)
{
    struct world world;
    struct error err = { 0 };
    begin(&world);
    RUN(&world, "sessions", "-o", "json");
    json_t *root = json_parse(buf_slice(&world.program.out), &err);
    ck_assert_uint_eq(json_array_size(root), 1);
    const json_t *row = json_array_get(root, 0);
    ck_assert_str_eq(json_string_value(json_object_get(row, "id")), world.id);
    ck_assert_int_eq(json_integer_value(json_object_get(row, "turns")), 1);
    ck_assert_str_eq(json_string_value(json_object_get(row, "model")), "guide");
    ck_assert(json_is_null(json_object_get(row, "cost")));
    ck_assert(json_is_null(json_object_get(row, "deleted")));
    ck_assert(json_is_null(json_object_get(row, "error")));
    RUN(&world, "sessions", "-o", "stream-json");
    json_t *line = json_parse(buf_slice(&world.program.out), &err);
    ck_assert(json_equal(line, json_array_get(root, 0)));
    json_decref(line);
    json_decref(root);
    RUN(&world, "sessions", "--trash", "-o", "json");
    ck_run(&world, 0, "[]\n", "sennit: the trash is empty\n");
    end(&world);
}
END_TEST

START_TEST(a_session_is_shown_and_stays_as_it_is)
{
    struct world world;
    struct buf before = { 0 }, after = { 0 };
    struct error err;
    char beginning[5] = "";
    begin(&world);
    ck_assert(path_read_file(&before, world.path, FILE_MAX, &err));
    memcpy(beginning, world.id, 4);
    RUN(&world, "show", beginning);
    ck_succeeded(&world);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&world.program.out), "What is a sennit?\n"));
    ck_assert_ptr_nonnull(strstr(buf_string(&world.program.out), "-- guide"));
    ck_assert_str_eq(buf_string(&world.program.err), "");
    RUN(&world, "show", world.id, "--as", "jsonl", "--at", "2");
    const char *out = buf_string(&world.program.out);
    ck_assert_ptr_nonnull(strstr(out, "\"type\":\"session-opened\",\"seq\":1"));
    ck_assert_ptr_nonnull(strstr(out, "\"type\":\"prompt-queued\",\"seq\":2"));
    ck_assert_ptr_null(strstr(out, "\"seq\":3"));
    ck_assert(path_read_file(&after, world.path, FILE_MAX, &err));
    ck_assert(slice_equal(buf_slice(&before), buf_slice(&after)));
    buf_clear(&before);
    buf_clear(&after);
    end(&world);
}
END_TEST

/* As another program has it that writes. */
static struct session_lock *hold(const struct world *world)
{
    struct session_lock *lock = NULL;
    struct error err = { 0 };
    bool was_left;
    ck_assert_int_eq(
        session_lock_take(world->path, LOCK_BY_KERNEL, &lock, &was_left, &err),
        LOCK_TAKEN);
    return lock;
}

START_TEST(what_another_program_has_open_is_shown_and_not_changed)
{
    struct world world;
    begin(&world);
    struct session_lock *lock = hold(&world);
    RUN(&world, "show", world.id);
    ck_succeeded(&world);
    ck_assert_uint_gt(world.program.out.len, 0);
    RUN(&world, "sessions", "--check");
    ck_run(&world, 0, "", "sennit: 1 session read, 0 with faults\n");
    RUN(&world, "rename", world.id, "Another");
    ck_assert_int_eq(world.program.status, 1);
    ck_says(&world, "the session is open in another sennit");
    RUN(&world, "delete", world.id);
    ck_assert_int_eq(world.program.status, 1);
    ck_says(&world, "the session is open in another sennit");
    ck_assert_int_eq(access(world.path, F_OK), 0);
    session_lock_free(lock);
    end(&world);
}
END_TEST

START_TEST(a_title_is_given_and_taken_back)
{
    struct world world;
    begin(&world);
    RUN(&world, "rename", world.id, "Braided", "cord \303\244");
    ck_run(&world, 0, "", "");
    RUN(&world, "sessions", "braided");
    ck_assert_ptr_nonnull(
        strstr(buf_string(&world.program.out), "\tBraided cord \303\244\t"));
    RUN(&world, "rename", world.id, "bad \377");
    ck_run(&world, 2, "", "sennit: the title is not UTF-8\n");
    RUN(&world, "rename", world.id, "");
    ck_run(&world, 0, "", "");
    RUN(&world, "sessions", "What is");
    ck_assert_uint_gt(world.program.out.len, 0);
    end(&world);
}
END_TEST

START_TEST(a_deleted_session_is_nowhere_until_it_is_restored)
{
    struct world world;
    char listed[256], words[128];
    begin(&world);
    snprintf(listed, sizeof listed, "%s", buf_string(&world.program.out));
    RUN(&world, "delete", world.id);
    ck_succeeded(&world);
    RUN(&world, "sessions");
    ck_run(&world, 0, "", "sennit: no session is kept yet\n");
    snprintf(words, sizeof words,
             "sennit: session %s is in the trash; sennit restore %s brings it "
             "back\n",
             world.id, world.id);
    RUN(&world, "show", world.id);
    ck_run(&world, 2, "", words);
    RUN(&world, "--resume", world.id, "-p", "Go on");
    ck_run(&world, 2, "", words);
    RUN(&world, "delete", world.id);
    ck_run(&world, 2, "", words);
    RUN(&world, "sessions", "--trash");
    ck_assert_ptr_nonnull(
        strstr(buf_string(&world.program.out), "\tWhat is a sennit?\t"));
    RUN(&world, "restore", world.id);
    ck_run(&world, 0, "", "");
    RUN(&world, "sessions");
    ck_run(&world, 0, listed, "");
    end(&world);
}
END_TEST

START_TEST(the_trash_is_emptied_only_if_that_is_confirmed)
{
    struct world world;
    begin(&world);
    RUN(&world, "delete", world.id);
    RUN(&world, "empty-trash");
    ck_run(&world, 2, "",
           "sennit: nobody is there to be asked; --force removes what is in "
           "the trash without\n");
    RUN(&world, "empty-trash", "zzzz", "--force");
    ck_assert_int_eq(world.program.status, 2);
    RUN(&world, "empty-trash", world.id, "--force");
    ck_run(&world, 0, "",
           "sennit: 1 session removed and overwritten; backups, snapshots and "
           "disks that write elsewhere may still have copies\n");
    RUN(&world, "sessions", "--trash");
    ck_run(&world, 0, "", "sennit: the trash is empty\n");
    end(&world);
}
END_TEST

static void note_draft(void *context, const struct state_draft *draft)
{
    *(bool *)context = draft && draft->text.len > 0;
}

/* As another run of the program would; `text`: to be kept first, or NULL. */
static bool has_draft(const struct world *world, const char *text)
{
    struct error err = { 0 };
    bool is_found = false;
    struct buf home = { 0 };
    buf_printf(&home, "%s/.local/state", world->program.home);
    setenv("XDG_STATE_HOME", buf_string(&home), 1);
    setenv("XDG_DATA_HOME", world->program.home, 1);
    struct loop *loop = loop_new(&err);
    struct store *store = store_new(loop, &err);
    struct state *state = state_new(store, &err);
    ck_assert_msg(state != NULL, "%s", err.text);
    if (text)
        state_set_draft(state, world->id, slice_of(text), (struct slice){ 0 });
    state_find_draft(state, world->id, false, note_draft, &is_found);
    ck_assert(store_settle(store, 10000));
    state_close(state);
    ck_assert(store_settle(store, 10000));
    store_free(store);
    loop_free(loop);
    buf_clear(&home);
    return is_found;
}

START_TEST(a_draft_stays_with_its_session_to_the_end)
{
    struct world world;
    begin(&world);
    ck_assert(has_draft(&world, "not yet sent"));
    RUN(&world, "delete", world.id);
    ck_assert(has_draft(&world, NULL));
    RUN(&world, "empty-trash", "--force");
    ck_succeeded(&world);
    ck_assert(!has_draft(&world, NULL));
    end(&world);
}
END_TEST

static void overwrite(const char *path, const char *bytes, size_t offset)
{
    int fd = open(path, O_WRONLY);
    ck_assert_int_eq(pwrite(fd, bytes, strlen(bytes), (off_t)offset),
                     strlen(bytes));
    close(fd);
}

/* Where the words of the prompt lie in the file something else stands. */
static void damage(const struct world *world)
{
    struct buf bytes = { 0 };
    struct error err;
    ck_assert(path_read_file(&bytes, world->path, FILE_MAX, &err));
    const char *found = memmem(bytes.ptr, bytes.len, "What is a sennit?", 17);
    ck_assert_ptr_nonnull(found);
    overwrite(world->path, "XXXX", (size_t)(found - bytes.ptr));
    buf_clear(&bytes);
}

START_TEST(a_damaged_session_is_shown_as_far_as_that_goes)
{
    struct world world;
    begin(&world);
    damage(&world);
    RUN(&world, "show", world.id, "--as", "jsonl");
    ck_succeeded(&world);
    ck_says(&world, "the file of this session is damaged");
    ck_assert_ptr_nonnull(
        strstr(buf_string(&world.program.out), "\"type\":\"run-finished\""));
    RUN(&world, "sessions", "--check");
    ck_assert_int_eq(world.program.status, 1);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&world.program.out), "events are lost\n"));
    ck_says(&world, "1 session read, 1 with faults");
    end(&world);
}
END_TEST

/* As a sennit of another year would have left it. */
START_TEST(a_newer_session_is_shown_and_not_written)
{
    struct world world;
    struct error err;
    begin(&world);
    struct db *db = db_open(world.path, DB_WRITE, NULL, &err);
    ck_assert(db_run(db, "PRAGMA user_version=99", &err));
    db_close(db);
    RUN(&world, "show", world.id);
    ck_succeeded(&world);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&world.program.out), "What is a sennit?\n"));
    RUN(&world, "rename", world.id, "Another");
    ck_assert_int_ne(world.program.status, 0);
    ck_says(&world, "newer");
    end(&world);
}
END_TEST

START_TEST(tab_completes_ids_of_both_places)
{
    struct world world;
    char line[12];
    begin(&world);
    snprintf(line, sizeof line, "%s\n", world.id);
    RUN(&world, "completions", "sessions");
    ck_run(&world, 0, line, "");
    RUN(&world, "completions", "trash");
    ck_run(&world, 0, "", "");
    RUN(&world, "delete", world.id);
    RUN(&world, "completions", "sessions");
    ck_run(&world, 0, "", "");
    RUN(&world, "completions", "trash");
    ck_run(&world, 0, line, "");
    end(&world);
}
END_TEST

START_TEST(what_is_no_session_at_all_is_an_error)
{
    struct world world;
    begin(&world);
    overwrite(world.path, "This is a text and no database.", 0);
    RUN(&world, "show", world.id);
    ck_assert_int_eq(world.program.status, 1);
    ck_assert_uint_eq(world.program.out.len, 0);
    RUN(&world, "sessions", "--check");
    ck_assert_int_eq(world.program.status, 1);
    RUN(&world, "delete", world.id);
    ck_succeeded(&world);
    end(&world);
}
END_TEST

START_TEST(wrong_words_are_told_what_would_be_right)
{
    struct world world;
    begin(&world);
    RUN(&world, "show");
    ck_run(&world, 2, "",
           "sennit: show takes one session: sennit show ID; sennit sessions "
           "lists them\n");
    RUN(&world, "show", world.id, "--as", "thred");
    ck_assert_int_eq(world.program.status, 2);
    ck_says(&world, "did you mean thread?");
    RUN(&world, "show", world.id, "--at", "0");
    ck_assert_int_eq(world.program.status, 2);
    RUN(&world, "rename", world.id);
    ck_assert_int_eq(world.program.status, 2);
    RUN(&world, "delete");
    ck_assert_int_eq(world.program.status, 2);
    RUN(&world, "restore", "zzzzzzzz");
    ck_assert_int_eq(world.program.status, 2);
    end(&world);
}
END_TEST

static void ck_sessions(struct world *world, int sessions, int trashed)
{
    const char *const options[] = { NULL, "--trash" };
    const int counts[] = { sessions, trashed };
    for (int i = 0; i < 2; i++) {
        RUN(world, "sessions", "-o", "stream-json", options[i]);
        int lines = 0;
        for (const char *at = buf_string(&world->program.out); *at; at++)
            lines += *at == '\n';
        ck_assert_int_eq(lines, counts[i]);
    }
}

/* As if nobody had touched it since 1970, or been here for two days. The time
 * of its inode cannot be set: what the kernel says of it is as new as this
 * test, so that the session stays. */
START_TEST(nothing_goes_by_itself_unless_that_is_wanted)
{
    static const char note[] = ".local/share/sennit/retention";
    const struct timespec old[] = { { 1000, 0 }, { 1000, 0 } };
    struct world world;
    char path[256];
    begin(&world);
    snprintf(path, sizeof path, "%s/%s", world.program.home, note);
    ck_assert_int_eq(utimensat(AT_FDCWD, world.path, old, 0), 0);
    RUN(&world, "-m", "guide", "-p", "Hello");
    ck_assert_int_ne(access(path, F_OK), 0);
    RUN(&world, "-m", "guide", "--set", "sessions.keep=1d", "-p", "Hello");
    ck_succeeded(&world);
    ck_assert_int_eq(access(path, F_OK), 0);
    ck_sessions(&world, 3, 0);
    RUN(&world, "--set", "sessions.keep=1h", "-p", "Hello");
    ck_assert_int_eq(world.program.status, 4);
    end(&world);
}
END_TEST

/* Two files of one session, in one place or the other. */
static bool is_whole(const struct world *world, const char *pattern,
                     const struct buf *bytes)
{
    char path[512];
    glob_t found;
    struct buf there = { 0 };
    struct error err;
    snprintf(path, sizeof path, "%s/.local/share/sennit/%s",
             world->program.home, pattern);
    bool ok = glob(path, 0, NULL, &found) == 0 && found.gl_pathc == 1 &&
              path_read_file(&there, found.gl_pathv[0], FILE_MAX, &err) &&
              slice_equal(buf_slice(&there), buf_slice(bytes));
    globfree(&found);
    buf_clear(&there);
    return ok;
}

/* A library that is loaded before the program lets its n-th call to the disk
 * fail, or kills it there. */
static void trouble(struct world *world, const char *kind, int n)
{
    static char preload[300], root[300], call[32];
    char program[200];
    snprintf(program, sizeof program, "%s",
             getenv("PROGRAM") ? getenv("PROGRAM") : "build/release/sennit");
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s/disk.so",
             dirname(program));
    snprintf(root, sizeof root, "DISK_ROOT=%s", world->program.home);
    snprintf(call, sizeof call, "%s=%d", kind, n);
    world->program.variables[0] = preload;
    world->program.variables[1] = root;
    world->program.variables[2] = call;
    world->program.variables[3] = "ASAN_OPTIONS=verify_asan_link_order=0";
}

struct pair {
    struct buf session, beside;
    bool is_kept, is_moved, beside_is_kept, beside_is_moved;
};

/* A session and what lies beside its file. */
static void make_pair(struct world *world, struct pair *pair)
{
    char beside[300];
    struct error err;
    snprintf(beside, sizeof beside, ".local/share/sennit/sessions/%s.db.old",
             world->id);
    program_file(&world->program, beside, "beside");
    *pair = (struct pair){ 0 };
    buf_append_string(&pair->beside, "beside");
    ck_assert(path_read_file(&pair->session, world->path, FILE_MAX, &err));
}

static void find_pair(const struct world *world, struct pair *pair)
{
    pair->is_kept = is_whole(world, "sessions/*.db", &pair->session);
    pair->is_moved = is_whole(world, "trash/*.db", &pair->session);
    pair->beside_is_kept = is_whole(world, "sessions/*.db.old", &pair->beside);
    pair->beside_is_moved = is_whole(world, "trash/*.db.old", &pair->beside);
}

static void clear_pair(struct pair *pair)
{
    buf_clear(&pair->session);
    buf_clear(&pair->beside);
}

START_TEST(whichever_call_to_the_disk_fails_nothing_is_lost)
{
    struct world world;
    struct pair pair;
    int failures = 0;
    begin(&world);
    make_pair(&world, &pair);
    for (int n = 1; n < CALLS_MAX; n++) {
        trouble(&world, "DISK_FAIL", n);
        RUN(&world, "delete", world.id);
        find_pair(&world, &pair);
        ck_assert_msg(pair.is_kept != pair.is_moved &&
                          pair.beside_is_kept == pair.is_kept &&
                          pair.beside_is_moved == pair.is_moved,
                      "call %d: %s", n, buf_string(&world.program.err));
        ck_assert_msg(pair.is_moved == (world.program.status == 0),
                      "call %d: %s", n, buf_string(&world.program.err));
        failures += pair.is_kept;
        if (pair.is_kept)
            continue;
        trouble(&world, "DISK_FAIL", 0);
        RUN(&world, "restore", world.id);
        ck_succeeded(&world);
    }
    ck_assert_int_ge(failures, 3);
    clear_pair(&pair);
    end(&world);
}
END_TEST

/* Then one file may have been moved and the other not; the session is back
 * whole as soon as it is restored. */
START_TEST(wherever_it_is_killed_nothing_is_lost)
{
    struct world world;
    struct pair pair;
    int deaths = 0;
    begin(&world);
    make_pair(&world, &pair);
    for (int n = 1; n < CALLS_MAX; n++) {
        trouble(&world, "DISK_KILL", n);
        RUN(&world, "delete", world.id);
        deaths += world.program.status == 128 + SIGKILL;
        find_pair(&world, &pair);
        ck_assert_msg(pair.is_kept != pair.is_moved &&
                          pair.beside_is_kept != pair.beside_is_moved,
                      "call %d: %s", n, buf_string(&world.program.err));
        trouble(&world, "DISK_KILL", 0);
        if (pair.is_moved) {
            RUN(&world, "restore", world.id);
            ck_succeeded(&world);
        }
        find_pair(&world, &pair);
        ck_assert_msg(pair.is_kept && pair.beside_is_kept, "call %d", n);
    }
    ck_assert_int_ge(deaths, 3);
    clear_pair(&pair);
    end(&world);
}
END_TEST

Suite *disposal_suite(void)
{
    Suite *suite = suite_create("disposal");
    TCase *tcase = tcase_create("disposal");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, a_pipe_gets_columns_with_tabs);
    tcase_add_test(tcase, as_json_it_is_an_array_or_a_line_each);
    tcase_add_test(tcase, a_session_is_shown_and_stays_as_it_is);
    tcase_add_test(tcase,
                   what_another_program_has_open_is_shown_and_not_changed);
    tcase_add_test(tcase, a_title_is_given_and_taken_back);
    tcase_add_test(tcase, a_deleted_session_is_nowhere_until_it_is_restored);
    tcase_add_test(tcase, the_trash_is_emptied_only_if_that_is_confirmed);
    tcase_add_test(tcase, a_draft_stays_with_its_session_to_the_end);
    tcase_add_test(tcase, a_damaged_session_is_shown_as_far_as_that_goes);
    tcase_add_test(tcase, a_newer_session_is_shown_and_not_written);
    tcase_add_test(tcase, tab_completes_ids_of_both_places);
    tcase_add_test(tcase, what_is_no_session_at_all_is_an_error);
    tcase_add_test(tcase, wrong_words_are_told_what_would_be_right);
    tcase_add_test(tcase, nothing_goes_by_itself_unless_that_is_wanted);
    tcase_add_test(tcase, wherever_it_is_killed_nothing_is_lost);
    tcase_add_test(tcase, whichever_call_to_the_disk_fails_nothing_is_lost);
    suite_add_tcase(suite, tcase);
    return suite;
}
