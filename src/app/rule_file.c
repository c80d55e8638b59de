/* SPDX-License-Identifier: MIT */
#include "app/rule_file.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"

enum { FILE_MAX = 1024 * 1024 /* bytes */, SECOND = 1000 };

static bool read_file(struct permission_rules *rules, const char *path,
                      struct error *err)
{
    struct buf text = { 0 };
    bool ok =
        access(path, F_OK) != 0 || path_read_file(&text, path, FILE_MAX, err);
    permission_rules_clear(rules);
    permission_rules_parse(rules, buf_slice(&text));
    buf_clear(&text);
    return ok;
}

void rule_file_load(struct setup *setup)
{
    struct buf path = { 0 };
    struct error err = { 0 };
    /* What cannot be read allows nothing: then the user is asked. */
    if (path_state(&path, "rules", &err))
        (void)read_file(&setup->rules, buf_string(&path), &err);
    buf_clear(&path);
}

static bool write_file(const struct permission_rules *rules, const char *path,
                       struct error *err)
{
    struct buf text = { 0 };
    permission_rules_print(rules, &text);
    bool ok = path_write_file(path, buf_slice(&text), err);
    buf_clear(&text);
    return ok;
}

/* Read anew, change, write. */

static bool read_anew(struct setup *setup, struct buf *path, struct error *err)
{
    return path_state(path, "rules", err) &&
           read_file(&setup->rules, buf_string(path), err);
}

static void write_back(const struct setup *setup, const struct buf *path,
                       bool was_read, struct error *err, struct buf *words)
{
    if (!was_read || !write_file(&setup->rules, buf_string(path), err))
        buf_printf(words, "this holds until sennit ends, it cannot be kept: %s",
                   err->text);
}

void rule_file_add(struct setup *setup, struct permission_rule *rule,
                   struct buf *words)
{
    struct buf path = { 0 };
    struct error err = { 0 };
    bool was_read = read_anew(setup, &path, &err);
    rule->time = clock_wall_ms() / SECOND;
    permission_rules_take(&setup->rules, rule);
    write_back(setup, &path, was_read, &err, words);
    buf_clear(&path);
}

static bool is_told_as(const struct permission_rule *rule, struct slice told)
{
    struct buf words = { 0 };
    permission_rule_words(rule, &words);
    bool is_same = slice_equal(buf_slice(&words), told);
    buf_clear(&words);
    return is_same;
}

bool rule_file_withdraw(struct setup *setup, struct slice told,
                        struct buf *words)
{
    struct permission_rules *rules = &setup->rules;
    struct buf path = { 0 };
    struct error err = { 0 };
    bool was_read = read_anew(setup, &path, &err), is_found = false;
    for (size_t i = rules->list.count; i-- > 0;) {
        if (!is_told_as(&rules->list.items[i], told))
            continue;
        permission_rules_remove(rules, i);
        is_found = true;
    }
    if (is_found)
        write_back(setup, &path, was_read, &err, words);
    buf_clear(&path);
    return is_found;
}
