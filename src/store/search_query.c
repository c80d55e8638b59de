/* SPDX-License-Identifier: MIT */
#include "store/search_query.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "graph/graph.h"
#include "store/day.h"
#include "store/terms.h"

enum { NAME_MAX_LEN = 12 /* bytes of what may be meant as a filter */ };

static const char *const filter_names[SEARCH_FILTER_COUNT] = {
    [SEARCH_KIND] = "kind",       [SEARCH_MODEL] = "model",
    [SEARCH_SESSION] = "session", [SEARCH_SINCE] = "since",
    [SEARCH_TOOL] = "tool",       [SEARCH_UNTIL] = "until",
};

static const char *const kind_names[] = {
    [NODE_USER] = "user",
    [NODE_ASSISTANT] = "assistant",
    [NODE_TOOL_RESULT] = "tool",
    [NODE_NOTE] = "note",
};

const char *search_kind_name(size_t kind)
{
    return kind < COUNTOF(kind_names) ? kind_names[kind] : NULL;
}

/* One piece of the query: what stands between blanks, or in quotes. */
struct piece {
    struct slice name; /* before the colon; empty: it is no filter */
    struct slice text; /* without quotes */
    bool is_quoted, is_excluded;
};

struct parser {
    struct search_query *query;
    struct slice rest;
    int64_t now_ms;
    bool is_being_typed;
    struct error *err;
};

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* To the next blank. */
static struct slice take_bare(struct slice *rest)
{
    size_t len = 0;
    while (len < rest->len && !is_blank(rest->ptr[len]))
        len++;
    struct slice bare = { rest->ptr, len };
    *rest = slice_skip(*rest, len);
    return bare;
}

/* To the quote that ends it, or to the end. */
static struct slice take_quoted(struct slice *rest)
{
    *rest = slice_skip(*rest, 1);
    ptrdiff_t len = slice_find(*rest, "\"");
    struct slice quoted = { rest->ptr, len < 0 ? rest->len : (size_t)len };
    *rest = slice_skip(*rest, quoted.len + 1);
    return quoted;
}

/* The length of letters before a colon that has something like a value behind
 * it: "since:", not "http://" or "std::list"; 0: there are none. */
static size_t name_len(struct slice text)
{
    size_t len = 0;
    while (len < text.len && isalpha((unsigned char)text.ptr[len]))
        len++;
    if (!len || len > NAME_MAX_LEN || len >= text.len || text.ptr[len] != ':')
        return 0;
    char next = len + 1 < text.len ? text.ptr[len + 1] : '\0';
    return next == ':' || next == '/' ? 0 : len;
}

static enum search_filter find_filter(struct slice name)
{
    char word[NAME_MAX_LEN + 1] = "";
    for (size_t i = 0; i < name.len; i++)
        word[i] = (char)tolower((unsigned char)name.ptr[i]);
    int i = 0;
    while (i < SEARCH_FILTER_COUNT && strcmp(word, filter_names[i]) != 0)
        i++;
    return (enum search_filter)i;
}

static const char *nearest_filter(struct slice name)
{
    char *word = memory_copy(name.ptr, name.len);
    const char *near = nearest_name(word, filter_names, SEARCH_FILTER_COUNT);
    free(word);
    return near;
}

/* False: nothing is left. */
static bool next_piece(struct parser *parser, struct piece *piece)
{
    struct slice *rest = &parser->rest;
    while (rest->len && is_blank(*rest->ptr))
        *rest = slice_skip(*rest, 1);
    *piece = (struct piece){ 0 };
    if (!rest->len)
        return false;
    piece->is_excluded = rest->len > 1 && *rest->ptr == '-';
    *rest = slice_skip(*rest, piece->is_excluded);
    size_t len = name_len(*rest);
    struct slice name = { rest->ptr, len };
    if (len &&
        (find_filter(name) < SEARCH_FILTER_COUNT || nearest_filter(name))) {
        piece->name = name;
        *rest = slice_skip(*rest, len + 1);
    }
    piece->is_quoted = rest->len && *rest->ptr == '"';
    piece->text = piece->is_quoted ? take_quoted(rest) : take_bare(rest);
    return true;
}

static bool is_short(struct slice text)
{
    size_t count = 0;
    while (text.len && count < SEARCH_PREFIX_MIN) {
        uint32_t character;
        text = slice_skip(text, utf8_decode(text, &character));
        count++;
    }
    return count < SEARCH_PREFIX_MIN;
}

/* Of the last term, without the blank behind it. */
static struct slice last_term(const struct search_word *word)
{
    size_t end = word->terms.len - 1, begin = end;
    while (begin && word->terms.ptr[begin - 1] != ' ')
        begin--;
    return (struct slice){ word->terms.ptr + begin, end - begin };
}

/* Which terms have only one character and go on by others: those of scripts
 * without blanks; their beginning is the word itself. */
static bool ends_alone(struct slice text)
{
    struct terms terms = { .text = text };
    bool is_alone = false;
    while (terms_next(&terms))
        is_alone = terms.is_character;
    terms_clear(&terms);
    return is_alone;
}

static bool ends_in_word(struct slice text)
{
    struct terms terms = { .text = text };
    size_t end = 0;
    while (terms_next(&terms))
        end = terms.end;
    terms_clear(&terms);
    return end == text.len;
}

/* A star behind it, or, while one types, the end of the query. */
static bool note_prefix(const struct parser *parser, const struct piece *piece,
                        struct search_word *word)
{
    struct slice text = piece->text;
    bool has_star =
        text.len && !piece->is_quoted && text.ptr[text.len - 1] == '*';
    text.len -= has_star;
    bool goes_on = !has_star && !piece->is_quoted && !piece->is_excluded &&
                   parser->is_being_typed && !parser->rest.len;
    if (!(has_star || goes_on) || ends_alone(text) || !ends_in_word(text))
        return true;
    word->is_prefix = !is_short(last_term(word));
    if (word->is_prefix || goes_on || parser->is_being_typed)
        return true;
    return error_set(parser->err, ERROR_USAGE,
                     "\"%.*s\" begins too many words; a * needs three letters "
                     "before it",
                     SLICE_ARG(piece->text));
}

static bool add_word(struct parser *parser, const struct piece *piece)
{
    struct search_query *query = parser->query;
    struct search_word word = { .is_excluded = piece->is_excluded };
    word.count = terms_append(&word.terms, piece->text);
    if (!word.count)
        return true; /* signs alone are in no index */
    *array_add(&query->words) = word;
    if (query->words.count > SEARCH_WORDS_MAX)
        return error_set(parser->err, ERROR_LIMIT,
                         "that is more than %d words to look for",
                         SEARCH_WORDS_MAX);
    return note_prefix(parser, piece, array_last(&query->words));
}

static bool check_kind(struct slice value, struct error *err)
{
    char *word = memory_copy(value.ptr, value.len);
    bool ok = false;
    for (size_t i = 0; i < COUNTOF(kind_names); i++)
        ok = ok || !strcmp(word, kind_names[i]);
    const char *near = nearest_name(word, kind_names, COUNTOF(kind_names));
    if (!ok && near)
        error_set(err, ERROR_USAGE,
                  "there is no kind \"%s\"; did you mean kind:%s?", word, near);
    else if (!ok)
        error_set(err, ERROR_USAGE,
                  "there is no kind \"%s\"; there are user, assistant, tool "
                  "and note",
                  word);
    free(word);
    return ok;
}

static bool narrow_time(struct parser *parser, const struct piece *piece,
                        enum search_filter filter)
{
    struct search_query *query = parser->query;
    struct day day;
    if (piece->is_excluded)
        return error_set(parser->err, ERROR_USAGE,
                         "instead of -since: write until:, and the other way "
                         "round");
    if (!day_parse(piece->text, parser->now_ms, &day, parser->err))
        return error_context(parser->err, "%s", filter_names[filter]);
    if (filter == SEARCH_SINCE && day.begin > query->since)
        query->since = day.begin;
    if (filter == SEARCH_UNTIL && day.end < query->until)
        query->until = day.end;
    return true;
}

static bool refuse_filter(struct parser *parser, const struct piece *piece)
{
    return error_set(parser->err, ERROR_USAGE,
                     "there is no filter \"%.*s:\"; did you mean %s:? In "
                     "quotes it is looked for",
                     SLICE_ARG(piece->name), nearest_filter(piece->name));
}

static bool add_filter(struct parser *parser, const struct piece *piece)
{
    enum search_filter filter = find_filter(piece->name);
    if (filter == SEARCH_FILTER_COUNT)
        return (parser->is_being_typed && !parser->rest.len) ||
               refuse_filter(parser, piece);
    if (!slice_trim(piece->text).len)
        return parser->is_being_typed ||
               error_set(parser->err, ERROR_USAGE,
                         "%s: needs a value, without a blank before it",
                         filter_names[filter]);
    if (filter == SEARCH_SINCE || filter == SEARCH_UNTIL)
        return narrow_time(parser, piece, filter);
    if (filter == SEARCH_KIND && !check_kind(piece->text, parser->err))
        return false;
    *array_add(&parser->query->narrowings) = (struct search_narrowing){
        .filter = filter,
        .value = memory_copy(piece->text.ptr, piece->text.len),
        .is_excluded = piece->is_excluded,
    };
    return parser->query->narrowings.count <= SEARCH_WORDS_MAX ||
           error_set(parser->err, ERROR_LIMIT, "that is more than %d filters",
                     SEARCH_WORDS_MAX);
}

bool search_query_is_empty(const struct search_query *query)
{
    return !query->words.count && !query->narrowings.count &&
           query->since == INT64_MIN && query->until == INT64_MAX;
}

bool search_query_parse(struct search_query *query, struct slice text,
                        int64_t now_ms, bool is_being_typed, struct error *err)
{
    struct parser parser = { query, text, now_ms, is_being_typed, err };
    struct piece piece;
    bool ok = text.len <= SEARCH_TEXT_MAX ||
              error_set(err, ERROR_LIMIT, "that is too much to look for");
    *query = (struct search_query){ .since = INT64_MIN, .until = INT64_MAX };
    while (ok && next_piece(&parser, &piece))
        ok = piece.name.len ? add_filter(&parser, &piece)
                            : add_word(&parser, &piece);
    if (ok && !is_being_typed && search_query_is_empty(query))
        ok = error_set(err, ERROR_USAGE,
                       "say what to look for: words, \"a phrase\", begin*, "
                       "-without, or filters like since:3d");
    if (!ok)
        search_query_clear(query);
    return ok;
}

void search_query_clear(struct search_query *query)
{
    for (size_t i = 0; i < query->words.count; i++)
        buf_clear(&query->words.items[i].terms);
    for (size_t i = 0; i < query->narrowings.count; i++)
        free(query->narrowings.items[i].value);
    array_clear(&query->words);
    array_clear(&query->narrowings);
    query->since = INT64_MIN;
    query->until = INT64_MAX;
}
