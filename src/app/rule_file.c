/* SPDX-License-Identifier: MIT */
#include "app/rule_file.h"

#include <unistd.h>

#include "base/path.h"

enum { FILE_MAX = 1024 * 1024 /* bytes */ };

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

void rule_file_add(struct setup *setup, struct permission_rule *rule,
                   struct buf *words)
{
    struct permission_rules *rules = &setup->rules;
    struct buf path = { 0 };
    struct error err = { 0 };
    bool has_path = path_state(&path, "rules", &err);
    bool ok = has_path && read_file(rules, buf_string(&path), &err);
    permission_rules_take(rules, rule);
    ok = ok && write_file(rules, buf_string(&path), &err);
    if (!ok)
        buf_printf(words, "this holds until sennit ends, it cannot be kept: %s",
                   err.text);
    buf_clear(&path);
}
