/* SPDX-License-Identifier: MIT */
/*
 * setup - what every way of running needs: settings, endpoints, loop, http.
 */
#ifndef APP_SETUP_H
#define APP_SETUP_H

#include "app/cli.h"
#include "chat/endpoint.h"
#include "config/settings.h"
#include "net/http.h"

struct setup {
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
};

/* Read the settings: config.yaml (or --config), the profile, SENNIT_*, --set,
 * in this order; and the endpoints. */
bool setup_configure(struct setup *setup, const struct cli *cli,
                     struct error *err);

/* Loop and HTTP. Blocks the signals of `set` and gives them to `fn`. */
bool setup_connect(struct setup *setup, const sigset_t *set, loop_signal_fn *fn,
                   void *context, struct error *err);

void setup_clear(struct setup *setup);

#endif
