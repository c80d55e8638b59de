/* SPDX-License-Identifier: MIT */
/*
 * life - what may happen next: the state machines of a run, an attempt, a tool
 * call and a model, as tables that decide every (state, input) pair.
 *
 * A terminal state is sticky: every input leaves it where it is and is
 * LIFE_LATE. An input that a living state does not allow is LIFE_ILLEGAL and
 * changes nothing. Abort, reset and teardown are legal everywhere.
 */
#ifndef GRAPH_LIFE_H
#define GRAPH_LIFE_H

#include <stdbool.h>

enum life_machine {
    LIFE_RUN,
    LIFE_ATTEMPT,
    LIFE_CALL,
    LIFE_MODEL,
    LIFE_MACHINE_COUNT
};

/* The zero of each enum is its start; the terminal states stand last. */
enum run_state {
    RUN_QUEUED,
    RUN_ROUTING,
    RUN_RUNNING,
    RUN_ASKING,
    RUN_TOOLS,
    RUN_COMPLETE,
    RUN_CUT,
    RUN_ERROR,
    RUN_ABORTED,
    RUN_STATE_COUNT
};

enum attempt_state {
    ATTEMPT_WAITING,
    ATTEMPT_CONNECTING,
    ATTEMPT_LOADING,
    ATTEMPT_STREAMING,
    ATTEMPT_COMPLETE,
    ATTEMPT_CUT,
    ATTEMPT_ERROR,
    ATTEMPT_ABORTED,
    ATTEMPT_STATE_COUNT
};

enum call_state {
    CALL_PENDING,
    CALL_ASKING,
    CALL_EXECUTING,
    CALL_COMPLETED,
    CALL_ERROR,
    CALL_DENIED,
    CALL_CANCELLED,
    CALL_UNKNOWN, /* the program ended while it ran */
    CALL_STATE_COUNT
};

enum model_state {
    MODEL_IDLE,
    MODEL_LOADING,
    MODEL_READY,
    MODEL_CHATTING,
    MODEL_ERROR,
    MODEL_TEARING_DOWN,
    MODEL_STATE_COUNT
};

enum run_input {
    RUN_ON_START,   /* leaves the queue */
    RUN_ON_ATTEMPT, /* an attempt starts: first, retry, fallback, next step */
    RUN_ON_ASK,     /* the user is asked */
    RUN_ON_ANSWER,  /* and has answered */
    RUN_ON_TOOLS,   /* the step ended with calls to execute */
    RUN_ON_COMPLETE,
    RUN_ON_CUT,
    RUN_ON_ERROR,
    RUN_ON_ABORT,
    RUN_INPUT_COUNT
};

enum attempt_input {
    ATTEMPT_ON_START,   /* the request is sent */
    ATTEMPT_ON_CONNECT, /* the server answered with headers */
    ATTEMPT_ON_LOAD,    /* the server loads the model or queues */
    ATTEMPT_ON_DELTA,   /* text, thinking or a tool call */
    ATTEMPT_ON_COMPLETE,
    ATTEMPT_ON_CUT,
    ATTEMPT_ON_ERROR,
    ATTEMPT_ON_ABORT,
    ATTEMPT_INPUT_COUNT
};

enum call_input {
    CALL_ON_ASK,
    CALL_ON_START,
    CALL_ON_OUTPUT,
    CALL_ON_COMPLETE,
    CALL_ON_ERROR,
    CALL_ON_DENY,
    CALL_ON_ABORT,
    CALL_ON_LOST, /* found open after a crash */
    CALL_INPUT_COUNT
};

enum model_input {
    MODEL_ON_LOAD,
    MODEL_ON_LOADED,
    MODEL_ON_PROGRESS,
    MODEL_ON_FAIL,
    MODEL_ON_CHAT,
    MODEL_ON_CHAT_END, /* also after an error in a chat: stays ready */
    MODEL_ON_ABORT,
    MODEL_ON_RESET,
    MODEL_ON_TEARDOWN,
    MODEL_ON_GONE, /* teardown has ended */
    MODEL_INPUT_COUNT
};

enum life_verdict {
    LIFE_MOVED,   /* the state changed */
    LIFE_STAYED,  /* legal, and the state is the same */
    LIFE_ILLEGAL, /* refused; nothing changed */
    LIFE_LATE,    /* the state was terminal; nothing changed */
};

/* Move *state of one machine by one input. State and input must be of that
 * machine (asserted). */
enum life_verdict life_move(enum life_machine machine, int *state, int input);

bool life_is_terminal(enum life_machine machine, int state);

/* Names as design.md spells them: "tearing-down". */
const char *life_state_name(enum life_machine machine, int state);
const char *life_input_name(enum life_machine machine, int input);

/* How many states and inputs a machine has, for tables and tests. */
int life_state_count(enum life_machine machine);
int life_input_count(enum life_machine machine);

#endif
