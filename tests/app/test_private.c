/* SPDX-License-Identifier: MIT */
/*
 * What is private, and a vendor: the real program between a server of the user's
 * own and one of a vendor, both on loopback. Whatever way is tried, all that the
 * vendor receives is searched for the private texts.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "base/base64.h"
#include "base/compiler.h"
#include "tests/support/program.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"

Suite *private_suite(void);

/* Written in two pieces, so that this file holds no key. */
#define KEY \
    "ghp_"  \
    "b7Kq2ZxPw9RtY4mNs8VdH3jLf6GcQ1aXu5Te"
#define PROJECT "project heron"

#define OWN                                                \
    "match POST /api/chat\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: application/x-ndjson\nchunked\n"
#define SAY(text)                                            \
    "line {\"model\":\"m\",\"message\":{\"content\":\"" text \
    "\"},\"done\":false}\n"
#define THINK(text)                                                            \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\",\"thinking\":\"" text \
    "\"},\"done\":false}\n"
#define CALL                                                               \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\",\"tool_calls\":"  \
    "[{\"function\":{\"name\":\"look\",\"arguments\":{\"at\":\"project\\n" \
    "heron\"}}}]},\"done\":false}\n"
#define DONE                                                      \
    "line {\"model\":\"m\",\"message\":{\"content\":\"\"},\"done" \
    "\":true,\"done_reason\":\"stop\"}\n"
#define TAGS(more)                                                     \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"              \
    "header Content-Type: application/json\nbody \"{\\\"models\\\":[{" \
    "\\\"name\\\":\\\"m\\\",\\\"size\\\":1000" more "}]}\"\n"
#define OWN_HELLO OWN SAY("a heron") DONE
#define VENDOR                                                        \
    "match POST /v1/chat/completions\ntimes forever\nstatus 200 OK\n" \
    "header Content-Type: text/event-stream\n"                        \
    "data {\"choices\":[{\"delta\":{\"content\":\"from afar\"},"      \
    "\"finish_reason\":\"stop\"}]}\ndata [DONE]\n"

struct stage {
    struct server *own, *vendor;
    struct program program;
};

static struct stage stage;

static void append_config(struct buf *yaml, const char *privacy,
                          const char *more)
{
    buf_printf(yaml,
               "endpoints:\n"
               "  box: {dialect: ollama, trust: own, url: \"%s\"}\n",
               server_url(stage.own, ""));
    buf_printf(yaml,
               "  cloud: {dialect: chat-completions, trust: vendor, url: "
               "\"%s\", models: {m: m}}\n"
               "privacy: {first_send_to_vendor: always, private: %s}\n"
               "limits: {backoff: 1ms}\n%s",
               server_url(stage.vendor, "/v1"), privacy, more);
}

static void write_config(const char *privacy, const char *more)
{
    struct buf yaml = { 0 };
    append_config(&yaml, privacy, more);
    program_file(&stage.program, ".config/sennit/config.yaml",
                 buf_string(&yaml));
    buf_clear(&yaml);
}

#define RULES                                                          \
    "{files: [\"~/work/secret/**\", \"*.pem\"], text: [builtin:keys, " \
    "'(?i)project\\s+heron']}"

/* What its own server answers; NULL: a heron. */
static void open_stage(const char *answer, const char *privacy,
                       const char *more)
{
    stage = (struct stage){
        .own = server_start(TAGS(""), answer ? answer : OWN_HELLO, NULL),
        .vendor = server_start(VENDOR, NULL),
    };
    write_config(privacy, more);
}

static void say(const char *const *words)
{
    for (size_t i = 0; i < PROGRAM_WORDS_MAX; i++)
        stage.program.arguments[i] = NULL;
    for (size_t i = 0; words[i]; i++)
        stage.program.arguments[i] = words[i];
    program_run(&stage.program);
}
#define SAY_TO(...) say((const char *const[]){ __VA_ARGS__, NULL })

static void check_clean(const char *text)
{
    struct buf letters = { 0 };
    const char *got = server_received(stage.vendor);
    ck_assert_msg(!strstr(got, text), "the vendor has got %s", text);
    base64_append(&letters, slice_of(text));
    buf_truncate(&letters, letters.len - 4);
    ck_assert_msg(!strstr(got, buf_string(&letters)), "as base64: %s", text);
    buf_clear(&letters);
}

static void close_stage(void)
{
    check_clean(KEY);
    check_clean(PROJECT);
    check_clean("SECRET OF THE FILE");
    check_clean("heron.txt");
    program_clear(&stage.program);
    server_stop(stage.own);
    server_stop(stage.vendor);
}

static void check_refused(const char *why)
{
    const char *err = buf_string(&stage.program.err);
    ck_assert_msg(stage.program.status == 4, "status %d: %s",
                  stage.program.status, err);
    ck_assert_msg(strstr(err, "cloud is a vendor") && strstr(err, why),
                  "not refused by %s: %s", why, err);
    ck_assert_int_eq(server_count(stage.vendor, "POST "), 0);
}

static void check_own_answered(void)
{
    ck_assert_msg(stage.program.status == 0, "%s",
                  buf_string(&stage.program.err));
    ck_assert_int_eq(server_count(stage.vendor, "POST "), 0);
}

static void check_vendor_answered(void)
{
    ck_assert_msg(stage.program.status == 0, "%s",
                  buf_string(&stage.program.err));
    ck_assert_str_eq(buf_string(&stage.program.out), "from afar\n");
}

/* What shows that the tests could fail. */
START_TEST(what_is_not_private_goes_to_the_vendor)
{
    open_stage(NULL, RULES, "");
    SAY_TO("-m", "cloud/m", "what is a heron?");
    check_vendor_answered();
    ck_assert_int_eq(server_count(stage.vendor, "what is a heron?"), 1);
    close_stage();
}
END_TEST

static const char *const vendors[][3] = {
    { "-m", "cloud/m" },
    { "--cloud" },
    { "--set", "model=cloud/m" },
};

START_TEST(a_private_prompt_is_refused_by_every_way_to_a_vendor)
{
    open_stage(NULL, RULES, "");
    const char *const *way = vendors[_i];
    SAY_TO("-p", "my token is " KEY, way[0], way[1]);
    check_refused("builtin:keys (GitHub token): the prompt, turn 1");
    close_stage();
}
END_TEST

START_TEST(a_pattern_reaches_across_a_line)
{
    open_stage(NULL, RULES, "");
    SAY_TO("-m", "cloud/m", "about Project\n  Heron");
    check_refused("privacy.private.text: (?i)project\\s+heron");
    close_stage();
}
END_TEST

START_TEST(a_private_prompt_is_answered_by_the_own_server)
{
    open_stage(NULL, RULES,
               "routing: {ladder: [box/m, cloud/m], threshold: 0, "
               "band: 0}\n");
    SAY_TO("prove that " KEY " is a token, by induction, step by step");
    check_own_answered();
    SAY_TO("-c", "-o", "json", "prove it again");
    check_own_answered();
    ck_assert_ptr_nonnull(strstr(server_received(stage.own), KEY));
    close_stage();
}
END_TEST

START_TEST(the_receipt_says_why_the_vendor_was_barred)
{
    open_stage(NULL, RULES,
               "routing: {ladder: [box/m, cloud/m], threshold: 0, "
               "band: 0}\n");
    SAY_TO("route", "prove " PROJECT);
    ck_assert_ptr_nonnull(strstr(buf_string(&stage.program.out),
                                 "barred: holds private text "
                                 "(privacy.private.text"));
    SAY_TO("route", "-m", "cloud/m", "prove " PROJECT);
    ck_assert_int_eq(stage.program.status, 4);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&stage.program.out), "cloud is a vendor"));
    close_stage();
}
END_TEST

/* The own server is gone: that is no reason. */
START_TEST(no_fallback_leads_to_the_vendor)
{
    static const char ladder[] = "routing: {ladder: [box/m, cloud/m]}\n";
    open_stage(NULL, RULES, ladder);
    server_stop(stage.own);
    stage.own = NULL;
    SAY_TO("what is a heron?");
    check_vendor_answered();
    SAY_TO("what is " KEY "?");
    ck_assert_int_eq(stage.program.status, 5);
    ck_assert_ptr_nonnull(strstr(buf_string(&stage.program.err),
                                 "no vendor was asked, this is private: "
                                 "builtin:keys (GitHub token)"));
    SAY_TO("-n", "-f", ".config/sennit/config.yaml", "what is " KEY "?");
    ck_assert_int_ne(stage.program.status, 0);
    ck_assert_int_eq(server_count(stage.vendor, "POST "), 1);
    close_stage();
}
END_TEST

/* Files. */

static char *home_path(const char *relative)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", stage.program.home, relative);
    return path;
}

static void open_files(void)
{
    char target[PATH_MAX];
    open_stage(NULL, RULES, "");
    program_file(&stage.program, "work/secret/a/b.txt", "SECRET OF THE FILE\n");
    program_file(&stage.program, "work/open/x.txt", "not private\n");
    program_file(&stage.program, "keys/server.PEM", "SECRET OF THE FILE\n");
    program_file(&stage.program, "work/open/project heron.txt", "harmless\n");
    program_file(&stage.program, "work/open/key.txt", "a " KEY "\n");
    program_file(&stage.program, "work/open/pixel.png",
                 "\x89PNG\r\n\x1a\n"
                 "    IHDR");
    snprintf(target, sizeof target, "%s", home_path("work/secret/a/b.txt"));
    ck_assert_int_eq(symlink(target, home_path("work/open/link.txt")), 0);
    snprintf(target, sizeof target, "%s", home_path("work/secret"));
    ck_assert_int_eq(symlink(target, home_path("elsewhere")), 0);
}

static const struct {
    const char *place, *why;
} files[] = {
    { "work/secret/a/b.txt", "privacy.private.files: ~/work/secret/**" },
    { "work/open/../secret/a/b.txt", "privacy.private.files: ~/work/secret" },
    { "work/open/link.txt", "privacy.private.files: ~/work/secret/**" },
    { "elsewhere/a/b.txt", "privacy.private.files: ~/work/secret/**" },
    { "work/secret/a/b.txt:1-1", "privacy.private.files: ~/work/secret/**" },
    { "keys/server.PEM", "privacy.private.files: *.pem" },
    { "work/open/project heron.txt", "file project heron.txt" },
    { "work/open/key.txt", "builtin:keys (GitHub token): file key.txt" },
};

START_TEST(a_private_file_is_refused_whatever_it_is_called)
{
    open_files();
    SAY_TO("-m", "cloud/m", "-f", home_path(files[_i].place), "read this");
    check_refused(files[_i].why);
    close_stage();
}
END_TEST

START_TEST(other_files_go_to_the_vendor)
{
    open_files();
    SAY_TO("-m", "cloud/m", "-f", home_path("work/open/x.txt"), "read this");
    check_vendor_answered();
    ck_assert_int_eq(server_count(stage.vendor, "not private"), 1);
    close_stage();
}
END_TEST

/* 1x1, and the text that comes after it in a chunk of its own. */
static void write_picture(const char *relative, const char *text)
{
    static const unsigned char png[] = {
        0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0,    0,    0,
        13,   'I', 'H', 'D', 'R',  0,    0,    0,    1,    0,    0,
        0,    1,   8,   6,   0,    0,    0,    0x1f, 0x15, 0xc4, 0x89,
    };
    program_file(&stage.program, relative, "");
    FILE *file = fopen(home_path(relative), "w");
    ck_assert_ptr_nonnull(file);
    fwrite(png, 1, sizeof png, file);
    fwrite(text, 1, strlen(text), file);
    fclose(file);
}

START_TEST(a_private_picture_is_refused)
{
    open_files();
    write_picture("work/secret/p.png", "");
    write_picture("work/open/p.png", "tEXtComment " KEY);
    SAY_TO("-m", "cloud/m", "-f", home_path("work/secret/p.png"), "look");
    check_refused("privacy.private.files: ~/work/secret/**: file p.png");
    SAY_TO("-m", "cloud/m", "-f", home_path("work/open/p.png"), "look");
    check_refused("builtin:keys (GitHub token): file p.png");
    close_stage();
}
END_TEST

/* What stands in the conversation already. */

static const struct {
    const char *answer; /* of the own server; NULL: harmless */
    const char *prompt;
    const char *why;
} histories[] = {
    { NULL, "my token is " KEY, "the prompt, turn 1" },
    { OWN SAY("it is ghp_b7Kq2Z") SAY("xPw9RtY4mNs8VdH3jLf6GcQ1") SAY("aXu5Te")
          DONE,
      "invent one", "builtin:keys (GitHub token): the answer, turn 1" },
    { OWN THINK("pro") THINK("ject ") THINK("heron") SAY("hm") DONE, "think",
      "thinking, turn 1" },
    { OWN SAY("I say Proj") SAY("ect\\n\\n") SAY("Heron") DONE, "say it",
      "the answer, turn 1" },
    { OWN SAY("I look.") CALL DONE, "look it up", "arguments of look, turn 1" },
};

START_TEST(what_was_said_before_is_refused_in_whatever_copy)
{
    open_stage(histories[_i].answer, RULES, "");
    SAY_TO("-m", "box/m", histories[_i].prompt);
    check_own_answered();
    SAY_TO("-c", "-m", "cloud/m", "and now?");
    check_refused(histories[_i].why);
    SAY_TO("-c", "--fork", "--cloud", "and now?");
    check_refused(histories[_i].why);
    SAY_TO("sessions", "-o", "json");
    ck_assert_ptr_nonnull(
        strstr(buf_string(&stage.program.out), "\"private\":true"));
    close_stage();
}
END_TEST

/* Of all that is kept: which files there are, and how large. */
static void list_kept(struct buf *list)
{
    char command[PATH_MAX + 100];
    char line[PATH_MAX];
    snprintf(command, sizeof command,
             "find '%s' -name '*.db' -exec cksum {} + | sort",
             home_path(".local/share"));
    FILE *listing = popen(command, "r");
    ck_assert_ptr_nonnull(listing);
    while (fgets(line, sizeof line, listing))
        buf_append_string(list, line);
    pclose(listing);
}

/* What would be sent is that of the session, and nothing of it is kept. */
START_TEST(a_dry_run_goes_on_with_a_session_and_leaves_it)
{
    struct buf before = { 0 }, after = { 0 };
    open_stage(NULL, RULES, "");
    SAY_TO("-m", "box/m", "my token is " KEY);
    check_own_answered();
    list_kept(&before);
    ck_assert_uint_gt(before.len, 0);
    SAY_TO("-c", "--dry-run", "-m", "box/m", "and now?");
    const char *out = buf_string(&stage.program.out);
    ck_assert_msg(stage.program.status == 0, "%s",
                  buf_string(&stage.program.err));
    ck_assert_msg(strstr(out, "my token is") && strstr(out, "and now?"), "%s",
                  out);
    SAY_TO("-c", "--dry-run", "-m", "cloud/m", "and now?");
    check_refused("the prompt, turn 1");
    SAY_TO("-c", "-n", "--dry-run", "-m", "box/m", "and now?");
    ck_assert_int_eq(stage.program.status, 2);
    ck_assert_ptr_nonnull(strstr(buf_string(&stage.program.err), "with -n"));
    list_kept(&after);
    ck_assert_str_eq(buf_string(&after), buf_string(&before));
    buf_clear(&before);
    buf_clear(&after);
    close_stage();
}
END_TEST

static void find_session(char *id, size_t size)
{
    SAY_TO("sessions");
    snprintf(id, size, "%.*s",
             (int)strcspn(buf_string(&stage.program.out), "\t"),
             buf_string(&stage.program.out));
}

/* The rules are gone, and the file: what was private is so. */
START_TEST(an_imported_session_stays_private)
{
    char id[64], file[PATH_MAX];
    open_files();
    SAY_TO("-m", "box/m", "-f", home_path("keys/server.PEM"), "read this");
    check_own_answered();
    find_session(id, sizeof id);
    snprintf(file, sizeof file, "%s", home_path("copy.jsonl"));
    SAY_TO("export", id, "--as", "jsonl", "-O", file);
    ck_assert_int_eq(stage.program.status, 0);
    SAY_TO("export", id);
    ck_assert_ptr_nonnull(strstr(buf_string(&stage.program.out),
                                 "- Private: to no vendor, by "
                                 "privacy.private.files"));
    SAY_TO("delete", id);
    SAY_TO("import", file);
    ck_assert_int_eq(stage.program.status, 0);
    write_config("{}", "");
    SAY_TO("-c", "-m", "cloud/m", "and now?");
    check_refused("privacy.private.files: *.pem: file server.PEM, turn 1");
    close_stage();
}
END_TEST

START_TEST(a_rule_that_came_later_counts_for_what_was_said_before)
{
    open_stage(NULL, "{}", "");
    SAY_TO("-m", "box/m", "about " PROJECT);
    check_own_answered();
    write_config(RULES, "");
    SAY_TO("-c", "-m", "cloud/m", "and now?");
    check_refused("the prompt, turn 1");
    close_stage();
}
END_TEST

/* What goes along and is no part of the talk. */

START_TEST(the_system_prompt_and_the_schema_are_looked_at)
{
    open_stage(NULL, RULES, "");
    SAY_TO("-m", "cloud/m", "-s", "You work on " PROJECT, "hi");
    check_refused("the system prompt");
    program_file(&stage.program, "schema.json",
                 "{\"type\":\"object\",\"description\":\"" PROJECT "\"}");
    SAY_TO("-m", "cloud/m", "--schema", home_path("schema.json"), "hi");
    check_refused("the schema");
    close_stage();
}
END_TEST

/* All of it. */

static const char *const wholes[] = { "true", "{all: true}" };

START_TEST(a_private_profile_reaches_no_vendor_and_its_sessions_stay_private)
{
    open_stage(NULL, wholes[_i], "");
    SAY_TO("-m", "cloud/m", "hi");
    check_refused("the profile is private");
    SAY_TO("status", "-o", "json");
    ck_assert_ptr_nonnull(strstr(buf_string(&stage.program.out),
                                 "\"private\":\"the profile is private"));
    SAY_TO("-m", "box/m", "hi");
    check_own_answered();
    write_config(RULES, "");
    SAY_TO("-c", "-m", "cloud/m", "and now?");
    check_refused("the session is private");
    close_stage();
}
END_TEST

START_TEST(the_option_makes_a_session_private)
{
    open_stage(NULL, "{}", "");
    SAY_TO("--private", "-m", "cloud/m", "hi");
    check_refused("the profile is private");
    SAY_TO("--private", "-m", "box/m", "hi");
    check_own_answered();
    SAY_TO("-c", "-m", "cloud/m", "and now?");
    check_refused("the session is private");
    close_stage();
}
END_TEST

/* A model of the own Ollama that is a stub of one in the cloud. */
START_TEST(a_stub_of_a_cloud_model_is_a_vendor)
{
    open_stage(NULL, RULES, "");
    server_stop(stage.own);
    stage.own =
        server_start(TAGS(",\\\"remote_host\\\":\\\"https://ollama.com\\\""),
                     OWN_HELLO, NULL);
    write_config(RULES, "");
    SAY_TO("-m", "box/m", "my token is " KEY);
    ck_assert_int_eq(stage.program.status, 4);
    ck_assert_ptr_nonnull(
        strstr(buf_string(&stage.program.err), "box is a vendor"));
    ck_assert_int_eq(server_count(stage.own, "POST /api/chat"), 0);
    close_stage();
}
END_TEST

/* Rules that cannot be read let nothing through. */
START_TEST(a_rule_that_is_none_is_a_mistake)
{
    open_stage(NULL, "{text: ['(']}", "");
    SAY_TO("-m", "cloud/m", "hi");
    ck_assert_int_eq(stage.program.status, 4);
    ck_assert_ptr_nonnull(strstr(buf_string(&stage.program.err),
                                 "config.yaml:4: privacy.private.text: \"(\" "
                                 "is not understood"));
    ck_assert_int_eq(server_count(stage.vendor, "POST "), 0);
    close_stage();
}
END_TEST

/* Talks, line by line on a terminal. */

static bool has_mark(struct pty *pty, void *context)
{
    struct slice screen = slice_trim(slice_of(pty_screen(pty)));
    (void)context;
    return screen.len > 2 && !memcmp(screen.ptr + screen.len - 2, "\n>", 2);
}

static void expect_mark(struct pty *pty)
{
    ck_assert_msg(pty_wait_until(pty, has_mark, NULL, PTY_DEADLINE_MS),
                  "no mark:\n%s", pty_screen(pty));
}

/* What is typed, and what is shown then that was not before. */
struct step {
    const char *typed, *shown;
};

static struct pty *talk(const char *privacy, const struct step *steps)
{
    static const struct pty_options size = { .height = 70, .width = 250 };
    const char *path = getenv("PROGRAM");
    const char *const words[] = { path ? path : "build/release/sennit",
                                  "--linear", "-m", "box/m", NULL };
    struct pty *pty = pty_new(&size);
    struct buf yaml = { 0 };
    append_config(&yaml, privacy, "");
    pty_write_file(pty, ".config/sennit/config.yaml", buf_string(&yaml));
    buf_clear(&yaml);
    pty_start(pty, words);
    for (size_t i = 0; steps[i].typed; i++) {
        expect_mark(pty);
        pty_send(pty, steps[i].typed);
        pty_send(pty, "\n");
        pty_expect(pty, steps[i].shown);
    }
    expect_mark(pty);
    return pty;
}

static void end_talk(struct pty *pty)
{
    pty_free(pty);
    close_stage();
}

#define TO_CLOUD                                               \
    {                                                          \
        "/model cloud/m", "the next prompt goes to m at cloud" \
    }

START_TEST(the_user_marks_a_session_and_takes_it_back_in_so_many_words)
{
    static const struct step steps[] = {
        { "/private", "no vendor gets anything of it" },
        TO_CLOUD,
        { "porpoise", "not sent to cloud: cloud is a vendor, and this is "
                      "private: the session is private" },
        { "/private off", "/private off yes does it" },
        { "/private", "this session is private" },
        { "/private off yes", "the session is not private any more" },
        { "third", "from afar" },
        { NULL, NULL },
    };
    open_stage(NULL, RULES, "");
    struct pty *pty = talk(RULES, steps);
    ck_assert_int_eq(server_count(stage.vendor, "POST "), 1);
    ck_assert_int_eq(server_count(stage.vendor, "third"), 1);
    ck_assert_int_eq(server_count(stage.vendor, "porpoise"), 0);
    end_talk(pty);
}
END_TEST

/* A false alarm is the user's to call one. */
START_TEST(the_user_says_that_a_turn_is_harmless)
{
    static const struct step steps[] = {
        { "a bird", "a heron" },
        { "/private list", "privacy.private.text: bird: the prompt, turn 1" },
        TO_CLOUD,
        { "and?", "not sent to cloud" },
        { "/private not 2", "nothing in turn 2 is marked" },
        { "/private not 1", "by your word nothing in turn 1 is private" },
        { "now?", "from afar" },
        { NULL, NULL },
    };
    open_stage(NULL, RULES, "");
    struct pty *pty = talk("{text: [bird]}", steps);
    ck_assert_int_eq(server_count(stage.vendor, "POST "), 1);
    ck_assert_int_eq(server_count(stage.vendor, "a bird"), 1);
    end_talk(pty);
}
END_TEST

/* So is one in a prompt that was not sent for it; the word holds once. */
START_TEST(the_user_says_that_the_next_prompt_is_harmless)
{
    static const struct step steps[] = {
        TO_CLOUD,
        { "a bird", "say /private not next before you send it again" },
        { "/private not next", "nothing in the next prompt is private" },
        { "this bird", "from afar" },
        { "that bird", "not sent to cloud: cloud is a vendor" },
        { NULL, NULL },
    };
    open_stage(NULL, RULES, "");
    struct pty *pty = talk("{text: [bird]}", steps);
    ck_assert_int_eq(server_count(stage.vendor, "POST "), 1);
    ck_assert_int_eq(server_count(stage.vendor, "this bird"), 1);
    ck_assert_int_eq(server_count(stage.vendor, "a bird"), 0);
    end_talk(pty);
}
END_TEST

START_TEST(what_was_redacted_is_private_no_more)
{
    static const struct step steps[] = {
        { "it is " KEY, "a heron" },    TO_CLOUD,
        { "hm?", "not sent to cloud" }, { "/redact " KEY, "overwritten in" },
        { "and now?", "from afar" },    { NULL, NULL },
    };
    open_stage(NULL, RULES, "");
    struct pty *pty = talk(RULES, steps);
    ck_assert_int_eq(server_count(stage.vendor, "POST "), 1);
    ck_assert_int_eq(server_count(stage.vendor, "it is [redacted]"), 1);
    end_talk(pty);
}
END_TEST

/* Another branch is another matter. */
START_TEST(a_branch_without_it_is_free_again)
{
    static const struct step steps[] = {
        { "it is " KEY, "a heron" },
        TO_CLOUD,
        { "and now?", "not sent to cloud" },
        { "/edit it is gone", "from afar" },
        { NULL, NULL },
    };
    open_stage(NULL, RULES, "");
    struct pty *pty = talk(RULES, steps);
    ck_assert_int_eq(server_count(stage.vendor, "POST "), 1);
    ck_assert_int_eq(server_count(stage.vendor, "it is gone"), 1);
    end_talk(pty);
}
END_TEST

/* Nothing is lost: what was refused is there to be changed, with the reason. */
START_TEST(a_refused_prompt_is_back_in_the_editor)
{
    open_stage(NULL, RULES, "");
    const char *path = getenv("PROGRAM");
    const char *const words[] = { path ? path : "build/release/sennit", "-m",
                                  "cloud/m", NULL };
    struct pty *pty = pty_new(NULL);
    struct buf yaml = { 0 };
    append_config(&yaml, RULES, "");
    pty_write_file(pty, ".config/sennit/config.yaml", buf_string(&yaml));
    buf_clear(&yaml);
    pty_start(pty, words);
    pty_expect(pty, "m@cloud");
    pty_send(pty, "about project heron\r");
    pty_expect(pty, "not sent to cloud: cloud is a vendor");
    pty_expect(pty, "> about project heron");
    pty_send(pty, "\x15"
                  "about herons\r");
    pty_expect(pty, "from afar");
    ck_assert_int_eq(server_count(stage.vendor, "POST "), 1);
    /* So it is where the reason stands in a turn before. */
    pty_send(pty, "/model box/m\r");
    pty_expect(pty, "goes to m at box");
    pty_send(pty, "on project heron\r");
    pty_expect(pty, "a heron");
    pty_send(pty, "/cloud\r");
    pty_expect(pty, "the next prompts go to cloud");
    pty_send(pty, "third\r");
    pty_expect(pty, "the prompt, turn 2");
    pty_expect(pty, "> third");
    ck_assert_int_eq(server_count(stage.vendor, "POST "), 1);
    end_talk(pty);
}
END_TEST

/* The lock is there before Enter, and goes with what was typed. */
START_TEST(the_lock_is_shown_while_one_types)
{
    open_stage(NULL, RULES, "");
    const char *path = getenv("PROGRAM");
    const char *const words[] = { path ? path : "build/release/sennit", "-m",
                                  "box/m", NULL };
    struct pty *pty = pty_new(NULL);
    struct buf yaml = { 0 };
    append_config(&yaml, RULES, "");
    pty_write_file(pty, ".config/sennit/config.yaml", buf_string(&yaml));
    buf_clear(&yaml);
    pty_start(pty, words);
    pty_expect(pty, "m@box");
    pty_send(pty, "about project heron");
    pty_expect(pty, "\xF0\x9F\x94\x92 private | ");
    pty_send(pty, "\x7f\x7f\x7f");
    pty_expect_gone(pty, "private | ");
    pty_send(pty, "ron\r");
    pty_expect(pty, "a heron");
    pty_expect(pty, "\xF0\x9F\x94\x92 private | ");
    pty_send(pty, "/status\r");
    pty_expect(pty, "to no vendor: privacy.private.text:");
    end_talk(pty);
}
END_TEST

Suite *private_suite(void)
{
    Suite *suite = suite_create("private");
    TCase *tcase = tcase_create("private");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, what_is_not_private_goes_to_the_vendor);
    tcase_add_loop_test(tcase,
                        a_private_prompt_is_refused_by_every_way_to_a_vendor, 0,
                        COUNTOF(vendors));
    tcase_add_test(tcase, a_pattern_reaches_across_a_line);
    tcase_add_test(tcase, a_private_prompt_is_answered_by_the_own_server);
    tcase_add_test(tcase, the_receipt_says_why_the_vendor_was_barred);
    tcase_add_test(tcase, no_fallback_leads_to_the_vendor);
    tcase_add_loop_test(tcase, a_private_file_is_refused_whatever_it_is_called,
                        0, COUNTOF(files));
    tcase_add_test(tcase, other_files_go_to_the_vendor);
    tcase_add_test(tcase, a_private_picture_is_refused);
    tcase_add_loop_test(tcase, what_was_said_before_is_refused_in_whatever_copy,
                        0, COUNTOF(histories));
    tcase_add_test(tcase, an_imported_session_stays_private);
    tcase_add_test(tcase,
                   a_rule_that_came_later_counts_for_what_was_said_before);
    tcase_add_test(tcase, the_system_prompt_and_the_schema_are_looked_at);
    tcase_add_loop_test(
        tcase,
        a_private_profile_reaches_no_vendor_and_its_sessions_stay_private, 0,
        COUNTOF(wholes));
    tcase_add_test(tcase, the_option_makes_a_session_private);
    tcase_add_test(tcase, a_stub_of_a_cloud_model_is_a_vendor);
    tcase_add_test(tcase, a_rule_that_is_none_is_a_mistake);
    tcase_add_test(tcase,
                   the_user_marks_a_session_and_takes_it_back_in_so_many_words);
    tcase_add_test(tcase, the_user_says_that_a_turn_is_harmless);
    tcase_add_test(tcase, the_user_says_that_the_next_prompt_is_harmless);
    tcase_add_test(tcase, a_dry_run_goes_on_with_a_session_and_leaves_it);
    tcase_add_test(tcase, what_was_redacted_is_private_no_more);
    tcase_add_test(tcase, a_branch_without_it_is_free_again);
    tcase_add_test(tcase, the_lock_is_shown_while_one_types);
    tcase_add_test(tcase, a_refused_prompt_is_back_in_the_editor);
    suite_add_tcase(suite, tcase);
    return suite;
}
