/* SPDX-License-Identifier: MIT */
/*
 * curl_multi - what loop.c and http.c share: the handle that is polled, and who
 * moves its transfers. Private to net/.
 */
#ifndef NET_CURL_MULTI_H
#define NET_CURL_MULTI_H

#include <stdbool.h>

#include <curl/curl.h>

#include "net/loop.h"

struct loop_transfers {
    void (*run)(void *context); /* step 4 of a turn */
    bool (*is_active)(void *context);
    void *context;
};

/* Borrowed; lives as long as the loop. */
CURLM *loop_multi(struct loop *loop);

/* At most one on a loop; NULL takes it away. Copied. */
void loop_set_transfers(struct loop *loop,
                        const struct loop_transfers *transfers);

#endif
