/* SPDX-License-Identifier: MIT */
/*
 * Programs in a box try to leave it, in every tier that this machine has, and
 * what comes of it is what escapes.txt says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/path.h"
#include "config/settings.h"
#include "net/child.h"
#include "net/loop.h"
#include "tests/support/pen.h"
#include "tests/support/scratch.h"
#include "tool/box.h"
#include "tool/landlock.h"

enum { TABLE_MAX = 64 * 1024, NAME_MAX_LEN = 64 };

Suite *box_suite(void);

/* Whether something of it is still there, outside, when the call has ended. */
static bool is_left(const struct pen *pen, const char *name)
{
    char path[64];
    if (!strcmp(name, "git-commondir"))
        return access(pen_at(pen, "work/.git/commondir"), F_OK) == 0;
    if (!strcmp(name, "shared-memory-file") || !strcmp(name, "shared-tmp")) {
        snprintf(path, sizeof path, "%s/%s",
                 strcmp(name, "shared-tmp") ? "/dev/shm" : "/tmp", pen->mark);
        return access(path, F_OK) == 0;
    }
    if (!strncmp(name, "daemon", 6) || !strcmp(name, "fork-chain"))
        return !pen_is_empty(pen);
    return true;
}

static const char *outcome(const struct pen *pen, const char *name)
{
    const char *words = buf_string(&pen->words);
    if (!strncmp(words, "allowed\n", 8))
        return "allowed";
    if (!strncmp(words, "refused: ", 9))
        return "refused";
    if (strncmp(words, "escaped\n", 8))
        return "lost";
    return is_left(pen, name) ? "escaped" : "undone";
}

/* "refused@3", "escaped%" */
static bool is_expected(const char *expected, const char *found)
{
    struct error err;
    const char *version = strchr(expected, '@');
    const char *users = strchr(expected, '%');
    if (users)
        return geteuid() ? !strncmp(expected, found, (size_t)(users - expected))
                         : !strcmp(found, "refused");
    if (!strcmp(expected, "-"))
        return strcmp(found, "lost") != 0;
    if (!version)
        return !strcmp(expected, found);
    if (landlock_version(&err) < strtol(version + 1, NULL, 10))
        return !strcmp(found, "escaped");
    return !strncmp(expected, found, (size_t)(version - expected));
}

static void complain(struct pen *pen, const char *name, const char *what)
{
    buf_printf(&pen->report, "%s in %s: %s; it said: %s\n", name,
               box_tier_name(pen->tier), what, buf_string(&pen->words));
}

/* Hooks and configuration of a real one. */
static bool make_repository(const struct pen *pen)
{
    struct buf out = { 0 };
    struct error err = { 0 };
    char git[] = "git", init[] = "init", quiet[] = "-q";
    char path[SCRATCH_PATH_MAX + 64];
    char *const argv[] = { git, init, quiet, path, NULL };
    snprintf(path, sizeof path, "%s", pen_at(pen, "work"));
    scratch_remove(pen_at(pen, "work/.git"));
    bool ok = child_read(&out, argv, TABLE_MAX, PEN_WAIT_MS, &err);
    buf_clear(&out);
    return ok;
}

static void try_one(struct pen *pen, const char *name, const char *expected)
{
    struct pen_arguments arguments = { .count = 0 };
    char what[128];
    pen_restore(pen);
    if (!strcmp(name, "may-git-commit") && !make_repository(pen))
        return;
    if (!strcmp(name, "git-absent"))
        scratch_remove(pen_at(pen, "work/.git"));
    pen_describe(pen, name, &arguments);
    char *before = pen_fingerprint(pen);
    pen_run(pen, NULL, (struct box_ask){ .argv = arguments.argv });
    const char *found = outcome(pen, name);
    if (!is_expected(expected, found)) {
        snprintf(what, sizeof what, "%s instead of %s", found, expected);
        complain(pen, name, what);
    }
    if (!pen_is_empty(pen))
        complain(pen, name, "somebody is left");
    char *after = pen_fingerprint(pen);
    if (!strcmp(found, "refused") && strcmp(before, after))
        complain(pen, name, "something has changed");
    if (access(pen_at(pen, "work/.idea"), F_OK) == 0)
        complain(pen, name, "a stand-in is left");
    free(before);
    free(after);
}

static void try_all(struct pen *pen, const char *table)
{
    struct slice rest = slice_of(table), line;
    while (slice_next_line(&rest, &line)) {
        char name[NAME_MAX_LEN], cells[BOX_TIER_COUNT][NAME_MAX_LEN], text[256];
        snprintf(text, sizeof text, "%.*s", SLICE_ARG(line));
        if (text[0] != '#' &&
            sscanf(text, "%63s %63s %63s %63s %63s", name, cells[BOX_FULL],
                   cells[BOX_FILES], cells[BOX_NET], cells[BOX_NONE]) == 5)
            try_one(pen, name, cells[pen->tier]);
    }
}

static void try_table(struct pen *pen)
{
    struct buf table = { 0 };
    struct error err = { 0 };
    if (!path_read_file(&table, "tests/tool/escapes.txt", TABLE_MAX, &err))
        buf_printf(&pen->report, "%s\n", err.text);
    try_all(pen, buf_string(&table));
    buf_clear(&table);
}

START_TEST(what_a_user_runs_stays_in_the_box)
{
    pen_check((enum box_tier)_i, true, try_table);
}
END_TEST

START_TEST(what_root_runs_stays_in_the_box)
{
    pen_check((enum box_tier)_i, false, try_table);
}
END_TEST

/* What one probe makes of a box, and whether that is expected. */
static void expect(struct pen *pen, struct box *box, const char *name,
                   struct box_ask ask, const char *expected)
{
    struct pen_arguments arguments = { .count = 0 };
    pen_restore(pen);
    pen_describe(pen, name, &arguments);
    ask.argv = arguments.argv;
    pen_run(pen, box, ask);
    const char *words = buf_string(&pen->words);
    if (strncmp(words, expected, strlen(expected)))
        complain(pen, name, expected);
}

static const struct box_ask plain, with_network = { .wants_network = true };

static void try_network(struct pen *pen)
{
    static const char *const refused[] = { "unix-tmux", "unix-abstract",
                                           "netlink",   "raw",
                                           "packet",    "vsock" };
    expect(pen, NULL, "tcp4", with_network, "escaped");
    expect(pen, NULL, "udp4", with_network, "escaped");
    expect(pen, NULL, "tcp-listen", with_network, "escaped");
    expect(pen, NULL, "may-thread", with_network, "allowed");
    for (size_t i = 0; i < COUNTOF(refused); i++)
        expect(pen, NULL, refused[i], with_network, "refused");
    expect(pen, NULL, "tcp4", plain, "refused");
    pen_set(pen, "tools.sandbox.network", "on");
    expect(pen, NULL, "tcp4", plain, "escaped");
    expect(pen, NULL, "unix-tmux", plain, "refused");
}

START_TEST(a_call_with_the_network_has_tcp_and_udp_and_no_more)
{
    pen_check((enum box_tier)_i, true, try_network);
    pen_check((enum box_tier)_i, false, try_network);
}
END_TEST

static void try_stubborn(struct pen *pen)
{
    char program[SCRATCH_PATH_MAX + 64], name[] = "stubborn";
    char count[] = "COUNT=20", stays[] = "STAY=yes", leaves[] = "STAY=no";
    char *const argvs[][5] = { { program, name, count, stays, NULL },
                               { program, name, count, leaves, NULL } };
    snprintf(program, sizeof program, "%s", pen_at(pen, "probe"));
    for (size_t i = 0; i < 4; i++) {
        pen_run(pen, NULL, (struct box_ask){ .argv = argvs[i % 2] });
        if (!strstr(buf_string(&pen->words), i % 2 ? "escaped" : "ready"))
            complain(pen, name, "they were not there");
        if (!pen_is_empty(pen))
            complain(pen, name, "somebody is left");
    }
}

START_TEST(of_twenty_stubborn_ones_none_is_left_in_any_tier)
{
    pen_check((enum box_tier)_i, true, try_stubborn);
    pen_check((enum box_tier)_i, false, try_stubborn);
}
END_TEST

/* In a box of bubblewrap, too, where it is the third generation. */
static void tidy_up(struct pen *pen)
{
    char shell[] = "sh", option[] = "-c";
    char script[] = "trap 'echo tidy; exit 0' TERM; echo ready; "
                    "while :; do sleep 0.02; done";
    char *const argv[] = { shell, option, script, NULL };
    pen->grace_ms = PEN_WAIT_MS;
    pen_run(pen, NULL, (struct box_ask){ .argv = argv });
    /* Its shell may say that what it waited for was terminated. */
    if (!strstr(buf_string(&pen->words), "tidy\n") ||
        strchr(buf_string(&pen->words), '('))
        complain(pen, "tidy", "it had no time");
}

START_TEST(who_is_ended_can_tidy_up_in_any_tier)
{
    pen_check((enum box_tier)_i, true, tidy_up);
}
END_TEST

static void try_writable(struct pen *pen)
{
    char outside[SCRATCH_PATH_MAX + 64], nowhere[SCRATCH_PATH_MAX + 64];
    struct box_ask ask = { .writable = outside };
    snprintf(outside, sizeof outside, "%s", pen_at(pen, "outside"));
    snprintf(nowhere, sizeof nowhere, "%s", pen_at(pen, "nowhere"));
    expect(pen, NULL, "write-outside", ask, "escaped");
    expect(pen, NULL, "create-outside", ask, "escaped");
    expect(pen, NULL, "bashrc", ask, "refused");
    expect(pen, NULL, "write-outside", plain, "refused");
    ask.writable = nowhere;
    expect(pen, NULL, "write-outside", ask, "letting it write");
}

START_TEST(a_call_may_be_given_one_more_place_to_write)
{
    pen_check((enum box_tier)_i, true, try_writable);
}
END_TEST

static struct box *box_in(struct pen *pen, const char *directory)
{
    struct error err = { 0 };
    struct box *box =
        box_new(&(struct box_setup){ .settings = pen->settings,
                                     .directory = directory,
                                     .temporary = pen_at(pen, "private"),
                                     .most = pen->tier },
                &err);
    if (!box)
        abort();
    return box;
}

static void try_home(struct pen *pen)
{
    struct box *home = box_in(pen, pen_at(pen, "home"));
    struct box *above = box_in(pen, pen->root);
    expect(pen, home, "read-ssh", plain, "refused");
    expect(pen, home, "read-own-config", plain, "refused");
    expect(pen, home, "read-netrc", plain, "refused");
    expect(pen, home, "write-outside", plain, "refused");
    /* It is the home, or holds it: to be read only. */
    expect(pen, home, "bashrc", plain, "refused");
    expect(pen, home, "autostart", plain, "refused");
    expect(pen, home, "config-moved", plain, "refused");
    expect(pen, home, "may-temporary", plain, "allowed");
    expect(pen, above, "bashrc", plain, "refused");
    expect(pen, above, "write-outside", plain, "refused");
    expect(pen, above, "read-ssh", plain, "refused");
    expect(pen, above, "config-moved", plain, "refused");
    expect(pen, above, "may-temporary", plain, "allowed");
    box_free(home);
    box_free(above);
}

START_TEST(who_works_at_home_keeps_his_secrets)
{
    pen_check((enum box_tier)_i, true, try_home);
    pen_check((enum box_tier)_i, false, try_home);
}
END_TEST

/* Our settings would be there, once there are any. */
static void try_ours_below(struct pen *pen)
{
    setenv("XDG_CONFIG_HOME", pen_at(pen, "work/xdg/absent"), 1);
    struct box *box = box_in(pen, pen_at(pen, "work"));
    expect(pen, box, "may-write", plain, "refused");
    expect(pen, box, "may-read", plain, "allowed");
    unsetenv("XDG_CONFIG_HOME");
    expect(pen, box, "may-write", plain, "allowed");
    box_free(box);
}

START_TEST(who_works_where_our_settings_are_only_reads)
{
    pen_check((enum box_tier)_i, true, try_ours_below);
}
END_TEST

/* They may be there or not, or be a link. */
static void try_settings_in_workspace(struct pen *pen)
{
    struct buf badge = { 0 };
    setenv("XDG_CONFIG_HOME", pen_at(pen, "work/xdg"), 1);
    expect(pen, NULL, "settings-made", plain, "refused");
    expect(pen, NULL, "may-temporary", plain, "allowed");
    box_badge(pen->box, &badge);
    if (!strstr(buf_string(&badge), ", read only"))
        complain(pen, "badge", buf_string(&badge));
    pen_restore(pen);
    if (mkdir(pen_at(pen, "work/xdg"), 0755) < 0 ||
        symlink("../../outside/empty", pen_at(pen, "work/xdg/sennit")) < 0)
        abort();
    struct pen_arguments arguments = { .count = 0 };
    pen_describe(pen, "settings-parent", &arguments);
    pen_run(pen, NULL, (struct box_ask){ .argv = arguments.argv });
    if (strncmp(buf_string(&pen->words), "refused", 7))
        complain(pen, "settings-parent", "not refused");
    setenv("XDG_CONFIG_HOME", pen_at(pen, "outside"), 1);
    expect(pen, NULL, "settings-made", plain, "escaped");
    buf_clear(&badge);
}

START_TEST(a_workspace_that_holds_our_settings_is_only_read)
{
    pen_check((enum box_tier)_i, true, try_settings_in_workspace);
    pen_check((enum box_tier)_i, false, try_settings_in_workspace);
}
END_TEST

/* All programs lie in it, and what is mounted stays so. */
static void try_root(struct pen *pen)
{
    static const char *const refused[] = { "read-ssh", "write-outside",
                                           "bashrc", "terminal-write",
                                           "victim-environ" };
    char shell[] = "sh", option[] = "-c", script[] = "echo ran";
    char *const argv[] = { shell, option, script, NULL };
    struct box *root = box_in(pen, "/");
    if (box_tier(root) != pen->tier)
        complain(pen, "sh", "another tier");
    pen_run(pen, root, (struct box_ask){ .argv = argv });
    if (strcmp(buf_string(&pen->words), "ran\n"))
        complain(pen, "sh", "it did not run");
    expect(pen, root, "may-temporary", plain, "allowed");
    expect(pen, root, "may-null", plain, "allowed");
    for (size_t i = 0; i < COUNTOF(refused); i++)
        expect(pen, root, refused[i], plain, "refused");
    box_free(root);
}

START_TEST(who_works_in_the_root_directory_can_run_programs)
{
    pen_check((enum box_tier)_i, true, try_root);
    pen_check((enum box_tier)_i, false, try_root);
}
END_TEST

/* The workspace lies in what is hidden: it is not, the rest is. */
static void try_hidden_workspace(struct pen *pen)
{
    pen_restore(pen);
    struct box *inside = box_in(pen, pen_at(pen, "home/.config/sennit"));
    expect(pen, inside, "read-own-config", plain, "escaped");
    expect(pen, inside, "read-ssh", plain, "refused");
    expect(pen, inside, "write-outside", plain, "refused");
    box_free(inside);
}

START_TEST(who_works_among_secrets_has_those_alone)
{
    pen_check((enum box_tier)_i, true, try_hidden_workspace);
}
END_TEST

static void say_badge(struct pen *pen)
{
    static const char *const badges[] = { "NO BOX", "box:net only+net",
                                          "box:files+net+gpu",
                                          "box:full+net+gpu" };
    struct buf badge = { 0 };
    pen_set(pen, "tools.sandbox.network", "on");
    pen_set(pen, "tools.sandbox.gpu", "on");
    box_badge(pen->box, &badge);
    /* Of a kernel before 6.2 it is box:files-. */
    if (strcmp(buf_string(&badge), badges[pen->tier]) &&
        strcmp(buf_string(&badge), "box:files-+net+gpu"))
        complain(pen, buf_string(&badge), badges[pen->tier]);
    buf_clear(&badge);
    expect(pen, NULL, "may-run", plain, "allowed");
}

START_TEST(the_badge_says_what_there_is)
{
    pen_check((enum box_tier)_i, true, say_badge);
}
END_TEST

static void want_more(struct pen *pen)
{
    static const char *const words[] = { "none", "net", "files", "full" };
    struct error err = { 0 };
    struct box_command command;
    char program[] = "true";
    char *const argv[] = { program, NULL };
    for (int least = BOX_NONE; least < BOX_TIER_COUNT; least++) {
        struct buf why = { 0 };
        pen_set(pen, "tools.sandbox.least", words[least]);
        bool is_enough = (int)pen->tier >= least;
        if (box_suffices(pen->box, &why) != is_enough ||
            (why.len == 0) != is_enough)
            complain(pen, words[least], buf_string(&why));
        bool is_wrapped = box_wrap(pen->box, &(struct box_ask){ .argv = argv },
                                   &command, &err);
        if (is_wrapped != is_enough || (!is_enough && err.kind != ERROR_TOOL))
            complain(pen, words[least], err.text);
        box_command_clear(&command);
        buf_clear(&why);
    }
}

START_TEST(nothing_runs_in_a_box_that_is_weaker_than_wanted)
{
    pen_check((enum box_tier)_i, true, want_more);
}
END_TEST

/* Not the user's bwrap, but one that we make. */
static void check_report(const char *script, const char *expected)
{
    char path[SCRATCH_PATH_MAX], program[SCRATCH_PATH_MAX + 8];
    struct buf report = { 0 };
    struct error err = { 0 };
    struct settings *settings = settings_new();
    scratch_directory(path, "path");
    snprintf(program, sizeof program, "%s/true", path);
    ck_assert_int_eq(symlink("/bin/true", program), 0);
    snprintf(program, sizeof program, "%s/bwrap", path);
    if (script) {
        ck_assert(path_write_file(program, slice_of(script), &err));
        ck_assert_int_eq(chmod(program, 0755), 0);
    }
    setenv("PATH", path, 1);
    struct box *box = box_new(&(struct box_setup){ .settings = settings,
                                                   .directory = "/usr",
                                                   .temporary = path,
                                                   .most = BOX_FULL },
                              &err);
    ck_assert_msg(box != NULL, "%s", err.text);
    ck_assert_int_lt(box_tier(box), BOX_FULL);
    box_report(box, &report);
    ck_assert_msg(strstr(buf_string(&report), expected) != NULL, "%s",
                  buf_string(&report));
    buf_clear(&report);
    box_free(box);
    settings_free(settings);
}

START_TEST(why_there_is_no_bubblewrap_is_told_with_the_cure)
{
    check_report(NULL, "full: bubblewrap is not installed: apt install "
                       "bubblewrap");
    check_report("#!/bin/sh\necho 'bwrap: No permissions to create a new "
                 "namespace' >&2\nexit 1\n",
                 "/bwrap does not work here");
    check_report("#!/bin/sh\necho 'bwrap: No permissions' >&2\nexit 1\n",
                 "(bwrap: No permissions)");
}
END_TEST

START_TEST(it_can_be_probed_beside_other_work)
{
    struct error err = { 0 };
    struct settings *settings = settings_new();
    struct loop *loop = loop_new(&err);
    const struct box_setup setup = { .settings = settings,
                                     .directory = "/usr",
                                     .temporary = "/tmp",
                                     .most = BOX_FULL };
    struct box *box = box_new(&setup, &err), *other = box_new(&setup, &err);
    struct box *third = box_new(&setup, &err);
    ck_assert(box && other && third);
    box_probe(box, loop);
    while (!loop_is_idle(loop))
        loop_turn(loop, PEN_WAIT_MS);
    /* Before the loop has come to it, and without a loop. */
    box_probe(other, loop);
    ck_assert_int_eq(box_tier(other), box_tier(box));
    ck_assert_int_eq(box_tier(third), box_tier(box));
    ck_assert(loop_is_idle(loop));
    box_free(box);
    box_free(other);
    box_free(third);
    loop_free(loop);
    settings_free(settings);
}
END_TEST

Suite *box_suite(void)
{
    Suite *suite = suite_create("box");
    TCase *escapes = tcase_create("escapes");
    tcase_set_timeout(escapes, 120);
    tcase_add_loop_test(escapes, what_a_user_runs_stays_in_the_box, BOX_NONE,
                        BOX_TIER_COUNT);
    tcase_add_loop_test(escapes, what_root_runs_stays_in_the_box, BOX_NONE,
                        BOX_TIER_COUNT);
    suite_add_tcase(suite, escapes);
    TCase *tiers = tcase_create("tiers");
    tcase_set_timeout(tiers, 60);
    tcase_add_loop_test(tiers,
                        a_call_with_the_network_has_tcp_and_udp_and_no_more,
                        BOX_NET, BOX_TIER_COUNT);
    tcase_add_loop_test(tiers, of_twenty_stubborn_ones_none_is_left_in_any_tier,
                        BOX_NONE, BOX_TIER_COUNT);
    tcase_add_loop_test(tiers, who_is_ended_can_tidy_up_in_any_tier, BOX_NONE,
                        BOX_TIER_COUNT);
    tcase_add_loop_test(tiers, a_call_may_be_given_one_more_place_to_write,
                        BOX_FILES, BOX_TIER_COUNT);
    tcase_add_loop_test(tiers, who_works_where_our_settings_are_only_reads,
                        BOX_FILES, BOX_TIER_COUNT);
    tcase_add_loop_test(tiers, who_works_at_home_keeps_his_secrets, BOX_FILES,
                        BOX_TIER_COUNT);
    tcase_add_loop_test(tiers, a_workspace_that_holds_our_settings_is_only_read,
                        BOX_FILES, BOX_TIER_COUNT);
    tcase_add_loop_test(tiers, who_works_in_the_root_directory_can_run_programs,
                        BOX_FILES, BOX_TIER_COUNT);
    tcase_add_loop_test(tiers, who_works_among_secrets_has_those_alone,
                        BOX_FILES, BOX_TIER_COUNT);
    tcase_add_loop_test(tiers, the_badge_says_what_there_is, BOX_NONE,
                        BOX_TIER_COUNT);
    tcase_add_loop_test(tiers, nothing_runs_in_a_box_that_is_weaker_than_wanted,
                        BOX_NONE, BOX_TIER_COUNT);
    tcase_add_test(tiers, why_there_is_no_bubblewrap_is_told_with_the_cure);
    tcase_add_test(tiers, it_can_be_probed_beside_other_work);
    suite_add_tcase(suite, tiers);
    return suite;
}
