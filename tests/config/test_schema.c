/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/memory.h"
#include "base/path.h"
#include "config/schema.h"

Suite *schema_suite(void);

enum { MANUAL_MAX = 256 * 1024 };

START_TEST(a_path_with_chosen_names_finds_its_row)
{
    static const struct {
        const char *path, *row;
    } cases[] = {
        { "reply.temperature", "reply.temperature" },
        { "endpoints.box.url", "endpoints.*.url" },
        { "endpoints.url.url", "endpoints.*.url" },
        { "endpoints.a.models.fast", "endpoints.*.models.*" },
        { "endpoints.a.key.command[]", "endpoints.*.key.command[]" },
        { "routing.rules[].when.has", "routing.rules[].when.has" },
        { "hooks.run-finished[]", "hooks.*[]" },
        { "keys.again-better", "keys.*" },
        { "", NULL },
        { "reply.", NULL },
        { "reply.temp", NULL },
        { "reply.temperature.x", NULL },
        { "endpoints..url", NULL },
        { "endpoints.a.b.url", NULL },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        const struct schema_row *row = schema_find(cases[i].path);
        ck_assert_msg(!row == !cases[i].row, "%s", cases[i].path);
        if (row)
            ck_assert_str_eq(row->path, cases[i].row);
    }
}
END_TEST

/* The row that a row stands below, NULL at the top. */
static const struct schema_row *parent_of(const struct schema_row *row)
{
    char path[SCHEMA_PATH_MAX];
    size_t len = strlen(row->path);
    ck_assert_uint_lt(len, sizeof path);
    bool is_item = len > 2 && !strcmp(row->path + len - 2, "[]");
    const char *dot = strrchr(row->path, '.');
    if (!is_item && !dot)
        return NULL;
    size_t cut = is_item ? len - 2 : (size_t)(dot - row->path);
    memcpy(path, row->path, cut);
    path[cut] = '\0';
    const struct schema_row *parent = schema_find(path);
    ck_assert_msg(parent && !strcmp(parent->path, path), "%s", row->path);
    return parent;
}

static bool is_map(const struct schema_row *row)
{
    return row->kind == SCHEMA_MAP || row->kind == SCHEMA_KEY;
}

START_TEST(every_row_stands_where_its_parent_says)
{
    for (size_t i = 0; i < schema_count(); i++) {
        const struct schema_row *row = schema_at(i);
        ck_assert_ptr_eq(schema_find(row->path), row);
        ck_assert_uint_gt(strlen(row->about), 0);
        ck_assert_msg(row->kind != SCHEMA_CHOICE || row->choices, "%s",
                      row->path);
        const struct schema_row *parent = parent_of(row);
        if (!parent)
            continue;
        char last = row->path[strlen(row->path) - 1];
        enum schema_kind kind = last == ']'   ? SCHEMA_LIST
                                : last == '*' ? SCHEMA_NAMES
                                              : SCHEMA_MAP;
        ck_assert_msg(kind == SCHEMA_MAP ? is_map(parent)
                                         : parent->kind == kind,
                      "%s", row->path);
        ck_assert_msg(!parent->is_reserved || row->is_reserved, "%s",
                      row->path);
    }
}
END_TEST

START_TEST(a_misspelled_key_has_a_nearest_one)
{
    static const struct {
        const char *parent, *key, *nearest;
    } cases[] = {
        { "", "modle", "model" },
        { "", "endpoint", "endpoints" },
        { "", "Reply", "reply" },
        { "reply", "temprature", "temperature" },
        { "reply", "tempreature", "temperature" },
        { "reply", "top-p", "top_p" },
        { "reply", "max_token", "max_tokens" },
        { "", "nedpoinst", "endpoints" },
        { "endpoints.box", "ulr", "url" },
        { "endpoints.box", "dialekt", "dialect" },
        { "routing.rules[]", "usee", "use" },
        { "tools.mcp.docs", "arg", "argv" },
        { "reply", "colour", NULL },
        { "reply", "x", NULL },
        { "reply", "", NULL },
        { "endpoints", "box", NULL },
        { "reply.thinking", "thinking", NULL },
        { "looks", "temperature", NULL },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        const char *found = schema_nearest(cases[i].parent, cases[i].key);
        ck_assert_msg(!found == !cases[i].nearest, "%s", cases[i].key);
        if (found)
            ck_assert_str_eq(found, cases[i].nearest);
    }
    char key[2 * SCHEMA_KEY_MAX];
    memset(key, 'm', sizeof key);
    key[sizeof key - 1] = '\0';
    ck_assert_ptr_null(schema_nearest("", key));
}
END_TEST

START_TEST(a_key_of_another_map_is_found_there)
{
    ck_assert_str_eq(schema_elsewhere("temperature")->path,
                     "reply.temperature");
    ck_assert_str_eq(schema_elsewhere("url")->path, "endpoints.*.url");
    ck_assert_ptr_null(schema_elsewhere("nothing"));
    ck_assert_ptr_null(schema_elsewhere("*"));
}
END_TEST

START_TEST(a_variable_of_the_environment_names_one_row)
{
    static const struct {
        const char *name, *path;
    } cases[] = {
        { "SENNIT_MODEL", "model" },
        { "SENNIT_SYSTEM", "system" },
        { "SENNIT_REPLY_ON_BUSY", "reply.on_busy" },
        { "SENNIT_REPLY_TEMPERATURE", "reply.temperature" },
        { "SENNIT_TEMPERATURE", "reply.temperature" },
        { "SENNIT_THINKING", "reply.thinking" },
        { "SENNIT_LOOKS_THEME", "looks.theme" },
        { "SENNIT_THEME", NULL },
        { "SENNIT_PROFILE", NULL },
        { "SENNIT_", NULL },
        { "SENNIT_reply_on_busy", NULL },
        { "REPLY_ON_BUSY", NULL },
        { "SENNIT_ENDPOINTS_*_URL", NULL },
        { "SENNIT_REPLY_ON_BUSY_", NULL },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        const struct schema_row *row =
            schema_of_variable(slice_of(cases[i].name));
        ck_assert_msg(!row == !cases[i].path, "%s", cases[i].name);
        if (row)
            ck_assert_str_eq(row->path, cases[i].path);
    }
}
END_TEST

START_TEST(no_two_rows_share_a_variable)
{
    for (size_t i = 0; i < schema_count(); i++) {
        if (strpbrk(schema_at(i)->path, "*["))
            continue;
        struct buf name = { 0 };
        buf_append_string(&name, "SENNIT_");
        for (const char *c = schema_at(i)->path; *c; c++)
            buf_append_char(&name, *c == '.' ? '_' : (char)toupper(*c));
        ck_assert_ptr_eq(schema_of_variable(buf_slice(&name)), schema_at(i));
        buf_clear(&name);
    }
}
END_TEST

/* One `.It Ic KEY` of the manual and the text up to the next item. */
struct entry {
    struct slice head; /* "endpoints.NAME.url Ar URL" without ".It Ic " */
    struct slice text;
    bool is_reserved; /* it stands in the section on later versions */
};

struct manual {
    struct buf text;
    ARRAY_OF(struct entry) entries;
};

static bool is_item_end(struct slice line)
{
    return slice_starts(line, ".It ") || slice_starts(line, ".El") ||
           slice_starts(line, ".S");
}

static void manual_read(struct manual *manual)
{
    struct error err = { 0 };
    ck_assert_msg(
        path_read_file(&manual->text, "man/sennit.5", MANUAL_MAX, &err), "%s",
        err.text);
    struct slice rest = buf_slice(&manual->text), line;
    bool is_reserved = false, is_settings = false, is_open = false;
    while (slice_next_line(&rest, &line)) {
        if (is_item_end(line))
            is_open = false;
        if (slice_starts(line, ".Sh ")) {
            is_reserved = slice_is(line, ".Sh SETTINGS OF LATER VERSIONS");
            is_settings = is_reserved || slice_is(line, ".Sh SETTINGS");
        }
        if (is_settings && slice_starts(line, ".It Ic ")) {
            is_open = true;
            *array_add(&manual->entries) = (struct entry){
                .head = slice_skip(line, strlen(".It Ic ")),
                .text = { rest.ptr, 0 },
                .is_reserved = is_reserved,
            };
        } else if (is_open) {
            struct entry *entry = array_last(&manual->entries);
            entry->text.len = (size_t)(line.ptr + line.len - entry->text.ptr);
        }
    }
}

static void manual_clear(struct manual *manual)
{
    array_clear(&manual->entries);
    buf_clear(&manual->text);
}

/* "endpoints.NAME.url Ar URL" is the path endpoints.*.url: a part in capitals
 * is a name that the user chooses. */
static char *path_of_entry(const struct entry *entry)
{
    struct buf path = { 0 };
    bool in_name = false;
    for (size_t i = 0; i < entry->head.len && entry->head.ptr[i] != ' '; i++) {
        char c = entry->head.ptr[i];
        if (!isupper((unsigned char)c))
            buf_append_char(&path, c);
        else if (!in_name)
            buf_append_char(&path, '*');
        in_name = isupper((unsigned char)c);
    }
    return buf_steal(&path);
}

static const struct entry *find_entry(const struct manual *manual,
                                      const char *path)
{
    const struct entry *found = NULL;
    for (size_t i = 0; i < manual->entries.count; i++) {
        char *candidate = path_of_entry(&manual->entries.items[i]);
        if (!strcmp(candidate, path)) {
            ck_assert_msg(!found, "%s is explained twice", path);
            found = &manual->entries.items[i];
        }
        free(candidate);
    }
    return found;
}

/* Maps are explained with their keys and lists with their items. */
static bool needs_entry(const struct schema_row *row)
{
    size_t len = strlen(row->path);
    return row->kind != SCHEMA_MAP && row->kind != SCHEMA_NAMES &&
           row->path[len - 1] != ']';
}

/* The words of this row and, for a list, of its items. */
static void check_choices(const struct schema_row *row,
                          const struct entry *entry)
{
    struct buf item = { 0 };
    buf_printf(&item, "%s[]", row->path);
    const struct schema_row *item_row = schema_find(buf_string(&item));
    buf_clear(&item);
    const char *choices = item_row ? item_row->choices : row->choices;
    for (const char *word = choices; word && *word;) {
        size_t len = strcspn(word, " ");
        char *copy = memory_copy(word, len);
        ck_assert_msg(slice_find(entry->text, copy) >= 0,
                      "%s: the manual does not explain \"%s\"", row->path,
                      copy);
        free(copy);
        word += len + strspn(word + len, " ");
    }
}

/* "Default: none." or, in the middle of a sentence, the word and "default". */
static void check_default(const struct schema_row *row,
                          const struct entry *entry)
{
    bool has_default = slice_find(entry->text, "efault") >= 0;
    if (row->is_reserved || !row->otherwise)
        return;
    ck_assert_msg(has_default || !strcmp(row->path, "version"),
                  "the manual names no default of %s", row->path);
    ck_assert_msg(slice_find(entry->text, row->otherwise) >= 0,
                  "%s: the manual knows no default \"%s\"", row->path,
                  row->otherwise);
}

START_TEST(every_setting_and_every_choice_is_in_the_manual)
{
    struct manual manual = { 0 };
    manual_read(&manual);
    for (size_t i = 0; i < schema_count(); i++) {
        const struct schema_row *row = schema_at(i);
        if (!needs_entry(row))
            continue;
        const struct entry *entry = find_entry(&manual, row->path);
        ck_assert_msg(entry, "sennit(5) does not explain %s", row->path);
        ck_assert_msg(entry->is_reserved == row->is_reserved,
                      "%s stands in the wrong section", row->path);
        check_choices(row, entry);
        check_default(row, entry);
    }
    manual_clear(&manual);
}
END_TEST

START_TEST(what_may_change_while_it_runs_is_one_value_that_counts)
{
    for (size_t i = 0; i < schema_count(); i++) {
        const struct schema_row *row = schema_at(i);
        if (!row->is_live)
            continue;
        ck_assert_msg(!row->is_reserved, "%s", row->path);
        ck_assert_msg(needs_entry(row), "%s", row->path);
        ck_assert_msg(row->otherwise, "%s has no default", row->path);
    }
    ck_assert(schema_find("reply.temperature")->is_live);
    ck_assert(!schema_find("endpoints.box.url")->is_live);
}
END_TEST

START_TEST(the_manual_explains_no_setting_that_does_not_exist)
{
    struct manual manual = { 0 };
    manual_read(&manual);
    ck_assert_uint_gt(manual.entries.count, 50);
    for (size_t i = 0; i < manual.entries.count; i++) {
        char *path = path_of_entry(&manual.entries.items[i]);
        const struct schema_row *row = schema_find(path);
        ck_assert_msg(row && !strcmp(row->path, path),
                      "sennit(5) explains %s, which does not exist", path);
        free(path);
    }
    manual_clear(&manual);
}
END_TEST

Suite *schema_suite(void)
{
    Suite *suite = suite_create("schema");
    TCase *tcase = tcase_create("schema");
    tcase_add_test(tcase, a_path_with_chosen_names_finds_its_row);
    tcase_add_test(tcase, every_row_stands_where_its_parent_says);
    tcase_add_test(tcase, a_misspelled_key_has_a_nearest_one);
    tcase_add_test(tcase, a_key_of_another_map_is_found_there);
    tcase_add_test(tcase, a_variable_of_the_environment_names_one_row);
    tcase_add_test(tcase, no_two_rows_share_a_variable);
    tcase_add_test(tcase, every_setting_and_every_choice_is_in_the_manual);
    tcase_add_test(tcase,
                   what_may_change_while_it_runs_is_one_value_that_counts);
    tcase_add_test(tcase, the_manual_explains_no_setting_that_does_not_exist);
    suite_add_tcase(suite, tcase);
    return suite;
}
