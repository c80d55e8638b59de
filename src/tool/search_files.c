/* SPDX-License-Identifier: MIT */
#include "tool/search_files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/path.h"
#include "base/pattern.h"
#include "base/utf8.h"
#include "tool/braces.h"
#include "tool/entry_name.h"
#include "tool/secret_files.h"
#include "tool/target.h"
#include "tool/walk.h"
#include "tool/way.h"

struct counts {
    size_t hits, hit_files, files, entries;
    size_t binary, large, unread, secret, slow_lines, long_lines;
};

struct search {
    struct tool_work *work;
    struct pattern *pattern; /* NULL: names of files are looked for */
    struct pattern_look *look;
    struct slice literal; /* that each line must hold; empty: none is known */
    struct braces globs;  /* none: all files */
    bool is_absolute;     /* they are of whole paths */
    struct buf top;       /* of the names that tools give, "" or "x/" */
    struct buf text;      /* of the file */
    struct buf line;      /* one that is no UTF-8, made so */
    struct buf skipped;   /* directories that were not entered */
    struct secret_files secrets; /* that nobody has agreed to */
    struct counts counts;
    int64_t until;
    bool is_cancelled, is_late, is_full;
};

/* Not by what is in them: a model that wants them says so by the path. */
static const char *const skipped_directories[] = {
    ".git",  ".hg",  ".svn",        "node_modules",  "__pycache__",
    ".venv", ".tox", ".mypy_cache", ".pytest_cache", ".ruff_cache",
};

/* Planning. */

static struct pattern *read_pattern(const json_t *arguments, struct error *err)
{
    struct error why;
    struct slice source = json_slice(arguments, "pattern");
    struct pattern *pattern = pattern_new(source, &why);
    if (!pattern)
        error_set(err, ERROR_TOOL,
                  "the regular expression %s; to look for ( ) [ ] { } . * + ? "
                  "| ^ $ themselves write \\ before them",
                  why.text);
    return pattern;
}

static bool plan(const struct tool_place *place, struct tool_plan *plan,
                 struct error *err)
{
    struct slice source = json_slice(plan->arguments, "pattern");
    struct slice glob = json_slice(plan->arguments, "glob");
    if (!source.len && !glob.len)
        return error_set(err, ERROR_TOOL,
                         "the pattern is empty; give one, or a glob to find "
                         "files by their names");
    struct pattern *pattern = read_pattern(plan->arguments, err);
    if (!pattern || !target_plan(plan, place, TARGET_EITHER, err)) {
        pattern_free(pattern);
        return false;
    }
    pattern_free(pattern);
    json_append_quoted(&plan->about, source.len ? source : glob);
    buf_append_string(&plan->about, " in ");
    target_append_name(&plan->about, place, plan->path);
    if (source.len && glob.len) {
        buf_append_char(&plan->about, ' ');
        json_append_quoted(&plan->about, glob);
    }
    buf_append_string(&plan->detail, plan->path);
    return true;
}

/* Whether to go on. */

static bool is_over(struct search *search)
{
    search->is_cancelled |= tool_work_is_cancelled(search->work);
    search->is_late |= clock_monotonic_ms() > search->until;
    search->is_full |= search->work->out.len >
                           tool_plan_most(search->work->plan, SEARCH_MAX) ||
                       search->counts.hits >= SEARCH_HITS;
    return search->is_cancelled || search->is_late || search->is_full;
}

/* Lines. */

static void append_name(const struct search *search, const char *path)
{
    struct buf whole = { 0 };
    buf_append_slice(&whole, buf_slice(&search->top));
    buf_append_string(&whole, path);
    entry_name_append(&search->work->out, buf_slice(&whole));
    buf_clear(&whole);
}

static void append_hit(struct search *search, const char *path, size_t number,
                       struct slice line)
{
    struct buf *out = &search->work->out;
    struct slice shown = utf8_prefix(line, SEARCH_SHOWN);
    append_name(search, path);
    buf_printf(out, ":%zu: ", number);
    buf_append_slice(out, shown);
    buf_append_string(out, shown.len < line.len ? " ...\n" : "\n");
}

static struct slice make_valid(struct search *search, struct slice line)
{
    if (line.len > SEARCH_LINE_MAX) {
        line.len = SEARCH_LINE_MAX;
        line.len -= utf8_partial_tail(line);
        search->counts.long_lines++;
    }
    if (utf8_is_valid(line))
        return line;
    buf_reset(&search->line);
    utf8_append_valid(&search->line, line);
    return buf_slice(&search->line);
}

/* Most patterns are words: a file without them need not be cut into lines. */
static bool is_literal(struct slice source)
{
    for (size_t i = 0; i < source.len; i++) {
        if (strchr("\\^$.[]|()?*+{}\r\n", source.ptr[i]))
            return false;
    }
    return true;
}

static bool has_literal(const struct search *search)
{
    struct slice text = buf_slice(&search->text), word = search->literal;
    return text.len && memmem(text.ptr, text.len, word.ptr, word.len);
}

static void search_text(struct search *search, const char *path)
{
    enum { LOOK_LINES = 256 };
    struct slice rest = buf_slice(&search->text), line;
    size_t number = 0, hits = 0;
    if (search->literal.len && !has_literal(search))
        return;
    while (slice_next_line(&rest, &line)) {
        if (++number % LOOK_LINES == 0 && is_over(search))
            return;
        line = make_valid(search, line);
        enum pattern_verdict verdict =
            pattern_look_at(search->look, line, SEARCH_LINE_MS);
        search->counts.slow_lines += verdict == PATTERN_GAVE_UP;
        if (verdict == PATTERN_GAVE_UP && is_over(search))
            return;
        if (verdict != PATTERN_IS_IN)
            continue;
        if (hits++ < SEARCH_FILE_HITS)
            append_hit(search, path, number, line);
        search->counts.hit_files += hits == 1;
        search->counts.hits += hits <= SEARCH_FILE_HITS;
        if (is_over(search))
            return;
    }
    if (hits > SEARCH_FILE_HITS) {
        buf_append_char(&search->work->out, '[');
        append_name(search, path);
        buf_printf(&search->work->out, ": %zu more lines match]\n",
                   hits - SEARCH_FILE_HITS);
    }
}

/* Files. */

static bool read_file(struct search *search, int fd, const char *path)
{
    struct error ignored;
    buf_reset(&search->text);
    return path_read_fd(&search->text, fd, SEARCH_FILE_MAX, path, &ignored);
}

/* What is no text has a NUL in its beginning, as for grep(1) and git(1). */
static bool is_binary(struct slice text)
{
    enum { HEAD = 8000 };
    return text.len &&
           memchr(text.ptr, '\0', text.len < HEAD ? text.len : HEAD);
}

static void search_file(struct search *search, int fd, const char *path)
{
    struct stat status;
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
        search->counts.unread++;
    } else if (status.st_size > SEARCH_FILE_MAX) {
        search->counts.large++;
    } else if (!read_file(search, fd, path)) {
        search->counts.unread++;
    } else if (is_binary(buf_slice(&search->text))) {
        search->counts.binary++;
    } else {
        search->counts.files++;
        search_text(search, path);
    }
}

static void open_and_search(struct search *search,
                            const struct walk_entry *entry)
{
    int found =
        openat(entry->parent, entry->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    int fd = found >= 0 && fstat(found, &status) == 0 && S_ISREG(status.st_mode)
                 ? way_open_again(found)
                 : -1;
    if (fd >= 0)
        search_file(search, fd, entry->path);
    else
        search->counts.unread++;
    if (fd >= 0)
        close(fd);
    if (found >= 0)
        close(found);
}

/* Who agreed to the search of a directory has not seen that they are in it. */
static bool is_secret(struct search *search, const char *path)
{
    struct buf whole = { 0 };
    const char *top = search->work->plan->path;
    buf_printf(&whole, "%s/%s", top[1] ? top : "", path);
    bool is_one = secret_files_has(&search->secrets, buf_string(&whole));
    search->counts.secret += is_one;
    buf_clear(&whole);
    return is_one;
}

static void note_name(struct search *search, const struct walk_entry *entry)
{
    append_name(search, entry->path);
    buf_append_char(&search->work->out, '\n');
    search->counts.hits++;
    search->is_full |= search->counts.hits >= SEARCH_NAMES;
}

/* Directories. */

/* A glob of a whole path is one of the whole path. */
static bool is_wanted(const struct search *search, const char *path)
{
    struct buf whole = { 0 };
    buf_append_string(&whole, search->is_absolute ? search->work->plan->path
                                                  : buf_string(&search->top));
    if (search->is_absolute)
        buf_append_char(&whole, '/');
    buf_append_string(&whole, path);
    bool is_in = braces_match(&search->globs, buf_string(&whole));
    buf_clear(&whole);
    return is_in;
}

/* Named once. */
static void note_skipped(struct search *search, const char *name)
{
    struct buf *skipped = &search->skipped;
    if (slice_contains(buf_slice(skipped), slice_of(name)))
        return;
    buf_printf(skipped, "%s%s", skipped->len ? ", " : "", name);
}

static bool is_skipped(struct search *search, const char *name)
{
    for (size_t i = 0; i < COUNTOF(skipped_directories); i++) {
        if (strcmp(name, skipped_directories[i]) != 0)
            continue;
        note_skipped(search, name);
        return true;
    }
    return false;
}

static bool has_enough(struct search *search)
{
    search->is_cancelled |= tool_work_is_cancelled(search->work);
    search->is_late |= clock_monotonic_ms() > search->until ||
                       search->counts.entries >= SEARCH_FILES_MAX;
    return search->is_cancelled || search->is_late || search->is_full;
}

static enum walk_next visit(void *context, const struct walk_entry *entry)
{
    struct search *search = context;
    if (has_enough(search))
        return WALK_END;
    search->counts.entries++;
    if (S_ISDIR(entry->status.st_mode))
        return is_skipped(search, entry->name) ? WALK_OVER : WALK_ON;
    if (!S_ISREG(entry->status.st_mode) || !is_wanted(search, entry->path))
        return WALK_OVER;
    if (!search->pattern)
        note_name(search, entry);
    else if (!is_secret(search, entry->path))
        open_and_search(search, entry);
    return WALK_OVER;
}

static void refused(void *context, const struct walk_entry *entry, int number)
{
    struct search *search = context;
    (void)entry, (void)number;
    search->counts.unread++;
}

/* The last line. */

static void append_count(struct buf *out, size_t count, const char *one,
                         const char *many)
{
    if (count)
        buf_printf(out, "; %zu %s", count, count == 1 ? one : many);
}

static void append_end(const struct search *search)
{
    struct buf *out = &search->work->out;
    const struct counts *counts = &search->counts;
    if (search->is_late)
        buf_append_string(out, "[it was not searched to the end: it takes too "
                               "long; search a smaller part, by path or "
                               "glob]\n");
    else if (search->is_full)
        buf_append_string(out, "[there may be more, which is not shown; make "
                               "the pattern narrower, or search a part, by "
                               "path or glob]\n");
    if (!search->pattern)
        buf_printf(out, "[%zu file%s", counts->hits,
                   counts->hits == 1 ? "" : "s");
    else if (counts->hits)
        buf_printf(out, "[found in %zu of %zu file%s", counts->hit_files,
                   counts->files, counts->files == 1 ? "" : "s");
    else
        buf_printf(out, "[no line matches in %zu file%s", counts->files,
                   counts->files == 1 ? "" : "s");
    if (search->skipped.len)
        buf_printf(out, "; not entered: %s", buf_string(&search->skipped));
    append_count(out, counts->binary, "binary file", "binary files");
    append_count(out, counts->large, "file above 16 MiB", "files above 16 MiB");
    append_count(out, counts->secret,
                 "private file, which only a call that names it reads",
                 "private files, which only a call that names them reads");
    append_count(out, counts->unread, "could not be read", "could not be read");
    append_count(out, counts->long_lines, "line searched in part",
                 "lines searched in part");
    append_count(out, counts->slow_lines,
                 "line too slow to decide, make the pattern simpler",
                 "lines too slow to decide, make the pattern simpler");
    buf_append_string(out, "]\n");
}

static void find_top(struct search *search, bool is_file)
{
    const struct tool_work *work = search->work;
    target_append_name(&search->top, work->place, work->plan->path);
    if (is_file)
        return;
    if (!strcmp(buf_string(&search->top), "."))
        buf_reset(&search->top);
    else if (search->top.ptr[search->top.len - 1] != '/')
        buf_append_char(&search->top, '/');
}

static bool run(struct search *search, bool is_file, struct error *err)
{
    int fd = way_open(search->work->plan->path, !is_file, err);
    bool ok = fd >= 0;
    if (ok && !is_file && walk_is_virtual(fd))
        ok = error_set(err, ERROR_TOOL,
                       "files of the kernel and of processes are not searched");
    if (ok && is_file)
        search_file(search, fd, "");
    else if (ok)
        ok = walk(fd, visit, refused, search, err);
    if (search->is_cancelled)
        ok = error_set(err, ERROR_CANCELLED, "stopped by the user");
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool work(struct tool_work *work, struct error *err)
{
    const json_t *arguments = work->plan->arguments;
    bool is_file = S_ISREG(work->plan->before.st_mode);
    bool has_pattern = json_slice(arguments, "pattern").len != 0;
    struct slice glob = json_slice(arguments, "glob");
    struct search search = { .work = work,
                             .until = clock_monotonic_ms() + SEARCH_MS };
    secret_files_find(&search.secrets, work->place->private_files);
    /* Of a directory that is secret itself the user was asked. */
    if (secret_files_has(&search.secrets, work->plan->path))
        secret_files_clear(&search.secrets);
    bool ok = !has_pattern || (search.pattern = read_pattern(arguments, err));
    if (search.pattern)
        search.look = pattern_look_new(search.pattern);
    if (is_literal(json_slice(arguments, "pattern")))
        search.literal = json_slice(arguments, "pattern");
    find_top(&search, is_file);
    if (slice_starts(glob, "./"))
        glob = slice_skip(glob, 2);
    search.is_absolute = glob.len && strchr("/~", glob.ptr[0]);
    braces_make(&search.globs, glob);
    ok = ok && run(&search, is_file, err);
    if (ok)
        append_end(&search);
    pattern_look_free(search.look);
    pattern_free(search.pattern);
    braces_clear(&search.globs);
    secret_files_clear(&search.secrets);
    buf_clear(&search.top);
    buf_clear(&search.text);
    buf_clear(&search.line);
    buf_clear(&search.skipped);
    return ok;
}

const struct tool search_files_tool = {
    .name = "search_files",
    .about = "Find lines by a regular expression, or files by a glob.",
    .schema = "{\"type\":\"object\",\"properties\":{"
              "\"pattern\":{\"type\":\"string\","
              "\"description\":\"regular expression, (?i) ignores case\"},"
              "\"path\":{\"type\":\"string\"},"
              "\"glob\":{\"type\":\"string\","
              "\"description\":\"only in such files: *.py\"}},"
              "\"additionalProperties\":false}",
    .effect = TOOL_READS,
    .executor = TOOL_WORKS,
    .plan = plan,
    .work = work,
};
