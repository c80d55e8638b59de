/* SPDX-License-Identifier: MIT */
#include "config/yaml.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/array.h"
#include "base/memory.h"
#include "base/utf8.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

struct reader {
    yaml_parser_t parser;
    const struct yaml_source *source;
    struct slice text;
    struct yaml_value *root;
    struct yaml_value *open[YAML_DEPTH_MAX]; /* the innermost last */
    size_t depth;
    char *key; /* of a pair whose value has not begun, or NULL */
    int key_line;
    bool has_document;
    struct error *err;
};

/* What a problem that libyaml names is usually caused by. */
/* clang-format off */
static const struct {
    const char *problem;
    const char *hint;
} hints[] = {
    { "mapping values are not allowed in this context",
      "put text that holds \": \" in quotes" },
    { "found character that cannot start any token",
      "put text that begins with it in quotes" },
    { "did not find expected key",
      "is the indentation right?" },
    { "could not find expected ':'",
      "a key needs \": \" after it" },
};
/* clang-format on */

bool yaml_error(struct error *err, const char *name, int line,
                const char *format, ...)
{
    char words[ERROR_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    if (line == 0)
        return error_set(err, ERROR_CONFIG, "%s: %s", name, words);
    return error_set(err, ERROR_CONFIG, "%s:%d: %s", name, line, words);
}

static bool fail(struct reader *reader, int line, const char *words)
{
    return yaml_error(reader->err, reader->source->name,
                      reader->source->has_lines ? line : 0, "%s", words);
}

static struct yaml_value *value_new(enum yaml_kind kind, char *take_key,
                                    int line)
{
    struct yaml_value *value = memory_zero(1, sizeof *value);
    value->kind = kind;
    value->key = take_key ? take_key : memory_copy("", 0);
    value->line = line;
    return value;
}

static void value_add(struct yaml_value *parent, struct yaml_value *take)
{
    parent->children =
        array_grow(parent->children, &parent->capacity, parent->count + 1,
                   sizeof(struct yaml_value *));
    parent->children[parent->count++] = take;
}

void yaml_value_free(struct yaml_value *value)
{
    if (!value)
        return;
    for (size_t i = 0; i < value->count; i++)
        yaml_value_free(value->children[i]);
    free(value->children);
    free(value->key);
    free(value->text);
    free(value);
}

static struct yaml_value *plain_new(struct slice text)
{
    struct yaml_value *value = value_new(YAML_SCALAR, NULL, 0);
    value->text = memory_copy(text.ptr ? text.ptr : "", text.len);
    value->is_plain = true;
    return value;
}

struct yaml_value *yaml_value_wrap(struct slice key, struct yaml_value *take)
{
    struct yaml_value *map = value_new(YAML_MAP, NULL, take->line);
    free(take->key);
    take->key = memory_copy(key.ptr, key.len);
    value_add(map, take);
    return map;
}

static bool check_text(struct reader *reader)
{
    if (reader->text.len > YAML_TEXT_MAX)
        return yaml_error(reader->err, reader->source->name, 0,
                          "larger than %d bytes", YAML_TEXT_MAX);
    struct slice rest = reader->text, line;
    for (int number = 1; slice_next_line(&rest, &line); number++) {
        if (line.len > 0 && memchr(line.ptr, '\0', line.len))
            return fail(reader, number, "a NUL byte; is this a text file?");
        if (!utf8_is_valid(line))
            return fail(reader, number, "not UTF-8 text");
    }
    return true;
}

/* Before libyaml sees them: its scanner is quadratic in nested openers. */
static bool check_openers(struct reader *reader)
{
    size_t openers = 0;
    for (size_t i = 0; i < reader->text.len; i++) {
        char c = reader->text.ptr[i];
        openers += c == '[' || c == '{';
    }
    return openers <= YAML_FLOW_MAX ||
           yaml_error(reader->err, reader->source->name, 0,
                      "more than %d of [ and {", YAML_FLOW_MAX);
}

static int line_at_offset(struct slice text, size_t offset)
{
    int line = 1;
    for (size_t i = 0; i < offset && i < text.len; i++)
        line += text.ptr[i] == '\n';
    return line;
}

static bool has_tab_indent(struct slice text, int number)
{
    struct slice line = { 0 };
    while (number-- > 0 && slice_next_line(&text, &line))
        continue;
    for (size_t i = 0; i < line.len && strchr(" \t-", line.ptr[i]); i++) {
        if (line.ptr[i] == '\t')
            return true;
    }
    return false;
}

static const char *hint_for(const char *problem)
{
    for (size_t i = 0; i < COUNTOF(hints); i++) {
        if (!strcmp(hints[i].problem, problem))
            return hints[i].hint;
    }
    return NULL;
}

/* libyaml's words never quote the text, which may hold a misplaced key. */
static bool fail_syntax(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem ? parser->problem : "not YAML";
    if (parser->error == YAML_READER_ERROR)
        return fail(reader,
                    line_at_offset(reader->text, parser->problem_offset),
                    problem);
    int line = (int)parser->problem_mark.line + 1;
    if (has_tab_indent(reader->text, line))
        return fail(reader, line, "a tab cannot indent; use blanks");
    struct buf words = { 0 };
    buf_append_string(&words, problem);
    if (parser->context)
        buf_printf(&words, " %s", parser->context);
    if (parser->context && reader->source->has_lines &&
        (int)parser->context_mark.line + 1 != line)
        buf_printf(&words, " that begins on line %d",
                   (int)parser->context_mark.line + 1);
    if (hint_for(problem))
        buf_printf(&words, " (%s)", hint_for(problem));
    fail(reader, line, buf_string(&words));
    buf_clear(&words);
    return false;
}

/* Put a new value where the text has come to. */
static bool place(struct reader *reader, struct yaml_value *take)
{
    if (reader->depth == 0) {
        assert(!reader->root);
        reader->root = take;
        return true;
    }
    struct yaml_value *parent = reader->open[reader->depth - 1];
    int line = take->line;
    bool has_room = parent->count < YAML_ITEMS_MAX;
    value_add(parent, take);
    return has_room || yaml_error(reader->err, reader->source->name,
                                  reader->source->has_lines ? line : 0,
                                  "more than %d entries in one map or list",
                                  YAML_ITEMS_MAX);
}

static bool wants_key(const struct reader *reader)
{
    return reader->depth > 0 && !reader->key &&
           reader->open[reader->depth - 1]->kind == YAML_MAP;
}

/* A value that begins on `line`; it takes over the key that waits. */
static struct yaml_value *begin(struct reader *reader, enum yaml_kind kind,
                                int line)
{
    if (reader->key)
        line = reader->key_line;
    struct yaml_value *value =
        value_new(kind, reader->key, reader->source->has_lines ? line : 0);
    reader->key = NULL;
    return value;
}

static bool on_scalar(struct reader *reader, const yaml_event_t *event)
{
    int line = (int)event->start_mark.line + 1;
    const char *text = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;
    if (memchr(text, '\0', len))
        return fail(reader, line, "a NUL character in a text");
    if (wants_key(reader)) {
        reader->key = memory_copy(text, len);
        reader->key_line = line;
        return true;
    }
    struct yaml_value *value = begin(reader, YAML_SCALAR, line);
    value->text = memory_copy(text, len);
    value->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return place(reader, value);
}

static bool on_open(struct reader *reader, const yaml_event_t *event,
                    enum yaml_kind kind)
{
    int line = (int)event->start_mark.line + 1;
    if (wants_key(reader))
        return fail(reader, line, "a key must be one word, no map or list");
    if (reader->depth == YAML_DEPTH_MAX)
        return yaml_error(reader->err, reader->source->name,
                          reader->source->has_lines ? line : 0,
                          "maps and lists nested deeper than %d",
                          YAML_DEPTH_MAX);
    struct yaml_value *value = begin(reader, kind, line);
    if (!place(reader, value))
        return false;
    reader->open[reader->depth++] = value;
    return true;
}

static bool on_document(struct reader *reader, const yaml_event_t *event)
{
    int line = (int)event->start_mark.line + 1;
    if (reader->has_document)
        return fail(reader, line, "a second document; only one may be here");
    reader->has_document = true;
    if (event->data.document_start.tag_directives.start !=
        event->data.document_start.tag_directives.end)
        return fail(reader, line, "tags (!) are not supported");
    return true;
}

/* Anchors and tags may stand before any value. */
static bool check_properties(struct reader *reader, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default: break;
    }
    int line = (int)event->start_mark.line + 1;
    if (anchor)
        return fail(reader, line,
                    "anchors are not supported (quote text that begins "
                    "with &)");
    if (tag)
        return fail(reader, line,
                    "tags are not supported (quote text that begins with !)");
    return true;
}

static bool on_event(struct reader *reader, const yaml_event_t *event)
{
    if (!check_properties(reader, event))
        return false;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT: return on_document(reader, event);
    case YAML_SCALAR_EVENT: return on_scalar(reader, event);
    case YAML_MAPPING_START_EVENT: return on_open(reader, event, YAML_MAP);
    case YAML_SEQUENCE_START_EVENT: return on_open(reader, event, YAML_LIST);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT: reader->depth--; return true;
    case YAML_ALIAS_EVENT:
        return fail(reader, (int)event->start_mark.line + 1,
                    "aliases are not supported (quote text that begins "
                    "with *)");
    default: return true;
    }
}

static bool read_events(struct reader *reader)
{
    for (bool at_end = false; !at_end;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader->parser, &event))
            return fail_syntax(reader);
        bool is_good = on_event(reader, &event);
        at_end = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        if (!is_good)
            return false;
    }
    return true;
}

struct yaml_value *yaml_value_parse(const struct yaml_source *source,
                                    struct slice text, struct error *err)
{
    if (slice_starts(text, BYTE_ORDER_MARK))
        text = slice_skip(text, strlen(BYTE_ORDER_MARK));
    struct reader reader = { .source = source, .text = text, .err = err };
    if (!check_text(&reader) || !check_openers(&reader))
        return NULL;
    if (!yaml_parser_initialize(&reader.parser)) {
        error_set(err, ERROR_SYSTEM, "out of memory");
        return NULL;
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &reader.parser, (const unsigned char *)(text.ptr ? text.ptr : ""),
        text.len);
    bool is_good = read_events(&reader);
    yaml_parser_delete(&reader.parser);
    free(reader.key);
    if (!is_good) {
        yaml_value_free(reader.root);
        return NULL;
    }
    return reader.root ? reader.root : plain_new(slice_of(""));
}

struct yaml_value *yaml_value_literal(const struct yaml_source *source,
                                      struct slice text, struct error *err)
{
    struct reader reader = { .source = source, .text = text, .err = err };
    return check_text(&reader) ? plain_new(text) : NULL;
}

const char *yaml_library(void)
{
    return yaml_get_version_string();
}
