/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <check.h>

#include "app/panel.h"
#include "app/rule_file.h"
#include "base/memory.h"
#include "base/path.h"
#include "tests/support/bytes.h"
#include "tests/support/scratch.h"
#include "ui/list.h"

Suite *rule_file_suite(void);

/* Two programs with the same state directory. */
struct scene {
    char home[SCRATCH_PATH_MAX];
    struct setup one, other;
    struct buf words;
};

static void scene_open(struct scene *scene)
{
    scratch_directory(scene->home, "home");
    setenv("XDG_STATE_HOME", scene->home, 1);
}

static void scene_close(struct scene *scene)
{
    permission_rules_clear(&scene->one.rules);
    permission_rules_clear(&scene->other.rules);
    buf_clear(&scene->words);
    scratch_remove(scene->home);
}

static void add(struct scene *scene, struct setup *setup, const char *path)
{
    struct permission_rule rule = { .tool = memory_string("read_file"),
                                    .path = memory_string(path) };
    rule_file_add(setup, &rule, &scene->words);
}

static size_t count(struct setup *setup)
{
    rule_file_load(setup);
    return setup->rules.list.count;
}

static bool withdraw(struct scene *scene, struct setup *setup,
                     const char *words)
{
    return rule_file_withdraw(setup, slice_of(words), &scene->words);
}

START_TEST(a_rule_is_kept_for_the_next_start_and_for_nobody_else)
{
    struct scene scene = { 0 };
    struct buf path = { 0 }, text = { 0 };
    struct stat status;
    scene_open(&scene);
    ck_assert_uint_eq(count(&scene.one), 0);
    add(&scene, &scene.one, "/etc/hosts");
    ck_assert_str_eq(buf_string(&scene.words), "");
    ck_assert_uint_eq(count(&scene.other), 1);
    ck_assert_str_eq(scene.other.rules.list.items[0].path, "/etc/hosts");
    ck_assert_int_gt(scene.other.rules.list.items[0].time, 0);
    buf_printf(&path, "%s/sennit/rules", scene.home);
    ck_assert_int_eq(stat(path.ptr, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    bytes_from_file(&text, path.ptr);
    ck_assert_msg(slice_starts(buf_slice(&text),
                               "- {\"tool\": \"read_file\", "
                               "\"path\": \"/etc/hosts\", \"since\": \"20"),
                  "%s", text.ptr);
    buf_clear(&path);
    buf_clear(&text);
    scene_close(&scene);
}
END_TEST

START_TEST(what_others_have_recorded_meanwhile_stays)
{
    struct scene scene = { 0 };
    scene_open(&scene);
    add(&scene, &scene.one, "/a");
    add(&scene, &scene.other, "/b");
    ck_assert_uint_eq(scene.other.rules.list.count, 2);
    ck_assert_uint_eq(count(&scene.one), 2);
    ck_assert(withdraw(&scene, &scene.one, "read_file /a"));
    add(&scene, &scene.other, "/c");
    ck_assert_uint_eq(count(&scene.one), 2);
    ck_assert_str_eq(scene.one.rules.list.items[0].path, "/b");
    scene_close(&scene);
}
END_TEST

START_TEST(a_rule_is_taken_back_by_its_words)
{
    struct scene scene = { 0 };
    scene_open(&scene);
    add(&scene, &scene.one, "/a");
    ck_assert(!withdraw(&scene, &scene.one, "read_file /"));
    ck_assert(!withdraw(&scene, &scene.one, ""));
    ck_assert(withdraw(&scene, &scene.one, "read_file /a"));
    ck_assert_uint_eq(scene.one.rules.list.count, 0);
    ck_assert_uint_eq(count(&scene.other), 0);
    ck_assert(!withdraw(&scene, &scene.one, "read_file /a"));
    ck_assert_str_eq(buf_string(&scene.words), "");
    scene_close(&scene);
}
END_TEST

START_TEST(one_that_cannot_be_kept_counts_until_the_end_and_it_is_said)
{
    struct scene scene = { 0 };
    struct error err = { 0 };
    char way[SCRATCH_PATH_MAX + 8];
    scene_open(&scene);
    snprintf(way, sizeof way, "%s/sennit", scene.home);
    ck_assert(path_write_file(way, slice_of("no directory"), &err));
    add(&scene, &scene.one, "/a");
    ck_assert_uint_eq(scene.one.rules.list.count, 1);
    ck_assert_msg(strstr(buf_string(&scene.words), "cannot be kept") != NULL,
                  "%s", buf_string(&scene.words));
    scene_close(&scene);
}
END_TEST

START_TEST(the_panel_of_consents_lists_rules_by_their_words)
{
    struct scene scene = { 0 };
    struct list list = { 0 };
    scene_open(&scene);
    add(&scene, &scene.one, "/etc/hosts");
    list_begin(&list);
    panel_fill_consents(&(struct panel_source){ .consents = &scene.one.consents,
                                                .rules = &scene.one.rules },
                        &list);
    list_end(&list);
    ck_assert_uint_eq(list.count, 2);
    ck_assert_str_eq(list.rows.items[0].key.ptr, "read_file /etc/hosts");
    ck_assert(withdraw(&scene, &scene.one, list.rows.items[0].key.ptr));
    list_clear(&list);
    scene_close(&scene);
}
END_TEST

Suite *rule_file_suite(void)
{
    Suite *suite = suite_create("rule_file");
    TCase *tcase = tcase_create("rule_file");
    tcase_add_test(tcase,
                   a_rule_is_kept_for_the_next_start_and_for_nobody_else);
    tcase_add_test(tcase, what_others_have_recorded_meanwhile_stays);
    tcase_add_test(tcase, a_rule_is_taken_back_by_its_words);
    tcase_add_test(tcase,
                   one_that_cannot_be_kept_counts_until_the_end_and_it_is_said);
    tcase_add_test(tcase, the_panel_of_consents_lists_rules_by_their_words);
    suite_add_tcase(suite, tcase);
    return suite;
}
