/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include "app/document.h"
#include "tests/support/scenario.h"

Suite *document_suite(void);

static struct scenario s;
static struct buf out;

static void setup(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
    scenario_init(&s);
}

static void teardown(void)
{
    scenario_clear(&s);
    buf_clear(&out);
}

/* All times of a scenario are a second after midnight of 1970. */
static void expect_whole(const char *lines, const char *expected)
{
    scenario_play(&s, lines);
    document_append(&out, s.graph, slice_of("abcd1234"));
    ck_assert_str_eq(buf_string(&out), expected);
}

static void expect_part(const char *lines, const char *part)
{
    scenario_play(&s, lines);
    document_append(&out, s.graph, (struct slice){ 0 });
    ck_assert_msg(strstr(buf_string(&out), part), "%s\nis not in\n%s", part,
                  buf_string(&out));
}

#define ASK                         \
    "@q user-message text=Knots?\n" \
    "run-started 1 node=@q\n"       \
    "attempt-started 1.1 model=small endpoint=box\n"
#define END                                   \
    "attempt-finished 1.1 outcome=complete\n" \
    "run-finished 1 outcome=complete\n"

START_TEST(a_document_says_what_when_and_who_byte_for_byte)
{
    expect_whole("title text='Knots & *ropes*'\n" ASK
                 "text-delta 1.1 text='A `knot` is\\n\\n- *tied*\\n'\n" END
                 "user-message text=thanks parent=5\n",
                 "# Knots \\& \\*ropes\\*\n"
                 "\n"
                 "- Date: 1970-01-01 00:00\n"
                 "- Answered by: small at box\n"
                 "- Session: abcd1234\n"
                 "\n"
                 "## You, 1970-01-01 00:00\n"
                 "\n"
                 "Knots?\n"
                 "\n"
                 "## small at box, 1970-01-01 00:00\n"
                 "\n"
                 "A `knot` is\n\n- *tied*\n"
                 "\n"
                 "## You, 1970-01-01 00:00\n"
                 "\n"
                 "thanks\n");
}
END_TEST

START_TEST(thinking_is_folded_in_a_fence_that_it_cannot_leave)
{
    expect_part(ASK "thinking-delta 1.1 text='</details> ```` hm'\n"
                    "text-delta 1.1 text=Yes\n" END,
                "\n<details><summary>Thinking (3 words)</summary>\n"
                "\n"
                "`````text\n"
                "</details> ```` hm\n"
                "`````\n"
                "\n"
                "</details>\n"
                "\n"
                "Yes\n");
}
END_TEST

START_TEST(a_fence_that_an_answer_left_open_is_closed)
{
    static const struct {
        const char *text, *end;
    } rows[] = {
        { "```c\\nint x;", "int x;\n```\n" },
        { "~~~~\\nint x;\\n~~~", "~~~\n~~~~\n" },
        { "```c\\nint x;\\n```", "int x;\n```\n" },
        { "```c\\n``` c\\n", "``` c\n```\n" },
        { "```a``` is code", "```a``` is code\n" },
        { "    ```", "    ```\n" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf lines = { 0 };
        buf_printf(&lines, ASK "text-delta 1.1 text='%s'\n" END, rows[i].text);
        scenario_clear(&s);
        scenario_init(&s);
        buf_reset(&out);
        scenario_play(&s, buf_string(&lines));
        document_append(&out, s.graph, (struct slice){ 0 });
        size_t len = strlen(rows[i].end);
        ck_assert_uint_ge(out.len, len);
        ck_assert_str_eq(buf_string(&out) + out.len - len, rows[i].end);
        buf_clear(&lines);
    }
}
END_TEST

START_TEST(calls_and_what_tools_gave_back_are_quoted_whole)
{
    expect_part(ASK "tool-call-start 1.1 call=1 name=grep\n"
                    "tool-call-end 1.1 call=1 name=grep arguments='{\"a\":1}'\n"
                    "attempt-finished 1.1 outcome=complete\n"
                    "tool-started 1 call=1\n"
                    "tool-output 1 call=1 text='```\\nout\\n'\n"
                    "tool-finished 1 call=1 outcome=completed\n",
                "Tool call `grep`, completed:\n"
                "\n"
                "```json\n"
                "{\"a\":1}\n"
                "```\n"
                "\n"
                "Output of `grep`:\n"
                "\n"
                "````text\n"
                "```\n"
                "out\n"
                "````\n");
}
END_TEST

START_TEST(files_have_their_names_and_texts_are_quoted)
{
    expect_part("@q user-message text=Look\n"
                "attachment-added node=@q name='a`b.c' text='int x;\\n'\n"
                "attachment-added node=@q name=p.png media_type=image/png "
                "url=https://x/p.png alt='a *knot*'\n",
                "Look\n"
                "\n"
                "File `` a`b.c ``:\n"
                "\n"
                "```\n"
                "int x;\n"
                "```\n"
                "\n"
                "Image `p.png` (image/png, ");
    ck_assert_ptr_nonnull(
        strstr(buf_string(&out), " from `https://x/p.png`: a \\*knot\\*\n"));
}
END_TEST

START_TEST(an_answer_that_was_cut_says_so_and_why)
{
    expect_part(ASK "text-delta 1.1 text='A kn'\n"
                    "attempt-finished 1.1 outcome=cut error='it *stalled*'\n"
                    "run-finished 1 outcome=cut error='it *stalled*'\n",
                "\nA kn\n"
                "\n"
                "> (cut: it \\*stalled\\*)\n");
}
END_TEST

START_TEST(siblings_that_are_left_out_are_spoken_of)
{
    expect_part("user-message text=root\n"
                "user-message text=one parent=1\n"
                "user-message text=two parent=1\n",
                "> This is 2 of 2 turns here; the others are not in this "
                "document.\n"
                "\n"
                "two\n");
    ck_assert_ptr_null(strstr(buf_string(&out), "one"));
}
END_TEST

START_TEST(agents_whose_work_is_left_out_are_spoken_of)
{
    expect_part(ASK "tool-call-start 1.1 call=1 name=agent\n"
                    "tool-call-end 1.1 call=1 name=agent arguments={}\n"
                    "attempt-finished 1.1 outcome=complete\n"
                    "tool-started 1 call=1\n"
                    "user-message text=task parent=4 spawned=true call=1\n",
                "> 1 agent worked here; what it did is not in this "
                "document.\n");
}
END_TEST

START_TEST(the_system_prompt_and_what_waits_are_there)
{
    expect_part("system-set text='Be *brief*.'\nprompt-queued text=later\n",
                "<details><summary>System prompt (2 words)</summary>\n"
                "\n"
                "```text\n"
                "Be *brief*.\n"
                "```\n"
                "\n"
                "</details>\n"
                "\n"
                "## You, waiting\n"
                "\n"
                "later\n");
}
END_TEST

Suite *document_suite(void)
{
    Suite *suite = suite_create("document");
    TCase *test = tcase_create("document");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, a_document_says_what_when_and_who_byte_for_byte);
    tcase_add_test(test, thinking_is_folded_in_a_fence_that_it_cannot_leave);
    tcase_add_test(test, a_fence_that_an_answer_left_open_is_closed);
    tcase_add_test(test, calls_and_what_tools_gave_back_are_quoted_whole);
    tcase_add_test(test, files_have_their_names_and_texts_are_quoted);
    tcase_add_test(test, an_answer_that_was_cut_says_so_and_why);
    tcase_add_test(test, siblings_that_are_left_out_are_spoken_of);
    tcase_add_test(test, agents_whose_work_is_left_out_are_spoken_of);
    tcase_add_test(test, the_system_prompt_and_what_waits_are_there);
    suite_add_tcase(suite, test);
    return suite;
}
