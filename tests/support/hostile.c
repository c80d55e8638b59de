/* SPDX-License-Identifier: MIT */
#include "tests/support/hostile.h"

#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/bytes.h"
#include "tests/support/output_grammar.h"
#include "tests/support/skip.h"

enum { VECTOR_MAX = 256 /* bytes; more is for the filter's own test */ };

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
    "a\xf0\x9f\x8f\xbb"
    "b\xe1\x85\x9f\xe1\x85\xa0\xe3\x85\xa4\xef\xbe\xa0"
    "c\xef\xbf\xb9"
    "d\xef\xbf\xba"
    "e\xef\xbf\xbb",
    "v\xef\xb8\x80\xef\xb8\x8f\xf3\xa0\x84\x80\xcd\x8f\xe1\x9e\xb4\xe1\xa0\x8e",
    "\xe2\x80\xa8line\xe2\x80\xa9paragraph\xc2\x85next\xc2\xad\xe2\x81\xa0",
    "`\n\n# own heading\n\n| a | b |\n|---|---|\n<b>&#27;[2J</b>",
    "\x1b",
    "\x1b[",
    "\x1b]",
    "\xe4\xb8",
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

struct vectors vectors_read(void)
{
    struct vectors vectors = { 0 };
    for (size_t i = 0; i < COUNTOF(own_vectors); i++)
        add_vector(&vectors, slice_of(own_vectors[i]));
    read_shared(&vectors);
    return vectors;
}

void vectors_clear(struct vectors *vectors)
{
    for (size_t i = 0; i < vectors->list.count; i++)
        buf_clear(&vectors->list.items[i]);
    array_clear(&vectors->list);
}

struct slice vectors_at(const struct vectors *vectors, size_t i)
{
    return buf_slice(&vectors->list.items[i]);
}

/* As the inside of a JSON string; bytes that are no UTF-8 go as they are. */
void vectors_append_json(struct buf *out, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t byte = (uint8_t)bytes.ptr[i];
        if (byte < ' ' || byte == 0x7F || byte == '"' || byte == '\\')
            buf_printf(out, "\\u%04x", byte);
        else
            buf_append_char(out, bytes.ptr[i]);
    }
}

void stage_add(struct stage *stage, const char *text)
{
    char name[32];
    ck_assert_int_lt(stage->count, STAGE_FILES_MAX);
    snprintf(name, sizeof name, "%03d.scenario", stage->count);
    pty_write_file(stage->folder, name, text);
    snprintf(stage->paths[stage->count], sizeof stage->paths[0], "%s",
             pty_path(stage->folder, name));
    stage->files[stage->count] = stage->paths[stage->count];
    stage->count++;
}

void stage_begin(struct stage *stage, const char *models)
{
    struct buf text = { 0 };
    stage->folder = pty_new(NULL);
    buf_printf(&text,
               "match GET /api/tags\ntimes forever\nstatus 200 OK\nchunked\n"
               "line {\"models\":[{\"name\":\"small:1b\",\"size\":1000}%s]}\n",
               models);
    stage_add(stage, buf_string(&text));
    stage_add(stage, "match GET /api/ps\ntimes forever\nstatus 200 OK\n"
                     "body \"{\\\"models\\\":[]}\"\n");
    buf_clear(&text);
}

void stage_start(struct stage *stage, int height, int width)
{
    const char *program = getenv("PROGRAM");
    const char *const words[] = { program ? program : "build/release/sennit",
                                  "-m", "ollama/small:1b", NULL };
    char host[64];
    const char *variables[] = { host, stage->variable, NULL };
    struct pty_options options = { height, width, NULL, variables };
    stage->server = server_start_files(stage->files);
    snprintf(host, sizeof host, "OLLAMA_HOST=127.0.0.1:%d",
             server_port(stage->server));
    stage->pty = pty_new(&options);
    pty_start(stage->pty, words);
    pty_expect(stage->pty, "small:1b@ollama");
}

/* It lives, leaves as it should, and wrote nothing that we do not say. */
void stage_end(struct stage *stage)
{
    pty_send(stage->pty, "\x04");
    ck_assert_int_eq(pty_wait_exit(stage->pty, PTY_DEADLINE_MS), 0);
    output_check_printed(pty_output(stage->pty));
    pty_free(stage->pty);
    pty_free(stage->folder);
    server_stop(stage->server);
}

void stage_send(struct stage *stage, const char *before, struct slice bytes,
                const char *after)
{
    struct buf text = { 0 };
    buf_append_string(&text, before);
    buf_append_slice(&text, bytes);
    buf_append_string(&text, after);
    pty_send_bytes(stage->pty, buf_slice(&text));
    buf_clear(&text);
}
