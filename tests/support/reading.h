/* SPDX-License-Identifier: MIT */
/*
 * reading - one recorded answer, decoded, in a form that tests can compare.
 */
#ifndef TESTS_SUPPORT_READING_H
#define TESTS_SUPPORT_READING_H

#include "base/buf.h"
#include "llm/provider.h"

struct reading_source {
    const struct dialect *dialect;
    struct slice body;
    int status;                    /* 0: no head was seen */
    const char *content_type;      /* NULL: none */
    const struct error *transport; /* NULL: the transfer ended well */
    bool replaces; /* arguments end other than they came in pieces */
};

struct reading_call {
    struct buf joined; /* its fragments */
};

struct reading {
    /* A line for each event: "text He", "thinking hm", "refusal no",
     * "start 1 id=x name=f", "piece 1 {", "end 1 id=x name=f {}",
     * "usage input=1 output=2", "model m", "opaque 1 kind json",
     * "superseded". */
    struct buf script;
    struct buf json; /* event_to_json() of each, on lines */
    struct buf text;
    struct buf thinking;
    ARRAY_OF(struct reading_call) calls;
    struct answer_result result;
    bool has_replaced; /* by the source's word */
    bool has_stopped;  /* decoder_feed() returned false */
    bool was_complete; /* decoder_is_complete() before the end */
    int events_without_progress;
};

/* Whole, one byte at a time. */
void reading_whole(struct reading *reading,
                   const struct reading_source *source);
void reading_bytes(struct reading *reading,
                   const struct reading_source *source);
void reading_clear(struct reading *reading);

/* Decode whole, byte by byte, and in pieces of 256 bytes that begin anywhere, so
 * that each place is cut once (of bodies from 8 KiB every second place, from
 * 12 KiB every third, and so on), and assert that nothing differs. The whole
 * reading is left in *reading. */
void reading_every_split(struct reading *reading,
                         const struct reading_source *source);

/* A string literal, without a head. */
struct reading_source reading_source_of(const struct dialect *dialect,
                                        const char *body);

/* Decode a literal by every split and compare its script. */
void ck_reads_as(const struct dialect *dialect, const char *body,
                 enum answer_outcome outcome, const char *script);

#endif
