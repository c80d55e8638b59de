/* SPDX-License-Identifier: MIT */
/*
 * One character at a time through put(): its state is of fixed size, so whole
 * text and text in pieces cannot differ and an endless run costs no memory.
 */
#include "base/filter.h"

#include "base/compiler.h"

enum {
    DOTTED_CIRCLE = 0x25CC, /* what Unicode puts below a lone mark */
    SYMBOL_CR = 0x240D,
    SYMBOL_LF = 0x240A,
    SYMBOL_DELETE = 0x2421,
    SYMBOL_CONTROLS = 0x2400,
};

/* What the character that was put last allows after it. */
enum context {
    CONTEXT_NONE,       /* no base: line start, tab, something shown */
    CONTEXT_BASE,       /* any visible character */
    CONTEXT_KEYCAP,     /* 0-9 # *: VS16 if a keycap mark follows */
    CONTEXT_PICTOGRAPH, /* variation selector, emoji modifier, ZWJ */
    CONTEXT_EMOJI,      /* the same, after its selector or modifier: ZWJ */
    CONTEXT_JOINED,     /* after that ZWJ */
    CONTEXT_SCRIPT,     /* + a row of the table below: ZWJ, ZWNJ */
};

/* Scripts in which a joiner changes how letters look, by code block. */
static const struct {
    uint32_t first, last;
} joining_scripts[] = {
    { 0x0620, 0x06FF }, /* Arabic */
    { 0x0710, 0x074F }, /* Syriac */
    { 0x0750, 0x077F }, /* Arabic Supplement */
    { 0x0870, 0x08FF }, /* Arabic Extended */
    { 0x0900, 0x097F }, /* Devanagari */
    { 0x0980, 0x09FF }, /* Bengali */
    { 0x0A00, 0x0A7F }, /* Gurmukhi */
    { 0x0A80, 0x0AFF }, /* Gujarati */
    { 0x0B00, 0x0B7F }, /* Oriya */
    { 0x0B80, 0x0BFF }, /* Tamil */
    { 0x0C00, 0x0C7F }, /* Telugu */
    { 0x0C80, 0x0CFF }, /* Kannada */
    { 0x0D00, 0x0D7F }, /* Malayalam */
    { 0x0D80, 0x0DFF }, /* Sinhala */
    { 0x1000, 0x109F }, /* Myanmar */
    { 0x1780, 0x17FF }, /* Khmer */
};

static bool is_tag(uint32_t c)
{
    return c >= 0xE0000 && c <= 0xE007F;
}

static bool is_selector(uint32_t c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static bool is_modifier(uint32_t c)
{
    return c >= 0x1F3FB && c <= 0x1F3FF;
}

/* Tags mirror ASCII. Selectors 1 to 256 are used to smuggle bytes. */
static uint32_t hidden_byte(uint32_t c)
{
    return is_tag(c)      ? c - 0xE0000
           : c >= 0xE0100 ? c - 0xE0100 + 16
                          : c - 0xFE00;
}

static uint8_t script_context(uint32_t c)
{
    for (size_t i = 0; i < COUNTOF(joining_scripts); i++) {
        if (c >= joining_scripts[i].first && c <= joining_scripts[i].last)
            return (uint8_t)(CONTEXT_SCRIPT + i);
    }
    return CONTEXT_BASE;
}

static uint8_t base_context(uint32_t c)
{
    if ((c >= '0' && c <= '9') || c == '#' || c == '*')
        return CONTEXT_KEYCAP;
    if (c < 0x80)
        return CONTEXT_BASE;
    if (utf8_is_pictograph(c))
        return CONTEXT_PICTOGRAPH;
    return utf8_is_letter(c) ? script_context(c) : CONTEXT_BASE;
}

static void begin(struct filter *filter, enum context context)
{
    filter->context = (uint8_t)context;
    filter->marks = 0;
}

static void put_newline(struct filter *filter, struct buf *out)
{
    if (filter->one_line)
        utf8_append(out, SYMBOL_LF);
    else
        buf_append_char(out, '\n');
    begin(filter, CONTEXT_NONE);
}

static void put_lone_return(struct filter *filter, struct buf *out)
{
    if (!filter->one_line)
        buf_append_char(out, '\n');
    utf8_append(out, SYMBOL_CR);
    begin(filter, CONTEXT_NONE);
}

static void show(struct filter *filter, struct buf *out, uint32_t c)
{
    if (c < 0x20)
        utf8_append(out, SYMBOL_CONTROLS + c);
    else if (c == 0x7F)
        utf8_append(out, SYMBOL_DELETE);
    else if (c >= 0x80 && c < 0xA0)
        buf_printf(out, "\\x%02x", (unsigned)c);
    else
        buf_printf(out, "<U+%04X>", (unsigned)c);
    begin(filter, CONTEXT_NONE);
}

static void end_run(struct filter *filter, struct buf *out)
{
    uint32_t first = filter->run_first;
    if (!first)
        return;
    filter->run_first = 0;
    if (filter->run_count == 1 && is_selector(first)) {
        show(filter, out, first);
        return;
    }
    buf_printf(out, "<hidden: %u char%s", (unsigned)filter->run_count,
               filter->run_count == 1 ? "" : "s");
    if (filter->run_len)
        buf_printf(out, " \"%.*s\"", (int)filter->run_len, filter->run_text);
    buf_append_char(out, '>');
    begin(filter, CONTEXT_NONE);
}

/* Tags and selectors make runs of their own. */
static void put_hidden(struct filter *filter, struct buf *out, uint32_t c)
{
    if (filter->run_first && (is_tag(filter->run_first) != is_tag(c) ||
                              filter->run_count == FILTER_RUN_MAX))
        end_run(filter, out);
    if (!filter->run_first) {
        filter->run_first = c;
        filter->run_count = 0;
        filter->run_len = 0;
    }
    filter->run_count++;
    uint32_t byte = hidden_byte(c);
    if (byte >= 0x20 && byte < 0x7F)
        filter->run_text[filter->run_len++] = (char)byte;
}

static void put_mark(struct filter *filter, struct buf *out, uint32_t c)
{
    if (filter->context == CONTEXT_NONE) {
        if (utf8_character_width(c) == 0)
            utf8_append(out, DOTTED_CIRCLE);
        begin(filter, CONTEXT_BASE);
    }
    if (filter->context < CONTEXT_SCRIPT)
        filter->context = CONTEXT_BASE;
    if (filter->marks > FILTER_MARKS_MAX)
        return;
    filter->marks++;
    if (filter->marks <= FILTER_MARKS_MAX) {
        utf8_append(out, c);
        return;
    }
    utf8_append(out, UTF8_REPLACEMENT);
    filter->context = CONTEXT_BASE;
}

static void put_visible(struct filter *filter, struct buf *out, uint32_t c)
{
    if (is_modifier(c) && filter->context == CONTEXT_PICTOGRAPH) {
        utf8_append(out, c);
        filter->context = CONTEXT_EMOJI;
        return;
    }
    if (utf8_is_extender(c)) {
        put_mark(filter, out, c);
        return;
    }
    if (filter->context != CONTEXT_JOINED)
        filter->joins = 0;
    utf8_append(out, c);
    begin(filter, base_context(c));
}

/* True if a character has to wait for the next one: whether it is part of a
 * sequence that is kept. */
static bool has_to_wait(const struct filter *filter, uint32_t c)
{
    enum context context = filter->context;
    switch (c) {
    case '\r': return true;
    case UTF8_VS16: return context == CONTEXT_KEYCAP;
    case UTF8_ZWNJ: return context >= CONTEXT_SCRIPT;
    case UTF8_ZWJ:
        return context >= CONTEXT_SCRIPT ||
               ((context == CONTEXT_PICTOGRAPH || context == CONTEXT_EMOJI) &&
                filter->joins < FILTER_JOINS_MAX);
    default: return false;
    }
}

/* True if the character that waits and `next` belong together. */
static bool is_kept_before(const struct filter *filter, uint32_t next)
{
    if (!utf8_is_printable(next))
        return false;
    if (filter->waiting == UTF8_VS16)
        return next == UTF8_KEYCAP;
    if (filter->context >= CONTEXT_SCRIPT)
        return utf8_is_letter(next) && !utf8_is_extender(next) &&
               script_context(next) == filter->context;
    return utf8_is_pictograph(next);
}

/* Decide about the character that waits, now that `next` (or the end: NUL,
 * which nothing waits for) is known. */
static void settle(struct filter *filter, struct buf *out, uint32_t next)
{
    uint32_t waiting = filter->waiting;
    bool kept = is_kept_before(filter, next);
    filter->waiting = 0;
    if (waiting == '\r' && next != '\n') {
        put_lone_return(filter, out);
    } else if (waiting == '\r') {
        return;
    } else if (kept) {
        utf8_append(out, waiting);
        if (filter->context < CONTEXT_SCRIPT && waiting == UTF8_ZWJ) {
            filter->context = CONTEXT_JOINED;
            filter->joins++;
        }
    } else if (is_selector(waiting)) {
        put_hidden(filter, out, waiting);
    } else {
        show(filter, out, waiting);
    }
}

static void put_unseen(struct filter *filter, struct buf *out, uint32_t c)
{
    if ((c == UTF8_VS15 || c == UTF8_VS16) && !filter->run_first &&
        filter->context == CONTEXT_PICTOGRAPH) {
        utf8_append(out, c);
        filter->context = CONTEXT_EMOJI;
    } else if (is_tag(c) || is_selector(c)) {
        put_hidden(filter, out, c);
    } else {
        show(filter, out, c);
    }
}

static void put(struct filter *filter, struct buf *out, uint32_t c)
{
    if (filter->waiting)
        settle(filter, out, c);
    if (!is_tag(c) && !is_selector(c))
        end_run(filter, out);
    if (!filter->run_first && has_to_wait(filter, c)) {
        filter->waiting = c;
    } else if (c == '\n') {
        put_newline(filter, out);
    } else if (c == '\t') {
        buf_append_char(out, filter->one_line ? ' ' : '\t');
        begin(filter, filter->one_line ? CONTEXT_BASE : CONTEXT_NONE);
    } else if (utf8_is_printable(c)) {
        put_visible(filter, out, c);
    } else {
        put_unseen(filter, out, c);
    }
}

/* Bytes at the start that pass as they are, whatever stood before. */
static size_t plain_len(struct slice text)
{
    size_t len = 0;
    while (len < text.len && text.ptr[len] >= 0x20 && text.ptr[len] < 0x7F)
        len++;
    return len;
}

/* Most text is plain and goes through in one piece. */
static size_t put_plain(struct filter *filter, struct buf *out,
                        struct slice text)
{
    if (filter->waiting || filter->run_first || filter->partial.len)
        return 0;
    size_t len = plain_len(text);
    if (len) {
        buf_append(out, text.ptr, len);
        begin(filter, base_context((unsigned char)text.ptr[len - 1]));
        filter->joins = 0;
    }
    return len;
}

void filter_feed(struct filter *filter, struct buf *out, struct slice text)
{
    while (text.len) {
        uint32_t c;
        text = slice_skip(text, put_plain(filter, out, text));
        if (utf8_next(&filter->partial, &text, &c))
            put(filter, out, c);
    }
}

void filter_flush(struct filter *filter, struct buf *out)
{
    if (filter->partial.len)
        put(filter, out, UTF8_REPLACEMENT);
    if (filter->waiting)
        settle(filter, out, '\0');
    end_run(filter, out);
    filter_clear(filter);
}

void filter_clear(struct filter *filter)
{
    *filter = (struct filter){ .one_line = filter->one_line };
}

void filter_text(struct buf *out, struct slice text)
{
    struct filter filter = { 0 };
    filter_feed(&filter, out, text);
    filter_flush(&filter, out);
}

void filter_line(struct buf *out, struct slice text)
{
    struct filter filter = { .one_line = true };
    filter_feed(&filter, out, text);
    filter_flush(&filter, out);
}

/* Printable ASCII and what rules and tables are drawn with, U+2500 to U+257F:
 * each passes whatever stands beside it. */
static bool is_plain_or_lines(struct slice text)
{
    while (text.len) {
        size_t len = plain_len(text);
        if (!len && text.len >= 3 && (unsigned char)text.ptr[0] == 0xE2 &&
            ((unsigned char)text.ptr[1] & 0xFE) == 0x94 &&
            ((unsigned char)text.ptr[2] & 0xC0) == 0x80)
            len = 3;
        if (!len)
            return false;
        text = slice_skip(text, len);
    }
    return true;
}

bool filter_would_change(struct slice text)
{
    if (is_plain_or_lines(text))
        return false;
    struct buf out = { 0 };
    filter_text(&out, text);
    bool changes = !slice_equal(buf_slice(&out), text);
    buf_clear(&out);
    return changes;
}
