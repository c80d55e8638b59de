/* SPDX-License-Identifier: MIT */
#include "ui/motion.h"

#include <string.h>

#include "base/utf8.h"

/* Where a grapheme begins may depend on all that stands before it (flags, UAX
 * 29 GB12); this many bytes are looked at. */
enum { LOOK_BACK_MAX = 1024 };

/* The start of the grapheme that ends at an offset, behind no fold. */
static size_t grapheme_start(struct folded_text text, size_t at)
{
    struct slice before = folded_text_before(text, at);
    if (before.len > LOOK_BACK_MAX)
        before = slice_skip(before, before.len - LOOK_BACK_MAX);
    return at - utf8_last_grapheme(before);
}

size_t motion_left(struct folded_text text, size_t at)
{
    if (at == 0)
        return 0;
    const struct fold *fold = folds_at(text.folds, at - 1);
    if (fold)
        return fold->start;
    return grapheme_start(text, at);
}

size_t motion_right(struct folded_text text, size_t at)
{
    if (at >= text.text.len)
        return at;
    const struct fold *fold = folds_at(text.folds, at);
    if (fold)
        return fold->start + fold->len;
    int width;
    return at + utf8_grapheme(folded_text_after(text, at), &width);
}

size_t motion_snap(struct folded_text text, size_t at)
{
    if (!folded_text_before(text, at).len)
        return at;
    size_t end = motion_right(text, grapheme_start(text, at));
    return end > at ? end : at;
}

/* What words, or the stretches between blanks, are made of. */
typedef bool part_fn(uint32_t character);

static bool is_no_blank(uint32_t character)
{
    switch (character) {
    case ' ':
    case '\t':
    case '\n':
    case 0x00A0: /* no-break space, the spaces of typography, of CJK */
    case 0x1680:
    case 0x202F:
    case 0x205F:
    case 0x3000: return false;
    default: return character < 0x2000 || character > 0x200A;
    }
}

static bool is_part_at(struct folded_text text, size_t at, part_fn *is_part)
{
    uint32_t character;
    utf8_decode(slice_skip(text.text, at), &character);
    return is_part(character);
}

static size_t back_over(struct folded_text text, size_t at, part_fn *is_part)
{
    bool is_inside = false;
    while (at > 0) {
        size_t before = motion_left(text, at);
        if (folds_at(text.folds, before))
            return is_inside ? at : before;
        bool is_next_inside = is_part_at(text, before, is_part);
        if (is_inside && !is_next_inside)
            break;
        is_inside = is_next_inside;
        at = before;
    }
    return at;
}

size_t motion_word_left(struct folded_text text, size_t at)
{
    return back_over(text, at, utf8_is_word);
}

size_t motion_blank_left(struct folded_text text, size_t at)
{
    return back_over(text, at, is_no_blank);
}

size_t motion_word_right(struct folded_text text, size_t at)
{
    bool is_inside = false;
    while (at < text.text.len) {
        if (folds_at(text.folds, at))
            return is_inside ? at : motion_right(text, at);
        bool is_next_inside = is_part_at(text, at, utf8_is_word);
        if (is_inside && !is_next_inside)
            break;
        is_inside = is_next_inside;
        at = motion_right(text, at);
    }
    return at;
}

size_t motion_line_start(struct folded_text text, size_t at)
{
    while (at > 0) {
        struct slice before = folded_text_before(text, at);
        const char *end =
            before.len ? memrchr(before.ptr, '\n', before.len) : NULL;
        if (end)
            return (size_t)(end - text.text.ptr) + 1;
        at -= before.len;
        if (at > 0)
            at = motion_left(text, at);
    }
    return 0;
}

size_t motion_line_end(struct folded_text text, size_t at)
{
    while (at < text.text.len) {
        struct slice after = folded_text_after(text, at);
        const char *end = after.len ? memchr(after.ptr, '\n', after.len) : NULL;
        if (end)
            return (size_t)(end - text.text.ptr);
        at = motion_right(text, at + after.len);
    }
    return at;
}
