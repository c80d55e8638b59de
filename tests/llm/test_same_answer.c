/* SPDX-License-Identifier: MIT */
/*
 * One answer (thinking, text, two calls, usage) as each dialect has it on the
 * wire, and the graph that comes of it: the same but for ids.
 */
#include <check.h>

#include "base/compiler.h"
#include "graph/graph.h"
#include "graph/log.h"
#include "llm/provider.h"
#include "tests/support/scenario.h"

Suite *same_answer_suite(void);

#define SSE(json) "data: " json "\n\n"

static const struct {
    const char *dialect, *body;
} wires[] = {
    { "ollama",
      "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"thinking\":\"Let "
      "me see.\"},\"done\":false}\n"
      "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"I "
      "look.\"},\"done\":false}\n"
      "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\","
      "\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"ls\","
      "\"arguments\":{\"d\":1}}},{\"id\":\"b\",\"function\":{\"name\":\"cat\","
      "\"arguments\":{}}}]},\"done\":false}\n"
      "{\"model\":\"m\",\"done\":true,\"done_reason\":\"stop\","
      "\"prompt_eval_count\":9,\"eval_count\":5}\n" },
    { "chat-completions",
      SSE("{\"model\":\"m\",\"choices\":[{\"delta\":{\"reasoning_content\":"
          "\"Let me see.\"}}]}")
          SSE("{\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"I \"}}]}")
              SSE("{\"choices\":[{\"delta\":{\"content\":\"look.\"}}]}") SSE(
                  "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
                  "\"id\":\"c1\",\"function\":{\"name\":\"ls\",\"arguments\":"
                  "\"{\\\"d\\\":\"}}]}}]}")
                  SSE("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
                      "\"function\":{\"arguments\":\"1}\"}},{\"index\":1,"
                      "\"id\":\"c2\",\"function\":{\"name\":\"cat\","
                      "\"arguments\":\"{}\"}}]}}]}")
                      SSE("{\"choices\":[{\"delta\":{},\"finish_reason\":"
                          "\"tool_calls\"}],\"usage\":{\"prompt_tokens\":9,"
                          "\"completion_tokens\":5}}") SSE("[DONE]") },
    { "responses",
      SSE("{\"type\":\"response.created\",\"response\":{\"model\":\"m\"}}") SSE(
          "{\"type\":\"response.reasoning_text.delta\",\"output_index\":0,"
          "\"content_index\":0,\"delta\":\"Let me see.\"}")
          SSE("{\"type\":\"response.output_text.delta\",\"output_index\":1,"
              "\"content_index\":0,\"delta\":\"I look.\"}")
              SSE("{\"type\":\"response.output_item.added\",\"output_index\":2,"
                  "\"item\":{\"type\":\"function_call\",\"call_id\":\"x\","
                  "\"name\":\"ls\"}}")
                  SSE("{\"type\":\"response.function_call_arguments.delta\","
                      "\"output_index\":2,\"delta\":\"{\\\"d\\\":1}\"}")
                      SSE("{\"type\":\"response.output_item.done\","
                          "\"output_index\":3,\"item\":{\"type\":\"function_"
                          "call\",\"call_id\":\"y\",\"name\":\"cat\","
                          "\"arguments\":\"{}\"}}")
                          SSE("{\"type\":\"response.completed\",\"response\":{"
                              "\"model\":\"m\",\"output\":[],\"usage\":{"
                              "\"input_tokens\":9,\"output_tokens\":5}}}") },
    { "anthropic",
      SSE("{\"type\":\"message_start\",\"message\":{\"id\":\"i\",\"model\":"
          "\"m\",\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}")
          SSE("{\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
              "{\"type\":\"thinking\",\"thinking\":\"\"}}")
              SSE("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{"
                  "\"type\":\"thinking_delta\",\"thinking\":\"Let me see.\"}}")
                  SSE("{\"type\":\"content_block_stop\",\"index\":0}") SSE(
                      "{\"type\":\"content_block_start\",\"index\":1,"
                      "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}")
                      SSE("{\"type\":\"content_block_delta\",\"index\":1,"
                          "\"delta\":{\"type\":\"text_delta\",\"text\":\"I "
                          "look.\"}}") SSE("{\"type\":\"content_block_stop\","
                                           "\"index\":1}")
                          SSE("{\"type\":\"content_block_start\",\"index\":2,"
                              "\"content_block\":{\"type\":\"tool_use\",\"id\":"
                              "\"t1\",\"name\":\"ls\",\"input\":{}}}")
                              SSE("{\"type\":\"content_block_delta\",\"index\":"
                                  "2,\"delta\":{\"type\":\"input_json_delta\","
                                  "\"partial_json\":\"{\\\"d\\\":1}\"}}")
                                  SSE("{\"type\":\"content_block_stop\","
                                      "\"index\":2}")
                                      SSE("{\"type\":\"content_block_start\","
                                          "\"index\":3,\"content_block\":{"
                                          "\"type\":\"tool_use\",\"id\":\"t2\","
                                          "\"name\":\"cat\",\"input\":{}}}")
                                          SSE("{\"type\":\"content_block_"
                                              "stop\",\"index\":3}")
                                              SSE("{\"type\":\"message_delta\","
                                                  "\"delta\":{\"stop_reason\":"
                                                  "\"tool_use\"},\"usage\":{"
                                                  "\"output_tokens\":5}}")
                                                  SSE("{\"type\":\"message_"
                                                      "stop\"}") },
    { "events",
      "{\"type\":\"model-reported\",\"model\":\"m\"}\n"
      "{\"type\":\"thinking-delta\",\"text\":\"Let me see.\"}\n"
      "{\"type\":\"text-delta\",\"text\":\"I look.\"}\n"
      "{\"type\":\"tool-call-start\",\"call\":4,\"id\":\"p\",\"name\":\"ls\"}\n"
      "{\"type\":\"tool-call-end\",\"call\":4,\"arguments\":\"{\\\"d\\\":1}\"}\n"
      "{\"type\":\"tool-call-end\",\"call\":5,\"id\":\"q\",\"name\":\"cat\","
      "\"arguments\":\"{}\"}\n"
      "{\"type\":\"usage\",\"input\":9,\"output\":5}\n"
      "{\"type\":\"run-finished\",\"outcome\":\"complete\"}\n" },
};

static void on_event(void *context, struct event *event)
{
    event->run = event->attempt = 1;
    scenario_add(context, event);
}

static void decode(struct scenario *scenario, const char *dialect,
                   const char *body)
{
    struct answer_result result;
    const struct dialect *row = dialect_find(slice_of(dialect));
    ck_assert_ptr_nonnull(row);
    struct decoder *decoder = decoder_new(row, on_event, scenario);
    ck_assert(decoder_feed(decoder, slice_of(body)));
    decoder_finish(decoder, NULL, &result);
    ck_assert_msg(result.outcome == ANSWER_COMPLETE, "%s: %s", dialect,
                  result.err.text);
    decoder_free(decoder);
}

/* What the graph holds of the answer, without ids, times and pieces. */
static void describe(struct buf *out, const struct graph *graph)
{
    static const char *const kinds[] = {
        [BLOCK_TEXT] = "text",
        [BLOCK_THINKING] = "thinking",
        [BLOCK_CALL] = "call",
    };
    const struct attempt *attempt = graph_attempt(graph, 1, 1);
    const struct node *node = graph_node(graph, attempt->node_id);
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        buf_printf(out, "%s ", kinds[block->kind]);
        if (block->kind == BLOCK_CALL)
            buf_printf(out, "%s ", graph_call(graph, block->call)->name);
        buf_append_slice(out, buf_slice(&block->text));
        buf_append_char(out, '\n');
    }
    buf_printf(out, "%s %lld %lld\n", attempt->model_reported,
               (long long)attempt->usage.input,
               (long long)attempt->usage.output);
}

START_TEST(an_answer_is_the_same_by_any_dialect)
{
    for (size_t i = 0; i < COUNTOF(wires); i++) {
        struct scenario scenario;
        struct buf said = { 0 };
        scenario_init(&scenario);
        scenario_play(&scenario, "@q user-message text=why\n"
                                 "run-started 1 node=@q\n"
                                 "attempt-started 1.1 model=m\n");
        decode(&scenario, wires[i].dialect, wires[i].body);
        describe(&said, scenario.graph);
        ck_assert_str_eq(buf_string(&said), "thinking Let me see.\n"
                                            "text I look.\n"
                                            "call ls {\"d\":1}\n"
                                            "call cat {}\n"
                                            "m 9 5\n");
        buf_clear(&said);
        scenario_clear(&scenario);
    }
}
END_TEST

/* Whoever adds a dialect adds its wire. */
START_TEST(no_dialect_is_missing)
{
    size_t spoken = 0;
    for (size_t i = 0; i < dialect_count(); i++)
        spoken += !dialect_at(i)->is_builtin;
    ck_assert_uint_eq(spoken, COUNTOF(wires));
}
END_TEST

Suite *same_answer_suite(void)
{
    Suite *suite = suite_create("same_answer");
    TCase *tcase = tcase_create("same_answer");
    tcase_add_test(tcase, an_answer_is_the_same_by_any_dialect);
    tcase_add_test(tcase, no_dialect_is_missing);
    suite_add_tcase(suite, tcase);
    return suite;
}
