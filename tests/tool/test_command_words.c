/* SPDX-License-Identifier: MIT */
/* What POSIX (2.2, 2.3, 2.4, 2.6, 2.9.1) says of quotes, words and commands, and
 * what dash and bash do with thousands of commands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/array.h"
#include "base/compiler.h"
#include "base/path.h"
#include "tests/support/bytes.h"
#include "tests/support/noise.h"
#include "tests/support/scratch.h"
#include "tests/support/skip.h"
#include "tool/command_words.h"

Suite *command_words_suite(void);

enum { COMMANDS = 6000, PROGRAMS = 400, SEED = 9 };

/* "word|word", or the reason in brackets. */
static void tell(struct buf *out, struct slice command)
{
    struct error why = { 0 };
    char **words = command_words_parse(command, &why);
    if (!words)
        buf_printf(out, "(%s)", why.text);
    for (size_t i = 0; words && words[i]; i++)
        buf_printf(out, "%s%s", i ? "|" : "", words[i]);
    command_words_free(words);
}

static void ck_words(const char *command, const char *expected)
{
    struct buf out = { 0 };
    tell(&out, slice_of(command));
    ck_assert_str_eq(buf_string(&out), expected);
    buf_clear(&out);
}

static void ck_refused(struct slice command, const char *why)
{
    struct buf out = { 0 };
    tell(&out, command);
    ck_assert_msg(out.len && out.ptr[0] == '(' && strstr(out.ptr, why),
                  "%.*s: %s", SLICE_ARG(command), buf_string(&out));
    buf_clear(&out);
}

START_TEST(words_are_what_blanks_and_quotes_make_of_them)
{
    ck_words("git status", "git|status");
    ck_words("  git   log  ", "git|log");
    ck_words("grep -n 'a b' \"c d\" e\\ f", "grep|-n|a b|c d|e f");
    ck_words("grep '' \"\" x", "grep|||x");
    ck_words("a'b'\"c\"\\d", "abcd");
    ck_words("echo 'it'\\''s' \"it's\"", "echo|it's|it's");
    ck_words("find '*.c' \\*.h \\$x '$x' '`x`' \\~ '~'",
             "find|*.c|*.h|$x|$x|`x`|~|~");
    ck_words("echo a#b a~ a] ^ , @ + % -- if",
             "echo|a#b|a~|a]|^|,|@|+|%|--|if");
    ck_words("make CC=gcc -j2", "make|CC=gcc|-j2");
    ck_words("printf\\ x ./a/b:c", "printf x|./a/b:c");
    ck_words("cat '\xC3\xA9t\xC3\xA9.txt'", "cat|\xC3\xA9t\xC3\xA9.txt");
}
END_TEST

START_TEST(an_operator_or_an_expansion_is_not_simple)
{
    static const char *const refused[][2] = {
        { "a;b", "\";\"" },
        { "a&&b", "\"&\"" },
        { "a & b", "\"&\"" },
        { "a||b", "\"|\"" },
        { "a|b", "\"|\"" },
        { "a<b", "\"<\"" },
        { "a >b", "\">\"" },
        { "a 2>&1", "\">\"" },
        { "(a)", "\"(\"" },
        { "a )", "\")\"" },
        { "{ a; }", "\"{\"" },
        { "a {b,c}", "\"{\"" },
        { "a }", "\"}\"" },
        { "a $b", "\"$\"" },
        { "a $(b)", "\"$\"" },
        { "a `b`", "\"`\"" },
        { "a \"$b\"", "\"$\"" },
        { "a \"`b`\"", "\"`\"" },
        { "a \"\\$b\"", "double" },
        { "a \"b!\"", "\"!\"" },
        { "a *", "\"*\"" },
        { "a b?", "\"?\"" },
        { "a [b]", "\"[\"" },
        { "! a", "\"!\"" },
        { "a ~", "\"~\"" },
        { "a ~b", "\"~\"" },
        { "a b=~", "\"~\"" },
        { "a b=c:~", "\"~\"" },
        { "a ''~", "\"~\"" },
        { "a #b", "\"#\"" },
        { "# a", "\"#\"" },
        { "a 'b", "closed" },
        { "a \"b", "closed" },
        { "a \\", "escapes nothing" },
        { "a\nb", "line break" },
        { "a '\n'", "line break" },
        { "a\\\nb", "line break" },
        { "a\rb", "line break" },
        { "a\tb", "control" },
        { "a \x1B[2K", "control" },
        { "a \x7F", "control" },
        { "", "empty" },
        { "   ", "empty" },
        { "'' a", "no program" },
        { "A=b", "variable" },
        { "A=b c", "variable" },
        { "'A'=b c", "variable" },
        { "A+=b c", "variable" },
        { "%1", "job" },
        { "a \xFF", "UTF-8" },
        { "a \xC0\xAF", "UTF-8" },
        { "a \xC2\x85", "cannot be seen" },
        { "a \xE2\x80\xAE", "seen" },
        { "a\xE2\x80\x8B", "seen" },
        { "a b'\xCC\x81'\xCC\x81''\xCC\x81\xCC\x81'\xCC\x81'", "seen" },
        { "a \xC2\xAD", "seen" },
        { "a \xF3\xA0\x81\xA1", "seen" },
        { "a\xC2\xA0"
          "b",
          "blank" },
        { "a\xE3\x80\x80"
          "b",
          "blank" },
    };
    for (size_t i = 0; i < COUNTOF(refused); i++)
        ck_refused(slice_of(refused[i][0]), refused[i][1]);
    ck_refused((struct slice){ "a\0b", 3 }, "control");
}
END_TEST

START_TEST(a_word_of_the_shell_is_no_program)
{
    static const char *const words[] = {
        "if true",  "then",       "for i",   "eval x",        "exec x",
        ". x",      "source x",   "alias x", "cd /",          "export x",
        "set x",    "unset x",    "trap x",  "command x",     "builtin x",
        "time x",   "function f", "[[ x ]]", ": x",           "'eval' x",
        "e\\val x", "local x",    "chdir /", "printf -v x y", "test -v x",
        "read x",   "coproc x",   "return",  "exit",          "select x",
    };
    for (size_t i = 0; i < COUNTOF(words); i++) {
        struct buf out = { 0 };
        tell(&out, slice_of(words[i]));
        ck_assert_msg(out.ptr[0] == '(', "%s", words[i]);
        buf_clear(&out);
    }
    ck_words("evaluate x", "evaluate|x");
    ck_words("/usr/bin/test -f x", "/usr/bin/test|-f|x");
}
END_TEST

START_TEST(a_command_may_be_as_long_as_it_says)
{
    struct buf text = { 0 };
    for (int i = 0; i < COMMAND_WORDS_MAX; i++)
        buf_append_string(&text, "a ");
    struct error why = { 0 };
    char **words = command_words_parse(buf_slice(&text), &why);
    ck_assert_ptr_nonnull(words);
    command_words_free(words);
    buf_append_string(&text, "a");
    ck_refused(buf_slice(&text), "too many words");
    buf_reset(&text);
    while (text.len < COMMAND_BYTES_MAX)
        buf_append_char(&text, 'a');
    words = command_words_parse(buf_slice(&text), &why);
    ck_assert_ptr_nonnull(words);
    command_words_free(words);
    buf_append_char(&text, 'a');
    ck_refused(buf_slice(&text), "too long");
    buf_clear(&text);
}
END_TEST

START_TEST(words_are_written_so_that_they_are_read_again)
{
    static const char *const words[] = {
        "git", "a b", "it's", "", "$x", "!", "~", "#", "a=b", "\\", "\"", NULL
    };
    struct buf text = { 0 };
    struct error why = { 0 };
    command_words_format(&text, words);
    ck_assert_str_eq(text.ptr, "git 'a b' 'it'\\''s' '' '$x' '!' '~' '#' a=b "
                               "'\\' '\"'");
    char **again = command_words_parse(buf_slice(&text), &why);
    ck_assert(command_words_equal(words, (const char *const *)again));
    command_words_free(again);
    buf_clear(&text);
}
END_TEST

START_TEST(words_are_equal_only_all_together)
{
    static const char *const a[] = { "git", "status", NULL };
    static const char *const b[] = { "git", "status", "-s", NULL };
    static const char *const c[] = { "git", "stat", NULL };
    ck_assert(command_words_equal(a, a));
    ck_assert(!command_words_equal(a, b));
    ck_assert(!command_words_equal(b, a));
    ck_assert(!command_words_equal(a, c));
}
END_TEST

/* Anything, most of it not simple. Files "a" and "ab" are there for a star. */
static void append_wild(struct noise *noise, struct buf *command)
{
    static const char *const pieces[] = {
        "a",
        "b",
        "a",
        "ab",
        " ",
        " ",
        "'",
        "\"",
        "\\",
        "'a'",
        "\"b\"",
        "\\a",
        "\\ ",
        "''",
        "=",
        ":",
        "~",
        "#",
        "-",
        "1",
        "%",
        "^",
        ",",
        "..",
        "@",
        "+",
        "]",
        "\xC3\xA9",
        "\xE2\x82\xAC",
        ";",
        "|",
        "&",
        "<",
        ">",
        "(",
        ")",
        "{",
        "}",
        "$a",
        "`",
        "*",
        "?",
        "[",
        "!",
        "\\\\",
        "'\"'",
        "\"'\"",
        "\t",
        "{a,b}",
        "$",
        "\xF0\x9F\x98\x80",
    };
    uint32_t count = 1 + noise_below(noise, 10);
    for (uint32_t i = 0; i < count; i++)
        buf_append_string(command, pieces[noise_below(noise, COUNTOF(pieces))]);
}

static void append_quoted(struct buf *command, char c, uint32_t style)
{
    static const char bare[] = "abc019-=:,./@%^+_]~#";
    if (style == 0 && c != '\'')
        buf_printf(command, "'%c'", c);
    else if (style == 1 && !strchr("\"\\$`!", c))
        buf_printf(command, "\"%c\"", c);
    else if (style == 2 && strchr(bare, c) && !strchr("~#", c))
        buf_append_char(command, c);
    else
        buf_printf(command, "\\%c", c);
}

/* Words of any characters, each character quoted in some way: simple. */
static void append_tame(struct noise *noise, struct buf *command)
{
    static const char characters[] =
        "abc019-=:,./@%^+_]~#;|&<>(){}$`*?[!'\"\\ ";
    uint32_t count = 1 + noise_below(noise, 4);
    for (uint32_t i = 0; i < count; i++) {
        buf_append_string(command, i ? "  " : "w");
        for (uint32_t left = 1 + noise_below(noise, 5); left; left--)
            append_quoted(command,
                          characters[noise_below(noise, sizeof characters - 1)],
                          noise_below(noise, 4));
    }
}

/* What a script of simple commands does, and what it must print. */
struct trial {
    char directory[SCRATCH_PATH_MAX];
    struct buf script, expected;
    int simple, refused;
};

static void expect_words(struct buf *expected, char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        buf_append(expected, words[i], strlen(words[i]) + 1);
    buf_append_char(expected, '\n');
}

static void make_file(struct trial *trial, const char *name, const char *text)
{
    struct buf path = { 0 };
    struct error err = { 0 };
    buf_printf(&path, "%s/%s", trial->directory, name);
    ck_assert_msg(path_write_file(path.ptr, slice_of(text), &err), "%s",
                  err.text);
    buf_clear(&path);
}

static void run_shell(const struct trial *trial, const char *const *argv)
{
    static const char *const environment[] = { "HOME=/home/a", "LC_ALL=C.UTF-8",
                                               "PATH=bin",     "a=1",
                                               "b=2",          NULL };
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        if (chdir(trial->directory) == 0 && freopen("out", "w", stdout) &&
            freopen("err", "w", stderr))
            execve(argv[0], (char *const *)(uintptr_t)argv,
                   (char *const *)(uintptr_t)environment);
        _exit(127);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: %d",
                  argv[0], status);
}

/* Name the first command that came out otherwise. */
static void ck_printed(const struct trial *trial, const char *shell)
{
    struct buf path = { 0 }, out = { 0 };
    buf_printf(&path, "%s/out", trial->directory);
    bytes_from_file(&out, path.ptr);
    struct slice script = buf_slice(&trial->script), line;
    struct slice ours = buf_slice(&trial->expected), want;
    struct slice theirs = buf_slice(&out), got;
    slice_next_line(&script, &line); /* the function */
    while (slice_next_line(&script, &line)) {
        slice_next_line(&ours, &want);
        ck_assert_msg(slice_next_line(&theirs, &got) && slice_equal(want, got),
                      "%s: %.*s", shell, SLICE_ARG(line));
    }
    ck_assert_msg(!theirs.len, "%s printed more", shell);
    buf_clear(&path);
    buf_clear(&out);
}

static void ask_shells(struct trial *trial)
{
    static const char *const shells[][6] = {
        { "/bin/dash", "script" },
        { "/bin/bash", "--norc", "script" },
        { "/bin/bash", "--norc", "--posix", "script" },
        { "/bin/bash", "--norc", "-O", "extglob", "script" },
    };
    make_file(trial, "script", buf_string(&trial->script));
    make_file(trial, "a", "");
    make_file(trial, "ab", "");
    for (size_t i = 0; i < COUNTOF(shells); i++) {
        if (access(shells[i][0], X_OK) != 0) {
            skip_note("shell");
            continue;
        }
        run_shell(trial, shells[i]);
        ck_printed(trial, shells[i][2] ? shells[i][2] : shells[i][0]);
    }
}

static void trial_clear(struct trial *trial)
{
    scratch_remove(trial->directory);
    buf_clear(&trial->script);
    buf_clear(&trial->expected);
}

static void add_words(struct trial *trial, struct noise *noise, bool is_tame)
{
    struct buf command = { 0 };
    struct error why = { 0 };
    buf_append_string(&command, "p ");
    (is_tame ? append_tame : append_wild)(noise, &command);
    char **words = command_words_parse(buf_slice(&command), &why);
    ck_assert_msg(words || !is_tame, "%s: %s", command.ptr, why.text);
    trial->simple += words != NULL;
    trial->refused += words == NULL;
    if (words) {
        buf_append_slice(&trial->script, buf_slice(&command));
        buf_append_char(&trial->script, '\n');
        expect_words(&trial->expected, words + 1);
    }
    command_words_free(words);
    buf_clear(&command);
}

START_TEST(dash_and_bash_find_the_same_words_in_thousands_of_commands)
{
    struct trial trial = { 0 };
    struct noise noise = { SEED };
    scratch_directory(trial.directory, "words");
    buf_append_string(&trial.script,
                      "p() { [ $# = 0 ] || printf '%s\\0' \"$@\"; echo; }\n");
    for (int i = 0; i < COMMANDS; i++)
        add_words(&trial, &noise, i % 2 == 0);
    ck_assert_int_gt(trial.simple, COMMANDS / 2);
    ck_assert_int_gt(trial.refused, COMMANDS / 4);
    ask_shells(&trial);
    trial_clear(&trial);
}
END_TEST

/* The program of this name says how it was called. */
static bool make_program(struct trial *trial, const char *name)
{
    struct buf path = { 0 };
    buf_printf(&path, "%s/bin/%s", trial->directory, name);
    bool ok = !strchr(name, '/') && strcmp(name, ".") != 0 &&
              strcmp(name, "..") != 0 && strcmp(name, "say") != 0;
    if (ok && access(path.ptr, F_OK) != 0)
        ck_assert_msg(symlink("say", path.ptr) == 0, "%s", path.ptr);
    buf_clear(&path);
    return ok;
}

static bool add_program(struct trial *trial, struct noise *noise)
{
    struct buf command = { 0 };
    struct error why = { 0 };
    append_wild(noise, &command);
    char **words = command_words_parse(buf_slice(&command), &why);
    bool is_added = words && make_program(trial, words[0]);
    if (is_added) {
        buf_append_slice(&trial->script, buf_slice(&command));
        buf_append_char(&trial->script, '\n');
        expect_words(&trial->expected, words);
    }
    command_words_free(words);
    buf_clear(&command);
    return is_added;
}

START_TEST(dash_and_bash_start_the_program_that_the_first_word_names)
{
    struct trial trial = { 0 };
    struct noise noise = { SEED };
    struct buf path = { 0 };
    scratch_directory(trial.directory, "words");
    make_file(&trial, "bin/say",
              "#!/bin/sh\nprintf '%s\\0' \"${0##*/}\" \"$@\"; echo\n");
    buf_printf(&path, "%s/bin/say", trial.directory);
    ck_assert_int_eq(chmod(path.ptr, 0700), 0);
    buf_append_string(&trial.script, "# each line is a command\n");
    for (int added = 0; added < PROGRAMS;)
        added += add_program(&trial, &noise);
    ask_shells(&trial);
    buf_clear(&path);
    trial_clear(&trial);
}
END_TEST

START_TEST(no_word_that_bash_calls_its_own_is_taken_for_a_program)
{
    static const char *const bash[] = { "/bin/bash", "--norc", "-c",
                                        "compgen -b; compgen -k", NULL };
    struct trial trial = { 0 };
    struct buf path = { 0 }, out = { 0 };
    if (access(bash[0], X_OK) != 0) {
        skip_note("shell");
        return;
    }
    scratch_directory(trial.directory, "words");
    run_shell(&trial, bash);
    buf_printf(&path, "%s/out", trial.directory);
    bytes_from_file(&out, path.ptr);
    struct slice rest = buf_slice(&out), word;
    int count = 0;
    for (; slice_next_line(&rest, &word); count++) {
        struct error why = { 0 };
        char **words = command_words_parse(word, &why);
        ck_assert_msg(!words || slice_is(word, "echo") ||
                          slice_is(word, "pwd") || slice_is(word, "true") ||
                          slice_is(word, "false"),
                      "%.*s", SLICE_ARG(word));
        command_words_free(words);
    }
    ck_assert_int_gt(count, 70);
    buf_clear(&path);
    buf_clear(&out);
    trial_clear(&trial);
}
END_TEST

Suite *command_words_suite(void)
{
    Suite *suite = suite_create("command_words");
    TCase *tcase = tcase_create("command_words");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, words_are_what_blanks_and_quotes_make_of_them);
    tcase_add_test(tcase, an_operator_or_an_expansion_is_not_simple);
    tcase_add_test(tcase, a_word_of_the_shell_is_no_program);
    tcase_add_test(tcase, a_command_may_be_as_long_as_it_says);
    tcase_add_test(tcase, words_are_written_so_that_they_are_read_again);
    tcase_add_test(tcase, words_are_equal_only_all_together);
    tcase_add_test(tcase,
                   dash_and_bash_find_the_same_words_in_thousands_of_commands);
    tcase_add_test(tcase,
                   dash_and_bash_start_the_program_that_the_first_word_names);
    tcase_add_test(tcase,
                   no_word_that_bash_calls_its_own_is_taken_for_a_program);
    suite_add_tcase(suite, tcase);
    return suite;
}
