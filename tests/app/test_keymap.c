/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "app/keymap.h"
#include "tests/support/settings.h"

Suite *keymap_suite(void);

static enum action press_at(struct keymap *keymap, const char *name,
                            enum focus focus, bool *pending)
{
    struct key key;
    ck_assert(key_parse(&key, slice_of(name)));
    return keymap_press(keymap, &key, focus, pending);
}

static enum action press(struct keymap *keymap, const char *name)
{
    bool pending = false;
    return press_at(keymap, name, FOCUS_EDITOR, &pending);
}

START_TEST(every_key_of_the_table_is_a_key_and_leads_to_its_action)
{
    struct keymap keymap;
    keymap_init(&keymap);
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        char ways[128];
        enum focus focus = action_focus((enum action)i);
        snprintf(ways, sizeof ways, "%s", action_keys((enum action)i));
        for (char *rest = ways, *way; *ways && (way = strsep(&rest, ","));) {
            bool pending = false;
            enum action found = ACTION_NONE;
            for (char *word; (word = strsep(&way, " "));)
                found = press_at(&keymap, word, focus, &pending);
            ck_assert_msg(found == (enum action)i, "%s of %s",
                          action_keys((enum action)i),
                          action_name((enum action)i));
            ck_assert(!pending);
        }
    }
    keymap_clear(&keymap);
}
END_TEST

START_TEST(every_function_key_has_a_twin_behind_ctrl_x)
{
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        const char *keys = action_keys((enum action)i);
        if (keys[0] == 'F')
            ck_assert_msg(strstr(keys, "Ctrl-X "), "%s", keys);
    }
}
END_TEST

START_TEST(a_pair_that_goes_nowhere_is_forgotten)
{
    struct keymap keymap;
    bool pending = false;
    keymap_init(&keymap);
    ck_assert_int_eq(press_at(&keymap, "Ctrl-X", FOCUS_EDITOR, &pending),
                     ACTION_NONE);
    ck_assert(pending);
    ck_assert_int_eq(press_at(&keymap, "z", FOCUS_EDITOR, &pending),
                     ACTION_NONE);
    ck_assert(!pending);
    ck_assert_int_eq(press(&keymap, "Enter"), ACTION_SEND);
    keymap_clear(&keymap);
}
END_TEST

START_TEST(a_key_counts_only_where_its_action_has_the_focus)
{
    struct keymap keymap;
    bool pending = false;
    keymap_init(&keymap);
    ck_assert_int_eq(press(&keymap, "j"), ACTION_NONE);
    ck_assert_int_eq(press_at(&keymap, "j", FOCUS_THREAD, &pending),
                     ACTION_NEXT_TURN);
    ck_assert_int_eq(press_at(&keymap, "Enter", FOCUS_PANEL, &pending),
                     ACTION_CHOOSE);
    ck_assert_int_eq(press_at(&keymap, "Ctrl-C", FOCUS_THREAD, &pending),
                     ACTION_INTERRUPT);
    keymap_clear(&keymap);
}
END_TEST

/* The keys of a profile, and what is said about them. */
static void configure(struct keymap *keymap, const char *yaml, struct buf *said)
{
    struct settings *settings = settings_new();
    settings_must_add(settings, "p.yaml", yaml);
    keymap_init(keymap);
    buf_reset(said);
    keymap_configure(keymap, settings, said);
    settings_free(settings);
}

START_TEST(a_setting_takes_the_place_of_all_keys_of_its_action)
{
    struct keymap keymap;
    struct buf said = { 0 };
    configure(&keymap, "keys:\n  newline: Alt-j,Ctrl-X j\n", &said);
    ck_assert_str_eq(buf_string(&said), "");
    ck_assert_int_eq(press(&keymap, "Alt-j"), ACTION_NEWLINE);
    press(&keymap, "Ctrl-X");
    ck_assert_int_eq(press(&keymap, "j"), ACTION_NEWLINE);
    ck_assert_int_eq(press(&keymap, "Ctrl-J"), ACTION_NONE);
    keymap_clear(&keymap);
    configure(&keymap, "keys: {fold: none}\n", &said);
    ck_assert_str_eq(buf_string(&said), "");
    ck_assert_int_eq(press(&keymap, "Ctrl-O"), ACTION_NONE);
    keymap_clear(&keymap);
    buf_clear(&said);
}
END_TEST

START_TEST(a_key_that_the_user_gives_away_is_taken_from_its_owner)
{
    struct keymap keymap;
    struct buf said = { 0 };
    configure(&keymap, "keys:\n  fold: Ctrl-L\n", &said);
    ck_assert_int_eq(press(&keymap, "Ctrl-L"), ACTION_FOLD);
    ck_assert_str_eq(buf_string(&said),
                     "p.yaml:2: keys.fold: Ctrl-L was the last key of repaint, "
                     "which has none now\n");
    keymap_clear(&keymap);
    configure(&keymap, "keys: {fold: Ctrl-L, repaint: Ctrl-O}\n", &said);
    ck_assert_str_eq(buf_string(&said), "");
    ck_assert_int_eq(press(&keymap, "Ctrl-O"), ACTION_REPAINT);
    keymap_clear(&keymap);
    buf_clear(&said);
}
END_TEST

START_TEST(what_cannot_be_done_is_said_and_changes_nothing)
{
    static const struct {
        const char *yaml, *said;
    } rows[] = {
        { "keys: {flod: Ctrl-O}\n", "p.yaml:1: keys.flod: there is no action "
                                    "flod; did you mean fold?" },
        { "keys: {fold: Hyper-Q}\n", "\"Hyper-Q\" is no key" },
        { "keys: {fold: Ctrl-H}\n", "Ctrl-H is Backspace to every terminal" },
        { "keys: {fold: Ctrl-i}\n", "Ctrl-i is Tab to every terminal" },
        { "keys: {fold: j}\n", "j could no longer be typed" },
        { "keys: {fold: Ctrl-O Ctrl-O Ctrl-O}\n", "is no key" },
        { "keys:\n  fold: Alt-z\n  repaint: Alt-z\n",
          "p.yaml:3: keys.repaint: Alt-Z belongs to fold already (p.yaml:2)" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct keymap keymap;
        struct buf said = { 0 };
        configure(&keymap, rows[i].yaml, &said);
        ck_assert_msg(strstr(buf_string(&said), rows[i].said), "%s: %s",
                      rows[i].yaml, buf_string(&said));
        if (i + 1 < COUNTOF(rows))
            ck_assert_int_eq(press(&keymap, "Ctrl-O"), ACTION_FOLD);
        keymap_clear(&keymap);
        buf_clear(&said);
    }
}
END_TEST

/* Ctrl-X alone would shut the door to all that stands behind it. */
START_TEST(the_first_key_of_pairs_is_a_conflict_with_each_of_them)
{
    struct keymap keymap;
    struct buf said = { 0 };
    configure(&keymap, "keys: {fold: Ctrl-X}\n", &said);
    ck_assert_ptr_nonnull(strstr(buf_string(&said), "last key of sessions"));
    ck_assert_int_eq(press(&keymap, "Ctrl-X"), ACTION_FOLD);
    keymap_clear(&keymap);
    buf_clear(&said);
}
END_TEST

START_TEST(keys_are_written_as_they_are_pressed)
{
    struct keymap keymap;
    struct buf keys = { 0 };
    keymap_init(&keymap);
    keymap_format(&keymap, ACTION_HELP, &keys);
    ck_assert_str_eq(buf_string(&keys), "F1, Ctrl-X h");
    buf_reset(&keys);
    keymap_format(&keymap, ACTION_QUIT, &keys);
    ck_assert_str_eq(buf_string(&keys), "");
    keymap_clear(&keymap);
    buf_clear(&keys);
}
END_TEST

Suite *keymap_suite(void)
{
    Suite *suite = suite_create("keymap");
    TCase *tcase = tcase_create("keymap");
    tcase_add_test(tcase,
                   every_key_of_the_table_is_a_key_and_leads_to_its_action);
    tcase_add_test(tcase, every_function_key_has_a_twin_behind_ctrl_x);
    tcase_add_test(tcase, a_pair_that_goes_nowhere_is_forgotten);
    tcase_add_test(tcase, a_key_counts_only_where_its_action_has_the_focus);
    tcase_add_test(tcase, a_setting_takes_the_place_of_all_keys_of_its_action);
    tcase_add_test(tcase,
                   a_key_that_the_user_gives_away_is_taken_from_its_owner);
    tcase_add_test(tcase, what_cannot_be_done_is_said_and_changes_nothing);
    tcase_add_test(tcase,
                   the_first_key_of_pairs_is_a_conflict_with_each_of_them);
    tcase_add_test(tcase, keys_are_written_as_they_are_pressed);
    suite_add_tcase(suite, tcase);
    return suite;
}
