/* SPDX-License-Identifier: MIT */
#include "base/pattern.h"

#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

enum { REPEAT_MAX = PATTERN_PROGRAM_MAX, REPEAT_UNBOUNDED = -1 };

struct compiler {
    struct pattern *pattern;
    struct slice rest; /* of the source */
    int depth;
    struct error *err;
};

/* {least, most} */
struct repetition {
    int32_t least, most;
};

static bool parse_alternatives(struct compiler *compiler);

static bool refuse(struct compiler *compiler, const char *why)
{
    return error_set(compiler->err, ERROR_CONFIG, "%s", why);
}

static bool exceed(struct compiler *compiler)
{
    return error_set(compiler->err, ERROR_LIMIT, "is too large");
}

static bool take(struct compiler *compiler, const char *text)
{
    if (!slice_starts(compiler->rest, text))
        return false;
    compiler->rest = slice_skip(compiler->rest, strlen(text));
    return true;
}

static size_t here(const struct compiler *compiler)
{
    return compiler->pattern->program.count;
}

static bool emit(struct compiler *compiler, struct pattern_step step)
{
    if (here(compiler) >= PATTERN_PROGRAM_MAX)
        return exceed(compiler);
    *array_add(&compiler->pattern->program) = step;
    return true;
}

/* Put a step before what begins at `start`. */
static bool insert(struct compiler *compiler, size_t start,
                   struct pattern_step step)
{
    if (!emit(compiler, step))
        return false;
    struct pattern_step *at = compiler->pattern->program.items + start;
    memmove(at + 1, at, (here(compiler) - 1 - start) * sizeof *at);
    *at = step;
    return true;
}

static struct pattern_step split(size_t second)
{
    return (struct pattern_step){ PATTERN_SPLIT, 1, (int32_t)second, 0 };
}

static struct pattern_step jump(ptrdiff_t target)
{
    return (struct pattern_step){ PATTERN_JUMP, (int32_t)target, 0, 0 };
}

static bool copy(struct compiler *compiler, size_t start, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (!emit(compiler, compiler->pattern->program.items[start + i]))
            return false;
    }
    return true;
}

static bool make_optional(struct compiler *compiler, size_t start)
{
    return insert(compiler, start, split(here(compiler) - start + 1));
}

static bool make_endless(struct compiler *compiler, size_t start)
{
    ptrdiff_t len = (ptrdiff_t)(here(compiler) - start);
    return insert(compiler, start, split((size_t)len + 2)) &&
           emit(compiler, jump(-len - 1));
}

/* What begins at `start` becomes as many of it as asked for. */
static bool repeat(struct compiler *compiler, size_t start,
                   struct repetition repetition)
{
    size_t len = here(compiler) - start;
    int32_t copies = repetition.most == REPEAT_UNBOUNDED ? repetition.least + 1
                                                         : repetition.most;
    if (copies == 0)
        compiler->pattern->program.count = start;
    /* The first stays plain until it has been copied from. */
    for (int32_t i = 1; len && i < copies; i++) {
        size_t at = here(compiler);
        if (!copy(compiler, start, len))
            return false;
        bool is_endless =
            repetition.most == REPEAT_UNBOUNDED && i == repetition.least;
        if (is_endless && !make_endless(compiler, at))
            return false;
        bool is_optional = !is_endless && i >= repetition.least;
        if (is_optional && !make_optional(compiler, at))
            return false;
    }
    if (copies == 0 || repetition.least > 0)
        return true;
    return repetition.most == REPEAT_UNBOUNDED ? make_endless(compiler, start)
                                               : make_optional(compiler, start);
}

static bool take_number(struct slice *rest, int32_t *number)
{
    struct slice digits = *rest;
    int32_t value = 0;
    while (digits.len && digits.ptr[0] >= '0' && digits.ptr[0] <= '9') {
        value = value * 10 + (digits.ptr[0] - '0');
        value = value > REPEAT_MAX ? REPEAT_MAX : value;
        digits = slice_skip(digits, 1);
    }
    if (digits.len == rest->len)
        return false;
    *rest = digits;
    *number = value;
    return true;
}

/* {2} {2,} {2,5}; anything else in braces means itself. */
static bool take_braces(struct compiler *compiler,
                        struct repetition *repetition)
{
    struct slice inside = slice_skip(compiler->rest, 1);
    if (!take_number(&inside, &repetition->least))
        return false;
    repetition->most = repetition->least;
    if (slice_starts(inside, ",")) {
        inside = slice_skip(inside, 1);
        if (!take_number(&inside, &repetition->most))
            repetition->most = REPEAT_UNBOUNDED;
    }
    if (!slice_starts(inside, "}"))
        return false;
    compiler->rest = slice_skip(inside, 1);
    return true;
}

static bool take_repetition(struct compiler *compiler,
                            struct repetition *repetition)
{
    *repetition = (struct repetition){ 0, REPEAT_UNBOUNDED };
    if (slice_starts(compiler->rest, "{"))
        return take_braces(compiler, repetition);
    if (take(compiler, "*"))
        return true;
    repetition->least = 1;
    if (take(compiler, "+"))
        return true;
    *repetition = (struct repetition){ 0, 1 };
    return take(compiler, "?");
}

/* How greedy it is does not change whether a text matches. */
static bool parse_repetition(struct compiler *compiler, size_t start)
{
    struct repetition repetition;
    if (!take_repetition(compiler, &repetition))
        return true;
    take(compiler, "?");
    if (repetition.most >= 0 && repetition.most < repetition.least)
        return refuse(compiler, "has a {range} that is reversed");
    if (take_repetition(compiler, &(struct repetition){ 0 }))
        return refuse(compiler, "repeats a repetition");
    return repeat(compiler, start, repetition);
}

static bool parse_group(struct compiler *compiler)
{
    if (take(compiler, "?=") || take(compiler, "?!") || take(compiler, "?<=") ||
        take(compiler, "?<!"))
        return refuse(compiler, "looks ahead or behind, which is not possible "
                                "here");
    if (take(compiler, "?<")) {
        ptrdiff_t end = slice_find(compiler->rest, ">");
        if (end < 0)
            return refuse(compiler, "has a group without the end of its name");
        compiler->rest = slice_skip(compiler->rest, (size_t)end + 1);
    } else if (slice_starts(compiler->rest, "?") && !take(compiler, "?:")) {
        return refuse(compiler, "has an unknown kind of group");
    }
    if (++compiler->depth > PATTERN_DEPTH_MAX)
        return exceed(compiler);
    bool is_parsed = parse_alternatives(compiler);
    compiler->depth--;
    if (!is_parsed)
        return false;
    return take(compiler, ")") || refuse(compiler, "has a ( without its )");
}

/* Emit a step for a class, which the pattern then owns. */
static bool emit_class(struct compiler *compiler, struct pattern_class *set)
{
    struct pattern *pattern = compiler->pattern;
    uint32_t single;
    if (pattern_class_single(set, &single)) {
        pattern_class_clear(set);
        return emit(compiler,
                    (struct pattern_step){ PATTERN_CHARACTER, 0, 0, single });
    }
    *array_add(&pattern->classes) = *set;
    uint32_t index = (uint32_t)(pattern->classes.count - 1);
    return emit(compiler, (struct pattern_step){ PATTERN_CLASS, 0, 0, index });
}

static bool parse_class(struct compiler *compiler, bool is_escape)
{
    struct pattern_class set = { 0 };
    bool is_parsed =
        is_escape ? pattern_class_escape(&set, &compiler->rest, compiler->err)
                  : pattern_class_parse(&set, &compiler->rest, compiler->err);
    if (is_parsed)
        return emit_class(compiler, &set);
    pattern_class_clear(&set);
    return false;
}

static bool parse_escape(struct compiler *compiler)
{
    if (take(compiler, "b"))
        return emit(compiler, (struct pattern_step){ .opcode = PATTERN_EDGE });
    if (take(compiler, "B"))
        return emit(compiler,
                    (struct pattern_step){ .opcode = PATTERN_NOT_EDGE });
    char letter = compiler->rest.len ? compiler->rest.ptr[0] : '\0';
    if (letter == 'k' || (letter >= '1' && letter <= '9'))
        return refuse(compiler,
                      "refers back to a group, which is not possible here");
    return parse_class(compiler, true);
}

static bool parse_character(struct compiler *compiler)
{
    uint32_t character;
    size_t len = utf8_decode(compiler->rest, &character);
    if (strchr("*+?", (int)compiler->rest.ptr[0]) && character)
        return refuse(compiler, "repeats nothing");
    compiler->rest = slice_skip(compiler->rest, len);
    return emit(compiler,
                (struct pattern_step){ PATTERN_CHARACTER, 0, 0, character });
}

static bool parse_term(struct compiler *compiler)
{
    size_t start = here(compiler);
    bool is_parsed = false;
    if (take(compiler, "^"))
        return emit(compiler, (struct pattern_step){ .opcode = PATTERN_START });
    if (take(compiler, "$"))
        return emit(compiler, (struct pattern_step){ .opcode = PATTERN_END });
    if (take(compiler, "("))
        is_parsed = parse_group(compiler);
    else if (take(compiler, "["))
        is_parsed = parse_class(compiler, false);
    else if (take(compiler, "\\"))
        is_parsed = parse_escape(compiler);
    else if (take(compiler, "."))
        is_parsed =
            emit(compiler, (struct pattern_step){ .opcode = PATTERN_DOT });
    else
        is_parsed = parse_character(compiler);
    return is_parsed && parse_repetition(compiler, start);
}

static bool parse_sequence(struct compiler *compiler)
{
    while (compiler->rest.len && compiler->rest.ptr[0] != '|' &&
           compiler->rest.ptr[0] != ')') {
        if (!parse_term(compiler))
            return false;
    }
    return true;
}

static bool parse_alternatives(struct compiler *compiler)
{
    size_t start = here(compiler);
    if (!parse_sequence(compiler))
        return false;
    if (!take(compiler, "|"))
        return true;
    if (!insert(compiler, start, split(here(compiler) - start + 2)))
        return false;
    size_t at = here(compiler);
    if (!emit(compiler, jump(0)) || !parse_alternatives(compiler))
        return false;
    compiler->pattern->program.items[at] =
        jump((ptrdiff_t)(here(compiler) - at));
    return true;
}

static bool compile(struct compiler *compiler)
{
    if (!parse_alternatives(compiler))
        return false;
    if (compiler->rest.len)
        return refuse(compiler, "has a ) without its (");
    return emit(compiler, (struct pattern_step){ .opcode = PATTERN_MATCH });
}

struct pattern *pattern_new(struct slice source, struct error *err)
{
    struct pattern *pattern = memory_zero(1, sizeof *pattern);
    struct compiler compiler = { pattern, source, 0, err };
    if (compile(&compiler))
        return pattern;
    pattern_free(pattern);
    return NULL;
}

void pattern_free(struct pattern *pattern)
{
    if (!pattern)
        return;
    for (size_t i = 0; i < pattern->classes.count; i++)
        pattern_class_clear(&pattern->classes.items[i]);
    array_clear(&pattern->classes);
    array_clear(&pattern->program);
    free(pattern);
}
