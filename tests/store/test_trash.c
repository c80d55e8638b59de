/* SPDX-License-Identifier: MIT */
/*
 * Sessions that are deleted, and brought back. What a disk that fails does to a
 * deletion: tests/app/test_disposal.c.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "store/session_list.h"
#include "store/session_lock.h"
#include "store/trash.h"
#include "tests/support/scratch.h"

Suite *trash_suite(void);

enum { NOW = 1700000000 };

#define ID "abcd1234"

struct bin {
    char home[SCRATCH_PATH_MAX];
    struct loop *loop;
    struct store *store;
    struct error err;
    struct trash_list list;
};

static void bin_path(const struct bin *bin, struct buf *path, const char *name)
{
    buf_reset(path);
    store_path(bin->store, path, name);
}

/* Below the directory of the store. */
static void write_file(const struct bin *bin, const char *name,
                       const char *text)
{
    struct buf path = { 0 };
    bin_path(bin, &path, name);
    FILE *file = fopen(buf_string(&path), "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    buf_clear(&path);
}

/* What it holds, static; NULL: it is not there. */
static const char *read_file(const struct bin *bin, const char *name)
{
    static char text[64];
    struct buf path = { 0 };
    bin_path(bin, &path, name);
    FILE *file = fopen(buf_string(&path), "r");
    buf_clear(&path);
    if (!file)
        return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void ck_file(const struct bin *bin, const char *name, const char *text)
{
    const char *found = read_file(bin, name);
    ck_assert_msg(found && !strcmp(found, text), "%s: %s", name,
                  found ? found : "is not there");
}

static void ck_absent(const struct bin *bin, const char *name)
{
    ck_assert_msg(!read_file(bin, name), "%s is there", name);
}

static void make_directory(const struct bin *bin, const char *name)
{
    struct buf path = { 0 };
    bin_path(bin, &path, name);
    ck_assert_int_eq(mkdir(buf_string(&path), 0700), 0);
    buf_clear(&path);
}

static void bin_open(struct bin *bin)
{
    *bin = (struct bin){ 0 };
    scratch_directory(bin->home, "trash");
    setenv("XDG_DATA_HOME", bin->home, 1);
    bin->loop = loop_new(&bin->err);
    bin->store = store_new(bin->loop, &bin->err);
    make_directory(bin, "");
    make_directory(bin, "sessions");
    write_file(bin, "sessions/" ID ".db", "events");
}

static void bin_close(struct bin *bin)
{
    trash_list_clear(&bin->list);
    store_free(bin->store);
    loop_free(bin->loop);
    scratch_remove(bin->home);
}

static void put(struct bin *bin, int64_t now)
{
    ck_assert_msg(trash_put(bin->store, ID, now, &bin->err), "%s",
                  bin->err.text);
}

static void list(struct bin *bin, size_t count)
{
    trash_list_clear(&bin->list);
    ck_assert(trash_list_read(&bin->list, bin->store, &bin->err));
    ck_assert_uint_eq(bin->list.entries.count, count);
}

static size_t count_sessions(struct bin *bin)
{
    struct session_list sessions = { 0 };
    ck_assert(session_list_read(&sessions, bin->store, &bin->err));
    size_t count = sessions.entries.count;
    session_list_clear(&sessions);
    return count;
}

static void restore(struct bin *bin, size_t index, const char *id)
{
    struct session_id as;
    ck_assert_msg(trash_restore(bin->store, &bin->list.entries.items[index],
                                &as, &bin->err),
                  "%s", bin->err.text);
    if (id)
        ck_assert_str_eq(as.text, id);
    else
        ck_assert_str_ne(as.text, ID);
}

START_TEST(a_deleted_session_is_none_until_it_is_restored)
{
    struct bin bin;
    bin_open(&bin);
    list(&bin, 0);
    put(&bin, NOW);
    ck_assert_uint_eq(count_sessions(&bin), 0);
    list(&bin, 1);
    ck_assert_str_eq(bin.list.entries.items[0].id.text, ID);
    ck_assert_int_eq(bin.list.entries.items[0].deleted_time, NOW);
    ck_assert_int_eq(bin.list.entries.items[0].size, 6);
    restore(&bin, 0, ID);
    ck_file(&bin, "sessions/" ID ".db", "events");
    list(&bin, 0);
    bin_close(&bin);
}
END_TEST

/* So it has the same place in the list of sessions. */
START_TEST(its_time_stays_what_it_was)
{
    struct bin bin;
    struct buf path = { 0 };
    struct stat info;
    bin_open(&bin);
    bin_path(&bin, &path, "sessions/" ID ".db");
    const struct timespec times[] = { { 1000, 0 }, { 2000, 5 } };
    ck_assert_int_eq(utimensat(AT_FDCWD, buf_string(&path), times, 0), 0);
    put(&bin, NOW);
    list(&bin, 1);
    ck_assert_int_eq(bin.list.entries.items[0].changed_at, 2000000000005);
    restore(&bin, 0, ID);
    ck_assert_int_eq(stat(buf_string(&path), &info), 0);
    ck_assert_int_eq(info.st_mtim.tv_sec, 2000);
    ck_assert_int_eq(info.st_mtim.tv_nsec, 5);
    buf_clear(&path);
    bin_close(&bin);
}
END_TEST

/* Not of the file itself: SQLite takes away what is no journal. */
static const char *const endings[] = { ".db.backup-v1",
                                       ".db.damaged-1600000000",
                                       ".db.damaged-1600000000-journal" };

static void write_all(const struct bin *bin)
{
    for (size_t i = 0; i < COUNTOF(endings); i++) {
        char name[64];
        snprintf(name, sizeof name, "sessions/" ID "%s", endings[i]);
        write_file(bin, name, endings[i]);
    }
}

static void ck_all(const struct bin *bin, const char *stem)
{
    char name[96];
    for (size_t i = 0; i < COUNTOF(endings); i++) {
        snprintf(name, sizeof name, "%s%s", stem, endings[i]);
        ck_file(bin, name, endings[i]);
    }
    snprintf(name, sizeof name, "%s.db", stem);
    ck_file(bin, name, "events");
}

START_TEST(what_lies_beside_it_comes_along)
{
    struct bin bin;
    bin_open(&bin);
    write_all(&bin);
    write_file(&bin, "sessions/abcd123z.db", "another");
    put(&bin, NOW);
    ck_all(&bin, "trash/" ID "-1700000000");
    ck_file(&bin, "sessions/abcd123z.db", "another");
    list(&bin, 1);
    ck_assert_int_eq(bin.list.entries.items[0].size,
                     6 + strlen(".db.backup-v1.db.damaged-1600000000"
                                ".db.damaged-1600000000-journal"));
    restore(&bin, 0, ID);
    ck_all(&bin, "sessions/" ID);
    list(&bin, 0);
    bin_close(&bin);
}
END_TEST

/* Each in its turn cannot be moved, for a directory has its name. */
START_TEST(a_move_that_fails_in_the_middle_is_taken_back)
{
    struct bin bin;
    char obstacle[96];
    bin_open(&bin);
    write_all(&bin);
    make_directory(&bin, "trash");
    snprintf(obstacle, sizeof obstacle, "trash/" ID "-1700000000%s",
             endings[_i]);
    make_directory(&bin, obstacle);
    ck_assert(!trash_put(bin.store, ID, NOW, &bin.err));
    ck_assert_ptr_nonnull(strstr(bin.err.text, "cannot be moved"));
    ck_all(&bin, "sessions/" ID);
    ck_absent(&bin, "trash/" ID "-1700000000.db");
    list(&bin, 0);
    bin_close(&bin);
}
END_TEST

START_TEST(a_session_that_is_open_is_not_deleted)
{
    struct bin bin;
    struct buf path = { 0 };
    struct session_lock *lock = NULL;
    bool was_left;
    bin_open(&bin);
    store_session_path(bin.store, &path, ID);
    ck_assert_int_eq(session_lock_take(buf_string(&path), LOCK_BY_KERNEL, &lock,
                                       &was_left, &bin.err),
                     LOCK_TAKEN);
    ck_assert(!trash_put(bin.store, ID, NOW, &bin.err));
    ck_assert_ptr_nonnull(strstr(bin.err.text, "open in another sennit"));
    ck_file(&bin, "sessions/" ID ".db", "events");
    session_lock_free(lock);
    put(&bin, NOW);
    ck_absent(&bin, "sessions/" ID ".db.lock");
    buf_clear(&path);
    bin_close(&bin);
}
END_TEST

START_TEST(what_is_not_there_is_an_error_of_usage)
{
    struct bin bin;
    bin_open(&bin);
    ck_assert(!trash_put(bin.store, "zzzzzzzz", NOW, &bin.err));
    ck_assert_int_eq(bin.err.kind, ERROR_USAGE);
    ck_absent(&bin, "sessions/zzzzzzzz.db");
    bin_close(&bin);
}
END_TEST

START_TEST(one_name_may_be_deleted_twice_in_a_second)
{
    struct bin bin;
    bin_open(&bin);
    put(&bin, NOW);
    write_file(&bin, "sessions/" ID ".db", "others");
    put(&bin, NOW);
    list(&bin, 2);
    ck_file(&bin, "trash/" ID "-1700000000.db", "events");
    ck_file(&bin, "trash/" ID "-1700000001.db", "others");
    bin_close(&bin);
}
END_TEST

START_TEST(where_its_name_is_taken_it_comes_back_under_another)
{
    struct bin bin;
    bin_open(&bin);
    put(&bin, NOW);
    write_file(&bin, "sessions/" ID ".db", "others");
    list(&bin, 1);
    restore(&bin, 0, NULL);
    ck_file(&bin, "sessions/" ID ".db", "others");
    ck_assert_uint_eq(count_sessions(&bin), 2);
    list(&bin, 0);
    bin_close(&bin);
}
END_TEST

/* Who has the file open sees what becomes of its bytes. */
START_TEST(what_is_removed_is_overwritten)
{
    struct bin bin;
    struct buf path = { 0 };
    char bytes[6];
    bin_open(&bin);
    write_all(&bin);
    put(&bin, NOW);
    list(&bin, 1);
    bin_path(&bin, &path, "trash/" ID "-1700000000.db");
    int fd = open(buf_string(&path), O_RDONLY);
    ck_assert(trash_remove(bin.store, &bin.list.entries.items[0], &bin.err));
    ck_assert_int_eq(read(fd, bytes, sizeof bytes), 6);
    ck_assert_mem_eq(bytes, "\0\0\0\0\0\0", 6);
    close(fd);
    ck_absent(&bin, "trash/" ID "-1700000000.db.backup-v1");
    list(&bin, 0);
    buf_clear(&path);
    bin_close(&bin);
}
END_TEST

START_TEST(files_that_are_not_ours_are_left_alone)
{
    static const char *const names[] = {
        "trash/notes.txt",
        "trash/abcd1234.db",
        "trash/abcd1234-.db",
        "trash/ABCDEFGH-1700000000.db",
        "trash/abcd1234-17000x.db",
        "trash/abcd1234-1700000000",
        "trash/abcd1234-99999999999999999999.db",
    };
    struct bin bin;
    bin_open(&bin);
    make_directory(&bin, "trash");
    for (size_t i = 0; i < COUNTOF(names); i++)
        write_file(&bin, names[i], "mine");
    list(&bin, 0);
    bin_close(&bin);
}
END_TEST

Suite *trash_suite(void)
{
    Suite *suite = suite_create("trash");
    TCase *tcase = tcase_create("trash");
    tcase_add_test(tcase, a_deleted_session_is_none_until_it_is_restored);
    tcase_add_test(tcase, its_time_stays_what_it_was);
    tcase_add_test(tcase, what_lies_beside_it_comes_along);
    tcase_add_loop_test(tcase, a_move_that_fails_in_the_middle_is_taken_back, 0,
                        COUNTOF(endings));
    tcase_add_test(tcase, a_session_that_is_open_is_not_deleted);
    tcase_add_test(tcase, what_is_not_there_is_an_error_of_usage);
    tcase_add_test(tcase, one_name_may_be_deleted_twice_in_a_second);
    tcase_add_test(tcase, where_its_name_is_taken_it_comes_back_under_another);
    tcase_add_test(tcase, what_is_removed_is_overwritten);
    tcase_add_test(tcase, files_that_are_not_ours_are_left_alone);
    suite_add_tcase(suite, tcase);
    return suite;
}
