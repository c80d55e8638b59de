/* SPDX-License-Identifier: MIT */
/*
 * What is remembered on disk: found, changed, forgotten, by several at once, on
 * a disk that refuses, and against a list that does the same by hand.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>
#include <sqlite3.h>

#include "base/memory.h"
#include "store/memories.h"
#include "tests/support/scratch.h"
#include "tests/support/vfs_shim.h"

Suite *memory_file_suite(void);

#define DAY INT64_C(86400000)

enum { PATIENCE_MS = 60000, WRITERS = 4, EACH = 12 };

static char home[SCRATCH_PATH_MAX];
static struct state_file *file;

static struct state_file *open_file(void)
{
    struct buf path = { 0 };
    buf_printf(&path, "%s/memory.db", home);
    return memory_file_new(&path);
}

static void setup(void)
{
    scratch_directory(home, "memory");
    file = open_file();
}

static void teardown(void)
{
    state_file_free(file);
    scratch_remove(home);
}

static void must(struct memory_job *job)
{
    job->half_life_ms = (double)DAY;
    memory_file_do(file, job);
    ck_assert_msg(job->err.kind == ERROR_NONE, "%s", job->err.text);
}

static struct memory_job add_job(const char *text, const char *tags,
                                 int64_t now, double importance)
{
    return (struct memory_job){
        .deed = MEMORY_ADD,
        .now = now,
        .half_life_ms = (double)DAY,
        .most = 1000,
        .entry = { .text = memory_string(text),
                   .tags = memory_string(tags),
                   .importance = importance,
                   .made_at = now,
                   .used_at = now },
    };
}

static uint64_t add(const char *text, const char *tags)
{
    struct memory_job job = add_job(text, tags, 0, 0.5);
    must(&job);
    ck_assert_uint_ge(job.found.items.count, 1);
    uint64_t id = job.found.items.items[0].id;
    memory_job_clear(&job);
    return id;
}

static size_t find(const char *prompt, uint64_t *first)
{
    struct memory_job job = { .deed = MEMORY_FIND,
                              .most = 5,
                              .takes_private = true };
    buf_append_string(&job.text, prompt);
    must(&job);
    size_t count = job.found.items.count;
    *first = count ? job.found.items.items[0].id : 0;
    memory_job_clear(&job);
    return count;
}

static struct memory_job list_all(void)
{
    struct memory_job job = { .deed = MEMORY_LIST };
    must(&job);
    return job;
}

static void do_ids(enum memory_deed deed, uint64_t id, int64_t now)
{
    struct memory_job job = { .deed = deed, .now = now };
    *array_add(&job.ids) = id;
    must(&job);
    memory_job_clear(&job);
}

/* Whether some bytes stand anywhere in the file. */
static bool is_on_disk(const char *bytes)
{
    char path[SCRATCH_PATH_MAX + 16];
    char content[1 << 18];
    snprintf(path, sizeof path, "%s/memory.db", home);
    int fd = open(path, O_RDONLY);
    ck_assert_int_ge(fd, 0);
    ssize_t len = read(fd, content, sizeof content);
    close(fd);
    ck_assert_int_gt(len, 0);
    return memmem(content, (size_t)len, bytes, strlen(bytes)) != NULL;
}

START_TEST(nothing_is_made_until_something_is_remembered)
{
    uint64_t id;
    struct stat status;
    char path[SCRATCH_PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/memory.db", home);
    ck_assert_uint_eq(find("editor", &id), 0);
    do_ids(MEMORY_FORGET, 1, 0);
    do_ids(MEMORY_TOUCH, 1, 0);
    struct memory_job all = list_all();
    ck_assert_uint_eq(all.found.items.count, 0);
    memory_job_clear(&all);
    ck_assert_int_lt(stat(path, &status), 0);
    add("the editor is neovim", "");
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
}
END_TEST

START_TEST(what_is_remembered_is_found_by_its_words_and_tags)
{
    uint64_t id;
    uint64_t editor = add("the editor is neovim", "tools");
    uint64_t street = add("I live in the Hauptstra\xc3\x9f"
                          "e",
                          "");
    uint64_t chinese = add("\xe6\x88\x91\xe5\x96\x9c\xe6\xac\xa2\xe7\x94\xa8"
                           "\xe7\xbc\x96\xe8\xbe\x91\xe5\x99\xa8",
                           "");
    ck_assert_uint_eq(find("which EDITORS do I have?", &id), 1);
    ck_assert_uint_eq(id, editor);
    ck_assert_uint_eq(find("what tools are there", &id), 1);
    ck_assert_uint_eq(id, editor);
    ck_assert_uint_eq(find("where is HAUPTSTRASSE", &id), 1);
    ck_assert_uint_eq(id, street);
    ck_assert_uint_eq(find("\xe7\xbc\x96\xe8\xbe\x91\xe5\x99\xa8?", &id), 1);
    ck_assert_uint_eq(id, chinese);
    ck_assert_uint_eq(find("a loaf of bread", &id), 0);
    ck_assert_uint_eq(find("", &id), 0);
    ck_assert_uint_eq(find("\" OR * NEAR( \xff\xfe", &id), 0);
}
END_TEST

START_TEST(one_that_says_the_same_is_changed)
{
    uint64_t id = add("The editor is neovim", "tools");
    struct memory_job job =
        add_job("the editor is NEOVIM!", "lua tools", 5 * DAY, 0.9);
    must(&job);
    ck_assert(job.was_there);
    const struct memory_entry *entry = &job.found.items.items[0];
    ck_assert_uint_eq(entry->id, id);
    ck_assert_str_eq(entry->text, "the editor is NEOVIM!");
    ck_assert_str_eq(entry->tags, "tools lua");
    ck_assert_double_eq(entry->importance, 0.9);
    ck_assert_int_eq(entry->made_at, 0);
    ck_assert_int_eq(entry->used_at, 5 * DAY);
    memory_job_clear(&job);
    ck_assert_uint_ne(add("the editor is emacs", ""), id);
}
END_TEST

/* A look touches nothing; what was put in a prompt is touched. */
START_TEST(only_a_touch_counts)
{
    uint64_t first, id = add("the editor is neovim", "");
    find("editor", &first);
    struct memory_job all = list_all();
    ck_assert_uint_eq(all.found.items.items[0].uses, 0);
    ck_assert_int_eq(all.found.items.items[0].used_at, 0);
    memory_job_clear(&all);
    do_ids(MEMORY_TOUCH, id, 3 * DAY);
    all = list_all();
    ck_assert_uint_eq(all.found.items.items[0].uses, 1);
    ck_assert_int_eq(all.found.items.items[0].used_at, 3 * DAY);
    memory_job_clear(&all);
}
END_TEST

START_TEST(what_is_forgotten_is_gone_from_the_file)
{
    uint64_t id = add("the password of the door is swordfish", "");
    add("the editor is neovim", "");
    ck_assert(is_on_disk("swordfish"));
    do_ids(MEMORY_FORGET, id, 0);
    ck_assert(!is_on_disk("swordfish"));
    ck_assert_uint_eq(find("password door", &id), 0);
    ck_assert_uint_gt(add("something else", ""), 2);
}
END_TEST

START_TEST(what_is_redacted_is_gone_from_the_file)
{
    uint64_t first;
    uint64_t id = add("the key is sk-very-secret-1 for the box", "sk-very");
    struct memory_job job = { .deed = MEMORY_REDACT };
    buf_append_string(&job.text, "sk-very-secret-1");
    must(&job);
    ck_assert_uint_eq(job.places, 1);
    memory_job_clear(&job);
    ck_assert(!is_on_disk("secret"));
    ck_assert_uint_eq(find("which key for the box", &first), 1);
    ck_assert_uint_eq(first, id);
    struct memory_job all = list_all();
    ck_assert_str_eq(all.found.items.items[0].text,
                     "the key is [redacted] for the box");
    memory_job_clear(&all);
}
END_TEST

START_TEST(private_entries_are_found_only_where_they_may_be)
{
    struct memory_job job = add_job("the project is called Osprey", "", 0, 1);
    job.entry.is_private = true;
    must(&job);
    memory_job_clear(&job);
    for (int takes = 0; takes < 2; takes++) {
        job = (struct memory_job){ .deed = MEMORY_FIND,
                                   .most = 5,
                                   .takes_private = takes };
        buf_append_string(&job.text, "project Osprey");
        must(&job);
        ck_assert_uint_eq(job.found.items.count, (size_t)takes);
        memory_job_clear(&job);
    }
}
END_TEST

START_TEST(a_changed_entry_keeps_its_id_and_one_that_is_gone_stays_so)
{
    uint64_t first, id = add("the editor is neovim", "");
    for (int i = 0; i < 2; i++) {
        struct memory_job job = { .deed = MEMORY_CHANGE };
        job.entry = (struct memory_entry){ .id = id,
                                           .text = memory_string("likes tea"),
                                           .tags = memory_string("") };
        must(&job);
        ck_assert_uint_eq(job.found.items.count, i == 0);
        memory_job_clear(&job);
        ck_assert_uint_eq(find("tea", &first), i == 0);
        ck_assert_uint_eq(find("neovim", &first), 0);
        do_ids(MEMORY_FORGET, id, 0);
    }
}
END_TEST

/* Vectors. */

static void keep_vector(uint64_t id, const char *text, const char *model,
                        float x, float y)
{
    struct memory_job job = { .deed = MEMORY_EMBED };
    struct memory_entry *entry = array_add(&job.found.items);
    *entry = (struct memory_entry){ .id = id,
                                    .text = memory_string(text),
                                    .dimension = 2 };
    entry->vector = memory_alloc(2 * sizeof(float));
    entry->vector[0] = x;
    entry->vector[1] = y;
    buf_append_string(&job.model, model);
    must(&job);
    memory_job_clear(&job);
}

static size_t bare(const char *model)
{
    struct memory_job job = { .deed = MEMORY_BARE };
    buf_append_string(&job.model, model);
    must(&job);
    size_t count = job.found.items.count;
    memory_job_clear(&job);
    return count;
}

static uint64_t find_near(const char *model, float x, float y)
{
    struct memory_job job = { .deed = MEMORY_FIND, .most = 5 };
    job.entry.dimension = 2;
    job.entry.vector = memory_alloc(2 * sizeof(float));
    job.entry.vector[0] = x;
    job.entry.vector[1] = y;
    buf_append_string(&job.text, "unrelated");
    buf_append_string(&job.model, model);
    must(&job);
    uint64_t id = job.found.items.count ? job.found.items.items[0].id : 0;
    memory_job_clear(&job);
    return id;
}

START_TEST(what_means_the_same_is_found_without_a_word)
{
    uint64_t tea = add("likes tea", ""), car = add("drives a car", "");
    ck_assert_uint_eq(bare("m"), 2);
    keep_vector(tea, "likes tea", "m", 1, 0);
    keep_vector(car, "drives a car", "m", 0, 1);
    ck_assert_uint_eq(bare("m"), 0);
    ck_assert_uint_eq(find_near("m", 0, 1), car);
    ck_assert_uint_eq(find_near("m", 1, 0), tea);
    /* Another model's vectors say nothing of this one's. */
    ck_assert_uint_eq(bare("other"), 2);
    ck_assert_uint_eq(find_near("other", 1, 0), 0);
}
END_TEST

START_TEST(a_vector_of_an_earlier_text_is_not_kept)
{
    uint64_t id = add("likes tea", "");
    keep_vector(id, "likes coffee", "m", 1, 0);
    ck_assert_uint_eq(bare("m"), 1);
    keep_vector(id, "likes tea", "m", 1, 0);
    struct memory_job job = { .deed = MEMORY_CHANGE };
    job.entry = (struct memory_entry){ .id = id,
                                       .text = memory_string("likes wine"),
                                       .tags = memory_string("") };
    must(&job);
    memory_job_clear(&job);
    ck_assert_uint_eq(bare("m"), 1);
}
END_TEST

/* Against a list that forgets by hand: a pass over all pairs. */

struct model {
    struct memory_entry entries[16];
    size_t count;
};

static double model_weight(const struct memory_entry *entry, int64_t now)
{
    double f = ((double)entry->uses + 1) / ((double)entry->uses + 2);
    return f * pow(2, -(double)(now - entry->used_at) / (double)DAY) +
           entry->importance + f / 2;
}

static void model_add(struct model *model, const struct memory_entry *entry,
                      int64_t now, size_t most)
{
    size_t least = 0;
    model->entries[model->count++] = *entry;
    if (model->count <= most)
        return;
    for (size_t i = 1; i < model->count; i++) {
        double a = model_weight(&model->entries[i], now);
        double b = model_weight(&model->entries[least], now);
        if (a < b || (a <= b && model->entries[i].made_at <
                                    model->entries[least].made_at))
            least = i;
    }
    model->count--;
    memmove(&model->entries[least], &model->entries[least + 1],
            (model->count - least) * sizeof *model->entries);
}

static void compare(const struct model *model)
{
    struct memory_job all = list_all();
    ck_assert_uint_eq(all.found.items.count, model->count);
    for (size_t i = 0; i < model->count; i++) {
        const struct memory_entry *one = &model->entries[i];
        const struct memory_entry *other =
            &all.found.items.items[model->count - 1 - i];
        ck_assert_uint_eq(other->id, one->id);
        ck_assert_uint_eq(other->uses, one->uses);
        ck_assert_int_eq(other->used_at, one->used_at);
        ck_assert_double_eq(other->importance, one->importance);
    }
    memory_job_clear(&all);
}

START_TEST(it_forgets_as_a_list_by_hand_does)
{
    struct model model = { .count = 0 };
    uint64_t next_id = 1;
    int64_t now = 0;
    srand((unsigned)_i + 1);
    for (int step = 0; step < 60; step++) {
        now += rand() % 5 * DAY / 4;
        size_t at = model.count ? (size_t)rand() % model.count : 0;
        if (rand() % 3 && model.count) {
            do_ids(MEMORY_TOUCH, model.entries[at].id, now);
            model.entries[at].uses++;
            model.entries[at].used_at = now;
        } else {
            char text[32];
            snprintf(text, sizeof text, "entry number %d", step);
            struct memory_job job =
                add_job(text, "", now, rand() % 5 / 4.0 * 0.99);
            job.most = 6;
            struct memory_entry entry = job.entry;
            entry.id = next_id++;
            model_add(&model, &entry, now, job.most);
            must(&job);
            ck_assert_uint_le(job.found.items.count, 2);
            memory_job_clear(&job);
        }
        compare(&model);
    }
}
END_TEST

/* Hostile. */

START_TEST(any_bytes_are_kept_as_they_are)
{
    struct buf text = { 0 };
    uint64_t id;
    buf_append_string(&text, "```\n]] \x1b[2J \"' \\ %s needle ");
    while (text.len < 1 << 20)
        buf_append_string(&text, "x\x01\xc3\xa9 ");
    struct memory_job job = add_job(buf_string(&text), "a'b", 0, 0.5);
    must(&job);
    memory_job_clear(&job);
    struct memory_job all = list_all();
    ck_assert_str_eq(all.found.items.items[0].text, buf_string(&text));
    memory_job_clear(&all);
    find("needle", &id);
    buf_clear(&text);
}
END_TEST

START_TEST(a_damaged_file_is_put_aside)
{
    char path[SCRATCH_PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/memory.db", home);
    FILE *damaged = fopen(path, "w");
    fputs("this is no database, but long enough to be taken for one, at least "
          "at first sight, by whoever looks at its length alone and not at "
          "what stands in it",
          damaged);
    fclose(damaged);
    uint64_t first;
    ck_assert_uint_eq(find("editor", &first), 0);
    ck_assert_ptr_nonnull(state_file_aside(file));
    ck_assert_int_eq(access(state_file_aside(file), F_OK), 0);
    uint64_t id = add("the editor is neovim", "");
    ck_assert_uint_eq(find("editor", &first), 1);
    ck_assert_uint_eq(first, id);
}
END_TEST

/* Whatever call fails: what was there stays, and the next one works. */
START_TEST(a_disk_that_refuses_loses_nothing)
{
    uint64_t id, first = add("the editor is neovim", "");
    vfs_shim_install();
    for (long nth = 1; nth < 200; nth++) {
        state_file_free(file);
        file = open_file();
        vfs_shim_fail(
            (struct vfs_fault){ .calls = VFS_WRITE | VFS_SYNC | VFS_TRUNCATE,
                                .nth = nth,
                                .code = SQLITE_FULL,
                                .number = ENOSPC });
        struct memory_job job = add_job("likes tea in the morning", "", 0, 0.5);
        memory_file_do(file, &job);
        bool has_failed = vfs_shim_failed() > 0;
        vfs_shim_heal();
        ck_assert(has_failed || job.err.kind == ERROR_NONE);
        ck_assert_uint_eq(find("editor", &id), 1);
        ck_assert_uint_eq(id, first);
        bool is_there = find("tea", &id) == 1;
        ck_assert(is_there || job.err.kind != ERROR_NONE);
        if (is_there)
            do_ids(MEMORY_FORGET, id, 0);
        memory_job_clear(&job);
        if (!has_failed)
            return;
    }
    ck_abort_msg("it never worked");
}
END_TEST

/* Several sennits, one memory. */
/* Also while the file is made. */
START_TEST(a_disk_that_refuses_is_named_once)
{
    bool has_failed = true;
    vfs_shim_install();
    for (long nth = 1; has_failed && nth < 200; nth++) {
        vfs_shim_fail((struct vfs_fault){ .calls = VFS_WRITE,
                                          .nth = nth,
                                          .code = SQLITE_FULL,
                                          .number = ENOSPC });
        struct memory_job job = add_job("likes tea", "", 0, 0.5);
        memory_file_do(file, &job);
        has_failed = vfs_shim_failed() > 0;
        vfs_shim_heal();
        const char *name = strstr(job.err.text, "memory.db");
        ck_assert(name || !has_failed);
        ck_assert_msg(!name || !strstr(name + 1, "memory.db"), "%s",
                      job.err.text);
        memory_job_clear(&job);
    }
    ck_assert(!has_failed);
}
END_TEST

START_TEST(many_remember_at_once)
{
    for (int writer = 0; writer < WRITERS; writer++) {
        if (fork())
            continue;
        struct state_file *own = open_file();
        for (int i = 0; i < EACH; i++) {
            char text[48];
            snprintf(text, sizeof text, "writer%d notes%d", writer, i);
            struct memory_job job = add_job(text, "", i, 0.5);
            do {
                memory_file_do(own, &job);
            } while (job.fault == DB_BUSY && job.err.kind);
            if (job.err.kind)
                _exit(1);
            memory_job_clear(&job);
        }
        state_file_free(own);
        _exit(0);
    }
    for (int writer = 0; writer < WRITERS; writer++) {
        int status;
        ck_assert_int_gt(wait(&status), 0);
        ck_assert_int_eq(status, 0);
    }
    struct memory_job all = list_all();
    ck_assert_uint_eq(all.found.items.count, WRITERS * EACH);
    memory_job_clear(&all);
    uint64_t first;
    ck_assert_uint_eq(find("writer2 notes3", &first) > 0, true);
}
END_TEST

/* Its owner. */

static int answers;

static void on_answer(void *context, struct memory_job *job)
{
    struct memory_job *answer = context;
    answers++;
    *answer = *job;
    *job = (struct memory_job){ 0 };
}

START_TEST(who_only_looks_changes_nothing)
{
    struct error err = { 0 };
    setenv("XDG_DATA_HOME", home, 1);
    struct loop *loop = loop_new(&err);
    struct store *store = store_new(loop, &err);
    struct memories *memories = memories_new(store, true);
    struct memory_job job = add_job("likes tea", "", 0, 0.5), answer = { 0 };
    answers = 0;
    memories_ask(memories, &job, on_answer, &answer);
    job = (struct memory_job){ .deed = MEMORY_LIST };
    memories_drop(memories, memories_ask(memories, &job, on_answer, NULL));
    ck_assert(store_settle(store, PATIENCE_MS));
    ck_assert_int_eq(answers, 1);
    ck_assert_int_eq(answer.err.kind, ERROR_USAGE);
    ck_assert_uint_eq(memories_revision(memories), 0);
    memory_job_clear(&answer);
    memories_close(memories);
    ck_assert(store_settle(store, PATIENCE_MS));
    store_free(store);
    loop_free(loop);
}
END_TEST

Suite *memory_file_suite(void)
{
    Suite *suite = suite_create("memory_file");
    TCase *tcase = tcase_create("memory_file");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, nothing_is_made_until_something_is_remembered);
    tcase_add_test(tcase, what_is_remembered_is_found_by_its_words_and_tags);
    tcase_add_test(tcase, one_that_says_the_same_is_changed);
    tcase_add_test(tcase, only_a_touch_counts);
    tcase_add_test(tcase, what_is_forgotten_is_gone_from_the_file);
    tcase_add_test(tcase, what_is_redacted_is_gone_from_the_file);
    tcase_add_test(tcase, private_entries_are_found_only_where_they_may_be);
    tcase_add_test(tcase,
                   a_changed_entry_keeps_its_id_and_one_that_is_gone_stays_so);
    tcase_add_test(tcase, what_means_the_same_is_found_without_a_word);
    tcase_add_test(tcase, a_vector_of_an_earlier_text_is_not_kept);
    tcase_add_loop_test(tcase, it_forgets_as_a_list_by_hand_does, 0, 8);
    tcase_add_test(tcase, any_bytes_are_kept_as_they_are);
    tcase_add_test(tcase, a_damaged_file_is_put_aside);
    tcase_add_test(tcase, a_disk_that_refuses_loses_nothing);
    tcase_add_test(tcase, a_disk_that_refuses_is_named_once);
    tcase_add_test(tcase, many_remember_at_once);
    tcase_add_test(tcase, who_only_looks_changes_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
