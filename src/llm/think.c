/* SPDX-License-Identifier: MIT */
#include "llm/think.h"

#include <string.h>

#include "base/compiler.h"

static const struct {
    const char *opening;
    const char *closing;
} tags[] = {
    { "<think>", "</think>" },
    { "<thinking>", "</thinking>" },
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t count_blanks(struct slice text)
{
    size_t count = 0;
    while (count < text.len && is_blank(text.ptr[count]))
        count++;
    return count;
}

/* White space at the end that would be dropped before a tag. */
static size_t count_last_blanks(struct slice text)
{
    size_t count = 0;
    while (count < text.len && count < THINK_BLANKS_MAX &&
           is_blank(text.ptr[text.len - count - 1]))
        count++;
    return count;
}

/* Bytes at the end that may be the beginning of the tag. */
static size_t partial_tag(struct slice text, const char *tag)
{
    size_t len = strlen(tag) - 1;
    if (len > text.len)
        len = text.len;
    while (len && memcmp(text.ptr + text.len - len, tag, len) != 0)
        len--;
    return len;
}

static void hand_over(struct slice text, bool is_thinking, think_fn *fn,
                      void *context)
{
    if (text.len)
        fn(context, is_thinking, text);
}

/* Each step looks at what is held, moves the state, and returns the bytes that
 * are done with. A step that returns 0 and keeps the state waits for more. */
static size_t step_start(struct think *think, struct slice text)
{
    size_t blanks = count_blanks(text);
    struct slice rest = slice_skip(text, blanks);
    if (blanks > THINK_BLANKS_MAX) {
        think->state = THINK_OUTSIDE;
        return 0;
    }
    bool may_be_tag = false;
    for (size_t i = 0; i < COUNTOF(tags); i++) {
        size_t len = strlen(tags[i].opening);
        if (slice_starts(rest, tags[i].opening)) {
            think->closing = tags[i].closing;
            think->state = THINK_OPENED;
            return blanks + len;
        }
        may_be_tag |= rest.len < len && !strncmp(rest.ptr ? rest.ptr : "",
                                                 tags[i].opening, rest.len);
    }
    if (!may_be_tag)
        think->state = THINK_OUTSIDE;
    return 0;
}

static size_t step_inside(struct think *think, struct slice text, think_fn *fn,
                          void *context)
{
    ptrdiff_t end = slice_find(text, think->closing);
    if (end >= 0) {
        struct slice before = { text.ptr, (size_t)end };
        before.len -= count_last_blanks(before);
        hand_over(before, true, fn, context);
        think->state = THINK_CLOSED;
        return (size_t)end + strlen(think->closing);
    }
    struct slice known = text;
    known.len -= partial_tag(known, think->closing);
    known.len -= count_last_blanks(known);
    hand_over(known, true, fn, context);
    return known.len;
}

static size_t step_blanks(struct think *think, struct slice text,
                          enum think_state next)
{
    size_t blanks = count_blanks(text);
    if (blanks < text.len)
        think->state = next;
    return blanks;
}

static size_t step(struct think *think, struct slice text, think_fn *fn,
                   void *context)
{
    switch (think->state) {
    case THINK_START: return step_start(think, text);
    case THINK_OPENED: return step_blanks(think, text, THINK_INSIDE);
    case THINK_INSIDE: return step_inside(think, text, fn, context);
    case THINK_CLOSED: return step_blanks(think, text, THINK_OUTSIDE);
    case THINK_OUTSIDE: break;
    }
    hand_over(text, false, fn, context);
    return text.len;
}

void think_feed(struct think *think, struct slice text, think_fn *fn,
                void *context)
{
    if (think->state == THINK_OUTSIDE) {
        hand_over(text, false, fn, context);
        return;
    }
    buf_append_slice(&think->held, text);
    size_t used = 0;
    for (;;) {
        enum think_state before = think->state;
        struct slice rest = slice_skip(buf_slice(&think->held), used);
        size_t done = step(think, rest, fn, context);
        used += done;
        if (think->state == before)
            break;
    }
    buf_consume(&think->held, used);
}

void think_flush(struct think *think, think_fn *fn, void *context)
{
    bool is_thinking = think->state == THINK_INSIDE;
    hand_over(buf_slice(&think->held), is_thinking, fn, context);
    buf_reset(&think->held);
    if (think->state == THINK_START)
        think->state = THINK_OUTSIDE;
}

void think_clear(struct think *think)
{
    buf_clear(&think->held);
}
