/* SPDX-License-Identifier: MIT */
/*
 * The completion scripts, by the shells that they are for.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "app/cli.h"
#include "app/completion_value.h"
#include "net/child.h"
#include "tests/support/program.h"
#include "tests/support/pty.h"
#include "tests/support/skip.h"

Suite *completions_suite(void);

enum { OUTPUT_MAX = 64 * 1024, WAIT_MS = 20000 };

static const char *const shells[] = { "bash", "zsh", "fish" };

/* An endpoint and names of models. */
static const char config[] = "version: 1\n"
                             "endpoints:\n"
                             "  box:\n"
                             "    url: http://127.0.0.1:1\n"
                             "    dialect: ollama\n"
                             "    models:\n"
                             "      small: qwen3\n"
                             "      fast8: 'qwen3:8b'\n";

static void set_up(struct program *program)
{
    *program = (struct program){ 0 };
    program_file(program, ".config/sennit/config.yaml", config);
    program_file(program, ".config/sennit/profiles/tower.yaml", "version: 1\n");
    program_file(program, ".config/sennit/profiles/notes.txt", "no profile");
}

static void ask(struct program *program, const char *what)
{
    program->arguments[0] = "completions";
    program->arguments[1] = what;
    program_run(program);
    ck_assert_int_eq(program->status, 0);
    ck_assert_str_eq(buf_string(&program->err), "");
}

static bool has_shell(const char *shell)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" },
                     (char[]){ "command -v \"$0\"" }, (char *)(uintptr_t)shell,
                     NULL };
    bool has = child_read(&out, argv, OUTPUT_MAX, WAIT_MS, &err);
    buf_clear(&out);
    if (!has)
        skip_note("shell");
    return has;
}

/* The directory of the program under test, which its script shall find. */
static void append_program_path(struct buf *out)
{
    char whole[PATH_MAX];
    const char *program = getenv("PROGRAM");
    ck_assert_ptr_nonnull(
        realpath(program ? program : "build/release/sennit", whole));
    buf_append(out, whole, (size_t)(strrchr(whole, '/') - whole));
}

/* What a shell prints, with the program in its PATH. */
static void run_shell(struct buf *out, const struct program *program,
                      const char *shell, const char *commands)
{
    struct buf path = { 0 }, home = { 0 };
    struct error err = { 0 };
    buf_append_string(&path, "PATH=");
    append_program_path(&path);
    buf_printf(&path, ":%s", getenv("PATH"));
    buf_printf(&home, "HOME=%s", program->home);
    const char *argv[] = { "env", "-i", buf_string(&path), buf_string(&home),
                           shell, "-c", commands,          NULL };
    ck_assert_msg(child_read(out, (char *const *)(uintptr_t)argv, OUTPUT_MAX,
                             WAIT_MS, &err),
                  "%s: %s", shell, err.text);
    buf_clear(&path);
    buf_clear(&home);
}

START_TEST(each_shell_accepts_its_script)
{
    const char *shell = shells[_i];
    struct program program;
    struct buf command = { 0 }, out = { 0 };
    if (!has_shell(shell))
        return;
    set_up(&program);
    ask(&program, shell);
    program_file(&program, "script", buf_string(&program.out));
    buf_printf(&command, "%s -n ~/script && echo accepted", shell);
    run_shell(&out, &program, shell, buf_string(&command));
    ck_assert_str_eq(buf_string(&out), "accepted\n");
    buf_clear(&command);
    buf_clear(&out);
    program_clear(&program);
}
END_TEST

START_TEST(each_script_has_every_option_and_subcommand)
{
    struct program program;
    struct cli_option option;
    struct cli_subcommand command;
    set_up(&program);
    ask(&program, shells[_i]);
    const char *script = buf_string(&program.out);
    bool is_fish = !strcmp(shells[_i], "fish");
    for (size_t i = 0; cli_option(i, &option); i++) {
        struct buf dashed = { 0 };
        buf_printf(&dashed, "%s%s", is_fish ? " -l " : "--", option.name);
        ck_assert_msg(strstr(script, buf_string(&dashed)) != NULL, "%s: %s",
                      shells[_i], option.name);
        buf_reset(&dashed);
        buf_printf(&dashed, is_fish ? " -s %c" : "-%c", option.letter);
        if (option.letter)
            ck_assert_ptr_nonnull(strstr(script, buf_string(&dashed)));
        buf_clear(&dashed);
    }
    for (size_t i = 0; cli_subcommand(i, &command); i++)
        ck_assert_ptr_nonnull(strstr(script, command.name));
    program_clear(&program);
}
END_TEST

static void check_known(const char *arguments)
{
    struct slice rest = slice_of(arguments);
    while ((rest = slice_trim(rest)).len) {
        struct completion_value value = { 0 };
        size_t len = 0;
        while (len < rest.len && rest.ptr[len] != ' ')
            len++;
        ck_assert_msg(
            completion_value_find(&value, (struct slice){ rest.ptr, len }),
            "nothing says what completes \"%.*s\"", (int)len, rest.ptr);
        completion_value_clear(&value);
        rest = slice_skip(rest, len);
    }
}

START_TEST(it_is_known_what_completes_each_argument)
{
    struct cli_option option;
    struct cli_subcommand command;
    for (size_t i = 0; cli_option(i, &option); i++)
        check_known(option.argument);
    for (size_t i = 0; cli_subcommand(i, &command); i++)
        check_known(command.arguments);
}
END_TEST

struct completion {
    const char *line; /* as typed, the cursor at its end */
    const char *replies;
};

/* In bash a reply takes the place of what stands behind the last =. */
static const struct completion bash_cases[] = {
    { "sennit dec", "decode\n" },
    { "sennit --out", "--output\n" },
    { "sennit -o ", "text\njson\nstream-json\n" },
    { "sennit --output=j", "json\n" },
    { "sennit -m x --output s", "stream-json\n" },
    { "sennit decode o", "ollama\n" },
    { "sennit completions ", "bash\nzsh\nfish\n" },
    { "sennit config ", "explain\n" },
    { "sennit config explain reply.temp", "reply.temperature\n" },
    { "sennit -P tow", "tower\n" },
    { "sennit -P not", "" },
    { "sennit -m bo", "box/\nbox/small\nbox/fast8\n" },
    { "sennit -m sm", "small\n" },
    { "sennit -m gui", "guide\n" },
    { "sennit -m box/fa", "box/fast8\n" },
    { "sennit --model=box/fa", "box/fast8\n" },
    { "sennit -m box/fast:8", "" },
    { "sennit --set reply.temp", "reply.temperature=\n" },
    { "sennit --set=reply.temp", "reply.temperature=\n" },
    { "sennit --set reply.temperature=", "\n" },
    { "sennit -s ", "" },
    { "sennit hello ", "" },
};

START_TEST(bash_completes_what_is_typed)
{
    const struct completion *completion = &bash_cases[_i];
    struct program program;
    struct buf commands = { 0 }, out = { 0 };
    if (!has_shell("bash"))
        return;
    set_up(&program);
    buf_printf(
        &commands,
        "source <(sennit completions bash)\n"
        "COMP_LINE='%s' COMP_POINT=${#COMP_LINE}\n"
        "read -ra COMP_WORDS <<<\"$COMP_LINE\"\n"
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
        "COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:'\n"
        "_sennit sennit\n"
        "(( ! ${#COMPREPLY[@]} )) || printf '%%s\\n' \"${COMPREPLY[@]}\"",
        completion->line);
    run_shell(&out, &program, "bash", buf_string(&commands));
    ck_assert_msg(!strcmp(buf_string(&out), completion->replies),
                  "\"%s\": got \"%s\"", completion->line, buf_string(&out));
    buf_clear(&commands);
    buf_clear(&out);
    program_clear(&program);
}
END_TEST

/* fish tells what is added, with a tab and words about it. */
static const struct completion fish_cases[] = {
    { "sennit dec", "decode\n" },
    { "sennit --out", "--output\n" },
    { "sennit -o ", "json\nstream-json\ntext\n" },
    { "sennit decode o", "ollama\n" },
    { "sennit -P tow", "tower\n" },
    { "sennit -m box/", "box/\nbox/fast8\nbox/small\n" },
    { "sennit hello ", "" },
};

START_TEST(fish_completes_what_is_typed)
{
    const struct completion *completion = &fish_cases[_i];
    struct program program;
    struct buf commands = { 0 }, out = { 0 };
    if (!has_shell("fish"))
        return;
    set_up(&program);
    buf_printf(&commands,
               "sennit completions fish | source\n"
               "complete -C '%s' | string replace -r '\\t.*' '' | sort\n"
               "true",
               completion->line);
    run_shell(&out, &program, "fish", buf_string(&commands));
    ck_assert_msg(!strcmp(buf_string(&out), completion->replies),
                  "\"%s\": got \"%s\"", completion->line, buf_string(&out));
    buf_clear(&commands);
    buf_clear(&out);
    program_clear(&program);
}
END_TEST

START_TEST(a_tab_in_bash_completes_words_and_file_names)
{
    if (!has_shell("bash"))
        return;
    struct buf path = { 0 };
    struct pty *pty = pty_new(NULL);
    pty_write_file(pty, "some notes.txt", "x");
    buf_append_string(&path, "PATH=");
    append_program_path(&path);
    buf_append_string(&path, ":$PATH\n");
    pty_start(pty, (const char *[]){ "/usr/bin/env", "bash", "--norc",
                                     "--noprofile", NULL });
    pty_send(pty, "cd\n");
    pty_send(pty, buf_string(&path));
    /* Keys that come before readline reads them would be echoed first. */
    pty_send(pty, "source <(sennit completions bash); PS1='lo''aded> '\n");
    pty_expect(pty, "loaded>");
    pty_send(pty, "sennit --mod\tguide --dry\t-f some\\ no\t-o str\t");
    pty_expect(pty, "sennit --model guide --dry-run -f some\\ notes.txt "
                    "-o stream-json");
    pty_free(pty);
    buf_clear(&path);
}
END_TEST

START_TEST(an_unknown_shell_is_an_error_of_usage)
{
    struct program program;
    set_up(&program);
    program.arguments[0] = "completions";
    program.arguments[1] = "tcsh";
    program_run(&program);
    ck_assert_int_eq(program.status, 2);
    ck_assert_str_eq(buf_string(&program.out), "");
    ck_assert_ptr_nonnull(
        strstr(buf_string(&program.err), "bash, zsh or fish"));
    program_clear(&program);
}
END_TEST

Suite *completions_suite(void)
{
    Suite *suite = suite_create("completions");
    TCase *tcase = tcase_create("completions");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, each_shell_accepts_its_script, 0,
                        COUNTOF(shells));
    tcase_add_loop_test(tcase, each_script_has_every_option_and_subcommand, 0,
                        COUNTOF(shells));
    tcase_add_test(tcase, it_is_known_what_completes_each_argument);
    tcase_add_loop_test(tcase, bash_completes_what_is_typed, 0,
                        COUNTOF(bash_cases));
    tcase_add_loop_test(tcase, fish_completes_what_is_typed, 0,
                        COUNTOF(fish_cases));
    tcase_add_test(tcase, a_tab_in_bash_completes_words_and_file_names);
    tcase_add_test(tcase, an_unknown_shell_is_an_error_of_usage);
    suite_add_tcase(suite, tcase);
    return suite;
}
