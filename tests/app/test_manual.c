/* SPDX-License-Identifier: MIT */
/*
 * sennit(1) against the tables of the program, both ways: what exists is in the
 * manual's lists, and these list nothing else.
 */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "app/action.h"
#include "app/cli.h"
#include "base/memory.h"
#include "base/path.h"
#include "chat/vendors.h"
#include "config/schema.h"
#include "llm/provider.h"

Suite *manual_suite(void);

enum { TEXT_MAX = 256 * 1024 };

struct names {
    ARRAY_OF(char *) list;
};

static void names_clear(struct names *names)
{
    for (size_t i = 0; i < names->list.count; i++)
        free(names->list.items[i]);
    array_clear(&names->list);
}

static bool names_have(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->list.count; i++) {
        if (!strcmp(names->list.items[i], name))
            return true;
    }
    return false;
}

static void names_add(struct names *names, struct slice name)
{
    char *copy = memory_copy(name.ptr, name.len);
    if (names_have(names, copy))
        free(copy);
    else
        *array_add(&names->list) = copy;
}

static void check_same(const struct names *program, const struct names *manual)
{
    ck_assert_uint_gt(program->list.count, 0);
    for (size_t i = 0; i < program->list.count; i++)
        ck_assert_msg(names_have(manual, program->list.items[i]),
                      "sennit(1) does not list %s", program->list.items[i]);
    for (size_t i = 0; i < manual->list.count; i++)
        ck_assert_msg(names_have(program, manual->list.items[i]),
                      "sennit(1) lists %s, which does not exist",
                      manual->list.items[i]);
}

static bool next_word(struct slice *rest, struct slice *word)
{
    *rest = slice_trim(*rest);
    size_t len = 0;
    while (len < rest->len && rest->ptr[len] != ' ')
        len++;
    *word = (struct slice){ rest->ptr, len };
    *rest = slice_skip(*rest, len);
    return len > 0;
}

static bool is_macro(struct slice word)
{
    static const char *const macros[] = { "Fl", "Ic", "Cm", "Ev", "Ar",
                                          "Ns", "Op", "Oo", "Oc", "Pa" };
    for (size_t i = 0; i < COUNTOF(macros); i++) {
        if (slice_is(word, macros[i]))
            return true;
    }
    return false;
}

/* The names behind a macro in one ".It" line: in "Fl p , Fl -prompt" p and
 * -prompt. Words up to a comma are one name, as in "Ctrl-X r". */
static void add_item(struct names *names, struct slice item, const char *macro)
{
    struct slice word;
    struct buf name = { 0 };
    bool is_wanted = false;
    while (next_word(&item, &word)) {
        /* Says that what follows is no punctuation. */
        if (slice_starts(word, "\\&"))
            word = slice_skip(word, 2);
        if (is_macro(word) || slice_is(word, ",")) {
            if (name.len)
                names_add(names, buf_slice(&name));
            buf_reset(&name);
            if (is_macro(word))
                is_wanted = slice_is(word, macro);
        } else if (is_wanted) {
            buf_printf(&name, "%s%.*s", name.len ? " " : "", SLICE_ARG(word));
        }
    }
    if (name.len)
        names_add(names, buf_slice(&name));
    buf_clear(&name);
}

static void read_manual(struct buf *text, const char *path)
{
    struct error err = { 0 };
    ck_assert_msg(path_read_file(text, path, TEXT_MAX, &err), "%s", err.text);
}

/* All that the lists of a section name; macro NULL: plain items. */
static void read_lists(struct names *names, const char *section,
                       const char *macro)
{
    struct buf text = { 0 }, head = { 0 };
    read_manual(&text, "man/sennit.1");
    buf_printf(&head, ".Sh %s", section);
    struct slice rest = buf_slice(&text), line;
    bool is_inside = false;
    while (slice_next_line(&rest, &line)) {
        if (slice_starts(line, ".Sh "))
            is_inside = slice_is(line, buf_string(&head));
        else if (is_inside && slice_starts(line, ".It ") && macro)
            add_item(names, slice_skip(line, 4), macro);
        else if (is_inside && slice_starts(line, ".It "))
            names_add(names, slice_skip(line, 4));
    }
    buf_clear(&head);
    buf_clear(&text);
}

START_TEST(every_option_and_no_other_is_in_the_manual)
{
    struct names program = { 0 }, manual = { 0 };
    struct cli_option option;
    for (size_t i = 0; cli_option(i, &option); i++) {
        struct buf dashed = { 0 };
        buf_printf(&dashed, "-%s", option.name);
        names_add(&program, buf_slice(&dashed));
        buf_clear(&dashed);
        if (option.letter)
            names_add(&program, (struct slice){ &option.letter, 1 });
    }
    names_add(&program, slice_of("-")); /* "--" ends the options */
    read_lists(&manual, "OPTIONS", "Fl");
    check_same(&program, &manual);
    names_clear(&program);
    names_clear(&manual);
}
END_TEST

START_TEST(every_subcommand_and_no_other_is_in_the_manual)
{
    struct names program = { 0 }, manual = { 0 };
    struct cli_subcommand command;
    for (size_t i = 0; cli_subcommand(i, &command); i++)
        names_add(&program, slice_of(command.name));
    read_lists(&manual, "SUBCOMMANDS", "Cm");
    check_same(&program, &manual);
    names_clear(&program);
    names_clear(&manual);
}
END_TEST

START_TEST(decode_names_every_dialect_that_has_a_server)
{
    struct buf text = { 0 };
    read_manual(&text, "man/sennit.1");
    const char *from = strstr(buf_string(&text), ".It Cm decode");
    const char *to = strstr(from, ".It Cm doctor");
    struct slice entry = { from, (size_t)(to - from) };
    for (size_t i = 0; i < dialect_count(); i++) {
        struct buf item = { 0 };
        buf_printf(&item, "\n.Cm %s", dialect_at(i)->name);
        ck_assert_msg(dialect_at(i)->is_builtin ||
                          slice_find(entry, buf_string(&item)) >= 0,
                      "decode does not name %s", dialect_at(i)->name);
        buf_clear(&item);
    }
    buf_clear(&text);
}
END_TEST

/* Alone it gives the name of the page. */
START_TEST(the_guide_calls_the_program_by_its_name)
{
    struct buf text = { 0 };
    read_manual(&text, "man/sennit-guide.7");
    ck_assert_ptr_null(strstr(buf_string(&text), "\n.Nm\n"));
    ck_assert_ptr_null(strstr(buf_string(&text), "\n.Nm ,"));
    buf_clear(&text);
}
END_TEST

START_TEST(every_command_and_no_other_is_in_the_manual)
{
    struct names program = { 0 }, manual = { 0 };
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        struct slice rest = slice_of(action_commands((enum action)i)), word;
        while (action_next_word(&rest, ',', &word)) {
            struct buf slashed = { 0 };
            buf_printf(&slashed, "/%.*s", SLICE_ARG(word));
            names_add(&program, buf_slice(&slashed));
            buf_clear(&slashed);
        }
    }
    read_lists(&manual, "COMMANDS", "Ic");
    check_same(&program, &manual);
    names_clear(&program);
    names_clear(&manual);
}
END_TEST

START_TEST(every_key_and_no_other_is_in_the_manual)
{
    struct names program = { 0 }, manual = { 0 };
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        struct slice rest = slice_of(action_keys((enum action)i)), way;
        while (action_next_word(&rest, ',', &way))
            names_add(&program, way);
    }
    read_lists(&manual, "KEY BINDINGS", "Ic");
    check_same(&program, &manual);
    names_clear(&program);
    names_clear(&manual);
}
END_TEST

/* Each literal between the parentheses of these calls names a variable. */
static void add_variables_of(struct names *names, struct slice source,
                             const char *call)
{
    ptrdiff_t at;
    while ((at = slice_find(source, call)) >= 0) {
        source = slice_skip(source, (size_t)at + strlen(call));
        bool is_literal = false;
        size_t start = 0;
        for (size_t i = 0; i < source.len && source.ptr[i] != ')'; i++) {
            if (source.ptr[i] != '"')
                continue;
            struct slice word = { source.ptr + start, i - start };
            if (is_literal && word.len && word.ptr[0] != '.')
                names_add(names, word);
            is_literal = !is_literal;
            start = i + 1;
        }
    }
}

static void add_variables_of_sources(struct names *names)
{
    static const char *const calls[] = { "getenv(", " environment(",
                                         "set_in_environment(", "append_own(" };
    glob_t files = { 0 };
    ck_assert_int_eq(glob("src/*/*.c", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct buf text = { 0 };
        struct error err = { 0 };
        ck_assert_msg(path_read_file(&text, files.gl_pathv[i], TEXT_MAX, &err),
                      "%s", err.text);
        for (size_t j = 0; j < COUNTOF(calls); j++)
            add_variables_of(names, buf_slice(&text), calls[j]);
        buf_clear(&text);
    }
    globfree(&files);
}

/* Those that give an endpoint of a vendor. */
static void add_variables_of_vendors(struct names *names)
{
    struct vendors vendors = { 0 };
    struct error err = { 0 };
    ck_assert(vendors_add(&vendors, "table", slice_of(vendors_table), &err));
    for (size_t i = 0; i < vendors.list.count; i++) {
        const struct vendor *vendor = &vendors.list.items[i];
        for (size_t j = 0; j < vendor->keys.list.count; j++)
            names_add(names, slice_of(vendor->keys.list.items[j]));
        for (size_t j = 0; j < vendor->bases.list.count; j++)
            names_add(names, slice_of(vendor->bases.list.items[j]));
    }
    vendors_clear(&vendors);
}

static bool is_of_setting(const char *name)
{
    const struct schema_row *row = schema_of_variable(slice_of(name));
    return row && !row->is_reserved;
}

START_TEST(every_variable_that_is_read_and_no_other_is_in_the_manual)
{
    /* Those that libraries read for us: setlocale(). */
    static const char *const of_libraries[] = { "LANG", "LC_ALL", "LC_CTYPE" };
    struct names program = { 0 }, manual = { 0 };
    add_variables_of_sources(&program);
    add_variables_of_vendors(&program);
    ck_assert(names_have(&program, "OLLAMA_HOST"));
    ck_assert(names_have(&program, "XDG_CONFIG_HOME"));
    ck_assert(names_have(&program, "no_proxy"));
    for (size_t i = 0; i < COUNTOF(of_libraries); i++)
        names_add(&program, slice_of(of_libraries[i]));
    read_lists(&manual, "ENVIRONMENT", "Ev");
    for (size_t i = 0; i < manual.list.count; i++) {
        if (is_of_setting(manual.list.items[i]))
            names_add(&program, slice_of(manual.list.items[i]));
    }
    check_same(&program, &manual);
    names_clear(&program);
    names_clear(&manual);
}
END_TEST

START_TEST(every_exit_status_and_no_other_is_in_the_manual)
{
    /* Signals that end it: SIGHUP, SIGPIPE, SIGTERM. */
    struct names program = { 0 }, manual = { 0 };
    names_add(&program, slice_of("129"));
    names_add(&program, slice_of("141"));
    names_add(&program, slice_of("143"));
    for (int kind = ERROR_NONE; kind <= ERROR_CANCELLED; kind++) {
        struct buf number = { 0 };
        buf_printf(&number, "%d", error_exit_status((enum error_kind)kind));
        names_add(&program, buf_slice(&number));
        buf_clear(&number);
    }
    read_lists(&manual, "EXIT STATUS", NULL);
    check_same(&program, &manual);
    names_clear(&program);
    names_clear(&manual);
}
END_TEST

Suite *manual_suite(void)
{
    Suite *suite = suite_create("manual");
    TCase *tcase = tcase_create("manual");
    tcase_add_test(tcase, every_option_and_no_other_is_in_the_manual);
    tcase_add_test(tcase, every_subcommand_and_no_other_is_in_the_manual);
    tcase_add_test(tcase, decode_names_every_dialect_that_has_a_server);
    tcase_add_test(tcase, the_guide_calls_the_program_by_its_name);
    tcase_add_test(tcase, every_command_and_no_other_is_in_the_manual);
    tcase_add_test(tcase, every_key_and_no_other_is_in_the_manual);
    tcase_add_test(tcase,
                   every_variable_that_is_read_and_no_other_is_in_the_manual);
    tcase_add_test(tcase, every_exit_status_and_no_other_is_in_the_manual);
    suite_add_tcase(suite, tcase);
    return suite;
}
