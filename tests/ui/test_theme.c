/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "ui/canvas.h"
#include "ui/theme.h"

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
    for (int style = 0; style < STYLE_COUNT; style++) {
        struct look look = theme_look((enum style)style, 0);
        ck_assert_int_eq(look.foreground, -1);
        ck_assert_int_eq(look.background, -1);
    }
    ck_assert(theme_look(STYLE_ERROR, 0).bold);
    ck_assert(theme_look(STYLE_STATUS, 1).reverse);
    ck_assert(theme_look(STYLE_DIM, 0).dim);
}
END_TEST

START_TEST(colours_stay_in_the_palette_that_there_is)
{
    static const int counts[] = { 8, 16, 256 };
    for (size_t i = 0; i < COUNTOF(counts); i++) {
        for (int style = 0; style < STYLE_COUNT; style++) {
            struct look look = theme_look((enum style)style, counts[i]);
            ck_assert_int_lt(look.foreground, counts[i]);
            ck_assert_int_lt(look.background, counts[i]);
            ck_assert_int_ge(look.foreground, -1);
        }
    }
}
END_TEST

START_TEST(secondary_text_is_never_bright_black)
{
    /* Palette number 8 is the background of common 16-colour schemes. */
    for (int style = 0; style < STYLE_COUNT; style++)
        ck_assert_int_ne(theme_look((enum style)style, 16).foreground, 8);
}
END_TEST

Suite *theme_suite(void)
{
    Suite *suite = suite_create("theme");
    TCase *tcase = tcase_create("theme");
    tcase_add_test(tcase,
                   every_glyph_is_one_cell_wide_and_the_ascii_ones_are_ascii);
    tcase_add_test(tcase, a_terminal_without_colours_gets_attributes_only);
    tcase_add_test(tcase, colours_stay_in_the_palette_that_there_is);
    tcase_add_test(tcase, secondary_text_is_never_bright_black);
    suite_add_tcase(suite, tcase);
    return suite;
}
