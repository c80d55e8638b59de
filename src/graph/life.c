/* SPDX-License-Identifier: MIT */
#include "graph/life.h"

#include <assert.h>

#include "base/compiler.h"

/*
 * A table says for each living state and input which state comes next; what it
 * does not say is illegal. Terminal states have no rows: they take nothing.
 */
#define TO(state) ((state) + 1)
enum { ILLEGAL = 0 };

enum {
    RUN_LIVING = RUN_COMPLETE,
    ATTEMPT_LIVING = ATTEMPT_COMPLETE,
    CALL_LIVING = CALL_COMPLETED,
    MODEL_LIVING = MODEL_STATE_COUNT, /* a model can always start again */
};

/* While the user is asked nothing new starts, but what runs may end. */
static const signed char run_table[RUN_LIVING][RUN_INPUT_COUNT] = {
    [RUN_QUEUED][RUN_ON_START] = TO(RUN_ROUTING),
    [RUN_QUEUED][RUN_ON_CUT] = TO(RUN_CUT),
    [RUN_QUEUED][RUN_ON_ERROR] = TO(RUN_ERROR),
    [RUN_QUEUED][RUN_ON_ABORT] = TO(RUN_ABORTED),

    [RUN_ROUTING][RUN_ON_ATTEMPT] = TO(RUN_RUNNING),
    [RUN_ROUTING][RUN_ON_ASK] = TO(RUN_ASKING),
    [RUN_ROUTING][RUN_ON_CUT] = TO(RUN_CUT),
    [RUN_ROUTING][RUN_ON_ERROR] = TO(RUN_ERROR),
    [RUN_ROUTING][RUN_ON_ABORT] = TO(RUN_ABORTED),

    [RUN_RUNNING][RUN_ON_ATTEMPT] = TO(RUN_RUNNING),
    [RUN_RUNNING][RUN_ON_ASK] = TO(RUN_ASKING),
    [RUN_RUNNING][RUN_ON_TOOLS] = TO(RUN_TOOLS),
    [RUN_RUNNING][RUN_ON_COMPLETE] = TO(RUN_COMPLETE),
    [RUN_RUNNING][RUN_ON_CUT] = TO(RUN_CUT),
    [RUN_RUNNING][RUN_ON_ERROR] = TO(RUN_ERROR),
    [RUN_RUNNING][RUN_ON_ABORT] = TO(RUN_ABORTED),

    [RUN_ASKING][RUN_ON_ANSWER] = TO(RUN_RUNNING),
    [RUN_ASKING][RUN_ON_COMPLETE] = TO(RUN_COMPLETE),
    [RUN_ASKING][RUN_ON_CUT] = TO(RUN_CUT),
    [RUN_ASKING][RUN_ON_ERROR] = TO(RUN_ERROR),
    [RUN_ASKING][RUN_ON_ABORT] = TO(RUN_ABORTED),

    [RUN_TOOLS][RUN_ON_ATTEMPT] = TO(RUN_RUNNING),
    [RUN_TOOLS][RUN_ON_ASK] = TO(RUN_ASKING),
    [RUN_TOOLS][RUN_ON_TOOLS] = TO(RUN_TOOLS),
    [RUN_TOOLS][RUN_ON_COMPLETE] = TO(RUN_COMPLETE),
    [RUN_TOOLS][RUN_ON_CUT] = TO(RUN_CUT),
    [RUN_TOOLS][RUN_ON_ERROR] = TO(RUN_ERROR),
    [RUN_TOOLS][RUN_ON_ABORT] = TO(RUN_ABORTED),
};

/* Headers alone change nothing that a user sees: the answer is waited for as
 * before. An answer without a delta may be complete. */
static const signed char attempt_table[ATTEMPT_LIVING][ATTEMPT_INPUT_COUNT] = {
    [ATTEMPT_WAITING][ATTEMPT_ON_START] = TO(ATTEMPT_CONNECTING),
    [ATTEMPT_WAITING][ATTEMPT_ON_CUT] = TO(ATTEMPT_CUT),
    [ATTEMPT_WAITING][ATTEMPT_ON_ERROR] = TO(ATTEMPT_ERROR),
    [ATTEMPT_WAITING][ATTEMPT_ON_ABORT] = TO(ATTEMPT_ABORTED),

    [ATTEMPT_CONNECTING][ATTEMPT_ON_CONNECT] = TO(ATTEMPT_CONNECTING),
    [ATTEMPT_CONNECTING][ATTEMPT_ON_LOAD] = TO(ATTEMPT_LOADING),
    [ATTEMPT_CONNECTING][ATTEMPT_ON_DELTA] = TO(ATTEMPT_STREAMING),
    [ATTEMPT_CONNECTING][ATTEMPT_ON_COMPLETE] = TO(ATTEMPT_COMPLETE),
    [ATTEMPT_CONNECTING][ATTEMPT_ON_CUT] = TO(ATTEMPT_CUT),
    [ATTEMPT_CONNECTING][ATTEMPT_ON_ERROR] = TO(ATTEMPT_ERROR),
    [ATTEMPT_CONNECTING][ATTEMPT_ON_ABORT] = TO(ATTEMPT_ABORTED),

    [ATTEMPT_LOADING][ATTEMPT_ON_CONNECT] = TO(ATTEMPT_LOADING),
    [ATTEMPT_LOADING][ATTEMPT_ON_LOAD] = TO(ATTEMPT_LOADING),
    [ATTEMPT_LOADING][ATTEMPT_ON_DELTA] = TO(ATTEMPT_STREAMING),
    [ATTEMPT_LOADING][ATTEMPT_ON_COMPLETE] = TO(ATTEMPT_COMPLETE),
    [ATTEMPT_LOADING][ATTEMPT_ON_CUT] = TO(ATTEMPT_CUT),
    [ATTEMPT_LOADING][ATTEMPT_ON_ERROR] = TO(ATTEMPT_ERROR),
    [ATTEMPT_LOADING][ATTEMPT_ON_ABORT] = TO(ATTEMPT_ABORTED),

    [ATTEMPT_STREAMING][ATTEMPT_ON_DELTA] = TO(ATTEMPT_STREAMING),
    [ATTEMPT_STREAMING][ATTEMPT_ON_COMPLETE] = TO(ATTEMPT_COMPLETE),
    [ATTEMPT_STREAMING][ATTEMPT_ON_CUT] = TO(ATTEMPT_CUT),
    [ATTEMPT_STREAMING][ATTEMPT_ON_ERROR] = TO(ATTEMPT_ERROR),
    [ATTEMPT_STREAMING][ATTEMPT_ON_ABORT] = TO(ATTEMPT_ABORTED),
};

/* A call that had not started when the program ended did nothing: it is
 * cancelled. Only of one that ran is the outcome unknown. One that was to run as
 * soon as that is on disk asks again where the disk does not take it. */
static const signed char call_table[CALL_LIVING][CALL_INPUT_COUNT] = {
    [CALL_PENDING][CALL_ON_ASK] = TO(CALL_ASKING),
    [CALL_PENDING][CALL_ON_START] = TO(CALL_EXECUTING),
    [CALL_PENDING][CALL_ON_ERROR] = TO(CALL_ERROR),
    [CALL_PENDING][CALL_ON_DENY] = TO(CALL_DENIED),
    [CALL_PENDING][CALL_ON_ABORT] = TO(CALL_CANCELLED),
    [CALL_PENDING][CALL_ON_LOST] = TO(CALL_CANCELLED),

    [CALL_ASKING][CALL_ON_START] = TO(CALL_EXECUTING),
    [CALL_ASKING][CALL_ON_ERROR] = TO(CALL_ERROR),
    [CALL_ASKING][CALL_ON_DENY] = TO(CALL_DENIED),
    [CALL_ASKING][CALL_ON_ABORT] = TO(CALL_CANCELLED),
    [CALL_ASKING][CALL_ON_LOST] = TO(CALL_CANCELLED),

    [CALL_EXECUTING][CALL_ON_ASK] = TO(CALL_ASKING),
    [CALL_EXECUTING][CALL_ON_OUTPUT] = TO(CALL_EXECUTING),
    [CALL_EXECUTING][CALL_ON_COMPLETE] = TO(CALL_COMPLETED),
    [CALL_EXECUTING][CALL_ON_ERROR] = TO(CALL_ERROR),
    [CALL_EXECUTING][CALL_ON_ABORT] = TO(CALL_CANCELLED),
    [CALL_EXECUTING][CALL_ON_LOST] = TO(CALL_UNKNOWN),
};

/* A load during a load stays in loading: it replaces the first. A model that
 * chats is not replaced under its own answer: abort first. */
static const signed char model_table[MODEL_LIVING][MODEL_INPUT_COUNT] = {
    [MODEL_IDLE][MODEL_ON_LOAD] = TO(MODEL_LOADING),
    [MODEL_IDLE][MODEL_ON_ABORT] = TO(MODEL_IDLE),
    [MODEL_IDLE][MODEL_ON_RESET] = TO(MODEL_IDLE),
    [MODEL_IDLE][MODEL_ON_TEARDOWN] = TO(MODEL_TEARING_DOWN),

    [MODEL_LOADING][MODEL_ON_LOAD] = TO(MODEL_LOADING),
    [MODEL_LOADING][MODEL_ON_LOADED] = TO(MODEL_READY),
    [MODEL_LOADING][MODEL_ON_PROGRESS] = TO(MODEL_LOADING),
    [MODEL_LOADING][MODEL_ON_FAIL] = TO(MODEL_ERROR),
    [MODEL_LOADING][MODEL_ON_ABORT] = TO(MODEL_IDLE),
    [MODEL_LOADING][MODEL_ON_RESET] = TO(MODEL_IDLE),
    [MODEL_LOADING][MODEL_ON_TEARDOWN] = TO(MODEL_TEARING_DOWN),

    [MODEL_READY][MODEL_ON_LOAD] = TO(MODEL_LOADING),
    [MODEL_READY][MODEL_ON_CHAT] = TO(MODEL_CHATTING),
    [MODEL_READY][MODEL_ON_ABORT] = TO(MODEL_READY),
    [MODEL_READY][MODEL_ON_RESET] = TO(MODEL_IDLE),
    [MODEL_READY][MODEL_ON_TEARDOWN] = TO(MODEL_TEARING_DOWN),

    [MODEL_CHATTING][MODEL_ON_CHAT_END] = TO(MODEL_READY),
    [MODEL_CHATTING][MODEL_ON_ABORT] = TO(MODEL_READY),
    [MODEL_CHATTING][MODEL_ON_RESET] = TO(MODEL_IDLE),
    [MODEL_CHATTING][MODEL_ON_TEARDOWN] = TO(MODEL_TEARING_DOWN),

    [MODEL_ERROR][MODEL_ON_LOAD] = TO(MODEL_LOADING),
    [MODEL_ERROR][MODEL_ON_ABORT] = TO(MODEL_ERROR),
    [MODEL_ERROR][MODEL_ON_RESET] = TO(MODEL_IDLE),
    [MODEL_ERROR][MODEL_ON_TEARDOWN] = TO(MODEL_TEARING_DOWN),

    [MODEL_TEARING_DOWN][MODEL_ON_ABORT] = TO(MODEL_TEARING_DOWN),
    [MODEL_TEARING_DOWN][MODEL_ON_RESET] = TO(MODEL_TEARING_DOWN),
    [MODEL_TEARING_DOWN][MODEL_ON_TEARDOWN] = TO(MODEL_TEARING_DOWN),
    [MODEL_TEARING_DOWN][MODEL_ON_GONE] = TO(MODEL_IDLE),
};

static const char *const run_states[] = {
    [RUN_QUEUED] = "queued",   [RUN_ROUTING] = "routing",
    [RUN_RUNNING] = "running", [RUN_ASKING] = "asking",
    [RUN_TOOLS] = "tools",     [RUN_COMPLETE] = "complete",
    [RUN_CUT] = "cut",         [RUN_ERROR] = "error",
    [RUN_ABORTED] = "aborted",
};
static_assert(COUNTOF(run_states) == RUN_STATE_COUNT, "a name for each");

static const char *const run_inputs[] = {
    [RUN_ON_START] = "start", [RUN_ON_ATTEMPT] = "attempt",
    [RUN_ON_ASK] = "ask",     [RUN_ON_ANSWER] = "answer",
    [RUN_ON_TOOLS] = "tools", [RUN_ON_COMPLETE] = "complete",
    [RUN_ON_CUT] = "cut",     [RUN_ON_ERROR] = "error",
    [RUN_ON_ABORT] = "abort",
};
static_assert(COUNTOF(run_inputs) == RUN_INPUT_COUNT, "a name for each");

static const char *const attempt_states[] = {
    [ATTEMPT_WAITING] = "waiting",   [ATTEMPT_CONNECTING] = "connecting",
    [ATTEMPT_LOADING] = "loading",   [ATTEMPT_STREAMING] = "streaming",
    [ATTEMPT_COMPLETE] = "complete", [ATTEMPT_CUT] = "cut",
    [ATTEMPT_ERROR] = "error",       [ATTEMPT_ABORTED] = "aborted",
};
static_assert(COUNTOF(attempt_states) == ATTEMPT_STATE_COUNT,
              "a name for each");

static const char *const attempt_inputs[] = {
    [ATTEMPT_ON_START] = "start",       [ATTEMPT_ON_CONNECT] = "connect",
    [ATTEMPT_ON_LOAD] = "load",         [ATTEMPT_ON_DELTA] = "delta",
    [ATTEMPT_ON_COMPLETE] = "complete", [ATTEMPT_ON_CUT] = "cut",
    [ATTEMPT_ON_ERROR] = "error",       [ATTEMPT_ON_ABORT] = "abort",
};
static_assert(COUNTOF(attempt_inputs) == ATTEMPT_INPUT_COUNT,
              "a name for each");

static const char *const call_states[] = {
    [CALL_PENDING] = "pending",     [CALL_ASKING] = "asking",
    [CALL_EXECUTING] = "executing", [CALL_COMPLETED] = "completed",
    [CALL_ERROR] = "error",         [CALL_DENIED] = "denied",
    [CALL_CANCELLED] = "cancelled", [CALL_UNKNOWN] = "unknown",
};
static_assert(COUNTOF(call_states) == CALL_STATE_COUNT, "a name for each");

static const char *const call_inputs[] = {
    [CALL_ON_ASK] = "ask",       [CALL_ON_START] = "start",
    [CALL_ON_OUTPUT] = "output", [CALL_ON_COMPLETE] = "complete",
    [CALL_ON_ERROR] = "error",   [CALL_ON_DENY] = "deny",
    [CALL_ON_ABORT] = "abort",   [CALL_ON_LOST] = "lost",
};
static_assert(COUNTOF(call_inputs) == CALL_INPUT_COUNT, "a name for each");

static const char *const model_states[] = {
    [MODEL_IDLE] = "idle",   [MODEL_LOADING] = "loading",
    [MODEL_READY] = "ready", [MODEL_CHATTING] = "chatting",
    [MODEL_ERROR] = "error", [MODEL_TEARING_DOWN] = "tearing-down",
};
static_assert(COUNTOF(model_states) == MODEL_STATE_COUNT, "a name for each");

static const char *const model_inputs[] = {
    [MODEL_ON_LOAD] = "load",         [MODEL_ON_LOADED] = "loaded",
    [MODEL_ON_PROGRESS] = "progress", [MODEL_ON_FAIL] = "fail",
    [MODEL_ON_CHAT] = "chat",         [MODEL_ON_CHAT_END] = "chat-end",
    [MODEL_ON_ABORT] = "abort",       [MODEL_ON_RESET] = "reset",
    [MODEL_ON_TEARDOWN] = "teardown", [MODEL_ON_GONE] = "gone",
};
static_assert(COUNTOF(model_inputs) == MODEL_INPUT_COUNT, "a name for each");

struct machine {
    const signed char *table;
    int living_count, state_count, input_count;
    const char *const *states, *const *inputs;
};

#define MACHINE(NAME, name)                              \
    [LIFE_##NAME] = { .table = *name##_table,            \
                      .living_count = NAME##_LIVING,     \
                      .state_count = NAME##_STATE_COUNT, \
                      .input_count = NAME##_INPUT_COUNT, \
                      .states = name##_states,           \
                      .inputs = name##_inputs }

static const struct machine machines[] = {
    MACHINE(RUN, run),
    MACHINE(ATTEMPT, attempt),
    MACHINE(CALL, call),
    MACHINE(MODEL, model),
};
#undef MACHINE
static_assert(COUNTOF(machines) == LIFE_MACHINE_COUNT, "a row for each");

static const struct machine *machine_of(enum life_machine machine)
{
    assert(machine < LIFE_MACHINE_COUNT);
    return &machines[machine];
}

enum life_verdict life_move(enum life_machine machine, int *state, int input)
{
    const struct machine *m = machine_of(machine);
    assert(*state >= 0 && *state < m->state_count);
    assert(input >= 0 && input < m->input_count);
    if (life_is_terminal(machine, *state))
        return LIFE_LATE;
    int cell = m->table[*state * m->input_count + input];
    if (cell == ILLEGAL)
        return LIFE_ILLEGAL;
    int next = cell - TO(0);
    enum life_verdict verdict = next == *state ? LIFE_STAYED : LIFE_MOVED;
    *state = next;
    return verdict;
}

bool life_is_terminal(enum life_machine machine, int state)
{
    const struct machine *m = machine_of(machine);
    assert(state >= 0 && state < m->state_count);
    return state >= m->living_count;
}

const char *life_state_name(enum life_machine machine, int state)
{
    const struct machine *m = machine_of(machine);
    assert(state >= 0 && state < m->state_count);
    return m->states[state];
}

const char *life_input_name(enum life_machine machine, int input)
{
    const struct machine *m = machine_of(machine);
    assert(input >= 0 && input < m->input_count);
    return m->inputs[input];
}

int life_state_count(enum life_machine machine)
{
    return machine_of(machine)->state_count;
}

int life_input_count(enum life_machine machine)
{
    return machine_of(machine)->input_count;
}
