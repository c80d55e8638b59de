/* SPDX-License-Identifier: MIT */
#include "tests/support/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

#include "base/memory.h"

enum { TURN_MAX_MS = 10 * 1000, TURNS_MAX = 100 * 1000 };

void client_open(struct client *client)
{
    struct error err = { 0 };
    signal(SIGPIPE, SIG_IGN);
    client->loop = loop_new(&err);
    ck_assert_msg(client->loop != NULL, "%s", err.text);
    client->http = http_new(client->loop, &err);
    ck_assert_msg(client->http != NULL, "%s", err.text);
}

void client_close(struct client *client)
{
    http_free(client->http);
    loop_free(client->loop);
}

void answer_clear(struct answer *answer)
{
    buf_clear(&answer->body);
    buf_clear(&answer->content_type);
    buf_clear(&answer->headers);
    buf_clear(&answer->url);
    *answer = (struct answer){ 0 };
}

static void set(struct buf *buf, const char *text)
{
    buf_reset(buf);
    buf_append_string(buf, text);
}

static void on_head(void *context, uint32_t id, const struct http_head *head)
{
    struct answer *answer = context;
    ck_assert_uint_eq(id, answer->id);
    ck_assert_int_eq(answer->pieces + answer->dones, 0);
    answer->heads++;
    answer->status = head->status;
    answer->is_loopback = head->is_loopback;
    set(&answer->content_type, head->content_type);
    struct http_header header = { 0 };
    while (http_header_next(head, &header))
        buf_printf(&answer->headers, "%s: %s\n", header.name, header.value);
    set(&answer->url, head->effective_url);
}

static bool on_body(void *context, uint32_t id, struct slice piece)
{
    struct answer *answer = context;
    ck_assert_uint_eq(id, answer->id);
    ck_assert_int_eq(answer->heads, 1);
    ck_assert_int_eq(answer->dones, 0);
    answer->pieces++;
    buf_append_slice(&answer->body, piece);
    if (!answer->trigger || !strstr(answer->body.ptr, answer->trigger))
        return true;
    if (answer->action == CANCEL)
        http_cancel(answer->client->http, id);
    else if (answer->action == CANCEL_OTHER)
        http_cancel(answer->client->http, answer->other->id);
    else if (answer->action == RELEASE)
        server_release(answer->server, "go");
    /* The piece is still there after a cancel. */
    ck_assert_int_eq(memcmp(answer->body.ptr + answer->body.len - piece.len,
                            piece.ptr, piece.len),
                     0);
    return answer->action != STOP;
}

static void on_done(void *context, uint32_t id,
                    const struct http_result *result)
{
    struct answer *answer = context;
    ck_assert_uint_eq(id, answer->id);
    answer->dones++;
    answer->result = *result;
    set(&answer->content_type, result->head.content_type);
    set(&answer->url, result->head.effective_url);
    ck_assert_int_eq(result->transferred, result->err.kind == ERROR_NONE);
    ck_assert_uint_eq(result->body_bytes, answer->body.len);
    ck_assert_int_ge(result->total_ms, 0);
    http_cancel(answer->client->http, id);
}

static const struct http_handler handler = { on_head, on_body, on_done };

void answer_begin(struct client *client, struct answer *answer,
                  const struct http_request *request)
{
    struct error err = { 0 };
    answer->client = client;
    answer->id = http_start(client->http, request, &handler, answer, &err);
    ck_assert_msg(answer->id != 0, "%s", err.text);
    ck_assert_int_eq(answer->heads + answer->dones, 0);
}

void answer_begin_url(struct client *client, struct answer *answer,
                      const char *url)
{
    answer_begin(client, answer,
                 &(struct http_request){ .url = url, .connect_ms = 5000 });
}

void answer_finish(struct client *client, const struct answer *answer)
{
    for (int i = 0; i < TURNS_MAX && !answer->dones; i++)
        loop_turn(client->loop, TURN_MAX_MS);
    ck_assert_int_eq(answer->dones, 1);
}

void play_request(struct play *play, const struct http_request *request)
{
    client_open(&play->client);
    answer_begin(&play->client, &play->answer, request);
    answer_finish(&play->client, &play->answer);
}

struct play *play_new(struct server *server)
{
    struct play *play = memory_zero(1, sizeof *play);
    play->server = server;
    play_request(play, &(struct http_request){ .url = server_url(server, "/"),
                                               .connect_ms = 5000 });
    return play;
}

void play_clear(struct play *play)
{
    client_close(&play->client);
    server_stop(play->server);
    answer_clear(&play->answer);
}

void play_free(struct play *play)
{
    play_clear(play);
    free(play);
}

void answer_ck_failed(const struct answer *answer, enum error_kind kind,
                      const char *words)
{
    ck_assert(!answer->result.transferred);
    ck_assert_msg(strstr(answer->result.err.text, words), "%s",
                  answer->result.err.text);
    ck_assert_int_eq(answer->result.err.kind, kind);
}

/* Turn the loop until the body of the answer holds the text. */
void answer_await(struct client *client, const struct answer *answer,
                  const char *text)
{
    for (int i = 0; i < TURNS_MAX && !strstr(buf_string(&answer->body), text);
         i++)
        loop_turn(client->loop, TURN_MAX_MS);
    ck_assert_ptr_nonnull(strstr(buf_string(&answer->body), text));
}

void deaf_open(struct deaf *deaf)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t size = sizeof address;
    struct sockaddr *generic = (struct sockaddr *)&address;
    deaf->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(deaf->listener, generic, size), 0);
    ck_assert_int_eq(listen(deaf->listener, 0), 0);
    ck_assert_int_eq(getsockname(deaf->listener, generic, &size), 0);
    deaf->port = ntohs(address.sin_port);
    for (size_t i = 0; i < COUNTOF(deaf->fillers); i++) {
        deaf->fillers[i] =
            socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        connect(deaf->fillers[i], generic, size);
    }
}

void deaf_close(const struct deaf *deaf)
{
    for (size_t i = 0; i < COUNTOF(deaf->fillers); i++)
        close(deaf->fillers[i]);
    close(deaf->listener);
}
