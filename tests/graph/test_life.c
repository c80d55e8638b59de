/* SPDX-License-Identifier: MIT */
/*
 * The matrices below are written from the design, not from life.c: one line for
 * each state, one word for each input. "-" is illegal, "late" is what a
 * terminal state answers, "=" stays, a name is the next state.
 */
#include <signal.h>
#include <string.h>

#include <check.h>

#include "base/slice.h"
#include "graph/life.h"

Suite *life_suite(void);

static const char *const run_inputs =
    "start attempt ask answer tools complete cut error abort";
static const char *const run_matrix[] = {
    "queued:   routing - - - - - cut error aborted",
    "routing:  - running asking - - - cut error aborted",
    "running:  - = asking - tools complete cut error aborted",
    "asking:   - - - running - complete cut error aborted",
    "tools:    - running asking - = complete cut error aborted",
    "complete: late late late late late late late late late",
    "cut:      late late late late late late late late late",
    "error:    late late late late late late late late late",
    "aborted:  late late late late late late late late late",
};

static const char *const attempt_inputs =
    "start connect load delta complete cut error abort";
static const char *const attempt_matrix[] = {
    "waiting:    connecting - - - - cut error aborted",
    "connecting: - = loading streaming complete cut error aborted",
    "loading:    - = = streaming complete cut error aborted",
    "streaming:  - - - = complete cut error aborted",
    "complete:   late late late late late late late late",
    "cut:        late late late late late late late late",
    "error:      late late late late late late late late",
    "aborted:    late late late late late late late late",
};

static const char *const call_inputs =
    "ask start output complete error deny abort lost";
static const char *const call_matrix[] = {
    "pending:   asking executing - - error denied cancelled cancelled",
    "asking:    - executing - - error denied cancelled cancelled",
    "executing: asking - = completed error - cancelled unknown",
    "completed: late late late late late late late late",
    "error:     late late late late late late late late",
    "denied:    late late late late late late late late",
    "cancelled: late late late late late late late late",
    "unknown:   late late late late late late late late",
};

/* An error in a chat leaves the model ready (chat-end); a load while loading
 * replaces the first; abort, reset and teardown are legal everywhere. */
static const char *const model_inputs =
    "load loaded progress fail chat chat-end abort reset teardown gone";
static const char *const model_matrix[] = {
    "idle:         loading - - - - - = = tearing-down -",
    "loading:      = ready = error - - idle idle tearing-down -",
    "ready:        loading - - - chatting - = idle tearing-down -",
    "chatting:     - - - - - ready ready idle tearing-down -",
    "error:        loading - - - - - = idle tearing-down -",
    "tearing-down: - - - - - - = = = idle",
};

static struct slice next_word(struct slice *rest)
{
    *rest = slice_trim(*rest);
    struct slice word = *rest;
    for (word.len = 0; word.len < rest->len && word.ptr[word.len] != ' ';)
        word.len++;
    *rest = slice_skip(*rest, word.len);
    return word;
}

static void check_pair(enum life_machine machine, int state, int input,
                       struct slice expected)
{
    int moved = state;
    enum life_verdict verdict = life_move(machine, &moved, input);
    const char *where = life_state_name(machine, state);
    const char *what = life_input_name(machine, input);
    if (slice_is(expected, "-"))
        ck_assert_msg(verdict == LIFE_ILLEGAL && moved == state, "%s %s", where,
                      what);
    else if (slice_is(expected, "late"))
        ck_assert_msg(verdict == LIFE_LATE && moved == state, "%s %s", where,
                      what);
    else if (slice_is(expected, "="))
        ck_assert_msg(verdict == LIFE_STAYED && moved == state, "%s %s", where,
                      what);
    else
        ck_assert_msg(verdict == LIFE_MOVED && moved != state &&
                          slice_is(expected, life_state_name(machine, moved)),
                      "%s %s gives %s", where, what,
                      life_state_name(machine, moved));
}

static void check_row(enum life_machine machine, int state, const char *row)
{
    struct slice rest = slice_of(row);
    struct slice name = next_word(&rest);
    ck_assert(name.len && name.ptr[name.len - 1] == ':');
    name.len--;
    ck_assert(slice_is(name, life_state_name(machine, state)));
    bool is_terminal = slice_find(rest, "late") >= 0;
    ck_assert_int_eq(life_is_terminal(machine, state), is_terminal);
    for (int input = 0; input < life_input_count(machine); input++) {
        struct slice expected = next_word(&rest);
        ck_assert_msg(expected.len, "%s has too few columns", row);
        check_pair(machine, state, input, expected);
    }
    ck_assert_uint_eq(next_word(&rest).len, 0);
}

static void check_inputs(enum life_machine machine, const char *inputs)
{
    struct slice rest = slice_of(inputs);
    for (int input = 0; input < life_input_count(machine); input++)
        ck_assert(slice_is(next_word(&rest), life_input_name(machine, input)));
    ck_assert_uint_eq(next_word(&rest).len, 0);
}

#define CHECK_MACHINE(machine, name)                                       \
    do {                                                                   \
        int count = (int)(sizeof name##_matrix / sizeof name##_matrix[0]); \
        ck_assert_int_eq(life_state_count(machine), count);                \
        check_inputs(machine, name##_inputs);                              \
        for (int state = 0; state < count; state++)                        \
            check_row(machine, state, name##_matrix[state]);               \
    } while (0)

START_TEST(every_pair_of_a_run_is_decided_as_designed)
{
    CHECK_MACHINE(LIFE_RUN, run);
}
END_TEST

START_TEST(every_pair_of_an_attempt_is_decided_as_designed)
{
    CHECK_MACHINE(LIFE_ATTEMPT, attempt);
}
END_TEST

START_TEST(every_pair_of_a_call_is_decided_as_designed)
{
    CHECK_MACHINE(LIFE_CALL, call);
}
END_TEST

START_TEST(every_pair_of_a_model_is_decided_as_designed)
{
    CHECK_MACHINE(LIFE_MODEL, model);
}
END_TEST

START_TEST(abort_is_legal_in_every_living_state)
{
    static const int aborts[] = {
        [LIFE_RUN] = RUN_ON_ABORT,
        [LIFE_ATTEMPT] = ATTEMPT_ON_ABORT,
        [LIFE_CALL] = CALL_ON_ABORT,
        [LIFE_MODEL] = MODEL_ON_ABORT,
    };
    for (int machine = 0; machine < LIFE_MACHINE_COUNT; machine++)
        for (int state = 0; state < life_state_count(machine); state++) {
            int moved = state;
            enum life_verdict verdict =
                life_move(machine, &moved, aborts[machine]);
            bool is_over = life_is_terminal(machine, state);
            ck_assert_int_eq(verdict == LIFE_LATE, is_over);
            ck_assert_int_ne(verdict, LIFE_ILLEGAL);
        }
}
END_TEST

START_TEST(after_an_abort_the_model_chats_again)
{
    static const int inputs[] = {
        MODEL_ON_LOAD,     MODEL_ON_ABORT, MODEL_ON_LOAD, MODEL_ON_LOADED,
        MODEL_ON_CHAT,     MODEL_ON_ABORT, MODEL_ON_CHAT, MODEL_ON_CHAT_END,
        MODEL_ON_TEARDOWN, MODEL_ON_GONE,  MODEL_ON_LOAD, MODEL_ON_LOADED,
    };
    int state = MODEL_IDLE;
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
        ck_assert_int_eq(life_move(LIFE_MODEL, &state, inputs[i]), LIFE_MOVED);
    ck_assert_int_eq(state, MODEL_READY);
}
END_TEST

START_TEST(an_answer_goes_through_connecting_and_streaming_to_one_end)
{
    static const int inputs[] = { ATTEMPT_ON_START,    ATTEMPT_ON_CONNECT,
                                  ATTEMPT_ON_DELTA,    ATTEMPT_ON_DELTA,
                                  ATTEMPT_ON_COMPLETE, ATTEMPT_ON_ABORT,
                                  ATTEMPT_ON_DELTA };
    static const char *const trace[] = { "connecting", "connecting",
                                         "streaming",  "streaming",
                                         "complete",   "complete",
                                         "complete" };
    int state = ATTEMPT_WAITING;
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        life_move(LIFE_ATTEMPT, &state, inputs[i]);
        ck_assert_str_eq(life_state_name(LIFE_ATTEMPT, state), trace[i]);
    }
}
END_TEST

START_TEST(a_state_of_another_machine_is_a_programmer_error)
{
    int state = RUN_ABORTED;
    life_move(LIFE_MODEL, &state, MODEL_ON_LOAD);
}
END_TEST

START_TEST(an_input_of_another_machine_is_a_programmer_error)
{
    int state = ATTEMPT_WAITING;
    life_move(LIFE_ATTEMPT, &state, RUN_ON_ABORT);
}
END_TEST

Suite *life_suite(void)
{
    Suite *suite = suite_create("life");
    TCase *test = tcase_create("life");
    tcase_add_test(test, every_pair_of_a_run_is_decided_as_designed);
    tcase_add_test(test, every_pair_of_an_attempt_is_decided_as_designed);
    tcase_add_test(test, every_pair_of_a_call_is_decided_as_designed);
    tcase_add_test(test, every_pair_of_a_model_is_decided_as_designed);
    tcase_add_test(test, abort_is_legal_in_every_living_state);
    tcase_add_test(test, after_an_abort_the_model_chats_again);
    tcase_add_test(test,
                   an_answer_goes_through_connecting_and_streaming_to_one_end);
    tcase_add_test_raise_signal(
        test, a_state_of_another_machine_is_a_programmer_error, SIGABRT);
    tcase_add_test_raise_signal(
        test, an_input_of_another_machine_is_a_programmer_error, SIGABRT);
    suite_add_tcase(suite, test);
    return suite;
}
