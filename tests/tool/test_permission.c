/* SPDX-License-Identifier: MIT */
/* The verdicts of the manual (sennit(5), tools.mode and tools.allow), written
 * down by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/scratch.h"
#include "tests/support/settings.h"
#include "tool/permission.h"

Suite *permission_suite(void);

static const struct tool reader = { .name = "read_file",
                                    .effect = TOOL_READS,
                                    .executor = TOOL_WORKS };
static const struct tool editor = { .name = "edit_file",
                                    .effect = TOOL_EDITS,
                                    .executor = TOOL_WORKS };
static const struct tool shell = { .name = "shell",
                                   .effect = TOOL_ACTS,
                                   .executor = TOOL_RUNS };
static const struct tool getter = { .name = "http_get",
                                    .effect = TOOL_ACTS,
                                    .executor = TOOL_GETS };
static const struct tool recall = { .name = "recall",
                                    .effect = TOOL_READS,
                                    .executor = TOOL_CHATS };
static const struct tool own = {
    .name = "gpu", .effect = TOOL_ACTS, .executor = TOOL_RUNS, .own = "template"
};
static const struct tool careless = { .name = "load",
                                      .effect = TOOL_ACTS,
                                      .executor = TOOL_RUNS,
                                      .asking = TOOL_ASKS_NEVER,
                                      .own = "template" };
static const struct tool careful = { .name = "deploy",
                                     .effect = TOOL_ACTS,
                                     .executor = TOOL_RUNS,
                                     .asking = TOOL_ASKS_ALWAYS,
                                     .own = "template" };

/* A conversation in a directory of its own below a home of its own. */
struct scene {
    char home[SCRATCH_PATH_MAX], directory[SCRATCH_PATH_MAX + 8];
    struct tool_place place;
    struct registry registry;
    struct permission_rules kept;
    struct permission *permission;
    struct tool_plan plan;
    struct permission_case ask;
    char *words[8];
    struct buf why;
};

static bool is_private(void *context, const char *path, struct buf *rule)
{
    (void)context;
    if (!strstr(path, "diary"))
        return false;
    buf_append_string(rule, "privacy.private.files *diary*");
    return true;
}

static void scene_open(struct scene *scene)
{
    static const struct tool *const tools[] = { &reader,   &editor, &shell,
                                                &getter,   &recall, &own,
                                                &careless, &careful };
    scratch_directory(scene->home, "home");
    snprintf(scene->directory, sizeof scene->directory, "%s/work", scene->home);
    setenv("HOME", scene->home, 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_DATA_HOME");
    scene->place = (struct tool_place){ .directory = scene->directory,
                                        .home = scene->home };
    for (size_t i = 0; i < COUNTOF(tools); i++)
        registry_add(&scene->registry, tools[i]);
    scene->permission = permission_new(&(struct permission_setup){
        .place = &scene->place,
        .registry = &scene->registry,
        .kept = &scene->kept,
        .is_private = is_private,
    });
    scene->ask = (struct permission_case){ .plan = &scene->plan,
                                           .mode = TOOL_MODE_ASK,
                                           .tier = BOX_FILES };
}

static void plan_clear(struct scene *scene)
{
    free(scene->plan.path);
    free(scene->plan.host);
    buf_clear(&scene->plan.about);
    buf_clear(&scene->plan.detail);
    buf_clear(&scene->plan.input);
    scene->plan = (struct tool_plan){ 0 };
}

static void scene_close(struct scene *scene)
{
    plan_clear(scene);
    permission_free(scene->permission);
    permission_rules_clear(&scene->kept);
    registry_clear(&scene->registry);
    buf_clear(&scene->why);
    scratch_remove(scene->home);
}

/* A call about a file: a path from the working directory, or an absolute one;
 * "~/" is the home. */
static void plan_file(struct scene *scene, const struct tool *tool,
                      const char *path)
{
    struct buf whole = { 0 };
    plan_clear(scene);
    if (*path == '~')
        buf_printf(&whole, "%s%s", scene->home, path + 1);
    else if (*path == '/')
        buf_append_string(&whole, path);
    else
        buf_printf(&whole, "%s/%s", scene->directory, path);
    scene->plan.tool = tool;
    scene->plan.is_beneath =
        strncmp(whole.ptr, scene->directory, strlen(scene->directory)) == 0;
    scene->plan.path = buf_steal(&whole);
}

static void plan_program(struct scene *scene, const struct tool *tool,
                         const char *first, const char *second)
{
    plan_clear(scene);
    scene->words[0] = (char *)(uintptr_t)first;
    scene->words[1] = (char *)(uintptr_t)second;
    scene->words[2] = NULL;
    scene->plan.tool = tool;
    scene->plan.argv = scene->words;
    scene->plan.is_exact = true;
}

static void plan_request(struct scene *scene, const char *url)
{
    plan_clear(scene);
    scene->plan.tool = &getter;
    buf_append_string(&scene->plan.detail, url);
    scene->plan.host = strdup("example.org");
}

static void ck_verdict(struct scene *scene, enum permission_verdict verdict)
{
    buf_reset(&scene->why);
    enum permission_verdict got =
        permission_decide(scene->permission, &scene->ask, &scene->why);
    ck_assert_msg(got == verdict, "%s %s: %d, not %d: %s",
                  scene->plan.tool ? scene->plan.tool->name : "?",
                  scene->plan.path ? scene->plan.path : "", got, verdict,
                  buf_string(&scene->why));
    ck_assert_msg(scene->why.len > 0, "no reason");
}

static void ck_why(const struct scene *scene, const char *words)
{
    ck_assert_msg(strstr(buf_string(&scene->why), words) != NULL, "%s",
                  buf_string(&scene->why));
}

static void allow(struct scene *scene, const char *rule)
{
    struct error err = { 0 };
    ck_assert_msg(permission_add_rule(scene->permission, slice_of(rule), &err),
                  "%s", err.text);
}

enum { YES = PERMISSION_ALLOW, ASK = PERMISSION_ASK, NO = PERMISSION_DENY };

START_TEST(each_mode_lets_pass_what_it_says)
{
    /* off, plan, ask, edits; then the same where nobody can be asked. */
    static const struct {
        const struct tool *tool;
        const char *path;
        int verdicts[2 * TOOL_MODES];
    } rows[] = {
        { &reader, "main.c", { NO, YES, YES, YES, NO, NO, NO, NO } },
        { &reader, ".gitignore", { NO, YES, YES, YES, NO, NO, NO, NO } },
        { &reader, "/etc/hosts", { NO, ASK, ASK, ASK, NO, NO, NO, NO } },
        { &reader, "~/letter", { NO, ASK, ASK, ASK, NO, NO, NO, NO } },
        { &reader, "~/.ssh/id_rsa", { NO, ASK, ASK, ASK, NO, NO, NO, NO } },
        { &reader, ".env", { NO, ASK, ASK, ASK, NO, NO, NO, NO } },
        { &reader, "tls/site.pem", { NO, ASK, ASK, ASK, NO, NO, NO, NO } },
        { &reader, "my-diary", { NO, ASK, ASK, ASK, NO, NO, NO, NO } },
        { &editor, "main.c", { NO, NO, ASK, YES, NO, NO, NO, NO } },
        { &editor, "a/b.c", { NO, NO, ASK, YES, NO, NO, NO, NO } },
        { &editor, "~/letter", { NO, NO, ASK, ASK, NO, NO, NO, NO } },
        { &editor, ".git/hooks/x", { NO, NO, ASK, ASK, NO, NO, NO, NO } },
        { &editor, "a/.envrc", { NO, NO, ASK, ASK, NO, NO, NO, NO } },
        { &editor, "my-diary", { NO, NO, ASK, ASK, NO, NO, NO, NO } },
        { &shell, NULL, { NO, NO, ASK, ASK, NO, NO, NO, NO } },
        { &own, NULL, { NO, NO, ASK, ASK, NO, NO, NO, NO } },
        { &careful, NULL, { NO, NO, ASK, ASK, NO, NO, NO, NO } },
        { &careless, NULL, { NO, NO, YES, YES, NO, NO, YES, YES } },
        { &getter, NULL, { NO, NO, ASK, ASK, NO, NO, NO, NO } },
        { &recall, NULL, { NO, YES, YES, YES, NO, NO, NO, NO } },
    };
    struct scene scene = { 0 };
    scene_open(&scene);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        if (rows[i].path)
            plan_file(&scene, rows[i].tool, rows[i].path);
        else if (rows[i].tool == &getter)
            plan_request(&scene, "https://example.org/");
        else
            plan_program(&scene, rows[i].tool, "ls", NULL);
        for (int j = 0; j < 2 * TOOL_MODES; j++) {
            scene.ask.mode = (enum tool_mode)(j % TOOL_MODES);
            scene.ask.is_headless = j >= TOOL_MODES;
            ck_verdict(&scene, (enum permission_verdict)rows[i].verdicts[j]);
        }
    }
    scene_close(&scene);
}
END_TEST

START_TEST(our_own_settings_are_never_written_or_read_unasked)
{
    struct scene scene = { 0 };
    scene_open(&scene);
    allow(&scene, "edit_file:~/.config");
    allow(&scene, "read_file:~/.config");
    scene.ask.mode = TOOL_MODE_EDITS;
    plan_file(&scene, &editor, "~/.config/sennit/config.yaml");
    ck_verdict(&scene, PERMISSION_ASK);
    ck_why(&scene, "sennit");
    plan_file(&scene, &reader, "~/.local/state/sennit/allowed.yaml");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_file(&scene, &reader, "~/.config/other/x");
    ck_verdict(&scene, PERMISSION_ALLOW);
    scene_close(&scene);
}
END_TEST

START_TEST(a_home_that_is_the_working_directory_is_not_read_unasked)
{
    static const char *const below[] = { "", "/work" };
    for (size_t i = 0; i < COUNTOF(below); i++) {
        struct scene scene = { 0 };
        scene_open(&scene);
        char home[SCRATCH_PATH_MAX + 8];
        snprintf(home, sizeof home, "%s%s", scene.home, below[i]);
        struct tool_place place = { .directory = scene.home, .home = home };
        permission_free(scene.permission);
        scene.permission =
            permission_new(&(struct permission_setup){ .place = &place });
        plan_file(&scene, &reader, "~/letter");
        scene.plan.is_beneath = true;
        ck_verdict(&scene, PERMISSION_ASK);
        ck_why(&scene, "all that is yours");
        plan_file(&scene, &editor, "~/letter");
        scene.plan.is_beneath = true;
        scene.ask.mode = TOOL_MODE_EDITS;
        ck_verdict(&scene, PERMISSION_ASK);
        scene_close(&scene);
    }
}
END_TEST

START_TEST(no_rule_spares_the_question_about_what_is_not_certain)
{
    struct scene scene = { 0 };
    scene_open(&scene);
    allow(&scene, "shell:git status");
    plan_program(&scene, &shell, "git", "status");
    ck_verdict(&scene, PERMISSION_ALLOW);
    scene.ask.is_recovered = true;
    ck_verdict(&scene, PERMISSION_ASK);
    ck_why(&scene, "as text");
    scene.ask.is_recovered = false;
    scene.ask.tier = BOX_NET;
    ck_verdict(&scene, PERMISSION_ASK);
    ck_why(&scene, "box");
    scene.ask.tier = BOX_NONE;
    ck_verdict(&scene, PERMISSION_ASK);
    scene.ask.tier = BOX_FULL;
    ck_verdict(&scene, PERMISSION_ALLOW);
    buf_append_string(&scene.plan.about, "git \xE2\x80\xAEsutats");
    ck_verdict(&scene, PERMISSION_ASK);
    ck_why(&scene, "cannot be seen");
    scene.ask.plan = NULL;
    ck_verdict(&scene, PERMISSION_ASK);
    scene.ask.is_headless = true;
    ck_verdict(&scene, PERMISSION_DENY);
    scene_close(&scene);
}
END_TEST

START_TEST(a_tool_that_never_asks_does_in_a_weak_box)
{
    struct scene scene = { 0 };
    scene_open(&scene);
    plan_program(&scene, &careless, "load", NULL);
    scene.ask.tier = BOX_NET;
    ck_verdict(&scene, PERMISSION_ASK);
    scene.ask.is_headless = true;
    ck_verdict(&scene, PERMISSION_DENY);
    scene_close(&scene);
}
END_TEST

START_TEST(a_rule_is_the_whole_command)
{
    struct scene scene = { 0 };
    scene_open(&scene);
    allow(&scene, "shell:git status");
    plan_program(&scene, &shell, "git", "status");
    ck_verdict(&scene, PERMISSION_ALLOW);
    ck_why(&scene, "--yes: shell git status");
    plan_program(&scene, &shell, "git", NULL);
    ck_verdict(&scene, PERMISSION_ASK);
    plan_program(&scene, &shell, "git", "stash");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_program(&scene, &shell, "git", "status");
    scene.words[2] = (char *)(uintptr_t) "--short";
    scene.words[3] = NULL;
    ck_verdict(&scene, PERMISSION_ASK);
    plan_program(&scene, &shell, "git", "status");
    scene.plan.is_exact = false;
    ck_verdict(&scene, PERMISSION_ASK);
    plan_program(&scene, &shell, "git", "status");
    buf_append_string(&scene.plan.input, "x");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_program(&scene, &own, "git", "status");
    ck_verdict(&scene, PERMISSION_ASK);
    scene_close(&scene);
}
END_TEST

START_TEST(where_nobody_is_asked_the_refusal_names_the_rule)
{
    static const struct {
        const struct tool *tool;
        const char *what, *rule;
    } rows[] = {
        { &shell, "ls", "--yes shell:ls" },
        { &shell, "a b", "--yes 'shell:'\\''a b'\\'''" },
        { &own, "x", "--yes gpu" },
        { &reader, "main.c", "--yes read_file" },
        { &reader, "/etc/hosts", "--yes read_file:/etc/hosts" },
        { &editor, "main.c", "--yes edit_file" },
        { &recall, NULL, "--yes recall" },
        { &getter, "https://example.org/a?b",
          "--yes 'http_get:https://example.org/a?b'" },
    };
    struct scene scene = { 0 };
    scene_open(&scene);
    scene.ask.is_headless = true;
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        if (rows[i].tool->executor == TOOL_RUNS)
            plan_program(&scene, rows[i].tool, rows[i].what, NULL);
        else if (rows[i].tool == &getter)
            plan_request(&scene, rows[i].what);
        else if (rows[i].what)
            plan_file(&scene, rows[i].tool, rows[i].what);
        else
            plan_clear(&scene), scene.plan.tool = rows[i].tool;
        ck_verdict(&scene, PERMISSION_DENY);
        ck_why(&scene, rows[i].rule);
    }
    plan_program(&scene, &shell, "sh", NULL);
    scene.plan.is_exact = false;
    ck_verdict(&scene, PERMISSION_DENY);
    ck_assert_ptr_null(strstr(scene.why.ptr, "--yes"));
    plan_file(&scene, &reader, "~/.ssh/id_rsa");
    ck_verdict(&scene, PERMISSION_DENY);
    ck_assert_ptr_null(strstr(scene.why.ptr, "--yes"));
    scene_close(&scene);
}
END_TEST

/* What a refusal names is enough. */
START_TEST(the_rule_that_a_refusal_names_allows_the_call)
{
    static const struct {
        const struct tool *tool;
        const char *what, *rule;
    } rows[] = {
        { &shell, "ls", "shell:ls" },
        { &shell, "a b", "shell:'a b'" },
        { &own, "x", "gpu" },
        { &reader, "main.c", "read_file" },
        { &reader, "/etc/hosts", "read_file:/etc/hosts" },
        { &editor, "main.c", "edit_file" },
        { &getter, "https://example.org/a?b",
          "http_get:https://example.org/a?b" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct scene scene = { 0 };
        scene_open(&scene);
        scene.ask.is_headless = true;
        if (rows[i].tool->executor == TOOL_RUNS)
            plan_program(&scene, rows[i].tool, rows[i].what, NULL);
        else if (rows[i].tool == &getter)
            plan_request(&scene, rows[i].what);
        else
            plan_file(&scene, rows[i].tool, rows[i].what);
        ck_verdict(&scene, PERMISSION_DENY);
        allow(&scene, rows[i].rule);
        ck_verdict(&scene, PERMISSION_ALLOW);
        scene_close(&scene);
    }
}
END_TEST

START_TEST(settings_hold_rules_and_their_mistakes_are_told)
{
    struct scene scene = { 0 };
    struct error err = { 0 };
    struct settings *settings = settings_new();
    scene_open(&scene);
    settings_must_add(
        settings, "a.yaml",
        "tools:\n"
        "  allow:\n"
        "  - {tool: shell, argv: [git, status]}\n"
        "  - {tool: read_file, under: ~/src}\n"
        "  - {tool: shell}\n"
        "  - {tool: http_get, url: 'https://example.org/docs'}\n");
    ck_assert(!permission_reread(scene.permission, settings, &err));
    ck_assert_int_eq(err.kind, ERROR_CONFIG);
    ck_assert_msg(strstr(err.text, ":5: ") && strstr(err.text, "command"), "%s",
                  err.text);
    plan_program(&scene, &shell, "git", "status");
    ck_verdict(&scene, PERMISSION_ALLOW);
    ck_why(&scene, "tools.allow");
    plan_program(&scene, &shell, "rm", "x");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_file(&scene, &reader, "~/src/a.c");
    ck_verdict(&scene, PERMISSION_ALLOW);
    plan_file(&scene, &reader, "~/srcs/a.c");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_request(&scene, "https://example.org/docs/a");
    ck_verdict(&scene, PERMISSION_ALLOW);
    plan_request(&scene, "https://example.org/docsets");
    ck_verdict(&scene, PERMISSION_ASK);
    settings_free(settings);
    /* Rules that were taken out of the settings are gone. */
    settings = settings_new();
    ck_assert(permission_reread(scene.permission, settings, &err));
    plan_program(&scene, &shell, "git", "status");
    ck_verdict(&scene, PERMISSION_ASK);
    settings_free(settings);
    scene_close(&scene);
}
END_TEST

static void grant(struct scene *scene, enum permission_scope scope)
{
    struct permission_rule rule;
    struct buf why = { 0 };
    ck_assert_msg(
        permission_rule_of(scene->permission, &scene->ask, scope, &rule, &why),
        "%s", buf_string(&why));
    if (scope == PERMISSION_SESSION)
        permission_take(scene->permission, &rule);
    else
        permission_rules_take(&scene->kept, &rule);
}

START_TEST(always_is_exactly_this)
{
    struct scene scene = { 0 };
    scene_open(&scene);
    plan_program(&scene, &shell, "make", "test");
    grant(&scene, PERMISSION_ALWAYS);
    ck_verdict(&scene, PERMISSION_ALLOW);
    ck_why(&scene, "always");
    plan_program(&scene, &shell, "make", "install");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_file(&scene, &reader, "/etc/hosts");
    grant(&scene, PERMISSION_ALWAYS);
    ck_verdict(&scene, PERMISSION_ALLOW);
    plan_file(&scene, &reader, "/etc/passwd");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_request(&scene, "https://example.org/a");
    grant(&scene, PERMISSION_ALWAYS);
    ck_verdict(&scene, PERMISSION_ALLOW);
    plan_request(&scene, "https://example.org/a?b");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_request(&scene, "https://example.org/a/b");
    ck_verdict(&scene, PERMISSION_ASK);
    scene_close(&scene);
}
END_TEST

START_TEST(always_is_for_the_directory_in_which_it_was_said)
{
    struct scene scene = { 0 }, other = { 0 };
    scene_open(&scene);
    plan_program(&scene, &shell, "make", "test");
    grant(&scene, PERMISSION_ALWAYS);
    scene_open(&other);
    struct buf text = { 0 };
    permission_rules_print(&scene.kept, &text);
    permission_rules_parse(&other.kept, buf_slice(&text));
    ck_assert_uint_eq(other.kept.list.count, 1);
    plan_program(&other, &shell, "make", "test");
    ck_verdict(&other, PERMISSION_ASK);
    buf_clear(&text);
    scene_close(&scene);
    scene_close(&other);
}
END_TEST

START_TEST(a_session_allows_what_its_tool_is_for)
{
    struct scene scene = { 0 };
    scene_open(&scene);
    plan_file(&scene, &reader, "/etc/hosts");
    grant(&scene, PERMISSION_SESSION);
    plan_file(&scene, &reader, "/etc/passwd");
    ck_verdict(&scene, PERMISSION_ALLOW);
    plan_file(&scene, &reader, "/usr/include/stdio.h");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_file(&scene, &reader, "~/.ssh/config");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_file(&scene, &editor, "a.c");
    grant(&scene, PERMISSION_SESSION);
    plan_file(&scene, &editor, "b/c.c");
    ck_verdict(&scene, PERMISSION_ALLOW);
    plan_file(&scene, &editor, ".git/config");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_file(&scene, &editor, "~/letter");
    ck_verdict(&scene, PERMISSION_ASK);
    grant(&scene, PERMISSION_SESSION);
    ck_verdict(&scene, PERMISSION_ALLOW);
    plan_file(&scene, &editor, "~/letters");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_program(&scene, &shell, "make", "test");
    grant(&scene, PERMISSION_SESSION);
    ck_verdict(&scene, PERMISSION_ALLOW);
    plan_program(&scene, &shell, "make", "x");
    ck_verdict(&scene, PERMISSION_ASK);
    plan_request(&scene, "https://example.org/a");
    grant(&scene, PERMISSION_SESSION);
    plan_request(&scene, "https://example.org/b?c");
    ck_verdict(&scene, PERMISSION_ALLOW);
    plan_request(&scene, "https://example.com/a");
    ck_verdict(&scene, PERMISSION_ASK);
    scene_close(&scene);
}
END_TEST

static void ck_no_rule(const struct scene *scene, enum permission_scope scope,
                       const char *words)
{
    struct permission_rule rule;
    struct buf why = { 0 };
    ck_assert(!permission_rule_of(scene->permission, &scene->ask, scope, &rule,
                                  &why));
    ck_assert_msg(strstr(buf_string(&why), words) != NULL, "%s",
                  buf_string(&why));
    buf_clear(&why);
}

START_TEST(what_always_asks_cannot_be_allowed_from_now_on)
{
    for (int scope = PERMISSION_SESSION; scope <= PERMISSION_ALWAYS; scope++) {
        struct scene scene = { 0 };
        scene_open(&scene);
        plan_program(&scene, &shell, "sh", NULL);
        scene.plan.is_exact = false;
        ck_no_rule(&scene, scope, "shell");
        scene.plan.is_exact = true;
        scene.ask.is_recovered = true;
        ck_no_rule(&scene, scope, "text");
        scene.ask.is_recovered = false;
        scene.ask.tier = BOX_NET;
        ck_no_rule(&scene, scope, "box");
        scene.ask.tier = BOX_FULL;
        plan_program(&scene, &shell, "ls", "a\xE2\x80\x8B");
        ck_no_rule(&scene, scope, "seen");
        plan_program(&scene, &careful, "x", NULL);
        ck_no_rule(&scene, scope, "asks");
        plan_file(&scene, &reader, "~/.ssh/config");
        ck_no_rule(&scene, scope, "private");
        scene_close(&scene);
    }
}
END_TEST

START_TEST(characters_that_cannot_be_seen_are_noticed_in_every_part)
{
    static const char *const hidden[] = {
        "a\xE2\x80\xAE"
        "b", /* U+202E */
        "a\xE2\x81\xA6"
        "b", /* U+2066 */
        "a\xE2\x80\x8B"
        "b",             /* zero width space */
        "a\xEF\xBB\xBF", /* U+FEFF */
        "a\xC2\xAD"
        "b",                /* soft hyphen */
        "\xF3\xA0\x81\xA1", /* a tag */
        "a\x1B[31m",
        "a\x07",
        "a\x7F",
        "a\rb",
        "a\xC2\x9B"
        "b",
        "a\xFF",
    };
    static const char *const seen[] = {
        "",
        "plain",
        "two\nlines\n",
        "tab\there",
        "dos\r\nfile\r\n",
        "\xC3\xA9\xE6\xBC\xA2\xF0\x9F\x98\x80",
        "a\xC2\xA0"
        "b",
    };
    for (size_t i = 0; i < COUNTOF(hidden); i++)
        ck_assert_msg(permission_has_hidden(slice_of(hidden[i])), "%zu", i);
    for (size_t i = 0; i < COUNTOF(seen); i++)
        ck_assert_msg(!permission_has_hidden(slice_of(seen[i])), "%zu", i);
    struct tool_plan plan = { .tool = &shell };
    ck_assert(!permission_hides(&plan));
    plan.arguments = json_pack("{s:[{s:s}]}", "a", "b", hidden[0]);
    ck_assert(permission_hides(&plan));
    json_decref(plan.arguments);
    plan.arguments = json_pack("{s:i}", hidden[2], 1);
    ck_assert(permission_hides(&plan));
    json_decref(plan.arguments);
    plan.arguments = NULL;
    plan.host = (char *)(uintptr_t)hidden[2];
    ck_assert(permission_hides(&plan));
    plan.host = NULL;
    plan.path = (char *)(uintptr_t)hidden[0];
    ck_assert(permission_hides(&plan));
}
END_TEST

Suite *permission_suite(void)
{
    Suite *suite = suite_create("permission");
    TCase *tcase = tcase_create("permission");
    tcase_add_test(tcase, each_mode_lets_pass_what_it_says);
    tcase_add_test(tcase, our_own_settings_are_never_written_or_read_unasked);
    tcase_add_test(tcase,
                   a_home_that_is_the_working_directory_is_not_read_unasked);
    tcase_add_test(tcase,
                   no_rule_spares_the_question_about_what_is_not_certain);
    tcase_add_test(tcase, a_tool_that_never_asks_does_in_a_weak_box);
    tcase_add_test(tcase, a_rule_is_the_whole_command);
    tcase_add_test(tcase, where_nobody_is_asked_the_refusal_names_the_rule);
    tcase_add_test(tcase, the_rule_that_a_refusal_names_allows_the_call);
    tcase_add_test(tcase, settings_hold_rules_and_their_mistakes_are_told);
    tcase_add_test(tcase, always_is_exactly_this);
    tcase_add_test(tcase, always_is_for_the_directory_in_which_it_was_said);
    tcase_add_test(tcase, a_session_allows_what_its_tool_is_for);
    tcase_add_test(tcase, what_always_asks_cannot_be_allowed_from_now_on);
    tcase_add_test(tcase,
                   characters_that_cannot_be_seen_are_noticed_in_every_part);
    suite_add_tcase(suite, tcase);
    return suite;
}
