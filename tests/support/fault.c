/* SPDX-License-Identifier: MIT */
#include "tests/support/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/path.h"

enum { TABLE_MAX = 1024 * 1024 };

static const char *const words[] = {
    "for",   "url",    "set",       "env",   "=",     "requests", "retries",
    "keeps", "says",   "shows",     "hides", "notes", "fallback", "later",
    "never", "next",   "elsewhere", "down",  "gate",  "open",     "option",
    "asked", "answer", "partial",   "fell",  "then",  "after",
};

static bool is_ours(const char *word)
{
    for (size_t i = 0; i < COUNTOF(words); i++) {
        if (!strcmp(words[i], word))
            return true;
    }
    return false;
}

/* Ends the first word and returns what follows it. */
static char *split(char *line)
{
    size_t len = strcspn(line, " ");
    char *rest = line + len + strspn(line + len, " ");
    line[len] = '\0';
    return rest;
}

/* The table is read when suites are put together, too: no test is running. */
NORETURN static void give_up(const char *why)
{
    fprintf(stderr, "table of failures: %s\n", why);
    exit(EXIT_FAILURE);
}

static void read_line(struct faults *faults, char *line)
{
    if (*line == '\0' || *line == '#')
        return;
    char *rest = split(line);
    if (!strcmp(line, "@")) {
        char *title = split(rest);
        *array_add(&faults->list) = (struct fault){
            .kind = (int)strtol(rest, NULL, 10),
            .title = title,
        };
        return;
    }
    if (!faults->list.count)
        give_up("a line before the first case");
    struct fault *fault = array_last(&faults->list);
    *array_add(&fault->lines) = (struct fault_line){ line, rest };
}

void faults_read(struct faults *faults, const char *path)
{
    struct buf text = { 0 };
    struct error err = { 0 };
    *faults = (struct faults){ 0 };
    if (!path_read_file(&text, path, TABLE_MAX, &err))
        give_up(err.text);
    faults->text = buf_steal(&text);
    char *rest = faults->text, *line;
    while ((line = strsep(&rest, "\n")))
        read_line(faults, line);
}

void faults_clear(struct faults *faults)
{
    for (size_t i = 0; i < faults->list.count; i++)
        array_clear(&faults->list.items[i].lines);
    array_clear(&faults->list);
    free(faults->text);
}

const char *fault_next(const struct fault *fault, const char *word,
                       size_t *from)
{
    while (*from < fault->lines.count) {
        const struct fault_line *line = &fault->lines.items[(*from)++];
        if (!strcmp(line->word, word))
            return line->rest;
    }
    return NULL;
}

const char *fault_find(const struct fault *fault, const char *word)
{
    size_t from = 0;
    return fault_next(fault, word, &from);
}

int fault_number(const struct fault *fault, const char *word, int otherwise)
{
    const char *rest = fault_find(fault, word);
    return rest ? (int)strtol(rest, NULL, 10) : otherwise;
}

bool fault_is_run(const struct fault *fault, const char *dialect)
{
    const char *only = fault_find(fault, "for");
    return fault_find(fault, "=") && (!only || strstr(only, dialect));
}

size_t fault_scenarios(const struct fault *fault, const char *dialect,
                       char *scenarios[], size_t most)
{
    struct fault_stream stream = { .dialect = dialect, .model = "m" };
    struct buf scenario = { 0 };
    size_t count = 0;
    for (size_t i = 0; i <= fault->lines.count; i++) {
        const struct fault_line *line = &fault->lines.items[i];
        bool is_end = i == fault->lines.count || !strcmp(line->word, "next");
        if (!is_end && !is_ours(line->word))
            fault_translate(&stream, line, &scenario);
        if (!is_end || !scenario.len)
            continue;
        ck_assert_uint_lt(count, most);
        scenarios[count++] = buf_steal(&scenario);
        stream.has_begun_block = false;
    }
    return count;
}
