/* SPDX-License-Identifier: MIT */
#include "base/word_diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

/* What is compared: the first key_len bytes of it. */
struct unit {
    struct slice text;
    size_t key_len;
    bool differs;
};

struct units {
    ARRAY_OF(struct unit) list;
};

/* Cutting a text into units; the last may be of blanks alone. */
typedef struct unit cut_fn(struct slice text);

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct unit cut_word(struct slice text)
{
    size_t len = 0, key_len;
    while (len < text.len && !is_blank(text.ptr[len])) {
        uint32_t character;
        size_t step = utf8_decode(slice_skip(text, len), &character);
        bool is_alone =
            !utf8_is_word(character) || utf8_character_width(character) > 1;
        if (is_alone && len)
            break;
        len += step;
        if (is_alone)
            break;
    }
    key_len = len;
    while (len < text.len && is_blank(text.ptr[len]))
        len++;
    return (struct unit){ { text.ptr, len }, key_len, false };
}

static struct unit cut_line(struct slice text)
{
    const char *end = memchr(text.ptr, '\n', text.len);
    size_t len = end ? (size_t)(end - text.ptr) + 1 : text.len;
    return (struct unit){ { text.ptr, len }, len - (end != NULL), false };
}

/* With the blank lines behind it. */
static struct unit cut_paragraph(struct slice text)
{
    size_t len = 0, key_len = 0;
    while (len < text.len) {
        struct unit line = cut_line(slice_skip(text, len));
        bool is_empty = slice_trim(line.text).len == 0;
        if (!is_empty && key_len && len > key_len)
            break;
        len += line.text.len;
        if (!is_empty)
            key_len = len;
    }
    return (struct unit){ { text.ptr, len }, key_len, false };
}

/* False: there are too many. */
static bool cut(struct units *units, struct slice text, cut_fn *cut_one)
{
    while (text.len && units->list.count < WORD_DIFF_UNITS_MAX) {
        struct unit unit = cut_one(text);
        *array_add(&units->list) = unit;
        text = slice_skip(text, unit.text.len);
    }
    return text.len == 0;
}

static bool is_same(const struct unit *a, const struct unit *b)
{
    return a->key_len == b->key_len &&
           (a->key_len == 0 || !memcmp(a->text.ptr, b->text.ptr, a->key_len));
}

/* Myers' search, without what is the same at both ends. V of each d is kept for
 * the way back: d + 1 values, of the diagonals -d, -d + 2, ..., d. */
struct search {
    struct unit *a, *b;
    int64_t a_count, b_count;
    ARRAY_OF(int64_t) furthest; /* those of all d, one after another */
};

/* Where those of d begin: 1 + 2 + ... + d stand before. */
static int64_t *row_of(const struct search *search, int64_t d)
{
    return &search->furthest.items[d * (d + 1) / 2];
}

/* The furthest x on a diagonal before its snake. */
static int64_t step_to(const struct search *search, int64_t d, int64_t k)
{
    if (d == 0)
        return 0;
    const int64_t *row = row_of(search, d - 1);
    int64_t left = k > -d ? row[(k - 1 + d - 1) / 2] + 1 : -1;
    int64_t down = k < d ? row[(k + 1 + d - 1) / 2] : -1;
    return down >= left ? down : left;
}

static int64_t follow(const struct search *search, int64_t x, int64_t k)
{
    while (x < search->a_count && x - k < search->b_count &&
           is_same(&search->a[x], &search->b[x - k]))
        x++;
    return x;
}

/* The fewest edits, -1: more than the limit. */
static int64_t find(struct search *search, int64_t limit)
{
    for (int64_t d = 0; d <= limit; d++) {
        array_reserve(&search->furthest, (size_t)d + 1);
        search->furthest.count += (size_t)d + 1;
        for (int64_t k = -d; k <= d; k += 2) {
            int64_t x = step_to(search, d, k);
            /* Beyond an end nothing is found; it is kept to be no way. */
            bool is_in = x <= search->a_count && x - k <= search->b_count;
            x = is_in ? follow(search, x, k) : x;
            row_of(search, d)[(k + d) / 2] = x;
            if (is_in && x == search->a_count && x - k == search->b_count)
                return d;
        }
    }
    return -1;
}

/* From the end to the start: each step was a unit of one of them. */
static void mark(struct search *search, int64_t d)
{
    int64_t k = search->a_count - search->b_count;
    for (; d > 0; d--) {
        const int64_t *row = row_of(search, d - 1);
        int64_t x = step_to(search, d, k);
        bool is_down = k < d && row[(k + 1 + d - 1) / 2] == x;
        if (is_down)
            search->b[x - k - 1].differs = true;
        else
            search->a[x - 1].differs = true;
        k += is_down ? 1 : -1;
    }
}

/* Mark what differs. False: more than *edits; else they are taken off. */
static bool compare(struct units *a, struct units *b, int64_t *edits)
{
    size_t start = 0, a_end = a->list.count, b_end = b->list.count;
    while (start < a_end && start < b_end &&
           is_same(&a->list.items[start], &b->list.items[start]))
        start++;
    while (a_end > start && b_end > start &&
           is_same(&a->list.items[a_end - 1], &b->list.items[b_end - 1]))
        a_end--, b_end--;
    struct search search = {
        .a = a->list.items ? a->list.items + start : NULL,
        .b = b->list.items ? b->list.items + start : NULL,
        .a_count = (int64_t)(a_end - start),
        .b_count = (int64_t)(b_end - start),
    };
    int64_t found = find(&search, *edits);
    if (found >= 0)
        mark(&search, found);
    array_clear(&search.furthest);
    *edits -= found > 0 ? found : 0;
    return found >= 0;
}

static void extend(struct slice *all, struct slice more)
{
    if (!all->len)
        *all = more;
    else
        all->len += more.len;
}

static void add_span(struct word_diff *diff, enum word_diff_kind kind,
                     struct slice before, struct slice after)
{
    size_t count = diff->spans.count;
    if (!before.len && !after.len)
        return;
    if (!count || diff->spans.items[count - 1].kind != kind)
        *array_add(&diff->spans) = (struct word_diff_span){ .kind = kind };
    struct word_diff_span *span = array_last(&diff->spans);
    extend(&span->before, before);
    extend(&span->after, after);
}

static const struct slice nothing = { 0 };

/* What differs from here on, in one piece of each text. */
static struct slice take_run(const struct units *units, size_t *index)
{
    struct slice run = { 0 };
    for (; *index < units->list.count && units->list.items[*index].differs;
         ++*index)
        extend(&run, units->list.items[*index].text);
    return run;
}

/* Compare by one unit and add the spans; changed pieces of lines are compared by
 * words in turn. False, and nothing is added: they are too many. */
static bool try_unit(struct word_diff *diff, struct slice before,
                     struct slice after, enum word_diff_unit unit,
                     int64_t *edits);

static void add_change(struct word_diff *diff, struct slice before,
                       struct slice after, enum word_diff_unit unit,
                       int64_t *edits)
{
    if (unit == WORD_DIFF_BY_LINES && before.len && after.len &&
        try_unit(diff, before, after, WORD_DIFF_BY_WORDS, edits))
        return;
    add_span(diff, WORD_DIFF_REMOVED, before, nothing);
    add_span(diff, WORD_DIFF_ADDED, nothing, after);
}

static bool try_unit(struct word_diff *diff, struct slice before,
                     struct slice after, enum word_diff_unit unit,
                     int64_t *edits)
{
    static cut_fn *const cuts[] = { cut_word, cut_line, cut_paragraph };
    struct units a = { 0 }, b = { 0 };
    int64_t limit = WORD_DIFF_EDITS_MAX;
    int64_t *left = unit == WORD_DIFF_BY_WORDS ? edits : &limit;
    bool ok = cut(&a, before, cuts[unit]) && cut(&b, after, cuts[unit]) &&
              compare(&a, &b, left);
    size_t i = 0, j = 0;
    while (ok && (i < a.list.count || j < b.list.count)) {
        struct slice gone = take_run(&a, &i), come = take_run(&b, &j);
        if (gone.len || come.len)
            add_change(diff, gone, come, unit, edits);
        for (; i < a.list.count && j < b.list.count &&
               !a.list.items[i].differs && !b.list.items[j].differs;
             i++, j++)
            add_span(diff, WORD_DIFF_SAME, a.list.items[i].text,
                     b.list.items[j].text);
    }
    array_clear(&a.list);
    array_clear(&b.list);
    return ok;
}

void word_diff_clear(struct word_diff *diff)
{
    array_clear(&diff->spans);
    *diff = (struct word_diff){ 0 };
}

void word_diff_make(struct word_diff *diff, struct slice before,
                    struct slice after)
{
    int64_t edits = WORD_DIFF_EDITS_MAX;
    word_diff_clear(diff);
    for (int unit = WORD_DIFF_BY_WORDS; unit < WORD_DIFF_WHOLE; unit++) {
        diff->unit = (enum word_diff_unit)unit;
        if (try_unit(diff, before, after, diff->unit, &edits))
            return;
    }
    diff->unit = WORD_DIFF_WHOLE;
    add_span(diff, WORD_DIFF_REMOVED, before, nothing);
    add_span(diff, WORD_DIFF_ADDED, nothing, after);
}
