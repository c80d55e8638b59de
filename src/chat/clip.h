/* SPDX-License-Identifier: MIT */
/*
 * clip - did the server read all that it was sent? By its own count of the
 * prompt against our estimate.
 *
 * A server that drops the front of a conversation which is too long for its
 * window says nothing (Ollama; LM Studio). It is found out by the least that the
 * prompt can count, L:
 *
 *     after an answer of the same model on the same path, which was read whole:
 *         L = what it counted then + 2/3 of our estimate of what came since
 *     else
 *         L = 2/3 of our estimate of all
 *
 * (2/3: base/tokens errs by less for every vocabulary measured; templates,
 * tools and images only add.)
 *
 *     no count, or 0                     nothing is known: zeros are left out
 *     the count is the window            the front was cut: no room is left
 *     the count is larger                fine; what we know of the window is old
 *     the count is at least L            fine
 *     L is below 512                     fine: nobody cuts so little
 *     it is less, and L > the window     the front was cut
 *     it is less, and L <= the window    fine: it would have fitted; servers
 *                                        that had the rest cached count only
 *                                        what is new
 *     it is less, and the window is not known
 *         but may be                     ask for it, and judge then
 *         and nobody tells               the front was cut if it counts less
 *                                        than the last time, but more than
 *                                        twice what is new; or, the first time,
 *                                        less than half of L. Not below
 *                                        512: so little is no window
 *
 * Pure.
 */
#ifndef CHAT_CLIP_H
#define CHAT_CLIP_H

#include "chat/endpoint.h"

enum {
    CLIP_LEAST = 512,              /* tokens: no window is so small */
    CLIP_WINDOW_MOST = 256 * 1024, /* hardly one of the models that run on a
                                      machine of one's own is larger: where the
                                      model does not tell */
};

enum clip_verdict {
    CLIP_NONE,
    CLIP_ASK, /* for the window */
    CLIP_CUT, /* the front was cut off */
};

/* Tokens; 0: unknown, or none. */
struct clip_facts {
    uint64_t counted;   /* by the server */
    uint64_t estimated; /* by us, of the text that was sent */
    uint64_t window;    /* as it is loaded */
    uint64_t trained;   /* the longest that the model was made for */
    uint64_t counted_before, estimated_before; /* of the answer before */
    bool may_tell;                             /* the window can be asked for */
};

enum clip_verdict clip_judge(const struct clip_facts *facts);

/* The sentence, with what mends it. */
void clip_words(const struct clip_facts *facts, const struct endpoint *endpoint,
                struct error *err);

#endif
