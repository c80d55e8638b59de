/* SPDX-License-Identifier: MIT */
#include "base/word_diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/myers.h"
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

struct pair {
    struct units *a, *b;
};

static bool pair_is_same(void *context, size_t a, size_t b)
{
    const struct pair *pair = context;
    return is_same(&pair->a->list.items[a], &pair->b->list.items[b]);
}

static void pair_mark(void *context, bool is_b, size_t index)
{
    const struct pair *pair = context;
    (is_b ? pair->b : pair->a)->list.items[index].differs = true;
}

/* Mark what differs. False: more than *edits; else they are taken off. */
static bool compare(struct units *a, struct units *b, int64_t *edits)
{
    struct pair pair = { a, b };
    int64_t found = myers_compare(&(struct myers){ .a_count = a->list.count,
                                                   .b_count = b->list.count,
                                                   .is_same = pair_is_same,
                                                   .mark = pair_mark,
                                                   .context = &pair },
                                  *edits);
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
