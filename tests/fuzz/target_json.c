/* SPDX-License-Identifier: MIT */
/* What is repaired parses, and is not repaired again; what needs no repair is
 * left as it is; what is read can be written and read. */
#include "base/json.h"
#include "base/json_repair.h"
#include "tests/fuzz/fuzz.h"

static struct buf repair(struct slice text)
{
    struct buf out = { 0 };
    struct json_joiner joiner = { 0 };
    json_repair(&out, text, NULL, &joiner);
    return out;
}

static void check_repair(struct slice text)
{
    struct error err = { 0 };
    struct buf once = repair(text);
    struct buf twice = repair(buf_slice(&once));
    json_t *value = json_parse_strict(buf_slice(&once), &err);
    if (value)
        fuzz_require_same(&once, &twice, "repaired twice is repaired once");
    json_decref(value);
    /* U+FFFD for a byte; six characters for a control character or a NUL. */
    fuzz_require(once.len <= 8 * text.len + 16, "a repair is bounded");
    buf_clear(&once);
    buf_clear(&twice);
}

static void check_written(const json_t *value)
{
    struct buf first = { 0 }, second = { 0 };
    struct error err = { 0 };
    json_append_value(&first, value);
    json_t *again = json_parse_strict(buf_slice(&first), &err);
    fuzz_require(again != NULL, "what is written can be read");
    json_append_value(&second, again);
    fuzz_require_same(&first, &second, "written twice is written once");
    json_decref(again);
    buf_clear(&first);
    buf_clear(&second);
}

static void check_strict(struct slice text, const json_t *value)
{
    struct error err = { 0 };
    json_t *strict = json_parse_strict(text, &err);
    fuzz_require(!strict || (value && json_equal(strict, value)),
                 "what is JSON is not changed");
    json_decref(strict);
}

/* Two texts of which the first may leave half a character to the other. */
static void check_joined(struct slice text, size_t at)
{
    struct json_joiner joiner = { 0 };
    struct error err = { 0 };
    at = at < text.len ? at : text.len;
    struct slice parts[] = { { text.ptr, at }, slice_skip(text, at) };
    for (int i = 0; i < 2; i++)
        json_decref(json_parse_joined(&joiner, parts[i], "content", &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice text = fuzz_input(bytes, len);
    struct error err = { 0 };
    size_t at = fuzz_choice(&text);
    json_t *value = json_parse(text, &err);
    fuzz_require((value == NULL) == (err.kind != ERROR_NONE),
                 "what is refused says why");
    check_repair(text);
    check_strict(text, value);
    check_joined(text, at);
    if (value)
        check_written(value);
    json_decref(value);
    return 0;
}
