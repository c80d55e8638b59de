/* SPDX-License-Identifier: MIT */
#include "app/answer_guard.h"

void answer_guard_show(struct answer_guard *guard, uint64_t subject)
{
    if (guard->subject != subject)
        *guard = (struct answer_guard){ .subject = subject };
}

void answer_guard_drawn(struct answer_guard *guard, int64_t now)
{
    if (!guard->subject || guard->is_drawn)
        return;
    guard->is_drawn = true;
    guard->since = now;
}

bool answer_guard_takes(struct answer_guard *guard, int64_t now)
{
    bool takes = guard->is_drawn && now - guard->since >= ANSWER_GUARD_MS;
    if (!takes)
        guard->since = now;
    return takes;
}

bool answer_guard_confirms(struct answer_guard *guard, int answer,
                           const struct answer_doubt *doubt, int64_t now)
{
    bool has_doubt = doubt->unseen || doubt->has_hidden || doubt->others;
    bool was_told = guard->told == answer && guard->unseen == doubt->unseen &&
                    guard->others == doubt->others;
    if (!has_doubt || was_told)
        return true;
    guard->told = answer;
    guard->unseen = doubt->unseen;
    guard->others = doubt->others;
    guard->since = now;
    return false;
}
