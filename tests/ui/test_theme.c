/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "ui/canvas.h"
#include "ui/theme.h"
#include "ui/theme_file.h"

Suite *theme_suite(void);

START_TEST(every_glyph_is_one_cell_wide_and_the_ascii_ones_are_ascii)
{
    for (int ascii = 0; ascii < 2; ascii++) {
        const struct glyphs *glyphs = theme_glyphs(ascii);
        const char *const *all = (const char *const *)(const void *)glyphs;
        for (size_t i = 0; i < sizeof *glyphs / sizeof *all; i++) {
            ck_assert_int_eq(canvas_width(slice_of(all[i])), 1);
            if (ascii)
                ck_assert_uint_eq(strlen(all[i]), 1);
        }
    }
}
END_TEST

START_TEST(a_terminal_without_colours_gets_attributes_only)
{
    struct theme theme;
    ck_assert(theme_builtin(&theme, "auto"));
    for (int style = 0; style < STYLE_COUNT; style++) {
        struct look look = theme_look(&theme, (enum style)style, 0);
        ck_assert_int_eq(look.foreground, -1);
        ck_assert_int_eq(look.background, -1);
    }
    ck_assert(theme_look(&theme, STYLE_ERROR, 0).bold);
    ck_assert(theme_look(&theme, STYLE_STATUS, 1).reverse);
    ck_assert(theme_look(&theme, STYLE_DIM, 0).dim);
}
END_TEST

static void check_colors(const struct theme *theme, int colors)
{
    for (int style = 0; style < STYLE_COUNT; style++) {
        struct look look = theme_look(theme, (enum style)style, colors);
        ck_assert_int_lt(look.foreground, colors);
        ck_assert_int_lt(look.background, colors);
        ck_assert_int_ge(look.foreground, -1);
        /* Number 8 is the background of common 16-colour schemes. */
        ck_assert(colors != 16 || look.foreground != 8);
    }
}

START_TEST(colours_of_every_theme_stay_in_the_palette_that_there_is)
{
    static const int counts[] = { 8, 16, 256 };
    for (size_t i = 0; theme_name(i); i++) {
        struct theme theme;
        ck_assert(theme_builtin(&theme, theme_name(i)));
        for (size_t k = 0; k < COUNTOF(counts); k++)
            check_colors(&theme, counts[k]);
    }
}
END_TEST

START_TEST(mono_has_no_colours_and_contrast_nothing_dim)
{
    struct theme mono, contrast;
    ck_assert(theme_builtin(&mono, "mono"));
    ck_assert(theme_builtin(&contrast, "contrast"));
    for (int style = 0; style < STYLE_COUNT; style++) {
        struct look look = theme_look(&mono, (enum style)style, 256);
        ck_assert_int_eq(look.foreground, -1);
        ck_assert(!theme_look(&contrast, (enum style)style, 256).dim);
    }
    ck_assert(theme_look(&contrast, STYLE_WARNING, 256).bold);
}
END_TEST

START_TEST(a_file_changes_what_it_names)
{
    struct theme theme;
    struct error err = { 0 };
    const char *text = "styles:\n"
                       "  heading: {color: 75, underline: true, bold: false}\n"
                       "  error: {color: 9}\n"
                       "like: dark\n";
    ck_assert_msg(theme_parse(&theme, "mine.yaml", slice_of(text), &err), "%s",
                  err.text);
    struct look heading = theme_look(&theme, STYLE_HEADING, 256);
    ck_assert_int_eq(heading.foreground, 75);
    ck_assert(heading.underline && !heading.bold);
    ck_assert_int_eq(theme_look(&theme, STYLE_HEADING, 16).foreground, 4);
    ck_assert_int_eq(theme_look(&theme, STYLE_ERROR, 16).foreground, 9);
    ck_assert(theme_look(&theme, STYLE_ERROR, 16).bold);
    struct theme dark;
    theme_builtin(&dark, "dark");
    ck_assert_int_eq(theme_look(&theme, STYLE_USER, 256).foreground,
                     theme_look(&dark, STYLE_USER, 256).foreground);
}
END_TEST

START_TEST(a_file_that_is_wrong_is_refused_with_its_line)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        { "styles:\n  haeding: {color: 3}\n",
          "t.yaml:2: unknown key haeding; did you mean heading?" },
        { "styles:\n  heading: {colour: 3}\n", "did you mean color?" },
        { "styles: {heading: {color: 256}}\n", "a number from 0 to 255" },
        { "styles: {heading: {bold: yes}}\n", "bold: true or false" },
        { "styles: {heading: 3}\n", "a map such as" },
        { "like: darkish\n", "like: auto, dark, light" },
        { "style: {}\n", "did you mean styles?" },
        { "- a\n", "a theme is a map" },
        { "a: [\n", "t.yaml:" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct theme theme, before;
        struct error err = { 0 };
        theme_builtin(&theme, "light");
        before = theme;
        ck_assert(!theme_parse(&theme, "t.yaml", slice_of(rows[i].text), &err));
        ck_assert_msg(strstr(err.text, rows[i].words), "%s", err.text);
        ck_assert_int_eq(err.kind, ERROR_CONFIG);
        for (int style = 0; style < STYLE_COUNT; style++)
            ck_assert_int_eq(theme.styles[style].many,
                             before.styles[style].many);
    }
}
END_TEST

Suite *theme_suite(void)
{
    Suite *suite = suite_create("theme");
    TCase *tcase = tcase_create("theme");
    tcase_add_test(tcase,
                   every_glyph_is_one_cell_wide_and_the_ascii_ones_are_ascii);
    tcase_add_test(tcase, a_terminal_without_colours_gets_attributes_only);
    tcase_add_test(tcase,
                   colours_of_every_theme_stay_in_the_palette_that_there_is);
    tcase_add_test(tcase, mono_has_no_colours_and_contrast_nothing_dim);
    tcase_add_test(tcase, a_file_changes_what_it_names);
    tcase_add_test(tcase, a_file_that_is_wrong_is_refused_with_its_line);
    suite_add_tcase(suite, tcase);
    return suite;
}
