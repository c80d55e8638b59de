/* SPDX-License-Identifier: MIT */
/*
 * Hostile bytes through every door of the full-screen client: whatever comes
 * in, what is written to the terminal stays in our grammar.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "tests/support/bytes.h"
#include "tests/support/output_grammar.h"
#include "tests/support/pty.h"
#include "tests/support/server.h"
#include "tests/support/skip.h"

Suite *hostile_suite(void);

enum {
    VECTOR_MAX = 256, /* bytes; more of the same is for the filter's own test */
    BATCH = 16,       /* vectors that are on screen together */
    FILES_MAX = 64,
};

static const char *const own_vectors[] = {
    "\x1b]0;pwned\x07",
    "\x1b]52;c;cHduZWQ=\x1b\\",
    "\x1b]8;;http://evil.example/\x1b\\here\x1b]8;;\x1b\\",
    "\x1bP$q q\x1b\\",
    "\x1b_Gf=100;AAAA\x1b\\",
    "\x1b[2J\x1b[H\x1b[31mred",
    "\x1b[?1049l\x1b[?1000h\x1b[?2004l",
    "\x1b[6n\x1b[c\x1b[>q\x1b[21t",
    "\x1b#8\x1b(0lqqk\x1b"
    "c",
    "\xc2\x9b"
    "31mc1\xc2\x9d"
    "0;c1\xc2\x9c",
    "\x9b"
    "31mraw\x9d"
    "0;raw\x9c\x90q\x9c",
    "over\rwritten\b\b\bxx\x7f\x0b\x0c\x0e\x0f\x05\x07",
    "\xe2\x80\xae"
    "desrever\xe2\x81\xa6\xe2\x80\xab",
    "a\xf3\xa0\x81\xa8\xf3\xa0\x81\xa9"
    "b\xe2\x80\x8b\xef\xbb\xbf",
    "\xc0\x9b[31m\xe0\x80\x9b[31m\xf8\x88\x80\x80\x80\xff\xfe",
    "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87\xcc\x88",
    "\x1b",
    "\x1b[",
    "\x1b]",
    "\xe4\xb8",
};

struct vectors {
    ARRAY_OF(struct buf) list;
};

static struct buf *add_vector(struct vectors *vectors, struct slice bytes)
{
    struct buf *vector = array_add(&vectors->list);
    *vector = (struct buf){ 0 };
    buf_append_slice(vector, bytes);
    return vector;
}

static void read_shared(struct vectors *vectors)
{
    const char *path = shared_path("injection/own-vectors/vectors.tsv");
    struct buf file = { 0 };
    struct slice line;
    if (!path)
        return;
    bytes_from_file(&file, path);
    struct slice rest = buf_slice(&file);
    slice_next_line(&rest, &line);
    while (slice_next_line(&rest, &line)) {
        bytes_next_field(&line, '\t');
        bytes_next_field(&line, '\t');
        struct slice field = bytes_next_field(&line, '\t');
        bool repeats = slice_starts(field, "@repeat:");
        if (repeats) {
            bytes_next_field(&field, ':');
            bytes_next_field(&field, ':');
        }
        struct buf *vector = add_vector(vectors, slice_of(""));
        bytes_from_hex(vector, field);
        if (vector->len > VECTOR_MAX)
            buf_truncate(vector, VECTOR_MAX);
    }
    buf_clear(&file);
}

static struct vectors read_vectors(void)
{
    struct vectors vectors = { 0 };
    for (size_t i = 0; i < COUNTOF(own_vectors); i++)
        add_vector(&vectors, slice_of(own_vectors[i]));
    read_shared(&vectors);
    return vectors;
}

static void clear_vectors(struct vectors *vectors)
{
    for (size_t i = 0; i < vectors->list.count; i++)
        buf_clear(&vectors->list.items[i]);
    array_clear(&vectors->list);
}

static struct slice vector_at(const struct vectors *vectors, size_t i)
{
    return buf_slice(&vectors->list.items[i]);
}

/* As the inside of a JSON string; bytes that are no UTF-8 go as they are. */
static void append_json(struct buf *out, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t byte = (uint8_t)bytes.ptr[i];
        if (byte < ' ' || byte == 0x7F || byte == '"' || byte == '\\')
            buf_printf(out, "\\u%04x", byte);
        else
            buf_append_char(out, bytes.ptr[i]);
    }
}

/* The server's scenarios are files below the home of a terminal on which
 * nothing runs. */
struct stage {
    struct pty *folder, *pty;
    struct server *server;
    char paths[FILES_MAX][192];
    const char *files[FILES_MAX + 1];
    int count;
};

static void add_file(struct stage *stage, const char *text)
{
    char name[32];
    ck_assert_int_lt(stage->count, FILES_MAX);
    snprintf(name, sizeof name, "%03d.scenario", stage->count);
    pty_write_file(stage->folder, name, text);
    snprintf(stage->paths[stage->count], sizeof stage->paths[0], "%s",
             pty_path(stage->folder, name));
    stage->files[stage->count] = stage->paths[stage->count];
    stage->count++;
}

static void begin(struct stage *stage, const char *models)
{
    struct buf text = { 0 };
    stage->folder = pty_new(NULL);
    buf_printf(&text,
               "match GET /api/tags\ntimes forever\nstatus 200 OK\nchunked\n"
               "line {\"models\":[{\"name\":\"small:1b\",\"size\":1000}%s]}\n",
               models);
    add_file(stage, buf_string(&text));
    add_file(stage, "match GET /api/ps\ntimes forever\nstatus 200 OK\n"
                    "body \"{\\\"models\\\":[]}\"\n");
    buf_clear(&text);
}

static void raise_curtain(struct stage *stage, int height, int width)
{
    const char *program = getenv("PROGRAM");
    const char *const words[] = { program ? program : "build/release/sennit",
                                  "-m", "ollama/small:1b", NULL };
    char host[64];
    const char *variables[] = { host, NULL };
    struct pty_options options = { height, width, NULL, variables };
    stage->server = server_start_files(stage->files);
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(stage->server));
    stage->pty = pty_new(&options);
    pty_start(stage->pty, words);
    pty_expect(stage->pty, "small:1b@ollama");
}

/* It lives, leaves as it should, and wrote nothing that we do not say. */
static void end(struct stage *stage)
{
    pty_send(stage->pty, "\x04");
    ck_assert_int_eq(pty_wait_exit(stage->pty, PTY_DEADLINE_MS), 0);
    output_check(pty_output(stage->pty));
    pty_free(stage->pty);
    pty_free(stage->folder);
    server_stop(stage->server);
}

/* One answer: each vector as the model's name, as thinking and as text. */
static void add_answer(struct stage *stage, const struct vectors *vectors,
                       size_t first)
{
    struct buf text = { 0 };
    buf_append_string(&text, "match POST /api/chat\nstatus 200 OK\nchunked\n");
    for (int is_text = 0; is_text < 2; is_text++) {
        for (size_t i = first; i < first + BATCH; i++) {
            if (i >= vectors->list.count)
                break;
            buf_append_string(&text, "line {\"model\":\"");
            append_json(&text, vector_at(vectors, i));
            buf_printf(&text, "\",\"message\":{\"%s\":\"v ",
                       is_text ? "content" : "thinking");
            append_json(&text, vector_at(vectors, i));
            buf_append_string(&text, "\\n\\n\"},\"done\":false}\n");
        }
    }
    buf_printf(&text,
               "line {\"message\":{\"content\":\"END%zu.\"},\"done\":true,"
               "\"done_reason\":\"stop\"}\n",
               first);
    add_file(stage, buf_string(&text));
    buf_clear(&text);
}

START_TEST(answers_thinking_and_model_names_stay_in_the_grammar)
{
    struct stage stage = { 0 };
    struct vectors vectors = read_vectors();
    begin(&stage, "");
    for (size_t i = 0; i < vectors.list.count; i += BATCH)
        add_answer(&stage, &vectors, i);
    raise_curtain(&stage, 200, 120);
    pty_send(stage.pty, "\x0f"); /* unfold */
    for (size_t i = 0; i < vectors.list.count; i += BATCH) {
        char word[32];
        snprintf(word, sizeof word, "END%zu.", i);
        pty_send(stage.pty, "go\r");
        pty_expect(stage.pty, word);
        pty_expect(stage.pty, "complete");
    }
    clear_vectors(&vectors);
    end(&stage);
}
END_TEST

START_TEST(error_bodies_stay_in_the_grammar)
{
    struct stage stage = { 0 };
    struct vectors vectors = read_vectors();
    size_t count = vectors.list.count;
    size_t share = count / (FILES_MAX - 4) + 1;
    begin(&stage, "");
    for (size_t i = 0; i < count; i += share) {
        struct buf text = { 0 };
        buf_printf(&text,
                   "match POST /api/chat\nstatus 400 No\nchunked\n"
                   "line {\"error\":\"E%zu. ",
                   i);
        for (size_t j = i; j < i + share && j < count; j++)
            append_json(&text, vector_at(&vectors, j));
        buf_append_string(&text, "\"}\n");
        add_file(&stage, buf_string(&text));
        buf_clear(&text);
    }
    raise_curtain(&stage, 40, 120);
    for (size_t i = 0; i < count; i += share) {
        char word[32];
        snprintf(word, sizeof word, "E%zu.", i);
        pty_send(stage.pty, "go\r");
        pty_expect(stage.pty, word);
    }
    clear_vectors(&vectors);
    end(&stage);
}
END_TEST

START_TEST(names_of_listed_models_stay_in_the_grammar)
{
    struct stage stage = { 0 };
    struct vectors vectors = read_vectors();
    struct buf models = { 0 };
    for (size_t i = 0; i < vectors.list.count; i++) {
        buf_append_string(&models, ",{\"name\":\"");
        append_json(&models, vector_at(&vectors, i));
        buf_append_string(&models, "\",\"size\":1}");
    }
    buf_append_string(&models, ",{\"name\":\"LAST\",\"size\":1}");
    begin(&stage, buf_string(&models));
    raise_curtain(&stage, 500, 120);
    pty_send(stage.pty, "/models\r");
    pty_expect(stage.pty, "Esc closes");
    pty_expect(stage.pty, "ollama/small:1b");
    pty_send(stage.pty, "\x1b[1;5F");
    pty_expect(stage.pty, "not a language model");
    pty_send(stage.pty, "\x03");
    pty_expect_gone(stage.pty, "Esc closes");
    buf_clear(&models);
    clear_vectors(&vectors);
    end(&stage);
}
END_TEST

static void paste(struct stage *stage, const struct vectors *vectors,
                  size_t first)
{
    struct buf text = { 0 };
    buf_printf(&text, "\x1b[200~P%zu.\n\n\n\n\n\n\n\n\n", first);
    for (size_t i = first; i < first + BATCH; i++) {
        if (i >= vectors->list.count)
            break;
        /* One that ends a paste is typed from there on. */
        if (slice_find(vector_at(vectors, i), "[201~") >= 0)
            continue;
        buf_append_slice(&text, vector_at(vectors, i));
        buf_append_string(&text, "|\n");
    }
    buf_printf(&text, "Q%zu.\x1b[201~", first);
    pty_send_bytes(stage->pty, buf_slice(&text));
    buf_clear(&text);
}

START_TEST(pastes_prompts_and_their_history_stay_in_the_grammar)
{
    struct stage stage = { 0 };
    struct vectors vectors = read_vectors();
    begin(&stage, "");
    for (size_t i = 0; i < vectors.list.count; i += BATCH) {
        char text[160];
        snprintf(text, sizeof text,
                 "match POST /api/chat\nstatus 200 OK\nchunked\n"
                 "line {\"message\":{\"content\":\"END%zu.\"},\"done\":true,"
                 "\"done_reason\":\"stop\"}\n",
                 i);
        add_file(&stage, text);
    }
    raise_curtain(&stage, 200, 120);
    for (size_t i = 0; i < vectors.list.count; i += BATCH) {
        char first[32], last[32];
        snprintf(first, sizeof first, "END%zu.", i);
        snprintf(last, sizeof last, "Q%zu.", i);
        paste(&stage, &vectors, i);
        pty_expect(stage.pty, "[pasted ");
        pty_send(stage.pty, "\x1bv"); /* the whole text */
        pty_expect(stage.pty, last);
        pty_send(stage.pty, "\x03"); /* into the history, and back */
        pty_expect_gone(stage.pty, last);
        pty_send(stage.pty, "\x1b[A");
        pty_expect(stage.pty, last);
        pty_send(stage.pty, "\r");
        pty_expect(stage.pty, first);
    }
    clear_vectors(&vectors);
    end(&stage);
}
END_TEST

Suite *hostile_suite(void)
{
    Suite *suite = suite_create("hostile");
    TCase *tcase = tcase_create("hostile");
    tcase_set_timeout(tcase, 240);
    tcase_add_test(tcase, answers_thinking_and_model_names_stay_in_the_grammar);
    tcase_add_test(tcase, error_bodies_stay_in_the_grammar);
    tcase_add_test(tcase, names_of_listed_models_stay_in_the_grammar);
    tcase_add_test(tcase, pastes_prompts_and_their_history_stay_in_the_grammar);
    suite_add_tcase(suite, tcase);
    return suite;
}
