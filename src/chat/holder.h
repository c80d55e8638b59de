/* SPDX-License-Identifier: MIT */
/*
 * holder - the server that has a model of which only the name is known: a pure
 * decision.
 *
 * Own servers come before vendors, and who lists the model before who cannot
 * tell. Lists that are not known are asked for; only where there is no choice,
 * with one own server and a name without "/", it is not waited for that.
 */
#ifndef CHAT_HOLDER_H
#define CHAT_HOLDER_H

#include "chat/router.h"

/* May it go there at all? */
typedef bool holder_may_fn(const struct route_question *question,
                           const struct endpoint *endpoint);

struct holder {
    const struct endpoint *endpoint; /* borrowed; NULL: nobody, see err */
    bool must_ask; /* it, for its models, before that is said */
    struct error err;
};

void holder_find(const struct route_question *question, const char *model,
                 holder_may_fn *may, struct holder *holder);

#endif
