/* SPDX-License-Identifier: MIT */
/*
 * run - all that one prompt set off: attempts at answering it, and the calls of
 * tools in them.
 *
 * Read-only for all but the reducer; owned by the graph.
 */
#ifndef GRAPH_RUN_H
#define GRAPH_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/buf.h"
#include "graph/life.h"

/* What a server counted; -1 where it said nothing. Never summed twice: the
 * last report of an attempt is the whole. */
struct usage {
    int64_t input, output, reasoning, cached, cache_write;
    double cost; /* US dollars; negative: unknown */
    int64_t eval_ms, prompt_ms, load_ms;
};

/* What attempts have cost: a sum that each event adds to. */
struct spent {
    double dollars;
    double estimated; /* of it, of answers that broke off uncounted */
    uint32_t unknown; /* attempts at a vendor whose cost nobody told */
};

/* What servers have counted: a sum that each usage event adds to. */
struct counted {
    uint64_t input, output;
    uint64_t cached; /* of the input */
};

/* What follows after a wait, and why: "rate limited (1/2)". */
struct sequel {
    char *words;       /* "": nothing does */
    int64_t due_at;    /* Unix ms */
    bool is_fallback;  /* somebody else is asked: the words say who */
    bool is_adjusted;  /* the same in a way that the server takes */
    bool is_countdown; /* the words say who answers, unless the user objects */
    double cost;       /* then: about how much, in dollars; negative: unknown */
};

struct attempt {
    enum attempt_state state;
    uint64_t node_id;                 /* 0 until the first delta, and from
                                         a new beginning to its first */
    char *endpoint, *dialect, *model; /* asked; "" if unknown */
    char *model_reported;             /* "" until the server said it */
    char *finish_reason;              /* the server's word, "" */
    char *error;                      /* a sentence, "" */
    char *settings;                   /* of the reply: a JSON object, or "" */
    char *why;                        /* it was asked, in a few words, "" */
    char *check;  /* "sound", or what spoke against the answer; "": none */
    char *limits; /* of the server: JSON (llm/rate_limit), "" */
    struct sequel sequel; /* another attempt */
    bool is_vendor;       /* trust of the endpoint */
    int64_t started_at, connected_at, first_delta_at, ended_at; /* Unix ms, 0 */
    uint32_t delta_count; /* text and thinking */
    uint32_t skipped;     /* pieces of the answer that were unreadable */
    uint64_t offered;     /* tokens of the tools in its request, estimated */
    struct usage usage;
    double estimated_cost; /* where it was not counted; negative: none */
};

struct run {
    uint32_t id;
    enum run_state state;
    uint64_t prompt_id;          /* the node it answers */
    uint64_t leaf_id;            /* the node that its next node will follow */
    uint64_t head_id;            /* where it left the head, 0: never moves it */
    bool is_spawned;             /* its first node is a spawned one */
    uint32_t spawner;            /* the call that spawned it; 0: none did */
    uint32_t spawned_before;     /* the run that its prompt spawned before;
                                    0: none */
    char *finish_reason, *error; /* "" until it ended */
    char *reasons; /* why it went where it did: JSON array of sentences, "" */
    double score, threshold; /* of its prompt; negative: not judged */
    double band;             /* around the threshold; negative: not known */
    char *why;               /* who is asked now is asked, in a few words, "" */
    char *features;          /* what the score is made of: a JSON object, "" */
    struct sequel sequel;    /* its first attempt, that has to wait */
    struct spent spent;
    struct counted own, vendors;
    int64_t started_at, ended_at;
    ARRAY_OF(struct attempt) attempts; /* attempt N is items[N - 1] */
};

struct call {
    uint32_t id;        /* our number, from 1 */
    uint32_t run;       /* 0: the user made it */
    uint64_t node_id;   /* of the assistant turn that asked, or of the note */
    uint32_t block;     /* index of its block there */
    uint64_t result_id; /* of the tool result, 0: none yet; a note has it */
    enum call_state state;
    char *server_id, *name; /* "" if the server gave none */
    uint32_t id_hash;       /* of the server's id; 0: it gave none */
    bool is_id_taken;       /* a call before it has the same */
    char *spool;    /* the file that has its whole output; "": there is none */
    bool has_ended; /* its arguments are whole */
    bool recovered;
    struct buf output; /* what it wrote so far; the result node has it then */
    int64_t asked_at, started_at, ended_at; /* Unix ms, 0 */
};

#endif
