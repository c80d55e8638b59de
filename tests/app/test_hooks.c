/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "app/hooks.h"
#include "base/path.h"
#include "tests/support/pty.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/settings.h"

Suite *hooks_suite(void);

struct world {
    struct settings *settings;
    struct loop *loop;
    struct hooks *hooks;
    char directory[SCRATCH_PATH_MAX];
};

static void begin(struct world *world, const char *yaml)
{
    struct error err = { 0 };
    *world = (struct world){ .settings = settings_new() };
    scratch_directory(world->directory, "hooks");
    setenv("HOOK_DIRECTORY", world->directory, 1);
    setenv("OPENAI_API_KEY", "CANARY-7f3a", 1);
    settings_must_add(world->settings, "a.yaml", yaml);
    world->loop = loop_new(&err);
    ck_assert_ptr_nonnull(world->loop);
    world->hooks = hooks_new(world->loop, world->settings);
}

static void end(struct world *world)
{
    hooks_free(world->hooks);
    ck_assert(loop_is_idle(world->loop));
    loop_free(world->loop);
    settings_free(world->settings);
    scratch_remove(world->directory);
}

static void tell(struct world *world, enum event_type type, const char *text)
{
    struct event event = { .type = type, .seq = 3, .run = 1 };
    if (text)
        event_add_string(&event, FIELD_TEXT, text);
    hooks_tell(world->hooks, &event);
}

/* Nothing else is watched than the hooks. */
static void await_all(struct world *world)
{
    while (!loop_is_idle(world->loop))
        loop_turn(world->loop, -1);
}

static void describes(const struct world *world, const char *words)
{
    struct buf out = { 0 };
    hooks_describe(world->hooks, &out);
    ck_assert_str_eq(buf_string(&out), words);
    buf_clear(&out);
}

static void check_file(const struct world *world, const char *name,
                       const char *has, const char *has_not)
{
    char path[2 * SCRATCH_PATH_MAX];
    struct buf text = { 0 };
    struct error err = { 0 };
    snprintf(path, sizeof path, "%s/%s", world->directory, name);
    ck_assert_msg(path_read_file(&text, path, 1 << 16, &err), "%s", err.text);
    ck_assert_msg(strstr(buf_string(&text), has) != NULL, "%s",
                  buf_string(&text));
    ck_assert_ptr_null(strstr(buf_string(&text), has_not));
    buf_clear(&text);
}

START_TEST(a_program_gets_the_event_and_an_environment_without_keys)
{
    struct world world;
    begin(&world, "hooks:\n"
                  "  user-message: [sh, -c, 'cat > ${HOOK_DIRECTORY}/event; "
                  "env > ${HOOK_DIRECTORY}/environment']\n");
    tell(&world, EVENT_USER_MESSAGE, "hi \"there\"");
    tell(&world, EVENT_RUN_STARTED, NULL);
    await_all(&world);
    describes(&world, "1 run");
    check_file(&world, "event",
               "{\"type\":\"user-message\",\"seq\":3,\"run\":1,", "CANARY");
    check_file(&world, "event", "\"text\":\"hi \\\"there\\\"\"}\n", "CANARY");
    check_file(&world, "environment", "PATH=", "CANARY");
    end(&world);
}
END_TEST

START_TEST(a_flood_of_events_starts_no_flood_of_programs)
{
    struct world world;
    begin(&world, "hooks: {text-delta: [sleep, '600']}\n");
    for (int i = 0; i < HOOKS_MAX + 5; i++)
        tell(&world, EVENT_TEXT_DELTA, "x");
    describes(&world, "8 run, 5 dropped");
    /* Those that run are ended with it. */
    end(&world);
}
END_TEST

START_TEST(a_place_is_free_again_when_a_program_has_ended)
{
    struct world world;
    begin(&world, "hooks: {text-delta: ['true']}\n");
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < HOOKS_MAX; j++)
            tell(&world, EVENT_TEXT_DELTA, "x");
        await_all(&world);
    }
    describes(&world, "24 run");
    end(&world);
}
END_TEST

START_TEST(a_program_that_fails_is_counted_and_named)
{
    struct world world;
    begin(&world, "hooks: {run-started: [/nonexistent/x], title: ['false']}\n");
    tell(&world, EVENT_RUN_STARTED, NULL);
    await_all(&world);
    describes(&world, "0 run, 1 failed (/nonexistent/x: it cannot be run)");
    tell(&world, EVENT_TITLE, "t");
    await_all(&world);
    describes(&world, "0 run, 2 failed (false: it failed with exit status 1)");
    end(&world);
}
END_TEST

START_TEST(without_a_hook_nothing_is_started)
{
    struct world world;
    begin(&world, "hooks: {run-started: []}\n");
    tell(&world, EVENT_RUN_STARTED, NULL);
    tell(&world, EVENT_RUN_FINISHED, NULL);
    ck_assert(loop_is_idle(world.loop));
    hooks_linger(world.hooks);
    describes(&world, "");
    end(&world);
}
END_TEST

START_TEST(a_setting_that_changes_counts_from_the_next_event_on)
{
    struct world world;
    begin(&world, "hooks: {run-started: ['false']}\n");
    settings_must_set(world.settings, "hooks.run-started", "['true']");
    tell(&world, EVENT_RUN_STARTED, NULL);
    await_all(&world);
    describes(&world, "1 run");
    end(&world);
}
END_TEST

/* The real program. */

struct waiting {
    const char *path;
    struct buf text;
};

static bool has_line(struct pty *pty, void *context)
{
    struct waiting *waiting = context;
    struct error err = { 0 };
    (void)pty;
    buf_reset(&waiting->text);
    return path_read_file(&waiting->text, waiting->path, 1 << 16, &err) &&
           strchr(buf_string(&waiting->text), '\n');
}

START_TEST(the_screen_tells_its_hooks)
{
    char host[64];
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d", server_free_port());
    const char *variables[] = { host, NULL };
    const char *program = getenv("PROGRAM");
    struct waiting waiting = { 0 };
    struct pty *pty = pty_new(&(struct pty_options){ .variables = variables });
    pty_write_file(pty, ".config/sennit/config.yaml",
                   "hooks: {run-finished: [sh, -c, 'cat > ~/told']}\n");
    pty_start(pty, (const char *const[]){
                       program ? program : "build/release/sennit", NULL });
    pty_expect(pty, "guide");
    pty_send(pty, "how do I connect Ollama?\r");
    pty_expect(pty, "complete");
    waiting.path = pty_path(pty, "told");
    ck_assert(pty_wait_until(pty, has_line, &waiting, PTY_DEADLINE_MS));
    ck_assert_ptr_nonnull(
        strstr(buf_string(&waiting.text), "{\"type\":\"run-finished\""));
    ck_assert_ptr_nonnull(
        strstr(buf_string(&waiting.text), "\"outcome\":\"complete\""));
    pty_send(pty, "\x04");
    ck_assert_int_eq(pty_wait_exit(pty, PTY_DEADLINE_MS), 0);
    buf_clear(&waiting.text);
    pty_free(pty);
}
END_TEST

Suite *hooks_suite(void)
{
    Suite *suite = suite_create("hooks");
    TCase *tcase = tcase_create("hooks");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase,
                   a_program_gets_the_event_and_an_environment_without_keys);
    tcase_add_test(tcase, a_flood_of_events_starts_no_flood_of_programs);
    tcase_add_test(tcase, a_place_is_free_again_when_a_program_has_ended);
    tcase_add_test(tcase, a_program_that_fails_is_counted_and_named);
    tcase_add_test(tcase, without_a_hook_nothing_is_started);
    tcase_add_test(tcase, a_setting_that_changes_counts_from_the_next_event_on);
    tcase_add_test(tcase, the_screen_tells_its_hooks);
    suite_add_tcase(suite, tcase);
    return suite;
}
