/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "llm/chat_completions.h"
#include "tests/support/reading.h"

Suite *chat_completions_suite(void);

/* A server-sent event; a chunk with one choice; a chunk with one delta. */
#define EVENT(json)   "data: " json "\n\n"
#define CHOICE(json)  EVENT("{\"choices\":[{\"index\":0," json "}]}")
#define DELTA(json)   CHOICE("\"delta\":{" json "},\"finish_reason\":null")
#define CONTENT(text) DELTA("\"content\":\"" text "\"")
#define FINISH(word)  CHOICE("\"delta\":{},\"finish_reason\":\"" word "\"")
#define DONE          "data: [DONE]\n\n"

static void ck_chat(const char *body, enum answer_outcome outcome,
                    const char *script)
{
    ck_reads_as(&dialect_chat_completions, body, outcome, script);
}

static void ck_complete(const char *body, const char *script)
{
    ck_chat(body, ANSWER_COMPLETE, script);
}

static struct answer_result result_of(const char *body)
{
    struct reading reading;
    struct reading_source source =
        reading_source_of(&dialect_chat_completions, body);
    reading_every_split(&reading, &source);
    reading_clear(&reading);
    return reading.result;
}

static void ck_error(const char *body, const char *text)
{
    struct answer_result result = result_of(body);
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    ck_assert_str_eq(result.err.text, text);
}

START_TEST(text_comes_in_the_pieces_of_the_server)
{
    ck_complete(DELTA("\"role\":\"assistant\",\"content\":null") CONTENT("Hel")
                    CONTENT("") CONTENT("lo") FINISH("stop") DONE,
                "text Hel\ntext lo\n");
    ck_assert_str_eq(result_of(CONTENT("a") FINISH("stop") DONE).finish_reason,
                     "stop");
}
END_TEST

START_TEST(members_of_a_wrong_type_count_as_absent)
{
    ck_complete(DELTA("\"content\":{}") DELTA("\"content\":7")
                    DELTA("\"tool_calls\":{}") DELTA("\"tool_calls\":[1,null]")
                        EVENT("{\"choices\":{}}") EVENT("{\"choices\":null}")
                            EVENT("{\"choices\":[null,1]}")
                                EVENT("{\"usage\":[]}") EVENT("{\"model\":7}")
                                    CHOICE("\"delta\":[]") CONTENT("a") DONE,
                "text a\n");
}
END_TEST

START_TEST(chunks_that_say_nothing_are_ignored)
{
    ck_complete(EVENT("{\"choices\":[],\"prompt_filter_results\":[{}],"
                      "\"id\":\"\",\"model\":\"\"}")
                    CHOICE("\"finish_reason\":null,\"content_filter_offsets\":"
                           "{}") DELTA("\"obfuscation\":\"aJ9\"") CONTENT("a")
                        FINISH("stop") DONE,
                "text a\n");
}
END_TEST

START_TEST(other_choices_are_ignored)
{
    ck_complete(EVENT("{\"choices\":[{\"index\":1,\"delta\":{\"content\":"
                      "\"no\"},\"finish_reason\":\"x\"}]}") CONTENT("yes")
                    FINISH("stop") DONE,
                "text yes\n");
}
END_TEST

START_TEST(thinking_has_many_names_and_comes_once)
{
    ck_complete(
        DELTA("\"reasoning_content\":\"a\"") DELTA("\"reasoning\":\"b\"")
            DELTA("\"reasoning\":\"c\",\"reasoning_content\":"
                  "\"c\",\"content\":\"x\"")
                DELTA("\"reasoning\":null,\"reasoning_details\":"
                      "[{\"type\":\"reasoning.text\",\"text\":"
                      "\"d\"}]") DELTA("\"reasoning\":\"e\",\"reasoning_"
                                       "details\":[{\"text\":\"e\"}]") DONE,
        "thinking a\nthinking b\nthinking c\ntext x\nthinking d\n"
        "thinking e\nopaque reasoning-details [{\"type\":\"reasoning.text\","
        "\"text\":\"d\"},{\"text\":\"e\"}]\n");
}
END_TEST

START_TEST(pieces_of_one_thought_go_back_as_one)
{
    ck_complete(
        DELTA("\"reasoning\":\"a\",\"reasoning_details\":[{\"type\":"
              "\"reasoning.text\",\"text\":\"a\",\"signature\":null,"
              "\"index\":0}]")
            DELTA("\"reasoning\":\"b\",\"reasoning_details\":[{\"type\":"
                  "\"reasoning.text\",\"text\":\"b\",\"signature\":"
                  "\"S\",\"index\":0}]")
                DELTA("\"reasoning_details\":[{\"type\":"
                      "\"reasoning.encrypted\",\"data\":\"D\",\"index\":"
                      "1}]") CONTENT("x") DONE,
        "thinking a\nthinking b\ntext x\nopaque reasoning-details [{\"type\":"
        "\"reasoning.text\",\"text\":\"ab\",\"signature\":\"S\","
        "\"index\":0},{\"type\":\"reasoning.encrypted\",\"data\":\"D\","
        "\"index\":1}]\n");
}
END_TEST

START_TEST(thoughts_of_one_index_are_told_apart_by_their_ids)
{
    ck_complete(
        DELTA("\"reasoning_details\":[{\"type\":\"reasoning.encrypted\","
              "\"data\":\"gA\",\"id\":\"t1\",\"index\":0}]")
            DELTA("\"reasoning_details\":[{\"type\":\"reasoning.encrypted\","
                  "\"data\":\"gB\",\"id\":\"t2\",\"index\":0}]")
                DELTA("\"reasoning_details\":[{\"type\":"
                      "\"reasoning.encrypted\",\"data\":\"gC\",\"id\":"
                      "\"t2\",\"index\":0}]") CONTENT("x") DONE,
        "text x\nopaque reasoning-details [{\"type\":\"reasoning.encrypted\","
        "\"data\":\"gA\",\"id\":\"t1\",\"index\":0},{\"type\":"
        "\"reasoning.encrypted\",\"data\":\"gBgC\",\"id\":\"t2\","
        "\"index\":0}]\n");
}
END_TEST

START_TEST(what_came_with_a_call_belongs_to_it)
{
    ck_complete(
        DELTA("\"tool_calls\":[{\"id\":\"x\",\"function\":{\"name\":\"a\","
              "\"arguments\":\"{}\"},\"extra_content\":{\"google\":{"
              "\"thought_signature\":\"S\"}}},{\"id\":\"y\",\"function\":{"
              "\"name\":\"b\",\"arguments\":\"{}\"}}]")
            DELTA("\"tool_calls\":[{\"extra_content\":{\"n\":1}}]") DONE,
        "start 1 id=x name=a\npiece 1 {}\nstart 2 id=y name=b\npiece 2 {}\n"
        "end 1 id=x name=a {}\nend 2 id=y name=b {}\n"
        "opaque 1 extra-content {\"google\":{\"thought_signature\":\"S\"}}\n"
        "opaque 2 extra-content {\"n\":1}\n");
}
END_TEST

START_TEST(content_may_be_an_array_of_parts)
{
    ck_complete(DELTA("\"content\":[{\"type\":\"thinking\",\"thinking\":[{"
                      "\"type\":\"text\",\"text\":\"t\"}]},{\"type\":\"text\","
                      "\"text\":\"a\"},{\"type\":\"image\"}]") DONE,
                "thinking t\ntext a\ntext [image]\n");
}
END_TEST

START_TEST(think_tags_are_taken_out_unless_the_server_does_it)
{
    ck_complete(CONTENT("<thi") CONTENT("nk>a</th") CONTENT("ink>b") DONE,
                "thinking a\ntext b\n");
    ck_complete(DELTA("\"reasoning\":\"r\"") CONTENT("<think>a") DONE,
                "thinking r\ntext <think>a\n");
    ck_complete(CONTENT("<think>a") FINISH("length") DONE, "thinking a\n");
}
END_TEST

START_TEST(a_refusal_is_text_with_a_mark)
{
    ck_complete(DELTA("\"refusal\":\"\"") DELTA("\"refusal\":null")
                    DELTA("\"refusal\":\"I can't\"") FINISH("stop") DONE,
                "refusal I can't\n");
}
END_TEST

START_TEST(halves_of_a_character_in_two_chunks_are_joined)
{
    ck_complete(CONTENT("a\\ud83d") CONTENT("\\ude00b") DONE,
                "text a\ntext \xF0\x9F\x98\x80"
                "b\n");
    ck_complete(DELTA("\"content\":\"\",\"reasoning_content\":\"\\ud83d\"")
                    DELTA("\"reasoning_content\":\"\\ude00\"") DONE,
                "thinking \xF0\x9F\x98\x80\n");
    /* One half alone is a replacement character, wherever it stands. */
    ck_complete(CONTENT("a\\ud83d") DONE, "text a\ntext \xEF\xBF\xBD\n");
    ck_complete(CONTENT("\\ude00b") DONE, "text \xEF\xBF\xBD"
                                          "b\n");
}
END_TEST

START_TEST(ill_formed_bytes_become_replacement_characters)
{
    ck_complete(CONTENT("a\xFF"
                        "b\xE2\x82") DONE,
                "text a\xEF\xBF\xBD"
                "b\xEF\xBF\xBD\n");
}
END_TEST

START_TEST(the_model_is_reported_once_and_again_when_it_changes)
{
    ck_complete(EVENT("{\"model\":\"\",\"choices\":[]}")
                    EVENT("{\"model\":\"m\",\"choices\":[]}")
                        EVENT("{\"model\":\"m\",\"choices\":[]}")
                            EVENT("{\"model\":\"n\",\"choices\":[]}") DONE,
                "model m\nmodel n\n");
}
END_TEST

START_TEST(the_last_usage_counts_wherever_it_stands)
{
    ck_complete(EVENT("{\"choices\":[],\"usage\":{\"prompt_tokens\":1,"
                      "\"completion_tokens\":1,\"prompt_cache_hit_tokens\":"
                      "1}}") EVENT("{\"choices\":[],\"usage\":null}")
                    FINISH("stop")
                        EVENT("{\"choices\":[],\"usage\":{\"prompt_tokens\":"
                              "10,\"completion_tokens\":20,\"cost\":0.25,"
                              "\"prompt_tokens_details\":{\"cached_tokens\":"
                              "4},\"completion_tokens_details\":{\"reasoning_"
                              "tokens\":5}}}") DONE,
                "usage input=10 output=20 reasoning=5 cached=4 cost=0.25\n");
    ck_complete(CONTENT("a")
                    EVENT("{\"choices\":[],\"usage\":{\"prompt_tokens\":3,"
                          "\"completion_tokens\":null,\"prompt_tokens_"
                          "details\":null}}") DONE,
                "text a\nusage input=3\n");
    ck_complete(EVENT("{\"usage\":{\"prompt_tokens\":1,\"prompt_cache_hit_"
                      "tokens\":1}}") EVENT("{\"choices\":[],\"usage\":{"
                                            "\"prompt_tokens\":2}}") DONE,
                "usage input=2\n");
    ck_complete(EVENT("{\"choices\":[],\"usage\":{}}") DONE, "");
    ck_complete(EVENT("{\"choices\":[],\"x_groq\":{\"usage\":{\"prompt_"
                      "tokens\":3}}}") DONE,
                "usage input=3\n");
}
END_TEST

START_TEST(timings_of_llama_server_are_durations)
{
    ck_complete(CONTENT("a")
                    EVENT("{\"choices\":[],\"usage\":{\"completion_tokens\":"
                          "2},\"timings\":{\"prompt_ms\":8.6,\"predicted_ms\":"
                          "484.01}}") DONE,
                "text a\nusage output=2 eval_ms=484 prompt_ms=9\n");
}
END_TEST

START_TEST(a_call_in_fragments_ends_with_the_answer)
{
    ck_complete(
        DELTA("\"tool_calls\":[{\"index\":0,\"id\":\"x\",\"type\":"
              "\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]")
            DELTA("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":"
                  "\"{\\\"a\\\":\"}}]")
                DELTA("\"tool_calls\":[{\"index\":0,\"id\":\"\",\"function\":{"
                      "\"name\":\"\",\"arguments\":\"1}\"}}]")
                    FINISH("tool_calls") DONE,
        "start 1 id=x name=f\npiece 1 {\"a\":\npiece 1 1}\n"
        "end 1 id=x name=f {\"a\":1}\n");
}
END_TEST

START_TEST(calls_without_an_index_are_sorted_out)
{
    ck_complete(DELTA("\"tool_calls\":[{\"function\":{\"name\":\"a\","
                      "\"arguments\":\"{}\"}},{\"function\":{\"name\":\"b\","
                      "\"arguments\":\"{}\"}}]") FINISH("stop"),
                "start 1 name=a\npiece 1 {}\nstart 2 name=b\npiece 2 {}\n"
                "end 1 name=a {}\nend 2 name=b {}\n");
    ck_complete(DELTA("\"function_call\":{\"name\":\"a\",\"arguments\":\"{\"}")
                    DELTA("\"function_call\":{\"arguments\":\"}\"}")
                        FINISH("function_call") DONE,
                "start 1 name=a\npiece 1 {\npiece 1 }\nend 1 name=a {}\n");
}
END_TEST

START_TEST(arguments_as_an_object_are_written_out)
{
    ck_complete(DELTA("\"tool_calls\":[{\"index\":0,\"function\":{\"name\":"
                      "\"a\",\"arguments\":{\"x\":1}}}]") DONE,
                "start 1 name=a\npiece 1 {\"x\":1}\nend 1 name=a {\"x\":1}\n");
    ck_complete(DELTA("\"tool_calls\":[{\"index\":0,\"function\":{\"name\":"
                      "\"a\",\"arguments\":null}}]") DONE,
                "start 1 name=a\nend 1 name=a {}\n");
}
END_TEST

START_TEST(calls_of_a_cut_answer_never_end)
{
    ck_chat(DELTA("\"tool_calls\":[{\"index\":0,\"id\":\"x\",\"function\":{"
                  "\"name\":\"a\",\"arguments\":\"{}\"}}]"),
            ANSWER_CUT, "start 1 id=x name=a\npiece 1 {}\n");
    ck_chat(DELTA("\"tool_calls\":[{\"index\":0,\"id\":\"x\",\"function\":{"
                  "\"name\":\"a\",\"arguments\":\"{}\"}}]")
                EVENT("{\"error\":\"x\"}"),
            ANSWER_ERROR, "start 1 id=x name=a\npiece 1 {}\n");
}
END_TEST

START_TEST(calls_cut_by_the_length_do_not_end)
{
    ck_complete(DELTA("\"tool_calls\":[{\"index\":0,\"id\":\"x\",\"function\":"
                      "{\"name\":\"a\",\"arguments\":\"{\\\"b\\\":\"}}]")
                    FINISH("length") DONE,
                "start 1 id=x name=a\npiece 1 {\"b\":\n");
}
END_TEST

START_TEST(a_call_that_never_begins_damages_the_answer)
{
    struct answer_result result = result_of(
        DELTA("\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"\","
              "\"arguments\":\"{\"}}]") DONE);
    ck_assert_int_eq(result.outcome, ANSWER_COMPLETE);
    ck_assert(result.is_damaged);
    ck_assert_uint_eq(result.skipped, 1);
}
END_TEST

START_TEST(the_first_finish_reason_counts_and_a_later_error)
{
    struct answer_result result =
        result_of(CONTENT("a") FINISH("") FINISH("length") FINISH("stop"));
    ck_assert_str_eq(result.finish_reason, "length");
    result = result_of(CONTENT("a") FINISH("stop") FINISH("error") DONE);
    ck_assert_str_eq(result.finish_reason, "error");
    ck_assert_int_eq(result.outcome, ANSWER_ERROR);
    result = result_of(CONTENT("a") FINISH("eos") DONE);
    ck_assert_str_eq(result.finish_reason, "eos");
    ck_assert_int_eq(result.outcome, ANSWER_COMPLETE);
    /* A word that is too long is cut between characters. */
    result = result_of(CONTENT("a") FINISH(
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "\xC3\xA4xxxx") DONE);
    ck_assert_uint_eq(strlen(result.finish_reason), 62);
}
END_TEST

START_TEST(either_marker_is_enough_and_none_is_a_cut)
{
    ck_complete(CONTENT("a") DONE, "text a\n");
    ck_complete(CONTENT("a") FINISH("stop"), "text a\n");
    ck_complete(CONTENT("a") "data:[DONE]\n\n", "text a\n");
    ck_complete(CONTENT("a") "data: [DONE]  \n\n", "text a\n");
    ck_complete(CONTENT("a") "data: [DONE]", "text a\n");
    ck_chat(CONTENT("a"), ANSWER_CUT, "text a\n");
    ck_chat(CONTENT("a") "data: [DON", ANSWER_CUT, "text a\n");
}
END_TEST

START_TEST(what_comes_after_the_end_is_ignored)
{
    ck_complete(CONTENT("a") DONE CONTENT("b") EVENT("{\"error\":\"x\"}"),
                "text a\n");
}
END_TEST

START_TEST(an_end_without_a_word_before_it_is_an_error)
{
    ck_error(DONE, "the server ended the answer without a word");
    ck_error(": ping\n\n" DONE, "the server ended the answer without a word");
}
END_TEST

START_TEST(the_last_event_may_lack_its_blank_line)
{
    ck_complete(
        CONTENT("a") "data: {\"choices\":[{\"delta\":{},\"finish_reason\":"
                     "\"stop\"}]}",
        "text a\n");
    ck_chat(CONTENT("a") "data: {\"choices\":[{\"delta\":{\"content\":\"x",
            ANSWER_CUT, "text a\n");
}
END_TEST

START_TEST(an_error_in_the_stream_ends_the_answer)
{
    ck_error(CONTENT("a") EVENT("{\"error\":{\"message\":\"Token limit "
                                "reached\",\"code\":400},\"choices\":[{"
                                "\"delta\":{\"content\":\"b\"}}]}") DONE,
             "the server refused the request (400): Token limit reached");
    ck_error(CONTENT("a") EVENT("{\"error\":\"Model crashed\"}"),
             "the server reported an error: Model crashed");
    ck_error(EVENT("{\"object\":\"error\",\"message\":\"m\",\"code\":500}"),
             "the server failed (500): m");
    ck_error(EVENT("{\"error\":{\"object\":\"error\",\"message\":\"m\"}}"),
             "the server reported an error: m");
    ck_error("event: error\n" EVENT("{\"error\":{\"message\":\"m\"}}"),
             "the server reported an error: m");
    ck_error("event: error\ndata: no words left\n\n",
             "the server reported an error: no words left");
    ck_error("error: {\"error\":{\"message\":\"failed to decode\"}}\n\n",
             "the server reported an error: failed to decode");
    ck_error(CONTENT("a") "{\"error\":{\"message\":\"boom\",\"code\":500}}\n",
             "the server failed (500): boom");
    ck_complete(EVENT("{\"error\":null,\"choices\":[{\"delta\":{\"content\":"
                      "\"a\"},\"finish_reason\":\"stop\"}]}"),
                "text a\n");
}
END_TEST

START_TEST(usage_in_the_chunk_of_an_error_is_kept)
{
    ck_chat(CONTENT("a") EVENT("{\"error\":{\"message\":\"m\"},\"usage\":{"
                               "\"prompt_tokens\":43}}"),
            ANSWER_ERROR, "text a\nusage input=43\n");
}
END_TEST

START_TEST(an_unreadable_chunk_damages_and_does_not_end)
{
    struct answer_result result =
        result_of(CONTENT("a") EVENT("{\"id\":}]}") CONTENT("b") DONE);
    ck_assert_int_eq(result.outcome, ANSWER_COMPLETE);
    ck_assert(result.is_damaged);
    ck_assert_uint_eq(result.skipped, 1);
    ck_complete(CONTENT("a") EVENT("{\"id\":}]}") CONTENT("b") DONE,
                "text a\ntext b\n");
}
END_TEST

START_TEST(values_that_are_no_object_are_skipped)
{
    static const char body[] = CONTENT("a") EVENT("[1,2]") EVENT("\"text\"")
        EVENT("null") EVENT("123") DONE;
    ck_complete(body, "text a\n");
    ck_assert(!result_of(body).is_damaged);
    ck_assert_uint_eq(result_of(body).skipped, 4);
}
END_TEST

#define MESSAGE                                                           \
    "{\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{"      \
    "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hi\"," \
    "\"tool_calls\":[{\"id\":\"x\",\"function\":{\"name\":\"f\","         \
    "\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}],"        \
    "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}"
#define MESSAGE_SCRIPT                                              \
    "model m\ntext hi\nstart 1 id=x name=f\nend 1 id=x name=f {}\n" \
    "usage input=1 output=2\n"

START_TEST(an_answer_in_one_piece_gives_the_same_events)
{
    ck_complete(MESSAGE, MESSAGE_SCRIPT);
    ck_complete("\n\n  " MESSAGE "\n", MESSAGE_SCRIPT);
    ck_complete("\xEF\xBB\xBF" MESSAGE, MESSAGE_SCRIPT);
    ck_assert(result_of(MESSAGE).was_unstreamed);
    ck_assert(!result_of(CONTENT("a") DONE).was_unstreamed);
    ck_complete("{\"choices\":[{\"message\":{\"content\":\"hi\"}}]}",
                "text hi\n");
}
END_TEST

START_TEST(a_whole_call_without_a_name_is_one)
{
    const char *body = "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":"
                       "\"x\",\"function\":{\"name\":\"f\",\"arguments\":"
                       "\"{}\"}},{\"id\":\"y\",\"function\":{\"arguments\":"
                       "\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}";
    ck_complete(body, "start 1 id=x name=f\nstart 2 id=y\n"
                      "end 1 id=x name=f {}\nend 2 id=y {}\n");
    ck_assert_uint_eq(result_of(body).skipped, 0);
}
END_TEST

START_TEST(an_answer_over_many_lines_is_one_value)
{
    ck_complete("{\n  \"choices\": [\n    {\n      \"message\": {\n"
                "        \"content\": \"a}\\\"\\n{\"\n      }\n    }\n  ]\n}\n",
                "text a}\"\n{\n");
    ck_error("[\n  {\n    \"error\": {\n      \"message\": \"m\"\n    }\n"
             "  }\n]\n",
             "the server reported an error: m");
}
END_TEST

START_TEST(chunks_without_framing_are_chunks)
{
    ck_complete("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n"
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n",
                "text a\n");
    /* One broken line does not take the others along. */
    ck_complete("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n"
                "{\"choices\":[{\"delta\":{\"content\":\"lost\n"
                "{\"choices\":[\n"
                "{\"choices\":[{\"delta\":{\"content\":\"b\"}}]}\n"
                "[DONE]\n",
                "text a\ntext b\n");
}
END_TEST

START_TEST(a_message_beside_deltas_is_a_repetition)
{
    ck_complete(CHOICE("\"message\":{\"content\":\"Hel\"},\"delta\":{"
                       "\"content\":\"lo\"}")
                    CHOICE("\"message\":{\"content\":\"Hello\"},"
                           "\"finish_reason\":\"stop\""),
                "text lo\n");
    ck_complete(CHOICE("\"message\":{\"content\":\"a\"}") DONE, "text a\n");
}
END_TEST

static void add_answer_tests(TCase *tcase)
{
    tcase_add_test(tcase, text_comes_in_the_pieces_of_the_server);
    tcase_add_test(tcase, members_of_a_wrong_type_count_as_absent);
    tcase_add_test(tcase, chunks_that_say_nothing_are_ignored);
    tcase_add_test(tcase, other_choices_are_ignored);
    tcase_add_test(tcase, thinking_has_many_names_and_comes_once);
    tcase_add_test(tcase, pieces_of_one_thought_go_back_as_one);
    tcase_add_test(tcase, thoughts_of_one_index_are_told_apart_by_their_ids);
    tcase_add_test(tcase, what_came_with_a_call_belongs_to_it);
    tcase_add_test(tcase, content_may_be_an_array_of_parts);
    tcase_add_test(tcase, think_tags_are_taken_out_unless_the_server_does_it);
    tcase_add_test(tcase, a_refusal_is_text_with_a_mark);
    tcase_add_test(tcase, halves_of_a_character_in_two_chunks_are_joined);
    tcase_add_test(tcase, ill_formed_bytes_become_replacement_characters);
    tcase_add_test(tcase, the_model_is_reported_once_and_again_when_it_changes);
    tcase_add_test(tcase, the_last_usage_counts_wherever_it_stands);
    tcase_add_test(tcase, timings_of_llama_server_are_durations);
    tcase_add_test(tcase, a_call_in_fragments_ends_with_the_answer);
    tcase_add_test(tcase, calls_without_an_index_are_sorted_out);
    tcase_add_test(tcase, arguments_as_an_object_are_written_out);
    tcase_add_test(tcase, calls_of_a_cut_answer_never_end);
    tcase_add_test(tcase, calls_cut_by_the_length_do_not_end);
    tcase_add_test(tcase, a_call_that_never_begins_damages_the_answer);
}

static void add_end_tests(TCase *tcase)
{
    tcase_add_test(tcase, the_first_finish_reason_counts_and_a_later_error);
    tcase_add_test(tcase, either_marker_is_enough_and_none_is_a_cut);
    tcase_add_test(tcase, what_comes_after_the_end_is_ignored);
    tcase_add_test(tcase, an_end_without_a_word_before_it_is_an_error);
    tcase_add_test(tcase, the_last_event_may_lack_its_blank_line);
    tcase_add_test(tcase, an_error_in_the_stream_ends_the_answer);
    tcase_add_test(tcase, usage_in_the_chunk_of_an_error_is_kept);
    tcase_add_test(tcase, an_unreadable_chunk_damages_and_does_not_end);
    tcase_add_test(tcase, values_that_are_no_object_are_skipped);
    tcase_add_test(tcase, an_answer_in_one_piece_gives_the_same_events);
    tcase_add_test(tcase, a_whole_call_without_a_name_is_one);
    tcase_add_test(tcase, an_answer_over_many_lines_is_one_value);
    tcase_add_test(tcase, chunks_without_framing_are_chunks);
    tcase_add_test(tcase, a_message_beside_deltas_is_a_repetition);
}

Suite *chat_completions_suite(void)
{
    Suite *suite = suite_create("chat_completions");
    TCase *answers = tcase_create("answers");
    TCase *ends = tcase_create("ends");
    add_answer_tests(answers);
    add_end_tests(ends);
    suite_add_tcase(suite, answers);
    suite_add_tcase(suite, ends);
    return suite;
}
