/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "tests/support/noise.h"
#include "ui/shift.h"

Suite *shift_suite(void);

/* A canvas whose rows say these letters; '.' is a blank row. */
static struct canvas canvas_of(const char *rows)
{
    struct canvas canvas = { 0 };
    canvas_resize(&canvas, (int)strlen(rows), 12);
    for (int row = 0; rows[row]; row++) {
        if (rows[row] != '.')
            canvas_printf(&canvas, row, 0, 12, STYLE_NORMAL, "row %c",
                          rows[row]);
    }
    return canvas;
}

static void expect_rows(const struct canvas *canvas, const char *rows)
{
    struct canvas wanted = canvas_of(rows);
    ck_assert_int_eq(canvas->height, wanted.height);
    for (int row = 0; row < wanted.height; row++)
        ck_assert_msg(canvas_rows_equal(canvas, row, &wanted, row),
                      "row %d is not \"%c\"", row, rows[row]);
    canvas_clear(&wanted);
}

static const struct {
    const char *from, *to, *shifted; /* NULL: nothing to shift */
} cases[] = {
    { "TabcdefRES", "TcdefghRES", "Tcdef..RES" }, /* up */
    { "TabcdefRES", "TxabcdeRES", "T.abcdeRES" }, /* down */
    { "TabcdefRES", "TabcdefRES", NULL },         /* right already */
    { "TabcdefRES", "TefxyzuRES", NULL },         /* two are too few */
    { "a.........", ".a........", NULL },         /* blanks save nothing */
    { "ab..cd....", "b..cd.....", "b..cd....." },
    { "abcdefghij", "defghijklm", "defghij..." }, /* everything */
    { "abcabcabcx", "bcabcabcxy", "bcabcabcx." },
    /* More would be lost below than won above. */
    { "abcdefghij", "bcdefghijx", "bcdefghij." },
    { "aabbbbbbbb", "abbbbbbbbb", NULL },
    { "", "", NULL },
    { "a", "b", NULL },
};

START_TEST(rows_that_only_moved_are_found)
{
    struct canvas from = canvas_of(cases[_i].from);
    struct canvas to = canvas_of(cases[_i].to);
    struct shift shift;
    bool found = shift_find(&from, &to, &shift);
    ck_assert_msg(found == (cases[_i].shifted != NULL), "%s", cases[_i].from);
    if (found) {
        shift_apply(&shift, &from);
        expect_rows(&from, cases[_i].shifted);
    }
    canvas_clear(&from);
    canvas_clear(&to);
}
END_TEST

static int count_right(const struct canvas *canvas, const struct canvas *wanted)
{
    int count = 0;
    for (int row = 0; row < canvas->height; row++)
        count += canvas_rows_equal(canvas, row, wanted, row) &&
                 !canvas_row_is_blank(wanted, row);
    return count;
}

START_TEST(a_shift_makes_three_more_rows_right)
{
    struct noise noise = { 5 };
    int found = 0;
    for (int round = 0; round < 3000; round++) {
        char from_rows[16] = "", to_rows[16] = "";
        int by = (int)noise_below(&noise, 5);
        for (int i = 0; i < 12; i++)
            from_rows[i] = (char)('a' + noise_below(&noise, 16));
        for (int i = 0; i < 12; i++)
            to_rows[i] = noise_below(&noise, 4)
                             ? from_rows[(i + by) % 12]
                             : (char)('a' + noise_below(&noise, 16));
        struct canvas from = canvas_of(from_rows), to = canvas_of(to_rows);
        struct shift shift;
        int before = count_right(&from, &to);
        if (shift_find(&from, &to, &shift)) {
            shift_apply(&shift, &from);
            ck_assert_int_ge(count_right(&from, &to), before + 3);
            found++;
        }
        canvas_clear(&from);
        canvas_clear(&to);
    }
    ck_assert_int_gt(found, 500);
}
END_TEST

Suite *shift_suite(void)
{
    Suite *suite = suite_create("shift");
    TCase *tcase = tcase_create("shift");
    tcase_add_loop_test(tcase, rows_that_only_moved_are_found, 0,
                        (int)COUNTOF(cases));
    tcase_add_test(tcase, a_shift_makes_three_more_rows_right);
    suite_add_tcase(suite, tcase);
    return suite;
}
