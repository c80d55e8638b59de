/* SPDX-License-Identifier: MIT */
#include "chat/privacy.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/glob.h"
#include "base/key_form.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/pattern.h"
#include "base/utf8.h"

static const char keys_name[] = "builtin:keys";
static const char builtin[] = "builtin:";

static bool refuse(const struct setting *item, const char *why,
                   struct error *err)
{
    if (item->line)
        return error_set(err, ERROR_CONFIG,
                         "%s:%d: privacy.private.text: \"%s\" %s", item->file,
                         item->line, item->text, why);
    return error_set(err, ERROR_CONFIG, "%s: privacy.private.text: \"%s\" %s",
                     item->file, item->text, why);
}

static bool add_text(struct privacy *privacy, const struct setting *item,
                     struct error *err)
{
    struct error why = { 0 };
    if (!strcmp(item->text, keys_name)) {
        privacy->has_keys = true;
        return true;
    }
    if (!strncmp(item->text, builtin, sizeof builtin - 1))
        return refuse(item, "is not there; there is builtin:keys", err);
    if (!*item->text)
        return refuse(item, "is empty, and would match everything", err);
    /* Texts are looked at in this form, too: see look_at_forms(). */
    struct buf composed = { 0 };
    utf8_append_form(&composed, slice_of(item->text), UTF8_COMPOSED);
    struct pattern *pattern = pattern_new(buf_slice(&composed), &why);
    buf_clear(&composed);
    if (!pattern)
        return refuse(item, why.text, err);
    *array_add(&privacy->texts) = (struct privacy_text){ item->text, pattern };
    return true;
}

bool privacy_load(struct privacy *privacy, const struct settings *settings,
                  struct error *err)
{
    const struct setting *texts =
        settings_find(settings, "privacy.private.text");
    const struct setting *files =
        settings_find(settings, "privacy.private.files");
    *privacy = (struct privacy){
        .is_all = settings_flag(settings, "privacy.private.all", false),
    };
    const char *distrusted = settings_distrusted(settings);
    if (distrusted) {
        privacy->is_unknown = true;
        error_set(&privacy->why, ERROR_CONFIG, "%s", distrusted);
    }
    for (size_t i = 0; files && i < files->child_count; i++)
        *array_add(&privacy->files) = files->children[i]->text;
    for (size_t i = 0; texts && i < texts->child_count; i++) {
        if (!add_text(privacy, texts->children[i], err)) {
            privacy->is_unknown = true;
            privacy->why = *err;
            return false;
        }
    }
    return true;
}

void privacy_clear(struct privacy *privacy)
{
    for (size_t i = 0; i < privacy->texts.count; i++)
        pattern_free(privacy->texts.items[i].pattern);
    array_clear(&privacy->texts);
    array_clear(&privacy->files);
    *privacy = (struct privacy){ 0 };
}

bool privacy_check(const struct settings *settings, struct error *err)
{
    struct privacy privacy;
    bool ok = privacy_load(&privacy, settings, err);
    privacy_clear(&privacy);
    return ok;
}

bool privacy_has_texts(const struct privacy *privacy)
{
    return privacy->has_keys || privacy->texts.count > 0;
}

static void append_rule(struct buf *rule, const char *setting,
                        const char *source)
{
    buf_printf(rule, "%s: %s", setting, source);
}

static bool match_texts(const struct privacy *privacy, struct slice text,
                        int64_t most_ms, struct buf *rule)
{
    for (size_t i = 0; i < privacy->texts.count; i++) {
        const struct privacy_text *one = &privacy->texts.items[i];
        enum pattern_verdict verdict =
            pattern_look(one->pattern, text, most_ms);
        if (verdict == PATTERN_IS_NOT_IN)
            continue;
        append_rule(rule, "privacy.private.text", one->source);
        if (verdict == PATTERN_GAVE_UP)
            buf_append_string(rule, " (it took too long)");
        return true;
    }
    return false;
}

static bool look(const struct privacy *privacy, struct slice text,
                 int64_t most_ms, struct buf *rule)
{
    struct key_found found;
    if (privacy->has_keys && key_form_find(text, &found)) {
        buf_printf(rule, "%s (%s)", keys_name, found.name);
        return true;
    }
    return match_texts(privacy, text, most_ms, rule);
}

static bool is_ascii(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    return true;
}

/* The same letters can be written in several ways, and with something between
 * them that nobody sees. */
static bool look_at_forms(const struct privacy *privacy, struct slice text,
                          int64_t most_ms, struct buf *rule)
{
    static const enum utf8_form forms[] = { UTF8_SEEN, UTF8_USUAL };
    struct buf formed = { 0 }, before = { 0 };
    bool is_private = false;
    buf_append_slice(&before, text);
    for (size_t i = 0; i < COUNTOF(forms) && !is_private; i++) {
        buf_reset(&formed);
        utf8_append_form(&formed, text, forms[i]);
        if (slice_equal(buf_slice(&formed), buf_slice(&before)))
            continue;
        is_private = look(privacy, buf_slice(&formed), most_ms, rule);
        buf_reset(&before);
        buf_append_slice(&before, buf_slice(&formed));
    }
    buf_clear(&formed);
    buf_clear(&before);
    return is_private;
}

bool privacy_text(const struct privacy *privacy, struct slice text,
                  int64_t most_ms, struct buf *rule)
{
    struct buf valid = { 0 };
    if (!privacy_has_texts(privacy))
        return false;
    bool is_plain = is_ascii(text);
    if (!is_plain && !utf8_is_valid(text)) {
        utf8_append_valid(&valid, text);
        text = buf_slice(&valid);
    }
    bool is_private =
        look(privacy, text, most_ms, rule) ||
        (!is_plain && look_at_forms(privacy, text, most_ms, rule));
    buf_clear(&valid);
    return is_private;
}

/* A pattern of a directory that is reached by a link means what lies there. */
static bool match_behind_links(const char *pattern, const char *resolved)
{
    char real[PATH_MAX];
    struct buf way = { 0 };
    path_expand(&way, pattern);
    size_t len = strcspn(buf_string(&way), "*?[\\");
    while (len && buf_string(&way)[len - 1] != '/')
        len--;
    bool is_match = false;
    if (len > 1) {
        struct buf whole = { 0 };
        char *rest = memory_string(buf_string(&way) + len);
        buf_truncate(&way, len);
        if (realpath(buf_string(&way), real)) {
            buf_printf(&whole, "%s/%s", real, rest);
            is_match = glob_match(buf_string(&whole), resolved);
        }
        buf_clear(&whole);
        free(rest);
    }
    buf_clear(&way);
    return is_match;
}

/* "a/../b" is "b", whether it is there or not; what is relative begins where we
 * are. */
static void append_absolute(struct buf *out, const char *path)
{
    char here[PATH_MAX];
    struct buf whole = { 0 };
    struct slice rest;
    if (*path != '/' && getcwd(here, sizeof here))
        buf_printf(&whole, "%s/", here);
    buf_append_string(&whole, path);
    for (rest = buf_slice(&whole); rest.len;) {
        const char *slash = memchr(rest.ptr, '/', rest.len);
        size_t len = slash ? (size_t)(slash - rest.ptr) : rest.len;
        struct slice name = { rest.ptr, len };
        rest = slice_skip(rest, len + 1);
        if (slice_is(name, "..")) {
            const char *last = out->len ? strrchr(buf_string(out), '/') : NULL;
            buf_truncate(out, last ? (size_t)(last - out->ptr) : 0);
        } else if (len && !slice_is(name, ".")) {
            buf_append_char(out, '/');
            buf_append_slice(out, name);
        }
    }
    buf_clear(&whole);
}

static bool matches(const char *pattern, const char *named,
                    const char *resolved)
{
    return (named && glob_match(pattern, named)) ||
           (resolved && (glob_match(pattern, resolved) ||
                         match_behind_links(pattern, resolved)));
}

bool privacy_file(const struct privacy *privacy, const char *named,
                  const char *resolved, struct buf *rule)
{
    struct buf absolute = { 0 };
    bool is_private = false;
    if (named)
        append_absolute(&absolute, named);
    for (size_t i = 0; i < privacy->files.count && !is_private; i++) {
        const char *pattern = privacy->files.items[i];
        is_private =
            matches(pattern, named ? buf_string(&absolute) : NULL, resolved);
        if (is_private)
            append_rule(rule, "privacy.private.files", pattern);
    }
    buf_clear(&absolute);
    return is_private;
}

bool privacy_knows(const struct privacy *privacy, const char *rule)
{
    bool is_known =
        privacy->has_keys && !strncmp(rule, keys_name, sizeof keys_name - 1);
    for (size_t i = 0; i < privacy->texts.count && !is_known; i++) {
        struct buf words = { 0 };
        append_rule(&words, "privacy.private.text",
                    privacy->texts.items[i].source);
        is_known = !strncmp(rule, buf_string(&words), words.len);
        buf_clear(&words);
    }
    return is_known;
}
