/* SPDX-License-Identifier: MIT */
/*
 * node_part - a part of a node on screen: at most one row that is made when it
 * is drawn, and then at most one text in lines.
 */
#ifndef UI_NODE_PART_H
#define UI_NODE_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/graph.h"
#include "ui/canvas.h"
#include "ui/markdown.h"
#include "ui/plain.h"

/* What all nodes are laid out with. */
struct node_setting {
    const struct graph *graph;
    int width;
    bool ascii;
    bool unfolded;   /* thinking and what tools gave back in full, and the
                        branch that the node begins */
    bool is_hidden;  /* in a folded branch */
    bool is_focused; /* drawn with a mark */
    int64_t now;     /* Unix ms */
    uint64_t *work;  /* counts bytes laid out */
};

enum part_kind {
    PART_GAP,           /* a blank line between turns */
    PART_MARK,          /* "! what went wrong" */
    PART_HEAD,          /* who and when, and the receipt */
    PART_PENDING,       /* the head of an attempt that has no node yet */
    PART_USER,          /* text of the user */
    PART_ANSWER,        /* text of a model: Markdown */
    PART_THINKING,      /* a row, and the text when unfolded */
    PART_CALL,          /* a row, and the arguments when unfolded */
    PART_OUTPUT,        /* a row, and the text when unfolded; of what the user
                           called always, when folded its two ends */
    PART_ATTACHMENT,    /* a row */
    PART_TOLD,          /* a row */
    PART_RECALLED,      /* a row for all that was recalled, and the first of it
                        when unfolded */
    PART_RECALLED_MORE, /* the others, when unfolded */
    PART_END,           /* how it ended, if not well: as PART_MARK */
    PART_NOTICE,        /* a line of the program */
    PART_WELCOME,       /* Markdown of the program */
    PART_BRANCH,        /* the head of a spawned branch */
    PART_BORN,          /* a spawned run that has nothing to show yet */
    PART_KIND_COUNT
};

struct node_part {
    enum part_kind kind;
    uint32_t block;       /* index in the node, of parts that show one */
    uint32_t run;         /* PART_BORN */
    bool is_shown;        /* its text, not only its row */
    uint64_t words;       /* of thinking that ended; 0: not counted yet */
    struct markdown text; /* PART_ANSWER and PART_WELCOME */
    struct plain plain;   /* the others */
};

/* Free the texts. */
void node_part_clear(struct node_part *part);

/* Of a block of the node. */
enum part_kind node_part_kind(const struct node *node,
                              const struct block *block);

/* The part begins with a row that node_row_draw() makes. */
bool node_part_has_row(enum part_kind kind);

/* Lines in all, row included. */
size_t node_part_lines(const struct node_part *part);

/* Fill a new part with a sentence behind a mark. */
void node_part_mark(struct node_part *part, const struct node_setting *setting,
                    enum style style, struct slice sentence);

/* Lay out the text of a part as its kind wants it. */
void node_part_update(struct node_part *part,
                      const struct node_setting *setting, struct slice text);

/* Draw a line of the text (0: its first). `has_cursor`: it goes on being
 * written. */
void node_part_draw(const struct node_part *part,
                    const struct node_setting *setting, size_t line,
                    bool has_cursor, struct canvas *canvas, struct rect row);

/* The place in the text where a line begins, the last line that begins at or
 * before a place, and the place that later text will have. Lines count the
 * row. */
uint64_t node_part_place(const struct node_part *part, size_t line);
size_t node_part_line(const struct node_part *part, uint64_t place);
uint64_t node_part_end(const struct node_part *part);

#endif
