/* SPDX-License-Identifier: MIT */
#include "chat/guide_stream.h"

#include "llm/guide.h"

/* It flows in pieces of about this many bytes. */
enum { PIECE = 24, PIECE_MS = 8 };

static void on_piece(void *context, uint32_t timer_id)
{
    struct guide_stream *stream = context;
    struct slice rest = slice_skip(buf_slice(&stream->text), stream->sent);
    (void)timer_id;
    stream->timer = 0;
    /* With nobody to watch there is nothing to pace. Pieces end at a blank, so
     * that no character is cut. */
    size_t len = stream->is_paced ? PIECE : rest.len;
    while (len < rest.len && rest.ptr[len - 1] != ' ')
        len++;
    if (len < rest.len)
        rest.len = len;
    stream->sent += rest.len;
    if (rest.len)
        stream->timer =
            loop_timer_start(stream->loop, PIECE_MS, on_piece, stream);
    stream->fn(stream->context, rest);
}

void guide_stream_start(struct guide_stream *stream,
                        const struct messages *messages)
{
    struct slice question = { 0 };
    for (size_t i = messages_count(messages); i-- > 0;) {
        const struct message *message = messages_at(messages, i);
        if (message->role == ROLE_USER) {
            question = message->text;
            break;
        }
    }
    guide_answer(&stream->text, question);
    stream->timer = loop_timer_start(stream->loop, 0, on_piece, stream);
}

void guide_stream_clear(struct guide_stream *stream)
{
    if (stream->loop)
        loop_timer_cancel(stream->loop, stream->timer);
    stream->timer = 0;
    buf_clear(&stream->text);
}
