/* SPDX-License-Identifier: MIT */
#include "chat/learning.h"

#include "base/clock.h"
#include "chat/chat_preferences.h"

static const char area[] = "threshold";

static double own_threshold(const struct chat *chat)
{
    return settings_number(chat->setup.settings, "routing.threshold",
                           LADDER_THRESHOLD);
}

static bool is_on(const struct chat *chat)
{
    return settings_flag(chat->setup.settings, "routing.learn", true);
}

/* What is kept must not be replaced by who has not read it. */
bool learning_counts(const struct chat *chat, const char **why)
{
    *why = !is_on(chat)         ? "routing.learn is false"
           : !chat->setup.state ? "nothing is kept"
           : !state_is_read(chat->setup.state)
               ? "what was learnt before is not read yet"
               : NULL;
    return !*why;
}

const char *learning_profile(const struct chat *chat)
{
    return chat->setup.profile ? chat->setup.profile : "default";
}

/* What was learnt beside another threshold says nothing of this one. */
static void recall(const struct chat *chat, struct lesson *lesson)
{
    double own = own_threshold(chat);
    const struct state_note *note =
        state_note(chat->setup.state, area, learning_profile(chat));
    if (!note || !lesson_parse(lesson, note->text) || lesson->own < own ||
        lesson->own > own)
        *lesson = (struct lesson){ .own = own };
}

void learning_recall(const struct chat *chat, struct lesson *lesson)
{
    *lesson = (struct lesson){ .own = own_threshold(chat) };
    if (is_on(chat))
        recall(chat, lesson);
}

static void keep(const struct chat *chat, const struct lesson *lesson)
{
    struct buf text = { 0 };
    lesson_format(lesson, &text);
    state_set_note(chat->setup.state, area, learning_profile(chat), 0,
                   buf_string(&text));
    buf_clear(&text);
}

void learning_change(struct chat *chat, enum vote vote, enum vote taken_back,
                     int64_t at, struct buf *words)
{
    struct lesson lesson;
    recall(chat, &lesson);
    if (at >= lesson.since)
        lesson_count(&lesson, taken_back, -1);
    if (!lesson.since || !(lesson.higher + lesson.lower))
        lesson.since = clock_wall_ms();
    lesson_count(&lesson, vote, 1);
    keep(chat, &lesson);
    lesson_words(&lesson, lesson.own, words);
}

/* What is not read yet is replaced all the same. */
void chat_unlearn(struct chat *chat, struct buf *words)
{
    const struct state *state = chat->setup.state;
    struct lesson lesson;
    recall(chat, &lesson);
    bool forgets =
        lesson.higher || lesson.lower || (state && !state_is_read(state));
    if (forgets)
        keep(chat, &(struct lesson){ .own = lesson.own });
    buf_printf(words, "%s; the threshold is %.2f%s, as the profile says",
               forgets ? "forgotten" : "nothing was learnt", lesson.own,
               forgets ? " again" : "");
}
