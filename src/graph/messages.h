/* SPDX-License-Identifier: MIT */
/*
 * messages - the active path as a model reads it: a view, always API-legal.
 *
 * Legal means: roles are system, user, assistant, tool; every tool call of an
 * assistant message is answered by one tool message before anything else (a
 * missing answer is made up and says what became of the call), in the order of
 * the calls, whichever ended first; no tool message without its call; sequential
 * tool turns stay apart; no empty message. A call whose arguments are not one
 * JSON object goes back as {} (servers refuse the whole request for it). Text of
 * a cut or aborted answer, or of one that the server began anew, goes back with a
 * mark that says so; failed attempts beside the path do not. Thinking stays out of the text; an answer that is complete
 * keeps it among its parts, with what its maker alone can read. What an answer
 * was paused in and its rest are two messages of the assistant. Between an answer
 * that was cut off and its rest, for which a run was started on it, stands a
 * message of the user that asks for the rest in words.
 *
 * A user turn is its text, then each file as
 *
 *     File: NAME
 *     ```
 *     content
 *     ```
 *
 * with a blank line before it and a fence longer than any in the content, and
 * for each picture a line "Image: NAME (what it shows)"; the pictures themselves
 * stand beside the text. Last stands what is told with it in a line: "[date:
 * Saturday, 2026-11-28]". It stays there, so that no request begins otherwise
 * than the one before.
 *
 * What notes have given back (calls that the user made) stands in front of the
 * next user turn; where a prompt is expected, in a message at the end until that
 * comes.
 *
 * A folded summary is one message of the user, in place of those of its nodes
 * (graph/spans says which); before another message of the user the assistant says
 * that it was read. What a node has spawned is none of the path.
 *
 * What is left out is not sent while a later prompt is asked; the last prompt
 * and what followed it are, but for what its tools gave back and had to make
 * room. An answer takes its calls and what they gave
 * back along; in place of what a single call gave back stand words that say so.
 * Where two turns of the same side would meet then, or an answer would come
 * first, a message between them says that one was left out.
 */
#ifndef GRAPH_MESSAGES_H
#define GRAPH_MESSAGES_H

#include "graph/spans.h"

enum message_role {
    ROLE_SYSTEM,
    ROLE_USER,
    ROLE_ASSISTANT,
    ROLE_TOOL,
};

struct message_call {
    uint32_t call;   /* our number */
    struct slice id; /* the server's, empty if none: the dialect makes one up */
    struct slice name;
    struct slice arguments; /* one JSON object */
};

enum message_part_kind {
    MESSAGE_TEXT,
    MESSAGE_THINKING,
    MESSAGE_CALL,   /* calls[call_index] */
    MESSAGE_OPAQUE, /* name: its kind; text: JSON, as it came */
};

struct message_part {
    enum message_part_kind kind;
    struct slice text, name;
    size_t call_index; /* or MESSAGE_NO_CALL */
};
#define MESSAGE_NO_CALL SIZE_MAX

/* Who made an answer. Opaque parts and thinking go back to nobody else. The
 * strings live as long as the graph. */
struct message_maker {
    const char *endpoint, *dialect, *model; /* asked */
};

/* A picture of a user turn, borrowed from the graph as long as that lives. */
struct message_image {
    struct slice name;
    const struct image *image;
};

/* Texts are borrowed from the view until it catches up again. */
struct message {
    enum message_role role;
    uint64_t node_id; /* of a summary the first that it stands for */
    struct slice text;
    const struct message_call *calls; /* ROLE_ASSISTANT */
    size_t call_count;
    /* ROLE_ASSISTANT, of a complete answer that is more than text and then
     * calls: the same in the order in which it came; else none. */
    const struct message_part *parts;
    size_t part_count;
    struct message_maker maker; /* ROLE_ASSISTANT */
    bool is_paused; /* ROLE_ASSISTANT: where it is the last message its maker
                       wants it as it came, to go on with it */
    const struct message_image *images; /* ROLE_USER */
    size_t image_count;
    size_t told;       /* ROLE_USER: bytes in front that are of notes */
    uint32_t call;     /* ROLE_TOOL: the call that this answers */
    struct slice id;   /* ROLE_TOOL: the server's id of that call */
    struct slice name; /* ROLE_TOOL: of the tool */
};

struct messages;

struct messages *messages_new(void) RETURNS_NONNULL;
void messages_free(struct messages *messages); /* NULL is fine */

/* The messages on the path from a root to `leaf_id` (0: none), without a
 * system prompt. Keeps what is common with the last call: appending a turn
 * costs that turn and the tool results just before it; streamed text costs its
 * own bytes. Returns the first span whose messages may have changed, as
 * spans_follow(). */
size_t messages_catch_up(struct messages *messages, const struct graph *graph,
                         uint64_t leaf_id);

/* Before the first messages_catch_up(): a prompt will be asked behind the leaf,
 * so that nothing on the path is the last one. */
void messages_expect_prompt(struct messages *messages);

/* The path in pieces, and the first message of one (messages_count() behind the
 * last, as far as it has text). */
const struct spans *messages_spans(const struct messages *messages);
size_t messages_start(const struct messages *messages, size_t span);

/* What the note of a span gave back as the turn behind it takes it along; "" if
 * none does. */
struct slice messages_note(const struct messages *messages, size_t span);

/* Whether pictures stand beside the text (at first: yes). Without them their
 * names are all that a model is told. */
void messages_show_images(struct messages *messages, bool are_shown);

size_t messages_count(const struct messages *messages);
const struct message *messages_at(const struct messages *messages,
                                  size_t index);

/* The same ones in the order of the path, as messages_start() counts them. */
const struct message *messages_on_path(const struct messages *messages,
                                       size_t index);

/* Nodes visited and bytes of nodes copied so far: what tests bound. */
size_t messages_steps(const struct messages *messages);
uint64_t messages_bytes_copied(const struct messages *messages);

#endif
