/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "base/path.h"
#include "tests/support/scratch.h"

Suite *path_suite(void);

typedef bool path_fn(struct buf *path, const char *name, struct error *err);

/* The variables of the XDG specification, and what each stands for unset. */
static const struct {
    path_fn *fn;
    const char *variable, *fallback;
} places[] = {
    { path_config, "XDG_CONFIG_HOME", "/home/u/.config/sennit/a.yaml" },
    { path_state, "XDG_STATE_HOME", "/home/u/.local/state/sennit/a.yaml" },
};

static void ck_assert_place(path_fn *fn, const char *name, const char *expected)
{
    struct buf path = { 0 };
    struct error err = { 0 };
    ck_assert(fn(&path, name, &err));
    ck_assert_str_eq(buf_string(&path), expected);
    buf_clear(&path);
}

START_TEST(places_follow_xdg)
{
    const char *variable = places[_i].variable;
    setenv("HOME", "/home/u", 1);
    unsetenv(variable);
    ck_assert_place(places[_i].fn, "a.yaml", places[_i].fallback);
    setenv(variable, "", 1);
    ck_assert_place(places[_i].fn, "a.yaml", places[_i].fallback);
    setenv(variable, "relative/x", 1);
    ck_assert_place(places[_i].fn, "a.yaml", places[_i].fallback);
    setenv(variable, "/x", 1);
    ck_assert_place(places[_i].fn, "a.yaml", "/x/sennit/a.yaml");
    setenv(variable, "/x/", 1);
    ck_assert_place(places[_i].fn, "b/c", "/x/sennit/b/c");
    ck_assert_place(places[_i].fn, "", "/x/sennit");
}
END_TEST

START_TEST(a_path_is_appended_to_what_is_there)
{
    struct buf path = { 0 };
    struct error err = { 0 };
    setenv("XDG_CONFIG_HOME", "/x", 1);
    buf_append_string(&path, "file=");
    ck_assert(path_config(&path, "a", &err));
    ck_assert_str_eq(buf_string(&path), "file=/x/sennit/a");
    buf_clear(&path);
}
END_TEST

static void ck_assert_expands(const char *path, const char *expected)
{
    struct buf out = { 0 };
    path_expand(&out, path);
    ck_assert_str_eq(buf_string(&out), expected);
    buf_clear(&out);
}

START_TEST(a_leading_tilde_is_the_home_directory)
{
    setenv("HOME", "/home/u", 1);
    ck_assert_expands("~/a/b", "/home/u/a/b");
    ck_assert_expands("~", "/home/u");
    ck_assert_expands("~other/a", "~other/a");
    ck_assert_expands("/a/~/b", "/a/~/b");
    ck_assert_expands("", "");
    setenv("HOME", "/", 1);
    ck_assert_expands("~/a", "/a");
}
END_TEST

static char directory[SCRATCH_PATH_MAX];

static void enter_directory(void)
{
    scratch_directory(directory, "path");
    ck_assert_int_eq(chdir(directory), 0);
}

static void leave_directory(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    scratch_remove(directory);
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    fclose(file);
}

START_TEST(a_file_of_exactly_the_cap_is_read)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    write_file("file", "12345");
    ck_assert_int_eq(symlink("file", "link"), 0);
    buf_append_string(&out, "before ");
    ck_assert(path_read_file(&out, "file", 5, &err));
    ck_assert(path_read_file(&out, "link", 5, &err));
    ck_assert_str_eq(buf_string(&out), "before 1234512345");
    ck_assert(!path_read_file(&out, "file", 4, &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    ck_assert_str_eq(err.text, "file is larger than 4 bytes");
    ck_assert_str_eq(buf_string(&out), "before 1234512345");
    buf_clear(&out);
}
END_TEST

START_TEST(a_file_that_claims_to_be_empty_is_read_to_the_cap)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    ck_assert(path_read_file(&out, "/proc/self/status", 65536, &err));
    ck_assert(slice_starts(buf_slice(&out), "Name:"));
    buf_reset(&out);
    ck_assert(!path_read_file(&out, "/proc/self/status", 10, &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    ck_assert_uint_eq(out.len, 0);
    buf_clear(&out);
}
END_TEST

static void ck_assert_refused(const char *path, const char *words)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    ck_assert(!path_read_file(&out, path, 100, &err));
    ck_assert_int_eq(err.kind, ERROR_SYSTEM);
    ck_assert_str_eq(err.text, words);
    ck_assert_uint_eq(out.len, 0);
    buf_clear(&out);
}

START_TEST(what_is_no_file_is_refused_by_name_without_waiting)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX,
                                   .sun_path = "socket" };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(
        bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    ck_assert_refused("fifo", "fifo is a FIFO, not a file");
    ck_assert_refused("socket", "socket is a socket, not a file");
    ck_assert_refused("/dev/zero", "/dev/zero is a device, not a file");
    ck_assert_refused(".", ". is a directory, not a file");
    ck_assert_refused("file", "file: No such file or directory");
    close(fd);
}
END_TEST

START_TEST(a_descriptor_is_read_to_its_end_under_a_cap)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    ck_assert_int_eq(write(ends[1], "12345", 5), 5);
    close(ends[1]);
    ck_assert(path_read_fd(&out, ends[0], 5, "stdin", &err));
    ck_assert_str_eq(buf_string(&out), "12345");
    close(ends[0]);
    ck_assert(!path_read_fd(&out, ends[0], 5, "stdin", &err));
    ck_assert_int_eq(err.kind, ERROR_SYSTEM);
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    ck_assert_int_eq(write(ends[1], "123456", 6), 6);
    close(ends[1]);
    ck_assert(!path_read_fd(&out, ends[0], 5, "stdin", &err));
    ck_assert_str_eq(err.text, "stdin is larger than 5 bytes");
    ck_assert_str_eq(buf_string(&out), "12345");
    close(ends[0]);
    buf_clear(&out);
}
END_TEST

/* True while a process sleeps, as in poll(): its state in proc(5). */
static bool is_asleep(pid_t pid)
{
    char path[64], text[512] = { 0 };
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = read(fd, text, sizeof text - 1) > 0;
    close(fd);
    const char *state = strrchr(text, ')');
    return ok && state && state[2] == 'S';
}

START_TEST(a_non_blocking_descriptor_is_waited_for)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    pid_t reader = getpid();
    pid_t writer = fork();
    if (writer == 0) {
        while (!is_asleep(reader))
            sched_yield();
        _exit(write(ends[1], "later", 5) == 5 ? 0 : 1);
    }
    close(ends[1]);
    ck_assert(path_read_fd(&out, ends[0], 100, "pipe", &err));
    ck_assert_str_eq(buf_string(&out), "later");
    int status;
    ck_assert_int_eq(waitpid(writer, &status, 0), writer);
    close(ends[0]);
    buf_clear(&out);
}
END_TEST

static void ck_assert_holds(const char *path, const char *text)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    struct stat status;
    ck_assert_msg(path_read_file(&out, path, 100, &err), "%s", err.text);
    ck_assert_str_eq(buf_string(&out), text);
    ck_assert_int_eq(lstat(path, &status), 0);
    ck_assert(S_ISREG(status.st_mode));
    ck_assert_int_eq(status.st_mode & 0777, 0600);
    buf_clear(&out);
}

START_TEST(a_written_file_is_private_whole_and_no_link)
{
    struct error err = { 0 };
    struct stat status;
    umask(0);
    write_file("file", "theirs");
    ck_assert_int_eq(symlink("file", "link"), 0);
    ck_assert(path_write_file("link", slice_of("ours"), &err));
    ck_assert_holds("link", "ours");
    ck_assert_int_eq(chmod("file", 0600), 0);
    ck_assert_holds("file", "theirs");
    ck_assert(path_write_file("a/b/file", slice_of("deep"), &err));
    ck_assert(path_write_file("a/b/file", slice_of("er"), &err));
    ck_assert_holds("a/b/file", "er");
    ck_assert_int_eq(stat("a", &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0700);
    /* What cannot be written leaves nothing behind. */
    ck_assert(!path_write_file("a/b", slice_of("x"), &err));
    ck_assert_msg(strstr(err.text, "writing a/b: ") == err.text, "%s",
                  err.text);
    ck_assert(!path_write_file("file/x", slice_of("x"), &err));
    unlink("a/b/file");
    ck_assert_int_eq(rmdir("a/b"), 0);
    ck_assert_int_eq(rmdir("a"), 0);
}
END_TEST

START_TEST(a_new_file_gets_a_name_that_is_free)
{
    struct buf paths[2] = { { 0 } };
    struct error err = { 0 };
    for (size_t i = 0; i < COUNTOF(paths); i++) {
        buf_append_string(&paths[i], "new-XXXXXX.md");
        ck_assert(path_write_new(&paths[i], 3, slice_of("text"), &err));
        ck_assert_holds(buf_string(&paths[i]), "text");
    }
    ck_assert_str_ne(buf_string(&paths[0]), buf_string(&paths[1]));
    ck_assert_int_eq(slice_find(buf_slice(&paths[0]), ".md"), 10);
    for (size_t i = 0; i < COUNTOF(paths); i++) {
        unlink(buf_string(&paths[i]));
        buf_reset(&paths[i]);
        buf_append_string(&paths[i], "nowhere/new-XXXXXX");
        ck_assert(!path_write_new(&paths[i], 0, slice_of("text"), &err));
        buf_clear(&paths[i]);
    }
}
END_TEST

START_TEST(a_file_that_is_there_is_not_written_over)
{
    struct error err = { 0 };
    struct buf text = { 0 };
    struct stat info;
    ck_assert(path_write_absent("made", slice_of("one"), &err));
    ck_assert_int_eq(stat("made", &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0600);
    ck_assert_int_eq((int)info.st_nlink, 1);
    ck_assert(!path_write_absent("made", slice_of("two"), &err));
    ck_assert(path_read_file(&text, "made", 100, &err));
    ck_assert_str_eq(buf_string(&text), "one");
    ck_assert(!path_write_absent("no/directory", slice_of("two"), &err));
    ck_assert_ptr_nonnull(strstr(err.text, "no/directory: No such file"));
    ck_assert_int_eq(access("no", F_OK), -1);
    ck_assert_int_eq(symlink("nowhere", "link"), 0);
    ck_assert(!path_write_absent("link", slice_of("two"), &err));
    unlink("made");
    unlink("link");
    buf_clear(&text);
}
END_TEST

Suite *path_suite(void)
{
    Suite *suite = suite_create("path");
    TCase *tcase = tcase_create("places");
    tcase_add_loop_test(tcase, places_follow_xdg, 0, COUNTOF(places));
    tcase_add_test(tcase, a_path_is_appended_to_what_is_there);
    tcase_add_test(tcase, a_leading_tilde_is_the_home_directory);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("files");
    tcase_add_checked_fixture(tcase, enter_directory, leave_directory);
    tcase_add_test(tcase, a_file_that_is_there_is_not_written_over);
    tcase_add_test(tcase, a_file_of_exactly_the_cap_is_read);
    tcase_add_test(tcase, a_file_that_claims_to_be_empty_is_read_to_the_cap);
    tcase_add_test(tcase, what_is_no_file_is_refused_by_name_without_waiting);
    tcase_add_test(tcase, a_descriptor_is_read_to_its_end_under_a_cap);
    tcase_add_test(tcase, a_non_blocking_descriptor_is_waited_for);
    tcase_add_test(tcase, a_written_file_is_private_whole_and_no_link);
    tcase_add_test(tcase, a_new_file_gets_a_name_that_is_free);
    suite_add_tcase(suite, tcase);
    return suite;
}
