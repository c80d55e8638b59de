/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "base/compiler.h"
#include "base/uri.h"

Suite *uri_suite(void);

/* RFC 3986, 5.4, with the base "http://a/b/c/d;p?q"; fragments are left out. */
/* clang-format off */
static const struct {
    const char *reference, *result;
} examples[] = {
    { "g:h", "g:h" },
    { "g", "http://a/b/c/g" },
    { "./g", "http://a/b/c/g" },
    { "g/", "http://a/b/c/g/" },
    { "/g", "http://a/g" },
    { "//g", "http://g" },
    { "?y", "http://a/b/c/d;p?y" },
    { "g?y", "http://a/b/c/g?y" },
    { "#s", "http://a/b/c/d;p?q" },
    { "g#s", "http://a/b/c/g" },
    { "g?y#s", "http://a/b/c/g?y" },
    { ";x", "http://a/b/c/;x" },
    { "g;x=1/./y", "http://a/b/c/g;x=1/y" },
    { "", "http://a/b/c/d;p?q" },
    { ".", "http://a/b/c/" },
    { "./", "http://a/b/c/" },
    { "..", "http://a/b/" },
    { "../", "http://a/b/" },
    { "../g", "http://a/b/g" },
    { "../..", "http://a/" },
    { "../../", "http://a/" },
    { "../../g", "http://a/g" },
    { "../../../g", "http://a/g" },
    { "../../../../g", "http://a/g" },
    { "/./g", "http://a/g" },
    { "/../g", "http://a/g" },
    { "g.", "http://a/b/c/g." },
    { "..g", "http://a/b/c/..g" },
    { "./../g", "http://a/b/g" },
    { "./g/.", "http://a/b/c/g/" },
    { "g/../h", "http://a/b/c/h" },
    { "g?y/./x", "http://a/b/c/g?y/./x" },
};

static const struct {
    const char *base, *reference, *result;
} others[] = {
    { "", "item.json", "item.json" },
    { "", "#/$defs/a", "" },
    { "http://a", "b", "http://a/b" },
    { "urn:uuid:dead", "#x", "urn:uuid:dead" },
    { "urn:uuid:dead", "http://b/", "http://b/" },
    { "folder/a.json", "b.json", "folder/b.json" },
};
/* clang-format on */

static void ck_assert_resolved(const char *base, const char *reference,
                               const char *result)
{
    struct buf out = { 0 };
    uri_resolve(&out, slice_of(base), slice_of(reference));
    ck_assert_str_eq(buf_string(&out), result);
    buf_clear(&out);
}

START_TEST(references_are_resolved_as_the_rfc_shows)
{
    ck_assert_resolved("http://a/b/c/d;p?q", examples[_i].reference,
                       examples[_i].result);
}
END_TEST

START_TEST(a_base_may_be_empty_or_have_no_path)
{
    ck_assert_resolved(others[_i].base, others[_i].reference,
                       others[_i].result);
}
END_TEST

START_TEST(a_fragment_is_what_follows_the_hash)
{
    ck_assert(slice_is(uri_fragment(slice_of("a#b#c")), "b#c"));
    ck_assert_ptr_null(uri_fragment(slice_of("a#")).ptr);
    ck_assert_ptr_null(uri_fragment(slice_of("a")).ptr);
}
END_TEST

START_TEST(escapes_become_bytes_and_what_is_none_stays)
{
    struct buf out = { 0 };
    uri_unescape(&out, slice_of("a%2Fb%c3%A9%zz%4"));
    ck_assert_str_eq(buf_string(&out), "a/b\xC3\xA9%zz%4");
    buf_clear(&out);
}
END_TEST

Suite *uri_suite(void)
{
    Suite *suite = suite_create("uri");
    TCase *tcase = tcase_create("uri");
    tcase_add_loop_test(tcase, references_are_resolved_as_the_rfc_shows, 0,
                        COUNTOF(examples));
    tcase_add_loop_test(tcase, a_base_may_be_empty_or_have_no_path, 0,
                        COUNTOF(others));
    tcase_add_test(tcase, a_fragment_is_what_follows_the_hash);
    tcase_add_test(tcase, escapes_become_bytes_and_what_is_none_stays);
    suite_add_tcase(suite, tcase);
    return suite;
}
