/* SPDX-License-Identifier: MIT */
/* A schema (the first line) is taken or refused with words, and so is a value
 * (the rest); twice the same; within allOf and not as logic says. */
#include <string.h>

#include "base/json_schema.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

enum verdict { REFUSED, TAKEN, OVER_CAP };

static void check_words(const struct error *err)
{
    fuzz_require(err->kind != ERROR_NONE && err->text[0],
                 "what is refused says why");
    fuzz_require(utf8_is_valid(slice_of(err->text)), "the words are UTF-8");
}

static enum verdict judge(const struct json_schema *schema, const json_t *value)
{
    struct error err = { 0 };
    if (json_schema_check(schema, value, &err))
        return TAKEN;
    check_words(&err);
    return err.kind == ERROR_LIMIT ? OVER_CAP : REFUSED;
}

/* By a schema that holds the one given; it is freed. */
static enum verdict judge_within(json_t *outer, const json_t *value)
{
    struct error err = { 0 };
    struct json_schema *schema = json_schema_new(outer, &err);
    fuzz_require(schema != NULL, "what holds a schema is one");
    enum verdict verdict = judge(schema, value);
    json_schema_free(schema);
    json_decref(outer);
    return verdict;
}

/* For a schema without references: those are told from the whole document. */
static void check_logic(json_t *document, const json_t *value,
                        enum verdict verdict)
{
    enum verdict all =
        judge_within(json_pack("{s:[O]}", "allOf", document), value);
    enum verdict none =
        judge_within(json_pack("{s:O}", "not", document), value);
    if (verdict == OVER_CAP || all == OVER_CAP || none == OVER_CAP)
        return;
    fuzz_require(all == verdict, "all of one is that one");
    fuzz_require(none != verdict, "not is the opposite");
}

static void check(json_t *document, const json_t *value, bool is_plain)
{
    struct error err = { 0 };
    struct json_schema *schema = json_schema_new(document, &err);
    if (!schema) {
        check_words(&err);
        return;
    }
    enum verdict verdict = judge(schema, value);
    fuzz_require(judge(schema, value) == verdict, "twice is the same");
    json_schema_free(schema);
    if (is_plain)
        check_logic(document, value, verdict);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice rest = fuzz_input(bytes, len), line = { 0 };
    struct error err = { 0 };
    if (!slice_next_line(&rest, &line))
        return 0;
    /* An escape may write a $, too. */
    bool is_plain = !memchr(bytes, '$', len) && !memchr(bytes, '\\', len);
    json_t *document = json_parse(line, &err);
    json_t *value = json_parse(rest, &err);
    if (document && value)
        check(document, value, is_plain);
    json_decref(document);
    json_decref(value);
    return 0;
}
