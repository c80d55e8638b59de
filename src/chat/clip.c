/* SPDX-License-Identifier: MIT */
#include "chat/clip.h"

#include <inttypes.h>

#include "chat/fit.h"
#include "llm/ollama.h"

static uint64_t two_thirds(uint64_t tokens)
{
    return tokens / 3 * 2;
}

static uint64_t news_of(const struct clip_facts *facts)
{
    return facts->estimated > facts->estimated_before
               ? facts->estimated - facts->estimated_before
               : 0;
}

static uint64_t least(const struct clip_facts *facts)
{
    return facts->counted_before
               ? facts->counted_before + two_thirds(news_of(facts))
               : two_thirds(facts->estimated);
}

static bool is_cut_by_the_look(const struct clip_facts *facts)
{
    if (facts->counted < CLIP_LEAST)
        return false;
    if (facts->counted_before)
        return facts->counted < facts->counted_before &&
               facts->counted > 2 * news_of(facts);
    return 2 * facts->counted < least(facts);
}

enum clip_verdict clip_judge(const struct clip_facts *facts)
{
    uint64_t window = facts->window;
    if (facts->counted == 0 || (window && facts->counted > window))
        return CLIP_NONE;
    if (window && facts->counted == window)
        return CLIP_CUT;
    if (facts->counted >= least(facts) || least(facts) < CLIP_LEAST)
        return CLIP_NONE;
    if (window)
        return least(facts) > window ? CLIP_CUT : CLIP_NONE;
    if (facts->may_tell)
        return CLIP_ASK;
    return is_cut_by_the_look(facts) ? CLIP_CUT : CLIP_NONE;
}

/* A power of two with room for an answer, as far as the model goes. */
static uint64_t better_window(const struct clip_facts *facts)
{
    uint64_t window = FIT_WINDOW_LEAST;
    while (window < facts->estimated + facts->estimated / 2)
        window *= 2;
    if (facts->trained && window > facts->trained)
        window = facts->trained;
    return window > facts->window ? window : 0;
}

/* No window of the model would hold it: as it tells, or as models go. */
static bool is_beyond(const struct clip_facts *facts)
{
    return facts->estimated >
           (facts->trained ? facts->trained : (uint64_t)CLIP_WINDOW_MOST);
}

static void append_cure(const struct clip_facts *facts,
                        const struct endpoint *endpoint, struct buf *words)
{
    uint64_t window = better_window(facts);
    if (is_beyond(facts)) {
        buf_append_string(words, "; that is too long for the model");
        if (facts->trained)
            buf_printf(words, ", which was made for %" PRIu64, facts->trained);
        buf_append_string(words, ": send less, such as a part of a file");
    } else if (endpoint->dialect != &dialect_ollama) {
        buf_append_string(words, "; start the server with a larger window");
    } else if (window) {
        buf_printf(words, "; endpoints.%s.num_ctx: %" PRIu64 " holds it",
                   endpoint->name, window);
    }
    buf_append_string(words,
                      "; or take a model with a larger window (/model), or "
                      "begin anew (/new)");
}

void clip_words(const struct clip_facts *facts, const struct endpoint *endpoint,
                struct error *err)
{
    struct buf words = { 0 };
    buf_printf(&words,
               "the front of the conversation was cut off: %s has read %" PRIu64
               " of about %" PRIu64 " tokens",
               endpoint->name, facts->counted,
               facts->estimated > least(facts) ? facts->estimated
                                               : least(facts));
    if (facts->window)
        buf_printf(&words, ", its window is %" PRIu64, facts->window);
    append_cure(facts, endpoint, &words);
    error_set(err, ERROR_LIMIT, "%s", buf_string(&words));
    buf_clear(&words);
}
