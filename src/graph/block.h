/* SPDX-License-Identifier: MIT */
/*
 * block - what a node is made of: texts, calls, files, and what only its maker
 * can read.
 *
 * Read-only for all but the reducer; owned by the node.
 */
#ifndef GRAPH_BLOCK_H
#define GRAPH_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum block_kind {
    BLOCK_TEXT,
    BLOCK_THINKING,
    BLOCK_CALL,       /* a tool call; text holds its arguments */
    BLOCK_OUTPUT,     /* what a tool gave back */
    BLOCK_ATTACHMENT, /* a file of a user turn; text holds its content */
    BLOCK_ERROR,      /* a sentence */
    BLOCK_NOTE,       /* what the model is told with a turn */
    BLOCK_MEMORY,     /* what is recalled for it, of an earlier day */
};

/* A picture of a user turn: its bytes, or where the server finds it. */
struct image {
    char *media_type; /* "image/png" */
    char *alt;        /* what it shows, in words; "" */
    char *url;        /* "" if the bytes are here */
    struct buf data;
};

/* Append-only while the node is open. A node's blocks keep the order in which
 * they came: text, call, text stays three blocks. Empty text makes no block. */
struct block {
    enum block_kind kind;
    struct buf text;
    uint32_t call;       /* BLOCK_CALL, BLOCK_OUTPUT: number of the call */
    struct buf name;     /* BLOCK_ATTACHMENT: file name; BLOCK_NOTE: of what;
                            BLOCK_MEMORY: day, "2026-11-28" */
    uint32_t tokens;     /* BLOCK_MEMORY: that it takes, estimated */
    struct image *image; /* BLOCK_ATTACHMENT that is no text; else NULL */
    bool is_refusal;
    int64_t started_at, ended_at; /* Unix ms; of the first and last event */
};

/* What a provider wants back with this answer as it came, and nobody else can
 * read: a signature, hidden reasoning. It stands behind as many
 * blocks, of whose last it saw `offset` bytes. */
struct opaque {
    char *kind; /* by its maker's words */
    struct buf json;
    uint32_t call; /* the call that it belongs to; 0: none */
    size_t block_count, offset;
};

#endif
