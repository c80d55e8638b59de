/* SPDX-License-Identifier: MIT */
#include "chat/answer_look.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/compiler.h"
#include "base/json.h"
#include "chat/arithmetic.h"

enum {
    NUMBERS_MAX = 64,  /* of the question */
    SHOWN_MAX = 60,    /* bytes of a calculation in a sentence */
    LOOP_TIMES = 6,    /* the same line or piece, one after another */
    PIECE_MAX = 200,   /* bytes of one that is repeated */
    OPENING_MAX = 200, /* a refusal says so at once */
};
static const double weight = 8, unused_weight = 25, unused_most = 9;
static const double unsure_most = 1. / 3;

const char *answer_fault_name(enum answer_fault fault)
{
    static const char *const names[] = {
        [FAULT_EMPTY] = "empty",
        [FAULT_REFUSAL] = "refusal",
        [FAULT_CUT] = "cut",
        [FAULT_LOOP] = "loop",
        [FAULT_BAD_JSON] = "bad_json",
        [FAULT_BAD_ARITHMETIC] = "bad_arithmetic",
        [FAULT_OPEN_FENCE] = "open_fence",
        [FAULT_HEDGE] = "hedge",
        [FAULT_UNUSED] = "unused",
        [FAULT_FRACTION] = "fraction",
        [FAULT_LOW_LOGPROBS] = "low_logprobs",
    };
    return names[fault];
}

struct look {
    const struct answer_question *question;
    struct answer_look *result;
    struct buf *words;
    double last; /* number of the answer */
    bool has_last, has_calculated;
};

static void find(struct look *look, enum answer_fault fault, double suspicion,
                 const char *words)
{
    if (look->result->has[fault])
        return;
    look->result->has[fault] = true;
    look->result->suspicion += suspicion;
    buf_printf(look->words, "%s\n", words);
}

static void on_calculation(void *context, const struct calculation *found)
{
    struct look *look = context;
    struct buf words = { 0 };
    look->has_calculated = true;
    if (found->is_right)
        return;
    size_t len = found->text.len < SHOWN_MAX ? found->text.len : SHOWN_MAX;
    buf_printf(&words, "%.*s is wrong: it is %.10g", (int)len, found->text.ptr,
               found->value);
    find(look, FAULT_BAD_ARITHMETIC, weight, buf_string(&words));
    buf_clear(&words);
}

/* A word of the list, as a whole word, whatever the case. */
static bool has_words(struct slice text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct slice word = slice_of(list[i]);
        for (size_t at = 0; at + word.len <= text.len; at++) {
            bool is_start =
                at == 0 || !isalnum((unsigned char)text.ptr[at - 1]);
            bool is_end = at + word.len == text.len ||
                          !isalnum((unsigned char)text.ptr[at + word.len]);
            if (is_start && is_end &&
                !strncasecmp(text.ptr + at, word.ptr, word.len))
                return true;
        }
    }
    return false;
}

static void look_for_refusal(struct look *look)
{
    static const char *const openings[] = {
        "I can't help",       "I cannot help",
        "I can't assist",     "I cannot assist",
        "I'm unable to",      "I am unable to",
        "I'm not able to",    "I am not able to",
        "I cannot provide",   "I can't provide",
        "I won't be able to", "I must decline",
        "as an AI",           "I cannot fulfill",
        "I can't fulfill",    "I don't have access",
        "I cannot answer",    "I can't answer",
    };
    struct slice opening = look->question->answer;
    if (opening.len > OPENING_MAX)
        opening.len = OPENING_MAX;
    if (look->question->is_refusal ||
        has_words(opening, openings, COUNTOF(openings)))
        find(look, FAULT_REFUSAL, weight, "it refuses");
}

static void look_for_hedges(struct look *look)
{
    static const char *const hedges[] = {
        "wait",       "actually",      "sorry",
        "mistake",    "apologize",     "apologies",
        "not sure",   "unclear",       "not enough information",
        "impossible", "not possible",  "contradiction",
        "cannot",     "can't",         "doesn't make sense",
        "I think",    "it seems",      "assume",
        "assuming",   "approximately", "however",
        "error",      "correction",    "let x",
        "should be",  "must be",       "unknown",
    };
    if (has_words(look->question->answer, hedges, COUNTOF(hedges)))
        find(look, FAULT_HEDGE, weight, "it hedges, or takes something back");
}

/* One line, or any piece, again and again at the end. */
static bool ends_in_loop(struct slice text)
{
    for (size_t len = 1; len <= PIECE_MAX && len * LOOP_TIMES <= text.len;
         len++) {
        const char *last = text.ptr + text.len - len;
        int times = 1;
        while (times < LOOP_TIMES &&
               !memcmp(last - len * (size_t)times, last, len))
            times++;
        bool is_long = len * LOOP_TIMES >= 4 * LOOP_TIMES;
        if (times == LOOP_TIMES && is_long)
            return true;
    }
    return false;
}

static void look_for_loop(struct look *look)
{
    if (ends_in_loop(slice_trim(look->question->answer)))
        find(look, FAULT_LOOP, weight, "it repeats itself");
}

/* Where JSON is spoken of, a fence that says so holds some, and where it was
 * ordered there is some. (What only asks about JSON is a question.) */
static bool has_bad_json(const struct answer_question *question)
{
    static const char *const orders[] = {
        "as JSON",     "in JSON",    "als JSON",  "en JSON",
        "JSON object", "JSON array", "JSON list",
    };
    static const char *const subject[] = { "JSON" };
    struct slice answer = question->answer;
    ptrdiff_t start = slice_find(answer, "```json");
    if (!has_words(question->prompt, subject, COUNTOF(subject)))
        return false;
    if (start >= 0) {
        struct error ignored = { 0 };
        struct slice body = slice_skip(answer, (size_t)start + 7);
        ptrdiff_t end = slice_find(body, "```");
        json_t *value =
            end < 0
                ? NULL
                : json_parse((struct slice){ body.ptr, (size_t)end }, &ignored);
        json_decref(value);
        return end >= 0 && !value;
    }
    return slice_find(question->prompt, "?") < 0 &&
           has_words(question->prompt, orders, COUNTOF(orders)) &&
           slice_find(answer, "{") < 0 && slice_find(answer, "[") < 0;
}

static bool has_open_fence(struct slice text)
{
    struct slice line;
    bool is_open = false;
    while (slice_next_line(&text, &line))
        is_open ^= slice_starts(slice_trim(line), "```");
    return is_open;
}

/* A sentence that has no end: neither a stop nor what closes one. */
static bool ends_nowhere(struct slice text)
{
    static const char ends[] = ".!?)]}\"'`*|>:;$%";
    text = slice_trim(text);
    struct slice last = text;
    for (size_t i = text.len; i > 0; i--)
        if (text.ptr[i - 1] == '\n') {
            last = slice_skip(text, i);
            break;
        }
    unsigned char c = (unsigned char)text.ptr[text.len - 1];
    /* A last line of its own, as a list or a result has it, is one. */
    bool is_list = slice_starts(last, "#") || slice_starts(last, "-") ||
                   slice_starts(last, "*") || slice_starts(last, "|");
    bool is_short = last.len == text.len && text.len < OPENING_MAX / 4;
    return c < 0x80 && !strchr(ends, c) && !is_list && !is_short;
}

static void look_for_cut(struct look *look)
{
    struct slice answer = look->question->answer;
    bool is_open = has_open_fence(answer);
    if (look->question->is_cut)
        find(look, FAULT_CUT, weight, "it was cut off");
    else if (is_open)
        find(look, FAULT_OPEN_FENCE, weight, "a block of code has no end");
    else if (ends_nowhere(answer))
        find(look, FAULT_CUT, weight, "it ends in the middle of a sentence");
}

struct numbers {
    double values[NUMBERS_MAX];
    bool is_used[NUMBERS_MAX];
    size_t count;
};

static void add_number(struct numbers *numbers, double value)
{
    for (size_t i = 0; i < numbers->count; i++)
        if (numbers->values[i] == value)
            return;
    if (numbers->count < NUMBERS_MAX)
        numbers->values[numbers->count++] = value;
}

static void use_number(struct numbers *numbers, double value)
{
    for (size_t i = 0; i < numbers->count; i++)
        numbers->is_used[i] |= numbers->values[i] == value;
}

/* Calls for each number of a text. */
static void each_number(struct slice text, struct numbers *numbers,
                        void (*fn)(struct numbers *numbers, double value),
                        struct look *look)
{
    for (size_t at = 0; at < text.len;) {
        double value;
        size_t len = arithmetic_number(slice_skip(text, at), &value);
        if (len) {
            fn(numbers, value);
            if (look) {
                look->last = value;
                look->has_last = true;
            }
        }
        at += len ? len : 1;
    }
}

/* Only where something is calculated at all. */
static void look_for_unused(struct look *look)
{
    struct numbers numbers = { 0 };
    size_t unused = 0;
    struct buf words = { 0 };
    each_number(look->question->prompt, &numbers, add_number, NULL);
    each_number(look->question->answer, &numbers, use_number, look);
    for (size_t i = 0; i < numbers.count; i++)
        unused += !numbers.is_used[i];
    if (!unused || !look->has_calculated)
        return;
    double suspicion = unused_weight * (double)unused / (double)numbers.count;
    buf_printf(&words, "of the question's %zu numbers it does not use %zu",
               numbers.count, unused);
    find(look, FAULT_UNUSED, fmin(suspicion, unused_most), buf_string(&words));
    buf_clear(&words);
}

static void look_for_fraction(struct look *look)
{
    static const char *const questions[] = { "how many" };
    if (look->has_last && look->has_calculated &&
        look->last != floor(look->last) &&
        has_words(look->question->prompt, questions, COUNTOF(questions)))
        find(look, FAULT_FRACTION, weight, "it is no whole number of them");
}

/* Sampling takes an unlikely word now and then; of an answer that the model
 * knows fewer than a third are less likely than not. */
static void look_for_doubt(struct look *look)
{
    const struct confidence *confidence = look->question->confidence;
    struct buf words = { 0 };
    if (!confidence || confidence_unsure(confidence) < unsure_most)
        return;
    buf_printf(&words,
               "the model was not sure of %.0f %% of its words (logprobs)",
               100 * confidence_unsure(confidence));
    find(look, FAULT_LOW_LOGPROBS, weight, buf_string(&words));
    buf_clear(&words);
}

void answer_look_at(const struct answer_question *question,
                    struct answer_look *result, struct buf *words)
{
    struct look look = { .question = question,
                         .result = result,
                         .words = words };
    if (!slice_trim(question->answer).len) {
        find(&look, FAULT_EMPTY, weight, "it is empty");
        return;
    }
    look_for_refusal(&look);
    if (question->wants_json || has_bad_json(question))
        find(&look, FAULT_BAD_JSON, weight, "it is not the JSON asked for");
    look_for_loop(&look);
    look_for_cut(&look);
    arithmetic_check(question->answer, on_calculation, &look);
    look_for_hedges(&look);
    look_for_unused(&look);
    look_for_fraction(&look);
    look_for_doubt(&look);
}
