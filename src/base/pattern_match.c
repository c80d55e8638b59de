/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/memory.h"
#include "base/pattern.h"
#include "base/utf8.h"

/* Before the start, behind the end. */
static const uint32_t NO_CHARACTER = UINT32_MAX;

/* Places in the program, each at most once: a sparse set. */
struct threads {
    uint32_t *places;
    uint32_t *index;
    uint32_t count;
};

struct match {
    const struct pattern *pattern;
    struct threads now, next;
    uint32_t *stack; /* places that are still to be added */
    uint32_t before, after;
    uint64_t *left;
    bool is_found;
};

static bool takes(const struct match *match, const struct pattern_step *at,
                  uint32_t character)
{
    switch (at->opcode) {
    case PATTERN_CHARACTER: return character == at->character;
    case PATTERN_DOT: return !pattern_is_line_end(character);
    case PATTERN_CLASS:
        return pattern_class_has(&match->pattern->classes.items[at->character],
                                 character);
    default: return false;
    }
}

static bool is_at_edge(const struct match *match)
{
    return pattern_is_word(match->before) != pattern_is_word(match->after);
}

static bool add_place(struct threads *threads, uint32_t place)
{
    uint32_t slot = threads->index[place];
    if (slot < threads->count && threads->places[slot] == place)
        return false;
    threads->index[place] = threads->count;
    threads->places[threads->count++] = place;
    return true;
}

/* Push where a place leads without a character; returns the new height. */
static size_t follow(struct match *match, uint32_t place, size_t height)
{
    const struct pattern_step *at = &match->pattern->program.items[place];
    bool goes_on = false;
    switch (at->opcode) {
    case PATTERN_SPLIT:
        match->stack[height++] = place + (uint32_t)at->second;
        match->stack[height++] = place + (uint32_t)at->first;
        return height;
    case PATTERN_JUMP:
        match->stack[height++] = place + (uint32_t)at->first;
        return height;
    case PATTERN_START: goes_on = match->before == NO_CHARACTER; break;
    case PATTERN_END: goes_on = match->after == NO_CHARACTER; break;
    case PATTERN_EDGE: goes_on = is_at_edge(match); break;
    case PATTERN_NOT_EDGE: goes_on = !is_at_edge(match); break;
    case PATTERN_MATCH: match->is_found = true; break;
    default: break;
    }
    if (goes_on)
        match->stack[height++] = place + 1;
    return height;
}

static void add_thread(struct match *match, struct threads *threads,
                       uint32_t place)
{
    size_t height = 0;
    match->stack[height++] = place;
    while (height && *match->left) {
        place = match->stack[--height];
        --*match->left;
        if (add_place(threads, place))
            height = follow(match, place, height);
    }
}

/* All threads take the character after which `before` and `after` look. */
static void step(struct match *match, uint32_t character)
{
    const struct pattern_step *program = match->pattern->program.items;
    match->next.count = 0;
    for (uint32_t i = 0; i < match->now.count && *match->left; i++) {
        uint32_t place = match->now.places[i];
        --*match->left;
        if (takes(match, &program[place], character))
            add_thread(match, &match->next, place + 1);
    }
    struct threads now = match->now;
    match->now = match->next;
    match->next = now;
}

static uint32_t look(struct slice text, size_t *len)
{
    uint32_t character = NO_CHARACTER;
    *len = text.len ? utf8_decode(text, &character) : 0;
    return character;
}

static void run(struct match *match, struct slice text)
{
    size_t len;
    match->before = NO_CHARACTER;
    match->after = look(text, &len);
    add_thread(match, &match->now, 0);
    while (text.len && !match->is_found && *match->left) {
        uint32_t character = match->after;
        text = slice_skip(text, len);
        match->before = character;
        match->after = look(text, &len);
        step(match, character);
        add_thread(match, &match->now, 0);
    }
}

bool pattern_find(const struct pattern *pattern, struct slice text,
                  uint64_t *left)
{
    size_t count = pattern->program.count;
    /* A place is pushed at most twice for each that is added. */
    uint32_t *storage = memory_zero(6 * count + 2, sizeof *storage);
    struct match match = {
        .pattern = pattern,
        .now = { storage, storage + count, 0 },
        .next = { storage + 2 * count, storage + 3 * count, 0 },
        .stack = storage + 4 * count,
        .left = left,
    };
    run(&match, text);
    free(storage);
    return match.is_found && *left;
}
