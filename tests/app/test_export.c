/* SPDX-License-Identifier: MIT */
/*
 * The subcommands export and import: the real program on a session that it made
 * itself.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/path.h"
#include "tests/support/program.h"

Suite *export_suite(void);

enum { FILE_MAX = 1024 * 1024, PATH_SIZE = 512 };

struct world {
    struct program program;
    char id[9], file[PATH_SIZE];
};

static void run(struct world *world, const char *const *words)
{
    memset(world->program.arguments, 0, sizeof world->program.arguments);
    for (size_t i = 0; words[i]; i++)
        world->program.arguments[i] = words[i];
    program_run(&world->program);
}

#define RUN(world, ...) run(world, (const char *const[]){ __VA_ARGS__, NULL })

static void begin(struct world *world)
{
    *world = (struct world){ 0 };
    RUN(world, "-m", "guide", "-p", "What is a sennit?");
    ck_assert_int_eq(world->program.status, 0);
    RUN(world, "sessions");
    memcpy(world->id, world->program.out.ptr, 8);
    snprintf(world->file, sizeof world->file, "%s/a.jsonl",
             world->program.home);
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

static struct buf read_all(const char *path)
{
    struct buf bytes = { 0 };
    struct error err = { 0 };
    ck_assert_msg(path_read_file(&bytes, path, FILE_MAX, &err), "%s", err.text);
    return bytes;
}

static void write_all(const char *path, struct slice bytes)
{
    struct error err = { 0 };
    ck_assert_msg(path_write_file(path, bytes, &err), "%s", err.text);
}

START_TEST(a_session_is_printed_as_a_document)
{
    struct world world;
    begin(&world);
    RUN(&world, "export", world.id);
    ck_assert_int_eq(world.program.status, 0);
    const char *out = buf_string(&world.program.out);
    ck_assert_msg(!strncmp(out, "# What is a sennit?\n\n- Date: ", 29), "%s",
                  out);
    ck_assert_ptr_nonnull(strstr(out, "\n## You, "));
    ck_assert_ptr_nonnull(strstr(out, "\n## guide at guide, "));
    ck_assert_str_eq(buf_string(&world.program.err), "");
    end(&world);
}
END_TEST

START_TEST(what_is_exported_imports_to_the_same_again)
{
    struct world world;
    char path[PATH_SIZE];
    begin(&world);
    RUN(&world, "export", world.id, "-O", world.file);
    ck_assert_int_eq(world.program.status, 0);
    ck_says(&world, "exported to ");
    struct stat info;
    ck_assert_int_eq(stat(world.file, &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0600);
    snprintf(path, sizeof path, "%s/.local/share/sennit/sessions/%s.db",
             world.program.home, world.id);
    ck_assert_int_eq(unlink(path), 0);
    RUN(&world, "import", world.file);
    ck_assert_int_eq(world.program.status, 0);
    ck_assert_uint_eq(world.program.out.len, 9);
    ck_assert_int_eq(memcmp(world.program.out.ptr, world.id, 8), 0);
    ck_assert_str_eq(buf_string(&world.program.err), "");
    RUN(&world, "export", world.id, "--as", "jsonl");
    struct buf first = read_all(world.file);
    ck_assert_str_eq(buf_string(&world.program.out), buf_string(&first));
    buf_clear(&first);
    RUN(&world, "show", world.id);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&world.program.out), "What is a sennit?"));
    end(&world);
}
END_TEST

START_TEST(a_name_that_is_taken_is_left_to_whom_it_has)
{
    struct world world;
    begin(&world);
    RUN(&world, "export", world.id, "-O", world.file);
    RUN(&world, "import", world.file);
    ck_assert_int_eq(world.program.status, 0);
    ck_assert_uint_eq(world.program.out.len, 9);
    ck_assert_int_ne(memcmp(world.program.out.ptr, world.id, 8), 0);
    ck_says(&world, " already; this one is ");
    RUN(&world, "sessions");
    ck_assert_ptr_nonnull(strstr(buf_string(&world.program.out), world.id));
    end(&world);
}
END_TEST

START_TEST(a_file_is_overwritten_only_if_that_is_said)
{
    struct world world;
    begin(&world);
    write_all(world.file, slice_of("mine\n"));
    RUN(&world, "export", world.id, "-O", world.file);
    ck_assert_int_eq(world.program.status, 2);
    ck_says(&world, "is there already; with --force it is overwritten");
    struct buf bytes = read_all(world.file);
    ck_assert_str_eq(buf_string(&bytes), "mine\n");
    buf_clear(&bytes);
    RUN(&world, "export", world.id, "--force", "-O", world.file);
    ck_assert_int_eq(world.program.status, 0);
    bytes = read_all(world.file);
    ck_assert_ptr_nonnull(strstr(buf_string(&bytes), "sennit-session"));
    buf_clear(&bytes);
    end(&world);
}
END_TEST

/* A device or a FIFO would be gone, a link too. */
START_TEST(what_is_no_file_is_not_replaced_and_a_link_is_followed)
{
    struct world world;
    char other[PATH_SIZE + 8];
    struct stat info;
    begin(&world);
    snprintf(other, sizeof other, "%s.other", world.file);
    ck_assert_int_eq(mkfifo(other, 0600), 0);
    RUN(&world, "export", world.id, "--force", "-O", other);
    ck_assert_int_eq(world.program.status, 2);
    ck_says(&world, "is no file");
    ck_assert(lstat(other, &info) == 0 && S_ISFIFO(info.st_mode));
    ck_assert_int_eq(unlink(other), 0);
    write_all(world.file, slice_of("mine\n"));
    ck_assert_int_eq(symlink(world.file, other), 0);
    RUN(&world, "export", world.id, "--force", "-O", other);
    ck_assert_int_eq(world.program.status, 0);
    ck_assert(lstat(other, &info) == 0 && S_ISLNK(info.st_mode));
    struct buf bytes = read_all(world.file);
    ck_assert_str_ne(buf_string(&bytes), "mine\n");
    buf_clear(&bytes);
    end(&world);
}
END_TEST

START_TEST(a_torn_file_is_told_and_what_is_whole_is_kept)
{
    struct world world;
    char torn[PATH_SIZE + 8];
    begin(&world);
    RUN(&world, "export", world.id, "-O", world.file);
    struct buf bytes = read_all(world.file);
    snprintf(torn, sizeof torn, "%s.torn", world.file);
    write_all(torn, (struct slice){ bytes.ptr, bytes.len - 5 });
    RUN(&world, "import", torn);
    ck_assert_int_eq(world.program.status, 3);
    ck_assert_uint_eq(world.program.out.len, 9);
    ck_says(&world, "the file ends in the middle of line ");
    char made[9] = "";
    memcpy(made, world.program.out.ptr, 8);
    RUN(&world, "show", made);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&world.program.out), "What is a sennit?"));
    buf_clear(&bytes);
    end(&world);
}
END_TEST

START_TEST(what_cannot_be_done_says_what_can)
{
    struct world world;
    begin(&world);
    write_all(world.file, slice_of("# A document\n"));
    RUN(&world, "import", world.file);
    ck_assert_int_eq(world.program.status, 2);
    ck_says(&world, "it is no exported session");
    ck_says(&world, "sennit export ID --as jsonl makes one");
    RUN(&world, "import");
    ck_assert_int_eq(world.program.status, 2);
    RUN(&world, "import", "/nowhere/at/all");
    ck_assert_int_ne(world.program.status, 0);
    RUN(&world, "export", "nosuch");
    ck_assert_int_eq(world.program.status, 2);
    ck_says(&world, "there is no session \"nosuch\"");
    RUN(&world, "export", world.id, "--as", "thread");
    ck_assert_int_eq(world.program.status, 2);
    ck_says(&world, "export takes --as markdown or --as jsonl");
    RUN(&world, "export", world.id, "-O", "/nowhere/at/all");
    ck_assert_int_ne(world.program.status, 0);
    end(&world);
}
END_TEST

Suite *export_suite(void)
{
    Suite *suite = suite_create("export");
    TCase *test = tcase_create("export");
    tcase_set_timeout(test, 60);
    tcase_add_test(test, a_session_is_printed_as_a_document);
    tcase_add_test(test,
                   what_is_no_file_is_not_replaced_and_a_link_is_followed);
    tcase_add_test(test, what_is_exported_imports_to_the_same_again);
    tcase_add_test(test, a_name_that_is_taken_is_left_to_whom_it_has);
    tcase_add_test(test, a_file_is_overwritten_only_if_that_is_said);
    tcase_add_test(test, a_torn_file_is_told_and_what_is_whole_is_kept);
    tcase_add_test(test, what_cannot_be_done_says_what_can);
    suite_add_tcase(suite, test);
    return suite;
}
