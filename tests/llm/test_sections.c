/* SPDX-License-Identifier: MIT */
/* man/sections.awk, run on manuals that the tests write. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/buf.h"
#include "llm/guide.h"
#include "tests/support/scratch.h"

Suite *sections_suite(void);

#define HEAD              \
    ".Dd March 1, 2026\n" \
    ".Dt SAMPLE 1\n"      \
    ".Os\n"               \
    ".Sh NAME\n"          \
    ".Nm sample\n"        \
    ".Nd a program\n"

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

/* Append what awk prints (both streams) and return its status. The second
 * path may be NULL. */
static int run_awk(const char *first, const char *second, struct buf *out)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        setenv("LC_ALL", "C", 1);
        execlp("awk", "awk", "-f", "man/sections.awk", first, second,
               (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    ssize_t len;
    char bytes[4096];
    while ((len = read(ends[0], bytes, sizeof bytes)) > 0)
        buf_append(out, bytes, (size_t)len);
    close(ends[0]);
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* With an index file, or NULL for none. */
static int convert_with(const char *index, const char *manual, struct buf *out)
{
    char directory[SCRATCH_PATH_MAX];
    scratch_directory(directory, "sections");
    struct buf path = { 0 }, index_path = { 0 };
    buf_printf(&path, "%s/sample.1", directory);
    buf_printf(&index_path, "%s/index.txt", directory);
    write_file(buf_string(&path), manual);
    int status;
    if (index) {
        write_file(buf_string(&index_path), index);
        status = run_awk(buf_string(&index_path), buf_string(&path), out);
    } else {
        status = run_awk(buf_string(&path), NULL, out);
    }
    scratch_remove(directory);
    buf_clear(&path);
    buf_clear(&index_path);
    return status;
}

static int convert(const char *manual, struct buf *out)
{
    return convert_with(NULL, manual, out);
}

/* The lines of C for `body` behind a .Sh OPTIONS hold `expected`. */
static void assert_holds(const char *body, const char *expected)
{
    struct buf manual = { 0 }, out = { 0 };
    buf_printf(&manual, HEAD ".Sh OPTIONS\n%s", body);
    ck_assert_msg(convert(buf_string(&manual), &out) == 0, "%s",
                  buf_string(&out));
    ck_assert_msg(strstr(buf_string(&out), expected) != NULL, "no\n%s\nin\n%s",
                  expected, buf_string(&out));
    buf_clear(&manual);
    buf_clear(&out);
}

static void assert_refused(const char *body, const char *reason)
{
    struct buf manual = { 0 }, out = { 0 };
    buf_printf(&manual, HEAD ".Sh OPTIONS\n%s", body);
    ck_assert_int_ne(convert(buf_string(&manual), &out), 0);
    ck_assert_msg(strstr(buf_string(&out), reason) != NULL, "%s",
                  buf_string(&out));
    buf_clear(&manual);
    buf_clear(&out);
}

START_TEST(a_section_names_its_manual_chapter_title_and_keywords)
{
    assert_holds(".Ss Of the screen\n"
                 ".\\\" index: colour, look\n"
                 "Text.\n",
                 "        .manual = \"sample(1)\",\n"
                 "        .chapter = \"Options\",\n"
                 "        .title = \"Of the screen\",\n"
                 "        .keywords = \"colour, look\",\n"
                 "        .text =\n"
                 "            \"Text.\\n\",\n");
}
END_TEST

START_TEST(an_index_file_adds_phrases_to_its_sections)
{
    static const char manual[] = HEAD ".Sh OPTIONS\n"
                                      ".\\\" index: flags\n"
                                      "Text.\n"
                                      ".Ss Of the screen\n"
                                      "Text.\n"
                                      ".Ss Others\n"
                                      "Text.\n";
    struct buf out = { 0 };
    int status = convert_with("# A comment.\n"
                              "\n"
                              "sample(1) Of the screen\n"
                              "    how does it look,\n"
                              "    what \"it\" shows\n"
                              "sample(1) Options\n"
                              "    what can I say\n",
                              manual, &out);
    ck_assert_msg(status == 0, "%s", buf_string(&out));
    static const char *const expected[] = {
        "        .keywords =\n"
        "            \"flags,\\n\"\n"
        "            \"what can I say\",\n",
        "        .keywords =\n"
        "            \"how does it look,\\n\"\n"
        "            \"what \\\"it\\\" shows\",\n",
        "        .keywords = \"\",\n",
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        ck_assert_msg(strstr(buf_string(&out), expected[i]) != NULL,
                      "no\n%s\nin\n%s", expected[i], buf_string(&out));
    buf_clear(&out);
}
END_TEST

START_TEST(an_index_of_what_is_not_there_stops_the_build)
{
    static const char *const indexes[] = {
        "sample(1) No such section\n    words\n",
        "sample(2) Options\n    words\n",
        "sample(1) Options\n    words\nsample(1) Options\n    others\n",
    };
    for (size_t i = 0; i < sizeof indexes / sizeof indexes[0]; i++) {
        struct buf out = { 0 };
        ck_assert_int_ne(
            convert_with(indexes[i], HEAD ".Sh OPTIONS\nText.\n", &out), 0);
        ck_assert_ptr_nonnull(strstr(buf_string(&out), "index"));
        buf_clear(&out);
    }
}
END_TEST

START_TEST(inline_macros_become_marks_and_punctuation_touches)
{
    assert_holds(".Nm\n"
                 "takes\n"
                 ".Fl p , Fl -print Ar PROMPT\n"
                 "and\n"
                 ".Pq see Xr ls 1 .\n"
                 ".Dq So\n"
                 "it\n"
                 ".Em is ,\n"
                 ".Sy very .\n",
                 "\"sample takes `-p`, `--print` *PROMPT* and (see ls(1)). "
                 "\\\"So\\\" it *is*,\\n\"\n"
                 "            \"**very**.\\n\"");
    assert_holds(".Op Fl f Ar PATH Ns ...\n", "\"[`-f` *PATH*...]\\n\"");
    assert_holds(".Fl m Oo Ar A Ns / Oc Ns Ar B\n", "\"`-m` [*A*/]*B*\\n\"");
    assert_holds(".Ql a | b\n", "\"`a` | `b`\\n\"");
    assert_holds(".Ql \"a | b\"\n", "\"`a | b`\\n\"");
}
END_TEST

START_TEST(heads_of_a_list_share_a_text_and_lists_nest)
{
    assert_holds(".Bl -tag -width Ds\n"
                 ".It Ic /quit\n"
                 ".It Ic /bye\n"
                 "Leave.\n"
                 ".Bl -bullet -compact\n"
                 ".It\n"
                 "One\n"
                 ".It\n"
                 "Two\n"
                 ".El\n"
                 ".It Fl x Xo\n"
                 ".Ar Y\n"
                 ".Xc\n"
                 "Last.\n"
                 ".El\n",
                 "            \"- `/quit`, `/bye`: Leave.\\n\"\n"
                 "            \"\\n\"\n"
                 "            \"  - One\\n\"\n"
                 "            \"  - Two\\n\"\n"
                 "            \"\\n\"\n"
                 "            \"- `-x` *Y*: Last.\\n\"");
}
END_TEST

START_TEST(literal_displays_become_fenced_code_as_they_are)
{
    assert_holds("Say:\n"
                 ".Bd -literal -offset indent\n"
                 "$ a \"b\" \\e\n"
                 "\n"
                 "    * c?\n"
                 ".Ed\n"
                 ".Dl $ d\n",
                 "            \"Say:\\n\"\n"
                 "            \"\\n\"\n"
                 "            \"```\\n\"\n"
                 "            \"$ a \\\"b\\\" \\\\\\n\"\n"
                 "            \"\\n\"\n"
                 "            \"    * c\\?\\n\"\n"
                 "            \"```\\n\"\n"
                 "            \"\\n\"\n"
                 "            \"```\\n\"\n"
                 "            \"$ d\\n\"\n"
                 "            \"```\\n\"");
}
END_TEST

START_TEST(text_that_looks_like_a_mark_is_escaped)
{
    assert_holds("a * b `c` <d>\n", "\"a \\\\* b \\\\`c\\\\` \\\\<d>\\n\"");
}
END_TEST

START_TEST(what_would_be_quoted_wrongly_stops_the_build)
{
    assert_refused("Text.\n.Fancy x\n", "sample.1:9: unknown macro .Fancy");
    assert_refused("a \\fBb\\fP\n", "sample.1:8: unknown escape \\f");
    assert_refused(".Bl -tag\n.It x\ny\n", "still open");
    assert_refused(".El\n", ".El without .Bl");
}
END_TEST

START_TEST(what_explains_nothing_is_no_section)
{
    struct buf out = { 0 };
    ck_assert_int_eq(convert(HEAD ".Sh SYNOPSIS\n.Nm\n.Sh FILES\nNone.\n"
                                  ".Sh SEE ALSO\n.Xr ls 1\n",
                             &out),
                     0);
    ck_assert_ptr_nonnull(strstr(buf_string(&out), "\"Files\""));
    ck_assert_ptr_null(strstr(buf_string(&out), "\"Name\""));
    ck_assert_ptr_null(strstr(buf_string(&out), "\"Synopsis\""));
    ck_assert_ptr_null(strstr(buf_string(&out), "\"See also\""));
    buf_clear(&out);
}
END_TEST

START_TEST(a_comment_leaves_a_section_or_a_chapter_out)
{
    struct buf out = { 0 };
    int status = convert(HEAD ".Sh FILES\nNone.\n"
                              ".Ss One\n.\\\" guide: no\nText.\n"
                              ".Ss Two\nText.\n"
                              ".Sh LATER\n.\\\" guide: no\nText.\n"
                              ".Ss Three\nText.\n"
                              ".Sh BUGS\nText.\n",
                         &out);
    ck_assert_int_eq(status, 0);
    ck_assert_ptr_nonnull(strstr(buf_string(&out), ".title = \"Files\""));
    ck_assert_ptr_null(strstr(buf_string(&out), ".title = \"One\""));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), ".title = \"Two\""));
    ck_assert_ptr_null(strstr(buf_string(&out), ".title = \"Later\""));
    ck_assert_ptr_null(strstr(buf_string(&out), ".title = \"Three\""));
    ck_assert_ptr_nonnull(strstr(buf_string(&out), ".title = \"Bugs\""));
    buf_clear(&out);
}
END_TEST

START_TEST(the_table_that_was_built_in_is_whole)
{
    ck_assert_uint_gt(guide_section_count(), 50);
    for (size_t i = 0; i < guide_section_count(); i++) {
        const struct guide_section *section = guide_section_at(i);
        ck_assert(section->manual && section->chapter && section->keywords);
        ck_assert_uint_gt(strlen(section->title), 0);
        ck_assert_uint_gt(strlen(section->text), 0);
        /* Fences are paired. */
        int fences = 0;
        for (const char *at = section->text; (at = strstr(at, "```")); at += 3)
            fences++;
        ck_assert_msg(fences % 2 == 0, "%s", section->title);
    }
}
END_TEST

Suite *sections_suite(void)
{
    Suite *suite = suite_create("sections");
    TCase *tcase = tcase_create("sections");
    tcase_add_test(tcase,
                   a_section_names_its_manual_chapter_title_and_keywords);
    tcase_add_test(tcase, an_index_file_adds_phrases_to_its_sections);
    tcase_add_test(tcase, an_index_of_what_is_not_there_stops_the_build);
    tcase_add_test(tcase, inline_macros_become_marks_and_punctuation_touches);
    tcase_add_test(tcase, heads_of_a_list_share_a_text_and_lists_nest);
    tcase_add_test(tcase, literal_displays_become_fenced_code_as_they_are);
    tcase_add_test(tcase, text_that_looks_like_a_mark_is_escaped);
    tcase_add_test(tcase, what_would_be_quoted_wrongly_stops_the_build);
    tcase_add_test(tcase, what_explains_nothing_is_no_section);
    tcase_add_test(tcase, a_comment_leaves_a_section_or_a_chapter_out);
    tcase_add_test(tcase, the_table_that_was_built_in_is_whole);
    suite_add_tcase(suite, tcase);
    return suite;
}
