/* SPDX-License-Identifier: MIT */
/*
 * flow - the blocks of a document into lines: quotes and lists in each other,
 * and prose, code, rules and tables in those.
 *
 * Told by its caller where a block begins and ends; keeps the bars, marks and
 * blanks that lines begin with, and the blank lines between blocks.
 */
#ifndef UI_FLOW_H
#define UI_FLOW_H

#include <stdbool.h>

#include "ui/prose.h"
#include "ui/table.h"

enum flow_kind { FLOW_QUOTE, FLOW_LIST, FLOW_ITEM };

struct flow_container {
    enum flow_kind kind;
    bool is_tight;   /* a list without blank lines, or an item of one */
    unsigned number; /* of a list: the next item's */
    char delimiter;  /* of a numbered list: '.' or ')', else 0 */
    char mark[24];   /* of an item: what stands before it */
    bool has_mark;   /* and is not shown yet */
};

/* All-zero but for the layout is a flow without blocks. */
struct flow {
    struct layout *layout;
    ARRAY_OF(struct flow_container) containers;
    size_t quotes;      /* among the containers */
    struct prose prose; /* of the open block */
    struct table table;
    bool in_table;
    bool has_gap;           /* a blank line is due before the next block */
    struct buf first, rest; /* what the lines of the open block begin with */
};

void flow_clear(struct flow *flow);

void flow_enter_quote(struct flow *flow);
/* delimiter: 0 for bullets. */
void flow_enter_list(struct flow *flow, bool is_tight, unsigned number,
                     char delimiter);
/* task: what a task's box holds, 0: it is none. */
void flow_enter_item(struct flow *flow, char task);
void flow_enter_table(struct flow *flow, size_t columns);

/* The innermost of quote, list and item ends. */
void flow_leave_container(struct flow *flow);
void flow_leave_table(struct flow *flow);

/* A leaf block begins; what is put into flow_prose() is its text. One of the
 * next three ends it. */
void flow_begin(struct flow *flow);
void flow_end_paragraph(struct flow *flow);
void flow_end_code(struct flow *flow, struct slice info, size_t number);
void flow_end_rule(struct flow *flow);

/* Where text goes: the open block or the open cell of a table. */
struct prose *flow_prose(struct flow *flow);

/* How text without a style of its own looks here. */
enum style flow_style(const struct flow *flow);

#endif
