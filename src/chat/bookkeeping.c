/* SPDX-License-Identifier: MIT */
#include "chat/bookkeeping.h"

#include <math.h>

#include "base/clock.h"
#include "chat/chat_state.h"
#include "chat/climbing.h"
#include "store/ledger.h"

/* Of the ladder, from 1; 0: the route stands on none. */
static int32_t rung_of(struct chat *chat)
{
    size_t rung =
        climbing_rung_of(chat, chat->route.endpoint->name, chat->route.model);
    bool is_one = rung < router_rung_count(chat->setup.settings);
    return is_one ? (int32_t)rung + 1 : 0;
}

/* What answers questions about this program is nobody's server. */
static bool is_counted(const struct chat *chat)
{
    return chat->setup.ledger && !chat->route.endpoint->dialect->is_builtin;
}

static void enter(struct chat *chat, const struct ledger_sum *sum,
                  uint32_t reservation)
{
    ledger_add(chat->setup.ledger, &(struct ledger_entry){
                                       .at = clock_wall_ms(),
                                       .endpoint = chat->route.endpoint->name,
                                       .model = chat->route.model,
                                       .is_vendor = chat->route.is_vendor,
                                       .rung = rung_of(chat),
                                       .reservation = reservation,
                                       .sum = *sum,
                                   });
}

/* What the server takes otherwise, or as soon as its model is there, has not
 * failed. */
static void add_outcome(struct ledger_sum *sum, const struct attempt *attempt,
                        const struct answer_result *result)
{
    bool is_passing = result && (result->refused || result->is_model_loading) &&
                      !attempt->first_delta_at;
    if (attempt->state == ATTEMPT_COMPLETE)
        sum->figures[LEDGER_ANSWERS] = 1;
    else if (attempt->state == ATTEMPT_ABORTED)
        sum->figures[LEDGER_STOPPED] = 1;
    else if (!is_passing)
        sum->figures[LEDGER_FAILURES] = 1;
}

static int64_t known(int64_t count)
{
    return count > 0 ? count : 0;
}

/* Where no server counted it is estimated, and marked so. */
static void add_tokens(const struct chat *chat, struct ledger_sum *sum,
                       const struct attempt *attempt)
{
    const struct usage *usage = &attempt->usage;
    bool is_estimated = attempt->first_delta_at && usage->output < 0;
    int64_t *figures = sum->figures;
    figures[LEDGER_INPUT] = known(usage->input);
    figures[LEDGER_OUTPUT] = known(usage->output);
    figures[LEDGER_CACHED] = known(usage->cached);
    figures[LEDGER_REASONING] = known(usage->reasoning);
    figures[LEDGER_ESTIMATED] = is_estimated;
    if (is_estimated)
        figures[LEDGER_OUTPUT] = (int64_t)counting_answer_tokens(chat, attempt);
    if (is_estimated && usage->input < 0)
        figures[LEDGER_INPUT] = (int64_t)counting_tokens(chat, &chat->route);
}

void bookkeeping_note_attempt(struct chat *chat,
                              const struct answer_result *result)
{
    const struct attempt *attempt =
        graph_attempt(chat->conversation.graph, chat->run, chat->attempt);
    struct ledger_sum sum = { 0 };
    if (!attempt || !is_counted(chat))
        return;
    add_outcome(&sum, attempt, result);
    add_tokens(chat, &sum, attempt);
    if (attempt->first_delta_at)
        ledger_sum_add_time(&sum,
                            attempt->first_delta_at - attempt->started_at);
    double cost = attempt->usage.cost >= 0 ? attempt->usage.cost
                                           : attempt->estimated_cost;
    if (cost > 0)
        sum.figures[LEDGER_COST] = llround(cost * (double)LEDGER_DOLLAR);
    else if (cost < 0)
        sum.figures[LEDGER_UNPRICED] =
            attempt->is_vendor && attempt->first_delta_at;
    enter(chat, &sum, reserving_hand_over(chat));
}

void bookkeeping_note_change(struct chat *chat)
{
    struct ledger_sum sum = { 0 };
    if (!is_counted(chat))
        return;
    sum.figures[chat->doubted_id ? LEDGER_ESCALATIONS : LEDGER_FALLBACKS] = 1;
    enter(chat, &sum, 0);
}
