/* SPDX-License-Identifier: MIT */
#include "ui/layout.h"

#include <assert.h>
#include <string.h>

#include "base/filter.h"
#include "base/utf8.h"

enum { TAB_STOP = 8, WIDTH_MIN = 2 /* room for any character */ };

/* Styles of the paragraph's text: each run begins where the last one ends. */
struct run {
    uint32_t end;
    enum style style;
};

/* The part put before a line, already in layout.text. */
struct prefix {
    struct layout_span span;
    int width;
};

/* A paragraph on its way into lines. */
struct breaker {
    struct layout *layout;
    bool keep_blanks;
    uint32_t start, end; /* of the paragraph in layout.text */
    ARRAY_OF(struct run) runs;
    size_t run; /* the one that the next line begins in */
    struct prefix first, rest;
    const struct prefix *prefix; /* of the next line */
    bool in_address;             /* the next line goes on with one */
};

void layout_clear(struct layout *layout)
{
    buf_clear(&layout->text);
    array_clear(&layout->spans);
    array_clear(&layout->lines);
    layout->place = 0;
}

void layout_truncate(struct layout *layout, size_t line)
{
    if (line >= layout->lines.count)
        return;
    layout->place = layout->lines.items[line].place;
    layout->spans.count = layout->lines.items[line].first_span;
    layout->lines.count = line;
    size_t end = line ? layout->lines.items[line - 1].text_end : 0;
    buf_truncate(&layout->text, end);
}

static void append_harmless(struct buf *out, struct slice text)
{
    if (filter_would_change(text))
        filter_text(out, text);
    else
        buf_append_slice(out, text);
}

static uint32_t text_end(const struct layout *layout)
{
    assert(layout->text.len <= UINT32_MAX);
    return (uint32_t)layout->text.len;
}

/* A column that is counted from the last line break, only when asked for. */
struct column {
    size_t counted; /* offset in the text */
    int col;
};

static void expand_tab(struct buf *text, struct column *column)
{
    struct slice since = slice_skip(buf_slice(text), column->counted);
    column->col = (column->col + canvas_width(since)) % TAB_STOP;
    do {
        buf_append_char(text, ' ');
    } while (++column->col % TAB_STOP);
    column->counted = text->len;
}

/* Copy harmless text; breaks and tabs become what the paragraph wants. */
static void append_spaced(struct buf *out, struct slice text,
                          const struct layout_paragraph *paragraph,
                          struct column *column)
{
    bool has_columns = paragraph->keep_breaks || paragraph->keep_blanks;
    while (text.len) {
        size_t len = 0;
        while (len < text.len && text.ptr[len] != '\n' && text.ptr[len] != '\t')
            len++;
        buf_append(out, text.ptr, len);
        if (len < text.len && text.ptr[len] == '\t' && has_columns) {
            expand_tab(out, column);
        } else if (len < text.len) {
            bool is_break = text.ptr[len] == '\n' && paragraph->keep_breaks;
            buf_append_char(out, is_break ? '\n' : ' ');
            if (is_break)
                *column = (struct column){ out->len, 0 };
        }
        text = slice_skip(text, len + 1);
    }
}

static void append_pieces(struct breaker *breaker,
                          const struct layout_paragraph *paragraph)
{
    struct layout *layout = breaker->layout;
    struct column column = { layout->text.len, 0 };
    struct buf harmless = { 0 };
    breaker->start = text_end(layout);
    for (size_t i = 0; i < paragraph->piece_count; i++) {
        const struct layout_piece *piece = &paragraph->pieces[i];
        buf_reset(&harmless);
        append_harmless(&harmless, piece->text);
        append_spaced(&layout->text, buf_slice(&harmless), paragraph, &column);
        *array_add(&breaker->runs) =
            (struct run){ text_end(layout), piece->style };
        layout->work += piece->text.len;
    }
    buf_clear(&harmless);
    breaker->end = text_end(layout);
}

static int line_width(const struct layout *layout)
{
    return layout->width < WIDTH_MIN ? WIDTH_MIN : layout->width;
}

/* The longest beginning in whole clusters that is drawn in `width` cells. */
static struct slice fitting(struct slice text, int width, int *used)
{
    struct slice rest = text;
    *used = 0;
    while (rest.len) {
        int cells;
        size_t len = canvas_cluster(rest, &cells);
        if (cells > width - *used)
            break;
        *used += cells;
        rest = slice_skip(rest, len);
    }
    return (struct slice){ text.ptr, text.len - rest.len };
}

static struct prefix append_prefix(struct layout *layout,
                                   const struct layout_piece *piece)
{
    int width = line_width(layout);
    int max = width / 2 < width - WIDTH_MIN ? width / 2 : width - WIDTH_MIN;
    struct prefix prefix = { .span.offset = text_end(layout) };
    struct slice text = fitting(piece->text, max, &prefix.width);
    buf_append_slice(&layout->text, text);
    prefix.span.len = (uint32_t)text.len;
    prefix.span.style = piece->style;
    return prefix;
}

static struct layout_line *begin_line(struct layout *layout)
{
    struct layout_line *line = array_add(&layout->lines);
    *line = (struct layout_line){
        .first_span = (uint32_t)layout->spans.count,
        .text_end = text_end(layout),
        .place = layout->place,
    };
    return line;
}

static void add_span(struct layout *layout, uint32_t offset, uint32_t end,
                     enum style style)
{
    if (end == offset)
        return;
    *array_add(&layout->spans) =
        (struct layout_span){ offset, end - offset, style };
    array_last(&layout->lines)->span_count++;
}

/* Add the line [start, end) of the text, cut where the style changes; blanks
 * from `at` to its start are not shown. Lines come in order, so that the runs
 * are walked once. */
static void emit(struct breaker *breaker, uint32_t at, uint32_t start,
                 uint32_t end)
{
    struct layout *layout = breaker->layout;
    struct layout_line *line = begin_line(layout);
    line->place += at - breaker->start;
    const struct layout_span *prefix = &breaker->prefix->span;
    add_span(layout, prefix->offset, prefix->offset + prefix->len,
             prefix->style);
    breaker->prefix = &breaker->rest;
    while (start < end) {
        while (breaker->runs.items[breaker->run].end <= start)
            breaker->run++;
        const struct run *run = &breaker->runs.items[breaker->run];
        uint32_t stop = run->end < end ? run->end : end;
        add_span(layout, start, stop, run->style);
        start = stop;
    }
}

/* A line never begins with the former nor ends with the latter (UAX 14, classes
 * CL, EX, NS and OP of wide scripts). */
static const char wide_closers[] =
    "、。々〉》」』】〕〗〜・ー！），．：；？］｝";
static const char wide_openers[] = "〈《「『【〔〖（［｛";

static bool is_among(const char *set, uint32_t character)
{
    struct slice rest = slice_of(set);
    while (rest.len) {
        uint32_t member;
        rest = slice_skip(rest, utf8_decode(rest, &member));
        if (member == character)
            return true;
    }
    return false;
}

/* What a place between two clusters is judged by. */
struct side {
    uint32_t character;
    int width;
};

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* May a line be broken here? Blanks are decided elsewhere. */
static bool may_break(const struct side *earlier, const struct side *before,
                      const struct side *after)
{
    enum { EM_DASH = 0x2014 };
    uint32_t b = before->character, a = after->character;
    if (b == '-' || b == EM_DASH)
        return utf8_is_word(earlier->character) && utf8_is_word(a) &&
               !is_digit(a);
    if (before->width != 2 && after->width != 2)
        return false;
    return (before->width == 2 || utf8_is_word(b)) &&
           (after->width == 2 || utf8_is_word(a)) &&
           !is_among(wide_openers, b) && !is_among(wide_closers, a);
}

/* The cluster at an offset; styles cut clusters, as they do when drawn. The runs
 * are walked along. */
static struct slice read_cluster(const struct breaker *breaker, size_t *run,
                                 uint32_t at, uint32_t end, int *width)
{
    while (breaker->runs.items[*run].end <= at)
        ++*run;
    if (end > breaker->runs.items[*run].end)
        end = breaker->runs.items[*run].end;
    struct slice rest = { breaker->layout->text.ptr + at, end - at };
    rest.len = canvas_cluster(rest, width);
    return rest;
}

/* The search for the end of one line. */
struct fit {
    uint32_t start;      /* of what is shown */
    uint32_t stop, next; /* end of what is shown, start of the next line */
    bool in_address;     /* the next line begins within one */
};

static uint32_t skip_blanks(const char *text, uint32_t at, uint32_t end)
{
    while (at < end && text[at] == ' ')
        at++;
    return at;
}

static struct side read_side(struct slice text, int width)
{
    struct side side = { (unsigned char)text.ptr[0], width };
    if (side.character >= 0x80)
        utf8_decode(text, &side.character);
    return side;
}

static bool is_scheme(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '+' || c == '.';
}

/* Does a word begin an address ("https://")? It is broken at the edge only,
 * never at a hyphen: rows that are full are one line to who selects them. */
static bool begins_address(const char *text, uint32_t at, uint32_t end)
{
    enum { SCHEME_MAX = 16, MARKS_MAX = 4 /* "(<" and the like before it */ };
    uint32_t word = at;
    while (at < end && at - word < MARKS_MAX &&
           memchr("([{<\"'*_", text[at], 8))
        at++;
    uint32_t scheme = at;
    while (at < end && at - scheme < SCHEME_MAX && is_scheme(text[at]))
        at++;
    return at > scheme && end - at >= 3 && !memcmp(text + at, "://", 3);
}

/* The longest line of [at, end) in whole words, in `room` cells. */
static struct fit fit_words(const struct breaker *breaker, uint32_t at,
                            uint32_t end, int room)
{
    const char *text = breaker->layout->text.ptr;
    size_t run = breaker->run;
    struct fit fit = { .start = at }; /* next > 0: a line may end there */
    struct side earlier = { 0 }, before = { 0 };
    uint32_t word = skip_blanks(text, at, end);
    if (word - at >= (uint32_t)room || word == end)
        fit.start = word;
    int used = (int)(word - fit.start);
    bool in_address = breaker->in_address || begins_address(text, word, end);
    for (uint32_t pos = word; pos < end;) {
        if (text[pos] == ' ') {
            uint32_t next = skip_blanks(text, pos, end);
            fit.stop = pos;
            fit.next = next;
            if (next == end || next - pos >= (uint32_t)(room - used + 1))
                return fit;
            used += (int)(next - pos);
            pos = next;
            earlier = before = (struct side){ 0 };
            in_address = begins_address(text, pos, end);
            continue;
        }
        int width;
        struct slice cluster = read_cluster(breaker, &run, pos, end, &width);
        struct side after = read_side(cluster, width);
        in_address = in_address && width < 2;
        if (before.character && !in_address &&
            may_break(&earlier, &before, &after))
            fit.stop = fit.next = pos;
        if (used + width > room && fit.next)
            return fit;
        if (used + width > room && pos == word) {
            /* Nothing but blanks so far: better none of them. */
            fit.start = word;
            used = 0;
        } else if (used + width > room) {
            fit.stop = fit.next = pos;
            fit.in_address = in_address;
            return fit;
        }
        used += width;
        pos += (uint32_t)cluster.len;
        earlier = before;
        before = after;
    }
    fit.stop = fit.next = end;
    return fit;
}

/* As many clusters as fit, blanks and all. */
static struct fit fit_edge(const struct breaker *breaker, uint32_t at,
                           uint32_t end, int room)
{
    size_t run = breaker->run;
    uint32_t pos = at;
    while (pos < end) {
        int width;
        struct slice cluster = read_cluster(breaker, &run, pos, end, &width);
        if (width > room)
            break;
        room -= width;
        pos += (uint32_t)cluster.len;
    }
    return (struct fit){ .start = at, .stop = pos, .next = pos };
}

/* Break [at, end), which holds no LF. */
static void break_line(struct breaker *breaker, uint32_t at, uint32_t end)
{
    do {
        int room = line_width(breaker->layout) - breaker->prefix->width;
        struct fit fit = breaker->keep_blanks
                             ? fit_edge(breaker, at, end, room)
                             : fit_words(breaker, at, end, room);
        emit(breaker, at, fit.start, fit.stop);
        at = fit.next;
        breaker->in_address = fit.in_address;
    } while (at < end);
}

void layout_add(struct layout *layout, const struct layout_paragraph *paragraph)
{
    struct breaker breaker = { .layout = layout,
                               .keep_blanks = paragraph->keep_blanks };
    breaker.first = append_prefix(layout, &paragraph->first);
    breaker.rest = append_prefix(layout, &paragraph->rest);
    breaker.prefix = &breaker.first;
    append_pieces(&breaker, paragraph);
    uint32_t at = breaker.start;
    for (;;) {
        const char *lf = NULL;
        if (breaker.end > at)
            lf = memchr(layout->text.ptr + at, '\n', breaker.end - at);
        uint32_t end = lf ? (uint32_t)(lf - layout->text.ptr) : breaker.end;
        break_line(&breaker, at, end);
        if (!lf)
            break;
        at = end + 1;
    }
    layout->place += breaker.end - breaker.start;
    array_clear(&breaker.runs);
}

void layout_add_line(struct layout *layout, const struct layout_piece *pieces,
                     size_t count)
{
    begin_line(layout);
    for (size_t i = 0; i < count; i++) {
        uint32_t start = text_end(layout);
        buf_append_slice(&layout->text, pieces[i].text);
        add_span(layout, start, text_end(layout), pieces[i].style);
    }
    array_last(&layout->lines)->text_end = text_end(layout);
}

void layout_add_blank(struct layout *layout)
{
    layout_add_line(layout, NULL, 0);
}

static struct slice span_text(const struct layout *layout,
                              const struct layout_span *span)
{
    return (struct slice){ layout->text.ptr + span->offset, span->len };
}

int layout_line_width(const struct layout *layout, size_t index)
{
    assert(index < layout->lines.count);
    const struct layout_line *line = &layout->lines.items[index];
    int width = 0;
    for (uint32_t i = 0; i < line->span_count; i++)
        width += canvas_width(
            span_text(layout, &layout->spans.items[line->first_span + i]));
    return width;
}

int layout_draw(const struct layout *layout, size_t index,
                struct canvas *canvas, int row, int col, int width)
{
    assert(index < layout->lines.count);
    const struct layout_line *line = &layout->lines.items[index];
    int used = 0;
    for (uint32_t i = 0; i < line->span_count; i++) {
        const struct layout_span *span =
            &layout->spans.items[line->first_span + i];
        used += canvas_put(canvas, row, col + used, width - used, span->style,
                           span_text(layout, span));
    }
    return used;
}
