/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "base/redact.h"

Suite *redact_suite(void);

static const char *const own[] = { "CANARY-7f3a91c2", "tiny", NULL };

/* Keys are written in two pieces, so that this file holds none. */
static const struct {
    const char *text, *redacted;
} cases[] = {
    { "", "" },
    { "nothing here", "nothing here" },
    { "key sk-"
      "abcdefgh end",
      "key <redacted> end" },
    { "sk-"
      "proj-0123456789abcdefWXYZ",
      "<redacted:WXYZ>" },
    { "(sk-"
      "abcdefgh)",
      "(<redacted>)" },
    { "a task-force-member", "a task-force-member" },
    { "sk-short", "sk-short" },
    { "AIza"
      "SyA0123456789abcdefghij",
      "<redacted:ghij>" },
    { "ghp_"
      "0123456789",
      "<redacted>" },
    { "hf_"
      "0123456789abcdef0123",
      "<redacted:0123>" },
    { "Authorization: Bearer abcdefgh.ijk",
      "Authorization: Bearer <redacted>" },
    { "bearer ABCDEFGHIJKLMNOPQRSTUV==", "bearer <redacted:UV==>" },
    { "the bearer of news", "the bearer of news" },
    { "http://me:pass@host/x", "http://<redacted>@host/x" },
    { "http://host/a@b", "http://host/a@b" },
    { "http://host:8080/", "http://host:8080/" },
    { "is CANARY-7f3a91c2.", "is <redacted>." },
    { "xCANARY-7f3a91c2CANARY-7f3a91c2", "x<redacted><redacted>" },
    { "tiny stays", "tiny stays" },
    { "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE "
      "KEY-----\nb",
      "a\n<redacted>\nb" },
    { "-----BEGIN KEY-----\nMIIE and no end", "<redacted>" },
    { "-----BEGIN KEY-----\nMIIE\n-----END KEY", "<redacted>" },
};

START_TEST(secrets_are_taken_out_and_the_rest_stays)
{
    struct buf out = { 0 };
    redact_append(&out, slice_of(cases[_i].text), own, 2);
    ck_assert_str_eq(buf_string(&out), cases[_i].redacted);
    buf_clear(&out);
}
END_TEST

START_TEST(what_was_there_before_is_kept)
{
    struct buf out = { 0 };
    buf_append_string(&out, "sk-"
                            "abcdefghi ");
    redact_append(&out, slice_of("x"), NULL, 0);
    ck_assert_str_eq(buf_string(&out), "sk-"
                                       "abcdefghi x");
    buf_clear(&out);
}
END_TEST

Suite *redact_suite(void)
{
    Suite *suite = suite_create("redact");
    TCase *tcase = tcase_create("redact");
    tcase_add_loop_test(tcase, secrets_are_taken_out_and_the_rest_stays, 0,
                        COUNTOF(cases));
    tcase_add_test(tcase, what_was_there_before_is_kept);
    suite_add_tcase(suite, tcase);
    return suite;
}
