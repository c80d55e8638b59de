/* SPDX-License-Identifier: MIT */
/*
 * screenshot - the pictures of the README, taken of the real program.
 *
 * usage: screenshot FOLDER
 *
 * Plays two scenes on a pty against the scripted server, and writes to FOLDER:
 * screen.svg and screen.txt, a conversation; palette.svg. A program of its own,
 * run by `make screenshots`: its scenes take as long as the answers that they
 * show.
 */
#include <locale.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/server.h"
#include "tests/support/svg.h"

enum { SCREEN_HEIGHT = 31, PALETTE_HEIGHT = 24, WIDTH = 80 };

#define MODELS                                                             \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"                  \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"qwen3:8b\\\",\\\"size\\\":" \
    "5200000000}]}\"\n"
#define LOADED                                                             \
    "match GET /api/ps\ntimes forever\nstatus 200 OK\n"                    \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"qwen3:8b\\\",\\\"size\\\":" \
    "5200000000,\\\"context_length\\\":4096}]}\"\n"
#define CHAT "match POST /api/chat\nstatus 200 OK\nchunked\n"
#define SAY(text) \
    "line {\"model\":\"qwen3:8b\",\"message\":{\"content\":\"" text "\"}}\n"
#define THINK(text)                                               \
    "line {\"model\":\"qwen3:8b\",\"message\":{\"content\":\"\"," \
    "\"thinking\":\"" text "\"}}\n"

/* The connection breaks in the middle of a word. */
static const char cut_answer[] =
    CHAT SAY("Because each entry of the list keeps refer") "reset\n";

/* 150 tokens at 54 a second, the thoughts among them. */
static const char whole_answer[] = CHAT THINK(
    "Out of memory at a fixed step means steady growth. What grows in "
    "the loop? Only the list. A loss is a tensor that knows its graph, "
    "so the list holds every graph. The number alone would do. ")
    SAY("Each `loss` holds **the whole graph** of its step, and the list "
        "holds each loss:\\n\\n"
        "1. Append the number; then the graph is freed.\\n"
        "2. If the loader has a cache of images, bound it, too.\\n\\n")
        SAY("```python\\n"
            "history.append(loss.item())   # a number, no graph\\n"
            "```\\n")
            SAY("Memory then stays flat from the second step on.") "line {\"model\":\"qwen3:8b\",\"message\":{\"content\":\"\"},"
                                                                   "\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":46,"
                                                                   "\"eval_count\":150,\"eval_duration\":2777777777}\n";

static const char open_answer[] =
    CHAT SAY("Then cut it off from its graph: `loss.detach()` shares ")
        SAY("the value and forgets how it was computed. On ")
            SAY("a GPU that is still *one small tensor* a step, so ")
                SAY("move") "stall\n";

static const char config[] = "endpoints:\n"
                             "  box:\n"
                             "    dialect: ollama\n"
                             "    url: %s\n"
                             "    trust: own\n"
                             "model: box/qwen3:8b\n"
                             "system: Be short. Say when you guess.\n";

static const char *folder;

static struct pty *start(struct server *server, int height)
{
    const char *const variables[] = { "TZ=UTC", NULL };
    struct pty_options options = { .height = height,
                                   .width = WIDTH,
                                   .variables = variables };
    struct pty *pty = pty_new(&options);
    struct buf text = { 0 };
    buf_printf(&text, config, server_url(server, ""));
    pty_write_file(pty, ".config/sennit/config.yaml", buf_string(&text));
    buf_clear(&text);
    const char *program = getenv("PROGRAM");
    const char *const words[] = { program ? program : "build/release/sennit",
                                  NULL };
    pty_start(pty, words);
    pty_expect(pty, "qwen3:8b@box");
    return pty;
}

static void ask_twice(struct pty *pty)
{
    pty_send(pty, "Why does my training run out of memory at step 1200?\n"
                  "Its loop does history.append(loss).\r");
    pty_expect(pty, "cut:");
    pty_send(pty, "\x18r");
    pty_expect(pty, "from the second step on.");
    pty_expect(pty, "150 tok");
}

static bool shows_two_seconds(struct pty *pty, void *context)
{
    return regexec(context, pty_screen(pty), 0, NULL, 0) == 0;
}

/* A head says how long an answer has been coming from its third second on. */
static void wait_two_seconds(struct pty *pty)
{
    regex_t pattern;
    regcomp(&pattern, "streaming [2-9] s", REG_EXTENDED | REG_NOSUB);
    ck_assert_msg(
        pty_wait_until(pty, shows_two_seconds, &pattern, PTY_DEADLINE_MS),
        "the answer does not come:\n%s", pty_screen(pty));
    regfree(&pattern);
}

static void write_file(const char *name, const struct buf *text)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    ck_assert_msg(file != NULL, "cannot write %s", path);
    ck_assert_uint_eq(fwrite(text->ptr, 1, text->len, file), text->len);
    ck_assert_int_eq(fclose(file), 0);
}

static void write_svg(const char *name, const struct shot *shot,
                      const char *title)
{
    struct buf text = { 0 };
    svg_append(&text, shot, title);
    write_file(name, &text);
    buf_clear(&text);
}

START_TEST(a_conversation)
{
    struct server *server = server_start(MODELS, LOADED, cut_answer,
                                         whole_answer, open_answer, NULL);
    struct pty *pty = start(server, SCREEN_HEIGHT);
    struct shot shot = { 0 };
    struct buf text = { 0 };
    ask_twice(pty);
    pty_send(pty, "And if I need the loss as a tensor?\r");
    pty_expect(pty, "a step, so move");
    pty_send(pty, "Write a test that it stays flat.\r");
    pty_expect(pty, "queued 1");
    pty_send(pty, "Name the test ");
    pty_expect(pty, "> Name the test");
    pty_send(pty, "\033OQ"); /* F2 */
    pty_expect(pty, "budget F2");
    wait_two_seconds(pty);
    shot_take(&shot, pty, SCREEN_HEIGHT, WIDTH);
    shot_steady(&shot);
    write_svg("screen.svg", &shot, "sennit: a conversation");
    shot_text(&shot, &text);
    write_file("screen.txt", &text);
    buf_clear(&text);
    shot_clear(&shot);
    pty_free(pty);
    server_stop(server);
}
END_TEST

START_TEST(the_palette)
{
    struct server *server =
        server_start(MODELS, LOADED, cut_answer, whole_answer, NULL);
    struct pty *pty = start(server, PALETTE_HEIGHT);
    struct shot shot = { 0 };
    ask_twice(pty);
    pty_send(pty, "\033[21~"); /* F10 */
    pty_expect(pty, "edit-queued");
    shot_take(&shot, pty, PALETTE_HEIGHT, WIDTH);
    shot_steady(&shot);
    write_svg("palette.svg", &shot, "sennit: the palette");
    shot_clear(&shot);
    pty_free(pty);
    server_stop(server);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: screenshot FOLDER\n");
        return 2;
    }
    folder = argv[1];
    setlocale(LC_ALL, "C.UTF-8");
    Suite *suite = suite_create("screenshot");
    TCase *scenes = tcase_create("scenes");
    tcase_set_timeout(scenes, 60);
    tcase_add_test(scenes, a_conversation);
    tcase_add_test(scenes, the_palette);
    suite_add_tcase(suite, scenes);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
